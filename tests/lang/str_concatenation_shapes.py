"""Long concatenations in every shape, used and unused in between."""

seed=1
class random:
    def randrange(a,b=None):
        global seed
        if b is None: a,b=0,a
        seed=(seed*1103515245+12345)&0x7fffffff
        return a+(seed>>8)%(b-a)
    def random():
        return random.randrange(1000)/1000
pool=['a','é','\u4e2d','x'*600,'y'*1100,'\U0001f600'*700]
ref=[[c] for c in pool]
strs=list(pool); parts=[[p] for p in pool]
for i in range(3000):
    a,b=random.randrange(len(strs)),random.randrange(len(strs))
    s=strs[a]+strs[b]; p=parts[a]+parts[b]
    if len(p)>60: continue
    k=random.random()
    if k<.3: s[-1]; 
    if k<.05: assert s==''.join(p)
    if len(strs)<200: strs.append(s); parts.append(p)
    else:
        j=random.randrange(6,200); strs[j]=s; parts[j]=p
for s,p in zip(strs,parts): assert s==''.join(p), (len(s),len(p))
print('ok', hash(strs[50])==hash(''.join(parts[50])))
