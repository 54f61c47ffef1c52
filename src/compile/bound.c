/* Definite assignment: which reads of variables need no check that they are bound.
 *
 * A forward data-flow analysis over basic blocks with one bit per variable ("bound on every path"). Handlers start
 * with what was bound throughout the code that they guard. Very large functions keep all their checks. */
#include "compile/compiler.h"

enum { MAX_BITS = 1 << 25 };

typedef struct Flow {
    Unit *u;
    int32_t words, block_count;
    int32_t *block_of; /* by instruction; valid at the first of each block */
    int32_t *starts;   /* block_count + 1 of them */
    uint64_t *in;      /* by block */
    uint64_t *now;
    bool changed;
} Flow;

static bool any_check(Unit *u) {
    for (int32_t i = 0; i < u->count; i++)
        if (u->ir[i].op == OP_CHECK_BOUND)
            return true;
    return false;
}

static bool make_blocks(Flow *f) {
    Unit *u = f->u;
    bool *leader = compile_alloc(u->compiler, (size_t)u->count + 1);
    f->block_of = compile_alloc(u->compiler, (size_t)(u->count + 1) * sizeof(int32_t));
    f->starts = compile_alloc(u->compiler, (size_t)(u->count + 1) * sizeof(int32_t));
    if (!f->starts)
        return false;
    leader[0] = true;
    for (int32_t i = 0; i < u->count; i++) {
        if (u->ir[i].target != NO_LABEL) {
            leader[u->labels[u->ir[i].target]] = true;
            leader[i + 1] = true;
        }
        if (u->ir[i].handler >= 0)
            leader[u->labels[u->handlers[u->ir[i].handler].label]] = true;
        if (ends_line(u->ir[i].op))
            leader[i + 1] = true;
    }
    for (int32_t i = 0; i < u->count; i++) {
        if (leader[i])
            f->starts[f->block_count++] = i;
        f->block_of[i] = f->block_count - 1;
    }
    f->starts[f->block_count] = u->count;
    return true;
}

static void flow_to(Flow *f, int32_t at) {
    if (at < 0 || at >= f->u->count)
        return;
    uint64_t *in = f->in + (size_t)f->block_of[at] * (size_t)f->words;
    for (int32_t w = 0; w < f->words; w++) {
        uint64_t met = in[w] & f->now[w];
        f->changed |= met != in[w];
        in[w] = met;
    }
}

static void set_bound(Flow *f, Reg r, bool bound) {
    uint64_t bit = UINT64_C(1) << (r & 63);
    if (bound)
        f->now[r >> 6] |= bit;
    else
        f->now[r >> 6] &= ~bit;
}

static bool is_bound(Flow *f, Reg r) { return f->now[r >> 6] >> (r & 63) & 1; }

static bool unbinds(const Ir *ir) { return (ir->op == OP_CLEAR || ir->op == OP_DELETE_FAST) && is_fast(ir->a); }

static void apply(Flow *f, const Ir *ir) {
    if (unbinds(ir)) {
        set_bound(f, ir->a, false);
        return;
    }
    if (ir->op == OP_CHECK_BOUND || ir->op == OP_MAKE_CELL) {
        if (is_fast(ir->a))
            set_bound(f, ir->a, true);
        return;
    }
    for (int i = 0; i < 3; i++) {
        int kind = operand_kind(ir->op, i);
        Reg r = i == 0 ? ir->a : i == 1 ? ir->b : ir->c;
        if ((kind == 'W' || kind == 'X') && is_fast(r))
            set_bound(f, r, true);
    }
}

static void run_block(Flow *f, int32_t block) {
    Unit *u = f->u;
    memcpy(f->now, f->in + (size_t)block * (size_t)f->words, (size_t)f->words * 8);
    int32_t handler = NO_HANDLER;
    bool lost = false;
    for (int32_t i = f->starts[block]; i < f->starts[block + 1]; i++) {
        Ir *ir = &u->ir[i];
        if (ir->handler >= 0 && (ir->handler != handler || lost)) {
            flow_to(f, u->labels[u->handlers[ir->handler].label]);
            lost = false;
        }
        handler = ir->handler;
        lost |= unbinds(ir);
        if (ir->target != NO_LABEL)
            flow_to(f, u->labels[ir->target]); /* FOR_ITER writes only when it goes on */
        apply(f, ir);
    }
    if (!ends_line(u->ir[f->starts[block + 1] - 1].op))
        flow_to(f, f->starts[block + 1]);
}

static void drop_checks(Flow *f) {
    Unit *u = f->u;
    for (int32_t block = 0; block < f->block_count; block++) {
        memcpy(f->now, f->in + (size_t)block * (size_t)f->words, (size_t)f->words * 8);
        for (int32_t i = f->starts[block]; i < f->starts[block + 1]; i++) {
            Ir *ir = &u->ir[i];
            if (ir->op == OP_CHECK_BOUND && is_fast(ir->a) && is_bound(f, ir->a))
                ir->op = OP_NOP;
            apply(f, ir);
        }
    }
}

void remove_bound_checks(Unit *u) {
    Flow f = {.u = u, .words = (u->local_count + 63) / 64};
    if (u->compiler->failed || !any_check(u) || !make_blocks(&f))
        return;
    size_t bits = (size_t)f.block_count * (size_t)f.words * 64;
    if (bits > MAX_BITS)
        return;
    f.in = compile_alloc(u->compiler, bits / 8);
    f.now = compile_alloc(u->compiler, (size_t)f.words * 8);
    if (u->compiler->failed)
        return;
    memset(f.in, 0xFF, bits / 8);
    memset(f.in, 0, (size_t)f.words * 8);
    for (int32_t i = 0; i < u->local_count; i++)
        if (u->local_kinds[i] & LOCAL_ARGUMENT)
            f.in[i >> 6] |= UINT64_C(1) << (i & 63);
    do {
        f.changed = false;
        for (int32_t block = 0; block < f.block_count; block++) run_block(&f, block);
    } while (f.changed);
    drop_checks(&f);
}
