/* enumerate: pairs of a count and an item.
 *
 * Threads: of those that share one each gets the item that belongs to its number, as long as the iterator below runs no Python
 * code: then a number may come twice.
 */
#include "object/operators.h"
#include "object/owned_lock.h"
#include "object/thread.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/iterator.h"
#include "types/list_iterator.h"
#include "types/tuple.h"

typedef struct Enumerate {
    Object object;
    Value iterator;
    Value count; /* int: the next number */
    OwnedLock stepping;
} Enumerate;

static void trace_enumerate(Tracer *tracer, Object *o) {
    trace_value(tracer, ((Enumerate *)o)->iterator);
    trace_value(tracer, ((Enumerate *)o)->count);
}

static Value new_method(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "enumerate() missing required argument 'iterable'");
    Value count = TRY(index_of(t, args[2])), iterator = TRY(get_iterator(t, args[1]));
    Enumerate *e = type_allocate(t, as_type(args[0]));
    if (!e)
        return NO_VALUE;
    e->count = count;
    e->iterator = iterator;
    return from_object(e);
}

[[gnu::always_inline]] static inline int next_pair(Thread *t, Enumerate *e, Value *first, Value *second) {
    Value item = iterator_step(t, e->iterator), count = load(&e->count);
    if (unlikely(absent(item)) && absent(item = iterator_next(t, e->iterator)))
        return error_pending(t) ? -1 : 0;
    bool small = is_small_int(count) && small_int_value(count) < INT64_MAX >> 2;
    Value next = small ? small_int(small_int_value(count) + 1) : int_add(t, count, small_int(1));
    if (absent(next))
        return -1;
    store(e, &e->count, next);
    *first = count;
    *second = item;
    return 1;
}

[[gnu::noinline]] static int next_pair_shared(Thread *t, Enumerate *e, Value *first, Value *second) {
    OwnedLock *lock = iterator_is_plain(e->iterator) ? step_enter_shared(t, &e->stepping) : NULL;
    int step = next_pair(t, e, first, second);
    step_leave(lock);
    return step;
}

int enumerate_next_pair(Thread *t, Value iterator, Value *first, Value *second) {
    Enumerate *e = (Enumerate *)as_object(iterator);
    return unlikely(!is_own(e)) ? next_pair_shared(t, e, first, second) : next_pair(t, e, first, second);
}

static Value next(Thread *t, Value self) {
    Value count, item;
    if (enumerate_next_pair(t, self, &count, &item) <= 0)
        return NO_VALUE;
    Value pair = TRY(tuple_new(t, 2));
    tuple_set(pair, 0, count);
    tuple_set(pair, 1, item);
    return pair;
}

static Value reduce(Thread *t, Value *args) {
    Enumerate *e = (Enumerate *)as_object(args[0]);
    return tuple_pack(t, 2, from_object(e->object.type), TRY(tuple_pack(t, 2, e->iterator, load(&e->count))));
}

static const NativeDef methods[] = {
    {"__new__(type, iterable, start=0)", new_method, "Create and return a new object.  See help(type) for accurate signature.",
     NATIVE_MAY_LACK},
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__reduce__(self, /)", reduce, "Return state information for pickling."},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {NULL},
};

STATIC_TYPE(enumerate_type) = {
    STATIC_TYPE_HEAD(trace_enumerate, NULL),
    .name_text = "enumerate",
    .doc = "Return an enumerate object.\n\n  iterable\n    an object supporting iteration\n\n"
           "The enumerate object yields pairs containing a count (from start, which\n"
           "defaults to zero) and a value yielded by the iterable argument.\n\n"
           "enumerate is useful for obtaining an indexed list:\n"
           "    (0, seq[0]), (1, seq[1]), (2, seq[2]), ...",
    .methods = methods,
    .next = next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Enumerate),
};
