import symtable, tokenize, io, token, keyword
t = symtable.symtable(
    "x = 1\ndef f(a, *b):\n    global g\n    y = a\n    def h(): return y\n    return [i for i in b]\nclass C:\n    z = x\n",
    "s", "exec")
def show(s, d=0):
    print("  " * d, s.get_type(), s.get_name(), s.is_nested(), s.has_children())
    for y in sorted(s.get_symbols(), key=lambda y: y.get_name()):
        print("  " * d, " ", y.get_name(),
            [n for n in ("referenced", "imported", "parameter", "global", "nonlocal", "local", "free", "assigned", "declared_global") if getattr(y, "is_" + n)()])
    for c in s.get_children(): show(c, d + 1)
show(t)
f = t.lookup("f").get_namespace()
print(f.get_locals(), f.get_parameters(), f.get_globals(), f.get_frees())
src = "# comment\ndef f(x):  # c2\n    return f'{x!r:>{5}} y' + \"s\" if x >= 1.5e3 else 0x1F @ -b'q'\n\n\tclass_ = ...\n" .replace(
    "\tclass_", "class_")
for tk in tokenize.generate_tokens(io.StringIO(src).readline):
    print(token.tok_name[tk.exact_type], repr(tk.string), tk.start, tk.end)
print(tokenize.untokenize(tokenize.generate_tokens(io.StringIO(src).readline)) == src,
    tokenize.detect_encoding(io.BytesIO(b"# -*- coding: latin-1 -*-\n").readline)[0])
for bad in ("x = (1,\n", "'abc\n", "if 1:\n    a\n  b\n", "x = 1$\n", "'''open\n", "0777\n", "1_\n"):
    try:
        list(tokenize.generate_tokens(io.StringIO(bad).readline)); print("ok")
    except (tokenize.TokenError, SyntaxError) as e:
        print(type(e).__name__, e.args[0], e.args[1][:3] if len(e.args) > 1 else "")
print(keyword.iskeyword("match"), keyword.softkwlist, len(keyword.kwlist))
