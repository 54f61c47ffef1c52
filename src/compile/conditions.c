/* Conditions: comparisons, `and`, `or`, `if else`, as values and as jumps.
 *
 * A test that only decides where to go makes no bool: comparisons are fused with the jump. */
#include "compile/compiler.h"
#include "object/object.h"

Operation compare_operation(CompareOperator op) {
    static const uint16_t codes[] = {
        [CMPOP_Eq] = OP_COMPARE_EQ,  [CMPOP_NotEq] = OP_COMPARE_NE, [CMPOP_Lt] = OP_COMPARE_LT,
        [CMPOP_LtE] = OP_COMPARE_LE, [CMPOP_Gt] = OP_COMPARE_GT,    [CMPOP_GtE] = OP_COMPARE_GE,
        [CMPOP_Is] = OP_IS,          [CMPOP_IsNot] = OP_IS_NOT,     [CMPOP_In] = OP_IN,
        [CMPOP_NotIn] = OP_NOT_IN,
    };
    return (Operation)codes[op];
}

void compile_compare(Unit *u, Expr *e, Reg dst) {
    warn_if_literal_compared(u, e);
    int32_t count = e->Compare.ops.count;
    if (count == 1) {
        Reg left = expr(u, e->Compare.left);
        Reg right = expr_last(u, e->Compare.comparators.items[0]);
        emit(u, e->pos, compare_operation(e->Compare.ops.items[0]), dst, left, right);
        return;
    }
    /* The first operand is in `work`, which gets each result in turn. */
    Label end = new_label(u);
    Reg work = working(u, dst), right;
    expr_to(u, e->Compare.left, work);
    Reg left = push(u);
    for (int32_t i = 0; i < count; i++) {
        Expr *operand = e->Compare.comparators.items[i];
        right = i + 1 < count ? expr(u, operand) : expr_last(u, operand);
        emit(u, e->pos, compare_operation(e->Compare.ops.items[i]), work, left, right);
        if (i + 1 < count)
            emit_jump(u, e->pos, OP_JUMP_IF_FALSE, work, 0, end);
        left = right;
    }
    place(u, end);
    move(u, e->pos, dst, work);
}

void compile_bool_op(Unit *u, Expr *e, Reg dst) {
    Label end = new_label(u);
    Reg work = working(u, dst);
    Operation jump = e->BoolOp.op == BOOLOP_And ? OP_JUMP_IF_FALSE : OP_JUMP_IF_TRUE;
    int32_t last = e->BoolOp.values.count - 1;
    for (int32_t i = 0; i < last; i++) {
        Value constant = constant_of(e->BoolOp.values.items[i]);
        if (present(constant) && constant_truth(u->compiler->t, constant) == (e->BoolOp.op == BOOLOP_And)) { /* decides nothing */
            emit(u, e->BoolOp.values.items[i]->pos, OP_NOP, 0, 0, 0);
            continue;
        }
        expr_to(u, e->BoolOp.values.items[i], work);
        emit_jump(u, e->pos, jump, work, 0, end);
    }
    expr_to(u, e->BoolOp.values.items[last], work);
    place(u, end);
    move(u, e->pos, dst, work);
}

void compile_if_expression(Unit *u, Expr *e, Reg dst) {
    Label otherwise = new_label(u), end = new_label(u);
    jump_if(u, e->IfExp.test, otherwise, false);
    expr_to(u, e->IfExp.body, dst);
    emit_jump(u, NO_POSITION, OP_JUMP, 0, 0, end);
    place(u, otherwise);
    expr_to(u, e->IfExp.orelse, dst);
    place(u, end);
}

static void jump_if_compared(Unit *u, Position pos, CompareOperator op, Reg left, Reg right, Label target,
                             bool condition) {
    Operation code = compare_operation(op);
    if (code >= OP_COMPARE_LT && code <= OP_COMPARE_GE) {
        Operation base = condition ? OP_JUMP_IF_LT : OP_JUMP_IF_NOT_LT;
        emit_jump(u, pos, (Operation)(base + (code - OP_COMPARE_LT)), left, right, target);
    } else if (code == OP_IS || code == OP_IS_NOT) {
        emit_jump(u, pos, (code == OP_IS) == condition ? OP_JUMP_IF_IS : OP_JUMP_IF_IS_NOT, left, right, target);
    } else {
        Reg result = next_temp(u);
        emit(u, pos, code, result, left, right);
        emit_jump(u, pos, condition ? OP_JUMP_IF_TRUE : OP_JUMP_IF_FALSE, result, 0, target);
    }
}

static void jump_if_compare(Unit *u, Expr *e, Label target, bool condition) {
    warn_if_literal_compared(u, e);
    int32_t count = e->Compare.ops.count;
    Label otherwise = condition && count > 1 ? new_label(u) : target;
    Reg left = expr(u, e->Compare.left);
    for (int32_t i = 0; i < count; i++) {
        Expr *operand = e->Compare.comparators.items[i];
        CompareOperator op = e->Compare.ops.items[i];
        bool last = i + 1 == count;
        if (last && (op == CMPOP_Is || op == CMPOP_IsNot) && operand->kind == EXPR_Constant &&
            is_none(operand->Constant.value)) {
            emit_jump(u, e->pos, (op == CMPOP_Is) == condition ? OP_JUMP_IF_NONE : OP_JUMP_IF_NOT_NONE, left, 0, target);
            break;
        }
        Reg right = last ? expr_last(u, operand) : expr(u, operand);
        if (last)
            jump_if_compared(u, e->pos, op, left, right, target, condition);
        else
            jump_if_compared(u, e->pos, op, left, right, otherwise, false);
        left = right;
    }
    if (otherwise != target)
        place(u, otherwise);
}

static void jump_if_bool_op(Unit *u, Expr *e, Label target, bool condition) {
    bool decides = e->BoolOp.op == BOOLOP_Or; /* the value of an operand that ends the evaluation */
    Label end = condition == decides ? target : new_label(u);
    int32_t last = e->BoolOp.values.count - 1;
    for (int32_t i = 0; i < last; i++) jump_if(u, e->BoolOp.values.items[i], end, decides);
    jump_if(u, e->BoolOp.values.items[last], target, condition);
    if (end != target)
        place(u, end);
}

static void jump_if_if_expression(Unit *u, Expr *e, Label target, bool condition) {
    Label otherwise = new_label(u), end = new_label(u);
    jump_if(u, e->IfExp.test, otherwise, false);
    jump_if(u, e->IfExp.body, target, condition);
    emit_jump(u, NO_POSITION, OP_JUMP, 0, 0, end);
    place(u, otherwise);
    jump_if(u, e->IfExp.orelse, target, condition);
    place(u, end);
}

void jump_if(Unit *u, Expr *e, Label target, bool condition) {
    int32_t mark = u->top;
    if (u->compiler->failed || !enter_recursion(u->compiler))
        return;
    if (e->kind == EXPR_UnaryOp && e->UnaryOp.op == UNARYOP_Not) {
        jump_if(u, e->UnaryOp.operand, target, !condition);
    } else if (e->kind == EXPR_BoolOp) {
        jump_if_bool_op(u, e, target, condition);
    } else if (e->kind == EXPR_IfExp) {
        jump_if_if_expression(u, e, target, condition);
    } else if (e->kind == EXPR_Compare) {
        jump_if_compare(u, e, target, condition);
    } else if (e->kind == EXPR_Constant) {
        if (constant_truth(u->compiler->t, e->Constant.value) == condition)
            emit_jump(u, e->pos, OP_JUMP, 0, 0, target);
        else
            emit(u, e->pos, OP_NOP, 0, 0, 0);
    } else {
        Reg value = expr_last(u, e);
        emit_jump(u, e->pos, condition ? OP_JUMP_IF_TRUE : OP_JUMP_IF_FALSE, value, 0, target);
    }
    leave_recursion(u->compiler);
    release_to(u, mark);
}
