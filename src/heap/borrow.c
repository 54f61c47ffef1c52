/* Cells that use the memory of another without keeping it alive: the dict of an instance, whose values lie in the instance.
 *
 * While the borrower lives, so does the lender's cell, and what it refers to (the borrower's trace function sees to that). But the
 * lender counts as dead: weak references to it are cleared and its finalizer runs, and only when that is done, and it would be
 * freed, is it marked after all.
 *
 * Threads: the list is guarded by the heap's mutex, and read in a stopped world. A borrower that needs its lender no longer clears the
 * word that refers to it, at any time.
 */
#include "heap/internal.h"

#include <stdlib.h>

struct Borrowing {
    Object *borrower;
    Object **lender;
};

bool heap_register_borrower(Thread *t, Object *borrower, Object **lender) {
    Heap *heap = heap_thread(t)->heap;
    bool added = true;
    mutex_lock(&heap->mutex);
    if (heap->borrowings_count == heap->borrowings_capacity) {
        size_t capacity = heap->borrowings_capacity ? heap->borrowings_capacity * 2 : 64;
        struct Borrowing *borrowings = realloc(heap->borrowings, capacity * sizeof *borrowings);
        added = borrowings != NULL;
        if (added) {
            heap->borrowings = borrowings;
            heap->borrowings_capacity = capacity;
        }
    }
    if (added)
        heap->borrowings[heap->borrowings_count++] = (struct Borrowing){borrower, lender};
    mutex_unlock(&heap->mutex);
    return added;
}

/* A lender that survives may refer to further borrowers: so until none is found. An old borrower's lender is old. */
void borrowings_sweep(Heap *heap, Tracer *tracer, Generation generation) {
    size_t first = generation == GENERATION_FULL ? 0 : heap->borrowings_old, kept;
    for (bool found = true; found;) {
        found = false;
        for (size_t i = first; i < heap->borrowings_count; i++) {
            struct Borrowing *b = &heap->borrowings[i];
            if (!is_marked(b->borrower) || !*b->lender || is_marked(*b->lender))
                continue;
            trace_object(tracer, *b->lender);
            found = true;
        }
        heap_drain(heap, tracer);
    }
    kept = first;
    for (size_t i = first; i < heap->borrowings_count; i++) {
        struct Borrowing *b = &heap->borrowings[i];
        if (is_marked(b->borrower) && *b->lender)
            heap->borrowings[kept++] = *b;
    }
    heap->borrowings_old = heap->borrowings_count = kept;
}
