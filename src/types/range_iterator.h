/* What range and its iterators ask of each other. */
#pragma once
#include "object/object.h"

/* An iterator over length ints from start by step; ints, exactly. */
Value range_iterator_new(Thread *t, Value start, Value step, Value length);
/* How many ints lie in range(start, stop, step). */
Value range_count(Thread *t, Value start, Value stop, Value step);
