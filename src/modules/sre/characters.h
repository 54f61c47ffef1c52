/* What single words of a pattern say about single characters. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
#define SRE_OPCODE(name) SRE_##name,
#include "modules/sre/opcodes.def"
#undef SRE_OPCODE
    SRE_OPCODE_COUNT
};
enum { SRE_INFO_PREFIX = 1, SRE_INFO_LITERAL = 2, SRE_INFO_CHARSET = 4 };
enum { SRE_MAXREPEAT = 0xFFFFFFFF, SRE_CHARSET_WORDS = 8, SRE_BIGCHARSET_INDEX_WORDS = 64 };
enum {
    SRE_AT_BEGINNING, SRE_AT_BEGINNING_LINE, SRE_AT_BEGINNING_STRING, SRE_AT_BOUNDARY, SRE_AT_NON_BOUNDARY, SRE_AT_END,
    SRE_AT_END_LINE, SRE_AT_END_STRING, SRE_AT_LOC_BOUNDARY, SRE_AT_LOC_NON_BOUNDARY, SRE_AT_UNI_BOUNDARY,
    SRE_AT_UNI_NON_BOUNDARY, SRE_AT_COUNT
};
enum { SRE_CATEGORY_COUNT = 18 };

bool sre_category(uint32_t category, uint32_t c);
bool sre_category_is_locale(uint32_t category);
bool sre_category_beyond(uint32_t category); /* may a character from 256 on be in it? */
bool sre_in_set(const uint32_t *set, uint32_t c);
void sre_fill_set(const uint32_t *set, bool takes[256]); /* the same for all narrow characters */
bool sre_set_is_locale(const uint32_t *set); /* does a category in it depend on the locale? */
bool sre_set_beyond(const uint32_t *set);
uint32_t sre_lower_ascii(uint32_t c);
uint32_t sre_lower_locale(uint32_t c);
uint32_t sre_lower_unicode(uint32_t c);
bool sre_locale_ignore(uint32_t pattern_char, uint32_t c); /* equal when case is ignored by the C locale */
bool sre_in_set_locale_ignore(const uint32_t *set, uint32_t c);
bool sre_is_word(uint32_t at, uint32_t c);                 /* by the flavour that an AT word implies */
