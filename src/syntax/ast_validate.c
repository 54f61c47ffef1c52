/* See ast_validate.h. The checks and their messages are CPython's. */
#include "syntax/ast_validate.h"

#include "object/call.h"
#include "object/object.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/complex.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <string.h>

static bool validate_expr(Thread *t, Expr *e, ExprContext context);
static bool validate_stmt(Thread *t, Stmt *s);
static bool validate_pattern(Thread *t, Pattern *p, bool star_ok);

static bool invalid(Thread *t, const char *message) {
    raise_value_error(t, "%s", message);
    return false;
}

static bool validate_position(Thread *t, Position p) {
    if (p.line > p.end_line) {
        raise_value_error(t, "AST node line range (%d, %d) is not valid", p.line, p.end_line);
        return false;
    }
    if ((p.line < 0 && p.end_line != p.line) || (p.column < 0 && p.column != p.end_column)) {
        raise_value_error(t, "AST node column range (%d, %d) for line range (%d, %d) is not valid", p.column,
                          p.end_column, p.line, p.end_line);
        return false;
    }
    if (p.line == p.end_line && p.column > p.end_column) {
        raise_value_error(t, "line %d, column %d-%d is not a valid range", p.line, p.column, p.end_column);
        return false;
    }
    return true;
}

static bool validate_name(Thread *t, Value name) {
    static const char *const forbidden[] = {"None", "True", "False"};
    for (size_t i = 0; i < 3; i++) {
        if (str_equal_text(name, forbidden[i])) {
            raise_value_error(t, "identifier field can't represent '%s' constant", forbidden[i]);
            return false;
        }
    }
    return true;
}

static bool nonempty(Thread *t, int count, const char *what, const char *owner) {
    if (count)
        return true;
    raise_value_error(t, "empty %s on %s", what, owner);
    return false;
}

static bool validate_exprs(Thread *t, ExprSeq exprs, ExprContext context, bool null_ok) {
    for (int i = 0; i < exprs.count; i++) {
        if (exprs.items[i]) {
            if (!validate_expr(t, exprs.items[i], context))
                return false;
        } else if (!null_ok) {
            return invalid(t, "None disallowed in expression list");
        }
    }
    return true;
}

static bool validate_stmts(Thread *t, StmtSeq body) {
    for (int i = 0; i < body.count; i++) {
        if (!body.items[i])
            return invalid(t, "None disallowed in statement list");
        if (!validate_stmt(t, body.items[i]))
            return false;
    }
    return true;
}

static bool validate_body(Thread *t, StmtSeq body, const char *owner) {
    return nonempty(t, body.count, "body", owner) && validate_stmts(t, body);
}

static bool validate_targets(Thread *t, ExprSeq targets, ExprContext context) {
    const char *owner = context == CONTEXT_Del ? "Delete" : "Assign";
    return nonempty(t, targets.count, "targets", owner) && validate_exprs(t, targets, context, false);
}

static bool validate_optional(Thread *t, Expr *e) {
    return !e || validate_expr(t, e, CONTEXT_Load);
}

static bool validate_keywords(Thread *t, KeywordSeq keywords) {
    for (int i = 0; i < keywords.count; i++)
        if (!validate_expr(t, keywords.items[i]->value, CONTEXT_Load))
            return false;
    return true;
}

static bool validate_comprehensions(Thread *t, ComprehensionSeq generators) {
    if (!generators.count)
        return invalid(t, "comprehension with no generators");
    for (int i = 0; i < generators.count; i++) {
        Comprehension *c = generators.items[i];
        if (!validate_expr(t, c->target, CONTEXT_Store) || !validate_expr(t, c->iter, CONTEXT_Load) ||
            !validate_exprs(t, c->ifs, CONTEXT_Load, false))
            return false;
    }
    return true;
}

static bool validate_args(Thread *t, ArgSeq args) {
    for (int i = 0; i < args.count; i++)
        if (!validate_position(t, args.items[i]->pos) || !validate_optional(t, args.items[i]->annotation))
            return false;
    return true;
}

static bool validate_arguments(Thread *t, Arguments *a) {
    if (!validate_args(t, a->posonlyargs) || !validate_args(t, a->args) ||
        (a->vararg && !validate_optional(t, a->vararg->annotation)) || !validate_args(t, a->kwonlyargs) ||
        (a->kwarg && !validate_optional(t, a->kwarg->annotation)))
        return false;
    if (a->defaults.count > a->posonlyargs.count + a->args.count)
        return invalid(t, "more positional defaults than args on arguments");
    if (a->kw_defaults.count != a->kwonlyargs.count)
        return invalid(t, "length of kwonlyargs is not the same as kw_defaults on arguments");
    return validate_exprs(t, a->defaults, CONTEXT_Load, false) &&
           validate_exprs(t, a->kw_defaults, CONTEXT_Load, true);
}

/* Whether a value may be a Constant; if not, the innermost type that may not is named. */
static bool validate_constant(Thread *t, Value v) {
    if (is_none(v) || same(v, ELLIPSIS) || is_exactly(v, &int_type) || is_exactly(v, &float_type) ||
        is_exactly(v, &complex_type) || is_exactly(v, &bool_type) || is_exactly(v, &str_type) ||
        is_exactly(v, &bytes_type))
        return true;
    bool tuple = is_exactly(v, &tuple_type);
    if (!tuple && !is_exactly(v, &frozenset_type)) {
        raise_type_error(t, "got an invalid type in Constant: %T", v);
        return false;
    }
    if (!recursion_enter(t, " during compilation"))
        return false;
    Value items = tuple ? v : tuple_from_iterable(t, v);
    bool ok = present(items);
    for (size_t i = 0; ok && i < tuple_length(items); i++)
        ok = validate_constant(t, tuple_get(items, i));
    recursion_leave(t);
    return ok;
}

static const char *context_name(ExprContext context) {
    return context == CONTEXT_Store ? "Store" : context == CONTEXT_Del ? "Del" : "Load";
}

static bool validate_context(Thread *t, const Expr *e, ExprContext context) {
    ExprContext actual;
    switch (e->kind) {
    case EXPR_Attribute: actual = e->Attribute.ctx; break;
    case EXPR_Subscript: actual = e->Subscript.ctx; break;
    case EXPR_Starred: actual = e->Starred.ctx; break;
    case EXPR_Name: actual = e->Name.ctx; break;
    case EXPR_List: actual = e->List.ctx; break;
    case EXPR_Tuple: actual = e->Tuple.ctx; break;
    default:
        if (context == CONTEXT_Load)
            return true;
        raise_value_error(t, "expression which can't be assigned to in %s context", context_name(context));
        return false;
    }
    if (actual == context)
        return true;
    raise_value_error(t, "expression must have %s context but has %s instead", context_name(context),
                      context_name(actual));
    return false;
}

static bool validate_dict(Thread *t, struct ExprDict *d) {
    if (d->keys.count != d->values.count)
        return invalid(t, "Dict doesn't have the same number of keys as values");
    return validate_exprs(t, d->keys, CONTEXT_Load, true) && validate_exprs(t, d->values, CONTEXT_Load, false);
}

static bool validate_compare(Thread *t, struct ExprCompare *c) {
    if (!c->comparators.count)
        return invalid(t, "Compare with no comparators");
    if (c->comparators.count != c->ops.count)
        return invalid(t, "Compare has a different number of comparators and operands");
    return validate_exprs(t, c->comparators, CONTEXT_Load, false) && validate_expr(t, c->left, CONTEXT_Load);
}

static bool validate_expr_kind(Thread *t, Expr *e, ExprContext context) {
    switch (e->kind) {
    case EXPR_BoolOp:
        if (e->BoolOp.values.count < 2)
            return invalid(t, "BoolOp with less than 2 values");
        return validate_exprs(t, e->BoolOp.values, CONTEXT_Load, false);
    case EXPR_NamedExpr:
        if (e->NamedExpr.target->kind != EXPR_Name) {
            raise_type_error(t, "NamedExpr target must be a Name");
            return false;
        }
        return validate_expr(t, e->NamedExpr.value, CONTEXT_Load);
    case EXPR_BinOp: return validate_expr(t, e->BinOp.left, CONTEXT_Load) && validate_expr(t, e->BinOp.right, CONTEXT_Load);
    case EXPR_UnaryOp: return validate_expr(t, e->UnaryOp.operand, CONTEXT_Load);
    case EXPR_Lambda: return validate_arguments(t, e->Lambda.args) && validate_expr(t, e->Lambda.body, CONTEXT_Load);
    case EXPR_IfExp:
        return validate_expr(t, e->IfExp.test, CONTEXT_Load) && validate_expr(t, e->IfExp.body, CONTEXT_Load) &&
               validate_expr(t, e->IfExp.orelse, CONTEXT_Load);
    case EXPR_Dict: return validate_dict(t, &e->Dict);
    case EXPR_Set: return validate_exprs(t, e->Set.elts, CONTEXT_Load, false);
    case EXPR_ListComp:
    case EXPR_SetComp:
    case EXPR_GeneratorExp:
        return validate_comprehensions(t, e->ListComp.generators) && validate_expr(t, e->ListComp.elt, CONTEXT_Load);
    case EXPR_DictComp:
        return validate_comprehensions(t, e->DictComp.generators) && validate_expr(t, e->DictComp.key, CONTEXT_Load) &&
               validate_expr(t, e->DictComp.value, CONTEXT_Load);
    case EXPR_Yield: return validate_optional(t, e->Yield.value);
    case EXPR_YieldFrom: return validate_expr(t, e->YieldFrom.value, CONTEXT_Load);
    case EXPR_Await: return validate_expr(t, e->Await.value, CONTEXT_Load);
    case EXPR_Compare: return validate_compare(t, &e->Compare);
    case EXPR_Call:
        return validate_expr(t, e->Call.func, CONTEXT_Load) && validate_exprs(t, e->Call.args, CONTEXT_Load, false) &&
               validate_keywords(t, e->Call.keywords);
    case EXPR_Constant: return validate_constant(t, e->Constant.value);
    case EXPR_JoinedStr: return validate_exprs(t, e->JoinedStr.values, CONTEXT_Load, false);
    case EXPR_TemplateStr: return validate_exprs(t, e->TemplateStr.values, CONTEXT_Load, false);
    case EXPR_FormattedValue:
        return validate_expr(t, e->FormattedValue.value, CONTEXT_Load) &&
               validate_optional(t, e->FormattedValue.format_spec);
    case EXPR_Interpolation:
        return validate_constant(t, e->Interpolation.str) && validate_expr(t, e->Interpolation.value, CONTEXT_Load) &&
               validate_optional(t, e->Interpolation.format_spec);
    case EXPR_Attribute: return validate_expr(t, e->Attribute.value, CONTEXT_Load);
    case EXPR_Subscript:
        return validate_expr(t, e->Subscript.slice, CONTEXT_Load) && validate_expr(t, e->Subscript.value, CONTEXT_Load);
    case EXPR_Starred: return validate_expr(t, e->Starred.value, context);
    case EXPR_Slice:
        return validate_optional(t, e->Slice.lower) && validate_optional(t, e->Slice.upper) &&
               validate_optional(t, e->Slice.step);
    case EXPR_List: return validate_exprs(t, e->List.elts, context, false);
    case EXPR_Tuple: return validate_exprs(t, e->Tuple.elts, context, false);
    case EXPR_Name: return validate_name(t, e->Name.id);
    default: return true;
    }
}

static bool validate_expr(Thread *t, Expr *e, ExprContext context) {
    if (!validate_position(t, e->pos) || !recursion_enter(t, " during compilation"))
        return false;
    bool ok = validate_context(t, e, context) && validate_expr_kind(t, e, context);
    recursion_leave(t);
    return ok;
}

/* Patterns. */

static bool is_number(Value v, bool imaginary) {
    if (imaginary)
        return is_exactly(v, &complex_type);
    return is_exactly(v, &int_type) || is_exactly(v, &float_type);
}

static bool is_pattern_number(const Expr *e, bool real, bool imaginary) {
    if (e->kind == EXPR_UnaryOp) {
        if (e->UnaryOp.op != UNARYOP_USub || e->UnaryOp.operand->kind != EXPR_Constant)
            return false;
        e = e->UnaryOp.operand;
    } else if (e->kind != EXPR_Constant) {
        return false;
    }
    return (real && is_number(e->Constant.value, false)) || (imaginary && is_number(e->Constant.value, true));
}

static bool is_complex_literal(const Expr *e) {
    return (e->BinOp.op == OPERATOR_Add || e->BinOp.op == OPERATOR_Sub) &&
           is_pattern_number(e->BinOp.left, true, false) && e->BinOp.right->kind == EXPR_Constant &&
           is_number(e->BinOp.right->Constant.value, true);
}

static bool validate_pattern_value(Thread *t, Expr *e) {
    if (!validate_expr(t, e, CONTEXT_Load))
        return false;
    switch (e->kind) {
    case EXPR_Constant: {
        Value v = e->Constant.value;
        if (is_exactly(v, &str_type) || is_exactly(v, &bytes_type) || is_number(v, false) || is_number(v, true))
            return true;
        return invalid(t, "unexpected constant inside of a literal pattern");
    }
    case EXPR_Attribute: return true; /* its value was checked */
    case EXPR_UnaryOp:
        if (is_pattern_number(e, true, true))
            return true;
        break;
    case EXPR_BinOp:
        if (is_complex_literal(e))
            return true;
        break;
    case EXPR_JoinedStr:
    case EXPR_TemplateStr: return true; /* left to the compiler */
    default: break;
    }
    return invalid(t, "patterns may only match literals and attribute lookups");
}

static bool validate_capture(Thread *t, Value name) {
    if (str_equal_text(name, "_"))
        return invalid(t, "can't capture name '_' in patterns");
    return validate_name(t, name);
}

static bool validate_patterns(Thread *t, PatternSeq patterns, bool star_ok) {
    for (int i = 0; i < patterns.count; i++)
        if (!validate_pattern(t, patterns.items[i], star_ok))
            return false;
    return true;
}

static bool validate_mapping(Thread *t, struct PatternMatchMapping *m) {
    if (m->keys.count != m->patterns.count)
        return invalid(t, "MatchMapping doesn't have the same number of keys as patterns");
    if (present(m->rest) && !validate_capture(t, m->rest))
        return false;
    for (int i = 0; i < m->keys.count; i++) {
        Expr *key = m->keys.items[i];
        bool singleton = key && key->kind == EXPR_Constant &&
                         (is_none(key->Constant.value) || is_exactly(key->Constant.value, &bool_type));
        if (!key)
            return invalid(t, "None disallowed in expression list");
        if (!singleton && !validate_pattern_value(t, key))
            return false;
    }
    return validate_patterns(t, m->patterns, false);
}

static bool validate_class_pattern(Thread *t, struct PatternMatchClass *c) {
    if (c->kwd_attrs.count != c->kwd_patterns.count)
        return invalid(t, "MatchClass doesn't have the same number of keyword attributes as patterns");
    if (!validate_expr(t, c->cls, CONTEXT_Load))
        return false;
    for (Expr *cls = c->cls; cls->kind != EXPR_Name; cls = cls->Attribute.value)
        if (cls->kind != EXPR_Attribute)
            return invalid(t, "MatchClass cls field can only contain Name or Attribute nodes.");
    for (int i = 0; i < c->kwd_attrs.count; i++)
        if (!validate_name(t, c->kwd_attrs.items[i]))
            return false;
    return validate_patterns(t, c->patterns, false) && validate_patterns(t, c->kwd_patterns, false);
}

static bool validate_as(Thread *t, struct PatternMatchAs *a) {
    if (present(a->name) && !validate_capture(t, a->name))
        return false;
    if (!a->pattern)
        return true;
    if (absent(a->name))
        return invalid(t, "MatchAs must specify a target name if a pattern is given");
    return validate_pattern(t, a->pattern, false);
}

static bool validate_pattern_kind(Thread *t, Pattern *p, bool star_ok) {
    switch (p->kind) {
    case PATTERN_MatchValue: return validate_pattern_value(t, p->MatchValue.value);
    case PATTERN_MatchSingleton: {
        Value v = p->MatchSingleton.value;
        if (is_none(v) || same(v, TRUE) || same(v, FALSE))
            return true;
        return invalid(t, "MatchSingleton can only contain True, False and None");
    }
    case PATTERN_MatchSequence: return validate_patterns(t, p->MatchSequence.patterns, true);
    case PATTERN_MatchMapping: return validate_mapping(t, &p->MatchMapping);
    case PATTERN_MatchClass: return validate_class_pattern(t, &p->MatchClass);
    case PATTERN_MatchStar:
        if (!star_ok)
            return invalid(t, "can't use MatchStar here");
        return absent(p->MatchStar.name) || validate_capture(t, p->MatchStar.name);
    case PATTERN_MatchAs: return validate_as(t, &p->MatchAs);
    case PATTERN_MatchOr:
        if (p->MatchOr.patterns.count < 2)
            return invalid(t, "MatchOr requires at least 2 patterns");
        return validate_patterns(t, p->MatchOr.patterns, false);
    default: return true;
    }
}

static bool validate_pattern(Thread *t, Pattern *p, bool star_ok) {
    if (!p)
        return invalid(t, "None disallowed in pattern list");
    if (!validate_position(t, p->pos) || !recursion_enter(t, " during compilation"))
        return false;
    bool ok = validate_pattern_kind(t, p, star_ok);
    recursion_leave(t);
    return ok;
}

/* Statements. */

static bool validate_type_params(Thread *t, TypeParamSeq params) {
    for (int i = 0; i < params.count; i++) {
        TypeParam *p = params.items[i];
        if (!validate_position(t, p->pos) || !validate_name(t, p->TypeVar.name))
            return false;
        bool ok = p->kind == TYPE_PARAM_TypeVar
                      ? validate_optional(t, p->TypeVar.bound) && validate_optional(t, p->TypeVar.default_value)
                      : validate_optional(t, p->ParamSpec.default_value);
        if (!ok)
            return false;
    }
    return true;
}

static bool validate_function(Thread *t, struct StmtFunctionDef *f, const char *owner) {
    return validate_name(t, f->name) && validate_body(t, f->body, owner) && validate_type_params(t, f->type_params) &&
           validate_arguments(t, f->args) && validate_exprs(t, f->decorator_list, CONTEXT_Load, false) &&
           validate_optional(t, f->returns);
}

static bool validate_class(Thread *t, struct StmtClassDef *c) {
    return validate_name(t, c->name) && validate_body(t, c->body, "ClassDef") && validate_type_params(t, c->type_params) &&
           validate_exprs(t, c->bases, CONTEXT_Load, false) && validate_keywords(t, c->keywords) &&
           validate_exprs(t, c->decorator_list, CONTEXT_Load, false);
}

static bool validate_annotated(Thread *t, struct StmtAnnAssign *a) {
    if (a->target->kind != EXPR_Name && a->simple) {
        raise_type_error(t, "AnnAssign with simple non-Name target");
        return false;
    }
    return validate_expr(t, a->target, CONTEXT_Store) && validate_optional(t, a->value) &&
           validate_expr(t, a->annotation, CONTEXT_Load);
}

static bool validate_for(Thread *t, struct StmtFor *f, const char *owner) {
    return validate_expr(t, f->target, CONTEXT_Store) && validate_expr(t, f->iter, CONTEXT_Load) &&
           validate_body(t, f->body, owner) && validate_stmts(t, f->orelse);
}

static bool validate_with(Thread *t, struct StmtWith *w, const char *owner) {
    if (!nonempty(t, w->items.count, "items", owner))
        return false;
    for (int i = 0; i < w->items.count; i++) {
        WithItem *item = w->items.items[i];
        if (!validate_expr(t, item->context_expr, CONTEXT_Load) ||
            (item->optional_vars && !validate_expr(t, item->optional_vars, CONTEXT_Store)))
            return false;
    }
    return validate_body(t, w->body, owner);
}

static bool validate_match(Thread *t, struct StmtMatch *m) {
    if (!validate_expr(t, m->subject, CONTEXT_Load) || !nonempty(t, m->cases.count, "cases", "Match"))
        return false;
    for (int i = 0; i < m->cases.count; i++) {
        MatchCase *c = m->cases.items[i];
        if (!validate_pattern(t, c->pattern, false) || !validate_optional(t, c->guard) ||
            !validate_body(t, c->body, "match_case"))
            return false;
    }
    return true;
}

static bool validate_try(Thread *t, struct StmtTry *s, const char *owner) {
    if (!validate_body(t, s->body, owner))
        return false;
    if (!s->handlers.count && !s->finalbody.count) {
        raise_value_error(t, "%s has neither except handlers nor finalbody", owner);
        return false;
    }
    if (!s->handlers.count && s->orelse.count) {
        raise_value_error(t, "%s has orelse but no except handlers", owner);
        return false;
    }
    for (int i = 0; i < s->handlers.count; i++) {
        ExceptHandler *h = s->handlers.items[i];
        if (!validate_position(t, h->pos) || !validate_optional(t, h->ExceptHandler.type) ||
            (present(h->ExceptHandler.name) && !validate_name(t, h->ExceptHandler.name)) ||
            !validate_body(t, h->ExceptHandler.body, "ExceptHandler"))
            return false;
    }
    return validate_stmts(t, s->finalbody) && validate_stmts(t, s->orelse);
}

static bool validate_aliases(Thread *t, AliasSeq aliases, const char *owner) {
    for (int i = 0; i < aliases.count; i++) {
        Alias *alias = aliases.items[i];
        if (!alias)
            return invalid(t, "None disallowed in alias list");
        if (!validate_name(t, alias->name) || (present(alias->asname) && !validate_name(t, alias->asname)))
            return false;
    }
    return nonempty(t, aliases.count, "names", owner);
}

static bool validate_raise(Thread *t, struct StmtRaise *r) {
    if (!r->exc && r->cause)
        return invalid(t, "Raise with cause but no exception");
    return validate_optional(t, r->exc) && validate_optional(t, r->cause);
}

static bool validate_stmt_kind(Thread *t, Stmt *s) {
    switch (s->kind) {
    case STMT_FunctionDef: return validate_function(t, &s->FunctionDef, "FunctionDef");
    case STMT_AsyncFunctionDef: return validate_function(t, &s->FunctionDef, "AsyncFunctionDef");
    case STMT_ClassDef: return validate_class(t, &s->ClassDef);
    case STMT_Return: return validate_optional(t, s->Return.value);
    case STMT_Delete: return validate_targets(t, s->Delete.targets, CONTEXT_Del);
    case STMT_Assign:
        return validate_targets(t, s->Assign.targets, CONTEXT_Store) && validate_expr(t, s->Assign.value, CONTEXT_Load);
    case STMT_TypeAlias:
        if (s->TypeAlias.name->kind != EXPR_Name) {
            raise_type_error(t, "TypeAlias with non-Name name");
            return false;
        }
        return validate_expr(t, s->TypeAlias.name, CONTEXT_Store) && validate_type_params(t, s->TypeAlias.type_params) &&
               validate_expr(t, s->TypeAlias.value, CONTEXT_Load);
    case STMT_AugAssign:
        return validate_expr(t, s->AugAssign.target, CONTEXT_Store) && validate_expr(t, s->AugAssign.value, CONTEXT_Load);
    case STMT_AnnAssign: return validate_annotated(t, &s->AnnAssign);
    case STMT_For: return validate_for(t, &s->For, "For");
    case STMT_AsyncFor: return validate_for(t, &s->For, "AsyncFor");
    case STMT_While:
        return validate_expr(t, s->While.test, CONTEXT_Load) && validate_body(t, s->While.body, "While") &&
               validate_stmts(t, s->While.orelse);
    case STMT_If:
        return validate_expr(t, s->If.test, CONTEXT_Load) && validate_body(t, s->If.body, "If") &&
               validate_stmts(t, s->If.orelse);
    case STMT_With: return validate_with(t, &s->With, "With");
    case STMT_AsyncWith: return validate_with(t, &s->With, "AsyncWith");
    case STMT_Match: return validate_match(t, &s->Match);
    case STMT_Raise: return validate_raise(t, &s->Raise);
    case STMT_Try: return validate_try(t, &s->Try, "Try");
    case STMT_TryStar: return validate_try(t, &s->Try, "TryStar");
    case STMT_Assert: return validate_expr(t, s->Assert.test, CONTEXT_Load) && validate_optional(t, s->Assert.msg);
    case STMT_Import: return validate_aliases(t, s->Import.names, "Import");
    case STMT_ImportFrom:
        if (s->ImportFrom.level < 0)
            return invalid(t, "Negative ImportFrom level");
        return validate_aliases(t, s->ImportFrom.names, "ImportFrom");
    case STMT_Global: return nonempty(t, s->Global.names.count, "names", "Global");
    case STMT_Nonlocal: return nonempty(t, s->Nonlocal.names.count, "names", "Nonlocal");
    case STMT_Expr: return validate_expr(t, s->Expr.value, CONTEXT_Load);
    default: return true;
    }
}

static bool validate_stmt(Thread *t, Stmt *s) {
    if (!validate_position(t, s->pos) || !recursion_enter(t, " during compilation"))
        return false;
    bool ok = validate_stmt_kind(t, s);
    recursion_leave(t);
    return ok;
}

bool ast_validate(Thread *t, Module *module) {
    switch (module->kind) {
    case MODULE_Module: return validate_stmts(t, module->Module.body);
    case MODULE_Interactive: return validate_stmts(t, module->Interactive.body);
    case MODULE_Expression: return validate_expr(t, module->Expression.body, CONTEXT_Load);
    default: return invalid(t, "FunctionType is not supported");
    }
}
