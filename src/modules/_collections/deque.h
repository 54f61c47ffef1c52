/* deques for other modules: queues that are safe to share. */
#pragma once
#include "object/object.h"

extern Type deque_type;

Value deque_make(Thread *t);
/* At the right end; `counter`, unless NULL, goes up by one under the same lock. false: MemoryError. */
bool deque_push(Thread *t, Value deque, Value item, uint32_t *counter);
Value deque_take(Value deque); /* from the left end; absent, without exception: empty */
size_t deque_length(Value deque);
