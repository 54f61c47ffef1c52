import shutil, glob, tempfile, os, filecmp, fnmatch, fileinput, linecache

def put(path, mode, data):
    with open(path, mode) as f:
        f.write(data)


print(fnmatch.filter(["a.py", "b.txt", ".h.py"], "*.py"), fnmatch.fnmatch("A1", "[a-z][0-9]"),
    fnmatch.translate("*.p?"), fnmatch.fnmatchcase("x[1]", "x[[]1]"))
with tempfile.TemporaryDirectory() as d:
    j = lambda *p: os.path.join(d, *p)
    os.makedirs(j("src", "in"))
    put(j("src", "a.txt"), "w", "one\ntwo\n")
    put(j("src", "in", "b.txt"), "w", "three\n")
    put(j("src", ".hid"), "w", "")
    shutil.copytree(j("src"), j("dst"), ignore=shutil.ignore_patterns(".h*"))
    print(sorted(glob.glob("**/*.txt", root_dir=d, recursive=True)), sorted(glob.glob("src/*", root_dir=d)),
        sorted(glob.glob("src/.*", root_dir=d)), glob.glob("src/[ab].*", root_dir=d), glob.escape("a[1]*"))
    print(filecmp.cmp(j("src/a.txt"), j("dst/a.txt"), shallow=False),
        filecmp.dircmp(j("src"), j("dst"), ignore=[]).left_only)
    shutil.copy(j("src/a.txt"), j("c.txt"))
    shutil.move(j("c.txt"), j("dst/moved.txt"))
    print(sorted(os.listdir(j("dst"))))
    arc = shutil.make_archive(j("arc"), "zip", j("dst"))
    shutil.unpack_archive(arc, j("un"))
    print(sorted(os.listdir(j("un"))))
    with fileinput.input([j("src/a.txt"), j("src/in/b.txt")]) as f:
        for line in f: print(fileinput.lineno(), fileinput.filelineno(), line.strip())
    print(repr(linecache.getline(j("src/a.txt"), 2)), linecache.getline(j("src/a.txt"), 9) == "")
    shutil.rmtree(j("dst"))
    print(os.path.exists(j("dst")), shutil.disk_usage(d).total > 0)
    try:
        shutil.rmtree(j("nope"))
    except FileNotFoundError as e:
        print(e.errno)
    try:
        shutil.copyfile(j("src/a.txt"), j("src/a.txt"))
    except shutil.SameFileError as e:
        print(type(e).__name__)
with tempfile.NamedTemporaryFile("w+", suffix=".tmp", delete=True) as t:
    t.write("x")
    t.flush()
    print(os.path.exists(t.name), t.name.endswith(".tmp"))
    name = t.name
print(os.path.exists(name))
t = tempfile.SpooledTemporaryFile(max_size=4)
t.write(b"12")
t.seek(0)
print(t.read(), t._rolled)
t.write(b"345678")
print(t._rolled)
t.close()
fd, path = tempfile.mkstemp()
os.close(fd)
os.unlink(path)
print(shutil.which("sh") is not None, shutil.which("no_such_cmd_x"))
