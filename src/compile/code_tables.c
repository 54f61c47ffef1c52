/* The tables of a code object as bytes: co_code, co_linetable, co_exceptiontable.
 *
 * Formats of the last two: CPython's Objects/location_tables. A location entry is a byte 0x80 | kind << 3 | units - 1
 * and its data; only the long kind and "no location" are written, all kinds are read. An exception entry is four
 * varints of six bits: start, length, target, depth << 1 | lasti. */
#include "base/textbuf.h"
#include "compile/code.h"
#include "object/object.h"
#include "types/bytes.h"

static void put_varint(TextBuf *b, uint32_t v) {
    for (; v >= 64; v >>= 6) textbuf_byte(b, (char)(64 | (v & 63)));
    textbuf_byte(b, (char)v);
}

static void put_signed(TextBuf *b, int32_t v) {
    put_varint(b, v < 0 ? ((uint32_t)-(int64_t)v << 1) | 1 : (uint32_t)v << 1);
}

static Value finish(Thread *t, TextBuf *b) {
    Value result = b->failed ? raise_no_memory(t) : bytes_new(t, b->data, b->size);
    textbuf_free(b);
    return result;
}

enum { KIND_SHORT_LAST = 9, KIND_ONE_LINE_0 = 10, KIND_NO_COLUMNS = 13, KIND_LONG = 14, KIND_NONE = 15 };

static bool same_position(const SourcePosition *a, const SourcePosition *b) {
    return a->line == b->line && a->end_line == b->end_line && a->column == b->column && a->end_column == b->end_column;
}

Value code_line_table(Thread *t, CodeObject *code) {
    const SourcePosition *positions = code_positions(code);
    TextBuf b;
    textbuf_init(&b);
    int32_t line = code->first_line;
    for (uint32_t i = 0; i < code->count;) {
        const SourcePosition *p = &positions[i];
        uint32_t n = 1;
        while (n < 8 && i + n < code->count && same_position(p, &positions[i + n])) n++;
        int kind = p->line == 0 ? KIND_NONE : p->column < 0 ? KIND_NO_COLUMNS : KIND_LONG;
        textbuf_byte(&b, (char)(0x80 | kind << 3 | (int)(n - 1)));
        if (kind != KIND_NONE) {
            put_signed(&b, p->line - line);
            line = p->line;
        }
        if (kind == KIND_LONG) {
            put_varint(&b, (uint32_t)(p->end_line - p->line));
            put_varint(&b, (uint32_t)p->column + 1);
            put_varint(&b, (uint32_t)p->end_column + 1);
        }
        i += n;
    }
    return finish(t, &b);
}

typedef struct Reader {
    const uint8_t *next, *end;
    bool bad;
} Reader;

static uint8_t get_byte(Reader *r) {
    if (r->next >= r->end) {
        r->bad = true;
        return 0;
    }
    return *r->next++;
}

static uint32_t get_varint(Reader *r) {
    uint32_t v = 0;
    for (int shift = 0; shift < 36; shift += 6) {
        uint8_t byte = get_byte(r);
        v |= (uint32_t)(byte & 63) << (shift < 32 ? shift : 31);
        if (!(byte & 64))
            break;
    }
    return v;
}

static int32_t get_signed(Reader *r) {
    uint32_t v = get_varint(r);
    return v & 1 ? -(int32_t)(v >> 1) : (int32_t)(v >> 1);
}

static SourcePosition get_position(Reader *r, int kind, int32_t *line) {
    SourcePosition p = {0, 0, -1, -1};
    if (kind == KIND_NONE)
        return p;
    if (kind == KIND_LONG || kind == KIND_NO_COLUMNS)
        *line += get_signed(r);
    else if (kind >= KIND_ONE_LINE_0)
        *line += kind - KIND_ONE_LINE_0;
    p.line = p.end_line = *line;
    if (kind == KIND_LONG) {
        p.end_line += (int32_t)get_varint(r);
        p.column = (int32_t)get_varint(r) - 1;
        p.end_column = (int32_t)get_varint(r) - 1;
    } else if (kind <= KIND_SHORT_LAST) {
        uint8_t byte = get_byte(r);
        p.column = kind << 3 | byte >> 4;
        p.end_column = p.column + (byte & 15);
    } else if (kind != KIND_NO_COLUMNS) {
        p.column = get_byte(r);
        p.end_column = get_byte(r);
    }
    return p;
}

bool line_table_decode(Value bytes, int32_t first_line, SourcePosition *out, size_t count) {
    const uint8_t *data = (const uint8_t *)as_bytes(bytes)->data;
    Reader r = {data, data + as_bytes(bytes)->length, false};
    int32_t line = first_line;
    size_t done = 0;
    while (r.next < r.end && done < count && !r.bad) {
        uint8_t head = get_byte(&r);
        SourcePosition p = get_position(&r, head >> 3 & 15, &line);
        for (int n = (head & 7) + 1; n > 0 && done < count; n--) out[done++] = p;
    }
    while (done < count) out[done++] = (SourcePosition){0, 0, -1, -1};
    keep_alive(as_object(bytes));
    return !r.bad;
}

int32_t code_line(CodeObject *code, uint32_t instruction) {
    const SourcePosition *positions = load_acquire(&code->positions);
    if (positions)
        return positions[instruction].line;
    const uint8_t *data = (const uint8_t *)as_bytes(code->line_table)->data;
    Reader r = {data, data + as_bytes(code->line_table)->length, false};
    int32_t line = code->first_line;
    for (size_t done = 0; r.next < r.end && !r.bad;) {
        uint8_t head = get_byte(&r);
        SourcePosition p = get_position(&r, head >> 3 & 15, &line);
        done += (head & 7) + 1;
        if (instruction < done)
            return p.line;
    }
    return 0;
}

void code_put_handlers(TextBuf *b, CodeObject *code) {
    for (uint32_t i = 0; i < code->exception_count; i++) {
        const ExceptionEntry *e = &code->exceptions[i];
        put_varint(b, e->start);
        put_varint(b, e->end - e->start);
        put_varint(b, e->target);
        put_varint(b, (uint32_t)e->exception_register << 1 | e->push_lasti);
    }
}

/* A varint of at most 32 bits, none of whose bytes has the bit of the mark behind the handlers. */
static bool take_varint(Reader *r, uint32_t *out) {
    uint64_t v = 0;
    for (int shift = 0; shift < 36 && !r->bad; shift += 6) {
        uint8_t byte = get_byte(r);
        v |= (uint64_t)(byte & 63) << shift;
        r->bad |= byte >= 0x80;
        if (!(byte & 64)) {
            *out = (uint32_t)v;
            return !r->bad && v <= UINT32_MAX;
        }
    }
    return false;
}

Value code_take_handlers(Thread *t, const char **next, const char *end) {
    Reader r = {(const uint8_t *)*next, (const uint8_t *)end, false};
    TextBuf b;
    textbuf_init(&b);
    while (r.next < r.end && *r.next < 0x80) {
        uint32_t start, length, target, place;
        if (!take_varint(&r, &start) || !take_varint(&r, &length) || !take_varint(&r, &target) || !take_varint(&r, &place) ||
            length > UINT32_MAX - start || place >> 1 > UINT16_MAX) {
            textbuf_free(&b);
            return NO_VALUE;
        }
        ExceptionEntry e;
        memset(&e, 0, sizeof e); /* what lies between its fields too */
        e.start = start, e.end = start + length, e.target = target;
        e.exception_register = (uint16_t)(place >> 1), e.push_lasti = place & 1;
        textbuf_append(&b, &e, sizeof e);
    }
    *next = (const char *)r.next;
    return finish(t, &b);
}

Value code_bytes(Thread *t, CodeObject *code) {
    Value result = TRY(bytes_new(t, NULL, code->count * sizeof(Instruction)));
    for (uint32_t i = 0; i < code->count; i++) {
        Instruction instruction = code_instruction(code, i);
        memcpy(as_bytes(result)->data + i * sizeof instruction, &instruction, sizeof instruction);
    }
    keep_alive(code);
    return result;
}
