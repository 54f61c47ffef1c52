"""Log analysis with re: named groups over a server log, tallies by status and host, slow requests, sessions."""
import re

LINE = re.compile(r'(?P<host>\d+\.\d+\.\d+\.\d+) - (?P<user>\S+) \[(?P<day>\d{2})/(?P<month>\w{3})/(?P<year>\d{4}):(?P<time>[\d:]+) [+-]\d{4}\] '
                  r'"(?P<method>GET|POST|PUT) (?P<path>[^ ?"]+)(?:\?(?P<query>[^ "]*))? HTTP/[\d.]+" (?P<status>\d{3}) (?P<size>\d+|-) (?P<ms>\d+\.\d)ms')


def make(count):
    for n in range(count):
        query = f"?page={n % 9}&sort=name" if n % 3 else ""
        user = "-" if n % 4 else f"user{n % 13}"
        size = n * 31 % 5000 if n % 7 else "-"
        yield (f'10.0.{n % 5}.{n % 31} - {user} [{n % 28 + 1:02d}/Nov/2026:10:{n % 60:02d}:07 +0000] "{"GET POST PUT".split()[n % 3]} '
               f'/shop/{"abc"[n % 3]}/item{n % 50}{query} HTTP/1.1" {(200, 200, 304, 404, 500)[n * 7 % 5]} {size} {n % 300 / 7:.1f}ms')


def main():
    lines = list(make(12_000))
    for n in range(0, len(lines), 97):
        lines[n] = "garbage " + lines[n][20:60]
    status, hosts, size, slow, bad = {}, {}, 0, 0, 0
    for line in lines:
        match = LINE.match(line)
        if match is None:
            bad += 1
            continue
        status[match["status"]] = status.get(match["status"], 0) + 1
        hosts[match["host"]] = hosts.get(match["host"], 0) + 1
        size += int(match["size"]) if match["size"] != "-" else 0
        slow += float(match["ms"]) > 40
    print(sorted(status.items()), max(hosts.items(), key=lambda h: (h[1], h[0])), size, slow, bad)
    text = "\n".join(lines)
    print(len(re.findall(r"^10\.0\.3\.\d+ ", text, re.MULTILINE)), len(re.findall(r"\buser\d+\b", text)), len(re.findall(r'" 5\d\d ', text)))
    print(sum(m.end() - m.start() for m in re.finditer(r"/shop/a/item(\d+)\?page=([1-5])", text)))
    print(sorted(set(re.findall(r'"(\w+) /', text))), len(re.sub(r"\d+\.\d+\.\d+\.\d+", "IP", text)))


if __name__ == "__main__":
    main()
