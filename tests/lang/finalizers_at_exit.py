"""At the end of the process finalizers still see the globals of their module."""
import collections
import os
import warnings

warn = warnings.warn


def say(text): os.write(1, text.encode() + b"\n")


class Noted:
    def __init__(self, text): self.text = text
    def __del__(self): say(f"{self.text} {name} {len(collections.OrderedDict([(1, 2)]))} {warn.__name__}")


class Holder:
    noted = Noted("in a class")


cycle = [Noted("in a cycle")]
cycle.append(cycle)
name = "name"
