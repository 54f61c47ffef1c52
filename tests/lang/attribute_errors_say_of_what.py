# An AttributeError that the program raises itself gets `name` and `obj` where the attribute was looked up, if it has none.
import traceback

class ByGetattr:
    blech = None
    def __getattr__(self, name): raise AttributeError
class ByGetattrWithText:
    blech = None
    def __getattr__(self, name): raise AttributeError("no", 23)
class ByGetattribute:
    blech = None
    def __getattribute__(self, name):
        if name == "bluch": raise AttributeError(name)
        return object.__getattribute__(self, name)
class ByProperty:
    blech = None
    @property
    def bluch(self): raise AttributeError("not now")
class Named:
    def __getattr__(self, name): raise AttributeError("named", name="other", obj=5)
class ByMeta(type):
    def __getattr__(cls, name): raise AttributeError
class OfMeta(metaclass=ByMeta): pass

for o in (ByGetattr(), ByGetattrWithText(), ByGetattribute(), ByProperty(), Named(), OfMeta):
    for get in (lambda: o.bluch, lambda: getattr(o, "bluch")):
        try:
            get()
        except AttributeError as e:
            print(e.name, e.obj is o, e.args, end=" ")
            error = e
    print(traceback.format_exception_only(error))
    print(hasattr(o, "bluch"), getattr(o, "bluch", 1))
