/* The iterators that iter() makes by itself, over __getitem__ with 0, 1, 2... and over a callable with a sentinel; and
 * the iterators that are built-in types of their own. */
#pragma once
#include "object/object.h"

/* A step of an iterator over storage happens as one, so that threads which share an iterator get each item once. An
 * iterator belongs to the thread that made it (`owner`) until another uses it: that one stops the world for a moment to
 * take it away, and from then on (owner NULL) a step holds the object's lock. Since nothing else changes `owner` a look at it
 * decides. Between begin and end there is no safepoint, no allocation and no Python code. */
static inline bool step_is_own(const Thread *t, Thread *const *owner) { return UNTHREADED || likely(load_relaxed(owner) == t); }
bool step_begin_shared(Thread *t, Object *iterator, Thread **owner);
static inline bool step_begin(Thread *t, Object *iterator, Thread **owner) { /* what step_end must be told */
    return !step_is_own(t, owner) && step_begin_shared(t, iterator, owner);
}
static inline void step_end(Object *iterator, bool locked) {
    if (unlikely(locked))
        object_unlock(iterator);
}

extern Type sequence_iterator_type, callable_iterator_type;
Value sequence_iterator_new(Thread *t, Value sequence);
Value callable_iterator_new(Thread *t, Value callable, Value sentinel);

/* Whether its steps neither run Python code nor wait: of the iterators over built-in containers. CPython's lock makes one step of
 * several of them. */
bool iterator_is_plain(Value iterator);

/* For C code that goes through all of an iterable: if that is a dict, a view of one or a set which other threads may be
 * changing, a copy of it as it is at one moment, of the same type. */
Value iterable_at_once(Thread *t, Value iterable);
Value iterator_at_once(Thread *t, Value iterable); /* an iterator over that */

extern Type enumerate_type, reversed_type, zip_type, map_type, filter_type;
/* One step of an iterator over pairs, without making the tuple: 1, 0 at the end, -1 with an exception pending. */
typedef int (*NextPairFn)(Thread *t, Value iterator, Value *first, Value *second);
int enumerate_next_pair(Thread *t, Value iterator, Value *first, Value *second);
int zip_next_pair(Thread *t, Value iterator, Value *first, Value *second); /* of two iterables: zip_has_pairs */
bool zip_has_pairs(Value zip);
int dict_items_next_pair(Thread *t, Value iterator, Value *first, Value *second);
NextPairFn next_pair_of(Value iterator); /* NULL: not of those whose items are all pairs */
extern Type dict_item_iterator_type, dict_key_iterator_type, dict_value_iterator_type;
/* What __reduce__ of iterators names: an attribute of builtins. */
Value iterator_builtin(Thread *t, Value name);
Value iterator_self(Thread *t, Value *args); /* __iter__ of every iterator */
