/* time: the module object, clocks and sleep.
 *
 * Threads: no state.
 */
#include "modules/time/time.h"

#include "object/audit.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

static bool read_clock(Thread *t, clockid_t clock, struct timespec *out) {
    if (os_clock_gettime(capabilities(t), clock, out) == 0)
        return true;
    os_error(t);
    return false;
}

static Value seconds_of(Thread *t, const struct timespec *s) {
    return float_from_double(t, (double)s->tv_sec + (double)s->tv_nsec * 1e-9);
}
/* Nanoseconds that fit 64 bits divided once: what a clock's reading is rounded like. */
static Value exact_seconds(Thread *t, const struct timespec *s) {
    int64_t nanoseconds = s->tv_sec * INT64_C(1000000000) + s->tv_nsec;
    return float_from_double(t, (double)nanoseconds / 1e9);
}
static Value nanoseconds_of(Thread *t, const struct timespec *s) {
    Value seconds = TRY(int_from(t, s->tv_sec)), v = TRY(int_mul(t, seconds, small_int(1000000000)));
    return int_add(t, v, small_int(s->tv_nsec));
}

#define CLOCK(name, id)                                                                             \
    static Value name##_(Thread *t, Value *args) {                                                  \
        struct timespec s;                                                                          \
        return read_clock(t, id, &s) ? exact_seconds(t, &s) : NO_VALUE;                             \
    }                                                                                               \
    static Value name##_ns(Thread *t, Value *args) {                                                \
        struct timespec s;                                                                          \
        return read_clock(t, id, &s) ? nanoseconds_of(t, &s) : NO_VALUE;                            \
    }
CLOCK(time, CLOCK_REALTIME)
CLOCK(monotonic, CLOCK_MONOTONIC)
CLOCK(process_time, CLOCK_PROCESS_CPUTIME_ID)
CLOCK(thread_time, CLOCK_THREAD_CPUTIME_ID)
#undef CLOCK

static Value clock_gettime_(Thread *t, Value *args) {
    int clock;
    struct timespec s;
    CHECK(as_c_int(t, args[0], &clock) && read_clock(t, clock, &s));
    return seconds_of(t, &s);
}
static Value clock_gettime_ns(Thread *t, Value *args) {
    int clock;
    struct timespec s;
    CHECK(as_c_int(t, args[0], &clock) && read_clock(t, clock, &s));
    return nanoseconds_of(t, &s);
}
static Value clock_getres_(Thread *t, Value *args) {
    int clock;
    struct timespec s;
    CHECK(as_c_int(t, args[0], &clock));
    return os_clock_getres(capabilities(t), clock, &s) < 0 ? os_error(t) : seconds_of(t, &s);
}

bool time_seconds(Thread *t, Value v, bool up, struct timespec *out) {
    if (is_float(v)) {
        double d = float_value(v);
        if (isnan(d)) {
            raise_value_error(t, "Invalid value NaN (not a number)");
            return false;
        }
        double whole = floor(d), rest = up ? ceil((d - whole) * 1e9) : floor((d - whole) * 1e9);
        if (!(fabs(whole) < 0x1p63)) {
            raise_overflow_error(t, "timestamp out of range for platform time_t");
            return false;
        }
        *out = (struct timespec){(time_t)whole + (rest >= 1e9), rest >= 1e9 ? 0 : (long)rest};
        return true;
    }
    Value index = index_of(t, v);
    int64_t seconds;
    if (absent(index))
        return false;
    if (!int_to_i64(index, &seconds)) {
        raise_overflow_error(t, "timestamp out of range for platform time_t");
        return false;
    }
    *out = (struct timespec){seconds, 0};
    return true;
}

static Value clock_settime_(Thread *t, Value *args) {
    int clock;
    struct timespec s;
    CHECK(as_c_int(t, args[0], &clock) && time_seconds(t, args[1], false, &s));
    return os_clock_settime(capabilities(t), clock, &s) < 0 ? os_error(t) : NONE;
}
static Value clock_settime_ns(Thread *t, Value *args) {
    int clock;
    int64_t ns;
    if (!is_int(args[1]))
        return raise_type_error(t, "'%T' object cannot be interpreted as an integer", args[1]);
    CHECK(as_c_int(t, args[0], &clock) && as_c_long(t, args[1], &ns));
    int64_t rest = ns % 1000000000;
    struct timespec s = {ns / 1000000000 - (rest < 0), rest < 0 ? rest + 1000000000 : rest};
    return os_clock_settime(capabilities(t), clock, &s) < 0 ? os_error(t) : NONE;
}

static Value pthread_getcpuclockid_(Thread *t, Value *args) {
    uint64_t thread;
    clockid_t clock;
    Value index = TRY(index_of(t, args[0]));
    if (!int_to_u64(index, &thread))
        return raise_overflow_error(t, "int too large to convert");
    int error = os_pthread_getcpuclockid(capabilities(t), (pthread_t)thread, &clock);
    if (error) {
        errno = error > 0 ? error : errno;
        return os_error(t);
    }
    return int_from(t, clock);
}

/* Until a point of the monotonic clock: an interrupted sleep goes on where it was. */
static Value sleep_(Thread *t, Value *args) {
    struct timespec length, deadline;
    CHECK(audit(t, "time.sleep", 1, args[0]));
    if (is_float(args[0]) && !isnan(float_value(args[0])) && fabs(float_value(args[0])) >= 9223372036.0)
        return raise_overflow_error(t, "timestamp too large to convert to C PyTime_t");
    if (!is_float(args[0]) && !is_int(args[0]) && absent(type_lookup(type_of(args[0]), names.__index__)))
        return raise_type_error(t, "'%T' object cannot be interpreted as an integer or float", args[0]);
    CHECK(time_seconds(t, args[0], true, &length));
    if (length.tv_sec < 0)
        return raise_value_error(t, "sleep length must be non-negative");
    if (length.tv_sec > INT64_MAX / 1000000000)
        return raise_overflow_error(t, "timestamp too large to convert to C PyTime_t");
    CHECK(read_clock(t, CLOCK_MONOTONIC, &deadline));
    deadline.tv_sec += length.tv_sec;
    deadline.tv_nsec += length.tv_nsec;
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_nsec -= 1000000000;
        deadline.tv_sec++;
    }
    for (;;) {
        blocking_begin(t);
        int error = os_clock_nanosleep(capabilities(t), CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, NULL);
        int number = errno;
        blocking_end(t);
        if (error == 0)
            return safepoint(t) ? NONE : NO_VALUE;
        errno = error > 0 ? error : number;
        if (errno != EINTR)
            return os_error(t);
        CHECK(safepoint(t));
    }
}

static Value get_clock_info(Thread *t, Value *args) {
    static const struct {
        const char *name, *implementation;
        clockid_t clock;
        bool monotonic, adjustable;
    } clocks[] = {
        {"time", "clock_gettime(CLOCK_REALTIME)", CLOCK_REALTIME, false, true},
        {"monotonic", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
        {"perf_counter", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
        {"process_time", "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", CLOCK_PROCESS_CPUTIME_ID, true, false},
        {"thread_time", "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", CLOCK_THREAD_CPUTIME_ID, true, false},
    };
    if (!is_str(args[0]))
        return raise_type_error(t, "get_clock_info() argument 1 must be str, not %Y", args[0]);
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        if (!str_equal_text(args[0], clocks[i].name))
            continue;
        struct timespec s;
        if (os_clock_getres(capabilities(t), clocks[i].clock, &s) < 0)
            return os_error(t);
        Value fields = TRY(dict_new(t)), text = TRY(str_from_text(t, clocks[i].implementation));
        Value resolution = TRY(seconds_of(t, &s));
        CHECK(dict_set_text(t, fields, "implementation", text) &&
              dict_set_text(t, fields, "monotonic", from_bool(clocks[i].monotonic)) &&
              dict_set_text(t, fields, "adjustable", from_bool(clocks[i].adjustable)) &&
              dict_set_text(t, fields, "resolution", resolution));
        /* sys.implementation is a SimpleNamespace */
        Value example = TRY(get_attribute_text(t, t->isolate->sys_module, "implementation"));
        return call_tuple(t, from_object(type_of(example)), empty_tuple, fields);
    }
    return raise_value_error(t, "unknown clock");
}

static const NativeDef functions[] = {
    {"time()", time_, "Seconds since the epoch, as a float."},
    {"time_ns()", time_ns, "Nanoseconds since the epoch."},
    {"monotonic()", monotonic_, "A clock that cannot go backwards."},
    {"monotonic_ns()", monotonic_ns, "A clock that cannot go backwards, in nanoseconds."},
    {"perf_counter()", monotonic_, "The clock for measuring short times."},
    {"perf_counter_ns()", monotonic_ns, "The clock for measuring short times, in nanoseconds."},
    {"process_time()", process_time_, "Processor time of this process."},
    {"process_time_ns()", process_time_ns, "Processor time of this process in nanoseconds."},
    {"thread_time()", thread_time_, "Processor time of this thread."},
    {"thread_time_ns()", thread_time_ns, "Processor time of this thread in nanoseconds."},
    {"clock_gettime(clk_id, /)", clock_gettime_, "The time of a clock, in seconds."},
    {"clock_gettime_ns(clk_id, /)", clock_gettime_ns, "The time of a clock, in nanoseconds."},
    {"clock_settime(clk_id, time, /)", clock_settime_, "Sets a clock, in seconds.", NATIVE_NO_SIGNATURE},
    {"clock_settime_ns(clk_id, time, /)", clock_settime_ns, "Sets a clock, in nanoseconds.", NATIVE_NO_SIGNATURE},
    {"clock_getres(clk_id, /)", clock_getres_, "The resolution of a clock, in seconds.", NATIVE_NO_SIGNATURE},
    {"pthread_getcpuclockid(thread_id, /)", pthread_getcpuclockid_, "The processor-time clock of a thread.",
     NATIVE_NO_SIGNATURE},
    {"sleep(object, /)", sleep_, "Waits for that many seconds."},
    {"get_clock_info(name, /)", get_clock_info, "What is known of a clock.", NATIVE_NO_SIGNATURE | NATIVE_COUNTS_ARGUMENTS},
    {NULL, NULL, NULL, 0},
};

static bool init(Thread *t, Value module) {
    static const struct {
        const char *name;
        clockid_t id;
    } ids[] = {
        {"CLOCK_REALTIME", CLOCK_REALTIME},
        {"CLOCK_MONOTONIC", CLOCK_MONOTONIC},
        {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
        {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID},
        {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID},
        {"CLOCK_BOOTTIME", CLOCK_BOOTTIME},
        {"CLOCK_TAI", CLOCK_TAI},
    };
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (!module_add_int(t, module, ids[i].name, ids[i].id))
            return false;
    Value module_name = str_intern_text(t, "time");
    for (const NativeDef *def = time_calendar_functions; present(module_name) && def->signature; def++) {
        Value name = native_name(t, def);
        Value function = absent(name) ? name : native_function_new(t, def, module, module_name);
        if (absent(function) || !dict_set(t, module_dict(module), name, function))
            return false;
    }
    return time_add_struct(t, module) && time_add_zone(t, module);
}

NATIVE_MODULE(time) = {
    .name = "time",
    .doc = "Clocks, waiting, and times of the calendar.",
    .functions = functions,
    .init = init,
};
