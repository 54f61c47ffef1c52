/* Annotations (PEP 649): functions that compute them on demand; texts under `from __future__ import annotations`. */
#include "compile/compiler.h"
#include "types/tuple.h"

/* Opens the unit of an evaluator, which takes the format as its only argument and refuses what it does not know. */
static Unit *enter_evaluator(Unit *u, Scope *scope, Value name, Position pos) {
    Compiler *c = u->compiler;
    if (!scope) {
        raise_system_error(c->t, "annotation without a scope");
        c->failed = true;
        return u;
    }
    Unit *inner = unit_enter(c, scope, UNIT_ANNOTATION_LIKE, name, pos.line);
    if (c->failed)
        return u;
    inner->argument_count = inner->positional_only_count = 1;
    Label known = new_label(inner);
    load_int(inner, pos, ANNOTATION_FORMAT_FAKE_GLOBALS, next_temp(inner));
    emit_jump(inner, pos, OP_JUMP_IF_NOT_GT, REG_LOCAL | 0, next_temp(inner), known);
    emit(inner, pos, OP_LOAD_COMMON, next_temp(inner), COMMON_NOT_IMPLEMENTED_ERROR, 0);
    emit(inner, pos, OP_RAISE, next_temp(inner), 1, 0);
    place(inner, known);
    return inner;
}

/* `*Ts` in an annotation stands for the one item that it unpacks to. */
static void annotation_to(Unit *u, Expr *e, bool may_star, Reg dst) {
    if (may_star && e->kind == EXPR_Starred) {
        int32_t mark = u->top;
        Reg value = expr_last(u, e->Starred.value);
        release_to(u, mark);
        emit(u, e->pos, OP_UNPACK, dst, value, 1);
    } else {
        expr_to(u, e, dst);
    }
}

void compile_evaluator(Unit *u, Scope *scope, Expr *e, Value name, Position pos, bool may_star) {
    Compiler *c = u->compiler;
    Unit *inner = enter_evaluator(u, scope, name, pos);
    if (c->failed)
        return;
    annotation_to(inner, e, may_star, next_temp(inner));
    emit(inner, pos, OP_RETURN, next_temp(inner), 0, 0);
    Value code = unit_finish(c);
    Reg function = next_temp(u);
    make_closure(u, pos, code, inner, function);
    push(u);
    Value one = small_int(ANNOTATION_FORMAT_VALUE);
    Value defaults = keep(c, tuple_from_values(c->t, &one, 1));
    if (!c->failed)
        load_constant(u, pos, defaults, next_temp(u));
    set_function_part(u, pos, function, FUNCTION_DEFAULTS, next_temp(u));
    release_to(u, function & REG_INDEX);
}

/* ---- signatures ---- */

typedef struct Visited {
    Unit *u;
    Position pos;
    int32_t count;
    bool as_text;
} Visited;

static void visit_annotation(Visited *v, Value name, Expr *annotation) {
    Unit *u = v->u;
    if (!annotation || u->compiler->failed)
        return;
    load_constant(u, v->pos, mangle(u, name), next_temp(u));
    push(u);
    if (v->as_text)
        load_annotation(u, annotation, next_temp(u));
    else
        annotation_to(u, annotation, true, next_temp(u));
    push(u);
    v->count++;
}

static void visit_arguments(Visited *v, ArgSeq args) {
    for (int32_t i = 0; i < args.count; i++) visit_annotation(v, args.items[i]->arg, args.items[i]->annotation);
}

static void visit_signature(Visited *v, Arguments *args, Expr *returns) {
    Reg base = next_temp(v->u);
    visit_arguments(v, args->args);
    visit_arguments(v, args->posonlyargs);
    if (args->vararg)
        visit_annotation(v, args->vararg->arg, args->vararg->annotation);
    visit_arguments(v, args->kwonlyargs);
    if (args->kwarg)
        visit_annotation(v, args->kwarg->arg, args->kwarg->annotation);
    visit_annotation(v, names.return_, returns);
    emit(v->u, v->pos, OP_BUILD_DICT, base, base, v->count);
    release_to(v->u, base & REG_INDEX);
}

static bool any_annotation(ArgSeq args) {
    for (int32_t i = 0; i < args.count; i++)
        if (args.items[i]->annotation)
            return true;
    return false;
}

static bool is_annotated(Arguments *args, Expr *returns) {
    return returns || any_annotation(args->args) || any_annotation(args->posonlyargs) ||
           any_annotation(args->kwonlyargs) || (args->vararg && args->vararg->annotation) ||
           (args->kwarg && args->kwarg->annotation);
}

/* Under `from __future__ import annotations` too, the function's __annotate__ gives them, as text then. */
void annotate_function(Unit *u, Position pos, Value name, Arguments *args, Expr *returns, Scope *scope, Reg function) {
    Compiler *c = u->compiler;
    if (!is_annotated(args, returns))
        return;
    Unit *inner = enter_evaluator(u, scope->annotations, names.__annotate__, pos);
    if (c->failed)
        return;
    Value full = keep(c, format_text(c->t, "%S.__annotate__", name));
    if (!c->failed)
        inner->qualname = qualified_name(inner, full);
    Reg dict = next_temp(inner);
    visit_signature(&(Visited){inner, pos, 0, c->features & PARSE_FUTURE_ANNOTATIONS}, args, returns);
    emit(inner, pos, OP_RETURN, dict, 0, 0);
    Value code = unit_finish(c);
    Reg annotate = next_temp(u);
    make_closure(u, pos, code, inner, annotate);
    set_function_part(u, pos, function, FUNCTION_ANNOTATE, annotate);
}

/* ---- modules and classes ---- */

static void add_annotation(Unit *inner, Unit *of, DeferredAnnotation *deferred, Reg dict, Position pos) {
    Stmt *s = deferred->statement;
    Label skip = new_label(inner);
    int32_t mark = inner->top;
    if (deferred->conditional_index >= 0) {
        load_int(inner, s->pos, deferred->conditional_index, next_temp(inner));
        Reg number = push(inner);
        if (of->kind == UNIT_CLASS)
            emit(inner, s->pos, OP_LOAD_DEREF, next_temp(inner), cell_register(inner, names.__conditional_annotations__), 0);
        else
            emit_named(inner, s->pos, OP_LOAD_GLOBAL, next_temp(inner), 0, names.__conditional_annotations__);
        emit(inner, s->pos, OP_IN, number, number, next_temp(inner));
        emit_jump(inner, s->pos, OP_JUMP_IF_FALSE, number, 0, skip);
        release_to(inner, mark);
    }
    Reg value = expr_push(inner, s->AnnAssign.annotation);
    load_constant(inner, pos, mangle(of, s->AnnAssign.target->Name.id), next_temp(inner));
    emit(inner, pos, OP_DICT_SET, dict, next_temp(inner), value);
    release_to(inner, mark);
    place(inner, skip);
}

void compile_deferred_annotations(Unit *u, Position pos) {
    Compiler *c = u->compiler;
    if (!u->annotation_count || c->failed)
        return;
    Unit *inner = enter_evaluator(u, u->scope->annotations, names.__annotate__, pos);
    if (c->failed)
        return;
    Reg dict = next_temp(inner);
    emit(inner, pos, OP_BUILD_DICT, dict, dict, 0);
    push(inner);
    for (int32_t i = 0; i < u->annotation_count && !c->failed; i++)
        add_annotation(inner, u, &u->annotations[i], dict, pos);
    emit(inner, pos, OP_RETURN, dict, 0, 0);
    Value code = unit_finish(c);
    make_closure(u, pos, code, inner, next_temp(u));
    store_name(u, pos, u->kind == UNIT_CLASS ? names.__annotate_func__ : names.__annotate__, next_temp(u));
}

void move_to(Unit *u, int32_t start, int32_t at) {
    int32_t size = u->count - start;
    if (u->compiler->failed || size == 0)
        return;
    Ir *segment = compile_alloc(u->compiler, (size_t)size * sizeof(Ir));
    if (!segment)
        return;
    memcpy(segment, u->ir + start, (size_t)size * sizeof(Ir));
    memmove(u->ir + at + size, u->ir + at, (size_t)(start - at) * sizeof(Ir));
    memcpy(u->ir + at, segment, (size_t)size * sizeof(Ir));
    for (int32_t i = 0; i < u->label_count; i++)
        if (u->labels[i] >= at)
            u->labels[i] += size;
}

void load_annotation(Unit *u, Expr *annotation, Reg dst) {
    Compiler *c = u->compiler;
    Value text = keep(c, unparse_expression(c->t, annotation));
    if (!c->failed)
        load_constant(u, annotation->pos, text, dst);
}

/* What a body with annotations starts with: the set of those that were reached, or the dict of their texts. */
void setup_annotations(Unit *u, StmtSeq body, Position pos) {
    Compiler *c = u->compiler;
    (void)body;
    if (!(c->features & PARSE_FUTURE_ANNOTATIONS)) {
        if (u->kind == UNIT_MODULE && u->scope->has_conditional_annotations) {
            emit(u, pos, OP_BUILD_SET, next_temp(u), next_temp(u), 0);
            store_name(u, pos, names.__conditional_annotations__, next_temp(u));
        }
        return;
    }
    if (!u->scope->annotations_used)
        return;
    Label there = new_label(u);
    load_constant(u, pos, names.__annotations__, next_temp(u));
    Reg name = push(u);
    emit(u, pos, OP_LOAD_LOCALS, next_temp(u), 0, 0);
    emit(u, pos, OP_IN, name, name, next_temp(u));
    emit_jump(u, pos, OP_JUMP_IF_TRUE, name, 0, there);
    release_to(u, name & REG_INDEX);
    emit(u, pos, OP_BUILD_DICT, next_temp(u), next_temp(u), 0);
    emit_named(u, pos, OP_STORE_NAME, next_temp(u), 0, names.__annotations__);
    place(u, there);
}
