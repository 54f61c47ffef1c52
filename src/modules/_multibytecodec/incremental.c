/* MultibyteIncrementalEncoder and MultibyteIncrementalDecoder. */
#include "modules/_multibytecodec/incremental.h"

#include "object/buffer.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/exceptions/exceptions.h"
#include "types/int/int.h"
#include "types/tuple.h"

#include <stdlib.h>

void coder_trace(Tracer *tracer, Object *o) {
    Coder *c = (Coder *)o;
    trace_value(tracer, c->errors);
    trace_value(tracer, c->stream);
    trace_value(tracer, c->pending);
}

static Value get_errors(Thread *t, Value *args) { return load(&as_coder(args[0])->errors); }

static Value set_errors(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_error(t, &AttributeError_type, "cannot delete attribute");
    if (!is_str(args[1]))
        return raise_type_error(t, "errors must be a string");
    store(as_coder(args[0]), &as_coder(args[0])->errors, args[1]);
    return NONE;
}

const GetSetDef coder_getset[] = {
    {"errors", get_errors, set_errors, "how to treat errors"},
    {NULL},
};

Value coder_new(Thread *t, Value class, Value stream, Value errors, bool decodes) {
    Value codec = TRY(get_attribute_text(t, class, "codec"));
    if (!is_exactly(codec, &multibyte_codec_type))
        return raise_type_error(t, "codec is unexpected type");
    if (!is_str(errors))
        return raise_type_error(t, "errors must be a string");
    Coder *c = type_allocate(t, as_type(class));
    if (!c)
        return NO_VALUE;
    c->codec = ((MultibyteCodecObject *)codec.bits)->codec;
    store(c, &c->errors, errors);
    store(c, &c->stream, stream);
    void (*init)(CodecState *) = decodes ? c->codec->decode_init : c->codec->encode_init;
    if (init)
        init(&c->state);
    return from_object(c);
}

Value coder_init(Thread *t, Value *args) { return NONE; }

static Value encoder_new(Thread *t, Value *args) { return coder_new(t, args[0], NO_VALUE, args[1], false); }
static Value decoder_new(Thread *t, Value *args) { return coder_new(t, args[0], NO_VALUE, args[1], true); }

static Value unicode_error(Thread *t, Type *type, const MultibyteCodec *codec, Value object, size_t start, size_t end, const char *reason) {
    Value args[] = {TRY(str_from_text(t, codec->name)), object, small_int((int64_t)start), small_int((int64_t)end),
                    TRY(str_from_text(t, reason))};
    return raise_with_args(t, type, 5, args);
}

/* ---- encoding ---- */

Value coder_encode(Thread *t, Coder *c, Value input, bool final) {
    if (!is_str(input))
        input = TRY(to_str(t, input));
    if (present(c->pending))
        input = TRY(str_concat(t, c->pending, input));
    size_t at = 0, length = str_length(input);
    Value bytes = TRY(multibyte_encode(t, c->codec, &c->state, input, c->errors, &at, final ? ENCODE_FLUSH | ENCODE_RESET : 0));
    if (length - at > MOST_PENDING_CHARS)
        return unicode_error(t, &UnicodeEncodeError_type, c->codec, input, at, length, "pending buffer overflow");
    store(c, &c->pending, at < length ? TRY(str_slice(t, input, at, length)) : NO_VALUE);
    return bytes;
}

static Value encode(Thread *t, Value *args) {
    Coder *c = as_coder(args[0]);
    int final = truth(t, args[2]);
    CHECK(final >= 0);
    owned_lock_enter(t, &c->lock);
    Value bytes = coder_encode(t, c, args[1], final);
    owned_lock_leave(&c->lock);
    return bytes;
}

/* A byte that counts the bytes of what is pending in UTF-8, these, and the codec's state: as one number. */
static Value encoder_getstate(Thread *t, Value *args) {
    Coder *c = as_coder(args[0]);
    uint8_t bytes[1 + MOST_PENDING_CHARS * 4 + sizeof c->state];
    owned_lock_enter(t, &c->lock);
    size_t size = 0;
    Value pending = c->pending;
    const char *text = present(pending) ? str_utf8(t, pending, &size) : "";
    if (text) {
        bytes[0] = (uint8_t)size;
        memcpy(bytes + 1, text, size);
        memcpy(bytes + 1 + size, &c->state, sizeof c->state);
    }
    owned_lock_leave(&c->lock);
    return text ? int_from_bytes(t, bytes, 1 + size + sizeof c->state, false, false) : NO_VALUE;
}

static Value encoder_setstate(Thread *t, Value *args) {
    Coder *c = as_coder(args[0]);
    uint8_t bytes[1 + MOST_PENDING_CHARS * 4 + sizeof c->state];
    if (!is_int(args[1]))
        return raise_type_error(t, "setstate() argument must be int, not %Y", args[1]);
    Value all = TRY(int_to_bytes(t, args[1], sizeof bytes, false, false));
    memcpy(bytes, as_bytes(all)->data, sizeof bytes);
    if (bytes[0] > MOST_PENDING_CHARS * 4)
        return raise_error(t, &UnicodeError_type, "pending buffer too large");
    Value pending = TRY(str_from_utf8(t, (char *)bytes + 1, bytes[0]));
    owned_lock_enter(t, &c->lock);
    store(c, &c->pending, bytes[0] ? pending : NO_VALUE);
    memcpy(&c->state, bytes + 1 + bytes[0], sizeof c->state);
    owned_lock_leave(&c->lock);
    return NONE;
}

static Value encoder_reset(Thread *t, Value *args) {
    Coder *c = as_coder(args[0]);
    TextBuf dropped;
    textbuf_init(&dropped);
    owned_lock_enter(t, &c->lock);
    if (c->codec->encode_reset)
        c->codec->encode_reset(&c->state, &dropped);
    store(c, &c->pending, NO_VALUE);
    owned_lock_leave(&c->lock);
    textbuf_free(&dropped);
    return NONE;
}

/* ---- decoding ---- */

static Value decode_joined(Thread *t, Coder *c, const char *data, size_t length, bool final) {
    size_t at = 0, before = c->pending_size;
    uint8_t pending[MOST_PENDING_BYTES];
    memcpy(pending, c->pending_bytes, before);
    c->pending_size = 0;
    Value text = multibyte_decode(t, c->codec, &c->state, data, length, c->errors, &at, false);
    if (present(text) && final && at < length) {
        Value end = multibyte_decode(t, c->codec, &c->state, data, length, c->errors, &at, true);
        if (absent(end)) { /* what was pending still is */
            memcpy(c->pending_bytes, pending, before);
            c->pending_size = before;
            return NO_VALUE;
        }
        text = TRY(str_concat(t, text, end));
    }
    if (absent(text))
        return NO_VALUE;
    if (length - at > MOST_PENDING_BYTES) {
        Value bytes = TRY(bytes_new(t, data, length));
        return unicode_error(t, &UnicodeDecodeError_type, c->codec, bytes, at, length, "pending buffer overflow");
    }
    c->pending_size = length - at;
    memcpy(c->pending_bytes, data + at, length - at);
    return text;
}

Value coder_decode(Thread *t, Coder *c, const char *data, size_t length, bool final) {
    size_t before = c->pending_size;
    if (before == 0)
        return decode_joined(t, c, data, length, final);
    char *joined = malloc(before + length);
    if (!joined)
        return raise_no_memory(t);
    memcpy(joined, c->pending_bytes, before);
    memcpy(joined + before, data, length);
    Value text = decode_joined(t, c, joined, before + length, final);
    free(joined);
    return text;
}

static Value decode(Thread *t, Value *args) {
    Coder *c = as_coder(args[0]);
    int final = truth(t, args[2]);
    Buffer b;
    CHECK(final >= 0 && buffer_get_contiguous(t, args[1], &b, false));
    owned_lock_enter(t, &c->lock);
    Value text = coder_decode(t, c, b.data, b.length, final);
    owned_lock_leave(&c->lock);
    buffer_release(t, &b);
    return text;
}

static Value decoder_getstate(Thread *t, Value *args) {
    Coder *c = as_coder(args[0]);
    uint8_t pending[MOST_PENDING_BYTES], state[sizeof c->state];
    owned_lock_enter(t, &c->lock);
    size_t size = c->pending_size;
    memcpy(pending, c->pending_bytes, size);
    memcpy(state, &c->state, sizeof state);
    owned_lock_leave(&c->lock);
    return tuple_pack(t, 2, TRY(bytes_new(t, (char *)pending, size)), TRY(int_from_bytes(t, state, sizeof state, false, false)));
}

static Value decoder_setstate(Thread *t, Value *args) {
    Coder *c = as_coder(args[0]);
    if (!is_tuple(args[1]))
        return raise_type_error(t, "setstate() argument must be tuple, not %Y", args[1]);
    if (tuple_length(args[1]) != 2 || !is_bytes(tuple_get(args[1], 0)) || !is_int(tuple_get(args[1], 1)))
        return raise_type_error(t, "setstate(): illegal state argument");
    Value pending = tuple_get(args[1], 0), state = TRY(int_to_bytes(t, tuple_get(args[1], 1), sizeof c->state, false, false));
    size_t size = as_bytes(pending)->length;
    if (size > MOST_PENDING_BYTES)
        return unicode_error(t, &UnicodeDecodeError_type, c->codec, pending, 0, size, "pending buffer too large");
    owned_lock_enter(t, &c->lock);
    c->pending_size = size;
    memcpy(c->pending_bytes, as_bytes(pending)->data, size);
    memcpy(&c->state, as_bytes(state)->data, sizeof c->state);
    owned_lock_leave(&c->lock);
    return NONE;
}

static Value decoder_reset(Thread *t, Value *args) {
    Coder *c = as_coder(args[0]);
    owned_lock_enter(t, &c->lock);
    if (c->codec->decode_reset)
        c->codec->decode_reset(&c->state);
    c->pending_size = 0;
    owned_lock_leave(&c->lock);
    return NONE;
}

#define NEW_DOC "Create and return a new object.  See help(type) for accurate signature."
#define INIT_DOC "Initialize self.  See help(type(self)) for accurate signature."
static const NativeDef encoder_methods[] = {
    {"__new__(type, errors='strict')", encoder_new, NEW_DOC},
    {"__init__(self, /, *args, **kwargs)", coder_init, INIT_DOC, NATIVE_LAZY_KEYWORDS},
    {"encode(self, /, input, final=False)", encode, NULL},
    {"getstate(self, /)", encoder_getstate, NULL},
    {"setstate(self, state, /)", encoder_setstate, NULL},
    {"reset(self, /)", encoder_reset, NULL},
    {NULL},
};

static const NativeDef decoder_methods[] = {
    {"__new__(type, errors='strict')", decoder_new, NEW_DOC},
    {"__init__(self, /, *args, **kwargs)", coder_init, INIT_DOC, NATIVE_LAZY_KEYWORDS},
    {"decode(self, /, input, final=False)", decode, NULL},
    {"getstate(self, /)", decoder_getstate, NULL},
    {"setstate(self, state, /)", decoder_setstate, NULL},
    {"reset(self, /)", decoder_reset, NULL},
    {NULL},
};

MODULE_TYPE(multibyte_incremental_encoder_type, _multibytecodec) = {
    STATIC_TYPE_HEAD(coder_trace, NULL),
    .name_text = "_multibytecodec.MultibyteIncrementalEncoder",
    .methods = encoder_methods,
    .getset = coder_getset,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Coder),
};

MODULE_TYPE(multibyte_incremental_decoder_type, _multibytecodec) = {
    STATIC_TYPE_HEAD(coder_trace, NULL),
    .name_text = "_multibytecodec.MultibyteIncrementalDecoder",
    .methods = decoder_methods,
    .getset = coder_getset,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Coder),
};
