/* The iterators that iter() makes: over a sequence by __getitem__, and over a callable until a sentinel.
 *
 * Threads: a sequence's iterator shared by threads may give an item twice or leave one out, nothing worse, and so may that of a
 * callable written in Python; one written in C is called by one thread at a time.
 */
#include "types/iterator.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/owned_lock.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/descriptors.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list_iterator.h"
#include "types/range.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"

Value iterator_self(Thread *t, Value *args) { return args[0]; }

Value iterator_builtin(Thread *t, Value name) { return get_item(t, t->isolate->builtins, name); }

typedef struct SequenceIterator {
    Object object;
    Value sequence; /* absent: exhausted */
    int64_t index;
} SequenceIterator;

bool step_begin_shared(Thread *t, Object *iterator, Thread **owner) {
    if (*owner) {
        stop_world(t); /* its owner is between two steps now */
        store_relaxed(owner, NULL);
        start_world(t);
    }
    object_lock(iterator);
    return true;
}

NextPairFn next_pair_of(Value iterator) {
    Type *type = type_of(iterator);
    return type == &enumerate_type                         ? enumerate_next_pair
           : type == &dict_item_iterator_type              ? dict_items_next_pair
           : type == &zip_type && zip_has_pairs(iterator) ? zip_next_pair
                                                           : NULL;
}

bool iterator_is_plain(Value iterator) {
    const Type *type = type_of(iterator);
    return type == &list_iterator_type || type == &tuple_iterator_type || type == &range_iterator_type || type == &dict_key_iterator_type ||
           type == &dict_value_iterator_type || type == &dict_item_iterator_type || is_str_iterator_type(type) ||
           type == &list_reverse_iterator_type || type == &bytes_iterator_type;
}

Value iterable_at_once(Thread *t, Value iterable) {
    if (likely(!load_relaxed(&runtime_threaded)) || !is_object(iterable))
        return iterable;
    Type *type = type_of(iterable);
    if (is_instance_of(iterable, &dict_type) && type_slot(type, SLOT___iter__) == dict_type.slots[SLOT___iter__])
        return dict_copy(t, iterable);
    if (type == &dict_keys_type || type == &dict_values_type || type == &dict_items_type)
        return dict_view_copy(t, iterable);
    if (type->flags & TYPE_COPY_FIRST)
        return call_method_0(t, iterable, names.__copy__);
    return type == &set_type ? set_from_iterable(t, &set_type, iterable) : iterable;
}

Value iterator_at_once(Thread *t, Value iterable) {
    Value all = iterable_at_once(t, iterable);
    return present(all) ? get_iterator(t, all) : NO_VALUE;
}

static void trace_sequence_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((SequenceIterator *)o)->sequence); }

Value sequence_iterator_new(Thread *t, Value sequence) {
    SequenceIterator *it = heap_allocate(t, &sequence_iterator_type, sizeof *it);
    if (!it)
        return NO_VALUE;
    it->sequence = sequence;
    return from_object(it);
}

static Value sequence_next(Thread *t, Value self) {
    SequenceIterator *it = (SequenceIterator *)as_object(self);
    Value sequence = load(&it->sequence);
    if (absent(sequence))
        return NO_VALUE;
    int64_t index = load_relaxed(&it->index);
    if (index == INT64_MAX)
        return raise_overflow_error(t, "iter index too large");
    Value item = get_item(t, sequence, TRY(int_from(t, index)));
    if (present(item))
        store_relaxed(&it->index, index + 1);
    else if (error_catch(t, &IndexError_type) || error_catch(t, &StopIteration_type))
        store_release(&it->sequence.bits, 0);
    return item;
}

static Value sequence_length_hint(Thread *t, Value *args) {
    SequenceIterator *it = (SequenceIterator *)as_object(args[0]);
    Value sequence = load(&it->sequence);
    if (absent(sequence))
        return small_int(0);
    if (!type_slot(type_of(sequence), SLOT___len__))
        return NOT_IMPLEMENTED;
    int64_t length = length_of(t, sequence);
    return length < 0 ? NO_VALUE : small_int(length > load_relaxed(&it->index) ? length - load_relaxed(&it->index) : 0);
}

static Value sequence_reduce(Thread *t, Value *args) {
    SequenceIterator *it = (SequenceIterator *)as_object(args[0]);
    Value iter = TRY(iterator_builtin(t, names.iter)), sequence = load(&it->sequence);
    if (absent(sequence))
        return tuple_pack(t, 2, iter, TRY(tuple_pack(t, 1, empty_tuple)));
    return tuple_pack(t, 3, iter, TRY(tuple_pack(t, 1, sequence)), TRY(int_from(t, it->index)));
}

static Value sequence_setstate(Thread *t, Value *args) {
    SequenceIterator *it = (SequenceIterator *)as_object(args[0]);
    int64_t index;
    CHECK(index_as_ssize(t, args[1], &index, false, NULL));
    if (present(load(&it->sequence)))
        store_relaxed(&it->index, index < 0 ? 0 : index);
    return NONE;
}

static const NativeDef sequence_methods[] = {
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__length_hint__(self, /)", sequence_length_hint, "Private method returning an estimate of len(list(it)).",
     NATIVE_COEXIST},
    {"__reduce__(self, /)", sequence_reduce, "Return state information for pickling."},
    {"__setstate__(self, object, /)", sequence_setstate, "Set state information for unpickling."},
    {NULL},
};

STATIC_TYPE(sequence_iterator_type) = {
    STATIC_TYPE_HEAD(trace_sequence_iterator, NULL), .name_text = "iterator", .methods = sequence_methods,
    .next = sequence_next, .flags = TYPE_NO_NEW, .instance_size = sizeof(SequenceIterator),
};

typedef struct CallableIterator {
    Object object;
    Value callable, sentinel; /* callable absent: exhausted */
    OwnedLock stepping;       /* while a native callable is called */
} CallableIterator;

static void trace_callable_iterator(Tracer *tracer, Object *o) {
    trace_value(tracer, ((CallableIterator *)o)->callable);
    trace_value(tracer, ((CallableIterator *)o)->sentinel);
}

Value callable_iterator_new(Thread *t, Value callable, Value sentinel) {
    CallableIterator *it = heap_allocate(t, &callable_iterator_type, sizeof *it);
    if (!it)
        return NO_VALUE;
    it->callable = callable;
    it->sentinel = sentinel;
    return from_object(it);
}

static Value callable_step(Thread *t, CallableIterator *it) {
    Value callable = load(&it->callable);
    if (absent(callable))
        return NO_VALUE;
    Value item = call_0(t, callable);
    if (present(item) && present(load(&it->callable))) { /* the call may have exhausted the iterator itself */
        int equals = equal(t, it->sentinel, item);
        if (equals <= 0)
            return equals < 0 ? NO_VALUE : item;
        store_release(&it->callable.bits, 0);
    } else if (absent(item) && error_catch(t, &StopIteration_type)) {
        store_release(&it->callable.bits, 0);
    }
    return NO_VALUE;
}

static Value callable_next(Thread *t, Value self) {
    CallableIterator *it = (CallableIterator *)as_object(self);
    Value callable = load(&it->callable);
    OwnedLock *lock = NULL;
    if (absent(callable))
        return NO_VALUE;
    /* A function written in C is called and its result compared as one step, as under CPython's lock: else a thread might call it
     * again before another has seen the sentinel. It may wait, as a queue's get() does. */
    if (is_exactly(callable, &native_function_type))
        CHECK(step_enter_waiting(t, &it->stepping, &lock));
    Value item = callable_step(t, it);
    step_leave(lock);
    return item;
}

static Value callable_reduce(Thread *t, Value *args) {
    CallableIterator *it = (CallableIterator *)as_object(args[0]);
    Value iter = TRY(iterator_builtin(t, names.iter)), callable = load(&it->callable);
    if (absent(callable))
        return tuple_pack(t, 2, iter, TRY(tuple_pack(t, 1, empty_tuple)));
    return tuple_pack(t, 2, iter, TRY(tuple_pack(t, 2, callable, it->sentinel)));
}

static const NativeDef callable_methods[] = {
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__reduce__(self, /)", callable_reduce, "Return state information for pickling."},
    {NULL},
};

STATIC_TYPE(callable_iterator_type) = {
    STATIC_TYPE_HEAD(trace_callable_iterator, NULL), .name_text = "callable_iterator", .methods = callable_methods,
    .next = callable_next, .flags = TYPE_NO_NEW, .instance_size = sizeof(CallableIterator),
};
