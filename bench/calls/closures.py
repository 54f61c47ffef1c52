"""Closures and decorators: counters with nonlocal, currying, composed functions, a memoising decorator, callbacks."""
import functools


def counter(step):
    count = 0

    def increase():
        nonlocal count
        count += step
        return count

    return increase


def compose(*functions):
    def composed(x):
        for function in functions:
            x = function(x)
        return x
    return composed


def memoised(function):
    known = {}

    @functools.wraps(function)
    def wrapper(*args):
        try:
            return known[args]
        except KeyError:
            known[args] = result = function(*args)
            return result

    wrapper.known = known
    return wrapper


def traced(log):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            log.append(function.__name__)
            return function(*args, **kwargs)
        return wrapper
    return decorate


def curry(a):
    return lambda b: lambda c: a * b + c


class Button:
    def __init__(self):
        self.handlers = []

    def on_click(self, handler):
        self.handlers.append(handler)
        return handler

    def click(self, event):
        for handler in self.handlers:
            handler(event)


def main():
    @memoised
    def paths(x, y):
        return 1 if x == 0 or y == 0 else paths(x - 1, y) + paths(x, y - 1)

    log = []

    @traced(log)
    def area(width, height=2):
        return width * height

    print(paths(90, 90), len(paths.known))
    counters = [counter(step) for step in range(1, 11)]
    for _ in range(40_000):
        for increase in counters:
            increase()
    print([increase() for increase in counters])
    pipeline = compose(lambda x: x + 1, lambda x: x * 3, lambda x: x % 1000, abs)
    print(sum(pipeline(n) for n in range(120_000)))
    print(sum(area(n, height=3) for n in range(100_000)), len(log))
    print(sum(curry(n)(2)(3) for n in range(150_000)))
    button, seen = Button(), [0, 0]

    @button.on_click
    def count(event):
        seen[0] += 1

    @button.on_click
    def add(event):
        seen[1] += event

    for event in range(150_000):
        button.click(event)
    print(seen)


if __name__ == "__main__":
    main()
