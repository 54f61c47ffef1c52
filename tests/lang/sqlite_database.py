"""sqlite3: tables, types, transactions, functions in SQL, rows, blobs, copies, and what errors say."""
import gc
import os
import sqlite3
import tempfile
import threading
import warnings


def attempt(what, action):
    try:
        print(what, "->", action())
    except Exception as e:
        name = getattr(e, "sqlite_errorname", None)
        print(what, "->", type(e).__module__, type(e).__qualname__, e, *([name] if name else []))


con = sqlite3.connect(":memory:")
con.executescript("""
    create table person(id integer primary key, name text not null unique, height real, photo blob);
    create table note(person references person, body text);
""")
con.executemany("insert into person(name, height, photo) values (?, ?, ?)",
                [("Ada", 1.65, b"\x00\x01"), ("Bruno", None, b""), ("Chloé \N{SNOWMAN}", 2.0, bytearray(b"abc"))])
print(con.in_transaction, con.total_changes)
con.commit()
print(con.in_transaction)
for row in con.execute("select * from person order by id"):
    print(row)
cur = con.execute("select name as n, height from person where id >= :least", {"least": 2})
print([d[0] for d in cur.description], cur.fetchone(), cur.fetchmany(5), cur.fetchone(), cur.rowcount)

attempt("unique", lambda: con.execute("insert into person(name) values ('Ada')"))
attempt("not null", lambda: con.execute("insert into person(name) values (null)"))
attempt("syntax", lambda: con.execute("selec 1"))
attempt("no table", lambda: con.execute("select * from missing"))
attempt("too few", lambda: con.execute("select ?, ?", (1,)))
attempt("named by sequence", lambda: con.execute("select :a", (1,)))
attempt("missing name", lambda: con.execute("select :a", {}))
attempt("unsupported", lambda: con.execute("select ?", (object(),)))
attempt("too large", lambda: con.execute("select ?", (2**63,)))
attempt("two statements", lambda: con.execute("select 1; select 2"))
attempt("null character", lambda: con.execute("select 1\0"))
attempt("sql", lambda: con.execute(1))
attempt("many reads", lambda: con.executemany("select ?", [(1,)]))

# Transactions.
with con:
    con.execute("insert into note values (1, 'kept')")
try:
    with con:
        con.execute("insert into note values (1, 'lost')")
        raise KeyError("on purpose")
except KeyError as e:
    print("raised", e)
print(con.execute("select body from note").fetchall(), repr(con.isolation_level), con.autocommit)
con.isolation_level = "immediate"
print(con.isolation_level)
attempt("level", lambda: setattr(con, "isolation_level", "BOGUS"))
explicit = sqlite3.connect(":memory:", autocommit=False)
print(explicit.autocommit, explicit.in_transaction)
explicit.execute("create table t(x)")
explicit.rollback()
print(explicit.in_transaction, explicit.execute("select count(*) from sqlite_master").fetchone())
explicit.close()

# Functions, aggregates, windows, collations.
con.create_function("twice", 1, lambda v: v * 2, deterministic=True)
print(con.execute("select twice(21), twice('ab'), twice(1.5), twice(x'00')").fetchone())


class Longest:
    def __init__(self):
        self.best = ""

    def step(self, text):
        self.best = max(self.best, text, key=len)

    def finalize(self):
        return self.best


class Sum:
    def __init__(self):
        self.sum = 0

    def step(self, v):
        self.sum += v

    def inverse(self, v):
        self.sum -= v

    def value(self):
        return self.sum

    finalize = value


con.create_aggregate("longest", 1, Longest)
print(con.execute("select longest(name) from person").fetchone())
con.create_window_function("total", 1, Sum)
print(con.execute("select total(id) over (order by id rows between 1 preceding and 1 following) from person").fetchall())
con.create_collation("backwards", lambda a, b: (a < b) - (a > b))
print(con.execute("select name from person order by name collate backwards").fetchall())
con.create_function("fails", 0, lambda: 1 / 0)
attempt("function", lambda: con.execute("select fails()"))
con.create_function("odd", 0, lambda: {1})
attempt("result", lambda: con.execute("select odd()"))
attempt("no step", lambda: (con.create_aggregate("empty", 1, type("E", (), {})), con.execute("select empty(1)").fetchall()))

# Hooks.
seen = []
con.set_trace_callback(seen.append)
con.execute("select ?", ("traced",))
con.set_trace_callback(None)
print(seen)
con.set_authorizer(lambda action, *rest: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_DELETE else sqlite3.SQLITE_OK)
attempt("denied", lambda: con.execute("delete from note"))
con.set_authorizer(None)
con.set_progress_handler(lambda: 1, 1)
attempt("interrupted", lambda: con.execute("select count(*) from person, person, person").fetchone())
con.set_progress_handler(None, 1)

# Rows, factories, adapters, converters.
con.row_factory = sqlite3.Row
row = con.execute("select 1 as one, 'zwei' as Two").fetchone()
print(row["one"], row["tWO"], row[-1], row[:], tuple(row), row.keys(), len(row), row == con.execute("select 1 as one, 'zwei' as Two").fetchone())
attempt("key", lambda: row["three"])
attempt("index", lambda: row[2])
con.row_factory = lambda cursor, values: dict(zip([d[0] for d in cursor.description], values))
print(con.execute("select 1 as a, 2 as b").fetchone())
con.row_factory = None
con.text_factory = bytes
print(con.execute("select 'é'").fetchone())
con.text_factory = str
attempt("bad text", lambda: con.execute("select cast(x'ff41' as text) as broken").fetchone())


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __conform__(self, protocol):
        if protocol is sqlite3.PrepareProtocol:
            return f"{self.x};{self.y}"


sqlite3.register_converter("point", lambda data: tuple(map(int, data.split(b";"))))
sqlite3.register_adapter(complex, lambda c: f"{c.real}+{c.imag}j")
typed = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES)
typed.execute("create table p(at point, z)")
typed.execute("insert into p values (?, ?)", (Point(3, 4), 1 + 2j))
print(typed.execute("select at, z from p").fetchall(), typed.execute("select at as 'a [x]', '5;6' as 'b [point]' from p").description[1][0])
typed.close()

# Blobs.
with con.blobopen("person", "photo", 3) as blob:
    print(len(blob), blob.read(2), blob.tell(), blob[-1], blob[0:3:2])
    blob.seek(0)
    blob.write(b"xyz")
    blob[1] = 33
    attempt("too long", lambda: blob.write(b"more"))
    attempt("outside", lambda: blob[3])
print(con.execute("select photo from person where id = 3").fetchone())
attempt("closed blob", blob.read)

# Whole databases.
con.commit()
copy = sqlite3.connect(":memory:")
steps = []
con.backup(copy, progress=lambda status, left, total: steps.append((status, left)))
print(steps, copy.execute("select count(*) from person").fetchone())
data = con.serialize()
restored = sqlite3.connect(":memory:")
restored.deserialize(data)
print(restored.execute("select name from person").fetchall())
print(*list(copy.iterdump()), sep="\n")
copy.close(), restored.close()

# Threads and limits.
def in_thread():
    try:
        con.execute("select 1")
    except sqlite3.ProgrammingError as e:
        print(str(e).split(". ")[0])


worker = threading.Thread(target=in_thread)
worker.start(), worker.join()
print(con.getlimit(sqlite3.SQLITE_LIMIT_ATTACHED), con.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 3), con.getlimit(sqlite3.SQLITE_LIMIT_ATTACHED))
print(con.getconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY), con.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY), con.getconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY))
con.close()
attempt("closed", lambda: con.execute("select 1"))
attempt("closed cursor", lambda: cur.fetchone())
attempt("no file", lambda: sqlite3.connect("/nonexistent/place/file.db"))
attempt("uninitialised", lambda: sqlite3.Connection.__new__(sqlite3.Connection).cursor())

# A file, shared by threads; each change is kept.
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "shared.db")
    shared = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    shared.execute("create table hits(who, n)")

    lock = threading.Lock() # CPython does not guard its cache of statements

    def work(who):
        for n in range(20):
            with lock:
                shared.execute("insert into hits values (?, ?)", (who, n))
                shared.execute("select count(*) from hits where who = ?", (who,)).fetchone()

    threads = [threading.Thread(target=work, args=(w,)) for w in range(4)]
    for th in threads:
        th.start()
    for th in threads:
        th.join()
    print(shared.execute("select who, count(*), sum(n) from hits group by who order by who").fetchall())
    # A reader that was dropped does not keep the table.
    shared.execute("select * from hits").fetchone()
    shared.execute("drop table hits")
    shared.close()

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    sqlite3.connect(":memory:").execute("select 1").fetchone()
    gc.collect()
print([(w.category.__name__, str(w.message).split(" <")[0]) for w in caught])
