"""The target of a backup may belong to another thread; the source may not."""
import sqlite3
import threading


def outcome(function):
    try:
        print(function())
    except sqlite3.Error as e:
        print(type(e).__name__, str(e).split(".")[0])


def in_thread(function):
    t = threading.Thread(target=outcome, args=(function,))
    t.start()
    t.join()


source, target = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
source.executescript("create table t(x); insert into t values(1), (2);")
shared = sqlite3.connect(":memory:", check_same_thread=False)
shared.executescript("create table t(x); insert into t values(3);")
in_thread(lambda: source.backup(target))
in_thread(lambda: shared.backup(target))
outcome(lambda: target.execute("select * from t").fetchall())
in_thread(lambda: target.execute("select * from t").fetchall())
target.close()
in_thread(lambda: shared.backup(target))
