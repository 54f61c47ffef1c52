/* Code objects in marshal: numbers, then arrays, then the values they refer to.
 *
 * Of an instruction's four numbers most are small: four bytes hold them then, else a byte that is no operation and the
 * instruction as it is in memory. The number of live registers follows, in the same way.
 *
 * Functions inside other code are written packed: an outline, from which the function object can be made, then the bytes of
 * all of the code, as a whole of its own. Those are read when the function is called for the first time, which most of a module's
 * never are. They lack what the outline has: name, qualified name, file name, docstring.
 */
#include "base/byte_order.h"
#include "base/textbuf.h"
#include "compile/code.h"
#include "modules/marshal/read.h"
#include "types/bytes.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>

enum { NUMBERS = 9 };

static void fail(Writer *w) {
    error_clear(marshal_writer_thread(w));
    marshal_write(w, from_object(&code_type)); /* which it cannot */
}

/* Of code inside an outlined function only what differs from the outline. */
static Value written_filename(Writer *w, CodeObject *code) {
    CodeObject *outline = marshal_writer_outline(w);
    return outline && same(load(&outline->filename), load(&code->filename)) ? NONE : load(&code->filename);
}

/* An outline may be completed by another thread at the same time: its docstring stays the first of its constants. */
static bool has_docstring(CodeObject *code) { return code->flags & CODE_HAS_DOCSTRING && tuple_length(load(&code->constants)) > 0; }
static Value docstring_of(CodeObject *code) { return has_docstring(code) ? tuple_get(load(&code->constants), 0) : NONE; }

static Value without_docstring(Thread *t, CodeObject *code) {
    if (!has_docstring(code))
        return code->constants;
    Value constants = TRY(tuple_from_values(t, as_tuple(code->constants)->items, tuple_length(code->constants)));
    as_tuple(constants)->items[0] = NONE; /* NOBARRIER: new */
    return constants;
}

enum { WIDE = 255 };

static void write_instructions(Writer *w, const Instruction *instructions, const uint16_t *live, size_t count) {
    TextBuf packed;
    textbuf_init(&packed);
    for (size_t i = 0; i < count; i++) {
        Instruction in = instructions[i];
        if (in.op < WIDE && (in.a | in.b | in.c) < 256) {
            textbuf_append(&packed, (char[]){(char)in.op, (char)in.a, (char)in.b, (char)in.c}, 4);
        } else {
            textbuf_byte(&packed, (char)WIDE);
            textbuf_append(&packed, &in, sizeof in);
        }
        textbuf_byte(&packed, (char)(live[i] < WIDE ? live[i] : WIDE));
        if (live[i] >= WIDE)
            textbuf_append(&packed, &live[i], sizeof live[i]);
    }
    marshal_write_long(w, (int32_t)count);
    if (packed.failed)
        fail(w);
    else
        marshal_write_data(w, packed.data, packed.size);
    textbuf_free(&packed);
}

void marshal_write_code(Writer *w, Value value) {
    CodeObject *code = as_code(value);
    Thread *t = marshal_writer_thread(w);
    if (!code_unpack(t, code)) {
        fail(w);
        return;
    }
    int32_t numbers[NUMBERS] = {(int32_t)code->argument_count, (int32_t)code->positional_only_count,
                                (int32_t)code->keyword_only_count, (int32_t)code->flags, code->first_line,
                                (int32_t)code->register_count, (int32_t)code->local_count, (int32_t)code->cache_count,
                                (int32_t)code->exception_count};
    for (int i = 0; i < NUMBERS; i++) marshal_write_long(w, numbers[i]);
    Value cache_names = tuple_new(t, code->cache_count), bytes = code_bytes(t, code), table = code_line_table(t, code);
    if (absent(cache_names) || absent(bytes) || absent(table)) {
        fail(w);
        return;
    }
    for (uint32_t i = 0; i < code->cache_count; i++)
        store(as_object(cache_names), &as_tuple(cache_names)->items[i], code->caches[i].name);
    write_instructions(w, (const Instruction *)as_bytes(bytes)->data, code->live, code->count);
    marshal_write_data(w, as_bytes(table)->data, as_bytes(table)->length);
    marshal_write_data(w, code->exceptions, code->exception_count * sizeof *code->exceptions);
    marshal_write_data(w, code->local_kinds, code->local_count);
    bool outlined = marshal_writer_outline(w) == code;
    Value constants = outlined ? without_docstring(t, code) : code->constants;
    if (absent(constants)) {
        fail(w);
        return;
    }
    Value values[] = {constants, code->names, code->local_names, cache_names, outlined ? NONE : code->name,
                      outlined ? NONE : code->qualname, written_filename(w, code)};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) marshal_write(w, values[i]);
    keep_alive(as_object(bytes));
    keep_alive(as_object(table));
    keep_alive(code);
}

/* Memory of the reader's, where it reads from memory, else copied to `owner`. */
typedef struct Part {
    const void *data;
    size_t size;
    Value owner;
} Part;

static bool read_part(Reader *r, Part *part) {
    part->data = marshal_read_data(r, &part->size);
    if (!part->data || absent(r->file))
        return part->data != NULL;
    part->owner = bytes_new(r->t, part->data, part->size);
    if (present(part->owner))
        part->data = as_bytes(part->owner)->data;
    return present(part->owner);
}

/* One of exactly `size` bytes. */
static bool read_array(Reader *r, Part *part, size_t size) {
    if (!read_part(r, part))
        return false;
    if (part->size != size)
        raise_value_error(r->t, "bad marshal data (code object)");
    return part->size == size;
}

static bool is_tuple_of_strings(Value v, size_t length) {
    if (!is_tuple(v) || tuple_length(v) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_str(tuple_get(v, i)))
            return false;
    return true;
}

typedef struct Arrays {
    Instruction *instructions; /* `count` of them, then as many numbers of live registers; until the code object has copies */
    Part exceptions, kinds;
    Value line_table;
    size_t count;
} Arrays;

static uint16_t *live_of(const Arrays *a) { return (uint16_t *)(a->instructions + a->count); }

/* false: the bytes end too soon, or too late. */
static bool unpack_instructions(const uint8_t *next, const uint8_t *end, Instruction *instructions, uint16_t *live, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t size = next < end && *next == WIDE ? 1 + sizeof(Instruction) : 4;
        if ((size_t)(end - next) < size + 1)
            return false;
        if (size == 4)
            instructions[i] = (Instruction){next[0], next[1], next[2], next[3]};
        else
            memcpy(&instructions[i], next + 1, sizeof(Instruction));
        next += size;
        live[i] = *next++;
        if (live[i] < WIDE)
            continue;
        if (end - next < (ptrdiff_t)sizeof *live)
            return false;
        memcpy(&live[i], next, sizeof *live);
        next += sizeof *live;
    }
    return next == end;
}

static bool read_instructions(Reader *r, Arrays *a) {
    int32_t count;
    size_t size;
    const char *data = marshal_read_long(r, &count) ? marshal_read_data(r, &size) : NULL;
    if (!data)
        return false;
    bool good = count > 0 && size / 5 >= (size_t)count;
    if (good) {
        Value packed = r->room; /* where `data` lies, if it comes from a file */
        a->count = (size_t)count;
        a->instructions = malloc(a->count * (sizeof(Instruction) + sizeof(uint16_t)));
        if (!a->instructions) {
            raise_no_memory(r->t);
            return false;
        }
        good = unpack_instructions((const uint8_t *)data, (const uint8_t *)data + size, a->instructions, live_of(a), a->count);
        keep_alive(as_object(packed));
    }
    if (!good)
        raise_value_error(r->t, "bad marshal data (code object)");
    return good;
}

static bool read_arrays(Reader *r, const int32_t *numbers, Arrays *a) {
    size_t size;
    if (!read_instructions(r, a))
        return false;
    const char *table = marshal_read_data(r, &size);
    a->line_table = table ? bytes_new(r->t, table, size) : NO_VALUE;
    return present(a->line_table) &&
           read_array(r, &a->exceptions, (size_t)numbers[8] * sizeof(ExceptionEntry)) &&
           read_array(r, &a->kinds, (size_t)numbers[6]);
}

/* Puts in what the outline has instead. */
static bool complete_from_outline(Reader *r, bool outlined, Value *values) {
    if (is_none(values[6]) && r->outline)
        values[6] = load(&r->outline->filename);
    if (!outlined)
        return true;
    values[4] = r->outline->name;
    values[5] = r->outline->qualname;
    if (is_none(docstring_of(r->outline)))
        return true;
    bool room = is_tuple(values[0]) && tuple_length(values[0]) > 0;
    if (room)
        store(as_object(values[0]), &as_tuple(values[0])->items[0], docstring_of(r->outline));
    return room;
}

static Value make_code(Reader *r, bool outlined, const int32_t *numbers, const Arrays *a) {
    Thread *t = marshal_reader_thread(r);
    Value values[7];
    for (int i = 0; i < 7; i++) {
        values[i] = marshal_read(r);
        if (absent(values[i]))
            return error_pending(t) ? NO_VALUE : raise_type_error(t, "NULL object in marshal data for code object");
    }
    if (!complete_from_outline(r, outlined, values) || !is_tuple(values[0]) || !is_tuple(values[1]) || !is_tuple_of_strings(values[2], (size_t)numbers[6]) ||
        !is_tuple_of_strings(values[3], (size_t)numbers[7]) || !is_str(values[4]) || !is_str(values[5]) ||
        !is_str(values[6]) || a->count == 0)
        return raise_value_error(t, "bad marshal data (code object)");
    for (size_t i = 0; i < tuple_length(values[3]); i++) /* caches compare names by identity */
        store(as_object(values[3]), &as_tuple(values[3])->items[i], TRY(str_intern(t, tuple_get(values[3], i))));
    CodeSpec spec = {
        .instructions = a->instructions, .line_table = a->line_table, .live = live_of(a), .count = a->count,
        .cache_names = as_tuple(values[3])->items, .cache_count = (size_t)numbers[7],
        .exceptions = a->exceptions.data, .exception_count = (size_t)numbers[8],
        .constants = values[0], .names = values[1], .local_names = values[2],
        .local_kinds = a->kinds.data, .local_count = (size_t)numbers[6],
        .register_count = (size_t)numbers[5], .argument_count = (size_t)numbers[0],
        .positional_only_count = (size_t)numbers[1], .keyword_only_count = (size_t)numbers[2],
        .flags = (uint32_t)numbers[3], .first_line = numbers[4], .name = values[4], .qualname = values[5],
        .filename = values[6],
    };
    Value code = code_new(t, &spec);
    keep_alive(as_object(a->exceptions.owner));
    keep_alive(as_object(a->kinds.owner));
    return code;
}

Value marshal_read_code(Reader *r) {
    bool outlined = r->outline && r->depth == 1;
    int32_t numbers[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
        CHECK(marshal_read_long(r, &numbers[i]));
        if (numbers[i] < 0)
            return raise_value_error(marshal_reader_thread(r), "bad marshal data (code object)");
    }
    Arrays a = {};
    Value code = read_arrays(r, numbers, &a) ? make_code(r, outlined, numbers, &a) : NO_VALUE;
    free(a.instructions);
    return code;
}

enum { PACKED_NUMBERS = 7 };

void marshal_write_packed(Writer *w, Value value) {
    CodeObject *code = as_code(value);
    int32_t numbers[PACKED_NUMBERS] = {(int32_t)code->argument_count, (int32_t)code->positional_only_count,
                                       (int32_t)code->keyword_only_count, (int32_t)code->flags, code->first_line,
                                       (int32_t)code->register_count, (int32_t)code->free_count};
    for (int i = 0; i < PACKED_NUMBERS; i++) marshal_write_long(w, numbers[i]);
    Value values[] = {code->name, code->qualname, written_filename(w, code), docstring_of(code)};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) marshal_write(w, values[i]);
    Value bytes = marshal_dumps_outlined(w, value);
    if (absent(bytes)) {
        fail(w);
        return;
    }
    marshal_write_data(w, as_bytes(bytes)->data, as_bytes(bytes)->length);
    keep_alive(as_object(bytes));
}

static bool read_outline(Reader *r, int32_t *numbers, Value *values) {
    for (int i = 0; i < PACKED_NUMBERS; i++)
        if (!marshal_read_long(r, &numbers[i]))
            return false;
    for (int i = 0; i < 4; i++) {
        values[i] = marshal_read(r);
        if (absent(values[i]))
            return false;
    }
    if (is_none(values[2]) && r->outline)
        values[2] = load(&r->outline->filename);
    bool good = is_str(values[0]) && is_str(values[1]) && is_str(values[2]);
    for (int i = 0; i < PACKED_NUMBERS; i++)
        good = good && numbers[i] >= 0;
    if (!good)
        raise_value_error(marshal_reader_thread(r), "bad marshal data (code object)");
    return good;
}

Value marshal_read_packed(Reader *r) {
    Thread *t = marshal_reader_thread(r);
    int32_t numbers[PACKED_NUMBERS];
    Value values[4], owner = r->owner;
    CHECK(read_outline(r, numbers, values));
    Value constants = is_none(values[3]) ? empty_tuple : TRY(tuple_from_values(t, &values[3], 1));
    size_t size;
    const char *packed = marshal_read_data(r, &size);
    CHECK(packed);
    if (absent(owner) && !r->constant) { /* memory that may change or go */
        owner = TRY(bytes_new(t, NULL, size + sizeof(uint32_t)));
        put_le32(as_bytes(owner)->data, (uint32_t)size);
        memcpy(as_bytes(owner)->data + sizeof(uint32_t), packed, size);
        packed = as_bytes(owner)->data + sizeof(uint32_t);
    }
    CodeSpec spec = {
        .constants = constants, .name = values[0], .qualname = values[1], .filename = values[2],
        .argument_count = (size_t)numbers[0], .positional_only_count = (size_t)numbers[1],
        .keyword_only_count = (size_t)numbers[2], .flags = (uint32_t)numbers[3], .first_line = numbers[4],
        .register_count = (size_t)numbers[5],
    };
    return code_new_packed(t, &spec, (size_t)numbers[6], packed - sizeof(uint32_t), owner); /* its size comes first */
}

static bool fits_outline(CodeObject *code, CodeObject *outline) {
    return code->argument_count == outline->argument_count && code->positional_only_count == outline->positional_only_count &&
           code->keyword_only_count == outline->keyword_only_count && code->flags == outline->flags &&
           code->first_line == outline->first_line && code->register_count == outline->register_count &&
           code->free_count == outline->free_count && !code->packed;
}

static Value read_packed(Thread *t, CodeObject *outline, const char *packed, Value owner) {
    Value code = TRY(marshal_loads_outlined(t, outline, packed + sizeof(uint32_t), get_le32(packed), owner));
    if (!is_exactly(code, &code_type) || !fits_outline(as_code(code), outline))
        return raise_value_error(t, "bad marshal data (code object)");
    return code;
}

void marshal_start(void) { read_packed_hook = read_packed; }
