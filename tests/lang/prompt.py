# options: -q -i
# stdin: 1 +
# stdin: if 1: print("one line")
# stdin:
# stdin: def f(x):
# stdin:     return x / 0
# stdin:
# stdin: f(1)
# stdin: (1,
# stdin: 2)
# stdin: """a
# stdin: b"""
# stdin: def g(x, x): ...
# stdin:
# stdin: class A:
# stdin:   x = 1
# stdin:
# stdin: A.x
# stdin: # a comment
# stdin: from __future__ import annotations
# stdin: y: unknown = 5
# stdin: for i in range(3):
# stdin:     i
print("the program")
