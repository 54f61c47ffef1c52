/* The table of a dict, open to those who must be fast: attribute and global lookup, the interpreter's caches.
 *
 * A table is one cell: this header, the index (2**log2_size slots of 1, 2 or 4 bytes; 0 is empty, else entry
 * number + 1), the entries. Entries stand in order of insertion; STRING tables have {key, value}, GENERAL ones
 * {key, value, hash}, so that key and value are found alike in both.
 *
 * Invariants: count <= capacity < 2**log2_size, hence every probe ends at an empty slot. An index slot goes from
 * empty to an entry once and never changes again; an entry's key goes from a key to absent (deleted) once, and
 * never to another key. `value` absent: deleted, or (in a cached table) a name that a cache watches for.
 * Dead are the entries below `first`, those from `end` on, and those in [gap_start, gap_end): this is what keeps
 * queues (first in, first out) and stacks (popitem) from walking over their own past.
 *
 * Threads: everything here is written under the dict's lock; an entry's fields before its index slot, with
 * release order.
 */
#pragma once
#include "types/dict/dict.h"
#include "types/str/str.h"

enum {
    TABLE_CACHED = 1 << 0,     /* an inline cache may hold the address of a value: keys of deleted entries stay */
    TABLE_UNINTERNED = 1 << 1, /* STRING table with a key that is not interned */
};

struct DictTable {
    Object object;
    uint8_t log2_size;
    uint8_t log2_width; /* of an index slot in bytes */
    bool general;
    uint8_t flags;
    uint32_t count; /* entries ever used */
    uint32_t first, end, gap_start, gap_end;
    char bytes[];
};

typedef struct DictEntry {
    Value key, value;
} DictEntry;

typedef struct GeneralEntry {
    DictEntry entry;
    int64_t hash;
} GeneralEntry;

extern DictTable dict_empty_table;    /* all its entries are used and dead */
extern DictTable dict_attached_table; /* the same; it says that it is general, so that an absent name is looked for properly */
static inline bool dict_is_attached(const DictObject *d) { return load_acquire(&d->table) == &dict_attached_table; }
extern Type dict_table_type;

static inline size_t dict_table_size(const DictTable *table) { return (size_t)1 << table->log2_size; }
static inline size_t dict_table_capacity(const DictTable *table) { return (dict_table_size(table) << 1) / 3; }

static inline DictEntry *dict_entry(DictTable *table, size_t i) {
    char *entries = table->bytes + ((size_t)1 << (table->log2_size + table->log2_width));
    return (DictEntry *)(entries + i * (table->general ? sizeof(GeneralEntry) : sizeof(DictEntry)));
}

/* Of an entry that has a key. */
static inline int64_t dict_entry_hash(DictTable *table, DictEntry *e, Value key) {
    return table->general ? ((GeneralEntry *)e)->hash : as_str(key)->hash;
}

static inline uint32_t dict_index_get(const DictTable *table, size_t slot) {
    if (table->log2_width == 0)
        return load_dependent((const uint8_t *)table->bytes + slot);
    if (table->log2_width == 1)
        return load_dependent((const uint16_t *)table->bytes + slot);
    return load_dependent((const uint32_t *)table->bytes + slot);
}

/* The probe sequence: every slot is visited, all bits of the hash take part. */
typedef struct DictProbe {
    size_t mask, perturb, slot;
} DictProbe;

static inline DictProbe dict_probe(const DictTable *table, int64_t hash) {
    size_t mask = dict_table_size(table) - 1;
    return (DictProbe){mask, (size_t)hash, (size_t)hash & mask};
}
static inline void dict_probe_next(DictProbe *p) {
    p->perturb >>= 5;
    p->slot = (p->slot * 5 + p->perturb + 1) & p->mask;
}

/* Whether two keys are str (or of a subclass that compares like str) with the same text. */
bool dict_text_keys_equal(Value a, Value b);

/* The entry of an interned str, or NULL. Its value may be absent. Runs no Python code. */
static inline DictEntry *dict_find_interned(DictTable *table, Value key) {
    int64_t hash = as_str(key)->hash;
    for (DictProbe p = dict_probe(table, hash);; dict_probe_next(&p)) {
        uint32_t i = dict_index_get(table, p.slot);
        if (i == 0)
            return NULL;
        DictEntry *e = dict_entry(table, i - 1);
        Value k = (Value){load_relaxed(&e->key.bits)};
        if (likely(same(k, key)))
            return e;
        if (unlikely(table->general || (load_relaxed(&table->flags) & TABLE_UNINTERNED)) && present(k) &&
            dict_entry_hash(table, e, k) == hash && dict_text_keys_equal(k, key))
            return e;
    }
}

/* The hash of a key of a kind for which it is known without a call: small ints from 0 on, and strings that were hashed. */
[[gnu::always_inline]] static inline bool key_hash_at_hand(Value key, int64_t *hash) {
    if (is_small_int(key) && key.bits < UINT64_C(1) << 61)
        *hash = small_int_value(key);
    else if (is_object(key) && as_object(key)->type == &str_type && load_relaxed(&as_str(key)->hash) != -1)
        *hash = as_str(key)->hash;
    else
        return false;
    return true;
}

/* The entry of this very key if it is where a search begins; NULL: not known. So short that it needs no stack frame. */
[[gnu::always_inline]] static inline DictEntry *dict_find_at_home(DictTable *table, Value key) {
    int64_t hash;
    if (unlikely(!key_hash_at_hand(key, &hash)))
        return NULL;
    uint32_t i = dict_index_get(table, (size_t)hash & (dict_table_size(table) - 1));
    if (unlikely(i == 0))
        return NULL;
    DictEntry *e = dict_entry(table, i - 1);
    return likely(load_relaxed(&e->key.bits) == key.bits) ? e : NULL;
}

/* The entry of this very key, or of one that is the same short text, if its hash is at hand. Its value may be absent. NULL: look
 * for it properly. */
[[gnu::always_inline]] static inline DictEntry *dict_find_same(DictTable *table, Value key) {
    int64_t hash;
    if (!key_hash_at_hand(key, &hash))
        return NULL;
    bool text = is_object(key) && !table->general;
    for (DictProbe p = dict_probe(table, hash);; dict_probe_next(&p)) {
        uint32_t i = dict_index_get(table, p.slot);
        if (i == 0)
            return NULL;
        DictEntry *e = dict_entry(table, i - 1);
        Value k = (Value){load_relaxed(&e->key.bits)};
        if (likely(same(k, key)))
            return e;
        if (text && present(k) && as_str(k)->hash == hash && str_short_equal(k, key) == 1)
            return e;
    }
}

/* The same for whoever only asks whether it is there: 1, 0, or -1 to look for it properly. */
static inline int dict_has_same(DictTable *table, Value key) {
    int64_t hash;
    if (!key_hash_at_hand(key, &hash))
        return -1;
    bool text = is_object(key) && !table->general;
    for (DictProbe p = dict_probe(table, hash);; dict_probe_next(&p)) {
        uint32_t i = dict_index_get(table, p.slot);
        if (i == 0)
            return table == &dict_attached_table ? -1 : 0;
        DictEntry *e = dict_entry(table, i - 1);
        Value k = (Value){load_relaxed(&e->key.bits)};
        if (likely(same(k, key)))
            return present(load(&e->value)) ? 1 : -1;
        if (absent(k) || dict_entry_hash(table, e, k) != hash)
            continue;
        int equal = text ? str_short_equal(k, key) : -1;
        if (equal != 0)
            return equal > 0 && present(load(&e->value)) ? 1 : -1;
    }
}

Value dict_get_attached(Value dict, Value interned_key);
static inline Value dict_get_interned(Value dict, Value key) {
    DictTable *table = load_dependent(&as_dict(dict)->table);
    DictEntry *e = dict_find_interned(table, key);
    return e ? load(&e->value) : unlikely(table == &dict_attached_table) ? dict_get_attached(dict, key) : NO_VALUE;
}

/* Whether two keys with the same hash are equal, if that takes no call to find out: 1, 0, or -1 to compare them properly. */
int dict_keys_equal_at_once(Value a, Value b);

/* The hash of a key as dicts and sets use it. */
[[nodiscard]] bool dict_key_hash_slow(Thread *t, Value key, int64_t *hash);

static inline bool dict_key_hash(Thread *t, Value key, int64_t *hash) {
    if (is_small_int(key) && key.bits < UINT64_C(1) << 61) { /* not negative and below the modulus */
        *hash = small_int_value(key);
        return true;
    }
    if (is_object(key) && as_object(key)->type == &str_type && load_relaxed(&as_str(key)->hash) != -1) {
        *hash = as_str(key)->hash;
        return true;
    }
    return dict_key_hash_slow(t, key, hash);
}
