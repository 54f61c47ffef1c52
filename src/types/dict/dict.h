/* dict: compact, insertion-ordered, open addressing over a table of entries.
 *
 * `table` is a cell that holds the index and the entries. Two kinds: STRING tables (all keys exactly str; entries
 * {key, value}; the hash is read from the key) and GENERAL ones ({hash, key, value}).
 * Readers take no lock: they load `table` (acquire) and probe it. An entry's key slot is never reused for another key
 * before the table is rebuilt; deleting empties the value. Growing publishes a new table and leaves the old one
 * valid. Writers hold the object's lock, which is never held while __eq__ or __hash__ of Python code runs: such
 * a lookup restarts if the table or the key at the index changed meanwhile.
 * A dict that is attached to an instance (object/shape.h) has no table: its keys are the names of the instance's shape, and the
 * values lie in the instance. In place of its table stands dict_attached_table, which looks empty and full: quick ways give up. What
 * gets and sets keys, counts and goes through it works on the instance; all else detaches it first.
 * Inline caches hold the address of an entry's value, guarded by the table's address: DictEntry pointers stay valid as
 * long as their table cell is reachable.
 */
#pragma once
#include "object/object.h"

typedef struct DictTable DictTable; /* dict_layout.h */
typedef struct DictObject DictObject;

struct DictObject {
    Object object;
    DictTable *table; /* never NULL: an empty dict has a shared empty table */
    size_t used;      /* entries with a value */
    uint64_t version; /* changes when a key is added or removed; iterators check `used` as CPython does */
    Object *instance; /* that it is attached to; NULL once it has a table */
};

Value dict_view_copy(Thread *t, Value view); /* a view of the same kind of a copy of its dict; of dicts only */
extern Type dict_type, dict_keys_type, dict_values_type, dict_items_type;

static inline DictObject *as_dict(Value v) { return (DictObject *)v.bits; }
static inline size_t dict_length(Value v) { return load_relaxed(&as_dict(v)->used); }
Value dict_new(Thread *t);
Value dict_new_sized(Thread *t, size_t expected);
bool dict_reserve(Thread *t, Value dict, size_t more);            /* room for so many keys that are not there */
/* Absent with or without an exception (error_pending tells): error or not there. */
Value dict_get(Thread *t, Value dict, Value key);
Value dict_get_hashed(Thread *t, Value dict, Value key, int64_t hash);
/* Keys that are interned str: never fails, no exception. */
Value dict_get_str(Value dict, Value interned_key);
/* Where the key's value is, as long as no key is added or removed; NULL: nowhere. */
Value *dict_str_place(Value dict, Value interned_key);
/* The same for a name in a namespace where anybody may have put keys that are no str but equal one: these are asked. */
Value dict_get_name(Thread *t, Value dict, Value interned_key);
Value dict_get_text(Thread *t, Value dict, const char *key);
bool dict_set(Thread *t, Value dict, Value key, Value value);
bool dict_set_hashed(Thread *t, Value dict, Value key, int64_t hash, Value value);
/* The same, if it takes no memory, runs no Python code and cannot fail; false: nothing was done. */
bool dict_try_set(Value dict, Value key, int64_t hash, Value value);
bool dict_set_text(Thread *t, Value dict, const char *key, Value value);
int dict_delete(Thread *t, Value dict, Value key);          /* 1 deleted, 0 not there, -1 error */
Value dict_pop(Thread *t, Value dict, Value key);           /* absent with or without exception */
Value dict_setdefault(Thread *t, Value dict, Value key, Value value); /* atomic; the value now there */
/* Atomic: what is there goes to *existing, which is absent if there was nothing and the value was added; false: error. */
bool dict_add_hashed(Thread *t, Value dict, Value key, int64_t hash, Value value, Value *existing);
/* Atomic: 1 replaced, 0 what is there is not (or no longer) `expected`, -1 error. */
int dict_replace_hashed(Thread *t, Value dict, Value key, int64_t hash, Value expected, Value value);
int dict_contains(Thread *t, Value dict, Value key);
void dict_clear(Thread *t, Value dict);
Value dict_copy(Thread *t, Value dict);
bool dict_update(Thread *t, Value dict, Value other);       /* mapping or iterable of pairs */
/* Keyword-call merging: TypeError "got multiple values for keyword argument" needs the callee. */
bool dict_merge_unique(Thread *t, Value dict, Value mapping, Value callee);
/* Iteration in order: start with *position = 0; false at the end. Safe while values change. */
/* The dict whose keys or values an iteration over `iterable` gives, one after another; absent: it is not so simple. */
Value dict_iterated(Value iterable, bool *values);
bool dict_next(Value dict, size_t *position, Value *key, Value *value);
Value dict_keys_list(Thread *t, Value dict);
Value dict_values_list(Thread *t, Value dict);
Value dict_items_list(Thread *t, Value dict);

/* For inline caches: the address of the value word for an interned key, in the current table (returned in *table).
 * NULL: not there. With create, an entry with an empty value is made ("absent here, look in builtins"); such an
 * entry is invisible to everything else. */
Value *dict_value_slot(Thread *t, Value dict, Value interned_key, bool create, DictTable **table);
