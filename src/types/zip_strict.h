/* The errors of zip and map with strict=True. */
#pragma once
#include "object/object.h"

/* Iterator number i has ended. NO_VALUE, with ValueError pending if the others (in `iterators`, a tuple) are not as far. */
Value strict_end(Thread *t, const char *name, Value iterators, size_t i);
