/* The _io module: its types and what its files share.
 *
 * Every stream starts with an IoObject. Methods of streams are called through attribute lookup wherever a subclass
 * may have replaced them, as CPython does; exact native types are short-cut where that cannot be seen.
 *
 * Threads: a stream with a buffer has an IoLock, held while a method works on the buffer, also while the raw
 * stream blocks. The lock knows its owner, so that a call from the stream's own raw stream or from a
 * signal handler is an error and not a deadlock.
 */
#pragma once
#include "base/lock.h"
#include "modules/os_support.h"
#include "object/buffer.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

enum { IO_BUFFER_SIZE = 128 * 1024 };

typedef struct IoLock {
    Mutex mutex;
    Thread *owner;
    uint32_t depth;
} IoLock;

typedef struct IoObject {
    Object object;
    bool base_closed; /* _IOBase.close() has run */
    IoLock guard; /* StringIO, BytesIO, TextIOWrapper: held during their methods while there are threads */
} IoObject;

extern Type io_base_type, raw_io_base_type, buffered_io_base_type, text_io_base_type, file_io_type, bytes_io_type,
    bytes_io_buffer_type, string_io_type, buffered_reader_type, buffered_writer_type, buffered_random_type,
    buffered_pair_type, newline_decoder_type, text_io_wrapper_type;

void io_trace(Tracer *tracer, Object *o); /* the instance's own attributes */
enum { IO_TYPE_FLAGS = TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREF | TYPE_HAS_DEL };

/* Raise and give no value. */
Value io_unsupported(Thread *t, const char *message); /* io.UnsupportedOperation */
Value io_closed_error(Thread *t, const char *message); /* ValueError */
Value io_cannot_pickle(Thread *t, Value *args);

bool buffered_is_closed(Value v); /* exactly a native buffer over a FileIO that is closed; asks no code of the program */
/* Is `o.closed` true? -1: error. */
int io_is_closed(Thread *t, Value o);
bool io_check_closed(Thread *t, Value o);   /* ValueError "I/O operation on closed file." */
bool io_check_readable(Thread *t, Value o); /* UnsupportedOperation */
bool io_check_writable(Thread *t, Value o);
bool io_check_seekable(Thread *t, Value o);
Value io_base_close(Thread *t, Value *args); /* _IOBase.close */
Value io_base_del(Thread *t, Value *args);   /* _IOBase.__del__ */

/* A size argument: None or an int; None is -1. */
bool io_size(Thread *t, Value v, int64_t *size);
/* What remains of two failures in a row: the second with the first as its context; `first` may be absent. */
void io_chain(Thread *t, Value first);
/* Was the pending error EINTR? Then handlers have run and it is cleared. */
bool io_caught_interrupt(Thread *t);
/* The buffer of an argument that a method fills. */
bool io_writable_buffer(Thread *t, const char *function, Value v, Buffer *b);

/* For __getstate__ and __setstate__: a copy of the instance's attributes or None; the way back. */
Value instance_dict_of(Thread *t, Value self);
bool instance_dict_update(Thread *t, Value self, Value dict, const char *which_item);

/* false: this thread holds it already (RuntimeError "reentrant call inside ..."). */
bool io_lock(Thread *t, IoLock *lock, Value self);
/* The same for a lock that its owner may take again. */
void io_lock_again(Thread *t, IoLock *lock);
void io_unlock(IoLock *lock);

/* The methods of streams that keep all their state in one object happen one after the other. */
static inline IoLock *io_guard(Thread *t, Value self) { /* what io_unguard must be told */
    bool needed = load_relaxed(&runtime_threaded) && !isolate_is_finalizing(t->isolate); /* daemon threads stop with it held */
    IoLock *guard = needed ? &((IoObject *)as_object(self))->guard : NULL;
    if (guard)
        io_lock_again(t, guard);
    return guard;
}
static inline void io_unguard(IoLock *guard) {
    if (guard)
        io_unlock(guard);
}
/* The native function `name`: `function` with the stream guarded. */
#define IO_GUARDED(name, function)               \
    static Value name(Thread *t, Value *args) {  \
        IoLock *guard = io_guard(t, args[0]);    \
        Value result = function(t, args);        \
        io_unguard(guard);                       \
        return result;                           \
    }
#define IO_GUARDED_NEXT(name, function)          \
    static Value name(Thread *t, Value self) {   \
        IoLock *guard = io_guard(t, self);       \
        Value result = function(t, self);        \
        io_unguard(guard);                       \
        return result;                           \
    }

/* Direct access to exact FileIO streams. -1: error, -2: would block. */
int64_t file_io_read(Thread *t, Value file, char *to, size_t size);
int64_t file_io_write(Thread *t, Value file, const char *from, size_t size);
bool file_io_is_open(Value file);

/* Newlines: what IncrementalNewlineDecoder does, for it, StringIO and TextIOWrapper. */
enum { SEEN_CR = 1, SEEN_LF = 2, SEEN_CRLF = 4 };
typedef struct NewlineState {
    bool pending_cr, translate;
    uint8_t seen;
} NewlineState;
Value newlines_decode(Thread *t, NewlineState *state, Value text, bool final);
Value newlines_seen(Thread *t, uint8_t seen); /* None, a str or a tuple of those */
/* Where the first line of text[start, end) ends: the index behind its line end; -1: no line end in there. */
int64_t find_line_end(const void *data, int kind, size_t start, size_t end, bool universal, const char *newline);

/* newline=...: None, "", "\n", "\r", "\r\n" checked and kept as text. */
typedef struct NewlineMode {
    bool universal, translate; /* reading */
    bool write_translate;
    char text[3];       /* "": None or "" */
    bool given;         /* not None */
} NewlineMode;
/* illegal: the format of the message for another str, with one Value. */
bool newline_mode(Thread *t, Value newline, NewlineMode *mode, const char *illegal);
