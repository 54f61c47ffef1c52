/* Numeric literals: their extent and their errors. Their values are made in literals.c. */
#include "syntax/errors.h"
#include "syntax/lexer.h"

/* Whether the source goes on with `word` and then something that cannot be in a name. */
static bool word_follows(Lexer *lexer, const char *word) {
    const char *p = lexer->cursor;
    while (*word && *p == *word) {
        p++;
        word++;
    }
    return !*word && !is_identifier_char((unsigned char)*p);
}

static bool keyword_follows(Lexer *lexer, int c) {
    switch (c) {
    case 'a': return word_follows(lexer, "nd");
    case 'e': return word_follows(lexer, "lse");
    case 'f': return word_follows(lexer, "or");
    case 'i': return *lexer->cursor == 'f' || *lexer->cursor == 'n' || *lexer->cursor == 's';
    case 'o': return word_follows(lexer, "r");
    case 'n': return word_follows(lexer, "ot");
    default: return false;
    }
}

/* `c` follows the number and has been read. A keyword right behind a number is deprecated, a name is an error. */
static bool verify_end(Lexer *lexer, int c, const char *kind) {
    if (lexer->extra_tokens)
        return true;
    if (keyword_follows(lexer, c)) {
        lexer_back(lexer, c);
        bool ok = lexer->quiet || syntax_warn(lexer, "invalid %s literal", kind);
        lexer_advance(lexer);
        return ok;
    }
    if (c < 128 && is_identifier_char(c)) {
        lexer_back(lexer, c);
        lexer_error(lexer, "invalid %s literal", kind);
        return false;
    }
    return true;
}

/* Digits and single underscores between them. Returns the byte that follows, 0 after an error. */
static int decimal_tail(Lexer *lexer) {
    for (;;) {
        int c;
        do
            c = lexer_advance(lexer);
        while (is_digit(c));
        if (c != '_')
            return c;
        c = lexer_advance(lexer);
        if (!is_digit(c)) {
            lexer_back(lexer, c);
            lexer_error(lexer, "invalid decimal literal");
            return 0;
        }
    }
}

static bool is_digit_of(int c, int base) {
    if (base == 16)
        return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    return c >= '0' && c < '0' + base;
}

/* After 0x, 0o or 0b. Leaves the byte that follows read and in the result; 0 after an error. */
static int based_digits(Lexer *lexer, int base, const char *kind) {
    int c = lexer_advance(lexer);
    do {
        if (c == '_')
            c = lexer_advance(lexer);
        if (!is_digit_of(c, base)) {
            if (is_digit(c)) {
                lexer_error(lexer, "invalid digit '%c' in %s literal", c, kind);
            } else {
                lexer_back(lexer, c);
                lexer_error(lexer, "invalid %s literal", kind);
            }
            return 0;
        }
        do
            c = lexer_advance(lexer);
        while (is_digit_of(c, base));
    } while (c == '_');
    if (is_digit(c)) {
        lexer_error(lexer, "invalid digit '%c' in %s literal", c, kind);
        return 0;
    }
    return verify_end(lexer, c, kind) ? c : 0;
}

static TokenKind finish_number(Lexer *lexer, LexedToken *token, int c) {
    if (!c)
        return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
    lexer_back(lexer, c);
    return lexer_finish(lexer, token, TOKEN_NUMBER, lexer->token_start, lexer->cursor);
}

static int imaginary(Lexer *lexer) {
    int c = lexer_advance(lexer);
    return verify_end(lexer, c, "imaginary") ? c : 0;
}

/* `c` is the byte behind the digits before an exponent or a 'j'. */
static int exponent_and_imaginary(Lexer *lexer, int c) {
    if (c == 'e' || c == 'E') {
        int e = c;
        c = lexer_advance(lexer);
        if (c == '+' || c == '-') {
            c = lexer_advance(lexer);
            if (!is_digit(c)) {
                lexer_back(lexer, c);
                lexer_error(lexer, "invalid decimal literal");
                return 0;
            }
        } else if (!is_digit(c)) {
            lexer_back(lexer, c);
            return verify_end(lexer, e, "decimal") ? e : 0;
        }
        c = decimal_tail(lexer);
        if (!c)
            return 0;
    }
    if (c == 'j' || c == 'J')
        return imaginary(lexer);
    return verify_end(lexer, c, "decimal") ? c : 0;
}

/* After the point. */
static int fraction(Lexer *lexer) {
    int c = lexer_advance(lexer);
    if (is_digit(c) && !(c = decimal_tail(lexer)))
        return 0;
    return exponent_and_imaginary(lexer, c);
}

/* A number that starts with 0 and a byte that chooses no base. */
static int leading_zero(Lexer *lexer, int c) {
    for (;;) {
        if (c == '_') {
            c = lexer_advance(lexer);
            if (!is_digit(c)) {
                lexer_back(lexer, c);
                lexer_error(lexer, "invalid decimal literal");
                return 0;
            }
        }
        if (c != '0')
            break;
        c = lexer_advance(lexer);
    }
    const char *zeros_end = lexer->cursor;
    bool nonzero = is_digit(c);
    if (nonzero && !(c = decimal_tail(lexer)))
        return 0;
    if (c == '.')
        return fraction(lexer);
    if (c == 'e' || c == 'E')
        return exponent_and_imaginary(lexer, c);
    if (c == 'j' || c == 'J')
        return imaginary(lexer);
    if (nonzero && !lexer->extra_tokens) {
        lexer_back(lexer, c);
        lexer_error_range(lexer, (int)(lexer->token_start + 1 - lexer->line_start),
                          (int)(zeros_end - lexer->line_start),
                          "leading zeros in decimal integer literals are not permitted; "
                          "use an 0o prefix for octal integers");
        return 0;
    }
    return verify_end(lexer, c, "decimal") ? c : 0;
}

TokenKind lexer_number(Lexer *lexer, LexedToken *token, int c) {
    if (c == '.')
        return finish_number(lexer, token, fraction(lexer));
    if (c == '0') {
        c = lexer_advance(lexer);
        if (c == 'x' || c == 'X')
            return finish_number(lexer, token, based_digits(lexer, 16, "hexadecimal"));
        if (c == 'o' || c == 'O')
            return finish_number(lexer, token, based_digits(lexer, 8, "octal"));
        if (c == 'b' || c == 'B')
            return finish_number(lexer, token, based_digits(lexer, 2, "binary"));
        return finish_number(lexer, token, leading_zero(lexer, c));
    }
    c = decimal_tail(lexer);
    if (!c)
        return finish_number(lexer, token, 0);
    if (c == '.')
        return finish_number(lexer, token, fraction(lexer));
    return finish_number(lexer, token, exponent_and_imaginary(lexer, c));
}
