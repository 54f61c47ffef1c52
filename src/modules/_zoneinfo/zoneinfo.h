/* What the files of _zoneinfo share: a zone's layout, and the rule that a TZ string gives for the time after the last transition.
 *
 * Times are seconds since 1970: UTC, or "local" ones, which a clock on the wall would have counted.
 *
 * Threads: a zone is complete before anybody but its maker sees it, and does not change afterwards.
 */
#pragma once
#include "modules/_datetime/datetime.h"

/* A moment that comes once a year. */
typedef struct YearlyMoment {
    enum { DAY_OF_YEAR, DAY_WITHOUT_LEAP_DAYS, WEEKDAY_OF_MONTH } kind;
    int month, week; /* WEEKDAY_OF_MONTH; week 5 is the last one */
    int day;         /* of the year, from 0, or from 1 without leap days; or of the week, 0 is Sunday */
    int32_t seconds; /* since midnight; may be negative, or more than a day */
} YearlyMoment;

int64_t yearly_moment(const YearlyMoment *moment, int year); /* local time */

/* What POSIX calls a TZ string: "CET-1CEST,M3.5.0,M10.5.0/3". */
typedef struct ZoneRule {
    Value standard_name, saving_name; /* str; saving_name absent: standard time always */
    int32_t standard, saving;         /* seconds east of UTC */
    YearlyMoment start, end;          /* of saving time, each by the clock that shows until then */
} ZoneRule;

[[nodiscard]] bool zone_rule_parse(Thread *t, Value text, ZoneRule *out); /* bytes; ValueError */

/* A period has one offset from UTC, one difference to standard time and one name: three words in `periods`. Behind those of the file
 * come the two of the rule, standard and saving time. */
typedef struct Zone {
    Object object;
    Value key;       /* None: made from a file without one */
    Value file_repr; /* str; absent: not made by from_file */
    Value periods;   /* tuple of utcoffset, dst, name for each */
    Value numbers;   /* bytes: what zone_utc and the others below find in it */
    YearlyMoment start, end;
    uint32_t transition_count, period_count; /* of the file */
    uint32_t before;   /* the period before the first transition */
    bool saves;        /* the rule has saving time */
    bool fixed;        /* the same whatever the time is */
    bool cached;       /* its class found it or put it into its cache */
} Zone;

static inline Zone *as_zone(Value v) { return (Zone *)v.bits; }

/* int64_t: when each transition is, in UTC, and by the clock; a time that two transitions leave open is told by `fold`. */
static inline int64_t *zone_utc(const Zone *z) { return (int64_t *)as_bytes(z->numbers)->data; }
static inline int64_t *zone_local(const Zone *z, int fold) { return zone_utc(z) + (1 + fold) * (size_t)z->transition_count; }
/* int32_t: each period's seconds east of UTC, and the period that each transition begins. */
static inline int32_t *zone_offsets(const Zone *z) { return (int32_t *)(zone_utc(z) + 3 * (size_t)z->transition_count); }
static inline uint32_t *zone_begins(const Zone *z) { return (uint32_t *)zone_offsets(z) + z->period_count + 2; }
static inline uint32_t zone_standard(const Zone *z) { return z->period_count; }
static inline uint32_t zone_saving(const Zone *z) { return z->period_count + 1; }

/* Fills a new zone in from what zoneinfo._common.load_data gives. */
[[nodiscard]] bool zone_load(Thread *t, Zone *z, Value data);

/* Which period: of a clock's time, and of a moment in UTC; the year is that of the time given. *fold: it is the second time that the clock
 * shows what it then does. */
uint32_t zone_period_at(const Zone *z, int64_t local, int fold, int year);
uint32_t zone_period_at_utc(const Zone *z, int64_t utc, int year, bool *fold);
