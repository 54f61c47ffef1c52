"""Dense linear algebra on lists of lists: product, transpose, LU decomposition, determinant, inverse, power method."""


def product(a, b):
    columns = list(zip(*b))
    return [[sum([x * y for x, y in zip(row, column)]) for column in columns] for row in a]


def lu(matrix):
    a = [row[:] for row in matrix]
    n, sign = len(a), 1.0
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(a[i][k]))
        if pivot != k:
            a[k], a[pivot] = a[pivot], a[k]
            sign = -sign
        top, head = a[k], a[k][k]
        for i in range(k + 1, n):
            row = a[i]
            factor = row[k] = row[k] / head
            for j in range(k + 1, n):
                row[j] -= factor * top[j]
    return a, sign


def determinant(matrix):
    a, result = lu(matrix)
    for i in range(len(a)):
        result *= a[i][i]
    return result


def inverse(matrix):
    n = len(matrix)
    work = [row[:] + [float(i == j) for j in range(n)] for i, row in enumerate(matrix)]
    for col in range(n):
        pivot = max(range(col, n), key=lambda r: abs(work[r][col]))
        work[col], work[pivot] = work[pivot], work[col]
        head = work[col][col]
        work[col] = [v / head for v in work[col]]
        for r in range(n):
            if r != col and work[r][col]:
                factor = work[r][col]
                work[r] = [v - factor * w for v, w in zip(work[r], work[col])]
    return [row[n:] for row in work]


def main():
    n = 80
    ints = [[(i * 7 + j * 3) % 11 for j in range(n)] for i in range(n)]
    print(sum(map(sum, product(product(ints, ints), ints))))
    floats = [[1.0 / (1 + (i * 5 + j * 7) % 13) + (3.0 if i == j else 0.0) for j in range(n)] for i in range(n)]
    print(f"{determinant(floats):.6e}")
    identity = product(floats, inverse(floats))
    print(round(sum(identity[i][i] for i in range(n)), 6), max(abs(identity[i][j]) for i in range(n) for j in range(n) if i != j) < 1e-9)
    vector = [1.0] * n
    for _ in range(60):
        vector = [sum(a * b for a, b in zip(row, vector)) for row in floats]
        norm = max(map(abs, vector))
        vector = [v / norm for v in vector]
    print(f"{norm:.8f}")
    print([list(row)[:3] for row in zip(*ints)][:3])


if __name__ == "__main__":
    main()
