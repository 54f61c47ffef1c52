/* TZ strings: POSIX 1003.1, chapter 8.3, with the hours of RFC 8536. */
#include "modules/_zoneinfo/zoneinfo.h"

enum { EPOCH_ORDINAL = 719163, LONGEST_DAY_HOURS = 24, LONGEST_WEEK_HOURS = 167 };

int64_t yearly_moment(const YearlyMoment *moment, int year) {
    int64_t ordinal;
    if (moment->kind == WEEKDAY_OF_MONTH) {
        int first = (weekday_of(year, moment->month, 1) + 1) % 7; /* Sunday is 0 */
        int day = 1 + (moment->day - first + 7) % 7 + (moment->week - 1) * 7;
        if (day > days_in_month(year, moment->month))
            day -= 7;
        ordinal = ymd_to_ordinal(year, moment->month, day);
    } else {
        /* Day 0 is so the last one of the year before: that is what CPython's rules without J do. */
        ordinal = ymd_to_ordinal(year, 1, 1) - 1 + moment->day;
        if (moment->kind == DAY_WITHOUT_LEAP_DAYS && moment->day >= 60 && is_leap_year(year))
            ordinal++;
    }
    return (ordinal - EPOCH_ORDINAL) * SECONDS_PER_DAY + moment->seconds;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* Between least and most digits. */
static bool read_number(const char **at, int least, int most, int *out) {
    int count = 0;
    *out = 0;
    for (; count < most && is_digit(**at); count++) *out = *out * 10 + *(*at)++ - '0';
    return count >= least;
}

/* std or dst: letters, or anything like a number between angle brackets. */
static bool read_name(Thread *t, const char **at, Value *out) {
    const char *from = *at, *p = from;
    if (*p == '<') {
        for (p = ++from; is_letter(*p) || is_digit(*p) || *p == '+' || *p == '-'; p++) {}
        if (*p != '>')
            return false;
        *at = p + 1;
    } else {
        while (is_letter(*p)) p++;
        *at = p;
    }
    if (p == from)
        return false;
    *out = str_from_ascii(t, from, (size_t)(p - from));
    return present(*out);
}

/* [+-]h[h[h]][:mm[:ss]] */
static bool read_time(const char **at, int most_hours, int32_t *seconds) {
    int hours, minutes = 0, rest = 0;
    bool negative = **at == '-';
    if (negative || **at == '+')
        (*at)++;
    if (!read_number(at, 1, 3, &hours) || hours > most_hours)
        return false;
    if (**at == ':') {
        (*at)++;
        if (!read_number(at, 2, 2, &minutes))
            return false;
        if (**at == ':') {
            (*at)++;
            if (!read_number(at, 2, 2, &rest))
                return false;
        }
    }
    *seconds = (negative ? -1 : 1) * (hours * 3600 + minutes * 60 + rest);
    return true;
}

/* What stands there is to be added to local time, so that it counts westwards. */
static bool read_offset(const char **at, int32_t *east) {
    if (!read_time(at, LONGEST_DAY_HOURS, east))
        return false;
    *east = -*east;
    return true;
}

/* Mm.w.d, Jn or n, with /time */
static bool read_moment(const char **at, YearlyMoment *out) {
    *out = (YearlyMoment){.kind = DAY_OF_YEAR, .seconds = 2 * 3600};
    if (**at == 'M') {
        (*at)++;
        out->kind = WEEKDAY_OF_MONTH;
        if (!read_number(at, 1, 2, &out->month) || *(*at)++ != '.' || !read_number(at, 1, 1, &out->week) ||
            *(*at)++ != '.' || !read_number(at, 1, 1, &out->day))
            return false;
        if (out->month < 1 || out->month > 12 || out->week < 1 || out->week > 5 || out->day > 6)
            return false;
    } else {
        if (**at == 'J') {
            (*at)++;
            out->kind = DAY_WITHOUT_LEAP_DAYS;
        }
        if (!read_number(at, 1, 3, &out->day) || out->day > 365 || out->day < (out->kind == DAY_WITHOUT_LEAP_DAYS))
            return false;
    }
    if (**at != '/')
        return true;
    (*at)++;
    return read_time(at, LONGEST_WEEK_HOURS, &out->seconds);
}

bool zone_rule_parse(Thread *t, Value text, ZoneRule *out) {
    const char *p = as_bytes(text)->data;
    const char *wrong = NULL;
    *out = (ZoneRule){0};
    if (!read_name(t, &p, &out->standard_name))
        wrong = "Invalid STD format in %R";
    else if (!read_offset(&p, &out->standard))
        wrong = "Invalid STD offset in %R";
    else if (*p) {
        out->saving = out->standard + 3600;
        if (!read_name(t, &p, &out->saving_name))
            wrong = "Invalid DST format in %R";
        else if (*p != ',' && !read_offset(&p, &out->saving))
            wrong = "Invalid DST offset in %R";
        YearlyMoment *const moments[] = {&out->start, &out->end};
        for (int i = 0; i < 2 && !wrong; i++) {
            if (*p != ',')
                wrong = "Missing transition rules in TZ string: %R";
            else if (p++, !read_moment(&p, moments[i]))
                wrong = "Malformed transition rule in TZ string: %R";
        }
        if (!wrong && *p)
            wrong = "Extraneous characters at end of TZ string: %R";
    }
    if (!wrong)
        return true;
    if (!error_pending(t)) /* but for memory */
        raise_value_error(t, wrong, text);
    return false;
}
