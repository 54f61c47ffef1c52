/* The life of isolates: making, entering, ending, and finding them.
 *
 * An isolate's memory stays while anything holds it: the list of isolates (until its end), each of its threads, and memory
 * that it exported to others. The last holder frees it, heap and all. Ending it runs its exit functions, stops its threads and
 * takes it off the list.
 * A native thread enters an isolate with a Thread record of its own, while its own record waits as in a blocking region: so
 * it never holds up a collection of the isolate it came from. Objects of one are never touched while in the other.
 *
 * Threads: everything here may be called by any thread; the list has its mutex.
 */
#pragma once
#include "object/thread.h"

/* Where an isolate came from, as concurrent.interpreters counts: 1 the process's start, 5 _interpreters. */
enum { WHENCE_UNKNOWN, WHENCE_RUNTIME, WHENCE_LEGACY_CAPI, WHENCE_CAPI, WHENCE_XI, WHENCE_STDLIB };

/* What only the layers below can do; set at start-up, or by the first isolate that imports the module. Atomic words: another one may be
 * importing it, too. */
typedef struct IsolateHooks {
    bool (*start)(Thread *t);        /* modules, sys, importlib, site; false: exception pending */
    bool (*finish)(Thread *t);       /* waits for threads, exit functions, flushing, finalizers; leaves no exception */
    void (*forget_queues)(int64_t id); /* the isolate is gone */
    void (*forget_channels)(int64_t id);
    void (*trace_exports)(Tracer *tracer, Isolate *isolate); /* what its exports refer to; world stopped */
    void (*free_exports)(Isolate *isolate);                  /* the records: its objects are gone */
    void (*trace_allocations)(Tracer *tracer, Isolate *isolate); /* its allocation_traces; world stopped */
    void (*free_allocations)(Isolate *isolate);
} IsolateHooks;
extern IsolateHooks isolate_hooks;

Isolate *isolate_start_main(struct Config *config, const uint64_t hash_secret[2]); /* NULL: no memory */
Isolate *isolate_main(void);

/* A new isolate, started up: configuration, capabilities and hash secret are those of the host's isolate. NULL: an
 * exception is pending in the host. Held for the caller. */
Isolate *isolate_new(Thread *host, const IsolateFeatures *features, int whence);
/* Ends it, on a thread of another isolate: false when it runs, or somebody else is ending it. The caller holds it. */
bool isolate_end(Thread *host, Isolate *isolate);
void isolate_stop_threads(Thread *t); /* ends the isolate's threads other than t */
/* Ends all but the main one; how many there were. */
size_t isolate_end_others(Thread *host);

void isolate_hold(Isolate *isolate); /* one that is held already */
void isolate_release(Isolate *isolate);
Isolate *isolate_find(int64_t id); /* held; NULL: there is none */
/* Calls visit for all isolates in order of creation, with the list locked. */
void isolate_each(void (*visit)(void *context, Isolate *isolate), void *context);

/* The calling native thread, so far `host`, enters; all cells of the isolate that it refers to from now on lie in C frames below
 * stack_start. NULL: no memory, nothing changed. The caller holds the isolate. */
Thread *isolate_enter(Thread *host, Isolate *isolate, void *stack_start);
void isolate_leave(Thread *t, Thread *host);

/* Claims the right to run in __main__; false: another thread has it. */
bool isolate_claim(Isolate *isolate);
void isolate_unclaim(Isolate *isolate);
bool isolate_is_running(Isolate *isolate);
void isolate_add_reference(Isolate *isolate);
bool isolate_drop_reference(Isolate *isolate); /* true: it was the last one and the isolate is to end with it */

/* One lock for what modules keep for the whole process. Nothing blocks, and no cell is touched, while it is held. */
void runtime_shared_lock(void);
void runtime_shared_unlock(void);

/* Around fork: no other thread is in the middle of a change of what isolates share. In the child only t's isolate is left. */
void runtime_fork_begin(Thread *t);
void runtime_fork_end(Thread *t, bool in_child);
