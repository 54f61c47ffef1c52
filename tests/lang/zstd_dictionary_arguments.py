"""How a Zstandard dictionary is to be used, given as a pair; the id of a dictionary taken as raw."""
from compression import zstd

samples = [b"some text number %d, which repeats some text" % i for i in range(200)]
trained = zstd.train_dict(samples, 1024)
print(trained.dict_id != 0, zstd.ZstdDict(trained.dict_content, is_raw=True).dict_id == trained.dict_id)
print(zstd.ZstdDict(b"12345678", is_raw=True).dict_id)
for how in (0, 1, 2, 3, -1, 1.0, 2**40, -(2**1000)):
    for kind in (zstd.ZstdCompressor, zstd.ZstdDecompressor):
        try:
            kind(zstd_dict=(trained, how))
            print(how, "ok")
        except Exception as e:
            print(type(e).__name__, e)
