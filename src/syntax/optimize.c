/* What is done to a tree before it is compiled, and shown by `ast.parse(optimize=...)`: `__debug__` becomes a
 * constant, docstrings go at level 2, numbers in patterns are folded, `'...%s' % (x,)` becomes an f-string. And the
 * warnings of PEP 765: leaving a `finally` block by return, break or continue.
 *
 * Children are visited by functions made from ast.def; kinds that need more have a function of their own. */
#include "syntax/parse.h"

#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "syntax/errors.h"
#include "types/complex.h"
#include "types/list.h"
#include "types/str/str.h"

#include <stdio.h>

typedef struct Optimizer {
    Thread *t;
    Arena *arena;
    Value keep;
    Value filename;
    int level;
    bool future_annotations;
    bool warnings;
    bool in_finally, in_function, in_loop; /* since the innermost `finally` */
} Optimizer;

#define NODE(CType) static bool visit_##CType(Optimizer *o, CType *node);
#define SUM(CType, PREFIX, python_name) NODE(CType)
#define PRODUCT(CType, python_name, positioned, ...) NODE(CType)
#include "syntax/ast.def"
#undef NODE

static bool visit_body(Optimizer *o, StmtSeq *body, bool may_have_docstring);

static bool visit_StmtSeq(Optimizer *o, StmtSeq *body) {
    return visit_body(o, body, false);
}

#define SEQUENCE(CType) \
    [[maybe_unused]] static bool visit_##CType##Seq(Optimizer *o, CType##Seq *seq) { \
        for (int i = 0; i < seq->count; i++) \
            if (seq->items[i] && !visit_##CType(o, seq->items[i])) \
                return false; \
        return true; \
    }
SEQUENCE(Expr)
SEQUENCE(Arg)
SEQUENCE(Keyword)
SEQUENCE(WithItem)
SEQUENCE(MatchCase)
SEQUENCE(Comprehension)
SEQUENCE(ExceptHandler)
SEQUENCE(Pattern)
SEQUENCE(TypeParam)
SEQUENCE(Alias)
SEQUENCE(TypeIgnore)
#undef SEQUENCE

#define ONE(CType, name) &&visit_##CType(o, x->name)
#define OPT(CType, name) &&(!x->name || visit_##CType(o, x->name))
#define SEQ(CType, name) &&visit_##CType##Seq(o, &x->name)
#define SEQ_OPT(CType, name) &&visit_##CType##Seq(o, &x->name)
#define ENUM(CType, name)
#define ENUM_SEQ(CType, name)
#define IDENT(name)
#define IDENT_OPT(name)
#define IDENT_SEQ(name)
#define STRING(name)
#define STRING_OPT(name)
#define CONSTANT(name)
#define INT(name)
#define INT_OPT(name)
#define NODE(Type, Name, ...) \
    [[maybe_unused]] static bool children_##Type##_##Name(Optimizer *o, struct Type##Name *x) { \
        (void)o; \
        (void)x; \
        return true __VA_ARGS__; \
    }
#define MODULE(Name, ...) NODE(Module, Name, __VA_ARGS__)
#define STMT(Name, ...) NODE(Stmt, Name, __VA_ARGS__)
#define EXPR(Name, ...) NODE(Expr, Name, __VA_ARGS__)
#define HANDLER(Name, ...) NODE(ExceptHandler, Name, __VA_ARGS__)
#define PATTERN(Name, ...) NODE(Pattern, Name, __VA_ARGS__)
#define TYPE_PARAM(Name, ...) NODE(TypeParam, Name, __VA_ARGS__)
#define TYPE_IGNORE(Name, ...) NODE(TypeIgnore, Name, __VA_ARGS__)
#define PRODUCT(CType, python_name, positioned, ...) \
    static bool children_##CType(Optimizer *o, CType *x) { \
        (void)o; \
        (void)x; \
        return true __VA_ARGS__; \
    }
#include "syntax/ast.def"
#undef NODE

/* Constants. */

static void *allocate(Optimizer *o, size_t size) {
    void *memory = arena_alloc(o->arena, size);
    if (!memory)
        raise_no_memory(o->t);
    return memory;
}

static bool make_constant(Optimizer *o, Expr *node, Value value) {
    if (absent(value) || !list_append(o->t, o->keep, value))
        return false;
    node->kind = EXPR_Constant;
    node->Constant.value = value;
    node->Constant.kind = NO_VALUE;
    return true;
}

static Expr *new_text(Optimizer *o, Value text, Position pos) {
    Expr *e = allocate(o, sizeof *e);
    if (!e)
        return nullptr;
    e->pos = pos;
    return make_constant(o, e, text) ? e : nullptr;
}

/* 'format' % (a, b) as an f-string. */

typedef struct Conversion {
    bool left;
    int width, precision; /* -1: none */
    uint32_t kind;
} Conversion;

enum { MAX_DIGITS = 3 };

typedef struct Format {
    const void *data;
    int kind;
    size_t length, at;
} Format;

static uint32_t format_char(const Format *f) {
    return f->at < f->length ? str_char(f->data, f->kind, f->at) : 0;
}

/* Up to three digits; -1: none, -2: too many. */
static int format_number(Format *f) {
    int value = -1, digits = 0;
    for (uint32_t c; (c = format_char(f)) >= '0' && c <= '9'; f->at++) {
        value = (value < 0 ? 0 : value * 10) + (int)(c - '0');
        if (++digits > MAX_DIGITS)
            return -2;
    }
    return value;
}

/* What follows a '%'. False if it is not of the simple kind. */
static bool read_conversion(Format *f, Conversion *c) {
    *c = (Conversion){.width = -1, .precision = -1};
    for (;; f->at++) {
        uint32_t flag = format_char(f);
        if (flag == '-')
            c->left = true;
        else if (flag != '+' && flag != ' ' && flag != '#' && flag != '0')
            break;
    }
    c->width = format_number(f);
    if (format_char(f) == '.') {
        f->at++;
        c->precision = format_number(f);
        if (c->precision == -1)
            c->precision = 0;
    }
    c->kind = format_char(f);
    f->at++;
    return c->width != -2 && c->precision != -2 && (c->kind == 's' || c->kind == 'r' || c->kind == 'a');
}

static Expr *formatted_value(Optimizer *o, const Conversion *c, Expr *value) {
    char spec[16];
    size_t n = 0;
    if (!c->left && c->width > 0)
        spec[n++] = '>';
    if (c->width >= 0)
        n += (size_t)snprintf(spec + n, sizeof spec - n, "%d", c->width);
    if (c->precision >= 0)
        n += (size_t)snprintf(spec + n, sizeof spec - n, ".%d", c->precision);
    Expr *e = allocate(o, sizeof *e);
    if (!e)
        return nullptr;
    e->kind = EXPR_FormattedValue;
    e->pos = value->pos;
    e->FormattedValue.value = value;
    e->FormattedValue.conversion = (int)c->kind;
    if (n) {
        e->FormattedValue.format_spec = new_text(o, str_from_ascii(o->t, spec, n), value->pos);
        if (!e->FormattedValue.format_spec)
            return nullptr;
    }
    return e;
}

/* Text up to the next conversion, "%%" made "%". NULL without exception: there is none. */
static Expr *literal_text(Optimizer *o, Format *f, Value text) {
    size_t start = f->at;
    StrBuilder builder = {};
    bool any = false;
    while (f->at < f->length) {
        if (format_char(f) != '%') {
            f->at++;
            continue;
        }
        if (f->at + 1 >= f->length || str_char(f->data, f->kind, f->at + 1) != '%')
            break;
        if (!str_builder_add_slice(o->t, &builder, text, start, f->at + 1))
            return nullptr;
        any = true;
        f->at += 2;
        start = f->at;
    }
    if (f->at > start) {
        if (!str_builder_add_slice(o->t, &builder, text, start, f->at))
            return nullptr;
        any = true;
    }
    return any ? new_text(o, str_builder_finish(o->t, &builder), (Position){-1, -1, -1, -1}) : nullptr;
}

static bool optimize_format(Optimizer *o, Expr *node, Value text, ExprSeq items) {
    Format f = {str_data(o->t, text), str_kind(text), str_length(text), 0};
    Expr **parts = allocate(o, ((size_t)items.count * 2 + 1) * sizeof *parts);
    if (!parts)
        return false;
    int count = 0, used = 0;
    while (f.at < f.length) {
        Expr *literal = literal_text(o, &f, text);
        if (literal)
            parts[count++] = literal;
        else if (error_pending(o->t))
            return false;
        if (f.at >= f.length)
            break;
        f.at++; /* the % */
        Conversion conversion;
        if (used >= items.count || !read_conversion(&f, &conversion))
            return true;
        Expr *value = formatted_value(o, &conversion, items.items[used++]);
        if (!value)
            return false;
        parts[count++] = value;
    }
    if (used < items.count)
        return true;
    node->kind = EXPR_JoinedStr;
    node->JoinedStr.values = (ExprSeq){count, parts};
    return true;
}

static bool visit_percent(Optimizer *o, Expr *node) {
    Expr *left = node->BinOp.left, *right = node->BinOp.right;
    if (node->BinOp.op != OPERATOR_Mod || left->kind != EXPR_Constant || right->kind != EXPR_Tuple ||
        !is_exactly(left->Constant.value, &str_type))
        return true;
    for (int i = 0; i < right->Tuple.elts.count; i++)
        if (right->Tuple.elts.items[i]->kind == EXPR_Starred)
            return true;
    return optimize_format(o, node, left->Constant.value, right->Tuple.elts);
}

/* Left-deep chains of operators are as long as the source: no recursion on the left. */
static bool visit_binary(Optimizer *o, Expr *node) {
    int depth = 0;
    Expr *left = node;
    while (left->kind == EXPR_BinOp) {
        left = left->BinOp.left;
        depth++;
    }
    Expr **chain = allocate(o, (size_t)depth * sizeof *chain);
    if (!chain)
        return false;
    left = node;
    for (int i = 0; i < depth; i++) {
        chain[i] = left;
        left = left->BinOp.left;
    }
    if (!visit_Expr(o, left))
        return false;
    for (int i = depth - 1; i >= 0; i--)
        if (!visit_Expr(o, chain[i]->BinOp.right) || !visit_percent(o, chain[i]))
            return false;
    return true;
}

static bool visit_Expr_kind(Optimizer *o, Expr *node) {
    switch (node->kind) {
    case EXPR_Name:
        if (node->Name.ctx != CONTEXT_Load || !str_equal_text(node->Name.id, "__debug__"))
            return true;
        return make_constant(o, node, from_bool(!o->level));
    case EXPR_BinOp: return visit_binary(o, node);
#define EXPR_CASE(Name) \
    case EXPR_##Name: return children_Expr_##Name(o, &node->Name);
        EXPR_CASE(BoolOp)
        EXPR_CASE(NamedExpr)
        EXPR_CASE(UnaryOp)
        EXPR_CASE(Lambda)
        EXPR_CASE(IfExp)
        EXPR_CASE(Dict)
        EXPR_CASE(Set)
        EXPR_CASE(ListComp)
        EXPR_CASE(SetComp)
        EXPR_CASE(DictComp)
        EXPR_CASE(GeneratorExp)
        EXPR_CASE(Await)
        EXPR_CASE(Yield)
        EXPR_CASE(YieldFrom)
        EXPR_CASE(Compare)
        EXPR_CASE(Call)
        EXPR_CASE(FormattedValue)
        EXPR_CASE(Interpolation)
        EXPR_CASE(JoinedStr)
        EXPR_CASE(TemplateStr)
        EXPR_CASE(Attribute)
        EXPR_CASE(Subscript)
        EXPR_CASE(Starred)
        EXPR_CASE(List)
        EXPR_CASE(Tuple)
        EXPR_CASE(Slice)
#undef EXPR_CASE
    default: return true;
    }
}

static bool visit_Expr(Optimizer *o, Expr *node) {
    if (!recursion_enter(o->t, " during compilation"))
        return false;
    bool ok = visit_Expr_kind(o, node);
    recursion_leave(o->t);
    return ok;
}

/* Patterns: -1 and 1+2j are single constants. */

static bool fold_negative(Optimizer *o, Expr *node) {
    if (node->kind != EXPR_UnaryOp || node->UnaryOp.op != UNARYOP_USub || node->UnaryOp.operand->kind != EXPR_Constant)
        return true;
    Value value = node->UnaryOp.operand->Constant.value;
    if (!is_int(value) && !is_float(value) && !is_instance_of(value, &complex_type))
        return true;
    return make_constant(o, node, negative(o->t, value));
}

static bool fold_pattern_value(Optimizer *o, Expr *node) {
    if (node->kind == EXPR_UnaryOp)
        return fold_negative(o, node);
    if (node->kind != EXPR_BinOp || (node->BinOp.op != OPERATOR_Add && node->BinOp.op != OPERATOR_Sub))
        return true;
    Expr *left = node->BinOp.left, *right = node->BinOp.right;
    if (!fold_negative(o, left))
        return false;
    if (left->kind != EXPR_Constant || right->kind != EXPR_Constant)
        return true;
    BinaryOperation op = node->BinOp.op == OPERATOR_Add ? BINARY_ADD : BINARY_SUB;
    return make_constant(o, node, binary_operation(o->t, op, left->Constant.value, right->Constant.value));
}

static bool visit_Pattern(Optimizer *o, Pattern *node) {
    if (!recursion_enter(o->t, " during compilation"))
        return false;
    bool ok = true;
    switch (node->kind) {
    case PATTERN_MatchValue: ok = fold_pattern_value(o, node->MatchValue.value); break;
    case PATTERN_MatchSequence: ok = visit_PatternSeq(o, &node->MatchSequence.patterns); break;
    case PATTERN_MatchMapping:
        for (int i = 0; ok && i < node->MatchMapping.keys.count; i++)
            ok = fold_pattern_value(o, node->MatchMapping.keys.items[i]);
        ok = ok && visit_PatternSeq(o, &node->MatchMapping.patterns);
        break;
    case PATTERN_MatchClass: ok = children_Pattern_MatchClass(o, &node->MatchClass); break;
    case PATTERN_MatchAs: ok = children_Pattern_MatchAs(o, &node->MatchAs); break;
    case PATTERN_MatchOr: ok = children_Pattern_MatchOr(o, &node->MatchOr); break;
    default: break;
    }
    recursion_leave(o->t);
    return ok;
}

/* Statements. */

static bool warn_finally(Optimizer *o, const Stmt *s, const char *word) {
    char message[64];
    snprintf(message, sizeof message, "'%s' in a 'finally' block", word);
    if (warn_explicit(o->t, &SyntaxWarning_type, message, o->filename, s->pos.line))
        return true;
    if (error_catch(o->t, &SyntaxWarning_type))
        syntax_error_at(o->t, o->filename, s->pos.line, s->pos.column, s->pos.end_line, s->pos.end_column, "%s",
                        message);
    return false;
}

static bool visit_loop_body(Optimizer *o, StmtSeq *body) {
    bool before = o->in_loop;
    o->in_loop = true;
    bool ok = visit_StmtSeq(o, body);
    o->in_loop = before;
    return ok;
}

static bool visit_finally(Optimizer *o, StmtSeq *body) {
    Optimizer before = *o;
    o->in_finally = true;
    o->in_function = o->in_loop = false;
    bool ok = visit_StmtSeq(o, body);
    o->in_finally = before.in_finally;
    o->in_function = before.in_function;
    o->in_loop = before.in_loop;
    return ok;
}

static bool visit_function_body(Optimizer *o, StmtSeq *body) {
    bool before = o->in_function, loop = o->in_loop;
    o->in_function = true;
    o->in_loop = false;
    bool finally = o->in_finally;
    o->in_finally = false;
    bool ok = visit_body(o, body, true);
    o->in_function = before;
    o->in_loop = loop;
    o->in_finally = finally;
    return ok;
}

static bool visit_function(Optimizer *o, struct StmtFunctionDef *f) {
    return visit_TypeParamSeq(o, &f->type_params) && visit_Arguments(o, f->args) && visit_function_body(o, &f->body) &&
           visit_ExprSeq(o, &f->decorator_list) &&
           (!f->returns || o->future_annotations || visit_Expr(o, f->returns));
}

static bool visit_class(Optimizer *o, struct StmtClassDef *c) {
    return visit_TypeParamSeq(o, &c->type_params) && visit_ExprSeq(o, &c->bases) && visit_KeywordSeq(o, &c->keywords) &&
           visit_body(o, &c->body, true) && visit_ExprSeq(o, &c->decorator_list);
}

static bool visit_try(Optimizer *o, struct StmtTry *s) {
    return visit_StmtSeq(o, &s->body) && visit_ExceptHandlerSeq(o, &s->handlers) && visit_StmtSeq(o, &s->orelse) &&
           visit_finally(o, &s->finalbody);
}

static bool visit_for(Optimizer *o, struct StmtFor *s) {
    return visit_Expr(o, s->target) && visit_Expr(o, s->iter) && visit_loop_body(o, &s->body) &&
           visit_StmtSeq(o, &s->orelse);
}

static bool visit_Stmt_kind(Optimizer *o, Stmt *s) {
    bool leaves = o->warnings && o->in_finally;
    switch (s->kind) {
    case STMT_FunctionDef:
    case STMT_AsyncFunctionDef: return visit_function(o, &s->FunctionDef);
    case STMT_ClassDef: return visit_class(o, &s->ClassDef);
    case STMT_Return:
        if (leaves && !o->in_function && !warn_finally(o, s, "return"))
            return false;
        return children_Stmt_Return(o, &s->Return);
    case STMT_Break: return !leaves || o->in_loop || warn_finally(o, s, "break");
    case STMT_Continue: return !leaves || o->in_loop || warn_finally(o, s, "continue");
    case STMT_AnnAssign:
        return visit_Expr(o, s->AnnAssign.target) &&
               (o->future_annotations || visit_Expr(o, s->AnnAssign.annotation)) &&
               (!s->AnnAssign.value || visit_Expr(o, s->AnnAssign.value));
    case STMT_For:
    case STMT_AsyncFor: return visit_for(o, &s->For);
    case STMT_While:
        return visit_Expr(o, s->While.test) && visit_loop_body(o, &s->While.body) &&
               visit_StmtSeq(o, &s->While.orelse);
    case STMT_Try:
    case STMT_TryStar: return visit_try(o, &s->Try);
    case STMT_Delete: return children_Stmt_Delete(o, &s->Delete);
    case STMT_Assign: return children_Stmt_Assign(o, &s->Assign);
    case STMT_TypeAlias: return children_Stmt_TypeAlias(o, &s->TypeAlias);
    case STMT_AugAssign: return children_Stmt_AugAssign(o, &s->AugAssign);
    case STMT_If: return children_Stmt_If(o, &s->If);
    case STMT_With:
    case STMT_AsyncWith: return children_Stmt_With(o, &s->With);
    case STMT_Match: return children_Stmt_Match(o, &s->Match);
    case STMT_Raise: return children_Stmt_Raise(o, &s->Raise);
    case STMT_Assert: return children_Stmt_Assert(o, &s->Assert);
    case STMT_Expr: return children_Stmt_Expr(o, &s->Expr);
    default: return true;
    }
}

static bool visit_Stmt(Optimizer *o, Stmt *s) {
    if (!recursion_enter(o->t, " during compilation"))
        return false;
    bool ok = visit_Stmt_kind(o, s);
    recursion_leave(o->t);
    return ok;
}

static void remove_docstring(StmtSeq *body) {
    if (body->count == 1) {
        Stmt *only = body->items[0];
        only->kind = STMT_Pass; /* a body is never empty */
        only->pos.end_line = only->pos.line;
        only->pos.end_column = only->pos.column + 4;
        return;
    }
    body->items++;
    body->count--;
}

static bool visit_body(Optimizer *o, StmtSeq *body, bool may_have_docstring) {
    bool docstring = may_have_docstring && present(body_docstring(*body));
    if (docstring && o->level >= 2) {
        remove_docstring(body);
        docstring = false;
    }
    for (int i = 0; i < body->count; i++)
        if (!visit_Stmt(o, body->items[i]))
            return false;
    if (!may_have_docstring || docstring || absent(body_docstring(*body)))
        return true;
    /* a first statement that has become a constant is no docstring */
    Stmt *first = body->items[0];
    Expr *joined = allocate(o, sizeof *joined);
    Expr **values = allocate(o, sizeof *values);
    if (!joined || !values)
        return false;
    values[0] = first->Expr.value;
    *joined = (Expr){.kind = EXPR_JoinedStr, .pos = first->pos};
    joined->JoinedStr.values = (ExprSeq){1, values};
    first->Expr.value = joined;
    return true;
}

static bool visit_Comprehension(Optimizer *o, Comprehension *node) { return children_Comprehension(o, node); }
static bool visit_Arguments(Optimizer *o, Arguments *node) { return children_Arguments(o, node); }
static bool visit_Keyword(Optimizer *o, Keyword *node) { return children_Keyword(o, node); }
static bool visit_Alias(Optimizer *o, Alias *node) { return children_Alias(o, node); }
static bool visit_WithItem(Optimizer *o, WithItem *node) { return children_WithItem(o, node); }
static bool visit_MatchCase(Optimizer *o, MatchCase *node) { return children_MatchCase(o, node); }

static bool visit_Arg(Optimizer *o, Arg *node) {
    return o->future_annotations || children_Arg(o, node);
}

static bool visit_ExceptHandler(Optimizer *o, ExceptHandler *node) {
    return children_ExceptHandler_ExceptHandler(o, &node->ExceptHandler);
}

static bool visit_TypeIgnore(Optimizer *, TypeIgnore *) {
    return true;
}

static bool visit_TypeParam(Optimizer *o, TypeParam *node) {
    switch (node->kind) {
    case TYPE_PARAM_TypeVar: return children_TypeParam_TypeVar(o, &node->TypeVar);
    case TYPE_PARAM_ParamSpec: return children_TypeParam_ParamSpec(o, &node->ParamSpec);
    default: return children_TypeParam_TypeVarTuple(o, &node->TypeVarTuple);
    }
}

static bool visit_Module(Optimizer *o, Module *module) {
    switch (module->kind) {
    case MODULE_Module: return visit_body(o, &module->Module.body, true);
    case MODULE_Interactive: return visit_StmtSeq(o, &module->Interactive.body);
    case MODULE_Expression: return visit_Expr(o, module->Expression.body);
    default: return true;
    }
}

bool optimize_tree(Thread *t, Module *module, Value filename, int optimize, int flags, Arena *arena) {
    Optimizer o = {
        .t = t,
        .arena = arena,
        .keep = module->keep,
        .filename = filename,
        .level = optimize,
        .future_annotations = flags & PARSE_FUTURE_ANNOTATIONS,
        .warnings = !(flags & PARSE_ONLY_AST),
    };
    return visit_Module(&o, module);
}
