/* Signals: bits of a context, exception classes, and SignalDict, a mapping from one to the other.
 *
 * Threads: a SignalDict reads and writes a word of its context; see decimal.h.
 */
#include "base/textbuf.h"
#include "modules/_decimal/decimal.h"

typedef struct Signal {
    const char *name;
    uint32_t flag;
} Signal;

/* In the order in which a trap is looked for. */
static const Signal decimal_signals[] = {
    {"InvalidOperation", MPD_IEEE_Invalid_operation}, {"FloatOperation", MPD_Float_operation},
    {"DivisionByZero", MPD_Division_by_zero}, {"Overflow", MPD_Overflow}, {"Underflow", MPD_Underflow},
    {"Subnormal", MPD_Subnormal}, {"Inexact", MPD_Inexact}, {"Rounded", MPD_Rounded}, {"Clamped", MPD_Clamped},
};
enum { SIGNAL_COUNT = sizeof decimal_signals / sizeof *decimal_signals };

/* What InvalidOperation stands for. */
static const Signal decimal_conditions[] = {
    {"InvalidOperation", MPD_Invalid_operation}, {"ConversionSyntax", MPD_Conversion_syntax},
    {"DivisionImpossible", MPD_Division_impossible}, {"DivisionUndefined", MPD_Division_undefined},
    {"InvalidContext", MPD_Invalid_context},
};
enum { CONDITION_COUNT = sizeof decimal_conditions / sizeof *decimal_conditions };

/* Raising */

static bool add_classes(Thread *t, Value list, const Signal *signals, size_t from, size_t count, Value classes, uint32_t flags) {
    for (size_t i = from; i < count; i++)
        if ((flags & signals[i].flag) && !list_append(t, list, tuple_get(classes, i)))
            return false;
    return true;
}

bool decimal_signal_slow(Thread *t, Context *c, uint32_t status) {
    if (status & MPD_Malloc_error) {
        raise_no_memory(t);
        return false;
    }
    uint32_t trapped = status & c->mpd.traps;
    Value signals = decimal_state(t, STATE_SIGNALS), list = list_new(t, 0);
    if (absent(list) ||
        !add_classes(t, list, decimal_conditions, 0, CONDITION_COUNT, decimal_state(t, STATE_CONDITIONS), trapped) ||
        !add_classes(t, list, decimal_signals, 1, SIGNAL_COUNT, signals, trapped))
        return false;
    size_t first = 0;
    while (first + 1 < SIGNAL_COUNT && !(trapped & decimal_signals[first].flag))
        first++;
    raise_with_args(t, as_type(tuple_get(signals, first)), 1, &list);
    return false;
}

/* The exception classes */

static Value new_class(Thread *t, Value names, const char *name, Value bases) {
    Value namespace = TRY(dict_new(t));
    CHECK(dict_set_text(t, namespace, "__module__", TRY(str_intern_text(t, "decimal"))));
    Value class = TRY(call_3(t, from_object(&type_type), TRY(str_intern_text(t, name)), bases, namespace));
    CHECK(dict_set_text(t, names, name, class));
    return class;
}

bool decimal_make_signals(Thread *t, Value names, Value *signals, Value *conditions) {
    enum { NONE_BASE = 0, BASES = 3 };
    static const struct {
        const char *name, *bases[BASES];
        Type *builtin;
    } classes[] = {
        {"DecimalException", {}, &ArithmeticError_type}, {"InvalidOperation", {"DecimalException"}, NULL},
        {"FloatOperation", {"DecimalException"}, &TypeError_type},
        {"DivisionByZero", {"DecimalException"}, &ZeroDivisionError_type}, {"Inexact", {"DecimalException"}, NULL},
        {"Rounded", {"DecimalException"}, NULL}, {"Subnormal", {"DecimalException"}, NULL}, {"Clamped", {"DecimalException"}, NULL},
        {"Overflow", {"Inexact", "Rounded"}, NULL}, {"Underflow", {"Inexact", "Rounded", "Subnormal"}, NULL},
        {"ConversionSyntax", {"InvalidOperation"}, NULL}, {"DivisionImpossible", {"InvalidOperation"}, NULL},
        {"DivisionUndefined", {"InvalidOperation"}, &ZeroDivisionError_type}, {"InvalidContext", {"InvalidOperation"}, NULL},
    };
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        Value bases[BASES + 1];
        size_t count = 0;
        for (; count < BASES && classes[i].bases[count]; count++)
            if (absent(bases[count] = dict_get_text(t, names, classes[i].bases[count])))
                return false;
        if (classes[i].builtin)
            bases[count++] = from_object(classes[i].builtin);
        Value tuple = tuple_from_values(t, bases, count);
        if (absent(tuple) || absent(new_class(t, names, classes[i].name, tuple)))
            return false;
    }
    Value found[SIGNAL_COUNT];
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        if (absent(found[i] = dict_get_text(t, names, decimal_signals[i].name)))
            return false;
    *signals = tuple_from_values(t, found, SIGNAL_COUNT);
    for (size_t i = 0; i < CONDITION_COUNT; i++)
        if (absent(found[i] = dict_get_text(t, names, decimal_conditions[i].name)))
            return false;
    *conditions = tuple_from_values(t, found, CONDITION_COUNT);
    return present(*signals) && present(*conditions);
}

/* Sets of flags */

static Value unknown_signal(Thread *t) {
    return raise_error(t, &KeyError_type,
                       "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n"
                       "   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]");
}

/* The flag of an exception class; 0: KeyError pending. */
static uint32_t flag_of(Thread *t, Value class) {
    Value signals = decimal_state(t, STATE_SIGNALS);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        if (same(tuple_get(signals, i), class))
            return decimal_signals[i].flag;
    unknown_signal(t);
    return 0;
}

Value decimal_signal_list(Thread *t, uint32_t flags) {
    Value list = TRY(list_new(t, 0));
    CHECK(add_classes(t, list, decimal_signals, 0, SIGNAL_COUNT, decimal_state(t, STATE_SIGNALS), flags));
    return list;
}

bool decimal_flags_from_list(Thread *t, Value v, uint32_t *flags) {
    Value items = tuple_from_iterable(t, v);
    if (absent(items))
        return false;
    *flags = 0;
    for (size_t i = 0; i < tuple_length(items); i++) {
        uint32_t flag = flag_of(t, tuple_get(items, i));
        if (!flag)
            return false;
        *flags |= flag;
    }
    return true;
}

/* SignalDict */

typedef struct SignalDict {
    Object object;
    Value context; /* absent: a SignalDict made by hand, which stands for nothing */
    bool traps;
} SignalDict;

static SignalDict *as_signal_dict(Value v) { return (SignalDict *)v.bits; }
static bool is_signal_dict(Value v) { return is_instance_of(v, &signal_mixin_type); }

Value decimal_signal_view(Thread *t, Value context, bool traps) {
    SignalDict *d = type_allocate(t, as_type(decimal_state(t, STATE_SIGNAL_DICT)));
    CHECK(d != NULL);
    d->traps = traps;
    store(d, &d->context, context);
    return from_object(d);
}

/* NULL: ValueError pending */
static uint32_t *flags_of(Thread *t, Value dict) {
    SignalDict *d = as_signal_dict(dict);
    if (absent(d->context)) {
        raise_value_error(t, "invalid signal dict");
        return NULL;
    }
    Context *c = as_decimal_context(d->context);
    return d->traps ? &c->mpd.traps : &c->mpd.status;
}

/* A dict with an entry for each signal, as flags. */
static bool flags_from_dict(Thread *t, Value dict, uint32_t *flags) {
    if (dict_length(dict) != SIGNAL_COUNT) {
        raise_error(t, &KeyError_type, "invalid signal dict");
        return false;
    }
    Value signals = decimal_state(t, STATE_SIGNALS);
    *flags = 0;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        Value v = dict_get(t, dict, tuple_get(signals, i));
        if (absent(v)) {
            if (!error_pending(t))
                raise_error(t, &KeyError_type, "invalid signal dict");
            return false;
        }
        int set = truth(t, v);
        if (set < 0)
            return false;
        if (set)
            *flags |= decimal_signals[i].flag;
    }
    return true;
}

bool decimal_flags_from_mapping(Thread *t, Value v, uint32_t *flags) {
    if (is_signal_dict(v)) {
        const uint32_t *other = flags_of(t, v);
        if (other)
            *flags = *other;
        return other != NULL;
    }
    if (is_dict(v))
        return flags_from_dict(t, v, flags);
    raise_type_error(t, "argument must be a signal dict");
    return false;
}

static Value dict_init(Thread *t, Value *args) { return NONE; }

static Value dict_length_(Thread *t, Value *args) {
    CHECK(flags_of(t, args[0]) != NULL);
    return small_int(SIGNAL_COUNT);
}

static Value dict_iter(Thread *t, Value *args) {
    CHECK(flags_of(t, args[0]) != NULL);
    return get_iterator(t, decimal_state(t, STATE_SIGNALS));
}

static Value dict_get_item(Thread *t, Value *args) {
    const uint32_t *flags = flags_of(t, args[0]);
    CHECK(flags != NULL);
    uint32_t flag = flag_of(t, args[1]);
    CHECK(flag != 0);
    return from_bool(*flags & flag);
}

static Value dict_set_item(Thread *t, Value *args) {
    CHECK(flags_of(t, args[0]) != NULL);
    uint32_t flag = flag_of(t, args[1]);
    CHECK(flag != 0);
    int set = truth(t, args[2]);
    CHECK(set >= 0);
    uint32_t *flags = flags_of(t, args[0]);
    *flags = set ? *flags | flag : *flags & ~flag;
    return NONE;
}

static Value dict_delete_item(Thread *t, Value *args) {
    CHECK(flags_of(t, args[0]) != NULL);
    return raise_value_error(t, "signal keys cannot be deleted");
}

static Value dict_copy_(Thread *t, Value *args) {
    const uint32_t *flags = flags_of(t, args[0]);
    CHECK(flags != NULL);
    Value copy = TRY(dict_new(t)), signals = decimal_state(t, STATE_SIGNALS);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        CHECK(dict_set(t, copy, tuple_get(signals, i), from_bool(*flags & decimal_signals[i].flag)));
    return copy;
}

static Value dict_repr(Thread *t, Value *args) {
    const uint32_t *flags = flags_of(t, args[0]);
    CHECK(flags != NULL);
    TextBuf text;
    textbuf_init(&text);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        textbuf_format(&text, "%s<class 'decimal.%s'>:%s", i ? ", " : "{", decimal_signals[i].name,
                       *flags & decimal_signals[i].flag ? "True" : "False");
    textbuf_byte(&text, '}');
    Value result = str_from_text(t, textbuf_string(&text));
    textbuf_free(&text);
    return result;
}

static Value dict_equal(Thread *t, Value *args, bool negate) {
    const uint32_t *flags = flags_of(t, args[0]);
    CHECK(flags != NULL);
    uint32_t other;
    if (!is_signal_dict(args[1]) && !is_dict(args[1]))
        return NOT_IMPLEMENTED;
    if (!decimal_flags_from_mapping(t, args[1], &other))
        return !is_signal_dict(args[1]) && error_catch(t, &KeyError_type) ? from_bool(negate) : NO_VALUE;
    return from_bool((*flags == other) != negate);
}
static Value dict_eq(Thread *t, Value *args) { return dict_equal(t, args, false); }
static Value dict_ne(Thread *t, Value *args) { return dict_equal(t, args, true); }

static void dict_trace(Tracer *tracer, Object *o) { trace_value(tracer, ((SignalDict *)o)->context); }

static Value dict_new_(Thread *t, Value *args) { return from_object(type_allocate(t, as_type(args[0]))); }

static const NativeDef dict_methods[] = {
    {"__new__(type, *args, **kwargs)", dict_new_, NULL},
    {"__init__(self, /, *args, **kwargs)", dict_init, NULL},
    {"__repr__(self, /)", dict_repr, NULL},
    {"__len__(self, /)", dict_length_, NULL},
    {"__iter__(self, /)", dict_iter, NULL},
    {"__getitem__(self, key, /)", dict_get_item, NULL},
    {"__setitem__(self, key, value, /)", dict_set_item, NULL},
    {"__delitem__(self, key, /)", dict_delete_item, NULL},
    {"__eq__(self, value, /)", dict_eq, NULL},
    {"__ne__(self, value, /)", dict_ne, NULL},
    {"copy(self, /)", dict_copy_, NULL},
    {NULL},
};

MODULE_TYPE(signal_mixin_type, _decimal) = {
    STATIC_TYPE_HEAD(dict_trace, NULL),
    .name_text = "decimal.SignalDictMixin",
    .methods = dict_methods,
    .flags = TYPE_BASE,
    .instance_size = sizeof(SignalDict),
};
