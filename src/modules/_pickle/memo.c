/* The pickler's memo: open addressing by address, no deletion.
 *
 * Addresses never change, since the collector does not move cells. Immediate values never get here.
 * Threads: the table belongs to the one Pickler that is claimed (pickle.h).
 */
#include "modules/_pickle/pickle.h"

#include <stdlib.h>

/* The object's entry, or the free one where it belongs. Objects that were made one after the other, and are pickled so, have
 * entries side by side, so that few of them are in no cache. */
static MemoEntry *entry_of(MemoEntry *entries, size_t size, Value object) {
    size_t granule = object.bits >> 4, i = (granule ^ granule >> 20) & (size - 1);
    for (size_t step = 1; present(entries[i].object) && !same(entries[i].object, object); step++)
        i = (i + step) & (size - 1);
    return &entries[i];
}

bool pickler_memo_find(const Memo *memo, Value object, size_t *index) {
    if (memo->size == 0)
        return false;
    MemoEntry *e = entry_of(memo->entries, memo->size, object);
    *index = e->index;
    return present(e->object);
}

static bool grow(Thread *t, Memo *memo) {
    size_t size = memo->size ? memo->size * 4 : 16;
    MemoEntry *entries = calloc(size, sizeof *entries);
    if (entries == NULL) {
        raise_no_memory(t);
        return false;
    }
    for (size_t i = 0; i < memo->size; i++)
        if (present(memo->entries[i].object))
            *entry_of(entries, size, memo->entries[i].object) = memo->entries[i];
    free(memo->entries);
    memo->entries = entries;
    memo->size = size;
    return true;
}

bool pickler_memo_add(Thread *t, Pickler *p, Value object, size_t index) {
    Memo *memo = &p->memo;
    if ((memo->used + 1) * 2 > memo->size && !grow(t, memo))
        return false;
    MemoEntry *e = entry_of(memo->entries, memo->size, object);
    memo->used += absent(e->object);
    e->index = index;
    store(p, &e->object, object);
    return true;
}

void pickler_memo_free(Memo *memo) {
    free(memo->entries);
    *memo = (Memo){NULL, 0, 0};
}
