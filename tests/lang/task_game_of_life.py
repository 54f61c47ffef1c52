def step(cells):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    key = x + dx, y + dy
                    counts[key] = counts.get(key, 0) + 1
    return {key for key, n in counts.items() if n == 3 or n == 2 and key in cells}


def show(cells, width=12, height=8):
    return "\n".join("".join(".#"[(x, y) in cells] for x in range(width)) for y in range(height))


glider = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
for generation in range(13):
    if generation % 6 == 0:
        print(show(glider), generation, sep="\n")
    glider = step(glider)

acorn = {(0, 2), (1, 0), (1, 2), (3, 1), (4, 2), (5, 2), (6, 2)}
history = []
for _ in range(60):
    history.append(len(acorn))
    acorn = step(acorn)
print(history)
