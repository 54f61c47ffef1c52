/* What the operations mean: the one place from which every engine takes it.
 *
 * For an operation X of compile/ops.def there may be an inline op_X_fast, which handles the common operand types or
 * declines (false, or absent) without side effects, and there is an out-of-line op_X, which does everything and
 * fails with a pending exception. Engines add operand fetch, control flow and frames.
 * The out-of-line functions live in ops_data.c (names, cells, building), ops_objects.c (operators, attributes,
 * iteration), ops_exceptions.c, ops_import.c and ops_match.c.
 *
 * Threads: as the objects that are operated on.
 */
#pragma once
#include "compile/code.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/iterator.h"
#include "types/list_internal.h"
#include "types/list_iterator.h"
#include "types/range.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/frame.h"

/* The specialised operations continue the numbering. */
typedef enum SpecialOperation {
    OP_SPECIAL_START = OP_COMMON_COUNT - 1,
#define SPECIAL(name, generic, doc) OP_##name,
#include "vm/ops_special.def"
#undef SPECIAL
    OP_COUNT
} SpecialOperation;

extern const char *const operation_names[OP_COUNT];
extern const char *const operation_operands[OP_COUNT];
extern const uint16_t operation_generic[OP_COUNT]; /* the operation that a specialised one stands for, else itself */

/* Always in place: a call would give the handler a stack frame. */
#define FAST [[gnu::always_inline]] static inline

/* ---- arithmetic on what fits the word ---- */

static inline bool both_small_ints(Value a, Value b) { return (a.bits & b.bits & 1) != 0; }
static inline bool both_immediate_floats(Value a, Value b) {
    return (a.bits & 3) == 2 && (b.bits & 3) == 2;
}
/* A float or a small int that stands beside one, as double. */
FAST bool immediate_number(Value v, double *d) {
    if (is_immediate_float(v))
        *d = immediate_float_value(v);
    else if (is_small_int(v) && small_int_value(v) <= (INT64_C(1) << 53) && small_int_value(v) >= -(INT64_C(1) << 53))
        *d = (double)small_int_value(v);
    else
        return false;
    return true;
}

/* A float beside a small int, in either order. */
FAST bool float_and_int(Value a, Value b, double *x, double *y) {
    return (a.bits & b.bits & 3) == 0 && immediate_number(a, x) && immediate_number(b, y);
}

#define FLOAT_RESULT(expression)                                  \
    do {                                                          \
        Value f_ = immediate_float_or_absent(expression);         \
        if (likely(present(f_)))                                  \
            return *out = f_, true;                               \
    } while (0)

FAST bool op_ADD_fast(Value a, Value b, Value *out) {
    int64_t n;
    double x, y;
    if (likely(both_small_ints(a, b)))
        return !__builtin_add_overflow((int64_t)(a.bits - 1), (int64_t)b.bits, &n) ? (out->bits = (uint64_t)n, true) : false;
    if (both_immediate_floats(a, b))
        FLOAT_RESULT(immediate_float_value(a) + immediate_float_value(b));
    else if (float_and_int(a, b, &x, &y))
        FLOAT_RESULT(x + y);
    return false;
}
FAST bool op_SUB_fast(Value a, Value b, Value *out) {
    int64_t n;
    double x, y;
    if (likely(both_small_ints(a, b)))
        return !__builtin_sub_overflow((int64_t)a.bits, (int64_t)(b.bits - 1), &n) ? (out->bits = (uint64_t)n, true) : false;
    if (both_immediate_floats(a, b))
        FLOAT_RESULT(immediate_float_value(a) - immediate_float_value(b));
    else if (float_and_int(a, b, &x, &y))
        FLOAT_RESULT(x - y);
    return false;
}
FAST bool op_MUL_fast(Value a, Value b, Value *out) {
    int64_t n;
    double x, y;
    if (likely(both_small_ints(a, b)))
        return !__builtin_mul_overflow((int64_t)(a.bits - 1), small_int_value(b), &n) ? (out->bits = (uint64_t)n | 1, true)
                                                                                     : false;
    if (both_immediate_floats(a, b))
        FLOAT_RESULT(immediate_float_value(a) * immediate_float_value(b));
    else if (float_and_int(a, b, &x, &y))
        FLOAT_RESULT(x * y);
    return false;
}
FAST bool op_TRUEDIV_fast(Value a, Value b, Value *out) {
    double x, y;
    if (likely(immediate_number(a, &x) && immediate_number(b, &y) && y != 0))
        FLOAT_RESULT(x / y);
    return false;
}
FAST bool op_FLOORDIV_fast(Value a, Value b, Value *out) {
    if (unlikely(!both_small_ints(a, b)))
        return false;
    int64_t x = small_int_value(a), y = small_int_value(b);
    if (unlikely(y == 0 || y == -1))
        return false;
    int64_t q = x / y;
    *out = small_int(q - ((x % y != 0) & ((x < 0) != (y < 0))));
    return true;
}
FAST bool op_MOD_fast(Value a, Value b, Value *out) {
    if (unlikely(!both_small_ints(a, b)))
        return false;
    int64_t x = small_int_value(a), y = small_int_value(b);
    if (unlikely(y == 0 || y == -1))
        return false;
    int64_t m = x % y;
    *out = small_int(m != 0 && (m < 0) != (y < 0) ? m + y : m);
    return true;
}
FAST bool op_LSHIFT_fast(Value a, Value b, Value *out) {
    if (unlikely(!both_small_ints(a, b) || b.bits > small_int(61).bits))
        return false;
    int64_t x = small_int_value(a), n = small_int_value(b);
    int64_t shifted = (int64_t)((uint64_t)x << n);
    if (unlikely(shifted >> n != x || !fits_small_int(shifted)))
        return false;
    *out = small_int(shifted);
    return true;
}
FAST bool op_RSHIFT_fast(Value a, Value b, Value *out) {
    if (unlikely(!both_small_ints(a, b) || (int64_t)b.bits < 0))
        return false;
    int64_t n = small_int_value(b);
    *out = small_int(small_int_value(a) >> (n > 63 ? 63 : n));
    return true;
}
FAST bool op_AND_fast(Value a, Value b, Value *out) {
    return likely(both_small_ints(a, b)) ? (out->bits = a.bits & b.bits, true) : false;
}
FAST bool op_OR_fast(Value a, Value b, Value *out) {
    return likely(both_small_ints(a, b)) ? (out->bits = a.bits | b.bits, true) : false;
}
FAST bool op_XOR_fast(Value a, Value b, Value *out) {
    return likely(both_small_ints(a, b)) ? (out->bits = (a.bits ^ b.bits) | 1, true) : false;
}
FAST bool op_POW_fast(Value a, Value b, Value *out) { /* squares and the like */
    double x;
    if (b.bits == small_int(2).bits) {
        if (is_small_int(a))
            return op_MUL_fast(a, a, out);
        if (is_immediate_float(a)) {
            x = immediate_float_value(a);
            FLOAT_RESULT(x * x);
        }
    }
    return false;
}
FAST bool op_MATMUL_fast(Value a, Value b, Value *out) { return false; }

/* How two narrow texts compare, if their first characters tell: as of single characters. */
FAST bool text_order(Value a, Value b, int *order) {
    if (!is_exactly(a, &str_type) || !is_exactly(b, &str_type))
        return false;
    const uint8_t *x = load_dependent(&as_str(a)->data), *y = load_dependent(&as_str(b)->data);
    if (!x || !y || str_kind(a) != 1 || str_kind(b) != 1 || str_length(a) == 0 || str_length(b) == 0)
        return false;
    *order = x[0] - y[0];
    return *order != 0 || (str_length(a) == 1 && str_length(b) == 1);
}

/* The comparisons: *result is the truth. */
#define COMPARISON(name, operator)                                                       \
    FAST bool op_COMPARE_##name##_fast(Value a, Value b, bool *result) {        \
        if (likely(both_small_ints(a, b)))                                               \
            return *result = (int64_t)a.bits operator(int64_t) b.bits, true;             \
        if (both_immediate_floats(a, b))                                                 \
            return *result = immediate_float_value(a) operator immediate_float_value(b), true; \
        double x, y;                                                                     \
        if (float_and_int(a, b, &x, &y))                                                 \
            return *result = x operator y, true;                                         \
        int order;                                                                       \
        return text_order(a, b, &order) ? (*result = order operator 0, true) : false;    \
    }
COMPARISON(LT, <)
COMPARISON(LE, <=)
COMPARISON(GT, >)
COMPARISON(GE, >=)
#undef COMPARISON
FAST bool op_COMPARE_EQ_fast(Value a, Value b, bool *result) {
    if (likely(both_small_ints(a, b)))
        return *result = a.bits == b.bits, true;
    if (both_immediate_floats(a, b))
        return *result = immediate_float_value(a) == immediate_float_value(b), true;
    if (is_object(a) && is_object(b) && class_of(as_object(a)) == &str_type && class_of(as_object(b)) == &str_type) {
        if (same(a, b))
            return *result = true, true;
        if (str_length(a) != str_length(b) || (str_is_interned(a) && str_is_interned(b) && as_str(a)->hash != as_str(b)->hash))
            return *result = false, true;
        int equal = str_short_equal(a, b);
        if (equal >= 0)
            return *result = equal, true;
    }
    return false;
}
FAST bool op_COMPARE_NE_fast(Value a, Value b, bool *result) {
    return op_COMPARE_EQ_fast(a, b, result) ? (*result = !*result, true) : false;
}

FAST bool op_NEGATIVE_fast(Value v, Value *out) {
    if (is_small_int(v) && v.bits != small_int(-(INT64_C(1) << 62)).bits)
        return *out = small_int(-small_int_value(v)), true;
    if (is_immediate_float(v))
        FLOAT_RESULT(-immediate_float_value(v));
    return false;
}
FAST bool op_INVERT_fast(Value v, Value *out) {
    return is_small_int(v) ? (*out = small_int(~small_int_value(v)), true) : false;
}
FAST bool op_POSITIVE_fast(Value v, Value *out) {
    return is_small_int(v) || is_immediate_float(v) ? (*out = v, true) : false;
}
#undef FLOAT_RESULT

/* Truth of the values that need no call. */
FAST bool truth_fast(Value v, bool *result) {
    if (likely(same(v, TRUE)))
        return *result = true, true;
    if (likely(same(v, FALSE) || is_none(v)))
        return *result = false, true;
    if (is_small_int(v))
        return *result = v.bits != small_int(0).bits, true;
    if (unlikely(!is_object(v)))
        return false;
    Type *type = class_of(as_object(v));
    if (type == &list_type)
        return *result = list_length(v) != 0, true;
    if (type == &str_type)
        return *result = str_length(v) != 0, true;
    if (type == &tuple_type)
        return *result = tuple_length(v) != 0, true;
    if (type == &dict_type)
        return *result = dict_length(v) != 0, true;
    return *result = true, !type_slot(type, SLOT___bool__) && !type_slot(type, SLOT___len__);
}

/* ---- items ---- */

/* `alone`: nobody else could be writing, since there is one thread, or the object's lock is held; an engine knows it from where it
 * stands or asks for it: runs_alone(). */
FAST Value op_GET_ITEM_fast(Value o, Value key, bool alone) {
    if (likely(is_object(o) && is_small_int(key))) {
        Type *type = class_of(as_object(o));
        int64_t i = small_int_value(key);
        if (type == &list_type) {
            ListObject *l = as_list(o);
            Slots *s = load_dependent(&l->storage);
            size_t length = load_dependent(&l->length);
            size_t at = (size_t)(i < 0 ? i + (int64_t)length : i);
            /* Unless `alone` the two may be of different moments, in one of which there is no storage. */
            return likely(at < length && (alone || (s && at < s->capacity))) ? load(&s->items[at]) : NO_VALUE;
        }
        if (type == &tuple_type) {
            TupleObject *tuple = as_tuple(o);
            size_t at = (size_t)(i < 0 ? i + (int64_t)tuple->length : i);
            return likely(at < tuple->length) ? tuple->items[at] : NO_VALUE;
        }
    }
    return NO_VALUE;
}

/* What a store in place came to. STORE_LOG: done, and heap_log_slow is due for the cell that was stored into. */
typedef enum StoreResult { STORE_DECLINED, STORE_DONE, STORE_LOG } StoreResult;

/* Of a list, `alone`: the item's place; then the store itself. The value need not be at hand before it is clear what it goes to. */
FAST Value *op_SET_ITEM_place(Value list, Value key) {
    if (unlikely(!is_small_int(key)))
        return NULL;
    ListObject *l = as_list(list);
    int64_t i = small_int_value(key);
    size_t at = (size_t)(i < 0 ? i + (int64_t)l->length : i);
    return likely(at < l->length) ? &l->storage->items[at] : NULL;
}
FAST StoreResult op_SET_ITEM_fast(Value list, Value *place, Value value) {
    Slots *s = as_list(list)->storage;
    store_release(&place->bits, value.bits);
    return unlikely(load_relaxed(&s->object.meta) & META_OLD) ? STORE_LOG : STORE_DONE;
}
FAST StoreResult op_LIST_APPEND_fast(Value list, Value item, bool alone) {
    ListObject *l = as_list(list);
    Slots *s = l->storage;
    size_t length = l->length;
    if (unlikely(!alone || !s || length >= s->capacity))
        return STORE_DECLINED;
    store_release(&s->items[length].bits, item.bits);
    store_release(&l->length, length + 1);
    return must_log_appended(s) ? STORE_LOG : STORE_DONE;
}
FAST bool op_UNPACK_fast(Value *target, Value v, size_t count, bool alone) {
    if (unlikely(!is_object(v)))
        return false;
    const Value *items;
    Type *type = class_of(as_object(v));
    if (likely(type == &tuple_type)) {
        if (unlikely(tuple_length(v) != count))
            return false;
        items = as_tuple(v)->items;
    } else if (alone && type == &list_type) {
        if (unlikely(as_list(v)->length != count || count == 0))
            return false;
        items = as_list(v)->storage->items;
    } else {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        target[i] = items[i];
        __asm__ volatile(""); /* a handful: not worth a call of memcpy */
    }
    return true;
}

/* ---- names and attributes, through caches that specialize.c fills; what they hold: ops_special.def ---- */

/* The cached value of a global, or of a built-in that no global hides; absent: look it up. */
FAST Value op_LOAD_GLOBAL_MODULE_fast(FunctionObject *f, const uintptr_t *words) {
    if (unlikely((uintptr_t)load_dependent(&as_dict(f->globals)->table) != words[0]))
        return NO_VALUE;
    return load((Value *)words[1]);
}
FAST Value op_LOAD_GLOBAL_BUILTIN_fast(FunctionObject *f, const uintptr_t *words) {
    if (unlikely((uintptr_t)load_dependent(&as_dict(f->globals)->table) != words[0] ||
                 (uintptr_t)load_dependent(&as_dict(f->builtins)->table) != words[2] || present(load((Value *)words[1]))))
        return NO_VALUE;
    return load((Value *)words[3]);
}
static inline bool has_shape(Value o, const Cache *c) {
    return likely((o.bits & 3) == 0) && likely(shape_id(as_object(o)) == c->shape) &&
           likely(!(load_relaxed((uint32_t *)c->words[0]) & SHAPE_RETIRED));
}

static inline bool entry_unchanged(const Cache *c) { return likely(load((Value *)c->words[1]).bits == c->words[2]); }

static inline Value *slot_at(Value o, uintptr_t offset) { return (Value *)((char *)as_object(o) + offset); }

/* false: look it up. Another thread may move the instance to dictionary mode after its shape was read, and empties the slot then. */
FAST bool op_LOAD_ATTR_SLOT_fast(Value o, const Cache *c, bool alone, Value *target) {
    if (unlikely(!has_shape(o, c)))
        return false;
    Value v = load(slot_at(o, c->words[1]));
    if (!alone && unlikely(absent(v)))
        return false;
    assert(present(v));
    *target = v;
    return true;
}
FAST bool op_LOAD_METHOD_TYPE_fast(Value *target, Value o, const Cache *c) {
    if (unlikely(!has_shape(o, c) || !entry_unchanged(c)))
        return false;
    target[0] = (Value){c->words[2]};
    target[1] = o;
    return true;
}
FAST StoreResult op_STORE_ATTR_SLOT_fast(Value o, Value value, const Cache *c, bool alone) {
    if (unlikely(!alone || !has_shape(o, c)))
        return STORE_DECLINED;
    store_release(&slot_at(o, c->words[1])->bits, value.bits);
    return unlikely(load_relaxed(&as_object(o)->meta) & META_OLD) ? STORE_LOG : STORE_DONE;
}

/* ---- iteration ---- */

typedef enum IterationStep { STEP_DECLINED, STEP_ITEM, STEP_END } IterationStep;

/* The next item of the iterators that loops mostly have, in the thread that they belong to: `owner` changes only while the world is
 * stopped. One thread alone takes the steps of all. `type_of_iterator`: its class, NULL where it is no object. */
FAST IterationStep op_FOR_ITER_fast(Thread *t, Value iterator, Value *item, Type **type_of_iterator, bool alone) {
    if (unlikely(!is_object(iterator)))
        return *type_of_iterator = NULL, STEP_DECLINED;
    Type *type = *type_of_iterator = class_of(as_object(iterator));
    if (type == &range_iterator_type) {
        RangeIterator *range = (RangeIterator *)as_object(iterator);
        if (!alone && !step_is_own(t, &range->owner))
            return STEP_DECLINED;
        if (unlikely(range->remaining <= 0))
            return STEP_END;
        store_relaxed(&range->remaining, range->remaining - 1);
        int64_t next = range->next;
        *item = small_int(next);
        store_relaxed(&range->next, next + range->step);
        return STEP_ITEM;
    }
    if (type == &list_iterator_type) {
        ListIterator *i = (ListIterator *)as_object(iterator);
        if (unlikely((!alone && !step_is_own(t, &i->owner)) || absent(i->list)))
            return STEP_DECLINED;
        size_t index = (size_t)i->index;
        Value v = !alone ? list_get(i->list, index) : likely(index < as_list(i->list)->length) ? as_list(i->list)->storage->items[index] : NO_VALUE;
        if (unlikely(absent(v)))
            return STEP_DECLINED;
        store_relaxed(&i->index, i->index + 1);
        *item = v;
        return STEP_ITEM;
    }
    if (type == &tuple_iterator_type) {
        TupleIterator *i = (TupleIterator *)as_object(iterator);
        if (unlikely((!alone && !step_is_own(t, &i->owner)) || absent(i->tuple) || (size_t)i->index >= tuple_length(i->tuple)))
            return STEP_DECLINED;
        *item = tuple_get(i->tuple, (size_t)i->index);
        store_relaxed(&i->index, i->index + 1);
        return STEP_ITEM;
    }
    return STEP_DECLINED;
}

/* ---- building: absent if the thread's free memory is used up ---- */

enum { FAST_BUILD = 24 }; /* items */

FAST Value op_BUILD_TUPLE_fast(Thread *t, const Value *items, size_t count) {
    if (unlikely(count == 0 || count > FAST_BUILD))
        return NO_VALUE;
    TupleObject *tuple = heap_try_allocate(t, &tuple_type, sizeof *tuple + count * sizeof *items);
    if (unlikely(!tuple))
        return NO_VALUE;
    tuple->length = count;
    tuple->hash = -1;
    for (size_t i = 0; i < count; i++) {
        tuple->items[i] = items[i];
        __asm__ volatile("");
    }
    return from_object(tuple);
}
FAST Value op_BUILD_LIST_fast(Thread *t, const Value *items, size_t count) {
    if (unlikely(count > FAST_BUILD))
        return NO_VALUE;
    ListObject *list = heap_try_allocate(t, &list_type, sizeof *list);
    if (unlikely(!list) || count == 0)
        return from_object(list);
    size_t size = (sizeof(Slots) + count * sizeof *items + 15) & ~(size_t)15;
    Slots *s = heap_try_allocate(t, &list_storage_type, size);
    if (unlikely(!s))
        return NO_VALUE;
    s->capacity = (size - sizeof(Slots)) / sizeof *items;
    for (size_t i = 0; i < count; i++) {
        s->items[i] = items[i];
        __asm__ volatile("");
    }
    list->storage = s;
    list->length = count;
    return from_object(list);
}

/* For a list without storage. false: not known, or not that simple. */
FAST bool op_LIST_RESERVE_fast(Thread *t, Value list, Value iterator) {
    Type *type = type_of(iterator);
    int64_t left = -1;
    if (type == &range_iterator_type) {
        left = load_relaxed(&((RangeIterator *)as_object(iterator))->remaining);
    } else if (type == &list_iterator_type) {
        Value from = load(&((ListIterator *)as_object(iterator))->list); /* another thread may bring it to its end */
        if (present(from))
            left = (int64_t)list_length(from) - load_relaxed(&((ListIterator *)as_object(iterator))->index);
    } else if (type == &tuple_iterator_type) {
        Value from = load(&((TupleIterator *)as_object(iterator))->tuple);
        if (present(from))
            left = (int64_t)tuple_length(from) - load_relaxed(&((TupleIterator *)as_object(iterator))->index);
    }
    if (unlikely(left <= 0))
        return true;
    if (unlikely(left > FAST_BUILD || as_list(list)->storage || load_relaxed(&as_object(list)->meta) & META_OLD))
        return false;
    size_t size = (sizeof(Slots) + (size_t)left * sizeof(Value) + 15) & ~(size_t)15;
    Slots *s = heap_try_allocate(t, &list_storage_type, size);
    if (unlikely(!s))
        return false;
    s->capacity = (size - sizeof(Slots)) / sizeof(Value);
    store_release(&as_list(list)->storage, s); /* NOBARRIER: the list is not old */
    return true;
}
/* range(stop), range(start, stop): small ints. */
FAST Value op_RANGE_fast(Thread *t, const Value *args, size_t nargs) {
    Value start = nargs == 2 ? args[0] : small_int(0), stop = nargs == 2 ? args[1] : args[0];
    if (unlikely(nargs < 1 || nargs > 2 || !both_small_ints(start, stop)))
        return NO_VALUE;
    RangeObject *range = heap_try_allocate(t, &range_type, sizeof *range);
    if (unlikely(!range))
        return NO_VALUE;
    int64_t length = small_int_value(stop) - small_int_value(start);
    range->start = start;
    range->stop = stop;
    range->step = small_int(1);
    range->length = small_int(length > 0 ? length : 0);
    if (unlikely(!fits_small_int(length)))
        return NO_VALUE;
    return from_object(range);
}

/* The iterators of the types that loops mostly go over. */
FAST Value op_GET_ITER_fast(Thread *t, Value v) {
    if (unlikely(!is_object(v)))
        return NO_VALUE;
    Type *type = class_of(as_object(v));
    if (type == &list_type) {
        ListIterator *i = heap_try_allocate(t, &list_iterator_type, sizeof *i);
        if (unlikely(!i))
            return NO_VALUE;
        i->list = v;
        i->owner = t;
        return from_object(i);
    }
    if (type == &tuple_type) {
        TupleIterator *i = heap_try_allocate(t, &tuple_iterator_type, sizeof *i);
        if (unlikely(!i))
            return NO_VALUE;
        i->tuple = v;
        i->owner = t;
        return from_object(i);
    }
    if (type == &range_type) {
        RangeObject *range = (RangeObject *)as_object(v);
        if (unlikely(!is_small_int(range->start) || !same(range->step, small_int(1)) || !is_small_int(range->stop)))
            return NO_VALUE;
        RangeIterator *i = heap_try_allocate(t, &range_iterator_type, sizeof *i);
        if (unlikely(!i))
            return NO_VALUE;
        i->owner = t;
        i->next = small_int_value(range->start);
        i->step = 1;
        i->remaining = small_int_value(range->length);
        return from_object(i);
    }
    return type_slot(type, SLOT___iter__) == iterator_self && type->next ? v : NO_VALUE;
}

/* ---- out of line; names, cells ---- */
Value op_LOAD_GLOBAL(Thread *t, Value name);
bool op_STORE_GLOBAL(Thread *t, Value name, Value value);
bool op_DELETE_GLOBAL(Thread *t, Value name);
Value op_LOAD_NAME(Thread *t, Value name);
bool op_STORE_NAME(Thread *t, Value name, Value value);
bool op_DELETE_NAME(Thread *t, Value name);
Value op_LOAD_LOCALS(Thread *t);
Value op_LOAD_FROM_DICT_OR_DEREF(Thread *t, Value mapping, uint32_t variable);
Value op_LOAD_FROM_DICT_OR_GLOBALS(Thread *t, Value mapping, Value name);
Value op_LOAD_BUILD_CLASS(Thread *t);
Value op_LOAD_COMMON(Thread *t, unsigned which);
Value op_unbound(Thread *t, uint32_t variable); /* raises UnboundLocalError or NameError */
Value op_MAKE_FUNCTION(Thread *t, Value code);
/* building */
Value op_BUILD_SET(Thread *t, Value *items, size_t count);
Value op_BUILD_DICT(Thread *t, Value *items, size_t count);
Value op_BUILD_STRING(Thread *t, Value *items, size_t count);
bool op_LIST_EXTEND(Thread *t, Value list, Value iterable);
bool op_SET_UPDATE(Thread *t, Value set, Value iterable);
bool op_DICT_UPDATE(Thread *t, Value dict, Value mapping);
bool op_DICT_MERGE(Thread *t, Value dict, Value mapping, Value callee);
Value op_FORMAT_SIMPLE(Thread *t, Value v);
Value op_CONVERT_VALUE(Thread *t, Value v, unsigned how);
Value op_BUILD_INTERPOLATION(Thread *t, Value *parts, unsigned conversion);
Value op_BUILD_TEMPLATE(Thread *t, Value strings, Value interpolations);
/* objects */
Value op_GET_ITEM(Thread *t, Value o, Value key);
bool op_SET_ITEM(Thread *t, Value o, Value key, Value value);
bool op_SET_ITEM_none(Thread *t, Value o, Value key); /* r[a][r[b]] = None */
bool op_DELETE_ITEM(Thread *t, Value o, Value key);
bool op_STORE_ATTR(Thread *t, Value o, Value name, Value value);
bool op_DELETE_ATTR(Thread *t, Value o, Value name);
Value op_COMPARE(Thread *t, Comparison operation, Value a, Value b);
int op_COMPARE_true(Thread *t, Comparison operation, Value a, Value b); /* 1, 0, -1 */
bool op_LOAD_SUPER_ATTR(Thread *t, Value *r, unsigned flags, Value name); /* r: super, class, self; results in r[0], r[1] */
bool op_UNPACK(Thread *t, Value *target, Value iterable, size_t count);
bool op_UNPACK_EX(Thread *t, Value *target, Value iterable, size_t before, size_t after);
Value op_GET_YIELD_FROM_ITER(Thread *t, Value v);
Value op_GET_AWAITABLE(Thread *t, Value v, unsigned where);
Value op_GET_AITER(Thread *t, Value v);
Value op_GET_ANEXT(Thread *t, Value v);
Value op_GET_LEN(Thread *t, Value v);
bool op_LIST_RESERVE(Thread *t, Value list, Value iterator);
/* Is a character in a short text? -1: look for it in the general way. */
FAST int text_has_char(Value text, Value c) {
    enum { SHORT = 32 };
    const uint8_t *data = load_dependent(&as_str(text)->data), *wanted = load_dependent(&as_str(c)->data);
    size_t length = str_length(text);
    if (str_length(c) != 1 || length > SHORT || !data || !wanted || !str_is_ascii(text) || !str_is_ascii(c))
        return -1;
    for (size_t i = 0; i < length; i++)
        if (data[i] == *wanted)
            return 1;
    return 0;
}
int op_IN(Thread *t, Value container, Value item);
Value op_INTRINSIC_1(Thread *t, Value v, unsigned which);
Value op_INTRINSIC_2(Thread *t, Value a, Value b, unsigned which);
/* exceptions */
bool op_RAISE(Thread *t, Value *r, unsigned kind); /* always fails; true: the traceback stays as it is */
Value op_MATCH_EXCEPTION(Thread *t, Value exception, Value class);
bool op_MATCH_EXCEPTION_GROUP(Thread *t, Value *target, Value exception, Value types);
bool op_LOAD_SPECIAL(Thread *t, Value *target, Value object, unsigned which);
Value op_WITH_EXIT_EXCEPTION(Thread *t, Value *exit, Value exception);
Value op_CLEANUP_THROW(Thread *t, Value exception);
/* import */
Value op_IMPORT_NAME(Thread *t, Value name, Value level, Value fromlist);
Value op_IMPORT_FROM(Thread *t, Value module, Value name);
bool op_IMPORT_STAR(Thread *t, Value module);
/* patterns */
Value op_MATCH_KEYS(Thread *t, Value subject, Value keys);
Value op_MATCH_CLASS(Thread *t, Value subject, Value class, Value names, size_t positional);
