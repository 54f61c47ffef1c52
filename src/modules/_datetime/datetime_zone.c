/* Between timestamps, local time and UTC. Seconds count from 1970, and "local" ones are what a clock on the wall
 * would have counted. */
#include "modules/_datetime/datetime.h"
#include "modules/os_support.h"

#define EPOCH_ORDINAL 719163
enum { MAX_FOLD_SECONDS = SECONDS_PER_DAY }; /* the longest step back of a clock, generously */

/* Split to whole seconds and microseconds, to the nearest, ties to even. */
static bool split_timestamp(Thread *t, Value v, int64_t *seconds, int32_t *us) {
    *us = 0;
    if (is_float(v)) {
        double d = float_value(v);
        if (isnan(d)) {
            raise_value_error(t, "Invalid value NaN (not a number)");
            return false;
        }
        double whole, fraction = modf(d, &whole) * 1e6, rounded = nearbyint(fraction);
        if (rounded >= 1e6) {
            rounded -= 1e6;
            whole += 1;
        } else if (rounded < 0) {
            rounded += 1e6;
            whole -= 1;
        }
        if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0)) {
            raise_overflow_error(t, "timestamp out of range for platform time_t");
            return false;
        }
        *seconds = (int64_t)whole;
        *us = (int32_t)rounded;
        if (*us >= US_PER_SECOND) {
            *us -= (int32_t)US_PER_SECOND;
            *seconds += 1;
        }
        return true;
    }
    if (!is_int(v) && !type_slot(type_of(v), SLOT___index__)) {
        raise_type_error(t, "argument must be int or float, not %T", v);
        return false;
    }
    Value number = index_of(t, v);
    if (absent(number))
        return false;
    if (int_to_i64(number, seconds))
        return true;
    raise_overflow_error(t, "timestamp out of range for platform time_t");
    return false;
}

/* The C library's calendar. Years that no date has are an error. */
static bool broken_down(Thread *t, int64_t seconds, bool utc, struct tm *out) {
    time_t when = (time_t)seconds;
    errno = 0;
    if ((utc ? gmtime_r(&when, out) : localtime_r(&when, out)) == NULL) {
        raise_errno(t, errno ? errno : EINVAL, NO_VALUE, NO_VALUE);
        return false;
    }
    if (out->tm_year + 1900L < MIN_YEAR || out->tm_year + 1900L > MAX_YEAR) {
        raise_value_error(t, "year %ld is out of range", out->tm_year + 1900L);
        return false;
    }
    if (out->tm_sec > 59)
        out->tm_sec = 59; /* a leap second, where the system has them */
    return true;
}

static int64_t tm_seconds(const struct tm *m) {
    int64_t days = ymd_to_ordinal(m->tm_year + 1900, m->tm_mon + 1, m->tm_mday) - EPOCH_ORDINAL;
    return days * SECONDS_PER_DAY + m->tm_hour * 3600 + m->tm_min * 60 + m->tm_sec;
}

static bool local_of(Thread *t, int64_t utc, int64_t *out) {
    struct tm m;
    if (!broken_down(t, utc, false, &m))
        return false;
    *out = tm_seconds(&m);
    return true;
}

static Value from_seconds(Thread *t, Value class, int64_t seconds, int32_t us, Value tzinfo, bool utc) {
    struct tm m;
    CHECK(broken_down(t, seconds, utc, &m));
    Clock c = {us, (uint8_t)m.tm_hour, (uint8_t)m.tm_min, (uint8_t)m.tm_sec, 0};
    if (!utc) { /* the second of two times that look alike? */
        int64_t here = tm_seconds(&m), before, again;
        struct tm probe;
        time_t earlier = (time_t)(seconds - MAX_FOLD_SECONDS);
        if (localtime_r(&earlier, &probe) && probe.tm_year + 1900 >= MIN_YEAR) {
            before = tm_seconds(&probe);
            int64_t step = here - before - MAX_FOLD_SECONDS;
            if (step < 0 && local_of(t, seconds + step, &again) && again == here)
                c.fold = 1;
            CHECK(!error_pending(t));
        }
    }
    Value result = TRY(datetime_make(t, class, m.tm_year + 1900, m.tm_mon + 1, m.tm_mday, c, tzinfo));
    return is_none(tzinfo) ? result : call_method_1(t, tzinfo, names.fromutc, result);
}

Value datetime_from_timestamp(Thread *t, Value class, Value timestamp, Value tzinfo, bool utc) {
    int64_t seconds;
    int32_t us;
    CHECK(split_timestamp(t, timestamp, &seconds, &us));
    return from_seconds(t, class, seconds, us, tzinfo, utc);
}

Value datetime_now(Thread *t, Value class, Value tzinfo, bool utc) {
    struct timespec now;
    if (os_clock_gettime(capabilities(t), CLOCK_REALTIME, &now) != 0)
        return os_error(t);
    return from_seconds(t, class, now.tv_sec, (int32_t)(now.tv_nsec / 1000), tzinfo, utc);
}

Value date_from_timestamp(Thread *t, Value class, Value timestamp) {
    int64_t seconds;
    struct tm m;
    if (is_float(timestamp)) {
        double whole = floor(float_value(timestamp));
        if (isnan(whole))
            return raise_value_error(t, "Invalid value NaN (not a number)");
        if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0))
            return raise_overflow_error(t, "timestamp out of range for platform time_t");
        seconds = (int64_t)whole;
    } else {
        Value number = TRY(index_of(t, timestamp));
        if (!int_to_i64(number, &seconds))
            return raise_overflow_error(t, "timestamp out of range for platform time_t");
    }
    CHECK(broken_down(t, seconds, false, &m));
    return date_make(t, class, m.tm_year + 1900, m.tm_mon + 1, m.tm_mday);
}

/* The UTC seconds u with local(u) == t. There may be two (then fold says which) or none (in a gap: then what the
 * offset before or after it gives). The method is PEP 495's. */
static bool utc_of_local(Thread *t, int64_t wanted, int fold, int64_t *out) {
    int64_t a, b, u1, u2, t1, t2;
    if (!local_of(t, wanted, &a))
        return false;
    a -= wanted;
    u1 = wanted - a;
    if (!local_of(t, u1, &t1))
        return false;
    if (t1 == wanted) { /* one solution; look for the other */
        u2 = u1 + (fold ? MAX_FOLD_SECONDS : -MAX_FOLD_SECONDS);
        if (!local_of(t, u2, &b))
            return false;
        b -= u2;
        if (a == b) {
            *out = u1;
            return true;
        }
    } else {
        b = t1 - u1;
    }
    u2 = wanted - b;
    if (!local_of(t, u2, &t2))
        return false;
    *out = t2 == wanted ? u2 : t1 == wanted ? u1 : fold ? (u1 < u2 ? u1 : u2) : (u1 > u2 ? u1 : u2);
    return true;
}

static int64_t local_seconds(const DateTime *d) {
    return (ymd_to_ordinal(d->date.year, d->date.month, d->date.day) - EPOCH_ORDINAL) * (int64_t)SECONDS_PER_DAY +
           clock_seconds(&d->clock);
}

Value datetime_timestamp(Thread *t, Value *args) {
    DateTime *d = as_datetime(args[0]);
    int64_t seconds = local_seconds(d);
    if (is_none(d->tzinfo)) {
        CHECK(utc_of_local(t, seconds, d->clock.fold, &seconds));
        return float_from_double(t, (double)seconds + d->clock.microsecond / 1e6);
    }
    Value offset = TRY(tzinfo_offset(t, d->tzinfo, args[0]));
    if (is_none(offset))
        return raise_type_error(t, "can't subtract offset-naive and offset-aware datetimes");
    Microseconds us = (Microseconds)seconds * US_PER_SECOND + d->clock.microsecond - delta_microseconds(as_delta(offset));
    return int_truediv(t, TRY(int_from(t, (int64_t)us)), small_int(US_PER_SECOND));
}

/* The zone that the system's clock is in at a moment, as a fixed offset. */
static Value local_zone_at(Thread *t, int64_t utc) {
    struct tm m;
    CHECK(broken_down(t, utc, false, &m));
    Value name = m.tm_zone ? TRY(str_decode_filesystem(t, m.tm_zone, strlen(m.tm_zone))) : NO_VALUE;
    return timezone_new(t, TRY(delta_new(t, 0, m.tm_gmtoff, 0)), name);
}

static Value local_zone_of(Thread *t, const DateTime *d) {
    int64_t seconds = local_seconds(d), first, second;
    CHECK(utc_of_local(t, seconds, d->clock.fold, &first) && utc_of_local(t, seconds, !d->clock.fold, &second));
    /* In a gap the time is taken as one that the clock before or after it would show. */
    if (second != first && (second > first) == d->clock.fold)
        first = second;
    return local_zone_at(t, first);
}

/* args: self, tz */
Value datetime_astimezone(Thread *t, Value *args) {
    DateTime *d = as_datetime(args[0]);
    if (!is_none(args[1]) && !is_tzinfo(args[1]))
        return raise_type_error(t, "tzinfo argument must be None or of a tzinfo subclass, not type '%T'", args[1]);
    Value own = d->tzinfo, offset = NONE;
    if (same(own, args[1]) && !is_none(own))
        return args[0];
    if (!is_none(own))
        offset = TRY(tzinfo_offset(t, own, args[0]));
    if (is_none(offset)) {
        own = TRY(local_zone_of(t, d));
        offset = TRY(tzinfo_offset(t, own, args[0]));
    }
    Value utc = TRY(datetime_add(t, args[0], as_delta(offset), -1));
    DateTime *u = as_datetime(utc);
    Value target = args[1];
    if (is_none(target))
        target = TRY(local_zone_at(t, local_seconds(u)));
    Clock c = u->clock;
    c.fold = 0;
    utc = TRY(datetime_make(t, from_object(type_of(args[0])), u->date.year, u->date.month, u->date.day, c, target));
    return call_method_1(t, target, names.fromutc, utc);
}
