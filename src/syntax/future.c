/* `from __future__ import ...` and docstrings: what the head of a body says. */
#include "object/object.h"
#include "syntax/errors.h"
#include "syntax/parse.h"
#include "types/str/str.h"

#include <string.h>

Value body_docstring(StmtSeq body) {
    if (!body.count || body.items[0]->kind != STMT_Expr)
        return NO_VALUE;
    const Expr *e = body.items[0]->Expr.value;
    return e->kind == EXPR_Constant && is_exactly(e->Constant.value, &str_type) ? e->Constant.value : NO_VALUE;
}

static const struct {
    const char *name;
    int flag;
} known_features[] = {
    {"nested_scopes", 0},   {"generators", 0},      {"division", 0},
    {"absolute_import", 0}, {"with_statement", 0},  {"print_function", 0},
    {"unicode_literals", 0}, {"generator_stop", 0}, {"barry_as_FLUFL", PARSE_FUTURE_BARRY_AS_BDFL},
    {"annotations", PARSE_FUTURE_ANNOTATIONS},
};

static bool add_feature(Thread *t, const Alias *alias, Value filename, int *features) {
    size_t length;
    const char *name = str_utf8(t, alias->name, &length);
    if (!name)
        return false;
    for (size_t i = 0; i < sizeof known_features / sizeof *known_features; i++) {
        if (strcmp(known_features[i].name, name) == 0) {
            *features |= known_features[i].flag;
            return true;
        }
    }
    Position pos = alias->pos;
    if (strcmp(name, "braces") == 0)
        syntax_error_located(t, filename, pos.line, pos.column, pos.end_line, pos.end_column, "not a chance");
    else
        syntax_error_located(t, filename, pos.line, pos.column, pos.end_line, pos.end_column,
                        "future feature %.100s is not defined", name);
    return false;
}

bool future_features_at(Thread *t, const Module *module, Value filename, int *features, Position *last) {
    *features = 0;
    *last = (Position){};
    StmtSeq body = {};
    if (module->kind == MODULE_Module)
        body = module->Module.body;
    else if (module->kind == MODULE_Interactive)
        body = module->Interactive.body;
    for (int i = present(body_docstring(body)); i < body.count; i++) {
        const Stmt *s = body.items[i];
        if (s->kind != STMT_ImportFrom || s->ImportFrom.level || absent(s->ImportFrom.module) ||
            !str_equal_text(s->ImportFrom.module, "__future__"))
            return true;
        for (int j = 0; j < s->ImportFrom.names.count; j++)
            if (!add_feature(t, s->ImportFrom.names.items[j], filename, features))
                return false;
        *last = s->pos;
    }
    return true;
}

bool future_features(Thread *t, const Module *module, Value filename, int *features) {
    Position last;
    return future_features_at(t, module, filename, features, &last);
}
