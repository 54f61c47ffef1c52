/* _thread.lock and _thread.RLock.
 *
 * A lock is one futex word (LockState). Any thread may use any lock at any time; waiting is a blocking region, interrupted by
 * signals whose handlers then run.
 *
 * Usually whoever comes first takes a free lock, which is fast, since the one who wants it is running already. But a thread that
 * takes a lock again as soon as it has let go keeps those out that sleep. So who has waited for a millisecond says so, and the next
 * release leaves the lock to the sleepers: it is free then for those only who were woken. Should the woken one have given up, it
 * frees the lock for all.
 */
#include "modules/_thread/thread_module.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"

#include <errno.h>

typedef struct LockObject {
    Object object;
    uint32_t word;
} LockObject;

typedef struct RLockObject {
    Object object;
    uint32_t word;
    uint64_t owner; /* thread id, 0: none; written by the holder only */
    uint64_t count;
} RLockObject;

/* What the C stack holds below the interpreter is not looked at, where it might be left over from what is dead. */
static int64_t collect_while_idle(Thread *t, ThreadWait *w) {
    NativeStack below_entry = vm_calls_directly(t, w->caller) ? STACK_UNSCANNED : STACK_SCANNED;
    return heap_collect_while_idle(t, w->since, below_entry);
}

bool thread_wait_step(Thread *t, ThreadWait *w) {
    int64_t step = 100000000;
    if (w->since == 0) {
        w->since = lock_time();
    } else {
        blocking_goes_on(t);
        if (lock_time() - w->since >= step)
            step = collect_while_idle(t, w);
    }
    if (!safepoint(t))
        return false;
    w->left = w->deadline < 0 ? INT64_MAX : w->deadline - lock_time();
    if (w->left > step)
        w->left = step;
    return true;
}

void thread_wait_begin(Thread *t, const ThreadWait *w) {
    if (vm_calls_directly(t, w->caller))
        blocking_begin_unscanned(t);
    else
        blocking_begin(t);
}

enum { OVERDUE_AFTER = 1000000 }; /* nanoseconds */

typedef enum LockState {
    LOCK_FREE,
    LOCK_HELD,
    LOCK_AWAITED,  /* held, and somebody may sleep */
    LOCK_OVERDUE,  /* held, and somebody has waited for long */
    LOCK_RESERVED, /* free, for those who slept */
} LockState;

static bool change(uint32_t *word, uint32_t from, LockState to) { return compare_exchange(word, &from, (uint32_t)to); }

static bool take_word(void *word) { return load_relaxed((uint32_t *)word) == LOCK_FREE && change(word, LOCK_FREE, LOCK_HELD); }
static void let_word_go(void *word) { thread_word_unlock(word); }

/* Tries for some microseconds without sleeping: most locks are held for less. */
static bool take_word_soon(uint32_t *word) {
    if (lock_sample(word, take_word, let_word_go))
        return true;
    for (int64_t waited = 0; waited < LONGEST_BACK_OFF;) {
        waited += lock_back_off();
        if (take_word(word))
            return true;
    }
    return false;
}

/* Takes the lock, or says that somebody waits and sleeps. `slept`: for the second time. */
static bool take_or_sleep(uint32_t *word, const ThreadWait *wait, bool slept, bool overdue) {
    for (;;) {
        uint32_t state = load_relaxed(word), wanted = overdue ? LOCK_OVERDUE : LOCK_AWAITED;
        if (state == LOCK_FREE || (state == LOCK_RESERVED && slept)) {
            if (change(word, state, LOCK_AWAITED))
                return true;
        } else if (state >= wanted || change(word, state, wanted)) {
            if (state < wanted)
                state = wanted;
            futex_wait(word, state, overdue || wait->left < OVERDUE_AFTER ? wait->left : OVERDUE_AFTER);
            return false;
        }
    }
}

/* A waiter leaves without the lock: perhaps it was the one who was to have it. */
static void give_up_waiting(uint32_t *word) {
    change(word, LOCK_OVERDUE, LOCK_AWAITED);
    if (change(word, LOCK_RESERVED, LOCK_FREE))
        futex_wake(word, 1);
}

static int wait_for_word(Thread *t, uint32_t *word, ThreadWait wait) {
    for (bool slept = false, overdue = false;; slept = true) {
        bool goes_on = thread_wait_step(t, &wait);
        if (!goes_on || wait.left <= 0) {
            give_up_waiting(word);
            return goes_on ? 0 : -1;
        }
        thread_wait_begin(t, &wait);
        bool got = take_or_sleep(word, &wait, slept, overdue);
        blocking_end(t);
        if (got)
            return 1;
        overdue = lock_time() - wait.since >= OVERDUE_AFTER;
    }
}

int thread_word_lock(Thread *t, uint32_t *word, int64_t deadline, NativeFn caller) {
    if (deadline == 0)
        return take_word(word);
    if ((!lock_due_for_sample() && take_word(word)) || take_word_soon(word))
        return 1;
    return wait_for_word(t, word, (ThreadWait){.deadline = deadline, .caller = caller});
}

void thread_word_unlock(uint32_t *word) {
    if (likely(change(word, LOCK_HELD, LOCK_FREE)))
        return;
    for (;;) {
        uint32_t state = load_relaxed(word);
        if (state == LOCK_FREE || state == LOCK_RESERVED)
            return; /* another thread was faster */
        if (change(word, state, state == LOCK_OVERDUE ? LOCK_RESERVED : LOCK_FREE)) {
            if (state != LOCK_HELD)
                futex_wake(word, 1);
            return;
        }
    }
}

bool thread_deadline(Thread *t, Value blocking, Value timeout, int64_t *deadline) {
    int wait = truth(t, blocking);
    double seconds;
    if (wait < 0 || !to_double(t, timeout, &seconds))
        return false;
    bool given = seconds != -1;
    if (isnan(seconds)) {
        raise_value_error(t, "Invalid value NaN (not a number)");
        return false;
    }
    if (!wait && given) {
        raise_value_error(t, "can't specify a timeout for a non-blocking call");
        return false;
    }
    if (given && seconds < 0) {
        raise_value_error(t, "timeout value must be a non-negative number");
        return false;
    }
    if (seconds > 9223372036.0) {
        raise_overflow_error(t, seconds > 9.3e9 ? "timestamp out of range for C PyTime_t" : "timeout value is too large");
        return false;
    }
    *deadline = !wait || (given && seconds == 0) ? 0 : given ? lock_time() + (int64_t)(seconds * 1e9) : -1;
    return true;
}

Value lock_new(Thread *t) { return from_object(heap_allocate(t, &lock_type, sizeof(LockObject))); }

static LockObject *as_lock(Value v) { return (LockObject *)v.bits; }

static Value lock_new_method(Thread *t, Value *args) { return from_object(type_allocate(t, as_type(args[0]))); }

static Value lock_acquire(Thread *t, Value *args) {
    int64_t deadline;
    CHECK(thread_deadline(t, args[1], args[2], &deadline));
    int got = thread_word_lock(t, &as_lock(args[0])->word, deadline, lock_acquire);
    return got < 0 ? NO_VALUE : from_bool(got);
}

static Value lock_enter(Thread *t, Value *args) {
    return thread_word_lock(t, &as_lock(args[0])->word, -1, lock_enter) < 0 ? NO_VALUE : TRUE;
}

static Value lock_release(Thread *t, Value *args) {
    uint32_t *word = &as_lock(args[0])->word, state = load_relaxed(word);
    if (state == LOCK_FREE || state == LOCK_RESERVED)
        return raise_error(t, &RuntimeError_type, "release unlocked lock");
    thread_word_unlock(word);
    return NONE;
}

static Value lock_locked(Thread *t, Value *args) { return from_bool(load_relaxed(&as_lock(args[0])->word) != 0); }

static Value lock_reinit(Thread *t, Value *args) {
    store_relaxed(&as_lock(args[0])->word, 0u);
    return NONE;
}

static Value lock_repr(Thread *t, Value *args) {
    char address[32];
    snprintf(address, sizeof address, "0x%zx", (size_t)args[0].bits);
    return format_text(t, "<%s %S object at %s>", load_relaxed(&as_lock(args[0])->word) ? "locked" : "unlocked",
                       TRY(type_qualified_name(t, type_of(args[0]))), address);
}

static const char acquire_doc[] =
    "Lock the lock.  Without argument, this blocks if the lock is already\nlocked (even by the same thread), waiting for another "
    "thread to release\nthe lock, and return True once the lock is acquired.\nWith an argument, this will only block if the "
    "argument is true,\nand the return value reflects whether the lock is acquired.\nThe blocking operation is interruptible.";
static const char release_doc[] =
    "Release the lock, allowing another thread that is blocked waiting for\nthe lock to acquire the lock.  The lock must be in "
    "the locked state,\nbut it needn't be locked by the same thread that unlocks it.";

static const NativeDef lock_methods[] = {
    {"__new__(type)", lock_new_method, NULL},
    {"acquire(self, /, blocking=True, timeout=-1)", lock_acquire, acquire_doc},
    {"acquire_lock(self, /, blocking=True, timeout=-1)", lock_acquire, "An obsolete synonym of acquire()."},
    {"release(self, /)", lock_release, release_doc},
    {"release_lock(self, /)", lock_release, "An obsolete synonym of release()."},
    {"locked(self, /)", lock_locked, "Return whether the lock is in the locked state."},
    {"locked_lock(self, /)", lock_locked, "An obsolete synonym of locked()."},
    {"__enter__(self, /)", lock_enter, "Lock the lock."},
    {"__exit__(self, /, *exc_info)", lock_release, "Release the lock."},
    {"_at_fork_reinit(self, /)", lock_reinit, NULL},
    {"__repr__(self, /)", lock_repr, "Return repr(self)."},
    {0},
};

STATIC_TYPE(lock_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "_thread.lock",
    .doc = "A lock object is a synchronization primitive.  To create a lock,\ncall threading.Lock().  Methods are:\n\nacquire() "
           "-- lock the lock, possibly blocking until it can be obtained\nrelease() -- unlock of the lock\nlocked() -- test whether "
           "the lock is currently locked\n\nA lock is not owned by the thread that locked it; another thread may\nunlock it.  A "
           "thread attempting to lock a lock that it has already locked\nwill block until another thread unlocks it.  Deadlocks "
           "may ensue.",
    .methods = lock_methods,
    .flags = TYPE_HAS_WEAKREF,
    .instance_size = sizeof(LockObject),
};

static RLockObject *as_rlock(Value v) { return (RLockObject *)v.bits; }
static bool is_owner(Thread *t, RLockObject *l) { return load_relaxed(&l->owner) == t->id; }

/* Other arguments are for subclasses. */
static Value rlock_new(Thread *t, Value *args) { return from_object(type_allocate(t, as_type(args[0]))); }

static int rlock_take(Thread *t, RLockObject *l, int64_t deadline, uint64_t count, NativeFn caller) {
    int got = thread_word_lock(t, &l->word, deadline, caller);
    if (got == 1) {
        store_relaxed(&l->owner, t->id);
        store_relaxed(&l->count, count);
    }
    return got;
}

static Value rlock_acquire(Thread *t, Value *args) {
    RLockObject *l = as_rlock(args[0]);
    int64_t deadline;
    CHECK(thread_deadline(t, args[1], args[2], &deadline));
    if (is_owner(t, l)) {
        store_relaxed(&l->count, l->count + 1);
        return TRUE;
    }
    int got = rlock_take(t, l, deadline, 1, rlock_acquire);
    return got < 0 ? NO_VALUE : from_bool(got);
}

static Value rlock_enter(Thread *t, Value *args) {
    Value copy[3] = {args[0], TRUE, small_int(-1)};
    return rlock_acquire(t, copy);
}

static void give_up(RLockObject *l) {
    store_relaxed(&l->count, UINT64_C(0));
    store_relaxed(&l->owner, UINT64_C(0));
    thread_word_unlock(&l->word);
}

static Value rlock_release(Thread *t, Value *args) {
    RLockObject *l = as_rlock(args[0]);
    if (!is_owner(t, l))
        return raise_error(t, &RuntimeError_type, "cannot release un-acquired lock");
    if (l->count == 1)
        give_up(l);
    else
        store_relaxed(&l->count, l->count - 1);
    return NONE;
}

static Value rlock_locked(Thread *t, Value *args) { return from_bool(load_relaxed(&as_rlock(args[0])->word) != 0); }
static Value rlock_is_owned(Thread *t, Value *args) { return from_bool(is_owner(t, as_rlock(args[0]))); }

static Value rlock_recursion_count(Thread *t, Value *args) {
    RLockObject *l = as_rlock(args[0]);
    return small_int(is_owner(t, l) ? (int64_t)l->count : 0);
}

static Value rlock_release_save(Thread *t, Value *args) {
    RLockObject *l = as_rlock(args[0]);
    if (!is_owner(t, l))
        return raise_error(t, &RuntimeError_type, "cannot release un-acquired lock");
    Value state = TRY(tuple_pack(t, 2, small_int((int64_t)l->count), TRY(int_from_unsigned(t, l->owner))));
    give_up(l);
    return state;
}

static Value rlock_acquire_restore(Thread *t, Value *args) {
    int64_t count;
    if (!is_tuple(args[1]) || tuple_length(args[1]) != 2 || !int_to_i64(tuple_get(args[1], 0), &count))
        return raise_type_error(t, "_acquire_restore() takes a tuple of a count and an owner");
    CHECK(rlock_take(t, as_rlock(args[0]), -1, (uint64_t)count, rlock_acquire_restore) > 0);
    return NONE;
}

static Value rlock_reinit(Thread *t, Value *args) {
    RLockObject *l = as_rlock(args[0]);
    l->count = 0;
    l->owner = 0;
    store_relaxed(&l->word, 0u);
    return NONE;
}

static Value rlock_repr(Thread *t, Value *args) {
    RLockObject *l = as_rlock(args[0]);
    char rest[96];
    uint64_t owner = load_relaxed(&l->owner), count = load_relaxed(&l->count);
    snprintf(rest, sizeof rest, "owner=%zu count=%zu at 0x%zx", (size_t)owner, (size_t)count, (size_t)args[0].bits);
    return format_text(t, "<%s %S object %s>", count ? "locked" : "unlocked",
                       TRY(type_qualified_name(t, type_of(args[0]))), rest);
}

static const NativeDef rlock_methods[] = {
    {"__new__(type, /, *args, **kwargs)", rlock_new, NULL},
    {"acquire(self, /, blocking=True, timeout=-1)", rlock_acquire,
     "Lock the lock.  `blocking` indicates whether we should wait\nfor the lock to be available or not.  If the current thread "
     "already holds\nthe lock, its internal counter is incremented.  The blocking operation is\ninterruptible."},
    {"release(self, /)", rlock_release,
     "Release the lock.  It must be locked by the same thread that unlocks it;\notherwise a `RuntimeError` is raised."},
    {"locked(self, /)", rlock_locked, "locked()\n\nReturn a boolean indicating whether this object is locked right now."},
    {"__enter__(self, /)", rlock_enter, "Lock the lock."},
    {"__exit__(self, /, *exc_info)", rlock_release, "Release the lock."},
    {"_is_owned(self, /)", rlock_is_owned, "For internal use by `threading.Condition`."},
    {"_recursion_count(self, /)", rlock_recursion_count, "For internal use by reentrancy checks."},
    {"_release_save(self, /)", rlock_release_save, "For internal use by `threading.Condition`."},
    {"_acquire_restore(self, state, /)", rlock_acquire_restore, "For internal use by `threading.Condition`.", NATIVE_COUNTS_ARGUMENTS},
    {"_at_fork_reinit(self, /)", rlock_reinit, NULL},
    {"__repr__(self, /)", rlock_repr, "Return repr(self)."},
    {0},
};

STATIC_TYPE(rlock_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "_thread.RLock",
    .methods = rlock_methods,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(RLockObject),
};
