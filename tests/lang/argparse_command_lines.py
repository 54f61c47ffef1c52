import argparse, io, contextlib
p = argparse.ArgumentParser(prog="tool", description="Does things.", epilog="The end.")
p.add_argument("src", help="source file")
p.add_argument("dst", nargs="?", default="out")
p.add_argument("-v", "--verbose", action="count", default=0, help="more output")
p.add_argument("-n", "--num", type=int, choices=[1, 2, 3], metavar="N")
p.add_argument("--flag", action=argparse.BooleanOptionalAction)
p.add_argument("--items", nargs="+", default=[])
p.add_argument("--version", action="version", version="%(prog)s 1.0")
g = p.add_mutually_exclusive_group()
g.add_argument("--yes", action="store_true")
g.add_argument("--no", action="store_const", const="NO")
print(p.parse_args(["in"]))
print(p.parse_args(["in", "o", "-vv", "-n2", "--items", "a", "b", "--no-flag", "--yes"]))
print(p.parse_known_args(["x", "--what", "5"]))
print(p.parse_args(["--verb", "--num=3", "--", "-dash"]))
print(p.format_help())
print(p.format_usage())
sub = argparse.ArgumentParser(prog="git", exit_on_error=True)
sp = sub.add_subparsers(dest="cmd", required=True)
a = sp.add_parser("add", help="add files")
a.add_argument("files", nargs="*")
a.set_defaults(func=lambda ns: f"adding {ns.files}")
c = sp.add_parser("commit", aliases=["ci"])
c.add_argument("-m", required=True)
ns = sub.parse_args(["add", "a", "b"])
print(ns.func(ns), sub.parse_args(["ci", "-m", "msg"]).m)
print(sub.format_help())
for parser, args in ((p, []), (p, ["a", "-n", "9"]), (p, ["a", "-n", "x"]), (p, ["a", "--yes", "--no"]),
    (p, ["a", "--bogus"]), (p, ["a", "--items"]), (sub, ["nope"]), (sub, ["commit"]), (sub, []),
    (p, ["--version"]), (sub, ["add", "-h"])):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            parser.parse_args(args)
        except SystemExit as e:
            code = e.code
    print(args, code, out.getvalue(), err.getvalue().splitlines()[-1:])
class Act(argparse.Action):
    def __call__(self, parser, ns, values, opt=None): setattr(ns, self.dest, (opt, values))
q = argparse.ArgumentParser(fromfile_prefix_chars="@", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    add_help=False)
q.add_argument("--act", action=Act)
q.add_argument("--app", action="append", type=float, default=[0.5], help="list")
q.add_argument("--kv", type=lambda s: tuple(s.split("=")), action="extend", nargs="*")
print(q.parse_args("--act 5 --app 1 --app 2 --kv a=1 b=2".split()))
print(q.format_help())
