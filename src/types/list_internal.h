/* What the files of list share among themselves. */
#pragma once
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"

/* The items of a list at one moment, for as long as no other thread and no Python code can change it; when the
 * process has several threads, those of a copy that *keep holds. NULL with *count > 0: MemoryError pending. */
const Value *list_snapshot(Thread *t, Value list, size_t *count, Value *keep);

extern Type list_storage_type;
Slots *list_storage_new(Thread *t, size_t capacity);
Value list_iterator_new(Thread *t, Value list);
Value list_iter(Thread *t, Value *args);
Value list_reversed(Thread *t, Value *args);

/* Comparing these runs no Python code. */
static inline bool is_plain_key(Value v) { return !is_object(v) || is_exactly(v, &int_type) || is_exactly(v, &str_type); }

/* A position argument as index() takes it: clipped, with the message of slices. */
bool sequence_position(Thread *t, Value v, int64_t *out);
/* Python's comparison of two sequences, given access to their items. */
Value sequence_compare(Thread *t, Value a, Value b, int op, size_t (*length)(Value), Value (*get)(Value, size_t));
