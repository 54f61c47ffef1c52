/* Line events as CPython gives them: an instruction starts a line if its line differs from that of the instruction that stands before
 * it, or if a jump or an exception leads to it. An event is due when it is about to run and the instruction that ran last is of
 * another line, or of none. A conditional jump to the end of a loop's body makes a line of its own there, which falling into it does
 * not: see line_starts_by_jump.
 */
#pragma once
#include "compile/code.h"

/* Fills lines[0 .. code->count), which are zero: 2 * line + (1 if it starts there), or -1 for instructions that belong to no line. */
void line_starts_find(CodeObject *code, int32_t *lines);
static inline bool line_starts_by_jump(CodeObject *code, uint32_t from, uint32_t to) {
    unsigned op = code_instruction(code, from).op;
    return to != from + 1 && is_branch(op) && op != OP_FOR_ITER && code_instruction(code, to).op == OP_JUMP_BACK;
}
