/* The `match` statement and its patterns. */
#include "syntax/parser.h"

#include "types/complex.h"

/* star_named_expression ',' [star_named_expressions] | named_expression */
Expr *subject_expression(Parser *p) {
    int start = p->mark;
    Expr *first = star_named_expression(p);
    if (first && accept(p, TOKEN_COMMA)) {
        Items items = {};
        items_add(p, &items, first);
        star_named_expressions(p, &items);
        return p->failed ? nullptr : new_tuple(p, expr_seq(items), span(p, start));
    }
    if (first && first->kind != EXPR_Starred)
        return first;
    p->mark = start;
    return p->failed ? nullptr : named_expression(p);
}

static Pattern *pattern(Parser *p);

static Pattern *match_value(Parser *p, Expr *value, int start) {
    Pattern *result = new_pattern(p, PATTERN_MatchValue, span(p, start));
    result->MatchValue.value = value;
    return result;
}

static Pattern *match_singleton(Parser *p, Value value) {
    Token *token = p->tokens[p->mark++];
    Pattern *result = new_pattern(p, PATTERN_MatchSingleton, token->pos);
    result->MatchSingleton.value = value;
    return result;
}

/* signed_number: NUMBER | '-' NUMBER */
static Expr *signed_number(Parser *p) {
    int start = p->mark;
    if (!accept(p, TOKEN_MINUS))
        return number(p);
    Expr *operand = number(p);
    if (!operand)
        return fail_at(p, start);
    Expr *e = expr_from(p, EXPR_UnaryOp, start);
    e->UnaryOp.op = UNARYOP_USub;
    e->UnaryOp.operand = operand;
    return e;
}

static bool is_imaginary(const Expr *e) {
    return e->kind == EXPR_Constant && is_exactly(e->Constant.value, &complex_type);
}

/* signed_number !('+' | '-') | signed_real_number ('+' | '-') imaginary_number */
static Expr *number_literal(Parser *p) {
    int start = p->mark;
    Expr *left = signed_number(p);
    if (!left)
        return nullptr;
    bool plus = at(p, TOKEN_PLUS);
    if (!plus && !at(p, TOKEN_MINUS))
        return left;
    const Expr *real = left->kind == EXPR_UnaryOp ? left->UnaryOp.operand : left;
    if (is_imaginary(real))
        return raise_on(p, real->pos, "real number required in complex literal");
    p->mark++;
    Expr *right = number(p);
    if (!right)
        return fail_at(p, start);
    if (!is_imaginary(right))
        return raise_on(p, right->pos, "imaginary number required in complex literal");
    Expr *e = expr_from(p, EXPR_BinOp, start);
    e->BinOp.left = left;
    e->BinOp.op = plus ? OPERATOR_Add : OPERATOR_Sub;
    e->BinOp.right = right;
    return e;
}

static bool at_string(Parser *p) {
    return at(p, TOKEN_STRING) || at(p, TOKEN_FSTRING_START) || at(p, TOKEN_TSTRING_START);
}

/* literal_pattern, without the singletons */
static Expr *literal_expression(Parser *p) {
    if (at_string(p))
        return strings(p);
    return at(p, TOKEN_NUMBER) || at(p, TOKEN_MINUS) ? number_literal(p) : nullptr;
}

/* pattern_capture_target: !"_" NAME !('.' | '(' | '=') */
static Token *capture_target(Parser *p) {
    if (!at(p, TOKEN_NAME) || at_soft_keyword(p, p->soft_underscore))
        return nullptr;
    Token *name = p->tokens[p->mark++];
    if (at(p, TOKEN_DOT) || at(p, TOKEN_LPAR) || at(p, TOKEN_EQUAL)) {
        p->mark--;
        return nullptr;
    }
    return p->failed ? nullptr : name;
}

/* name_or_attr: '.'.NAME+ */
Expr *name_or_attribute(Parser *p) {
    int start = p->mark;
    Expr *e = name_expression(p);
    if (!e)
        return nullptr;
    int mark = p->mark;
    while (accept(p, TOKEN_DOT)) {
        Token *name = accept(p, TOKEN_NAME);
        if (!name)
            break;
        Expr *longer = expr_from(p, EXPR_Attribute, start);
        longer->Attribute.value = e;
        longer->Attribute.attr = token_name(p, name);
        longer->Attribute.ctx = CONTEXT_Load;
        e = longer;
        mark = p->mark;
    }
    p->mark = mark;
    return p->failed ? nullptr : e;
}

/* star_pattern: '*' (pattern_capture_target | "_") */
static Pattern *star_pattern(Parser *p) {
    int start = p->mark;
    if (!accept(p, TOKEN_STAR))
        return nullptr;
    Token *name = capture_target(p);
    if (!name && !accept_soft_keyword(p, p->soft_underscore))
        return fail_at(p, start);
    Pattern *result = new_pattern(p, PATTERN_MatchStar, span(p, start));
    result->MatchStar.name = name ? token_name(p, name) : NO_VALUE;
    return result;
}

static Pattern *maybe_star_pattern(Parser *p) {
    return at(p, TOKEN_STAR) ? star_pattern(p) : pattern(p);
}

/* maybe_sequence_pattern: ','.maybe_star_pattern+ [','], added to `items` */
static bool sequence_items(Parser *p, Items *items) {
    Pattern *next = maybe_star_pattern(p);
    if (!next)
        return false;
    items_add(p, items, next);
    while (accept(p, TOKEN_COMMA)) {
        next = maybe_star_pattern(p);
        if (!next)
            break;
        items_add(p, items, next);
    }
    return !p->failed;
}

static Pattern *match_sequence(Parser *p, Items items, int start) {
    Pattern *result = new_pattern(p, PATTERN_MatchSequence, span(p, start));
    result->MatchSequence.patterns = pattern_seq(items);
    return result;
}

/* group_pattern: '(' pattern ')'; sequence_pattern: '(' [open_sequence_pattern] ')' */
static Pattern *parenthesized_pattern(Parser *p) {
    int start = p->mark++;
    Items items = {};
    if (accept(p, TOKEN_RPAR))
        return match_sequence(p, items, start);
    Pattern *first = maybe_star_pattern(p);
    if (!first)
        return fail_at(p, start);
    if (accept(p, TOKEN_COMMA)) {
        items_add(p, &items, first);
        sequence_items(p, &items);
        return accept(p, TOKEN_RPAR) ? match_sequence(p, items, start) : fail_at(p, start);
    }
    if (first->kind == PATTERN_MatchStar || !accept(p, TOKEN_RPAR))
        return fail_at(p, start);
    return first;
}

/* sequence_pattern: '[' [maybe_sequence_pattern] ']' */
static Pattern *bracketed_pattern(Parser *p) {
    int start = p->mark++;
    Items items = {};
    sequence_items(p, &items);
    return accept(p, TOKEN_RSQB) ? match_sequence(p, items, start) : fail_at(p, start);
}

/* literal_expr | attr */
static Expr *mapping_key(Parser *p) {
    switch (peek(p)) {
    case KEYWORD_NONE: return new_constant(p, NONE, p->tokens[p->mark++]->pos);
    case KEYWORD_TRUE: return new_constant(p, TRUE, p->tokens[p->mark++]->pos);
    case KEYWORD_FALSE: return new_constant(p, FALSE, p->tokens[p->mark++]->pos);
    case TOKEN_NAME: {
        int start = p->mark;
        Expr *e = name_or_attribute(p);
        return e && e->kind == EXPR_Attribute ? e : fail_at(p, start);
    }
    default: return literal_expression(p);
    }
}

/* mapping_pattern: '{' [items_pattern] [',' double_star_pattern] [','] '}' */
static Pattern *mapping_pattern(Parser *p) {
    int start = p->mark++;
    Items keys = {}, values = {};
    Value rest = NO_VALUE;
    while (!at(p, TOKEN_RBRACE)) {
        if (accept(p, TOKEN_DOUBLESTAR)) {
            Token *name = capture_target(p);
            if (!name)
                return fail_at(p, start);
            rest = token_name(p, name);
            accept(p, TOKEN_COMMA);
            break;
        }
        Expr *key = mapping_key(p);
        Pattern *value = key && accept(p, TOKEN_COLON) ? pattern(p) : nullptr;
        if (!value)
            return fail_at(p, start);
        items_add(p, &keys, key);
        items_add(p, &values, value);
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    if (!accept(p, TOKEN_RBRACE))
        return fail_at(p, start);
    Pattern *result = new_pattern(p, PATTERN_MatchMapping, span(p, start));
    result->MatchMapping.keys = expr_seq(keys);
    result->MatchMapping.patterns = pattern_seq(values);
    result->MatchMapping.rest = rest;
    return result;
}

/* keyword_pattern: NAME '=' pattern */
static bool keyword_pattern(Parser *p, Value *name, Pattern **value) {
    int start = p->mark;
    Token *token = accept(p, TOKEN_NAME);
    if (!token || !accept(p, TOKEN_EQUAL) || !(*value = pattern(p))) {
        p->mark = start;
        return false;
    }
    *name = token_name(p, token);
    return !p->failed;
}

/* positional_patterns: ','.pattern+ */
bool positional_patterns(Parser *p, Items *items) {
    int mark = p->mark;
    int32_t before = items->count;
    do {
        Pattern *next = pattern(p);
        if (!next)
            break;
        items_add(p, items, next);
        mark = p->mark;
    } while (accept(p, TOKEN_COMMA));
    p->mark = mark;
    return items->count > before && !p->failed;
}

/* keyword_patterns: ','.keyword_pattern+; KeyPatterns */
bool keyword_patterns(Parser *p, Items *items) {
    int mark = p->mark;
    int32_t before = items->count;
    do {
        KeyPattern *pair = parser_alloc(p, sizeof *pair);
        if (!keyword_pattern(p, &pair->name, &pair->pattern))
            break;
        items_add(p, items, pair);
        mark = p->mark;
    } while (accept(p, TOKEN_COMMA));
    p->mark = mark;
    return items->count > before && !p->failed;
}

/* The arguments of a class pattern up to the closing parenthesis. */
static Pattern *class_pattern(Parser *p, Expr *cls, int start) {
    p->mark++;
    Items positional = {}, keywords = {};
    bool more = true;
    if (positional_patterns(p, &positional))
        more = accept(p, TOKEN_COMMA);
    if (more && keyword_patterns(p, &keywords))
        accept(p, TOKEN_COMMA);
    if (!accept(p, TOKEN_RPAR)) {
        p->mark = start;
        if (p->invalid)
            invalid_class_pattern(p);
        return nullptr;
    }
    Items names = {}, values = {};
    for (int i = 0; i < keywords.count; i++) {
        KeyPattern *pair = keywords.items[i];
        items_add(p, &names, (void *)pair->name.bits);
        items_add(p, &values, pair->pattern);
    }
    Pattern *result = new_pattern(p, PATTERN_MatchClass, span(p, start));
    result->MatchClass.cls = cls;
    result->MatchClass.patterns = pattern_seq(positional);
    result->MatchClass.kwd_attrs = (IdentifierSeq){names.count, (Value *)names.items};
    result->MatchClass.kwd_patterns = pattern_seq(values);
    return result;
}

/* capture_pattern | wildcard_pattern | value_pattern | class_pattern */
static Pattern *name_pattern(Parser *p) {
    int start = p->mark;
    Token *name = capture_target(p);
    if (name || accept_soft_keyword(p, p->soft_underscore)) {
        Pattern *result = new_pattern(p, PATTERN_MatchAs, span(p, start));
        result->MatchAs.name = name ? token_name(p, name) : NO_VALUE;
        bool wildcard_only = name || (!at(p, TOKEN_DOT) && !at(p, TOKEN_LPAR) && !at(p, TOKEN_EQUAL));
        if (wildcard_only || p->failed)
            return p->failed ? nullptr : result;
        p->mark = start;
    }
    Expr *e = name_or_attribute(p);
    if (!e)
        return fail_at(p, start);
    if (at(p, TOKEN_LPAR))
        return class_pattern(p, e, start);
    if (e->kind != EXPR_Attribute || at(p, TOKEN_EQUAL) || at(p, TOKEN_DOT))
        return fail_at(p, start);
    return match_value(p, e, start);
}

static Pattern *closed_pattern_rule(Parser *p) {
    int start = p->mark;
    switch (peek(p)) {
    case KEYWORD_NONE: return match_singleton(p, NONE);
    case KEYWORD_TRUE: return match_singleton(p, TRUE);
    case KEYWORD_FALSE: return match_singleton(p, FALSE);
    case TOKEN_NAME: return name_pattern(p);
    case TOKEN_LPAR: return parenthesized_pattern(p);
    case TOKEN_LSQB: return bracketed_pattern(p);
    case TOKEN_LBRACE: return mapping_pattern(p);
    default: {
        Expr *value = literal_expression(p);
        return value ? match_value(p, value, start) : nullptr;
    }
    }
}

/* closed_pattern: literal | capture | wildcard | value | group | sequence | mapping | class */
static Pattern *closed_pattern(Parser *p) {
    Pattern *result = nullptr;
    void *node;
    if (p->second_pass && memo_find(p, RULE_CLOSED_PATTERN, &node))
        return node;
    int start = p->mark;
    if (parser_enter(p))
        result = closed_pattern_rule(p);
    parser_leave(p);
    if (p->failed)
        return nullptr;
    if (p->second_pass)
        memo_add(p, RULE_CLOSED_PATTERN, start, result);
    return result;
}

/* or_pattern: '|'.closed_pattern+ */
Pattern *or_pattern(Parser *p) {
    int start = p->mark;
    Pattern *first = closed_pattern(p);
    if (!first || !at(p, TOKEN_VBAR))
        return first;
    Items items = {};
    items_add(p, &items, first);
    int mark = p->mark;
    while (accept(p, TOKEN_VBAR)) {
        Pattern *next = closed_pattern(p);
        if (!next)
            break;
        items_add(p, &items, next);
        mark = p->mark;
    }
    p->mark = mark;
    if (p->failed)
        return nullptr;
    if (items.count == 1)
        return first;
    Pattern *result = new_pattern(p, PATTERN_MatchOr, span(p, start));
    result->MatchOr.patterns = pattern_seq(items);
    return result;
}

/* pattern: or_pattern 'as' pattern_capture_target | invalid_as_pattern | or_pattern */
static Pattern *pattern(Parser *p) {
    int start = p->mark;
    Pattern *inner = or_pattern(p);
    if (!inner)
        return nullptr;
    int mark = p->mark;
    if (!accept(p, KEYWORD_AS))
        return p->failed ? nullptr : inner;
    Token *name = capture_target(p);
    if (!name) {
        p->mark = start;
        if (p->invalid)
            invalid_as_pattern(p);
        p->mark = mark;
        return p->failed ? nullptr : inner;
    }
    Pattern *result = new_pattern(p, PATTERN_MatchAs, span(p, start));
    result->MatchAs.pattern = inner;
    result->MatchAs.name = token_name(p, name);
    return p->failed ? nullptr : result;
}

/* open_sequence_pattern: maybe_star_pattern ',' [maybe_sequence_pattern] */
Pattern *open_pattern(Parser *p) {
    int start = p->mark;
    Pattern *first = maybe_star_pattern(p);
    if (!first || !accept(p, TOKEN_COMMA))
        return fail_at(p, start);
    Items items = {};
    items_add(p, &items, first);
    sequence_items(p, &items);
    return p->failed ? nullptr : match_sequence(p, items, start);
}

/* patterns: open_sequence_pattern | pattern */
Pattern *patterns(Parser *p) {
    int start = p->mark;
    Pattern *first = maybe_star_pattern(p);
    if (!first)
        return nullptr;
    if (!at(p, TOKEN_COMMA))
        return first->kind == PATTERN_MatchStar ? fail_at(p, start) : first;
    p->mark++;
    Items items = {};
    items_add(p, &items, first);
    sequence_items(p, &items);
    return p->failed ? nullptr : match_sequence(p, items, start);
}

/* guard: 'if' named_expression */
Expr *guard(Parser *p) {
    int start = p->mark;
    if (!accept(p, KEYWORD_IF))
        return nullptr;
    Expr *e = named_expression(p);
    return e ? e : fail_at(p, start);
}

/* case_block: invalid_case_block | "case" patterns [guard] ':' block */
static MatchCase *case_block(Parser *p) {
    int start = p->mark;
    if (p->invalid)
        invalid_case_block(p);
    if (!accept_soft_keyword(p, p->soft_case))
        return nullptr;
    Pattern *first = patterns(p);
    if (!first)
        return fail_at(p, start);
    Expr *condition = guard(p);
    StmtSeq body;
    if (!accept(p, TOKEN_COLON) || !block(p, &body))
        return fail_at(p, start);
    MatchCase *result = parser_alloc(p, sizeof *result);
    result->pattern = first;
    result->guard = condition;
    result->body = body;
    return p->failed ? nullptr : result;
}

/* match_stmt: "match" subject_expr ':' NEWLINE INDENT case_block+ DEDENT | invalid_match_stmt */
Stmt *match_statement(Parser *p) {
    int start = p->mark++;
    Expr *subject = subject_expression(p);
    Items cases = {};
    if (subject && accept(p, TOKEN_COLON) && accept(p, TOKEN_NEWLINE) && accept(p, TOKEN_INDENT)) {
        for (MatchCase *next; (next = case_block(p));)
            items_add(p, &cases, next);
        if (cases.count && accept(p, TOKEN_DEDENT)) {
            if (!check_version(p, 10, "Pattern matching is"))
                return nullptr;
            Stmt *s = stmt_from(p, STMT_Match, start);
            s->Match.subject = subject;
            s->Match.cases = (MatchCaseSeq){cases.count, (MatchCase **)cases.items};
            return s;
        }
    }
    p->mark = start;
    if (p->invalid)
        invalid_match_statement(p);
    return nullptr;
}
