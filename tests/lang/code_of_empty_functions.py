"""co_code of functions that do nothing, which programs compare to see whether a function has a body (Automat does)."""
import opcode
import sys
import types


def empty():
    pass


def documented():
    "doc"


class Machine:
    def method(self):
        "doc"

    def inputs(self, a, b=1, *rest, c, **more):
        pass

    def returns(self, a):
        return None

    def bare(self):
        """doc"""
        return

    def one(self):
        return 1

    def kept(self, a):
        b = a


known = empty.__code__.co_code, documented.__code__.co_code
print([f.__code__.co_code in known for f in (Machine.method, Machine.inputs, Machine.returns, Machine.bare, Machine.one, Machine.kept)])
for f in empty, documented, Machine.inputs, Machine.returns, Machine.one:
    print(f.__code__.co_consts)

# The body of one function in another one.
other = Machine.inputs.__code__.replace(co_code=Machine.returns.__code__.co_code)
print(other.co_name, types.FunctionType(other, {})(1, 2, 3, c=4))


def guarded(x):
    try:
        return 1 // x
    except ZeroDivisionError:
        return "zero"


both = empty.__code__.replace(co_code=guarded.__code__.co_code, co_exceptiontable=guarded.__code__.co_exceptiontable,
                              co_argcount=1, co_nlocals=1, co_varnames=("x",), co_consts=guarded.__code__.co_consts,
                              co_names=guarded.__code__.co_names, co_stacksize=guarded.__code__.co_stacksize,
                              co_linetable=guarded.__code__.co_linetable)
print([types.FunctionType(both, globals())(n) for n in (1, 0)], both.co_exceptiontable == guarded.__code__.co_exceptiontable)
unguarded = types.FunctionType(guarded.__code__.replace(co_exceptiontable=b""), {})  # no handlers, the rest stays
try:
    print(unguarded(1), unguarded.__code__ == guarded.__code__)
    unguarded(0)
except ZeroDivisionError as e:
    print(e.__traceback__.tb_next.tb_lineno - guarded.__code__.co_firstlineno)
if sys.implementation.name == "krait":  # CPython takes whatever it is given
    for changes in ({"co_code": guarded.__code__.co_code}, {"co_exceptiontable": b"\x00"}, {"co_exceptiontable": b"\x80"},
                    {"co_exceptiontable": guarded.__code__.co_exceptiontable}, {"co_code": b""}, {"co_code": empty.__code__.co_code[:-1]}):
        try:
            empty.__code__.replace(**changes)
            sys.exit("taken")
        except ValueError as e:
            if not str(e).startswith("code: co_"):
                sys.exit(str(e))

# However it returns None, a tool finds the operation that it looks for.
seen = []


def trace(frame, event, arg):
    if event == "return":
        code = frame.f_code
        seen.append((code.co_name, code.co_code[frame.f_lasti] == opcode.opmap["RETURN_VALUE"], arg))
    return trace


sys.settrace(trace)
empty(), Machine().returns(1), Machine().one(), Machine().kept(1)
sys.settrace(None)
print(seen)
