from itertools import *
print(list(chain("ab", [1], ())), list(chain.from_iterable(["ab", "c"])), list(islice(count(5, 3), 4)),
    list(islice(cycle("ab"), 5)), list(repeat("x", 3)), list(accumulate([1, 2, 3, 4])),
    list(accumulate([3, 1, 2], max)), list(accumulate([1, 2], initial=10)))
print(list(product("ab", [1, 2])), list(product([0, 1], repeat=2)), list(permutations("abc", 2)),
    list(combinations("abcd", 2)), list(combinations_with_replacement("ab", 2)), list(permutations([])),
    list(combinations("ab", 3)))
print([(k, list(g)) for k, g in groupby("aaabbca")],
    [(k, list(g)) for k, g in groupby([1, 3, 2, 4, 5], lambda x: x % 2)],
    list(zip_longest("ab", [1, 2, 3], fillvalue="-")), list(compress("abcd", [1, 0, 1])),
    list(dropwhile(lambda x: x < 3, [1, 3, 2])), list(takewhile(lambda x: x < 3, [1, 3, 2])),
    list(filterfalse(lambda x: x % 2, range(5))), list(starmap(pow, [(2, 3), (3, 2)])),
    list(pairwise("abcd")), list(batched("abcdefg", 3)))
a, b, c = tee([1, 2, 3], 3)
next(a)
print(list(a), list(b), next(c), list(c))
print(list(islice("abcdefg", 1, 6, 2)), list(islice(range(5), None)), count(2.5, 0.5), repeat(1, 2),
    sum(1 for _ in product(range(3), repeat=4)))
g = groupby("aab")
k1, g1 = next(g)
k2, g2 = next(g)
print(list(g1), list(g2))
for code in ("islice([], -1)", "list(batched('abc', 2, strict=True))", "batched([], 0)", "permutations(5)",
    "repeat()", "combinations('a', -1)", "chain(1).__next__()", "list(accumulate(['a', 1]))", "tee([], -1)",
    "count('a')", "next(zip_longest())", "product(repeat=-1)"):
    try:
        print(code, eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
