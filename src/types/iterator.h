/* The iterators that iter() makes by itself, over __getitem__ with 0, 1, 2... and over a callable with a sentinel; and
 * the iterators that are built-in types of their own. */
#pragma once
#include "object/object.h"

extern Type sequence_iterator_type, callable_iterator_type;
Value sequence_iterator_new(Thread *t, Value sequence);
Value callable_iterator_new(Thread *t, Value callable, Value sentinel);

extern Type enumerate_type, reversed_type, zip_type, map_type, filter_type;
/* What __reduce__ of iterators names: an attribute of builtins. */
Value iterator_builtin(Thread *t, Value name);
Value iterator_self(Thread *t, Value *args); /* __iter__ of every iterator */
