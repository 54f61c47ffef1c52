/* tuple: immutable, inline. Items are filled in before anybody else sees the tuple. */
#pragma once
#include "heap/safepoint.h"
#include "object/object.h"

typedef struct TupleObject {
    Object object;
    size_t length;
    int64_t hash;   /* -1: not computed; idempotent */
    Value items[];
} TupleObject;

extern Type tuple_type;
extern Value empty_tuple;

static inline TupleObject *as_tuple(Value v) { return (TupleObject *)v.bits; }
static inline size_t tuple_length(Value v) { return as_tuple(v)->length; }
static inline Value tuple_get(Value v, size_t i) { return as_tuple(v)->items[i]; }
Value tuple_new(Thread *t, size_t length);  /* items absent: fill at once (tuple_set) */
/* NOBARRIER: only for a tuple that was allocated after the last safepoint; else use store(). */
/* heap_try_take_back (heap/safepoint.h) for a tuple. */
static inline void tuple_try_take_back(Thread *t, Value v) {
    size_t size = sizeof(TupleObject) + tuple_length(v) * sizeof(Value);
    if (likely(size <= 256))
        heap_try_take_back(t, (Object *)as_tuple(v), size);
}
static inline void tuple_set(Value v, size_t i, Value item) { as_tuple(v)->items[i] = item; }
Value tuple_from_values(Thread *t, const Value *items, size_t count);
Value tuple_pack(Thread *t, size_t count, ...); /* Values */
Value tuple_from_iterable(Thread *t, Value iterable);
Value tuple_slice(Thread *t, Value v, size_t start, size_t end);
bool tuple_hash(Thread *t, Value v, int64_t *hash); /* false: exception pending */
Value tuple_concat(Thread *t, Value a, Value b);

/* An attribute of named tuples. */
typedef struct TupleGetter {
    Object object;
    Value doc;
    int64_t index;
} TupleGetter;
extern Type tuplegetter_type;
