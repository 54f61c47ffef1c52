/* See stress.h. malloc() and its kin of this program's own files are redirected here by the linker (--wrap). */
#include "base/stress.h"

#ifdef KRAIT_STRESS
#include "base/atomic.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);

static struct {
    uint32_t ready;
    uint64_t collect_every, fail_at;
    uint64_t cells, allocations; /* counted so far */
} stress;

static uint64_t setting(const char *name, uint64_t otherwise) {
    const char *text = getenv(name);
    return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

/* Several threads may do this at once, with the same result. */
static void read_settings(void) {
    if (load_acquire(&stress.ready))
        return;
    store_relaxed(&stress.collect_every, setting("KRAIT_STRESS_COLLECT", 400));
    store_relaxed(&stress.fail_at, setting("KRAIT_STRESS_FAIL", 0));
    store_release(&stress.ready, 1u);
}

bool stress_collect(void) {
    read_settings();
    uint64_t every = load_relaxed(&stress.collect_every);
    return every && fetch_add(&stress.cells, UINT64_C(1)) % every == every - 1;
}

bool stress_fail(void) {
    read_settings();
    uint64_t at = load_relaxed(&stress.fail_at);
    return at && fetch_add(&stress.allocations, UINT64_C(1)) == at - 1;
}

void stress_yield(void) {
    static _Thread_local uint32_t state;
    if (state == 0)
        state = (uint32_t)(uintptr_t)&state | 1;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    if (state % 64 == 0) {
        int error = errno;
        sched_yield();
        errno = error;
    } else if (state % 16 == 0) { /* up to a few microseconds: as long as what other threads do under a lock */
        for (uint32_t spin = state >> 8 & 255; spin > 0; spin--)
            __builtin_ia32_pause();
    }
}

static bool refuse(void) {
    if (!stress_fail())
        return false;
    errno = ENOMEM;
    return true;
}

void *__wrap_malloc(size_t size) { return refuse() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t count, size_t size) { return refuse() ? NULL : __real_calloc(count, size); }
void *__wrap_realloc(void *old, size_t size) { return refuse() ? NULL : __real_realloc(old, size); }
#endif
