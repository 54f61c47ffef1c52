/* functools.partial and Placeholder.
 *
 * Invariants: the last of args is no Placeholder.
 *
 * Threads: immutable but for __setstate__, which replaces the fields one by one. Who works with a field reads it once. The dict of
 * keywords is the program's to change: nothing said of it earlier is relied on.
 */
#include "modules/functools/functools.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/method.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef struct PartialObject {
    Object object;
    Value function, args, keywords; /* tuple, dict */
    size_t placeholders; /* among args */
} PartialObject;

Object placeholder_object = {.meta = META_IMMORTAL, .type = &placeholder_type};
#define PLACEHOLDER from_object(&placeholder_object)

static PartialObject *as_partial(Value v) { return (PartialObject *)v.bits; }

static void partial_trace(Tracer *tracer, Object *o) {
    trace_values(tracer, &((PartialObject *)o)->function, 3);
    instance_trace(tracer, o);
}

static size_t count_placeholders(Value args) {
    size_t n = 0;
    for (size_t i = 0; i < tuple_length(args); i++)
        n += same(tuple_get(args, i), PLACEHOLDER);
    return n;
}

/* The stored arguments with placeholders filled from `given`, then the rest of `given`. */
static Value merge_args(Thread *t, Value stored, Value given) {
    size_t used = 0, n = tuple_length(stored), m = tuple_length(given);
    Value items[n + m + 1];
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        Value item = tuple_get(stored, i);
        items[count++] = same(item, PLACEHOLDER) && used < m ? tuple_get(given, used++) : item;
    }
    while (used < m)
        items[count++] = tuple_get(given, used++);
    return tuple_from_values(t, items, count);
}

static bool check_trailing(Thread *t, Value args) {
    size_t n = tuple_length(args);
    if (n == 0 || !same(tuple_get(args, n - 1), PLACEHOLDER))
        return true;
    raise_type_error(t, "trailing Placeholders are not allowed");
    return false;
}

static bool check_keywords(Thread *t, Value keywords) {
    size_t position = 0;
    Value key, value;
    while (dict_next(keywords, &position, &key, &value))
        if (same(value, PLACEHOLDER)) {
            raise_type_error(t, "Placeholder cannot be passed as a keyword argument");
            return false;
        }
    return true;
}

static Value partial_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames);

static Value partial_new(Thread *t, Value *args) {
    Value function = args[1], stored = args[2], keywords = args[3];
    if (absent(function))
        return raise_type_error(t, "type 'partial' takes at least one argument");
    if (!is_callable(function))
        return raise_type_error(t, "the first argument must be callable");
    CHECK(check_trailing(t, stored) && check_keywords(t, keywords));
    if (type_of(function)->call == partial_call && instance_attribute_count(as_object(function)) == 0) {
        PartialObject *inner = as_partial(function); /* one layer is enough */
        Value inner_keywords = load(&inner->keywords);
        stored = TRY(merge_args(t, load(&inner->args), stored));
        if (dict_length(inner_keywords)) {
            Value merged = TRY(dict_copy(t, inner_keywords));
            CHECK(dict_update(t, merged, keywords));
            keywords = merged;
        }
        function = load(&inner->function);
    }
    PartialObject *p = type_allocate(t, as_type(args[0]));
    CHECK(p != NULL);
    store(p, &p->function, function);
    store(p, &p->args, stored);
    store(p, &p->keywords, keywords);
    p->placeholders = count_placeholders(stored);
    return from_object(p);
}

enum { MOST_ON_STACK = 16 };

/* Puts the values of `keywords` at `to`, `count` of them, and their names into a tuple. false without exception: some are no
 * interned names, or there are more or fewer by now. */
static bool add_stored_keywords(Thread *t, Value keywords, size_t count, Value *to, Value *kwnames) {
    size_t n = 0, position = 0;
    Value key, value, result = tuple_new(t, count);
    if (absent(result))
        return false;
    for (; n < count && dict_next(keywords, &position, &key, &value); n++) {
        if (!is_exactly(key, &str_type) || !str_is_interned(key))
            return false;
        tuple_set(result, n, key);
        to[n] = value;
    }
    *kwnames = result;
    return n == count;
}

static Value partial_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    PartialObject *p = as_partial(callee);
    Value function = load(&p->function), first = load(&p->args), keywords = load(&p->keywords);
    size_t placeholders = load_relaxed(&p->placeholders);
    if (nargs < placeholders)
        return raise_type_error(t, "missing positional arguments in 'partial' call; expected at least %zu, got %zu",
                                placeholders, nargs);
    size_t stored = tuple_length(first), named = present(kwnames) ? tuple_length(kwnames) : 0, more = dict_length(keywords);
    if (named == 0 && placeholders == 0 && stored + nargs + more <= MOST_ON_STACK) {
        Value all[MOST_ON_STACK + 2], names_of_stored = NO_VALUE;
        all[0] = NO_VALUE;
        memcpy(all + 1, as_tuple(first)->items, stored * sizeof(Value));
        memcpy(all + 1 + stored, args, nargs * sizeof(Value));
        if (more == 0 || add_stored_keywords(t, keywords, more, all + 1 + stored + nargs, &names_of_stored))
            return call(t, function, all + 1, stored + nargs, names_of_stored);
        CHECK(!error_pending(t));
    }
    Value merged = TRY(merge_args(t, first, TRY(tuple_from_values(t, args, nargs))));
    keywords = TRY(dict_copy(t, keywords));
    for (size_t i = 0; i < named; i++)
        CHECK(dict_set(t, keywords, tuple_get(kwnames, i), args[nargs + i]));
    return call_tuple(t, function, merged, keywords);
}

static Value partial_get(Thread *t, Value *args) {
    if (absent(args[1]) || is_none(args[1]))
        return args[0];
    return method_new(t, args[0], args[1]);
}

/* Of the parts as they were: their texts may change the object. */
static Value add_parts(Thread *t, StrBuilder *b, PartialObject *p) {
    Value args = load(&p->args), keywords = load(&p->keywords);
    CHECK(str_builder_add(t, b, TRY(repr(t, load(&p->function)))));
    for (size_t i = 0; i < tuple_length(args); i++)
        CHECK(str_builder_add(t, b, TRY(format_text(t, ", %R", tuple_get(args, i)))));
    size_t position = 0;
    Value key, value;
    while (dict_next(keywords, &position, &key, &value))
        CHECK(str_builder_add(t, b, TRY(format_text(t, ", %S=%R", key, value))));
    return NONE;
}

static Value partial_repr(Thread *t, Value *args) {
    int entered = repr_enter(t, args[0]);
    CHECK(entered >= 0);
    if (entered)
        return str_from_text(t, "...");
    StrBuilder b = {0};
    Value ok = add_parts(t, &b, as_partial(args[0]));
    repr_leave(t, args[0]);
    CHECK(present(ok));
    Value name = TRY(get_attribute(t, from_object(type_of(args[0])), names.__qualname__));
    Value module = TRY(get_attribute(t, from_object(type_of(args[0])), names.__module__));
    return format_text(t, "%S.%S(%S)", module, name, TRY(str_builder_finish(t, &b)));
}

static Value partial_reduce(Thread *t, Value *args) {
    PartialObject *p = as_partial(args[0]);
    Value dict = instance_attribute_count(as_object(args[0])) ? TRY(instance_dict(t, as_object(args[0]))) : NONE;
    Value function = load(&p->function), state = TRY(tuple_pack(t, 4, function, load(&p->args), load(&p->keywords), dict));
    return tuple_pack(t, 3, from_object(type_of(args[0])), TRY(tuple_pack(t, 1, function)), state);
}

static Value partial_setstate(Thread *t, Value *args) {
    Value state = args[1];
    if (!is_tuple(state) || tuple_length(state) != 4 || !is_callable(tuple_get(state, 0)) || !is_tuple(tuple_get(state, 1)) ||
        (!is_none(tuple_get(state, 2)) && !is_dict(tuple_get(state, 2))))
        return raise_type_error(t, "invalid partial state");
    CHECK(check_trailing(t, tuple_get(state, 1)));
    PartialObject *p = as_partial(args[0]);
    Value stored = tuple_get(state, 1), keywords = tuple_get(state, 2), dict = tuple_get(state, 3);
    if (!is_none(dict) && !is_dict(dict))
        return raise_type_error(t, "invalid partial state");
    if (!is_exactly(stored, &tuple_type))
        stored = TRY(tuple_from_values(t, as_tuple(stored)->items, tuple_length(stored)));
    if (is_none(keywords))
        keywords = TRY(dict_new(t));
    else if (!is_exactly(keywords, &dict_type))
        keywords = TRY(dict_copy(t, keywords));
    store(p, &p->function, tuple_get(state, 0));
    store(p, &p->args, stored);
    store(p, &p->keywords, keywords);
    store_relaxed(&p->placeholders, count_placeholders(stored));
    if (is_none(dict) && instance_attribute_count(as_object(args[0])) != 0)
        dict = TRY(dict_new(t));
    if (!is_none(dict))
        CHECK(instance_set_dict(t, as_object(args[0]), dict));
    return NONE;
}

static Value get_dict(Thread *t, Value *args) { return instance_dict(t, as_object(args[0])); }

static Value set_dict(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "cannot delete __dict__");
    if (!is_dict(args[1]))
        return raise_type_error(t, "__dict__ must be set to a dictionary, not a '%T'", args[1]);
    CHECK(instance_set_dict(t, as_object(args[0]), args[1]));
    return NONE;
}

static const GetSetDef partial_getset[] = {
    {"__dict__", get_dict, set_dict, NULL},
    {},
};
static const NativeDef partial_methods[] = {
    {"__new__(type, func, /, *args, **keywords)", partial_new, NULL, NATIVE_MAY_LACK},
    GETATTRIBUTE_ROW,
    SETATTR_ROWS,
    {"__get__(self, instance, owner=None, /)", partial_get, NULL, 0},
    {"__repr__(self, /)", partial_repr, NULL, 0},
    {"__reduce__(self, /)", partial_reduce, NULL, 0},
    {"__setstate__(self, object, /)", partial_setstate, NULL, 0},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "Generic in the type of the result.", NATIVE_CLASS},
    {},
};
static const MemberDef partial_members[] = {
    {"func", MEMBER_VALUE, offsetof(PartialObject, function), true, "function object to use in future partial calls"},
    {"args", MEMBER_VALUE, offsetof(PartialObject, args), true, "tuple of arguments to future partial calls"},
    {"keywords", MEMBER_VALUE, offsetof(PartialObject, keywords), true,
     "dictionary of keyword arguments to future partial calls"},
    {},
};
MODULE_TYPE(partial_type, _functools) = {
    STATIC_TYPE_HEAD(partial_trace, NULL),
    .name_text = "functools.partial",
    .doc = "A function with some of its arguments given already.",
    .base_static = &object_type,
    .methods = partial_methods,
    .members = partial_members,
    .getset = partial_getset,
    .call = partial_call,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(PartialObject),
};

static Value placeholder_new(Thread *t, Value *args) {
    if (tuple_length(args[1]) || dict_length(args[2]))
        return raise_type_error(t, "PlaceholderType takes no arguments");
    return PLACEHOLDER;
}
static Value placeholder_text(Thread *t, Value *args) { return str_from_text(t, "Placeholder"); }

static const NativeDef placeholder_methods[] = {
    {"__new__(type, *args, **kwargs)", placeholder_new, NULL, 0},
    {"__repr__(self, /)", placeholder_text, NULL, 0},
    {"__reduce__(self, /)", placeholder_text, NULL, 0},
    {},
};
MODULE_TYPE(placeholder_type, _functools) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "functools._PlaceholderType",
    .doc = "The type of the Placeholder singleton, which stands for an argument that is still to come.",
    .base_static = &object_type,
    .methods = placeholder_methods,
    .instance_size = sizeof(Object),
};
