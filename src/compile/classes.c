/* Class definitions. */
#include "compile/compiler.h"
#include "types/tuple.h"

/* `self.x = ...` in a method: the class learns that its instances have an x. */
void note_static_attribute(Unit *u, Expr *attribute) {
    Expr *object = attribute->Attribute.value;
    if (u->compiler->failed || object->kind != EXPR_Name || !str_equal_text(object->Name.id, "self"))
        return;
    for (Unit *outer = u; outer; outer = outer->parent)
        if (outer->kind == UNIT_CLASS) {
            const_table_add(u->compiler, &outer->static_attributes, attribute->Attribute.attr);
            return;
        }
}

static int by_text(const void *a, const void *b) {
    return str_compare(thread_current(), *(const Value *)a, *(const Value *)b);
}

static Value static_attributes_tuple(Unit *u) {
    Compiler *c = u->compiler;
    ConstTable *table = &u->static_attributes;
    if (table->count)
        qsort(table->values, (size_t)table->count, sizeof(Value), by_text);
    return keep(c, tuple_from_values(c->t, table->values, (size_t)table->count));
}

static void store_constant(Unit *u, Position pos, Value constant, Value name) {
    load_constant(u, pos, constant, next_temp(u));
    store_name(u, pos, name, next_temp(u));
}

static void class_prelude(Unit *u, Position pos, bool generic) {
    load_name(u, pos, names.__name__, next_temp(u));
    store_name(u, pos, names.__module__, next_temp(u));
    store_constant(u, pos, u->qualname, names.__qualname__);
    store_constant(u, pos, small_int(u->first_line), names.__firstlineno__);
    if (generic) {
        load_name(u, pos, names.dot_type_params, next_temp(u));
        store_name(u, pos, names.__type_params__, next_temp(u));
    }
    if (u->scope->needs_classdict) {
        emit(u, pos, OP_LOAD_LOCALS, next_temp(u), 0, 0);
        emit(u, pos, OP_STORE_DEREF, cell_register(u, names.__classdict__), next_temp(u), 0);
    }
    if (u->scope->has_conditional_annotations) {
        emit(u, pos, OP_BUILD_SET, next_temp(u), next_temp(u), 0);
        emit(u, pos, OP_STORE_DEREF, cell_register(u, names.__conditional_annotations__), next_temp(u), 0);
    }
}

static void class_epilogue(Unit *u) {
    Position none = NO_POSITION;
    Value attributes = static_attributes_tuple(u);
    if (u->compiler->failed)
        return;
    store_constant(u, none, attributes, names.__static_attributes__);
    if (u->scope->needs_classdict)
        store_name(u, none, names.__classdictcell__, cell_register(u, names.__classdict__));
    if (u->scope->needs_class_closure) {
        Reg cell = cell_register(u, names.__class__);
        store_name(u, none, names.__classcell__, cell);
        emit(u, none, OP_RETURN, cell, 0, 0);
    } else {
        return_none(u, none);
    }
}

static Value class_code(Compiler *c, Stmt *s, int32_t line, Unit **inner) {
    Unit *u = unit_enter(c, symtable_scope(c->table, s), UNIT_CLASS, s->ClassDef.name, line);
    if (c->failed)
        return NO_VALUE;
    *inner = u;
    Position pos = {line, 0, line, 0};
    class_prelude(u, pos, s->ClassDef.type_params.count > 0);
    compile_body(u, s->ClassDef.body);
    if (!(c->features & PARSE_FUTURE_ANNOTATIONS))
        compile_deferred_annotations(u, pos);
    class_epilogue(u);
    return unit_finish(c);
}

/* The call of __build_class__ with the body's function, the name, the bases; the class goes to the next temporary. */
static void build_class(Unit *u, Stmt *s, int32_t line, Value generic_base) {
    Compiler *c = u->compiler;
    Reg base = next_temp(u);
    Unit *inner = NULL;
    Value code = class_code(c, s, line, &inner);
    if (c->failed)
        return;
    emit(u, s->pos, OP_LOAD_BUILD_CLASS, base, 0, 0);
    push(u);
    emit(u, s->pos, OP_CLEAR, next_temp(u), 0, 0);
    push(u);
    make_closure(u, s->pos, code, inner, next_temp(u));
    push(u);
    load_constant(u, s->pos, s->ClassDef.name, next_temp(u));
    push(u);
    if (present(generic_base)) {
        /* The bases come first, as text has them; Generic[...] last. */
        load_name(u, s->pos, names.dot_type_params, next_temp(u));
        emit(u, s->pos, OP_INTRINSIC_1, next_temp(u), next_temp(u), INTRINSIC_SUBSCRIPT_GENERIC);
        store_name(u, s->pos, generic_base, next_temp(u));
    }
    call_with(u, s->pos, base & REG_INDEX, 2, s->ClassDef.bases, generic_base, s->ClassDef.keywords, base);
}

static void build_generic_class(Unit *u, Stmt *s, int32_t line) {
    Compiler *c = u->compiler;
    Reg callee = next_temp(u);
    Unit *outer = enter_type_parameters(u, s->ClassDef.type_params, s->ClassDef.name, line);
    if (c->failed)
        return;
    compile_type_parameters(outer, s->ClassDef.type_params, next_temp(outer));
    store_name(outer, s->pos, names.dot_type_params, next_temp(outer));
    Reg result = next_temp(outer);
    build_class(outer, s, line, names.dot_generic_base);
    emit(outer, s->pos, OP_RETURN, result, 0, 0);
    Value code = unit_finish(c);
    if (c->failed)
        return;
    make_closure(u, s->pos, code, outer, callee);
    push(u);
    emit(u, s->pos, OP_CLEAR, next_temp(u), 0, 0);
    push(u);
    emit(u, s->pos, OP_CALL, callee, 0, callee);
    release_to(u, callee & REG_INDEX);
}

void compile_class(Unit *u, Stmt *s) {
    ExprSeq list = s->ClassDef.decorator_list;
    int32_t line = list.count ? list.items[0]->pos.line : s->pos.line, mark = u->top;
    Reg base = decorators(u, list);
    if (s->ClassDef.type_params.count)
        build_generic_class(u, s, line);
    else
        build_class(u, s, line, NO_VALUE);
    push(u);
    apply_decorators(u, list, base);
    store_name(u, s->pos, s->ClassDef.name, base);
    release_to(u, mark);
}
