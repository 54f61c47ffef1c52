for r in (range(5), range(2, 10, 3), range(10, 0, -4), range(0), range(5, 5), range(2**70, 2**70 + 3),
    range(-1, -10, -3)):
    print(r, list(r), len(r), r[0] if r else None, r[-1] if r else None, r[1:], r[::-1], list(reversed(r)),
        r.start, r.stop, r.step)
r = range(0, 100, 7)
print(14 in r, 15 in r, 14.0 in r, "a" in r, r.index(21), r.count(21), r.count(22),
    range(3) == range(0, 3, 1), range(0) == range(5, 5), hash(range(3)) == hash(range(0, 3)),
    range(0, 5, 2) == range(0, 6, 2))
print(sum(range(10**5)), max(r), min(r), sorted(r, reverse=True)[:2], bool(range(0)), r[3], r[-3], r[2:5])
for bad in ("range(1, 2, 0)", "range(1.5)", "r[100]", "r.index(1)", "range()", "range(1, 2, 3, 4)",
    "len(range(2**100))", "r['a']"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, e)
it = iter(range(3))
print(next(it), list(it), next(it, "done"), it.__length_hint__())
try:
    r.start = 5
except AttributeError as e:
    print(e)
