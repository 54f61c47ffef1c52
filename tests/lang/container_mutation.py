# Containers changed while they are walked over, sorted or compared; subclasses; slices.
def it():
    d={1:1}
    for k in d: d[2]=1
def it2():
    d={1:1}
    for k in d: del d[1]; d[2]=1
def it3():
    s={1}
    for k in s: s.add(2)
def it4():
    l=[3,2,1]
    l.sort(key=lambda x:l.append(1) or x)
class M(dict):
    def __missing__(self,k): return 'miss %s'%k
class BadEq:
    def __hash__(self): return 1
    def __eq__(self,o): raise ValueError('eq')
class L(list): pass
class T(tuple):
    def __new__(cls,*a): return super().__new__(cls,a)
def it5(): return {BadEq():1}[BadEq()]
for f in (it,it2,it3,it4,it5):
    try: f()
    except Exception as x: print(type(x).__name__+' '+str(x))
print(M(a=1)['b']); print(M(a=1).get('b')); l=L([1,2]); l.x=1; print((l,l.x,l+[1],type(l+[1]),l*2,l[0:1])); print((T(1,2),type(T(1,2)[:]),T(1,2)==(1,2)))
a=[1,2,3,4,5,6]
a[1:3]=[9]; print(list(a)); a[::2]=[0]*len(a[::2]); print(list(a)); del a[::2]; print(list(a)); a[1:1]=a; print(list(a)); a[:]=[]; print(a)
a=[]; a.append(a); print(repr(a)); d={}; d['d']=d; print(repr(d)); a=[1]; a+=(2,3); a*=2; print(a)
try: a[::2]=[1]
except ValueError as x: print(str(x))
try: a[0:1]=1
except TypeError as x: print(str(x))
try: a[::2]=1
except TypeError as x: print(str(x))
try: a['a']=1
except TypeError as x: print(str(x))
try: a[10]=1
except IndexError as x: print(str(x))
try: del a[10]
except IndexError as x: print(str(x))
for x in range(100): a.insert(0,x)
print(a[:10]); 
while a: a.pop(0)
print(a)
a=list(range(1000)); 
for i in range(990): a.pop()
print(a)
