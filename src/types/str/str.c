/* The type str: construction, operators, items, iteration and the method table.
 *
 * Invariants and threading contract: str.h. What methods do is in the files of this folder, by subject.
 */
#include "types/iterator.h"
#include "types/str/str.h"

#include "object/buffer.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/slice.h"
#include "types/str/codecs.h"
#include "types/str/str_iterator.h"
#include "types/str/str_layout.h"
#include "types/str/str_methods.h"
#include "types/tuple.h"

Value qualified_type_name(Thread *t, Value v) {
    Value name = TRY(type_qualified_name(t, type_of(v)));
    static const char main_prefix[] = "__main__.";
    size_t n = sizeof main_prefix - 1;
    Value prefix = TRY(str_from_text(t, main_prefix));
    return str_find(t, name, prefix, 0, n) == 0 ? str_slice(t, name, n, str_length(name)) : name;
}

/* Construction */

static Value decode_object(Thread *t, Value object, Value encoding, Value errors) {
    static const char *const argument[] = {"encoding", "errors"};
    Value given[] = {encoding, errors};
    const char *name[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        if (absent(given[i]))
            continue;
        size_t size;
        if (!is_str(given[i]))
            return raise_type_error(t, "str() argument '%s' must be str, not %Y", argument[i], given[i]);
        if (!(name[i] = str_utf8(t, given[i], &size)))
            return NO_VALUE;
        if (strlen(name[i]) != size)
            return raise_value_error(t, "embedded null character");
    }
    if (absent(object))
        return empty_str;
    if (is_str(object))
        return raise_type_error(t, "decoding str is not supported");
    if (!has_buffer(object))
        return raise_type_error(t, "decoding to str: need a bytes-like object, %T found", object);
    Buffer b;
    CHECK(buffer_get_contiguous(t, object, &b, false));
    Value v = b.length || t->isolate->check_encodings ? str_decode(t, b.data, b.length, name[0] ? name[0] : "utf-8", name[1]) : empty_str;
    buffer_release(t, &b);
    return v;
}

/* object, encoding and errors by position or name, with the messages of each way. */
static bool new_arguments(Thread *t, Value positional, Value named, Value out[3]) {
    static const char *const parameters[] = {"object", "encoding", "errors"};
    size_t count = tuple_length(positional), keywords = present(named) ? dict_length(named) : 0;
    if (count + keywords > 3) {
        if (keywords)
            raise_type_error(t, "str() takes at most 3 arguments (%zd given)", count + keywords);
        else
            raise_type_error(t, "str expected at most 3 arguments, got %zd", count);
        return false;
    }
    for (size_t i = 0; i < count; i++) out[i] = tuple_get(positional, i);
    Value key, value;
    for (size_t position = 0; keywords && dict_next(named, &position, &key, &value);) {
        int i = 0;
        while (i < 3 && !str_equal_text(key, parameters[i])) i++;
        if (i == 3) {
            raise_type_error(t, "str() got an unexpected keyword argument '%S'", key);
            return false;
        }
        if (present(out[i])) {
            raise_type_error(t, "argument for str() given by name ('%s') and position (%d)", parameters[i], i + 1);
            return false;
        }
        out[i] = value;
    }
    return true;
}

static Value str_new_method(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    Value given[3] = {0}, v;
    CHECK(new_arguments(t, args[1], args[2], given));
    if (present(given[1]) || present(given[2]))
        v = decode_object(t, given[0], given[1], given[2]);
    else
        v = absent(given[0]) ? empty_str : to_str(t, given[0]);
    if (absent(v) || type == &str_type)
        return v;
    return str_subclass_new(t, type, v);
}

/* Operators */

static Value str_dunder_str(Thread *t, Value *args) { return str_exact(t, args[0]); }
static Value str_dunder_repr(Thread *t, Value *args) { return str_repr(t, args[0]); }
static Value str_dunder_len(Thread *t, Value *args) { return small_int((int64_t)str_length(args[0])); }

static Value str_dunder_hash(Thread *t, Value *args) {
    int64_t hash = str_hash(t, args[0]);
    return hash == -1 ? NO_VALUE : int_from(t, hash);
}

static Value str_dunder_add(Thread *t, Value *args) {
    if (is_str(args[1]))
        return str_concat(t, args[0], args[1]);
    return raise_type_error(t, "can only concatenate str (not \"%T\") to str", args[1]);
}

static Value str_dunder_mul(Thread *t, Value *args) {
    int64_t count;
    CHECK(index_as_ssize(t, args[1], &count, false, NULL));
    return str_repeat(t, args[0], count);
}

static Value str_dunder_mod(Thread *t, Value *args) { return str_format_percent(t, args[0], args[1]); }
static Value str_dunder_rmod(Thread *t, Value *args) {
    return is_str(args[1]) ? str_format_percent(t, args[1], args[0]) : NOT_IMPLEMENTED;
}

static Value str_dunder_contains(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "'in <string>' requires string as left operand, not %T", args[1]);
    int64_t found = str_find(t, args[0], args[1], 0, SIZE_MAX);
    return error_pending(t) ? NO_VALUE : from_bool(found >= 0);
}

static Value str_dunder_eq(Thread *t, Value *args) {
    return is_str(args[1]) ? from_bool(str_equal(t, args[0], args[1])) : NOT_IMPLEMENTED;
}
static Value str_dunder_ne(Thread *t, Value *args) {
    return is_str(args[1]) ? from_bool(!str_equal(t, args[0], args[1])) : NOT_IMPLEMENTED;
}
#define ORDER(name, op)                                                                                          \
    static Value str_dunder_##name(Thread *t, Value *args) {                                                     \
        return is_str(args[1]) ? from_bool(str_compare(t, args[0], args[1]) op 0) : NOT_IMPLEMENTED;             \
    }
ORDER(lt, <)
ORDER(le, <=)
ORDER(gt, >)
ORDER(ge, >=)
#undef ORDER

static Value slice_with_step(Thread *t, Value v, int64_t start, int64_t step, int64_t count) {
    Chars c;
    CHECK(chars_of(t, v, &c));
    StrBuilder b = {0};
    void *to = count ? str_builder_reserve(t, &b, (size_t)count, str_max_char(v)) : NULL;
    CHECK(count == 0 || to);
    if (c.kind == 1 && step == -1) { /* the compiler makes vectors of this */
        const uint8_t *from = (const uint8_t *)c.data + start - count + 1;
        for (int64_t i = 0; i < count; i++)
            ((uint8_t *)to)[i] = from[count - 1 - i];
    } else if (c.kind == 1) {
        const uint8_t *from = (const uint8_t *)c.data + start;
        for (int64_t i = 0; i < count; i++)
            ((uint8_t *)to)[i] = from[i * step];
    } else {
        for (int64_t i = 0; i < count; i++)
            char_put(to, b.kind, (size_t)i, chars_get(&c, (size_t)(start + i * step)));
    }
    b.length = (size_t)count;
    return str_builder_finish(t, &b);
}

static Value str_dunder_getitem(Thread *t, Value *args) {
    Value v = args[0], key = args[1];
    int64_t length = (int64_t)str_length(v), i;
    if (is_small_int(key)) {
        i = small_int_value(key);
    } else if (is_exactly(key, &slice_type)) {
        int64_t start, stop, step, count;
        CHECK(slice_indices(t, key, length, &start, &stop, &step, &count));
        if (step == 1)
            return str_slice(t, v, (size_t)start, (size_t)(start + count));
        return slice_with_step(t, v, start, step, count);
    } else if (is_int(key) || type_slot(type_of(key), SLOT___index__)) {
        CHECK(index_as_ssize(t, key, &i, false, &IndexError_type));
    } else {
        return raise_type_error(t, "string indices must be integers, not '%T'", key);
    }
    if (i < 0)
        i += length;
    if (i < 0 || i >= length)
        return raise_index_error(t, "string index out of range");
    Chars c;
    CHECK(chars_of(t, v, &c));
    return str_from_char(t, chars_get(&c, (size_t)i));
}

/* Methods that fit no other file */

static Value str_dunder_format(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "__format__() argument must be str, not %Y", args[1]);
    if (str_length(args[1]) == 0)
        return is_exactly(args[0], &str_type) ? args[0] : to_str(t, args[0]);
    return format_str(t, args[0], args[1]);
}

static Value str_dunder_getnewargs(Thread *t, Value *args) {
    Chars c;
    CHECK(chars_of(t, args[0], &c));
    return tuple_pack(t, 1, TRY(str_from_part(t, c)));
}

static Value str_dunder_sizeof(Thread *t, Value *args) {
    /* As CPython counts: 40 bytes before the characters, 56 where UTF-8 is another text. */
    size_t header = str_is_ascii(args[0]) ? 40 : 56;
    size_t size = header + (str_length(args[0]) + 1) * (size_t)str_kind(args[0]);
    return small_int((int64_t)size);
}

static Value str_method_encode(Thread *t, Value *args) {
    if (coding_is_default(t, args[1], args[2]) && str_is_ascii(args[0]))
        return encode_utf8(t, args[0], "strict");
    static const char *const argument[] = {"encoding", "errors"};
    const char *name[2];
    for (int i = 0; i < 2; i++) {
        size_t size;
        if (!is_str(args[1 + i]))
            return raise_type_error(t, "encode() argument '%s' must be str, not %Y", argument[i], args[1 + i]);
        if (!(name[i] = str_utf8(t, args[1 + i], &size)))
            return NO_VALUE;
        if (strlen(name[i]) != size)
            return raise_value_error(t, "embedded null character");
    }
    return str_encode(t, args[0], name[0], name[1]);
}

/* Iteration */

static void trace_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((StrIterator *)o)->str); }

static Value str_dunder_iter(Thread *t, Value *args) {
    StrIterator *it = heap_allocate(t, is_exactly(args[0], &str_type) && str_is_ascii(args[0]) ? &str_ascii_iterator_type : &str_iterator_type, sizeof *it);
    if (!it)
        return NO_VALUE;
    it->str = args[0]; /* NOBARRIER: no safepoint since the allocation */
    it->owner = t;
    return from_object(it);
}

static Value iterator_next_char(Thread *t, Value iterator) {
    StrIterator *it = (StrIterator *)iterator.bits;
    Value str = load(&it->str);
    if (absent(str))
        return NO_VALUE;
    Chars c;
    CHECK(chars_of(t, str, &c));
    bool locked = step_begin(t, &it->object, &it->owner);
    size_t i = load_relaxed(&it->index);
    if (i < c.length)
        store_relaxed(&it->index, i + 1);
    else
        store_release(&it->str.bits, 0); /* NOBARRIER: stores no reference */
    step_end(&it->object, locked);
    return i < c.length ? str_from_char(t, chars_get(&c, i)) : NO_VALUE;
}

static Value iterator_length_hint(Thread *t, Value *args) {
    StrIterator *it = (StrIterator *)args[0].bits;
    Value str = load(&it->str);
    return small_int(present(str) ? (int64_t)(str_length(str) - load_relaxed(&it->index)) : 0);
}

static Value iterator_reduce(Thread *t, Value *args) {
    StrIterator *it = (StrIterator *)args[0].bits;
    Value iter = TRY(iterator_builtin(t, names.iter)), str = load(&it->str);
    if (absent(str))
        return tuple_pack(t, 2, iter, TRY(tuple_pack(t, 1, empty_str)));
    return tuple_pack(t, 3, iter, TRY(tuple_pack(t, 1, str)), small_int((int64_t)load_relaxed(&it->index)));
}

static Value iterator_setstate(Thread *t, Value *args) {
    StrIterator *it = (StrIterator *)args[0].bits;
    int64_t index;
    CHECK(index_as_ssize(t, args[1], &index, false, NULL));
    Value str = load(&it->str);
    if (present(str)) {
        int64_t length = (int64_t)str_length(str);
        store_relaxed(&it->index, (size_t)(index < 0 ? 0 : index > length ? length : index));
    }
    return NONE;
}


static const NativeDef iterator_methods[] = {
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__length_hint__(self, /)", iterator_length_hint, "Characters left."},
    {"__reduce__(self, /)", iterator_reduce, "State for pickling."},
    {"__setstate__(self, object, /)", iterator_setstate, "Set the position."},
    {0},
};

#define STR_ITERATOR_TYPE(type, name)             \
    STATIC_TYPE(type) = {                         \
        STATIC_TYPE_HEAD(trace_iterator, NULL),   \
        .name_text = name,                        \
        .methods = iterator_methods,              \
        .next = iterator_next_char,               \
        .flags = TYPE_NO_NEW,                     \
        .instance_size = sizeof(StrIterator),     \
    }
STR_ITERATOR_TYPE(str_iterator_type, "str_iterator");
STR_ITERATOR_TYPE(str_ascii_iterator_type, "str_ascii_iterator");

#define BOUNDS "[, start[, end]], /)"

static const NativeDef str_methods[] = {
    {"__new__(type, *args, **kwargs)", str_new_method, "Create a str.", NATIVE_LAZY_KEYWORDS},
    {"__repr__(self, /)", str_dunder_repr, "Return repr(self)."},
    {"__str__(self, /)", str_dunder_str, "Return str(self)."},
    {"__hash__(self, /)", str_dunder_hash, "Return hash(self)."},
    {"__len__(self, /)", str_dunder_len, "Return len(self)."},
    {"__iter__(self, /)", str_dunder_iter, "Implement iter(self)."},
    {"__contains__(self, key, /)", str_dunder_contains, "Return bool(key in self)."},
    {"__getitem__(self, key, /)", str_dunder_getitem, "Return self[key]."},
    {"__add__(self, value, /)", str_dunder_add, "Return self+value."},
    {"__mul__(self, value, /)", str_dunder_mul, "Return self*value."},
    {"__rmul__(self, value, /)", str_dunder_mul, "Return value*self."},
    {"__mod__(self, value, /)", str_dunder_mod, "Return self%value."},
    {"__rmod__(self, value, /)", str_dunder_rmod, "Return value%self."},
    {"__eq__(self, value, /)", str_dunder_eq, "Return self==value."},
    {"__ne__(self, value, /)", str_dunder_ne, "Return self!=value."},
    {"__lt__(self, value, /)", str_dunder_lt, "Return self<value."},
    {"__le__(self, value, /)", str_dunder_le, "Return self<=value."},
    {"__gt__(self, value, /)", str_dunder_gt, "Return self>value."},
    {"__ge__(self, value, /)", str_dunder_ge, "Return self>=value."},
    {"__format__(self, format_spec, /)", str_dunder_format, "Format by the specification."},
    {"__getnewargs__(self, /)", str_dunder_getnewargs, "Arguments of __new__ for pickling."},
    {"__sizeof__(self, /)", str_dunder_sizeof, "Size in memory, in bytes."},
    {"encode(self, /, encoding='utf-8', errors='strict')", str_method_encode, "Encode to bytes."},
    {"replace(self, old, new, /, count=-1)", str_method_replace, "Copy with occurrences of old replaced by new."},
    {"split(self, /, sep=None, maxsplit=-1)", str_method_split, "List of the fields between separators."},
    {"rsplit(self, /, sep=None, maxsplit=-1)", str_method_rsplit, "Like split, counting from the end."},
    {"join(self, iterable, /)", str_method_join, "Concatenate strings with self between them."},
    {"capitalize(self, /)", str_capitalize, "First character in title case, the rest in lower case."},
    {"casefold(self, /)", str_casefold, "Copy for caseless comparison."},
    {"title(self, /)", str_title, "Each word in title case."},
    {"center(self, width, fillchar=<' '>, /)", str_method_center, "Padded on both sides."},
    {"count(self, sub" BOUNDS, str_method_count, "Number of non-overlapping occurrences."},
    {"expandtabs(self, /, tabsize=8)", str_method_expandtabs, "Tabs replaced by blanks."},
    {"find(self, sub" BOUNDS, str_method_find, "Lowest index of sub, or -1."},
    {"partition(self, sep, /)", str_method_partition, "Cut at the first separator: a tuple of three."},
    {"index(self, sub" BOUNDS, str_method_index, "Lowest index of sub, or ValueError."},
    {"ljust(self, width, fillchar=<' '>, /)", str_method_ljust, "Padded on the right."},
    {"lower(self, /)", str_lower, "Copy in lower case."},
    {"lstrip(self, chars=None, /)", str_method_lstrip, "Blanks, or chars, removed from the start."},
    {"rfind(self, sub" BOUNDS, str_method_rfind, "Highest index of sub, or -1."},
    {"rindex(self, sub" BOUNDS, str_method_rindex, "Highest index of sub, or ValueError."},
    {"rjust(self, width, fillchar=<' '>, /)", str_method_rjust, "Padded on the left."},
    {"rstrip(self, chars=None, /)", str_method_rstrip, "Blanks, or chars, removed from the end."},
    {"rpartition(self, sep, /)", str_method_rpartition, "Cut at the last separator: a tuple of three."},
    {"splitlines(self, /, keepends=False)", str_method_splitlines, "List of lines."},
    {"strip(self, chars=None, /)", str_method_strip, "Blanks, or chars, removed from both ends."},
    {"swapcase(self, /)", str_swapcase, "Upper and lower case exchanged."},
    {"translate(self, table, /)", str_method_translate, "Characters mapped through a table."},
    {"upper(self, /)", str_upper, "Copy in upper case."},
    {"startswith(self, prefix" BOUNDS, str_method_startswith, "Whether the text starts with prefix."},
    {"endswith(self, suffix" BOUNDS, str_method_endswith, "Whether the text ends with suffix."},
    {"removeprefix(self, prefix, /)", str_method_removeprefix, "Without the prefix, if it is there."},
    {"removesuffix(self, suffix, /)", str_method_removesuffix, "Without the suffix, if it is there."},
    {"isascii(self, /)", str_isascii, "Whether all characters are ASCII."},
    {"islower(self, /)", str_islower, "Whether it has cased characters, all in lower case."},
    {"isupper(self, /)", str_isupper, "Whether it has cased characters, all in upper case."},
    {"istitle(self, /)", str_istitle, "Whether each word is in title case."},
    {"isspace(self, /)", str_isspace, "Whether it is all blanks, at least one."},
    {"isdecimal(self, /)", str_isdecimal, "Whether it is all decimal digits, at least one."},
    {"isdigit(self, /)", str_isdigit, "Whether it is all digits, at least one."},
    {"isnumeric(self, /)", str_isnumeric, "Whether it is all numeric characters, at least one."},
    {"isalpha(self, /)", str_isalpha, "Whether it is all letters, at least one."},
    {"isalnum(self, /)", str_isalnum, "Whether it is all letters or numbers, at least one."},
    {"isidentifier(self, /)", str_isidentifier, "Whether it could be a name."},
    {"isprintable(self, /)", str_isprintable, "Whether repr() would show it as it is."},
    {"zfill(self, width, /)", str_method_zfill, "Padded with zeros behind the sign."},
    {"format(self, /, *args, **kwargs)", str_method_format, "Fill in the replacement fields.",
     NATIVE_LAZY_KEYWORDS | NATIVE_BORROWS_STAR},
    {"format_map(self, mapping, /)", str_method_format_map, "Fill in the replacement fields from a mapping."},
    {"maketrans(x, y=<unrepresentable>, z=<unrepresentable>, /)", str_method_maketrans,
     "Make a table for translate().", NATIVE_STATIC},
    {0},
};

STATIC_TYPE(str_type) = {
    STATIC_TYPE_HEAD(str_trace, NULL),
    .head.cell_flags = CELL_UNTRACKED,
    .name_text = "str",
    .doc = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\n"
           "Text: an immutable sequence of Unicode characters.",
    .methods = str_methods,
    .flags = TYPE_BASE | TYPE_STR | TYPE_MATCH_SELF,
    .instance_size = sizeof(StrObject),
};
