/* The address range and its blocks; see block.h.
 *
 * Free runs of blocks below the frontier are kept in an array ordered by address, merged with their neighbours
 * when they are given back; a request takes the first run that is long enough, else moves the frontier.
 */
#include "heap/internal.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

BlockSpace block_space;

typedef struct FreeRun {
    uint32_t start, count;
} FreeRun;

static struct {
    Mutex mutex;
    size_t frontier; /* blocks from here on were never used */
    FreeRun *runs;   /* ordered by start */
    size_t run_count, run_capacity;
} space;

static const size_t LARGEST_RANGE = (size_t)1 << 38;
static const size_t SMALLEST_RANGE = (size_t)1 << 26;

bool block_space_start(void) {
    for (size_t size = LARGEST_RANGE; size >= SMALLEST_RANGE; size /= 2) {
        char *start = memory_reserve(size, BLOCK_SIZE);
        if (!start)
            continue;
        if (size < LARGEST_RANGE) { /* address space is scarce: other things need some of it */
            memory_release(start + size / 4 * 3, size / 4);
            size = size / 4 * 3;
        }
        size_t blocks = size / BLOCK_SIZE;
        block_space.kinds = memory_reserve(blocks, 4096);
        block_space.heads = memory_reserve(blocks * sizeof(uint32_t), 4096);
        if (!block_space.kinds || !block_space.heads)
            return false;
        block_space.start = start;
        block_space.end = start + size;
        return true;
    }
    return false;
}

void block_space_fork_lock(void) { mutex_lock(&space.mutex); }
void block_space_fork_unlock(void) { mutex_unlock(&space.mutex); }

static bool insert_run(size_t at, FreeRun run) {
    if (space.run_count == space.run_capacity) {
        size_t capacity = space.run_capacity ? space.run_capacity * 2 : 64;
        FreeRun *runs = realloc(space.runs, capacity * sizeof *runs);
        if (!runs)
            return false; /* the range is lost, nothing else is */
        space.runs = runs;
        space.run_capacity = capacity;
    }
    memmove(&space.runs[at + 1], &space.runs[at], (space.run_count - at) * sizeof run);
    space.runs[at] = run;
    space.run_count++;
    return true;
}

static void remove_run(size_t at) {
    space.run_count--;
    memmove(&space.runs[at], &space.runs[at + 1], (space.run_count - at) * sizeof *space.runs);
}

static size_t take_range(size_t count) {
    for (size_t i = space.run_count; i-- > 0;) {
        FreeRun *run = &space.runs[i];
        if (run->count < count)
            continue;
        run->count -= (uint32_t)count;
        size_t start = run->start + run->count;
        if (count > 1) { /* with room behind, so that the cell can grow */
            start = run->start;
            run->start += (uint32_t)count;
        }
        if (run->count == 0)
            remove_run(i);
        return start;
    }
    size_t start = space.frontier;
    if (count > (size_t)(block_space.end - block_space.start) / BLOCK_SIZE - start)
        return SIZE_MAX;
    space.frontier += count;
    return start;
}

static void note_held(Heap *heap, size_t count) {
    size_t held = fetch_add(&heap->held, count * BLOCK_SIZE) + count * BLOCK_SIZE;
    if (held > load_relaxed(&heap->most_held))
        store_relaxed(&heap->most_held, held);
}

/* A collector may be looking at a block that another heap takes or gives back: see block_find_cell. */
static void set_kind(size_t index, BlockKind kind) { store_release(&block_space.kinds[index], (uint8_t)kind); }

/* The blocks [start, end) belong to the run that begins with `head`. */
static void set_rest(size_t head, size_t start, size_t end) {
    for (size_t i = start; i < end; i++) {
        store_relaxed(&block_space.heads[i], (uint32_t)head);
        set_kind(i, BLOCK_LARGE_REST);
    }
}

Block *block_take(Heap *heap, size_t count) {
    mutex_lock(&space.mutex);
    size_t index = take_range(count);
    if (index != SIZE_MAX) {
        set_kind(index, count == 1 ? BLOCK_SMALL : BLOCK_LARGE);
        set_rest(index, index + 1, index + count);
    }
    mutex_unlock(&space.mutex);
    if (index == SIZE_MAX)
        return NULL;
    Block *block = (Block *)(block_space.start + index * BLOCK_SIZE);
    store_relaxed(&block->heap, heap);
    block->count = (uint32_t)count;
    block->fresh = true;
    note_held(heap, count);
    return block;
}

/* Takes the range [start, start + count) out of the free runs, or from the frontier. */
static bool take_exactly(size_t start, size_t count) {
    if (start == space.frontier) {
        if (count > (size_t)(block_space.end - block_space.start) / BLOCK_SIZE - start)
            return false;
        space.frontier += count;
        return true;
    }
    for (size_t i = 0; i < space.run_count; i++) {
        FreeRun *run = &space.runs[i];
        if (run->start != start || run->count < count)
            continue;
        run->start += (uint32_t)count;
        run->count -= (uint32_t)count;
        if (run->count == 0)
            remove_run(i);
        return true;
    }
    return false;
}

bool block_extend(Block *block, size_t count) {
    size_t index = block_index(block), more = count - block->count;
    mutex_lock(&space.mutex);
    bool ok = take_exactly(index + block->count, more);
    if (ok) {
        set_rest(index, index + block->count, index + count);
        block->count = (uint32_t)count;
    }
    mutex_unlock(&space.mutex);
    if (ok)
        note_held(block->heap, more);
    return ok;
}

Block *block_split(Block *block, size_t count) {
    size_t index = block_index(block) + count, rest_count = block->count - count;
    Block *rest = (Block *)(block_space.start + index * BLOCK_SIZE);
    unpoison(rest, CELLS_OFFSET);
    memset(rest, 0, CELLS_OFFSET);
    rest->heap = block->heap;
    rest->count = (uint32_t)rest_count;
    block->count = (uint32_t)count;
    mutex_lock(&space.mutex);
    set_rest(index, index + 1, index + rest_count);
    set_kind(index, rest_count == 1 ? BLOCK_SMALL : BLOCK_LARGE);
    if (count == 1)
        set_kind(index - 1, BLOCK_SMALL);
    mutex_unlock(&space.mutex);
    return rest;
}

void block_join(Block *block, Block *behind) {
    size_t head = block_index(block), index = block_index(behind), count = behind->count;
    unpoison(behind, count * BLOCK_SIZE);
    mutex_lock(&space.mutex);
    set_kind(head, BLOCK_LARGE);
    set_rest(head, index, index + count);
    block->count += (uint32_t)count;
    block->fresh = false;
    mutex_unlock(&space.mutex);
}

void block_give_back(Block *block, size_t count) {
    size_t index = block_index(block);
    fetch_sub(&block->heap->held, count * BLOCK_SIZE);
    free(block->frozen);
    unpoison(block, count * BLOCK_SIZE);
    memory_discard(block, count * BLOCK_SIZE);
    mutex_lock(&space.mutex);
    for (size_t i = index; i < index + count; i++)
        set_kind(i, BLOCK_FREE);
    size_t low = 0, high = space.run_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (space.runs[middle].start < index)
            low = middle + 1;
        else
            high = middle;
    }
    bool joins_before = low > 0 && space.runs[low - 1].start + space.runs[low - 1].count == index;
    bool joins_after = low < space.run_count && space.runs[low].start == index + count;
    if (joins_before) {
        space.runs[low - 1].count += (uint32_t)count;
        if (joins_after) {
            space.runs[low - 1].count += space.runs[low].count;
            remove_run(low);
        }
    } else if (joins_after) {
        space.runs[low].start = (uint32_t)index;
        space.runs[low].count += (uint32_t)count;
    } else {
        insert_run(low, (FreeRun){(uint32_t)index, (uint32_t)count});
    }
    mutex_unlock(&space.mutex);
}

size_t bit_next(const uint64_t *bits, size_t from) {
    size_t word = from / 64;
    if (word >= BITMAP_WORDS)
        return BITMAP_WORDS * 64;
    uint64_t rest = bits[word] & ~UINT64_C(0) << (from % 64);
    while (rest == 0) {
        if (++word == BITMAP_WORDS)
            return BITMAP_WORDS * 64;
        rest = bits[word];
    }
    return word * 64 + (size_t)__builtin_ctzll(rest);
}

Object *block_find_cell(const Heap *heap, const void *p) {
    if (!in_block_space(p))
        return NULL;
    size_t index = block_index(p);
    BlockKind kind = load_acquire(&block_space.kinds[index]);
    if (kind == BLOCK_FREE)
        return NULL;
    Block *block = block_of(p);
    if (kind == BLOCK_LARGE_REST)
        block = (Block *)(block_space.start + (size_t)load_relaxed(&block_space.heads[index]) * BLOCK_SIZE);
    if (load_relaxed(&block->heap) != heap)
        return NULL;
    if (kind == BLOCK_SMALL || kind == BLOCK_LEAF) {
        size_t offset = (uintptr_t)p & (BLOCK_SIZE - 1);
        if (offset < CELLS_OFFSET || block->cell_size == 0)
            return NULL;
        offset = CELLS_OFFSET + (offset - CELLS_OFFSET) / block->cell_size * block->cell_size;
        Object *cell = (Object *)((char *)block + offset);
        return bit_test(block->live, offset / GRANULE) && cell->type ? cell : NULL;
    }
    Object *cell = (Object *)((char *)block + CELLS_OFFSET);
    return bit_test(block->live, CELLS_OFFSET / GRANULE) && cell->type ? cell : NULL;
}
