/* Empty memory: what is kept of it, and for how long.
 *
 * What a collection empties is used again: single blocks for small cells of any size, runs of blocks for large cells. To give memory
 * back to the system and to ask for it again costs more than most programs do with it in between, so all of it is kept, up to
 * MOST_KEPT; but so that the heap takes no more memory for that:
 *  - A heap that has as much from the space as it ever had joins what is empty side by side to a run, or splits a run into single
 *    blocks; if that is not enough it gives empty memory of the other kind back before it takes more. Only LEAST_KEPT stays out of this.
 *  - What was not touched while TIMES_HELD times all that the heap has was allocated goes back at a full collection (spare_trim), and so
 *    does all but the least when the program has nothing to do (spare_trim_all).
 *
 * Threads: the lists are guarded by the heap's mutex, or the world is stopped; `held` and `most_held` are atomic. Nothing is given
 * back with the mutex held: that takes a system call.
 */
#include "heap/internal.h"

#include <stdlib.h>
#include <string.h>

static const size_t MOST_KEPT = 64 << 20;
static const size_t LEAST_KEPT = 768 << 10; /* of either kind: as much is allocated until the next collection anyway */
static const size_t LEAST_INTERVAL = 32 << 20; /* bytes allocated between two looks at what was not touched */
enum { TIMES_HELD = 8, AT_ONCE = 16 };

static size_t spare_bytes(const Heap *heap) { return heap->spare_run_bytes + heap->spare.count * BLOCK_SIZE; }

static void note_taken(Heap *heap) {
    if (spare_bytes(heap) < heap->least_spare)
        heap->least_spare = spare_bytes(heap);
}

/* Takes an empty block in, or gives it back. The mutex is held, or the world stopped. */
void spare_keep(Heap *heap, Block *block) {
    size_t bytes = (size_t)block->count * BLOCK_SIZE;
    bool large = block->count > 1;
    if (spare_bytes(heap) + bytes > MOST_KEPT || !block_list_add(large ? &heap->spare_runs : &heap->spare, block)) {
        block_give_back(block, block->count);
        return;
    }
    if (large)
        heap->spare_run_bytes += bytes;
    block->cell_size = 0; /* nothing in it is a cell */
    free(block->frozen);
    block->frozen = NULL;
}

static uint32_t user_number(const HeapThread *ht) { return (uint32_t)((uintptr_t)ht >> 4); }

void spare_note_user(const HeapThread *ht, Block *block) { block->user = user_number(ht); }

/* Among the last few the one that this thread used last, since another's would have to come from the other's cache, line by line;
 * else the very last. */
Block *spare_take_last(BlockList *list, const HeapThread *ht) {
    enum { LOOKED_AT = 64 };
    if (!list->count)
        return NULL;
    size_t last = --list->count, end = last > LOOKED_AT ? last - LOOKED_AT : 0, best = last;
    while (list->items[best]->user != user_number(ht)) {
        if (best == end) {
            best = last;
            break;
        }
        best--;
    }
    Block *block = list->items[best];
    list->items[best] = list->items[last];
    return block;
}

/* A single block. NULL: none. The mutex is held. */
Block *spare_take_block(const HeapThread *ht) {
    Block *block = spare_take_last(&ht->heap->spare, ht);
    if (block)
        note_taken(ht->heap);
    return block;
}

static Block *take_run(Heap *heap, size_t at) {
    BlockList *list = &heap->spare_runs;
    Block *run = list->items[at];
    list->items[at] = list->items[--list->count];
    heap->spare_run_bytes -= run->count * (size_t)BLOCK_SIZE;
    return run;
}

/* The shortest run of at least `least` blocks; among equals the most recently used one is the likeliest to be in the cache. */
static size_t shortest_run(const Heap *heap, size_t least) {
    const BlockList *list = &heap->spare_runs;
    size_t best = SIZE_MAX, length = SIZE_MAX;
    for (size_t i = list->count; i-- > 0 && length != least;) {
        if (list->items[i]->count >= least && list->items[i]->count < length) {
            best = i;
            length = list->items[i]->count;
        }
    }
    return best;
}

static int by_address(const void *a, const void *b) {
    const Block *one = *(Block *const *)a, *other = *(Block *const *)b;
    return one < other ? -1 : one > other;
}

static bool are_neighbours(const Block *block, const Block *behind) {
    return (const char *)block + block->count * (size_t)BLOCK_SIZE == (const char *)behind;
}

/* Of `total` empty blocks and runs in the order of their addresses the shortest row of neighbours with `least` blocks or more.
 * Returns where it begins and sets *length to its entries, 0 if there is none. */
static size_t shortest_row(Block *const *all, size_t total, size_t least, size_t *length) {
    size_t best = 0, best_blocks = SIZE_MAX, start = 0, blocks = 0;
    *length = 0;
    for (size_t i = 0; i < total; i++) {
        if (i > start && !are_neighbours(all[i - 1], all[i])) {
            start = i;
            blocks = 0;
        }
        blocks += all[i]->count;
        while (blocks - all[start]->count >= least)
            blocks -= all[start++]->count;
        if (blocks >= least && blocks < best_blocks) {
            best = start;
            best_blocks = blocks;
            *length = i + 1 - start;
        }
    }
    return best;
}

/* Keeps of the list what does not lie in [first, last]. */
static void leave_out(BlockList *list, const Block *first, const Block *last) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] < first || list->items[i] > last)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

/* Makes one run of at least `least` blocks out of empty neighbours. NULL: there are none. The mutex is held. */
static Block *join_neighbours(Heap *heap, size_t least) {
    size_t total = heap->spare.count + heap->spare_runs.count, length = 0;
    Block **all = spare_bytes(heap) >= least * BLOCK_SIZE ? malloc(total * sizeof(Block *)) : NULL;
    if (!all)
        return NULL;
    for (size_t i = 0; i < heap->spare.count; i++)
        all[i] = heap->spare.items[i];
    for (size_t i = 0; i < heap->spare_runs.count; i++)
        all[heap->spare.count + i] = heap->spare_runs.items[i];
    qsort(all, total, sizeof(Block *), by_address);
    size_t start = shortest_row(all, total, least, &length);
    Block *run = length ? all[start] : NULL;
    if (run) {
        leave_out(&heap->spare, run, all[start + length - 1]);
        leave_out(&heap->spare_runs, run, all[start + length - 1]);
        for (size_t i = start; i < start + length; i++) {
            if (all[i]->count > 1)
                heap->spare_run_bytes -= all[i]->count * (size_t)BLOCK_SIZE;
            if (i > start)
                block_join(run, all[i]);
        }
    }
    free(all);
    return run;
}

static bool is_full(Heap *heap, size_t more) { return load_relaxed(&heap->held) + more > load_relaxed(&heap->most_held); }

/* An empty run of that many blocks, or the shortest longer one, of which the rest stays spare unless it is a single block. */
Block *spare_take_run(Heap *heap, size_t count) {
    mutex_lock(&heap->mutex);
    size_t at = shortest_run(heap, count);
    Block *run = at != SIZE_MAX ? take_run(heap, at) : is_full(heap, count * BLOCK_SIZE) ? join_neighbours(heap, count) : NULL;
    if (run && run->count - count >= 2)
        spare_keep(heap, block_split(run, count));
    if (run)
        note_taken(heap);
    mutex_unlock(&heap->mutex);
    return run;
}

/* Lengthens a large cell's block by the beginning of the empty run behind it. Takes no safepoint. */
bool spare_extend(Heap *heap, Block *block, size_t count) {
    size_t more = count - block->count;
    const Block *behind = (Block *)((char *)block + block->count * (size_t)BLOCK_SIZE);
    bool found = false;
    mutex_lock(&heap->mutex);
    for (size_t i = heap->spare_runs.count; i-- > 0 && !found;) {
        if (heap->spare_runs.items[i] != behind || behind->count < more)
            continue;
        Block *run = take_run(heap, i);
        if (run->count - more >= 2)
            spare_keep(heap, block_split(run, more));
        block_join(block, run);
        note_taken(heap);
        found = true;
    }
    mutex_unlock(&heap->mutex);
    return found;
}

static bool more_than_least(size_t bytes) { return bytes > LEAST_KEPT; }

/* A single block out of a run, if the heap would have to grow else. NULL: take one from the space. The mutex is held. */
Block *spare_split_run(Heap *heap) {
    if (!is_full(heap, BLOCK_SIZE) || !more_than_least(heap->spare_run_bytes))
        return NULL;
    Block *run = take_run(heap, shortest_run(heap, 2));
    Block *block = block_split(run, run->count - 1);
    spare_keep(heap, run);
    note_taken(heap);
    return block;
}

/* The oldest run, else the oldest single block; NULL if no more than the least of both is left. The mutex is held. */
static Block *take_oldest(Heap *heap) {
    bool runs = more_than_least(heap->spare_run_bytes);
    BlockList *list = runs ? &heap->spare_runs : &heap->spare;
    if (!runs && !more_than_least(heap->spare.count * BLOCK_SIZE))
        return NULL;
    Block *block = list->items[0];
    memmove(list->items, list->items + 1, --list->count * sizeof(Block *));
    if (runs)
        heap->spare_run_bytes -= block->count * (size_t)BLOCK_SIZE;
    return block;
}

/* Gives back so many bytes, but not the least. */
static void give_back(Heap *heap, size_t bytes) {
    Block *given[AT_ONCE];
    size_t found = AT_ONCE;
    while (bytes && found == AT_ONCE) {
        mutex_lock(&heap->mutex);
        for (found = 0; found < AT_ONCE && bytes; found++) {
            Block *block = take_oldest(heap);
            if (!block)
                break;
            given[found] = block;
            bytes -= bytes < block->count * (size_t)BLOCK_SIZE ? bytes : block->count * (size_t)BLOCK_SIZE;
        }
        note_taken(heap);
        mutex_unlock(&heap->mutex);
        for (size_t i = 0; i < found; i++)
            block_give_back(given[i], given[i]->count);
    }
}

/* Before so many blocks are taken from the space: as much goes back if the heap would grow beyond what it ever had. */
void spare_make_room(Heap *heap, size_t count) {
    size_t held = load_relaxed(&heap->held) + count * BLOCK_SIZE, most = load_relaxed(&heap->most_held);
    if (held > most)
        give_back(heap, held - most);
}

/* After a full collection. */
void spare_trim(Heap *heap) {
    size_t interval = load_relaxed(&heap->held) * TIMES_HELD;
    if (heap->allocated_since_trim < (interval > LEAST_INTERVAL ? interval : LEAST_INTERVAL))
        return;
    give_back(heap, heap->least_spare);
    store_relaxed(&heap->most_held, load_relaxed(&heap->held));
    heap->allocated_since_trim = 0;
    heap->least_spare = spare_bytes(heap);
}

/* All but the least. World running. */
void spare_trim_all(Heap *heap) {
    give_back(heap, SIZE_MAX);
    store_relaxed(&heap->most_held, load_relaxed(&heap->held));
}

/* The heap ends. */
void spare_free(Heap *heap) {
    for (size_t i = 0; i < heap->spare.count; i++)
        block_give_back(heap->spare.items[i], 1);
    for (size_t i = 0; i < heap->spare_runs.count; i++)
        block_give_back(heap->spare_runs.items[i], heap->spare_runs.items[i]->count);
    free(heap->spare.items);
    free(heap->spare_runs.items);
}
