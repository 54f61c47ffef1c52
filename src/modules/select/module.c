/* select: the module and select().
 *
 * Threads: no state.
 */
#include "modules/select/select.h"

#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <limits.h>

int64_t select_now(void) {
    struct timespec s;
    clock_gettime(CLOCK_MONOTONIC, &s);
    return s.tv_sec * INT64_C(1000000000) + s.tv_nsec;
}

bool select_deadline(Thread *t, Value timeout, double unit, int64_t *deadline, const char *wrong_type) {
    *deadline = -1;
    if (is_none(timeout))
        return true;
    double seconds;
    if (!is_float(timeout) && !is_int(timeout) && absent(type_lookup(type_of(timeout), names.__index__))) {
        raise_type_error(t, "%s", wrong_type);
        return false;
    }
    if (!to_double(t, timeout, &seconds))
        return false;
    if (isnan(seconds)) {
        raise_value_error(t, "Invalid value NaN (not a number)");
        return false;
    }
    seconds *= unit;
    if (seconds > 9223372036.0) {
        raise_overflow_error(t, "timestamp too large to convert to C PyTime_t");
        return false;
    }
    *deadline = select_now() + (int64_t)ceil(fmax(seconds, -9e9) * 1e9);
    return true;
}

int select_milliseconds_left(int64_t deadline) {
    if (deadline < 0)
        return -1;
    int64_t left = deadline - select_now();
    if (left <= 0)
        return 0;
    int64_t ms = (left + 999999) / 1000000;
    return ms > INT_MAX ? INT_MAX : (int)ms;
}

typedef struct Watched {
    Value objects; /* a list of what was given */
    int fds[FD_SETSIZE];
    size_t count;
    fd_set set;
} Watched;

static bool watch(Thread *t, Value sequence, Watched *w, int *highest) {
    FD_ZERO(&w->set);
    w->count = 0;
    w->objects = list_new(t, 0);
    Value source = is_list(sequence) ? sequence : tuple_from_iterable(t, sequence);
    if (absent(w->objects) || absent(source)) {
        if (error_catch(t, &TypeError_type))
            raise_type_error(t, "arguments 1-3 must be sequences");
        return false;
    }
    /* A list is watched as it is: fileno() of its items may change it. */
    for (size_t i = 0; i < (is_list(source) ? list_length(source) : tuple_length(source)); i++) {
        int fd;
        Value object = is_list(source) ? list_get(source, i) : tuple_get(source, i);
        if (absent(object)) /* gone meanwhile */
            break;
        if (!as_fd(t, object, &fd) || !list_append(t, w->objects, object))
            return false;
        if (fd >= FD_SETSIZE) {
            raise_value_error(t, "filedescriptor out of range in select()");
            return false;
        }
        if (w->count == FD_SETSIZE) {
            raise_value_error(t, "too many file descriptors in select()");
            return false;
        }
        FD_SET(fd, &w->set);
        w->fds[w->count++] = fd;
        if (fd > *highest)
            *highest = fd;
    }
    return true;
}

static Value ready(Thread *t, const Watched *w, const fd_set *set) {
    Value list = TRY(list_new(t, 0));
    for (size_t i = 0; i < w->count; i++)
        if (FD_ISSET(w->fds[i], set))
            CHECK(list_append(t, list, list_get(w->objects, i)));
    return list;
}

static Value select_(Thread *t, Value *args) {
    Watched w[3];
    int highest = -1;
    int64_t deadline;
    CHECK(select_deadline(t, args[3], 1.0, &deadline, "timeout must be a float or None"));
    if (!is_none(args[3])) {
        double seconds;
        CHECK(to_double(t, args[3], &seconds));
        if (seconds < 0)
            return raise_value_error(t, "timeout must be non-negative");
    }
    for (int i = 0; i < 3; i++)
        CHECK(watch(t, args[i], &w[i], &highest));
    fd_set sets[3];
    int n;
    for (;;) {
        for (int i = 0; i < 3; i++)
            sets[i] = w[i].set;
        int64_t left = deadline < 0 ? 0 : deadline - select_now();
        if (left < 0)
            left = 0;
        struct timeval timeout = {left / 1000000000, (left % 1000000000 + 999) / 1000};
        if (timeout.tv_usec == 1000000)
            timeout = (struct timeval){timeout.tv_sec + 1, 0};
        blocking_begin(t);
        n = os_select(capabilities(t), highest + 1, &sets[0], &sets[1], &sets[2], deadline < 0 ? NULL : &timeout);
        int error = errno;
        blocking_end(t);
        errno = error;
        if (n >= 0)
            break;
        if (error != EINTR)
            return os_error(t);
        CHECK(safepoint(t));
    }
    for (int i = 0; n == 0 && i < 3; i++)
        FD_ZERO(&sets[i]);
    Value a = TRY(ready(t, &w[0], &sets[0])), b = TRY(ready(t, &w[1], &sets[1])), c = TRY(ready(t, &w[2], &sets[2]));
    return tuple_pack(t, 3, a, b, c);
}

static const NativeDef functions[] = {
    {"select(rlist, wlist, xlist, timeout=None, /)", select_,
     "Waits until a descriptor of the lists can be read, can be written or has an exceptional condition; gives three\n"
     "lists of what is ready. timeout: seconds, or None."},
    {NULL, NULL, NULL, 0},
};

#define N(name) {#name, (int64_t)(uint32_t)(name)},
static const struct {
    const char *name;
    int64_t value;
} numbers[] = {
    N(EPOLLERR) N(EPOLLET) N(EPOLLEXCLUSIVE) N(EPOLLHUP) N(EPOLLIN) N(EPOLLMSG) N(EPOLLONESHOT) N(EPOLLOUT)
    N(EPOLLPRI) N(EPOLLRDBAND) N(EPOLLRDHUP) N(EPOLLRDNORM) N(EPOLLWAKEUP) N(EPOLLWRBAND) N(EPOLLWRNORM)
    N(EPOLL_CLOEXEC) N(PIPE_BUF) N(POLLERR) N(POLLHUP) N(POLLIN) N(POLLMSG) N(POLLNVAL) N(POLLOUT) N(POLLPRI)
    N(POLLRDBAND) N(POLLRDHUP) N(POLLRDNORM) N(POLLWRBAND) N(POLLWRNORM)
};
#undef N

static bool init(Thread *t, Value module) {
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!module_add_int(t, module, numbers[i].name, numbers[i].value))
            return false;
    Value module_name = str_intern_text(t, "select");
    for (const NativeDef *def = select_poll_functions; present(module_name) && def->signature; def++) {
        Value name = native_name(t, def), function = absent(name) ? name : native_function_new(t, def, module, module_name);
        if (absent(function) || !dict_set(t, module_dict(module), name, function))
            return false;
    }
    return module_add(t, module, "error", from_object(&OSError_type)) && module_add_type(t, module, &epoll_type);
}

NATIVE_MODULE(select) = {
    .name = "select",
    .doc = "Waiting for descriptors.",
    .functions = functions,
    .init = init,
};
