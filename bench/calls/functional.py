"""functools: partial, lru_cache, reduce, singledispatch, cached_property, cmp_to_key, total_ordering."""
import functools
import operator


@functools.lru_cache(maxsize=None)
def partitions(n, largest):
    if n == 0:
        return 1
    return sum(partitions(n - part, part) for part in range(1, min(n, largest) + 1))


@functools.lru_cache(maxsize=128)
def recent(n):
    return n * n


@functools.singledispatch
def show(value):
    return "object"


@show.register
def _(value: int):
    return f"int {value % 10}"


@show.register
def _(value: str):
    return "str " + value


@show.register
def _(value: list):
    return "list of " + ", ".join(map(show, value))


@functools.total_ordering
class Version:
    def __init__(self, text):
        self.parts = tuple(map(int, text.split(".")))

    def __eq__(self, other):
        return self.parts == other.parts

    def __lt__(self, other):
        return self.parts < other.parts

    @functools.cached_property
    def text(self):
        return ".".join(map(str, self.parts))


def main():
    partitions.cache_clear()
    recent.cache_clear()
    print(partitions(110, 110), partitions.cache_info().currsize)
    print(sum(recent(n * n % 211) for n in range(250_000)), recent.cache_info().hits)
    power = functools.partial(pow, 3)
    print(sum(power(n % 20) for n in range(150_000)))
    print(functools.reduce(operator.xor, range(300_000)))
    print(functools.reduce(lambda a, b: (a * 31 + b) % 65537, range(200_000)))
    print(sum(len(show(v)) for n in range(12_000) for v in (n, "x", 2.5, [n, "y"])))
    versions = [Version(f"{n % 7}.{n % 11}.{n % 13}") for n in range(2000)]
    print([v.text for v in sorted(versions)[::400]], sum(a >= b for a, b in zip(versions, versions[1:])))
    compare = functools.cmp_to_key(lambda a, b: (a % 97) - (b % 97))
    print(sorted(range(20_000), key=compare)[:5])
    print(sum(len(v.text) for _ in range(30) for v in versions))


if __name__ == "__main__":
    main()
