/* The proleptic Gregorian calendar, and the checks of fields. Pure functions. */
#include "modules/_datetime/datetime.h"

#include <limits.h>

static const int16_t before_month[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
static const uint8_t month_days[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

bool is_leap_year(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
int days_in_month(int year, int month) { return month == 2 && is_leap_year(year) ? 29 : month_days[month]; }
int days_before_month(int year, int month) { return before_month[month] + (month > 2 && is_leap_year(year)); }

static int days_before_year(int year) {
    int y = year - 1;
    return y * 365 + y / 4 - y / 100 + y / 400;
}

int ymd_to_ordinal(int year, int month, int day) {
    return days_before_year(year) + days_before_month(year, month) + day;
}

void ordinal_to_ymd(int ordinal, int *year, int *month, int *day) {
    int n = ordinal - 1;
    int n400 = n / 146097;
    n %= 146097;
    int n100 = n / 36524;
    n %= 36524;
    int n4 = n / 1461;
    n %= 1461;
    int n1 = n / 365;
    n %= 365;
    *year = n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1;
    if (n1 == 4 || n100 == 4) { /* the last day of a leap cycle */
        *year -= 1;
        *month = 12;
        *day = 31;
        return;
    }
    *month = (n + 50) >> 5; /* right or one too much */
    int before = days_before_month(*year, *month);
    if (before > n)
        before = days_before_month(*year, --*month);
    *day = n - before + 1;
}

int weekday_of(int year, int month, int day) { return (ymd_to_ordinal(year, month, day) + 6) % 7; }

int iso_week1_monday(int year) {
    int first = ymd_to_ordinal(year, 1, 1), weekday = (first + 6) % 7, monday = first - weekday;
    return weekday > 3 ? monday + 7 : monday;
}

int iso_to_ymd(int iso_year, int week, int day, int *year, int *month, int *out_day) {
    if (iso_year < MIN_YEAR || iso_year > MAX_YEAR)
        return -4;
    if (week <= 0 || week >= 53) {
        int first = weekday_of(iso_year, 1, 1); /* years of 53 weeks start on a Thursday, leap ones on a Wednesday too */
        if (week != 53 || !(first == 3 || (first == 2 && is_leap_year(iso_year))))
            return -2;
    }
    if (day <= 0 || day >= 8)
        return -3;
    int ordinal = iso_week1_monday(iso_year) + (week - 1) * 7 + day - 1;
    if (ordinal < 1 || ordinal > MAX_ORDINAL)
        return -1;
    ordinal_to_ymd(ordinal, year, month, out_day);
    return 0;
}

bool as_c_field(Thread *t, Value v, int64_t *out) {
    if (absent(v))
        return true;
    if (is_small_int(v))
        *out = small_int_value(v);
    else if (!index_as_ssize(t, v, out, false, NULL))
        return false;
    if (*out < INT_MIN || *out > INT_MAX) {
        raise_overflow_error(t, *out > 0 ? "signed integer is greater than maximum" : "signed integer is less than minimum");
        return false;
    }
    return true;
}

static bool out_of_range(Thread *t, const char *format, int64_t value) {
    raise_value_error(t, format, (int)value);
    return false;
}

bool check_date(Thread *t, int64_t year, int64_t month, int64_t day) {
    if (year < MIN_YEAR || year > MAX_YEAR) {
        raise_value_error(t, "year must be in %d..%d, not %d", MIN_YEAR, MAX_YEAR, (int)year);
        return false;
    }
    if (month < 1 || month > 12)
        return out_of_range(t, "month must be in 1..12, not %d", month);
    int last = days_in_month((int)year, (int)month);
    if (day >= 1 && day <= last)
        return true;
    raise_value_error(t, "day %d must be in range 1..%d for month %d in year %d", (int)day, last, (int)month, (int)year);
    return false;
}

bool check_clock(Thread *t, int64_t hour, int64_t minute, int64_t second, int64_t us, int64_t fold) {
    if (hour < 0 || hour > 23)
        return out_of_range(t, "hour must be in 0..23, not %d", hour);
    if (minute < 0 || minute > 59)
        return out_of_range(t, "minute must be in 0..59, not %d", minute);
    if (second < 0 || second > 59)
        return out_of_range(t, "second must be in 0..59, not %d", second);
    if (us < 0 || us > 999999)
        return out_of_range(t, "microsecond must be in 0..999999, not %d", us);
    if (fold != 0 && fold != 1)
        return out_of_range(t, "fold must be either 0 or 1, not %d", fold);
    return true;
}

bool check_tzinfo(Thread *t, Value v) {
    if (is_none(v) || is_tzinfo(v))
        return true;
    raise_type_error(t, "tzinfo argument must be None or of a tzinfo subclass, not type '%T'", v);
    return false;
}
