/* What the iterators of itertools have in common.
 *
 * Each is an object whose references are words right behind the header, so that one trace function serves all.
 * Threads: sharing one of these iterators between threads gives each item to one of them, or twice, or not at all, as
 * the iterators below do; it never breaks the iterator. Where a step takes more than one look at the iterator's own state,
 * threads take it one after the other: step_enter.
 */
#pragma once
#include "object/owned_lock.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/iterator.h"
#include "types/list_iterator.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

void itertools_trace_1(Tracer *tracer, Object *o);
void itertools_trace_2(Tracer *tracer, Object *o);
void itertools_trace_3(Tracer *tracer, Object *o);
void itertools_trace_6(Tracer *tracer, Object *o);

extern Type accumulate_type, batched_type, chain_type, combinations_type, combinations_with_replacement_type, compress_type,
    count_type, cycle_type, dropwhile_type, filterfalse_type, groupby_type, grouper_type, islice_type, pairwise_type,
    permutations_type, product_type, repeat_type, starmap_type, takewhile_type, tee_type, tee_data_type,
    zip_longest_type;

Value itertools_tee(Thread *t, Value *args);

/* The `next` function `name` of iterators that threads step one after the other: `step(t, (Struct *)self)`. */
#define STEPPED_NEXT(name, Struct, step)                                \
    static Value name(Thread *t, Value self) {                          \
        Struct *iterator = (Struct *)as_object(self);                   \
        OwnedLock *lock = step_enter(t, iterator, &iterator->stepping); \
        Value item = step(t, iterator);                                 \
        step_leave(lock);                                               \
        return item;                                                    \
    }

#define NEW_DOC "Create and return a new object.  See help(type) for accurate signature."
#define ITER_ROW {"__iter__(self, /)", iterator_self, "Implement iter(self)."}
#define ITER_ROWS GETATTRIBUTE_ROW, ITER_ROW
