name, value, width = "krait", 3.14159, 10
print(f"{name} {name!r} {name!s:>8} {name!a:^9}|", f"{value:.2f} {value:{width}.3f} {value:{width}.{2 + 1}}")
print(f"{name=} {value = :.1f} {1 + 2 = } {name = !s} {name=:>8}")
print(f"{{}} {{{name}}} {name[0]} {name.upper()} {len(name)} {[i for i in range(3)]} { {'a': 1}['a'] } {(lambda x: x * 2)(4)}")
print(f"{'nested ' + f'{name} {f"{value:.1f}"}'} {"same quotes"} {'\n'.join(['a', 'b'])}")
print(f"""multi
{name
  .upper()  # a comment
} line""")
print(f"{name!r:>{width}}|{'x':*^{width}}|{value:>+{width}.2e}|{5:0{4}d}", rf"raw \n {name}", f"{name:}",
    f"{'a' if value > 3 else 'b'}")
import datetime
d = datetime.date(2024, 2, 29)
print(f"{d:%Y/%m/%d} {d!s} {d:%A}", f"{1_000_000:,} {255:#x} {0.5:%}", f"{print.__name__}",
    f"{...} {None} {1==1}")
def show(**kw): return kw
print(f"{show(a=1, b=2)} {name:{'>'}{10}}", f'{name + "x":>8}', f"{(yield_ := 5)} {yield_}",
    f"{1 != 2} {not 0}")
