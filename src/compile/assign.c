/* Binding: assignment in all its forms, and `del`. */
#include "compile/compiler.h"

static void store_unpacked(Unit *u, Position pos, ExprSeq targets, Reg value) {
    int32_t star = -1;
    for (int32_t i = 0; i < targets.count; i++) {
        if (targets.items[i]->kind != EXPR_Starred)
            continue;
        if (star >= 0) {
            compile_error(u->compiler, pos, "multiple starred expressions in assignment");
            return;
        }
        star = i;
    }
    int32_t mark = u->top, after = targets.count - star - 1;
    Reg base = next_temp(u);
    if (star >= 0 && (star > 255 || after > 255)) {
        compile_error(u->compiler, pos, "too many expressions in star-unpacking assignment");
        return;
    }
    emit(u, pos, star >= 0 ? OP_UNPACK_EX : OP_UNPACK, base, value, star >= 0 ? star | after << 8 : targets.count);
    u->top += targets.count;
    for (int32_t i = 0; i < targets.count; i++) {
        Expr *target = targets.items[i];
        store_to(u, target->kind == EXPR_Starred ? target->Starred.value : target, base + i);
    }
    release_to(u, mark);
}

void store_to(Unit *u, Expr *target, Reg value) {
    int32_t mark = u->top;
    if (u->compiler->failed || !enter_recursion(u->compiler))
        return;
    switch (target->kind) {
    case EXPR_Name: store_name(u, target->pos, target->Name.id, value); break;
    case EXPR_Attribute: {
        note_static_attribute(u, target);
        Reg object = expr_last(u, target->Attribute.value);
        emit_named(u, attribute_position(target->pos, target), OP_STORE_ATTR, object, value,
                   mangle(u, target->Attribute.attr));
        break;
    }
    case EXPR_Subscript: {
        Reg object = expr(u, target->Subscript.value);
        Reg key = subscript_key(u, target, true);
        emit(u, target->pos, OP_SET_ITEM, object, key, value);
        break;
    }
    case EXPR_Tuple: store_unpacked(u, target->pos, target->Tuple.elts, value); break;
    case EXPR_List: store_unpacked(u, target->pos, target->List.elts, value); break;
    case EXPR_Starred:
        compile_error(u->compiler, target->pos, "starred assignment target must be in a list or tuple");
        break;
    default:
        raise_system_error(u->compiler->t, "expression cannot be assigned to");
        u->compiler->failed = true;
    }
    release_to(u, mark);
    leave_recursion(u->compiler);
}

/* ---- a, b = c, d without a tuple ---- */

static ExprSeq items_of(Expr *e) {
    return e->kind == EXPR_Tuple ? e->Tuple.elts : e->kind == EXPR_List ? e->List.elts : (ExprSeq){};
}

static bool has_starred(ExprSeq items) {
    for (int32_t i = 0; i < items.count; i++)
        if (items.items[i]->kind == EXPR_Starred)
            return true;
    return false;
}

enum { MAX_PARALLEL = 16 };

/* Are all targets different plain variables? Their registers. */
static bool distinct_registers(Unit *u, ExprSeq targets, Reg *registers) {
    for (int32_t i = 0; i < targets.count; i++) {
        if (targets.items[i]->kind != EXPR_Name)
            return false;
        registers[i] = store_target(u, targets.items[i]->Name.id);
        if (registers[i] < 0)
            return false;
        for (int32_t j = 0; j < i; j++)
            if (registers[j] == registers[i])
                return false;
    }
    return true;
}

static bool assign_in_parallel(Unit *u, Expr *target, Expr *value) {
    ExprSeq targets = items_of(target), values = items_of(value);
    Reg registers[MAX_PARALLEL], computed[MAX_PARALLEL];
    if (targets.count < 2 || targets.count != values.count || targets.count > MAX_PARALLEL || has_starred(targets) ||
        has_starred(values))
        return false;
    int32_t n = targets.count;
    bool distinct = distinct_registers(u, targets, registers);
    for (int32_t i = 0; i < n; i++) {
        if (distinct && i == n - 1 && values.items[i]->pos.line == targets.items[i]->pos.line) {
            expr_to(u, values.items[i], registers[i]);
            computed[i] = registers[i];
            continue;
        }
        Reg own;
        bool stays = distinct && values.items[i]->kind == EXPR_Name && name_is_fast(u, values.items[i]->Name.id, &own);
        for (int32_t j = 0; stays && j < n; j++) stays = registers[j] != own;
        computed[i] = stays ? expr(u, values.items[i]) : expr_push(u, values.items[i]);
    }
    for (int32_t i = 0; i < n; i++) {
        store_to(u, targets.items[i], computed[i]);
        if (distinct && computed[i] == registers[i])
            emit(u, targets.items[i]->pos, OP_NOP, 0, 0, 0);
    }
    return true;
}

/* The name's variable is in a register. */
static void assign_to_register(Unit *u, Expr *name, Reg reg, Expr *value) {
    if (value->pos.line != name->pos.line)
        move(u, name->pos, reg, expr_last(u, value));
    else
        expr_to(u, value, reg);
    emit(u, name->pos, OP_NOP, 0, 0, 0); /* what comes after it without a position belongs to the name */
}

void compile_assign(Unit *u, Stmt *s) {
    ExprSeq targets = s->Assign.targets;
    Expr *value = s->Assign.value, *first = targets.items[0];
    int32_t mark = u->top;
    Reg reg = first->kind == EXPR_Name ? store_target(u, first->Name.id) : -1;
    bool only_names = true;
    for (int32_t i = 0; i < targets.count; i++) only_names &= targets.items[i]->kind == EXPR_Name;
    if (reg >= 0 && only_names) {
        if (value->kind == EXPR_Constant && is_none(value->Constant.value)) {
            constant_index(u, NONE);
            emit(u, value->pos, OP_LOAD_NONE, reg, 0, 0);
            emit(u, first->pos, OP_NOP, 0, 0, 0);
        } else {
            assign_to_register(u, first, reg, value);
        }
        for (int32_t i = 1; i < targets.count; i++) store_to(u, targets.items[i], reg);
    } else if (targets.count == 1) {
        if (!assign_in_parallel(u, first, value))
            store_to(u, first, first->kind == EXPR_Name ? expr_last(u, value) : expr(u, value));
    } else {
        reg = expr_push(u, value);
        for (int32_t i = 0; i < targets.count; i++) store_to(u, targets.items[i], reg);
    }
    release_to(u, mark);
}

/* ---- a += b ---- */

static void inplace(Unit *u, Stmt *s, Reg dst, Reg left) {
    BinaryOperator op = s->AugAssign.op;
    int32_t small;
    if ((op == OPERATOR_Add || op == OPERATOR_Sub) && int_operand(s->AugAssign.value, &small)) {
        note_first_constant(u, s->AugAssign.value->Constant.value);
        emit_line(u, s->AugAssign.value->pos, s->pos);
        emit(u, s->pos, op == OPERATOR_Add ? OP_INPLACE_ADD_INT : OP_INPLACE_SUB_INT, dst, left, small);
        return;
    }
    Reg right = expr_last(u, s->AugAssign.value);
    emit(u, s->pos, binary_operation_code(op, true), dst, left, right);
}

static void aug_assign_name(Unit *u, Stmt *s) {
    Expr *target = s->AugAssign.target;
    Reg reg = store_target(u, target->Name.id);
    if (reg >= 0 && !name_is_rebound(u, target->Name.id)) {
        emit(u, target->pos, OP_CHECK_BOUND, reg, 0, 0);
        inplace(u, s, reg, reg);
        return;
    }
    Reg work = next_temp(u);
    load_name(u, target->pos, target->Name.id, work);
    push(u);
    inplace(u, s, work, work);
    store_name(u, target->pos, target->Name.id, work);
}

void compile_aug_assign(Unit *u, Stmt *s) {
    Expr *target = s->AugAssign.target;
    int32_t mark = u->top;
    switch (target->kind) {
    case EXPR_Name: aug_assign_name(u, s); break;
    case EXPR_Attribute: {
        Position pos = attribute_position(target->pos, target);
        Value name = mangle(u, target->Attribute.attr);
        note_static_attribute(u, target);
        Reg object = expr(u, target->Attribute.value), work = next_temp(u);
        emit_named(u, pos, OP_LOAD_ATTR, work, object, name);
        push(u);
        inplace(u, s, work, work);
        emit_named(u, pos, OP_STORE_ATTR, object, work, name);
        break;
    }
    case EXPR_Subscript: {
        Reg object = expr(u, target->Subscript.value);
        Reg key = subscript_key(u, target, false), work = next_temp(u);
        emit(u, target->pos, OP_GET_ITEM, work, object, key);
        push(u);
        inplace(u, s, work, work);
        emit(u, target->pos, OP_SET_ITEM, object, key, work);
        break;
    }
    default:
        raise_system_error(u->compiler->t, "invalid node type for augmented assignment");
        u->compiler->failed = true;
    }
    release_to(u, mark);
}

/* ---- a: b = c ---- */

static void add_deferred_annotation(Unit *u, Stmt *s) {
    Compiler *c = u->compiler;
    bool conditional = u->kind == UNIT_MODULE || u->conditional_depth > 0;
    DeferredAnnotation *list = grow(c, u->annotations, u->annotation_count, &u->annotation_capacity, sizeof *list);
    if (!list)
        return;
    u->annotations = list;
    int32_t number = conditional ? u->conditional_annotation_count++ : -1;
    list[u->annotation_count++] = (DeferredAnnotation){s, number};
    if (conditional) {
        Reg cell = cell_register(u, names.__conditional_annotations__);
        if (u->kind == UNIT_CLASS && cell >= 0)
            emit(u, s->pos, OP_LOAD_DEREF, next_temp(u), cell, 0);
        else
            load_name(u, s->pos, names.__conditional_annotations__, next_temp(u));
        Reg set = push(u);
        load_int(u, s->pos, number, next_temp(u));
        emit(u, s->pos, OP_SET_ADD, set, next_temp(u), 0);
    }
}

static void annotate_name(Unit *u, Stmt *s) {
    Expr *target = s->AnnAssign.target;
    if (u->compiler->features & PARSE_FUTURE_ANNOTATIONS) {
        load_annotation(u, s->AnnAssign.annotation, next_temp(u));
        Reg annotation = push(u);
        emit_named(u, s->pos, OP_LOAD_NAME, next_temp(u), 0, names.__annotations__);
        Reg mapping = push(u);
        load_constant(u, s->pos, mangle(u, target->Name.id), next_temp(u));
        emit(u, s->pos, OP_SET_ITEM, mapping, next_temp(u), annotation);
    } else {
        add_deferred_annotation(u, s);
    }
}

void compile_ann_assign(Unit *u, Stmt *s) {
    Expr *target = s->AnnAssign.target, *value = s->AnnAssign.value;
    bool keeps = u->kind == UNIT_MODULE || u->kind == UNIT_CLASS;
    int32_t mark = u->top;
    if (value) {
        Reg reg = target->kind == EXPR_Name ? store_target(u, target->Name.id) : -1;
        if (reg >= 0)
            assign_to_register(u, target, reg, value);
        else
            store_to(u, target, expr(u, value));
        release_to(u, mark);
    }
    switch (target->kind) {
    case EXPR_Name:
        if (s->AnnAssign.simple && keeps)
            annotate_name(u, s);
        break;
    case EXPR_Attribute:
        if (!value)
            expr_discard(u, target->Attribute.value);
        break;
    case EXPR_Subscript:
        if (!value) {
            expr_discard(u, target->Subscript.value);
            expr_discard(u, target->Subscript.slice);
        }
        break;
    default:
        raise_system_error(u->compiler->t, "invalid node type for annotated assignment");
        u->compiler->failed = true;
    }
    release_to(u, mark);
}

/* ---- del ---- */

static void delete_target(Unit *u, Expr *e) {
    int32_t mark = u->top;
    if (u->compiler->failed || !enter_recursion(u->compiler))
        return;
    switch (e->kind) {
    case EXPR_Name: delete_name(u, e->pos, e->Name.id); break;
    case EXPR_Attribute: {
        Reg object = expr_last(u, e->Attribute.value);
        emit_named(u, attribute_position(e->pos, e), OP_DELETE_ATTR, object, 0, mangle(u, e->Attribute.attr));
        break;
    }
    case EXPR_Subscript: {
        Reg object = expr(u, e->Subscript.value);
        Reg key = subscript_key(u, e, true);
        emit(u, e->pos, OP_DELETE_ITEM, object, key, 0);
        break;
    }
    case EXPR_Tuple:
    case EXPR_List: {
        ExprSeq items = items_of(e);
        for (int32_t i = 0; i < items.count; i++) delete_target(u, items.items[i]);
        break;
    }
    default:
        raise_system_error(u->compiler->t, "expression cannot be deleted");
        u->compiler->failed = true;
    }
    release_to(u, mark);
    leave_recursion(u->compiler);
}

void compile_delete(Unit *u, Stmt *s) {
    for (int32_t i = 0; i < s->Delete.targets.count; i++) delete_target(u, s->Delete.targets.items[i]);
}
