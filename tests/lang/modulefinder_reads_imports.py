# modulefinder finds what a program imports and assigns, from its code.
import modulefinder
import os
import tempfile

with tempfile.TemporaryDirectory() as folder:
    files = {
        "main.py": "import alpha.beta\nfrom alpha import gamma as g\nfrom delta import *\ndef f():\n    import missing_one\n",
        "alpha/__init__.py": "value = 1\n",
        "alpha/beta.py": "from . import gamma\nfrom .. import nothing\n",
        "alpha/gamma.py": "x = y = 2\nfor z in (): pass\n",
        "delta.py": "def d(): pass\nclass E: pass\nglobal_one = 1\n",
    }
    os.mkdir(os.path.join(folder, "alpha"))
    for name, text in files.items():
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)
    finder = modulefinder.ModuleFinder([folder])
    finder.run_script(os.path.join(folder, "main.py"))
    for name, module in sorted(finder.modules.items()):
        print(name, sorted(module.globalnames))
    print(sorted(finder.badmodules))
