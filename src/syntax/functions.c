/* Function and class definitions, decorators, type parameters. */
#include "syntax/parser.h"

/* decorators: ('@' named_expression NEWLINE)+ */
static bool decorators(Parser *p, ExprSeq *list) {
    Items items = {};
    int mark = p->mark;
    while (accept(p, TOKEN_AT)) {
        Expr *e = named_expression(p);
        if (!e || !accept(p, TOKEN_NEWLINE))
            break;
        items_add(p, &items, e);
        mark = p->mark;
    }
    p->mark = mark;
    *list = expr_seq(items);
    return !p->failed;
}

/* func_type_comment: NEWLINE TYPE_COMMENT &(NEWLINE INDENT) | invalid_double_type_comments | TYPE_COMMENT */
bool func_type_comment(Parser *p, Value *comment) {
    int start = p->mark;
    if (!(p->flags & PARSE_TYPE_COMMENTS))
        return false;
    if (accept(p, TOKEN_NEWLINE)) {
        if (at(p, TOKEN_TYPE_COMMENT)) {
            *comment = take_type_comment(p);
            if (at(p, TOKEN_NEWLINE) && peek_second(p) == TOKEN_INDENT)
                return true;
        }
        *comment = NO_VALUE;
        p->mark = start;
    }
    if (p->invalid)
        invalid_double_type_comments(p);
    if (!at(p, TOKEN_TYPE_COMMENT))
        return false;
    *comment = take_type_comment(p);
    return true;
}

/* type_param: NAME [':' expression] ['=' expression] | '*' NAME ['=' star_expression] | '**' NAME ['=' expression] */
static TypeParam *type_param(Parser *p) {
    int start = p->mark;
    TokenKind star = peek(p);
    if (star == TOKEN_STAR || star == TOKEN_DOUBLESTAR) {
        if (p->invalid)
            invalid_type_param(p);
        p->mark++;
    }
    Token *name = accept(p, TOKEN_NAME);
    if (!name)
        return fail_at(p, start);
    Expr *bound = nullptr, *fallback = nullptr;
    int mark = p->mark;
    if (star == TOKEN_NAME && accept(p, TOKEN_COLON)) {
        bound = expression(p);
        if (!bound)
            p->mark = mark;
        mark = p->mark;
    }
    if (accept(p, TOKEN_EQUAL)) {
        fallback = star == TOKEN_STAR ? star_expression(p) : expression(p);
        if (!fallback)
            p->mark = mark;
        else if (!check_version(p, 13, "Type parameter defaults are"))
            return nullptr;
    }
    TypeParam *param = parser_alloc(p, sizeof *param);
    param->pos = span(p, start);
    Value id = token_name(p, name);
    if (star == TOKEN_STAR) {
        param->kind = TYPE_PARAM_TypeVarTuple;
        param->TypeVarTuple.name = id;
        param->TypeVarTuple.default_value = fallback;
    } else if (star == TOKEN_DOUBLESTAR) {
        param->kind = TYPE_PARAM_ParamSpec;
        param->ParamSpec.name = id;
        param->ParamSpec.default_value = fallback;
    } else {
        param->kind = TYPE_PARAM_TypeVar;
        param->TypeVar.name = id;
        param->TypeVar.bound = bound;
        param->TypeVar.default_value = fallback;
    }
    return p->failed ? nullptr : param;
}

/* type_params: invalid_type_params | '[' ','.type_param+ [','] ']' */
bool type_params_rule(Parser *p, TypeParamSeq *params) {
    int start = p->mark;
    if (!at(p, TOKEN_LSQB))
        return false;
    if (p->invalid)
        invalid_type_params(p);
    p->mark++;
    Items items = {};
    do {
        TypeParam *param = p->failed ? nullptr : type_param(p);
        if (!param)
            break;
        items_add(p, &items, param);
    } while (accept(p, TOKEN_COMMA));
    if (!items.count || !accept(p, TOKEN_RSQB) || !check_version(p, 12, "Type parameter lists are")) {
        p->mark = start;
        return false;
    }
    *params = (TypeParamSeq){items.count, (TypeParam **)items.items};
    return true;
}

/* function_def_raw: invalid_def_raw | ['async'] 'def' NAME [type_params] '(' [params] ')' ['->' expression] ':'
 *                   [func_type_comment] block */
static Stmt *function_rule(Parser *p) {
    int start = p->mark;
    if (p->invalid)
        invalid_function_definition(p);
    bool is_async = accept(p, KEYWORD_ASYNC);
    Token *name = accept(p, KEYWORD_DEF) ? accept(p, TOKEN_NAME) : nullptr;
    if (!name)
        return fail_at(p, start);
    TypeParamSeq type_params = {};
    type_params_rule(p, &type_params);
    if (!accept(p, TOKEN_LPAR))
        return fail_at(p, start);
    Arguments *arguments = parameters(p);
    if (!accept(p, TOKEN_RPAR))
        return fail_at(p, start);
    Expr *returns = nullptr;
    int arrow = p->mark;
    if (accept(p, TOKEN_RARROW)) {
        returns = expression(p);
        if (!returns)
            p->mark = arrow;
    }
    Value comment = NO_VALUE;
    StmtSeq body;
    if (!accept(p, TOKEN_COLON))
        return fail_at(p, start);
    func_type_comment(p, &comment);
    if (!block(p, &body))
        return fail_at(p, start);
    if (is_async && !check_version(p, 5, "Async functions are"))
        return nullptr;
    Stmt *s = stmt_from(p, is_async ? STMT_AsyncFunctionDef : STMT_FunctionDef, start);
    s->FunctionDef.name = token_name(p, name);
    s->FunctionDef.args = arguments ? arguments : empty_arguments(p);
    s->FunctionDef.body = body;
    s->FunctionDef.returns = returns;
    s->FunctionDef.type_comment = comment;
    s->FunctionDef.type_params = type_params;
    return s;
}

/* function_def: [decorators] function_def_raw */
Stmt *function_definition(Parser *p) {
    int start = p->mark;
    ExprSeq list;
    if (!decorators(p, &list))
        return fail_at(p, start);
    Stmt *s = at(p, KEYWORD_DEF) || at(p, KEYWORD_ASYNC) ? function_rule(p) : nullptr;
    if (!s)
        return fail_at(p, start);
    s->FunctionDef.decorator_list = list;
    return s;
}

/* class_def_raw: invalid_class_def_raw | 'class' NAME [type_params] ['(' [arguments] ')'] ':' block */
static Stmt *class_rule(Parser *p) {
    int start = p->mark;
    if (p->invalid)
        invalid_class_definition(p);
    Token *name = accept(p, KEYWORD_CLASS) ? accept(p, TOKEN_NAME) : nullptr;
    if (!name)
        return fail_at(p, start);
    TypeParamSeq type_params = {};
    type_params_rule(p, &type_params);
    Expr *call = nullptr;
    if (at(p, TOKEN_LPAR)) {
        int mark = p->mark++;
        call = arguments_rule(p);
        if (!accept(p, TOKEN_RPAR)) {
            p->mark = mark;
            call = nullptr;
        }
    }
    StmtSeq body;
    if (!accept(p, TOKEN_COLON) || !block(p, &body))
        return fail_at(p, start);
    Stmt *s = stmt_from(p, STMT_ClassDef, start);
    s->ClassDef.name = token_name(p, name);
    s->ClassDef.bases = call ? call->Call.args : (ExprSeq){};
    s->ClassDef.keywords = call ? call->Call.keywords : (KeywordSeq){};
    s->ClassDef.body = body;
    s->ClassDef.type_params = type_params;
    return s;
}

/* class_def: [decorators] class_def_raw */
Stmt *class_definition(Parser *p) {
    int start = p->mark;
    ExprSeq list;
    if (!decorators(p, &list))
        return fail_at(p, start);
    Stmt *s = at(p, KEYWORD_CLASS) ? class_rule(p) : nullptr;
    if (!s)
        return fail_at(p, start);
    s->ClassDef.decorator_list = list;
    return s;
}
