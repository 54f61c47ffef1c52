/* Comprehensions and generator expressions.
 *
 * A list, set or dict comprehension runs in the frame around it (PEP 709) unless its symbol table says otherwise;
 * its variables are then hidden registers. A generator expression is a function whose only argument is the
 * iterator of its outermost iterable. */
#include "compile/compiler.h"
#include "object/thread.h"

typedef struct Comp {
    Expr *e;
    ComprehensionSeq generators;
    Reg container; /* list, set or dict being filled; unused for generators */
    Position pos;
} Comp;

static ComprehensionSeq generators_of(Expr *e) {
    switch (e->kind) {
    case EXPR_ListComp: return e->ListComp.generators;
    case EXPR_SetComp: return e->SetComp.generators;
    case EXPR_DictComp: return e->DictComp.generators;
    default: return e->GeneratorExp.generators;
    }
}

static Position element_position(Expr *e) {
    switch (e->kind) {
    case EXPR_ListComp: return e->ListComp.elt->pos;
    case EXPR_SetComp: return e->SetComp.elt->pos;
    case EXPR_DictComp: {
        Position pos = e->DictComp.key->pos;
        pos.end_line = e->DictComp.value->pos.end_line;
        pos.end_column = e->DictComp.value->pos.end_column;
        return pos;
    }
    default: return e->GeneratorExp.elt->pos;
    }
}

static void compile_element(Unit *u, Comp *comp) {
    Expr *e = comp->e;
    int32_t mark = u->top;
    switch (e->kind) {
    case EXPR_ListComp: {
        Reg value = expr_last(u, e->ListComp.elt);
        emit(u, e->ListComp.elt->pos, OP_LIST_APPEND, comp->container, value, 0);
        break;
    }
    case EXPR_SetComp: {
        Reg value = expr_last(u, e->SetComp.elt);
        emit(u, e->SetComp.elt->pos, OP_SET_ADD, comp->container, value, 0);
        break;
    }
    case EXPR_DictComp: {
        Reg key = expr(u, e->DictComp.key);
        Reg value = expr_last(u, e->DictComp.value);
        emit(u, element_position(e), OP_DICT_SET, comp->container, key, value);
        break;
    }
    default: {
        Position pos = e->GeneratorExp.elt->pos;
        Reg value = expr_last(u, e->GeneratorExp.elt);
        if (u->scope->is_coroutine) {
            emit(u, pos, OP_ASYNC_GEN_WRAP, next_temp(u), value, 0);
            value = next_temp(u);
        }
        release_to(u, mark);
        emit_yield(u, pos, e->GeneratorExp.elt, next_temp(u), value);
    }
    }
    release_to(u, mark);
}

static void compile_generators(Unit *u, Comp *comp, int32_t i, Reg iterator);

static void compile_inner(Unit *u, Comp *comp, int32_t i, Label next) {
    Comprehension *g = comp->generators.items[i];
    for (int32_t k = 0; k < g->ifs.count; k++) {
        jump_if(u, g->ifs.items[k], next, false);
        emit_line(u, element_position(comp->e), g->ifs.items[k]->pos); /* the jump counts as a part of what it leads to */
    }
    if (i + 1 < comp->generators.count)
        compile_generators(u, comp, i + 1, -1);
    else
        compile_element(u, comp);
}

/* `for x in [y]`, an idiom for assignment, needs no loop. */
static bool compile_as_assignment(Unit *u, Comp *comp, int32_t i) {
    Comprehension *g = comp->generators.items[i];
    ExprSeq items = g->iter->kind == EXPR_List ? g->iter->List.elts : g->iter->kind == EXPR_Tuple ? g->iter->Tuple.elts
                                                                                                  : (ExprSeq){};
    if (g->is_async || items.count != 1 || items.items[0]->kind == EXPR_Starred)
        return false;
    Label next = new_label(u);
    int32_t mark = u->top;
    store_to(u, g->target, expr_last(u, items.items[0]));
    release_to(u, mark);
    compile_inner(u, comp, i, next);
    place(u, next);
    return true;
}

static void compile_sync_generator(Unit *u, Comp *comp, int32_t i, Reg iterator) {
    Comprehension *g = comp->generators.items[i];
    Label start = new_label(u), next = new_label(u), end = new_label(u);
    place(u, start);
    Reg target = g->target->kind == EXPR_Name ? store_target(u, g->target->Name.id) : -1;
    if (target >= 0) {
        emit_jump(u, g->iter->pos, OP_FOR_ITER, target, iterator, end);
        emit_line(u, g->target->pos, g->iter->pos);
    } else {
        emit_jump(u, g->iter->pos, OP_FOR_ITER, next_temp(u), iterator, end);
        Reg item = push(u);
        store_to(u, g->target, item);
        release_to(u, item & REG_INDEX);
    }
    compile_inner(u, comp, i, next);
    place(u, next);
    emit_jump(u, element_position(comp->e), OP_JUMP_BACK, 0, 0, start);
    place(u, end);
}

static void compile_async_generator(Unit *u, Comp *comp, int32_t i, Reg iterator) {
    Comprehension *g = comp->generators.items[i];
    Label start = new_label(u), next = new_label(u), finished = new_label(u);
    place(u, start);
    Reg item = next_temp(u);
    int outer = u->handler;
    u->handler = new_handler(u, finished, item);
    emit(u, comp->pos, OP_GET_ANEXT, item, iterator, 0);
    push(u);
    delegate_to(u, comp->pos, item);
    u->handler = outer;
    push(u);
    store_to(u, g->target, item);
    release_to(u, item & REG_INDEX);
    compile_inner(u, comp, i, next);
    place(u, next);
    emit_jump(u, element_position(comp->e), OP_JUMP_BACK, 0, 0, start);
    place(u, finished);
    emit(u, comp->pos, OP_END_ASYNC_FOR, item, 0, 0);
}

static void compile_generators(Unit *u, Comp *comp, int32_t i, Reg iterator) {
    int32_t mark = u->top;
    Comprehension *g = comp->generators.items[i];
    if (u->compiler->failed || !enter_recursion(u->compiler))
        return;
    if (iterator < 0) {
        if (compile_as_assignment(u, comp, i)) {
            leave_recursion(u->compiler);
            return;
        }
        iterator = next_temp(u);
        Reg iterable = expr_last(u, g->iter);
        release_to(u, mark);
        emit(u, g->iter->pos, g->is_async ? OP_GET_AITER : OP_GET_ITER, iterator, iterable, 0);
        push(u);
    }
    if (g->is_async)
        compile_async_generator(u, comp, i, iterator);
    else
        compile_sync_generator(u, comp, i, iterator);
    release_to(u, mark);
    leave_recursion(u->compiler);
}

/* Where the evaluation of the expression begins. */
static Position first_position(Expr *e) {
    for (;;) {
        switch (e->kind) {
        case EXPR_Call: e = e->Call.func; break;
        case EXPR_Attribute: e = e->Attribute.value; break;
        case EXPR_Subscript: e = e->Subscript.value; break;
        case EXPR_BinOp: e = e->BinOp.left; break;
        case EXPR_Compare: e = e->Compare.left; break;
        case EXPR_BoolOp: e = e->BoolOp.values.items[0]; break;
        case EXPR_IfExp: e = e->IfExp.test; break;
        case EXPR_List:
            if (!e->List.elts.count)
                return e->pos;
            e = e->List.elts.items[0];
            break;
        case EXPR_Tuple:
            if (!e->Tuple.elts.count)
                return e->pos;
            e = e->Tuple.elts.items[0];
            break;
        default: return e->pos;
        }
    }
}

static void build_container(Unit *u, Expr *e, Position pos, Reg dst) {
    if (e->kind == EXPR_GeneratorExp)
        return;
    emit(u, pos, e->kind == EXPR_ListComp ? OP_BUILD_LIST : e->kind == EXPR_SetComp ? OP_BUILD_SET : OP_BUILD_DICT,
         dst, dst, 0);
}

static Reg outermost_iterator(Unit *u, Comprehension *g) {
    Reg iterator = next_temp(u);
    int32_t mark = u->top;
    Reg iterable = expr_last(u, g->iter);
    release_to(u, mark);
    emit(u, g->iter->pos, g->is_async ? OP_GET_AITER : OP_GET_ITER, iterator, iterable, 0);
    return iterator;
}

static void compile_inlined(Unit *u, Comp *comp, Scope *scope, Reg dst) {
    Expr *e = comp->e;
    InlineScope *inner = compile_alloc(u->compiler, sizeof *inner);
    if (!inner)
        return;
    Reg work = working(u, dst);
    comp->container = work;
    build_container(u, e, first_position(comp->generators.items[0]->iter), work); /* whose line comes first */
    if (u->top <= (work & REG_INDEX))
        push(u);
    Reg iterator = outermost_iterator(u, comp->generators.items[0]);
    push(u);
    Comprehension *outermost = comp->generators.items[0];
    if (e->kind == EXPR_ListComp && comp->generators.count == 1 && outermost->ifs.count == 0 && !outermost->is_async)
        emit(u, e->pos, OP_LIST_RESERVE, work, iterator, 0);
    enter_inline_scope(u, inner, scope, e->pos);
    compile_generators(u, comp, 0, iterator);
    leave_inline_scope(u, e->pos);
    release_to(u, work & REG_INDEX);
    move(u, e->pos, dst, work);
}

static Value comprehension_code(Compiler *c, Comp *comp, Scope *scope, Unit **inner) {
    Expr *e = comp->e;
    Value text = format_text(c->t, "<%S>", scope->name);
    Value name = keep(c, present(text) ? str_intern(c->t, text) : text);
    if (c->failed)
        return NO_VALUE;
    Unit *u = unit_enter(c, scope, UNIT_COMPREHENSION, name, e->pos.line);
    if (c->failed)
        return NO_VALUE;
    *inner = u;
    if (e->kind != EXPR_GeneratorExp) {
        comp->container = next_temp(u);
        build_container(u, e, e->pos, comp->container);
        push(u);
    }
    emit(u, e->pos, OP_NOP, 0, 0, 0);
    compile_generators(u, comp, 0, REG_LOCAL | 0);
    if (e->kind == EXPR_GeneratorExp) {
        Comprehension *outermost = comp->generators.items[0];
        Position pos = outermost->is_async ? e->pos : outermost->iter->pos;
        load_constant(u, pos, NONE, next_temp(u));
        emit(u, pos, OP_RETURN, next_temp(u), 0, 0);
    } else {
        emit(u, e->pos, OP_RETURN, comp->container, 0, 0);
    }
    return unit_finish(c);
}

void compile_comprehension(Unit *u, Expr *e, Reg dst) {
    Compiler *c = u->compiler;
    Comp comp = {.e = e, .generators = generators_of(e), .pos = e->pos};
    Scope *scope = symtable_scope(c->table, e);
    if (!scope) {
        raise_system_error(c->t, "comprehension without a scope");
        c->failed = true;
        return;
    }
    Comprehension *outermost = comp.generators.items[0];
    bool is_async = scope->is_coroutine;
    if (is_async && e->kind != EXPR_GeneratorExp && !in_async_function(u) && u->kind != UNIT_COMPREHENSION) {
        compile_error(c, e->pos, "asynchronous comprehension outside of an asynchronous function");
        return;
    }
    if (scope->comp_inlined) {
        compile_inlined(u, &comp, scope, dst);
        return;
    }
    int32_t base = u->top;
    Reg callee = next_temp(u);
    Unit *inner = NULL;
    Value code = comprehension_code(c, &comp, scope, &inner);
    if (c->failed)
        return;
    make_closure(u, e->pos, code, inner, callee);
    push(u);
    emit(u, e->pos, OP_CLEAR, next_temp(u), 0, 0);
    push(u);
    outermost_iterator(u, outermost);
    push(u);
    bool awaited = is_async && e->kind != EXPR_GeneratorExp;
    emit(u, e->pos, OP_CALL, callee, 1, awaited ? callee : dst);
    release_to(u, base);
    if (awaited)
        await_value(u, e->pos, callee, 0, dst);
}
