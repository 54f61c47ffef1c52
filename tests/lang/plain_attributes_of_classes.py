"""object.__getattribute__ of a class finds what stands in its own namespace, as it is."""


class Meta(type):
    def __getattribute__(self, name):
        if name == "hidden":
            raise AttributeError("hidden")
        return object.__getattribute__(self, name)

    @property
    def of_meta(self):
        return "property"

    other = "of the metaclass"


class Parent(metaclass=Meta):
    hidden = 1
    inherited = 2
    other = "of the class"


class Child(Parent):
    own = 3

    def method(self):
        pass


print(Child.own, Child.of_meta, Child.other, Parent.other, Child.__name__)
print(object.__getattribute__(Child, "method") is type.__getattribute__(Child, "__dict__")["method"])
for name in ("hidden", "inherited", "missing"):
    try:
        print(getattr(Child, name))
    except AttributeError as error:
        print(error)
print(object.__getattribute__(int, "bit_length"))
