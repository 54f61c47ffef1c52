def connect(host, port, *, timeout, retries=3):
    return host, port, timeout, retries


print(connect("h", 1, timeout=2))
connect("h", timeout=5)
