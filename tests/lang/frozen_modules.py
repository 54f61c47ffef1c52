"""Core modules are frozen: what importlib and _imp say about them."""
import _imp
import importlib.machinery
import os
import zipimport

for module in (os, zipimport, importlib.machinery):
    spec = module.__spec__
    print(module.__name__, spec.origin, spec.loader.__name__, spec.has_location, spec.loader_state.origname)
print(os.__file__.endswith("/os.py"), repr(os), os.getcwd.__name__, os.fspath.__name__, os.makedirs.__code__.co_filename)
print(_imp.is_frozen("os"), _imp.is_frozen("nothing"), _imp.is_frozen("_frozen_importlib"))
print(_imp.find_frozen("__phello_alias__"), _imp.find_frozen("__hello_only__"), _imp.find_frozen("nothing"))
data, is_package, origin = _imp.find_frozen("__phello__", withdata=True)
print(type(data).__name__, data.readonly, is_package, origin, _imp.get_frozen_object("__phello__", data).co_name)
for call in (lambda: _imp.get_frozen_object("nothing"), lambda: _imp.is_frozen_package("nothing"),
             lambda: _imp.get_frozen_object("os", b"junk"), lambda: _imp.get_frozen_object("os", b"N")):
    try:
        print(call())
    except (ImportError, TypeError) as e:
        print(type(e).__name__, e, getattr(e, "name", None))
for setting in (-1, 1, 0):
    _imp._override_frozen_modules_for_tests(setting)
    print(_imp.is_frozen("os"), _imp.is_frozen("zipimport"), _imp.find_frozen("os"))
print(_imp.get_frozen_object("posixpath").co_filename, "posixpath" in _imp._frozen_module_names())
try:
    os.path.join(3)
except TypeError as e:
    tb = e.__traceback__.tb_next
    print(tb.tb_frame.f_code.co_filename, tb.tb_lineno > 50)
