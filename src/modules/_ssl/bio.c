/* MemoryBIO, and sockets as the library's source and sink. Threads: ssl.h. */
#include "modules/_ssl/ssl.h"

#include <limits.h>

/* Sockets. Neither direction waits: the library is told to try again, whatever the socket's own mode. */

static ConnectionObject *connection_of(BIO *bio) { return BIO_get_data(bio); }

static int moved(BIO *bio, ssize_t n, bool reading) {
    ConnectionObject *c = connection_of(bio);
    c->error = n < 0 ? errno : 0;
    BIO_clear_retry_flags(bio);
    if (n < 0 && (c->error == EAGAIN || c->error == EINTR || c->error == EWOULDBLOCK)) {
        if (reading)
            BIO_set_retry_read(bio);
        else
            BIO_set_retry_write(bio);
    }
    return (int)n;
}

static int socket_read(BIO *bio, char *to, int size) {
    ConnectionObject *c = connection_of(bio);
    return moved(bio, os_recv(c->capabilities, c->fd, to, (size_t)size, MSG_DONTWAIT), true);
}

static int socket_write(BIO *bio, const char *from, int size) {
    ConnectionObject *c = connection_of(bio);
    return moved(bio, os_send(c->capabilities, c->fd, from, (size_t)size, MSG_DONTWAIT | MSG_NOSIGNAL), false);
}

static long socket_control(BIO *bio, int command, long number, void *pointer) {
    switch (command) {
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DUP: return 1;
    case BIO_CTRL_GET_CLOSE: return BIO_NOCLOSE;
    default: return 0;
    }
}

bool ssl_attach_socket(Thread *t, ConnectionObject *c) {
    c->method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "krait socket");
    BIO *bio = NULL;
    if (c->method && BIO_meth_set_read(c->method, socket_read) && BIO_meth_set_write(c->method, socket_write) &&
        BIO_meth_set_ctrl(c->method, socket_control))
        bio = BIO_new(c->method);
    if (!bio) {
        raise_no_memory(t);
        return false;
    }
    BIO_set_data(bio, c);
    BIO_set_init(bio, 1);
    SSL_set_bio(c->ssl, bio, bio);
    return true;
}

/* MemoryBIO */

static MemoryBIOObject *as_memory_bio(Value v) { return (MemoryBIOObject *)v.bits; }

static void release(Object *o) {
    BIO_free_all(((MemoryBIOObject *)o)->bio);
    ((MemoryBIOObject *)o)->bio = NULL;
}

static Value memory_new(Thread *t, Value *args) {
    MemoryBIOObject *m = type_allocate(t, as_type(args[0]));
    CHECK(m != NULL);
    m->bio = BIO_new(BIO_s_mem());
    if (!m->bio)
        return raise_no_memory(t);
    /* Running out of data is not the end yet. */
    BIO_set_retry_read(m->bio);
    BIO_set_mem_eof_return(m->bio, -1);
    return from_object(m);
}

static Value memory_read(Thread *t, Value *args) {
    MemoryBIOObject *m = as_memory_bio(args[0]);
    int size;
    CHECK(as_c_int(t, args[1], &size));
    owned_lock_enter(t, &m->lock);
    int available = (int)BIO_ctrl_pending(m->bio);
    if (size < 0 || size > available)
        size = available;
    Value result = bytes_new(t, NULL, (size_t)size);
    int n = present(result) && size ? BIO_read(m->bio, as_bytes(result)->data, size) : 0;
    owned_lock_leave(&m->lock);
    return n < 0 ? ssl_error(t) : result;
}

static Value memory_write(Thread *t, Value *args) {
    MemoryBIOObject *m = as_memory_bio(args[0]);
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    Value result = NO_VALUE;
    owned_lock_enter(t, &m->lock);
    if (b.length > INT_MAX) {
        raise_overflow_error(t, "string longer than %d bytes", INT_MAX);
    } else if (m->eof) {
        ssl_plain_error(t, "cannot write() after write_eof()");
    } else {
        int n = b.length ? BIO_write(m->bio, b.data, (int)b.length) : 0;
        result = n < 0 ? ssl_error(t) : small_int(n);
    }
    owned_lock_leave(&m->lock);
    buffer_release(t, &b);
    return result;
}

static Value memory_write_eof(Thread *t, Value *args) {
    MemoryBIOObject *m = as_memory_bio(args[0]);
    owned_lock_enter(t, &m->lock);
    m->eof = true;
    BIO_clear_retry_flags(m->bio);
    BIO_set_mem_eof_return(m->bio, 0);
    owned_lock_leave(&m->lock);
    return NONE;
}

static Value get_pending(Thread *t, Value *args) { return small_int((int64_t)BIO_ctrl_pending(as_memory_bio(args[0])->bio)); }
static Value get_eof(Thread *t, Value *args) {
    MemoryBIOObject *m = as_memory_bio(args[0]);
    return from_bool(m->eof && BIO_ctrl_pending(m->bio) == 0);
}

static const NativeDef methods[] = {
    {"__new__(type)", memory_new, "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"read(self, size=-1, /)", memory_read,
     "Read up to size bytes from the memory BIO.\n\nIf size is not specified, read the entire buffer.\n"
     "If the return value is an empty bytes instance, this means either\nEOF or that no data is available. Use the \"eof\" "
     "property to\ndistinguish between the two."},
    {"write(self, b, /)", memory_write, "Writes the bytes b into the memory BIO.\n\nReturns the number of bytes written."},
    {"write_eof(self, /)", memory_write_eof,
     "Write an EOF marker to the memory BIO.\n\nWhen all data has been read, the \"eof\" property will be True."},
    {NULL},
};
static const GetSetDef getset[] = {
    {"pending", get_pending, NULL, "The number of bytes pending in the memory BIO."},
    {"eof", get_eof, NULL, "Whether the memory BIO is at EOF."},
    {NULL},
};

MODULE_TYPE(memory_bio_type, _ssl) = {
    STATIC_TYPE_HEAD(NULL, release),
    .name_text = "_ssl.MemoryBIO",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE,
    .instance_size = sizeof(MemoryBIOObject),
};
