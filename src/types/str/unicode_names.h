/* Character names. The tables come from tools/generate/unicode_names.c.py. Constant; any thread.
 *
 * A name is a sequence of words; words of the tables are numbers in unicode_name_words, characters' names sequences of
 * such numbers. Hangul syllables and ideographs have computed names. A hash table leads from a name to its code.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

extern const char unicode_words[];             /* all words, one after another */
extern const uint32_t unicode_word_starts[];   /* of each word, and the end */
extern const uint16_t unicode_name_words[];    /* the words of every name in turn */
typedef struct UnicodeNameRun {
    uint32_t code, count; /* count characters from code on */
    uint32_t first;       /* index in unicode_name_ends of the first */
} UnicodeNameRun;
extern const UnicodeNameRun unicode_name_runs[];
extern const uint32_t unicode_name_run_count;
extern const uint32_t unicode_name_ends[]; /* [i], [i + 1]: where the words of name i start and end */
typedef struct UnicodePrefix { /* characters named by a prefix and their code in hexadecimal */
    uint32_t start, end;
    const char *prefix;
    uint32_t lookup_only; /* the name leads to the character, but it is not given as its name */
} UnicodePrefix;
extern const UnicodePrefix unicode_prefixes[];
extern const uint32_t unicode_prefix_count;
extern const uint32_t unicode_name_hash_mask;
extern const uint32_t unicode_name_hash[];     /* code + 1, or 0; open addressing */
typedef struct UnicodeAlias {
    const char *name;
    uint32_t codes[4]; /* one for an alias, several for a named sequence, then 0 */
} UnicodeAlias;
extern const UnicodeAlias unicode_aliases[]; /* sorted by name */
extern const uint32_t unicode_alias_count;

static inline uint32_t unicode_name_hash_of(const char *name, size_t length) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < length; i++) h = (h ^ (uint8_t)name[i]) * 16777619u;
    return h;
}
/* The entry for a name (in upper case), NULL when there is none. */
const UnicodeAlias *unicode_alias_find(const char *name, size_t length);
