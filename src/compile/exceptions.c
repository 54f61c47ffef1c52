/* try: except clauses and final bodies.
 *
 * Guarding costs nothing until an exception comes: every instruction knows its handler, and the exception table is
 * made of that at the end. A handler finds the exception in temporary E, its first; PREVIOUS, the next one, keeps the
 * exception that was handled before. What goes wrong inside of a handler arrives at its cleanup, which
 * restores that and raises on. */
#include "compile/compiler.h"
#include "object/object.h"

void emit_cleanup(Unit *u, Label label, Reg previous, Reg exception) {
    place(u, label);
    emit(u, NO_POSITION, OP_POP_HANDLED, previous, 0, 0);
    emit(u, NO_POSITION, OP_RERAISE, exception, 1, 0);
}

void unbind_name(Unit *u, Position pos, Value name) {
    Reg reg = store_target(u, name);
    if (reg >= 0) {
        emit(u, pos, OP_CLEAR, reg, 0, 0);
        return;
    }
    load_constant(u, pos, NONE, next_temp(u));
    store_name(u, pos, name, next_temp(u));
    delete_name(u, pos, name);
}

void exit_except_clause(Unit *u, Position pos, Reg previous, Value name) {
    emit(u, pos, OP_POP_HANDLED, previous, 0, 0);
    if (present(name))
        unbind_name(u, pos, name);
}

void compile_try_finally(Unit *u, Stmt *s, void (*body)(Unit *u, Stmt *s)) {
    StmtSeq final = s->kind == STMT_Try ? s->Try.finalbody : s->TryStar.finalbody;
    Label raised = new_label(u), cleanup = new_label(u), end = new_label(u);
    int outer = u->handler, mark = u->top;
    emit(u, s->pos, OP_NOP, 0, 0, 0);
    Block *b = push_block(u, BLOCK_FINALLY, s->pos);
    b->node = s;
    u->handler = new_handler(u, raised, next_temp(u));
    body(u, s);
    pop_block(u);
    u->handler = outer;
    compile_statements(u, final);
    emit_jump(u, NO_POSITION, OP_JUMP, 0, 0, end);

    place(u, raised);
    Reg exception = push(u), previous = next_temp(u);
    emit(u, NO_POSITION, OP_PUSH_HANDLED, previous, exception, 0);
    push(u);
    b = push_block(u, BLOCK_FINALLY_END, s->pos);
    b->handler = outer;
    b->reg = previous;
    u->handler = new_handler(u, cleanup, next_temp(u));
    bool silent = u->compiler->silent;
    u->compiler->silent = true;
    compile_statements(u, final);
    u->compiler->silent = silent;
    pop_block(u);
    emit(u, NO_POSITION, OP_RERAISE, exception, 0, 0);
    u->handler = outer;
    emit_cleanup(u, cleanup, previous, next_temp(u));
    release_to(u, mark);
    place(u, end);
}

static void compile_clause_body(Unit *u, ExceptHandler *clause, Reg exception, Reg previous, int outer, Label end) {
    Value name = clause->ExceptHandler.name;
    Block *b = push_block(u, BLOCK_HANDLER, clause->pos);
    b->handler = outer;
    b->reg = previous;
    b->name = name;
    if (absent(name)) {
        compile_statements(u, clause->ExceptHandler.body);
        pop_block(u);
        emit(u, NO_POSITION, OP_POP_HANDLED, previous, 0, 0);
        emit_jump(u, NO_POSITION, OP_JUMP, 0, 0, end);
        return;
    }
    Label failed = new_label(u);
    int cleanup = u->handler;
    store_name(u, clause->pos, name, exception);
    u->handler = new_handler(u, failed, next_temp(u));
    compile_statements(u, clause->ExceptHandler.body);
    pop_block(u);
    u->handler = cleanup;
    exit_except_clause(u, NO_POSITION, previous, name);
    emit_jump(u, NO_POSITION, OP_JUMP, 0, 0, end);
    place(u, failed);
    Reg raised = push(u);
    unbind_name(u, NO_POSITION, name);
    emit(u, NO_POSITION, OP_RERAISE, raised, 1, 0);
    release_to(u, raised & REG_INDEX);
}

static void compile_clauses(Unit *u, ExceptHandlerSeq clauses, Reg exception, Reg previous, int outer, Label end) {
    for (int32_t i = 0; i < clauses.count && !u->compiler->failed; i++) {
        ExceptHandler *clause = clauses.items[i];
        Expr *type = clause->ExceptHandler.type;
        Label next = new_label(u);
        int32_t mark = u->top;
        if (!type && i + 1 < clauses.count) {
            compile_error(u->compiler, clause->pos, "default 'except:' must be last");
            return;
        }
        if (!type)
            emit(u, clause->pos, OP_NOP, 0, 0, 0); /* the line of `except:` is traced */
        if (type) {
            Reg types = expr_last(u, type), matches = next_temp(u);
            emit(u, clause->pos, OP_MATCH_EXCEPTION, matches, exception, types);
            emit_jump(u, clause->pos, OP_JUMP_IF_FALSE, matches, 0, next);
            release_to(u, mark);
        }
        compile_clause_body(u, clause, exception, previous, outer, end);
        place(u, next);
    }
}

static void compile_try_except(Unit *u, Stmt *s) {
    Label raised = new_label(u), cleanup = new_label(u), end = new_label(u);
    int outer = u->handler, mark = u->top;
    emit(u, s->pos, OP_NOP, 0, 0, 0);
    push_block(u, BLOCK_TRY, s->pos);
    u->handler = new_handler(u, raised, next_temp(u));
    compile_statements(u, s->Try.body);
    pop_block(u);
    u->handler = outer;
    compile_statements(u, s->Try.orelse);
    emit_jump(u, NO_POSITION, OP_JUMP, 0, 0, end);

    place(u, raised);
    Reg exception = push(u), previous = next_temp(u);
    emit(u, NO_POSITION, OP_PUSH_HANDLED, previous, exception, 0);
    push(u);
    u->handler = new_handler(u, cleanup, next_temp(u));
    compile_clauses(u, s->Try.handlers, exception, previous, outer, end);
    emit(u, NO_POSITION, OP_RERAISE, exception, 0, 0);
    u->handler = outer;
    emit_cleanup(u, cleanup, previous, next_temp(u));
    release_to(u, mark);
    place(u, end);
}

static void compile_guarded(Unit *u, Stmt *s) {
    if (s->Try.handlers.count)
        compile_try_except(u, s);
    else
        compile_statements(u, s->Try.body);
}

void compile_try(Unit *u, Stmt *s) {
    if (s->Try.finalbody.count)
        compile_try_finally(u, s, compile_guarded);
    else
        compile_try_except(u, s);
}
