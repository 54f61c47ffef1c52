/* The operations that Decimal and Context both offer as methods. Threads: decimal.h. */
#include "modules/_decimal/decimal.h"

Value decimal_unary(Thread *t, Value a, Context *c, UnaryFunction *function) {
    Number room, n;
    const mpd_t *x;
    uint32_t status = 0;
    CHECK(decimal_argument(t, a, c, &room, &x));
    number_init(&n);
    function(&n.dec, x, &c->mpd, &status);
    number_free(&room);
    return decimal_finish(t, &decimal_type, &n, c, status);
}

/* Both operands of a method: rooms to be freed where this succeeds. */
static bool two(Thread *t, Value a, Value b, Context *c, Number rooms[2], const mpd_t **x, const mpd_t **y) {
    if (!decimal_argument(t, a, c, &rooms[0], x))
        return false;
    if (decimal_argument(t, b, c, &rooms[1], y))
        return true;
    number_free(&rooms[0]);
    return false;
}

Value decimal_binary(Thread *t, Value a, Value b, Context *c, BinaryFunction *function) {
    Number rooms[2], n;
    const mpd_t *x, *y;
    uint32_t status = 0;
    CHECK(two(t, a, b, c, rooms, &x, &y));
    number_init(&n);
    function(&n.dec, x, y, &c->mpd, &status);
    number_free(&rooms[0]);
    number_free(&rooms[1]);
    return decimal_finish(t, &decimal_type, &n, c, status);
}

Value decimal_divmod(Thread *t, Value a, Value b, Context *c) {
    Number rooms[2], quotient, remainder;
    const mpd_t *x, *y;
    uint32_t status = 0;
    CHECK(two(t, a, b, c, rooms, &x, &y));
    number_init(&quotient);
    number_init(&remainder);
    mpd_qdivmod(&quotient.dec, &remainder.dec, x, y, &c->mpd, &status);
    number_free(&rooms[0]);
    number_free(&rooms[1]);
    Value q = decimal_finish(t, &decimal_type, &quotient, c, status);
    if (absent(q)) {
        number_free(&remainder);
        return NO_VALUE;
    }
    return tuple_pack(t, 2, q, TRY(decimal_finish(t, &decimal_type, &remainder, NULL, 0)));
}

typedef void TernaryFunction(mpd_t *, const mpd_t *, const mpd_t *, const mpd_t *, const mpd_context_t *, uint32_t *);

static Value ternary(Thread *t, Value a, Value b, Value third, Context *c, TernaryFunction *function) {
    Number rooms[2], room, n;
    const mpd_t *x, *y, *z;
    uint32_t status = 0;
    CHECK(two(t, a, b, c, rooms, &x, &y));
    bool ok = decimal_argument(t, third, c, &room, &z);
    number_init(&n);
    if (ok) {
        function(&n.dec, x, y, z, &c->mpd, &status);
        number_free(&room);
    }
    number_free(&rooms[0]);
    number_free(&rooms[1]);
    return ok ? decimal_finish(t, &decimal_type, &n, c, status) : NO_VALUE;
}

Value decimal_fma(Thread *t, Value a, Value b, Value third, Context *c) { return ternary(t, a, b, third, c, mpd_qfma); }

Value decimal_power(Thread *t, Value a, Value b, Value modulus, Context *c) {
    return is_none(modulus) ? decimal_binary(t, a, b, c, mpd_qpow) : ternary(t, a, b, modulus, c, mpd_qpowmod);
}

/* Operations that no context influences */

Value decimal_total(Thread *t, Value a, Value b, Context *c, int (*function)(mpd_t *, const mpd_t *, const mpd_t *)) {
    Number rooms[2], n;
    const mpd_t *x, *y;
    CHECK(two(t, a, b, c, rooms, &x, &y));
    number_init(&n);
    function(&n.dec, x, y);
    number_free(&rooms[0]);
    number_free(&rooms[1]);
    return decimal_finish(t, &decimal_type, &n, c, 0);
}

Value decimal_copy_sign(Thread *t, Value a, Value b, Context *c) {
    Number rooms[2], n;
    const mpd_t *x, *y;
    uint32_t status = 0;
    CHECK(two(t, a, b, c, rooms, &x, &y));
    number_init(&n);
    mpd_qcopy_sign(&n.dec, x, y, &status);
    number_free(&rooms[0]);
    number_free(&rooms[1]);
    return decimal_finish(t, &decimal_type, &n, c, status);
}

Value decimal_same_quantum(Thread *t, Value a, Value b, Context *c) {
    Number rooms[2];
    const mpd_t *x, *y;
    CHECK(two(t, a, b, c, rooms, &x, &y));
    bool result = mpd_same_quantum(x, y);
    number_free(&rooms[0]);
    number_free(&rooms[1]);
    return from_bool(result);
}

Value decimal_quiet(Thread *t, Value a, Context *c, int (*function)(mpd_t *, const mpd_t *, uint32_t *)) {
    Number room, n;
    const mpd_t *x;
    uint32_t status = 0;
    CHECK(decimal_argument(t, a, c, &room, &x));
    number_init(&n);
    function(&n.dec, x, &status);
    number_free(&room);
    return decimal_finish(t, &decimal_type, &n, c, status);
}

/* Questions */

Value decimal_test(Thread *t, Value a, Context *c, int (*function)(const mpd_t *)) {
    Number room;
    const mpd_t *x;
    CHECK(decimal_argument(t, a, c, &room, &x));
    bool result = function(x);
    number_free(&room);
    return from_bool(result);
}

Value decimal_test_in(Thread *t, Value a, Context *c, int (*function)(const mpd_t *, const mpd_context_t *)) {
    Number room;
    const mpd_t *x;
    CHECK(decimal_argument(t, a, c, &room, &x));
    bool result = function(x, &c->mpd);
    number_free(&room);
    return from_bool(result);
}

Value decimal_class_name(Thread *t, Value a, Context *c) {
    Number room;
    const mpd_t *x;
    CHECK(decimal_argument(t, a, c, &room, &x));
    const char *name = mpd_class(x, &c->mpd);
    number_free(&room);
    return str_from_text(t, name);
}

/* The library's comparisons return the order as well. */
void decimal_compare_quiet(mpd_t *r, const mpd_t *a, const mpd_t *b, const mpd_context_t *c, uint32_t *status) {
    mpd_qcompare(r, a, b, c, status);
}
void decimal_compare_signal(mpd_t *r, const mpd_t *a, const mpd_t *b, const mpd_context_t *c, uint32_t *status) {
    mpd_qcompare_signal(r, a, b, c, status);
}
