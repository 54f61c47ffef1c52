// The expected numbers are what CPython 3.14 prints for hash() with the same PYTHONHASHSEED.

#include "base/hash.h"

#undef NDEBUG
#include <assert.h>
#include <stdio.h>

static void test_text(void) {
    HashKey zero = hash_key_from_seed(0), one = hash_key_from_seed(1), other = hash_key_from_seed(123456);
    assert(hash_bytes(zero, "", 0) == 0);
    assert(hash_bytes(zero, "a", 1) == INT64_C(4644417185603328019));
    assert(hash_bytes(zero, "abc", 3) == INT64_C(-4594863902769663758));
    assert(hash_bytes(zero, "abcdefgh", 8) == INT64_C(4574395652268504554));
    assert(hash_bytes(one, "a", 1) == INT64_C(-3012895188637184397));
    assert(hash_bytes(other, "abcdefghi", 9) == INT64_C(-2655025798321554940));
    uint16_t wide[] = {0x4e2d};
    assert(hash_bytes(one, wide, sizeof wide) == INT64_C(-351994049093453171));
    uint32_t wider[] = {0x1f600, 'x'};
    assert(hash_bytes(one, wider, sizeof wider) == INT64_C(8904275969526274476));
}

static void test_integers(void) {
    assert(hash_int64(0) == 0 && hash_int64(1) == 1 && hash_int64(-1) == -2);
    assert(hash_int64((INT64_C(1) << 61) - 1) == 0 && hash_int64(INT64_C(1) << 61) == 1);
    assert(hash_int64(-(INT64_C(1) << 61)) == -2);
    assert(hash_int64(INT64_MIN) == -4 && hash_int64(INT64_MAX) == 3);
    uint64_t power[] = {UINT64_C(0xd6947d55cf3813d1), UINT64_C(0x673768565b41f775), 0x5a4653ca};
    assert(hash_limbs(power, 3, 1) == INT64_C(-1175369268131054105));
    uint64_t sum[] = {12345, 0, 0, 256};
    assert(hash_limbs(sum, 4, 0) == 143417);
}

static void test_doubles(void) {
    static const struct {
        double value;
        int64_t hash;
    } cases[] = {
        {0.0, 0},
        {-0.0, 0},
        {1.0, 1},
        {-1.0, -2},
        {0.5, 1152921504606846976},
        {1.5, 1152921504606846977},
        {-2.25, -576460752303423490},
        {1e+300, 1224995262755759164},
        {-1e-300, -482449582752280463},
        {5e-324, 16777216},
        {3.141592653589793, 326490430436040707},
        {2.305843009213694e+18, 1},
        {1e+16, 10000000000000000},
        {__builtin_inf(), 314159},
        {-__builtin_inf(), -314159},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert(hash_double(cases[i].value) == cases[i].hash);
}

int main(void) {
    test_text();
    test_integers();
    test_doubles();
    puts("hash: passed");
}
