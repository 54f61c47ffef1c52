"""ssl: handshakes in memory and over sockets, certificates, verification, names, protocols, sessions, errors."""

import os
import re
import socket
import ssl
import threading

CERTIFICATES = os.path.join(os.path.dirname(os.__file__), "test", "certdata")
SERVER = os.path.join(CERTIFICATES, "keycert3.pem")
AUTHORITY = os.path.join(CERTIFICATES, "pycacert.pem")


def shown(error):
    return type(error).__name__, re.sub(r"_ssl\.c:\d+", "_ssl.c", str(error))


def attempt(function, *arguments, **keywords):
    try:
        print(function(*arguments, **keywords))
    except Exception as error:
        print(*shown(error))


def contexts(certificate=SERVER):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(AUTHORITY)
    return server, client


def in_memory(server, client, hostname="localhost"):
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    c = client.wrap_bio(to_client, to_server, server_hostname=hostname)
    s = server.wrap_bio(to_server, to_client, server_side=True)
    waiting = {"client": c, "server": s}
    for _ in range(10):
        for side, connection in list(waiting.items()):
            try:
                connection.do_handshake()
                del waiting[side]
            except ssl.SSLWantReadError:
                pass
    return c, s


server, client = contexts()
print(client.verify_mode, client.check_hostname, server.verify_mode, server.check_hostname, client.cert_store_stats())
c, s = in_memory(server, client)
print(c.version(), c.cipher() == s.cipher(), c.server_hostname, s.server_side, c.compression(), c.selected_alpn_protocol())
certificate = c.getpeercert()
for key in certificate:
    print(key, certificate[key])
print(len(c.getpeercert(True)), s.getpeercert(), c.pending())
print(c.write(b"hello"), s.read(), s.write(memoryview(b"world")), c.read(3), c.pending(), c.read(100))
attempt(c.read)
into = bytearray(5)
s.write(b"abc")
print(c.read(10, into), into)
attempt(s.unwrap)
attempt(c.unwrap)

for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
    server, client = contexts()
    server.minimum_version = server.maximum_version = version
    server.set_alpn_protocols(["h2", "http/1.1"])
    client.set_alpn_protocols(["spdy", "http/1.1"])
    names = []
    server.sni_callback = lambda connection, name, context: names.append((name, context is server))
    c, s = in_memory(server, client)
    print(c.version(), c.selected_alpn_protocol(), s.selected_alpn_protocol(), names, s.session_reused)
    print(type(c.session), c.session.has_ticket, c.get_channel_binding() is not None)

for certificate, hostname in ((SERVER, "example.com"), (SERVER, "127.0.0.1"), (os.path.join(CERTIFICATES, "keycert.pem"), "localhost")):
    try:
        in_memory(*contexts(certificate)[0:2], hostname)
    except ssl.SSLCertVerificationError as error:
        print(*shown(error), error.verify_code, error.verify_message, error.reason, error.library, error.errno)

left, right = socket.socketpair()
server, client = contexts()
received = []
def serve():
    with server.wrap_socket(left, server_side=True) as s:
        received.append(s.recv(100))
        s.sendall(bytes(300000))
        s.unwrap().close()
thread = threading.Thread(target=serve)
thread.start()
with client.wrap_socket(right, server_hostname="localhost") as c:
    print(c.version() == "TLSv1.3", c.getpeername(), c.send(b"over a socket"))
    total = 0
    while data := c.recv(65536):
        total += len(data)
    print(total)
    c.unwrap().close()
thread.join()
print(received)

left, right = socket.socketpair()
right.settimeout(0.05)
attempt(client.wrap_socket, right, server_hostname="localhost")
left.close()

server, client = contexts()
attempt(client.load_verify_locations)
attempt(client.load_verify_locations, cadata="")
attempt(client.load_verify_locations, cadata="no certificate")
attempt(client.load_verify_locations, cadata=3)
attempt(client.load_verify_locations, "/nowhere/at/all")
attempt(client.load_cert_chain, AUTHORITY)
attempt(client.load_cert_chain, "/nowhere/at/all")
attempt(client.set_ciphers, "NOPE")
attempt(setattr, client, "verify_mode", ssl.CERT_NONE)
attempt(setattr, client, "sni_callback", None)
attempt(client.wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True)
attempt(client.wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="")
attempt(client.wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO())
protected = os.path.join(CERTIFICATES, "keycert.passwd.pem")
for password in ("somepass", b"somepass", lambda: "somepass", "wrong", lambda: 3, 3):
    attempt(server.load_cert_chain, protected, password=password)

bio = ssl.MemoryBIO()
print(bio.pending, bio.eof, bio.write(b"abcdef"), bio.pending, bio.read(2), bio.read(), bio.read(), bio.eof)
bio.write_eof()
print(bio.eof)
attempt(bio.write, b"x")
print(len(ssl.RAND_bytes(16)), ssl.RAND_status(), ssl.Purpose.SERVER_AUTH)
attempt(ssl._ASN1Object, "1.2.3")
print(issubclass(ssl.SSLCertVerificationError, ValueError), ssl.SSLError.__mro__[1], str(ssl.SSLError(1, "text")), ssl.SSLError("one"))
