/* Shapes and the attributes of instances; see shape.h.
 *
 * A shape's names are kept alive by its type's trace function, which walks the tree from the type's root shapes.
 * An inline cache may outlive the shape that it was made for, so the id of a shape that is gone rests until a full collection
 * has looked at all caches and emptied those that have it; then it is given to another shape. Entries of the table whose ids
 * rest or are free form two lists. An isolate takes ids in runs, which go back when it is freed with all its caches.
 */
#include "object/shape.h"

#include "base/memory.h"
#include "object/errors.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/str/str.h"

#include <assert.h>
#include <stdlib.h>

enum { ID_RUN = 256, MAX_INLINE = 30 }; /* the first run of ids is left out: 0 is no shape, some are special */
enum { MOST_RESTING = 1 << 16 };         /* ids that rest without a full collection being asked for */

/* Reserved range, indexed by id; an entry is written before its id is published. Where there is no shape: absent, or a list's
 * next id as link_to() makes it. */
static Shape **shape_table;
static Shape *link_to(uint32_t next) { return (Shape *)((uintptr_t)next << 1 | 1); }
static uint32_t linked(const Shape *entry) { return (uint32_t)((uintptr_t)entry >> 1); }
static bool is_shape(const Shape *entry) { return entry && !((uintptr_t)entry & 1); }

/* Which runs of ids isolates have. */
static struct {
    Mutex mutex;
    uint32_t next; /* runs from here on were never taken */
    uint32_t *given_back;
    size_t count, capacity;
} id_runs = {.next = 1};

bool shape_table_start(void) {
    shape_table = memory_reserve(SHAPE_IDS * sizeof(Shape *), 4096);
    return shape_table != NULL;
}

Shape *shape_from_id(uint32_t id) { return load_acquire(&shape_table[id]); }

void shapes_fork_lock(void) { mutex_lock(&id_runs.mutex); }
void shapes_fork_unlock(void) { mutex_unlock(&id_runs.mutex); }

/* The number of a run; 0: all are taken. */
static uint32_t take_run(void) {
    mutex_lock(&id_runs.mutex);
    uint32_t run = id_runs.count ? id_runs.given_back[--id_runs.count] : id_runs.next < SHAPE_IDS / ID_RUN ? id_runs.next++ : 0;
    mutex_unlock(&id_runs.mutex);
    return run;
}

void shape_ids_release(Isolate *isolate) {
    struct ShapeIds *mine = &isolate->shape_ids;
    mutex_lock(&id_runs.mutex);
    size_t needed = id_runs.count + mine->count;
    if (needed > id_runs.capacity) {
        size_t capacity = needed * 2;
        uint32_t *given_back = realloc(id_runs.given_back, capacity * sizeof *given_back);
        if (given_back) {
            id_runs.given_back = given_back;
            id_runs.capacity = capacity;
        }
    }
    if (needed <= id_runs.capacity) { /* else these ids are lost, nothing more */
        memcpy(id_runs.given_back + id_runs.count, mine->runs, mine->count * sizeof *mine->runs);
        id_runs.count = needed;
    }
    mutex_unlock(&id_runs.mutex);
    free(mine->runs);
}

/* 0: there is none left, or no memory. */
static uint32_t next_id(Isolate *isolate) {
    struct ShapeIds *mine = &isolate->shape_ids;
    uint32_t id = 0;
    mutex_lock(&mine->mutex);
    if (mine->free) {
        id = mine->free;
        mine->free = linked(shape_table[id]);
        mutex_unlock(&mine->mutex);
        return id;
    }
    if (mine->next == mine->end) {
        uint32_t *runs = realloc(mine->runs, (mine->count + 1) * sizeof *runs);
        uint32_t run = runs ? take_run() : 0;
        if (runs)
            mine->runs = runs;
        if (run) {
            mine->runs[mine->count++] = run;
            mine->next = run * ID_RUN;
            mine->end = mine->next + ID_RUN;
        }
    }
    if (mine->next != mine->end)
        id = mine->next++;
    mutex_unlock(&mine->mutex);
    return id;
}

/* The shape with this id is gone. */
static void let_id_rest(Isolate *isolate, uint32_t id) {
    struct ShapeIds *mine = &isolate->shape_ids;
    mutex_lock(&mine->mutex);
    if (!mine->resting)
        mine->last_resting = id;
    store_release(&shape_table[id], link_to(mine->resting));
    mine->resting = id;
    bool many = ++mine->resting_count >= MOST_RESTING;
    mutex_unlock(&mine->mutex);
    if (many)
        heap_collect_fully_next(isolate->heap);
}

bool shape_id_is_gone(uint32_t id) {
    return id >= ID_RUN && id < SHAPE_IDS && !is_shape(load_acquire(&shape_table[id]));
}

void shape_ids_rested(Thread *t) {
    struct ShapeIds *mine = &t->isolate->shape_ids;
    mutex_lock(&mine->mutex);
    if (mine->resting) {
        store_release(&shape_table[mine->last_resting], link_to(mine->free));
        mine->free = mine->resting;
        mine->resting = mine->resting_count = 0;
    }
    mutex_unlock(&mine->mutex);
}

/* Static types are made ready by any isolate, but stay when it is gone: the ids of their shapes are the main isolate's. */
static Isolate *owner_of_ids(Thread *t, const Type *type) {
    return type->flags & TYPE_HEAP || !object_type.root_shape ? t->isolate : shape_from_id(object_type.root_shape)->isolate;
}

/* A shape that adds `name` to `parent`, or has a hole where the parent has it in slot `removed`; parent NULL: a root. */
enum { NONE_REMOVED = -1 };
static Shape *shape_allocate(Thread *t, Type *type, uint32_t flags, Shape *parent, Value name, int removed) {
    uint32_t count = parent ? parent->count + (removed == NONE_REMOVED) : 0;
    Isolate *isolate = owner_of_ids(t, type);
    uint32_t id = next_id(isolate);
    Shape *shape = id ? calloc(1, sizeof *shape) : NULL;
    Value *names = shape && count ? calloc(count, sizeof(Value)) : NULL;
    if (!shape || (count && !names)) {
        free(shape);
        if (id)
            let_id_rest(isolate, id);
        return NULL;
    }
    shape->id = id;
    shape->flags = flags;
    shape->type = type;
    shape->isolate = isolate;
    shape->count = count;
    shape->names = names;
    if (parent) {
        shape->parent = parent;
        if (parent->count)
            memcpy(shape->names, parent->names, parent->count * sizeof(Value));
        shape->name = name;
        shape->names[removed == NONE_REMOVED ? parent->count : (uint32_t)removed] = removed == NONE_REMOVED ? name : NO_VALUE;
        shape->holes = parent->holes + (removed != NONE_REMOVED || absent(name));
    }
    store_release(&shape_table[id], shape);
    return shape;
}

Shape *shape_new_root(Thread *t, Type *type, uint32_t flags) {
    Shape *shape = shape_allocate(t, type, flags, NULL, NO_VALUE, NONE_REMOVED);
    if (!shape)
        raise_no_memory(t);
    return shape;
}

int shape_find(Shape *shape, Value name) {
    for (uint32_t i = 0; i < shape->count; i++)
        if (same(shape->names[i], name))
            return (int)i;
    return -1;
}

static Shape *find_child(Shape *shape, Value name, int removed) {
    uint32_t count = shape->count + (removed == NONE_REMOVED);
    for (uint32_t i = 0; i < shape->children_count; i++)
        if (same(shape->children[i]->name, name) && shape->children[i]->count == count)
            return shape->children[i];
    return NULL;
}

static Shape *add_child(Thread *t, Shape *shape, Value name, int removed) {
    assert(mutex_held(&t->isolate->type_mutex));
    Shape *child = find_child(shape, name, removed);
    if (child)
        return child;
    if (shape->children_count == shape->children_capacity) {
        uint32_t capacity = shape->children_capacity ? shape->children_capacity * 2 : 2;
        Shape **children = realloc(shape->children, capacity * sizeof *children);
        if (!children)
            return NULL;
        shape->children = children;
        shape->children_capacity = capacity;
    }
    child = shape_allocate(t, shape->type, shape->flags, shape, name, removed);
    if (!child)
        return NULL;
    shape->children[shape->children_count++] = child;
    store_many(shape->type);
    return child;
}

Shape *shape_add(Thread *t, Shape *shape, Value name) {
    if (shape->count >= SHAPE_MAX_SLOTS || !(shape->type->flags & TYPE_HEAP))
        return NULL;
    mutex_lock(&t->isolate->type_mutex);
    Shape *child = add_child(t, shape, name, NONE_REMOVED);
    mutex_unlock(&t->isolate->type_mutex);
    return child;
}

/* The shape without the name in slot `index`. NULL: no room, use dictionary mode. */
static Shape *shape_remove(Thread *t, Shape *shape, int index) {
    if (shape->holes >= SHAPE_MAX_HOLES || !(shape->type->flags & TYPE_HEAP))
        return NULL;
    mutex_lock(&t->isolate->type_mutex);
    Shape *child = add_child(t, shape, shape->names[index], index);
    mutex_unlock(&t->isolate->type_mutex);
    return child;
}

void shape_trace(Tracer *tracer, Shape *shape) {
    trace_value(tracer, shape->name);
    for (uint32_t i = 0; i < shape->children_count; i++)
        shape_trace(tracer, shape->children[i]);
}

void shape_free(Shape *shape) {
    for (uint32_t i = 0; i < shape->children_count; i++)
        shape_free(shape->children[i]);
    let_id_rest(shape->isolate, shape->id);
    free(shape->children);
    free(shape->names);
    free(shape);
}

static void retire(Shape *shape) {
    store_relaxed(&shape->flags, shape_flags(shape) | SHAPE_RETIRED);
    for (uint32_t i = 0; i < shape->children_count; i++)
        retire(shape->children[i]);
}

/* Gives the type fresh root shapes; the old tree stays for instances that still have it. */
static bool renew(Thread *t, Type *type) {
    TypeExtra *extra = type->extra;
    bool has_dict = type->flags & TYPE_HAS_DICT;
    Shape *root = shape_new_root(t, type, 0);
    Shape *dictionary = has_dict && root ? shape_new_root(t, type, SHAPE_DICTIONARY) : NULL;
    if (!root || (has_dict && !dictionary)) {
        if (root)
            shape_free(root);
        return false;
    }
    mutex_lock(&t->isolate->type_mutex);
    for (int i = 0; i < 2; i++) {
        Shape *old = i ? extra->dictionary_shape : extra->root;
        if (!old)
            continue;
        retire(old);
        store_relaxed(&old->parent, extra->retired); /* a root's parent word links the retired roots */
        extra->retired = old;
    }
    store_release(&extra->root, root);
    store_release(&extra->dictionary_shape, dictionary);
    store_relaxed(&type->root_shape, root->id);
    store_release(&type->head.instance_meta, root->id << META_SHAPE_SHIFT);
    mutex_unlock(&t->isolate->type_mutex);
    return true;
}

bool shape_start_type(Thread *t, Type *type) {
    if (type->flags & TYPE_HEAP)
        return renew(t, type);
    /* Static types are shared by isolates, names of attributes are not: their instances are never in shape mode. */
    Shape *root = shape_new_root(t, type, type->flags & TYPE_HAS_DICT ? SHAPE_DICTIONARY : 0);
    if (!root)
        return false;
    type->root_shape = root->id;
    type->head.instance_meta = root->id << META_SHAPE_SHIFT;
    return true;
}

void shape_retire_type(Thread *t, Type *type) {
    if (!(type->flags & TYPE_HEAP) || !type->extra || !load_acquire(&type->extra->root))
        return;
    if (!renew(t, type)) {
        /* Out of ids or memory: the shapes stay, but no cache believes them any more. */
        error_clear(t);
        mutex_lock(&t->isolate->type_mutex);
        retire(type->extra->root);
        if (type->extra->dictionary_shape)
            retire(type->extra->dictionary_shape);
        mutex_unlock(&t->isolate->type_mutex);
    }
    type_each_subclass(t, type, shape_retire_type);
}

/* Instances */

static void publish_shape(Object *o, Shape *shape) {
    uint32_t meta = load_relaxed(&o->meta);
    while (!compare_exchange(&o->meta, &meta, (meta & ((1u << META_SHAPE_SHIFT) - 1)) | shape->id << META_SHAPE_SHIFT))
        ;
}

Shape *instance_shape(Thread *t, Object *o) {
    Shape *shape = shape_of(o);
    return likely(!(shape_flags(shape) & SHAPE_RETIRED)) ? shape : instance_refresh(t, o);
}

static Shape *dictionary_shape(Type *type) {
    return type->flags & TYPE_HEAP ? load_acquire(&type->extra->dictionary_shape) : shape_from_id(load_relaxed(&type->root_shape));
}

/* Moves an instance with a retired shape to the equivalent one of today. */
Shape *instance_refresh(Thread *t, Object *o) {
    Shape *old = shape_of(o);
    Type *type = class_of(o);
    Shape *now = shape_flags(old) & SHAPE_DICTIONARY ? dictionary_shape(type) : load_acquire(&type->extra->root);
    for (uint32_t i = 0; now && i < old->count; i++)
        now = shape_add(t, now, old->names[i]);
    if (!now)
        return old; /* no memory for it: the old one still describes the layout */
    object_lock(o);
    if (shape_of(o) == old)
        publish_shape(o, now);
    object_unlock(o);
    return shape_of(o);
}

/* Where attribute `index` lies. NULL: the instance has left shape mode, or its slots are not grown yet. */
static Value *slot_address(Object *o, uint32_t index) {
    uint32_t inline_slots = class_of(o)->inline_slots;
    if (index < inline_slots)
        return instance_inline(o) + index;
    Slots *slots = instance_slots(o);
    return slots && index - inline_slots < slots->capacity ? &slots->items[index - inline_slots] : NULL;
}

static bool in_dictionary_mode(Object *o) { return shape_flags(shape_of(o)) & SHAPE_DICTIONARY; }

Value instance_get(Thread *t, Object *o, Value name) {
    for (;;) {
        Shape *shape = instance_shape(t, o);
        if (shape_flags(shape) & SHAPE_DICTIONARY) {
            Value dict = load(instance_extra(o));
            return absent(dict) ? NO_VALUE : str_is_interned(name) ? dict_get_name(t, dict, name) : dict_get(t, dict, name);
        }
        int index = shape_find(shape, name);
        if (index < 0)
            return NO_VALUE;
        Value *slot = slot_address(o, (uint32_t)index), value = slot ? load(slot) : NO_VALUE;
        if (likely(present(value)))
            return value;
    }
}

/* Gives an instance of this shape a larger Slots cell than `old`. false: no memory; true also when it has changed. */
static bool grow_slots(Thread *t, Object *o, Shape *shape, Slots *old) {
    size_t needed = shape->count - class_of(o)->inline_slots + 1;
    Slots *slots = slots_new(t, needed < 4 ? 4 : needed * 2);
    if (!slots)
        return false;
    if (object_lock_shape(o, shape->id)) {
        if (instance_slots(o) == old) {
            if (old)
                memcpy(slots->items, old->items, old->capacity * sizeof(Value));
            store_many(slots);
            store(o, instance_extra(o), from_object(slots));
        }
        object_unlock(o);
    }
    return true;
}

static void slots_trace(Tracer *tracer, Object *o) {
    Slots *slots = (Slots *)o;
    trace_values(tracer, slots->items, slots->capacity);
}

STATIC_TYPE(slots_type) = {
    STATIC_TYPE_HEAD(slots_trace, NULL),
    .head.cell_flags = CELL_INTERNAL,
    .name_text = "slots",
    .base_static = &object_type,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(Slots),
};

Slots *slots_new(Thread *t, size_t capacity) {
    if (capacity > (SIZE_MAX - sizeof(Slots)) / sizeof(Value) / 2) {
        raise_no_memory(t);
        return NULL;
    }
    size_t size = sizeof(Slots) + capacity * sizeof(Value);
    Slots *slots = heap_allocate(t, &slots_type, size);
    if (slots)
        slots->capacity = capacity;
    return slots;
}

/* What all isolates share may refer to nothing in the heap of one: str.__dict__['maketrans']. */
static bool takes_attributes(Thread *t, Object *o) {
    if (likely(!(load_relaxed(&o->meta) & META_IMMORTAL)))
        return true;
    Value self = {(uintptr_t)o};
    raise_error(t, &AttributeError_type, "this '%T' object is a built-in type's and takes no attributes: all interpreters share it", self);
    return false;
}

static bool dictionary_set(Thread *t, Object *o, Value name, Value value) {
    if (!takes_attributes(t, o))
        return false;
    Value dict = instance_dict(t, o);
    return present(dict) && dict_set(t, dict, name, value);
}

/* Stores into slot `index` of an instance of this shape; with `child` it has that shape then. false: it has changed, or
 * the slot is not there. */
static bool store_slot(Object *o, Shape *shape, uint32_t index, Value value, Shape *child) {
    if (!object_lock_shape(o, shape->id))
        return false;
    Value *slot = slot_address(o, index);
    if (slot) {
        store(index < class_of(o)->inline_slots ? o : &instance_slots(o)->object, slot, value);
        if (child)
            publish_shape(o, child);
    }
    object_unlock(o);
    return slot != NULL;
}

bool instance_set(Thread *t, Object *o, Value name, Value value) {
    for (;;) {
        Shape *shape = instance_shape(t, o), *child = NULL;
        if (shape_flags(shape) & SHAPE_DICTIONARY)
            return dictionary_set(t, o, name, value);
        int index = shape_find(shape, name);
        if (index < 0) {
            child = is_exactly(name, &str_type) && str_is_interned(name) ? shape_add(t, shape, name) : NULL;
            if (!child)
                return dictionary_set(t, o, name, value);
            index = (int)shape->count;
            if (!slot_address(o, shape->count) && !grow_slots(t, o, shape, instance_slots(o)))
                return false;
        }
        if (likely(store_slot(o, shape, (uint32_t)index, value, child)))
            return true;
    }
}

/* The attributes of an instance of this shape as a dict. *valid: false if it changed meanwhile. */
static Value slots_to_dict(Thread *t, Object *o, Shape *shape, bool *valid) {
    Value dict = TRY(dict_new_sized(t, shape->count - shape->holes));
    *valid = true;
    for (uint32_t i = 0; i < shape->count && *valid; i++) {
        if (absent(shape->names[i]))
            continue;
        Value *slot = slot_address(o, i), value = slot ? load(slot) : NO_VALUE;
        *valid = present(value);
        CHECK(!*valid || dict_set(t, dict, shape->names[i], value));
    }
    return dict;
}

Value instance_dict_copy(Thread *t, Object *o) {
    for (;;) {
        Shape *shape = instance_shape(t, o);
        if (shape_flags(shape) & SHAPE_DICTIONARY) {
            Value dict = load(instance_extra(o));
            return present(dict) ? dict_copy(t, dict) : dict_new(t);
        }
        bool valid;
        Value dict = TRY(slots_to_dict(t, o, shape, &valid));
        if (likely(valid))
            return dict;
    }
}

/* Whether the dict still has what the slots have. The object's lock is held. */
static bool slots_match(Object *o, Shape *shape, Value dict) {
    assert(lock_held(o));
    for (uint32_t i = 0; i < shape->count; i++) {
        if (absent(shape->names[i]))
            continue;
        Value *slot = slot_address(o, i);
        if (!slot || !same(load(slot), dict_get_str(dict, shape->names[i])))
            return false;
    }
    return true;
}

static bool enter_dictionary_mode(Object *o, Shape *shape, Value dict) {
    if (!object_lock_shape(o, shape->id))
        return false;
    bool unchanged = slots_match(o, shape, dict);
    if (unchanged) {
        store(o, instance_extra(o), dict);
        publish_shape(o, dictionary_shape(class_of(o)));
        /* A reader between its guard and its load finds nothing here, and looks again the slow way. */
        for (uint32_t i = 0; i < class_of(o)->inline_slots; i++)
            store_release(&instance_inline(o)[i].bits, (uintptr_t)0);
    }
    object_unlock(o);
    return unchanged;
}

/* Gives an instance in dictionary mode that has none its dict. */
static Value make_dict(Thread *t, Object *o) {
    Value dict = TRY(dict_new(t));
    object_lock(o);
    Value there = load(instance_extra(o));
    if (absent(there))
        store(o, instance_extra(o), dict);
    object_unlock(o);
    return present(there) ? there : dict;
}

Value instance_dict(Thread *t, Object *o) {
    for (;;) {
        Shape *shape = instance_shape(t, o);
        if (shape_flags(shape) & SHAPE_DICTIONARY) {
            Value dict = load(instance_extra(o));
            if (likely(present(dict)))
                return dict;
            return load_relaxed(&o->meta) & META_IMMORTAL ? dict_new(t) /* see takes_attributes */ : make_dict(t, o);
        }
        bool valid;
        Value dict = TRY(slots_to_dict(t, o, shape, &valid));
        if (valid && enter_dictionary_mode(o, shape, dict))
            return dict;
    }
}

bool instance_set_dict(Thread *t, Object *o, Value dict) {
    if (!takes_attributes(t, o) || absent(instance_dict(t, o)))
        return false;
    object_lock(o);
    store(o, instance_extra(o), dict);
    object_unlock(o);
    return true;
}

int instance_delete(Thread *t, Object *o, Value name) {
    for (;;) {
        Value there = instance_get(t, o, name);
        if (absent(there))
            return error_pending(t) ? -1 : 0;
        t->drops.removed = there;
        Shape *shape = instance_shape(t, o), *child = NULL;
        int index = shape_flags(shape) & SHAPE_DICTIONARY ? -1 : shape_find(shape, name);
        if (index < 0 || !(child = shape_remove(t, shape, index))) {
            Value dict = instance_dict(t, o);
            return absent(dict) ? -1 : dict_delete(t, dict, name);
        }
        if (!object_lock_shape(o, shape->id))
            continue;
        Value *slot = slot_address(o, (uint32_t)index);
        if (slot)
            store_release(&slot->bits, (uintptr_t)0); /* a reader that still takes the shape for the old one looks again */
        publish_shape(o, child);
        object_unlock(o);
        return 1;
    }
}

size_t instance_attribute_count(Object *o) {
    if (!in_dictionary_mode(o))
        return shape_of(o)->count - shape_of(o)->holes;
    Value dict = load(instance_extra(o));
    return absent(dict) ? 0 : dict_length(dict);
}

void instance_trace(Tracer *tracer, Object *o) {
    Type *type = o->type;
    if (!(type->flags & TYPE_HAS_DICT))
        return;
    trace_value(tracer, *instance_extra(o));
    if (unlikely(type->has_small_cells) && in_dictionary_mode(o))
        return;
    if (type->inline_slots)
        trace_values(tracer, instance_inline(o), type->inline_slots);
}

/* The shape that an instance of `shape` has when its class becomes `type`. It may have to move to dictionary mode first.
 * NULL: MemoryError. */
static Shape *shape_in_type(Thread *t, Object *o, Shape *shape, Type *type) {
    if (!(shape_flags(shape) & SHAPE_DICTIONARY) && shape->type->inline_slots == type->inline_slots && type->flags & TYPE_HEAP) {
        Shape *now = load_acquire(&type->extra->root);
        for (uint32_t i = 0; now && i < shape->count; i++)
            now = shape_add(t, now, shape->names[i]);
        if (now)
            return now;
    }
    return present(instance_dict(t, o)) ? dictionary_shape(type) : NULL;
}

/* The class may count on more inline words than the cell has: the instance is in dictionary mode then, which uses none. */
static void note_small_cell(Object *o, Type *type) {
    if (type->flags & TYPE_HAS_DICT && type->slots_offset != SLOTS_AT_END && heap_cell_size(o) < type_instance_size(type))
        store_relaxed(&type->has_small_cells, true);
}

/* Called when the class of an object changes to one with the same fixed layout. */
bool instance_change_type(Thread *t, Object *o, Type *type) {
    note_small_cell(o, type);
    for (;;) {
        bool has_dict = type->flags & TYPE_HAS_DICT;
        Shape *shape = instance_shape(t, o);
        Shape *now = has_dict ? shape_in_type(t, o, shape, type) : shape_from_id(load_relaxed(&type->root_shape));
        if (!now)
            return false;
        if (shape_flags(now) & SHAPE_DICTIONARY)
            shape = shape_of(o);
        object_lock(o);
        bool unchanged = shape_of(o) == shape && (shape_flags(shape) & SHAPE_DICTIONARY) == (shape_flags(now) & SHAPE_DICTIONARY);
        if (unchanged) {
            store_release(&o->type, type);
            publish_shape(o, now);
        }
        object_unlock(o);
        if (unchanged)
            break;
    }
    store_many(o);
    return true;
}

/* A class without any mostly gets some all the same: from a decorator's __init__, say. */
uint32_t shape_suggest_inline(size_t attributes) {
    enum { UNKNOWN = 3 };
    return attributes == 0 ? UNKNOWN : attributes > MAX_INLINE ? MAX_INLINE : (uint32_t)attributes;
}
