"""Functions that the seed of the compiler translates: their answers must be the interpreter's.

Each row of CASES is a function and the arguments of one call; the call does a fixed amount of work.
"""


# ---- arithmetic ----

def sum_of_squares(n):
    total = 0
    for i in range(n):
        total += i * i
    return total


def collatz_steps(limit):
    longest = 0
    for start in range(1, limit):
        n, steps = start, 0
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
        if steps > longest:
            longest = steps
    return longest


def gcd_sum(n):
    total = 0
    for a in range(1, n):
        for b in range(1, 60):
            x, y = a, b
            while y:
                x, y = y, x % y
            total += x
    return total


def mandelbrot(size):
    inside = 0
    for row in range(size):
        ci = 2.0 * row / size - 1.0
        for col in range(size):
            cr = 3.0 * col / size - 2.0
            zr = zi = 0.0
            for _ in range(40):
                zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
                if zr * zr + zi * zi > 4.0:
                    break
            else:
                inside += 1
    return inside


def leibniz(n):
    total, sign = 0.0, 1.0
    for k in range(n):
        total += sign / (2 * k + 1)
        sign = -sign
    return total * 4


def bit_mix(n):
    h = 1469598103934665603
    for i in range(n):
        h = ((h ^ (i & 255)) * 1099511628211) & 0xFFFFFFFFFFFF
        h ^= h >> 7
    return h


def big_numbers(n):
    a, b = 1, 1
    for _ in range(n):
        a, b = b, a + b
    return a % 1_000_000_007, -b // 3, b << 3 & 0xFFFF


def mixed_numbers(n):
    total = 0
    for i in range(n):
        total = total + i / 3 if i % 3 == 0 else total - (i | 1)
        total += ~i ^ (i << 2)
    return total, 7 ** 2, +n, 2.5 // 1


# ---- loops ----

def sieve(limit):
    flags = [True] * limit
    for n in range(2, int(limit ** 0.5) + 1):
        if flags[n]:
            for multiple in range(n * n, limit, n):
                flags[multiple] = False
    return sum(flags) - 2


def bubble_sort(n):
    items = [(i * 7919) % 1009 for i in range(n)]
    swapped = True
    while swapped:
        swapped = False
        for i in range(len(items) - 1):
            if items[i] > items[i + 1]:
                items[i], items[i + 1] = items[i + 1], items[i]
                swapped = True
    return items[:5], items[-5:]


def matrix_product(n):
    a = [[(i * j) % 7 for j in range(n)] for i in range(n)]
    result = []
    for row in a:
        line = []
        for j in range(n):
            cell = 0
            for k in range(n):
                cell += row[k] * a[k][j]
            line.append(cell)
        result.append(line)
    return sum([sum(line) for line in result])


def nested_breaks(n):
    found = 0
    for i in range(n):
        for j in range(i):
            if (i * j) % 97 == 1:
                found += 1
                break
            if j > 40:
                continue
            found ^= j
        else:
            found -= 1
    return found


def levenshtein(a, b):
    row = list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        diagonal, row[0] = row[0], i
        for j in range(1, len(b) + 1):
            best = diagonal if a[i - 1] == b[j - 1] else diagonal + 1
            diagonal = row[j]
            if row[j] + 1 < best:
                best = row[j] + 1
            if row[j - 1] + 1 < best:
                best = row[j - 1] + 1
            row[j] = best
    return row[-1]


def count_words(text):
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items())


def tuples_and_swaps(n):
    x, y, z = 1, 2, 3
    for i in range(n):
        x, y, z = z, x, y + i
        pair = (x, y)
        a, b = pair
        z = a + b & 1023
    return x, y, z


def set_logic(n):
    seen, twice = set(), 0
    for i in range(n):
        key = i * i % 211
        if key in seen:
            twice += 1
        else:
            seen.add(key)
    return twice, len(seen), 5 not in seen


# ---- calls ----

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def add(a, b=10, *, scale=1):
    return (a + b) * scale


def keyword_calls(n):
    total = 0
    for i in range(n):
        total += add(i) + add(i, 2) + add(i, scale=3) + add(b=1, a=i)
    return total


def make_adder(n):
    def adder(x):
        return x + n
    return adder


def closure_calls(n):
    plus, total = make_adder(5), 0
    for i in range(n):
        total = plus(total) - i
    return total


def counter_closure(n):
    count = 0

    def step(by):
        nonlocal count
        count += by
        return count

    for i in range(n):
        step(i & 3)
    return count


def native_calls(n):
    total = 0
    for i in range(n):
        total += len("abc") + abs(-i) + max(i, 5) + ord("a") + isinstance(i, int)
    return total


def star_calls(n):
    def collect(*args, **named):
        return len(args) + len(named)
    total, pair = 0, (1, 2)
    for i in range(n):
        total += collect(*pair, i, key=i) + add(*pair)
    return total


# ---- attributes ----

class Point:
    unit = 3

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def move(self, dx, dy):
        self.x += dx
        self.y += dy
        return self

    def norm(self):
        return self.x * self.x + self.y * self.y

    @property
    def total(self):
        return self.x + self.y


class Slotted:
    __slots__ = ("value", "next")

    def __init__(self, value, next):
        self.value = value
        self.next = next


def attribute_loop(n):
    p = Point(0, 0)
    for i in range(n):
        p.x = p.x + i
        p.y = p.y - p.unit
    return p.x, p.y


def method_calls(n):
    p = Point(1, 2)
    for i in range(n):
        p.move(i & 7, 1).move(-3, 0)
    return p.norm(), p.total


def many_objects(n):
    points = [Point(i, i + 1) for i in range(n)]
    total = 0
    for p in points:
        total += p.norm() + p.total
    return total


def linked_list(n):
    head = None
    for i in range(n):
        head = Slotted(i, head)
    total, node = 0, head
    while node is not None:
        total += node.value
        node = node.next
    return total


def missing_attribute(n):
    p, failed = Point(1, 1), 0
    for _ in range(n):
        try:
            p.z
        except AttributeError as e:
            failed += len(str(e))
    return failed


# ---- exceptions ----

def risky(i):
    if i % 3 == 0:
        raise ValueError(i)
    return i


def catch_near(n):
    caught = fine = cleaned = 0
    for i in range(n):
        try:
            fine += risky(i)
        except ValueError as e:
            caught += e.args[0]
        else:
            fine += 1
        finally:
            cleaned += 1
    return caught, fine, cleaned


def catch_failed_operations(n):
    bad, table, items = 0, {1: 2}, [1, 2, 3]
    for i in range(n):
        try:
            if i % 4 == 0:
                bad += 1 // (i % 4)
            elif i % 4 == 1:
                bad += table[i + 1]
            elif i % 4 == 2:
                bad += items[i + 9]
            else:
                bad += "text" + i
        except ZeroDivisionError:
            bad += 1
        except (KeyError, IndexError):
            bad += 10
        except TypeError:
            bad += 100
    return bad


def nested_finally(n):
    log = []
    for i in range(n):
        try:
            try:
                if i % 2:
                    raise KeyError(i)
                log.append(i)
            finally:
                log.append(-1)
        except KeyError:
            log.append(-2)
            continue
        if len(log) > 500:
            log.clear()
    return log[-4:]


def with_statement(n):
    entered = []

    class Guard:
        def __enter__(self):
            entered.append(1)
            return self

        def __exit__(self, kind, value, trace):
            return kind is KeyError

    for i in range(n):
        with Guard():
            if i % 2:
                raise KeyError
    return len(entered)


def unbound_local(flag):
    try:
        if flag:
            late = 1
        return late
    except UnboundLocalError as e:
        return str(e)


# ---- generators ----

def count_up(n):
    i = 0
    while i < n:
        yield i
        i += 1


def squares(source):
    for x in source:
        yield x * x


def pipeline(n):
    return sum(squares(count_up(n)))


def walk(depth):
    if depth:
        yield from walk(depth - 1)
        yield depth
        yield from walk(depth - 1)


def delegation(depth):
    total = 0
    for x in walk(depth):
        total += x
    return total


def averager():
    total = count = 0
    average = None
    while True:
        try:
            total += yield average
            count += 1
            average = total / count
        except ValueError:
            total = count = 0


def send_and_throw(n):
    g = averager()
    next(g)
    for i in range(n):
        result = g.send(i) if i % 50 else g.throw(ValueError)
    g.close()
    return result


def generator_expressions(n):
    return sum(x * y for x in range(n) for y in range(20) if (x + y) % 3), any(x > 50 for x in count_up(n))


# ---- strings ----

def string_building(n):
    parts = []
    for i in range(n):
        parts.append(f"{i}:{i * 2!r:>6}")
    text = ",".join(parts)
    return len(text), text[-20:], text.count("1")


def characters(text):
    out = ""
    for c in text:
        if "a" <= c <= "z" and c != "q":
            out += chr((ord(c) - 97 + 3) % 26 + 97)
        elif c == " ":
            out += "_"
    return out


CASES = [
    (sum_of_squares, (200_000,)), (collatz_steps, (6000,)), (gcd_sum, (1000,)), (mandelbrot, (90,)), (leibniz, (200_000,)),
    (bit_mix, (100_000,)), (big_numbers, (3000,)), (mixed_numbers, (80_000,)), (sieve, (200_000,)), (bubble_sort, (220,)),
    (matrix_product, (45,)), (nested_breaks, (900,)), (levenshtein, ("kitten sitting" * 14, "sitting kitten" * 14)),
    (count_words, ("the rain in spain falls mainly on the plain " * 3000,)), (tuples_and_swaps, (150_000,)), (set_logic, (120_000,)),
    (fib, (23,)), (ackermann, (2, 120)), (keyword_calls, (25_000,)), (closure_calls, (150_000,)), (counter_closure, (120_000,)),
    (native_calls, (40_000,)), (star_calls, (25_000,)), (attribute_loop, (150_000,)), (method_calls, (60_000,)),
    (many_objects, (40_000,)), (linked_list, (60_000,)), (missing_attribute, (15_000,)), (catch_near, (60_000,)),
    (catch_failed_operations, (50_000,)), (nested_finally, (60_000,)), (with_statement, (30_000,)), (unbound_local, (False,)),
    (pipeline, (80_000,)), (delegation, (14,)), (send_and_throw, (60_000,)), (generator_expressions, (4000,)),
    (string_building, (25_000,)), (characters, ("the quick brown fox " * 3000,)),
]
