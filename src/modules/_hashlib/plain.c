/* The table of plain hash functions. Threads: a state takes one thread at a time; hashlib.h. */
#include "modules/_hashlib/plain.h"

#define FUNCTIONS(name, field, begin_with, update_with, finish_with)                                           \
    static int begin_##name(PlainState *s) { return begin_with(&s->field); }                                  \
    static int update_##name(PlainState *s, const void *data, size_t length) { return update_with(&s->field, data, length); } \
    static int finish_##name(unsigned char *digest, PlainState *s) { return finish_with(digest, &s->field); }
FUNCTIONS(md5, md5, MD5_Init, MD5_Update, MD5_Final)
FUNCTIONS(sha1, sha1, SHA1_Init, SHA1_Update, SHA1_Final)
FUNCTIONS(sha224, sha256, SHA224_Init, SHA224_Update, SHA224_Final)
FUNCTIONS(sha256, sha256, SHA256_Init, SHA256_Update, SHA256_Final)
FUNCTIONS(sha384, sha512, SHA384_Init, SHA384_Update, SHA384_Final)
FUNCTIONS(sha512, sha512, SHA512_Init, SHA512_Update, SHA512_Final)
#undef FUNCTIONS

#define PLAIN(name, type, size, block, state) {#name, type, size, block, sizeof(state), begin_##name, update_##name, finish_##name}
static const PlainDigest digests[] = {
    PLAIN(md5, NID_md5, MD5_DIGEST_LENGTH, MD5_CBLOCK, MD5_CTX),
    PLAIN(sha1, NID_sha1, SHA_DIGEST_LENGTH, SHA_CBLOCK, SHA_CTX),
    PLAIN(sha224, NID_sha224, SHA224_DIGEST_LENGTH, SHA256_CBLOCK, SHA256_CTX),
    PLAIN(sha256, NID_sha256, SHA256_DIGEST_LENGTH, SHA256_CBLOCK, SHA256_CTX),
    PLAIN(sha384, NID_sha384, SHA384_DIGEST_LENGTH, SHA512_CBLOCK, SHA512_CTX),
    PLAIN(sha512, NID_sha512, SHA512_DIGEST_LENGTH, SHA512_CBLOCK, SHA512_CTX),
};
#undef PLAIN

const PlainDigest *plain_digest(const EVP_MD *md) {
    int type = EVP_MD_get_type(md);
    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
        if (digests[i].type == type)
            return &digests[i];
    return NULL;
}
