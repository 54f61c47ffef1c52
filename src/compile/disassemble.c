/* The disassembler: everything it knows of the operations is in ops.def. */
#include "compile/disassemble.h"

#include "base/textbuf.h"
#include "object/operators.h"
#include "types/str/str.h"
#include "types/tuple.h"

static const struct {
    const char *name, *operands;
} operations[] = {
#define OPERATION(name, operands, effects, doc) {#name, operands},
#include "compile/ops.def"
#undef OPERATION
};

static void put_value(Thread *t, TextBuf *b, Value v) {
    Value shown = repr(t, v);
    const char *text = absent(shown) ? NULL : str_utf8(t, shown, &(size_t){0});
    if (text)
        textbuf_format(b, "%.60s", text);
    else
        error_clear(t);
    keep_alive(as_object(shown));
}

static void put_register(Thread *t, TextBuf *b, CodeObject *code, uint32_t r) {
    if (r >= code->local_count) {
        textbuf_format(b, " t%u", r - code->local_count);
        return;
    }
    textbuf_byte(b, ' ');
    const char *name = str_utf8(t, tuple_get(code->local_names, r), &(size_t){0});
    if (name)
        textbuf_text(b, name);
    else
        error_clear(t);
}

static void put_operands(Thread *t, TextBuf *b, CodeObject *code, uint32_t at, Instruction i) {
    const char *kinds = operations[i.op].operands;
    const uint16_t values[] = {i.a, i.b, i.c};
    bool wide = kinds[1] == kinds[2] && (kinds[1] == 'K' || kinds[1] == 'J' || kinds[1] == 'S');
    for (int n = 0; n < 3; n++) {
        int32_t value = wide && n == 1 ? wide_operand(i) : values[n];
        switch (kinds[n]) {
        case 'W':
        case 'R':
        case 'X':
        case 'B': put_register(t, b, code, values[n]); break;
        case 'I': textbuf_format(b, " #%d", (int)value); break;
        case 'S': textbuf_format(b, " #%d", wide ? (int)value : (int)(int16_t)value); break;
        case 'K':
            textbuf_byte(b, ' ');
            put_value(t, b, tuple_get(code->constants, (size_t)value));
            break;
        case 'N': {
            const char *name = str_utf8(t, code->caches[value].name, &(size_t){0});
            textbuf_format(b, " (%s)", name ? name : "?"); /* as CPython shows names: tools look for them */
            break;
        }
        case 'J': textbuf_format(b, " -> %d", (int)at + 1 + (wide ? value : (int16_t)value)); break;
        default: break;
        }
        if (wide && n == 1)
            break;
    }
}

static void put_code(Thread *t, TextBuf *b, CodeObject *code) {
    const char *name = str_utf8(t, code->qualname, &(size_t){0});
    textbuf_format(b, "%s: %u registers, %u of them variables\n", name ? name : "?", code->register_count,
                   code->local_count);
    int32_t line = -1;
    for (uint32_t at = 0; at < code->count; at++) {
        Instruction i = code_instruction(code, at);
        SourcePosition p = code_position(code, (uint32_t)at);
        if (p.line != line && p.line > 0)
            textbuf_format(b, "%5d", p.line);
        else
            textbuf_text(b, p.line > 0 ? "     " : "   --");
        line = p.line;
        textbuf_format(b, " %5u  %-24s", at, operations[i.op].name);
        put_operands(t, b, code, at, i);
        textbuf_format(b, "   live %u\n", code->live[at]);
    }
    for (uint32_t n = 0; n < code->exception_count; n++) {
        ExceptionEntry e = code->exceptions[n];
        textbuf_format(b, "  handler [%u, %u) -> %u, exception in r%u\n", e.start, e.end, e.target,
                       e.exception_register);
    }
    for (size_t n = 0; n < tuple_length(code->constants); n++)
        if (is_exactly(tuple_get(code->constants, n), &code_type)) {
            textbuf_byte(b, '\n');
            put_code(t, b, as_code(tuple_get(code->constants, n)));
        }
}

Value disassemble(Thread *t, CodeObject *code) {
    TextBuf b;
    textbuf_init(&b);
    put_code(t, &b, code);
    Value result = b.failed ? raise_no_memory(t) : str_from_utf8(t, b.data, b.size);
    textbuf_free(&b);
    keep_alive(code);
    return result;
}
