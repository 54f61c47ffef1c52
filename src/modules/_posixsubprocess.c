/* _posixsubprocess: fork and exec in one step, for subprocess.
 *
 * Between fork and exec the child uses only memory made before: everything is converted first. So it can be a vfork, which copies
 * nothing and returns when the program is executed: whoever has the number of the process sends signals to that program, not to
 * a copy of this one, whose handlers would swallow them. A preexec_fn is the exception, and as dangerous here as in CPython; the
 * C library's functions that change users and groups ask for a real copy as well.
 * Threads: the world is stopped around it (object/fork.h).
 */
#include "modules/open_writers.h"
#include "modules/os_support.h"
#include "modules/posix/strings.h"

#include "object/audit.h"
#include "object/call.h"
#include "object/fork.h"
#include "object/isolate.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "vm/eval.h"
#include "types/list.h"
#include "types/module.h"
#include "types/tuple.h"

#include <grp.h>
#include <stdio.h>
#include <sys/syscall.h>

typedef struct Child {
    Strings argv, envp, executables;
    bool has_env;
    const char *cwd;
    int *keep; /* descriptors that stay open, ascending, ended by -1 */
    bool close_fds, restore_signals, new_session;
    int pipes[6]; /* p2cread p2cwrite c2pread c2pwrite errread errwrite */
    int report_read, report_write;
    pid_t group;
    bool set_group, set_uid, set_groups;
    gid_t gid;
    uid_t uid;
    gid_t *groups;
    int group_count;
    int umask;
    Value preexec;
    Thread *thread;
    char **environment; /* that of this process */
} Child;

static void child_free(Child *c) {
    strings_free(&c->argv);
    strings_free(&c->envp);
    strings_free(&c->executables);
    free(c->keep);
    free(c->groups);
}

/* Conversion */

static bool keep_fds(Thread *t, Value fds, Child *c) {
    size_t n = tuple_length(fds);
    c->keep = malloc((n + 2) * sizeof *c->keep);
    if (c->keep == NULL) {
        raise_no_memory(t);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        int64_t fd;
        if (!is_int(tuple_get(fds, i)) || !int_to_i64(tuple_get(fds, i), &fd) || fd < 0 || fd > INT32_MAX ||
            (i && fd <= c->keep[i - 1])) {
            raise_value_error(t, "bad value(s) in fds_to_keep");
            return false;
        }
        c->keep[i] = (int)fd;
    }
    c->keep[n] = -1;
    return true;
}

static bool groups_argument(Thread *t, Value v, Child *c) {
    if (is_none(v))
        return true;
    if (!is_list(v)) {
        raise_type_error(t, "setgroups argument must be a sequence");
        return false;
    }
    size_t n = list_length(v);
    if (n > 65536) {
        raise_value_error(t, "too many extra_groups");
        return false;
    }
    c->groups = malloc((n + 1) * sizeof *c->groups);
    if (c->groups == NULL) {
        raise_no_memory(t);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (!is_int(list_get(v, i))) {
            raise_type_error(t, "extra_groups must be integers");
            return false;
        }
        if (!as_gid(t, list_get(v, i), &c->groups[i])) {
            if (error_catch(t, &OverflowError_type))
                raise_value_error(t, "invalid group id");
            return false;
        }
    }
    c->group_count = (int)n;
    c->set_groups = true;
    return true;
}

/* args: 0 args, 1 executable_list, 2 close_fds, 3 pass_fds, 4 cwd, 5 env, 6..11 pipes, 12 errpipe_read, 13
 * errpipe_write, 14 restore_signals, 15 call_setsid, 16 pgid_to_set, 17 gid, 18 extra_groups, 19 uid, 20
 * child_umask, 21 preexec_fn */
static bool convert(Thread *t, Value *args, Child *c, Path *cwd) {
    int group;
    if (!is_tuple(args[3])) {
        raise_type_error(t, "fork_exec() argument 4 must be tuple, not %Y", args[3]);
        return false;
    }
    for (int i = 0; i < 6; i++)
        if (!as_c_int(t, args[6 + i], &c->pipes[i]))
            return false;
    if (!as_bool(t, args[2], &c->close_fds) || !as_c_int(t, args[12], &c->report_read) ||
        !as_c_int(t, args[13], &c->report_write) || !as_bool(t, args[14], &c->restore_signals) ||
        !as_bool(t, args[15], &c->new_session) || !as_c_int(t, args[16], &group) || !as_c_int(t, args[20], &c->umask))
        return false;
    c->group = group;
    c->preexec = args[21];
    if (c->close_fds && c->report_write < 3) {
        raise_value_error(t, "errpipe_write must be >= 3");
        return false;
    }
    if (!keep_fds(t, args[3], c) || !strings_from_sequence(t, args[1], &c->executables))
        return false;
    if (!is_list(args[0]) && !is_tuple(args[0])) {
        raise_type_error(t, "expected a sequence for args");
        return false;
    }
    if (!strings_from_sequence(t, args[0], &c->argv))
        return false;
    c->has_env = !is_none(args[5]);
    if (c->has_env && !strings_from_sequence(t, args[5], &c->envp))
        return false;
    if (!is_none(args[4])) {
        if (!path_convert(t, args[4], cwd))
            return false;
        c->cwd = cwd->name;
    }
    if (!is_none(args[17])) {
        c->set_group = true;
        if (!as_gid(t, args[17], &c->gid))
            return false;
    }
    if (!groups_argument(t, args[18], c))
        return false;
    if (!is_none(args[19])) {
        c->set_uid = true;
        if (!as_uid(t, args[19], &c->uid))
            return false;
    }
    return true;
}

/* In the child: no allocation, only system calls. */

static void close_others(const int *keep) {
    int from = 3;
    for (; *keep >= 0; keep++) {
        if (*keep < from)
            continue;
        if (*keep > from)
            syscall(SYS_close_range, (unsigned)from, (unsigned)*keep - 1, 0);
        from = *keep + 1;
    }
    if (syscall(SYS_close_range, (unsigned)from, ~0u, 0) < 0)
        for (int fd = from; fd < 65536; fd++)
            close(fd);
}

static int inheritable(int fd, bool yes) {
    int flags = fcntl(fd, F_GETFD);
    if (flags < 0)
        return -1;
    return fcntl(fd, F_SETFD, yes ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC);
}

/* Puts a pipe's end where the standard stream belongs. */
static int place(int from, int to) {
    if (from < 0)
        return 0;
    return from == to ? inheritable(from, true) : dup2(from, to) < 0 ? -1 : 0;
}

static int set_up_streams(Child *c) {
    int input = c->pipes[0], output = c->pipes[3], errors = c->pipes[5];
    if (c->pipes[1] >= 0)
        close(c->pipes[1]);
    if (c->pipes[2] >= 0)
        close(c->pipes[2]);
    if (c->pipes[4] >= 0)
        close(c->pipes[4]);
    close(c->report_read);
    /* An end that stands where another is to go moves out of the way first. */
    if (output == 0 && (output = dup(output)) < 0)
        return -1;
    while (errors == 0 || errors == 1)
        if ((errors = dup(errors)) < 0)
            return -1;
    return place(input, 0) < 0 || place(output, 1) < 0 || place(errors, 2) < 0 ? -1 : 0;
}

static int become(Child *c) {
    if (c->new_session && setsid() < 0)
        return -1;
    if (c->group >= 0 && setpgid(0, c->group) < 0)
        return -1;
    if (c->set_groups && setgroups((size_t)c->group_count, c->groups) < 0)
        return -1;
    if (c->set_group && setregid(c->gid, c->gid) < 0)
        return -1;
    return c->set_uid && setreuid(c->uid, c->uid) < 0 ? -1 : 0;
}

/* Tells the parent, over the pipe: "OSError:<errno in hex>:<message>". */
static void report(int fd, int error, const char *message) {
    char text[64], digits[16];
    int n = 0;
    for (unsigned rest = (unsigned)error; rest; rest >>= 4)
        digits[n++] = "0123456789ABCDEF"[rest & 15];
    size_t length = 8;
    memcpy(text, "OSError:", length);
    while (n)
        text[length++] = digits[--n];
    text[length++] = ':';
    memcpy(text + length, message, strlen(message));
    if (write(fd, text, length + strlen(message)) < 0) { /* nobody is left to be told */
    }
}

static void report_preexec_failure(int fd) {
    static const char text[] = "SubprocessError:0:Exception occurred in preexec_fn.";
    if (write(fd, text, sizeof text - 1) < 0) { /* as above */
    }
}

static void execute(Child *c) {
    int saved = 0;
    for (size_t i = 0; i < c->executables.count; i++) {
        execve(c->executables.items[i], c->argv.items, c->has_env ? c->envp.items : c->environment);
        if (errno != ENOENT && errno != ENOTDIR && saved == 0)
            saved = errno;
    }
    if (saved)
        errno = saved;
}

static void run_child(void *context) {
    Child *c = context;
    const char *message = "";
    for (int *fd = c->keep; *fd >= 0; fd++)
        if (*fd != c->report_write && inheritable(*fd, true) < 0)
            goto failed;
    if (set_up_streams(c) < 0)
        goto failed;
    message = "noexec:chdir";
    if (c->cwd && chdir(c->cwd) < 0)
        goto failed;
    message = "noexec";
    if (c->umask >= 0)
        umask((mode_t)c->umask);
    if (c->restore_signals) {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGXFSZ, SIG_DFL);
    }
    if (become(c) < 0)
        goto failed;
    if (!is_none(c->preexec)) {
        if (absent(call_0(c->thread, c->preexec))) {
            report_preexec_failure(c->report_write);
            _exit(255);
        }
        c->environment = os_environment(capabilities(c->thread)); /* preexec_fn may have changed it */
    }
    if (c->close_fds)
        close_others(c->keep);
    message = "";
    execute(c);
failed:
    report(c->report_write, errno, message);
    _exit(255);
}

static pid_t start_child(Thread *t, Child *c) {
    bool hooks = !is_none(c->preexec);
    if (!hooks && !c->set_groups && !c->set_group && !c->set_uid)
        return process_vfork(t, run_child, c);
    pid_t pid = process_fork(t);
    if (pid == 0) {
        if (hooks)
            fork_run_hooks(t, FORK_AFTER_IN_CHILD);
        run_child(c);
    }
    return pid;
}

static Value fork_exec(Thread *t, Value *args) {
    open_writers_settle_recent(t, vm_calls_directly(t, fork_exec));
    Child c = {.group = -1};
    Path cwd = PATH("fork_exec");
    cwd.argument = "cwd";
    Value v = NO_VALUE;
    if (!capability_check(capabilities(t), CAPABILITY_PROCESS)) {
        os_error(t);
        goto done;
    }
    if (!convert(t, args, &c, &cwd))
        goto done;
    if (!audit(t, "_posixsubprocess.fork_exec", 3, args[1], args[0], args[5]))
        goto done;
    c.thread = t;
    c.environment = os_environment(capabilities(t));
    bool hooks = !is_none(c.preexec);
    if (hooks && isolate_is_finalizing(t->isolate)) {
        raise_error(t, &PythonFinalizationError_type, "preexec_fn not supported at interpreter shutdown");
        goto done;
    }
    if (hooks && t->isolate != isolate_main()) {
        raise_error(t, &RuntimeError_type, "preexec_fn not supported within subinterpreters");
        goto done;
    }
    if (hooks && !fork_run_hooks(t, FORK_BEFORE))
        goto done;
    pid_t pid = start_child(t, &c);
    int error = errno;
    if (hooks)
        fork_run_hooks(t, FORK_AFTER_IN_PARENT);
    errno = error;
    v = pid < 0 ? os_error(t) : small_int(pid);
done:
    child_free(&c);
    return v;
}

static const NativeDef functions[] = {
    {"fork_exec(args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, "
     "errwrite, errpipe_read, errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, "
     "child_umask, preexec_fn, /)",
     fork_exec, "Starts a program in a new process; gives its id. Errors of the child come over errpipe_write."},
    {NULL, NULL, NULL, 0},
};

NATIVE_MODULE(_posixsubprocess) = {
    .name = "_posixsubprocess",
    .doc = "The native part of subprocess.",
    .functions = functions,
};
