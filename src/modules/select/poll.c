/* select.poll: a set of descriptors to wait for.
 *
 * Threads: the set is a dict; two threads may not wait with one object at a time, as in CPython.
 */
#include "modules/select/select.h"

#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/tuple.h"

typedef struct PollObject {
    Object object;
    Value events; /* dict: descriptor -> event mask */
    uint32_t running;
} PollObject;

static PollObject *as_poll(Value v) { return (PollObject *)v.bits; }
static void trace(Tracer *tracer, Object *o) { trace_value(tracer, ((PollObject *)o)->events); }

static Value poll_new(Thread *t, Value *args) {
    Value events = TRY(dict_new(t));
    PollObject *p = heap_allocate(t, &poll_type, sizeof(PollObject));
    if (p == NULL)
        return NO_VALUE;
    p->events = events; /* NOBARRIER: just allocated */
    return from_object(p);
}

static bool as_mask(Thread *t, Value v, int *mask) {
    Value index = index_of(t, v);
    uint64_t bits;
    if (absent(index))
        return false;
    if (!int_to_u64(index, &bits)) {
        if (int_sign(index) < 0)
            raise_value_error(t, "value must be positive");
        else
            raise_overflow_error(t, "Python int too large to convert to C unsigned short");
        return false;
    }
    if (bits > UINT16_MAX) {
        raise_overflow_error(t, "Python int too large for C unsigned short");
        return false;
    }
    *mask = (int)bits;
    return true;
}

static Value set_events(Thread *t, Value *args, bool must_exist) {
    int fd, mask;
    CHECK(as_fd(t, args[1], &fd) && as_mask(t, args[2], &mask));
    Value events = as_poll(args[0])->events;
    if (must_exist) {
        int there = dict_contains(t, events, small_int(fd));
        CHECK(there >= 0);
        if (!there) {
            errno = ENOENT;
            return os_error(t);
        }
    }
    return dict_set(t, events, small_int(fd), small_int(mask)) ? NONE : NO_VALUE;
}
static Value poll_register(Thread *t, Value *args) { return set_events(t, args, false); }
static Value poll_modify(Thread *t, Value *args) { return set_events(t, args, true); }

static Value poll_unregister(Thread *t, Value *args) {
    int fd;
    CHECK(as_fd(t, args[1], &fd));
    int deleted = dict_delete(t, as_poll(args[0])->events, small_int(fd));
    CHECK(deleted >= 0);
    return deleted ? NONE : raise_key_error(t, small_int(fd));
}

static Value wait_ready(Thread *t, PollObject *p, struct pollfd *fds, nfds_t count, int64_t deadline) {
    int n;
    for (;;) {
        blocking_begin(t);
        n = os_poll(capabilities(t), fds, count, select_milliseconds_left(deadline));
        int error = errno;
        blocking_end(t);
        errno = error;
        if (n >= 0)
            break;
        if (error != EINTR)
            return os_error(t);
        CHECK(safepoint(t));
    }
    Value list = TRY(list_new(t, 0));
    for (nfds_t i = 0; i < count; i++) {
        if (fds[i].revents == 0)
            continue;
        Value pair = TRY(tuple_pack(t, 2, small_int(fds[i].fd), small_int(fds[i].revents & 0xffff)));
        CHECK(list_append(t, list, pair));
    }
    return list;
}

static Value poll_poll(Thread *t, Value *args) {
    PollObject *p = as_poll(args[0]);
    int64_t deadline;
    CHECK(select_deadline(t, args[1], 1e-3, &deadline, "timeout must be an integer or None"));
    if (deadline >= 0) {
        double value;
        CHECK(to_double(t, args[1], &value));
        if (value < 0)
            deadline = -1;
    }
    if (exchange(&p->running, 1u))
        return raise_error(t, &RuntimeError_type, "concurrent poll() invocation");
    size_t capacity = dict_length(p->events), count = 0, position = 0;
    struct pollfd *fds = malloc((capacity + 1) * sizeof *fds);
    Value key, mask, v = NO_VALUE;
    if (fds == NULL)
        raise_no_memory(t);
    while (fds && count < capacity && dict_next(p->events, &position, &key, &mask))
        fds[count++] = (struct pollfd){(int)small_int_value(key), (short)small_int_value(mask), 0};
    if (fds)
        v = wait_ready(t, p, fds, count, deadline);
    free(fds);
    store_release(&p->running, 0u);
    return v;
}

static const NativeDef methods[] = {
    {"register(self, fd, eventmask=7, /)", poll_register, "Adds a descriptor, or changes its events."},
    {"modify(self, fd, eventmask, /)", poll_modify, "Changes the events of a descriptor that was added."},
    {"unregister(self, fd, /)", poll_unregister, "Removes a descriptor."},
    {"poll(self, timeout=None, /)", poll_poll, "Waits; a list of (descriptor, events). timeout in milliseconds."},
    {NULL, NULL, NULL, 0},
};

MODULE_TYPE(poll_type, select) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "select.poll",
    .base_static = &object_type,
    .methods = methods,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(PollObject),
};

const NativeDef select_poll_functions[] = {
    {"poll()", poll_new, "A new object for waiting for descriptors."},
    {NULL, NULL, NULL, 0},
};
