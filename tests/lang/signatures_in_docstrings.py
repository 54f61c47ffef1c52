"""__text_signature__ of a class whose docstring begins as those of native types do."""
import inspect

for doc in ("C(a, b=1)\n--\n\nx", "C(a)\n--\n", "C(a)\n--\n\n", "D(a)\n--\n\nx", "C (a)\n--\n\n", "C(a)\n\n--\n\nx", "C(a\n  b)\n--\n\nx", "C(a)",
            None, "C(a) -> x\n--\n\n", "C(\n--\n\n)", "CC(a)\n--\n\nx", "C(a)b)\n--\n\nx", "\ud800", "C(é=1)\n--\n\n", 5):
    C = type("C", (), {"__doc__": doc})
    print(ascii(doc), C.__text_signature__)
print(type("m.C", (), {"__doc__": "C(a)\n--\n\nx"}).__text_signature__)


class Base:
    """Base(raw, size=10)
--

Text."""


class Derived(Base):
    pass


print(inspect.signature(Base), inspect.signature(Derived), Derived.__text_signature__)
