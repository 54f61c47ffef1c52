/* The Heap's own state. Internal to heap/.
 *
 * Threads: the list of threads changes with stop_mutex and mutex, `weak` with weak_mutex, other fields with mutex or in a
 * stopped world. A running thread never reaches a safepoint while it holds mutex or weak_mutex, so the collector
 * takes neither. Counters that threads add to from outside (allocated, external) are atomic.
 */
#pragma once
#include "heap/block.h"

enum { MOST_AMBIGUOUS = 256, MOST_AMBIGUOUS_BYTES = 4 << 20 };

typedef struct BlockList {
    Block **items;
    size_t count, capacity;
} BlockList;

bool block_list_add(BlockList *list, Block *block); /* false: no memory */

typedef struct ObjectList {
    Object **items;
    size_t count, capacity;
} ObjectList;
bool object_list_add(ObjectList *list, Object *o); /* false: no memory */

typedef struct WeakEntry {
    Object *target, *holder;
    Value *slot;
    void (*on_clear)(Thread *t, Object *holder);
    uint32_t next; /* next entry with the same bucket: index + 1, 0 ends */
    bool watched;  /* see heap_is_watched */
} WeakEntry;

typedef struct WeakTable {
    WeakEntry *entries; /* in order of registration; holder NULL: removed */
    size_t count, capacity, removed;
    size_t old; /* that many at the front were there at the last collection */
    uint32_t *buckets; /* hashed by target */
    size_t bucket_count;
} WeakTable;

struct Heap {
    Mutex mutex;
    BlockList small[HEAP_SIZE_CLASSES];
    BlockList available[HEAP_SIZE_CLASSES]; /* of those, blocks with many free cells that nobody was handed yet */
    BlockList crowded[HEAP_SIZE_CLASSES];   /* the same with few: their holes are short, and used when no empty block is left */
    BlockList touched; /* what a young collection sweeps besides the blocks that threads used: large cells, blocks of threads that ended */
    BlockList ambiguous_blocks; /* and this: ambiguous.c */
    Object *rejuvenated[MOST_AMBIGUOUS]; /* of blocks that threads have not swept yet, or have since the last collection: ambiguous.c */
    size_t rejuvenated_count;
    BlockList large;
    BlockList spare_runs; /* empty runs of large cells, kept from one collection to the next */
    size_t spare_run_bytes;  /* in those */
    size_t least_spare, allocated_since_trim; /* empty bytes not touched since the last spare_trim, and what was allocated since */
    BlockList spare; /* empty blocks that small cells of any size may go to: memory that need not be asked for again */
    Thread *threads;
    ObjectList orphaned; /* remembered set of threads that ended; with stop_mutex */
    ObjectList abandoned; /* what threads that a fork left behind referred to: roots */
    ObjectList finalizable; /* in order of creation */
    size_t finalizable_old; /* how many of them survived a collection: young ones pass by them */
    size_t unwatched;       /* how many of them existed before the program began */
    ObjectList finalizers_due;  /* __del__ to run: roots */
    ObjectList callbacks_due;   /* holders of cleared weak references with on_clear: roots */
    void (**callbacks_functions)(Thread *t, Object *holder);
    size_t finalizers_next, callbacks_next;
    Mutex weak_mutex;
    WeakTable weak;
    void (*trace_roots)(Tracer *tracer, void *context);
    void *trace_roots_context;
    int64_t idle_at, idle_pause; /* heap_collect_while_idle: not before (atomic), and the pause afterwards */
    int64_t collected_at; /* the last full collection (atomic) */
    uint64_t search_at[2];       /* heap_search_pays, by generation: not before so much was allocated in all (atomic) */
    size_t searches_in_vain[2];  /* the last so many (atomic) */
    bool watched;   /* heap_watch */
    bool program_runs; /* heap_begin_watch (atomic) */
    bool automatic; /* heap_set_enabled (atomic) */
    bool collecting;
    bool traced; /* heap_trace_allocations; written while the world is stopped */

    bool held_strongly; /* this collection: something that trace_weakly was asked about (atomic) */
    bool sweep_all; /* the list of touched blocks is not complete */
    uint32_t cycle; /* see sweep.c (atomic) */
    size_t allocated;      /* bytes handed to threads since the last collection (atomic) */
    uint64_t allocated_before; /* and until then (atomic) */
    size_t external;       /* bytes outside that die with cells (atomic) */
    ptrdiff_t external_since; /* by how much it grew since the last collection (atomic) */
    size_t live;           /* bytes of cells that survived the last collection, as far as swept (atomic) */
    size_t full_at;        /* more than this, cells and external memory: the next collection is a full one (atomic) */
    size_t live_at_full, allocated_since_full; /* the last full one: what lived then, and what was allocated since */
    size_t held, most_held; /* bytes of blocks from the space, and as many as it had: spare.c (atomic) */
    size_t limit;          /* 0: none */
    size_t young_budget;   /* allocated beyond this: young collection */
    HeapStats stats;
    size_t collection_count; /* as in stats, of both kinds (atomic) */

    uint32_t stopping;     /* not 0: the world is stopped or about to be */
    bool stopper_sleeps;   /* until a thread's state changes (atomic) */
    uint32_t held_up;      /* threads that wait for the world to go on (atomic); not those that stop it in turn */
    int64_t stopped_at;    /* with stop_mutex */
    bool stopped_idle;     /* likewise: all others were waiting */
    uint64_t resumptions_of_ended, idle_resumptions; /* likewise: of threads that ended; of all, when a full collection last found
                                                      * all others waiting. See heap_collect_while_idle. */
    int64_t stop_took;     /* the last stop; these three are atomic */
    int64_t turn_ends, turn_ends_at_last; /* until then who asks for a stop leaves the processors to those who were held up */
    Mutex stop_mutex;      /* held by the thread that stopped the world */
};

typedef enum TraceMode {
    TRACE_MARKING,
    TRACE_POSTORDER, /* leaves marking to whoever pops: see finalize.c */
    TRACE_AMBIGUOUS, /* lists what it marks: see ambiguous.c */
} TraceMode;

struct Tracer {
    uint32_t notes[TRACE_NOTES]; /* trace_notes */
    Heap *heap;     /* whose cells are looked at: no cell of another heap is ever reported or marked */
    Object **stack; /* mark stack: a reserved range */
    size_t depth, peak, capacity; /* in words */
    bool shared;     /* others mark at the same time: markers.c */
    bool only_looks; /* drop.c */
    bool publishes;  /* publish.c */
    bool overflowed; /* something is marked, but was not traced */
    /* Not NULL: report referents instead of marking. */
    void (*visit)(void *context, Object *o);
    void *context;
    TraceMode mode;
    bool weakly;    /* a full collection: what trace_weakly was asked about goes to `weak` */
    ObjectList weak;
    ObjectList afterwards; /* what trace_afterwards was told of */
    ObjectList lenders; /* that were not marked when their borrowers were: trace_lender */
    size_t ambiguous_count, ambiguous_bytes;
    Object *ambiguous[MOST_AMBIGUOUS]; /* what TRACE_AMBIGUOUS met: ambiguous.c */
};

static_assert(offsetof(Tracer, notes) == 0);

extern Tracer heap_tracer; /* the collector's, of all heaps in turn; used while a world is stopped, under tracer_mutex */
extern Mutex tracer_mutex;

/* Words of a mark stack with their low bit set are no objects. While draining in order: above a count (doubled), the start of
 * a range of values. While draining in postorder: an object to be finished. */
enum { STACK_TAG = 1 };
static inline bool is_tagged_word(const void *word) { return (uintptr_t)word & STACK_TAG; }

enum { TRACER_KEPT = 1 << 16 }; /* words of the mark stack that stay in memory between collections */
bool tracer_start(Tracer *tracer);
void tracer_retrace_block(Heap *heap, Block *block, void *context); /* context: the tracer */
void tracer_shrink(Tracer *tracer);
void tracer_call_marked(Tracer *tracer); /* marking is done */
void tracer_forget_dead(Tracer *tracer); /* then this */
void tracer_drain(Tracer *tracer);
bool tracer_drain_some(Tracer *tracer, size_t most); /* traces about so many objects; whether nothing is left */
void tracer_drain_postorder(Tracer *tracer, bool (*wants)(Object *o), void (*finished)(void *context, Object *o),
                            void *context);
/* Gives the thread another number, or none. With the world stopped, or of the running thread. */
void heap_set_number(HeapThread *ht, bool threaded);
extern const uint32_t heap_no_number; /* NO_NUMBER */
/* What a new cell has as its owner. */
static inline uint32_t owner_of_new(const HeapThread *ht) { return likely(ht->owner != NO_NUMBER) ? ht->owner : 0; }
void heap_drop_number(HeapThread *ht); /* the thread ends */
uint32_t heap_private_to(const Object *o); /* for checks: the number of the thread to which it is private, or 0 */
extern uint32_t heap_numbering; /* how often the process has had a second thread; changes while there is one */

static inline bool is_marked(Object *o) {
    return !in_block_space(o) || bit_test(block_of(o)->mark, granule_of(o));
}

/* Help of other processors: markers.c. */
void markers_drain(Tracer *tracer); /* as tracer_drain, with help */
void markers_call_marked(void);     /* as tracer_call_marked, for what helpers found */
void markers_forget_dead(void);     /* as tracer_forget_dead */
bool markers_mark_lenders(Tracer *tracer); /* and as tracer_mark_lenders */
bool markers_want_work(void);
void markers_give(Tracer *tracer);
void markers_fork_lock(void);
void markers_fork_unlock(void);
void markers_after_fork(void);

/* What only stacks refer to: ambiguous.c. In this order, while a young collection has stopped the world. */
void ambiguous_begin(Heap *heap, Tracer *tracer);
void ambiguous_note(Tracer *tracer, Object *o); /* was just marked */
void ambiguous_end(Tracer *tracer);
void ambiguous_settle(Heap *heap, Tracer *tracer);
void ambiguous_grow_old(Tracer *tracer);
void ambiguous_hold(const Heap *heap, Tracer *tracer);
void ambiguous_rejuvenate(Heap *heap, Tracer *tracer);
void ambiguous_rejuvenate_block(const Heap *heap, Block *block);

/* Sweeping: sweep.c. */
typedef enum SweepTime { SWEEP_NOW, SWEEP_LATER } SweepTime;
bool heap_has_several_threads(const Heap *heap);
void sweep_note_used(HeapThread *ht, Block *block);
void sweep_retire_runs(Heap *heap);
void sweep_begin_cycle(HeapThread *ht);
void sweep_finish(Heap *heap);
Block *sweep_for(HeapThread *ht, int class);
void sweep_rest(HeapThread *ht);
void sweep_detach(HeapThread *ht);
size_t sweep_touched(Heap *heap, SweepTime when);
size_t sweep_everything(Heap *heap);

/* Empty memory: spare.c. */
void spare_keep(Heap *heap, Block *block);
Block *spare_take_last(BlockList *list, const HeapThread *ht);
void spare_note_user(const HeapThread *ht, Block *block);
Block *spare_take_block(const HeapThread *ht);
Block *spare_take_run(Heap *heap, size_t count);
Block *spare_split_run(Heap *heap);
bool spare_extend(Heap *heap, Block *block, size_t count);
void spare_make_room(Heap *heap, size_t count);
void spare_trim(Heap *heap);
void spare_trim_all(Heap *heap);
void spare_free(Heap *heap);

/* Checks: verify.c. */
#if defined(KRAIT_DEBUG) || defined(KRAIT_STRESS) || __has_feature(address_sanitizer)
#define HEAP_CHECKS
#if __has_feature(address_sanitizer)
#define HEAP_ASAN
#endif
void verify_block(Heap *heap, Block *block, void *context); /* marking is done */
void poison_dead(Block *block);                             /* before what is marked becomes what lives */
void unpoison(void *start, size_t size);                    /* memory that is about to be used again */
#else
static inline void verify_block(Heap *heap, Block *block, void *context) {}
static inline void poison_dead(Block *block) {}
static inline void unpoison(void *start, size_t size) {}
#endif

void immortal_fork_lock(void);
void immortal_fork_unlock(void);
bool block_list_add(BlockList *list, Block *block); /* false: no memory */
/* Marks what is in the list of `from` and not marked yet, which is empty then. Whether there was something. */
bool tracer_mark_lenders(Tracer *tracer, Tracer *from);
void heap_drain(Heap *heap, Tracer *tracer); /* marks all that was traced leads to */
void weak_sweep(Heap *heap, Generation generation);                  /* world stopped, marking done: clears references to the dead */
void finalizable_sweep(Heap *heap, Tracer *tracer, Generation generation); /* chooses finalizers to run, marks what they reach */
void finalizable_release(Heap *heap, Generation generation);         /* then releases what the dead own outside the heap */
void heap_each_block(Heap *heap, void (*visit)(Heap *heap, Block *block, void *context), void *context);
void heap_trace_frozen(Heap *heap, Block *block, void *tracer); /* what is frozen in the block is a root */
bool finalizer_queue(Heap *heap, Object *o); /* world stopped: if it has a finalizer to run */
/* World stopped: of an object that is dead. `marked`: what else is alive is marked, otherwise all counts as alive. Whether there were weak
 * references. */
bool weak_clear_dead(Heap *heap, Object *target, bool marked);
void trace_native_stack(Tracer *tracer, HeapThread *ht);
void heap_trace_roots(Heap *heap, Tracer *tracer); /* with native stacks, without the remembered set */
bool weak_is_watched(Heap *heap);
void weak_begin_watch(Heap *heap);
void heap_flush_finalizable(HeapThread *ht);  /* mutex held or world stopped */
void log_for(HeapThread *ht, Object *owner);    /* adds to the remembered set */
bool due_pending(const Heap *heap); /* are there finalizers or callbacks to run? World stopped or mutex held */
bool due_pending_now(Heap *heap);   /* the same, world running */
void heap_run_due(Thread *t);       /* runs them */
/* stop_world for who may ask again at once: leaves those whom the last stop held up some time before. */
void stop_world_in_turn(Thread *t);
/* stop_world, unless there was a collection since collection_count was `seen`: then it does nothing and gives false. */
bool stop_world_unless_collected(Thread *t, size_t seen);
void heap_collect_due(Thread *t, size_t seen); /* a young collection, unless another thread made one since */
void registers_save(uintptr_t *out);          /* callee-saved machine registers */
static inline void *aligned_down(char *p) { return (void *)((uintptr_t)p & ~(uintptr_t)(sizeof(void *) - 1)); }
