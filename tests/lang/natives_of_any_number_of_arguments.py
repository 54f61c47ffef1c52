"""Natives that take any number of arguments: few and many of them, keys and errors."""
import gc
import math
import re
import struct


def outcome(f):
    try:
        return repr(f())
    except BaseException as e:
        return f'{type(e).__name__}: {e} {e.__context__!r}'


print('{} {x} {0}'.format(*'ab') if 0 else '{0} {1[0]} {2!r:>5} {}'.replace(' {}', '').format(1, [2], 'c'), '{:{}}'.format('a', 5), outcome(lambda: '{2}'.format(1, 2)), '{a}{0}'.format(1, a=2))
mm = re.match('(a)(?P<n>b)(c)?', 'ab')
print(mm.group(), mm.group(1), mm.group(1, 'n', 3), mm.group('n'), outcome(lambda: mm.group(9)), outcome(lambda: mm.group(1, 2, 3, 1, 2, 3, 1, 2)))
print(struct.pack('<hhl', 1, 2, 3), struct.Struct('b').pack(3), outcome(lambda: struct.pack('b')), outcome(lambda: struct.pack('b', 1, 2)), struct.pack('8b', *range(8)))
print(math.gcd(12, 18, 27), math.lcm(2, 3, 4), math.hypot(3, 4), math.gcd(), {1}.union([2], [3]), {1, 2, 3}.difference([1], [2]), {1, 2, 3}.intersection([1, 2], [2]))
s = {1}
s.update([2], (3,), {4})
d = {}
d.update([(1, 2)])
d.update(a=3)
d.update({2: 3}, b=4)
print(s, d, outcome(lambda: d.update(1, 2)), outcome(lambda: d.update(5)))
print(1, 'a', None, sep='-', end='!\n')
print(*range(10))
print()


def collecting(x):
    gc.collect()
    return [x]


print(max([1], [2], [0], key=collecting), min('ab', 'c', 'd' * 9, key=len), max(*range(20), key=lambda n: n % 7))
print('{} {}'.format(collecting(1), [collecting(2)]), outcome(lambda: max(1, 'a', key=collecting)), outcome(lambda: max(1, 2, key=3)))
