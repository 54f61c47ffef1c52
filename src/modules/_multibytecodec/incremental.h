/* What incremental coders and streams share. */
#pragma once
#include "modules/_multibytecodec/multibyte.h"
#include "object/owned_lock.h"

enum { MOST_PENDING_CHARS = 2, MOST_PENDING_BYTES = 8 };

/* An incremental encoder or decoder, or a stream: one struct for all four.
 *
 * Threads: whoever uses state or what is pending holds the lock, also while an error handler or a stream's method runs. */
typedef struct Coder {
    Object object;
    Value errors;  /* str */
    Value stream;  /* streams */
    Value pending; /* encoders: str of characters to be looked at with what follows, or absent */
    const MultibyteCodec *codec;
    OwnedLock lock;
    CodecState state;
    uint8_t pending_bytes[MOST_PENDING_BYTES]; /* decoders */
    size_t pending_size;
} Coder;

static inline Coder *as_coder(Value v) { return (Coder *)v.bits; }
void coder_trace(Tracer *tracer, Object *o);
extern const GetSetDef coder_getset[]; /* errors */
/* A new instance of a class that names its codec. stream absent: it has none. */
Value coder_new(Thread *t, Value class, Value stream, Value errors, bool decodes);
Value coder_init(Thread *t, Value *args);
/* Both with the lock held. */
Value coder_encode(Thread *t, Coder *c, Value input, bool final);
Value coder_decode(Thread *t, Coder *c, const char *data, size_t length, bool final);
