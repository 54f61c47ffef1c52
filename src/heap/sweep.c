/* Sweeping: what was not marked becomes free memory.
 *
 * A full collection sweeps every block while the world is stopped, a young one those that were allocated from since the last one:
 * each thread keeps lists of the blocks that it used, by size of their cells. If there are several threads, a young collection that
 * came by itself leaves them to these threads: each sweeps its own as it needs them, in its own cache, and uses what is empty or
 * nearly so again at once. In the normal course nothing of it goes through the heap's mutex. What a thread has not swept by the next
 * stop of the world that looks at cells is swept there first (sweep_finish). A block that holds something ambiguous (ambiguous.c) goes
 * from one collection's list to the next one's.
 *
 * heap->cycle counts the collections that left something to sweep. A thread that comes back to running and finds it changed gives up
 * its runs, which hold cells that are neither marked nor handed out, and takes the blocks that it used for those to sweep.
 *
 * Threads: a thread's lists are its own while it runs, the stopper's while the world is stopped. The bitmaps of a block that waits for
 * being swept are as its last collection left them; the lists of the heap are guarded by its mutex, which the stopper needs not.
 */
#include "heap/internal.h"

#include <stdlib.h>
#include <string.h>

/* AddressSanitizer is to notice at once that what died is used. */
#ifdef HEAP_ASAN
enum { SWEEP_AT_ONCE = true };
#else
enum { SWEEP_AT_ONCE = false };
#endif

bool heap_has_several_threads(const Heap *heap) { return heap->threads && heap_thread(heap->threads)->next; }

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
    if (kept * cell != block->kept)
        fetch_add(&heap->live, kept * cell - block->kept); /* modulo 2**64 */
    block->kept = kept * cell;
    block->fresh = false;
    block->touched = false;
    block->next_sweep = CELLS_OFFSET;
    return kept > 0;
}

/* Worth the search for free cells; the rest waits for more of them. */
static bool has_room(const Block *block) { return block->kept <= BLOCK_SIZE / 16 * 15; }
static bool is_crowded(const Block *block) { return block->kept > BLOCK_SIZE / 4; }

/* Lets small cells be allocated from a swept block. */
static void offer_block(Heap *heap, Block *block) {
    if (!block->cell_size || !has_room(block) || block->ambiguous)
        return;
    BlockList *lists = is_crowded(block) ? heap->crowded : heap->available;
    block_list_add(&lists[block->size_class], block); /* no memory: not before the next one */
}

static BlockList *list_of(Heap *heap, const Block *block) {
    return block->cell_size ? &heap->small[block->size_class] : &heap->large;
}

/* What becomes of a block that was swept by itself. The mutex is held, or the world stopped. */
static void put_back(Heap *heap, Block *block, bool keeps) {
    if (keeps) {
        offer_block(heap, block);
        return;
    }
    BlockList *list = list_of(heap, block);
    Block *last = list->items[--list->count];
    list->items[block->position] = last;
    last->position = block->position;
    spare_keep(heap, block);
}

/* The lists of a thread: an array of lists by class, and a mask of those that are not empty. */

void sweep_note_used(HeapThread *ht, Block *block) {
    block->touched = true;
    block->next = ht->used[block->size_class];
    ht->used[block->size_class] = block;
    ht->used_classes |= UINT64_C(1) << block->size_class;
}

static Block *take_first(Block **lists, uint64_t *classes, int class) {
    Block *block = lists[class];
    lists[class] = block->next;
    if (!block->next)
        *classes &= ~(UINT64_C(1) << class);
    return block;
}

/* Of all lists. NULL: they are empty. */
static Block *take_any(Block **lists, uint64_t *classes) {
    return *classes ? take_first(lists, classes, __builtin_ctzll(*classes)) : NULL;
}

/* Clears the bits [from, end). */
static void clear_bits(uint64_t *bits, size_t from, size_t end) {
    while (from < end) {
        uint64_t word = ~UINT64_C(0) << (from % 64);
        if (end - from / 64 * 64 < 64)
            word &= (UINT64_C(1) << (end % 64)) - 1;
        bits[from / 64] &= ~word;
        from = (from / 64 + 1) * 64;
    }
}

static void retire_runs(HeapThread *ht) {
    for (int class = 0; class < HEAP_SIZE_CLASSES; class++) {
        AllocationRun *run = &ht->runs[class];
        if (run->next < run->stop) {
            size_t from = granule_of(run->next);
            clear_bits(run->block->live, from, from + (size_t)(run->stop - run->next) / GRANULE);
        }
        *run = (AllocationRun){0};
    }
    ht->allocated = 0;
    memset(ht->refills, 0, sizeof ht->refills);
}

/* No thread has free cells any more. */
void sweep_retire_runs(Heap *heap) {
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next)
        retire_runs(heap_thread(t));
}

/* The thread's own, or the world is stopped. */
void sweep_begin_cycle(HeapThread *ht) {
    retire_runs(ht);
    while (ht->used_classes) {
        int class = __builtin_ctzll(ht->used_classes);
        ht->used_classes &= ht->used_classes - 1;
        ht->unswept[class] = ht->used[class]; /* which is empty: every collection begins with sweep_finish */
        ht->used[class] = NULL;
        ht->unswept_classes |= UINT64_C(1) << class;
    }
    ht->cycle = ht->heap->cycle;
}

/* Sweeps a block that the last collection left to the thread. false: something in it is young again, and it is among those to be swept
 * after the next collection; nothing is allocated from it until then. */
static bool sweep_left(HeapThread *ht, Block *block, bool *keeps, size_t *freed) {
    *keeps = sweep_block(ht->heap, block, freed);
    if (likely(!block->ambiguous))
        return true;
    ambiguous_rejuvenate_block(ht->heap, block);
    sweep_note_used(ht, block);
    return false;
}

static void sweep_and_put_back(Heap *heap, Block *block, size_t *freed) {
    bool keeps = sweep_block(heap, block, freed);
    put_back(heap, block, keeps);
}

/* Sweeps what threads have left of the last collection. The world is stopped. */
void sweep_finish(Heap *heap) {
    size_t freed = 0;
    bool keeps;
    Block *block;
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next) {
        HeapThread *ht = heap_thread(t);
        if (ht->cycle != heap->cycle)
            sweep_begin_cycle(ht);
        while ((block = take_any(ht->unswept, &ht->unswept_classes)))
            if (sweep_left(ht, block, &keeps, &freed))
                put_back(heap, block, keeps);
    }
    fetch_add(&heap->stats.freed_objects[GENERATION_YOUNG], freed);
}

/* A block of this class that the thread itself used last and that has room now, or NULL. */
Block *sweep_for(HeapThread *ht, int class) {
    Heap *heap = ht->heap;
    size_t freed = 0;
    Block *found = NULL;
    bool keeps;
    while (!found && ht->unswept_classes >> class & 1) {
        Block *block = take_first(ht->unswept, &ht->unswept_classes, class);
        if (!sweep_left(ht, block, &keeps, &freed))
            continue;
        if (!is_crowded(block)) {
            found = block;
            continue;
        }
        mutex_lock(&heap->mutex);
        offer_block(heap, block);
        mutex_unlock(&heap->mutex);
    }
    if (freed)
        fetch_add(&heap->stats.freed_objects[GENERATION_YOUNG], freed);
    return found;
}

/* The thread needs memory that is not there: sweeps all that it has not swept yet. */
void sweep_rest(HeapThread *ht) {
    Heap *heap = ht->heap;
    size_t freed = 0;
    Block *block;
    bool keeps;
    while ((block = take_any(ht->unswept, &ht->unswept_classes))) {
        if (!sweep_left(ht, block, &keeps, &freed))
            continue;
        mutex_lock(&heap->mutex);
        put_back(heap, block, keeps);
        mutex_unlock(&heap->mutex);
    }
    if (freed)
        fetch_add(&heap->stats.freed_objects[GENERATION_YOUNG], freed);
}

/* The thread ends: its blocks become the heap's. stop_mutex is held. */
void sweep_detach(HeapThread *ht) {
    Heap *heap = ht->heap;
    Block *block;
    if (ht->cycle != heap->cycle)
        sweep_begin_cycle(ht);
    sweep_rest(ht);
    retire_runs(ht);
    mutex_lock(&heap->mutex);
    while ((block = take_any(ht->used, &ht->used_classes)))
        if (!block_list_add(&heap->touched, block))
            heap->sweep_all = true;
    mutex_unlock(&heap->mutex);
}

/* After a young collection: all that was not allocated from is as it was. Returns how many cells were freed so far. */
size_t sweep_touched(Heap *heap, SweepTime when) {
    size_t freed = 0;
    Block *block;
    for (size_t i = 0; i < heap->touched.count; i++)
        sweep_and_put_back(heap, heap->touched.items[i], &freed);
    heap->touched.count = 0;
    for (size_t i = 0; i < heap->ambiguous_blocks.count; i++)
        sweep_and_put_back(heap, heap->ambiguous_blocks.items[i], &freed);
    heap->ambiguous_blocks.count = 0;
    if (when == SWEEP_LATER && !SWEEP_AT_ONCE && heap_has_several_threads(heap)) {
        store_relaxed(&heap->cycle, heap->cycle + 1);
        return freed;
    }
    sweep_retire_runs(heap);
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next)
        while ((block = take_any(heap_thread(t)->used, &heap_thread(t)->used_classes)))
            sweep_and_put_back(heap, block, &freed);
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
            spare_keep(heap, block);
        }
    }
    list->count = kept;
}

size_t sweep_everything(Heap *heap) {
    size_t freed = 0;
    sweep_retire_runs(heap);
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next) {
        heap_thread(t)->used_classes = 0;
        memset(heap_thread(t)->used, 0, sizeof heap_thread(t)->used);
    }
    for (int class = 0; class < HEAP_SIZE_CLASSES; class++) {
        heap->available[class].count = heap->crowded[class].count = 0;
        sweep_list(heap, &heap->small[class], &freed);
    }
    sweep_list(heap, &heap->large, &freed);
    heap->touched.count = heap->ambiguous_blocks.count = 0;
    heap->sweep_all = false;
    spare_trim(heap);
    return freed;
}
