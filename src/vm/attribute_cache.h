/* One cache per thread for all places in the code that meet too many shapes for a cache of their own.
 *
 * An entry is a Cache as specialised operations have it, for one shape and name; its `counter` says which operation's.
 * It lies behind the thread's frame records and is emptied by every collection, so that its words keep nothing alive.
 * Threads: private to the thread, and the stopper's while the world is stopped.
 */
#pragma once
#include "vm/frame.h"

enum { SHARED_CACHE_PART = 128, SHARED_CACHE_ENTRIES = 3 * SHARED_CACHE_PART }; /* a part each for LOAD_ATTR, LOAD_METHOD, STORE_ATTR */

static inline Cache *shared_caches(Thread *t) { return (Cache *)((Frame *)t->vm_private + FRAME_RECORDS); }

/* Where the entry for a shape and a name is, if it is there at all, or else beside it (shared_cache_beside); `generic`: LOAD_ATTR,
 * LOAD_METHOD or STORE_ATTR. */
static inline Cache *shared_cache(Thread *t, unsigned generic, uint32_t shape, Value name) {
    uint64_t hash = (name.bits + (uint64_t)shape * 31) * UINT64_C(0x9E3779B97F4A7C15);
    size_t part = generic == OP_LOAD_ATTR ? 0 : generic == OP_LOAD_METHOD ? 1 : 2;
    return &shared_caches(t)[part * SHARED_CACHE_PART + (hash >> 32 & (SHARED_CACHE_PART - 1))];
}

/* The place that an entry gives way to when another one takes its own. */
static inline Cache *shared_cache_beside(Thread *t, const Cache *entry) {
    return &shared_caches(t)[(size_t)(entry - shared_caches(t)) ^ 1];
}
