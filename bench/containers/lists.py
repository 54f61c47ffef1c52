"""Lists: append, index, slice, comprehension, nested lists, a sieve, matrix product."""


def sieve(limit):
    flags = [True] * (limit + 1)
    flags[0] = flags[1] = False
    for n in range(2, int(limit ** 0.5) + 1):
        if flags[n]:
            for multiple in range(n * n, limit + 1, n):
                flags[multiple] = False
    return [n for n, flag in enumerate(flags) if flag]


def product(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def main():
    primes = sieve(600_000)
    print(len(primes), primes[-1])
    size = 50
    a = [[(i * j) % 11 for j in range(size)] for i in range(size)]
    print(sum(map(sum, product(a, a))))
    stack = []
    for i in range(500_000):
        stack.append(i)
        if i % 3 == 2:
            stack.pop()
    print(len(stack), stack[1234])
    queue = list(range(2000))
    for _ in range(300):
        queue = queue[7:] + queue[:7]
        queue.insert(0, queue.pop())
    print(queue[:5], queue.index(55))
    total = 0
    for i in range(len(stack)):
        total += stack[i] * 2
    print(total, len([x for x in stack if x % 5 == 0]), stack[::20_000])


if __name__ == "__main__":
    main()
