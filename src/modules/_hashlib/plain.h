/* Hash functions whose state lies in the object that uses it: the common ones. The library's general contexts are several
 * pieces of its own memory each, which only a collection would give back. */
#pragma once
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

typedef union PlainState {
    MD5_CTX md5;
    SHA_CTX sha1;
    SHA256_CTX sha256;
    SHA512_CTX sha512;
} PlainState;

enum { LARGEST_BLOCK = SHA512_CBLOCK };

typedef struct PlainDigest {
    const char *name; /* hashlib's */
    int type;         /* the library's number */
    unsigned digest_size, block_size, state_size;
    int (*begin)(PlainState *state);
    int (*update)(PlainState *state, const void *data, size_t length);
    int (*finish)(unsigned char *digest, PlainState *state); /* the state is of no use afterwards */
} PlainDigest;

const PlainDigest *plain_digest(const EVP_MD *md); /* NULL: the library's contexts are needed */
