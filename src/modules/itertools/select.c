/* itertools: iterators that choose items: compress, dropwhile, takewhile, filterfalse, islice. */
#include "modules/itertools/internal.h"

/* compress */

typedef struct Compress {
    Object object;
    Value data, selectors;
    OwnedLock stepping; /* an item and its selector belong together */
} Compress;

static Value compress_new(Thread *t, Value *args) {
    Value data = TRY(get_iterator(t, args[1])), selectors = TRY(get_iterator(t, args[2]));
    Compress *c = type_allocate(t, as_type(args[0]));
    if (!c)
        return NO_VALUE;
    c->data = data;
    c->selectors = selectors;
    return from_object(c);
}

static bool compress_step(Thread *t, Compress *c, Value *item, Value *selector) {
    bool plain = iterator_is_plain(c->data) && iterator_is_plain(c->selectors);
    OwnedLock *lock = plain ? step_enter(t, c, &c->stepping) : NULL;
    *item = iterator_next_at_once(t, c->data);
    *selector = present(*item) ? iterator_next_at_once(t, c->selectors) : NO_VALUE;
    step_leave(lock);
    return present(*selector);
}

static Value compress_next(Thread *t, Value self) {
    Value item, selector;
    for (;;) {
        CHECK(compress_step(t, (Compress *)as_object(self), &item, &selector));
        int chosen = truth(t, selector);
        if (chosen)
            return chosen < 0 ? NO_VALUE : item;
    }
}

static const NativeDef compress_methods[] = {{"__new__(type, data, selectors)", compress_new, NEW_DOC}, ITER_ROWS, {NULL}};

MODULE_TYPE(compress_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_2, NULL),
    .name_text = "itertools.compress",
    .doc = "Return data elements corresponding to true selector elements.\n\n"
           "Forms a shorter iterator from selected data elements using the selectors\nto choose the data elements.",
    .methods = compress_methods,
    .next = compress_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Compress),
};

/* Those with a predicate */

typedef struct Filtered {
    Object object;
    Value function, iterator;
    bool decided; /* dropwhile: dropping is over; takewhile: taking is over */
} Filtered;

static Value filtered_new(Thread *t, Value *args) {
    Value iterator = TRY(get_iterator(t, args[2]));
    Filtered *f = type_allocate(t, as_type(args[0]));
    if (!f)
        return NO_VALUE;
    f->function = args[1];
    f->iterator = iterator;
    return from_object(f);
}

/* 1 and 0 as the predicate says, -1 error */
static int holds(Thread *t, Value function, Value item) {
    Value answer = call_1(t, function, item);
    return absent(answer) ? -1 : truth(t, answer);
}

static Value dropwhile_next(Thread *t, Value self) {
    Filtered *f = (Filtered *)as_object(self);
    for (;;) {
        Value item = TRY(iterator_next_at_once(t, f->iterator));
        int drop = load_relaxed(&f->decided) ? 0 : holds(t, f->function, item);
        if (drop > 0)
            continue;
        store_relaxed(&f->decided, true);
        return drop < 0 ? NO_VALUE : item;
    }
}

static Value takewhile_next(Thread *t, Value self) {
    Filtered *f = (Filtered *)as_object(self);
    if (load_relaxed(&f->decided))
        return NO_VALUE;
    Value item = TRY(iterator_next_at_once(t, f->iterator));
    int take = holds(t, f->function, item);
    if (take > 0)
        return item;
    if (take == 0)
        store_relaxed(&f->decided, true);
    return NO_VALUE;
}

static Value filterfalse_next(Thread *t, Value self) {
    Filtered *f = (Filtered *)as_object(self);
    bool plain = is_none(f->function) || same(f->function, from_object(&bool_type));
    for (;;) {
        Value item = TRY(iterator_next_at_once(t, f->iterator));
        int good = plain ? truth(t, item) : holds(t, f->function, item);
        if (good <= 0)
            return good < 0 ? NO_VALUE : item;
    }
}

static const NativeDef while_methods[] = {{"__new__(type, predicate, iterable, /)", filtered_new, NEW_DOC}, ITER_ROWS, {NULL}};
static const NativeDef filterfalse_methods[] = {{"__new__(type, function, iterable, /)", filtered_new, NEW_DOC}, ITER_ROWS, {NULL}};

MODULE_TYPE(dropwhile_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_2, NULL),
    .name_text = "itertools.dropwhile",
    .doc = "Drop items from the iterable while predicate(item) is true.\n\n"
           "Afterwards, return every element until the iterable is exhausted.",
    .methods = while_methods,
    .next = dropwhile_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Filtered),
};
MODULE_TYPE(takewhile_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_2, NULL),
    .name_text = "itertools.takewhile",
    .doc = "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.",
    .methods = while_methods,
    .next = takewhile_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Filtered),
};
MODULE_TYPE(filterfalse_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_2, NULL),
    .name_text = "itertools.filterfalse",
    .doc = "Return those items of iterable for which function(item) is false.\n\n"
           "If function is None, return the items that are false.",
    .methods = filterfalse_methods,
    .next = filterfalse_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Filtered),
};

/* islice */

typedef struct Islice {
    Object object;
    Value iterator; /* absent: exhausted */
    int64_t start, stop, step; /* fixed; stop -1: none */
    int64_t count;             /* of items taken from the iterator or promised to a thread */
} Islice;

/* -1 where the argument is not an integer in range. */
static int64_t position_or_minus_1(Thread *t, Value v) {
    int64_t i;
    if (index_as_ssize(t, v, &i, false, &ValueError_type))
        return i;
    error_clear(t);
    return -1;
}

static Value islice_new(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    if (count < 2 || count > 4)
        return raise_type_error(t, "islice expected at %s arguments, got %zu", count < 2 ? "least 2" : "most 4", count);
    int64_t start = 0, stop = -1, step = 1;
    Value stop_arg = tuple_get(args[1], count == 2 ? 1 : 2);
    if (count > 2 && !is_none(tuple_get(args[1], 1)))
        start = position_or_minus_1(t, tuple_get(args[1], 1));
    if (!is_none(stop_arg)) {
        stop = position_or_minus_1(t, stop_arg);
        if (stop == -1)
            return raise_value_error(t, "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    }
    if (start < 0 || stop < -1)
        return raise_value_error(t, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    if (count == 4 && !is_none(tuple_get(args[1], 3)))
        step = position_or_minus_1(t, tuple_get(args[1], 3));
    if (step < 1)
        return raise_value_error(t, "Step for islice() must be a positive integer or None.");
    Value iterator = TRY(get_iterator(t, tuple_get(args[1], 0)));
    Islice *s = type_allocate(t, as_type(args[0]));
    if (!s)
        return NO_VALUE;
    s->iterator = iterator;
    s->start = start;
    s->stop = stop;
    s->step = step;
    return from_object(s);
}

/* Counts what will be taken before it is taken: threads that share one take as many items as they were promised. */
static Value islice_next(Thread *t, Value self) {
    Islice *s = (Islice *)as_object(self);
    Value iterator = load(&s->iterator), item = NO_VALUE;
    if (absent(iterator))
        return NO_VALUE;
    int64_t count = load_relaxed(&s->count), wanted, limit = s->stop == -1 ? INT64_MAX : s->stop;
    bool claimed, takes, more = true;
    do {
        wanted = s->start;
        if (count > 0 && (__builtin_add_overflow(count, s->step - 1, &wanted) || wanted > limit))
            wanted = limit;
        takes = wanted < limit;
        claimed = is_own(s);
        if (claimed)
            s->count = wanted + takes;
        else
            claimed = compare_exchange(&s->count, &count, wanted + takes);
    } while (unlikely(!claimed));
    for (; more && count < wanted; count++)
        more = present(iterator_next_at_once(t, iterator));
    if (more && takes)
        item = iterator_next_at_once(t, iterator);
    if (absent(item))
        store_release(&s->iterator.bits, 0);
    return item;
}

static const NativeDef islice_methods[] = {{"__new__(type, *args)", islice_new, NEW_DOC, NATIVE_NO_SIGNATURE}, ITER_ROWS, {NULL}};

MODULE_TYPE(islice_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_1, NULL),
    .name_text = "itertools.islice",
    .doc = "islice(iterable, stop) --> islice object\n"
           "islice(iterable, start, stop[, step]) --> islice object\n\n"
           "Return an iterator whose next() method returns selected values from an\n"
           "iterable.  If start is specified, will skip all preceding elements;\n"
           "otherwise, start defaults to zero.  Step defaults to one.  If\n"
           "specified as another value, step determines how many values are\n"
           "skipped between successive calls.  Works like a slice() on a list\nbut returns an iterator.",
    .methods = islice_methods,
    .next = islice_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Islice),
};
