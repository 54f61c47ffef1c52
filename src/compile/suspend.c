/* Suspension: yield, yield from, await. */
#include "compile/compiler.h"

bool top_level_await(Unit *u) {
    return u->kind == UNIT_MODULE && (u->compiler->features & PARSE_ALLOW_TOP_LEVEL_AWAIT);
}

bool in_async_function(Unit *u) { return u->kind == UNIT_ASYNC_FUNCTION || top_level_await(u); }

static bool is_async_generator(Unit *u) { return u->scope->is_coroutine && u->scope->is_generator; }

/* `e`: what the value is of, or NULL. */
void emit_yield(Unit *u, Position pos, Expr *e, Reg dst, Reg value) {
    bool is_new = false;
    if (e && e->kind == EXPR_Tuple && is_temp(value) && !u->compiler->failed) {
        const Ir *last = &u->ir[u->count - 1];
        is_new = last->op == OP_BUILD_TUPLE && last->a == value;
    }
    emit(u, pos, OP_YIELD, dst, value, is_new);
}

void compile_yield(Unit *u, Expr *e, Reg dst) {
    if (u->kind == UNIT_MODULE || u->kind == UNIT_CLASS) {
        compile_error(u->compiler, e->pos, "'yield' outside function");
        return;
    }
    Reg value;
    if (e->Yield.value) {
        value = expr_last(u, e->Yield.value);
    } else {
        load_constant(u, e->pos, NONE, next_temp(u));
        value = push(u);
    }
    if (is_async_generator(u)) {
        Reg wrapped = is_temp(value) ? value : next_temp(u);
        emit(u, e->pos, OP_ASYNC_GEN_WRAP, wrapped, value, 0);
        value = wrapped;
    }
    /* Nothing but what is live below stays so while suspended. */
    if (is_temp(value))
        release_to(u, value & REG_INDEX);
    emit_yield(u, e->pos, e->Yield.value, dst, value);
}

void delegate_to(Unit *u, Position pos, Reg dst) {
    Reg iterator = REG_TEMP | (u->top - 1), received = next_temp(u);
    Label start = new_label(u), thrown = new_label(u), end = new_label(u);
    load_constant(u, pos, NONE, received);
    push(u);
    place(u, start);
    emit_jump(u, pos, OP_SEND, received, iterator, end);
    int outer = u->handler;
    u->handler = new_handler(u, thrown, next_temp(u));
    emit(u, pos, OP_YIELD_FROM, received, iterator, 0);
    u->handler = outer;
    emit_jump(u, pos, OP_JUMP_BACK, 0, 0, start);
    place(u, thrown);
    emit(u, pos, OP_CLEANUP_THROW, received, next_temp(u), 0);
    place(u, end);
    release_to(u, iterator & REG_INDEX);
    move(u, pos, dst, received);
}

void compile_yield_from(Unit *u, Expr *e, Reg dst) {
    if (u->kind == UNIT_MODULE || u->kind == UNIT_CLASS) {
        compile_error(u->compiler, e->pos, "'yield from' outside function");
        return;
    }
    if (u->kind == UNIT_ASYNC_FUNCTION) {
        compile_error(u->compiler, e->pos, "'yield from' inside async function");
        return;
    }
    Reg iterator = next_temp(u);
    Reg value = expr_last(u, e->YieldFrom.value);
    release_to(u, iterator & REG_INDEX);
    emit(u, e->pos, OP_GET_YIELD_FROM_ITER, iterator, value, 0);
    push(u);
    delegate_to(u, e->pos, dst);
}

void await_value(Unit *u, Position pos, Reg value, int kind, Reg dst) {
    emit(u, pos, OP_GET_AWAITABLE, next_temp(u), value, kind);
    push(u);
    delegate_to(u, pos, dst);
}

void compile_await(Unit *u, Expr *e, Reg dst) {
    if (!top_level_await(u)) {
        if (u->kind == UNIT_MODULE || u->kind == UNIT_CLASS) {
            compile_error(u->compiler, e->pos, "'await' outside function");
            return;
        }
        if (u->kind != UNIT_ASYNC_FUNCTION && u->kind != UNIT_COMPREHENSION) {
            compile_error(u->compiler, e->pos, "'await' outside async function");
            return;
        }
    }
    int32_t mark = u->top;
    Reg value = expr_last(u, e->Await.value);
    release_to(u, mark);
    await_value(u, e->pos, value, 0, dst);
}
