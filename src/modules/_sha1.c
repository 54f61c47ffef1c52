/* _sha1: the SHA-1 hash function. Source: FIPS 180-4. */
#include "modules/digest.h"
#include "types/module.h"

typedef struct SHA1 {
    uint32_t h[5];
    DigestBlock block;
} SHA1;

static void compress(void *state, const uint8_t *blocks, size_t count) {
    SHA1 *s = state;
    for (; count; count--, blocks += 64) {
        uint32_t w[80], a = s->h[0], b = s->h[1], c = s->h[2], d = s->h[3], e = s->h[4];
        for (int i = 0; i < 16; i++)
            w[i] = read_be32(blocks + 4 * i);
        for (int i = 16; i < 80; i++)
            w[i] = __builtin_rotateleft32(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        for (int i = 0; i < 80; i++) {
            uint32_t f;
            switch (i / 20) {
            case 0: f = ((b & c) | (~b & d)) + 0x5a827999; break;
            case 1: f = (b ^ c ^ d) + 0x6ed9eba1; break;
            case 2: f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc; break;
            default: f = (b ^ c ^ d) + 0xca62c1d6; break;
            }
            uint32_t next = __builtin_rotateleft32(a, 5) + f + e + w[i];
            e = d, d = c, c = __builtin_rotateleft32(b, 30), b = a, a = next;
        }
        s->h[0] += a, s->h[1] += b, s->h[2] += c, s->h[3] += d, s->h[4] += e;
    }
}

static void start(void *state) {
    *(SHA1 *)state = (SHA1){.h = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}};
}
static void update(void *state, const uint8_t *data, size_t length) {
    digest_blocks(&((SHA1 *)state)->block, 64, data, length, state, compress);
}
static void finish(void *state, uint8_t *out, size_t length) {
    SHA1 *s = state;
    digest_pad(&s->block, 64, 8, true, s, compress);
    for (int i = 0; i < 5; i++)
        write_be32(out + 4 * i, s->h[i]);
}

static const DigestKind kind = {"sha1", 64, 20, sizeof(SHA1), start, update, finish};
DIGEST_TYPE(sha1_type, _sha1, "_sha1.sha1", SHA1);

static Value sha1(Thread *t, Value *args) { return digest_make(t, &sha1_type, &kind, args[0], args[2]); }

static const NativeDef functions[] = {
    {"sha1(data=<b''>, *, usedforsecurity=True, string=<None>)", sha1,
     "Return a new SHA1 hash object; optionally initialized with a string."},
    {NULL},
};

static bool init(Thread *t, Value module) {
    return module_add(t, module, "SHA1Type", from_object(&sha1_type)) && digest_module_init(t, module);
}

NATIVE_MODULE(_sha1) = {.name = "_sha1", .functions = functions, .init = init};
