/* _symtable: the compiler's symbol tables as objects, for the `symtable` module.
 *
 * The C tables live as long as one call; the entries are copies. Threads: entries are constant. */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "syntax/parse.h"
#include "syntax/symtable.h"
#include "object/buffer.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"

enum { SCOPE_OFFSET = 12 };

typedef struct SymtableEntry {
    Object object;
    Value id, name, symbols, varnames, children, nested, type, lineno;
} SymtableEntry;

static void entry_trace(Tracer *tracer, Object *o) {
    trace_values(tracer, &((SymtableEntry *)o)->id, 8);
}

#define MEMBER(field) {#field, MEMBER_VALUE, offsetof(SymtableEntry, field), true, NULL}
static const MemberDef entry_members[] = {
    MEMBER(id),      MEMBER(name), MEMBER(symbols), MEMBER(varnames), MEMBER(children),
    MEMBER(nested),  MEMBER(type), MEMBER(lineno),  {},
};
#undef MEMBER

static Value entry_repr(Thread *t, Value *args) {
    SymtableEntry *e = (SymtableEntry *)as_object(args[0]);
    return format_text(t, "<symtable entry %S(%R), line %S>", e->name, e->id, e->lineno);
}

static const NativeDef entry_methods[] = {
    {"__repr__(self, /)", entry_repr, NULL, 0},
    {},
};

MODULE_TYPE(symtable_entry_type, _symtable) = {
    STATIC_TYPE_HEAD(entry_trace, NULL),
    .name_text = "symtable entry",
    .base_static = &object_type,
    .methods = entry_methods,
    .members = entry_members,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(SymtableEntry),
};

static Value symbols_dict(Thread *t, const Scope *scope) {
    Value dict = TRY(dict_new(t));
    for (int i = 0; i < scope->symbol_count; i++) {
        const Symbol *s = &scope->symbols[i];
        if (s->flags || s->scope)
            CHECK(dict_set(t, dict, s->name, small_int((int64_t)s->flags | (int64_t)s->scope << SCOPE_OFFSET)));
    }
    return dict;
}

static Value make_entry(Thread *t, const Scope *scope) {
    CHECK(recursion_enter(t, " during compilation"));
    Value children = list_new(t, (size_t)scope->child_count);
    for (int i = 0; present(children) && i < scope->child_count; i++) {
        Value child = make_entry(t, scope->children[i]);
        if (absent(child) || !list_append(t, children, child))
            children = NO_VALUE;
    }
    recursion_leave(t);
    CHECK(present(children));
    Value symbols = TRY(symbols_dict(t, scope));
    Value varnames = TRY(list_from_values(t, scope->parameters, (size_t)scope->parameter_count));
    Value id = TRY(int_from(t, (int64_t)(uintptr_t)scope));
    SymtableEntry *e = type_allocate(t, &symtable_entry_type);
    CHECK(e);
    /* NOBARRIER: just allocated */
    e->id = id;
    e->name = scope->name;
    e->symbols = symbols;
    e->varnames = varnames;
    e->children = children;
    e->nested = small_int(scope->nested);
    e->type = small_int(scope->kind);
    e->lineno = small_int(scope->pos.line);
    return from_object(e);
}

static Value build(Thread *t, const char *text, size_t length, Value filename, ParseMode mode, int flags) {
    Arena arena;
    arena_init(&arena);
    Value keep = TRY(list_new(t, 0)), result = NO_VALUE;
    int features;
    Module *module = parse_source(t, text, length, filename, mode, flags, &arena, keep);
    if (module && future_features(t, module, filename, &features)) {
        SymbolTable *table = symtable_build(t, module, filename, features | flags, &arena);
        if (table)
            result = make_entry(t, symtable_top(table));
    }
    arena_free(&arena);
    keep_alive(as_object(keep));
    return result;
}

static Value symtable_symtable(Thread *t, Value *args) {
    ParseMode mode;
    if (!is_str(args[2]))
        return raise_type_error(t, "symtable() argument 3 must be str, not %Y", args[2]);
    if (str_equal_text(args[2], "exec"))
        mode = PARSE_EXEC;
    else if (str_equal_text(args[2], "eval"))
        mode = PARSE_EVAL;
    else if (str_equal_text(args[2], "single"))
        mode = PARSE_SINGLE;
    else
        return raise_value_error(t, "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
    Value filename = args[1];
    if (!is_str(filename) && !is_bytes(filename)) {
        Value method = type_lookup_special(t, filename, names.__fspath__);
        CHECK(!error_pending(t));
        if (absent(method))
            return raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", filename);
        filename = TRY(call_0(t, method));
    }
    if (is_bytes(filename))
        filename = TRY(str_decode_filesystem(t, as_bytes(filename)->data, as_bytes(filename)->length));
    size_t length;
    if (is_str(args[0])) {
        const char *text = str_utf8(t, args[0], &length);
        CHECK(text);
        if (memchr(text, 0, length))
            return raise_error(t, &SyntaxError_type, "source code string cannot contain null bytes");
        return build(t, text, length, filename, mode, PARSE_IGNORE_COOKIE);
    }
    if (!has_buffer(args[0]))
        return raise_type_error(t, "symtable() arg 1 must be a string or bytes object");
    Buffer buffer;
    CHECK(buffer_get_contiguous(t, args[0], &buffer, false));
    Value result = memchr(buffer.data, 0, buffer.length)
                       ? raise_error(t, &SyntaxError_type, "source code string cannot contain null bytes")
                       : build(t, buffer.data, buffer.length, filename, mode, 0);
    buffer_release(t, &buffer);
    return result;
}

static const NativeDef symtable_functions[] = {
    {"symtable(source, filename, startstr, /)", symtable_symtable,
     "Return symbol and scope dictionaries used internally by compiler.", 0},
    {},
};

static bool symtable_init(Thread *t, Value module) {
    static const struct {
        const char *name;
        int value;
    } constants[] = {
        {"USE", DEF_USE},
        {"DEF_GLOBAL", DEF_GLOBAL},
        {"DEF_NONLOCAL", DEF_NONLOCAL},
        {"DEF_LOCAL", DEF_LOCAL},
        {"DEF_PARAM", DEF_PARAM},
        {"DEF_TYPE_PARAM", DEF_TYPE_PARAM},
        {"DEF_FREE_CLASS", DEF_FREE_CLASS},
        {"DEF_IMPORT", DEF_IMPORT},
        {"DEF_BOUND", DEF_BOUND},
        {"DEF_ANNOT", DEF_ANNOT},
        {"DEF_COMP_ITER", DEF_COMP_ITER},
        {"DEF_COMP_CELL", DEF_COMP_CELL},
        {"TYPE_FUNCTION", SCOPE_FUNCTION},
        {"TYPE_CLASS", SCOPE_CLASS},
        {"TYPE_MODULE", SCOPE_MODULE},
        {"TYPE_ANNOTATION", SCOPE_ANNOTATION},
        {"TYPE_TYPE_ALIAS", SCOPE_TYPE_ALIAS},
        {"TYPE_TYPE_PARAMETERS", SCOPE_TYPE_PARAMETERS},
        {"TYPE_TYPE_VARIABLE", SCOPE_TYPE_VARIABLE},
        {"LOCAL", NAME_LOCAL},
        {"GLOBAL_EXPLICIT", NAME_GLOBAL_EXPLICIT},
        {"GLOBAL_IMPLICIT", NAME_GLOBAL_IMPLICIT},
        {"FREE", NAME_FREE},
        {"CELL", NAME_CELL},
        {"SCOPE_OFF", SCOPE_OFFSET},
        {"SCOPE_MASK", 15},
    };
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (!module_add_int(t, module, constants[i].name, constants[i].value))
            return false;
    return true;
}

NATIVE_MODULE(_symtable) = {
    .name = "_symtable",
    .functions = symtable_functions,
    .init = symtable_init,
};
