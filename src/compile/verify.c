/* The verifier (debug builds, and code objects that Python code made): operands are in range, jumps land in the code, temporaries
 * are read below what `live` says, handlers find the registers that they count on. */
#include "compile/disassemble.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>

static const struct {
    const char *name, *operands, *effects;
} operations[] = {
#define OPERATION(name, operands, effects, doc) {#name, operands, effects},
#include "compile/ops.def"
#undef OPERATION
};

static const char *operand_defect(CodeObject *code, uint32_t at) {
    Instruction i = code->instructions[at];
    if (i.op >= OP_COMMON_COUNT)
        return "no such operation";
    const char *kinds = operations[i.op].operands;
    const uint16_t values[] = {i.a, i.b, i.c};
    for (int n = 0; n < 3; n++) {
        int kind = kinds[n];
        if (strchr("WRXB", kind) && values[n] >= code->register_count && !(kind == 'B' && values[n] == code->register_count))
            return "register out of range";
        if ((kind == 'R' || kind == 'X') && values[n] >= code->local_count && values[n] >= code->live[at])
            return "reads a temporary that is not live";
        if (kind == 'N' && values[n] >= code->cache_count)
            return "cache out of range";
    }
    if (kinds[1] == 'K' && (uint32_t)wide_operand(i) >= tuple_length(code->constants))
        return "constant out of range";
    int64_t target = code_jump_target(code->instructions[at], at);
    if (kinds[2] == 'J' && (target < 0 || target >= code->count))
        return "jump out of the code";
    if (code->live[at] > code->register_count)
        return "more live registers than there are";
    if (at + 1 == code->count && (!strchr(operations[i.op].effects, 'e') || is_branch(i.op)))
        return "runs past the end";
    return NULL;
}

static const char *handler_defect(CodeObject *code, ExceptionEntry e, uint32_t *at) {
    *at = e.target < code->count ? e.target : 0;
    if (e.start >= e.end || e.end > code->count || e.target >= code->count || e.exception_register >= code->register_count)
        return "exception entry out of range";
    for (*at = e.start; *at < e.end; ++*at)
        if (code->live[*at] < e.exception_register && strpbrk(operations[code->instructions[*at].op].effects, "rpa"))
            return "handler expects more live registers than there are";
    return NULL;
}

bool code_defect(CodeObject *code, CodeDefect *defect) {
    defect->what = NULL;
    for (uint32_t at = 0; at < code->count && !defect->what; at++) {
        defect->at = at;
        defect->what = operand_defect(code, at);
    }
    for (uint32_t n = 0; n < code->exception_count && !defect->what; n++)
        defect->what = handler_defect(code, code->exceptions[n], &defect->at);
    return defect->what != NULL;
}

void verify_code(CodeObject *code) {
    CodeDefect defect;
    if (!code_defect(code, &defect))
        return;
    const char *name = str_utf8(thread_current(), code->qualname, &(size_t){0});
    fprintf(stderr, "bytecode of %s, instruction %u (%s): %s\n", name ? name : "?", defect.at,
            operations[code->instructions[defect.at].op].name, defect.what);
    abort();
}
