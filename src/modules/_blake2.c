/* _blake2: BLAKE2b and BLAKE2s with all their parameters. Source: RFC 7693 and the BLAKE2 paper.
 *
 * Both are the same design on words of 64 and 32 bits; BLAKE2(...) below writes each out once.
 */
#include "modules/digest.h"
#include "object/buffer.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"

static const uint8_t message_order[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};
static const uint64_t start_b[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                                    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
static const uint32_t start_s[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/* A block is compressed only when more input follows it: the last one is compressed differently. */
#define BLAKE2(X, Word, bits, rounds, r1, r2, r3, r4)                                                           \
    typedef struct Blake2##X {                                                                                  \
        Word h[8], low, high;                                                                                   \
        uint32_t used;                                                                                          \
        bool last_node;                                                                                         \
        uint8_t block[16 * sizeof(Word)];                                                                       \
    } Blake2##X;                                                                                                \
    static void compress_##X(Blake2##X *s, const uint8_t *block, size_t length, bool last) {                    \
        Word m[16], v[16];                                                                                      \
        memcpy(m, block, sizeof m);                                                                             \
        s->low += (Word)length;                                                                                 \
        s->high += s->low < length;                                                                             \
        for (int i = 0; i < 8; i++)                                                                             \
            v[i] = s->h[i], v[i + 8] = start_##X[i];                                                            \
        v[12] ^= s->low, v[13] ^= s->high;                                                                      \
        v[14] ^= last ? (Word) - 1 : 0;                                                                         \
        v[15] ^= last && s->last_node ? (Word) - 1 : 0;                                                         \
        for (int round = 0; round < rounds; round++) {                                                          \
            const uint8_t *order = message_order[round % 10];                                                   \
            for (int i = 0; i < 8; i++) {                                                                       \
                int turn = i < 4 ? 0 : 1;                                                                       \
                Word *a = v + (i & 3), *b = v + 4 + ((i + turn) & 3), *c = v + 8 + ((i + 2 * turn) & 3),        \
                     *d = v + 12 + ((i + 3 * turn) & 3);                                                        \
                *a += *b + m[order[2 * i]], *d = __builtin_rotateright##bits(*d ^ *a, r1);                      \
                *c += *d, *b = __builtin_rotateright##bits(*b ^ *c, r2);                                        \
                *a += *b + m[order[2 * i + 1]], *d = __builtin_rotateright##bits(*d ^ *a, r3);                  \
                *c += *d, *b = __builtin_rotateright##bits(*b ^ *c, r4);                                        \
            }                                                                                                   \
        }                                                                                                       \
        for (int i = 0; i < 8; i++)                                                                             \
            s->h[i] ^= v[i] ^ v[i + 8];                                                                         \
    }                                                                                                           \
    static void update_##X(void *state, const uint8_t *data, size_t length) {                                   \
        Blake2##X *s = state;                                                                                   \
        while (length) {                                                                                        \
            if (s->used == sizeof s->block) {                                                                   \
                compress_##X(s, s->block, sizeof s->block, false);                                              \
                s->used = 0;                                                                                    \
            }                                                                                                   \
            size_t room = sizeof s->block - s->used, take = room < length ? room : length;                      \
            memcpy(s->block + s->used, data, take);                                                             \
            s->used += (uint32_t)take;                                                                          \
            data += take;                                                                                       \
            length -= take;                                                                                     \
        }                                                                                                       \
    }                                                                                                           \
    static void finish_##X(void *state, uint8_t *out, size_t length) {                                          \
        Blake2##X *s = state;                                                                                   \
        memset(s->block + s->used, 0, sizeof s->block - s->used);                                               \
        compress_##X(s, s->block, s->used, true);                                                               \
        memcpy(out, s->h, length);                                                                              \
    }                                                                                                           \
    static void start_state_##X(void *state) { *(Blake2##X *)state = (Blake2##X){0}; }
BLAKE2(b, uint64_t, 64, 12, 32, 24, 16, 63)
BLAKE2(s, uint32_t, 32, 10, 16, 12, 8, 7)
#undef BLAKE2

static const DigestKind kind_b = {"blake2b", 128, 64, sizeof(Blake2b), start_state_b, update_b, finish_b};
static const DigestKind kind_s = {"blake2s", 64, 32, sizeof(Blake2s), start_state_s, update_s, finish_s};
extern Type blake2b_type, blake2s_type;

/* What a constructor was given, checked. */
typedef struct Parameters {
    int64_t digest_size, fanout, depth, leaf_size, node_depth, inner_size;
    uint64_t node_offset;
    uint8_t key[64], salt[16], person[16];
    size_t key_length;
} Parameters;

static bool read_small(Thread *t, Value v, int64_t low, int64_t high, const char *message, int64_t *out) {
    if (!index_as_ssize(t, v, out, true, NULL))
        return false;
    if (*out >= low && *out <= high)
        return true;
    raise_value_error(t, "%s", message);
    return false;
}

static bool read_unsigned(Thread *t, Value v, uint64_t *out) {
    Value i = index_of(t, v);
    if (absent(i))
        return false;
    if (int_to_u64(i, out))
        return true;
    if (int_sign(i) < 0)
        raise_value_error(t, "Cannot convert negative int");
    else
        raise_overflow_error(t, "Python int too large for C unsigned long long");
    return false;
}

static bool read_bytes(Thread *t, Value v, uint8_t *out, size_t limit, const char *what, size_t *length) {
    Buffer b;
    if (!buffer_get_contiguous(t, v, &b, false))
        return false;
    if (b.length > limit)
        raise_value_error(t, "maximum %s length is %zu bytes", what, limit);
    else
        memcpy(out, b.data, *length = b.length);
    buffer_release(t, &b);
    return !error_pending(t);
}

/* args: type, data, digest_size, key, salt, person, fanout, depth, leaf_size, node_offset, node_depth, inner_size,
 * last_node, usedforsecurity, string */
static bool read_parameters(Thread *t, Value *args, bool large, Parameters *p) {
    int64_t limit = large ? 64 : 32;
    size_t side = large ? 16 : 8, length;
    uint64_t leaf;
    if (!index_as_ssize(t, args[2], &p->digest_size, true, NULL))
        return false;
    if (p->digest_size <= 0 || p->digest_size > limit) {
        raise_value_error(t, "digest_size for %s must be between 1 and %d bytes, here it is %lld",
                          large ? "Blake2b" : "Blake2s", (int)limit, (long long)p->digest_size);
        return false;
    }
    if (!read_bytes(t, args[4], p->salt, side, "salt", &length) ||
        !read_bytes(t, args[5], p->person, side, "person", &length) ||
        !read_small(t, args[6], 0, 255, "fanout must be between 0 and 255", &p->fanout) ||
        !read_small(t, args[7], 1, 255, "depth must be between 1 and 255", &p->depth) || !read_unsigned(t, args[8], &leaf))
        return false;
    if (leaf > UINT32_MAX) {
        raise_overflow_error(t, "leaf_size is too large");
        return false;
    }
    p->leaf_size = (int64_t)leaf;
    if (!read_unsigned(t, args[9], &p->node_offset))
        return false;
    if (!large && p->node_offset >> 48) {
        raise_overflow_error(t, "node_offset is too large");
        return false;
    }
    return read_small(t, args[10], 0, 255, "node_depth must be between 0 and 255", &p->node_depth) &&
           read_small(t, args[11], 0, limit,
                      large ? "inner_size must be between 0 and is 64" : "inner_size must be between 0 and is 32",
                      &p->inner_size) &&
           read_bytes(t, args[3], p->key, (size_t)limit, "key", &p->key_length);
}

static void write_parameters(const Parameters *p, bool large, uint8_t *block) {
    block[0] = (uint8_t)p->digest_size;
    block[1] = (uint8_t)p->key_length;
    block[2] = (uint8_t)p->fanout;
    block[3] = (uint8_t)p->depth;
    write_le32(block + 4, (uint32_t)p->leaf_size);
    write_le64(block + 8, p->node_offset); /* BLAKE2s has six bytes of it: the two zeros are overwritten */
    block[large ? 16 : 14] = (uint8_t)p->node_depth;
    block[large ? 17 : 15] = (uint8_t)p->inner_size;
    memcpy(block + (large ? 32 : 16), p->salt, large ? 16 : 8);
    memcpy(block + (large ? 48 : 24), p->person, large ? 16 : 8);
}

static Value make(Thread *t, Value *args, bool large) {
    Parameters p = {0};
    uint8_t block[64] = {0};
    CHECK(read_parameters(t, args, large, &p));
    int last = truth(t, args[12]);
    CHECK(last >= 0);
    Value made = TRY(digest_make(t, large ? &blake2b_type : &blake2s_type, large ? &kind_b : &kind_s, NO_VALUE, NO_VALUE));
    Digest *d = as_digest(made);
    d->digest_size = (uint32_t)p.digest_size;
    write_parameters(&p, large, block);
    if (large) {
        Blake2b *s = (Blake2b *)d->state;
        for (int i = 0; i < 8; i++)
            s->h[i] = start_b[i] ^ read_le64(block + 8 * i);
        s->last_node = last;
    } else {
        Blake2s *s = (Blake2s *)d->state;
        for (int i = 0; i < 8; i++)
            s->h[i] = start_s[i] ^ read_le32(block + 4 * i);
        s->last_node = last;
    }
    if (p.key_length) {
        uint8_t padded[128] = {0};
        memcpy(padded, p.key, p.key_length);
        d->kind->update(d->state, padded, d->kind->block_size);
    }
    if (present(args[1]) && present(args[14]))
        return raise_type_error(t, "'data' and 'string' are mutually exclusive and support for 'string' keyword "
                                   "parameter is slated for removal in a future version.");
    Value input = present(args[1]) ? args[1] : args[14];
    if (present(input))
        CHECK(digest_feed(t, d, input));
    return made;
}
static Value blake2b_new(Thread *t, Value *args) { return make(t, args, true); }
static Value blake2s_new(Thread *t, Value *args) { return make(t, args, false); }

#define SIGNATURE(size)                                                                                         \
    "__new__(type, data=<b''>, *, digest_size=" size ", key=b'', salt=b'', person=b'', fanout=1, "  \
    "depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, "  \
    "string=<None>)"
#define METHODS(make_it, size)                                                                                  \
    {SIGNATURE(size), make_it, "Create and return a new object.  See help(type) for accurate signature."},      \
        {"copy(self, /)", digest_copy, "Return a copy of the hash object."},                                    \
        {"digest(self, /)", digest_digest, "Return the digest value as a bytes object."},                       \
        {"hexdigest(self, /)", digest_hexdigest, "Return the digest value as a string of hexadecimal digits."}, \
        {"update(self, data, /)", digest_update,                                                                \
         "Update this hash object's state with the provided bytes-like object."},                               \
        {NULL},
static const NativeDef methods_b[] = {METHODS(blake2b_new, "64")};
static const NativeDef methods_s[] = {METHODS(blake2s_new, "32")};

enum { SIZES = 4 };
static const char *const size_names[SIZES] = {"SALT_SIZE", "PERSON_SIZE", "MAX_KEY_SIZE", "MAX_DIGEST_SIZE"};

static Value size_constant(Type *type, int i) {
    bool large = type == &blake2b_type;
    return small_int(i < 2 ? (large ? 16 : 8) : large ? 64 : 32);
}

static bool add_size_constants(Thread *t, Type *type) {
    for (int i = 0; i < SIZES; i++) {
        Value name = str_intern_text(t, size_names[i]);
        if (absent(name) || !dict_set(t, type->dict, name, size_constant(type, i)))
            return false;
    }
    return true;
}

MODULE_TYPE(blake2b_type, _blake2) = {
    STATIC_TYPE_HEAD(digest_trace, NULL),
    .name_text = "_blake2.blake2b",
    .doc = "Return a new BLAKE2b hash object.",
    .methods = methods_b,
    .getset = digest_getset,
    .add_constants = add_size_constants,
    .instance_size = sizeof(Digest) + sizeof(Blake2b),
};
MODULE_TYPE(blake2s_type, _blake2) = {
    STATIC_TYPE_HEAD(digest_trace, NULL),
    .name_text = "_blake2.blake2s",
    .doc = "Return a new BLAKE2s hash object.",
    .methods = methods_s,
    .getset = digest_getset,
    .add_constants = add_size_constants,
    .instance_size = sizeof(Digest) + sizeof(Blake2s),
};

static bool add_sizes(Thread *t, Value module, Type *type, const char *prefix) {
    for (int i = 0; i < SIZES; i++) {
        char full[40];
        snprintf(full, sizeof full, "%s_%s", prefix, size_names[i]);
        if (!module_add(t, module, full, size_constant(type, i)))
            return false;
    }
    return true;
}

static bool init(Thread *t, Value module) {
    return module_add_type(t, module, &blake2b_type) && module_add_type(t, module, &blake2s_type) &&
           add_sizes(t, module, &blake2b_type, "BLAKE2B") &&
           add_sizes(t, module, &blake2s_type, "BLAKE2S") && digest_module_init(t, module);
}

NATIVE_MODULE(_blake2) = {.name = "_blake2", .doc = "_blake2b provides BLAKE2b for hashlib\n", .init = init};
