"""In the mode of a prompt only the module's own first text is shown; classes and functions have docstrings."""
for source in ("class X:\n  'of a class'\n  'not this'\n  def f(self):\n    'of a method'\n",
               "def X():\n  'of a function'\n", "class X:\n  class Y:\n    'inner'\n", "'shown'\n"):
    for mode in ("single", "exec"):
        names = {}
        exec(compile(source, "typed", mode), names)
        made = names.get("X")
        print(mode, names.get("__doc__"), made and made.__doc__, [getattr(v, "__doc__", None) for k, v in sorted(vars(made or type).items())
                                                                 if k in ("f", "Y")])
