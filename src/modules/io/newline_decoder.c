/* _io.IncrementalNewlineDecoder: wraps a decoder, or reads str, and makes line ends uniform.
 *
 * Threads: the state is read and changed under the decoder's lock; the wrapped decoder looks after itself.
 */
#include "modules/io/io.h"
#include "object/owned_lock.h"

typedef struct NewlineDecoder {
    Object object;
    Value decoder; /* None: the input is str; absent: not initialised */
    Value errors;
    NewlineState state;
    OwnedLock lock; /* around each use of the state */
} NewlineDecoder;

static NewlineDecoder *as_decoder(Value v) { return (NewlineDecoder *)v.bits; }
static void trace(Tracer *tracer, Object *o) { trace_values(tracer, &((NewlineDecoder *)o)->decoder, 2); }

static Value decoder_new(Thread *t, Value *args) {
    NewlineDecoder *d = type_allocate(t, as_type(args[0]));
    return d ? from_object(d) : NO_VALUE;
}

static Value decoder_init(Thread *t, Value *args) {
    NewlineDecoder *d = as_decoder(args[0]);
    bool translate;
    CHECK(as_bool(t, args[2], &translate));
    store(d, &d->decoder, args[1]);
    store(d, &d->errors, args[3]);
    OwnedLock *lock = step_enter(t, d, &d->lock);
    d->state = (NewlineState){.translate = translate};
    step_leave(lock);
    return NONE;
}

static bool initialised(Thread *t, NewlineDecoder *d) {
    if (present(load(&d->decoder)))
        return true;
    raise_value_error(t, "IncrementalNewlineDecoder.__init__() not called");
    return false;
}

static Value decode(Thread *t, Value *args) {
    NewlineDecoder *d = as_decoder(args[0]);
    bool final;
    CHECK(as_bool(t, args[2], &final) && initialised(t, d));
    Value text = args[1];
    if (!is_none(load(&d->decoder)))
        text = TRY(call_method_2(t, load(&d->decoder), names.decode, text, from_bool(final)));
    if (!is_str(text))
        return raise_type_error(t, "decoder should return a string result, not '%T'", text);
    OwnedLock *lock = step_enter(t, d, &d->lock);
    Value v = newlines_decode(t, &d->state, text, final);
    step_leave(lock);
    return v;
}

/* The wrapped decoder's state, its flag shifted by one to make room for the pending '\r'. */
static Value getstate(Thread *t, Value *args) {
    NewlineDecoder *d = as_decoder(args[0]);
    Value buffer = empty_bytes, flag = small_int(0);
    CHECK(initialised(t, d));
    if (!is_none(load(&d->decoder))) {
        Value state = TRY(call_method_0(t, load(&d->decoder), names.getstate));
        if (!is_tuple(state))
            return raise_type_error(t, "illegal decoder state");
        if (tuple_length(state) != 2 || !is_int(tuple_get(state, 1)))
            return raise_type_error(t, "illegal decoder state");
        buffer = tuple_get(state, 0);
        flag = TRY(int_lshift(t, tuple_get(state, 1), small_int(1)));
    }
    OwnedLock *lock = step_enter(t, d, &d->lock);
    bool pending = d->state.pending_cr;
    step_leave(lock);
    if (pending)
        flag = TRY(int_or(t, flag, small_int(1)));
    return tuple_pack(t, 2, buffer, flag);
}

static Value decoder_setstate(Thread *t, Value *args) {
    NewlineDecoder *d = as_decoder(args[0]);
    CHECK(initialised(t, d));
    if (!is_tuple(args[1]))
        return raise_type_error(t, "state argument must be a tuple");
    if (tuple_length(args[1]) != 2 || !is_int(tuple_get(args[1], 1)))
        return raise_type_error(t, "setstate(): illegal state argument");
    Value flag = tuple_get(args[1], 1);
    OwnedLock *lock = step_enter(t, d, &d->lock);
    d->state.pending_cr = int_mask_u64(flag) & 1;
    step_leave(lock);
    if (is_none(load(&d->decoder)))
        return NONE;
    flag = TRY(int_rshift(t, flag, small_int(1)));
    Value state = TRY(tuple_pack(t, 2, tuple_get(args[1], 0), flag));
    return call_method_1(t, load(&d->decoder), names.setstate, state);
}

static Value reset(Thread *t, Value *args) {
    NewlineDecoder *d = as_decoder(args[0]);
    CHECK(initialised(t, d));
    OwnedLock *lock = step_enter(t, d, &d->lock);
    d->state.seen = 0;
    d->state.pending_cr = false;
    step_leave(lock);
    return is_none(load(&d->decoder)) ? NONE : call_method_0(t, load(&d->decoder), names.reset);
}

static Value get_newlines(Thread *t, Value *args) {
    NewlineDecoder *d = as_decoder(args[0]);
    CHECK(initialised(t, d));
    OwnedLock *lock = step_enter(t, d, &d->lock);
    uint8_t seen = d->state.seen;
    step_leave(lock);
    return newlines_seen(t, seen);
}

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", decoder_new, NULL},
    {"__init__(self, decoder, translate, errors='strict')", decoder_init, NULL},
    {"decode(self, input, final=False)", decode, "Decodes, with line ends translated if asked for."},
    {"getstate(self, /)", getstate, NULL},
    {"setstate(self, state, /)", decoder_setstate, NULL},
    {"reset(self, /)", reset, NULL},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef getset[] = {{"newlines", get_newlines, NULL, NULL}, {NULL, NULL, NULL, NULL}};

STATIC_TYPE(newline_decoder_type) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "_io.IncrementalNewlineDecoder",
    .doc = "A decoder that reads any line end and remembers which ones it saw; with translate, it gives only '\\n'.",
    .base_static = &object_type,
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE,
    .instance_size = sizeof(NewlineDecoder),
};
