/* re.Pattern, the scanner, and the module _sre.
 *
 * Threads: patterns are immutable; a scanner's state is guarded by nobody: two threads that share one get a
 * RuntimeError ("regular expression scanner already executing").
 */
#include "modules/sre/characters.h"
#include "modules/sre/sre.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/type_internal.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/memoryview.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/str/unicode.h"
#include "types/tuple.h"

static void pattern_trace(Tracer *tracer, Object *o) {
    PatternObject *p = (PatternObject *)o;
    const Value fields[] = {p->pattern, p->group_index, p->index_group, p->last_template};
    trace_values(tracer, fields, 4);
    trace_object(tracer, p->facts);
}

/* pos and endpos as match() and its like take them. */
static bool bounds(Thread *t, Value pos, Value endpos, int64_t *from, int64_t *to) {
    return index_as_ssize(t, pos, from, false, NULL) && index_as_ssize(t, endpos, to, false, NULL);
}

typedef enum Where { MATCH_START, MATCH_WHOLE, MATCH_ANYWHERE } Where;

static int try_match(MatchState *s, Where where) {
    s->match_all = where == MATCH_WHOLE;
    return where == MATCH_ANYWHERE ? match_search(s) : match_here(s);
}

static Value finish_match(MatchState *s, int found, int64_t pos, int64_t endpos) {
    if (found <= 0)
        return found < 0 ? NO_VALUE : NONE;
    Value match = match_new(s);
    if (present(match)) {
        as_match(match)->pos = pos;
        as_match(match)->endpos = endpos;
    }
    return match;
}

static Value match_once(Thread *t, Value *args, Where where) {
    int64_t from, to;
    CHECK(bounds(t, args[2], args[3], &from, &to));
    MatchState s;
    CHECK(match_state_open(t, &s, args[0], args[1], from, to));
    int64_t pos = s.start, endpos = s.end;
    Value result = finish_match(&s, try_match(&s, where), pos, endpos);
    match_state_close(&s);
    return result;
}

static Value pattern_match(Thread *t, Value *args) { return match_once(t, args, MATCH_START); }
static Value pattern_fullmatch(Thread *t, Value *args) { return match_once(t, args, MATCH_WHOLE); }
static Value pattern_search(Thread *t, Value *args) { return match_once(t, args, MATCH_ANYWHERE); }

/* On to where the next match may begin: an empty match may not be found twice. */
static void advance(MatchState *s) {
    s->must_advance = s->position == s->start;
    s->start = s->position;
}

/* A group of the match just found. */
static Value state_group(Thread *t, MatchState *s, size_t group, Value otherwise) {
    int64_t start = 2 * (int64_t)group - 2, end = start + 1;
    if (end > s->last_mark || s->marks[start] == NO_MARK || s->marks[end] == NO_MARK)
        return otherwise;
    return match_slice(t, s->string, s->marks[start], s->marks[end]);
}

static Value found_value(Thread *t, MatchState *s) {
    size_t groups = s->pattern->groups;
    if (groups == 0)
        return match_slice(t, s->string, s->start, s->position);
    Value empty = is_str(s->string) ? empty_str : empty_bytes;
    if (groups == 1)
        return state_group(t, s, 1, empty);
    Value tuple = TRY(tuple_new(t, groups));
    for (size_t i = 0; i < groups; i++)
        store(as_object(tuple), &as_tuple(tuple)->items[i], TRY(state_group(t, s, i + 1, empty)));
    return tuple;
}

static Value find_all(Thread *t, MatchState *s) {
    Value list = TRY(list_new(t, 8));
    while (s->start <= s->end) {
        int found = match_search(s);
        CHECK(found >= 0);
        if (!found)
            break;
        CHECK(list_push(t, list, TRY(found_value(t, s))));
        advance(s);
    }
    return list;
}

static Value pattern_findall(Thread *t, Value *args) {
    int64_t from, to;
    CHECK(bounds(t, args[2], args[3], &from, &to));
    MatchState s;
    CHECK(match_state_open(t, &s, args[0], args[1], from, to));
    Value list = find_all(t, &s);
    match_state_close(&s);
    return list;
}

static Value split(Thread *t, MatchState *s, int64_t most) {
    Value list = TRY(list_new(t, 8));
    int64_t last = 0;
    for (int64_t n = 0; most == 0 || n < most; n++) {
        int found = match_search(s);
        CHECK(found >= 0);
        if (!found)
            break;
        CHECK(list_push(t, list, TRY(match_slice(t, s->string, last, s->start))));
        for (size_t i = 1; i <= s->pattern->groups; i++)
            CHECK(list_push(t, list, TRY(state_group(t, s, i, NONE))));
        last = s->position;
        advance(s);
    }
    CHECK(list_append(t, list, TRY(match_slice(t, s->string, last, s->end))));
    return list;
}

static Value pattern_split(Thread *t, Value *args) {
    int64_t most;
    CHECK(index_as_ssize(t, args[2], &most, false, NULL));
    MatchState s;
    CHECK(match_state_open(t, &s, args[0], args[1], 0, INT64_MAX));
    Value list = split(t, &s, most);
    match_state_close(&s);
    return list;
}

static Value substitute(Thread *t, Value *args, bool with_number) {
    int64_t count;
    CHECK(index_as_ssize(t, args[3], &count, false, NULL));
    return pattern_substitute(t, args[0], args[1], args[2], count, with_number);
}

static Value pattern_sub(Thread *t, Value *args) { return substitute(t, args, false); }
static Value pattern_subn(Thread *t, Value *args) { return substitute(t, args, true); }
static Value pattern_self(Thread *t, Value *args) { return args[0]; }
static Value pattern_class_getitem(Thread *t, Value *args) { return generic_alias_new(t, args[0], args[1]); }

static Value pattern_eq(Thread *t, Value *args) {
    if (!is_exactly(args[1], &pattern_type))
        return NOT_IMPLEMENTED;
    PatternObject *a = as_pattern(args[0]), *b = as_pattern(args[1]);
    if (a == b)
        return TRUE;
    if (a->flags != b->flags || a->is_bytes != b->is_bytes || a->code_size != b->code_size ||
        memcmp(a->code, b->code, a->code_size * sizeof *a->code) != 0)
        return FALSE;
    int same_text = equal(t, a->pattern, b->pattern);
    return same_text < 0 ? NO_VALUE : from_bool(same_text);
}

static Value pattern_hash(Thread *t, Value *args) {
    PatternObject *p = as_pattern(args[0]);
    int64_t text;
    CHECK(hash_of(t, p->pattern, &text));
    int64_t hash = text ^ p->hash ^ p->flags ^ p->is_bytes ^ p->groups;
    return int_from(t, hash == -1 ? -2 : hash);
}

static Value pattern_repr(Thread *t, Value *args) {
    static const struct {
        uint32_t bit;
        const char *name;
    } flags[] = {{2, "re.IGNORECASE"}, {8, "re.MULTILINE"}, {16, "re.DOTALL"}, {64, "re.VERBOSE"},
                 {128, "re.DEBUG"},    {256, "re.ASCII"},   {4, "re.LOCALE"}};
    PatternObject *p = as_pattern(args[0]);
    uint32_t left = p->flags;
    if (p->is_bytes != 1 && (left & (4 | 32 | 256)) == 32)
        left &= ~32u; /* the default of text */
    StrBuilder b = {0};
    Value text = TRY(repr(t, p->pattern));
    if (str_length(text) > 200)
        text = TRY(str_slice(t, text, 0, 200));
    CHECK(str_builder_add_text(t, &b, "re.compile(") && str_builder_add(t, &b, text));
    const char *separator = ", ";
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (!(left & flags[i].bit))
            continue;
        CHECK(str_builder_add_text(t, &b, separator) && str_builder_add_text(t, &b, flags[i].name));
        separator = "|";
        left &= ~flags[i].bit;
    }
    if (left) {
        char hex[24];
        snprintf(hex, sizeof hex, "%s0x%x", separator, left);
        CHECK(str_builder_add_text(t, &b, hex));
    }
    CHECK(str_builder_add_char(t, &b, ')'));
    return str_builder_finish(t, &b);
}

static Value get_pattern(Thread *t, Value *args) { return as_pattern(args[0])->pattern; }
static Value get_flags(Thread *t, Value *args) { return small_int(as_pattern(args[0])->flags); }
static Value get_groups(Thread *t, Value *args) { return small_int(as_pattern(args[0])->groups); }

static Value get_groupindex(Thread *t, Value *args) {
    Value index = as_pattern(args[0])->group_index;
    return dict_length(index) ? mapping_proxy_new(t, index) : dict_new(t); /* what is empty needs no guard */
}

/* Scanners: each step opens a state of its own, so that nothing but the memoryview has anything to give back. */

typedef struct ScannerObject {
    Object object;
    Value pattern, string;
    Value subject; /* what is searched: the string, or a memoryview that keeps it from moving */
    int64_t start; /* where the next step begins; past the end: none does */
    int64_t pos, endpos;
    uint32_t running;
    bool must_advance;
} ScannerObject;

static void scanner_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((ScannerObject *)o)->pattern, 3); }

static Value scanner_new(Thread *t, Value *args) {
    int64_t from, to;
    CHECK(bounds(t, args[2], args[3], &from, &to));
    Value subject = args[1];
    if (!is_str(subject) && !is_bytes(subject) && has_buffer(subject))
        subject = TRY(memoryview_from_object(t, subject));
    MatchState state; /* to find out whether it can be opened, and how far it goes */
    CHECK(match_state_open(t, &state, args[0], subject, from, to));
    from = state.start;
    to = state.end;
    match_state_close(&state);
    ScannerObject *s = heap_allocate(t, &scanner_type, sizeof *s);
    if (!s)
        return NO_VALUE;
    s->pattern = args[0]; /* NOBARRIER: just allocated */
    s->string = args[1];
    s->subject = subject;
    s->start = s->pos = from;
    s->endpos = to;
    return from_object(s);
}

static Value step(Thread *t, ScannerObject *s, Where where) {
    if (s->start > s->endpos)
        return NONE;
    MatchState state;
    CHECK(match_state_open(t, &state, s->pattern, s->subject, s->start, s->endpos));
    state.string = s->string;
    state.must_advance = s->must_advance;
    int found = try_match(&state, where);
    Value result = finish_match(&state, found, s->pos, s->endpos);
    if (found > 0)
        advance(&state);
    else
        state.start = state.end + 1;
    s->start = state.start;
    s->must_advance = state.must_advance;
    match_state_close(&state);
    return result;
}

static Value scan(Thread *t, Value self, Where where) {
    ScannerObject *s = (ScannerObject *)self.bits;
    if (exchange(&s->running, 1u))
        return raise_value_error(t, "regular expression scanner already executing");
    Value result = step(t, s, where);
    store_release(&s->running, 0u);
    return result;
}

static Value scanner_match(Thread *t, Value *args) { return scan(t, args[0], MATCH_START); }
static Value scanner_search(Thread *t, Value *args) { return scan(t, args[0], MATCH_ANYWHERE); }
static Value scanner_pattern(Thread *t, Value *args) { return ((ScannerObject *)args[0].bits)->pattern; }

static const NativeDef scanner_methods[] = {
    {"match(self, /)", scanner_match, NULL}, {"search(self, /)", scanner_search, NULL}, {0}};
static const GetSetDef scanner_getset[] = {{"pattern", scanner_pattern, NULL, NULL, MEMBER}, {0}};

MODULE_TYPE(scanner_type, _sre) = {
    STATIC_TYPE_HEAD(scanner_trace, NULL),
    .name_text = "_sre.SRE_Scanner",
    .methods = scanner_methods,
    .getset = scanner_getset,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(ScannerObject),
};

static Value pattern_finditer(Thread *t, Value *args) {
    Value scanner = TRY(scanner_new(t, args));
    Value search = TRY(get_attribute_text(t, scanner, "search"));
    Value iter = dict_get_text(t, t->isolate->builtins, "iter");
    return call_2(t, iter, search, NONE);
}

static const NativeDef pattern_methods[] = {
    {"match(self, /, string, pos=0, endpos=9223372036854775807)", pattern_match,
     "Matches zero or more characters at the beginning of the string."},
    {"fullmatch(self, /, string, pos=0, endpos=9223372036854775807)", pattern_fullmatch, "Matches against all of the string."},
    {"search(self, /, string, pos=0, endpos=9223372036854775807)", pattern_search,
     "Scan through string looking for a match, and return a corresponding match object instance.\n\nReturn None if no position "
     "in the string matches."},
    {"findall(self, /, string, pos=0, endpos=9223372036854775807)", pattern_findall,
     "Return a list of all non-overlapping matches of pattern in string."},
    {"finditer(self, /, string, pos=0, endpos=9223372036854775807)", pattern_finditer,
     "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\nFor each match, the iterator returns a "
     "match object."},
    {"scanner(self, /, string, pos=0, endpos=9223372036854775807)", scanner_new, NULL},
    {"split(self, /, string, maxsplit=0)", pattern_split, "Split string by the occurrences of pattern."},
    {"sub(self, /, repl, string, count=0)", pattern_sub,
     "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement "
     "repl."},
    {"subn(self, /, repl, string, count=0)", pattern_subn,
     "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern "
     "with the replacement repl."},
    {"__copy__(self, /)", pattern_self, NULL},
    {"__deepcopy__(self, memo, /)", pattern_self, NULL},
    {"__class_getitem__(type, object, /)", pattern_class_getitem, "See PEP 585", NATIVE_CLASS},
    {"__eq__(self, value, /)", pattern_eq, "Return self==value."},
    {"__ne__(self, value, /)", object_ne, "Return self!=value.", 0},
    UNORDERED_ROWS,
    {"__hash__(self, /)", pattern_hash, "Return hash(self)."},
    {"__repr__(self, /)", pattern_repr, "Return repr(self)."},
    {0},
};

static const GetSetDef pattern_getset[] = {
    {"pattern", get_pattern, NULL, "The pattern string from which the RE object was compiled.", MEMBER},
    {"flags", get_flags, NULL, "The regex matching flags.", MEMBER},
    {"groups", get_groups, NULL, "The number of capturing groups in the pattern.", MEMBER},
    {"groupindex", get_groupindex, NULL, "A dictionary mapping group names to group numbers."},
    {0},
};

MODULE_TYPE(pattern_type, _sre) = {
    STATIC_TYPE_HEAD(pattern_trace, NULL),
    .name_text = "re.Pattern",
    .doc = "Compiled regular expression object.",
    .methods = pattern_methods,
    .getset = pattern_getset,
    .flags = TYPE_NO_NEW | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(PatternObject),
};

/* The module */

static Value sre_compile(Thread *t, Value *args) {
    Value pattern = args[0];
    int64_t flags, groups;
    CHECK(index_as_ssize(t, args[1], &flags, false, NULL) && index_as_ssize(t, args[3], &groups, false, NULL));
    if (!is_list(args[2]) || !is_dict(args[4]) || !is_tuple(args[5]))
        return raise_type_error(t, "compile() arguments 3, 5 and 6 must be list, dict and tuple");
    size_t count = list_length(args[2]);
    PatternObject *p = heap_allocate(t, &pattern_type, sizeof *p + count * sizeof *p->code);
    if (!p)
        return NO_VALUE;
    store(p, &p->pattern, pattern);
    store(p, &p->group_index, args[4]);
    store(p, &p->index_group, args[5]);
    p->flags = (uint32_t)flags;
    p->groups = groups < 0 ? 0 : (uint32_t)groups;
    p->is_bytes = is_none(pattern) ? -1 : !is_str(pattern);
    if (p->is_bytes == 1 && !has_buffer(pattern))
        return raise_type_error(t, "expected string or bytes-like object, got '%T'", pattern);
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < count; i++) {
        uint64_t word;
        Value item = list_get(args[2], i);
        if (absent(item) || !is_int(item) || !int_to_u64(item, &word) || word > UINT32_MAX)
            return raise_overflow_error(t, "regular expression code size limit exceeded");
        p->code[i] = (uint32_t)word;
        hash = (hash ^ word) * 1099511628211u;
    }
    p->code_size = count;
    p->hash = (int64_t)(hash >> 2);
    if (groups < 0 || groups > 1073741823 || !sre_validate(p))
        return raise_error(t, &RuntimeError_type, "invalid SRE code");
    CHECK(sre_analyse(t, p));
    return from_object(p);
}

static bool character(Thread *t, Value v, uint32_t *c) {
    int64_t i;
    if (!index_as_ssize(t, v, &i, false, NULL))
        return false;
    *c = (uint32_t)i;
    return true;
}

static Value getcodesize(Thread *t, Value *args) { return small_int(4); }

static Value ascii_iscased(Thread *t, Value *args) {
    uint32_t c;
    CHECK(character(t, args[0], &c));
    return from_bool(c < 128 && (c | 32) - 'a' < 26);
}

static Value unicode_iscased(Thread *t, Value *args) {
    uint32_t c, upper[3];
    CHECK(character(t, args[0], &c));
    uint32_t lower = sre_lower_unicode(c);
    return from_bool(lower != c || unicode_upper(c, upper) != 1 || upper[0] != c);
}

static Value ascii_tolower(Thread *t, Value *args) {
    uint32_t c;
    CHECK(character(t, args[0], &c));
    return small_int(sre_lower_ascii(c));
}

static Value unicode_tolower(Thread *t, Value *args) {
    uint32_t c;
    CHECK(character(t, args[0], &c));
    return small_int(sre_lower_unicode(c));
}

extern Value sre_template(Thread *t, Value *args);

static const NativeDef functions[] = {
    {"compile(pattern, flags, code, groups, groupindex, indexgroup)", sre_compile, NULL},
    {"template(pattern, template, /)", sre_template,
     "A template from the list that re._parser.parse_template() makes: literals and group indices in turn."},
    {"getcodesize()", getcodesize, NULL},
    {"ascii_iscased(character, /)", ascii_iscased, NULL},
    {"unicode_iscased(character, /)", unicode_iscased, NULL},
    {"ascii_tolower(character, /)", ascii_tolower, NULL},
    {"unicode_tolower(character, /)", unicode_tolower, NULL},
    {0},
};

static bool sre_init(Thread *t, Value module) {
    return module_add_int(t, module, "MAGIC", 20230612) && module_add_int(t, module, "CODESIZE", 4) &&
           module_add_int(t, module, "MAXREPEAT", SRE_MAXREPEAT) && module_add_int(t, module, "MAXGROUPS", 1073741823);
}

NATIVE_MODULE(_sre) = {.name = "_sre", .functions = functions, .init = sre_init};
