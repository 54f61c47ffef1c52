/* The nearest name, for "Did you mean". */
#pragma once
#include "object/object.h"

/* The str in `candidates` (list) that is nearest to `name`, or absent (without exception unless out of memory). */
Value suggest_name(Thread *t, Value candidates, Value name);
