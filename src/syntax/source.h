/* Source bytes to the lexer's UTF-8: byte order mark, coding line (PEP 263), line ends. */
#ifndef KRAIT_SYNTAX_SOURCE_H
#define KRAIT_SYNTAX_SOURCE_H

#include "base/arena.h"
#include "object/value.h"
#include "syntax/ast.h"
#include "syntax/parse.h"

#include <stddef.h>

typedef struct Source {
    char *text; /* in the arena; valid UTF-8, "\n" line ends, zero-terminated; PARSE_EXEC: the last line has its end */
    size_t length;
} Source;

/* False with SyntaxError or MemoryError pending. */
[[nodiscard]] bool source_decode(Thread *t, const char *bytes, size_t length, Value filename, ParseMode mode, int flags,
                                 Arena *arena, Source *source);

/* NFKC, through the `unicodedata` module. */
[[nodiscard]] Value normalize_identifier(Thread *t, Value name);

/* The character called `name` into `*c`; false, without exception, if there is none. */
bool unicode_lookup_name(Thread *t, const char *name, size_t length, uint32_t *c);

#endif
