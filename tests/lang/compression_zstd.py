"""compression.zstd: round trips in one piece and many, dictionaries, parameters, files, errors."""

import io
import random
from compression import zstd
from compression.zstd import CompressionParameter, DecompressionParameter, ZstdCompressor, ZstdDecompressor, ZstdDict, ZstdError

import _zstd

r = random.Random(7)
text = b" ".join(r.choice([b"alpha", b"beta", b"gamma", b"delta"]) for _ in range(3000))
noise = r.randbytes(200000)


def attempt(function):
    try:
        print(function())
    except Exception as e:
        print(type(e).__name__, e)


for data in (b"", b"x", text, noise):
    for level in (None, -5, 1, 19):
        packed = zstd.compress(data, level)
        print(len(data), level, zstd.decompress(packed) == data, len(packed) < len(data), zstd.get_frame_size(packed) == len(packed))
print(zstd.get_frame_info(zstd.compress(text)), zstd.decompress(zstd.compress(b"one") + zstd.compress(b"two")))

compressor = ZstdCompressor(options={CompressionParameter.checksum_flag: 1, CompressionParameter.window_log: 15})
print(compressor.last_mode)
pieces = [compressor.compress(text[i:i + 700]) for i in range(0, len(text), 700)]
print(compressor.last_mode)
pieces.append(compressor.compress(b"", ZstdCompressor.FLUSH_BLOCK))
print(ZstdDecompressor().decompress(b"".join(pieces)) == text)
pieces.append(compressor.flush())
print(compressor.last_mode)
whole = b"".join(pieces)
decompressor = ZstdDecompressor(options={DecompressionParameter.window_log_max: 20})
out = b""
for i in range(0, len(whole), 13):
    out += decompressor.decompress(whole[i:i + 13])
print(out == text, decompressor.eof, decompressor.needs_input, decompressor.unused_data)
decompressor = ZstdDecompressor()
out = decompressor.decompress(whole + b"behind", 100)
while not decompressor.eof:
    out += decompressor.decompress(b"", 1000)
print(out == text, decompressor.unused_data)
attempt(lambda: decompressor.decompress(b""))
pledged = ZstdCompressor()
pledged.set_pledged_input_size(len(text))
print(zstd.get_frame_info(pledged.compress(text) + pledged.flush()))
if CompressionParameter.nb_workers.bounds()[1]:  # the library was built for it
    assert zstd.decompress(zstd.compress(text, options={CompressionParameter.nb_workers: 2})) == text

raw = ZstdDict(b"alpha beta gamma delta", is_raw=True)
print(raw, len(raw), raw.dict_id, raw.dict_content, raw.as_prefix[1], raw.as_digested_dict[1], raw.as_undigested_dict[1])
for used in (raw, raw.as_prefix, raw.as_digested_dict, raw.as_undigested_dict):
    packed = zstd.compress(b"alpha beta gamma delta gamma", zstd_dict=used)
    print(zstd.decompress(packed, zstd_dict=raw.as_prefix if used == raw.as_prefix else raw))
samples = [b" ".join(r.choice([b"alpha", b"beta", b"gamma"]) for _ in range(50)) for _ in range(300)]
trained = zstd.train_dict(samples, 3000)
print(trained.dict_id != 0, len(trained) <= 3000, zstd.decompress(zstd.compress(samples[0], zstd_dict=trained), zstd_dict=trained) == samples[0])
print(zstd.finalize_dict(ZstdDict(b"alpha beta gamma " * 20, is_raw=True), samples, 3000, 3).dict_id != 0)
attempt(lambda: zstd.decompress(zstd.compress(samples[0], zstd_dict=trained)))

file = io.BytesIO()
with zstd.open(file, "wt", encoding="ascii") as f:
    f.write("line one\nline two\n" * 1000)
file.seek(0)
with zstd.open(file, "rt", encoding="ascii") as f:
    print(f.readline(), len(f.read()))

print(ZstdCompressor.CONTINUE, ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME, ZstdError.__mro__, ZstdCompressor.__module__)
print(_zstd.get_param_bounds(100, True), CompressionParameter.window_log.bounds(), DecompressionParameter.window_log_max.bounds())
for function in (
        lambda: ZstdCompressor(level=1, options={}), lambda: ZstdCompressor(level="x"), lambda: ZstdCompressor(level=1000),
        lambda: ZstdCompressor(level=1 << 40), lambda: ZstdCompressor(options=3), lambda: ZstdCompressor(options={"a": 1}),
        lambda: ZstdCompressor(options={CompressionParameter.window_log: 99}), lambda: ZstdCompressor(options={12345: 1}),
        lambda: ZstdCompressor(options={DecompressionParameter.window_log_max: 20}), lambda: ZstdCompressor(zstd_dict=3),
        lambda: ZstdCompressor().compress("x"), lambda: ZstdCompressor().compress(b"", 7), lambda: ZstdCompressor().flush(0),
        lambda: ZstdCompressor().set_pledged_input_size(-1), lambda: ZstdCompressor().set_pledged_input_size("x"),
        lambda: ZstdDecompressor(options={CompressionParameter.window_log: 1}), lambda: ZstdDecompressor(options={999: 1}),
        lambda: ZstdDecompressor().decompress(b"abcdefgh"), lambda: ZstdDict(b"short"), lambda: ZstdDict(b"12345678"), lambda: ZstdDict(3),
        lambda: zstd.decompress(whole[:-3]), lambda: zstd.get_frame_info(b"x"), lambda: zstd.get_frame_size(b"abcd"),
        lambda: _zstd.train_dict(b"abc", (1, 1), 10), lambda: _zstd.train_dict(b"abc", (1, 2), 0), lambda: _zstd.set_parameter_types(1, 2),
        lambda: setattr(raw, "dict_id", 1), lambda: zstd.train_dict([], 10), lambda: type("T", (ZstdDict,), {})):
    attempt(function)

# A frame without contents ends even where nothing may be produced.
skippable = (0x184D2A50).to_bytes(4, "little") + (5).to_bytes(4, "little") + b"12345"
for frame in (skippable, zstd.compress(b""), zstd.compress(b"abc")):
    d = zstd.ZstdDecompressor()
    print(d.decompress(frame, 0), d.eof, d.needs_input, d.unused_data)
