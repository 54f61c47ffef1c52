/* What every cell in the heap looks like, and all that the collector knows of its type.
 *
 * Threads: `type` changes only by `__class__` assignment (release store); `meta` is shared by mutators
 * (lock, shape) and the collector (flags) and is only changed by atomic read-modify-write once an object is
 * published; `owner` is written by the thread that it stands for, anybody may look whether it stands for himself.
 */
#pragma once
#include "base/atomic.h"

typedef struct Thread Thread;
typedef struct Heap Heap;
typedef struct Type Type;
typedef struct Tracer Tracer;

/* One word: a small int, a float, a pointer to an Object, or nothing. A struct, so that the C compiler
 * catches a mix-up with an integer. object/value.h has the encodings. All bits zero is "no value": zeroed
 * memory is always safe to trace. */
typedef struct Value {
    uintptr_t bits;
} Value;

static inline bool is_pointer_bits(uintptr_t bits) { return (bits & 3) == 0 && bits != 0; }

typedef struct Object {
    uint32_t owner; /* the number of the thread to which it is private (heap/publish.h), all from 2**31 on. Of a published one references
                     * held by C extensions can be counted here; so far it is 0 */
    uint32_t meta; /* shape id << 8 | flags */
    Type *type;
} Object;

enum {
    META_LOCKED = 1 << 0,     /* the object's lock is held */
    META_WAITERS = 1 << 1,    /* and somebody sleeps on it */
    META_OLD = 1 << 2,        /* survived a collection, not yet in the remembered set: stores must log it */
    META_WEAKREFS = 1 << 3,   /* weak references to this object exist */
    META_FINALIZED = 1 << 4,  /* its __del__ has run: it will not run again */
    META_IMMORTAL = 1 << 5,   /* static or made at start-up: never traced, never freed, never stored into */
    META_FLAG_A = 1 << 6,     /* free for the object's own type (str: interned; type: has finalizer) */
    META_FLAG_B = 1 << 7,     /* free for the object's own type */
    META_APPENDED = META_FLAG_B, /* of types with trace_from: logged by store_appended */
    META_SHAPE_SHIFT = 8,
};

/* Every Type starts with this. */
typedef struct TypeHead {
    Object object;
    /* Reports every reference in the cell to the tracer; NULL: the cell holds none. Never allocates, never
     * fails, takes no lock: all threads are stopped. */
    void (*trace)(Tracer *tracer, Object *o);
    /* Releases what the cell owns outside the heap (memory, descriptors) just before it is freed. May run
     * on any thread, may touch no other cell. NULL for most. Cells of such types are made with
     * heap_allocate_finalizable. */
    void (*release)(Object *o);
    uint32_t cell_flags;
    uint32_t instance_meta; /* `meta` of new cells: their shape id in place */
    void (*trace_from)(Tracer *tracer, Object *o, const Value *from); /* as trace, but from that word on: for store_appended */
} TypeHead;

enum {
    CELL_INTERNAL = 1 << 0,  /* a buffer or table: never shown to Python code */
    CELL_UNTRACKED = 1 << 1, /* what gc.is_tracked says is false for: atoms */
    CELL_READY = 1 << 2,     /* a built-in type that may have instances (set by type_ready, object/type.h) */
};

/* For assertions: cells are made of types that know the shape of their instances; internal cells need none. */
static inline bool may_have_cells(Type *type) {
    TypeHead *head = (TypeHead *)type;
    return load_relaxed(&head->instance_meta) != 0 || load_relaxed(&head->cell_flags) & CELL_INTERNAL;
}

static inline TypeHead *type_head(Object *o) { return (TypeHead *)o->type; }
