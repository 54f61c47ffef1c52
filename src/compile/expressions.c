/* Expressions. A value goes to a given register (expr_to), or to wherever it already is (expr).
 *
 * Order of evaluation: a variable's own register may stand for its value only as long as nothing evaluated in
 * between can bind it again. Within an expression only `:=` can; names that any assignment expression of the
 * module binds are therefore copied, unless the value is used at once (expr_last).
 * A destination that is a variable is written by the last instruction alone: see working(). */
#include "compile/compiler.h"
#include "types/int/int.h"

Value constant_of(Expr *e) { return e->kind == EXPR_Constant ? e->Constant.value : NO_VALUE; }

bool is_folded(Expr *e) { return e->kind == EXPR_Constant && same(e->Constant.kind, FALSE); }

bool int_operand(Expr *e, int32_t *value) {
    if (e->kind != EXPR_Constant || !is_small_int(e->Constant.value))
        return false;
    int64_t i = small_int_value(e->Constant.value);
    *value = (int32_t)i;
    return i >= INT16_MIN && i <= INT16_MAX;
}

Reg working(Unit *u, Reg dst) { return is_temp(dst) ? dst : next_temp(u); }

Operation binary_operation_code(BinaryOperator op, bool inplace) {
    static const uint16_t codes[] = {
        [OPERATOR_Add] = OP_ADD,       [OPERATOR_Sub] = OP_SUB,       [OPERATOR_Mult] = OP_MUL,
        [OPERATOR_MatMult] = OP_MATMUL, [OPERATOR_Div] = OP_TRUEDIV,   [OPERATOR_Mod] = OP_MOD,
        [OPERATOR_Pow] = OP_POW,       [OPERATOR_LShift] = OP_LSHIFT, [OPERATOR_RShift] = OP_RSHIFT,
        [OPERATOR_BitOr] = OP_OR,      [OPERATOR_BitXor] = OP_XOR,    [OPERATOR_BitAnd] = OP_AND,
        [OPERATOR_FloorDiv] = OP_FLOORDIV,
    };
    return (Operation)(codes[op] + (inplace ? OP_INPLACE_ADD - OP_ADD : 0));
}

/* The position of an attribute, or the call of a method, that stands on another line than the start of its expression: from its name on. */
Position attribute_position(Position pos, Expr *attribute) {
    Position own = attribute->pos;
    if (pos.line != own.end_line) {
        int32_t length = (int32_t)str_length(attribute->Attribute.attr);
        pos.line = own.end_line;
        pos.column = length <= own.end_column ? own.end_column - length : -1;
        if (pos.column < 0)
            pos.end_column = -1;
    }
    return pos;
}

static void compile_binary(Unit *u, Expr *e, Reg dst) {
    Reg left = expr(u, e->BinOp.left);
    BinaryOperator op = e->BinOp.op;
    int32_t small;
    if ((op == OPERATOR_Add || op == OPERATOR_Sub) && int_operand(e->BinOp.right, &small)) {
        note_first_constant(u, e->BinOp.right->Constant.value);
        emit_line(u, e->BinOp.right->pos, e->pos);
        emit(u, e->pos, op == OPERATOR_Add ? OP_ADD_INT : OP_SUB_INT, dst, left, small);
        return;
    }
    Reg right = expr_last(u, e->BinOp.right);
    emit(u, e->pos, binary_operation_code(op, false), dst, left, right);
}

static void compile_unary(Unit *u, Expr *e, Reg dst) {
    static const uint16_t codes[] = {[UNARYOP_Invert] = OP_INVERT, [UNARYOP_Not] = OP_NOT, [UNARYOP_UAdd] = OP_POSITIVE,
                                     [UNARYOP_USub] = OP_NEGATIVE};
    Expr *tested = e->UnaryOp.operand;
    if (e->UnaryOp.op == UNARYOP_Not && tested->kind == EXPR_Compare && tested->Compare.ops.count == 1 &&
        tested->Compare.ops.items[0] >= CMPOP_Is) { /* `not a is b` is `a is not b` */
        static const uint16_t opposite[] = {[CMPOP_Is] = CMPOP_IsNot, [CMPOP_IsNot] = CMPOP_Is, [CMPOP_In] = CMPOP_NotIn,
                                            [CMPOP_NotIn] = CMPOP_In};
        warn_if_literal_compared(u, tested);
        Reg left = expr(u, tested->Compare.left);
        Reg right = expr_last(u, tested->Compare.comparators.items[0]);
        emit(u, tested->pos, compare_operation((CompareOperator)opposite[tested->Compare.ops.items[0]]), dst, left, right);
        return;
    }
    Reg operand = expr_last(u, tested);
    emit(u, e->pos, (Operation)codes[e->UnaryOp.op], dst, operand, 0);
}

static void compile_attribute(Unit *u, Expr *e, Reg dst) {
    if (compile_super_attribute(u, e, dst, false))
        return;
    Reg object = expr_last(u, e->Attribute.value);
    emit_named(u, attribute_position(e->pos, e), OP_LOAD_ATTR, dst, object, mangle(u, e->Attribute.attr));
}

static void push_or_none(Unit *u, Expr *e, Position pos) {
    if (e) {
        expr_push(u, e);
    } else {
        load_constant(u, pos, NONE, next_temp(u));
        push(u);
    }
}

static void compile_slice(Unit *u, Expr *e, Position pos, Reg dst) {
    Reg base = next_temp(u);
    push_or_none(u, e->Slice.lower, e->pos);
    push_or_none(u, e->Slice.upper, e->pos);
    push_or_none(u, e->Slice.step, e->pos);
    emit(u, pos, OP_BUILD_SLICE, dst, base, 0);
}

/* Slices without a step are a part of the subscription that they are for, as tracing sees it. */
Reg subscript_key(Unit *u, Expr *e, bool last) {
    Expr *slice = e->Subscript.slice;
    if (slice->kind != EXPR_Slice || slice->Slice.step)
        return last ? expr_last(u, slice) : expr(u, slice);
    int32_t mark = u->top;
    compile_slice(u, slice, e->pos, next_temp(u));
    release_to(u, mark);
    return push(u);
}

static void compile_subscript(Unit *u, Expr *e, Reg dst) {
    warn_if_not_subscriptable(u, e->Subscript.value, e->Subscript.slice, e->pos);
    Reg object = expr(u, e->Subscript.value);
    Reg key = subscript_key(u, e, true);
    emit(u, e->pos, OP_GET_ITEM, dst, object, key);
}

static void compile_named(Unit *u, Expr *e, Reg dst) {
    Value name = e->NamedExpr.target->Name.id;
    Reg target = store_target(u, name);
    if (target >= 0) {
        expr_to(u, e->NamedExpr.value, target);
        emit(u, e->NamedExpr.target->pos, OP_NOP, 0, 0, 0);
        move(u, e->pos, dst, target);
        return;
    }
    Reg work = working(u, dst);
    expr_to(u, e->NamedExpr.value, work);
    store_name(u, e->NamedExpr.target->pos, name, work);
    move(u, e->pos, dst, work);
}

static void compile_expression(Unit *u, Expr *e, Reg dst) {
    switch (e->kind) {
    case EXPR_BoolOp: compile_bool_op(u, e, dst); break;
    case EXPR_NamedExpr: compile_named(u, e, dst); break;
    case EXPR_BinOp: compile_binary(u, e, dst); break;
    case EXPR_UnaryOp: compile_unary(u, e, dst); break;
    case EXPR_Lambda: compile_lambda(u, e, dst); break;
    case EXPR_IfExp: compile_if_expression(u, e, dst); break;
    case EXPR_Dict: compile_dict(u, e, dst); break;
    case EXPR_Set:
    case EXPR_List:
    case EXPR_Tuple: compile_display(u, e, dst); break;
    case EXPR_ListComp:
    case EXPR_SetComp:
    case EXPR_DictComp:
    case EXPR_GeneratorExp: compile_comprehension(u, e, dst); break;
    case EXPR_Await: compile_await(u, e, dst); break;
    case EXPR_Yield: compile_yield(u, e, dst); break;
    case EXPR_YieldFrom: compile_yield_from(u, e, dst); break;
    case EXPR_Compare: compile_compare(u, e, dst); break;
    case EXPR_Call: compile_call(u, e, dst); break;
    case EXPR_FormattedValue: compile_formatted_value(u, e, dst); break;
    case EXPR_Interpolation: compile_interpolation(u, e, dst); break;
    case EXPR_JoinedStr: compile_joined_str(u, e, dst); break;
    case EXPR_TemplateStr: compile_template_str(u, e, dst); break;
    case EXPR_Constant: load_constant(u, e->pos, e->Constant.value, dst); break;
    case EXPR_Attribute: compile_attribute(u, e, dst); break;
    case EXPR_Subscript: compile_subscript(u, e, dst); break;
    case EXPR_Starred: compile_error(u->compiler, e->pos, "can't use starred expression here"); break;
    case EXPR_Name: load_name(u, e->pos, e->Name.id, dst); break;
    case EXPR_Slice: compile_slice(u, e, e->pos, dst); break;
    case EXPR_NONE: break;
    }
}

void expr_to(Unit *u, Expr *e, Reg dst) {
    int32_t mark = u->top;
    if (u->compiler->failed || !enter_recursion(u->compiler))
        return;
    compile_expression(u, e, dst);
    leave_recursion(u->compiler);
    release_to(u, mark);
}

Reg expr_push(Unit *u, Expr *e) {
    expr_to(u, e, next_temp(u));
    return push(u);
}

static bool own_register(Unit *u, Expr *e, Reg *reg) {
    if (u->compiler->failed || e->kind != EXPR_Name || !name_is_fast(u, e->Name.id, reg))
        return false;
    emit(u, e->pos, OP_CHECK_BOUND, *reg, 0, 0);
    return true;
}

Reg expr(Unit *u, Expr *e) {
    Reg reg;
    if (e->kind == EXPR_Name && !name_is_rebound(u, e->Name.id) && own_register(u, e, &reg))
        return reg;
    return expr_push(u, e);
}

Reg expr_last(Unit *u, Expr *e) {
    Reg reg;
    if (own_register(u, e, &reg))
        return reg;
    if (e->kind == EXPR_NamedExpr && !u->compiler->failed) {
        Reg target = store_target(u, e->NamedExpr.target->Name.id);
        if (target >= 0) {
            expr_to(u, e->NamedExpr.value, target);
            emit(u, e->NamedExpr.target->pos, OP_NOP, 0, 0, 0);
            return target;
        }
    }
    return expr_push(u, e);
}

void expr_discard(Unit *u, Expr *e) {
    int32_t mark = u->top;
    expr_last(u, e);
    release_to(u, mark);
}
