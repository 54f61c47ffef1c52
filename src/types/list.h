/* list: a published buffer of words.
 *
 * `storage` (a Slots cell, object/shape.h) is replaced by a larger copy with a release store, never edited under a
 * reader's feet: a reader that takes no lock loads storage once, bounds itself by its capacity and treats an empty
 * word as past the end. `length` is written after the item (release). Writers hold the object's lock.
 */
#pragma once
#include "object/shape.h"

typedef struct ListObject {
    Object object;
    Slots *storage; /* NULL when nothing was ever stored */
    size_t length;
} ListObject;

extern Type list_type, list_iterator_type, list_reverse_iterator_type;

static inline ListObject *as_list(Value v) { return (ListObject *)v.bits; }
Value list_new(Thread *t, size_t capacity);
Value list_from_values(Thread *t, const Value *items, size_t count);
bool list_append(Thread *t, Value list, Value item); /* false: MemoryError */
/* The same for a list that nobody else knows. */
static inline bool list_push(Thread *t, Value list, Value item) {
    Slots *s = as_list(list)->storage;
    size_t length = as_list(list)->length;
    if (unlikely(!s || length >= s->capacity))
        return list_append(t, list, item);
    store_appended(s, &s->items[length], item);
    as_list(list)->length = length + 1;
    return true;
}
bool list_extend(Thread *t, Value list, Value iterable);
bool list_reserve(Thread *t, Value list, size_t length); /* room for as many items; false: MemoryError */
bool list_insert(Thread *t, Value list, int64_t index, Value item);
/* Inserts at i if the items before and behind (absent: none) are still these: 1; 0: no; -1: no memory. */
int list_insert_between(Thread *t, Value list, size_t i, Value before, Value after, Value item);
static inline size_t list_length(Value v) { return load_dependent(&as_list(v)->length); }
/* Absent without exception: out of range. No negative indexes. */
static inline Value list_get(Value v, size_t i) {
    Slots *s = load_dependent(&as_list(v)->storage);
    return s && i < list_length(v) && i < s->capacity ? load(&s->items[i]) : NO_VALUE;
}
bool list_set(Thread *t, Value list, size_t i, Value item); /* false: out of range, no exception */
Value list_to_tuple(Thread *t, Value list);
bool list_sort(Thread *t, Value list, Value key, bool reverse); /* key absent: none */
bool list_reverse(Thread *t, Value list);
Value list_from_iterable(Thread *t, Value iterable);
