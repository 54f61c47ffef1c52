/* _signal: signal handlers, masks, timers.
 *
 * The C handler only marks the signal, writes to the wake-up descriptor and asks the main thread to stop at its next
 * safepoint; there the Python handler runs. Signals belong to the process and so does that state; which Python handler
 * a signal has is the isolate's.
 * Threads: handlers run on the main thread; marks are atomic words that the C handler sets on any thread.
 */
#include "modules/os_support.h"
#include "object/audit.h"
#include "object/call.h"
#include "object/interrupts.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/frame.h"

#include <sys/pidfd.h>

/* The process's own: written by the C handler. */
static struct SignalState {
    uint32_t marked[NSIG];
    uint32_t any;
    int wakeup_fd; /* descriptor + 1; 0: none */
    bool warn_on_full_buffer;
    Thread *main_thread;
} process_signals;

/* The isolate's list: handlers of the signals 0 to NSIG - 1, then the types. */
enum { SIGINFO_TYPE = NSIG, ITIMER_ERROR, SLOT_ENTRIES };

static Value entry(Thread *t, int i) { return list_get(t->isolate->slots[ISOLATE_SIGNAL], (size_t)i); }
static Value handler_of(Thread *t, int signal) { return entry(t, signal); }
static void set_entry(Thread *t, int i, Value v) { list_set(t, t->isolate->slots[ISOLATE_SIGNAL], (size_t)i, v); }

static void on_signal(int signal) {
    int error = errno;
    struct SignalState *s = &process_signals;
    store_relaxed(&s->marked[signal], 1u);
    store_seq_cst(&s->any, 1u);
    if (s->main_thread)
        thread_request(s->main_thread, POLL_SIGNAL);
    int fd = load_relaxed(&s->wakeup_fd) - 1;
    unsigned char byte = (unsigned char)signal;
    if (fd >= 0 && write(fd, &byte, 1) < 0) { /* a full pipe has woken its reader already */
    }
    errno = error;
}

static bool is_callable_handler(Value handler) {
    return present(handler) && !is_none(handler) && !is_small_int(handler);
}

static bool run_handlers(Thread *t) {
    struct SignalState *s = &process_signals;
    if (!t->is_main || !exchange(&s->any, 0u))
        return true;
    for (int i = 1; i < NSIG; i++) {
        if (!exchange(&s->marked[i], 0u))
            continue;
        Value handler = handler_of(t, i);
        if (!is_callable_handler(handler)) {
            raise_error(t, &OSError_type, "Signal %d ignored due to race condition", i);
            error_write_unraisable(t, "Exception ignored while calling signal handler", NO_VALUE);
            continue;
        }
        Value frame = frame_is_real(t->frame) ? frame_object(t, t->frame) : NONE;
        if (absent(frame) || absent(call_2(t, handler, small_int(i), frame))) {
            store_seq_cst(&s->any, 1u); /* the rest is for the next safepoint */
            thread_request(t, POLL_SIGNAL);
            return false;
        }
    }
    return true;
}

/* As if the signal had arrived: for _thread.interrupt_main. One whose handler is the system's default or that is ignored
 * leaves no mark. */
void signal_simulate(Thread *t, int number) {
    if (!is_small_int(handler_of(t, number)))
        on_signal(number);
}

static bool signal_number(Thread *t, Value v, int *out) {
    if (!as_c_int(t, v, out))
        return false;
    if (*out >= 1 && *out < NSIG)
        return true;
    raise_value_error(t, "signal number out of range");
    return false;
}

static bool check_main(Thread *t, const char *what) {
    if (t->is_main)
        return true;
    raise_value_error(t, "%s only works in main thread of the main interpreter", what);
    return false;
}

static bool install(Thread *t, int signal, void (*function)(int)) {
    struct sigaction action = {.sa_handler = function};
    sigemptyset(&action.sa_mask);
    return os_sigaction(capabilities(t), signal, &action, NULL) == 0;
}

static Value signal_(Thread *t, Value *args) {
    int number;
    CHECK(signal_number(t, args[0], &number) && check_main(t, "signal"));
    Value handler = args[1];
    void (*function)(int) = on_signal;
    if (is_int(handler) && int_equal(handler, small_int(0))) {
        function = SIG_DFL;
        handler = small_int(0);
    } else if (is_int(handler) && int_equal(handler, small_int(1))) {
        function = SIG_IGN;
        handler = small_int(1);
    } else if (!is_callable(handler)) {
        return raise_type_error(t, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
    }
    CHECK(safepoint(t)); /* signals that came before the change go to the old handler */
    if (!install(t, number, function))
        return os_error(t);
    Value old = handler_of(t, number);
    set_entry(t, number, handler);
    return present(old) ? old : NONE;
}

static Value getsignal_(Thread *t, Value *args) {
    int number;
    CHECK(signal_number(t, args[0], &number));
    Value handler = handler_of(t, number);
    return present(handler) ? handler : NONE;
}

static Value default_int_handler(Thread *t, Value *args) {
    return raise_exception(t, from_object(&KeyboardInterrupt_type));
}

static Value alarm_(Thread *t, Value *args) {
    int seconds;
    CHECK(as_c_int(t, args[0], &seconds));
    if (!capability_check(capabilities(t), CAPABILITY_SIGNALS))
        return os_error(t);
    return small_int(alarm((unsigned)seconds));
}

static Value pause_(Thread *t, Value *args) {
    blocking_begin(t);
    pause();
    blocking_end(t);
    return safepoint(t) ? NONE : NO_VALUE;
}

static Value raise_signal_(Thread *t, Value *args) {
    int number;
    CHECK(as_c_int(t, args[0], &number));
    if (!capability_check(capabilities(t), CAPABILITY_SIGNALS) || raise(number) != 0)
        return os_error(t);
    return safepoint(t) ? NONE : NO_VALUE;
}

static Value strsignal_(Thread *t, Value *args) {
    int number;
    CHECK(signal_number(t, args[0], &number));
    const char *text = sigdescr_np(number) ? strsignal(number) : NULL;
    return text ? str_from_text(t, text) : NONE;
}

static Value siginterrupt_(Thread *t, Value *args) {
    int number, flag;
    CHECK(signal_number(t, args[0], &number) && as_c_int(t, args[1], &flag));
    struct sigaction action;
    if (os_sigaction(capabilities(t), number, NULL, &action) < 0)
        return os_error(t);
    action.sa_flags = flag ? action.sa_flags & ~SA_RESTART : action.sa_flags | SA_RESTART;
    return os_sigaction(capabilities(t), number, &action, NULL) < 0 ? os_error(t) : NONE;
}

static Value set_wakeup_fd(Thread *t, Value *args) {
    int fd;
    bool warn_on_full;
    CHECK(as_c_int(t, args[0], &fd) && as_bool(t, args[1], &warn_on_full) && check_main(t, "set_wakeup_fd"));
    if (fd >= 0) {
        struct stat s;
        if (os_fstat(capabilities(t), fd, &s) < 0)
            return os_error(t);
        int flags = os_fcntl(capabilities(t), fd, F_GETFL, NULL);
        if (flags < 0)
            return os_error(t);
        if (!(flags & O_NONBLOCK))
            return raise_value_error(t, "the fd %d must be in non-blocking mode", fd);
    }
    int old = exchange(&process_signals.wakeup_fd, fd < 0 ? 0 : fd + 1);
    process_signals.warn_on_full_buffer = warn_on_full;
    return small_int(old - 1);
}

/* Timers */

static bool as_timeval(Thread *t, Value v, struct timeval *out) {
    double seconds;
    if (!to_double(t, v, &seconds))
        return false;
    if (!(fabs(seconds) < 0x1p62)) {
        raise_overflow_error(t, "timestamp out of range for platform time_t");
        return false;
    }
    double whole = floor(seconds), rest = ceil((seconds - whole) * 1e6);
    *out = (struct timeval){(time_t)whole + (rest >= 1e6), rest >= 1e6 ? 0 : (suseconds_t)rest};
    return true;
}

static Value timer_value(Thread *t, const struct itimerval *v) {
    Value value = TRY(float_from_double(t, (double)v->it_value.tv_sec + (double)v->it_value.tv_usec * 1e-6));
    Value interval = TRY(float_from_double(t, (double)v->it_interval.tv_sec + (double)v->it_interval.tv_usec * 1e-6));
    return tuple_pack(t, 2, value, interval);
}

static Value itimer_error(Thread *t) {
    char buffer[128];
    int error = errno;
    Value text = TRY(str_from_text(t, strerror_r(error, buffer, sizeof buffer)));
    return raise_with_args(t, as_type(entry(t, ITIMER_ERROR)), 2, (Value[]){small_int(error), text});
}

static Value setitimer_(Thread *t, Value *args) {
    int which;
    struct itimerval value, old;
    CHECK(as_c_int(t, args[0], &which) && as_timeval(t, args[1], &value.it_value) &&
          as_timeval(t, args[2], &value.it_interval));
    return os_setitimer(capabilities(t), which, &value, &old) < 0 ? itimer_error(t) : timer_value(t, &old);
}
static Value getitimer_(Thread *t, Value *args) {
    int which;
    struct itimerval value;
    CHECK(as_c_int(t, args[0], &which));
    return os_getitimer(capabilities(t), which, &value) < 0 ? itimer_error(t) : timer_value(t, &value);
}

/* Masks */

static bool add_to_set(Thread *t, void *context, Value item) {
    Value index = index_of(t, item);
    int64_t number;
    if (absent(index))
        return false;
    if (!int_to_i64(index, &number) || number < 1 || number >= NSIG) {
        raise_value_error(t, "signal number %S out of range [1; %d]", index, NSIG - 1);
        return false;
    }
    sigaddset(context, (int)number); /* the C library's own signals are refused, which does not matter */
    return true;
}

static bool as_sigset(Thread *t, Value v, sigset_t *set) {
    sigemptyset(set);
    return iterate(t, v, add_to_set, set);
}

static Value from_sigset(Thread *t, const sigset_t *set) {
    Value result = TRY(set_new(t));
    for (int i = 1; i < NSIG; i++)
        if (sigismember(set, i) == 1)
            CHECK(set_add(t, result, small_int(i)));
    return result;
}

static Value pthread_sigmask_(Thread *t, Value *args) {
    int how;
    sigset_t set, old;
    CHECK(as_c_int(t, args[0], &how) && as_sigset(t, args[1], &set));
    int error = os_pthread_sigmask(capabilities(t), how, &set, &old);
    if (error) {
        errno = error > 0 ? error : errno;
        return os_error(t);
    }
    CHECK(safepoint(t)); /* what became unblocked */
    return from_sigset(t, &old);
}

static Value sigpending_(Thread *t, Value *args) {
    sigset_t set;
    return os_sigpending(capabilities(t), &set) < 0 ? os_error(t) : from_sigset(t, &set);
}

static Value valid_signals(Thread *t, Value *args) {
    sigset_t set;
    sigfillset(&set);
    return from_sigset(t, &set);
}

static Value siginfo_value(Thread *t, const siginfo_t *s) {
    Value items[] = {small_int(s->si_signo), small_int(s->si_code),   small_int(s->si_errno), small_int(s->si_pid),
                     from_id(t, s->si_uid),  small_int(s->si_status), int_from(t, s->si_band)};
    return struct_sequence_new(t, as_type(entry(t, SIGINFO_TYPE)), items);
}

static Value sigwait_(Thread *t, Value *args) {
    sigset_t set;
    int number, error;
    CHECK(as_sigset(t, args[0], &set));
    do {
        blocking_begin(t);
        error = os_sigwait(capabilities(t), &set, &number);
        blocking_end(t);
        CHECK(safepoint(t));
    } while (error == EINTR);
    if (error) {
        errno = error > 0 ? error : errno;
        return os_error(t);
    }
    return small_int(number);
}

static Value sigwaitinfo_(Thread *t, Value *args) {
    sigset_t set;
    siginfo_t info;
    CHECK(as_sigset(t, args[0], &set));
    return OS_BLOCKING(t, os_sigwaitinfo(capabilities(t), &set, &info)) < 0 ? os_error(t) : siginfo_value(t, &info);
}

static int64_t now(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static Value sigtimedwait_(Thread *t, Value *args) {
    sigset_t set;
    siginfo_t info;
    double seconds;
    CHECK(as_sigset(t, args[0], &set) && to_double(t, args[1], &seconds));
    if (seconds < 0)
        return raise_value_error(t, "timeout must be non-negative");
    int64_t deadline = now() + (int64_t)ceil(fmin(seconds, 9e9) * 1e9);
    for (;;) {
        int64_t left = deadline - now();
        if (left < 0)
            left = 0;
        struct timespec timeout = {left / 1000000000, left % 1000000000};
        blocking_begin(t);
        int result = os_sigtimedwait(capabilities(t), &set, &info, &timeout), error = errno;
        blocking_end(t);
        if (result >= 0)
            return siginfo_value(t, &info);
        errno = error;
        if (error == EAGAIN)
            return NONE;
        if (error != EINTR)
            return os_error(t);
        CHECK(safepoint(t));
    }
}

static Value pthread_kill_(Thread *t, Value *args) {
    uint64_t id;
    int number;
    Value index = TRY(index_of(t, args[0]));
    if (!int_to_u64(index, &id))
        return raise_overflow_error(t, "int too large to convert");
    CHECK(as_c_int(t, args[1], &number));
    CHECK(audit(t, "signal.pthread_kill", 2, args[0], args[1]));
    int error = os_pthread_kill(capabilities(t), (pthread_t)id, number);
    if (error) {
        errno = error > 0 ? error : errno;
        return os_error(t);
    }
    return safepoint(t) ? NONE : NO_VALUE;
}

static Value pidfd_send_signal_(Thread *t, Value *args) {
    int fd, number, flags;
    CHECK(as_c_int(t, args[0], &fd) && as_c_int(t, args[1], &number) && as_c_int(t, args[3], &flags));
    if (!is_none(args[2]))
        return raise_type_error(t, "siginfo must be None");
    if (!capability_check(capabilities(t), CAPABILITY_PROCESS) || pidfd_send_signal(fd, number, NULL, (unsigned)flags) < 0)
        return os_error(t);
    return safepoint(t) ? NONE : NO_VALUE; /* it may have been this process */
}

static const NativeDef functions[] = {
    {"signal(signalnum, handler, /)", signal_, "Sets the handler of a signal; gives the old one."},
    {"getsignal(signalnum, /)", getsignal_, "The handler of a signal: SIG_IGN, SIG_DFL, None if unknown, or a function."},
    {"default_int_handler(signalnum, frame, /)", default_int_handler, "Raises KeyboardInterrupt."},
    {"alarm(seconds, /)", alarm_, "Has SIGALRM sent after that time; gives what was left of an earlier one."},
    {"pause()", pause_, "Waits for a signal."},
    {"raise_signal(signalnum, /)", raise_signal_, "Sends a signal to this process."},
    {"strsignal(signalnum, /)", strsignal_, "The system's description of a signal."},
    {"siginterrupt(signalnum, flag, /)", siginterrupt_, "Says whether the signal interrupts system calls."},
    {"set_wakeup_fd(fd, /, *, warn_on_full_buffer=True)", set_wakeup_fd,
     "A descriptor to which each signal's number is written as a byte; gives the old one."},
    {"setitimer(which, seconds, interval=0.0, /)", setitimer_, "Starts a timer; gives the old one's values."},
    {"getitimer(which, /)", getitimer_, "What is left of a timer, and its interval."},
    {"pthread_sigmask(how, mask, /)", pthread_sigmask_, "Changes this thread's signal mask; gives the old one."},
    {"pthread_kill(thread_id, signalnum, /)", pthread_kill_, "Sends a signal to a thread."},
    {"pidfd_send_signal(pidfd, signalnum, siginfo=None, flags=0, /)", pidfd_send_signal_,
     "Sends a signal to the process of a descriptor."},
    {"sigpending()", sigpending_, "The signals that are blocked and wait."},
    {"sigwait(sigset, /)", sigwait_, "Waits for one of the signals; gives its number."},
    {"sigwaitinfo(sigset, /)", sigwaitinfo_, "Waits for one of the signals; gives a struct_siginfo."},
    {"sigtimedwait(sigset, timeout, /)", sigtimedwait_, "The same with a timeout in seconds: None when it is over."},
    {"valid_signals()", valid_signals, "The set of the signals that there are."},
    {NULL, NULL, NULL, 0},
};

static const StructSequenceField siginfo_fields[] = {
    {"si_signo", "signal number"},   {"si_code", "signal code"},
    {"si_errno", "errno associated with this signal"},
    {"si_pid", "sending process ID"}, {"si_uid", "real user ID of sending process"},
    {"si_status", "exit value or signal"},
    {"si_band", "band event for SIGPOLL"}, {NULL, NULL},
};

#define S(name) {#name, name},
static const struct {
    const char *name;
    int value;
} numbers[] = {
    S(SIGABRT) S(SIGALRM) S(SIGBUS) S(SIGCHLD) S(SIGCLD) S(SIGCONT) S(SIGFPE) S(SIGHUP) S(SIGILL) S(SIGINT) S(SIGIO)
    S(SIGIOT) S(SIGKILL) S(SIGPIPE) S(SIGPOLL) S(SIGPROF) S(SIGPWR) S(SIGQUIT) S(SIGSEGV) S(SIGSTKFLT) S(SIGSTOP)
    S(SIGSYS) S(SIGTERM) S(SIGTRAP) S(SIGTSTP) S(SIGTTIN) S(SIGTTOU) S(SIGURG) S(SIGUSR1) S(SIGUSR2) S(SIGVTALRM)
    S(SIGWINCH) S(SIGXCPU) S(SIGXFSZ) S(SIG_BLOCK) S(SIG_UNBLOCK) S(SIG_SETMASK) S(ITIMER_REAL) S(ITIMER_VIRTUAL)
    S(ITIMER_PROF) S(NSIG) {"SIG_DFL", 0}, {"SIG_IGN", 1},
};
#undef S

/* What each signal does now. */
static bool read_dispositions(Thread *t) {
    for (int i = 1; i < NSIG; i++) {
        struct sigaction action;
        Value v = NONE;
        if (os_sigaction(capabilities(t), i, NULL, &action) == 0)
            v = action.sa_handler == SIG_DFL ? small_int(0) : action.sa_handler == SIG_IGN ? small_int(1) : NONE;
        set_entry(t, i, v);
    }
    return true;
}

static Value itimer_error_class(Thread *t) {
    Value name = TRY(str_intern_text(t, "ItimerError")), module = TRY(str_intern_text(t, "signal"));
    Value bases = TRY(tuple_pack(t, 1, from_object(&OSError_type))), namespace = TRY(dict_new(t));
    CHECK(dict_set(t, namespace, names.__module__, module));
    return type_new_class(t, &type_type, name, bases, namespace, NO_VALUE);
}

/* What has come and was not handled yet. */
static void forget_arrivals(void) {
    for (int i = 0; i < NSIG; i++)
        store_relaxed(&process_signals.marked[i], 0u);
    store_relaxed(&process_signals.any, 0u);
}

static void after_fork(Thread *t) {
    process_signals.main_thread = t;
    forget_arrivals();
}

/* The program ends: signals do what they do by default, and what came last is forgotten: finalizers do not wait for it. */
static void forget_handlers(Thread *t) {
    for (int i = 1; t->is_main && i < NSIG; i++) {
        if (is_callable_handler(handler_of(t, i)))
            install(t, i, SIG_DFL);
        set_entry(t, i, NONE);
    }
    forget_arrivals();
    poll_take(t, POLL_SIGNAL);
}

/* What every module object has; a second one shares the handlers and types of the first. */
static bool fill_module(Thread *t, Value module) {
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!module_add_int(t, module, numbers[i].name, numbers[i].value))
            return false;
    return module_add(t, module, "struct_siginfo", entry(t, SIGINFO_TYPE)) &&
           module_add(t, module, "ItimerError", entry(t, ITIMER_ERROR)) &&
           module_add_int(t, module, "SIGRTMIN", SIGRTMIN) && module_add_int(t, module, "SIGRTMAX", SIGRTMAX);
}

static bool init(Thread *t, Value module) {
    Value table = t->isolate->slots[ISOLATE_SIGNAL];
    if (present(table))
        return fill_module(t, module);
    table = list_new(t, SLOT_ENTRIES);
    for (int i = 0; present(table) && i < SLOT_ENTRIES; i++)
        if (!list_append(t, table, NONE))
            return false;
    if (absent(table))
        return false;
    isolate_keep(t, ISOLATE_SIGNAL, table);
    Value siginfo = struct_sequence_type(t, "signal.struct_siginfo", "What is known of a signal.", siginfo_fields, 7);
    Value error = absent(siginfo) ? siginfo : itimer_error_class(t);
    if (absent(error))
        return false;
    set_entry(t, SIGINFO_TYPE, siginfo);
    set_entry(t, ITIMER_ERROR, error);
    if (!fill_module(t, module))
        return false;
    if (!t->is_main)
        return read_dispositions(t);
    process_signals.main_thread = t;
    store_relaxed(&interrupt_hooks.run_signal_handlers, run_handlers);
    store_relaxed(&interrupt_hooks.after_fork, after_fork);
    store_relaxed(&interrupt_hooks.forget_signal_handlers, forget_handlers);
    install(t, SIGPIPE, SIG_IGN);
    install(t, SIGXFSZ, SIG_IGN);
    read_dispositions(t);
    if (same(handler_of(t, SIGINT), small_int(0))) {
        Value handler = dict_get_text(t, module_dict(module), "default_int_handler");
        if (absent(handler))
            return false;
        set_entry(t, SIGINT, handler);
        install(t, SIGINT, on_signal);
    }
    return true;
}

NATIVE_MODULE(_signal) = {
    .name = "_signal",
    .doc = "Signals: the native part of signal.",
    .functions = functions,
    .init = init,
};
