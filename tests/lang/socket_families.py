"""Addresses of sockets that speak with the kernel, with link layers and between virtual machines."""
import os
import socket
import struct


def attempt(f, *arguments):
    try:
        return f(*arguments)
    except Exception as e:
        return f"{type(e).__name__} {e}"


with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as s:
    for address in [[0, 0], (0,), (0, 0, 0), ("a", 0), "text"]:
        print(attempt(s.bind, address))
    s.bind((0, 0))
    pid, groups = s.getsockname()
    print(pid > 0, groups)
    request = struct.pack("=IHHIIBxxx", 20, 18, 0x301, 1, 0, socket.AF_UNSPEC)  # all interfaces
    print(s.sendto(request, (0, 0)))
    data, sender = s.recvfrom(65536)
    print(len(data) > 16, sender)
    s.connect((0, 0))
    print(s.getpeername())

packet = attempt(socket.socket, socket.AF_PACKET, socket.SOCK_RAW)
if isinstance(packet, socket.socket):
    with packet as s:
        for address in [["lo", 0], ("lo",), (5, 0), ("lo", "x"), ("lo", 70000), ("lo", 3, 0, 0, b"123456789"), ("no such one", 3)]:
            print(attempt(s.bind, address))
        s.bind(("lo", 3))
        print(s.getsockname()[:3])
else:
    print(packet)

vm = attempt(socket.socket, socket.AF_VSOCK, socket.SOCK_STREAM)
if isinstance(vm, socket.socket):
    with vm as s:
        for address in [[1, 2], "text"]:
            print(attempt(s.bind, address))
        s.bind((socket.VMADDR_CID_ANY, 0xFFFFFFFF))
        print(s.getsockname()[0] == socket.VMADDR_CID_ANY)
else:
    print(vm)
