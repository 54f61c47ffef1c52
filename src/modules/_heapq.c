/* _heapq: binary heaps in lists.
 *
 * Threads: an operation that compares only numbers or texts, or tuples that these tell apart, is one step under the list's lock, as
 * under CPython's; heapify is one for each item. It first finds where items will go, and declines when a comparison might run
 * Python code. Then, as there, other threads may come in between: no order is promised, but nothing breaks, since every access
 * checks the list's length.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/float.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef struct HeapView {
    Value list;
    bool max;
} HeapView;

static bool is_heap(Thread *t, const char *name, Value v) {
    /* Functions with one argument do not number it. */
    bool numbered = strstr(name, "push") || strstr(name, "replace");
    if (!is_list(v))
        raise_type_error(t, "%s() argument %smust be list, not %T", name, numbered ? "1 " : "", v);
    return is_list(v);
}

/* 1 if a belongs nearer to the top than b, 0, -1 error */
static int above(Thread *t, HeapView h, Value a, Value b) {
    return h.max ? compare_true(t, COMPARE_LT, b, a) : compare_true(t, COMPARE_LT, a, b);
}

static bool changed(Thread *t) {
    raise_error(t, &RuntimeError_type, "list changed size during iteration");
    return false;
}

static bool put(Thread *t, HeapView h, size_t i, Value item) { return list_set(t, h.list, i, item) || changed(t); }

/* Moves the item at `position` up until it is below its parent; `start` is the top. */
static bool sift_down(Thread *t, HeapView h, size_t start, size_t position) {
    size_t length = list_length(h.list);
    Value item = list_get(h.list, position);
    if (absent(item)) {
        raise_index_error(t, "index out of range");
        return false;
    }
    while (position > start) {
        size_t parent = (position - 1) / 2;
        Value above_it = list_get(h.list, parent);
        int up = absent(above_it) ? -1 : above(t, h, item, above_it);
        if (absent(above_it))
            return changed(t);
        if (up < 0)
            return false;
        if (length != list_length(h.list))
            return changed(t);
        if (!up)
            break;
        if (!put(t, h, position, above_it) || !put(t, h, parent, item))
            return false;
        position = parent;
    }
    return true;
}

/* Moves the smaller child up until a leaf is reached, then the item up to its place. */
static bool sift_up(Thread *t, HeapView h, size_t position) {
    size_t end = list_length(h.list), start = position;
    if (position >= end) {
        raise_index_error(t, "index out of range");
        return false;
    }
    while (position < end / 2) {
        size_t child = 2 * position + 1;
        Value left = list_get(h.list, child), right = child + 1 < end ? list_get(h.list, child + 1) : NO_VALUE;
        if (absent(left))
            return changed(t);
        if (present(right)) {
            int smaller = above(t, h, left, right);
            if (smaller < 0)
                return false;
            child += !smaller;
            if (end != list_length(h.list))
                return changed(t);
        }
        Value up = list_get(h.list, child), down = list_get(h.list, position);
        if (absent(up) || absent(down))
            return changed(t);
        if (!put(t, h, child, down) || !put(t, h, position, up))
            return false;
        position = child;
    }
    return sift_down(t, h, start, position);
}

/* The comparisons of numbers and texts that need no Python code and no memory: 1, 0, or -1 where they might. */
static bool is_flat_text(Value v) { return is_exactly(v, &str_type) && load_dependent(&as_str(v)->data); }

static int plain_equal(Thread *t, Value a, Value b) {
    if (same(a, b))
        return 1;
    if (is_small_int(a) && is_small_int(b))
        return 0;
    if (is_exactly(a, &float_type) && is_exactly(b, &float_type))
        return float_value(a) == float_value(b);
    return is_flat_text(a) && is_flat_text(b) ? str_compare(t, a, b) == 0 : -1;
}

static int plain_less(Thread *t, Value a, Value b) {
    if (is_small_int(a) && is_small_int(b))
        return (int64_t)a.bits < (int64_t)b.bits;
    if (is_exactly(a, &float_type) && is_exactly(b, &float_type))
        return float_value(a) < float_value(b);
    return is_flat_text(a) && is_flat_text(b) ? str_compare(t, a, b) < 0 : -1;
}

/* The same of tuples, whose first items that differ decide. */
static int plain_item_less(Thread *t, Value a, Value b) {
    if (!is_exactly(a, &tuple_type) || !is_exactly(b, &tuple_type))
        return plain_less(t, a, b);
    size_t m = tuple_length(a), n = tuple_length(b);
    for (size_t i = 0; i < m && i < n; i++) {
        Value x = tuple_get(a, i), y = tuple_get(b, i);
        int equals = plain_equal(t, x, y);
        if (equals <= 0)
            return equals < 0 ? -1 : plain_less(t, x, y);
    }
    return m < n;
}

/* Whether a belongs nearer to the top than b; -1: that might need Python code. */
static int plain_above(Thread *t, HeapView h, Value a, Value b) {
    return h.max ? plain_item_less(t, b, a) : plain_item_less(t, a, b);
}

enum { DEEPEST = 64 };

/* Puts `item` into the place `position` of the first `n` items and moves it down to where it belongs. The lock is held. */
static bool plain_sift_up(Thread *t, HeapView h, Slots *s, size_t n, size_t position, Value item) {
    size_t path[DEEPEST], depth = 0;
    path[0] = position;
    while (2 * path[depth] + 1 < n) {
        size_t child = 2 * path[depth] + 1;
        if (child + 1 < n) {
            int left = plain_above(t, h, s->items[child], s->items[child + 1]);
            if (left < 0)
                return false;
            child += !left;
        }
        path[++depth] = child;
    }
    size_t place = depth;
    for (; place > 0; place--) {
        int up = plain_above(t, h, item, s->items[path[place]]);
        if (up < 0)
            return false;
        if (!up)
            break;
    }
    for (size_t i = 0; i < place; i++)
        store(s, &s->items[path[i]], s->items[path[i + 1]]);
    store(s, &s->items[path[place]], item);
    return true;
}

/* Declined: all is as it was. */
static bool plain_push(Thread *t, HeapView h, Value item) {
    ListObject *l = as_list(h.list);
    Slots *s;
    size_t path[DEEPEST], depth = 0, n;
    for (;;) {
        if (!list_reserve(t, h.list, list_length(h.list) + 1)) {
            error_clear(t);
            return false;
        }
        object_lock(&l->object);
        s = l->storage;
        n = l->length;
        if (s && n < s->capacity)
            break;
        object_unlock(&l->object); /* another thread took the place */
    }
    int up = 1;
    path[0] = n;
    while (up > 0 && path[depth] > 0) {
        size_t parent = (path[depth] - 1) / 2;
        up = plain_above(t, h, item, s->items[parent]);
        if (up > 0)
            path[++depth] = parent;
    }
    for (size_t i = 0; up >= 0 && i < depth; i++)
        store(s, &s->items[path[i]], s->items[path[i + 1]]);
    if (up >= 0) {
        store(s, &s->items[path[depth]], item);
        store_release(&l->length, n + 1);
    }
    object_unlock(&l->object);
    return up >= 0;
}

/* The top, or absent: declined. */
static Value plain_pop(Thread *t, HeapView h) {
    ListObject *l = as_list(h.list);
    Value top = NO_VALUE;
    object_lock(&l->object);
    Slots *s = l->storage;
    size_t n = l->length;
    if (n > 0) {
        Value first = s->items[0];
        if (n == 1 || plain_sift_up(t, h, s, n - 1, 0, s->items[n - 1])) {
            top = first;
            store_release(&l->length, n - 1);
            store_release(&s->items[n - 1].bits, 0);
            store_moved(s); /* as list.pop */
        }
    }
    object_unlock(&l->object);
    return top;
}

/* Exchanges the top for `item`; only_above: unless `item` belongs above it, which then is the result. Absent: declined. */
static Value plain_replace(Thread *t, HeapView h, Value item, bool only_above) {
    ListObject *l = as_list(h.list);
    Value top = NO_VALUE;
    object_lock(&l->object);
    Slots *s = l->storage;
    size_t n = l->length;
    if (n > 0) {
        Value first = s->items[0];
        int below = only_above ? plain_above(t, h, first, item) : 1;
        if (below == 0)
            top = item;
        else if (below > 0 && plain_sift_up(t, h, s, n, 0, item))
            top = first;
    }
    object_unlock(&l->object);
    return top;
}

static bool plain_sift(Thread *t, HeapView h, size_t position) {
    ListObject *l = as_list(h.list);
    object_lock(&l->object);
    bool gone = position >= l->length; /* others have taken items out meanwhile */
    bool done = gone || plain_sift_up(t, h, l->storage, l->length, position, l->storage->items[position]);
    object_unlock(&l->object);
    return done;
}

static bool is_shared(void) { return load_relaxed(&runtime_threaded); }

static Value push(Thread *t, Value *args, HeapView h) {
    if (is_shared() && plain_push(t, h, args[1]))
        return NONE;
    CHECK(list_append(t, h.list, args[1]) && sift_down(t, h, 0, list_length(h.list) - 1));
    return NONE;
}

static Value pop_last(Thread *t, Value list) { return call_method_0(t, list, names.pop); }

static Value pop(Thread *t, HeapView h) {
    Value plain = is_shared() ? plain_pop(t, h) : NO_VALUE;
    if (present(plain))
        return plain;
    if (list_length(h.list) == 0)
        return raise_index_error(t, "index out of range");
    Value last = TRY(pop_last(t, h.list));
    if (list_length(h.list) == 0)
        return last;
    Value top = list_get(h.list, 0);
    CHECK(put(t, h, 0, last) && sift_up(t, h, 0));
    return top;
}

static Value replace(Thread *t, Value *args, HeapView h) {
    Value plain = is_shared() ? plain_replace(t, h, args[1], false) : NO_VALUE;
    if (present(plain))
        return plain;
    Value top = list_get(h.list, 0);
    if (absent(top))
        return raise_index_error(t, "index out of range");
    CHECK(put(t, h, 0, args[1]) && sift_up(t, h, 0));
    return top;
}

static Value push_pop(Thread *t, Value *args, HeapView h) {
    Value plain = is_shared() ? plain_replace(t, h, args[1], true) : NO_VALUE;
    if (present(plain))
        return plain;
    Value top = list_get(h.list, 0);
    if (absent(top))
        return args[1];
    int keep = above(t, h, top, args[1]);
    CHECK(keep >= 0);
    if (!keep)
        return args[1];
    top = list_get(h.list, 0);
    if (absent(top))
        return raise_index_error(t, "index out of range");
    CHECK(put(t, h, 0, args[1]) && sift_up(t, h, 0));
    return top;
}

static Value heapify(Thread *t, HeapView h) {
    for (size_t i = list_length(h.list) / 2; i-- > 0;)
        if (!is_shared() || !plain_sift(t, h, i))
            CHECK(sift_up(t, h, i));
    return NONE;
}

#define BOTH(name, text, expression)                                                                                      \
    static Value name(Thread *t, Value *args) {                                                                     \
        HeapView h = {args[0], false};                                                                              \
        CHECK(is_heap(t, text, args[0]));                                                                            \
        return expression;                                                                                          \
    }                                                                                                               \
    static Value name##_max(Thread *t, Value *args) {                                                               \
        HeapView h = {args[0], true};                                                                               \
        CHECK(is_heap(t, text "_max", args[0]));                                                                     \
        return expression;                                                                                          \
    }
BOTH(heappush, "heappush", push(t, args, h))
BOTH(heappop, "heappop", pop(t, h))
BOTH(heapreplace, "heapreplace", replace(t, args, h))
BOTH(heappushpop, "heappushpop", push_pop(t, args, h))
BOTH(heapify_, "heapify", heapify(t, h))
#undef BOTH

static const NativeDef functions[] = {
    {"heappush(heap, item, /)", heappush, "Push item onto heap, maintaining the heap invariant."},
    {"heappushpop(heap, item, /)", heappushpop,
     "Push item on the heap, then pop and return the smallest item from the heap.\n\n"
     "The combined action runs more efficiently than heappush() followed by\na separate call to heappop()."},
    {"heappop(heap, /)", heappop, "Pop the smallest item off the heap, maintaining the heap invariant."},
    {"heapreplace(heap, item, /)", heapreplace,
     "Pop and return the current smallest value, and add the new item.\n\n"
     "This is more efficient than heappop() followed by heappush(), and can be\n"
     "more appropriate when using a fixed-size heap.  Note that the value\n"
     "returned may be larger than item!  That constrains reasonable uses of\n"
     "this routine unless written as part of a conditional replacement:\n\n"
     "    if item > heap[0]:\n        item = heapreplace(heap, item)"},
    {"heapify(heap, /)", heapify_, "Transform list into a heap, in-place, in O(len(heap)) time."},
    {"heappush_max(heap, item, /)", heappush_max, "Push item onto max heap, maintaining the heap invariant."},
    {"heappushpop_max(heap, item, /)", heappushpop_max,
     "Maxheap variant of heappushpop.\n\nThe combined action runs more efficiently than heappush_max()\n"
     "followed by a separate call to heappop_max()."},
    {"heappop_max(heap, /)", heappop_max, "Maxheap variant of heappop."},
    {"heapreplace_max(heap, item, /)", heapreplace_max, "Maxheap variant of heapreplace."},
    {"heapify_max(heap, /)", heapify__max, "Maxheap variant of heapify."},
    {NULL},
};

NATIVE_MODULE(_heapq) = {
    .name = "_heapq",
    .doc = "Heap queue algorithm (a.k.a. priority queue).\n\n"
           "Heaps are arrays for which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] for\n"
           "all k, counting elements from 0.\n",
    .functions = functions,
};
