/* Compound statements other than definitions and `match`. */
#include "syntax/parser.h"

/* statement: compound_stmt | simple_stmts */
static bool statement(Parser *p, Items *items) {
    Stmt *s = compound_statement(p);
    if (!s)
        return !p->failed && simple_statements(p, items);
    items_add(p, items, s);
    if (p->invalid && p->last_statement.line <= s->pos.line)
        p->last_statement = s->pos;
    return true;
}

/* statements: statement+ */
bool statements(Parser *p, Items *items) {
    while (!at(p, TOKEN_ENDMARKER) && !at(p, TOKEN_DEDENT) && statement(p, items))
        ;
    return items->count && !p->failed;
}

static bool block_rule(Parser *p, StmtSeq *body) {
    int start = p->mark;
    Items items = {};
    if (accept(p, TOKEN_NEWLINE)) {
        if (accept(p, TOKEN_INDENT) && statements(p, &items) && accept(p, TOKEN_DEDENT)) {
            *body = stmt_seq(items);
            return true;
        }
        p->mark = start;
        if (p->failed)
            return false;
    }
    items = (Items){};
    if (simple_statements(p, &items)) {
        *body = stmt_seq(items);
        return true;
    }
    if (p->invalid)
        invalid_block(p);
    return false;
}

/* block: NEWLINE INDENT statements DEDENT | simple_stmts | invalid_block */
bool block(Parser *p, StmtSeq *body) {
    bool ok = false;
    if (!p->second_pass) {
        ok = parser_enter(p) && block_rule(p, body);
        parser_leave(p);
        return ok && !p->failed;
    }
    void *node;
    if (memo_find(p, RULE_BLOCK, &node)) {
        if (node)
            *body = *(StmtSeq *)node;
        return node;
    }
    int start = p->mark;
    StmtSeq *kept = parser_alloc(p, sizeof *kept);
    ok = parser_enter(p) && block_rule(p, kept);
    parser_leave(p);
    if (p->failed)
        return false;
    memo_add(p, RULE_BLOCK, start, ok ? kept : nullptr);
    *body = *kept;
    return ok;
}

/* else_block: invalid_else_stmt | 'else' &&':' block */
static bool else_block(Parser *p, StmtSeq *body) {
    int start = p->mark;
    if (!at(p, KEYWORD_ELSE))
        return false;
    if (p->invalid)
        invalid_else_statement(p);
    p->mark++;
    if (require(p, TOKEN_COLON, ":") && block(p, body))
        return true;
    p->mark = start;
    return false;
}

/* if_stmt: invalid_if_stmt | 'if' named_expression ':' block (elif_stmt | [else_block]); elif_stmt likewise */
static Stmt *if_statement(Parser *p, TokenKind keyword) {
    int start = p->mark;
    if (p->invalid)
        invalid_if_statement(p, keyword);
    if (!accept(p, keyword))
        return nullptr;
    Expr *test = named_expression(p);
    StmtSeq body, orelse = {};
    if (!test || !accept(p, TOKEN_COLON) || !block(p, &body))
        return fail_at(p, start);
    if (at(p, KEYWORD_ELIF)) {
        Stmt *elif = parser_enter(p) ? if_statement(p, KEYWORD_ELIF) : nullptr;
        parser_leave(p);
        if (elif)
            orelse = one_stmt(p, elif);
    } else {
        else_block(p, &orelse);
    }
    if (p->failed)
        return nullptr;
    Stmt *s = stmt_from(p, STMT_If, start);
    s->If.test = test;
    s->If.body = body;
    s->If.orelse = orelse;
    return s;
}

/* while_stmt: invalid_while_stmt | 'while' named_expression ':' block [else_block] */
static Stmt *while_statement(Parser *p) {
    int start = p->mark;
    if (p->invalid)
        invalid_while_statement(p);
    p->mark++;
    Expr *test = named_expression(p);
    StmtSeq body, orelse = {};
    if (!test || !accept(p, TOKEN_COLON) || !block(p, &body))
        return fail_at(p, start);
    else_block(p, &orelse);
    Stmt *s = stmt_from(p, STMT_While, start);
    s->While.test = test;
    s->While.body = body;
    s->While.orelse = orelse;
    return s;
}

/* for_stmt: invalid_for_stmt
 *         | ['async'] 'for' star_targets 'in' ~ star_expressions ':' [TYPE_COMMENT] block [else_block]
 *         | invalid_for_target */
static Stmt *for_statement(Parser *p) {
    int start = p->mark;
    if (p->invalid)
        invalid_for_statement(p);
    bool is_async = accept(p, KEYWORD_ASYNC);
    if (!accept(p, KEYWORD_FOR))
        return fail_at(p, start);
    Expr *target = star_targets(p);
    if (!target || !accept(p, KEYWORD_IN)) {
        p->mark = start;
        if (p->invalid)
            invalid_for_target(p);
        return nullptr;
    }
    Expr *iter = star_expressions(p);
    if (!iter || !accept(p, TOKEN_COLON))
        return fail_at(p, start);
    Value comment = take_type_comment(p);
    StmtSeq body, orelse = {};
    if (!block(p, &body))
        return fail_at(p, start);
    else_block(p, &orelse);
    if (is_async && !check_version(p, 5, "Async for loops are"))
        return nullptr;
    Stmt *s = stmt_from(p, is_async ? STMT_AsyncFor : STMT_For, start);
    s->For.target = target;
    s->For.iter = iter;
    s->For.body = body;
    s->For.orelse = orelse;
    s->For.type_comment = comment;
    return s;
}

/* with_item: expression 'as' star_target &(',' | ')' | ':') | invalid_with_item | expression */
static WithItem *with_item(Parser *p) {
    int start = p->mark;
    Expr *context = expression(p), *target = nullptr;
    if (!context)
        return nullptr;
    int mark = p->mark;
    if (accept(p, KEYWORD_AS)) {
        target = star_target(p);
        if (!target || (!at(p, TOKEN_COMMA) && !at(p, TOKEN_RPAR) && !at(p, TOKEN_COLON))) {
            p->mark = start;
            if (p->invalid)
                invalid_with_item(p);
            p->mark = mark;
            target = nullptr;
        }
    }
    WithItem *item = parser_alloc(p, sizeof *item);
    item->context_expr = context;
    item->optional_vars = target;
    return p->failed ? nullptr : item;
}

/* ','.with_item+ */
static bool with_items(Parser *p, Items *items) {
    int mark = p->mark;
    do {
        WithItem *item = with_item(p);
        if (!item)
            break;
        items_add(p, items, item);
        mark = p->mark;
    } while (accept(p, TOKEN_COMMA));
    p->mark = mark;
    return items->count && !p->failed;
}

/* ':' [TYPE_COMMENT] block */
static bool with_body(Parser *p, Value *comment, StmtSeq *body) {
    if (!accept(p, TOKEN_COLON))
        return false;
    *comment = take_type_comment(p);
    return block(p, body);
}

/* with_stmt: invalid_with_stmt_indent | ['async'] 'with' '(' ','.with_item+ [','] ')' ':' block
 *          | ['async'] 'with' ','.with_item+ ':' [TYPE_COMMENT] block | invalid_with_stmt */
static Stmt *with_statement(Parser *p) {
    int start = p->mark;
    if (p->invalid)
        invalid_with_statement_indent(p);
    bool is_async = accept(p, KEYWORD_ASYNC);
    if (!accept(p, KEYWORD_WITH))
        return fail_at(p, start);
    int mark = p->mark;
    Items items = {};
    Value comment = NO_VALUE;
    StmtSeq body;
    bool ok = false;
    if (accept(p, TOKEN_LPAR) && with_items(p, &items)) {
        accept(p, TOKEN_COMMA);
        ok = accept(p, TOKEN_RPAR) && with_body(p, &comment, &body);
    }
    if (!ok && !p->failed) {
        p->mark = mark;
        items = (Items){};
        ok = with_items(p, &items) && with_body(p, &comment, &body);
    }
    if (!ok) {
        p->mark = start;
        if (p->invalid)
            invalid_with_statement(p);
        return nullptr;
    }
    if (is_async && !check_version(p, 5, "Async with statements are"))
        return nullptr;
    Stmt *s = stmt_from(p, is_async ? STMT_AsyncWith : STMT_With, start);
    s->With.items = (WithItemSeq){items.count, (WithItem **)items.items};
    s->With.body = body;
    s->With.type_comment = comment;
    return s;
}

/* expression ['as' NAME] | expressions (3.14), behind 'except' or 'except*' */
static Expr *exception_types(Parser *p, Value *name) {
    int start = p->mark;
    Expr *type = expression(p);
    if (!type)
        return nullptr;
    if (accept(p, KEYWORD_AS)) {
        Token *as = accept(p, TOKEN_NAME);
        if (!as)
            return fail_at(p, start);
        *name = token_name(p, as);
        return type;
    }
    if (!at(p, TOKEN_COMMA))
        return type;
    p->mark = start;
    type = expressions(p);
    if (!type || !at(p, TOKEN_COLON))
        return fail_at(p, start);
    return type;
}

/* except_block: invalid_except_stmt_indent | 'except' ['*'] [types] ':' block | invalid_except_stmt */
ExceptHandler *except_block(Parser *p, bool star) {
    int start = p->mark;
    if (!at(p, KEYWORD_EXCEPT))
        return nullptr;
    if (p->invalid)
        invalid_except_statement_indent(p, star);
    p->mark++;
    if (p->failed || (star && !accept(p, TOKEN_STAR)))
        return fail_at(p, start);
    Value name = NO_VALUE;
    StmtSeq body;
    Expr *type = exception_types(p, &name);
    if ((star && !type) || !accept(p, TOKEN_COLON) || !block(p, &body)) {
        p->mark = start;
        if (p->invalid)
            invalid_except_statement(p, star);
        return nullptr;
    }
    bool bare_tuple = type && type->kind == EXPR_Tuple && p->tokens[start + 1 + star]->kind != TOKEN_LPAR;
    if (bare_tuple && !check_version(p, 14, "except expressions without parentheses are"))
        return nullptr;
    ExceptHandler *handler = parser_alloc(p, sizeof *handler);
    handler->kind = HANDLER_ExceptHandler;
    handler->pos = span(p, start);
    handler->ExceptHandler.type = type;
    handler->ExceptHandler.name = name;
    handler->ExceptHandler.body = body;
    return p->failed ? nullptr : handler;
}

/* finally_block: invalid_finally_stmt | 'finally' &&':' block */
static bool finally_block(Parser *p, StmtSeq *body) {
    int start = p->mark;
    if (!at(p, KEYWORD_FINALLY))
        return false;
    if (p->invalid)
        invalid_finally_statement(p);
    p->mark++;
    if (require(p, TOKEN_COLON, ":") && block(p, body))
        return true;
    p->mark = start;
    return false;
}

/* try_stmt: invalid_try_stmt | 'try' &&':' block (finally_block
 *         | except_block+ [else_block] [finally_block] | except_star_block+ [else_block] [finally_block]) */
static Stmt *try_statement(Parser *p) {
    int start = p->mark;
    if (p->invalid)
        invalid_try_statement(p);
    p->mark++;
    StmtSeq body, orelse = {}, final = {};
    if (!require(p, TOKEN_COLON, ":") || !block(p, &body))
        return fail_at(p, start);
    Items handlers = {};
    bool star = at(p, KEYWORD_EXCEPT) && peek_second(p) == TOKEN_STAR;
    for (ExceptHandler *handler; (handler = except_block(p, star));)
        items_add(p, &handlers, handler);
    if (handlers.count)
        else_block(p, &orelse);
    if (!finally_block(p, &final) && !handlers.count)
        return fail_at(p, start);
    if (p->failed || (star && !check_version(p, 11, "Exception groups are")))
        return nullptr;
    Stmt *s = stmt_from(p, star ? STMT_TryStar : STMT_Try, start);
    s->Try.body = body;
    s->Try.handlers = (ExceptHandlerSeq){handlers.count, (ExceptHandler **)handlers.items};
    s->Try.orelse = orelse;
    s->Try.finalbody = final;
    return s;
}

/* 'async' 'def' | 'async' 'with' | 'async' 'for' */
static Stmt *async_statement(Parser *p) {
    Stmt *s = function_definition(p);
    if (!s && !p->failed)
        s = with_statement(p);
    if (!s && !p->failed)
        s = for_statement(p);
    return s;
}

/* compound_stmt: function_def | if_stmt | class_def | with_stmt | for_stmt | try_stmt | while_stmt | match_stmt */
Stmt *compound_statement(Parser *p) {
    Stmt *s = nullptr;
    switch (peek(p)) {
    case KEYWORD_DEF: s = function_definition(p); break;
    case TOKEN_AT:
        s = function_definition(p);
        if (!s && !p->failed)
            s = class_definition(p);
        break;
    case KEYWORD_ASYNC: s = async_statement(p); break;
    case KEYWORD_IF: s = if_statement(p, KEYWORD_IF); break;
    case KEYWORD_CLASS: s = class_definition(p); break;
    case KEYWORD_WITH: s = with_statement(p); break;
    case KEYWORD_FOR: s = for_statement(p); break;
    case KEYWORD_TRY: s = try_statement(p); break;
    case KEYWORD_WHILE: s = while_statement(p); break;
    case TOKEN_NAME:
        if (at_soft_keyword(p, p->soft_match))
            s = match_statement(p);
        break;
    default: break;
    }
    return p->failed ? nullptr : s;
}
