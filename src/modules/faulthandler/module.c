/* faulthandler: the stacks of all threads when the process dies of a signal, gets one, or takes too long.
 *
 * Signals belong to the process and so does what they do here; the file objects that dumps go to are kept alive by the
 * isolate that named them. enable() and register() are for the process's first isolate in practice: a handler shows the
 * threads of the isolate that set it up last.
 * Threads: handlers run on any thread. The state that they read is set before they are, and cleared after.
 */
#include "modules/faulthandler/dump.h"

#include "base/lock.h"
#include "modules/os_support.h"
#include "object/call.h"
#include "object/isolate.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

typedef struct Fault {
    int signal;
    const char *name;
    bool set;
    struct sigaction previous;
} Fault;

typedef struct UserSignal {
    bool set, all_threads, chain;
    int fd;
    struct sigaction previous;
} UserSignal;

/* The process's own. */
static struct {
    Fault faults[5];
    bool enabled, all_threads, c_stack;
    int fd;
    Thread *main; /* whose heap's threads are shown */
    UserSignal user[NSIG];
    stack_t alternate;
} process_faults = {.faults = {{SIGBUS, "Bus error"},
                               {SIGILL, "Illegal instruction"},
                               {SIGFPE, "Floating-point exception"},
                               {SIGABRT, "Aborted"},
                               {SIGSEGV, "Segmentation fault"}}};
enum { FAULTS = 5 };

static void dump(int fd, bool all_threads) {
    Thread *current = thread_current(), *t = current ? current : process_faults.main;
    if (t == NULL)
        return;
    if (all_threads)
        dump_all_stacks(fd, t, current == NULL);
    else
        dump_stack(fd, t, current != NULL);
}

/* ---- signals of death ---- */

static void disable_fault(const Capabilities *c, Fault *f) {
    if (f->set)
        os_sigaction(c, f->signal, &f->previous, NULL);
    f->set = false;
}

static void on_fault(int signal) {
    int error = errno, fd = process_faults.fd;
    Fault *f = process_faults.faults;
    while (f < process_faults.faults + FAULTS - 1 && f->signal != signal)
        f++;
    if (f->set) { /* the second fault, if this one leads to it, is the system's */
        sigaction(f->signal, &f->previous, NULL);
        f->set = false;
    }
    dump_text(fd, "Fatal Python error: ");
    dump_text(fd, f->name);
    dump_text(fd, "\n\n");
    dump(fd, process_faults.all_threads);
    if (process_faults.c_stack) {
        dump_text(fd, "\n");
        dump_c_stack(fd);
    }
    errno = error;
    raise(signal);
}

/* ---- files ---- */

/* The isolate's dict from what a file is for to the file object. */
static bool keep_file(Thread *t, int use, Value file) {
    Value kept = t->isolate->slots[ISOLATE_FAULTHANDLER];
    if (absent(kept)) {
        kept = dict_new(t);
        if (absent(kept))
            return false;
        isolate_keep(t, ISOLATE_FAULTHANDLER, kept);
    }
    return dict_set(t, kept, small_int(use), file);
}

enum { USE_FAULTS = 0, USE_LATER = -1 }; /* else the signal's number */

/* The descriptor of a file object or number; -1 with an exception. *file: what must be kept. */
static int descriptor_of(Thread *t, Value *file) {
    if (absent(*file) || is_none(*file)) {
        *file = dict_get_str(t->isolate->sys_dict, names.stderr);
        if (absent(*file) || is_none(*file)) {
            raise_error(t, &RuntimeError_type, absent(*file) ? "unable to get sys.stderr" : "sys.stderr is None");
            return -1;
        }
    }
    int64_t fd;
    if (is_int(*file)) {
        if (same(*file, TRUE) || same(*file, FALSE))
            if (!warn(t, &RuntimeWarning_type, 1, "bool is used as a file descriptor"))
                return -1;
        if (!int_to_i64(*file, &fd) || fd < 0 || fd > INT32_MAX) {
            raise_value_error(t, "file is not a valid file descriptor");
            return -1;
        }
        return (int)fd;
    }
    Value number = call_method_0(t, *file, str_intern_text(t, "fileno"));
    if (absent(number))
        return -1;
    if (!is_int(number) || !int_to_i64(number, &fd) || fd < 0 || fd > INT32_MAX) {
        raise_error(t, &RuntimeError_type, "file.fileno() is not a valid file descriptor");
        return -1;
    }
    if (absent(call_method_0(t, *file, names.flush)))
        error_clear(t);
    return (int)fd;
}

static Value dump_traceback(Thread *t, Value *args) {
    int fd = descriptor_of(t, &args[0]), all = truth(t, args[1]);
    CHECK(fd >= 0 && all >= 0);
    if (all) {
        stop_world(t);
        dump_all_stacks(fd, t, false);
        start_world(t);
    } else {
        dump_stack(fd, t, true);
    }
    return NONE;
}

static Value dump_c_stack_(Thread *t, Value *args) {
    int fd = descriptor_of(t, &args[0]);
    CHECK(fd >= 0);
    dump_c_stack(fd);
    return NONE;
}

static Value enable(Thread *t, Value *args) {
    int fd = descriptor_of(t, &args[0]), all = truth(t, args[1]), c_stack = truth(t, args[2]);
    CHECK(fd >= 0 && all >= 0 && c_stack >= 0 && keep_file(t, USE_FAULTS, args[0]));
    process_faults.fd = fd;
    process_faults.all_threads = all;
    process_faults.c_stack = c_stack;
    process_faults.main = isolate_main()->main_thread;
    if (process_faults.enabled)
        return NONE;
    if (process_faults.alternate.ss_sp == NULL) { /* a handler needs room where the stack has overflowed */
        size_t size = (size_t)SIGSTKSZ * 4;
        process_faults.alternate = (stack_t){.ss_sp = malloc(size), .ss_size = size};
        if (process_faults.alternate.ss_sp == NULL)
            return raise_no_memory(t);
        sigaltstack(&process_faults.alternate, NULL);
    }
    for (Fault *f = process_faults.faults; f < process_faults.faults + FAULTS; f++) {
        struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER | SA_ONSTACK};
        sigemptyset(&action.sa_mask);
        if (os_sigaction(capabilities(t), f->signal, &action, &f->previous) != 0)
            return raise_errno(t, errno, NO_VALUE, NO_VALUE);
        f->set = true;
    }
    process_faults.enabled = true;
    return NONE;
}

static Value disable(Thread *t, Value *args) {
    bool was = process_faults.enabled;
    process_faults.enabled = false;
    for (Fault *f = process_faults.faults; was && f < process_faults.faults + FAULTS; f++)
        disable_fault(capabilities(t), f);
    return from_bool(was);
}

static Value is_enabled(Thread *t, Value *args) { return from_bool(process_faults.enabled); }

/* ---- other signals ---- */

static void on_user_signal(int signal) {
    int error = errno;
    UserSignal *u = &process_faults.user[signal];
    if (!u->set)
        return;
    dump(u->fd, u->all_threads);
    if (u->chain) {
        struct sigaction own;
        sigaction(signal, &u->previous, &own);
        errno = error;
        raise(signal);
        error = errno;
        sigaction(signal, &own, NULL);
    }
    errno = error;
}

static bool registrable(Thread *t, Value v, int *number) {
    int64_t n;
    if (!index_as_ssize(t, v, &n, false, NULL))
        return false;
    for (int i = 0; i < FAULTS; i++)
        if (process_faults.faults[i].signal == n) {
            raise_error(t, &RuntimeError_type, "signal %d cannot be registered, use enable() instead", (int)n);
            return false;
        }
    if (n < 1 || n >= NSIG) {
        raise_value_error(t, "signal number out of range");
        return false;
    }
    *number = (int)n;
    return true;
}

static Value register_(Thread *t, Value *args) {
    int number;
    CHECK(registrable(t, args[0], &number));
    int fd = descriptor_of(t, &args[1]), all = truth(t, args[2]), chain = truth(t, args[3]);
    CHECK(fd >= 0 && all >= 0 && chain >= 0 && keep_file(t, number, args[1]));
    UserSignal *u = &process_faults.user[number];
    u->fd = fd;
    u->all_threads = all;
    u->chain = chain;
    process_faults.main = t->isolate->main_thread;
    struct sigaction action = {.sa_handler = on_user_signal, .sa_flags = SA_RESTART | SA_ONSTACK | (chain ? SA_NODEFER : 0)};
    sigemptyset(&action.sa_mask);
    if (!u->set && os_sigaction(capabilities(t), number, &action, &u->previous) != 0)
        return raise_errno(t, errno, NO_VALUE, NO_VALUE);
    u->set = true;
    return NONE;
}

static Value unregister(Thread *t, Value *args) {
    int number;
    CHECK(registrable(t, args[0], &number));
    UserSignal *u = &process_faults.user[number];
    bool was = u->set;
    u->set = false;
    if (was)
        os_sigaction(capabilities(t), number, &u->previous, NULL);
    CHECK(keep_file(t, number, NONE));
    return from_bool(was);
}

/* ---- after some time ---- */

/* One watchdog at a time; `generation` counts starts and cancellations, and wakes it. */
static struct {
    uint32_t generation;
    pthread_t thread;
    bool running;
    int fd;
    int64_t nanoseconds;
    bool repeat, exit;
    char header[64];
    Thread *main;
} watchdog;

static void *watch(void *argument) {
    uint32_t generation = (uint32_t)(uintptr_t)argument;
    do {
        struct timespec start, now;
        clock_gettime(CLOCK_MONOTONIC, &start);
        int64_t left = watchdog.nanoseconds;
        while (left > 0 && load_acquire(&watchdog.generation) == generation) {
            futex_wait(&watchdog.generation, generation, left);
            clock_gettime(CLOCK_MONOTONIC, &now);
            left = watchdog.nanoseconds - ((now.tv_sec - start.tv_sec) * INT64_C(1000000000) + now.tv_nsec - start.tv_nsec);
        }
        if (load_acquire(&watchdog.generation) != generation)
            return NULL;
        dump_text(watchdog.fd, watchdog.header);
        dump_all_stacks(watchdog.fd, watchdog.main, true);
        if (watchdog.exit)
            _exit(1);
    } while (watchdog.repeat);
    return NULL;
}

static void stop_watchdog(Thread *t) {
    fetch_add(&watchdog.generation, 1u);
    futex_wake(&watchdog.generation, 1);
    if (watchdog.running) {
        blocking_begin(t);
        pthread_join(watchdog.thread, NULL);
        blocking_end(t);
    }
    watchdog.running = false;
}

static void write_header(int64_t nanoseconds) {
    int64_t seconds = nanoseconds / 1000000000, micros = nanoseconds / 1000 % 1000000;
    int n = snprintf(watchdog.header, sizeof watchdog.header, "Timeout (%lld:%02d:%02d", (long long)(seconds / 3600),
                     (int)(seconds / 60 % 60), (int)(seconds % 60));
    if (micros)
        n += snprintf(watchdog.header + n, sizeof watchdog.header - (size_t)n, ".%06d", (int)micros);
    snprintf(watchdog.header + n, sizeof watchdog.header - (size_t)n, ")!\n");
}

static Value dump_traceback_later(Thread *t, Value *args) {
    double seconds;
    if (!is_float(args[0]) && !is_int(args[0]))
        return raise_type_error(t, "'%T' object cannot be interpreted as an integer or float", args[0]);
    CHECK(to_double(t, args[0], &seconds));
    int repeat = truth(t, args[1]);
    int fd = descriptor_of(t, &args[2]), exit = truth(t, args[3]);
    CHECK(repeat >= 0 && fd >= 0 && exit >= 0);
    if (!(seconds > 0))
        return raise_value_error(t, "timeout must be greater than 0");
    if (seconds > 9e9)
        return raise_overflow_error(t, "timeout value is too large");
    CHECK(keep_file(t, USE_LATER, args[2]));
    stop_watchdog(t);
    watchdog.fd = fd;
    watchdog.nanoseconds = (int64_t)ceil(seconds * 1e6) * 1000;
    watchdog.repeat = repeat;
    watchdog.exit = exit;
    watchdog.main = t->isolate->main_thread;
    write_header(watchdog.nanoseconds);
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old); /* the thread inherits that: Python's signals are not for it */
    int failed = pthread_create(&watchdog.thread, NULL, watch, (void *)(uintptr_t)load_relaxed(&watchdog.generation));
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (failed)
        return raise_error(t, &RuntimeError_type, "unable to start watchdog thread");
    watchdog.running = true;
    return NONE;
}

static Value cancel_dump_traceback_later(Thread *t, Value *args) {
    stop_watchdog(t);
    CHECK(keep_file(t, USE_LATER, NONE));
    return NONE;
}

/* ---- ways to die, for tests ---- */

static Value read_null(Thread *t, Value *args) {
    int *volatile null = NULL;
    return small_int(*(volatile int *)null);
}
static Value die_of(int signal) {
    raise(signal);
    return NONE;
}
static Value sigsegv(Thread *t, Value *args) { return die_of(SIGSEGV); }
static Value sigabrt(Thread *t, Value *args) {
    abort();
}
static Value sigfpe(Thread *t, Value *args) { return die_of(SIGFPE); }

static const NativeDef functions[] = {
    {"enable(file=<sys.stderr|None>, all_threads=True, c_stack=True)", enable,
     "Show the stacks in `file` (sys.stderr) when the process dies of SIGSEGV, SIGFPE, SIGABRT, SIGBUS or SIGILL."},
    {"disable()", disable, "Undo enable(). Was it enabled?"},
    {"is_enabled()", is_enabled, "Is it enabled?"},
    {"dump_traceback(file=<sys.stderr|None>, all_threads=True)", dump_traceback,
     "Write the stack of the current thread, or of all threads, into file (sys.stderr)."},
    {"dump_c_stack(file=<sys.stderr|None>)", dump_c_stack_, "Write the C stack of the current thread into file (sys.stderr)."},
    {"dump_traceback_later(timeout, repeat=False, file=<sys.stderr|None>, exit=False)", dump_traceback_later,
     "Write the stacks of all threads after timeout seconds, or each time they have passed; then exit, if asked to."},
    {"cancel_dump_traceback_later()", cancel_dump_traceback_later, "Undo dump_traceback_later()."},
    {"register(signum, file=<sys.stderr|None>, all_threads=True, chain=False)", register_,
     "Write the stacks into file (sys.stderr) when the signal arrives; then call the earlier handler, if asked to."},
    {"unregister(signum, /)", unregister, "Undo register(). Was it registered?"},
    {"_read_null()", read_null, "Read from address 0."},
    {"_sigsegv(release_gil=False, /)", sigsegv, "Raise SIGSEGV."},
    {"_sigabrt()", sigabrt, "Raise SIGABRT."},
    {"_sigfpe()", sigfpe, "Raise SIGFPE."},
    {NULL},
};

NATIVE_MODULE(faulthandler) = {
    .name = "faulthandler",
    .doc = "faulthandler module.",
    .functions = functions,
};
