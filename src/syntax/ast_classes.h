/* The classes of the `ast` module, made once per isolate.
 * Threads: made under the import of `_ast` or the first conversion; constant afterwards. */
#ifndef KRAIT_SYNTAX_AST_CLASSES_H
#define KRAIT_SYNTAX_AST_CLASSES_H

#include "object/object.h"
#include "syntax/ast_table.h"

extern Type ast_type; /* ast.AST */

/* What conversions need of an isolate's classes. The Values are kept alive by the isolate. */
typedef struct AstClasses {
    Value types;       /* tuple by AstType: the abstract classes, and those without alternatives */
    Value nodes;       /* tuple by AstNode: classes */
    Value singletons;  /* tuple by AstNode: the instances that stand for enumerators, None for others */
    Value field_names; /* tuple: interned names of all fields, those of a node from first_field on */
    Value lineno, col_offset, end_lineno, end_col_offset;
    uint16_t first_field[AST_NODE_COUNT];
} AstClasses;

/* False with an exception pending. */
[[nodiscard]] bool ast_classes(Thread *t, AstClasses *classes);

#endif
