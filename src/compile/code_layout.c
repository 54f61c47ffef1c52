/* co_code: what running a code object takes and no other of its attributes tells. So code can be made from its attributes, as
 * programs do that send functions to other processes.
 *
 * First come code units of two bytes, an operation and an argument, one for each instruction: where a tool looks that knows
 * f_lasti and the offsets of co_lines() as places in co_code. Behind them stand a unit that is no operation; the instructions, 8 bytes each; numbers of 32
 * bits, as in Numbers; per instruction the number of live registers, 16 bits; the handlers; per local variable its kind, 8 bits;
 * the names of caches and of hidden variables, each a length of 32 bits and UTF-8; at the very end the number of instructions,
 * 32 bits. Bytes that were not made here are checked as far as code_defect goes, and units must be those of the instructions.
 */
#include "base/textbuf.h"
#include "compile/code.h"
#include "compile/disassemble.h"
#include "object/errors.h"
#include "types/bytes.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef struct Numbers {
    uint32_t register_count, local_count, cache_count, exception_count;
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
    return (Unit){(uint8_t)in.op, (uint8_t)in.a};
}

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

Value code_layout_bytes(Thread *t, CodeObject *code) {
    Value instructions = TRY(code_bytes(t, code));
    Numbers numbers = {code->register_count, code->local_count, code->cache_count, code->exception_count};
    TextBuf b;
    textbuf_init(&b);
    put_units(&b, (const Instruction *)as_bytes(instructions)->data, code->count);
    textbuf_append(&b, as_bytes(instructions)->data, as_bytes(instructions)->length);
    textbuf_append(&b, &numbers, sizeof numbers);
    textbuf_append(&b, code->live, code->count * sizeof *code->live);
    for (uint32_t i = 0; i < code->exception_count; i++) {
        ExceptionEntry clean;
        const ExceptionEntry *e = &code->exceptions[i];
        memset(&clean, 0, sizeof clean); /* what lies between its fields too */
        clean.start = e->start, clean.end = e->end, clean.target = e->target;
        clean.exception_register = e->exception_register, clean.push_lasti = e->push_lasti;
        textbuf_append(&b, &clean, sizeof clean);
    }
    textbuf_append(&b, code->local_kinds, code->local_count);
    bool ok = put_names(t, &b, code);
    textbuf_append(&b, &code->count, sizeof code->count);
    Value result = !ok ? NO_VALUE : b.failed ? raise_no_memory(t) : bytes_new(t, b.data, b.size);
    textbuf_free(&b);
    keep_alive(as_object(instructions));
    keep_alive(code);
    return result;
}

typedef struct Reader {
    Thread *t;
    const char *next, *end;
} Reader;

static bool malformed(Thread *t) {
    raise_value_error(t, "code: co_code is malformed");
    return false;
}

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
        return malformed(r->t);
    Value name = str_from_utf8(r->t, text, size);
    Value interned = present(name) ? str_intern(r->t, name) : NO_VALUE; /* caches compare names by identity */
    if (present(interned))
        store(as_object(names), &as_tuple(names)->items[index], interned);
    return present(interned);
}

/* Aligned copies of the arrays. */
static bool take_arrays(Reader *r, const Numbers *n, size_t count, CodeSpec *spec, CodeLayout *layout) {
    const char *live = take(r, count * sizeof(uint16_t)), *handlers = take(r, n->exception_count * sizeof(ExceptionEntry));
    const char *kinds = live && handlers ? take(r, n->local_count) : NULL;
    if (!kinds)
        return malformed(r->t);
    layout->live = bytes_new(r->t, live, count * sizeof(uint16_t));
    layout->handlers = present(layout->live) ? bytes_new(r->t, handlers, n->exception_count * sizeof(ExceptionEntry)) : NO_VALUE;
    layout->kinds = present(layout->handlers) ? bytes_new(r->t, kinds, n->local_count) : NO_VALUE;
    if (absent(layout->kinds))
        return false;
    spec->live = (const uint16_t *)as_bytes(layout->live)->data;
    spec->exceptions = (const ExceptionEntry *)as_bytes(layout->handlers)->data;
    spec->local_kinds = (const uint8_t *)as_bytes(layout->kinds)->data;
    return true;
}

/* Free variables are the last. */
static bool check_kinds(Thread *t, const uint8_t *kinds, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (kinds[i - 1] & LOCAL_FREE && !(kinds[i] & LOCAL_FREE))
            return malformed(t);
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
    return r->next == r->end || malformed(r->t);
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

bool code_layout_read(Thread *t, Value bytes, CodeSpec *spec, CodeLayout *layout) {
    uint32_t count = 0;
    size_t size = as_bytes(bytes)->length;
    if (size >= sizeof count)
        memcpy(&count, as_bytes(bytes)->data + size - sizeof count, sizeof count);
    Reader r = {t, as_bytes(bytes)->data, as_bytes(bytes)->data + (size >= sizeof count ? size - sizeof count : 0)};
    const char *units = take(&r, (count + (size_t)1) * sizeof(Unit)), *instructions = units ? take(&r, count * sizeof(Instruction)) : NULL;
    const char *head = instructions ? take(&r, sizeof(Numbers)) : NULL;
    if (!head || count == 0 || !same_units(units, instructions, count))
        return malformed(t);
    Numbers n;
    memcpy(&n, head, sizeof n);
    size_t most = size; /* every one of them takes a byte at least */
    if (n.local_count > most || n.cache_count > most || n.exception_count > most || n.register_count > UINT16_MAX ||
        n.local_count > n.register_count)
        return malformed(t);
    layout->instructions = bytes_new(t, instructions, count * sizeof(Instruction));
    if (absent(layout->instructions))
        return false;
    spec->instructions = (const Instruction *)as_bytes(layout->instructions)->data;
    spec->count = count;
    spec->register_count = n.register_count;
    spec->local_count = n.local_count;
    spec->cache_count = n.cache_count;
    spec->exception_count = n.exception_count;
    bool ok = take_arrays(&r, &n, count, spec, layout) && check_kinds(t, spec->local_kinds, n.local_count) &&
              take_names(&r, &n, spec, layout);
    keep_alive(as_object(bytes));
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
