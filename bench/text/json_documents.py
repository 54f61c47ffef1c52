"""JSON: documents written and read back, pretty printing, sorted keys, hooks, escapes, many small messages, errors."""
import json


def document(n):
    return {"id": n, "name": f"user {n}", "email": f"user{n}@example.org", "active": n % 3 == 0, "score": n / 7,
            "tags": ["alpha", "beta", f"t{n % 11}"], "address": {"street": "Högweg \"5\"\n", "zip": str(10000 + n), "geo": [n * 0.25, -n]},
            "parent": None}


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


def encode(value):
    if isinstance(value, Point):
        return {"__point__": [value.x, value.y]}
    raise TypeError(type(value).__name__)


def decode(pairs):
    return Point(*pairs["__point__"]) if "__point__" in pairs else pairs


def main():
    documents = [document(n) for n in range(2500)]
    for _ in range(4):
        text = json.dumps(documents)
        back = json.loads(text)
    print(len(text), back == documents)
    print(len(json.dumps(documents[:600], indent=2, sort_keys=True)), len(json.dumps(documents, ensure_ascii=False, separators=(",", ":"))))
    points = json.dumps([Point(n, -n) for n in range(5000)], default=encode)
    print(len(points), sum(p.x - p.y for p in json.loads(points, object_hook=decode)))
    total = 0
    for n in range(12_000):
        message = json.dumps({"op": "add", "args": [n, n + 1], "reply": True})
        request = json.loads(message)
        if request["op"] == "add":
            total += sum(request["args"])
    print(total)
    numbers = json.dumps([n * 1.1 for n in range(20_000)])
    print(len(numbers), sum(json.loads(numbers)) > 0, len(json.loads(numbers, parse_float=str)[7]))
    bad = 0
    for text in ("[1, 2", '{"a" 1}', "nul") * 600:
        try:
            json.loads(text)
        except json.JSONDecodeError as e:
            bad += len(e.msg) > 5
    print(bad)


if __name__ == "__main__":
    main()
