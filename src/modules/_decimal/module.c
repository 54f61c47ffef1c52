/* _decimal: functions of the current context, constants and the module. Threads: decimal.h. */
#include "modules/_decimal/decimal.h"

/* The context manager of localcontext(): one context while it is entered, the one before afterwards. */

typedef struct ContextManager {
    Object object;
    Value local, global;
} ContextManager;

static ContextManager *as_manager(Value v) { return (ContextManager *)v.bits; }

static Value manager_enter(Thread *t, Value *args) {
    CHECK(decimal_set_context(t, as_manager(args[0])->local));
    return as_manager(args[0])->local;
}
static Value manager_exit(Thread *t, Value *args) {
    CHECK(decimal_set_context(t, as_manager(args[0])->global));
    return FALSE;
}

static void manager_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((ContextManager *)o)->local, 2); }

static const NativeDef manager_methods[] = {
    {"__enter__(self, /)", manager_enter, "Make the context the current one, and return it."},
    {"__exit__(self, /, *args)", manager_exit, "Make the context from before the current one."},
    {NULL},
};

MODULE_TYPE(context_manager_type, _decimal) = {
    STATIC_TYPE_HEAD(manager_trace, NULL),
    .name_text = "decimal.ContextManager",
    .doc = "Makes a context the current one inside of a with statement.",
    .methods = manager_methods,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(ContextManager),
};

/* Functions */

static Value getcontext(Thread *t, Value *args) {
    Context *c = decimal_context(t);
    return c ? from_object(c) : NO_VALUE;
}

static Value setcontext(Thread *t, Value *args) {
    if (!is_decimal_context(args[0]))
        return raise_type_error(t, "argument must be a context");
    return decimal_set_context(t, args[0]) ? NONE : NO_VALUE;
}

/* Arguments by name, in the order of Context()'s. */
static bool context_fields(Thread *t, Value keywords, Value fields[CONTEXT_FIELDS]) {
    for (size_t i = 0; i < CONTEXT_FIELDS; i++)
        fields[i] = NONE;
    size_t position = 0;
    for (Value name, value; dict_next(keywords, &position, &name, &value);) {
        size_t i = 0;
        while (i < CONTEXT_FIELDS && !str_equal_text(name, decimal_context_names[i]))
            i++;
        if (i == CONTEXT_FIELDS) {
            raise_type_error(t, "this function got an unexpected keyword argument '%S'", name);
            return false;
        }
        fields[i] = value;
    }
    return true;
}

/* args: ctx, fields of the context */
static Value localcontext(Thread *t, Value *args) {
    Context *global = decimal_context(t);
    CHECK(global != NULL);
    Context *model = decimal_context_argument(t, args[0]);
    CHECK(model != NULL);
    Value local = TRY(decimal_context_copy(t, model)), fields[CONTEXT_FIELDS];
    CHECK(context_fields(t, args[1], fields) && decimal_context_set_all(t, local, fields));
    ContextManager *m = heap_allocate(t, &context_manager_type, sizeof *m);
    CHECK(m != NULL);
    m->local = local; /* NOBARRIER: just allocated */
    m->global = from_object(global);
    return from_object(m);
}

static Value ieee_context(Thread *t, Value *args) {
    int64_t bits;
    CHECK(decimal_integer(t, args[0], &bits));
    mpd_context_t rules = {};
    if (bits <= 0 || bits > INT_MAX || mpd_ieee_context(&rules, (int)bits) < 0)
        return raise_value_error(t, "argument must be a multiple of 32, with a maximum of %d", MPD_IEEE_CONTEXT_MAX_BITS);
    return decimal_context_new(t, &decimal_context_type, &rules, 1);
}

static const NativeDef functions[] = {
    {"getcontext()", getcontext, "Return the current context."},
    {"setcontext(context, /)", setcontext, "Make context the current one."},
    {"localcontext(ctx=None, **kwargs)", localcontext,
     "Return a context manager that makes a copy of ctx, or of the current context, the current one."},
    {"IEEEContext(bits, /)", ieee_context, "Return the context of an IEEE 754 interchange format with so many bits."},
    {NULL},
};

/* The module */

static const mpd_context_t default_rules = {
    .prec = 28, .emax = 999999, .emin = -999999, .traps = MPD_IEEE_Invalid_operation | MPD_Division_by_zero | MPD_Overflow,
    .round = MPD_ROUND_HALF_EVEN, .allcr = 1,
};

static Value named_tuple(Thread *t) {
    Value function = TRY(get_attribute_text(t, TRY(import_module(t, "collections")), "namedtuple"));
    Value class = TRY(call_2(t, function, TRY(str_from_text(t, "DecimalTuple")), TRY(str_from_text(t, "sign digits exponent"))));
    CHECK(set_attribute(t, class, TRY(str_intern_text(t, "__module__")), TRY(str_intern_text(t, "decimal"))));
    return class;
}

/* A MutableMapping in all but its methods in C. */
static Value signal_dict_class(Thread *t) {
    Value mapping = TRY(get_attribute_text(t, TRY(import_module(t, "collections.abc")), "MutableMapping"));
    Value bases = TRY(tuple_pack(t, 2, from_object(&signal_mixin_type), mapping));
    return call_3(t, from_object(type_of(mapping)), TRY(str_from_text(t, "SignalDict")), bases, TRY(dict_new(t)));
}

static Value context_variable(Thread *t) {
    Value class = TRY(get_attribute_text(t, TRY(import_module(t, "_contextvars")), "ContextVar"));
    return call_1(t, class, TRY(str_from_text(t, "decimal_context")));
}

static Value rational(Thread *t) {
    Value numbers = TRY(import_module(t, "numbers")), number = TRY(get_attribute_text(t, numbers, "Number"));
    TRY(call_method_1(t, number, TRY(str_intern_text(t, "register")), from_object(&decimal_type)));
    return get_attribute_text(t, numbers, "Rational");
}

static Value template(Thread *t, Value names, const char *name, mpd_context_t rules) {
    Value v = TRY(decimal_context_new(t, &decimal_context_type, &rules, 1));
    CHECK(dict_set_text(t, names, name, v));
    return v;
}

static bool make_state(Thread *t) {
    mpd_context_t basic = default_rules, extended = default_rules;
    basic.prec = extended.prec = 9;
    basic.round = MPD_ROUND_HALF_UP;
    basic.traps |= MPD_Clamped | MPD_Underflow;
    extended.traps = 0;
    Value all[STATE_COUNT] = {}, names = dict_new(t);
    all[STATE_NAMES] = names;
    if (absent(names) || !decimal_make_signals(t, names, &all[STATE_SIGNALS], &all[STATE_CONDITIONS]) ||
        absent(all[STATE_VARIABLE] = context_variable(t)) || absent(all[STATE_DECIMAL_TUPLE] = named_tuple(t)) ||
        absent(all[STATE_SIGNAL_DICT] = signal_dict_class(t)) || absent(all[STATE_RATIONAL] = rational(t)) ||
        absent(all[STATE_DEFAULT_CONTEXT] = template(t, names, "DefaultContext", default_rules)) ||
        absent(all[STATE_BASIC_CONTEXT] = template(t, names, "BasicContext", basic)) ||
        absent(all[STATE_EXTENDED_CONTEXT] = template(t, names, "ExtendedContext", extended)) ||
        !dict_set_text(t, names, "DecimalTuple", all[STATE_DECIMAL_TUPLE]))
        return false;
    Value state = tuple_from_values(t, all, STATE_COUNT);
    if (present(state))
        isolate_keep(t, ISOLATE_DECIMAL, state);
    return present(state);
}

/* Whoever imports the module anew gets the classes that Decimal, of which there is one, works with. */
static bool add_state(Thread *t, Value module) {
    return (present(t->isolate->slots[ISOLATE_DECIMAL]) || make_state(t)) &&
           dict_update(t, module_dict(module), decimal_state(t, STATE_NAMES));
}

static bool add_constants(Thread *t, Value module) {
    static const char *const roundings[] = {
        "ROUND_CEILING", "ROUND_FLOOR", "ROUND_UP", "ROUND_DOWN", "ROUND_HALF_UP", "ROUND_HALF_DOWN", "ROUND_HALF_EVEN", "ROUND_05UP",
    };
    for (size_t i = 0; i < sizeof roundings / sizeof *roundings; i++)
        if (!module_add(t, module, roundings[i], str_intern_text(t, roundings[i])))
            return false;
    return module_add_int(t, module, "MAX_PREC", MPD_MAX_PREC) && module_add_int(t, module, "MAX_EMAX", MPD_MAX_EMAX) &&
           module_add_int(t, module, "MIN_EMIN", MPD_MIN_EMIN) && module_add_int(t, module, "MIN_ETINY", MPD_MIN_ETINY) &&
           module_add_int(t, module, "IEEE_CONTEXT_MAX_BITS", MPD_IEEE_CONTEXT_MAX_BITS) &&
           module_add(t, module, "HAVE_THREADS", TRUE) && module_add(t, module, "HAVE_CONTEXTVAR", TRUE) &&
           module_add_text(t, module, "__version__", "1.70") &&
           module_add_text(t, module, "__libmpdec_version__", mpd_version());
}

static bool init(Thread *t, Value module) {
    return module_add_type(t, module, &decimal_type) && module_add_type(t, module, &decimal_context_type) &&
           add_state(t, module) && add_constants(t, module);
}

NATIVE_MODULE(_decimal) = {
    .name = "_decimal",
    .doc = "C decimal arithmetic module",
    .functions = functions,
    .init = init,
};
