/* See lexer.h. Here: reading lines, indentation, comments, names and operators. Numbers are in lexer_number.c,
 * strings in lexer_string.c. */
#include "syntax/lexer.h"

#include "syntax/errors.h"
#include "types/str/unicode.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TAB_SIZE = 8, ALTERNATE_TAB_SIZE = 1 };

void lexer_init(Lexer *lexer, Thread *t, const char *source, size_t length, Value filename) {
    *lexer = (Lexer){.t = t, .filename = filename, .source = source, .source_end = source + length};
    lexer->buffer = lexer->cursor = lexer->line_end = lexer->line_start = source;
    lexer->at_line_start = true;
    lexer->start_column = -1;
    lexer->modes[0].field_start_depth = -1;
}

bool lexer_read_line(Lexer *lexer) {
    if (lexer->state != LEXER_OK)
        return false;
    if (lexer->line_end == lexer->source_end && !(lexer->read_line && lexer->read_line(lexer))) {
        if (lexer->state == LEXER_OK)
            lexer->state = LEXER_EOF;
        return false;
    }
    if (!lexer->token_start)
        lexer->buffer = lexer->cursor;
    lexer->line_start = lexer->cursor;
    lexer->line++;
    const char *rest = lexer->line_end;
    const char *newline = memchr(rest, '\n', (size_t)(lexer->source_end - rest));
    lexer->line_end = newline ? newline + 1 : lexer->source_end;
    if (memchr(rest, 0, (size_t)(lexer->line_end - rest))) {
        lexer_error(lexer, "source code cannot contain null bytes");
        lexer->cursor = lexer->line_end;
        return false;
    }
    return true;
}

TokenKind lexer_finish(Lexer *lexer, LexedToken *token, TokenKind kind, const char *start, const char *end) {
    bool in_string = kind == TOKEN_STRING || (kind >= TOKEN_FSTRING_START && kind <= TOKEN_TSTRING_END);
    token->kind = kind;
    token->level = lexer->level;
    token->start = start;
    token->end = end;
    token->pos.line = in_string ? lexer->string_line : lexer->line;
    token->pos.end_line = lexer->line;
    token->pos.column = token->pos.end_column = -1;
    if (start && end) {
        const char *line_start = in_string ? lexer->string_line_start : lexer->line_start;
        token->pos.column = start >= line_start ? (int32_t)(start - line_start) : -1;
        /* the cursor, not `end`: a doubled brace and a line's end count */
        token->pos.end_column = (int32_t)(lexer->cursor - lexer->line_start);
    }
    return kind;
}

static int character_count(const char *start, const char *end) {
    int count = 0;
    for (; start < end; start++)
        count += ((unsigned char)*start & 0xC0) != 0x80;
    return count;
}

static TokenKind raise_range(Lexer *lexer, int column, int end_column, const char *format, va_list arguments) {
    if (lexer->state == LEXER_RAISED)
        return TOKEN_ERROR;
    char message[256];
    vsnprintf(message, sizeof message, format, arguments);
    const char *line = lexer->line_start;
    column = column < 0 ? character_count(line, lexer->cursor) : character_count(line, line + column - 1) + 1;
    end_column = end_column < 0 ? column : character_count(line, line + end_column - 1) + 1;
    syntax_error_set(lexer->t, SYNTAX_ERROR, message, lexer->filename, lexer->line, column, line,
                     strcspn(line, "\n"), lexer->line, end_column);
    lexer->state = LEXER_RAISED;
    return TOKEN_ERROR;
}

TokenKind lexer_error(Lexer *lexer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    TokenKind kind = raise_range(lexer, -1, -1, format, arguments);
    va_end(arguments);
    return kind;
}

TokenKind lexer_error_range(Lexer *lexer, int column, int end_column, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    TokenKind kind = raise_range(lexer, column, end_column, format, arguments);
    va_end(arguments);
    return kind;
}

/* After a backslash: the rest of the line must be empty and another line must follow. */
bool lexer_continue_line(Lexer *lexer) {
    int c = lexer_advance(lexer);
    if (c == '\r')
        c = lexer_advance(lexer);
    if (c != '\n') {
        lexer->state = LEXER_LINE_CONTINUED;
        return false;
    }
    c = lexer_advance(lexer);
    if (c == END_OF_SOURCE) {
        lexer->state = LEXER_EOF;
        lexer->cursor = lexer->line_end;
        return false;
    }
    lexer_back(lexer, c);
    return true;
}

static TokenKind indentation_error(Lexer *lexer, LexedToken *token, LexerState state) {
    lexer->state = state;
    lexer->cursor = lexer->line_end;
    return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
}

/* Compares a line's indentation with the open ones and notes pending INDENT or DEDENTs. */
static bool set_indentation(Lexer *lexer, LexedToken *token, int column, int alternate) {
    if (column == lexer->indents[lexer->indent]) {
        if (alternate != lexer->alternate_indents[lexer->indent]) {
            indentation_error(lexer, token, LEXER_TAB_SPACE);
            return false;
        }
        return true;
    }
    if (column > lexer->indents[lexer->indent]) {
        if (lexer->indent + 1 >= LEXER_MAX_INDENT) {
            indentation_error(lexer, token, LEXER_TOO_DEEP);
            return false;
        }
        if (alternate <= lexer->alternate_indents[lexer->indent]) {
            indentation_error(lexer, token, LEXER_TAB_SPACE);
            return false;
        }
        lexer->pending_indents++;
        lexer->indents[++lexer->indent] = column;
        lexer->alternate_indents[lexer->indent] = alternate;
        return true;
    }
    while (lexer->indent > 0 && column < lexer->indents[lexer->indent]) {
        lexer->pending_indents--;
        lexer->indent--;
    }
    if (column != lexer->indents[lexer->indent]) {
        indentation_error(lexer, token, LEXER_DEDENT);
        return false;
    }
    if (alternate != lexer->alternate_indents[lexer->indent]) {
        indentation_error(lexer, token, LEXER_TAB_SPACE);
        return false;
    }
    return true;
}

/* Measures the indentation of a new line. False if `token` has become an error. */
static bool read_indentation(Lexer *lexer, LexedToken *token, bool *blank) {
    int column = 0, alternate = 0, continued_column = 0, c;
    lexer->at_line_start = false;
    for (;;) {
        c = lexer_advance(lexer);
        if (c == ' ') {
            column++;
            alternate++;
        } else if (c == '\t') {
            column = (column / TAB_SIZE + 1) * TAB_SIZE;
            alternate = (alternate / ALTERNATE_TAB_SIZE + 1) * ALTERNATE_TAB_SIZE;
        } else if (c == '\f') {
            column = alternate = 0;
        } else if (c == '\\') {
            /* the first of several physical lines decides */
            continued_column = continued_column ? continued_column : column;
            if (!lexer_continue_line(lexer)) {
                lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
                return false;
            }
        } else {
            break;
        }
    }
    lexer_back(lexer, c);
    if (c == '#' || c == '\n' || c == '\r') {
        if (column == 0 && c == '\n' && lexer->interactive) {
            *blank = false;
        } else if (lexer->interactive && lexer->line == 1) {
            *blank = false;
            column = alternate = 0;
        } else {
            *blank = true;
        }
    }
    if (*blank || lexer->level > 0)
        return true;
    column = continued_column ? continued_column : column;
    alternate = continued_column ? continued_column : alternate;
    return set_indentation(lexer, token, column, alternate);
}

/* `# type: ...`, if type comments are wanted. `p` is set behind the prefix. */
static bool is_type_comment(const char **p, const char *end) {
    const char *s = *p;
    for (const char *prefix = "# type: "; *prefix; prefix++) {
        if (*prefix == ' ') {
            while (s < end && (*s == ' ' || *s == '\t'))
                s++;
        } else if (s < end && *s == *prefix) {
            s++;
        } else {
            return false;
        }
    }
    *p = s;
    return true;
}

/* Reads a comment up to the line's end, leaving the line's end in `*c`. True if it makes a token. */
static bool read_comment(Lexer *lexer, LexedToken *token, int *c, bool blank) {
    while (*c != END_OF_SOURCE && *c != '\n' && *c != '\r')
        *c = lexer_advance(lexer);
    if (lexer->type_comments) {
        const char *p = lexer->token_start;
        if (is_type_comment(&p, lexer->cursor)) {
            lexer_back(lexer, *c);
            const char *end = lexer->cursor, *after = p + 6;
            bool ignore = end >= after && memcmp(p, "ignore", 6) == 0 &&
                          !(end > after && (is_identifier_char((unsigned char)*after) && *after != '_'));
            if (!ignore) {
                lexer_finish(lexer, token, TOKEN_TYPE_COMMENT, p, end);
                return true;
            }
            lexer_finish(lexer, token, TOKEN_TYPE_IGNORE, after, end);
            if (blank) {
                lexer_advance(lexer);
                lexer->at_line_start = true;
            }
            return true;
        }
    }
    if (lexer->extra_tokens) {
        lexer_back(lexer, *c);
        lexer->comment_newline = blank;
        lexer_finish(lexer, token, TOKEN_COMMENT, lexer->token_start, lexer->cursor);
        return true;
    }
    return false;
}

/* One character of validated UTF-8; advances `*p`. */
static uint32_t read_character(const char **p) {
    const unsigned char *s = (const unsigned char *)*p;
    if (s[0] < 0x80) {
        *p += 1;
        return s[0];
    }
    if (s[0] < 0xE0) {
        *p += 2;
        return (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu);
    }
    if (s[0] < 0xF0) {
        *p += 3;
        return (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
    }
    *p += 4;
    return (s[0] & 0x07u) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
}

bool lexer_verify_identifier(Lexer *lexer) {
    if (lexer->extra_tokens)
        return true;
    const char *p = lexer->token_start;
    for (bool first = true; p < lexer->cursor; first = false) {
        const char *start = p;
        uint32_t c = read_character(&p);
        if (c == '_' || unicode_is(c, first ? UNICODE_ID_START : UNICODE_ID_CONTINUE))
            continue;
        lexer->cursor = p;
        if (unicode_is(c, UNICODE_PRINTABLE))
            lexer_error(lexer, "invalid character '%.*s' (U+%04X)", (int)(p - start), start, c);
        else
            lexer_error(lexer, "invalid non-printable character U+%04X", c);
        return false;
    }
    return true;
}

/* 'u' and 'b' before a quote and the like. True if an error was raised. */
static bool incompatible_prefixes(Lexer *lexer, bool b, bool r, bool u, bool f, bool t) {
    const char *one = nullptr, *two = nullptr;
    if (u && b)
        one = "u", two = "b";
    else if (u && r)
        one = "u", two = "r";
    else if (u && f)
        one = "u", two = "f";
    else if (u && t)
        one = "u", two = "t";
    else if (b && f)
        one = "b", two = "f";
    else if (b && t)
        one = "b", two = "t";
    else if (f && t)
        one = "f", two = "t";
    if (!one)
        return false;
    lexer_error_range(lexer, (int)(lexer->token_start + 1 - lexer->line_start),
                      (int)(lexer->cursor - lexer->line_start), "'%s' and '%s' prefixes are incompatible", one, two);
    return true;
}

static TokenKind read_name(Lexer *lexer, LexedToken *token, int c) {
    bool b = false, r = false, u = false, f = false, t = false, ascii = true;
    for (;;) {
        if (!b && (c == 'b' || c == 'B'))
            b = true;
        else if (!u && (c == 'u' || c == 'U'))
            u = true;
        else if (!r && (c == 'r' || c == 'R'))
            r = true;
        else if (!f && (c == 'f' || c == 'F'))
            f = true;
        else if (!t && (c == 't' || c == 'T'))
            t = true;
        else
            break;
        c = lexer_advance(lexer);
        if (c != '"' && c != '\'')
            continue;
        if (incompatible_prefixes(lexer, b, r, u, f, t))
            return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
        return f || t ? lexer_fstring_start(lexer, token, c, t) : lexer_string(lexer, token, c);
    }
    for (; is_identifier_char(c); c = lexer_advance(lexer))
        ascii = ascii && c < 128;
    lexer_back(lexer, c);
    if (!ascii && !lexer_verify_identifier(lexer))
        return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
    return lexer_finish(lexer, token, TOKEN_NAME, lexer->token_start, lexer->cursor);
}

static TokenKind read_dot(Lexer *lexer, LexedToken *token) {
    int c = lexer_advance(lexer);
    if (is_digit(c)) {
        lexer_back(lexer, c);
        return lexer_number(lexer, token, '.');
    }
    if (c == '.') {
        c = lexer_advance(lexer);
        if (c == '.')
            return lexer_finish(lexer, token, TOKEN_ELLIPSIS, lexer->token_start, lexer->cursor);
        lexer_back(lexer, c);
        c = '.';
    }
    lexer_back(lexer, c);
    return lexer_finish(lexer, token, TOKEN_DOT, lexer->token_start, lexer->cursor);
}

/* Whether the line's end in `c` was consumed as a token; if not, the line was empty and lexing goes on. */
static bool read_newline(Lexer *lexer, LexedToken *token, bool blank) {
    lexer->at_line_start = true;
    if (blank || lexer->level > 0) {
        if (!lexer->extra_tokens)
            return false;
        lexer->comment_newline = false;
        lexer_finish(lexer, token, TOKEN_NL, lexer->token_start, lexer->cursor);
        return true;
    }
    if (lexer->comment_newline && lexer->extra_tokens) {
        lexer->comment_newline = false;
        lexer_finish(lexer, token, TOKEN_NL, lexer->token_start, lexer->cursor);
        return true;
    }
    lexer_finish(lexer, token, TOKEN_NEWLINE, lexer->token_start, lexer->cursor - 1);
    return true;
}

static bool take_pending_indent(Lexer *lexer, LexedToken *token) {
    if (!lexer->pending_indents)
        return false;
    bool dedent = lexer->pending_indents < 0;
    lexer->pending_indents += dedent ? 1 : -1;
    const char *start = nullptr, *end = nullptr;
    if (lexer->extra_tokens) {
        start = dedent ? lexer->cursor : lexer->buffer;
        end = lexer->cursor;
    }
    lexer_finish(lexer, token, dedent ? TOKEN_DEDENT : TOKEN_INDENT, start, end);
    return true;
}

TokenKind lexer_normal(Lexer *lexer, LexedToken *token) {
    bool blank;
next_line:
    lexer->token_start = nullptr;
    blank = false;
    if (lexer->at_line_start && !read_indentation(lexer, token, &blank))
        return TOKEN_ERROR;
    lexer->token_start = lexer->cursor;
    if (take_pending_indent(lexer, token))
        return token->kind;
    /* a look at the next character, so that errors know of the next line */
    int c = lexer_advance(lexer);
    lexer_back(lexer, c);
again:
    lexer->token_start = nullptr;
    do
        c = lexer_advance(lexer);
    while (c == ' ' || c == '\t' || c == '\f');
    lexer->token_start = c == END_OF_SOURCE ? lexer->cursor : lexer->cursor - 1;

    if (c == '#' && read_comment(lexer, token, &c, blank))
        return token->kind;
    if (c == END_OF_SOURCE) {
        bool at_end = lexer->state == LEXER_EOF && !lexer->level;
        return lexer_finish(lexer, token, at_end ? TOKEN_ENDMARKER : TOKEN_ERROR, nullptr, nullptr);
    }
    if (is_identifier_start(c))
        return read_name(lexer, token, c);
    if (c == '\r')
        c = lexer_advance(lexer);
    if (c == '\n') {
        if (read_newline(lexer, token, blank))
            return token->kind;
        goto next_line;
    }
    if (c == '.')
        return read_dot(lexer, token);
    if (is_digit(c))
        return lexer_number(lexer, token, c);
    if (c == '"' || c == '\'')
        return lexer_string(lexer, token, c);
    if (c == '\\') {
        if (!lexer_continue_line(lexer))
            return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
        goto again;
    }
    return lexer_punctuation(lexer, token, c);
}

void lexer_next(Lexer *lexer, LexedToken *token) {
    token->expression = nullptr;
    token->expression_length = 0;
    StringMode *mode = lexer_mode(lexer);
    if (lexer->mode == 0 || mode->in_expression)
        lexer_normal(lexer, token);
    else
        lexer_fstring_middle(lexer, token);
    if (lexer->state == LEXER_RAISED)
        token->kind = TOKEN_ERROR;
}
