# Sorting is right and stable for every kind of key, with runs, and in reverse.
seed=12345
def rnd(n):
    global seed
    seed=(seed*1103515245+12345)&0x7fffffff
    return (seed>>8)%n
# sort fuzz
for n in (0,1,2,3,10,63,64,65,100,1000,5000):
    for kind in range(6):
        l=[rnd(1000) if kind<4 else rnd(20) for _ in range(n)]
        if kind==1: l=[float(x) for x in l]
        if kind==2: l=['s%d'%x for x in l]
        if kind==3: l=[(x,i) for i,x in enumerate(l)]
        if kind==5: l.sort(); l[n//3:n//3+5]=[rnd(20) for _ in range(min(5,n-n//3))]
        m=list(l); m.sort()
        assert len(m)==n
        for i in range(1,n): assert not m[i]<m[i-1]
        p=[(x,i) for i,x in enumerate(l)]
        p.sort(key=lambda t:t[0])
        for i in range(1,n): assert p[i-1][0]<p[i][0] or (p[i-1][0]==p[i][0] and p[i-1][1]<p[i][1])
        p.sort(key=lambda t:t[0], reverse=True)
        for i in range(1,n): assert p[i-1][0]>p[i][0] or (p[i-1][0]==p[i][0] and p[i-1][1]<p[i][1])
# structured
l=list(range(1000))+list(range(500,1500))+list(range(2000,0,-1)); m=sorted(l); print(sum(i*x for i,x in enumerate(m)))
