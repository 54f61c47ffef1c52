# Branches of `async for`; DISABLE of a callback for both ways; delegating makes no jumps; an exception leads to no branch.
import sys

m = sys.monitoring
E = m.events
m.use_tool_id(3, "test")


def record(run, code, *events, answer=None):
    seen = []
    for event in events:
        m.register_callback(3, event, lambda *where, event=event: (seen.append((event, where)), answer)[1])
    m.set_local_events(3, code, sum(events))
    run()
    m.set_local_events(3, code, 0)
    for event in events:
        m.register_callback(3, event, None)
    m.restart_events()
    return seen


async def items():
    yield 1
    yield 2


async def loop():
    async for item in items():
        pass
    return item


def run():
    try:
        loop().send(None)
    except StopIteration as e:
        print(e.value)


branches = list(loop.__code__.co_branches())
print(len(branches))
left, right = [{(b[0], b[k]) for b in branches} for k in (1, 2)]
seen = record(run, loop.__code__, E.BRANCH_LEFT, E.BRANCH_RIGHT)
print([event == E.BRANCH_LEFT for event, _ in seen])
print(all(where[1:] in (left if event == E.BRANCH_LEFT else right) for event, where in seen))


def plain(n):
    for i in range(n):
        if i % 2:
            x = 1
        else:
            x = 2


for event in E.BRANCH, E.BRANCH_LEFT, E.BRANCH_RIGHT:
    print(len(record(lambda: (plain(5), plain(5)), plain.__code__, event, answer=m.DISABLE)))


def delegates():
    yield from [1, 2, 3]
    yield from items_of()


def items_of():
    yield 4
    yield 5


print(record(lambda: list(delegates()), delegates.__code__, E.JUMP))


class Bad:
    def __bool__(self):
        raise ValueError

    def __next__(self):
        raise KeyError

    def __iter__(self):
        return self


def fails(bad):
    try:
        if bad:
            pass
    except ValueError:
        pass
    try:
        for x in bad:
            pass
    except KeyError:
        pass


print([event == E.BRANCH_LEFT for event, _ in record(lambda: fails(Bad()), fails.__code__, E.BRANCH_LEFT, E.BRANCH_RIGHT)])


def looped():
    for i in range(2):
        pass
    return 3


code = looped.__code__
positions = list(code.co_positions())
print([positions[b[2] // 2][0] - code.co_firstlineno for b in code.co_branches()])
m.free_tool_id(3)
