/* The first pass over expressions: see symtable_collect.c. */
#include "syntax/symtable_internal.h"

#include "object/call.h"
#include "object/thread.h"
#include "syntax/parse.h"
#include "types/str/str.h"

bool visit_exprs(SymbolTable *st, ExprSeq exprs) {
    for (int i = 0; i < exprs.count; i++)
        if (exprs.items[i] && !visit_expr(st, exprs.items[i]))
            return false;
    return true;
}

static bool visit_optional(SymbolTable *st, Expr *e) {
    return !e || visit_expr(st, e);
}

bool visit_keywords(SymbolTable *st, KeywordSeq keywords) {
    for (int i = 0; i < keywords.count; i++)
        if (!visit_expr(st, keywords.items[i]->value))
            return false;
    return true;
}

bool check_keywords(SymbolTable *st, KeywordSeq keywords) {
    for (int i = 0; i < keywords.count; i++) {
        Keyword *keyword = keywords.items[i];
        if (present(keyword->arg) && !check_name(st, keyword->arg, keyword->pos, CONTEXT_Store))
            return false;
    }
    return true;
}

bool visit_defaults(SymbolTable *st, Arguments *arguments) {
    return visit_exprs(st, arguments->defaults) && visit_exprs(st, arguments->kw_defaults);
}

static bool add_parameters(SymbolTable *st, ArgSeq args) {
    for (int i = 0; i < args.count; i++)
        if (!add_definition(st, args.items[i]->arg, DEF_PARAM, args.items[i]->pos))
            return false;
    return true;
}

bool visit_parameters(SymbolTable *st, Arguments *a) {
    if (!add_parameters(st, a->posonlyargs) || !add_parameters(st, a->args) || !add_parameters(st, a->kwonlyargs))
        return false;
    st->current->has_varargs = a->vararg;
    st->current->has_varkeywords = a->kwarg;
    return (!a->vararg || add_definition(st, a->vararg->arg, DEF_PARAM, a->vararg->pos)) &&
           (!a->kwarg || add_definition(st, a->kwarg->arg, DEF_PARAM, a->kwarg->pos));
}

/* A bound, constraint or default, in a scope of its own. */
static bool visit_bound(SymbolTable *st, Expr *e, Value name, const TypeParam *param, const void *key,
                        const char *what) {
    if (same(name, st->names.classdict))
        return symtable_error_name(st, param->pos, "reserved name '%s' cannot be used for type parameter", name);
    if (!e)
        return true;
    bool sees_class = st->current->can_see_class_scope;
    if (!enter_scope(st, name, SCOPE_TYPE_VARIABLE, key, e->pos))
        return false;
    st->current->can_see_class_scope = sees_class;
    if (sees_class && !add_definition(st, st->names.classdict, DEF_USE, e->pos))
        return false;
    st->current->type_param_what = what;
    if (!visit_expr(st, e))
        return false;
    exit_scope(st);
    return true;
}

static bool visit_type_param(SymbolTable *st, TypeParam *param) {
    Value name = param->TypeVar.name; /* first in all three kinds */
    if (!add_definition(st, name, DEF_TYPE_PARAM | DEF_LOCAL, param->pos))
        return false;
    const void *default_key = symtable_default_key(param);
    switch (param->kind) {
    case TYPE_PARAM_TypeVar: {
        Expr *bound = param->TypeVar.bound;
        const char *what = bound && bound->kind == EXPR_Tuple ? "a TypeVar constraint" : "a TypeVar bound";
        return visit_bound(st, bound, name, param, param, what) &&
               visit_bound(st, param->TypeVar.default_value, name, param, default_key, "a TypeVar default");
    }
    case TYPE_PARAM_TypeVarTuple:
        return visit_bound(st, param->TypeVarTuple.default_value, name, param, default_key, "a TypeVarTuple default");
    case TYPE_PARAM_ParamSpec:
        return visit_bound(st, param->ParamSpec.default_value, name, param, default_key, "a ParamSpec default");
    default: return true;
    }
}

bool visit_type_params(SymbolTable *st, TypeParamSeq params) {
    for (int i = 0; i < params.count; i++)
        if (!visit_type_param(st, params.items[i]))
            return false;
    return true;
}

/* Annotation-like scopes hold no assignment expressions, yields and awaits. */
static bool check_annotation_scope(SymbolTable *st, const char *what, const Expr *e) {
    switch (st->current->kind) {
    case SCOPE_ANNOTATION: return symtable_error(st, e->pos, "%s cannot be used within an annotation", what);
    case SCOPE_TYPE_VARIABLE:
        return symtable_error(st, e->pos, "%s cannot be used within %s", what, st->current->type_param_what);
    case SCOPE_TYPE_ALIAS: return symtable_error(st, e->pos, "%s cannot be used within a type alias", what);
    case SCOPE_TYPE_PARAMETERS:
        return symtable_error(st, e->pos, "%s cannot be used within the definition of a generic", what);
    default: return true;
    }
}

static const char *walrus_in_comprehension_error(ScopeKind kind) {
    switch (kind) {
    case SCOPE_CLASS: return "assignment expression within a comprehension cannot be used in a class body";
    case SCOPE_TYPE_PARAMETERS:
        return "assignment expression within a comprehension cannot be used within the definition of a generic";
    case SCOPE_TYPE_ALIAS: return "assignment expression within a comprehension cannot be used in a type alias";
    case SCOPE_TYPE_VARIABLE: return "assignment expression within a comprehension cannot be used in a TypeVar bound";
    default: return nullptr;
    }
}

/* In a function around a comprehension the target is local there and nonlocal in the comprehension. */
static bool bind_in_function(SymbolTable *st, Value name, Scope *scope, Position pos) {
    uint32_t flags;
    if (!lookup_flags(st, scope, name, &flags))
        return false;
    uint32_t here = flags & DEF_GLOBAL ? DEF_GLOBAL : DEF_NONLOCAL;
    return add_definition(st, name, here, pos) && record_directive(st, name, pos) &&
           add_definition_to(st, name, DEF_LOCAL, scope, pos);
}

/* The target of `:=` in a comprehension is bound in the scope around all comprehensions. */
static bool extend_scope(SymbolTable *st, Expr *target) {
    Value name = target->Name.id;
    for (Scope *scope = st->current; scope; scope = scope->parent) {
        if (scope->comprehension) {
            uint32_t flags;
            if (!lookup_flags(st, scope, name, &flags))
                return false;
            if ((flags & DEF_COMP_ITER) && (flags & DEF_LOCAL))
                return symtable_error_name(
                    st, target->pos, "assignment expression cannot rebind comprehension iteration variable '%s'", name);
            continue;
        }
        if (scope->kind == SCOPE_FUNCTION)
            return bind_in_function(st, name, scope, target->pos);
        if (scope->kind == SCOPE_MODULE)
            return add_definition(st, name, DEF_GLOBAL, target->pos) && record_directive(st, name, target->pos) &&
                   add_definition_to(st, name, DEF_GLOBAL, scope, target->pos);
        const char *error = walrus_in_comprehension_error(scope->kind);
        if (error)
            return symtable_error(st, target->pos, "%s", error);
    }
    return true;
}

static bool visit_named(SymbolTable *st, Expr *e) {
    if (!check_annotation_scope(st, "named expression", e))
        return false;
    if (st->current->comp_iter_expr > 0)
        return symtable_error(st, e->pos,
                              "assignment expression cannot be used in a comprehension iterable expression");
    if (st->current->comprehension && !extend_scope(st, e->NamedExpr.target))
        return false;
    return visit_expr(st, e->NamedExpr.value) && visit_expr(st, e->NamedExpr.target);
}

static bool visit_lambda(SymbolTable *st, Expr *e) {
    if (!visit_defaults(st, e->Lambda.args) || !enter_scope(st, st->names.lambda, SCOPE_FUNCTION, e, e->pos) ||
        !visit_parameters(st, e->Lambda.args) || !visit_expr(st, e->Lambda.body))
        return false;
    exit_scope(st);
    return true;
}

static bool visit_target(SymbolTable *st, Expr *target) {
    st->current->comp_iter_target = true;
    bool ok = visit_expr(st, target);
    st->current->comp_iter_target = false;
    return ok;
}

static bool visit_iterable(SymbolTable *st, Expr *iter) {
    st->current->comp_iter_expr++;
    bool ok = visit_expr(st, iter);
    st->current->comp_iter_expr--;
    return ok;
}

static bool visit_clause(SymbolTable *st, Comprehension *clause) {
    if (!visit_target(st, clause->target) || !visit_iterable(st, clause->iter) || !visit_exprs(st, clause->ifs))
        return false;
    if (clause->is_async)
        st->current->is_coroutine = true;
    return true;
}

static bool visit_comprehension(SymbolTable *st, Expr *e, ComprehensionKind kind, Value name,
                                ComprehensionSeq generators, Expr *elt, Expr *value) {
    Comprehension *outermost = generators.items[0];
    if (!visit_iterable(st, outermost->iter) || !enter_scope(st, name, SCOPE_FUNCTION, e, e->pos))
        return false;
    Scope *scope = st->current;
    scope->comprehension = kind;
    scope->is_coroutine = outermost->is_async;
    if (!add_definition(st, st->names.implicit_argument, DEF_PARAM, e->pos) || !visit_target(st, outermost->target) ||
        !visit_exprs(st, outermost->ifs))
        return false;
    for (int i = 1; i < generators.count; i++)
        if (!visit_clause(st, generators.items[i]))
            return false;
    if (!visit_optional(st, value) || !visit_expr(st, elt))
        return false;
    bool generator = kind == COMPREHENSION_GENERATOR;
    scope->is_generator = generator;
    bool is_async = scope->is_coroutine && !generator;
    exit_scope(st);
    if (!is_async)
        return true;
    bool in_coroutine = st->current->kind == SCOPE_FUNCTION && st->current->is_coroutine;
    if (!in_coroutine && !st->current->comprehension && !allows_top_level_await(st))
        return symtable_error(st, e->pos, "asynchronous comprehension outside of an asynchronous function");
    st->current->is_coroutine = true;
    return true;
}

static bool visit_yield(SymbolTable *st, Expr *e, Expr *value) {
    if (!check_annotation_scope(st, "yield expression", e) || !visit_optional(st, value))
        return false;
    st->current->is_generator = true;
    switch (st->current->comprehension) {
    case COMPREHENSION_NONE: return true;
    case COMPREHENSION_LIST: return symtable_error(st, e->pos, "'yield' inside list comprehension");
    case COMPREHENSION_SET: return symtable_error(st, e->pos, "'yield' inside set comprehension");
    case COMPREHENSION_DICT: return symtable_error(st, e->pos, "'yield' inside dict comprehension");
    default: return symtable_error(st, e->pos, "'yield' inside generator expression");
    }
}

static bool visit_await(SymbolTable *st, Expr *e) {
    if (!check_annotation_scope(st, "await expression", e))
        return false;
    if (!allows_top_level_await(st)) {
        const Scope *scope = st->current;
        if (!is_function_like(scope))
            return symtable_error(st, e->pos, "'await' outside function");
        if (!(scope->kind == SCOPE_FUNCTION && scope->is_coroutine) && !scope->comprehension)
            return symtable_error(st, e->pos, "'await' outside async function");
    }
    if (!visit_expr(st, e->Await.value))
        return false;
    st->current->is_coroutine = true;
    return true;
}

static bool visit_name(SymbolTable *st, Expr *e) {
    if (st->current->in_unevaluated_annotation)
        return true;
    bool load = e->Name.ctx == CONTEXT_Load;
    if (!add_name(st, e->Name.id, load ? DEF_USE : DEF_LOCAL, e->pos, e->Name.ctx))
        return false;
    /* super() finds its class through __class__ */
    if (load && is_function_like(st->current) && same(e->Name.id, st->names.super))
        return add_definition(st, st->names.class_cell, DEF_USE, e->pos);
    return true;
}

static bool visit_expr_kind(SymbolTable *st, Expr *e) {
    switch (e->kind) {
    case EXPR_NamedExpr: return visit_named(st, e);
    case EXPR_BoolOp: return visit_exprs(st, e->BoolOp.values);
    case EXPR_BinOp: return visit_expr(st, e->BinOp.left) && visit_expr(st, e->BinOp.right);
    case EXPR_UnaryOp: return visit_expr(st, e->UnaryOp.operand);
    case EXPR_Lambda: return visit_lambda(st, e);
    case EXPR_IfExp:
        return visit_expr(st, e->IfExp.test) && visit_expr(st, e->IfExp.body) && visit_expr(st, e->IfExp.orelse);
    case EXPR_Dict: return visit_exprs(st, e->Dict.keys) && visit_exprs(st, e->Dict.values);
    case EXPR_Set: return visit_exprs(st, e->Set.elts);
    case EXPR_GeneratorExp:
        return visit_comprehension(st, e, COMPREHENSION_GENERATOR, st->names.genexpr, e->GeneratorExp.generators,
                                   e->GeneratorExp.elt, nullptr);
    case EXPR_ListComp:
        return visit_comprehension(st, e, COMPREHENSION_LIST, st->names.listcomp, e->ListComp.generators,
                                   e->ListComp.elt, nullptr);
    case EXPR_SetComp:
        return visit_comprehension(st, e, COMPREHENSION_SET, st->names.setcomp, e->SetComp.generators, e->SetComp.elt,
                                   nullptr);
    case EXPR_DictComp:
        return visit_comprehension(st, e, COMPREHENSION_DICT, st->names.dictcomp, e->DictComp.generators,
                                   e->DictComp.key, e->DictComp.value);
    case EXPR_Yield: return visit_yield(st, e, e->Yield.value);
    case EXPR_YieldFrom: return visit_yield(st, e, e->YieldFrom.value);
    case EXPR_Await: return visit_await(st, e);
    case EXPR_Compare: return visit_expr(st, e->Compare.left) && visit_exprs(st, e->Compare.comparators);
    case EXPR_Call:
        return visit_expr(st, e->Call.func) && visit_exprs(st, e->Call.args) && check_keywords(st, e->Call.keywords) &&
               visit_keywords(st, e->Call.keywords);
    case EXPR_FormattedValue:
        return visit_expr(st, e->FormattedValue.value) && visit_optional(st, e->FormattedValue.format_spec);
    case EXPR_Interpolation:
        return visit_expr(st, e->Interpolation.value) && visit_optional(st, e->Interpolation.format_spec);
    case EXPR_JoinedStr: return visit_exprs(st, e->JoinedStr.values);
    case EXPR_TemplateStr: return visit_exprs(st, e->TemplateStr.values);
    case EXPR_Attribute:
        return check_name(st, e->Attribute.attr, e->pos, e->Attribute.ctx) && visit_expr(st, e->Attribute.value);
    case EXPR_Subscript: return visit_expr(st, e->Subscript.value) && visit_expr(st, e->Subscript.slice);
    case EXPR_Starred: return visit_expr(st, e->Starred.value);
    case EXPR_Slice:
        return visit_optional(st, e->Slice.lower) && visit_optional(st, e->Slice.upper) &&
               visit_optional(st, e->Slice.step);
    case EXPR_Name: return visit_name(st, e);
    case EXPR_List: return visit_exprs(st, e->List.elts);
    case EXPR_Tuple: return visit_exprs(st, e->Tuple.elts);
    default: return true;
    }
}

bool visit_expr(SymbolTable *st, Expr *e) {
    if (!recursion_enter(st->t, " during compilation"))
        return false;
    bool ok = visit_expr_kind(st, e);
    recursion_leave(st->t);
    return ok;
}
