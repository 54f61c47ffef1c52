/* string.templatelib: Template, Interpolation and Template's iterator. See template.h. */
#include "types/template.h"

#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

static TemplateObject *as_template(Value v) { return (TemplateObject *)v.bits; }
static InterpolationObject *as_interpolation(Value v) { return (InterpolationObject *)v.bits; }

/* ---- Interpolation ---- */

static void interpolation_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((InterpolationObject *)o)->value, 4); }

Value interpolation_new(Thread *t, Value value, Value expression, Value conversion, Value format_spec) {
    InterpolationObject *o = heap_allocate(t, &interpolation_type, sizeof *o);
    if (!o)
        return NO_VALUE;
    o->value = value; /* NOBARRIER: new */
    o->expression = expression;
    o->conversion = conversion;
    o->format_spec = format_spec;
    return from_object(o);
}

static Value interpolation_construct(Thread *t, Value *args) {
    Value conversion = args[3];
    if (!is_str(args[2]))
        return raise_type_error(t, "Interpolation() argument 'expression' must be str, not %Y", args[2]);
    if (!is_none(conversion)) {
        if (!is_str(conversion))
            return raise_type_error(t, "Interpolation() argument 'conversion' must be str, not %Y", conversion);
        if (!str_equal_text(conversion, "s") && !str_equal_text(conversion, "a") && !str_equal_text(conversion, "r"))
            return raise_value_error(t, "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'");
    }
    if (!is_str(args[4]))
        return raise_type_error(t, "Interpolation() argument 'format_spec' must be str, not %Y", args[4]);
    return interpolation_new(t, args[1], args[2], conversion, args[4]);
}

static Value interpolation_repr(Thread *t, Value *args) {
    InterpolationObject *o = as_interpolation(args[0]);
    return format_text(t, "Interpolation(%R, %R, %R, %R)", o->value, o->expression, o->conversion, o->format_spec);
}

static Value interpolation_reduce(Thread *t, Value *args) {
    InterpolationObject *o = as_interpolation(args[0]);
    Value parts = TRY(tuple_pack(t, (size_t)4, o->value, o->expression, o->conversion, o->format_spec));
    return tuple_pack(t, (size_t)2, from_object(&interpolation_type), parts);
}

static const NativeDef interpolation_methods[] = {
    {"__new__(type, value, expression='', conversion=None, format_spec='')", interpolation_construct, NULL, NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", interpolation_repr, "Return repr(self).", 0},
    {"__reduce__(self, /)", interpolation_reduce, "__reduce__() -> (cls, state)", 0},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {0},
};
static const MemberDef interpolation_members[] = {
    {"value", MEMBER_VALUE, offsetof(InterpolationObject, value), true, "Value"},
    {"expression", MEMBER_VALUE, offsetof(InterpolationObject, expression), true, "Expression"},
    {"conversion", MEMBER_VALUE, offsetof(InterpolationObject, conversion), true, "Conversion"},
    {"format_spec", MEMBER_VALUE, offsetof(InterpolationObject, format_spec), true, "Format specifier"},
    {0},
};

STATIC_TYPE(interpolation_type) = {
    STATIC_TYPE_HEAD(interpolation_trace, NULL),
    .name_text = "string.templatelib.Interpolation",
    .match_args = "value expression conversion format_spec",
    .doc = "Interpolation object",
    .base_static = &object_type,
    .methods = interpolation_methods,
    .members = interpolation_members,
    .flags = TYPE_NO_MODULE,
    .instance_size = sizeof(InterpolationObject),
};

/* ---- Template ---- */

static void template_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((TemplateObject *)o)->strings, 2); }

Value template_new(Thread *t, Value strings, Value interpolations) {
    TemplateObject *o = heap_allocate(t, &template_type, sizeof *o);
    if (!o)
        return NO_VALUE;
    o->strings = strings; /* NOBARRIER: new */
    o->interpolations = interpolations;
    return from_object(o);
}

/* Template(*args): strings side by side are joined, interpolations side by side get an empty string between. */
static Value template_construct(Thread *t, Value *args) {
    if (dict_length(args[2]))
        return raise_type_error(t, "Template.__new__ only accepts *args arguments");
    Value strings = TRY(list_new(t, 4)), interpolations = TRY(list_new(t, 4)), last = NO_VALUE;
    for (size_t i = 0; i < tuple_length(args[1]); i++) {
        Value item = tuple_get(args[1], i);
        if (is_str(item)) {
            last = present(last) ? TRY(str_concat(t, last, item)) : item;
        } else if (is_exactly(item, &interpolation_type)) {
            CHECK(list_append(t, strings, present(last) ? last : empty_str));
            CHECK(list_append(t, interpolations, item));
            last = NO_VALUE;
        } else {
            return raise_type_error(t, "Template.__new__ *args need to be of type 'str' or 'Interpolation', got %T", item);
        }
    }
    CHECK(list_append(t, strings, present(last) ? last : empty_str));
    return template_new(t, TRY(list_to_tuple(t, strings)), TRY(list_to_tuple(t, interpolations)));
}

static Value template_repr(Thread *t, Value *args) {
    TemplateObject *o = as_template(args[0]);
    return format_text(t, "Template(strings=%R, interpolations=%R)", o->strings, o->interpolations);
}

static Value template_add(Thread *t, Value *args) {
    if (!is_exactly(args[0], &template_type) || !is_exactly(args[1], &template_type))
        return raise_type_error(t, "can only concatenate string.templatelib.Template (not \"%s\") to string.templatelib.Template",
                                type_of(args[1])->name_text);
    TemplateObject *a = as_template(args[0]), *b = as_template(args[1]);
    size_t n = tuple_length(a->strings), m = tuple_length(b->strings);
    Value strings = TRY(tuple_new(t, n + m - 1));
    for (size_t i = 0; i + 1 < n; i++)
        tuple_set(strings, i, tuple_get(a->strings, i));
    for (size_t i = 1; i < m; i++)
        tuple_set(strings, n + i - 1, tuple_get(b->strings, i));
    Value joined = TRY(str_concat(t, tuple_get(a->strings, n - 1), tuple_get(b->strings, 0)));
    store(as_object(strings), &as_tuple(strings)->items[n - 1], joined);
    return template_new(t, strings, TRY(tuple_concat(t, a->interpolations, b->interpolations)));
}

static Value template_values(Thread *t, Value *args) {
    Value interpolations = as_template(args[0])->interpolations;
    Value values = TRY(tuple_new(t, tuple_length(interpolations)));
    for (size_t i = 0; i < tuple_length(interpolations); i++)
        tuple_set(values, i, as_interpolation(tuple_get(interpolations, i))->value);
    return values;
}

static Value template_reduce(Thread *t, Value *args) {
    Value library = TRY(import_module(t, "string.templatelib"));
    Value function = TRY(get_attribute_text(t, library, "_template_unpickle"));
    TemplateObject *o = as_template(args[0]);
    return tuple_pack(t, (size_t)2, function, TRY(tuple_pack(t, (size_t)2, o->strings, o->interpolations)));
}

/* ---- its iterator: strings that are not empty, and interpolations, in order ---- */

typedef struct TemplateIteratorObject {
    Object object;
    Value template;
    size_t next; /* even: string next/2; odd: interpolation next/2 */
} TemplateIteratorObject;

extern Type template_iterator_type;

static void iterator_trace(Tracer *tracer, Object *o) { trace_value(tracer, ((TemplateIteratorObject *)o)->template); }

static Value template_iter(Thread *t, Value *args) {
    TemplateIteratorObject *o = heap_allocate(t, &template_iterator_type, sizeof *o);
    if (!o)
        return NO_VALUE;
    o->template = args[0]; /* NOBARRIER: new */
    return from_object(o);
}

static Value template_iterator_next(Thread *t, Value self) {
    TemplateIteratorObject *o = (TemplateIteratorObject *)self.bits;
    TemplateObject *template = as_template(o->template);
    for (;;) {
        size_t next = load_relaxed(&o->next), i = next / 2; /* another thread may get the same */
        bool string = next % 2 == 0;
        Value all = string ? template->strings : template->interpolations;
        if (i >= tuple_length(all))
            return NO_VALUE;
        store_relaxed(&o->next, next + 1);
        if (!string || str_length(tuple_get(all, i)) > 0)
            return tuple_get(all, i);
    }
}

static Value return_self(Thread *t, Value *args) { return args[0]; }
static const NativeDef iterator_methods[] = {{"__iter__(self, /)", return_self, "Implement iter(self).", 0}, {0}};

STATIC_TYPE(template_iterator_type) = {
    STATIC_TYPE_HEAD(iterator_trace, NULL),
    .name_text = "string.templatelib.TemplateIter",
    .doc = "Template iterator object",
    .base_static = &object_type,
    .methods = iterator_methods,
    .next = template_iterator_next,
    .flags = TYPE_NO_NEW | TYPE_NO_MODULE,
    .instance_size = sizeof(TemplateIteratorObject),
};

static const NativeDef template_methods[] = {
    {"__new__(type, *args, **kwargs)", template_construct, NULL, NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", template_repr, "Return repr(self).", 0},
    {"__iter__(self, /)", template_iter, "Implement iter(self).", 0},
    {"__add__(self, value, /)", template_add, "Return self+value.", 0},
    {"__reduce__(self, /)", template_reduce, "__reduce__() -> (cls, state)", 0},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {0},
};
static const GetSetDef template_getset[] = {{"values", template_values, NULL, "Values of interpolations"}, {0}};
static const MemberDef template_members[] = {
    {"strings", MEMBER_VALUE, offsetof(TemplateObject, strings), true, "Strings"},
    {"interpolations", MEMBER_VALUE, offsetof(TemplateObject, interpolations), true, "Interpolations"},
    {0},
};

STATIC_TYPE(template_type) = {
    STATIC_TYPE_HEAD(template_trace, NULL),
    .name_text = "string.templatelib.Template",
    .doc = "Template object",
    .base_static = &object_type,
    .methods = template_methods,
    .getset = template_getset,
    .members = template_members,
    .flags = TYPE_NO_MODULE,
    .instance_size = sizeof(TemplateObject),
};
