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

#ifdef KRAIT_STRESS
void stress_yield(void) {
    static _Thread_local uint32_t state;
    if (state == 0)
        state = (uint32_t)(uintptr_t)&state | 1;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    if (state % 64 == 0)
        sched_yield();
    else if (state % 16 == 0) /* up to a few microseconds: as long as what other threads do under a lock */
        for (uint32_t spin = state >> 8 & 255; spin > 0; spin--)
            __builtin_ia32_pause();
}
#endif

void mutex_lock_slow(Mutex *m) {
    for (int spin = 0; spin < 40; spin++) {
        if (load_relaxed(&m->state) == 0 && mutex_try_lock(m))
            return;
        __builtin_ia32_pause();
    }
    while (exchange(&m->state, 2u) != 0)
        futex_wait(&m->state, 2, -1);
}

void mutex_wake(Mutex *m) { futex_wake(&m->state, 1); }
