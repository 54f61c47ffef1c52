/* Invalid forms of statements and patterns. See invalid_expressions.c for the conventions. */
#include "syntax/parser.h"

/* list | tuple | '(' invalid_ann_assign_target ')' */
static Expr *display_target(Parser *p) {
    int start = p->mark;
    if (at(p, TOKEN_LSQB))
        return list_display(p);
    if (!at(p, TOKEN_LPAR))
        return nullptr;
    Expr *e = tuple_display(p);
    if (e || p->failed)
        return e;
    p->mark = start + 1;
    e = parser_enter(p) ? display_target(p) : nullptr;
    parser_leave(p);
    return e && accept(p, TOKEN_RPAR) ? e : fail_at(p, start);
}

/* target ':' expression, for targets that cannot be annotated */
static void invalid_annotation(Parser *p) {
    int start = p->mark;
    Expr *a = display_target(p);
    if (a && accept(p, TOKEN_COLON) && expression(p))
        raise_on(p, a->pos, "only single target (not %s) can be annotated", expr_kind_name(a));
    p->mark = start;
    a = star_named_expression(p);
    if (a && accept(p, TOKEN_COMMA)) {
        Items items = {};
        while (star_named_expressions(p, &items))
            ;
        if (accept(p, TOKEN_COLON) && expression(p))
            raise_on(p, a->pos, "only single target (not tuple) can be annotated");
    }
    p->mark = start;
    a = expression(p);
    if (a && accept(p, TOKEN_COLON) && expression(p))
        raise_on(p, a->pos, "illegal target for annotation");
    p->mark = start;
}

/* (star_targets '=')*, as often as it goes */
static void skip_targets(Parser *p) {
    for (;;) {
        int mark = p->mark;
        if (!star_targets(p) || !accept(p, TOKEN_EQUAL)) {
            p->mark = mark;
            return;
        }
    }
}

void invalid_assignment(Parser *p) {
    int start = p->mark;
    invalid_annotation(p);
    skip_targets(p);
    Expr *a = star_expressions(p);
    if (a && accept(p, TOKEN_EQUAL))
        raise_invalid_target(p, TARGETS_STAR, a);
    p->mark = start;
    skip_targets(p);
    a = yield_expression(p);
    if (a && accept(p, TOKEN_EQUAL))
        raise_on(p, a->pos, "assignment to yield expression not possible");
    p->mark = start;
    a = star_expressions(p);
    BinaryOperator op;
    if (a && is_augmented_assignment(peek(p), &op)) {
        p->mark++;
        if (annotated_rhs(p))
            raise_on(p, a->pos, "'%s' is an illegal expression for augmented assignment", expr_kind_name(a));
    }
    p->mark = start;
}

/* 'del' star_expressions */
void invalid_del_statement(Parser *p) {
    int start = p->mark++;
    Expr *a = star_expressions(p);
    if (a)
        raise_invalid_target(p, TARGETS_DEL, a);
    p->mark = start;
}

/* 'import' ','.dotted_name+ 'from' dotted_name | 'import' NEWLINE */
void invalid_import(Parser *p) {
    int start = p->mark;
    Token *a = accept(p, KEYWORD_IMPORT);
    if (a) {
        int mark = p->mark;
        while (dotted_name(p)) {
            mark = p->mark;
            if (!accept(p, TOKEN_COMMA))
                break;
        }
        p->mark = mark;
        if (mark > start + 1 && accept(p, KEYWORD_FROM) && dotted_name(p))
            raise_from(p, a->pos, "Did you mean to use 'from ... import ...' instead?");
        p->mark = start + 1;
        if (at(p, TOKEN_NEWLINE))
            raise_from(p, p->tokens[p->mark]->pos, "Expected one or more names after 'import'");
    }
    p->mark = start;
}

/* name 'as' !(NAME (',' | ')' | ';' | NEWLINE)) expression */
void invalid_import_target(Parser *p, bool dotted) {
    int start = p->mark;
    Expr *name = dotted ? dotted_name(p) : name_expression(p);
    if (name && accept(p, KEYWORD_AS)) {
        bool good = false;
        if (at(p, TOKEN_NAME)) {
            TokenKind next = peek_second(p);
            good = next == TOKEN_COMMA || next == TOKEN_RPAR || next == TOKEN_SEMI || next == TOKEN_NEWLINE;
        }
        Expr *a = good ? nullptr : expression(p);
        if (a)
            raise_on(p, a->pos, "cannot use %s as import target", expr_kind_name(a));
    }
    p->mark = start;
}

/* import_from_as_names ',' NEWLINE | NEWLINE */
void invalid_import_from_targets(Parser *p) {
    int start = p->mark;
    AliasSeq names;
    if (import_from_names(p, &names) && accept(p, TOKEN_COMMA) && at(p, TOKEN_NEWLINE)) {
        p->mark++;
        raise_syntax(p, "trailing comma not allowed without surrounding parentheses");
    }
    p->mark = start;
    if (at(p, TOKEN_NEWLINE))
        raise_from(p, p->tokens[p->mark]->pos, "Expected one or more names after 'import'");
}

/* NEWLINE !INDENT */
static bool newline_without_indent(Parser *p) {
    return accept(p, TOKEN_NEWLINE) && !at(p, TOKEN_INDENT) && !p->failed;
}

static void raise_no_block(Parser *p, const char *what, const Token *token) {
    if (token)
        raise_indentation(p, "expected an indented block after %s on line %d", what, token->pos.line);
}

static void raise_no_colon(Parser *p) {
    raise_syntax(p, "expected ':'");
}

void invalid_block(Parser *p) {
    int start = p->mark;
    if (newline_without_indent(p))
        raise_indentation(p, "expected an indented block");
    p->mark = start;
}

/* keyword named_expression NEWLINE | keyword named_expression ':' NEWLINE !INDENT */
static void invalid_condition(Parser *p, TokenKind keyword, const char *what) {
    int start = p->mark;
    Token *a = accept(p, keyword);
    if (a && named_expression(p)) {
        if (accept(p, TOKEN_NEWLINE))
            raise_no_colon(p);
        else if (accept(p, TOKEN_COLON) && newline_without_indent(p))
            raise_no_block(p, what, a);
    }
    p->mark = start;
}

void invalid_if_statement(Parser *p, TokenKind keyword) {
    if (keyword == KEYWORD_IF)
        invalid_condition(p, KEYWORD_IF, "'if' statement");
    else
        invalid_condition(p, KEYWORD_ELIF, "'elif' statement");
}

void invalid_while_statement(Parser *p) {
    invalid_condition(p, KEYWORD_WHILE, "'while' statement");
}

/* 'else' ':' NEWLINE !INDENT | 'else' ':' block 'elif' */
void invalid_else_statement(Parser *p) {
    int start = p->mark;
    Token *a = accept(p, KEYWORD_ELSE);
    if (accept(p, TOKEN_COLON)) {
        int mark = p->mark;
        StmtSeq body;
        if (newline_without_indent(p))
            raise_no_block(p, "'else' statement", a);
        p->mark = mark;
        if (!p->failed && block(p, &body) && accept(p, KEYWORD_ELIF))
            raise_syntax(p, "'elif' block follows an 'else' block");
    }
    p->mark = start;
}

/* ['async'] 'for' star_targets 'in' star_expressions (NEWLINE | ':' NEWLINE !INDENT) */
void invalid_for_statement(Parser *p) {
    int start = p->mark;
    accept(p, KEYWORD_ASYNC);
    Token *a = accept(p, KEYWORD_FOR);
    if (a && star_targets(p) && accept(p, KEYWORD_IN) && star_expressions(p)) {
        if (accept(p, TOKEN_NEWLINE))
            raise_no_colon(p);
        else if (accept(p, TOKEN_COLON) && newline_without_indent(p))
            raise_no_block(p, "'for' statement", a);
    }
    p->mark = start;
}

/* expression 'as' expression &(',' | ')' | ':') */
void invalid_with_item(Parser *p) {
    int start = p->mark;
    Expr *a = expression(p) && accept(p, KEYWORD_AS) ? expression(p) : nullptr;
    if (a && (at(p, TOKEN_COMMA) || at(p, TOKEN_RPAR) || at(p, TOKEN_COLON)))
        raise_invalid_target(p, TARGETS_STAR, a);
    p->mark = start;
}

/* ','.(rule ['as' star_target])+ */
static bool with_items(Parser *p, ExprRule *rule) {
    int mark = p->mark;
    bool any = false;
    do {
        if (!rule(p))
            break;
        any = true;
        mark = p->mark;
        if (accept(p, KEYWORD_AS) && star_target(p))
            mark = p->mark;
        else
            p->mark = mark;
    } while (accept(p, TOKEN_COMMA));
    p->mark = mark;
    return any && !p->failed;
}

/* ['async'] 'with', then the items with or without parentheses. The 'with' token, or NULL. */
static Token *with_head(Parser *p, bool parenthesized) {
    accept(p, KEYWORD_ASYNC);
    Token *a = accept(p, KEYWORD_WITH);
    if (!a || !parenthesized)
        return a && with_items(p, expression) ? a : nullptr;
    if (!accept(p, TOKEN_LPAR) || !with_items(p, expressions))
        return nullptr;
    accept(p, TOKEN_COMMA);
    return accept(p, TOKEN_RPAR) ? a : nullptr;
}

void invalid_with_statement(Parser *p) {
    int start = p->mark;
    for (int parenthesized = 0; parenthesized < 2; parenthesized++) {
        if (with_head(p, parenthesized) && accept(p, TOKEN_NEWLINE))
            raise_no_colon(p);
        p->mark = start;
    }
}

void invalid_with_statement_indent(Parser *p) {
    int start = p->mark;
    for (int parenthesized = 0; parenthesized < 2; parenthesized++) {
        Token *a = with_head(p, parenthesized);
        if (a && accept(p, TOKEN_COLON) && newline_without_indent(p))
            raise_no_block(p, "'with' statement", a);
        p->mark = start;
    }
}

/* 'except' ['*'] [expression ['as' NAME]] ':' of the other kind than the blocks in front of it */
static void mixed_handlers(Parser *p, bool star) {
    int start = p->mark;
    StmtSeq body;
    p->mark += 2;
    while (block(p, &body))
        ;
    bool any = false;
    while (except_block(p, star))
        any = true;
    Token *a = any ? accept(p, KEYWORD_EXCEPT) : nullptr;
    if (a) {
        Token *b = star ? nullptr : accept(p, TOKEN_STAR);
        if (star || b) {
            Expr *type = expression(p);
            if (type && accept(p, KEYWORD_AS) && !accept(p, TOKEN_NAME))
                p->mark--;
            if ((type || star) && accept(p, TOKEN_COLON))
                raise_range(p, a->pos, star ? a->pos : b->pos,
                            "cannot have both 'except' and 'except*' on the same 'try'");
        }
    }
    p->mark = start;
}

void invalid_try_statement(Parser *p) {
    int start = p->mark;
    Token *a = accept(p, KEYWORD_TRY);
    if (accept(p, TOKEN_COLON)) {
        StmtSeq body;
        int mark = p->mark;
        if (newline_without_indent(p))
            raise_no_block(p, "'try' statement", a);
        p->mark = mark;
        if (!p->failed && block(p, &body) && !at(p, KEYWORD_EXCEPT) && !at(p, KEYWORD_FINALLY))
            raise_syntax(p, "expected 'except' or 'finally' block");
        p->mark = start;
        if (!p->failed) {
            mixed_handlers(p, false);
            mixed_handlers(p, true);
        }
    }
    p->mark = start;
}

/* 'except' ['*'] at the current token */
static Token *except_head(Parser *p, bool star) {
    Token *a = accept(p, KEYWORD_EXCEPT);
    return a && (!star || accept(p, TOKEN_STAR)) ? a : nullptr;
}

/* ['as' NAME] */
static void optional_name(Parser *p) {
    int mark = p->mark;
    if (accept(p, KEYWORD_AS) && !accept(p, TOKEN_NAME))
        p->mark = mark;
}

void invalid_except_statement(Parser *p, bool star) {
    int start = p->mark;
    StmtSeq body;
    Expr *a;
    if (except_head(p, star) && (a = expression(p)) && accept(p, TOKEN_COMMA) && expressions(p) &&
        accept(p, KEYWORD_AS) && accept(p, TOKEN_NAME) && accept(p, TOKEN_COLON))
        raise_from(p, a->pos, "multiple exception types must be parenthesized when using 'as'");
    p->mark = start;
    if (except_head(p, star) && expression(p)) {
        optional_name(p);
        if (accept(p, TOKEN_NEWLINE))
            raise_no_colon(p);
    }
    p->mark = start;
    if (except_head(p, star)) {
        if (!star && accept(p, TOKEN_NEWLINE))
            raise_no_colon(p);
        else if (star && (accept(p, TOKEN_NEWLINE) || accept(p, TOKEN_COLON)))
            raise_syntax(p, "expected one or more exception types");
    }
    p->mark = start;
    if (except_head(p, star) && expression(p) && accept(p, KEYWORD_AS) && (a = expression(p)) &&
        accept(p, TOKEN_COLON) && block(p, &body))
        raise_on(p, a->pos, "cannot use except%s statement with %s", star ? "*" : "", expr_kind_name(a));
    p->mark = start;
}

void invalid_except_statement_indent(Parser *p, bool star) {
    int start = p->mark;
    const char *what = star ? "'except*' statement" : "'except' statement";
    Token *a = except_head(p, star);
    if (a && expression(p)) {
        optional_name(p);
        if (accept(p, TOKEN_COLON) && newline_without_indent(p))
            raise_no_block(p, what, a);
    }
    p->mark = start;
    a = star ? nullptr : except_head(p, star);
    if (a && accept(p, TOKEN_COLON) && newline_without_indent(p))
        raise_no_block(p, what, a);
    p->mark = start;
}

void invalid_finally_statement(Parser *p) {
    int start = p->mark;
    Token *a = accept(p, KEYWORD_FINALLY);
    if (a && accept(p, TOKEN_COLON) && newline_without_indent(p))
        raise_no_block(p, "'finally' statement", a);
    p->mark = start;
}

/* 'class' NAME [type_params] ['(' [arguments] ')'] (NEWLINE | ':' NEWLINE !INDENT) */
void invalid_class_definition(Parser *p) {
    int start = p->mark;
    Token *a = accept(p, KEYWORD_CLASS);
    if (a && accept(p, TOKEN_NAME)) {
        TypeParamSeq params;
        type_params_rule(p, &params);
        int mark = p->mark;
        if (accept(p, TOKEN_LPAR)) {
            arguments_rule(p);
            if (!accept(p, TOKEN_RPAR))
                p->mark = mark;
        }
        if (accept(p, TOKEN_NEWLINE))
            raise_no_colon(p);
        else if (accept(p, TOKEN_COLON) && newline_without_indent(p))
            raise_no_block(p, "class definition", a);
    }
    p->mark = start;
}

/* ['async'] 'def' NAME [type_params] '(' [params] ')' ['->' expression] (':' NEWLINE !INDENT | &&':'), or no '(' */
void invalid_function_definition(Parser *p) {
    int start = p->mark;
    accept(p, KEYWORD_ASYNC);
    Token *a = accept(p, KEYWORD_DEF);
    if (a && accept(p, TOKEN_NAME)) {
        TypeParamSeq params;
        type_params_rule(p, &params);
        if (require(p, TOKEN_LPAR, "(")) {
            parameters(p);
            if (accept(p, TOKEN_RPAR)) {
                int mark = p->mark;
                if (accept(p, TOKEN_RARROW) && !expression(p))
                    p->mark = mark;
                if (require(p, TOKEN_COLON, ":") && newline_without_indent(p))
                    raise_no_block(p, "function definition", a);
            }
        }
    }
    p->mark = start;
}

/* '[' ']' */
void invalid_type_params(Parser *p) {
    if (peek_second(p) == TOKEN_RSQB)
        raise_from(p, p->tokens[p->mark + 1]->pos, "Type parameter list cannot be empty");
}

/* ('*' | '**') NAME ':' expression */
void invalid_type_param(Parser *p) {
    int start = p->mark;
    bool tuple = at(p, TOKEN_STAR);
    p->mark++;
    Token *colon = accept(p, TOKEN_NAME) ? accept(p, TOKEN_COLON) : nullptr;
    Expr *e = colon ? expression(p) : nullptr;
    if (e)
        raise_from(p, colon->pos, "cannot use %s with %s", e->kind == EXPR_Tuple ? "constraints" : "bound",
                   tuple ? "TypeVarTuple" : "ParamSpec");
    p->mark = start;
}

/* TYPE_COMMENT NEWLINE TYPE_COMMENT NEWLINE INDENT */
void invalid_double_type_comments(Parser *p) {
    int start = p->mark;
    if (accept(p, TOKEN_TYPE_COMMENT) && accept(p, TOKEN_NEWLINE) && accept(p, TOKEN_TYPE_COMMENT) &&
        accept(p, TOKEN_NEWLINE) && accept(p, TOKEN_INDENT))
        raise_syntax(p, "Cannot have two type comments on def");
    p->mark = start;
}

/* "match" subject_expr (NEWLINE | ':' NEWLINE !INDENT) */
void invalid_match_statement(Parser *p) {
    int start = p->mark;
    Token *a = p->tokens[p->mark++];
    if (subject_expression(p)) {
        if (accept(p, TOKEN_NEWLINE)) {
            if (check_version(p, 10, "Pattern matching is"))
                raise_no_colon(p);
        } else if (accept(p, TOKEN_COLON) && newline_without_indent(p)) {
            raise_no_block(p, "'match' statement", a);
        }
    }
    p->mark = start;
}

/* "case" patterns [guard] (NEWLINE | ':' NEWLINE !INDENT) */
void invalid_case_block(Parser *p) {
    int start = p->mark;
    Token *a = accept_soft_keyword(p, p->soft_case);
    if (a && patterns(p)) {
        guard(p);
        if (accept(p, TOKEN_NEWLINE))
            raise_no_colon(p);
        else if (accept(p, TOKEN_COLON) && newline_without_indent(p))
            raise_no_block(p, "'case' statement", a);
    }
    p->mark = start;
}

/* or_pattern 'as' "_" | or_pattern 'as' expression */
void invalid_as_pattern(Parser *p) {
    int start = p->mark;
    if (or_pattern(p) && accept(p, KEYWORD_AS)) {
        if (at_soft_keyword(p, p->soft_underscore)) {
            raise_on(p, p->tokens[p->mark]->pos, "cannot use '_' as a target");
        } else {
            Expr *a = expression(p);
            if (a)
                raise_on(p, a->pos, "cannot use %s as pattern target", expr_kind_name(a));
        }
    }
    p->mark = start;
}

/* name_or_attr '(' [positional_patterns ','] keyword_patterns ',' positional_patterns */
void invalid_class_pattern(Parser *p) {
    int start = p->mark;
    if (name_or_attribute(p) && accept(p, TOKEN_LPAR)) {
        Items positional = {}, keywords = {}, late = {};
        int mark = p->mark;
        if (!positional_patterns(p, &positional) || !accept(p, TOKEN_COMMA))
            p->mark = mark;
        if (keyword_patterns(p, &keywords) && accept(p, TOKEN_COMMA) && positional_patterns(p, &late)) {
            Pattern *first = late.items[0], *last = late.items[late.count - 1];
            raise_range(p, first->pos, last->pos, "positional patterns follow keyword patterns");
        }
    }
    p->mark = start;
}
