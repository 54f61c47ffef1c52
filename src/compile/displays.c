/* Displays: tuples, lists, sets and dicts written out.
 *
 * Items are evaluated into a row of temporaries and built at once; very long displays, and those with
 * unpacking, start with the first items and add the rest one by one. */
#include "compile/compiler.h"
#include "types/set/set.h"
#include "types/tuple.h"

enum { MAX_ROW = 240 };

/* A list or set of three or more constants is filled from one constant. */
static bool display_of_constants(Unit *u, Expr *e, ExprSeq items, Reg dst) {
    if (items.count < 3 || e->kind == EXPR_Tuple)
        return false;
    for (int32_t i = 0; i < items.count; i++)
        if (items.items[i]->kind != EXPR_Constant)
            return false;
    Compiler *c = u->compiler;
    Value all = keep(c, tuple_new(c->t, (size_t)items.count));
    if (c->failed)
        return true;
    for (int32_t i = 0; i < items.count; i++)
        store(as_object(all), &as_tuple(all)->items[i], items.items[i]->Constant.value);
    if (e->kind == EXPR_Set)
        all = keep(c, set_from_iterable(c->t, &frozenset_type, all));
    Reg work = working(u, dst);
    emit(u, e->pos, e->kind == EXPR_Set ? OP_BUILD_SET : OP_BUILD_LIST, work, work, 0);
    int32_t mark = u->top;
    if (u->top <= (work & REG_INDEX))
        push(u);
    load_constant(u, e->pos, all, next_temp(u));
    emit(u, e->pos, e->kind == EXPR_Set ? OP_SET_UPDATE : OP_LIST_EXTEND, work, next_temp(u), 0);
    release_to(u, mark);
    move(u, e->pos, dst, work);
    return true;
}

static ExprSeq display_items(Expr *e) {
    return e->kind == EXPR_Tuple ? e->Tuple.elts : e->kind == EXPR_List ? e->List.elts : e->Set.elts;
}

void compile_display(Unit *u, Expr *e, Reg dst) {
    ExprSeq items = display_items(e);
    bool set = e->kind == EXPR_Set, tuple = e->kind == EXPR_Tuple;
    if (display_of_constants(u, e, items, dst))
        return;
    int32_t row = 0;
    while (row < items.count && row < MAX_ROW && items.items[row]->kind != EXPR_Starred) row++;
    bool whole = row == items.count;
    if (!whole && row > 0 && items.items[row]->kind != EXPR_Starred)
        row = MAX_ROW;
    Reg base = next_temp(u);
    for (int32_t i = 0; i < row; i++) expr_push(u, items.items[i]);
    if (whole) {
        emit(u, e->pos, set ? OP_BUILD_SET : tuple ? OP_BUILD_TUPLE : OP_BUILD_LIST, dst, base, row);
        return;
    }
    emit(u, e->pos, set ? OP_BUILD_SET : OP_BUILD_LIST, base, base, row);
    release_to(u, base & REG_INDEX);
    push(u);
    for (int32_t i = row; i < items.count; i++) {
        Expr *item = items.items[i];
        bool starred = item->kind == EXPR_Starred;
        int32_t mark = u->top;
        Reg value = expr_last(u, starred ? item->Starred.value : item);
        Operation op = set ? (starred ? OP_SET_UPDATE : OP_SET_ADD) : (starred ? OP_LIST_EXTEND : OP_LIST_APPEND);
        emit(u, e->pos, op, base, value, 0);
        release_to(u, mark);
    }
    if (tuple)
        emit(u, e->pos, OP_LIST_TO_TUPLE, dst, base, 0);
    else
        move(u, e->pos, dst, base);
}

void compile_dict(Unit *u, Expr *e, Reg dst) {
    ExprSeq keys = e->Dict.keys, values = e->Dict.values;
    int32_t row = 0;
    while (row < values.count && row < MAX_ROW / 2 && keys.items[row]) row++;
    Reg base = next_temp(u);
    for (int32_t i = 0; i < row; i++) {
        expr_push(u, keys.items[i]);
        expr_push(u, values.items[i]);
    }
    if (row == values.count) {
        emit(u, e->pos, OP_BUILD_DICT, dst, base, row);
        return;
    }
    emit(u, e->pos, OP_BUILD_DICT, base, base, row);
    release_to(u, base & REG_INDEX);
    push(u);
    for (int32_t i = row; i < values.count; i++) {
        int32_t mark = u->top;
        if (keys.items[i]) {
            Reg key = expr(u, keys.items[i]);
            Reg value = expr_last(u, values.items[i]);
            emit(u, e->pos, OP_DICT_SET, base, key, value);
        } else {
            emit(u, e->pos, OP_DICT_UPDATE, base, expr_last(u, values.items[i]), 0);
        }
        release_to(u, mark);
    }
    move(u, e->pos, dst, base);
}
