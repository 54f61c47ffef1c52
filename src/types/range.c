/* range: the sequence. Its iterators are in range_iterator.c.
 *
 * Everything is computed with int's functions, whose first lines are the fast case of small ints.
 * Threads: immutable.
 */
#include "types/range.h"

#include "object/operators.h"
#include "object/thread.h"
#include "types/int/int.h"
#include "types/range_iterator.h"
#include "types/slice.h"
#include "types/str/str.h"
#include "types/tuple.h"

static RangeObject *as_range(Value v) { return (RangeObject *)v.bits; }

static void trace(Tracer *tracer, Object *o) { trace_values(tracer, &((RangeObject *)o)->start, 4); }

Value range_count(Thread *t, Value start, Value stop, Value step) {
    bool down = int_sign(step) < 0;
    Value low = down ? stop : start, high = down ? start : stop;
    if (int_compare(low, high) >= 0)
        return small_int(0);
    Value span = TRY(int_sub(t, high, low));
    span = TRY(int_sub(t, span, small_int(1)));
    if (down)
        step = TRY(int_neg(t, step));
    Value steps = TRY(int_floordiv(t, span, step));
    return int_add(t, steps, small_int(1));
}

Value range_new(Thread *t, Value start, Value stop, Value step) {
    if (int_sign(step) == 0)
        return raise_value_error(t, "range() arg 3 must not be zero");
    Value length = TRY(range_count(t, start, stop, step));
    RangeObject *r = heap_allocate(t, &range_type, sizeof(RangeObject));
    if (r == NULL)
        return NO_VALUE;
    /* NOBARRIER: just allocated */
    r->start = start;
    r->stop = stop;
    r->step = step;
    r->length = length;
    return from_object(r);
}

static Value new(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    if (count < 1 || count > 3)
        return raise_type_error(t, "range expected at %s, got %zu",
                                count ? "most 3 arguments" : "least 1 argument", count);
    Value start = small_int(0), stop, step = small_int(1);
    if (count == 1) {
        stop = TRY(index_of(t, tuple_get(args[1], 0)));
    } else {
        start = TRY(index_of(t, tuple_get(args[1], 0)));
        stop = TRY(index_of(t, tuple_get(args[1], 1)));
        if (count == 3)
            step = TRY(index_of(t, tuple_get(args[1], 2)));
    }
    return range_new(t, start, stop, step);
}

static Value item_at(Thread *t, RangeObject *r, Value index) {
    Value offset = TRY(int_mul(t, index, r->step));
    return int_add(t, r->start, offset);
}

static Value slice_of(Thread *t, RangeObject *r, Value slice) {
    Value start, stop, step;
    CHECK(slice_big_indices(t, slice, r->length, &start, &stop, &step));
    start = TRY(item_at(t, r, start));
    stop = TRY(item_at(t, r, stop));
    step = TRY(int_mul(t, r->step, step));
    return range_new(t, start, stop, step);
}

static Value getitem(Thread *t, Value *args) {
    RangeObject *r = as_range(args[0]);
    Value index = args[1];
    if (is_exactly(index, &slice_type))
        return slice_of(t, r, index);
    if (!is_int(index) && absent(type_lookup(type_of(index), names.__index__)))
        return raise_type_error(t, "range indices must be integers or slices, not %T", index);
    index = TRY(index_of(t, index));
    if (int_sign(index) < 0)
        index = TRY(int_add(t, index, r->length));
    if (int_sign(index) < 0 || int_compare(index, r->length) >= 0)
        return raise_index_error(t, "range object index out of range");
    return item_at(t, r, index);
}

static Value len(Thread *t, Value *args) {
    int64_t length;
    if (!int_to_i64(as_range(args[0])->length, &length))
        return raise_overflow_error(t, "Python int too large to convert to C ssize_t");
    return as_range(args[0])->length;
}

static Value bool_(Thread *t, Value *args) { return from_bool(int_sign(as_range(args[0])->length) != 0); }

/* 1, 0; -1 on error. The position of an int in the range, for 1. */
static int find_int(Thread *t, RangeObject *r, Value v, Value *index) {
    bool down = int_sign(r->step) < 0;
    int from_start = int_compare(v, r->start), to_stop = int_compare(v, r->stop);
    if (down ? from_start > 0 || to_stop <= 0 : from_start < 0 || to_stop >= 0)
        return 0;
    Value offset = int_sub(t, v, r->start);
    if (absent(offset))
        return -1;
    Value rest = int_mod(t, offset, r->step);
    if (absent(rest))
        return -1;
    if (int_sign(rest) != 0)
        return 0;
    *index = int_floordiv(t, offset, r->step);
    return present(*index) ? 1 : -1;
}

static bool is_plain_int(Value v) { return is_exactly(v, &int_type) || is_exactly(v, &bool_type); }

/* For what is no plain int: goes through the items with ==. Gives how many are equal, or, if `first`, the position of
 * the first one; -1 on error, -2 not found. */
static int64_t search(Thread *t, Value range, Value v, bool first) {
    Value iterator = get_iterator(t, range), item;
    if (absent(iterator))
        return -1;
    int64_t count = 0, position = 0;
    for (; present(item = iterator_next(t, iterator)); position++) {
        int found = equal(t, item, v);
        if (found < 0)
            return -1;
        if (found && first)
            return position;
        count += found;
        if (!safepoint_inside(t))
            return -1;
    }
    return error_pending(t) ? -1 : first ? -2 : count;
}

static Value contains_(Thread *t, Value *args) {
    Value index;
    if (is_plain_int(args[1])) {
        int found = find_int(t, as_range(args[0]), args[1], &index);
        return found < 0 ? NO_VALUE : from_bool(found);
    }
    int64_t position = search(t, args[0], args[1], true);
    return position == -1 ? NO_VALUE : from_bool(position >= 0);
}

static Value count_(Thread *t, Value *args) {
    Value index;
    if (is_plain_int(args[1])) {
        int found = find_int(t, as_range(args[0]), args[1], &index);
        return found < 0 ? NO_VALUE : small_int(found);
    }
    int64_t count = search(t, args[0], args[1], false);
    return count < 0 ? NO_VALUE : small_int(count);
}

static Value index_(Thread *t, Value *args) {
    if (is_plain_int(args[1])) {
        Value index;
        int found = find_int(t, as_range(args[0]), args[1], &index);
        CHECK(found >= 0);
        return found ? index : raise_value_error(t, "range.index(x): x not in range");
    }
    int64_t position = search(t, args[0], args[1], true);
    CHECK(position != -1);
    return position >= 0 ? small_int(position) : raise_value_error(t, "sequence.index(x): x not in sequence");
}

static bool ranges_equal(RangeObject *a, RangeObject *b) {
    if (a == b)
        return true;
    if (!int_equal(a->length, b->length))
        return false;
    if (int_sign(a->length) == 0)
        return true;
    if (!int_equal(a->start, b->start))
        return false;
    return same(a->length, small_int(1)) || int_equal(a->step, b->step);
}

static Value eq(Thread *t, Value *args) {
    if (!is_exactly(args[1], &range_type))
        return NOT_IMPLEMENTED;
    return from_bool(ranges_equal(as_range(args[0]), as_range(args[1])));
}
static Value ne(Thread *t, Value *args) {
    if (!is_exactly(args[1], &range_type))
        return NOT_IMPLEMENTED;
    return from_bool(!ranges_equal(as_range(args[0]), as_range(args[1])));
}
static Value unordered(Thread *t, Value *args) { return NOT_IMPLEMENTED; }

/* Equal ranges hash alike: as (length, start, step) with None for what equality ignores. */
static Value hash(Thread *t, Value *args) {
    RangeObject *r = as_range(args[0]);
    bool empty = int_sign(r->length) == 0, single = same(r->length, small_int(1));
    Value triple = TRY(tuple_pack(t, 3, r->length, empty ? NONE : r->start, empty || single ? NONE : r->step));
    int64_t h;
    CHECK(hash_of(t, triple, &h));
    return int_from(t, h);
}

static Value repr_(Thread *t, Value *args) {
    RangeObject *r = as_range(args[0]);
    if (same(r->step, small_int(1)))
        return format_text(t, "range(%R, %R)", r->start, r->stop);
    return format_text(t, "range(%R, %R, %R)", r->start, r->stop, r->step);
}

static Value reduce(Thread *t, Value *args) {
    RangeObject *r = as_range(args[0]);
    Value triple = TRY(tuple_pack(t, 3, r->start, r->stop, r->step));
    return tuple_pack(t, 2, from_object(&range_type), triple);
}

static Value iter(Thread *t, Value *args) {
    RangeObject *r = as_range(args[0]);
    return range_iterator_new(t, r->start, r->step, r->length);
}

static Value reversed_(Thread *t, Value *args) {
    RangeObject *r = as_range(args[0]);
    Value last = TRY(int_sub(t, r->length, small_int(1)));
    Value start = TRY(item_at(t, r, last)), step = TRY(int_neg(t, r->step));
    return range_iterator_new(t, start, step, r->length);
}

static const NativeDef methods[] = {
    {"__new__(type, *args)", new, NULL, NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", repr_, NULL},
    {"__hash__(self, /)", hash, NULL},
    {"__eq__(self, value, /)", eq, NULL},
    {"__ne__(self, value, /)", ne, NULL},
    {"__lt__(self, value, /)", unordered, NULL},
    {"__le__(self, value, /)", unordered, NULL},
    {"__gt__(self, value, /)", unordered, NULL},
    {"__ge__(self, value, /)", unordered, NULL},
    {"__iter__(self, /)", iter, NULL},
    {"__bool__(self, /)", bool_, NULL},
    {"__len__(self, /)", len, NULL},
    {"__getitem__(self, key, /)", getitem, NULL},
    {"__contains__(self, key, /)", contains_, NULL},
    {"__reversed__(self, /)", reversed_, "Return a reverse iterator."},
    {"__reduce__(self, /)", reduce, NULL},
    {"count(self, object, /)", count_, "How often the value occurs in the range."},
    {"index(self, object, /)", index_, "Where the value is in the range; ValueError if it is not."},
    {NULL, NULL, NULL, 0},
};

static const MemberDef members[] = {
    {"start", MEMBER_VALUE, offsetof(RangeObject, start), true, NULL},
    {"stop", MEMBER_VALUE, offsetof(RangeObject, stop), true, NULL},
    {"step", MEMBER_VALUE, offsetof(RangeObject, step), true, NULL},
    {NULL, 0, 0, false, NULL},
};

STATIC_TYPE(range_type) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "range",
    .doc = "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\n"
           "The ints from start (0 if not given) up to but not including stop, by step.",
    .base_static = &object_type,
    .methods = methods,
    .members = members,
    .flags = TYPE_SEQUENCE,
    .instance_size = sizeof(RangeObject),
};
