/* Loops, and the ways out of blocks: break, continue, return.
 *
 * Leaving a block early runs what the block promised: final bodies are compiled once more in place, `with` calls
 * __exit__, an except clause restores the exception handled before. While that code is emitted the blocks and the
 * handler are those outside of the block being left, so nothing there is guarded by what it has already left. */
#include "compile/compiler.h"

Block *push_block(Unit *u, BlockKind kind, Position pos) {
    if (u->block_count >= MAX_BLOCKS) {
        compile_error(u->compiler, pos, "too many statically nested blocks");
        return u->blocks + MAX_BLOCKS - 1;
    }
    Block *b = &u->blocks[u->block_count++];
    *b = (Block){.kind = kind, .start = NO_LABEL, .exit = NO_LABEL, .handler = u->handler, .reg = -1, .pos = pos};
    return b;
}

void pop_block(Unit *u) {
    if (u->block_count > 0)
        u->block_count--;
}

static bool is_loop(const Block *b) {
    return b->kind == BLOCK_WHILE || b->kind == BLOCK_FOR || b->kind == BLOCK_ASYNC_FOR;
}

/* Does leaving this block run anything that could change a variable? */
static bool runs_code(const Block *b) {
    return b->kind == BLOCK_FINALLY || b->kind == BLOCK_WITH || b->kind == BLOCK_ASYNC_WITH || b->kind == BLOCK_HANDLER;
}

/* A loop is left before its iterator is exhausted. What a call returned is mostly the loop's alone. */
static void drop_iterator(Unit *u, const Block *b, Position pos) {
    const Stmt *s = b->node;
    if (!s || (s->kind != STMT_For && s->kind != STMT_AsyncFor))
        return;
    const Expr *iterable = s->kind == STMT_For ? s->For.iter : s->AsyncFor.iter;
    if (iterable->kind == EXPR_Call || iterable->kind == EXPR_GeneratorExp)
        emit(u, pos, OP_DROP_ITERATOR, b->reg, 0, 0);
}

static void leave_block(Unit *u, Block *b, Position *pos) {
    switch (b->kind) {
    case BLOCK_FINALLY: {
        bool silent = u->compiler->silent;
        u->compiler->silent = true;
        const Stmt *s = b->node;
        compile_statements(u, s->kind == STMT_Try ? s->Try.finalbody : s->TryStar.finalbody);
        u->compiler->silent = silent;
        *pos = NO_POSITION;
        break;
    }
    case BLOCK_FINALLY_END: emit(u, *pos, OP_POP_HANDLED, b->reg, 0, 0); break;
    case BLOCK_WITH:
    case BLOCK_ASYNC_WITH:
        *pos = b->pos;
        exit_with(u, *pos, b->reg, b->kind == BLOCK_ASYNC_WITH);
        break;
    case BLOCK_HANDLER: exit_except_clause(u, *pos, b->reg, b->name); break;
    case BLOCK_FOR:
    case BLOCK_ASYNC_FOR: drop_iterator(u, b, *pos); break;
    default: break;
    }
}

/* Leaves the blocks above number `keep_blocks`. */
static void leave_blocks(Unit *u, Position *pos, int keep_blocks) {
    Block saved[MAX_BLOCKS];
    int count = u->block_count, handler = u->handler;
    memcpy(saved, u->blocks, sizeof saved);
    for (int i = count; i-- > keep_blocks && !u->compiler->failed;) {
        if (saved[i].kind == BLOCK_STAR_HANDLER) {
            compile_error(u->compiler, *pos, "'break', 'continue' and 'return' cannot appear in an except* block");
            return;
        }
        u->block_count = i;
        u->handler = saved[i].handler;
        leave_block(u, &saved[i], pos);
    }
    memcpy(u->blocks, saved, sizeof saved);
    u->block_count = count;
    u->handler = handler;
}

void compile_return(Unit *u, Stmt *s) {
    Expr *value = s->Return.value;
    Position pos = s->pos;
    if (u->kind == UNIT_MODULE || u->kind == UNIT_CLASS) {
        compile_error(u->compiler, pos, "'return' outside function");
        return;
    }
    if (value && u->scope->is_coroutine && u->scope->is_generator) {
        compile_error(u->compiler, pos, "'return' with value in async generator");
        return;
    }
    int32_t mark = u->top;
    bool later = !value || value->kind == EXPR_Constant, copy = false;
    for (int i = 0; i < u->block_count; i++) copy |= runs_code(&u->blocks[i]);
    Reg result = -1;
    if (!later) {
        result = copy ? expr_push(u, value) : expr_last(u, value);
    } else if (value) {
        pos = value->pos;
        emit(u, pos, OP_NOP, 0, 0, 0);
    }
    if (!value || s->pos.line != value->pos.line) {
        pos = s->pos;
        emit(u, pos, OP_NOP, 0, 0, 0);
    }
    leave_blocks(u, &pos, 0);
    if (later && (!value || is_none(value->Constant.value))) {
        return_none(u, pos);
    } else {
        if (later)
            load_constant(u, pos, value->Constant.value, result = next_temp(u));
        emit(u, pos, OP_RETURN, result, 0, 0);
    }
    release_to(u, mark);
}

static void leave_loop(Unit *u, Stmt *s, bool again) {
    int i = u->block_count;
    while (i > 0 && !is_loop(&u->blocks[i - 1]) && u->blocks[i - 1].kind != BLOCK_STAR_HANDLER) i--;
    Position pos = s->pos;
    emit(u, pos, OP_NOP, 0, 0, 0);
    if (i > 0 && u->blocks[i - 1].kind == BLOCK_STAR_HANDLER) {
        compile_error(u->compiler, pos, "'break', 'continue' and 'return' cannot appear in an except* block");
        return;
    }
    if (i == 0) {
        compile_error(u->compiler, pos, again ? "'continue' not properly in loop" : "'break' outside loop");
        return;
    }
    Block loop = u->blocks[i - 1];
    leave_blocks(u, &pos, i);
    if (!again)
        drop_iterator(u, &loop, pos);
    int handler = u->handler;
    u->handler = loop.handler;
    emit_jump(u, pos, again ? OP_JUMP_BACK : OP_JUMP, 0, 0, again ? loop.start : loop.exit);
    u->handler = handler;
}

void compile_break(Unit *u, Stmt *s) { leave_loop(u, s, false); }
void compile_continue(Unit *u, Stmt *s) { leave_loop(u, s, true); }

void compile_while(Unit *u, Stmt *s) {
    Label start = new_label(u), otherwise = new_label(u), end = new_label(u);
    place(u, start);
    Block *b = push_block(u, BLOCK_WHILE, s->pos);
    b->start = start;
    b->exit = end;
    jump_if(u, s->While.test, otherwise, false);
    compile_statements(u, s->While.body);
    emit_jump(u, NO_POSITION, OP_JUMP_BACK, 0, 0, start);
    pop_block(u);
    place(u, otherwise);
    compile_statements(u, s->While.orelse);
    place(u, end);
}

void compile_for(Unit *u, Stmt *s) {
    Label start = new_label(u), otherwise = new_label(u), end = new_label(u);
    Expr *target = s->For.target;
    Position pos = s->For.iter->pos;
    int32_t mark = u->top;
    Block *b = push_block(u, BLOCK_FOR, s->pos);
    b->start = start;
    b->exit = end;
    Reg iterator = next_temp(u);
    b->node = s;
    b->reg = iterator;
    Reg iterable = expr_last(u, s->For.iter);
    release_to(u, mark);
    emit(u, pos, OP_GET_ITER, iterator, iterable, 0);
    push(u);
    place(u, start);
    Reg variable = target->kind == EXPR_Name ? store_target(u, target->Name.id) : -1;
    if (variable >= 0) {
        emit_jump(u, pos, OP_FOR_ITER, variable, iterator, otherwise);
        emit(u, target->pos, OP_NOP, 0, 0, 0);
    } else {
        emit_jump(u, pos, OP_FOR_ITER, next_temp(u), iterator, otherwise);
        Reg item = push(u);
        store_to(u, target, item);
    }
    release_to(u, mark + 1);
    compile_statements(u, s->For.body);
    emit_jump(u, NO_POSITION, OP_JUMP_BACK, 0, 0, start);
    pop_block(u);
    release_to(u, mark);
    place(u, otherwise);
    emit(u, pos, OP_NOP, 0, 0, 0);
    compile_statements(u, s->For.orelse);
    place(u, end);
}

void compile_async_for(Unit *u, Stmt *s) {
    Label start = new_label(u), finished = new_label(u), end = new_label(u);
    Position pos = s->AsyncFor.iter->pos;
    if (!in_async_function(u)) {
        compile_error(u->compiler, s->pos, "'async for' outside async function");
        return;
    }
    int32_t mark = u->top;
    Reg iterator = next_temp(u);
    Reg iterable = expr_last(u, s->AsyncFor.iter);
    release_to(u, mark);
    emit(u, pos, OP_GET_AITER, iterator, iterable, 0);
    push(u);
    place(u, start);
    Block *b = push_block(u, BLOCK_ASYNC_FOR, s->pos);
    b->start = start;
    b->exit = end;
    b->node = s;
    b->reg = iterator;
    Reg item = next_temp(u);
    int outer = u->handler;
    u->handler = new_handler(u, finished, item);
    emit(u, s->pos, OP_GET_ANEXT, item, iterator, 0);
    push(u);
    delegate_to(u, s->pos, item);
    u->handler = outer;
    push(u);
    store_to(u, s->AsyncFor.target, item);
    release_to(u, mark + 1);
    compile_statements(u, s->AsyncFor.body);
    emit_jump(u, NO_POSITION, OP_JUMP_BACK, 0, 0, start);
    pop_block(u);
    place(u, finished);
    emit(u, pos, OP_END_ASYNC_FOR, item, 0, 0);
    release_to(u, mark);
    compile_statements(u, s->AsyncFor.orelse);
    place(u, end);
}
