/* datetime.datetime: a date and a time of day, with or without a zone. */
#include "modules/_datetime/datetime.h"

static void trace(Tracer *tracer, Object *o) { trace_value(tracer, ((DateTime *)o)->tzinfo); }

/* Construction */

Value datetime_new(Thread *t, Type *type, int year, int month, int day, Clock clock, Value tzinfo) {
    DateTime *d = type == &datetime_type ? heap_allocate(t, type, sizeof *d) : type_allocate(t, type);
    CHECK(d != NULL);
    d->date.hash = -1;
    d->date.year = (int16_t)year;
    d->date.month = (uint8_t)month;
    d->date.day = (uint8_t)day;
    d->clock = clock;
    store(d, &d->tzinfo, tzinfo);
    return from_object(d);
}

Value datetime_make(Thread *t, Value class, int year, int month, int day, Clock c, Value tzinfo) {
    if (same(class, from_object(&datetime_type))) {
        CHECK(check_date(t, year, month, day));
        return datetime_new(t, &datetime_type, year, month, day, c, tzinfo);
    }
    Value all[10] = {NO_VALUE, small_int(year), small_int(month), small_int(day), small_int(c.hour), small_int(c.minute),
                     small_int(c.second), small_int(c.microsecond), tzinfo, small_int(1)};
    Value keywords = c.fold ? TRY(tuple_pack(t, 1, TRY(str_intern_text(t, "fold")))) : NO_VALUE;
    return call(t, class, all + 1, 8, keywords);
}

static Value from_state(Thread *t, Type *type, Value state, Value tzinfo) {
    const uint8_t *b = (const uint8_t *)as_bytes(state)->data;
    if (absent(tzinfo))
        tzinfo = NONE;
    if (!is_none(tzinfo) && !is_tzinfo(tzinfo))
        return raise_type_error(t, "bad tzinfo state arg");
    Clock c = {b[7] << 16 | b[8] << 8 | b[9], b[4], b[5], b[6], b[2] >> 7};
    return datetime_new(t, type, b[0] << 8 | b[1], b[2] & 0x7f, b[3], c, tzinfo);
}

static bool plausible_state(Value state) {
    uint8_t month = (uint8_t)as_bytes(state)->data[2] & 0x7f;
    return month >= 1 && month <= 12;
}

/* args: type, year, month, day, hour, minute, second, microsecond, tzinfo, fold */
static Value new_method(Thread *t, Value *args) {
    Value state;
    if (present(args[1]) && !is_int(args[1]) && absent(args[3]) && is_state(args[1], 10, &state, t) && plausible_state(state))
        return from_state(t, as_type(args[0]), state, args[2]);
    if (error_pending(t)) {
        if (!error_catch(t, &UnicodeEncodeError_type))
            return NO_VALUE;
        return raise_value_error(t, "Failed to encode latin1 string when unpickling a datetime object. "
                                    "pickle.load(data, encoding='latin1') is assumed.");
    }
    static const char *const required[] = {"year", "month", "day"};
    int64_t f[9] = {0};
    for (int i = 0; i < 3; i++)
        if (absent(args[i + 1]))
            return raise_type_error(t, "function missing required argument '%s' (pos %d)", required[i], i + 1);
    for (int i = 0; i < 7; i++)
        CHECK(as_c_field(t, args[i + 1], &f[i]));
    CHECK(as_c_field(t, args[9], &f[8]));
    CHECK(check_date(t, f[0], f[1], f[2]) && check_clock(t, f[3], f[4], f[5], f[6], f[8]) && check_tzinfo(t, args[8]));
    Clock c = {(int32_t)f[6], (uint8_t)f[3], (uint8_t)f[4], (uint8_t)f[5], (uint8_t)f[8]};
    return datetime_new(t, as_type(args[0]), (int)f[0], (int)f[1], (int)f[2], c, args[8]);
}

static Value now(Thread *t, Value *args) {
    CHECK(check_tzinfo(t, args[1]));
    return datetime_now(t, args[0], args[1], !is_none(args[1]));
}
static Value utcnow(Thread *t, Value *args) {
    CHECK(warn(t, &DeprecationWarning_type, 1,
               "datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. Use "
               "timezone-aware objects to represent datetimes in UTC: datetime.datetime.now(datetime.UTC)."));
    return datetime_now(t, args[0], NONE, true);
}
static Value fromtimestamp(Thread *t, Value *args) {
    CHECK(check_tzinfo(t, args[2]));
    return datetime_from_timestamp(t, args[0], args[1], args[2], !is_none(args[2]));
}
static Value utcfromtimestamp(Thread *t, Value *args) {
    CHECK(warn(t, &DeprecationWarning_type, 1,
               "datetime.datetime.utcfromtimestamp() is deprecated and scheduled for removal in a future version. Use "
               "timezone-aware objects to represent datetimes in UTC: datetime.datetime.fromtimestamp(timestamp, "
               "datetime.UTC)."));
    return datetime_from_timestamp(t, args[0], args[1], NONE, true);
}
static Value strptime(Thread *t, Value *args) {
    return datetime_strptime(t, "_strptime_datetime_datetime", args[0], args[1], args[2]);
}

/* args: class, date, time, tzinfo */
static Value combine(Thread *t, Value *args) {
    if (!is_date(args[1]))
        return raise_type_error(t, "combine() argument 1 must be datetime.date, not %Y", args[1]);
    if (!is_time(args[2]))
        return raise_type_error(t, "combine() argument 2 must be datetime.time, not %Y", args[2]);
    Date *d = as_date(args[1]);
    Value tzinfo = present(args[3]) ? args[3] : as_time(args[2])->tzinfo;
    CHECK(check_tzinfo(t, tzinfo));
    return datetime_make(t, args[0], d->year, d->month, d->day, as_time(args[2])->clock, tzinfo);
}

/* Fields */

static Value get_hour(Thread *t, Value *args) { return small_int(as_datetime(args[0])->clock.hour); }
static Value get_minute(Thread *t, Value *args) { return small_int(as_datetime(args[0])->clock.minute); }
static Value get_second(Thread *t, Value *args) { return small_int(as_datetime(args[0])->clock.second); }
static Value get_microsecond(Thread *t, Value *args) { return small_int(as_datetime(args[0])->clock.microsecond); }
static Value get_tzinfo(Thread *t, Value *args) { return as_datetime(args[0])->tzinfo; }
static Value get_fold(Thread *t, Value *args) { return small_int(as_datetime(args[0])->clock.fold); }

static Value offset_of(Thread *t, Value self) { return tzinfo_offset(t, as_datetime(self)->tzinfo, self); }
static Value utcoffset(Thread *t, Value *args) { return offset_of(t, args[0]); }
static Value dst(Thread *t, Value *args) { return tzinfo_dst(t, as_datetime(args[0])->tzinfo, args[0]); }
static Value tzname_(Thread *t, Value *args) { return tzinfo_name(t, as_datetime(args[0])->tzinfo, args[0]); }

static Value date_(Thread *t, Value *args) {
    Date *d = as_date(args[0]);
    return date_new(t, &date_type, d->year, d->month, d->day);
}
static Value time_(Thread *t, Value *args) { return time_new(t, &time_type, as_datetime(args[0])->clock, NONE); }
static Value timetz(Thread *t, Value *args) {
    return time_new(t, &time_type, as_datetime(args[0])->clock, as_datetime(args[0])->tzinfo);
}

static Value timetuple(Thread *t, Value *args) {
    DateTime *d = as_datetime(args[0]);
    Value dst = TRY(tzinfo_dst(t, d->tzinfo, args[0]));
    int flag = is_none(dst) ? -1 : delta_microseconds(as_delta(dst)) != 0;
    return date_struct_time(t, &d->date, &d->clock, flag);
}

static Value utctimetuple(Thread *t, Value *args) {
    Value offset = TRY(offset_of(t, args[0]));
    DateTime *d = as_datetime(args[0]);
    if (is_none(offset) || delta_microseconds(as_delta(offset)) == 0)
        return date_struct_time(t, &d->date, &d->clock, 0);
    /* May leave the years that there are: then this is the one place that allows it. */
    int64_t us = (ymd_to_ordinal(d->date.year, d->date.month, d->date.day) * (int64_t)SECONDS_PER_DAY + clock_seconds(&d->clock)) -
                 (int64_t)(delta_microseconds(as_delta(offset)) / US_PER_SECOND);
    int64_t ordinal = us / SECONDS_PER_DAY, seconds = us % SECONDS_PER_DAY;
    int year, month, day;
    if (ordinal < 1 || ordinal > MAX_ORDINAL)
        return raise_overflow_error(t, "date value out of range");
    ordinal_to_ymd((int)ordinal, &year, &month, &day);
    Date date = {.year = (int16_t)year, .month = (uint8_t)month, .day = (uint8_t)day};
    Clock c = {0, (uint8_t)(seconds / 3600), (uint8_t)(seconds / 60 % 60), (uint8_t)(seconds % 60), 0};
    return date_struct_time(t, &date, &c, 0);
}

/* Text */

/* args: self, sep, timespec */
static Value isoformat(Thread *t, Value *args) {
    DateTime *d = as_datetime(args[0]);
    uint32_t separator = 'T';
    if (present(args[1])) {
        if (!is_str(args[1]) || str_length(args[1]) != 1) {
            if (is_str(args[1]))
                return raise_type_error(t, "isoformat() argument 1 must be a unicode character, not a string of length %zu",
                                        str_length(args[1]));
            return raise_type_error(t, "isoformat() argument 1 must be a unicode character, not %Y", args[1]);
        }
        separator = str_char(str_data(t, args[1]), str_kind(args[1]), 0);
    }
    if (present(args[2]) && !is_str(args[2]))
        return raise_type_error(t, "isoformat() argument 2 must be str, not %Y", args[2]);
    char text[16 + CLOCK_TEXT_SIZE + OFFSET_TEXT_SIZE];
    int n = snprintf(text, sizeof text, "%04d-%02d-%02d", d->date.year, d->date.month, d->date.day);
    text[n++] = separator < 0x80 ? (char)separator : 'T';
    int clock = clock_text(t, &d->clock, args[2], text + n);
    CHECK(clock >= 0);
    n += clock;
    if (!is_none(d->tzinfo)) {
        offset_text(TRY(offset_of(t, args[0])), ":", text + n);
        n += (int)strlen(text + n);
    }
    if (separator < 0x80)
        return str_from_ascii(t, text, (size_t)n);
    text[10] = 0;
    return format_text(t, "%s%S%s", text, args[1], text + 11);
}
static Value str_method(Thread *t, Value *args) { return call_method_1(t, args[0], names.isoformat, TRY(str_from_text(t, " "))); }

static Value repr_method(Thread *t, Value *args) {
    DateTime *d = as_datetime(args[0]);
    const Clock *c = &d->clock;
    char text[80];
    int n = snprintf(text, sizeof text, "%d, %d, %d, %d, %d", d->date.year, d->date.month, d->date.day, c->hour, c->minute);
    if (c->second || c->microsecond)
        n += snprintf(text + n, sizeof text - (size_t)n, ", %d", c->second);
    if (c->microsecond)
        n += snprintf(text + n, sizeof text - (size_t)n, ", %d", c->microsecond);
    if (c->fold)
        snprintf(text + n, sizeof text - (size_t)n, ", fold=1");
    if (is_none(d->tzinfo))
        return format_text(t, "%s(%s)", type_of(args[0])->name_text, text);
    return format_text(t, "%s(%s, tzinfo=%R)", type_of(args[0])->name_text, text, d->tzinfo);
}

/* Arithmetic */

/* Microseconds since the start of the calendar, by the clock. */
static int64_t local_seconds(const DateTime *d) {
    return ymd_to_ordinal(d->date.year, d->date.month, d->date.day) * (int64_t)SECONDS_PER_DAY + clock_seconds(&d->clock);
}

Value datetime_add(Thread *t, Value self, const TimeDelta *delta, int factor) {
    DateTime *d = as_datetime(self);
    int64_t us = d->clock.microsecond + (int64_t)factor * delta->microseconds;
    int64_t seconds = clock_seconds(&d->clock) + (int64_t)factor * delta->seconds;
    int64_t ordinal = ymd_to_ordinal(d->date.year, d->date.month, d->date.day) + (int64_t)factor * delta->days;
    while (us < 0)
        us += US_PER_SECOND, seconds--;
    while (us >= US_PER_SECOND)
        us -= US_PER_SECOND, seconds++;
    while (seconds < 0)
        seconds += SECONDS_PER_DAY, ordinal--;
    while (seconds >= SECONDS_PER_DAY)
        seconds -= SECONDS_PER_DAY, ordinal++;
    if (ordinal < 1 || ordinal > MAX_ORDINAL)
        return raise_overflow_error(t, "date value out of range");
    int year, month, day;
    ordinal_to_ymd((int)ordinal, &year, &month, &day);
    Clock c = {(int32_t)us, (uint8_t)(seconds / 3600), (uint8_t)(seconds / 60 % 60), (uint8_t)(seconds % 60), 0};
    return datetime_make(t, from_object(type_of(self)), year, month, day, c, d->tzinfo);
}

static Value add_method(Thread *t, Value *args) {
    return is_delta(args[1]) ? datetime_add(t, args[0], as_delta(args[1]), 1) : NOT_IMPLEMENTED;
}

static Value difference(Thread *t, Value a, Value b) {
    DateTime *x = as_datetime(a), *y = as_datetime(b);
    int64_t seconds = local_seconds(x) - local_seconds(y), us = x->clock.microsecond - y->clock.microsecond;
    if (same(x->tzinfo, y->tzinfo))
        return delta_new(t, 0, seconds, us);
    Value offset1 = TRY(offset_of(t, a)), offset2 = TRY(offset_of(t, b));
    if (is_none(offset1) != is_none(offset2))
        return raise_type_error(t, "can't subtract offset-naive and offset-aware datetimes");
    if (!is_none(offset1)) {
        TimeDelta *p = as_delta(offset1), *q = as_delta(offset2);
        seconds -= (p->days - q->days) * (int64_t)SECONDS_PER_DAY + p->seconds - q->seconds;
        us -= p->microseconds - q->microseconds;
    }
    return delta_new(t, 0, seconds, us);
}

static Value sub_method(Thread *t, Value *args) {
    if (is_datetime(args[1]))
        return difference(t, args[0], args[1]);
    return is_delta(args[1]) ? datetime_add(t, args[0], as_delta(args[1]), -1) : NOT_IMPLEMENTED;
}
static Value rsub_method(Thread *t, Value *args) {
    return is_datetime(args[1]) ? difference(t, args[1], args[0]) : NOT_IMPLEMENTED;
}

/* Comparison */

static int64_t order_key(const DateTime *d) {
    return local_seconds(d) * US_PER_SECOND + d->clock.microsecond; /* below 2^59 */
}

static Value with_other_fold(Thread *t, Value self) {
    DateTime *d = as_datetime(self);
    Clock c = d->clock;
    c.fold = !c.fold;
    return datetime_new(t, &datetime_type, d->date.year, d->date.month, d->date.day, c, d->tzinfo);
}

/* Does the offset depend on the fold? Such times (PEP 495) equal none in another zone. 1, 0, -1 */
static int is_ambiguous(Thread *t, Value self, Value offset) {
    Value other = with_other_fold(t, self), other_offset = absent(other) ? other : offset_of(t, other);
    int alike = absent(other_offset) ? -1 : compare_true(t, COMPARE_EQ, offset, other_offset);
    return alike < 0 ? -1 : !alike;
}

static Value by_order(int order, Comparison op) {
    switch (op) {
    case COMPARE_EQ: return from_bool(order == 0);
    case COMPARE_NE: return from_bool(order != 0);
    case COMPARE_LT: return from_bool(order < 0);
    case COMPARE_LE: return from_bool(order <= 0);
    case COMPARE_GT: return from_bool(order > 0);
    default: return from_bool(order >= 0);
    }
}

static Value compared(Thread *t, Value *args, Comparison op) {
    if (!is_datetime(args[1]))
        return NOT_IMPLEMENTED;
    DateTime *x = as_datetime(args[0]), *y = as_datetime(args[1]);
    int64_t p = order_key(x), q = order_key(y);
    bool equality = op == COMPARE_EQ || op == COMPARE_NE;
    if (same(x->tzinfo, y->tzinfo))
        return by_order((p > q) - (p < q), op);
    Value offset1 = TRY(offset_of(t, args[0])), offset2 = TRY(offset_of(t, args[1]));
    if (is_none(offset1) != is_none(offset2)) {
        if (equality)
            return from_bool(op == COMPARE_NE);
        return raise_type_error(t, "can't compare offset-naive and offset-aware datetimes");
    }
    if (!is_none(offset1)) {
        p -= (int64_t)delta_microseconds(as_delta(offset1));
        q -= (int64_t)delta_microseconds(as_delta(offset2));
    }
    if (equality && !is_none(offset1)) {
        int ambiguous = is_ambiguous(t, args[0], offset1);
        if (ambiguous == 0)
            ambiguous = is_ambiguous(t, args[1], offset2);
        CHECK(ambiguous >= 0);
        if (ambiguous)
            return from_bool(op == COMPARE_NE);
    }
    return by_order((p > q) - (p < q), op);
}
static Value eq_method(Thread *t, Value *args) { return compared(t, args, COMPARE_EQ); }
static Value ne_method(Thread *t, Value *args) { return compared(t, args, COMPARE_NE); }
static Value lt_method(Thread *t, Value *args) { return compared(t, args, COMPARE_LT); }
static Value le_method(Thread *t, Value *args) { return compared(t, args, COMPARE_LE); }
static Value gt_method(Thread *t, Value *args) { return compared(t, args, COMPARE_GT); }
static Value ge_method(Thread *t, Value *args) { return compared(t, args, COMPARE_GE); }

static Value hash_method(Thread *t, Value *args) {
    DateTime *d = as_datetime(args[0]);
    int64_t hash = load_relaxed(&d->date.hash);
    if (hash != -1)
        return int_from(t, hash);
    Value self = d->clock.fold ? TRY(with_other_fold(t, args[0])) : args[0];
    Value offset = TRY(offset_of(t, self));
    int64_t seconds = local_seconds(d);
    Value key;
    if (is_none(offset)) { /* as CPython: of the bytes that a pickle has */
        const Date *date = &d->date;
        const Clock *clock = &d->clock;
        const char bytes[10] = {(char)(date->year >> 8), (char)date->year, (char)date->month, (char)date->day,
                                (char)clock->hour, (char)clock->minute, (char)clock->second,
                                (char)(clock->microsecond >> 16), (char)(clock->microsecond >> 8), (char)clock->microsecond};
        key = TRY(bytes_new(t, bytes, sizeof bytes));
    } else
        key = TRY(binary_operation(t, BINARY_SUB, TRY(delta_new(t, 0, seconds, d->clock.microsecond)), offset));
    CHECK(hash_of(t, key, &hash));
    store_relaxed(&d->date.hash, hash);
    return int_from(t, hash);
}

/* Pickling and copies */

static Value reduce(Thread *t, Value self, int64_t protocol) {
    DateTime *d = as_datetime(self);
    const Clock *c = &d->clock;
    char bytes[10] = {(char)(d->date.year >> 8), (char)d->date.year, (char)(d->date.month | (protocol > 3 && c->fold ? 0x80 : 0)),
                      (char)d->date.day, (char)c->hour, (char)c->minute, (char)c->second,
                      (char)(c->microsecond >> 16), (char)(c->microsecond >> 8), (char)c->microsecond};
    Value data = TRY(bytes_new(t, bytes, 10));
    Value state = TRY(is_none(d->tzinfo) ? tuple_pack(t, 1, data) : tuple_pack(t, 2, data, d->tzinfo));
    return tuple_pack(t, 2, from_object(type_of(self)), state);
}
static Value reduce_method(Thread *t, Value *args) { return reduce(t, args[0], 2); }
static Value reduce_ex_method(Thread *t, Value *args) {
    int64_t protocol;
    CHECK(as_c_field(t, args[1], &protocol));
    return reduce(t, args[0], protocol);
}

/* args: self, year, month, day, hour, minute, second, microsecond, tzinfo, fold */
static Value replace(Thread *t, Value *args) {
    DateTime *d = as_datetime(args[0]);
    const Clock *c = &d->clock;
    int64_t f[] = {d->date.year, d->date.month, d->date.day, c->hour, c->minute, c->second, c->microsecond, c->fold};
    for (int i = 0; i < 7; i++)
        CHECK(as_c_field(t, args[i + 1], &f[i]));
    CHECK(as_c_field(t, args[9], &f[7]));
    Value tzinfo = present(args[8]) ? args[8] : d->tzinfo;
    if (!is_exactly(args[0], &datetime_type)) {
        Value all[10] = {NO_VALUE, small_int(f[0]), small_int(f[1]), small_int(f[2]), small_int(f[3]), small_int(f[4]),
                         small_int(f[5]), small_int(f[6]), tzinfo, small_int(f[7])};
        return call(t, from_object(type_of(args[0])), all + 1, 8, TRY(tuple_pack(t, 1, TRY(str_intern_text(t, "fold")))));
    }
    CHECK(check_date(t, f[0], f[1], f[2]) && check_clock(t, f[3], f[4], f[5], f[6], f[7]) && check_tzinfo(t, tzinfo));
    Clock clock = {(int32_t)f[6], (uint8_t)f[3], (uint8_t)f[4], (uint8_t)f[5], (uint8_t)f[7]};
    return datetime_new(t, &datetime_type, (int)f[0], (int)f[1], (int)f[2], clock, tzinfo);
}
static Value dunder_replace(Thread *t, Value *args) {
    Value method = TRY(get_attribute(t, args[0], names.replace));
    return call_tuple(t, method, empty_tuple, args[1]);
}

static const NativeDef methods[] = {
    {"__new__(type, year=<unrepresentable>, month=<unrepresentable>, day=<unrepresentable>, hour=<unrepresentable>, "
     "minute=<unrepresentable>, second=<unrepresentable>, microsecond=<unrepresentable>, tzinfo=None, *, "
     "fold=<unrepresentable>)",
     new_method, "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"now(type, /, tz=None)", now,
     "Returns new datetime object representing current time local to tz.\n\n"
     "  tz\n    Timezone object.\n\nIf no tz is specified, uses local timezone.",
     NATIVE_CLASS},
    {"utcnow(type, /)", utcnow, "Return a new datetime representing UTC day and time.", NATIVE_CLASS},
    {"fromtimestamp(type, timestamp, tz=None)", fromtimestamp, "timestamp[, tz] -> tz's local time from POSIX timestamp.",
     NATIVE_CLASS | NATIVE_NO_SIGNATURE},
    {"utcfromtimestamp(type, timestamp, /)", utcfromtimestamp, "Construct a naive UTC datetime from a POSIX timestamp.",
     NATIVE_CLASS | NATIVE_NO_SIGNATURE | NATIVE_COUNTS_ARGUMENTS},
    {"strptime(type, string, format, /)", strptime,
     "string, format -> new datetime parsed from a string (like time.strptime()).", NATIVE_CLASS | NATIVE_NO_SIGNATURE | NATIVE_COUNTS_ARGUMENTS},
    {"combine(type, date, time, tzinfo=<unrepresentable>)", combine,
     "date, time -> datetime with same date and time fields", NATIVE_CLASS | NATIVE_NO_SIGNATURE},
    {"fromisoformat(type, object, /)", datetime_from_iso, "string -> datetime from a string in most ISO 8601 formats", NATIVE_CLASS},
    {"date(self, /)", date_, "Return date object with same year, month and day."},
    {"time(self, /)", time_, "Return time object with same time but with tzinfo=None."},
    {"timetz(self, /)", timetz, "Return time object with same time and tzinfo."},
    {"timestamp(self, /)", datetime_timestamp, "Return POSIX timestamp as float."},
    {"timetuple(self, /)", timetuple, "Return time tuple, compatible with time.localtime()."},
    {"utctimetuple(self, /)", utctimetuple, "Return UTC time tuple, compatible with time.localtime()."},
    {"ctime(self, /)", date_ctime, "Return ctime() style string."},
    {"isoformat(self, sep=<unrepresentable>, timespec=<unrepresentable>)", isoformat,
     "[sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n"
     "sep is used to separate the year from the time, and defaults to 'T'.\n"
     "The optional argument timespec specifies the number of additional terms\nof the time to include. Valid options are "
     "'auto', 'hours', 'minutes',\n'seconds', 'milliseconds' and 'microseconds'.\n",
     NATIVE_NO_SIGNATURE},
    {"utcoffset(self, /)", utcoffset, "Return self.tzinfo.utcoffset(self)."},
    {"tzname(self, /)", tzname_, "Return self.tzinfo.tzname(self)."},
    {"dst(self, /)", dst, "Return self.tzinfo.dst(self)."},
    {"replace(self, /, year=<unrepresentable>, month=<unrepresentable>, day=<unrepresentable>, hour=<unrepresentable>, "
     "minute=<unrepresentable>, second=<unrepresentable>, microsecond=<unrepresentable>, tzinfo=<unrepresentable>, *, "
     "fold=<unrepresentable>)",
     replace, "Return datetime with new specified fields."},
    {"__replace__(self, /, **changes)", dunder_replace, "The same as replace()."},
    {"astimezone(self, tz=None)", datetime_astimezone, "tz -> convert to local time in new timezone tz\n", NATIVE_NO_SIGNATURE},
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
    {"__add__(self, value, /)", add_method, "Return self+value."},
    {"__radd__(self, value, /)", add_method, "Return value+self."},
    {"__sub__(self, value, /)", sub_method, "Return self-value."},
    {"__rsub__(self, value, /)", rsub_method, "Return value-self."},
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

static bool datetime_constants(Thread *t, Type *type);
MODULE_TYPE(datetime_type, _datetime) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "datetime.datetime",
    .doc = "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\n"
           "The year, month and day arguments are required. tzinfo may be None, or an\n"
           "instance of a tzinfo subclass. The remaining arguments may be ints.",
    .base_static = &date_type,
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE | TYPE_NO_MODULE,
    .add_constants = datetime_constants,
    .instance_size = sizeof(DateTime),
};

static DateTime datetime_min = {
    {{.meta = META_IMMORTAL, .type = &datetime_type}, -1, MIN_YEAR, 1, 1}, {0}, {(uintptr_t)&none_object}};
static DateTime datetime_max = {
    {{.meta = META_IMMORTAL, .type = &datetime_type}, -1, MAX_YEAR, 12, 31}, {999999, 23, 59, 59, 0}, {(uintptr_t)&none_object}};

static bool datetime_constants(Thread *t, Type *type) {
    datetime_min.date.object.meta = datetime_max.date.object.meta = datetime_type.head.instance_meta | META_IMMORTAL;
    return dict_set_text(t, type->dict, "min", from_object(&datetime_min)) &&
           dict_set_text(t, type->dict, "max", from_object(&datetime_max)) &&
           dict_set_text(t, type->dict, "resolution", from_object(&delta_resolution));
}
