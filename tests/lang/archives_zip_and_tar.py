import zipfile, tarfile, io, os, tempfile
with tempfile.TemporaryDirectory() as d:
    z = os.path.join(d, "a.zip")
    with zipfile.ZipFile(z, "w") as f:
        f.writestr("one.txt", "1" * 100)
        f.writestr(zipfile.ZipInfo("dir/two.txt", (2024, 1, 2, 3, 4, 6)), b"two", zipfile.ZIP_DEFLATED)
        f.mkdir("empty")
        f.comment = b"hello"
    with zipfile.ZipFile(z, "a", compression=zipfile.ZIP_DEFLATED) as f: f.writestr("three", "x" * 500)
    with zipfile.ZipFile(z) as f:
        for i in f.infolist():
            print(i.filename, i.file_size, i.compress_size, i.compress_type, hex(i.CRC), i.is_dir())
        print(f.namelist(), f.read("dir/two.txt"), f.testzip(), f.comment, f.getinfo("dir/two.txt").date_time)
        f.extractall(d)
        print(open(os.path.join(d, "one.txt")).read()[:5])
        with f.open("three") as h: print(h.read(5), len(h.read()), h.seekable())
        try:
            f.read("zzz")
        except KeyError as e:
            print(e)
        p = zipfile.Path(f, "dir/")
        print([x.name for x in p.iterdir()], (p / "two.txt").read_text(), (p / "nope").exists())
    try:
        zipfile.ZipFile(io.BytesIO(b"not a zip"))
    except zipfile.BadZipFile as e:
        print(e)
    print(zipfile.is_zipfile(z))
    for mode in ("w", "w:gz"):
        b = io.BytesIO()
        with tarfile.open(fileobj=b, mode=mode) as t:
            i = tarfile.TarInfo("f.txt")
            i.size = 5
            i.mtime = 1000
            t.addfile(i, io.BytesIO(b"hello"))
            l = tarfile.TarInfo("ln")
            l.type = tarfile.SYMTYPE
            l.linkname = "f.txt"
            t.addfile(l)
            t.add(os.path.join(d, "one.txt"), arcname="long/" + "n" * 120)
        b.seek(0)
        with tarfile.open(fileobj=b) as t:
            print(t.getnames()[:2], [m.size for m in t], t.extractfile("f.txt").read(),
                t.getmember("ln").issym(), t.getmember("f.txt").mtime, len(t.getnames()[2]))
            t.extractall(os.path.join(d, "out" + mode[2:]), filter="data")
            print(sorted(os.listdir(os.path.join(d, "out" + mode[2:]))))
    e = tarfile.TarInfo("../evil"); b = io.BytesIO()
    with tarfile.open(fileobj=b, mode="w") as t: t.addfile(e)
    b.seek(0)
    try:
        tarfile.open(fileobj=b).extractall(d, filter="data")
    except tarfile.OutsideDestinationError as x:
        print(type(x).__name__)
    try:
        tarfile.open(fileobj=io.BytesIO(b"zz" * 600))
    except tarfile.ReadError as x:
        print(type(x).__name__)
