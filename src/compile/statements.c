/* Statements that are not loops, definitions or guards; docstrings; the bodies of modules and classes. */
#include "compile/compiler.h"
#include "types/tuple.h"

/* ---- import ---- */

static void import_module(Unit *u, Position pos, Value name, int32_t level, Value from_list, Reg dst) {
    int32_t mark = u->top;
    Reg base = next_temp(u);
    load_int(u, pos, level, base);
    push(u);
    load_constant(u, pos, from_list, next_temp(u));
    push(u);
    emit_named(u, pos, OP_IMPORT_NAME, dst, base, name);
    release_to(u, mark);
}

static int64_t find_dot(Unit *u, Value name, size_t start) {
    void *data = str_data(u->compiler->t, name);
    if (!data)
        return -1;
    for (size_t i = start; i < str_length(name); i++)
        if (str_char(data, str_kind(name), i) == '.')
            return (int64_t)i;
    return -1;
}

static void compile_import(Unit *u, Stmt *s) {
    Compiler *c = u->compiler;
    for (int32_t i = 0; i < s->Import.names.count && !c->failed; i++) {
        Alias *alias = s->Import.names.items[i];
        Reg module = next_temp(u);
        import_module(u, s->pos, alias->name, 0, NONE, module);
        push(u);
        int64_t dot = find_dot(u, alias->name, 0);
        if (present(alias->asname)) {
            while (dot >= 0 && !c->failed) {
                size_t start = (size_t)dot + 1;
                dot = find_dot(u, alias->name, start);
                size_t end = dot < 0 ? str_length(alias->name) : (size_t)dot;
                Value part = keep(c, str_slice(c->t, alias->name, start, end));
                if (!c->failed)
                    emit_named(u, s->pos, OP_IMPORT_FROM, module, module, part);
            }
            store_name(u, s->pos, alias->asname, module);
        } else {
            Value top = dot < 0 ? alias->name : keep(c, str_slice(c->t, alias->name, 0, (size_t)dot));
            if (!c->failed)
                store_name(u, s->pos, keep(c, str_intern(c->t, top)), module);
        }
        release_to(u, module & REG_INDEX);
    }
}

static void compile_import_from(Unit *u, Stmt *s) {
    Compiler *c = u->compiler;
    AliasSeq aliases = s->ImportFrom.names;
    Value from = s->ImportFrom.module;
    Value wanted = keep(c, tuple_new(c->t, (size_t)aliases.count));
    if (c->failed)
        return;
    for (int32_t i = 0; i < aliases.count; i++)
        store(as_object(wanted), &as_tuple(wanted)->items[i], aliases.items[i]->name);
    Reg module = next_temp(u);
    import_module(u, s->pos, present(from) ? from : empty_str, s->ImportFrom.level, wanted, module);
    push(u);
    for (int32_t i = 0; i < aliases.count && !c->failed; i++) {
        Alias *alias = aliases.items[i];
        if (i == 0 && str_equal_text(alias->name, "*")) {
            emit(u, s->pos, OP_IMPORT_STAR, module, 0, 0);
            break;
        }
        Value name = present(alias->asname) ? alias->asname : alias->name;
        Reg target = store_target(u, name);
        Reg item = target >= 0 ? target : next_temp(u);
        emit_named(u, s->pos, OP_IMPORT_FROM, item, module, alias->name);
        if (target < 0) {
            push(u);
            store_name(u, s->pos, name, item);
            release_to(u, item & REG_INDEX);
        }
    }
    release_to(u, module & REG_INDEX);
}

/* ---- if, assert, raise, expressions ---- */

static void compile_if(Unit *u, Stmt *s) {
    Label otherwise = new_label(u);
    jump_if(u, s->If.test, otherwise, false);
    u->conditional_depth++;
    compile_statements(u, s->If.body);
    if (s->If.orelse.count) {
        Label end = new_label(u);
        emit_jump(u, NO_POSITION, OP_JUMP, 0, 0, end);
        place(u, otherwise);
        compile_statements(u, s->If.orelse);
        place(u, end);
    } else {
        place(u, otherwise);
    }
    u->conditional_depth--;
}

static void compile_assert(Unit *u, Stmt *s) {
    Expr *test = s->Assert.test;
    if ((test->kind == EXPR_Tuple && test->Tuple.elts.count > 0) ||
        (test->kind == EXPR_Constant && is_tuple(test->Constant.value) && tuple_length(test->Constant.value) > 0))
        compile_warning(u->compiler, s->pos, "assertion is always true, perhaps remove parentheses?");
    if (u->compiler->optimize)
        return;
    Label holds = new_label(u);
    Reg error = next_temp(u);
    jump_if(u, test, holds, true);
    emit(u, s->pos, OP_LOAD_COMMON, error, COMMON_ASSERTION_ERROR, 0);
    push(u);
    if (s->Assert.msg) {
        emit(u, s->pos, OP_CLEAR, next_temp(u), 0, 0);
        push(u);
        expr_push(u, s->Assert.msg);
        emit(u, s->pos, OP_CALL, error, 1, error);
    }
    release_to(u, error & REG_INDEX);
    emit(u, test->pos, OP_RAISE, error, 1, 0);
    place(u, holds);
}

static void compile_raise(Unit *u, Stmt *s) {
    int32_t mark = u->top;
    if (!s->Raise.exc) {
        emit(u, s->pos, OP_RAISE, 0, 0, 0);
    } else if (!s->Raise.cause) {
        Reg exception = expr_last(u, s->Raise.exc);
        emit(u, s->pos, OP_RAISE, exception, 1, 0);
    } else {
        Reg exception = expr_push(u, s->Raise.exc);
        expr_push(u, s->Raise.cause);
        emit(u, s->pos, OP_RAISE, exception, 2, 0);
    }
    release_to(u, mark);
}

static void compile_expression_statement(Unit *u, Stmt *s) {
    Expr *value = s->Expr.value;
    if (u->interactive && u->kind == UNIT_MODULE) {
        Reg result = next_temp(u);
        Reg shown = expr_last(u, value);
        release_to(u, result & REG_INDEX);
        emit(u, s->pos, OP_INTRINSIC_1, result, shown, INTRINSIC_PRINT);
    } else if (value->kind == EXPR_Constant) {
        emit(u, s->pos, OP_NOP, 0, 0, 0);
    } else {
        expr_discard(u, value);
    }
}

static void dispatch_statement(Unit *u, Stmt *s) {
    switch (s->kind) {
    case STMT_FunctionDef: compile_function(u, s, false); break;
    case STMT_AsyncFunctionDef: compile_function(u, s, true); break;
    case STMT_ClassDef: compile_class(u, s); break;
    case STMT_Return: compile_return(u, s); break;
    case STMT_Delete: compile_delete(u, s); break;
    case STMT_Assign: compile_assign(u, s); break;
    case STMT_TypeAlias: compile_type_alias(u, s); break;
    case STMT_AugAssign: compile_aug_assign(u, s); break;
    case STMT_AnnAssign: compile_ann_assign(u, s); break;
    case STMT_For: compile_for(u, s); break;
    case STMT_AsyncFor: compile_async_for(u, s); break;
    case STMT_While: compile_while(u, s); break;
    case STMT_If: compile_if(u, s); break;
    case STMT_With: compile_with(u, s->With.items, 0, s->With.body, s->pos, false); break;
    case STMT_AsyncWith: compile_with(u, s->AsyncWith.items, 0, s->AsyncWith.body, s->pos, true); break;
    case STMT_Match: compile_match(u, s); break;
    case STMT_Raise: compile_raise(u, s); break;
    case STMT_Try: compile_try(u, s); break;
    case STMT_TryStar: compile_try_star(u, s); break;
    case STMT_Assert: compile_assert(u, s); break;
    case STMT_Import: compile_import(u, s); break;
    case STMT_ImportFrom: compile_import_from(u, s); break;
    case STMT_Global:
    case STMT_Nonlocal: break;
    case STMT_Expr: compile_expression_statement(u, s); break;
    case STMT_Pass: emit(u, s->pos, OP_NOP, 0, 0, 0); break;
    case STMT_Break: compile_break(u, s); break;
    case STMT_Continue: compile_continue(u, s); break;
    case STMT_NONE: break;
    }
}

/* Annotations under these run or not, as they come. */
static bool is_conditional(Stmt *s) {
    switch (s->kind) {
    case STMT_For:
    case STMT_AsyncFor:
    case STMT_While:
    case STMT_With:
    case STMT_AsyncWith:
    case STMT_Match:
    case STMT_Try:
    case STMT_TryStar: return true;
    default: return false;
    }
}

void compile_statement(Unit *u, Stmt *s) {
    int32_t mark = u->top;
    if (u->compiler->failed || !enter_recursion(u->compiler))
        return;
    u->conditional_depth += is_conditional(s);
    dispatch_statement(u, s);
    u->conditional_depth -= is_conditional(s);
    release_to(u, mark);
    leave_recursion(u->compiler);
}

void compile_statements(Unit *u, StmtSeq body) {
    for (int32_t i = 0; i < body.count && !u->compiler->failed; i++) compile_statement(u, body.items[i]);
}

/* ---- docstrings ---- */

static Value expand_tabs(Compiler *c, Value text) {
    StrBuilder out = {};
    const void *data = str_data(c->t, text);
    size_t column = 0;
    for (size_t i = 0; i < str_length(text); i++) {
        uint32_t ch = str_char(data, str_kind(text), i);
        size_t repeat = ch == '\t' ? 8 - column % 8 : 1;
        for (size_t k = 0; k < repeat; k++)
            if (!str_builder_add_char(c->t, &out, ch == '\t' ? ' ' : ch))
                return keep(c, NO_VALUE);
        column = ch == '\n' || ch == '\r' ? 0 : column + repeat;
    }
    return keep(c, str_builder_finish(c->t, &out));
}

/* The smallest indentation of the lines after the first that are not blank; 0 if there are none. */
static size_t common_margin(const void *data, int kind, size_t length) {
    size_t margin = SIZE_MAX, i = 0;
    while (i < length && str_char(data, kind, i) != '\n') i++;
    while (i < length) {
        size_t start = ++i;
        while (i < length && str_char(data, kind, i) == ' ') i++;
        if (i < length && str_char(data, kind, i) != '\n' && i - start < margin)
            margin = i - start;
        while (i < length && str_char(data, kind, i) != '\n') i++;
    }
    return margin == SIZE_MAX ? 0 : margin;
}

/* The text without the indentation that all its lines share. */
static Value clean_docstring(Compiler *c, Value text) {
    text = expand_tabs(c, text);
    if (c->failed)
        return NO_VALUE;
    const void *data = str_data(c->t, text);
    int kind = str_kind(text);
    size_t length = str_length(text), margin = common_margin(data, kind, length), i = 0;
    StrBuilder out = {};
    while (i < length && str_char(data, kind, i) == ' ') i++;
    if (i == 0 && margin == 0)
        return text;
    while (i < length) {
        uint32_t ch = str_char(data, kind, i++);
        if (!str_builder_add_char(c->t, &out, ch))
            return keep(c, NO_VALUE);
        if (ch == '\n')
            for (size_t k = 0; k < margin && i < length && str_char(data, kind, i) == ' '; k++) i++;
    }
    return keep(c, str_builder_finish(c->t, &out));
}

static bool starts_with_docstring(StmtSeq body) {
    if (!body.count || body.items[0]->kind != STMT_Expr)
        return false;
    Expr *e = body.items[0]->Expr.value;
    return e->kind == EXPR_Constant && is_exactly(e->Constant.value, &str_type) && !is_folded(e);
}

Value docstring_of(Compiler *c, StmtSeq body) {
    if (!starts_with_docstring(body) || c->optimize >= 2)
        return NO_VALUE;
    return clean_docstring(c, body.items[0]->Expr.value->Constant.value);
}

void compile_body(Unit *u, StmtSeq body) {
    Compiler *c = u->compiler;
    if (body.count) {
        Position start = body.items[0]->pos;
        setup_annotations(u, body, start);
    }
    int32_t first = 0;
    if (!u->interactive || u->kind != UNIT_MODULE) { /* what is typed at a prompt is shown, not kept */
        Value doc = docstring_of(c, body);
        if (present(doc) && !c->failed) {
            Position pos = body.items[0]->Expr.value->pos;
            load_constant(u, pos, doc, next_temp(u));
            store_name(u, pos, names.__doc__, next_temp(u));
            first = 1;
        }
    }
    for (int32_t i = first; i < body.count && !c->failed; i++) compile_statement(u, body.items[i]);
}
