/* The text of a number, as int(), float() and complex() read it. */
#pragma once
#include "base/textbuf.h"
#include "object/object.h"

/* Appends the characters of a str as ASCII: decimal digits of any script become 0 to 9, spaces of any script
 * become ' ', all else that is not ASCII becomes '?'. false: MemoryError pending. */
bool numeric_text(Thread *t, Value str, TextBuf *out);

/* The blanks that surround a number in text: C's isspace. */
static inline bool is_number_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* The repr of an argument that is not a number, cut to 200 characters, for error messages. */
Value numeric_excerpt(Thread *t, Value argument);

/* Removes the underscores that stand between two digits. false: there is one elsewhere. */
bool numeric_drop_underscores(const char *text, size_t length, TextBuf *out);
