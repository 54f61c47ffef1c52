/* Shapes (hidden classes): which attribute of an instance lies in which slot.
 *
 * A type with TYPE_HAS_DICT gives its instances one word `extra` at type->slots_offset, followed by
 * type->inline_slots words. An instance in shape mode keeps attribute number i in inline word i, or, past the
 * inline words, in the Slots cell that `extra` points to. An instance in dictionary mode (its shape has
 * SHAPE_DICTIONARY) keeps its attributes in the dict that `extra` points to, if any: an assigned __dict__,
 * too many attributes, deleting many of them, names that are not str or a class that counts on another number of inline words
 * move it there. Then its cell may be too small for its class's inline words: nobody looks at them.
 * An instance in shape mode whose __dict__ was asked for has an attached dict, which its Slots cell refers to, and a shape with
 * SHAPE_ATTACHED: the attributes stay where they are, and the dict finds them there (types/dict/dict.h). What its shapes cannot
 * describe detaches the dict: it gets a table of its own, and the instance moves to dictionary mode. The dict does not keep the
 * instance alive, but its cell (trace_lender).
 * A shape belongs to one type and lists names in order of addition; adding a name goes to a child shape, and so does deleting
 * one, whose slot stays empty for good.
 * The shape id in an object's meta word is the guard of every inline cache: it identifies the type, the
 * version of its namespace and the layout of the instance. When an attribute is added to or removed from a
 * class (not when one is replaced), its shapes and those of its subclasses are retired: instances move to the
 * equivalent new shape on the next slow lookup. A retired shape goes when a full collection comes by no instance that has it. So
 * a Shape is good until the next safepoint: whoever comes from one looks at the object again, and so at its shape of now.
 *
 * Threads: shapes are immutable but for their table of children (isolate's type mutex), the flag that they are
 * retired, and what a retired one is linked to (below). They are freed while the world is stopped. Slots are never reassigned to another name, and an instance in dictionary mode stays in it. Reading takes no
 * lock: a reader looks at the shape, then at the slot; if the instance changed in between, an inline slot is empty, and
 * `extra` a dict, which a reader of a Slots cell tells by its type; then it starts over. Writing, growing, adding and
 * changing the mode or the class hold the object's lock, and look under it whether the shape is still the one that they
 * prepared for. An attached dict is read and written like its instance; detaching it first gives it its table, then takes the shape
 * away, so that who finds the shape gone finds the table. Attributes of `__slots__` are words of their own: they are written without a lock.
 */
#pragma once
#include "object/object.h"

typedef struct DictObject DictObject;

enum {
    SHAPE_DICTIONARY = 1,
    SHAPE_RETIRED = 2,
    SHAPE_ATTACHED = 4,
    SHAPE_LISTED = 8, /* retired, and in its class's list of these: it has no children */
};
enum { SHAPE_IDS = 1 << (32 - META_SHAPE_SHIFT) }; /* ids are below */
enum { SHAPE_INT = 1, SHAPE_FLOAT = 2 }; /* ids that stand for immediates in caches; 0 is never a shape */
enum { SHAPE_MAX_SLOTS = 64, SHAPE_MAX_HOLES = 8 };

struct Shape {
    uint32_t id;
    uint32_t flags;
    Type *type;
    struct Isolate *isolate; /* whose id it has */
    Shape *parent;   /* NULL: a root; of a listed one the next in the list. Atomic */
    Value name;      /* the name that this shape adds to its parent, or takes away (same count); absent in a root */
    uint32_t count;  /* slots in all */
    uint32_t holes;  /* slots of names that were deleted: they get no other name */
    uint32_t children_count, children_capacity; /* these three: isolate's type mutex */
    Shape **children;
    Value *names;    /* count names in order; absent: a hole */
    Shape *attached; /* the shape with the same names of instances with an attached dict; NULL: not made yet. Atomic */
    uint32_t used_in; /* the last full marking that came by an instance with it, if it was retired then: shape_note_use. Atomic */
};

typedef struct Slots {
    Object object;
    size_t capacity;
    Value dict; /* the attached one, or absent */
    Value items[];
} Slots;

Shape *shape_from_id(uint32_t id); /* of a shape that lives; NULL for 0 */
/* Whether there is no shape with this id any more. false: there is, or the number is none. */
bool shape_id_is_gone(uint32_t id);
/* World stopped, all has been marked; rested: no cache has an id that rests. */
void shapes_marked(Thread *t, bool rested);
/* A full collection if so many shapes were retired that one is due. */
void shape_collect_retired(Thread *t);
void shape_check(Object *o); /* of an object that lives: aborts if there is no shape of its id */
static inline uint32_t shape_id(Object *o) { return load_relaxed(&o->meta) >> META_SHAPE_SHIFT; }
static inline uint32_t shape_id_of_value(Value v) {
    return is_object(v) ? shape_id(as_object(v)) : is_small_int(v) ? SHAPE_INT : SHAPE_FLOAT;
}
static inline Shape *shape_of(Object *o) { return shape_from_id(shape_id(o)); }
static inline uint32_t shape_flags(const Shape *shape) { return load_relaxed(&shape->flags); }

Shape *shape_new_root(Thread *t, Type *type, uint32_t flags); /* NULL: MemoryError */
int shape_find(Shape *shape, Value name);                      /* slot index or -1 */
Shape *shape_add(Thread *t, Shape *shape, Value name);         /* the child; NULL: no room, use dictionary mode */
void shape_retire_one(Thread *t, Type *type);                  /* without its subclasses */
void shape_retire_type(Thread *t, Type *type);                 /* type and its subclasses get new root shapes */

/* Types whose instances vary in size (int, tuple, bytes, str) have the word at the very end of the cell, and no
 * inline slots. */
enum { SLOTS_AT_END = UINT32_MAX };
static inline Value *instance_extra(Object *o) {
    uint32_t offset = class_of(o)->slots_offset;
    return (Value *)((char *)o + (likely(offset != SLOTS_AT_END) ? offset : heap_cell_size(o) - sizeof(Value)));
}
static inline Value *instance_inline(Object *o) { return instance_extra(o) + 1; }

extern Type slots_type;

/* The Slots cell of an instance; NULL: none, or it has moved to dictionary mode. */
static inline Slots *instance_slots(Object *o) {
    Object *extra = (Object *)load(instance_extra(o)).bits;
    return extra && class_of(extra) == &slots_type ? (Slots *)extra : NULL;
}

/* Takes the object's lock if its shape is `id`. */
static inline bool object_lock_shape(Object *o, uint32_t id) {
    object_lock(o);
    if (likely(shape_id(o) == id))
        return true;
    object_unlock(o);
    return false;
}

/* The same as a single attempt, for the interpreter: false also when object_lock_slow is due. The lock is taken whether there are
 * other threads or not (object_unlock_taken). */
static inline bool object_try_lock_shape(Object *o, uint32_t id) {
    if (unlikely(!object_try_lock(o)))
        return false;
    if (likely(shape_id(o) == id))
        return true;
    object_unlock_taken(o);
    return false;
}

/* Gives the object another shape and lets go of its lock, as one. */
static inline void object_unlock_with_shape(Object *o, uint32_t id) {
    uint32_t meta = load_relaxed(&o->meta), now;
    do {
        now = (meta & ((1u << META_SHAPE_SHIFT) - 1)) | id << META_SHAPE_SHIFT;
        if (likely(!(meta & META_WAITERS)))
            now &= ~(uint32_t)META_LOCKED;
    } while (unlikely(!compare_exchange(&o->meta, &meta, now)));
    if (unlikely(meta & META_WAITERS))
        object_unlock_slow(o);
}

/* Attributes of the instance only, no class lookup. */
Value instance_get(Thread *t, Object *o, Value name);               /* absent without exception: not there */
bool instance_set(Thread *t, Object *o, Value name, Value value);
int instance_delete(Thread *t, Object *o, Value name);              /* 1 deleted, 0 not there, -1 error */
Value instance_dict(Thread *t, Object *o);                          /* the real __dict__ */
Value instance_dict_copy(Thread *t, Object *o);                     /* a new dict with the same contents */
bool instance_set_dict(Thread *t, Object *o, Value dict);
size_t instance_attribute_count(Object *o);
Shape *instance_shape(Thread *t, Object *o);      /* today's shape: a retired one is replaced first */
Shape *instance_refresh(Thread *t, Object *o);
void instance_trace(Tracer *tracer, Object *o);   /* for trace functions of static types with TYPE_HAS_DICT */
Slots *slots_new(Thread *t, size_t capacity);     /* NULL: MemoryError pending */

/* Of the dict that is attached to an instance. What returns ATTACHED_NOT has done nothing: it is attached no more, or is to be asked
 * again. */
typedef enum Attached { ATTACHED_NOT, ATTACHED_DONE, ATTACHED_ERROR } Attached;
Attached attached_get(DictObject *d, Value key, Value *value); /* key: a str; absent: it is not there */
/* With `existing` only if the key is not there, else *existing gets the present value. It may detach the dict, or make room, and do
 * nothing else. */
Attached attached_put(Thread *t, DictObject *d, Value key, Value value, Value *existing);
Attached attached_item(DictObject *d, size_t index, Value *key, Value *value); /* attribute number `index`; absent: there are fewer */
bool attached_clear(DictObject *d);                            /* detaches it, and it is empty; false: it is attached no more */
Value attached_copy(Thread *t, DictObject *d);                 /* a new dict; absent without an exception: it is attached no more */
bool dict_detach(Thread *t, DictObject *d);                    /* if it is attached. false: MemoryError */
