/* A zone's periods: from the data of a file, and which of them a time falls into. */
#include "modules/_zoneinfo/zoneinfo.h"
#include "types/str/str.h"

#include <stdlib.h>

/* From the data of a file */

enum { BEGINS, TRANSITIONS, OFFSETS, SAVINGS, NAMES, RULE, DATA_COUNT };

static bool is_data(Value data) {
    if (!is_exactly(data, &tuple_type) || tuple_length(data) < DATA_COUNT)
        return false;
    for (int i = 0; i < RULE; i++)
        if (!is_exactly(tuple_get(data, i), &tuple_type))
            return false;
    size_t transitions = tuple_length(tuple_get(data, TRANSITIONS)), periods = tuple_length(tuple_get(data, OFFSETS));
    return tuple_length(tuple_get(data, BEGINS)) == transitions && tuple_length(tuple_get(data, SAVINGS)) == periods &&
           tuple_length(tuple_get(data, NAMES)) == periods && transitions < UINT32_MAX && periods < UINT32_MAX / 3 - 2 &&
           (periods > 0 || transitions == 0);
}

static bool read_int(Thread *t, Value tuple, size_t i, int64_t least, int64_t most, int64_t *out) {
    Value v = tuple_get(tuple, i);
    if (!is_int(v)) {
        raise_type_error(t, "an integer is required");
        return false;
    }
    if (int_to_i64(v, out) && *out >= least && *out <= most)
        return true;
    raise_overflow_error(t, "integer out of range in time zone data: %R", v);
    return false;
}

static bool set_period(Thread *t, Zone *z, uint32_t period, int64_t offset, int64_t difference, Value name) {
    Value *words = as_tuple(z->periods)->items + 3 * (size_t)period;
    Value offset_delta = delta_new(t, 0, offset, 0), difference_delta = absent(offset_delta) ? NO_VALUE : delta_new(t, 0, difference, 0);
    if (absent(difference_delta))
        return false;
    store(as_tuple(z->periods), &words[0], offset_delta);
    store(as_tuple(z->periods), &words[1], difference_delta);
    store(as_tuple(z->periods), &words[2], name);
    zone_offsets(z)[period] = (int32_t)offset;
    return true;
}

/* A file says whether a period is saving time, but not by how much its clocks were advanced. That is guessed from the period before it
 * or after it, if that one is standard time. What is not found out is an hour. */
static void guess_savings(const Zone *z, const bool *saves, int32_t *savings) {
    const uint32_t *begins = zone_begins(z);
    const int32_t *offsets = zone_offsets(z);
    for (uint32_t i = 1; i < z->transition_count; i++) {
        uint32_t period = begins[i], previous = begins[i - 1];
        if (!saves[period] || savings[period])
            continue;
        if (!saves[previous])
            savings[period] = offsets[period] - offsets[previous];
        if (!savings[period] && period + 1 < z->period_count && i + 1 < z->transition_count && !saves[begins[i + 1]])
            savings[period] = offsets[period] - offsets[begins[i + 1]];
    }
    for (uint32_t i = 0; i < z->period_count; i++)
        if (saves[i] && !savings[i])
            savings[i] = 3600;
}

/* Between two offsets a clock shows some times twice, or never: for fold 0 the next period begins when the clock with the larger offset
 * says so, for fold 1 when the other does. */
static void find_local_transitions(const Zone *z) {
    const uint32_t *begins = zone_begins(z);
    const int32_t *offsets = zone_offsets(z);
    for (uint32_t i = 0; i < z->transition_count; i++) {
        int32_t before = offsets[i ? begins[i - 1] : 0], after = offsets[begins[i]];
        zone_local(z, 0)[i] = zone_utc(z)[i] + (before > after ? before : after);
        zone_local(z, 1)[i] = zone_utc(z)[i] + (before > after ? after : before);
    }
}

static bool set_rule(Thread *t, Zone *z, Value text) {
    ZoneRule rule;
    if (!zone_rule_parse(t, text, &rule))
        return false;
    z->saves = present(rule.saving_name);
    z->start = rule.start;
    z->end = rule.end;
    return set_period(t, z, zone_standard(z), rule.standard, 0, rule.standard_name) &&
           (!z->saves || set_period(t, z, zone_saving(z), rule.saving, rule.saving - rule.standard, rule.saving_name));
}

static void copy_period(Zone *z, uint32_t from, uint32_t to) {
    Value *words = as_tuple(z->periods)->items;
    for (size_t i = 0; i < 3; i++) store(as_tuple(z->periods), &words[3 * (size_t)to + i], words[3 * (size_t)from + i]);
    zone_offsets(z)[to] = zone_offsets(z)[from];
}

static int same_periods(Thread *t, const Zone *z, uint32_t a, uint32_t b) {
    const Value *words = as_tuple(z->periods)->items;
    int result = 1;
    for (size_t i = 0; i < 3 && result == 1; i++) result = equal(t, words[3 * (size_t)a + i], words[3 * (size_t)b + i]);
    return result;
}

static bool load_periods(Thread *t, Zone *z, Value data, bool *saves, int32_t *savings) {
    int64_t n;
    for (uint32_t i = 0; i < z->transition_count; i++) {
        if (!read_int(t, tuple_get(data, TRANSITIONS), i, INT64_MIN, INT64_MAX, &zone_utc(z)[i]) ||
            !read_int(t, tuple_get(data, BEGINS), i, INT64_MIN, INT64_MAX, &n))
            return false;
        if (n < 0 || n >= z->period_count) {
            raise_value_error(t, "Invalid transition index found while reading TZif: %lld", (long long)n);
            return false;
        }
        zone_begins(z)[i] = (uint32_t)n;
    }
    for (uint32_t i = 0; i < z->period_count; i++) {
        int saving = truth(t, tuple_get(tuple_get(data, SAVINGS), i));
        if (saving < 0 || !read_int(t, tuple_get(data, OFFSETS), i, INT32_MIN, INT32_MAX, &n))
            return false;
        saves[i] = saving;
        zone_offsets(z)[i] = (int32_t)n;
    }
    guess_savings(z, saves, savings);
    find_local_transitions(z);
    for (uint32_t i = 0; i < z->period_count; i++)
        if (!set_period(t, z, i, zone_offsets(z)[i], savings[i], tuple_get(tuple_get(data, NAMES), i)))
            return false;
    while (z->before < z->period_count && saves[z->before]) z->before++;
    if (z->before == z->period_count)
        z->before = 0;
    return true;
}

static bool load_rule(Thread *t, Zone *z, Value text) {
    if (is_exactly(text, &bytes_type) && as_bytes(text)->length) {
        if (!set_rule(t, z, text))
            return false;
    } else if (z->period_count == 0) {
        raise_value_error(t, "No time zone information found.");
        return false;
    } else
        copy_period(z, z->transition_count ? zone_begins(z)[z->transition_count - 1] : z->period_count - 1, zone_standard(z));
    int fixed = z->period_count > 1 || z->saves ? 0 : z->period_count == 0 ? 1 : same_periods(t, z, 0, zone_standard(z));
    z->fixed = fixed > 0;
    return fixed >= 0;
}

bool zone_load(Thread *t, Zone *z, Value data) {
    if (!is_data(data)) {
        raise_type_error(t, "Invalid data result type: %R", data);
        return false;
    }
    z->transition_count = (uint32_t)tuple_length(tuple_get(data, TRANSITIONS));
    z->period_count = (uint32_t)tuple_length(tuple_get(data, OFFSETS));
    size_t transitions = z->transition_count, periods = z->period_count;
    Value numbers = bytes_new(t, NULL, transitions * (3 * sizeof(int64_t) + sizeof(uint32_t)) + (periods + 2) * sizeof(int32_t));
    if (absent(numbers))
        return false;
    store(z, &z->numbers, numbers);
    Value words = tuple_new(t, 3 * (periods + 2)); /* absent words: None to whoever asks for them, which nobody does */
    if (absent(words))
        return false;
    for (size_t i = 0; i < tuple_length(words); i++) tuple_set(words, i, NONE);
    store(z, &z->periods, words);
    bool *saves = calloc(periods + 1, sizeof *saves);
    int32_t *savings = calloc(periods + 1, sizeof *savings);
    bool loaded = saves && savings && load_periods(t, z, data, saves, savings);
    if (!saves || !savings)
        raise_no_memory(t);
    free(saves);
    free(savings);
    return loaded && load_rule(t, z, tuple_get(data, RULE));
}

/* Which period */

/* How many transitions there were until then, that moment included. */
static uint32_t transitions_until(const int64_t *times, uint32_t count, int64_t moment) {
    uint32_t low = 0;
    while (low < count) {
        uint32_t middle = low + (count - low) / 2;
        if (times[middle] > moment)
            count = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool between(int64_t moment, int64_t start, int64_t end) {
    return start < end ? moment >= start && moment < end : moment < end || moment >= start;
}

static int32_t rule_difference(const Zone *z) { return zone_offsets(z)[zone_saving(z)] - zone_offsets(z)[zone_standard(z)]; }

static uint32_t rule_period_at(const Zone *z, int64_t local, int fold, int year) {
    if (!z->saves)
        return zone_standard(z);
    int64_t start = yearly_moment(&z->start, year), end = yearly_moment(&z->end, year);
    int32_t difference = rule_difference(z);
    if (fold == (difference >= 0))
        end -= difference;
    else
        start += difference;
    return between(local, start, end) ? zone_saving(z) : zone_standard(z);
}

static uint32_t rule_period_at_utc(const Zone *z, int64_t utc, int year, bool *fold) {
    *fold = false;
    if (!z->saves)
        return zone_standard(z);
    const int32_t *offsets = zone_offsets(z);
    int64_t start = yearly_moment(&z->start, year) - offsets[zone_standard(z)];
    int64_t end = yearly_moment(&z->end, year) - offsets[zone_saving(z)];
    int32_t difference = rule_difference(z);
    int64_t twice = difference > 0 ? end : start; /* from then on clocks show again what they did */
    *fold = utc >= twice && utc < twice + (difference > 0 ? difference : -difference);
    return between(utc, start, end) ? zone_saving(z) : zone_standard(z);
}

uint32_t zone_period_at(const Zone *z, int64_t local, int fold, int year) {
    const int64_t *times = zone_local(z, fold);
    uint32_t count = z->transition_count;
    if (count && local < times[0]) /* first: where the file is odd, the times by the clock are not in order */
        return z->before;
    if (count == 0 || local > times[count - 1])
        return rule_period_at(z, local, fold, year);
    uint32_t n = transitions_until(times, count, local);
    return n ? zone_begins(z)[n - 1] : z->before;
}

uint32_t zone_period_at_utc(const Zone *z, int64_t utc, int year, bool *fold) {
    const int64_t *times = zone_utc(z);
    const uint32_t *begins = zone_begins(z);
    uint32_t count = z->transition_count, n = transitions_until(times, count, utc);
    *fold = false;
    if (count && n == 0)
        return z->before;
    bool after = count == 0 || utc > times[count - 1];
    uint32_t period = after ? rule_period_at_utc(z, utc, year, fold) : begins[n - 1];
    if (count) { /* soon after a transition: is the clock back where it was before it? */
        uint32_t previous = n >= 2 ? begins[n - 2] : z->before;
        int64_t back = (int64_t)zone_offsets(z)[previous] - zone_offsets(z)[period];
        if (back > utc - times[n - 1])
            *fold = true;
    }
    return period;
}
