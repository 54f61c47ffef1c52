// The leading 128 bits of the powers of ten, rounded down; exact for 10**0 .. 10**55.
#pragma once

#include <stdint.h>

enum { POWER_OF_TEN_MIN = -342, POWER_OF_TEN_MAX = 324 };

typedef struct PowerOfTen {
    uint64_t high, low;
} PowerOfTen;

extern const PowerOfTen powers_of_ten[POWER_OF_TEN_MAX - POWER_OF_TEN_MIN + 1];
