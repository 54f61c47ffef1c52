/* Filling a type's slots from the namespaces along its MRO.
 *
 * For each special method the first class of the MRO that has the name decides: a slot wrapper stands for the native
 * function of its owner, which then stands in the slot itself; anything else gets a trampoline that looks
 * the method up on the class of its receiver and calls it.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/descriptors.h"
#include "types/dict/dict.h"
#include "types/str/str.h"
#include "types/tuple.h"

static const uint8_t slot_arity[] = {
#define SLOT(name, arity) arity,
#include "object/slots.def"
#undef SLOT
};

static inline Value slot_name(Slot slot) {
    static const size_t offsets[] = {
#define SLOT(name, arity) offsetof(struct Names, name),
#include "object/slots.def"
#undef SLOT
    };
    return *(Value *)((char *)&names + offsets[slot]);
}

/* Calls the method that was bound to args[0]. */
static Value call_bound(Thread *t, Value bound, const Value *args, size_t count) {
    Value copy[4] = {NO_VALUE};
    CHECK(recursion_enter(t, ""));
    memcpy(copy + 1, args + 1, (count - 1) * sizeof(Value));
    return call(t, bound, copy + 1, count - 1, NO_VALUE);
}

/* Calls the method as found on the class, with args[0] as its receiver. */
static Value call_found(Thread *t, Value method, const Value *args, size_t count) {
    if (!has_type_flag(method, TYPE_METHOD_DESCRIPTOR))
        return call_bound(t, TRY(bind_descriptor(t, method, args[0], type_of(args[0]))), args, count);
    Value copy[4] = {NO_VALUE};
    CHECK(recursion_enter(t, ""));
    memcpy(copy + 1, args, count * sizeof(Value));
    return call(t, method, copy + 1, count, NO_VALUE);
}

static Value raise_unsupported_none(Thread *t, Slot slot, Value self) {
    switch (slot) {
    case SLOT___iter__:
        return raise_type_error(t, "'%T' object is not iterable", self);
    case SLOT___contains__:
        return raise_type_error(t, "'%T' object is not a container", self);
    case SLOT___bool__:
        return raise_type_error(t, "'%T' cannot be interpreted as a boolean", self);
    case SLOT___aiter__:
        return raise_type_error(t, "'async for' requires an object with __aiter__ method, got %T", self);
    default:
        return NO_VALUE;
    }
}

/* What an operation does when the class has the method and binding it to the instance said AttributeError (a property
 * that raises it): the same as if there were none. The other operations pass the error on. */
static Value not_there_after_all(Thread *t, Slot slot, Value *args) {
    const uint8_t *text = (const uint8_t *)as_str(slot_name(slot))->data; /* names of special methods are ASCII */
    bool in_place = text[2] == 'i';
    bool operator = slot >= SLOT___eq__ && slot <= SLOT___ixor__ && !in_place;
    bool known = operator || slot == SLOT___repr__ || slot == SLOT___hash__ || slot == SLOT___bool__ ||
                 slot == SLOT___iter__ || slot == SLOT___contains__;
    if (!known || !error_catch(t, &AttributeError_type))
        return NO_VALUE;
    if (operator)
        return NOT_IMPLEMENTED;
    switch (slot) {
    case SLOT___hash__:
        return hash_not_implemented(t, args);
    case SLOT___bool__:
        return TRUE;
    case SLOT___iter__:
        return raise_type_error(t, "'%T' object is not iterable", args[0]);
    case SLOT___contains__:
        return raise_type_error(t, "argument of type '%T' is not a container or iterable", args[0]);
    default:
        return object_type.slots[SLOT___repr__](t, args);
    }
}

static Value call_slot(Thread *t, Slot slot, Value *args) {
    Value method = type_lookup(type_of(args[0]), slot_name(slot));
    if (unlikely(absent(method)))
        return raise_attribute_error(t, args[0], slot_name(slot), "'%T' object has no attribute '%S'", args[0],
                                     slot_name(slot));
    if (unlikely(is_none(method)) && absent(raise_unsupported_none(t, slot, args[0])) && error_pending(t))
        return NO_VALUE;
    size_t count = slot_arity[slot];
    if ((slot == SLOT___pow__ || slot == SLOT___rpow__) && (absent(args[2]) || is_none(args[2])))
        count = 2;
    Value copy[4] = {NO_VALUE}; /* scratch below */
    for (size_t i = 0; i < count; i++)
        copy[i + 1] = absent(args[i]) ? NONE : args[i];
    if (likely(has_type_flag(method, TYPE_METHOD_DESCRIPTOR)))
        return call(t, method, copy + 1, count, NO_VALUE);
    Value bound = bind_descriptor(t, method, args[0], type_of(args[0]));
    return absent(bound) ? not_there_after_all(t, slot, args) : call_bound(t, bound, copy + 1, count);
}

#define SLOT(name, arity) \
    static Value python_##name(Thread *t, Value *args) { return call_slot(t, SLOT_##name, args); }
#include "object/slots.def"
#undef SLOT

static const NativeFn trampolines[] = {
#define SLOT(name, arity) python_##name,
#include "object/slots.def"
#undef SLOT
};

static Value python_next(Thread *t, Value iterator) {
    Value method = type_lookup(type_of(iterator), names.__next__);
    if (absent(method))
        return raise_type_error(t, "'%T' object is not an iterator", iterator);
    Value item = call_found(t, method, &iterator, 1);
    if (absent(item))
        error_catch(t, &StopIteration_type);
    return item;
}

static Value python_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    Value method = type_lookup(type_of(callee), names.__call__);
    if (absent(method))
        return raise_type_error(t, "'%T' object is not callable", callee);
    CHECK(recursion_enter(t, " while calling a Python object"));
    if (has_type_flag(method, TYPE_METHOD_DESCRIPTOR)) {
        args[-1] = callee;
        size_t total = nargs + 1 + (present(kwnames) ? tuple_length(kwnames) : 0);
        /* The word below args[-1] is not ours: a copy makes room for the callee's scratch word. */
        Value small[8];
        Value *copy = small;
        Value keep = NO_VALUE;
        if (total + 1 > 8) {
            keep = TRY(tuple_new(t, total + 1));
            copy = as_tuple(keep)->items;
        }
        copy[0] = NO_VALUE;
        memcpy(copy + 1, args - 1, total * sizeof(Value)); /* NOBARRIER: nobody else sees the tuple */
        if (present(keep))
            store_many((void *)keep.bits);
        Value result = call(t, method, copy + 1, nargs + 1, kwnames);
        keep_alive((void *)keep.bits);
        return result;
    }
    return call(t, TRY(bind_descriptor(t, method, callee, type_of(callee))), args, nargs, kwnames);
}

bool slot_is_looked_up(const Type *type, Slot slot) { return load_relaxed(&type->slots[slot]) == trampolines[slot]; }
bool next_is_looked_up(const Type *type) { return load_relaxed(&type->next) == python_next; }
bool call_is_looked_up(const Type *type) { return load_relaxed(&type->call) == python_call; }

Value hash_not_implemented(Thread *t, Value *args) { return raise_type_error(t, "unhashable type: '%T'", args[0]); }

/* The first class of the MRO that has the name, and what it has there. */
static Value find_definition(Type *type, Value name) {
    Value mro = load(&type->mro);
    for (size_t i = 0; i < tuple_length(mro); i++) {
        Value value = dict_get_str(as_type(tuple_get(mro, i))->dict, name);
        if (present(value))
            return value;
    }
    return NO_VALUE;
}

static bool is_native_row(Value definition) { return is_exactly(definition, &slot_wrapper_type) ||
                                                     is_exactly(definition, &method_descriptor_type); }

/* Decimal's __format__ has an argument that format() does not give: it must be bound. */
static bool takes_more(Slot slot, const NativeDef *def) {
    const char *comma = slot == SLOT___format__ ? strchr(def->signature, ',') : NULL;
    return comma && (comma = strchr(comma + 1, ',')) && strcmp(comma, ", /)") != 0;
}

static NativeFn slot_for(Type *type, Slot slot) {
    Value definition = find_definition(type, slot_name(slot));
    if (absent(definition))
        return NULL;
    if (is_none(definition) && slot == SLOT___hash__)
        return hash_not_implemented;
    if (is_native_row(definition)) {
        MethodDescriptorObject *d = (MethodDescriptorObject *)definition.bits;
        if (d->def && type_is_subtype(type, d->owner) && same(d->name, slot_name(slot)) && !takes_more(slot, d->def))
            return d->def->function;
    }
    return trampolines[slot];
}

/* The value of a C slot that a static type in the MRO set: the wrapper tells whose. */
static Type *native_owner(Type *type, Value definition) {
    if (!is_native_row(definition))
        return NULL;
    MethodDescriptorObject *d = (MethodDescriptorObject *)definition.bits;
    return type_is_subtype(type, d->owner) ? d->owner : NULL;
}

static void fill_next(Type *type) {
    Value definition = find_definition(type, names.__next__);
    Type *owner = present(definition) ? native_owner(type, definition) : NULL;
    store_release(&type->next, absent(definition) ? NULL : owner && owner->next ? owner->next : python_next);
}

static void fill_call(Type *type) {
    Value definition = find_definition(type, names.__call__);
    Type *owner = present(definition) ? native_owner(type, definition) : NULL;
    store_release(&type->call, absent(definition) ? NULL : owner && owner->call ? owner->call : python_call);
}

static void update_flags(Type *type) {
    bool has = type_slot(type, SLOT___del__) != NULL, had = load_relaxed(&type->flags) & TYPE_HAS_DEL;
    if (has && !had)
        fetch_or(&type->flags, (uint32_t)TYPE_HAS_DEL);
    else if (had && !has)
        fetch_and(&type->flags, ~(uint32_t)TYPE_HAS_DEL);
}

/* The base that the type adds a namespace to and nothing else, or NULL: its MRO is the base's behind the type itself. */
static Type *only_base(Type *type) {
    Value mro = load(&type->mro), base_mro = type->base ? load(&type->base->mro) : NO_VALUE;
    if (absent(base_mro) || tuple_length(mro) != tuple_length(base_mro) + 1)
        return NULL;
    for (size_t i = 0; i < tuple_length(base_mro); i++)
        if (!same(tuple_get(mro, i + 1), tuple_get(base_mro, i)))
            return NULL;
    return type->base;
}

static bool defines(Type *type, Value name) { return present(dict_get_str(type->dict, name)); }

/* Of an interned str. */
static bool str_is_special(Value name) { return str_length(name) > 4 && memcmp(as_str(name)->data, "__", 2) == 0; }

/* The slots whose methods the type's own namespace has. In that of a static type all names are interned. */
static void find_defined(Type *type, bool defined[SLOT_COUNT]) {
    size_t position = 0;
    Value key, value;
    if (type->flags & TYPE_HEAP) {
        for (Slot slot = 0; slot < SLOT_COUNT; slot++)
            defined[slot] = defines(type, slot_name(slot));
        return;
    }
    Value slot_names[SLOT_COUNT];
    for (Slot slot = 0; slot < SLOT_COUNT; slot++)
        slot_names[slot] = slot_name(slot);
    while (dict_next(type->dict, &position, &key, &value)) {
        if (str_is_special(key))
            for (Slot slot = 0; slot < SLOT_COUNT; slot++)
                defined[slot] |= same(key, slot_names[slot]);
    }
}

/* Where there is one base, only what the type itself defines has to be looked for. */
void type_fill_slots(Type *type) {
    Type *base = only_base(type);
    bool defined[SLOT_COUNT] = {0};
    if (base)
        find_defined(type, defined);
    for (Slot slot = 0; slot < SLOT_COUNT; slot++) {
        bool inherited = base && !defined[slot];
        store_release(&type->slots[slot], inherited ? load_relaxed(&base->slots[slot]) : slot_for(type, slot));
    }
    if (base && !defines(type, names.__next__))
        type->next = base->next;
    else
        fill_next(type);
    if (base && !defines(type, names.__call__))
        type->call = base->call;
    else
        fill_call(type);
    update_flags(type);
}

typedef struct Registering {
    Type *type;
    Thread *t;
    Object **found;
    size_t count, capacity;
} Registering;

static void collect_instance(void *context, Object *o) {
    Registering *r = context;
    if (type_is_subtype(o->type, r->type) && r->count < r->capacity)
        r->found[r->count] = o;
    r->count += type_is_subtype(o->type, r->type);
}

/* Instances that exist already have a __del__ from now on. */
static void register_instances(Thread *t, Type *type) {
    Registering r = {.type = type, .t = t};
    heap_each_object(t, collect_instance, &r);
    if (r.count == 0)
        return;
    Value keep = tuple_new(t, r.count); /* conservative scanning sees the tuple, which names them all */
    if (absent(keep)) {
        error_clear(t);
        return;
    }
    r.found = (Object **)as_tuple(keep)->items;
    r.capacity = r.count;
    r.count = 0;
    heap_each_object(t, collect_instance, &r);
    store_many((void *)keep.bits);
    for (size_t i = 0; i < r.count && i < r.capacity; i++)
        heap_register_finalizable(t, r.found[i]);
    keep_alive((void *)keep.bits);
}

static void refill(Thread *, Type *type) { type_fill_slots(type); }

unsigned type_descriptor_kind(const Type *type) {
    return (unsigned)(type_slot(type, SLOT___get__) != NULL) | (unsigned)(type_slot(type, SLOT___set__) != NULL) << 1 |
           (unsigned)(type_slot(type, SLOT___delete__) != NULL) << 2;
}

/* Who finds that a slot is there calls it before the next safepoint: so slots of a class that is in use change while the world
 * is stopped. */
void type_refill_slots(Thread *t, Type *type) {
    bool threaded = load_relaxed(&runtime_threaded);
    unsigned kind = type_descriptor_kind(type);
    if (threaded)
        stop_world(t);
    mutex_lock(&t->isolate->type_mutex);
    refill(t, type);
    type_each_descendant(t, type, type_next_version(), refill);
    mutex_unlock(&t->isolate->type_mutex);
    if (threaded)
        start_world(t);
    if (type_descriptor_kind(type) != kind)
        type_forget_attributes(t);
}

void type_fill_slot_named(Thread *t, Type *type, Value name) {
    if (!is_slot_name(name))
        return;
    bool had_del = type->flags & TYPE_HAS_DEL;
    type_refill_slots(t, type);
    if (!had_del && type->flags & TYPE_HAS_DEL)
        register_instances(t, type);
}

/* Whether a dead object has a finalizer to run, and running it: what the heap asks for. */
bool object_wants_finalizer(Object *o) {
    return type_slot(o->type, SLOT___del__) != NULL && !(o->type->needs_no_del && o->type->needs_no_del(o));
}

void object_run_finalizer(Thread *t, Object *o) {
    Value pending = error_take(t);
    Value self = from_object(o);
    Value args[1] = {self};
    Value method = type_lookup(o->type, names.__del__);
    if (absent(type_slot(o->type, SLOT___del__)(t, args)))
        error_write_unraisable(t, "Exception ignored while calling deallocator", absent(method) ? self : method);
    if (present(pending))
        error_restore(t, pending);
}
