"""find, rfind, count, replace, split and translate agree with a slow search, whatever the width of the characters and
wherever the match lies."""
import random
import zlib

rng = random.Random(1)


def slow_find(text, needle):
    for i in range(len(text) - len(needle) + 1):
        if text[i:i + len(needle)] == needle:
            return i
    return -1


def slow_rfind(text, needle):
    for i in range(len(text) - len(needle), -1, -1):
        if text[i:i + len(needle)] == needle:
            return i
    return -1


alphabets = ['ab', 'abc', 'a\xe9', 'a\u4e2db', 'ab\U0001f600', '\x00a', 'a\xff\u0100']
checked = 0
digest = 0
for alphabet in alphabets:
    for length in [*range(0, 20), 31, 32, 33, 48, 64, 65, 100, 257]:
        text = ''.join(rng.choice(alphabet) for _ in range(length))
        for size in (1, 2, 3, 4, 7, 15, 16, 17, 20):
            start = rng.randrange(length + 1)
            for needle in (text[start:start + size], ''.join(rng.choice(alphabet) for _ in range(size))):
                assert text.find(needle) == slow_find(text, needle), (text, needle)
                assert text.rfind(needle) == slow_rfind(text, needle), (text, needle)
                if needle:
                    parts = text.split(needle)
                    assert needle.join(parts) == text
                    assert text.count(needle) == len(parts) - 1
                    assert text.replace(needle, 'xy') == 'xy'.join(parts)
                    assert text.replace(needle, '') == ''.join(parts)
                    assert text.replace(needle, '\u1234', 2) == '\u1234'.join(text.split(needle, 2))
                    assert text.encode().replace(needle.encode(), b'?').decode() == text.replace(needle, '?')
                digest = zlib.crc32(repr((text, needle, text.count(needle))).encode(), digest)
                checked += 1
        assert text.encode().decode() == text
        assert text[::-1][::-1] == text and text[::2] == ''.join(text[i] for i in range(0, length, 2))
print(checked, digest)

# Many false candidates: the search changes its way
periodic = 'ab' * 3000
print(periodic.find('ab' * 40 + 'c'), (periodic + 'c').find('ab' * 40 + 'c'), periodic.count('aba'))
wide = 'a\u4e2d' * 3000
print(wide.find('a\u4e2d' * 40 + 'c'), (wide + 'c').find('a\u4e2d' * 40 + 'c'))

# translate: kept, changed, dropped, lengthened, and characters that are not ASCII
table = {ord('a'): 'A', ord('b'): None, ord('c'): 'xyz', ord('d'): 0xe9, ord('e'): '\u4e2d', 0xe9: 'e'}
for text in ('', 'abcde', 'aaaa', 'bbbb', 'zabczzde\xe9z', 'e' * 3 + 'abc' * 3, '\u4e2dabcb'):
    print(ascii(text.translate(table)), ascii(text.translate({})))


class Shift:
    def __getitem__(self, c):
        if c == ord('q'):
            raise LookupError
        return c + 1


print('abcqz'.translate(Shift()))
for text in ('a\tb', '\t', 'ab\n\tc\r\td', 'x' * 9 + '\ty', '\xe9\t\u4e2d\t'):
    print(ascii(text.expandtabs()), ascii(text.expandtabs(3)), ascii(text.expandtabs(0)))

# Blanks and line ends
odd = 'a\x1cb\x85c\xa0d\u2003e\x1ff g\x0bh'
print([ascii(p) for p in odd.split()], [ascii(p) for p in odd.rsplit(None, 2)], [ascii(p) for p in odd.splitlines()])
print('a\x1cb\x85c d'.split(), 'a\x1cb\x85c\xa0d'.encode('latin-1').split(), b'a\x1cb\x0bc'.splitlines(), b'a\rb\r\nc\n'.splitlines(True))
