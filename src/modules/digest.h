/* What _md5, _sha1, _sha2, _sha3 and _blake2 share: an object around the state of a hash function.
 *
 * A module gives the hash function's four properties and its state's size; the object, its methods and its
 * attributes are here.
 *
 * Threads: `mutex` guards the state; it is held while bytes are hashed, and nothing else happens under it.
 */
#pragma once
#include "base/lock.h"
#include "object/native.h"
#include "object/object.h"

typedef struct DigestKind {
    const char *name;
    uint32_t block_size;
    uint32_t digest_size; /* bytes; 0: as many as are asked for */
    uint32_t state_size;
    void (*start)(void *state);
    void (*update)(void *state, const uint8_t *data, size_t length);
    void (*finish)(void *state, uint8_t *out, size_t length); /* the state is of no use afterwards */
} DigestKind;

typedef struct Digest {
    Object object;
    Mutex mutex;
    uint32_t digest_size;
    const DigestKind *kind;
    alignas(16) char state[];
} Digest;

enum { DIGEST_STATE_LIMIT = 512 };

static inline Digest *as_digest(Value v) { return (Digest *)v.bits; }
void digest_trace(Tracer *tracer, Object *o);

/* A new object that was fed with what the constructors' `data` and `string` say (each may be absent). */
Value digest_make(Thread *t, Type *type, const DigestKind *kind, Value data, Value string);
bool digest_feed(Thread *t, Digest *d, Value data);
/* Reads a length argument of shake's methods. */
bool digest_length(Thread *t, Value v, size_t *out);
Value digest_bytes(Thread *t, Digest *d, size_t length);
Value digest_hex(Thread *t, Digest *d, size_t length);
Value digest_hex_text(Thread *t, Value raw); /* the hexadecimal digits of bytes */

/* Rows of every digest's type. */
Value digest_copy(Thread *t, Value *args);
Value digest_digest(Thread *t, Value *args);
Value digest_hexdigest(Thread *t, Value *args);
Value digest_update(Thread *t, Value *args);
extern const NativeDef digest_methods[];
extern const GetSetDef digest_getset[];

/* The module's constant that says from how many bytes on CPython lets other threads run. */
bool digest_module_init(Thread *t, Value module);

/* The types are made by the modules' functions only. */
#define DIGEST_TYPE(c_name, module, python_name, state_type)                                                    \
    MODULE_TYPE(c_name, module) = {                                                                             \
        STATIC_TYPE_HEAD(digest_trace, NULL),                                                                   \
        .name_text = python_name,                                                                               \
        .methods = digest_methods,                                                                              \
        .getset = digest_getset,                                                                                \
        .flags = TYPE_NO_NEW,                                                                                   \
        .instance_size = sizeof(Digest) + sizeof(state_type),                                                   \
    }

/* Big- and little-endian words in memory. */
static inline uint32_t read_be32(const uint8_t *p) {
    uint32_t v;
    memcpy(&v, p, 4);
    return __builtin_bswap32(v);
}
static inline uint64_t read_be64(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, 8);
    return __builtin_bswap64(v);
}
static inline uint32_t read_le32(const uint8_t *p) {
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}
static inline uint64_t read_le64(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}
static inline void write_be32(uint8_t *p, uint32_t v) { memcpy(p, &(uint32_t){__builtin_bswap32(v)}, 4); }
static inline void write_be64(uint8_t *p, uint64_t v) { memcpy(p, &(uint64_t){__builtin_bswap64(v)}, 8); }
static inline void write_le32(uint8_t *p, uint32_t v) { memcpy(p, &v, 4); }
static inline void write_le64(uint8_t *p, uint64_t v) { memcpy(p, &v, 8); }

/* Input that does not fill a block waits here. */
typedef struct DigestBlock {
    uint64_t total; /* bytes so far */
    uint32_t used;
    uint8_t bytes[144];
} DigestBlock;

/* Feeds whole blocks to compress(state, block, count), keeps the rest. */
static inline void digest_blocks(DigestBlock *b, uint32_t size, const uint8_t *data, size_t length, void *state,
                                 void (*compress)(void *state, const uint8_t *blocks, size_t count)) {
    b->total += length;
    if (b->used) {
        size_t take = size - b->used < length ? size - b->used : length;
        memcpy(b->bytes + b->used, data, take);
        b->used += (uint32_t)take;
        data += take;
        length -= take;
        if (b->used == size) {
            compress(state, b->bytes, 1);
            b->used = 0;
        }
    }
    if (length >= size)
        compress(state, data, length / size);
    size_t rest = length % size;
    if (rest) {
        memcpy(b->bytes, data + (length - rest), rest);
        b->used = (uint32_t)rest;
    }
}

/* The padding of MD5 and SHA-1 and -2: a one bit, zeros, and the length in bits in the last `count` bytes. */
static inline void digest_pad(DigestBlock *b, uint32_t size, uint32_t count, bool big_endian, void *state,
                              void (*compress)(void *state, const uint8_t *blocks, size_t n)) {
    uint64_t bits = b->total * 8;
    b->bytes[b->used++] = 0x80;
    if (b->used > size - count) {
        memset(b->bytes + b->used, 0, size - b->used);
        compress(state, b->bytes, 1);
        b->used = 0;
    }
    memset(b->bytes + b->used, 0, size - b->used);
    if (big_endian)
        write_be64(b->bytes + size - 8, bits);
    else
        write_le64(b->bytes + size - 8, bits);
    compress(state, b->bytes, 1);
}
