/* Unpickling: a loop over operations that work on a stack. It never recurses.
 *
 * Bytes that come from anywhere may drive this: every operand is checked, the stack is never read below the topmost
 * mark (`fence`), and a memo number far beyond what was stored does not make the memo grow.
 */
#include "base/byte_order.h"
#include "modules/_pickle/pickle.h"
#include "types/memoryview.h"
#include "types/slice.h"
#include "types/str/codecs.h"

/* The stack */

bool unpickler_underflow(Thread *t, Unpickler *u) {
    UNPICKLING_FAIL(t, u->mark_count ? "unexpected MARK found" : "unpickling stack underflow");
    return false;
}

static bool push_slow(Thread *t, Unpickler *u, Value v) {
    Slots *larger = slots_new(t, u->stack ? u->stack->capacity * 2 : 32);
    if (larger == NULL)
        return false;
    if (u->stack)
        memcpy(larger->items, u->stack->items, u->depth * sizeof(Value)); /* NOBARRIER: just allocated */
    store(u, (Value *)&u->stack, from_object(larger));
    return unpickler_push(t, u, v);
}

bool unpickler_push(Thread *t, Unpickler *u, Value v) {
    if (unlikely(absent(v)))
        return false;
    if (unlikely(u->stack == NULL || u->depth == u->stack->capacity))
        return push_slow(t, u, v);
    store(u->stack, &u->stack->items[u->depth++], v);
    return true;
}

static size_t *marks_of(Unpickler *u) { return (size_t *)(void *)as_bytes(u->marks)->data; }

static bool push_mark(Thread *t, Unpickler *u) {
    size_t room = present(u->marks) ? as_bytes(u->marks)->length / sizeof(size_t) : 0;
    if (u->mark_count == room) {
        Value larger = bytes_new(t, NULL, (room ? room * 2 : 32) * sizeof(size_t));
        if (absent(larger))
            return false;
        if (room)
            memcpy(as_bytes(larger)->data, marks_of(u), room * sizeof(size_t));
        store(u, &u->marks, larger);
    }
    marks_of(u)[u->mark_count++] = u->fence = u->depth;
    return true;
}

bool unpickler_pop_mark(Thread *t, Unpickler *u, size_t *start) {
    if (u->mark_count == 0) {
        UNPICKLING_FAIL(t, "could not find MARK");
        return false;
    }
    *start = marks_of(u)[--u->mark_count];
    u->fence = u->mark_count ? marks_of(u)[u->mark_count - 1] : 0;
    return true;
}

/* The memo */

Value unpickler_memo_get(Thread *t, Unpickler *u, size_t index) {
    if (u->memo && index < u->memo->capacity)
        return u->memo->items[index];
    if (absent(u->memo_far))
        return NO_VALUE;
    Value key = TRY(int_from_unsigned(t, index));
    return dict_get(t, u->memo_far, key);
}

static bool memo_put_far(Thread *t, Unpickler *u, size_t index, Value v) {
    if (absent(u->memo_far)) {
        Value far = dict_new(t);
        if (absent(far))
            return false;
        store(u, &u->memo_far, far);
    }
    Value key = int_from_unsigned(t, index);
    if (absent(key))
        return false;
    u->memo_length += dict_contains(t, u->memo_far, key) == 0;
    return dict_set(t, u->memo_far, key, v);
}

bool unpickler_memo_put(Thread *t, Unpickler *u, size_t index, Value v) {
    size_t capacity = u->memo ? u->memo->capacity : 0;
    if (index >= capacity) {
        if (present(u->memo_far) || index > 2 * capacity + 1000)
            return memo_put_far(t, u, index, v);
        Slots *larger = slots_new(t, index + index / 2 + 32);
        if (larger == NULL)
            return false;
        if (u->memo)
            memcpy(larger->items, u->memo->items, capacity * sizeof(Value)); /* NOBARRIER: just allocated */
        store(u, (Value *)&u->memo, from_object(larger));
    }
    u->memo_length += absent(u->memo->items[index]);
    store(u->memo, &u->memo->items[index], v);
    return true;
}

static bool load_memo_get(Thread *t, Unpickler *u, size_t index) {
    Value v = unpickler_memo_get(t, u, index);
    if (absent(v) && !error_pending(t))
        UNPICKLING_FAIL(t, "Memo value not found at index %zu", index);
    return unpickler_push(t, u, v);
}

static bool load_memo_put(Thread *t, Unpickler *u, size_t index) {
    return unpickler_has(u, 1) ? unpickler_memo_put(t, u, index, unpickler_top(u)) : unpickler_underflow(t, u);
}

/* A decimal memo number of its own line. */
static bool read_line_index(Thread *t, Unpickler *u, int64_t *index) {
    size_t n;
    const char *line = input_full_line(t, u, &n);
    if (line == NULL)
        return false;
    Value text = bytes_new(t, line, n), number = absent(text) ? text : int_from_byte_text(t, line, n, 10, text);
    if (absent(number))
        return false;
    if (int_to_i64(number, index))
        return true;
    raise_overflow_error(t, "Python int too large to convert to C ssize_t");
    return false;
}

/* Little-endian operands of 1, 2, 4 or 8 bytes. */
static bool read_number(Thread *t, Unpickler *u, size_t width, uint64_t *out) {
    const char *from = input_read(t, u, width);
    if (from == NULL)
        return false;
    *out = width == 1 ? (uint8_t)*from : width == 2 ? get_le16(from) : width == 4 ? get_le32(from) : get_le64(from);
    return true;
}

/* Numbers */

static bool load_int_line(Thread *t, Unpickler *u, bool is_long) {
    size_t n;
    const char *line = input_full_line(t, u, &n);
    if (line == NULL)
        return false;
    if (!is_long && n == 2 && line[0] == '0' && (line[1] == '0' || line[1] == '1'))
        return unpickler_push(t, u, from_bool(line[1] == '1'));
    bool marked = is_long && line[n - 1] == 'L';
    n -= marked;
    Value text = bytes_new(t, line, n);
    if (absent(text))
        return false;
    Value v = int_from_byte_text(t, as_bytes(text)->data, n, 10, text);
    if (absent(v) && error_catch(t, &ValueError_type)) {
        Value shown = is_long ? str_decode(t, line, n + !marked, "latin-1", NULL) : NO_VALUE;
        if (present(shown))
            raise_value_error(t, "invalid literal for int() with base 10: %R", shown);
        else if (!is_long)
            raise_value_error(t, "could not convert string to int");
    }
    return unpickler_push(t, u, v);
}

static bool load_long_bytes(Thread *t, Unpickler *u, size_t width) {
    uint64_t n;
    if (!read_number(t, u, width, &n))
        return false;
    if (width == 4 && n > INT32_MAX) {
        UNPICKLING_FAIL(t, "LONG pickle has negative byte count");
        return false;
    }
    const char *data = input_read(t, u, n);
    if (data == NULL)
        return false;
    return unpickler_push(t, u, n == 0 ? small_int(0) : int_from_bytes(t, (const uint8_t *)data, n, false, true));
}

static bool load_float_line(Thread *t, Unpickler *u) {
    size_t n;
    const char *line = input_full_line(t, u, &n);
    Value text = line ? bytes_new(t, line, n) : NO_VALUE;
    Value v = present(text) ? float_from_byte_text(t, as_bytes(text)->data, n, text) : NO_VALUE;
    if (absent(v) && present(text) && error_catch(t, &ValueError_type)) {
        Value shown = str_decode(t, line, n, "latin-1", NULL);
        if (present(shown))
            raise_value_error(t, "could not convert string to float: '%S\n'", shown);
    }
    return unpickler_push(t, u, v);
}

static bool load_binfloat(Thread *t, Unpickler *u) {
    const char *from = input_read(t, u, 8);
    if (from == NULL)
        return false;
    uint64_t bits = get_be64(from);
    double d;
    memcpy(&d, &bits, sizeof d);
    return unpickler_push(t, u, float_from_double(t, d));
}

/* Text and bytes */

static bool read_size(Thread *t, Unpickler *u, size_t width, const char *name, uint64_t *n) {
    if (!read_number(t, u, width, n))
        return false;
    if (*n <= INT64_MAX)
        return true;
    raise_overflow_error(t, "%s exceeds system's maximum size of %zd bytes", name, (size_t)INT64_MAX);
    return false;
}

/* Text of Python 2: bytes or str, as the unpickler was told. */
static Value decode_old(Thread *t, Unpickler *u, const char *data, size_t n) {
    if (str_equal_text(u->encoding, "bytes"))
        return bytes_new(t, data, n);
    const char *encoding = str_utf8(t, u->encoding, NULL), *errors = encoding ? str_utf8(t, u->errors, NULL) : NULL;
    return errors ? str_decode(t, data, n, encoding, errors) : NO_VALUE;
}

static bool load_string_line(Thread *t, Unpickler *u) {
    size_t n;
    const char *line = input_line(t, u, &n);
    if (line == NULL)
        return false;
    if (n < 2 || line[0] != line[n - 1] || (line[0] != '"' && line[0] != '\'')) {
        UNPICKLING_FAIL(t, "the STRING opcode argument must be quoted");
        return false;
    }
    int64_t invalid;
    Value plain = decode_bytes_escape(t, line + 1, n - 2, NULL, &invalid);
    return present(plain) && unpickler_push(t, u, decode_old(t, u, as_bytes(plain)->data, as_bytes(plain)->length));
}

static bool load_binstring(Thread *t, Unpickler *u, size_t width) {
    uint64_t n;
    if (!read_number(t, u, width, &n))
        return false;
    if (width == 4 && n > INT32_MAX) {
        UNPICKLING_FAIL(t, "BINSTRING pickle has negative byte count");
        return false;
    }
    const char *data = input_read(t, u, n);
    return data && unpickler_push(t, u, decode_old(t, u, data, n));
}

static bool load_unicode_line(Thread *t, Unpickler *u) {
    size_t n;
    const char *line = input_line(t, u, &n);
    return line && unpickler_push(t, u, decode_raw_unicode_escape(t, line, n, NULL, NULL));
}

static Value decode_text(Thread *t, const char *data, size_t n) {
    bool ascii = true;
    for (size_t i = 0; i < n; i++)
        ascii &= data[i] >= 0;
    return ascii ? str_from_ascii(t, data, n) : decode_utf8(t, data, n, "surrogatepass", NULL);
}

static bool load_binunicode(Thread *t, Unpickler *u, size_t width) {
    uint64_t n;
    if (!read_size(t, u, width, "BINUNICODE", &n))
        return false;
    const char *data = input_read(t, u, n);
    return data && unpickler_push(t, u, decode_text(t, data, n));
}

/* Long data goes straight to where it will stay; but memory is only claimed for what is certainly there. */
static bool load_binbytes(Thread *t, Unpickler *u, size_t width) {
    uint64_t n;
    if (!read_size(t, u, width, "BINBYTES", &n))
        return false;
    const char *data = input_read(t, u, n);
    return data && unpickler_push(t, u, bytes_new(t, data, n));
}

static bool load_bytearray(Thread *t, Unpickler *u) {
    uint64_t n;
    if (!read_size(t, u, 8, "BYTEARRAY8", &n))
        return false;
    if (n <= u->input_limit - u->input_next || absent(u->file_read) || u->in_frame) {
        const char *data = input_read(t, u, n);
        return data && unpickler_push(t, u, bytearray_new(t, data, n));
    }
    Value array = bytearray_new(t, NULL, n);
    if (absent(array))
        return false;
    ByteArrayObject *b = (ByteArrayObject *)as_object(array);
    if (absent(u->file_readinto))
        return input_read_into(t, u, b->storage->data + b->start, n) && unpickler_push(t, u, array);
    size_t rest = u->peeked ? 0 : u->input_length - u->input_next;
    memcpy(b->storage->data + b->start, u->input + u->input_next, rest);
    if (!input_give_back(t, u))
        return false;
    u->input_next = u->input_limit;
    Value view = memoryview_from_object(t, array);
    Value bounds[2] = {small_int((int64_t)rest), small_int((int64_t)n)};
    Value slice = absent(view) ? view : call_2(t, from_object(&slice_type), bounds[0], bounds[1]);
    Value part = absent(slice) ? slice : get_item(t, view, slice);
    Value got = absent(part) ? part : call_1(t, u->file_readinto, part);
    int64_t count;
    if (absent(got) || !index_as_ssize(t, got, &count, false, NULL))
        return false;
    if (count < 0 || (uint64_t)count < n - rest) {
        UNPICKLING_FAIL(t, "pickle data was truncated");
        return false;
    }
    return present(memoryview_release(t, &part)) && present(memoryview_release(t, &view)) && unpickler_push(t, u, array);
}

static bool load_next_buffer(Thread *t, Unpickler *u) {
    if (absent(u->buffers)) {
        UNPICKLING_FAIL(t, "pickle stream refers to out-of-band data but no *buffers* argument was given");
        return false;
    }
    Value buffer = iterator_next(t, u->buffers);
    if (absent(buffer) && !error_pending(t))
        UNPICKLING_FAIL(t, "not enough out-of-band buffers");
    return unpickler_push(t, u, buffer);
}

static bool load_readonly_buffer(Thread *t, Unpickler *u) {
    if (!unpickler_has(u, 1))
        return unpickler_underflow(t, u);
    Value view = memoryview_from_object(t, unpickler_top(u));
    if (absent(view))
        return false;
    if (as_memoryview(view)->read_only)
        return present(memoryview_release(t, &view));
    Value locked = call_method_0(t, view, names.toreadonly);
    if (present(locked))
        unpickler_replace_top(u, locked);
    return present(locked);
}

/* Containers */

static bool load_tuple(Thread *t, Unpickler *u) {
    size_t start;
    if (!unpickler_pop_mark(t, u, &start))
        return false;
    Value v = tuple_from_values(t, u->stack ? u->stack->items + start : NULL, u->depth - start);
    unpickler_drop(u, start);
    return unpickler_push(t, u, v);
}

static bool load_small_tuple(Thread *t, Unpickler *u, size_t n) {
    if (!unpickler_has(u, n))
        return unpickler_underflow(t, u);
    Value v = tuple_from_values(t, u->stack->items + u->depth - n, n);
    unpickler_drop(u, u->depth - n);
    return unpickler_push(t, u, v);
}

static bool load_list(Thread *t, Unpickler *u) {
    size_t start;
    if (!unpickler_pop_mark(t, u, &start))
        return false;
    Value v = list_from_values(t, u->stack ? u->stack->items + start : NULL, u->depth - start);
    unpickler_drop(u, start);
    return unpickler_push(t, u, v);
}

static bool set_pairs(Thread *t, Unpickler *u, Value target, size_t start) {
    bool exact = is_exactly(target, &dict_type);
    for (size_t i = start; i + 1 < u->depth; i += 2) {
        Value key = u->stack->items[i], value = u->stack->items[i + 1];
        if (!(exact ? dict_set(t, target, key, value) : set_item(t, target, key, value)))
            return false;
    }
    return true;
}

static bool load_dict(Thread *t, Unpickler *u) {
    size_t start;
    if (!unpickler_pop_mark(t, u, &start))
        return false;
    if ((u->depth - start) % 2) {
        UNPICKLING_FAIL(t, "odd number of items for DICT");
        return false;
    }
    Value dict = dict_new(t);
    if (absent(dict) || !set_pairs(t, u, dict, start))
        return false;
    unpickler_drop(u, start);
    return unpickler_push(t, u, dict);
}

static bool load_frozenset(Thread *t, Unpickler *u) {
    size_t start;
    if (!unpickler_pop_mark(t, u, &start))
        return false;
    Value items = list_from_values(t, u->stack ? u->stack->items + start : NULL, u->depth - start);
    unpickler_drop(u, start);
    return present(items) && unpickler_push(t, u, set_from_iterable(t, &frozenset_type, items));
}

/* The items from `start` on belong to the object below them. */
static bool check_items(Thread *t, Unpickler *u, size_t start) {
    return start > u->fence && start <= u->depth ? true : unpickler_underflow(t, u);
}

static bool append_each(Thread *t, Unpickler *u, Value target, size_t start) {
    Value append = get_attribute(t, target, names.append);
    for (size_t i = start; present(append) && i < u->depth; i++)
        if (absent(call_1(t, append, u->stack->items[i])))
            return false;
    return present(append);
}

static bool do_append(Thread *t, Unpickler *u, size_t start) {
    if (!check_items(t, u, start))
        return false;
    if (start == u->depth)
        return true;
    Value target = u->stack->items[start - 1];
    bool ok = true;
    if (is_exactly(target, &list_type)) {
        if (u->depth - start == 1)
            ok = list_append(t, target, u->stack->items[start]);
        else {
            Value items = list_from_values(t, u->stack->items + start, u->depth - start);
            ok = present(items) && list_extend(t, target, items);
        }
    } else {
        Value extend = find_attribute(t, target, names.extend);
        if (absent(extend))
            ok = !error_pending(t) && append_each(t, u, target, start);
        else {
            Value items = list_from_values(t, u->stack->items + start, u->depth - start);
            ok = present(items) && present(call_1(t, extend, items));
        }
    }
    if (ok)
        unpickler_drop(u, start);
    return ok;
}

static bool do_setitems(Thread *t, Unpickler *u, size_t start) {
    if (!check_items(t, u, start))
        return false;
    if ((u->depth - start) % 2) {
        UNPICKLING_FAIL(t, "odd number of items for SETITEMS");
        return false;
    }
    if (!set_pairs(t, u, u->stack->items[start - 1], start))
        return false;
    unpickler_drop(u, start);
    return true;
}

static bool load_additems(Thread *t, Unpickler *u) {
    size_t start;
    if (!unpickler_pop_mark(t, u, &start) || !check_items(t, u, start))
        return false;
    if (start == u->depth)
        return true;
    Value target = u->stack->items[start - 1];
    bool is_builtin = is_instance_of(target, &set_type);
    Value add = is_builtin ? NO_VALUE : get_attribute(t, target, names.add);
    if (!is_builtin && absent(add))
        return false;
    for (size_t i = start; i < u->depth; i++)
        if (!(is_builtin ? set_add(t, target, u->stack->items[i]) : present(call_1(t, add, u->stack->items[i]))))
            return false;
    unpickler_drop(u, start);
    return true;
}

static bool load_marked(Thread *t, Unpickler *u, bool (*act)(Thread *, Unpickler *, size_t)) {
    size_t start;
    return unpickler_pop_mark(t, u, &start) && act(t, u, start);
}

/* The rest */

static bool load_proto(Thread *t, Unpickler *u) {
    uint64_t number;
    if (!read_number(t, u, 1, &number))
        return false;
    if (number > PICKLE_HIGHEST_PROTOCOL) {
        raise_value_error(t, "unsupported pickle protocol: %d", (int)number);
        return false;
    }
    u->protocol = (int)number;
    return true;
}

static bool load_frame(Thread *t, Unpickler *u) {
    uint64_t n;
    return read_size(t, u, 8, "FRAME length", &n) && input_enter_frame(t, u, n);
}

static bool load_pop(Thread *t, Unpickler *u) {
    /* Of a mark right on top: that is popped. */
    size_t start;
    if (u->mark_count && marks_of(u)[u->mark_count - 1] == u->depth)
        return unpickler_pop_mark(t, u, &start);
    if (!unpickler_has(u, 1))
        return unpickler_underflow(t, u);
    unpickler_pop(u);
    return true;
}

static bool load_pop_mark(Thread *t, Unpickler *u) {
    size_t start;
    if (!unpickler_pop_mark(t, u, &start))
        return false;
    unpickler_drop(u, start);
    return true;
}

static bool load_persid_line(Thread *t, Unpickler *u) {
    size_t n;
    const char *line = input_line(t, u, &n);
    if (line == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        if (line[i] & 0x80) {
            UNPICKLING_FAIL(t, "persistent IDs in protocol 0 must be ASCII strings");
            return false;
        }
    Value id = str_from_ascii(t, line, n);
    return present(id) && unpickler_load_persistent(t, u, id);
}

static bool load_index(Thread *t, Unpickler *u, size_t width, bool (*act)(Thread *, Unpickler *, size_t)) {
    uint64_t index;
    return read_number(t, u, width, &index) && act(t, u, index);
}

static bool load_get_line(Thread *t, Unpickler *u) {
    int64_t index;
    if (!read_line_index(t, u, &index))
        return false;
    if (index < 0) {
        UNPICKLING_FAIL(t, "Memo value not found at index %lld", (long long)index);
        return false;
    }
    return load_memo_get(t, u, (size_t)index);
}

static bool load_put_line(Thread *t, Unpickler *u) {
    int64_t index;
    if (!unpickler_has(u, 1))
        return unpickler_underflow(t, u);
    if (!read_line_index(t, u, &index))
        return false;
    if (index < 0) {
        raise_value_error(t, "negative PUT argument");
        return false;
    }
    return load_memo_put(t, u, (size_t)index);
}

static bool load_small_number(Thread *t, Unpickler *u, size_t width) {
    uint64_t number;
    return read_number(t, u, width, &number) &&
           unpickler_push(t, u, small_int(width == 4 ? (int32_t)number : (int64_t)number));
}

static bool bad_opcode(Thread *t, uint8_t op) {
    if (op >= 0x20 && op <= 0x7e && op != '\'' && op != '\\')
        UNPICKLING_FAIL(t, "invalid load key, '%c'.", op);
    else {
        char text[8];
        snprintf(text, sizeof text, "\\x%02x", op);
        UNPICKLING_FAIL(t, "invalid load key, '%s'.", text);
    }
    return false;
}

/* One operation; false: exception pending. */
static bool load_op(Thread *t, Unpickler *u, uint8_t op) {
    switch (op) {
    case OP_NONE: return unpickler_push(t, u, NONE);
    case OP_NEWTRUE: return unpickler_push(t, u, TRUE);
    case OP_NEWFALSE: return unpickler_push(t, u, FALSE);
    case OP_INT: return load_int_line(t, u, false);
    case OP_LONG: return load_int_line(t, u, true);
    case OP_BININT: return load_small_number(t, u, 4);
    case OP_BININT1: return load_small_number(t, u, 1);
    case OP_BININT2: return load_small_number(t, u, 2);
    case OP_LONG1: return load_long_bytes(t, u, 1);
    case OP_LONG4: return load_long_bytes(t, u, 4);
    case OP_FLOAT: return load_float_line(t, u);
    case OP_BINFLOAT: return load_binfloat(t, u);
    case OP_STRING: return load_string_line(t, u);
    case OP_BINSTRING: return load_binstring(t, u, 4);
    case OP_SHORT_BINSTRING: return load_binstring(t, u, 1);
    case OP_UNICODE: return load_unicode_line(t, u);
    case OP_SHORT_BINUNICODE: return load_binunicode(t, u, 1);
    case OP_BINUNICODE: return load_binunicode(t, u, 4);
    case OP_BINUNICODE8: return load_binunicode(t, u, 8);
    case OP_SHORT_BINBYTES: return load_binbytes(t, u, 1);
    case OP_BINBYTES: return load_binbytes(t, u, 4);
    case OP_BINBYTES8: return load_binbytes(t, u, 8);
    case OP_BYTEARRAY8: return load_bytearray(t, u);
    case OP_NEXT_BUFFER: return load_next_buffer(t, u);
    case OP_READONLY_BUFFER: return load_readonly_buffer(t, u);
    case OP_EMPTY_TUPLE: return unpickler_push(t, u, empty_tuple);
    case OP_TUPLE1: return load_small_tuple(t, u, 1);
    case OP_TUPLE2: return load_small_tuple(t, u, 2);
    case OP_TUPLE3: return load_small_tuple(t, u, 3);
    case OP_TUPLE: return load_tuple(t, u);
    case OP_EMPTY_LIST: return unpickler_push(t, u, list_new(t, 0));
    case OP_LIST: return load_list(t, u);
    case OP_APPEND: return do_append(t, u, u->depth - 1);
    case OP_APPENDS: return load_marked(t, u, do_append);
    case OP_EMPTY_DICT: return unpickler_push(t, u, dict_new(t));
    case OP_DICT: return load_dict(t, u);
    case OP_SETITEM: return do_setitems(t, u, u->depth - 2);
    case OP_SETITEMS: return load_marked(t, u, do_setitems);
    case OP_EMPTY_SET: return unpickler_push(t, u, set_new(t));
    case OP_ADDITEMS: return load_additems(t, u);
    case OP_FROZENSET: return load_frozenset(t, u);
    case OP_MARK: return push_mark(t, u);
    case OP_POP: return load_pop(t, u);
    case OP_POP_MARK: return load_pop_mark(t, u);
    case OP_DUP: return unpickler_has(u, 1) ? unpickler_push(t, u, unpickler_top(u)) : unpickler_underflow(t, u);
    case OP_GET: return load_get_line(t, u);
    case OP_BINGET: return load_index(t, u, 1, load_memo_get);
    case OP_LONG_BINGET: return load_index(t, u, 4, load_memo_get);
    case OP_PUT: return load_put_line(t, u);
    case OP_BINPUT: return load_index(t, u, 1, load_memo_put);
    case OP_LONG_BINPUT: return load_index(t, u, 4, load_memo_put);
    case OP_MEMOIZE: return load_memo_put(t, u, u->memo_length);
    case OP_GLOBAL: return unpickler_load_global(t, u);
    case OP_STACK_GLOBAL: return unpickler_load_stack_global(t, u);
    case OP_INST: return unpickler_load_inst(t, u);
    case OP_OBJ: return unpickler_load_obj(t, u);
    case OP_NEWOBJ: return unpickler_load_newobj(t, u, false);
    case OP_NEWOBJ_EX: return unpickler_load_newobj(t, u, true);
    case OP_REDUCE: return unpickler_load_reduce(t, u);
    case OP_BUILD: return unpickler_load_build(t, u);
    case OP_EXT1: return unpickler_load_extension(t, u, 1);
    case OP_EXT2: return unpickler_load_extension(t, u, 2);
    case OP_EXT4: return unpickler_load_extension(t, u, 4);
    case OP_PERSID: return load_persid_line(t, u);
    case OP_BINPERSID:
        return unpickler_has(u, 1) ? unpickler_load_persistent(t, u, unpickler_pop(u)) : unpickler_underflow(t, u);
    case OP_PROTO: return load_proto(t, u);
    case OP_FRAME: return load_frame(t, u);
    default: return bad_opcode(t, op);
    }
}

Value unpickler_run(Thread *t, Unpickler *u) {
    u->depth = u->mark_count = u->fence = 0;
    u->protocol = 0;
    for (;;) {
        const char *op = input_read(t, u, 1);
        if (op == NULL) {
            if (error_catch(t, as_type(pickle_state(t, UNPICKLING_ERROR))))
                raise_error(t, &EOFError_type, "Ran out of input");
            return NO_VALUE;
        }
        if (*op == OP_STOP)
            break;
        CHECK(load_op(t, u, (uint8_t)*op) && safepoint_inside(t));
    }
    if (!unpickler_has(u, 1)) {
        (void)unpickler_underflow(t, u);
        return NO_VALUE;
    }
    Value result = unpickler_pop(u);
    return input_give_back(t, u) ? result : NO_VALUE;
}
