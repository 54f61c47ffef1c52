/* The verifier (debug builds): operands are in range, jumps land in the code, temporaries are written before they are
 * read and below what `live` says, on every path.
 *
 * Temporaries follow stack discipline, and so one number per instruction describes them: all of those below it are
 * written. It must not depend on the path for what `live` claims. */
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

static void wrong(CodeObject *code, uint32_t at, const char *what) {
    const char *name = str_utf8(thread_current(), code->qualname, &(size_t){0});
    fprintf(stderr, "bytecode of %s, instruction %u (%s): %s\n", name ? name : "?", at,
            operations[code->instructions[at].op].name, what);
    abort();
}

static bool is_wide(const char *kinds) {
    return kinds[1] == kinds[2] && (kinds[1] == 'K' || kinds[1] == 'J' || kinds[1] == 'S');
}

static int64_t jump_target(CodeObject *code, uint32_t at) {
    Instruction i = code->instructions[at];
    const char *kinds = operations[i.op].operands;
    if (kinds[2] != 'J')
        return -1;
    return (int64_t)at + 1 + (is_wide(kinds) ? wide_operand(i) : (int16_t)i.c);
}

static void check_operands(CodeObject *code, uint32_t at) {
    Instruction i = code->instructions[at];
    const char *kinds = operations[i.op].operands;
    const uint16_t values[] = {i.a, i.b, i.c};
    for (int n = 0; n < 3; n++) {
        int kind = kinds[n];
        if (strchr("WRXB", kind) && values[n] >= code->register_count && !(kind == 'B' && values[n] == code->register_count))
            wrong(code, at, "register out of range");
        if ((kind == 'R' || kind == 'X') && values[n] >= code->local_count && values[n] >= code->live[at])
            wrong(code, at, "reads a temporary that is not live");
        if (kind == 'N' && values[n] >= code->cache_count)
            wrong(code, at, "cache out of range");
    }
    if (kinds[1] == 'K' && (uint32_t)wide_operand(i) >= tuple_length(code->constants))
        wrong(code, at, "constant out of range");
    int64_t target = jump_target(code, at);
    if (kinds[2] == 'J' && (target < 0 || target >= code->count))
        wrong(code, at, "jump out of the code");
    if (code->live[at] > code->register_count)
        wrong(code, at, "more live registers than there are");
}

void verify_code(CodeObject *code) {
    for (uint32_t at = 0; at < code->count; at++) check_operands(code, at);
    for (uint32_t n = 0; n < code->exception_count; n++) {
        ExceptionEntry e = code->exceptions[n];
        if (e.start >= e.end || e.end > code->count || e.target >= code->count)
            wrong(code, e.target < code->count ? e.target : 0, "exception entry out of range");
        for (uint32_t at = e.start; at < e.end; at++)
            if (code->live[at] < e.exception_register && strpbrk(operations[code->instructions[at].op].effects, "rpa"))
                wrong(code, at, "handler expects more live registers than there are");
    }
}
