import asyncio, sys
async def handle(reader, writer):
    while line := await reader.readline():
        writer.write(line.decode().upper().encode()); await writer.drain()
    writer.close(); await writer.wait_closed()
async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async def client(words):
        r, w = await asyncio.open_connection("127.0.0.1", port)
        got = []
        for x in words:
            w.write(x.encode() + b"\n")
            await w.drain()
            got.append((await r.readline()).decode().strip())
        w.write_eof()
        rest = await r.read()
        w.close()
        await w.wait_closed()
        return got, rest
    print(await asyncio.gather(client(["a", "b"]), client(["hello"]), client([])))
    server.close(); await server.wait_closed()
    p = await asyncio.create_subprocess_exec(sys.executable, "-c",
        "import sys; print(sys.stdin.read()[::-1]); sys.exit(3)", stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE)
    out, err = await p.communicate(b"stressed"); print(out, err, p.returncode)
    try:
        await asyncio.open_connection("127.0.0.1", 1)
    except ConnectionRefusedError as e:
        print(type(e).__name__)
asyncio.run(main())
