/* Arithmetic and comparison on any two objects.
 *
 * The order in which methods are tried is Python's: the left operand's, then the right one's reflected method; the
 * reflected one first when the right operand's class is a subclass that overrides it. Sequences take part in + and *
 * only after the other operand's number methods had their say, as in CPython, where they are separate slots.
 * Threads: no state of its own.
 */
#include "object/operators.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/complex.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/str/str.h"

static const struct Binary {
    const char *symbol, *inplace_symbol;
    Slot left, right, inplace;
    Value *left_name, *right_name, *inplace_name;
} binaries[BINARY_COUNT] = {
#define ROW(op, name, text)                                                                                     \
    [BINARY_##op] = {text, text "=", SLOT___##name##__, SLOT___r##name##__, SLOT___i##name##__,             \
                     &names.__##name##__, &names.__r##name##__, &names.__i##name##__}
    ROW(ADD, add, "+"),
    ROW(SUB, sub, "-"),
    ROW(MUL, mul, "*"),
    ROW(MATMUL, matmul, "@"),
    ROW(TRUEDIV, truediv, "/"),
    ROW(FLOORDIV, floordiv, "//"),
    ROW(MOD, mod, "%"),
    ROW(LSHIFT, lshift, "<<"),
    ROW(RSHIFT, rshift, ">>"),
    ROW(AND, and, "&"),
    ROW(OR, or, "|"),
    ROW(XOR, xor, "^"),
#undef ROW
    [BINARY_POW] = {"** or pow()", "**=", SLOT___pow__, SLOT___rpow__, SLOT___ipow__, &names.__pow__, &names.__rpow__, &names.__ipow__},
    [BINARY_DIVMOD] = {"divmod()", "divmod()", SLOT___divmod__, SLOT___rdivmod__, SLOT_COUNT, &names.__divmod__, &names.__rdivmod__, NULL},
};

Value slot_none(Thread *t, Value *args) { return raise_type_error(t, "'NoneType' object is not callable"); }

static Value call_slot(Thread *t, NativeFn function, Value a, Value b) {
    Value args[4] = {NO_VALUE, a, b, NONE}; /* scratch below; the third argument is for pow */
    CHECK(recursion_enter(t, ""));
    return function(t, args + 1);
}

static Type *static_base(Type *type) {
    while (type->flags & TYPE_HEAP && type->base != NULL)
        type = type->base;
    return type;
}

/* A built-in sequence (or a subclass that left + alone): concatenation is not a number method. */
static bool is_concatenating(Type *type, Slot slot) {
    Type *base = static_base(type);
    return type_slot(base, SLOT___add__) != NULL && type_slot(base, SLOT___radd__) == NULL &&
           type_slot(base, SLOT___getitem__) != NULL && type->slots[slot] == base->slots[slot];
}

static bool is_sequence_operation(Type *type, BinaryOperation op) {
    if (op == BINARY_ADD)
        return is_concatenating(type, SLOT___add__);
    return op == BINARY_MUL && is_concatenating(type, SLOT___mul__) && type_slot(type, SLOT___mul__) != NULL;
}

/* The right operand's class goes first if it is a subclass and has its own version of the reflected method. */
static bool right_goes_first(const struct Binary *row, Type *left, Type *right) {
    if (!type_is_subtype(right, left))
        return false;
    NativeFn theirs = right->slots[row->right], ours = left->slots[row->right];
    return theirs != ours || !same(type_lookup(left, *row->right_name), type_lookup(right, *row->right_name));
}

/* NotImplemented if neither side knows. */
static Value try_binary(Thread *t, BinaryOperation op, Value a, Value b) {
    const struct Binary *row = &binaries[op];
    Type *ta = type_of(a), *tb = type_of(b);
    NativeFn left = ta->slots[row->left];
    NativeFn right = ta == tb ? NULL : tb->slots[row->right];
    bool left_sequence = left != NULL && (op == BINARY_ADD || op == BINARY_MUL) && is_sequence_operation(ta, op);
    if (left_sequence && op == BINARY_MUL)
        left = NULL; /* after all number methods, with its own message: repeat_sequence */
    if (right != NULL && op == BINARY_MUL && is_sequence_operation(tb, op))
        right = NULL;
    if (right != NULL && (left_sequence || right_goes_first(row, ta, tb))) {
        Value result = call_slot(t, right, b, a);
        if (!same(result, NOT_IMPLEMENTED))
            return result;
        right = NULL;
    }
    if (left != NULL) {
        Value result = call_slot(t, left, a, b);
        if (!same(result, NOT_IMPLEMENTED))
            return result;
    }
    return right != NULL ? call_slot(t, right, b, a) : NOT_IMPLEMENTED;
}

/* Not simple is where the order of methods depends on more than the slots: a right operand of a derived class, sequences. */
bool binary_method(BinaryOperation op, bool inplace, Value a, Value b, Value *name, OperatorStage *stage) {
    const struct Binary *row = &binaries[op];
    Type *ta = type_of(a), *tb = type_of(b);
    if (inplace && ta->slots[row->inplace] != NULL) {
        *name = *row->inplace_name;
        *stage = OPERATOR_INPLACE;
        return slot_is_looked_up(ta, row->inplace);
    }
    if (ta != tb && tb->flags & TYPE_HEAP && type_is_subtype(tb, ta))
        return false;
    if (slot_is_looked_up(ta, row->left)) {
        *name = *row->left_name;
        *stage = OPERATOR_LEFT;
        return true;
    }
    bool declines = ta->slots[row->left] == NULL || ((ta == &int_type || ta == &float_type) && !(tb->flags & (TYPE_INT | TYPE_FLOAT)));
    *name = *row->right_name;
    *stage = OPERATOR_RIGHT;
    return declines && ta != tb && slot_is_looked_up(tb, row->right);
}

/* sequence * count. `slot` is the sequence's method. */
static Value repeat_sequence(Thread *t, Slot slot, Value sequence, Value count) {
    if (!is_int(count) && type_slot(type_of(count), SLOT___index__) == NULL)
        return raise_type_error(t, "can't multiply sequence by non-int of type '%T'", count);
    return call_slot(t, type_of(sequence)->slots[slot], sequence, count);
}

static Value unsupported(Thread *t, const char *symbol, Value a, Value b) {
    return raise_type_error(t, "unsupported operand type(s) for %s: '%T' and '%T'", symbol, a, b);
}

static inline bool both_exactly_str(Value a, Value b) {
    return is_object(a) && is_object(b) && as_object(a)->type == &str_type && as_object(b)->type == &str_type;
}

/* What counts truths: adding or subtracting a bool. Absent: something else. */
static inline Value add_bool(BinaryOperation op, Value a, Value b) {
    int64_t sum;
    bool left = same(a, TRUE) || same(a, FALSE), right = same(b, TRUE) || same(b, FALSE);
    if (likely(!left && !right) || (op != BINARY_ADD && op != BINARY_SUB))
        return NO_VALUE;
    a = left ? small_int(same(a, TRUE)) : a;
    b = right ? small_int(same(b, TRUE)) : b;
    if (!is_small_int(a) || !is_small_int(b))
        return NO_VALUE;
    sum = op == BINARY_ADD ? small_int_value(a) + small_int_value(b) : small_int_value(a) - small_int_value(b);
    return fits_small_int(sum) ? small_int(sum) : NO_VALUE;
}

Value binary_operation(Thread *t, BinaryOperation op, Value a, Value b) {
    if (op == BINARY_ADD && both_exactly_str(a, b))
        return str_concat(t, a, b);
    /* 6 % of the instructions of programs that do little else; asking for any number's slot here saves 1 %. */
    if (is_exactly(a, &complex_type) && is_exactly(b, &complex_type) && complex_type.slots[binaries[op].left])
        return call_slot(t, complex_type.slots[binaries[op].left], a, b);
    Value result = add_bool(op, a, b);
    if (present(result))
        return result;
    result = try_binary(t, op, a, b);
    if (likely(!same(result, NOT_IMPLEMENTED)))
        return result;
    if (op == BINARY_MUL) {
        if (is_sequence_operation(type_of(a), op))
            return repeat_sequence(t, SLOT___mul__, a, b);
        if (is_sequence_operation(type_of(b), op))
            return repeat_sequence(t, type_slot(type_of(b), SLOT___rmul__) ? SLOT___rmul__ : SLOT___mul__, b, a);
    }
    return unsupported(t, binaries[op].symbol, a, b);
}

Value inplace_operation(Thread *t, BinaryOperation op, Value a, Value b) {
    if (op == BINARY_ADD && both_exactly_str(a, b))
        return str_concat(t, a, b);
    const struct Binary *row = &binaries[op];
    Value counted = add_bool(op, a, b);
    if (present(counted))
        return counted;
    Type *ta = type_of(a), *tb = type_of(b);
    NativeFn inplace = row->inplace == SLOT_COUNT ? NULL : ta->slots[row->inplace];
    bool sequence = (op == BINARY_ADD || op == BINARY_MUL) && is_sequence_operation(ta, op);
    if (inplace != NULL && sequence && inplace == static_base(ta)->slots[row->inplace]) {
        NativeFn right = tb->slots[row->right];
        if (right != NULL && ta != tb && !is_sequence_operation(tb, op)) {
            Value result = call_slot(t, right, b, a);
            if (!same(result, NOT_IMPLEMENTED))
                return result;
        }
        return op == BINARY_MUL ? repeat_sequence(t, SLOT___imul__, a, b) : call_slot(t, inplace, a, b);
    }
    if (inplace != NULL) {
        Value result = call_slot(t, inplace, a, b);
        if (!same(result, NOT_IMPLEMENTED))
            return result;
    }
    Value result = try_binary(t, op, a, b);
    if (!same(result, NOT_IMPLEMENTED))
        return result;
    if (op == BINARY_MUL && (sequence || is_sequence_operation(tb, op)))
        return binary_operation(t, op, a, b);
    return unsupported(t, row->inplace_symbol, a, b);
}

Value binary_operation_after(Thread *t, BinaryOperation op, bool inplace, OperatorStage stage, Value a, Value b) {
    const struct Binary *row = &binaries[op];
    Type *ta = type_of(a), *tb = type_of(b);
    NativeFn right = ta == tb || stage != OPERATOR_LEFT ? NULL : tb->slots[row->right];
    Value result = stage == OPERATOR_INPLACE ? try_binary(t, op, a, b)
                   : right != NULL && !is_sequence_operation(tb, op) ? call_slot(t, right, b, a)
                                                                     : NOT_IMPLEMENTED;
    if (!same(result, NOT_IMPLEMENTED))
        return result;
    if (op == BINARY_MUL && is_sequence_operation(tb, op)) /* at the very end */
        return repeat_sequence(t, type_slot(tb, SLOT___rmul__) ? SLOT___rmul__ : SLOT___mul__, b, a);
    return unsupported(t, inplace ? row->inplace_symbol : row->symbol, a, b);
}

/* pow(base, exponent, modulus): each operand's class is asked in turn, the first one's first. The modulus's is asked only if it
 * is written in C: what Python code says about it is for its own instances as a base. */
static Value power_with_modulus(Thread *t, Value base, Value exponent, Value modulus) {
    Type *tb = type_of(base), *te = type_of(exponent);
    NativeFn left = type_slot(tb, SLOT___pow__), right = te == tb ? NULL : type_slot(te, SLOT___rpow__);
    Value args[4] = {NO_VALUE, base, exponent, modulus};
    if (right != NULL && right_goes_first(&binaries[BINARY_POW], tb, te)) {
        Value reflected[4] = {NO_VALUE, exponent, base, modulus};
        Value result = right(t, reflected + 1);
        if (!same(result, NOT_IMPLEMENTED))
            return result;
        right = NULL;
    }
    if (left != NULL) {
        Value result = left(t, args + 1);
        if (!same(result, NOT_IMPLEMENTED))
            return result;
    }
    if (right != NULL) {
        Value reflected[4] = {NO_VALUE, exponent, base, modulus};
        Value result = right(t, reflected + 1);
        if (!same(result, NOT_IMPLEMENTED))
            return result;
    }
    Type *tm = type_of(modulus);
    if (tm != tb && tm != te && type_slot(tm, SLOT___pow__) != NULL && !(tm->flags & TYPE_HEAP)) {
        Value again[4] = {NO_VALUE, base, exponent, modulus};
        Value result = type_slot(tm, SLOT___pow__)(t, again + 1);
        if (!same(result, NOT_IMPLEMENTED))
            return result;
    }
    return raise_type_error(t, "unsupported operand type(s) for ** or pow(): '%T', '%T', '%T'", base, exponent, modulus);
}

Value power(Thread *t, Value base, Value exponent, Value modulus) {
    if (absent(modulus) || is_none(modulus))
        return binary_operation(t, BINARY_POW, base, exponent);
    return power_with_modulus(t, base, exponent, modulus);
}

/* Comparisons */

static const Slot compare_slots[] = {SLOT___lt__, SLOT___le__, SLOT___eq__, SLOT___ne__, SLOT___gt__, SLOT___ge__};
static const Comparison reflected[] = {COMPARE_GT, COMPARE_GE, COMPARE_EQ, COMPARE_NE, COMPARE_LT, COMPARE_LE};
static const char *const compare_symbols[] = {"<", "<=", "==", "!=", ">", ">="};

/* Neither side knows. */
static Value compare_undecided(Thread *t, Comparison op, Value a, Value b) {
    if (op == COMPARE_EQ)
        return from_bool(same(a, b));
    if (op == COMPARE_NE)
        return from_bool(!same(a, b));
    return raise_type_error(t, "'%s' not supported between instances of '%T' and '%T'", compare_symbols[op], a, b);
}

/* Whether both are str, perhaps of classes that leave the comparison to it. */
static inline bool compares_as_str(Type *ta, Type *tb, Slot slot) {
    NativeFn own = str_type.slots[slot];
    return ta->flags & tb->flags & TYPE_STR && ta->slots[slot] == own && tb->slots[slot] == own;
}

static Value compare_slow(Thread *t, Comparison op, Value a, Value b) {
    Type *ta = type_of(a), *tb = type_of(b);
    if ((op == COMPARE_EQ || op == COMPARE_NE) && compares_as_str(ta, tb, compare_slots[op]))
        return from_bool(str_equal(t, a, b) == (op == COMPARE_EQ));
    NativeFn left = ta->slots[compare_slots[op]];
    NativeFn right = tb->slots[compare_slots[reflected[op]]];
    bool right_tried = false;
    CHECK(recursion_enter(t, " in comparison"));
    if (ta != tb && right != NULL && type_is_subtype(tb, ta)) {
        Value result = call_slot(t, right, b, a);
        if (!same(result, NOT_IMPLEMENTED))
            return result;
        right_tried = true;
    }
    if (left != NULL) {
        Value result = call_slot(t, left, a, b);
        if (!same(result, NOT_IMPLEMENTED))
            return result;
    }
    if (right != NULL && !right_tried) {
        Value result = call_slot(t, right, b, a);
        if (!same(result, NOT_IMPLEMENTED))
            return result;
    }
    return compare_undecided(t, op, a, b);
}

static Value *const compare_names[] = {&names.__lt__, &names.__le__, &names.__eq__, &names.__ne__, &names.__gt__, &names.__ge__};

bool comparison_method(Comparison op, Value a, Value b, Value *name) {
    Type *ta = type_of(a), *tb = type_of(b);
    *name = *compare_names[op];
    return slot_is_looked_up(ta, compare_slots[op]) && (ta == tb || !(tb->flags & TYPE_HEAP) || !type_is_subtype(tb, ta));
}

Value compare_after(Thread *t, Comparison op, Value a, Value b) {
    NativeFn right = type_of(b)->slots[compare_slots[reflected[op]]];
    if (right != NULL) {
        Value result = call_slot(t, right, b, a);
        if (!same(result, NOT_IMPLEMENTED))
            return result;
    }
    return compare_undecided(t, op, a, b);
}

static bool decide(Comparison op, int64_t order) {
    switch (op) {
    case COMPARE_LT: return order < 0;
    case COMPARE_LE: return order <= 0;
    case COMPARE_EQ: return order == 0;
    case COMPARE_NE: return order != 0;
    case COMPARE_GT: return order > 0;
    default: return order >= 0;
    }
}

Value compare(Thread *t, Comparison op, Value a, Value b) {
    if (is_small_int(a) && is_small_int(b))
        return from_bool(decide(op, ((int64_t)a.bits > (int64_t)b.bits) - ((int64_t)a.bits < (int64_t)b.bits)));
    if (both_exactly_str(a, b)) {
        if (op == COMPARE_EQ)
            return from_bool(str_equal(t, a, b));
        if (op == COMPARE_NE)
            return from_bool(!str_equal(t, a, b));
        return from_bool(decide(op, str_compare(t, a, b)));
    }
    return compare_slow(t, op, a, b);
}

int compare_true(Thread *t, Comparison op, Value a, Value b) {
    if (is_small_int(a) && is_small_int(b))
        return decide(op, ((int64_t)a.bits > (int64_t)b.bits) - ((int64_t)a.bits < (int64_t)b.bits));
    if (type_of(a) == &float_type && type_of(b) == &float_type) {
        double x = float_value(a), y = float_value(b);
        switch (op) {
        case COMPARE_LT: return x < y;
        case COMPARE_LE: return x <= y;
        case COMPARE_EQ: return x == y;
        case COMPARE_NE: return x != y;
        case COMPARE_GT: return x > y;
        default: return x >= y;
        }
    }
    Value result = compare(t, op, a, b);
    return same(result, TRUE) ? 1 : same(result, FALSE) ? 0 : absent(result) ? -1 : truth(t, result);
}

int equal(Thread *t, Value a, Value b) {
    if (same(a, b))
        return 1;
    if (is_small_int(a) && is_small_int(b))
        return 0;
    Type *type = type_of(a);
    if (type == type_of(b)) {
        if (type == &str_type)
            return str_equal(t, a, b);
        if (type == &float_type)
            return float_value(a) == float_value(b);
    }
    return compare_true(t, COMPARE_EQ, a, b);
}

/* One operand */

static Value unary(Thread *t, Slot slot, const char *what, Value v) {
    NativeFn function = type_of(v)->slots[slot];
    if (function == NULL)
        return raise_type_error(t, "bad operand type for %s: '%T'", what, v);
    Value args[2] = {NO_VALUE, v};
    return function(t, args + 1);
}

Value negative(Thread *t, Value v) {
    if (is_small_int(v))
        return int_from(t, -small_int_value(v));
    return unary(t, SLOT___neg__, "unary -", v);
}
Value positive(Thread *t, Value v) { return unary(t, SLOT___pos__, "unary +", v); }
Value invert(Thread *t, Value v) { return unary(t, SLOT___invert__, "unary ~", v); }
Value absolute(Thread *t, Value v) { return unary(t, SLOT___abs__, "abs()", v); }
