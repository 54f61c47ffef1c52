/* From source or AST to a code object. Threads: a compilation is private to its thread. */
#pragma once
#include "object/thread.h"
#include "syntax/ast.h"

/* An AST (of any mode) to a code object. flags: the compiler flags of compile() (future features,
 * PyCF_ALLOW_TOP_LEVEL_AWAIT); optimize: 0, 1, 2. Absent with SyntaxError or MemoryError pending on failure. */
Value compile_module(Thread *t, Module *module, Value filename, int flags, int optimize);

/* Source bytes (UTF-8 or with an encoding declaration) to a code object, in one visible pipeline. */
Value compile_source(Thread *t, const char *source, size_t length, Value filename, int mode, int flags, int optimize);
