/* What can be assigned to, deleted or looped over.
 *
 * A target is parsed as the expression that it looks like and then checked: the grammar of targets accepts a
 * part of what the grammar of primaries and displays does, and looks at the same tokens. */
#include "syntax/parser.h"

static bool is_target(const Expr *e, ExprContext context, bool starred) {
    switch (e->kind) {
    case EXPR_Name:
    case EXPR_Attribute:
    case EXPR_Subscript: return true;
    case EXPR_Starred: return starred && e->Starred.value->kind != EXPR_Starred && is_target(e->Starred.value, context, false);
    case EXPR_List:
    case EXPR_Tuple:
        for (int i = 0; i < e->List.elts.count; i++)
            if (!is_target(e->List.elts.items[i], context, context == CONTEXT_Store))
                return false;
        return true;
    default: return false;
    }
}

static void put_context(Expr *e, ExprContext context) {
    switch (e->kind) {
    case EXPR_Name: e->Name.ctx = context; break;
    case EXPR_Attribute: e->Attribute.ctx = context; break;
    case EXPR_Subscript: e->Subscript.ctx = context; break;
    case EXPR_Starred:
        e->Starred.ctx = context;
        put_context(e->Starred.value, context);
        break;
    case EXPR_List:
        e->List.ctx = context;
        for (int i = 0; i < e->List.elts.count; i++)
            put_context(e->List.elts.items[i], context);
        break;
    case EXPR_Tuple:
        e->Tuple.ctx = context;
        for (int i = 0; i < e->Tuple.elts.count; i++)
            put_context(e->Tuple.elts.items[i], context);
        break;
    default: break;
    }
}

/* Whether `e` is a target; if so it becomes one. Only the first pass's trees are changed: those of the second are
 * shared by several readings, and serve error messages only. */
bool make_target(Parser *p, Expr *e, ExprContext context) {
    if (!is_target(e, context, context == CONTEXT_Store))
        return false;
    if (!p->second_pass)
        put_context(e, context);
    return true;
}

/* star_target: '*' (!'*' star_target) | target_with_star_atom */
Expr *star_target(Parser *p) {
    int start = p->mark;
    bool starred = accept(p, TOKEN_STAR);
    Expr *e = primary(p);
    if (!e || !is_target(e, CONTEXT_Store, false))
        return fail_at(p, start);
    make_target(p, e, CONTEXT_Store);
    if (!starred)
        return e;
    Expr *star = expr_from(p, EXPR_Starred, start);
    star->Starred.value = e;
    star->Starred.ctx = CONTEXT_Store;
    return star;
}

/* star_targets: star_target !',' | ','.star_target+ [','] */
Expr *star_targets(Parser *p) {
    int start = p->mark;
    Expr *first = star_target(p);
    if (!first || !at(p, TOKEN_COMMA))
        return first;
    Items items = {};
    items_add(p, &items, first);
    while (accept(p, TOKEN_COMMA)) {
        Expr *next = star_target(p);
        if (!next)
            break;
        items_add(p, &items, next);
    }
    if (p->failed)
        return nullptr;
    Expr *e = new_tuple(p, expr_seq(items), span(p, start));
    e->Tuple.ctx = CONTEXT_Store;
    return e;
}

/* single_subscript_attribute_target: t_primary '.' NAME !t_lookahead | t_primary '[' slices ']' !t_lookahead */
Expr *single_subscript_attribute_target(Parser *p) {
    int start = p->mark;
    Expr *e = primary(p);
    if (!e || (e->kind != EXPR_Attribute && e->kind != EXPR_Subscript))
        return fail_at(p, start);
    Position first = p->tokens[start]->pos;
    if (e->pos.line != first.line || e->pos.column != first.column)
        return fail_at(p, start); /* the whole target is in parentheses */
    make_target(p, e, CONTEXT_Store);
    return e;
}

/* single_target: single_subscript_attribute_target | NAME | '(' single_target ')' */
Expr *single_target(Parser *p) {
    int start = p->mark;
    Expr *e = single_subscript_attribute_target(p);
    if (e || p->failed)
        return e;
    e = name_expression(p);
    if (e) {
        make_target(p, e, CONTEXT_Store);
        return e;
    }
    if (!accept(p, TOKEN_LPAR))
        return nullptr;
    e = single_target(p);
    return e && accept(p, TOKEN_RPAR) ? e : fail_at(p, start);
}

/* del_targets: ','.del_target+ [','] */
bool del_targets(Parser *p, ExprSeq *targets) {
    int start = p->mark;
    Items items = {};
    do {
        int mark = p->mark;
        Expr *e = primary(p);
        if (!e)
            break;
        if (!make_target(p, e, CONTEXT_Del)) {
            p->mark = mark;
            break;
        }
        items_add(p, &items, e);
    } while (accept(p, TOKEN_COMMA));
    *targets = expr_seq(items);
    if (!items.count)
        p->mark = start;
    return items.count && !p->failed;
}
