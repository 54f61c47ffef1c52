/* See stateless.h. */
#include "modules/_interpreters/stateless.h"
#include "object/errors.h"
#include "types/dict/dict.h"
#include "types/tuple.h"
#include "vm/function.h"

static Operation operation_at(const CodeObject *code, uint32_t i) {
    return code_instruction(code, i).op;
}

static bool refuse(Thread *t, const char *why) {
    raise_value_error(t, "%s", why);
    return false;
}

static bool uses_global_of(Thread *t, CodeObject *code, Value globals) {
    for (uint32_t i = 0; i < code->count; i++) {
        Operation op = operation_at(code, i);
        bool by_name = op == OP_LOAD_GLOBAL || op == OP_LOAD_GLOBAL_CALLEE || op == OP_STORE_GLOBAL || op == OP_DELETE_GLOBAL ||
                       op == OP_LOAD_NAME;
        if (by_name && present(dict_get_str(globals, code->caches[code->instructions[i].c].name)))
            return true;
    }
    return false;
}

static bool has_items(Value v) { return present(v) && ((is_tuple(v) && tuple_length(v)) || (is_dict(v) && dict_length(v))); }

bool function_is_stateless(Thread *t, Value function) {
    FunctionObject *f = as_function(function);
    if (has_items(load(&f->defaults)))
        return refuse(t, "defaults not supported");
    if (has_items(load(&f->kwdefaults)))
        return refuse(t, "keyword defaults not supported");
    if (f->code->free_count)
        return refuse(t, "closures not supported");
    if (!code_unpack(t, load_relaxed(&f->code)))
        return false;
    if (uses_global_of(t, load_relaxed(&f->code), f->globals))
        return refuse(t, "globals not supported");
    return true;
}

/* Each RETURN stands right behind the instruction that made its None. */
static bool returns_only_none(const CodeObject *code) {
    for (uint32_t i = 0; i < code->count; i++) {
        if (operation_at(code, i) != OP_RETURN)
            continue;
        if (i == 0 || operation_at(code, i - 1) != OP_LOAD_CONST)
            return false;
        Instruction before = code_instruction(code, i - 1);
        if (before.a != code->instructions[i].a || !is_none(tuple_get(code->constants, (size_t)wide_operand(before))))
            return false;
    }
    return true;
}

bool code_is_script(Thread *t, CodeObject *code) {
    if (!code_unpack(t, code))
        return false;
    if (code->free_count)
        return refuse(t, "closures not supported");
    if (code->argument_count || code->keyword_only_count || code->flags & (CODE_VARARGS | CODE_VARKEYWORDS))
        return refuse(t, "code with args not supported");
    if (!returns_only_none(code))
        return refuse(t, "code that returns a value is not a script");
    return true;
}
