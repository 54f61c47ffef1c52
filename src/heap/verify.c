/* Checks of the heap and poisoning of dead cells, for the variants that look for errors; elsewhere these are nothing.
 *
 * After marking, every marked cell may refer to marked cells only, and is what heap_hooks.check expects. Where a young collection breaks that, a store into
 * an old cell went past the write barrier; the report names both types. What is not private may refer to
 * nothing that is. Dead cells are filled with a pattern (and, under AddressSanitizer, made inaccessible), so that the use of one is seen
 * where it happens.
 *
 * Threads: everything here runs while the world is stopped, but for unpoison, on memory that the caller owns.
 */
#include "heap/internal.h"

#ifdef HEAP_CHECKS
#include <stdlib.h>
#include <string.h>
#ifdef HEAP_ASAN
#include <sanitizer/asan_interface.h>
#endif

/* Of a huge cell only the start is filled, since it may have many pages that were never touched. */
enum { POISON = 0xDB, POISONED = 1 << 20 };

/* Both are Type structs of object/: the name stands first after the head. */
static const char *type_name(Object *o) { return *(const char **)(type_head(o) + 1); }

/* What is private to a thread is referred to by what is private to it (publish.h). */
static void must_be_reached_by(void *context, Object *o) {
    Object *owner = context;
    uint32_t private_to = heap_private_to(o);
    if (!private_to || load_relaxed(&owner->owner) == private_to)
        return;
    fprintf(stderr, "krait: heap: %s at %p refers to %s at %p, which is private to thread number %u: not published?\n",
            type_name(owner), (void *)owner, o->type ? type_name(o) : "a cell without type", (void *)o, private_to);
    abort();
}

static void must_be_marked(void *context, Object *o) {
    if (!in_block_space(o) || is_marked(o))
        return;
    Object *owner = context;
    fprintf(stderr, "krait: heap: live %s at %p refers to dead cell at %p (%s): a store without write barrier?\n",
            type_name(owner), (void *)owner, (void *)o, o->type ? type_name(o) : "without type");
    abort();
}

void verify_block(Heap *heap, Block *block, void *context) {
    for (size_t i = bit_next(block->mark, 0); i < BITMAP_WORDS * 64; i = bit_next(block->mark, i + 1)) {
        Object *o = (Object *)((char *)block + i * GRANULE);
        Tracer tracer = {.heap = heap, .visit = must_be_marked, .context = o};
        must_be_marked(o, (Object *)o->type);
        heap_hooks.check(o);
        if (!type_head(o)->trace)
            continue;
        type_head(o)->trace(&tracer, o);
        if (!runs_alone()) {
            Tracer looking = {.heap = heap, .visit = must_be_reached_by, .context = o, .publishes = true};
            type_head(o)->trace(&looking, o);
        }
    }
}

void poison_dead(Block *block) {
    size_t size = block->cell_size ? block->cell_size : (size_t)block->count * BLOCK_SIZE - CELLS_OFFSET;
    for (size_t i = bit_next(block->live, 0); i < BITMAP_WORDS * 64; i = bit_next(block->live, i + 1)) {
        if (bit_test(block->mark, i))
            continue;
        char *cell = (char *)block + i * GRANULE;
        memset(cell, POISON, size < POISONED ? size : POISONED);
#ifdef HEAP_ASAN
        ASAN_POISON_MEMORY_REGION(cell, size);
#endif
    }
}

void unpoison(void *start, size_t size) {
#ifdef HEAP_ASAN
    ASAN_UNPOISON_MEMORY_REGION(start, size);
#endif
}
#endif
