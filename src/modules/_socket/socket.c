/* _socket.socket: the object, waiting, options, connections.
 *
 * Threads: see socket.h.
 */
#include "modules/_socket/socket.h"

#include "object/audit.h"
#include "object/operators.h"
#include "types/float.h"
#include "types/list.h"

#include <limits.h>

static void release(Object *o) {
    int fd = exchange(&((SocketObject *)o)->fd, -1);
    if (fd >= 0)
        os_close(&(Capabilities){CAPABILITY_DESCRIPTORS}, fd);
}

int64_t socket_now(void) {
    struct timespec s;
    clock_gettime(CLOCK_MONOTONIC, &s);
    return s.tv_sec * INT64_C(1000000000) + s.tv_nsec;
}

/* Waits until the deadline. 1: ready, 0: time is over, -1: error. */
static int wait_ready(Thread *t, SocketObject *s, bool writing, int64_t deadline) {
    for (;;) {
        int64_t left = deadline < 0 ? -1 : deadline - socket_now();
        if (deadline >= 0 && left < 0)
            left = 0;
        int64_t ms = left < 0 ? -1 : (left + 999999) / 1000000;
        struct pollfd p = {.fd = load_relaxed(&s->fd), .events = writing ? POLLOUT : POLLIN};
        blocking_begin(t);
        int n = os_poll(capabilities(t), &p, 1, ms > INT_MAX ? INT_MAX : (int)ms);
        int error = errno;
        blocking_end(t);
        if (n >= 0)
            return n > 0;
        errno = error;
        if (error != EINTR) {
            os_error(t);
            return -1;
        }
        if (!safepoint(t))
            return -1;
    }
}

static long timed_out(Thread *t) {
    raise_error(t, &TimeoutError_type, "timed out");
    return -1;
}

long socket_run(Thread *t, SocketObject *s, bool writing, SocketOperation operation, void *context) {
    return socket_run_within(t, s, writing, operation, context, load_relaxed(&s->timeout));
}

long socket_run_within(Thread *t, SocketObject *s, bool writing, SocketOperation operation, void *context, int64_t timeout) {
    int64_t deadline = timeout > 0 ? socket_now() + timeout : -1;
    for (;;) {
        if (timeout > 0) {
            int ready = wait_ready(t, s, writing, deadline);
            if (ready <= 0)
                return ready < 0 ? -1 : timed_out(t);
        }
        blocking_begin(t);
        errno = 0;
        long result = operation(t, s, context);
        int error = errno;
        blocking_end(t);
        if (result >= 0)
            return result;
        errno = error;
        if (error == EINTR) {
            if (!safepoint(t))
                return -1;
        } else if (!(timeout > 0 && (error == EAGAIN || error == EWOULDBLOCK))) {
            os_error(t);
            return -1;
        }
    }
}

bool socket_timeout_argument(Thread *t, Value v, int64_t *out) {
    *out = -1;
    if (is_none(v))
        return true;
    double seconds;
    if (!to_double(t, v, &seconds))
        return false;
    if (isnan(seconds)) {
        raise_value_error(t, "Invalid value NaN (not a number)");
        return false;
    }
    if (seconds < 0) {
        raise_value_error(t, "Timeout value out of range");
        return false;
    }
    if (seconds > 9e9) {
        raise_overflow_error(t, "timeout doesn't fit into C timeval");
        return false;
    }
    *out = (int64_t)ceil(seconds * 1e9);
    return true;
}

Value socket_timeout_value(Thread *t, int64_t timeout) {
    return timeout < 0 ? NONE : float_from_double(t, (double)timeout / 1e9);
}

static bool set_nonblocking(Thread *t, SocketObject *s, bool on) {
    int flags = os_fcntl(capabilities(t), load_relaxed(&s->fd), F_GETFL, NULL);
    if (flags >= 0) {
        int wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
        if (wanted == flags || os_fcntl(capabilities(t), load_relaxed(&s->fd), F_SETFL, (void *)(intptr_t)wanted) == 0)
            return true;
    }
    os_error(t);
    return false;
}

/* Life */

static Value new(Thread *t, Value *args) {
    SocketObject *s = type_allocate(t, as_type(args[0]));
    if (s == NULL)
        return NO_VALUE;
    s->fd = -1;
    s->timeout = -1;
    return from_object(s);
}

static bool option(Thread *t, int fd, int name, int *value) {
    socklen_t size = sizeof *value;
    if (os_getsockopt(capabilities(t), fd, SOL_SOCKET, name, value, &size) == 0)
        return true;
    os_error(t);
    return false;
}

/* What is to be known of a descriptor that was given. */
static bool inspect(Thread *t, SocketObject *s, int fd, int family, int type, int protocol) {
    SocketAddress a = {0};
    socklen_t size = sizeof a;
    if (family == -1) {
        if (os_getsockname(capabilities(t), fd, &a.generic, &size) < 0) {
            os_error(t);
            return false;
        }
        family = a.generic.sa_family;
    } else if (os_getsockname(capabilities(t), fd, &a.generic, &size) < 0 && (errno == EBADF || errno == ENOTSOCK)) {
        os_error(t);
        return false;
    }
    if ((type == -1 && !option(t, fd, SO_TYPE, &type)) || (protocol == -1 && !option(t, fd, SO_PROTOCOL, &protocol)))
        return false;
    s->family = family;
    s->type = type;
    s->protocol = protocol;
    return true;
}

static Value init(Thread *t, Value *args) {
    SocketObject *s = as_socket(args[0]);
    int family, type, protocol, fd;
    CHECK(as_c_int(t, args[1], &family) && as_c_int(t, args[2], &type) && as_c_int(t, args[3], &protocol));
    CHECK(audit(t, "socket.__new__", 4, args[0], args[1], args[2], args[3]));
    if (!is_none(args[4])) {
        if (is_float(args[4]))
            return raise_type_error(t, "integer argument expected, got float");
        CHECK(as_c_int(t, args[4], &fd));
        if (fd < 0)
            return raise_value_error(t, "negative file descriptor");
        CHECK(inspect(t, s, fd, family, type, protocol));
    } else {
        s->family = family == -1 ? AF_INET : family;
        s->type = type == -1 ? SOCK_STREAM : type;
        s->protocol = protocol == -1 ? 0 : protocol;
        fd = (int)OS_BLOCKING(t, os_socket(capabilities(t), s->family, s->type | SOCK_CLOEXEC, s->protocol));
        if (fd < 0)
            return os_error(t);
    }
    s->fd = fd;
    int64_t standard = small_int_value(socket_slot(t, SOCKET_DEFAULT_TIMEOUT));
    bool nonblocking = s->type & SOCK_NONBLOCK;
    s->type &= ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
    s->timeout = nonblocking ? 0 : standard;
    if (!nonblocking && standard >= 0)
        CHECK(set_nonblocking(t, s, true));
    return NONE;
}

static Value close_(Thread *t, Value *args) {
    int fd = exchange(&as_socket(args[0])->fd, -1);
    if (fd < 0)
        return NONE;
    blocking_begin(t);
    int result = os_close(capabilities(t), fd), error = errno;
    blocking_end(t);
    errno = error;
    return result < 0 && error != ECONNRESET && error != EINTR ? os_error(t) : NONE;
}

static Value del(Thread *t, Value *args) {
    SocketObject *s = as_socket(args[0]);
    if (load_relaxed(&s->fd) < 0)
        return NONE;
    Value pending = error_take(t);
    warn_unclosed(t, "", args[0], "Exception ignored while finalizing socket", args[0]);
    close_(t, args);
    error_clear(t);
    if (present(pending))
        error_restore(t, pending);
    return NONE;
}

static Value detach(Thread *t, Value *args) { return small_int(exchange(&as_socket(args[0])->fd, -1)); }
static Value fileno_(Thread *t, Value *args) { return small_int(load_relaxed(&as_socket(args[0])->fd)); }

static Value repr_(Thread *t, Value *args) {
    SocketObject *s = as_socket(args[0]);
    return format_text(t, "<socket object, fd=%d, family=%d, type=%d, proto=%d>", load_relaxed(&s->fd), s->family, s->type, s->protocol);
}

/* Connections */

typedef struct AcceptCall {
    SocketAddress address;
    socklen_t size;
} AcceptCall;

static long try_accept(Thread *t, SocketObject *s, void *context) {
    AcceptCall *c = context;
    c->size = sizeof c->address;
    return os_accept4(capabilities(t), load_relaxed(&s->fd), &c->address.generic, &c->size, SOCK_CLOEXEC);
}

static Value accept_(Thread *t, Value *args) {
    AcceptCall c = {0};
    long fd = socket_run(t, as_socket(args[0]), false, try_accept, &c);
    CHECK(fd >= 0);
    Value address = socket_make_address(t, &c.address, c.size);
    if (absent(address)) {
        os_close(capabilities(t), (int)fd);
        return NO_VALUE;
    }
    return tuple_pack(t, 2, small_int(fd), address);
}

static Value bind_(Thread *t, Value *args) {
    SocketAddress a;
    socklen_t size;
    CHECK(socket_parse_address(t, as_socket(args[0]), args[1], "bind", &a, &size) &&
          audit(t, "socket.bind", 2, args[0], args[1]));
    return OS_BLOCKING(t, os_bind(capabilities(t), load_relaxed(&as_socket(args[0])->fd), &a.generic, size)) < 0 ? os_error(t) : NONE;
}

static Value listen_(Thread *t, Value *args) {
    int backlog;
    CHECK(as_c_int(t, args[1], &backlog));
    if (backlog < 0)
        backlog = 0;
    return OS_BLOCKING(t, os_listen(capabilities(t), load_relaxed(&as_socket(args[0])->fd), backlog)) < 0 ? os_error(t) : NONE;
}

/* 0, an errno, or -1 with an exception pending. A connection that is under way is waited for. */
static int connect_to(Thread *t, SocketObject *s, const SocketAddress *a, socklen_t size) {
    int64_t timeout = load_relaxed(&s->timeout);
    blocking_begin(t);
    int result = os_connect(capabilities(t), load_relaxed(&s->fd), &a->generic, size), error = errno;
    blocking_end(t);
    if (result == 0)
        return 0;
    bool under_way = (error == EINTR) || (timeout > 0 && error == EINPROGRESS);
    if (!under_way || (error == EINTR && timeout == 0))
        return error;
    if (error == EINTR && !safepoint(t))
        return -1;
    int ready = wait_ready(t, s, true, timeout > 0 ? socket_now() + timeout : -1);
    if (ready < 0)
        return -1;
    if (ready == 0)
        return EWOULDBLOCK;
    return option(t, load_relaxed(&s->fd), SO_ERROR, &error) ? error : -1;
}

static Value connect_(Thread *t, Value *args) {
    SocketAddress a;
    socklen_t size;
    SocketObject *s = as_socket(args[0]);
    CHECK(socket_parse_address(t, s, args[1], "connect", &a, &size) && audit(t, "socket.connect", 2, args[0], args[1]));
    int error = connect_to(t, s, &a, size);
    CHECK(error >= 0);
    if (error == EWOULDBLOCK && load_relaxed(&s->timeout) > 0) {
        timed_out(t);
        return NO_VALUE;
    }
    errno = error;
    return error ? os_error(t) : NONE;
}

static Value connect_ex(Thread *t, Value *args) {
    SocketAddress a;
    socklen_t size;
    CHECK(socket_parse_address(t, as_socket(args[0]), args[1], "connect_ex", &a, &size) &&
          audit(t, "socket.connect", 2, args[0], args[1]));
    int error = connect_to(t, as_socket(args[0]), &a, size);
    return error < 0 ? NO_VALUE : small_int(error);
}

static Value shutdown_(Thread *t, Value *args) {
    int how;
    CHECK(as_c_int(t, args[1], &how));
    return OS_BLOCKING(t, os_shutdown(capabilities(t), load_relaxed(&as_socket(args[0])->fd), how)) < 0 ? os_error(t) : NONE;
}

static Value getsockname_(Thread *t, Value *args) {
    SocketAddress a = {0};
    socklen_t size = sizeof a;
    if (os_getsockname(capabilities(t), load_relaxed(&as_socket(args[0])->fd), &a.generic, &size) < 0)
        return os_error(t);
    return socket_make_address(t, &a, size);
}
static Value getpeername_(Thread *t, Value *args) {
    SocketAddress a = {0};
    socklen_t size = sizeof a;
    if (os_getpeername(capabilities(t), load_relaxed(&as_socket(args[0])->fd), &a.generic, &size) < 0)
        return os_error(t);
    return socket_make_address(t, &a, size);
}

/* Options */

static Value setblocking_(Thread *t, Value *args) {
    bool block;
    CHECK(as_bool(t, args[1], &block));
    store_relaxed(&as_socket(args[0])->timeout, block ? -1 : 0);
    return set_nonblocking(t, as_socket(args[0]), !block) ? NONE : NO_VALUE;
}
static Value getblocking_(Thread *t, Value *args) { return from_bool(load_relaxed(&as_socket(args[0])->timeout) != 0); }
static Value settimeout_(Thread *t, Value *args) {
    int64_t timeout;
    CHECK(socket_timeout_argument(t, args[1], &timeout));
    store_relaxed(&as_socket(args[0])->timeout, timeout);
    return set_nonblocking(t, as_socket(args[0]), timeout >= 0) ? NONE : NO_VALUE;
}
static Value gettimeout_(Thread *t, Value *args) { return socket_timeout_value(t, load_relaxed(&as_socket(args[0])->timeout)); }

static Value getsockopt_(Thread *t, Value *args) {
    int level, name, size = 0;
    CHECK(as_c_int(t, args[1], &level) && as_c_int(t, args[2], &name) && as_c_int(t, args[3], &size));
    int fd = load_relaxed(&as_socket(args[0])->fd);
    if (size == 0) {
        int flag = 0;
        socklen_t flag_size = sizeof flag;
        return os_getsockopt(capabilities(t), fd, level, name, &flag, &flag_size) < 0 ? os_error(t) : small_int(flag);
    }
    char buffer[1024];
    if (size < 0 || size > (int)sizeof buffer)
        return raise_error(t, &OSError_type, "getsockopt buflen out of range");
    socklen_t length = (socklen_t)size;
    if (os_getsockopt(capabilities(t), fd, level, name, buffer, &length) < 0)
        return os_error(t);
    return bytes_new(t, buffer, length);
}

/* setsockopt(level, name, int), (level, name, bytes), (level, name, None, size) */
static Value setsockopt_(Thread *t, Value *args) {
    int level, name, fd = load_relaxed(&as_socket(args[0])->fd);
    CHECK(as_c_int(t, args[1], &level) && as_c_int(t, args[2], &name));
    int result;
    if (is_none(args[3])) {
        int64_t size;
        if (absent(args[4]))
            return raise_type_error(t, "socket.setsockopt() takes 4 arguments when the third argument is None");
        CHECK(as_c_long(t, args[4], &size));
        result = os_setsockopt(capabilities(t), fd, level, name, NULL, (socklen_t)size);
    } else if (is_int(args[3])) {
        int flag;
        CHECK(as_c_int(t, args[3], &flag));
        result = os_setsockopt(capabilities(t), fd, level, name, &flag, sizeof flag);
    } else {
        Buffer b;
        if (!has_buffer(args[3]))
            return raise_type_error(t, "socket option should be integer, bytes-like object or None, not %T", args[3]);
        CHECK(buffer_get_contiguous(t, args[3], &b, false));
        result = os_setsockopt(capabilities(t), fd, level, name, b.data, (socklen_t)b.length);
        int error = errno;
        buffer_release(t, &b);
        errno = error;
    }
    return result < 0 ? os_error(t) : NONE;
}

static Value get_family(Thread *t, Value *args) { return small_int(as_socket(args[0])->family); }
static Value get_type(Thread *t, Value *args) { return small_int(as_socket(args[0])->type); }
static Value get_protocol(Thread *t, Value *args) { return small_int(as_socket(args[0])->protocol); }

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", new, NULL},
    {"__init__(self, family=-1, type=-1, proto=-1, fileno=None)", init, NULL, NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", repr_, NULL},
    {"__del__(self, /)", del, NULL},
    {"_accept(self, /)", accept_, "(descriptor, address) of an incoming connection."},
    {"bind(self, object, /)", bind_, "Binds the socket to a local address."},
    {"close(self, /)", close_, "Closes the socket."},
    {"connect(self, object, /)", connect_, "Connects to an address."},
    {"connect_ex(self, object, /)", connect_ex, "Connects to an address; gives an error number instead of raising."},
    {"detach(self, /)", detach, "Gives the descriptor and forgets it."},
    {"fileno(self, /)", fileno_, "The descriptor."},
    {"getpeername(self, /)", getpeername_, "The address of the other side."},
    {"getsockname(self, /)", getsockname_, "The address of this side."},
    {"getsockopt(self, level, option, buffersize=0, /)", getsockopt_, "The value of an option.", NATIVE_NO_SIGNATURE},
    {"listen(self, backlog=128, /)", listen_, "Lets the socket accept connections.", NATIVE_NO_SIGNATURE},
    {"recv(self, buffersize, flags=0, /)", socket_recv, "Receives bytes.", NATIVE_NO_SIGNATURE},
    {"recv_into(self, buffer, nbytes=0, flags=0)", socket_recv_into, "Receives into a buffer.", NATIVE_NO_SIGNATURE},
    {"recvfrom(self, buffersize, flags=0, /)", socket_recvfrom, "Receives bytes and the sender's address.",
     NATIVE_NO_SIGNATURE},
    {"recvfrom_into(self, buffer, nbytes=0, flags=0)", socket_recvfrom_into, "recvfrom into a buffer.",
     NATIVE_NO_SIGNATURE},
    {"send(self, data, flags=0, /)", socket_send, "Sends bytes; gives how many.", NATIVE_NO_SIGNATURE},
    {"sendall(self, data, flags=0, /)", socket_sendall, "Sends all of the bytes.", NATIVE_NO_SIGNATURE},
    {"sendto(self, *arguments)", socket_sendto, "sendto(data, [flags,] address)\nSends bytes to an address.",
     NATIVE_NO_SIGNATURE},
    {"setblocking(self, object, /)", setblocking_, "Makes the socket blocking or not."},
    {"getblocking(self, /)", getblocking_, "Is the socket blocking?"},
    {"settimeout(self, object, /)", settimeout_, "Sets the timeout in seconds; None: none."},
    {"gettimeout(self, /)", gettimeout_, "The timeout in seconds, or None."},
    {"setsockopt(self, level, option, value, optlen=<unrepresentable>, /)", setsockopt_, "Sets an option.",
     NATIVE_NO_SIGNATURE},
    {"shutdown(self, object, /)", shutdown_, "Closes one or both directions."},
    {"recvmsg(self, bufsize, ancbufsize=0, flags=0, /)", socket_recvmsg,
     "Receives bytes with ancillary data: (data, ancdata, flags, address).", NATIVE_NO_SIGNATURE},
    {"recvmsg_into(self, buffers, ancbufsize=0, flags=0, /)", socket_recvmsg_into, "recvmsg into buffers.",
     NATIVE_NO_SIGNATURE},
    {"sendmsg(self, buffers, ancdata=(), flags=0, address=None, /)", socket_sendmsg, "Sends buffers with ancillary data.",
     NATIVE_NO_SIGNATURE},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef getset[] = {
    {"family", get_family, NULL, "the socket family"},
    {"type", get_type, NULL, "the socket type"},
    {"proto", get_protocol, NULL, "the socket protocol"},
    {"timeout", gettimeout_, NULL, "the socket timeout"},
    {NULL, NULL, NULL, NULL},
};

MODULE_TYPE(socket_type, _socket) = {
    STATIC_TYPE_HEAD(NULL, release),
    .name_text = "_socket.socket",
    .doc = "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object\n"
           "socket(family=-1, type=-1, proto=-1, fileno=None) -> socket object",
    .base_static = &object_type,
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE | TYPE_HAS_DEL,
    .instance_size = sizeof(SocketObject),
};
