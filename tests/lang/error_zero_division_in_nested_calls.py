def average(values):
    total = sum(values)
    return total / len(values)


def report(rows):
    for name, values in rows.items():
        print(name, average(values))


report({
    "a": [1, 2, 3],
    "b": [],
})
