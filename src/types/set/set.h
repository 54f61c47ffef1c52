/* set and frozenset: open addressing; storage rules as for dict (published tables, locked writers).
 * frozenset caches its hash. */
#pragma once
#include "object/object.h"

extern Type set_type, frozenset_type;
Value set_new(Thread *t);
Value frozenset_new(Thread *t);
Value set_from_iterable(Thread *t, Type *type, Value iterable); /* iterable absent: empty */
Value set_from_values(Thread *t, const Value *items, size_t count);
bool set_add(Thread *t, Value set, Value item);
int set_contains(Thread *t, Value set, Value item); /* 1, 0, -1 */
int set_discard(Thread *t, Value set, Value item);  /* 1 removed, 0 not there, -1 error */
int64_t frozenset_hash(Value set);
size_t set_length(Value set);
bool set_next(Value set, size_t *position, Value *item); /* start with *position = 0 */
static inline bool is_set(Value v) { return has_type_flag(v, TYPE_SET); }
