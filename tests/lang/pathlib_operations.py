from pathlib import Path, PurePosixPath, PureWindowsPath
import tempfile
p = PurePosixPath("/usr/lib/python3.14/os.tar.gz")
print(p.name, p.stem, p.suffix, p.suffixes, p.parent, list(p.parents)[-1], p.parts, p.anchor,
    p.with_suffix(".x"), p.with_name("n"), p.with_stem("s"), p / "a" / "/abs", "x" / PurePosixPath("y"),
    p.relative_to("/usr"), p.is_relative_to("/etc"), p.match("*.gz"), p.full_match("/usr/**/*.gz"),
    p.joinpath("a", "b"), repr(p), p.as_uri(), p < PurePosixPath("/z"), p == PurePosixPath(str(p)))
print(PurePosixPath("a/../b/./c//d"), PurePosixPath(""), PureWindowsPath("C:\\a\\b.txt").parts,
    PureWindowsPath("c:/A") == PureWindowsPath("C:/a"), PurePosixPath("a/b").relative_to("a/c", walk_up=True))
with tempfile.TemporaryDirectory() as d:
    r = Path(d)
    (r / "sub/deep").mkdir(parents=True)
    f = r / "sub/t.txt"
    print(f.write_text("héllo\nx", encoding="utf-8"), f.read_bytes(),
        f.read_text(encoding="utf-8").splitlines(), f.exists(), f.is_file(), f.stat().st_size,
        f.parent.is_dir())
    (r / "b.py").touch()
    (r / "sub/c.py").write_bytes(b"")
    print(sorted(x.relative_to(r).as_posix() for x in r.rglob("*")),
        sorted(x.name for x in r.glob("**/*.py")), sorted(x.name for x in r.iterdir()))
    f.rename(r / "moved")
    (r / "ln").symlink_to("moved")
    print((r / "ln").resolve() == (r / "moved").resolve(), (r / "ln").is_symlink(), (r / "ln").readlink())
    (r / "moved").copy(r / "copy")
    print((r / "copy").read_text(encoding="utf-8")[:2])
    (r / "copy").unlink()
    (r / "copy").unlink(missing_ok=True)
    for root, dirs, files in r.walk(): print(root.relative_to(r), sorted(dirs), sorted(files))
    for fn in (lambda: (r / "zz").read_text(), lambda: (r / "sub").rmdir(), lambda: (r / "sub").mkdir(),
        lambda: PurePosixPath("a").relative_to("/b"), lambda: PurePosixPath("").with_suffix(".x"),
        lambda: p / 5, lambda: p.with_suffix("x"), lambda: p.with_name("a/b")):
        try:
            fn()
        except Exception as e:
            print(type(e).__name__, str(e).replace(d, "DIR"))
    with f.with_name("ctx").open("w") as h: h.write("z")
    print(hash(Path("a")) == hash(Path("a")), Path.cwd().is_absolute(), Path("~").expanduser() != Path("~"),
        Path(d).name in str(r))
