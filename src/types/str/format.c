/* str.format and str.format_map. */
#include "object/errors.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/str/format_fields.h"
#include "types/str/str_methods.h"
#include "types/tuple.h"

/* Reads one replacement field; *at is just behind its '{'. */
static bool parse_field(Thread *t, const Chars *c, size_t *at, size_t end, FormatPiece *piece) {
    size_t i = *at;
    uint32_t ch = 0;
    piece->field.start = i;
    while (i < end) {
        ch = chars_get(c, i++);
        if (ch == '{') {
            raise_value_error(t, "unexpected '{' in field name");
            return false;
        }
        if (ch == '[')
            while (i < end && chars_get(c, i) != ']') i++;
        if (ch == '}' || ch == ':' || ch == '!')
            break;
    }
    piece->field.end = i - (ch == '}' || ch == ':' || ch == '!');
    *at = i;
    if (ch == '}')
        return true;
    if (ch != '!' && ch != ':') {
        raise_value_error(t, "expected '}' before end of string");
        return false;
    }
    if (ch == '!') {
        if (i >= end) {
            raise_value_error(t, "end of string while looking for conversion specifier");
            return false;
        }
        piece->conversion = chars_get(c, i++);
        if (i < end) {
            ch = chars_get(c, i++);
            *at = i;
            if (ch == '}')
                return true;
            if (ch != ':') {
                raise_value_error(t, "expected ':' after conversion specifier");
                return false;
            }
        }
    }
    piece->spec.start = i;
    for (int depth = 1; i < end; i++) {
        ch = chars_get(c, i);
        if (ch == '{') {
            piece->spec_nested = true;
            depth++;
        } else if (ch == '}' && --depth == 0) {
            piece->spec.end = i;
            *at = i + 1;
            return true;
        }
    }
    raise_value_error(t, "unmatched '{' in format spec");
    return false;
}

int format_next_piece(Thread *t, const Chars *c, size_t *at, size_t end, FormatPiece *piece) {
    *piece = (FormatPiece){0};
    if (*at >= end)
        return 0;
    size_t i = *at;
    uint32_t ch = 0;
    bool markup = false;
    while (i < end && !markup) {
        ch = chars_get(c, i++);
        markup = ch == '{' || ch == '}';
    }
    piece->literal = (Range){*at, i};
    *at = i;
    if (!markup)
        return 1;
    bool last = i >= end;
    if (ch == '}' && (last || chars_get(c, i) != '}')) {
        raise_value_error(t, "Single '}' encountered in format string");
        return -1;
    }
    if (last) {
        raise_value_error(t, "Single '{' encountered in format string");
        return -1;
    }
    if (chars_get(c, i) == ch) {
        *at = i + 1; /* doubled: the literal keeps one */
        return 1;
    }
    piece->literal.end--;
    piece->has_field = true;
    return parse_field(t, c, at, end, piece) ? 1 : -1;
}

/* The value of a run of decimal digits, -1 when it is not one. */
static bool parse_index(Thread *t, const Chars *c, Range r, int64_t *out) {
    *out = -1;
    int64_t n = 0;
    for (size_t i = r.start; i < r.end; i++) {
        uint32_t ch = chars_get(c, i);
        if (ch < '0' || ch > '9')
            return true;
        if (n > (INT64_MAX - (ch - '0')) / 10) {
            raise_value_error(t, "Too many decimal digits in format string");
            return false;
        }
        n = n * 10 + (ch - '0');
    }
    if (r.start < r.end)
        *out = n;
    return true;
}

bool format_field_first(Thread *t, const Chars *c, Range field, Range *first, int64_t *index, size_t *at) {
    size_t i = field.start;
    while (i < field.end && chars_get(c, i) != '.' && chars_get(c, i) != '[') i++;
    *first = (Range){field.start, i};
    *at = i;
    return parse_index(t, c, *first, index);
}

int format_field_next(Thread *t, const Chars *c, size_t *at, size_t end, bool *is_attribute, Range *name, int64_t *index) {
    if (*at >= end)
        return 0;
    size_t i = *at;
    uint32_t ch = chars_get(c, i++);
    if (ch != '.' && ch != '[') {
        raise_value_error(t, "Only '.' or '[' may follow ']' in format field specifier");
        return -1;
    }
    *is_attribute = ch == '.';
    *index = -1;
    name->start = i;
    if (*is_attribute) {
        while (i < end && chars_get(c, i) != '.' && chars_get(c, i) != '[') i++;
        name->end = *at = i;
    } else {
        while (i < end && chars_get(c, i) != ']') i++;
        if (i >= end) {
            raise_value_error(t, "Missing ']' in format string");
            return -1;
        }
        name->end = i;
        *at = i + 1;
        if (!parse_index(t, c, *name, index))
            return -1;
    }
    if (name->start == name->end) {
        raise_value_error(t, "Empty attribute in format string");
        return -1;
    }
    return 1;
}

/* Filling in */

typedef enum Numbering { UNDECIDED, AUTOMATIC, MANUAL } Numbering;

typedef struct Format {
    Thread *t;
    Value args, kwargs; /* args absent: format_map */
    Numbering numbering;
    int64_t next;
} Format;

static Value positional(Format *f, int64_t index) {
    if (absent(f->args))
        return raise_value_error(f->t, "Format string contains positional fields");
    if (index >= (int64_t)tuple_length(f->args))
        return raise_index_error(f->t, "Replacement index %zd out of range for positional args tuple", (ssize_t)index);
    return tuple_get(f->args, (size_t)index);
}

static Value first_object(Format *f, const Chars *c, Range first, int64_t index) {
    bool empty = first.start == first.end;
    if (empty || index >= 0) {
        Numbering now = empty ? AUTOMATIC : MANUAL;
        if (f->numbering == UNDECIDED)
            f->numbering = now;
        if (f->numbering != now)
            return raise_value_error(f->t, empty ? "cannot switch from manual field specification to automatic field numbering"
                                                 : "cannot switch from automatic field numbering to manual field specification");
        return positional(f, empty ? f->next++ : index);
    }
    Value key = TRY(str_from_part(f->t, chars_part(*c, first.start, first.end)));
    if (absent(f->kwargs))
        return raise_key_error(f->t, key);
    return get_item(f->t, f->kwargs, key);
}

static Value field_object(Format *f, const Chars *c, Range field) {
    Thread *t = f->t;
    Range part;
    int64_t index;
    size_t at;
    bool is_attribute;
    CHECK(format_field_first(t, c, field, &part, &index, &at));
    Value v = TRY(first_object(f, c, part, index));
    int more;
    while ((more = format_field_next(t, c, &at, field.end, &is_attribute, &part, &index)) > 0) {
        if (index >= 0) {
            v = TRY(get_item(t, v, small_int(index)));
            continue;
        }
        Value name = TRY(str_from_part(t, chars_part(*c, part.start, part.end)));
        v = is_attribute ? get_attribute(t, v, TRY(str_intern(t, name))) : get_item(t, v, name);
        CHECK(present(v));
    }
    return more < 0 ? NO_VALUE : v;
}

static Value convert(Thread *t, Value v, uint32_t conversion) {
    switch (conversion) {
    case 0: return v;
    case 'r': return repr(t, v);
    case 's': return to_str(t, v);
    case 'a': return to_ascii(t, v);
    }
    if (conversion > 32 && conversion < 127)
        return raise_value_error(t, "Unknown conversion specifier %c", (int)conversion);
    return raise_value_error(t, "Unknown conversion specifier \\x%x", conversion);
}

static bool expand(Format *f, const Chars *c, Range range, int depth, StrBuilder *out) {
    if (depth == 0) {
        raise_value_error(f->t, "Max string recursion exceeded");
        return false;
    }
    FormatPiece p;
    int more;
    for (size_t at = range.start; (more = format_next_piece(f->t, c, &at, range.end, &p)) > 0;) {
        if (p.literal.start < p.literal.end && !str_builder_add_chars(f->t, out, chars_part(*c, p.literal.start, p.literal.end)))
            return false;
        if (!p.has_field)
            continue;
        Value v = field_object(f, c, p.field);
        if (absent(v) || absent(v = convert(f->t, v, p.conversion)))
            return false;
        bool plain = p.spec.start == p.spec.end;
        if (plain && (is_small_int(v) || is_exactly(v, &str_type))) { /* nothing to be called, and no text to be made */
            if (!(is_small_int(v) ? str_builder_add_repr(f->t, out, v) : str_builder_add(f->t, out, v)))
                return false;
            continue;
        }
        Value spec = empty_str;
        if (p.spec_nested) {
            StrBuilder b = {0};
            if (!expand(f, c, p.spec, depth - 1, &b))
                return false;
            spec = str_builder_finish(f->t, &b);
        } else if (p.spec.start < p.spec.end) {
            spec = str_from_part(f->t, chars_part(*c, p.spec.start, p.spec.end));
        }
        Value text = absent(spec) ? NO_VALUE : format_value(f->t, v, spec);
        if (absent(text) || !str_builder_add(f->t, out, text))
            return false;
    }
    return more == 0;
}

static Value fill_in(Thread *t, Value format, Value args, Value kwargs) {
    Format f = {.t = t, .args = args, .kwargs = kwargs};
    Chars c;
    StrBuilder b = {0};
    CHECK(chars_of(t, format, &c) && str_builder_reserve(t, &b, c.length + 16, 0x7f));
    return expand(&f, &c, (Range){0, c.length}, 2, &b) ? str_builder_finish(t, &b) : NO_VALUE;
}

Value str_method_format(Thread *t, Value *args) { return fill_in(t, args[0], args[1], args[2]); }
Value str_method_format_map(Thread *t, Value *args) { return fill_in(t, args[0], NO_VALUE, args[1]); }
