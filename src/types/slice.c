/* slice: three values, and what they mean for a sequence of some length.
 *
 * Threads: immutable.
 */
#include "types/slice.h"

#include "object/operators.h"
#include "object/thread.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

static SliceObject *as_slice(Value v) { return (SliceObject *)v.bits; }

Value slice_new(Thread *t, Value start, Value stop, Value step) {
    SliceObject *s = heap_allocate(t, &slice_type, sizeof(SliceObject));
    if (s == NULL)
        return NO_VALUE;
    /* NOBARRIER: just allocated */
    s->start = start;
    s->stop = stop;
    s->step = step;
    return from_object(s);
}

static void trace(Tracer *tracer, Object *o) { trace_values(tracer, &((SliceObject *)o)->start, 3); }

/* An index, clipped to what 64 bits hold. */
static bool bound(Thread *t, Value v, int64_t *out) {
    if (likely(is_small_int(v))) {
        *out = small_int_value(v);
        return true;
    }
    if (!is_int(v) && absent(type_lookup(type_of(v), names.__index__))) {
        raise_type_error(t, "slice indices must be integers or None or have an __index__ method");
        return false;
    }
    return index_as_ssize(t, v, out, true, NULL);
}

static int64_t clamp(int64_t i, int64_t length, int64_t lowest, int64_t highest) {
    if (i < 0) {
        i += length;
        return i < 0 ? lowest : i;
    }
    return i > highest ? highest : i;
}

bool slice_unpack(Thread *t, Value slice, int64_t *start, int64_t *stop, int64_t *step) {
    SliceObject *s = as_slice(slice);
    *step = 1;
    if (!is_none(s->step)) {
        if (!bound(t, s->step, step))
            return false;
        if (*step == 0) {
            raise_value_error(t, "slice step cannot be zero");
            return false;
        }
    }
    *start = *step < 0 ? INT64_MAX : 0;
    *stop = *step < 0 ? INT64_MIN : INT64_MAX;
    return (is_none(s->start) || bound(t, s->start, start)) && (is_none(s->stop) || bound(t, s->stop, stop));
}

int64_t slice_adjust(int64_t length, int64_t *start, int64_t *stop, int64_t *step) {
    /* An index plus the step shall not overflow; steps as long as this reach one item at most. */
    int64_t longest = INT64_MAX - length;
    *step = *step > longest ? longest : *step < -longest ? -longest : *step;
    bool down = *step < 0;
    int64_t lowest = down ? -1 : 0, highest = down ? length - 1 : length;
    *start = clamp(*start, length, lowest, highest);
    *stop = clamp(*stop, length, lowest, highest);
    if (down)
        return *stop < *start ? (*start - *stop - 1) / -*step + 1 : 0;
    return *start < *stop ? (*stop - *start - 1) / *step + 1 : 0;
}

bool slice_indices(Thread *t, Value slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step, int64_t *count) {
    if (!slice_unpack(t, slice, start, stop, step))
        return false;
    *count = slice_adjust(length, start, stop, step);
    return true;
}

static Value big_bound(Thread *t, Value v) {
    if (is_int(v))
        return int_exact(t, v);
    if (absent(type_lookup(type_of(v), names.__index__)))
        return raise_type_error(t, "slice indices must be integers or None or have an __index__ method");
    return index_of(t, v);
}

static Value big_clamp(Thread *t, Value v, Value length, Value lowest, Value highest) {
    v = TRY(big_bound(t, v));
    if (int_sign(v) < 0) {
        v = TRY(int_add(t, v, length));
        return int_compare(v, lowest) < 0 ? lowest : v;
    }
    return int_compare(v, highest) > 0 ? highest : v;
}

bool slice_big_indices(Thread *t, Value slice, Value length, Value *start, Value *stop, Value *step) {
    SliceObject *s = as_slice(slice);
    *step = is_none(s->step) ? small_int(1) : big_bound(t, s->step);
    if (absent(*step))
        return false;
    bool down = int_sign(*step) < 0;
    if (int_sign(*step) == 0) {
        raise_value_error(t, "slice step cannot be zero");
        return false;
    }
    Value lowest = small_int(down ? -1 : 0), highest = down ? int_sub(t, length, small_int(1)) : length;
    if (absent(highest))
        return false;
    *start = !is_none(s->start) ? big_clamp(t, s->start, length, lowest, highest) : down ? highest : lowest;
    if (absent(*start))
        return false;
    *stop = !is_none(s->stop) ? big_clamp(t, s->stop, length, lowest, highest) : down ? lowest : highest;
    return present(*stop);
}

static Value indices(Thread *t, Value *args) {
    Value length = TRY(index_of(t, args[1])), start, stop, step;
    if (int_sign(length) < 0)
        return raise_value_error(t, "length should not be negative");
    CHECK(slice_big_indices(t, args[0], length, &start, &stop, &step));
    return tuple_pack(t, 3, start, stop, step);
}

static Value as_triple(Thread *t, Value v) {
    SliceObject *s = as_slice(v);
    return tuple_pack(t, 3, s->start, s->stop, s->step);
}

static Value compare_slices(Thread *t, Comparison op, Value *args) {
    if (!is_exactly(args[1], &slice_type))
        return NOT_IMPLEMENTED;
    if (same(args[0], args[1]))
        return from_bool(op == COMPARE_EQ || op == COMPARE_LE || op == COMPARE_GE);
    Value a = TRY(as_triple(t, args[0])), b = TRY(as_triple(t, args[1]));
    return compare(t, op, a, b);
}
static Value eq(Thread *t, Value *args) { return compare_slices(t, COMPARE_EQ, args); }
static Value ne(Thread *t, Value *args) { return compare_slices(t, COMPARE_NE, args); }
static Value lt(Thread *t, Value *args) { return compare_slices(t, COMPARE_LT, args); }
static Value le(Thread *t, Value *args) { return compare_slices(t, COMPARE_LE, args); }
static Value gt(Thread *t, Value *args) { return compare_slices(t, COMPARE_GT, args); }
static Value ge(Thread *t, Value *args) { return compare_slices(t, COMPARE_GE, args); }

/* The rounds of xxHash64 over the three hashes, as for tuples but without the length. */
static Value hash(Thread *t, Value *args) {
    const uint64_t prime_1 = UINT64_C(11400714785074694791), prime_2 = UINT64_C(14029467366897019727),
                   prime_5 = UINT64_C(2870177450012600261);
    uint64_t h = prime_5;
    for (int i = 0; i < 3; i++) {
        int64_t part;
        CHECK(hash_of(t, (&as_slice(args[0])->start)[i], &part));
        h = rotate_left(h + (uint64_t)part * prime_2, 31) * prime_1;
    }
    return int_from(t, h == UINT64_MAX ? 1546275796 : (int64_t)h);
}

static Value repr_(Thread *t, Value *args) {
    SliceObject *s = as_slice(args[0]);
    return format_text(t, "slice(%R, %R, %R)", s->start, s->stop, s->step);
}

static Value reduce(Thread *t, Value *args) {
    Value triple = TRY(as_triple(t, args[0]));
    return tuple_pack(t, 2, from_object(&slice_type), triple);
}

static Value new(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    if (count < 1 || count > 3)
        return raise_type_error(t, "slice expected at %s, got %zu",
                                count ? "most 3 arguments" : "least 1 argument", count);
    Value first = tuple_get(args[1], 0);
    if (count == 1)
        return slice_new(t, NONE, first, NONE);
    return slice_new(t, first, tuple_get(args[1], 1), count > 2 ? tuple_get(args[1], 2) : NONE);
}

static const NativeDef methods[] = {
    {"__new__(type, *args)", new, NULL, NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", repr_, NULL},
    {"__hash__(self, /)", hash, NULL},
    {"__eq__(self, value, /)", eq, NULL},
    {"__ne__(self, value, /)", ne, NULL},
    {"__lt__(self, value, /)", lt, NULL},
    {"__le__(self, value, /)", le, NULL},
    {"__gt__(self, value, /)", gt, NULL},
    {"__ge__(self, value, /)", ge, NULL},
    {"indices(self, object, /)", indices,
     "The start, stop and step that the slice has in a sequence of that length, clipped to it."},
    {"__reduce__(self, /)", reduce, "Return state information for pickling."},
    {NULL, NULL, NULL, 0},
};

static const MemberDef members[] = {
    {"start", MEMBER_VALUE, offsetof(SliceObject, start), true, NULL},
    {"stop", MEMBER_VALUE, offsetof(SliceObject, stop), true, NULL},
    {"step", MEMBER_VALUE, offsetof(SliceObject, step), true, NULL},
    {NULL, 0, 0, false, NULL},
};

STATIC_TYPE(slice_type) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "slice",
    .doc = "slice(stop)\nslice(start, stop[, step])\n\nThe part of a sequence that a[start:stop:step] takes.",
    .base_static = &object_type,
    .methods = methods,
    .members = members,
    .instance_size = sizeof(SliceObject),
};
