"""Who is interrupted dies of the signal; a status that looks like one is only a status."""
import subprocess
import sys

for program in ("import sys; sys.exit(130)", "raise SystemExit(256)", "import sys; sys.exit(2)", "raise KeyboardInterrupt",
                "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT]); raise KeyboardInterrupt",
                "import os; os._exit(130)"):
    done = subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE)
    print(program, done.returncode, done.stderr.split()[-1:])
