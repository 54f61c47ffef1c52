/* The abstract syntax tree as C structs, generated from ast.def.
 *
 * A node is `{ kind, pos, union of one struct per kind }`: `if (e->kind == EXPR_BinOp) visit(e->BinOp.left);`.
 * Types without alternatives (`Arguments`, `Alias`, ...) have their fields directly: `args->vararg`.
 * Nodes, sequences and their arrays live in an Arena. The `Value`s in them are not scanned by the collector:
 * every one is also in the list `module->keep`, which whoever holds the tree keeps on its stack.
 * Threading: a tree belongs to one thread; nothing changes it after symbol tables are built. */
#ifndef KRAIT_SYNTAX_AST_H
#define KRAIT_SYNTAX_AST_H

#include "base/arena.h"
#include "object/value.h"

#include <stdint.h>

/* Lines count from 1; columns are byte offsets into the line's UTF-8, from 0. */
typedef struct Position {
    int32_t line;
    int32_t column;
    int32_t end_line;
    int32_t end_column;
} Position;

/* Enumerations: CONTEXT_Load, OPERATOR_Add, CMPOP_NotIn ... Zero is none of them. */
#define ENUM_TYPE(CType, PREFIX, python_name) \
    }; \
    typedef enum CType CType; \
    enum CType { \
        PREFIX##_NONE,
#define ENUM_VALUE(CType, PREFIX, Name) PREFIX##_##Name,
enum AstEnumsBegin {
    AST_ENUMS_BEGIN,
#include "syntax/ast.def"
};

/* Kinds: STMT_If, EXPR_BinOp, PATTERN_MatchAs, HANDLER_ExceptHandler ... Zero is none of them. */
#define SUM(CType, PREFIX, python_name) \
    }; \
    typedef enum CType##Kind CType##Kind; \
    enum CType##Kind { \
        PREFIX##_NONE,
#define MODULE(Name, ...) MODULE_##Name,
#define STMT(Name, ...) STMT_##Name,
#define EXPR(Name, ...) EXPR_##Name,
#define HANDLER(Name, ...) HANDLER_##Name,
#define PATTERN(Name, ...) PATTERN_##Name,
#define TYPE_PARAM(Name, ...) TYPE_PARAM_##Name,
#define TYPE_IGNORE(Name, ...) TYPE_IGNORE_##Name,
enum AstKindsBegin {
    AST_KINDS_BEGIN,
#include "syntax/ast.def"
};

/* `ExprSeq { int32_t count; Expr **items; }` and its like; `items` is NULL when `count` is 0. */
#define SEQUENCE(CType) \
    typedef struct CType CType; \
    typedef struct CType##Seq { \
        int32_t count; \
        CType **items; \
    } CType##Seq;
#define SUM(CType, PREFIX, python_name) SEQUENCE(CType)
#define PRODUCT(CType, python_name, positioned, ...) SEQUENCE(CType)
#define ENUM_TYPE(CType, PREFIX, python_name) \
    typedef struct CType##Seq { \
        int32_t count; \
        CType *items; \
    } CType##Seq;
#include "syntax/ast.def"
#undef SEQUENCE

typedef struct IdentifierSeq {
    int32_t count;
    Value *items;
} IdentifierSeq;

/* The fields of each node, e.g. `struct ExprBinOp { Expr *left; BinaryOperator op; Expr *right; }`, and the
 * types without alternatives. */
#define ONE(CType, name) CType *name;
#define OPT(CType, name) CType *name;
#define SEQ(CType, name) CType##Seq name;
#define SEQ_OPT(CType, name) CType##Seq name;
#define ENUM(CType, name) CType name;
#define ENUM_SEQ(CType, name) CType##Seq name;
#define IDENT(name) Value name;
#define IDENT_OPT(name) Value name;
#define IDENT_SEQ(name) IdentifierSeq name;
#define STRING(name) Value name;
#define STRING_OPT(name) Value name;
#define CONSTANT(name) Value name;
#define INT(name) int32_t name;
#define INT_OPT(name) int32_t name;
#define MODULE(Name, ...) struct Module##Name { __VA_ARGS__ };
#define STMT(Name, ...) struct Stmt##Name { __VA_ARGS__ };
#define EXPR(Name, ...) struct Expr##Name { __VA_ARGS__ };
#define HANDLER(Name, ...) struct ExceptHandler##Name { __VA_ARGS__ };
#define PATTERN(Name, ...) struct Pattern##Name { __VA_ARGS__ };
#define TYPE_PARAM(Name, ...) struct TypeParam##Name { __VA_ARGS__ };
#define TYPE_IGNORE(Name, ...) struct TypeIgnore##Name { __VA_ARGS__ };
#define PRODUCT(CType, python_name, positioned, ...) \
    struct CType { \
        Position pos; /* all zeros in types whose Python class has no position */ \
        __VA_ARGS__ \
    };
#include "syntax/ast.def"

struct Module {
    ModuleKind kind;
    Value keep; /* a list of every Value in the tree */
    union {
#define MODULE(Name, ...) struct Module##Name Name;
#include "syntax/ast.def"
    };
};

struct Stmt {
    StmtKind kind;
    Position pos;
    union {
#define STMT(Name, ...) struct Stmt##Name Name;
#include "syntax/ast.def"
    };
};

struct Expr {
    ExprKind kind;
    Position pos;
    union {
#define EXPR(Name, ...) struct Expr##Name Name;
#include "syntax/ast.def"
    };
};

struct ExceptHandler {
    ExceptHandlerKind kind;
    Position pos;
    union {
#define HANDLER(Name, ...) struct ExceptHandler##Name Name;
#include "syntax/ast.def"
    };
};

struct Pattern {
    PatternKind kind;
    Position pos;
    union {
#define PATTERN(Name, ...) struct Pattern##Name Name;
#include "syntax/ast.def"
    };
};

struct TypeParam {
    TypeParamKind kind;
    Position pos;
    union {
#define TYPE_PARAM(Name, ...) struct TypeParam##Name Name;
#include "syntax/ast.def"
    };
};

struct TypeIgnore {
    TypeIgnoreKind kind;
    Position pos;
    union {
#define TYPE_IGNORE(Name, ...) struct TypeIgnore##Name Name;
#include "syntax/ast.def"
    };
};

#endif
