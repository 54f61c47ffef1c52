"""Say in a copy of CPython's library how Krait was built.

usage: python3.14 tools/describe_build.py LIBRARY

LIBRARY is build/lib/python3.14, copied from Debian's packages (tools/bootstrap). Krait is a free-threaded Python: `sysconfig` looks
for build variables under a name with a `t` and names folders so. From CPython's own files of these kinds this makes
    _sysconfigdata_t_linux_ARCH.py   the build variables
    build-details.t.ARCH.json        PEP 739; without what is said of a library to link with, which there is none of
    ../python3.14t                   a link to the library, since some of Debian's paths have the t and some have not
and mends what Debian's patches left out: `site` looked for a virtual environment's packages in the folder without the t.
"""

import json
import pathlib
import pprint
import re
import runpy
import sys

NAME = "krait-314t"


def describe_variables(path):
    variables = runpy.run_path(str(path))["build_time_vars"]
    multiarch = variables["MULTIARCH"]
    variables |= {"ABIFLAGS": "t", "Py_GIL_DISABLED": 1, "LDVERSION": variables["VERSION"] + "t", "SOABI": f"{NAME}-{multiarch}",
                  "EXT_SUFFIX": f".{NAME}-{multiarch}.so"}
    target = path.with_name(path.name.replace("_sysconfigdata__", "_sysconfigdata_t_"))
    target.write_text(f"# made by tools/describe_build.py from {path.name}\nbuild_time_vars = {pprint.pformat(variables)}\n")


def describe_build(path):
    details = json.loads(path.read_text())
    details["implementation"] |= {"name": "krait", "cache_tag": "krait-314"}
    details["abi"]["flags"] = ["t"]
    details["suffixes"]["extensions"] = []
    del details["libpython"], details["c_api"]
    path.with_name(path.name.replace("build-details..", "build-details.t.")).write_text(json.dumps(details, indent=2) + "\n")


def mend_site(path):
    text = path.read_text()
    environment = re.compile(r'(if is_virtual_environment:\s*sitepackages\.append\(os\.path\.join\(prefix, "lib",\s*)'
                             r'"python%d\.%d" % sys\.version_info\[:2\]')
    path.write_text(environment.sub(r'\1f"python{ver[0]}.{ver[1]}{abi_thread}"', text))


def main():
    library = pathlib.Path(sys.argv[1])
    for path in library.glob("_sysconfigdata__linux_*.py"):
        describe_variables(path)
    for path in library.glob("build-details..*.json"):
        describe_build(path)
    mend_site(library / "site.py")
    link = library.with_name(library.name + "t")
    if not link.is_symlink():
        link.symlink_to(library.name)


main()
