/* A collection, from the stopped world to the finalizers. See heap.h for the layout.
 *
 * Young: marks of earlier collections stay; roots are the thread stacks, the isolate and the remembered set.
 * Full: all marks are cleared first.
 *
 * Sweeping: sweep.c.
 *
 * When: a young collection comes after a budget of new cells: a small one, since it is what a program holds that makes nothing but
 * garbage, smaller still while hardly anything survives, and a sixteenth of what lives besides. What survives one collection is
 * old, though much of it only happened to be in use just then. So a full collection comes when what is old has grown by three
 * quarters; and sooner where it costs little: it marks about what lived after the last one, which may be little beside all that
 * was allocated since, or beside all that survived since and had to be marked for that.
 */
#include "heap/drop.h"
#include "heap/internal.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

HeapHooks heap_hooks;

static const size_t LEAST_BUDGET = 768 << 10; /* half of it while less than a part in FEW survives */
enum { FEW = 32, SHARE_OF_LIVE = 16 };
static const size_t MOST_BUDGET = 8 << 20; /* what survives of it must be marked in few milliseconds */
/* Where several threads run, to stop them takes some microseconds, in which all but one wait. For each of many: THREAD_BUDGET. */
static const size_t THREADS_BUDGET = 4 << 20, THREAD_BUDGET = 1 << 20;
static const size_t FIRST_FULL = 16 << 20;
static const size_t LEAST_GROWTH = 8 << 20;
/* What lives, from which on leaves stand in blocks of their own: marking takes time then, and another block for each of their sizes is
 * little. */
#ifdef HEAP_CHECKS
static const size_t LEAVES_APART = 0;
#else
static const size_t LEAVES_APART = 6 << 20;
#endif
/* A cheap full collection: to allocate so many times what is to be marked takes ten times as long as marking it, or more. */
enum { CHEAP_AFTER = 8, LEAST_LIVE = 512 << 10, WORTH_FREEING = 512 << 10 };

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
    free(heap->touched.items);
    free(heap->ambiguous_blocks.items);
    spare_free(heap);
    free(heap->finalizable.items);
    free(heap->orphaned.items);
    free(heap->abandoned.items);
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
void heap_each_block(Heap *heap, void (*visit)(Heap *heap, Block *block, void *context), void *context) {
    for (int class = 0; class < HEAP_SIZE_CLASSES; class++)
        for (size_t i = 0; i < heap->small[class].count; i++)
            visit(heap, heap->small[class].items[i], context);
    for (size_t i = 0; i < heap->large.count; i++)
        visit(heap, heap->large.items[i], context);
}

void heap_trace_frozen(Heap *heap, Block *block, void *context) {
    if (!block->frozen)
        return;
    for (size_t i = bit_next(block->frozen, 0); i < BITMAP_WORDS * 64; i = bit_next(block->frozen, i + 1))
        trace_object(context, (char *)block + i * GRANULE);
}

static void clear_marks(Heap *heap, Block *block, void *context) {
    memset(block->mark, 0, sizeof block->mark);
    heap_trace_frozen(heap, block, context);
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
    bool passed_old;
} UnheldSearch;

void trace_native_stack(Tracer *tracer, HeapThread *ht) {
    trace_conservatively(tracer, ht->registers, ht->registers + sizeof ht->registers / sizeof *ht->registers);
    trace_conservatively(tracer, ht->stack_now, ht->stack_start);
}

static void trace_native_stacks(Heap *heap, Tracer *tracer, const UnheldSearch *search) {
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next)
        if (!search || search->thread != t)
            trace_native_stack(tracer, heap_thread(t));
}

static void trace_frames(Heap *heap, Tracer *tracer) {
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next)
        heap_hooks.trace_thread(tracer, t);
}

static void trace_roots(Heap *heap, Tracer *tracer) {
    if (heap->trace_roots)
        heap->trace_roots(tracer, heap->trace_roots_context);
    for (size_t i = 0; i < heap->abandoned.count; i++)
        trace_object(tracer, heap->abandoned.items[i]);
    for (size_t i = heap->finalizers_next; i < heap->finalizers_due.count; i++)
        trace_object(tracer, heap->finalizers_due.items[i]);
    for (size_t i = heap->callbacks_next; i < heap->callbacks_due.count; i++)
        trace_object(tracer, heap->callbacks_due.items[i]);
}

void heap_trace_roots(Heap *heap, Tracer *tracer) {
    trace_roots(heap, tracer);
    trace_frames(heap, tracer);
    trace_native_stacks(heap, tracer, NULL);
}

/* Helpers are asked for when there is work for some milliseconds. */
void heap_drain(Heap *heap, Tracer *tracer) {
    enum { WORTH_HELP = 20000 };
    if (!tracer_drain_some(tracer, WORTH_HELP))
        markers_drain(tracer);
    while (tracer->overflowed) {
        tracer->overflowed = false;
        heap_each_block(heap, tracer_retrace_block, tracer);
    }
}

/* All is marked but what only the searching thread's native stack refers to. What was found dead before and waits for its
 * finalizer is held by nobody either. */
static void search_unheld(Heap *heap, Tracer *tracer, Generation generation, UnheldSearch *search) {
    for (size_t i = heap->finalizers_next; i < heap->finalizers_due.count && search->count < search->capacity; i++)
        if (search->picks(search->context, heap->finalizers_due.items[i]))
            search->found[search->count++] = heap->finalizers_due.items[i];
    for (size_t i = 0; i < heap->finalizable.count && search->count < search->capacity; i++) {
        Object *o = heap->finalizable.items[i];
        bool marked = is_marked(o), matters = !marked || (generation == GENERATION_YOUNG && i < heap->finalizable_old);
        if (!matters || o->meta & META_FINALIZED || !search->picks(search->context, o))
            continue;
        if (marked) {
            search->passed_old = true;
            continue;
        }
        o->meta |= META_FINALIZED;
        search->found[search->count++] = o;
    }
    for (size_t i = 0; i < search->count; i++)
        trace_object(tracer, search->found[i]);
    trace_native_stack(tracer, heap_thread(search->thread));
    heap_drain(heap, tracer);
}

static void mark(Heap *heap, Tracer *tracer, Generation generation, UnheldSearch *search) {
    if (generation == GENERATION_FULL)
        heap_each_block(heap, clear_marks, tracer);
    trace_remembered(heap, tracer, generation);
    trace_roots(heap, tracer);
    if (generation == GENERATION_YOUNG && !search) {
        heap_drain(heap, tracer);
        ambiguous_begin(heap, tracer);
    }
    trace_frames(heap, tracer);
    trace_native_stacks(heap, tracer, search);
    heap_drain(heap, tracer);
    ambiguous_end(tracer);
    if (search)
        search_unheld(heap, tracer, generation, search);
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

static size_t running_threads(const Heap *heap) {
    size_t count = 0;
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next)
        count += load_relaxed(&heap_thread(t)->state) != THREAD_BLOCKING;
    return count;
}

static size_t least_budget(const Heap *heap, bool few_survived) {
    size_t threads = running_threads(heap);
    if (threads > 1)
        return threads * THREAD_BUDGET > THREADS_BUDGET ? threads * THREAD_BUDGET : THREADS_BUDGET;
    if (heap_has_several_threads(heap))
        return 2 * THREAD_BUDGET;
    return few_survived ? LEAST_BUDGET / 2 : LEAST_BUDGET;
}

static void plan_next(Heap *heap, Generation generation, size_t live_before) {
    size_t survived = heap->live > live_before ? heap->live - live_before : 0;
    size_t least = least_budget(heap, survived < heap->allocated / FEW);
    size_t budget = least + heap->live / SHARE_OF_LIVE, held = heap->live + heap->external, growth = held / 4 * 3;
    size_t most = least > MOST_BUDGET ? least : MOST_BUDGET;
    heap->young_budget = budget < most ? budget : most;
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next)
        heap_thread(t)->leaf_classes = heap->live > LEAVES_APART ? FIRST_LEAF_CLASS : 0;
    heap->allocated_since_full += heap->allocated;
    heap->allocated_since_trim += heap->allocated;
    if (generation != GENERATION_FULL)
        return;
    heap->full_at = held + (growth > LEAST_GROWTH ? growth : LEAST_GROWTH);
    heap->live_at_full = heap->live;
    heap->allocated_since_full = 0;
}

/* A lender that stays may refer to further borrowers. */
static void mark_lenders(Heap *heap, Tracer *tracer) {
    for (bool found = true; found;) {
        found = tracer_mark_lenders(tracer, tracer);
        found |= markers_mark_lenders(tracer);
        heap_drain(heap, tracer);
    }
}

/* How often threads went on after a blocking region; with stop_mutex. */
static uint64_t resumptions(Heap *heap) {
    uint64_t sum = heap->resumptions_of_ended;
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next)
        sum += load_relaxed(&heap_thread(t)->resumptions);
    return sum;
}

/* What happens while the world is stopped. Returns the number of cells freed. */
static size_t collect_stopped(Heap *heap, Generation generation, UnheldSearch *search, SweepTime when) {
    mutex_lock(&tracer_mutex);
    Tracer *tracer = &heap_tracer;
    size_t live_before = heap->live;
    tracer->heap = heap;
    tracer->weakly = generation == GENERATION_FULL;
    memset(tracer->notes, 0, sizeof tracer->notes);
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next)
        heap_flush_finalizable(heap_thread(t));
    mark(heap, tracer, generation, search);
    ambiguous_settle(heap, tracer);
    weak_sweep(heap, generation);
    finalizable_sweep(heap, tracer, generation);
    if (heap->finalizers_next < heap->finalizers_due.count)
        ambiguous_grow_old(tracer);
    heap_drain(heap, tracer);
    for (size_t i = heap->callbacks_next; i < heap->callbacks_due.count; i++)
        trace_object(tracer, heap->callbacks_due.items[i]);
    heap_drain(heap, tracer);
    mark_lenders(heap, tracer);
    tracer_call_marked(tracer);
    markers_call_marked();
    tracer_forget_dead(tracer);
    markers_forget_dead();
    if (unlikely(heap->traced))
        load_relaxed(&heap_hooks.cells_died)(thread_current());
    if (generation == GENERATION_FULL)
        heap_hooks.forgotten(thread_current(), !load_relaxed(&heap->held_strongly));
    store_relaxed(&heap->held_strongly, false);
    finalizable_release(heap, generation);
    if (verify_now(heap))
        heap_each_block(heap, verify_block, NULL);
    ambiguous_hold(heap, tracer);
    size_t freed = generation == GENERATION_FULL || heap->sweep_all ? sweep_everything(heap) : sweep_touched(heap, when);
    ambiguous_rejuvenate(heap, tracer);
    tracer_shrink(tracer);
    mutex_unlock(&tracer_mutex);

    plan_next(heap, generation, live_before);
    store_relaxed(&heap->allocated_before, heap->allocated_before + heap->allocated);
    heap->allocated = 0;
    heap->external_since = 0;
    if (generation == GENERATION_FULL) {
        store_relaxed(&heap->collected_at, heap->stopped_at);
        if (heap->stopped_idle)
            heap->idle_resumptions = resumptions(heap);
    }
    heap->stats.collections[generation]++;
    store_relaxed(&heap->collection_count, heap->collection_count + 1);
    fetch_add(&heap->stats.freed_objects[generation], freed);
    return freed;
}

static bool time_for_full(const Heap *heap) {
    size_t marked = heap->live_at_full > LEAST_LIVE ? heap->live_at_full : LEAST_LIVE;
    size_t survived = heap->live > heap->live_at_full ? heap->live - heap->live_at_full : 0;
    bool cheap = heap->allocated_since_full / CHEAP_AFTER > marked || survived > marked + LEAST_LIVE;
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
static size_t collect_once(Thread *t, Heap *heap, Generation generation, UnheldSearch *search, SweepTime when) {
    sweep_finish(heap);
    if (generation == GENERATION_YOUNG && time_for_full(heap))
        generation = GENERATION_FULL;
    size_t freed = collect_stopped(heap, generation, search, when);
    bool due = due_pending(heap);
    if (due || search)
        heap_publish_due(heap, search ? search->found : NULL, search ? search->count : 0);
    start_world(t);
    if (due)
        thread_request(t, POLL_FINALIZERS);
    return freed;
}

[[gnu::noinline]] static size_t collect_with_registers(Thread *t, Generation generation, UnheldSearch *search,
                                                       NativeStack below_entry) {
    HeapThread *ht = heap_thread(t);
    char lowest; /* as in leave_running */
    stop_world_in_turn(t);
    registers_save(ht->registers);
    ht->stack_now = aligned_down(&lowest);
    if (below_entry == STACK_UNSCANNED) { /* what entered the interpreter saved its caller's registers on the stack */
        memset(ht->registers, 0, sizeof ht->registers);
        ht->stack_now = ht->stack_entry;
    }
    return collect_once(t, ht->heap, generation, search, SWEEP_NOW);
}

[[gnu::noinline]] void heap_collect_due(Thread *t, size_t seen) {
    HeapThread *ht = heap_thread(t);
    char lowest; /* as in leave_running */
    registers_save(ht->registers);
    ht->stack_now = aligned_down(&lowest);
    if (stop_world_unless_collected(t, seen))
        collect_once(t, ht->heap, GENERATION_YOUNG, NULL, SWEEP_LATER);
}

size_t heap_collect_below(Thread *t, Generation generation, NativeStack below_entry) {
    Heap *heap = heap_thread(t)->heap;
    if (heap->collecting)
        return 0;
    return collect_with_registers(t, generation, NULL, below_entry);
}

size_t heap_collect(Thread *t, Generation generation) { return heap_collect_below(t, generation, STACK_SCANNED); }

size_t heap_find_unheld(Thread *t, Generation generation, bool (*picks)(void *context, Object *o), void *context,
                        Object **found, size_t capacity, bool *passed_old) {
    UnheldSearch search = {t, picks, context, found, 0, capacity, false};
    if (!heap_thread(t)->heap->collecting)
        collect_with_registers(t, generation, &search, STACK_SCANNED);
    *passed_old = search.passed_old;
    return search.count;
}

bool heap_search_pays(Thread *t, Generation generation) {
    Heap *heap = heap_thread(t)->heap;
    return heap_allocated_in_all(heap) >= load_relaxed(&heap->search_at[generation]);
}

/* Threads that search at once may lose each other's counts: no harm. */
void heap_searched(Thread *t, Generation generation, bool in_vain) {
    enum { FREE = 16, LONGEST_PAUSE = 16 };
    Heap *heap = heap_thread(t)->heap;
    size_t count = in_vain ? load_relaxed(&heap->searches_in_vain[generation]) + 1 : 0;
    store_relaxed(&heap->searches_in_vain[generation], count);
    size_t pause = count <= FREE ? 0 : count - FREE < LONGEST_PAUSE ? count - FREE : LONGEST_PAUSE;
    store_relaxed(&heap->search_at[generation], pause ? heap_allocated_in_all(heap) + pause * (uint64_t)load_relaxed(&heap->live) : 0);
}

/* Whether all others wait, which may be over by the time it returns. If so, *changed: they have run since heap->idle_resumptions. */
static bool others_wait(Thread *t, bool *changed) {
    Heap *heap = heap_thread(t)->heap;
    if (!mutex_try_lock(&heap->stop_mutex))
        return false;
    bool wait = true;
    for (Thread *other = heap->threads; other; other = heap_thread(other)->next)
        wait &= other == t || load_relaxed(&heap_thread(other)->state) == THREAD_BLOCKING;
    *changed = resumptions(heap) != heap->idle_resumptions;
    mutex_unlock(&heap->stop_mutex);
    return wait;
}

int64_t heap_collect_while_idle(Thread *t, int64_t since, NativeStack below_entry) {
    enum { MOST_OFTEN = 1000000000, SHARE = 50 };
    const int64_t rarest = INT64_C(10) * MOST_OFTEN, rarest_look = INT64_C(60) * MOST_OFTEN;
    Heap *heap = heap_thread(t)->heap;
    int64_t start = lock_time(), due = load_relaxed(&heap->idle_at), look = start - since;
    look = look < MOST_OFTEN ? MOST_OFTEN : look < rarest_look ? look : rarest_look;
    bool changed;
    if (!heap_enabled(heap) || (others_wait(t, &changed) ? !changed : load_relaxed(&heap->collected_at) > since))
        return look;
    if (start < due)
        return due - start;
    if (!compare_exchange(&heap->idle_at, &due, start + MOST_OFTEN))
        return MOST_OFTEN; /* another thread does it */
    heap_collect_below(t, GENERATION_FULL, below_entry);
    spare_trim_all(heap);
    bool in_vain = !(load_relaxed(&heap_thread(t)->poll) & POLL_FINALIZERS);
    int64_t end = lock_time(), pause = in_vain ? heap->idle_pause * 2 : MOST_OFTEN;
    if (pause < SHARE * (end - start))
        pause = SHARE * (end - start);
    if (pause < MOST_OFTEN)
        pause = MOST_OFTEN;
    heap->idle_pause = pause < rarest ? pause : rarest;
    store_release(&heap->idle_at, end + heap->idle_pause);
    return look;
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

void heap_collect_and_finalize_once(Thread *t, Generation generation, NativeStack below_entry) {
    if (!heap_thread(t)->heap->collecting)
        (void)collect_with_registers(t, generation, NULL, below_entry);
    if (due_pending_now(heap_thread(t)->heap) && !heap_thread(t)->in_finalizers)
        heap_run_due(t);
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
    stats->live_bytes = load_relaxed(&heap->live) + load_relaxed(&heap->allocated);
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
    heap_stop_and_publish(t);
    sweep_finish(heap);
    heap_each_block(heap, list_block, &listing);
    start_world(t);
}

[[gnu::noinline]] void heap_each_living(Thread *t, void (*visit)(void *context, Object *o), void *context) {
    HeapThread *ht = heap_thread(t);
    Heap *heap = ht->heap;
    Listing listing = {visit, context, 0};
    char lowest; /* as in leave_running */
    registers_save(ht->registers);
    ht->stack_now = aligned_down(&lowest);
    heap_stop_and_publish(t);
    sweep_finish(heap);
    collect_stopped(heap, GENERATION_FULL, NULL, SWEEP_NOW);
    heap_each_block(heap, list_block, &listing);
    bool due = due_pending(heap);
    start_world(t);
    if (due)
        thread_request(t, POLL_FINALIZERS);
}

/* What is frozen is old: a young collection would free what nothing refers to. */
static void freeze_block(Heap *heap, Block *block, void *context) {
    if (!block->frozen)
        block->frozen = malloc(sizeof block->live);
    if (!block->frozen)
        return;
    memcpy(block->frozen, block->live, sizeof block->live);
    memcpy(block->mark, block->live, sizeof block->live);
    bool leaves = block_space.kinds[block_index(block)] == BLOCK_LEAF;
    for (size_t i = bit_next(block->live, 0); !leaves && i < BITMAP_WORDS * 64; i = bit_next(block->live, i + 1))
        ((Object *)((char *)block + i * GRANULE))->meta |= META_OLD;
}

static void unfreeze_block(Heap *heap, Block *block, void *context) {
    free(block->frozen);
    block->frozen = NULL;
}

void heap_freeze(Thread *t) {
    Heap *heap = heap_thread(t)->heap;
    stop_world(t);
    sweep_finish(heap);
    sweep_retire_runs(heap);
    for (int class = 0; class < HEAP_SIZE_CLASSES; class++)
        heap->available[class].count = heap->crowded[class].count = 0;
    heap_each_block(heap, freeze_block, NULL);
    for (Thread *other = heap->threads; other; other = heap_thread(other)->next)
        heap_flush_finalizable(heap_thread(other));
    heap->finalizable_old = heap->finalizable.count;
    heap->weak.old = heap->weak.count;
    start_world(t);
}

void heap_unfreeze(Thread *t) {
    stop_world(t);
    heap_each_block(heap_thread(t)->heap, unfreeze_block, NULL);
    start_world(t);
}

size_t heap_frozen_count(Thread *t) {
    Listing listing = {0};
    stop_world(t);
    sweep_finish(heap_thread(t)->heap);
    heap_each_block(heap_thread(t)->heap, list_block, &listing);
    start_world(t);
    return listing.frozen;
}

bool heap_contains(Heap *heap, const void *p) { return block_find_cell(heap, p) == p; }
