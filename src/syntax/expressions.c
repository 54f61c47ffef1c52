/* Expressions from `expression` down to `atom`. Each function is headed by its grammar rule. */
#include "syntax/parser.h"

/* expressions: ','.expression+ [','] */
Expr *expressions(Parser *p) {
    int start = p->mark;
    Expr *first = expression(p);
    if (!first || !at(p, TOKEN_COMMA))
        return first;
    Items items = {};
    items_add(p, &items, first);
    while (accept(p, TOKEN_COMMA)) {
        Expr *next = expression(p);
        if (!next)
            break;
        items_add(p, &items, next);
    }
    return new_tuple(p, expr_seq(items), span(p, start));
}

/* if_expression: disjunction 'if' disjunction 'else' expression, of which the first is `body` */
static Expr *conditional(Parser *p, Expr *body, int start) {
    int mark = p->mark;
    p->mark++;
    Expr *test = disjunction(p);
    if (!test || !accept(p, KEYWORD_ELSE))
        return fail_at(p, mark);
    Expr *orelse = expression(p);
    if (!orelse)
        return fail_at(p, mark);
    Expr *e = expr_from(p, EXPR_IfExp, start);
    e->IfExp.test = test;
    e->IfExp.body = body;
    e->IfExp.orelse = orelse;
    return e;
}

/* expression: if_expression | disjunction | lambdef */
static Expr *expression_rule(Parser *p) {
    Expr *result = nullptr;
    if (!parser_enter(p))
        goto done;
    if (p->invalid) {
        invalid_expression(p);
        invalid_legacy_expression(p);
    }
    int start = p->mark;
    if (at(p, KEYWORD_LAMBDA)) {
        result = lambda_expression(p);
        goto done;
    }
    result = disjunction(p);
    if (result && at(p, KEYWORD_IF)) {
        Expr *whole = conditional(p, result, start);
        if (whole)
            result = whole;
    }
done:
    parser_leave(p);
    return p->failed ? nullptr : result;
}

Expr *expression(Parser *p) {
    return memoized(p, RULE_EXPRESSION, expression_rule);
}

/* yield_expr: 'yield' 'from' expression | 'yield' [star_expressions] */
Expr *yield_expression(Parser *p) {
    int start = p->mark;
    if (!accept(p, KEYWORD_YIELD))
        return nullptr;
    if (accept(p, KEYWORD_FROM)) {
        Expr *value = expression(p);
        if (value) {
            Expr *e = expr_from(p, EXPR_YieldFrom, start);
            e->YieldFrom.value = value;
            return e;
        }
        p->mark = start + 1;
    }
    Expr *value = star_expressions(p);
    if (p->failed)
        return nullptr;
    Expr *e = expr_from(p, EXPR_Yield, start);
    e->Yield.value = value;
    return e;
}

/* annotated_rhs: yield_expr | star_expressions */
Expr *annotated_rhs(Parser *p) {
    return at(p, KEYWORD_YIELD) ? yield_expression(p) : star_expressions(p);
}

/* star_expressions: ','.star_expression+ [','] */
Expr *star_expressions(Parser *p) {
    int start = p->mark;
    Expr *first = star_expression(p);
    if (!first || !at(p, TOKEN_COMMA))
        return first;
    Items items = {};
    items_add(p, &items, first);
    while (accept(p, TOKEN_COMMA)) {
        Expr *next = star_expression(p);
        if (!next)
            break;
        items_add(p, &items, next);
    }
    return new_tuple(p, expr_seq(items), span(p, start));
}

/* '*' bitwise_or */
static Expr *starred_bitwise_or(Parser *p) {
    int start = p->mark;
    if (!accept(p, TOKEN_STAR))
        return nullptr;
    Expr *value = bitwise_or(p);
    if (!value)
        return fail_at(p, start);
    Expr *e = expr_from(p, EXPR_Starred, start);
    e->Starred.value = value;
    e->Starred.ctx = CONTEXT_Load;
    return e;
}

static Expr *star_expression_rule(Parser *p) {
    return at(p, TOKEN_STAR) ? starred_bitwise_or(p) : expression(p);
}

/* star_expression: '*' bitwise_or | expression */
Expr *star_expression(Parser *p) {
    return memoized(p, RULE_STAR_EXPRESSION, star_expression_rule);
}

/* star_named_expression: '*' bitwise_or | named_expression */
Expr *star_named_expression(Parser *p) {
    return at(p, TOKEN_STAR) ? starred_bitwise_or(p) : named_expression(p);
}

/* assignment_expression: NAME ':=' ~ expression */
Expr *assignment_expression(Parser *p) {
    int start = p->mark;
    if (!at(p, TOKEN_NAME) || peek_second(p) != TOKEN_COLONEQUAL)
        return nullptr;
    Expr *target = name_expression(p);
    p->mark++;
    Expr *value = expression(p);
    if (!value || !check_version(p, 8, "Assignment expressions are"))
        return fail_at(p, start);
    target->Name.ctx = CONTEXT_Store;
    Expr *e = expr_from(p, EXPR_NamedExpr, start);
    e->NamedExpr.target = target;
    e->NamedExpr.value = value;
    return e;
}

/* named_expression: assignment_expression | invalid_named_expression | expression !':=' */
Expr *named_expression(Parser *p) {
    int start = p->mark;
    if (at(p, TOKEN_NAME) && peek_second(p) == TOKEN_COLONEQUAL)
        return assignment_expression(p); /* the rule's cut: nothing else is tried */
    if (p->invalid)
        invalid_named_expression(p);
    Expr *e = expression(p);
    if (e && at(p, TOKEN_COLONEQUAL))
        return fail_at(p, start);
    return e;
}

static Expr *boolean_operation(Parser *p, ExprRule *operand, TokenKind keyword, BoolOperator op) {
    int start = p->mark;
    Expr *first = operand(p);
    if (!first || !at(p, keyword))
        return first;
    Items values = {};
    items_add(p, &values, first);
    int mark = p->mark;
    while (accept(p, keyword)) {
        Expr *next = operand(p);
        if (!next) {
            p->mark = mark;
            break;
        }
        items_add(p, &values, next);
        mark = p->mark;
    }
    if (values.count == 1)
        return p->failed ? nullptr : first;
    Expr *e = expr_from(p, EXPR_BoolOp, start);
    e->BoolOp.op = op;
    e->BoolOp.values = expr_seq(values);
    return e;
}

static Expr *conjunction_rule(Parser *p) {
    return boolean_operation(p, inversion, KEYWORD_AND, BOOLOP_And);
}

/* conjunction: 'and'.inversion+ */
static Expr *conjunction(Parser *p) {
    return memoized(p, RULE_CONJUNCTION, conjunction_rule);
}

static Expr *disjunction_rule(Parser *p) {
    return boolean_operation(p, conjunction, KEYWORD_OR, BOOLOP_Or);
}

/* disjunction: 'or'.conjunction+ */
Expr *disjunction(Parser *p) {
    return memoized(p, RULE_DISJUNCTION, disjunction_rule);
}

/* Whether `<` and `>` stand side by side at the current token. */
static bool at_angles(Parser *p) {
    if (!at(p, TOKEN_LESS) || peek_second(p) != TOKEN_GREATER)
        return false;
    Position less = p->tokens[p->mark]->pos, greater = p->tokens[p->mark + 1]->pos;
    return less.end_line == greater.line && less.end_column == greater.column;
}

/* `<`, or `<>` for `!=` after `from __future__ import barry_as_FLUFL`. */
static CompareOperator less_operator(Parser *p) {
    bool barry = p->flags & PARSE_FUTURE_BARRY_AS_BDFL;
    if ((barry || p->invalid) && at_angles(p)) {
        if (barry) {
            p->mark += 2;
            return CMPOP_NotEq;
        }
        raise_range(p, p->tokens[p->mark]->pos, p->tokens[p->mark + 1]->pos,
                    "invalid syntax.  Maybe you meant '!=' instead of '<>'?");
    }
    p->mark++;
    return CMPOP_Lt;
}

static CompareOperator comparison_operator(Parser *p) {
    switch (peek(p)) {
    case TOKEN_EQEQUAL: p->mark++; return CMPOP_Eq;
    case TOKEN_LESS: return less_operator(p);
    case TOKEN_LESSEQUAL: p->mark++; return CMPOP_LtE;
    case TOKEN_GREATER: p->mark++; return CMPOP_Gt;
    case TOKEN_GREATEREQUAL: p->mark++; return CMPOP_GtE;
    case KEYWORD_IN: p->mark++; return CMPOP_In;
    case TOKEN_NOTEQUAL:
        if (p->flags & PARSE_FUTURE_BARRY_AS_BDFL) {
            raise_syntax(p, "with Barry as BDFL, use '<>' instead of '!='");
            return CMPOP_NONE;
        }
        p->mark++;
        return CMPOP_NotEq;
    case KEYWORD_NOT:
        if (peek_second(p) != KEYWORD_IN)
            return CMPOP_NONE;
        p->mark += 2;
        return CMPOP_NotIn;
    case KEYWORD_IS:
        p->mark++;
        return accept(p, KEYWORD_NOT) ? CMPOP_IsNot : CMPOP_Is;
    default: return CMPOP_NONE;
    }
}

static CompareOperatorSeq operator_seq(Parser *p, const Items *items) {
    CompareOperator *ops = parser_alloc(p, (size_t)items->count * sizeof *ops);
    if (p->failed)
        return (CompareOperatorSeq){};
    for (int i = 0; i < items->count; i++)
        ops[i] = (CompareOperator)(uintptr_t)items->items[i];
    return (CompareOperatorSeq){items->count, ops};
}

/* comparison: bitwise_or (comparison_operator bitwise_or)* */
static Expr *comparison(Parser *p) {
    int start = p->mark;
    Expr *left = bitwise_or(p);
    if (!left)
        return nullptr;
    Items ops = {}, comparators = {};
    for (;;) {
        int mark = p->mark;
        CompareOperator op = comparison_operator(p);
        Expr *right = op ? bitwise_or(p) : nullptr;
        if (!right) {
            p->mark = mark;
            break;
        }
        items_add(p, &ops, (void *)(uintptr_t)op);
        items_add(p, &comparators, right);
    }
    if (!ops.count || p->failed)
        return p->failed ? nullptr : left;
    Expr *e = expr_from(p, EXPR_Compare, start);
    e->Compare.left = left;
    e->Compare.ops = operator_seq(p, &ops);
    e->Compare.comparators = expr_seq(comparators);
    return e;
}

static Expr *unary(Parser *p, UnaryOperator op, ExprRule *operand_rule) {
    int start = p->mark;
    p->mark++;
    Expr *operand = parser_enter(p) ? operand_rule(p) : nullptr;
    parser_leave(p);
    if (!operand)
        return fail_at(p, start);
    Expr *e = expr_from(p, EXPR_UnaryOp, start);
    e->UnaryOp.op = op;
    e->UnaryOp.operand = operand;
    return e;
}

static Expr *inversion_rule(Parser *p) {
    return at(p, KEYWORD_NOT) ? unary(p, UNARYOP_Not, inversion) : comparison(p);
}

/* inversion: 'not' inversion | comparison */
Expr *inversion(Parser *p) {
    return memoized(p, RULE_INVERSION, inversion_rule);
}

enum { LEVEL_OR, LEVEL_XOR, LEVEL_AND, LEVEL_SHIFT, LEVEL_SUM, LEVEL_TERM, LEVEL_NONE = -1 };

static int binary_operator(TokenKind kind, BinaryOperator *op) {
    switch (kind) {
    case TOKEN_VBAR: *op = OPERATOR_BitOr; return LEVEL_OR;
    case TOKEN_CIRCUMFLEX: *op = OPERATOR_BitXor; return LEVEL_XOR;
    case TOKEN_AMPER: *op = OPERATOR_BitAnd; return LEVEL_AND;
    case TOKEN_LEFTSHIFT: *op = OPERATOR_LShift; return LEVEL_SHIFT;
    case TOKEN_RIGHTSHIFT: *op = OPERATOR_RShift; return LEVEL_SHIFT;
    case TOKEN_PLUS: *op = OPERATOR_Add; return LEVEL_SUM;
    case TOKEN_MINUS: *op = OPERATOR_Sub; return LEVEL_SUM;
    case TOKEN_STAR: *op = OPERATOR_Mult; return LEVEL_TERM;
    case TOKEN_SLASH: *op = OPERATOR_Div; return LEVEL_TERM;
    case TOKEN_DOUBLESLASH: *op = OPERATOR_FloorDiv; return LEVEL_TERM;
    case TOKEN_PERCENT: *op = OPERATOR_Mod; return LEVEL_TERM;
    case TOKEN_AT: *op = OPERATOR_MatMult; return LEVEL_TERM;
    default: return LEVEL_NONE;
    }
}

static Expr *finish_binary(Parser *p, Expr *left, BinaryOperator op, Expr *right, int start) {
    if (op == OPERATOR_MatMult && !check_version(p, 5, "The '@' operator is"))
        return nullptr;
    Expr *e = expr_from(p, EXPR_BinOp, start);
    e->BinOp.left = left;
    e->BinOp.op = op;
    e->BinOp.right = right;
    return e;
}

/* All levels at once, by precedence climbing: the first pass. */
static Expr *climb(Parser *p, int level) {
    int start = p->mark;
    Expr *left = factor(p);
    while (left) {
        BinaryOperator op;
        int next = binary_operator(peek(p), &op);
        if (next < level)
            break;
        int mark = p->mark++;
        Expr *right = climb(p, next + 1);
        if (!right) {
            p->mark = mark;
            break;
        }
        left = finish_binary(p, left, op, right, start);
    }
    return p->failed ? nullptr : left;
}

/* One level: the second pass. bitwise_or: bitwise_or '|' bitwise_xor | bitwise_xor, and so on. */
static Expr *binary_level(Parser *p, int level) {
    void *node;
    if (level > LEVEL_TERM)
        return factor(p);
    if (memo_find(p, RULE_BINARY + (Rule)level, &node))
        return node;
    int start = p->mark;
    Expr *left = binary_level(p, level + 1);
    while (left) {
        BinaryOperator op;
        int mark = p->mark;
        bool here = binary_operator(peek(p), &op) == level;
        p->mark += here;
        Expr *right = here ? binary_level(p, level + 1) : nullptr;
        if (right) {
            left = finish_binary(p, left, op, right, start);
            continue;
        }
        p->mark = mark;
        if (level == LEVEL_SUM && p->invalid)
            invalid_arithmetic(p, mark);
        break;
    }
    if (p->failed)
        return nullptr;
    memo_add(p, RULE_BINARY + (Rule)level, start, left);
    return left;
}

Expr *bitwise_or(Parser *p) {
    return p->second_pass ? binary_level(p, LEVEL_OR) : climb(p, LEVEL_OR);
}

/* await_primary: 'await' primary | primary */
static Expr *await_primary_rule(Parser *p) {
    int start = p->mark;
    if (!accept(p, KEYWORD_AWAIT))
        return primary(p);
    Expr *value = primary(p);
    if (!value || !check_version(p, 5, "Await expressions are"))
        return fail_at(p, start);
    Expr *e = expr_from(p, EXPR_Await, start);
    e->Await.value = value;
    return e;
}

/* power: await_primary ['**' factor] */
static Expr *power(Parser *p) {
    int start = p->mark;
    Expr *base = memoized(p, RULE_AWAIT_PRIMARY, await_primary_rule);
    if (!base || !at(p, TOKEN_DOUBLESTAR))
        return base;
    int mark = p->mark++;
    Expr *exponent = parser_enter(p) && parser_enter(p) ? factor(p) : nullptr;
    p->depth -= 2;
    if (!exponent) {
        p->mark = mark;
        return p->failed ? nullptr : base;
    }
    return finish_binary(p, base, OPERATOR_Pow, exponent, start);
}

/* factor: '+' factor | '-' factor | '~' factor | power */
static Expr *factor_rule(Parser *p) {
    Expr *e = nullptr;
    switch (peek(p)) {
    case TOKEN_PLUS: e = unary(p, UNARYOP_UAdd, factor); break;
    case TOKEN_MINUS: e = unary(p, UNARYOP_USub, factor); break;
    case TOKEN_TILDE: e = unary(p, UNARYOP_Invert, factor); break;
    default: return power(p);
    }
    if (!e && p->invalid)
        invalid_factor(p);
    return e;
}

Expr *factor(Parser *p) {
    return memoized(p, RULE_FACTOR, factor_rule);
}

Expr *name_expression(Parser *p) {
    Token *token = accept(p, TOKEN_NAME);
    if (!token)
        return nullptr;
    Expr *e = new_expr(p, EXPR_Name, token->pos);
    e->Name.id = token_name(p, token);
    e->Name.ctx = CONTEXT_Load;
    return p->failed ? nullptr : e;
}

static Expr *constant_token(Parser *p, Value value) {
    return new_constant(p, value, p->tokens[p->mark++]->pos);
}

/* atom: NAME | literals | displays */
static Expr *atom(Parser *p) {
    switch (peek(p)) {
    case TOKEN_NAME: return name_expression(p);
    case KEYWORD_TRUE: return constant_token(p, TRUE);
    case KEYWORD_FALSE: return constant_token(p, FALSE);
    case KEYWORD_NONE: return constant_token(p, NONE);
    case TOKEN_ELLIPSIS: return constant_token(p, ELLIPSIS);
    case TOKEN_STRING:
    case TOKEN_FSTRING_START:
    case TOKEN_TSTRING_START: return strings(p);
    case TOKEN_NUMBER: return number(p);
    case TOKEN_LPAR: return parenthesized(p);
    case TOKEN_LSQB: return bracketed(p);
    case TOKEN_LBRACE: return braced(p);
    default: return nullptr;
    }
}

/* primary '.' NAME */
static Expr *attribute(Parser *p, Expr *value, int start) {
    int mark = p->mark++;
    Token *name = accept(p, TOKEN_NAME);
    if (!name)
        return fail_at(p, mark);
    Expr *e = expr_from(p, EXPR_Attribute, start);
    e->Attribute.value = value;
    e->Attribute.attr = token_name(p, name);
    e->Attribute.ctx = CONTEXT_Load;
    return e;
}

/* primary '[' slices ']' */
static Expr *subscript(Parser *p, Expr *value, int start) {
    int mark = p->mark++;
    Expr *slice = slices(p);
    if (!slice || !accept(p, TOKEN_RSQB))
        return fail_at(p, mark);
    Expr *e = expr_from(p, EXPR_Subscript, start);
    e->Subscript.value = value;
    e->Subscript.slice = slice;
    e->Subscript.ctx = CONTEXT_Load;
    return e;
}

static Expr *primary_rule(Parser *p) {
    int start = p->mark;
    Expr *e = atom(p);
    for (Expr *longer = e; longer;) {
        e = longer;
        TokenKind kind = peek(p);
        if (p->invalid && (kind == TOKEN_LSQB || kind == TOKEN_LBRACE))
            invalid_comprehension(p); /* as a part of the generator expression that might follow */
        switch (kind) {
        case TOKEN_DOT: longer = attribute(p, e, start); break;
        case TOKEN_LPAR: longer = call_trailer(p, e, start); break;
        case TOKEN_LSQB: longer = subscript(p, e, start); break;
        default: longer = nullptr; break;
        }
    }
    return p->failed ? nullptr : e;
}

/* primary: atom ('.' NAME | genexp | '(' [arguments] ')' | '[' slices ']')* */
Expr *primary(Parser *p) {
    return memoized(p, RULE_PRIMARY, primary_rule);
}

/* lambdef: 'lambda' [lambda_params] ':' expression */
Expr *lambda_expression(Parser *p) {
    int start = p->mark;
    if (!accept(p, KEYWORD_LAMBDA))
        return nullptr;
    Arguments *arguments = lambda_parameters(p);
    if (p->failed || !accept(p, TOKEN_COLON))
        return fail_at(p, start);
    Expr *body = parser_enter(p) ? expression(p) : nullptr;
    parser_leave(p);
    if (!body)
        return fail_at(p, start);
    Expr *e = expr_from(p, EXPR_Lambda, start);
    e->Lambda.args = arguments ? arguments : empty_arguments(p);
    e->Lambda.body = body;
    return e;
}
