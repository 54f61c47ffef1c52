/* String literals and the literal parts of f-strings and t-strings (PEP 701, PEP 750): their extent only.
 * Escapes are decoded in literals.c. */
#include "syntax/errors.h"
#include "syntax/lexer.h"

/* Counts the opening quotes; the first has been read. 1, 3, or 2 for an empty string that is already closed. */
static int opening_quotes(Lexer *lexer, int quote) {
    int c = lexer_advance(lexer);
    if (c != quote) {
        lexer_back(lexer, c);
        return 1;
    }
    c = lexer_advance(lexer);
    if (c == quote)
        return 3;
    lexer_back(lexer, c);
    return 2;
}

static TokenKind unterminated_string(Lexer *lexer, LexedToken *token, int c, int quote, int size, bool escaped) {
    int detected = lexer->line;
    lexer->cursor = lexer->token_start + 1;
    lexer->line_start = lexer->string_line_start;
    lexer->line = lexer->string_line;
    StringMode *mode = lexer->mode ? lexer_mode(lexer) : nullptr;
    if (mode && mode->quote == quote && mode->quote_size == size) {
        /* the quote that was meant to end the f-string */
        lexer_error(lexer, "%s: expecting '}'", mode->is_template ? "t-string" : "f-string");
        return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
    }
    if (size == 3)
        lexer_error(lexer, "unterminated triple-quoted string literal (detected at line %d)", detected);
    else if (escaped)
        lexer_error(lexer, "unterminated string literal (detected at line %d); perhaps you escaped the end quote?",
                    detected);
    else
        lexer_error(lexer, "unterminated string literal (detected at line %d)", detected);
    if (c != '\n')
        lexer->state = LEXER_EOF_IN_STRING;
    return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
}

TokenKind lexer_string(Lexer *lexer, LexedToken *token, int quote) {
    lexer->string_line = lexer->line;
    lexer->string_line_start = lexer->line_start;
    int size = opening_quotes(lexer, quote);
    int closing = 0;
    bool escaped_quote = false;
    if (size == 2)
        return lexer_finish(lexer, token, TOKEN_STRING, lexer->token_start, lexer->cursor);
    while (closing != size) {
        int c = lexer_advance(lexer);
        if (lexer->state == LEXER_RAISED)
            return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
        if (c == END_OF_SOURCE || (size == 1 && c == '\n'))
            return unterminated_string(lexer, token, c, quote, size, escaped_quote);
        if (c == quote) {
            closing++;
            continue;
        }
        closing = 0;
        if (c == '\\') {
            c = lexer_advance(lexer);
            escaped_quote = escaped_quote || c == quote;
            if (c == '\r')
                lexer_advance(lexer);
        }
    }
    return lexer_finish(lexer, token, TOKEN_STRING, lexer->token_start, lexer->cursor);
}

TokenKind lexer_fstring_start(Lexer *lexer, LexedToken *token, int quote, bool is_template) {
    lexer->string_line = lexer->line;
    lexer->string_line_start = lexer->line_start;
    const char *first_quote = lexer->cursor - 1;
    int size = opening_quotes(lexer, quote);
    if (size == 2) { /* empty: the second quote is the closing one */
        lexer->cursor--;
        size = 1;
    }
    if (lexer->mode + 1 >= LEXER_MAX_FSTRINGS) {
        lexer_error(lexer, "too many nested f-strings or t-strings");
        return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
    }
    StringMode *mode = &lexer->modes[++lexer->mode];
    *mode = (StringMode){
        .quote = (char)quote,
        .quote_size = (uint8_t)size,
        .is_template = is_template,
        .field_start_depth = -1,
        .start = lexer->token_start,
        .line_start = lexer->line_start,
        .line = lexer->line,
    };
    for (const char *p = lexer->token_start; p < first_quote; p++)
        mode->raw = mode->raw || *p == 'r' || *p == 'R';
    return lexer_finish(lexer, token, is_template ? TOKEN_TSTRING_START : TOKEN_FSTRING_START, lexer->token_start,
                        lexer->cursor);
}

static TokenKind middle(Lexer *lexer, LexedToken *token, const StringMode *mode, const char *end) {
    return lexer_finish(lexer, token, mode->is_template ? TOKEN_TSTRING_MIDDLE : TOKEN_FSTRING_MIDDLE,
                        lexer->token_start, end);
}

static bool enter_field(Lexer *lexer, LexedToken *token, StringMode *mode) {
    mode->field_start_depth++;
    if (mode->field_start_depth >= LEXER_MAX_FSTRING_NESTING) {
        lexer_error(lexer, "%s: expressions nested too deeply", mode->is_template ? "t-string" : "f-string");
        lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
        return false;
    }
    mode->in_expression = true;
    return true;
}

static TokenKind unterminated_fstring(Lexer *lexer, LexedToken *token, StringMode *mode, int c) {
    int detected = lexer->line;
    char letter = mode->is_template ? 't' : 'f';
    lexer->cursor = mode->start + 1;
    lexer->line_start = mode->line_start;
    lexer->line = mode->line;
    if (mode->quote_size == 3) {
        lexer_error(lexer, "unterminated triple-quoted %c-string literal (detected at line %d)", letter, detected);
        if (c != '\n')
            lexer->state = LEXER_EOF_IN_STRING;
    } else {
        lexer_error(lexer, "unterminated %c-string literal (detected at line %d)", letter, detected);
    }
    return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
}

/* A '{' in literal text: doubled, or the start of a field. */
static TokenKind literal_open_brace(Lexer *lexer, LexedToken *token, StringMode *mode, bool in_format_spec) {
    mode->expression_start = lexer->cursor;
    mode->expression_end = nullptr;
    int peek = lexer_advance(lexer);
    if (peek == '{' && !in_format_spec)
        return middle(lexer, token, mode, lexer->cursor - 1);
    lexer_back(lexer, peek);
    lexer_back(lexer, '{');
    if (!enter_field(lexer, token, mode))
        return TOKEN_ERROR;
    mode->in_format_spec = false;
    return middle(lexer, token, mode, lexer->cursor);
}

static TokenKind literal_close_brace(Lexer *lexer, LexedToken *token, StringMode *mode, bool in_format_spec) {
    int peek = lexer_advance(lexer);
    if (peek == '}' && !in_format_spec && mode->bracket_depth == 0)
        return middle(lexer, token, mode, lexer->cursor - 1);
    lexer_back(lexer, peek);
    lexer_back(lexer, '}');
    mode->in_expression = true;
    mode->in_format_spec = false;
    return middle(lexer, token, mode, lexer->cursor);
}

/* A backslash in literal text has been read. True if the `{` that follows belongs to `\N{...}`. */
static bool literal_backslash(Lexer *lexer, StringMode *mode, bool *failed) {
    int peek = lexer_advance(lexer);
    if (peek == '\r')
        peek = lexer_advance(lexer);
    if (peek == '{' || peek == '}') {
        if (!mode->raw && !lexer->quiet && !syntax_warn_escape(lexer, peek))
            *failed = true;
        lexer_back(lexer, peek);
        return false;
    }
    if (mode->raw || peek != 'N')
        return false;
    peek = lexer_advance(lexer);
    if (peek == '{')
        return true;
    lexer_back(lexer, peek);
    return false;
}

static TokenKind read_literal(Lexer *lexer, LexedToken *token, StringMode *mode) {
    int closing = 0;
    bool in_name_escape = false, failed = false;
    lexer->string_line_start = lexer->line_start;
    while (closing != mode->quote_size) {
        int c = lexer_advance(lexer);
        if (lexer->state == LEXER_RAISED)
            return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
        bool in_format_spec = mode->in_format_spec && mode->field_start_depth >= 0;
        if (c == END_OF_SOURCE || (mode->quote_size == 1 && c == '\n')) {
            if (in_format_spec && c == '\n') {
                lexer_error(lexer,
                            "%s: newlines are not allowed in format specifiers for single quoted %ss",
                            mode->is_template ? "t-string" : "f-string", mode->is_template ? "t-string" : "f-string");
                return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
            }
            return unterminated_fstring(lexer, token, mode, c);
        }
        if (c == mode->quote) {
            closing++;
            continue;
        }
        closing = 0;
        if (c == '{')
            return literal_open_brace(lexer, token, mode, in_format_spec);
        if (c == '}') {
            if (in_name_escape)
                return middle(lexer, token, mode, lexer->cursor);
            return literal_close_brace(lexer, token, mode, in_format_spec);
        }
        if (c == '\\') {
            in_name_escape = literal_backslash(lexer, mode, &failed) || in_name_escape;
            if (failed)
                return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
        }
    }
    lexer->cursor -= mode->quote_size;
    return middle(lexer, token, mode, lexer->cursor);
}

TokenKind lexer_fstring_middle(Lexer *lexer, LexedToken *token) {
    StringMode *mode = lexer_mode(lexer);
    lexer->token_start = lexer->cursor;
    lexer->string_line = lexer->line;
    int c = lexer_advance(lexer);
    if (c == '{') {
        int peek = lexer_advance(lexer);
        lexer_back(lexer, peek);
        lexer_back(lexer, c);
        if (peek != '{') {
            if (!enter_field(lexer, token, mode))
                return TOKEN_ERROR;
            return lexer_normal(lexer, token);
        }
    } else {
        lexer_back(lexer, c);
    }
    lexer->string_line_start = lexer->line_start;
    for (int i = 0; i < mode->quote_size; i++) {
        c = lexer_advance(lexer);
        if (c != mode->quote) {
            lexer_back(lexer, c);
            return read_literal(lexer, token, mode);
        }
    }
    TokenKind end = mode->is_template ? TOKEN_TSTRING_END : TOKEN_FSTRING_END;
    lexer->mode--;
    return lexer_finish(lexer, token, end, lexer->token_start, lexer->cursor);
}
