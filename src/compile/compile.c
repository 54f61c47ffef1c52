/* The pipeline from a tree to a code object, and what all of the compiler needs: memory, errors, units.
 *
 * A unit becomes one code object: a module, a class body, a function, an evaluator of annotations. Units nest as
 * their definitions do; the innermost is Compiler.unit. */
#include "compile/compile.h"
#include "compile/compiler.h"
#include "object/call.h"
#include "syntax/errors.h"
#include "types/list.h"

#include <stdarg.h>

/* ---- memory, errors, warnings ---- */

Value keep(Compiler *c, Value v) {
    if (c->failed)
        return NONE;
    if (absent(v) || (is_object(v) && !list_append(c->t, c->keep, v))) {
        c->failed = true;
        return NONE;
    }
    return v;
}

void *compile_alloc(Compiler *c, size_t size) {
    if (c->failed)
        return NULL;
    void *memory = arena_alloc(c->arena, size);
    if (!memory) {
        raise_no_memory(c->t);
        c->failed = true;
    }
    return memory;
}

Value mangle(Unit *u, Value name) { return keep(u->compiler, scope_mangle(u->compiler->t, u->scope, u->class_name, name)); }

bool enter_recursion(Compiler *c) {
    if (recursion_enter(c->t, " during compilation"))
        return true;
    c->failed = true;
    return false;
}

void leave_recursion(Compiler *c) { recursion_leave(c->t); }

static void syntax_error(Compiler *c, Position pos, Value message) {
    const char *text = absent(message) ? NULL : str_utf8(c->t, message, &(size_t){0});
    if (text)
        syntax_error_at(c->t, c->filename, pos.line, pos.column, pos.end_line, pos.end_column, "%s", text);
    keep_alive(as_object(message));
}

void compile_error(Compiler *c, Position pos, const char *format, ...) {
    if (c->failed)
        return;
    va_list list;
    va_start(list, format);
    syntax_error(c, pos, format_text_list(c->t, format, list));
    va_end(list);
    c->failed = true;
}

void compile_warning(Compiler *c, Position pos, const char *format, ...) {
    if (c->failed || c->silent)
        return;
    va_list list;
    va_start(list, format);
    Value message = format_text_list(c->t, format, list);
    va_end(list);
    const char *text = absent(message) ? NULL : str_utf8(c->t, message, &(size_t){0});
    if (text && warn_explicit(c->t, &SyntaxWarning_type, text, c->filename, pos.line))
        return;
    if (text && error_catch(c->t, &SyntaxWarning_type)) /* the error can say where */
        syntax_error(c, pos, message);
    c->failed = true;
}

/* ---- units ---- */

static bool makes_generator(Unit *u) {
    if (u->kind == UNIT_CLASS)
        return false;
    if (u->kind == UNIT_MODULE)
        return top_level_await(u) && u->scope->is_coroutine;
    return u->scope->is_generator || u->scope->is_coroutine ||
           u->scope->comprehension == COMPREHENSION_GENERATOR;
}

/* "outer.<locals>.name"; a name declared global stands alone, and so does one of the module. */
Value qualified_name(Unit *u, Value name) {
    Compiler *c = u->compiler;
    Unit *parent = u->parent;
    if (!parent || !parent->parent)
        return name;
    if (parent->scope->kind == SCOPE_TYPE_PARAMETERS) {
        parent = parent->parent;
        if (!parent->parent)
            return name;
    }
    if (u->kind == UNIT_FUNCTION || u->kind == UNIT_ASYNC_FUNCTION || u->kind == UNIT_CLASS) {
        Value mangled = keep(c, mangle_name(c->t, parent->class_name, name));
        if (c->failed || scope_of_name(parent->scope, mangled) == NAME_GLOBAL_EXPLICIT)
            return name;
    }
    bool locals = parent->kind == UNIT_FUNCTION || parent->kind == UNIT_ASYNC_FUNCTION || parent->kind == UNIT_LAMBDA;
    return keep(c, format_text(c->t, locals ? "%S.<locals>.%S" : "%S.%S", parent->qualname, name));
}

Unit *unit_enter(Compiler *c, Scope *scope, UnitKind kind, Value name, int32_t line) {
    Unit *u = compile_alloc(c, sizeof *u);
    if (u && !scope) {
        raise_system_error(c->t, "no symbols for %R", name);
        c->failed = true;
    }
    if (c->failed)
        return c->unit;
    u->compiler = c;
    u->parent = c->unit;
    u->scope = scope;
    u->kind = kind;
    u->name = name;
    u->class_name = scope->class_name;
    u->first_line = line;
    u->handler = NO_HANDLER;
    u->interactive = c->module->kind == MODULE_Interactive;
    u->qualname = qualified_name(u, name);
    c->unit = u;
    u->argument_count = scope->comprehension != COMPREHENSION_NONE ? 1 : 0;
    unit_prologue(u);
    u->is_generator = makes_generator(u);
    if (!u->is_generator) /* a module begins before its first line */
        emit(u, kind == UNIT_MODULE ? NO_POSITION : (Position){line, 0, line, 0}, OP_RESUME, 0, 0, 0);
    if (u->is_generator) {
        emit(u, (Position){line, 0, line, 0}, OP_RETURN_GENERATOR, 0, 0, 0);
        u->handler = new_handler(u, u->stop_label = new_label(u), REG_TEMP | 0);
    }
    return u;
}

enum { CODE_FUTURE_MASK = 0x1FE0000 };

static uint32_t code_flags(Unit *u) {
    Scope *scope = u->scope;
    uint32_t flags = u->flags | ((uint32_t)u->compiler->features & CODE_FUTURE_MASK);
    bool generator = scope->is_generator || (scope->comprehension == COMPREHENSION_GENERATOR && u->is_generator);
    if (u->kind != UNIT_MODULE && u->kind != UNIT_CLASS) {
        flags |= CODE_NEWLOCALS | CODE_OPTIMIZED;
        if (scope->nested)
            flags |= CODE_NESTED;
        if (generator)
            flags |= scope->is_coroutine ? CODE_ASYNC_GENERATOR : CODE_GENERATOR;
        else if (scope->is_coroutine)
            flags |= CODE_COROUTINE;
        flags |= scope->has_varargs ? CODE_VARARGS : 0;
        flags |= scope->has_varkeywords ? CODE_VARKEYWORDS : 0;
        flags |= scope->is_method ? CODE_METHOD : 0;
    } else if (u->is_generator) {
        flags |= CODE_COROUTINE;
    }
    return flags;
}

Value unit_finish(Compiler *c) {
    Unit *u = c->unit;
    if (c->failed)
        return NO_VALUE;
    return_none(u, NO_POSITION);
    if (u->is_generator) { /* StopIteration must not leave a generator */
        u->handler = NO_HANDLER;
        release_to(u, 0);
        place(u, u->stop_label);
        emit(u, NO_POSITION, OP_INTRINSIC_1, REG_TEMP | 0, REG_TEMP | 0, INTRINSIC_STOPITERATION_ERROR);
        emit(u, NO_POSITION, OP_RERAISE, REG_TEMP | 0, 1, 0);
    }
    u->flags = code_flags(u);
    peephole(u);
    Value code = keep(c, assemble(u));
    c->unit = u->parent;
    return c->failed ? NO_VALUE : code;
}

/* ---- modules ---- */

static void compile_module_body(Unit *u, StmtSeq body) {
    int32_t start = u->count;
    Position first = {1, 0, 1, 0};
    compile_body(u, body);
    return_none(u, NO_POSITION);
    /* Annotations can be asked for from the first statement on. */
    int32_t annotations = u->count;
    if (!(u->compiler->features & PARSE_FUTURE_ANNOTATIONS))
        compile_deferred_annotations(u, first);
    move_to(u, annotations, start);
}

static Value compile_tree(Compiler *c) {
    Module *module = c->module;
    Value name = keep(c, str_intern_text(c->t, "<module>"));
    if (c->failed)
        return NO_VALUE;
    Unit *u = unit_enter(c, symtable_top(c->table), UNIT_MODULE, name, 1);
    if (c->failed)
        return NO_VALUE;
    switch (module->kind) {
    case MODULE_Module: compile_module_body(u, module->Module.body); break;
    case MODULE_Interactive: compile_module_body(u, module->Interactive.body); break;
    case MODULE_Expression: {
        Reg result = expr_last(u, module->Expression.body);
        emit(u, module->Expression.body->pos, OP_RETURN, result, 0, 0);
        break;
    }
    default:
        raise_system_error(c->t, "module kind %d should not be possible", (int)module->kind);
        c->failed = true;
    }
    return unit_finish(c);
}

static bool prepare(Compiler *c) {
    int found = 0;
    if (!future_features(c->t, c->module, c->filename, &found))
        return false;
    c->features |= found;
    if (!optimize_tree(c->t, c->module, c->filename, c->optimize, c->features, c->arena))
        return false;
    c->table = symtable_build(c->t, c->module, c->filename, c->features, c->arena);
    if (!c->table)
        return false;
    fold_module(c, c->module);
    return !c->failed;
}

Value compile_module(Thread *t, Module *module, Value filename, int flags, int optimize) {
    Arena arena;
    arena_init(&arena);
    Compiler *c = arena_alloc(&arena, sizeof *c);
    if (!c)
        return raise_no_memory(t);
    Value kept = module->keep;
    *c = (Compiler){.t = t, .arena = &arena, .keep = kept, .filename = filename, .module = module,
                    .features = flags, .optimize = optimize};
    Value code = prepare(c) ? compile_tree(c) : NO_VALUE;
    arena_free(&arena);
    keep_alive(as_object(kept));
    return code;
}

Value compile_source(Thread *t, const char *source, size_t length, Value filename, int mode, int flags, int optimize) {
    Arena arena;
    arena_init(&arena);
    Value kept = TRY(list_new(t, 0)), code = NO_VALUE;
    Module *module = parse_source(t, source, length, filename, (ParseMode)mode, flags, &arena, kept);
    if (module)
        code = compile_module(t, module, filename, flags, optimize);
    arena_free(&arena);
    keep_alive(as_object(kept));
    return code;
}
