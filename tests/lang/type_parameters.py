import typing
def first[T](xs: list[T]) -> T: return xs[0]
class Stack[T: (int, str) = int]:
    def __init__(self) -> None: self.items: list[T] = []
    def push(self, x: T) -> T: self.items.append(x); return x
class Pair[K, *Vs, **P](dict): pass
type Alias[X] = list[X] | None
type Rec = int | list[Rec]
print(first([1]), first.__type_params__, Stack.__type_params__, Stack[int],
    Stack.__type_params__[0].__constraints__, Stack.__type_params__[0].__default__, Pair.__type_params__,
    Pair.__mro__[1:], Stack.__orig_bases__)
print(Alias, Alias.__value__, Alias[int], Alias.__type_params__, Rec.__value__, Alias.__name__,
    typing.get_args(Alias[str]))
class B[T: Bound]: pass
try:
    B.__type_params__[0].__bound__
except NameError as e:
    print(e)
class Bound: pass
print(B.__type_params__[0].__bound__, Stack[int]().push(3), isinstance(Stack(), Stack))
x = list[int]
print(x, x.__origin__, x.__args__, x([1]), dict[str, list[int]], tuple[int, ...], int | None,
    (int | str).__args__, isinstance(1, int | str), int | str == str | int, type[int], list[int] == list[int])
T = typing.TypeVar("T")
print(T, list[T][int], dict[str, T][int], typing.Optional[int], typing.Union[int, str],
    typing.Callable[[int], str], typing.get_origin(list[int]), typing.Literal["a", 1],
    typing.Annotated[int, "m"].__metadata__)
for bad in ("isinstance([], list[int])", "list[int].nope", "int[str]", "Stack[int, str]", "Alias()",
    "isinstance(1, Alias)", "int | 5"):
    try:
        print(eval(bad))
    except (TypeError, AttributeError) as e:
        print(bad, "->", e)
class NT(typing.NamedTuple):
    a: int
    b: str = "d"
class TD(typing.TypedDict, total=False): k: int
@typing.runtime_checkable
class Proto(typing.Protocol):
    def quack(self): ...
class Duck:
    def quack(self): pass
print(NT(1), NT(1)._replace(b="z"), NT._fields, TD(k=1), TD.__optional_keys__, isinstance(Duck(), Proto),
    isinstance(1, Proto), typing.cast(int, "x"), typing.NewType("UserId", int)(5))

# How many arguments are too few
import typing
T, U, P = typing.TypeVar("T"), typing.TypeVar("U"), typing.ParamSpec("P")
class Both(typing.Generic[T, U]): ...
class Ends[X, *Y, Z]: ...
for subscript in (lambda: Both[int], lambda: Both[()], lambda: Both[int, str, bool], lambda: Ends[()], lambda: Ends[int],
                  lambda: dict[T, U][int], lambda: list[T][()]):
    try:
        print(subscript())
    except TypeError as e:
        print(e)
