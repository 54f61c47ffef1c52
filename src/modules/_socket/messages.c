/* _socket.socket: sendmsg and recvmsg, with ancillary data.
 *
 * Threads: see socket.h.
 */
#include "modules/_socket/socket.h"

#include "object/audit.h"
#include "object/operators.h"
#include "types/list.h"

typedef struct Message {
    struct msghdr header;
    int flags;
    SocketAddress address;
    size_t count;      /* buffers taken */
    Buffer *buffers;
    struct iovec *vectors;
    char *control;
} Message;

static long try_recvmsg(Thread *t, SocketObject *s, void *context) {
    Message *m = context;
    m->header.msg_name = &m->address;
    m->header.msg_namelen = sizeof m->address;
    return os_recvmsg(capabilities(t), load_relaxed(&s->fd), &m->header, m->flags);
}
static long try_sendmsg(Thread *t, SocketObject *s, void *context) {
    Message *m = context;
    return os_sendmsg(capabilities(t), load_relaxed(&s->fd), &m->header, m->flags);
}

static void message_free(Thread *t, Message *m) {
    for (size_t i = 0; i < m->count; i++)
        buffer_release(t, &m->buffers[i]);
    free(m->buffers);
    free(m->vectors);
    free(m->control);
}

static bool take_buffers(Thread *t, Message *m, Value iterable, bool writable) {
    Value items = tuple_from_iterable(t, iterable);
    if (absent(items) && !type_slot(type_of(iterable), SLOT___iter__) && error_catch(t, &TypeError_type))
        raise_type_error(t, "%s() argument 1 must be an iterable", writable ? "recvmsg_into" : "sendmsg");
    if (absent(items))
        return false;
    size_t n = tuple_length(items);
    m->buffers = calloc(n + 1, sizeof *m->buffers);
    m->vectors = calloc(n + 1, sizeof *m->vectors);
    if (m->buffers == NULL || m->vectors == NULL) {
        raise_no_memory(t);
        return false;
    }
    for (; m->count < n; m->count++) {
        Buffer *b = &m->buffers[m->count];
        if (!buffer_get_contiguous(t, tuple_get(items, m->count), b, writable)) {
            if (writable && (error_catch(t, &TypeError_type) || error_catch(t, &BufferError_type)))
                raise_type_error(t, "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers");
            return false;
        }
        m->vectors[m->count] = (struct iovec){b->data, b->length};
    }
    m->header.msg_iov = m->vectors;
    m->header.msg_iovlen = n;
    return true;
}

static bool control_room(Thread *t, Message *m, int64_t size) {
    if (size < 0 || size > INT32_MAX) {
        raise_value_error(t, "invalid ancillary data buffer length");
        return false;
    }
    if (size && (m->control = calloc(1, (size_t)size)) == NULL) {
        raise_no_memory(t);
        return false;
    }
    m->header.msg_control = m->control;
    m->header.msg_controllen = (size_t)size;
    return true;
}

static Value ancillary(Thread *t, Message *m) {
    Value list = TRY(list_new(t, 0));
    if (m->header.msg_controllen == 0)
        return list;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&m->header); c; c = CMSG_NXTHDR(&m->header, c)) {
        char *end = (char *)m->header.msg_control + m->header.msg_controllen, *data = (char *)CMSG_DATA(c);
        if (c->cmsg_len < CMSG_LEN(0))
            break;
        size_t length = c->cmsg_len - CMSG_LEN(0), most = data < end ? (size_t)(end - data) : 0;
        Value bytes = TRY(bytes_new(t, data, length < most ? length : most));
        Value item = TRY(tuple_pack(t, 3, small_int(c->cmsg_level), small_int(c->cmsg_type), bytes));
        CHECK(list_append(t, list, item));
    }
    return list;
}

static Value received(Thread *t, Message *m, Value data) {
    Value extra = TRY(ancillary(t, m));
    Value address = TRY(socket_make_address(t, &m->address, m->header.msg_namelen));
    return tuple_pack(t, 4, data, extra, small_int(m->header.msg_flags), address);
}

Value socket_recvmsg(Thread *t, Value *args) {
    int64_t size, control;
    Message m = {0};
    CHECK(index_as_ssize(t, args[1], &size, false, NULL) && index_as_ssize(t, args[2], &control, false, NULL) &&
          as_c_int(t, args[3], &m.flags));
    if (size < 0)
        return raise_value_error(t, "negative buffer size in recvmsg()");
    Value bytes = TRY(bytes_new(t, NULL, (size_t)size)), v = NO_VALUE;
    struct iovec vector = {as_bytes(bytes)->data, (size_t)size};
    m.header.msg_iov = &vector;
    m.header.msg_iovlen = 1;
    if (control_room(t, &m, control)) {
        long n = socket_run(t, as_socket(args[0]), false, try_recvmsg, &m);
        if (n >= 0) {
            Value data = n == size ? bytes : bytes_new(t, as_bytes(bytes)->data, (size_t)n);
            v = absent(data) ? data : received(t, &m, data);
        }
    }
    message_free(t, &m);
    return v;
}

Value socket_recvmsg_into(Thread *t, Value *args) {
    int64_t control;
    Message m = {0};
    Value v = NO_VALUE;
    CHECK(index_as_ssize(t, args[2], &control, false, NULL) && as_c_int(t, args[3], &m.flags));
    if (take_buffers(t, &m, args[1], true) && control_room(t, &m, control)) {
        long n = socket_run(t, as_socket(args[0]), false, try_recvmsg, &m);
        if (n >= 0)
            v = received(t, &m, small_int(n));
    }
    message_free(t, &m);
    return v;
}

/* An iterable of (level, type, data). */
static bool pack_control(Thread *t, Message *m, Value iterable) {
    Value items = tuple_from_iterable(t, iterable);
    if (absent(items))
        return false;
    size_t total = 0, used = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < tuple_length(items); i++) {
            Value item = tuple_from_iterable(t, tuple_get(items, i));
            int level, type;
            Buffer b;
            if (absent(item))
                return false;
            if (tuple_length(item) != 3) {
                raise_type_error(t, "[sendmsg() ancillary data items] must be a sequence of length 3");
                return false;
            }
            if (!as_c_int(t, tuple_get(item, 0), &level) || !as_c_int(t, tuple_get(item, 1), &type) ||
                !buffer_get_contiguous(t, tuple_get(item, 2), &b, false))
                return false;
            if (pass == 0) {
                total += CMSG_SPACE(b.length);
            } else if (used + CMSG_SPACE(b.length) <= total) {
                struct cmsghdr *c = (struct cmsghdr *)(m->control + used);
                c->cmsg_level = level;
                c->cmsg_type = type;
                c->cmsg_len = CMSG_LEN(b.length);
                memcpy(CMSG_DATA(c), b.data, b.length);
                used += CMSG_SPACE(b.length);
            }
            buffer_release(t, &b);
        }
        if (pass == 0 && !control_room(t, m, (int64_t)total))
            return false;
    }
    return true;
}

Value socket_sendmsg(Thread *t, Value *args) {
    Message m = {0};
    SocketObject *s = as_socket(args[0]);
    long n = -1;
    CHECK(as_c_int(t, args[3], &m.flags));
    if (!is_none(args[4])) {
        CHECK(socket_parse_address(t, s, args[4], "sendmsg", &m.address, &m.header.msg_namelen));
        m.header.msg_name = &m.address;
    }
    CHECK(audit(t, "socket.sendmsg", 2, args[0], args[4]));
    if (take_buffers(t, &m, args[1], false) && pack_control(t, &m, args[2]))
        n = socket_run(t, s, true, try_sendmsg, &m);
    message_free(t, &m);
    return n < 0 ? NO_VALUE : small_int(n);
}
