/* Running something in another isolate, on the calling native thread. */
#pragma once
#include "modules/_interpreters/crossing.h"

typedef struct Task {
    Isolate *isolate; /* held by the caller */
    Parcel *script;   /* what to run: a script in __main__... */
    Parcel *callable, *args, *kwargs; /* ...or a call; args and kwargs NULL: none. Neither: only `shared` is bound */
    Value shared;     /* dict of what is bound in __main__ first, or absent */
} Task;

/* false: an exception is pending. Else *failure is present, a description of the exception that ended the task, or *result is
 * what the call returned (None for scripts). */
[[nodiscard]] bool task_run(Thread *t, const Task *task, Value *result, Value *failure);
