/* posix: other processes: fork, exec, wait, kill, system; what happens around a fork.
 *
 * Threads: fork leaves only the calling thread in the child; what the runtime does about the others is
 * process_after_fork's business (object/fork.h).
 */
#include "modules/open_writers.h"
#include "modules/posix/posix.h"

#include "modules/posix/strings.h"
#include "object/call.h"
#include "object/fork.h"
#include "object/operators.h"
#include "modules/import_lock.h"
#include "types/bytes.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "vm/eval.h"

#include <sys/pidfd.h>

static bool may_fork(Thread *t) {
    if (isolate_is_finalizing(t->isolate)) {
        raise_error(t, &PythonFinalizationError_type, "can't fork at interpreter shutdown");
        return false;
    }
    if (t->isolate->features.allow_fork)
        return true;
    raise_error(t, &RuntimeError_type, "fork not supported for isolated subinterpreters");
    return false;
}

/* After a fork in the parent. */
static bool warn_of_threads(Thread *t, const char *function, bool threaded) {
    return !threaded || warn(t, &DeprecationWarning_type, 1,
                             "This process (pid=%d) is multi-threaded, use of %s() may lead to deadlocks in the child.",
                             (int)getpid(), function);
}

static Value fork_(Thread *t, Value *args) {
    CHECK(may_fork(t) && audit(t, "os.fork", 0));
    CHECK(fork_run_hooks(t, FORK_BEFORE));
    import_lock_acquire(t);
    bool threaded = load_relaxed(&t->isolate->threads.count) > 0;
    pid_t pid = process_fork(t);
    int error = errno;
    import_lock_release(t);
    CHECK(fork_run_hooks(t, pid == 0 ? FORK_AFTER_IN_CHILD : FORK_AFTER_IN_PARENT));
    CHECK(pid <= 0 || warn_of_threads(t, "fork", threaded));
    errno = error;
    return pid < 0 ? os_error(t) : small_int(pid);
}

static Value forkpty_(Thread *t, Value *args) {
    int master = -1;
    CHECK(may_fork(t) && audit(t, "os.forkpty", 0));
    CHECK(fork_run_hooks(t, FORK_BEFORE));
    import_lock_acquire(t);
    bool threaded = load_relaxed(&t->isolate->threads.count) > 0;
    pid_t pid = process_forkpty(t, &master);
    int error = errno;
    import_lock_release(t);
    CHECK(fork_run_hooks(t, pid == 0 ? FORK_AFTER_IN_CHILD : FORK_AFTER_IN_PARENT));
    CHECK(pid <= 0 || warn_of_threads(t, "forkpty", threaded));
    errno = error;
    return pid < 0 ? os_error(t) : tuple_pack(t, 2, small_int(pid), small_int(master));
}

static Value register_at_fork(Thread *t, Value *args) {
    if (absent(args[0]) && absent(args[1]) && absent(args[2]))
        return raise_type_error(t, "At least one argument is required.");
    static const char *const what[] = {"before", "after_in_child", "after_in_parent"};
    for (int i = 0; i < 3; i++)
        if (present(args[i]) && !is_callable(args[i]))
            return raise_type_error(t, "'%s' must be callable, not %T", what[i], args[i]);
    static const ForkMoment moments[] = {FORK_BEFORE, FORK_AFTER_IN_CHILD, FORK_AFTER_IN_PARENT};
    for (int i = 0; i < 3; i++)
        if (present(args[i]))
            CHECK(fork_add_hook(t, moments[i], args[i]));
    return NONE;
}

/* exec */

static Value exec_(Thread *t, const Path *path, Value argv_value, Value env_value, const char *function) {
    if (!t->isolate->features.allow_exec)
        return raise_error(t, &RuntimeError_type, "exec not supported for isolated subinterpreters");
    if (!is_list(argv_value) && !is_tuple(argv_value))
        return raise_type_error(t, "%s: argv must be a tuple or list", function);
    if (length_of(t, argv_value) < 1)
        return raise_value_error(t, "%s() arg 2 must not be empty", function);
    Strings argv = {0}, envp = {0};
    Value v = NO_VALUE;
    if (!strings_from_sequence(t, argv_value, &argv))
        goto done;
    if (argv.count && argv.items[0][0] == 0) {
        raise_value_error(t, "%s() arg 2 first element cannot be empty", function);
        goto done;
    }
    if (present(env_value) && !strings_from_mapping(t, env_value, &envp))
        goto done;
    if (!audit(t, "os.exec", 3, path->object, argv_value, env_value))
        goto done;
    char **environment = present(env_value) ? envp.items : os_environment(capabilities(t));
    if (path->name)
        os_execve(capabilities(t), path->name, argv.items, environment);
    else
        os_fexecve(capabilities(t), path->fd, argv.items, environment);
    v = os_error_path(t, path->object);
done:
    strings_free(&argv);
    strings_free(&envp);
    return v;
}

static Value execv_(Thread *t, Value *args) {
    Path path = PATH("execv");
    CHECK(path_convert(t, args[0], &path));
    return exec_(t, &path, args[1], NO_VALUE, "execv");
}
static Value execve_(Thread *t, Value *args) {
    Path path = PATH("execve");
    path.allow_fd = true;
    CHECK(path_convert(t, args[0], &path));
    if (absent(type_lookup(type_of(args[2]), names.__getitem__)))
        return raise_type_error(t, "execve: environment must be a mapping object");
    return exec_(t, &path, args[1], args[2], "execve");
}

/* wait */

Value posix_rusage(Thread *t, const struct rusage *r) {
    const long counts[] = {r->ru_maxrss, r->ru_ixrss,  r->ru_idrss,  r->ru_isrss,  r->ru_minflt, r->ru_majflt, r->ru_nswap,
                           r->ru_inblock, r->ru_oublock, r->ru_msgsnd, r->ru_msgrcv, r->ru_nsignals, r->ru_nvcsw,
                           r->ru_nivcsw};
    Value items[16];
    items[0] = TRY(float_from_double(t, (double)r->ru_utime.tv_sec + (double)r->ru_utime.tv_usec * 1e-6));
    items[1] = TRY(float_from_double(t, (double)r->ru_stime.tv_sec + (double)r->ru_stime.tv_usec * 1e-6));
    for (int i = 0; i < 14; i++)
        items[2 + i] = TRY(int_from(t, counts[i]));
    return struct_sequence_new(t, posix_type(t, POSIX_RUSAGE), items);
}

static Value wait_for(Thread *t, pid_t pid, int options, bool usage) {
    int status = 0;
    struct rusage r = {0};
    pid_t found = (pid_t)OS_BLOCKING(t, os_wait4(capabilities(t), pid, &status, options, &r));
    if (found < 0)
        return os_error(t);
    if (!usage)
        return tuple_pack(t, 2, small_int(found), small_int(status));
    Value used = TRY(posix_rusage(t, &r));
    return tuple_pack(t, 3, small_int(found), small_int(status), used);
}

static Value waitpid_(Thread *t, Value *args) {
    int pid, options;
    CHECK(as_c_int(t, args[0], &pid) && as_c_int(t, args[1], &options));
    return wait_for(t, pid, options, false);
}
static Value wait_(Thread *t, Value *args) { return wait_for(t, -1, 0, false); }
static Value wait3_(Thread *t, Value *args) {
    int options;
    CHECK(as_c_int(t, args[0], &options));
    return wait_for(t, -1, options, true);
}
static Value wait4_(Thread *t, Value *args) {
    int pid, options;
    CHECK(as_c_int(t, args[0], &pid) && as_c_int(t, args[1], &options));
    return wait_for(t, pid, options, true);
}

static Value waitid_(Thread *t, Value *args) {
    int type, options;
    int64_t id;
    siginfo_t info = {0};
    CHECK(as_c_int(t, args[0], &type) && as_c_long(t, args[1], &id) && as_c_int(t, args[2], &options));
    if (OS_BLOCKING(t, os_waitid(capabilities(t), (idtype_t)type, (id_t)id, &info, options)) < 0)
        return os_error(t);
    if (info.si_pid == 0)
        return NONE;
    Value items[] = {small_int(info.si_pid), from_id(t, info.si_uid), small_int(info.si_signo),
                     small_int(info.si_status), small_int(info.si_code)};
    return struct_sequence_new(t, posix_type(t, POSIX_WAITID_RESULT), items);
}

static Value waitstatus_to_exitcode(Thread *t, Value *args) {
    int status;
    CHECK(as_c_int(t, args[0], &status));
    if (WIFEXITED(status))
        return small_int(WEXITSTATUS(status));
    if (WIFSIGNALED(status))
        return small_int(-WTERMSIG(status));
    if (WIFSTOPPED(status))
        return raise_value_error(t, "process stopped by delivery of signal %d", WSTOPSIG(status));
    return raise_value_error(t, "invalid wait status: %d", status);
}

#define STATUS_TEST(name)                                     \
    static Value name##_(Thread *t, Value *args) {            \
        int status;                                           \
        CHECK(as_c_int(t, args[0], &status));                 \
        return from_bool(name(status));                       \
    }
#define STATUS_NUMBER(name)                                   \
    static Value name##_(Thread *t, Value *args) {            \
        int status;                                           \
        CHECK(as_c_int(t, args[0], &status));                 \
        return small_int(name(status));                       \
    }
STATUS_TEST(WCOREDUMP)
STATUS_TEST(WIFCONTINUED)
STATUS_TEST(WIFSTOPPED)
STATUS_TEST(WIFSIGNALED)
STATUS_TEST(WIFEXITED)
STATUS_NUMBER(WEXITSTATUS)
STATUS_NUMBER(WTERMSIG)
STATUS_NUMBER(WSTOPSIG)
#undef STATUS_TEST
#undef STATUS_NUMBER

static Value kill_(Thread *t, Value *args) {
    int pid, number;
    CHECK(as_c_int(t, args[0], &pid) && as_c_int(t, args[1], &number));
    CHECK(audit(t, "os.kill", 2, args[0], args[1]));
    if (os_kill(capabilities(t), pid, number) < 0)
        return os_error(t);
    return safepoint(t) ? NONE : NO_VALUE;
}
static Value killpg_(Thread *t, Value *args) {
    int group, number;
    CHECK(as_c_int(t, args[0], &group) && as_c_int(t, args[1], &number));
    CHECK(audit(t, "os.killpg", 2, args[0], args[1]));
    if (os_killpg(capabilities(t), group, number) < 0)
        return os_error(t);
    return safepoint(t) ? NONE : NO_VALUE;
}

static Value system_(Thread *t, Value *args) {
    open_writers_settle_recent(t, vm_calls_directly(t, system_));
    Path command = PATH("system");
    command.argument = "command";
    CHECK(path_convert(t, args[0], &command));
    CHECK(!audited(t) || audit(t, "os.system", 1, bytes_new(t, command.name, command.length)));
    blocking_begin(t);
    int status = os_system(capabilities(t), command.name);
    blocking_end(t);
    return small_int(status);
}

static Value exit_(Thread *t, Value *args) {
    int status;
    CHECK(as_c_int(t, args[0], &status));
    if (!capability_check(capabilities(t), CAPABILITY_PROCESS))
        return os_error(t);
    _exit(status);
}
static Value abort_(Thread *t, Value *args) {
    if (!capability_check(capabilities(t), CAPABILITY_PROCESS))
        return os_error(t);
    abort();
}

static Value pidfd_open_(Thread *t, Value *args) {
    int pid, flags;
    CHECK(as_c_int(t, args[0], &pid) && as_c_int(t, args[1], &flags));
    if (!capability_check(capabilities(t), CAPABILITY_PROCESS))
        return os_error(t);
    int fd = pidfd_open(pid, (unsigned)flags);
    return fd < 0 ? os_error(t) : small_int(fd);
}

static Value setns_(Thread *t, Value *args) {
    int fd, type;
    CHECK(as_fd(t, args[0], &fd) && as_c_int(t, args[1], &type));
    return none_or_error(t, OS_BLOCKING(t, os_setns(capabilities(t), fd, type)));
}
static Value unshare_(Thread *t, Value *args) {
    int flags;
    CHECK(as_c_int(t, args[0], &flags));
    return none_or_error(t, OS_BLOCKING(t, os_unshare(capabilities(t), flags)));
}

const NativeDef posix_process_functions[] = {
    {"fork()", fork_, "Makes a child process; 0 in the child, its id in the parent."},
    {"forkpty()", forkpty_, "fork with a new pseudo-terminal in the child; (pid, descriptor)."},
    {"register_at_fork(*, before=<unrepresentable>, after_in_child=<unrepresentable>, after_in_parent=<unrepresentable>)",
     register_at_fork, "Has functions called around each fork."},
    {"execv(path, argv, /)", execv_, "Replaces this process by another program."},
    {"execve(path, argv, env)", execve_, "execv with an environment."},
    {"wait()", wait_, "Waits for any child; (pid, status)."},
    {"wait3(options)", wait3_, "Waits for any child; (pid, status, rusage)."},
    {"wait4(pid, options)", wait4_, "Waits for a child; (pid, status, rusage)."},
    {"waitpid(pid, options, /)", waitpid_, "Waits for a child; (pid, status)."},
    {"waitid(idtype, id, options, /)", waitid_, "Waits for a child's change; a waitid_result or None."},
    {"waitstatus_to_exitcode(status)", waitstatus_to_exitcode, "A wait status as an exit code; -signal if killed."},
    {"WCOREDUMP(status, /)", WCOREDUMP_, "Was a core dumped?"},
    {"WIFCONTINUED(status)", WIFCONTINUED_, "Was the process continued?"},
    {"WIFSTOPPED(status)", WIFSTOPPED_, "Was the process stopped?"},
    {"WIFSIGNALED(status)", WIFSIGNALED_, "Was the process killed by a signal?"},
    {"WIFEXITED(status)", WIFEXITED_, "Did the process exit?"},
    {"WEXITSTATUS(status)", WEXITSTATUS_, "The exit code."},
    {"WTERMSIG(status)", WTERMSIG_, "The signal that killed the process."},
    {"WSTOPSIG(status)", WSTOPSIG_, "The signal that stopped the process."},
    {"kill(pid, signal, /)", kill_, "Sends a signal to a process."},
    {"killpg(pgid, signal, /)", killpg_, "Sends a signal to a process group."},
    {"system(command)", system_, "Runs a command in a shell; gives its wait status."},
    {"_exit(status)", exit_, "Ends the process at once."},
    {"abort()", abort_, "Ends the process with SIGABRT."},
    {"pidfd_open(pid, flags=0)", pidfd_open_, "A descriptor for a process."},
    {"setns(fd, nstype=0)", setns_, "Moves into another namespace."},
    {"unshare(flags)", unshare_, "Gives this process namespaces of its own."},
    {NULL, NULL, NULL, 0},
};
