import subprocess, sys, signal, os, time
run = lambda *a, **k: subprocess.run(list(a), capture_output=True, text=True, **k)
r = run(sys.executable, "-c", "import sys; print('out'); print('err', file=sys.stderr); sys.exit(4)")
print(r.returncode, r.stdout, r.stderr)
print(run("cat", input="through cat").stdout,
    subprocess.check_output("echo $X | tr a-z A-Z", shell=True, env={**os.environ, "X": "shell"}),
    run("pwd", cwd="/").stdout, subprocess.getoutput("echo got"), subprocess.call(["true"]),
    subprocess.getstatusoutput("exit 2"))
for f in (lambda: subprocess.run(["false"], check=True), lambda: subprocess.run(["/no/such/prog"]),
    lambda: subprocess.run([sys.executable, "-c", "import time; time.sleep(30)"], timeout=0.2),
    lambda: subprocess.run(["true"], cwd="/no/dir"),
    lambda: subprocess.check_output(["sh", "-c", "echo x; exit 3"])):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, str(e).replace(sys.executable, "EXE"))
p = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(p.poll(), p.communicate(b"comm"), p.returncode, p.args)
p1 = subprocess.Popen(["echo", "b\na"], stdout=subprocess.PIPE)
p2 = subprocess.run(["sort"], stdin=p1.stdout, capture_output=True)
p1.stdout.close()
p1.wait()
print(p2.stdout)
with subprocess.Popen(["sleep", "30"]) as p: p.terminate()
print(p.returncode, p.returncode == -signal.SIGTERM, subprocess.run(["sh", "-c", "kill -9 $$"]).returncode,
    subprocess.list2cmdline(["a b", 'c"d']),
    subprocess.run("echo hidden", shell=True, stdout=subprocess.DEVNULL).returncode,
    subprocess.run(["sh", "-c", "echo e >&2"], stderr=subprocess.STDOUT, stdout=subprocess.PIPE).stdout)
got = []
old = signal.signal(signal.SIGUSR1, lambda n, f: got.append((n, f.f_code.co_name)))
os.kill(os.getpid(), signal.SIGUSR1)
print(got, signal.Signals(10).name, old == signal.SIG_DFL, signal.getsignal(signal.SIGUSR1) is not None)
def alarm(n, f): raise TimeoutError("alarm")
signal.signal(signal.SIGALRM, alarm); signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    while True: pass
except TimeoutError as e:
    print(e)
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    time.sleep(10)
except TimeoutError as e:
    print("sleep interrupted")
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("KeyboardInterrupt")
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
os.kill(os.getpid(), signal.SIGUSR1)
print(len(got), signal.SIGUSR1 in signal.sigpending())
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
print(len(got), signal.strsignal(2), signal.default_int_handler.__name__)
for f in (lambda: signal.signal(99, alarm), lambda: signal.signal(signal.SIGKILL, alarm),
    lambda: signal.signal(signal.SIGUSR1, 5), lambda: os.kill(2**22 + 5, 0)):
    try:
        f()
    except (ValueError, OSError, TypeError) as e:
        print(type(e).__name__, e)
