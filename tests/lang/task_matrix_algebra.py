from fractions import Fraction


class Matrix:
    def __init__(self, rows): self.rows = [list(r) for r in rows]
    @classmethod
    def identity(cls, n): return cls([[int(i == j) for j in range(n)] for i in range(n)])
    def __matmul__(self, o):
        return Matrix([[sum(a * b for a, b in zip(r, c)) for c in zip(*o.rows)] for r in self.rows])
    def __eq__(self, o): return self.rows == o.rows
    def __str__(self): return "\n".join(" ".join(f"{x!s:>6}" for x in r) for r in self.rows)
    @property
    def T(self): return Matrix(zip(*self.rows))

    def __pow__(self, n):
        result, base = Matrix.identity(len(self.rows)), self
        while n:
            if n & 1:
                result @= base
            base, n = base @ base, n >> 1
        return result

    def inverse(self):
        n = len(self.rows)
        work = [[Fraction(x) for x in r] + [Fraction(int(i == j)) for j in range(n)] for i,
            r in enumerate(self.rows)]
        for col in range(n):
            pivot = next((r for r in range(col, n) if work[r][col]), None)
            if pivot is None:
                raise ValueError("singular matrix")
            work[col], work[pivot] = work[pivot], work[col]
            lead = work[col][col]
            work[col] = [x / lead for x in work[col]]
            for r in range(n):
                if r != col and (factor := work[r][col]):
                    work[r] = [x - factor * y for x, y in zip(work[r], work[col])]
        return Matrix([r[n:] for r in work])


m = Matrix([[2, 1, 0], [1, 3, 2], [0, 1, 4]])
print(m @ m, m.T, m.inverse(), m @ m.inverse() == Matrix.identity(3), sep="\n\n")
print((Matrix([[1, 1], [1, 0]]) ** 200).rows[0][1])
try:
    Matrix([[1, 2], [2, 4]]).inverse()
except ValueError as e:
    print(e)
size = 40
a = Matrix([[(i * j + 1) % 7 / 2 for j in range(size)] for i in range(size)])
print(sum(map(sum, (a @ a.T).rows)))
