"""Attributes of native types outlast collections and the modules that show them."""
import contextvars
import gc
import hashlib
import sys

for i in range(3):
    gc.collect()
    junk = [dict.fromkeys(map(str, range(j % 50))) for j in range(3000)]
    b, s = hashlib.blake2b, hashlib.blake2s
    print([getattr(t, n) for t in (b, s) for n in ("SALT_SIZE", "PERSON_SIZE", "MAX_KEY_SIZE", "MAX_DIGEST_SIZE")])
    print(contextvars.Token.MISSING)
    for name in ("_blake2", "hashlib", "_contextvars", "contextvars"):
        sys.modules.pop(name, None)
    import contextvars, hashlib
