/* The iterators that iter() makes by itself, over __getitem__ with 0, 1, 2... and over a callable with a sentinel; and
 * the iterators that are built-in types of their own. */
#pragma once
#include "object/object.h"

extern Type sequence_iterator_type, callable_iterator_type;
Value sequence_iterator_new(Thread *t, Value sequence);
Value callable_iterator_new(Thread *t, Value callable, Value sentinel);

extern Type enumerate_type, reversed_type, zip_type, map_type, filter_type;
/* One step of an iterator over pairs, without making the tuple: 1, 0 at the end, -1 with an exception pending. */
typedef int (*NextPairFn)(Thread *t, Value iterator, Value *first, Value *second);
int enumerate_next_pair(Thread *t, Value iterator, Value *first, Value *second);
int zip_next_pair(Thread *t, Value iterator, Value *first, Value *second); /* of two iterables: zip_has_pairs */
bool zip_has_pairs(Value zip);
int dict_items_next_pair(Thread *t, Value iterator, Value *first, Value *second);
extern Type dict_item_iterator_type;
/* What __reduce__ of iterators names: an attribute of builtins. */
Value iterator_builtin(Thread *t, Value name);
Value iterator_self(Thread *t, Value *args); /* __iter__ of every iterator */
