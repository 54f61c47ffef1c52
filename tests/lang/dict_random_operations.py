# A dict under random operations keeps the contents and the order of a list of pairs.
seed=12345
def rnd(n):
    global seed
    seed=(seed*1103515245+12345)&0x7fffffff
    return (seed>>8)%n
# dict fuzz against list model
def fuzz(keys, n):
    d={}; model=[]
    for i in range(n):
        op=rnd(10); k=keys[rnd(len(keys))]
        ks=[x for x,_ in model]
        if op<4:
            d[k]=i
            if k in ks: model[ks.index(k)]=(k,i)
            else: model.append((k,i))
        elif op<6:
            if k in ks:
                del d[k]; model.pop(ks.index(k))
            else:
                assert k not in d
        elif op==6 and model:
            a=d.popitem(); b=model.pop(); assert a==b
        elif op==7:
            assert d.get(k,'no')==dict(model).get(k,'no')
        elif op==8:
            v=d.setdefault(k,i)
            if k not in ks: model.append((k,i)); assert v==i
        else:
            d2=d.copy(); assert d2==d and list(d2.items())==model
        assert len(d)==len(model)
    assert list(d.items())==model, (d,model)
    assert list(reversed(d.items()))==model[::-1]
    return len(model)
print(fuzz(list(range(30)),3000)); print(fuzz([str(i) for i in range(30)],3000)); print(fuzz([1,2.5,'a','b',(1,2),None,True,0,'ccc',-1,-2,2**70],2000))
