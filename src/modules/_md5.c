/* _md5: the MD5 hash function. Source: RFC 1321. */
#include "modules/digest.h"
#include "types/module.h"

typedef struct MD5 {
    uint32_t h[4];
    DigestBlock block;
} MD5;

static const uint8_t shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

/* floor(2**32 * abs(sin(i + 1))) */
static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static void compress(void *state, const uint8_t *blocks, size_t count) {
    MD5 *s = state;
    for (; count; count--, blocks += 64) {
        uint32_t a = s->h[0], b = s->h[1], c = s->h[2], d = s->h[3];
        for (int i = 0; i < 64; i++) {
            uint32_t f;
            int word;
            switch (i >> 4) {
            case 0: f = (b & c) | (~b & d), word = i; break;
            case 1: f = (d & b) | (~d & c), word = (5 * i + 1) & 15; break;
            case 2: f = b ^ c ^ d, word = (3 * i + 5) & 15; break;
            default: f = c ^ (b | ~d), word = (7 * i) & 15; break;
            }
            f += a + sines[i] + read_le32(blocks + 4 * word);
            a = d, d = c, c = b;
            b += __builtin_rotateleft32(f, shifts[i >> 4][i & 3]);
        }
        s->h[0] += a, s->h[1] += b, s->h[2] += c, s->h[3] += d;
    }
}

static void start(void *state) {
    *(MD5 *)state = (MD5){.h = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}};
}
static void update(void *state, const uint8_t *data, size_t length) {
    digest_blocks(&((MD5 *)state)->block, 64, data, length, state, compress);
}
static void finish(void *state, uint8_t *out, size_t length) {
    MD5 *s = state;
    digest_pad(&s->block, 64, 8, false, s, compress);
    for (int i = 0; i < 4; i++)
        write_le32(out + 4 * i, s->h[i]);
}

static const DigestKind kind = {"md5", 64, 16, sizeof(MD5), start, update, finish};
DIGEST_TYPE(md5_type, _md5, "_md5.md5", MD5);

static Value md5(Thread *t, Value *args) { return digest_make(t, &md5_type, &kind, args[0], args[2]); }

static const NativeDef functions[] = {
    {"md5(data=<b''>, *, usedforsecurity=True, string=<None>)", md5,
     "Return a new MD5 hash object; optionally initialized with a string."},
    {NULL},
};

static bool init(Thread *t, Value module) {
    return module_add(t, module, "MD5Type", from_object(&md5_type)) && digest_module_init(t, module);
}

NATIVE_MODULE(_md5) = {.name = "_md5", .functions = functions, .init = init};
