/* See arena.h. Blocks grow with the arena so that a large source file needs few of them. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 1024 * 1024, ALIGNMENT = 16 };

struct ArenaBlock {
    ArenaBlock *older;
    alignas(ALIGNMENT) char bytes[];
};

void arena_init(Arena *arena) {
    *arena = (Arena){};
}

static bool add_block(Arena *arena, size_t least) {
    size_t size = arena->total < FIRST_BLOCK ? FIRST_BLOCK : arena->total;
    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (size < least)
        size = least;
    if (size > SIZE_MAX - sizeof(ArenaBlock))
        return false;
    ArenaBlock *block = calloc(1, sizeof(ArenaBlock) + size);
    if (!block)
        return false;
    block->older = arena->blocks;
    arena->blocks = block;
    arena->next = block->bytes;
    arena->end = block->bytes + size;
    arena->total += size;
    return true;
}

void *arena_alloc(Arena *arena, size_t size) {
    if (size > SIZE_MAX - ALIGNMENT)
        return nullptr;
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if ((size_t)(arena->end - arena->next) < size && !add_block(arena, size))
        return nullptr;
    void *result = arena->next;
    arena->next += size;
    return result;
}

char *arena_copy(Arena *arena, const void *bytes, size_t size) {
    char *copy = size < SIZE_MAX ? arena_alloc(arena, size + 1) : nullptr;
    if (copy && size)
        memcpy(copy, bytes, size);
    return copy;
}

void arena_free(Arena *arena) {
    for (ArenaBlock *block = arena->blocks; block;) {
        ArenaBlock *older = block->older;
        free(block);
        block = older;
    }
    *arena = (Arena){};
}
