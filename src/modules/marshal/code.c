/* Code objects in marshal: numbers, then arrays as raw memory of this machine, then the values they refer to. */
#include "base/byte_order.h"
#include "compile/code.h"
#include "modules/marshal/read.h"
#include "types/bytes.h"
#include "types/str/str.h"
#include "types/tuple.h"

enum { NUMBERS = 9 };

void marshal_write_code(Writer *w, Value value) {
    CodeObject *code = as_code(value);
    Thread *t = marshal_writer_thread(w);
    if (!code_unpack(t, code)) {
        error_clear(t);
        marshal_write(w, from_object(&code_type)); /* fails the writer */
        return;
    }
    int32_t numbers[NUMBERS] = {(int32_t)code->argument_count, (int32_t)code->positional_only_count,
                                (int32_t)code->keyword_only_count, (int32_t)code->flags, code->first_line,
                                (int32_t)code->register_count, (int32_t)code->local_count, (int32_t)code->cache_count,
                                (int32_t)code->exception_count};
    for (int i = 0; i < NUMBERS; i++) marshal_write_long(w, numbers[i]);
    Value cache_names = tuple_new(t, code->cache_count), bytes = code_bytes(t, code), table = code_line_table(t, code);
    if (absent(cache_names) || absent(bytes) || absent(table)) {
        error_clear(t);
        marshal_write(w, from_object(&code_type)); /* fails the writer */
        return;
    }
    for (uint32_t i = 0; i < code->cache_count; i++)
        store(as_object(cache_names), &as_tuple(cache_names)->items[i], code->caches[i].name);
    marshal_write_data(w, as_bytes(bytes)->data, as_bytes(bytes)->length);
    marshal_write_data(w, as_bytes(table)->data, as_bytes(table)->length);
    marshal_write_data(w, code->live, code->count * sizeof *code->live);
    marshal_write_data(w, code->exceptions, code->exception_count * sizeof *code->exceptions);
    marshal_write_data(w, code->local_kinds, code->local_count);
    Value values[] = {code->constants, code->names, code->local_names, cache_names, code->name, code->qualname,
                      code->filename};
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
    Part instructions, live, exceptions, kinds;
    Value line_table;
    size_t count;
} Arrays;

static bool read_arrays(Reader *r, const int32_t *numbers, Arrays *a) {
    size_t size;
    if (!read_part(r, &a->instructions))
        return false;
    a->count = a->instructions.size / sizeof(Instruction);
    const char *table = marshal_read_data(r, &size);
    a->line_table = table ? bytes_new(r->t, table, size) : NO_VALUE;
    return present(a->line_table) && read_array(r, &a->live, a->count * sizeof(uint16_t)) &&
           read_array(r, &a->exceptions, (size_t)numbers[8] * sizeof(ExceptionEntry)) &&
           read_array(r, &a->kinds, (size_t)numbers[6]);
}

Value marshal_read_code(Reader *r) {
    Thread *t = marshal_reader_thread(r);
    int32_t numbers[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
        CHECK(marshal_read_long(r, &numbers[i]));
        if (numbers[i] < 0)
            return raise_value_error(t, "bad marshal data (code object)");
    }
    Arrays a = {};
    CHECK(read_arrays(r, numbers, &a));
    Value values[7];
    for (int i = 0; i < 7; i++) {
        values[i] = marshal_read(r);
        if (absent(values[i]))
            return error_pending(t) ? NO_VALUE : raise_type_error(t, "NULL object in marshal data for code object");
    }
    if (!is_tuple(values[0]) || !is_tuple(values[1]) || !is_tuple_of_strings(values[2], (size_t)numbers[6]) ||
        !is_tuple_of_strings(values[3], (size_t)numbers[7]) || !is_str(values[4]) || !is_str(values[5]) ||
        !is_str(values[6]) || a.count == 0)
        return raise_value_error(t, "bad marshal data (code object)");
    for (size_t i = 0; i < tuple_length(values[3]); i++) /* caches compare names by identity */
        store(as_object(values[3]), &as_tuple(values[3])->items[i], TRY(str_intern(t, tuple_get(values[3], i))));
    CodeSpec spec = {
        .instructions = a.instructions.data,
        .line_table = a.line_table,
        .live = a.live.data, .count = a.count,
        .cache_names = as_tuple(values[3])->items, .cache_count = (size_t)numbers[7],
        .exceptions = a.exceptions.data, .exception_count = (size_t)numbers[8],
        .constants = values[0], .names = values[1], .local_names = values[2],
        .local_kinds = a.kinds.data, .local_count = (size_t)numbers[6],
        .register_count = (size_t)numbers[5], .argument_count = (size_t)numbers[0],
        .positional_only_count = (size_t)numbers[1], .keyword_only_count = (size_t)numbers[2],
        .flags = (uint32_t)numbers[3], .first_line = numbers[4], .name = values[4], .qualname = values[5],
        .filename = values[6],
    };
    Value code = code_new(t, &spec);
    const Part parts[] = {a.instructions, a.live, a.exceptions, a.kinds};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) keep_alive(as_object(parts[i].owner));
    return code;
}

/* A function of a frozen module: what making the function needs, then all of the code, as bytes that stay as they are until
 * the function is called. */
enum { PACKED_NUMBERS = 7 };

void marshal_write_packed(Writer *w, Value value) {
    CodeObject *code = as_code(value);
    int32_t numbers[PACKED_NUMBERS] = {(int32_t)code->argument_count, (int32_t)code->positional_only_count,
                                       (int32_t)code->keyword_only_count, (int32_t)code->flags, code->first_line,
                                       (int32_t)code->register_count, (int32_t)code->free_count};
    for (int i = 0; i < PACKED_NUMBERS; i++) marshal_write_long(w, numbers[i]);
    Value values[] = {code->name, code->qualname, code->filename,
                      code->flags & CODE_HAS_DOCSTRING ? tuple_get(code->constants, 0) : NONE};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) marshal_write(w, values[i]);
    Value bytes = marshal_dumps_packed(marshal_writer_thread(w), value);
    if (absent(bytes)) {
        error_clear(marshal_writer_thread(w));
        marshal_write(w, from_object(&code_type)); /* fails the writer */
        return;
    }
    marshal_write_data(w, as_bytes(bytes)->data, as_bytes(bytes)->length);
    keep_alive(as_object(bytes));
}

/* The data is the program's own. */
Value marshal_read_packed(Reader *r) {
    Thread *t = marshal_reader_thread(r);
    int32_t numbers[PACKED_NUMBERS];
    for (int i = 0; i < PACKED_NUMBERS; i++)
        CHECK(marshal_read_long(r, &numbers[i]));
    Value values[4];
    for (int i = 0; i < 4; i++)
        values[i] = TRY(marshal_read(r));
    Value constants = is_none(values[3]) ? empty_tuple : TRY(tuple_from_values(t, &values[3], 1));
    const char *packed = r->next;
    size_t size;
    CHECK(marshal_read_data(r, &size));
    CodeSpec spec = {
        .constants = constants, .name = values[0], .qualname = values[1], .filename = values[2],
        .argument_count = (size_t)numbers[0], .positional_only_count = (size_t)numbers[1],
        .keyword_only_count = (size_t)numbers[2], .flags = (uint32_t)numbers[3], .first_line = numbers[4],
        .register_count = (size_t)numbers[5],
    };
    return code_new_packed(t, &spec, (size_t)numbers[6], packed);
}

static Value read_packed(Thread *t, const char *packed) {
    return marshal_loads_packed(t, packed + sizeof(uint32_t), get_le32(packed));
}

void marshal_start(void) { read_packed_hook = read_packed; }
