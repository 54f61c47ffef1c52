"""Numbers and buffers that functions of _socket do not take."""
import socket


def attempt(f, *arguments):
    try:
        print(f.__name__, f(*arguments))
    except Exception as e:
        print(f.__name__, type(e).__name__, e)


for f in socket.ntohs, socket.htons, socket.ntohl, socket.htonl:
    for n in 0, 1, 0xFFFF, -1, 1 << 32, -(1 << 70), 1 << 70, "1", 1.5:
        attempt(f, n)
attempt(socket.htons, 1 << 16)
for n in -1, 1 << 32, 1 << 70, "lo":
    attempt(socket.if_indextoname, n)
for f in socket.CMSG_LEN, socket.CMSG_SPACE:
    for n in 0, 5, -1, 2**31 - 24, 2**31 - 25, 2**31 - 17, 2**31 - 16, 2**63 - 1:
        attempt(f, n)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    for buffers in [b"x"], [object()], (bytearray(2), b"y"), 5:
        attempt(s.recvmsg_into, buffers)
    for buffers in [object()], 5, ["text"]:
        attempt(s.sendmsg, buffers)
