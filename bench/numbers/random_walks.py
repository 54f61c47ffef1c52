"""Random numbers and statistics: Monte Carlo, walks, shuffles, samples, choices, mean, deviation, quantiles, math."""
import math
import random
import statistics


def monte_carlo(r, count):
    inside = 0
    for _ in range(count):
        x, y = r.random(), r.random()
        inside += x * x + y * y < 1.0
    return inside


def walk(r, steps):
    x = y = far = 0
    for _ in range(steps):
        step = r.randrange(4)
        if step == 0:
            x += 1
        elif step == 1:
            x -= 1
        elif step == 2:
            y += 1
        else:
            y -= 1
        far = max(far, abs(x) + abs(y))
    return x, y, far


def main():
    r = random.Random(2024)
    print(monte_carlo(r, 300_000), walk(r, 80_000))
    deck = list(range(52))
    tops = 0
    for _ in range(600):
        r.shuffle(deck)
        tops += deck[0]
    print(tops, sum(sum(r.sample(range(1000), 10)) for _ in range(2000)))
    print(sum(r.choices([1, 2, 3], [5, 3, 2], k=60_000)), sum(r.choice("abc") == "a" for _ in range(40_000)))
    values = [r.gauss(10, 3) for _ in range(25_000)]
    print(f"{statistics.fmean(values):.9f} {statistics.median(values):.9f} {statistics.stdev(values[:4000]):.9f}")
    print([round(q, 6) for q in statistics.quantiles(values, n=4)], f"{math.fsum(values):.9f}")
    print(f"{sum(math.sin(v) * math.sqrt(abs(v)) + math.log1p(abs(v)) - math.atan2(v, 2) for v in values):.6f}")
    print(f"{sum(math.hypot(a, b) for a, b in zip(values, values[1:])):.6f}", math.dist(values[:3], values[3:6]) > 0)


if __name__ == "__main__":
    main()
