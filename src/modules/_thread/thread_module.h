/* What the files of _thread share. */
#pragma once
#include "types/module.h"

/* Waits until *word, 0 when free, could be set from 0 to 1; a waiter makes it 2. Runs signal handlers meanwhile.
 * caller: the function of this module that was called.
 * deadline: CLOCK_MONOTONIC nanoseconds, or negative: none. 1: got it, 0: time is up, -1: exception pending. */
int thread_word_lock(Thread *t, uint32_t *word, int64_t deadline, NativeFn caller);
void thread_word_unlock(uint32_t *word);

/* A wait on a futex in steps, each for `left` nanoseconds; 0 or less: the time is up. The first is short: a thread that waits
 * for long collects (heap_collect_while_idle), since what it waits for may be up to a finalizer. */
typedef struct ThreadWait {
    int64_t deadline, since, left;
    NativeFn caller; /* as above */
} ThreadWait;
void thread_wait_begin(Thread *t, const ThreadWait *wait); /* before the wait of a step; blocking_end after it */
[[nodiscard]] bool thread_wait_step(Thread *t, ThreadWait *wait); /* false: a signal's handler raised */
/* The blocking and timeout arguments of acquire(): false with an exception; *deadline as above, 0: do not wait. */
bool thread_deadline(Thread *t, Value blocking, Value timeout, int64_t *deadline);

void thread_local_end(Thread *t); /* the thread ends */

extern Type lock_type, rlock_type, thread_handle_type, thread_local_type;
Value lock_new(Thread *t);
