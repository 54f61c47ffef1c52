/* Threads as the heap sees them, and the points at which they can be stopped.
 *
 * Each Thread starts with a HeapThread. A thread is running, blocking (in a region that touches no cell, so
 * that a collection need not wait for it) or stopped. `poll` is the one word that every loop back-edge, call
 * and allocation slow path tests; any thread may set bits in it with thread_request.
 */
#pragma once
#include "base/lock.h"
#include "base/stress.h"
#include "heap/heap.h"

enum { HEAP_SIZE_CLASSES = 64, FIRST_LEAF_CLASS = 48 };

enum {
    POLL_STOP = 1 << 0,       /* somebody wants the world stopped */
    POLL_SIGNAL = 1 << 1,     /* a signal arrived (main thread) */
    POLL_ASYNC = 1 << 2,      /* an exception was sent to this thread */
    POLL_FINALIZERS = 1 << 3, /* finalizers or weak-reference callbacks are queued */
    POLL_CALLS = 1 << 4,      /* pending calls */
    POLL_TRACING = 1 << 5,    /* tracing was switched on or off for this thread */
    POLL_END = 1 << 6,        /* the thread is to end: the bit stays */
};

typedef enum ThreadState { THREAD_RUNNING, THREAD_BLOCKING, THREAD_STOPPED } ThreadState;

typedef struct AllocationRun {
    char *next; /* free memory [next, end), zeroed */
    char *end;
    char *stop; /* of the run; `end` is `next` while the thread makes immortal cells or is traced: no fast path takes any */
    struct Block *block;
} AllocationRun;

typedef struct AppendedEntry {
    Object *owner;
    const Value *from;
} AppendedEntry;

typedef struct HeapThread {
    uint32_t poll; /* any thread sets bits; this thread clears them */
    uint32_t state; /* ThreadState */
    /* Calls look at one word instead of two: how far frames may go (what that means is the engine's business), or NULL while `poll` is
     * set. Who sets bits empties it afterwards; who clears them puts `call_limit` back, then looks whether new ones came. */
    void *call_limit_or_poll;
    void *call_limit;
    Heap *heap;
    uint32_t owner, numbering; /* its number, and since when: heap/publish.h */
    AllocationRun runs[HEAP_SIZE_CLASSES];
    struct Block *used[HEAP_SIZE_CLASSES];    /* blocks allocated from since the last collection, linked: sweep.c */
    struct Block *unswept[HEAP_SIZE_CLASSES]; /* the same of the time before it, as long as they are not swept */
    uint64_t used_classes, unswept_classes;   /* masks of the lists that are not empty */
    uint32_t cycle;                           /* the heap's when `used` last became `unswept` */
    size_t allocated; /* bytes since this thread last reported to its heap */
    uint32_t run_owners[HEAP_SIZE_CLASSES]; /* what the cells of the runs' rest have as `owner`, from the moment that there are several threads */
    uint8_t refills[HEAP_SIZE_CLASSES]; /* how many runs since the last collection, up to a few */
    int leaf_classes; /* added to the class of small leaves: 0 or FIRST_LEAF_CLASS */
    bool immortal;    /* start-up: what is allocated is never collected */
    bool traced;      /* every new cell is shown: heap_trace_allocations; written by this thread, or while the world is stopped */
    bool in_finalizers;
    Thread *next, *previous; /* the heap's list of threads, guarded by its mutex */
    uint64_t resumptions;    /* how often it went on after a blocking region (written by itself only) */
    void *stack_start;       /* highest address of the C stack */
    void *stack_now;         /* while blocking or stopped: where scanning begins */
    void *stack_entry;       /* the stack pointer of the innermost C function that entered the interpreter */
    uintptr_t registers[32]; /* spilled when stopping */
    Object *fresh[32]; /* the youngest finalizable objects, not yet in the heap's list */
    uint32_t fresh_count;
    size_t logged_count, logged_capacity;
    Object **logged; /* remembered set: old objects stored into since the last collection */
    struct AppendedEntry *appended; /* old objects that were only appended to, and where that began */
    size_t appended_count, appended_capacity;
} HeapThread;

static inline HeapThread *heap_thread(Thread *t) { return (HeapThread *)t; }

/* is_private (publish.h), for who has the Thread at hand. */
static inline bool is_private_to(Thread *t, const void *cell) { return load_relaxed(&((const Object *)cell)->owner) == heap_thread(t)->owner; }
static inline bool is_private_value_to(Thread *t, Value v) { return is_pointer_bits(v.bits) && is_private_to(t, (void *)v.bits); }

/* Whether the thread's new cells are never collected; returns whether they were. */
bool heap_set_immortal(Thread *t, bool immortal);

/* heap_allocate for a size that the C compiler knows, of at most 256 bytes, in place. NULL without an exception: have
 * heap_allocate do it. */
static inline void *heap_try_allocate(Thread *t, Type *type, size_t size) {
    size_t rounded = (size + 15) & ~(size_t)15;
    AllocationRun *run = &heap_thread(t)->runs[rounded / 16 - 1];
    Object *cell = (Object *)run->next;
    if (STRESS || unlikely((size_t)(run->end - run->next) < rounded))
        return NULL;
    run->next += rounded;
    assert(may_have_cells(type));
    cell->meta = load_relaxed(&((TypeHead *)type)->instance_meta);
    store_release(&cell->type, type); /* a scanner that finds the cell from now on sees a made one */
    return cell;
}

/* Takes a cell of heap_try_allocate back, to which nothing refers any more, if it is the thread's last one of its size: the next one
 * gets its memory. Since it was made no Python code may have run, which could have got hold of it by way of gc. */
static inline void heap_try_take_back(Thread *t, Object *o, size_t size) {
    size_t rounded = (size + 15) & ~(size_t)15;
    AllocationRun *run = &heap_thread(t)->runs[rounded / 16 - 1];
    if (unlikely(run->next - rounded != (char *)o))
        return;
    o->meta = 0; /* but not the owner, which the next one has as well */
    o->type = NULL;
    for (uint64_t *word = (uint64_t *)(o + 1), *end = (uint64_t *)run->next; word < end; word += 2) {
        word[0] = word[1] = 0;
        __asm__ volatile("" : "+r"(word)); /* a handful: not worth a call of memset */
    }
    run->next = (char *)o;
}

/* The same for heap_register_finalizable. false: have that do it. */
static inline bool heap_try_register_finalizable(Thread *t, Object *o) {
    HeapThread *ht = heap_thread(t);
    if (unlikely(ht->immortal || ht->fresh_count == sizeof ht->fresh / sizeof *ht->fresh))
        return false;
    ht->fresh[ht->fresh_count++] = o;
    return true;
}

void heap_attach_thread(Heap *heap, Thread *t, void *stack_start);
void heap_detach_thread(Thread *t);
Thread *thread_current(void); /* the Thread of the calling native thread, NULL if it has none */
void thread_set_current(Thread *t);

/* Handles whatever `poll` asks for. Returns false when an exception is pending as a result. */
[[nodiscard]] bool safepoint_slow(Thread *t);
[[nodiscard]] bool safepoint_inside_slow(Thread *t);

static inline bool poll_due(Thread *t) { return unlikely(load_relaxed(&heap_thread(t)->poll) != 0); }

static inline bool safepoint(Thread *t) {
    stress_yield();
    return !poll_due(t) || safepoint_slow(t);
}

/* The same within what is one step for the program, as in the loop of list(d.values()): finalizers and callbacks of weak references,
 * which may change what the loop goes through, wait until it has ended. */
static inline bool safepoint_inside(Thread *t) {
    stress_yield();
    return likely(!(load_relaxed(&heap_thread(t)->poll) & ~(uint32_t)POLL_FINALIZERS)) || safepoint_inside_slow(t);
}

void thread_request(Thread *t, uint32_t poll_bits);
uint32_t poll_take(Thread *t, uint32_t bits); /* of the running thread: clears them; those of them that were set */
void thread_set_call_limit(Thread *t, void *limit); /* of the running thread */

/* Between these two the thread may block, and must not touch any cell that could move or die: it may use
 * memory inside cells that are reachable from its stack (they are kept and never move). */
void blocking_begin(Thread *t);
void blocking_end(Thread *t);
/* blocking_begin for STACK_UNSCANNED (heap.h): leftovers of old calls keep nothing alive while a thread waits for long. */
void blocking_begin_unscanned(Thread *t);
/* After blocking_end, and before the thread waits on: all that it did was to wake (heap_collect_while_idle). */
static inline void blocking_goes_on(Thread *t) {
    HeapThread *ht = heap_thread(t);
    store_relaxed(&ht->resumptions, ht->resumptions - 1);
}

void stop_world(Thread *t);
void start_world(Thread *t);

/* Calls visit for the threads of t's heap other than t, with the world stopped. */
void heap_each_other_thread(Thread *t, void (*visit)(Thread *other, void *context), void *context);

/* What `id` says of the threads of t's heap, oldest first; returns how many were filled in. */
size_t heap_thread_ids(Thread *t, uint64_t *ids, size_t capacity, uint64_t (*id)(const Thread *t));

/* The start of the list, for who cannot stop the world: dumps of stacks in signal handlers. */
Thread *heap_newest_thread(Thread *t);

/* In the child of a fork made between stop_world and start_world: the other threads do not exist there. */
void heap_after_fork(Thread *t);
/* Around fork: what heaps share is not in the middle of a change. */
void heap_fork_lock(void);
void heap_fork_unlock(void);
