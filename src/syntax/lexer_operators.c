/* Operators and brackets, and what they mean inside an f-string's replacement field. */
#include "syntax/errors.h"
#include "syntax/lexer.h"

static TokenKind one_character(int c) {
    switch (c) {
    case '(': return TOKEN_LPAR;
    case ')': return TOKEN_RPAR;
    case '[': return TOKEN_LSQB;
    case ']': return TOKEN_RSQB;
    case '{': return TOKEN_LBRACE;
    case '}': return TOKEN_RBRACE;
    case ':': return TOKEN_COLON;
    case ',': return TOKEN_COMMA;
    case ';': return TOKEN_SEMI;
    case '+': return TOKEN_PLUS;
    case '-': return TOKEN_MINUS;
    case '*': return TOKEN_STAR;
    case '/': return TOKEN_SLASH;
    case '|': return TOKEN_VBAR;
    case '&': return TOKEN_AMPER;
    case '<': return TOKEN_LESS;
    case '>': return TOKEN_GREATER;
    case '=': return TOKEN_EQUAL;
    case '.': return TOKEN_DOT;
    case '%': return TOKEN_PERCENT;
    case '~': return TOKEN_TILDE;
    case '^': return TOKEN_CIRCUMFLEX;
    case '@': return TOKEN_AT;
    case '!': return TOKEN_EXCLAMATION;
    default: return TOKEN_OP;
    }
}

static TokenKind two_characters(int a, int b) {
    if (b == '=') {
        switch (a) {
        case '!': return TOKEN_NOTEQUAL;
        case '%': return TOKEN_PERCENTEQUAL;
        case '&': return TOKEN_AMPEREQUAL;
        case '*': return TOKEN_STAREQUAL;
        case '+': return TOKEN_PLUSEQUAL;
        case '-': return TOKEN_MINEQUAL;
        case '/': return TOKEN_SLASHEQUAL;
        case ':': return TOKEN_COLONEQUAL;
        case '<': return TOKEN_LESSEQUAL;
        case '=': return TOKEN_EQEQUAL;
        case '>': return TOKEN_GREATEREQUAL;
        case '@': return TOKEN_ATEQUAL;
        case '^': return TOKEN_CIRCUMFLEXEQUAL;
        case '|': return TOKEN_VBAREQUAL;
        default: return TOKEN_OP;
        }
    }
    if (a == '*' && b == '*')
        return TOKEN_DOUBLESTAR;
    if (a == '/' && b == '/')
        return TOKEN_DOUBLESLASH;
    if (a == '-' && b == '>')
        return TOKEN_RARROW;
    if (a == '<' && b == '<')
        return TOKEN_LEFTSHIFT;
    if (a == '>' && b == '>')
        return TOKEN_RIGHTSHIFT;
    return TOKEN_OP;
}

static TokenKind three_characters(TokenKind two, int c) {
    if (c != '=')
        return TOKEN_OP;
    switch (two) {
    case TOKEN_DOUBLESTAR: return TOKEN_DOUBLESTAREQUAL;
    case TOKEN_DOUBLESLASH: return TOKEN_DOUBLESLASHEQUAL;
    case TOKEN_LEFTSHIFT: return TOKEN_LEFTSHIFTEQUAL;
    case TOKEN_RIGHTSHIFT: return TOKEN_RIGHTSHIFTEQUAL;
    default: return TOKEN_OP;
    }
}

static const char *string_kind(const StringMode *mode) {
    return mode->is_template ? "t-string" : "f-string";
}

/* Notes where a field's expression starts and ends, for `f"{x=}"` and t-strings. True if the ':' in `c` starts the
 * field's format. */
static bool field_punctuation(Lexer *lexer, LexedToken *token, StringMode *mode, int c) {
    int depth = mode->bracket_depth - (c != '{');
    bool nested = depth == 1 && (mode->in_debug || mode->in_format_spec);
    if (depth == 0 || nested) {
        if (c == '{') {
            mode->expression_start = lexer->cursor;
            mode->expression_end = nullptr;
        } else {
            if (!mode->expression_end)
                mode->expression_end = lexer->token_start;
            if ((mode->in_debug || mode->is_template) && mode->expression_start) {
                token->expression = mode->expression_start;
                token->expression_length = (int32_t)(mode->expression_end - mode->expression_start);
            }
        }
    }
    if (c != ':' || depth != mode->field_start_depth)
        return false;
    mode->in_expression = false;
    mode->in_format_spec = true;
    return true;
}

static bool open_bracket(Lexer *lexer, int c) {
    if (lexer->level >= LEXER_MAX_BRACKETS) {
        lexer_error(lexer, "too many nested parentheses");
        return false;
    }
    lexer->brackets[lexer->level] = (char)c;
    lexer->bracket_lines[lexer->level] = lexer->line;
    lexer->bracket_columns[lexer->level] = (int32_t)(lexer->token_start - lexer->line_start);
    lexer->level++;
    if (lexer->mode)
        lexer_mode(lexer)->bracket_depth++;
    return true;
}

static bool matches(int open, int close) {
    return (open == '(' && close == ')') || (open == '[' && close == ']') || (open == '{' && close == '}');
}

static bool close_bracket(Lexer *lexer, int c) {
    StringMode *mode = lexer->mode ? lexer_mode(lexer) : nullptr;
    if (mode && !mode->bracket_depth && c == '}') {
        lexer_error(lexer, "%s: single '}' is not allowed", string_kind(mode));
        return false;
    }
    if (!lexer->extra_tokens && !lexer->level) {
        lexer_error(lexer, "unmatched '%c'", c);
        return false;
    }
    if (lexer->level > 0) {
        int open = lexer->brackets[--lexer->level];
        if (!lexer->extra_tokens && !matches(open, c)) {
            if (mode && open == '{' && mode->bracket_depth - 1 == mode->field_start_depth)
                lexer_error(lexer, "%s: unmatched '%c'", string_kind(mode), c);
            else if (lexer->bracket_lines[lexer->level] != lexer->line)
                lexer_error(lexer, "closing parenthesis '%c' does not match opening parenthesis '%c' on line %d", c,
                            open, lexer->bracket_lines[lexer->level]);
            else
                lexer_error(lexer, "closing parenthesis '%c' does not match opening parenthesis '%c'", c, open);
            return false;
        }
    }
    if (!mode)
        return true;
    mode->bracket_depth--;
    if (mode->bracket_depth < 0) {
        lexer_error(lexer, "%s: unmatched '%c'", string_kind(mode), c);
        return false;
    }
    if (c == '}' && mode->bracket_depth == mode->field_start_depth) {
        mode->field_start_depth--;
        mode->in_expression = false;
        mode->in_format_spec = false;
        mode->in_debug = false;
    }
    return true;
}

TokenKind lexer_punctuation(Lexer *lexer, LexedToken *token, int c) {
    StringMode *mode = lexer->mode ? lexer_mode(lexer) : nullptr;
    bool in_field = mode && mode->field_start_depth >= 0;
    bool not_equal = c == '!' && *lexer->cursor == '=';
    if (in_field && (c == ':' || c == '}' || (c == '!' && !not_equal) || c == '{') && field_punctuation(lexer, token, mode, c))
        return lexer_finish(lexer, token, TOKEN_COLON, lexer->token_start, lexer->cursor);

    int second = lexer_advance(lexer);
    TokenKind kind = two_characters(c, second);
    if (kind != TOKEN_OP) {
        int third = lexer_advance(lexer);
        TokenKind longer = three_characters(kind, third);
        if (longer == TOKEN_OP)
            lexer_back(lexer, third);
        else
            kind = longer;
        return lexer_finish(lexer, token, kind, lexer->token_start, lexer->cursor);
    }
    lexer_back(lexer, second);

    bool ok = true;
    if (c == '(' || c == '[' || c == '{')
        ok = open_bracket(lexer, c);
    else if (c == ')' || c == ']' || c == '}')
        ok = close_bracket(lexer, c);
    else if (c < ' ' || c == 127)
        ok = (lexer_error(lexer, "invalid non-printable character U+%04X", c), false);
    if (!ok)
        return lexer_finish(lexer, token, TOKEN_ERROR, nullptr, nullptr);
    if (c == '=' && in_field && mode->bracket_depth - mode->field_start_depth == 1)
        mode->in_debug = true;
    return lexer_finish(lexer, token, one_character(c), lexer->token_start, lexer->cursor);
}
