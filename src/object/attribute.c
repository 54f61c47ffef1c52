/* Attribute access: the generic algorithm, descriptors, and the lookups that calls make.
 *
 * Threads: reads take no lock; see shape.h for instances and type.h for types.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/method.h"
#include "types/module.h"
#include "types/str/str.h"

/* The instance None, which otherwise stands for "no instance", comes without a type. */
static Value type_for_get(Value o, Type *type) { return present(o) && is_none(o) ? NO_VALUE : from_object(type); }

Value bind_descriptor(Thread *t, Value descriptor, Value o, Type *type) {
    Type *kind = type_of(descriptor);
    NativeFn get = type_slot(kind, SLOT___get__);
    if (!get)
        return descriptor;
    Value args[3] = {descriptor, absent(o) ? NONE : o, type_for_get(o, type)};
    return get(t, args);
}

static bool is_data_descriptor(Value descriptor) {
    Type *kind = type_of(descriptor);
    return type_slot(kind, SLOT___set__) || type_slot(kind, SLOT___delete__);
}

Value generic_find_attribute(Thread *t, Value o, Value name) {
    Type *type = type_of(o);
    Value descriptor = type_lookup(type, name);
    NativeFn get = NULL;
    if (present(descriptor)) {
        get = type_slot(type_of(descriptor), SLOT___get__);
        if (get && is_data_descriptor(descriptor)) {
            Value args[3] = {descriptor, o, type_for_get(o, type)};
            return get(t, args);
        }
    }
    if (type->flags & TYPE_HAS_DICT) {
        Value value = instance_get(t, as_object(o), name);
        if (present(value) || error_pending(t))
            return value;
    } else if (unlikely(is_type(o)) && as_type(o)->flags & TYPE_HEAP && is_str(name)) { /* object.__getattribute__ of a class */
        Value value = dict_get_str(as_type(o)->dict, name);
        if (present(value))
            return value;
    }
    if (absent(descriptor) || !get)
        return descriptor;
    Value args[3] = {descriptor, o, type_for_get(o, type)};
    return get(t, args);
}

static Value raise_no_attribute(Thread *t, Value o, Value name) {
    return raise_attribute_error(t, o, name, "'%T' object has no attribute '%S'", o, name);
}

Value generic_get_attribute(Thread *t, Value o, Value name) {
    Value value = generic_find_attribute(t, o, name);
    return present(value) || error_pending(t) ? value : raise_no_attribute(t, o, name);
}

static Value call_getattr(Thread *t, Value o, Value name) {
    Value args[2] = {o, name};
    return type_slot(type_of(o), SLOT___getattr__)(t, args);
}

/* An AttributeError from code of the program says of what, if it does not yet: for suggestions. */
static Value without_value(Thread *t, Value o, Value name) {
    if (!error_matches(t, &AttributeError_type))
        return NO_VALUE;
    Value error = error_take(t);
    AttributeErrorObject *e = (AttributeErrorObject *)as_object(error);
    if (absent(load(&e->obj)) && absent(load(&e->name))) {
        store(e, &e->obj, o);
        store(e, &e->name, name);
    }
    error_restore(t, error);
    return NO_VALUE;
}

static inline Value look_up_attribute(Thread *t, Value o, Value name) {
    Type *type = type_of(o);
    NativeFn getattribute = type_slot(type, SLOT___getattribute__);
    if (likely(getattribute == object_getattribute)) {
        Value value = generic_find_attribute(t, o, name);
        if (likely(present(value)))
            return value;
        if (error_pending(t) && !(type_slot(type, SLOT___getattr__) && error_catch(t, &AttributeError_type)))
            return NO_VALUE;
        return type_slot(type, SLOT___getattr__) ? call_getattr(t, o, name) : raise_no_attribute(t, o, name);
    }
    if (getattribute == type_getattribute && !type_slot(type, SLOT___getattr__))
        return type_get_attribute(t, as_type(o), name, true);
    Value args[2] = {o, name};
    Value value = getattribute(t, args);
    if (absent(value) && type_slot(type, SLOT___getattr__) && error_catch(t, &AttributeError_type))
        return call_getattr(t, o, name);
    return value;
}

Value get_attribute(Thread *t, Value o, Value name) {
    Value value = look_up_attribute(t, o, name);
    return likely(present(value)) ? value : without_value(t, o, name);
}

Value find_attribute(Thread *t, Value o, Value name) {
    Type *type = type_of(o);
    NativeFn getattribute = type_slot(type, SLOT___getattribute__);
    Value value;
    if (type == &module_type && absent(dict_get_str(module_dict(o), names.__getattr__)))
        value = generic_find_attribute(t, o, name);
    else if (getattribute == object_getattribute && !type_slot(type, SLOT___getattr__))
        value = generic_find_attribute(t, o, name);
    else if (getattribute == type_getattribute && !type_slot(type, SLOT___getattr__))
        value = type_get_attribute(t, as_type(o), name, false);
    else
        value = look_up_attribute(t, o, name);
    if (absent(value) && error_pending(t))
        error_catch(t, &AttributeError_type);
    return value;
}

Value get_attribute_text(Thread *t, Value o, const char *name) {
    return get_attribute(t, o, TRY(str_intern_text(t, name)));
}

static bool call_descriptor_set(Thread *t, Value descriptor, Value o, Value name, Value value) {
    Value args[3] = {descriptor, o, value};
    NativeFn function = type_of(descriptor)->slots[present(value) ? SLOT___set__ : SLOT___delete__];
    if (function)
        return present(function(t, args));
    Value wanted = present(value) ? names.__set__ : names.__delete__;
    raise_attribute_error(t, o, name, "%S", wanted);
    return false;
}

static bool raise_cannot_set(Thread *t, Value o, Value name, bool exists) {
    if (exists)
        raise_attribute_error(t, o, name, "'%T' object attribute '%S' is read-only", o, name);
    else if (type_slot(type_of(o), SLOT___setattr__) == object_setattr)
        raise_attribute_error(t, o, name, "'%T' object has no attribute '%S' and no __dict__ for setting new attributes", o,
                              name);
    else
        raise_no_attribute(t, o, name);
    return false;
}

bool generic_set_attribute(Thread *t, Value o, Value name, Value value) {
    Type *type = type_of(o);
    Value descriptor = type_lookup(type, name);
    if (present(descriptor) && is_data_descriptor(descriptor))
        return call_descriptor_set(t, descriptor, o, name, value);
    if (!(type->flags & TYPE_HAS_DICT))
        return raise_cannot_set(t, o, name, present(descriptor));
    if (present(value))
        return instance_set(t, as_object(o), name, value);
    int deleted = instance_delete(t, as_object(o), name);
    if (deleted == 0)
        raise_no_attribute(t, o, name);
    return deleted > 0;
}

bool set_attribute(Thread *t, Value o, Value name, Value value) {
    Type *type = type_of(o);
    NativeFn set = type->slots[present(value) ? SLOT___setattr__ : SLOT___delattr__];
    if (set == object_setattr || set == object_delattr)
        return generic_set_attribute(t, o, name, value);
    if (!set) {
        raise_type_error(t, "'%T' object has no attributes (%s .%S)", o, present(value) ? "assign to" : "del", name);
        return false;
    }
    Value args[3] = {o, name, value};
    return present(set(t, args));
}

Value load_method(Thread *t, Value o, Value name, Value *self) {
    Type *type = type_of(o);
    *self = NO_VALUE;
    if (type_slot(type, SLOT___getattribute__) != object_getattribute)
        return get_attribute(t, o, name);
    Value found = type_lookup(type, name);
    if (absent(found) || !has_type_flag(found, TYPE_METHOD_DESCRIPTOR))
        return get_attribute(t, o, name);
    if (type->flags & TYPE_HAS_DICT) {
        Value own = instance_get(t, as_object(o), name);
        if (present(own) || error_pending(t))
            return own;
    }
    *self = o;
    return found;
}
