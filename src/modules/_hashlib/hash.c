/* HASH and HASHXOF: objects around a context of libcrypto. Threads: hashlib.h. */
#include "modules/_hashlib/hashlib.h"
#include "modules/digest.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/str/str.h"

typedef struct HashObject {
    Object object;
    Mutex mutex;
    EVP_MD_CTX *context;
} HashObject;

static HashObject *as_hash(Value v) { return (HashObject *)v.bits; }
static const EVP_MD *digest_of(HashObject *h) { return EVP_MD_CTX_get0_md(h->context); }

static void release(Object *o) {
    EVP_MD_CTX_free(((HashObject *)o)->context);
    ((HashObject *)o)->context = NULL;
}

static HashObject *new_object(Thread *t, Type *type) {
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
    bool ok = EVP_DigestUpdate(h->context, b.data, b.length);
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
    HashObject *h = new_object(t, xof ? &hash_xof_type : &hash_type);
    bool ok = h && EVP_DigestInit_ex(h->context, md, NULL);
    EVP_MD_free(md);
    CHECK(h != NULL);
    if (!ok)
        return hashlib_error(t);
    if (present(data) && present(string) && !is_none(string))
        return raise_type_error(t, "'data' and 'string' are mutually exclusive and support for 'string' keyword "
                                   "parameter is slated for removal in a future version.");
    Value input = present(data) ? data : string;
    CHECK(absent(input) || is_none(input) || feed(t, h, input));
    return from_object(h);
}

static Value copy(Thread *t, Value *args) {
    HashObject *from = as_hash(args[0]), *to = new_object(t, type_of(args[0]));
    CHECK(to != NULL);
    hashlib_lock(t, &from->mutex);
    bool ok = EVP_MD_CTX_copy(to->context, from->context);
    mutex_unlock(&from->mutex);
    return ok ? from_object(to) : hashlib_error(t);
}

/* Finishes a copy, so that hashing may go on. length is what an XOF is to give. */
static Value finish(Thread *t, HashObject *h, size_t length, bool xof) {
    Value result = TRY(bytes_new(t, NULL, length));
    EVP_MD_CTX *copied = EVP_MD_CTX_new();
    if (!copied)
        return raise_no_memory(t);
    hashlib_lock(t, &h->mutex);
    bool ok = EVP_MD_CTX_copy(copied, h->context);
    mutex_unlock(&h->mutex);
    unsigned char *out = (unsigned char *)as_bytes(result)->data;
    if (ok && length)
        ok = xof ? EVP_DigestFinalXOF(copied, out, length) : EVP_DigestFinal_ex(copied, out, NULL);
    EVP_MD_CTX_free(copied);
    return ok ? result : hashlib_error(t);
}

static Value finish_whole(Thread *t, Value self) {
    HashObject *h = as_hash(self);
    return finish(t, h, (size_t)EVP_MD_get_size(digest_of(h)), false);
}
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

static Value get_block_size(Thread *t, Value *args) { return small_int(EVP_MD_get_block_size(digest_of(as_hash(args[0])))); }
static Value get_digest_size(Thread *t, Value *args) {
    const EVP_MD *md = digest_of(as_hash(args[0]));
    return small_int(EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF ? 0 : EVP_MD_get_size(md));
}
static Value get_name(Thread *t, Value *args) { return hashlib_name(t, digest_of(as_hash(args[0]))); }

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

STATIC_TYPE(hash_type) = {
    STATIC_TYPE_HEAD(NULL, release),
    .name_text = "_hashlib.HASH",
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
STATIC_TYPE(hash_xof_type) = {
    STATIC_TYPE_HEAD(NULL, release),
    .name_text = "_hashlib.HASHXOF",
    .base_static = &hash_type,
    .doc = "A hash whose digests have the length that is asked for: digest(length), hexdigest(length).",
    .methods = xof_methods,
    .flags = TYPE_NO_NEW | TYPE_BASE,
    .instance_size = sizeof(HashObject),
};
