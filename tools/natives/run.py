"""tools/natives/run.py [--krait PATH] [--ms 6] [--rounds 4] [--max 1.5] [--quiet] REGEX...: CPython's time by Krait's for one-line
programs of the native parts whose names match, run in turn in one process of each; best of the rounds."""
import sys, subprocess, re, argparse, math, pathlib
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))
from cases import CASES
p = argparse.ArgumentParser()
p.add_argument('--krait', default=str(ROOT / 'build/release/krait'))
p.add_argument('--ms', type=float, default=6)
p.add_argument('--rounds', type=int, default=4)
p.add_argument('--max', type=float, default=99)
p.add_argument('--quiet', action='store_true')
p.add_argument('pat', nargs='*', default=[''])
a = p.parse_args()
class Child:
    def __init__(self, exe):
        self.exe = exe; self.start()
    def start(self):
        self.p = subprocess.Popen([self.exe, str(HERE / 'child.py')], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    def run(self, i, n):
        self.p.stdin.write(f'{i} {n}\n'); self.p.stdin.flush()
        l = self.p.stdout.readline().strip()
        if not l:
            self.start(); return 'DIED'
        return int(l) if l.isdigit() else l
cp, kr = Child(str(ROOT / 'build/reference/bin/python3.14')), Child(a.krait)
rows = []
for i, (name, setup, stmt) in enumerate(CASES):
    if not any(re.search(q, name) for q in a.pat): continue
    n = 1
    t = cp.run(i, n)
    if isinstance(t, str): print(name, 'CPython', t); continue
    while True:
        t = cp.run(i, n)
        if t > a.ms * 1e6 / 4: break
        n = n * 4 if t < a.ms*1e6/40 else n * 2
    n = max(1, int(n * a.ms * 1e6 / t))
    bc = bk = 1e18; bad = None
    for _ in range(a.rounds):
        tc = cp.run(i, n); tk = kr.run(i, n)
        if isinstance(tk, str): bad = tk; break
        bc = min(bc, tc); bk = min(bk, tk)
    if bad: print(f'{name:30} {bad}', flush=True); continue
    rows.append((bc / bk, name, bc / n, bk / n))
    if not a.quiet and bc / bk <= a.max: print(f'{name:30} {bc/bk:6.2f}   {bc/n:10.0f} {bk/n:10.0f} ns', flush=True)
groups = {}
for r, name, *_ in rows: groups.setdefault(name.split('.')[0], []).append(r)
for g, rs in groups.items(): print(f'== {g:12} gm {math.exp(sum(map(math.log, rs))/len(rs)):.2f} min {min(rs):.2f} below1: {sum(r<1 for r in rs)} below1.5: {sum(r<1.5 for r in rs)} of {len(rs)}')
rows.sort()
if a.quiet:
    for r, name, c, k in rows:
        if r <= a.max: print(f'{r:5.2f} {name:28} {c:9.0f} {k:9.0f}')
