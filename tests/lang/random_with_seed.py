import random
r = random.Random(42)
print(r.random(), r.randint(1, 100), r.randrange(0, 100, 5), r.choice("abcdef"), r.sample(range(50), 5),
    r.uniform(1, 2), r.gauss(0, 1), r.getrandbits(100), r.choices("xyz", weights=[1, 2, 3], k=6),
    r.triangular(0, 10, 3), r.betavariate(2, 3), r.expovariate(1.5), r.normalvariate(5, 2),
    r.randbytes(6).hex(), r.paretovariate(3), r.vonmisesvariate(0, 4), r.gammavariate(2, 1),
    r.binomialvariate(10, 0.3), r.lognormvariate(0, 1), r.weibullvariate(1, 2))
l = list(range(10))
r.shuffle(l)
print(l)
state = r.getstate()
a = [r.random() for _ in range(3)]
r.setstate(state)
print(a == [r.random() for _ in range(3)], len(state[1]), state[0])
for seed in (0, 1, -1, 2**100, "text", b"bytes", 1.5, "x"):
    print(seed, random.Random(seed).random(), random.Random(seed).getrandbits(32))
random.seed(7)
print(random.random(), random.sample(["a", "b", "c"], counts=[2, 1, 1], k=3),
    sum(random.random() < 0.5 for _ in range(1000)))
for code in ("r.choice([])", "r.randrange(5, 5)", "r.sample([1], 2)", "r.sample({1, 2}, 1)",
    "r.randint(1.5, 2)", "r.choices([], k=1)", "r.getrandbits(-1)", "r.choices([1], [0])",
    "random.Random([])"):
    try:
        print(eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
