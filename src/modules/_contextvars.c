/* _contextvars: Context, ContextVar and Token.
 *
 * A context refers to a dict that is never changed once it is there: setting a variable publishes a changed copy, so that
 * copying a context is one word and readers need no lock. Programs have few variables, for which that is the
 * simplest persistent map.
 * Threads: a context is entered by one thread at a time; `entered` is claimed by compare-and-exchange.
 */
#include "modules/_contextvars.h"
#include "base/hash.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/drop.h"

typedef struct ContextObject {
    Object object;
    Value variables; /* dict, never changed */
    Value previous;  /* the thread's context when this one was entered */
    Value found_variable, found_value; /* what was looked up last; of the thread that is in the context */
    uint32_t entered;
} ContextObject;

typedef struct ContextVarObject {
    Object object;
    Value name, default_value; /* absent: none */
} ContextVarObject;

typedef struct TokenObject {
    Object object;
    Value context, variable, old_value; /* old_value absent: there was none */
    bool used;
} TokenObject;

extern Type context_type, context_variable_type, token_type, token_missing_type;
static Object token_missing_object = {.meta = META_IMMORTAL, .type = &token_missing_type};

static ContextObject *as_context(Value v) { return (ContextObject *)v.bits; }
static ContextVarObject *as_variable(Value v) { return (ContextVarObject *)v.bits; }
static TokenObject *as_token(Value v) { return (TokenObject *)v.bits; }

static Value variables_of(Value context) { return load(&as_context(context)->variables); }

static void context_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((ContextObject *)o)->variables, 4); }
static void variable_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((ContextVarObject *)o)->name, 2); }
static void token_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((TokenObject *)o)->context, 3); }

/* Contexts */

static Value context_with(Thread *t, Value variables) {
    ContextObject *c = heap_allocate(t, &context_type, sizeof *c);
    CHECK(c != NULL);
    c->variables = variables; /* NOBARRIER: just allocated */
    return from_object(c);
}

Value context_current(Thread *t) {
    if (absent(t->context))
        t->context = TRY(context_with(t, TRY(dict_new(t))));
    return t->context;
}

Value context_copy(Thread *t, Value context) { return context_with(t, variables_of(context)); }

bool context_enter(Thread *t, Value context) {
    uint32_t free = 0;
    if (!compare_exchange(&as_context(context)->entered, &free, 1u)) {
        raise_error(t, &RuntimeError_type, "cannot enter context: %R is already entered", context);
        return false;
    }
    store(as_object(context), &as_context(context)->previous, t->context);
    t->context = context;
    return true;
}

bool context_exit(Thread *t, Value context) {
    if (!load_relaxed(&as_context(context)->entered)) {
        raise_error(t, &RuntimeError_type, "cannot exit context: %R has not been entered", context);
        return false;
    }
    if (!same(t->context, context)) {
        raise_error(t, &RuntimeError_type, "cannot exit context: thread state references a different context object");
        return false;
    }
    t->context = as_context(context)->previous;
    store(as_object(context), &as_context(context)->previous, NO_VALUE);
    store_release(&as_context(context)->entered, 0u);
    return true;
}

static Value context_new(Thread *t, Value *args) {
    if (tuple_length(args[1]) || dict_length(args[2]))
        return raise_type_error(t, "Context() does not accept any arguments");
    return context_with(t, TRY(dict_new(t)));
}

/* What run() is given: the callable and its arguments. */
static Value call_given(Thread *t, Value given, Value keywords) {
    enum { FEW_ARGUMENTS = 6 };
    size_t count = tuple_length(given) - 1;
    if (absent(keywords) && count <= FEW_ARGUMENTS) { /* as an event loop calls back */
        Value room[FEW_ARGUMENTS + 1] = {0};
        memcpy(room + 1, as_tuple(given)->items + 1, count * sizeof(Value));
        return call(t, tuple_get(given, 0), room + 1, count, NO_VALUE);
    }
    return call_tuple(t, tuple_get(given, 0), TRY(tuple_slice(t, given, 1, count + 1)), keywords);
}

/* args: self, callable and arguments, keywords dict or absent */
static Value context_run(Thread *t, Value *args) {
    Value given = args[1];
    if (tuple_length(given) == 0)
        return raise_type_error(t, "run() missing 1 required positional argument");
    CHECK(context_enter(t, args[0]));
    Value result = call_given(t, given, args[2]);
    Value error = error_take(t);
    CHECK(context_exit(t, args[0]));
    error_restore(t, error);
    return result;
}

static Value context_copy_method(Thread *t, Value *args) { return context_copy(t, args[0]); }

static bool check_key(Thread *t, Value key) {
    if (is_exactly(key, &context_variable_type))
        return true;
    raise_type_error(t, "a ContextVar key was expected, got %R", key);
    return false;
}

static Value lookup(Thread *t, Value context, Value variable) {
    return dict_get(t, variables_of(context), variable);
}

static Value context_getitem(Thread *t, Value *args) {
    CHECK(check_key(t, args[1]));
    Value v = lookup(t, args[0], args[1]);
    return present(v) || error_pending(t) ? v : raise_key_error(t, args[1]);
}

static Value context_contains(Thread *t, Value *args) {
    CHECK(check_key(t, args[1]));
    Value v = lookup(t, args[0], args[1]);
    return absent(v) && error_pending(t) ? NO_VALUE : from_bool(present(v));
}

static Value context_get(Thread *t, Value *args) {
    CHECK(check_key(t, args[1]));
    Value v = lookup(t, args[0], args[1]);
    return present(v) || error_pending(t) ? v : args[2];
}

/* Views are of a copy, which nobody else can change. */
static Value view(Thread *t, Value *args, Value name) {
    return call_method_0(t, TRY(dict_copy(t, variables_of(args[0]))), name);
}
static Value context_keys(Thread *t, Value *args) { return view(t, args, names.keys); }
static Value context_values(Thread *t, Value *args) { return view(t, args, names.values); }
static Value context_items(Thread *t, Value *args) { return view(t, args, names.items); }
static Value context_iter(Thread *t, Value *args) { return get_iterator(t, TRY(view(t, args, names.keys))); }
static Value context_len(Thread *t, Value *args) { return small_int((int64_t)dict_length(variables_of(args[0]))); }

static Value context_eq(Thread *t, Value *args) {
    if (!is_exactly(args[1], &context_type))
        return NOT_IMPLEMENTED;
    return compare(t, COMPARE_EQ, variables_of(args[0]), variables_of(args[1]));
}

/* Variables */

static Value make_variable(Thread *t, Value name, Value default_value) {
    ContextVarObject *v = heap_allocate(t, &context_variable_type, sizeof *v);
    CHECK(v != NULL);
    v->name = name; /* NOBARRIER: just allocated */
    v->default_value = default_value;
    return from_object(v);
}

Value context_variable_new(Thread *t, Value name) { return absent(name) ? name : make_variable(t, name, NO_VALUE); }

static Value variable_new(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "context variable name must be a str");
    int64_t hash;
    CHECK(hash_of(t, args[1], &hash));
    return make_variable(t, args[1], args[2]);
}

Value context_variable_get(Thread *t, Value variable) {
    if (absent(t->context))
        return NO_VALUE;
    ContextObject *c = as_context(t->context);
    if (same(c->found_variable, variable))
        return c->found_value;
    Value v = lookup(t, t->context, variable);
    if (present(v)) {
        store(c, &c->found_variable, variable);
        store(c, &c->found_value, v);
    }
    return v;
}

static Value variable_get(Thread *t, Value *args) {
    Value v = context_variable_get(t, args[0]);
    if (present(v) || error_pending(t))
        return v;
    if (present(args[1]))
        return args[1];
    if (present(as_variable(args[0])->default_value))
        return as_variable(args[0])->default_value;
    return raise_with_args(t, &LookupError_type, 1, &args[0]);
}

/* value absent: the variable is removed */
static bool write_value(Thread *t, Value context, Value variable, Value value) {
    Value copy = dict_copy(t, as_context(context)->variables);
    if (absent(copy))
        return false;
    if (present(value) ? !dict_set(t, copy, variable, value) : dict_delete(t, copy, variable) < 0)
        return false;
    store(as_object(context), &as_context(context)->variables, copy);
    as_context(context)->found_variable = as_context(context)->found_value = NO_VALUE;
    return true;
}

bool context_variable_set(Thread *t, Value variable, Value value) {
    Value context = context_current(t);
    return present(context) && write_value(t, context, variable, value);
}

static Value variable_set(Thread *t, Value *args) {
    Value context = TRY(context_current(t)), old = lookup(t, context, args[0]);
    if (absent(old) && error_pending(t))
        return NO_VALUE;
    TokenObject *token = heap_allocate(t, &token_type, sizeof *token);
    CHECK(token != NULL);
    token->context = context; /* NOBARRIER: just allocated */
    token->variable = args[0];
    token->old_value = old;
    CHECK(write_value(t, context, args[0], args[1]));
    return from_object(token);
}

static Value reset(Thread *t, Value variable, Value token_value) {
    TokenObject *token = as_token(token_value);
    if (load_relaxed(&token->used))
        return raise_error(t, &RuntimeError_type, "%R has already been used once", token_value);
    if (!same(token->variable, variable))
        return raise_value_error(t, "%R was created by a different ContextVar", token_value);
    Value context = TRY(context_current(t));
    if (!same(token->context, context))
        return raise_value_error(t, "%R was created in a different Context", token_value);
    store_relaxed(&token->used, true);
    Value replaced = lookup(t, context, variable);
    if (absent(replaced) && error_pending(t))
        return NO_VALUE;
    CHECK(write_value(t, context, variable, token->old_value));
    drop_note(t, replaced);
    return NONE;
}

static Value variable_reset(Thread *t, Value *args) {
    if (!is_exactly(args[1], &token_type))
        return raise_type_error(t, "expected an instance of Token, got %R", args[1]);
    return reset(t, args[0], args[1]);
}

static Value variable_repr(Thread *t, Value *args) {
    ContextVarObject *v = as_variable(args[0]);
    if (present(v->default_value))
        return format_text(t, "<ContextVar name=%R default=%R at %p>", v->name, v->default_value, (void *)v);
    return format_text(t, "<ContextVar name=%R at %p>", v->name, (void *)v);
}

static Value variable_hash(Thread *t, Value *args) {
    int64_t name;
    CHECK(hash_of(t, as_variable(args[0])->name, &name));
    return int_from(t, hash_pointer((void *)args[0].bits) ^ name);
}

/* Tokens */

static Value token_new(Thread *t, Value *args) {
    return raise_error(t, &RuntimeError_type, "Tokens can only be created by ContextVars");
}

static Value token_repr(Thread *t, Value *args) {
    TokenObject *token = as_token(args[0]);
    return format_text(t, "<Token%s var=%R at %p>", load_relaxed(&token->used) ? " used" : "", token->variable, (void *)token);
}

static Value token_variable(Thread *t, Value *args) { return as_token(args[0])->variable; }
static Value token_old_value(Thread *t, Value *args) {
    Value old = as_token(args[0])->old_value;
    return present(old) ? old : from_object(&token_missing_object);
}
static Value token_enter(Thread *t, Value *args) { return args[0]; }
static Value token_exit(Thread *t, Value *args) { return reset(t, as_token(args[0])->variable, args[0]); }
static Value missing_repr(Thread *t, Value *args) { return str_from_text(t, "<Token.MISSING>"); }

static const NativeDef context_methods[] = {
    {"__new__(type, *args, **kwargs)", context_new, NULL, 0},
    {"run(self, *args, **kwargs)", context_run, "Call a function in this context.",
     NATIVE_NO_SIGNATURE | NATIVE_LAZY_KEYWORDS | NATIVE_BORROWS_STAR},
    {"copy(self, /)", context_copy_method, "Return a shallow copy of the context object.", 0},
    {"__getitem__(self, key, /)", context_getitem, NULL, 0},
    {"__contains__(self, key, /)", context_contains, NULL, 0},
    {"__iter__(self, /)", context_iter, NULL, 0},
    {"__len__(self, /)", context_len, NULL, 0},
    {"__eq__(self, value, /)", context_eq, NULL, 0},
    {"__ne__(self, value, /)", object_ne, "Return self!=value.", 0},
    UNORDERED_ROWS,
    {"get(self, key, default=None, /)", context_get, "Return the value of a variable, or default.", 0},
    {"keys(self, /)", context_keys, "Return the variables.", 0},
    {"values(self, /)", context_values, "Return the values.", 0},
    {"items(self, /)", context_items, "Return pairs of variable and value.", 0},
    {},
};
STATIC_TYPE(context_type) = {
    STATIC_TYPE_HEAD(context_trace, NULL),
    .name_text = "_contextvars.Context",
    .base_static = &object_type,
    .methods = context_methods,
    .flags = TYPE_HAS_WEAKREF | TYPE_NO_MODULE,
    .instance_size = sizeof(ContextObject),
};

static const NativeDef variable_methods[] = {
    {"__new__(type, name, /, *, default=<unrepresentable>)", variable_new, NULL, NATIVE_NO_SIGNATURE},
    {"get(self, default=<unrepresentable>, /)", variable_get, "Return the value in the current context.", 0},
    {"set(self, value, /)", variable_set, "Set the value in the current context; returns a Token for reset().", 0},
    {"reset(self, token, /)", variable_reset, "Restore the value from before the set() that made the token.", 0},
    {"__repr__(self, /)", variable_repr, NULL, 0},
    {"__hash__(self, /)", variable_hash, NULL, 0},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "Generic in the type of the value.", NATIVE_CLASS},
    {},
};
static const MemberDef variable_members[] = {
    {"name", MEMBER_VALUE, offsetof(ContextVarObject, name), true, NULL},
    {},
};
STATIC_TYPE(context_variable_type) = {
    STATIC_TYPE_HEAD(variable_trace, NULL),
    .name_text = "_contextvars.ContextVar",
    .base_static = &object_type,
    .methods = variable_methods,
    .members = variable_members,
    .flags = TYPE_NO_MODULE,
    .instance_size = sizeof(ContextVarObject),
};

static const NativeDef token_methods[] = {
    {"__new__(type, *args, **kwargs)", token_new, NULL, 0},
    {"__repr__(self, /)", token_repr, NULL, 0},
    {"__enter__(self, /)", token_enter, "Enter into Token context manager.", 0},
    {"__exit__(self, type, val, tb, /)", token_exit, "Reset the variable.", 0},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "Generic in the type of the value.", NATIVE_CLASS},
    {},
};
static const GetSetDef token_getset[] = {
    {"var", token_variable, NULL, NULL},
    {"old_value", token_old_value, NULL, NULL},
    {},
};
static bool token_add_missing(Thread *t, Type *type) {
    Value missing = str_intern_text(t, "MISSING");
    return present(missing) && dict_set(t, type->dict, missing, from_object(&token_missing_object));
}

STATIC_TYPE(token_type) = {
    STATIC_TYPE_HEAD(token_trace, NULL),
    .name_text = "_contextvars.Token",
    .base_static = &object_type,
    .methods = token_methods,
    .getset = token_getset,
    .add_constants = token_add_missing,
    .flags = TYPE_NO_MODULE,
    .instance_size = sizeof(TokenObject),
};
static const NativeDef missing_methods[] = {
    {"__repr__(self, /)", missing_repr, NULL, 0},
    {},
};
STATIC_TYPE(token_missing_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "Token.MISSING",
    .base_static = &object_type,
    .methods = missing_methods,
    .flags = TYPE_NO_NEW | TYPE_NO_MODULE,
    .instance_size = sizeof(Object),
};

static Value copy_context(Thread *t, Value *args) { return context_copy(t, TRY(context_current(t))); }

static bool contextvars_init(Thread *t, Value module) {
    return module_add_type(t, module, &context_type) && module_add_type(t, module, &context_variable_type) &&
           module_add_type(t, module, &token_type);
}

static const NativeDef contextvars_functions[] = {
    {"copy_context()", copy_context, NULL, 0},
    {},
};
NATIVE_MODULE(_contextvars) = {
    .name = "_contextvars",
    .doc = "Context Variables",
    .functions = contextvars_functions,
    .init = contextvars_init,
};
