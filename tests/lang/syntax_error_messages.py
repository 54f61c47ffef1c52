CASES = """
x +
f(a for a in b, c)
f(a=1, 2)
f(**k, *a)
f(a=1, a=2)
def f(a=1, b): pass
def f(*): pass
def f(a, /, b, /): pass
def f(**k, a): pass
(a, b) += 1
f() = 1
1 = x
None = 1
a + b = c
x = yield = 1
for 1 in x: pass
del f()
with a as 1: pass
import a.b as c.d
from a import *, b
from . import
class A: return 1
break
continue
return
yield
await x
async def f(): yield from x
def f(): x: int = 1; global x
a b
if x print(1)
if x = 1: pass
while x: else
else: pass
try: pass
try: pass; finally
try: x\\nexcept A, B as e: pass
try: x\\nexcept: y\\nexcept A: z
try: x\\nexcept* A: y\\nexcept B: z
lambda x=: 1
[x for x in]
{1: 2, 3}
{1, 2: 3}
{**a, 1}
(x for x in y
[1, 2
"abc
'''abc
f'{'
f'{x'
f'{}'
f'{x!}'
f'{x!z}'
f'}'
f'{a b}'
f'{lambda x: 1}'
b'é'
'\\\\x1'
'\\\\N{foo}'
a ? b
a $ b
x = (1,
print 1
exec "x"
raise A, B
@
def f() -> : pass
a, b: int
x: int: str
(x): y = 1, = 2
*a
*a = 1
print(*)
a = *b
match x:\\n case 1: pass\\n case
match x:\\n case a.b(): pass\\n case a | b: pass
match x:\\n case {**a, 'k': 1}: pass
match x:\\n case [*a, *b]: pass
match x:\\n case _: pass\\n case 1: pass
match x:\\n case -a: pass
match x:\\n case P(a=1, 2): pass
if 1:\\npass
  x = 1
if 1:\\n  a\\n b
def f():\\n\\tx\\n        y
not = 1
import
from x import (a, b
from __future__ import nope
x = 1; from __future__ import annotations
from __future__ import braces
type X = yield
type 1 = 2
class A[T, T]: pass
def f[*Ts = int](): pass
x := 1
(x := 1) = 2
[x := 1 for x in y]
[i for i in (i := 1)]
f(x := 1, y=(z := 2), x=x := 3)
async x
async with a: pass
nonlocal x
assert (a, b), c = 1
0777
1__0
é£ = 1
x = 5 if 1
x = 1 else 2
a < > b
a <> b
a++
a ! b
i = i+ +
{x: for x in y}
{x: y for x, y in z for}
t'{x}' 'a'
def f(x=(yield)): await y
else if x: pass
elseif x: pass
for x in y print(x)
while True print(x)
def f:
class C(:
with open(x) as f, : pass
del
global
print(end = "" if x)
a.1
a..b
1.a
"a" "b" 5
f"{x:{y:{z:{w}}}}"
"""
for case in CASES.strip().split("\n"):
    source = case.replace("\\n", "\n").replace("\\\\", "\\") if "\\" in case else case
    try:
        compile(source, "<case>", "exec")
        print(f"{case:40} accepted")
    except SyntaxError as e:
        print(f"{case:40} {type(e).__name__}: {e.msg} {e.lineno}:{e.offset}-{e.end_lineno}:{e.end_offset}")
