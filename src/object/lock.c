/* The object lock: two bits in an object's meta word, and a table of words to sleep on.
 *
 * Held for a few instructions; a waiter backs off for some microseconds (base/lock.h says how and why), then sets the waiters
 * bit and sleeps on the word that the object's address hashes to. A holder that finds the bit set bumps that word and wakes
 * all sleepers.
 */
#include "base/lock.h"
#include "object/object.h"

#ifndef KRAIT_UNTHREADED
uint32_t runtime_threaded;
#endif

enum { PARKING_SPOTS = 256 };
static uint32_t parking[PARKING_SPOTS];

static uint32_t *spot_of(const Object *o) { return &parking[((uintptr_t)o >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 56]; }

static bool try_lock(void *word) {
    Object *o = word;
    uint32_t meta = load_relaxed(&o->meta);
    return !(meta & META_LOCKED) && compare_exchange(&o->meta, &meta, meta | META_LOCKED);
}

static void unlock(void *word) { object_unlock_taken(word); }

void object_lock_slow(Object *o) {
    stress_yield();
    if (lock_sample(o, try_lock, unlock))
        return;
    for (int64_t waited = 0;;) {
        if (waited < LONGEST_BACK_OFF)
            waited += lock_back_off();
        if (try_lock(o))
            return;
        if (waited < LONGEST_BACK_OFF)
            continue;
        uint32_t *spot = spot_of(o);
        uint32_t ticket = load_acquire(spot);
        if (fetch_or(&o->meta, (uint32_t)META_WAITERS) & META_LOCKED)
            futex_wait(spot, ticket, 10000000);
    }
}

void object_unlock_slow(Object *o) {
    uint32_t before = fetch_and(&o->meta, ~(uint32_t)(META_LOCKED | META_WAITERS));
    if (before & META_WAITERS) {
        fetch_add(spot_of(o), 1u);
        futex_wake(spot_of(o), INT32_MAX);
    }
}
