/* Folding: subtrees of constants become constants, from the inside out, in place. On the way the names that
 * assignment expressions bind are collected.
 *
 * A folded constant has `kind` False, which no constant of the source has: what depends on how the source was
 * written (docstrings, warnings) can tell. Runs after the symbol tables were made: nothing that it replaces
 * contains a scope. */
#include "compile/compiler.h"
#include "types/list.h"
#include "types/set/set.h"
#include "types/slice.h"
#include "types/tuple.h"

/* The product types first refer to each other. */
#define SUM(CType, PREFIX, python_name) static void fold_##CType(Compiler *c, CType *node);
#define PRODUCT(CType, python_name, positioned, ...) static void fold_##CType(Compiler *c, CType *node);
#include "syntax/ast.def"

static void become(Compiler *c, Expr *e, Value v) {
    if (c->failed || absent(v))
        return;
    v = keep(c, v);
    e->kind = EXPR_Constant;
    e->Constant.value = v;
    e->Constant.kind = FALSE;
}

static bool constants(ExprSeq items) {
    for (int32_t i = 0; i < items.count; i++)
        if (items.items[i]->kind != EXPR_Constant)
            return false;
    return true;
}

static Value tuple_of(Compiler *c, ExprSeq items) {
    Value all = keep(c, tuple_new(c->t, (size_t)items.count));
    for (int32_t i = 0; i < items.count && !c->failed; i++)
        store(as_object(all), &as_tuple(all)->items[i], items.items[i]->Constant.value);
    return c->failed ? NO_VALUE : all;
}

/* A list or set that nobody keeps: the right side of `in`, what a loop runs over. */
static void fold_passing(Compiler *c, Expr *e, bool loop) {
    if (c->failed)
        return;
    if (e->kind == EXPR_List && constants(e->List.elts)) {
        become(c, e, tuple_of(c, e->List.elts));
    } else if (e->kind == EXPR_Set && constants(e->Set.elts)) {
        Value all = tuple_of(c, e->Set.elts);
        Value set = c->failed ? NO_VALUE : set_from_iterable(c->t, &frozenset_type, all);
        if (absent(set))
            error_clear(c->t);
        become(c, e, set);
    } else if (e->kind == EXPR_List && loop && e->List.elts.count > 1) {
        for (int32_t i = 0; i < e->List.elts.count; i++)
            if (e->List.elts.items[i]->kind == EXPR_Starred)
                return;
        ExprSeq items = e->List.elts;
        e->kind = EXPR_Tuple;
        e->Tuple.elts = items;
        e->Tuple.ctx = CONTEXT_Load;
    }
}

static Value slice_part(Expr *e) { return !e ? NONE : constant_of(e); }

static void fold_slice(Compiler *c, Expr *e) {
    Value start = slice_part(e->Slice.lower), stop = slice_part(e->Slice.upper), step = slice_part(e->Slice.step);
    if (present(start) && present(stop) && present(step))
        become(c, e, keep(c, slice_new(c->t, start, stop, step)));
}

static void fold_operation(Compiler *c, Expr *e) {
    static const uint16_t unary[] = {[UNARYOP_Invert] = OP_INVERT, [UNARYOP_Not] = OP_NOT, [UNARYOP_UAdd] = OP_POSITIVE,
                                     [UNARYOP_USub] = OP_NEGATIVE};
    Value left, right;
    switch (e->kind) {
    case EXPR_UnaryOp:
        left = constant_of(e->UnaryOp.operand);
        if (present(left))
            become(c, e, fold_unary(c->t, (Operation)unary[e->UnaryOp.op], left));
        break;
    case EXPR_BinOp:
        left = constant_of(e->BinOp.left);
        right = constant_of(e->BinOp.right);
        if (present(left) && present(right))
            become(c, e, fold_binary(c->t, binary_operation_code(e->BinOp.op, false), left, right));
        break;
    case EXPR_Tuple:
        if (e->Tuple.ctx == CONTEXT_Load && constants(e->Tuple.elts))
            become(c, e, tuple_of(c, e->Tuple.elts));
        break;
    case EXPR_Subscript:
        left = constant_of(e->Subscript.value);
        right = constant_of(e->Subscript.slice);
        if (e->Subscript.ctx == CONTEXT_Load && present(left) && present(right))
            become(c, e, fold_item(c->t, left, right));
        break;
    case EXPR_Slice: fold_slice(c, e); break;
    case EXPR_Compare: {
        int32_t last = e->Compare.ops.count - 1;
        CompareOperator op = e->Compare.ops.items[last];
        if (op == CMPOP_In || op == CMPOP_NotIn)
            fold_passing(c, e->Compare.comparators.items[last], false);
        break;
    }
    case EXPR_NamedExpr:
        if (e->NamedExpr.target->kind == EXPR_Name)
            const_table_add(c, &c->rebound, e->NamedExpr.target->Name.id);
        break;
    default: break;
    }
}

/* ---- the walk ---- */

#define CASE(PREFIX, CType, Name, ...)               \
    case PREFIX##_##Name: {                          \
        struct CType##Name *n = &node->Name;         \
        (void)n;                                     \
        __VA_ARGS__                                  \
        break;                                       \
    }

#define WALK_BEGIN(CType)                                 \
    static void walk_##CType(Compiler *c, CType *node) {  \
        switch (node->kind) {
#define WALK_END    \
    default: break; \
        }           \
        }

WALK_BEGIN(Module)
#define MODULE(Name, ...) CASE(MODULE, Module, Name, __VA_ARGS__)
#include "compile/fold_fields.h"
WALK_END

WALK_BEGIN(Stmt)
#define STMT(Name, ...) CASE(STMT, Stmt, Name, __VA_ARGS__)
#include "compile/fold_fields.h"
WALK_END

WALK_BEGIN(Expr)
#define EXPR(Name, ...) CASE(EXPR, Expr, Name, __VA_ARGS__)
#include "compile/fold_fields.h"
WALK_END

WALK_BEGIN(ExceptHandler)
#define HANDLER(Name, ...) CASE(HANDLER, ExceptHandler, Name, __VA_ARGS__)
#include "compile/fold_fields.h"
WALK_END

WALK_BEGIN(Pattern)
#define PATTERN(Name, ...) CASE(PATTERN, Pattern, Name, __VA_ARGS__)
#include "compile/fold_fields.h"
WALK_END

WALK_BEGIN(TypeParam)
#define TYPE_PARAM(Name, ...) CASE(TYPE_PARAM, TypeParam, Name, __VA_ARGS__)
#include "compile/fold_fields.h"
WALK_END

#define PRODUCT(CType, python_name, positioned, ...)   \
    static void walk_##CType(Compiler *c, CType *n) {  \
        (void)c;                                       \
        (void)n;                                       \
        __VA_ARGS__                                    \
    }
#include "compile/fold_fields.h"

static bool annotations_stay(Compiler *c) { return c->features & PARSE_FUTURE_ANNOTATIONS; }

static void fold_Expr(Compiler *c, Expr *e) {
    if (c->failed || !enter_recursion(c))
        return;
    walk_Expr(c, e);
    if (!c->failed)
        fold_operation(c, e);
    leave_recursion(c);
}

static void fold_Stmt(Compiler *c, Stmt *s) {
    if (c->failed || !enter_recursion(c))
        return;
    Expr *returns = NULL;
    bool stays = annotations_stay(c);
    if (stays && s->kind == STMT_AnnAssign) { /* its text is wanted as it was written */
        fold_Expr(c, s->AnnAssign.target);
        if (s->AnnAssign.value)
            fold_Expr(c, s->AnnAssign.value);
        leave_recursion(c);
        return;
    }
    Expr **slot = s->kind == STMT_FunctionDef ? &s->FunctionDef.returns
                  : s->kind == STMT_AsyncFunctionDef ? &s->AsyncFunctionDef.returns : NULL;
    if (stays && slot) {
        returns = *slot;
        *slot = NULL;
    }
    walk_Stmt(c, s);
    if (returns)
        *slot = returns;
    if (s->kind == STMT_For)
        fold_passing(c, s->For.iter, true);
    leave_recursion(c);
}

static void fold_Comprehension(Compiler *c, Comprehension *g) {
    walk_Comprehension(c, g);
    if (!g->is_async)
        fold_passing(c, g->iter, false);
}

static void fold_Arg(Compiler *c, Arg *arg) {
    if (!annotations_stay(c))
        walk_Arg(c, arg);
}

static void fold_Pattern(Compiler *c, Pattern *p) {
    if (c->failed || !enter_recursion(c))
        return;
    walk_Pattern(c, p);
    leave_recursion(c);
}

static void fold_Module(Compiler *c, Module *module) { walk_Module(c, module); }
static void fold_ExceptHandler(Compiler *c, ExceptHandler *clause) { walk_ExceptHandler(c, clause); }
static void fold_TypeParam(Compiler *c, TypeParam *p) { walk_TypeParam(c, p); }
static void fold_TypeIgnore(Compiler *, TypeIgnore *) {}
static void fold_Arguments(Compiler *c, Arguments *args) { walk_Arguments(c, args); }
static void fold_Keyword(Compiler *c, Keyword *keyword) { walk_Keyword(c, keyword); }
static void fold_Alias(Compiler *c, Alias *alias) { walk_Alias(c, alias); }
static void fold_WithItem(Compiler *c, WithItem *item) { walk_WithItem(c, item); }
static void fold_MatchCase(Compiler *c, MatchCase *match_case) { walk_MatchCase(c, match_case); }

void fold_module(Compiler *c, Module *module) { fold_Module(c, module); }
