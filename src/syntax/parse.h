/* From source bytes to a tree: decode (PEP 263), lex, parse.
 *
 * On failure the result is NULL and an exception is pending: SyntaxError or a subclass with the arguments
 * `(msg, (filename, lineno, offset, text, end_lineno, end_offset))`, or MemoryError, RecursionError, ValueError
 * (null bytes), UnicodeDecodeError.
 * Threading: everything here works on the caller's arena and thread only. */
#ifndef KRAIT_SYNTAX_PARSE_H
#define KRAIT_SYNTAX_PARSE_H

#include "base/arena.h"
#include "object/value.h"
#include "syntax/ast.h"

typedef enum ParseMode {
    PARSE_EXEC,      /* MODULE_Module */
    PARSE_EVAL,      /* MODULE_Expression */
    PARSE_SINGLE,    /* MODULE_Interactive */
    PARSE_FUNC_TYPE, /* MODULE_FunctionType */
} ParseMode;

/* The numbers that `compile()` takes. */
enum {
    PARSE_SOURCE_IS_UTF8 = 0x0100,
    PARSE_DONT_IMPLY_DEDENT = 0x0200,
    PARSE_ONLY_AST = 0x0400,
    PARSE_IGNORE_COOKIE = 0x0800, /* the source is UTF-8 whatever its coding line says (a str was given) */
    PARSE_TYPE_COMMENTS = 0x1000,
    PARSE_ALLOW_TOP_LEVEL_AWAIT = 0x2000,
    PARSE_ALLOW_INCOMPLETE_INPUT = 0x4000,
    PARSE_OPTIMIZED_AST = 0x8000 | PARSE_ONLY_AST,
    PARSE_FROM_FILE = 0x10000, /* errors in the encoding name the file */
    PARSE_FUTURE_BARRY_AS_BDFL = 0x400000,
    PARSE_FUTURE_ANNOTATIONS = 0x1000000,
};

enum { FEATURE_VERSION_CURRENT = 14 };

/* `keep` is a list to which every Value of the tree is appended; the caller keeps it on its stack. It is also
 * in `module->keep`. `filename` is a str (or whatever the SyntaxError shall show). */
[[nodiscard]] Module *parse_source(Thread *t, const char *bytes, size_t length, Value filename, ParseMode mode,
                                   int flags, Arena *arena, Value keep);

/* The same for the language of Python 3.`feature_version`. */
[[nodiscard]] Module *parse_source_version(Thread *t, const char *bytes, size_t length, Value filename,
                                           ParseMode mode, int flags, int feature_version, Arena *arena, Value keep);

/* What the `from __future__` statements at the head of `module` switch on, as PARSE_FUTURE_* bits. False with
 * SyntaxError for an unknown feature. Late statements are found by symtable_build. */
[[nodiscard]] bool future_features(Thread *t, const Module *module, Value filename, int *features);
/* The same, and the place of the last of them (all zeros: none). */
[[nodiscard]] bool future_features_at(Thread *t, const Module *module, Value filename, int *features, Position *last);

/* The docstring of a body: a Constant statement's value, or no value. */
Value body_docstring(StmtSeq body);

/* What `ast.parse(optimize=...)` shows and the compiler starts from: `__debug__`, folding in match patterns,
 * `'...' % (...)` as f-string, docstrings dropped at level 2. */
[[nodiscard]] bool optimize_tree(Thread *t, Module *module, Value filename, int optimize, int flags, Arena *arena);

#endif
