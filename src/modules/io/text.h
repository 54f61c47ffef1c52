/* TextIOWrapper: its struct and what its files share.
 *
 * Invariants: `pending` holds encoded bytes that were not given to the buffer yet. decoded[used, end) are characters
 * that were read ahead; snapshot_* are the decoder's state before the chunk that they came from and that chunk's
 * bytes, from which tell() works out a position. Codecs known here (UTF-8, ASCII, Latin-1) are run natively;
 * others through their Python objects. Line ends are handled here for both.
 *
 * Threads: methods hold the lock, which its owner may take again (a signal handler that prints, a buffer that
 * calls back): then the same as with CPython's own nesting may be interleaved, but memory stays whole.
 */
#pragma once
#include "modules/io/io.h"

typedef enum TextCodec { TEXT_UTF8, TEXT_ASCII, TEXT_LATIN1, TEXT_OTHER } TextCodec;

typedef struct TextIo {
    IoObject io;
    Value buffer;   /* absent: not initialised, or detached */
    Value encoding, errors; /* str */
    Value finalizing;
    Value encoder, decoder; /* of another codec; absent else */
    Value decoded;          /* str or absent */
    Value snapshot_bytes;   /* bytes, or absent: no snapshot */
    Value snapshot_flags;   /* int */
    size_t used;
    TextCodec codec;
    bool ok, detached, readable, writable, seekable, telling, has_read1, line_buffering, write_through;
    NewlineMode newline;
    NewlineState newlines;
    uint8_t held[4], held_count; /* the start of a character whose rest was not read yet */
    char *pending;
    size_t pending_length, pending_capacity, chunk_size;
    double bytes_per_character; /* of the last chunk */
    IoLock lock;
} TextIo;

static inline TextIo *as_text(Value v) { return (TextIo *)v.bits; }

bool text_check(Thread *t, Value self);      /* initialised, not detached */
bool text_check_open(Thread *t, Value self); /* and not closed */
bool text_write_pending(Thread *t, TextIo *x);

/* text_codec.c */
bool text_set_codec(Thread *t, TextIo *x, Value encoding, Value errors);
Value text_encode(Thread *t, TextIo *x, Value text);
Value text_decode(Thread *t, TextIo *x, const char *data, size_t length, bool final);
bool text_decoder_reset(Thread *t, TextIo *x);
bool text_decoder_get_state(Thread *t, TextIo *x, Value *bytes, Value *flags);
bool text_decoder_set_state(Thread *t, TextIo *x, Value bytes, Value flags);
bool text_encoder_reset(Thread *t, TextIo *x, bool at_start);
Value text_locale_encoding(Thread *t);

/* text_read.c */
Value text_read(Thread *t, Value *args);
Value text_readline(Thread *t, Value *args);
Value text_next(Thread *t, Value self);
Value text_io_new(Thread *t, Value *args); /* args: those of __init__; the first is not looked at */
void text_forget(TextIo *x); /* decoded characters and snapshot */

/* text_seek.c */
Value text_seek(Thread *t, Value *args);
Value text_tell(Thread *t, Value *args);
