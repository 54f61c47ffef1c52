/* Tracing: marking from roots with an explicit stack, and looking at one object's referents.
 *
 * Nearly all of its time marking waits for memory. So what will be looked at is fetched ahead: mark bits a few values before
 * they are tested, objects some turns before they are traced. Leaves (texts, bytes, numbers) that stand
 * in blocks of their own are only marked, not looked at, and never get META_OLD.
 *
 * Threads: runs while the world is stopped, in one thread or, with a tracer each, in several (markers.c): then mark bits are
 * set atomically, and who sets an object's traces it. The mark stack is a reserved range. Long arrays go onto it as ranges, two words
 * each, and are worked off piece by piece, so that it stays small beside the arrays. What finds no place on it is
 * marked and noted as an overflow: the collector then traces all that is marked once more.
 */
#include "base/memory.h"
#include "heap/internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

Tracer heap_tracer;
Mutex tracer_mutex;

/* At start-up: later there may be no address space left. */
bool tracer_start(Tracer *tracer) {
    tracer->capacity = (size_t)(block_space.end - block_space.start) / 128; /* a sixteenth of the range */
    tracer->stack = memory_reserve(tracer->capacity * sizeof(Object *), 4096);
    return tracer->stack != NULL;
}

static void push(Tracer *tracer, Object *o) {
    if (unlikely(tracer->depth + 1 >= tracer->capacity)) {
        tracer->overflowed = true;
        return;
    }
    tracer->stack[tracer->depth++] = o;
    if (tracer->depth > tracer->peak)
        tracer->peak = tracer->depth;
}

/* Whether it was this call that set the mark. */
static inline bool set_mark(Tracer *tracer, uint64_t *word, uint64_t bit) {
    uint64_t marks = load_relaxed(word);
    if (marks & bit)
        return false;
    if (unlikely(tracer->shared))
        return !(fetch_or(word, bit) & bit);
    store_relaxed(word, marks | bit);
    return true;
}

void trace_object(Tracer *tracer, void *object) {
    Object *o = object;
    if (unlikely(tracer->visit != NULL)) {
        if (o)
            tracer->visit(tracer->context, o);
        return;
    }
    if (!in_block_space(o))
        return;
    Block *block = block_of(o);
    size_t granule = granule_of(o);
    assert(block->heap == tracer->heap);
    if (unlikely(tracer->mode == TRACE_POSTORDER)) {
        if (!bit_test(block->mark, granule))
            push(tracer, o);
        return;
    }
    if (!set_mark(tracer, &block->mark[granule / 64], UINT64_C(1) << (granule % 64)))
        return;
    if (unlikely(tracer->mode == TRACE_AMBIGUOUS))
        ambiguous_note(tracer, o);
    if (block_space.kinds[block_index(o)] != BLOCK_LEAF)
        push(tracer, o);
}

static inline void fetch_mark(Value value) {
    if (is_pointer_bits(value.bits))
        __builtin_prefetch(&block_of((void *)value.bits)->mark[granule_of((void *)value.bits) / 64]);
}

void trace_value(Tracer *tracer, Value value) {
    if (is_pointer_bits(value.bits))
        trace_object(tracer, (void *)value.bits);
}

enum { RANGE_PIECE = 256, MARKS_AHEAD = 8 };

static void push_range(Tracer *tracer, const Value *values, size_t count) {
    if (unlikely(tracer->depth + 3 >= tracer->capacity)) {
        tracer->overflowed = true;
        return;
    }
    push(tracer, (Object *)(count << 1)); /* no tag */
    push(tracer, (Object *)((uintptr_t)values | STACK_TAG));
}

void trace_values(Tracer *tracer, const Value *values, size_t count) {
    if (unlikely(count > 2 * RANGE_PIECE) && !tracer->visit && tracer->mode != TRACE_POSTORDER) {
        push_range(tracer, values + RANGE_PIECE, count - RANGE_PIECE);
        count = RANGE_PIECE;
    }
    for (size_t i = 0; i < count; i++) {
        if (i + MARKS_AHEAD < count)
            fetch_mark(values[i + MARKS_AHEAD]);
        trace_value(tracer, values[i]);
    }
}

/* Reads whole stacks, the sanitizer's guard zones included. A native thread that went from one isolate into another has
 * words of several heaps there. A thread in a blocking region may go on writing to its own frame: to words that are no objects. */
[[clang::no_sanitize("address", "thread")]] void trace_conservatively(Tracer *tracer, const void *start, const void *end) {
    for (void *const *p = start; (const void *)p < end; p++) {
        Object *o = block_find_cell(tracer->heap, *p);
        if (o)
            trace_object(tracer, o);
    }
}

bool trace_is_full(const Tracer *tracer) { return tracer->weakly && !tracer->only_looks && !tracer->visit; }

bool trace_afterwards(Tracer *tracer, Object *o) { return trace_is_full(tracer) && object_list_add(&tracer->afterwards, o); }

bool trace_weakly(Tracer *tracer, Object *o) {
    if (!tracer->weakly || tracer->visit)
        return false;
    if (object_list_add(&tracer->weak, o))
        return true;
    store_relaxed(&tracer->heap->held_strongly, true);
    return false;
}

void trace_lender(Tracer *tracer, Object *lender) {
    if (tracer->publishes)
        trace_object(tracer, lender); /* what is done to the one is done to the other */
    if (tracer->visit || tracer->only_looks || is_marked(lender))
        return;
    if (!object_list_add(&tracer->lenders, lender))
        trace_object(tracer, lender); /* no memory: it lives until the next collection */
}

bool tracer_mark_lenders(Tracer *tracer, Tracer *from) {
    bool found = false;
    if (from->lenders.count)
        ambiguous_grow_old(tracer); /* a borrower may be old now, and its lender or what that refers to ambiguous */
    while (from->lenders.count) {
        Object *lender = from->lenders.items[--from->lenders.count];
        if (is_marked(lender))
            continue;
        trace_object(tracer, lender);
        found = true;
    }
    return found;
}

void tracer_call_marked(Tracer *tracer) {
    for (size_t i = 0; i < tracer->afterwards.count; i++)
        heap_hooks.marked(tracer->afterwards.items[i]);
    tracer->afterwards.count = 0;
}

void tracer_forget_dead(Tracer *tracer) {
    for (size_t i = 0; i < tracer->weak.count; i++)
        heap_hooks.forget_dead(tracer->weak.items[i]);
    tracer->weak.count = 0;
}

bool heap_is_dying(const void *p) {
    Object *o = block_find_cell(heap_thread(thread_current())->heap, p);
    return o && !is_marked(o);
}

static void trace_children(Tracer *tracer, Object *o) {
    TypeHead *head = type_head(o);
    trace_object(tracer, head);
    if (head->trace)
        head->trace(tracer, o);
}

void tracer_retrace_block(Heap *heap, Block *block, void *context) {
    Tracer *tracer = context;
    for (size_t i = bit_next(block->mark, 0); i < BITMAP_WORDS * 64; i = bit_next(block->mark, i + 1)) {
        trace_children(tracer, (Object *)((char *)block + i * GRANULE));
        tracer_drain(tracer);
    }
}

void tracer_shrink(Tracer *tracer) {
    if (tracer->peak > TRACER_KEPT)
        memory_discard(tracer->stack + TRACER_KEPT, (tracer->peak - TRACER_KEPT) * sizeof *tracer->stack);
    tracer->peak = 0;
}

/* The next object of the mark stack; ranges on it are worked off piece by piece until there is one. NULL: it is empty. */
static inline Object *pop(Tracer *tracer) {
    while (tracer->depth) {
        Object *o = tracer->stack[--tracer->depth];
        if (likely(!is_tagged_word(o)))
            return o;
        size_t count = (size_t)tracer->stack[--tracer->depth] >> 1;
        trace_values(tracer, (const Value *)((uintptr_t)o - STACK_TAG), count);
    }
    return NULL;
}

bool tracer_drain_some(Tracer *tracer, size_t most) {
    enum { AHEAD = 8, TURNS = 64 };
    Object *coming[AHEAD] = {0}; /* a ring: what was taken from the stack and is on its way from memory */
    size_t waiting = 0;
    for (size_t turn = 0; turn < most || waiting; turn++) {
        Object *next = turn < most ? pop(tracer) : NULL, *o = coming[turn % AHEAD];
        coming[turn % AHEAD] = next;
        if (next) {
            __builtin_prefetch(next, 1);
            waiting++;
        }
        if (o) {
            waiting--;
            store_relaxed(&o->meta, load_relaxed(&o->meta) | META_OLD); /* as one word, of which the shape may be read next */
            trace_children(tracer, o);
        } else if (!next && !waiting) {
            return true;
        }
        if (unlikely(tracer->shared) && turn % TURNS == 0 && markers_want_work())
            markers_give(tracer);
    }
    return tracer->depth == 0;
}

void tracer_drain(Tracer *tracer) { tracer_drain_some(tracer, SIZE_MAX); }

static Heap *heap_of(const Object *o) { return in_block_space(o) ? block_of(o)->heap : NULL; }

/* An object's referents: internal cells are looked through. They may form cycles (the links of an lru_cache), so each
 * is looked at once; `met` lists them in order, `table` finds them (open addressing, index + 1). */
typedef struct Looking {
    void (*visit)(void *context, Object *referent);
    void *context;
    Object **met;
    uint32_t *table;
    size_t count, capacity; /* table has twice the capacity; a power of two */
    Object *few[8];
    uint32_t few_table[16];
} Looking;

static uint32_t *looking_place(Looking *looking, Object *o) {
    size_t mask = looking->capacity * 2 - 1, at = ((uintptr_t)o >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 32 & mask;
    while (looking->table[at] && looking->met[looking->table[at] - 1] != o)
        at = (at + 1) & mask;
    return &looking->table[at];
}

static void looking_release(Looking *looking) {
    if (looking->met != looking->few) {
        free(looking->met);
        free(looking->table);
    }
}

static bool looking_grow(Looking *looking) {
    Object **met = malloc(looking->capacity * 2 * sizeof *met);
    uint32_t *table = calloc(looking->capacity * 4, sizeof *table);
    if (!met || !table) {
        free(met);
        free(table);
        return false;
    }
    memcpy(met, looking->met, looking->count * sizeof *met);
    looking_release(looking);
    looking->met = met;
    looking->table = table;
    looking->capacity *= 2;
    for (size_t i = 0; i < looking->count; i++)
        *looking_place(looking, met[i]) = (uint32_t)i + 1;
    return true;
}

static void look(void *context, Object *o) {
    Looking *looking = context;
    if (!o->type)
        return;
    if (!(type_head(o)->cell_flags & CELL_INTERNAL)) {
        looking->visit(looking->context, o);
        return;
    }
    if (*looking_place(looking, o) || (looking->count == looking->capacity && !looking_grow(looking)))
        return; /* without memory for it the cell's referents are left out */
    looking->met[looking->count++] = o;
    *looking_place(looking, o) = (uint32_t)looking->count;
}

void heap_each_referent(Object *o, void (*visit)(void *context, Object *referent), void *context) {
    Looking looking = {.visit = visit, .context = context, .capacity = 8};
    looking.met = looking.few;
    looking.table = looking.few_table;
    Tracer tracer = {.heap = heap_of(o), .visit = look, .context = &looking};
    if (type_head(o)->trace)
        type_head(o)->trace(&tracer, o);
    for (size_t i = 0; i < looking.count; i++)
        if (type_head(looking.met[i])->trace)
            type_head(looking.met[i])->trace(&tracer, looking.met[i]);
    looking_release(&looking);
}

/* Depth-first in the order of a true depth-first search: an object is marked when it is popped. `finished` is
 * called for every object that `wants` picks, after all that it reaches. */
void tracer_drain_postorder(Tracer *tracer, bool (*wants)(Object *o), void (*finished)(void *context, Object *o),
                            void *context) {
    while (tracer->depth) {
        uintptr_t word = (uintptr_t)tracer->stack[--tracer->depth];
        if (word & STACK_TAG) {
            finished(context, (Object *)(word - STACK_TAG));
            continue;
        }
        Object *o = (Object *)word;
        if (is_marked(o))
            continue;
        bit_set(block_of(o)->mark, granule_of(o));
        o->meta |= META_OLD;
        if (wants(o) && tracer->depth + 3 < tracer->capacity)
            push(tracer, (Object *)(word | STACK_TAG));
        trace_children(tracer, o);
    }
}
