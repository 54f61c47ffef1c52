"""Codecs: error handlers, positions and messages."""
import warnings
warnings.simplefilter("ignore")
import codecs, _codecs
def t(f,*a,**k):
    try: print(ascii(f(*a,**k)))
    except BaseException as e: print(type(e).__name__,ascii(str(e)),getattr(e,'__notes__',None))
t('é'.encode,'cp437',)
t('\u1234'.encode,'cp437')
t(b'\x81'.decode,'cp1252')
t('a'.encode,'rot13')
t(codecs.lookup,'nope')
t(codecs.lookup_error,'nope')
t(codecs.register_error,'x',1)
t(codecs.register,1)
t(_codecs._unregister_error,'strict')
t(_codecs._unregister_error,'foo')
t(lambda: codecs.lookup('UTF 8').name)
t(codecs.lookup,'a'*300)
t(codecs.lookup,'\u1234')
t(b''.decode,'nope')
t(''.encode,'nope')
t(b''.decode,'utf-8','nope')
t(b'\xff'.decode,'utf-8','nope')
for n in ['strict','ignore','replace','backslashreplace','xmlcharrefreplace','namereplace','surrogateescape','surrogatepass']:
    h=codecs.lookup_error(n); print(n,h.__name__)
    t(h,1); t(h,UnicodeError('a'))
    for e in [UnicodeEncodeError('ascii','aé\u1234\U0001f600\ud800\udc80b',1,6,'why'),UnicodeDecodeError('utf-8',b'a\xed\xa0\x80\xff\xfe',1,5,'why'),UnicodeTranslateError('aé\ud800b',1,3,'why')]: t(h,e)
t(b'\xff\xfea'.decode,'utf-16'); t(b'\x00\xdca\x00'.decode,'utf-16'); t(b'\x00\xd8a\x00'.decode,'utf-16-le');t(b'\x00\xd8'.decode,'utf-16-le');t(b'\x00\xd8a'.decode,'utf-16-le');t(b'\xff\xfe\x00\xd8'.decode,'utf-16')
t(b'\0\0\0'.decode,'utf-32');t(b'\0\xd8\0\0'.decode,'utf-32');t(b'\0\0\0\xff'.decode,'utf-32-le');t('\ud800\ud801a'.encode,'utf-16');t('\ud800\ud801a'.encode,'utf-32-be');t(b'\xff\xfe\0\0\0\0\0\xff'.decode,'utf-32')
t(b'+'.decode,'utf-7');t(b'+A'.decode,'utf-7');t(b'+IKwA'.decode,'utf-7');t(b'\xff'.decode,'utf-7');t(b'+2AA-'.decode,'utf-7');t(b'+-'.decode,'utf-7');t(b'a+AGEz'.decode,'utf-7');t(b'+AGE\xff'.decode,'utf-7');t('é+a\ud800\U0001f600~\\'.encode,'utf-7')
t(b'\\x'.decode,'unicode_escape');t(b'\\xz'.decode,'unicode_escape');t(b'\\u123'.decode,'unicode_escape');t(b'\\U00110000'.decode,'unicode_escape');t(b'\\N{foo}'.decode,'unicode_escape');t(b'\\N'.decode,'unicode_escape');t(b'\\N{LATIN SMALL LETTER A}\\101\\z\\777'.decode,'unicode_escape');t(b'\\'.decode,'unicode_escape');t(b'\\u12\xe9'.decode,'raw_unicode_escape');t(b'\\u1234\\n\\\\u0041\xe9'.decode,'raw_unicode_escape');t(b'\\U00110000'.decode,'raw_unicode_escape');
t(codecs.escape_decode,b'\\x');t(codecs.escape_decode,b'\\xz1');t(codecs.escape_decode,b'\\');t(codecs.escape_decode,b'\\x41\\101\\z\\n\\\n\\400');t(codecs.escape_decode,b'\\xz1','replace');t(codecs.escape_decode,b'\\xz1','ignore');t(codecs.escape_decode,b'\\xz1','foo');t(codecs.escape_encode,b'a\'"\n\\\xff\0');t('a\u1234\U0001f600\\\n\'"\x7f\xe9'.encode,'unicode_escape');t('a\u1234\U0001f600\\\n\'"\x7f\xe9'.encode,'raw_unicode_escape')
