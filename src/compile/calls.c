/* Calls. The callee, room for self and the arguments are computed into consecutive temporaries, which is where the
 * callee's frame will find them. */
#include "compile/compiler.h"
#include "types/tuple.h"

enum { MAX_PUSHED_ARGUMENTS = 240 };

static bool is_simple(ExprSeq args, KeywordSeq keywords) {
    if (args.count + keywords.count > MAX_PUSHED_ARGUMENTS)
        return false;
    for (int32_t i = 0; i < args.count; i++)
        if (args.items[i]->kind == EXPR_Starred)
            return false;
    for (int32_t i = 0; i < keywords.count; i++)
        if (absent(keywords.items[i]->arg))
            return false;
    return true;
}

static void validate_keywords(Unit *u, KeywordSeq keywords) {
    ConstTable seen = {};
    for (int32_t i = 0; i < keywords.count && !u->compiler->failed; i++) {
        Value name = keywords.items[i]->arg;
        if (absent(name))
            continue;
        if (const_table_find(&seen, name) >= 0) {
            compile_error(u->compiler, keywords.items[i]->pos, "keyword argument repeated: %S", name);
            return;
        }
        const_table_add(u->compiler, &seen, name);
    }
}

static void load_keyword_names(Unit *u, Position pos, KeywordSeq keywords) {
    Compiler *c = u->compiler;
    Value all = keep(c, tuple_new(c->t, (size_t)keywords.count));
    for (int32_t i = 0; i < keywords.count && !c->failed; i++)
        store(as_object(all), &as_tuple(all)->items[i], keep(c, str_intern(c->t, keywords.items[i]->arg)));
    if (!c->failed)
        load_constant(u, pos, all, next_temp(u));
}

static void simple_call(Unit *u, Position pos, int32_t base, int pushed, ExprSeq args, Value extra, KeywordSeq keywords,
                        Reg dst) {
    for (int32_t i = 0; i < args.count; i++) expr_push(u, args.items[i]);
    int32_t count = pushed + args.count;
    if (present(extra)) {
        load_name(u, pos, extra, next_temp(u));
        push(u);
        count++;
    }
    for (int32_t i = 0; i < keywords.count; i++) expr_push(u, keywords.items[i]->value);
    if (keywords.count) {
        load_keyword_names(u, pos, keywords);
        push(u);
        emit(u, pos, OP_CALL_KW, REG_TEMP | base, count + keywords.count, dst);
    } else {
        emit(u, pos, OP_CALL, REG_TEMP | base, count, dst);
    }
}

/* The positional arguments as one iterable in temporary base + 2. */
static void collect_positional(Unit *u, Position pos, int32_t base, int pushed, ExprSeq args, Value extra) {
    Reg all = REG_TEMP | (base + 2);
    if (!pushed && absent(extra) && args.count == 0) {
        load_constant(u, pos, empty_tuple, all);
        push(u);
        return;
    }
    if (!pushed && absent(extra) && args.count == 1 && args.items[0]->kind == EXPR_Starred) {
        expr_push(u, args.items[0]->Starred.value);
        return;
    }
    int32_t row = 0;
    while (row < args.count && row < MAX_PUSHED_ARGUMENTS && args.items[row]->kind != EXPR_Starred)
        expr_push(u, args.items[row++]);
    emit(u, pos, OP_BUILD_LIST, all, all, pushed + row);
    release_to(u, base + 2);
    push(u);
    for (int32_t i = row; i < args.count; i++) {
        int32_t mark = u->top;
        bool starred = args.items[i]->kind == EXPR_Starred;
        Reg value = expr_last(u, starred ? args.items[i]->Starred.value : args.items[i]);
        emit(u, pos, starred ? OP_LIST_EXTEND : OP_LIST_APPEND, all, value, 0);
        release_to(u, mark);
    }
    if (present(extra)) {
        load_name(u, pos, extra, next_temp(u));
        emit(u, pos, OP_LIST_APPEND, all, next_temp(u), 0);
    }
    emit(u, pos, OP_LIST_TO_TUPLE, all, all, 0);
}

/* A row of named arguments as a new dict in the next temporary. */
static Reg keyword_row(Unit *u, Position pos, Keyword **items, int32_t count) {
    Reg dict = next_temp(u);
    int32_t in_row = 0;
    bool made = false;
    for (int32_t i = 0; i < count; i++) {
        if (in_row == MAX_PUSHED_ARGUMENTS / 2) {
            made = true;
            emit(u, pos, OP_BUILD_DICT, dict, dict, in_row);
            release_to(u, dict & REG_INDEX);
            push(u);
            in_row++;
        }
        Value name = items[i]->arg;
        load_constant(u, pos, name, next_temp(u));
        Reg key = push(u);
        Reg value = expr_push(u, items[i]->value);
        if (made) {
            emit(u, pos, OP_DICT_SET, dict, key, value);
            release_to(u, key & REG_INDEX);
        } else {
            in_row++;
        }
    }
    if (!made) {
        emit(u, pos, OP_BUILD_DICT, dict, dict, in_row);
        release_to(u, dict & REG_INDEX);
        push(u);
    }
    return dict;
}

static void collect_keywords(Unit *u, Position pos, int32_t base, KeywordSeq keywords) {
    Reg all = next_temp(u);
    if (keywords.count == 0) {
        emit(u, pos, OP_CLEAR, all, 0, 0);
        push(u);
        return;
    }
    int32_t i = 0;
    while (i < keywords.count && present(keywords.items[i]->arg)) i++;
    keyword_row(u, pos, keywords.items, i);
    while (i < keywords.count) {
        int32_t mark = u->top, start = i;
        if (absent(keywords.items[i]->arg)) {
            Reg mapping = expr_last(u, keywords.items[i++]->value);
            emit(u, pos, OP_DICT_MERGE, all, mapping, REG_TEMP | base);
        } else {
            while (i < keywords.count && present(keywords.items[i]->arg)) i++;
            Reg row = keyword_row(u, pos, keywords.items + start, i - start);
            emit(u, pos, OP_DICT_MERGE, all, row, REG_TEMP | base);
        }
        release_to(u, mark);
    }
}

void call_with(Unit *u, Position pos, int32_t base, int pushed, ExprSeq args, Value extra, KeywordSeq keywords,
               Reg dst) {
    validate_keywords(u, keywords);
    if (is_simple(args, keywords)) {
        simple_call(u, pos, base, pushed, args, extra, keywords, dst);
    } else {
        collect_positional(u, pos, base, pushed, args, extra);
        collect_keywords(u, pos, base, keywords);
        emit(u, pos, OP_CALL_EX, REG_TEMP | base, 0, dst);
    }
    release_to(u, base);
}

/* ---- super() ---- */

static bool names_builtin_super(Unit *u, Expr *e) {
    return e->kind == EXPR_Name && str_equal_text(e->Name.id, "super") && !u->inline_scope &&
           scope_of_name(u->scope, e->Name.id) == NAME_GLOBAL_IMPLICIT &&
           scope_of_name(symtable_top(u->compiler->table), e->Name.id) == NAME_UNRESOLVED;
}

static bool is_super_call(Unit *u, Expr *attribute) {
    Expr *call = attribute->Attribute.value;
    if (call->kind != EXPR_Call || !names_builtin_super(u, call->Call.func) || call->Call.keywords.count)
        return false;
    ExprSeq args = call->Call.args;
    if (args.count == 2)
        return args.items[0]->kind != EXPR_Starred && args.items[1]->kind != EXPR_Starred;
    if (args.count != 0 || u->kind == UNIT_MODULE || u->kind == UNIT_CLASS || u->argument_count == 0)
        return false;
    return scope_of_name(u->scope, names.__class__) == NAME_FREE;
}

bool compile_super_attribute(Unit *u, Expr *e, Reg dst, bool as_method) {
    if (u->compiler->failed || !is_super_call(u, e))
        return false;
    Expr *call = e->Attribute.value;
    Reg base = next_temp(u);
    load_name(u, call->Call.func->pos, call->Call.func->Name.id, base);
    push(u);
    bool with_arguments = call->Call.args.count == 2;
    if (with_arguments) {
        expr_push(u, call->Call.args.items[0]);
        expr_push(u, call->Call.args.items[1]);
    } else {
        emit(u, call->pos, OP_LOAD_DEREF, next_temp(u), cell_register(u, names.__class__), 0);
        push(u);
        bool cell = u->local_kinds[0] & LOCAL_CELL;
        if (!cell)
            emit(u, call->pos, OP_CHECK_BOUND, REG_LOCAL | 0, 0, 0);
        emit(u, call->pos, cell ? OP_LOAD_DEREF : OP_MOVE, next_temp(u), REG_LOCAL | 0, 0);
        push(u);
    }
    emit_named(u, e->pos, OP_LOAD_SUPER_ATTR, base, (as_method ? 1 : 0) | (with_arguments ? 2 : 0), mangle(u, e->Attribute.attr));
    emit(u, attribute_position(e->pos, e), OP_NOP, 0, 0, 0);
    release_to(u, base & REG_INDEX);
    if (!as_method)
        move(u, e->pos, dst, base);
    return true;
}

/* ---- callees ---- */

static Position prepare_method(Unit *u, Expr *e) {
    Expr *func = e->Call.func;
    if (!compile_super_attribute(u, func, next_temp(u), true)) {
        Reg callee = next_temp(u);
        int32_t mark = u->top;
        Reg object = expr_last(u, func->Attribute.value);
        release_to(u, mark);
        emit_named(u, attribute_position(func->pos, func), OP_LOAD_METHOD, callee, object,
                   mangle(u, func->Attribute.attr));
    }
    return attribute_position(e->pos, func);
}

void compile_call(Unit *u, Expr *e, Reg dst) {
    Expr *func = e->Call.func;
    int32_t base = u->top;
    Position pos = e->pos;
    warn_if_not_callable(u, func, e->pos);
    if (func->kind == EXPR_Attribute) {
        pos = prepare_method(u, e);
    } else if (func->kind == EXPR_Name) {
        load_callee_name(u, func->pos, func->Name.id);
    } else {
        expr_push(u, func);
        emit(u, func->pos, OP_CLEAR, next_temp(u), 0, 0);
        release_to(u, base);
    }
    push(u);
    push(u);
    call_with(u, pos, base, 0, e->Call.args, NO_VALUE, e->Call.keywords, dst);
}
