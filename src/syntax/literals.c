/* Values of number and string tokens: digits, escapes. */
#include "syntax/parser.h"

#include "object/thread.h"
#include "syntax/source.h"
#include "types/bytes.h"
#include "types/complex.h"
#include "types/exceptions/exceptions.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/str/str.h"

#include "base/dtoa.h"

#include <stdio.h>
#include <string.h>

/* Numbers. */

static char *without_underscores(Parser *p, const Token *token, size_t *length) {
    size_t size = (size_t)(token->end - token->start);
    char *text = parser_alloc(p, size + 1);
    if (p->failed)
        return nullptr;
    size_t n = 0;
    for (size_t i = 0; i < size; i++)
        if (token->start[i] != '_')
            text[n++] = token->start[i];
    text[n] = 0;
    *length = n;
    if (n != size && !check_version(p, 6, "Underscores in numeric literals are"))
        return nullptr;
    return text;
}

static Value integer(Parser *p, const Token *token, const char *text, size_t length) {
    int base = 10;
    if (length > 2 && text[0] == '0') {
        int letter = text[1] | 32;
        base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
    }
    size_t prefix = base == 10 ? 0 : 2;
    Value value = int_from_text(p->t, text + prefix, length - prefix, base);
    if (present(value) || !error_matches(p->t, &ValueError_type))
        return value;
    Value error = error_take(p->t);
    Value message = format_text(p->t, "%S", error);
    size_t n;
    const char *utf8 = present(message) ? str_utf8(p->t, message, &n) : nullptr;
    if (utf8)
        raise_at(p, SYNTAX_ERROR, token->pos.line, -1, token->pos.end_line, -1,
                 "%s - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.", utf8);
    return NO_VALUE;
}

Value number_value(Parser *p, const Token *token) {
    size_t length;
    const char *text = without_underscores(p, token, &length);
    if (!text)
        return NO_VALUE;
    char last = text[length - 1];
    bool based = length > 1 && text[0] == '0' && strchr("xXoObB", text[1]);
    if (!based && (last == 'j' || last == 'J')) {
        double imaginary = 0;
        double_parse(text, length - 1, &imaginary);
        return keep_value(p, complex_new(p->t, 0.0, imaginary));
    }
    if (!based && strpbrk(text, ".eE")) {
        double value = 0;
        double_parse(text, length, &value);
        return keep_value(p, float_from_double(p->t, value));
    }
    return keep_value(p, integer(p, token, text, length));
}

Expr *number(Parser *p) {
    Token *token = accept(p, TOKEN_NUMBER);
    if (!token)
        return nullptr;
    Value value = number_value(p, token);
    return p->failed ? nullptr : new_constant(p, value, token->pos);
}

/* Strings. */

static const char *find_quote(const Token *token) {
    const char *s = token->start;
    while (*s != '"' && *s != '\'')
        s++;
    return s;
}

/* Where CPython sees an escape: counted from `place`, whose column it corrects by the quotes at its start. What is
 * not ASCII counts as the \UXXXXXXXX that CPython decodes. */
static void locate_escape(const Token *place, const char *text, const char *at, int *line, int *column) {
    *line = place->pos.line;
    *column = place->pos.column;
    for (const char *s = text; s < at; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '\n') {
            ++*line;
            *column = 0;
        } else {
            *column += c < 0x80 ? 1 : (c & 0xC0) == 0x80 ? 0 : 10;
        }
    }
    if (*line != place->pos.line)
        return;
    char quote = *place->start;
    if (quote != '"' && quote != '\'')
        return;
    for (const char *s = place->start; s < place->end && *s == quote; s++)
        ++*column;
}

/* A faulty escape warns; where a filter makes that an exception, it is a SyntaxError. `at` is behind the backslash. */
static bool warn_escape(Parser *p, const Token *place, const char *text, const char *at, int octal_digits) {
    bool in_fstring = place->kind != TOKEN_STRING;
    if (p->second_pass || (in_fstring && (*at == '{' || *at == '}'))) /* the lexer has warned of braces */
        return true;
    char escape[8];
    size_t n = octal_digits ? (size_t)octal_digits : 1;
    memcpy(escape, at, n);
    escape[n] = 0;
    const char *what = octal_digits ? "an invalid octal escape sequence" : "an invalid escape sequence";
    char message[256];
    snprintf(message, sizeof message,
             "\"\\%s\" is %s. Such sequences will not work in the future. "
             "Did you mean \"\\\\%s\"? A raw string is also an option.",
             escape, what, escape);
    int line, column;
    locate_escape(place, text, at, &line, &column);
    if (warn_explicit(p->t, &SyntaxWarning_type, message, p->filename, line))
        return true;
    if (error_catch(p->t, &SyntaxWarning_type))
        raise_at(p, SYNTAX_ERROR, line, column - 1, line, column + 1,
                 "\"\\%s\" is %s. Did you mean \"\\\\%s\"? A raw string is also an option.", escape, what, escape);
    else
        parser_failed(p);
    return false;
}

static int hex_digit(int c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \a and its like; 0 if `c` is none. */
static int simple_escape(int c) {
    switch (c) {
    case '\\': return '\\';
    case '\'': return '\'';
    case '"': return '"';
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return 0;
    }
}

/* One to three octal digits from `s`, which is moved behind them. */
static int octal_escape(const char **s, const char *end) {
    int value = 0;
    for (int i = 0; i < 3 && *s < end && **s >= '0' && **s <= '7'; i++)
        value = value * 8 + *(*s)++ - '0';
    return value;
}

typedef struct TextDecoder {
    Parser *p;
    Token *token;
    Token *place;     /* where warnings are reported */
    const char *text; /* all of it, for positions in errors */
    const char *end;
    StrBuilder builder;
} TextDecoder;

/* CPython decodes from a text in which what is not ASCII stands as \UXXXXXXXX: errors count in that. */
static size_t position_in_escaped(const TextDecoder *d, const char *at) {
    size_t position = 0;
    for (const char *s = d->text; s < at; s++) {
        unsigned char c = (unsigned char)*s;
        position += c < 0x80 ? 1 : (c & 0xC0) == 0x80 ? 0 : 10;
    }
    return position;
}

static bool decode_failed(TextDecoder *d, const char *escape, const char *end, const char *reason) {
    size_t start = position_in_escaped(d, escape), stop = position_in_escaped(d, end);
    char message[256];
    if (stop - start == 1)
        snprintf(message, sizeof message,
                 "(unicode error) 'unicodeescape' codec can't decode byte 0x%02x in position %zu: %s",
                 (unsigned char)*escape, start, reason);
    else
        snprintf(message, sizeof message,
                 "(unicode error) 'unicodeescape' codec can't decode bytes in position %zu-%zu: %s", start, stop - 1,
                 reason);
    if (d->token->kind == TOKEN_STRING)
        raise_syntax(d->p, "%s", message);
    else
        raise_on(d->p, d->token->pos, "%s", message);
    return false;
}

/* \xXX, \uXXXX, \UXXXXXXXX; `s` is behind the letter. */
static bool hex_escape(TextDecoder *d, const char *escape, const char **s, int digits, const char *reason) {
    uint32_t c = 0;
    for (int i = 0; i < digits; i++) {
        int digit = *s < d->end ? hex_digit((unsigned char)**s) : -1;
        if (digit < 0)
            return decode_failed(d, escape, *s, reason);
        c = c << 4 | (uint32_t)digit;
        (*s)++;
    }
    if (c > 0x10FFFF)
        return decode_failed(d, escape, *s, "illegal Unicode character");
    return str_builder_add_char(d->p->t, &d->builder, c) || parser_failed(d->p);
}

/* \N{name}; `s` is behind the N. */
static bool name_escape(TextDecoder *d, const char *escape, const char **s) {
    const char *start = *s;
    if (start < d->end && *start == '{') {
        start++;
        const char *end = start;
        while (end < d->end && *end != '}')
            end++;
        if (end < d->end && end > start) {
            uint32_t c;
            *s = end + 1;
            if (!unicode_lookup_name(d->p->t, start, (size_t)(end - start), &c))
                return decode_failed(d, escape, *s, "unknown Unicode character name");
            return str_builder_add_char(d->p->t, &d->builder, c) || parser_failed(d->p);
        }
        *s = end < d->end ? end + 1 : end;
        return decode_failed(d, escape, *s, "malformed \\N character escape");
    }
    return decode_failed(d, escape, *s, "malformed \\N character escape");
}

/* One escape; `s` points to the backslash and is moved behind the escape. */
static bool text_escape(TextDecoder *d, const char **s, bool *warned) {
    Parser *p = d->p;
    const char *escape = (*s)++;
    if (*s == d->end) /* in front of an f-string's brace */
        return str_builder_add_char(p->t, &d->builder, '\\') || parser_failed(p);
    int c = (unsigned char)*(*s)++;
    int simple = simple_escape(c);
    if (simple)
        return str_builder_add_char(p->t, &d->builder, (uint32_t)simple) || parser_failed(p);
    switch (c) {
    case '\n': return true;
    case 'x': return hex_escape(d, escape, s, 2, "truncated \\xXX escape");
    case 'u': return hex_escape(d, escape, s, 4, "truncated \\uXXXX escape");
    case 'U': return hex_escape(d, escape, s, 8, "truncated \\UXXXXXXXX escape");
    case 'N': return name_escape(d, escape, s);
    default: break;
    }
    if (c >= '0' && c <= '7') {
        (*s)--;
        int value = octal_escape(s, d->end);
        if (value > 0377 && !*warned) {
            *warned = true;
            if (!warn_escape(p, d->place, d->text, escape + 1, 3))
                return false;
        }
        return str_builder_add_char(p->t, &d->builder, (uint32_t)value) || parser_failed(p);
    }
    (*s)--; /* an unknown escape stands for itself */
    if (!*warned && c < 0x80) {
        *warned = true;
        if (!warn_escape(p, d->place, d->text, escape + 1, 0))
            return false;
    }
    return str_builder_add_char(p->t, &d->builder, '\\') || parser_failed(p);
}

/* A str from `text` with its escapes. Warnings are reported at `place`. Absent when the parser has failed. */
Value decode_escapes(Parser *p, const char *text, size_t length, Token *token, Token *place) {
    if (!memchr(text, '\\', length))
        return keep_text(p, text, length);
    TextDecoder d = {p, token, place, text, text + length, {}};
    bool warned = false;
    for (const char *s = text; s < d.end;) {
        if (*s == '\\') {
            if (!text_escape(&d, &s, &warned))
                return NO_VALUE;
            continue;
        }
        const char *next = memchr(s, '\\', (size_t)(d.end - s));
        if (!next)
            next = d.end;
        Value part = str_from_utf8(p->t, s, (size_t)(next - s));
        if (absent(part) || !str_builder_add(p->t, &d.builder, part)) {
            parser_failed(p);
            return NO_VALUE;
        }
        s = next;
    }
    return keep_value(p, str_builder_finish(p->t, &d.builder));
}

static Value decode_bytes(Parser *p, const char *text, size_t length, Token *token) {
    char *to = parser_alloc(p, length + 1);
    if (p->failed)
        return NO_VALUE;
    size_t n = 0;
    bool warned = false;
    const char *end = text + length;
    for (const char *s = text; s < end;) {
        if (*s != '\\') {
            to[n++] = *s++;
            continue;
        }
        const char *escape = s++;
        int c = (unsigned char)*s++;
        int simple = simple_escape(c);
        if (simple) {
            to[n++] = (char)simple;
        } else if (c == 'x') {
            int high = s < end ? hex_digit((unsigned char)s[0]) : -1;
            int low = s + 1 < end ? hex_digit((unsigned char)s[1]) : -1;
            if (high < 0 || low < 0) {
                raise_syntax(p, "(value error) invalid \\x escape at position %d", (int)(escape - text));
                return NO_VALUE;
            }
            to[n++] = (char)(high << 4 | low);
            s += 2;
        } else if (c >= '0' && c <= '7') {
            s--;
            int value = octal_escape(&s, end);
            if (value > 0377 && !warned) {
                warned = true;
                if (!warn_escape(p, token, text, escape + 1, 3))
                    return NO_VALUE;
            }
            to[n++] = (char)value;
        } else if (c != '\n') {
            if (!warned) {
                warned = true;
                if (!warn_escape(p, token, text, escape + 1, 0))
                    return NO_VALUE;
            }
            to[n++] = '\\';
            s--;
        }
    }
    return keep_value(p, bytes_new(p->t, to, n));
}

/* The value of a STRING token. Absent when the parser has failed. */
Value decode_string_literal(Parser *p, Token *token, bool *is_bytes) {
    const char *quote = find_quote(token);
    bool raw = false;
    *is_bytes = false;
    for (const char *s = token->start; s < quote; s++) {
        raw = raw || *s == 'r' || *s == 'R';
        *is_bytes = *is_bytes || *s == 'b' || *s == 'B';
    }
    size_t size = token->end - quote >= 6 && quote[1] == *quote && quote[2] == *quote ? 3 : 1;
    const char *text = quote + size;
    size_t length = (size_t)(token->end - text) - size;
    if (!*is_bytes)
        return raw ? keep_text(p, text, length) : decode_escapes(p, text, length, token, token);
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] >= 0x80) {
            raise_on(p, token->pos, "bytes can only contain ASCII literal characters");
            return NO_VALUE;
        }
    }
    if (raw || !memchr(text, '\\', length))
        return keep_value(p, bytes_new(p->t, text, length));
    return decode_bytes(p, text, length, token);
}
