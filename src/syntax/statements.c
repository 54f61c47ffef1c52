/* Simple statements. */
#include "syntax/parser.h"

#include "types/str/str.h"

#include <string.h>

bool is_augmented_assignment(TokenKind kind, BinaryOperator *op) {
    switch (kind) {
    case TOKEN_PLUSEQUAL: *op = OPERATOR_Add; return true;
    case TOKEN_MINEQUAL: *op = OPERATOR_Sub; return true;
    case TOKEN_STAREQUAL: *op = OPERATOR_Mult; return true;
    case TOKEN_ATEQUAL: *op = OPERATOR_MatMult; return true;
    case TOKEN_SLASHEQUAL: *op = OPERATOR_Div; return true;
    case TOKEN_PERCENTEQUAL: *op = OPERATOR_Mod; return true;
    case TOKEN_AMPEREQUAL: *op = OPERATOR_BitAnd; return true;
    case TOKEN_VBAREQUAL: *op = OPERATOR_BitOr; return true;
    case TOKEN_CIRCUMFLEXEQUAL: *op = OPERATOR_BitXor; return true;
    case TOKEN_LEFTSHIFTEQUAL: *op = OPERATOR_LShift; return true;
    case TOKEN_RIGHTSHIFTEQUAL: *op = OPERATOR_RShift; return true;
    case TOKEN_DOUBLESTAREQUAL: *op = OPERATOR_Pow; return true;
    case TOKEN_DOUBLESLASHEQUAL: *op = OPERATOR_FloorDiv; return true;
    default: return false;
    }
}

Value take_type_comment(Parser *p) {
    Token *token = accept(p, TOKEN_TYPE_COMMENT);
    return token ? keep_text(p, token->start, (size_t)(token->end - token->start)) : NO_VALUE;
}

static Stmt *expression_statement(Parser *p, Expr *value, int start) {
    Stmt *s = stmt_from(p, STMT_Expr, start);
    s->Expr.value = value;
    return s;
}

/* The rest of `target ':' expression ['=' annotated_rhs]` from the colon on. */
static Stmt *annotated(Parser *p, Expr *target, bool simple, int start) {
    int mark = p->mark++;
    Expr *annotation = expression(p);
    if (!annotation)
        return fail_at(p, mark);
    Expr *value = nullptr;
    int equal = p->mark;
    if (accept(p, TOKEN_EQUAL)) {
        value = annotated_rhs(p);
        if (!value)
            p->mark = equal;
    }
    if (!check_version(p, 6, simple ? "Variable annotation syntax is" : "Variable annotations syntax is"))
        return nullptr;
    make_target(p, target, CONTEXT_Store);
    Stmt *s = stmt_from(p, STMT_AnnAssign, start);
    s->AnnAssign.target = target;
    s->AnnAssign.annotation = annotation;
    s->AnnAssign.value = value;
    s->AnnAssign.simple = simple;
    return s;
}

static bool is_single_target(const Expr *e) {
    return e->kind == EXPR_Name || e->kind == EXPR_Attribute || e->kind == EXPR_Subscript;
}

/* single_target augassign ~ annotated_rhs, from the operator on */
static Stmt *augmented(Parser *p, Expr *target, BinaryOperator op, int start) {
    if (op == OPERATOR_MatMult && !check_version(p, 5, "The '@' operator is"))
        return nullptr;
    p->mark++;
    Expr *value = annotated_rhs(p);
    if (!value)
        return fail_at(p, start);
    make_target(p, target, CONTEXT_Store);
    Stmt *s = stmt_from(p, STMT_AugAssign, start);
    s->AugAssign.target = target;
    s->AugAssign.op = op;
    s->AugAssign.value = value;
    return s;
}

static Stmt *finish_assignment(Parser *p, Items targets, Expr *value, int start) {
    Value comment = take_type_comment(p);
    Stmt *s = stmt_from(p, STMT_Assign, start);
    s->Assign.targets = expr_seq(targets);
    s->Assign.value = value;
    s->Assign.type_comment = comment;
    return s;
}

/* (star_targets '=')+ annotated_rhs !'=' [TYPE_COMMENT], of which the first target has been read */
static Stmt *plain_assignment(Parser *p, Expr *first, int start) {
    Items targets = {};
    Expr *value = first;
    while (at(p, TOKEN_EQUAL)) {
        if (value->kind == EXPR_Yield || value->kind == EXPR_YieldFrom || !make_target(p, value, CONTEXT_Store))
            return fail_at(p, start);
        items_add(p, &targets, value);
        p->mark++;
        value = annotated_rhs(p);
        if (!value)
            return fail_at(p, start);
    }
    return finish_assignment(p, targets, value, start);
}

/* assignment | star_expressions: the first pass reads the expression and then looks what follows */
static Stmt *assignment_or_expression(Parser *p) {
    int start = p->mark;
    Expr *e = star_expressions(p);
    if (!e)
        return nullptr;
    TokenKind kind = peek(p);
    BinaryOperator op;
    if (kind == TOKEN_EQUAL)
        return plain_assignment(p, e, start);
    if (kind == TOKEN_COLON && is_single_target(e)) {
        bool simple = e->kind == EXPR_Name && p->tokens[start]->kind == TOKEN_NAME;
        Stmt *s = annotated(p, e, simple, start);
        return s || p->failed ? s : expression_statement(p, e, start);
    }
    if (is_augmented_assignment(kind, &op) && is_single_target(e))
        return augmented(p, e, op, start);
    return expression_statement(p, e, start);
}

/* (star_targets '=')+ annotated_rhs !'=' */
static Stmt *chained_assignment(Parser *p) {
    int start = p->mark;
    Items targets = {};
    for (;;) {
        int mark = p->mark;
        Expr *target = star_targets(p);
        if (!target || !accept(p, TOKEN_EQUAL)) {
            p->mark = mark;
            break;
        }
        items_add(p, &targets, target);
    }
    if (!targets.count)
        return fail_at(p, start);
    Expr *value = annotated_rhs(p);
    if (!value || at(p, TOKEN_EQUAL))
        return fail_at(p, start);
    return finish_assignment(p, targets, value, start);
}

/* '(' single_target ')' | single_subscript_attribute_target */
static Expr *annotation_target(Parser *p) {
    int start = p->mark;
    if (accept(p, TOKEN_LPAR)) {
        Expr *e = single_target(p);
        if (e && accept(p, TOKEN_RPAR))
            return e;
        p->mark = start;
    }
    return single_subscript_attribute_target(p);
}

/* The second pass: assignment: NAME ':' ... | target ':' ... | (star_targets '=')+ ... | single_target augassign ...
 *                            | invalid_assignment
 * `*cut` when nothing else may be tried. */
static Stmt *assignment(Parser *p, bool *cut) {
    int start = p->mark;
    Stmt *s = nullptr;
    if (at(p, TOKEN_NAME) && peek_second(p) == TOKEN_COLON) {
        s = annotated(p, name_expression(p), true, start);
        if (s)
            return s;
        p->mark = start;
    }
    Expr *target = annotation_target(p);
    if (target && at(p, TOKEN_COLON) && (s = annotated(p, target, false, start)))
        return s;
    p->mark = start;
    if (p->failed || (s = chained_assignment(p)))
        return s;
    BinaryOperator op;
    target = single_target(p);
    if (target && is_augmented_assignment(peek(p), &op)) {
        *cut = true;
        return augmented(p, target, op, start);
    }
    p->mark = start;
    if (p->invalid)
        invalid_assignment(p);
    return nullptr;
}

/* return_stmt: 'return' [star_expressions] */
static Stmt *return_statement(Parser *p) {
    int start = p->mark++;
    Expr *value = star_expressions(p);
    Stmt *s = stmt_from(p, STMT_Return, start);
    s->Return.value = value;
    return s;
}

/* raise_stmt: 'raise' expression ['from' expression] | 'raise' */
static Stmt *raise_statement(Parser *p) {
    int start = p->mark++;
    Expr *exception = expression(p), *cause = nullptr;
    int mark = p->mark;
    if (exception && accept(p, KEYWORD_FROM)) {
        cause = expression(p);
        if (!cause)
            p->mark = mark;
    }
    Stmt *s = stmt_from(p, STMT_Raise, start);
    s->Raise.exc = exception;
    s->Raise.cause = cause;
    return s;
}

static Stmt *keyword_statement(Parser *p, StmtKind kind) {
    int start = p->mark++;
    return stmt_from(p, kind, start);
}

/* global_stmt: 'global' ','.NAME+, and nonlocal_stmt likewise */
static Stmt *scope_statement(Parser *p, StmtKind kind) {
    int start = p->mark++;
    Items names = {};
    int mark;
    do {
        mark = p->mark;
        Token *name = accept(p, TOKEN_NAME);
        if (!name)
            break;
        items_add(p, &names, (void *)token_name(p, name).bits);
        mark = p->mark;
    } while (accept(p, TOKEN_COMMA));
    if (!names.count)
        return fail_at(p, start);
    p->mark = mark;
    Stmt *s = stmt_from(p, kind, start);
    /* a Value is one word: the array of pointers is the array of Values */
    static_assert(sizeof(Value) == sizeof(void *));
    s->Global.names = (IdentifierSeq){names.count, (Value *)names.items};
    return s;
}

/* del_stmt: 'del' del_targets &(';' | NEWLINE) | invalid_del_stmt */
static Stmt *del_statement(Parser *p) {
    int start = p->mark++;
    ExprSeq targets;
    if (del_targets(p, &targets) && (at(p, TOKEN_SEMI) || at(p, TOKEN_NEWLINE))) {
        Stmt *s = stmt_from(p, STMT_Delete, start);
        s->Delete.targets = targets;
        return s;
    }
    p->mark = start;
    if (p->invalid)
        invalid_del_statement(p);
    return nullptr;
}

/* assert_stmt: 'assert' expression [',' expression] */
static Stmt *assert_statement(Parser *p) {
    int start = p->mark++;
    Expr *test = expression(p), *message = nullptr;
    if (!test)
        return fail_at(p, start);
    int mark = p->mark;
    if (accept(p, TOKEN_COMMA)) {
        message = expression(p);
        if (!message)
            p->mark = mark;
    }
    Stmt *s = stmt_from(p, STMT_Assert, start);
    s->Assert.test = test;
    s->Assert.msg = message;
    return s;
}

/* type_alias: "type" NAME [type_params] '=' expression */
static Stmt *type_alias(Parser *p) {
    int start = p->mark++;
    Expr *name = name_expression(p);
    TypeParamSeq params = {};
    if (!name)
        return fail_at(p, start);
    type_params_rule(p, &params);
    if (!accept(p, TOKEN_EQUAL))
        return fail_at(p, start);
    Expr *value = expression(p);
    if (!value || !check_version(p, 12, "Type statement is"))
        return fail_at(p, start);
    name->Name.ctx = CONTEXT_Store;
    Stmt *s = stmt_from(p, STMT_TypeAlias, start);
    s->TypeAlias.name = name;
    s->TypeAlias.type_params = params;
    s->TypeAlias.value = value;
    return s;
}

static Stmt *statement_by_keyword(Parser *p) {
    switch (peek(p)) {
    case KEYWORD_RETURN: return return_statement(p);
    case KEYWORD_IMPORT:
    case KEYWORD_FROM: return import_statement(p);
    case KEYWORD_RAISE: return raise_statement(p);
    case KEYWORD_PASS: return keyword_statement(p, STMT_Pass);
    case KEYWORD_DEL: return del_statement(p);
    case KEYWORD_YIELD: {
        int start = p->mark;
        Expr *e = yield_expression(p);
        return e ? expression_statement(p, e, start) : nullptr;
    }
    case KEYWORD_ASSERT: return assert_statement(p);
    case KEYWORD_BREAK: return keyword_statement(p, STMT_Break);
    case KEYWORD_CONTINUE: return keyword_statement(p, STMT_Continue);
    case KEYWORD_GLOBAL: return scope_statement(p, STMT_Global);
    case KEYWORD_NONLOCAL: return scope_statement(p, STMT_Nonlocal);
    default: return nullptr;
    }
}

static Stmt *simple_statement_second(Parser *p) {
    int start = p->mark;
    bool cut = false;
    Stmt *s = assignment(p, &cut);
    if (s || cut || p->failed)
        return s;
    if (at_soft_keyword(p, p->soft_type) && (s = type_alias(p)))
        return s;
    Expr *e = p->failed ? nullptr : star_expressions(p);
    if (e)
        return expression_statement(p, e, start);
    return statement_by_keyword(p);
}

/* simple_stmt: assignment | type_alias | star_expressions | keyword statements */
Stmt *simple_statement(Parser *p) {
    if (p->second_pass) {
        void *node;
        if (memo_find(p, RULE_SIMPLE_STATEMENT, &node))
            return node;
        int start = p->mark;
        Stmt *s = simple_statement_second(p);
        if (p->failed)
            return nullptr;
        memo_add(p, RULE_SIMPLE_STATEMENT, start, s);
        return s;
    }
    TokenKind kind = peek(p);
    if (kind == TOKEN_NAME && at_soft_keyword(p, p->soft_type) && peek_second(p) == TOKEN_NAME) {
        Stmt *s = type_alias(p);
        if (s || p->failed)
            return s;
    }
    Stmt *s = kind >= TOKEN_FIRST_KEYWORD ? statement_by_keyword(p) : nullptr;
    if (!s && !p->failed)
        s = assignment_or_expression(p);
    return p->failed ? nullptr : s;
}

/* simple_stmts: ';'.simple_stmt+ [';'] NEWLINE */
bool simple_statements(Parser *p, Items *items) {
    int start = p->mark;
    int32_t count = items->count;
    do {
        Stmt *s = simple_statement(p);
        if (!s)
            break;
        items_add(p, items, s);
    } while (accept(p, TOKEN_SEMI));
    if (items->count > count && accept(p, TOKEN_NEWLINE))
        return true;
    items->count = count;
    p->mark = start;
    return false;
}

/* Imports. */

static Value join_names(Parser *p, Value left, Value right) {
    StrBuilder builder = {};
    if (absent(left) || absent(right))
        return NO_VALUE;
    bool ok = str_builder_add(p->t, &builder, left) && str_builder_add_char(p->t, &builder, '.') &&
              str_builder_add(p->t, &builder, right);
    Value joined = ok ? str_builder_finish(p->t, &builder) : NO_VALUE;
    return keep_value(p, present(joined) ? str_intern(p->t, joined) : joined);
}

/* dotted_name: '.'.NAME+, as a Name */
Expr *dotted_name(Parser *p) {
    int start = p->mark;
    Token *first = accept(p, TOKEN_NAME);
    if (!first)
        return nullptr;
    Value name = token_name(p, first);
    int mark = p->mark;
    while (accept(p, TOKEN_DOT)) {
        Token *next = accept(p, TOKEN_NAME);
        if (!next)
            break;
        name = join_names(p, name, token_name(p, next));
        mark = p->mark;
    }
    p->mark = mark;
    if (p->failed)
        return nullptr;
    Expr *e = expr_from(p, EXPR_Name, start);
    e->Name.id = name;
    e->Name.ctx = CONTEXT_Load;
    return e;
}

static Alias *new_alias(Parser *p, Value name, Value asname, int start) {
    Alias *alias = parser_alloc(p, sizeof *alias);
    alias->pos = span(p, start);
    alias->name = name;
    alias->asname = asname;
    return p->failed ? nullptr : alias;
}

/* name ['as' NAME] */
static Alias *alias_rule(Parser *p, bool dotted) {
    int start = p->mark;
    if (p->invalid)
        invalid_import_target(p, dotted);
    Expr *name = dotted ? dotted_name(p) : name_expression(p);
    if (!name)
        return nullptr;
    Value asname = NO_VALUE;
    int mark = p->mark;
    if (accept(p, KEYWORD_AS)) {
        Token *as = accept(p, TOKEN_NAME);
        if (as)
            asname = token_name(p, as);
        else
            p->mark = mark;
    }
    return new_alias(p, name->Name.id, asname, start);
}

static bool aliases(Parser *p, bool dotted, AliasSeq *names) {
    Items items = {};
    int mark = p->mark;
    do {
        Alias *alias = alias_rule(p, dotted);
        if (!alias)
            break;
        items_add(p, &items, alias);
        mark = p->mark;
    } while (accept(p, TOKEN_COMMA));
    p->mark = mark;
    *names = (AliasSeq){items.count, (Alias **)items.items};
    return items.count && !p->failed;
}

/* import_from_as_names: ','.(NAME ['as' NAME])+ */
bool import_from_names(Parser *p, AliasSeq *names) {
    return aliases(p, false, names);
}

/* import_from_targets: '(' import_from_as_names [','] ')' | import_from_as_names !',' | '*'
 *                    | invalid_import_from_targets */
static bool import_from_targets(Parser *p, AliasSeq *names) {
    int start = p->mark;
    if (accept(p, TOKEN_LPAR)) {
        if (aliases(p, false, names)) {
            accept(p, TOKEN_COMMA);
            if (accept(p, TOKEN_RPAR))
                return true;
        }
        p->mark = start;
    } else if (accept(p, TOKEN_STAR)) {
        Identifier *star = find_identifier(p, "*", 1);
        Value name = star ? identifier_value(p, star) : NO_VALUE;
        Items items = {};
        items_add(p, &items, new_alias(p, name, NO_VALUE, start));
        *names = (AliasSeq){items.count, (Alias **)items.items};
        return !p->failed;
    } else if (aliases(p, false, names)) {
        if (!at(p, TOKEN_COMMA))
            return true;
        p->mark = start;
    }
    if (p->invalid)
        invalid_import_from_targets(p);
    return false;
}

/* `from __future__ import barry_as_FLUFL` changes the grammar at once. */
static void notice_barry(Parser *p, Value module, AliasSeq names, int level) {
    if (level || absent(module) || !str_equal_text(module, "__future__"))
        return;
    for (int i = 0; i < names.count; i++)
        if (str_equal_text(names.items[i]->name, "barry_as_FLUFL"))
            p->flags |= PARSE_FUTURE_BARRY_AS_BDFL;
}

/* import_from: 'from' ('.' | '...')* dotted_name 'import' import_from_targets
 *            | 'from' ('.' | '...')+ 'import' import_from_targets */
static Stmt *import_from(Parser *p) {
    int start = p->mark++;
    int level = 0;
    for (;;) {
        if (accept(p, TOKEN_DOT))
            level += 1;
        else if (accept(p, TOKEN_ELLIPSIS))
            level += 3;
        else
            break;
    }
    Expr *module = dotted_name(p);
    AliasSeq names;
    if ((!module && !level) || !accept(p, KEYWORD_IMPORT) || !import_from_targets(p, &names))
        return fail_at(p, start);
    Value name = module ? module->Name.id : NO_VALUE;
    notice_barry(p, name, names, level);
    Stmt *s = stmt_from(p, STMT_ImportFrom, start);
    s->ImportFrom.module = name;
    s->ImportFrom.names = names;
    s->ImportFrom.level = level;
    return s;
}

/* import_stmt: invalid_import | import_name | import_from */
Stmt *import_statement(Parser *p) {
    int start = p->mark;
    if (p->invalid)
        invalid_import(p);
    if (at(p, KEYWORD_FROM))
        return import_from(p);
    if (!accept(p, KEYWORD_IMPORT))
        return nullptr;
    AliasSeq names;
    if (!aliases(p, true, &names))
        return fail_at(p, start);
    Stmt *s = stmt_from(p, STMT_Import, start);
    s->Import.names = names;
    return s;
}
