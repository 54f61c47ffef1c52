"""ZoneInfo is a native class: its texts, caches, pickles, and what zones of its own making answer around transitions."""
import datetime
import io
import pickle
import struct
import sys
import weakref
import zoneinfo
from zoneinfo import ZoneInfo


def attempt(function):
    try:
        result = function()
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print(repr(result))


def zone_file(transitions, periods, rule):
    """A TZif file: transitions are (time, period), periods (offset, is saving, name)."""
    names, starts = b"", []
    for _, _, name in periods:
        starts.append(len(names))
        names += name.encode() + b"\0"

    def block(code):
        times = b"".join(struct.pack(code, max(-2**31, min(2**31 - 1, at)) if code == ">l" else at) for at, _ in transitions)
        kinds = b"".join(struct.pack(">lbb", offset, saving, start) for (offset, saving, _), start in zip(periods, starts))
        counts = struct.pack(">6l", 0, 0, 0, len(transitions), len(periods), len(names))
        return b"TZif2" + bytes(15) + counts + times + bytes(kind for _, kind in transitions) + kinds + names

    return io.BytesIO(block(">l") + block(">q") + b"\n" + rule + b"\n")


# Texts, arguments
berlin = ZoneInfo("Europe/Berlin")
print(repr(berlin), str(berlin), berlin.key, ZoneInfo.__module__, ZoneInfo.__doc__, ZoneInfo.__mro__)
print(datetime.datetime(2024, 7, 1, tzinfo=berlin), repr(datetime.datetime(2024, 7, 1, tzinfo=berlin)))
for call in [lambda: ZoneInfo(), lambda: ZoneInfo(1), lambda: ZoneInfo("a", "b"), lambda: ZoneInfo(k="UTC"),
             lambda: ZoneInfo(key="UTC"), lambda: ZoneInfo("Nowhere/At/All"), lambda: ZoneInfo([]), lambda: ZoneInfo("../x"),
             lambda: ZoneInfo.from_file(), lambda: ZoneInfo.from_file(1), lambda: ZoneInfo.from_file(io.BytesIO(b"x")),
             lambda: ZoneInfo.no_cache(), lambda: ZoneInfo.no_cache(1, 2), lambda: ZoneInfo.clear_cache(1),
             lambda: ZoneInfo.clear_cache(only_keys=3), lambda: berlin.utcoffset(1), lambda: berlin.utcoffset(None),
             lambda: berlin.utcoffset(datetime.date(2020, 1, 1)), lambda: berlin.dst(datetime.time(1)),
             lambda: berlin.fromutc(1), lambda: berlin.fromutc(datetime.datetime(2020, 1, 1)), lambda: object.__new__(ZoneInfo),
             lambda: setattr(berlin, "key", "a"), lambda: setattr(berlin, "other", "a"), lambda: setattr(ZoneInfo, "other", 1)]:
    attempt(call)

# Caches
print(ZoneInfo("Europe/Berlin") is berlin, ZoneInfo.no_cache("Europe/Berlin") is berlin)
ZoneInfo.clear_cache(only_keys=["Europe/Paris"])
print(ZoneInfo("Europe/Berlin") is berlin)
ZoneInfo.clear_cache(only_keys=["Europe/Berlin"])
print(ZoneInfo("Europe/Berlin") is berlin)
berlin = ZoneInfo("Europe/Berlin")
ZoneInfo.clear_cache()
print(ZoneInfo("Europe/Berlin") is berlin, weakref.ref(berlin)() is berlin)


class Sub(ZoneInfo):
    pass


print(Sub("UTC"), repr(Sub("UTC")), Sub("UTC") is Sub("UTC"), Sub("UTC") is ZoneInfo("UTC"), type(Sub._weak_cache).__name__)
kept = Sub("UTC")
Sub.clear_cache()
print(Sub("UTC") is kept)

# Pickles
for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
    print(pickle.loads(pickle.dumps(ZoneInfo("Asia/Tokyo"), protocol)) is ZoneInfo("Asia/Tokyo"),
          pickle.loads(pickle.dumps(ZoneInfo.no_cache("Asia/Tokyo"), protocol)) is ZoneInfo("Asia/Tokyo"))
function, arguments = berlin.__reduce__()
print(function.__name__, arguments, ZoneInfo.no_cache("UTC").__reduce__()[1])
made = ZoneInfo.from_file(zone_file([], [(0, 0, "UTC")], b"UTC0"))
print(str(made).startswith("zoneinfo.ZoneInfo.from_file(<_io.BytesIO object at"), made.key)
attempt(lambda: pickle.dumps(made))
print(repr(ZoneInfo.from_file(zone_file([], [(0, 0, "UTC")], b"UTC0"), key="mine")))

# Rules
for rule in [b"UTC0", b"<+0330>-3:30", b"EST5EDT,M3.2.0,M11.1.0", b"IST-1GMT0,M10.5.0,M3.5.0/1", b"AAA3BBB,J60,J300/3",
             b"AAA3BBB,59,299/3:30:10", b"AAA3BBB,0/0,J365/25", b"AAA-23BBB-22,M1.1.0,M12.5.6/167", b"", b"U", b"5", b"UTC",
             b"UTC25", b"UTC1:1", b"UTC0X", b"UTC0XYZ", b"UTC0XYZ,", b"UTC0XYZ1,M3", b"UTC0XYZ,M13.1.1,J1", b"UTC0XYZ,M1.6.1,J1",
             b"UTC0XYZ,M1.1.7,J1", b"UTC0XYZ,J0,J1", b"UTC0XYZ,366,J1", b"UTC0XYZ,M1.1.1/168,J1", b"UTC0XYZ,M1.1.1,J1,", b"<UTC0", b"<>5", b"AAA4<>,M3.2.0/2,M11.1.0/3",
             b"<U,C>0", b"UTC0XYZ99,J1,J2", b"UTC+0XYZ-1,J1/-3,J2/+3"]:
    print(rule, end=" ")
    try:
        zone = ZoneInfo.from_file(zone_file([], [(0, 0, "X")], rule), key="k")
    except ValueError as e:
        print(e)
        continue
    seen = []
    for year in (1, 2023, 2024, 9998):
        moment, before = datetime.datetime(year, 1, 3), None
        while moment.year == year:
            at = moment.replace(tzinfo=zone)
            now = at.utcoffset(), at.dst(), at.tzname(), at.replace(fold=1).utcoffset(), zone.fromutc(at).fold
            if now != before:
                seen.append(f"{moment:%Y-%m-%d %H}={at.utcoffset().total_seconds():.0f}/{at.dst().total_seconds():.0f}"
                            f"{at.tzname()}{now[3].total_seconds():.0f}{now[4]}")
            before = now
            moment += datetime.timedelta(hours=7)
    print(zone.utcoffset(None), len(seen), *seen[-8:])

# Transitions, times that come twice or never, and what a file leaves open
for transitions, periods, rule in [
    ([(1000000000, 1), (1010000000, 0)], [(3600, 0, "STD"), (7200, 1, "SAV")], b""),
    ([(1000000000, 1), (1000000600, 2)], [(14410, 1, "A"), (0, 0, "B"), (-11372, 0, "C")], b"IST-1GMT0,M10.5.0,M3.5.0/1"),
    ([(-3000000000, 0)], [(-17762, 0, "LMT")], b"EST5EDT,M3.2.0,M11.1.0"),
    ([(1000000000, 1), (1010000000, 2), (1020000000, 1)], [(0, 0, "S"), (3600, 1, "T"), (7200, 1, "U")], b""),
    ([], [(3600, 1, "ALL")], b""),
]:
    zone = ZoneInfo.from_file(zone_file(transitions, periods, rule), key="k")
    print(zone.utcoffset(None), zone.dst(None), zone.tzname(None))
    for at, _ in transitions or [(0, 0)]:
        for step in (-86400, -7200, -3601, -3600, -1, 0, 1, 1800, 3599, 3600, 7199, 7200, 86400):
            moment = datetime.datetime(1970, 1, 1, tzinfo=zone) + datetime.timedelta(seconds=at + step)
            again = moment.replace(fold=1)
            print(moment.replace(tzinfo=None), moment.utcoffset(), moment.dst(), moment.tzname(), again.utcoffset(),
                  again.tzname(), zone.fromutc(moment).replace(tzinfo=None), zone.fromutc(moment).fold)
for transitions, periods, rule in [([], [], b""), ([(0, 1)], [(0, 0, "A")], b""), ([], [], b"UTC0")]:
    attempt(lambda: ZoneInfo.from_file(zone_file(transitions, periods, rule), key="k"))


# Subclasses of datetime keep their class, and their own idea of the day
class Later(datetime.datetime):
    def toordinal(self):
        return super().toordinal() + 180


print(Later(2024, 1, 1, tzinfo=berlin).utcoffset(), type(Later(2024, 10, 27, 0, 30, tzinfo=datetime.UTC).astimezone(berlin)).__name__,
      Later(2024, 10, 27, 1, 30, tzinfo=datetime.UTC).astimezone(berlin).fold)


class Negative(datetime.datetime):
    hour = minute = second = -1


print(berlin.utcoffset(Negative(2024, 3, 31)), berlin.utcoffset(Negative(2024, 4, 1)))


class Cached(ZoneInfo):
    pass


Cached._weak_cache = {"UTC": 5}
attempt(lambda: Cached("UTC"))


# Too many arguments for functions whose parameters have names
import _sre, os, types, itertools
for call in [lambda: _sre.compile(1, 2, 3, 4, 5, 6, 7), lambda: io.open_code(1, 2), lambda: os.fsync(1, 2), lambda: os.fsync(1, fd=2),
             lambda: memoryview(1, 2), lambda: itertools.compress(1, 2, 3), lambda: itertools.combinations(1, 2, 3),
             lambda: types.MappingProxyType(1, 2), lambda: struct.Struct(1, 2), lambda: os.rename(1, 2, 3)]:
    attempt(call)
