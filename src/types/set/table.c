/* set and frozenset, the engine. See set_internal.h for the table; the way of working is that of dict/table.c. */
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/dict/dict_layout.h"
#include "types/iterator.h"
#include "types/list_iterator.h"
#include "types/set/set_probe.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <assert.h>

enum { QUICK_GROWTH_BELOW = 50000 };

static void trace_table(Tracer *tracer, Object *o) {
    SetTable *table = (SetTable *)o;
    for (size_t i = 0; table->has_objects && i <= table->mask; i++)
        if (is_object(table->entries[i].key))
            trace_value(tracer, table->entries[i].key);
}

static Type set_table_type = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type},
             .trace = trace_table,
             .cell_flags = CELL_INTERNAL},
    .name_text = "set_table",
    .instance_size = sizeof(SetTable),
};

alignas(16) static SetTable empty_table = {.object = {.meta = META_IMMORTAL, .type = &set_table_type},
                                           .mask = MIN_SIZE - 1,
                                           .entries = {[MIN_SIZE - 1] = {.hash = 0}}};
SetTable *const set_empty_table = &empty_table;

/* `filled`: zeroed; else the caller writes all entries before the next safepoint. */
static SetTable *table_make(Thread *t, size_t size, bool filled) {
    if (size > SIZE_MAX / 64) {
        raise_no_memory(t);
        return NULL;
    }
    SetTable *table = (filled ? heap_allocate : heap_allocate_unfilled)(t, &set_table_type, sizeof *table + size * sizeof(SetEntry));
    if (table) {
        table->mask = size - 1;
        table->fill = table->insertions = 0;
        table->has_objects = false;
    }
    return table;
}

static SetTable *table_new(Thread *t, size_t size) { return table_make(t, size, true); }

/* The smallest size above `minimum`. */
static size_t size_above(size_t minimum) {
    size_t size = MIN_SIZE;
    while (size <= minimum)
        size <<= 1;
    return size;
}

static size_t grown(size_t used) { return size_above(used > QUICK_GROWTH_BELOW ? used * 2 : used * 4); }

bool set_key_hash_slow(Thread *t, Value key, int64_t *hash) {
    if (dict_key_hash(t, key, hash))
        return true;
    if (present(t->exception) && type_of(t->exception) == &TypeError_type) {
        Value reason = error_take(t), name = qualified_type_name(t, key);
        if (present(name))
            raise_type_error(t, "cannot use '%S' as a set element (%S)", name, reason);
    }
    return false;
}

static void install(SetObject *s, SetTable *table) {
    publish_into(s, from_object(table));
    store_release(&s->table, table);
    store_moved(s);
}

/* `to` is new: nothing is in it that could be equal or deleted. */
static void refill(SetTable *to, SetTable *from) {
    size_t count = 0;
    for (size_t i = 0; i <= from->mask; i++) {
        SetEntry entry = from->entries[i];
        if (absent(entry.key))
            continue;
        SetProbe p = probe_start(to, entry.hash);
        while (present(to->entries[p.entry].key))
            probe_next(&p);
        to->entries[p.entry] = entry;
        count++;
    }
    to->fill += count;
    to->insertions += count;
    to->has_objects |= from->has_objects;
    store_moved(to); /* waiting for the lock may have let a collection pass */
}

/* Replaces `old`; true also when another thread was faster. */
static bool rebuild(Thread *t, SetObject *s, SetTable *old, size_t size) {
    SetTable *fresh = table_new(t, size);
    if (!fresh)
        return false;
    object_lock(&s->object);
    if (s->table == old && s->used * 5 < fresh->mask * 4) {
        if (old != set_empty_table)
            refill(fresh, old);
        mark_published_as(s, fresh);
        install(s, fresh);
    }
    object_unlock(&s->object);
    return true;
}

typedef enum Found { FOUND, MISSING, FAILED, RESTART } Found;

/* *found: the key that the entry had. *entry: the key's or, if it is MISSING, where it would go: the last deleted one on
 * the way, else an empty one. */
static Found find(Thread *t, SetObject *s, SetTable *table, Value key, int64_t hash, SetEntry **entry, Value *found) {
    bool text = is_exactly(key, &str_type);
    SetProbe p = probe_start(table, hash);
    SetEntry *vacant = NULL;
    for (;; probe_next(&p)) {
        SetEntry *e = *entry = &table->entries[p.entry];
        Value k = *found = load(&e->key);
        int64_t h = load_acquire(&e->hash);
        if (absent(k)) {
            if (h == 0) {
                if (vacant)
                    *entry = vacant;
                return MISSING;
            }
            if (h == DELETED && (hash != 0 || !load_relaxed(&runtime_threaded)))
                vacant = e;
            continue;
        }
        if (h != hash)
            continue;
        if (same(k, key))
            return FOUND;
        if (is_small_int(k) && is_small_int(key))
            continue;
        if (text && is_exactly(k, &str_type)) {
            int equal = str_short_equal(k, key);
            if (equal > 0 || (equal < 0 && str_equal(t, k, key)))
                return FOUND;
            continue;
        }
        int equals = dict_keys_equal_at_once(k, key);
        if (equals < 0 && (equals = compare_true(t, COMPARE_EQ, k, key)) < 0)
            return FAILED;
        if (load_acquire(&s->table) != table || !same(load(&e->key), k))
            return RESTART;
        if (equals)
            return FOUND;
    }
}

int set_contains_hashed(Thread *t, Value set, Value key, int64_t hash) {
    SetEntry *e;
    SetTable *table = load_acquire(&as_set(set)->table);
    int at_once = is_own(as_set(set)) ? find_at_once(table, key, hash, &e) : set_has_at_once(table, key, hash);
    if (at_once >= 0)
        return at_once;
    Value there;
    for (;;) {
        Found found = find(t, as_set(set), load_acquire(&as_set(set)->table), key, hash, &e, &there);
        if (found != RESTART)
            return found == FAILED ? -1 : found == FOUND;
    }
}

bool set_add_hashed(Thread *t, Value set, Value key, int64_t hash) {
    SetObject *s = as_set(set);
    if (load_acquire(&s->table) == set_empty_table && !rebuild(t, s, set_empty_table, MIN_SIZE))
        return false;
    if (likely(is_own(s))) { /* asked after what may be a safepoint */
        SetTable *table = s->table;
        SetEntry *e;
        size_t fill = table->fill;
        int found = fill < table->mask ? find_at_once(table, key, hash, &e) : -1;
        if (found > 0)
            return true;
        if (found == 0) {
            insert_into(s, e, key, hash);
            return table->fill == fill || (fill + 1) * 5 < table->mask * 3 || rebuild(t, s, table, grown(s->used));
        }
    }
    for (;;) {
        SetTable *table = load_acquire(&s->table);
        size_t insertions = load_acquire(&table->insertions), fill = load_relaxed(&table->fill);
        SetEntry *e;
        Value there;
        Found found = find(t, s, table, key, hash, &e, &there);
        if (found == FOUND || found == FAILED)
            return found == FOUND;
        if (found == RESTART)
            continue;
        if (table == set_empty_table || fill >= table->mask) {
            if (!rebuild(t, s, table, table == set_empty_table ? MIN_SIZE : grown(load_relaxed(&s->used))))
                return false;
            continue;
        }
        object_lock(&s->object);
        bool valid = s->table == table && table->insertions == insertions;
        bool reused = false;
        if (valid) {
            insert_into(s, e, key, hash);
            reused = table->fill == fill;
        }
        object_unlock(&s->object);
        if (valid)
            return reused || (fill + 1) * 5 < table->mask * 3 || rebuild(t, s, table, grown(load_relaxed(&s->used)));
    }
}

static bool add_values(Thread *t, Value set, const Value *items, size_t count) {
    if (count && load_acquire(&as_set(set)->table) == set_empty_table && !rebuild(t, as_set(set), set_empty_table, MIN_SIZE))
        return false;
    for (size_t i = 0; i < count; i++) {
        int64_t hash;
        if (!set_key_hash(t, items[i], &hash) || !set_add_hashed(t, set, items[i], hash))
            return false;
    }
    return true;
}

Value set_from_values(Thread *t, const Value *items, size_t count) {
    Value set = TRY(set_allocate(t, &set_type));
    return add_values(t, set, items, count) ? set : NO_VALUE;
}

int set_discard_hashed(Thread *t, Value set, Value key, int64_t hash) {
    SetObject *s = as_set(set);
    for (;;) {
        SetTable *table = load_acquire(&s->table);
        SetEntry *e;
        Value there;
        Found found = find(t, s, table, key, hash, &e, &there);
        if (found == FAILED || found == MISSING)
            return found == FAILED ? -1 : 0;
        if (found == RESTART)
            continue;
        object_lock(&s->object);
        bool valid = s->table == table && same(e->key, there);
        if (valid)
            empty_entry(s, e);
        object_unlock(&s->object);
        if (valid)
            return 1;
    }
}

Value set_take_any(Value set) {
    SetObject *s = as_set(set);
    Value key = NO_VALUE;
    object_lock(&s->object);
    if (s->used) {
        SetTable *table = s->table;
        size_t i = s->finger & table->mask;
        while (absent(table->entries[i].key))
            i = (i + 1) & table->mask;
        key = table->entries[i].key;
        empty_entry(s, &table->entries[i]);
        s->finger = i + 1;
    }
    object_unlock(&s->object);
    return key;
}

void set_clear(Value set) {
    SetObject *s = as_set(set);
    object_lock(&s->object);
    store_release(&s->table, set_empty_table);
    store_relaxed(&s->used, 0);
    object_unlock(&s->object);
}

bool set_next_hashed(Value set, size_t *position, Value *key, int64_t *hash) { return next_hashed(set, position, key, hash); }

bool set_next(Value set, size_t *position, Value *item) {
    int64_t hash;
    return next_hashed(set, position, item, &hash);
}

/* Room for `more` further items, as a merge makes it. */
bool set_reserve(Thread *t, Value set, size_t more) {
    SetObject *s = as_set(set);
    SetTable *table = load_acquire(&s->table);
    if ((load_relaxed(&table->fill) + more) * 5 < table->mask * 3)
        return true;
    return rebuild(t, s, table, size_above((load_relaxed(&s->used) + more) * 2));
}

/* A set without entries becomes a copy of another one: the same table if that has nothing deleted, or at once the table that
 * room for `more` items would make of it. 1 done, 0 the sets changed meanwhile, -1 error. */
static int copy_into(Thread *t, SetObject *s, SetObject *other, size_t more) {
    SetTable *mine = load_acquire(&s->table), *from = load_acquire(&other->table);
    size_t used = load_relaxed(&other->used);
    size_t size = used * 5 < mine->mask * 3 ? mine->mask + 1 : size_above(used * 2);
    bool same_table = size == from->mask + 1 && load_relaxed(&from->fill) == used && !load_relaxed(&runtime_threaded);
    if (same_table && more && (used + more) * 5 >= from->mask * 3) {
        size = size_above((used + more) * 2);
        same_table = size == from->mask + 1;
    }
    SetTable *fresh = table_make(t, size, !same_table);
    if (!fresh)
        return -1;
    object_lock(&other->object);
    bool valid = other->table == from && other->used * 5 < fresh->mask * 4;
    if (valid && fresh->mask == from->mask && from->fill == other->used) {
        memcpy(fresh->entries, from->entries, (fresh->mask + 1) * sizeof(SetEntry));
        fresh->has_objects = from->has_objects;
        fresh->fill = fresh->insertions = from->fill;
    } else if (valid) {
        refill(fresh, from);
    }
    object_unlock(&other->object);
    store_many(fresh);
    object_lock(&s->object);
    valid = valid && s->table == mine && mine->fill == 0;
    if (valid) {
        install(s, fresh);
        store_relaxed(&s->used, fresh->fill);
    }
    object_unlock(&s->object);
    return valid;
}

bool set_merge(Thread *t, Value set, Value other) {
    if (same(set, other) || set_length(other) == 0)
        return true;
    if (load_relaxed(&load_acquire(&as_set(set)->table)->fill) == 0) {
        int copied = copy_into(t, as_set(set), as_set(other), 0);
        if (copied != 0)
            return copied > 0;
    }
    if (!set_reserve(t, set, set_length(other)))
        return false;
    SetTable *table = load_acquire(&as_set(other)->table);
    for (size_t i = 0; i <= table->mask; i++) {
        Value key;
        int64_t hash;
        if (read_entry(&table->entries[i], &key, &hash) && !add_hashed(t, set, key, hash))
            return false;
    }
    return true;
}

static inline bool add_item(Thread *t, Value set, Value item) {
    int64_t hash;
    return set_key_hash(t, item, &hash) && add_hashed(t, set, item, hash);
}

static bool add_list(Thread *t, Value set, Value list) {
    Value item;
    for (size_t i = 0; present(item = list_get(list, i)); i++)
        if (!add_item(t, set, item))
            return false;
    return true;
}

static bool add_characters(Thread *t, Value set, Value text) {
    const void *data = str_data(t, text);
    for (size_t i = 0; data && i < str_length(text); i++) {
        Value c = str_from_char(t, str_char(data, str_kind(text), i));
        if (absent(c) || !add_item(t, set, c))
            return false;
    }
    return data != NULL;
}

typedef struct SetConsumer {
    Consumer consumer;
    Value set;
} SetConsumer;

static bool take_adding(Thread *t, Consumer *c, Value item) {
    int64_t hash;
    return key_hash_at_hand(item, &hash) && !load_relaxed(&runtime_threaded) && add_at_once(as_set(((SetConsumer *)c)->set), item, hash);
}

static bool add_iterated(Thread *t, Value set, Value iterable) {
    Value it = get_iterator(t, iterable), item;
    if (absent(it))
        return false;
    SetConsumer c = {{take_adding}, set};
    while (present(item = iterator_feed(t, it, &c.consumer)))
        if (!add_item(t, set, item))
            return false;
    return !error_pending(t);
}

bool set_update(Thread *t, Value set, Value iterable) {
    if (is_set(iterable))
        return set_merge(t, set, iterable);
    iterable = iterable_at_once(t, iterable);
    if (absent(iterable))
        return false;
    if (is_exactly(iterable, &tuple_type))
        return add_values(t, set, as_tuple(iterable)->items, tuple_length(iterable));
    if (is_exactly(iterable, &list_type))
        return add_list(t, set, iterable);
    if (is_exactly(iterable, &str_type))
        return add_characters(t, set, iterable);
    if (!is_exactly(iterable, &dict_type))
        return add_iterated(t, set, iterable);
    if (dict_length(iterable) && !set_reserve(t, set, dict_length(iterable)))
        return false;
    if (!dict_detach(t, as_dict(iterable)))
        return false;
    DictTable *table = load_acquire(&as_dict(iterable)->table);
    for (size_t i = 0; i < load_acquire(&table->count); i++) {
        DictEntry *e = dict_entry(table, i);
        Value value = load(&e->value), key = load(&e->key);
        if (present(value) && present(key) && !set_add_hashed(t, set, key, dict_entry_hash(table, e, key)))
            return false;
    }
    return true;
}

/* Exchanges the contents of two sets of which only `a` is known to others. */
void set_swap_contents(Value a, Value b) {
    SetObject *x = as_set(a), *y = as_set(b);
    object_lock(&x->object);
    SetTable *table = x->table;
    size_t used = x->used;
    install(x, y->table);
    store_relaxed(&x->used, y->used);
    object_unlock(&x->object);
    install(y, table);
    y->used = used;
}

bool set_tidy(Thread *t, Value set) {
    SetObject *s = as_set(set);
    SetTable *table = load_acquire(&s->table);
    size_t used = load_relaxed(&s->used);
    return load_relaxed(&table->fill) - used <= table->mask / 4 || rebuild(t, s, table, grown(used));
}

/* C interface */

Value set_allocate(Thread *t, Type *type) {
    SetObject *s = type == &set_type || type == &frozenset_type ? heap_allocate(t, type, sizeof *s) : type_allocate(t, type);
    if (!s)
        return NO_VALUE;
    s->table = set_empty_table;
    s->hash = -1;
    return from_object(s);
}

Value set_new(Thread *t) { return set_allocate(t, &set_type); }
Value frozenset_new(Thread *t) { return set_allocate(t, &frozenset_type); }

Value set_copy_for_union(Thread *t, Type *type, Value set, size_t more) {
    Value copy = TRY(set_allocate(t, type));
    int copied = set_length(set) ? copy_into(t, as_set(copy), as_set(set), more) : 1;
    CHECK(copied > 0 || (copied == 0 && set_merge(t, copy, set)));
    return copy;
}

Value set_from_iterable(Thread *t, Type *type, Value iterable) {
    Value set = TRY(set_allocate(t, type));
    CHECK(absent(iterable) || set_update(t, set, iterable));
    return set;
}

bool set_add(Thread *t, Value set, Value item) { return add_item(t, set, item); }

int set_contains(Thread *t, Value set, Value item) {
    int64_t hash;
    return set_key_hash(t, item, &hash) ? set_contains_hashed(t, set, item, hash) : -1;
}

int set_discard(Thread *t, Value set, Value item) {
    int64_t hash;
    return set_key_hash(t, item, &hash) ? discard_hashed(t, set, item, hash) : -1;
}

size_t set_length(Value set) { return load_relaxed(&as_set(set)->used); }

size_t set_memory(Value set) {
    SetTable *table = as_set(set)->table;
    return heap_cell_size(as_object(set)) + (table == set_empty_table ? 0 : heap_cell_size(&table->object));
}
