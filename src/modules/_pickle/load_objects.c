/* Unpickling classes, functions, and objects that they make. */
#include "base/byte_order.h"
#include "modules/_pickle/pickle.h"
#include "object/audit.h"
#include "types/exceptions/exceptions.h"

/* Globals */

/* Names of Python 2 to today's. */
static bool map_to_new_names(Thread *t, Value *module, Value *name) {
    Value key = tuple_pack(t, 2, *module, *name);
    Value found = absent(key) ? key : dict_get(t, pickle_state(t, NAME_MAPPING), key);
    if (present(found)) {
        if (!is_tuple(found) || tuple_length(found) != 2) {
            raise_error(t, &RuntimeError_type, "_compat_pickle.NAME_MAPPING values should be 2-tuples, not %T", found);
            return false;
        }
        *module = tuple_get(found, 0);
        *name = tuple_get(found, 1);
        if (is_str(*module) && is_str(*name))
            return true;
        raise_error(t, &RuntimeError_type, "_compat_pickle.NAME_MAPPING values should be pairs of str, not (%T, %T)", *module,
                    *name);
        return false;
    }
    found = error_pending(t) ? NO_VALUE : dict_get(t, pickle_state(t, IMPORT_MAPPING), *module);
    if (absent(found))
        return !error_pending(t);
    if (!is_str(found)) {
        raise_error(t, &RuntimeError_type, "_compat_pickle.IMPORT_MAPPING values should be strings, not %T", found);
        return false;
    }
    *module = found;
    return true;
}

Value unpickler_find_class(Thread *t, Unpickler *u, Value module_name, Value name) {
    CHECK(audit(t, "pickle.find_class", 2, module_name, name));
    if (!is_str(module_name) || !is_str(name))
        return raise_type_error(t, "find_class() arguments must be str");
    if (u->protocol < 3 && u->fix_imports)
        CHECK(map_to_new_names(t, &module_name, &name));
    Value module = TRY(pickle_import(t, module_name));
    if (u->protocol < 4)
        return get_attribute(t, module, str_intern(t, name));
    Value found = pickle_get_dotted(t, module, name);
    if (absent(found) && error_matches(t, &AttributeError_type)) {
        Value dot = TRY(str_from_text(t, "."));
        if (str_find(t, name, dot, 0, str_length(name)) < 0)
            return NO_VALUE;
        Value first = error_take(t);
        raise_attribute_error(t, module, name, "Can't resolve path %R on module %R", name, module_name);
        exception_set_context(t, t->exception, first);
    }
    return found;
}

static Value find_class(Thread *t, Unpickler *u, Value module, Value name) {
    if (u->object.type == &unpickler_type)
        return unpickler_find_class(t, u, module, name);
    return call_method_2(t, from_object(u), names.find_class, module, name);
}

static Value read_name(Thread *t, Unpickler *u, bool ascii) {
    size_t n;
    const char *line = input_full_line(t, u, &n);
    return line ? str_decode(t, line, n, ascii ? "ascii" : "utf-8", "strict") : NO_VALUE;
}

bool unpickler_load_global(Thread *t, Unpickler *u) {
    Value module = read_name(t, u, false), name = absent(module) ? module : read_name(t, u, false);
    return present(name) && unpickler_push(t, u, find_class(t, u, module, name));
}

bool unpickler_load_stack_global(Thread *t, Unpickler *u) {
    if (!unpickler_has(u, 2))
        return unpickler_underflow(t, u);
    Value name = unpickler_pop(u), module = unpickler_pop(u);
    if (!is_exactly(name, &str_type) || !is_exactly(module, &str_type)) {
        UNPICKLING_FAIL(t, "STACK_GLOBAL requires str");
        return false;
    }
    return unpickler_push(t, u, find_class(t, u, module, name));
}

bool unpickler_load_extension(Thread *t, Unpickler *u, size_t width) {
    const char *from = input_read(t, u, width);
    if (from == NULL)
        return false;
    int64_t number = width == 1 ? (uint8_t)*from : width == 2 ? get_le16(from) : (int32_t)get_le32(from);
    if (number <= 0) {
        UNPICKLING_FAIL(t, "EXT specifies code <= 0");
        return false;
    }
    Value code = small_int(number), found = dict_get(t, pickle_state(t, EXTENSION_CACHE), code);
    if (present(found) || error_pending(t))
        return unpickler_push(t, u, found);
    Value pair = dict_get(t, pickle_state(t, INVERTED_REGISTRY), code);
    if (absent(pair)) {
        if (!error_pending(t))
            raise_value_error(t, "unregistered extension code %lld", (long long)number);
        return false;
    }
    if (!is_tuple(pair) || tuple_length(pair) != 2 || !is_str(tuple_get(pair, 0)) || !is_str(tuple_get(pair, 1))) {
        raise_value_error(t, "_inverted_registry[%lld] isn't a 2-tuple of strings", (long long)number);
        return false;
    }
    found = find_class(t, u, tuple_get(pair, 0), tuple_get(pair, 1));
    return present(found) && dict_set(t, pickle_state(t, EXTENSION_CACHE), code, found) && unpickler_push(t, u, found);
}

bool unpickler_load_persistent(Thread *t, Unpickler *u, Value id) {
    if (absent(u->persistent_load)) {
        UNPICKLING_FAIL(t, "A load persistent id instruction was encountered, but no persistent_load function was specified.");
        return false;
    }
    return unpickler_push(t, u, call_1(t, u->persistent_load, id));
}

/* Calls */

/* Of old-style instances: without arguments a class is only made, not initialised. */
static Value instantiate(Thread *t, Value class, Value args) {
    if (tuple_length(args) == 0 && is_type(class)) {
        Value has = find_attribute(t, class, names.__getinitargs__);
        CHECK(!error_pending(t));
        if (absent(has))
            return call_method_1(t, class, names.__new__, class);
    }
    return call_tuple(t, class, args, NO_VALUE);
}

static Value take_marked(Thread *t, Unpickler *u, size_t start) {
    Value args = tuple_from_values(t, u->stack ? u->stack->items + start : NULL, u->depth - start);
    unpickler_drop(u, start);
    return args;
}

bool unpickler_load_inst(Thread *t, Unpickler *u) {
    size_t start;
    if (!unpickler_pop_mark(t, u, &start))
        return false;
    Value module = read_name(t, u, true), name = absent(module) ? module : read_name(t, u, true);
    Value class = absent(name) ? name : find_class(t, u, module, name);
    Value args = absent(class) ? class : take_marked(t, u, start);
    return present(args) && unpickler_push(t, u, instantiate(t, class, args));
}

bool unpickler_load_obj(Thread *t, Unpickler *u) {
    size_t start;
    if (!unpickler_pop_mark(t, u, &start))
        return false;
    if (u->depth - start < 1)
        return unpickler_underflow(t, u);
    Value args = take_marked(t, u, start + 1);
    return present(args) && unpickler_push(t, u, instantiate(t, unpickler_pop(u), args));
}

/* class.__new__(class, *args, **kwargs), kwargs absent: none. Directly when it is object's. */
static Value new_object(Thread *t, Value class, Value args, Value kwargs) {
    Type *type = as_type(class);
    bool named = present(kwargs) && dict_length(kwargs) > 0;
    if (type->head.object.type == &type_type && tuple_length(args) == 0 && !named &&
        same(type_lookup(type, names.__new__), type_lookup(&object_type, names.__new__)) && type->instance_size &&
        !(type->flags & (TYPE_ABSTRACT | TYPE_NO_NEW)) && type->item_size == 0) {
        void *o = type_allocate(t, type);
        return o ? from_object(o) : NO_VALUE;
    }
    Value new = TRY(get_attribute(t, class, names.__new__));
    if (!named && tuple_length(args) <= 6) {
        Value all[8] = {NO_VALUE, class};
        memcpy(all + 2, as_tuple(args)->items, tuple_length(args) * sizeof(Value));
        return call(t, new, all + 1, tuple_length(args) + 1, NO_VALUE);
    }
    Value all = TRY(tuple_concat(t, TRY(tuple_pack(t, 1, class)), args));
    return call_tuple(t, new, all, named ? kwargs : NO_VALUE);
}

bool unpickler_load_newobj(Thread *t, Unpickler *u, bool keywords) {
    const char *name = keywords ? "NEWOBJ_EX" : "NEWOBJ";
    if (!unpickler_has(u, keywords ? 3 : 2))
        return unpickler_underflow(t, u);
    Value kwargs = keywords ? unpickler_pop(u) : NO_VALUE;
    Value args = unpickler_pop(u), class = unpickler_pop(u);
    if (!is_type(class))
        UNPICKLING_FAIL(t, "%s class argument must be a type, not %T", name, class);
    else if (!is_tuple(args))
        UNPICKLING_FAIL(t, "%s args argument must be a tuple, not %T", name, args);
    else if (keywords && !is_dict(kwargs))
        UNPICKLING_FAIL(t, "%s kwargs argument must be a dict, not %T", name, kwargs);
    else
        return unpickler_push(t, u, new_object(t, class, args, kwargs));
    return false;
}

bool unpickler_load_reduce(Thread *t, Unpickler *u) {
    if (!unpickler_has(u, 2))
        return unpickler_underflow(t, u);
    Value args = unpickler_pop(u), function = unpickler_pop(u);
    if (!is_tuple(args)) {
        raise_type_error(t, "argument list must be a tuple");
        return false;
    }
    if (tuple_length(args) <= 6) {
        Value all[7] = {NO_VALUE};
        memcpy(all + 1, as_tuple(args)->items, tuple_length(args) * sizeof(Value));
        return unpickler_push(t, u, call(t, function, all + 1, tuple_length(args), NO_VALUE));
    }
    return unpickler_push(t, u, call_tuple(t, function, args, NO_VALUE));
}

/* State */

static Value interned(Thread *t, Value key) { return is_exactly(key, &str_type) ? str_intern(t, key) : key; }

/* Is `__dict__` of this object the plain one? Then its items may become attributes without making the dict. */
static bool has_plain_dict(Value o) {
    Type *type = type_of(o);
    return (type->flags & TYPE_HAS_DICT) && (type->flags & TYPE_HEAP) && absent(type_lookup(type, names.__getattr__)) &&
           type_slot(type, SLOT___getattribute__) == object_type.slots[SLOT___getattribute__] &&
           is_exactly(type_lookup(type, names.__dict__), type_of(type_lookup(type, names.__dict__)));
}

static bool set_dict_items(Thread *t, Value o, Value state) {
    bool plain = has_plain_dict(o);
    Value dict = plain ? NO_VALUE : get_attribute(t, o, names.__dict__), key, value;
    if (!plain && absent(dict))
        return false;
    size_t position = 0;
    while (dict_next(state, &position, &key, &value)) {
        key = interned(t, key);
        if (absent(key))
            return false;
        bool ok = plain && is_exactly(key, &str_type) ? instance_set(t, as_object(o), key, value)
                                                      : set_item(t, plain ? instance_dict(t, as_object(o)) : dict, key, value);
        if (!ok)
            return false;
    }
    return true;
}

static bool set_slot_items(Thread *t, Value o, Value state) {
    size_t position = 0;
    Value key, value;
    if (!is_dict(state)) {
        UNPICKLING_FAIL(t, "slot state is not a dictionary");
        return false;
    }
    while (dict_next(state, &position, &key, &value)) {
        if (!is_str(key)) {
            raise_type_error(t, "attribute name must be string, not '%T'", key);
            return false;
        }
        key = interned(t, key);
        if (absent(key) || !set_attribute(t, o, key, value))
            return false;
    }
    return true;
}

bool unpickler_load_build(Thread *t, Unpickler *u) {
    if (!unpickler_has(u, 2))
        return unpickler_underflow(t, u);
    Value state = unpickler_pop(u), o = unpickler_top(u), slots = NO_VALUE;
    Value setstate = find_attribute(t, o, names.__setstate__);
    if (present(setstate))
        return present(call_1(t, setstate, state));
    if (error_pending(t))
        return false;
    if (is_tuple(state) && tuple_length(state) == 2) {
        slots = tuple_get(state, 1);
        state = tuple_get(state, 0);
    }
    if (!is_none(state)) {
        if (!is_dict(state)) {
            UNPICKLING_FAIL(t, "state is not a dictionary");
            return false;
        }
        if (!set_dict_items(t, o, state))
            return false;
    }
    return absent(slots) || is_none(slots) || set_slot_items(t, o, slots);
}
