/* A collection, from the stopped world to the finalizers. See heap.h for the layout.
 *
 * Young: marks of earlier collections stay; roots are the thread stacks, the isolate and the remembered set.
 * Full: all marks are cleared first.
 *
 * When: a young collection comes after a budget of new cells: a small one, since it is what a program holds that makes nothing but
 * garbage, smaller still while hardly anything survives, and an eighth of what lives besides. What survives one collection is
 * old, though much of it only happened to be in use just then. So a full collection comes when what is old has grown by three
 * quarters; and sooner where it costs little: it marks about what lived after the last one, which may be little beside all that
 * was allocated since, or beside all that survived since and had to be marked for that.
 */
#include "heap/internal.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

HeapHooks heap_hooks;

static const size_t LEAST_BUDGET = 1 << 20; /* half of it while less than a part in FEW survives; twice where threads must be stopped */
enum { FEW = 32 };
static const size_t MOST_BUDGET = 8 << 20; /* what survives of it must be marked in few milliseconds */
static const size_t FIRST_FULL = 16 << 20;
static const size_t LEAST_GROWTH = 8 << 20;
/* A cheap full collection: to allocate so many times what is to be marked takes ten times as long as marking it, or more. */
enum { CHEAP_AFTER = 8, CHEAP_BESIDE_SURVIVORS = 2, LEAST_LIVE = 512 << 10, WORTH_FREEING = 512 << 10 };

bool heap_start(void) { return block_space_start() && tracer_start(&heap_tracer); }

Heap *heap_new(void) {
    Heap *heap = calloc(1, sizeof *heap);
    if (heap) {
        heap->automatic = true;
        heap->young_budget = LEAST_BUDGET;
        heap->full_at = FIRST_FULL;
        heap->limit = memory_physical_size() / 10 * 9;
    }
    return heap;
}

/* Down to so many bytes. */
static void give_back_spare_runs(Heap *heap, size_t most) {
    while (heap->spare_runs.count && heap->spare_bytes > most) {
        Block *run = heap->spare_runs.items[--heap->spare_runs.count];
        heap->spare_bytes -= run->count * (size_t)BLOCK_SIZE;
        block_give_back(run, run->count);
    }
}

/* Everything dies at once: no finalizer runs any more, but what the cells own outside the heap is released. */
void heap_free(Heap *heap) {
    for (size_t i = 0; i < heap->finalizable.count; i++) {
        Object *o = heap->finalizable.items[i];
        if (type_head(o)->release)
            type_head(o)->release(o);
    }
    for (int class = 0; class < HEAP_SIZE_CLASSES; class++) {
        for (size_t i = 0; i < heap->small[class].count; i++)
            block_give_back(heap->small[class].items[i], 1);
        free(heap->small[class].items);
        free(heap->available[class].items);
        free(heap->crowded[class].items);
    }
    for (size_t i = 0; i < heap->large.count; i++)
        block_give_back(heap->large.items[i], heap->large.items[i]->count);
    free(heap->large.items);
    for (size_t i = 0; i < heap->spare.count; i++)
        block_give_back(heap->spare.items[i], 1);
    free(heap->spare.items);
    free(heap->touched.items);
    give_back_spare_runs(heap, 0);
    free(heap->spare_runs.items);
    free(heap->finalizable.items);
    free(heap->orphaned.items);
    free(heap->finalizers_due.items);
    free(heap->callbacks_due.items);
    free(heap->callbacks_functions);
    free(heap->weak.entries);
    free(heap->weak.buckets);
    free(heap);
}

void heap_set_root_tracer(Heap *heap, void (*trace_roots)(Tracer *tracer, void *context), void *context) {
    heap->trace_roots = trace_roots;
    heap->trace_roots_context = context;
}

/* Calls visit for every block of the heap. */
static void each_block(Heap *heap, void (*visit)(Heap *heap, Block *block, void *context), void *context) {
    for (int class = 0; class < HEAP_SIZE_CLASSES; class++)
        for (size_t i = 0; i < heap->small[class].count; i++)
            visit(heap, heap->small[class].items[i], context);
    for (size_t i = 0; i < heap->large.count; i++)
        visit(heap, heap->large.items[i], context);
}

static void clear_marks(Heap *heap, Block *block, void *context) {
    Tracer *tracer = context;
    memset(block->mark, 0, sizeof block->mark);
    if (!block->frozen)
        return;
    for (size_t i = bit_next(block->frozen, 0); i < BITMAP_WORDS * 64; i = bit_next(block->frozen, i + 1))
        trace_object(tracer, (char *)block + i * GRANULE);
}

static void trace_logged(Tracer *tracer, Object **logged, size_t count) {
    for (size_t i = 0; i < count; i++) {
        Object *o = logged[i];
        o->meta |= META_OLD;
        trace_object(tracer, o->type);
        if (type_head(o)->trace)
            type_head(o)->trace(tracer, o);
    }
}

static void trace_appended(Tracer *tracer, HeapThread *ht, Generation generation) {
    for (size_t i = 0; i < ht->appended_count; i++) {
        AppendedEntry entry = ht->appended[i];
        entry.owner->meta &= ~(uint32_t)META_APPENDED;
        if (generation == GENERATION_YOUNG)
            type_head(entry.owner)->trace_from(tracer, entry.owner, entry.from);
    }
    ht->appended_count = 0;
}

/* A full collection finds everything without the remembered set: it is only emptied. */
static void trace_remembered(Heap *heap, Tracer *tracer, Generation generation) {
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next) {
        HeapThread *ht = heap_thread(t);
        if (generation == GENERATION_YOUNG)
            trace_logged(tracer, ht->logged, ht->logged_count);
        ht->logged_count = 0;
        trace_appended(tracer, ht, generation);
    }
    if (generation == GENERATION_YOUNG)
        trace_logged(tracer, heap->orphaned.items, heap->orphaned.count);
    heap->orphaned.count = 0;
}

/* What heap_find_unheld asks of a collection. */
typedef struct UnheldSearch {
    Thread *thread;
    bool (*picks)(void *context, Object *o);
    void *context;
    Object **found;
    size_t count, capacity;
} UnheldSearch;

static void trace_native_stack(Tracer *tracer, HeapThread *ht) {
    trace_conservatively(tracer, ht->registers, ht->registers + sizeof ht->registers / sizeof *ht->registers);
    trace_conservatively(tracer, ht->stack_now, ht->stack_start);
}

static void trace_roots(Heap *heap, Tracer *tracer, const UnheldSearch *search) {
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next) {
        if (!search || search->thread != t)
            trace_native_stack(tracer, heap_thread(t));
        heap_hooks.trace_thread(tracer, t);
    }
    if (heap->trace_roots)
        heap->trace_roots(tracer, heap->trace_roots_context);
    for (size_t i = heap->finalizers_next; i < heap->finalizers_due.count; i++)
        trace_object(tracer, heap->finalizers_due.items[i]);
    for (size_t i = heap->callbacks_next; i < heap->callbacks_due.count; i++)
        trace_object(tracer, heap->callbacks_due.items[i]);
}

static size_t count_bits(const uint64_t *bits) {
    size_t count = 0;
    for (size_t i = 0; i < BITMAP_WORDS; i++)
        count += (size_t)__builtin_popcountll(bits[i]);
    return count;
}

/* Makes what is marked the new live set. Returns whether the block keeps any cell. */
static bool sweep_block(Heap *heap, Block *block, size_t *freed) {
    size_t kept = count_bits(block->mark), cell = block->cell_size ? block->cell_size : block->usable;
    if (block->touched || memcmp(block->live, block->mark, sizeof block->live) != 0) {
        *freed += count_bits(block->live) - kept;
        poison_dead(block);
        memcpy(block->live, block->mark, sizeof block->live);
    }
    heap->live += kept * cell - block->kept; /* modulo 2**64 */
    block->kept = kept * cell;
    block->fresh = false;
    block->touched = false;
    block->next_sweep = CELLS_OFFSET;
    return kept > 0;
}

/* Lets small cells be allocated from a swept block, unless what is free in it is not worth the search. */
static void offer_block(Heap *heap, Block *block) {
    if (!block->cell_size || block->kept > BLOCK_SIZE / 16 * 15)
        return;
    BlockList *lists = block->kept > BLOCK_SIZE / 4 ? heap->crowded : heap->available;
    block_list_add(&lists[block->size_class], block); /* no memory: not before the next one */
}

static void withdraw_blocks(Heap *heap, int class) { heap->available[class].count = heap->crowded[class].count = 0; }

/* Empty memory of large cells is kept for as much as was asked for since the last such collection, the large cell that made this
 * one due included: it is the likeliest to take it. What it does not take, blocks of small cells will. */
static size_t most_spare_bytes(const Heap *heap, Generation generation) {
    size_t asked = load_relaxed(&heap->allocated) + (generation == GENERATION_FULL ? heap->allocated_since_full : 0);
    return asked < heap->young_budget ? heap->young_budget : asked < MOST_BUDGET ? asked : MOST_BUDGET;
}

/* Empty blocks of small cells, for as many as were allocated from since the last collection: until the next one it will be as many
 * again, since each of the sizes in use has a block of its own. */
static size_t most_spare_blocks(const Heap *heap) {
    size_t budget = heap->young_budget / BLOCK_SIZE;
    return heap->touched.count > budget ? heap->touched.count : budget;
}

/* An empty block goes to those that are spare, as many as are used up until the next collection; the rest back to the
 * space, so that any isolate can use it. */
static void retire_block(Heap *heap, Block *block, Generation generation) {
    size_t bytes = (size_t)block->count * BLOCK_SIZE;
    bool large = block->cell_size == 0;
    if (large ? heap->spare_bytes + bytes > most_spare_bytes(heap, generation) || !block_list_add(&heap->spare_runs, block)
              : heap->spare.count >= most_spare_blocks(heap) || !block_list_add(&heap->spare, block)) {
        block_give_back(block, block->count);
        return;
    }
    if (large)
        heap->spare_bytes += bytes;
    block->cell_size = 0; /* nothing in it is a cell */
    free(block->frozen);
    block->frozen = NULL;
}

static BlockList *list_of(Heap *heap, const Block *block) {
    return block->cell_size ? &heap->small[block->size_class] : &heap->large;
}

/* After a young collection: all that is not touched is as it was. */
static size_t sweep_touched(Heap *heap) {
    size_t freed = 0;
    for (size_t i = 0; i < heap->touched.count; i++) {
        Block *block = heap->touched.items[i];
        if (sweep_block(heap, block, &freed)) {
            offer_block(heap, block);
            continue;
        }
        BlockList *list = list_of(heap, block);
        Block *last = list->items[--list->count];
        list->items[block->position] = last;
        last->position = block->position;
        retire_block(heap, block, GENERATION_YOUNG);
    }
    heap->touched.count = 0;
    return freed;
}

static void sweep_list(Heap *heap, BlockList *list, size_t *freed) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        Block *block = list->items[i];
        if (sweep_block(heap, block, freed)) {
            offer_block(heap, block);
            block->position = (uint32_t)kept;
            list->items[kept++] = block;
        } else {
            retire_block(heap, block, GENERATION_FULL);
        }
    }
    list->count = kept;
}

static size_t sweep_everything(Heap *heap) {
    size_t freed = 0;
    give_back_spare_runs(heap, most_spare_bytes(heap, GENERATION_FULL));
    for (int class = 0; class < HEAP_SIZE_CLASSES; class++) {
        withdraw_blocks(heap, class);
        sweep_list(heap, &heap->small[class], &freed);
    }
    sweep_list(heap, &heap->large, &freed);
    heap->touched.count = 0;
    heap->sweep_all = false;
    return freed;
}

/* Helpers are asked for when there is work for some milliseconds. */
static void drain(Heap *heap, Tracer *tracer) {
    enum { WORTH_HELP = 20000 };
    if (!tracer_drain_some(tracer, WORTH_HELP))
        markers_drain(tracer);
    while (tracer->overflowed) {
        tracer->overflowed = false;
        each_block(heap, tracer_retrace_block, tracer);
    }
}

/* All is marked but what only the searching thread's native stack refers to. What was found dead before and waits for its
 * finalizer is held by nobody either. */
static void search_unheld(Heap *heap, Tracer *tracer, UnheldSearch *search) {
    for (size_t i = heap->finalizers_next; i < heap->finalizers_due.count && search->count < search->capacity; i++)
        if (search->picks(search->context, heap->finalizers_due.items[i]))
            search->found[search->count++] = heap->finalizers_due.items[i];
    for (size_t i = 0; i < heap->finalizable.count && search->count < search->capacity; i++) {
        Object *o = heap->finalizable.items[i];
        if (is_marked(o) || o->meta & META_FINALIZED || !search->picks(search->context, o))
            continue;
        o->meta |= META_FINALIZED;
        search->found[search->count++] = o;
    }
    for (size_t i = 0; i < search->count; i++)
        trace_object(tracer, search->found[i]);
    trace_native_stack(tracer, heap_thread(search->thread));
    drain(heap, tracer);
}

static void mark(Heap *heap, Tracer *tracer, Generation generation, UnheldSearch *search) {
    if (generation == GENERATION_FULL)
        each_block(heap, clear_marks, tracer);
    trace_remembered(heap, tracer, generation);
    trace_roots(heap, tracer, search);
    drain(heap, tracer);
    if (search)
        search_unheld(heap, tracer, search);
}

/* Where collections are forced all the time, a check of everything at each would take for ever. */
static bool verify_now(const Heap *heap) {
#if defined(KRAIT_STRESS)
    return (heap->stats.collections[0] + heap->stats.collections[1]) % 256 == 255;
#elif defined(HEAP_CHECKS)
    return true;
#else
    return false;
#endif
}

static void plan_next(Heap *heap, Generation generation, size_t live_before) {
    size_t survived = heap->live > live_before ? heap->live - live_before : 0;
    bool several = heap->threads && heap_thread(heap->threads)->next;
    size_t least = several ? 2 * LEAST_BUDGET : survived < heap->allocated / FEW ? LEAST_BUDGET / 2 : LEAST_BUDGET;
    size_t budget = least + heap->live / 8, held = heap->live + heap->external, growth = held / 4 * 3;
    heap->young_budget = budget < MOST_BUDGET ? budget : MOST_BUDGET;
    heap->allocated_since_full += heap->allocated;
    if (generation != GENERATION_FULL)
        return;
    heap->full_at = held + (growth > LEAST_GROWTH ? growth : LEAST_GROWTH);
    heap->live_at_full = heap->live;
    heap->allocated_since_full = 0;
}

/* What happens while the world is stopped. Returns the number of cells freed. */
static size_t collect_stopped(Heap *heap, Generation generation, UnheldSearch *search) {
    mutex_lock(&tracer_mutex);
    Tracer *tracer = &heap_tracer;
    size_t live_before = heap->live;
    tracer->heap = heap;
    tracer->weakly = generation == GENERATION_FULL;
    heap_retire_runs(heap);
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next)
        heap_flush_finalizable(heap_thread(t));
    mark(heap, tracer, generation, search);
    weak_sweep(heap);
    finalizable_sweep(heap, tracer);
    drain(heap, tracer);
    for (size_t i = heap->callbacks_next; i < heap->callbacks_due.count; i++)
        trace_object(tracer, heap->callbacks_due.items[i]);
    drain(heap, tracer);
    tracer_forget_dead(tracer);
    markers_forget_dead();
    if (generation == GENERATION_FULL && !load_relaxed(&heap->held_strongly) && heap_hooks.forgotten)
        heap_hooks.forgotten(thread_current());
    store_relaxed(&heap->held_strongly, false);
    finalizable_release(heap);
    if (verify_now(heap))
        each_block(heap, verify_block, NULL);
    size_t freed = generation == GENERATION_FULL || heap->sweep_all ? sweep_everything(heap) : sweep_touched(heap);
    tracer_shrink(tracer);
    mutex_unlock(&tracer_mutex);

    plan_next(heap, generation, live_before);
    heap->allocated = 0;
    heap->external_since = 0;
    heap->stats.collections[generation]++;
    store_relaxed(&heap->collection_count, heap->collection_count + 1);
    heap->stats.freed_objects[generation] += freed;
    return freed;
}

static bool time_for_full(const Heap *heap) {
    size_t marked = heap->live_at_full > LEAST_LIVE ? heap->live_at_full : LEAST_LIVE;
    size_t survived = heap->live > heap->live_at_full ? heap->live - heap->live_at_full : 0;
    bool cheap = heap->allocated_since_full / CHEAP_AFTER > marked || survived / CHEAP_BESIDE_SURVIVORS > marked + LEAST_LIVE;
    return heap->live + heap->external > load_relaxed(&heap->full_at) || (cheap && survived > WORTH_FREEING + marked / 4);
}

bool due_pending(const Heap *heap) {
    return heap->callbacks_next < heap->callbacks_due.count || heap->finalizers_next < heap->finalizers_due.count;
}

bool due_pending_now(Heap *heap) {
    mutex_lock(&heap->mutex);
    bool pending = due_pending(heap);
    mutex_unlock(&heap->mutex);
    return pending;
}

/* The world is stopped, and goes on afterwards. */
static size_t collect_once(Thread *t, Heap *heap, Generation generation, UnheldSearch *search) {
    if (generation == GENERATION_YOUNG && time_for_full(heap))
        generation = GENERATION_FULL;
    size_t freed = collect_stopped(heap, generation, search);
    bool due = due_pending(heap);
    start_world(t);
    if (due)
        thread_request(t, POLL_FINALIZERS);
    return freed;
}

[[gnu::noinline]] static size_t collect_with_registers(Thread *t, Generation generation, UnheldSearch *search,
                                                       NativeStack below_entry) {
    HeapThread *ht = heap_thread(t);
    char lowest; /* as in leave_running */
    registers_save(ht->registers);
    ht->stack_now = aligned_down(&lowest);
    if (below_entry == STACK_UNSCANNED) { /* what entered the interpreter saved its caller's registers on the stack */
        memset(ht->registers, 0, sizeof ht->registers);
        ht->stack_now = ht->stack_entry;
    }
    stop_world(t);
    return collect_once(t, ht->heap, generation, search);
}

[[gnu::noinline]] void heap_collect_due(Thread *t, size_t seen) {
    HeapThread *ht = heap_thread(t);
    char lowest; /* as in leave_running */
    registers_save(ht->registers);
    ht->stack_now = aligned_down(&lowest);
    if (stop_world_unless_collected(t, seen))
        collect_once(t, ht->heap, GENERATION_YOUNG, NULL);
}

size_t heap_collect(Thread *t, Generation generation) {
    Heap *heap = heap_thread(t)->heap;
    if (heap->collecting)
        return 0;
    return collect_with_registers(t, generation, NULL, STACK_SCANNED);
}

size_t heap_find_unheld(Thread *t, Generation generation, bool (*picks)(void *context, Object *o), void *context,
                        Object **found, size_t capacity) {
    UnheldSearch search = {t, picks, context, found, 0, capacity};
    if (!heap_thread(t)->heap->collecting)
        collect_with_registers(t, generation, &search, STACK_SCANNED);
    return search.count;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

int64_t heap_collect_while_idle(Thread *t) {
    enum { MOST_OFTEN = 1000000000, SHARE = 50 };
    const int64_t rarest = INT64_C(10) * MOST_OFTEN;
    Heap *heap = heap_thread(t)->heap;
    int64_t start = now(), due = load_relaxed(&heap->idle_at);
    if (!heap_enabled(heap))
        return INT64_MAX;
    if (start < due)
        return due - start;
    if (!compare_exchange(&heap->idle_at, &due, start + MOST_OFTEN))
        return MOST_OFTEN; /* another thread does it */
    heap_collect(t, GENERATION_FULL);
    bool in_vain = !(load_relaxed(&heap_thread(t)->poll) & POLL_FINALIZERS);
    int64_t end = now(), pause = in_vain ? heap->idle_pause * 2 : MOST_OFTEN;
    if (pause < SHARE * (end - start))
        pause = SHARE * (end - start);
    if (pause < MOST_OFTEN)
        pause = MOST_OFTEN;
    heap->idle_pause = pause < rarest ? pause : rarest;
    store_release(&heap->idle_at, end + heap->idle_pause);
    return INT64_MAX;
}

size_t heap_collect_and_finalize(Thread *t, NativeStack below_entry) {
    size_t freed = 0;
    for (int round = 0; round < 8; round++) {
        if (!heap_thread(t)->heap->collecting)
            freed += collect_with_registers(t, GENERATION_FULL, NULL, below_entry);
        if (!due_pending_now(heap_thread(t)->heap) || heap_thread(t)->in_finalizers)
            break;
        heap_run_due(t);
        if (load_relaxed(&heap_thread(t)->poll) & POLL_FINALIZERS) /* a signal came first */
            break;
    }
    return freed;
}

void heap_finalize_all(Thread *t) {
    for (int round = 0; round < 8 && heap_is_watched(t) && !heap_thread(t)->heap->collecting; round++) {
        collect_with_registers(t, GENERATION_FULL, NULL, STACK_UNSCANNED);
        if (!due_pending_now(heap_thread(t)->heap) || heap_thread(t)->in_finalizers)
            break;
        heap_run_due(t);
    }
}

bool heap_may_hold(const void *owner, Value value) {
    return !(load_relaxed(&((const Object *)owner)->meta) & META_IMMORTAL) || !is_pointer_bits(value.bits) ||
           !in_block_space((void *)value.bits);
}

void heap_collect_fully_next(Heap *heap) { store_relaxed(&heap->full_at, (size_t)0); }

void heap_stats(Heap *heap, HeapStats *stats) {
    *stats = heap->stats;
    stats->live_bytes = heap->live + load_relaxed(&heap->allocated);
    stats->external_bytes = load_relaxed(&heap->external);
    stats->limit_bytes = load_relaxed(&heap->limit);
}

void heap_set_limit(Heap *heap, size_t bytes) { store_relaxed(&heap->limit, bytes); }
void heap_set_enabled(Heap *heap, bool automatic) { store_relaxed(&heap->automatic, automatic); }
bool heap_enabled(Heap *heap) { return load_relaxed(&heap->automatic); }

/* Listing */
typedef struct Listing {
    void (*visit)(void *context, Object *o);
    void *context;
    size_t frozen;
} Listing;

static void list_block(Heap *heap, Block *block, void *context) {
    Listing *listing = context;
    for (size_t i = bit_next(block->live, 0); i < BITMAP_WORDS * 64; i = bit_next(block->live, i + 1)) {
        Object *o = (Object *)((char *)block + i * GRANULE);
        if (!o->type || type_head(o)->cell_flags & CELL_INTERNAL)
            continue;
        if (block->frozen && bit_test(block->frozen, i))
            listing->frozen++;
        else if (listing->visit)
            listing->visit(listing->context, o);
    }
}

void heap_each_object(Thread *t, void (*visit)(void *context, Object *o), void *context) {
    Heap *heap = heap_thread(t)->heap;
    Listing listing = {visit, context, 0};
    stop_world(t);
    each_block(heap, list_block, &listing);
    start_world(t);
}

[[gnu::noinline]] void heap_each_living(Thread *t, void (*visit)(void *context, Object *o), void *context) {
    HeapThread *ht = heap_thread(t);
    Heap *heap = ht->heap;
    Listing listing = {visit, context, 0};
    char lowest; /* as in leave_running */
    registers_save(ht->registers);
    ht->stack_now = aligned_down(&lowest);
    stop_world(t);
    collect_stopped(heap, GENERATION_FULL, NULL);
    each_block(heap, list_block, &listing);
    bool due = due_pending(heap);
    start_world(t);
    if (due)
        thread_request(t, POLL_FINALIZERS);
}

static void freeze_block(Heap *heap, Block *block, void *context) {
    if (!block->frozen)
        block->frozen = malloc(sizeof block->live);
    if (block->frozen)
        memcpy(block->frozen, block->live, sizeof block->live);
}

static void unfreeze_block(Heap *heap, Block *block, void *context) {
    free(block->frozen);
    block->frozen = NULL;
}

void heap_freeze(Thread *t) {
    Heap *heap = heap_thread(t)->heap;
    stop_world(t);
    heap_retire_runs(heap);
    for (int class = 0; class < HEAP_SIZE_CLASSES; class++)
        withdraw_blocks(heap, class);
    each_block(heap, freeze_block, NULL);
    start_world(t);
}

void heap_unfreeze(Thread *t) {
    stop_world(t);
    each_block(heap_thread(t)->heap, unfreeze_block, NULL);
    start_world(t);
}

size_t heap_frozen_count(Thread *t) {
    Listing listing = {0};
    stop_world(t);
    each_block(heap_thread(t)->heap, list_block, &listing);
    start_world(t);
    return listing.frozen;
}

bool heap_contains(Heap *heap, const void *p) { return block_find_cell(p) == p && block_of(p)->heap == heap; }
