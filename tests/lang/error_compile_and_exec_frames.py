source = """
def inner(x):
    return x.upper() + 1

inner("a")
"""
namespace = {}
code = compile(source, "<generated>", "exec")
exec(code, namespace)
