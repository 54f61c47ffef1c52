/* tuple: immutable sequence, and its iterator.
 *
 * Threads: immutable once published; the cached hash is idempotent.
 */
#include "types/tuple.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/iterator.h"
#include "types/list_internal.h"
#include "types/list_iterator.h"
#include "types/slice.h"
#include "types/str/str.h"

#include <stdarg.h>

static void trace_tuple(Tracer *tracer, Object *o) {
    trace_values(tracer, ((TupleObject *)o)->items, ((TupleObject *)o)->length);
}

alignas(16) static TupleObject empty_tuple_object = {.object = {.meta = META_IMMORTAL, .type = &tuple_type}, .hash = -1};
Value empty_tuple = {(uintptr_t)&empty_tuple_object};

Value tuple_new(Thread *t, size_t length) {
    if (length == 0)
        return empty_tuple;
    if (length > SIZE_MAX >> 5)
        return raise_no_memory(t);
    TupleObject *tuple = heap_allocate(t, &tuple_type, sizeof *tuple + length * sizeof(Value));
    if (!tuple)
        return NO_VALUE;
    tuple->length = length;
    tuple->hash = -1;
    return from_object(tuple);
}

Value tuple_from_values(Thread *t, const Value *items, size_t count) {
    Value tuple = TRY(tuple_new(t, count));
    if (count)
        memcpy(as_tuple(tuple)->items, items, count * sizeof *items);
    return tuple;
}

Value tuple_pack(Thread *t, size_t count, ...) {
    Value tuple = TRY(tuple_new(t, count));
    va_list items;
    va_start(items, count);
    for (size_t i = 0; i < count; i++)
        tuple_set(tuple, i, va_arg(items, Value));
    va_end(items);
    return tuple;
}

Value tuple_from_iterable(Thread *t, Value iterable) {
    if (is_exactly(iterable, &tuple_type))
        return iterable;
    if (is_exactly(iterable, &list_type))
        return list_to_tuple(t, iterable);
    return list_to_tuple(t, TRY(list_from_iterable(t, iterable)));
}

Value tuple_slice(Thread *t, Value v, size_t start, size_t end) {
    if (start == 0 && end >= tuple_length(v) && is_exactly(v, &tuple_type))
        return v;
    if (end > tuple_length(v))
        end = tuple_length(v);
    return start >= end ? empty_tuple : tuple_from_values(t, as_tuple(v)->items + start, end - start);
}

Value tuple_concat(Thread *t, Value a, Value b) {
    size_t la = tuple_length(a), lb = tuple_length(b);
    if (lb == 0 && is_exactly(a, &tuple_type))
        return a;
    if (la == 0 && is_exactly(b, &tuple_type))
        return b;
    Value result = TRY(tuple_new(t, la + lb));
    memcpy(as_tuple(result)->items, as_tuple(a)->items, la * sizeof(Value));
    memcpy(as_tuple(result)->items + la, as_tuple(b)->items, lb * sizeof(Value));
    return result;
}

/* Methods */

/* A subclass with its own __init__ may give it keywords, which are none of our business. */
static Value tuple_new_method(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    size_t count = tuple_length(args[1]);
    if (present(args[2]) && dict_length(args[2]) &&
        same(type_lookup(type, names.__init__), type_lookup(&tuple_type, names.__init__)))
        return raise_type_error(t, "tuple() takes no keyword arguments");
    if (count > 1)
        return raise_type_error(t, "tuple expected at most 1 argument, got %zu", count);
    Value plain = count ? TRY(tuple_from_iterable(t, tuple_get(args[1], 0))) : empty_tuple;
    if (type == &tuple_type)
        return plain;
    size_t length = tuple_length(plain);
    TupleObject *tuple = type_allocate_sized(t, type, length);
    if (!tuple)
        return NO_VALUE;
    tuple->length = length;
    tuple->hash = -1;
    memcpy(tuple->items, as_tuple(plain)->items, length * sizeof(Value));
    return from_object(tuple);
}

static Value tuple_len(Thread *t, Value *args) { return small_int((int64_t)tuple_length(args[0])); }

static bool has_index(Thread *t, Value v) { return is_int(v) || present(type_lookup(type_of(v), names.__index__)); }

static Value take_slice(Thread *t, Value v, Value slice) {
    int64_t start, stop, step, count;
    CHECK(slice_indices(t, slice, (int64_t)tuple_length(v), &start, &stop, &step, &count));
    if (step == 1 || count == 0)
        return count == 0 ? empty_tuple : tuple_slice(t, v, (size_t)start, (size_t)(start + count));
    Value result = TRY(tuple_new(t, (size_t)count));
    for (int64_t n = 0, i = start; n < count; n++, i += step)
        tuple_set(result, (size_t)n, tuple_get(v, (size_t)i));
    return result;
}

static Value tuple_getitem(Thread *t, Value *args) {
    int64_t i, length = (int64_t)tuple_length(args[0]);
    if (is_exactly(args[1], &slice_type))
        return take_slice(t, args[0], args[1]);
    if (!has_index(t, args[1]))
        return raise_type_error(t, "tuple indices must be integers or slices, not %T", args[1]);
    CHECK(index_as_ssize(t, args[1], &i, false, &IndexError_type));
    if (i < 0)
        i += length;
    return i >= 0 && i < length ? tuple_get(args[0], (size_t)i) : raise_index_error(t, "tuple index out of range");
}

/* The combination of item hashes is CPython's (xxHash's rounds), because programs see the order of sets of tuples. */
bool tuple_hash(Thread *t, Value v, int64_t *hash) {
    const uint64_t prime1 = UINT64_C(11400714785074694791), prime2 = UINT64_C(14029467366897019727),
                   prime5 = UINT64_C(2870177450012600261);
    TupleObject *tuple = as_tuple(v);
    *hash = load_relaxed(&tuple->hash);
    if (*hash != -1)
        return true;
    if (!recursion_enter(t, " while hashing a tuple"))
        return false;
    uint64_t sum = prime5;
    for (size_t i = 0; i < tuple->length; i++) {
        int64_t lane;
        if (!hash_of(t, tuple->items[i], &lane))
            return false;
        sum = rotate_left(sum + (uint64_t)lane * prime2, 31) * prime1;
    }
    sum += tuple->length ^ (prime5 ^ UINT64_C(3527539));
    if (sum == UINT64_MAX)
        sum = 1546275796;
    *hash = (int64_t)sum;
    store_relaxed(&tuple->hash, *hash);
    return true;
}

static Value tuple_dunder_hash(Thread *t, Value *args) {
    int64_t hash;
    return tuple_hash(t, args[0], &hash) ? int_from(t, hash) : NO_VALUE;
}

static Value tuple_contains(Thread *t, Value *args) {
    for (size_t i = 0; i < tuple_length(args[0]); i++) {
        int equals = equal(t, tuple_get(args[0], i), args[1]);
        if (equals != 0)
            return equals < 0 ? NO_VALUE : TRUE;
    }
    return FALSE;
}

static Value tuple_count(Thread *t, Value *args) {
    int64_t count = 0;
    for (size_t i = 0; i < tuple_length(args[0]); i++) {
        int equals = equal(t, tuple_get(args[0], i), args[1]);
        if (equals < 0)
            return NO_VALUE;
        count += equals;
    }
    return small_int(count);
}

static Value tuple_index(Thread *t, Value *args) {
    int64_t start, stop, length = (int64_t)tuple_length(args[0]);
    CHECK(sequence_position(t, args[2], &start) && sequence_position(t, args[3], &stop));
    if (start < 0)
        start = start + length < 0 ? 0 : start + length;
    stop = stop < 0 ? stop + length : stop > length ? length : stop;
    for (int64_t i = start; i < stop; i++) {
        int equals = equal(t, tuple_get(args[0], (size_t)i), args[1]);
        if (equals != 0)
            return equals < 0 ? NO_VALUE : small_int(i);
    }
    return raise_value_error(t, "tuple.index(x): x not in tuple");
}

static Value tuple_add(Thread *t, Value *args) {
    if (!is_tuple(args[1]))
        return raise_type_error(t, "can only concatenate tuple (not \"%T\") to tuple", args[1]);
    return tuple_concat(t, args[0], args[1]);
}

static Value tuple_mul(Thread *t, Value *args) {
    int64_t times;
    size_t length = tuple_length(args[0]), total;
    CHECK(index_as_ssize(t, args[1], &times, false, &OverflowError_type));
    if (length == 0 || times == 1)
        return is_exactly(args[0], &tuple_type) ? args[0] : tuple_from_values(t, as_tuple(args[0])->items, length);
    if (times <= 0)
        return empty_tuple;
    if (__builtin_mul_overflow(length, (size_t)times, &total))
        return raise_no_memory(t);
    Value result = TRY(tuple_new(t, total));
    for (size_t i = 0; i < total; i += length)
        memcpy(as_tuple(result)->items + i, as_tuple(args[0])->items, length * sizeof(Value));
    return result;
}

static size_t length_for_compare(Value v) { return tuple_length(v); }
static Value get_for_compare(Value v, size_t i) { return i < tuple_length(v) ? tuple_get(v, i) : NO_VALUE; }

static Value compare_tuples(Thread *t, Value *args, Comparison op) {
    return is_tuple(args[1]) ? sequence_compare_inline(t, args[0], args[1], (int)op, length_for_compare, get_for_compare) : NOT_IMPLEMENTED;
}
static Value tuple_lt(Thread *t, Value *args) { return compare_tuples(t, args, COMPARE_LT); }
static Value tuple_le(Thread *t, Value *args) { return compare_tuples(t, args, COMPARE_LE); }
static Value tuple_eq(Thread *t, Value *args) { return compare_tuples(t, args, COMPARE_EQ); }
static Value tuple_ne(Thread *t, Value *args) { return compare_tuples(t, args, COMPARE_NE); }
static Value tuple_gt(Thread *t, Value *args) { return compare_tuples(t, args, COMPARE_GT); }
static Value tuple_ge(Thread *t, Value *args) { return compare_tuples(t, args, COMPARE_GE); }

static Value repr_items(Thread *t, Value tuple) {
    StrBuilder b = {0};
    CHECK(str_builder_add_char(t, &b, '('));
    for (size_t i = 0; i < tuple_length(tuple); i++) {
        CHECK(i == 0 || str_builder_add_text(t, &b, ", "));
        CHECK(str_builder_add_repr(t, &b, tuple_get(tuple, i)));
    }
    CHECK(str_builder_add_text(t, &b, tuple_length(tuple) == 1 ? ",)" : ")"));
    return str_builder_finish(t, &b);
}

static Value tuple_repr(Thread *t, Value *args) {
    if (tuple_length(args[0]) == 0)
        return str_from_text(t, "()");
    int entered = repr_enter(t, args[0]);
    if (entered != 0)
        return entered < 0 ? NO_VALUE : str_from_text(t, "(...)");
    Value text = repr_items(t, args[0]);
    repr_leave(t, args[0]);
    return text;
}

static Value tuple_getnewargs(Thread *t, Value *args) {
    return tuple_pack(t, 1, TRY(tuple_slice(t, args[0], 0, tuple_length(args[0]))));
}

/* Iterator */

static void trace_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((TupleIterator *)o)->tuple); }

static Value tuple_iter(Thread *t, Value *args) {
    TupleIterator *it = heap_allocate(t, &tuple_iterator_type, sizeof *it);
    if (!it)
        return NO_VALUE;
    it->tuple = args[0];
    it->owner = t;
    return from_object(it);
}

[[gnu::always_inline]] static inline Value step_of(TupleIterator *it) {
    Value tuple = load(&it->tuple), item = NO_VALUE;
    int64_t i = load_relaxed(&it->index);
    if (present(tuple) && (size_t)i < tuple_length(tuple)) {
        store_relaxed(&it->index, i + 1);
        item = tuple_get(tuple, (size_t)i);
    } else {
        store_release(&it->tuple.bits, 0); /* NOBARRIER: stores no reference */
    }
    return item;
}

[[gnu::noinline]] static Value step_shared(Thread *t, TupleIterator *it) {
    step_begin_shared(t, &it->object, &it->owner);
    Value item = step_of(it);
    object_unlock(&it->object);
    return item;
}

static Value iterator_next_item(Thread *t, Value self) {
    TupleIterator *it = (TupleIterator *)as_object(self);
    return step_is_own(t, &it->owner) ? step_of(it) : step_shared(t, it);
}

static Value iterator_length_hint(Thread *t, Value *args) {
    TupleIterator *it = (TupleIterator *)as_object(args[0]);
    Value tuple = load(&it->tuple);
    return small_int(absent(tuple) ? 0 : (int64_t)tuple_length(tuple) - load_relaxed(&it->index));
}

static Value iterator_reduce(Thread *t, Value *args) {
    TupleIterator *it = (TupleIterator *)as_object(args[0]);
    Value iter = TRY(iterator_builtin(t, names.iter)), tuple = load(&it->tuple); /* looking up may exhaust it */
    if (absent(tuple))
        return tuple_pack(t, 2, iter, TRY(tuple_pack(t, 1, empty_tuple)));
    return tuple_pack(t, 3, iter, TRY(tuple_pack(t, 1, tuple)), small_int(load_relaxed(&it->index)));
}

static Value iterator_setstate(Thread *t, Value *args) {
    TupleIterator *it = (TupleIterator *)as_object(args[0]);
    int64_t index;
    CHECK(index_as_ssize(t, args[1], &index, false, NULL));
    Value tuple = load(&it->tuple);
    if (present(tuple)) {
        int64_t length = (int64_t)tuple_length(tuple);
        store_relaxed(&it->index, index < 0 ? 0 : index > length ? length : index);
    }
    return NONE;
}

static const NativeDef methods[] = {
    {"__new__(type, *args, **kwargs)", tuple_new_method, "Create and return a new object.  See help(type) for accurate signature.",
     NATIVE_LAZY_KEYWORDS},
    {"__repr__(self, /)", tuple_repr, "Return repr(self)."},
    {"__hash__(self, /)", tuple_dunder_hash, "Return hash(self)."},
    {"__lt__(self, value, /)", tuple_lt, "Return self<value."},
    {"__le__(self, value, /)", tuple_le, "Return self<=value."},
    {"__eq__(self, value, /)", tuple_eq, "Return self==value."},
    {"__ne__(self, value, /)", tuple_ne, "Return self!=value."},
    {"__gt__(self, value, /)", tuple_gt, "Return self>value."},
    {"__ge__(self, value, /)", tuple_ge, "Return self>=value."},
    {"__iter__(self, /)", tuple_iter, "Implement iter(self)."},
    {"__len__(self, /)", tuple_len, "Return len(self)."},
    {"__getitem__(self, key, /)", tuple_getitem, "Return self[key]."},
    {"__add__(self, value, /)", tuple_add, "Return self+value."},
    {"__mul__(self, value, /)", tuple_mul, "Return self*value."},
    {"__rmul__(self, value, /)", tuple_mul, "Return value*self."},
    {"__contains__(self, key, /)", tuple_contains, "Return bool(key in self)."},
    {"__getnewargs__(self, /)", tuple_getnewargs, NULL},
    {"index(self, value, start=0, stop=sys.maxsize, /)", tuple_index,
     "Return first index of value.\n\nRaises ValueError if the value is not present."},
    {"count(self, value, /)", tuple_count, "Return number of occurrences of value."},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {NULL},
};

STATIC_TYPE(tuple_type) = {
    STATIC_TYPE_HEAD(trace_tuple, NULL),
    .name_text = "tuple",
    .signature = "(iterable=(), /)",
    .doc = "Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an empty tuple.\n"
           "If iterable is specified the tuple is initialized from iterable's items.\n\n"
           "If the argument is a tuple, the return value is the same object.",
    .methods = methods,
    .flags = TYPE_BASE | TYPE_TUPLE | TYPE_SEQUENCE | TYPE_MATCH_SELF,
    .instance_size = sizeof(TupleObject),
    .item_size = sizeof(Value),
};

static const NativeDef iterator_methods[] = {
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__length_hint__(self, /)", iterator_length_hint, "Private method returning an estimate of len(list(it)).", NATIVE_COEXIST},
    {"__reduce__(self, /)", iterator_reduce, "Return state information for pickling."},
    {"__setstate__(self, object, /)", iterator_setstate, "Set state information for unpickling."},
    {NULL},
};

STATIC_TYPE(tuple_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL), .name_text = "tuple_iterator", .methods = iterator_methods,
    .next = iterator_next_item, .flags = TYPE_NO_NEW, .instance_size = sizeof(TupleIterator),
};
