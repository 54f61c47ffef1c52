/* _opcode: what Krait's `opcode` and `dis` are made of. CPython's module of this name describes CPython's bytecode; this
 * one describes ours. Threads: no state. */
#include "compile/disassemble.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

static const struct {
    const char *name, *operands, *effects, *doc;
} operations[] = {
#define OPERATION(name, operands, effects, doc) {#name, operands, effects, doc},
#include "compile/ops.def"
#undef OPERATION
};

/* Every operation as (name, operands, effects, doc), in order of number. */
static Value table(Thread *t, Value *args) {
    (void)args;
    Value all = TRY(list_new(t, OP_COMMON_COUNT));
    for (size_t i = 0; i < OP_COMMON_COUNT; i++) {
        Value name = TRY(str_intern_text(t, operations[i].name)), operands = TRY(str_from_text(t, operations[i].operands));
        Value effects = TRY(str_from_text(t, operations[i].effects)), doc = TRY(str_from_text(t, operations[i].doc));
        Value row = TRY(tuple_pack(t, 4, name, operands, effects, doc));
        CHECK(list_append(t, all, row));
    }
    return all;
}

static Value disassembled(Thread *t, Value *args) {
    if (!is_exactly(args[0], &code_type))
        return raise_type_error(t, "disassemble() argument must be a code object, not %T", args[0]);
    return disassemble(t, as_code(args[0]));
}

static Value stack_effect(Thread *t, Value *args) {
    (void)args;
    return raise_not_implemented(t, "stack_effect: this bytecode works on registers");
}

static Value has(Thread *t, Value *args, bool (*test)(const char *operands)) {
    int64_t op;
    CHECK(index_as_ssize(t, args[0], &op, false, NULL));
    return from_bool(op >= 0 && op < OP_COMMON_COUNT && test(operations[op].operands));
}

static bool any_operand(const char *operands) { return strcmp(operands, "---") != 0; }
static bool constant_operand(const char *operands) { return strchr(operands, 'K') != NULL; }
static bool name_operand(const char *operands) { return strchr(operands, 'N') != NULL; }
static bool jump_operand(const char *operands) { return strchr(operands, 'J') != NULL; }

static Value is_valid(Thread *t, Value *args) {
    int64_t op;
    CHECK(index_as_ssize(t, args[0], &op, false, NULL));
    return from_bool(op >= 0 && op < OP_COMMON_COUNT);
}

static Value has_arg(Thread *t, Value *args) { return has(t, args, any_operand); }
static Value has_const(Thread *t, Value *args) { return has(t, args, constant_operand); }
static Value has_name(Thread *t, Value *args) { return has(t, args, name_operand); }
static Value has_jump(Thread *t, Value *args) { return has(t, args, jump_operand); }

/* What the instructions' operands stand for, one per instruction: the constant, the name, the number of the
 * instruction jumped to; None for others. */
static Value arguments(Thread *t, Value *args) {
    if (!is_exactly(args[0], &code_type))
        return raise_type_error(t, "arguments() argument must be a code object, not %T", args[0]);
    CodeObject *code = as_code(args[0]);
    Value all = TRY(list_new(t, code->count));
    for (uint32_t i = 0; i < code->count; i++) {
        Instruction x = code_instruction(code, i);
        const char *kinds = operations[x.op].operands;
        Value v = NONE;
        if (kinds[1] == 'K')
            v = tuple_get(code->constants, (size_t)wide_operand(x));
        else if (kinds[1] == 'S')
            v = small_int(wide_operand(x));
        else if (kinds[2] == 'N')
            v = code->caches[x.c].name;
        else if (kinds[2] == 'J')
            v = small_int(code_jump_target(x, i));
        CHECK(list_append(t, all, v));
    }
    return all;
}

static const NativeDef functions[] = {
    {"operations()", table, "List of (name, operands, effects, doc) of every operation, in order of number.", 0},
    {"arguments(code, /)", arguments, "What the operands stand for, one per instruction: constant, name, number of the "
     "instruction jumped to, or None.", 0},
    {"disassemble(code, /)", disassembled, "The text of a code object's instructions and of those inside of it.", 0},
    {"stack_effect(opcode, oparg=None, /, *, jump=None)", stack_effect, "Not available: there is no value stack.", 0},
    {"is_valid(opcode)", is_valid, "Return True if opcode is valid, False otherwise.", 0},
    {"has_arg(opcode)", has_arg, "Return True if the opcode uses its operands, False otherwise.", 0},
    {"has_const(opcode)", has_const, "Return True if the opcode accesses a constant, False otherwise.", 0},
    {"has_name(opcode)", has_name, "Return True if the opcode accesses an attribute by name, False otherwise.", 0},
    {"has_jump(opcode)", has_jump, "Return True if the opcode has a jump target, False otherwise.", 0},
    {NULL, NULL, NULL, 0},
};

static bool init(Thread *t, Value module) {
    /* Asked by tests of CPython's own specialising interpreter. */
    return module_add(t, module, "ENABLE_SPECIALIZATION", FALSE) && module_add(t, module, "ENABLE_SPECIALIZATION_FT", FALSE);
}

NATIVE_MODULE(_opcode) = {
    .init = init,
    .name = "_opcode",
    .doc = "The operations of this engine's bytecode.",
    .functions = functions,
};
