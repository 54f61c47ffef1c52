/* int: small ones in the word, big ones in IntObject (GMP's mpn layer). bool is a subclass: True and False are
 * static objects whose arithmetic value is 1 and 0.
 *
 * Canonical form: a value of exactly type int that fits 63 bits is never an IntObject. Instances of subclasses of int
 * are IntObjects of any size (so that they have identity and attributes). Immutable: no thread contract.
 */
#pragma once
#include "object/object.h"

typedef struct IntObject {
    Object object;
    int64_t size;      /* number of limbs, negative for negative numbers; 0: zero. Highest limb is not 0. */
    uint64_t limbs[];  /* least significant first */
} IntObject;

extern Type int_type, bool_type;

/* A view of any int-like value (small int, bool, IntObject, subclass) as sign and limbs. `small` gives room. */
typedef struct IntView {
    const uint64_t *limbs;
    size_t count;
    bool negative;
    uint64_t small;
} IntView;
void int_view(Value v, IntView *view);

Value int_new(Thread *t, int64_t i);
Value int_from_unsigned(Thread *t, uint64_t u);
static inline Value int_from(Thread *t, int64_t i) { return likely(fits_small_int(i)) ? small_int(i) : int_new(t, i); }
Value int_from_limbs(Thread *t, const uint64_t *limbs, size_t count, bool negative); /* copies, normalises */
Value int_from_double(Thread *t, double d);   /* truncates; OverflowError, ValueError for inf, nan */
/* Digits with underscores allowed as in literals' value part; base 2..36, no sign or prefix. ValueError if too many digits. */
Value int_from_text(Thread *t, const char *digits, size_t length, int base);
Value int_from_str(Thread *t, Value str, int base); /* int("...", base) */

/* The same for bytes; argument: the object that an error message shows. */
Value int_from_byte_text(Thread *t, const char *data, size_t length, int base, Value argument);

Value int_exact(Thread *t, Value v); /* the same value as exactly int */

/* false: out of range, no exception. Accepts any int-like value. */
bool int_to_i64(Value v, int64_t *out);
bool int_to_u64(Value v, uint64_t *out);
/* With OverflowError ("Python int too large to convert to C long" and the like) on failure. */
bool int_as_i64(Thread *t, Value v, int64_t *out);
bool int_as_double(Thread *t, Value v, double *out);
uint64_t int_mask_u64(Value v); /* modulo 2^64 */
int int_sign(Value v);
uint64_t int_bit_length(Value v);
bool int_is_one_bit(Value v);

Value int_add(Thread *t, Value a, Value b); /* operands int-like; results exactly int */
Value int_sub(Thread *t, Value a, Value b);
Value int_mul(Thread *t, Value a, Value b);
Value int_floordiv(Thread *t, Value a, Value b);
Value int_mod(Thread *t, Value a, Value b);
Value int_divmod(Thread *t, Value a, Value b); /* a tuple */
Value int_truediv(Thread *t, Value a, Value b); /* a float, correctly rounded */
Value int_pow(Thread *t, Value a, Value b, Value modulus); /* modulus absent or None: none */
Value int_lshift(Thread *t, Value a, Value b);
Value int_rshift(Thread *t, Value a, Value b);
Value int_and(Thread *t, Value a, Value b);
Value int_or(Thread *t, Value a, Value b);
Value int_xor(Thread *t, Value a, Value b);
Value int_neg(Thread *t, Value a);
Value int_invert(Thread *t, Value a);
int int_compare(Value a, Value b); /* -1, 0, 1 */
bool int_equal(Value a, Value b);
int64_t int_hash(Value v);
Value int_to_text(Thread *t, Value v, int base); /* str without prefix; decimal obeys int_max_str_digits */
Value int_to_bytes(Thread *t, Value v, size_t length, bool big_endian, bool is_signed);
Value int_from_bytes(Thread *t, const uint8_t *bytes, size_t length, bool big_endian, bool is_signed);
