"""Attributes of a thread-local object are found in its namespace as in any dict."""

import threading


class Text(str):
    pass


class Equal:
    def __hash__(self):
        return hash("zz")

    def __eq__(self, other):
        return other == "zz"


local = threading.local()
local.__dict__["".join(["a", "b", "q"])] = 1
print(local.abq)
local.__dict__[Text("cd")] = 2
print(local.cd)
local.__dict__[Equal()] = 3
print(local.zz)
setattr(local, Text("ef"), 4)
print(local.ef, getattr(local, Text("ef")))
