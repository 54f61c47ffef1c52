/* Names: which register, cell, global or namespace entry a name of the source stands for, and how to get at it.
 *
 * A function's plain variables are registers. Variables that inner functions use are in cells, and their register
 * holds the cell for as long as the frame lives. The variables of an inlined comprehension have registers of
 * their own (LOCAL_HIDDEN), emptied before and after; comprehensions of the same name share them in turn. */
#include "compile/compiler.h"

enum { IN_USE = 0x80 }; /* in Unit.local_kinds while compiling: a hidden variable of a comprehension being compiled */

typedef enum Binding { BINDING_FAST, BINDING_CELL, BINDING_GLOBAL, BINDING_NAME } Binding;

typedef struct Resolved {
    Binding binding;
    Reg reg;
    bool from_locals;    /* class body: the namespace is asked before the cell */
    bool from_classdict; /* annotation scope in a class: the class's namespace is asked first */
} Resolved;

static bool function_like(Unit *u) { return u->kind != UNIT_MODULE && u->kind != UNIT_CLASS; }

static void add_variable(Unit *u, Value name, Reg reg) {
    Compiler *c = u->compiler;
    int32_t n = const_table_add(c, &u->variables, name);
    Reg *registers = grow(c, u->variable_registers, n, &u->variable_capacity, sizeof *registers);
    if (c->failed)
        return;
    u->variable_registers = registers;
    registers[n] = reg;
}

static Reg variable_register(Unit *u, Value name) {
    int32_t n = const_table_find(&u->variables, name);
    return n < 0 ? -1 : u->variable_registers[n];
}

Reg new_local(Unit *u, Value name, uint8_t kind) {
    Compiler *c = u->compiler;
    int32_t capacity = u->local_capacity;
    Value *names = grow(c, u->local_names, u->local_count, &capacity, sizeof *names);
    uint8_t *kinds = grow(c, u->local_kinds, u->local_count, &u->local_capacity, sizeof *kinds);
    if (c->failed)
        return 0;
    u->local_names = names;
    u->local_kinds = kinds;
    names[u->local_count] = name;
    kinds[u->local_count] = kind;
    if (!(kind & LOCAL_HIDDEN))
        add_variable(u, name, REG_LOCAL | u->local_count);
    return REG_LOCAL | u->local_count++;
}

static void add_cell(Unit *u, Value name) {
    if (u->compiler->failed || variable_register(u, name) >= 0)
        return;
    Value *names = grow(u->compiler, u->cell_names, u->cell_count, &u->cell_capacity, sizeof *names);
    if (!names)
        return;
    u->cell_names = names;
    names[u->cell_count] = name;
    add_variable(u, name, REG_CELL | u->cell_count++);
}

/* A class body may have `__class__` both as its own cell and, for itself, from outside. */
static Reg outer_class_cell(Unit *u, Value name) {
    for (int32_t i = 0; u->kind == UNIT_CLASS && i < u->free_count; i++)
        if (same(u->free_names[i], name))
            return REG_FREE | i;
    return -1;
}

static void add_free(Unit *u, Value name) {
    if (u->compiler->failed || (variable_register(u, name) >= 0 && u->kind != UNIT_CLASS))
        return;
    Value *names = grow(u->compiler, u->free_names, u->free_count, &u->free_capacity, sizeof *names);
    if (!names)
        return;
    u->free_names = names;
    names[u->free_count] = name;
    if (variable_register(u, name) < 0)
        add_variable(u, name, REG_FREE | u->free_count);
    u->free_count++;
}

static int by_name(const void *a, const void *b) {
    return str_compare(thread_current(), *(const Value *)a, *(const Value *)b);
}

/* The names of `scope` that `wanted` accepts, sorted, each given to `add`. */
static void add_sorted(Unit *u, bool (*wanted)(const Symbol *symbol), void (*add)(Unit *u, Value name)) {
    Scope *scope = u->scope;
    Value *names = compile_alloc(u->compiler, (size_t)(scope->symbol_count + 1) * sizeof *names);
    int32_t count = 0;
    for (int32_t i = 0; names && i < scope->symbol_count; i++)
        if (wanted(&scope->symbols[i]))
            names[count++] = scope->symbols[i].name;
    if (count)
        qsort(names, (size_t)count, sizeof *names, by_name);
    for (int32_t i = 0; i < count; i++) add(u, names[i]);
}

static bool is_cell_symbol(const Symbol *symbol) { return symbol->scope == NAME_CELL; }
static bool is_free_symbol(const Symbol *symbol) {
    return symbol->scope == NAME_FREE || (symbol->flags & DEF_FREE_CLASS);
}

/* Gives parameters, cells and free variables their registers, and emits what fills them. */
void unit_prologue(Unit *u) {
    Scope *scope = u->scope;
    for (int32_t i = 0; i < scope->parameter_count; i++) {
        Symbol *symbol = scope_symbol(scope, scope->parameters[i]);
        bool cell = symbol && symbol->scope == NAME_CELL;
        new_local(u, scope->parameters[i], LOCAL_ARGUMENT | (cell ? LOCAL_CELL : 0));
    }
    if (u->kind == UNIT_CLASS) {
        if (scope->needs_class_closure)
            add_cell(u, names.__class__);
        if (scope->needs_classdict)
            add_cell(u, names.__classdict__);
        if (scope->has_conditional_annotations)
            add_cell(u, names.__conditional_annotations__);
    }
    if (u->kind != UNIT_MODULE)
        add_sorted(u, is_cell_symbol, add_cell);
    add_sorted(u, is_free_symbol, add_free);
    if (u->free_count)
        emit(u, NO_POSITION, OP_COPY_FREE_VARS, REG_FREE, u->free_count, 0);
    for (int32_t i = 0; i < u->local_count; i++)
        if (u->local_kinds[i] & LOCAL_CELL)
            emit(u, NO_POSITION, OP_MAKE_CELL, REG_LOCAL | i, 0, 0);
    for (int32_t i = 0; i < u->cell_count; i++) emit(u, NO_POSITION, OP_MAKE_CELL, REG_CELL | i, 0, 0);
}

/* ---- inlined comprehensions ---- */

static Reg hidden_local(Unit *u, Value name, uint8_t kind) {
    for (int32_t i = 0; i < u->local_count; i++)
        if (same(u->local_names[i], name) && u->local_kinds[i] == kind) {
            u->local_kinds[i] |= IN_USE;
            return REG_LOCAL | i;
        }
    return new_local(u, name, kind | IN_USE);
}

static bool is_own_variable(const Symbol *symbol) {
    return (symbol->flags & DEF_LOCAL) && !(symbol->flags & (DEF_NONLOCAL | DEF_GLOBAL)) &&
           (symbol->scope == NAME_LOCAL || symbol->scope == NAME_CELL);
}

void enter_inline_scope(Unit *u, InlineScope *inner, Scope *scope, Position pos) {
    *inner = (InlineScope){.scope = scope, .outer = u->inline_scope};
    inner->registers = compile_alloc(u->compiler, (size_t)(scope->symbol_count + 1) * sizeof(Reg));
    if (u->compiler->failed)
        return;
    for (int32_t i = 0; i < scope->symbol_count; i++) {
        Symbol *symbol = &scope->symbols[i];
        inner->registers[i] = -1;
        if (!is_own_variable(symbol))
            continue;
        bool cell = symbol->scope == NAME_CELL;
        Reg reg = hidden_local(u, symbol->name, LOCAL_HIDDEN | (cell ? LOCAL_CELL : 0));
        inner->registers[i] = reg;
        emit(u, pos, OP_CLEAR, reg, 0, 0);
        if (cell)
            emit(u, pos, OP_MAKE_CELL, reg, 0, 0);
    }
    u->inline_scope = inner;
}

void leave_inline_scope(Unit *u, Position pos) {
    if (u->compiler->failed)
        return;
    InlineScope *inner = u->inline_scope;
    for (int32_t i = 0; i < inner->scope->symbol_count; i++)
        if (inner->registers[i] >= 0) {
            emit(u, pos, OP_CLEAR, inner->registers[i], 0, 0);
            u->local_kinds[inner->registers[i]] &= (uint8_t)~IN_USE;
        }
    u->inline_scope = inner->outer;
}

/* ---- resolution ---- */

static Resolved resolve(Unit *u, Value name) {
    for (InlineScope *inner = u->inline_scope; inner; inner = inner->outer) {
        Symbol *symbol = scope_symbol(inner->scope, name);
        if (symbol && inner->registers[symbol - inner->scope->symbols] >= 0)
            return (Resolved){symbol->scope == NAME_CELL ? BINDING_CELL : BINDING_FAST,
                              inner->registers[symbol - inner->scope->symbols], false, false};
    }
    NameScope where = scope_of_name(u->scope, name);
    for (InlineScope *inner = u->inline_scope; inner; inner = inner->outer) {
        NameScope seen = scope_of_name(inner->scope, name);
        if (seen == NAME_UNRESOLVED)
            continue;
        /* A comprehension does not see a class's names, nor those of a neighbour that was merged into `scope`. */
        if (u->kind == UNIT_CLASS || where == NAME_UNRESOLVED || seen == NAME_GLOBAL_IMPLICIT)
            where = seen;
        break;
    }
    switch (where) {
    case NAME_CELL:
    case NAME_FREE: {
        Reg reg = where == NAME_FREE ? outer_class_cell(u, name) : -1;
        if (reg < 0)
            reg = variable_register(u, name);
        if (reg < 0)
            break; /* module level: the namespace */
        return (Resolved){BINDING_CELL, reg, u->kind == UNIT_CLASS && !u->inline_scope, u->scope->can_see_class_scope};
    }
    case NAME_LOCAL:
        if (function_like(u)) {
            Reg reg = variable_register(u, name);
            return (Resolved){BINDING_FAST, reg >= 0 ? reg : new_local(u, name, 0), false, false};
        }
        break;
    case NAME_GLOBAL_IMPLICIT:
        if (function_like(u))
            return (Resolved){BINDING_GLOBAL, -1, false, u->scope->can_see_class_scope};
        break;
    case NAME_GLOBAL_EXPLICIT: return (Resolved){BINDING_GLOBAL, -1, false, false};
    case NAME_UNRESOLVED: break;
    }
    bool outside_class = u->kind == UNIT_CLASS && u->inline_scope;
    return (Resolved){outside_class ? BINDING_GLOBAL : BINDING_NAME, -1, false, false};
}

bool name_is_fast(Unit *u, Value name, Reg *reg) {
    Resolved found = resolve(u, mangle(u, name));
    *reg = found.reg;
    return found.binding == BINDING_FAST;
}

bool name_is_rebound(Unit *u, Value name) { return const_table_find(&u->compiler->rebound, name) >= 0; }

Reg cell_register(Unit *u, Value name) {
    for (InlineScope *inner = u->inline_scope; inner; inner = inner->outer) {
        Symbol *symbol = scope_symbol(inner->scope, name);
        if (symbol && inner->registers[symbol - inner->scope->symbols] >= 0 && symbol->scope == NAME_CELL)
            return inner->registers[symbol - inner->scope->symbols];
    }
    return variable_register(u, name);
}

/* The cell of the class body's namespace, for scopes that look names up there. */
static Reg load_classdict(Unit *u, Position pos) {
    Reg cell = cell_register(u, names.__classdict__);
    if (cell < 0) {
        raise_system_error(u->compiler->t, "scope sees a class's names but has no __classdict__");
        u->compiler->failed = true;
        return 0;
    }
    emit(u, pos, OP_LOAD_DEREF, next_temp(u), cell, 0);
    return push(u);
}

static void load_resolved(Unit *u, Position pos, Value name, Resolved found, Reg dst) {
    int32_t mark = u->top;
    switch (found.binding) {
    case BINDING_FAST:
        emit(u, pos, OP_CHECK_BOUND, found.reg, 0, 0);
        move(u, pos, dst, found.reg);
        break;
    case BINDING_CELL:
        if (found.from_locals || found.from_classdict) {
            Reg mapping;
            if (found.from_locals) {
                emit(u, pos, OP_LOAD_LOCALS, next_temp(u), 0, 0);
                mapping = push(u);
            } else
                mapping = load_classdict(u, pos);
            emit(u, pos, OP_LOAD_FROM_DICT_OR_DEREF, dst, mapping, found.reg);
        } else
            emit(u, pos, OP_LOAD_DEREF, dst, found.reg, 0);
        break;
    case BINDING_GLOBAL:
        if (found.from_classdict) {
            Reg mapping = load_classdict(u, pos);
            const_table_add(u->compiler, &u->names, name);
            emit_named(u, pos, OP_LOAD_FROM_DICT_OR_GLOBALS, dst, mapping, name);
        } else
            emit_named(u, pos, OP_LOAD_GLOBAL, dst, 0, name);
        break;
    case BINDING_NAME: emit_named(u, pos, OP_LOAD_NAME, dst, 0, name); break;
    }
    release_to(u, mark);
}

void load_name(Unit *u, Position pos, Value name, Reg dst) {
    Value mangled = mangle(u, name);
    if (!u->compiler->failed)
        load_resolved(u, pos, mangled, resolve(u, mangled), dst);
}

void load_callee_name(Unit *u, Position pos, Value name) {
    Value mangled = mangle(u, name);
    if (u->compiler->failed)
        return;
    Resolved found = resolve(u, mangled);
    Reg callee = next_temp(u);
    if (found.binding == BINDING_GLOBAL && !found.from_classdict) {
        emit_named(u, pos, OP_LOAD_GLOBAL_CALLEE, callee, 0, mangled);
    } else if (found.binding == BINDING_FAST) {
        emit(u, pos, OP_CHECK_BOUND, found.reg, 0, 0);
        emit(u, pos, OP_MOVE_CALLEE, callee, found.reg, 0);
    } else {
        load_resolved(u, pos, mangled, found, callee);
        push(u);
        emit(u, pos, OP_CLEAR, next_temp(u), 0, 0);
        release_to(u, u->top - 1);
    }
}

Reg store_target(Unit *u, Value name) {
    Value mangled = mangle(u, name);
    if (u->compiler->failed)
        return -1;
    Resolved found = resolve(u, mangled);
    return found.binding == BINDING_FAST ? found.reg : -1;
}

void store_name(Unit *u, Position pos, Value name, Reg value) {
    Value mangled = mangle(u, name);
    if (u->compiler->failed)
        return;
    Resolved found = resolve(u, mangled);
    switch (found.binding) {
    case BINDING_FAST: move(u, pos, found.reg, value); break;
    case BINDING_CELL: emit(u, pos, OP_STORE_DEREF, found.reg, value, 0); break;
    case BINDING_GLOBAL: emit_named(u, pos, OP_STORE_GLOBAL, value, 0, mangled); break;
    case BINDING_NAME: emit_named(u, pos, OP_STORE_NAME, value, 0, mangled); break;
    }
}

void delete_name(Unit *u, Position pos, Value name) {
    Value mangled = mangle(u, name);
    if (u->compiler->failed)
        return;
    Resolved found = resolve(u, mangled);
    switch (found.binding) {
    case BINDING_FAST: emit(u, pos, OP_DELETE_FAST, found.reg, 0, 0); break;
    case BINDING_CELL: emit(u, pos, OP_DELETE_DEREF, found.reg, 0, 0); break;
    case BINDING_GLOBAL: emit_named(u, pos, OP_DELETE_GLOBAL, 0, 0, mangled); break;
    case BINDING_NAME: emit_named(u, pos, OP_DELETE_NAME, 0, 0, mangled); break;
    }
}
