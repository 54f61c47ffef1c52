/* Searches in a set's table, and what is done where they end, in place: for table.c and set.c. The rules are in set_internal.h. */
#pragma once
#include "object/thread.h"
#include "types/set/set_internal.h"
#include "types/str/str.h"

enum { MIN_SIZE = 8, NEIGHBOURS = 9, PERTURB_SHIFT = 5, DELETED = -1 };

typedef struct SetProbe {
    size_t mask, perturb, start, entry, left;
} SetProbe;

static inline void probe_group(SetProbe *p, size_t start) {
    p->start = p->entry = start;
    p->left = start + NEIGHBOURS <= p->mask ? NEIGHBOURS : 0;
}

static inline SetProbe probe_start(const SetTable *table, int64_t hash) {
    SetProbe p = {.mask = table->mask, .perturb = (size_t)hash};
    probe_group(&p, (size_t)hash & table->mask);
    return p;
}

static inline void probe_next(SetProbe *p) {
    if (p->left) {
        p->left--;
        p->entry++;
        return;
    }
    p->perturb >>= PERTURB_SHIFT;
    probe_group(p, (p->start * 5 + 1 + p->perturb) & p->mask);
}

/* Puts a key that is not there into the vacant entry that a search for it ended with. */
static inline void insert_at(SetTable *table, SetEntry *place, Value key, int64_t hash) {
    if (place->hash != DELETED)
        store_relaxed(&table->fill, table->fill + 1);
    if (is_object(key))
        store_relaxed(&table->has_objects, true);
    store_release(&place->hash, hash);
    store(table, &place->key, key);
    store_release(&table->insertions, table->insertions + 1);
}

/* While there is one thread: looks for a key as long as that takes no Python code. 1: it is at *entry; 0: it is not there and
 * belongs at *entry, the last deleted one on the way or else an empty one; -1: it takes the long way. */
[[gnu::always_inline]] static inline int find_at_once(SetTable *table, Value key, int64_t hash, SetEntry **entry) {
    SetEntry *vacant = NULL;
    for (SetProbe p = probe_start(table, hash);; probe_next(&p)) {
        SetEntry *e = *entry = &table->entries[p.entry];
        Value k = e->key;
        if (absent(k)) {
            if (e->hash == 0) {
                *entry = vacant ? vacant : e;
                return 0;
            }
            vacant = e;
            continue;
        }
        if (same(k, key))
            return 1;
        if (e->hash != hash || (is_small_int(k) && is_small_int(key)))
            continue;
        int equal = is_exactly(k, &str_type) && is_exactly(key, &str_type) ? str_short_equal(k, key) : -1;
        if (equal != 0)
            return equal;
    }
}

static inline bool has_room(const SetTable *table) {
    return (table->fill + 1) * 5 < table->mask * 3 && table != set_empty_table;
}

static inline void insert_into(SetObject *s, SetEntry *e, Value key, int64_t hash) {
    insert_at(s->table, e, key, hash);
    store_relaxed(&s->used, s->used + 1);
}

static inline void empty_entry(SetObject *s, SetEntry *e) {
    store_release(&e->hash, (int64_t)DELETED);
    store_release(&e->key.bits, 0);
    store_relaxed(&s->used, s->used - 1);
}

/* While there is one thread: adds a key if that takes no Python code and the table need not grow. */
[[gnu::always_inline]] static inline bool add_at_once(SetObject *s, Value key, int64_t hash) {
    SetEntry *e;
    if (!has_room(s->table))
        return false;
    int found = find_at_once(s->table, key, hash, &e);
    if (found == 0)
        insert_into(s, e, key, hash);
    return found >= 0;
}

/* The key of an entry and its hash, of one moment. */
static inline bool read_entry(SetEntry *e, Value *key, int64_t *hash) {
    *key = load(&e->key);
    *hash = load_acquire(&e->hash);
    return present(*key) && *hash != DELETED && same(load(&e->key), *key);
}

static inline bool next_hashed(Value set, size_t *position, Value *key, int64_t *hash) {
    SetTable *table = load_acquire(&as_set(set)->table);
    while (*position <= table->mask) {
        SetEntry *e = &table->entries[(*position)++];
        if (read_entry(e, key, hash))
            return true;
    }
    return false;
}

/* What table.c does for one item, with the short way in place. */

[[gnu::always_inline]] static inline int contains_hashed(Thread *t, Value set, Value key, int64_t hash) {
    SetEntry *e;
    int there = likely(is_own(as_set(set))) ? find_at_once(as_set(set)->table, key, hash, &e) : -1;
    return likely(there >= 0) ? there : set_contains_hashed(t, set, key, hash);
}
[[gnu::always_inline]] static inline bool add_hashed(Thread *t, Value set, Value key, int64_t hash) {
    return (likely(is_own(as_set(set))) && add_at_once(as_set(set), key, hash)) || set_add_hashed(t, set, key, hash);
}
[[gnu::always_inline]] static inline int discard_hashed(Thread *t, Value set, Value key, int64_t hash) {
    SetEntry *e;
    int found = likely(is_own(as_set(set))) ? find_at_once(as_set(set)->table, key, hash, &e) : -1;
    if (unlikely(found < 0))
        return set_discard_hashed(t, set, key, hash);
    if (found > 0)
        empty_entry(as_set(set), e);
    return found;
}
/* Removes a key that is there, adds one that is not. */
[[gnu::always_inline]] static inline bool toggle_hashed(Thread *t, Value set, Value key, int64_t hash) {
    SetEntry *e;
    SetObject *s = as_set(set);
    if (likely(is_own(s)) && has_room(s->table)) {
        int found = find_at_once(s->table, key, hash, &e);
        if (found > 0)
            empty_entry(s, e);
        else if (found == 0)
            insert_into(s, e, key, hash);
        if (likely(found >= 0))
            return true;
    }
    int removed = set_discard_hashed(t, set, key, hash);
    return removed > 0 || (removed == 0 && set_add_hashed(t, set, key, hash));
}
