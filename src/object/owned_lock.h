/* A lock that a thread holds while it works with a library's object which takes one thread at a time, and may take again in the
 * library's calls back into Python. Others wait in a blocking region. */
#pragma once
#include "base/lock.h"
#include "object/thread.h"

typedef struct OwnedLock {
    Mutex mutex;
    uint32_t depth;
    Thread *owner;
} OwnedLock;

static inline void owned_lock_enter(Thread *t, OwnedLock *lock) {
    if (load_relaxed(&lock->owner) != t) {
        if (!mutex_try_lock(&lock->mutex)) {
            blocking_begin(t);
            mutex_lock(&lock->mutex);
            blocking_end(t);
        }
        store_relaxed(&lock->owner, t);
    }
    lock->depth++;
}

static inline void owned_lock_leave(OwnedLock *lock) {
    if (--lock->depth == 0) {
        store_relaxed(&lock->owner, NULL);
        mutex_unlock(&lock->mutex);
    }
}

/* Around a step of whatever any thread may come by: what step_leave must be told. A daemon thread may have ended in the middle of one. */
static inline OwnedLock *step_enter_shared(Thread *t, OwnedLock *lock) {
    if (likely(!load_relaxed(&runtime_threaded)) || isolate_is_finalizing(t->isolate))
        return NULL;
    owned_lock_enter(t, lock);
    return lock;
}
/* The same of an object, which needs none while nobody else can come by it. What Python code that the step calls hands it on to may
 * be in the middle of another step then, as that code itself may. */
static inline OwnedLock *step_enter(Thread *t, const void *object, OwnedLock *lock) {
    return likely(is_own(object)) ? NULL : step_enter_shared(t, lock);
}
/* The same for a step that may wait for long, as for input: a signal interrupts who waits for the lock. false: an exception is
 * pending. */
static inline bool step_enter_waiting(Thread *t, OwnedLock *lock, OwnedLock **held) {
    const int64_t pause = 1000000; /* ns */
    *held = NULL;
    if (likely(!load_relaxed(&runtime_threaded)) || isolate_is_finalizing(t->isolate))
        return true;
    while (load_relaxed(&lock->owner) != t && !mutex_try_lock(&lock->mutex)) {
        blocking_begin(t);
        (void)futex_wait(&lock->mutex.state, 1, pause);
        blocking_end(t);
        if (!safepoint(t))
            return false;
    }
    store_relaxed(&lock->owner, t);
    lock->depth++;
    *held = lock;
    return true;
}
static inline void step_leave(OwnedLock *lock) {
    if (unlikely(lock != NULL))
        owned_lock_leave(lock);
}
