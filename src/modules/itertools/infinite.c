/* itertools: count, cycle and repeat. */
#include "modules/itertools/internal.h"

/* count */

typedef struct Count {
    Object object;
    Value next, step;
} Count;

static bool is_number(Value v) {
    Type *type = type_of(v);
    return is_int(v) || is_float(v) || type_slot(type, SLOT___index__) || type_slot(type, SLOT___int__) ||
           type_slot(type, SLOT___float__) || present(type_lookup(type, names.dunder_complex));
}

static bool is_one(Value v) { return same(v, small_int(1)) || same(v, TRUE); }

static Value count_new(Thread *t, Value *args) {
    Value start = args[1], step = args[2];
    if (!is_number(start) || !is_number(step))
        return raise_type_error(t, "a number is required");
    if (is_int(start) && is_one(step)) {
        start = TRY(index_of(t, start));
        step = small_int(1);
    }
    Count *c = type_allocate(t, as_type(args[0]));
    if (!c)
        return NO_VALUE;
    c->next = start;
    c->step = step;
    return from_object(c);
}

/* One of several threads gets each number. */
static Value count_next(Thread *t, Value self) {
    Count *c = (Count *)as_object(self);
    for (;;) {
        Value value = load(&c->next), after;
        int64_t sum;
        if (is_small_int(value) && is_small_int(c->step) && fits_small_int(sum = small_int_value(value) + small_int_value(c->step)))
            after = small_int(sum);
        else
            after = TRY(binary_operation(t, BINARY_ADD, value, c->step));
        uintptr_t expected = value.bits;
        publish_into(c, after);
        if (compare_exchange(&c->next.bits, &expected, after.bits)) {
            if (is_object(after))
                store_moved(c);
            return value;
        }
    }
}

static Value count_repr(Thread *t, Value *args) {
    Count *c = (Count *)as_object(args[0]);
    if (same(c->step, small_int(1)))
        return format_text(t, "%S(%R)", load(&type_of(args[0])->name), load(&c->next));
    return format_text(t, "%S(%R, %R)", load(&type_of(args[0])->name), load(&c->next), c->step);
}

static const NativeDef count_methods[] = {
    {"__new__(type, start=0, step=1)", count_new, NEW_DOC},
    ITER_ROWS,
    {"__repr__(self, /)", count_repr, "Return repr(self)."},
    {NULL},
};

MODULE_TYPE(count_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_2, NULL),
    .name_text = "itertools.count",
    .doc = "Return a count object whose .__next__() method returns consecutive values.\n\n"
           "Equivalent to:\n    def count(firstval=0, step=1):\n        x = firstval\n        while 1:\n"
           "            yield x\n            x += step",
    .methods = count_methods,
    .next = count_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Count),
};

/* cycle */

typedef struct Cycle {
    Object object;
    Value iterator; /* absent once exhausted */
    Value saved;    /* list */
    size_t index;
    OwnedLock stepping; /* until it is exhausted: an item that was taken is saved before another thread finds the end */
} Cycle;

static Value cycle_new(Thread *t, Value *args) {
    Value iterator = TRY(get_iterator(t, args[1])), saved = TRY(list_new(t, 0));
    Cycle *c = type_allocate(t, as_type(args[0]));
    if (!c)
        return NO_VALUE;
    c->iterator = iterator;
    c->saved = saved;
    return from_object(c);
}

/* The first time round. absent without exception: the iterator is exhausted. */
static Value cycle_first(Thread *t, Cycle *c) {
    Value iterator = load(&c->iterator), item = NO_VALUE;
    if (present(iterator))
        item = iterator_next_at_once(t, iterator);
    if (present(item))
        return list_append(t, c->saved, item) ? item : NO_VALUE;
    if (!error_pending(t))
        store_release(&c->iterator.bits, 0);
    return NO_VALUE;
}

/* Of several threads each gets the next item. */
static Value cycle_next(Thread *t, Value self) {
    Cycle *c = (Cycle *)as_object(self);
    if (present(load(&c->iterator))) {
        OwnedLock *lock = step_enter(t, c, &c->stepping);
        Value item = cycle_first(t, c);
        step_leave(lock);
        if (present(item) || error_pending(t))
            return item;
    }
    size_t length = list_length(c->saved), i = load_relaxed(&c->index), next;
    if (length == 0)
        return NO_VALUE;
    do {
        next = i + 1 >= length ? 0 : i + 1;
        if (likely(is_own(c))) {
            c->index = next;
            break;
        }
    } while (!compare_exchange(&c->index, &i, next));
    return list_get(c->saved, i);
}

static const NativeDef cycle_methods[] = {{"__new__(type, iterable, /)", cycle_new, NEW_DOC}, ITER_ROWS, {NULL}};

MODULE_TYPE(cycle_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_2, NULL),
    .name_text = "itertools.cycle",
    .doc = "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.",
    .methods = cycle_methods,
    .next = cycle_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Cycle),
};

/* repeat */

typedef struct Repeat {
    Object object;
    Value item;
    int64_t left; /* -1: without end */
} Repeat;

static Value repeat_new(Thread *t, Value *args) {
    int64_t times = -1;
    if (present(args[2])) {
        CHECK(index_as_ssize(t, args[2], &times, false, NULL));
        times = times < 0 ? 0 : times;
    }
    Repeat *r = type_allocate(t, as_type(args[0]));
    if (!r)
        return NO_VALUE;
    r->item = args[1];
    r->left = times;
    return from_object(r);
}

static Value repeat_next(Thread *t, Value self) {
    Repeat *r = (Repeat *)as_object(self);
    if (likely(is_own(r))) {
        if (r->left == 0)
            return NO_VALUE;
        if (r->left > 0)
            store_relaxed(&r->left, r->left - 1);
        return r->item;
    }
    for (int64_t left = load_relaxed(&r->left); left != 0;) {
        if (left < 0 || compare_exchange(&r->left, &left, left - 1))
            return r->item;
    }
    return NO_VALUE;
}

static Value repeat_repr(Thread *t, Value *args) {
    Repeat *r = (Repeat *)as_object(args[0]);
    int64_t left = load_relaxed(&r->left);
    return left < 0 ? format_text(t, "%S(%R)", load(&type_of(args[0])->name), r->item)
                    : format_text(t, "%S(%R, %zd)", load(&type_of(args[0])->name), r->item, left);
}

static Value repeat_length_hint(Thread *t, Value *args) {
    Repeat *r = (Repeat *)as_object(args[0]);
    int64_t left = load_relaxed(&r->left);
    return left < 0 ? raise_type_error(t, "len() of unsized object") : int_from(t, left);
}

static const NativeDef repeat_methods[] = {
    {"__new__(type, object, times=<unrepresentable>)", repeat_new, NEW_DOC, NATIVE_NO_SIGNATURE},
    ITER_ROWS,
    {"__repr__(self, /)", repeat_repr, "Return repr(self)."},
    {"__length_hint__(self, /)", repeat_length_hint, "Private method returning an estimate of len(list(it)).", NATIVE_COEXIST},
    {NULL},
};

MODULE_TYPE(repeat_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_1, NULL),
    .name_text = "itertools.repeat",
    .doc = "repeat(object [,times]) -> create an iterator which returns the object\n"
           "for the specified number of times.  If not specified, returns the object\nendlessly.",
    .methods = repeat_methods,
    .next = repeat_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Repeat),
};
