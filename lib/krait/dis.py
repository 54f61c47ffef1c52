"""Disassembler for Krait's bytecode.

`dis(x)` prints the instructions of a function, method, class, generator, code object or source string, one per line:
source line, number, operation, operands (variables by name, temporaries as t0, t1 ..., names of globals and attributes in parentheses) and how many
registers are live.
`get_instructions(x)` gives them as `Instruction` tuples.
"""

import _opcode
import collections
import io
import sys
import types
from opcode import *
from opcode import __all__ as _opcode_all, operations, opmap, opname

__all__ = ["code_info", "dis", "disassemble", "distb", "disco", "findlinestarts", "findlabels", "show_code",
           "get_instructions", "Instruction", "Positions", "Bytecode", "COMPILER_FLAG_NAMES", "pretty_flags"] + _opcode_all

COMPILER_FLAG_NAMES = {
    1: "OPTIMIZED", 2: "NEWLOCALS", 4: "VARARGS", 8: "VARKEYWORDS", 16: "NESTED", 32: "GENERATOR", 64: "NOFREE",
    128: "COROUTINE", 256: "ITERABLE_COROUTINE", 512: "ASYNC_GENERATOR", 0x4000000: "HAS_DOCSTRING",
    0x8000000: "METHOD",
}

Positions = collections.namedtuple("Positions", "lineno end_lineno col_offset end_col_offset", defaults=[None] * 4)
Positions.__doc__ = "Where in the source an instruction comes from: lines from 1, columns in bytes from 0, or None."

# Operations that CPython has too, under a name of its own and an argument: tools look for these.
_COMMON_NAMES = {"IS": ("IS_OP", 0), "IS_NOT": ("IS_OP", 1), "IN": ("CONTAINS_OP", 0), "NOT_IN": ("CONTAINS_OP", 1),
                 "RETURN_GENERATOR": ("RESUME", 0)}

_Instruction = collections.namedtuple(
    "Instruction", "opname opcode a b c argval offset starts_line line_number is_jump_target positions")


class Instruction(_Instruction):
    """One instruction.

opname, opcode: the operation (by CPython's name if it has the same one); a, b, c: its operands (ints from 0 to 65535); argval: the constant, name or number of the
instruction jumped to that they stand for, or None; offset: 2 * its number, as f_lasti counts;
starts_line: whether a source line starts here; line_number: of the source, or None; is_jump_target: whether an
instruction jumps here or a handler starts here; positions: a Positions tuple; oparg: a, b and c in one number.
"""

    __slots__ = ()

    @property
    def oparg(self):
        return self.a | self.b << 16 | self.c << 32

    arg = oparg

    @property
    def argrepr(self):
        return "" if self.argval is None else repr(self.argval)


def pretty_flags(flags):
    """The flags of a code object as text, e.g. "OPTIMIZED, NEWLOCALS"."""
    names = []
    for bit in range(32):
        if flags >> bit & 1:
            names.append(COMPILER_FLAG_NAMES.get(1 << bit, hex(1 << bit)))
    return ", ".join(names) or "0"


def _try_compile(source, name):
    try:
        return compile(source, name, "eval")
    except SyntaxError:
        return compile(source, name, "exec")


def _get_code(x):
    """The code object of a function, method, generator, source string or code object; TypeError for others."""
    x = getattr(x, "__func__", x)
    for name in ("__code__", "gi_code", "ag_code", "cr_code"):
        if hasattr(x, name):
            x = getattr(x, name)
            break
    if isinstance(x, str):
        x = _try_compile(x, "<disassembly>")
    if isinstance(x, types.CodeType):
        return x
    raise TypeError("don't know how to disassemble %s objects" % type(x).__name__)


def _words(code):
    data = memoryview(code._co_code_adaptive).cast("H")
    return [tuple(data[i:i + 4]) for i in range(0, len(data), 4)]


def _exception_entries(code):
    """(start, end, target, register) of each entry, numbers of instructions."""
    entries = []
    data, position = code.co_exceptiontable, 0
    while data[position] < 128:  # what begins with a greater byte stands behind the entries
        row = []
        for _ in range(4):
            value = shift = 0
            while True:
                byte = data[position]
                position += 1
                value |= (byte & 63) << shift
                shift += 6
                if not byte & 64:
                    break
            row.append(value)
        entries.append((row[0], row[0] + row[1], row[2], row[3] >> 1))
    return entries


def _jump_target(number, op, b, c):
    if "J" not in operations[op][1]:
        return None
    if operations[op][1][1] == "J":
        distance = b | c << 16
        distance -= (distance >> 31) << 32
    else:
        distance = c - (c >> 15 << 16)
    return number + 1 + distance


def findlabels(code):
    """Offsets of all instructions that are jumped to. Takes a code object."""
    found = []
    for number, (op, _, b, c) in enumerate(_words(code)):
        target = _jump_target(number, op, b, c)
        if target is not None and 2 * target not in found:
            found.append(2 * target)
    return found


def findlinestarts(code):
    """Pairs (offset, line) of the offsets at which a line of the source starts."""
    last = False
    for start, end, line in code.co_lines():
        if line is not last:
            last = line
            yield start, line


def get_instructions(x, *, first_line=None, show_caches=None, adaptive=False):
    """Iterator over the Instruction tuples of x; line numbers are shifted so that they start at first_line."""
    code = _get_code(x)
    shift = 0 if first_line is None else first_line - code.co_firstlineno
    labels = set(findlabels(code)) | {2 * entry[2] for entry in _exception_entries(code)}
    previous = None
    rows = zip(_words(code), _opcode.arguments(code), code.co_positions())
    for number, ((op, a, b, c), argval, where) in enumerate(rows):
        line = where[0]
        name, argval = _COMMON_NAMES.get(opname[op], (opname[op], argval))
        if name == "LOAD_GLOBAL_CALLEE":
            name = "LOAD_GLOBAL"
        yield Instruction(name, opmap.get(name, op), a, b, c, argval, 2 * number, line is not None and line != previous,
                          None if line is None else line + shift, 2 * number in labels, Positions(*where))
        previous = line


def _constants_before(code):
    """(instruction, constants) of each instruction: what the registers are known to hold there. modulefinder's needs."""
    constants = {}
    for instruction in get_instructions(code):
        yield instruction, constants
        if instruction.opname in ("LOAD_CONST", "LOAD_INT"):
            constants[instruction.a] = instruction.argval


def _find_imports(code):
    """(name, level, fromlist) of each import statement; fromlist is None or a tuple of names."""
    for instruction, constants in _constants_before(code):
        if instruction.opname == "IMPORT_NAME":
            yield instruction.argval, constants[instruction.b], constants[instruction.b + 1]


def _find_store_names(code):
    """The names of global variables that the code assigns, each once."""
    names = set()
    for instruction, constants in _constants_before(code):
        name = None
        if instruction.opname in ("STORE_NAME", "STORE_GLOBAL"):
            name = instruction.argval
        elif instruction.opname == "STORE_NAME_NAMED":
            name = constants.get(instruction.b)
        if name is not None and name not in names:
            names.add(name)
            yield name


def code_info(x):
    """Facts about a code object, as text."""
    code = _get_code(x)
    lines = [f"Name:              {code.co_name}", f"Filename:          {code.co_filename}",
             f"Argument count:    {code.co_argcount}", f"Positional-only arguments: {code.co_posonlyargcount}",
             f"Kw-only arguments: {code.co_kwonlyargcount}", f"Number of locals:  {code.co_nlocals}",
             f"Temporaries:       {code.co_stacksize}", f"Flags:             {pretty_flags(code.co_flags)}"]
    for title, values in (("Constants", map(repr, code.co_consts)), ("Names", code.co_names),
                          ("Variable names", code.co_varnames), ("Free variables", code.co_freevars),
                          ("Cell variables", code.co_cellvars)):
        rows = [f"{i:4d}: {value}" for i, value in enumerate(values)]
        if rows:
            lines += [title + ":"] + rows
    return "\n".join(lines)


def show_code(co, *, file=None):
    """Prints code_info(co)."""
    print(code_info(co), file=file)


def disassemble(code, lasti=-1, *, file=None, **options):
    """Prints the instructions of a code object and of those inside of it."""
    print(_opcode.disassemble(code), end="", file=file)


disco = disassemble


def dis(x=None, *, file=None, depth=None, **options):
    """Prints the instructions of x; without x, of the last traceback."""
    if x is None:
        distb(file=file)
        return
    if hasattr(x, "__dict__") and not hasattr(x, "__code__") and not hasattr(x, "__func__"):
        for name, member in sorted(vars(x).items()):
            if isinstance(member, (types.FunctionType, types.MethodType, staticmethod, classmethod, type)):
                print(f"Disassembly of {name}:", file=file)
                dis(member, file=file)
                print(file=file)
        return
    disassemble(_get_code(x), file=file)


def distb(tb=None, *, file=None, **options):
    """Prints the code of the last frame of a traceback (default: the last one shown at the prompt)."""
    if tb is None:
        try:
            tb = sys.last_exc.__traceback__
        except AttributeError:
            raise RuntimeError("no last traceback to disassemble") from None
    while tb.tb_next:
        tb = tb.tb_next
    disassemble(tb.tb_frame.f_code, tb.tb_lasti, file=file)


class Bytecode:
    """The instructions of something, to be iterated over; `dis()` gives their text, `info()` facts about the code."""

    def __init__(self, x, *, first_line=None, current_offset=None, **options):
        self.codeobj = _get_code(x)
        self.first_line = self.codeobj.co_firstlineno if first_line is None else first_line
        self._original_object = x
        self.exception_entries = _exception_entries(self.codeobj)

    def __iter__(self):
        return get_instructions(self.codeobj, first_line=self.first_line)

    def __repr__(self):
        return f"{type(self).__name__}({self._original_object!r})"

    def info(self):
        return code_info(self.codeobj)

    def dis(self):
        out = io.StringIO()
        disassemble(self.codeobj, file=out)
        return out.getvalue()


def main(args=None):
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("infile", nargs="?", default="-")
    options = parser.parse_args(args)
    if options.infile == "-":
        name, source = "<stdin>", sys.stdin.buffer.read()
    else:
        name = options.infile
        with open(name, "rb") as file:
            source = file.read()
    dis(compile(source, name, "exec"))


if __name__ == "__main__":
    main()
