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
