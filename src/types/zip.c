/* zip: tuples of one item from each iterator.
 *
 * Threads: of those that share one each gets items that belong together, as long as the iterators below run no Python code;
 * else which pairing each gets is open.
 */
#include "object/operators.h"
#include "object/owned_lock.h"
#include "object/thread.h"
#include "types/iterator.h"
#include "types/list_iterator.h"
#include "types/tuple.h"
#include "types/zip_strict.h"

typedef struct Zip {
    Object object;
    Value iterators; /* tuple */
    bool strict;
    OwnedLock stepping;
} Zip;

static void trace_zip(Tracer *tracer, Object *o) { trace_value(tracer, ((Zip *)o)->iterators); }

static Value new_method(Thread *t, Value *args) {
    int strict = truth(t, args[2]);
    CHECK(strict >= 0);
    size_t count = tuple_length(args[1]);
    Value iterators = TRY(tuple_new(t, count));
    for (size_t i = 0; i < count; i++)
        store(as_object(iterators), &as_tuple(iterators)->items[i], TRY(get_iterator(t, tuple_get(args[1], i))));
    Zip *z = type_allocate(t, as_type(args[0]));
    if (!z)
        return NO_VALUE;
    z->iterators = iterators;
    store_relaxed(&z->strict, strict);
    return from_object(z);
}

static Value raise_uneven(Thread *t, const char *name, size_t i, const char *how) {
    return i == 1 ? raise_value_error(t, "%s() argument 2 is %s than argument 1", name, how)
                  : raise_value_error(t, "%s() argument %zu is %s than arguments 1-%zu", name, i + 1, how, i);
}

Value strict_end(Thread *t, const char *name, Value iterators, size_t i) {
    if (error_pending(t))
        return NO_VALUE;
    if (i > 0)
        return raise_uneven(t, name, i, "shorter");
    for (i = 1; i < tuple_length(iterators); i++) {
        if (present(iterator_next(t, tuple_get(iterators, i))))
            return raise_uneven(t, name, i, "longer");
        CHECK(!error_pending(t));
    }
    return NO_VALUE;
}

bool zip_has_pairs(Value zip) { return tuple_length(((Zip *)as_object(zip))->iterators) == 2; }

/* Before a step that others may be doing as well: what step_leave must be told. */
static OwnedLock *zip_enter(Thread *t, Zip *z) {
    for (size_t i = 0; i < tuple_length(z->iterators); i++)
        if (!iterator_is_plain(tuple_get(z->iterators, i)))
            return NULL;
    return step_enter_shared(t, &z->stepping);
}

[[gnu::always_inline]] static inline int next_pair(Thread *t, Zip *z, Value *first, Value *second) {
    Value items[2];
    for (size_t i = 0; i < 2; i++) {
        Value iterator = tuple_get(z->iterators, i);
        items[i] = iterator_step(t, iterator);
        if (unlikely(absent(items[i])) && absent(items[i] = iterator_next(t, iterator))) {
            if (load_relaxed(&z->strict))
                strict_end(t, "zip", z->iterators, i);
            return error_pending(t) ? -1 : 0;
        }
    }
    *first = items[0];
    *second = items[1];
    return 1;
}

[[gnu::noinline]] static int next_pair_shared(Thread *t, Zip *z, Value *first, Value *second) {
    OwnedLock *lock = zip_enter(t, z);
    int step = next_pair(t, z, first, second);
    step_leave(lock);
    return step;
}

int zip_next_pair(Thread *t, Value iterator, Value *first, Value *second) {
    Zip *z = (Zip *)as_object(iterator);
    return unlikely(!is_own(z)) ? next_pair_shared(t, z, first, second) : next_pair(t, z, first, second);
}

static inline Value step(Thread *t, Zip *z) {
    size_t count = tuple_length(z->iterators);
    if (count == 0)
        return NO_VALUE;
    Value result = TRY(tuple_new(t, count));
    for (size_t i = 0; i < count; i++) {
        Value iterator = tuple_get(z->iterators, i), item = iterator_step(t, iterator);
        if (unlikely(absent(item)) && absent(item = iterator_next(t, iterator)))
            return load_relaxed(&z->strict) ? strict_end(t, "zip", z->iterators, i) : NO_VALUE;
        store(as_object(result), &as_tuple(result)->items[i], item);
    }
    return result;
}

[[gnu::noinline]] static Value step_shared(Thread *t, Zip *z) {
    OwnedLock *lock = zip_enter(t, z);
    Value result = step(t, z);
    step_leave(lock);
    return result;
}

static Value next(Thread *t, Value self) {
    Zip *z = (Zip *)as_object(self);
    return unlikely(!is_own(z)) ? step_shared(t, z) : step(t, z);
}

static Value reduce(Thread *t, Value *args) {
    Zip *z = (Zip *)as_object(args[0]);
    Value type = from_object(z->object.type);
    return load_relaxed(&z->strict) ? tuple_pack(t, 3, type, z->iterators, TRUE) : tuple_pack(t, 2, type, z->iterators);
}

static Value setstate(Thread *t, Value *args) {
    int strict = truth(t, args[1]);
    CHECK(strict >= 0);
    store_relaxed(&((Zip *)as_object(args[0]))->strict, strict);
    return NONE;
}

static const NativeDef methods[] = {
    {"__new__(type, *iterables, strict=False)", new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__reduce__(self, /)", reduce, "Return state information for pickling."},
    {"__setstate__(self, object, /)", setstate, "Set state information for unpickling."},
    {NULL},
};

STATIC_TYPE(zip_type) = {
    STATIC_TYPE_HEAD(trace_zip, NULL),
    .name_text = "zip",
    .doc = "The zip object yields n-length tuples, where n is the number of\n"
           "iterables passed as positional arguments to zip().  The i-th element\n"
           "in every tuple comes from the i-th iterable argument to zip().  This\n"
           "continues until the shortest argument is exhausted.\n\n"
           "If strict is true and one of the arguments is exhausted before the\n"
           "others, raise a ValueError.\n\n"
           "   >>> list(zip('abcdefg', range(3), range(4)))\n"
           "   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]",
    .methods = methods,
    .next = next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Zip),
};
