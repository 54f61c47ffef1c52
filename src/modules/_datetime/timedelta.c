/* datetime.timedelta: exact arithmetic on microseconds. */
#include "modules/_datetime/datetime.h"

TimeDelta delta_zero = {{.meta = META_IMMORTAL, .type = &timedelta_type}, -1, 0, 0, 0};
static TimeDelta delta_min = {{.meta = META_IMMORTAL, .type = &timedelta_type}, -1, -MAX_DELTA_DAYS, 0, 0};
static TimeDelta delta_max = {{.meta = META_IMMORTAL, .type = &timedelta_type}, -1, MAX_DELTA_DAYS, 86399, 999999};
TimeDelta delta_resolution = {{.meta = META_IMMORTAL, .type = &timedelta_type}, -1, 0, 0, 1};

/* Construction */

static Value make(Thread *t, Type *type, int64_t days, int32_t seconds, int32_t microseconds) {
    if (days < -MAX_DELTA_DAYS || days > MAX_DELTA_DAYS)
        return raise_overflow_error(t, "days=%lld; must have magnitude <= %d", (long long)days, MAX_DELTA_DAYS);
    TimeDelta *d = type == &timedelta_type ? heap_allocate(t, type, sizeof *d) : type_allocate(t, type);
    CHECK(d != NULL);
    d->hash = -1;
    d->days = (int32_t)days;
    d->seconds = seconds;
    d->microseconds = microseconds;
    return from_object(d);
}

/* |seconds| and |microseconds| up to about 2^62. */
static Value make_normalised(Thread *t, Type *type, int64_t days, int64_t seconds, int64_t us) {
    int64_t carry = us / US_PER_SECOND;
    us -= carry * US_PER_SECOND;
    if (us < 0) {
        us += US_PER_SECOND;
        carry--;
    }
    seconds += carry;
    carry = seconds / SECONDS_PER_DAY;
    seconds -= carry * SECONDS_PER_DAY;
    if (seconds < 0) {
        seconds += SECONDS_PER_DAY;
        carry--;
    }
    return make(t, type, days + carry, (int32_t)seconds, (int32_t)us);
}

Value delta_new(Thread *t, int64_t days, int64_t seconds, int64_t microseconds) {
    return make_normalised(t, &timedelta_type, days, seconds, microseconds);
}

Value delta_from_microseconds(Thread *t, Type *type, Microseconds us) {
    Microseconds days = us / US_PER_DAY, rest = us % US_PER_DAY;
    if (rest < 0) {
        rest += US_PER_DAY;
        days--;
    }
    if (days != (int32_t)days)
        return raise_overflow_error(t, "Python int too large to convert to C int");
    return make(t, type, (int64_t)days, (int32_t)((int64_t)rest / US_PER_SECOND), (int32_t)((int64_t)rest % US_PER_SECOND));
}

/* Ints as microseconds and back. false: far out of range, OverflowError. */
static bool int_to_microseconds(Thread *t, Value v, Microseconds *out) {
    IntView view;
    int_view(v, &view);
    if (view.count > 2 || (view.count == 2 && view.limbs[1] >> 32)) {
        raise_overflow_error(t, "Python int too large to convert to C int");
        return false;
    }
    *out = view.count ? (Microseconds)view.limbs[0] : 0;
    if (view.count == 2)
        *out |= (Microseconds)view.limbs[1] << 64;
    if (view.negative)
        *out = -*out;
    return true;
}

static Value microseconds_as_int(Thread *t, Microseconds us) {
    if (us == (int64_t)us)
        return int_from(t, (int64_t)us);
    unsigned __int128 magnitude = us < 0 ? -(unsigned __int128)us : (unsigned __int128)us;
    uint64_t limbs[2] = {(uint64_t)magnitude, (uint64_t)(magnitude >> 64)};
    return int_from_limbs(t, limbs, 2, us < 0);
}

/* Adds `number` units of `factor` microseconds; what a float leaves below one microsecond goes to *rest. */
static bool accumulate(Thread *t, const char *name, Microseconds *sum, Value number, int64_t factor, double *rest) {
    if (is_int(number)) {
        Microseconds n;
        if (!int_to_microseconds(t, number, &n))
            return false;
        if (n > INT64_MAX || n < INT64_MIN) { /* only microseconds may be that many */
            if (factor > 1000) {
                raise_overflow_error(t, "Python int too large to convert to C int");
                return false;
            }
        }
        *sum += n * factor;
        return true;
    }
    if (!is_float(number)) {
        raise_type_error(t, "unsupported type for timedelta %s component: %T", name, number);
        return false;
    }
    double whole, fraction = modf(float_value(number), &whole), whole_us;
    Value as_int = int_from_double(t, whole);
    if (absent(as_int) || !accumulate(t, name, sum, as_int, factor, rest))
        return false;
    if (fraction == 0.0)
        return true;
    *rest += modf((double)factor * fraction, &whole_us);
    *sum += (Microseconds)whole_us;
    return true;
}

/* args: type, days, seconds, microseconds, milliseconds, minutes, hours, weeks */
static Value new_method(Thread *t, Value *args) {
    static const struct {
        int argument;
        const char *name;
        int64_t factor;
    } parts[] = {
        {3, "microseconds", 1}, {4, "milliseconds", 1000}, {2, "seconds", US_PER_SECOND},
        {5, "minutes", 60 * US_PER_SECOND}, {6, "hours", 3600 * US_PER_SECOND}, {1, "days", US_PER_DAY},
        {7, "weeks", 7 * US_PER_DAY},
    };
    Microseconds sum = 0;
    double rest = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (present(args[parts[i].argument]))
            CHECK(accumulate(t, parts[i].name, &sum, args[parts[i].argument], parts[i].factor, &rest));
    if (rest != 0) { /* to the nearest, ties to an even sum */
        double whole = round(rest);
        if (fabs(whole - rest) == 0.5) {
            double odd = (double)(sum & 1);
            whole = 2.0 * round((rest + odd) * 0.5) - odd;
        }
        sum += (Microseconds)whole;
    }
    return delta_from_microseconds(t, as_type(args[0]), sum);
}

/* Text */

static Value repr_method(Thread *t, Value *args) {
    TimeDelta *d = as_delta(args[0]);
    char text[96];
    size_t n = 0;
    text[0] = 0;
    const char *separator = "";
    const struct {
        const char *name;
        int value;
    } parts[] = {{"days", d->days}, {"seconds", d->seconds}, {"microseconds", d->microseconds}};
    for (size_t i = 0; i < 3; i++)
        if (parts[i].value) {
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s=%d", separator, parts[i].name, parts[i].value);
            separator = ", ";
        }
    return format_text(t, "%s(%s)", type_of(args[0])->name_text, n ? text : "0");
}

static Value str_method(Thread *t, Value *args) {
    TimeDelta *d = as_delta(args[0]);
    char text[64];
    size_t n = 0;
    if (d->days)
        n += (size_t)snprintf(text, sizeof text, "%d day%s, ", d->days, d->days == 1 || d->days == -1 ? "" : "s");
    n += (size_t)snprintf(text + n, sizeof text - n, "%d:%02d:%02d", d->seconds / 3600, d->seconds / 60 % 60, d->seconds % 60);
    if (d->microseconds)
        n += (size_t)snprintf(text + n, sizeof text - n, ".%06d", d->microseconds);
    return str_from_ascii(t, text, n);
}

/* Comparison */

static int order(const TimeDelta *a, const TimeDelta *b) {
    if (a->days != b->days)
        return a->days < b->days ? -1 : 1;
    if (a->seconds != b->seconds)
        return a->seconds < b->seconds ? -1 : 1;
    return (a->microseconds > b->microseconds) - (a->microseconds < b->microseconds);
}

#define COMPARISON(name, condition)                                                       \
    static Value name##_method(Thread *t, Value *args) {                                  \
        if (!is_delta(args[1]))                                                           \
            return NOT_IMPLEMENTED;                                                       \
        int c = order(as_delta(args[0]), as_delta(args[1]));                              \
        return from_bool(condition);                                                      \
    }
COMPARISON(eq, c == 0)
COMPARISON(ne, c != 0)
COMPARISON(lt, c < 0)
COMPARISON(le, c <= 0)
COMPARISON(gt, c > 0)
COMPARISON(ge, c >= 0)
#undef COMPARISON

static Value hash_method(Thread *t, Value *args) {
    TimeDelta *d = as_delta(args[0]);
    int64_t hash = load_relaxed(&d->hash);
    if (hash == -1) {
        Value state = TRY(tuple_pack(t, 3, small_int(d->days), small_int(d->seconds), small_int(d->microseconds)));
        CHECK(hash_of(t, state, &hash));
        store_relaxed(&d->hash, hash);
    }
    return int_from(t, hash);
}

static Value bool_method(Thread *t, Value *args) {
    TimeDelta *d = as_delta(args[0]);
    return from_bool(d->days || d->seconds || d->microseconds);
}

/* Arithmetic */

static Value add_method(Thread *t, Value *args) {
    if (!is_delta(args[0]) || !is_delta(args[1]))
        return NOT_IMPLEMENTED;
    TimeDelta *a = as_delta(args[0]), *b = as_delta(args[1]);
    return delta_new(t, (int64_t)a->days + b->days, (int64_t)a->seconds + b->seconds, (int64_t)a->microseconds + b->microseconds);
}
static Value subtract(Thread *t, Value x, Value y) {
    if (!is_delta(x) || !is_delta(y))
        return NOT_IMPLEMENTED;
    TimeDelta *a = as_delta(x), *b = as_delta(y);
    return delta_new(t, (int64_t)a->days - b->days, (int64_t)a->seconds - b->seconds, (int64_t)a->microseconds - b->microseconds);
}
static Value sub_method(Thread *t, Value *args) { return subtract(t, args[0], args[1]); }
static Value rsub_method(Thread *t, Value *args) { return subtract(t, args[1], args[0]); }
static Value negate(Thread *t, const TimeDelta *d) {
    return delta_new(t, -(int64_t)d->days, -(int64_t)d->seconds, -(int64_t)d->microseconds);
}
static Value neg_method(Thread *t, Value *args) { return negate(t, as_delta(args[0])); }
static Value pos_method(Thread *t, Value *args) {
    TimeDelta *d = as_delta(args[0]);
    return delta_new(t, d->days, d->seconds, d->microseconds);
}
static Value abs_method(Thread *t, Value *args) {
    return as_delta(args[0])->days < 0 ? neg_method(t, args) : pos_method(t, args);
}

static Value zero_division(Thread *t) { return raise_error(t, &ZeroDivisionError_type, "division by zero"); }

/* a / b to the nearest int, ties to even. */
static Value divide_nearest(Thread *t, Value a, Value b) {
    if (int_sign(b) == 0)
        return zero_division(t);
    Value pair = TRY(int_divmod(t, a, b)), quotient = tuple_get(pair, 0);
    Value twice = TRY(int_lshift(t, tuple_get(pair, 1), small_int(1)));
    int c = int_compare(twice, b); /* the remainder has the divisor's sign */
    if (int_sign(b) < 0)
        c = -c;
    bool odd = int_mask_u64(quotient) & 1;
    return c > 0 || (c == 0 && odd) ? int_add(t, quotient, small_int(1)) : quotient;
}

static Value from_int(Thread *t, Value us) {
    Microseconds n;
    CHECK(int_to_microseconds(t, us, &n));
    return delta_from_microseconds(t, &timedelta_type, n);
}

/* delta * (a / b), or with the roles of a and b changed, delta / (a / b). */
static Value by_ratio(Thread *t, Value delta, Value number, bool divide) {
    Value us = TRY(microseconds_as_int(t, delta_microseconds(as_delta(delta))));
    Value ratio = TRY(call_method_0(t, number, TRY(str_intern_text(t, "as_integer_ratio"))));
    if (!is_tuple(ratio))
        return raise_type_error(t, "unexpected return type from as_integer_ratio(): expected tuple, not '%T'", ratio);
    if (tuple_length(ratio) != 2)
        return raise_value_error(t, "as_integer_ratio() must return a 2-tuple");
    Value a = tuple_get(ratio, divide), b = tuple_get(ratio, !divide);
    if (!is_int(a) || !is_int(b))
        return raise_type_error(t, "as_integer_ratio() must return ints");
    return from_int(t, TRY(divide_nearest(t, TRY(int_mul(t, us, a)), b)));
}

static Value mul_method(Thread *t, Value *args) {
    Value delta = is_delta(args[0]) ? args[0] : args[1], number = is_delta(args[0]) ? args[1] : args[0];
    if (is_float(number))
        return by_ratio(t, delta, number, false);
    if (!is_int(number) || !is_delta(delta))
        return NOT_IMPLEMENTED;
    Microseconds product, us = delta_microseconds(as_delta(delta));
    if (is_small_int(number) && !__builtin_mul_overflow(us, (Microseconds)small_int_value(number), &product))
        return delta_from_microseconds(t, &timedelta_type, product);
    return from_int(t, TRY(int_mul(t, TRY(microseconds_as_int(t, us)), number)));
}

static Value truediv_method(Thread *t, Value *args) {
    if (!is_delta(args[0]))
        return NOT_IMPLEMENTED;
    Microseconds us = delta_microseconds(as_delta(args[0]));
    if (is_delta(args[1])) {
        Microseconds divisor = delta_microseconds(as_delta(args[1]));
        if (divisor == 0)
            return zero_division(t);
        return int_truediv(t, TRY(microseconds_as_int(t, us)), TRY(microseconds_as_int(t, divisor)));
    }
    if (is_float(args[1]))
        return by_ratio(t, args[0], args[1], true);
    if (!is_int(args[1]))
        return NOT_IMPLEMENTED;
    return from_int(t, TRY(divide_nearest(t, TRY(microseconds_as_int(t, us)), args[1])));
}

static Microseconds floor_divide(Microseconds a, Microseconds b, Microseconds *remainder) {
    Microseconds quotient = a / b;
    *remainder = a % b;
    if (*remainder != 0 && (*remainder < 0) != (b < 0)) {
        *remainder += b;
        quotient--;
    }
    return quotient;
}

static Value floordiv_method(Thread *t, Value *args) {
    if (!is_delta(args[0]) || (!is_delta(args[1]) && !is_int(args[1])))
        return NOT_IMPLEMENTED;
    Microseconds us = delta_microseconds(as_delta(args[0])), remainder;
    if (is_delta(args[1])) {
        Microseconds divisor = delta_microseconds(as_delta(args[1]));
        return divisor ? microseconds_as_int(t, floor_divide(us, divisor, &remainder)) : zero_division(t);
    }
    if (int_sign(args[1]) == 0)
        return zero_division(t);
    if (is_small_int(args[1]))
        return delta_from_microseconds(t, &timedelta_type, floor_divide(us, small_int_value(args[1]), &remainder));
    return from_int(t, TRY(int_floordiv(t, TRY(microseconds_as_int(t, us)), args[1])));
}

static Value mod_method(Thread *t, Value *args) {
    if (!is_delta(args[0]) || !is_delta(args[1]))
        return NOT_IMPLEMENTED;
    Microseconds divisor = delta_microseconds(as_delta(args[1])), remainder;
    if (divisor == 0)
        return zero_division(t);
    floor_divide(delta_microseconds(as_delta(args[0])), divisor, &remainder);
    return delta_from_microseconds(t, &timedelta_type, remainder);
}

static Value divmod_method(Thread *t, Value *args) {
    Value remainder = TRY(mod_method(t, args));
    if (same(remainder, NOT_IMPLEMENTED))
        return remainder;
    return tuple_pack(t, 2, TRY(floordiv_method(t, args)), remainder);
}

/* The right operand's methods. */
#define REFLECTED(name)                                   \
    static Value r##name##_method(Thread *t, Value *args) { \
        return name##_method(t, (Value[]){args[1], args[0]}); \
    }
REFLECTED(truediv)
REFLECTED(floordiv)
REFLECTED(mod)
REFLECTED(divmod)
#undef REFLECTED

static Value total_seconds(Thread *t, Value *args) {
    Microseconds us = delta_microseconds(as_delta(args[0]));
    if (us > -(Microseconds)(INT64_C(1) << 53) && us < (Microseconds)(INT64_C(1) << 53))
        return float_from_double(t, (double)(int64_t)us / 1e6);
    return int_truediv(t, TRY(microseconds_as_int(t, us)), small_int(US_PER_SECOND));
}

static Value reduce_method(Thread *t, Value *args) {
    TimeDelta *d = as_delta(args[0]);
    Value state = TRY(tuple_pack(t, 3, small_int(d->days), small_int(d->seconds), small_int(d->microseconds)));
    return tuple_pack(t, 2, from_object(type_of(args[0])), state);
}

static Value get_days(Thread *t, Value *args) { return small_int(as_delta(args[0])->days); }
static Value get_seconds(Thread *t, Value *args) { return small_int(as_delta(args[0])->seconds); }
static Value get_microseconds(Thread *t, Value *args) { return small_int(as_delta(args[0])->microseconds); }

static const NativeDef methods[] = {
    {"__new__(type, days=<unrepresentable>, seconds=<unrepresentable>, microseconds=<unrepresentable>, "
     "milliseconds=<unrepresentable>, minutes=<unrepresentable>, hours=<unrepresentable>, weeks=<unrepresentable>)",
     new_method, "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", repr_method, "Return repr(self)."},
    {"__str__(self, /)", str_method, "Return str(self)."},
    {"__hash__(self, /)", hash_method, "Return hash(self)."},
    {"__bool__(self, /)", bool_method, "True if self else False"},
    {"__eq__(self, value, /)", eq_method, "Return self==value."},
    {"__ne__(self, value, /)", ne_method, "Return self!=value."},
    {"__lt__(self, value, /)", lt_method, "Return self<value."},
    {"__le__(self, value, /)", le_method, "Return self<=value."},
    {"__gt__(self, value, /)", gt_method, "Return self>value."},
    {"__ge__(self, value, /)", ge_method, "Return self>=value."},
    {"__add__(self, value, /)", add_method, "Return self+value."},
    {"__radd__(self, value, /)", add_method, "Return value+self."},
    {"__sub__(self, value, /)", sub_method, "Return self-value."},
    {"__rsub__(self, value, /)", rsub_method, "Return value-self."},
    {"__mul__(self, value, /)", mul_method, "Return self*value."},
    {"__rmul__(self, value, /)", mul_method, "Return value*self."},
    {"__truediv__(self, value, /)", truediv_method, "Return self/value."},
    {"__floordiv__(self, value, /)", floordiv_method, "Return self//value."},
    {"__mod__(self, value, /)", mod_method, "Return self%value."},
    {"__divmod__(self, value, /)", divmod_method, "Return divmod(self, value)."},
    {"__rtruediv__(self, value, /)", rtruediv_method, "Return value/self."},
    {"__rfloordiv__(self, value, /)", rfloordiv_method, "Return value//self."},
    {"__rmod__(self, value, /)", rmod_method, "Return value%self."},
    {"__rdivmod__(self, value, /)", rdivmod_method, "Return divmod(value, self)."},
    {"__neg__(self, /)", neg_method, "-self"},
    {"__pos__(self, /)", pos_method, "+self"},
    {"__abs__(self, /)", abs_method, "abs(self)"},
    {"total_seconds(self, /)", total_seconds, "Total seconds in the duration."},
    {"__reduce__(self, /)", reduce_method, "__reduce__() -> (cls, state)"},
    {NULL},
};
static const GetSetDef getset[] = {
    {"days", get_days, NULL, "Number of days.", MEMBER},
    {"seconds", get_seconds, NULL, "Number of seconds (>= 0 and less than 1 day).", MEMBER},
    {"microseconds", get_microseconds, NULL, "Number of microseconds (>= 0 and less than 1 second).", MEMBER},
    {NULL},
};

static bool timedelta_constants(Thread *t, Type *type);
MODULE_TYPE(timedelta_type, _datetime) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "datetime.timedelta",
    .doc = "Difference between two datetime values.\n\n"
           "timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)\n\n"
           "All arguments are optional and default to 0.\n"
           "Arguments may be integers or floats, and may be positive or negative.",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE | TYPE_NO_MODULE,
    .add_constants = timedelta_constants,
    .instance_size = sizeof(TimeDelta),
};

static bool timedelta_constants(Thread *t, Type *type) {
    TimeDelta *all[] = {&delta_zero, &delta_min, &delta_max, &delta_resolution};
    for (size_t i = 0; i < 4; i++)
        all[i]->object.meta = timedelta_type.head.instance_meta | META_IMMORTAL;
    return dict_set_text(t, type->dict, "min", from_object(&delta_min)) &&
           dict_set_text(t, type->dict, "max", from_object(&delta_max)) &&
           dict_set_text(t, type->dict, "resolution", from_object(&delta_resolution));
}
