"""What the idioms of cases.txt work on."""

import abc
import array
import base64
import bisect
import collections
import configparser
import contextlib
import copy
import csv
import dataclasses
import datetime
import decimal
import difflib
import enum
import fnmatch
import fractions
import functools
import hashlib
import heapq
import inspect
import io
import ipaddress
import itertools
import json
import logging
import math
import operator
import os
import pathlib
import pickle
import queue
import random
import re
import shlex
import statistics
import string
import struct
import textwrap
import threading
import time
import types
import typing
import urllib.parse
import uuid
import weakref
import zlib

N = 1000
rnd = random.Random(1)
xs = list(range(N))
fs = [float(x) for x in xs]
ws = [str(x) for x in xs]
t = tuple(xs)
s = set(xs)
fz = frozenset(xs)
d = dict(zip(xs, ws))
ds = dict(zip(ws, xs))
text = " ".join(ws)
bs = text.encode()
ba = bytearray(bs)
sh = rnd.sample(xs, N)
shw = rnd.sample(ws, N)
pairs = list(zip(ws, xs))
recs = [{"a": i, "b": str(i)} for i in range(200)]
lst2 = [[i * j for j in range(20)] for i in range(20)]
lines = [f"key{i} = value{i} ; c" for i in range(200)]
rows = "\n".join(",".join(map(str, range(i, i + 8))) for i in range(100))
blob = json.dumps(recs)
pk = pickle.dumps(recs)
rx = re.compile(r"(\d+)\s(\d+)")
lock = threading.Lock()
sio0 = io.StringIO()
a0 = b0 = 0


class P:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __hash__(self):
        return hash((self.x, self.y))

    def __lt__(self, other):
        return self.x < other.x


class Q:
    def __init__(self, x, y=2):
        self.x = x
        self.y = y

    @property
    def p(self):
        return self.x

    def m(self):
        return self.x

    @staticmethod
    def sm(a):
        return a

    @classmethod
    def cm(cls, a):
        return a

    def __add__(self, other):
        return Q(self.x + other.x)

    def __getitem__(self, i):
        return i

    def __len__(self):
        return 3

    def __iter__(self):
        return iter((1, 2, 3))

    def __contains__(self, item):
        return True

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def __call__(self, a):
        return a

    def __bool__(self):
        return True

    def __getattr__(self, name):
        return 1


@dataclasses.dataclass
class D:
    a: int
    b: str = "x"
    c: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, order=True)
class DF:
    a: int
    b: int


NT = collections.namedtuple("NT", "a b c")
nt = NT(1, 2, 3)


class E(enum.Enum):
    A = 1
    B = 2


class F(enum.Flag):
    A = 1
    B = 2


ps = [P(i % 10, i) for i in range(200)]
qs = [Q(i) for i in range(200)]
q = Q(1)
p = P(1, 2)


def f0():
    return 1


def f2(a, b):
    return a, b


def fk(a, *, b=1):
    return a


def fd(a, b=2, c=3):
    return a


def fv(*a):
    return a


def fkw(**k):
    return k


def gen(n):
    for i in range(n):
        yield i


def genp(n):
    for i in range(n):
        yield i, i


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


cached = functools.lru_cache(None)(lambda x: x)
