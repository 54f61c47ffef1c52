/* _sha2: SHA-224, SHA-256, SHA-384 and SHA-512. Source: FIPS 180-4.
 *
 * The constants are the first bits of the fractional parts of the cube roots and square roots of the first primes;
 * those of SHA-256 are the upper halves of those of SHA-512.
 */
#include "modules/digest.h"
#include "types/module.h"

static const uint64_t cube_roots[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};
static const uint64_t square_roots[16] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
    0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
};

#define ROTATE32 __builtin_rotateright32
#define ROTATE64 __builtin_rotateright64

typedef struct SHA256 {
    uint32_t h[8];
    DigestBlock block;
} SHA256;

static void compress_256(void *state, const uint8_t *blocks, size_t count) {
    SHA256 *s = state;
    for (; count; count--, blocks += 64) {
        uint32_t w[64], v[8];
        memcpy(v, s->h, sizeof v);
        for (int i = 0; i < 16; i++)
            w[i] = read_be32(blocks + 4 * i);
        for (int i = 16; i < 64; i++) {
            uint32_t x = w[i - 15], y = w[i - 2];
            w[i] = w[i - 16] + (ROTATE32(x, 7) ^ ROTATE32(x, 18) ^ x >> 3) + w[i - 7] +
                   (ROTATE32(y, 17) ^ ROTATE32(y, 19) ^ y >> 10);
        }
        for (int i = 0; i < 64; i++) {
            uint32_t a = v[0], e = v[4];
            uint32_t one = v[7] + (ROTATE32(e, 6) ^ ROTATE32(e, 11) ^ ROTATE32(e, 25)) + ((e & v[5]) ^ (~e & v[6])) +
                           (uint32_t)(cube_roots[i] >> 32) + w[i];
            uint32_t two = (ROTATE32(a, 2) ^ ROTATE32(a, 13) ^ ROTATE32(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
            memmove(v + 1, v, 7 * sizeof *v);
            v[4] += one;
            v[0] = one + two;
        }
        for (int i = 0; i < 8; i++)
            s->h[i] += v[i];
    }
}

static void start_256(void *state) {
    SHA256 *s = state;
    *s = (SHA256){0};
    for (int i = 0; i < 8; i++)
        s->h[i] = (uint32_t)(square_roots[i] >> 32);
}
static void start_224(void *state) {
    SHA256 *s = state;
    *s = (SHA256){0};
    for (int i = 0; i < 8; i++)
        s->h[i] = (uint32_t)square_roots[8 + i];
}
static void update_256(void *state, const uint8_t *data, size_t length) {
    digest_blocks(&((SHA256 *)state)->block, 64, data, length, state, compress_256);
}
static void finish_256(void *state, uint8_t *out, size_t length) {
    SHA256 *s = state;
    digest_pad(&s->block, 64, 8, true, s, compress_256);
    for (size_t i = 0; i < length / 4; i++)
        write_be32(out + 4 * i, s->h[i]);
}

typedef struct SHA512 {
    uint64_t h[8];
    DigestBlock block;
} SHA512;

static void compress_512(void *state, const uint8_t *blocks, size_t count) {
    SHA512 *s = state;
    for (; count; count--, blocks += 128) {
        uint64_t w[80], v[8];
        memcpy(v, s->h, sizeof v);
        for (int i = 0; i < 16; i++)
            w[i] = read_be64(blocks + 8 * i);
        for (int i = 16; i < 80; i++) {
            uint64_t x = w[i - 15], y = w[i - 2];
            w[i] = w[i - 16] + (ROTATE64(x, 1) ^ ROTATE64(x, 8) ^ x >> 7) + w[i - 7] +
                   (ROTATE64(y, 19) ^ ROTATE64(y, 61) ^ y >> 6);
        }
        for (int i = 0; i < 80; i++) {
            uint64_t a = v[0], e = v[4];
            uint64_t one = v[7] + (ROTATE64(e, 14) ^ ROTATE64(e, 18) ^ ROTATE64(e, 41)) + ((e & v[5]) ^ (~e & v[6])) +
                           cube_roots[i] + w[i];
            uint64_t two = (ROTATE64(a, 28) ^ ROTATE64(a, 34) ^ ROTATE64(a, 39)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
            memmove(v + 1, v, 7 * sizeof *v);
            v[4] += one;
            v[0] = one + two;
        }
        for (int i = 0; i < 8; i++)
            s->h[i] += v[i];
    }
}

static void start_512(void *state) {
    SHA512 *s = state;
    *s = (SHA512){0};
    memcpy(s->h, square_roots, sizeof s->h);
}
static void start_384(void *state) {
    SHA512 *s = state;
    *s = (SHA512){0};
    memcpy(s->h, square_roots + 8, sizeof s->h);
}
static void update_512(void *state, const uint8_t *data, size_t length) {
    digest_blocks(&((SHA512 *)state)->block, 128, data, length, state, compress_512);
}
static void finish_512(void *state, uint8_t *out, size_t length) {
    SHA512 *s = state;
    digest_pad(&s->block, 128, 16, true, s, compress_512);
    for (size_t i = 0; i < length / 8; i++)
        write_be64(out + 8 * i, s->h[i]);
}

static const DigestKind kind_224 = {"sha224", 64, 28, sizeof(SHA256), start_224, update_256, finish_256};
static const DigestKind kind_256 = {"sha256", 64, 32, sizeof(SHA256), start_256, update_256, finish_256};
static const DigestKind kind_384 = {"sha384", 128, 48, sizeof(SHA512), start_384, update_512, finish_512};
static const DigestKind kind_512 = {"sha512", 128, 64, sizeof(SHA512), start_512, update_512, finish_512};
DIGEST_TYPE(sha224_type, _sha2, "_sha2.SHA224Type", SHA256);
DIGEST_TYPE(sha256_type, _sha2, "_sha2.SHA256Type", SHA256);
DIGEST_TYPE(sha384_type, _sha2, "_sha2.SHA384Type", SHA512);
DIGEST_TYPE(sha512_type, _sha2, "_sha2.SHA512Type", SHA512);

static Value sha224(Thread *t, Value *args) { return digest_make(t, &sha224_type, &kind_224, args[0], args[2]); }
static Value sha256(Thread *t, Value *args) { return digest_make(t, &sha256_type, &kind_256, args[0], args[2]); }
static Value sha384(Thread *t, Value *args) { return digest_make(t, &sha384_type, &kind_384, args[0], args[2]); }
static Value sha512(Thread *t, Value *args) { return digest_make(t, &sha512_type, &kind_512, args[0], args[2]); }

#define ARGUMENTS "(data=<b''>, *, usedforsecurity=True, string=<None>)"
static const NativeDef functions[] = {
    {"sha224" ARGUMENTS, sha224, "Return a new SHA-224 hash object; optionally initialized with a string."},
    {"sha256" ARGUMENTS, sha256, "Return a new SHA-256 hash object; optionally initialized with a string."},
    {"sha384" ARGUMENTS, sha384, "Return a new SHA-384 hash object; optionally initialized with a string."},
    {"sha512" ARGUMENTS, sha512, "Return a new SHA-512 hash object; optionally initialized with a string."},
    {NULL},
};

static bool init(Thread *t, Value module) {
    return module_add_type(t, module, &sha224_type) && module_add_type(t, module, &sha256_type) &&
           module_add_type(t, module, &sha384_type) && module_add_type(t, module, &sha512_type) &&
           digest_module_init(t, module);
}

NATIVE_MODULE(_sha2) = {.name = "_sha2", .functions = functions, .init = init};
