/* str's methods that look for text and take text apart, and join. */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/list.h"
#include "types/str/str_methods.h"
#include "types/str/text_ops.h"
#include "types/tuple.h"

/* The arguments of find and its like: the part of self to look in, and the needle. */
static bool search_arguments(Thread *t, Value *args, const char *method, Chars *part, Chars *needle, size_t *offset) {
    if (!is_str(args[1])) {
        raise_type_error(t, "%s() argument 1 must be str, not %Y", method, args[1]);
        return false;
    }
    int64_t length = (int64_t)str_length(args[0]), start = 0, end = length;
    if (!search_bounds(t, args[2], args[3], length, &start, &end) ||
        !chars_of(t, args[0], part) || !chars_of(t, args[1], needle))
        return false;
    *offset = (size_t)start;
    if (start > end) {
        /* Not even the empty string is there. */
        *part = (Chars){"", 0, 1};
        *needle = (Chars){"x", 1, 1};
        return true;
    }
    *part = chars_part(*part, (size_t)start, (size_t)end);
    return true;
}

static bool search(Thread *t, Value *args, const char *method, bool last, int64_t *found) {
    Chars part, needle;
    size_t offset;
    if (!search_arguments(t, args, method, &part, &needle, &offset))
        return false;
    *found = last ? chars_rfind(part, needle) : chars_find(part, needle);
    if (*found >= 0)
        *found += (int64_t)offset;
    return true;
}

Value str_method_find(Thread *t, Value *args) {
    int64_t found;
    CHECK(search(t, args, "find", false, &found));
    return small_int(found);
}
Value str_method_rfind(Thread *t, Value *args) {
    int64_t found;
    CHECK(search(t, args, "rfind", true, &found));
    return small_int(found);
}
Value str_method_index(Thread *t, Value *args) {
    int64_t found;
    CHECK(search(t, args, "index", false, &found));
    return found < 0 ? raise_value_error(t, "substring not found") : small_int(found);
}
Value str_method_rindex(Thread *t, Value *args) {
    int64_t found;
    CHECK(search(t, args, "rindex", true, &found));
    return found < 0 ? raise_value_error(t, "substring not found") : small_int(found);
}
Value str_method_count(Thread *t, Value *args) {
    Chars part, needle;
    size_t offset;
    CHECK(search_arguments(t, args, "count", &part, &needle, &offset));
    return small_int((int64_t)chars_count(part, needle, SIZE_MAX));
}

static int tail_matches(Thread *t, Value self, Value affix, int64_t start, int64_t end, bool at_end) {
    Chars c, a;
    if (!chars_of(t, self, &c) || !chars_of(t, affix, &a))
        return -1;
    if (start > end || (int64_t)a.length > end - start)
        return 0;
    size_t from = at_end ? (size_t)end - a.length : (size_t)start;
    Chars part = chars_part(c, from, from + a.length);
    return likely(part.kind == a.kind) ? bytes_same(part.data, a.data, a.length * a.kind) : chars_equal(part, a);
}

static Value tail_match(Thread *t, Value *args, const char *method, bool at_end) {
    int64_t length = (int64_t)str_length(args[0]), start = 0, end = length;
    CHECK(search_bounds(t, args[2], args[3], length, &start, &end));
    if (is_tuple(args[1])) {
        for (size_t i = 0; i < tuple_length(args[1]); i++) {
            Value affix = tuple_get(args[1], i);
            if (!is_str(affix))
                return raise_type_error(t, "tuple for %s must only contain str, not %T", method, affix);
            int match = tail_matches(t, args[0], affix, start, end, at_end);
            if (match)
                return match < 0 ? NO_VALUE : TRUE;
        }
        return FALSE;
    }
    if (!is_str(args[1]))
        return raise_type_error(t, "%s first arg must be str or a tuple of str, not %T", method, args[1]);
    int match = tail_matches(t, args[0], args[1], start, end, at_end);
    return match < 0 ? NO_VALUE : from_bool(match);
}
Value str_method_startswith(Thread *t, Value *args) { return tail_match(t, args, "startswith", false); }
Value str_method_endswith(Thread *t, Value *args) { return tail_match(t, args, "endswith", true); }

static Value split(Thread *t, Value *args, bool last) {
    Chars c, separator, *given = NULL;
    if (!is_none(args[1])) {
        if (!is_str(args[1]))
            return raise_type_error(t, "must be str or None, not %T", args[1]);
        CHECK(chars_of(t, args[1], &separator));
        given = &separator;
    }
    int64_t limit;
    CHECK(index_as_ssize(t, args[2], &limit, false, NULL) && chars_of(t, args[0], &c));
    return (last ? text_rsplit : text_split)(t, &str_text_kind, c, args[0], given, limit);
}
Value str_method_split(Thread *t, Value *args) { return split(t, args, false); }
Value str_method_rsplit(Thread *t, Value *args) { return split(t, args, true); }

Value str_method_splitlines(Thread *t, Value *args) {
    Chars c;
    int keep = truth(t, args[1]);
    CHECK(keep >= 0 && chars_of(t, args[0], &c));
    return text_split_lines(t, &str_text_kind, c, args[0], keep);
}

static Value partition(Thread *t, Value *args, bool last) {
    Chars c, separator;
    if (!is_str(args[1]))
        return raise_type_error(t, "must be str, not %T", args[1]);
    CHECK(chars_of(t, args[0], &c) && chars_of(t, args[1], &separator));
    return text_partition(t, &str_text_kind, c, args[0], separator, args[1], last);
}
Value str_method_partition(Thread *t, Value *args) { return partition(t, args, false); }
Value str_method_rpartition(Thread *t, Value *args) { return partition(t, args, true); }

static Value strip(Thread *t, Value *args, int sides, const char *method) {
    Chars c, set, *given = NULL;
    if (!is_none(args[1])) {
        if (!is_str(args[1]))
            return raise_type_error(t, "%s arg must be None or str", method);
        CHECK(chars_of(t, args[1], &set));
        given = &set;
    }
    CHECK(chars_of(t, args[0], &c));
    return str_text_kind.part(t, text_strip(&str_text_kind, c, given, sides), args[0]);
}
Value str_method_strip(Thread *t, Value *args) { return strip(t, args, STRIP_BOTH, "strip"); }
Value str_method_lstrip(Thread *t, Value *args) { return strip(t, args, STRIP_LEFT, "lstrip"); }
Value str_method_rstrip(Thread *t, Value *args) { return strip(t, args, STRIP_RIGHT, "rstrip"); }

static Value remove_affix(Thread *t, Value *args, const char *method, bool at_end) {
    if (!is_str(args[1]))
        return raise_type_error(t, "%s() argument must be str, not %Y", method, args[1]);
    size_t length = str_length(args[0]), n = str_length(args[1]);
    int match = tail_matches(t, args[0], args[1], 0, (int64_t)length, at_end);
    CHECK(match >= 0);
    if (!match)
        n = 0;
    Value part = at_end ? str_slice(t, args[0], 0, length - n) : str_slice(t, args[0], n, length);
    return present(part) ? str_exact(t, part) : NO_VALUE;
}
Value str_method_removeprefix(Thread *t, Value *args) { return remove_affix(t, args, "removeprefix", false); }
Value str_method_removesuffix(Thread *t, Value *args) { return remove_affix(t, args, "removesuffix", true); }

/* join */

/* What the items come to: their widest character and length, separators included. */
static bool measure_items(Thread *t, Value separator, const Value *items, size_t count, uint32_t *max, size_t *length) {
    *max = count > 1 && str_length(separator) ? str_max_char(separator) : 0;
    *length = count ? str_length(separator) * (count - 1) : 0;
    for (size_t i = 0; i < count; i++) {
        if (absent(items[i]) || !is_str(items[i])) {
            raise_type_error(t, "sequence item %zd: expected str instance, %T found", i, items[i]);
            return false;
        }
        size_t n = str_length(items[i]);
        if (unlikely(!str_is_ascii(items[i]) || !*max) && n && str_max_char(items[i]) > *max)
            *max = str_max_char(items[i]);
        if (__builtin_add_overflow(*length, n, length) || *length > (size_t)1 << 54) {
            raise_overflow_error(t, "join() result is too long for a Python string");
            return false;
        }
    }
    return true;
}

static inline bool write_item(Thread *t, char **to, int kind, Value item) {
    Chars c;
    if (!chars_of(t, item, &c))
        return false;
    *to = chars_write(*to, kind, c);
    return true;
}

static Value join_items(Thread *t, Value separator, const Value *items, size_t count) {
    uint32_t max;
    size_t length;
    CHECK(measure_items(t, separator, items, count, &max, &length));
    if (count == 1 && is_exactly(items[0], &str_type))
        return items[0];
    Chars sep;
    CHECK(chars_of(t, separator, &sep));
    void *data;
    Value v = TRY(str_new(t, length, max, &data));
    int kind = kind_for(max);
    char *to = data;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && sep.length)
            to = chars_write(to, kind, sep);
        CHECK(write_item(t, &to, kind, items[i]));
    }
    return v;
}

Value str_join(Thread *t, Value separator, Value iterable) {
    /* A private copy of a list: another thread may change the original meanwhile. */
    Value items = iterable;
    if (!is_exactly(iterable, &tuple_type) && (!is_exactly(iterable, &list_type) || load_relaxed(&runtime_threaded))) {
        items = list_from_iterable(t, iterable);
        if (absent(items)) {
            if (!type_slot(type_of(iterable), SLOT___iter__) && !type_slot(type_of(iterable), SLOT___getitem__) &&
                error_catch(t, &TypeError_type))
                return raise_type_error(t, "can only join an iterable");
            return NO_VALUE;
        }
    }
    if (is_tuple(items))
        return join_items(t, separator, as_tuple(items)->items, tuple_length(items));
    Slots *storage = as_list(items)->storage; /* nobody changes it: from here on no Python code runs, finalizers included */
    if (!storage)
        return join_items(t, separator, NULL, 0);
    Value joined = join_items(t, separator, storage->items, list_length(items));
    keep_alive(storage);
    return joined;
}
Value str_method_join(Thread *t, Value *args) { return str_join(t, args[0], args[1]); }
