"""The seed of the compiler: Krait's bytecode to C that takes the meaning of each operation from vm/ops.h.

A function becomes one handler of the interpreter (vm/interpret.h), which runs its instructions as straight C. What
changes frames (calls, returns, yields) and what is rare stays with the interpreter's own handlers, to which it goes by
a tail call; they come back through the instructions where the compiled code can be entered. Frames, registers,
exceptions, the collector's maps and tracebacks are the interpreter's, so that both kinds of code call each other freely.

Runs on Krait itself, whose bytecode it reads.
"""

import inspect
import re
import struct

OPERATORS = ("ADD", "SUB", "MUL", "MATMUL", "TRUEDIV", "FLOORDIV", "MOD", "POW", "LSHIFT", "RSHIFT", "AND", "OR", "XOR")
COMPARISONS = ("LT", "LE", "EQ", "NE", "GT", "GE")
CACHED = {"LOAD_GLOBAL", "LOAD_GLOBAL_CALLEE", "LOAD_ATTR", "LOAD_METHOD", "STORE_ATTR"}
# Not entered: a generator that yields looks at the instruction that resumed it, and the interpreter specialises the others.
NO_ENTRY = {"FOR_ITER"} | CACHED


def read_operations(root):
    with open(f"{root}/src/compile/ops.def", encoding="utf-8") as file:
        return re.findall(r'^OPERATION\((\w+), "(...)"', file.read(), re.MULTILINE)


def varints(data):
    """The numbers of co_exceptiontable: four for each handler."""
    at = 0
    while data[at] < 128:  # what begins with a greater byte stands behind the handlers
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 63) << shift
            shift += 6
            if not byte & 64:
                break
        yield value


class Function:
    """One code object: `text` is its C, `entries` are the instructions where the interpreter may enter it."""

    def __init__(self, number, code, operations):
        self.number, self.code = number, code
        self.instructions = [(operations[op][0], operations[op][1], a, b, c) for op, a, b, c in struct.iter_unpack("<4H", code._co_code_adaptive)]
        self.entries, self.labels = {0}, set()
        table = list(varints(code.co_exceptiontable))
        self.entries.update(table[2::4])
        self.lines = [self.instruction(i, *row) for i, row in enumerate(self.instructions)]
        inline = {i for i, line in enumerate(self.lines) if not line.startswith("INTERPRET(")}
        self.entries = {i for i in self.entries if i in inline and self.instructions[i][0] not in NO_ENTRY}

    def target(self, i, operands, b, c):
        """Where the jump of instruction i goes."""
        jump = struct.unpack("<i", struct.pack("<HH", b, c))[0] if operands[1] == "J" else struct.unpack("<h", struct.pack("<H", c))[0]
        self.labels.add(i + 1 + jump)
        return i + 1 + jump

    def may_interpret(self, i, operands, b, c):
        """The interpreter may run instruction i: it comes back behind it."""
        if i + 1 < len(self.instructions):
            self.entries.add(i + 1)
        if operands[2] == "J":
            self.entries.add(self.target(i, operands, b, c))

    def instruction(self, i, name, operands, a, b, c):
        match = re.fullmatch(r"(INPLACE_)?(" + "|".join(OPERATORS) + r")(_INT)?", name)
        if match:
            function = "inplace_operation" if match[1] else "binary_operation"
            right = f"small_int((int16_t){c})" if match[3] else f"r[{c}]"
            return f"BINARY({i}, {match[2]}, {function}, r[{a}], r[{b}], {right});"
        if name.startswith("COMPARE_"):
            return f"COMPARE({i}, {name[8:]}, r[{a}], r[{b}], r[{c}]);"
        match = re.fullmatch(r"JUMP_IF_(NOT_)?(" + "|".join(COMPARISONS) + ")", name)
        if match:
            return f"JUMP_COMPARE({i}, {match[2]}, r[{a}], r[{b}], {str(not match[1]).lower()}, L{self.target(i, operands, b, c)});"
        if name in ("JUMP_IF_TRUE", "JUMP_IF_FALSE"):
            return f"JUMP_TRUTH({i}, r[{a}], {str(name == 'JUMP_IF_TRUE').lower()}, L{self.target(i, operands, b, c)});"
        if name in ("JUMP_IF_NONE", "JUMP_IF_NOT_NONE", "JUMP_IF_IS", "JUMP_IF_IS_NOT"):
            test = f"is_none(r[{a}])" if name.endswith("NONE") else f"same(r[{a}], r[{b}])"
            return f"if ({'!' if 'NOT' in name else ''}{test}) goto L{self.target(i, operands, b, c)};"
        if name in ("JUMP", "JUMP_BACK"):
            return ("POLL(%d); " % i if name == "JUMP_BACK" else "") + f"goto L{self.target(i, operands, b, c)};"
        if name == "FOR_ITER":
            self.may_interpret(i, operands, b, c)
            return f"FOR_ITER({i}, r[{a}], r[{b}], L{self.target(i, operands, b, c)});"
        if name in CACHED:
            self.may_interpret(i, operands, b, c)
            return f"{name}({i}, {a}, {b}, {c});"
        wide = struct.unpack("<i", struct.pack("<HH", b, c))[0]
        simple = {
            "NOP": ";", "RESUME": ";", "MOVE": f"r[{a}] = r[{b}];", "MOVE_CALLEE": f"MOVE_CALLEE({a}, {b});",
            "LOAD_CONST": f"r[{a}] = constants[{wide & 0xFFFFFFFF}];", "LOAD_INT": f"r[{a}] = small_int({wide});",
            "CLEAR": f"r[{a}] = NO_VALUE;", "IS": f"r[{a}] = from_bool(same(r[{b}], r[{c}]));",
            "IS_NOT": f"r[{a}] = from_bool(!same(r[{b}], r[{c}]));", "NOT": f"TRUTH({i}, r[{a}], r[{b}], !);",
            "TO_BOOL": f"TRUTH({i}, r[{a}], r[{b}], !!);", "NEGATIVE": f"UNARY({i}, NEGATIVE, negative, r[{a}], r[{b}]);",
            "POSITIVE": f"UNARY({i}, POSITIVE, positive, r[{a}], r[{b}]);", "INVERT": f"UNARY({i}, INVERT, invert, r[{a}], r[{b}]);",
            "GET_ITEM": f"GET_ITEM({i}, r[{a}], r[{b}], r[{c}]);", "SET_ITEM": f"SET_ITEM({i}, r[{a}], r[{b}], r[{c}]);",
            "GET_ITER": f"GET_ITER({i}, r[{a}], r[{b}]);", "UNPACK": f"UNPACK({i}, &r[{a}], r[{b}], {c});",
            "BUILD_TUPLE": f"BUILD_TUPLE({i}, r[{a}], &r[{b}], {c});", "BUILD_LIST": f"BUILD_LIST({i}, r[{a}], &r[{b}], {c});",
            "LIST_APPEND": f"LIST_APPEND({i}, r[{a}], r[{b}]);", "IN": f"CONTAINS({i}, r[{a}], r[{b}], r[{c}], !!);",
            "NOT_IN": f"CONTAINS({i}, r[{a}], r[{b}], r[{c}], !);", "BUILD_STRING": f"VALUE({i}, r[{a}], op_BUILD_STRING(t, &r[{b}], {c}));",
            "FORMAT_SIMPLE": f"VALUE({i}, r[{a}], op_FORMAT_SIMPLE(t, r[{b}]));",
            "BUILD_DICT": f"VALUE({i}, r[{a}], op_BUILD_DICT(t, &r[{b}], {c}));",
            "MATCH_EXCEPTION": f"VALUE({i}, r[{a}], op_MATCH_EXCEPTION(t, r[{b}], r[{c}]));",
        }
        if name in simple:
            return simple[name]
        self.may_interpret(i, operands, b, c)
        if name in ("CHECK_BOUND", "LOAD_DEREF"):
            return f"{name}({i}, {a}, {b});"
        if name == "CALL" and self.code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
            name = "CALL_COPYING"
        return f"INTERPRET({i}, {name});"

    def text(self):
        out = [f"/* {self.code.co_qualname} */"]
        out.append(f"static HANDLER(compiled_{self.number}) {{")
        out.append("    const Instruction *const base = t->frame->code->instructions;\n    switch (ip - base) {")
        out += [f"    case {i}: goto L{i};" for i in sorted(self.entries)]
        out.append("    default: __builtin_unreachable();\n    }")
        for i, line in enumerate(self.lines):
            label = f"L{i}: " if i in self.entries or i in self.labels else ""
            out.append(f"    {label}{line}")
        out.append("    __builtin_unreachable();\n}")
        entries = ", ".join(map(str, sorted(self.entries)))
        out.append(f"static const uint32_t entries_{self.number}[] = {{{entries}, UINT32_MAX}};\n")
        return "\n".join(out)


def translate(codes, root):
    """C for the code objects: a table `compiled_functions`, in their order."""
    operations = read_operations(root)
    out = ['#include "tests/aot/compiled.h"\n']
    out += [Function(n, code, operations).text() for n, code in enumerate(codes)]
    out.append("const CompiledFunction compiled_functions[] = {")
    out += [f"    {{do_compiled_{n}, entries_{n}}}," for n in range(len(codes))]
    out.append("    {0},\n};")
    return "\n".join(out)
