/* Function definitions and lambdas: defaults, closures, decorators, bodies. */
#include "compile/compiler.h"
#include "types/tuple.h"

/* ---- making function objects ---- */

void set_function_part(Unit *u, Position pos, Reg function, FunctionPart part, Reg value) {
    emit(u, pos, OP_SET_FUNCTION_ATTRIBUTE, function, value, (int32_t)part);
}

/* A function of `code`, closed over the cells that `inner` asks for. */
void make_closure(Unit *u, Position pos, Value code, Unit *inner, Reg dst) {
    Compiler *c = u->compiler;
    if (c->failed)
        return;
    int32_t mark = u->top;
    Reg work = working(u, dst);
    emit_wide(u, pos, OP_MAKE_FUNCTION, work, const_table_add(c, &u->constants, code));
    if (inner->free_count) {
        if (u->top <= (work & REG_INDEX))
            push(u);
        Reg base = next_temp(u);
        for (int32_t i = 0; i < inner->free_count && !c->failed; i++) {
            Reg cell = cell_register(u, inner->free_names[i]);
            if (cell < 0) {
                raise_system_error(c->t, "no cell for free variable %R of %R", inner->free_names[i], inner->name);
                c->failed = true;
                return;
            }
            emit(u, pos, OP_MOVE, next_temp(u), cell, 0);
            push(u);
        }
        emit(u, pos, OP_BUILD_TUPLE, base, base, inner->free_count);
        set_function_part(u, pos, work, FUNCTION_CLOSURE, base);
    }
    release_to(u, mark);
    move(u, pos, dst, work);
}

static bool all_constant(ExprSeq items) {
    for (int32_t i = 0; i < items.count; i++)
        if (items.items[i]->kind != EXPR_Constant)
            return false;
    return true;
}

static void push_positional_defaults(Unit *u, Position pos, ExprSeq defaults) {
    Compiler *c = u->compiler;
    Reg base = next_temp(u);
    if (all_constant(defaults)) {
        Value all = keep(c, tuple_new(c->t, (size_t)defaults.count));
        for (int32_t i = 0; i < defaults.count && !c->failed; i++)
            store(as_object(all), &as_tuple(all)->items[i], defaults.items[i]->Constant.value);
        if (!c->failed)
            load_constant(u, pos, all, base);
    } else {
        for (int32_t i = 0; i < defaults.count; i++) expr_push(u, defaults.items[i]);
        emit(u, pos, OP_BUILD_TUPLE, base, base, defaults.count);
    }
    release_to(u, base & REG_INDEX);
    push(u);
}

/* Pushes the tuple of defaults (true: there is one) and the dict of keyword-only ones. */
bool push_defaults(Unit *u, Position pos, Arguments *args, bool *has_kw_defaults) {
    *has_kw_defaults = false;
    if (args->defaults.count)
        push_positional_defaults(u, pos, args->defaults);
    Reg base = next_temp(u);
    int32_t count = 0;
    for (int32_t i = 0; i < args->kw_defaults.count; i++) {
        if (!args->kw_defaults.items[i])
            continue;
        load_constant(u, pos, mangle(u, args->kwonlyargs.items[i]->arg), next_temp(u));
        push(u);
        expr_push(u, args->kw_defaults.items[i]);
        count++;
    }
    if (count) {
        emit(u, pos, OP_BUILD_DICT, base, base, count);
        release_to(u, base & REG_INDEX);
        push(u);
        *has_kw_defaults = true;
    }
    return args->defaults.count > 0;
}

/* ---- decorators ---- */

/* Each decorator and an empty self below the value: the calls happen in place, from the last to the first. */
Reg decorators(Unit *u, ExprSeq list) {
    Reg base = next_temp(u);
    for (int32_t i = 0; i < list.count; i++) {
        expr_push(u, list.items[i]);
        emit(u, list.items[i]->pos, OP_CLEAR, next_temp(u), 0, 0);
        push(u);
    }
    return base;
}

void apply_decorators(Unit *u, ExprSeq list, Reg base) {
    for (int32_t i = list.count; i-- > 0;) {
        Reg callee = base + 2 * i;
        emit(u, list.items[i]->pos, OP_CALL, callee, 1, callee);
        release_to(u, (callee & REG_INDEX) + 1);
    }
}

/* ---- bodies ---- */

static void set_parameters(Unit *u, Arguments *args) {
    u->argument_count = args->posonlyargs.count + args->args.count;
    u->positional_only_count = args->posonlyargs.count;
    u->keyword_only_count = args->kwonlyargs.count;
}

static Value function_code(Compiler *c, Stmt *s, Value name, Arguments *args, StmtSeq body, bool is_async, int32_t line,
                           Unit **inner) {
    Unit *u = unit_enter(c, symtable_scope(c->table, s), is_async ? UNIT_ASYNC_FUNCTION : UNIT_FUNCTION, name, line);
    if (c->failed)
        return NO_VALUE;
    *inner = u;
    set_parameters(u, args);
    Value doc = docstring_of(c, body);
    StmtSeq rest = body;
    if (present(doc) && !c->failed) {
        u->flags |= CODE_HAS_DOCSTRING;
        constant_index(u, doc);
        rest.items++;
        rest.count--;
    }
    compile_statements(u, rest);
    return unit_finish(c);
}

typedef struct FunctionParts {
    Value name;
    Arguments *args;
    StmtSeq body;
    ExprSeq decorator_list;
    Expr *returns;
    TypeParamSeq type_params;
} FunctionParts;

static FunctionParts parts_of(Stmt *s, bool is_async) {
    if (is_async)
        return (FunctionParts){s->AsyncFunctionDef.name, s->AsyncFunctionDef.args, s->AsyncFunctionDef.body,
                               s->AsyncFunctionDef.decorator_list, s->AsyncFunctionDef.returns,
                               s->AsyncFunctionDef.type_params};
    return (FunctionParts){s->FunctionDef.name,           s->FunctionDef.args,    s->FunctionDef.body,
                           s->FunctionDef.decorator_list, s->FunctionDef.returns, s->FunctionDef.type_params};
}

/* The function to the next temporary, defaults from the given registers (-1: none). */
static void make_function(Unit *u, Stmt *s, FunctionParts *f, bool is_async, int32_t line, Reg defaults,
                          Reg kw_defaults) {
    Compiler *c = u->compiler;
    Reg function = next_temp(u);
    Unit *inner = NULL;
    Scope *scope = symtable_scope(c->table, s);
    Value code = function_code(c, s, f->name, f->args, f->body, is_async, line, &inner);
    make_closure(u, s->pos, code, inner, function);
    push(u);
    if (defaults >= 0)
        set_function_part(u, s->pos, function, FUNCTION_DEFAULTS, defaults);
    if (kw_defaults >= 0)
        set_function_part(u, s->pos, function, FUNCTION_KWDEFAULTS, kw_defaults);
    if (!c->failed)
        annotate_function(u, s->pos, f->name, f->args, f->returns, scope, function);
    release_to(u, function & REG_INDEX);
}

/* A generic function is made by a function of its own, which binds the type parameters and is called with the
 * defaults. */
static void make_generic_function(Unit *u, Stmt *s, FunctionParts *f, bool is_async, int32_t line) {
    Compiler *c = u->compiler;
    Reg callee = next_temp(u);
    int32_t mark = u->top;
    bool has_kw_defaults;
    /* The defaults are evaluated here, before the parameters exist, and then become arguments. */
    emit(u, s->pos, OP_CLEAR, callee, 0, 0);
    push(u);
    emit(u, s->pos, OP_CLEAR, next_temp(u), 0, 0);
    push(u);
    bool has_defaults = push_defaults(u, s->pos, f->args, &has_kw_defaults);
    int32_t count = has_defaults + has_kw_defaults;
    Unit *outer = enter_type_parameters(u, f->type_params, f->name, line);
    if (c->failed)
        return;
    outer->argument_count = outer->positional_only_count = count;
    Reg params = next_temp(outer);
    compile_type_parameters(outer, f->type_params, params);
    push(outer);
    Reg base = next_temp(outer);
    make_function(outer, s, f, is_async, line, has_defaults ? REG_LOCAL | 0 : -1,
                  has_kw_defaults ? REG_LOCAL | (int32_t)has_defaults : -1);
    push(outer);
    emit(outer, s->pos, OP_MOVE, next_temp(outer), params, 0);
    push(outer);
    emit(outer, s->pos, OP_INTRINSIC_2, base, base, INTRINSIC_SET_FUNCTION_TYPE_PARAMS);
    emit(outer, s->pos, OP_RETURN, base, 0, 0);
    Value code = unit_finish(c);
    if (c->failed)
        return;
    Reg function = next_temp(u);
    make_closure(u, s->pos, code, outer, function);
    emit(u, s->pos, OP_MOVE, callee, function, 0);
    emit(u, s->pos, OP_CALL, callee, count, callee);
    release_to(u, mark);
}

void compile_function(Unit *u, Stmt *s, bool is_async) {
    FunctionParts f = parts_of(s, is_async);
    int32_t line = f.decorator_list.count ? f.decorator_list.items[0]->pos.line : s->pos.line, mark = u->top;
    Reg base = decorators(u, f.decorator_list);
    Reg function = next_temp(u);
    if (f.type_params.count) {
        make_generic_function(u, s, &f, is_async, line);
    } else {
        bool has_kw_defaults;
        int32_t first = u->top;
        bool has_defaults = push_defaults(u, s->pos, f.args, &has_kw_defaults);
        make_function(u, s, &f, is_async, line, has_defaults ? REG_TEMP | first : -1,
                      has_kw_defaults ? REG_TEMP | (first + has_defaults) : -1);
        move(u, s->pos, function, next_temp(u));
        release_to(u, first);
    }
    push(u);
    apply_decorators(u, f.decorator_list, base);
    store_name(u, s->pos, f.name, base);
    release_to(u, mark);
}

void compile_lambda(Unit *u, Expr *e, Reg dst) {
    Compiler *c = u->compiler;
    bool has_kw_defaults;
    int32_t first = u->top;
    bool has_defaults = push_defaults(u, e->pos, e->Lambda.args, &has_kw_defaults);
    Value name = keep(c, str_intern_text(c->t, "<lambda>"));
    if (c->failed)
        return;
    Unit *inner = unit_enter(c, symtable_scope(c->table, e), UNIT_LAMBDA, name, e->pos.line);
    if (c->failed)
        return;
    set_parameters(inner, e->Lambda.args);
    const Expr *body = e->Lambda.body;
    if (body->kind == EXPR_Constant && is_none(body->Constant.value))
        return_none(inner, body->pos);
    else
        emit(inner, body->pos, OP_RETURN, expr_last(inner, e->Lambda.body), 0, 0);
    release_to(inner, 0);
    Value code = unit_finish(c);
    Reg function = next_temp(u);
    make_closure(u, e->pos, code, inner, function);
    push(u);
    if (has_defaults)
        set_function_part(u, e->pos, function, FUNCTION_DEFAULTS, REG_TEMP | first);
    if (has_kw_defaults)
        set_function_part(u, e->pos, function, FUNCTION_KWDEFAULTS, REG_TEMP | (first + has_defaults));
    release_to(u, first);
    move(u, e->pos, dst, function);
}
