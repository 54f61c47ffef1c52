/* Constant operations, within CPython's limits on the size of results: folding must not make code that is much
 * larger than its source. */
#include "compile/fold_values.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"

enum { MAX_INT_BITS = 128, MAX_ITEMS = 256, MAX_CHARACTERS = 4096, MAX_TOTAL_ITEMS = 1024 };

static Value quietly(Thread *t, Value result) {
    if (absent(result))
        error_clear(t);
    return result;
}

bool constant_truth(Thread *t, Value v) {
    int result = truth(t, v);
    if (result < 0)
        error_clear(t);
    return result > 0;
}

Value fold_unary(Thread *t, Operation op, Value v) {
    switch (op) {
    case OP_NOT: {
        int result = truth(t, v);
        if (result < 0)
            return quietly(t, NO_VALUE);
        return from_bool(!result);
    }
    case OP_NEGATIVE: return quietly(t, negative(t, v));
    case OP_POSITIVE: return quietly(t, positive(t, v));
    case OP_INVERT: /* of a bool: warns at run time */
        return is_exactly(v, &bool_type) ? NO_VALUE : quietly(t, invert(t, v));
    default: return NO_VALUE;
    }
}

/* How many items are left of `budget` when those of nested tuples are counted; negative: too many. */
static int64_t remaining_items(Value v, int64_t budget) {
    if (is_exactly(v, &tuple_type)) {
        budget -= (int64_t)tuple_length(v);
        for (size_t i = 0; budget >= 0 && i < tuple_length(v); i++) budget = remaining_items(tuple_get(v, i), budget);
    }
    return budget;
}

static bool small_product(Value a, Value b) {
    if (is_int(a) && is_int(b))
        return int_bit_length(a) + int_bit_length(b) <= MAX_INT_BITS;
    if (is_int(b)) {
        Value swap = a;
        a = b;
        b = swap;
    }
    int64_t n;
    if (!is_int(a))
        return true; /* floats, or an error */
    bool items = is_tuple(b) || is_exactly(b, &frozenset_type), characters = is_str(b) || is_bytes(b);
    if (!items && !characters)
        return true;
    int64_t size = (int64_t)(is_tuple(b) ? tuple_length(b) : is_str(b) ? str_length(b)
                                       : is_bytes(b) ? as_bytes(b)->length : set_length(b));
    if (size == 0)
        return true;
    if (!int_to_i64(a, &n) || n < 0 || n > (items ? MAX_ITEMS : MAX_CHARACTERS) / size)
        return false;
    return !n || !items || remaining_items(b, MAX_TOTAL_ITEMS / n) >= 0;
}

static bool small_result(Operation op, Value a, Value b) {
    bool ints = is_int(a) && is_int(b);
    int64_t n;
    switch (op) {
    case OP_MUL: return small_product(a, b);
    case OP_POW:
        if (!ints || int_sign(a) == 0 || int_sign(b) <= 0)
            return true;
        return int_to_i64(b, &n) && int_bit_length(a) <= (uint64_t)(MAX_INT_BITS / n);
    case OP_LSHIFT:
        if (!ints || int_sign(a) == 0 || int_sign(b) == 0)
            return true;
        return int_to_i64(b, &n) && n <= MAX_INT_BITS && n >= 0 && int_bit_length(a) <= (uint64_t)(MAX_INT_BITS - n);
    case OP_MOD: return !is_str(a) && !is_bytes(a);
    case OP_MATMUL: return false;
    default: return true;
    }
}

Value fold_binary(Thread *t, Operation op, Value a, Value b) {
    if (!small_result(op, a, b))
        return NO_VALUE;
    /* The operations stand in the order of BinaryOperation. */
    return quietly(t, binary_operation(t, (BinaryOperation)(BINARY_ADD + (op - OP_ADD)), a, b));
}

Value fold_item(Thread *t, Value container, Value key) {
    if (!is_str(container) && !is_bytes(container) && !is_tuple(container))
        return NO_VALUE;
    return quietly(t, get_item(t, container, key));
}
