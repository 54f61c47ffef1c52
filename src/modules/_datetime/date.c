/* datetime.date, and what isocalendar() returns. */
#include "modules/_datetime/datetime.h"
#include "base/hash.h"
#include "object/type_internal.h"
#include "types/str/codecs.h"

/* Construction */

Value date_new(Thread *t, Type *type, int year, int month, int day) {
    Date *d = type == &date_type ? heap_allocate(t, type, sizeof *d) : type_allocate(t, type);
    CHECK(d != NULL);
    d->hash = -1;
    d->year = (int16_t)year;
    d->month = (uint8_t)month;
    d->day = (uint8_t)day;
    return from_object(d);
}

Value date_make(Thread *t, Value class, int64_t year, int64_t month, int64_t day) {
    if (same(class, from_object(&date_type))) {
        CHECK(check_date(t, year, month, day));
        return date_new(t, &date_type, (int)year, (int)month, (int)day);
    }
    return call_3(t, class, small_int(year), small_int(month), small_int(day));
}

/* Pickled by Python 2 and read as Latin-1, the state is a str of the same characters. */
bool is_state(Value v, size_t length, Value *bytes, Thread *t) {
    *bytes = v;
    if (is_bytes(v))
        return as_bytes(v)->length == length;
    if (!is_str(v) || str_length(v) != length)
        return false;
    *bytes = encode_latin1(t, v, NULL);
    return present(*bytes);
}

static Value missing(Thread *t, const char *name, int position) {
    return raise_type_error(t, "function missing required argument '%s' (pos %d)", name, position);
}

/* args: type, year, month, day */
static Value new_method(Thread *t, Value *args) {
    Value state;
    if (present(args[1]) && absent(args[2]) && is_state(args[1], 4, &state, t)) {
        const uint8_t *b = (const uint8_t *)as_bytes(state)->data;
        if (b[2] >= 1 && b[2] <= 12)
            return date_new(t, as_type(args[0]), b[0] << 8 | b[1], b[2], b[3]);
    }
    if (absent(args[1]) || error_pending(t)) {
        if (!error_catch(t, &UnicodeEncodeError_type))
            return error_pending(t) ? NO_VALUE : missing(t, "year", 1);
        return raise_value_error(t, "Failed to encode latin1 string when unpickling a date object. "
                                    "pickle.load(data, encoding='latin1') is assumed.");
    }
    if (absent(args[2]))
        return missing(t, "month", 2);
    if (absent(args[3]))
        return missing(t, "day", 3);
    int64_t year, month, day;
    CHECK(as_c_field(t, args[1], &year) && as_c_field(t, args[2], &month) && as_c_field(t, args[3], &day));
    CHECK(check_date(t, year, month, day));
    return date_new(t, as_type(args[0]), (int)year, (int)month, (int)day);
}

static Value today(Thread *t, Value *args) {
    Value now = TRY(call_0(t, TRY(get_attribute_text(t, TRY(import_module(t, "time")), "time"))));
    return call_method_1(t, args[0], names.fromtimestamp, now);
}

static Value fromtimestamp(Thread *t, Value *args) { return date_from_timestamp(t, args[0], args[1]); }

static Value fromordinal(Thread *t, Value *args) {
    int64_t ordinal;
    int year, month, day;
    CHECK(as_c_field(t, args[1], &ordinal));
    if (ordinal < 1)
        return raise_value_error(t, "ordinal must be >= 1");
    if (ordinal > MAX_ORDINAL) /* the constructor says what is wrong with the year */
        return date_make(t, args[0], (ordinal - 1) * 400 / 146097 + 1 > MAX_YEAR ? (ordinal - 1) * 400 / 146097 + 1 : MAX_YEAR + 1, 1, 1);
    ordinal_to_ymd((int)ordinal, &year, &month, &day);
    return date_make(t, args[0], year, month, day);
}

static Value fromisocalendar(Thread *t, Value *args) {
    int64_t year, week, weekday;
    int y, m, d;
    if (!as_c_field(t, args[1], &year) || !as_c_field(t, args[2], &week) || !as_c_field(t, args[3], &weekday)) {
        if (error_catch(t, &OverflowError_type))
            return raise_value_error(t, "ISO calendar component out of range");
        return NO_VALUE;
    }
    switch (iso_to_ymd((int)year, (int)week, (int)weekday, &y, &m, &d)) {
    case 0: return date_make(t, args[0], y, m, d);
    case -4: return raise_value_error(t, "year must be in %d..%d, not %d", MIN_YEAR, MAX_YEAR, (int)year);
    case -2: return raise_value_error(t, "Invalid week: %d", (int)week);
    case -3: return raise_value_error(t, "Invalid weekday: %d (range is [1, 7])", (int)weekday);
    default: return raise_value_error(t, "year must be in %d..%d, not %d", MIN_YEAR, MAX_YEAR, week > 1 ? MAX_YEAR + 1 : 0);
    }
}

static Value strptime(Thread *t, Value *args) {
    return datetime_strptime(t, "_strptime_datetime_date", args[0], args[1], args[2]);
}

/* Fields and text */

static Value get_year(Thread *t, Value *args) { return small_int(as_date(args[0])->year); }
static Value get_month(Thread *t, Value *args) { return small_int(as_date(args[0])->month); }
static Value get_day(Thread *t, Value *args) { return small_int(as_date(args[0])->day); }

static Value repr_method(Thread *t, Value *args) {
    Date *d = as_date(args[0]);
    return format_text(t, "%s(%d, %d, %d)", type_of(args[0])->name_text, d->year, d->month, d->day);
}

Value date_iso_text(Thread *t, const Date *d) {
    char text[12];
    snprintf(text, sizeof text, "%04d-%02d-%02d", d->year, d->month, d->day);
    return str_from_ascii(t, text, 10);
}
static Value isoformat(Thread *t, Value *args) { return date_iso_text(t, as_date(args[0])); }
static Value str_method(Thread *t, Value *args) { return call_method_0(t, args[0], names.isoformat); }

static const char *const day_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const month_names[] = {"", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

Value date_ctime(Thread *t, Value *args) {
    Date *d = as_date(args[0]);
    Clock c = is_datetime(args[0]) ? as_datetime(args[0])->clock : (Clock){0};
    char text[40];
    int n = snprintf(text, sizeof text, "%s %s %2d %02d:%02d:%02d %04d", day_names[weekday_of(d->year, d->month, d->day)],
                     month_names[d->month], d->day, c.hour, c.minute, c.second, d->year);
    return str_from_ascii(t, text, (size_t)n);
}

Value date_struct_time(Thread *t, const Date *d, const Clock *c, int dst) {
    Value items[9] = {
        small_int(d->year), small_int(d->month), small_int(d->day), small_int(c->hour), small_int(c->minute),
        small_int(c->second), small_int(weekday_of(d->year, d->month, d->day)),
        small_int(days_before_month(d->year, d->month) + d->day), small_int(dst),
    };
    Value class = TRY(get_attribute_text(t, TRY(import_module(t, "time")), "struct_time"));
    return call_1(t, class, TRY(tuple_from_values(t, items, 9)));
}

static Value timetuple(Thread *t, Value *args) {
    Clock midnight = {0};
    return date_struct_time(t, as_date(args[0]), &midnight, -1);
}

static Value strftime_method(Thread *t, Value *args) {
    Value tuple = TRY(call_method_0(t, args[0], TRY(str_intern_text(t, "timetuple"))));
    return datetime_strftime(t, args[0], args[1], tuple, args[0]);
}

/* Days */

static Value toordinal(Thread *t, Value *args) {
    Date *d = as_date(args[0]);
    return small_int(ymd_to_ordinal(d->year, d->month, d->day));
}
static Value weekday(Thread *t, Value *args) {
    Date *d = as_date(args[0]);
    return small_int(weekday_of(d->year, d->month, d->day));
}
static Value isoweekday(Thread *t, Value *args) {
    Date *d = as_date(args[0]);
    return small_int(weekday_of(d->year, d->month, d->day) + 1);
}

static Value isocalendar(Thread *t, Value *args) {
    Date *d = as_date(args[0]);
    int year = d->year, monday = iso_week1_monday(year), today = ymd_to_ordinal(d->year, d->month, d->day);
    int days = today - monday, week = days >= 0 ? days / 7 : -1;
    if (week < 0) {
        monday = iso_week1_monday(--year);
        week = (today - monday) / 7;
    } else if (week >= 52 && today >= iso_week1_monday(year + 1)) {
        week = 0;
        year++;
    }
    TupleObject *result = type_allocate_sized(t, &isocalendar_date_type, 3);
    CHECK(result != NULL);
    result->length = 3;
    result->hash = -1;
    result->items[0] = small_int(year); /* no references: ints in the word */
    result->items[1] = small_int(week + 1);
    result->items[2] = small_int((today + 6) % 7 + 1);
    return from_object(result);
}

/* Arithmetic and comparison */

static Value add_days(Thread *t, Value date, int64_t days) {
    Date *d = as_date(date);
    int64_t ordinal = ymd_to_ordinal(d->year, d->month, d->day) + days;
    int year, month, day;
    if (ordinal < 1 || ordinal > MAX_ORDINAL)
        return raise_overflow_error(t, "date value out of range");
    ordinal_to_ymd((int)ordinal, &year, &month, &day);
    return date_make(t, from_object(type_of(date)), year, month, day);
}

static Value add_method(Thread *t, Value *args) {
    return is_delta(args[1]) ? add_days(t, args[0], as_delta(args[1])->days) : NOT_IMPLEMENTED;
}
static Value subtract(Thread *t, Value a, Value b) {
    if (is_delta(b))
        return add_days(t, a, -(int64_t)as_delta(b)->days);
    if (!is_date(a) || !is_date(b) || is_datetime(a) || is_datetime(b))
        return NOT_IMPLEMENTED;
    Date *x = as_date(a), *y = as_date(b);
    return delta_new(t, ymd_to_ordinal(x->year, x->month, x->day) - ymd_to_ordinal(y->year, y->month, y->day), 0, 0);
}
static Value sub_method(Thread *t, Value *args) { return subtract(t, args[0], args[1]); }
static Value rsub_method(Thread *t, Value *args) {
    return is_delta(args[1]) ? NOT_IMPLEMENTED : subtract(t, args[1], args[0]);
}

static int key(const Date *d) { return d->year << 9 | d->month << 5 | d->day; }

/* A datetime is a date, but not one to compare with. */
#define COMPARISON(name, operator)                                                  \
    static Value name##_method(Thread *t, Value *args) {                            \
        if (!is_date(args[1]) || is_datetime(args[1]))                              \
            return NOT_IMPLEMENTED;                                                 \
        return from_bool(key(as_date(args[0])) operator key(as_date(args[1])));     \
    }
COMPARISON(eq, ==)
COMPARISON(ne, !=)
COMPARISON(lt, <)
COMPARISON(le, <=)
COMPARISON(gt, >)
COMPARISON(ge, >=)
#undef COMPARISON

static Value state_of(Thread *t, Value self) {
    Date *d = as_date(self);
    char bytes[4] = {(char)(d->year >> 8), (char)d->year, (char)d->month, (char)d->day};
    return bytes_new(t, bytes, 4);
}

static Value hash_method(Thread *t, Value *args) {
    Date *d = as_date(args[0]);
    int64_t hash = load_relaxed(&d->hash);
    if (hash == -1) {
        CHECK(hash_of(t, TRY(state_of(t, args[0])), &hash));
        store_relaxed(&d->hash, hash);
    }
    return int_from(t, hash);
}

static Value reduce_method(Thread *t, Value *args) {
    return tuple_pack(t, 2, from_object(type_of(args[0])), TRY(tuple_pack(t, 1, TRY(state_of(t, args[0])))));
}

static Value replace(Thread *t, Value *args) {
    Date *d = as_date(args[0]);
    int64_t year = d->year, month = d->month, day = d->day;
    CHECK(as_c_field(t, args[1], &year) && as_c_field(t, args[2], &month) && as_c_field(t, args[3], &day));
    return date_make(t, from_object(type_of(args[0])), year, month, day);
}

static Value dunder_replace(Thread *t, Value *args) {
    Value method = TRY(get_attribute(t, args[0], names.replace));
    return call_tuple(t, method, empty_tuple, args[1]);
}

static const NativeDef methods[] = {
    {"__new__(type, year=<unrepresentable>, month=<unrepresentable>, day=<unrepresentable>)", new_method,
     "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"fromtimestamp(type, timestamp, /)", fromtimestamp,
     "Create a date from a POSIX timestamp.\n\n"
     "The timestamp is a number, e.g. created via time.time(), that is interpreted\nas local time.",
     NATIVE_CLASS},
    {"fromordinal(type, ordinal, /)", fromordinal, "int -> date corresponding to a proleptic Gregorian ordinal.",
     NATIVE_CLASS | NATIVE_NO_SIGNATURE | NATIVE_COUNTS_ARGUMENTS},
    {"fromisoformat(type, object, /)", date_from_iso, "str -> Construct a date from a string in ISO 8601 format.", NATIVE_CLASS},
    {"fromisocalendar(type, year, week, day)", fromisocalendar,
     "int, int, int -> Construct a date from the ISO year, week number and weekday.\n\n"
     "This is the inverse of the date.isocalendar() function",
     NATIVE_CLASS | NATIVE_NO_SIGNATURE},
    {"strptime(type, string, format, /)", strptime,
     "string, format -> new date parsed from a string (like time.strptime()).", NATIVE_CLASS | NATIVE_NO_SIGNATURE | NATIVE_COUNTS_ARGUMENTS},
    {"today(type, /)", today, "Current date or datetime:  same as self.__class__.fromtimestamp(time.time()).", NATIVE_CLASS},
    {"ctime(self, /)", date_ctime, "Return ctime() style string."},
    {"strftime(self, format)", strftime_method, "format -> strftime() style string.", NATIVE_NO_SIGNATURE},
    {"__format__(self, format, /)", datetime_format, "Formats self with strftime.", NATIVE_NO_SIGNATURE | NATIVE_COUNTS_ARGUMENTS},
    {"timetuple(self, /)", timetuple, "Return time tuple, compatible with time.localtime()."},
    {"isocalendar(self, /)", isocalendar, "Return a named tuple containing ISO year, week number, and weekday."},
    {"isoformat(self, /)", isoformat, "Return string in ISO 8601 format, YYYY-MM-DD."},
    {"isoweekday(self, /)", isoweekday, "Return the day of the week represented by the date.\nMonday == 1 ... Sunday == 7"},
    {"toordinal(self, /)", toordinal, "Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1."},
    {"weekday(self, /)", weekday, "Return the day of the week represented by the date.\nMonday == 0 ... Sunday == 6"},
    {"replace(self, /, year=<unrepresentable>, month=<unrepresentable>, day=<unrepresentable>)", replace,
     "Return date with new specified fields."},
    {"__replace__(self, /, **changes)", dunder_replace, "The same as replace()."},
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
    {"__add__(self, value, /)", add_method, "Return self+value."},
    {"__radd__(self, value, /)", add_method, "Return value+self."},
    {"__sub__(self, value, /)", sub_method, "Return self-value."},
    {"__rsub__(self, value, /)", rsub_method, "Return value-self."},
    {NULL},
};
static const GetSetDef getset[] = {
    {"year", get_year, NULL, NULL},
    {"month", get_month, NULL, NULL},
    {"day", get_day, NULL, NULL},
    {NULL},
};

static bool date_constants(Thread *t, Type *type);
MODULE_TYPE(date_type, _datetime) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "datetime.date",
    .doc = "date(year, month, day) --> date object",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE | TYPE_NO_MODULE,
    .add_constants = date_constants,
    .instance_size = sizeof(Date),
};

static Date date_min = {{.meta = META_IMMORTAL, .type = &date_type}, -1, MIN_YEAR, 1, 1};
static Date date_max = {{.meta = META_IMMORTAL, .type = &date_type}, -1, MAX_YEAR, 12, 31};
static TimeDelta one_day = {{.meta = META_IMMORTAL, .type = &timedelta_type}, -1, 1, 0, 0};

static bool date_constants(Thread *t, Type *type) {
    one_day.object.meta = timedelta_type.head.instance_meta | META_IMMORTAL;
    date_min.object.meta = date_max.object.meta = date_type.head.instance_meta | META_IMMORTAL;
    return dict_set_text(t, type->dict, "min", from_object(&date_min)) &&
           dict_set_text(t, type->dict, "max", from_object(&date_max)) &&
           dict_set_text(t, type->dict, "resolution", from_object(&one_day));
}

/* (year, week, weekday) */

static Value iso_new(Thread *t, Value *args) {
    TupleObject *result = type_allocate_sized(t, as_type(args[0]), 3);
    CHECK(result != NULL);
    result->length = 3;
    result->hash = -1;
    for (size_t i = 0; i < 3; i++)
        store(result, &result->items[i], args[i + 1]);
    return from_object(result);
}
static Value iso_year(Thread *t, Value *args) { return tuple_get(args[0], 0); }
static Value iso_week(Thread *t, Value *args) { return tuple_get(args[0], 1); }
static Value iso_weekday(Thread *t, Value *args) { return tuple_get(args[0], 2); }
static Value iso_repr(Thread *t, Value *args) {
    return format_text(t, "%s(year=%S, week=%S, weekday=%S)", type_of(args[0])->name_text, tuple_get(args[0], 0),
                       tuple_get(args[0], 1), tuple_get(args[0], 2));
}
/* A plain tuple: the class is not public. */
static Value iso_reduce(Thread *t, Value *args) {
    Value items = TRY(tuple_from_values(t, as_tuple(args[0])->items, 3));
    return tuple_pack(t, 2, from_object(&tuple_type), TRY(tuple_pack(t, 1, items)));
}
static void iso_trace(Tracer *tracer, Object *o) { trace_values(tracer, ((TupleObject *)o)->items, ((TupleObject *)o)->length); }

static const NativeDef iso_methods[] = {
    {"__new__(type, year, week, weekday)", iso_new, "Create and return a new object.  See help(type) for accurate signature."},
    {"__repr__(self, /)", iso_repr, "Return repr(self)."},
    {"__reduce__(self, /)", iso_reduce, NULL},
    {NULL},
};
static const GetSetDef iso_getset[] = {
    {"year", iso_year, NULL, NULL},
    {"week", iso_week, NULL, NULL},
    {"weekday", iso_weekday, NULL, NULL},
    {NULL},
};

MODULE_TYPE(isocalendar_date_type, _datetime) = {
    STATIC_TYPE_HEAD(iso_trace, NULL),
    .name_text = "datetime.IsoCalendarDate",
    .doc = "The result of date.isocalendar() or datetime.isocalendar()\n\n"
           "This object may be accessed either as a tuple of\n"
           "  ((year, week, weekday))\n"
           "or via the object attributes as named in the above tuple.",
    .base_static = &tuple_type,
    .methods = iso_methods,
    .getset = iso_getset,
    .instance_size = sizeof(TupleObject),
    .item_size = sizeof(Value),
};
