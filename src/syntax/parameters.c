/* Parameters of functions and lambdas.
 *
 * One loop reads both; the grammar's alternatives differ only in what may come next. */
#include "syntax/parser.h"

#include "types/str/str.h"

typedef struct ParameterParts {
    Items posonly, args, kwonly, defaults, kw_defaults;
    Arg *vararg, *kwarg;
} ParameterParts;

static Arguments *finish(Parser *p, const ParameterParts *parts) {
    Arguments *a = parser_alloc(p, sizeof *a);
    a->posonlyargs = (ArgSeq){parts->posonly.count, (Arg **)parts->posonly.items};
    a->args = (ArgSeq){parts->args.count, (Arg **)parts->args.items};
    a->vararg = parts->vararg;
    a->kwonlyargs = (ArgSeq){parts->kwonly.count, (Arg **)parts->kwonly.items};
    a->kw_defaults = expr_seq(parts->kw_defaults);
    a->kwarg = parts->kwarg;
    a->defaults = expr_seq(parts->defaults);
    return p->failed ? nullptr : a;
}

Arguments *empty_arguments(Parser *p) {
    return finish(p, &(ParameterParts){});
}

/* param: NAME [':' expression], with star_expression for *args */
static Arg *parameter(Parser *p, bool lambda, bool star) {
    int start = p->mark;
    Token *name = accept(p, TOKEN_NAME);
    if (!name)
        return nullptr;
    Expr *annotation = nullptr;
    if (!lambda && accept(p, TOKEN_COLON)) {
        annotation = star ? star_expression(p) : expression(p);
        if (!annotation)
            return fail_at(p, start);
    }
    Arg *arg = parser_alloc(p, sizeof *arg);
    arg->pos = span(p, start);
    arg->arg = token_name(p, name);
    arg->annotation = annotation;
    return p->failed ? nullptr : arg;
}

static TokenKind closing(bool lambda) {
    return lambda ? TOKEN_COLON : TOKEN_RPAR;
}

/* What ends one parameter: a comma and a type comment, or a type comment before the end. */
static bool parameter_end(Parser *p, bool lambda, Arg *arg) {
    bool comma = accept(p, TOKEN_COMMA);
    if (!lambda) {
        Value comment = take_type_comment(p);
        if (present(comment))
            arg->type_comment = comment;
    }
    return comma || at(p, closing(lambda));
}

/* default: '=' expression | invalid_default */
static Expr *default_value(Parser *p) {
    int start = p->mark;
    if (!accept(p, TOKEN_EQUAL))
        return nullptr;
    Expr *e = expression(p);
    if (e)
        return e;
    p->mark = start;
    if (p->invalid)
        invalid_default(p);
    return nullptr;
}

/* kwds: '**' param_no_default */
static bool keyword_parameter(Parser *p, bool lambda, ParameterParts *parts) {
    int start = p->mark;
    if (p->invalid)
        invalid_kwds(p, lambda);
    if (!accept(p, TOKEN_DOUBLESTAR))
        return false;
    Arg *arg = parameter(p, lambda, false);
    if (!arg || !parameter_end(p, lambda, arg))
        return fail_at(p, start);
    parts->kwarg = arg;
    return true;
}

/* param_maybe_default*, after a star */
static void keyword_only_parameters(Parser *p, bool lambda, ParameterParts *parts) {
    for (;;) {
        int mark = p->mark;
        Arg *arg = parameter(p, lambda, false);
        if (!arg)
            return;
        Expr *value = default_value(p);
        if (!parameter_end(p, lambda, arg)) {
            p->mark = mark;
            return;
        }
        items_add(p, &parts->kwonly, arg);
        items_add(p, &parts->kw_defaults, value);
    }
}

/* star_etc: '*' param_no_default param_maybe_default* [kwds] | '*' ',' param_maybe_default+ [kwds] | kwds */
static bool star_etc(Parser *p, bool lambda, ParameterParts *parts) {
    int start = p->mark;
    if (p->invalid)
        invalid_star_etc(p, lambda);
    if (!accept(p, TOKEN_STAR))
        return keyword_parameter(p, lambda, parts);
    if (accept(p, TOKEN_COMMA)) {
        keyword_only_parameters(p, lambda, parts);
        if (!parts->kwonly.count)
            return fail_at(p, start);
    } else {
        Arg *arg = parameter(p, lambda, true);
        if (!arg || !parameter_end(p, lambda, arg))
            return fail_at(p, start);
        parts->vararg = arg;
        keyword_only_parameters(p, lambda, parts);
    }
    if (p->invalid || at(p, TOKEN_DOUBLESTAR))
        keyword_parameter(p, lambda, parts);
    return !p->failed;
}

/* parameters: params without and with defaults, '/', and star_etc; NULL if there is none */
static Arguments *parameter_list(Parser *p, bool lambda) {
    int start = p->mark;
    ParameterParts parts = {};
    bool any = false;
    for (;;) {
        int mark = p->mark;
        if (at(p, TOKEN_SLASH)) {
            if (!any || parts.posonly.count)
                break;
            p->mark++;
            if (!accept(p, TOKEN_COMMA) && !at(p, closing(lambda))) {
                p->mark = mark;
                break;
            }
            if (!check_version(p, 8, "Positional-only parameters are"))
                return nullptr;
            parts.posonly = parts.args;
            parts.args = (Items){};
            continue;
        }
        Arg *arg = parameter(p, lambda, false);
        if (!arg)
            break;
        Expr *value = default_value(p);
        if ((!value && parts.defaults.count) || !parameter_end(p, lambda, arg)) {
            p->mark = mark;
            break;
        }
        items_add(p, &parts.args, arg);
        if (value)
            items_add(p, &parts.defaults, value);
        any = true;
    }
    if (at(p, TOKEN_STAR) || at(p, TOKEN_DOUBLESTAR))
        any = star_etc(p, lambda, &parts) || any;
    if (!any || p->failed)
        return fail_at(p, start);
    return finish(p, &parts);
}

/* params: invalid_parameters | parameters */
Arguments *parameters(Parser *p) {
    if (p->invalid)
        invalid_parameters(p, false);
    return parameter_list(p, false);
}

/* lambda_params: invalid_lambda_parameters | lambda_parameters */
Arguments *lambda_parameters(Parser *p) {
    if (p->invalid)
        invalid_parameters(p, true);
    return parameter_list(p, true);
}
