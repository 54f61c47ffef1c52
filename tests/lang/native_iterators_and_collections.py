# The native modules around containers: results, representations and error messages.
import itertools, _collections, _operator, _heapq, _bisect, _csv, _json, _queue
from itertools import *
from _collections import *
from _operator import *
g=globals()
def e(s):
    try: r=eval(s, g)
    except BaseException as x: r=type(x).__name__+' '+str(x)
    r=str(r)
    i=r.find(' at 0x')
    if i>=0: r=r[:i]
    print(s, '->', r)
d=deque([1,2,3]); od=OrderedDict(a=1,b=2)
class A: pass
a=A(); a.b=A(); a.b.c=5; a.x=1
for s in ["count(1,2)","count(1.5,2)","count(1)","repeat(1)","repeat(1,3)","count('a')","repeat(1,-3)","repeat()","repeat(1,'a')","islice([])","islice([],-1)","islice([],1,-1)","islice([],1,2,0)","islice([],'a')","product([1],repeat=-1)","product(1)","combinations([1],-1)","combinations()","permutations([1],'a')","batched([1],0)","list(batched([1,2,3],2,strict=True))","list(batched([1,2,3],2))","tee([],-1)","tee(1)","tee([1],0)","chain(1)","list(chain(1))","chain.from_iterable(1)","zip_longest(1)","groupby(1)","list(starmap(pow,[1]))","list(starmap(pow,[(2,3)]))","list(accumulate([1,2],2))","list(accumulate([1,2,3],initial=5))","list(accumulate([1,2,3],mul))","list(pairwise('abcd'))","compress([1],1)","list(compress('abc',[1,0,1]))","next(count(10**30))","count(1,x=1)","repeat(1).__length_hint__()","list(islice(count(True),2))","count(1,1.0)","list(product('ab',[1,2]))","list(product([1,2],repeat=2))","list(permutations([1,2,3]))","list(permutations([1,2,3],2))","list(combinations('abcd',2))","list(combinations_with_replacement('abc',2))","[ (k,list(v)) for k,v in groupby('aabbb')]","list(takewhile(lambda x:x<3,[1,2,3,1]))","list(dropwhile(lambda x:x<3,[1,2,3,1]))","list(filterfalse(None,[0,1]))","list(zip_longest('ab',[1],fillvalue=0))","[list(x) for x in tee([1,2,3],3)]","list(islice(cycle('ab'),5))","list(islice('abcdefg',1,6,2))","list(chain('a',[1]))","list(product())","list(permutations([1,2],3))","list(combinations([],0))",
"deque().pop()","d.index(9)","d.remove(9)","d.insert('a',1)","deque([1],1).insert(0,1)","d[5]","d['a']","deque(1)","deque([],-1)","deque([],'a')","d+[1]","d*'a'","d*2","d+d","d.rotate('a')","d.rotate(1) or d","d.rotate(-2) or d","deque([1],2).__reduce__()[1]","d<[1]","d<deque([5])","deque(range(10),3)","deque([1],2,3)","iter(d).__reduce__()","d.extendleft([7,8]) or d","d.reverse() or d","d.maxlen","d.count(1)","del_(d) if 0 else list(reversed(d))","d.copy()","d==d.copy()","3 in d","deque('abc',maxlen=2)","d.popleft()","d.appendleft(0) or d","d.__delitem__(1) or d","d.insert(1,'x') or d","d.insert(-1,'y') or d","deque([1,2])*0","deque([1,2,3],2)*3","d.index(3)","hash(d)",
"defaultdict(1)","defaultdict(int,a=1)","defaultdict(int)['a']","defaultdict()['a']","defaultdict(int,1)","defaultdict(None)|{1:2}","{1:2}|defaultdict(list)","defaultdict(int)|1","defaultdict(int).copy()","defaultdict(list).__reduce__()[:4]",
"od","OrderedDict()","od.popitem(False)","OrderedDict().popitem()","od.pop('x')","od.move_to_end('x')","od.pop()","od.keys()","od.items()","od.values()","OrderedDict([1])","OrderedDict([(1,2,3)])","OrderedDict(1,2)","od|{'z':1}","{'z':1}|od","od|1","od==dict(od)","OrderedDict.fromkeys('ab',1)","od.setdefault('q')","od.update(1,2)","iter(od).__reduce__()","od.__delitem__('qq')","od.update(c=5,d=6) or od","od.move_to_end('b') or od","od.move_to_end('d',False) or od","od.move_to_end('c',last=False) or od","od.popitem()","list(reversed(od))","od==OrderedDict(reversed(od.items()))","od.copy()","vars(od)","_tuplegetter(0,'d')","_tuplegetter(0,'d').__get__(1)","_tuplegetter(0,'d').__get__((5,))","_tuplegetter(0,'d').__get__(None)",
"itemgetter(1)","itemgetter(1,2)","itemgetter(1)([1,2])","itemgetter(1)()","itemgetter(1,x=1)","itemgetter(0)(x=1)","itemgetter(1).__reduce__()","attrgetter('b.c')","attrgetter('b.c')(a)","attrgetter('b.c','x')(a)","attrgetter(1)","attrgetter('q')(a)","methodcaller(1)","methodcaller('a',1,x=2)","methodcaller('upper')('a')","methodcaller('replace','a','b')('aa')","methodcaller('upper')()","concat(1,2)","concat([1],2)","countOf(1,2)","indexOf([1],2)","length_hint(1,'a')","length_hint([1,2])","index('a')","contains(1,1)","_operator._compare_digest('a','b')","call(max,1,2)","pow(2,3)","add(1)","truth([])","inv(1)","countOf('aab','a')","iadd([1],[2])","matmul(1,2)",
"_heapq.heappop([])","_heapq.heappush(1,2)","_heapq.heapreplace([],1)","_heapq.heappushpop([1,2],0)","_bisect.bisect([1,2,2,3],2) if 0 else _bisect.bisect_right([1,2,2,3],2)","_bisect.bisect_left([1,2,2,3],2)","_bisect.bisect_left([1],1,-1)","_bisect.bisect_left([3,2,1],-2,key=lambda x:-x)",
"_queue.SimpleQueue().get_nowait()","_queue.SimpleQueue().get(timeout=-1)","_queue.SimpleQueue().get(True,0.01)","_queue.SimpleQueue().get(timeout='a')",
"list(_csv.reader(['a,b','\"c\"\"d\",e']))","_csv.reader([],delimiter='ab')","_csv.reader([],x=1)","list(_csv.reader(['\"a\"b'],strict=True))","list(_csv.reader(['1,2.5,\"x\"'],quoting=2))","list(_csv.reader(['1,,\"\"'],quoting=4))","list(_csv.reader(['1,,2'],quoting=2))","_csv.get_dialect('x')","_csv.reader([],'nope')","_csv.Dialect().quoting","_csv.writer(1)","list(_csv.reader(['a\\nb']))",
"_json.scanstring('abc\"',0)","_json.scanstring('a\\\\u00e9b\"x',0)","_json.encode_basestring('é\\x01\"')","_json.encode_basestring_ascii('é\\x01\"\\U0001F600')","_json.make_scanner(1)",
]: e(s)
class Ctx: strict=True; object_hook=None; object_pairs_hook=None; parse_float=float; parse_int=int; parse_constant=float
sc=_json.make_scanner(Ctx)
for s in ['[1,2.5,-3e2,"a",null,true,false,{"a":[],"b":{}}]','{"a":1,"a":2}','12345678901234567890123','  1','"x"','-Infinity','NaN','[[[1]]]','{}','[]']: e("sc(%r,0)"%s)
enc=_json.make_encoder(None,None,_json.encode_basestring_ascii,None,': ',', ',False,False,True)
for s in ["[1,2.5,'aé',None,True,{'a':[1],'b':{}}]","{1:2,None:3,True:4,1.5:5}","(1,(2,))","[]","float('inf')","10**30"]: e("enc(%s,0)"%s)
enc2=_json.make_encoder({},None,_json.encode_basestring,'  ',': ',',',True,True,True)
for s in ["[1,[2,{'b':1,'a':[]}],{}]","{(1,):2,'a':1}"]: e("enc2(%s,0)"%s)
class W:
    def __init__(s): s.x=[]
    def write(s,t): s.x.append(t); return len(t)
for q in range(6):
    w=W(); 
    try: _csv.writer(w,quoting=q,**({'escapechar':'\\'} if q==3 else {})).writerow([1,'a',None,'',2.5,'b"c','d,e','f\ng',' h',True])
    except Exception as x: print(str(x))
    print(w.x)
for kw in ({'doublequote':False},{'doublequote':False,'escapechar':'!'},{'lineterminator':'X'},{'delimiter':' '}):
    for row in (['a"b'],['a!b'],[None],[''],[],['aXb'],['a b']):
        w=W()
        try: _csv.writer(w,**kw).writerow(row)
        except Exception as x: print(str(x))
        print(w.x)
seed=7
def rnd(n):
    global seed
    seed=(seed*1103515245+12345)&0x7fffffff
    return (seed>>8)%n
# heap
h=[]
for i in range(500): _heapq.heappush(h,rnd(100))
l=[_heapq.heappop(h) for _ in range(500)]; assert l==sorted(l)
h=[rnd(1000) for _ in range(300)]; _heapq.heapify(h); print(h[:20]); print([_heapq.heapreplace(h,rnd(1000)) for _ in range(50)])
_heapq.heapify_max(h); print(h[:10]); print(_heapq.heappop_max(h))
# deque fuzz
m=[]; d=deque()
for i in range(5000):
    op=rnd(12)
    if op<3: d.append(i); m.append(i)
    elif op<5: d.appendleft(i); m.insert(0,i)
    elif op==5 and m: assert d.pop()==m.pop()
    elif op==6 and m: assert d.popleft()==m.pop(0)
    elif op==7: k=rnd(9)-4; d.rotate(k); m=m[-(k%len(m)):]+m[:-(k%len(m))] if m and k%len(m) else m
    elif op==8 and m: j=rnd(len(m)); del d[j]; del m[j]
    elif op==9: j=rnd(len(m)+1); d.insert(j,-i); m.insert(j,-i)
    elif op==10 and m: j=rnd(len(m)); d[j]=i; m[j]=i
    elif op==11: d.reverse(); m.reverse()
    assert len(d)==len(m)
assert list(d)==m and list(reversed(d))==m[::-1]
# OrderedDict fuzz
od=OrderedDict(); m=[]
for i in range(5000):
    op=rnd(8); k=rnd(20); ks=[x for x,_ in m]
    if op<3:
        od[k]=i
        if k in ks: m[ks.index(k)]=(k,i)
        else: m.append((k,i))
    elif op==3 and k in ks: del od[k]; m.pop(ks.index(k))
    elif op==4 and k in ks: od.move_to_end(k); x=m.pop(ks.index(k)); m.append(x)
    elif op==5 and k in ks: od.move_to_end(k,False); x=m.pop(ks.index(k)); m.insert(0,x)
    elif op==6 and m: assert od.popitem()==m.pop()
    elif op==7 and m and rnd(2): assert od.popitem(last=False)==m.pop(0)
    assert list(od.items())==m, (i,op,od,m)
c={}; _collections._count_elements(c,'abracadabra'); print(c)
def f():
    o=OrderedDict(a=1,b=2)
    for k in o: o['c']=1
def f2():
    o=deque([1,2])
    for k in o: o.append(1)
for x in f,f2:
    try: x()
    except Exception as y: print(str(y))
