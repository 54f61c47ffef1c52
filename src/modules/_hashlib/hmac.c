/* HMAC objects: for plain hash functions two states, of the hash that takes the message and of the one that takes its digest
 * (RFC 2104), which have taken the key already; for others the library's. Threads: hashlib.h. */
#include "modules/_hashlib/hashlib.h"
#include "modules/_hashlib/plain.h"
#include "modules/digest.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/str/str.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/hmac.h>

typedef struct HmacObject {
    Object object;
    Mutex mutex;
    const PlainDigest *plain; /* NULL: context is in use */
    union {
        struct {
            EVP_MAC_CTX *context;
            EVP_MD *digest;
        };
        PlainState states[2]; /* inner, outer */
    };
} HmacObject;

static HmacObject *as_hmac(Value v) { return (HmacObject *)v.bits; }

static void release(Object *o) {
    HmacObject *h = (HmacObject *)o;
    if (h->plain)
        return;
    EVP_MAC_CTX_free(h->context);
    EVP_MD_free(h->digest);
    h->context = NULL;
    h->digest = NULL;
}

static EVP_MAC_CTX *new_context(Thread *t, EVP_MD *digest, const char *key, size_t length) {
    EVP_MAC *mac = hashlib_hmac(t);
    EVP_MAC_CTX *context = mac ? EVP_MAC_CTX_new(mac) : NULL;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)EVP_MD_get0_name(digest), 0),
        OSSL_PARAM_construct_end(),
    };
    if (context && !EVP_MAC_init(context, (const unsigned char *)key, length, parameters)) {
        EVP_MAC_CTX_free(context);
        context = NULL;
    }
    return context;
}

static bool plain_begin(const PlainDigest *plain, PlainState states[2], const void *key, size_t length) {
    unsigned char short_key[LARGEST_BLOCK] = {}, pad[LARGEST_BLOCK];
    bool ok = true;
    if (length > plain->block_size)
        ok = plain->begin(&states[0]) && plain->update(&states[0], key, length) && plain->finish(short_key, &states[0]);
    else if (length)
        memcpy(short_key, key, length);
    for (int outer = 0; outer < 2 && ok; outer++) {
        for (unsigned i = 0; i < plain->block_size; i++)
            pad[i] = short_key[i] ^ (outer ? 0x5c : 0x36);
        ok = plain->begin(&states[outer]) && plain->update(&states[outer], pad, plain->block_size);
    }
    return ok;
}

static bool plain_finish(const PlainDigest *plain, PlainState states[2], unsigned char *out) {
    return plain->finish(out, &states[0]) && plain->update(&states[1], out, plain->digest_size) &&
           plain->finish(out, &states[1]);
}

static bool feed(Thread *t, HmacObject *h, Value data) {
    Buffer b;
    if (!hashlib_input(t, data, &b))
        return false;
    hashlib_lock(t, &h->mutex);
    bool many = b.length >= MANY_BYTES;
    if (many)
        blocking_begin(t);
    bool ok = h->plain ? h->plain->update(&h->states[0], b.data, b.length)
                       : EVP_MAC_update(h->context, (unsigned char *)b.data, b.length);
    if (many)
        blocking_end(t);
    mutex_unlock(&h->mutex);
    buffer_release(t, &b);
    if (!ok)
        hashlib_error(t);
    return ok;
}

/* An object with a key; takes over the digest. */
static HmacObject *make(Thread *t, EVP_MD *digest, const void *key, size_t length) {
    const PlainDigest *plain = plain_digest(digest);
    if (plain) {
        EVP_MD_free(digest);
        HmacObject *h = heap_allocate(t, &hmac_type, sizeof *h); /* which has nothing to release */
        if (h && !plain_begin(h->plain = plain, h->states, key, length))
            hashlib_error(t);
        return h;
    }
    HmacObject *h = type_allocate(t, &hmac_type);
    if (!h) {
        EVP_MD_free(digest);
        return NULL;
    }
    h->digest = digest;
    h->context = EVP_MD_get_flags(digest) & EVP_MD_FLAG_XOF ? NULL : new_context(t, digest, key, length);
    if (!h->context)
        hashlib_error(t);
    return h;
}

Value hashlib_hmac_new(Thread *t, Value *args) {
    Buffer key;
    if (absent(args[2]) || is_none(args[2]))
        return raise_type_error(t, "Missing required parameter 'digestmod'.");
    CHECK(buffer_get_contiguous(t, args[0], &key, false));
    if (key.length > INT_MAX)
        raise_overflow_error(t, "key is too long.");
    EVP_MD *digest = error_pending(t) ? NULL : hashlib_fetch_argument(t, args[2]);
    HmacObject *h = digest ? make(t, digest, key.data, key.length) : NULL;
    buffer_release(t, &key);
    CHECK(!error_pending(t) && (absent(args[1]) || is_none(args[1]) || feed(t, h, args[1])));
    return from_object(h);
}

Value hashlib_hmac_digest(Thread *t, Value *args) {
    Buffer key, message;
    EVP_MD *digest = hashlib_fetch_argument(t, args[2]);
    CHECK(digest != NULL);
    if (!buffer_get_contiguous(t, args[0], &key, false)) {
        EVP_MD_free(digest);
        return NO_VALUE;
    }
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (key.length > INT_MAX) {
        raise_overflow_error(t, "key is too long.");
    } else if (buffer_get_contiguous(t, args[1], &message, false)) {
        blocking_begin(t);
        bool ok = HMAC(digest, key.data, (int)key.length, (unsigned char *)message.data, message.length, out, &length);
        blocking_end(t);
        buffer_release(t, &message);
        if (!ok)
            hashlib_error(t);
    }
    buffer_release(t, &key);
    EVP_MD_free(digest);
    return error_pending(t) ? NO_VALUE : bytes_new(t, (char *)out, length);
}

static Value copy(Thread *t, Value *args) {
    HmacObject *from = as_hmac(args[0]);
    HmacObject *to = from->plain ? heap_allocate(t, &hmac_type, sizeof *to) : type_allocate(t, &hmac_type);
    CHECK(to != NULL);
    if ((to->plain = from->plain)) {
        hashlib_lock(t, &from->mutex);
        memcpy(to->states, from->states, sizeof to->states);
        mutex_unlock(&from->mutex);
        return from_object(to);
    }
    hashlib_lock(t, &from->mutex);
    to->context = EVP_MAC_CTX_dup(from->context);
    if (to->context && EVP_MD_up_ref(from->digest))
        to->digest = from->digest;
    mutex_unlock(&from->mutex);
    return to->digest ? from_object(to) : hashlib_error(t);
}

static Value update(Thread *t, Value *args) {
    CHECK(feed(t, as_hmac(args[0]), args[1]));
    return NONE;
}

static Value digest(Thread *t, Value *args) {
    HmacObject *h = as_hmac(args[0]);
    unsigned char out[EVP_MAX_MD_SIZE];
    size_t length = 0;
    if (h->plain) {
        PlainState states[2];
        hashlib_lock(t, &h->mutex);
        memcpy(states, h->states, sizeof states);
        mutex_unlock(&h->mutex);
        return plain_finish(h->plain, states, out) ? bytes_new(t, (char *)out, h->plain->digest_size) : hashlib_error(t);
    }
    hashlib_lock(t, &h->mutex);
    EVP_MAC_CTX *copied = EVP_MAC_CTX_dup(h->context);
    mutex_unlock(&h->mutex);
    bool ok = copied && EVP_MAC_final(copied, out, &length, sizeof out);
    EVP_MAC_CTX_free(copied);
    return ok ? bytes_new(t, (char *)out, length) : hashlib_error(t);
}
static Value hexdigest(Thread *t, Value *args) { return digest_hex_text(t, TRY(digest(t, args))); }

static Value get_block_size(Thread *t, Value *args) {
    HmacObject *h = as_hmac(args[0]);
    return small_int(h->plain ? (int)h->plain->block_size : EVP_MD_get_block_size(h->digest));
}
static Value get_digest_size(Thread *t, Value *args) {
    HmacObject *h = as_hmac(args[0]);
    return small_int(h->plain ? (int)h->plain->digest_size : EVP_MD_get_size(h->digest));
}
static Value name_of(Thread *t, HmacObject *h) {
    return h->plain ? str_from_text(t, h->plain->name) : hashlib_name(t, h->digest);
}
static Value get_name(Thread *t, Value *args) { return format_text(t, "hmac-%S", TRY(name_of(t, as_hmac(args[0])))); }
static Value hmac_repr(Thread *t, Value *args) {
    Value name = TRY(name_of(t, as_hmac(args[0]))), place = TRY(object_id(t, args[0]));
    return format_text(t, "<%S HMAC object @ 0x%S>", name, TRY(format_value(t, place, TRY(str_from_text(t, "x")))));
}

static const NativeDef methods[] = {
    {"copy(self, /)", copy, "Return a copy (\"clone\") of the HMAC object."},
    {"digest(self, /)", digest, "Return the digest of the bytes passed to the update() method so far."},
    {"hexdigest(self, /)", hexdigest,
     "Return hexadecimal digest of the bytes passed to the update() method so far.\n\n"
     "This may be used to exchange the value safely in email or other\nnon-binary environments."},
    {"update(self, /, msg)", update, "Update the HMAC object with msg."},
    {"__repr__(self, /)", hmac_repr},
    {NULL},
};
static const GetSetDef getset[] = {
    {"block_size", get_block_size}, {"digest_size", get_digest_size}, {"name", get_name}, {NULL}};

MODULE_TYPE(hmac_type, _hashlib) = {
    STATIC_TYPE_HEAD(NULL, release),
    .name_text = "_hashlib.HMAC",
    .doc = "The object used to calculate HMAC of a message.\n\nMethods:\n\n"
           "update() -- updates the current digest with an additional string\ndigest() -- return the current digest value\n"
           "hexdigest() -- return the current digest as a string of hexadecimal digits\n"
           "copy() -- return a copy of the current hash object\n\nAttributes:\n\n"
           "name -- the name, including the hash algorithm used by this object\n"
           "digest_size -- number of bytes in digest() output\n",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(HmacObject),
};
