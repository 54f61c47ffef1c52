data = {"first": [1, 2], "second": [3, None]}
double = lambda v: v * 2 + 1
totals = {
    key: sum(double(value) for value in values)
    for key, values in data.items()
}
print(totals)
