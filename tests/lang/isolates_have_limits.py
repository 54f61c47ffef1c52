"""An interpreter that runs out of its memory gets MemoryError; neither it nor its host is harmed.

CPython has no such limit: there the scripts raise the error themselves.
"""
import _interpreters
import gc

LIMIT = 64 << 20

fill = '''
kept = []
while True:
    kept.append([None] * 1000)
'''
one_large_object = 'kept = bytearray(1 << 30)'
many_strings = '''
kept = {}
while True:
    kept[f"{len(kept):0200}"] = len(kept)
'''


def limited():
    id = _interpreters.create()
    if hasattr(_interpreters, 'set_memory_limit'):
        _interpreters.set_memory_limit(id, LIMIT)
        live, external, limit = _interpreters.memory_usage(id)
        assert limit == LIMIT and 0 < live + external < LIMIT
        return id, lambda script: script
    return id, lambda script: 'raise MemoryError'


def show(failure):
    """CPython tells nothing about a MemoryError."""
    print('MemoryError' if failure is None or failure.type is None else failure.type.__name__)


for script in (fill, one_large_object, many_strings):
    id, adapt = limited()
    # The code itself may handle the error, and goes on.
    _interpreters.run_string(id, f'''
def run():
    try:
        exec({adapt(script)!r}, {{}})
    except MemoryError:
        print("caught", flush=True)
run()
x = [i for i in range(100000)]
print(len(x), flush=True)
''')
    body = ''.join(f'  {line}\n' for line in adapt(script).splitlines())
    show(_interpreters.run_string(id, f'def f():\n{body}f()'))
    print(_interpreters.run_string(id, 'import json; print(json.dumps([1, 2]), flush=True)'))
    _interpreters.destroy(id)

data = [bytes(1000) for _ in range(10000)]
gc.collect()
print(len(data), _interpreters.list_all())
