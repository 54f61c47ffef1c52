/* Unicode normalization, for the unicodedata module. */
#pragma once
#include "modules/unicodedata_tables.h"
#include "types/str/str_layout.h"

typedef enum NormalForm { NFC, NFD, NFKC, NFKD } NormalForm;

const UnicodeProperties *unicode_properties(const UnicodeDatabase *db, uint32_t c);
const UnicodeDecomposition *unicode_decomposition(const UnicodeDatabase *db, uint32_t c); /* NULL: none */
int unicode_hangul_parts(uint32_t c, uint32_t out[3]); /* of a Hangul syllable: how many; else 0 */
Value unicode_normalize(Thread *t, const UnicodeDatabase *db, Value v, NormalForm form);
