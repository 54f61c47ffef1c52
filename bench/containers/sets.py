"""Sets: algebra, membership, a sieve by difference, connected groups, frozen sets as keys, duplicates, power sets."""


def primes(limit):
    left, found = set(range(2, limit)), []
    while left:
        p = min(left) if not found or found[-1] < 40 else None
        if p is None:
            return found + sorted(left)
        found.append(p)
        left -= set(range(p, limit, p))
    return found


def groups(edges):
    near = {}
    for a, b in edges:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    seen, sizes = set(), []
    for start in near:
        if start not in seen:
            group, edge = {start}, {start}
            while edge:
                edge = set().union(*(near[n] for n in edge)) - group
                group |= edge
            seen |= group
            sizes.append(len(group))
    return sorted(sizes, reverse=True)


def subsets(items):
    result = {frozenset()}
    for item in items:
        result |= {s | {item} for s in result}
    return result


def main():
    found = primes(1500)
    print(len(found), found[-1])
    edges = [(n * 7919 % 30_011, n * 104_729 % 30_011) for n in range(20_000)]
    print(groups(edges)[:6])
    power = subsets("abcdefghijkl")
    print(len(power), sum(len(s) for s in power), frozenset("ace") in power, sum(s <= frozenset("abcdef") for s in power))
    evens, thirds, squares = set(range(0, 40_000, 2)), set(range(0, 40_000, 3)), {n * n for n in range(200)}
    for _ in range(15):
        sizes = [len(evens & thirds), len(evens | thirds), len(evens - thirds), len(evens ^ squares), evens > squares]
    print(sizes, sum(n in squares for n in range(300_000)), evens.isdisjoint({1, 3, 5}))
    words = [f"w{n * 31 % 997}" for n in range(130_000)]
    seen, repeated = set(), set()
    for word in words:
        (repeated if word in seen else seen).add(word)
    print(len(seen), len(repeated), len({w[:2] for w in words}), len({(w[0], len(w)) for w in words}))
    pool = set(range(20_000))
    for n in range(0, 40_000, 3):
        pool.discard(n)
    while len(pool) > 100:
        pool.pop()
    print(len(pool))


if __name__ == "__main__":
    main()
