/* Included by fold.c once per sum type: visits the fields of each node. Not guarded: ast.def forgets its macros. */
#define ONE(CType, name) fold_##CType(c, n->name);
#define OPT(CType, name) \
    if (n->name) fold_##CType(c, n->name);
#define SEQ(CType, name) \
    for (int32_t i = 0; i < n->name.count; i++) fold_##CType(c, n->name.items[i]);
#define SEQ_OPT(CType, name)                    \
    for (int32_t i = 0; i < n->name.count; i++) \
        if (n->name.items[i]) fold_##CType(c, n->name.items[i]);
#define ENUM(CType, name)
#define ENUM_SEQ(CType, name)
#define IDENT(name)
#define IDENT_OPT(name)
#define IDENT_SEQ(name)
#define STRING(name)
#define STRING_OPT(name)
#define CONSTANT(name)
#define INT(name)
#define INT_OPT(name)
#include "syntax/ast.def"
