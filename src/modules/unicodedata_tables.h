/* The Unicode character database for the unicodedata module. The tables come from
 * tools/generate/unicode_database.c.py, for the current version and for 3.2.0. Constant; any thread.
 */
#pragma once
#include <stdint.h>

typedef struct UnicodeProperties {
    uint8_t category, bidirectional, combining, mirrored, east_asian_width; /* indexes of names, but for combining */
    uint8_t normal; /* two bits for each NormalForm: may the character be in a normalized text? (current version) */
} UnicodeProperties;

typedef enum Normal { NORMAL, NORMAL_MAYBE, NOT_NORMAL } Normal; /* maybe: it can join the character before */

typedef struct UnicodeDecomposition {
    uint32_t code;
    uint16_t prefix; /* index of unicode_decomposition_prefixes; 0: canonical */
    uint16_t count;
    uint32_t first;  /* index of unicode_decomposition_codes */
} UnicodeDecomposition;

typedef struct UnicodeNumber {
    uint32_t code;
    double value;
} UnicodeNumber;

typedef struct UnicodeComposition { /* sorted by first, then second */
    uint32_t first, second, result;
} UnicodeComposition;

/* A version of the database. Lists are sorted by code. */
typedef struct UnicodeDatabase {
    const char *version;
    const UnicodeProperties *properties;
    const uint16_t *pages, *page_properties; /* pages of 128 characters */
    const UnicodeDecomposition *decompositions;
    uint32_t decomposition_count;
    const UnicodeNumber *numbers;
    uint32_t number_count;
    const UnicodeNumber *digits, *decimals; /* NULL: as str's tables have them */
    uint32_t digit_count, decimal_count;
} UnicodeDatabase;

/* Characters whose decomposition was corrected since 3.2.0: code, and what it was. Ends with 0, 0. */
extern const uint32_t unicode_3_2_0_corrections[][2];
extern const UnicodeDatabase unicode_current, unicode_3_2_0;
extern const char *const unicode_categories[], *const unicode_bidirectional[], *const unicode_east_asian_widths[];
extern const uint32_t unicode_category_count, unicode_bidirectional_count, unicode_east_asian_width_count;
extern const char *const unicode_decomposition_prefixes[];
extern const uint32_t unicode_decomposition_codes[];
extern const UnicodeComposition unicode_compositions[];
extern const uint32_t unicode_composition_count;
