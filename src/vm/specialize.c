/* Specialisation: replacing a generic operation in place by one for the operands that it met.
 *
 * The words of a cache are written first and the operation is published after them (release). A cache that is in use
 * may be read by other threads at any moment, so with several threads it is rewritten only while the world is stopped:
 * handlers read all words of a cache between two safepoints. Each rewriting counts; after a few the operation stays
 * generic. `counter` is taken from one value to the next by whoever writes: nobody else writes before the next one.
 * What was found out about a shape holds until the next safepoint, which waiting for the world to stop is: if there was a collection
 * meanwhile, nothing is written.
 */
#include "heap/drop.h"
#include "object/shape.h"
#include "object/type_internal.h"
#include "types/descriptors.h"
#include "types/dict/dict_layout.h"
#include "types/method.h"
#include "types/module.h"
#include "vm/attribute_cache.h"
#include "vm/interpret.h"

/* With several threads a rewriting costs all of them a stop: an operation that sees many kinds is given up sooner. */
enum { MOST_REWRITES = 32, MOST_STOPS = 4, MOST_SHAPES = 6 };

static bool worn_out(const Cache *cache) {
    return load_relaxed(&cache->counter) >= (load_relaxed(&runtime_threaded) ? MOST_STOPS : MOST_REWRITES);
}

static void fill_cache(Thread *t, Instruction *ip, Cache *cache, unsigned op, uint32_t shape, const uintptr_t words[4]) {
    uint32_t counter = load_relaxed(&cache->counter), now = load_relaxed(&ip->op);
    if (worn_out(cache)) {
        if (operation_generic[now] != now)
            publish_operation(ip, operation_generic[now]);
        return;
    }
    bool threaded = load_relaxed(&runtime_threaded), stop = counter > 0 && threaded;
    if (threaded && !compare_exchange(&cache->counter, &counter, counter + 1))
        return; /* another thread is at it */
    if (!threaded)
        cache->counter++;
    size_t collections = heap_collection_count(t->isolate->heap);
    if (stop)
        stop_world(t);
    if (likely(heap_collection_count(t->isolate->heap) == collections)) {
        cache->shape = shape;
        memcpy(cache->words, words, sizeof cache->words);
        publish_operation(ip, op);
    }
    if (stop)
        start_world(t);
    store_moved(t->frame->code); /* the words refer to tables, of what the function reaches anyway */
}

/* Three generic operations have a form for names of the module and one for built-ins. */
static void specialize_global(Thread *t, Instruction *ip, Cache *cache, unsigned module_op, unsigned builtin_op) {
    FunctionObject *f = t->frame->function;
    if (!is_exactly(f->globals, &dict_type) || !is_exactly(f->builtins, &dict_type) || worn_out(cache))
        return;
    DictTable *globals_table, *builtins_table;
    Value *slot = dict_value_slot(t, f->globals, cache->name, true, &globals_table);
    if (!slot)
        return;
    if (present(load(slot))) {
        uintptr_t words[4] = {(uintptr_t)globals_table, (uintptr_t)slot, 0, 0};
        fill_cache(t, ip, cache, module_op, 0, words);
        return;
    }
    Value *builtin = dict_value_slot(t, f->builtins, cache->name, false, &builtins_table);
    if (!builtin)
        return;
    uintptr_t words[4] = {(uintptr_t)globals_table, (uintptr_t)slot, (uintptr_t)builtins_table, (uintptr_t)builtin};
    fill_cache(t, ip, cache, builtin_op, 0, words);
}

/* Caches of attributes: a place that meets many shapes shares one with others of its kind in the same thread. */
static void fill_attribute_cache(Thread *t, Instruction *ip, Cache *cache, unsigned op, uint32_t shape, const uintptr_t words[4]) {
    if (load_relaxed(&cache->counter) < (load_relaxed(&runtime_threaded) ? MOST_STOPS : MOST_SHAPES)) {
        fill_cache(t, ip, cache, op, shape, words);
        return;
    }
    bool sharable = op == OP_LOAD_ATTR_SLOT || op == OP_LOAD_ATTR_SLOT_OVER || op == OP_LOAD_ATTR_TYPE ||
                    op == OP_LOAD_ATTR_MEMBER || op == OP_LOAD_METHOD_TYPE || op == OP_STORE_ATTR_SLOT || op == OP_STORE_ATTR_ADD;
    if (!sharable) {
        fill_cache(t, ip, cache, op, shape, words);
        return;
    }
    unsigned generic = operation_generic[op];
    Cache *shared = shared_cache(t, generic, shape, cache->name);
    if (present(shared->name) && !(shared->shape == shape && same(shared->name, cache->name)))
        *shared_cache_beside(t, shared) = *shared;
    *shared = (Cache){.name = cache->name, .shape = shape, .counter = op};
    memcpy(shared->words, words, sizeof shared->words);
    t->shared_caches_filled = true;
    unsigned wanted = generic == OP_LOAD_ATTR     ? OP_LOAD_ATTR_SHARED
                      : generic == OP_LOAD_METHOD ? OP_LOAD_METHOD_SHARED
                                                  : OP_STORE_ATTR_SHARED;
    if (load_relaxed(&ip->op) != wanted)
        publish_operation(ip, wanted);
}

void specialize_load_global(Thread *t, Instruction *ip, Cache *cache) {
    if (operation_generic[load_relaxed(&ip->op)] == OP_LOAD_GLOBAL_CALLEE)
        specialize_global(t, ip, cache, OP_LOAD_GLOBAL_CALLEE_MODULE, OP_LOAD_GLOBAL_CALLEE_BUILTIN);
    else
        specialize_global(t, ip, cache, OP_LOAD_GLOBAL_MODULE, OP_LOAD_GLOBAL_BUILTIN);
}

/* Where names are those of the module: not in class bodies, nor in code that exec runs with other locals. */
static bool names_are_global(Frame *f) { return same(f->locals, f->function->globals); }

void specialize_load_name(Thread *t, Instruction *ip, Cache *cache) {
    if (names_are_global(t->frame))
        specialize_global(t, ip, cache, OP_LOAD_NAME_MODULE, OP_LOAD_NAME_BUILTIN);
}

void specialize_store_global(Thread *t, Instruction *ip, Cache *cache) {
    FunctionObject *f = t->frame->function;
    bool name = operation_generic[load_relaxed(&ip->op)] == OP_STORE_NAME;
    DictTable *table;
    if (worn_out(cache) || !is_exactly(f->globals, &dict_type) || (name && !names_are_global(t->frame)))
        return;
    Value *slot = dict_value_slot(t, f->globals, cache->name, false, &table);
    if (slot && present(load(slot)))
        fill_cache(t, ip, cache, name ? OP_STORE_NAME_MODULE : OP_STORE_GLOBAL_MODULE, 0,
                   (uintptr_t[4]){(uintptr_t)table, (uintptr_t)slot, 0, 0});
}

/* ---- attributes ---- */

/* Where the class attribute `name` of a type is stored. NULL: it has none. */
static Value *class_entry(Thread *t, Type *type, Value name) {
    Value order = load(&type->mro);
    if (absent(order)) /* its metaclass's mro() is running */
        return NULL;
    TupleObject *mro = as_tuple(order);
    for (size_t i = 0; i < mro->length; i++) {
        Type *class = as_type(mro->items[i]);
        DictTable *table;
        if (present(dict_get_str(class->dict, name)))
            return dict_value_slot(t, class->dict, name, false, &table);
    }
    return NULL;
}

static bool is_data_descriptor(Value v) {
    Type *kind = type_of(v);
    return type_slot(kind, SLOT___set__) || type_slot(kind, SLOT___delete__);
}

/* An instance's own value comes before all others; a descriptor that only takes values leaves it to be read. */
static bool hides_own_value(Value v) { return is_data_descriptor(v) && type_slot(type_of(v), SLOT___get__); }

static void specialize_module(Thread *t, Instruction *ip, Cache *cache, Value module, unsigned op) {
    DictTable *table;
    Value *slot = dict_value_slot(t, module_dict(module), cache->name, false, &table);
    if (slot && present(load(slot)) && absent(type_lookup(&module_type, cache->name)))
        fill_cache(t, ip, cache, op, 0, (uintptr_t[4]){(uintptr_t)table, (uintptr_t)slot, 0, 0});
}

/* `type` has an attribute of the name, which is looked at after those of the class: __new__, for one. */
static bool is_plain_of_metaclass(Value v) { return !type_slot(type_of(v), SLOT___set__) && !type_slot(type_of(v), SLOT___delete__); }

static void specialize_class(Thread *t, Instruction *ip, Cache *cache, Value class, bool method) {
    Type *type = as_type(class), *metaclass = class_of(as_object(class));
    Value of_metaclass = type_lookup(metaclass, cache->name);
    if (present(of_metaclass) && !is_plain_of_metaclass(of_metaclass))
        return;
    Value *entry = class_entry(t, type, cache->name);
    if (!entry)
        return;
    Value v = load(entry), result = v;
    unsigned op = method ? OP_LOAD_METHOD_CLASS : OP_LOAD_ATTR_CLASS;
    Type *kind = type_of(v);
    if (kind == &static_method_type) {
        result = load(&((FunctionWrapperObject *)as_object(v))->callable);
    } else if (kind == &class_method_type && method) {
        result = load(&((FunctionWrapperObject *)as_object(v))->callable);
        if (!is_function(result))
            return;
        op = OP_LOAD_METHOD_CLASS_METHOD;
    } else if (type_slot(kind, SLOT___get__) && kind != &function_type) {
        return;
    }
    uint32_t version = (uint32_t)type_version(type);
    if (version && type_version(metaclass)) /* a change of the metaclass takes the version away only if that has one */
        fill_cache(t, ip, cache, op, version, (uintptr_t[4]){class.bits, (uintptr_t)entry, v.bits, result.bits});
}

/* The slot of an instance attribute, or -1. */
static int instance_slot(Object *o, Shape *shape, Value name) {
    return class_of(o)->flags & TYPE_HAS_DICT && !(shape_flags(shape) & SHAPE_DICTIONARY) ? shape_find(shape, name) : -1;
}

static uintptr_t slot_offset(Type *type, int slot) { return type->slots_offset + (uintptr_t)(slot + 1) * sizeof(Value); }

/* The shape of an instance of `type`. NULL: it is retired, or another thread has given the instance another class. */
static Shape *shape_in_use(Value o, const Type *type) {
    Shape *shape = shape_of(as_object(o));
    return shape && shape->type == type && !(shape_flags(shape) & SHAPE_RETIRED) ? shape : NULL;
}

/* The same of objects with object's own way of getting attributes. */
static Shape *plain_shape(Value o, Type *type) {
    return is_object(o) && type_slot(type, SLOT___getattribute__) == object_getattribute ? shape_in_use(o, type) : NULL;
}

/* Where the dict of an instance in dictionary mode has a name; -1: it has not, or its word lies elsewhere in each instance. */
static int64_t dictionary_index(Object *o, Shape *shape, Value name) {
    if (!(shape_flags(shape) & SHAPE_DICTIONARY) || !(class_of(o)->flags & TYPE_HAS_DICT) || class_of(o)->slots_offset == SLOTS_AT_END)
        return -1;
    Value dict = load(instance_extra(o));
    DictTable *table = present(dict) ? load_acquire(&as_dict(dict)->table) : NULL;
    DictEntry *e = table ? dict_find_interned(table, name) : NULL;
    if (!e || absent(load(&e->value)))
        return -1;
    return ((char *)e - (char *)dict_entry(table, 0)) / ((char *)dict_entry(table, 1) - (char *)dict_entry(table, 0));
}

/* Whether an instance in dictionary mode has no such name; other keys than str, which may be equal to it, are not asked. */
static bool hides_nothing(Object *o, Value name) {
    Value dict = load(instance_extra(o));
    DictTable *table = present(dict) ? load_acquire(&as_dict(dict)->table) : NULL;
    DictEntry *e = table && !table->general ? dict_find_interned(table, name) : NULL;
    return !table || (!table->general && (!e || absent(load(&e->value))));
}

static void find_load_attr(Thread *t, Instruction *ip, Cache *cache, Value o) {
    Type *type = type_of(o);
    if (type == &module_type)
        return specialize_module(t, ip, cache, o, OP_LOAD_ATTR_MODULE);
    if (is_type(o) && type_slot(type, SLOT___getattribute__) == type_getattribute)
        return specialize_class(t, ip, cache, o, false);
    Shape *shape = plain_shape(o, type);
    if (!shape)
        return;
    int slot = instance_slot(as_object(o), shape, cache->name);
    Value *entry = class_entry(t, type, cache->name);
    Value v = entry ? load(entry) : NO_VALUE;
    uintptr_t flags = (uintptr_t)&shape->flags;
    if (slot >= 0 && !(entry && hides_own_value(v))) {
        if ((uint32_t)slot >= type->inline_slots) {
            if (!entry)
                fill_attribute_cache(t, ip, cache, OP_LOAD_ATTR_OUT, shape->id, (uintptr_t[4]){flags, (uintptr_t)slot - type->inline_slots, 0, 0});
        } else if (entry) {
            fill_attribute_cache(t, ip, cache, OP_LOAD_ATTR_SLOT_OVER, shape->id,
                       (uintptr_t[4]){flags, (uintptr_t)entry, v.bits, slot_offset(type, slot)});
        } else {
            fill_attribute_cache(t, ip, cache, OP_LOAD_ATTR_SLOT, shape->id, (uintptr_t[4]){flags, slot_offset(type, slot), 0, 0});
        }
        return;
    }
    if (!entry) {
        int64_t index = dictionary_index(as_object(o), shape, cache->name);
        if (index >= 0)
            fill_cache(t, ip, cache, OP_LOAD_ATTR_DICT, shape->id, (uintptr_t[4]){flags, type->slots_offset, (uintptr_t)index, 0});
        return;
    }
    Type *kind = type_of(v);
    if (kind == &member_descriptor_type && type_is_subtype(type, ((MemberDescriptorObject *)as_object(v))->owner)) {
        if (((MemberDescriptorObject *)as_object(v))->kind == MEMBER_VALUE_OR_ERROR)
            fill_attribute_cache(t, ip, cache, OP_LOAD_ATTR_MEMBER, shape->id,
                       (uintptr_t[4]){flags, (uintptr_t)entry, v.bits, ((MemberDescriptorObject *)as_object(v))->offset});
    } else if (kind == &getset_descriptor_type && shape_flags(shape) & SHAPE_ATTACHED &&
               ((GetSetDescriptorObject *)as_object(v))->def == &instance_dict_getset &&
               type_is_subtype(type, ((GetSetDescriptorObject *)as_object(v))->owner)) {
        fill_cache(t, ip, cache, OP_LOAD_ATTR_OWN_DICT, shape->id, (uintptr_t[4]){flags, (uintptr_t)entry, v.bits, 0});
    } else if (kind == &tuplegetter_type) {
        int64_t index = ((TupleGetter *)as_object(v))->index;
        if (is_tuple(o) && index >= 0)
            fill_attribute_cache(t, ip, cache, OP_LOAD_ATTR_TUPLE, shape->id, (uintptr_t[4]){flags, (uintptr_t)entry, v.bits, (uintptr_t)index});
    } else if (kind == &property_type) {
        Value getter = ((PropertyObject *)as_object(v))->fget;
        if (is_function(getter) && code_exact_arguments(as_function(getter)->code) == 1)
            fill_attribute_cache(t, ip, cache, OP_LOAD_ATTR_PROPERTY, shape->id, (uintptr_t[4]){flags, (uintptr_t)entry, v.bits, getter.bits});
    } else if (slot_is_looked_up(kind, SLOT___get__) && !type_slot(type, SLOT___getattr__)) {
        bool hidden = slot >= 0 || (shape_flags(shape) & SHAPE_DICTIONARY && type->flags & TYPE_HAS_DICT);
        if (!hidden || is_data_descriptor(v))
            fill_attribute_cache(t, ip, cache, OP_LOAD_ATTR_GET, shape->id, (uintptr_t[4]){flags, (uintptr_t)entry, v.bits, hidden});
    } else if (kind == &function_type && slot < 0 && !(shape_flags(shape) & SHAPE_DICTIONARY && type->flags & TYPE_HAS_DICT)) {
        fill_attribute_cache(t, ip, cache, OP_LOAD_ATTR_METHOD, shape->id, (uintptr_t[4]){flags, (uintptr_t)entry, v.bits, 0});
    } else if (!type_slot(kind, SLOT___get__) && !(shape_flags(shape) & SHAPE_DICTIONARY && type->flags & TYPE_HAS_DICT)) {
        fill_attribute_cache(t, ip, cache, OP_LOAD_ATTR_TYPE, shape->id, (uintptr_t[4]){flags, (uintptr_t)entry, v.bits, 0});
    }
}

static void find_load_method(Thread *t, Instruction *ip, Cache *cache, Value o) {
    Type *type = type_of(o);
    if (type == &module_type)
        return specialize_module(t, ip, cache, o, OP_LOAD_METHOD_MODULE);
    if (is_type(o) && type_slot(type, SLOT___getattribute__) == type_getattribute)
        return specialize_class(t, ip, cache, o, true);
    Shape *shape = plain_shape(o, type);
    if (!shape)
        return;
    int slot = instance_slot(as_object(o), shape, cache->name);
    Value *entry = class_entry(t, type, cache->name);
    uintptr_t flags = (uintptr_t)&shape->flags;
    if (slot >= 0) {
        if (!entry && (uint32_t)slot < type->inline_slots)
            fill_attribute_cache(t, ip, cache, OP_LOAD_METHOD_SLOT, shape->id, (uintptr_t[4]){flags, slot_offset(type, slot), 0, 0});
        return;
    }
    bool own_dict = shape_flags(shape) & SHAPE_DICTIONARY && type->flags & TYPE_HAS_DICT;
    if (!entry)
        return;
    Value v = load(entry);
    if (own_dict) {
        if (type->slots_offset != SLOTS_AT_END && has_type_flag(v, TYPE_METHOD_DESCRIPTOR) &&
            hides_nothing(as_object(o), cache->name))
            fill_cache(t, ip, cache, OP_LOAD_METHOD_DICT, shape->id,
                       (uintptr_t[4]){flags, (uintptr_t)entry, v.bits, type->slots_offset});
        return;
    }
    if (is_exactly(v, &static_method_type) || is_exactly(v, &class_method_type)) {
        Value f = load(&((FunctionWrapperObject *)as_object(v))->callable);
        bool static_method = is_exactly(v, &static_method_type);
        if (static_method || is_function(f))
            fill_attribute_cache(t, ip, cache, static_method ? OP_LOAD_METHOD_STATIC : OP_LOAD_METHOD_OF_CLASS, shape->id,
                                 (uintptr_t[4]){flags, (uintptr_t)entry, v.bits, f.bits});
    } else if (has_type_flag(v, TYPE_METHOD_DESCRIPTOR)) {
        fill_attribute_cache(t, ip, cache, OP_LOAD_METHOD_TYPE, shape->id, (uintptr_t[4]){flags, (uintptr_t)entry, load(entry).bits, 0});
    }
}

/* What has no special form is not looked at for ever. */
static bool worth_trying(const Instruction *ip, const Cache *cache, Value o) {
    unsigned op = load_relaxed(&ip->op);
    return is_object(o) && (load_relaxed(&cache->counter) < MOST_REWRITES || op == OP_LOAD_ATTR_SHARED || op == OP_LOAD_METHOD_SHARED ||
                            op == OP_STORE_ATTR_SHARED);
}
static void count_failure(const Instruction *ip, Cache *cache) {
    uint32_t counter = load_relaxed(&cache->counter), op = load_relaxed(&ip->op);
    if (operation_generic[op] == op && counter < MOST_REWRITES)
        store_relaxed(&cache->counter, counter + 1); /* never back to 0: see fill_cache */
}

void specialize_load_attr(Thread *t, Instruction *ip, Cache *cache, Value o) {
    if (!worth_trying(ip, cache, o))
        return;
    find_load_attr(t, ip, cache, o);
    count_failure(ip, cache);
}

void specialize_load_method(Thread *t, Instruction *ip, Cache *cache, Value o) {
    if (!worth_trying(ip, cache, o))
        return;
    find_load_method(t, ip, cache, o);
    count_failure(ip, cache);
}

/* `before`: the shape that the instance had before the store; 0 if it was none to speak of. */
static void find_store_attr(Thread *t, Instruction *ip, Cache *cache, Value o, uint32_t before) {
    Type *type = type_of(o);
    Shape *shape = shape_in_use(o, type);
    if (!shape || type_slot(type, SLOT___setattr__) != object_type.slots[SLOT___setattr__])
        return;
    Value *entry = class_entry(t, type, cache->name);
    Value v = entry ? load(entry) : NO_VALUE;
    if (entry) {
        MemberDescriptorObject *m = (MemberDescriptorObject *)as_object(v);
        if (is_exactly(v, &member_descriptor_type) && m->kind == MEMBER_VALUE_OR_ERROR && !m->read_only &&
            type_is_subtype(type, m->owner))
            return fill_attribute_cache(t, ip, cache, OP_STORE_ATTR_MEMBER, shape->id,
                                        (uintptr_t[4]){(uintptr_t)&shape->flags, (uintptr_t)entry, v.bits, m->offset});
        if (is_exactly(v, &property_type)) {
            Value setter = ((PropertyObject *)as_object(v))->fset;
            if (present(setter) && is_function(setter) && code_exact_arguments(as_function(setter)->code) == 2)
                fill_attribute_cache(t, ip, cache, OP_STORE_ATTR_PROPERTY, shape->id,
                                     (uintptr_t[4]){(uintptr_t)&shape->flags, (uintptr_t)entry, v.bits, setter.bits});
            return;
        }
        if (slot_is_looked_up(type_of(v), SLOT___set__))
            return fill_attribute_cache(t, ip, cache, OP_STORE_ATTR_SET, shape->id,
                                        (uintptr_t[4]){(uintptr_t)&shape->flags, (uintptr_t)entry, v.bits, 0});
        if (is_data_descriptor(v))
            return;
    }
    int slot = instance_slot(as_object(o), shape, cache->name);
    if (slot < 0) {
        int64_t index = before == shape->id && !entry ? dictionary_index(as_object(o), shape, cache->name) : -1;
        if (index >= 0)
            fill_cache(t, ip, cache, OP_STORE_ATTR_DICT, shape->id,
                       (uintptr_t[4]){(uintptr_t)&shape->flags, type->slots_offset, (uintptr_t)index, 0});
        return;
    }
    bool out = (uint32_t)slot >= type->inline_slots;
    Shape *parent = load_relaxed(&shape->parent);
    bool added = parent && parent->id == before && same(shape->name, cache->name) && shape->count == parent->count + 1 &&
                 !(shape_flags(shape) & SHAPE_ATTACHED); /* its dict counts them */
    if (entry) {
        if (!out && (added || before == shape->id)) {
            uintptr_t flags = (uintptr_t)(added ? &parent->flags : &shape->flags);
            uintptr_t where = slot_offset(type, slot) | (added ? (uintptr_t)shape->id << 32 : 0);
            fill_attribute_cache(t, ip, cache, OP_STORE_ATTR_OVER, before, (uintptr_t[4]){flags, (uintptr_t)entry, v.bits, where});
        }
        return;
    }
    if (before == shape->id) {
        fill_attribute_cache(t, ip, cache, out ? OP_STORE_ATTR_OUT : OP_STORE_ATTR_SLOT, shape->id,
                   (uintptr_t[4]){(uintptr_t)&shape->flags, out ? (uintptr_t)slot - type->inline_slots : slot_offset(type, slot), 0, 0});
    } else if (!out && added) {
        fill_attribute_cache(t, ip, cache, OP_STORE_ATTR_ADD, before,
                   (uintptr_t[4]){(uintptr_t)&parent->flags, slot_offset(type, slot), shape->id, 0});
    }
}

void specialize_store_attr(Thread *t, Instruction *ip, Cache *cache, Value o, uint32_t before) {
    if (!worth_trying(ip, cache, o) || before == 0)
        return;
    find_store_attr(t, ip, cache, o, before);
    count_failure(ip, cache);
}
