/* What the modules over compression libraries share: streams that turn chunks of bytes into chunks of bytes.
 *
 * Threads: `mutex` guards a stream's state. It is taken in a blocking region, because a library may work for long, and
 * no Python code runs under it. Input is reached through its buffer, which keeps it in place.
 */
#pragma once
#include "base/lock.h"
#include "object/buffer.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/int/int.h"

typedef struct Chunk {
    const char *in;
    size_t in_left;
    char *out;
    size_t out_left;
} Chunk;

typedef enum ChunkResult { CHUNK_MORE, CHUNK_END, CHUNK_ERROR } ChunkResult;

typedef struct CompressionStream {
    Object object;
    Mutex mutex;
    bool eof, needs_input;     /* eof: the end of the data was read or written */
    int error;                 /* the library's, after CHUNK_ERROR */
    Value unused_data, pending; /* bytes or absent: input behind the end; input not used yet */
} CompressionStream;
static inline CompressionStream *as_stream(Value v) { return (CompressionStream *)v.bits; }

/* Works on input and output as far as it can at once; touches nothing but the stream. */
typedef ChunkResult (*ChunkFn)(CompressionStream *s, Chunk *chunk, bool finish);

void compression_trace(Tracer *tracer, Object *o);
/* Compresses data (absent: none), to the end if `finish`. *failed: the library reported stream->error; the result is absent
 * then, without exception. */
Value compression_compress(Thread *t, CompressionStream *s, ChunkFn step, Value data, bool finish, bool *failed);
/* Decompresses up to max_length bytes (negative: all), keeping unused input. EOFError with the given words behind the end. */
Value compression_decompress(Thread *t, CompressionStream *s, ChunkFn step, Value data, int64_t max_length, const char *after_end,
                             bool *failed);

Value compression_get_eof(Thread *t, Value *args);
Value compression_get_needs_input(Thread *t, Value *args);
Value compression_get_unused_data(Thread *t, Value *args);
#define COMPRESSION_GETSET                                                                               \
    {"eof", compression_get_eof, NULL, "True if the end-of-stream marker has been reached.", MEMBER},    \
    {"needs_input", compression_get_needs_input, NULL,                                                   \
     "True if more input is needed before more decompressed data can be produced.", MEMBER},             \
    {"unused_data", compression_get_unused_data, NULL, "Data found after the end of the compressed stream.", MEMBER}
