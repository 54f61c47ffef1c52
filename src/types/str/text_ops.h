/* Cutting text up: what str, bytes and bytearray have in common.
 *
 * Each takes the flat characters and a TextKind, which says how a part becomes an object and what a blank is.
 */
#pragma once
#include "types/str/str_layout.h"

typedef struct TextKind {
    Value (*part)(Thread *t, Chars part, Value whole); /* a new object, or `whole` when the part is all of it */
    bool bytes;                                        /* blanks and line ends as for bytes */
} TextKind;

extern const TextKind str_text_kind;

bool text_is_blank(const TextKind *kind, uint32_t c);
Value text_split(Thread *t, const TextKind *kind, Chars c, Value whole, const Chars *separator, int64_t limit);
Value text_rsplit(Thread *t, const TextKind *kind, Chars c, Value whole, const Chars *separator, int64_t limit);
Value text_split_lines(Thread *t, const TextKind *kind, Chars c, Value whole, bool keep_ends);
/* A tuple of three; `separator` goes in as it is. */
Value text_partition(Thread *t, const TextKind *kind, Chars c, Value whole, Chars sep, Value separator, bool last);
enum { STRIP_LEFT = 1, STRIP_RIGHT = 2, STRIP_BOTH = 3 };
/* The part that is left when characters of the set (NULL: blanks) are taken off the ends. */
Chars text_strip(const TextKind *kind, Chars c, const Chars *set, int sides);
