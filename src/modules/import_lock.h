/* The global import lock, which fork holds: the child is not to find another thread in the middle of something. */
#pragma once
#include "object/thread.h"

void import_lock_acquire(Thread *t); /* its holder may take it again */
bool import_lock_release(Thread *t); /* false: not held by this thread */
