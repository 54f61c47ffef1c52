"""Krait's bytecode: names and numbers of its operations.

`opname[number]` and `opmap[name]` work as in CPython's module of this name. The numbers are Krait's own and change with
it; instructions are eight bytes { operation, a, b, c } of 16 bits each.

`co_code` begins with a code unit of two bytes for each instruction, so that `co_code[f_lasti]` is its operation, the byte behind it
an argument. RETURN_NONE is RETURN there. A jump is JUMP_FORWARD or JUMP_BACKWARD there, with the distance from the next unit, if that
is at most 255. There are no units of CACHE and EXTENDED_ARG; tools that walk over code look for their numbers.
"""

import _opcode

__all__ = ["cmp_op", "opname", "opmap", "hasarg", "hasconst", "hasname", "hasjump", "hasjrel", "hasjabs", "haslocal",
           "hasfree", "hasexc", "stack_effect", "operations", "EXTENDED_ARG", "HAVE_ARGUMENT"]

from _opcode import stack_effect

cmp_op = ("<", "<=", "==", "!=", ">", ">=")

#: One (name, operands, effects, doc) per operation; src/compile/ops.def says what the letters mean.
operations = _opcode.operations()

_UNITS = {"JUMP_FORWARD": 251, "JUMP_BACKWARD": 252, "EXTENDED_ARG": 253, "CACHE": 254}  # src/compile/code.h

opname = [row[0] for row in operations] + [f"<{number}>" for number in range(len(operations), 256)]
for _name, _number in _UNITS.items():
    opname[_number] = _name
opmap = {name: number for number, name in enumerate(opname) if not name.startswith("<")}
# What programs look up to see how a frame was left or stands still (Twisted, coverage tools): CPython's names for the same.
opmap |= {"RETURN_VALUE": opmap["RETURN"], "YIELD_VALUE": opmap["YIELD"], "RAISE_VARARGS": opmap["RAISE"]}


def _having(letter):
    return [number for number, row in enumerate(operations) if letter in row[1]]


hasarg = [number for number, row in enumerate(operations) if row[1] != "---"]
hasconst = _having("K")
hasname = _having("N")
hasjump = hasjrel = _having("J") + [_UNITS["JUMP_FORWARD"], _UNITS["JUMP_BACKWARD"]]
hasjabs = []
haslocal = sorted(set(_having("R") + _having("W") + _having("X")))
hasfree = [opmap[name] for name in ("COPY_FREE_VARS", "LOAD_DEREF", "STORE_DEREF", "DELETE_DEREF", "MAKE_CELL")]
hasexc = []

EXTENDED_ARG = _UNITS["EXTENDED_ARG"]
HAVE_ARGUMENT = 0
