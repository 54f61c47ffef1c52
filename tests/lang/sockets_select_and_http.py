import socket, select, selectors, threading, http.server, http.client, urllib.request, urllib.error, socketserver, os, tempfile
a, b = socket.socketpair()
a.sendall(b"hello")
print(b.recv(3), b.recv(10, socket.MSG_PEEK), b.recv(10), select.select([b], [a], [], 0)[0],
    len(select.select([], [a], [], 0)[1]))
a.shutdown(socket.SHUT_WR)
print(b.recv(5))
a.close()
b.close()
print(a.fileno(), repr(a)[:30])
s = socket.create_server(("127.0.0.1", 0)); port = s.getsockname()[1]
def echo():
    c, addr = s.accept()
    with c, c.makefile("rwb") as f:
        for line in f: f.write(line.upper()); f.flush()
t = threading.Thread(target=echo); t.start()
with socket.create_connection(("127.0.0.1", port)) as c:
    c.settimeout(5)
    print(c.getpeername()[1] == port)
    c.sendall(b"one\ntwo\n")
    c.shutdown(socket.SHUT_WR)
    data = b"".join(iter(lambda: c.recv(100), b""))
    print(data, c.gettimeout(), c.family.name, c.type.name)
t.join(); s.close()
for f in (lambda: socket.create_connection(("127.0.0.1", 1), timeout=2), lambda: s.accept(),
    lambda: socket.socket().connect("x"), lambda: socket.inet_aton("300.1.1.1"), lambda: socket.socket(999)):
    try:
        f()
    except OSError as e:
        print(type(e).__name__, e)
    except TypeError as e:
        print(type(e).__name__, e)
u1, u2 = socket.socket(type=socket.SOCK_DGRAM), socket.socket(type=socket.SOCK_DGRAM)
u1.bind(("127.0.0.1", 0))
u2.sendto(b"dgram", u1.getsockname())
print(u1.recvfrom(100)[0], socket.inet_ntoa(b"\x7f\0\0\1"), socket.htons(1),
    socket.getservbyname("http") if os.path.exists("/etc/services") else 80,
    socket.inet_pton(socket.AF_INET6, "::1")[-1])
u1.settimeout(0.01)
try:
    u1.recv(1)
except TimeoutError as e:
    print(e)
u1.close()
u2.close()
sel = selectors.DefaultSelector()
r, w = os.pipe()
sel.register(r, selectors.EVENT_READ, "data")
print(sel.select(0))
os.write(w, b"x")
print([(k.data, e) for k, e in sel.select(1)])
sel.close()
os.close(r)
os.close(w)
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/missing": return self.send_error(404)
        body = f"path {self.path} {self.headers['X-Test']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(body)
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.end_headers()
        self.wfile.write(body[::-1])
    def log_message(self, *a): pass
srv = http.server.ThreadingHTTPServer(("127.0.0.1", 0), H)
threading.Thread(target=srv.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{srv.server_address[1]}"
with urllib.request.urlopen(urllib.request.Request(base + "/a?b=1", headers={"X-Test": "hv"})) as r:
    print(r.status, r.read(), r.headers["content-type"], r.reason)
print(urllib.request.urlopen(base + "/p", data=b"payload").read())
conn = http.client.HTTPConnection("127.0.0.1", srv.server_address[1])
conn.request("GET", "/keep")
print(conn.getresponse().read())
conn.close()
try:
    urllib.request.urlopen(base + "/missing")
except urllib.error.HTTPError as e:
    print(e.code, e.reason); e.close()
srv.shutdown(); srv.server_close()
# Linux's abstract names of local sockets: text and bytes, zeros included
for name in (f"\0krait test {os.getpid()}", b"\0krait\0%d" % os.getpid()):
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(name)
        print(s.getsockname() == (name if isinstance(name, bytes) else name.encode()))
print(socket.getaddrinfo("fe80::1%1", 80, type=socket.SOCK_STREAM)[0][4])
