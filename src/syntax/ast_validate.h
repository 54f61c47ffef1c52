/* Whether a tree that Python code has made is one that the parser could have made, as far as the compiler relies on
 * it. */
#ifndef KRAIT_SYNTAX_AST_VALIDATE_H
#define KRAIT_SYNTAX_AST_VALIDATE_H

#include "syntax/ast.h"

/* False with ValueError, TypeError or RecursionError pending. */
[[nodiscard]] bool ast_validate(Thread *t, Module *module);

#endif
