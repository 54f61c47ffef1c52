"""What an iterator gave for the first targets is still there when making the next item takes much memory."""
points = [(n, n * 53 % 997) for n in range(60_000)]
wrong = 0
for i in range(30):
    xs, ys = zip(*points)
    wrong += xs is ys or xs[7] != 7 or ys[7] != 371
    first, *rest = zip(*points)
    wrong += first[7] != 7 or rest[0][7] != 371
    kept = [(1,) * 60_000 for _ in range(i)]
print(wrong)
