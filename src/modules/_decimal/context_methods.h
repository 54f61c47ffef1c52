/* The arithmetic among Context's methods: X-macro tables and the functions. Threads: decimal.h. */
#pragma once
#include "object/value.h"

#define CONTEXT_UNARY                                                                                                         \
    X(abs, mpd_qabs, "the absolute value of x") X(exp, mpd_qexp, "e ** x") X(ln, mpd_qln, "the natural logarithm of x")       \
    X(log10, mpd_qlog10, "the logarithm of x to base 10") X(minus, mpd_qminus, "-x") X(plus, mpd_qplus, "x, rounded")          \
    X(next_minus, mpd_qnext_minus, "the largest number that is smaller than x")                                               \
    X(next_plus, mpd_qnext_plus, "the smallest number that is larger than x")                                                 \
    X(normalize, mpd_qreduce, "x without trailing zeros") X(sqrt, mpd_qsqrt, "the square root of x")                          \
    X(to_integral, mpd_qround_to_int, "x as an integer, without signals")                                                     \
    X(to_integral_value, mpd_qround_to_int, "x as an integer, without signals")                                               \
    X(to_integral_exact, mpd_qround_to_intx, "x as an integer; may signal Inexact and Rounded")                               \
    X(logb, mpd_qlogb, "the exponent of x's first digit") X(logical_invert, mpd_qinvert, "x, of zeros and ones, with each inverted")

#define CONTEXT_BINARY                                                                                                        \
    X(add, mpd_qadd, "x + y") X(subtract, mpd_qsub, "x - y") X(multiply, mpd_qmul, "x * y") X(divide, mpd_qdiv, "x / y")       \
    X(divide_int, mpd_qdivint, "x / y, truncated") X(remainder, mpd_qrem, "x - y * divide_int(x, y)")                         \
    X(remainder_near, mpd_qrem_near, "x - y * n for the integer n nearest to x / y")                                          \
    X(compare, decimal_compare_quiet, "-1, 0, 1 or NaN, as x compares with y")                                                \
    X(compare_signal, decimal_compare_signal, "what compare does; NaNs signal") X(max, mpd_qmax, "the larger operand")        \
    X(max_mag, mpd_qmax_mag, "the operand with the larger absolute value") X(min, mpd_qmin, "the smaller operand")            \
    X(min_mag, mpd_qmin_mag, "the operand with the smaller absolute value")                                                   \
    X(next_toward, mpd_qnext_toward, "the number next to x in the direction of y")                                            \
    X(quantize, mpd_qquantize, "x rounded to the exponent of y") X(logical_and, mpd_qand, "x and y, digit by digit")          \
    X(logical_or, mpd_qor, "x or y, digit by digit") X(logical_xor, mpd_qxor, "x xor y, digit by digit")                      \
    X(rotate, mpd_qrotate, "x with its digits rotated by y places") X(scaleb, mpd_qscaleb, "x with y added to its exponent")  \
    X(shift, mpd_qshift, "x with its digits shifted by y places")

#define CONTEXT_TESTS                                                                                                         \
    X(is_finite, mpd_isfinite, "a finite number") X(is_infinite, mpd_isinfinite, "infinite") X(is_nan, mpd_isnan, "a NaN")     \
    X(is_qnan, mpd_isqnan, "a quiet NaN") X(is_snan, mpd_issnan, "a signaling NaN") X(is_signed, mpd_issigned, "negative")     \
    X(is_zero, mpd_iszero, "a zero")

#define CONTEXT_TESTS_IN                                                                                                      \
    X(is_normal, mpd_isnormal, "a normal number") X(is_subnormal, mpd_issubnormal, "subnormal")

#define CONTEXT_OTHER                                                                                                         \
    X(divmod, "x, y, /", "Return the pair (divide_int(x, y), remainder(x, y)).")                                              \
    X(fma, "x, y, z, /", "Return x * y + z, rounded once.")                                                                   \
    X(is_canonical, "x, /", "Return True: every Decimal is.") X(canonical, "x, /", "Return x.")                               \
    X(_apply, "object, /", "Return the Decimal, rounded.") X(radix, "/", "Return 10.")                                         \
    X(copy_abs, "x, /", "Return x with a positive sign.") X(copy_decimal, "x, /", "Return x as a Decimal.")                   \
    X(copy_negate, "x, /", "Return x with the other sign.") X(copy_sign, "x, y, /", "Return x with the sign of y.")           \
    X(number_class, "x, /", "Return the name of the class of numbers that x belongs to.")                                     \
    X(to_sci_string, "x, /", "Return the text of x in scientific notation.")                                                  \
    X(to_eng_string, "x, /", "Return the text of x in engineering notation.")                                                 \
    X(compare_total, "x, y, /", "Return -1, 0 or 1: the total order of representations.")                                     \
    X(compare_total_mag, "x, y, /", "Return -1, 0 or 1: the total order without signs.")                                      \
    X(same_quantum, "x, y, /", "Return whether x and y have the same exponent.")

#define X(name, ...) Value context_##name(Thread *t, Value *args);
CONTEXT_UNARY CONTEXT_BINARY CONTEXT_TESTS CONTEXT_TESTS_IN CONTEXT_OTHER
#undef X
Value context_power(Thread *t, Value *args);
