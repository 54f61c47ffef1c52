/* From a unit's instructions to a code object: registers get numbers, jumps distances, handlers a table.
 *
 * A jump that has 16 bits for its distance and needs more goes to a long jump right behind it. */
#include "compile/compiler.h"
#include "compile/disassemble.h"
#include "types/tuple.h"

typedef struct Assembler {
    Unit *u;
    int32_t *offsets; /* of each Ir; one more for the end */
    bool *is_long;    /* jumps that need help */
    int32_t count;    /* instructions in all */
    int32_t bases[4]; /* first register of each kind */
    int32_t *constant_map;
    Value constants;
    Instruction *instructions;
    SourcePosition *positions;
    uint16_t *live;
    int32_t emitted;
} Assembler;

static bool is_short_jump(const Ir *ir) { return ir->target != NO_LABEL && operand_kind(ir->op, 1) != 'J'; }
static bool is_wide(Operation op) {
    return operand_kind(op, 1) == operand_kind(op, 2) && strchr("KSJ", operand_kind(op, 1));
}

static void lay_out(Assembler *a) {
    Unit *u = a->u;
    bool again;
    do {
        again = false;
        int32_t at = 0;
        for (int32_t i = 0; i < u->count; i++) {
            a->offsets[i] = at;
            at += a->is_long[i] ? 3 : 1;
        }
        a->offsets[u->count] = a->count = at;
        for (int32_t i = 0; i < u->count; i++) {
            if (a->is_long[i] || !is_short_jump(&u->ir[i]))
                continue;
            int32_t distance = a->offsets[u->labels[u->ir[i].target]] - a->offsets[i] - 1;
            if (distance != (int16_t)distance)
                again = a->is_long[i] = true;
        }
    } while (again);
}

static uint16_t register_number(Assembler *a, Reg r) { return (uint16_t)(a->bases[r >> REG_SHIFT] + (r & REG_INDEX)); }

static uint16_t operand(Assembler *a, const Ir *ir, int number, int32_t value) {
    switch (operand_kind(ir->op, number)) {
    case 'W':
    case 'R':
    case 'X':
    case 'B': return register_number(a, value);
    default: return (uint16_t)value;
    }
}

static void put(Assembler *a, const Ir *ir, Instruction instruction) {
    a->instructions[a->emitted] = instruction;
    a->positions[a->emitted] = (SourcePosition){ir->pos.line, ir->pos.end_line, ir->pos.column, ir->pos.end_column};
    a->live[a->emitted] = (uint16_t)(a->bases[3] + ir->live);
    a->emitted++;
}

static Instruction wide(Operation op, uint16_t first, int32_t value) {
    return (Instruction){(uint16_t)op, first, (uint16_t)(uint32_t)value, (uint16_t)((uint32_t)value >> 16)};
}

static void put_instruction(Assembler *a, int32_t i) {
    Unit *u = a->u;
    const Ir *ir = &u->ir[i];
    uint16_t first = operand(a, ir, 0, ir->a);
    int32_t distance = ir->target == NO_LABEL ? 0 : a->offsets[u->labels[ir->target]] - a->offsets[i] - 1;
    if (is_wide(ir->op)) {
        int32_t value = operand_kind(ir->op, 1) == 'J'   ? distance
                        : operand_kind(ir->op, 1) == 'K' ? a->constant_map[ir->b]
                                                         : ir->b;
        put(a, ir, wide(ir->op, first, value));
        return;
    }
    Instruction instruction = {(uint16_t)ir->op, first, operand(a, ir, 1, ir->b), operand(a, ir, 2, ir->c)};
    if (ir->target != NO_LABEL)
        instruction.c = a->is_long[i] ? 1 : (uint16_t)distance;
    put(a, ir, instruction);
    if (a->is_long[i]) {
        put(a, ir, wide(OP_JUMP, 0, 1));
        put(a, ir, wide(OP_JUMP, 0, distance - 2));
    }
}

/* Runs of instructions with the same handler. One that guards nothing that can raise was dropped. */
static int32_t make_exception_table(Assembler *a, ExceptionEntry *entries) {
    Unit *u = a->u;
    int32_t count = 0, i = 0;
    bool *used = compile_alloc(u->compiler, (size_t)u->handler_count + 1);
    if (!used)
        return 0;
    for (int32_t n = 0; n < u->count; n++)
        if (u->ir[n].handler >= 0 && may_raise(u->ir[n].op))
            used[u->ir[n].handler] = true;
    while (i < u->count) {
        int32_t handler = u->ir[i].handler, start = i;
        while (i < u->count && u->ir[i].handler == handler) i++;
        if (handler < 0 || !used[handler])
            continue;
        Handler *h = &u->handlers[handler];
        entries[count++] = (ExceptionEntry){(uint32_t)a->offsets[start], (uint32_t)a->offsets[i],
                                            (uint32_t)a->offsets[u->labels[h->label]], register_number(a, h->exception),
                                            false};
    }
    return count;
}

/* Only constants that are still used, in order; the first stays: it may be the docstring. None that is returned counts as used. */
static void collect_constants(Assembler *a) {
    Unit *u = a->u;
    Compiler *c = u->compiler;
    bool *used = compile_alloc(c, (size_t)u->constants.count + 1);
    a->constant_map = compile_alloc(c, (size_t)(u->constants.count + 1) * sizeof(int32_t));
    if (!a->constant_map)
        return;
    int32_t count = 0;
    bool returns_none = false;
    for (int32_t i = 0; i < u->count; i++) {
        returns_none |= u->ir[i].op == OP_RETURN_NONE;
        if (operand_kind(u->ir[i].op, 1) == 'K')
            used[u->ir[i].b] = true;
    }
    used[0] = true;
    if (returns_none)
        used[constant_index(u, NONE)] = true; /* return_none has put it there */
    for (int32_t i = 0; i < u->constants.count; i++)
        if (used[i])
            a->constant_map[i] = count++;
    a->constants = keep(c, tuple_new(c->t, (size_t)count));
    if (c->failed)
        return;
    for (int32_t i = 0; i < u->constants.count; i++)
        if (used[i])
            store(as_object(a->constants), &as_tuple(a->constants)->items[a->constant_map[i]], u->constants.values[i]);
}

static Value local_names_tuple(Unit *u, uint8_t *kinds) {
    Compiler *c = u->compiler;
    size_t n = 0;
    Value all = keep(c, tuple_new(c->t, (size_t)(u->local_count + u->cell_count + u->free_count)));
    if (c->failed)
        return all;
    Value *items = as_tuple(all)->items;
    for (int32_t i = 0; i < u->local_count; i++) {
        kinds[n] = u->local_kinds[i] & (LOCAL_ARGUMENT | LOCAL_CELL | LOCAL_FREE | LOCAL_HIDDEN);
        store(as_object(all), &items[n++], u->local_names[i]);
    }
    for (int32_t i = 0; i < u->cell_count; i++) {
        kinds[n] = LOCAL_CELL;
        store(as_object(all), &items[n++], u->cell_names[i]);
    }
    for (int32_t i = 0; i < u->free_count; i++) {
        kinds[n] = LOCAL_FREE;
        store(as_object(all), &items[n++], u->free_names[i]);
    }
    /* The parameter of __annotate__ has a name for callers. */
    if (u->kind == UNIT_ANNOTATION_LIKE && same(u->name, names.__annotate__) && u->local_count)
        store(as_object(all), &items[0], names.format);
    return all;
}

static bool allocate(Assembler *a, ExceptionEntry **entries, uint8_t **kinds) {
    Unit *u = a->u;
    Compiler *c = u->compiler;
    a->bases[1] = u->local_count;
    a->bases[2] = a->bases[1] + u->cell_count;
    a->bases[3] = a->bases[2] + u->free_count;
    if (a->bases[3] + u->max_top + 1 > UINT16_MAX) {
        compile_error(c, (Position){u->first_line, 0, u->first_line, 0}, "too many variables in one code block");
        return false;
    }
    a->offsets = compile_alloc(c, (size_t)(u->count + 1) * sizeof(int32_t));
    a->is_long = compile_alloc(c, (size_t)u->count + 1);
    if (c->failed)
        return false;
    lay_out(a);
    a->instructions = compile_alloc(c, (size_t)a->count * sizeof(Instruction));
    a->positions = compile_alloc(c, (size_t)a->count * sizeof(SourcePosition));
    a->live = compile_alloc(c, (size_t)a->count * sizeof(uint16_t));
    *entries = compile_alloc(c, (size_t)(u->count + 1) * sizeof(ExceptionEntry));
    *kinds = compile_alloc(c, (size_t)a->bases[3] + 1);
    collect_constants(a);
    return !c->failed;
}

Value assemble(Unit *u) {
    Compiler *c = u->compiler;
    Assembler a = {.u = u};
    ExceptionEntry *entries;
    uint8_t *kinds;
    if (c->failed || !allocate(&a, &entries, &kinds))
        return NO_VALUE;
    for (int32_t i = 0; i < u->count; i++) put_instruction(&a, i);
    int32_t entry_count = make_exception_table(&a, entries);
    Value local_names = local_names_tuple(u, kinds);
    Value used_names = keep(c, tuple_from_values(c->t, u->names.values, (size_t)u->names.count));
    if (c->failed)
        return NO_VALUE;
    CodeSpec spec = {
        .instructions = a.instructions, .positions = a.positions, .live = a.live, .count = (size_t)a.count,
        .cache_names = u->cache_names, .cache_count = (size_t)u->cache_count,
        .exceptions = entries, .exception_count = (size_t)entry_count,
        .constants = a.constants, .names = used_names, .local_names = local_names, .local_kinds = kinds,
        .local_count = (size_t)a.bases[3], .register_count = (size_t)(a.bases[3] + u->max_top),
        .argument_count = (size_t)u->argument_count, .positional_only_count = (size_t)u->positional_only_count,
        .keyword_only_count = (size_t)u->keyword_only_count,
        .flags = u->flags, .first_line = u->first_line, .name = u->name, .qualname = u->qualname, .filename = c->filename,
    };
    Value code = code_new(c->t, &spec);
#ifdef KRAIT_DEBUG
    if (present(code))
        verify_code(as_code(code));
#endif
    return code;
}
