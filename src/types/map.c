/* map: a function applied to one item from each iterator.
 *
 * Threads: immutable; what happens to shared iterators below is their affair.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/iterator.h"
#include "types/list_iterator.h"
#include "types/tuple.h"
#include "types/zip_strict.h"

enum { FEW_ARGUMENTS = 6 };

typedef struct Map {
    Object object;
    Value function;
    Value iterators; /* tuple */
    bool strict;
} Map;

static void trace_map(Tracer *tracer, Object *o) {
    trace_value(tracer, ((Map *)o)->function);
    trace_value(tracer, ((Map *)o)->iterators);
}

static Value new_method(Thread *t, Value *args) {
    int strict = truth(t, args[2]);
    CHECK(strict >= 0);
    size_t count = tuple_length(args[1]);
    if (count < 2)
        return raise_type_error(t, "map() must have at least two arguments.");
    Value iterators = TRY(tuple_new(t, count - 1));
    for (size_t i = 1; i < count; i++)
        store(as_object(iterators), &as_tuple(iterators)->items[i - 1], TRY(get_iterator(t, tuple_get(args[1], i))));
    Map *m = type_allocate(t, as_type(args[0]));
    if (!m)
        return NO_VALUE;
    m->function = tuple_get(args[1], 0);
    m->iterators = iterators;
    store_relaxed(&m->strict, strict);
    return from_object(m);
}

static Value next_of_many(Thread *t, Map *m, size_t count) {
    Value arguments = TRY(tuple_new(t, count));
    for (size_t i = 0; i < count; i++) {
        Value item = iterator_next(t, tuple_get(m->iterators, i));
        if (absent(item))
            return load_relaxed(&m->strict) ? strict_end(t, "map", m->iterators, i) : NO_VALUE;
        store(as_object(arguments), &as_tuple(arguments)->items[i], item);
    }
    return call_tuple(t, m->function, arguments, NO_VALUE);
}

static Value next(Thread *t, Value self) {
    Map *m = (Map *)as_object(self);
    size_t count = tuple_length(m->iterators);
    if (count > FEW_ARGUMENTS)
        return next_of_many(t, m, count);
    Value arguments[1 + FEW_ARGUMENTS]; /* the first is the callee's scratch word */
    for (size_t i = 0; i < count; i++) {
        Value iterator = tuple_get(m->iterators, i), item = iterator_step(t, iterator);
        arguments[1 + i] = likely(present(item)) ? item : iterator_next(t, iterator);
        if (absent(arguments[1 + i]))
            return load_relaxed(&m->strict) ? strict_end(t, "map", m->iterators, i) : NO_VALUE;
    }
    return call(t, m->function, arguments + 1, count, NO_VALUE);
}

static Value reduce(Thread *t, Value *args) {
    Map *m = (Map *)as_object(args[0]);
    Value type = from_object(m->object.type);
    Value arguments = TRY(tuple_concat(t, TRY(tuple_pack(t, 1, m->function)), m->iterators));
    return load_relaxed(&m->strict) ? tuple_pack(t, 3, type, arguments, TRUE) : tuple_pack(t, 2, type, arguments);
}

static Value setstate(Thread *t, Value *args) {
    int strict = truth(t, args[1]);
    CHECK(strict >= 0);
    store_relaxed(&((Map *)as_object(args[0]))->strict, strict);
    return NONE;
}

static const NativeDef methods[] = {
    {"__new__(type, *args, strict=False)", new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__reduce__(self, /)", reduce, "Return state information for pickling."},
    {"__setstate__(self, object, /)", setstate, "Set state information for unpickling."},
    {NULL},
};

STATIC_TYPE(map_type) = {
    STATIC_TYPE_HEAD(trace_map, NULL),
    .name_text = "map",
    .signature = "(function, iterable, /, *iterables, strict=False)",
    .doc = "Make an iterator that computes the function using arguments from\n"
           "each of the iterables.  Stops when the shortest iterable is exhausted.\n\n"
           "If strict is true and one of the arguments is exhausted before the\n"
           "others, raise a ValueError.",
    .methods = methods,
    .next = next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Map),
};
