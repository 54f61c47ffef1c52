/* The second pass over the scopes: every name becomes local, cell, free or global.
 *
 * A scope is analyzed with the names bound in the functions around it. It decides its own names first, then its
 * children with what is bound now; names that these need from outside come back in `free`. What is free in a
 * child and local here becomes a cell. */
#include "syntax/symtable_internal.h"

#include "object/call.h"
#include "object/thread.h"

/* What a scope knows about the scopes around it. */
typedef struct Surroundings {
    NameSet bound;       /* local in a function around */
    NameSet global;      /* declared global around */
    NameSet type_params; /* of `bound`, the type parameters */
    bool nested;         /* there is something around: `bound` counts */
} Surroundings;

static bool copy_surroundings(SymbolTable *st, const Surroundings *from, Surroundings *to) {
    *to = (Surroundings){.nested = from->nested};
    return set_add_all(st, &to->bound, &from->bound) && set_add_all(st, &to->global, &from->global) &&
           set_add_all(st, &to->type_params, &from->type_params);
}

static bool error_at_directive(SymbolTable *st, Scope *scope, Value name, const char *format) {
    Position pos = scope->pos;
    for (const Directive *d = scope->directives; d; d = d->next)
        if (same(d->name, name))
            pos = d->pos;
    return symtable_error_name(st, pos, format, name);
}

static bool analyze_nonlocal(SymbolTable *st, Scope *scope, Symbol *symbol, Surroundings *around, NameSet *free) {
    if (!around->nested)
        return error_at_directive(st, scope, symbol->name, "nonlocal declaration not allowed at module level");
    if (!name_set_contains(&around->bound, symbol->name))
        return error_at_directive(st, scope, symbol->name, "no binding for nonlocal '%s' found");
    if (name_set_contains(&around->type_params, symbol->name))
        return error_at_directive(st, scope, symbol->name, "nonlocal binding not allowed for type parameter '%s'");
    symbol->scope = NAME_FREE;
    return name_set_add(st, free, symbol->name);
}

/* In an annotation scope directly in a class, what the class binds is looked up in the class's namespace. */
static bool is_class_binding(const SymbolTable *st, const Scope *class_scope, Symbol *symbol) {
    const Symbol *outer = class_scope ? scope_symbol(class_scope, symbol->name) : nullptr;
    /* The namespace itself is always the cell, even where the class has an attribute of that name. */
    if (!outer || same(symbol->name, st->names.classdict))
        return false;
    if (outer->flags & DEF_GLOBAL)
        symbol->scope = NAME_GLOBAL_EXPLICIT;
    else if ((outer->flags & DEF_BOUND) && !(outer->flags & DEF_NONLOCAL))
        symbol->scope = NAME_GLOBAL_IMPLICIT;
    else
        return false;
    return true;
}

static bool analyze_symbol(SymbolTable *st, Scope *scope, Symbol *symbol, Surroundings *around, NameSet *local,
                           NameSet *free, const Scope *class_scope) {
    Value name = symbol->name;
    if (symbol->flags & DEF_GLOBAL) {
        if (symbol->flags & DEF_NONLOCAL)
            return error_at_directive(st, scope, name, "name '%s' is nonlocal and global");
        symbol->scope = NAME_GLOBAL_EXPLICIT;
        name_set_discard(&around->bound, name);
        return name_set_add(st, &around->global, name);
    }
    if (symbol->flags & DEF_NONLOCAL)
        return analyze_nonlocal(st, scope, symbol, around, free);
    if (symbol->flags & DEF_BOUND) {
        symbol->scope = NAME_LOCAL;
        name_set_discard(&around->global, name);
        if (symbol->flags & DEF_TYPE_PARAM) {
            if (!name_set_add(st, &around->type_params, name))
                return false;
        } else {
            name_set_discard(&around->type_params, name);
        }
        return name_set_add(st, local, name);
    }
    if (is_class_binding(st, class_scope, symbol))
        return true;
    if (around->nested && name_set_contains(&around->bound, name)) {
        symbol->scope = NAME_FREE;
        return name_set_add(st, free, name);
    }
    symbol->scope = NAME_GLOBAL_IMPLICIT;
    return true;
}

static bool is_free_in_child(const Scope *scope, Value name) {
    for (int i = 0; i < scope->child_count; i++)
        if (scope_of_name(scope->children[i], name) == NAME_FREE)
            return true;
    return false;
}

/* The cells that a class body provides without binding them. */
static bool is_class_cell(const SymbolTable *st, Value name) {
    return same(name, st->names.class_cell) || same(name, st->names.classdict) ||
           same(name, st->names.conditional_annotations);
}

/* Makes the names of `comp` names of the scope whose frame it will run in. */
static bool inline_comprehension(SymbolTable *st, Scope *scope, Scope *comp, NameSet *comp_free,
                                 NameSet *inlined_cells) {
    for (int i = 0; i < comp->symbol_count; i++) {
        Symbol *symbol = &comp->symbols[i];
        Value name = symbol->name;
        if (symbol->flags & DEF_PARAM)
            continue;
        NameScope resolved = symbol->scope;
        uint32_t flags = symbol->flags;
        if ((resolved == NAME_CELL || (flags & DEF_COMP_CELL)) && !name_set_add(st, inlined_cells, name))
            return false;
        if (resolved == NAME_FREE && scope->kind == SCOPE_CLASS && is_class_cell(st, name)) {
            /* not a free name of a class body, unless something further inside needs it */
            resolved = NAME_GLOBAL_IMPLICIT;
            if (!is_free_in_child(comp, name))
                name_set_discard(comp_free, name);
            symbol->flags = 0;
            symbol->scope = NAME_UNRESOLVED;
        }
        Symbol *existing = scope_symbol(scope, name);
        if (!existing) {
            Symbol *copy = scope_add_symbol(st, scope, name);
            if (!copy)
                return false;
            copy->flags = flags;
            copy->scope = resolved;
            continue;
        }
        if (!(flags & DEF_BOUND) && scope->kind != SCOPE_CLASS)
            existing->flags |= flags & DEF_USE;
        if ((existing->flags & DEF_BOUND) && scope->kind != SCOPE_CLASS && !is_free_in_child(comp, name)) {
            name_set_discard(comp_free, name); /* now simply local */
        }
    }
    return true;
}

static bool analyze_scope(SymbolTable *st, Scope *scope, Surroundings *around, NameSet *free,
                          const Scope *class_scope);

static bool analyze_child(SymbolTable *st, Scope *scope, Scope *child, const Surroundings *inside,
                          const NameSet *known_free, NameSet *free, NameSet *inlined_cells,
                          const Scope *class_scope) {
    const Scope *seen_class = nullptr;
    if (child->can_see_class_scope)
        seen_class = scope->kind == SCOPE_CLASS ? scope : class_scope;
    bool inlined = child->comprehension && !child->is_generator && !scope->can_see_class_scope;
    Surroundings copy;
    NameSet child_free = {};
    if (!copy_surroundings(st, inside, &copy) || !set_add_all(st, &child_free, known_free) ||
        !analyze_scope(st, child, &copy, &child_free, seen_class))
        return false;
    if (inlined) {
        if (!inline_comprehension(st, scope, child, &child_free, inlined_cells))
            return false;
        child->comp_inlined = true;
    }
    return set_add_all(st, free, &child_free);
}

/* Puts the children of inlined comprehensions in their places. */
static bool splice_children(SymbolTable *st, Scope *scope) {
    bool any = false;
    for (int i = 0; i < scope->child_count; i++)
        any = any || scope->children[i]->comp_inlined;
    if (!any)
        return true;
    Scope **old = scope->children;
    int32_t count = scope->child_count;
    scope->children = nullptr;
    scope->child_count = scope->child_capacity = 0;
    for (int i = 0; i < count; i++) {
        if (!old[i]->comp_inlined) {
            if (!scope_add_child(st, scope, old[i]))
                return false;
            continue;
        }
        for (int j = 0; j < old[i]->child_count; j++)
            if (!scope_add_child(st, scope, old[i]->children[j]))
                return false;
    }
    return true;
}

static void make_cells(Scope *scope, NameSet *free, const NameSet *inlined_cells) {
    for (int i = 0; i < scope->symbol_count; i++) {
        Symbol *symbol = &scope->symbols[i];
        if (symbol->scope != NAME_LOCAL)
            continue;
        if (!name_set_contains(free, symbol->name) && !name_set_contains(inlined_cells, symbol->name))
            continue;
        symbol->scope = NAME_CELL;
        name_set_discard(free, symbol->name);
    }
}

static void take_class_cells(SymbolTable *st, Scope *scope, NameSet *free) {
    if (name_set_discard(free, st->names.class_cell))
        scope->needs_class_closure = true;
    if (name_set_discard(free, st->names.classdict))
        scope->needs_classdict = true;
    if (name_set_discard(free, st->names.conditional_annotations))
        scope->has_conditional_annotations = true;
}

/* Notes inlined cells, and the names that pass through this scope on their way to a child. */
static bool update_symbols(SymbolTable *st, Scope *scope, const Surroundings *outside, const NameSet *free,
                           const NameSet *inlined_cells) {
    for (int i = 0; i < scope->symbol_count; i++)
        if (name_set_contains(inlined_cells, scope->symbols[i].name))
            scope->symbols[i].flags |= DEF_COMP_CELL;
    bool like_class = scope->kind == SCOPE_CLASS || scope->can_see_class_scope;
    for (int i = 0; i < free->capacity; i++) {
        Value name = free->slots[i];
        if (absent(name) || !is_object(name))
            continue;
        Symbol *existing = scope_symbol(scope, name);
        if (existing) {
            if (like_class)
                existing->flags |= DEF_FREE_CLASS;
            continue;
        }
        if (outside->nested && !name_set_contains(&outside->bound, name))
            continue; /* a global */
        Symbol *symbol = scope_add_symbol(st, scope, name);
        if (!symbol)
            return false;
        symbol->scope = NAME_FREE;
    }
    for (int i = 0; i < scope->symbol_count; i++)
        scope->has_free = scope->has_free || scope->symbols[i].scope == NAME_FREE;
    return true;
}

/* What the children see: a class's names are none of it. */
static bool names_inside(SymbolTable *st, Scope *scope, const Surroundings *around, const NameSet *local,
                         Surroundings *inside) {
    if (scope->kind == SCOPE_CLASS)
        return name_set_add(st, &inside->bound, st->names.class_cell) && name_set_add(st, &inside->bound, st->names.classdict) &&
               name_set_add(st, &inside->bound, st->names.conditional_annotations);
    if (is_function_like(scope) && !set_add_all(st, &inside->bound, local))
        return false;
    return set_add_all(st, &inside->bound, &around->bound) && set_add_all(st, &inside->global, &around->global);
}

static bool analyze_scope(SymbolTable *st, Scope *scope, Surroundings *around, NameSet *free,
                          const Scope *class_scope) {
    Surroundings inside = {.nested = true};
    NameSet local = {}, new_free = {}, inlined_cells = {};
    if (scope->kind == SCOPE_CLASS &&
        (!set_add_all(st, &inside.bound, &around->bound) || !set_add_all(st, &inside.global, &around->global)))
        return false;
    for (int i = 0; i < scope->symbol_count; i++)
        if (!analyze_symbol(st, scope, &scope->symbols[i], around, &local, free, class_scope))
            return false;
    if (!names_inside(st, scope, around, &local, &inside) ||
        !set_add_all(st, &inside.type_params, &around->type_params))
        return false;
    if (!recursion_enter(st->t, " during compilation"))
        return false;
    bool ok = true;
    for (int i = 0; ok && i < scope->child_count; i++) {
        ok = analyze_child(st, scope, scope->children[i], &inside, &new_free, &new_free, &inlined_cells, class_scope);
        scope->child_free = new_free.count > 0;
    }
    recursion_leave(st->t);
    if (!ok || !splice_children(st, scope))
        return false;
    if (is_function_like(scope))
        make_cells(scope, &new_free, &inlined_cells);
    else if (scope->kind == SCOPE_CLASS)
        take_class_cells(st, scope, &new_free);
    return update_symbols(st, scope, around, &new_free, &inlined_cells) && set_add_all(st, free, &new_free);
}

bool symtable_analyze(SymbolTable *st) {
    Surroundings nothing = {};
    NameSet free = {};
    return analyze_scope(st, st->top, &nothing, &free, nullptr);
}
