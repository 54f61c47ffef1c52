/* posix: scheduling policies and processor affinity.
 *
 * Threads: no state.
 */
#include "modules/posix/posix.h"

#include "object/operators.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/set/set.h"

static Value yield_(Thread *t, Value *args) {
    blocking_begin(t);
    sched_yield();
    blocking_end(t);
    return NONE;
}

static Value priority_limit(Thread *t, Value policy_value, int (*limit)(int)) {
    int policy;
    CHECK(as_c_int(t, policy_value, &policy));
    int value = limit(policy);
    return value < 0 ? os_error(t) : small_int(value);
}
static Value get_priority_max(Thread *t, Value *args) { return priority_limit(t, args[0], sched_get_priority_max); }
static Value get_priority_min(Thread *t, Value *args) { return priority_limit(t, args[0], sched_get_priority_min); }

static bool as_param(Thread *t, Value v, struct sched_param *out) {
    if (type_of(v) != posix_type(t, POSIX_SCHED_PARAM)) {
        raise_type_error(t, "must have a sched_param object");
        return false;
    }
    *out = (struct sched_param){0};
    return as_c_int(t, tuple_get(v, 0), &out->sched_priority);
}

static Value getscheduler(Thread *t, Value *args) {
    int pid;
    CHECK(as_c_int(t, args[0], &pid));
    int policy = os_sched_getscheduler(capabilities(t), pid);
    return policy < 0 ? os_error(t) : small_int(policy);
}
static Value setscheduler(Thread *t, Value *args) {
    int pid, policy;
    struct sched_param p;
    CHECK(as_c_int(t, args[0], &pid) && as_c_int(t, args[1], &policy) && as_param(t, args[2], &p));
    return none_or_error(t, os_sched_setscheduler(capabilities(t), pid, policy, &p));
}
static Value getparam(Thread *t, Value *args) {
    int pid;
    struct sched_param p;
    CHECK(as_c_int(t, args[0], &pid));
    if (os_sched_getparam(capabilities(t), pid, &p) < 0)
        return os_error(t);
    return struct_sequence_new(t, posix_type(t, POSIX_SCHED_PARAM), (Value[]){small_int(p.sched_priority)});
}
static Value setparam(Thread *t, Value *args) {
    int pid;
    struct sched_param p;
    CHECK(as_c_int(t, args[0], &pid) && as_param(t, args[1], &p));
    return none_or_error(t, os_sched_setparam(capabilities(t), pid, &p));
}
static Value rr_get_interval(Thread *t, Value *args) {
    int pid;
    struct timespec s;
    CHECK(as_c_int(t, args[0], &pid));
    if (os_sched_rr_get_interval(capabilities(t), pid, &s) < 0)
        return os_error(t);
    return float_from_double(t, (double)s.tv_sec + 1e-9 * (double)s.tv_nsec);
}

static Value getaffinity(Thread *t, Value *args) {
    int pid;
    cpu_set_t set;
    CHECK(as_c_int(t, args[0], &pid));
    if (os_sched_getaffinity(capabilities(t), pid, sizeof set, &set) < 0)
        return os_error(t);
    Value result = TRY(set_new(t));
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &set))
            CHECK(set_add(t, result, small_int(i)));
    return result;
}

static bool add_cpu(Thread *t, void *context, Value item) {
    if (!is_int(item)) {
        raise_type_error(t, "expected an iterator of ints, but iterator yielded %R", from_object(type_of(item)));
        return false;
    }
    int64_t cpu;
    if (int_sign(item) < 0) {
        raise_value_error(t, "negative CPU number");
        return false;
    }
    if (!int_to_i64(item, &cpu) || cpu > INT32_MAX - 1) {
        raise_overflow_error(t, "CPU number too large");
        return false;
    }
    if (cpu < CPU_SETSIZE) /* the system knows no higher ones */
        CPU_SET((int)cpu, (cpu_set_t *)context);
    return true;
}

static Value setaffinity(Thread *t, Value *args) {
    int pid;
    cpu_set_t set;
    CPU_ZERO(&set);
    CHECK(as_c_int(t, args[0], &pid) && iterate(t, args[1], add_cpu, &set));
    return none_or_error(t, os_sched_setaffinity(capabilities(t), pid, sizeof set, &set));
}

const NativeDef posix_scheduler_functions[] = {
    {"sched_yield()", yield_, "Lets others run."},
    {"sched_get_priority_max(policy)", get_priority_max, "The highest priority of a scheduling policy."},
    {"sched_get_priority_min(policy)", get_priority_min, "The lowest priority of a scheduling policy."},
    {"sched_getscheduler(pid, /)", getscheduler, "The scheduling policy of a process."},
    {"sched_setscheduler(pid, policy, param, /)", setscheduler, "Sets the scheduling policy of a process."},
    {"sched_getparam(pid, /)", getparam, "The scheduling parameters of a process."},
    {"sched_setparam(pid, param, /)", setparam, "Sets the scheduling parameters of a process."},
    {"sched_rr_get_interval(pid, /)", rr_get_interval, "The round-robin time slice of a process, in seconds."},
    {"sched_getaffinity(pid, /)", getaffinity, "The set of processors that a process may run on."},
    {"sched_setaffinity(pid, mask, /)", setaffinity, "Sets the processors that a process may run on."},
    {NULL, NULL, NULL, 0},
};
