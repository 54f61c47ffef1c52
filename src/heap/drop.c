/* Whether an object of which the program let go is dead, and what a reference count would have dropped with it.
 *
 * A look marks from the roots as a young collection does, and puts all marks back: nothing is freed, and nothing grows older, so that
 * the next look finds what this one found alive. If the object was not reached, the references are counted within what it leads to, and
 * what the other dead with a finalizer lead to; they are taken away again as their owners die, in the order of a reference count.
 * So members of cycles, and what they hold, are left to the collector. Weak references to what dies are cleared on the way; what an
 * object with a finalizer does is unknown, and so weak references to it, and what hangs on it, wait until that has run, and the caller
 * looks again. The memory of the dead waits for the next collection.
 *
 * Threads: the world is stopped.
 */
#include "heap/drop.h"
#include "heap/internal.h"

#include <stdlib.h>
#include <string.h>

bool tracer_only_looks(const Tracer *tracer) { return tracer->only_looks; }

static bool is_unmarked(Heap *heap, Object *o) {
    return in_block_space(o) && block_of(o)->heap == heap && !(load_relaxed(&block_of(o)->mark[granule_of(o) / 64]) >> granule_of(o) % 64 & 1);
}

bool heap_is_young(Heap *heap, Object *o) { return is_unmarked(heap, o); }

bool heap_awaits_death(Thread *t) {
    Heap *heap = heap_thread(t)->heap;
    mutex_lock(&heap->mutex);
    heap_flush_finalizable(heap_thread(t));
    bool awaits = heap->finalizable_old < heap->finalizable.count;
    mutex_unlock(&heap->mutex);
    mutex_lock(&heap->weak_mutex);
    awaits |= heap->weak.old < heap->weak.count;
    mutex_unlock(&heap->weak_mutex);
    return awaits;
}
size_t heap_young_bytes(Heap *heap) { return load_relaxed(&heap->allocated); }
size_t heap_collection_count(Heap *heap) { return load_relaxed(&heap->collection_count); }
bool heap_program_runs(Heap *heap) { return load_relaxed(&heap->program_runs); }

uint64_t heap_allocated_in_all(Heap *heap) { return load_relaxed(&heap->allocated_before) + load_relaxed(&heap->allocated); }

/* ---- marks ---- */

typedef struct SavedMarks {
    Block *block;
    uint64_t mark[BITMAP_WORDS];
} SavedMarks;

typedef struct Marks {
    SavedMarks *saved;
    size_t count, capacity;
    bool failed; /* no memory */
} Marks;

static Marks kept_marks; /* room from one look to the next; with tracer_mutex */
enum { MOST_KEPT = 4096 };

static void save_marks(Heap *heap, Block *block, void *context) {
    Marks *marks = context;
    if (marks->count == marks->capacity) {
        size_t capacity = marks->capacity ? marks->capacity * 2 : 64;
        SavedMarks *saved = realloc(marks->saved, capacity * sizeof *saved);
        if (!saved) {
            marks->failed = true;
            return;
        }
        marks->saved = saved;
        marks->capacity = capacity;
    }
    marks->saved[marks->count].block = block;
    memcpy(marks->saved[marks->count++].mark, block->mark, sizeof block->mark);
}

static void keep_room(Marks *marks) {
    if (marks->capacity > MOST_KEPT) {
        free(marks->saved);
        *marks = (Marks){0};
    }
    kept_marks = (Marks){marks->saved, 0, marks->capacity, false};
}

/* Of all blocks in which an object may be young. */
static void save_young(Heap *heap, Marks *marks) {
    for (size_t i = 0; i < heap->touched.count; i++)
        save_marks(heap, heap->touched.items[i], marks);
    for (size_t i = 0; i < heap->ambiguous_blocks.count; i++)
        save_marks(heap, heap->ambiguous_blocks.items[i], marks);
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next) {
        HeapThread *ht = heap_thread(t);
        for (uint64_t classes = ht->used_classes; classes; classes &= classes - 1)
            for (Block *block = ht->used[__builtin_ctzll(classes)]; block; block = block->next)
                save_marks(heap, block, marks);
    }
}

/* Objects that were not marked before are young as they were. A block may have been saved twice: then the first time counts, which
 * comes last. Returns how many objects had been marked. */
static size_t restore_marks(Marks *marks, bool all) {
    size_t count = 0;
    for (size_t i = marks->count; i-- > 0;) {
        Block *block = marks->saved[i].block;
        const uint64_t *before = marks->saved[i].mark;
        bool leaves = block_space.kinds[block_index(block)] == BLOCK_LEAF;
        for (size_t word = 0; word < BITMAP_WORDS; word++) {
            uint64_t new = block->mark[word] & ~before[word];
            count += (size_t)__builtin_popcountll(all ? block->mark[word] : new);
            for (; new && !leaves; new &= new - 1)
                ((Object *)((char *)block + (word * 64 + (size_t)__builtin_ctzll(new)) * GRANULE))->meta &= ~(uint32_t)META_OLD;
        }
        memcpy(block->mark, before, sizeof block->mark);
    }
    return count;
}

static void clear_marks(const Marks *marks) {
    for (size_t i = 0; i < marks->count; i++)
        memset(marks->saved[i].block->mark, 0, sizeof marks->saved[i].block->mark);
}

/* The remembered set, which stays as it is. */
static void trace_logged(Tracer *tracer, Object *const *logged, size_t count) {
    for (size_t i = 0; i < count; i++) {
        trace_object(tracer, logged[i]->type);
        if (type_head(logged[i])->trace)
            type_head(logged[i])->trace(tracer, logged[i]);
    }
}

static void trace_remembered(Heap *heap, Tracer *tracer) {
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next) {
        HeapThread *ht = heap_thread(t);
        trace_logged(tracer, ht->logged, ht->logged_count);
        for (size_t i = 0; i < ht->appended_count; i++)
            type_head(ht->appended[i].owner)->trace_from(tracer, ht->appended[i].owner, ht->appended[i].from);
    }
    trace_logged(tracer, heap->orphaned.items, heap->orphaned.count);
}

static void keep_logged(Object *const *logged, size_t count) {
    for (size_t i = 0; i < count; i++)
        logged[i]->meta &= ~(uint32_t)META_OLD;
}

/* Marking all made it look as if what is in the remembered set were not. */
static void keep_remembered(Heap *heap) {
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next)
        keep_logged(heap_thread(t)->logged, heap_thread(t)->logged_count);
    keep_logged(heap->orphaned.items, heap->orphaned.count);
}

/* ---- counting references ---- */

/* What an object leads to that is not marked: `cells` in the order in which they were met, `table` finds them (open addressing,
 * index + 1) and has four times as many places. */
typedef struct Counting {
    Heap *heap;
    Object **cells, **stack;
    uint32_t *references, *table, *places; /* places: of the cells in the table */
    size_t count, depth, capacity, most;
    size_t noticed; /* how many of the cells somebody could notice the death of */
    bool too_much;
} Counting;

enum { GONE = 1 << 30 }; /* for a number of references: it is dead */
enum { FEW_COUNTED = 64, MOST_COUNTED = 1 << 14 };

typedef struct FewCounted {
    Object *cells[FEW_COUNTED], *stack[FEW_COUNTED];
    uint32_t references[FEW_COUNTED], table[4 * FEW_COUNTED], places[FEW_COUNTED];
} FewCounted;

typedef struct ManyCounted {
    Object *cells[MOST_COUNTED], *stack[MOST_COUNTED];
    uint32_t references[MOST_COUNTED], table[4 * MOST_COUNTED], places[MOST_COUNTED];
} ManyCounted;
static ManyCounted *many_counted; /* made when it is first needed, its table is empty between looks; with tracer_mutex */

static Counting counting_begin(Heap *heap, FewCounted *few, size_t most) {
    return (Counting){.heap = heap, .cells = few->cells, .stack = few->stack, .references = few->references, .table = few->table,
                      .places = few->places, .capacity = FEW_COUNTED, .most = most};
}

static void counting_end(Counting *counting) {
    for (size_t i = 0; counting->capacity == MOST_COUNTED && i < counting->count; i++)
        counting->table[counting->places[i]] = 0;
}

static uint32_t place_of(const Counting *counting, const Object *o) {
    size_t places = 4 * counting->capacity, at = ((uintptr_t)o / GRANULE * UINT64_C(0x9E3779B97F4A7C15) >> 32) % places;
    while (counting->table[at] && counting->cells[counting->table[at] - 1] != o)
        at = (at + 1) % places;
    return (uint32_t)at;
}

static void enter(Counting *counting, size_t number) {
    uint32_t place = place_of(counting, counting->cells[number]);
    counting->table[place] = (uint32_t)number + 1;
    counting->places[number] = place;
}

static bool grow(Counting *counting) {
    if (!many_counted && !(many_counted = calloc(1, sizeof *many_counted)))
        return false;
    ManyCounted *many = many_counted;
    memcpy(many->cells, counting->cells, counting->count * sizeof *many->cells);
    memcpy(many->stack, counting->stack, counting->depth * sizeof *many->stack);
    memcpy(many->references, counting->references, counting->count * sizeof *many->references);
    counting->cells = many->cells;
    counting->stack = many->stack;
    counting->references = many->references;
    counting->table = many->table;
    counting->places = many->places;
    counting->capacity = MOST_COUNTED;
    for (size_t i = 0; i < counting->count; i++)
        enter(counting, i);
    return true;
}

/* The number of a cell that was met, or is met now; SIZE_MAX: there are too many. */
static size_t number_of(Counting *counting, Object *o) {
    uint32_t there = counting->table[place_of(counting, o)];
    if (there)
        return there - 1;
    if (counting->count == counting->capacity && (counting->capacity == counting->most || !grow(counting))) {
        counting->too_much = true;
        return SIZE_MAX;
    }
    size_t number = counting->count++;
    counting->cells[number] = o;
    counting->references[number] = 0;
    counting->stack[counting->depth++] = o;
    enter(counting, number);
    return number;
}

static void count_reference(void *context, Object *o) {
    Counting *counting = context;
    if (!is_unmarked(counting->heap, o))
        return;
    size_t number = number_of(counting, o);
    if (number != SIZE_MAX)
        counting->references[number]++;
}

static void each_reference(Counting *counting, Object *o, void (*visit)(void *context, Object *o)) {
    Tracer tracer = {.heap = counting->heap, .visit = visit, .context = counting};
    trace_object(&tracer, o->type);
    if (type_head(o)->trace)
        type_head(o)->trace(&tracer, o);
}

/* Its turn comes once: others may still be found to lead to it. */
static void push_dead(Counting *counting, Object *o) {
    counting->references[number_of(counting, o)] = GONE;
    counting->stack[counting->depth++] = o;
}

/* An owner died. What it referred to last comes off the stack first: the order is turned around by the caller. */
static void take_reference(void *context, Object *o) {
    Counting *counting = context;
    if (!is_unmarked(counting->heap, o))
        return;
    if (--counting->references[number_of(counting, o)] == 0)
        push_dead(counting, o);
}

static void turn_around(Object **items, size_t count) {
    for (size_t low = 0, high = count; low + 1 < high; low++) {
        Object *o = items[low];
        items[low] = items[--high];
        items[high] = o;
    }
}

static bool wants_finalizer_now(Object *o) { return !(o->meta & META_FINALIZED) && heap_hooks.wants_finalizer(o); }
static bool is_noticed(Object *o) { return o->meta & META_WEAKREFS || wants_finalizer_now(o); }

/* Something that nothing refers to any more dies, and what dies with it; not what waits for a finalizer, nor what hangs on that. */
static Dropped release(Counting *counting, Object *o, bool last) {
    Dropped dropped = DROPPED_NOTHING;
    counting->depth = 0;
    push_dead(counting, o);
    while (counting->depth) {
        Object *dead = counting->stack[--counting->depth];
        if (wants_finalizer_now(dead)) {
            if (!last) {
                finalizer_queue(counting->heap, dead);
                counting->noticed -= !(dead->meta & META_WEAKREFS);
                dropped = DROPPED_SOME;
            }
            continue;
        }
        if (dead->meta & META_WEAKREFS) {
            counting->noticed--;
            if (weak_clear_dead(counting->heap, dead, true) && dropped == DROPPED_NOTHING)
                dropped = DROPPED_ALL;
        }
        size_t before = counting->depth;
        each_reference(counting, dead, take_reference);
        turn_around(counting->stack + before, counting->depth - before);
    }
    return dropped;
}

/* The unmarked among those that were let go of, and all others whose death can be noticed: what a count would have dropped before may refer
 * to the first. Their roots, to which none of them refers, die in this order. */
static Dropped drop(Heap *heap, DropLook *look) {
    FewCounted few = {0};
    Counting counting = counting_begin(heap, &few, MOST_COUNTED);
    bool all = look->generation == GENERATION_FULL;
    for (size_t i = 0; i < look->count; i++)
        if (is_marked(look->let_go[i]))
            look->alive = true;
        else
            number_of(&counting, look->let_go[i]);
    for (size_t i = all ? 0 : heap->finalizable_old; i < heap->finalizable.count && !counting.too_much; i++) {
        Object *o = heap->finalizable.items[i];
        if (is_marked(o))
            look->awaited |= i >= heap->finalizable_old && wants_finalizer_now(o);
        else if (wants_finalizer_now(o))
            number_of(&counting, o);
    }
    for (size_t i = all ? 0 : heap->weak.old; i < heap->weak.count && !counting.too_much; i++)
        if (heap->weak.entries[i].holder && !is_marked(heap->weak.entries[i].target))
            number_of(&counting, heap->weak.entries[i].target);
    size_t candidates = counting.count;
    while (counting.depth && !counting.too_much) {
        Object *next = counting.stack[--counting.depth];
        counting.noticed += is_noticed(next);
        each_reference(&counting, next, count_reference);
    }
    Dropped dropped = DROPPED_NOTHING;
    for (size_t i = 0; i < candidates && !counting.too_much; i++)
        if (counting.references[i] == 0) {
            Dropped one = release(&counting, counting.cells[i], look->last);
            dropped = one > dropped ? one : dropped;
        }
    look->cost += counting.count;
    counting_end(&counting);
    return dropped == DROPPED_SOME && counting.noticed == 0 ? DROPPED_ALL : dropped;
}

static Dropped look_stopped(Heap *heap, DropLook *look) {
    bool all = look->generation == GENERATION_FULL;
    mutex_lock(&tracer_mutex);
    Marks marks = {kept_marks.saved, 0, kept_marks.capacity, false};
    if (all)
        heap_each_block(heap, save_marks, &marks);
    else
        save_young(heap, &marks);
    if (marks.failed) {
        keep_room(&marks);
        mutex_unlock(&tracer_mutex);
        return DROPPED_NOTHING;
    }
    Tracer *tracer = &heap_tracer;
    tracer->heap = heap;
    tracer->only_looks = true;
    tracer->weakly = true; /* a cache may still have a table that was replaced */
    if (all) {
        clear_marks(&marks);
        heap_each_block(heap, heap_trace_frozen, tracer);
    } else {
        trace_remembered(heap, tracer);
    }
    heap_trace_roots(heap, tracer);
    tracer_drain(tracer);
    while (tracer->overflowed) {
        tracer->overflowed = false;
        for (size_t i = 0; i < marks.count; i++)
            tracer_retrace_block(heap, marks.saved[i].block, tracer);
        tracer_drain(tracer);
    }
    Dropped dropped = drop(heap, look);
    tracer->only_looks = false;
    tracer->weak.count = 0; /* what is dead is there all the same */
    look->cost += 8 * marks.count + restore_marks(&marks, all);
    if (all)
        keep_remembered(heap);
    keep_room(&marks);
    tracer_shrink(tracer);
    mutex_unlock(&tracer_mutex);
    return dropped;
}

/* Whether it may be worth a look. Where an object leads to so much that it probably lives, it is not. */
static bool leads_to_noticed(Heap *heap, Object *o, size_t *cost) {
    FewCounted few = {0};
    Counting counting = counting_begin(heap, &few, FEW_COUNTED);
    bool found = false;
    number_of(&counting, o);
    while (counting.depth && !found && !counting.too_much) {
        Object *next = counting.stack[--counting.depth];
        found = is_noticed(next);
        each_reference(&counting, next, count_reference);
    }
    *cost += counting.count;
    return found;
}

static bool worth_a_look(Heap *heap, DropLook *look) {
    for (size_t i = 0; i < look->count; i++)
        if (look->generation == GENERATION_FULL || leads_to_noticed(heap, look->let_go[i], &look->cost))
            return true;
    size_t first = look->from > heap->finalizable_old ? look->from : heap->finalizable_old;
    for (size_t i = first; !look->let_go && i < look->next; i++)
        if (wants_finalizer_now(heap->finalizable.items[i]))
            return true;
    look->cost += look->next > first ? (look->next - first) / 4 : 0;
    return false;
}

size_t heap_cost_of_full_look(Heap *heap) { return (load_relaxed(&heap->live) + load_relaxed(&heap->allocated)) / 64; }

[[gnu::noinline]] Dropped heap_look(Thread *t, DropLook *look) {
    HeapThread *ht = heap_thread(t);
    Heap *heap = ht->heap;
    look->cost = 0;
    look->awaited = look->alive = false;
    if (heap->collecting || ht->immortal)
        return DROPPED_NOTHING;
    memset(ht->registers, 0, sizeof ht->registers); /* what entered the interpreter saved its caller's on the stack */
    ht->stack_now = ht->stack_entry ? ht->stack_entry : ht->stack_start;
    stop_world(t);
    look->cost = heap_has_several_threads(heap) ? 2000 : 20;
    sweep_finish(heap);
    for (Thread *other = heap->threads; other; other = heap_thread(other)->next)
        heap_flush_finalizable(heap_thread(other));
    look->next = heap->finalizable.count;
    Dropped dropped = DROPPED_NOTHING;
    bool there = !look->let_go || heap->collection_count == look->collections;
    if (there && !heap->sweep_all && (look->again || worth_a_look(heap, look)))
        dropped = look_stopped(heap, look);
    size_t collections = heap->collection_count;
    if (dropped != DROPPED_NOTHING)
        heap_publish_due(heap, NULL, 0);
    start_world(t);
    if (dropped != DROPPED_NOTHING)
        heap_run_due(t);
    if (dropped == DROPPED_SOME && heap_collection_count(heap) != collections)
        look->generation = GENERATION_FULL; /* what was waiting for its finalizer has grown old meanwhile */
    return dropped;
}

void heap_drop_target(Thread *t, Object *o) {
    Heap *heap = heap_thread(t)->heap;
    stop_world(t);
    bool found = weak_clear_dead(heap, o, false);
    if (found)
        heap_publish_due(heap, NULL, 0);
    start_world(t);
    if (found)
        heap_run_due(t);
}
