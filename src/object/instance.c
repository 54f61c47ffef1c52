/* The attributes of instances; see shape.h. */
#include "object/shape.h"

#include "object/errors.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict_layout.h"

#include <assert.h>

static void publish_shape(Object *o, Shape *shape) {
    uint32_t meta = load_relaxed(&o->meta);
    while (!compare_exchange(&o->meta, &meta, (meta & ((1u << META_SHAPE_SHIFT) - 1)) | shape->id << META_SHAPE_SHIFT))
        ;
}

Shape *instance_shape(Thread *t, Object *o) {
    Shape *shape = shape_of(o);
    return likely(!(shape_flags(shape) & SHAPE_RETIRED)) ? shape : instance_refresh(t, o);
}

/* Moves an instance with a retired shape to the equivalent one of today. */
Shape *instance_refresh(Thread *t, Object *o) {
    Shape *old = shape_of(o);
    Type *type = class_of(o);
    Shape *now = shape_flags(old) & SHAPE_DICTIONARY ? shape_of_dictionary_mode(type)
                 : shape_flags(old) & SHAPE_ATTACHED ? shape_attached_root(t, type)
                                                     : load_acquire(&type->extra->root);
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

/* Gives an instance a Slots cell with room for attribute `index`. false: no memory; true also when it has changed. */
static bool grow_slots(Thread *t, Object *o, uint32_t index) {
    size_t needed = index - class_of(o)->inline_slots + 1;
    Slots *old = instance_slots(o);
    if (old && old->capacity >= needed)
        return true; /* another thread did it */
    Slots *slots = slots_new(t, needed < 4 ? 4 : needed * 2);
    if (!slots)
        return false;
    object_lock(o);
    if (!in_dictionary_mode(o) && instance_slots(o) == old) {
        if (old) {
            memcpy(slots->items, old->items, old->capacity * sizeof(Value));
            slots->dict = old->dict;
        }
        store_many(slots);
        store(o, instance_extra(o), from_object(slots));
    }
    object_unlock(o);
    return true;
}

static void slots_trace(Tracer *tracer, Object *o) {
    Slots *slots = (Slots *)o;
    trace_value(tracer, slots->dict);
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

static DictObject *attached_dict(Object *o) {
    Slots *slots = instance_slots(o);
    Value dict = slots ? load(&slots->dict) : NO_VALUE;
    return absent(dict) ? NULL : as_dict(dict);
}

/* The object's lock is held, and it is about to get this shape. */
static void attached_grown(Object *o, Shape *shape) {
    DictObject *d = attached_dict(o);
    store_relaxed(&d->used, (size_t)shape->count);
    store_relaxed(&d->version, d->version + 1);
}

/* Moves an instance with an attached dict to dictionary mode. */
static bool detach(Thread *t, Object *o) {
    DictObject *d = attached_dict(o);
    return !d || dict_detach(t, d); /* none: another thread was faster */
}

/* Stores into slot `index` of an instance of this shape; with `child` it has that shape then. false: it has changed, or
 * the slot is not there. */
static bool store_slot(Object *o, Shape *shape, uint32_t index, Value value, Shape *child) {
    if (!object_lock_shape(o, shape->id))
        return false;
    Value *slot = slot_address(o, index);
    if (slot) {
        store(index < class_of(o)->inline_slots ? o : &instance_slots(o)->object, slot, value);
        if (child) {
            if (shape_flags(child) & SHAPE_ATTACHED)
                attached_grown(o, child);
            publish_shape(o, child);
        }
    }
    object_unlock(o);
    return slot != NULL;
}

typedef enum Put { PUT_DONE, PUT_AGAIN /* it has changed, or got the room */, PUT_NO_SHAPE /* no shape can describe it */, PUT_ERROR } Put;

/* One attempt to store an attribute of an instance of this shape, number `index` or, if that is negative, a new one. */
static Put put_in_shape(Thread *t, Object *o, Shape *shape, int index, Value name, Value value) {
    if (index >= 0)
        return likely(store_slot(o, shape, (uint32_t)index, value, NULL)) ? PUT_DONE : PUT_AGAIN;
    Shape *child = is_exactly(name, &str_type) && str_is_interned(name) ? shape_add(t, shape, name) : NULL;
    if (!child)
        return PUT_NO_SHAPE;
    if (!slot_address(o, shape->count))
        return grow_slots(t, o, shape->count) ? PUT_AGAIN : PUT_ERROR;
    return likely(store_slot(o, shape, shape->count, value, child)) ? PUT_DONE : PUT_AGAIN;
}

bool instance_set(Thread *t, Object *o, Value name, Value value) {
    for (;;) {
        Shape *shape = instance_shape(t, o);
        if (shape_flags(shape) & SHAPE_DICTIONARY)
            return dictionary_set(t, o, name, value);
        Put put = put_in_shape(t, o, shape, shape_find(shape, name), name, value);
        if (likely(put == PUT_DONE))
            return true;
        if (put == PUT_NO_SHAPE && !(shape_flags(shape) & SHAPE_ATTACHED))
            return dictionary_set(t, o, name, value);
        if (put == PUT_ERROR || (put == PUT_NO_SHAPE && !detach(t, o)))
            return false;
    }
}

/* The attributes of an instance as a dict. *valid: false if it is in dictionary mode, or changed meanwhile. */
static Value slots_to_dict(Thread *t, Object *o, bool *valid) {
    uint32_t count = shape_of(o)->count, holes = shape_of(o)->holes;
    Value dict = TRY(dict_new_sized(t, count - holes));
    *valid = !in_dictionary_mode(o);
    for (uint32_t i = 0; i < count && *valid; i++) {
        Shape *shape = shape_of(o); /* dict_set may have collected, and the one before may be gone */
        *valid = i < shape->count;
        if (!*valid || absent(shape->names[i]))
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
        Value dict = TRY(slots_to_dict(t, o, &valid));
        if (likely(valid))
            return dict;
    }
}

/* Whether a dict that slots_to_dict made has just what the instance has. The object's lock is held. */
static bool slots_match(Object *o, Value dict) {
    assert(lock_held(o));
    Shape *shape = shape_of(o);
    size_t position = 0;
    Value key, value;
    if (shape_flags(shape) & SHAPE_DICTIONARY || shape->count - shape->holes != dict_length(dict))
        return false;
    for (uint32_t i = 0; i < shape->count; i++) {
        if (absent(shape->names[i]))
            continue;
        Value *slot = slot_address(o, i);
        if (!dict_next(dict, &position, &key, &value) || !same(key, shape->names[i]) || !slot || !same(load(slot), value))
            return false;
    }
    return true;
}

static void leave_shape_mode(Object *o, Value dict) {
    assert(lock_held(o));
    store(o, instance_extra(o), dict);
    publish_shape(o, shape_of_dictionary_mode(class_of(o)));
    /* A reader between its guard and its load finds nothing here, and looks again the slow way. */
    for (uint32_t i = 0; i < class_of(o)->inline_slots; i++)
        store_release(&instance_inline(o)[i].bits, (uintptr_t)0);
}

static bool enter_dictionary_mode(Object *o, Value dict) {
    object_lock(o);
    bool unchanged = !(shape_flags(shape_of(o)) & SHAPE_ATTACHED) && slots_match(o, dict);
    if (unchanged)
        leave_shape_mode(o, dict);
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

/* Gives an instance an attached dict. Absent without an exception: it has changed, or cannot have one. */
static Value attach_dict(Thread *t, Object *o) {
    Slots *old = instance_slots(o), *slots = slots_new(t, old ? old->capacity : 0);
    if (!slots)
        return NO_VALUE;
    Value dict = TRY(dict_new(t));
    DictObject *d = as_dict(dict);
    Shape *shape = shape_of(o);
    bool possible = !(shape_flags(shape) & (SHAPE_DICTIONARY | SHAPE_ATTACHED)) && !shape->holes;
    Shape *attached = possible ? shape_attached(t, shape) : NULL;
    if (!attached || !object_lock_shape(o, shape->id))
        return NO_VALUE;
    bool valid = instance_slots(o) == old;
    if (valid) {
        d->used = shape->count;
        d->instance = o; /* NOBARRIER: no reference (trace_lender) */
        d->table = &dict_attached_table;
        if (old)
            memcpy(slots->items, old->items, old->capacity * sizeof(Value));
        slots->dict = dict;
        store_many(slots);
        store(o, instance_extra(o), from_object(slots));
        publish_shape(o, attached);
    }
    object_unlock(o);
    return valid ? dict : NO_VALUE;
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
        if (shape_flags(shape) & SHAPE_ATTACHED) {
            DictObject *d = attached_dict(o);
            if (likely(d != NULL))
                return from_object(d);
            continue; /* it was detached */
        }
        Value attached = shape->holes ? NO_VALUE : attach_dict(t, o);
        if (present(attached) || error_pending(t))
            return attached;
        bool valid;
        Value dict = TRY(slots_to_dict(t, o, &valid));
        if (valid && enter_dictionary_mode(o, dict))
            return dict;
    }
}

bool instance_set_dict(Thread *t, Object *o, Value dict) {
    if (!takes_attributes(t, o) || absent(instance_dict(t, o)) || !detach(t, o))
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
        if (shape_flags(shape) & SHAPE_ATTACHED) {
            if (!detach(t, o))
                return -1;
            continue;
        }
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
    return present(instance_dict(t, o)) && detach(t, o) ? shape_of_dictionary_mode(type) : NULL;
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
        if (shape_flags(shape) & SHAPE_ATTACHED) {
            if (!detach(t, o))
                return false;
            continue;
        }
        Shape *now = has_dict ? shape_in_type(t, o, shape, type) : shape_from_id(load_relaxed(&type->root_shape));
        if (!now)
            return false;
        if (shape_flags(now) & SHAPE_DICTIONARY)
            shape = shape_of(o);
        publish_into(o, from_object(type));
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
    store_moved(o);
    return true;
}

/* Attached dicts */

/* Keys of dicts need not be interned. Those have a hash, and one text, once this has made sure of it. -1: no memory, or interned. */
static int64_t key_hash(Value key) { return str_is_interned(key) ? -1 : str_hash(thread_current(), key); }

/* Which attribute of this shape a str with this key_hash names, or -1. */
static int find_key(Shape *shape, Value key, int64_t hash) {
    int index = shape_find(shape, key);
    if (index >= 0 || str_is_interned(key))
        return index;
    Thread *t = thread_current();
    for (uint32_t i = 0; i < shape->count; i++)
        if (as_str(shape->names[i])->hash == hash && str_equal(t, shape->names[i], key))
            return (int)i;
    return -1;
}

/* The instance's shape. NULL: the dict is attached no more, and has its table. */
static Shape *shape_of_attached(Object *o) {
    Shape *shape = o ? shape_from_id(load_acquire(&o->meta) >> META_SHAPE_SHIFT) : NULL;
    return shape && shape_flags(shape) & SHAPE_ATTACHED ? shape : NULL;
}

Attached attached_item(DictObject *d, size_t index, Value *key, Value *value) {
    Object *o = load_acquire(&d->instance);
    Shape *shape = shape_of_attached(o);
    if (!shape)
        return ATTACHED_NOT;
    *key = *value = NO_VALUE;
    if (index >= shape->count)
        return ATTACHED_DONE;
    Value *slot = slot_address(o, (uint32_t)index);
    *key = shape->names[index];
    *value = slot ? load(slot) : NO_VALUE;
    return present(*value) ? ATTACHED_DONE : ATTACHED_NOT;
}

Attached attached_get(DictObject *d, Value key, Value *value) {
    int64_t hash = key_hash(key);
    Object *o = load_acquire(&d->instance);
    Shape *shape = shape_of_attached(o);
    if (!shape)
        return ATTACHED_NOT;
    int index = find_key(shape, key, hash);
    if (index >= 0)
        return attached_item(d, (size_t)index, &key, value);
    *value = NO_VALUE;
    return ATTACHED_DONE;
}

Attached attached_put(Thread *t, DictObject *d, Value key, Value value, Value *existing) {
    bool text = is_exactly(key, &str_type);
    int64_t hash = text ? key_hash(key) : -1;
    Object *o = load_acquire(&d->instance);
    Shape *shape = shape_of_attached(o) ? instance_shape(t, o) : NULL;
    if (!shape || !(shape_flags(shape) & SHAPE_ATTACHED))
        return ATTACHED_NOT;
    int index = text ? find_key(shape, key, hash) : -1;
    if (index >= 0 && existing)
        return attached_item(d, (size_t)index, &key, existing);
    /* Other keys than str may be equal to a name, and to add only what is not there takes the dict's lock. */
    Put put = existing ? PUT_NO_SHAPE : put_in_shape(t, o, shape, index, key, value);
    if (put == PUT_ERROR || (put == PUT_NO_SHAPE && !dict_detach(t, d)))
        return ATTACHED_ERROR;
    return put == PUT_DONE ? ATTACHED_DONE : ATTACHED_NOT;
}

Value attached_copy(Thread *t, DictObject *d) {
    Object *o = load_acquire(&d->instance);
    Shape *shape = shape_of_attached(o);
    bool valid = false;
    Value dict = shape ? slots_to_dict(t, o, &valid) : NO_VALUE;
    return valid ? dict : NO_VALUE;
}

/* The dict has this table from now on. The object's lock is held. */
static void give_table(Object *o, DictObject *d, DictTable *table, size_t used) {
    store_relaxed(&d->used, used);
    store_relaxed(&d->version, d->version + 1);
    publish_into(d, from_object(table));
    store_release(&d->table, table);
    store_moved(d);
    leave_shape_mode(o, from_object(d));
    store_release(&d->instance, (Object *)NULL);
}

bool attached_clear(DictObject *d) {
    Object *o = load_acquire(&d->instance);
    Shape *shape = shape_of_attached(o);
    if (!shape || !object_lock_shape(o, shape->id))
        return false;
    give_table(o, d, &dict_empty_table, 0);
    object_unlock(o);
    return true;
}

bool dict_detach(Thread *t, DictObject *d) {
    while (dict_is_attached(d)) {
        Object *o = load_acquire(&d->instance);
        Shape *shape = shape_of_attached(o);
        if (!shape)
            continue;
        bool valid;
        Value copy = slots_to_dict(t, o, &valid);
        if (absent(copy))
            return false;
        if (!valid)
            continue;
        object_lock(o);
        if (shape_of_attached(o) && slots_match(o, copy))
            give_table(o, d, as_dict(copy)->table, dict_length(copy));
        object_unlock(o);
    }
    return true;
}
