"""One interpreter's side: reads "index repetitions" lines, answers with nanoseconds of processor time, or ERR."""
import sys, time, os
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cases import CASES
fns = {}
def make(i):
    name, setup, stmt = CASES[i]
    ns = {}
    # setup at function level: names are locals of the function by way of arguments
    exec(compile(setup, 'setup', 'exec'), ns)
    args = [k for k in ns if k.isidentifier() and not k.startswith('__')]
    body = '\n'.join('        ' + ln for ln in stmt.split('\n'))
    src = 'def bench(_n, %s):\n    for _i in range(_n):\n%s\n' % (', '.join(args), body)
    g = dict(ns)
    exec(compile(src, name, 'exec'), g)
    f = g['bench']
    vals = [ns[a] for a in args]
    return lambda n: f(n, *vals)
out = sys.stdout
for line in sys.stdin:
    i, n = map(int, line.split())
    try:
        f = fns.get(i)
        if f is None:
            fns.clear()
            f = fns[i] = make(i)
        t = time.process_time_ns()
        f(n)
        print(time.process_time_ns() - t, flush=True)
    except Exception as e:
        print('ERR', type(e).__name__, e, flush=True)
