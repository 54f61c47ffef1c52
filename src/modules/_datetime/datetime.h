/* What the files of _datetime share: the objects' layouts, the calendar, and constructors.
 *
 * All objects are immutable but for their cached hash, which every thread computes alike: no further contract.
 */
#pragma once
#include "object/call.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

enum { MIN_YEAR = 1, MAX_YEAR = 9999, MAX_ORDINAL = 3652059, MAX_DELTA_DAYS = 999999999 };
#define US_PER_SECOND INT64_C(1000000)
#define SECONDS_PER_DAY 86400
#define US_PER_DAY (US_PER_SECOND * SECONDS_PER_DAY)
typedef __int128 Microseconds; /* of any timedelta, and of products on the way to one */

typedef struct TimeDelta {
    Object object;
    int64_t hash; /* -1: not computed */
    int32_t days, seconds, microseconds; /* normalised: 0 <= seconds < 86400, 0 <= microseconds < 1000000 */
} TimeDelta;

typedef struct Date {
    Object object;
    int64_t hash;
    int16_t year;
    uint8_t month, day;
} Date;

/* The fields of a time of day. */
typedef struct Clock {
    int32_t microsecond;
    uint8_t hour, minute, second, fold;
} Clock;

typedef struct Time {
    Object object;
    int64_t hash;
    Clock clock;
    Value tzinfo; /* NONE: naive */
} Time;

typedef struct DateTime {
    Date date;
    Clock clock;
    Value tzinfo;
} DateTime;

typedef struct TimeZone {
    Object object;
    Value offset; /* timedelta */
    Value name;   /* str, or absent: made from the offset */
} TimeZone;

extern Type timedelta_type, date_type, time_type, datetime_type, tzinfo_type, timezone_type, isocalendar_date_type;

static inline TimeDelta *as_delta(Value v) { return (TimeDelta *)v.bits; }
static inline Date *as_date(Value v) { return (Date *)v.bits; }
static inline Time *as_time(Value v) { return (Time *)v.bits; }
static inline DateTime *as_datetime(Value v) { return (DateTime *)v.bits; }
static inline bool is_delta(Value v) { return is_instance_of(v, &timedelta_type); }
static inline bool is_date(Value v) { return is_instance_of(v, &date_type); }
static inline bool is_time(Value v) { return is_instance_of(v, &time_type); }
static inline bool is_datetime(Value v) { return is_instance_of(v, &datetime_type); }
static inline bool is_tzinfo(Value v) { return is_instance_of(v, &tzinfo_type); }

/* calendar.c: the proleptic Gregorian calendar. Ordinal 1 is 1 January of year 1. */
bool is_leap_year(int year);
int days_in_month(int year, int month);
int days_before_month(int year, int month);
int ymd_to_ordinal(int year, int month, int day);
void ordinal_to_ymd(int ordinal, int *year, int *month, int *day);
int weekday_of(int year, int month, int day);  /* Monday is 0 */
int iso_week1_monday(int year);                /* an ordinal */
/* 0: fine; -4: year, -2: week, -3: day out of range; -1: before or after what dates can be. */
int iso_to_ymd(int iso_year, int week, int day, int *year, int *month, int *out_day);
static inline int clock_seconds(const Clock *c) { return (c->hour * 60 + c->minute) * 60 + c->second; }
static inline int64_t clock_microseconds(const Clock *c) { return clock_seconds(c) * US_PER_SECOND + c->microsecond; }
/* ValueErrors of constructors. */
[[nodiscard]] bool check_date(Thread *t, int64_t year, int64_t month, int64_t day);
[[nodiscard]] bool check_clock(Thread *t, int64_t hour, int64_t minute, int64_t second, int64_t us, int64_t fold);
[[nodiscard]] bool check_tzinfo(Thread *t, Value v);
[[nodiscard]] bool as_c_field(Thread *t, Value v, int64_t *out); /* a C int; absent: left alone */

/* timedelta.c */
Value delta_new(Thread *t, int64_t days, int64_t seconds, int64_t microseconds); /* normalises; OverflowError */
Value delta_from_microseconds(Thread *t, Type *type, Microseconds us);
static inline Microseconds delta_microseconds(const TimeDelta *d) {
    return (Microseconds)d->days * US_PER_DAY + d->seconds * US_PER_SECOND + d->microseconds;
}
extern TimeDelta delta_zero, delta_resolution;
/* type(days=days, ...) through the class, for alternate constructors of subclasses */

/* date.c */
Value date_new(Thread *t, Type *type, int year, int month, int day); /* checked fields */
Value date_make(Thread *t, Value class, int64_t year, int64_t month, int64_t day); /* class(year, month, day) */
Value date_iso_text(Thread *t, const Date *d);
Value date_ctime(Thread *t, Value *args); /* of a date or a datetime */
Value date_struct_time(Thread *t, const Date *d, const Clock *c, int dst);
bool is_state(Value v, size_t length, Value *bytes, Thread *t); /* a pickle's bytes, or str that Python 2 left */

/* time.c */
Value time_new(Thread *t, Type *type, Clock clock, Value tzinfo);
/* Text of a time of day; timespec absent or "auto". -1: unknown timespec */
enum { CLOCK_TEXT_SIZE = 24 };
[[nodiscard]] int clock_text(Thread *t, const Clock *c, Value timespec, char *out);

/* datetime.c */
Value datetime_new(Thread *t, Type *type, int year, int month, int day, Clock clock, Value tzinfo); /* checked fields */
/* Of the class, through its constructor unless it is datetime itself. */
Value datetime_make(Thread *t, Value class, int year, int month, int day, Clock clock, Value tzinfo);
Value datetime_add(Thread *t, Value datetime, const TimeDelta *d, int factor); /* keeps the class and tzinfo */
/* datetime_zone.c: between local time, UTC and timestamps. */
Value datetime_from_timestamp(Thread *t, Value class, Value timestamp, Value tzinfo, bool utc);
Value datetime_now(Thread *t, Value class, Value tzinfo, bool utc);
Value datetime_timestamp(Thread *t, Value *args);
Value datetime_astimezone(Thread *t, Value *args);
Value date_from_timestamp(Thread *t, Value class, Value timestamp);

/* timezone.c. An offset is a timedelta or None; absent: error. */
Value tzinfo_offset(Thread *t, Value tzinfo, Value argument); /* utcoffset(argument), checked; tzinfo None: None */
Value tzinfo_dst(Thread *t, Value tzinfo, Value argument);
Value tzinfo_name(Thread *t, Value tzinfo, Value argument); /* str or None */
Value timezone_new(Thread *t, Value offset, Value name);    /* UTC itself for zero without a name */
extern TimeZone timezone_utc;
/* "+HH:MM[:SS[.ffffff]]"; "" for None */
enum { OFFSET_TEXT_SIZE = 20 };
void offset_text(Value offset, const char *separator, char *out);

/* format.c, parse.c */
Value datetime_strftime(Thread *t, Value object, Value format, Value struct_time, Value tzinfo_argument);
Value datetime_format(Thread *t, Value *args); /* __format__ */
Value datetime_strptime(Thread *t, const char *function, Value class, Value text, Value format);
[[nodiscard]] bool parse_iso_date(const char *text, size_t length, int *year, int *month, int *day, int *error);
typedef struct IsoTime {
    Clock clock;
    bool has_zone, next_day, bad_24; /* hour 24 with nothing behind it is the next day; with something, an error */
    int zone_sign;
    Clock zone;
} IsoTime;
[[nodiscard]] bool parse_iso_time(const char *text, size_t length, IsoTime *out);
[[nodiscard]] bool iso_time_zone(Thread *t, const IsoTime *time, Value *tzinfo);
Value date_from_iso(Thread *t, Value *args);
Value time_from_iso(Thread *t, Value *args);
Value datetime_from_iso(Thread *t, Value *args);
Value iso_format_error(Thread *t, Value text);
