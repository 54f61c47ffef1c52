/* _hashlib: hash functions and what is made of them, by libcrypto. hash.c: HASH and HASHXOF; hmac.c: HMAC; derive.c: keys
 * from passwords; module.c: names of hash functions, errors, the module.
 *
 * Threads: an object's mutex guards the library's context. It is taken for many bytes in a blocking region.
 */
#pragma once
#include "base/lock.h"
#include "object/buffer.h"
#include "object/thread.h"

#include <openssl/evp.h>

extern Type hash_type, hash_xof_type, hmac_type;

/* A name of hashlib for a hash function; to be freed. NULL with UnsupportedDigestmodError pending. */
EVP_MD *hashlib_fetch(Thread *t, const char *name, bool for_security);
/* The same for a str, or for a function of this module that makes a hash. */
EVP_MD *hashlib_fetch_argument(Thread *t, Value digestmod);
EVP_MAC *hashlib_hmac(Thread *t); /* not to be freed; NULL: see the library's error */
Value hashlib_name(Thread *t, const EVP_MD *md);
/* ValueError (MemoryError, UnsupportedDigestmodError) with the library's last reason. */
Value hashlib_error(Thread *t);
Value hashlib_unsupported(Thread *t, const char *format, Value subject);

/* The bytes of an argument that may not be a str. */
[[nodiscard]] bool hashlib_input(Thread *t, Value v, Buffer *b);
/* Locks the mutex, without holding up others if it has to wait or the work is long. */
void hashlib_lock(Thread *t, Mutex *m);

enum { MANY_BYTES = 2048 };

Value hash_make(Thread *t, EVP_MD *md, Value data, Value string); /* takes md over; data and string may be absent */
Value hashlib_hmac_new(Thread *t, Value *args);
Value hashlib_hmac_digest(Thread *t, Value *args);
Value hashlib_pbkdf2(Thread *t, Value *args);
Value hashlib_scrypt(Thread *t, Value *args);
