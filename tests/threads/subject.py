"""What the stress programs are made of: subjects, their operations, and the ledger that finds what went wrong.

A subject is a kind of shared object with all the operations that may be done to it. Two threads run two of its
operations on one object at the same time. Whatever an operation puts in is a token that never occurs twice, and
whatever an operation takes out and returns is written down, so that afterwards the books must balance: nothing
invented, nothing duplicated, nothing lost. An operation says with its traits where the books cannot balance.
"""

import itertools
import sys
from collections import Counter

LOSES = 1  # drops tokens that nobody is told of (clear, overwriting)
COPIES = 2  # puts in tokens that are in already (x *= 2)
CHANGES = 4  # makes other tokens of them (byteswap)


class Broken(Exception):
    """An invariant did not hold."""


class Hand:
    """One thread's side of the ledger."""

    def __init__(self, number, make_token=int):
        self.numbers = itertools.count(number << 32)
        self.make_token = make_token
        self.step = 0
        self.added, self.taken, self.unsure, self.fresh = [], [], [], []

    def new(self):
        token = self.make_token(next(self.numbers))
        self.fresh.append(token)
        return token

    def take(self, token):
        self.taken.append(token)

    def settle(self, done):
        """After each operation: what it meant to put in is in, or, after an exception, may be."""
        (self.added if done else self.unsure).extend(self.fresh)
        self.fresh.clear()


class Subject:
    def __init__(self, name, make, contents=list, check=None, token=int, size=16, expected=()):
        self.name, self.make, self.contents, self.extra_check = name, make, contents, check
        self.token, self.size, self.expected = token, size, expected
        self.operations = {}

    def operation(self, *traits_or_errors, name=None):
        """Decorator for `function(x, hand)`. Arguments: traits, and exceptions that the operation may raise."""
        traits = sum(a for a in traits_or_errors if isinstance(a, int))
        errors = tuple(a for a in traits_or_errors if not isinstance(a, int))

        def add(function):
            self.operations[name or function.__name__.strip("_")] = function, traits, errors + tuple(self.expected)
            return function

        return add

    def expressions(self, text, *traits_or_errors):
        """One operation per line of `text`: Python code over x, new, take and step, and the caller's globals."""
        names = sys._getframe(1).f_globals
        for line in filter(None, map(str.strip, text.splitlines())):
            space = {}
            exec(f"def do(x, hand):\n    new, take, step = hand.new, hand.take, hand.step\n    {line}\n", names, space)
            self.operation(*traits_or_errors, name=line)(space["do"])

    def check(self, x, hands, start, traits):
        """The books, and whether the object agrees with itself."""
        if self.extra_check:
            self.extra_check(x)
        if self.contents is None or traits & CHANGES:
            return
        final, taken = Counter(self.contents(x)), Counter(itertools.chain(*(h.taken for h in hands)))
        added = set(start).union(*(h.added for h in hands))
        known = added.union(*(h.unsure for h in hands))
        seen = final + taken
        if invented := [token for token in seen if token not in known]:
            raise Broken(f"{len(invented)} tokens were never put in, such as {invented[0]!r}")
        if not traits & COPIES and (double := [token for token, count in seen.items() if count > 1]):
            raise Broken(f"{len(double)} tokens are duplicated, such as {double[0]!r}")
        if not traits & LOSES and (lost := [token for token in added if token not in seen]):
            raise Broken(f"{len(lost)} of {len(added)} tokens are lost, such as {lost[0]!r}")


class Key:
    """A dict key whose hash and comparison are Python code, and whose hashes collide."""

    __slots__ = ("number",)

    def __init__(self, number):
        self.number = number

    def __hash__(self):
        return self.number & 15

    def __eq__(self, other):
        return isinstance(other, Key) and self.number == other.number

    def __lt__(self, other):
        return self.number < other.number

    def __repr__(self):
        return f"Key({self.number:#x})"


def ensure(condition, message):
    if not condition:
        raise Broken(message)
