/* The instructions that a line event may be due before: see line_starts.h. */
#include "vm/line_starts.h"

/* CPython gives its counterparts of these no event, whatever leads to them. */
static bool never_starts_line(unsigned op) {
    return op == OP_RESUME || op == OP_RETURN_GENERATOR || op == OP_COPY_FREE_VARS || op == OP_MAKE_CELL || op == OP_END_ASYNC_FOR;
}

static void mark(int32_t *lines, uint32_t count, int64_t at) {
    if (at >= 0 && at < count && lines[at] >= 0)
        lines[at] |= 1;
}

static void mark_targets(CodeObject *code, int32_t *lines) {
    for (uint32_t i = 0; i < code->count; i++) {
        Instruction in = code_instruction(code, i);
        int64_t target = code_jump_target(in, i);
        if (in.op != OP_FOR_ITER && /* the end of a loop is its line still */
            !(is_branch(in.op) && target < code->count && code_instruction(code, (uint32_t)target).op == OP_JUMP_BACK))
            mark(lines, code->count, target);
    }
    for (uint32_t e = 0; e < code->exception_count; e++)
        if (!never_starts_line(code_instruction(code, code->exceptions[e].target).op))
            mark(lines, code->count, code->exceptions[e].target);
}

void line_starts_find(CodeObject *code, int32_t *lines) {
    enum { ENDS_LOOP = 1 }; /* what an entry says before it is filled */
    for (uint32_t i = 0; i < code->count; i++)
        if (code_instruction(code, i).op == OP_FOR_ITER && code_branch_target(code, i) != code_jump_target(code_instruction(code, i), i))
            lines[code_branch_target(code, i) - 1] = ENDS_LOOP;
    int32_t before = -1;
    for (uint32_t i = 0; i < code->count; i++) {
        int32_t line = code_line_at(code, i);
        bool starts = !never_starts_line(code_instruction(code, i).op) && lines[i] != ENDS_LOOP;
        lines[i] = line >= 0 ? line << 1 | (starts && line != before) : -1;
        if (starts)
            before = line;
    }
    mark_targets(code, lines);
}
