/* _lsprof: the profiler under cProfile. What it knows is kept in records.
 *
 * Each thread that runs while a profiler is on has a log of its own: a table of records, one for each function that it called and
 * one for each pair of caller and callee, and the stack of calls under way. getstats() adds them up.
 *
 * Threads: a log is written by its thread and read by whoever asks for the statistics, each holding the log's mutex, under which
 * nothing is allocated in the heap and no Python code runs. The list of logs only grows until the profiler dies.
 */
#pragma once
#include "base/lock.h"
#include "object/thread.h"

typedef struct Record {
    const void *key;       /* code object or NativeDef */
    struct Record *caller; /* NULL: the function as a whole */
    struct Record *first_callee, *next_callee;
    Value shown; /* the code object, or a str that describes the native function */
    int64_t total, within; /* nanoseconds or units of the timer: with and without what it called */
    int64_t calls, recursive_calls, depth;
} Record;

typedef struct Call {
    Record *record, *pair; /* pair: NULL, or the record of it as its caller's callee */
    int64_t start, callees;
} Call;

typedef struct Log {
    struct Log *next;
    uint64_t thread_id;
    Mutex mutex;
    Record **table; /* open addressing, by key and caller */
    size_t records, table_size;
    Call *calls;
    size_t depth, capacity;
} Log;

/* Each with the log's mutex held. The record of a function called by `caller`; NULL: there is none. */
Record *log_find(Log *log, const void *key, Record *caller);
Record *log_add(Log *log, const void *key, Record *caller); /* one that is not there yet; NULL: no memory */
Call *log_push(Log *log, Record *record, Record *pair);     /* a call begins; NULL: no memory */
void log_pop(Log *log, int64_t now);                        /* the innermost call ends */
void log_drop(Log *log);                                   /* the same, not to be counted */
void log_clear(Log *log);
bool log_merge(Log *into, Log *from); /* adds up, but for `shown`, which is copied; false: no memory */
