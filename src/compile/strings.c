/* f-strings and t-strings. */
#include "compile/compiler.h"
#include "types/tuple.h"

enum { MAX_PIECES = 200 };

void compile_formatted_value(Unit *u, Expr *e, Reg dst) {
    Reg value = e->FormattedValue.format_spec ? expr(u, e->FormattedValue.value)
                                              : expr_last(u, e->FormattedValue.value);
    int32_t conversion = e->FormattedValue.conversion;
    if (conversion == 's' || conversion == 'r' || conversion == 'a') {
        Reg converted = is_temp(value) ? value : next_temp(u);
        emit(u, e->pos, OP_CONVERT_VALUE, converted, value, conversion == 's' ? 1 : conversion == 'r' ? 2 : 3);
        if (!is_temp(value))
            push(u);
        value = converted;
    } else if (conversion != -1 && conversion != 0) {
        raise_system_error(u->compiler->t, "Unrecognized conversion character %d", (int)conversion);
        u->compiler->failed = true;
    }
    if (e->FormattedValue.format_spec) {
        Reg spec = expr_last(u, e->FormattedValue.format_spec);
        emit(u, e->pos, OP_FORMAT_WITH_SPEC, dst, value, spec);
    } else {
        emit(u, e->pos, OP_FORMAT_SIMPLE, dst, value, 0);
    }
}

void compile_joined_str(Unit *u, Expr *e, Reg dst) {
    ExprSeq values = e->JoinedStr.values;
    if (values.count == 0) {
        load_constant(u, e->pos, empty_str, dst);
        return;
    }
    if (values.count == 1) {
        expr_to(u, values.items[0], dst);
        return;
    }
    Reg base = next_temp(u);
    int32_t pieces = 0;
    for (int32_t i = 0; i < values.count; i++) {
        if (pieces == MAX_PIECES) {
            emit(u, e->pos, OP_BUILD_STRING, base, base, pieces);
            release_to(u, base & REG_INDEX);
            push(u);
            pieces = 1;
        }
        expr_push(u, values.items[i]);
        pieces++;
    }
    emit(u, e->pos, OP_BUILD_STRING, dst, base, pieces);
}

void compile_interpolation(Unit *u, Expr *e, Reg dst) {
    Reg base = expr_push(u, e->Interpolation.value);
    load_constant(u, e->pos, e->Interpolation.str, next_temp(u));
    push(u);
    if (e->Interpolation.format_spec)
        expr_to(u, e->Interpolation.format_spec, next_temp(u));
    else
        load_constant(u, e->pos, empty_str, next_temp(u));
    push(u);
    int32_t conversion = e->Interpolation.conversion;
    emit(u, e->pos, OP_BUILD_INTERPOLATION, dst, base, conversion == -1 ? 0 : conversion);
}

/* Strings and interpolations alternate, beginning and ending with a string. */
void compile_template_str(Unit *u, Expr *e, Reg dst) {
    ExprSeq values = e->TemplateStr.values;
    Compiler *c = u->compiler;
    int32_t interpolations = 0;
    for (int32_t i = 0; i < values.count; i++) interpolations += values.items[i]->kind == EXPR_Interpolation;
    Value strings = keep(c, tuple_new(c->t, (size_t)interpolations + 1));
    if (c->failed)
        return;
    for (int32_t i = 0, n = 0; i <= values.count && n <= interpolations; i++) {
        bool text = i < values.count && values.items[i]->kind == EXPR_Constant;
        store(as_object(strings), &as_tuple(strings)->items[n++], text ? values.items[i]->Constant.value : empty_str);
        i += text;
    }
    load_constant(u, e->pos, strings, next_temp(u));
    Reg base = push(u), row = next_temp(u);
    int32_t pushed = 0;
    bool list = interpolations > MAX_PIECES;
    if (list) {
        emit(u, e->pos, OP_BUILD_LIST, row, row, 0);
        push(u);
    }
    for (int32_t i = 0; i < values.count; i++) {
        if (values.items[i]->kind != EXPR_Interpolation)
            continue;
        Reg item = expr_push(u, values.items[i]);
        pushed++;
        if (list) {
            emit(u, e->pos, OP_LIST_APPEND, row, item, 0);
            release_to(u, item & REG_INDEX);
        }
    }
    if (list)
        emit(u, e->pos, OP_LIST_TO_TUPLE, row, row, 0);
    else
        emit(u, e->pos, OP_BUILD_TUPLE, row, row, pushed);
    release_to(u, row & REG_INDEX);
    push(u);
    emit(u, e->pos, OP_BUILD_TEMPLATE, dst, base, row);
}
