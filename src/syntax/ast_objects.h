/* Between the C tree and the classes of the `ast` module.
 *
 * Threads: each call works on its caller's arena and thread.
 */
#pragma once
#include "object/value.h"
#include "syntax/ast.h"
#include "syntax/parse.h"

/* The tree as instances of the `_ast` classes. */
Value ast_to_object(Thread *t, Module *module);
/* An instance of ast.mod (of the class that `mode` wants, else TypeError), checked, as a tree; NULL: exception pending.
 * `keep` as for parse_source. */
Module *ast_from_object(Thread *t, Value node, ParseMode mode, Arena *arena, Value keep);
/* Whether `node` is of the class that `mode` wants; if not, TypeError. */
[[nodiscard]] bool ast_check_mode(Thread *t, Value node, ParseMode mode);
int ast_is_object(Thread *t, Value v); /* an instance of ast.AST: 1, 0, -1 */
