/* SyntaxWarnings about expressions that cannot be meant: literals compared by identity, called, or indexed wrongly. */
#include "compile/compiler.h"
#include "types/tuple.h"

/* A literal of the source (folded tuples count as such). */
static bool is_literal(Expr *e) {
    return e->kind == EXPR_Constant && (!is_folded(e) || is_tuple(e->Constant.value));
}

static bool has_identity(Expr *e) {
    if (!is_literal(e))
        return true;
    Value v = e->Constant.value;
    return is_none(v) || same(v, TRUE) || same(v, FALSE) || same(v, ELLIPSIS);
}

static const char *type_name(Expr *e) {
    switch (e->kind) {
    case EXPR_Tuple: return "tuple";
    case EXPR_List:
    case EXPR_ListComp: return "list";
    case EXPR_Dict:
    case EXPR_DictComp: return "dict";
    case EXPR_Set:
    case EXPR_SetComp: return "set";
    case EXPR_GeneratorExp: return "generator";
    case EXPR_Lambda: return "function";
    case EXPR_TemplateStr: return "string.templatelib.Template";
    case EXPR_Interpolation: return "string.templatelib.Interpolation";
    case EXPR_JoinedStr:
    case EXPR_FormattedValue: return "str";
    case EXPR_Constant: return is_literal(e) ? type_of(e->Constant.value)->name_text : NULL;
    default: return NULL;
    }
}

void warn_if_literal_compared(Unit *u, Expr *e) {
    Expr *left = e->Compare.left;
    for (int32_t i = 0; i < e->Compare.ops.count; i++) {
        Expr *right = e->Compare.comparators.items[i];
        CompareOperator op = e->Compare.ops.items[i];
        if ((op == CMPOP_Is || op == CMPOP_IsNot) && (!has_identity(left) || !has_identity(right))) {
            Expr *literal = has_identity(left) ? right : left;
            compile_warning(u->compiler, e->pos,
                            op == CMPOP_Is ? "\"is\" with '%s' literal. Did you mean \"==\"?"
                                           : "\"is not\" with '%s' literal. Did you mean \"!=\"?",
                            type_name(literal));
            return;
        }
        left = right;
    }
}

void warn_if_not_callable(Unit *u, Expr *callee, Position pos) {
    switch (callee->kind) {
    case EXPR_Constant:
        if (!is_literal(callee))
            return;
        break;
    case EXPR_Tuple:
    case EXPR_List:
    case EXPR_ListComp:
    case EXPR_Dict:
    case EXPR_DictComp:
    case EXPR_Set:
    case EXPR_SetComp:
    case EXPR_GeneratorExp:
    case EXPR_JoinedStr:
    case EXPR_TemplateStr:
    case EXPR_FormattedValue:
    case EXPR_Interpolation: break;
    default: return;
    }
    (void)pos;
    compile_warning(u->compiler, callee->pos, "'%s' object is not callable; perhaps you missed a comma?",
                    type_name(callee));
}

static bool is_unsubscriptable(Expr *e) {
    switch (e->kind) {
    case EXPR_Constant: {
        Value v = e->Constant.value;
        return is_literal(e) && !is_str(v) && !is_bytes(v) && !is_tuple(v);
    }
    case EXPR_Set:
    case EXPR_SetComp:
    case EXPR_GeneratorExp:
    case EXPR_TemplateStr:
    case EXPR_Interpolation:
    case EXPR_Lambda: return true;
    default: return false;
    }
}

static bool is_sequence_display(Expr *e) {
    switch (e->kind) {
    case EXPR_Constant: return is_literal(e);
    case EXPR_Tuple:
    case EXPR_List:
    case EXPR_ListComp:
    case EXPR_JoinedStr:
    case EXPR_FormattedValue: return true;
    default: return false;
    }
}

void warn_if_not_subscriptable(Unit *u, Expr *value, Expr *index, Position pos) {
    if (is_unsubscriptable(value)) {
        compile_warning(u->compiler, pos, "'%s' object is not subscriptable; perhaps you missed a comma?",
                        type_name(value));
        return;
    }
    const char *index_type = type_name(index);
    if (!is_sequence_display(value) || !index_type ||
        (index->kind == EXPR_Constant &&
         (is_int(index->Constant.value) || strcmp(type_of(index->Constant.value)->name_text, "slice") == 0)))
        return;
    compile_warning(u->compiler, pos, "%s indices must be integers or slices, not %s; perhaps you missed a comma?",
                    type_name(value), index_type);
}
