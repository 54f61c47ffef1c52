# Instances of generic classes pickle with every protocol; type parameters and unions know their module.
import pickle
import types
import typing


class Box[T]:
    def __init__(self, item):
        self.item = item


class Old(typing.Generic[typing.TypeVar("U")]):
    pass


for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    box = Box([1])
    box.extra = "x"
    copy = pickle.loads(pickle.dumps(box, protocol))
    print(protocol, type(copy) is Box, copy.__dict__, type(pickle.loads(pickle.dumps(Old(), protocol))).__name__)
namespace = {}
exec("from typing import ParamSpec, TypeVar; P = ParamSpec('P', bound=[int, str]); T = TypeVar('T')", namespace)
print(namespace["P"].__module__, namespace["T"].__module__, namespace["P"].__bound__)
print((int | str).__module__, typing.Union[int, str].__module__, typing.TypeVar("V").__module__)
print(eval("name", {"__builtins__": types.MappingProxyType({"name": "from a mapping"})}))
