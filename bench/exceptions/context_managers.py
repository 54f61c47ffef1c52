"""with statements: contextlib's decorators, ExitStack, suppress, closing, redirect, nested managers, locks, rollback."""
import contextlib
import io
import threading


class Transaction:
    def __init__(self, store):
        self.store = store

    def __enter__(self):
        self.saved = dict(self.store)
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None:
            self.store.clear()
            self.store.update(self.saved)
        return kind is not None and issubclass(kind, ValueError)


@contextlib.contextmanager
def tagged(name, out):
    out.append(f"<{name}>")
    try:
        yield name
    except KeyError as e:
        out.append(f"!{e.args[0]}")
    finally:
        out.append(f"</{name}>")


class Resource:
    live = 0

    def __init__(self):
        Resource.live += 1

    def close(self):
        Resource.live -= 1


def main():
    store, kept = {"a": 0, "b": 0}, 0
    for n in range(60_000):
        with Transaction(store) as t:
            store["a"] = n
            store["b"] = store["a"] * 2
            if n % 5 == 0:
                raise ValueError(n)
            kept += 1
    print(store, kept)
    out = []
    for n in range(25_000):
        with tagged("p", out), tagged("b", out) as name:
            if n % 4 == 0:
                raise KeyError(name)
    print(len(out), "".join(out[:6]))
    closed, most = 0, 0
    for n in range(5_000):
        with contextlib.ExitStack() as stack:
            for _ in range(n % 5):
                stack.enter_context(contextlib.closing(Resource()))
            stack.callback(out.clear)
            most = max(most, Resource.live)
        closed += 1
    print(closed, most, Resource.live, len(out))
    passed = 0
    for n in range(50_000):
        with contextlib.suppress(ZeroDivisionError, KeyError):
            passed += 10 // (n % 3)
    print(passed)
    lock, turns = threading.Lock(), 0
    for _ in range(150_000):
        with lock:
            turns += 1
    captured = io.StringIO()
    with contextlib.redirect_stdout(captured):
        for n in range(20_000):
            print("line", n)
    print(turns, len(captured.getvalue()))


if __name__ == "__main__":
    main()
