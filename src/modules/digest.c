/* The methods and attributes of hash objects; see digest.h. */
#include "modules/digest.h"

#include "object/buffer.h"
#include "object/thread.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"

void digest_trace(Tracer *tracer, Object *o) {}

bool digest_feed(Thread *t, Digest *d, Value data) {
    Buffer b;
    if (is_str(data)) {
        raise_type_error(t, "Strings must be encoded before hashing");
        return false;
    }
    if (!has_buffer(data)) {
        raise_type_error(t, "object supporting the buffer API required");
        return false;
    }
    if (!buffer_get_contiguous(t, data, &b, false))
        return false;
    mutex_lock(&d->mutex);
    d->kind->update(d->state, (const uint8_t *)b.data, b.length);
    mutex_unlock(&d->mutex);
    buffer_release(t, &b);
    return true;
}

Value digest_make(Thread *t, Type *type, const DigestKind *kind, Value data, Value string) {
    if (present(data) && present(string))
        return raise_type_error(t, "'data' and 'string' are mutually exclusive and support for 'string' keyword "
                                   "parameter is slated for removal in a future version.");
    Value input = present(data) ? data : string;
    Digest *d = type_allocate(t, type);
    if (!d)
        return NO_VALUE;
    d->kind = kind;
    d->digest_size = kind->digest_size;
    kind->start(d->state);
    if (present(input))
        CHECK(digest_feed(t, d, input));
    return from_object(d);
}

bool digest_length(Thread *t, Value v, size_t *out) {
    int64_t n;
    if (!index_as_ssize(t, v, &n, true, NULL))
        return false;
    if (n < 0)
        raise_value_error(t, "Cannot convert negative int");
    else if (n >= 1 << 29)
        raise_value_error(t, "length is too large");
    *out = (size_t)n;
    return !error_pending(t);
}

/* Finishes a copy of the state, so that hashing may go on. */
static void finish_copy(Digest *d, uint8_t *out, size_t length) {
    alignas(16) char state[DIGEST_STATE_LIMIT];
    mutex_lock(&d->mutex);
    memcpy(state, d->state, d->kind->state_size);
    mutex_unlock(&d->mutex);
    d->kind->finish(state, out, length);
}

Value digest_bytes(Thread *t, Digest *d, size_t length) {
    Value result = TRY(bytes_new(t, NULL, length));
    finish_copy(d, (uint8_t *)as_bytes(result)->data, length);
    return result;
}

Value digest_hex_text(Thread *t, Value raw) {
    void *chars;
    size_t length = as_bytes(raw)->length;
    Value text = TRY(str_new(t, length * 2, 'f', &chars));
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = (uint8_t)as_bytes(raw)->data[i];
        ((char *)chars)[2 * i] = "0123456789abcdef"[byte >> 4];
        ((char *)chars)[2 * i + 1] = "0123456789abcdef"[byte & 15];
    }
    return text;
}

Value digest_hex(Thread *t, Digest *d, size_t length) { return digest_hex_text(t, TRY(digest_bytes(t, d, length))); }

Value digest_copy(Thread *t, Value *args) {
    Digest *from = as_digest(args[0]);
    Digest *to = type_allocate(t, type_of(args[0]));
    if (!to)
        return NO_VALUE;
    to->kind = from->kind;
    to->digest_size = from->digest_size;
    mutex_lock(&from->mutex);
    memcpy(to->state, from->state, from->kind->state_size);
    mutex_unlock(&from->mutex);
    return from_object(to);
}

Value digest_digest(Thread *t, Value *args) { return digest_bytes(t, as_digest(args[0]), as_digest(args[0])->digest_size); }
Value digest_hexdigest(Thread *t, Value *args) { return digest_hex(t, as_digest(args[0]), as_digest(args[0])->digest_size); }

Value digest_update(Thread *t, Value *args) {
    CHECK(digest_feed(t, as_digest(args[0]), args[1]));
    return NONE;
}

static Value get_block_size(Thread *t, Value *args) { return small_int(as_digest(args[0])->kind->block_size); }
static Value get_digest_size(Thread *t, Value *args) { return small_int(as_digest(args[0])->digest_size); }
static Value get_name(Thread *t, Value *args) { return str_from_text(t, as_digest(args[0])->kind->name); }

const NativeDef digest_methods[] = {
    {"copy(self, /)", digest_copy, "Return a copy of the hash object."},
    {"digest(self, /)", digest_digest, "Return the digest value as a bytes object."},
    {"hexdigest(self, /)", digest_hexdigest, "Return the digest value as a string of hexadecimal digits."},
    {"update(self, obj, /)", digest_update, "Update this hash object's state with the provided string."},
    {NULL},
};

const GetSetDef digest_getset[] = {
    {"block_size", get_block_size},
    {"digest_size", get_digest_size},
    {"name", get_name},
    {NULL},
};

bool digest_module_init(Thread *t, Value module) { return module_add_int(t, module, "_GIL_MINSIZE", 2048); }
