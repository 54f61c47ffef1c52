import os, tempfile, stat, os.path as P

def put(path, mode, data):
    with open(path, mode) as f:
        f.write(data)


print(P.join("a", "b", "/c", "d"), P.split("/x/y.tar.gz"), P.splitext("a/b.tar.gz"), P.basename("/q/"),
    P.dirname("/q/w"), P.normpath("a/./b/../c//d"), P.isabs("/a"), P.commonpath(["/a/b/c", "/a/b/d"]),
    P.commonprefix(["abc", "abd"]), P.relpath("/a/b", "/a/c"), P.expanduser("~nobody_xyz"), os.fspath("x"),
    os.sep, os.fsencode("é"), P.splitroot("//x/y"))
with tempfile.TemporaryDirectory() as d:
    os.chdir(d)
    os.makedirs("a/b/c")
    put("a/f1.txt", "w", "hello")
    put("a/b/f2", "w", "")
    os.symlink("a/f1.txt", "link")
    os.mkdir("e")
    for root, dirs, files in os.walk("."): dirs.sort(); print(root, dirs, sorted(files))
    st = os.stat("a/f1.txt")
    print(st.st_size, stat.S_ISREG(st.st_mode), stat.filemode(0o100644), P.isfile("link"), P.islink("link"),
        os.readlink("link"), P.realpath("link") == P.realpath("a/f1.txt"), P.samefile("link", "a/f1.txt"),
        P.getsize("link"), P.exists("zz"), os.access("a", os.R_OK), P.lexists("link"))
    os.chmod("a/f1.txt", 0o600)
    print(oct(os.stat("a/f1.txt").st_mode & 0o777))
    os.rename("a/f1.txt", "a/g")
    os.utime("a/g", (1000, 2000))
    print(os.stat("a/g").st_mtime, P.exists("link"), sorted(os.listdir("a")),
        sorted((e.name, e.is_dir(), e.is_symlink()) for e in os.scandir(".")))
    fd = os.open("raw", os.O_RDWR | os.O_CREAT, 0o644)
    print(os.write(fd, b"12345"), os.lseek(fd, 1, os.SEEK_SET), os.read(fd, 2), os.fstat(fd).st_size)
    os.ftruncate(fd, 2)
    os.close(fd)
    print(P.getsize("raw"))
    r, w = os.pipe()
    os.write(w, b"pipe")
    os.close(w)
    print(os.read(r, 10), os.read(r, 10))
    os.close(r)
    for f in (lambda: os.remove("zz"), lambda: os.rmdir("a"), lambda: os.mkdir("a"),
        lambda: os.listdir("raw"), lambda: os.stat("a\0b"), lambda: os.rename("q", "r"),
        lambda: os.open("zz", os.O_RDONLY), lambda: os.close(9999), lambda: os.makedirs("a/b"),
        lambda: os.readlink("raw"), lambda: os.chdir("raw"), lambda: os.fspath(5)):
        try:
            f()
        except Exception as e:
            print(type(e).__name__, e)
    os.removedirs("a/b/c") if not os.path.exists("a/b/f2") else os.unlink("a/b/f2")
    os.makedirs("a/b", exist_ok=True)
    os.environ["MY_VAR"] = "v"
    print(os.getenv("MY_VAR"), os.environ.get("NOPE_X"), P.expandvars("$MY_VAR/${MY_VAR}x$NOPE_X"),
        "MY_VAR" in os.environ)
    del os.environ["MY_VAR"]
    print(os.getenv("MY_VAR", "gone"))
    pid = os.fork()
    if pid == 0: os._exit(5)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), os.system("exit 3") >> 8,
        os.popen("echo hi").read(), os.getcwd() == P.realpath(d), os.cpu_count() > 0, len(os.urandom(8)),
        os.strerror(2), os.name, os.get_terminal_size.__name__)
    os.chdir("/")
