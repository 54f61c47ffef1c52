"""Failures that cross many frames: deep raises, chains with from, finally at each level, re-raising, groups, tracebacks."""
import traceback


class ParseError(Exception):
    def __init__(self, message, at):
        super().__init__(message)
        self.at = at


class ConfigError(Exception):
    pass


def parse(text, at=0, depth=0):
    """Nested brackets to nested lists."""
    items = []
    while at < len(text):
        c = text[at]
        if c == "[":
            inner, at = parse(text, at + 1, depth + 1)
            items.append(inner)
        elif c == "]":
            if depth == 0:
                raise ParseError("unexpected bracket", at)
            return items, at + 1
        elif c.isdigit():
            items.append(int(c))
            at += 1
        else:
            raise ParseError(f"bad character {c!r}", at)
    if depth:
        raise ParseError("unclosed", at)
    return items, at


def load(text):
    try:
        return parse(text)[0]
    except ParseError as e:
        raise ConfigError(f"cannot load: {e}") from e


def descend(depth, log):
    try:
        if depth == 0:
            raise ValueError(len(log))
        descend(depth - 1, log)
    finally:
        log.append(depth)


def climb(depth):
    try:
        if depth == 0:
            raise KeyError("bottom")
        climb(depth - 1)
    except KeyError as e:
        if depth % 2:
            raise
        raise LookupError(depth) from e
    except LookupError:
        raise


def main():
    good, bad = "[12[3[4]5]6]" * 3, "[1[2[3[4[5[6[7[8x]]]]]]]"
    nested, reasons = 0, {}
    for n in range(3_000):
        try:
            nested += len(load(good if n % 3 else bad if n % 2 else good + "]"))
        except ConfigError as e:
            key = type(e.__cause__).__name__, e.__cause__.at, str(e)
            reasons[key] = reasons.get(key, 0) + 1
    print(nested, sorted(reasons.items()))
    log = []
    for _ in range(1_500):
        try:
            descend(30, log)
        except ValueError:
            pass
    print(len(log), log[:3])
    for _ in range(1_500):
        try:
            climb(12)
        except LookupError as e:
            last, length = e, 0
            while last is not None:
                last, length = last.__context__, length + 1
    print(length)
    sizes = 0
    for n in range(300):
        try:
            load(bad)
        except ConfigError as e:
            sizes += len(traceback.format_exception(e)) > 5
            sizes += len(list(traceback.walk_tb(e.__traceback__)))
    print(sizes)
    caught = 0
    for n in range(2_500):
        try:
            raise ExceptionGroup("many", [ValueError(n), TypeError(n), ExceptionGroup("in", [ValueError(n)])])
        except ExceptionGroup as group:
            matched, rest = group.split(ValueError)
            caught += len(matched.exceptions) + len(rest.exceptions)
    print(caught)


if __name__ == "__main__":
    main()
