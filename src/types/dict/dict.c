/* dict: the Python type. The engine is in table.c, views and iterators in views.c.
 *
 * Threads: each method is as atomic as CPython's with its global lock where no Python code runs in between.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/dict/dict_internal.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/exceptions/exceptions.h"
#include "types/iterator.h"
#include "types/list.h"
#include "types/list_iterator.h"
#include "types/set/set_internal.h"
#include "types/tuple.h"

static void trace_dict(Tracer *tracer, Object *o) {
    DictObject *d = (DictObject *)o;
    if (d->instance) { /* it keeps what the instance has, not the instance */
        instance_trace(tracer, d->instance);
        trace_lender(tracer, d->instance);
    }
    trace_object(tracer, d->table);
}

/* update, in all its forms */

typedef struct PairVisit {
    Value dict;
    size_t number;
} PairVisit;

static bool no_sequence(Thread *t, size_t number) {
    if (error_matches(t, &TypeError_type)) {
        Value error = error_take(t);
        Value note = format_text(t, "Cannot convert dictionary update sequence element #%zu to a sequence", number);
        if (present(note) && exception_add_note(t, error, note))
            error_restore(t, error);
    }
    return false;
}

static bool set_pair(Thread *t, void *context, Value item) {
    PairVisit *visit = context;
    Value pair = item;
    if (is_exactly(item, &list_type) && load_relaxed(&runtime_threaded)) { /* as it is at one moment */
        pair = list_to_tuple(t, item);
        if (absent(pair))
            return false;
    } else if (!is_exactly(item, &list_type) && !is_exactly(item, &tuple_type)) {
        Value iterator = get_iterator(t, item);
        if (absent(iterator) && error_catch(t, &TypeError_type))
            raise_type_error(t, "object is not iterable");
        pair = absent(iterator) ? iterator : tuple_from_iterable(t, iterator);
        if (absent(pair))
            return no_sequence(t, visit->number);
    }
    size_t length = is_list(pair) ? list_length(pair) : tuple_length(pair);
    if (length != 2) {
        raise_value_error(t, "dictionary update sequence element #%zu has length %zu; 2 is required", visit->number, length);
        return false;
    }
    visit->number++;
    Value key = is_list(pair) ? list_get(pair, 0) : tuple_get(pair, 0);
    Value value = is_list(pair) ? list_get(pair, 1) : tuple_get(pair, 1);
    if (absent(key) || absent(value)) {
        raise_error(t, &RuntimeError_type, "list changed size during update");
        return false;
    }
    return dict_set(t, visit->dict, key, value);
}

typedef struct PairConsumer {
    Consumer consumer;
    PairVisit visit;
} PairConsumer;

static bool take_pair(Thread *t, Consumer *c, Value item) {
    (void)t;
    PairVisit *visit = &((PairConsumer *)c)->visit;
    int64_t hash;
    if (!is_exactly(item, &tuple_type) || tuple_length(item) != 2)
        return false;
    Value key = tuple_get(item, 0);
    bool taken = key_hash_at_hand(key, &hash) && dict_try_set(visit->dict, key, hash, tuple_get(item, 1));
    visit->number += taken;
    return taken;
}

static bool merge_pairs(Thread *t, Value dict, Value pairs) {
    if (is_exactly(pairs, &tuple_type) || is_exactly(pairs, &list_type))
        return iterate(t, pairs, set_pair, &(PairVisit){dict, 0});
    Value iterator = iterator_at_once(t, pairs), item;
    if (absent(iterator))
        return false;
    PairConsumer c = {{take_pair, .keeps_none = true}, {dict, 0}};
    while (present(item = iterator_feed(t, iterator, &c.consumer)))
        if (!set_pair(t, &c.visit, item))
            return false;
    return !error_pending(t);
}

typedef struct KeyVisit {
    Value dict, mapping;
} KeyVisit;

static bool set_key(Thread *t, void *context, Value key) {
    KeyVisit *visit = context;
    Value value = get_item(t, visit->mapping, key);
    return present(value) && dict_set(t, visit->dict, key, value);
}

static bool merge_mapping(Thread *t, Value dict, Value mapping, Value keys_method) {
    Value keys = call_0(t, keys_method);
    return present(keys) && iterate(t, keys, set_key, &(KeyVisit){dict, mapping});
}

/* Whether iterating over it can be done on its table: dicts that do not define __iter__ anew. */
static bool is_plain_dict(Value v) {
    return is_dict(v) && type_slot(type_of(v), SLOT___iter__) == dict_type.slots[SLOT___iter__];
}

bool dict_update(Thread *t, Value dict, Value other) {
    Value target = mapping_proxy_target(other);
    if (is_exactly(target, &dict_type)) /* a class's namespace: one step, as that of any dict */
        return dict_merge_dict(t, dict, target);
    if (is_plain_dict(other))
        return dict_merge_dict(t, dict, other);
    Value keys = find_attribute(t, other, names.keys);
    if (present(keys))
        return merge_mapping(t, dict, other, keys);
    return !error_pending(t) && merge_pairs(t, dict, other);
}

static bool update_arguments(Thread *t, Value dict, const char *name, Value args, Value kwargs) {
    size_t count = tuple_length(args);
    if (count > 1) {
        raise_type_error(t, "%s expected at most 1 argument, got %zu", name, count);
        return false;
    }
    return (count == 0 || dict_update(t, dict, tuple_get(args, 0))) &&
           (absent(kwargs) || dict_merge_dict(t, dict, kwargs));
}

/* "module.name()" as call errors give it. */
static Value function_text(Thread *t, Value callee) {
    Value name = find_attribute(t, callee, names.__qualname__);
    if (absent(name)) {
        error_clear(t);
        return to_str(t, callee);
    }
    Value module = find_attribute(t, callee, names.__module__);
    if (present(module) && !is_none(module) && !(is_str(module) && str_equal(t, module, names.builtins)))
        return format_text(t, "%S.%S()", module, name);
    error_clear(t);
    return format_text(t, "%S()", name);
}

static bool merge_unique_key(Thread *t, Value dict, Value key, Value value, Value callee) {
    int there = dict_contains(t, dict, key);
    if (there == 0)
        return dict_set(t, dict, key, value);
    if (there > 0) {
        Value function = function_text(t, callee);
        if (present(function))
            raise_type_error(t, "%S got multiple values for keyword argument '%S'",
                             function, key);
    }
    return false;
}

bool dict_merge_unique(Thread *t, Value dict, Value mapping, Value callee) {
    if (is_plain_dict(mapping)) {
        Value key, value;
        for (size_t position = 0; dict_next(mapping, &position, &key, &value);)
            if (!merge_unique_key(t, dict, key, value, callee))
                return false;
        return true;
    }
    Value keys = find_attribute(t, mapping, names.keys);
    if (absent(keys)) {
        Value function = error_pending(t) ? NO_VALUE : function_text(t, callee);
        if (present(function))
            raise_type_error(t, "%S argument after ** must be a mapping, not %T", function, mapping);
        return false;
    }
    Value list = call_0(t, keys);
    if (present(list))
        list = list_from_iterable(t, list);
    if (absent(list))
        return false;
    for (size_t i = 0; i < list_length(list); i++) {
        Value key = list_get(list, i), value = get_item(t, mapping, key);
        if (absent(value) || !merge_unique_key(t, dict, key, value, callee))
            return false;
    }
    return true;
}

/* Construction */

static Value dict_new_method(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    if (type == &dict_type)
        return dict_new(t);
    Object *o = type_allocate(t, type);
    if (!o)
        return NO_VALUE;
    dict_init_empty(from_object(o));
    return from_object(o);
}

Value dict_init(Thread *t, Value *args) {
    if (tuple_length(args[1]) == 0 && present(args[2]) && dict_length(args[2]) && dict_adopt(args[0], args[2]))
        return NONE;
    CHECK(update_arguments(t, args[0], "dict", args[1], args[2]));
    return NONE;
}

typedef struct FromKeysVisit {
    Value dict, value;
} FromKeysVisit;

static bool fromkeys_plain(Thread *t, void *context, Value key) {
    FromKeysVisit *visit = context;
    return dict_set(t, visit->dict, key, visit->value);
}

static bool fromkeys_any(Thread *t, void *context, Value key) {
    FromKeysVisit *visit = context;
    return set_item(t, visit->dict, key, visit->value);
}

/* Sets and dicts know the hashes of their items: those are not asked again. */
static bool fromkeys_hashed(Thread *t, Value dict, Value keys, Value value) {
    Value key;
    int64_t hash;
    if (is_set(keys)) {
        for (size_t position = 0; set_next_hashed(keys, &position, &key, &hash);)
            if (!dict_set_hashed(t, dict, key, hash, value))
                return false;
        return true;
    }
    if (!dict_detach(t, as_dict(keys)))
        return false;
    DictTable *table = load_acquire(&as_dict(keys)->table);
    for (size_t i = 0; i < load_acquire(&table->count); i++) {
        DictEntry *e = dict_entry(table, i);
        key = load(&e->key);
        if (present(load(&e->value)) && present(key) && !dict_set_hashed(t, dict, key, dict_entry_hash(table, e, key), value))
            return false;
    }
    return true;
}

static Value dict_fromkeys(Thread *t, Value *args) {
    Value dict = TRY(call_0(t, args[0]));
    FromKeysVisit visit = {dict, args[2]};
    bool hashed = is_exactly(args[1], &dict_type) || is_exactly(args[1], &set_type) || is_exactly(args[1], &frozenset_type);
    if (hashed && is_exactly(dict, &dict_type)) {
        CHECK(fromkeys_hashed(t, dict, args[1], args[2]));
        return dict;
    }
    CHECK(iterate(t, args[1], is_exactly(dict, &dict_type) ? fromkeys_plain : fromkeys_any, &visit));
    return dict;
}

/* Items */

static Value dict_getitem(Thread *t, Value *args) {
    Value value = dict_get(t, args[0], args[1]);
    if (present(value) || error_pending(t))
        return value;
    if (!is_exactly(args[0], &dict_type)) {
        Value missing = type_lookup_special(t, args[0], names.__missing__);
        if (present(missing))
            return call_1(t, missing, args[1]);
        if (error_pending(t))
            return NO_VALUE;
    }
    return raise_key_error(t, args[1]);
}

static Value dict_setitem(Thread *t, Value *args) {
    CHECK(dict_set(t, args[0], args[1], args[2]));
    return NONE;
}

static Value dict_delitem(Thread *t, Value *args) {
    int deleted = dict_delete(t, args[0], args[1]);
    if (deleted == 0)
        raise_key_error(t, args[1]);
    return deleted == 1 ? NONE : NO_VALUE;
}

static Value dict_contains_method(Thread *t, Value *args) {
    int there = dict_contains(t, args[0], args[1]);
    return there < 0 ? NO_VALUE : from_bool(there);
}

static Value dict_len(Thread *t, Value *args) { return small_int((int64_t)dict_length(args[0])); }

static Value dict_get_method(Thread *t, Value *args) {
    Value value = dict_get(t, args[0], args[1]);
    return present(value) || error_pending(t) ? value : args[2];
}

static Value dict_setdefault_method(Thread *t, Value *args) { return dict_setdefault(t, args[0], args[1], args[2]); }

static Value dict_pop_method(Thread *t, Value *args) {
    Value value = dict_pop(t, args[0], args[1]);
    if (present(value) || error_pending(t))
        return value;
    return present(args[2]) ? args[2] : raise_key_error(t, args[1]);
}

static Value dict_popitem(Thread *t, Value *args) {
    Value pair = TRY(tuple_new(t, 2)), key, value;
    CHECK(dict_detach(t, as_dict(args[0])));
    if (!dict_pop_last(args[0], &key, &value))
        return raise_error(t, &KeyError_type, "popitem(): dictionary is empty");
    tuple_set(pair, 0, key);
    tuple_set(pair, 1, value);
    store_many(as_object(pair));
    return pair;
}

static Value dict_clear_method(Thread *t, Value *args) {
    dict_clear(t, args[0]);
    return NONE;
}

static Value dict_copy_method(Thread *t, Value *args) { return dict_copy(t, args[0]); }

static Value dict_update_method(Thread *t, Value *args) {
    CHECK(update_arguments(t, args[0], "update", args[1], args[2]));
    return NONE;
}

/* Operators */

static Value dict_eq(Thread *t, Value *args) {
    if (!is_dict(args[1]))
        return NOT_IMPLEMENTED;
    CHECK(recursion_enter(t, " in comparison"));
    int equals = dict_equal(t, args[0], args[1]);
    recursion_leave(t);
    return equals < 0 ? NO_VALUE : from_bool(equals);
}

static Value dict_ne(Thread *t, Value *args) {
    Value equals = dict_eq(t, args);
    return same(equals, TRUE) ? FALSE : same(equals, FALSE) ? TRUE : equals;
}

/* Dicts have no order; the methods exist all the same. */
static Value dict_unordered(Thread *t, Value *args) { return NOT_IMPLEMENTED; }

static Value merged(Thread *t, Value a, Value b) {
    Value result = TRY(dict_copy(t, a));
    CHECK(dict_update(t, result, b));
    return result;
}

static Value dict_or(Thread *t, Value *args) { return is_dict(args[1]) ? merged(t, args[0], args[1]) : NOT_IMPLEMENTED; }
static Value dict_ror(Thread *t, Value *args) { return is_dict(args[1]) ? merged(t, args[1], args[0]) : NOT_IMPLEMENTED; }

static Value dict_ior(Thread *t, Value *args) {
    CHECK(dict_update(t, args[0], args[1]));
    return args[0];
}

static Value repr_items(Thread *t, Value dict) {
    StrBuilder b = {0};
    Value key, value;
    bool first = true;
    CHECK(str_builder_add_char(t, &b, '{'));
    for (size_t position = 0; dict_next(dict, &position, &key, &value); first = false) {
        CHECK(first || str_builder_add_text(t, &b, ", "));
        CHECK(str_builder_add_repr(t, &b, key) && str_builder_add_text(t, &b, ": ") && str_builder_add_repr(t, &b, value));
    }
    CHECK(str_builder_add_char(t, &b, '}'));
    return str_builder_finish(t, &b);
}

static Value dict_repr(Thread *t, Value *args) {
    if (dict_length(args[0]) == 0)
        return str_from_text(t, "{}");
    int entered = repr_enter(t, args[0]);
    if (entered != 0)
        return entered < 0 ? NO_VALUE : str_from_text(t, "{...}");
    Value text = repr_items(t, args[0]);
    repr_leave(t, args[0]);
    return text;
}

static Value dict_sizeof(Thread *t, Value *args) { return small_int((int64_t)dict_memory(args[0])); }

static const NativeDef methods[] = {
    {"__new__(type, *args, **kwargs)", dict_new_method, "Create and return a new object.  See help(type) for accurate signature.",
     NATIVE_LAZY_KEYWORDS},
    {"__init__(self, /, *args, **kwargs)", dict_init, "Initialize self.  See help(type(self)) for accurate signature.",
     NATIVE_LAZY_KEYWORDS},
    {"__repr__(self, /)", dict_repr, "Return repr(self)."},
    {"__eq__(self, value, /)", dict_eq, "Return self==value."},
    {"__ne__(self, value, /)", dict_ne, "Return self!=value."},
    {"__lt__(self, value, /)", dict_unordered, "Return self<value."},
    {"__le__(self, value, /)", dict_unordered, "Return self<=value."},
    {"__gt__(self, value, /)", dict_unordered, "Return self>value."},
    {"__ge__(self, value, /)", dict_unordered, "Return self>=value."},
    {"__iter__(self, /)", dict_iter, "Implement iter(self)."},
    {"__or__(self, value, /)", dict_or, "Return self|value."},
    {"__ror__(self, value, /)", dict_ror, "Return value|self."},
    {"__ior__(self, value, /)", dict_ior, "Return self|=value."},
    {"__len__(self, /)", dict_len, "Return len(self)."},
    {"__getitem__(self, key, /)", dict_getitem, "Return self[key].", NATIVE_COEXIST},
    {"__setitem__(self, key, value, /)", dict_setitem, "Set self[key] to value."},
    {"__delitem__(self, key, /)", dict_delitem, "Delete self[key]."},
    {"__contains__(self, key, /)", dict_contains_method, "True if the dictionary has the specified key, else False.", NATIVE_COEXIST},
    {"__sizeof__(self, /)", dict_sizeof, "Return the size of the dict in memory."},
    {"get(self, key, default=None, /)", dict_get_method, "Return the value for key if key is in the dictionary, else default."},
    {"setdefault(self, key, default=None, /)", dict_setdefault_method,
     "Insert key with a value of default if key is not in the dictionary.\n\n"
     "Return the value for key if key is in the dictionary, else default."},
    {"pop(self, key, default=<unrepresentable>, /)", dict_pop_method,
     "D.pop(k[,d]) -> v, remove specified key and return the corresponding value.\n\n"
     "If the key is not found, return the default if given; otherwise,\nraise a KeyError."},
    {"popitem(self, /)", dict_popitem,
     "Remove and return a (key, value) pair as a 2-tuple.\n\n"
     "Pairs are returned in LIFO (last-in, first-out) order.\nRaises KeyError if the dict is empty."},
    {"keys(self, /)", dict_keys, "Return a set-like object providing a view on the dict's keys."},
    {"items(self, /)", dict_items, "Return a set-like object providing a view on the dict's items."},
    {"values(self, /)", dict_values, "Return an object providing a view on the dict's values."},
    {"update(self, /, *args, **kwargs)", dict_update_method,
     "D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.\n"
     "If E is present and has a .keys() method, then does:  for k in E.keys(): D[k] = E[k]\n"
     "If E is present and lacks a .keys() method, then does:  for k, v in E: D[k] = v\n"
     "In either case, this is followed by: for k in F:  D[k] = F[k]",
     NATIVE_NO_SIGNATURE | NATIVE_LAZY_KEYWORDS | NATIVE_BORROWS_STAR},
    {"fromkeys(type, iterable, value=None, /)", dict_fromkeys,
     "Create a new dictionary with keys from iterable and values set to value.", NATIVE_CLASS},
    {"clear(self, /)", dict_clear_method, "Remove all items from the dict."},
    {"copy(self, /)", dict_copy_method, "Return a shallow copy of the dict."},
    {"__reversed__(self, /)", dict_reversed, "Return a reverse iterator over the dict keys."},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {NULL},
};

STATIC_TYPE(dict_type) = {
    STATIC_TYPE_HEAD(trace_dict, NULL),
    .name_text = "dict",
    .doc = "dict() -> new empty dictionary\n"
           "dict(mapping) -> new dictionary initialized from a mapping object's\n    (key, value) pairs\n"
           "dict(iterable) -> new dictionary initialized as if via:\n"
           "    d = {}\n    for k, v in iterable:\n        d[k] = v\n"
           "dict(**kwargs) -> new dictionary initialized with the name=value pairs\n"
           "    in the keyword argument list.  For example:  dict(one=1, two=2)",
    .methods = methods,
    .flags = TYPE_BASE | TYPE_DICT | TYPE_MAPPING | TYPE_MATCH_SELF,
    .instance_size = sizeof(DictObject),
};
