/* Context variables, for modules that keep state in them. */
#pragma once
#include "object/object.h"

Value context_variable_new(Thread *t, Value name);
Value context_current(Thread *t);                  /* the thread's Context, made on demand */
Value context_copy(Thread *t, Value context);
Value context_variable_get(Thread *t, Value variable); /* in the current context; absent without exception: not set */
bool context_variable_set(Thread *t, Value variable, Value value); /* in the current context; there is no token */
/* Calls callable(*args) in the context: what Context.run does, for threads and tasks. */
bool context_enter(Thread *t, Value context);      /* false: RuntimeError, it is entered already */
bool context_exit(Thread *t, Value context);
