/* Encoding and decoding a whole text, with error handlers.
 *
 * Threads: all state is the caller's; see incremental.c for who guards it.
 */
#include "modules/_multibytecodec/multibyte.h"
#include "object/errors.h"
#include "object/thread.h"
#include "types/bytes.h"

static const char *reason_of(int64_t step) {
    return step == STEP_INCOMPLETE ? "incomplete multibyte sequence" : "illegal multibyte sequence";
}

static size_t error_end(int64_t step, size_t at, size_t length) {
    return step == STEP_INCOMPLETE || (size_t)step > length - at ? length : at + (size_t)step;
}

/* A handler's position that no C integer holds is out of bounds like any other. */
static void name_position(Thread *t) {
    if (error_matches(t, &OverflowError_type)) {
        error_clear(t);
        raise_index_error(t, "position -1 from error handler out of bounds");
    }
}

/* What a handler gave in place of characters: bytes as they are, text encoded in the current state. */
static bool add_replacement(const MultibyteCodec *codec, CodecState *state, Encoder *e, Value replacement) {
    size_t at = 0;
    Value bytes = is_bytes(replacement) ? replacement
                                        : multibyte_encode(e->t, codec, state, replacement, NO_VALUE, &at, ENCODE_FLUSH);
    if (absent(bytes))
        return false;
    textbuf_append(&e->out, as_bytes(bytes)->data, as_bytes(bytes)->length);
    return true;
}

static bool encode_error(const MultibyteCodec *codec, CodecState *state, Encoder *e, int64_t step, size_t *at) {
    Value replacement;
    if (step == STEP_FAILED)
        return false;
    if (!encoder_error(e, *at, error_end(step, *at, e->c.length), reason_of(step), &replacement, at)) {
        name_position(e->t);
        return false;
    }
    return add_replacement(codec, state, e, replacement);
}

static bool error_name(Thread *t, Value errors, const char **name) {
    *name = NULL;
    return absent(errors) || (*name = str_utf8(t, errors, NULL)) != NULL;
}

Value multibyte_encode(Thread *t, const MultibyteCodec *codec, CodecState *state, Value str, Value errors, size_t *at, int flags) {
    Encoder e;
    const char *name;
    CHECK(error_name(t, errors, &name) && encoder_init(&e, t, codec->name, name, str));
    while (*at < e.c.length) {
        int64_t step = codec->encode(codec, state, &e, at, flags);
        if (step == STEP_DONE || (step == STEP_INCOMPLETE && !(flags & ENCODE_FLUSH)))
            break;
        if (!encode_error(codec, state, &e, step, at))
            return encoder_fail(&e);
    }
    if (flags & ENCODE_RESET && codec->encode_reset)
        codec->encode_reset(state, &e.out);
    return encoder_finish(&e);
}

Value multibyte_decode(Thread *t, const MultibyteCodec *codec, CodecState *state, const char *data, size_t length, Value errors,
                       size_t *at, bool final) {
    Decoder d;
    const char *name;
    CHECK(error_name(t, errors, &name));
    decoder_init(&d, t, codec->name, name, data, length);
    while (*at < d.length) {
        int64_t step = codec->decode(codec, state, &d, at);
        if (step == STEP_DONE || (step == STEP_INCOMPLETE && !final))
            break;
        if (step == STEP_FAILED)
            return NO_VALUE;
        if (!decoder_error(&d, *at, error_end(step, *at, d.length), reason_of(step), at)) {
            name_position(t);
            return NO_VALUE;
        }
    }
    return str_builder_finish(t, &d.out);
}
