/* Type parameters and type aliases (PEP 695, 696). */
#include "compile/compiler.h"

/* The unit around a generic definition, in which its type parameters live. */
Unit *enter_type_parameters(Unit *u, TypeParamSeq params, Value of, int32_t line) {
    Compiler *c = u->compiler;
    Value name = keep(c, format_text(c->t, "<generic parameters of %S>", of));
    if (c->failed)
        return u;
    return unit_enter(c, symtable_scope(c->table, params.items), UNIT_ANNOTATION_LIKE, name, line);
}

/* The evaluator of a bound or default after the parameter or its name in temporary `base`; both become `base`. */
static void with_evaluator(Unit *u, Reg base, Scope *scope, Expr *e, Value name, Position pos, bool may_star,
                           Intrinsic intrinsic) {
    release_to(u, base & REG_INDEX);
    push(u);
    compile_evaluator(u, scope, e, name, e->pos, may_star);
    push(u);
    emit(u, pos, OP_INTRINSIC_2, base, base, (int32_t)intrinsic);
    release_to(u, base & REG_INDEX);
}

typedef struct ParamParts {
    Value name;
    Expr *bound, *default_value;
    Intrinsic intrinsic;
} ParamParts;

static ParamParts parts_of(TypeParam *p) {
    switch (p->kind) {
    case TYPE_PARAM_ParamSpec: return (ParamParts){p->ParamSpec.name, NULL, p->ParamSpec.default_value, INTRINSIC_PARAMSPEC};
    case TYPE_PARAM_TypeVarTuple:
        return (ParamParts){p->TypeVarTuple.name, NULL, p->TypeVarTuple.default_value, INTRINSIC_TYPEVARTUPLE};
    default: return (ParamParts){p->TypeVar.name, p->TypeVar.bound, p->TypeVar.default_value, INTRINSIC_TYPEVAR};
    }
}

void compile_type_parameters(Unit *u, TypeParamSeq params, Reg dst) {
    Compiler *c = u->compiler;
    int32_t mark = u->top;
    Reg row = next_temp(u);
    bool seen_default = false;
    for (int32_t i = 0; i < params.count && !c->failed; i++) {
        TypeParam *p = params.items[i];
        ParamParts parts = parts_of(p);
        Reg base = next_temp(u);
        load_constant(u, p->pos, parts.name, base);
        if (parts.bound)
            with_evaluator(u, base, symtable_scope(c->table, p), parts.bound, parts.name, p->pos, false,
                           parts.bound->kind == EXPR_Tuple ||
                                   (parts.bound->kind == EXPR_Constant && is_tuple(parts.bound->Constant.value))
                               ? INTRINSIC_TYPEVAR_WITH_CONSTRAINTS
                               : INTRINSIC_TYPEVAR_WITH_BOUND);
        else
            emit(u, p->pos, OP_INTRINSIC_1, base, base, (int32_t)parts.intrinsic);
        if (parts.default_value) {
            seen_default = true;
            with_evaluator(u, base, symtable_scope(c->table, symtable_default_key(p)), parts.default_value, parts.name,
                           p->pos, p->kind == TYPE_PARAM_TypeVarTuple, INTRINSIC_SET_TYPEPARAM_DEFAULT);
        } else if (seen_default) {
            compile_error(c, p->pos, "non-default type parameter '%S' follows default type parameter", parts.name);
        }
        push(u);
        store_name(u, p->pos, parts.name, base);
    }
    emit(u, params.count ? params.items[0]->pos : NO_POSITION, OP_BUILD_TUPLE, row, row, params.count);
    release_to(u, mark);
    move(u, NO_POSITION, dst, row);
}

/* The alias to the next temporary; its type parameters are in `params` (-1: None). */
static void make_alias(Unit *u, Stmt *s, Reg params) {
    Compiler *c = u->compiler;
    Value name = s->TypeAlias.name->Name.id;
    Reg base = next_temp(u);
    load_constant(u, s->pos, name, base);
    push(u);
    if (params >= 0)
        emit(u, s->pos, OP_MOVE, next_temp(u), params, 0);
    else
        load_constant(u, s->pos, NONE, next_temp(u));
    push(u);
    compile_evaluator(u, symtable_scope(c->table, s), s->TypeAlias.value, name, s->pos, false);
    push(u);
    emit(u, s->pos, OP_BUILD_TUPLE, base, base, 3);
    emit(u, s->pos, OP_INTRINSIC_1, base, base, INTRINSIC_TYPEALIAS);
    release_to(u, base & REG_INDEX);
}

void compile_type_alias(Unit *u, Stmt *s) {
    Compiler *c = u->compiler;
    int32_t mark = u->top;
    Reg alias = next_temp(u);
    TypeParamSeq params = s->TypeAlias.type_params;
    if (params.count) {
        Unit *outer = enter_type_parameters(u, params, s->TypeAlias.name->Name.id, s->pos.line);
        if (c->failed)
            return;
        Reg tuple = next_temp(outer);
        compile_type_parameters(outer, params, tuple);
        push(outer);
        make_alias(outer, s, tuple);
        emit(outer, s->pos, OP_RETURN, next_temp(outer), 0, 0);
        Value code = unit_finish(c);
        if (c->failed)
            return;
        make_closure(u, s->pos, code, outer, alias);
        push(u);
        emit(u, s->pos, OP_CLEAR, next_temp(u), 0, 0);
        push(u);
        emit(u, s->pos, OP_CALL, alias, 0, alias);
        release_to(u, mark);
    } else {
        make_alias(u, s, -1);
    }
    store_name(u, s->pos, s->TypeAlias.name->Name.id, alias);
    release_to(u, mark);
}
