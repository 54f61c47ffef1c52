/* HASH and HASHXOF: objects around a state or a context of libcrypto. Threads: hashlib.h. */
#include "modules/_hashlib/hashlib.h"
#include "modules/_hashlib/plain.h"
#include "modules/digest.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/str/str.h"

typedef struct HashObject {
    Object object;
    Mutex mutex;
    const PlainDigest *plain; /* NULL: context is in use */
    union {
        EVP_MD_CTX *context;
        PlainState state; /* as much of it as the hash function needs */
    };
} HashObject;

static HashObject *as_hash(Value v) { return (HashObject *)v.bits; }
static const EVP_MD *digest_of(HashObject *h) { return EVP_MD_CTX_get0_md(h->context); }

static void release(Object *o) {
    HashObject *h = (HashObject *)o;
    if (h->plain)
        return;
    EVP_MD_CTX_free(h->context);
    h->context = NULL;
}

static HashObject *new_object(Thread *t, Type *type, const PlainDigest *plain) {
    if (plain) { /* which has nothing to release */
        HashObject *h = heap_allocate(t, type, offsetof(HashObject, state) + plain->state_size);
        if (h)
            h->plain = plain;
        return h;
    }
    HashObject *h = type_allocate(t, type);
    if (h && !(h->context = EVP_MD_CTX_new()))
        raise_no_memory(t);
    return h && h->context ? h : NULL;
}

static bool feed(Thread *t, HashObject *h, Value data) {
    Buffer b;
    if (!hashlib_input(t, data, &b))
        return false;
    hashlib_lock(t, &h->mutex);
    bool many = b.length >= MANY_BYTES;
    if (many)
        blocking_begin(t);
    bool ok = h->plain ? h->plain->update(&h->state, b.data, b.length) : EVP_DigestUpdate(h->context, b.data, b.length);
    if (many)
        blocking_end(t);
    mutex_unlock(&h->mutex);
    buffer_release(t, &b);
    if (!ok)
        hashlib_error(t);
    return ok;
}

Value hash_make(Thread *t, EVP_MD *md, Value data, Value string) {
    if (!md)
        return NO_VALUE;
    bool xof = EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF;
    const PlainDigest *plain = plain_digest(md);
    HashObject *h = new_object(t, xof ? &hash_xof_type : &hash_type, plain);
    bool ok = h && (plain ? plain->begin(&h->state) : EVP_DigestInit_ex(h->context, md, NULL));
    EVP_MD_free(md);
    CHECK(h != NULL);
    if (!ok)
        return hashlib_error(t);
    if (present(data) && present(string))
        return raise_type_error(t, "'data' and 'string' are mutually exclusive and support for 'string' keyword "
                                   "parameter is slated for removal in a future version.");
    Value input = present(data) ? data : string;
    CHECK(absent(input) || feed(t, h, input));
    return from_object(h);
}

static Value copy(Thread *t, Value *args) {
    HashObject *from = as_hash(args[0]), *to = new_object(t, type_of(args[0]), from->plain);
    bool ok = true;
    CHECK(to != NULL);
    hashlib_lock(t, &from->mutex);
    if (from->plain)
        memcpy(&to->state, &from->state, from->plain->state_size);
    else
        ok = EVP_MD_CTX_copy(to->context, from->context);
    mutex_unlock(&from->mutex);
    return ok ? from_object(to) : hashlib_error(t);
}

static bool finish_plain(Thread *t, HashObject *h, unsigned char *out) {
    PlainState state;
    hashlib_lock(t, &h->mutex);
    memcpy(&state, &h->state, h->plain->state_size);
    mutex_unlock(&h->mutex);
    return h->plain->finish(out, &state);
}

static bool finish_context(Thread *t, HashObject *h, unsigned char *out, size_t length, bool xof) {
    EVP_MD_CTX *copied = EVP_MD_CTX_new();
    if (!copied) {
        raise_no_memory(t);
        return false;
    }
    hashlib_lock(t, &h->mutex);
    bool ok = EVP_MD_CTX_copy(copied, h->context);
    mutex_unlock(&h->mutex);
    if (ok && length)
        ok = xof ? EVP_DigestFinalXOF(copied, out, length) : EVP_DigestFinal_ex(copied, out, NULL);
    EVP_MD_CTX_free(copied);
    return ok;
}

/* Finishes a copy, so that hashing may go on. length is what an XOF is to give. */
static Value finish(Thread *t, HashObject *h, size_t length, bool xof) {
    Value result = TRY(bytes_new(t, NULL, length));
    unsigned char *out = (unsigned char *)as_bytes(result)->data;
    bool ok = h->plain ? finish_plain(t, h, out) : finish_context(t, h, out, length, xof);
    return ok ? result : hashlib_error(t);
}

static size_t digest_size_of(HashObject *h) {
    return h->plain ? h->plain->digest_size : (size_t)EVP_MD_get_size(digest_of(h));
}

static Value finish_whole(Thread *t, Value self) { return finish(t, as_hash(self), digest_size_of(as_hash(self)), false); }
static Value finish_some(Thread *t, Value *args) {
    size_t length;
    CHECK(digest_length(t, args[1], &length));
    return finish(t, as_hash(args[0]), length, true);
}

static Value digest(Thread *t, Value *args) { return finish_whole(t, args[0]); }
static Value hexdigest(Thread *t, Value *args) { return digest_hex_text(t, TRY(finish_whole(t, args[0]))); }
static Value digest_some(Thread *t, Value *args) { return finish_some(t, args); }
static Value hexdigest_some(Thread *t, Value *args) { return digest_hex_text(t, TRY(finish_some(t, args))); }

static Value update(Thread *t, Value *args) {
    CHECK(feed(t, as_hash(args[0]), args[1]));
    return NONE;
}

static Value get_block_size(Thread *t, Value *args) {
    HashObject *h = as_hash(args[0]);
    return small_int(h->plain ? (int)h->plain->block_size : EVP_MD_get_block_size(digest_of(h)));
}
static Value get_digest_size(Thread *t, Value *args) {
    HashObject *h = as_hash(args[0]);
    bool xof = !h->plain && EVP_MD_get_flags(digest_of(h)) & EVP_MD_FLAG_XOF;
    return small_int(xof ? 0 : (int64_t)digest_size_of(h));
}
static Value get_name(Thread *t, Value *args) {
    HashObject *h = as_hash(args[0]);
    return h->plain ? str_from_text(t, h->plain->name) : hashlib_name(t, digest_of(h));
}

static Value hash_repr(Thread *t, Value *args) {
    Value name = TRY(get_name(t, args));
    Value place = TRY(object_id(t, args[0]));
    return format_text(t, "<%S %s object @ 0x%S>", name, type_of(args[0])->name_text, TRY(format_value(t, place, TRY(str_from_text(t, "x")))));
}

static const NativeDef methods[] = {
    {"copy(self, /)", copy, "Return a copy of the hash object."},
    {"digest(self, /)", digest, "Return the digest value as a bytes object."},
    {"hexdigest(self, /)", hexdigest, "Return the digest value as a string of hexadecimal digits."},
    {"update(self, obj, /)", update, "Update this hash object's state with the provided string."},
    {"__repr__(self, /)", hash_repr},
    {NULL},
};
static const NativeDef xof_methods[] = {
    {"digest(self, /, length)", digest_some, "Return the digest value as a bytes object."},
    {"hexdigest(self, /, length)", hexdigest_some, "Return the digest value as a string of hexadecimal digits."},
    {NULL},
};
static const GetSetDef getset[] = {
    {"block_size", get_block_size}, {"digest_size", get_digest_size}, {"name", get_name}, {NULL}};

MODULE_TYPE(hash_type, _hashlib) = {
    STATIC_TYPE_HEAD(NULL, release),
    .name_text = "_hashlib.HASH",
    .signature = "(name, string=b'')",
    .doc = "A hash is an object used to calculate a checksum of a string of information.\n\nMethods:\n\n"
           "update() -- updates the current digest with an additional string\ndigest() -- return the current digest value\n"
           "hexdigest() -- return the current digest as a string of hexadecimal digits\n"
           "copy() -- return a copy of the current hash object\n\nAttributes:\n\n"
           "name -- the hash algorithm being used by this object\ndigest_size -- number of bytes in this hashes output",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_NO_NEW | TYPE_BASE,
    .instance_size = sizeof(HashObject),
};
MODULE_TYPE(hash_xof_type, _hashlib) = {
    STATIC_TYPE_HEAD(NULL, release),
    .name_text = "_hashlib.HASHXOF",
    .signature = "(name, string=b'')",
    .base_static = &hash_type,
    .doc = "A hash whose digests have the length that is asked for: digest(length), hexdigest(length).",
    .methods = xof_methods,
    .flags = TYPE_NO_NEW | TYPE_BASE,
    .instance_size = sizeof(HashObject),
};
