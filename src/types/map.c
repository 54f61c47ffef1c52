/* map: a function applied to one item from each iterator.
 *
 * Threads: immutable; what happens to shared iterators below is their affair.
 */
#include "object/audit.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/descriptors.h"
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
    bool only_looks; /* the one function at what one generator yields */
} Map;

static void trace_map(Tracer *tracer, Object *o) {
    trace_value(tracer, ((Map *)o)->function);
    trace_value(tracer, ((Map *)o)->iterators);
}

static bool only_looks(Value function) {
    return is_exactly(function, &native_function_type) && ((NativeFunctionObject *)as_object(function))->def->flags & NATIVE_ONLY_LOOKS;
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
    m->only_looks = count == 2 && only_looks(m->function) && type_of(tuple_get(iterators, 0))->feed;
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

/* false: the end, or an exception is pending. */
static inline bool next_items(Thread *t, Map *m, size_t count, Value *items) {
    for (size_t i = 0; i < count; i++) {
        Value iterator = tuple_get(m->iterators, i), item = iterator_step(t, iterator);
        items[i] = likely(present(item)) ? item : iterator_next(t, iterator);
        if (absent(items[i])) {
            if (load_relaxed(&m->strict))
                (void)strict_end(t, "map", m->iterators, i);
            return false;
        }
    }
    return true;
}

static Value next(Thread *t, Value self) {
    Map *m = (Map *)as_object(self);
    size_t count = tuple_length(m->iterators);
    if (count > FEW_ARGUMENTS)
        return next_of_many(t, m, count);
    Value arguments[1 + FEW_ARGUMENTS]; /* the first is the callee's scratch word */
    return next_items(t, m, count, arguments + 1) ? call(t, m->function, arguments + 1, count, NO_VALUE) : NO_VALUE;
}

typedef struct LookConsumer {
    Consumer consumer, *results;
    NativeFn look;
} LookConsumer;

static bool take_looked_at(Thread *t, Consumer *c, Value item) {
    LookConsumer *l = (LookConsumer *)c;
    if (!is_exactly(item, &tuple_type) || audited(t))
        return false;
    Value result = l->look(t, &item);
    return l->results->take(t, l->results, result);
}

/* Tuples that a generator makes only to yield them are dead when they were looked at. */
static Value feed_looked_at(Thread *t, Map *m, Consumer *results) {
    LookConsumer c = {{take_looked_at, .keeps_none = true}, results, ((NativeFunctionObject *)as_object(m->function))->def->function};
    Value item = TRY(iterator_feed(t, tuple_get(m->iterators, 0), &c.consumer));
    Value result = call_1(t, m->function, item);
    if (c.consumer.is_new && !audited(t))
        tuple_try_take_back(t, item);
    return result;
}

/* The function as a native one that takes the items as they are, after `self` if it has one. NULL: there is more to do, or no memory. */
static NativeFunctionObject *direct_function_of(Thread *t, Map *m, size_t count) {
    NativeFunctionObject *f = (NativeFunctionObject *)as_object(m->function);
    if (!is_exactly(m->function, &native_function_type) || f->is_new)
        return NULL;
    const Binder *binder = native_function_binder(t, f);
    if (!binder)
        error_clear(t);
    return binder && binder->simple && binder->count == count + f->has_self ? f : NULL;
}

/* call() where the C stack was looked at. */
static inline Value call_on_stack(Thread *t, Value callee, Value *arguments, size_t count) {
    Type *type = type_of(callee);
    if (type == &method_descriptor_type) {
        MethodDescriptorObject *d = (MethodDescriptorObject *)as_object(callee);
        uint64_t direct = load_relaxed(&d->direct);
        if (direct >> DIRECT_COUNT_SHIFT == count + 1 && type_of(arguments[0]) == d->owner)
            return direct_function(direct)(t, arguments);
    }
    return likely(type->call) ? type->call(t, callee, arguments, count, NO_VALUE) : call(t, callee, arguments, count, NO_VALUE);
}

static Value feed(Thread *t, Value self, Consumer *results) {
    Map *m = (Map *)as_object(self);
    if (m->only_looks)
        return feed_looked_at(t, m, results);
    CHECK(recursion_enter(t, " while calling a Python object"));
    size_t count = tuple_length(m->iterators);
    NativeFunctionObject *f = direct_function_of(t, m, count);
    Value arguments[1 + FEW_ARGUMENTS];
    for (;;) {
        Value result;
        if (unlikely(count > FEW_ARGUMENTS)) {
            result = next_of_many(t, m, count);
        } else {
            if (!next_items(t, m, count, arguments + 1))
                return NO_VALUE;
            arguments[0] = f ? f->self : NO_VALUE;
            result = f ? f->def->function(t, arguments + !f->has_self) : call_on_stack(t, m->function, arguments + 1, count);
        }
        if (unlikely(absent(result))) {
            if (error_pending(t))
                error_catch(t, &StopIteration_type);
            return NO_VALUE;
        }
        if (!results->take(t, results, result))
            return result;
        if (unlikely(!safepoint_inside(t)))
            return NO_VALUE;
    }
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
    .feed = feed,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Map),
};
