/* Symbol tables: which scope every name of a module belongs to.
 *
 * `symtable_build` walks the tree once to collect each scope's names and flags, and then resolves them (local,
 * cell, free, global) from the inside out. All of it lives in the arena; the names are Values in `module->keep`.
 * Names are stored mangled (`__x` in class `C` is `_C__x`): look up what `mangle_name` returns.
 * Threading: a table belongs to the thread that builds it; it is read-only afterwards. */
#ifndef KRAIT_SYNTAX_SYMTABLE_H
#define KRAIT_SYNTAX_SYMTABLE_H

#include "base/arena.h"
#include "object/value.h"
#include "syntax/ast.h"

typedef enum ScopeKind {
    SCOPE_FUNCTION, /* def, lambda, comprehension, generator expression */
    SCOPE_CLASS,
    SCOPE_MODULE,
    SCOPE_ANNOTATION,      /* the body of an `__annotate__` function */
    SCOPE_TYPE_ALIAS,      /* the value of a `type` statement */
    SCOPE_TYPE_PARAMETERS, /* holds the type parameters of a generic function, class or alias */
    SCOPE_TYPE_VARIABLE,   /* a type parameter's bound, constraints or default */
} ScopeKind;

typedef enum ComprehensionKind {
    COMPREHENSION_NONE,
    COMPREHENSION_LIST,
    COMPREHENSION_DICT,
    COMPREHENSION_SET,
    COMPREHENSION_GENERATOR,
} ComprehensionKind;

/* What the scope's own text does with a name. The numbers are those of `_symtable`. */
enum {
    DEF_GLOBAL = 1,           /* global statement */
    DEF_LOCAL = 2,            /* bound in this scope */
    DEF_PARAM = 4,            /* a parameter */
    DEF_NONLOCAL = 8,         /* nonlocal statement */
    DEF_USE = 16,             /* read */
    DEF_FREE_CLASS = 64,      /* a free name in a class body that also binds it */
    DEF_IMPORT = 128,         /* bound by an import */
    DEF_ANNOT = 256,          /* annotated */
    DEF_COMP_ITER = 512,      /* a comprehension's loop variable */
    DEF_TYPE_PARAM = 1024,    /* a type parameter */
    DEF_COMP_CELL = 2048,     /* a cell of a comprehension that was inlined into this scope */
    DEF_BOUND = DEF_LOCAL | DEF_PARAM | DEF_IMPORT, /* type parameters are local too */
};

/* Where a name's value is. The numbers are those of `_symtable`. */
typedef enum NameScope {
    NAME_UNRESOLVED,      /* not in this table */
    NAME_LOCAL,           /* here: a fast local in a function, the namespace in a class or module */
    NAME_GLOBAL_EXPLICIT, /* declared global */
    NAME_GLOBAL_IMPLICIT, /* bound nowhere around: global or built-in */
    NAME_FREE,            /* a cell of an enclosing function */
    NAME_CELL,            /* here, and used by an inner function */
} NameScope;

typedef struct Scope Scope;

typedef struct Symbol {
    Value name; /* mangled, interned */
    uint32_t flags; /* DEF_* */
    NameScope scope;
} Symbol;

struct Scope {
    ScopeKind kind;
    ComprehensionKind comprehension;
    Value name;      /* "f", "C", "top", "lambda", "genexpr", "listcomp", "__annotate__" ... */
    Value class_name; /* whose private names are mangled here, or no value */
    const void *key; /* see symtable_scope */
    Position pos;
    Scope *parent;

    Symbol *symbols; /* in order of first mention */
    int32_t symbol_count;
    int32_t symbol_capacity;
    int32_t *index; /* open addressing over `symbols` by the name's identity */
    int32_t index_size;

    Value *parameters; /* mangled names in the order of the code object's first locals */
    int32_t parameter_count;
    int32_t parameter_capacity;

    /* In source order. As in CPython, an inlined comprehension is not here; its own children are in its place. */
    Scope **children;
    int32_t child_count;
    int32_t child_capacity;

    Scope *annotations; /* the scope of this module's, class's or function's `__annotate__`, or NULL */
    Scope *local_annotations; /* function: the scope of annotations of its locals, which are never run */

    bool nested : 1;               /* inside a function, directly or not */
    bool is_generator : 1;         /* yields */
    bool is_coroutine : 1;         /* async def, or a comprehension that awaits */
    bool has_varargs : 1;          /* *args */
    bool has_varkeywords : 1;      /* **kwargs */
    bool returns_value : 1;        /* `return x` */
    bool has_docstring : 1;
    bool is_method : 1;            /* directly in a class, or in its type parameters */
    bool needs_class_closure : 1;  /* class: someone inside uses `__class__` (or super): make the cell */
    bool needs_classdict : 1;      /* class: an annotation scope inside reads the namespace via `__classdict__` */
    bool can_see_class_scope : 1;  /* annotation-like scope directly in a class: names go through __classdict__ */
    bool has_conditional_annotations : 1; /* module, class: an annotation under `if` and its like */
    bool annotations_used : 1;     /* there is an annotated assignment */
    bool comp_inlined : 1;         /* comprehension: its code runs in the enclosing frame */
    bool child_free : 1;           /* a scope inside has free names */
    bool has_free : 1;
    bool comp_iter_target : 1;     /* while collecting: visiting a comprehension's target */
    bool in_unevaluated_annotation : 1; /* while collecting: `x: y` in a function never runs y */
    bool in_conditional_block : 1;      /* while collecting */
    int32_t comp_iter_expr;        /* while collecting: depth inside a comprehension's iterable */
    const char *type_param_what;   /* "a TypeVar bound" ...: for error messages */
    struct NameSet *mangled_names; /* type parameters of a generic class: the only names mangled here, or NULL */
    struct Directive *directives;  /* global and nonlocal statements: for error messages */
    Value function_name;           /* annotation scope of a function: the function's name */
};

typedef struct SymbolTable SymbolTable;

/* The names of `module`, resolved; NULL with SyntaxError, MemoryError or RecursionError pending.
 * `features` are the PARSE_FUTURE_* bits in force (the caller's flags and those of `future_features`). */
[[nodiscard]] SymbolTable *symtable_build(Thread *t, Module *module, Value filename, int features, Arena *arena);

Scope *symtable_top(const SymbolTable *table);

/* The scope that a node opens, or NULL. Keys:
 *   Module *                      the module
 *   Stmt * FunctionDef, ClassDef  the body                 Expr * Lambda, *Comp, GeneratorExp   the body
 *   Stmt * TypeAlias              the value                `type_params.items`    the type parameters around it
 *   TypeParam *                   TypeVar's bound          symtable_default_key(type_param)   any one's default
 * Annotation scopes are reached through `scope->annotations` of what they annotate. */
Scope *symtable_scope(const SymbolTable *table, const void *key);

static inline const void *symtable_default_key(const TypeParam *param) {
    return (const char *)param + 1;
}

/* NULL if the scope never mentions `name` (mangled). */
Symbol *scope_symbol(const Scope *scope, Value name);

/* NAME_UNRESOLVED if the scope never mentions `name` (mangled). */
NameScope scope_of_name(const Scope *scope, Value name);

/* The same for a name that stands in `scope`: in the type parameter scope of a generic class only the parameters
 * are mangled. */
[[nodiscard]] Value scope_mangle(Thread *t, const Scope *scope, Value class_name, Value name);

/* `name` as it is stored for code in class `class_name` (may be no value): `__x` becomes `_C__x`. Interned.
 * The zero Value only for lack of memory.
 * Keep it alive: `module->keep`. */
[[nodiscard]] Value mangle_name(Thread *t, Value class_name, Value name);

#endif
