/* posix: terminals, pseudo-terminals, timer descriptors.
 *
 * Threads: no state.
 */
#include "modules/posix/posix.h"

#include "object/operators.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/str/str.h"

#include <stdio.h>
#include <sys/ioctl.h>

static Value get_terminal_size(Thread *t, Value *args) {
    int fd = STDOUT_FILENO;
    struct winsize w;
    CHECK(absent(args[0]) || as_c_int(t, args[0], &fd));
    if (os_ioctl(capabilities(t), fd, TIOCGWINSZ, &w) < 0)
        return os_error(t);
    return struct_sequence_new(t, posix_type(t, POSIX_TERMINAL_SIZE),
                               (Value[]){small_int(w.ws_col), small_int(w.ws_row)});
}

static Value ctermid_(Thread *t, Value *args) {
    char name[L_ctermid];
    return str_from_text(t, ctermid(name));
}

static Value ttyname_(Thread *t, Value *args) {
    int fd;
    char name[4096];
    CHECK(as_c_int(t, args[0], &fd));
    int error = os_ttyname_r(capabilities(t), fd, name, sizeof name);
    if (error) {
        errno = error > 0 ? error : errno;
        return os_error(t);
    }
    return str_decode_filesystem(t, name, strlen(name));
}

static Value tcgetpgrp_(Thread *t, Value *args) {
    int fd;
    CHECK(as_c_int(t, args[0], &fd));
    pid_t group = os_tcgetpgrp(capabilities(t), fd);
    return group < 0 ? os_error(t) : small_int(group);
}
static Value tcsetpgrp_(Thread *t, Value *args) {
    int fd, group;
    CHECK(as_c_int(t, args[0], &fd) && as_c_int(t, args[1], &group));
    return none_or_error(t, os_tcsetpgrp(capabilities(t), fd, group));
}

static bool close_on_exec(Thread *t, int fd) {
    int flags = os_fcntl(capabilities(t), fd, F_GETFD, NULL);
    return flags >= 0 && os_fcntl(capabilities(t), fd, F_SETFD, (void *)(intptr_t)(flags | FD_CLOEXEC)) == 0;
}

static Value openpty_(Thread *t, Value *args) {
    int master, slave;
    if (os_openpty(capabilities(t), &master, &slave) < 0)
        return os_error(t);
    if (!close_on_exec(t, master) || !close_on_exec(t, slave)) {
        os_error(t);
        os_close(capabilities(t), master);
        os_close(capabilities(t), slave);
        return NO_VALUE;
    }
    return tuple_pack(t, 2, small_int(master), small_int(slave));
}

static Value login_tty_(Thread *t, Value *args) {
    int fd;
    CHECK(as_fd(t, args[0], &fd));
    return none_or_error(t, os_login_tty(capabilities(t), fd));
}
static Value posix_openpt_(Thread *t, Value *args) {
    int flags;
    CHECK(as_c_int(t, args[0], &flags));
    int fd = os_posix_openpt(capabilities(t), flags | O_CLOEXEC);
    return fd < 0 ? os_error(t) : small_int(fd);
}
static Value grantpt_(Thread *t, Value *args) {
    int fd;
    CHECK(as_fd(t, args[0], &fd));
    return none_or_error(t, os_grantpt(capabilities(t), fd));
}
static Value unlockpt_(Thread *t, Value *args) {
    int fd;
    CHECK(as_fd(t, args[0], &fd));
    return none_or_error(t, os_unlockpt(capabilities(t), fd));
}
static Value ptsname_(Thread *t, Value *args) {
    int fd;
    char name[4096];
    CHECK(as_fd(t, args[0], &fd));
    int error = os_ptsname_r(capabilities(t), fd, name, sizeof name);
    if (error) {
        errno = error > 0 ? error : errno;
        return os_error(t);
    }
    return str_decode_filesystem(t, name, strlen(name));
}

static Value device_encoding(Thread *t, Value *args) {
    int fd;
    CHECK(as_c_int(t, args[0], &fd));
    return os_isatty(capabilities(t), fd) == 1 ? str_from_text(t, "utf-8") : NONE;
}

/* Timer descriptors, in seconds as floats or in nanoseconds. */

static bool as_timespec(Thread *t, Value v, bool nanoseconds, struct timespec *out) {
    if (nanoseconds) {
        int64_t ns;
        if (!as_c_long(t, v, &ns))
            return false;
        *out = (struct timespec){ns / 1000000000, ns % 1000000000};
        return true;
    }
    double seconds;
    if (!to_double(t, v, &seconds))
        return false;
    if (!(fabs(seconds) < 0x1p62)) {
        raise_overflow_error(t, "timestamp out of range for platform time_t");
        return false;
    }
    double whole = floor(seconds), rest = rint((seconds - whole) * 1e9);
    *out = (struct timespec){(time_t)whole + (rest >= 1e9), rest >= 1e9 ? 0 : (long)rest};
    return true;
}

static Value from_timespec(Thread *t, const struct timespec *s, bool nanoseconds) {
    if (nanoseconds)
        return int_from(t, s->tv_sec * INT64_C(1000000000) + s->tv_nsec);
    return float_from_double(t, (double)s->tv_sec + (double)s->tv_nsec * 1e-9);
}

static Value timer_pair(Thread *t, const struct itimerspec *s, bool nanoseconds) {
    Value next = TRY(from_timespec(t, &s->it_value, nanoseconds));
    Value interval = TRY(from_timespec(t, &s->it_interval, nanoseconds));
    return tuple_pack(t, 2, next, interval);
}

static Value timerfd_create_(Thread *t, Value *args) {
    int clock, flags;
    CHECK(as_c_int(t, args[0], &clock) && as_c_int(t, args[1], &flags));
    int fd = os_timerfd_create(capabilities(t), clock, flags | TFD_CLOEXEC);
    return fd < 0 ? os_error(t) : small_int(fd);
}
static Value settime(Thread *t, Value *args, bool nanoseconds) {
    int fd, flags;
    struct itimerspec value, old;
    CHECK(as_fd(t, args[0], &fd) && as_c_int(t, args[1], &flags) &&
          as_timespec(t, args[2], nanoseconds, &value.it_value) &&
          as_timespec(t, args[3], nanoseconds, &value.it_interval));
    if (os_timerfd_settime(capabilities(t), fd, flags, &value, &old) < 0)
        return os_error(t);
    return timer_pair(t, &old, nanoseconds);
}
static Value timerfd_settime_(Thread *t, Value *args) { return settime(t, args, false); }
static Value timerfd_settime_ns(Thread *t, Value *args) { return settime(t, args, true); }
static Value gettime(Thread *t, Value *args, bool nanoseconds) {
    int fd;
    struct itimerspec value;
    CHECK(as_fd(t, args[0], &fd));
    return os_timerfd_gettime(capabilities(t), fd, &value) < 0 ? os_error(t) : timer_pair(t, &value, nanoseconds);
}
static Value timerfd_gettime_(Thread *t, Value *args) { return gettime(t, args, false); }
static Value timerfd_gettime_ns(Thread *t, Value *args) { return gettime(t, args, true); }

const NativeDef posix_terminal_functions[] = {
    {"get_terminal_size(fd=<unrepresentable>, /)", get_terminal_size, "The size of the terminal in characters."},
    {"ctermid()", ctermid_, "The name of the controlling terminal."},
    {"ttyname(fd, /)", ttyname_, "The name of the terminal of a descriptor."},
    {"tcgetpgrp(fd, /)", tcgetpgrp_, "The foreground process group of a terminal."},
    {"tcsetpgrp(fd, pgid, /)", tcsetpgrp_, "Sets the foreground process group of a terminal."},
    {"openpty()", openpty_, "A new pseudo-terminal: (master, slave)."},
    {"login_tty(fd, /)", login_tty_, "Makes a terminal this process's controlling terminal."},
    {"posix_openpt(oflag, /)", posix_openpt_, "Opens a pseudo-terminal's master."},
    {"grantpt(fd, /)", grantpt_, "Gives access to a pseudo-terminal's slave."},
    {"unlockpt(fd, /)", unlockpt_, "Unlocks a pseudo-terminal's slave."},
    {"ptsname(fd, /)", ptsname_, "The name of a pseudo-terminal's slave."},
    {"device_encoding(fd)", device_encoding, "The encoding of a terminal; None for what is none."},
    {"timerfd_create(clockid, /, *, flags=<0|524288>)", timerfd_create_, "A descriptor that becomes readable at set times."},
    {"timerfd_settime(fd, /, *, flags=0, initial=0.0, interval=0.0)", timerfd_settime_, "Sets a timer, in seconds."},
    {"timerfd_settime_ns(fd, /, *, flags=0, initial=0, interval=0)", timerfd_settime_ns, "Sets a timer, in nanoseconds."},
    {"timerfd_gettime(fd, /)", timerfd_gettime_, "A timer's rest and interval in seconds."},
    {"timerfd_gettime_ns(fd, /)", timerfd_gettime_ns, "A timer's rest and interval in nanoseconds."},
    {NULL, NULL, NULL, 0},
};
