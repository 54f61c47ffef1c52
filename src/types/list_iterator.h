/* The iterators of list and tuple, open to the interpreter's loops. */
#pragma once
#include "types/list.h"
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
