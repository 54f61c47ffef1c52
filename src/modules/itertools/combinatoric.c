/* itertools: product, permutations, combinations.
 *
 * All work alike: `pools` holds the items (a tuple; for product a tuple of tuples), an internal cell the positions of the
 * current result. Stepping runs no Python code and is done under the object's lock, so that threads that share an
 * iterator get different results.
 */
#include "modules/itertools/internal.h"

typedef struct Positions {
    Object object;
    int64_t values[];
} Positions;

static Type positions_type = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .cell_flags = CELL_INTERNAL},
    .name_text = "positions",
    .instance_size = sizeof(Positions),
};

typedef struct Combinatoric {
    Object object;
    Value pool;
    Positions *positions; /* width of them; for permutations behind those: pool indices and cycles */
    int64_t width, items; /* items: of the pool, for product unused */
    bool started, finished;
} Combinatoric;

static void trace_combinatoric(Tracer *tracer, Object *o) {
    Combinatoric *c = (Combinatoric *)o;
    trace_value(tracer, c->pool);
    trace_object(tracer, c->positions);
}

static Combinatoric *make(Thread *t, Value type, Value pool, int64_t width, size_t position_count) {
    if (position_count > SIZE_MAX / 64) {
        raise_no_memory(t);
        return NULL;
    }
    Positions *positions = heap_allocate(t, &positions_type, sizeof *positions + position_count * sizeof(int64_t));
    Combinatoric *c = positions ? type_allocate(t, as_type(type)) : NULL;
    if (!c)
        return NULL;
    c->pool = pool;
    c->positions = positions;
    c->width = width;
    c->items = (int64_t)tuple_length(pool);
    return c;
}

/* One result: `step` moves the positions, false when there are no more; `fill` writes the items. */
static Value next_result(Thread *t, Value self, bool (*step)(Combinatoric *c), void (*fill)(Combinatoric *c, Value *items)) {
    Combinatoric *c = (Combinatoric *)as_object(self);
    if (load_relaxed(&c->finished))
        return NO_VALUE;
    Value result = TRY(tuple_new(t, (size_t)c->width));
    object_lock(&c->object);
    if (c->started && !c->finished && !step(c))
        store_relaxed(&c->finished, true);
    c->started = true;
    bool more = !c->finished;
    if (more && c->width)
        fill(c, as_tuple(result)->items);
    object_unlock(&c->object);
    if (more && c->width)
        store_many(as_object(result));
    return more ? result : NO_VALUE;
}

static void fill_from_pool(Combinatoric *c, Value *items) {
    for (int64_t i = 0; i < c->width; i++)
        items[i] = tuple_get(c->pool, (size_t)c->positions->values[i]);
}

static Value sizeof_method(Thread *t, Value *args) {
    Combinatoric *c = (Combinatoric *)as_object(args[0]);
    return small_int((int64_t)(heap_cell_size(&c->object) + heap_cell_size(&c->positions->object)));
}

/* product */

static Value product_new(Thread *t, Value *args) {
    int64_t repeat, given = (int64_t)tuple_length(args[1]), width;
    CHECK(index_as_ssize(t, args[2], &repeat, false, NULL));
    if (repeat < 0)
        return raise_value_error(t, "repeat argument cannot be negative");
    if (repeat == 0)
        given = 0;
    if (__builtin_mul_overflow(given, repeat, &width) || width > INT64_MAX / 64)
        return raise_overflow_error(t, "repeat argument too large");
    Value pools = TRY(tuple_new(t, (size_t)width));
    for (int64_t i = 0; i < width; i++) {
        Value pool = i < given ? TRY(tuple_from_iterable(t, tuple_get(args[1], (size_t)i))) : tuple_get(pools, (size_t)(i - given));
        store(as_object(pools), &as_tuple(pools)->items[i], pool);
    }
    Combinatoric *c = make(t, args[0], pools, width, (size_t)width);
    if (!c)
        return NO_VALUE;
    for (int64_t i = 0; i < width; i++)
        if (tuple_length(tuple_get(pools, (size_t)i)) == 0)
            c->finished = true;
    return from_object(c);
}

static bool product_step(Combinatoric *c) {
    for (int64_t i = c->width - 1; i >= 0; i--) {
        if (++c->positions->values[i] < (int64_t)tuple_length(tuple_get(c->pool, (size_t)i)))
            return true;
        c->positions->values[i] = 0;
    }
    return false;
}

static void product_fill(Combinatoric *c, Value *items) {
    for (int64_t i = 0; i < c->width; i++)
        items[i] = tuple_get(tuple_get(c->pool, (size_t)i), (size_t)c->positions->values[i]);
}

static Value product_next(Thread *t, Value self) { return next_result(t, self, product_step, product_fill); }

/* combinations */

static Value combinations_make(Thread *t, Value *args, bool increasing) {
    int64_t r;
    Value pool = TRY(tuple_from_iterable(t, args[1]));
    CHECK(index_as_ssize(t, args[2], &r, false, NULL));
    if (r < 0)
        return raise_value_error(t, "r must be non-negative");
    int64_t n = (int64_t)tuple_length(pool);
    bool none = increasing ? r > n : n == 0 && r > 0;
    Combinatoric *c = make(t, args[0], pool, none ? 0 : r, none ? 0 : (size_t)r);
    if (!c)
        return NO_VALUE;
    c->finished = none;
    for (int64_t i = 0; increasing && i < c->width; i++)
        c->positions->values[i] = i;
    return from_object(c);
}

static Value combinations_new(Thread *t, Value *args) { return combinations_make(t, args, true); }

static bool combinations_step(Combinatoric *c) {
    int64_t *p = c->positions->values, i = c->width - 1;
    while (i >= 0 && p[i] == i + c->items - c->width)
        i--;
    if (i < 0)
        return false;
    p[i]++;
    for (int64_t j = i + 1; j < c->width; j++)
        p[j] = p[j - 1] + 1;
    return true;
}

static Value combinations_next(Thread *t, Value self) { return next_result(t, self, combinations_step, fill_from_pool); }

static Value with_replacement_new(Thread *t, Value *args) { return combinations_make(t, args, false); }

static bool with_replacement_step(Combinatoric *c) {
    int64_t *p = c->positions->values, i = c->width - 1;
    while (i >= 0 && p[i] == c->items - 1)
        i--;
    if (i < 0)
        return false;
    int64_t next = p[i] + 1;
    for (; i < c->width; i++)
        p[i] = next;
    return true;
}

static Value with_replacement_next(Thread *t, Value self) { return next_result(t, self, with_replacement_step, fill_from_pool); }

/* permutations: the first `items` positions are an arrangement of the pool, then come the cycles. */

static Value permutations_new(Thread *t, Value *args) {
    Value pool = TRY(tuple_from_iterable(t, args[1]));
    int64_t n = (int64_t)tuple_length(pool), r = n;
    if (!is_none(args[2])) {
        if (!is_int(args[2]))
            return raise_type_error(t, "Expected int as r");
        CHECK(index_as_ssize(t, args[2], &r, false, NULL));
        if (r < 0)
            return raise_value_error(t, "r must be non-negative");
    }
    bool none = r > n;
    Combinatoric *c = make(t, args[0], pool, none ? 0 : r, none ? 0 : (size_t)(n + r));
    if (!c)
        return NO_VALUE;
    c->finished = none;
    for (int64_t i = 0; !none && i < n; i++)
        c->positions->values[i] = i;
    for (int64_t i = 0; !none && i < r; i++)
        c->positions->values[n + i] = n - i;
    return from_object(c);
}

static bool permutations_step(Combinatoric *c) {
    int64_t *p = c->positions->values, n = c->items, *cycles = p + n;
    for (int64_t i = c->width - 1; i >= 0; i--) {
        if (--cycles[i] > 0) {
            int64_t j = n - cycles[i], swap = p[i];
            p[i] = p[j];
            p[j] = swap;
            return true;
        }
        int64_t first = p[i];
        memmove(p + i, p + i + 1, (size_t)(n - 1 - i) * sizeof *p);
        p[n - 1] = first;
        cycles[i] = n - i;
    }
    return false;
}

static Value permutations_next(Thread *t, Value self) { return next_result(t, self, permutations_step, fill_from_pool); }

#define METHODS(name, signature, function)                                                                            \
    static const NativeDef name[] = {                                                                                 \
        {signature, function, NEW_DOC}, ITER_ROWS, {"__sizeof__(self, /)", sizeof_method, "Returns size in memory, in bytes."}, {NULL}}
METHODS(product_methods, "__new__(type, *iterables, repeat=1)", product_new);
METHODS(permutations_methods, "__new__(type, iterable, r=None)", permutations_new);
METHODS(combinations_methods, "__new__(type, iterable, r)", combinations_new);
METHODS(with_replacement_methods, "__new__(type, iterable, r)", with_replacement_new);
#undef METHODS

MODULE_TYPE(product_type, itertools) = {
    STATIC_TYPE_HEAD(trace_combinatoric, NULL),
    .name_text = "itertools.product",
    .doc = "Cartesian product of input iterables.  Equivalent to nested for-loops.\n\n"
           "For example, product(A, B) returns the same as:  ((x,y) for x in A for y in B).\n"
           "The leftmost iterators are in the outermost for-loop, so the output tuples\n"
           "cycle in a manner similar to an odometer (with the rightmost element changing\non every iteration).\n\n"
           "To compute the product of an iterable with itself, specify the number\n"
           "of repetitions with the optional repeat keyword argument. For example,\n"
           "product(A, repeat=4) means the same as product(A, A, A, A).\n\n"
           "product('ab', range(3)) --> ('a',0) ('a',1) ('a',2) ('b',0) ('b',1) ('b',2)\n"
           "product((0,1), (0,1), (0,1)) --> (0,0,0) (0,0,1) (0,1,0) (0,1,1) (1,0,0) ...",
    .methods = product_methods, .next = product_next, .flags = TYPE_BASE, .instance_size = sizeof(Combinatoric),
};
MODULE_TYPE(permutations_type, itertools) = {
    STATIC_TYPE_HEAD(trace_combinatoric, NULL),
    .name_text = "itertools.permutations",
    .doc = "Return successive r-length permutations of elements in the iterable.\n\n"
           "permutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)",
    .methods = permutations_methods, .next = permutations_next, .flags = TYPE_BASE, .instance_size = sizeof(Combinatoric),
};
MODULE_TYPE(combinations_type, itertools) = {
    STATIC_TYPE_HEAD(trace_combinatoric, NULL),
    .name_text = "itertools.combinations",
    .doc = "Return successive r-length combinations of elements in the iterable.\n\n"
           "combinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)",
    .methods = combinations_methods, .next = combinations_next, .flags = TYPE_BASE, .instance_size = sizeof(Combinatoric),
};
MODULE_TYPE(combinations_with_replacement_type, itertools) = {
    STATIC_TYPE_HEAD(trace_combinatoric, NULL),
    .name_text = "itertools.combinations_with_replacement",
    .doc = "Return successive r-length combinations of elements in the iterable allowing individual elements to have "
           "successive repeats.\n\n"
           "combinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')",
    .methods = with_replacement_methods, .next = with_replacement_next, .flags = TYPE_BASE, .instance_size = sizeof(Combinatoric),
};
