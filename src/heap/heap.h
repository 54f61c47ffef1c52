/* The heap: allocation, the write barrier, tracing, collection.
 *
 * Layout: one reserved address range for the process, cut into blocks of 64 KiB. A block holds small cells of
 * one size class and belongs to the thread that allocates from it, or is part of a run that holds one large
 * cell. Each block has two bitmaps, one bit per 16 bytes: `mark` (reached by a collection; survives young
 * collections: sticky mark bits are the generations) and `live` (a cell may start here).
 *
 * Rules for everybody:
 *  - Allocation returns zeroed memory, apart from the header; it may collect, hence run at a safepoint.
 *  - A reference is stored into a cell with store(owner, &slot, value). Where that is left out, a comment
 *    NOBARRIER: says why (usual reason: the owner was allocated after the last possible safepoint).
 *  - C locals need no rooting. A loop over memory inside a cell that keeps only a derived pointer outside the
 *    cell's bounds ends with keep_alive(owner). Interior pointers do keep a cell alive.
 *  - Allocation fails by returning NULL with MemoryError pending.
 *  - What a thread has made is private to it until another can come by it (heap/publish.h): store() and its kind see to that.
 *    A reference that goes to another thread by any other way, or into memory outside the heap that another thread may look
 *    at, goes through publish().
 *
 * Threads: each thread allocates from its own blocks without a lock. The tables of blocks, the weak
 * references and the finalizer lists are guarded by the heap's mutex or touched only while the world is stopped.
 */
#pragma once
#include "heap/publish.h"

#include <assert.h>
#include <stdio.h>

/* A new cell of at least `size` bytes (header included), zeroed, with its type set and the type's root shape
 * in `meta`. NULL with MemoryError pending when there is no memory or the isolate's limit is reached. */
[[nodiscard]] void *heap_allocate(Thread *t, Type *type, size_t size);
/* The same, but what follows the header may hold anything: for those who write all that they will ever read, before the
 * next safepoint if the type is traced. */
[[nodiscard]] void *heap_allocate_unfilled(Thread *t, Type *type, size_t size);
/* As heap_allocate_unfilled for a cell of a static type that will never refer to another one. */
[[nodiscard]] void *heap_allocate_leaf(Thread *t, Type *type, size_t size);
/* As heap_allocate for a cell whose type has `release`, or whose class has `__del__`. */
[[nodiscard]] void *heap_allocate_finalizable(Thread *t, Type *type, size_t size);
/* Adds an existing object to those whose death is acted upon (a class got `__del__` later). */
void heap_register_finalizable(Thread *t, Object *o);
/* Takes back the registration of the thread's youngest finalizable object. false: `o` is not it. */
bool heap_forget_finalizable(Thread *t, Object *o);

/* Makes a cell of more than 16 KiB at least `size` bytes long where it is, if the memory behind it is free. What is added
 * is zero. Takes no safepoint, so that it may be called with an object's lock held. */
bool heap_extend(Thread *t, Object *o, size_t size);
/* Shows every new cell of the heap to the hooks `cell_made` and `cells_died`, or does so no more. With the world stopped, which then
 * calls `change`. */
void heap_trace_allocations(Thread *t, bool on, void (*change)(void *context), void *context);
/* The running thread's cells are not shown for a while, or are again. */
void heap_pause_tracing(Thread *t, bool paused);
size_t heap_cell_size(Object *o); /* bytes that the cell really has: at least what was asked for */

/* Memory outside the heap that dies with cells: counts as pressure towards the next collection.
 * Negative when it is given back. */
void heap_external_memory(Thread *t, ptrdiff_t bytes);
void heap_external_memory_of(Heap *heap, ptrdiff_t bytes); /* the same, from outside */
void heap_external_memory_gone(Object *o, size_t bytes);   /* for release functions: what `o` had reported */
void heap_collect_if_due(Thread *t); /* where much was reported and nothing else would collect soon */

void heap_log_slow(Object *owner);
void heap_log_appended(Object *owner, const Value *from);

/* Immortal cells are not traced: what they hold must be immortal as well. For assertions. */
bool heap_may_hold(const void *owner, Value value);

/* Stores a reference into a cell: the write barrier. Release order, so that a reader that takes no lock sees
 * a fully made object. */
static inline void store(void *owner, Value *slot, Value value) {
    assert(heap_may_hold(owner, value));
    publish_into(owner, value);
    store_release(&slot->bits, value.bits);
    if (unlikely(load_relaxed(&((Object *)owner)->meta) & META_OLD))
        heap_log_slow((Object *)owner);
}

/* To be called after references were moved within `owner`, or stored into it of which none is private, in bulk (memcpy, loops). */
static inline void store_moved(void *owner) {
    if (unlikely(load_relaxed(&((Object *)owner)->meta) & META_OLD))
        heap_log_slow((Object *)owner);
}

/* The same whatever was stored, instead of store() for each. What another thread may have at hand by then, `owner` or where it was
 * stored into, must have been published before. */
static inline void store_many(void *owner) {
    publish_held_by(owner);
    store_moved(owner);
}

/* store() into the first word behind all that are in use, in a cell whose type has trace_from: the next collection looks only at
 * what was appended since the last one. Whoever moves words of such a cell, or takes some away, calls store_many. */
static inline bool must_log_appended(void *owner) {
    return unlikely((load_relaxed(&((Object *)owner)->meta) & (META_OLD | META_APPENDED)) == META_OLD);
}
static inline void store_appended(void *owner, Value *slot, Value value) {
    assert(heap_may_hold(owner, value));
    publish_into(owner, value);
    store_release(&slot->bits, value.bits);
    if (must_log_appended(owner))
        heap_log_appended((Object *)owner, slot);
}

static inline Value load(const Value *slot) { return (Value){load_dependent(&slot->bits)}; }

/* Keeps the compiler from dropping `o` while memory inside it is still in use. */
static inline void keep_alive(const void *o) { __asm__ volatile("" : : "r"(o) : "memory"); }

/* Tracing: called by types' trace functions. */
void trace_value(Tracer *tracer, Value value);
void trace_object(Tracer *tracer, void *object);                    /* NULL is fine */
void trace_values(Tracer *tracer, const Value *values, size_t count);
void trace_conservatively(Tracer *tracer, const void *start, const void *end);
/* Whether `o` is to report nothing that it refers to only in order to be fast: a full collection calls
 * heap_hooks.forget_dead for it once everything else is marked. */
bool trace_weakly(Tracer *tracer, Object *o);
/* Whether this marks for a full collection: what it does not come by goes. Not so when referents are only looked at. */
bool trace_is_full(const Tracer *tracer);
/* Room for what trace functions know of this marking: every Tracer starts with it, all 0 when a collection begins. */
enum { TRACE_NOTES = 16 };
static inline uint32_t *trace_notes(Tracer *tracer) { return (uint32_t *)tracer; }
/* Whether what can be got at counts, and not what is kept alive: then weak references are reported too. */
bool trace_publishes(const Tracer *tracer);
/* Whether heap_hooks.marked will be called for `o`, perhaps more than once: when everything is marked, before any forget_dead. false:
 * this is no full collection, or there is no memory for it. */
bool trace_afterwards(Tracer *tracer, Object *o);
/* For a trace function of what uses memory of another cell, the lender's, without keeping it alive (the dict of an instance): the cell
 * stays as long as the borrower lives, which reports what the lender refers to. But weak references to the lender are cleared, and
 * its finalizer runs, as if the borrower were not there. A borrower is never older than its lender. */
void trace_lender(Tracer *tracer, Object *lender);
bool heap_is_dying(const void *p); /* for forget_dead: p points to or into a cell of a heap that is about to be freed */

/* Collection */
typedef enum Generation { GENERATION_YOUNG, GENERATION_FULL } Generation;

/* Collects at once: stops the world, marks, clears weak references, queues callbacks and finalizers, which run at
 * the next safepoint. Returns the number of cells freed. */
size_t heap_collect(Thread *t, Generation generation);
void heap_collect_fully_next(Heap *heap); /* the next collection, when it comes, is a full one */
/* Collects, and finds on the way what a reference count would already have dropped: objects with a finalizer that did not
 * run, chosen by `picks`, which nothing reaches but, perhaps, words on the calling thread's C stack. They count as
 * finalized; the caller does at once what their finalizers would. At most `capacity` are found; returns how many. A young collection
 * cannot tell whether old ones are held: *passed_old says whether there are such. To be
 * called only where the native functions that are running hold no such object beside their arguments. */
size_t heap_find_unheld(Thread *t, Generation generation, bool (*picks)(void *context, Object *o), void *context,
                        Object **found, size_t capacity, bool *passed_old);
/* Whether a full collection should look for what a young one did not find: not soon again after many in vain. They are counted apart
 * for what is old, and for what was young when the young one found it held, most probably by something that lives. Whoever does it
 * calls heap_searched afterwards. */
bool heap_search_pays(Thread *t, Generation generation);
void heap_searched(Thread *t, Generation generation, bool in_vain);
/* Of the calling thread's C stack all is looked at, or only what lies above ht->stack_entry. That is for a native function that the
 * interpreter itself called, in whose frame and whose callers' up to there nothing is that will be used again: what is
 * found there are leftovers of calls that have ended. */
typedef enum NativeStack { STACK_SCANNED, STACK_UNSCANNED } NativeStack;
size_t heap_collect_below(Thread *t, Generation generation, NativeStack below_entry); /* as heap_collect */
/* For a thread that has waited for a while and may go on waiting: perhaps for what a finalizer would do that a reference count
 * would have run by now. Collects fully, now and then: the rarer, the longer it took and the more often it was in vain. Once
 * that was done after `since`, again only while all others wait too, and only if one of them has run since the heap was last
 * collected so: it may have let something go. since: lock_time() when the thread began to wait. Returns after how many
 * nanoseconds to ask again. */
int64_t heap_collect_while_idle(Thread *t, int64_t since, NativeStack below_entry);
/* gc.collect(): full collections and finalizers in turn until nothing is left to finalize. Runs Python code. */
size_t heap_collect_and_finalize(Thread *t, NativeStack below_entry);
/* A single collection, and the finalizers of what it found; they wait if the thread is running finalizers already. */
void heap_collect_and_finalize_once(Thread *t, Generation generation, NativeStack below_entry);
/* At the program's end, like gc.collect() but only as long as somebody could notice. */
void heap_finalize_all(Thread *t);
/* Whether an object that `picks` picks, alive or not yet found dead, is still to run its finalizer. */
bool heap_awaits_finalizer(Thread *t, bool (*picks)(void *context, Object *o), void *context);
/* The program begins: what exists already is not asked about by heap_is_watched. */
void heap_begin_watch(Thread *t);
/* Whether something made since then, alive or not yet found dead, has a finalizer to run or a weak reference whose callback
 * the program can notice. If not, no code of the program learns of any further death. */
bool heap_is_watched(Thread *t);
void heap_watch(Thread *t); /* from now on it is true: an internal cell's finalizer runs code of the program */

typedef struct HeapStats {
    size_t live_bytes;      /* cells that survived the last collection plus what was allocated since */
    size_t external_bytes;
    size_t limit_bytes;     /* 0: none */
    size_t collections[2];  /* by generation */
    size_t freed_objects[2];
} HeapStats;
void heap_stats(Heap *heap, HeapStats *stats);
void heap_set_limit(Heap *heap, size_t bytes);
void heap_set_enabled(Heap *heap, bool automatic); /* false: collections become rare, see DISABLED_BUDGET in allocate.c */
bool heap_enabled(Heap *heap);
void heap_freeze(Thread *t);   /* everything now alive is never collected or listed until heap_unfreeze */
void heap_unfreeze(Thread *t);
size_t heap_frozen_count(Thread *t);

/* Calls visit for every live, non-internal object, with the world stopped: visit must not allocate. */
void heap_each_object(Thread *t, void (*visit)(void *context, Object *o), void *context);
/* The same for those that a full collection, made in the same stop of the world, finds alive. */
void heap_each_living(Thread *t, void (*visit)(void *context, Object *o), void *context);
/* Reports the direct references of `o`, looking through internal cells (buffers, tables). */
void heap_each_referent(Object *o, void (*visit)(void *context, Object *referent), void *context);
bool heap_contains(Heap *heap, const void *p); /* p is the start of a live cell */

/* Weak references, at the level of cells. `slot` lies inside `holder`; it is cleared when `target` dies.
 * on_clear (may be NULL) is called for the holder at a safepoint after the collection, world running; `watched`: the program
 * can notice that (heap_is_watched). */
bool heap_weak_register(Thread *t, Object *holder, Value *slot, void (*on_clear)(Thread *t, Object *holder), bool watched);
/* The registered holders for a live target, in order of registration. Returns how many there are; fills at most `capacity`. They may be
 * private to other threads. */
size_t heap_weak_holders(Thread *t, Object *target, Object **holders, size_t capacity);
/* The same, published. */
size_t heap_weak_holders_published(Thread *t, Object *target, Object **holders, size_t capacity);
void heap_weak_clear(Thread *t, Object *holder, Value *slot); /* forgets the reference: the slot becomes empty, no callback */

/* Life of heaps */
bool heap_start(void); /* once per process: reserves the address range */
Heap *heap_new(void);
void heap_free(Heap *heap); /* no thread is attached to it */
/* Roots besides thread stacks: a function that traces the isolate's own references. */
void heap_set_root_tracer(Heap *heap, void (*trace_roots)(Tracer *tracer, void *context), void *context);

/* What runs __del__ for an object found dead (set once at start-up by vm). It returns true if the object has
 * such a method, in which case the object is kept for this cycle. Called at a safepoint, world running. */
typedef struct HeapHooks {
    bool (*wants_finalizer)(Object *o);            /* world stopped */
    void (*run_finalizer)(Thread *t, Object *o);   /* world running; swallows exceptions (unraisable hook) */
    void (*trace_thread)(Tracer *tracer, Thread *t);
    void (*no_memory)(Thread *t);                  /* makes MemoryError pending */
    void (*marked)(Object *o);                     /* see trace_afterwards; world stopped */
    void (*forget_dead)(Object *o);                /* see trace_weakly; world stopped */
    void (*forgotten)(Thread *t, bool all);        /* in a full collection, after these; all: no object missed its forget_dead */
    bool (*handle_interrupts)(Thread *t);          /* signals, async exceptions; false: exception pending */
    void (*collected)(Thread *t, Generation g, bool start, size_t found); /* gc.callbacks */
    void (*cell_made)(Thread *t, Object *o, size_t size); /* while allocations are traced: a new cell of so many bytes, or an old one that
                                                             grew to so many; allocates none */
    void (*cells_died)(Thread *t); /* the same, world stopped: heap_is_dying says which */
    void (*check)(Object *o);      /* of each living object, where the heap is checked: verify.c */
} HeapHooks;
extern HeapHooks heap_hooks;
