// Doubles to text and back: known hard cases, then round trips over pseudo-random bit patterns.

#include "base/dtoa.h"

#undef NDEBUG
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void expect_format(double value, char code, int precision, unsigned flags, const char *text) {
    TextBuf b;
    textbuf_init(&b);
    double_format(&b, value, code, precision, flags);
    if (strcmp(textbuf_string(&b), text) != 0) {
        fprintf(stderr, "%a %c %d: %s, not %s\n", value, code, precision, textbuf_string(&b), text);
        abort();
    }
    textbuf_free(&b);
}

static void test_shortest(void) {
    expect_format(0.0, 'r', 0, DOUBLE_DOT_ZERO, "0.0");
    expect_format(-0.0, 'r', 0, DOUBLE_DOT_ZERO, "-0.0");
    expect_format(0.1, 'r', 0, 0, "0.1");
    expect_format(1e16, 'r', 0, DOUBLE_DOT_ZERO, "1e+16");
    expect_format(123456789012345.0, 'r', 0, DOUBLE_DOT_ZERO, "123456789012345.0");
    expect_format(1e-4, 'r', 0, 0, "0.0001");
    expect_format(1e-5, 'r', 0, 0, "1e-05");
    expect_format(5e-324, 'r', 0, 0, "5e-324");
    expect_format(2.2250738585072014e-308, 'r', 0, 0, "2.2250738585072014e-308");
    expect_format(1.7976931348623157e308, 'r', 0, 0, "1.7976931348623157e+308");
    expect_format(9007199254740993.0, 'r', 0, 0, "9007199254740992");
    expect_format(2e23, 'r', 0, 0, "2e+23");
    expect_format(9.5367431640625e-07, 'r', 0, 0, "9.5367431640625e-07");
    expect_format(INFINITY, 'r', 0, DOUBLE_DOT_ZERO, "inf");
    expect_format(-NAN, 'r', 0, 0, "nan");
}

static void test_formats(void) {
    expect_format(0.5, 'f', 0, 0, "0");
    expect_format(1.5, 'f', 0, 0, "2");
    expect_format(2.675, 'f', 2, 0, "2.67");
    expect_format(1e22, 'f', 1, 0, "10000000000000000000000.0");
    expect_format(0.000123, 'f', 3, 0, "0.000");
    expect_format(-0.0001, 'f', 2, DOUBLE_NO_NEGATIVE_ZERO, "0.00");
    expect_format(0.5, 'f', 0, DOUBLE_ALTERNATE, "0.");
    expect_format(123456.0, 'e', 2, 0, "1.23e+05");
    expect_format(0.0, 'e', 3, 0, "0.000e+00");
    expect_format(9.9999, 'e', 2, 0, "1.00e+01");
    expect_format(100000.0, 'g', 6, 0, "100000");
    expect_format(1000000.0, 'g', 6, 0, "1e+06");
    expect_format(1.0, 'g', 6, DOUBLE_ALTERNATE, "1.00000");
    expect_format(0.0001, 'G', 3, DOUBLE_SIGN, "+0.0001");
    expect_format(1e-10, 'G', 3, 0, "1E-10");
    expect_format(INFINITY, 'F', 3, 0, "INF");
    expect_format(5e-324, 'f', 330, 0,
                  "0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                  "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                  "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                  "000000000000000000000004940656");
}

static double parse(const char *s) {
    double value = 0;
    size_t n = double_parse(s, strlen(s), &value);
    assert(n == strlen(s));
    return value;
}

static void test_parsing(void) {
    assert(parse("1") == 1 && parse("-.5") == -0.5 && parse("+5.") == 5 && parse("1e3") == 1000);
    assert(parse("62172743026251895e-1") == 6217274302625190.0);    // a tie
    assert(parse("9007199254740993") == 9007199254740992.0);
    assert(parse("9007199254740993.0000000000000000000000000000001") == 9007199254740994.0);
    assert(parse("2.4703282292062327208e-324") == 0.0 && parse("2.4703282292062328e-324") == 5e-324);
    assert(parse("1.7976931348623159e308") == INFINITY && parse("-1e999999999999999999999") == -INFINITY);
    assert(parse("1e-99999999999999999999") == 0 && signbit(parse("-0e5")));
    assert(parse("InFiNiTy") == INFINITY && isnan(parse("-nan")));
    double value;
    assert(double_parse("", 0, &value) == 0 && double_parse(".", 1, &value) == 0);
    assert(double_parse("e5", 2, &value) == 0 && double_parse("1e+", 3, &value) == 1);
    assert(double_parse("1.5x", 4, &value) == 3 && double_parse(" 1", 2, &value) == 0);
}

static void test_long_input(void) {
    enum { SIZE = 100000 };
    char *text = malloc(SIZE + 1);
    memset(text, '0', SIZE);
    text[0] = '1';
    text[1] = '.';
    text[SIZE] = 0;
    assert(parse(text) == 1.0);
    memset(text, '9', SIZE);
    assert(parse(text) == INFINITY);
    text[0] = '.';
    assert(parse(text) == 1.0);
    free(text);
}

static void test_round_trips(void) {
    uint64_t state = 1;
    TextBuf b;
    textbuf_init(&b);
    for (int i = 0; i < 200000; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint64_t bits = state ^ state >> 29;
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) continue;
        textbuf_clear(&b);
        double_format(&b, value, 'r', 0, 0);
        assert(parse(textbuf_string(&b)) == value && b.size <= 24);
        textbuf_clear(&b);
        double_format(&b, value, 'e', 16, 0);
        assert(parse(textbuf_string(&b)) == value);
    }
    textbuf_free(&b);
}

int main(void) {
    test_shortest();
    test_formats();
    test_parsing();
    test_long_input();
    test_round_trips();
    puts("dtoa: passed");
}
