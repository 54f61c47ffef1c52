/* Calls and their arguments. Arguments are returned as a Call node without a function. */
#include "syntax/parser.h"

typedef struct CallParts {
    Items positional; /* Starred among them */
    Items keywords;
} CallParts;

static Expr *finish_call(Parser *p, Expr *function, ExprSeq args, KeywordSeq keywords, int start) {
    Expr *e = expr_from(p, EXPR_Call, start);
    e->Call.func = function;
    e->Call.args = args;
    e->Call.keywords = keywords;
    return e;
}

static KeywordSeq keyword_seq(Items items) {
    return (KeywordSeq){items.count, (Keyword **)items.items};
}

static void add_keyword(Parser *p, Items *keywords, Token *name, Expr *value, int start) {
    Keyword *keyword = parser_alloc(p, sizeof *keyword);
    keyword->pos = span(p, start);
    keyword->arg = name ? token_name(p, name) : NO_VALUE;
    keyword->value = value;
    items_add(p, keywords, keyword);
}

/* '**' expression */
static bool double_starred(Parser *p, Items *keywords) {
    int start = p->mark++;
    Expr *value = expression(p);
    if (!value)
        return fail_at(p, start);
    add_keyword(p, keywords, nullptr, value, start);
    return true;
}

/* NAME '=' expression */
static bool named_argument(Parser *p, Items *keywords) {
    int start = p->mark;
    Token *name = accept(p, TOKEN_NAME);
    if (!name || !accept(p, TOKEN_EQUAL))
        return fail_at(p, start);
    Expr *value = expression(p);
    if (!value)
        return fail_at(p, start);
    add_keyword(p, keywords, name, value, start);
    return true;
}

/* (assignment_expression | expression !':=') !'=' */
static Expr *positional(Parser *p) {
    int start = p->mark;
    Expr *e;
    if (at(p, TOKEN_NAME) && peek_second(p) == TOKEN_COLONEQUAL) {
        e = assignment_expression(p);
    } else {
        e = expression(p);
        if (e && at(p, TOKEN_COLONEQUAL))
            return fail_at(p, start);
    }
    return e && at(p, TOKEN_EQUAL) ? fail_at(p, start) : e;
}

/* Which arguments may still come: after a keyword no positional ones, after ** no starred ones. */
typedef enum ArgumentPhase { PHASE_POSITIONAL, PHASE_KEYWORD, PHASE_DOUBLE_STAR } ArgumentPhase;

static bool one_argument(Parser *p, CallParts *parts, ArgumentPhase *phase) {
    switch (peek(p)) {
    case TOKEN_STAR: {
        Expr *e = *phase != PHASE_DOUBLE_STAR ? starred_expression(p) : nullptr;
        if (e)
            items_add(p, &parts->positional, e);
        return e;
    }
    case TOKEN_DOUBLESTAR:
        *phase = PHASE_DOUBLE_STAR;
        return double_starred(p, &parts->keywords);
    case TOKEN_NAME:
        if (peek_second(p) == TOKEN_EQUAL) {
            if (*phase == PHASE_POSITIONAL)
                *phase = PHASE_KEYWORD;
            return named_argument(p, &parts->keywords);
        }
        [[fallthrough]];
    default: {
        Expr *e = *phase == PHASE_POSITIONAL ? positional(p) : nullptr;
        if (e)
            items_add(p, &parts->positional, e);
        return e;
    }
    }
}

/* The first pass: '(' [arguments] ')', or a generator expression as the only argument. */
static Expr *call_fast(Parser *p, Expr *function, int start) {
    int mark = p->mark++;
    CallParts parts = {};
    ArgumentPhase phase = PHASE_POSITIONAL;
    while (!at(p, TOKEN_RPAR)) {
        if (!one_argument(p, &parts, &phase))
            return fail_at(p, mark);
        bool generator = parts.positional.count == 1 && !parts.keywords.count && phase == PHASE_POSITIONAL &&
                         (at(p, KEYWORD_FOR) || at(p, KEYWORD_ASYNC));
        if (generator) {
            Expr *e = generator_from(p, parts.positional.items[0], mark);
            return e ? finish_call(p, function, one_expr(p, e), (KeywordSeq){}, start) : fail_at(p, mark);
        }
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    if (!accept(p, TOKEN_RPAR))
        return fail_at(p, mark);
    return finish_call(p, function, expr_seq(parts.positional), keyword_seq(parts.keywords), start);
}

/* genexp | '(' [arguments] ')' behind `function` */
Expr *call_trailer(Parser *p, Expr *function, int start) {
    if (!p->second_pass)
        return call_fast(p, function, start);
    int mark = p->mark;
    Expr *generator = generator_expression(p);
    if (generator)
        return finish_call(p, function, one_expr(p, generator), (KeywordSeq){}, start);
    if (p->failed)
        return nullptr;
    p->mark = mark + 1;
    Expr *arguments = arguments_rule(p);
    if (!accept(p, TOKEN_RPAR))
        return fail_at(p, mark);
    if (!arguments)
        return finish_call(p, function, (ExprSeq){}, (KeywordSeq){}, start);
    return finish_call(p, function, arguments->Call.args, arguments->Call.keywords, start);
}

/* The second pass follows the grammar's alternatives. */

/* kwarg_or_starred: invalid_kwarg | NAME '=' expression | starred_expression */
static bool kwarg_or_starred(Parser *p, CallParts *parts) {
    if (p->invalid)
        invalid_kwarg(p);
    if (named_argument(p, &parts->keywords))
        return true;
    Expr *e = starred_expression(p);
    if (e)
        items_add(p, &parts->positional, e);
    return e;
}

/* kwarg_or_double_starred: invalid_kwarg | NAME '=' expression | '**' expression */
static bool kwarg_or_double_starred(Parser *p, CallParts *parts) {
    if (p->invalid)
        invalid_kwarg(p);
    if (named_argument(p, &parts->keywords))
        return true;
    return at(p, TOKEN_DOUBLESTAR) && double_starred(p, &parts->keywords);
}

/* ','.rule+ */
static bool gather(Parser *p, CallParts *parts, bool (*rule)(Parser *, CallParts *)) {
    if (!rule(p, parts))
        return false;
    int mark = p->mark;
    while (accept(p, TOKEN_COMMA)) {
        if (!rule(p, parts))
            break;
        mark = p->mark;
    }
    p->mark = mark;
    return !p->failed;
}

/* kwargs: ','.kwarg_or_starred+ ',' ','.kwarg_or_double_starred+ | ','.kwarg_or_starred+
 *       | ','.kwarg_or_double_starred+ */
static bool kwargs(Parser *p, CallParts *parts) {
    if (gather(p, parts, kwarg_or_starred)) {
        int mark = p->mark;
        if (!accept(p, TOKEN_COMMA) || !gather(p, parts, kwarg_or_double_starred))
            p->mark = mark;
        return !p->failed;
    }
    return gather(p, parts, kwarg_or_double_starred);
}

static bool starred_or_positional(Parser *p, CallParts *parts) {
    int start = p->mark;
    Expr *e = starred_expression(p);
    if (!e)
        e = positional(p);
    else if (at(p, TOKEN_EQUAL))
        return fail_at(p, start);
    if (e)
        items_add(p, &parts->positional, e);
    return e;
}

/* args: ','.(starred_expression | (assignment_expression | expression !':=') !'=')+ [',' kwargs] | kwargs */
Expr *args_rule(Parser *p) {
    int start = p->mark;
    CallParts parts = {};
    if (gather(p, &parts, starred_or_positional)) {
        int mark = p->mark;
        if (!accept(p, TOKEN_COMMA) || !kwargs(p, &parts))
            p->mark = mark;
    } else if (!kwargs(p, &parts)) {
        return fail_at(p, start);
    }
    if (p->failed)
        return nullptr;
    return finish_call(p, nullptr, expr_seq(parts.positional), keyword_seq(parts.keywords), start);
}

static Expr *arguments_alternatives(Parser *p) {
    int start = p->mark;
    Expr *e = args_rule(p);
    if (e) {
        accept(p, TOKEN_COMMA);
        if (at(p, TOKEN_RPAR))
            return e;
    }
    p->mark = start;
    if (p->invalid)
        invalid_arguments(p);
    return nullptr;
}

/* arguments: args [','] &')' | invalid_arguments */
Expr *arguments_rule(Parser *p) {
    return memoized(p, RULE_ARGUMENTS, arguments_alternatives);
}
