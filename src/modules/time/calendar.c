/* time: times of the calendar: struct_time, its text, the time zone.
 *
 * Threads: the C library's time zone is the process's; tzset changes it under the C library's own lock.
 */
#include "modules/time/time.h"

#include "object/call.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <limits.h>
#include <stdio.h>

static const StructSequenceField fields[] = {
    {"tm_year", "year, for example, 1993"},
    {"tm_mon", "month of year, range [1, 12]"},
    {"tm_mday", "day of month, range [1, 31]"},
    {"tm_hour", "hours, range [0, 23]"},
    {"tm_min", "minutes, range [0, 59]"},
    {"tm_sec", "seconds, range [0, 61])"},
    {"tm_wday", "day of week, range [0, 6], Monday is 0"},
    {"tm_yday", "day of year, range [1, 366]"},
    {"tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"},
    {"tm_zone", "abbreviation of timezone name"},
    {"tm_gmtoff", "offset from UTC in seconds"},
    {NULL, NULL},
};

static Type *struct_time(Thread *t) { return as_type(t->isolate->slots[ISOLATE_TIME]); }

bool time_add_struct(Thread *t, Value module) {
    Value type = t->isolate->slots[ISOLATE_TIME]; /* a second module object shares the first one's */
    if (absent(type))
        type = struct_sequence_type(t, "time.struct_time", "A time of the calendar.", fields, 9);
    if (absent(type))
        return false;
    isolate_keep(t, ISOLATE_TIME, type);
    return module_add(t, module, "struct_time", type) && module_add_int(t, module, "_STRUCT_TM_ITEMS", 11);
}

static Value from_tm(Thread *t, const struct tm *m) {
    Value items[11] = {
        small_int(m->tm_year + 1900L), small_int(m->tm_mon + 1), small_int(m->tm_mday), small_int(m->tm_hour),
        small_int(m->tm_min), small_int(m->tm_sec), small_int((m->tm_wday + 6) % 7), small_int(m->tm_yday + 1),
        small_int(m->tm_isdst), TRY(str_decode_filesystem(t, m->tm_zone, strlen(m->tm_zone))),
        small_int(m->tm_gmtoff),
    };
    return struct_sequence_new(t, struct_time(t), items);
}

/* An optional timestamp: absent or None means now. */
static bool timestamp(Thread *t, Value v, time_t *out) {
    struct timespec s;
    if (absent(v) || is_none(v)) {
        if (os_clock_gettime(capabilities(t), CLOCK_REALTIME, &s) < 0) {
            os_error(t);
            return false;
        }
    } else if (!time_seconds(t, v, false, &s)) {
        return false;
    }
    *out = s.tv_sec;
    return true;
}

static bool break_down(Thread *t, time_t when, bool local, struct tm *out) {
    errno = 0;
    if (local ? localtime_r(&when, out) : gmtime_r(&when, out))
        return true;
    if (errno == 0)
        errno = EINVAL;
    os_error(t);
    return false;
}

static Value localtime_(Thread *t, Value *args) {
    time_t when;
    struct tm m;
    CHECK(timestamp(t, args[0], &when) && break_down(t, when, true, &m));
    return from_tm(t, &m);
}
static Value gmtime_(Thread *t, Value *args) {
    time_t when;
    struct tm m;
    CHECK(timestamp(t, args[0], &when) && break_down(t, when, false, &m));
    m.tm_zone = "UTC";
    m.tm_gmtoff = 0;
    return from_tm(t, &m);
}

/* A tuple of nine ints as a struct tm. *zone keeps the text of tm_zone alive. */
static bool as_tm(Thread *t, Value v, const char *function, struct tm *out, Value *zone) {
    int parts[9];
    *out = (struct tm){0};
    if (!is_tuple(v)) {
        raise_type_error(t, "Tuple or struct_time argument required");
        return false;
    }
    if (tuple_length(v) != 9) {
        raise_type_error(t, "%s(): illegal time tuple argument", function);
        return false;
    }
    for (int i = 0; i < 9; i++)
        if (!as_c_int(t, tuple_get(v, (size_t)i), &parts[i]))
            return false;
    if (parts[0] < INT_MIN + 1900) {
        raise_overflow_error(t, "year out of range");
        return false;
    }
    *out = (struct tm){.tm_year = parts[0] - 1900,       .tm_mon = parts[1] - 1,
                       .tm_mday = parts[2],              .tm_hour = parts[3],
                       .tm_min = parts[4],               .tm_sec = parts[5],
                       .tm_wday = (int)(((int64_t)parts[6] + 1) % 7), .tm_yday = parts[7] - 1,
                       .tm_isdst = parts[8]};
    *zone = NO_VALUE;
    if (type_of(v) == struct_time(t)) {
        Value offset = get_attribute_text(t, v, "tm_gmtoff"), name = get_attribute_text(t, v, "tm_zone");
        int64_t seconds;
        if (absent(offset) || absent(name))
            return false;
        if (is_int(offset) && int_to_i64(offset, &seconds))
            out->tm_gmtoff = seconds;
        if (is_str(name) && (out->tm_zone = str_utf8(t, name, NULL)) == NULL)
            return false;
        *zone = name;
    }
    return true;
}

static bool out_of_range(Thread *t, const char *what) {
    raise_value_error(t, "%s out of range", what);
    return false;
}

/* Zeros where a date has none are taken for ones. */
static bool check_tm(Thread *t, struct tm *m) {
    if (m->tm_mon == -1)
        m->tm_mon = 0;
    else if (m->tm_mon < 0 || m->tm_mon > 11)
        return out_of_range(t, "month");
    if (m->tm_mday == 0)
        m->tm_mday = 1;
    else if (m->tm_mday < 0 || m->tm_mday > 31)
        return out_of_range(t, "day of month");
    if (m->tm_hour < 0 || m->tm_hour > 23)
        return out_of_range(t, "hour");
    if (m->tm_min < 0 || m->tm_min > 59)
        return out_of_range(t, "minute");
    if (m->tm_sec < 0 || m->tm_sec > 61)
        return out_of_range(t, "seconds");
    if (m->tm_wday < 0)
        return out_of_range(t, "day of week");
    if (m->tm_yday == -1)
        m->tm_yday = 0;
    else if (m->tm_yday < 0 || m->tm_yday > 365)
        return out_of_range(t, "day of year");
    if (m->tm_isdst < -1)
        m->tm_isdst = -1;
    else if (m->tm_isdst > 1)
        m->tm_isdst = 1;
    return true;
}

static Value text_of(Thread *t, const struct tm *m) {
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[64];
    snprintf(text, sizeof text, "%s %s%3d %.2d:%.2d:%.2d %lld", days[m->tm_wday % 7], months[m->tm_mon % 12], m->tm_mday,
             m->tm_hour, m->tm_min, m->tm_sec, 1900LL + m->tm_year);
    return str_from_text(t, text);
}

static bool given_or_now(Thread *t, Value v, const char *function, struct tm *m, Value *zone) {
    time_t when;
    if (present(v))
        return as_tm(t, v, function, m, zone) && check_tm(t, m);
    *zone = NO_VALUE;
    return timestamp(t, NO_VALUE, &when) && break_down(t, when, true, m);
}

static Value asctime_(Thread *t, Value *args) {
    struct tm m;
    Value zone;
    CHECK(given_or_now(t, args[0], "asctime", &m, &zone));
    return text_of(t, &m);
}

static Value ctime_(Thread *t, Value *args) {
    time_t when;
    struct tm m;
    CHECK(timestamp(t, args[0], &when) && break_down(t, when, true, &m));
    return text_of(t, &m);
}

/* What strftime wrote: the format's own text, and names that may be in any encoding. */
static Value from_strftime(Thread *t, const char *text, size_t length) {
    Value v = str_decode(t, text, length, "utf-8", "surrogatepass");
    return present(v) || !error_catch(t, &UnicodeDecodeError_type) ? v : str_decode_filesystem(t, text, length);
}

/* One stretch of the format without zero bytes; what the C library cannot write is empty. */
static Value format_part(Thread *t, const char *format, size_t length, const struct tm *m) {
    char small[256];
    char *copy = malloc(length + 2);
    if (copy == NULL)
        return raise_no_memory(t);
    memcpy(copy, format, length);
    copy[length] = ' '; /* so that a result is never empty */
    copy[length + 1] = 0;
    Value v = NO_VALUE;
    size_t n = strftime(small, sizeof small, copy, m);
    if (n) {
        v = from_strftime(t, small, n - 1);
    } else {
        for (size_t size = 1024; absent(v) && !error_pending(t); size *= 2) {
            char *larger = malloc(size);
            if (larger == NULL)
                raise_no_memory(t);
            else if ((n = strftime(larger, size, copy, m)) > 0)
                v = from_strftime(t, larger, n - 1);
            else if (size > 256 * (length + 16))
                v = empty_str;
            free(larger);
        }
    }
    free(copy);
    return v;
}

static Value strftime_(Thread *t, Value *args) {
    struct tm m;
    Value zone;
    if (!is_str(args[0]))
        return raise_type_error(t, "strftime() argument 1 must be str, not %Y", args[0]);
    CHECK(given_or_now(t, args[1], "strftime", &m, &zone));
    Value bytes = TRY(str_encode(t, args[0], "utf-8", "surrogatepass"));
    const char *s = as_bytes(bytes)->data, *end = s + as_bytes(bytes)->length;
    StrBuilder all = {0};
    while (s < end) {
        const char *zero = memchr(s, 0, (size_t)(end - s)), *stop = zero ? zero : end;
        if (stop > s) {
            Value part = TRY(format_part(t, s, (size_t)(stop - s), &m));
            CHECK(str_builder_add(t, &all, part));
        }
        if (zero)
            CHECK(str_builder_add_char(t, &all, 0));
        s = stop + (zero != NULL);
    }
    keep_alive(as_object(bytes));
    if (present(zone))
        keep_alive((void *)zone.bits);
    return str_builder_finish(t, &all);
}

static Value strptime_(Thread *t, Value *args) {
    Value import = TRY(get_attribute(t, t->isolate->builtins_module, names.__import__));
    Value module = TRY(call_1(t, import, names._strptime));
    Value function = TRY(get_attribute_text(t, module, "_strptime_time"));
    return present(args[1]) ? call_2(t, function, args[0], args[1]) : call_1(t, function, args[0]);
}

static Value mktime_(Thread *t, Value *args) {
    struct tm m;
    Value zone;
    CHECK(as_tm(t, args[0], "mktime", &m, &zone));
    m.tm_wday = -1; /* set by a successful call: -1 may also be a time */
    time_t when = mktime(&m);
    if (when == (time_t)-1 && m.tm_wday == -1)
        return raise_overflow_error(t, "mktime argument out of range");
    return float_from_double(t, (double)when);
}

/* The zone's offsets in winter and summer, found by asking for two dates half a year apart. */
bool time_add_zone(Thread *t, Value module) {
    const time_t year = (365 * 24 + 6) * 3600;
    struct tm january, july;
    time_t when = (time(NULL) / year) * year;
    if (!localtime_r(&when, &january))
        return false;
    long first = -january.tm_gmtoff;
    char first_name[64], second_name[64];
    snprintf(first_name, sizeof first_name, "%s", january.tm_zone ? january.tm_zone : "   ");
    when += year / 2;
    if (!localtime_r(&when, &july))
        return false;
    long second = -july.tm_gmtoff;
    snprintf(second_name, sizeof second_name, "%s", july.tm_zone ? july.tm_zone : "   ");
    bool south = first < second;
    Value standard = str_decode_filesystem(t, south ? second_name : first_name, strlen(south ? second_name : first_name));
    Value summer = str_decode_filesystem(t, south ? first_name : second_name, strlen(south ? first_name : second_name));
    if (absent(standard) || absent(summer))
        return false;
    return module_add_int(t, module, "timezone", south ? second : first) &&
           module_add_int(t, module, "altzone", south ? first : second) &&
           module_add_int(t, module, "daylight", first != second) &&
           module_add(t, module, "tzname", tuple_pack(t, 2, standard, summer));
}

static Value tzset_(Thread *t, Value *args) {
    tzset();
    Value import = TRY(get_attribute(t, t->isolate->builtins_module, names.__import__));
    Value name = TRY(str_intern_text(t, "time"));
    Value module = TRY(call_1(t, import, name));
    return time_add_zone(t, module) ? NONE : NO_VALUE;
}

const NativeDef time_calendar_functions[] = {
    {"localtime(seconds=<unrepresentable>, /)", localtime_, "A timestamp, or now, as local struct_time.", NATIVE_NO_SIGNATURE},
    {"gmtime(seconds=<unrepresentable>, /)", gmtime_, "A timestamp, or now, as struct_time in UTC.", NATIVE_NO_SIGNATURE},
    {"asctime(tuple=<unrepresentable>, /)", asctime_, "A time tuple, or now, as text.", NATIVE_NO_SIGNATURE},
    {"ctime(seconds=<unrepresentable>, /)", ctime_, "A timestamp, or now, as text in local time.", NATIVE_NO_SIGNATURE},
    {"mktime(object, /)", mktime_, "A local time tuple as a timestamp."},
    {"strftime(format, tuple=<unrepresentable>, /)", strftime_, "A time tuple, or now, as text by a format.",
     NATIVE_NO_SIGNATURE},
    {"strptime(string, format=<unrepresentable>, /)", strptime_, "Text as struct_time, by a format.", NATIVE_NO_SIGNATURE},
    {"tzset()", tzset_, "Takes the time zone anew from the environment."},
    {NULL, NULL, NULL, 0},
};
