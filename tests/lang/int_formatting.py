n = 1234567
for spec in ("d", "5d", "12d", "<12d", "^12d", "+d", " d", "012d", ",d", "_d", "x", "#x", "X", "#X", "b", "#b", "o", "#o",
             "_x", "_b", "n", "e", ".2e", "f", ".1f", "g", "%", "*>15", "=+12d", "#012x", "020,d"):
    print(f"{spec:8}|{n:{spec}}|{-n:{spec}}|")
print(f"{65:c}", f"{0x1F600:c}",
    "%d %5d %-5d| %05d %+d %x %#x %X %o %#o %i" % (1, 2, 3, 4, 5, 255, 255, 255, 8, 8, 9))
print("%c%c" % (65, "b"), "%s %r %a" % (1, "é", "é"), "%%|%5.2f|%e|%g" % (3.14159, 12345.678, 0.0001))
for spec in ("q", ".2d", ",x", ",_d", "5.5s"):
    try:
        print(format(n, spec))
    except ValueError as e:
        print(e)
