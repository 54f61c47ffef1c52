/* co_code and co_exceptiontable: what running a code object takes and no other of its attributes tells. So code can be made from its
 * attributes, as programs do that send functions to other processes.
 *
 * co_code has what is instructions: first code units of two bytes, an operation and an argument, one for each instruction: where a
 * tool looks that knows f_lasti and the offsets of co_lines() as places in co_code. Behind them stand a unit that is no operation and
 * the instructions, 8 bytes each. Two functions that do the same with variables in the same places have the same co_code.
 *
 * co_exceptiontable has the handlers, as code_put_handlers writes them, and behind them a byte that begins no handler; the number of
 * instructions and numbers of 32 bits, as in Numbers; per instruction the number of live registers, 16 bits; per local variable its
 * kind, 8 bits; the names of caches and of hidden variables, each a length of 32 bits and UTF-8.
 *
 * Bytes that were not made here are checked as far as code_defect goes, units must be those of the instructions, and both must be
 * of the same number of instructions. A changed copy of code may be given handlers alone: the rest is that of the code then.
 */
#include "base/textbuf.h"
#include "compile/code.h"
#include "compile/disassemble.h"
#include "object/errors.h"
#include "types/bytes.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef struct Numbers {
    uint32_t count, register_count, local_count, cache_count;
} Numbers;

static_assert(OP_COMMON_COUNT <= UNIT_JUMP_FORWARD);

typedef struct Unit {
    uint8_t op, argument;
} Unit;

static Unit unit_of(Instruction in) {
    int32_t distance = wide_operand(in);
    bool jumps = in.op == OP_JUMP || in.op == OP_JUMP_BACK;
    if (jumps && distance >= 0 && distance <= UINT8_MAX)
        return (Unit){UNIT_JUMP_FORWARD, (uint8_t)distance};
    if (jumps && distance < 0 && distance >= -UINT8_MAX)
        return (Unit){UNIT_JUMP_BACKWARD, (uint8_t)-distance};
    if (in.op == OP_RETURN_NONE) /* a tool that asks how a frame was left knows one operation for that */
        return (Unit){OP_RETURN, 0};
    return (Unit){(uint8_t)in.op, (uint8_t)in.a};
}

static const char table_mark = (char)0x80; /* handlers begin with a smaller byte */
static const Unit end_mark = {UINT8_MAX, 0}; /* a tool that looks behind the last unit must not find an instruction */

static void put_units(TextBuf *b, const Instruction *instructions, size_t count) {
    for (size_t i = 0; i < count; i++) {
        Unit unit = unit_of(instructions[i]);
        textbuf_append(b, &unit, sizeof unit);
    }
    textbuf_append(b, &end_mark, sizeof end_mark);
}

static bool put_text(Thread *t, TextBuf *b, Value text) {
    size_t length;
    const char *utf8 = str_utf8(t, text, &length);
    if (!utf8)
        return false;
    uint32_t size = (uint32_t)length;
    textbuf_append(b, &size, sizeof size);
    textbuf_append(b, utf8, length);
    return true;
}

static bool put_names(Thread *t, TextBuf *b, CodeObject *code) {
    for (uint32_t i = 0; i < code->cache_count; i++)
        if (!put_text(t, b, code->caches[i].name))
            return false;
    for (uint32_t i = 0; i < code->local_count; i++)
        if (code->local_kinds[i] & LOCAL_HIDDEN && !put_text(t, b, tuple_get(code->local_names, i)))
            return false;
    return true;
}

static Value finish(Thread *t, TextBuf *b, bool ok) {
    Value result = !ok ? NO_VALUE : b->failed ? raise_no_memory(t) : bytes_new(t, b->data, b->size);
    textbuf_free(b);
    return result;
}

Value code_layout_bytes(Thread *t, CodeObject *code) {
    Value instructions = TRY(code_bytes(t, code));
    TextBuf b;
    textbuf_init(&b);
    put_units(&b, (const Instruction *)as_bytes(instructions)->data, code->count);
    textbuf_append(&b, as_bytes(instructions)->data, as_bytes(instructions)->length);
    keep_alive(as_object(instructions));
    return finish(t, &b, true);
}

Value code_exception_table(Thread *t, CodeObject *code) {
    Numbers numbers = {code->count, code->register_count, code->local_count, code->cache_count};
    TextBuf b;
    textbuf_init(&b);
    code_put_handlers(&b, code);
    textbuf_byte(&b, table_mark);
    textbuf_append(&b, &numbers, sizeof numbers);
    textbuf_append(&b, code->live, code->count * sizeof *code->live);
    textbuf_append(&b, code->local_kinds, code->local_count);
    bool ok = put_names(t, &b, code);
    Value result = finish(t, &b, ok);
    keep_alive(code);
    return result;
}

typedef struct Reader {
    Thread *t;
    const char *next, *end;
} Reader;

static bool malformed(Thread *t, const char *what) {
    raise_value_error(t, "code: %s is malformed", what);
    return false;
}

static bool malformed_table(Thread *t) { return malformed(t, "co_exceptiontable"); }

/* The next `size` bytes; NULL: there are not so many. */
static const char *take(Reader *r, size_t size) {
    const char *data = r->next;
    if ((size_t)(r->end - r->next) < size)
        return NULL;
    r->next += size;
    return data;
}

/* Appended to `names` at `index`. */
static bool take_name(Reader *r, Value names, size_t index) {
    uint32_t size;
    const char *length = take(r, sizeof size), *text = NULL;
    if (length) {
        memcpy(&size, length, sizeof size);
        text = take(r, size);
    }
    if (!text)
        return malformed_table(r->t);
    Value name = str_from_utf8(r->t, text, size);
    Value interned = present(name) ? str_intern(r->t, name) : NO_VALUE; /* caches compare names by identity */
    if (present(interned))
        store(as_object(names), &as_tuple(names)->items[index], interned);
    return present(interned);
}

/* Aligned copies of the arrays. */
static bool take_arrays(Reader *r, const Numbers *n, CodeSpec *spec, CodeLayout *layout) {
    const char *live = take(r, n->count * sizeof(uint16_t)), *kinds = live ? take(r, n->local_count) : NULL;
    if (!kinds)
        return malformed_table(r->t);
    layout->live = bytes_new(r->t, live, n->count * sizeof(uint16_t));
    layout->kinds = present(layout->live) ? bytes_new(r->t, kinds, n->local_count) : NO_VALUE;
    if (absent(layout->kinds))
        return false;
    spec->live = (const uint16_t *)as_bytes(layout->live)->data;
    spec->local_kinds = (const uint8_t *)as_bytes(layout->kinds)->data;
    return true;
}

/* Free variables are the last. */
static bool check_kinds(Thread *t, const uint8_t *kinds, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (kinds[i - 1] & LOCAL_FREE && !(kinds[i] & LOCAL_FREE))
            return malformed_table(t);
    return true;
}

static bool take_names(Reader *r, const Numbers *n, CodeSpec *spec, CodeLayout *layout) {
    layout->cache_names = tuple_new(r->t, n->cache_count);
    layout->hidden_names = present(layout->cache_names) ? tuple_new(r->t, n->local_count) : NO_VALUE;
    if (absent(layout->hidden_names))
        return false;
    for (size_t i = 0; i < n->cache_count; i++)
        if (!take_name(r, layout->cache_names, i))
            return false;
    for (size_t i = 0; i < n->local_count; i++)
        if (spec->local_kinds[i] & LOCAL_HIDDEN && !take_name(r, layout->hidden_names, i))
            return false;
    spec->cache_names = as_tuple(layout->cache_names)->items;
    return r->next == r->end || malformed_table(r->t);
}

static bool same_units(const char *units, const char *instructions, size_t count) {
    for (size_t i = 0; i < count; i++) {
        Instruction in;
        memcpy(&in, instructions + i * sizeof in, sizeof in);
        Unit unit = unit_of(in);
        if (memcmp(&unit, units + i * sizeof unit, sizeof unit) != 0)
            return false;
    }
    return memcmp(&end_mark, units + count * sizeof(Unit), sizeof end_mark) == 0;
}

static bool read_instructions(Thread *t, Value bytes, CodeSpec *spec, CodeLayout *layout) {
    const size_t each = sizeof(Unit) + sizeof(Instruction);
    size_t size = as_bytes(bytes)->length, count = size / each;
    const char *units = as_bytes(bytes)->data, *instructions = units + (count + 1) * sizeof(Unit);
    if (count == 0 || count > UINT32_MAX || size != count * each + sizeof(Unit) || !same_units(units, instructions, count))
        return malformed(t, "co_code");
    layout->instructions = bytes_new(t, instructions, count * sizeof(Instruction));
    if (absent(layout->instructions))
        return false;
    spec->instructions = (const Instruction *)as_bytes(layout->instructions)->data;
    spec->count = count;
    return true;
}

/* own_count: of the code that `spec` came from, whose other parts stay if the table has handlers alone; 0: there is none. */
static bool read_table(Thread *t, Value table, size_t own_count, CodeSpec *spec, CodeLayout *layout) {
    size_t most = as_bytes(table)->length; /* every part takes a byte at least */
    Reader r = {t, as_bytes(table)->data, as_bytes(table)->data + most};
    layout->handlers = code_take_handlers(t, &r.next, r.end);
    if (absent(layout->handlers))
        return error_pending(t) ? false : malformed_table(t);
    spec->exceptions = (const ExceptionEntry *)as_bytes(layout->handlers)->data;
    spec->exception_count = as_bytes(layout->handlers)->length / sizeof(ExceptionEntry);
    if (r.next == r.end && spec->count == own_count)
        return true;
    const char *mark = take(&r, 1), *head = mark && *mark == table_mark ? take(&r, sizeof(Numbers)) : NULL;
    Numbers n;
    if (!head)
        return malformed_table(t);
    memcpy(&n, head, sizeof n);
    if (n.count != spec->count) {
        raise_value_error(t, "code: co_exceptiontable is that of %u instructions, co_code has %zu", (unsigned)n.count, spec->count);
        return false;
    }
    if (n.local_count > most || n.cache_count > most || n.register_count > UINT16_MAX || n.local_count > n.register_count)
        return malformed_table(t);
    spec->register_count = n.register_count;
    spec->local_count = n.local_count;
    spec->cache_count = n.cache_count;
    return take_arrays(&r, &n, spec, layout) && check_kinds(t, spec->local_kinds, n.local_count) && take_names(&r, &n, spec, layout);
}

bool code_layout_read(Thread *t, Value bytes, Value table, CodeSpec *spec, CodeLayout *layout) {
    size_t own_count = spec->live ? spec->count : 0;
    bool ok = read_instructions(t, bytes, spec, layout) && read_table(t, table, own_count, spec, layout);
    keep_alive(as_object(bytes));
    keep_alive(as_object(table));
    return ok;
}

Value code_new_checked(Thread *t, const CodeSpec *spec, const CodeLayout *layout) {
    size_t parameters = spec->argument_count + spec->keyword_only_count + !!(spec->flags & CODE_VARARGS) + !!(spec->flags & CODE_VARKEYWORDS);
    if (spec->positional_only_count > spec->argument_count)
        return raise_value_error(t, "code: posonlyargcount must not be greater than argcount");
    if (parameters > spec->local_count)
        return raise_value_error(t, "code: varnames is too small");
    CodeDefect defect;
    Value code = TRY(code_new(t, spec));
    if (code_defect(as_code(code), &defect))
        return raise_value_error(t, "code: instruction %u: %s", (unsigned)defect.at, defect.what);
    keep_alive(as_object(layout->instructions));
    keep_alive(as_object(layout->live));
    keep_alive(as_object(layout->handlers));
    keep_alive(as_object(layout->kinds));
    keep_alive(as_object(layout->cache_names));
    return code;
}
