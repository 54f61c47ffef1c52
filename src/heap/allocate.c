/* Allocation: bump through the free runs of blocks.
 *
 * Cells up to 64448 bytes are of one of 48 sizes; each thread takes a block per size and walks its free runs. Taking a
 * run clears it and sets the live bits of all its cells: a cell with a live bit but no type was not handed out yet.
 * Of cells above CLEARED_IN_RUNS only the headers are cleared then, the rest when the cell is handed out, so that
 * those who write all of a cell anyway (heap_allocate_unfilled) need not touch it twice. Where much lives, small leaves
 * have classes of their own, a second time the first sizes.
 */
#include "heap/internal.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Blocks of such cells: where the cells end, how many are handed out at once at most, and a word with a bit for the first of
 * its granules and each that begins a cell after that. */
typedef struct SizeClass {
    uint64_t pattern;
    uint32_t size, end, most;
} SizeClass;

/* Cleared in pieces that are still in the cache nearest to the processor when they are used. After a collection a thread begins
 * with short ones, each twice as long as the one before: of most sizes only few cells are needed until the next. */
enum { LONGEST_RUN = 32768, RUN_STEPS = 4 };

/* 2**0 + 2**step + 2**(2 step) ..., up to a word: a quotient, as for any geometric series. */
#define POWER(n) ((unsigned __int128)1 << ((n) & 127))
#define COMB(step) ((uint64_t)((step) < 64 ? (POWER((64 + (step) - 1) / (step) * (step)) - 1) / (POWER(step) - 1 + ((step) >= 64)) : 1))
#define CLASS(bytes)                                                                                                     \
    {COMB((bytes) / GRANULE), bytes, CELLS_OFFSET + (BLOCK_SIZE - CELLS_OFFSET) / (bytes) * (bytes),                       \
     (bytes) > LONGEST_RUN ? 1 : LONGEST_RUN / (bytes)},
static const SizeClass classes[] = {
    CLASS(16) CLASS(32) CLASS(48) CLASS(64) CLASS(80) CLASS(96) CLASS(112) CLASS(128) CLASS(144) CLASS(160) CLASS(176)
    CLASS(192) CLASS(208) CLASS(224) CLASS(240) CLASS(256) CLASS(320) CLASS(384) CLASS(448) CLASS(512) CLASS(640) CLASS(768)
    CLASS(896) CLASS(1024) CLASS(1280) CLASS(1536) CLASS(1792) CLASS(2048) CLASS(2560) CLASS(3072) CLASS(3584) CLASS(4096)
    CLASS(5120) CLASS(6144) CLASS(7168) CLASS(8192) CLASS(10240) CLASS(12288) CLASS(14336) CLASS(16384)
    /* three, two and one in a block; the table goes on in quarters of powers of two */
    CLASS(21472) CLASS(32224) CLASS(32224) CLASS(64448) CLASS(64448) CLASS(64448) CLASS(64448) CLASS(64448)
    /* FIRST_LEAF_CLASS: the sizes of leaves again */
    CLASS(16) CLASS(32) CLASS(48) CLASS(64) CLASS(80) CLASS(96) CLASS(112) CLASS(128) CLASS(144) CLASS(160) CLASS(176)
    CLASS(192) CLASS(208) CLASS(224) CLASS(240) CLASS(256)
};
#undef CLASS
#undef COMB
#undef POWER
enum { CLASS_COUNT = sizeof classes / sizeof *classes };
enum { LARGEST_LEAF = 256 };
static_assert(CLASS_COUNT <= HEAP_SIZE_CLASSES);
static_assert(CELLS_OFFSET + LARGEST_SMALL <= BLOCK_SIZE);

static int size_class_of(size_t size) {
    if (size <= 256)
        return (int)((size + 15) / 16) - 1;
    /* above 256: four classes for each power of two */
    int log = 63 - __builtin_clzll(size - 1);
    return 16 + (log - 8) * 4 + (int)((size - 1) >> (log - 2) & 3);
}

bool object_list_add(ObjectList *list, Object *o) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 64;
        Object **items = realloc(list->items, capacity * sizeof *items);
        if (!items)
            return false;
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = o;
    return true;
}

bool block_list_add(BlockList *list, Block *block) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 16;
        Block **items = realloc(list->items, capacity * sizeof *items);
        if (!items)
            return false;
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = block;
    return true;
}

/* Sets the live bits of the cells in granules [at, end). */
static void set_live(Block *block, const SizeClass *class, size_t at, size_t end) {
    size_t step = class->size / GRANULE;
    if (end - at <= step * 4) {
        for (; at < end; at += step)
            bit_set(block->live, at);
        return;
    }
    while (at < end) {
        uint64_t bits = class->pattern << (at % 64);
        size_t rest = end - at / 64 * 64;
        if (rest < 64)
            bits &= (UINT64_C(1) << rest) - 1;
        block->live[at / 64] |= bits;
        at += (64 - at % 64 + step - 1) / step * step;
    }
}

/* The first granule from `at` on (a cell's) that starts a free cell of the block, or `end`. */
static size_t next_free(const Block *block, const SizeClass *class, size_t at, size_t end) {
    size_t step = class->size / GRANULE;
    while (at < end) {
        uint64_t free = class->pattern << (at % 64) & ~block->live[at / 64];
        if (free) {
            at = at / 64 * 64 + (size_t)__builtin_ctzll(free);
            break;
        }
        at += (64 - at % 64 + step - 1) / step * step;
    }
    return at < end ? at : end;
}

/* Fresh memory is asked for by the piece: a page fault for each of its pages takes several times as long. The first blocks
 * are left out, of which a short program uses little, and so is what a large cell may never use. */
enum { POPULATED_AFTER = 64, MOST_POPULATED = 4 << 20 };

static void populate(const Block *block, void *start, size_t size) {
    if (block_index(block) >= POPULATED_AFTER)
        memory_populate(start, size < MOST_POPULATED ? size : MOST_POPULATED);
}

/* Many runs are a cell or two: no call for these. */
static void clear(char *start, size_t size) {
    if (size > 256) {
        memset(start, 0, size);
        return;
    }
    for (uint64_t *word = (uint64_t *)start, *end = (uint64_t *)(start + size); word < end; word += 2) {
        word[0] = word[1] = 0;
        __asm__ volatile("" : "+r"(word)); /* or the compiler makes it the call again */
    }
}

/* The next free run of the block, of at most 1 / 2**shorter of the longest, cleared and with its live bits set. */
static bool next_run(Block *block, AllocationRun *run, int shorter) {
    const SizeClass *class = &classes[block->size_class];
    size_t end = class->end, at = next_free(block, class, block->next_sweep / GRANULE, end / GRANULE) * GRANULE;
    if (at >= end) {
        block->next_sweep = (uint32_t)end;
        return false;
    }
    size_t stop = bit_next(block->live, at / GRANULE) * GRANULE;
    if (stop > end)
        stop = end;
    size_t most = class->most >> shorter, longest = (most ? most : 1) * class->size;
    if (stop - at > longest)
        stop = at + longest;
    block->next_sweep = (uint32_t)stop;
    unpoison((char *)block + at, stop - at);
    if (block->fresh)
        populate(block, (char *)block + at, stop - at);
    else if (class->size <= CLEARED_IN_RUNS)
        clear((char *)block + at, stop - at);
    else
        for (size_t cell = at; cell < stop; cell += class->size)
            memset((char *)block + cell, 0, sizeof(Object));
    set_live(block, class, at / GRANULE, stop / GRANULE);
    *run = (AllocationRun){(char *)block + at, (char *)block + stop, (char *)block + stop, block};
    return true;
}

static bool over_limit(Heap *heap, size_t more) {
    size_t limit = load_relaxed(&heap->limit);
    return limit && load_relaxed(&heap->live) + load_relaxed(&heap->allocated) + load_relaxed(&heap->external) + more > limit;
}

/* Buffers of files that were opened, read and closed are no reason to collect. */
static size_t new_external(Heap *heap) {
    ptrdiff_t more = load_relaxed(&heap->external_since);
    return more > 0 ? (size_t)more : 0;
}

/* What a program that switched collections off allocates before there is one all the same. In CPython it goes on losing what its
 * reference counts drop, and only cycles stay; here it would run out of memory. Small enough to stay, large enough that what such a
 * program wants undisturbed, or looks for afterwards, is mostly over before. */
static const size_t DISABLED_BUDGET = 32 << 20;

static size_t young_budget(const Heap *heap) {
    if (likely(load_relaxed(&heap->automatic)) || heap->young_budget > DISABLED_BUDGET)
        return heap->young_budget;
    return DISABLED_BUDGET;
}

/* Collects if it is time to. Before failing for lack of memory everything is tried: `must` forces a full one. */
static void maybe_collect(Thread *t, Heap *heap, bool must) {
    if (heap_thread(t)->immortal || heap->collecting)
        return;
    size_t seen = load_relaxed(&heap->collection_count); /* before what they change */
    if (must)
        heap_collect(t, GENERATION_FULL);
    else if (load_relaxed(&heap->allocated) + new_external(heap) > young_budget(heap))
        heap_collect_due(t, seen);
}

/* The next collection sweeps the large cell. Without memory for the list a full one, which looks at every block, will. */
static void touch(Heap *heap, Block *block) {
    block->touched = true;
    if (!block_list_add(&heap->touched, block))
        heap->sweep_all = true;
}

/* Adds a block to the list of its size. false: no memory, it is given back. */
static bool enlist(Heap *heap, BlockList *list, Block *block) {
    block->position = (uint32_t)list->count;
    if (block_list_add(list, block))
        return true;
    block_give_back(block, block->count);
    return false;
}

/* Makes an empty block one of a class. NULL: no memory. The mutex is held. */
static Block *enter_class(Heap *heap, int class, Block *block) {
    if (!block || !enlist(heap, &heap->small[class], block))
        return NULL;
    block->cell_size = classes[class].size;
    block->size_class = (uint8_t)class;
    block->next_sweep = CELLS_OFFSET;
    store_relaxed(&block_space.kinds[block_index(block)], (uint8_t)(class >= FIRST_LEAF_CLASS ? BLOCK_LEAF : BLOCK_SMALL));
    return block;
}

/* From the lists of the heap a block with many free cells, or an empty one, or if `last` one with few, or a part of an empty
 * run. NULL: none. */
static Block *block_of_heap(const HeapThread *ht, int class, bool last) {
    Heap *heap = ht->heap;
    bool may_grow = !over_limit(heap, BLOCK_SIZE);
    mutex_lock(&heap->mutex);
    Block *block = spare_take_last(&heap->available[class], ht);
    if (!block && may_grow)
        block = enter_class(heap, class, spare_take_block(ht));
    if (!block && last)
        block = spare_take_last(&heap->crowded[class], ht);
    if (!block && last && may_grow)
        block = enter_class(heap, class, spare_split_run(heap));
    mutex_unlock(&heap->mutex);
    return block;
}

static Block *new_block(Heap *heap, int class) {
    if (over_limit(heap, BLOCK_SIZE))
        return NULL;
    spare_make_room(heap, 1);
    Block *block = block_take(heap, 1);
    mutex_lock(&heap->mutex);
    block = enter_class(heap, class, block);
    mutex_unlock(&heap->mutex);
    return block;
}

/* A block with free cells for this thread; NULL: no memory. */
static Block *next_block(HeapThread *ht, int class) {
    Block *block = sweep_for(ht, class);
    if (!block && ht->unswept_classes) {
        block = block_of_heap(ht, class, false);
        if (!block)
            sweep_rest(ht);
    }
    if (!block)
        block = block_of_heap(ht, class, true);
    if (!block)
        block = new_block(ht->heap, class);
    if (block) {
        spare_note_user(ht, block);
        sweep_note_used(ht, block);
    }
    return block;
}

enum { REPORT_BYTES = 1 << 16 };

/* Threads report what they were handed in larger portions: one word for all of them would be pulled back and forth. */
static void count_allocated(HeapThread *ht, size_t bytes) {
    ht->allocated += bytes;
    if (ht->allocated >= REPORT_BYTES) {
        fetch_add(&ht->heap->allocated, ht->allocated);
        ht->allocated = 0;
    }
}

static bool refill(Thread *t, int class) {
    HeapThread *ht = heap_thread(t);
    Heap *heap = ht->heap;
    AllocationRun *run = &ht->runs[class];
    bool tried = false;
    for (;;) {
        if (run->block && next_run(run->block, run, RUN_STEPS - ht->refills[class])) {
            ht->run_owners[class] = 0;
            ht->refills[class] += ht->refills[class] < RUN_STEPS;
            count_allocated(ht, (size_t)(run->end - run->next));
            return true;
        }
        *run = (AllocationRun){0};
        maybe_collect(t, heap, false);
        if (run->block)
            continue;
        Block *block = next_block(ht, class);
        if (!block) {
            if (tried)
                return false;
            tried = true;
            maybe_collect(t, heap, true);
            continue;
        }
        *run = (AllocationRun){.block = block};
    }
}

/* The cells of the run that were not handed out yet get the thread's number: all at once, so that nobody need think of it again. */
static void own_rest(HeapThread *ht, AllocationRun *run, int class) {
    uint32_t owner = owner_of_new(ht);
    size_t size = classes[class].size;
    for (char *cell = run->next, *stop = run->stop; cell < stop; cell += size)
        store_relaxed(&((Object *)cell)->owner, owner);
    ht->run_owners[class] = ht->owner;
}

/* How much of a large cell of `count` blocks is used if `size` is wanted: whole pages, which the rest never touches. */
static size_t usable_size(size_t count, size_t size) {
    size_t room = count * BLOCK_SIZE - CELLS_OFFSET, usable = (size + 4095) / 4096 * 4096;
    return usable < room ? usable : room;
}

static void *allocate_large(Thread *t, size_t size, bool fill) {
    Heap *heap = heap_thread(t)->heap;
    size_t count = size > SIZE_MAX / 2 ? SIZE_MAX : (size + CELLS_OFFSET + BLOCK_SIZE - 1) / BLOCK_SIZE;
    if (count > UINT32_MAX)
        return NULL;
    if (count < 2)
        count = 2; /* a single block is of kind BLOCK_SMALL */
    size_t usable = usable_size(count, size);
    fetch_add(&heap->allocated, usable);
    maybe_collect(t, heap, over_limit(heap, 0));
    Block *block = over_limit(heap, 0) ? NULL : spare_take_run(heap, count);
    if (!block && !over_limit(heap, 0)) {
        spare_make_room(heap, count);
        block = block_take(heap, count);
    }
    if (!block) {
        fetch_sub(&heap->allocated, usable);
        return NULL;
    }
    char *cell = (char *)block + CELLS_OFFSET;
    unpoison(cell, block->count * (size_t)BLOCK_SIZE - CELLS_OFFSET); /* a spare run may be a block longer */
    if (block->fresh)
        populate(block, cell, usable);
    else
        memset(cell, 0, fill ? usable : sizeof(Object));
    ((Object *)cell)->owner = owner_of_new(heap_thread(t));
    block->usable = usable;
    bit_set(block->live, CELLS_OFFSET / GRANULE);
    mutex_lock(&heap->mutex);
    bool added = enlist(heap, &heap->large, block);
    if (added)
        touch(heap, block);
    mutex_unlock(&heap->mutex);
    return added ? cell : NULL;
}

/* Immortal cells lie outside the range that the collector knows, and belong to no isolate. */
static struct {
    Mutex mutex;
    char *next, *end;
} arena;

void immortal_fork_lock(void) { mutex_lock(&arena.mutex); }
void immortal_fork_unlock(void) { mutex_unlock(&arena.mutex); }

static void *allocate_immortal(size_t size) {
    void *cell = NULL;
    size = (size + 15) / 16 * 16;
    mutex_lock(&arena.mutex);
    if ((size_t)(arena.end - arena.next) < size) {
        size_t chunk = size > 1 << 20 ? size : 1 << 20;
        arena.next = memory_reserve(chunk, 4096); /* zero, and nothing of it resident that is not used */
        arena.end = arena.next ? arena.next + chunk : NULL;
    }
    if (arena.next) {
        cell = arena.next;
        arena.next += size;
    }
    mutex_unlock(&arena.mutex);
    return cell;
}

/* What a cell holds before its maker writes to it: zeros, or anything; a leaf, which may, never any references. */
typedef enum Content { ZEROED, UNFILLED, LEAF } Content;

static inline int class_for(const HeapThread *ht, size_t size, Content content) {
    return size_class_of(size) + (content == LEAF && size <= LARGEST_LEAF ? ht->leaf_classes : 0);
}

/* The next cell of the run, which has one. */
static inline Object *take_cell(AllocationRun *run, size_t cell_size, Content content) {
    Object *cell = (Object *)run->next;
    run->next += cell_size;
    if (content == ZEROED && cell_size > CLEARED_IN_RUNS && !run->block->fresh)
        memset(cell + 1, 0, cell_size - sizeof(Object)); /* the header is clear, but for the owner */
    return cell;
}

/* The fast paths find nothing in the runs of a thread whose cells are of another kind, or to be shown. Nor after it has got another
 * number (heap_set_number). */
static void hide_runs(HeapThread *ht) {
    bool hidden = ht->immortal || ht->traced;
    for (int class = 0; class < HEAP_SIZE_CLASSES; class++)
        ht->runs[class].end = hidden || ht->run_owners[class] != ht->owner ? ht->runs[class].next : ht->runs[class].stop;
}

static void *allocate_slow(Thread *t, size_t size, Content content) {
    if (heap_thread(t)->immortal)
        return allocate_immortal(size);
    if (size > LARGEST_SMALL)
        return allocate_large(t, size, content == ZEROED);
    int class = class_for(heap_thread(t), size, content);
    if (class >= FIRST_LEAF_CLASS && over_limit(heap_thread(t)->heap, BLOCK_SIZE))
        class -= FIRST_LEAF_CLASS; /* no further block for them alone */
    AllocationRun *run = &heap_thread(t)->runs[class];
    if ((size_t)(run->stop - run->next) < classes[class].size && !refill(t, class))
        return NULL;
    if (unlikely(heap_thread(t)->run_owners[class] != heap_thread(t)->owner))
        own_rest(heap_thread(t), run, class);
    Object *cell = take_cell(run, classes[class].size, content);
    run->end = heap_thread(t)->traced ? run->next : run->stop;
    return cell;
}

[[gnu::noinline]] static void *allocate_slowly(Thread *t, Type *type, size_t size, Content content) {
    bool immortal = heap_thread(t)->immortal;
    if (stress_collect() && !immortal && !heap_thread(t)->heap->collecting)
        heap_collect_due(t, load_relaxed(&heap_thread(t)->heap->collection_count));
    Object *cell = stress_fail() && !immortal ? NULL : allocate_slow(t, size, content);
    if (unlikely(!cell)) {
        heap_hooks.no_memory(t);
        return NULL;
    }
    cell->meta = load_relaxed(&((TypeHead *)type)->instance_meta) | (immortal ? META_IMMORTAL : 0);
    store_release(&cell->type, type); /* a scanner that finds the cell from now on sees a made one */
    if (unlikely(heap_thread(t)->traced) && !immortal)
        load_relaxed(&heap_hooks.cell_made)(t, cell, size);
    return cell;
}

static inline void *try_allocate(Thread *t, Type *type, size_t size, Content content) {
    int class = class_for(heap_thread(t), size, content);
    size_t cell_size = classes[class].size;
    AllocationRun *run = &heap_thread(t)->runs[class];
    if (STRESS || unlikely((size_t)(run->end - run->next) < cell_size))
        return NULL;
    Object *cell = take_cell(run, cell_size, content);
    cell->meta = load_relaxed(&((TypeHead *)type)->instance_meta);
    store_release(&cell->type, type);
    return cell;
}

static inline void *allocate(Thread *t, Type *type, size_t size, Content content) {
    assert(may_have_cells(type));
    void *cell = size <= 256 && content != LEAF ? heap_try_allocate(t, type, size)
                 : size <= LARGEST_SMALL         ? try_allocate(t, type, size, content)
                                                 : NULL;
    return likely(cell != NULL) ? cell : allocate_slowly(t, type, size, content);
}

void *heap_allocate(Thread *t, Type *type, size_t size) { return allocate(t, type, size, ZEROED); }
void *heap_allocate_unfilled(Thread *t, Type *type, size_t size) { return allocate(t, type, size, UNFILLED); }

void *heap_allocate_leaf(Thread *t, Type *type, size_t size) {
    assert(!in_block_space(type)); /* nobody would mark it */
    return allocate(t, type, size, LEAF);
}

bool heap_set_immortal(Thread *t, bool immortal) {
    HeapThread *ht = heap_thread(t);
    bool was = ht->immortal;
    ht->immortal = immortal;
    hide_runs(ht);
    return was;
}

void heap_pause_tracing(Thread *t, bool paused) {
    HeapThread *ht = heap_thread(t);
    ht->traced = !paused && ht->heap->traced;
    hide_runs(ht);
}

void heap_trace_allocations(Thread *t, bool on, void (*change)(void *context), void *context) {
    Heap *heap = heap_thread(t)->heap;
    stop_world(t);
    heap->traced = on;
    for (Thread *other = heap->threads; other; other = heap_thread(other)->next) {
        heap_thread(other)->traced = on;
        hide_runs(heap_thread(other));
    }
    change(context);
    start_world(t);
}

void heap_flush_finalizable(HeapThread *ht) {
    for (uint32_t i = 0; i < ht->fresh_count; i++)
        object_list_add(&ht->heap->finalizable, ht->fresh[i]); /* without memory the finalizer is lost, as at exit */
    ht->fresh_count = 0;
}

void heap_register_finalizable(Thread *t, Object *o) {
    HeapThread *ht = heap_thread(t);
    if (ht->immortal)
        return;
    if (unlikely(ht->fresh_count == sizeof ht->fresh / sizeof *ht->fresh)) {
        mutex_lock(&ht->heap->mutex);
        heap_flush_finalizable(ht);
        mutex_unlock(&ht->heap->mutex);
    }
    ht->fresh[ht->fresh_count++] = o;
}

bool heap_forget_finalizable(Thread *t, Object *o) {
    HeapThread *ht = heap_thread(t);
    if (ht->fresh_count == 0 || ht->fresh[ht->fresh_count - 1] != o)
        return false;
    ht->fresh_count--;
    return true;
}

void *heap_allocate_finalizable(Thread *t, Type *type, size_t size) {
    Object *o = heap_allocate(t, type, size);
    if (o)
        heap_register_finalizable(t, o);
    return o;
}

bool heap_extend(Thread *t, Object *o, size_t size) {
    Heap *heap = heap_thread(t)->heap;
    if (!in_block_space(o) || block_of(o)->cell_size)
        return false;
    Block *block = block_of(o);
    size_t count = (size + CELLS_OFFSET + BLOCK_SIZE - 1) / BLOCK_SIZE, before = block->usable;
    if (size > SIZE_MAX / 2 || count > UINT32_MAX || size < before)
        return false;
    size_t old_room = block->count * (size_t)BLOCK_SIZE - CELLS_OFFSET;
    size_t more = count > block->count ? (count - block->count) * BLOCK_SIZE : 0;
    if (over_limit(heap, more))
        return false;
    bool joins = more && spare_extend(heap, block, count);
    if (more && !joins) {
        spare_make_room(heap, count - block->count);
        if (!block_extend(block, count))
            return false;
    }
    size_t usable = usable_size(block->count, size), dirty = joins || usable < old_room ? usable : old_room;
    if (!block->fresh) /* what is added may be, but not what was left over */
        memset((char *)o + before, 0, dirty - before);
    populate(block, (char *)o + before, usable - before);
    store_release(&block->usable, usable);
    fetch_add(&heap->allocated, usable - before);
    if (unlikely(heap_thread(t)->traced))
        load_relaxed(&heap_hooks.cell_made)(t, o, size);
    return true;
}

size_t heap_cell_size(Object *o) {
    if (!in_block_space(o))
        return 0;
    Block *block = block_of(o);
    return block->cell_size ? block->cell_size : block->usable;
}

void heap_external_memory(Thread *t, ptrdiff_t bytes) { heap_external_memory_of(heap_thread(t)->heap, bytes); }

void heap_collect_if_due(Thread *t) { maybe_collect(t, heap_thread(t)->heap, false); }

void heap_external_memory_of(Heap *heap, ptrdiff_t bytes) {
    fetch_add(&heap->external, (size_t)bytes);
    fetch_add(&heap->external_since, bytes);
}

void heap_external_memory_gone(Object *o, size_t bytes) {
    if (in_block_space(o))
        fetch_sub(&block_of(o)->heap->external, bytes);
}
