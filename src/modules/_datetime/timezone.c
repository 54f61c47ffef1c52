/* datetime.tzinfo, datetime.timezone, and asking a tzinfo. */
#include "modules/_datetime/datetime.h"
#include "object/type_internal.h"

static TimeZone *as_zone(Value v) { return (TimeZone *)v.bits; }

/* Asking */

static Value checked_offset(Thread *t, Value offset, const char *method) {
    if (is_none(offset))
        return offset;
    if (!is_delta(offset))
        return raise_type_error(t, "tzinfo.%s() must return None or a timedelta, not '%T'", method, offset);
    TimeDelta *d = as_delta(offset);
    if (d->days >= 1 || d->days < -1 || (d->days == -1 && d->seconds == 0 && d->microseconds < 1))
        return raise_value_error(t, "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not %R",
                                 offset);
    return offset;
}

Value tzinfo_offset(Thread *t, Value tzinfo, Value argument) {
    if (is_none(tzinfo))
        return NONE;
    if (is_exactly(tzinfo, &timezone_type))
        return as_zone(tzinfo)->offset;
    return checked_offset(t, TRY(call_method_1(t, tzinfo, names.utcoffset, argument)), "utcoffset");
}

Value tzinfo_dst(Thread *t, Value tzinfo, Value argument) {
    if (is_none(tzinfo))
        return NONE;
    return checked_offset(t, TRY(call_method_1(t, tzinfo, names.dst, argument)), "dst");
}

Value tzinfo_name(Thread *t, Value tzinfo, Value argument) {
    if (is_none(tzinfo))
        return NONE;
    Value name = TRY(call_method_1(t, tzinfo, names.tzname, argument));
    if (is_none(name) || is_str(name))
        return name;
    return raise_type_error(t, "tzinfo.tzname() must return None or a string, not '%T'", name);
}

void offset_text(Value offset, const char *separator, char *out) {
    *out = 0;
    if (is_none(offset))
        return;
    int64_t us = (int64_t)delta_microseconds(as_delta(offset));
    char sign = us < 0 ? '-' : '+';
    if (us < 0)
        us = -us;
    int seconds = (int)(us / US_PER_SECOND), rest = (int)(us % US_PER_SECOND);
    size_t n = (size_t)snprintf(out, OFFSET_TEXT_SIZE, "%c%02d%s%02d", sign, seconds / 3600, separator, seconds / 60 % 60);
    if (seconds % 60 || rest)
        n += (size_t)snprintf(out + n, OFFSET_TEXT_SIZE - n, "%s%02d", separator, seconds % 60);
    if (rest)
        snprintf(out + n, OFFSET_TEXT_SIZE - n, ".%06d", rest);
}

/* tzinfo */

static Value abstract(Thread *t, const char *method) {
    return raise_error(t, &NotImplementedError_type, "a tzinfo subclass must implement %s()", method);
}
static Value info_utcoffset(Thread *t, Value *args) { return abstract(t, "utcoffset"); }
static Value info_dst(Thread *t, Value *args) { return abstract(t, "dst"); }
static Value info_tzname(Thread *t, Value *args) { return abstract(t, "tzname"); }

/* Standard time first, then what the zone says at that moment: the algorithm that tzinfo's documentation describes. */
static Value info_fromutc(Thread *t, Value *args) {
    if (!is_datetime(args[1]))
        return raise_type_error(t, "fromutc: argument must be a datetime");
    DateTime *d = as_datetime(args[1]);
    if (!same(d->tzinfo, args[0]))
        return raise_value_error(t, "fromutc: dt.tzinfo is not self");
    Value offset = TRY(tzinfo_offset(t, args[0], args[1]));
    if (is_none(offset))
        return raise_value_error(t, "fromutc: non-None utcoffset() result required");
    Value dst = TRY(tzinfo_dst(t, args[0], args[1]));
    if (is_none(dst))
        return raise_value_error(t, "fromutc: non-None dst() result required");
    Value delta = TRY(binary_operation(t, BINARY_SUB, offset, dst)), result = TRY(datetime_add(t, args[1], as_delta(delta), 1));
    dst = TRY(tzinfo_dst(t, args[0], result));
    if (is_none(dst))
        return raise_value_error(t, "fromutc: tz.dst() gave inconsistent results; cannot convert");
    TimeDelta *extra = as_delta(dst);
    return extra->days || extra->seconds || extra->microseconds ? datetime_add(t, result, extra, 1) : result;
}

static Value info_reduce(Thread *t, Value *args) {
    Value getinitargs = find_attribute(t, args[0], names.__getinitargs__);
    CHECK(!error_pending(t));
    Value init = present(getinitargs) ? TRY(call_0(t, getinitargs)) : empty_tuple;
    Value state = TRY(call_method_0(t, args[0], names.__getstate__));
    if (is_none(state))
        return tuple_pack(t, 2, from_object(type_of(args[0])), init);
    return tuple_pack(t, 3, from_object(type_of(args[0])), init, state);
}

static Value info_new(Thread *t, Value *args) {
    Object *o = type_allocate(t, as_type(args[0]));
    return o ? from_object(o) : NO_VALUE;
}

static const NativeDef info_methods[] = {
    {"__new__(type, /, *args, **kwargs)", info_new, "Create and return a new object.  See help(type) for accurate signature."},
    {"tzname(self, object, /)", info_tzname, "datetime -> string name of time zone."},
    {"utcoffset(self, object, /)", info_utcoffset,
     "datetime -> timedelta showing offset from UTC, negative values indicating West of UTC"},
    {"dst(self, object, /)", info_dst, "datetime -> DST offset as timedelta positive east of UTC."},
    {"fromutc(self, object, /)", info_fromutc, "datetime in UTC -> datetime in local time."},
    {"__reduce__(self, /)", info_reduce, "-> (cls, state)"},
    {NULL},
};

MODULE_TYPE(tzinfo_type, _datetime) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "datetime.tzinfo",
    .doc = "Abstract base class for time zone info objects.",
    .methods = info_methods,
    .flags = TYPE_BASE | TYPE_NO_MODULE,
    .instance_size = sizeof(Object),
};

/* timezone */

TimeZone timezone_utc = {{.meta = META_IMMORTAL, .type = &timezone_type}, {(uintptr_t)&delta_zero}, {0}};
static TimeDelta delta_lowest = {{.meta = META_IMMORTAL, .type = &timedelta_type}, -1, -1, 60, 0};
static TimeDelta delta_highest = {{.meta = META_IMMORTAL, .type = &timedelta_type}, -1, 0, 86340, 0};
static TimeZone zone_min = {{.meta = META_IMMORTAL, .type = &timezone_type}, {(uintptr_t)&delta_lowest}, {0}};
static TimeZone zone_max = {{.meta = META_IMMORTAL, .type = &timezone_type}, {(uintptr_t)&delta_highest}, {0}};

static void zone_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((TimeZone *)o)->offset, 2); }

Value timezone_new(Thread *t, Value offset, Value name) {
    TimeDelta *d = as_delta(offset);
    if (absent(name) && d->days == 0 && d->seconds == 0 && d->microseconds == 0)
        return from_object(&timezone_utc);
    TRY(checked_offset(t, offset, "utcoffset"));
    TimeZone *z = heap_allocate(t, &timezone_type, sizeof *z);
    CHECK(z != NULL);
    z->offset = offset; /* NOBARRIER: just allocated */
    z->name = name;
    return from_object(z);
}

static Value zone_new(Thread *t, Value *args) {
    if (!is_delta(args[1]))
        return raise_type_error(t, "timezone() argument 1 must be datetime.timedelta, not %Y", args[1]);
    if (present(args[2]) && !is_str(args[2]))
        return raise_type_error(t, "timezone() argument 2 must be str, not %Y", args[2]);
    return timezone_new(t, args[1], args[2]);
}

static bool check_argument(Thread *t, Value v, const char *method) {
    if (is_none(v) || is_datetime(v))
        return true;
    raise_type_error(t, "%s(dt) argument must be a datetime instance or None, not %T", method, v);
    return false;
}

static Value zone_text(Thread *t, Value self) {
    TimeZone *z = as_zone(self);
    char text[4 + OFFSET_TEXT_SIZE] = "UTC";
    if (present(z->name))
        return z->name;
    if (delta_microseconds(as_delta(z->offset)) != 0)
        offset_text(z->offset, ":", text + 3);
    return str_from_text(t, text);
}
static Value zone_str(Thread *t, Value *args) { return zone_text(t, args[0]); }
static Value zone_tzname(Thread *t, Value *args) {
    CHECK(check_argument(t, args[1], "tzname"));
    return zone_text(t, args[0]);
}
static Value zone_utcoffset(Thread *t, Value *args) {
    CHECK(check_argument(t, args[1], "utcoffset"));
    return as_zone(args[0])->offset;
}
static Value zone_dst(Thread *t, Value *args) {
    CHECK(check_argument(t, args[1], "dst"));
    return NONE;
}
static Value zone_fromutc(Thread *t, Value *args) {
    if (!is_datetime(args[1]))
        return raise_type_error(t, "fromutc: argument must be a datetime instance or None");
    if (!same(as_datetime(args[1])->tzinfo, args[0]))
        return raise_value_error(t, "fromutc: dt.tzinfo is not self");
    return datetime_add(t, args[1], as_delta(as_zone(args[0])->offset), 1);
}

static Value zone_repr(Thread *t, Value *args) {
    TimeZone *z = as_zone(args[0]);
    if (z == &timezone_utc)
        return str_from_text(t, "datetime.timezone.utc");
    if (absent(z->name))
        return format_text(t, "%s(%R)", type_of(args[0])->name_text, z->offset);
    return format_text(t, "%s(%R, %R)", type_of(args[0])->name_text, z->offset, z->name);
}
static Value zone_getinitargs(Thread *t, Value *args) {
    TimeZone *z = as_zone(args[0]);
    return absent(z->name) ? tuple_pack(t, 1, z->offset) : tuple_pack(t, 2, z->offset, z->name);
}
static Value zone_hash(Thread *t, Value *args) {
    int64_t hash;
    CHECK(hash_of(t, as_zone(args[0])->offset, &hash));
    return int_from(t, hash);
}
static Value zone_eq(Thread *t, Value *args) {
    if (!is_instance_of(args[1], &timezone_type))
        return NOT_IMPLEMENTED;
    return compare(t, COMPARE_EQ, as_zone(args[0])->offset, as_zone(args[1])->offset);
}
static Value zone_ne(Thread *t, Value *args) {
    if (!is_instance_of(args[1], &timezone_type))
        return NOT_IMPLEMENTED;
    return compare(t, COMPARE_NE, as_zone(args[0])->offset, as_zone(args[1])->offset);
}

static const NativeDef zone_methods[] = {
    {"__new__(type, offset, name=<unrepresentable>)", zone_new,
     "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"tzname(self, object, /)", zone_tzname,
     "If name is specified when timezone is created, returns the name.  Otherwise returns offset as 'UTC(+|-)HH:MM'."},
    {"utcoffset(self, object, /)", zone_utcoffset, "Return fixed offset."},
    {"dst(self, object, /)", zone_dst, "Return None."},
    {"fromutc(self, object, /)", zone_fromutc, "datetime in UTC -> datetime in local time."},
    {"__getinitargs__(self, /)", zone_getinitargs, "pickle support"},
    {"__repr__(self, /)", zone_repr, "Return repr(self)."},
    {"__str__(self, /)", zone_str, "Return str(self)."},
    {"__hash__(self, /)", zone_hash, "Return hash(self)."},
    {"__eq__(self, value, /)", zone_eq, "Return self==value."},
    {"__ne__(self, value, /)", zone_ne, "Return self!=value."},
    UNORDERED_ROWS,
    {NULL},
};

static bool timezone_constants(Thread *t, Type *type);
MODULE_TYPE(timezone_type, _datetime) = {
    STATIC_TYPE_HEAD(zone_trace, NULL),
    .name_text = "datetime.timezone",
    .doc = "Fixed offset from UTC implementation of tzinfo.",
    .base_static = &tzinfo_type,
    .methods = zone_methods,
    .add_constants = timezone_constants,
    .flags = TYPE_NO_MODULE,
    .instance_size = sizeof(TimeZone),
};

static bool timezone_constants(Thread *t, Type *type) {
    delta_lowest.object.meta = delta_highest.object.meta = timedelta_type.head.instance_meta | META_IMMORTAL;
    uint32_t meta = timezone_type.head.instance_meta | META_IMMORTAL;
    timezone_utc.object.meta = zone_min.object.meta = zone_max.object.meta = meta;
    return dict_set_text(t, type->dict, "utc", from_object(&timezone_utc)) &&
           dict_set_text(t, type->dict, "min", from_object(&zone_min)) &&
           dict_set_text(t, type->dict, "max", from_object(&zone_max));
}
