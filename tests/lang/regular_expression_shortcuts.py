"""What the engine works out about a pattern beforehand does not change what matches."""
import re

text = 'The quick brown fox: 12345 times; foo@bar.com, <a href="x">b</a> aab "q\\"r" K\u212a \u4e2d\u6587 \xe9t\xe9\n' * 2
patterns = [
    r'fox', r'(fox)', r'fox|foo', r'(?:a+b?)*c', r'(?:a+b?)+', r'(?:a*b?)*c?', r'(?:ab|a)*b', r'(a|ab)(c|bcd)*', r'a*?b', r'.*?:',
    r'.*:', r'\w+@', r'\w+@\w+\.\w+', r'[^"]*"', r'"(?:[^"\\]|\\.)*"', r'<(\w+)[^>]*>(.*?)</\1>', r'\d+|\w+|\s+|.', r'\b\w{3}\b',
    r'(?<=@)\w+', r'(?<!f)o+', r'\w+(?=,)', r'\w+(?!,)\W', r'(\w)\1', r'(?i)k+', r'(?i:THE) \w+', r'(?a)\w+', r'[\u4e00-\u9fff]+',
    r'\xe9', r'[^\x00-\x7f]+', r'\w++', r'(?>\w+) ', r'(?:\w\d?)*+ ', r'^The', r'(?m)^The', r'(?m)$', r'\A\w+', r'\Z', r'x?', r'(x)?(?(1)y|T)',
    r'(?:x|y|)*T', r'(?:(?:a|b)*c)+', r'[a-c]*?b', r'(?s).{3,5}?q', r'(?:a{1,2}){2}b', r'\s*$', r'(?:\w+ )*', r'(\w+ ?)+', r'(?P<n>\d{2})+',
    r'([ab])*?b', r'(?:[ab]{0,3}b)*', r'(?i)[a-z]+\d', r'(?:q|u|i)+c', r'(?L:x)' if False else r'x', r'[^\W\d]+', r'\D+', r'\S+\s\S+', r'a{0}b', r'()*', r'(?:)+T',
]
for pattern in patterns:
    p = re.compile(pattern)
    found = [(m.span(), m.groups(), m.lastindex) for m in p.finditer(text)]
    print(ascii(pattern), len(found), ascii(found[:6]), p.match(text) is not None, p.fullmatch(text) is not None)
    print('   ', ascii(p.sub('-', text)[:70]), ascii(p.split(text)[:4]))
    for subject in ('', 'a', 'aab', 'aaaaab', 'abababab', 'xyz', 'cab', '\u212a', '\u4e2d', 'a\u4e2db', '\U0001f600a b'):
        m = p.search(subject)
        print('   ', ascii(subject), m and (m.span(), m.groups(), m.regs), p.findall(subject, 1)[:3])

for pattern in (rb'\w+', rb'o+', rb'(?L)\w+', rb'(?L)[a-c]', rb'(?Li)ABC', rb'[\x80-\xff]+', rb'quick'):
    p = re.compile(pattern)
    print(pattern, p.findall(b'the quick o\xe9o abc Abc')[:9])

for n in (0, 1, 63, 64, 65, 100):
    long = 'x' * n + 'y'
    print(n, re.search('x{%d}y' % n, 'zz' + long + 'z').span(), re.search(long, 'zz' + long + 'z').span(), re.search(long + 'q', long * 3))
print(len(re.compile('(?:a|b|ab)*c').findall('ab' * 9 + 'c')), re.compile('(a)' * 60).match('a' * 60).lastindex)
