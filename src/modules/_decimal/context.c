/* Context: precision, rounding, limits, flags and traps; and which one is current.
 *
 * The current one is the value of a context variable, so that threads and tasks have their own. Threads: decimal.h.
 */
#include "modules/_contextvars.h"
#include "modules/_decimal/context_methods.h"
#include "modules/_decimal/decimal.h"
#include "object/type_internal.h"

static const char *const rounding_names[MPD_ROUND_GUARD] = {
    "ROUND_UP", "ROUND_DOWN", "ROUND_CEILING", "ROUND_FLOOR", "ROUND_HALF_UP", "ROUND_HALF_DOWN", "ROUND_HALF_EVEN",
    "ROUND_05UP", "ROUND_TRUNC",
};

/* Making contexts */

Value decimal_context_new(Thread *t, Type *type, const mpd_context_t *mpd, int capitals) {
    Context *c = type_allocate(t, type);
    CHECK(c != NULL);
    c->mpd = *mpd;
    c->capitals = capitals;
    return from_object(c);
}

Value decimal_context_copy(Thread *t, const Context *c) {
    Value copy = TRY(decimal_context_new(t, &decimal_context_type, &c->mpd, c->capitals));
    as_decimal_context(copy)->mpd.newtrap = 0;
    return copy;
}

static Value new_method(Thread *t, Value *args) {
    const Context *c = as_decimal_context(decimal_state(t, STATE_DEFAULT_CONTEXT));
    Value v = TRY(decimal_context_new(t, as_type(args[0]), &c->mpd, c->capitals));
    as_decimal_context(v)->mpd.status = 0;
    return v;
}

/* The current context */

static Value make_current(Thread *t) {
    Value copy = TRY(decimal_context_copy(t, as_decimal_context(decimal_state(t, STATE_DEFAULT_CONTEXT))));
    as_decimal_context(copy)->mpd.status = 0;
    CHECK(context_variable_set(t, decimal_state(t, STATE_VARIABLE), copy));
    return copy;
}

Context *decimal_context(Thread *t) {
    Value v = context_variable_get(t, decimal_state(t, STATE_VARIABLE));
    if (unlikely(absent(v)) && !error_pending(t))
        v = make_current(t);
    return absent(v) ? NULL : as_decimal_context(v);
}

Context *decimal_context_argument(Thread *t, Value v) {
    if (absent(v) || is_none(v))
        return decimal_context(t);
    if (is_decimal_context(v))
        return as_decimal_context(v);
    raise_type_error(t, "optional argument must be a context");
    return NULL;
}

bool decimal_set_context(Thread *t, Value context) {
    for (DecimalState i = STATE_DEFAULT_CONTEXT; i <= STATE_EXTENDED_CONTEXT; i++)
        if (same(context, decimal_state(t, i))) {
            context = decimal_context_copy(t, as_decimal_context(context));
            if (absent(context))
                return false;
            as_decimal_context(context)->mpd.status = 0;
            break;
        }
    return context_variable_set(t, decimal_state(t, STATE_VARIABLE), context);
}

/* Fields */

bool decimal_integer(Thread *t, Value v, int64_t *out) {
    if (!is_int(v))
        raise_type_error(t, "an integer is required");
    else if (int_to_i64(v, out))
        return true;
    else
        raise_overflow_error(t, "Python int too large to convert to C ssize_t");
    return false;
}

bool decimal_rounding(Thread *t, Value v, int *rounding) {
    for (int i = 0; is_str(v) && i < MPD_ROUND_TRUNC; i++)
        if (str_equal_text(v, rounding_names[i])) {
            *rounding = i;
            return true;
        }
    raise_type_error(t, "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n"
                        "   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]");
    return false;
}

static Value set_attribute_method(Thread *t, Value *args) {
    return generic_set_attribute(t, args[0], args[1], args[2]) ? NONE : NO_VALUE;
}

static Value delete_attribute_method(Thread *t, Value *args) {
    return raise_error(t, &AttributeError_type, "context attributes cannot be deleted");
}

/* get, and set with the range's error */
#define INTEGER_FIELD(name, read, assign, message)                                      \
    static Value get_##name(Thread *t, Value *args) {                                   \
        const Context *c = as_decimal_context(args[0]);                                         \
        return int_from(t, read);                                                       \
    }                                                                                   \
    static Value set_##name(Thread *t, Value *args) {                                   \
        Context *c = as_decimal_context(args[0]);                                               \
        int64_t x;                                                                      \
        CHECK(decimal_integer(t, args[1], &x));                                         \
        if (!(assign))                                                                  \
            return raise_value_error(t, message);                                       \
        return NONE;                                                                    \
    }
INTEGER_FIELD(prec, c->mpd.prec, mpd_qsetprec(&c->mpd, x), "valid range for prec is [1, MAX_PREC]")
INTEGER_FIELD(emin, c->mpd.emin, mpd_qsetemin(&c->mpd, x), "valid range for Emin is [MIN_EMIN, 0]")
INTEGER_FIELD(emax, c->mpd.emax, mpd_qsetemax(&c->mpd, x), "valid range for Emax is [0, MAX_EMAX]")
INTEGER_FIELD(clamp, c->mpd.clamp, (x == 0 || x == 1) && mpd_qsetclamp(&c->mpd, (int)x), "valid values for clamp are 0 or 1")
INTEGER_FIELD(capitals, c->capitals, (x == 0 || x == 1) && (c->capitals = (int32_t)x, true), "valid values for capitals are 0 or 1")
#undef INTEGER_FIELD

static Value get_rounding(Thread *t, Value *args) {
    return str_intern_text(t, rounding_names[as_decimal_context(args[0])->mpd.round]);
}

static Value set_rounding(Thread *t, Value *args) {
    int rounding;
    CHECK(decimal_rounding(t, args[1], &rounding));
    as_decimal_context(args[0])->mpd.round = rounding;
    return NONE;
}

/* One view of each kind for the context's life; of two threads that make one, both get the first's. */
static Value view(Thread *t, Value context, Value *slot, bool traps) {
    Value v = load(slot);
    if (present(v))
        return v;
    Value made = TRY(decimal_signal_view(t, context, traps));
    Object *o = as_object(context);
    object_lock(o);
    v = load(slot);
    if (absent(v))
        store(o, slot, v = made);
    object_unlock(o);
    return v;
}
static Value get_flags(Thread *t, Value *args) { return view(t, args[0], &as_decimal_context(args[0])->flags, false); }
static Value get_traps(Thread *t, Value *args) { return view(t, args[0], &as_decimal_context(args[0])->traps, true); }

static Value set_mask(Thread *t, Value v, uint32_t *mask) {
    uint32_t flags;
    CHECK(decimal_flags_from_mapping(t, v, &flags));
    *mask = flags;
    return NONE;
}
static Value set_flags(Thread *t, Value *args) { return set_mask(t, args[1], &as_decimal_context(args[0])->mpd.status); }
static Value set_traps(Thread *t, Value *args) { return set_mask(t, args[1], &as_decimal_context(args[0])->mpd.traps); }

/* Pickles and reprs give lists of signals. */
static Value init_mask(Thread *t, Value v, uint32_t *mask) {
    if (!is_list(v))
        return set_mask(t, v, mask);
    uint32_t flags;
    CHECK(decimal_flags_from_list(t, v, &flags));
    *mask = flags;
    return NONE;
}

const char *const decimal_context_names[CONTEXT_FIELDS] = {"prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"};

bool decimal_context_set_all(Thread *t, Value context, Value *arguments) {
    static const NativeFn setters[] = {set_prec, set_rounding, set_emin, set_emax, set_capitals, set_clamp};
    for (size_t i = 0; i < sizeof setters / sizeof *setters; i++) {
        Value pair[] = {context, arguments[i]};
        if (!is_none(arguments[i]) && absent(setters[i](t, pair)))
            return false;
    }
    mpd_context_t *mpd = &as_decimal_context(context)->mpd;
    return (is_none(arguments[6]) || present(init_mask(t, arguments[6], &mpd->status))) &&
           (is_none(arguments[7]) || present(init_mask(t, arguments[7], &mpd->traps)));
}

static Value init_method(Thread *t, Value *args) { return decimal_context_set_all(t, args[0], args + 1) ? NONE : NO_VALUE; }

/* Methods that are not arithmetic */

/* "[Overflow, Rounded]" */
static void flag_text(uint32_t flags, char *out) {
    static const char *names[MPD_NUM_FLAGS] = {
        "Clamped", "InvalidOperation", "DivisionByZero", "InvalidOperation", "InvalidOperation", "InvalidOperation", "Inexact",
        "InvalidOperation", "InvalidOperation", "InvalidOperation", "FloatOperation", "Overflow", "Rounded", "Subnormal",
        "Underflow",
    };
    mpd_lsnprint_signals(out, MPD_MAX_SIGNAL_LIST, flags, names);
}

static Value repr_method(Thread *t, Value *args) {
    const Context *c = as_decimal_context(args[0]);
    char flags[MPD_MAX_SIGNAL_LIST], traps[MPD_MAX_SIGNAL_LIST];
    flag_text(c->mpd.status, flags);
    flag_text(c->mpd.traps, traps);
    return format_text(t, "Context(prec=%lld, rounding=%s, Emin=%lld, Emax=%lld, capitals=%d, clamp=%d, flags=%s, traps=%s)",
                       (long long)c->mpd.prec, rounding_names[c->mpd.round], (long long)c->mpd.emin, (long long)c->mpd.emax,
                       load_relaxed(&c->capitals), c->mpd.clamp, flags, traps);
}

static Value reduce_method(Thread *t, Value *args) {
    const Context *c = as_decimal_context(args[0]);
    Value flags = TRY(decimal_signal_list(t, c->mpd.status)), traps = TRY(decimal_signal_list(t, c->mpd.traps));
    Value state = TRY(tuple_pack(t, 8, int_from(t, c->mpd.prec), TRY(get_rounding(t, args)), int_from(t, c->mpd.emin),
                                 int_from(t, c->mpd.emax), small_int(c->capitals), small_int(c->mpd.clamp), flags, traps));
    return tuple_pack(t, 2, from_object(type_of(args[0])), state);
}

static Value copy_method(Thread *t, Value *args) { return decimal_context_copy(t, as_decimal_context(args[0])); }

static Value clear_flags(Thread *t, Value *args) {
    as_decimal_context(args[0])->mpd.status = 0;
    return NONE;
}
static Value clear_traps(Thread *t, Value *args) {
    as_decimal_context(args[0])->mpd.traps = 0;
    return NONE;
}
static Value etiny(Thread *t, Value *args) { return int_from(t, mpd_etiny(&as_decimal_context(args[0])->mpd)); }
static Value etop(Thread *t, Value *args) { return int_from(t, mpd_etop(&as_decimal_context(args[0])->mpd)); }

static Value create_decimal(Thread *t, Value *args) {
    return decimal_convert(t, &decimal_type, args[1], as_decimal_context(args[0]), false);
}
static Value create_decimal_from_float(Thread *t, Value *args) {
    return decimal_from_real(t, &decimal_type, args[1], as_decimal_context(args[0]), false);
}

static const NativeDef methods[] = {
    {"__new__(type, *args, **kwargs)", new_method, NULL},
    {"__init__(self, /, prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)",
     init_method, NULL},
    {"__repr__(self, /)", repr_method, NULL},
    GETATTRIBUTE_ROW,
    {"__setattr__(self, name, value, /)", set_attribute_method, NULL},
    {"__delattr__(self, name, /)", delete_attribute_method, NULL},
    {"__reduce__(self, /)", reduce_method, NULL},
    {"__copy__(self, /)", copy_method, NULL},
    {"copy(self, /)", copy_method, "Return a duplicate of the context, its flags included."},
    {"clear_flags(self, /)", clear_flags, "Set all flags to False."},
    {"clear_traps(self, /)", clear_traps, "Set all traps to False."},
    {"Etiny(self, /)", etiny, "Return Emin - prec + 1, the exponent that results underflow to."},
    {"Etop(self, /)", etop, "Return Emax - prec + 1, the largest exponent of a clamped result."},
    {"create_decimal(self, num='0', /)", create_decimal, "Return num as a Decimal, rounded by this context.", NATIVE_UNNAMED},
    {"create_decimal_from_float(self, f, /)", create_decimal_from_float, "Return the float f as a Decimal, rounded by this context."},
#define X(name, function, doc) {#name "(self, x, /)", context_##name, "Return " doc "."},
    CONTEXT_UNARY
#undef X
#define X(name, function, doc) {#name "(self, x, y, /)", context_##name, "Return " doc ".", NATIVE_UNNAMED},
    CONTEXT_BINARY
#undef X
#define X(name, function, doc) {#name "(self, x, /)", context_##name, "Return whether x is " doc "."},
    CONTEXT_TESTS CONTEXT_TESTS_IN
#undef X
#define X(name, arguments, doc) {#name "(self, " arguments ")", context_##name, doc, NATIVE_UNNAMED},
    CONTEXT_OTHER
#undef X
    {"power(self, /, a, b, modulo=None)", context_power,
     "Return a ** b, or (a ** b) % modulo, for integers, of which b is not negative and modulo has at most prec digits.", NATIVE_UNNAMED},
    {NULL},
};

static const GetSetDef getset[] = {
    {"prec", get_prec, set_prec, "Digits of a result."},
    {"Emax", get_emax, set_emax, "Largest adjusted exponent."},
    {"Emin", get_emin, set_emin, "Smallest adjusted exponent of a normal number."},
    {"rounding", get_rounding, set_rounding, "Name of the rounding mode."},
    {"capitals", get_capitals, set_capitals, "1: exponents are printed with E, 0: with e."},
    {"clamp", get_clamp, set_clamp, "1: exponents are at most Emax - prec + 1."},
    {"flags", get_flags, set_flags, "What happened: a mapping from signals to bool."},
    {"traps", get_traps, set_traps, "What raises an exception: a mapping from signals to bool."},
    {NULL},
};

static void trace(Tracer *tracer, Object *o) {
    trace_value(tracer, ((Context *)o)->flags);
    trace_value(tracer, ((Context *)o)->traps);
}

MODULE_TYPE(decimal_context_type, _decimal) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "decimal.Context",
    .doc = "The rules of decimal arithmetic: precision, limits of exponents, rounding, and which signals raise exceptions.\n\n"
           "What is not given is taken from DefaultContext.",
    .signature = "(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Context),
};
