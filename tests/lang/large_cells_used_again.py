"""Copies of large containers and texts are whole, however often their memory is used again."""


def churn(n):
    for i in range(30):
        numbers = list(range(n + i))
        assert numbers[:] == numbers and len(numbers * 2) == 2 * len(numbers)
        assert numbers + [1] == [*numbers, 1] and numbers[::-1][::-1] == numbers and numbers[::3] == [*range(0, n + i, 3)]
        assert sum(set(numbers).copy()) == sum(numbers) == sum(frozenset(numbers) | {0})
        table = dict.fromkeys(numbers, i)
        assert table.copy() == table and dict(table)[n // 2] == i
        names = {str(k): k for k in range(min(n, 3000))}
        copied = names.copy()
        copied['new'] = 1
        del copied['0']
        assert len(copied) == len(names) and 'new' not in names
        text = 'x' * n + str(i)
        assert bytes(n) == b'\0' * n and bytearray(n) == bytes(n) and (text.encode() * 2).decode() == text * 2
        assert text[1:] + text[:1] == text[1:] + 'x' and text.replace('x', 'yy').count('yy') == n
        grown = []
        for k in range(n):
            grown.append(k)
        assert grown == numbers[:n]
        grown.extend([None] * 10)
        assert grown[-1] is None and grown.pop(0) == 0


for size in (1, 100, 200, 1000, 2000, 5000, 9000, 40000):
    churn(size)
    print(size)
