/* posix: the machine and its configuration: uname, sysconf, load, random numbers, devices.
 *
 * Threads: no state.
 */
#include "modules/config.h"
#include "modules/posix/configuration_tables.h"
#include "modules/posix/posix.h"

#include "object/operators.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/str/str.h"

#include <limits.h>
#include <sys/sysmacros.h>

static Value uname_(Thread *t, Value *args) {
    struct utsname u;
    if (os_uname(capabilities(t), &u) < 0)
        return os_error(t);
    const char *const texts[] = {u.sysname, u.nodename, u.release, u.version, u.machine};
    Value items[5];
    for (int i = 0; i < 5; i++)
        items[i] = TRY(str_decode_filesystem(t, texts[i], strlen(texts[i])));
    return struct_sequence_new(t, posix_type(t, POSIX_UNAME_RESULT), items);
}

/* A number, or a name from the table. */
static bool configuration_name(Thread *t, Value v, const ConfigurationName *table, int *out) {
    if (!is_str(v)) {
        if (is_int(v))
            return as_c_int(t, v, out);
        raise_type_error(t, "configuration names must be strings or integers");
        return false;
    }
    for (; table->name; table++)
        if (str_equal_text(v, table->name)) {
            *out = table->value;
            return true;
        }
    raise_value_error(t, "unrecognized configuration name");
    return false;
}

static Value number_or_error(Thread *t, long value, Value path) {
    if (value == -1 && errno)
        return os_error_path(t, path);
    return int_from(t, value);
}

static Value sysconf_(Thread *t, Value *args) {
    int name;
    CHECK(configuration_name(t, args[0], sysconf_names, &name));
    errno = 0;
    return number_or_error(t, os_sysconf(capabilities(t), name), NO_VALUE);
}

static Value confstr_(Thread *t, Value *args) {
    int name;
    CHECK(configuration_name(t, args[0], confstr_names, &name));
    char buffer[1024], *text = buffer;
    errno = 0;
    size_t size = os_confstr(capabilities(t), name, buffer, sizeof buffer);
    if (size == 0 || size == SIZE_MAX)
        return errno ? os_error(t) : NONE;
    if (size > sizeof buffer) {
        text = malloc(size);
        if (text == NULL)
            return raise_no_memory(t);
        os_confstr(capabilities(t), name, text, size);
    }
    Value v = str_decode_filesystem(t, text, size - 1);
    if (text != buffer)
        free(text);
    return v;
}

static Value pathconf_(Thread *t, Value *args) {
    Path path = PATH("pathconf");
    path.allow_fd = true;
    int name;
    CHECK(path_convert(t, args[0], &path) && configuration_name(t, args[1], pathconf_names, &name));
    errno = 0;
    long value = path.name ? os_pathconf(capabilities(t), path.name, name)
                           : os_fpathconf(capabilities(t), path.fd, name);
    return number_or_error(t, value, path.object);
}

static Value fpathconf_(Thread *t, Value *args) {
    int fd, name;
    CHECK(as_fd(t, args[0], &fd) && configuration_name(t, args[1], pathconf_names, &name));
    errno = 0;
    return number_or_error(t, os_fpathconf(capabilities(t), fd, name), NO_VALUE);
}

static bool add_table(Thread *t, Value module, const char *attribute, const ConfigurationName *table) {
    Value dict = dict_new(t);
    for (; present(dict) && table->name; table++)
        if (!dict_set_text(t, dict, table->name, small_int(table->value)))
            return false;
    return module_add(t, module, attribute, dict);
}

bool posix_add_names(Thread *t, Value module) {
    return add_table(t, module, "sysconf_names", sysconf_names) &&
           add_table(t, module, "confstr_names", confstr_names) &&
           add_table(t, module, "pathconf_names", pathconf_names);
}

static Value times_(Thread *t, Value *args) {
    struct tms s;
    clock_t elapsed = os_times(capabilities(t), &s);
    if (elapsed == (clock_t)-1)
        return os_error(t);
    double ticks = (double)sysconf(_SC_CLK_TCK);
    const clock_t parts[] = {s.tms_utime, s.tms_stime, s.tms_cutime, s.tms_cstime, elapsed};
    Value items[5];
    for (int i = 0; i < 5; i++)
        items[i] = TRY(float_from_double(t, (double)parts[i] / ticks));
    return struct_sequence_new(t, posix_type(t, POSIX_TIMES_RESULT), items);
}

static Value getloadavg_(Thread *t, Value *args) {
    double loads[3];
    if (os_getloadavg(capabilities(t), loads, 3) != 3)
        return raise_error(t, &OSError_type, "Load averages are unobtainable");
    Value items[3];
    for (int i = 0; i < 3; i++)
        items[i] = TRY(float_from_double(t, loads[i]));
    return tuple_from_values(t, items, 3);
}

static Value cpu_count_(Thread *t, Value *args) {
    long n = config(t)->cpu_count > 0 ? config(t)->cpu_count : os_sysconf(capabilities(t), _SC_NPROCESSORS_ONLN);
    return n >= 1 ? small_int(n) : NONE;
}

static Value random_bytes(Thread *t, int64_t size, unsigned flags, bool all) {
    Value v = TRY(bytes_new(t, NULL, (size_t)size));
    size_t done = 0;
    do {
        char *to = as_bytes(v)->data + done;
        long n = OS_BLOCKING(t, os_getrandom(capabilities(t), to, (size_t)size - done, flags));
        if (n < 0)
            return os_error(t);
        done += (size_t)n;
    } while (all && done < (size_t)size);
    return done == (size_t)size ? v : bytes_new(t, as_bytes(v)->data, done);
}

static Value urandom_(Thread *t, Value *args) {
    int64_t size;
    CHECK(index_as_ssize(t, args[0], &size, false, NULL));
    if (size < 0)
        return raise_value_error(t, "negative argument not allowed");
    return random_bytes(t, size, 0, true);
}

static Value getrandom_(Thread *t, Value *args) {
    int64_t size;
    int flags;
    CHECK(index_as_ssize(t, args[0], &size, false, NULL) && as_c_int(t, args[1], &flags));
    if (size < 0) {
        errno = EINVAL;
        return os_error(t);
    }
    return random_bytes(t, size, (unsigned)flags, false);
}

static Value strerror_(Thread *t, Value *args) {
    int code;
    CHECK(as_c_int(t, args[0], &code));
    char buffer[256];
    const char *text = strerror_r(code, buffer, sizeof buffer);
    return str_decode_filesystem(t, text, strlen(text));
}

static bool device_number(Thread *t, Value v, uint64_t *out) {
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    if (same(index, small_int(-1))) {
        *out = UINT64_MAX;
        return true;
    }
    if (int_to_u64(index, out))
        return true;
    raise_overflow_error(t, int_sign(index) < 0 ? "can't convert negative int to unsigned" : "int too big to convert");
    return false;
}

static Value major_(Thread *t, Value *args) {
    uint64_t device;
    CHECK(device_number(t, args[0], &device));
    return device == UINT64_MAX ? small_int(-1) : small_int(major(device));
}
static Value minor_(Thread *t, Value *args) {
    uint64_t device;
    CHECK(device_number(t, args[0], &device));
    return device == UINT64_MAX ? small_int(-1) : small_int(minor(device));
}
static Value makedev_(Thread *t, Value *args) {
    uint64_t high, low;
    CHECK(device_number(t, args[0], &high) && device_number(t, args[1], &low));
    if ((high > UINT32_MAX && high != UINT64_MAX) || (low > UINT32_MAX && low != UINT64_MAX))
        return raise_overflow_error(t, "Python int too large to convert to C unsigned int");
    if (high == UINT64_MAX && low == UINT64_MAX)
        return small_int(-1);
    return int_from_unsigned(t, makedev((unsigned)high, (unsigned)low));
}

static Value input_hook(Thread *t, Value *args) { return NONE; }
static Value no_input_hook(Thread *t, Value *args) { return FALSE; }

const NativeDef posix_system_functions[] = {
    {"uname()", uname_, "The operating system and the machine."},
    {"sysconf(name, /)", sysconf_, "A number of the system's configuration."},
    {"confstr(name, /)", confstr_, "A text of the system's configuration, or None."},
    {"pathconf(path, name)", pathconf_, "A configuration limit of a file."},
    {"fpathconf(fd, name, /)", fpathconf_, "A configuration limit of an open file."},
    {"times()", times_, "The times that this process and its children have used."},
    {"getloadavg()", getloadavg_, "The system's average load over 1, 5 and 15 minutes."},
    {"cpu_count()", cpu_count_, "The number of logical processors, or None."},
    {"urandom(size, /)", urandom_, "Random bytes fit for cryptography."},
    {"getrandom(size, flags=0)", getrandom_, "Random bytes; perhaps fewer than asked for."},
    {"strerror(code, /)", strerror_, "The message of an error number."},
    {"major(device, /)", major_, "The major number of a device."},
    {"minor(device, /)", minor_, "The minor number of a device."},
    {"makedev(major, minor, /)", makedev_, "A device number from its parts."},
    {"_inputhook()", input_hook, "Calls the input hook, of which there is none."},
    {"_is_inputhook_installed()", no_input_hook, "Is there an input hook?"},
    {NULL, NULL, NULL, 0},
};
