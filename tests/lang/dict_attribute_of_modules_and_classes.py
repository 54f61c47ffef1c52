"""The descriptor of a class whose instances have a __dict__ does not change that of modules and classes that derive from it."""
import types


class Base:
    pass


class Meta(type, Base):
    pass


class First(types.ModuleType, Base):
    pass


class Second(Base, types.ModuleType):
    pass


class Error(Base, Exception):
    pass


descriptor = Base.__dict__["__dict__"]
for o in (Meta("X", (), {}), First("m"), Second("m"), types.ModuleType("m"), Error(), Base()):
    for change in (lambda: descriptor.__set__(o, {"a": 1}), lambda: setattr(o, "__dict__", {"a": 2})):
        try:
            change()
            print(type(o).__name__, vars(o))
        except (AttributeError, TypeError) as e:
            print(type(o).__name__, type(e).__name__)
print(First("m").__dict__["__name__"])


class Forgetful(type):
    def mro(cls):
        return (Base,)


try:
    class Lost(metaclass=Forgetful):
        pass
except TypeError as e:
    print(e)
