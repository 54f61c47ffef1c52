/* The instructions that a line event may be due before: see line_starts.h. */
#include "vm/line_starts.h"

#include <stdlib.h>

/* CPython gives its counterparts of these no event, whatever leads to them. */
static bool never_starts_line(unsigned op) {
    return op == OP_RESUME || op == OP_RETURN_GENERATOR || op == OP_COPY_FREE_VARS || op == OP_MAKE_CELL || op == OP_END_ASYNC_FOR;
}

static int32_t jump_distance(Instruction in) {
    return in.op == OP_FOR_ITER || operand_kind(in.op, 1) != 'J' ? (int16_t)in.c : wide_operand(in);
}

static bool jumps(unsigned op) { return operand_kind(op, 1) == 'J' || operand_kind(op, 2) == 'J'; }

static void mark(int32_t *lines, uint32_t count, int64_t at) {
    if (at >= 0 && at < count && lines[at] >= 0)
        lines[at] |= 1;
}

static void mark_targets(CodeObject *code, int32_t *lines) {
    for (uint32_t i = 0; i < code->count; i++) {
        Instruction in = code_instruction(code, i);
        int64_t target = (int64_t)i + 1 + jump_distance(in);
        bool conditional = is_branch(in.op);
        if (jumps(in.op) && in.op != OP_FOR_ITER && /* the end of a loop is its line still */
            !(conditional && target < code->count && code_instruction(code, (uint32_t)target).op == OP_JUMP_BACK))
            mark(lines, code->count, target);
    }
    for (uint32_t e = 0; e < code->exception_count; e++)
        if (!never_starts_line(code_instruction(code, code->exceptions[e].target).op))
            mark(lines, code->count, code->exceptions[e].target);
}

void line_starts_find(CodeObject *code, int32_t *lines) {
    bool *ends_loop = calloc(code->count, sizeof *ends_loop);
    for (uint32_t i = 0; ends_loop && i < code->count; i++) {
        Instruction in = code_instruction(code, i);
        int64_t target = (int64_t)i + 1 + jump_distance(in);
        if (in.op == OP_FOR_ITER && target < code->count)
            ends_loop[target] = code_instruction(code, (uint32_t)target).op == OP_NOP;
    }
    int32_t before = -1;
    for (uint32_t i = 0; i < code->count; i++) {
        int32_t line = code_line_at(code, i);
        lines[i] = line >= 0 ? line << 1 : -1;
        if (never_starts_line(code_instruction(code, i).op) || (ends_loop && ends_loop[i]))
            continue;
        if (line >= 0 && line != before)
            lines[i] |= 1;
        before = line;
    }
    free(ends_loop);
    mark_targets(code, lines);
}
