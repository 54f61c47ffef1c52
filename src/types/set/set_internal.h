/* The table of a set, shared by the files of this folder.
 *
 * Open addressing; a probe looks at up to ten neighbouring entries before it jumps. Sizes, probe order and growth are
 * CPython's, because the order of iteration follows from them and programs print sets.
 *
 * Invariants: an entry goes from empty (hash 0, key absent) to a key, from that to deleted (hash -1, key absent), and
 * may get a key again. fill counts entries that are not empty, and some are always empty.
 * Threads: written under the set's lock, the hash before the key. A reader looks at the key before the hash, and where
 * it needs both, at the key again: an entry may have got another key in between. An entry without key is the end of a
 * probe only if its hash is 0, else it is deleted or just being filled; so a key whose hash is 0 never takes the place of
 * a deleted one while there are other threads. `insertions` tells a writer whether what it did not find may have come
 * meanwhile.
 */
#pragma once
#include "types/dict/dict_layout.h"
#include "types/set/set.h"

typedef struct SetEntry {
    Value key;
    int64_t hash;
} SetEntry;

typedef struct SetTable {
    Object object;
    size_t mask, fill;
    size_t insertions; /* ever */
    bool has_objects;  /* some key is, or was, no small int or float: there is something to trace */
    SetEntry entries[];
} SetTable;

typedef struct SetObject {
    Object object;
    SetTable *table; /* never NULL: an empty set has a shared empty table */
    size_t used;
    size_t finger; /* pop() goes on searching here */
    int64_t hash;  /* frozenset: -1 until computed (idempotent) */
} SetObject;

extern SetTable *const set_empty_table;

static inline SetObject *as_set(Value v) { return (SetObject *)v.bits; }

/* Looks for a key only where a search begins. -1: it has to go on. Whatever more this did would cost its callers a stack frame. */
[[gnu::always_inline]] static inline int set_has_at_once(SetTable *table, Value key, int64_t hash) {
    SetEntry *e = &table->entries[(size_t)hash & table->mask];
    Value k = load(&e->key);
    return absent(k) ? load_acquire(&e->hash) == 0 ? 0 : -1 : same(k, key) ? 1 : -1;
}

[[nodiscard]] bool set_key_hash_slow(Thread *t, Value key, int64_t *hash); /* with the message of sets */
[[nodiscard, gnu::always_inline]] static inline bool set_key_hash(Thread *t, Value key, int64_t *hash) {
    return likely(key_hash_at_hand(key, hash)) || set_key_hash_slow(t, key, hash);
}
Value set_allocate(Thread *t, Type *type);                              /* an empty instance */
bool set_add_hashed(Thread *t, Value set, Value key, int64_t hash);
int set_contains_hashed(Thread *t, Value set, Value key, int64_t hash);
int set_discard_hashed(Thread *t, Value set, Value key, int64_t hash);
bool set_next_hashed(Value set, size_t *position, Value *key, int64_t *hash);
bool set_merge(Thread *t, Value set, Value other);           /* adds the items of another set */
bool set_update(Thread *t, Value set, Value iterable);       /* adds the items of anything */
Value set_copy_for_union(Thread *t, Type *type, Value set, size_t more); /* a copy to which so many items will be added */
void set_clear(Value set);
void set_swap_contents(Value a, Value b);
bool set_reserve(Thread *t, Value set, size_t more);
bool set_tidy(Thread *t, Value set);                         /* after removals: fewer deleted entries */
Value set_take_any(Value set);                               /* absent: empty */
size_t set_memory(Value set);
Value set_iterator_new(Thread *t, Value set);
