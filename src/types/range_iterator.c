/* The iterators of range: one for words, one for ints of any size.
 *
 * Threads: types/iterator.h; a step of the long one that another overtook starts over.
 */
#include "types/range_iterator.h"

#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/iterator.h"
#include "types/range.h"
#include "types/tuple.h"

typedef struct LongRangeIterator {
    Object object;
    Value next, step, remaining;
} LongRangeIterator;

static RangeIterator *as_short(Value v) { return (RangeIterator *)v.bits; }
static LongRangeIterator *as_long(Value v) { return (LongRangeIterator *)v.bits; }

static void trace_long(Tracer *tracer, Object *o) { trace_values(tracer, &((LongRangeIterator *)o)->next, 3); }

Value range_iterator_new(Thread *t, Value start, Value step, Value length) {
    int64_t last;
    bool words = is_small_int(start) && is_small_int(step) && is_small_int(length) &&
                 !__builtin_mul_overflow(small_int_value(step), small_int_value(length), &last) &&
                 !__builtin_add_overflow(last, small_int_value(start), &last) && fits_small_int(last);
    if (words) {
        RangeIterator *i = heap_allocate(t, &range_iterator_type, sizeof(RangeIterator));
        if (i == NULL)
            return NO_VALUE;
        i->next = small_int_value(start);
        i->step = small_int_value(step);
        i->remaining = small_int_value(length);
        i->owner = t;
        return from_object(i);
    }
    LongRangeIterator *i = heap_allocate(t, &long_range_iterator_type, sizeof(LongRangeIterator));
    if (i == NULL)
        return NO_VALUE;
    /* NOBARRIER: just allocated */
    i->next = start;
    i->step = step;
    i->remaining = length;
    return from_object(i);
}

[[gnu::always_inline]] static inline Value step_of(RangeIterator *i) {
    if (i->remaining <= 0)
        return NO_VALUE;
    store_relaxed(&i->remaining, i->remaining - 1);
    int64_t v = i->next;
    store_relaxed(&i->next, v + i->step);
    return small_int(v);
}

[[gnu::noinline]] static Value step_shared(Thread *t, RangeIterator *i) {
    step_begin_shared(t, &i->object, &i->owner);
    Value v = step_of(i);
    object_unlock(&i->object);
    return v;
}

static Value next_short(Thread *t, Value self) {
    RangeIterator *i = as_short(self);
    return step_is_own(t, &i->owner) ? step_of(i) : step_shared(t, i);
}

static Value next_long(Thread *t, Value self) {
    LongRangeIterator *i = as_long(self);
    for (;;) {
        Value v = load(&i->next), left = load(&i->remaining);
        if (int_sign(left) <= 0)
            return NO_VALUE;
        Value next = TRY(int_add(t, v, i->step)), remaining = TRY(int_sub(t, left, small_int(1)));
        object_lock(&i->object);
        bool unchanged = same(i->next, v) && same(i->remaining, left);
        if (unchanged) {
            store(i, &i->next, next);
            store(i, &i->remaining, remaining);
        }
        object_unlock(&i->object);
        if (unchanged)
            return v;
    }
}

static Value self(Thread *t, Value *args) { return args[0]; }

static Value next_method(Thread *t, Value *args) {
    Value v = type_of(args[0])->next(t, args[0]);
    return present(v) || error_pending(t) ? v : raise_stop_iteration(t, NO_VALUE);
}

static Value hint_short(Thread *t, Value *args) { return small_int(load_relaxed(&as_short(args[0])->remaining)); }
static Value hint_long(Thread *t, Value *args) { return load(&as_long(args[0])->remaining); }

/* iter(range(rest)), None */
static Value reduce(Thread *t, Value start, Value step, Value remaining) {
    Value span = TRY(int_mul(t, remaining, step));
    Value stop = TRY(int_add(t, start, span));
    Value rest = TRY(range_new(t, start, stop, step));
    Value arguments = TRY(tuple_pack(t, 1, rest));
    Value iter = TRY(dict_get(t, t->isolate->builtins, names.iter));
    return tuple_pack(t, 3, iter, arguments, NONE);
}

static Value reduce_short(Thread *t, Value *args) {
    RangeIterator *i = as_short(args[0]);
    return reduce(t, small_int(i->next), small_int(i->step), small_int(i->remaining));
}
static Value reduce_long(Thread *t, Value *args) {
    LongRangeIterator *i = as_long(args[0]);
    return reduce(t, load(&i->next), i->step, load(&i->remaining));
}

static Value setstate_short(Thread *t, Value *args) {
    RangeIterator *i = as_short(args[0]);
    int64_t position;
    CHECK(index_as_ssize(t, args[1], &position, false, NULL));
    if (position < 0)
        position = 0;
    else if (position > i->remaining)
        position = i->remaining;
    i->next += position * i->step;
    i->remaining -= position;
    return NONE;
}

static Value setstate_long(Thread *t, Value *args) {
    LongRangeIterator *i = as_long(args[0]);
    if (!is_int(args[1]))
        return raise_type_error(t, "state must be an int, not %T", args[1]);
    Value position = TRY(int_exact(t, args[1]));
    if (int_sign(position) < 0)
        position = small_int(0);
    else if (int_compare(position, load(&i->remaining)) > 0)
        position = load(&i->remaining);
    Value offset = TRY(int_mul(t, position, i->step));
    Value next = TRY(int_add(t, i->next, offset)), remaining = TRY(int_sub(t, i->remaining, position));
    store(i, &i->next, next);
    store(i, &i->remaining, remaining);
    return NONE;
}

#define METHODS(kind)                                                                              \
    static const NativeDef methods_##kind[] = {                                                    \
        {"__iter__(self, /)", self, NULL},                                                         \
        {"__next__(self, /)", next_method, NULL},                                                  \
        {"__length_hint__(self, /)", hint_##kind, "How many items are left."},                     \
        {"__reduce__(self, /)", reduce_##kind, "Return state information for pickling."},          \
        {"__setstate__(self, object, /)", setstate_##kind, "Set state information for unpickling."}, \
        {NULL, NULL, NULL, 0},                                                                     \
    };
METHODS(short)
METHODS(long)
#undef METHODS

STATIC_TYPE(range_iterator_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "range_iterator",
    .base_static = &object_type,
    .methods = methods_short,
    .next = next_short,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(RangeIterator),
};

STATIC_TYPE(long_range_iterator_type) = {
    STATIC_TYPE_HEAD(trace_long, NULL),
    .name_text = "longrange_iterator",
    .base_static = &object_type,
    .methods = methods_long,
    .next = next_long,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(LongRangeIterator),
};
