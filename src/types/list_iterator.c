/* Iterators over lists, forwards and backwards.
 *
 * Threads: types/iterator.h.
 */
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/list_internal.h"
#include "types/list_iterator.h"
#include "types/tuple.h"
#include "types/iterator.h"

static void trace_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((ListIterator *)o)->list); }

static Value iterator_new(Thread *t, Type *type, Value list, int64_t index) {
    ListIterator *it = heap_allocate(t, type, sizeof *it);
    if (!it)
        return NO_VALUE;
    it->list = list;
    it->index = index;
    it->owner = t;
    return from_object(it);
}

Value list_iterator_new(Thread *t, Value list) { return iterator_new(t, &list_iterator_type, list, 0); }
Value list_iter(Thread *t, Value *args) { return list_iterator_new(t, args[0]); }
Value list_reversed(Thread *t, Value *args) {
    return iterator_new(t, &list_reverse_iterator_type, args[0], (int64_t)list_length(args[0]) - 1);
}

/* The item that the iterator stands at; it goes on by `step`, or is exhausted. */
[[gnu::always_inline]] static inline Value step_of(ListIterator *it, int step) {
    Value list = load(&it->list);
    int64_t i = load_relaxed(&it->index);
    Value item = present(list) && i >= 0 ? list_get(list, (size_t)i) : NO_VALUE;
    if (unlikely(absent(item)))
        store_release(&it->list.bits, 0); /* NOBARRIER: stores no reference */
    else
        store_relaxed(&it->index, i + step);
    return item;
}

[[gnu::noinline]] static Value step_shared(Thread *t, ListIterator *it, int step) {
    step_begin_shared(t, &it->object, &it->owner);
    Value item = step_of(it, step);
    object_unlock(&it->object);
    return item;
}

static inline Value advance(Thread *t, Value self, int step) {
    ListIterator *it = (ListIterator *)as_object(self);
    return step_is_own(t, &it->owner) ? step_of(it, step) : step_shared(t, it, step);
}

static Value next_forward(Thread *t, Value self) { return advance(t, self, 1); }
static Value next_backward(Thread *t, Value self) { return advance(t, self, -1); }

static Value forward_length_hint(Thread *t, Value *args) {
    ListIterator *it = (ListIterator *)as_object(args[0]);
    Value list = load(&it->list);
    int64_t rest = absent(list) ? 0 : (int64_t)list_length(list) - load_relaxed(&it->index);
    return small_int(rest < 0 ? 0 : rest);
}

static Value backward_length_hint(Thread *t, Value *args) {
    ListIterator *it = (ListIterator *)as_object(args[0]);
    Value list = load(&it->list);
    int64_t rest = load_relaxed(&it->index) + 1;
    return small_int(absent(list) || rest > (int64_t)list_length(list) ? 0 : rest);
}

static Value reduce(Thread *t, ListIterator *it, Value builtin_name) {
    Value function = TRY(iterator_builtin(t, builtin_name)), list = load(&it->list); /* looking up may exhaust it */
    if (absent(list))
        return tuple_pack(t, 2, function, TRY(tuple_pack(t, 1, TRY(list_new(t, 0)))));
    return tuple_pack(t, 3, function, TRY(tuple_pack(t, 1, list)), small_int(load_relaxed(&it->index)));
}

static Value forward_reduce(Thread *t, Value *args) {
    return reduce(t, (ListIterator *)as_object(args[0]), names.iter);
}
static Value backward_reduce(Thread *t, Value *args) {
    return reduce(t, (ListIterator *)as_object(args[0]), TRY(str_intern_text(t, "reversed")));
}

static Value setstate(Thread *t, Value *args) {
    ListIterator *it = (ListIterator *)as_object(args[0]);
    int64_t index;
    CHECK(index_as_ssize(t, args[1], &index, false, NULL));
    Value list = load(&it->list);
    if (present(list)) {
        int64_t length = (int64_t)list_length(list), lowest = it->object.type == &list_iterator_type ? 0 : -1;
        int64_t highest = it->object.type == &list_iterator_type ? length : length - 1;
        store_relaxed(&it->index, index < lowest ? lowest : index > highest ? highest : index);
    }
    return NONE;
}

static const NativeDef forward_methods[] = {
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__length_hint__(self, /)", forward_length_hint, "Private method returning an estimate of len(list(it)).", NATIVE_COEXIST},
    {"__reduce__(self, /)", forward_reduce, "Return state information for pickling."},
    {"__setstate__(self, object, /)", setstate, "Set state information for unpickling."},
    {NULL},
};
static const NativeDef backward_methods[] = {
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__length_hint__(self, /)", backward_length_hint, "Private method returning an estimate of len(list(it)).", NATIVE_COEXIST},
    {"__reduce__(self, /)", backward_reduce, "Return state information for pickling."},
    {"__setstate__(self, object, /)", setstate, "Set state information for unpickling."},
    {NULL},
};

STATIC_TYPE(list_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL), .name_text = "list_iterator", .methods = forward_methods,
    .next = next_forward, .flags = TYPE_NO_NEW, .instance_size = sizeof(ListIterator),
};
STATIC_TYPE(list_reverse_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL), .name_text = "list_reverseiterator", .methods = backward_methods,
    .next = next_backward, .flags = TYPE_NO_NEW, .instance_size = sizeof(ListIterator),
};
