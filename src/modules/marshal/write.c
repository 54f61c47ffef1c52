/* marshal, writing.
 *
 * Failure is sticky: what went wrong is remembered, writing goes on nowhere, and dumps raises at the end. */
#include "base/hash.h"
#include "base/textbuf.h"
#include "compile/code.h"
#include "modules/marshal/marshal.h"
#include "object/buffer.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/complex.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/iterator.h"
#include "types/list.h"
#include "types/set/set.h"
#include "types/slice.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>

struct Writer {
    Thread *t;
    TextBuf out;
    int version, depth;
    bool allow_code, failed;
    CodeObject *outline; /* what is written is the rest of its code; or NULL */
    int inside;          /* how many code objects */
    Object **seen; /* open addressing by address; numbers[i] is the index of seen[i] */
    int32_t *numbers; /* times two; odd while a code object or slice is being written */
    size_t seen_count, seen_capacity;
    Value kept; /* list: keeps what was seen alive, addresses mean nothing otherwise */
};

Thread *marshal_writer_thread(Writer *w) { return w->t; }
CodeObject *marshal_writer_outline(Writer *w) { return w->outline; }

static void fail(Writer *w, const char *message) {
    if (!w->failed)
        raise_value_error(w->t, "%s", message);
    w->failed = true;
}

static void put_byte(Writer *w, int byte) { textbuf_byte(&w->out, (char)byte); }

static void put_short(Writer *w, unsigned v) {
    put_byte(w, (int)(v & 255));
    put_byte(w, (int)(v >> 8 & 255));
}

void marshal_write_long(Writer *w, int32_t v) {
    put_short(w, (uint32_t)v & 0xFFFF);
    put_short(w, (uint32_t)v >> 16);
}

static void put_size(Writer *w, size_t size) {
    if (size > INT32_MAX)
        fail(w, "unmarshallable object");
    marshal_write_long(w, (int32_t)size);
}

void marshal_write_data(Writer *w, const void *data, size_t size) {
    put_size(w, size);
    textbuf_append(&w->out, data, size);
}

/* ---- references to what was written before ---- */

static bool grow_seen(Writer *w) {
    size_t capacity = w->seen_capacity ? w->seen_capacity * 2 : 64;
    Object **seen = calloc(capacity, sizeof *seen);
    int32_t *numbers = calloc(capacity, sizeof *numbers);
    if (!seen || !numbers) {
        free(seen);
        free(numbers);
        return false;
    }
    for (size_t i = 0; i < w->seen_capacity; i++) {
        if (!w->seen[i])
            continue;
        size_t at = (size_t)hash_pointer(w->seen[i]) & (capacity - 1);
        while (seen[at]) at = (at + 1) & (capacity - 1);
        seen[at] = w->seen[i];
        numbers[at] = w->numbers[i];
    }
    free(w->seen);
    free(w->numbers);
    w->seen = seen;
    w->numbers = numbers;
    w->seen_capacity = capacity;
    return true;
}

/* What can be referred to only when it is complete: reading makes it last. */
static bool is_whole_only(Value v) { return is_exactly(v, &code_type) || is_exactly(v, &slice_type); }

static void now_complete(Writer *w, Value v) {
    if (!is_whole_only(v) || w->version < 3 || w->failed)
        return;
    size_t mask = w->seen_capacity - 1, at = (size_t)hash_pointer(as_object(v)) & mask;
    while (w->seen[at] != as_object(v)) at = (at + 1) & mask;
    w->numbers[at] &= ~1;
}

/* Writes a reference and returns true if `v` was written before; else remembers it. */
static bool put_reference(Writer *w, Value v, int *flag) {
    *flag = 0;
    if (w->version < 3 || !is_object(v))
        return false;
    if (w->seen_count * 2 >= w->seen_capacity && !grow_seen(w)) {
        raise_no_memory(w->t);
        w->failed = true;
        return true;
    }
    size_t mask = w->seen_capacity - 1, at = (size_t)hash_pointer(as_object(v)) & mask;
    for (; w->seen[at]; at = (at + 1) & mask)
        if (w->seen[at] == as_object(v)) {
            if (w->numbers[at] & 1)
                fail(w, is_exactly(v, &code_type) ? "cannot marshal recursion code objects" : "cannot marshal recursion slice objects");
            put_byte(w, 'r');
            marshal_write_long(w, w->numbers[at] >> 1);
            return true;
        }
    w->seen[at] = as_object(v);
    w->numbers[at] = (int32_t)w->seen_count++ << 1 | is_whole_only(v);
    if (!list_append(w->t, w->kept, v))
        w->failed = true;
    *flag = MARSHAL_FLAG_REF;
    return false;
}

/* ---- values ---- */

static void put_int(Writer *w, Value v, int flag) {
    int64_t small;
    if (int_to_i64(v, &small) && small == (int32_t)small) {
        put_byte(w, 'i' | flag);
        marshal_write_long(w, (int32_t)small);
        return;
    }
    put_byte(w, 'l' | flag);
    IntView view;
    int_view(v, &view);
    uint64_t bits = int_bit_length(v), digits = (bits + 14) / 15;
    if (digits > INT32_MAX) {
        fail(w, "unmarshallable object");
        return;
    }
    marshal_write_long(w, view.negative ? -(int32_t)digits : (int32_t)digits);
    for (uint64_t i = 0; i < digits; i++) {
        uint64_t limb = i * 15 / 64, shift = i * 15 % 64;
        uint64_t digit = view.limbs[limb] >> shift;
        if (shift > 49 && limb + 1 < view.count)
            digit |= view.limbs[limb + 1] << (64 - shift);
        put_short(w, digit & 0x7FFF);
    }
}

static void put_double(Writer *w, double d) {
    if (w->version > 1) {
        textbuf_append(&w->out, &d, 8);
        return;
    }
    Value text = float_repr(w->t, d);
    const char *s = absent(text) ? NULL : str_utf8(w->t, text, &(size_t){0});
    if (!s) {
        w->failed = true;
        return;
    }
    put_byte(w, (int)strlen(s));
    textbuf_text(&w->out, s);
    keep_alive(as_object(text));
}

static void put_str(Writer *w, Value v, int flag) {
    bool interned = w->version >= 3 && str_is_interned(v);
    size_t length = str_length(v);
    if (w->version >= 4 && str_is_ascii(v)) {
        bool is_short = length < 256;
        put_byte(w, (is_short ? (interned ? 'Z' : 'z') : (interned ? 'A' : 'a')) | flag);
        if (is_short)
            put_byte(w, (int)length);
        else
            put_size(w, length);
        const void *data = str_data(w->t, v);
        if (data)
            textbuf_append(&w->out, data, length);
        else
            w->failed = true;
        return;
    }
    Value encoded = str_encode(w->t, v, "utf-8", "surrogatepass");
    if (absent(encoded)) {
        w->failed = true;
        return;
    }
    put_byte(w, (interned ? 't' : 'u') | flag);
    marshal_write_data(w, as_bytes(encoded)->data, as_bytes(encoded)->length);
    keep_alive(as_object(encoded));
}

static void put_tuple(Writer *w, Value v, int flag) {
    size_t n = tuple_length(v);
    if (w->version >= 4 && n < 256) {
        put_byte(w, ')' | flag);
        put_byte(w, (int)n);
    } else {
        put_byte(w, '(' | flag);
        put_size(w, n);
    }
    for (size_t i = 0; i < n && !w->failed; i++) marshal_write(w, tuple_get(v, i));
}

static void put_list(Writer *w, Value v, int flag) {
    size_t n = list_length(v);
    put_byte(w, '[' | flag);
    put_size(w, n);
    for (size_t i = 0; i < n && !w->failed; i++) {
        Value item = list_get(v, i);
        if (absent(item))
            fail(w, "list changed size while marshalling");
        else
            marshal_write(w, item);
    }
}

static void put_dict(Writer *w, Value v, int flag) {
    put_byte(w, '{' | flag);
    size_t position = 0;
    Value key, value;
    while (!w->failed && dict_next(v, &position, &key, &value)) {
        marshal_write(w, key);
        marshal_write(w, value);
    }
    put_byte(w, '0');
}

/* Sets are written in the order of their items' bytes, so that equal sets give equal bytes. */
static void put_set(Writer *w, Value v, int flag) {
    Value pairs = list_new(w->t, set_length(v)), items = iterable_at_once(w->t, v), item;
    if (absent(items)) {
        w->failed = true;
        return;
    }
    size_t position = 0, n = 0, size = set_length(items);
    put_byte(w, (is_instance_of(v, &frozenset_type) ? '>' : '<') | flag);
    put_size(w, size);
    while (present(pairs) && set_next(items, &position, &item)) {
        Value dumped = marshal_dumps(w->t, item, w->version, w->allow_code);
        Value number = small_int((int64_t)n++);
        Value pair = absent(dumped) ? NO_VALUE : tuple_from_values(w->t, (Value[]){dumped, number, item}, 3);
        if (absent(pair) || !list_append(w->t, pairs, pair)) {
            w->failed = true;
            return;
        }
    }
    if (size != set_length(items)) {
        raise_error(w->t, &RuntimeError_type, "set changed size during iteration");
        w->failed = true;
        return;
    }
    if (absent(pairs) || !list_sort(w->t, pairs, NO_VALUE, false)) {
        w->failed = true;
        return;
    }
    for (size_t i = 0; i < list_length(pairs) && !w->failed; i++) marshal_write(w, tuple_get(list_get(pairs, i), 2));
}

static void put_buffer(Writer *w, Value v, int flag) {
    Buffer view;
    if (!buffer_get_contiguous(w->t, v, &view, false)) {
        error_clear(w->t);
        put_byte(w, '?');
        fail(w, "unmarshallable object");
        return;
    }
    put_byte(w, 's' | flag);
    marshal_write_data(w, view.data, view.length);
    buffer_release(w->t, &view);
}

static void put_code(Writer *w, Value v, int flag) {
    if (!w->allow_code) {
        fail(w, "marshalling code objects is disallowed");
        return;
    }
    bool packed = w->version >= 5 && w->inside && as_code(v)->flags & CODE_OPTIMIZED;
    put_byte(w, (packed ? 'P' : 'c') | flag);
    w->inside++;
    if (packed)
        marshal_write_packed(w, v);
    else
        marshal_write_code(w, v);
    w->inside--;
}

static void put_object(Writer *w, Value v, int flag) {
    if (is_exactly(v, &int_type)) {
        put_int(w, v, flag);
    } else if (is_exactly(v, &float_type)) {
        put_byte(w, (w->version > 1 ? 'g' : 'f') | flag);
        put_double(w, float_value(v));
    } else if (is_exactly(v, &complex_type)) {
        put_byte(w, (w->version > 1 ? 'y' : 'x') | flag);
        put_double(w, ((ComplexObject *)v.bits)->real);
        put_double(w, ((ComplexObject *)v.bits)->imag);
    } else if (is_exactly(v, &bytes_type)) {
        put_byte(w, 's' | flag);
        marshal_write_data(w, as_bytes(v)->data, as_bytes(v)->length);
    } else if (is_exactly(v, &str_type)) {
        put_str(w, v, flag);
    } else if (is_exactly(v, &tuple_type)) {
        put_tuple(w, v, flag);
    } else if (is_exactly(v, &list_type)) {
        put_list(w, v, flag);
    } else if (is_exactly(v, &dict_type)) {
        put_dict(w, v, flag);
    } else if (is_exactly(v, &set_type) || is_exactly(v, &frozenset_type)) {
        put_set(w, v, flag);
    } else if (is_exactly(v, &code_type)) {
        put_code(w, v, flag);
    } else if (is_exactly(v, &slice_type) && w->version >= 5) {
        SliceObject *s = (SliceObject *)v.bits;
        put_byte(w, ':' | flag);
        marshal_write(w, s->start);
        marshal_write(w, s->stop);
        marshal_write(w, s->step);
    } else if (has_buffer(v)) {
        put_buffer(w, v, flag);
    } else {
        put_byte(w, '?');
        fail(w, "unmarshallable object");
    }
}

void marshal_write(Writer *w, Value v) {
    int flag;
    if (w->failed)
        return;
    if (++w->depth > MARSHAL_MAX_DEPTH)
        fail(w, "object too deeply nested to marshal");
    else if (is_none(v))
        put_byte(w, 'N');
    else if (same(v, from_object(&StopIteration_type)))
        put_byte(w, 'S');
    else if (same(v, ELLIPSIS))
        put_byte(w, '.');
    else if (same(v, FALSE))
        put_byte(w, 'F');
    else if (same(v, TRUE))
        put_byte(w, 'T');
    else if (!put_reference(w, v, &flag)) {
        put_object(w, v, flag);
        now_complete(w, v);
    }
    w->depth--;
}

static Value dumps(Writer *w, Value v) {
    Value kept = w->kept = TRY(list_new(w->t, 0));
    textbuf_init(&w->out);
    marshal_write(w, v);
    Value result = w->failed ? NO_VALUE : w->out.failed ? raise_no_memory(w->t) : bytes_new(w->t, w->out.data, w->out.size);
    textbuf_free(&w->out);
    free(w->seen);
    free(w->numbers);
    keep_alive(as_object(kept));
    return result;
}

Value marshal_dumps(Thread *t, Value v, int version, bool allow_code) {
    Writer w = {.t = t, .version = version, .allow_code = allow_code};
    return dumps(&w, v);
}

Value marshal_dumps_outlined(Writer *w, Value code) {
    Writer rest = {.t = w->t, .version = w->version, .allow_code = true, .outline = as_code(code), .depth = w->depth};
    return dumps(&rest, code);
}
