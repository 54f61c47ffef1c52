/* datetime.time: a time of day, with or without a zone. */
#include "modules/_datetime/datetime.h"

static void trace(Tracer *tracer, Object *o) { trace_value(tracer, ((Time *)o)->tzinfo); }

Value time_new(Thread *t, Type *type, Clock clock, Value tzinfo) {
    Time *o = type == &time_type ? heap_allocate(t, type, sizeof *o) : type_allocate(t, type);
    CHECK(o != NULL);
    o->hash = -1;
    o->clock = clock;
    store(o, &o->tzinfo, tzinfo);
    return from_object(o);
}

/* args: hour, minute, second, microsecond, fold: each may be absent */
static bool read_clock(Thread *t, Value *hour, Value *minute, Value *second, Value *us, Value *fold, Clock *c) {
    int64_t h = c->hour, m = c->minute, s = c->second, u = c->microsecond, f = c->fold;
    if (!as_c_field(t, *hour, &h) || !as_c_field(t, *minute, &m) || !as_c_field(t, *second, &s) ||
        !as_c_field(t, *us, &u) || !as_c_field(t, *fold, &f) || !check_clock(t, h, m, s, u, f))
        return false;
    *c = (Clock){(int32_t)u, (uint8_t)h, (uint8_t)m, (uint8_t)s, (uint8_t)f};
    return true;
}

/* A pickle: 6 bytes, the fold in the hour's highest bit, and perhaps a tzinfo. */
static Value from_state(Thread *t, Type *type, Value state, Value tzinfo) {
    const uint8_t *b = (const uint8_t *)as_bytes(state)->data;
    if (absent(tzinfo))
        tzinfo = NONE;
    if (!is_none(tzinfo) && !is_tzinfo(tzinfo))
        return raise_type_error(t, "bad tzinfo state arg");
    Clock c = {b[3] << 16 | b[4] << 8 | b[5], b[0] & 0x7f, b[1], b[2], b[0] >> 7};
    return time_new(t, type, c, tzinfo);
}

/* args: type, hour, minute, second, microsecond, tzinfo, fold */
static Value new_method(Thread *t, Value *args) {
    Value state;
    if (present(args[1]) && absent(args[3]) && !is_int(args[1]) && is_state(args[1], 6, &state, t) &&
        ((uint8_t)as_bytes(state)->data[0] & 0x7f) < 24)
        return from_state(t, as_type(args[0]), state, args[2]);
    if (error_pending(t)) {
        if (!error_catch(t, &UnicodeEncodeError_type))
            return NO_VALUE;
        return raise_value_error(t, "Failed to encode latin1 string when unpickling a time object. "
                                    "pickle.load(data, encoding='latin1') is assumed.");
    }
    Clock c = {0};
    CHECK(read_clock(t, &args[1], &args[2], &args[3], &args[4], &args[6], &c) && check_tzinfo(t, args[5]));
    return time_new(t, as_type(args[0]), c, args[5]);
}

static Value strptime(Thread *t, Value *args) {
    return datetime_strptime(t, "_strptime_datetime_time", args[0], args[1], args[2]);
}

static Value get_hour(Thread *t, Value *args) { return small_int(as_time(args[0])->clock.hour); }
static Value get_minute(Thread *t, Value *args) { return small_int(as_time(args[0])->clock.minute); }
static Value get_second(Thread *t, Value *args) { return small_int(as_time(args[0])->clock.second); }
static Value get_microsecond(Thread *t, Value *args) { return small_int(as_time(args[0])->clock.microsecond); }
static Value get_tzinfo(Thread *t, Value *args) { return as_time(args[0])->tzinfo; }
static Value get_fold(Thread *t, Value *args) { return small_int(as_time(args[0])->clock.fold); }

static Value utcoffset(Thread *t, Value *args) { return tzinfo_offset(t, as_time(args[0])->tzinfo, NONE); }
static Value dst(Thread *t, Value *args) { return tzinfo_dst(t, as_time(args[0])->tzinfo, NONE); }
static Value tzname_(Thread *t, Value *args) { return tzinfo_name(t, as_time(args[0])->tzinfo, NONE); }

/* Text */

int clock_text(Thread *t, const Clock *c, Value timespec, char *out) {
    static const char *const specs[] = {"hours", "minutes", "seconds", "milliseconds", "microseconds"};
    int spec = c->microsecond ? 4 : 2;
    if (present(timespec) && !str_equal_text(timespec, "auto")) {
        for (spec = 0; spec < 5 && !str_equal_text(timespec, specs[spec]); spec++)
            ;
        if (spec == 5) {
            raise_value_error(t, "Unknown timespec value");
            return -1;
        }
    }
    int n = snprintf(out, CLOCK_TEXT_SIZE, "%02d:%02d:%02d.%06d", c->hour, c->minute, c->second, c->microsecond);
    static const int lengths[] = {2, 5, 8, 12, 15};
    out[lengths[spec]] = 0;
    (void)n;
    return lengths[spec];
}

static Value isoformat(Thread *t, Value *args) {
    Time *o = as_time(args[0]);
    char text[CLOCK_TEXT_SIZE + OFFSET_TEXT_SIZE];
    if (present(args[1]) && !is_str(args[1]))
        return raise_type_error(t, "isoformat() argument 1 must be str, not %Y", args[1]);
    int n = clock_text(t, &o->clock, args[1], text);
    CHECK(n >= 0);
    if (!is_none(o->tzinfo))
        offset_text(TRY(tzinfo_offset(t, o->tzinfo, NONE)), ":", text + n);
    return str_from_text(t, text);
}
static Value str_method(Thread *t, Value *args) { return call_method_0(t, args[0], names.isoformat); }

static Value repr_method(Thread *t, Value *args) {
    Time *o = as_time(args[0]);
    const Clock *c = &o->clock;
    char text[48];
    int n = snprintf(text, sizeof text, "%d, %d", c->hour, c->minute);
    if (c->second || c->microsecond)
        n += snprintf(text + n, sizeof text - (size_t)n, ", %d", c->second);
    if (c->microsecond)
        snprintf(text + n, sizeof text - (size_t)n, ", %d", c->microsecond);
    const char *fold = c->fold ? ", fold=1" : "";
    if (is_none(o->tzinfo))
        return format_text(t, "%s(%s%s)", type_of(args[0])->name_text, text, fold);
    return format_text(t, "%s(%s, tzinfo=%R%s)", type_of(args[0])->name_text, text, o->tzinfo, fold);
}

static Value strftime_method(Thread *t, Value *args) {
    Date day = {.year = 1900, .month = 1, .day = 1};
    Value tuple = TRY(date_struct_time(t, &day, &as_time(args[0])->clock, -1));
    return datetime_strftime(t, args[0], args[1], tuple, NONE);
}

/* Comparison: by the clock, or where zones differ by the time in UTC. *order is set unless the result is None. */

typedef enum Compared { COMPARED, COMPARED_MIXED, COMPARE_FAILED } Compared;

static Compared compare_times(Thread *t, Value a, Value b, int *order) {
    Time *x = as_time(a), *y = as_time(b);
    int64_t p = clock_microseconds(&x->clock), q = clock_microseconds(&y->clock);
    if (!same(x->tzinfo, y->tzinfo)) {
        Value offset1 = tzinfo_offset(t, x->tzinfo, NONE), offset2 = absent(offset1) ? offset1 : tzinfo_offset(t, y->tzinfo, NONE);
        if (absent(offset2))
            return COMPARE_FAILED;
        if (is_none(offset1) != is_none(offset2))
            return COMPARED_MIXED;
        if (!is_none(offset1)) {
            p -= (int64_t)delta_microseconds(as_delta(offset1));
            q -= (int64_t)delta_microseconds(as_delta(offset2));
        }
    }
    *order = (p > q) - (p < q);
    return COMPARED;
}

static Value compared(Thread *t, Value *args, Comparison op) {
    int order;
    if (!is_time(args[1]))
        return NOT_IMPLEMENTED;
    switch (compare_times(t, args[0], args[1], &order)) {
    case COMPARE_FAILED: return NO_VALUE;
    case COMPARED_MIXED:
        if (op == COMPARE_EQ || op == COMPARE_NE)
            return from_bool(op == COMPARE_NE);
        return raise_type_error(t, "can't compare offset-naive and offset-aware times");
    default: break;
    }
    switch (op) {
    case COMPARE_EQ: return from_bool(order == 0);
    case COMPARE_NE: return from_bool(order != 0);
    case COMPARE_LT: return from_bool(order < 0);
    case COMPARE_LE: return from_bool(order <= 0);
    case COMPARE_GT: return from_bool(order > 0);
    default: return from_bool(order >= 0);
    }
}
static Value eq_method(Thread *t, Value *args) { return compared(t, args, COMPARE_EQ); }
static Value ne_method(Thread *t, Value *args) { return compared(t, args, COMPARE_NE); }
static Value lt_method(Thread *t, Value *args) { return compared(t, args, COMPARE_LT); }
static Value le_method(Thread *t, Value *args) { return compared(t, args, COMPARE_LE); }
static Value gt_method(Thread *t, Value *args) { return compared(t, args, COMPARE_GT); }
static Value ge_method(Thread *t, Value *args) { return compared(t, args, COMPARE_GE); }

static Value hash_method(Thread *t, Value *args) {
    Time *o = as_time(args[0]);
    int64_t hash = load_relaxed(&o->hash);
    if (hash != -1)
        return int_from(t, hash);
    Value self = args[0];
    if (o->clock.fold) { /* equal times hash alike: the fold does not count */
        Clock first = o->clock;
        first.fold = 0;
        self = TRY(time_new(t, &time_type, first, o->tzinfo));
    }
    Value offset = TRY(tzinfo_offset(t, as_time(self)->tzinfo, NONE));
    int64_t us = clock_microseconds(&o->clock);
    if (!is_none(offset))
        us -= (int64_t)delta_microseconds(as_delta(offset));
    const Clock *clock = &o->clock;
    const char bytes[6] = {(char)clock->hour, (char)clock->minute, (char)clock->second,
                           (char)(clock->microsecond >> 16), (char)(clock->microsecond >> 8), (char)clock->microsecond};
    Value key = TRY(is_none(offset) ? bytes_new(t, bytes, sizeof bytes) : delta_new(t, 0, 0, us)); /* bytes as CPython */
    CHECK(hash_of(t, key, &hash));
    store_relaxed(&o->hash, hash);
    return int_from(t, hash);
}

/* Pickling and copies */

static Value state_of(Thread *t, Value self, int64_t protocol) {
    Time *o = as_time(self);
    const Clock *c = &o->clock;
    char bytes[6] = {(char)(c->hour | (protocol > 3 && c->fold ? 0x80 : 0)), (char)c->minute, (char)c->second,
                     (char)(c->microsecond >> 16), (char)(c->microsecond >> 8), (char)c->microsecond};
    Value data = TRY(bytes_new(t, bytes, 6));
    return is_none(o->tzinfo) ? tuple_pack(t, 1, data) : tuple_pack(t, 2, data, o->tzinfo);
}
static Value reduce(Thread *t, Value self, int64_t protocol) {
    return tuple_pack(t, 2, from_object(type_of(self)), TRY(state_of(t, self, protocol)));
}
static Value reduce_method(Thread *t, Value *args) { return reduce(t, args[0], 2); }
static Value reduce_ex_method(Thread *t, Value *args) {
    int64_t protocol;
    CHECK(as_c_field(t, args[1], &protocol));
    return reduce(t, args[0], protocol);
}

/* args: self, hour, minute, second, microsecond, tzinfo, fold */
static Value replace(Thread *t, Value *args) {
    Time *o = as_time(args[0]);
    Clock c = o->clock;
    Value tzinfo = present(args[5]) ? args[5] : o->tzinfo;
    if (is_exactly(args[0], &time_type)) {
        CHECK(read_clock(t, &args[1], &args[2], &args[3], &args[4], &args[6], &c) && check_tzinfo(t, tzinfo));
        return time_new(t, &time_type, c, tzinfo);
    }
    Value all[7] = {NO_VALUE, small_int(c.hour), small_int(c.minute), small_int(c.second), small_int(c.microsecond), tzinfo,
                    small_int(c.fold)};
    for (int i = 1; i <= 6; i++)
        if (present(args[i]))
            all[i] = args[i];
    return call(t, from_object(type_of(args[0])), all + 1, 5, TRY(tuple_pack(t, 1, TRY(str_intern_text(t, "fold")))));
}
static Value dunder_replace(Thread *t, Value *args) {
    Value method = TRY(get_attribute(t, args[0], names.replace));
    return call_tuple(t, method, empty_tuple, args[1]);
}

static const NativeDef methods[] = {
    {"__new__(type, hour=<unrepresentable>, minute=<unrepresentable>, second=<unrepresentable>, "
     "microsecond=<unrepresentable>, tzinfo=None, *, fold=<unrepresentable>)",
     new_method, "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"strptime(type, string, format, /)", strptime,
     "string, format -> new time parsed from a string (like time.strptime()).", NATIVE_CLASS | NATIVE_NO_SIGNATURE | NATIVE_COUNTS_ARGUMENTS},
    {"isoformat(self, timespec=<unrepresentable>)", isoformat,
     "Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n\n"
     "The optional argument timespec specifies the number of additional terms\nof the time to include. Valid options are "
     "'auto', 'hours', 'minutes',\n'seconds', 'milliseconds' and 'microseconds'.\n",
     NATIVE_NO_SIGNATURE},
    {"strftime(self, format)", strftime_method, "format -> strftime() style string.", NATIVE_NO_SIGNATURE},
    {"__format__(self, format, /)", datetime_format, "Formats self with strftime.", NATIVE_NO_SIGNATURE | NATIVE_COUNTS_ARGUMENTS},
    {"utcoffset(self, /)", utcoffset, "Return self.tzinfo.utcoffset(self)."},
    {"tzname(self, /)", tzname_, "Return self.tzinfo.tzname(self)."},
    {"dst(self, /)", dst, "Return self.tzinfo.dst(self)."},
    {"replace(self, /, hour=<unrepresentable>, minute=<unrepresentable>, second=<unrepresentable>, "
     "microsecond=<unrepresentable>, tzinfo=<unrepresentable>, *, fold=<unrepresentable>)",
     replace, "Return time with new specified fields."},
    {"__replace__(self, /, **changes)", dunder_replace, "The same as replace()."},
    {"fromisoformat(type, object, /)", time_from_iso, "string -> time from a string in ISO 8601 format", NATIVE_CLASS},
    {"__reduce_ex__(self, protocol, /)", reduce_ex_method, "__reduce_ex__(proto) -> (cls, state)", NATIVE_NO_SIGNATURE},
    {"__reduce__(self, /)", reduce_method, "__reduce__() -> (cls, state)"},
    {"__repr__(self, /)", repr_method, "Return repr(self)."},
    {"__str__(self, /)", str_method, "Return str(self)."},
    {"__hash__(self, /)", hash_method, "Return hash(self)."},
    {"__eq__(self, value, /)", eq_method, "Return self==value."},
    {"__ne__(self, value, /)", ne_method, "Return self!=value."},
    {"__lt__(self, value, /)", lt_method, "Return self<value."},
    {"__le__(self, value, /)", le_method, "Return self<=value."},
    {"__gt__(self, value, /)", gt_method, "Return self>value."},
    {"__ge__(self, value, /)", ge_method, "Return self>=value."},
    {NULL},
};
static const GetSetDef getset[] = {
    {"hour", get_hour, NULL, NULL},
    {"minute", get_minute, NULL, NULL},
    {"second", get_second, NULL, NULL},
    {"microsecond", get_microsecond, NULL, NULL},
    {"tzinfo", get_tzinfo, NULL, NULL},
    {"fold", get_fold, NULL, NULL},
    {NULL},
};

static bool time_constants(Thread *t, Type *type);
MODULE_TYPE(time_type, _datetime) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "datetime.time",
    .doc = "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\n"
           "All arguments are optional. tzinfo may be None, or an instance of\n"
           "a tzinfo subclass. The remaining arguments may be ints.",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE | TYPE_NO_MODULE,
    .add_constants = time_constants,
    .instance_size = sizeof(Time),
};

static Time time_min = {{.meta = META_IMMORTAL, .type = &time_type}, -1, {0}, {(uintptr_t)&none_object}};
static Time time_max = {{.meta = META_IMMORTAL, .type = &time_type}, -1, {999999, 23, 59, 59, 0}, {(uintptr_t)&none_object}};

static bool time_constants(Thread *t, Type *type) {
    time_min.object.meta = time_max.object.meta = time_type.head.instance_meta | META_IMMORTAL;
    return dict_set_text(t, type->dict, "min", from_object(&time_min)) &&
           dict_set_text(t, type->dict, "max", from_object(&time_max)) &&
           dict_set_text(t, type->dict, "resolution", from_object(&delta_resolution));
}
