/* The wrapper that functools.lru_cache makes: unbounded, bounded with the least recently used entry dropped, or none.
 *
 * Invariants: `cache` maps keys to results (unbounded) or to Link cells (bounded); the links in the ring around `root`
 * are those in the dict, oldest after the root.
 * Threads: the dict has its own contract; the ring is edited under the wrapper's object lock, no Python code runs
 * there. A link knows whether it is in the ring, so that two threads dropping the same one do it once. Two threads that
 * miss on the same key both call the function, as in CPython.
 */
#include "modules/functools/functools.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/dict/dict_layout.h"
#include "types/int/int.h"
#include "types/method.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <assert.h>

typedef struct Link {
    Object object;
    Value previous, next; /* links */
    Value key, result;
    bool linked;
} Link;

typedef struct LruCache {
    Object object;
    Value function, cache, info_type, root, keyword_mark;
    int64_t max_size; /* -1: unbounded */
    int64_t hits, misses;
    bool typed;
} LruCache;
extern Type link_type;

static LruCache *as_cache(Value v) { return (LruCache *)v.bits; }
static Link *as_link(Value v) { return (Link *)v.bits; }

static void link_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((Link *)o)->previous, 4); }
static void cache_trace(Tracer *tracer, Object *o) {
    trace_values(tracer, &((LruCache *)o)->function, 5);
    instance_trace(tracer, o);
}

MODULE_TYPE(link_type, _functools) = {
    STATIC_TYPE_HEAD(link_trace, NULL),
    .head.cell_flags = CELL_INTERNAL,
    .name_text = "functools._lru_list_elem",
    .base_static = &object_type,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(Link),
};

static Value link_new(Thread *t, Value key, Value result) {
    Link *link = heap_allocate(t, &link_type, sizeof *link);
    CHECK(link != NULL);
    link->key = key; /* NOBARRIER: just allocated */
    link->result = result;
    return from_object(link);
}

/* The ring; the wrapper's lock is held. */

/* A link that is dropped refers to none: an old one, not yet found dead, would keep all that came after it alive. */
static void ring_remove(LruCache *c, Link *link) {
    assert(lock_held(&c->object));
    if (!link->linked)
        return;
    store(as_link(link->previous), &as_link(link->previous)->next, link->next);
    store(as_link(link->next), &as_link(link->next)->previous, link->previous);
    store(link, &link->previous, NO_VALUE);
    store(link, &link->next, NO_VALUE);
    link->linked = false;
}

static void ring_append(LruCache *c, Link *link) {
    assert(lock_held(&c->object));
    Link *root = as_link(c->root), *last = as_link(root->previous);
    store(link, &link->previous, from_object(last));
    store(link, &link->next, from_object(root));
    store(last, &last->next, from_object(link));
    store(root, &root->previous, from_object(link));
    link->linked = true;
}

static void ring_clear(LruCache *c) {
    Link *root = as_link(c->root);
    store(root, &root->previous, c->root);
    store(root, &root->next, c->root);
}

/* Keys: one int or str argument is its own key, else a tuple of everything. Most calls find theirs and need no tuple of
 * their own: they look with one on the C stack, which only dict's search sees and, beneath it, comparisons of items. */
enum { FEW_ITEMS = 8 };
typedef struct KeyOnStack {
    alignas(16) char bytes[sizeof(TupleObject) + FEW_ITEMS * sizeof(Value)];
} KeyOnStack;

static bool is_own_key(const LruCache *c, const Value *args, size_t nargs, size_t named) {
    return !c->typed && named == 0 && nargs == 1 && (is_exactly(args[0], &str_type) || is_exactly(args[0], &int_type));
}

static size_t key_size(const LruCache *c, size_t nargs, size_t named) {
    return nargs + (named ? 1 + 2 * named : 0) + (c->typed ? nargs + named : 0);
}

static void fill_key(const LruCache *c, Value *to, const Value *args, size_t nargs, Value kwnames, size_t named) {
    for (size_t i = 0; i < nargs; i++)
        *to++ = args[i];
    if (named)
        *to++ = c->keyword_mark;
    for (size_t i = 0; i < named; i++) {
        *to++ = tuple_get(kwnames, i);
        *to++ = args[nargs + i];
    }
    for (size_t i = 0; c->typed && i < nargs + named; i++)
        *to++ = from_object(type_of(args[i]));
}

static Value make_key(Thread *t, const LruCache *c, const Value *args, size_t nargs, Value kwnames, int64_t hash) {
    size_t named = present(kwnames) ? tuple_length(kwnames) : 0;
    if (is_own_key(c, args, nargs, named))
        return args[0];
    Value key = TRY(tuple_new(t, key_size(c, nargs, named)));
    fill_key(c, as_tuple(key)->items, args, nargs, kwnames, named); /* NOBARRIER: just allocated */
    as_tuple(key)->hash = hash; /* items are asked once for theirs */
    return key;
}

/* The key to look for: on the stack, if it fits. */
static Value search_key(Thread *t, const LruCache *c, KeyOnStack *room, const Value *args, size_t nargs, Value kwnames) {
    size_t named = present(kwnames) ? tuple_length(kwnames) : 0, size = key_size(c, nargs, named);
    if (size > FEW_ITEMS || size == 0 || is_own_key(c, args, nargs, named))
        return make_key(t, c, args, nargs, kwnames, -1);
    TupleObject *tuple = (TupleObject *)room->bytes;
    tuple->object = (Object){.meta = META_IMMORTAL | load_relaxed(&tuple_type.head.instance_meta), .type = &tuple_type};
    tuple->length = size;
    tuple->hash = -1;
    fill_key(c, tuple->items, args, nargs, kwnames, named);
    return from_object(tuple);
}

static void count(int64_t *counter) {
    if (load_relaxed(&runtime_threaded))
        fetch_add(counter, 1);
    else
        store_relaxed(counter, *counter + 1);
}

static Value call_unbounded(Thread *t, LruCache *c, Value key, int64_t hash, Value *args, size_t nargs, Value kwnames) {
    Value cache = load(&c->cache), found = dict_get_hashed(t, cache, key, hash);
    if (present(found)) {
        count(&c->hits);
        return found;
    }
    CHECK(!error_pending(t));
    count(&c->misses);
    key = TRY(make_key(t, c, args, nargs, kwnames, hash));
    Value result = TRY(call(t, c->function, args, nargs, kwnames));
    CHECK(dict_set_hashed(t, load(&c->cache), key, hash, result));
    return result;
}

/* Takes the oldest link out if there are so many; absent: there are fewer. */
static Value take_oldest(LruCache *c, int64_t count) {
    Value oldest = NO_VALUE;
    object_lock(&c->object);
    Link *root = as_link(c->root);
    if ((int64_t)dict_length(c->cache) >= count && !same(root->next, c->root)) {
        oldest = root->next;
        ring_remove(c, as_link(oldest));
    }
    object_unlock(&c->object);
    return oldest;
}

/* Leaves fewer than `count` entries. */
static bool drop_oldest(Thread *t, LruCache *c, int64_t count) {
    for (Value oldest; present(oldest = take_oldest(c, count));)
        if (absent(dict_pop(t, load(&c->cache), as_link(oldest)->key)) && error_pending(t))
            return false;
    return true;
}

static Value call_bounded(Thread *t, LruCache *c, Value key, int64_t hash, Value *args, size_t nargs, Value kwnames) {
    Value found = dict_get_hashed(t, load(&c->cache), key, hash);
    if (present(found)) {
        object_lock(&c->object);
        if (as_link(found)->linked && !same(as_link(c->root)->previous, found)) {
            ring_remove(c, as_link(found));
            ring_append(c, as_link(found));
        }
        object_unlock(&c->object);
        count(&c->hits);
        return as_link(found)->result;
    }
    CHECK(!error_pending(t));
    count(&c->misses);
    key = TRY(make_key(t, c, args, nargs, kwnames, hash));
    Value result = TRY(call(t, c->function, args, nargs, kwnames));
    found = dict_get_hashed(t, load(&c->cache), key, hash);
    if (present(found) || error_pending(t)) /* the call filled it in */
        return present(found) ? result : NO_VALUE;
    CHECK(drop_oldest(t, c, c->max_size));
    Value link = TRY(link_new(t, key, result));
    CHECK(dict_set_hashed(t, load(&c->cache), key, hash, link));
    object_lock(&c->object);
    ring_append(c, as_link(link));
    object_unlock(&c->object);
    CHECK(drop_oldest(t, c, c->max_size + 1)); /* what other threads added meanwhile */
    return result;
}

static Value cache_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    LruCache *c = as_cache(callee);
    if (c->max_size == 0) {
        count(&c->misses);
        return call(t, c->function, args, nargs, kwnames);
    }
    KeyOnStack room;
    Value key = TRY(search_key(t, c, &room, args, nargs, kwnames));
    int64_t hash;
    CHECK(dict_key_hash(t, key, &hash));
    return c->max_size < 0 ? call_unbounded(t, c, key, hash, args, nargs, kwnames)
                           : call_bounded(t, c, key, hash, args, nargs, kwnames);
}

/* args: type, user_function, maxsize, typed, cache_info_type */
static Value cache_new(Thread *t, Value *args) {
    int64_t max_size = -1;
    if (!is_callable(args[1]))
        return raise_type_error(t, "the first argument must be callable");
    if (!is_none(args[2])) {
        if (!is_int(args[2]) && type_slot(type_of(args[2]), SLOT___index__) == NULL)
            return raise_type_error(t, "maxsize should be integer or None");
        CHECK(index_as_ssize(t, args[2], &max_size, false, &OverflowError_type));
        max_size = max_size < 0 ? 0 : max_size;
    }
    int typed = truth(t, args[3]);
    CHECK(typed >= 0);
    Value cache = TRY(dict_new(t)), root = TRY(link_new(t, NO_VALUE, NO_VALUE)), mark = TRY(call_0(t, from_object(&object_type)));
    LruCache *c = type_allocate(t, as_type(args[0]));
    CHECK(c != NULL);
    store(c, &c->function, args[1]);
    store(c, &c->cache, cache);
    store(c, &c->info_type, args[4]);
    store(c, &c->root, root);
    store(c, &c->keyword_mark, mark);
    c->max_size = max_size;
    c->typed = typed;
    ring_clear(c);
    return from_object(c);
}

static Value cache_info(Thread *t, Value *args) {
    LruCache *c = as_cache(args[0]);
    Value info[5] = {NO_VALUE, int_from(t, load_relaxed(&c->hits)), int_from(t, load_relaxed(&c->misses)),
                     c->max_size < 0 ? NONE : int_from(t, c->max_size), int_from(t, (int64_t)dict_length(load(&c->cache)))};
    return call(t, c->info_type, info + 1, 4, NO_VALUE);
}

static Value cache_clear(Thread *t, Value *args) {
    LruCache *c = as_cache(args[0]);
    Value fresh = TRY(dict_new(t)), root = TRY(link_new(t, NO_VALUE, NO_VALUE));
    store(as_link(root), &as_link(root)->previous, root);
    store(as_link(root), &as_link(root)->next, root);
    object_lock(&c->object);
    store(c, &c->cache, fresh);
    store(c, &c->root, root);
    store_relaxed(&c->hits, 0);
    store_relaxed(&c->misses, 0);
    object_unlock(&c->object);
    return NONE;
}

static Value cache_reduce(Thread *t, Value *args) { return get_attribute(t, args[0], names.__qualname__); }
static Value cache_copy(Thread *t, Value *args) { return args[0]; }

static Value cache_get(Thread *t, Value *args) {
    if (absent(args[1]) || is_none(args[1]))
        return args[0];
    return method_new(t, args[0], args[1]);
}

static const NativeDef cache_methods[] = {
    {"__new__(type, user_function, maxsize, typed, cache_info_type)", cache_new, NULL, NATIVE_NO_SIGNATURE},
    {"cache_info(self, /)", cache_info, "Report cache statistics", 0},
    {"cache_clear(self, /)", cache_clear, "Clear the cache and cache statistics", 0},
    {"__reduce__(self, /)", cache_reduce, NULL, 0},
    {"__copy__(self, /)", cache_copy, NULL, NATIVE_NO_SIGNATURE | NATIVE_TAKES_MORE},
    {"__deepcopy__(self, memo=None, /)", cache_copy, NULL, NATIVE_NO_SIGNATURE | NATIVE_TAKES_MORE},
    {"__get__(self, instance, owner=None, /)", cache_get, NULL, 0},
    {},
};
MODULE_TYPE(lru_cache_type, _functools) = {
    STATIC_TYPE_HEAD(cache_trace, NULL),
    .name_text = "functools._lru_cache_wrapper",
    .doc = "A function with a cache of its results.",
    .base_static = &object_type,
    .methods = cache_methods,
    .call = cache_call,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREF | TYPE_METHOD_DESCRIPTOR,
    .instance_size = sizeof(LruCache),
};
