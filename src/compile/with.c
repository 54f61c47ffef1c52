/* with, async with. All that belongs to a context manager stands at the position of its expression. */
#include "compile/compiler.h"
#include "object/object.h"

/* __exit__(None, None, None) by the pair that LOAD_SPECIAL left. */
void exit_with(Unit *u, Position pos, Reg pair, bool is_async) {
    int32_t mark = u->top;
    Reg callee = pair;
    if (mark != (pair & REG_INDEX) + 2) {
        callee = next_temp(u);
        emit(u, pos, OP_MOVE, callee, pair, 0);
        push(u);
        emit(u, pos, OP_MOVE, callee + 1, pair + 1, 0);
        push(u);
    }
    for (int i = 0; i < 3; i++) {
        load_constant(u, pos, NONE, next_temp(u));
        push(u);
    }
    emit(u, pos, OP_CALL, callee, 3, callee);
    release_to(u, callee & REG_INDEX);
    if (is_async)
        await_value(u, pos, callee, 2, callee);
    release_to(u, mark);
}

static void compile_with_handler(Unit *u, Position pos, Reg pair, bool is_async, Label raised, int outer) {
    Label cleanup = new_label(u), suppressed = new_label(u);
    place(u, raised);
    Reg exception = push(u), previous = next_temp(u);
    emit(u, pos, OP_PUSH_HANDLED, previous, exception, 0);
    push(u);
    u->handler = new_handler(u, cleanup, next_temp(u));
    Reg result = next_temp(u);
    emit(u, pos, OP_WITH_EXIT_EXCEPTION, result, pair, exception);
    if (is_async)
        await_value(u, pos, result, 2, result);
    emit_jump(u, pos, OP_JUMP_IF_TRUE, result, 0, suppressed);
    emit(u, pos, OP_RERAISE, exception, 1, 0);
    u->handler = outer;
    emit_cleanup(u, cleanup, previous, result);
    place(u, suppressed);
    emit(u, pos, OP_POP_HANDLED, previous, 0, 0);
    release_to(u, exception & REG_INDEX);
}

void compile_with(Unit *u, WithItemSeq items, int index, StmtSeq body, Position statement_pos, bool is_async) {
    WithItem *item = items.items[index];
    Position pos = item->context_expr->pos;
    Label raised = new_label(u), end = new_label(u);
    int outer = u->handler, mark = u->top;
    if (is_async && !in_async_function(u)) {
        compile_error(u->compiler, statement_pos, "'async with' outside async function");
        return;
    }
    Reg manager = expr(u, item->context_expr), pair = next_temp(u);
    emit(u, pos, OP_LOAD_SPECIAL, pair, manager, is_async ? SPECIAL_AEXIT : SPECIAL_EXIT);
    push(u);
    push(u);
    Reg entered = next_temp(u);
    emit(u, pos, OP_LOAD_SPECIAL, entered, manager, is_async ? SPECIAL_AENTER : SPECIAL_ENTER);
    push(u);
    push(u);
    emit(u, pos, OP_CALL, entered, 0, entered);
    release_to(u, entered & REG_INDEX);
    if (is_async)
        await_value(u, pos, entered, 1, entered);

    Block *b = push_block(u, is_async ? BLOCK_ASYNC_WITH : BLOCK_WITH, pos);
    b->reg = pair;
    u->handler = new_handler(u, raised, entered);
    if (item->optional_vars) {
        push(u);
        store_to(u, item->optional_vars, entered);
        release_to(u, entered & REG_INDEX);
    }
    if (u->compiler->failed)
        return; /* nested too deep */
    if (index + 1 < items.count)
        compile_with(u, items, index + 1, body, statement_pos, is_async);
    else
        compile_statements(u, body);
    pop_block(u);
    u->handler = outer;
    exit_with(u, pos, pair, is_async);
    emit_jump(u, pos, OP_JUMP, 0, 0, end);
    compile_with_handler(u, pos, pair, is_async, raised, outer);
    release_to(u, mark);
    place(u, end);
}
