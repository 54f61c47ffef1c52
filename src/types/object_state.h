/* What object.__getstate__ gives: attributes, and the values of slots. */
#pragma once
#include "object/object.h"

/* None, a dict, or a pair of these two. required: TypeError for an instance that holds more than that. */
Value object_default_state(Thread *t, Value self, bool required);
