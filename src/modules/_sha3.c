/* _sha3: SHA3-224, -256, -384, -512, SHAKE128 and SHAKE256. Source: FIPS 202. */
#include "modules/digest.h"
#include "object/errors.h"
#include "types/bytes.h"
#include "types/module.h"
#include "types/str/str.h"

typedef struct SHA3 {
    uint64_t lanes[25];
    uint32_t rate; /* bytes taken in per permutation */
    uint32_t used; /* of them, taken in so far */
    uint8_t suffix;
} SHA3;

static const uint64_t round_constants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};
static const uint8_t rotations[24] = {1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};
static const uint8_t lane_order[24] = {10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};

static void permute(uint64_t *a) {
    for (int round = 0; round < 24; round++) {
        uint64_t column[5], moved = a[1];
        for (int x = 0; x < 5; x++)
            column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        for (int x = 0; x < 5; x++) {
            uint64_t mix = column[(x + 4) % 5] ^ __builtin_rotateleft64(column[(x + 1) % 5], 1);
            for (int y = 0; y < 25; y += 5)
                a[x + y] ^= mix;
        }
        moved = a[1];
        for (int i = 0; i < 24; i++) {
            uint64_t kept = a[lane_order[i]];
            a[lane_order[i]] = __builtin_rotateleft64(moved, rotations[i]);
            moved = kept;
        }
        for (int y = 0; y < 25; y += 5) {
            uint64_t row[5];
            memcpy(row, a + y, sizeof row);
            for (int x = 0; x < 5; x++)
                a[x + y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
        }
        a[0] ^= round_constants[round];
    }
}

/* Lanes are little-endian words: bytes are taken in and given out through memory as it is. */
static void update(void *state, const uint8_t *data, size_t length) {
    SHA3 *s = state;
    uint8_t *bytes = (uint8_t *)s->lanes;
    for (size_t i = 0; i < length; i++) {
        bytes[s->used++] ^= data[i];
        if (s->used == s->rate) {
            permute(s->lanes);
            s->used = 0;
        }
    }
}

static void finish(void *state, uint8_t *out, size_t length) {
    SHA3 *s = state;
    uint8_t *bytes = (uint8_t *)s->lanes;
    bytes[s->used] ^= s->suffix;
    bytes[s->rate - 1] ^= 0x80;
    while (length) {
        size_t take = length < s->rate ? length : s->rate;
        permute(s->lanes);
        memcpy(out, bytes, take);
        out += take;
        length -= take;
    }
}

static Value get_capacity(Thread *t, Value *args) { return small_int(1600 - 8 * ((SHA3 *)as_digest(args[0])->state)->rate); }
static Value get_rate(Thread *t, Value *args) { return small_int(8 * ((SHA3 *)as_digest(args[0])->state)->rate); }
static Value get_suffix(Thread *t, Value *args) {
    return bytes_new(t, (char *)&((SHA3 *)as_digest(args[0])->state)->suffix, 1);
}
static Value get_block_size(Thread *t, Value *args) { return small_int(as_digest(args[0])->kind->block_size); }
static Value get_digest_size(Thread *t, Value *args) { return small_int(as_digest(args[0])->digest_size); }
static Value get_name(Thread *t, Value *args) { return str_from_text(t, as_digest(args[0])->kind->name); }

static const GetSetDef getset[] = {
    {"_capacity_bits", get_capacity}, {"_rate_bits", get_rate},       {"_suffix", get_suffix},
    {"block_size", get_block_size},   {"digest_size", get_digest_size}, {"name", get_name},
    {NULL},
};

static Value shake_digest(Thread *t, Value *args) {
    size_t length;
    CHECK(digest_length(t, args[1], &length));
    return digest_bytes(t, as_digest(args[0]), length);
}
static Value shake_hexdigest(Thread *t, Value *args) {
    size_t length;
    CHECK(digest_length(t, args[1], &length));
    return digest_hex(t, as_digest(args[0]), length);
}

#define UPDATE {"update(self, data, /)", digest_update, "Update this hash object's state with the provided bytes-like object."}
#define COPY {"copy(self, /)", digest_copy, "Return a copy of the hash object."}
#define FIXED                                                                                                   \
    {"digest(self, /)", digest_digest, "Return the digest value as a bytes object."},                           \
        {"hexdigest(self, /)", digest_hexdigest, "Return the digest value as a string of hexadecimal digits."}
#define EXTENDABLE                                                                                              \
    {"digest(self, /, length)", shake_digest, "Return the digest value as a bytes object."},                    \
        {"hexdigest(self, /, length)", shake_hexdigest, "Return the digest value as a string of hexadecimal digits."}

#define SHA3_TYPE(name, text, bytes, rate_bytes, suffix_byte, what, ...)                                        \
    extern Type name##_type;                                                                                    \
    static void name##_start(void *state) { *(SHA3 *)state = (SHA3){.rate = rate_bytes, .suffix = suffix_byte}; } \
    static const DigestKind name##_kind = {text, rate_bytes, bytes, sizeof(SHA3), name##_start, update, finish}; \
    static Value name##_new(Thread *t, Value *args) {                                                           \
        return digest_make(t, &name##_type, &name##_kind, args[1], args[3]);                                    \
    }                                                                                                           \
    static const NativeDef name##_methods[] = {                                                                 \
        {"__new__(type, data=<unrepresentable>, *, usedforsecurity=True, string=<None>)", name##_new,             \
         "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},                            \
        __VA_ARGS__,                                                                                            \
        COPY,                                                                                                   \
        UPDATE,                                                                                                 \
        {NULL},                                                                                                 \
    };                                                                                                          \
    MODULE_TYPE(name##_type, _sha3) = {                                                                         \
        STATIC_TYPE_HEAD(digest_trace, NULL),                                                                   \
        .name_text = "_sha3." text,                                                                             \
        .doc = text "([data], *, usedforsecurity=True) -> " what,                                               \
        .methods = name##_methods,                                                                              \
        .getset = getset,                                                                                       \
        .instance_size = sizeof(Digest) + sizeof(SHA3),                                                         \
    };

#define HASH(bits) "SHA3 object\n\nReturn a new SHA3 hash object with a hashbit length of " #bits " bytes."
#define SHAKE "SHAKE object\n\nReturn a new SHAKE hash object."
SHA3_TYPE(sha3_224, "sha3_224", 28, 144, 6, HASH(28), FIXED)
SHA3_TYPE(sha3_256, "sha3_256", 32, 136, 6, HASH(32), FIXED)
SHA3_TYPE(sha3_384, "sha3_384", 48, 104, 6, HASH(48), FIXED)
SHA3_TYPE(sha3_512, "sha3_512", 64, 72, 6, HASH(64), FIXED)
SHA3_TYPE(shake_128, "shake_128", 0, 168, 0x1f, SHAKE, EXTENDABLE)
SHA3_TYPE(shake_256, "shake_256", 0, 136, 0x1f, SHAKE, EXTENDABLE)

static bool init(Thread *t, Value module) {
    Type *types[] = {&sha3_224_type, &sha3_256_type, &sha3_384_type, &sha3_512_type, &shake_128_type, &shake_256_type};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!module_add_type(t, module, types[i]))
            return false;
    return module_add_text(t, module, "implementation", "generic") && digest_module_init(t, module);
}

NATIVE_MODULE(_sha3) = {.name = "_sha3", .init = init};
