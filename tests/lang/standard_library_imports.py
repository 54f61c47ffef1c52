"""Every pure-Python module of the standard library that needs no native module which Krait lacks can be imported."""
import importlib
import sys
import warnings

NAMES = """
__future__ __hello__ __phello__ __phello__.spam _aix_support _android_support _apple_support _ast_unparse
_collections_abc _colorize _compat_pickle _markupbase _opcode_metadata _osx_support _py_abc _py_warnings
_pydatetime _pydecimal _pyio _pylong _pyrepl _pyrepl._module_completer _pyrepl._threading_handler
_pyrepl.base_eventqueue _pyrepl.commands _pyrepl.completing_reader _pyrepl.console _pyrepl.fancy_termios
_pyrepl.historical_reader _pyrepl.input _pyrepl.keymap _pyrepl.main _pyrepl.pager _pyrepl.reader
_pyrepl.readline _pyrepl.simple_interact _pyrepl.terminfo _pyrepl.trace _pyrepl.types _pyrepl.unix_console
_pyrepl.unix_eventqueue _pyrepl.utils _pyrepl.windows_eventqueue _sitebuiltins _strptime _threading_local
_weakrefset abc annotationlib argparse ast asyncio asyncio.base_events asyncio.base_futures
asyncio.base_subprocess asyncio.base_tasks asyncio.constants asyncio.coroutines asyncio.events
asyncio.exceptions asyncio.format_helpers asyncio.futures asyncio.graph asyncio.locks asyncio.log
asyncio.mixins asyncio.proactor_events asyncio.protocols asyncio.queues asyncio.runners
asyncio.selector_events asyncio.sslproto asyncio.staggered asyncio.streams asyncio.subprocess
asyncio.taskgroups asyncio.tasks asyncio.threads asyncio.timeouts asyncio.transports asyncio.trsock
asyncio.unix_events base64 bdb bisect calendar cmd code codecs codeop collections colorsys compileall
compression compression._common compression._common._streams compression.gzip compression.zlib concurrent
concurrent.futures concurrent.futures._base concurrent.futures.process concurrent.futures.thread
configparser contextlib contextvars copy copyreg csv dataclasses datetime dbm dbm.dumb decimal difflib dis
doctest email email._encoded_words email._header_value_parser email._parseaddr email._policybase
email.base64mime email.charset email.contentmanager email.encoders email.errors email.feedparser
email.generator email.header email.headerregistry email.iterators email.message email.mime
email.mime.application email.mime.audio email.mime.base email.mime.image email.mime.message
email.mime.multipart email.mime.nonmultipart email.mime.text email.parser email.policy email.quoprimime
email.utils encodings encodings._win_cp_codecs encodings.aliases encodings.ascii encodings.base64_codec
encodings.charmap encodings.cp037 encodings.cp1006 encodings.cp1026 encodings.cp1125 encodings.cp1140
encodings.cp1250 encodings.cp1251 encodings.cp1252 encodings.cp1253 encodings.cp1254 encodings.cp1255
encodings.cp1256 encodings.cp1257 encodings.cp1258 encodings.cp273 encodings.cp424 encodings.cp437
encodings.cp500 encodings.cp720 encodings.cp737 encodings.cp775 encodings.cp850 encodings.cp852
encodings.cp855 encodings.cp856 encodings.cp857 encodings.cp858 encodings.cp860 encodings.cp861
encodings.cp862 encodings.cp863 encodings.cp864 encodings.cp865 encodings.cp866 encodings.cp869
encodings.cp874 encodings.cp875 encodings.hex_codec encodings.hp_roman8 encodings.idna encodings.iso8859_1
encodings.iso8859_10 encodings.iso8859_11 encodings.iso8859_13 encodings.iso8859_14 encodings.iso8859_15
encodings.iso8859_16 encodings.iso8859_2 encodings.iso8859_3 encodings.iso8859_4 encodings.iso8859_5
encodings.iso8859_6 encodings.iso8859_7 encodings.iso8859_8 encodings.iso8859_9 encodings.koi8_r
encodings.koi8_t encodings.koi8_u encodings.kz1048 encodings.latin_1 encodings.mac_arabic
encodings.mac_croatian encodings.mac_cyrillic encodings.mac_farsi encodings.mac_greek
encodings.mac_iceland encodings.mac_latin2 encodings.mac_roman encodings.mac_romanian
encodings.mac_turkish encodings.palmos encodings.ptcp154 encodings.punycode encodings.quopri_codec
encodings.raw_unicode_escape encodings.rot_13 encodings.tis_620 encodings.undefined
encodings.unicode_escape encodings.utf_16 encodings.utf_16_be encodings.utf_16_le encodings.utf_32
encodings.utf_32_be encodings.utf_32_le encodings.utf_7 encodings.utf_8 encodings.utf_8_sig
encodings.uu_codec encodings.zlib_codec enum filecmp fileinput fnmatch fractions ftplib functools
genericpath getopt getpass gettext glob graphlib gzip hashlib heapq hmac html html.entities html.parser
http http.client http.cookiejar http.cookies http.server imaplib importlib importlib._abc
importlib._bootstrap importlib._bootstrap_external importlib.abc importlib.machinery importlib.metadata
importlib.metadata._adapters importlib.metadata._collections importlib.metadata._functools
importlib.metadata._itertools importlib.metadata._meta importlib.metadata._text
importlib.metadata.diagnose importlib.readers importlib.resources importlib.resources._adapters
importlib.resources._common importlib.resources._functional importlib.resources._itertools
importlib.resources.abc importlib.resources.readers importlib.resources.simple importlib.simple
importlib.util inspect io ipaddress json json.decoder json.encoder json.scanner json.tool keyword
linecache locale logging logging.config logging.handlers mailbox mimetypes modulefinder multiprocessing
multiprocessing.connection multiprocessing.context multiprocessing.dummy multiprocessing.dummy.connection
multiprocessing.managers multiprocessing.pool multiprocessing.popen_fork multiprocessing.popen_spawn_posix
multiprocessing.process multiprocessing.queues multiprocessing.reduction multiprocessing.resource_sharer
multiprocessing.spawn multiprocessing.util netrc ntpath numbers opcode operator optparse os pathlib
pathlib._local pathlib._os pathlib.types pdb pickle pickletools pkgutil platform poplib posixpath pprint
profile pstats pty py_compile pyclbr pydoc queue quopri random re re._casefix re._compiler re._constants
re._parser reprlib rlcompleter runpy sched secrets selectors shelve shlex shutil signal site smtplib
socket socketserver stat statistics string string.templatelib stringprep struct subprocess symtable
sysconfig tabnanny tarfile tempfile textwrap threading timeit token tokenize tomllib tomllib._parser
tomllib._re tomllib._types trace traceback tracemalloc tty types typing unittest unittest._log
unittest.async_case unittest.case unittest.loader unittest.main unittest.mock unittest.result
unittest.runner unittest.signals unittest.suite unittest.util urllib urllib.error urllib.parse
urllib.request urllib.response urllib.robotparser uuid venv warnings wave weakref webbrowser wsgiref
wsgiref.handlers wsgiref.headers wsgiref.simple_server wsgiref.types wsgiref.util wsgiref.validate xml
xml.dom xml.dom.NodeFilter xml.dom.domreg xml.dom.minicompat xml.dom.minidom xml.dom.pulldom
xml.dom.xmlbuilder xml.etree xml.etree.ElementInclude xml.etree.ElementPath xml.etree.ElementTree
xml.etree.cElementTree xml.parsers xml.sax xml.sax._exceptions xml.sax.handler xml.sax.saxutils
xml.sax.xmlreader xmlrpc zipapp zipfile zipfile._path zipfile._path.glob zipimport zoneinfo
zoneinfo._common zoneinfo._tzpath zoneinfo._zoneinfo
""".split()

warnings.simplefilter("ignore")
failed = []
for name in NAMES:
    try:
        importlib.import_module(name)
    except BaseException as e:
        failed.append((name, type(e).__name__, str(e)))
print(len(NAMES), "modules")
print(*failed, sep="\n")
print(sys.modules["json.decoder"] is importlib.import_module("json").decoder)
