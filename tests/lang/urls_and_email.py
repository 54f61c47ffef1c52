import urllib.parse as up, email, email.message, email.policy, http.cookies, mimetypes, ipaddress, html
from email.mime.text import MIMEText
from email.mime.multipart import MIMEMultipart

u = up.urlsplit("https://user:pw@example.com:8080/a/b;p?q=1&r=a%20b#frag")
print(u, u.hostname, u.port, u.username, u.geturl(), u._replace(path="/x").geturl(),
    up.urlparse("//h/p;x?y").params, up.parse_qs("a=1&a=2&b=&c", keep_blank_values=True),
    up.parse_qsl("x=1&y=%C3%A9"))
print(up.quote("a b/ü?&"), up.quote_plus("a b&c"), up.unquote("%E2%82%AC+1"), up.unquote_plus("a+b"),
    up.urlencode({"k": ["1", "2"], "e": "ü"}, doseq=True),
    [up.urljoin("http://a/b/c?d", x) for x in ("g", "../g", "/g", "//h", "?y", "#s", "http://z")],
    up.urldefrag("x#y"), up.unquote_to_bytes("%ff"))
m = email.message.EmailMessage()
m["Subject"] = "Héllo"
m["From"] = "Ann <ann@x.y>"
m["To"] = "bob@x.y, Cy <cy@z>"
m.set_content("text body\nline é\n")
m.add_alternative("<p>html</p>", subtype="html")
m.add_attachment(b"\0\1data", maintype="application", subtype="octet-stream", filename="f.bin")
m.set_boundary("BOUNDARY")
for part in m.walk(): part.set_boundary("B2") if part.is_multipart() and part is not m else None
print(m.as_string())
p = email.message_from_string(
    "Subject: =?utf-8?q?caf=C3=A9?=\nTo: a@b\nX: 1\n 2\nContent-Type: text/plain; charset=latin-1\n\nbody\n",
    policy=email.policy.default)
print(p["subject"], p["to"].addresses[0].domain, p["x"], p.get_content(), p.get_content_charset(), p.keys(),
    email.message_from_string("no headers").get_payload())
mm = MIMEMultipart(boundary="X")
mm.attach(MIMEText("hi"))
print(mm.as_string())
import email.utils, email.header
print(email.utils.parseaddr("Ann B <a@b.c>"), email.utils.formataddr(("É", "e@f")),
    email.utils.parsedate_to_datetime("Mon, 20 Nov 1995 19:12:08 -0500"),
    email.header.decode_header("=?iso-8859-1?q?p=F6stal?="),
    email.utils.format_datetime(__import__("datetime").datetime(2024, 1, 2)))
c = http.cookies.SimpleCookie('a=1; b="x y"')
c["a"]["path"] = "/"
c["a"]["httponly"] = True
print(c.output(), c["b"].value)
print(mimetypes.guess_type("a.tar.gz"), mimetypes.guess_type("x.html"),
    mimetypes.guess_extension("image/png"))
n = ipaddress.ip_network("192.168.0.0/29")
print(n.num_addresses, list(n.hosts())[:2], ipaddress.ip_address("192.168.0.5") in n,
    ipaddress.ip_address("::1").exploded, ipaddress.ip_address("10.0.0.1").is_private,
    list(n.subnets(new_prefix=30)), ipaddress.ip_interface("1.2.3.4/24").network, n.supernet(),
    list(ipaddress.summarize_address_range(ipaddress.ip_address("1.1.1.0"), ipaddress.ip_address("1.1.1.5"))))
for bad in ("ipaddress.ip_address('1.2.3')", "ipaddress.ip_network('1.2.3.4/24')",
    "up.urlsplit('http://[x').port", "up.urlsplit('http://h:99999').port"):
    try:
        print(eval(bad))
    except ValueError as e:
        print(e)
