/* The iterators that iter() makes by itself: over __getitem__ with 0, 1, 2... and over a callable with a sentinel. */
#pragma once
#include "object/object.h"

extern Type sequence_iterator_type, callable_iterator_type;
Value sequence_iterator_new(Thread *t, Value sequence);
Value callable_iterator_new(Thread *t, Value callable, Value sentinel);
