/* Blocks of 64 KiB, and the address range that they come from. Internal to heap/.
 *
 * Threads: the block space is guarded by its own mutex; kinds, heads and the heap of a block are atomic words, since collectors read
 * them without it. A block of small cells is written by the thread that allocates from it, and by the collector while the world is stopped.
 */
#pragma once
#include "base/lock.h"
#include "heap/safepoint.h"

enum {
    BLOCK_SIZE = 1 << 16,
    GRANULE = 16,
    BITMAP_WORDS = BLOCK_SIZE / GRANULE / 64,
    LARGEST_SMALL = 64448,
    CLEARED_IN_RUNS = 1024, /* larger cells are cleared one by one, when they are handed out */
};

/* BLOCK_LEAF: small cells that never refer to others, so that marking them touches no more than the block's bits. */
typedef enum BlockKind { BLOCK_FREE, BLOCK_SMALL, BLOCK_LEAF, BLOCK_LARGE, BLOCK_LARGE_REST } BlockKind;

typedef struct Block {
    Heap *heap;
    uint32_t cell_size;   /* small cells: bytes of each */
    uint32_t count;       /* how many blocks the run has; more than one: a large cell */
    uint32_t next_sweep;  /* byte offset in the block up to which free runs were handed out */
    bool fresh;           /* never used since it was zero: needs no clearing */
    bool touched;         /* allocated from since the last collection: on a list of those */
    bool ambiguous;       /* sweeping: holds what will be young again */
    uint8_t size_class;   /* small cells: which list of the heap the block is on; some classes have the same size */
    uint32_t position;    /* in the heap's list of blocks of this class */
    uint32_t user;        /* which thread allocated from it last: its memory is in that one's cache */
    size_t kept;          /* bytes of cells that survived the last collection */
    size_t usable;        /* large cell: bytes of it that were asked for, rounded up */
    uint64_t mark[BITMAP_WORDS];
    uint64_t live[BITMAP_WORDS];
    uint64_t *frozen;     /* NULL, or a bitmap: gc.freeze */
    struct Block *next;   /* on a thread's list */
} Block;

enum { CELLS_OFFSET = (sizeof(Block) + GRANULE - 1) / GRANULE * GRANULE };

typedef struct BlockSpace {
    char *start, *end; /* the reserved range */
    uint8_t *kinds;    /* BlockKind of every block in the range */
    uint32_t *heads;   /* for BLOCK_LARGE_REST: index of the first block */
} BlockSpace;
extern BlockSpace block_space; /* constant after block_space_start, but for the tables, written under its mutex */

bool block_space_start(void);
void block_space_fork_lock(void);
void block_space_fork_unlock(void);
Block *block_take(Heap *heap, size_t count); /* zeroed but perhaps for small single blocks: see `fresh` */
bool block_extend(Block *block, size_t count); /* a large cell's run gets longer, if what follows is free */
Block *block_split(Block *block, size_t count); /* shortens an empty run to `count`; the rest, a run of its own */
void block_join(Block *block, Block *behind);   /* the empty run behind it becomes a part of a large cell's; not fresh any more */
void block_give_back(Block *block, size_t count);

static inline Block *block_of(const void *p) { return (Block *)((uintptr_t)p & ~(uintptr_t)(BLOCK_SIZE - 1)); }
static inline size_t block_index(const void *p) { return (size_t)((const char *)p - block_space.start) / BLOCK_SIZE; }
static inline bool in_block_space(const void *p) {
    return (size_t)((const char *)p - block_space.start) < (size_t)(block_space.end - block_space.start);
}
static inline size_t granule_of(const void *p) { return ((uintptr_t)p & (BLOCK_SIZE - 1)) / GRANULE; }
static inline bool bit_test(const uint64_t *bits, size_t i) { return load_relaxed(&bits[i / 64]) >> (i % 64) & 1; }
static inline void bit_set(uint64_t *bits, size_t i) { bits[i / 64] |= UINT64_C(1) << (i % 64); }
static inline void bit_clear(uint64_t *bits, size_t i) { bits[i / 64] &= ~(UINT64_C(1) << (i % 64)); }
size_t bit_next(const uint64_t *bits, size_t from); /* index of the next set bit, or BITMAP_WORDS*64 */
/* The live cell of the heap that p points to or into; NULL: none. The heap's world is stopped. A word may point into a block that
 * another heap, whose world goes on, uses, takes or gives back: of such a block only what is atomic is read, its kind, head and heap. */
Object *block_find_cell(const Heap *heap, const void *p);
