def search(items, target):
    for i, item in enumerate(items):
        if item == target:
            print("found at", i)
            break
    else:
        print("not found")


search("abc", "b")
search("abc", "z")
search("", "z")
n = 3
while n:
    n -= 1
    if n == 5:
        break
else:
    print("while ended", n)
while True:
    break
else:
    print("never")
for i in range(3):
    for j in range(3):
        if j == 2: break
        if i == 1: continue
        print(i, j, end=" ")
    else:
        continue
    print("|", end=" ")
print()
for x in range(2):
    try:
        pass
    except ValueError:
        print("no")
    else:
        print("else", x)
        continue
    finally:
        print("finally", x)
if n: print("n")
elif n == 0 and not n: print("zero")
else: print("other")
pass
...
"expression statement"
5
for i in range(3): last = i
print(i, last)
for i in []: pass
print(i)
i = 0
while (i := i + 1) < 4: print(i, end=","); i += 0
print("done")
for k, (a, *b) in {"x": (1, 2, 3)}.items(): print(k, a, b)
for d[0] in (d := {}) or "ab": pass
print(d)
assert n == 0, "never shown"
del n
print("n" in globals())
