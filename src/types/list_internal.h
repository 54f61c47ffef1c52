/* What the files of list share among themselves. */
#pragma once
#include "object/operators.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"

/* The items of a list at one moment, for as long as no other thread and no Python code can change it; when the
 * process has several threads, those of a copy that *keep holds. NULL with *count > 0: MemoryError pending. */
const Value *list_snapshot(Thread *t, Value list, size_t *count, Value *keep);

extern Type list_storage_type;
Slots *list_storage_new(Thread *t, size_t capacity);
/* A new list with room for `count` items, which the caller writes before the next safepoint. */
Value list_to_fill(Thread *t, size_t count, Value **items);
/* Under the lock. What is in the storage the list holds already, or it is nobody else's. */
void list_install(ListObject *l, Slots *storage);
/* Gives memory back when three quarters of it are unused. */
enum { LIST_SHRINK_ABOVE = 64 }; /* items */
void list_shrink(Thread *t, ListObject *l);
/* Takes the item at i out. The lock is held, i < length. */
Value list_take_item(ListObject *l, size_t i);
/* list[low:high] = items, bounds clamped to the list; low SIZE_MAX: at its end. */
bool list_splice(Thread *t, Value list, size_t low, size_t high, const Value *items, size_t count);
bool list_splice_sequence(Thread *t, Value list, size_t low, size_t high, Value sequence); /* list or tuple */
/* The items of a list or tuple at one moment: see list_snapshot. */
const Value *list_items_of(Thread *t, Value sequence, size_t *count, Value *keep);
/* Items i, i+step, ... as a new list. */
Value list_copy_range(Thread *t, Value list, int64_t start, int64_t step, int64_t count);

static inline void list_clear_words(Value *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        store_release(&words[i].bits, 0);
}

/* Where nobody else can see the list: appends if there is room and the collector need not be told. */
static inline bool list_append_at_once(ListObject *l, Value item) {
    if (unlikely(!is_own(l)))
        return false;
    Slots *s = l->storage;
    size_t length = l->length;
    if (!s || length >= s->capacity || must_log_appended(s))
        return false;
    store_release(&s->items[length].bits, item.bits); /* NOBARRIER: asked above */
    store_release(&l->length, length + 1);
    return true;
}
/* list_append where that declines. */
bool list_append_with_room(Thread *t, Value list, Value item);

Value list_iterator_new(Thread *t, Value list);
Value list_iter(Thread *t, Value *args);
Value list_reversed(Thread *t, Value *args);

/* Comparing these runs no Python code. */
static inline bool is_plain_key(Value v) { return !is_object(v) || is_exactly(v, &int_type) || is_exactly(v, &str_type); }

/* A position argument as index() takes it: clipped, with the message of slices. */
bool sequence_position(Thread *t, Value v, int64_t *out);
/* Python's comparison of two sequences, given access to their items. */
Value sequence_compare(Thread *t, Value a, Value b, int op, size_t (*length)(Value), Value (*get)(Value, size_t));

/* Whether two items are equal, if that is clear without a call: 1, 0, or -1. */
static inline int items_equal_at_once(Value x, Value y) {
    if (same(x, y))
        return 1;
    if (is_small_int(x) && is_small_int(y))
        return 0;
    return is_exactly(x, &str_type) && is_exactly(y, &str_type) ? str_short_equal(x, y) : -1;
}

[[gnu::always_inline]] static inline Value sequence_compare_inline(Thread *t, Value a, Value b, int op, size_t (*length)(Value),
                                                                   Value (*get)(Value, size_t)) {
    if (length(a) != length(b) && (op == COMPARE_EQ || op == COMPARE_NE))
        return from_bool(op == COMPARE_NE);
    for (size_t i = 0;; i++) {
        Value x = get(a, i), y = get(b, i);
        if (absent(x) || absent(y))
            break;
        int equals = items_equal_at_once(x, y);
        if (equals < 0 && (equals = equal(t, x, y)) < 0)
            return NO_VALUE;
        if (equals == 0 && (i >= length(a) || i >= length(b)))
            break; /* the comparison took items away */
        if (equals == 0 && (op == COMPARE_EQ || op == COMPARE_NE))
            return from_bool(op == COMPARE_NE);
        if (equals == 0 && is_small_int(x) && is_small_int(y)) {
            bool less = (int64_t)x.bits < (int64_t)y.bits;
            return from_bool(op == COMPARE_LT || op == COMPARE_LE ? less : !less);
        }
        if (equals == 0)
            return compare(t, (Comparison)op, x, y);
    }
    size_t la = length(a), lb = length(b);
    bool result = op == COMPARE_LT   ? la < lb
                  : op == COMPARE_LE ? la <= lb
                  : op == COMPARE_EQ ? la == lb
                  : op == COMPARE_NE ? la != lb
                  : op == COMPARE_GT ? la > lb
                                     : la >= lb;
    return from_bool(result);
}
