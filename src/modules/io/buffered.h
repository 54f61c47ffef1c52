/* BufferedReader, BufferedWriter and BufferedRandom: one struct.
 *
 * Invariants: read_buffer[read_position, read_end) was read from the raw stream and not yet given out: the raw
 * stream stands at read_end. write_buffer[0, write_length) waits to be written where the raw stream stands. In a
 * BufferedRandom at most one of the two is not empty: what switches direction empties the other first.
 * raw_position is the raw stream's position, or -1 when it is not known.
 *
 * Threads: everything is changed with the lock held.
 */
#pragma once
#include "modules/io/io.h"

typedef struct Buffered {
    IoObject io;
    Value raw;        /* absent: not initialised, or detached */
    Value finalizing;
    bool ok, detached, readable, writable;
    bool native;      /* raw is exactly a FileIO */
    IoLock lock;
    size_t size;
    char *read_buffer, *write_buffer; /* malloc; NULL until used */
    size_t read_position, read_end, write_length;
    int64_t raw_position;
} Buffered;

static inline Buffered *as_buffered(Value v) { return (Buffered *)v.bits; }
static inline size_t read_ahead(const Buffered *b) { return b->read_end - b->read_position; }

bool buffered_check(Thread *t, Value self);                          /* initialised, not detached */
bool buffered_check_open(Thread *t, Value self, const char *message); /* and not closed: ValueError message */
bool buffered_read_room(Thread *t, Buffered *b); /* the memory exists; false: MemoryError */
bool buffered_write_room(Thread *t, Buffered *b);

/* With the lock held. -1: error, -2: would block. */
int64_t buffered_raw_read(Thread *t, Value self, char *to, size_t size);
int64_t buffered_raw_write(Thread *t, Value self, const char *from, size_t size);
bool buffered_flush_unlocked(Thread *t, Value self);    /* BlockingIOError and other errors */
bool buffered_rewind(Thread *t, Value self);            /* gives up what was read ahead: the raw stream seeks back */
bool buffered_raw_seek(Thread *t, Value self, int64_t target, int whence, int64_t *position);
Value buffered_blocking_error(Thread *t, size_t written);

/* The methods of the three types. */
Value buffered_flush(Thread *t, Value *args);
Value buffered_seek(Thread *t, Value *args);
Value buffered_tell(Thread *t, Value *args);
Value buffered_truncate(Thread *t, Value *args);
Value buffered_close(Thread *t, Value *args);
Value buffered_detach(Thread *t, Value *args);
Value buffered_seekable(Thread *t, Value *args);
Value buffered_readable(Thread *t, Value *args);
Value buffered_writable(Thread *t, Value *args);
Value buffered_fileno(Thread *t, Value *args);
Value buffered_isatty(Thread *t, Value *args);
Value buffered_dealloc_warn(Thread *t, Value *args);
Value buffered_repr(Thread *t, Value *args);
Value buffered_sizeof(Thread *t, Value *args);
/* reading: buffered_read.c */
Value buffered_read(Thread *t, Value *args);
Value buffered_read1(Thread *t, Value *args);
Value buffered_readinto(Thread *t, Value *args);
Value buffered_readinto1(Thread *t, Value *args);
Value buffered_readline(Thread *t, Value *args);
Value buffered_peek(Thread *t, Value *args);
Value buffered_next(Thread *t, Value self);
/* writing */
Value buffered_write(Thread *t, Value *args);
