/* Invalid forms of expressions: each function is headed by what it recognizes, tries that from the current token
 * and leaves `mark` where it was. If the form is there, it raises the error. */
#include "syntax/parser.h"

#include <string.h>

static bool is_word(Parser *p, const Expr *e, const Identifier *word) {
    return e->kind == EXPR_Name && same(e->Name.id, identifier_value(p, (Identifier *)word));
}

static bool is_legacy_statement(Parser *p, const Expr *e) {
    return is_word(p, e, p->soft_print) || is_word(p, e, p->soft_exec);
}

/* expression, with the invalid forms switched off */
Expr *expression_without_invalid(Parser *p) {
    bool invalid = p->invalid;
    int start = p->mark;
    p->invalid = false;
    Expr *e = disjunction(p);
    if (e && accept(p, KEYWORD_IF)) {
        int mark = p->mark - 1;
        Expr *test = disjunction(p);
        Expr *orelse = test && accept(p, KEYWORD_ELSE) ? expression(p) : nullptr;
        if (orelse) {
            Expr *body = e;
            e = expr_from(p, EXPR_IfExp, start);
            e->IfExp.test = test;
            e->IfExp.body = body;
            e->IfExp.orelse = orelse;
        } else {
            p->mark = mark;
        }
    }
    if (!e)
        e = lambda_expression(p);
    p->invalid = invalid;
    return p->failed ? nullptr : e;
}

/* STRING (!STRING expression_without_invalid)+ STRING */
static void text_between_strings(Parser *p) {
    int start = p->mark;
    Expr *first = nullptr, *last = nullptr;
    if (!accept(p, TOKEN_STRING))
        return;
    while (!at(p, TOKEN_STRING)) {
        Expr *e = expression_without_invalid(p);
        if (!e)
            break;
        first = first ? first : e;
        last = e;
    }
    if (last && at(p, TOKEN_STRING))
        raise_range(p, first->pos, last->pos, "invalid syntax. Is this intended to be part of the string?");
    p->mark = start;
}

static bool at_soft_word(Parser *p) {
    return at_soft_keyword(p, p->soft_match) || at_soft_keyword(p, p->soft_case) || at_soft_keyword(p, p->soft_type) ||
           at_soft_keyword(p, p->soft_underscore);
}

/* !(NAME STRING | SOFT_KEYWORD) disjunction expression_without_invalid */
static void missing_comma(Parser *p) {
    int start = p->mark;
    if (at_soft_word(p) || (at(p, TOKEN_NAME) && peek_second(p) == TOKEN_STRING))
        return;
    Expr *a = disjunction(p);
    Expr *b = a ? expression_without_invalid(p) : nullptr;
    if (b && !is_legacy_statement(p, a) && p->tokens[p->mark - 1]->level != 0)
        raise_range(p, a->pos, b->pos, "invalid syntax. Perhaps you forgot a comma?");
    p->mark = start;
}

/* disjunction 'if' disjunction !('else' | ':'), or 'else' without an expression behind it */
static void incomplete_conditional(Parser *p) {
    int start = p->mark;
    Expr *a = disjunction(p);
    if (a && accept(p, KEYWORD_IF)) {
        Expr *b = disjunction(p);
        if (b && !at(p, KEYWORD_ELSE) && !at(p, TOKEN_COLON)) {
            raise_range(p, a->pos, b->pos, "expected 'else' after 'if' expression");
        } else if (b && accept(p, KEYWORD_ELSE)) {
            int mark = p->mark;
            Expr *orelse = expression(p);
            p->mark = mark;
            if (!orelse)
                raise_next(p, "expected expression after 'else', but statement is given");
        }
    }
    p->mark = start;
}

/* ('pass' | 'break' | 'continue') 'if' disjunction 'else' simple_stmt */
static void conditional_statement(Parser *p) {
    int start = p->mark;
    if (!at(p, KEYWORD_PASS) && !at(p, KEYWORD_BREAK) && !at(p, KEYWORD_CONTINUE))
        return;
    Token *a = p->tokens[p->mark++];
    if (accept(p, KEYWORD_IF) && disjunction(p) && accept(p, KEYWORD_ELSE) && simple_statement(p))
        raise_on(p, a->pos, "expected expression before 'if', but statement is given");
    p->mark = start;
}

/* 'lambda' [lambda_params] ':' &(FSTRING_MIDDLE | TSTRING_MIDDLE) */
static void lambda_in_fstring(Parser *p) {
    int start = p->mark;
    Token *a = accept(p, KEYWORD_LAMBDA);
    if (!a)
        return;
    lambda_parameters(p);
    Token *b = accept(p, TOKEN_COLON);
    if (b && at(p, TOKEN_FSTRING_MIDDLE))
        raise_range(p, a->pos, b->pos, "f-string: lambda expressions are not allowed without parentheses");
    else if (b && at(p, TOKEN_TSTRING_MIDDLE))
        raise_range(p, a->pos, b->pos, "t-string: lambda expressions are not allowed without parentheses");
    p->mark = start;
}

void invalid_expression(Parser *p) {
    text_between_strings(p);
    missing_comma(p);
    incomplete_conditional(p);
    conditional_statement(p);
    lambda_in_fstring(p);
}

/* NAME !'(' star_expressions: an error if NAME is print or exec, but the rest is looked at in any case */
void invalid_legacy_expression(Parser *p) {
    int start = p->mark;
    const Token *name = accept(p, TOKEN_NAME);
    Expr *b = name && !at(p, TOKEN_LPAR) ? star_expressions(p) : nullptr;
    bool print = name && name->name == p->soft_print;
    const char *word = print ? "print" : "exec";
    if (b && (print || name->name == p->soft_exec))
        raise_range(p, name->pos, b->pos, "Missing parentheses in call to '%s'. Did you mean %s(...)?", word, word);
    p->mark = start;
}

/* !(list | tuple | genexp | 'True' | 'None' | 'False') */
static bool may_be_compared(Parser *p) {
    int start = p->mark;
    bool display = false;
    switch (peek(p)) {
    case TOKEN_LSQB: display = list_display(p); break;
    case TOKEN_LPAR: display = tuple_display(p) || generator_expression(p); break;
    case KEYWORD_TRUE:
    case KEYWORD_NONE:
    case KEYWORD_FALSE: display = true; break;
    default: break;
    }
    p->mark = start;
    return !display && !p->failed;
}

static bool at_assignment(Parser *p) {
    return at(p, TOKEN_EQUAL) || at(p, TOKEN_COLONEQUAL);
}

static Expr *invalid_named_expression_rule(Parser *p) {
    int start = p->mark;
    Expr *a = expression(p);
    if (a && accept(p, TOKEN_COLONEQUAL) && expression(p))
        return raise_on(p, a->pos, "cannot use assignment expressions with %s", expr_kind_name(a));
    p->mark = start;
    Expr *b;
    a = name_expression(p);
    if (a && accept(p, TOKEN_EQUAL) && (b = bitwise_or(p)) && !at_assignment(p))
        return raise_range(p, a->pos, b->pos, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    p->mark = start;
    if (may_be_compared(p) && (a = bitwise_or(p)) && accept(p, TOKEN_EQUAL) && bitwise_or(p) && !at_assignment(p))
        return raise_on(p, a->pos, "cannot assign to %s here. Maybe you meant '==' instead of '='?",
                        expr_kind_name(a));
    return fail_at(p, start);
}

/* expression ':=' expression | NAME '=' bitwise_or | bitwise_or '=' bitwise_or */
void invalid_named_expression(Parser *p) {
    memoized(p, RULE_INVALID_NAMED_EXPRESSION, invalid_named_expression_rule);
}

/* '*' expression '=' expression */
void invalid_starred_expression_unpacking(Parser *p) {
    int start = p->mark;
    Token *a = accept(p, TOKEN_STAR);
    Expr *b;
    if (a && expression(p) && accept(p, TOKEN_EQUAL) && (b = expression(p)))
        raise_range(p, a->pos, b->pos, "cannot assign to iterable argument unpacking");
    p->mark = start;
}

/* '*' with nothing behind it */
void invalid_starred_expression(Parser *p) {
    if (at(p, TOKEN_STAR))
        raise_syntax(p, "Invalid star expression");
}

/* At an operator behind a sum: ('+' | '-' | '*' | '/' | '%' | '//' | '@') 'not' inversion */
void invalid_arithmetic(Parser *p, int start) {
    switch (peek(p)) {
    case TOKEN_PLUS:
    case TOKEN_MINUS:
    case TOKEN_STAR:
    case TOKEN_SLASH:
    case TOKEN_PERCENT:
    case TOKEN_DOUBLESLASH:
    case TOKEN_AT: break;
    default: return;
    }
    p->mark++;
    Token *a = accept(p, KEYWORD_NOT);
    Expr *b = a && parser_enter(p) ? inversion(p) : nullptr;
    if (a)
        parser_leave(p);
    if (b)
        raise_range(p, a->pos, b->pos, "'not' after an operator must be parenthesized");
    p->mark = start;
}

/* ('+' | '-' | '~') 'not' factor */
void invalid_factor(Parser *p) {
    int start = p->mark++;
    Token *a = accept(p, KEYWORD_NOT);
    Expr *b = a && parser_enter(p) ? factor(p) : nullptr;
    if (a)
        parser_leave(p);
    if (b)
        raise_range(p, a->pos, b->pos, "'not' after an operator must be parenthesized");
    p->mark = start;
}

/* '(' starred_expression ')' | '(' '**' expression ')' */
void invalid_group(Parser *p) {
    int start = p->mark++;
    Expr *e = starred_expression(p);
    if (e && at(p, TOKEN_RPAR))
        raise_on(p, e->pos, "cannot use starred expression here");
    p->mark = start + 1;
    Token *a = accept(p, TOKEN_DOUBLESTAR);
    if (a && expression(p) && at(p, TOKEN_RPAR))
        raise_on(p, a->pos, "cannot use double starred expression here");
    p->mark = start;
}

/* ('[' | '(' | '{') starred_expression for_if_clauses
 * ('[' | '{') star_named_expression ',' [star_named_expressions] for_if_clauses */
void invalid_comprehension(Parser *p) {
    int start = p->mark;
    bool parenthesis = at(p, TOKEN_LPAR);
    ComprehensionSeq clauses;
    p->mark++;
    Expr *a = starred_expression(p);
    if (a && comprehension_clauses(p, &clauses))
        raise_on(p, a->pos, "iterable unpacking cannot be used in comprehension");
    p->mark = start + 1;
    a = parenthesis || p->failed ? nullptr : star_named_expression(p);
    Token *comma = a ? accept(p, TOKEN_COMMA) : nullptr;
    if (comma) {
        int mark = p->mark;
        Items items = {};
        if (star_named_expressions(p, &items) && comprehension_clauses(p, &clauses)) {
            Expr *last = items.items[items.count - 1];
            raise_range(p, a->pos, last->pos, "did you forget parentheses around the comprehension target?");
        }
        p->mark = mark;
        if (comprehension_clauses(p, &clauses))
            raise_range(p, a->pos, comma->pos, "did you forget parentheses around the comprehension target?");
    }
    p->mark = start;
}

/* '{' '**' bitwise_or for_if_clauses '}' */
void invalid_dict_comprehension(Parser *p) {
    int start = p->mark++;
    Token *a = accept(p, TOKEN_DOUBLESTAR);
    ComprehensionSeq clauses;
    if (a && bitwise_or(p) && comprehension_clauses(p, &clauses) && at(p, TOKEN_RBRACE))
        raise_on(p, a->pos, "dict unpacking cannot be used in dict comprehension");
    p->mark = start;
}

/* ['async'] 'for' ','.bitwise_or+ [','] !'in' */
void invalid_for_if_clause(Parser *p) {
    int start = p->mark;
    accept(p, KEYWORD_ASYNC);
    if (accept(p, KEYWORD_FOR) && bitwise_or(p)) {
        int mark = p->mark;
        while (accept(p, TOKEN_COMMA)) {
            mark = p->mark;
            if (!bitwise_or(p))
                break;
            mark = p->mark;
        }
        p->mark = mark;
        if (!at(p, KEYWORD_IN))
            raise_syntax(p, "'in' expected after for-loop variables");
    }
    p->mark = start;
}

/* ['async'] 'for' star_expressions */
void invalid_for_target(Parser *p) {
    int start = p->mark;
    accept(p, KEYWORD_ASYNC);
    Expr *a = accept(p, KEYWORD_FOR) ? star_expressions(p) : nullptr;
    if (a)
        raise_invalid_target(p, TARGETS_FOR, a);
    p->mark = start;
}

/* double_starred_kvpair: '**' bitwise_or | expression ':' expression */
static bool key_value(Parser *p) {
    int start = p->mark;
    bool ok = accept(p, TOKEN_DOUBLESTAR) ? bitwise_or(p) != nullptr
                                          : expression(p) && accept(p, TOKEN_COLON) && expression(p);
    if (!ok)
        p->mark = start;
    return ok && !p->failed;
}

/* expression ':' '*' bitwise_or | expression ':' &('}' | ',') */
static void invalid_value(Parser *p) {
    int start = p->mark;
    Token *colon = expression(p) ? accept(p, TOKEN_COLON) : nullptr;
    if (colon) {
        Token *star = accept(p, TOKEN_STAR);
        if (star && bitwise_or(p))
            raise_from(p, star->pos, "cannot use a starred expression in a dictionary value");
        else if (!star && (at(p, TOKEN_RBRACE) || at(p, TOKEN_COMMA)))
            raise_on(p, colon->pos, "expression expected after dictionary key and ':'");
    }
    p->mark = start;
}

/* expression !':' | invalid_value */
static void invalid_pair(Parser *p) {
    int start = p->mark;
    Expr *a = expression(p);
    if (a && !at(p, TOKEN_COLON))
        raise_at(p, SYNTAX_ERROR, a->pos.line, a->pos.end_column - 1, a->pos.end_line, -1,
                 "':' expected after dictionary key");
    p->mark = start;
    invalid_value(p);
}

/* ','.double_starred_kvpair+ ',' invalid_kvpair | invalid_value */
void invalid_double_starred_kvpairs(Parser *p) {
    int start = p->mark;
    if (key_value(p)) {
        int mark = p->mark;
        while (accept(p, TOKEN_COMMA) && key_value(p))
            mark = p->mark;
        p->mark = mark;
        if (accept(p, TOKEN_COMMA))
            invalid_pair(p);
    }
    p->mark = start;
    invalid_value(p);
}

/* Calls. */

static Position last_of_comprehension(const ComprehensionSeq *clauses) {
    const Comprehension *last = clauses->items[clauses->count - 1];
    return last->ifs.count ? last->ifs.items[last->ifs.count - 1]->pos : last->iter->pos;
}

/* ','.(starred_expression !'=')+ */
static bool starred_arguments(Parser *p) {
    int mark = p->mark;
    bool any = false;
    do {
        if (!starred_expression(p) || at(p, TOKEN_EQUAL))
            break;
        any = true;
        mark = p->mark;
    } while (accept(p, TOKEN_COMMA));
    p->mark = mark;
    return any && !p->failed;
}

static bool has_double_star(const Expr *call) {
    for (int i = 0; i < call->Call.keywords.count; i++)
        if (absent(call->Call.keywords.items[i]->arg))
            return true;
    return false;
}

/* expression for_if_clauses ',' [args | expression for_if_clauses] */
static void first_generator(Parser *p) {
    int start = p->mark;
    ComprehensionSeq clauses, more;
    Expr *a = expression(p);
    if (a && comprehension_clauses(p, &clauses) && accept(p, TOKEN_COMMA)) {
        if (!args_rule(p) && expression(p))
            (void)comprehension_clauses(p, &more);
        raise_range(p, a->pos, last_of_comprehension(&clauses), "Generator expression must be parenthesized");
    }
    p->mark = start;
}

/* NAME '=' expression for_if_clauses */
static void named_generator(Parser *p) {
    int start = p->mark;
    Token *a = accept(p, TOKEN_NAME);
    Token *b = a ? accept(p, TOKEN_EQUAL) : nullptr;
    ComprehensionSeq clauses;
    if (b && expression(p) && comprehension_clauses(p, &clauses))
        raise_range(p, a->pos, b->pos, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    p->mark = start;
}

/* [args ','] NAME '=' &(',' | ')') */
static void missing_value(Parser *p) {
    int start = p->mark;
    if (!args_rule(p) || !accept(p, TOKEN_COMMA))
        p->mark = start;
    Token *a = accept(p, TOKEN_NAME);
    Token *b = a ? accept(p, TOKEN_EQUAL) : nullptr;
    if (b && (at(p, TOKEN_COMMA) || at(p, TOKEN_RPAR)))
        raise_range(p, a->pos, b->pos, "expected argument value expression");
    p->mark = start;
}

void invalid_arguments(Parser *p) {
    int start = p->mark;
    ComprehensionSeq clauses;
    Expr *call = args_rule(p);
    Token *comma = call && has_double_star(call) ? accept(p, TOKEN_COMMA) : nullptr;
    if (comma && starred_arguments(p))
        raise_from(p, comma->pos, "iterable argument unpacking follows keyword argument unpacking");
    p->mark = start;
    first_generator(p);
    named_generator(p);
    missing_value(p);
    call = args_rule(p);
    int mark = p->mark;
    if (call && comprehension_clauses(p, &clauses) && call->Call.args.count > 1)
        raise_range(p, call->Call.args.items[call->Call.args.count - 1]->pos, last_of_comprehension(&clauses),
                    "Generator expression must be parenthesized");
    p->mark = mark;
    if (call && accept(p, TOKEN_COMMA)) {
        int behind = p->mark;
        Expr *e = expression(p);
        if (e && comprehension_clauses(p, &clauses))
            raise_range(p, e->pos, last_of_comprehension(&clauses), "Generator expression must be parenthesized");
        p->mark = behind;
        if (args_rule(p))
            raise_syntax(p, has_double_star(call) ? "positional argument follows keyword argument unpacking"
                                                  : "positional argument follows keyword argument");
    }
    p->mark = start;
}

void invalid_kwarg(Parser *p) {
    int start = p->mark;
    TokenKind kind = peek(p);
    if (kind == KEYWORD_TRUE || kind == KEYWORD_FALSE || kind == KEYWORD_NONE) {
        Token *a = p->tokens[p->mark++];
        Token *b = accept(p, TOKEN_EQUAL);
        if (b)
            raise_range(p, a->pos, b->pos, "cannot assign to %s",
                        kind == KEYWORD_TRUE ? "True" : kind == KEYWORD_FALSE ? "False" : "None");
        p->mark = start;
    }
    named_generator(p);
    bool named = at(p, TOKEN_NAME) && peek_second(p) == TOKEN_EQUAL;
    Expr *a = named || p->failed ? nullptr : expression(p);
    Token *b = a ? accept(p, TOKEN_EQUAL) : nullptr;
    if (b)
        raise_range(p, a->pos, b->pos, "expression cannot contain assignment, perhaps you meant \"==\"?");
    p->mark = start;
    Token *stars = accept(p, TOKEN_DOUBLESTAR);
    Expr *value;
    if (stars && expression(p) && accept(p, TOKEN_EQUAL) && (value = expression(p)))
        raise_range(p, stars->pos, value->pos, "cannot assign to keyword argument unpacking");
    p->mark = start;
}

/* f-strings. */

static bool at_field_end(Parser *p, bool equal) {
    TokenKind kind = peek(p);
    return kind == TOKEN_EXCLAMATION || kind == TOKEN_COLON || kind == TOKEN_RBRACE || (equal && kind == TOKEN_EQUAL);
}

static bool skip_format_spec(Parser *p);

/* A complete replacement field, which has been parsed before. */
static bool skip_field(Parser *p) {
    int start = p->mark;
    if (accept(p, TOKEN_LBRACE) && annotated_rhs(p)) {
        accept(p, TOKEN_EQUAL);
        if (accept(p, TOKEN_EXCLAMATION))
            accept(p, TOKEN_NAME);
        if (accept(p, TOKEN_COLON))
            skip_format_spec(p);
        if (accept(p, TOKEN_RBRACE))
            return true;
    }
    p->mark = start;
    return false;
}

static bool skip_format_spec(Parser *p) {
    while (accept(p, TOKEN_FSTRING_MIDDLE) || accept(p, TOKEN_TSTRING_MIDDLE) || skip_field(p))
        ;
    return !p->failed;
}

/* Behind the expression and its '=': what is wrong with conversion, format or the end. */
static void invalid_field_tail(Parser *p, char letter) {
    if (accept(p, TOKEN_EXCLAMATION)) {
        if (at(p, TOKEN_COLON) || at(p, TOKEN_RBRACE))
            raise_next(p, "%c-string: missing conversion character", letter);
        else if (!accept(p, TOKEN_NAME))
            raise_next(p, "%c-string: invalid conversion character", letter);
    }
    if (!at(p, TOKEN_COLON) && !at(p, TOKEN_RBRACE)) {
        raise_next(p, "%c-string: expecting ':' or '}'", letter);
        return;
    }
    if (accept(p, TOKEN_COLON)) {
        skip_format_spec(p);
        if (!at(p, TOKEN_RBRACE))
            raise_next(p, "%c-string: expecting '}', or format specs", letter);
        return;
    }
    if (!at(p, TOKEN_RBRACE))
        raise_next(p, "%c-string: expecting '}'", letter);
}

void invalid_replacement_field(Parser *p, char letter) {
    int start = p->mark++;
    if (at_field_end(p, true)) {
        const Token *token = p->tokens[p->mark];
        raise_on(p, token->pos, "%c-string: valid expression required before '%c'", letter, *token->start);
    } else if (!annotated_rhs(p)) {
        raise_next(p, "%c-string: expecting a valid expression after '{'", letter);
    } else if (!at_field_end(p, true)) {
        raise_next(p, "%c-string: expecting '=', or '!', or ':', or '}'", letter);
    } else if (accept(p, TOKEN_EQUAL) && !at_field_end(p, false)) {
        raise_next(p, "%c-string: expecting '!', or ':', or '}'", letter);
    } else {
        invalid_field_tail(p, letter);
    }
    p->mark = start;
}
