/* What stands in brackets: groups, tuples, lists, sets, dicts, comprehensions and slices.
 *
 * The first pass reads the first element and then decides; the second tries one alternative after the other. */
#include "syntax/parser.h"

static Expr *finish(Parser *p, ExprKind kind, ExprSeq elts, int start) {
    Expr *e = expr_from(p, kind, start);
    if (kind == EXPR_List) {
        e->List.elts = elts;
        e->List.ctx = CONTEXT_Load;
    } else if (kind == EXPR_Set) {
        e->Set.elts = elts;
    } else {
        e->Tuple.elts = elts;
        e->Tuple.ctx = CONTEXT_Load;
    }
    return e;
}

static Expr *finish_comprehension(Parser *p, ExprKind kind, Expr *elt, ComprehensionSeq generators, int start) {
    Expr *e = expr_from(p, kind, start);
    e->ListComp.elt = elt; /* the three kinds have the same fields */
    e->ListComp.generators = generators;
    return e;
}

/* star_named_expressions: ','.star_named_expression+ [','] */
bool star_named_expressions(Parser *p, Items *items) {
    int start = p->mark;
    Expr *e = star_named_expression(p);
    if (!e) {
        p->mark = start;
        return false;
    }
    items_add(p, items, e);
    while (accept(p, TOKEN_COMMA)) {
        e = star_named_expression(p);
        if (!e)
            break;
        items_add(p, items, e);
    }
    return !p->failed;
}

/* starred_expression: '*' expression */
Expr *starred_expression(Parser *p) {
    int start = p->mark;
    if (!at(p, TOKEN_STAR))
        return nullptr;
    if (p->invalid)
        invalid_starred_expression_unpacking(p);
    p->mark++;
    Expr *value = expression(p);
    if (!value) {
        p->mark = start;
        if (p->invalid)
            invalid_starred_expression(p);
        return nullptr;
    }
    Expr *e = expr_from(p, EXPR_Starred, start);
    e->Starred.value = value;
    e->Starred.ctx = CONTEXT_Load;
    return e;
}

/* ['async'] 'for' star_targets 'in' ~ disjunction ('if' disjunction)* */
Comprehension *comprehension_clause(Parser *p) {
    int start = p->mark;
    bool is_async = accept(p, KEYWORD_ASYNC);
    if (!accept(p, KEYWORD_FOR)) {
        p->mark = start;
        return nullptr;
    }
    Expr *target = star_targets(p);
    if (!target || !accept(p, KEYWORD_IN)) {
        p->mark = start;
        if (p->invalid) {
            invalid_for_if_clause(p);
            invalid_for_target(p);
        }
        return nullptr;
    }
    Expr *iter = disjunction(p);
    if (!iter)
        return fail_at(p, start);
    Items conditions = {};
    int mark = p->mark;
    while (accept(p, KEYWORD_IF)) {
        Expr *condition = disjunction(p);
        if (!condition) {
            p->mark = mark;
            break;
        }
        items_add(p, &conditions, condition);
        mark = p->mark;
    }
    if (is_async && !check_version(p, 6, "Async comprehensions are"))
        return nullptr;
    Comprehension *clause = parser_alloc(p, sizeof *clause);
    clause->target = target;
    clause->iter = iter;
    clause->ifs = expr_seq(conditions);
    clause->is_async = is_async;
    return p->failed ? nullptr : clause;
}

/* for_if_clauses: for_if_clause+ */
bool comprehension_clauses(Parser *p, ComprehensionSeq *clauses) {
    Items items = {};
    for (Comprehension *clause; (clause = comprehension_clause(p));)
        items_add(p, &items, clause);
    *clauses = (ComprehensionSeq){items.count, (Comprehension **)items.items};
    return items.count > 0 && !p->failed;
}

static bool at_comprehension(Parser *p) {
    return at(p, KEYWORD_FOR) || at(p, KEYWORD_ASYNC);
}

/* assignment_expression | expression !':=' */
static Expr *unstarred_element(Parser *p) {
    int start = p->mark;
    if (at(p, TOKEN_NAME) && peek_second(p) == TOKEN_COLONEQUAL)
        return assignment_expression(p);
    Expr *e = expression(p);
    return e && at(p, TOKEN_COLONEQUAL) ? fail_at(p, start) : e;
}

/* genexp: '(' (assignment_expression | expression !':=') for_if_clauses ')' | invalid_comprehension */
Expr *generator_expression(Parser *p) {
    int start = p->mark;
    if (!accept(p, TOKEN_LPAR))
        return nullptr;
    Expr *elt = unstarred_element(p);
    ComprehensionSeq generators;
    if (elt && comprehension_clauses(p, &generators) && accept(p, TOKEN_RPAR))
        return finish_comprehension(p, EXPR_GeneratorExp, elt, generators, start);
    p->mark = start;
    if (p->invalid)
        invalid_comprehension(p);
    return nullptr;
}

/* The rest of a generator expression whose element has been read; `start` is its '('. */
Expr *generator_from(Parser *p, Expr *elt, int start) {
    ComprehensionSeq generators;
    if (elt->kind == EXPR_Starred || !comprehension_clauses(p, &generators) || !accept(p, TOKEN_RPAR))
        return nullptr;
    return finish_comprehension(p, EXPR_GeneratorExp, elt, generators, start);
}

/* tuple: '(' [star_named_expression ',' [star_named_expressions]] ')' */
Expr *tuple_display(Parser *p) {
    int start = p->mark;
    Items items = {};
    if (!accept(p, TOKEN_LPAR))
        return nullptr;
    int inner = p->mark;
    Expr *first = star_named_expression(p);
    if (first && accept(p, TOKEN_COMMA)) {
        items_add(p, &items, first);
        star_named_expressions(p, &items);
    } else {
        p->mark = inner;
    }
    if (!accept(p, TOKEN_RPAR))
        return fail_at(p, start);
    return finish(p, EXPR_Tuple, expr_seq(items), start);
}

/* group: '(' (yield_expr | named_expression) ')' | invalid_group */
static Expr *group(Parser *p) {
    int start = p->mark;
    if (!accept(p, TOKEN_LPAR))
        return nullptr;
    Expr *e = yield_expression(p);
    if (e && accept(p, TOKEN_RPAR))
        return e;
    p->mark = start + 1;
    e = p->failed ? nullptr : named_expression(p);
    if (e && accept(p, TOKEN_RPAR))
        return e;
    p->mark = start;
    if (p->invalid)
        invalid_group(p);
    return nullptr;
}

/* '(': tuple | group | genexp */
Expr *parenthesized(Parser *p) {
    int start = p->mark;
    if (p->second_pass) {
        Expr *e = tuple_display(p);
        if (!e)
            e = group(p);
        return e ? e : generator_expression(p);
    }
    p->mark++;
    if (accept(p, TOKEN_RPAR))
        return finish(p, EXPR_Tuple, (ExprSeq){}, start);
    if (at(p, KEYWORD_YIELD)) {
        Expr *e = yield_expression(p);
        return e && accept(p, TOKEN_RPAR) ? e : fail_at(p, start);
    }
    Expr *first = star_named_expression(p);
    if (!first)
        return fail_at(p, start);
    if (accept(p, TOKEN_COMMA)) {
        Items items = {};
        items_add(p, &items, first);
        star_named_expressions(p, &items);
        return accept(p, TOKEN_RPAR) ? finish(p, EXPR_Tuple, expr_seq(items), start) : fail_at(p, start);
    }
    if (at_comprehension(p)) {
        Expr *e = generator_from(p, first, start);
        return e ? e : fail_at(p, start);
    }
    return accept(p, TOKEN_RPAR) && first->kind != EXPR_Starred ? first : fail_at(p, start);
}

/* list: '[' [star_named_expressions] ']' */
Expr *list_display(Parser *p) {
    int start = p->mark;
    Items items = {};
    if (!accept(p, TOKEN_LSQB))
        return nullptr;
    star_named_expressions(p, &items);
    return accept(p, TOKEN_RSQB) ? finish(p, EXPR_List, expr_seq(items), start) : fail_at(p, start);
}

/* listcomp: '[' named_expression for_if_clauses ']' | invalid_comprehension, and setcomp likewise */
static Expr *comprehension_display(Parser *p, TokenKind open, TokenKind close, ExprKind kind) {
    int start = p->mark;
    if (!accept(p, open))
        return nullptr;
    Expr *elt = named_expression(p);
    ComprehensionSeq generators;
    if (elt && comprehension_clauses(p, &generators) && accept(p, close))
        return finish_comprehension(p, kind, elt, generators, start);
    p->mark = start;
    if (p->invalid)
        invalid_comprehension(p);
    return nullptr;
}

/* '[': list | listcomp */
Expr *bracketed(Parser *p) {
    int start = p->mark;
    if (p->second_pass) {
        Expr *e = list_display(p);
        return e ? e : comprehension_display(p, TOKEN_LSQB, TOKEN_RSQB, EXPR_ListComp);
    }
    p->mark++;
    Items items = {};
    Expr *first = star_named_expression(p);
    if (first) {
        ComprehensionSeq generators;
        if (first->kind != EXPR_Starred && at_comprehension(p) && comprehension_clauses(p, &generators))
            return accept(p, TOKEN_RSQB) ? finish_comprehension(p, EXPR_ListComp, first, generators, start)
                                         : fail_at(p, start);
        items_add(p, &items, first);
        if (accept(p, TOKEN_COMMA))
            star_named_expressions(p, &items);
    }
    return accept(p, TOKEN_RSQB) ? finish(p, EXPR_List, expr_seq(items), start) : fail_at(p, start);
}

/* double_starred_kvpair: '**' bitwise_or | expression ':' expression */
static bool key_value(Parser *p, Items *keys, Items *values) {
    int start = p->mark;
    if (accept(p, TOKEN_DOUBLESTAR)) {
        Expr *value = bitwise_or(p);
        if (!value)
            return fail_at(p, start);
        items_add(p, keys, nullptr);
        items_add(p, values, value);
        return true;
    }
    Expr *key = expression(p);
    Expr *value = key && accept(p, TOKEN_COLON) ? expression(p) : nullptr;
    if (!value)
        return fail_at(p, start);
    items_add(p, keys, key);
    items_add(p, values, value);
    return true;
}

static Expr *finish_dict(Parser *p, Items keys, Items values, int start) {
    if (!accept(p, TOKEN_RBRACE))
        return fail_at(p, start);
    Expr *e = expr_from(p, EXPR_Dict, start);
    e->Dict.keys = expr_seq(keys);
    e->Dict.values = expr_seq(values);
    return e;
}

static Expr *dict_comprehension(Parser *p, Expr *key, Expr *value, int start) {
    ComprehensionSeq generators;
    if (!comprehension_clauses(p, &generators) || !accept(p, TOKEN_RBRACE))
        return fail_at(p, start);
    Expr *e = expr_from(p, EXPR_DictComp, start);
    e->DictComp.key = key;
    e->DictComp.value = value;
    e->DictComp.generators = generators;
    return e;
}

/* The rest of a dict of which one pair has been read. */
static Expr *rest_of_dict(Parser *p, Items keys, Items values, int start) {
    while (accept(p, TOKEN_COMMA) && key_value(p, &keys, &values))
        ;
    return finish_dict(p, keys, values, start);
}

/* dict: '{' [double_starred_kvpairs] '}' | '{' invalid_double_starred_kvpairs '}' */
static Expr *dict_display(Parser *p) {
    int start = p->mark++;
    Items keys = {}, values = {};
    Expr *e = key_value(p, &keys, &values) ? rest_of_dict(p, keys, values, start) : finish_dict(p, keys, values, start);
    if (e || p->failed)
        return e;
    if (p->invalid) {
        p->mark = start + 1;
        invalid_double_starred_kvpairs(p);
    }
    return fail_at(p, start);
}

/* set: '{' star_named_expressions '}' */
static Expr *set_display(Parser *p) {
    int start = p->mark++;
    Items items = {};
    if (!star_named_expressions(p, &items) || !accept(p, TOKEN_RBRACE))
        return fail_at(p, start);
    return finish(p, EXPR_Set, expr_seq(items), start);
}

/* dictcomp: '{' kvpair for_if_clauses '}' | invalid_dict_comprehension */
static Expr *dictcomp_display(Parser *p) {
    int start = p->mark++;
    Expr *key = expression(p);
    Expr *value = key && accept(p, TOKEN_COLON) ? expression(p) : nullptr;
    Expr *e = value ? dict_comprehension(p, key, value, start) : nullptr;
    if (e)
        return e;
    p->mark = start;
    if (p->invalid)
        invalid_dict_comprehension(p);
    return nullptr;
}

static bool is_unparenthesized_walrus(Parser *p, const Expr *e, int start) {
    return e->kind == EXPR_NamedExpr && p->tokens[start]->kind == TOKEN_NAME &&
           p->tokens[start + 1]->kind == TOKEN_COLONEQUAL;
}

/* A display that starts with `first`: dict, dictcomp, set or setcomp. */
static Expr *braced_from(Parser *p, Expr *first, int start) {
    bool starred = first->kind == EXPR_Starred;
    if (at(p, TOKEN_COLON)) {
        if (starred || is_unparenthesized_walrus(p, first, start + 1))
            return fail_at(p, start);
        p->mark++;
        Expr *value = expression(p);
        if (!value)
            return fail_at(p, start);
        if (at_comprehension(p))
            return dict_comprehension(p, first, value, start);
        Items keys = {}, values = {};
        items_add(p, &keys, first);
        items_add(p, &values, value);
        return rest_of_dict(p, keys, values, start);
    }
    ComprehensionSeq generators;
    if (!starred && at_comprehension(p) && comprehension_clauses(p, &generators))
        return accept(p, TOKEN_RBRACE) ? finish_comprehension(p, EXPR_SetComp, first, generators, start)
                                       : fail_at(p, start);
    Items items = {};
    items_add(p, &items, first);
    if (accept(p, TOKEN_COMMA))
        star_named_expressions(p, &items);
    return accept(p, TOKEN_RBRACE) ? finish(p, EXPR_Set, expr_seq(items), start) : fail_at(p, start);
}

/* '{': dict | set | dictcomp | setcomp */
Expr *braced(Parser *p) {
    int start = p->mark;
    if (p->second_pass) {
        Expr *e = dict_display(p);
        if (!e && !p->failed)
            e = set_display(p);
        if (!e && !p->failed)
            e = dictcomp_display(p);
        return e || p->failed ? e : comprehension_display(p, TOKEN_LBRACE, TOKEN_RBRACE, EXPR_SetComp);
    }
    p->mark++;
    Items keys = {}, values = {};
    if (at(p, TOKEN_RBRACE))
        return finish_dict(p, keys, values, start);
    if (at(p, TOKEN_DOUBLESTAR))
        return key_value(p, &keys, &values) ? rest_of_dict(p, keys, values, start) : fail_at(p, start);
    Expr *first = star_named_expression(p);
    return first ? braced_from(p, first, start) : fail_at(p, start);
}

/* [':' [expression]], the third part of a slice; `*present` tells of the colon */
static Expr *slice_from(Parser *p, Expr *lower, int start) {
    p->mark++;
    Expr *upper = at(p, TOKEN_COLON) ? nullptr : expression(p);
    Expr *step = accept(p, TOKEN_COLON) ? expression(p) : nullptr;
    if (p->failed)
        return nullptr;
    Expr *e = expr_from(p, EXPR_Slice, start);
    e->Slice.lower = lower;
    e->Slice.upper = upper;
    e->Slice.step = step;
    return e;
}

/* slice: [expression] ':' [expression] [':' [expression]] | named_expression */
static Expr *slice(Parser *p) {
    int start = p->mark;
    if (at(p, TOKEN_COLON))
        return slice_from(p, nullptr, start);
    if (p->second_pass) {
        Expr *lower = expression(p);
        if (p->failed)
            return nullptr;
        if (at(p, TOKEN_COLON))
            return slice_from(p, lower, start);
        p->mark = start;
        return named_expression(p);
    }
    Expr *e = named_expression(p);
    if (e && at(p, TOKEN_COLON) && !is_unparenthesized_walrus(p, e, start))
        return slice_from(p, e, start);
    return e;
}

/* slices: slice !',' | ','.(slice | starred_expression)+ [','] */
Expr *slices(Parser *p) {
    int start = p->mark;
    Expr *first = slice(p);
    if (first && !at(p, TOKEN_COMMA))
        return first;
    if (!first)
        first = starred_expression(p);
    if (!first)
        return nullptr;
    Items items = {};
    items_add(p, &items, first);
    while (accept(p, TOKEN_COMMA)) {
        Expr *next = slice(p);
        if (!next)
            next = starred_expression(p);
        if (!next)
            break;
        items_add(p, &items, next);
    }
    return p->failed ? nullptr : new_tuple(p, expr_seq(items), span(p, start));
}
