import json, io, decimal
data = {"s": "é\n\"\\ \u2028😀", "i": -12, "f": 1.5e300, "b": [True, False, None], "nested": {"a": {"b": []}},
    "e": {}, 1: "int key", None: 0, 2.5: 1, True: 2, "big": 2**80, "t": (1, 2)}
s = json.dumps(data)
print(s)
print(json.loads(s) == json.loads(json.dumps(json.loads(s))))
print(json.dumps(data, indent=2, ensure_ascii=False))
print(json.dumps({"b": 1, "a": [1, {"z": 0}]}, sort_keys=True, separators=(",", ":")),
    json.dumps([], indent=2), json.dumps([1, [2]], indent="--"))
print(json.dumps([float("nan"), float("inf"), -0.0, 1e16, 1e-7, 100.0]),
    json.loads("[NaN, -Infinity, 1E2, -0, 0.1, 12345678901234567890]"), json.loads(' {"a" : [ 1 , 2 ] } '),
    json.loads('"\\ud83d\\ude00 \\u00e9 \\/"'), json.loads(b'"bytes"'))
class P:
    def __init__(self, x): self.x = x
class Enc(json.JSONEncoder):
    def default(self, o): return {"__p__": o.x} if isinstance(o, P) else super().default(o)
t = json.dumps([P(1), {"k": P(2)}], cls=Enc)
print(t,
    [type(o).__name__ for o in json.loads(t, object_hook=lambda d: P(d["__p__"]) if "__p__" in d else d)])
print(json.loads("1.10", parse_float=decimal.Decimal), json.loads("5", parse_int=str),
    json.loads('{"a":1,"a":2}', object_pairs_hook=list), json.dumps({(1, 2): 3, "k": 1}, skipkeys=True),
    json.dumps(5, default=str), json.dumps({1}, default=sorted))
for bad in ("", "{", "[1,]", "{'a':1}", '{"a" 1}', "[1 2]", "tru", '"abc', '"\\x"', "01", "1.", "[1]x",
    '{"a":1,}', '"\t"', "-", '{1:2}'):
    try:
        print(json.loads(bad))
    except json.JSONDecodeError as e:
        print(repr(bad), "->", e)
for bad in (P(1), {(1,): 2}, float("nan")):
    try:
        print(json.dumps(bad, allow_nan=False))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
l = []; l.append(l)
try:
    json.dumps(l)
except ValueError as e:
    print(e)
f = io.StringIO()
json.dump([1, {"a": None}], f)
f.seek(0)
print(f.getvalue(), json.load(f))
print(json.JSONDecoder().raw_decode('{"a": 1} tail'))
