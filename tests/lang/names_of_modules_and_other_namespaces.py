# One code object run as a module and with namespaces of its own: what is cached for the one must not show in the other.
code = compile("""
for i in range(3):
    total = total + len(word)
print(total, word)
""", "<names>", "exec")
shared = {"total": 0, "word": "abc"}
exec(code, shared)
exec(code, shared)
exec(code, {"total": 10, "word": "global"}, {"word": "local", "total": 1})
exec(code, {"total": 10, "word": "global", "len": lambda s: 100})
shared["len"] = lambda s: 1000
exec(code, shared)
del shared["len"]
exec(code, shared)
try:
    exec(code, {"total": 0})
except NameError as e:
    print(e)

count = 0


def bump():
    global count
    count += 1
    return count


for _ in range(5):
    bump()
print(count)
del count
try:
    bump()
except NameError as e:
    print(e)
count = "new"
try:
    bump()
except TypeError as e:
    print(e)


def pairs(source):
    return [a for a, b in source] + [b for a, b in source]


for source in ([(1, 2), (3, 4)], {"k": "v"}.items(), enumerate("ab", 5), zip("ab", "cd")):
    print(pairs(source))
try:
    for a, b in zip([1], [2, 3], strict=True):
        print(a, b)
except ValueError as e:
    print(e)
d = {1: 2, 3: 4}
try:
    for k, v in d.items():
        d[k + 10] = v
except RuntimeError as e:
    print(e)
