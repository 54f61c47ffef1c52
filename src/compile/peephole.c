/* Improves a unit's instructions before they get their places: threads jumps, drops what cannot be reached, and drops
 * no-ops except for those that are all that is left of a source line (tracing and coverage want to see it). */
#include "compile/compiler.h"

static int32_t target_of(Unit *u, const Ir *i) { return i->target == NO_LABEL ? -1 : u->labels[i->target]; }

/* ---- jumps to jumps ---- */

static void thread_jump(Unit *u, Ir *ir) {
    for (int hops = 0; hops < 16; hops++) {
        int32_t at = target_of(u, ir);
        if (at < 0 || at >= u->count)
            return;
        Ir *next = &u->ir[at];
        if (next == ir || (next->op != OP_JUMP && next->op != OP_JUMP_BACK) ||
            (next->pos.line != 0 && next->pos.line != ir->pos.line))
            return;
        if (next->op == OP_JUMP_BACK) { /* every turn of a loop passes a safepoint */
            if (ir->op != OP_JUMP)
                return;
            ir->op = OP_JUMP_BACK;
        }
        ir->target = next->target;
    }
}

static void thread_jumps(Unit *u) {
    for (int32_t i = 0; i < u->count; i++)
        if (u->ir[i].target != NO_LABEL)
            thread_jump(u, &u->ir[i]);
}

/* ---- reachability ---- */

static void reach(bool *reached, int32_t *work, int32_t *count, int32_t at) {
    if (at >= 0 && !reached[at]) {
        reached[at] = true;
        work[(*count)++] = at;
    }
}

/* Keeps the instructions that `keep` marks; labels move on to the next kept one. */
static void compact(Unit *u, const bool *kept) {
    int32_t *place = compile_alloc(u->compiler, (size_t)(u->count + 1) * sizeof *place);
    if (!place)
        return;
    int32_t count = 0;
    for (int32_t i = 0; i < u->count; i++) {
        place[i] = count;
        if (kept[i])
            u->ir[count++] = u->ir[i];
    }
    place[u->count] = count;
    for (int32_t l = 0; l < u->label_count; l++)
        if (u->labels[l] >= 0)
            u->labels[l] = place[u->labels[l]];
    u->count = count;
}

/* What can be reached from the start, with or without the handlers of exceptions. NULL: no memory. */
static bool *find_reachable(Unit *u, bool with_handlers) {
    bool *reached = compile_alloc(u->compiler, (size_t)u->count + 1);
    int32_t *work = compile_alloc(u->compiler, (size_t)(u->count + 1) * sizeof *work), count = 0;
    if (!work)
        return NULL;
    reach(reached, work, &count, 0);
    while (count) {
        int32_t i = work[--count];
        Ir *ir = &u->ir[i];
        reach(reached, work, &count, target_of(u, ir));
        if (with_handlers && ir->handler >= 0 && may_raise(ir->op))
            reach(reached, work, &count, u->labels[u->handlers[ir->handler].label]);
        if (!ends_line(ir->op) && i + 1 < u->count)
            reach(reached, work, &count, i + 1);
    }
    return reached;
}

static void drop_unreachable(Unit *u) {
    bool *reached = find_reachable(u, true);
    if (reached)
        compact(u, reached);
}

/* ---- positions and no-ops ---- */

static bool *jump_targets(Unit *u) {
    bool *is_target = compile_alloc(u->compiler, (size_t)u->count + 1);
    if (!is_target)
        return NULL;
    for (int32_t i = 0; i < u->count; i++) {
        int32_t at = target_of(u, &u->ir[i]);
        if (at >= 0)
            is_target[at] = true;
        if (u->ir[i].handler >= 0)
            is_target[u->labels[u->handlers[u->ir[i].handler].label]] = true;
    }
    return is_target;
}

/* Artificial instructions belong to what they follow. */
static void propagate_positions(Unit *u) {
    for (int32_t i = 1; i < u->count; i++)
        if (u->ir[i].pos.line == 0 && !ends_line(u->ir[i - 1].op))
            u->ir[i].pos = u->ir[i - 1].pos;
}

enum { MAX_EXIT = 4 };

/* The number of instructions of the straight line at `at` if it ends there, and none of them has a position. */
static int32_t bare_exit(Unit *u, int32_t at) {
    for (int32_t n = 0; n < MAX_EXIT && at + n < u->count; n++) {
        const Ir *ir = &u->ir[at + n];
        if (ir->pos.line != 0 || (ir->target != NO_LABEL && !ends_line(ir->op)))
            return 0;
        if (ends_line(ir->op))
            return n + 1;
    }
    return 0;
}

static Label append_copy(Unit *u, int32_t at, int32_t size, Position pos) {
    Label label = new_label(u);
    place(u, label);
    for (int32_t n = 0; n < size && !u->compiler->failed; n++) {
        Ir *ir = grow(u->compiler, u->ir, u->count, &u->capacity, sizeof(Ir));
        if (!ir)
            break;
        u->ir = ir;
        ir[u->count] = ir[at + n];
        ir[u->count++].pos = pos;
    }
    return label;
}

/* A way out that no line of the source stands for (falling off the end of a function or of a loop's body) is
 * copied for each jump to it: it belongs to the line that jumps, as tracing should see it. */
static void copy_bare_exits(Unit *u) {
    int32_t count = u->count;
    Position pos = NO_POSITION;
    for (int32_t i = 0; i < count && !u->compiler->failed; i++) {
        Ir *ir = &u->ir[i];
        if (i > 0 && ends_line(u->ir[i - 1].op))
            pos = NO_POSITION;
        if (ir->pos.line != 0)
            pos = ir->pos;
        int32_t at = target_of(u, ir), size;
        if (at < 0 || pos.line == 0 || ir->op == OP_JUMP_BACK || (size = bare_exit(u, at)) == 0)
            continue;
        if (ir->op == OP_JUMP)
            continue; /* put_in_order() puts the exit in its place */
        Label label = append_copy(u, at, size, pos);
        u->ir[i].target = label;
    }
}

/* ---- order ---- */

/* Appends the instruction to the new order. NULL: no memory. */
static Ir *put_last(Unit *u, Ir **order, int32_t *count, int32_t *capacity, const Ir *ir) {
    Ir *grown = grow(u->compiler, *order, *count, capacity, sizeof(Ir));
    if (!grown)
        return NULL;
    *order = grown;
    grown[*count] = *ir;
    return &grown[(*count)++];
}

/* Instructions that only an exception leads to move behind all others: the way without one runs straight on, as
 * sys.monitoring tells it, and lies together in memory. Jumps to a bare exit become that exit. */
static void put_in_order(Unit *u) {
    bool *ordinary = find_reachable(u, false);
    int32_t *place_of = compile_alloc(u->compiler, (size_t)(u->count + 1) * sizeof *place_of);
    if (!place_of)
        return;
    Ir *order = NULL;
    int32_t count = 0, capacity = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t i = 0; i < u->count; i++) {
            if (ordinary[i] == (pass == 1))
                continue;
            place_of[i] = count;
            Ir ir = u->ir[i];
            int32_t at = ir.op == OP_JUMP ? target_of(u, &ir) : -1, size = at < 0 ? 0 : bare_exit(u, at);
            for (int32_t n = 0; n < (size ? size : 1); n++) {
                Ir *put = put_last(u, &order, &count, &capacity, size ? &u->ir[at + n] : &ir);
                if (!put)
                    return;
                put->pos = ir.pos; /* an exit has none itself */
            }
            if (pass == 0 || ends_line(ir.op) || i + 1 >= u->count || !ordinary[i + 1])
                continue;
            int32_t bare = bare_exit(u, i + 1);
            for (int32_t n = 0; n < bare; n++)
                if (!put_last(u, &order, &count, &capacity, &u->ir[i + 1 + n]))
                    return;
            if (bare)
                continue;
            Ir jump = {OP_JUMP, 0, 0, 0, new_label(u), ir.handler, ir.live, NO_POSITION};
            if (u->compiler->failed || !put_last(u, &order, &count, &capacity, &jump))
                return;
            u->labels[jump.target] = i + 1;
        }
    }
    place_of[u->count] = count;
    for (int32_t l = 0; l < u->label_count; l++)
        if (u->labels[l] >= 0)
            u->labels[l] = place_of[u->labels[l]];
    u->ir = order;
    u->count = count;
    u->capacity = capacity;
}

static void jumps_to_next_become_nops(Unit *u) {
    for (int32_t i = 0; i < u->count; i++)
        if (u->ir[i].op == OP_JUMP && target_of(u, &u->ir[i]) == i + 1)
            u->ir[i] = (Ir){OP_NOP, 0, 0, 0, NO_LABEL, u->ir[i].handler, u->ir[i].live, u->ir[i].pos};
}

static void drop_nops(Unit *u) {
    bool *is_target = jump_targets(u), *kept = compile_alloc(u->compiler, (size_t)u->count + 1);
    if (!kept)
        return;
    int32_t previous_line = -1; /* of the straight line that leads here */
    for (int32_t i = 0; i < u->count; i++) {
        Ir *ir = &u->ir[i];
        if (is_target[i])
            previous_line = -1;
        kept[i] = true;
        if (ir->op == OP_NOP && i + 1 < u->count) {
            int32_t line = ir->pos.line, after = i + 1;
            while (after + 1 < u->count && u->ir[after].op == OP_NOP && u->ir[after].pos.line == 0) after++;
            Ir *next = &u->ir[after];
            /* Of two for one line the first stays if they have different handlers: `try` itself is not guarded. */
            bool goes_next = next->op == OP_NOP && next->handler != ir->handler && !is_target[after];
            if (line == 0 || line == previous_line || (line == next->pos.line && !goes_next))
                kept[i] = false;
        }
        if (kept[i])
            previous_line = ends_line(ir->op) || ir->op == OP_RESUME || ir->op == OP_RETURN_GENERATOR ? -1 : ir->pos.line;
    }
    compact(u, kept);
}

void peephole(Unit *u) {
    if (u->compiler->failed)
        return;
    thread_jumps(u);
    drop_unreachable(u);
    copy_bare_exits(u);
    drop_unreachable(u);
    put_in_order(u);
    drop_unreachable(u);
    propagate_positions(u);
    remove_bound_checks(u);
    for (int round = 0; round < 2 && !u->compiler->failed; round++) {
        jumps_to_next_become_nops(u);
        drop_nops(u);
        thread_jumps(u);
        drop_unreachable(u);
    }
}
