/* fromisoformat: dates YYYY-MM-DD, YYYYMMDD, YYYY-Www[-D], YYYYWww[D]; times HH[:MM[:SS[.ffffff]]] with or without the
 * colons; zones Z or [+-] and a time. */
#include "base/textbuf.h"
#include "modules/_datetime/datetime.h"

static bool digits(const char *text, int count, int *out) {
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + text[i] - '0';
    }
    return true;
}

/* *error: what iso_to_ymd said. */
bool parse_iso_date(const char *s, size_t n, int *year, int *month, int *day, int *error) {
    *error = 0;
    if ((n != 7 && n != 8 && n != 10) || !digits(s, 4, year))
        return false;
    bool separated = s[4] == '-';
    const char *p = s + 4 + separated, *end = s + n;
    if (*p == 'W') {
        int week, weekday = 1;
        if (end - p < 3 || !digits(p + 1, 2, &week))
            return false;
        p += 3;
        if (p < end) {
            if ((*p == '-') != separated)
                return false;
            p += separated;
            if (end - p != 1 || !digits(p, 1, &weekday))
                return false;
        }
        *error = iso_to_ymd(*year, week, weekday, year, month, day);
        return *error == 0;
    }
    if (end - p < 2 || !digits(p, 2, month))
        return false;
    p += 2;
    if (p < end && (*p == '-') != separated)
        return false;
    p += separated;
    return end - p == 2 && digits(p, 2, day);
}

/* The fields of [s, end): all of it. */
static bool parse_clock(const char *s, const char *end, Clock *c) {
    int fields[3] = {0}, us = 0;
    bool separated = false;
    for (int i = 0; i < 3; i++) {
        if (end - s < 2 || !digits(s, 2, &fields[i]))
            return false;
        s += 2;
        if (i == 0)
            separated = s < end && *s == ':';
        if (s == end || i == 2)
            break;
        if (*s == '.' || *s == ',')
            return false; /* fractions belong to seconds */
        if (separated && *s != ':')
            return false;
        s += separated;
    }
    if (s < end) {
        if (*s != '.' && *s != ',')
            return false;
        s++;
        int count = 0;
        if (s == end)
            return false;
        for (; s < end; s++, count++) {
            if (*s < '0' || *s > '9')
                return false;
            if (count < 6)
                us = us * 10 + *s - '0';
        }
        for (; count < 6; count++)
            us *= 10;
    }
    *c = (Clock){us, (uint8_t)fields[0], (uint8_t)fields[1], (uint8_t)fields[2], 0};
    return true;
}

bool parse_iso_time(const char *s, size_t n, IsoTime *out) {
    const char *end = s + n, *zone = s;
    *out = (IsoTime){0};
    while (zone < end && *zone != '+' && *zone != '-' && *zone != 'Z')
        zone++;
    if (n < 2 || !parse_clock(s, zone, &out->clock))
        return false;
    Clock *c = &out->clock;
    if (c->hour == 24) { /* midnight at the end of the day */
        out->next_day = c->minute == 0 && c->second == 0 && c->microsecond == 0;
        out->bad_24 = !out->next_day;
        c->hour = 0;
    }
    if (zone == end)
        return true;
    out->has_zone = true;
    out->zone_sign = *zone == '-' ? -1 : 1;
    if (*zone == 'Z')
        return zone + 1 == end;
    return parse_clock(zone + 1, end, &out->zone);
}

bool iso_time_zone(Thread *t, const IsoTime *time, Value *tzinfo) {
    *tzinfo = NONE;
    if (!time->has_zone)
        return true;
    Value offset = delta_new(t, 0, 0, time->zone_sign * clock_microseconds(&time->zone));
    *tzinfo = absent(offset) ? offset : timezone_new(t, offset, NO_VALUE);
    return present(*tzinfo);
}

Value iso_format_error(Thread *t, Value text) { return raise_value_error(t, "Invalid isoformat string: %R", text); }

/* The date is well formed but is in no year: */
static Value date_error(Thread *t, int error, int year, Value text) {
    if (error == -1)
        return raise_value_error(t, "year must be in %d..%d, not %d", MIN_YEAR, MAX_YEAR, year == MIN_YEAR ? 0 : MAX_YEAR + 1);
    return iso_format_error(t, text);
}

/* ASCII text of the argument. NULL: exception pending */
static const char *ascii_argument(Thread *t, Value v, size_t *n) {
    if (!is_str(v)) {
        raise_type_error(t, "fromisoformat: argument must be str");
        return NULL;
    }
    if (!str_is_ascii(v)) {
        iso_format_error(t, v);
        return NULL;
    }
    *n = str_length(v);
    return str_data(t, v);
}

Value date_from_iso(Thread *t, Value *args) {
    size_t n;
    int year, month, day, error;
    const char *s = ascii_argument(t, args[1], &n);
    CHECK(s != NULL);
    if (!parse_iso_date(s, n, &year, &month, &day, &error))
        return date_error(t, error, year, args[1]);
    return date_make(t, args[0], year, month, day);
}

static bool check_24(Thread *t, const IsoTime *time) {
    if (time->bad_24)
        raise_value_error(t, "minute, second, and microsecond must be 0 when hour is 24");
    return !time->bad_24;
}

static Value time_make(Thread *t, Value class, const Clock *c, Value tzinfo) {
    CHECK(check_clock(t, c->hour, c->minute, c->second, c->microsecond, 0));
    if (same(class, from_object(&time_type)))
        return time_new(t, &time_type, *c, tzinfo);
    Value all[6] = {NO_VALUE, small_int(c->hour), small_int(c->minute), small_int(c->second), small_int(c->microsecond), tzinfo};
    return call(t, class, all + 1, 5, NO_VALUE);
}

Value time_from_iso(Thread *t, Value *args) {
    size_t n;
    IsoTime time;
    Value tzinfo;
    const char *s = ascii_argument(t, args[1], &n);
    CHECK(s != NULL);
    if (n && *s == 'T') /* ISO 8601 lets a time be marked so */
        s++, n--;
    if (!parse_iso_time(s, n, &time))
        return iso_format_error(t, args[1]);
    CHECK(check_24(t, &time) && iso_time_zone(t, &time, &tzinfo));
    return time_make(t, args[0], &time.clock, tzinfo);
}

/* Where the date ends. The forms with weeks leave it open whether "-" or a digit starts the time; then what people are
 * likelier to mean decides. */
static size_t date_length(const char *s, size_t n) {
    if (n == 7)
        return 7;
    if (s[4] == '-') {
        if (s[5] != 'W')
            return 10;
        if (n > 8 && s[8] == '-') {
            if (n == 9)
                return 0;
            return n > 10 && s[10] >= '0' && s[10] <= '9' ? 8 : 10;
        }
        return 8;
    }
    if (s[4] != 'W')
        return 8;
    size_t i = 7;
    while (i < n && s[i] >= '0' && s[i] <= '9')
        i++;
    return i < 9 ? i : i % 2 == 0 ? 7 : 8;
}

/* The separator may be any one character. */
static const char *datetime_text(Thread *t, Value v, size_t *n, TextBuf *room) {
    const void *data = str_data(t, v);
    size_t length = str_length(v);
    bool replaced = false;
    if (data == NULL)
        return NULL;
    if (str_is_ascii(v)) {
        *n = length;
        return data;
    }
    for (size_t i = 0; i < length; i++) {
        uint32_t c = str_char(data, str_kind(v), i);
        if (c >= 0x80 && (replaced || i < 7 || i > 10)) {
            iso_format_error(t, v);
            return NULL;
        }
        replaced |= c >= 0x80;
        textbuf_byte(room, c < 0x80 ? (char)c : 'T');
    }
    *n = length;
    return textbuf_string(room);
}

/* The day after, for 24:00. */
static bool next_day(int *year, int *month, int *day) {
    int ordinal = ymd_to_ordinal(*year, *month, *day) + 1;
    if (ordinal > MAX_ORDINAL)
        return false;
    ordinal_to_ymd(ordinal, year, month, day);
    return true;
}

static Value from_iso(Thread *t, Value class, Value text, const char *s, size_t n) {
    int year = 0, month = 0, day = 0, error = 0;
    IsoTime time = {0};
    Value tzinfo;
    size_t date = n < 7 ? 0 : date_length(s, n);
    if (date == 0 || date > n || !parse_iso_date(s, date, &year, &month, &day, &error))
        return date_error(t, error, year, text);
    if (n > date && (n == date + 1 || !parse_iso_time(s + date + 1, n - date - 1, &time)))
        return iso_format_error(t, text);
    CHECK(check_24(t, &time) && iso_time_zone(t, &time, &tzinfo));
    Clock *c = &time.clock;
    CHECK(check_date(t, year, month, day) && check_clock(t, c->hour, c->minute, c->second, c->microsecond, 0));
    if (time.next_day && !next_day(&year, &month, &day))
        return raise_value_error(t, "year must be in %d..%d, not %d", MIN_YEAR, MAX_YEAR, MAX_YEAR + 1);
    return datetime_make(t, class, year, month, day, *c, tzinfo);
}

Value datetime_from_iso(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "fromisoformat: argument must be str");
    TextBuf room;
    size_t n;
    textbuf_init(&room);
    const char *s = datetime_text(t, args[1], &n, &room);
    Value result = s ? from_iso(t, args[0], args[1], s, n) : NO_VALUE;
    textbuf_free(&room);
    return result;
}
