/* posix: the module object: its parts put together, its struct sequence types, the environment.
 *
 * Threads: initialised once per isolate; setenv and unsetenv are serialised by a mutex of the process, since the C
 * library's environment is one.
 */
#include "modules/posix/posix.h"

#include "types/bytes.h"
#include "types/descriptors.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"

static const StructSequenceField stat_fields[] = {
    {"st_mode", "protection bits"},
    {"st_ino", "inode"},
    {"st_dev", "device"},
    {"st_nlink", "number of hard links"},
    {"st_uid", "user ID of owner"},
    {"st_gid", "group ID of owner"},
    {"st_size", "total size, in bytes"},
    {"unnamed field", "integer time of last access"},
    {"unnamed field", "integer time of last modification"},
    {"unnamed field", "integer time of last change"},
    {"st_atime", "time of last access"},
    {"st_mtime", "time of last modification"},
    {"st_ctime", "time of last change"},
    {"st_atime_ns", "time of last access in nanoseconds"},
    {"st_mtime_ns", "time of last modification in nanoseconds"},
    {"st_ctime_ns", "time of last change in nanoseconds"},
    {"st_blksize", "blocksize for filesystem I/O"},
    {"st_blocks", "number of blocks allocated"},
    {"st_rdev", "device type (if inode device)"},
    {NULL, NULL},
};
static const StructSequenceField statvfs_fields[] = {
    {"f_bsize", NULL},  {"f_frsize", NULL}, {"f_blocks", NULL}, {"f_bfree", NULL},   {"f_bavail", NULL},
    {"f_files", NULL},  {"f_ffree", NULL},  {"f_favail", NULL}, {"f_flag", NULL},    {"f_namemax", NULL},
    {"f_fsid", NULL},   {NULL, NULL},
};
static const StructSequenceField terminal_size_fields[] = {
    {"columns", "width of the terminal window in characters"},
    {"lines", "height of the terminal window in characters"},
    {NULL, NULL},
};
static const StructSequenceField times_fields[] = {
    {"user", "user time"},
    {"system", "system time"},
    {"children_user", "user time of children"},
    {"children_system", "system time of children"},
    {"elapsed", "elapsed time since an arbitrary point in the past"},
    {NULL, NULL},
};
static const StructSequenceField uname_fields[] = {
    {"sysname", "operating system name"},
    {"nodename", "name of machine on network (implementation-defined)"},
    {"release", "operating system release"},
    {"version", "operating system version"},
    {"machine", "hardware identifier"},
    {NULL, NULL},
};
static const StructSequenceField sched_param_fields[] = {
    {"sched_priority", "the scheduling priority"},
    {NULL, NULL},
};
static const StructSequenceField waitid_fields[] = {
    {"si_pid", NULL}, {"si_uid", NULL}, {"si_signo", NULL}, {"si_status", NULL}, {"si_code", NULL}, {NULL, NULL},
};
static const StructSequenceField rusage_fields[] = {
    {"ru_utime", "user time used"},          {"ru_stime", "system time used"},
    {"ru_maxrss", "max. resident set size"}, {"ru_ixrss", "shared memory size"},
    {"ru_idrss", "unshared data size"},      {"ru_isrss", "unshared stack size"},
    {"ru_minflt", "page faults not requiring I/O"},
    {"ru_majflt", "page faults requiring I/O"},
    {"ru_nswap", "number of swap outs"},     {"ru_inblock", "block input operations"},
    {"ru_oublock", "block output operations"},
    {"ru_msgsnd", "IPC messages sent"},      {"ru_msgrcv", "IPC messages received"},
    {"ru_nsignals", "signals received"},     {"ru_nvcsw", "voluntary context switches"},
    {"ru_nivcsw", "involuntary context switches"},
    {NULL, NULL},
};

static const struct {
    const char *name, *attribute; /* attribute NULL: not part of the module */
    const StructSequenceField *fields;
    size_t visible;
} types[POSIX_TYPE_COUNT] = {
    [POSIX_STAT_RESULT] = {"os.stat_result", "stat_result", stat_fields, 10},
    [POSIX_STATVFS_RESULT] = {"os.statvfs_result", "statvfs_result", statvfs_fields, 10},
    [POSIX_TERMINAL_SIZE] = {"os.terminal_size", "terminal_size", terminal_size_fields, 2},
    [POSIX_TIMES_RESULT] = {"posix.times_result", "times_result", times_fields, 5},
    [POSIX_UNAME_RESULT] = {"posix.uname_result", "uname_result", uname_fields, 5},
    [POSIX_SCHED_PARAM] = {"posix.sched_param", "sched_param", sched_param_fields, 1},
    [POSIX_WAITID_RESULT] = {"posix.waitid_result", "waitid_result", waitid_fields, 5},
    [POSIX_RUSAGE] = {"resource.struct_rusage", NULL, rusage_fields, 16},
};

/* Unlike other struct sequences this one is made from its field, and may hold anything. */
static Value sched_param_new(Thread *t, Value *args) { return struct_sequence_new(t, as_type(args[0]), args + 1); }

static Value sched_param_reduce(Thread *t, Value *args) {
    return tuple_pack(t, 2, from_object(type_of(args[0])), TRY(tuple_pack(t, 1, tuple_get(args[0], 0))));
}

static const NativeDef sched_param_methods[] = {
    {"__new__(type, sched_priority)", sched_param_new, "Create and return a new object.  See help(type) for accurate signature."},
    {"__reduce__(self, /)", sched_param_reduce, NULL},
    {NULL},
};

static bool add_types(Thread *t, Value module) {
    Value made = t->isolate->slots[ISOLATE_POSIX]; /* a second module object shares the first one's */
    bool first = absent(made);
    if (first)
        made = tuple_new(t, POSIX_TYPE_COUNT);
    if (absent(made))
        return false;
    isolate_keep(t, ISOLATE_POSIX, made);
    for (int i = 0; i < POSIX_TYPE_COUNT; i++) {
        Value type = !first ? tuple_get(made, (size_t)i)
                            : struct_sequence_type(t, types[i].name, types[i].name, types[i].fields, types[i].visible);
        if (absent(type) || (first && i == POSIX_SCHED_PARAM && !type_add_methods(t, as_type(type), sched_param_methods)))
            return false;
        store(as_object(made), &as_tuple(made)->items[i], type);
        if (types[i].attribute && !module_add(t, module, types[i].attribute, type))
            return false;
    }
    return module_add_type(t, module, &dir_entry_type);
}

/* The environment as a dict of bytes; of a name that is there twice the first counts. */
static Value environment(Thread *t) {
    Value dict = TRY(dict_new(t));
    char **all = os_environment(capabilities(t));
    for (; all && *all; all++) {
        const char *equals = strchr(*all, '=');
        if (equals == NULL)
            continue;
        Value name = TRY(bytes_new(t, *all, (size_t)(equals - *all)));
        Value value = TRY(bytes_new(t, equals + 1, strlen(equals + 1)));
        TRY(dict_setdefault(t, dict, name, value));
    }
    return dict;
}
static Value create_environ(Thread *t, Value *args) { return environment(t); }

static Mutex environment_mutex;

static Value putenv_(Thread *t, Value *args) {
    Path name = PATH("putenv"), value = PATH("putenv");
    CHECK(path_convert(t, args[0], &name) && path_convert(t, args[1], &value));
    CHECK(!audited(t) || audit(t, "os.putenv", 2, bytes_new(t, name.name, name.length), bytes_new(t, value.name, value.length)));
    if (name.length == 0 || memchr(name.name, '=', name.length))
        return raise_value_error(t, "illegal environment variable name");
    mutex_lock(&environment_mutex);
    int result = os_setenv(capabilities(t), name.name, value.name, 1);
    mutex_unlock(&environment_mutex);
    return none_or_error(t, result);
}

static Value unsetenv_(Thread *t, Value *args) {
    Path name = PATH("unsetenv");
    CHECK(path_convert(t, args[0], &name));
    CHECK(!audited(t) || audit(t, "os.unsetenv", 1, bytes_new(t, name.name, name.length)));
    mutex_lock(&environment_mutex);
    int result = os_unsetenv(capabilities(t), name.name);
    mutex_unlock(&environment_mutex);
    return none_or_error(t, result);
}

static const NativeDef environment_functions[] = {
    {"_create_environ()", create_environ, "The environment of the process as a new dict of bytes."},
    {"putenv(name, value, /)", putenv_, "Sets an environment variable."},
    {"unsetenv(name, /)", unsetenv_, "Removes an environment variable."},
    {NULL, NULL, NULL, 0},
};

/* What os.py asks to know which functions take descriptors, dir_fd and so on. */
static const char *const have_functions[] = {
    "HAVE_EVENTFD", "HAVE_TIMERFD_CREATE", "HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FCHMODAT", "HAVE_FCHOWN",
    "HAVE_FCHOWNAT", "HAVE_FEXECVE", "HAVE_FDOPENDIR", "HAVE_FPATHCONF", "HAVE_FSTATAT", "HAVE_FSTATVFS",
    "HAVE_FTRUNCATE", "HAVE_FUTIMENS", "HAVE_FUTIMES", "HAVE_FUTIMESAT", "HAVE_LINKAT", "HAVE_LCHOWN", "HAVE_LSTAT",
    "HAVE_LUTIMES", "HAVE_MEMFD_CREATE", "HAVE_MKDIRAT", "HAVE_MKFIFOAT", "HAVE_MKNODAT", "HAVE_OPENAT",
    "HAVE_READLINKAT", "HAVE_RENAMEAT", "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT", "HAVE_PTSNAME_R",
};

static bool add_have_functions(Thread *t, Value module) {
    Value list = list_new(t, 0);
    for (size_t i = 0; present(list) && i < sizeof have_functions / sizeof *have_functions; i++) {
        Value name = str_intern_text(t, have_functions[i]);
        if (absent(name) || !list_append(t, list, name))
            return false;
    }
    return module_add(t, module, "_have_functions", list);
}

static bool add_functions(Thread *t, Value module, const NativeDef *table) {
    Value module_name = str_intern_text(t, "posix");
    for (; present(module_name) && table->signature; table++) {
        Value name = native_name(t, table);
        Value function = absent(name) ? name : native_function_new(t, table, module, module_name);
        if (absent(function) || !dict_set(t, module_dict(module), name, function))
            return false;
    }
    return present(module_name);
}

static bool init(Thread *t, Value module) {
    const NativeDef *const tables[] = {
        posix_status_functions,  posix_directory_functions, posix_name_functions,     posix_descriptor_functions,
        posix_path_functions,    posix_system_functions,    posix_identity_functions, posix_process_functions,
        posix_spawn_functions,   posix_terminal_functions,  posix_attribute_functions, posix_scheduler_functions,
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (!add_functions(t, module, tables[i]))
            return false;
    Value environ = environment(t);
    return present(environ) && module_add(t, module, "environ", environ) && add_types(t, module) &&
           add_have_functions(t, module) && posix_add_constants(t, module) && posix_add_names(t, module) &&
           module_add(t, module, "error", from_object(&OSError_type));
}

NATIVE_MODULE(posix) = {
    .name = "posix",
    .doc = "The operating system's functions under their own names; use os instead.",
    .functions = environment_functions,
    .init = init,
};
