/* Locks and waiting on Linux futexes: a mutex of four bytes, and an event to wait on with a timeout.
 *
 * Any thread may use any of these at any time. They know nothing of Python: a thread that may hold up a
 * collection while it waits must be in a blocking region (heap/safepoint.h).
 */
#pragma once
#include "base/atomic.h"
#include "base/stress.h"

typedef struct Mutex {
    uint32_t state; /* 0 free, 1 held, 2 held and somebody may be waiting */
} Mutex;

void mutex_lock_slow(Mutex *m);
void mutex_wake(Mutex *m);

static inline void mutex_lock(Mutex *m) {
    stress_yield();
    uint32_t free = 0;
    if (unlikely(!compare_exchange(&m->state, &free, 1u)))
        mutex_lock_slow(m);
    stress_yield();
}

static inline bool mutex_try_lock(Mutex *m) {
    uint32_t free = 0;
    return compare_exchange(&m->state, &free, 1u);
}

static inline void mutex_unlock(Mutex *m) {
    if (unlikely(exchange(&m->state, 0u) == 2))
        mutex_wake(m);
    stress_yield();
}

static inline bool mutex_held(Mutex *m) { return load_relaxed(&m->state) != 0; }

/* Sleeps while `*word == expected`, at most `nanoseconds` (negative: without limit).
 * Returns false when the time ran out; true otherwise, also for spurious wake-ups and signals. */
bool futex_wait(uint32_t *word, uint32_t expected, int64_t nanoseconds);
void futex_wake(uint32_t *word, int count);
