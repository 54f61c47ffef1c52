/* A bump arena: many small allocations, freed together.
 *
 * Memory comes zeroed and aligned to 16 bytes. Nothing is freed before the whole arena is. The collector does
 * not look into an arena: whoever stores `Value`s there keeps them alive elsewhere.
 * Threading: an arena belongs to one thread at a time. */
#ifndef KRAIT_BASE_ARENA_H
#define KRAIT_BASE_ARENA_H

#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *blocks; /* newest first */
    char *next;
    char *end;
    size_t total; /* bytes taken from the C allocator */
} Arena;

void arena_init(Arena *arena);

/* NULL when the C allocator has no memory left; the arena stays usable. */
[[nodiscard]] void *arena_alloc(Arena *arena, size_t size);

/* A copy of `size` bytes with a zero byte after them, or NULL. */
[[nodiscard]] char *arena_copy(Arena *arena, const void *bytes, size_t size);

void arena_free(Arena *arena);

#endif
