/* Syntax errors and syntax warnings as Python sees them.
 * Threading: no state of its own. */
#ifndef KRAIT_SYNTAX_ERRORS_H
#define KRAIT_SYNTAX_ERRORS_H

#include "object/value.h"

#include <stddef.h>

typedef struct Lexer Lexer;

typedef enum SyntaxErrorKind {
    SYNTAX_ERROR,
    INDENTATION_ERROR,
    TAB_ERROR,
    INCOMPLETE_INPUT_ERROR,
} SyntaxErrorKind;

/* Makes `kind(message, (filename, line, offset, text, end_line, end_offset))` pending. Offsets count characters
 * from 1. `text` is UTF-8 (malformed bytes become U+FFFD), or NULL for None. A negative end_line gives None for the
 * end. */
void syntax_error_set(Thread *t, SyntaxErrorKind kind, const char *message, Value filename, int line, int offset,
                      const char *text, size_t text_length, int end_line, int end_offset);

/* The same with a str (or None) for the text. */
void syntax_error_set_text(Thread *t, SyntaxErrorKind kind, const char *message, Value filename, int line, int offset,
                           Value text, int end_line, int end_offset);

/* What the compiler raises: a node's position, in bytes from 0; the text is read from the file, if there is one. */
void syntax_error_at(Thread *t, Value filename, int line, int column, int end_line, int end_column,
                     const char *format, ...) __attribute__((format(printf, 7, 8)));
/* The same as symbol tables raise it: the place is in the attributes but not in `args`. A negative end_column is
 * None. */
void syntax_error_located(Thread *t, Value filename, int line, int column, int end_line, int end_column,
                          const char *format, ...) __attribute__((format(printf, 7, 8)));

/* Line `line` of the file `filename` with its end; None if it cannot be had. Leaves a pending exception pending. */
Value program_text(Thread *t, Value filename, int line);

/* A str in which malformed UTF-8 has become U+FFFD. */
[[nodiscard]] Value decode_replacing(Thread *t, const char *text, size_t length);

/* warnings.warn_explicit(message, category, filename, line). False if the warning has become an exception. */
[[nodiscard]] bool warn_explicit(Thread *t, Type *category, const char *message, Value filename, int line);

/* SyntaxWarnings at the lexer's place; they become SyntaxErrors when a filter turns them into exceptions. */
[[nodiscard]] bool syntax_warn(Lexer *lexer, const char *format, ...) __attribute__((format(printf, 2, 3)));
[[nodiscard]] bool syntax_warn_escape(Lexer *lexer, int c);

#endif
