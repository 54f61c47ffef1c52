/* _heapq: binary heaps in lists.
 *
 * Threads: as in CPython, a heap that several threads change needs a lock of theirs; without one no order is promised,
 * but nothing breaks: every access checks the list's length.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/list.h"
#include "types/module.h"

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

static Value push(Thread *t, Value *args, HeapView h) {
    CHECK(list_append(t, h.list, args[1]) && sift_down(t, h, 0, list_length(h.list) - 1));
    return NONE;
}

static Value pop_last(Thread *t, Value list) { return call_method_0(t, list, names.pop); }

static Value pop(Thread *t, HeapView h) {
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
    Value top = list_get(h.list, 0);
    if (absent(top))
        return raise_index_error(t, "index out of range");
    CHECK(put(t, h, 0, args[1]) && sift_up(t, h, 0));
    return top;
}

static Value push_pop(Thread *t, Value *args, HeapView h) {
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
