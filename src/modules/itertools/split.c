/* itertools: iterators that split one iterator in several: groupby and tee.
 *
 * The pieces of a tee share a chain of blocks of items; each piece holds its place in it, so that what all have passed
 * is garbage.
 */
#include "modules/itertools/internal.h"

/* groupby */

typedef struct GroupBy {
    Object object;
    Value iterator, key_function;
    Value target_key, current_key, current_value; /* absent: none yet */
    Value current_group;                          /* the group that may go on: the newest */
    OwnedLock stepping;                           /* its own steps and those of its groups */
} GroupBy;

typedef struct Grouper {
    Object object;
    Value parent, target_key;
} Grouper;

static Value groupby_new(Thread *t, Value *args) {
    Value iterator = TRY(get_iterator(t, args[1]));
    GroupBy *g = type_allocate(t, as_type(args[0]));
    if (!g)
        return NO_VALUE;
    g->iterator = iterator;
    g->key_function = args[2];
    return from_object(g);
}

static bool groupby_step(Thread *t, GroupBy *g) {
    Value item = iterator_next_at_once(t, g->iterator);
    if (absent(item))
        return false;
    Value key = is_none(g->key_function) ? item : call_1(t, g->key_function, item);
    if (absent(key))
        return false;
    store(g, &g->current_value, item);
    store(g, &g->current_key, key);
    return true;
}

static Value next_group(Thread *t, GroupBy *g) {
    store_release(&g->current_group.bits, 0);
    for (;;) {
        Value current = load(&g->current_key), target = load(&g->target_key);
        if (present(current) && absent(target))
            break;
        if (present(current)) {
            int equals = equal(t, target, current);
            CHECK(equals >= 0);
            if (!equals)
                break;
        }
        CHECK(groupby_step(t, g));
    }
    Value key = load(&g->current_key);
    store(g, &g->target_key, key);
    Grouper *group = heap_allocate(t, &grouper_type, sizeof *group);
    if (!group)
        return NO_VALUE;
    group->parent = from_object(g);
    group->target_key = key;
    store(g, &g->current_group, from_object(group));
    return tuple_pack(t, 2, key, from_object(group));
}

STEPPED_NEXT(groupby_next, GroupBy, next_group)

static Value next_of_group(Thread *t, GroupBy *g, Grouper *group) {
    if (!same(load(&g->current_group), from_object(group)))
        return NO_VALUE;
    if (absent(load(&g->current_value)))
        CHECK(groupby_step(t, g));
    int equals = equal(t, group->target_key, load(&g->current_key));
    if (equals <= 0)
        return NO_VALUE;
    Value item = load(&g->current_value);
    store_release(&g->current_value.bits, 0);
    return item;
}

static Value grouper_next(Thread *t, Value self) {
    Grouper *group = (Grouper *)as_object(self);
    GroupBy *g = (GroupBy *)as_object(group->parent);
    OwnedLock *lock = step_enter(t, g, &g->stepping);
    Value item = next_of_group(t, g, group);
    step_leave(lock);
    return item;
}

static Value grouper_new(Thread *t, Value *args) {
    if (!is_instance_of(args[1], &groupby_type))
        return raise_type_error(t, "_grouper() argument 1 must be itertools.groupby, not %T", args[1]);
    Grouper *group = heap_allocate(t, &grouper_type, sizeof *group);
    if (!group)
        return NO_VALUE;
    group->parent = args[1];
    group->target_key = args[2];
    GroupBy *g = (GroupBy *)as_object(args[1]);
    store(g, &g->current_group, from_object(group));
    return from_object(group);
}

static const NativeDef groupby_methods[] = {{"__new__(type, iterable, key=None)", groupby_new, NEW_DOC}, ITER_ROWS, {NULL}};
static const NativeDef grouper_methods[] = {
    {"__new__(type, parent, tgtkey, /)", grouper_new, NEW_DOC, NATIVE_NO_SIGNATURE}, ITER_ROWS, {NULL}};

MODULE_TYPE(groupby_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_6, NULL),
    .name_text = "itertools.groupby",
    .doc = "make an iterator that returns consecutive keys and groups from the iterable\n\n"
           "  iterable\n    Elements to divide into groups according to the key function.\n"
           "  key\n    A function for computing the group category for each element.\n"
           "    If the key function is not specified or is None, the element itself\n    is used for grouping.",
    .methods = groupby_methods,
    .next = groupby_next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(GroupBy),
};
MODULE_TYPE(grouper_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_2, NULL),
    .name_text = "itertools._grouper",
    .methods = grouper_methods,
    .next = grouper_next,
    .instance_size = sizeof(Grouper),
};

/* tee */

enum { BLOCK_ITEMS = 57 };

typedef struct TeeData {
    Object object;
    Value iterator;
    Value next; /* TeeData, made when this one is full */
    uint32_t count;
    uint32_t running; /* somebody is asking the iterator for an item */
    Value items[BLOCK_ITEMS];
} TeeData;

typedef struct Tee {
    Object object;
    Value data;
    int64_t index;
    OwnedLock stepping; /* place and block belong together */
} Tee;

static void trace_data(Tracer *tracer, Object *o) {
    TeeData *d = (TeeData *)o;
    trace_value(tracer, d->iterator);
    trace_value(tracer, d->next);
    trace_values(tracer, d->items, d->count);
}

static Value data_new(Thread *t, Value iterator) {
    TeeData *d = heap_allocate(t, &tee_data_type, sizeof *d);
    if (!d)
        return NO_VALUE;
    d->iterator = iterator;
    return from_object(d);
}

/* false: somebody is asking for an item already. */
static inline bool tee_enter(TeeData *d) {
    if (!is_own(d))
        return !exchange(&d->running, 1u);
    bool free = !d->running;
    store_relaxed(&d->running, 1u);
    return free;
}

/* Item i of a block, fetched if it is the next one. */
static Value data_item(Thread *t, TeeData *d, int64_t i) {
    if (i < load_acquire(&d->count))
        return load(&d->items[i]);
    if (!tee_enter(d))
        return raise_error(t, &RuntimeError_type, "cannot re-enter the tee iterator");
    Value item = i < load_acquire(&d->count) ? load(&d->items[i]) : iterator_next_at_once(t, d->iterator);
    if (present(item) && i == d->count) {
        store(d, &d->items[i], item);
        store_release(&d->count, (uint32_t)i + 1);
    }
    store_release(&d->running, 0u);
    return item;
}

static Value data_next(Thread *t, TeeData *d) {
    Value next = load(&d->next);
    if (present(next))
        return next;
    next = TRY(data_new(t, d->iterator));
    object_lock(&d->object);
    if (absent(d->next))
        store(d, &d->next, next);
    object_unlock(&d->object);
    return load(&d->next);
}

static Value tee_step(Thread *t, Tee *tee) {
    int64_t i = load_relaxed(&tee->index);
    Value data = load(&tee->data);
    if (i >= BLOCK_ITEMS) {
        data = TRY(data_next(t, (TeeData *)as_object(data)));
        store(tee, &tee->data, data);
        store_relaxed(&tee->index, i = 0);
    }
    Value item = data_item(t, (TeeData *)as_object(data), i);
    if (present(item))
        store_relaxed(&tee->index, i + 1);
    return item;
}

STEPPED_NEXT(tee_next, Tee, tee_step)

static Value tee_at(Thread *t, Value data, int64_t index) {
    Tee *tee = heap_allocate(t, &tee_type, sizeof *tee);
    if (!tee)
        return NO_VALUE;
    tee->data = data;
    tee->index = index;
    return from_object(tee);
}

static Value tee_copy(Thread *t, Value *args) {
    Tee *tee = (Tee *)as_object(args[0]);
    OwnedLock *lock = step_enter(t, tee, &tee->stepping);
    Value data = load(&tee->data);
    int64_t index = load_relaxed(&tee->index);
    step_leave(lock);
    return tee_at(t, data, index);
}

static Value tee_from(Thread *t, Value iterable) {
    Value iterator = TRY(get_iterator(t, iterable));
    if (is_exactly(iterator, &tee_type))
        return tee_copy(t, &iterator);
    return tee_at(t, TRY(data_new(t, iterator)), 0);
}

static Value tee_new(Thread *t, Value *args) { return tee_from(t, args[1]); }

Value itertools_tee(Thread *t, Value *args) {
    int64_t count;
    CHECK(index_as_ssize(t, args[1], &count, false, NULL));
    if (count < 0)
        return raise_value_error(t, "n must be >= 0");
    if (count == 0)
        return empty_tuple;
    Value first = TRY(get_iterator(t, args[0])), copy = find_attribute(t, first, names.__copy__);
    CHECK(present(copy) || !error_pending(t));
    if (absent(copy) || is_exactly(first, &tee_type)) {
        first = TRY(tee_from(t, first));
        copy = TRY(get_attribute(t, first, names.__copy__));
    }
    Value result = TRY(tuple_new(t, (size_t)count));
    store(as_object(result), &as_tuple(result)->items[0], first);
    for (int64_t i = 1; i < count; i++)
        store(as_object(result), &as_tuple(result)->items[i], TRY(call_0(t, copy)));
    return result;
}

static const NativeDef tee_methods[] = {
    {"__new__(type, iterable, /)", tee_new, NEW_DOC},
    ITER_ROW,
    {"__copy__(self, /)", tee_copy, "Returns an independent iterator."},
    {NULL},
};

MODULE_TYPE(tee_type, itertools) = {
    STATIC_TYPE_HEAD(itertools_trace_1, NULL),
    .name_text = "itertools._tee",
    .doc = "Iterator wrapped to make it copyable.",
    .methods = tee_methods,
    .next = tee_next,
    .flags = TYPE_HAS_WEAKREF,
    .instance_size = sizeof(Tee),
};
MODULE_TYPE(tee_data_type, itertools) = {
    STATIC_TYPE_HEAD(trace_data, NULL),
    .name_text = "itertools._tee_dataobject",
    .doc = "Data container common to multiple tee objects.",
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(TeeData),
};
