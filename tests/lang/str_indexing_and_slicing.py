s = "abcdefghij"
u = "añ漢😀z"
for t in (s, u, ""):
    print([t[a:b] for a in (None, 0, 2, -3, 100, -100) for b in (None, 0, 3, -1, 50)])
    print(t[::2], t[::-1], t[-2::-2], t[5:1:-1], t[1:4:10])
print([u[i] for i in range(len(u))], [u[-i] for i in range(1, len(u) + 1)], len(u), list(reversed(u)))
print(s[slice(1, 8, 3)], slice(None, None, -2).indices(10), slice(1, 2) == slice(1, 2),
    repr(slice(1, None, 3)), hash(slice(1, 2)) == hash(slice(1, 2)))
print(u < "b", "a" < "b", "Z" < "a", "" < "a", "a" < "aa", "é" > "z", "😀" > "漢", max(u), sorted(u))
for bad in ("s[::0]", "s[10]", "u[-6]", "s[1.0]", "s[None]"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, e)
s2 = s
s2 += "!"
print(s, s2, s is s2)
try:
    s[0] = "x"
except TypeError as e:
    print(e)
