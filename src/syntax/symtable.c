/* Symbol tables: scopes, their symbols, name sets, mangling. See symtable.h; symtable_collect.c and
 * symtable_expressions.c walk the tree, symtable_analyze.c resolves the names. */
#include "syntax/symtable_internal.h"

#include "object/thread.h"
#include "syntax/errors.h"
#include "syntax/parse.h"
#include "types/list.h"
#include "types/str/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void *symtable_alloc(SymbolTable *st, size_t size) {
    void *memory = arena_alloc(st->arena, size);
    if (!memory)
        raise_no_memory(st->t);
    return memory;
}

static uint32_t hash_word(uint64_t word) {
    return (uint32_t)((word >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}

/* Name sets: a discarded name leaves a tombstone (bits 1), so that probing goes on behind it. */

enum { TOMBSTONE = 1 };

static Value *set_slot(const NameSet *set, Value name) {
    uint32_t mask = (uint32_t)set->capacity - 1;
    for (uint32_t i = hash_word(name.bits);; i++) {
        Value *slot = &set->slots[i & mask];
        if (absent(*slot) || same(*slot, name))
            return slot;
    }
}

bool name_set_contains(const NameSet *set, Value name) {
    return set->capacity && present(*set_slot(set, name));
}

static bool set_grow(SymbolTable *st, NameSet *set) {
    NameSet old = *set;
    set->capacity = old.capacity ? old.capacity * 2 : 8;
    set->count = 0;
    set->slots = symtable_alloc(st, (size_t)set->capacity * sizeof *set->slots);
    if (!set->slots) {
        *set = old;
        return false;
    }
    for (int i = 0; i < old.capacity; i++) {
        Value name = old.slots[i];
        if (absent(name) || name.bits == TOMBSTONE)
            continue;
        *set_slot(set, name) = name;
        set->count++;
    }
    return true;
}

bool name_set_add(SymbolTable *st, NameSet *set, Value name) {
    if (set->count * 2 >= set->capacity && !set_grow(st, set))
        return false;
    Value *slot = set_slot(set, name);
    if (absent(*slot)) {
        *slot = name;
        set->count++; /* tombstones count too: they use up the table */
    }
    return true;
}

bool name_set_discard(NameSet *set, Value name) {
    if (!name_set_contains(set, name))
        return false;
    set_slot(set, name)->bits = TOMBSTONE;
    return true;
}

bool set_add_all(SymbolTable *st, NameSet *set, const NameSet *from) {
    for (int i = 0; i < from->capacity; i++) {
        Value name = from->slots[i];
        if (present(name) && name.bits != TOMBSTONE && !name_set_add(st, set, name))
            return false;
    }
    return true;
}

/* Scopes. */

static ScopeEntry *find_entry(const SymbolTable *st, const void *key) {
    uint32_t mask = (uint32_t)st->entry_capacity - 1;
    for (uint32_t i = hash_word((uintptr_t)key * 31);; i++) {
        ScopeEntry *entry = &st->entries[i & mask];
        if (!entry->key || entry->key == key)
            return entry;
    }
}

static bool grow_entries(SymbolTable *st) {
    ScopeEntry *old = st->entries;
    int32_t old_capacity = st->entry_capacity;
    int32_t capacity = old_capacity ? old_capacity * 2 : 64;
    ScopeEntry *entries = symtable_alloc(st, (size_t)capacity * sizeof *entries);
    if (!entries)
        return false;
    st->entries = entries;
    st->entry_capacity = capacity;
    for (int i = 0; i < old_capacity; i++)
        if (old[i].key)
            *find_entry(st, old[i].key) = old[i];
    return true;
}

bool is_function_like(const Scope *scope) {
    return scope->kind != SCOPE_CLASS && scope->kind != SCOPE_MODULE;
}

/* `key` may be NULL for a scope that is reached otherwise. */
Scope *scope_new(SymbolTable *st, Value name, ScopeKind kind, const void *key, Position pos) {
    Scope *scope = symtable_alloc(st, sizeof *scope);
    if (!scope || (st->entry_count * 2 >= st->entry_capacity && !grow_entries(st)))
        return nullptr;
    scope->kind = kind;
    scope->name = name;
    scope->key = key;
    scope->pos = pos;
    scope->parent = st->current;
    scope->class_name = st->class_name;
    if (st->current) {
        scope->nested = st->current->nested || is_function_like(st->current);
        scope->is_method = st->current->kind == SCOPE_CLASS && kind == SCOPE_FUNCTION;
    }
    if (key) {
        ScopeEntry *entry = find_entry(st, key);
        st->entry_count += !entry->key;
        *entry = (ScopeEntry){key, scope};
    }
    return scope;
}

Scope *symtable_scope(const SymbolTable *table, const void *key) {
    return key && table->entry_capacity ? find_entry(table, key)->scope : nullptr;
}

Scope *symtable_top(const SymbolTable *table) {
    return table->top;
}

/* Room for one more in an array that doubles. */
static void *grown(SymbolTable *st, void *items, int32_t count, int32_t *capacity, size_t size) {
    if (count < *capacity)
        return items;
    int32_t larger = *capacity ? *capacity * 2 : 4;
    void *copy = symtable_alloc(st, (size_t)larger * size);
    if (!copy)
        return nullptr;
    if (count)
        memcpy(copy, items, (size_t)count * size);
    *capacity = larger;
    return copy;
}

bool scope_add_child(SymbolTable *st, Scope *scope, Scope *child) {
    Scope **children = grown(st, scope->children, scope->child_count, &scope->child_capacity, sizeof *children);
    if (!children)
        return false;
    scope->children = children;
    children[scope->child_count++] = child;
    return true;
}

bool scope_add_parameter(SymbolTable *st, Scope *scope, Value name) {
    Value *parameters =
        grown(st, scope->parameters, scope->parameter_count, &scope->parameter_capacity, sizeof *parameters);
    if (!parameters)
        return false;
    scope->parameters = parameters;
    parameters[scope->parameter_count++] = name;
    return true;
}

static int32_t *symbol_index(const Scope *scope, Value name) {
    uint32_t mask = (uint32_t)scope->index_size - 1;
    for (uint32_t i = hash_word(name.bits);; i++) {
        int32_t *index = &scope->index[i & mask];
        if (*index == 0 || same(scope->symbols[*index - 1].name, name))
            return index;
    }
}

static bool grow_index(SymbolTable *st, Scope *scope) {
    int32_t size = scope->index_size ? scope->index_size * 2 : 16;
    int32_t *index = symtable_alloc(st, (size_t)size * sizeof *index);
    if (!index)
        return false;
    scope->index = index;
    scope->index_size = size;
    for (int32_t i = 0; i < scope->symbol_count; i++)
        *symbol_index(scope, scope->symbols[i].name) = i + 1;
    return true;
}

/* The symbol of `name`, which is added with no flags if it is not there. */
Symbol *scope_add_symbol(SymbolTable *st, Scope *scope, Value name) {
    if (scope->symbol_count * 2 >= scope->index_size && !grow_index(st, scope))
        return nullptr;
    int32_t *index = symbol_index(scope, name);
    if (*index)
        return &scope->symbols[*index - 1];
    Symbol *symbols = grown(st, scope->symbols, scope->symbol_count, &scope->symbol_capacity, sizeof *symbols);
    if (!symbols)
        return nullptr;
    scope->symbols = symbols;
    *index = ++scope->symbol_count;
    Symbol *symbol = &symbols[scope->symbol_count - 1];
    *symbol = (Symbol){.name = name};
    return symbol;
}

/* A symbol without flags and scope has been taken out (see inline_comprehension). */
Symbol *scope_symbol(const Scope *scope, Value name) {
    if (!scope->index_size)
        return nullptr;
    int32_t index = *symbol_index(scope, name);
    Symbol *symbol = index ? &scope->symbols[index - 1] : nullptr;
    return symbol && (symbol->flags || symbol->scope) ? symbol : nullptr;
}

NameScope scope_of_name(const Scope *scope, Value name) {
    Symbol *symbol = scope_symbol(scope, name);
    return symbol ? symbol->scope : NAME_UNRESOLVED;
}

/* Mangling. */

static bool is_mangled(Thread *t, Value name) {
    size_t length = str_length(name);
    const void *data = str_data(t, name);
    int kind = str_kind(name);
    if (length < 3 || str_char(data, kind, 0) != '_' || str_char(data, kind, 1) != '_')
        return false;
    if (str_char(data, kind, length - 1) == '_' && str_char(data, kind, length - 2) == '_')
        return false;
    for (size_t i = 0; i < length; i++)
        if (str_char(data, kind, i) == '.')
            return false; /* a dotted name of an import */
    return true;
}

Value mangle_name(Thread *t, Value class_name, Value name) {
    if (absent(class_name) || !is_str(class_name) || !is_mangled(t, name))
        return name;
    size_t underscores = 0, length = str_length(class_name);
    const void *data = str_data(t, class_name);
    while (underscores < length && str_char(data, str_kind(class_name), underscores) == '_')
        underscores++;
    if (underscores == length)
        return name;
    StrBuilder builder = {};
    CHECK(str_builder_add_char(t, &builder, '_'));
    CHECK(str_builder_add_slice(t, &builder, class_name, underscores, length));
    CHECK(str_builder_add(t, &builder, name));
    return str_intern(t, TRY(str_builder_finish(t, &builder)));
}

Value scope_mangle(Thread *t, const Scope *scope, Value class_name, Value name) {
    if (scope->mangled_names && !name_set_contains(scope->mangled_names, name))
        return name;
    return mangle_name(t, class_name, name);
}

/* Errors. */

bool symtable_error(SymbolTable *st, Position pos, const char *format, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    syntax_error_located(st->t, st->filename, pos.line, pos.column, pos.end_line, pos.end_column, "%s", message);
    return false;
}

bool symtable_error_name(SymbolTable *st, Position pos, const char *format, Value name) {
    size_t length;
    const char *text = str_utf8(st->t, name, &length);
    char message[512];
    if (!text)
        return false;
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wformat-nonliteral"
    snprintf(message, sizeof message, format, text);
#pragma clang diagnostic pop
    return symtable_error(st, pos, "%s", message);
}

/* Building. */

static bool intern(SymbolTable *st, Value *slot, const char *text) {
    *slot = str_intern_text(st->t, text);
    return present(*slot) && list_append(st->t, st->keep, *slot);
}

static bool intern_names(SymbolTable *st) {
    return intern(st, &st->names.top, "top") && intern(st, &st->names.annotate, "__annotate__") &&
           intern(st, &st->names.classdict, "__classdict__") && intern(st, &st->names.class_cell, "__class__") &&
           intern(st, &st->names.conditional_annotations, "__conditional_annotations__") &&
           intern(st, &st->names.type_params, "__type_params__") &&
           intern(st, &st->names.dot_type_params, ".type_params") &&
           intern(st, &st->names.generic_base, ".generic_base") && intern(st, &st->names.defaults, ".defaults") &&
           intern(st, &st->names.kwdefaults, ".kwdefaults") && intern(st, &st->names.format, ".format") &&
           intern(st, &st->names.implicit_argument, ".0") && intern(st, &st->names.lambda, "lambda") &&
           intern(st, &st->names.genexpr, "genexpr") && intern(st, &st->names.listcomp, "listcomp") &&
           intern(st, &st->names.setcomp, "setcomp") && intern(st, &st->names.dictcomp, "dictcomp") &&
           intern(st, &st->names.super, "super");
}

SymbolTable *symtable_build(Thread *t, Module *module, Value filename, int features, Arena *arena) {
    if (module->kind == MODULE_FunctionType) {
        raise_error(t, &RuntimeError_type, "this compiler does not handle FunctionTypes");
        return nullptr;
    }
    SymbolTable *st = arena_alloc(arena, sizeof *st);
    if (!st) {
        raise_no_memory(t);
        return nullptr;
    }
    *st = (SymbolTable){.t = t, .arena = arena, .keep = module->keep, .filename = filename, .features = features};
    Position future;
    int own_features;
    if (!future_features_at(t, module, filename, &own_features, &future))
        return nullptr;
    st->future_line = future.end_line;
    st->future_column = future.end_column;
    bool ok = intern_names(st) && symtable_collect(st, module) && symtable_analyze(st);
    return ok ? st : nullptr;
}
