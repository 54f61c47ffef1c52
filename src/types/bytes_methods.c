/* Methods of bytes and bytearray that search, cut and change; see bytes_methods.h. */
#include "types/bytes_methods.h"

#include "base/utf8.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/thread.h"
#include "object/operators.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/tuple.h"

#include <stdlib.h>

Chars bytes_view(Value self) {
    if (is_bytes(self))
        return (Chars){as_bytes(self)->data, as_bytes(self)->length, 1};
    ByteArrayObject *a = (ByteArrayObject *)self.bits;
    ByteStorage *storage = load_acquire(&a->storage);
    size_t start = load_relaxed(&a->start), length = load_relaxed(&a->length);
    if (!storage)
        return (Chars){"", 0, 1};
    size_t capacity = load_acquire(&storage->capacity); /* grows where it is */
    if (start > capacity)
        start = capacity;
    if (length > capacity - start)
        length = capacity - start;
    return (Chars){storage->data + start, length, 1};
}

Value bytes_at_once(Thread *t, Value self) {
    return is_bytes(self) || !load_relaxed(&runtime_threaded) ? self : bytearray_copy(t, self);
}

Value bytes_like_new(Thread *t, Value self, const char *data, size_t length) {
    return is_bytes(self) ? bytes_new(t, data, length) : bytearray_new(t, data, length);
}

static Value whole_or_part(Thread *t, Chars part, Value whole) {
    if (is_exactly(whole, &bytes_type) && part.length == as_bytes(whole)->length)
        return whole;
    return bytes_like_new(t, whole, part.data, part.length);
}
static const TextKind bytes_text_kind = {whole_or_part, true};

static Value unchanged(Thread *t, Value self) { return whole_or_part(t, bytes_view(self), self); }

bool piece_get(Thread *t, Value v, Piece *out) {
    out->held = false;
    if (is_bytes(v)) {
        out->chars = bytes_view(v);
        return true;
    }
    if (is_instance_of(v, &bytearray_type) && load_relaxed(&runtime_threaded)) {
        Value copy = bytearray_copy(t, v);
        if (present(copy))
            out->chars = bytes_view(copy);
        return present(copy);
    }
    if (!buffer_get_contiguous(t, v, &out->buffer, false))
        return false;
    out->held = true;
    out->chars = (Chars){out->buffer.data, out->buffer.length, 1};
    return true;
}

bool piece_to_concatenate(Thread *t, Value to, Value v, Piece *out) {
    if (has_buffer(v) && piece_get(t, v, out))
        return true;
    if (!error_pending(t) || error_catch(t, &BufferError_type))
        raise_type_error(t, "can't concat %T to %T", v, to);
    return false;
}

bool byte_argument(Thread *t, Value v, uint8_t *out) {
    int64_t i;
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    if (!int_to_i64(index, &i) || i < 0 || i > 255) {
        raise_value_error(t, "byte must be in range(0, 256)");
        return false;
    }
    *out = (uint8_t)i;
    return true;
}

bool piece_get_sub(Thread *t, Value v, Piece *out) {
    if (has_buffer(v))
        return piece_get(t, v, out);
    out->held = false;
    if (!is_int(v) && !type_slot(type_of(v), SLOT___index__)) {
        raise_type_error(t, "argument should be integer or bytes-like object, not '%T'", v);
        return false;
    }
    if (!byte_argument(t, v, &out->byte))
        return false;
    out->chars = (Chars){&out->byte, 1, 1};
    return true;
}

void piece_release(Thread *t, Piece *p) {
    if (p->held)
        buffer_release(t, &p->buffer);
    p->held = false;
}

/* Searching */

typedef enum Search { FIND_FIRST, FIND_LAST, FIND_COUNT } Search;

static bool search(Thread *t, Value *args, Search what, int64_t *result) {
    Piece p;
    args[0] = bytes_at_once(t, args[0]);
    if (absent(args[0]))
        return false;
    int64_t length = (int64_t)bytes_view(args[0]).length, start = 0, end = length;
    if (!search_bounds(t, args[2], args[3], length, &start, &end) ||
        !piece_get_sub(t, args[1], &p))
        return false;
    Chars c = bytes_view(args[0]);
    if (end > (int64_t)c.length)
        end = (int64_t)c.length;
    if (start > end) {
        *result = what == FIND_COUNT ? 0 : -1;
    } else {
        c = chars_part(c, (size_t)start, (size_t)end);
        *result = what == FIND_COUNT  ? (int64_t)chars_count(c, p.chars, SIZE_MAX)
                  : what == FIND_LAST ? chars_rfind(c, p.chars)
                                      : chars_find(c, p.chars);
        if (what != FIND_COUNT && *result >= 0)
            *result += start;
    }
    piece_release(t, &p);
    return true;
}

Value bytes_method_find(Thread *t, Value *args) {
    int64_t i;
    return search(t, args, FIND_FIRST, &i) ? small_int(i) : NO_VALUE;
}
Value bytes_method_rfind(Thread *t, Value *args) {
    int64_t i;
    return search(t, args, FIND_LAST, &i) ? small_int(i) : NO_VALUE;
}
Value bytes_method_count(Thread *t, Value *args) {
    int64_t i;
    return search(t, args, FIND_COUNT, &i) ? small_int(i) : NO_VALUE;
}
static Value index_or_error(Thread *t, Value *args, Search what) {
    int64_t i;
    CHECK(search(t, args, what, &i));
    if (i >= 0)
        return small_int(i);
    return raise_value_error(t, is_bytes(args[0]) ? "subsection not found" : "subsection not found");
}
Value bytes_method_index(Thread *t, Value *args) { return index_or_error(t, args, FIND_FIRST); }
Value bytes_method_rindex(Thread *t, Value *args) { return index_or_error(t, args, FIND_LAST); }

static int tail_matches(Thread *t, Value self, Value affix, int64_t start, int64_t end, bool at_end) {
    Piece p;
    if (!piece_get(t, affix, &p))
        return -1;
    Chars c = bytes_view(self);
    if (end > (int64_t)c.length)
        end = (int64_t)c.length;
    bool match = false;
    if (start <= end && (int64_t)p.chars.length <= end - start) {
        size_t from = at_end ? (size_t)end - p.chars.length : (size_t)start;
        match = memcmp((const char *)c.data + from, p.chars.data, p.chars.length) == 0;
    }
    piece_release(t, &p);
    return match;
}

static Value tail_match(Thread *t, Value *args, const char *method, bool at_end) {
    args[0] = TRY(bytes_at_once(t, args[0]));
    int64_t length = (int64_t)bytes_view(args[0]).length, start = 0, end = length;
    CHECK(search_bounds(t, args[2], args[3], length, &start, &end));
    if (is_tuple(args[1])) {
        for (size_t i = 0; i < tuple_length(args[1]); i++) {
            int match = tail_matches(t, args[0], tuple_get(args[1], i), start, end, at_end);
            if (match)
                return match < 0 ? NO_VALUE : TRUE;
        }
        return FALSE;
    }
    if (!has_buffer(args[1]))
        return raise_type_error(t, "%s first arg must be bytes or a tuple of bytes, not %T", method, args[1]);
    int match = tail_matches(t, args[0], args[1], start, end, at_end);
    return match < 0 ? NO_VALUE : from_bool(match);
}
Value bytes_method_startswith(Thread *t, Value *args) { return tail_match(t, args, "startswith", false); }
Value bytes_method_endswith(Thread *t, Value *args) { return tail_match(t, args, "endswith", true); }

static Value remove_affix(Thread *t, Value *args, bool at_end) {
    Piece p;
    args[0] = TRY(bytes_at_once(t, args[0]));
    CHECK(piece_get(t, args[1], &p));
    Chars c = bytes_view(args[0]);
    size_t n = p.chars.length;
    if (n > c.length || memcmp((const char *)c.data + (at_end ? c.length - n : 0), p.chars.data, n) != 0)
        n = 0;
    piece_release(t, &p);
    return whole_or_part(t, at_end ? chars_part(c, 0, c.length - n) : chars_part(c, n, c.length), args[0]);
}
Value bytes_method_removeprefix(Thread *t, Value *args) { return remove_affix(t, args, false); }
Value bytes_method_removesuffix(Thread *t, Value *args) { return remove_affix(t, args, true); }

Value bytes_operator_contains(Thread *t, Value *args) {
    Piece p;
    args[0] = TRY(bytes_at_once(t, args[0]));
    if (!is_int(args[1]) && !type_slot(type_of(args[1]), SLOT___index__)) {
        CHECK(piece_get(t, args[1], &p));
    } else {
        CHECK(byte_argument(t, args[1], &p.byte));
        p.chars = (Chars){&p.byte, 1, 1};
        p.held = false;
    }
    Value found = from_bool(chars_find(bytes_view(args[0]), p.chars) >= 0);
    piece_release(t, &p);
    return found;
}

/* Cutting */

static Value split(Thread *t, Value *args, bool last) {
    int64_t limit;
    Piece p = {0};
    args[0] = TRY(bytes_at_once(t, args[0]));
    CHECK(index_as_ssize(t, args[2], &limit, false, NULL));
    bool given = !is_none(args[1]);
    CHECK(!given || piece_get(t, args[1], &p));
    Value list = (last ? text_rsplit : text_split)(t, &bytes_text_kind, bytes_view(args[0]), args[0],
                                                   given ? &p.chars : NULL, limit);
    if (given)
        piece_release(t, &p);
    return list;
}
Value bytes_method_split(Thread *t, Value *args) { return split(t, args, false); }
Value bytes_method_rsplit(Thread *t, Value *args) { return split(t, args, true); }

Value bytes_method_splitlines(Thread *t, Value *args) {
    args[0] = TRY(bytes_at_once(t, args[0]));
    int keep = truth(t, args[1]);
    CHECK(keep >= 0);
    return text_split_lines(t, &bytes_text_kind, bytes_view(args[0]), args[0], keep);
}

static Value partition(Thread *t, Value *args, bool last) {
    Piece p;
    args[0] = TRY(bytes_at_once(t, args[0]));
    CHECK(piece_get(t, args[1], &p));
    Value separator = args[1];
    if (!is_bytes(args[0]) && p.chars.length) /* a bytearray gives back three bytearrays */
        separator = bytes_like_new(t, args[0], p.chars.data, p.chars.length);
    Value v = absent(separator) ? NO_VALUE
                                : text_partition(t, &bytes_text_kind, bytes_view(args[0]), args[0], p.chars, separator, last);
    piece_release(t, &p);
    return v;
}
Value bytes_method_partition(Thread *t, Value *args) { return partition(t, args, false); }
Value bytes_method_rpartition(Thread *t, Value *args) { return partition(t, args, true); }

static Value strip(Thread *t, Value *args, int sides) {
    Piece p = {0};
    args[0] = TRY(bytes_at_once(t, args[0]));
    bool given = !is_none(args[1]);
    CHECK(!given || piece_get(t, args[1], &p));
    Chars part = text_strip(&bytes_text_kind, bytes_view(args[0]), given ? &p.chars : NULL, sides);
    Value v = whole_or_part(t, part, args[0]);
    if (given)
        piece_release(t, &p);
    return v;
}
Value bytes_method_strip(Thread *t, Value *args) { return strip(t, args, STRIP_BOTH); }
Value bytes_method_lstrip(Thread *t, Value *args) { return strip(t, args, STRIP_LEFT); }
Value bytes_method_rstrip(Thread *t, Value *args) { return strip(t, args, STRIP_RIGHT); }

/* Joining and replacing */

static Value join_pieces(Thread *t, Value self, Value items, size_t count, Piece *pieces, size_t *got) {
    size_t total = 0, width = bytes_view(self).length;
    bool tuple = is_tuple(items);
    for (*got = 0; *got < count; ++*got) {
        Value item = tuple ? tuple_get(items, *got) : list_get(items, *got);
        if (absent(item) || !has_buffer(item) || !piece_get(t, item, &pieces[*got])) {
            CHECK(!error_pending(t) || error_catch(t, &BufferError_type));
            return raise_type_error(t, "sequence item %zd: expected a bytes-like object, %T found", *got, item);
        }
        total += pieces[*got].chars.length + (*got ? width : 0);
        if (total > (size_t)INT64_MAX / 2) {
            ++*got;
            return raise_overflow_error(t, "join() result is too long");
        }
    }
    if (count == 1 && is_exactly(self, &bytes_type)) {
        Value only = tuple ? tuple_get(items, 0) : list_get(items, 0);
        if (is_exactly(only, &bytes_type))
            return only;
    }
    Value bytes = TRY(bytes_new(t, NULL, total));
    Chars separator = bytes_view(self);
    char *to = as_bytes(bytes)->data;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && separator.length == width)
            to = mempcpy(to, separator.data, width);
        to = mempcpy(to, pieces[i].chars.data, pieces[i].chars.length);
    }
    return is_bytes(self) ? bytes : bytearray_new(t, as_bytes(bytes)->data, total);
}

/* Joins bytes by bytes. Absent without exception: something else is among them. */
static Value join_bytes(Thread *t, Value self, Value items) {
    size_t count = is_tuple(items) ? tuple_length(items) : list_length(items), width = as_bytes(self)->length, total = 0;
    for (size_t i = 0; i < count; i++) {
        Value item = is_tuple(items) ? tuple_get(items, i) : list_get(items, i);
        if (absent(item) || !is_exactly(item, &bytes_type) || __builtin_add_overflow(total, as_bytes(item)->length + (i ? width : 0), &total))
            return NO_VALUE;
    }
    if (total > (size_t)INT64_MAX / 2)
        return NO_VALUE;
    if (count == 1)
        return is_tuple(items) ? tuple_get(items, 0) : list_get(items, 0);
    Value bytes = TRY(bytes_new(t, NULL, total));
    char *to = as_bytes(bytes)->data;
    for (size_t i = 0; i < count; i++) { /* nobody changed them: no Python code ran */
        Value item = is_tuple(items) ? tuple_get(items, i) : list_get(items, i);
        if (i)
            to = copy_bytes(to, as_bytes(self)->data, width);
        to = copy_bytes(to, as_bytes(item)->data, as_bytes(item)->length);
    }
    return bytes;
}

static Value join_all(Thread *t, Value self, Value iterable) {
    Value items = iterable;
    if (!is_exactly(items, &tuple_type)) {
        items = list_from_iterable(t, iterable);
        if (absent(items)) {
            if (!type_slot(type_of(iterable), SLOT___iter__) && !type_slot(type_of(iterable), SLOT___getitem__) &&
                error_catch(t, &TypeError_type))
                return raise_type_error(t, "can only join an iterable");
            return NO_VALUE;
        }
    }
    size_t count = is_tuple(items) ? tuple_length(items) : list_length(items), got;
    Piece fixed[16], *pieces = count <= 16 ? fixed : malloc(count * sizeof *pieces);
    if (!pieces)
        return raise_no_memory(t);
    Value v = join_pieces(t, self, items, count, pieces, &got);
    while (got > 0) piece_release(t, &pieces[--got]);
    if (pieces != fixed)
        free(pieces);
    return v;
}

/* A bytearray must keep its size while the items are found. */
Value bytes_method_join(Thread *t, Value *args) {
    bool list = is_exactly(args[1], &list_type) && !load_relaxed(&runtime_threaded);
    if (is_exactly(args[0], &bytes_type) && (list || is_exactly(args[1], &tuple_type))) {
        Value joined = join_bytes(t, args[0], args[1]);
        if (present(joined) || error_pending(t))
            return joined;
    }
    args[0] = TRY(bytes_at_once(t, args[0]));
    Piece held;
    CHECK(piece_get(t, args[0], &held));
    Value v = join_all(t, args[0], args[1]);
    piece_release(t, &held);
    return v;
}

/* A copy of characters that another thread may change, if there is one. */
static bool settle(Thread *t, Chars *c, Value *keep) {
    if (!load_relaxed(&runtime_threaded))
        return true;
    *keep = bytes_new(t, c->data, c->length);
    if (absent(*keep))
        return false;
    c->data = as_bytes(*keep)->data;
    return true;
}

static Value replace(Thread *t, Value self, Chars c, Chars old, Chars new, int64_t limit) {
    Value keep = NO_VALUE, keep_old = NO_VALUE;
    CHECK((is_bytes(self) || settle(t, &c, &keep)) && settle(t, &old, &keep_old));
    size_t count = chars_count(c, old, limit < 0 ? SIZE_MAX : (size_t)limit), length;
    if (count == 0 || (c.length == 0 && limit == 0))
        return unchanged(t, self);
    if (__builtin_mul_overflow(count, new.length, &length) ||
        __builtin_add_overflow(length, c.length - count * old.length, &length) || length > INT64_MAX / 2)
        return raise_overflow_error(t, "replace bytes is too long");
    Value bytes = TRY(bytes_new(t, NULL, length));
    chars_replace(as_bytes(bytes)->data, 1, c, old, new, count, limit < 0);
    keep_alive((void *)keep.bits);
    keep_alive((void *)keep_old.bits);
    return is_bytes(self) ? bytes : bytearray_new(t, as_bytes(bytes)->data, length);
}

Value bytes_method_replace(Thread *t, Value *args) {
    args[0] = TRY(bytes_at_once(t, args[0]));
    Piece old, new;
    int64_t limit;
    CHECK(index_as_ssize(t, args[3], &limit, false, NULL) && piece_get(t, args[1], &old));
    if (!piece_get(t, args[2], &new)) {
        piece_release(t, &old);
        return NO_VALUE;
    }
    Value v = replace(t, args[0], bytes_view(args[0]), old.chars, new.chars, limit);
    piece_release(t, &old);
    piece_release(t, &new);
    return v;
}

static Value translate(Thread *t, Value self, const uint8_t *table, Chars delete) {
    bool drop[256] = {false};
    for (size_t i = 0; i < delete.length; i++) drop[((const uint8_t *)delete.data)[i]] = true;
    Chars c = bytes_view(self);
    Value bytes = TRY(bytes_new(t, NULL, c.length));
    char *to = as_bytes(bytes)->data;
    size_t n = 0;
    bool changed = false;
    for (size_t i = 0; i < c.length; i++) {
        uint8_t byte = ((const uint8_t *)c.data)[i];
        if (drop[byte])
            continue;
        to[n] = (char)(table ? table[byte] : byte);
        changed |= (uint8_t)to[n++] != byte;
    }
    if (n == c.length && !changed && is_exactly(self, &bytes_type))
        return self;
    return bytes_like_new(t, self, to, n);
}

Value bytes_method_translate(Thread *t, Value *args) {
    args[0] = TRY(bytes_at_once(t, args[0]));
    Piece table = {0}, delete = {0};
    bool given = !is_none(args[1]);
    Value v = NO_VALUE;
    CHECK(!given || piece_get(t, args[1], &table));
    if (given && table.chars.length != 256)
        raise_value_error(t, "translation table must be 256 characters long");
    else if (piece_get(t, args[2], &delete))
        v = translate(t, args[0], given ? table.chars.data : NULL, delete.chars);
    piece_release(t, &delete);
    piece_release(t, &table);
    return v;
}

Value bytes_method_maketrans(Thread *t, Value *args) {
    Piece from, to;
    CHECK(piece_get(t, args[0], &from));
    if (!piece_get(t, args[1], &to)) {
        piece_release(t, &from);
        return NO_VALUE;
    }
    Value v = NO_VALUE;
    if (from.chars.length != to.chars.length) {
        raise_value_error(t, "maketrans arguments must have same length");
    } else if (present(v = bytes_new(t, NULL, 256))) {
        uint8_t *table = (uint8_t *)as_bytes(v)->data;
        for (int i = 0; i < 256; i++) table[i] = (uint8_t)i;
        for (size_t i = 0; i < from.chars.length; i++)
            table[((const uint8_t *)from.chars.data)[i]] = ((const uint8_t *)to.chars.data)[i];
    }
    piece_release(t, &from);
    piece_release(t, &to);
    return v;
}
