/* select.epoll: Linux's scalable waiting for descriptors.
 *
 * Threads: the kernel object is safe to share; closing exchanges the descriptor for -1.
 */
#include "modules/select/select.h"

#include "object/operators.h"
#include "object/type_internal.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/tuple.h"

#include <limits.h>

typedef struct EpollObject {
    Object object;
    int fd;
} EpollObject;

static EpollObject *as_epoll(Value v) { return (EpollObject *)v.bits; }

static void release(Object *o) {
    int fd = exchange(&((EpollObject *)o)->fd, -1);
    if (fd >= 0)
        os_close(&(Capabilities){CAPABILITY_DESCRIPTORS}, fd);
}

static bool check_open(Thread *t, Value self) {
    if (as_epoll(self)->fd >= 0)
        return true;
    raise_value_error(t, "I/O operation on closed epoll object");
    return false;
}

static Value make(Thread *t, Type *type, int fd) {
    EpollObject *e = type_allocate(t, type);
    if (e == NULL) {
        os_close(capabilities(t), fd);
        return NO_VALUE;
    }
    e->fd = fd;
    return from_object(e);
}

static Value epoll_new(Thread *t, Value *args) {
    int size, flags;
    CHECK(as_c_int(t, args[1], &size) && as_c_int(t, args[2], &flags));
    if (size < -1 || size == 0)
        return raise_value_error(t, "negative sizehint");
    if (flags && flags != EPOLL_CLOEXEC)
        return raise_error(t, &OSError_type, "invalid flags");
    int fd = os_epoll_create1(capabilities(t), EPOLL_CLOEXEC);
    return fd < 0 ? os_error(t) : make(t, as_type(args[0]), fd);
}

static Value epoll_fromfd(Thread *t, Value *args) {
    int fd;
    CHECK(as_c_int(t, args[1], &fd));
    return make(t, as_type(args[0]), fd);
}

static Value epoll_close(Thread *t, Value *args) {
    int fd = exchange(&as_epoll(args[0])->fd, -1);
    if (fd < 0)
        return NONE;
    return os_close(capabilities(t), fd) < 0 && errno != EINTR ? os_error(t) : NONE;
}

static Value epoll_fileno(Thread *t, Value *args) {
    return check_open(t, args[0]) ? small_int(as_epoll(args[0])->fd) : NO_VALUE;
}
static Value get_closed(Thread *t, Value *args) { return from_bool(as_epoll(args[0])->fd < 0); }

static Value control(Thread *t, Value self, int operation, Value fd_value, Value mask) {
    int fd;
    struct epoll_event event = {0};
    CHECK(check_open(t, self) && as_fd(t, fd_value, &fd));
    if (present(mask)) {
        Value index = TRY(index_of(t, mask));
        event.events = (uint32_t)int_mask_u64(index);
    }
    event.data.fd = fd;
    return os_epoll_ctl(capabilities(t), as_epoll(self)->fd, operation, fd, &event) < 0 ? os_error(t) : NONE;
}
static Value epoll_register(Thread *t, Value *args) { return control(t, args[0], EPOLL_CTL_ADD, args[1], args[2]); }
static Value epoll_modify(Thread *t, Value *args) { return control(t, args[0], EPOLL_CTL_MOD, args[1], args[2]); }
static Value epoll_unregister(Thread *t, Value *args) { return control(t, args[0], EPOLL_CTL_DEL, args[1], NO_VALUE); }

static Value epoll_poll(Thread *t, Value *args) {
    int64_t deadline;
    int most;
    CHECK(check_open(t, args[0]));
    CHECK(select_deadline(t, args[1], 1.0, &deadline, "timeout must be an integer or None"));
    if (deadline >= 0) {
        double value;
        CHECK(to_double(t, args[1], &value));
        if (value < 0)
            deadline = -1;
    }
    CHECK(as_c_int(t, args[2], &most));
    if (most == -1)
        most = FD_SETSIZE - 1;
    else if (most < 1)
        return raise_value_error(t, "maxevents must be greater than 0, got %d", most);
    struct epoll_event *events = malloc((size_t)most * sizeof *events);
    if (events == NULL)
        return raise_no_memory(t);
    Value list = NO_VALUE;
    int n;
    for (;;) {
        blocking_begin(t);
        n = os_epoll_wait(capabilities(t), as_epoll(args[0])->fd, events, most, select_milliseconds_left(deadline));
        int error = errno;
        blocking_end(t);
        errno = error;
        if (n >= 0 || error != EINTR)
            break;
        if (!safepoint(t))
            goto done;
    }
    if (n < 0) {
        os_error(t);
        goto done;
    }
    list = list_new(t, 0);
    for (int i = 0; present(list) && i < n; i++) {
        Value pair = tuple_pack(t, 2, small_int(events[i].data.fd), small_int(events[i].events));
        if (absent(pair) || !list_append(t, list, pair))
            list = NO_VALUE;
    }
done:
    free(events);
    return list;
}

static Value epoll_enter(Thread *t, Value *args) { return check_open(t, args[0]) ? args[0] : NO_VALUE; }

static const NativeDef methods[] = {
    {"__new__(type, sizehint=-1, flags=0)", epoll_new, NULL, NATIVE_NO_SIGNATURE},
    GETATTRIBUTE_ROW,
    {"__enter__(self, /)", epoll_enter, NULL},
    {"__exit__(self, exc_type=None, exc_value=None, exc_tb=None, /)", epoll_close, NULL},
    {"fromfd(type, fd, /)", epoll_fromfd, "An epoll object for a descriptor.", NATIVE_CLASS},
    {"close(self, /)", epoll_close, "Closes the descriptor."},
    {"fileno(self, /)", epoll_fileno, "The descriptor."},
    {"register(self, /, fd, eventmask=7)", epoll_register, "Adds a descriptor."},
    {"modify(self, /, fd, eventmask)", epoll_modify, "Changes the events of a descriptor."},
    {"unregister(self, /, fd)", epoll_unregister, "Removes a descriptor."},
    {"poll(self, /, timeout=None, maxevents=-1)", epoll_poll, "Waits; a list of (descriptor, events)."},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef getset[] = {
    {"closed", get_closed, NULL, "True if the epoll handler is closed"},
    {NULL, NULL, NULL, NULL},
};

MODULE_TYPE(epoll_type, select) = {
    STATIC_TYPE_HEAD(NULL, release),
    .name_text = "select.epoll",
    .doc = "Waiting for descriptors with Linux's epoll.",
    .base_static = &object_type,
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE,
    .instance_size = sizeof(EpollObject),
};
