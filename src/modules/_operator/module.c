/* The module _operator: the operators as functions. Threads: no state. */
#include "modules/_operator/internal.h"

#define BINARY(name, op) \
    static Value name(Thread *t, Value *args) { return binary_operation(t, op, args[0], args[1]); }
#define INPLACE(name, op) \
    static Value name(Thread *t, Value *args) { return inplace_operation(t, op, args[0], args[1]); }
#define COMPARE(name, op) \
    static Value name(Thread *t, Value *args) { return compare(t, op, args[0], args[1]); }
#define UNARY(name, function) \
    static Value name(Thread *t, Value *args) { return function(t, args[0]); }

#define ALL(ROW)                                                                                                \
    ROW(add, BINARY_ADD) ROW(sub, BINARY_SUB) ROW(mul, BINARY_MUL) ROW(matmul, BINARY_MATMUL)                   \
    ROW(truediv, BINARY_TRUEDIV) ROW(floordiv, BINARY_FLOORDIV) ROW(mod, BINARY_MOD)                            \
    ROW(lshift, BINARY_LSHIFT) ROW(rshift, BINARY_RSHIFT) ROW(and_, BINARY_AND) ROW(or_, BINARY_OR)             \
    ROW(xor_, BINARY_XOR)
ALL(BINARY)
#undef ALL
INPLACE(iadd, BINARY_ADD)
INPLACE(isub, BINARY_SUB)
INPLACE(imul, BINARY_MUL)
INPLACE(imatmul, BINARY_MATMUL)
INPLACE(itruediv, BINARY_TRUEDIV)
INPLACE(ifloordiv, BINARY_FLOORDIV)
INPLACE(imod, BINARY_MOD)
INPLACE(ipow, BINARY_POW)
INPLACE(ilshift, BINARY_LSHIFT)
INPLACE(irshift, BINARY_RSHIFT)
INPLACE(iand, BINARY_AND)
INPLACE(ior, BINARY_OR)
INPLACE(ixor, BINARY_XOR)
COMPARE(lt, COMPARE_LT)
COMPARE(le, COMPARE_LE)
COMPARE(eq, COMPARE_EQ)
COMPARE(ne, COMPARE_NE)
COMPARE(gt, COMPARE_GT)
COMPARE(ge, COMPARE_GE)
UNARY(neg, negative)
UNARY(pos, positive)
UNARY(inverted, invert)
UNARY(abs_, absolute)
UNARY(index_, index_of)
#undef BINARY
#undef INPLACE
#undef COMPARE
#undef UNARY

static Value pow_(Thread *t, Value *args) { return power(t, args[0], args[1], NONE); }
static Value truth_(Thread *t, Value *args) {
    int result = truth(t, args[0]);
    return result < 0 ? NO_VALUE : from_bool(result);
}
static Value not_(Thread *t, Value *args) {
    int result = truth(t, args[0]);
    return result < 0 ? NO_VALUE : from_bool(!result);
}
static Value is_(Thread *t, Value *args) { return from_bool(same(args[0], args[1])); }
static Value is_not(Thread *t, Value *args) { return from_bool(!same(args[0], args[1])); }
static Value is_none_(Thread *t, Value *args) { return from_bool(is_none(args[0])); }
static Value is_not_none(Thread *t, Value *args) { return from_bool(!is_none(args[0])); }

/* Sequences: what has items but is no dict. */
static bool concatenates(Value v) { return type_slot(type_of(v), SLOT___getitem__) && !is_dict(v); }

static Value concat(Thread *t, Value *args) {
    if (!concatenates(args[0]))
        return raise_type_error(t, "'%T' object can't be concatenated", args[0]);
    return binary_operation(t, BINARY_ADD, args[0], args[1]);
}
static Value iconcat(Thread *t, Value *args) {
    if (!concatenates(args[0]))
        return raise_type_error(t, "'%T' object can't be concatenated", args[0]);
    return inplace_operation(t, BINARY_ADD, args[0], args[1]);
}

static Value contains_(Thread *t, Value *args) {
    int result = contains(t, args[0], args[1]);
    return result < 0 ? NO_VALUE : from_bool(result);
}

static Value iterator_over(Thread *t, Value v) {
    Value it = get_iterator(t, v);
    if (absent(it) && error_catch(t, &TypeError_type))
        raise_type_error(t, "argument of type '%T' is not iterable", v);
    return it;
}

static Value count_of(Thread *t, Value *args) {
    Value it = TRY(iterator_over(t, args[0]));
    int64_t count = 0;
    for (Value item; present(item = iterator_next(t, it));) {
        int equals = equal(t, item, args[1]);
        CHECK(equals >= 0);
        count += equals;
    }
    return error_pending(t) ? NO_VALUE : small_int(count);
}

static Value index_of_item(Thread *t, Value *args) {
    Value it = TRY(iterator_over(t, args[0])), item;
    for (int64_t i = 0; present(item = iterator_next(t, it)); i++) {
        int equals = equal(t, item, args[1]);
        if (equals)
            return equals < 0 ? NO_VALUE : small_int(i);
    }
    return error_pending(t) ? NO_VALUE : raise_value_error(t, "sequence.index(x): x not in sequence");
}

static Value getitem(Thread *t, Value *args) { return get_item(t, args[0], args[1]); }
static Value setitem(Thread *t, Value *args) {
    CHECK(set_item(t, args[0], args[1], args[2]));
    return NONE;
}
static Value delitem(Thread *t, Value *args) {
    CHECK(delete_item(t, args[0], args[1]));
    return NONE;
}

static Value length_hint_(Thread *t, Value *args) {
    int64_t otherwise;
    CHECK(index_as_ssize(t, args[1], &otherwise, false, NULL));
    int64_t hint = length_hint(t, args[0], otherwise);
    if (hint < 0 && error_pending(t))
        return NO_VALUE;
    return int_from(t, hint);
}

static Value call_(Thread *t, Value *args) { return call_tuple(t, args[0], args[1], args[2]); }

static const NativeDef functions[] = {
    {"truth(a, /)", truth_, "Return True if a is true, False otherwise."},
    {"contains(a, b, /)", contains_, "Same as b in a (note reversed operands)."},
    {"indexOf(a, b, /)", index_of_item, "Return the first index of b in a."},
    {"countOf(a, b, /)", count_of, "Return the number of items in a which are, or which equal, b."},
    {"is_(a, b, /)", is_, "Same as a is b."},
    {"is_not(a, b, /)", is_not, "Same as a is not b."},
    {"is_none(a, /)", is_none_, "Same as a is None."},
    {"is_not_none(a, /)", is_not_none, "Same as a is not None."},
    {"add(a, b, /)", add, "Same as a + b."},
    {"sub(a, b, /)", sub, "Same as a - b."},
    {"mul(a, b, /)", mul, "Same as a * b."},
    {"matmul(a, b, /)", matmul, "Same as a @ b."},
    {"floordiv(a, b, /)", floordiv, "Same as a // b."},
    {"truediv(a, b, /)", truediv, "Same as a / b."},
    {"mod(a, b, /)", mod, "Same as a % b."},
    {"neg(a, /)", neg, "Same as -a."},
    {"pos(a, /)", pos, "Same as +a."},
    {"abs(a, /)", abs_, "Same as abs(a)."},
    {"inv(a, /)", inverted, "Same as ~a."},
    {"invert(a, /)", inverted, "Same as ~a."},
    {"lshift(a, b, /)", lshift, "Same as a << b."},
    {"rshift(a, b, /)", rshift, "Same as a >> b."},
    {"not_(a, /)", not_, "Same as not a."},
    {"and_(a, b, /)", and_, "Same as a & b."},
    {"xor(a, b, /)", xor_, "Same as a ^ b."},
    {"or_(a, b, /)", or_, "Same as a | b."},
    {"iadd(a, b, /)", iadd, "Same as a += b."},
    {"isub(a, b, /)", isub, "Same as a -= b."},
    {"imul(a, b, /)", imul, "Same as a *= b."},
    {"imatmul(a, b, /)", imatmul, "Same as a @= b."},
    {"ifloordiv(a, b, /)", ifloordiv, "Same as a //= b."},
    {"itruediv(a, b, /)", itruediv, "Same as a /= b."},
    {"imod(a, b, /)", imod, "Same as a %= b."},
    {"ilshift(a, b, /)", ilshift, "Same as a <<= b."},
    {"irshift(a, b, /)", irshift, "Same as a >>= b."},
    {"iand(a, b, /)", iand, "Same as a &= b."},
    {"ixor(a, b, /)", ixor, "Same as a ^= b."},
    {"ior(a, b, /)", ior, "Same as a |= b."},
    {"ipow(a, b, /)", ipow, "Same as a **= b."},
    {"concat(a, b, /)", concat, "Same as a + b, for a and b sequences."},
    {"iconcat(a, b, /)", iconcat, "Same as a += b, for a and b sequences."},
    {"getitem(a, b, /)", getitem, "Same as a[b]."},
    {"setitem(a, b, c, /)", setitem, "Same as a[b] = c."},
    {"delitem(a, b, /)", delitem, "Same as del a[b]."},
    {"pow(a, b, /)", pow_, "Same as a ** b."},
    {"lt(a, b, /)", lt, "Same as a < b."},
    {"le(a, b, /)", le, "Same as a <= b."},
    {"eq(a, b, /)", eq, "Same as a == b."},
    {"ne(a, b, /)", ne, "Same as a != b."},
    {"gt(a, b, /)", gt, "Same as a > b."},
    {"ge(a, b, /)", ge, "Same as a >= b."},
    {"index(a, /)", index_, "Same as a.__index__()"},
    {"length_hint(obj, default=0, /)", length_hint_,
     "Return an estimate of the number of items in obj.\n\n"
     "This is useful for presizing containers when building from an iterable.\n\n"
     "If the object supports len(), the result will be exact.\n"
     "Otherwise, it may over- or under-estimate by an arbitrary amount.\nThe result will be an integer >= 0."},
    {"call(obj, /, *args, **kwargs)", call_, "Same as obj(*args, **kwargs).", NATIVE_COUNTS_POSITIONAL},
    {"_compare_digest(a, b, /)", operator_compare_digest,
     "Return 'a == b'.\n\nThis function uses an approach designed to prevent\n"
     "timing analysis, making it appropriate for cryptography.\n\n"
     "a and b must both be of the same type: either str (ASCII only),\nor any bytes-like object.\n\n"
     "Note: If a and b are of different lengths, or if an error occurs,\n"
     "a timing attack could theoretically reveal information about the\n"
     "types and lengths of a and b--but not their values."},
    {NULL},
};

static bool init(Thread *t, Value module) {
    return module_add_type(t, module, &itemgetter_type) && module_add_type(t, module, &attrgetter_type) &&
           module_add_type(t, module, &methodcaller_type);
}

NATIVE_MODULE(_operator) = {
    .name = "_operator",
    .doc = "Operator interface.\n\nThis module exports a set of functions implemented in C corresponding\n"
           "to the intrinsic operators of Python.  For example, operator.add(x, y)\n"
           "is equivalent to the expression x+y.  The function names are those\n"
           "used for special methods; variants without leading and trailing\n"
           "'__' are also provided for convenience.",
    .functions = functions,
    .init = init,
};
