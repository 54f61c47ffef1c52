/* Shapes and the attributes of instances; see shape.h.
 *
 * A shape's names are kept alive by its type's trace function, which walks the tree from the type's root shapes.
 * Shape ids are never reused: an inline cache may outlive the shape that it was made for.
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

enum { SHAPE_IDS = 1 << 24, FIRST_SHAPE = 16, MAX_INLINE = 30 };

static Shape **shape_table; /* reserved range, indexed by id; an entry is written before its id is published */
static uint32_t next_shape_id = FIRST_SHAPE;

bool shape_table_start(void) {
    shape_table = memory_reserve(SHAPE_IDS * sizeof(Shape *), 4096);
    return shape_table != NULL;
}

Shape *shape_from_id(uint32_t id) { return load_acquire(&shape_table[id]); }

static Shape *shape_allocate(Thread *t, Type *type, uint32_t flags, uint32_t count) {
    uint32_t id = fetch_add(&next_shape_id, 1u);
    Shape *shape = id < SHAPE_IDS ? calloc(1, sizeof *shape) : NULL;
    if (id >= SHAPE_IDS)
        fetch_sub(&next_shape_id, 1u);
    if (!shape)
        return NULL;
    shape->id = id;
    shape->flags = flags;
    shape->type = type;
    shape->count = count;
    if (count && !(shape->names = calloc(count, sizeof(Value)))) {
        free(shape);
        return NULL;
    }
    store_release(&shape_table[id], shape);
    return shape;
}

Shape *shape_new_root(Thread *t, Type *type, uint32_t flags) {
    Shape *shape = shape_allocate(t, type, flags, 0);
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

static Shape *find_child(Shape *shape, Value name) {
    for (uint32_t i = 0; i < shape->children_count; i++)
        if (same(shape->children[i]->name, name))
            return shape->children[i];
    return NULL;
}

static Shape *add_child(Thread *t, Shape *shape, Value name) {
    assert(mutex_held(&t->isolate->type_mutex));
    Shape *child = find_child(shape, name);
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
    child = shape_allocate(t, shape->type, shape->flags, shape->count + 1);
    if (!child)
        return NULL;
    if (shape->count)
        memcpy(child->names, shape->names, shape->count * sizeof(Value));
    child->names[shape->count] = child->name = name;
    child->parent = shape;
    shape->children[shape->children_count++] = child;
    store_many(shape->type);
    return child;
}

Shape *shape_add(Thread *t, Shape *shape, Value name) {
    if (shape->count >= SHAPE_MAX_SLOTS || !(shape->type->flags & TYPE_HEAP))
        return NULL;
    mutex_lock(&t->isolate->type_mutex);
    Shape *child = add_child(t, shape, name);
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
    store_release(&shape_table[shape->id], NULL);
    free(shape->children);
    free(shape->names);
    free(shape);
}

static void retire(Shape *shape) {
    store_relaxed(&shape->flags, shape->flags | SHAPE_RETIRED);
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
        old->parent = extra->retired; /* a root's parent word links the retired roots */
        extra->retired = old;
    }
    extra->root = root;
    extra->dictionary_shape = dictionary;
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
    if (!(type->flags & TYPE_HEAP) || !type->extra || !type->extra->root)
        return;
    if (!renew(t, type))
        error_clear(t); /* out of ids or memory: caches would be wrong, so: */
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
    return likely(!(load_relaxed(&shape->flags) & SHAPE_RETIRED)) ? shape : instance_refresh(t, o);
}

static Shape *dictionary_shape(Type *type) {
    return type->flags & TYPE_HEAP ? type->extra->dictionary_shape : shape_from_id(type->root_shape);
}

/* Moves an instance with a retired shape to the equivalent one of today. */
Shape *instance_refresh(Thread *t, Object *o) {
    Shape *old = shape_of(o);
    Type *type = o->type;
    Shape *now = old->flags & SHAPE_DICTIONARY ? dictionary_shape(type) : type->extra->root;
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

static Value *slot_address(Object *o, uint32_t index) {
    uint32_t inline_slots = o->type->inline_slots;
    if (index < inline_slots)
        return instance_inline(o) + index;
    Value extra = load(instance_extra(o));
    return &((Slots *)extra.bits)->items[index - inline_slots];
}

static bool in_dictionary_mode(Object *o) { return shape_of(o)->flags & SHAPE_DICTIONARY; }

Value instance_get(Thread *t, Object *o, Value name) {
    Shape *shape = instance_shape(t, o);
    if (shape->flags & SHAPE_DICTIONARY) {
        Value dict = load(instance_extra(o));
        return absent(dict) ? NO_VALUE : str_is_interned(name) ? dict_get_str(dict, name) : dict_get(t, dict, name);
    }
    int index = shape_find(shape, name);
    return index < 0 ? NO_VALUE : load(slot_address(o, (uint32_t)index));
}

/* Room for slot `index` past the inline ones. */
static bool grow_slots(Thread *t, Object *o, uint32_t index) {
    uint32_t inline_slots = o->type->inline_slots;
    if (index < inline_slots)
        return true;
    size_t needed = index - inline_slots + 1;
    Slots *old = (Slots *)load(instance_extra(o)).bits;
    if (old && old->capacity >= needed)
        return true;
    size_t capacity = needed < 4 ? 4 : needed * 2;
    Slots *slots = slots_new(t, capacity);
    if (!slots)
        return false;
    if (old)
        memcpy(slots->items, old->items, old->capacity * sizeof(Value)); /* NOBARRIER: new */
    store(o, instance_extra(o), from_object(slots));
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

static bool dictionary_set(Thread *t, Object *o, Value name, Value value) {
    Value dict = load(instance_extra(o));
    if (absent(dict)) {
        dict = dict_new(t);
        if (absent(dict))
            return false;
        store(o, instance_extra(o), dict);
    }
    return dict_set(t, dict, name, value);
}

bool instance_set(Thread *t, Object *o, Value name, Value value) {
    Shape *shape = instance_shape(t, o);
    if (shape->flags & SHAPE_DICTIONARY)
        return dictionary_set(t, o, name, value);
    int index = shape_find(shape, name);
    if (index >= 0) {
        store(o, slot_address(o, (uint32_t)index), value);
        return true;
    }
    Shape *child = is_exactly(name, &str_type) && str_is_interned(name) ? shape_add(t, shape, name) : NULL;
    if (!child)
        return present(instance_dict(t, o)) && dictionary_set(t, o, name, value);
    if (!grow_slots(t, o, shape->count))
        return false;
    object_lock(o);
    bool unchanged = shape_of(o) == shape;
    if (unchanged) {
        store(o, slot_address(o, shape->count), value);
        publish_shape(o, child);
    }
    object_unlock(o);
    return unchanged || instance_set(t, o, name, value);
}

Value instance_dict_copy(Thread *t, Object *o) {
    Shape *shape = instance_shape(t, o);
    if (shape->flags & SHAPE_DICTIONARY) {
        Value dict = load(instance_extra(o));
        return present(dict) ? dict_copy(t, dict) : dict_new(t);
    }
    Value dict = TRY(dict_new_sized(t, shape->count));
    for (uint32_t i = 0; i < shape->count; i++)
        CHECK(dict_set(t, dict, shape->names[i], load(slot_address(o, i))));
    return dict;
}

Value instance_dict(Thread *t, Object *o) {
    for (;;) {
        Shape *shape = instance_shape(t, o);
        Value dict = NO_VALUE;
        if (shape->flags & SHAPE_DICTIONARY) {
            dict = load(instance_extra(o));
            if (present(dict))
                return dict;
        }
        dict = TRY(instance_dict_copy(t, o));
        object_lock(o);
        bool unchanged = shape_of(o) == shape && !(shape->flags & SHAPE_DICTIONARY && present(load(instance_extra(o))));
        if (unchanged) {
            store(o, instance_extra(o), dict);
            publish_shape(o, dictionary_shape(o->type));
            /* A reader between its guard and its load finds nothing here, and looks again the slow way. */
            for (uint32_t i = 0; i < o->type->inline_slots; i++)
                store_release(&instance_inline(o)[i].bits, (uintptr_t)0);
        }
        object_unlock(o);
        if (unchanged)
            return dict;
    }
}

bool instance_set_dict(Thread *t, Object *o, Value dict) {
    if (absent(instance_dict(t, o)))
        return false;
    store(o, instance_extra(o), dict);
    return true;
}

int instance_delete(Thread *t, Object *o, Value name) {
    Value there = instance_get(t, o, name);
    if (absent(there))
        return error_pending(t) ? -1 : 0;
    Value dict = instance_dict(t, o);
    return absent(dict) ? -1 : dict_delete(t, dict, name);
}

size_t instance_attribute_count(Object *o) {
    if (!in_dictionary_mode(o))
        return shape_of(o)->count;
    Value dict = load(instance_extra(o));
    return absent(dict) ? 0 : dict_length(dict);
}

void instance_trace(Tracer *tracer, Object *o) {
    Type *type = o->type;
    if (!(type->flags & TYPE_HAS_DICT))
        return;
    trace_value(tracer, *instance_extra(o));
    if (type->inline_slots)
        trace_values(tracer, instance_inline(o), type->inline_slots);
}

/* Called when the class of an object changes to one with the same fixed layout. */
bool instance_change_type(Thread *t, Object *o, Type *type) {
    Type *old = o->type;
    if (old->flags & TYPE_HAS_DICT) {
        Shape *shape = instance_shape(t, o);
        Shape *now = NULL;
        if (!(shape->flags & SHAPE_DICTIONARY) && old->inline_slots == type->inline_slots && type->flags & TYPE_HEAP) {
            now = type->extra->root;
            for (uint32_t i = 0; now && i < shape->count; i++)
                now = shape_add(t, now, shape->names[i]);
        }
        if (!now) {
            if (absent(instance_dict(t, o)))
                return false;
            now = dictionary_shape(type);
        }
        object_lock(o);
        store_release(&o->type, type);
        publish_shape(o, now);
        object_unlock(o);
    } else {
        object_lock(o);
        store_release(&o->type, type);
        publish_shape(o, shape_from_id(type->root_shape));
        object_unlock(o);
    }
    store_many(o);
    return true;
}

/* A class without any mostly gets some all the same: from a decorator's __init__, say. */
uint32_t shape_suggest_inline(size_t attributes) {
    enum { UNKNOWN = 3 };
    return attributes == 0 ? UNKNOWN : attributes > MAX_INLINE ? MAX_INLINE : (uint32_t)attributes;
}
