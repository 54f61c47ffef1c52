/* Streams over compression libraries: see compression.h. */
#include "modules/compression.h"

#include <stdlib.h>

enum { FIRST_OUTPUT = 16384 };

typedef struct Output {
    char *data;
    size_t length, capacity, limit; /* limit: how much may be produced */
} Output;

/* Room for more; false: the limit is reached, or memory is short (data NULL then). */
static bool make_room(Output *out) {
    if (out->length < out->capacity)
        return true;
    size_t want = out->capacity ? out->capacity * 2 : FIRST_OUTPUT;
    want = want < out->limit ? want : out->limit;
    if (want == out->length)
        return false;
    char *grown = realloc(out->data, want);
    if (grown == NULL) {
        free(out->data);
        *out = (Output){0};
        return false;
    }
    out->data = grown;
    out->capacity = want;
    return true;
}

/* Runs the library until its input is used up, the data ends, or the output's limit is reached. Where nothing may be produced it runs
 * once: the data may end without any. No Python, no cells. */
static ChunkResult pump(CompressionStream *s, ChunkFn step, const char **in, size_t *in_left, Output *out, bool finish) {
    ChunkResult result = CHUNK_MORE;
    char nowhere[1]; /* a place for nothing */
    for (bool first = true; make_room(out) || (first && out->limit == 0); first = false) {
        Chunk chunk = {*in, *in_left, out->data ? out->data + out->length : nowhere, out->capacity - out->length};
        result = step(s, &chunk, finish);
        out->length = out->capacity - chunk.out_left;
        *in = chunk.in;
        *in_left = chunk.in_left;
        if (result != CHUNK_MORE || (chunk.out_left > 0 && chunk.in_left == 0 && !finish))
            break;
    }
    return result;
}

void compression_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((CompressionStream *)o)->unused_data, 2); }

static Value finish_output(Thread *t, Output *out, ChunkResult result, CompressionStream *s, bool *failed) {
    Value bytes = NO_VALUE;
    *failed = result == CHUNK_ERROR;
    if (out->data == NULL && out->limit && !*failed)
        raise_no_memory(t);
    else if (!*failed)
        bytes = bytes_new(t, out->data ? out->data : "", out->length);
    free(out->data);
    return bytes;
}

Value compression_compress(Thread *t, CompressionStream *s, ChunkFn step, Value data, bool finish, bool *failed) {
    Buffer b = {.data = ""};
    *failed = false;
    CHECK(absent(data) || buffer_get_contiguous(t, data, &b, false));
    Output out = {.limit = INT64_MAX};
    const char *in = b.data;
    size_t in_left = b.length;
    blocking_begin(t);
    mutex_lock(&s->mutex);
    bool ended = s->eof;
    ChunkResult result = ended ? CHUNK_END : pump(s, step, &in, &in_left, &out, finish);
    s->eof |= result == CHUNK_END;
    mutex_unlock(&s->mutex);
    blocking_end(t);
    if (present(data))
        buffer_release(t, &b);
    if (ended)
        return raise_value_error(t, finish ? "Repeated call to flush()" : "Compressor has been flushed");
    return finish_output(t, &out, result, s, failed);
}

/* What was left over goes before the new data: absent when one of them is empty. */
static Value joined(Thread *t, Value pending, const Buffer *b) {
    if (absent(pending) || as_bytes(pending)->length == 0 || b->length == 0)
        return NO_VALUE;
    size_t n = as_bytes(pending)->length;
    Value both = TRY(bytes_new(t, NULL, n + b->length));
    memcpy(as_bytes(both)->data, as_bytes(pending)->data, n);
    memcpy(as_bytes(both)->data + n, b->data, b->length);
    return both;
}

Value compression_decompress(Thread *t, CompressionStream *s, ChunkFn step, Value data, int64_t max_length, const char *after_end,
                             bool *failed) {
    Buffer b;
    *failed = false;
    CHECK(buffer_get_contiguous(t, data, &b, false));
    blocking_begin(t);
    mutex_lock(&s->mutex);
    blocking_end(t);
    Value pending = s->pending, both = joined(t, pending, &b), result = NO_VALUE;
    Output out = {.limit = max_length < 0 ? INT64_MAX : (size_t)max_length};
    if (s->eof)
        raise_error(t, &EOFError_type, "%s", after_end);
    else if (!error_pending(t)) {
        Value source = present(both) ? both : b.length == 0 && present(pending) ? pending : NO_VALUE;
        const char *in = present(source) ? as_bytes(source)->data : b.data;
        size_t in_left = present(source) ? as_bytes(source)->length : b.length;
        blocking_begin(t);
        ChunkResult outcome = pump(s, step, &in, &in_left, &out, false);
        blocking_end(t);
        bool full = out.length == out.capacity;
        Value rest = in_left ? bytes_new(t, in, in_left) : NO_VALUE;
        s->eof = outcome == CHUNK_END;
        if (outcome != CHUNK_ERROR)
            s->needs_input = !s->eof && in_left == 0 && !full;
        store(s, &s->pending, s->eof ? NO_VALUE : rest);
        if (s->eof)
            store(s, &s->unused_data, rest);
        keep_alive((void *)source.bits);
        result = error_pending(t) ? NO_VALUE : finish_output(t, &out, outcome, s, failed);
    }
    mutex_unlock(&s->mutex);
    buffer_release(t, &b);
    return result;
}

Value compression_get_eof(Thread *t, Value *args) { return from_bool(as_stream(args[0])->eof); }
Value compression_get_needs_input(Thread *t, Value *args) { return from_bool(as_stream(args[0])->needs_input); }
Value compression_get_unused_data(Thread *t, Value *args) {
    Value v = load(&as_stream(args[0])->unused_data);
    return present(v) ? v : empty_bytes;
}
