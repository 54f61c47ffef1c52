"""A script that lies in the library's own folder finds the modules that the engine brings in place of the library's."""
import os
import subprocess
import sys

library = os.path.dirname(os.__file__)
done = subprocess.run([sys.executable, os.path.join(library, "pydoc.py"), "no_such_module_here"], capture_output=True, text=True)
print(done.returncode, done.stdout, done.stderr)
done = subprocess.run([sys.executable, "-c", "import dis, inspect; print(inspect.isfunction(dis.dis))"], capture_output=True,
                      text=True, cwd=library)
print(done.returncode, done.stdout, done.stderr)
