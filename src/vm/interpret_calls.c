/* The interpreter, part two: calls, returns, and entry from C.
 *
 * Calling a Python function from Python code pushes a frame record and goes on: no C stack is used. The arguments
 * already are where the callee's first registers will be. Everything else goes through call().
 */
#include "object/call.h"
#include "object/type_internal.h"
#include "types/construct.h"
#include "types/descriptors.h"
#include "types/method.h"
#include "types/str/str.h"
#include "vm/drop.h"
#include "vm/calls.h"
#include "vm/eval.h"
#include "vm/generator_step.h"
#include "vm/tracing.h"

HANDLER(CALL) {
    Value callee = r[ip->a];
    if (unlikely(!is_object(callee)))
        TAIL(do_CALL_slow);
    Type *type = class_of(as_object(callee));
    if (likely(type == &function_type)) {
        FunctionObject *f = as_function(callee);
        size_t bound = present(r[ip->a + 1]);
        Value *base = r + ip->a + 2 - bound;
        CodeObject *code = load_relaxed(&f->code);
        if (likely(code_exact_arguments(code) == ip->b + bound && call_fits(t, base, code))) {
            t->frame->ip = ip;
            clear_locals(base, ip->b + bound, code->local_count);
            ENTER(f, code, base, 0, ip->c);
        }
        TAIL(do_CALL_function);
    }
    if (type == &method_descriptor_type)
        TAIL(do_CALL_method);
    if (type == &native_function_type)
        TAIL(do_CALL_native);
    if (type->call == type_call) /* a class without a __call__ of its metaclass's own */
        TAIL(do_CALL_class);
    TAIL(do_CALL_slow);
}

/* CALL in a generator, whose registers are not on the stack: a function gets copies of its arguments. */
HANDLER(CALL_COPYING) {
    Value callee = r[ip->a];
    if (unlikely(!is_object(callee)))
        TAIL(do_CALL_slow);
    Type *type = class_of(as_object(callee));
    if (likely(type == &function_type)) {
        FunctionObject *f = as_function(callee);
        size_t bound = present(r[ip->a + 1]), nargs = ip->b + bound;
        Value *base = real_frame_end(t->frame);
        CodeObject *code = load_relaxed(&f->code);
        if (likely(code_exact_arguments(code) == nargs && call_fits(t, base, code))) {
            t->frame->ip = ip;
            copy_registers(base, r + ip->a + 2 - bound, nargs);
            clear_locals(base, nargs, code->local_count);
            ENTER(f, code, base, 0, ip->c);
        }
        TAIL(do_CALL_function);
    }
    if (type == &method_descriptor_type)
        TAIL(do_CALL_method);
    if (type == &native_function_type)
        TAIL(do_CALL_native);
    if (type->call == type_call)
        TAIL(do_CALL_class);
    TAIL(do_CALL_slow);
}

/* The surplus of the arguments becomes *args. */
static bool bind_rest(Thread *t, CodeObject *code, Value *base, size_t nargs) {
    size_t count = code->argument_count, at = count;
    Value rest = tuple_from_values(t, base + count, nargs - count);
    Value extra = NO_VALUE;
    if (absent(rest) || (code->flags & CODE_VARKEYWORDS && absent(extra = dict_new(t))))
        return false;
    base[at++] = rest;
    if (present(extra))
        base[at++] = extra;
    clear_locals(base, at, code->local_count);
    return true;
}

/* Arguments by name and defaults, for a function with neither * nor **: false if something is unusual. */
static bool bind_names(FunctionObject *f, CodeObject *code, const Value *args, size_t nargs, Value kwnames, Value *target) {
    size_t count = code->argument_count, all = count + code->keyword_only_count;
    const Value *parameters = as_tuple(code->local_names)->items;
    Value defaults = load(&f->defaults), kwdefaults = load(&f->kwdefaults);
    size_t have = present(defaults) ? tuple_length(defaults) : 0;
    if (nargs > count || have > count)
        return false;
    clear_locals(target, nargs, code->local_count);
    size_t named = present(kwnames) ? tuple_length(kwnames) : 0;
    for (size_t k = 0; k < named; k++) {
        Value name = tuple_get(kwnames, k);
        size_t i = nargs > code->positional_only_count ? nargs : code->positional_only_count;
        while (i < all && !same(parameters[i], name))
            i++;
        if (i == all || present(target[i]))
            return false;
        target[i] = args[nargs + k];
    }
    for (size_t i = nargs; i < count; i++) {
        if (absent(target[i])) {
            if (i + have < count)
                return false;
            target[i] = tuple_get(defaults, i + have - count);
        }
    }
    for (size_t i = count; i < all; i++)
        if (absent(target[i]) && (absent(kwdefaults) || absent(target[i] = dict_get_str(kwdefaults, parameters[i]))))
            return false;
    return true;
}

/* Binds arguments that lie at the very place where the callee's registers start. */
bool bind_in_place(Thread *t, FunctionObject *f, Value *base, size_t nargs, Value kwnames) {
    CodeObject *code = f->code;
    if (!code_unpack(t, code))
        return false;
    size_t total = nargs + (present(kwnames) ? tuple_length(kwnames) : 0);
    if (absent(kwnames) && !(code->flags & (CODE_VARARGS | CODE_VARKEYWORDS)) && code->keyword_only_count == 0 &&
        nargs < code->argument_count && present(f->defaults)) {
        size_t missing = code->argument_count - nargs, have = tuple_length(f->defaults);
        if (missing <= have) {
            memcpy(base + nargs, &as_tuple(f->defaults)->items[have - missing], missing * sizeof(Value));
            clear_locals(base, code->argument_count, code->local_count);
            return true;
        }
    }
    if (absent(kwnames) && code->flags & CODE_VARARGS && code->keyword_only_count == 0 && nargs >= code->argument_count)
        return bind_rest(t, code, base, nargs);
    Value room[16];
    const Value *args = room;
    Value copy = NO_VALUE;
    if (total <= 16) {
        memcpy(room, base, total * sizeof(Value));
        if (!(code->flags & (CODE_VARARGS | CODE_VARKEYWORDS)) && bind_names(f, code, room, nargs, kwnames, base))
            return true;
    } else {
        copy = tuple_from_values(t, base, total);
        if (absent(copy))
            return false;
        args = as_tuple(copy)->items;
    }
    bool ok = arguments_bind(t, f, args, nargs, kwnames, base);
    keep_alive(as_object(copy));
    return ok;
}

/* A call whose callee, self and arguments are in place; `nargs` counts keyword arguments only in what kwnames adds. */
typedef enum CallStep { CALL_FAILED, CALL_PUSHED, CALL_DONE } CallStep;

/* Of a generator the arguments are copied to the stack. */
static CallStep push_function(Thread *t, FunctionObject *f, Value *base, size_t nargs, Value kwnames, uint32_t flags,
                              uint32_t result) {
    CodeObject *code = f->code;
    if (unlikely(t->frame->flags & FRAME_GENERATOR)) {
        Value *args = base;
        size_t count = nargs + (present(kwnames) ? tuple_length(kwnames) : 0);
        base = t->frame->end;
        if (unlikely(base + count > t->stack_limit))
            return frame_overflow(t), CALL_FAILED;
        if (likely(base != args))
            memmove(base, args, count * sizeof(Value));
    }
    if (unlikely(!frame_fits(t, base, code)))
        return frame_overflow(t), CALL_FAILED;
    if (absent(kwnames) && code_exact_arguments(code) == nargs)
        clear_locals(base, nargs, code->local_count);
    else if (unlikely(!bind_in_place(t, f, base, nargs, kwnames)))
        return CALL_FAILED;
    frame_push(t, f, code, base, flags, result);
    return CALL_PUSHED;
}

/* A call of something native that profile functions are told about. */
static Value traced_call(Thread *t, Value callee, Value first, Value *args, size_t nargs, Value kwnames) {
    bool monitored = trace_monitors_call(t); /* before it: the callee may be what switches that on */
    Value result = call(t, callee, args, nargs, kwnames);
    CHECK(trace_native_return(t, callee, first, absent(result), monitored));
    return result;
}

/* dict(name=value, ...) */
static Value dict_of_keywords(Thread *t, Value kwnames, const Value *values) {
    size_t count = tuple_length(kwnames);
    Value dict = TRY(dict_new_sized(t, count));
    for (size_t i = 0; i < count; i++)
        CHECK(dict_set(t, dict, tuple_get(kwnames, i), values[i]));
    return dict;
}

/* The __init__ of a class whose instances can be made here, before a frame is pushed for it. NULL: the callee is no such class. */
static FunctionObject *init_to_push(Thread *t, Value callee) {
    if (!is_object(callee) || class_of(as_object(callee))->call != type_call || construct_kind(as_type(callee)) != CONSTRUCT_INIT ||
        (is_tracing(t) && trace_monitors_call(t))) /* which are told of the class's return */
        return NULL;
    Value init = load(&as_type(callee)->construct.function);
    return is_function(init) ? as_function(init) : NULL;
}

/* `at` points to the callee; its result, if native code computes it at once, goes to *result. */
static CallStep start_call(Thread *t, Value *at, size_t nargs, Value kwnames, uint32_t target, Value *result) {
    if (unlikely(!safepoint(t)))
        return CALL_FAILED;
    Value callee = at[0];
    if (is_object(callee) && class_of(as_object(callee)) == &method_type && absent(at[1])) {
        MethodObject *m = (MethodObject *)as_object(callee);
        at[0] = callee = m->function;
        at[1] = m->self;
    }
    if (is_object(callee) && absent(at[1]) && !is_tracing(t) && call_is_looked_up(class_of(as_object(callee)))) {
        Value method = type_lookup(class_of(as_object(callee)), names.__call__);
        if (present(method) && is_function(method)) { /* what CALL_function and CALL_slow would come to, without C's stack */
            at[1] = callee;
            at[0] = callee = method;
        }
    }
    size_t bound = present(at[1]);
    Value first = bound ? at[1] : nargs || present(kwnames) ? at[2] : NO_VALUE; /* which monitors are shown; it may be a keyword's */
    if (is_tracing(t) && !trace_call(t, callee, first))
        return CALL_FAILED;
    if (is_function(callee))
        return push_function(t, as_function(callee), at + 2 - bound, nargs + bound, kwnames, 0, target);
    FunctionObject *init = bound ? NULL : init_to_push(t, callee);
    if (init) {
        Object *o = type_allocate(t, as_type(callee));
        if (!o)
            return CALL_FAILED;
        at[0] = at[1] = from_object(o);
        return push_function(t, init, at + 1, nargs + 1, kwnames, FRAME_INIT, target);
    }
    if (is_tracing(t))
        *result = traced_call(t, callee, first, at + 2 - bound, nargs + bound, kwnames);
    else if (same(callee, from_object(&dict_type)) && present(kwnames) && nargs + bound == 0)
        *result = dict_of_keywords(t, kwnames, at + 2);
    else
        *result = call(t, callee, at + 2 - bound, nargs + bound, kwnames);
    return absent(*result) ? CALL_FAILED : CALL_DONE;
}

HANDLER(CALL_slow) {
    SAVE();
    Value result;
    switch (start_call(t, &r[ip->a], ip->b, NO_VALUE, ip->c, &result)) {
    case CALL_DONE:
        r[ip->c] = result;
        NEXT();
    case CALL_PUSHED:
        LOAD_FRAME(t->frame);
        DISPATCH();
    case CALL_FAILED: break;
    }
    FAIL();
}

HANDLER(CALL_KW) {
    SAVE();
    Value result, kwnames = r[ip->a + 2 + ip->b];
    switch (start_call(t, &r[ip->a], ip->b - tuple_length(kwnames), kwnames, ip->c, &result)) {
    case CALL_DONE:
        r[ip->c] = result;
        NEXT();
    case CALL_PUSHED:
        LOAD_FRAME(t->frame);
        DISPATCH();
    case CALL_FAILED: break;
    }
    FAIL();
}

/* How messages about a call's unpacked arguments name the callee: "module.qualname()" or its str. */
Value callee_text(Thread *t, Value callee) {
    Value qualname = find_attribute(t, callee, names.__qualname__);
    if (absent(qualname)) {
        if (error_pending(t))
            return NO_VALUE;
        return to_str(t, callee);
    }
    Value module = find_attribute(t, callee, names.__module__);
    if (absent(module) && error_pending(t))
        return NO_VALUE;
    if (present(module) && !is_none(module) && !(is_str(module) && str_equal_text(module, "builtins")))
        return format_text(t, "%S.%S()", module, qualname);
    return format_text(t, "%S()", qualname);
}

/* The arguments of callee(*iterable, **mapping), laid out: [scratch, self?, arguments..., keyword values...]. */
typedef struct Unpacked {
    Value room[12], block; /* where they are: in `room` if they are few, else in a tuple */
    Value *args;           /* behind the scratch word */
    size_t nargs;
    Value kwnames;
} Unpacked;

static bool unpack_keywords(Thread *t, Unpacked *u, Value keywords, size_t count, Value *next) {
    u->kwnames = tuple_new(t, count);
    if (absent(u->kwnames))
        return false;
    size_t position = 0, i = 0;
    Value key, value;
    while (i < count && dict_next(keywords, &position, &key, &value)) {
        if (!is_str(key)) {
            raise_type_error(t, "keywords must be strings");
            return false;
        }
        as_tuple(u->kwnames)->items[i++] = is_exactly(key, &str_type) ? str_intern(t, key) : key;
        *next++ = value;
    }
    store_many(as_object(u->kwnames));
    if (i < count)
        raise_error(t, &RuntimeError_type, "dictionary changed size during iteration");
    return i == count;
}

/* The iterable as a tuple. */
static Value unpack_positional(Thread *t, Value *at) {
    Value positional = at[2];
    if (is_exactly(positional, &tuple_type))
        return positional;
    if (!is_list(positional) && type_slot(type_of(positional), SLOT___iter__) == NULL &&
        type_slot(type_of(positional), SLOT___getitem__) == NULL) {
        Value text = TRY(callee_text(t, at[0]));
        return raise_type_error(t, "%S argument after * must be an iterable, not %T", text, positional);
    }
    return tuple_from_iterable(t, positional);
}

static bool unpack_arguments(Thread *t, Value *at, Value positional, Unpacked *u) {
    Value keywords = at[3], self = at[1];
    size_t count = tuple_length(positional), bound = present(self);
    size_t named = present(keywords) ? dict_length(keywords) : 0, total = 1 + bound + count + named;
    Value *items = u->room;
    u->block = u->kwnames = NO_VALUE;
    if (total > sizeof u->room / sizeof *u->room) {
        u->block = tuple_new(t, total);
        if (absent(u->block))
            return false;
        items = as_tuple(u->block)->items;
    }
    items[0] = NONE;
    u->args = items + 1;
    u->nargs = bound + count;
    if (bound)
        items[1] = self;
    memcpy(items + 1 + bound, as_tuple(positional)->items, count * sizeof(Value));
    if (named && !unpack_keywords(t, u, keywords, named, items + 1 + bound + count))
        return false;
    if (present(u->block))
        store_many(as_object(u->block));
    return true;
}

/* A function written in Python, without keyword arguments: they go where its registers will be. */
static CallStep spread_function(Thread *t, Value *at, Value positional, uint32_t target) {
    FunctionObject *f = as_function(at[0]);
    size_t count = tuple_length(positional), bound = present(at[1]);
    if (unlikely(t->frame->flags & FRAME_GENERATOR)) {
        t->frame->end[1] = at[1];
        at = t->frame->end;
    }
    memcpy(at + 2, as_tuple(positional)->items, count * sizeof(Value));
    CallStep step = push_function(t, f, at + 2 - bound, count + bound, NO_VALUE, 0, target);
    keep_alive(as_object(positional));
    return step;
}

static CallStep start_spread_call(Thread *t, Value *at, uint32_t target, Value *result) {
    enum { ROOM = 64 }; /* arguments that are put on the register stack before the function's size is looked at */
    if (unlikely(!safepoint(t)))
        return CALL_FAILED;
    Value positional = unpack_positional(t, at);
    if (unlikely(absent(positional)))
        return CALL_FAILED;
    bool named = present(at[3]) && dict_length(at[3]) > 0;
    Value *room = unlikely(t->frame->flags & FRAME_GENERATOR) ? t->frame->end : at;
    if (is_function(at[0]) && !named && !is_tracing(t) && tuple_length(positional) <= ROOM && room + 2 + ROOM <= t->stack_limit)
        return spread_function(t, at, positional, target);
    Unpacked u;
    if (unlikely(!unpack_arguments(t, at, positional, &u)))
        return CALL_FAILED;
    Value callee = at[0], first = u.nargs ? u.args[0] : NO_VALUE;
    if (is_tracing(t) && !trace_call(t, callee, first))
        return CALL_FAILED;
    FunctionObject *f = is_function(callee) ? as_function(callee) : NULL, *init = f || present(at[1]) ? NULL : init_to_push(t, callee);
    if (init) {
        Object *o = type_allocate(t, as_type(callee));
        if (!o)
            return CALL_FAILED;
        f = init;
        at[0] = *--u.args = from_object(o); /* the scratch word */
        u.nargs++;
        if (present(u.block))
            store_many(as_object(u.block));
    }
    if (f) {
        Value *base = unlikely(t->frame->flags & FRAME_GENERATOR) ? room : at + 2;
        if (unlikely(!frame_fits(t, base, f->code)))
            return frame_overflow(t), CALL_FAILED;
        if (unlikely(!arguments_bind(t, f, u.args, u.nargs, u.kwnames, base)))
            return CALL_FAILED;
        keep_alive(as_object(u.block));
        frame_push(t, f, f->code, base, init ? FRAME_INIT : 0, target);
        return CALL_PUSHED;
    }
    *result = is_tracing(t) ? traced_call(t, callee, first, u.args, u.nargs, u.kwnames) : call(t, callee, u.args, u.nargs, u.kwnames);
    keep_alive(as_object(u.block));
    return absent(*result) ? CALL_FAILED : CALL_DONE;
}

HANDLER(CALL_EX) {
    SAVE();
    Value result;
    switch (start_spread_call(t, &r[ip->a], ip->c, &result)) {
    case CALL_DONE:
        r[ip->c] = result;
        NEXT();
    case CALL_PUSHED:
        LOAD_FRAME(t->frame);
        DISPATCH();
    case CALL_FAILED: break;
    }
    FAIL();
}

/* ---- returning ---- */

/* What RETURN and RETURN_NONE do with the value. */
#define RETURN_VALUE(value)                                                                                           \
    Frame *f = t->frame;                                                                                              \
    Value v = (value);                                                                                                \
    if (likely(f->flags == 0)) {                                                                                      \
        uint32_t result = f->result;                                                                                  \
        t->frame = --f;                                                                                               \
        LOAD_FRAME(f);                                                                                                \
        r[result] = v;                                                                                                \
        NEXT_FAST();                                                                                                  \
    }                                                                                                                 \
    if (likely(f->flags == FRAME_INIT && is_none(v))) {                                                               \
        uint32_t result = f->result;                                                                                  \
        t->frame = --f;                                                                                               \
        LOAD_FRAME(f);                                                                                                \
        r[result] = r[ip->a];                                                                                         \
        NEXT_FAST();                                                                                                  \
    }                                                                                                                 \
    if (likely(f->flags == FRAME_GENERATOR)) { /* resumed by FOR_ITER or SEND */                                      \
        generator_finish_plainly(t, f);                                                                               \
        frame_goes_on(f - 1);                                                                                         \
        LOAD_FRAME(f - 1);                                                                                            \
        if (ip->op == OP_SEND)                                                                                        \
            r[ip->a] = v;                                                                                             \
        ip += (int16_t)ip->c;                                                                                         \
        NEXT_FAST();                                                                                                  \
    }                                                                                                                 \
    if (likely(f->flags == FRAME_AWAITED)) { /* by SEND */                                                            \
        t->frame = --f;                                                                                               \
        LOAD_FRAME(f);                                                                                                \
        r[ip->a] = v;                                                                                                 \
        ip += (int16_t)ip->c;                                                                                         \
        NEXT_FAST();                                                                                                  \
    }                                                                                                                 \
    if (likely(f->flags == FRAME_OPERATOR)) {                                                                         \
        t->frame = --f;                                                                                               \
        LOAD_FRAME(f);                                                                                                \
        *real_frame_end(f) = v;                                                                                       \
        TAIL(do_operator_returned);                                                                                   \
    }                                                                                                                 \
    f->ip = ip;                                                                                                       \
    constants = (Value *)v.bits;                                                                                      \
    TAIL(vm_return);

HANDLER(RETURN) { RETURN_VALUE(r[ip->a]) }
HANDLER(RETURN_NONE) { RETURN_VALUE(NONE) }
#undef RETURN_VALUE

static HANDLER(init_returned_value) {
    SAVE();
    raise_type_error(t, "__init__() should return None, not '%T'", (Value){(uintptr_t)constants});
    FAIL();
}

/* The value being returned comes in `constants`. */
PRESERVE_NONE NOT_INLINED Value vm_return(PARAMETERS) {
    Value v = {(uintptr_t)constants};
    Frame *f = t->frame;
    uint32_t flags = f->flags, result = f->result;
    if (unlikely(flags & FRAME_TRACED) && is_tracing(t) && !trace_return(t, f, v))
        FAIL();
    if (flags & FRAME_GENERATOR)
        generator_finish(t, f);
    else if (flags & FRAME_AWAITED)
        generator_pop_awaited(t, f);
    else
        frame_pop(t);
    if (unlikely(flags & (FRAME_HOLDS | FRAME_HOLDS_PASSED)))
        drop_note_return(t, flags);
    if (flags & FRAME_ENTRY)
        return v;
    frame_goes_on(t->frame);
    LOAD_FRAME(t->frame);
    if (unlikely((flags & FRAME_GENERATOR) && (flags & FRAME_OPERATOR))) { /* resumed by CALL */
        raise_stop_iteration(t, is_none(v) ? NO_VALUE : v);
        FAIL();
    }
    if (flags & (FRAME_GENERATOR | FRAME_AWAITED)) { /* resumed by FOR_ITER or SEND */
        bool sent = operation_generic[ip->op] == OP_SEND;
        if (is_tracing(t) && (sent || !is_none(v)) && !trace_stop_iteration(t, t->frame, is_none(v) ? NO_VALUE : v))
            FAIL();
        if (sent)
            r[ip->a] = v;
        ip += (int16_t)ip->c;
        NEXT();
    }
    if (flags & FRAME_OPERATOR) {
        *real_frame_end(t->frame) = v;
        TAIL(do_operator_returned);
    }
    if (flags & FRAME_INIT) {
        if (unlikely(!is_none(v))) {
            constants = (Value *)v.bits;
            TAIL(do_init_returned_value);
        }
        v = r[ip->a];
    }
    r[result] = v;
    NEXT();
}

/* ---- from C ---- */

/* Notes where the caller's frame ends. What the handlers and the functions that they call keep on the C stack lies below.
 * Inline, since it is the caller's stack pointer that counts. Returns what to restore. */
[[gnu::always_inline]] static inline void *stack_enter(Thread *t) {
    void *outer = t->heap.stack_entry;
#if defined(__x86_64__)
    __asm__ volatile("movq %%rsp, %0" : "=m"(t->heap.stack_entry));
#elif defined(__aarch64__)
    void *pointer;
    __asm__ volatile("mov %0, sp" : "=r"(pointer));
    t->heap.stack_entry = pointer;
#endif
    return outer;
}

static bool is_def(const NativeDef *def, NativeFn function) { return def && def->function == function; }

bool vm_calls_directly(Thread *t, Value (*function)(Thread *t, Value *args)) {
    Frame *f = t->frame;
    if (!frame_is_real(f) || is_tracing(t) || t->heap.in_finalizers)
        return false;
    unsigned op = operation_generic[load_relaxed(&f->ip->op)];
    Value callee = f->base[f->ip->a];
    if ((op != OP_CALL && op != OP_CALL_KW && op != OP_CALL_EX) || absent(callee))
        return false;
    if (is_exactly(callee, &method_descriptor_type))
        return is_def(((MethodDescriptorObject *)as_object(callee))->def, function);
    return is_exactly(callee, &native_function_type) && is_def(((NativeFunctionObject *)as_object(callee))->def, function);
}

Value vm_execute(Thread *t) {
    Frame *f = t->frame;
    if (unlikely((char *)__builtin_frame_address(0) < t->c_stack_limit)) {
        raise_error(t, &RecursionError_type, "maximum recursion depth exceeded");
        if (f->flags & FRAME_GENERATOR)
            generator_finish(t, f);
        else
            frame_pop(t);
        return NO_VALUE;
    }
    const void *const *dispatch = t->dispatch;
    void *outer = stack_enter(t);
    Value v = ((Handler *)dispatch[load_dependent(&f->ip->op)])(f->ip, f->base, t, dispatch, f->code->constants_base, f->code->caches);
    t->heap.stack_entry = outer;
    return v;
}

Value vm_execute_throw(Thread *t) {
    Frame *f = t->frame;
    if (is_tracing(t))
        trace_throw(t, f);
    void *outer = stack_enter(t);
    Value v = vm_unwind(f->ip, f->base, t, t->dispatch, f->code->constants_base, f->code->caches);
    t->heap.stack_entry = outer;
    return v;
}

Value vm_call_function(Thread *t, Value function, Value *args, size_t nargs, Value kwnames) {
    FunctionObject *f = as_function(function);
    CodeObject *code = f->code;
    if (unlikely(!t->frame) && !frames_prepare(t))
        return NO_VALUE;
    Value *base = frame_end(t->frame);
    if (unlikely(!frame_fits(t, base, code))) {
        frame_overflow(t);
        return NO_VALUE;
    }
    if (unlikely(!safepoint(t)))
        return NO_VALUE;
    if (absent(kwnames) && code_exact_arguments(code) == nargs) {
        copy_registers(base, args, nargs);
        clear_locals(base, nargs, code->local_count);
    } else if (!arguments_bind(t, f, args, nargs, kwnames, base)) {
        return NO_VALUE;
    }
    frame_push(t, f, code, base, FRAME_ENTRY, 0);
    return vm_execute(t);
}

/* A body that stores many names gets room for them at once: a table that grows step by step leaves as much garbage as it is large. */
static bool reserve_names(Thread *t, const CodeObject *code, Value namespace) {
    enum { WORTH_IT = 6 };
    size_t count = 0;
    for (size_t i = 0; i < code->count; i++)
        count += load_relaxed(&code->instructions[i].op) == OP_STORE_NAME;
    return count < WORTH_IT || dict_reserve(t, namespace, count < code->cache_count ? count : code->cache_count);
}

Value vm_run_code_with_closure(Thread *t, Value code_value, Value globals, Value locals, Value closure) {
    CodeObject *code = as_code(code_value);
    FunctionObject *f = as_function(TRY(function_new(t, code_value, globals)));
    Value namespace = absent(locals) ? globals : locals;
    bool has_namespace = !(code->flags & CODE_NEWLOCALS && code->flags & CODE_OPTIMIZED);
    if (has_namespace && is_exactly(namespace, &dict_type))
        CHECK(reserve_names(t, code, namespace));
    if (present(closure))
        store(f, &f->closure, closure);
    if (unlikely(!t->frame) && !frames_prepare(t))
        return NO_VALUE;
    Value *base = frame_end(t->frame);
    if (unlikely(!frame_fits(t, base, code))) {
        frame_overflow(t);
        return NO_VALUE;
    }
    if (code->argument_count + code->keyword_only_count > 0) { /* only possible with code made by hand */
        if (!arguments_bind(t, f, NULL, 0, NO_VALUE, base))
            return NO_VALUE;
    } else {
        memset(base, 0, code->local_count * sizeof(Value));
    }
    Frame *frame = frame_push(t, f, code, base, FRAME_ENTRY, 0);
    if (has_namespace)
        frame_set_extra(frame, NO_VALUE, namespace);
    return vm_execute(t);
}

Value vm_run_code(Thread *t, Value code, Value globals, Value locals) {
    return vm_run_code_with_closure(t, code, globals, locals, NO_VALUE);
}
