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

/* Words that several threads want all the time.
 *
 * Two threads that take the same lock in turn spend most of their time on moving its cache line, and what it guards, to and
 * fro: some hundred nanoseconds for work of ten. Nobody need ever find the lock taken meanwhile, so that is no sign. Therefore
 * each thread measures how long one in some of its acquisitions takes. If that was long, and long compared to what the thread
 * does from one lock to the next, it lets go and stays away from the word for a while, in which another does many operations
 * at the speed of one thread alone. Where threads do more between two visits, taking turns is faster, and nothing happens.
 *
 * A line that lies in no near cache takes about as long as one that another processor has. It is near when it is touched again a
 * moment later, while one that somebody else wants is mostly gone: so a doubtful sample is taken twice.
 *
 *     if (lock_due_for_sample() || !try(word)) {          // try: a compare-and-swap that takes it
 *         if (lock_sample(word, try, release)) -> taken
 *         until try(word) succeeds, or the sum exceeds LONGEST_BACK_OFF: lock_back_off()
 *     }
 */
enum { LONGEST_BACK_OFF = 50000 }; /* nanoseconds after which to sleep is better */
extern _Thread_local int32_t lock_countdown;
static inline bool lock_due_for_sample(void) { return --lock_countdown < 0; }
uint64_t lock_ticks(void); /* of some clock that is fast to read */
typedef enum Contention { NOT_CONTENDED, PERHAPS_CONTENDED, CONTENDED } Contention;
Contention lock_judge(uint64_t before, bool got, bool again);
void lock_rest(void); /* a moment in which another processor can come to a line */
/* Whether the word is taken. false: it is contended, and not taken. */
[[gnu::always_inline]] static inline bool lock_sample(void *word, bool (*try)(void *), void (*release)(void *)) {
    for (bool again = false;; again = true) {
        uint64_t before = lock_ticks();
        bool got = try(word);
        Contention contention = lock_judge(before, got, again);
        if (contention == NOT_CONTENDED)
            return true;
        if (got)
            release(word);
        if (contention == CONTENDED)
            return false;
        lock_rest();
    }
}
int64_t lock_back_off(void); /* returns how long it took */

/* For who waits for something short: nanoseconds of some clock; a rest between two looks; whether there is another processor that
 * it could come from. */
int64_t lock_time(void);
void lock_pause(void);
bool lock_can_spin(void);

/* Sleeps while `*word == expected`, at most `nanoseconds` (negative: without limit).
 * Returns false when the time ran out; true otherwise, also for spurious wake-ups and signals. */
bool futex_wait(uint32_t *word, uint32_t expected, int64_t nanoseconds);
void futex_wake(uint32_t *word, int count);
