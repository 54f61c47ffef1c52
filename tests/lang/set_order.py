# Sets of ints give their items in the order that insertions and deletions determine.
seed=12345
def rnd(n):
    global seed
    seed=(seed*1103515245+12345)&0x7fffffff
    return (seed>>8)%n
# set order fuzz
for n in (5,20,100,1000):
    s=set()
    for i in range(n):
        x=rnd(n*2)
        if rnd(3): s.add(x*7919%100003)
        else: s.discard(x*7919%100003)
    print(list(s)[:50]); t={rnd(1000) for _ in range(n)}
    print(list(s|t)[:30]); print(list(s&t)[:30]); print(list(s-t)[:30]); print(list(s^t)[:30]); print(hash(frozenset(t)))
    s.update(t); print([s.pop() for _ in range(min(5,len(s)))])
    s-=set(range(500)); print(list(s)[:20]); s.intersection_update(range(0,2000,2)); print(list(s)[:20])
print({(1,2),(3,4),(5,)}); print(hash((1,2,3))); print(hash(())); print({frozenset([1]),frozenset([2,3])}); print({1.5,2.5,-1,-2,True,0})
