/* ast.def as data: what the generic conversions between C trees and `ast` objects walk over.
 *
 * A node's fields lie behind its head in the order of the table, each aligned to its size, so their offsets are
 * counted while walking. Constant; any thread. */
#ifndef KRAIT_SYNTAX_AST_TABLE_H
#define KRAIT_SYNTAX_AST_TABLE_H

#include "syntax/ast.h"

#include <stddef.h>

/* The types of ast.def: sums, products and enumerations. */
typedef enum AstType {
    AST_TYPE_NONE,
#define SUM(CType, PREFIX, python_name) AST_TYPE_##CType,
#define PRODUCT(CType, python_name, positioned, ...) AST_TYPE_##CType,
#define ENUM_TYPE(CType, PREFIX, python_name) AST_TYPE_##CType,
#include "syntax/ast.def"
    AST_TYPE_COUNT
} AstType;

/* All nodes; those of a sum are numbered by kind from AST_FIRST_X on. */
typedef enum AstNode {
#define SUM(CType, PREFIX, python_name) AST_FIRST_##CType, AST_BEFORE_##CType = AST_FIRST_##CType - 1,
#define MODULE(Name, ...) AST_NODE_Module_##Name,
#define STMT(Name, ...) AST_NODE_Stmt_##Name,
#define EXPR(Name, ...) AST_NODE_Expr_##Name,
#define HANDLER(Name, ...) AST_NODE_ExceptHandler_##Name,
#define PATTERN(Name, ...) AST_NODE_Pattern_##Name,
#define TYPE_PARAM(Name, ...) AST_NODE_TypeParam_##Name,
#define TYPE_IGNORE(Name, ...) AST_NODE_TypeIgnore_##Name,
#define PRODUCT(CType, python_name, positioned, ...) AST_NODE_##CType,
#define ENUM_TYPE(CType, PREFIX, python_name) AST_FIRST_##CType, AST_BEFORE_##CType = AST_FIRST_##CType - 1,
#define ENUM_VALUE(CType, PREFIX, Name) AST_NODE_##CType##_##Name,
#include "syntax/ast.def"
    AST_NODE_COUNT
} AstNode;

typedef enum AstFieldKind {
    AST_FIELD_ONE,
    AST_FIELD_OPT,
    AST_FIELD_SEQ,
    AST_FIELD_SEQ_OPT,
    AST_FIELD_ENUM,
    AST_FIELD_ENUM_SEQ,
    AST_FIELD_IDENT,
    AST_FIELD_IDENT_OPT,
    AST_FIELD_IDENT_SEQ,
    AST_FIELD_STRING,
    AST_FIELD_STRING_OPT,
    AST_FIELD_CONSTANT,
    AST_FIELD_INT,
    AST_FIELD_INT_OPT,
} AstFieldKind;

typedef struct AstField {
    const char *name;
    AstFieldKind kind;
    AstType type; /* of nodes and enumerators */
} AstField;

typedef struct AstNodeInfo {
    const char *name;
    AstType type;
    const AstField *fields;
    int field_count;
} AstNodeInfo;

typedef enum AstTypeKind { AST_SUM, AST_PRODUCT, AST_ENUM } AstTypeKind;

typedef struct AstTypeInfo {
    const char *name;
    AstTypeKind kind;
    bool positioned;
    AstNode first;      /* its nodes or values follow one another */
    size_t size;        /* of the C struct */
    size_t fields_from; /* offset of the first field */
} AstTypeInfo;

extern const AstNodeInfo ast_nodes[AST_NODE_COUNT];
extern const AstTypeInfo ast_types[AST_TYPE_COUNT];

/* Size and alignment of a field in the C struct. */
static inline size_t ast_field_size(AstFieldKind kind) {
    switch (kind) {
    case AST_FIELD_SEQ:
    case AST_FIELD_SEQ_OPT:
    case AST_FIELD_ENUM_SEQ:
    case AST_FIELD_IDENT_SEQ: return sizeof(ExprSeq);
    case AST_FIELD_ENUM:
    case AST_FIELD_INT:
    case AST_FIELD_INT_OPT: return sizeof(int32_t);
    default: return sizeof(void *);
    }
}

/* The address of the next field; `*offset` is moved behind it. */
static inline void *ast_next_field(void *node, size_t *offset, AstFieldKind kind) {
    size_t size = ast_field_size(kind);
    size_t alignment = size == sizeof(int32_t) ? sizeof(int32_t) : sizeof(void *);
    size_t at = (*offset + alignment - 1) & ~(alignment - 1);
    *offset = at + size;
    return (char *)node + at;
}

#endif
