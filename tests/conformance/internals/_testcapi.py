"""What some of CPython's tests ask of its _testcapi, answered from Krait's objects. runner.py says which tests get this module.

What has no true answer is not here: asking for it raises AttributeError.
"""

import ctypes

import _interpreters
import _testinternalcapi


class _test_structmembersType_OldAPI(ctypes.Structure):
    """C members of an object, read and written by threads: those of a ctypes structure, since Krait has no other classes whose
    instances are C structures that a test could define."""

    _fields_ = [
        ("T_BOOL", ctypes.c_bool), ("T_BYTE", ctypes.c_byte), ("T_UBYTE", ctypes.c_ubyte), ("T_SHORT", ctypes.c_short),
        ("T_USHORT", ctypes.c_ushort), ("T_INT", ctypes.c_int), ("T_UINT", ctypes.c_uint), ("T_LONG", ctypes.c_long),
        ("T_ULONG", ctypes.c_ulong), ("T_PYSSIZET", ctypes.c_ssize_t), ("T_FLOAT", ctypes.c_float),
        ("T_DOUBLE", ctypes.c_double), ("T_LONGLONG", ctypes.c_longlong), ("T_ULONGLONG", ctypes.c_ulonglong),
        ("_char", ctypes.c_char),
    ]

    T_CHAR = property(lambda self: self._char.decode("latin-1"), lambda self, text: setattr(self, "_char", text.encode("latin-1")))


class _test_structmembersType_NewAPI(_test_structmembersType_OldAPI):
    """The same: there is one way to make such a class."""


def run_in_subinterp(code):
    """Runs a script in an isolate of its own, which ends with it: 0, or -1 and the error printed."""
    id = _testinternalcapi.create_interpreter("legacy", whence=_interpreters.WHENCE_LEGACY_CAPI)
    try:
        return _testinternalcapi.exec_interpreter(id, code)
    finally:
        _testinternalcapi.destroy_interpreter(id)
