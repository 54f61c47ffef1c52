/* dict, the engine: lookup, insertion, deletion, growth.
 *
 * Keys are compared without the lock, because that may run Python code. A writer then takes the lock and looks whether
 * what it found still holds (same table, no key added since, key not deleted), and starts over if not. New
 * tables are allocated before the lock is taken, for allocation may run finalizers.
 */
#include "types/dict/dict_internal.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/list.h"
#include "types/tuple.h"

#include <assert.h>

enum { MIN_LOG2_SIZE = 3, MAX_LOG2_SIZE = 31 };

static void trace_table_from(Tracer *tracer, Object *o, const Value *from) {
    DictTable *table = (DictTable *)o;
    const Value *end = (const Value *)dict_entry(table, table->count);
    if (!table->general) {
        trace_values(tracer, from, (size_t)(end - from));
        return;
    }
    for (const GeneralEntry *e = (const GeneralEntry *)from; e < (const GeneralEntry *)end; e++) {
        if (is_object(e->entry.key))
            trace_value(tracer, e->entry.key);
        if (is_object(e->entry.value))
            trace_value(tracer, e->entry.value);
    }
}

static void trace_table(Tracer *tracer, Object *o) {
    trace_table_from(tracer, o, (const Value *)dict_entry((DictTable *)o, 0));
}

Type dict_table_type = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type},
             .trace = trace_table,
             .trace_from = trace_table_from,
             .cell_flags = CELL_INTERNAL},
    .name_text = "dict_table",
    .instance_size = sizeof(DictTable),
};

/* 8 index slots, and 5 entries that are used and dead: the first insertion replaces it. */
alignas(16) DictTable dict_empty_table = {.object = {.meta = META_IMMORTAL, .type = &dict_table_type},
                                          .log2_size = MIN_LOG2_SIZE,
                                          .count = 5,
                                          .bytes = {[8 + 5 * sizeof(DictEntry) - 1] = 0}};
alignas(16) DictTable dict_attached_table = {.object = {.meta = META_IMMORTAL, .type = &dict_table_type},
                                             .log2_size = MIN_LOG2_SIZE,
                                             .general = true,
                                             .count = 5,
                                             .bytes = {[8 + 5 * sizeof(GeneralEntry) - 1] = 0}};

/* `filled`: zeroed; else the caller fills the table before the next safepoint. */
static DictTable *table_make(Thread *t, unsigned log2_size, bool general, bool filled) {
    unsigned log2_width = log2_size <= 8 ? 0 : log2_size <= 16 ? 1 : 2;
    if (log2_size > MAX_LOG2_SIZE) {
        raise_no_memory(t);
        return NULL;
    }
    size_t capacity = ((size_t)2 << log2_size) / 3;
    size_t size = sizeof(DictTable) + ((size_t)1 << (log2_size + log2_width)) +
                  capacity * (general ? sizeof(GeneralEntry) : sizeof(DictEntry));
    DictTable *table = (filled ? heap_allocate : heap_allocate_unfilled)(t, &dict_table_type, size);
    if (!table)
        return NULL;
    table->log2_size = (uint8_t)log2_size;
    table->log2_width = (uint8_t)log2_width;
    table->general = general;
    return table;
}

static DictTable *table_new(Thread *t, unsigned log2_size, bool general) { return table_make(t, log2_size, general, true); }

static unsigned log2_size_for(size_t slots) {
    unsigned log2_size = MIN_LOG2_SIZE;
    while (log2_size < MAX_LOG2_SIZE + 1 && ((size_t)1 << log2_size) < slots)
        log2_size++;
    return log2_size;
}

static void index_set(DictTable *table, size_t slot, uint32_t i) {
    if (table->log2_width == 0)
        store_release((uint8_t *)table->bytes + slot, (uint8_t)i);
    else if (table->log2_width == 1)
        store_release((uint16_t *)table->bytes + slot, (uint16_t)i);
    else
        store_release((uint32_t *)table->bytes + slot, i);
}

/* Entry i is the last living one from now on. */
static void move_end(DictTable *table, uint32_t i) {
    if (table->end < i) {
        store_relaxed(&table->gap_start, table->end);
        store_relaxed(&table->gap_end, i);
    }
    store_relaxed(&table->end, i + 1);
}

/* The index slot for a key that is not in the table. */
static size_t free_slot(DictTable *table, int64_t hash) {
    DictProbe p = dict_probe(table, hash);
    while (dict_index_get(table, p.slot) != 0)
        dict_probe_next(&p);
    return p.slot;
}

/* Writes entry i, which was never used, for a key that is not in the table and belongs in that index slot. The write barrier is
 * left to the caller, and so is publishing the two. */
static inline DictEntry *place(DictTable *table, size_t slot, uint32_t i, Value key, int64_t hash, Value value) {
    DictEntry *e = dict_entry(table, i);
    if (table->general)
        store_relaxed(&((GeneralEntry *)e)->hash, hash); /* dict_move looks at it without the lock */
    else if (!str_is_interned(key))
        store_relaxed(&table->flags, table->flags | TABLE_UNINTERNED);
    store_relaxed(&e->value.bits, value.bits);
    assert(heap_may_hold(table, key));
    store_release(&e->key.bits, key.bits);
    index_set(table, slot, i + 1);
    return e;
}

/* Adds an entry behind all others; there is room. */
static inline DictEntry *append_at(DictTable *table, size_t slot, Value key, int64_t hash, Value value) {
    uint32_t i = table->count;
    assert(i < dict_table_capacity(table));
    DictEntry *e = place(table, slot, i, key, hash, value);
    if (must_log_appended(table)) /* as store_appended: entries stay where they are */
        heap_log_appended(&table->object, (Value *)e);
    if (present(value))
        move_end(table, i);
    store_release(&table->count, i + 1);
    return e;
}

static DictEntry *append(DictTable *table, Value key, int64_t hash, Value value) {
    return append_at(table, free_slot(table, hash), key, hash, value);
}

/* refill where all entries are alive and look the same in both. */
static void refill_dense(DictTable *to, DictTable *from) {
    uint32_t count = from->count;
    memcpy(dict_entry(to, 0), dict_entry(from, 0), (size_t)((char *)dict_entry(from, count) - (char *)dict_entry(from, 0)));
#define INDEX_ALL(T)                                                     \
    for (uint32_t i = 0; i < count; i++) {                               \
        DictEntry *e = dict_entry(to, i);                                \
        DictProbe p = dict_probe(to, dict_entry_hash(to, e, e->key));    \
        while (((T *)to->bytes)[p.slot])                                 \
            dict_probe_next(&p);                                         \
        ((T *)to->bytes)[p.slot] = (T)(i + 1);                           \
    }
    if (to->log2_width == 0)
        INDEX_ALL(uint8_t)
    else if (to->log2_width == 1)
        INDEX_ALL(uint16_t)
    else
        INDEX_ALL(uint32_t)
#undef INDEX_ALL
    to->flags |= from->flags & TABLE_UNINTERNED;
    to->end = to->count = count;
    store_moved(to);
}

/* Puts the living entries of `from` into the new table `to`, in order. */
static void refill(DictTable *to, DictTable *from) {
    for (size_t i = from->first; i < from->end; i++) {
        DictEntry *e = dict_entry(from, i);
        if (present(e->value))
            append(to, e->key, dict_entry_hash(from, e, e->key), e->value);
    }
    store_moved(to); /* waiting for the lock may have let a collection pass */
}

static void install(DictObject *d, DictTable *table) {
    publish_into(d, from_object(table));
    store_release(&d->table, table);
    store_moved(d);
}

/* Replaces `old` by a table of so many slots, which is more than is used. true also when another thread was faster. */
static bool rebuild_sized(Thread *t, DictObject *d, DictTable *old, size_t slots, bool general) {
    /* The namespace of a static type is no root: its table must be as immortal as it is itself. */
    bool immortal = load_relaxed(&d->object.meta) & META_IMMORTAL;
    bool was_immortal = immortal && heap_set_immortal(t, true);
    DictTable *fresh = table_new(t, log2_size_for(slots), general || old->general);
    if (immortal)
        heap_set_immortal(t, was_immortal);
    if (!fresh)
        return false;
    assert(old != &dict_attached_table);
    object_lock(&d->object);
    if (d->table == old && d->used < dict_table_capacity(fresh)) {
        if (d->used == old->count && old->general == fresh->general)
            refill_dense(fresh, old);
        else
            refill(fresh, old);
        mark_published_as(d, fresh);
        install(d, fresh);
    }
    object_unlock(&d->object);
    return true;
}

/* The same, with room for more. */
static bool rebuild(Thread *t, DictObject *d, DictTable *old, bool general) {
    return rebuild_sized(t, d, old, load_relaxed(&d->used) * 3, general);
}

bool dict_reserve(Thread *t, Value dict, size_t more) {
    DictObject *d = as_dict(dict);
    DictTable *table = load_acquire(&d->table);
    size_t used = load_relaxed(&d->used);
    if (table == &dict_attached_table)
        return true;
    return dict_table_capacity(table) - load_acquire(&table->count) >= more ||
           rebuild_sized(t, d, table, ((used + more) * 3 + 1) / 2, false);
}

/* Lookup */

bool dict_text_keys_equal(Value a, Value b) {
    return is_str(a) && type_slot(type_of(a), SLOT___eq__) == str_type.slots[SLOT___eq__] &&
           str_equal(thread_current(), a, b);
}

bool dict_key_hash_slow(Thread *t, Value key, int64_t *hash) {
    if (is_str(key) && type_slot(type_of(key), SLOT___hash__) == str_type.slots[SLOT___hash__]) {
        *hash = str_hash(t, key);
        return !error_pending(t);
    }
    return hash_of(t, key, hash);
}

/* An exception is pending: TypeError says what it is about. */
[[gnu::noinline]] static bool raise_unhashable(Thread *t, Value key) {
    if (present(t->exception) && type_of(t->exception) == &TypeError_type) {
        Value reason = error_take(t);
        Value name = qualified_type_name(t, key);
        if (present(name))
            raise_type_error(t, "cannot use '%S' as a dict key (%S)", name, reason);
    }
    return false;
}
static inline bool key_hash(Thread *t, Value key, int64_t *hash) { return likely(dict_key_hash(t, key, hash)) || raise_unhashable(t, key); }

int dict_keys_equal_at_once(Value a, Value b) {
    if (!is_object(a) || !is_object(b) || as_object(a)->type != as_object(b)->type)
        return -1;
    if (as_object(a)->type == &bytes_type)
        return as_bytes(a)->length == as_bytes(b)->length && !memcmp(as_bytes(a)->data, as_bytes(b)->data, as_bytes(a)->length);
    if (as_object(a)->type != &tuple_type || tuple_length(a) != tuple_length(b))
        return -1;
    for (size_t i = 0; i < tuple_length(a); i++) {
        Value x = tuple_get(a, i), y = tuple_get(b, i);
        if (!same(x, y) && !(is_exactly(x, &str_type) && is_exactly(y, &str_type) && str_short_equal(x, y) == 1))
            return -1;
    }
    return 1;
}

typedef enum Found { FOUND, MISSING, FAILED, RESTART } Found;

/* MISSING: *slot is the index slot where the key would go. */
static Found find_general(Thread *t, DictObject *d, DictTable *table, Value key, int64_t hash, DictEntry **entry, size_t *slot) {
    bool text = is_exactly(key, &str_type);
    for (DictProbe p = dict_probe(table, hash);; dict_probe_next(&p)) {
        uint32_t i = dict_index_get(table, p.slot);
        if (i == 0) {
            *slot = p.slot;
            return MISSING;
        }
        DictEntry *e = *entry = dict_entry(table, i - 1);
        Value k = load(&e->key);
        if (same(k, key))
            return FOUND;
        if (absent(k) || dict_entry_hash(table, e, k) != hash || (is_small_int(k) && is_small_int(key)))
            continue;
        if (text && is_exactly(k, &str_type)) {
            if (str_equal(t, k, key))
                return FOUND;
            continue;
        }
        int equals = dict_keys_equal_at_once(k, key);
        if (equals < 0 && (equals = compare_true(t, COMPARE_EQ, k, key)) < 0)
            return FAILED;
        if (load_acquire(&d->table) != table || !same(load(&e->key), k))
            return RESTART;
        if (equals)
            return FOUND;
    }
}

static inline bool same_text(Thread *t, Value a, Value b) {
    int equal = str_short_equal(a, b);
    return equal >= 0 ? equal : str_equal(t, a, b);
}

static inline Found find(Thread *t, DictObject *d, DictTable *table, Value key, int64_t hash, DictEntry **entry, size_t *slot) {
    if (table->general || !is_exactly(key, &str_type))
        return find_general(t, d, table, key, hash, entry, slot);
    bool interned = str_is_interned(key) && !(load_relaxed(&table->flags) & TABLE_UNINTERNED);
    for (DictProbe p = dict_probe(table, hash);; dict_probe_next(&p)) {
        uint32_t i = dict_index_get(table, p.slot);
        if (i == 0) {
            *slot = p.slot;
            return MISSING;
        }
        DictEntry *e = dict_entry(table, i - 1);
        Value k = (Value){load_relaxed(&e->key.bits)};
        if (same(k, key) || (!interned && present(k) && as_str(k)->hash == hash && same_text(t, k, key))) {
            *entry = e;
            return FOUND;
        }
    }
}

/* The table and the entry of a key; the entry's value may be absent. */
static Found find_settled(Thread *t, DictObject *d, Value key, int64_t hash, DictTable **table, DictEntry **entry) {
    for (;;) {
        size_t slot;
        if (unlikely(dict_is_attached(d)) && !dict_detach(t, d))
            return FAILED;
        *table = load_acquire(&d->table);
        Found found = find(t, d, *table, key, hash, entry, &slot);
        if (found != RESTART)
            return found;
    }
}

Value dict_get_hashed(Thread *t, Value dict, Value key, int64_t hash) {
    DictTable *table;
    DictEntry *e = dict_find_same(load_acquire(&as_dict(dict)->table), key);
    if (likely(e != NULL))
        return load(&e->value);
    Value value;
    if (unlikely(dict_is_attached(as_dict(dict))) && is_exactly(key, &str_type) && attached_get(as_dict(dict), key, &value))
        return value;
    return find_settled(t, as_dict(dict), key, hash, &table, &e) == FOUND ? load(&e->value) : NO_VALUE;
}

Value dict_get(Thread *t, Value dict, Value key) {
    int64_t hash;
    CHECK(key_hash(t, key, &hash));
    return dict_get_hashed(t, dict, key, hash);
}

Value dict_get_str(Value dict, Value interned_key) { return dict_get_interned(dict, interned_key); }

Value dict_get_attached(Value dict, Value interned_key) {
    Value value;
    return attached_get(as_dict(dict), interned_key, &value) ? value : dict_get_str(dict, interned_key);
}

Value *dict_str_place(Value dict, Value interned_key) {
    DictEntry *e = dict_find_interned(load_acquire(&as_dict(dict)->table), interned_key);
    return e && present(load(&e->value)) ? &e->value : NULL;
}

Value dict_get_name(Thread *t, Value dict, Value key) {
    Value v = dict_get_interned(dict, key);
    return likely(present(v) || !load_acquire(&as_dict(dict)->table)->general) ? v : dict_get(t, dict, key);
}

Value dict_get_text(Thread *t, Value dict, const char *key) { return dict_get(t, dict, TRY(str_from_text(t, key))); }

int dict_contains(Thread *t, Value dict, Value key) {
    Value v = dict_get(t, dict, key);
    return present(v) ? 1 : error_pending(t) ? -1 : 0;
}

/* Insertion */

static void count_key(DictObject *d, int change) {
    store_relaxed(&d->used, d->used + (size_t)change);
    store_relaxed(&d->version, d->version + 1);
}

typedef enum Revival { REVIVED, FORGOTTEN, NEEDS_REBUILD } Revival;

/* A key whose entry is dead is set again. It belongs behind all others, and caches that know the entry must see
 * the value: if it is the last one, both are had by using it again. Else a table without caches forgets it, and
 * one with caches must be replaced. */
static Revival revive(DictObject *d, DictTable *table, DictEntry *e, Value value) {
    assert(lock_held(&d->object));
    uint32_t last = table->count - 1;
    if (e == dict_entry(table, last)) {
        store(table, &e->value, value);
        move_end(table, last);
        if (table->first > last)
            store_relaxed(&table->first, last);
        count_key(d, 1);
        return REVIVED;
    }
    if (table->flags & TABLE_CACHED)
        return NEEDS_REBUILD;
    store_release(&e->key.bits, 0);
    return FORGOTTEN;
}

/* One attempt on a found entry, under the lock. */
static Found put_found(DictObject *d, DictTable *table, DictEntry *e, Value value, Value *existing) {
    if (d->table != table || absent(e->key))
        return RESTART;
    if (present(e->value)) {
        if (existing)
            *existing = e->value;
        else
            store(table, &e->value, value);
        return FOUND;
    }
    Revival revival = revive(d, table, e, value);
    return revival == REVIVED ? FOUND : revival == FORGOTTEN ? RESTART : FAILED;
}

/* Adds a key that was not there when the dict had `version`, and whose search ended in `slot`. RESTART: it changed; FAILED: no memory. */
static Found put_missing(Thread *t, DictObject *d, DictTable *table, uint64_t version, size_t slot, Value key, int64_t hash,
                         Value value) {
    DictTable *searched = table;
    bool text = is_exactly(key, &str_type);
    if (load_acquire(&table->count) >= dict_table_capacity(table) || !(text || table->general)) {
        if (!rebuild(t, d, table, !text))
            return FAILED;
        table = load_acquire(&d->table); /* no need to look for the key again if the version is still the same */
    }
    publish_into(d, key);
    publish_into(d, value);
    object_lock(&d->object);
    bool valid = d->table == table && d->version == version && table->count < dict_table_capacity(table) &&
                 (text || table->general);
    if (valid) {
        append_at(table, table == searched ? slot : free_slot(table, hash), key, hash, value);
        count_key(d, 1);
    }
    object_unlock(&d->object);
    return valid ? FOUND : RESTART;
}

/* dict[key] = value; with `existing` only if the key is not there, else *existing gets the present value. */
static bool put(Thread *t, DictObject *d, Value key, int64_t hash, Value value, Value *existing) {
    for (;;) {
        uint64_t version = load_acquire(&d->version);
        DictTable *table = load_acquire(&d->table);
        if (unlikely(table == &dict_attached_table)) {
            Attached attached = attached_put(t, d, key, value, existing);
            if (attached == ATTACHED_NOT)
                continue;
            return attached == ATTACHED_DONE;
        }
        DictEntry *e;
        size_t slot;
        Found found = find(t, d, table, key, hash, &e, &slot);
        if (found == MISSING) {
            found = put_missing(t, d, table, version, slot, key, hash, value);
        } else if (found == FOUND) {
            object_lock(&d->object);
            found = put_found(d, table, e, value, existing);
            object_unlock(&d->object);
            if (found == FAILED)
                found = rebuild(t, d, table, false) ? RESTART : FAILED;
        }
        if (found != RESTART)
            return found == FOUND;
    }
}

/* Where nobody else can see the dict: sets a key whose search takes no Python code, if the table has room. false: nothing was done. */
[[gnu::always_inline]] static inline bool put_at_once(DictObject *d, Value key, int64_t hash, Value value) {
    DictTable *table = load_relaxed(&d->table);
    bool text = is_exactly(key, &str_type);
    if (unlikely(!is_own(d) || !(text || (table->general && is_small_int(key)))))
        return false;
    for (DictProbe p = dict_probe(table, hash);; dict_probe_next(&p)) {
        uint32_t i = dict_index_get(table, p.slot);
        if (i == 0) {
            if (unlikely(table->count >= dict_table_capacity(table)))
                return false;
            append_at(table, p.slot, key, hash, value);
            count_key(d, 1);
            return true;
        }
        DictEntry *e = dict_entry(table, i - 1);
        Value k = e->key;
        if (!same(k, key)) {
            if (absent(k) || dict_entry_hash(table, e, k) != hash || (is_small_int(k) && !text))
                continue;
            int equal = text && is_exactly(k, &str_type) ? str_short_equal(k, key) : -1;
            if (equal == 0)
                continue;
            if (equal < 0)
                return false;
        }
        if (absent(e->value))
            return false;
        store(table, &e->value, value);
        return true;
    }
}

bool dict_try_set(Value dict, Value key, int64_t hash, Value value) { return put_at_once(as_dict(dict), key, hash, value); }

bool dict_set_hashed(Thread *t, Value dict, Value key, int64_t hash, Value value) {
    return put_at_once(as_dict(dict), key, hash, value) || put(t, as_dict(dict), key, hash, value, NULL);
}

bool dict_set(Thread *t, Value dict, Value key, Value value) {
    int64_t hash;
    return key_hash(t, key, &hash) && dict_set_hashed(t, dict, key, hash, value);
}

bool dict_set_text(Thread *t, Value dict, const char *key, Value value) {
    Value k = str_intern_text(t, key);
    return present(k) && dict_set(t, dict, k, value);
}

Value dict_setdefault(Thread *t, Value dict, Value key, Value value) {
    int64_t hash;
    CHECK(key_hash(t, key, &hash));
    Value existing = NO_VALUE;
    CHECK(put(t, as_dict(dict), key, hash, value, &existing));
    return present(existing) ? existing : value;
}

bool dict_add_hashed(Thread *t, Value dict, Value key, int64_t hash, Value value, Value *existing) {
    *existing = NO_VALUE;
    return put(t, as_dict(dict), key, hash, value, existing);
}

int dict_replace_hashed(Thread *t, Value dict, Value key, int64_t hash, Value expected, Value value) {
    DictObject *d = as_dict(dict);
    DictTable *table;
    DictEntry *e;
    Found found = find_settled(t, d, key, hash, &table, &e);
    if (found != FOUND)
        return found == FAILED ? -1 : 0;
    object_lock(&d->object);
    bool there = d->table == table && present(e->key) && same(e->value, expected);
    if (there)
        store(table, &e->value, value);
    object_unlock(&d->object);
    return there;
}

Value *dict_value_slot(Thread *t, Value dict, Value key, bool create, DictTable **out) {
    DictObject *d = as_dict(dict);
    if (!dict_detach(t, d)) {
        error_clear(t);
        return NULL;
    }
    for (;;) {
        DictTable *table = *out = load_acquire(&d->table);
        publish_into(d, key);
        object_lock(&d->object);
        DictEntry *e = d->table == table ? dict_find_interned(table, key) : NULL;
        bool room = d->table == table && table->count < dict_table_capacity(table);
        if (!e && create && room) {
            e = append(table, key, as_str(key)->hash, NO_VALUE);
            count_key(d, 0);
        }
        if (e)
            store_relaxed(&table->flags, table->flags | TABLE_CACHED);
        bool moved = d->table != table;
        object_unlock(&d->object);
        if (e)
            return &e->value;
        if (moved)
            continue;
        if (!create)
            return NULL;
        if (!rebuild(t, d, table, false)) {
            error_clear(t);
            return NULL;
        }
    }
}

/* Deletion */

/* The entry's value is taken away; the dead ends of the table are moved. Only names that caches may watch for stay. */
static void kill(DictObject *d, DictTable *table, DictEntry *e) {
    assert(lock_held(&d->object));
    store_release(&e->value.bits, 0);
    if (!(table->flags & TABLE_CACHED) || !is_exactly(e->key, &str_type))
        store_release(&e->key.bits, 0);
    count_key(d, -1);
    while (table->first < table->end && absent(dict_entry(table, table->first)->value))
        store_relaxed(&table->first, table->first + 1);
    while (table->end > table->first && absent(dict_entry(table, table->end - 1)->value))
        store_relaxed(&table->end, table->end == table->gap_end && table->gap_start >= table->first ? table->gap_start
                                                                                                    : table->end - 1);
}

/* Removes the key; its value goes to *value. 1 removed, 0 not there, -1 error. */
static int take(Thread *t, DictObject *d, Value key, int64_t hash, Value *value) {
    DictEntry *at_once = is_own(d) ? dict_find_same(d->table, key) : NULL;
    if (at_once && present(at_once->value)) {
        *value = at_once->value;
        kill(d, d->table, at_once);
        return 1;
    }
    for (;;) {
        DictTable *table;
        DictEntry *e;
        Found found = find_settled(t, d, key, hash, &table, &e);
        if (found != FOUND)
            return found == FAILED ? -1 : 0;
        object_lock(&d->object);
        bool valid = d->table == table && present(e->key);
        if (valid) {
            *value = e->value;
            if (present(e->value))
                kill(d, table, e);
        }
        object_unlock(&d->object);
        if (valid)
            return present(*value);
    }
}

int dict_delete(Thread *t, Value dict, Value key) {
    int64_t hash;
    Value value;
    return key_hash(t, key, &hash) ? take(t, as_dict(dict), key, hash, &value) : -1;
}

Value dict_pop(Thread *t, Value dict, Value key) {
    int64_t hash;
    Value value = NO_VALUE;
    if (dict_length(dict) == 0)
        return NO_VALUE;
    CHECK(key_hash(t, key, &hash));
    return take(t, as_dict(dict), key, hash, &value) == 1 ? value : NO_VALUE;
}

bool dict_pop_last(Value dict, Value *key, Value *value) {
    DictObject *d = as_dict(dict);
    assert(!dict_is_attached(d));
    object_lock(&d->object);
    bool some = d->used > 0;
    if (some) {
        DictEntry *e = dict_entry(d->table, d->table->end - 1);
        *key = e->key;
        *value = e->value;
        kill(d, d->table, e);
    }
    object_unlock(&d->object);
    return some;
}

/* Moving keys to the ends of the order (OrderedDict). A moved key gets a new entry. Entries before the first one are
 * there to be had in GENERAL tables made by rebuild_with_front: a hash of -1 marks those never used. */

enum { NEVER_USED = -1 };

static bool rebuild_with_front(Thread *t, DictObject *d, DictTable *old) {
    size_t used = load_relaxed(&d->used), front = used / 2 + 4;
    DictTable *fresh = table_new(t, log2_size_for((used + front) * 2 + used), true);
    if (!fresh)
        return false;
    for (size_t i = 0; i < front; i++)
        ((GeneralEntry *)dict_entry(fresh, i))->hash = NEVER_USED;
    fresh->count = fresh->first = fresh->end = (uint32_t)front;
    object_lock(&d->object);
    if (d->table == old && d->used + front < dict_table_capacity(fresh)) {
        refill(fresh, old);
        mark_published_as(d, fresh);
        install(d, fresh);
    }
    object_unlock(&d->object);
    return true;
}

static bool has_front(DictTable *table) {
    uint32_t first = load_relaxed(&table->first);
    return table->general && first > 0 &&
           load_relaxed(&((GeneralEntry *)dict_entry(table, first - 1))->hash) == NEVER_USED;
}

int dict_move(Thread *t, Value dict, Value key, bool last) {
    DictObject *d = as_dict(dict);
    int64_t hash;
    if (!key_hash(t, key, &hash))
        return -1;
    for (;;) {
        DictTable *table;
        DictEntry *e;
        Found found = find_settled(t, d, key, hash, &table, &e);
        if (found == FAILED)
            return -1;
        if (found == MISSING || absent(load(&e->value)))
            return 0;
        bool cached = load_relaxed(&table->flags) & TABLE_CACHED; /* its deleted keys stay: no second entry then */
        if (cached || (last ? load_relaxed(&table->count) >= dict_table_capacity(table) : !has_front(table))) {
            if (!(last ? rebuild(t, d, table, false) : rebuild_with_front(t, d, table)))
                return -1;
            continue;
        }
        object_lock(&d->object);
        bool valid = d->table == table && present(e->value) && !(table->flags & TABLE_CACHED) &&
                     (last ? table->count < dict_table_capacity(table) : has_front(table));
        if (valid && e != dict_entry(table, last ? table->end - 1 : table->first)) {
            Value k = e->key, value = e->value;
            uint32_t front = table->first - 1;
            kill(d, table, e);
            if (last) {
                append(table, k, hash, value);
            } else {
                place(table, free_slot(table, hash), front, k, hash, value);
                store_moved(table);
                store_relaxed(&table->first, front);
            }
            count_key(d, 1);
        }
        object_unlock(&d->object);
        if (valid)
            return 1;
    }
}

bool dict_pop_first(Value dict, Value *key, Value *value) {
    DictObject *d = as_dict(dict);
    object_lock(&d->object);
    bool some = d->used > 0;
    if (some) {
        uint32_t first = d->table->first;
        while (absent(dict_entry(d->table, first)->value))
            first++;
        DictEntry *e = dict_entry(d->table, first);
        *key = e->key;
        *value = e->value;
        kill(d, d->table, e);
    }
    object_unlock(&d->object);
    return some;
}

void dict_clear(Thread *t, Value dict) {
    DictObject *d = as_dict(dict);
    while (unlikely(dict_is_attached(d)))
        if (attached_clear(d))
            return;
    object_lock(&d->object);
    if (d->table != &dict_empty_table) {
        store_release(&d->table, &dict_empty_table);
        store_relaxed(&d->used, 0);
        store_relaxed(&d->version, d->version + 1);
    }
    object_unlock(&d->object);
}

/* Whole dicts */

Value dict_new(Thread *t) {
    DictObject *d = heap_allocate(t, &dict_type, sizeof *d);
    if (!d)
        return NO_VALUE;
    d->table = &dict_empty_table;
    return from_object(d);
}

Value dict_new_sized(Thread *t, size_t expected) {
    Value dict = TRY(dict_new(t));
    if (expected) {
        DictTable *table = table_new(t, log2_size_for((expected * 3 + 1) / 2), false);
        if (!table)
            return NO_VALUE;
        install(as_dict(dict), table);
    }
    return dict;
}

/* A table with the same contents, and how many those are. Dense tables are copied as they are. */
static DictTable *table_copy(Thread *t, DictObject *d, size_t *used) {
    for (;;) {
        DictTable *table = load_acquire(&d->table);
        size_t expected = load_relaxed(&d->used);
        bool dense = expected == load_relaxed(&table->count);
        /* Waiting for the lock may be a safepoint, which finds all that is not zero. */
        bool filled = !dense || load_relaxed(&runtime_threaded);
        DictTable *fresh = table_make(t, dense ? table->log2_size : log2_size_for((expected * 3 + 1) / 2), table->general, filled);
        if (!fresh)
            return NULL;
        object_lock(&d->object);
        bool valid = d->table == table && d->used <= dict_table_capacity(fresh);
        if (valid && dense && d->used == table->count) {
            size_t bytes = (size_t)((char *)dict_entry(table, table->count) - (char *)&table->log2_size);
            memcpy(&fresh->log2_size, &table->log2_size, bytes);
            if (!filled)
                memset(dict_entry(fresh, table->count), 0,
                       (size_t)((char *)dict_entry(fresh, dict_table_capacity(fresh)) - (char *)dict_entry(fresh, table->count)));
            fresh->flags &= (uint8_t)~TABLE_CACHED;
            store_many(fresh);
        } else if (valid) {
            refill(fresh, table);
        }
        *used = d->used;
        object_unlock(&d->object);
        if (valid)
            return fresh;
    }
}

/* Makes an empty dict a copy of another. */
static bool copy_into(Thread *t, DictObject *to, DictObject *from) {
    size_t used;
    assert(!dict_is_attached(to));
    if (!dict_detach(t, from))
        return false;
    DictTable *table = table_copy(t, from, &used);
    if (!table)
        return false;
    object_lock(&to->object);
    bool valid = to->used == 0;
    if (valid) {
        install(to, table);
        store_relaxed(&to->used, used);
        store_relaxed(&to->version, to->version + 1);
    }
    object_unlock(&to->object);
    return valid;
}

Value dict_copy(Thread *t, Value dict) {
    while (unlikely(dict_is_attached(as_dict(dict)))) {
        Value copy = attached_copy(t, as_dict(dict));
        if (present(copy) || error_pending(t))
            return copy;
    }
    Value result = TRY(dict_new(t));
    if (dict_length(dict) != 0)
        CHECK(copy_into(t, as_dict(result), as_dict(dict)));
    return result;
}

bool dict_merge_dict(Thread *t, Value dict, Value other) {
    DictObject *from = as_dict(other);
    if (same(dict, other) || dict_length(other) == 0)
        return true;
    if (dict_is_attached(from)) { /* what a copy goes through is one step */
        other = dict_copy(t, other);
        if (absent(other))
            return false;
        from = as_dict(other);
    }
    if (dict_length(dict) == 0 && !dict_is_attached(as_dict(dict))) {
        if (copy_into(t, as_dict(dict), from))
            return true;
        if (error_pending(t))
            return false;
    }
    if (load_relaxed(&runtime_threaded)) { /* what other threads do to it meanwhile comes before or after, not between */
        other = dict_copy(t, other);
        if (absent(other))
            return false;
        from = as_dict(other);
    }
    DictTable *table = load_acquire(&from->table);
    size_t used = dict_length(other);
    if (used > dict_table_capacity(load_acquire(&as_dict(dict)->table)) && !dict_reserve(t, dict, used))
        return false;
    for (size_t i = load_relaxed(&table->first); i < load_acquire(&table->count); i++) {
        DictEntry *e = dict_entry(table, i);
        Value value = load(&e->value), key = load(&e->key);
        if (absent(value) || absent(key))
            continue;
        if (!dict_set_hashed(t, dict, key, dict_entry_hash(table, e, key), value))
            return false;
        if (load_acquire(&from->table) != table || dict_length(other) != used) {
            raise_error(t, &RuntimeError_type, "dict mutated during update");
            return false;
        }
    }
    return true;
}

bool dict_next(Value dict, size_t *position, Value *key, Value *value) {
    while (unlikely(dict_is_attached(as_dict(dict))))
        if (attached_item(as_dict(dict), *position, key, value)) {
            ++*position;
            return present(*key);
        }
    DictTable *table = load_acquire(&as_dict(dict)->table);
    size_t first = load_relaxed(&table->first);
    if (*position < first)
        *position = first;
    for (size_t count = load_acquire(&table->count); *position < count;) {
        DictEntry *e = dict_entry(table, (*position)++);
        Value v = load(&e->value), k = load(&e->key);
        if (present(v) && present(k)) {
            *key = k;
            *value = v;
            return true;
        }
    }
    return false;
}

int dict_equal(Thread *t, Value a, Value b) {
    if (dict_length(a) != dict_length(b))
        return 0;
    if (dict_is_attached(as_dict(a))) {
        a = dict_copy(t, a);
        if (absent(a))
            return -1;
    }
    DictTable *table = load_acquire(&as_dict(a)->table);
    for (size_t i = 0; i < load_acquire(&table->count); i++) {
        DictEntry *e = dict_entry(table, i);
        Value value = load(&e->value), key = load(&e->key);
        if (absent(value) || absent(key))
            continue;
        Value other = dict_get_hashed(t, b, key, dict_entry_hash(table, e, key));
        if (absent(other))
            return error_pending(t) ? -1 : 0;
        int equals = equal(t, value, other);
        if (equals <= 0)
            return equals;
    }
    return 1;
}

bool dict_adopt(Value dict, Value from) {
    DictObject *d = as_dict(dict);
    object_lock(&d->object);
    bool empty = d->used == 0 && d->table == &dict_empty_table;
    if (empty) {
        install(d, as_dict(from)->table);
        store_relaxed(&d->used, as_dict(from)->used);
        store_relaxed(&d->version, d->version + 1);
    }
    object_unlock(&d->object);
    if (empty) {
        dict_init_empty(from);
        as_dict(from)->used = 0;
    }
    return empty;
}

/* dict_new makes dicts of exactly type dict, type_allocate those of subclasses, without a table. */
void dict_init_empty(Value dict) { as_dict(dict)->table = &dict_empty_table; }

size_t dict_memory(Value dict) {
    DictTable *table = as_dict(dict)->table;
    return heap_cell_size(as_object(dict)) + (table == &dict_empty_table || table == &dict_attached_table ? 0 : heap_cell_size(&table->object));
}
