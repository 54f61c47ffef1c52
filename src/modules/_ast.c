/* _ast: the classes of the `ast` module and the flags of compile(). */
#include "syntax/ast_classes.h"
#include "syntax/parse.h"
#include "types/module.h"
#include "types/tuple.h"

static bool ast_init(Thread *t, Value module) {
    AstClasses classes;
    if (!ast_classes(t, &classes) || !module_add(t, module, "AST", from_object(&ast_type)))
        return false;
    for (int i = 1; i < AST_TYPE_COUNT; i++)
        if (!module_add(t, module, ast_types[i].name, tuple_get(classes.types, (size_t)i)))
            return false;
    for (int i = 0; i < AST_NODE_COUNT; i++)
        if (!module_add(t, module, ast_nodes[i].name, tuple_get(classes.nodes, (size_t)i)))
            return false;
    return module_add_int(t, module, "PyCF_ALLOW_TOP_LEVEL_AWAIT", PARSE_ALLOW_TOP_LEVEL_AWAIT) &&
           module_add_int(t, module, "PyCF_ONLY_AST", PARSE_ONLY_AST) &&
           module_add_int(t, module, "PyCF_TYPE_COMMENTS", PARSE_TYPE_COMMENTS) &&
           module_add_int(t, module, "PyCF_OPTIMIZED_AST", PARSE_OPTIMIZED_AST);
}

NATIVE_MODULE(_ast) = {
    .name = "_ast",
    .init = ast_init,
};
