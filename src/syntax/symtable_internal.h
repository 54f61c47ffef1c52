/* What the files of the symbol table share. */
#ifndef KRAIT_SYNTAX_SYMTABLE_INTERNAL_H
#define KRAIT_SYNTAX_SYMTABLE_INTERNAL_H

#include "object/object.h"
#include "syntax/symtable.h"

/* A set of interned names, by identity, in the arena. */
typedef struct NameSet {
    Value *slots;
    int32_t count;
    int32_t capacity;
} NameSet;

/* A `global` or `nonlocal` statement's name. */
typedef struct Directive {
    Value name;
    Position pos;
    struct Directive *next;
} Directive;

typedef struct ScopeEntry {
    const void *key;
    Scope *scope;
} ScopeEntry;

struct SymbolTable {
    Thread *t;
    Arena *arena;
    Value keep;
    Value filename;
    int features;
    int future_line, future_column; /* where the last `from __future__` statement ends */
    Scope *top;
    Scope *current;
    Value class_name; /* whose private names are mangled here */
    ScopeEntry *entries; /* hash table by key */
    int32_t entry_count;
    int32_t entry_capacity;
    struct {
        Value top, annotate, classdict, class_cell, conditional_annotations, type_params, dot_type_params,
            generic_base, defaults, kwdefaults, format, implicit_argument, lambda, genexpr, listcomp, setcomp,
            dictcomp, super;
    } names;
};

/* All return false with an exception pending. */
[[nodiscard]] void *symtable_alloc(SymbolTable *st, size_t size);
bool name_set_contains(const NameSet *set, Value name);
[[nodiscard]] bool name_set_add(SymbolTable *st, NameSet *set, Value name);
bool name_set_discard(NameSet *set, Value name); /* whether it was there */
[[nodiscard]] bool set_add_all(SymbolTable *st, NameSet *set, const NameSet *from);

[[nodiscard]] Scope *scope_new(SymbolTable *st, Value name, ScopeKind kind, const void *key, Position pos);
[[nodiscard]] bool scope_add_child(SymbolTable *st, Scope *scope, Scope *child);
[[nodiscard]] Symbol *scope_add_symbol(SymbolTable *st, Scope *scope, Value name);
[[nodiscard]] bool scope_add_parameter(SymbolTable *st, Scope *scope, Value name);
bool is_function_like(const Scope *scope);
bool symtable_error(SymbolTable *st, Position pos, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool symtable_error_name(SymbolTable *st, Position pos, const char *format, Value name); /* one %s */

[[nodiscard]] bool symtable_collect(SymbolTable *st, Module *module);
[[nodiscard]] bool symtable_analyze(SymbolTable *st);

/* Collecting: what statements and expressions share. */
[[nodiscard]] bool enter_scope(SymbolTable *st, Value name, ScopeKind kind, const void *key, Position pos);
[[nodiscard]] bool enter_existing(SymbolTable *st, Scope *scope, bool add_to_children);
void exit_scope(SymbolTable *st);
[[nodiscard]] bool add_definition(SymbolTable *st, Value name, uint32_t flag, Position pos);
[[nodiscard]] bool add_definition_to(SymbolTable *st, Value name, uint32_t flag, Scope *scope, Position pos);
[[nodiscard]] bool add_name(SymbolTable *st, Value name, uint32_t flag, Position pos, ExprContext context);
[[nodiscard]] bool check_name(SymbolTable *st, Value name, Position pos, ExprContext context);
[[nodiscard]] bool check_keywords(SymbolTable *st, KeywordSeq keywords);
[[nodiscard]] bool lookup_flags(SymbolTable *st, Scope *scope, Value name, uint32_t *flags);
[[nodiscard]] bool record_directive(SymbolTable *st, Value name, Position pos);
[[nodiscard]] bool visit_expr(SymbolTable *st, Expr *e);
[[nodiscard]] bool visit_exprs(SymbolTable *st, ExprSeq exprs);
[[nodiscard]] bool visit_type_params(SymbolTable *st, TypeParamSeq params);
[[nodiscard]] bool visit_keywords(SymbolTable *st, KeywordSeq keywords);
[[nodiscard]] bool visit_parameters(SymbolTable *st, Arguments *arguments);
[[nodiscard]] bool visit_defaults(SymbolTable *st, Arguments *arguments);
bool allows_top_level_await(const SymbolTable *st);

#endif
