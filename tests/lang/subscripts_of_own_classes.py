"""Subscripts of instances of classes written in Python: results, exceptions, in generators, and what a trace function sees."""
class A:
    def __getitem__(self, k):
        if k == 3: raise IndexError(k)
        return [k, self]
    def __setitem__(self, k, v):
        if k == 3: raise KeyError(k)
        self.last = (k, v)
a = A()
for i in range(3):
    print(a[i][0]); a[i] = i; print(a.last)
try: a[3]
except IndexError as e: print(repr(e), e.__traceback__.tb_next.tb_frame.f_code.co_name)
try: a[3] = 1
except KeyError as e: print(repr(e), e.__traceback__.tb_next.tb_lineno)
print([x[0] for x in a])
def g():
    a[0] = yield a[1][0]
    yield a.last
h = g(); print(next(h), h.send(9))
import sys
def tr(f, e, arg): print(e, f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno); return tr
def traced():
    a[1]; a[2] = 3
sys.settrace(tr); traced(); sys.settrace(None)
