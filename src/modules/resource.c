/* resource: limits of the process and what it has used.
 *
 * Threads: no state.
 */
#include "modules/posix/posix.h"
#include "object/audit.h"
#include "object/operators.h"
#include "types/int/int.h"
#include "types/list.h"

static bool read_resource(Thread *t, Value v, int *out) {
    int64_t n;
    if (!index_as_ssize(t, v, &n, false, &OverflowError_type))
        return false;
    *out = (int)n;
    if (n >= 0 && n < RLIM_NLIMITS)
        return true;
    raise_value_error(t, "invalid resource specified");
    return false;
}

/* No limit is written as -1. */
static bool read_limit(Thread *t, Value v, rlim_t *out) {
    Value n = index_of(t, v);
    if (absent(n))
        return false;
    int64_t as_signed;
    uint64_t as_unsigned;
    if (int_to_u64(n, &as_unsigned))
        *out = as_unsigned;
    else if (int_to_i64(n, &as_signed) && as_signed == -1)
        *out = RLIM_INFINITY;
    else if (int_sign(n) < 0)
        raise_value_error(t, "Cannot convert negative int");
    else
        raise_overflow_error(t, "Python int too large to convert to C rlim_t");
    return !error_pending(t);
}

static bool read_limits(Thread *t, Value v, struct rlimit *out) {
    Value pair = list_from_iterable(t, v);
    if (absent(pair))
        return false;
    if (list_length(pair) != 2) {
        raise_value_error(t, "expected a tuple of 2 integers");
        return false;
    }
    return read_limit(t, list_get(pair, 0), &out->rlim_cur) && read_limit(t, list_get(pair, 1), &out->rlim_max);
}

static Value limit_value(Thread *t, rlim_t limit) { return limit == RLIM_INFINITY ? small_int(-1) : int_from_unsigned(t, limit); }
static Value limits_value(Thread *t, const struct rlimit *l) {
    Value current = TRY(limit_value(t, l->rlim_cur)), maximum = TRY(limit_value(t, l->rlim_max));
    return tuple_pack(t, 2, current, maximum);
}

static Value raise_limit_error(Thread *t) {
    if (errno == EINVAL)
        return raise_value_error(t, "current limit exceeds maximum limit");
    if (errno == EPERM)
        return raise_value_error(t, "not allowed to raise maximum limit");
    return os_error(t);
}

static Value getrlimit_(Thread *t, Value *args) {
    int which;
    struct rlimit limits;
    CHECK(read_resource(t, args[0], &which));
    return os_getrlimit(capabilities(t), which, &limits) < 0 ? os_error(t) : limits_value(t, &limits);
}

static Value setrlimit_(Thread *t, Value *args) {
    int which;
    struct rlimit limits;
    CHECK(read_resource(t, args[0], &which) && read_limits(t, args[1], &limits));
    CHECK(audit(t, "resource.setrlimit", 2, args[0], args[1]));
    return os_setrlimit(capabilities(t), which, &limits) < 0 ? raise_limit_error(t) : NONE;
}

static Value prlimit_(Thread *t, Value *args) {
    int which;
    int64_t pid;
    struct rlimit limits, before;
    bool change = !is_none(args[2]);
    CHECK(index_as_ssize(t, args[0], &pid, false, &OverflowError_type) && read_resource(t, args[1], &which));
    if (change)
        CHECK(read_limits(t, args[2], &limits));
    CHECK(audit(t, "resource.prlimit", 3, args[0], args[1], args[2]));
    if (os_prlimit(capabilities(t), (pid_t)pid, which, change ? &limits : NULL, &before) < 0)
        return errno == EINVAL ? raise_limit_error(t) : os_error(t);
    return limits_value(t, &before);
}

static Value getrusage_(Thread *t, Value *args) {
    int64_t who;
    struct rusage used;
    CHECK(index_as_ssize(t, args[0], &who, false, &OverflowError_type));
    if (os_getrusage(capabilities(t), (int)who, &used) < 0)
        return errno == EINVAL ? raise_value_error(t, "invalid who parameter") : os_error(t);
    return posix_rusage(t, &used);
}

static Value getpagesize_(Thread *t, Value *args) { return small_int(sysconf(_SC_PAGESIZE)); }

static const NativeDef functions[] = {
    {"getpagesize()", getpagesize_, NULL},
    {"getrlimit(resource, /)", getrlimit_, NULL},
    {"getrusage(who, /)", getrusage_, NULL},
    {"prlimit(pid, resource, limits=None, /)", prlimit_, NULL},
    {"setrlimit(resource, limits, /)", setrlimit_, NULL},
    {NULL},
};

static bool init(Thread *t, Value module) {
    static const struct {
        const char *name;
        int64_t value;
    } numbers[] = {
#define N(name) {#name, name}
        N(RLIMIT_AS), N(RLIMIT_CORE), N(RLIMIT_CPU), N(RLIMIT_DATA), N(RLIMIT_FSIZE), N(RLIMIT_MEMLOCK), N(RLIMIT_MSGQUEUE),
        N(RLIMIT_NICE), N(RLIMIT_NOFILE), N(RLIMIT_NPROC), N(RLIMIT_OFILE), N(RLIMIT_RSS), N(RLIMIT_RTPRIO), N(RLIMIT_RTTIME),
        N(RLIMIT_SIGPENDING), N(RLIMIT_STACK), N(RUSAGE_CHILDREN), N(RUSAGE_SELF), N(RUSAGE_THREAD), {"RLIM_INFINITY", -1},
#undef N
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!module_add_int(t, module, numbers[i].name, numbers[i].value))
            return false;
    /* The type of its results is made with posix, which may not have been imported yet. */
    return present(import_module(t, "posix")) &&
           module_add(t, module, "struct_rusage", from_object(posix_type(t, POSIX_RUSAGE))) &&
           module_add(t, module, "error", from_object(&OSError_type));
}

NATIVE_MODULE(resource) = {.name = "resource", .functions = functions, .init = init};
