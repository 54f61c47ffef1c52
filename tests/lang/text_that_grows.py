"""+= on long texts: shared beginnings, wider characters, subclasses; the codecs and loops that go over the result."""
import random
import threading
random.seed(5)


def check(pieces):
    s = ''
    l = []
    olds = []
    for p in pieces:
        olds.append((s, len(l)))
        s += p
        l.append(p)
        if random.random() < 0.01:
            assert s == ''.join(l)
    assert s == ''.join(l), len(s)
    for o, n in random.sample(olds, min(40, len(olds))):
        assert o == ''.join(l[:n])
    return s


check(['ab'] * 5000)
check([chr(97 + i % 26) for i in range(20000)])
check([random.choice(['a', 'é', 'Ω', '😀', 'xyz' * 10, '']) for i in range(20000)])
check([random.choice(['a', 'é']) for i in range(9000)])
base = 'x' * 3000
base += 'y'
for i in range(20):
    base += 'z'
a = base + '1'
b = base + '2'
c = a + '3'
d = a + '4'
e = a + c
assert a == base + '1'
assert a[-1] == '1' and b[-1] == '2' and (c[-2:] == '13') and (d[-2:] == '14') and (e == a + c)
grown = []
s = base
for i in range(100):
    s += chr(65 + i % 26)
    grown.append(s)
for i, g in enumerate(grown):
    assert len(g) == len(base) + i + 1 and g[-1] == chr(65 + i % 26) and g.startswith(base)
t = grown[50] + '!'
u = grown[50] + '?'
assert t[-1] == '!' and u[-1] == '?' and (grown[51][-1] == chr(65 + 51 % 26))


class S(str):
    pass


x = S(base)
for i in range(30):
    x = x + 'q'
assert type(x) is str and x == base + 'q' * 30
x = base
for i in range(30):
    x += S('q')
assert x == base + 'q' * 30
print(len(s), hash(s) == hash(s + ''), s.encode()[-5:], s.isascii())
y = s
for i in range(20):
    y += 'é'
assert not y.isascii() and s.isascii() and (y[:len(s)] == s)
print(y.encode('latin-1')[-3:], int(('1' * 2000 + ''.join(('2' for _ in range(3))))[-4:]))
for enc in ('utf-8', 'utf-16', 'utf-32', 'utf-16-be', 'utf-16-le'):
    for n in list(range(0, 70)) + [1000]:
        for al in ('aé', 'aΩ', 'Ωж', 'a語', 'aΩ語', 'a😀Ω語é', '😀', 'ÿa'):
            z = ''.join((random.choice(al) for _ in range(n)))
            e = z.encode(enc)
            assert e.decode(enc) == z
            print(hash(e.hex()) if 0 else e[:40] if n in (3, 17, 18, 19, 20, 33) else '', end='')
for bad in (b'\x00\xd8' * 3, b'a\x00' * 40 + b'\x00\xdc', b'a\x00' * 70 + b'=\xd8\x00\xde' + b'b\x00' * 3 + b'\x00'):
    for err in ('replace', 'ignore', 'backslashreplace'):
        print(ascii(bad.decode('utf-16-le', err)))
print([c for c in 'añΩ'], list(iter('abc')), [*zip('abc', 'añΩ')])
it = iter('ab')
print(next(it), [c for c in it], list(it))
it = iter('abc')
print([(c, it.__length_hint__()) for c in it])
print(set('hello') == {'h', 'e', 'l', 'o'}, sorted('hello'), max('hello'), dict(zip('ab', 'cd')))


def grow(digit):
    s = grown[70]
    for i in range(2000):
        s += digit
        if i % 100 == 0:
            assert s[-1] == digit and s[len(grown[70]):] == digit * (i + 1)
    ends.append(s == grown[70] + digit * 2000)


ends = []
threads = [threading.Thread(target=grow, args=(d,)) for d in '0123']
for t in threads:
    t.start()
for t in threads:
    t.join()
print(ends)
