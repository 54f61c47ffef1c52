/* try/except*: each clause takes its part of the group; what clauses raise and what nobody took is raised together
 * at the end.
 *
 * Temporaries of the handler: the exception, the one handled before, the list of what to raise, the rest of the
 * group that no clause took yet. */
#include "compile/compiler.h"

typedef struct StarHandler {
    Reg exception, previous, raised, rest;
    int cleanup;
} StarHandler;

static void compile_clause(Unit *u, StarHandler *h, ExceptHandler *clause) {
    Label next = new_label(u), failed = new_label(u);
    Value name = clause->ExceptHandler.name;
    int32_t mark = u->top;
    Reg pair = next_temp(u);
    Reg types = expr_last(u, clause->ExceptHandler.type);
    release_to(u, mark);
    emit(u, clause->pos, OP_MATCH_EXCEPTION_GROUP, pair, h->rest, types);
    push(u);
    push(u);
    emit(u, clause->pos, OP_MOVE, h->rest, pair, 0);
    emit_jump(u, clause->pos, OP_JUMP_IF_NONE, pair + 1, 0, next);
    emit(u, clause->pos, OP_POP_HANDLED, pair + 1, 0, 0);
    if (present(name))
        store_name(u, clause->pos, name, pair + 1);
    release_to(u, mark);

    push_block(u, BLOCK_STAR_HANDLER, clause->pos);
    u->handler = new_handler(u, failed, next_temp(u));
    compile_statements(u, clause->ExceptHandler.body);
    pop_block(u);
    u->handler = h->cleanup;
    if (present(name))
        unbind_name(u, NO_POSITION, name);
    emit_jump(u, NO_POSITION, OP_JUMP, 0, 0, next);

    place(u, failed);
    Reg raised = push(u);
    if (present(name))
        unbind_name(u, NO_POSITION, name);
    emit(u, NO_POSITION, OP_LIST_APPEND, h->raised, raised, 0);
    release_to(u, mark);
    place(u, next);
}

static void compile_star_handler(Unit *u, Stmt *s, Label raised, int outer) {
    Label cleanup = new_label(u), no_rest = new_label(u), nothing = new_label(u);
    place(u, raised);
    StarHandler h;
    h.exception = push(u);
    h.previous = next_temp(u);
    emit(u, NO_POSITION, OP_PUSH_HANDLED, h.previous, h.exception, 0);
    push(u);
    u->handler = h.cleanup = new_handler(u, cleanup, next_temp(u));
    h.raised = next_temp(u);
    emit(u, NO_POSITION, OP_BUILD_LIST, h.raised, h.raised, 0);
    push(u);
    h.rest = next_temp(u);
    emit(u, NO_POSITION, OP_MOVE, h.rest, h.exception, 0);
    push(u);
    for (int32_t i = 0; i < s->TryStar.handlers.count && !u->compiler->failed; i++)
        compile_clause(u, &h, s->TryStar.handlers.items[i]);
    emit_jump(u, NO_POSITION, OP_JUMP_IF_NONE, h.rest, 0, no_rest);
    emit(u, NO_POSITION, OP_LIST_APPEND, h.raised, h.rest, 0);
    place(u, no_rest);
    emit(u, NO_POSITION, OP_MERGE_EXCEPTION_STAR, h.rest, h.exception, h.raised);
    emit_jump(u, NO_POSITION, OP_JUMP_IF_NONE, h.rest, 0, nothing);
    emit(u, NO_POSITION, OP_RERAISE, h.rest, 0, 0);
    u->handler = outer;
    release_to(u, h.raised & REG_INDEX);
    emit_cleanup(u, cleanup, h.previous, next_temp(u));
    place(u, nothing);
    emit(u, NO_POSITION, OP_POP_HANDLED, h.previous, 0, 0);
    release_to(u, h.exception & REG_INDEX);
}

static void compile_star_guarded(Unit *u, Stmt *s) {
    Label raised = new_label(u), end = new_label(u);
    int outer = u->handler;
    emit(u, s->pos, OP_NOP, 0, 0, 0);
    push_block(u, BLOCK_TRY, s->pos);
    u->handler = new_handler(u, raised, next_temp(u));
    compile_statements(u, s->TryStar.body);
    pop_block(u);
    u->handler = outer;
    compile_statements(u, s->TryStar.orelse);
    emit_jump(u, NO_POSITION, OP_JUMP, 0, 0, end);
    compile_star_handler(u, s, raised, outer);
    place(u, end);
}

static void compile_star_or_body(Unit *u, Stmt *s) {
    if (s->TryStar.handlers.count)
        compile_star_guarded(u, s);
    else
        compile_statements(u, s->TryStar.body);
}

void compile_try_star(Unit *u, Stmt *s) {
    if (s->TryStar.finalbody.count)
        compile_try_finally(u, s, compile_star_or_body);
    else
        compile_star_guarded(u, s);
}
