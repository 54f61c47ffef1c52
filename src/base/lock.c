/* Futex-based waiting; see lock.h. */
#include "base/lock.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

bool futex_wait(uint32_t *word, uint32_t expected, int64_t nanoseconds) {
    struct timespec ts = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    long r = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, nanoseconds < 0 ? NULL : &ts, NULL, 0);
    return !(r == -1 && errno == ETIMEDOUT);
}

void futex_wake(uint32_t *word, int count) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0); }

/* What a native thread has met lately. `span`: how many acquisitions after `last` the next sample is due. */
_Thread_local int32_t lock_countdown;
static _Thread_local struct {
    uint64_t last;
    int32_t span;
    int64_t wait;
} contention;

int64_t lock_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

uint64_t lock_ticks(void) {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    return (uint64_t)lock_time();
#endif
}

Contention lock_judge(uint64_t before, bool got, bool again) {
    enum { OFTEN = 4, SELDOM = 32 };                /* acquisitions from one sample to the next */
    enum { DOUBTFUL = 75, SLOW = 150, WORTH_IT = 4 }; /* ticks; and how many times as long as that the time between two may be */
    uint64_t after = lock_ticks(), took = after - before;
    int32_t count = contention.span - lock_countdown;
    uint64_t each = (after - contention.last) / (uint64_t)(count > 0 ? count : 1);
    uint64_t most = WORTH_IT * (took > SLOW ? took : SLOW);
    bool slow = took > (again ? DOUBTFUL : SLOW), contended = !got || (slow && (again || each < most));
    if (!contended && !again && took > DOUBTFUL && each < most)
        return PERHAPS_CONTENDED;
    contention.span = lock_countdown = contended ? OFTEN : SELDOM;
    contention.last = after;
    if (!contended)
        contention.wait -= contention.wait / 16;
    return contended ? CONTENDED : NOT_CONTENDED;
}

void lock_rest(void) {
    for (int i = 0; i < 6; i++)
        lock_pause();
}

void lock_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

bool lock_can_spin(void) {
    static uint32_t processors; /* whoever asks first finds the same number */
    uint32_t n = load_relaxed(&processors);
    if (unlikely(!n)) {
        long online = sysconf(_SC_NPROCESSORS_ONLN);
        store_relaxed(&processors, n = online > 1 ? (uint32_t)online : 1);
    }
    return n > 1;
}

int64_t lock_back_off(void) {
    enum { LEAST = 100, MOST = 25000 };
    int64_t start = lock_time(), wait = contention.wait * 2, time;
    contention.wait = wait = wait < LEAST ? LEAST : wait > MOST ? MOST : wait;
    do
        lock_pause();
    while ((time = lock_time()) - start < wait);
    contention.last = lock_ticks();
    return time - start;
}

void mutex_lock_slow(Mutex *m) {
    for (int64_t waited = 0; waited < LONGEST_BACK_OFF; waited += lock_back_off())
        if (load_relaxed(&m->state) == 0 && mutex_try_lock(m))
            return;
    while (exchange(&m->state, 2u) != 0)
        futex_wait(&m->state, 2, -1);
}

void mutex_wake(Mutex *m) { futex_wake(&m->state, 1); }
