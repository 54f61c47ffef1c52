/* Hashing, equality and order of str, and interning.
 *
 * Interned strings live in two tables of the same kind: the runtime's, filled while the process starts and constant
 * afterwards, and one for each isolate. Neither forgets a string. A table is an open-addressing array that readers
 * probe without a lock; writers hold the isolate's intern mutex and replace the array when it fills up.
 */
#include "base/hash.h"
#include "base/utf8.h"
#include "object/errors.h"
#include "object/thread.h"
#include "types/str/str_layout.h"

#include <stdlib.h>

int64_t str_hash(Thread *t, Value v) {
    StrObject *s = as_str(v);
    int64_t hash = load_relaxed(&s->hash);
    if (likely(hash != -1))
        return hash;
    const uint64_t *secret = t->isolate->hash_secret;
    HashKey key = {secret[0], secret[1]};
    const void *data = str_data(t, v);
    if (unlikely(!data))
        return -1;
    hash = hash_bytes(key, data, str_length(v) * (size_t)str_kind(v));
    store_relaxed(&s->hash, hash);
    return hash;
}

/* One character of a str, found by descending its rope: for when there is no memory to flatten it. */
static uint32_t char_by_descent(Value v, size_t i) {
    for (;;) {
        const void *data = load_acquire(&as_str(v)->data);
        Value left = NO_VALUE, right = NO_VALUE;
        if (!data) {
            left = load(&as_str(v)->inline_start[0]);
            right = load(&as_str(v)->inline_start[1]);
            if (absent(left) || absent(right))
                data = load_acquire(&as_str(v)->data);
        }
        if (data)
            return str_char(data, str_kind(v), i);
        size_t middle = str_length(left);
        v = i < middle ? left : right;
        i -= i < middle ? 0 : middle;
    }
}

/* Comparing cannot fail, so it does without the flat characters when it must. */
static int compare_by_descent(Thread *t, Value a, Value b) {
    error_clear(t);
    size_t na = str_length(a), nb = str_length(b);
    for (size_t i = 0; i < na && i < nb; i++) {
        uint32_t x = char_by_descent(a, i), y = char_by_descent(b, i);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return na == nb ? 0 : na < nb ? -1 : 1;
}

bool str_equal(Thread *t, Value a, Value b) {
    if (same(a, b))
        return true;
    uint64_t fa = as_str(a)->length_flags, fb = as_str(b)->length_flags;
    uint64_t mask = ~(uint64_t)0xff | STR_KIND_MASK | STR_ASCII;
    if ((fa ^ fb) & mask)
        return false;
    if (str_is_interned(a) && str_is_interned(b))
        return false; /* they are unique in the isolate */
    Chars ca, cb;
    if (unlikely(!chars_of(t, a, &ca) || !chars_of(t, b, &cb)))
        return compare_by_descent(t, a, b) == 0;
    return memcmp(ca.data, cb.data, ca.length * (size_t)ca.kind) == 0;
}

bool str_equal_text(Value v, const char *ascii) {
    const void *data = load_acquire(&as_str(v)->data);
    size_t length = str_length(v);
    if (!str_is_ascii(v) || strlen(ascii) != length)
        return false;
    if (!data) {
        Thread *t = thread_current();
        data = str_data(t, v);
        if (!data) {
            error_clear(t);
            return false;
        }
    }
    return memcmp(data, ascii, length) == 0;
}

bool chars_equal(Chars a, Chars b) {
    if (a.length != b.length)
        return false;
    if (a.kind == b.kind)
        return bytes_same(a.data, b.data, a.length * (size_t)a.kind);
    for (size_t i = 0; i < a.length; i++)
        if (chars_get(&a, i) != chars_get(&b, i))
            return false;
    return true;
}

int str_compare(Thread *t, Value a, Value b) {
    Chars ca, cb;
    if (same(a, b))
        return 0;
    if (unlikely(!chars_of(t, a, &ca) || !chars_of(t, b, &cb)))
        return compare_by_descent(t, a, b);
    size_t n = ca.length < cb.length ? ca.length : cb.length;
    if (ca.kind == 1 && cb.kind == 1) {
        int order = memcmp(ca.data, cb.data, n);
        if (order)
            return order < 0 ? -1 : 1;
    } else {
        for (size_t i = 0; i < n; i++) {
            uint32_t x = chars_get(&ca, i), y = chars_get(&cb, i);
            if (x != y)
                return x < y ? -1 : 1;
        }
    }
    return ca.length == cb.length ? 0 : ca.length < cb.length ? -1 : 1;
}

/* Interning */

/* Behind the entries stand their tags, 32 bits of the hash each: a search reads these, not the strings, which lie all over
 * the memory. A tag is written after its entry; 0 is that of an empty one. */
typedef struct InternTable {
    Object object;
    size_t mask, used;
    Value entries[];
} InternTable;

static inline uint32_t *intern_tags(const InternTable *table) { return (uint32_t *)(table->entries + table->mask + 1); }
static inline uint32_t intern_tag(int64_t hash) { return (uint32_t)((uint64_t)hash >> 32) | 1; }

static void trace_intern_table(Tracer *tracer, Object *o) {
    InternTable *table = (InternTable *)o;
    trace_values(tracer, table->entries, table->mask + 1);
}

static Type intern_table_type = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type},
             .trace = trace_intern_table,
             .cell_flags = CELL_INTERNAL | CELL_UNTRACKED},
    .name_text = "intern table",
};

static InternTable *runtime_table;
static bool runtime_table_complete; /* the process has started: from now on the table is constant */

void str_runtime_names_complete(void) { runtime_table_complete = true; }

static Value table_find(Thread *t, const InternTable *table, Value v) {
    if (!table)
        return NO_VALUE;
    int64_t hash = str_hash(t, v);
    const uint32_t *tags = intern_tags(table), tag = intern_tag(hash);
    for (size_t i = (size_t)hash & table->mask;; i = (i + 1) & table->mask) {
        uint32_t found = load_acquire(&tags[i]);
        if (found == 0)
            return NO_VALUE;
        if (found != tag)
            continue;
        Value entry = load(&table->entries[i]);
        if (load_relaxed(&as_str(entry)->hash) == hash && str_equal(t, entry, v))
            return entry;
    }
}

/* The same for characters that are no str yet. */
static Value table_find_ascii(const InternTable *table, int64_t hash, const char *text, size_t length) {
    if (!table)
        return NO_VALUE;
    const uint32_t *tags = intern_tags(table), tag = intern_tag(hash);
    for (size_t i = (size_t)hash & table->mask;; i = (i + 1) & table->mask) {
        uint32_t found = load_acquire(&tags[i]);
        if (found == 0)
            return NO_VALUE;
        if (found != tag)
            continue;
        Value entry = load(&table->entries[i]);
        StrObject *s = as_str(entry);
        if (load_relaxed(&s->hash) == hash && str_is_ascii(entry) && str_length(entry) == length &&
            memcmp(load_acquire(&s->data), text, length) == 0)
            return entry;
    }
}

static void table_put(Thread *t, InternTable *table, Value v) {
    int64_t hash = str_hash(t, v);
    uint32_t *tags = intern_tags(table);
    size_t i = (size_t)hash & table->mask;
    while (tags[i]) i = (i + 1) & table->mask;
    store(table, &table->entries[i], v);
    store_release(&tags[i], intern_tag(hash));
    store_relaxed(&table->used, table->used + 1); /* others look at it without the lock */
}

static InternTable *table_grown(Thread *t, InternTable *table) {
    size_t size = table ? 2 * (table->mask + 1) : 4096;
    InternTable *grown =
        heap_allocate(t, &intern_table_type, sizeof *grown + size * (sizeof(Value) + sizeof(uint32_t)));
    if (!grown)
        return NULL;
    grown->mask = size - 1;
    for (size_t i = 0; table && i <= table->mask; i++)
        if (present(table->entries[i]))
            table_put(t, grown, table->entries[i]);
    return grown;
}

static inline bool table_full(const InternTable *table) { return !table || load_relaxed(&table->used) >= table->mask / 4 * 3; }

static InternTable *isolate_table(Thread *t) {
    return (InternTable *)load(&t->isolate->interned).bits;
}

static Value add_under_lock(Thread *t, Value v) {
    if (heap_thread(t)->immortal) {
        if (table_full(runtime_table)) {
            InternTable *grown = table_grown(t, runtime_table);
            if (!grown)
                return NO_VALUE;
            runtime_table = grown;
        }
    } else {
        Value found = table_find(t, isolate_table(t), v);
        if (present(found))
            return found;
    }
    fetch_or(&as_object(v)->meta, (uint32_t)META_FLAG_A); /* first: who finds it there asks whether it is interned */
    table_put(t, heap_thread(t)->immortal ? runtime_table : isolate_table(t), v);
    return v;
}

/* For one that was in no table a moment ago. An immortal one that comes late stays without a table: isolates may have
 * interned equal ones. Dicts know that such a key has to be compared. */
static Value intern_new(Thread *t, Value v) {
    if (heap_thread(t)->immortal && runtime_table_complete) {
        str_hash(t, v);
        return v;
    }
    for (;;) {
        /* The table is enlarged outside the lock: nothing is allocated while it is held. */
        bool immortal = heap_thread(t)->immortal;
        InternTable *table = isolate_table(t), *grown = NULL;
        size_t used = table ? load_relaxed(&table->used) : 0;
        if (!immortal && table_full(table) && !(grown = table_grown(t, table)))
            return NO_VALUE;
        mutex_lock(&t->isolate->intern_mutex);
        bool unchanged = isolate_table(t) == table && (!table || table->used == used);
        Value result = NO_VALUE;
        if (unchanged || immortal) {
            if (grown)
                store_release(&t->isolate->interned.bits, (uintptr_t)grown);
            result = add_under_lock(t, v);
        }
        mutex_unlock(&t->isolate->intern_mutex);
        if (unchanged || immortal)
            return result;
    }
}

Value str_intern(Thread *t, Value v) {
    if (str_is_interned(v))
        return v;
    if (str_length(v) == 0)
        return empty_str;
    const void *data = str_data(t, v);
    if (!data)
        return NO_VALUE;
    if (str_length(v) == 1 && str_kind(v) == 1)
        return str_from_char(t, *(const uint8_t *)data);
    Value found = table_find(t, runtime_table, v);
    if (present(found))
        return found;
    if (!heap_thread(t)->immortal && present(found = table_find(t, isolate_table(t), v)))
        return found;
    return intern_new(t, v);
}

Value str_interned_by_runtime(Thread *t, const char *text) {
    Value v = TRY(str_from_text(t, text));
    return str_length(v) < 2 ? v : table_find(t, runtime_table, v);
}

Value str_intern_ascii(Thread *t, const char *text, size_t length) {
    if (length < 2)
        return str_from_ascii(t, text, length);
    HashKey key = {t->isolate->hash_secret[0], t->isolate->hash_secret[1]};
    int64_t hash = hash_bytes(key, text, length);
    Value v = table_find_ascii(runtime_table, hash, text, length);
    if (present(v) || (!heap_thread(t)->immortal && present(v = table_find_ascii(isolate_table(t), hash, text, length))))
        return v;
    v = TRY(str_from_ascii(t, text, length));
    as_str(v)->hash = hash;
    return intern_new(t, v);
}

Value str_intern_text(Thread *t, const char *text) {
    size_t length = strlen(text);
    return ascii_prefix((const uint8_t *)text, length) == length ? str_intern_ascii(t, text, length)
                                                                 : str_intern(t, TRY(str_from_utf8(t, text, length)));
}
