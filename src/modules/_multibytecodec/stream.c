/* MultibyteStreamReader and MultibyteStreamWriter. */
#include "modules/_multibytecodec/incremental.h"

#include "object/call.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/list.h"

static Value stream_new(Thread *t, Value *args, bool decodes) {
    return coder_new(t, args[0], args[1], is_none(args[2]) ? TRY(str_intern_text(t, "strict")) : args[2], decodes);
}
static Value reader_new(Thread *t, Value *args) { return stream_new(t, args, true); }
static Value writer_new(Thread *t, Value *args) { return stream_new(t, args, false); }

/* ---- reading ---- */

/* stream.method(size), without an argument if size is negative. */
static Value ask(Thread *t, Coder *c, const char *method, int64_t size) {
    Value name = TRY(str_intern_text(t, method));
    Value bytes = TRY(size < 0 ? call_method_0(t, c->stream, name) : call_method_1(t, c->stream, name, int_from(t, size)));
    return is_bytes(bytes) ? bytes : raise_type_error(t, "stream function returned a non-bytes object (%T)", bytes);
}

/* At least one character, unless the stream has ended. */
static Value read_locked(Thread *t, Coder *c, const char *method, int64_t size) {
    for (;;) {
        Value bytes = TRY(ask(t, c, method, size));
        size_t length = as_bytes(bytes)->length, all = length + c->pending_size;
        Value text = TRY(coder_decode(t, c, as_bytes(bytes)->data, length, length == 0 || size < 0));
        keep_alive(as_object(bytes));
        if (size < 0 || str_length(text) != 0 || all == 0)
            return text;
        size = 1;
    }
}

static Value read_by(Thread *t, Value self, const char *method, Value argument) {
    Coder *c = as_coder(self);
    int64_t size = -1;
    if (!is_none(argument) && !is_int(argument))
        return raise_type_error(t, "arg 1 must be an integer");
    if (is_int(argument))
        CHECK(index_as_ssize(t, argument, &size, false, NULL));
    if (size == 0)
        return empty_str;
    owned_lock_enter(t, &c->lock);
    Value text = read_locked(t, c, method, size);
    owned_lock_leave(&c->lock);
    return text;
}

static Value read_method(Thread *t, Value *args) { return read_by(t, args[0], "read", args[1]); }
static Value readline_method(Thread *t, Value *args) { return read_by(t, args[0], "readline", args[1]); }

static Value readlines_method(Thread *t, Value *args) {
    Value text = TRY(read_by(t, args[0], "read", args[1])), name = TRY(str_intern_text(t, "splitlines"));
    return call_method_1(t, text, name, TRUE);
}

static Value reader_reset(Thread *t, Value *args) {
    Coder *c = as_coder(args[0]);
    owned_lock_enter(t, &c->lock);
    if (c->codec->decode_reset)
        c->codec->decode_reset(&c->state);
    c->pending_size = 0;
    owned_lock_leave(&c->lock);
    return NONE;
}

/* ---- writing ---- */

static Value write_bytes(Thread *t, Coder *c, Value bytes) {
    return call_method_1(t, c->stream, TRY(str_intern_text(t, "write")), bytes);
}

static Value write_one(Thread *t, Coder *c, Value text) {
    owned_lock_enter(t, &c->lock);
    Value bytes = coder_encode(t, c, text, false);
    Value result = present(bytes) ? write_bytes(t, c, bytes) : NO_VALUE;
    owned_lock_leave(&c->lock);
    return result;
}

static Value write_method(Thread *t, Value *args) {
    TRY(write_one(t, as_coder(args[0]), args[1]));
    return NONE;
}

static Value writelines(Thread *t, Value *args) {
    if (!has_type_flag(args[1], TYPE_LIST | TYPE_TUPLE | TYPE_STR) && !type_slot(type_of(args[1]), SLOT___getitem__))
        return raise_type_error(t, "arg must be a sequence object");
    for (int64_t i = 0;; i++) {
        int64_t length = length_of(t, args[1]);
        CHECK(length >= 0);
        if (i >= length)
            return NONE;
        TRY(write_one(t, as_coder(args[0]), TRY(get_item(t, args[1], small_int(i)))));
    }
}

static Value reset_locked(Thread *t, Coder *c) {
    Value pending = c->pending;
    size_t at = 0;
    if (absent(pending))
        return NONE;
    store(c, &c->pending, NO_VALUE);
    Value bytes = TRY(multibyte_encode(t, c->codec, &c->state, pending, c->errors, &at, ENCODE_FLUSH | ENCODE_RESET));
    if (as_bytes(bytes)->length)
        TRY(write_bytes(t, c, bytes));
    return NONE;
}

static Value writer_reset(Thread *t, Value *args) {
    Coder *c = as_coder(args[0]);
    owned_lock_enter(t, &c->lock);
    Value result = reset_locked(t, c);
    owned_lock_leave(&c->lock);
    return result;
}

#define NEW_DOC "Create and return a new object.  See help(type) for accurate signature."
#define INIT_DOC "Initialize self.  See help(type(self)) for accurate signature."
static const NativeDef reader_methods[] = {
    {"__new__(type, stream, errors=None)", reader_new, NEW_DOC},
    {"__init__(self, /, *args, **kwargs)", coder_init, INIT_DOC, NATIVE_LAZY_KEYWORDS},
    {"read(self, sizeobj=None, /)", read_method, NULL},
    {"readline(self, sizeobj=None, /)", readline_method, NULL},
    {"readlines(self, sizehintobj=None, /)", readlines_method, NULL},
    {"reset(self, /)", reader_reset, NULL},
    {NULL},
};

static const NativeDef writer_methods[] = {
    {"__new__(type, stream, errors=None)", writer_new, NEW_DOC},
    {"__init__(self, /, *args, **kwargs)", coder_init, INIT_DOC, NATIVE_LAZY_KEYWORDS},
    {"write(self, strobj, /)", write_method, NULL},
    {"writelines(self, lines, /)", writelines, NULL},
    {"reset(self, /)", writer_reset, NULL},
    {NULL},
};

static const MemberDef members[] = {
    {"stream", MEMBER_VALUE, offsetof(Coder, stream), true, NULL},
    {NULL},
};

MODULE_TYPE(multibyte_stream_reader_type, _multibytecodec) = {
    STATIC_TYPE_HEAD(coder_trace, NULL),
    .name_text = "_multibytecodec.MultibyteStreamReader",
    .methods = reader_methods,
    .getset = coder_getset,
    .members = members,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Coder),
};

MODULE_TYPE(multibyte_stream_writer_type, _multibytecodec) = {
    STATIC_TYPE_HEAD(coder_trace, NULL),
    .name_text = "_multibytecodec.MultibyteStreamWriter",
    .methods = writer_methods,
    .getset = coder_getset,
    .members = members,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Coder),
};
