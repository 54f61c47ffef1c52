/* itertools: iterators that put items together: accumulate, batched, chain, pairwise, starmap, zip_longest. */
#include "modules/itertools/internal.h"

/* accumulate */

typedef struct Accumulate {
    Object object;
    Value iterator, function; /* function None: addition */
    Value total, initial;     /* total absent before the first item; initial absent when there is none (any more) */
    Value unused[2];
    OwnedLock stepping; /* no total is given twice */
} Accumulate;

static Value accumulate_new(Thread *t, Value *args) {
    Value iterator = TRY(get_iterator(t, args[1]));
    Accumulate *a = type_allocate(t, as_type(args[0]));
    if (!a)
        return NO_VALUE;
    a->iterator = iterator;
    a->function = args[2];
    a->initial = is_none(args[3]) ? NO_VALUE : args[3];
    return from_object(a);
}

static Value accumulate_step(Thread *t, Accumulate *a) {
    Value initial = load(&a->initial), total;
    if (present(initial)) {
        store_release(&a->initial.bits, 0);
        store(a, &a->total, initial);
        return initial;
    }
    Value item = TRY(iterator_next_at_once(t, a->iterator));
    total = load(&a->total);
    if (present(total))
        item = TRY(is_none(a->function) ? binary_operation(t, BINARY_ADD, total, item) : call_2(t, a->function, total, item));
    store(a, &a->total, item);
    return item;
}

STEPPED_NEXT(accumulate_next, Accumulate, accumulate_step)

static const NativeDef accumulate_methods[] = {
    {"__new__(type, iterable, func=None, *, initial=None)", accumulate_new, NEW_DOC}, ITER_ROWS, {NULL}};

MODULE_TYPE(accumulate_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_6, NULL),
    .name_text = "itertools.accumulate",
    .doc = "Return series of accumulated sums (or other binary function results).",
    .methods = accumulate_methods,
    .next = accumulate_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Accumulate),
};

/* batched */

typedef struct Batched {
    Object object;
    Value iterator; /* absent: exhausted */
    int64_t size;
    bool strict;
    OwnedLock stepping; /* no batch but the last is short */
} Batched;

static Value batched_new(Thread *t, Value *args) {
    int64_t size;
    CHECK(index_as_ssize(t, args[2], &size, false, NULL));
    int strict = truth(t, args[3]);
    CHECK(strict >= 0);
    if (size < 1)
        return raise_value_error(t, "n must be at least one");
    Value iterator = TRY(get_iterator(t, args[1]));
    Batched *b = type_allocate(t, as_type(args[0]));
    if (!b)
        return NO_VALUE;
    b->iterator = iterator;
    b->size = size;
    b->strict = strict;
    return from_object(b);
}

enum { FEW_ITEMS = 32 };

static Value batched_step(Thread *t, Batched *b) {
    Value iterator = load(&b->iterator);
    if (absent(iterator))
        return NO_VALUE;
    Value few[FEW_ITEMS], item = NO_VALUE;
    size_t count = 0;
    bool short_batches = b->size <= FEW_ITEMS;
    while (short_batches && count < (size_t)b->size && present(item = iterator_next_at_once(t, iterator)))
        few[count++] = item;
    if (present(item))
        return tuple_from_values(t, few, count);
    Value batch = TRY(list_from_values(t, few, count));
    while (!short_batches && (int64_t)list_length(batch) < b->size && present(item = iterator_next_at_once(t, iterator)))
        CHECK(list_append(t, batch, item));
    if (absent(item)) {
        store_release(&b->iterator.bits, 0);
        if (error_pending(t) || list_length(batch) == 0)
            return NO_VALUE;
        if (b->strict)
            return raise_value_error(t, "batched(): incomplete batch");
    }
    return list_to_tuple(t, batch);
}

STEPPED_NEXT(batched_next, Batched, batched_step)

static const NativeDef batched_methods[] = {
    {"__new__(type, iterable, n, *, strict=False)", batched_new, NEW_DOC}, ITER_ROWS, {NULL}};

MODULE_TYPE(batched_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_1, NULL),
    .name_text = "itertools.batched",
    .doc = "Batch data into tuples of length n. The last batch may be shorter than n.\n\n"
           "Loops over the input iterable and accumulates data into tuples\n"
           "up to size n.  The input is consumed lazily, just enough to\n"
           "fill a batch.  The result is yielded as soon as a batch is full\n"
           "or when the input iterable is exhausted.\n\n"
           "    >>> for batch in batched('ABCDEFG', 3):\n    ...     print(batch)\n    ...\n"
           "    ('A', 'B', 'C')\n    ('D', 'E', 'F')\n    ('G',)\n\n"
           "If \"strict\" is True, raises a ValueError if the final batch is shorter\nthan n.",
    .methods = batched_methods,
    .next = batched_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Batched),
};

/* chain. Threads: each item of what it goes through comes out once; one thread at a time fetches the next iterable. */

typedef struct Chain {
    Object object;
    Value source; /* iterator over the iterables; absent: exhausted */
    Value active; /* the iterator in use, or absent */
    OwnedLock advancing;
} Chain;

static Value chain_from(Thread *t, Type *type, Value iterables) {
    Value source = TRY(get_iterator(t, iterables));
    Chain *c = type_allocate(t, type);
    if (!c)
        return NO_VALUE;
    c->source = source;
    return from_object(c);
}

static Value chain_new(Thread *t, Value *args) { return chain_from(t, as_type(args[0]), args[1]); }

/* The active iterator is exhausted, unless it is another by now. */
static void chain_drop(Chain *c, Value active) {
    compare_exchange(&c->active.bits, &active.bits, (uintptr_t)0);
}

/* The iterator over the next iterable, now active; absent: there is none, or an exception is pending. One thread does this, the
 * others wait for what it finds: else they would take the chain for exhausted. */
static Value chain_advance(Thread *t, Chain *c) {
    Value active = load(&c->active), source = load(&c->source);
    if (present(active) || absent(source))
        return active;
    Value iterable = iterator_next_at_once(t, source);
    active = present(iterable) ? get_iterator(t, iterable) : NO_VALUE;
    if (absent(active))
        store_release(&c->source.bits, 0);
    else
        store(c, &c->active, active);
    return active;
}

static Value chain_next(Thread *t, Value self) {
    Chain *c = (Chain *)as_object(self);
    for (;;) {
        Value active = load(&c->active);
        if (absent(active)) {
            OwnedLock *lock = step_enter(t, c, &c->advancing);
            active = chain_advance(t, c);
            step_leave(lock);
        }
        if (absent(active))
            return NO_VALUE;
        Value item = iterator_next_at_once(t, active);
        if (present(item) || error_pending(t))
            return item;
        chain_drop(c, active);
    }
}

static const NativeDef chain_methods[] = {
    {"__new__(type, *iterables)", chain_new, NEW_DOC},
    ITER_ROWS,
    {"from_iterable(type, iterable, /)", chain_new,
     "Alternative chain() constructor taking a single iterable argument that evaluates lazily.", NATIVE_CLASS},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {NULL},
};

MODULE_TYPE(chain_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_2, NULL),
    .name_text = "itertools.chain",
    .doc = "Return a chain object whose .__next__() method returns elements from the\n"
           "first iterable until it is exhausted, then elements from the next\n"
           "iterable, until all of the iterables are exhausted.",
    .methods = chain_methods,
    .next = chain_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Chain),
};

/* pairwise */

typedef struct Pairwise {
    Object object;
    Value iterator; /* absent: exhausted */
    Value old;      /* the previous item, absent at the start */
    OwnedLock stepping;
} Pairwise;

static Value pairwise_new(Thread *t, Value *args) {
    Value iterator = TRY(get_iterator(t, args[1]));
    Pairwise *p = type_allocate(t, as_type(args[0]));
    if (!p)
        return NO_VALUE;
    p->iterator = iterator;
    return from_object(p);
}

static Value pairwise_end(Pairwise *p) {
    store_release(&p->iterator.bits, 0);
    store_release(&p->old.bits, 0);
    return NO_VALUE;
}

static Value pairwise_step(Thread *t, Pairwise *p) {
    Value iterator = load(&p->iterator), old = load(&p->old), item;
    if (absent(iterator))
        return NO_VALUE;
    if (absent(old)) {
        old = iterator_next_at_once(t, iterator);
        if (absent(old))
            return pairwise_end(p);
        store(p, &p->old, old);
        iterator = load(&p->iterator); /* the call may have come back here */
        if (absent(iterator))
            return pairwise_end(p);
    }
    item = iterator_next_at_once(t, iterator);
    if (absent(item))
        return pairwise_end(p);
    store(p, &p->old, item);
    return tuple_pack(t, 2, old, item);
}

STEPPED_NEXT(pairwise_next, Pairwise, pairwise_step)

static const NativeDef pairwise_methods[] = {{"__new__(type, iterable, /)", pairwise_new, NEW_DOC}, ITER_ROWS, {NULL}};

MODULE_TYPE(pairwise_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_2, NULL),
    .name_text = "itertools.pairwise",
    .doc = "Return an iterator of overlapping pairs taken from the input iterator.\n\n"
           "    s -> (s0,s1), (s1,s2), (s2, s3), ...",
    .methods = pairwise_methods,
    .next = pairwise_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Pairwise),
};

/* starmap */

typedef struct Starmap {
    Object object;
    Value function, iterator;
} Starmap;

static Value starmap_new(Thread *t, Value *args) {
    Value iterator = TRY(get_iterator(t, args[2]));
    Starmap *s = type_allocate(t, as_type(args[0]));
    if (!s)
        return NO_VALUE;
    s->function = args[1];
    s->iterator = iterator;
    return from_object(s);
}

static Value starmap_next(Thread *t, Value self) {
    Starmap *s = (Starmap *)as_object(self);
    NextPairFn next_pair = next_pair_of(s->iterator);
    if (next_pair) { /* the tuple need not be made */
        Value pair[3] = {NO_VALUE}; /* the first is the callee's scratch word */
        return next_pair(t, s->iterator, &pair[1], &pair[2]) > 0 ? call(t, s->function, pair + 1, 2, NO_VALUE) : NO_VALUE;
    }
    Value arguments = TRY(tuple_from_iterable(t, TRY(iterator_next_at_once(t, s->iterator))));
    return call_tuple(t, s->function, arguments, NO_VALUE);
}

static const NativeDef starmap_methods[] = {{"__new__(type, function, iterable, /)", starmap_new, NEW_DOC}, ITER_ROWS, {NULL}};

MODULE_TYPE(starmap_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_2, NULL),
    .name_text = "itertools.starmap",
    .doc = "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from "
           "the given sequence.",
    .methods = starmap_methods,
    .next = starmap_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Starmap),
};

/* zip_longest */

typedef struct ZipLongest {
    Object object;
    Value iterators; /* list; None where one is exhausted */
    Value fill;
    int64_t active;
} ZipLongest;

static Value zip_longest_new(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    Value iterators = TRY(list_new(t, count));
    for (size_t i = 0; i < count; i++)
        CHECK(list_append(t, iterators, TRY(get_iterator(t, tuple_get(args[1], i)))));
    ZipLongest *z = type_allocate(t, as_type(args[0]));
    if (!z)
        return NO_VALUE;
    z->iterators = iterators;
    z->fill = args[2];
    z->active = (int64_t)count;
    return from_object(z);
}

/* Iterator i is exhausted: of the threads that find that, one counts it. How many are left. */
static int64_t zip_longest_retire(Thread *t, ZipLongest *z, size_t i, Value iterator) {
    object_lock(&z->object);
    if (same(list_get(z->iterators, i), iterator)) {
        list_set(t, z->iterators, i, NONE);
        store_relaxed(&z->active, z->active - 1);
    }
    int64_t left = z->active;
    object_unlock(&z->object);
    return left;
}

static Value zip_longest_next(Thread *t, Value self) {
    ZipLongest *z = (ZipLongest *)as_object(self);
    size_t count = list_length(z->iterators);
    if (count == 0 || load_relaxed(&z->active) <= 0)
        return NO_VALUE;
    Value result = TRY(tuple_new(t, count));
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        Value iterator = list_get(z->iterators, i), item = z->fill;
        if (!is_none(iterator)) {
            item = iterator_next_at_once(t, iterator);
            found |= present(item);
            if (absent(item)) {
                if (error_pending(t)) {
                    store_relaxed(&z->active, (int64_t)0);
                    return NO_VALUE;
                }
                if (zip_longest_retire(t, z, i, iterator) <= 0 && !found)
                    return NO_VALUE;
                item = z->fill;
            }
        }
        store(as_object(result), &as_tuple(result)->items[i], item);
    }
    return found ? result : NO_VALUE; /* nothing: other threads found the ends meanwhile */
}

static const NativeDef zip_longest_methods[] = {
    {"__new__(type, *iterables, fillvalue=None)", zip_longest_new, NEW_DOC}, ITER_ROWS, {NULL}};

MODULE_TYPE(zip_longest_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_2, NULL),
    .name_text = "itertools.zip_longest",
    .doc = "Return a zip_longest object whose .__next__() method returns a tuple where\n"
           "the i-th element comes from the i-th iterable argument.  The .__next__()\n"
           "method continues until the longest iterable in the argument sequence\n"
           "is exhausted and then it raises StopIteration.  When the shorter iterables\n"
           "are exhausted, the fillvalue is substituted in their place.  The fillvalue\n"
           "defaults to None or can be specified by a keyword argument.\n",
    .methods = zip_longest_methods,
    .next = zip_longest_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(ZipLongest),
};
