/* The interpreter: CALL by the kind of its callee, and subscripts of instances of classes written in Python.
 *
 * CALL itself does calls of functions whose arguments need no binding; these do what else is common, without the
 * detours of call(). None of them runs while the thread is traced: then CALL is CALL_slow.
 */
#include "object/type_internal.h"
#include "types/bytes.h"
#include "types/construct.h"
#include "types/descriptors.h"
#include "types/method.h"
#include "types/str/str.h"
#include "vm/calls.h"
#include "vm/generator_step.h"
#include "vm/tracing.h"

/* A function written in Python that gets fewer arguments than it has parameters, or more. */
HANDLER(CALL_function) {
    FunctionObject *f = as_function(r[ip->a]);
    size_t bound = present(r[ip->a + 1]), nargs = ip->b + bound;
    Value *args = r + ip->a + 2 - bound, *base = args, defaults = load(&f->defaults);
    if (unlikely(t->frame->flags & FRAME_GENERATOR))
        base = t->frame->end;
    CodeObject *code = load_relaxed(&f->code);
    size_t exact = code_exact_arguments(code), missing = exact - nargs;
    if (likely(exact != UINT32_MAX && nargs < exact && present(defaults) &&
               missing <= tuple_length(defaults) && call_fits(t, base, code))) {
        const Value *from = as_tuple(defaults)->items + tuple_length(defaults) - missing;
        if (unlikely(base != args))
            copy_registers(base, args, nargs);
        for (size_t i = 0; i < missing; i++) {
            base[nargs + i] = from[i];
            __asm__ volatile("");
        }
        t->frame->ip = ip;
        clear_locals(base, exact, code->local_count);
        ENTER(f, code, base, 0, ip->c);
    }
    TAIL(do_CALL_slow);
}

static Value bind_and_call(Thread *t, Value *at, size_t nargs) {
    size_t bound = present(at[1]);
    Value *args = at + 2 - bound;
    nargs += bound;
    if (class_of(as_object(at[0])) == &method_descriptor_type) {
        MethodDescriptorObject *d = (MethodDescriptorObject *)as_object(at[0]);
        return native_call(t, d->def, load_dependent(&d->binder), d->owner, args, nargs, NO_VALUE);
    }
    NativeFunctionObject *f = (NativeFunctionObject *)as_object(at[0]);
    if (f->has_self) {
        *--args = f->self;
        nargs++;
    }
    return native_call(t, f->def, load_dependent(&f->binder), NULL, args, nargs, NO_VALUE);
}

/* A native function that needs its arguments laid out. */
HANDLER(CALL_binding) {
    SAVE();
    Value v = bind_and_call(t, &r[ip->a], ip->b);
    if (unlikely(absent(v)))
        FAIL();
    r[ip->c] = v;
    NEXT();
}

/* One without * or keyword-only parameters that gets fewer arguments than it has parameters. */
enum { FEW_PARAMETERS = 6 };
static HANDLER(CALL_defaults) {
    Value callee = r[ip->a], *at = &r[ip->a];
    bool method = class_of(as_object(callee)) == &method_descriptor_type;
    NativeFunctionObject *f = (NativeFunctionObject *)as_object(callee);
    const Binder *b = load_dependent(method ? &((MethodDescriptorObject *)as_object(callee))->binder : &f->binder);
    Value room[FEW_PARAMETERS + 2] = {0}, *next = room + 1;
    if (!method && f->has_self)
        *next++ = f->self;
    if (present(at[1]))
        *next++ = at[1];
    for (size_t i = 0; i < ip->b; i++)
        *next++ = at[2 + i];
    for (size_t i = (size_t)(next - room - 1); i < b->count; i++)
        room[i + 1] = b->parameters[i].default_value;
    SAVE();
    Value v = b->def->function(t, room + 1);
    if (unlikely(absent(v)))
        FAIL();
    r[ip->c] = v;
    NEXT();
}

/* ---- send() and next(): the generator's frame is pushed as for SEND ----
 *
 * FRAME_OPERATOR says that the result goes where CALL wants it, and that the end is a StopIteration. */

static HANDLER(CALL_next) {
    Value *at = &r[ip->a];
    SAVE();
    if (ip->b == 1 && absent(at[1]) && is_exactly(at[2], &generator_type) &&
        generator_try_enter(t, as_generator(at[2]), real_frame_end(t->frame), NONE, FRAME_OPERATOR, is_own(as_object(at[2])))) {
        LOAD_FRAME(t->frame);
        NEXT_FAST();
    }
    TAIL(do_CALL_defaults);
}

static HANDLER(CALL_C_method) {
    MethodDescriptorObject *d = (MethodDescriptorObject *)as_object(r[ip->a]);
    SAVE();
    Value v = d->def->function(t, r + ip->a + 2 - present(r[ip->a + 1]));
    if (unlikely(absent(v)))
        FAIL();
    r[ip->c] = v;
    NEXT();
}
static HANDLER(CALL_send) {
    Value *args = r + ip->a + 2 - present(r[ip->a + 1]);
    SAVE();
    if (likely(is_generator_like(args[0]))) {
        GeneratorObject *g = as_generator(args[0]);
        if (likely((load_relaxed(&g->state) == GENERATOR_SUSPENDED || is_none(args[1])) &&
                   generator_try_enter(t, g, real_frame_end(t->frame), args[1], FRAME_OPERATOR, is_own(g)))) {
            LOAD_FRAME(t->frame);
            NEXT_FAST();
        }
    }
    TAIL(do_CALL_C_method);
}

static inline bool needs_only_defaults(const Binder *b, size_t nargs) {
    return b->defaultable && nargs < b->count && nargs >= b->required_count && nargs <= b->positional_count && b->count <= FEW_PARAMETERS;
}

/* Whether the method of a type takes an object as its self: one of the type, or of a class that derives from it first. */
static inline bool is_receiver(Value self, Type *owner) {
    Type *type = type_of(self);
    while (type != owner && type)
        type = type->base;
    return type;
}

/* A method of a built-in type. */
static HANDLER(CALL_method_bound) {
    MethodDescriptorObject *d = (MethodDescriptorObject *)as_object(r[ip->a]);
    const Binder *b = load_dependent(&d->binder);
    size_t bound = present(r[ip->a + 1]), nargs = ip->b + bound;
    Value *args = r + ip->a + 2 - bound;
    if (unlikely(!b || poll_due(t)))
        TAIL(do_CALL_slow);
    if (unlikely(nargs == 0 || !is_receiver(args[0], d->owner)))
        TAIL(do_CALL_binding);
    if (unlikely(!b->simple || b->count != nargs)) {
        if (needs_only_defaults(b, nargs) && (!d->owner->buffer || d->owner == &bytes_type)) /* others may have to look for dead views */
            TAIL(do_CALL_defaults);
        TAIL(do_CALL_binding);
    }
    if (unlikely(d->def->function == generator_send_method))
        TAIL(do_CALL_send);
    SAVE();
    Value v = d->def->function(t, args);
    if (unlikely(absent(v)))
        FAIL();
    r[ip->c] = v;
    NEXT();
}

HANDLER(CALL_method) {
    MethodDescriptorObject *d = (MethodDescriptorObject *)as_object(r[ip->a]);
    size_t bound = present(r[ip->a + 1]), nargs = ip->b + bound;
    Value *args = r + ip->a + 2 - bound;
    uint64_t direct = load_relaxed(&d->direct);
    if (unlikely(direct >> DIRECT_COUNT_SHIFT != nargs + 1 || !is_exactly(args[0], d->owner) || poll_due(t)))
        TAIL(do_CALL_method_bound);
    SAVE();
    Value v = direct_function(direct)(t, args);
    if (unlikely(absent(v)))
        FAIL();
    r[ip->c] = v;
    NEXT();
}

/* A function of a native module, or a bound native method. */
HANDLER(CALL_native) {
    NativeFunctionObject *f = (NativeFunctionObject *)as_object(r[ip->a]);
    const Binder *b = load_dependent(&f->binder);
    size_t bound = present(r[ip->a + 1]), nargs = ip->b + bound;
    Value *args = r + ip->a + 2 - bound;
    if (unlikely(!b || f->is_new || poll_due(t)))
        TAIL(do_CALL_slow);
    if (unlikely(!b->simple || b->count != nargs + f->has_self)) {
        if (needs_only_defaults(b, nargs + f->has_self)) {
            if (unlikely(f->def->flags & NATIVE_NEXT))
                TAIL(do_CALL_next);
            TAIL(do_CALL_defaults);
        }
        TAIL(do_CALL_binding);
    }
    if (unlikely(f->def->flags & NATIVE_LEN) && is_of_class(args[0]))
        TAIL(do_CALL_len);
    SAVE();
    if (f->has_self)
        *--args = f->self;
    Value v = f->def->function(t, args);
    if (unlikely(absent(v)))
        FAIL();
    r[ip->c] = v;
    NEXT();
}

/* A class whose instances have an __init__ of their own: a frame for that is pushed. */
static HANDLER(CALL_class_with_init) {
    Value *at = &r[ip->a], *base = unlikely(t->frame->flags & FRAME_GENERATOR) ? t->frame->end : at + 1;
    Type *type = as_type(at[0]);
    FunctionObject *init = as_function(load(&type->construct.function));
    CodeObject *code = load_relaxed(&init->code);
    size_t nargs = ip->b + 1;
    if (unlikely(!frame_fits(t, base + nargs, code)))
        TAIL(do_CALL_slow);
    SAVE();
    Object *o = construct_try_allocate(t, type);
    if (unlikely(!o) && !(o = type_allocate(t, type)))
        FAIL();
    at[0] = at[1] = from_object(o);
    if (unlikely(base != at + 1))
        copy_registers(base, at + 1, nargs);
    if (likely(code_exact_arguments(code) == nargs))
        clear_locals(base, nargs, code->local_count);
    else if (unlikely(!bind_in_place(t, init, base, nargs, NO_VALUE)))
        FAIL();
    ENTER(init, code, base, FRAME_INIT, ip->c);
}

/* A class written in C, by what construct.h knows of it. */
static HANDLER(CALL_native_class) {
    Value *at = &r[ip->a], v;
    Type *type = as_type(at[0]);
    SAVE();
    if (type == &str_type && ip->b == 1)
        v = to_str(t, at[2]);
    else if (ip->b == 1 && construct_collection(t, type, at[2], &v))
        ;
    else if (construct_kind(type) == CONSTRUCT_NATIVE)
        v = construct_native(t, type, at + 2, ip->b, NO_VALUE);
    else
        v = construct_exception(t, type, at + 2, ip->b);
    if (unlikely(absent(v)))
        FAIL();
    r[ip->c] = v;
    NEXT();
}

/* A class with a __new__ written in Python and no __init__: a frame for that is pushed, above the caller's registers, since the
 * arguments may be needed once more (construct_returned). */
static HANDLER(CALL_class_with_new) {
    Type *type = as_type(r[ip->a]);
    Value callable = ((FunctionWrapperObject *)as_object(load(&type->construct.function)))->callable;
    Value *base = real_frame_end(t->frame);
    size_t nargs = ip->b + 1;
    if (unlikely(!is_function(callable)))
        TAIL(do_CALL_slow);
    FunctionObject *new = as_function(callable);
    CodeObject *code = load_relaxed(&new->code);
    if (unlikely(!frame_fits(t, base + nargs, code)))
        TAIL(do_CALL_slow);
    SAVE();
    base[0] = r[ip->a];
    for (size_t i = 1; i < nargs; i++) {
        base[i] = r[ip->a + 1 + i];
        __asm__ volatile("");
    }
    if (likely(code_exact_arguments(code) == nargs))
        clear_locals(base, nargs, code->local_count);
    else if (unlikely(!bind_in_place(t, new, base, nargs, NO_VALUE)))
        FAIL();
    ENTER(new, code, base, FRAME_OPERATOR, 0);
}

/* What __new__ made is of a class that derives from the one that was called, perhaps with an __init__. */
static HANDLER(initialize_derived) {
    Value v = *real_frame_end(t->frame);
    SAVE();
    bool ok = type_init_instance(t, type_of(v), v, &r[ip->a + 2], ip->b, NO_VALUE);
    if (unlikely(!ok))
        FAIL();
    r[ip->c] = v;
    NEXT();
}
HANDLER(construct_returned) {
    Value v = *real_frame_end(t->frame);
    Type *type = as_type(r[ip->a]), *made = type_of(v);
    if (unlikely(made != type && type_is_subtype(made, type)))
        TAIL(do_initialize_derived);
    r[ip->c] = v;
    NEXT_FAST();
}

static HANDLER(CALL_general_class) {
    SAVE();
    Value v;
    if (ip->b != 1 || !construct_collection(t, as_type(r[ip->a]), r[ip->a + 2], &v))
        v = type_call(t, r[ip->a], &r[ip->a + 2], ip->b, NO_VALUE);
    if (unlikely(absent(v)))
        FAIL();
    r[ip->c] = v;
    NEXT();
}

HANDLER(CALL_class) {
    Type *type = as_type(r[ip->a]);
    if (unlikely(present(r[ip->a + 1]) || poll_due(t)))
        TAIL(do_CALL_slow);
    SAVE();
    switch (construct_kind(type)) {
    case CONSTRUCT_OBJECT: {
        if (unlikely(ip->b != 0))
            break;
        Object *o = construct_try_allocate(t, type);
        if (unlikely(!o) && !(o = type_allocate(t, type)))
            FAIL();
        r[ip->c] = from_object(o);
        NEXT_FAST();
    }
    case CONSTRUCT_INIT:
        if (likely(is_function(load(&type->construct.function))))
            TAIL(do_CALL_class_with_init);
        break;
    case CONSTRUCT_NATIVE:
        if (type == &range_type) {
            Value range = op_RANGE_fast(t, &r[ip->a + 2], ip->b);
            if (likely(present(range))) {
                r[ip->c] = range;
                NEXT_FAST();
            }
        }
        TAIL(do_CALL_native_class);
    case CONSTRUCT_EXCEPTION: TAIL(do_CALL_native_class);
    case CONSTRUCT_NEW: TAIL(do_CALL_class_with_new);
    case CONSTRUCT_GENERALLY:
        if (type == &type_type && ip->b == 1) {
            r[ip->c] = from_object(type_of(r[ip->a + 2]));
            NEXT_FAST();
        }
        if (!(type->flags & TYPE_HEAP))
            TAIL(do_CALL_general_class);
        break;
    }
    TAIL(do_CALL_slow);
}

/* ---- o[key] and o[key] = value, where that is a function written in Python: it gets a frame, as for a call ---- */

/* The function, if it can be entered with `count` arguments; else NULL. */
static inline FunctionObject *item_function(Thread *t, Value o, Value name, uint32_t count, const Value *base) {
    Value method = type_lookup(class_of(as_object(o)), name);
    if (unlikely(absent(method) || !is_function(method) || is_tracing(t)))
        return NULL;
    FunctionObject *f = as_function(method);
    CodeObject *code = load_relaxed(&f->code);
    return likely(code_exact_arguments(code) == count && call_fits(t, (Value *)base, code)) ? f : NULL;
}

HANDLER(GET_ITEM_method) {
    Value *base = real_frame_end(t->frame);
    FunctionObject *f = item_function(t, r[ip->b], names.__getitem__, 2, base);
    if (unlikely(!f))
        TAIL(do_GET_ITEM_slow);
    CodeObject *code = f->code;
    SAVE();
    base[0] = r[ip->b];
    base[1] = r[ip->c];
    clear_locals(base, 2, code->local_count);
    ENTER(f, code, base, 0, ip->a);
}

HANDLER(SET_ITEM_method) {
    Value *base = real_frame_end(t->frame);
    FunctionObject *f = item_function(t, r[ip->a], names.__setitem__, 3, base);
    if (unlikely(!f))
        TAIL(do_SET_ITEM_slow);
    CodeObject *code = f->code;
    SAVE();
    base[0] = r[ip->a];
    base[1] = r[ip->b];
    base[2] = r[ip->c];
    clear_locals(base, 3, code->local_count);
    ENTER(f, code, base, FRAME_OPERATOR, 0);
}
