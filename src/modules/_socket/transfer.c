/* _socket.socket: sending and receiving.
 *
 * Threads: see socket.h.
 */
#include "modules/_socket/socket.h"

#include "object/operators.h"

typedef struct Transfer {
    char *data;
    size_t size;
    int flags;
    SocketAddress address;
    socklen_t address_size;
} Transfer;

static long try_recv(Thread *t, SocketObject *s, void *context) {
    Transfer *c = context;
    return os_recv(capabilities(t), load_relaxed(&s->fd), c->data, c->size, c->flags);
}
static long try_recvfrom(Thread *t, SocketObject *s, void *context) {
    Transfer *c = context;
    c->address_size = sizeof c->address;
    return os_recvfrom(capabilities(t), load_relaxed(&s->fd), c->data, c->size, c->flags, &c->address.generic, &c->address_size);
}
static long try_send(Thread *t, SocketObject *s, void *context) {
    Transfer *c = context;
    return os_send(capabilities(t), load_relaxed(&s->fd), c->data, c->size, c->flags);
}
static long try_sendto(Thread *t, SocketObject *s, void *context) {
    Transfer *c = context;
    return os_sendto(capabilities(t), load_relaxed(&s->fd), c->data, c->size, c->flags, &c->address.generic, c->address_size);
}

static Value receive(Thread *t, Value *args, bool with_address) {
    int64_t size;
    Transfer c = {0};
    CHECK(index_as_ssize(t, args[1], &size, false, NULL) && as_c_int(t, args[2], &c.flags));
    if (size < 0)
        return raise_value_error(t, "negative buffersize in %s", with_address ? "recvfrom" : "recv");
    Value bytes = TRY(bytes_new(t, NULL, (size_t)size));
    c.data = as_bytes(bytes)->data;
    c.size = (size_t)size;
    long n = socket_run(t, as_socket(args[0]), false, with_address ? try_recvfrom : try_recv, &c);
    CHECK(n >= 0);
    if (n != size)
        bytes = TRY(bytes_new(t, c.data, (size_t)n));
    if (!with_address)
        return bytes;
    Value address = TRY(socket_make_address(t, &c.address, c.address_size));
    return tuple_pack(t, 2, bytes, address);
}
Value socket_recv(Thread *t, Value *args) { return receive(t, args, false); }
Value socket_recvfrom(Thread *t, Value *args) { return receive(t, args, true); }

static Value receive_into(Thread *t, Value *args, bool with_address) {
    const char *function = with_address ? "recvfrom_into" : "recv_into";
    int64_t size;
    Transfer c = {0};
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[1], &b, true));
    Value v = NO_VALUE;
    if (!index_as_ssize(t, args[2], &size, false, NULL) || !as_c_int(t, args[3], &c.flags))
        goto done;
    if (size < 0) {
        raise_value_error(t, "negative buffersize in %s", function);
        goto done;
    }
    if ((size_t)size > b.length) {
        raise_value_error(t, with_address ? "nbytes is greater than the length of the buffer"
                                          : "buffer too small for requested bytes");
        goto done;
    }
    c.data = b.data;
    c.size = size ? (size_t)size : b.length;
    long n = socket_run(t, as_socket(args[0]), false, with_address ? try_recvfrom : try_recv, &c);
    if (n < 0)
        goto done;
    v = small_int(n);
    if (with_address) {
        Value address = socket_make_address(t, &c.address, c.address_size);
        v = absent(address) ? address : tuple_pack(t, 2, v, address);
    }
done:
    buffer_release(t, &b);
    return v;
}
Value socket_recv_into(Thread *t, Value *args) { return receive_into(t, args, false); }
Value socket_recvfrom_into(Thread *t, Value *args) { return receive_into(t, args, true); }

Value socket_send(Thread *t, Value *args) {
    Transfer c = {0};
    Buffer b;
    CHECK(as_c_int(t, args[2], &c.flags) && buffer_get_contiguous(t, args[1], &b, false));
    c.data = b.data;
    c.size = b.length;
    long n = socket_run(t, as_socket(args[0]), true, try_send, &c);
    buffer_release(t, &b);
    return n < 0 ? NO_VALUE : small_int(n);
}

/* The timeout is for the whole. */
Value socket_sendall(Thread *t, Value *args) {
    SocketObject *s = as_socket(args[0]);
    Transfer c = {0};
    Buffer b;
    CHECK(as_c_int(t, args[2], &c.flags) && buffer_get_contiguous(t, args[1], &b, false));
    int64_t timeout = load_relaxed(&s->timeout), deadline = timeout > 0 ? socket_now() + timeout : -1;
    c.data = b.data;
    c.size = b.length;
    bool ok = true;
    while (ok && c.size) {
        if (deadline >= 0) {
            timeout = deadline - socket_now();
            if (timeout <= 0) {
                raise_error(t, &TimeoutError_type, "timed out");
                ok = false;
                break;
            }
        }
        long n = socket_run_within(t, s, true, try_send, &c, timeout);
        ok = n >= 0 && safepoint(t);
        if (n > 0) {
            c.data += n;
            c.size -= (size_t)n;
        }
    }
    buffer_release(t, &b);
    return ok ? NONE : NO_VALUE;
}

Value socket_sendto(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    Transfer c = {0};
    Buffer b;
    if (count < 2 || count > 3)
        return raise_type_error(t, "sendto() takes 2 or 3 arguments (%zu given)", count);
    CHECK(count == 2 || as_c_int(t, tuple_get(args[1], 1), &c.flags));
    CHECK(buffer_get_contiguous(t, tuple_get(args[1], 0), &b, false));
    c.data = b.data;
    c.size = b.length;
    long n = -1;
    if (socket_parse_address(t, as_socket(args[0]), tuple_get(args[1], count - 1), "sendto", &c.address, &c.address_size))
        n = socket_run(t, as_socket(args[0]), true, try_sendto, &c);
    buffer_release(t, &b);
    return n < 0 ? NO_VALUE : small_int(n);
}
