/* Expressions back to text, as `from __future__ import annotations` keeps annotations.
 *
 * Spacing, parentheses and quotes are those of CPython: programs compare these strings. */
#include "compile/compiler.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/float.h"
#include "types/tuple.h"

typedef enum Precedence {
    LEVEL_TUPLE, LEVEL_NAMED, LEVEL_TEST, LEVEL_OR, LEVEL_AND, LEVEL_NOT, LEVEL_COMPARE, LEVEL_EXPR, LEVEL_XOR,
    LEVEL_BIT_AND, LEVEL_SHIFT, LEVEL_ARITH, LEVEL_TERM, LEVEL_FACTOR, LEVEL_POWER, LEVEL_AWAIT, LEVEL_ATOM,
} Precedence;

/* Failure is sticky: an exception is pending then. */
typedef struct Writer {
    Thread *t;
    StrBuilder out;
    bool failed;
} Writer;

static void write(Writer *w, Expr *e, int level);

static void text(Writer *w, const char *s) {
    if (!w->failed && !str_builder_add_text(w->t, &w->out, s))
        w->failed = true;
}

static void str(Writer *w, Value s) {
    if (!w->failed && (absent(s) || !str_builder_add(w->t, &w->out, s)))
        w->failed = true;
}

static void open_if(Writer *w, bool condition) {
    if (condition)
        text(w, "(");
}

static void close_if(Writer *w, bool condition) {
    if (condition)
        text(w, ")");
}

static void list(Writer *w, ExprSeq items, int level) {
    for (int32_t i = 0; i < items.count; i++) {
        if (i)
            text(w, ", ");
        write(w, items.items[i], level);
    }
}

/* ---- constants ---- */

static void constant(Writer *w, Value v);

static void number(Writer *w, Value v) {
    Value shown = repr(w->t, v);
    if (absent(shown)) {
        w->failed = true;
        return;
    }
    /* An infinite literal is one that overflows. */
    size_t length;
    const char *s = str_utf8(w->t, shown, &length);
    const char *inf = s && !is_str(v) && !is_bytes(v) ? strstr(s, "inf") : NULL;
    if (!inf) {
        str(w, shown);
        return;
    }
    for (const char *p = s; *p;) {
        char ch[2] = {*p, 0};
        bool here = strncmp(p, "inf", 3) == 0;
        text(w, here ? "1e309" : ch);
        p += here ? 3 : 1;
    }
    keep_alive(as_object(shown));
}

static void constant(Writer *w, Value v) {
    if (same(v, ELLIPSIS)) {
        text(w, "...");
    } else if (is_tuple(v)) {
        text(w, "(");
        for (size_t i = 0; i < tuple_length(v); i++) {
            if (i)
                text(w, ", ");
            constant(w, tuple_get(v, i));
        }
        text(w, tuple_length(v) == 1 ? ",)" : ")");
    } else if (!w->failed) {
        number(w, v);
    }
}

/* ---- operators ---- */

static void bool_op(Writer *w, Expr *e, int level) {
    bool is_and = e->BoolOp.op == BOOLOP_And;
    int own = is_and ? LEVEL_AND : LEVEL_OR;
    open_if(w, level > own);
    for (int32_t i = 0; i < e->BoolOp.values.count; i++) {
        if (i)
            text(w, is_and ? " and " : " or ");
        write(w, e->BoolOp.values.items[i], own + 1);
    }
    close_if(w, level > own);
}

static void binary(Writer *w, Expr *e, int level) {
    static const struct {
        const char *text;
        int level;
    } operators[] = {
        [OPERATOR_Add] = {" + ", LEVEL_ARITH},      [OPERATOR_Sub] = {" - ", LEVEL_ARITH},
        [OPERATOR_Mult] = {" * ", LEVEL_TERM},      [OPERATOR_MatMult] = {" @ ", LEVEL_TERM},
        [OPERATOR_Div] = {" / ", LEVEL_TERM},       [OPERATOR_Mod] = {" % ", LEVEL_TERM},
        [OPERATOR_LShift] = {" << ", LEVEL_SHIFT},  [OPERATOR_RShift] = {" >> ", LEVEL_SHIFT},
        [OPERATOR_BitOr] = {" | ", LEVEL_EXPR},     [OPERATOR_BitXor] = {" ^ ", LEVEL_XOR},
        [OPERATOR_BitAnd] = {" & ", LEVEL_BIT_AND}, [OPERATOR_FloorDiv] = {" // ", LEVEL_TERM},
        [OPERATOR_Pow] = {" ** ", LEVEL_POWER},
    };
    int own = operators[e->BinOp.op].level;
    bool from_right = e->BinOp.op == OPERATOR_Pow;
    open_if(w, level > own);
    write(w, e->BinOp.left, own + from_right);
    text(w, operators[e->BinOp.op].text);
    write(w, e->BinOp.right, own + !from_right);
    close_if(w, level > own);
}

static void unary(Writer *w, Expr *e, int level) {
    static const char *const operators[] = {
        [UNARYOP_Invert] = "~", [UNARYOP_Not] = "not ", [UNARYOP_UAdd] = "+", [UNARYOP_USub] = "-"};
    int own = e->UnaryOp.op == UNARYOP_Not ? LEVEL_NOT : LEVEL_FACTOR;
    open_if(w, level > own);
    text(w, operators[e->UnaryOp.op]);
    write(w, e->UnaryOp.operand, own);
    close_if(w, level > own);
}

static void comparison(Writer *w, Expr *e, int level) {
    static const char *const operators[] = {
        [CMPOP_Eq] = " == ", [CMPOP_NotEq] = " != ", [CMPOP_Lt] = " < ", [CMPOP_LtE] = " <= ", [CMPOP_Gt] = " > ",
        [CMPOP_GtE] = " >= ", [CMPOP_Is] = " is ", [CMPOP_IsNot] = " is not ", [CMPOP_In] = " in ",
        [CMPOP_NotIn] = " not in "};
    open_if(w, level > LEVEL_COMPARE);
    write(w, e->Compare.left, LEVEL_COMPARE + 1);
    for (int32_t i = 0; i < e->Compare.ops.count; i++) {
        text(w, operators[e->Compare.ops.items[i]]);
        write(w, e->Compare.comparators.items[i], LEVEL_COMPARE + 1);
    }
    close_if(w, level > LEVEL_COMPARE);
}

/* ---- lambda ---- */

static void parameter(Writer *w, Arg *arg, Expr *default_value, bool *first, const char *before) {
    if (!*first)
        text(w, ", ");
    *first = false;
    text(w, before);
    str(w, arg->arg);
    if (default_value) {
        text(w, "=");
        write(w, default_value, LEVEL_TEST);
    }
}

static void parameters(Writer *w, Arguments *args) {
    bool first = true;
    int32_t positional = args->posonlyargs.count + args->args.count, defaults = positional - args->defaults.count;
    for (int32_t i = 0; i < positional; i++) {
        Arg *arg = i < args->posonlyargs.count ? args->posonlyargs.items[i]
                                               : args->args.items[i - args->posonlyargs.count];
        parameter(w, arg, i >= defaults ? args->defaults.items[i - defaults] : NULL, &first, "");
        if (i + 1 == args->posonlyargs.count)
            text(w, ", /");
    }
    if (args->vararg)
        parameter(w, args->vararg, NULL, &first, "*");
    else if (args->kwonlyargs.count) {
        text(w, first ? "*" : ", *");
        first = false;
    }
    for (int32_t i = 0; i < args->kwonlyargs.count; i++)
        parameter(w, args->kwonlyargs.items[i], args->kw_defaults.items[i], &first, "");
    if (args->kwarg)
        parameter(w, args->kwarg, NULL, &first, "**");
}

static void lambda(Writer *w, Expr *e, int level) {
    Arguments *args = e->Lambda.args;
    open_if(w, level > LEVEL_TEST);
    bool any = args->posonlyargs.count + args->args.count + args->kwonlyargs.count || args->vararg || args->kwarg;
    text(w, any ? "lambda " : "lambda");
    parameters(w, args);
    text(w, ": ");
    write(w, e->Lambda.body, LEVEL_TEST);
    close_if(w, level > LEVEL_TEST);
}

/* ---- displays, comprehensions, calls ---- */

static void generators(Writer *w, ComprehensionSeq all) {
    for (int32_t i = 0; i < all.count; i++) {
        Comprehension *g = all.items[i];
        text(w, g->is_async ? " async for " : " for ");
        write(w, g->target, LEVEL_TUPLE);
        text(w, " in ");
        write(w, g->iter, LEVEL_TEST + 1);
        for (int32_t k = 0; k < g->ifs.count; k++) {
            text(w, " if ");
            write(w, g->ifs.items[k], LEVEL_TEST + 1);
        }
    }
}

static void comprehension(Writer *w, const char *open, Expr *key, Expr *value, ComprehensionSeq all, const char *end) {
    text(w, open);
    write(w, key, LEVEL_TEST);
    if (value) {
        text(w, ": ");
        write(w, value, LEVEL_TEST);
    }
    generators(w, all);
    text(w, end);
}

static void dict(Writer *w, Expr *e) {
    text(w, "{");
    for (int32_t i = 0; i < e->Dict.values.count; i++) {
        if (i)
            text(w, ", ");
        if (e->Dict.keys.items[i]) {
            write(w, e->Dict.keys.items[i], LEVEL_TEST);
            text(w, ": ");
            write(w, e->Dict.values.items[i], LEVEL_TEST);
        } else {
            text(w, "**");
            write(w, e->Dict.values.items[i], LEVEL_EXPR);
        }
    }
    text(w, "}");
}

static void call_expression(Writer *w, Expr *e) {
    ExprSeq args = e->Call.args;
    KeywordSeq keywords = e->Call.keywords;
    write(w, e->Call.func, LEVEL_ATOM);
    if (args.count == 1 && !keywords.count && args.items[0]->kind == EXPR_GeneratorExp) {
        write(w, args.items[0], LEVEL_TEST);
        return;
    }
    text(w, "(");
    list(w, args, LEVEL_TEST);
    for (int32_t i = 0; i < keywords.count; i++) {
        if (args.count || i)
            text(w, ", ");
        if (present(keywords.items[i]->arg)) {
            str(w, keywords.items[i]->arg);
            text(w, "=");
        } else {
            text(w, "**");
        }
        write(w, keywords.items[i]->value, LEVEL_TEST);
    }
    text(w, ")");
}

static void slice(Writer *w, Expr *e) {
    if (e->Slice.lower)
        write(w, e->Slice.lower, LEVEL_TEST);
    text(w, ":");
    if (e->Slice.upper)
        write(w, e->Slice.upper, LEVEL_TEST);
    if (e->Slice.step) {
        text(w, ":");
        write(w, e->Slice.step, LEVEL_TEST);
    }
}

/* ---- f-strings and t-strings ---- */

static void pieces(Writer *w, ExprSeq values, bool is_spec);

static void braces_doubled(Writer *w, Value s) {
    const void *data = str_data(w->t, s);
    for (size_t i = 0; i < str_length(s) && !w->failed; i++) {
        uint32_t ch = str_char(data, str_kind(s), i);
        for (int n = ch == '{' || ch == '}' ? 2 : 1; n > 0 && !w->failed; n--)
            if (!str_builder_add_char(w->t, &w->out, ch))
                w->failed = true;
    }
}

static Value field_text(Writer *w, Expr *value) {
    Writer inner = {.t = w->t};
    write(&inner, value, LEVEL_TEST + 1);
    return inner.failed ? NO_VALUE : str_builder_finish(w->t, &inner.out);
}

static void replacement_field(Writer *w, Value shown, int32_t conversion, Expr *spec) {
    if (absent(shown)) {
        w->failed = true;
        return;
    }
    const void *data = str_data(w->t, shown);
    text(w, str_length(shown) && str_char(data, str_kind(shown), 0) == '{' ? "{ " : "{");
    str(w, shown);
    if (conversion > 0) {
        char mark[3] = {'!', (char)conversion, 0};
        text(w, mark);
    }
    if (spec) {
        text(w, ":");
        if (spec->kind == EXPR_JoinedStr)
            pieces(w, spec->JoinedStr.values, true);
        else
            pieces(w, (ExprSeq){1, &spec}, true);
    }
    text(w, "}");
}

static void pieces(Writer *w, ExprSeq values, bool is_spec) {
    for (int32_t i = 0; i < values.count && !w->failed; i++) {
        Expr *e = values.items[i];
        if (e->kind == EXPR_Constant && is_str(e->Constant.value))
            braces_doubled(w, e->Constant.value);
        else if (e->kind == EXPR_FormattedValue)
            replacement_field(w, field_text(w, e->FormattedValue.value), e->FormattedValue.conversion, e->FormattedValue.format_spec);
        else if (e->kind == EXPR_Interpolation)
            replacement_field(w, e->Interpolation.str, e->Interpolation.conversion, e->Interpolation.format_spec);
        else if (e->kind == EXPR_JoinedStr)
            pieces(w, e->JoinedStr.values, is_spec);
    }
}

static void formatted_string(Writer *w, const char *prefix, ExprSeq values) {
    Writer inner = {.t = w->t};
    pieces(&inner, values, false);
    Value body = inner.failed ? NO_VALUE : str_builder_finish(w->t, &inner.out);
    text(w, prefix);
    str(w, absent(body) ? NO_VALUE : str_repr(w->t, body));
}

/* ---- all ---- */

static void write_rest(Writer *w, Expr *e, int level) {
    switch (e->kind) {
    case EXPR_NamedExpr:
        open_if(w, level > LEVEL_NAMED);
        write(w, e->NamedExpr.target, LEVEL_ATOM);
        text(w, " := ");
        write(w, e->NamedExpr.value, LEVEL_ATOM);
        close_if(w, level > LEVEL_NAMED);
        break;
    case EXPR_IfExp:
        open_if(w, level > LEVEL_TEST);
        write(w, e->IfExp.body, LEVEL_TEST + 1);
        text(w, " if ");
        write(w, e->IfExp.test, LEVEL_TEST + 1);
        text(w, " else ");
        write(w, e->IfExp.orelse, LEVEL_TEST);
        close_if(w, level > LEVEL_TEST);
        break;
    case EXPR_Await:
        open_if(w, level > LEVEL_AWAIT);
        text(w, "await ");
        write(w, e->Await.value, LEVEL_ATOM);
        close_if(w, level > LEVEL_AWAIT);
        break;
    case EXPR_Yield:
        text(w, e->Yield.value ? "(yield " : "(yield");
        if (e->Yield.value)
            write(w, e->Yield.value, LEVEL_TEST);
        text(w, ")");
        break;
    case EXPR_YieldFrom:
        text(w, "(yield from ");
        write(w, e->YieldFrom.value, LEVEL_TEST);
        text(w, ")");
        break;
    case EXPR_Attribute: {
        Expr *value = e->Attribute.value;
        write(w, value, LEVEL_ATOM);
        text(w, value->kind == EXPR_Constant && is_int(value->Constant.value) && !is_exactly(value->Constant.value, &bool_type)
                    ? " ." : ".");
        str(w, e->Attribute.attr);
        break;
    }
    case EXPR_Subscript:
        write(w, e->Subscript.value, LEVEL_ATOM);
        text(w, "[");
        write(w, e->Subscript.slice, LEVEL_TUPLE);
        text(w, "]");
        break;
    case EXPR_Starred:
        text(w, "*");
        write(w, e->Starred.value, LEVEL_EXPR);
        break;
    case EXPR_Tuple: {
        ExprSeq items = e->Tuple.elts;
        bool parentheses = items.count == 0 || level > LEVEL_TUPLE;
        open_if(w, parentheses);
        list(w, items, LEVEL_TEST);
        if (items.count == 1)
            text(w, ",");
        close_if(w, parentheses);
        break;
    }
    default:
        raise_system_error(w->t, "unknown expression kind");
        w->failed = true;
    }
}

static void write_expression(Writer *w, Expr *e, int level) {
    switch (e->kind) {
    case EXPR_BoolOp: bool_op(w, e, level); break;
    case EXPR_BinOp: binary(w, e, level); break;
    case EXPR_UnaryOp: unary(w, e, level); break;
    case EXPR_Compare: comparison(w, e, level); break;
    case EXPR_Lambda: lambda(w, e, level); break;
    case EXPR_Dict: dict(w, e); break;
    case EXPR_Set:
        text(w, "{");
        list(w, e->Set.elts, LEVEL_TEST);
        text(w, "}");
        break;
    case EXPR_List:
        text(w, "[");
        list(w, e->List.elts, LEVEL_TEST);
        text(w, "]");
        break;
    case EXPR_ListComp: comprehension(w, "[", e->ListComp.elt, NULL, e->ListComp.generators, "]"); break;
    case EXPR_SetComp: comprehension(w, "{", e->SetComp.elt, NULL, e->SetComp.generators, "}"); break;
    case EXPR_DictComp:
        comprehension(w, "{", e->DictComp.key, e->DictComp.value, e->DictComp.generators, "}");
        break;
    case EXPR_GeneratorExp: comprehension(w, "(", e->GeneratorExp.elt, NULL, e->GeneratorExp.generators, ")"); break;
    case EXPR_Call: call_expression(w, e); break;
    case EXPR_JoinedStr: formatted_string(w, "f", e->JoinedStr.values); break;
    case EXPR_TemplateStr: formatted_string(w, "t", e->TemplateStr.values); break;
    case EXPR_FormattedValue:
    case EXPR_Interpolation: formatted_string(w, "f", (ExprSeq){1, &e}); break;
    case EXPR_Constant:
        if (present(e->Constant.kind) && is_str(e->Constant.kind))
            text(w, "u");
        constant(w, e->Constant.value);
        break;
    case EXPR_Name: str(w, e->Name.id); break;
    case EXPR_Slice: slice(w, e); break;
    default: write_rest(w, e, level); break;
    }
}

static void write(Writer *w, Expr *e, int level) {
    if (w->failed)
        return;
    if (!recursion_enter(w->t, " during compilation")) {
        w->failed = true;
        return;
    }
    write_expression(w, e, level);
    recursion_leave(w->t);
}

Value unparse_expression(Thread *t, Expr *e) {
    Writer w = {.t = t};
    write(&w, e, LEVEL_TEST);
    return w.failed ? NO_VALUE : str_builder_finish(t, &w.out);
}
