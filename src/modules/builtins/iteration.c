/* builtins: sum, min, max, sorted, any, all, iter, next, aiter, anext, len.
 *
 * Threads: they hold no state; an iterator that two threads share is guarded by its own type.
 */
#include "modules/builtins/builtins.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/list_iterator.h"
#include "types/complex.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/iterator.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include "vm/eval.h"

#include <stdlib.h>

static Value builtin_len(Thread *t, Value *args) {
    int64_t length = length_of(t, args[0]);
    return length < 0 ? NO_VALUE : int_from(t, length);
}

/* What is true, or false, at sight: all() and any() go on behind it. */
static bool take_true(Thread *t, Consumer *c, Value item) {
    return same(item, TRUE) || (is_small_int(item) && !same(item, small_int(0)));
}
static bool take_false(Thread *t, Consumer *c, Value item) {
    return same(item, FALSE) || is_none(item) || same(item, small_int(0));
}

static Value builtin_all(Thread *t, Value *args) {
    Value iterator = TRY(iterator_at_once(t, args[0])), item;
    Consumer c = {take_true};
    while (present(item = iterator_feed(t, iterator, &c))) {
        int is = truth(t, item);
        if (is <= 0)
            return is < 0 ? NO_VALUE : FALSE;
    }
    return error_pending(t) ? NO_VALUE : TRUE;
}

static Value builtin_any(Thread *t, Value *args) {
    Value iterator = TRY(iterator_at_once(t, args[0])), item;
    Consumer c = {take_false};
    while (present(item = iterator_feed(t, iterator, &c))) {
        int is = truth(t, item);
        if (is)
            return is < 0 ? NO_VALUE : TRUE;
    }
    return error_pending(t) ? NO_VALUE : FALSE;
}

static Value builtin_iter(Thread *t, Value *args) {
    if (absent(args[1]))
        return get_iterator(t, args[0]);
    if (!is_callable(args[0]))
        return raise_type_error(t, "iter(v, w): v must be callable");
    return callable_iterator_new(t, args[0], args[1]);
}

static Value builtin_next(Thread *t, Value *args) {
    NextFn next = type_of(args[0])->next;
    if (!next)
        return raise_type_error(t, "'%T' object is not an iterator", args[0]);
    /* Not iterator_next: the StopIteration of a Python __next__, with its value, must pass unchanged. */
    Value method = type_lookup(type_of(args[0]), names.__next__);
    Value item = type_of(args[0])->flags & TYPE_HEAP && present(method) ? call_method_0(t, args[0], names.__next__)
                                                                        : next(t, args[0]);
    if (present(item))
        return item;
    if (absent(args[1]))
        return error_pending(t) ? NO_VALUE : raise_stop_iteration(t, NO_VALUE);
    if (error_pending(t) && !error_catch(t, &StopIteration_type))
        return NO_VALUE;
    return args[1];
}

static Value builtin_aiter(Thread *t, Value *args) {
    NativeFn method = type_slot(type_of(args[0]), SLOT___aiter__);
    if (!method)
        return raise_type_error(t, "'%T' object is not an async iterable", args[0]);
    Value copy[1] = {args[0]};
    Value iterator = TRY(method(t, copy));
    if (!type_slot(type_of(iterator), SLOT___anext__))
        return raise_type_error(t, "aiter() returned not an async iterator of type '%T'", iterator);
    return iterator;
}

static Value builtin_anext(Thread *t, Value *args) { return vm_anext(t, args[0], args[1]); }

static Value sort_copy(Thread *t, Value iterable, Value key, Value reverse) {
    Value list = TRY(list_from_iterable(t, iterable));
    int is_reverse = truth(t, reverse);
    CHECK(is_reverse >= 0);
    CHECK(list_sort(t, list, is_none(key) ? NO_VALUE : key, is_reverse));
    return list;
}

static Value builtin_sorted(Thread *t, Value *args) { return sort_copy(t, args[0], args[1], args[2]); }

/* Is `a` better than `b`? Told of two ints that fit into words, and of two floats; else -1. */
static inline int is_better_at_sight(Comparison op, Value a, Value b) {
    if (is_small_int(a) && is_small_int(b))
        return op == COMPARE_LT ? (int64_t)a.bits < (int64_t)b.bits : (int64_t)a.bits > (int64_t)b.bits;
    if (is_exactly(a, &float_type) && is_exactly(b, &float_type))
        return op == COMPARE_LT ? float_value(a) < float_value(b) : float_value(a) > float_value(b);
    return -1;
}

/* The same of any; -1: an exception is pending. */
static inline int is_better(Thread *t, Comparison op, Value a, Value b) {
    int better = is_better_at_sight(op, a, b);
    return likely(better >= 0) ? better : compare_true(t, op, a, b);
}

static Value extreme_of_arguments(Thread *t, const Value *items, size_t count, Comparison op, Value key) {
    Value best = items[0], best_key = absent(key) ? best : TRY(call_1(t, key, best));
    for (size_t i = 1; i < count; i++) {
        Value item_key = absent(key) ? items[i] : TRY(call_1(t, key, items[i]));
        int better = is_better(t, op, item_key, best_key);
        CHECK(better >= 0);
        if (better) {
            best = items[i];
            best_key = item_key;
        }
    }
    return best;
}

typedef struct ExtremeConsumer {
    Consumer consumer;
    Comparison op;
    Value best; /* absent: none yet */
} ExtremeConsumer;

static bool take_extreme(Thread *t, Consumer *c, Value item) {
    ExtremeConsumer *e = (ExtremeConsumer *)c;
    int better = present(e->best) ? is_better_at_sight(e->op, item, e->best) : -1;
    if (better > 0)
        e->best = item;
    return better >= 0;
}

/* Of what is left of an iterator; absent without exception: nothing. */
static Value extreme_of_iterator(Thread *t, Value iterator, Comparison op) {
    ExtremeConsumer c = {{take_extreme}, op, NO_VALUE};
    for (Value item; present(item = iterator_feed(t, iterator, &c.consumer));) {
        int better = absent(c.best) ? 1 : is_better(t, op, item, c.best);
        CHECK(better >= 0);
        if (better)
            c.best = item;
    }
    return error_pending(t) ? NO_VALUE : c.best;
}

static Value extreme_by_key(Thread *t, Value iterator, Comparison op, Value key) {
    Value best = NO_VALUE, best_key = NO_VALUE;
    for (Value item; present(item = iterator_next_at_once(t, iterator));) {
        Value item_key = TRY(call_1(t, key, item));
        int better = absent(best) ? 1 : is_better(t, op, item_key, best_key);
        CHECK(better >= 0);
        if (better) {
            best = item;
            best_key = item_key;
        }
    }
    return error_pending(t) ? NO_VALUE : best;
}

/* min and max: of the items of one iterable, or of several arguments. */
static Value extreme(Thread *t, Value *args, Comparison op, const char *name) {
    Value positional = args[0], key = args[1], otherwise = args[2];
    size_t count = tuple_length(positional);
    if (count == 0)
        return raise_type_error(t, "%s expected at least 1 argument, got 0", name);
    if (count > 1 && present(otherwise))
        return raise_type_error(t, "Cannot specify a default for %s() with multiple positional arguments", name);
    if (is_none(key))
        key = NO_VALUE;
    if (count > 1)
        return extreme_of_arguments(t, as_tuple(positional)->items, count, op, key);
    Value iterator = TRY(iterator_at_once(t, tuple_get(positional, 0)));
    Value best = absent(key) ? extreme_of_iterator(t, iterator, op) : extreme_by_key(t, iterator, op, key);
    if (present(best) || error_pending(t))
        return best;
    if (present(otherwise))
        return otherwise;
    return raise_value_error(t, "%s() iterable argument is empty", name);
}

static Value builtin_min(Thread *t, Value *args) { return extreme(t, args, COMPARE_LT, "min"); }
static Value builtin_max(Thread *t, Value *args) { return extreme(t, args, COMPARE_GT, "max"); }

/* A float sum by Neumaier's compensated summation (Z. angew. Math. Mech. 54, 1974), as CPython 3.12 and later. */
typedef struct FloatSum {
    double high, low;
} FloatSum;

static void float_sum_add(FloatSum *s, double x) {
    double sum = s->high + x;
    if (fabs(s->high) >= fabs(x))
        s->low += (s->high - sum) + x;
    else
        s->low += (x - sum) + s->high;
    s->high = sum;
}

static double float_sum_total(FloatSum s) { return s.low && isfinite(s.low) ? s.high + s.low : s.high; }

static inline bool float_sum_take(FloatSum *s, Value item) {
    if (is_exactly(item, &float_type))
        float_sum_add(s, float_value(item));
    else if (is_small_int(item) && llabs(small_int_value(item)) <= INT64_C(1) << 53)
        float_sum_add(s, (double)small_int_value(item));
    else
        return false;
    return true;
}

typedef struct SumConsumer {
    Consumer consumer;
    Value total;  /* of ints: a small one, or nothing is taken */
    FloatSum sum; /* of floats */
} SumConsumer;

static bool take_float(Thread *t, Consumer *c, Value item) { return float_sum_take(&((SumConsumer *)c)->sum, item); }

static inline bool int_sum_take(Value *total, Value item) {
    int64_t sum;
    if (unlikely(!is_small_int(item))) {
        if (!same(item, TRUE) && !same(item, FALSE))
            return false;
        item = small_int(same(item, TRUE));
    }
    if (unlikely(!is_small_int(*total) || __builtin_add_overflow((int64_t)total->bits, (int64_t)(item.bits - 1), &sum)))
        return false;
    total->bits = (uint64_t)sum;
    return true;
}

static bool take_int(Thread *t, Consumer *c, Value item) { return int_sum_take(&((SumConsumer *)c)->total, item); }

/* The next item, with the total in a register where the iterator takes no consumer. */
static inline Value next_to_add(Thread *t, Value iterator, Value *total) {
    if (likely(!type_of(iterator)->feed))
        return iterator_next_at_once(t, iterator);
    SumConsumer c = {{take_int}, *total, {0, 0}};
    Value item = iterator_feed(t, iterator, &c.consumer);
    *total = c.total;
    return item;
}

/* Adds floats and ints as long as they come; *item is the first that is something else, or absent. */
static Value sum_floats(Thread *t, double start, Value iterator, Value *item) {
    SumConsumer c = {{take_float}, NO_VALUE, {start, 0}};
    while (present(*item = iterator_feed(t, iterator, &c.consumer)) && float_sum_take(&c.sum, *item))
        ;
    return float_from_double(t, float_sum_total(c.sum));
}

/* The same for complex numbers, part by part; floats and ints among them count as real parts. */
static Value sum_complex(Thread *t, Value start, Value iterator, Value *item) {
    FloatSum real = {as_complex(start)->real, 0}, imag = {as_complex(start)->imag, 0};
    while (present(*item = iterator_next(t, iterator))) {
        double x;
        if (is_exactly(*item, &complex_type)) {
            float_sum_add(&real, as_complex(*item)->real);
            float_sum_add(&imag, as_complex(*item)->imag);
        } else if (is_exactly(*item, &float_type) || is_exactly(*item, &int_type)) {
            CHECK(to_double(t, *item, &x));
            float_sum_add(&real, x);
        } else {
            break;
        }
    }
    return complex_new(t, float_sum_total(real), float_sum_total(imag));
}

static Value builtin_sum(Thread *t, Value *args) {
    Value total = args[1], item;
    if (likely(is_small_int(total)))
        ;
    else if (is_str(total))
        return raise_type_error(t, "sum() can't sum strings [use ''.join(seq) instead]");
    else if (is_bytes(total))
        return raise_type_error(t, "sum() can't sum bytes [use b''.join(seq) instead]");
    else if (type_of(total)->name_text && strcmp(type_of(total)->name_text, "bytearray") == 0)
        return raise_type_error(t, "sum() can't sum bytearray [use b''.join(seq) instead]");
    Value iterator = TRY(iterator_at_once(t, args[0]));
    while (present(item = next_to_add(t, iterator, &total))) {
        if (likely(int_sum_take(&total, item)))
            continue;
        total = TRY(is_exactly(total, &int_type) && is_exactly(item, &int_type) ? int_add(t, total, item)
                                                                                 : binary_operation(t, BINARY_ADD, total, item));
        bool is_complex = is_exactly(total, &complex_type);
        if (!is_complex && !is_exactly(total, &float_type))
            continue;
        total = TRY(is_complex ? sum_complex(t, total, iterator, &item) : sum_floats(t, float_value(total), iterator, &item));
        CHECK(!error_pending(t));
        if (absent(item))
            return total;
        total = TRY(binary_operation(t, BINARY_ADD, total, item));
    }
    return error_pending(t) ? NO_VALUE : total;
}

const NativeDef builtins_iteration_functions[] = {
    {"len(obj, /)", builtin_len, "Return the number of items in a container.", NATIVE_LEN | NATIVE_ONLY_LOOKS},
    {"all(iterable, /)", builtin_all,
     "Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True."},
    {"any(iterable, /)", builtin_any,
     "Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False."},
    {"iter(object, sentinel=<unrepresentable>, /)", builtin_iter,
     "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\nGet an iterator from an object.\nIn the first form, "
     "the argument must supply its own iterator, or be a sequence.\nIn the second form, the callable is called until it returns "
     "the sentinel.",
     NATIVE_NO_SIGNATURE},
    {"next(iterator, default=<unrepresentable>, /)", builtin_next,
     "next(iterator[, default])\n\nReturn the next item from the iterator. If default is given and the iterator\nis exhausted, "
     "it is returned instead of raising StopIteration.",
     NATIVE_NO_SIGNATURE | NATIVE_NEXT},
    {"anext(aiterator, default=<unrepresentable>, /)", builtin_anext,
     "Return the next item from the async iterator.\n\nIf default is given and the async iterator is exhausted,\n"
     "it is returned instead of raising StopAsyncIteration.",
     0},
    {"aiter(async_iterable, /)", builtin_aiter, "Return an AsyncIterator for an AsyncIterable object."},
    {"sorted(iterable, /, *, key=None, reverse=False)", builtin_sorted,
     "Return a new list containing all items from the iterable in ascending order.\n\nA custom key function can be supplied to "
     "customize the sort order, and the\nreverse flag can be set to request the result in descending order.",
     NATIVE_COUNTS_POSITIONAL},
    {"min(*args, key=None, default=<unrepresentable>)", builtin_min,
     "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a single "
     "iterable argument, return its smallest item. The\ndefault keyword-only argument specifies an object to return if\nthe "
     "provided iterable is empty.\nWith two or more positional arguments, return the smallest argument.",
     NATIVE_NO_SIGNATURE | NATIVE_BORROWS_STAR},
    {"max(*args, key=None, default=<unrepresentable>)", builtin_max,
     "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a single "
     "iterable argument, return its biggest item. The\ndefault keyword-only argument specifies an object to return if\nthe "
     "provided iterable is empty.\nWith two or more positional arguments, return the largest argument.",
     NATIVE_NO_SIGNATURE | NATIVE_BORROWS_STAR},
    {"sum(iterable, /, start=0)", builtin_sum,
     "Return the sum of a 'start' value (default: 0) plus an iterable of numbers\n\nWhen the iterable is empty, return the start "
     "value.\nThis function is intended specifically for use with numeric values and may\nreject non-numeric types."},
    {0},
};
