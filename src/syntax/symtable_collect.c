/* The first pass over the tree: which names every scope mentions, and how. Statements; expressions are in
 * symtable_expressions.c. */
#include "syntax/symtable_internal.h"

#include "object/call.h"
#include "object/thread.h"
#include "syntax/errors.h"
#include "syntax/parse.h"
#include "types/list.h"
#include "types/str/str.h"

/* Entering and leaving scopes. */

bool enter_existing(SymbolTable *st, Scope *scope, bool add_to_children) {
    Scope *outer = st->current;
    if (outer) {
        /* assignment expressions are refused in a comprehension's iterable, even inside a lambda there */
        scope->comp_iter_expr = outer->comp_iter_expr;
        if (outer->mangled_names && scope->kind != SCOPE_CLASS)
            scope->mangled_names = outer->mangled_names;
    }
    scope->parent = outer;
    st->current = scope;
    if ((st->features & PARSE_FUTURE_ANNOTATIONS) && scope->kind == SCOPE_ANNOTATION)
        return true; /* never compiled: annotations become texts */
    return !add_to_children || !outer || scope_add_child(st, outer, scope);
}

bool enter_scope(SymbolTable *st, Value name, ScopeKind kind, const void *key, Position pos) {
    Scope *scope = scope_new(st, name, kind, key, pos);
    if (!scope || !enter_existing(st, scope, true))
        return false;
    if (kind != SCOPE_ANNOTATION && kind != SCOPE_TYPE_VARIABLE && kind != SCOPE_TYPE_ALIAS)
        return true;
    return add_definition(st, st->names.format, DEF_PARAM, pos) && add_definition(st, st->names.format, DEF_USE, pos);
}

void exit_scope(SymbolTable *st) {
    st->current = st->current->parent;
}

/* Names. */

static Value mangled(SymbolTable *st, Value name) {
    Value result = scope_mangle(st->t, st->current, st->class_name, name);
    if (present(result) && !same(result, name) && !list_append(st->t, st->keep, result))
        return NO_VALUE;
    return result;
}

bool lookup_flags(SymbolTable *st, Scope *scope, Value name, uint32_t *flags) {
    Value key = mangled(st, name);
    Symbol *symbol = present(key) ? scope_symbol(scope, key) : nullptr;
    *flags = symbol ? symbol->flags : 0;
    return present(key);
}

bool check_name(SymbolTable *st, Value name, Position pos, ExprContext context) {
    if (context == CONTEXT_Load || !str_equal_text(name, "__debug__"))
        return true;
    return symtable_error(st, pos, context == CONTEXT_Del ? "cannot delete __debug__" : "cannot assign to __debug__");
}

bool add_definition_to(SymbolTable *st, Value name, uint32_t flag, Scope *scope, Position pos) {
    Value key = mangled(st, name);
    Symbol *symbol = present(key) ? scope_add_symbol(st, scope, key) : nullptr;
    if (!symbol)
        return false;
    if ((flag & DEF_PARAM) && (symbol->flags & DEF_PARAM))
        return symtable_error_name(st, pos, "duplicate argument '%s' in function definition", name);
    if ((flag & DEF_TYPE_PARAM) && (symbol->flags & DEF_TYPE_PARAM))
        return symtable_error_name(st, pos, "duplicate type parameter '%s'", name);
    symbol->flags |= flag;
    if (scope->comp_iter_target) {
        if (symbol->flags & (DEF_GLOBAL | DEF_NONLOCAL))
            return symtable_error_name(
                st, pos, "comprehension inner loop cannot rebind assignment expression target '%s'", name);
        symbol->flags |= DEF_COMP_ITER;
    }
    if (flag & DEF_PARAM)
        return scope_add_parameter(st, scope, key);
    if (flag & DEF_GLOBAL) {
        Symbol *global = scope_add_symbol(st, st->top, key);
        if (!global)
            return false;
        global->flags |= flag;
    }
    return true;
}

bool add_name(SymbolTable *st, Value name, uint32_t flag, Position pos, ExprContext context) {
    if ((flag & (DEF_PARAM | DEF_LOCAL | DEF_IMPORT)) && !check_name(st, name, pos, context))
        return false;
    Scope *scope = st->current;
    if ((flag & DEF_TYPE_PARAM) && scope->mangled_names && !name_set_add(st, scope->mangled_names, name))
        return false;
    return add_definition_to(st, name, flag, scope, pos);
}

bool add_definition(SymbolTable *st, Value name, uint32_t flag, Position pos) {
    return add_name(st, name, flag, pos, flag == DEF_USE ? CONTEXT_Load : CONTEXT_Store);
}

bool record_directive(SymbolTable *st, Value name, Position pos) {
    Value key = mangled(st, name);
    Directive *directive = present(key) ? symtable_alloc(st, sizeof *directive) : nullptr;
    if (!directive)
        return false;
    *directive = (Directive){key, pos, st->current->directives};
    st->current->directives = directive;
    return true;
}

bool allows_top_level_await(const SymbolTable *st) {
    return (st->features & PARSE_ALLOW_TOP_LEVEL_AWAIT) && st->current->kind == SCOPE_MODULE;
}

static bool visit_stmt(SymbolTable *st, Stmt *s);

static bool visit_stmts(SymbolTable *st, StmtSeq body) {
    for (int i = 0; i < body.count; i++)
        if (!visit_stmt(st, body.items[i]))
            return false;
    return true;
}

static bool visit_optional(SymbolTable *st, Expr *e) {
    return !e || visit_expr(st, e);
}

/* Statements under a condition: class annotations there are recorded as they are reached. */
static bool visit_conditional(SymbolTable *st, StmtSeq body, StmtSeq orelse) {
    Scope *scope = st->current;
    bool before = scope->in_conditional_block;
    scope->in_conditional_block = true;
    bool ok = visit_stmts(st, body) && visit_stmts(st, orelse);
    scope->in_conditional_block = before;
    return ok;
}

/* Type parameters open a scope around what they parametrize. */
static bool enter_type_params(SymbolTable *st, Value name, TypeParamSeq params, const Arguments *arguments,
                              bool is_class, Position pos) {
    bool in_class = st->current->kind == SCOPE_CLASS;
    bool defaults = arguments && arguments->defaults.count, kwdefaults = false;
    for (int i = 0; arguments && i < arguments->kw_defaults.count; i++)
        kwdefaults = kwdefaults || arguments->kw_defaults.items[i];
    if (!enter_scope(st, name, SCOPE_TYPE_PARAMETERS, params.items, pos))
        return false;
    if (in_class) {
        st->current->can_see_class_scope = true;
        if (!add_definition(st, st->names.classdict, DEF_USE, pos))
            return false;
    }
    if (is_class && (!add_definition(st, st->names.dot_type_params, DEF_LOCAL, pos) ||
                     !add_definition(st, st->names.dot_type_params, DEF_USE, pos) ||
                     !add_definition(st, st->names.generic_base, DEF_LOCAL, pos) ||
                     !add_definition(st, st->names.generic_base, DEF_USE, pos)))
        return false;
    if (defaults && !add_definition(st, st->names.defaults, DEF_PARAM, pos))
        return false;
    return !kwdefaults || add_definition(st, st->names.kwdefaults, DEF_PARAM, pos);
}

static bool visit_arg_annotations(SymbolTable *st, ArgSeq args) {
    for (int i = 0; i < args.count; i++) {
        if (!args.items[i]->annotation)
            continue;
        st->current->annotations_used = true;
        if (!visit_expr(st, args.items[i]->annotation))
            return false;
    }
    return true;
}

static bool visit_arg_annotation(SymbolTable *st, Arg *arg) {
    return !arg || visit_arg_annotations(st, (ArgSeq){1, &arg});
}

/* The annotations of a signature, in the scope of its `__annotate__`. */
static bool visit_signature(SymbolTable *st, Stmt *s, Scope *function) {
    Arguments *a = s->FunctionDef.args;
    bool sees_class = st->current->can_see_class_scope || st->current->kind == SCOPE_CLASS;
    if (!enter_scope(st, st->names.annotate, SCOPE_ANNOTATION, a, s->pos))
        return false;
    function->annotations = st->current;
    st->current->function_name = function->name;
    if (sees_class) {
        st->current->can_see_class_scope = true;
        if (!add_definition(st, st->names.classdict, DEF_USE, s->pos))
            return false;
    }
    if (!visit_arg_annotations(st, a->posonlyargs) || !visit_arg_annotations(st, a->args) ||
        !visit_arg_annotation(st, a->vararg) || !visit_arg_annotation(st, a->kwarg) ||
        !visit_arg_annotations(st, a->kwonlyargs))
        return false;
    if (s->FunctionDef.returns) {
        st->current->annotations_used = true;
        if (!visit_expr(st, s->FunctionDef.returns))
            return false;
    }
    exit_scope(st);
    return true;
}

static bool visit_function(SymbolTable *st, Stmt *s) {
    struct StmtFunctionDef *f = &s->FunctionDef;
    if (!add_definition(st, f->name, DEF_LOCAL, s->pos) || !visit_defaults(st, f->args) ||
        !visit_exprs(st, f->decorator_list))
        return false;
    bool generic = f->type_params.count;
    if (generic && (!enter_type_params(st, f->name, f->type_params, f->args, false, s->pos) ||
                    !visit_type_params(st, f->type_params)))
        return false;
    Scope *scope = scope_new(st, f->name, SCOPE_FUNCTION, s, s->pos);
    if (!scope)
        return false;
    scope->has_docstring = present(body_docstring(f->body));
    if (!visit_signature(st, s, scope) || !enter_existing(st, scope, true))
        return false;
    scope->is_coroutine = s->kind == STMT_AsyncFunctionDef;
    if (!visit_parameters(st, f->args) || !visit_stmts(st, f->body))
        return false;
    exit_scope(st);
    if (generic)
        exit_scope(st);
    return true;
}

static bool visit_class_body(SymbolTable *st, Stmt *s) {
    if (!enter_scope(st, s->ClassDef.name, SCOPE_CLASS, s, s->pos))
        return false;
    st->class_name = s->ClassDef.name;
    st->current->class_name = s->ClassDef.name;
    if (s->ClassDef.type_params.count && (!add_definition(st, st->names.type_params, DEF_LOCAL, s->pos) ||
                                          !add_definition(st, st->names.dot_type_params, DEF_USE, s->pos)))
        return false;
    st->current->has_docstring = present(body_docstring(s->ClassDef.body));
    if (!visit_stmts(st, s->ClassDef.body))
        return false;
    exit_scope(st);
    return true;
}

static bool visit_class(SymbolTable *st, Stmt *s) {
    struct StmtClassDef *c = &s->ClassDef;
    if (!add_definition(st, c->name, DEF_LOCAL, s->pos) || !visit_exprs(st, c->decorator_list))
        return false;
    Value outer_class = st->class_name;
    bool generic = c->type_params.count;
    if (generic) {
        if (!enter_type_params(st, c->name, c->type_params, nullptr, true, s->pos))
            return false;
        st->class_name = c->name;
        st->current->class_name = c->name;
        st->current->mangled_names = symtable_alloc(st, sizeof(NameSet));
        if (!st->current->mangled_names || !visit_type_params(st, c->type_params))
            return false;
    }
    if (!visit_exprs(st, c->bases) || !check_keywords(st, c->keywords) || !visit_keywords(st, c->keywords) ||
        !visit_class_body(st, s))
        return false;
    if (generic)
        exit_scope(st);
    st->class_name = outer_class;
    return true;
}

static bool visit_type_alias(SymbolTable *st, Stmt *s) {
    if (!visit_expr(st, s->TypeAlias.name))
        return false;
    Value name = s->TypeAlias.name->Name.id;
    bool in_class = st->current->kind == SCOPE_CLASS;
    TypeParamSeq params = s->TypeAlias.type_params;
    if (params.count && (!enter_type_params(st, name, params, nullptr, false, s->pos) || !visit_type_params(st, params)))
        return false;
    if (!enter_scope(st, name, SCOPE_TYPE_ALIAS, s, s->pos))
        return false;
    st->current->can_see_class_scope = in_class;
    if (in_class && !add_definition(st, st->names.classdict, DEF_USE, s->TypeAlias.value->pos))
        return false;
    if (!visit_expr(st, s->TypeAlias.value))
        return false;
    exit_scope(st);
    if (params.count)
        exit_scope(st);
    return true;
}

/* The scope of the `__annotate__` of the current module or class, made on first use; in a function, one that is
 * never run. */
static bool enter_annotations(SymbolTable *st, Position pos) {
    Scope *owner = st->current;
    Scope **slot = owner->kind == SCOPE_FUNCTION ? &owner->local_annotations : &owner->annotations;
    if (*slot)
        return enter_existing(st, *slot, false);
    if (!enter_scope(st, st->names.annotate, SCOPE_ANNOTATION, nullptr, pos))
        return false;
    *slot = st->current;
    if (owner->kind == SCOPE_CLASS && !(st->features & PARSE_FUTURE_ANNOTATIONS)) {
        st->current->can_see_class_scope = true;
        owner->needs_classdict = true;
        return add_definition(st, st->names.classdict, DEF_USE, pos);
    }
    return true;
}

static bool visit_annotation(SymbolTable *st, Expr *annotation) {
    Scope *owner = st->current;
    bool unevaluated = owner->kind == SCOPE_FUNCTION;
    bool conditional = owner->kind == SCOPE_MODULE || (owner->kind == SCOPE_CLASS && owner->in_conditional_block);
    if (conditional && !owner->has_conditional_annotations) {
        owner->has_conditional_annotations = true;
        if (!add_definition(st, st->names.conditional_annotations, DEF_USE, annotation->pos))
            return false;
    }
    if (!enter_annotations(st, annotation->pos))
        return false;
    if (conditional && owner->kind == SCOPE_CLASS &&
        !add_definition(st, st->names.conditional_annotations, DEF_USE, annotation->pos))
        return false;
    st->current->in_unevaluated_annotation = unevaluated;
    bool ok = visit_expr(st, annotation);
    st->current->in_unevaluated_annotation = false;
    exit_scope(st);
    return ok;
}

static bool visit_annotated_assignment(SymbolTable *st, Stmt *s) {
    struct StmtAnnAssign *a = &s->AnnAssign;
    st->current->annotations_used = true;
    if (a->target->kind == EXPR_Name) {
        Value name = a->target->Name.id;
        uint32_t flags;
        if (!lookup_flags(st, st->current, name, &flags))
            return false;
        if ((flags & (DEF_GLOBAL | DEF_NONLOCAL)) && st->current != st->top && a->simple)
            return symtable_error_name(st, s->pos,
                                       flags & DEF_GLOBAL ? "annotated name '%s' can't be global"
                                                          : "annotated name '%s' can't be nonlocal",
                                       name);
        if (a->simple && !add_definition(st, name, DEF_ANNOT | DEF_LOCAL, a->target->pos))
            return false;
        if (!a->simple && a->value && !add_definition(st, name, DEF_LOCAL, a->target->pos))
            return false;
    } else if (!visit_expr(st, a->target)) {
        return false;
    }
    return visit_annotation(st, a->annotation) && visit_optional(st, a->value);
}

static bool visit_alias(SymbolTable *st, Alias *alias) {
    Value name = present(alias->asname) ? alias->asname : alias->name;
    if (str_equal_text(name, "*")) {
        if (st->current->kind == SCOPE_MODULE)
            return true;
        return symtable_error(st, alias->pos, "import * only allowed at module level");
    }
    size_t dot = 0, length = str_length(name);
    const void *data = str_data(st->t, name);
    while (dot < length && str_char(data, str_kind(name), dot) != '.')
        dot++;
    if (dot < length) { /* `import a.b` binds a */
        name = str_slice(st->t, name, 0, dot);
        name = present(name) ? str_intern(st->t, name) : name;
        if (absent(name) || !list_append(st->t, st->keep, name))
            return false;
    }
    return add_definition(st, name, DEF_IMPORT, alias->pos);
}

static bool visit_aliases(SymbolTable *st, AliasSeq aliases) {
    for (int i = 0; i < aliases.count; i++)
        if (!visit_alias(st, aliases.items[i]))
            return false;
    return true;
}

static bool check_import_from(SymbolTable *st, Stmt *s) {
    if (s->ImportFrom.level || absent(s->ImportFrom.module) || !str_equal_text(s->ImportFrom.module, "__future__"))
        return true;
    bool late = s->pos.line > st->future_line ||
                (s->pos.line == st->future_line && s->pos.column > st->future_column);
    return !late || symtable_error(st, s->pos, "from __future__ imports must occur at the beginning of the file");
}

static bool visit_scope_statement(SymbolTable *st, Stmt *s) {
    bool global = s->kind == STMT_Global;
    const char *word = global ? "global" : "nonlocal";
    IdentifierSeq list = s->Global.names;
    for (int i = 0; i < list.count; i++) {
        Value name = list.items[i];
        uint32_t flags;
        if (!lookup_flags(st, st->current, name, &flags))
            return false;
        size_t length;
        const char *text = str_utf8(st->t, name, &length);
        if (!text)
            return false;
        if (flags & DEF_PARAM)
            return symtable_error(st, s->pos, "name '%s' is parameter and %s", text, word);
        if (flags & DEF_USE)
            return symtable_error(st, s->pos, "name '%s' is used prior to %s declaration", text, word);
        if (flags & DEF_ANNOT)
            return symtable_error(st, s->pos, "annotated name '%s' can't be %s", text, word);
        if (flags & DEF_LOCAL)
            return symtable_error(st, s->pos, "name '%s' is assigned to before %s declaration", text, word);
        if (!add_definition(st, name, global ? DEF_GLOBAL : DEF_NONLOCAL, s->pos) ||
            !record_directive(st, name, s->pos))
            return false;
    }
    return true;
}

static bool visit_handlers(SymbolTable *st, ExceptHandlerSeq handlers) {
    for (int i = 0; i < handlers.count; i++) {
        ExceptHandler *h = handlers.items[i];
        if (!visit_optional(st, h->ExceptHandler.type))
            return false;
        if (present(h->ExceptHandler.name) && !add_definition(st, h->ExceptHandler.name, DEF_LOCAL, h->pos))
            return false;
        if (!visit_stmts(st, h->ExceptHandler.body))
            return false;
    }
    return true;
}

static bool visit_try(SymbolTable *st, Stmt *s) {
    Scope *scope = st->current;
    bool before = scope->in_conditional_block;
    scope->in_conditional_block = true;
    bool ok = visit_stmts(st, s->Try.body) && visit_handlers(st, s->Try.handlers) && visit_stmts(st, s->Try.orelse) &&
              visit_stmts(st, s->Try.finalbody);
    scope->in_conditional_block = before;
    return ok;
}

/* `async with` and `async for` need a coroutine around them. */
static bool check_async(SymbolTable *st, Stmt *s, const char *what) {
    if (allows_top_level_await(st))
        st->current->is_coroutine = true;
    return st->current->is_coroutine || symtable_error(st, s->pos, "'%s' outside async function", what);
}

static bool visit_with(SymbolTable *st, Stmt *s) {
    if (s->kind == STMT_AsyncWith && !check_async(st, s, "async with"))
        return false;
    Scope *scope = st->current;
    bool before = scope->in_conditional_block;
    scope->in_conditional_block = true;
    bool ok = true;
    for (int i = 0; ok && i < s->With.items.count; i++) {
        WithItem *item = s->With.items.items[i];
        ok = visit_expr(st, item->context_expr) && visit_optional(st, item->optional_vars);
    }
    ok = ok && visit_stmts(st, s->With.body);
    scope->in_conditional_block = before;
    return ok;
}

static bool visit_patterns(SymbolTable *st, PatternSeq patterns);

static bool add_capture(SymbolTable *st, Value name, Position pos) {
    return absent(name) || add_definition(st, name, DEF_LOCAL, pos);
}

static bool visit_pattern(SymbolTable *st, Pattern *p) {
    switch (p->kind) {
    case PATTERN_MatchValue: return visit_expr(st, p->MatchValue.value);
    case PATTERN_MatchSequence: return visit_patterns(st, p->MatchSequence.patterns);
    case PATTERN_MatchStar: return add_capture(st, p->MatchStar.name, p->pos);
    case PATTERN_MatchMapping:
        return visit_exprs(st, p->MatchMapping.keys) && visit_patterns(st, p->MatchMapping.patterns) &&
               add_capture(st, p->MatchMapping.rest, p->pos);
    case PATTERN_MatchClass:
        if (!visit_expr(st, p->MatchClass.cls) || !visit_patterns(st, p->MatchClass.patterns))
            return false;
        for (int i = 0; i < p->MatchClass.kwd_attrs.count; i++)
            if (!check_name(st, p->MatchClass.kwd_attrs.items[i], p->MatchClass.kwd_patterns.items[i]->pos,
                            CONTEXT_Store))
                return false;
        return visit_patterns(st, p->MatchClass.kwd_patterns);
    case PATTERN_MatchAs:
        return (!p->MatchAs.pattern || visit_patterns(st, (PatternSeq){1, &p->MatchAs.pattern})) &&
               add_capture(st, p->MatchAs.name, p->pos);
    case PATTERN_MatchOr: return visit_patterns(st, p->MatchOr.patterns);
    default: return true;
    }
}

static bool visit_patterns(SymbolTable *st, PatternSeq patterns) {
    if (!recursion_enter(st->t, " during compilation"))
        return false;
    bool ok = true;
    for (int i = 0; ok && i < patterns.count; i++)
        ok = visit_pattern(st, patterns.items[i]);
    recursion_leave(st->t);
    return ok;
}

static bool visit_match(SymbolTable *st, Stmt *s) {
    if (!visit_expr(st, s->Match.subject))
        return false;
    for (int i = 0; i < s->Match.cases.count; i++) {
        MatchCase *c = s->Match.cases.items[i];
        if (!visit_pattern(st, c->pattern) || !visit_optional(st, c->guard) ||
            !visit_conditional(st, c->body, (StmtSeq){}))
            return false;
    }
    return true;
}

static bool visit_for(SymbolTable *st, Stmt *s) {
    if (s->kind == STMT_AsyncFor && !check_async(st, s, "async for"))
        return false;
    return visit_expr(st, s->For.target) && visit_expr(st, s->For.iter) &&
           visit_conditional(st, s->For.body, s->For.orelse);
}

static bool visit_return(SymbolTable *st, Stmt *s) {
    if (!s->Return.value)
        return true;
    if (!visit_expr(st, s->Return.value))
        return false;
    st->current->returns_value = true;
    return true;
}

static bool visit_stmt_kind(SymbolTable *st, Stmt *s) {
    switch (s->kind) {
    case STMT_FunctionDef:
    case STMT_AsyncFunctionDef: return visit_function(st, s);
    case STMT_ClassDef: return visit_class(st, s);
    case STMT_TypeAlias: return visit_type_alias(st, s);
    case STMT_Return: return visit_return(st, s);
    case STMT_Delete: return visit_exprs(st, s->Delete.targets);
    case STMT_Assign: return visit_exprs(st, s->Assign.targets) && visit_expr(st, s->Assign.value);
    case STMT_AnnAssign: return visit_annotated_assignment(st, s);
    case STMT_AugAssign: return visit_expr(st, s->AugAssign.target) && visit_expr(st, s->AugAssign.value);
    case STMT_For:
    case STMT_AsyncFor: return visit_for(st, s);
    case STMT_While: return visit_expr(st, s->While.test) && visit_conditional(st, s->While.body, s->While.orelse);
    case STMT_If: return visit_expr(st, s->If.test) && visit_conditional(st, s->If.body, s->If.orelse);
    case STMT_With:
    case STMT_AsyncWith: return visit_with(st, s);
    case STMT_Match: return visit_match(st, s);
    case STMT_Raise: return visit_optional(st, s->Raise.exc) && visit_optional(st, s->Raise.cause);
    case STMT_Try:
    case STMT_TryStar: return visit_try(st, s);
    case STMT_Assert: return visit_expr(st, s->Assert.test) && visit_optional(st, s->Assert.msg);
    case STMT_Import: return visit_aliases(st, s->Import.names);
    case STMT_ImportFrom: return visit_aliases(st, s->ImportFrom.names) && check_import_from(st, s);
    case STMT_Global:
    case STMT_Nonlocal: return visit_scope_statement(st, s);
    case STMT_Expr: return visit_expr(st, s->Expr.value);
    default: return true;
    }
}

static bool visit_stmt(SymbolTable *st, Stmt *s) {
    if (!recursion_enter(st->t, " during compilation"))
        return false;
    bool ok = visit_stmt_kind(st, s);
    recursion_leave(st->t);
    return ok;
}

bool symtable_collect(SymbolTable *st, Module *module) {
    if (!enter_scope(st, st->names.top, SCOPE_MODULE, module, (Position){}))
        return false;
    st->top = st->current;
    switch (module->kind) {
    case MODULE_Module:
        st->top->has_docstring = present(body_docstring(module->Module.body));
        return visit_stmts(st, module->Module.body);
    case MODULE_Interactive: return visit_stmts(st, module->Interactive.body);
    default: return visit_expr(st, module->Expression.body);
    }
}
