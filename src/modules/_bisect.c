/* _bisect: binary search in sorted sequences.
 *
 * Threads: no state. A list may change during a search: see is_one_step and insort_shared.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"

enum { SEQUENCE, ITEM, LOW, HIGH, KEY };

/* Whether a search in a list that other threads may change is to be as if it took no time, as under CPython's lock: comparing runs
 * no Python code. */
static bool is_one_step(Value *args) {
    return load_relaxed(&runtime_threaded) && is_exactly(args[SEQUENCE], &list_type) && is_none(args[KEY]) &&
           same(args[LOW], small_int(0)) && is_none(args[HIGH]) && (!is_object(args[ITEM]) || is_exactly(args[ITEM], &str_type));
}

/* What the search saw on both sides of the place that it found; absent: nothing, the bounds came first. */
typedef struct Neighbours {
    Value before, after;
} Neighbours;

/* Where `item` goes: behind equal items (right) or before them. -1: error. */
static int64_t search(Thread *t, Value *args, Value item, bool right, Neighbours *seen) {
    int64_t low, high;
    if (!index_as_ssize(t, args[LOW], &low, false, NULL))
        return -1;
    if (low < 0) {
        raise_value_error(t, "lo must be non-negative");
        return -1;
    }
    if (is_dict(args[SEQUENCE])) {
        raise_type_error(t, "%T is not a sequence", args[SEQUENCE]);
        return -1;
    }
    if (is_none(args[HIGH]))
        high = length_of(t, args[SEQUENCE]);
    else if (!index_as_ssize(t, args[HIGH], &high, false, NULL))
        return -1;
    if (high < 0 && error_pending(t))
        return -1;
    bool list = is_exactly(args[SEQUENCE], &list_type);
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        Value candidate = list ? list_get(args[SEQUENCE], (size_t)middle) : NO_VALUE;
        if (absent(candidate) && is_one_step(args)) { /* the list has become shorter */
            low = 0;
            high = (int64_t)list_length(args[SEQUENCE]);
            *seen = (Neighbours){NO_VALUE, NO_VALUE};
            continue;
        }
        if (absent(candidate))
            candidate = get_item(t, args[SEQUENCE], int_from(t, middle));
        Value key = present(candidate) && !is_none(args[KEY]) ? call_1(t, args[KEY], candidate) : candidate;
        if (absent(key))
            return -1;
        int less = right ? compare_true(t, COMPARE_LT, item, key) : compare_true(t, COMPARE_LT, key, item);
        if (less < 0)
            return -1;
        if (right ? !less : less) {
            low = middle + 1;
            seen->before = candidate;
        } else {
            high = middle;
            seen->after = candidate;
        }
    }
    return low;
}

static Value bisect(Thread *t, Value *args, bool right) {
    Neighbours seen = {NO_VALUE, NO_VALUE};
    int64_t i = search(t, args, args[ITEM], right, &seen);
    return i < 0 ? NO_VALUE : int_from(t, i);
}

/* For a list that other threads may change too: inserts if the item still belongs between those that the search saw there. */
static Value insort_shared(Thread *t, Value *args, bool right) {
    for (;;) {
        Neighbours seen = {NO_VALUE, NO_VALUE};
        int64_t i = search(t, args, args[ITEM], right, &seen);
        CHECK(i >= 0);
        int done = list_insert_between(t, args[SEQUENCE], (size_t)i, seen.before, seen.after, args[ITEM]);
        CHECK(done >= 0);
        if (done)
            return NONE;
    }
}

static Value insort(Thread *t, Value *args, bool right) {
    if (is_one_step(args))
        return insort_shared(t, args, right);
    Value key = is_none(args[KEY]) ? args[ITEM] : TRY(call_1(t, args[KEY], args[ITEM]));
    Neighbours seen = {NO_VALUE, NO_VALUE};
    int64_t i = search(t, args, key, right, &seen);
    CHECK(i >= 0);
    if (is_exactly(args[SEQUENCE], &list_type)) {
        CHECK(list_insert(t, args[SEQUENCE], i, args[ITEM]));
        return NONE;
    }
    Value insert = TRY(get_attribute_text(t, args[SEQUENCE], "insert"));
    TRY(call_2(t, insert, TRY(int_from(t, i)), args[ITEM]));
    return NONE;
}

static Value bisect_right(Thread *t, Value *args) { return bisect(t, args, true); }
static Value bisect_left(Thread *t, Value *args) { return bisect(t, args, false); }
static Value insort_right(Thread *t, Value *args) { return insort(t, args, true); }
static Value insort_left(Thread *t, Value *args) { return insort(t, args, false); }

#define BOUNDS_DOC "Optional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched.\n\n" \
                   "A custom key function can be supplied to customize the sort order."

static const NativeDef functions[] = {
    {"bisect_right(a, x, lo=0, hi=None, *, key=None)", bisect_right,
     "Return the index where to insert item x in list a, assuming a is sorted.\n\n"
     "The return value i is such that all e in a[:i] have e <= x, and all e in\n"
     "a[i:] have e > x.  So if x already appears in the list, a.insert(i, x)\n"
     "will insert just after the rightmost x already there.\n\n" BOUNDS_DOC},
    {"insort_right(a, x, lo=0, hi=None, *, key=None)", insort_right,
     "Insert item x in list a, and keep it sorted assuming a is sorted.\n\n"
     "If x is already in a, insert it to the right of the rightmost x.\n\n" BOUNDS_DOC},
    {"bisect_left(a, x, lo=0, hi=None, *, key=None)", bisect_left,
     "Return the index where to insert item x in list a, assuming a is sorted.\n\n"
     "The return value i is such that all e in a[:i] have e < x, and all e in\n"
     "a[i:] have e >= x.  So if x already appears in the list, a.insert(i, x)\n"
     "will insert just before the leftmost x already there.\n\n" BOUNDS_DOC},
    {"insort_left(a, x, lo=0, hi=None, *, key=None)", insort_left,
     "Insert item x in list a, and keep it sorted assuming a is sorted.\n\n"
     "If x is already in a, insert it to the left of the leftmost x.\n\n" BOUNDS_DOC},
    {NULL},
};

NATIVE_MODULE(_bisect) = {
    .name = "_bisect",
    .doc = "Bisection algorithms.\n\nThis module provides support for maintaining a list in sorted order without\n"
           "having to sort the list after each insertion. For long lists of items with\n"
           "expensive comparison operations, this can be an improvement over the more\ncommon approach.\n",
    .functions = functions,
};
