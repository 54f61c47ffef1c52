/* Prompt finalization, the collector's part: what died with an object of which the program let go (drop.c). */
#pragma once
#include "heap/heap.h"

typedef enum Dropped {
    DROPPED_NOTHING,
    DROPPED_ALL,  /* all that died with it: weak references were cleared */
    DROPPED_SOME, /* finalizers have run: look again for what they kept */
} Dropped;

typedef struct DropLook {
    Generation generation; /* of what was let go of: of old objects all must be marked, of young ones no more than the young */
    Object *const *let_go; /* NULL: look for any young one with a finalizer, from the one with this number on */
    size_t count, from;
    size_t collections; /* heap_collection_count when let_go was known to be there: not after another one */
    bool again;   /* after DROPPED_SOME */
    bool last;    /* no finalizer is to run any more: the weak references to what has run its own are to go */
    size_t cost;  /* about how many cells were looked at */
    size_t next;  /* how many objects have finalizers */
    bool alive;   /* some of what was let go of */
    bool awaited; /* some with a finalizer are young and alive */
} DropLook;

/* Looks whether what was let go of is dead, and whatever else the death of can be noticed, and runs what is due then. Nothing that only
 * the calling thread's C stack below ht->stack_entry refers to counts as alive. Runs Python code. */
Dropped heap_look(Thread *t, DropLook *look);
void heap_drop_target(Thread *t, Object *o); /* nothing refers to o any more but weak references: calls their callbacks */
size_t heap_cost_of_full_look(Heap *heap); /* about */
bool heap_is_young(Heap *heap, Object *o); /* a cell of this heap that did not survive a collection yet */
bool heap_awaits_death(Thread *t); /* some young object has a finalizer or is weakly referenced, and may live */
size_t heap_young_bytes(Heap *heap); /* about what was allocated since the last collection */
size_t heap_collection_count(Heap *heap);
bool heap_program_runs(Heap *heap); /* heap_begin_watch was called */
uint64_t heap_allocated_in_all(Heap *heap); /* bytes, since the heap exists, about */
bool tracer_only_looks(const Tracer *tracer); /* nothing will be freed after this marking */
