/* Invalid forms of parameter lists, for `def` and `lambda`. See invalid_expressions.c for the conventions. */
#include "syntax/parser.h"

static TokenKind closing(bool lambda) {
    return lambda ? TOKEN_COLON : TOKEN_RPAR;
}

/* param: NAME [annotation] */
static Token *skip_param(Parser *p, bool lambda) {
    int start = p->mark;
    Token *name = accept(p, TOKEN_NAME);
    if (name && !lambda && accept(p, TOKEN_COLON) && !expression(p)) {
        p->mark = start + 1;
    }
    return p->failed ? nullptr : name;
}

/* default: '=' expression | invalid_default */
static bool skip_default(Parser *p) {
    int start = p->mark;
    if (!accept(p, TOKEN_EQUAL))
        return false;
    if (expression(p))
        return true;
    p->mark = start;
    if (p->invalid)
        invalid_default(p);
    return false;
}

static bool skip_end(Parser *p, bool lambda) {
    bool comma = accept(p, TOKEN_COMMA);
    if (!lambda)
        accept(p, TOKEN_TYPE_COMMENT);
    return (comma || at(p, closing(lambda))) && !p->failed;
}

typedef enum DefaultKind { NO_DEFAULT, WITH_DEFAULT, MAYBE_DEFAULT } DefaultKind;

/* param_no_default, param_with_default, param_maybe_default; `*pos` is the param's without its comma */
static bool skip_parameter_at(Parser *p, bool lambda, DefaultKind kind, Position *pos) {
    int start = p->mark;
    if (!skip_param(p, lambda))
        return false;
    *pos = span(p, start);
    bool has_default = kind != NO_DEFAULT && skip_default(p);
    if ((kind == WITH_DEFAULT && !has_default) || !skip_end(p, lambda))
        return fail_at(p, start);
    return true;
}

static bool skip_parameter(Parser *p, bool lambda, DefaultKind kind) {
    Position pos;
    return skip_parameter_at(p, lambda, kind, &pos);
}

static int skip_parameters(Parser *p, bool lambda, DefaultKind kind) {
    int count = 0;
    while (skip_parameter(p, lambda, kind))
        count++;
    return count;
}

/* '/' (',' | &closing) */
static bool skip_slash(Parser *p, bool lambda) {
    int start = p->mark;
    if (accept(p, TOKEN_SLASH) && (accept(p, TOKEN_COMMA) || at(p, closing(lambda))))
        return true;
    p->mark = start;
    return false;
}

/* slash_no_default: param_no_default+ '/' ... */
static bool slash_no_default(Parser *p, bool lambda) {
    int start = p->mark;
    if (skip_parameters(p, lambda, NO_DEFAULT) && skip_slash(p, lambda))
        return true;
    p->mark = start;
    return false;
}

/* slash_with_default: param_no_default* param_with_default+ '/' ... */
static bool slash_with_default(Parser *p, bool lambda) {
    int start = p->mark;
    skip_parameters(p, lambda, NO_DEFAULT);
    if (skip_parameters(p, lambda, WITH_DEFAULT) && skip_slash(p, lambda))
        return true;
    p->mark = start;
    return false;
}

static bool any_slash(Parser *p, bool lambda) {
    return slash_no_default(p, lambda) || (!p->failed && slash_with_default(p, lambda));
}

/* param_no_default* '(' params ','? ')' */
static void parenthesized_parameters(Parser *p, bool lambda) {
    int start = p->mark;
    skip_parameters(p, lambda, NO_DEFAULT);
    Token *a = accept(p, TOKEN_LPAR);
    if (a) {
        bool any = false;
        if (lambda) {
            int mark = p->mark;
            while (skip_param(p, true)) {
                any = true;
                mark = p->mark;
                if (!accept(p, TOKEN_COMMA))
                    break;
            }
            p->mark = mark;
        } else {
            any = skip_parameters(p, false, NO_DEFAULT);
        }
        accept(p, TOKEN_COMMA);
        Token *b = any ? accept(p, TOKEN_RPAR) : nullptr;
        if (b)
            raise_range(p, a->pos, b->pos, "%s parameters cannot be parenthesized",
                        lambda ? "Lambda expression" : "Function");
    }
    p->mark = start;
}

/* [slash] param_maybe_default* '*' (',' | param_no_default) param_maybe_default* '/' */
static void slash_behind_star(Parser *p, bool lambda) {
    int start = p->mark;
    any_slash(p, lambda);
    skip_parameters(p, lambda, MAYBE_DEFAULT);
    if (accept(p, TOKEN_STAR) && (accept(p, TOKEN_COMMA) || skip_parameter(p, lambda, NO_DEFAULT))) {
        skip_parameters(p, lambda, MAYBE_DEFAULT);
        if (at(p, TOKEN_SLASH))
            raise_on(p, p->tokens[p->mark]->pos, "/ must be ahead of *");
    }
    p->mark = start;
}

/* [slash_no_default] param_no_default* (slash_with_default | param_with_default+) param_no_default */
static void missing_default(Parser *p, bool lambda) {
    int start = p->mark;
    slash_no_default(p, lambda);
    skip_parameters(p, lambda, NO_DEFAULT);
    if (slash_with_default(p, lambda) || skip_parameters(p, lambda, WITH_DEFAULT)) {
        Position pos;
        if (skip_parameter_at(p, lambda, NO_DEFAULT, &pos))
            raise_on(p, pos, "parameter without a default follows parameter with a default");
    }
    p->mark = start;
}

void invalid_parameters(Parser *p, bool lambda) {
    int start = p->mark;
    Token *a = accept(p, TOKEN_SLASH);
    if (a && at(p, TOKEN_COMMA))
        raise_on(p, a->pos, "at least one argument must precede /");
    p->mark = start;
    if (any_slash(p, lambda)) {
        skip_parameters(p, lambda, MAYBE_DEFAULT);
        if (at(p, TOKEN_SLASH))
            raise_on(p, p->tokens[p->mark]->pos, "/ may appear only once");
    }
    p->mark = start;
    missing_default(p, lambda);
    parenthesized_parameters(p, lambda);
    slash_behind_star(p, lambda);
    if (skip_parameters(p, lambda, MAYBE_DEFAULT) && accept(p, TOKEN_SLASH) && at(p, TOKEN_STAR))
        raise_on(p, p->tokens[p->mark]->pos, "expected comma between / and *");
    p->mark = start;
}

/* '=' &(')' | ',') */
void invalid_default(Parser *p) {
    int start = p->mark;
    Token *a = accept(p, TOKEN_EQUAL);
    if (a && (at(p, TOKEN_RPAR) || at(p, TOKEN_COMMA)))
        raise_on(p, a->pos, "expected default value expression");
    p->mark = start;
}

/* '*' (',' | param_no_default) param_maybe_default* '*' (',' | param_no_default) */
static void second_star(Parser *p, bool lambda) {
    int start = p->mark;
    if (accept(p, TOKEN_STAR) && (skip_parameter(p, lambda, NO_DEFAULT) || accept(p, TOKEN_COMMA))) {
        skip_parameters(p, lambda, MAYBE_DEFAULT);
        Token *a = accept(p, TOKEN_STAR);
        if (a && (skip_parameter(p, lambda, NO_DEFAULT) || accept(p, TOKEN_COMMA)))
            raise_on(p, a->pos, "* argument may appear only once");
    }
    p->mark = start;
}

void invalid_star_etc(Parser *p, bool lambda) {
    int start = p->mark;
    Token *a = accept(p, TOKEN_STAR);
    if (!a)
        return;
    bool bare = accept(p, closing(lambda)) ||
                (accept(p, TOKEN_COMMA) && (accept(p, closing(lambda)) || accept(p, TOKEN_DOUBLESTAR)));
    if (bare && lambda)
        raise_syntax(p, "named arguments must follow bare *");
    else if (bare)
        raise_on(p, a->pos, "named arguments must follow bare *");
    p->mark = start + 1;
    if (!lambda && accept(p, TOKEN_COMMA) && accept(p, TOKEN_TYPE_COMMENT))
        raise_syntax(p, "bare * has associated type comment");
    p->mark = start + 1;
    if (skip_param(p, lambda) && at(p, TOKEN_EQUAL))
        raise_on(p, p->tokens[p->mark]->pos, "var-positional argument cannot have default value");
    p->mark = start;
    second_star(p, lambda);
}

/* '**' param '=' | '**' param ',' (param | '*' | '**' | '/') */
void invalid_kwds(Parser *p, bool lambda) {
    int start = p->mark;
    if (!accept(p, TOKEN_DOUBLESTAR))
        return;
    if (skip_param(p, lambda)) {
        if (at(p, TOKEN_EQUAL))
            raise_on(p, p->tokens[p->mark]->pos, "var-keyword argument cannot have default value");
        if (accept(p, TOKEN_COMMA)) {
            int mark = p->mark;
            Token *a = skip_param(p, lambda);
            if (a)
                raise_on(p, span(p, mark), "arguments cannot follow var-keyword argument");
            p->mark = mark;
            TokenKind kind = peek(p);
            if (kind == TOKEN_STAR || kind == TOKEN_DOUBLESTAR || kind == TOKEN_SLASH)
                raise_on(p, p->tokens[p->mark]->pos, "arguments cannot follow var-keyword argument");
        }
    }
    p->mark = start;
}
