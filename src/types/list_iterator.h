/* The iterators of list and tuple, open to the interpreter's loops, and what loops in C need. */
#pragma once
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes_iterator.h"
#include "types/iterator.h"
#include "types/list.h"
#include "types/range.h"
#include "types/str/str_iterator.h"
#include "types/tuple.h"

typedef struct ListIterator {
    Object object;
    Value list; /* absent: exhausted */
    int64_t index;
    Thread *owner; /* types/iterator.h */
} ListIterator;

typedef struct TupleIterator {
    Object object;
    Value tuple; /* absent: exhausted */
    int64_t index;
    Thread *owner;
} TupleIterator;

extern Type tuple_iterator_type;

/* The next item of an iterator of a list, tuple, short range, bytes or narrow str; absent if it is another one, another
 * thread's, or at its end. */
static inline Value iterator_step(Thread *t, Value iterator) {
    if (unlikely(!is_object(iterator)))
        return NO_VALUE;
    Type *type = class_of(as_object(iterator));
    if (type == &list_iterator_type) {
        ListIterator *i = (ListIterator *)as_object(iterator);
        Value list = load(&i->list);
        size_t index = (size_t)load_relaxed(&i->index);
        if (unlikely(absent(list) || !step_is_own(t, &i->owner)))
            return NO_VALUE;
        Value item = list_get(list, index);
        if (likely(present(item)))
            store_relaxed(&i->index, (int64_t)index + 1);
        return item;
    }
    if (type == &tuple_iterator_type) {
        TupleIterator *i = (TupleIterator *)as_object(iterator);
        Value tuple = load(&i->tuple);
        size_t index = (size_t)load_relaxed(&i->index);
        if (unlikely(absent(tuple) || !step_is_own(t, &i->owner) || index >= tuple_length(tuple)))
            return NO_VALUE;
        store_relaxed(&i->index, (int64_t)index + 1);
        return tuple_get(tuple, index);
    }
    if (type == &range_iterator_type) {
        RangeIterator *i = (RangeIterator *)as_object(iterator);
        int64_t remaining = load_relaxed(&i->remaining), next = load_relaxed(&i->next);
        if (unlikely(remaining <= 0 || !step_is_own(t, &i->owner)))
            return NO_VALUE;
        store_relaxed(&i->remaining, remaining - 1);
        store_relaxed(&i->next, next + i->step);
        return small_int(next);
    }
    if (type == &bytes_iterator_type)
        return bytes_iterator_step(t, (BytesIterator *)as_object(iterator));
    return is_str_iterator_type(type) ? str_iterator_step(t, (StrIterator *)as_object(iterator)) : NO_VALUE;
}

/* iterator_next, without a call where iterator_step has the item. */
static inline Value iterator_next_at_once(Thread *t, Value iterator) {
    if (unlikely(!safepoint_inside(t)))
        return NO_VALUE;
    Value item = iterator_step(t, iterator);
    if (likely(present(item)))
        return item;
    char here;
    NextFn next = type_of(iterator)->next;
    if (unlikely(next == NULL || &here <= t->c_stack_limit))
        return iterator_next(t, iterator);
    item = next(t, iterator);
    if (unlikely(absent(item)) && error_pending(t))
        error_catch(t, &StopIteration_type);
    return item;
}

/* The same, but for a generator that hands what it yields to the consumer: the next item that this does not take. */
static inline Value iterator_feed(Thread *t, Value iterator, Consumer *c) {
    FeedFn feed = type_of(iterator)->feed;
    if (likely(!feed))
        return iterator_next_at_once(t, iterator);
    return likely(safepoint_inside(t)) ? feed(t, iterator, c) : NO_VALUE;
}
