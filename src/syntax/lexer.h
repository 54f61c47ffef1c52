/* The lexer: UTF-8 source to tokens, one at a time.
 *
 * It keeps the cursor state that CPython's tokenizer has, because syntax errors show it: where the current line
 * starts, how far the source has been read, which brackets are open. The source is one zero-terminated buffer
 * whose last line ends in '\n' (see source.h), read a line at a time: nothing behind `line_end` has been looked at.
 * Invariant: buffer <= token_start <= cursor <= line_end, or token_start is NULL between tokens.
 * Threading: belongs to one thread. */
#ifndef KRAIT_SYNTAX_LEXER_H
#define KRAIT_SYNTAX_LEXER_H

#include "object/value.h"
#include "syntax/ast.h"
#include "syntax/token.h"

#include <stdint.h>

enum {
    LEXER_MAX_INDENT = 100,
    LEXER_MAX_BRACKETS = 200,
    LEXER_MAX_FSTRINGS = 150,
    LEXER_MAX_FSTRING_NESTING = 3,
};

/* Why the lexer cannot go on. */
typedef enum LexerState {
    LEXER_OK,
    LEXER_EOF,            /* end of input, perhaps in the middle of something */
    LEXER_RAISED,         /* an exception is pending */
    LEXER_DEDENT,         /* unindent does not match */
    LEXER_TAB_SPACE,      /* inconsistent tabs */
    LEXER_TOO_DEEP,       /* too many indentation levels */
    LEXER_LINE_CONTINUED, /* something after a backslash */
    LEXER_EOF_IN_STRING,  /* with the exception pending */
} LexerState;

typedef struct LexedToken {
    TokenKind kind;
    Position pos;      /* -1 columns where CPython has none (INDENT, DEDENT, ENDMARKER) */
    int32_t level;     /* open brackets */
    const char *start; /* in the source, or NULL */
    const char *end;
    const char *expression; /* t-string and f"{x=}" fields: the field's text up to this token, or NULL */
    int32_t expression_length;
} LexedToken;

/* One f-string or t-string being read. */
typedef struct StringMode {
    bool in_expression; /* reading Python tokens, not literal text */
    bool raw;
    bool in_format_spec;
    bool in_debug; /* saw `=` in the current field */
    bool is_template;
    char quote;
    uint8_t quote_size;
    int bracket_depth;     /* brackets opened since the string started */
    int field_start_depth; /* bracket depth of the innermost open field, -1 if none */
    const char *start;
    const char *line_start;
    int32_t line;
    const char *expression_start;
    const char *expression_end; /* NULL until the field's text is complete */
} StringMode;

typedef struct Lexer {
    Thread *t;
    Value filename;
    const char *source;
    const char *source_end;

    const char *buffer;   /* start of the line in which the current token began */
    const char *cursor;
    const char *line_end; /* behind the last line read */
    const char *line_start;
    const char *token_start;
    const char *string_line_start; /* start of the line in which the current string began */
    int32_t line;
    int32_t string_line;
    int32_t start_column;
    LexerState state;

    bool at_line_start;
    bool interactive;     /* an empty line ends a statement */
    bool extra_tokens;    /* for `_tokenize`: COMMENT and NL tokens, lenient */
    bool type_comments;
    bool comment_newline; /* extra_tokens: the line has nothing but a comment */
    bool quiet;           /* no warnings: the second parse of a faulty source */
    int pending_indents;  /* negative: dedents */
    int indent;
    int indents[LEXER_MAX_INDENT];
    int alternate_indents[LEXER_MAX_INDENT];
    int level;
    char brackets[LEXER_MAX_BRACKETS];
    int32_t bracket_lines[LEXER_MAX_BRACKETS];
    int32_t bracket_columns[LEXER_MAX_BRACKETS];
    int mode; /* index of the innermost f-string in `modes`, 0 when outside */
    StringMode modes[LEXER_MAX_FSTRINGS + 1];

    /* `_tokenize` reads through this: append a line to the source or return false at the end. May be NULL. */
    bool (*read_line)(struct Lexer *lexer);
    void *reader;
} Lexer;

/* `source` is zero-terminated and outlives the lexer. */
void lexer_init(Lexer *lexer, Thread *t, const char *source, size_t length, Value filename);

/* On failure `token->kind` is TOKEN_ERROR, `lexer->state` says why and an exception may be pending. */
void lexer_next(Lexer *lexer, LexedToken *token);

/* Internal to the lexer's files. */

enum { END_OF_SOURCE = -1 };

bool lexer_read_line(Lexer *lexer);

/* The next byte, or END_OF_SOURCE. */
static inline int lexer_advance(Lexer *lexer) {
    if (lexer->cursor == lexer->line_end && !lexer_read_line(lexer))
        return END_OF_SOURCE;
    return (unsigned char)*lexer->cursor++;
}

static inline void lexer_back(Lexer *lexer, int c) {
    if (c != END_OF_SOURCE)
        lexer->cursor--;
}

static inline StringMode *lexer_mode(Lexer *lexer) {
    return &lexer->modes[lexer->mode];
}

TokenKind lexer_finish(Lexer *lexer, LexedToken *token, TokenKind kind, const char *start, const char *end);

/* Sets a SyntaxError that ends at the cursor, and the state. Always TOKEN_ERROR. */
TokenKind lexer_error(Lexer *lexer, const char *format, ...) __attribute__((format(printf, 2, 3)));
TokenKind lexer_error_range(Lexer *lexer, int column, int end_column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

TokenKind lexer_number(Lexer *lexer, LexedToken *token, int c);
TokenKind lexer_string(Lexer *lexer, LexedToken *token, int quote);
TokenKind lexer_fstring_start(Lexer *lexer, LexedToken *token, int quote, bool is_template);
TokenKind lexer_fstring_middle(Lexer *lexer, LexedToken *token);
TokenKind lexer_normal(Lexer *lexer, LexedToken *token);
TokenKind lexer_punctuation(Lexer *lexer, LexedToken *token, int c);
bool lexer_continue_line(Lexer *lexer);
bool lexer_verify_identifier(Lexer *lexer);

static inline bool is_identifier_start(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 128;
}

static inline bool is_identifier_char(int c) {
    return is_identifier_start(c) || (c >= '0' && c <= '9');
}

static inline bool is_digit(int c) {
    return c >= '0' && c <= '9';
}

#endif
