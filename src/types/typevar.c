/* TypeVar, TypeVarTuple, ParamSpec, type aliases, Generic and NoDefault.
 *
 * Bounds, constraints, defaults and values may be given as functions; they run on first use and the result is kept. Two
 * threads may compute it at once: one of the results stays.
 */
#include "object/type_internal.h"
#include "types/typevar.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "types/typing_parameters.h"

/* One layout for the three kinds of parameters. */
typedef struct TypeParameter {
    Object object;
    Value name, module;
    Value bound, evaluate_bound;
    Value constraints, evaluate_constraints;
    Value default_value, evaluate_default;
    bool covariant, contravariant, infer_variance;
} TypeParameter;

typedef struct ParamSpecPart { /* P.args or P.kwargs */
    Object object;
    Value origin;
} ParamSpecPart;

typedef struct TypeAlias {
    Object object;
    Value name, module, type_params, value, evaluate_value;
} TypeAlias;

/* What evaluate_bound and the like are when the value was given at once. */
typedef struct ConstEvaluator {
    Object object;
    Value value;
} ConstEvaluator;
extern Type const_evaluator_type;

Object no_default_object = {.meta = META_IMMORTAL, .type = &no_default_type};
#define NO_DEFAULT from_object(&no_default_object)

Value (*typing_caller_module)(Thread *t);

static TypeParameter *as_parameter(Value v) { return (TypeParameter *)v.bits; }
static TypeAlias *as_type_alias(Value v) { return (TypeAlias *)v.bits; }

static void parameter_trace(Tracer *tracer, Object *o) {
    trace_values(tracer, &((TypeParameter *)o)->name, 8);
    instance_trace(tracer, o);
}
static void part_trace(Tracer *tracer, Object *o) { trace_value(tracer, ((ParamSpecPart *)o)->origin); }
static void alias_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((TypeAlias *)o)->name, 5); }
static void evaluator_trace(Tracer *tracer, Object *o) { trace_value(tracer, ((ConstEvaluator *)o)->value); }

static Value or_none(Value v) { return present(v) ? v : NONE; }
static Value none_to_absent(Value v) { return present(v) && is_none(v) ? NO_VALUE : v; }

/* Python code in typing */

static Value typing_module(Thread *t) {
    Value name = TRY(str_intern_text(t, "typing"));
    Value module = present(t->isolate->modules) ? dict_get(t, t->isolate->modules, name) : NO_VALUE;
    if (present(module) || error_pending(t))
        return module;
    Value import = dict_get_str(t->isolate->builtins, names.__import__);
    if (absent(import))
        return raise_error(t, &ImportError_type, "__import__ not found");
    return call_1(t, import, name);
}

Value typing_function_call(Thread *t, const char *name, Value arg) {
    return call_1(t, TRY(get_attribute_text(t, TRY(typing_module(t)), name)), arg);
}

static Value typing_call_2(Thread *t, const char *name, Value a, Value b) {
    return call_2(t, TRY(get_attribute_text(t, TRY(typing_module(t)), name)), a, b);
}

static Value typing_call_3(Thread *t, const char *name, Value a, Value b, Value c) {
    return call_3(t, TRY(get_attribute_text(t, TRY(typing_module(t)), name)), a, b, c);
}

static Value type_check(Thread *t, Value v, const char *message) {
    if (is_type(v) || is_none(v))
        return is_none(v) ? from_object(&none_type) : v;
    return typing_call_2(t, "_type_check", v, TRY(str_from_text(t, message)));
}

static Value caller_module(Thread *t) { return or_none(typing_caller_module ? typing_caller_module(t) : NO_VALUE); }

/* Evaluators */

static Value const_evaluator_new(Thread *t, Value value) {
    ConstEvaluator *e = heap_allocate(t, &const_evaluator_type, sizeof *e);
    CHECK(e != NULL);
    e->value = value; /* NOBARRIER: just allocated */
    return from_object(e);
}

/* Formats of annotationlib: 4 is the text, everything else the value. */
static Value const_evaluator_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    Value v = ((ConstEvaluator *)as_object(callee))->value;
    int64_t format;
    if (nargs != 1 || (present(kwnames) && tuple_length(kwnames)))
        return raise_type_error(t, "constevaluator.__call__() takes exactly 1 argument (%zu given)", nargs);
    CHECK(index_as_ssize(t, args[0], &format, false, NULL));
    if (format != 4)
        return v;
    if (!is_tuple(v))
        return typing_type_repr(t, v);
    StrBuilder b = {0};
    CHECK(str_builder_add_char(t, &b, '('));
    for (size_t i = 0; i < tuple_length(v); i++) {
        CHECK(i == 0 || str_builder_add_text(t, &b, ", "));
        CHECK(str_builder_add(t, &b, TRY(typing_type_repr(t, tuple_get(v, i)))));
    }
    CHECK(str_builder_add_text(t, &b, tuple_length(v) == 1 ? ",)" : ")"));
    return str_builder_finish(t, &b);
}

static Value const_evaluator_repr(Thread *t, Value *args) {
    return format_text(t, "<constevaluator %R>", ((ConstEvaluator *)as_object(args[0]))->value);
}

/* The value in *field, from its function if it has not run yet; `otherwise` without either. */
static Value evaluated(Thread *t, Object *o, Value *field, Value evaluate, Value otherwise) {
    Value v = load(field);
    if (present(v))
        return v;
    if (absent(evaluate))
        return otherwise;
    v = TRY(call_1(t, evaluate, small_int(1)));
    store(o, field, v);
    return v;
}

static Value evaluator(Thread *t, Value evaluate, Value value) {
    if (present(evaluate))
        return evaluate;
    return present(value) ? const_evaluator_new(t, value) : NONE;
}

/* Parameters: construction */

/* module: absent for what the syntax made. */
static Value make(Thread *t, Type *type, Value name, Value module) {
    TypeParameter *p = type_allocate(t, type);
    CHECK(p != NULL);
    store(p, &p->name, name);
    Value self = from_object(p);
    CHECK(absent(module) || set_attribute(t, self, names.__module__, module));
    return self;
}

Value typevar_new_lazy(Thread *t, Value name, Value evaluate_bound, Value evaluate_constraints) {
    Value self = TRY(make(t, &typevar_type, name, NO_VALUE));
    TypeParameter *p = as_parameter(self);
    store(p, &p->evaluate_bound, none_to_absent(evaluate_bound));
    store(p, &p->evaluate_constraints, none_to_absent(evaluate_constraints));
    p->infer_variance = true;
    return self;
}

Value typevartuple_new(Thread *t, Value name) { return make(t, &typevartuple_type, name, NO_VALUE); }

Value paramspec_new(Thread *t, Value name) {
    Value self = TRY(make(t, &paramspec_type, name, NO_VALUE));
    as_parameter(self)->infer_variance = true;
    return self;
}

bool typevar_set_default(Thread *t, Value parameter, Value evaluate_default) {
    TypeParameter *p = as_parameter(parameter);
    store(p, &p->evaluate_default, evaluate_default);
    return true;
}

static bool set_variance(Thread *t, TypeParameter *p, Value *flags) {
    int covariant = truth(t, flags[0]), contravariant = truth(t, flags[1]), infer = truth(t, flags[2]);
    if (covariant < 0 || contravariant < 0 || infer < 0)
        return false;
    if (covariant && contravariant)
        return raise_value_error(t, "Bivariant types are not supported."), false;
    if (infer && (covariant || contravariant))
        return raise_value_error(t, "Variance cannot be specified with infer_variance."), false;
    p->covariant = covariant;
    p->contravariant = contravariant;
    p->infer_variance = infer;
    return true;
}

static bool check_name(Thread *t, const char *function, Value name) {
    if (is_str(name))
        return true;
    raise_type_error(t, "%s() argument 'name' must be str, not %Y", function, name);
    return false;
}

/* args: type, name, *constraints, bound, default, covariant, contravariant, infer_variance */
static Value typevar_new(Thread *t, Value *args) {
    CHECK(check_name(t, "typevar", args[1]));
    Value constraints = args[2], bound = none_to_absent(args[3]);
    if (present(bound))
        bound = TRY(type_check(t, bound, "Bound must be a type."));
    if (tuple_length(constraints) == 1)
        return raise_type_error(t, "A single constraint is not allowed");
    if (tuple_length(constraints) && present(bound))
        return raise_type_error(t, "Constraints cannot be combined with bound=...");
    Value self = TRY(make(t, as_type(args[0]), args[1], caller_module(t)));
    TypeParameter *p = as_parameter(self);
    CHECK(set_variance(t, p, args + 5));
    store(p, &p->bound, bound);
    if (tuple_length(constraints))
        store(p, &p->constraints, constraints);
    store(p, &p->default_value, absent(args[4]) ? NO_DEFAULT : args[4]);
    return self;
}

static Value typevartuple_make(Thread *t, Value *args) {
    CHECK(check_name(t, "typevartuple", args[1]));
    Value self = TRY(make(t, as_type(args[0]), args[1], caller_module(t)));
    store(as_object(self), &as_parameter(self)->default_value, absent(args[2]) ? NO_DEFAULT : args[2]);
    return self;
}

static Value paramspec_make(Thread *t, Value *args) {
    CHECK(check_name(t, "paramspec", args[1]));
    Value bound = none_to_absent(args[2]); /* anything goes, lists of types for example */
    Value self = TRY(make(t, as_type(args[0]), args[1], caller_module(t)));
    TypeParameter *p = as_parameter(self);
    CHECK(set_variance(t, p, args + 4));
    store(p, &p->bound, bound);
    store(p, &p->default_value, absent(args[3]) ? NO_DEFAULT : args[3]);
    return self;
}

/* Parameters: methods */

static Value parameter_repr(Thread *t, Value *args) {
    TypeParameter *p = as_parameter(args[0]);
    if (load_relaxed(&p->infer_variance) || is_exactly(args[0], &typevartuple_type))
        return p->name;
    return format_text(t, "%c%S", load_relaxed(&p->covariant) ? '+' : load_relaxed(&p->contravariant) ? '-' : '~', p->name);
}

static Value parameter_or(Thread *t, Value *args) { return union_from_tuple(t, TRY(tuple_pack(t, 2, args[0], args[1]))); }
static Value parameter_ror(Thread *t, Value *args) { return union_from_tuple(t, TRY(tuple_pack(t, 2, args[1], args[0]))); }
static Value parameter_reduce(Thread *t, Value *args) { return as_parameter(args[0])->name; }

static Value get_default(Thread *t, Value *args) {
    TypeParameter *p = as_parameter(args[0]);
    return evaluated(t, &p->object, &p->default_value, load(&p->evaluate_default), NO_DEFAULT);
}

static Value parameter_has_default(Thread *t, Value *args) {
    TypeParameter *p = as_parameter(args[0]);
    Value value = load(&p->default_value);
    return from_bool(present(load(&p->evaluate_default)) || (present(value) && !same(value, NO_DEFAULT)));
}

static Value cannot_subclass(Thread *t, Value *args) {
    return raise_type_error(t, "Cannot subclass an instance of %s", strrchr(type_of(args[0])->name_text, '.') + 1);
}

static Value typevar_subst(Thread *t, Value *args) { return typing_call_2(t, "_typevar_subst", args[0], args[1]); }
static Value paramspec_subst(Thread *t, Value *args) { return typing_call_2(t, "_paramspec_subst", args[0], args[1]); }
static Value typevartuple_subst(Thread *t, Value *args) {
    return raise_type_error(t, "Substitution of bare TypeVarTuple is not supported");
}

/* (alias, args): fills in the default of a missing last argument. */
static Value typevar_prepare(Thread *t, Value *args) {
    Value self = args[0], parameters = TRY(get_attribute(t, args[1], names.__parameters__)), given = args[2];
    parameters = TRY(tuple_from_iterable(t, parameters));
    int64_t count = length_of(t, given);
    CHECK(count >= 0);
    size_t index = 0;
    while (index < tuple_length(parameters) && !same(tuple_get(parameters, index), self))
        index++;
    if ((int64_t)index < count)
        return given;
    if ((int64_t)index == count) {
        Value value = TRY(get_default(t, args));
        if (!same(value, NO_DEFAULT))
            return tuple_concat(t, TRY(tuple_from_iterable(t, given)), TRY(tuple_pack(t, 1, value)));
    }
    return raise_type_error(t, "Too few arguments for %S; actual %zd, expected at least %zd", args[1], (size_t)count, index + 1);
}

static Value typevartuple_prepare(Thread *t, Value *args) {
    return typing_call_3(t, "_typevartuple_prepare_subst", args[0], args[1], args[2]);
}
static Value paramspec_prepare(Thread *t, Value *args) {
    return typing_call_3(t, "_paramspec_prepare_subst", args[0], args[1], args[2]);
}

static Value typevartuple_iter(Thread *t, Value *args) {
    Value unpack = TRY(get_attribute_text(t, TRY(typing_module(t)), "Unpack"));
    Value single = TRY(tuple_pack(t, 1, TRY(get_item(t, unpack, args[0]))));
    return get_iterator(t, single);
}

static Value get_bound(Thread *t, Value *args) {
    TypeParameter *p = as_parameter(args[0]);
    return evaluated(t, &p->object, &p->bound, load(&p->evaluate_bound), NONE);
}
static Value get_constraints(Thread *t, Value *args) {
    TypeParameter *p = as_parameter(args[0]);
    return evaluated(t, &p->object, &p->constraints, load(&p->evaluate_constraints), empty_tuple);
}
static Value get_evaluate_bound(Thread *t, Value *args) {
    return evaluator(t, load(&as_parameter(args[0])->evaluate_bound), load(&as_parameter(args[0])->bound));
}
static Value get_evaluate_constraints(Thread *t, Value *args) {
    return evaluator(t, load(&as_parameter(args[0])->evaluate_constraints), load(&as_parameter(args[0])->constraints));
}
static Value get_evaluate_default(Thread *t, Value *args) {
    TypeParameter *p = as_parameter(args[0]);
    Value value = load(&p->default_value);
    if (same(value, NO_DEFAULT))
        value = NO_VALUE;
    return evaluator(t, load(&p->evaluate_default), value);
}
static Value get_covariant(Thread *t, Value *args) { return from_bool(load_relaxed(&as_parameter(args[0])->covariant)); }
static Value get_contravariant(Thread *t, Value *args) { return from_bool(load_relaxed(&as_parameter(args[0])->contravariant)); }
static Value get_infer_variance(Thread *t, Value *args) { return from_bool(load_relaxed(&as_parameter(args[0])->infer_variance)); }

/* P.args and P.kwargs */

static Value make_part(Thread *t, Type *type, Value origin) {
    ParamSpecPart *part = heap_allocate(t, type, sizeof *part);
    CHECK(part != NULL);
    part->origin = origin; /* NOBARRIER: just allocated */
    return from_object(part);
}

static Value get_args_part(Thread *t, Value *args) { return make_part(t, &paramspec_args_type, args[0]); }
static Value get_kwargs_part(Thread *t, Value *args) { return make_part(t, &paramspec_kwargs_type, args[0]); }
static Value part_new(Thread *t, Value *args) { return make_part(t, as_type(args[0]), args[1]); }

static Value part_repr(Thread *t, Value *args) {
    Value origin = ((ParamSpecPart *)as_object(args[0]))->origin;
    const char *word = is_exactly(args[0], &paramspec_args_type) ? "args" : "kwargs";
    if (is_exactly(origin, &paramspec_type))
        return format_text(t, "%S.%s", as_parameter(origin)->name, word);
    return format_text(t, "%R.%s", origin, word);
}

static Value part_eq(Thread *t, Value *args) {
    if (type_of(args[0]) != type_of(args[1]))
        return NOT_IMPLEMENTED;
    Value a = ((ParamSpecPart *)as_object(args[0]))->origin, b = ((ParamSpecPart *)as_object(args[1]))->origin;
    return compare(t, COMPARE_EQ, a, b);
}

static Value part_hash(Thread *t, Value *args) {
    int64_t hash;
    CHECK(hash_of(t, ((ParamSpecPart *)as_object(args[0]))->origin, &hash));
    return int_from(t, hash);
}

/* Type aliases */

static Value alias_make(Thread *t, Value name, Value type_params, Value value, Value evaluate, Value module) {
    TypeAlias *a = heap_allocate(t, &type_alias_type, sizeof *a);
    CHECK(a != NULL);
    a->name = name; /* NOBARRIER: just allocated */
    a->module = module;
    a->type_params = present(type_params) && !is_none(type_params) && tuple_length(type_params) ? type_params : NO_VALUE;
    a->value = value;
    a->evaluate_value = evaluate;
    return from_object(a);
}

Value type_alias_new_lazy(Thread *t, Value name, Value type_params, Value evaluate_value) {
    return alias_make(t, name, type_params, NO_VALUE, evaluate_value, caller_module(t));
}

static bool is_type_parameter(Value v) {
    return is_exactly(v, &typevar_type) || is_exactly(v, &typevartuple_type) || is_exactly(v, &paramspec_type);
}

/* All are type parameters, those with a default behind those without. */
static bool check_parameters(Thread *t, Value params) {
    bool defaults = false;
    for (size_t i = 0; i < tuple_length(params); i++) {
        Value p = tuple_get(params, i);
        if (!is_type_parameter(p)) {
            raise_type_error(t, "Expected a type param, got %R", p);
            return false;
        }
        Value method = get_attribute_text(t, p, "has_default"), has = absent(method) ? method : call_0(t, method);
        int with_default = absent(has) ? -1 : truth(t, has);
        if (with_default < 0)
            return false;
        if (defaults && !with_default) {
            raise_type_error(t, "non-default type parameter '%R' follows default type parameter", p);
            return false;
        }
        defaults |= with_default;
    }
    return true;
}

static Value alias_new(Thread *t, Value *args) {
    CHECK(check_name(t, "typealias", args[1]));
    Value params = args[3];
    if (present(params) && !is_tuple(params))
        return raise_type_error(t, "type_params must be a tuple");
    CHECK(absent(params) || check_parameters(t, params));
    return alias_make(t, args[1], params, args[2], NO_VALUE, caller_module(t));
}

static Value alias_type_params(Thread *t, Value *args) {
    Value params = as_type_alias(args[0])->type_params;
    return present(params) ? params : empty_tuple;
}

/* The parameters as they are substituted: type variable tuples unpacked. */
static Value alias_parameters(Thread *t, Value *args) {
    Value params = TRY(alias_type_params(t, args)), list = TRY(list_new(t, tuple_length(params)));
    for (size_t i = 0; i < tuple_length(params); i++) {
        Value p = tuple_get(params, i);
        CHECK(is_exactly(p, &typevartuple_type) ? list_extend(t, list, p) : list_append(t, list, p));
    }
    return list_to_tuple(t, list);
}

static Value alias_value(Thread *t, Value *args) {
    TypeAlias *a = as_type_alias(args[0]);
    return evaluated(t, &a->object, &a->value, a->evaluate_value, NONE);
}

static Value alias_evaluate_value(Thread *t, Value *args) {
    return evaluator(t, as_type_alias(args[0])->evaluate_value, as_type_alias(args[0])->value);
}

static Value alias_getitem(Thread *t, Value *args) {
    if (absent(as_type_alias(args[0])->type_params))
        return raise_type_error(t, "Only generic type aliases are subscriptable");
    return generic_alias_new(t, args[0], args[1]);
}

static Value alias_iter(Thread *t, Value *args) {
    Value unpack = TRY(get_attribute_text(t, TRY(typing_module(t)), "Unpack"));
    return get_iterator(t, TRY(tuple_pack(t, 1, TRY(get_item(t, unpack, args[0])))));
}

static Value alias_repr(Thread *t, Value *args) { return as_type_alias(args[0])->name; }
static Value alias_or(Thread *t, Value *args) { return union_new(t, args[0], args[1]); }
static Value alias_ror(Thread *t, Value *args) { return union_new(t, args[1], args[0]); }
static Value alias_module(Thread *t, Value *args) { return or_none(as_type_alias(args[0])->module); }

/* Generic */

static Value generic_class_getitem(Thread *t, Value *args) {
    return typing_call_2(t, "_generic_class_getitem", args[0], args[1]);
}

static Value generic_init_subclass(Thread *t, Value *args) {
    Value function = TRY(get_attribute_text(t, TRY(typing_module(t)), "_generic_init_subclass"));
    Value all = TRY(tuple_concat(t, TRY(tuple_pack(t, 1, args[0])), args[1]));
    return call_tuple(t, function, all, args[2]);
}

Value typing_generic_subscript(Thread *t, Value type_params) {
    Value list = TRY(list_new(t, tuple_length(type_params)));
    for (size_t i = 0; i < tuple_length(type_params); i++) {
        Value p = tuple_get(type_params, i);
        CHECK(is_exactly(p, &typevartuple_type) ? list_extend(t, list, p) : list_append(t, list, p));
    }
    return typing_call_2(t, "_GenericAlias", from_object(&generic_type), TRY(list_to_tuple(t, list)));
}

static Value no_default_new(Thread *t, Value *args) {
    if (tuple_length(args[1]) || dict_length(args[2]))
        return raise_type_error(t, "NoDefaultType takes no arguments");
    return NO_DEFAULT;
}
static Value no_default_repr(Thread *t, Value *args) { return str_from_text(t, "typing.NoDefault"); }
static Value no_default_reduce(Thread *t, Value *args) { return str_from_text(t, "NoDefault"); }

/* Tables */

#define PARAMETER_ROWS                                               \
    {"__repr__(self, /)", parameter_repr, NULL, 0},                  \
    {"__reduce__(self, /)", parameter_reduce, NULL, 0},              \
    {"has_default(self, /)", parameter_has_default, NULL, 0},        \
    {"__mro_entries__(self, object, /)", cannot_subclass, NULL, 0}
#define PARAMETER_ATTRIBUTES                                         \
    {"__default__", get_default, NULL, NULL},                        \
    {"evaluate_default", get_evaluate_default, NULL, NULL}
#define VARIANCE_ATTRIBUTES                                          \
    {"__covariant__", get_covariant, NULL, NULL, MEMBER},                    \
    {"__contravariant__", get_contravariant, NULL, NULL, MEMBER},            \
    {"__infer_variance__", get_infer_variance, NULL, NULL, MEMBER},          \
    {"__bound__", get_bound, NULL, NULL}

static const NativeDef typevar_methods[] = {
    {"__new__(type, name, *constraints, bound=None, default=<unrepresentable>, covariant=False, contravariant=False, "
     "infer_variance=False)", typevar_new, NULL, NATIVE_NO_SIGNATURE},
    PARAMETER_ROWS,
    {"__or__(self, value, /)", parameter_or, NULL, 0},
    {"__ror__(self, value, /)", parameter_ror, NULL, 0},
    {"__typing_subst__(self, arg, /)", typevar_subst, NULL, 0},
    {"__typing_prepare_subst__(self, alias, args, /)", typevar_prepare, NULL, 0},
    {},
};
static const NativeDef typevartuple_methods[] = {
    {"__new__(type, name, *, default=<unrepresentable>)", typevartuple_make, NULL, NATIVE_NO_SIGNATURE},
    PARAMETER_ROWS,
    {"__iter__(self, /)", typevartuple_iter, NULL, 0},
    {"__typing_subst__(self, arg, /)", typevartuple_subst, NULL, 0},
    {"__typing_prepare_subst__(self, alias, args, /)", typevartuple_prepare, NULL, 0},
    {},
};
static const NativeDef paramspec_methods[] = {
    {"__new__(type, name, *, bound=None, default=<unrepresentable>, covariant=False, contravariant=False, "
     "infer_variance=False)", paramspec_make, NULL, NATIVE_NO_SIGNATURE},
    PARAMETER_ROWS,
    {"__or__(self, value, /)", parameter_or, NULL, 0},
    {"__ror__(self, value, /)", parameter_ror, NULL, 0},
    {"__typing_subst__(self, arg, /)", paramspec_subst, NULL, 0},
    {"__typing_prepare_subst__(self, alias, args, /)", paramspec_prepare, NULL, 0},
    {},
};
static const GetSetDef typevar_getset[] = {
    PARAMETER_ATTRIBUTES,
    VARIANCE_ATTRIBUTES,
    {"__constraints__", get_constraints, NULL, NULL},
    {"evaluate_bound", get_evaluate_bound, NULL, NULL},
    {"evaluate_constraints", get_evaluate_constraints, NULL, NULL},
    {},
};
static const GetSetDef typevartuple_getset[] = {
    PARAMETER_ATTRIBUTES,
    {},
};
static const GetSetDef paramspec_getset[] = {
    PARAMETER_ATTRIBUTES,
    VARIANCE_ATTRIBUTES,
    {"args", get_args_part, NULL, NULL},
    {"kwargs", get_kwargs_part, NULL, NULL},
    {},
};
static const MemberDef parameter_members[] = {
    {"__name__", MEMBER_VALUE, offsetof(TypeParameter, name), true, NULL},
    {},
};
static const NativeDef part_methods[] = {
    {"__new__(type, origin)", part_new, NULL, NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", part_repr, NULL, 0},
    {"__eq__(self, value, /)", part_eq, NULL, 0},
    {"__ne__(self, value, /)", object_ne, "Return self!=value.", 0},
    UNORDERED_ROWS,
    {"__hash__(self, /)", part_hash, NULL, 0},
    {"__mro_entries__(self, object, /)", cannot_subclass, NULL, 0},
    {},
};
static const MemberDef part_members[] = {
    {"__origin__", MEMBER_VALUE, offsetof(ParamSpecPart, origin), true, NULL},
    {},
};
static const NativeDef alias_methods[] = {
    {"__new__(type, name, value, *, type_params=<unrepresentable>)", alias_new, NULL, NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", alias_repr, NULL, 0},
    {"__reduce__(self, /)", alias_repr, NULL, 0},
    {"__iter__(self, /)", alias_iter, NULL, 0},
    {"__or__(self, value, /)", alias_or, NULL, 0},
    {"__ror__(self, value, /)", alias_ror, NULL, 0},
    {"__getitem__(self, key, /)", alias_getitem, NULL, 0},
    {},
};
static const MemberDef alias_members[] = {
    {"__name__", MEMBER_VALUE, offsetof(TypeAlias, name), true, NULL},
    {},
};
static const GetSetDef alias_getset[] = {
    {"__parameters__", alias_parameters, NULL, NULL},
    {"__type_params__", alias_type_params, NULL, NULL},
    {"__value__", alias_value, NULL, NULL},
    {"evaluate_value", alias_evaluate_value, NULL, NULL},
    {"__module__", alias_module, NULL, NULL},
    {},
};
static const NativeDef generic_methods[] = {
    {"__class_getitem__(type, object, /)", generic_class_getitem,
     "Gives a generic class its type arguments: what Class[int] calls, and class C[T] itself when it is made.",
     NATIVE_CLASS | NATIVE_NO_SIGNATURE},
    {"__init_subclass__(type, *args, **kwargs)", generic_init_subclass,
     "Finds the type parameters of a new subclass.", NATIVE_CLASS | NATIVE_NO_SIGNATURE},
    {},
};
static const NativeDef evaluator_methods[] = {
    {"__repr__(self, /)", const_evaluator_repr, NULL, 0},
    {},
};
static const NativeDef no_default_methods[] = {
    {"__new__(type, *args, **kwargs)", no_default_new, NULL, 0},
    {"__repr__(self, /)", no_default_repr, NULL, 0},
    {"__reduce__(self, /)", no_default_reduce, NULL, 0},
    {},
};

#define TYPING_TYPE(c_name, python_name, layout, tracer, table, ...)                                            \
    STATIC_TYPE(c_name) = {                                                                                     \
        STATIC_TYPE_HEAD(tracer, NULL),                                                                         \
        .name_text = python_name,                                                                               \
        .base_static = &object_type,                                                                            \
        .methods = table,                                                                                       \
        .instance_size = sizeof(layout),                                                                        \
        __VA_ARGS__};
TYPING_TYPE(typevar_type, "typing.TypeVar", TypeParameter, parameter_trace, typevar_methods, .getset = typevar_getset,
            .members = parameter_members, .flags = TYPE_HAS_DICT | TYPE_HAS_WEAKREF, .doc = "Type variable.")
TYPING_TYPE(typevartuple_type, "typing.TypeVarTuple", TypeParameter, parameter_trace, typevartuple_methods,
            .getset = typevartuple_getset, .members = parameter_members, .flags = TYPE_HAS_DICT | TYPE_HAS_WEAKREF,
            .doc = "Type variable for any number of types.")
TYPING_TYPE(paramspec_type, "typing.ParamSpec", TypeParameter, parameter_trace, paramspec_methods,
            .getset = paramspec_getset, .members = parameter_members, .flags = TYPE_HAS_DICT | TYPE_HAS_WEAKREF,
            .doc = "Type variable for the parameters of a callable.")
TYPING_TYPE(paramspec_args_type, "typing.ParamSpecArgs", ParamSpecPart, part_trace, part_methods, .members = part_members,
            .flags = TYPE_HAS_WEAKREF, .doc = "The positional arguments of a ParamSpec.")
TYPING_TYPE(paramspec_kwargs_type, "typing.ParamSpecKwargs", ParamSpecPart, part_trace, part_methods,
            .members = part_members, .flags = TYPE_HAS_WEAKREF, .doc = "The keyword arguments of a ParamSpec.")
TYPING_TYPE(type_alias_type, "typing.TypeAliasType", TypeAlias, alias_trace, alias_methods, .members = alias_members,
            .getset = alias_getset, .doc = "A name for a type, as the type statement makes.")
TYPING_TYPE(generic_type, "typing.Generic", Object, NULL, generic_methods, .flags = TYPE_BASE,
            .doc = "Base of classes that take type arguments.")
TYPING_TYPE(const_evaluator_type, "_typing._ConstEvaluator", ConstEvaluator, evaluator_trace, evaluator_methods,
            .call = const_evaluator_call, .flags = TYPE_NO_NEW)
TYPING_TYPE(no_default_type, "NoDefaultType", Object, NULL, no_default_methods, .doc = "The type of the NoDefault singleton.",
            .signature = "()")
#undef TYPING_TYPE
