"""Krait's bytecode: names and numbers of its operations.

`opname[number]` and `opmap[name]` work as in CPython's module of this name. The numbers are Krait's own and change with
it; instructions are eight bytes { operation, a, b, c } of 16 bits each.
"""

import _opcode

__all__ = ["cmp_op", "opname", "opmap", "hasarg", "hasconst", "hasname", "hasjump", "hasjrel", "hasjabs", "haslocal",
           "hasfree", "hasexc", "stack_effect", "operations", "EXTENDED_ARG", "HAVE_ARGUMENT"]

from _opcode import stack_effect

cmp_op = ("<", "<=", "==", "!=", ">", ">=")

#: One (name, operands, effects, doc) per operation; src/compile/ops.def says what the letters mean.
operations = _opcode.operations()

opname = [row[0] for row in operations]
opmap = {name: number for number, name in enumerate(opname)}


def _having(letter):
    return [number for number, row in enumerate(operations) if letter in row[1]]


hasarg = [number for number, row in enumerate(operations) if row[1] != "---"]
hasconst = _having("K")
hasname = _having("N")
hasjump = hasjrel = _having("J")
hasjabs = []
haslocal = sorted(set(_having("R") + _having("W") + _having("X")))
hasfree = [opmap[name] for name in ("COPY_FREE_VARS", "LOAD_DEREF", "STORE_DEREF", "DELETE_DEREF", "MAKE_CELL")]
hasexc = []

EXTENDED_ARG = len(operations)  # no such operation: operands are never extended
HAVE_ARGUMENT = 0
