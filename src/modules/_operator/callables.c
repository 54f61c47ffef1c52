/* operator.itemgetter, attrgetter, methodcaller, and the comparison of digests. All objects here are immutable. */
#include "modules/_operator/internal.h"
#include "object/buffer.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/list.h"

/* Each of the three keeps what it was made with. */
typedef struct Getter {
    Object object;
    Value arguments; /* tuple: items, or names of attributes, or name and arguments of a method */
    Value paths;     /* attrgetter: a tuple of tuples of names; methodcaller: dict of keyword arguments or absent */
} Getter;

static Getter *as_getter(Value v) { return (Getter *)v.bits; }

static void trace_getter(Tracer *tracer, Object *o) {
    trace_value(tracer, ((Getter *)o)->arguments);
    trace_value(tracer, ((Getter *)o)->paths);
}

static Value getter_new(Thread *t, Value type, Value arguments, Value paths) {
    Getter *g = type_allocate(t, as_type(type));
    if (!g)
        return NO_VALUE;
    g->arguments = arguments;
    g->paths = paths;
    return from_object(g);
}

static bool one_operand(Thread *t, const char *name, size_t nargs, Value kwnames) {
    if (present(kwnames) && tuple_length(kwnames)) {
        raise_type_error(t, "%s() takes no keyword arguments", name);
        return false;
    }
    if (nargs != 1)
        raise_type_error(t, "%s expected 1 argument, got %zu", name, nargs);
    return nargs == 1;
}

/* (first, *rest) */
static Value all_of(Thread *t, Value first, Value rest) { return tuple_concat(t, TRY(tuple_pack(t, 1, first)), rest); }

static Value getter_reduce(Thread *t, Value *args) {
    return tuple_pack(t, 2, from_object(type_of(args[0])), as_getter(args[0])->arguments);
}

/* "operator.itemgetter(1, 2)" */
static Value getter_repr(Thread *t, Value *args) {
    int entered = repr_enter(t, args[0]);
    if (entered)
        return entered < 0 ? NO_VALUE : format_text(t, "%S(...)", type_qualified_name(t, type_of(args[0])));
    Getter *g = as_getter(args[0]);
    StrBuilder b = {0};
    Value name = type_qualified_name(t, type_of(args[0])), key, value;
    bool ok = present(name) && str_builder_add(t, &b, name) && str_builder_add_char(t, &b, '(');
    for (size_t i = 0; ok && i < tuple_length(g->arguments); i++) {
        Value text = repr(t, tuple_get(g->arguments, i));
        ok = present(text) && (i == 0 || str_builder_add_text(t, &b, ", ")) && str_builder_add(t, &b, text);
    }
    bool keywords = as_object(args[0])->type == &methodcaller_type && present(g->paths);
    for (size_t position = 0; ok && keywords && dict_next(g->paths, &position, &key, &value);) {
        Value text = format_text(t, ", %S=%R", key, value);
        ok = present(text) && str_builder_add(t, &b, text);
    }
    ok = ok && str_builder_add_char(t, &b, ')');
    repr_leave(t, args[0]);
    return ok ? str_builder_finish(t, &b) : NO_VALUE;
}

/* itemgetter */

static Value itemgetter_new(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "itemgetter expected 1 argument, got 0");
    return getter_new(t, args[0], TRY(all_of(t, args[1], args[2])), NO_VALUE);
}

static Value itemgetter_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    CHECK(one_operand(t, "itemgetter", nargs, kwnames));
    Value items = as_getter(callee)->arguments, o = args[0];
    if (tuple_length(items) == 1) {
        Value key = tuple_get(items, 0);
        if (is_exactly(o, &tuple_type) && is_small_int(key) && (uint64_t)small_int_value(key) < tuple_length(o))
            return tuple_get(o, (size_t)small_int_value(key));
        return get_item(t, o, key);
    }
    Value result = TRY(tuple_new(t, tuple_length(items)));
    for (size_t i = 0; i < tuple_length(items); i++)
        store(as_object(result), &as_tuple(result)->items[i], TRY(get_item(t, o, tuple_get(items, i))));
    return result;
}

/* attrgetter */

/* "a.b.c" as a tuple of interned names */
static Value path_of(Thread *t, Value name) {
    if (!is_str(name))
        return raise_type_error(t, "attribute name must be a string");
    Value list = TRY(list_new(t, 1)), dot = TRY(str_from_char(t, '.'));
    size_t start = 0, length = str_length(name);
    for (;;) {
        int64_t end = str_find(t, name, dot, start, length);
        Value part = TRY(str_slice(t, name, start, end < 0 ? length : (size_t)end));
        if (!is_exactly(part, &str_type))
            part = TRY(to_str(t, part));
        CHECK(list_append(t, list, TRY(str_intern(t, part))));
        if (end < 0)
            return list_to_tuple(t, list);
        start = (size_t)end + 1;
    }
}

static Value attrgetter_new(Thread *t, Value *args) {
    Value attributes = TRY(all_of(t, args[1], args[2]));
    size_t count = tuple_length(attributes);
    Value paths = TRY(tuple_new(t, count));
    for (size_t i = 0; i < count; i++)
        store(as_object(paths), &as_tuple(paths)->items[i], TRY(path_of(t, tuple_get(attributes, i))));
    return getter_new(t, args[0], attributes, paths);
}

static Value follow(Thread *t, Value o, Value path) {
    for (size_t i = 0; i < tuple_length(path); i++)
        o = TRY(get_attribute(t, o, tuple_get(path, i)));
    return o;
}

static Value attrgetter_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    CHECK(one_operand(t, "attrgetter", nargs, kwnames));
    Value paths = as_getter(callee)->paths, o = args[0];
    if (tuple_length(paths) == 1)
        return follow(t, o, tuple_get(paths, 0));
    Value result = TRY(tuple_new(t, tuple_length(paths)));
    for (size_t i = 0; i < tuple_length(paths); i++)
        store(as_object(result), &as_tuple(result)->items[i], TRY(follow(t, o, tuple_get(paths, i))));
    return result;
}

/* methodcaller */

static Value methodcaller_new(Thread *t, Value *args) {
    Value name = args[1], keywords = args[3];
    if (absent(name))
        return raise_type_error(t, "methodcaller needs at least one argument, the method name");
    if (!is_str(name))
        return raise_type_error(t, "method name must be a string");
    Value interned = TRY(str_intern(t, is_exactly(name, &str_type) ? name : TRY(to_str(t, name))));
    return getter_new(t, args[0], TRY(all_of(t, interned, args[2])),
                      present(keywords) && dict_length(keywords) ? keywords : NO_VALUE);
}

static Value methodcaller_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    CHECK(one_operand(t, "methodcaller", nargs, kwnames));
    Getter *g = as_getter(callee);
    size_t count = tuple_length(g->arguments);
    if (count == 1 && absent(g->paths))
        return call_method_0(t, args[0], tuple_get(g->arguments, 0));
    Value method = TRY(get_attribute(t, args[0], tuple_get(g->arguments, 0)));
    return call_tuple(t, method, TRY(tuple_slice(t, g->arguments, 1, count)), g->paths);
}

static Value methodcaller_reduce(Thread *t, Value *args) {
    Getter *g = as_getter(args[0]);
    Value type = from_object(type_of(args[0]));
    if (absent(g->paths))
        return tuple_pack(t, 2, type, g->arguments);
    Value functools = TRY(import_module(t, "functools"));
    Value partial = TRY(get_attribute(t, functools, names.partial));
    Value made = TRY(call_tuple(t, partial, TRY(tuple_pack(t, 2, type, tuple_get(g->arguments, 0))), g->paths));
    return tuple_pack(t, 2, made, TRY(tuple_slice(t, g->arguments, 1, tuple_length(g->arguments))));
}

#define NEW_DOC "Create and return a new object.  See help(type) for accurate signature."
#define METHODS(name, signature, constructor, reduce, flags)                                                        \
    static const NativeDef name[] = {{signature, constructor, NEW_DOC, flags},                                          \
                                     GETATTRIBUTE_ROW,                                                              \
                                     {"__repr__(self, /)", getter_repr, "Return repr(self)."},                      \
                                     {"__reduce__(self, /)", reduce, "Return state information for pickling"},      \
                                     {NULL}}
METHODS(itemgetter_methods, "__new__(type, item, /, *items)", itemgetter_new, getter_reduce, NATIVE_MAY_LACK);
METHODS(attrgetter_methods, "__new__(type, attr, /, *attrs)", attrgetter_new, getter_reduce, 0);
METHODS(methodcaller_methods, "__new__(type, name, /, *args, **kwargs)", methodcaller_new, methodcaller_reduce, NATIVE_MAY_LACK);
#undef METHODS

static Value call_signature(Thread *t, Value *args) { return str_from_text(t, "(obj, /)"); }

static const GetSetDef getset[] = {{"__text_signature__", call_signature, NULL, NULL}, {NULL}};

MODULE_TYPE(itemgetter_type, _operator) = {
    STATIC_TYPE_HEAD(trace_getter, NULL),
    .name_text = "operator.itemgetter",
    .doc = "Return a callable object that fetches the given item(s) from its operand.\n"
           "After f = itemgetter(2), the call f(r) returns r[2].\n"
           "After g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])",
    .methods = itemgetter_methods,
    .getset = getset,
    .call = itemgetter_call,
    .instance_size = sizeof(Getter),
};
MODULE_TYPE(attrgetter_type, _operator) = {
    STATIC_TYPE_HEAD(trace_getter, NULL),
    .name_text = "operator.attrgetter",
    .doc = "Return a callable object that fetches the given attribute(s) from its operand.\n"
           "After f = attrgetter('name'), the call f(r) returns r.name.\n"
           "After g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).\n"
           "After h = attrgetter('name.first', 'name.last'), the call h(r) returns\n(r.name.first, r.name.last).",
    .methods = attrgetter_methods,
    .getset = getset,
    .call = attrgetter_call,
    .instance_size = sizeof(Getter),
};
MODULE_TYPE(methodcaller_type, _operator) = {
    STATIC_TYPE_HEAD(trace_getter, NULL),
    .name_text = "operator.methodcaller",
    .doc = "Return a callable object that calls the given method on its operand.\n"
           "After f = methodcaller('name'), the call f(r) returns r.name().\n"
           "After g = methodcaller('name', 'date', foo=1), the call g(r) returns\nr.name('date', foo=1).",
    .methods = methodcaller_methods,
    .getset = getset,
    .call = methodcaller_call,
    .instance_size = sizeof(Getter),
};

/* Digests: the time does not tell where they differ. */

static bool equal_in_constant_time(const uint8_t *a, size_t length_a, const uint8_t *b, size_t length_b) {
    const volatile uint8_t *left = length_a == length_b ? a : b;
    volatile uint8_t difference = length_a != length_b;
    for (size_t i = 0; i < length_b; i++)
        difference |= left[i] ^ b[i];
    return difference == 0;
}

Value operator_compare_digest(Thread *t, Value *args) {
    if (is_str(args[0]) && is_str(args[1])) {
        if (!str_is_ascii(args[0]) || !str_is_ascii(args[1]))
            return raise_type_error(t, "comparing strings with non-ASCII characters is not supported");
        const uint8_t *a = str_data(t, args[0]), *b = str_data(t, args[1]);
        CHECK(a && b);
        return from_bool(equal_in_constant_time(a, str_length(args[0]), b, str_length(args[1])));
    }
    if (!has_buffer(args[0]) && !has_buffer(args[1]))
        return raise_type_error(t, "unsupported operand types(s) or combination of types: '%T' and '%T'", args[0], args[1]);
    Buffer a, b;
    CHECK(buffer_get_contiguous(t, args[0], &a, false));
    bool ok = buffer_get_contiguous(t, args[1], &b, false);
    bool equals = ok && equal_in_constant_time((uint8_t *)a.data, a.length, (uint8_t *)b.data, b.length);
    if (ok)
        buffer_release(t, &b);
    buffer_release(t, &a);
    return ok ? from_bool(equals) : NO_VALUE;
}
