/* One cache per thread for all places in the code that meet too many shapes for a cache of their own.
 *
 * An entry is a Cache as specialised operations have it, for one shape and name; its `counter` says which operation's.
 * It lies behind the thread's frame records and is emptied by every collection, so that its words keep nothing alive.
 * Threads: private to the thread.
 */
#pragma once
#include "vm/frame.h"

enum { SHARED_CACHE_ENTRIES = 256 };

static inline Cache *shared_caches(Thread *t) { return (Cache *)((Frame *)t->vm_private + FRAME_RECORDS); }

/* Where the entry for a shape and a name is, if it is there at all; `generic`: LOAD_ATTR, LOAD_METHOD or STORE_ATTR. */
static inline Cache *shared_cache(Thread *t, unsigned generic, uint32_t shape, Value name) {
    size_t hash = shape * 31u + (name.bits >> 4) + generic * 7u;
    return &shared_caches(t)[(hash ^ hash >> 8) % SHARED_CACHE_ENTRIES];
}
