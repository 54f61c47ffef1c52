"""str and bytes methods on pseudo-random text of every width."""
seed = 12345
def rnd(n):
    global seed
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return (seed >> 8) % n
def pick(s): return s[rnd(len(s))]
ALPH = ['ab', 'aB c\n', 'a\u00e9\u00df \u00c9', 'a\u0130\u03a3\u03c3\u03c2 \u0345', 'x\U0001F600\U00010400 y', '\u01c5\u01c4\ufb01 \u2028a', '12\u0661\u00b2\u2167-+', ' \t\r\n\x0b\x0c\x1c\x85a']
def text(maxlen=8):
    a = pick(ALPH)
    return ''.join([pick(a) for _ in range(rnd(maxlen))])
def tries(f):
    try:
        return ascii(f())
    except Exception as e:
        return type(e).__name__ + ': ' + ascii(str(e))
zero = ['lower','upper','title','capitalize','swapcase','casefold','isalpha','isalnum','isdecimal','isdigit','isnumeric','isspace','isprintable','isascii','islower','isupper','istitle','isidentifier','split','rsplit','splitlines','strip','lstrip','rstrip','__repr__','__len__','expandtabs','encode']
one = ['split','rsplit','partition','rpartition','strip','lstrip','rstrip','find','rfind','index','rindex','count','startswith','endswith','removeprefix','removesuffix','__add__','__contains__','__eq__','__lt__','__ge__']
for i in range(60):
    s = text()
    m = pick(zero)
    print(m + ascii(s) + tries(lambda: getattr(s, m)()))
    m = pick(one)
    t = text(3)
    print(m + ascii(s) + ascii(t) + tries(lambda: getattr(s, m)(t)))
    k = rnd(5) - 1
    print('split ' + tries(lambda: (s.split(t, k), s.rsplit(t, k), s.split(None, k), s.rsplit(None, k))))
    a, b = rnd(12) - 5, rnd(12) - 5
    print('find ' + tries(lambda: (s.find(t, a, b), s.rfind(t, a, b), s.count(t, a, b), s.startswith(t, a, b), s.endswith(t, a, b))))
    print('slice ' + tries(lambda: (s[a:b], s[b:a:-1], s[::2], s[a::-2], s[:b:3])))
    u = text(3)
    print('replace ' + tries(lambda: (s.replace(t, u), s.replace(t, u, k), s.replace('', u, k))))
    w = rnd(15)
    print('pad ' + tries(lambda: (s.center(w), s.ljust(w, '\u4e2d'), s.rjust(w, '-'), s.zfill(w), (s * k), s.expandtabs(k))))
    print('join ' + tries(lambda: t.join([s, u, t, s])) + tries(lambda: s.translate({97: t, 98: None, 233: 255})))
    e = s.encode('utf-8', 'surrogatepass')
    f = t.encode()
    print('b ' + tries(lambda: (e.split(f, k), e.rsplit(None, k), e.find(f, a, b), e.replace(f, b'Q', k), e.strip(f), e[a:b], e[::-1], e.title(), e.swapcase(), e.capitalize(), e.splitlines(True), e.hex('-', k), e.zfill(w), e.center(w, b'.'), e.expandtabs(k))))
    print('b2 ' + tries(lambda: (bytearray(e).partition(f), e.rpartition(f), e.istitle(), e.islower(), e.isalnum(), e.isspace(), e.count(f), f in e, e + f, e * k)))
    ba = bytearray(e)
    def mutate():
        ba[a:b] = f
        ba.append(65)
        del ba[::3]
        ba.insert(a, 66)
        ba[1:1] = ba
        ba.extend([1, 2])
        ba += b'xyz'
        ba.reverse()
        ba[::2] = bytes(len(ba[::2]))
        return ba, ba.pop(), ba.pop(0), ba
    print('ba ' + tries(mutate))
    for enc in ('utf-16', 'utf-32-be', 'utf-7', 'latin-1', 'ascii'):
        if enc in ('utf-7', 'utf-32-be'):
            continue
        for err in ('strict', 'ignore', 'replace', 'xmlcharrefreplace', 'backslashreplace', 'surrogateescape', 'namereplace'):
            print(enc + err + tries(lambda: s.encode(enc, err)))
    raw = bytes([pick([65, 0x80, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0]) for _ in range(rnd(8))])
    for enc in ('utf-8', 'ascii', 'utf-16', 'utf-32'):
        for err in ('strict', 'ignore', 'replace', 'backslashreplace', 'surrogateescape', 'surrogatepass'):
            print(enc + err + ascii(raw) + tries(lambda: raw.decode(enc, err)))
