/* The type `code` as Python sees it: attributes, iterators over positions, changed copies.
 *
 * An instruction counts as one code unit of two bytes, as the library assumes: instruction number = f_lasti // 2. co_code holds
 * these units and the instructions that they stand for, 8 bytes each (code_layout.c); _co_code_adaptive the instructions alone. */
#include "compile/code.h"
#include "compile/compiler.h"
#include "compile/disassemble.h"
#include "object/audit.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/type_internal.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

void code_trace(Tracer *tracer, Object *o); /* code.c */
void code_release(Object *o);

static CodeObject *self_code(Value *args) { return as_code(args[0]); }

/* ---- attributes ---- */

#define INT_ATTRIBUTE(name, field) \
    static Value name(Thread *t, Value *args) { return (void)t, small_int((int64_t)self_code(args)->field); }
INT_ATTRIBUTE(get_argcount, argument_count)
INT_ATTRIBUTE(get_posonlyargcount, positional_only_count)
INT_ATTRIBUTE(get_kwonlyargcount, keyword_only_count)
INT_ATTRIBUTE(get_flags, flags)
INT_ATTRIBUTE(get_firstlineno, first_line)
#undef INT_ATTRIBUTE

static Value get_stacksize(Thread *t, Value *args) {
    (void)t;
    return small_int((int64_t)self_code(args)->register_count - self_code(args)->local_count);
}

static Value get_code(Thread *t, Value *args) { return code_layout_bytes(t, self_code(args)); }
static Value get_instructions(Thread *t, Value *args) { return code_bytes(t, self_code(args)); }
static Value get_consts(Thread *t, Value *args) {
    Value constants = self_code(args)->constants;
    for (size_t i = 0; i < tuple_length(constants); i++)
        CHECK(!is_exactly(tuple_get(constants, i), &code_type) || code_unpack(t, as_code(tuple_get(constants, i))));
    return constants;
}
static Value get_linetable(Thread *t, Value *args) { return code_line_table(t, self_code(args)); }
static Value get_exceptiontable(Thread *t, Value *args) { return code_exception_table(t, self_code(args)); }

typedef enum Which { PLAIN, CELLS, FREES } Which;

static bool belongs(uint8_t kind, Which which) {
    if (kind & LOCAL_HIDDEN)
        return false;
    switch (which) {
    case PLAIN: return (kind & LOCAL_ARGUMENT) || !(kind & (LOCAL_CELL | LOCAL_FREE));
    case CELLS: return kind & LOCAL_CELL;
    default: return kind & LOCAL_FREE;
    }
}

static Value variable_names(Thread *t, CodeObject *code, Which which) {
    size_t count = 0, n = 0;
    for (uint32_t i = 0; i < code->local_count; i++) count += belongs(code->local_kinds[i], which);
    Value result = TRY(tuple_new(t, count));
    for (uint32_t i = 0; i < code->local_count; i++)
        if (belongs(code->local_kinds[i], which))
            store(as_object(result), &as_tuple(result)->items[n++], tuple_get(code->local_names, i));
    return result;
}

static Value get_varnames(Thread *t, Value *args) { return variable_names(t, self_code(args), PLAIN); }
static Value get_cellvars(Thread *t, Value *args) { return variable_names(t, self_code(args), CELLS); }
static Value get_freevars(Thread *t, Value *args) { return variable_names(t, self_code(args), FREES); }

static Value get_nlocals(Thread *t, Value *args) {
    return small_int((int64_t)tuple_length(TRY(variable_names(t, self_code(args), PLAIN))));
}

/* The table of line numbers of old: pairs of byte increments. */
static Value get_lnotab(Thread *t, Value *args) {
    CodeObject *code = self_code(args);
    CHECK(warn(t, &DeprecationWarning_type, 1, "co_lnotab is deprecated, use co_lines instead."));
    Value pairs = TRY(list_new(t, 0));
    const SourcePosition *positions = code_positions(code);
    int32_t line = code->first_line;
    int64_t step = 0;
    for (uint32_t i = 0; i < code->count; i++, step += 2) {
        int32_t at = positions[i].line;
        if (at == 0 || at == line)
            continue;
        int64_t delta = at - line;
        for (; step > 254; step -= 254)
            CHECK(list_append(t, pairs, small_int(254)) && list_append(t, pairs, small_int(0)));
        while (delta < -128 || delta > 127) {
            int64_t part = delta < 0 ? -128 : 127;
            CHECK(list_append(t, pairs, small_int(step)) && list_append(t, pairs, small_int(part & 255)));
            delta -= part;
            step = 0;
        }
        CHECK(list_append(t, pairs, small_int(step)) && list_append(t, pairs, small_int(delta & 255)));
        line = at;
        step = 0;
    }
    return call_1(t, from_object(&bytes_type), pairs);
}

/* ---- iterators ---- */

static Value int_or_none(int32_t i, int32_t least) { return i < least ? NONE : small_int(i); }

static Value positions(Thread *t, Value *args) {
    CodeObject *code = self_code(args);
    Value all = TRY(list_new(t, code->count));
    for (uint32_t i = 0; i < code->count; i++) {
        SourcePosition p = code_positions(code)[i];
        int32_t line = code_line_at(code, i);
        if (line == 0)
            p = (SourcePosition){0, 1, 0, 0};
        bool columns = line >= 0;
        Value items[] = {int_or_none(line, 0), int_or_none(p.end_line, 1), int_or_none(columns ? p.column : -1, 0),
                         int_or_none(columns ? p.end_column : -1, 0)};
        Value tuple = TRY(tuple_from_values(t, items, 4));
        CHECK(list_append(t, all, tuple));
    }
    return get_iterator(t, all);
}

static Value lines(Thread *t, Value *args) {
    CodeObject *code = self_code(args);
    Value all = TRY(list_new(t, 0));
    uint32_t count = present(code->line_table) && as_bytes(code->line_table)->length == 0 ? 0 : code->count; /* replace() took it */
    for (uint32_t i = 0; i < count;) {
        uint32_t end = i + 1;
        int32_t line = code_line_at(code, i);
        while (end < code->count && code_line_at(code, end) == line) end++;
        Value items[] = {small_int(2 * (int64_t)i), small_int(2 * (int64_t)end), int_or_none(line, 0)};
        Value tuple = TRY(tuple_from_values(t, items, 3));
        CHECK(list_append(t, all, tuple));
        i = end;
    }
    return get_iterator(t, all);
}

static Value branches(Thread *t, Value *args) {
    CodeObject *code = self_code(args);
    Value all = TRY(list_new(t, 0));
    for (uint32_t i = 0; i < code->count; i++) {
        Instruction in = code_instruction(code, i);
        int64_t from = i, next = from + 1, target;
        if (is_branch(in.op)) {
            target = code_branch_target(code, i);
        } else if (in.op == OP_END_ASYNC_FOR && code_async_for_branch(code, i) != UINT32_MAX) {
            target = next;
            from = code_async_for_branch(code, i);
            next = from + 1;
        } else {
            continue;
        }
        CHECK(list_append(t, all, TRY(tuple_pack(t, 3, small_int(2 * from), small_int(2 * next), small_int(2 * target)))));
    }
    return get_iterator(t, all);
}

static Value varname_from_oparg(Thread *t, Value *args) {
    CodeObject *code = self_code(args);
    int64_t i;
    CHECK(index_as_ssize(t, args[1], &i, false, NULL));
    if (i < 0 || i >= code->local_count)
        return raise_index_error(t, "tuple index out of range");
    return tuple_get(code->local_names, (size_t)i);
}

/* ---- comparison ---- */

static Value equal_codes(Thread *t, Value *args) {
    (void)t;
    if (!is_exactly(args[1], &code_type))
        return NOT_IMPLEMENTED;
    return from_bool(code_equal(as_code(args[0]), as_code(args[1])));
}

static Value hash_code(Thread *t, Value *args) {
    CodeObject *code = self_code(args);
    uint64_t h = (uint64_t)str_hash(t, code->name);
    for (uint32_t i = 0; i < code->count; i++) {
        Instruction x = code_instruction(code, i);
        uint64_t word = (uint64_t)x.op << 48 | (uint64_t)x.a << 32 | (uint64_t)x.b << 16 | x.c;
        h = (h ^ word) * UINT64_C(0x9E3779B97F4A7C15) ^ (uint64_t)code_positions(code)[i].line;
    }
    h ^= (uint64_t)code->first_line << 20 ^ (uint64_t)code->positional_only_count << 16 ^ code->argument_count << 8 ^ code->flags;
    return int_from(t, (int64_t)(h >> 4));
}

static Value code_repr(Thread *t, Value *args) {
    CodeObject *code = self_code(args);
    char address[32];
    snprintf(address, sizeof address, "%p", (void *)code);
    return format_text(t, "<code object %S at %s, file \"%S\", line %d>", code->name, address, code->filename,
                       (int)(code->first_line ? code->first_line : -1));
}

/* ---- replace ---- */

typedef struct Replacement {
    Thread *t;
    Value given; /* dict */
} Replacement;

static Value given(Replacement *r, const char *name) { return dict_get_text(r->t, r->given, name); }

static bool check_names(Thread *t, Value given) {
    static const char *const known[] = {
        "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals", "co_stacksize", "co_flags", "co_firstlineno", "co_code",
        "co_consts", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_filename", "co_name", "co_qualname", "co_linetable",
        "co_exceptiontable"};
    Value name, value;
    for (size_t position = 0; dict_next(given, &position, &name, &value);) {
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) found |= str_equal_text(name, known[i]);
        if (!found) {
            raise_type_error(t, "replace() got an unexpected keyword argument '%S'", name);
            return false;
        }
    }
    return true;
}

static bool replace_count(Replacement *r, const char *name, size_t *field) {
    Value v = given(r, name);
    int64_t i;
    if (absent(v))
        return true;
    if (!index_as_ssize(r->t, v, &i, false, NULL))
        return false;
    if (i < 0) {
        raise_value_error(r->t, "%s must be a positive integer", name);
        return false;
    }
    *field = (size_t)i;
    return true;
}

static bool replace_value(Replacement *r, const char *name, Value *field, Type *type) {
    Value v = given(r, name);
    if (absent(v))
        return true;
    if (!is_instance_of(v, type)) {
        raise_type_error(r->t, "replace() argument '%s' must be %s, not %Y", name, type->name_text, v);
        return false;
    }
    *field = v;
    return true;
}

/* The names of all registers that are variables, in their order. */
static Value local_names(Thread *t, const CodeSpec *spec, Value hidden, const Value *variables) {
    static const char *const names[] = {"co_varnames", "co_cellvars", "co_freevars"};
    Value all = TRY(tuple_new(t, spec->local_count));
    for (Which which = PLAIN; which <= FREES; which++) {
        size_t n = 0, count = tuple_length(variables[which]);
        for (size_t i = 0; i < spec->local_count; i++) {
            if (!belongs(spec->local_kinds[i], which))
                continue;
            if (n < count && !is_str(tuple_get(variables[which], n)))
                return raise_type_error(t, "name tuples must contain only strings, not '%T'", tuple_get(variables[which], n));
            if (n < count)
                store(as_object(all), &as_tuple(all)->items[i], TRY(str_intern(t, tuple_get(variables[which], n))));
            n++;
        }
        if (n != count)
            return raise_value_error(t, "code: %s must have length %zu", names[which], n);
    }
    for (size_t i = 0; i < spec->local_count; i++)
        if (spec->local_kinds[i] & LOCAL_HIDDEN)
            store(as_object(all), &as_tuple(all)->items[i], tuple_get(hidden, i));
    return all;
}

/* From bytes that are relative to the first line. */
static bool set_lines(Thread *t, CodeSpec *spec, Value table) {
    Value room = bytes_new(t, NULL, spec->count * sizeof(SourcePosition));
    if (absent(room))
        return false;
    bool good = line_table_decode(table, spec->first_line, (SourcePosition *)as_bytes(room)->data, spec->count);
    if (!good)
        raise_value_error(t, "code: malformed linetable");
    spec->positions = NULL;
    spec->line_table = table;
    return good;
}

/* Of co_code and co_exceptiontable one may stay the code's own. */
static bool replace_layout(Replacement *r, CodeObject *code, Value bytes, Value handlers, CodeSpec *spec, CodeLayout *layout) {
    if (absent(bytes))
        bytes = code_layout_bytes(r->t, code);
    if (present(bytes) && absent(handlers))
        handlers = code_exception_table(r->t, code);
    return present(handlers) && present(bytes) && code_layout_read(r->t, bytes, handlers, spec, layout);
}

static bool replace_bytes(Replacement *r, CodeObject *code, CodeSpec *spec, CodeLayout *layout) {
    Value bytes = NO_VALUE, handlers = NO_VALUE, table = NO_VALUE;
    if (!replace_value(r, "co_code", &bytes, &bytes_type) || !replace_value(r, "co_exceptiontable", &handlers, &bytes_type) ||
        !replace_value(r, "co_linetable", &table, &bytes_type))
        return false;
    bool laid_out = present(bytes) || present(handlers);
    if (laid_out && !replace_layout(r, code, bytes, handlers, spec, layout))
        return false;
    if (!laid_out && absent(table) && spec->first_line == code->first_line)
        return true;
    if (absent(table))
        table = code_line_table(r->t, code);
    return present(table) && set_lines(r->t, spec, table);
}

static bool replace_variables(Replacement *r, CodeObject *code, CodeSpec *spec, const CodeLayout *layout) {
    static const char *const names[] = {"co_varnames", "co_cellvars", "co_freevars"};
    Value variables[3], count = given(r, "co_nlocals");
    for (Which which = PLAIN; which <= FREES; which++) {
        variables[which] = variable_names(r->t, code, which);
        if (absent(variables[which]) || !replace_value(r, names[which], &variables[which], &tuple_type))
            return false;
    }
    int64_t wanted;
    if (present(count) && !index_as_ssize(r->t, count, &wanted, false, NULL))
        return false;
    if (present(count) && wanted != (int64_t)tuple_length(variables[PLAIN])) {
        raise_value_error(r->t, "code: co_nlocals != len(co_varnames)");
        return false;
    }
    spec->local_names = local_names(r->t, spec, present(layout->hidden_names) ? layout->hidden_names : code->local_names, variables);
    return present(spec->local_names);
}

static bool fill_replacement(Replacement *r, CodeObject *code, CodeSpec *spec, CodeLayout *layout) {
    size_t flags = spec->flags, first_line = (size_t)spec->first_line, ignored = 0;
    if (!replace_count(r, "co_argcount", &spec->argument_count) ||
        !replace_count(r, "co_posonlyargcount", &spec->positional_only_count) ||
        !replace_count(r, "co_kwonlyargcount", &spec->keyword_only_count) || !replace_count(r, "co_flags", &flags) ||
        !replace_count(r, "co_firstlineno", &first_line) ||
        !replace_count(r, "co_stacksize", &ignored) || !replace_value(r, "co_consts", &spec->constants, &tuple_type) ||
        !replace_value(r, "co_names", &spec->names, &tuple_type) ||
        !replace_value(r, "co_name", &spec->name, &str_type) ||
        !replace_value(r, "co_qualname", &spec->qualname, &str_type) ||
        !replace_value(r, "co_filename", &spec->filename, &str_type))
        return false;
    spec->flags = (uint32_t)flags;
    spec->first_line = (int32_t)first_line;
    return replace_bytes(r, code, spec, layout) && replace_variables(r, code, spec, layout);
}

static Value replace(Thread *t, Value *args) {
    CodeObject *code = self_code(args);
    CHECK(check_names(t, args[1]));
    Replacement r = {t, args[1]};
    /* Cells, so that nothing is lost when an exception ends this early. */
    Value room = TRY(bytes_new(t, NULL, code->count * sizeof(Instruction))), cache_names = TRY(tuple_new(t, code->cache_count));
    CodeSpec spec = code_spec(code, as_tuple(cache_names)->items, (Instruction *)as_bytes(room)->data);
    CodeLayout layout = {};
    CHECK(fill_replacement(&r, code, &spec, &layout));
    Value result = code_new_checked(t, &spec, &layout);
    keep_alive(as_object(room));
    keep_alive(as_object(cache_names));
    keep_alive(code);
    return result;
}

/* ---- code(...) ---- */

enum { /* args[0] is the type */
    NEW_ARGCOUNT = 1, NEW_POSONLYARGCOUNT, NEW_KWONLYARGCOUNT, NEW_NLOCALS, NEW_STACKSIZE, NEW_FLAGS, NEW_CODE, NEW_CONSTS, NEW_NAMES,
    NEW_VARNAMES, NEW_FILENAME, NEW_NAME, NEW_QUALNAME, NEW_FIRSTLINENO, NEW_LINETABLE, NEW_EXCEPTIONTABLE, NEW_FREEVARS, NEW_CELLVARS
};

static bool check_types(Thread *t, Value *args) {
    static const struct { int index; Type *type; } wanted[] = {
        {NEW_CODE, &bytes_type}, {NEW_CONSTS, &tuple_type}, {NEW_NAMES, &tuple_type}, {NEW_VARNAMES, &tuple_type},
        {NEW_FILENAME, &str_type}, {NEW_NAME, &str_type}, {NEW_QUALNAME, &str_type}, {NEW_LINETABLE, &bytes_type},
        {NEW_EXCEPTIONTABLE, &bytes_type}, {NEW_FREEVARS, &tuple_type}, {NEW_CELLVARS, &tuple_type},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!is_instance_of(args[wanted[i].index], wanted[i].type)) {
            raise_type_error(t, "code() argument %d must be %s, not %Y", wanted[i].index, wanted[i].type->name_text, args[wanted[i].index]);
            return false;
        }
    return true;
}

static bool read_counts(Thread *t, Value *args, int64_t *counts) {
    static const struct { int index; const char *name; } wanted[] = {
        {NEW_ARGCOUNT, "argcount"}, {NEW_POSONLYARGCOUNT, "posonlyargcount"}, {NEW_KWONLYARGCOUNT, "kwonlyargcount"},
        {NEW_NLOCALS, "nlocals"}, {NEW_STACKSIZE, "stacksize"}, {NEW_FLAGS, "flags"}, {NEW_FIRSTLINENO, "firstlineno"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        int index = wanted[i].index;
        if (!index_as_ssize(t, args[index], &counts[index], false, NULL))
            return false;
        if (counts[index] != (int32_t)counts[index]) {
            raise_overflow_error(t, "Python int too large to convert to C int");
            return false;
        }
        if (counts[index] < 0 && index != NEW_FIRSTLINENO) {
            raise_value_error(t, "code: %s must not be negative", wanted[i].name);
            return false;
        }
    }
    return true;
}

static Value new_code(Thread *t, Value *args) {
    int64_t counts[NEW_CELLVARS + 1];
    CHECK(check_types(t, args) && read_counts(t, args, counts));
    CHECK(audit(t, "code.__new__", 9, args[NEW_CODE], args[NEW_FILENAME], args[NEW_NAME], args[NEW_ARGCOUNT], args[NEW_POSONLYARGCOUNT],
                args[NEW_KWONLYARGCOUNT], args[NEW_NLOCALS], args[NEW_STACKSIZE], args[NEW_FLAGS]));
    if (counts[NEW_NLOCALS] != (int64_t)tuple_length(args[NEW_VARNAMES]))
        return raise_value_error(t, "code: co_nlocals != len(co_varnames)");
    CodeSpec spec = {
        .argument_count = (size_t)counts[NEW_ARGCOUNT], .positional_only_count = (size_t)counts[NEW_POSONLYARGCOUNT],
        .keyword_only_count = (size_t)counts[NEW_KWONLYARGCOUNT], .flags = (uint32_t)counts[NEW_FLAGS],
        .first_line = (int32_t)counts[NEW_FIRSTLINENO], .constants = args[NEW_CONSTS], .names = args[NEW_NAMES], .name = args[NEW_NAME],
        .qualname = args[NEW_QUALNAME], .filename = args[NEW_FILENAME],
    };
    CodeLayout layout = {};
    CHECK(code_layout_read(t, args[NEW_CODE], args[NEW_EXCEPTIONTABLE], &spec, &layout) && set_lines(t, &spec, args[NEW_LINETABLE]));
    Value variables[] = {args[NEW_VARNAMES], args[NEW_CELLVARS], args[NEW_FREEVARS]};
    spec.local_names = TRY(local_names(t, &spec, layout.hidden_names, variables));
    return code_new_checked(t, &spec, &layout);
}

static const NativeDef methods[] = {
    {"__new__(type, argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags, codestring, constants, names, varnames, "
     "filename, name, qualname, firstlineno, linetable, exceptiontable, freevars=(), cellvars=(), /)",
     new_code, "Create and return a new object.  See help(type) for accurate signature.", 0},
    {"__repr__(self, /)", code_repr, NULL, 0},
    {"__eq__(self, value, /)", equal_codes, NULL, 0},
    {"__ne__(self, value, /)", object_ne, "Return self!=value.", 0},
    UNORDERED_ROWS,
    {"__hash__(self, /)", hash_code, NULL, 0},
    {"co_lines(self, /)", lines, "Iterator over (start, end, line) of the instructions.", 0},
    {"co_branches(self, /)", branches, "Iterator over (branch, where it goes on, where it jumps to).", 0},
    {"co_positions(self, /)", positions, "Iterator over (line, end line, column, end column) of each instruction.", 0},
    {"_varname_from_oparg(self, /, oparg)", varname_from_oparg, "The name of a variable by the number of its register.", 0},
    {"replace(self, /, **changes)", replace, "Return a copy of the code object with new values for the specified fields.", 0},
    {"__replace__(self, /, **changes)", replace, "The same as replace().", 0},
    {NULL, NULL, NULL, 0},
};

static const GetSetDef getset[] = {
    {"co_argcount", get_argcount, NULL, NULL, MEMBER},
    {"co_posonlyargcount", get_posonlyargcount, NULL, NULL, MEMBER},
    {"co_kwonlyargcount", get_kwonlyargcount, NULL, NULL, MEMBER},
    {"co_nlocals", get_nlocals, NULL, NULL, MEMBER},
    {"co_stacksize", get_stacksize, NULL, NULL, MEMBER},
    {"co_flags", get_flags, NULL, NULL, MEMBER},
    {"co_firstlineno", get_firstlineno, NULL, NULL, MEMBER},
    {"co_code", get_code, NULL, NULL},
    {"co_consts", get_consts, NULL, NULL, MEMBER},
    {"_co_code_adaptive", get_instructions, NULL, NULL},
    {"co_linetable", get_linetable, NULL, NULL, MEMBER},
    {"co_exceptiontable", get_exceptiontable, NULL, NULL, MEMBER},
    {"co_lnotab", get_lnotab, NULL, NULL},
    {"co_varnames", get_varnames, NULL, NULL},
    {"co_cellvars", get_cellvars, NULL, NULL},
    {"co_freevars", get_freevars, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

static const MemberDef members[] = {
    {"co_names", MEMBER_VALUE, offsetof(CodeObject, names), true, NULL},
    {"co_name", MEMBER_VALUE, offsetof(CodeObject, name), true, NULL},
    {"co_qualname", MEMBER_VALUE, offsetof(CodeObject, qualname), true, NULL},
    {"co_filename", MEMBER_VALUE, offsetof(CodeObject, filename), true, NULL},
    {NULL, MEMBER_VALUE, 0, true, NULL},
};

STATIC_TYPE(code_type) = {
    STATIC_TYPE_HEAD(code_trace, code_release),
    .name_text = "code",
    .doc = "Create a code object.  Not for mere mortals.",
    .base_static = &object_type,
    .methods = methods,
    .getset = getset,
    .members = members,
    .flags = TYPE_HAS_WEAKREF,
    .instance_size = sizeof(CodeObject),
};
