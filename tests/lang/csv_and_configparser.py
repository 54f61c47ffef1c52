import csv, io, configparser
rows = [["a", "b,c", 'say "hi"'], [1, 2.5, None], ["multi\nline", "", " sp "]]
for kw in ({}, {"delimiter": ";", "quoting": csv.QUOTE_ALL}, {"quoting": csv.QUOTE_NONNUMERIC},
    {"dialect": "excel-tab"}, {"quotechar": "'", "lineterminator": "\n"},
    {"quoting": csv.QUOTE_NONE, "escapechar": "\\"}, {"dialect": "unix"}):
    out = io.StringIO()
    csv.writer(out, **kw).writerows(rows)
    print(repr(out.getvalue()))
    print(list(csv.reader(io.StringIO(out.getvalue(), newline=""), **kw))) if kw.get("quoting") != csv.QUOTE_NONNUMERIC else None
print(list(csv.reader(["a b  c", "'x y' z"], delimiter=" ", quotechar="'", skipinitialspace=True)),
    list(csv.DictReader(io.StringIO("n,v\nx,1\ny,2,3\nz\n"))), csv.list_dialects())
o = io.StringIO()
w = csv.DictWriter(o, ["n", "v"], extrasaction="ignore", restval="-")
w.writeheader()
w.writerow({"n": 1, "q": 5})
print(repr(o.getvalue()))
s = csv.Sniffer()
print(s.sniff("a;b;c\n1;2;3\n").delimiter, s.has_header("name,age\nbob,5\nann,6\n"))
r = csv.reader(["1,2", "3"])
next(r)
print(r.line_num, r.dialect.delimiter)
for code in ("list(csv.reader(['\"abc'], strict=True))",
    "csv.writer(io.StringIO(), quoting=csv.QUOTE_NONE).writerow(['a,b'])",
    "csv.writer(io.StringIO()).writerow(5)", "csv.DictWriter(io.StringIO(), ['a']).writerow({'z': 1})",
    "csv.reader([], delimiter='ab')", "csv.get_dialect('zz')", "list(csv.reader([b'x']))", "csv.writer(5)"):
    try:
        print(eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
c = configparser.ConfigParser()
c.read_string("[DEFAULT]\nbase = /srv\n[web]\nport = 80\npath = %(base)s/www\nflag: yes\nmulti = a\n  b\n# c\n[db]\nempty =\n")
print(c.sections(), c["web"]["path"], c.getint("web", "port"), c.getboolean("web", "flag"),
    repr(c["web"]["multi"]), c.get("web", "zz", fallback="fb"), dict(c["db"]), "port" in c["web"],
    c.has_option("db", "base"))
c["new"] = {"k": "v"}
c.set("web", "port", "81")
c.remove_option("web", "flag")
o = io.StringIO()
c.write(o)
print(o.getvalue())
for text in ("no section\n", "[a]\n[a]\n", "[a]\nx=1\nx=2\n", "[a]\nnovalue\n", "[a]\nx=%(nope)s\n"):
    try:
        p = configparser.ConfigParser()
        p.read_string(text)
        print(p["a"]["x"])
    except configparser.Error as e:
        print(type(e).__name__, str(e).replace("\n", " "))
