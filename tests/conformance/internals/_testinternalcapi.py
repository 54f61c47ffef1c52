"""What some of CPython's tests ask of its _testinternalcapi, answered from Krait's objects and isolates.

What has no true answer is not here: asking for it raises AttributeError. runner.py says which tests get this module.
"""

import ctypes
import dis
import os
import sys
import types

import _interpreters
from sys import _attributes_are_inline as has_inline_values  # and not in a dict
from sys import _keys_are_shared as has_split_table


# ---- code objects ----

_GLOBAL_OPERATIONS = {"LOAD_GLOBAL", "STORE_GLOBAL", "DELETE_GLOBAL"}
_ATTRIBUTE_OPERATIONS = {"LOAD_ATTR", "STORE_ATTR", "DELETE_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR"}


def get_code_var_counts(code, globalsnames=None, attrnames=None, globalsns=None, builtinsns=None):
    """How many variables of which kind a function or code object has, as CPython's function of this name says it.

    Names are those that the instructions use. A function's own globals and builtins tell which of them are there, where no others
    are given. Sets of names that are counted already are not supported: TypeError.
    """
    if globalsnames is not None or attrnames is not None:
        raise TypeError("sets of names are not supported")
    if isinstance(code, types.FunctionType):
        globalsns = code.__globals__ if globalsns is None else globalsns
        builtinsns = code.__builtins__ if builtinsns is None else builtinsns
        code = code.__code__
    positional_only, keyword_only = code.co_posonlyargcount, code.co_kwonlyargcount
    either = code.co_argcount - positional_only
    starred, double_starred = bool(code.co_flags & 0x04), bool(code.co_flags & 0x08)
    arguments = code.co_argcount + keyword_only + starred + double_starred
    names = code.co_varnames[:arguments]
    argument_cells = sum(name in names for name in code.co_cellvars)
    other_cells = len(code.co_cellvars) - argument_cells
    pure = len(code.co_varnames) - arguments
    global_names, attributes, unknown = set(), set(), set(code.co_names)
    for instruction in dis.get_instructions(code):
        if instruction.opname in _GLOBAL_OPERATIONS:
            global_names.add(instruction.argval)
        elif instruction.opname in _ATTRIBUTE_OPERATIONS:
            attributes.add(instruction.argval)
    unknown -= global_names | attributes
    own = {name for name in global_names if globalsns is not None and name in globalsns}
    built_in = {name for name in global_names - own if builtinsns is not None and name in builtinsns}
    unbound = len(global_names) + len(attributes) + len(unknown)
    local = arguments + pure + other_cells
    return {
        "total": local + len(code.co_freevars) + unbound,
        "locals": {
            "total": local,
            "args": {"total": arguments, "numposonly": positional_only, "numposorkw": either, "numkwonly": keyword_only,
                     "varargs": int(starred), "varkwargs": int(double_starred)},
            "numpure": pure,
            "cells": {"total": len(code.co_cellvars), "numargs": argument_cells, "numothers": other_cells},
            "hidden": {"total": 0, "numpure": 0, "numcells": 0},
        },
        "numfree": len(code.co_freevars),
        "unbound": {
            "total": unbound,
            "globals": {"total": len(global_names), "numglobal": len(own), "numbuiltin": len(built_in),
                        "numunknown": len(global_names - own - built_in)},
            "numattrs": len(attributes),
            "numunknown": len(unknown),
        },
    }


# ---- isolates, made by another way than the module _interpreters ----

_FIELDS = ("use_main_obmalloc", "allow_fork", "allow_exec", "allow_threads", "allow_daemon_threads", "check_multi_interp_extensions", "gil")


class _Config(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in _FIELDS]


_new_interpreter = ctypes.pythonapi._PyXI_NewInterpreter
_new_interpreter.restype = ctypes.c_void_p
_new_interpreter.argtypes = ctypes.POINTER(_Config), ctypes.POINTER(ctypes.c_long), ctypes.c_void_p, ctypes.c_void_p
_get_id = ctypes.pythonapi.PyInterpreterState_GetID
_get_id.restype = ctypes.c_int64
_get_id.argtypes = [ctypes.c_void_p]


def create_interpreter(config=None, *, whence=_interpreters.WHENCE_XI):
    """The id of a new isolate. config: as _interpreters.new_config gives it, None for the isolated one."""
    if config is None or isinstance(config, str):
        config = _interpreters.new_config(config or "isolated")
    gil = ("default", "shared", "own").index(config.gil)
    made = _Config(*(int(getattr(config, name)) for name in _FIELDS[:-1]), gil)
    return _get_id(_new_interpreter(made, ctypes.c_long(whence), None, None))


def destroy_interpreter(id, *, basic=False):
    """Ends the isolate; there is one way to do so, whether `basic` or not."""
    _interpreters.destroy(id)


def next_interpreter_id():
    """The id that the next isolate gets: they count up."""
    id = create_interpreter()
    destroy_interpreter(id)
    return id + 1


_IN_THREAD = """
def _run(code, done):
    import __main__, os, traceback
    try:
        exec(code, vars(__main__))
    except BaseException:
        traceback.print_exc()
    else:
        os.write(done, b"0")
    os.close(done)

__import__("_thread").start_new_thread(_run, ({code!r}, {done}))
del _run
"""


def exec_interpreter(id, code, *, main=False):
    """Runs a script in the isolate's __main__: 0, or -1 and the error printed.

    Without `main` the isolate does not count as running meanwhile: it is a thread of it that runs the script.
    """
    if main:
        failure = _interpreters.exec(id, code)
        if failure is not None:
            print(getattr(failure, "errdisplay", failure), file=sys.stderr)
        return 0 if failure is None else -1
    result, done = os.pipe()
    with os.fdopen(result, "rb") as result:
        _interpreters.exec(id, _IN_THREAD.format(code=code, done=done))
        return 0 if result.read() == b"0" else -1


def run_in_subinterp_with_config(code, config):
    """Runs a script in an isolate of its own, which ends with it: 0, or -1 and the error printed."""
    id = create_interpreter(config, whence=_interpreters.WHENCE_CAPI)
    try:
        return exec_interpreter(id, code)
    finally:
        destroy_interpreter(id)
