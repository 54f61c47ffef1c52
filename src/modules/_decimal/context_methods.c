/* The arithmetic among Context's methods. Threads: decimal.h. */
#include "modules/_decimal/context_methods.h"
#include "modules/_decimal/decimal.h"

#define X(name, function, doc)                                                          \
    Value context_##name(Thread *t, Value *args) {                                      \
        return decimal_unary(t, args[1], as_decimal_context(args[0]), function);                \
    }
CONTEXT_UNARY
#undef X
#define X(name, function, doc)                                                          \
    Value context_##name(Thread *t, Value *args) {                                      \
        return decimal_binary(t, args[1], args[2], as_decimal_context(args[0]), function);      \
    }
CONTEXT_BINARY
#undef X
#define X(name, function, doc)                                                          \
    Value context_##name(Thread *t, Value *args) {                                      \
        return decimal_test(t, args[1], as_decimal_context(args[0]), function);                 \
    }
CONTEXT_TESTS
#undef X
#define X(name, function, doc)                                                          \
    Value context_##name(Thread *t, Value *args) {                                      \
        return decimal_test_in(t, args[1], as_decimal_context(args[0]), function);              \
    }
CONTEXT_TESTS_IN
#undef X

Value context_divmod(Thread *t, Value *args) { return decimal_divmod(t, args[1], args[2], as_decimal_context(args[0])); }
Value context_fma(Thread *t, Value *args) { return decimal_fma(t, args[1], args[2], args[3], as_decimal_context(args[0])); }
Value context_power(Thread *t, Value *args) { return decimal_power(t, args[1], args[2], args[3], as_decimal_context(args[0])); }

static Value only_decimals(Thread *t) { return raise_type_error(t, "argument must be a Decimal"); }

Value context_is_canonical(Thread *t, Value *args) { return is_decimal(args[1]) ? TRUE : only_decimals(t); }
Value context_canonical(Thread *t, Value *args) { return is_decimal(args[1]) ? args[1] : only_decimals(t); }
Value context__apply(Thread *t, Value *args) {
    return is_decimal(args[1]) ? decimal_convert(t, &decimal_type, args[1], as_decimal_context(args[0]), false) : only_decimals(t);
}
Value context_radix(Thread *t, Value *args) {
    return decimal_from_real(t, &decimal_type, small_int(10), as_decimal_context(args[0]), true);
}

Value context_copy_abs(Thread *t, Value *args) { return decimal_quiet(t, args[1], as_decimal_context(args[0]), mpd_qcopy_abs); }
Value context_copy_negate(Thread *t, Value *args) { return decimal_quiet(t, args[1], as_decimal_context(args[0]), mpd_qcopy_negate); }
Value context_copy_decimal(Thread *t, Value *args) { return decimal_quiet(t, args[1], as_decimal_context(args[0]), mpd_qcopy); }
Value context_copy_sign(Thread *t, Value *args) { return decimal_copy_sign(t, args[1], args[2], as_decimal_context(args[0])); }
Value context_same_quantum(Thread *t, Value *args) { return decimal_same_quantum(t, args[1], args[2], as_decimal_context(args[0])); }
Value context_number_class(Thread *t, Value *args) { return decimal_class_name(t, args[1], as_decimal_context(args[0])); }
Value context_compare_total(Thread *t, Value *args) {
    return decimal_total(t, args[1], args[2], as_decimal_context(args[0]), mpd_compare_total);
}
Value context_compare_total_mag(Thread *t, Value *args) {
    return decimal_total(t, args[1], args[2], as_decimal_context(args[0]), mpd_compare_total_mag);
}

static Value text_of(Thread *t, Value *args, bool engineering) {
    Context *c = as_decimal_context(args[0]);
    Number room;
    const mpd_t *x;
    CHECK(decimal_argument(t, args[1], c, &room, &x));
    Value text = decimal_text(t, x, load_relaxed(&c->capitals), engineering);
    number_free(&room);
    return text;
}
Value context_to_sci_string(Thread *t, Value *args) { return text_of(t, args, false); }
Value context_to_eng_string(Thread *t, Value *args) { return text_of(t, args, true); }
