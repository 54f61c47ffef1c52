/* SSLSocket: a connection. See ssl.h. */
#include "modules/_ssl/ssl.h"
#include "types/weakref.h"

#include <limits.h>
#include <openssl/x509v3.h>

static void trace(Tracer *tracer, Object *o) {
    ConnectionObject *c = (ConnectionObject *)o;
    trace_values(tracer, &c->context, 4);
    trace_values(tracer, &c->message_error, 3);
}
enum { CONNECTION_WEIGHT = 32768 }; /* bytes, about, that the library has for each */

static void release(Object *o) {
    ConnectionObject *c = (ConnectionObject *)o;
    heap_external_memory_gone(o, c->ssl ? CONNECTION_WEIGHT : 0);
    SSL_free(c->ssl);
    BIO_meth_free(c->method);
    c->ssl = NULL;
    c->method = NULL;
}

/* Making */

static bool use_host(Thread *t, ConnectionObject *c, ContextObject *context, Value host) {
    size_t length;
    if (!is_str(host)) {
        raise_type_error(t, "server_hostname must be str or None, not %T", host);
        return false;
    }
    Value ascii = str_encode(t, host, "ascii", NULL);
    const char *name = present(ascii) ? str_utf8(t, host, &length) : NULL;
    if (!name)
        return false;
    if (length == 0 || *name == '.') {
        raise_value_error(t, "server_hostname cannot be an empty string or start with a leading dot.");
        return false;
    }
    if (strlen(name) != length) {
        raise_type_error(t, "embedded null character");
        return false;
    }
    ASN1_OCTET_STRING *ip = a2i_IPADDRESS(name);
    ERR_clear_error();
    store(c, &c->server_hostname, host);
    bool ok = ip || SSL_set_tlsext_host_name(c->ssl, name);
    if (ok && context->check_hostname) {
        X509_VERIFY_PARAM *parameters = SSL_get0_param(c->ssl);
        ok = ip ? X509_VERIFY_PARAM_set1_ip(parameters, ASN1_STRING_get0_data(ip), (size_t)ASN1_STRING_length(ip))
                : X509_VERIFY_PARAM_set1_host(parameters, name, length);
    }
    ASN1_OCTET_STRING_free(ip);
    if (!ok)
        ssl_error(t);
    return ok;
}

static bool attach(Thread *t, ConnectionObject *c, Value socket, Value incoming, Value outgoing) {
    if (present(socket)) {
        Value reference = weakref_new(t, socket, NO_VALUE);
        store(c, &c->socket, reference);
        c->fd = load_relaxed(&as_socket(socket)->fd);
        return present(reference) && ssl_attach_socket(t, c);
    }
    store(c, &c->incoming, incoming);
    store(c, &c->outgoing, outgoing);
    BIO *in = ((MemoryBIOObject *)incoming.bits)->bio, *out = ((MemoryBIOObject *)outgoing.bits)->bio;
    BIO_up_ref(in);
    BIO_up_ref(out);
    SSL_set_bio(c->ssl, in, out);
    return true;
}

Value ssl_wrap(Thread *t, ContextObject *context, Value socket, Value incoming, Value outgoing, bool server_side,
               Value server_hostname, Value owner, Value session) {
    if (context->protocol == 16 && server_side)
        return ssl_error_at(t, SSL_BASE, ERROR_SSL, "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context", 0, NULL,
                            __LINE__);
    if (context->protocol == 17 && !server_side)
        return ssl_error_at(t, SSL_BASE, ERROR_SSL, "Cannot create a client socket with a PROTOCOL_TLS_SERVER context", 0, NULL,
                            __LINE__);
    ConnectionObject *c = type_allocate(t, &ssl_socket_type);
    CHECK(c != NULL);
    ERR_clear_error();
    owned_lock_enter(t, &context->lock);
    c->ssl = SSL_new(context->context);
    owned_lock_leave(&context->lock);
    if (!c->ssl)
        return ssl_error(t);
    heap_external_memory(t, CONNECTION_WEIGHT);
    c->server_side = server_side;
    c->capabilities = capabilities(t);
    store(c, &c->context, from_object(context));
    SSL_set_app_data(c->ssl, c);
    CHECK(attach(t, c, socket, incoming, outgoing));
    SSL_set_mode(c->ssl, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
    if (context->post_handshake_auth && server_side) {
        int mode = SSL_get_verify_mode(c->ssl);
        if (mode & SSL_VERIFY_PEER)
            SSL_set_verify(c->ssl, mode | SSL_VERIFY_POST_HANDSHAKE, NULL);
    } else if (context->post_handshake_auth) {
        SSL_set_post_handshake_auth(c->ssl, 1);
    }
    CHECK(is_none(server_hostname) || use_host(t, c, context, server_hostname));
    if (server_side)
        SSL_set_accept_state(c->ssl);
    else
        SSL_set_connect_state(c->ssl);
    if (!is_none(owner)) {
        Value reference = TRY(weakref_new(t, owner, NO_VALUE));
        store(c, &c->owner, reference);
    }
    CHECK(is_none(session) || ssl_session_use(t, c, session));
    return from_object(c);
}

/* Operations: tried, and tried again when the socket is ready. */

typedef struct Operation {
    int (*run)(ConnectionObject *c, struct Operation *o); /* as the library's calls: above 0 is success */
    char *data;
    size_t size, done;
    int shutdown_zeros;
} Operation;

#define TEXT_OF(number) #number
#define TEXT_OF_LINE(number) TEXT_OF(number)
static const char timed_out_handshake[] = "_ssl.c:" TEXT_OF_LINE(__LINE__) ": The handshake operation timed out";

typedef enum Wait { WAIT_READY, WAIT_TIMED_OUT, WAIT_CLOSED, WAIT_NONBLOCKING, WAIT_FAILED } Wait;

/* The connection's socket; absent: memory BIOs. false: it is gone. */
static bool find_socket(Thread *t, ConnectionObject *c, Value *socket) {
    *socket = NO_VALUE;
    if (absent(c->socket))
        return true;
    *socket = weakref_target(c->socket);
    if (absent(*socket) || load_relaxed(&as_socket(*socket)->fd) < 0) {
        ssl_error_at(t, SSL_BASE, ERROR_SSL, "Underlying socket connection gone", 0, NULL, __LINE__);
        return false;
    }
    c->fd = load_relaxed(&as_socket(*socket)->fd);
    return true;
}

static Wait wait_for(Thread *t, Value socket, bool writing, int64_t deadline) {
    if (absent(socket) || load_relaxed(&as_socket(socket)->timeout) == 0)
        return WAIT_NONBLOCKING;
    int64_t left = deadline < 0 ? -1 : deadline - socket_now();
    if (deadline >= 0 && left <= 0)
        return WAIT_TIMED_OUT;
    struct pollfd p = {.fd = load_relaxed(&as_socket(socket)->fd), .events = writing ? POLLOUT : POLLIN};
    if (p.fd < 0)
        return WAIT_CLOSED;
    int64_t milliseconds = left < 0 ? -1 : (left + 999999) / 1000000;
    long ready = OS_BLOCKING(t, os_poll(capabilities(t), &p, 1, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds));
    if (ready < 0)
        return WAIT_FAILED;
    return ready == 0 && deadline >= 0 ? WAIT_TIMED_OUT : WAIT_READY;
}

/* SSL_ERROR_NONE: done. What else is left is *result and the returned status; -1: an exception is pending. */
static int run_operation(Thread *t, ConnectionObject *c, Operation *o, const char *what, int *result) {
    Value socket;
    if (!find_socket(t, c, &socket))
        return -1;
    int64_t timeout = present(socket) ? load_relaxed(&as_socket(socket)->timeout) : -1;
    int64_t deadline = timeout > 0 ? socket_now() + timeout : -1;
    for (;;) {
        owned_lock_enter(t, &c->lock);
        Thread *outer = c->thread;
        c->thread = t;
        ERR_clear_error();
        c->error = 0;
        *result = o->run(c, o);
        int status = SSL_get_error(c->ssl, *result);
        c->thread = outer;
        owned_lock_leave(&c->lock);
        if (error_pending(t) || !safepoint(t))
            return -1;
        if (status != SSL_ERROR_WANT_READ && status != SSL_ERROR_WANT_WRITE)
            return status;
        switch (wait_for(t, socket, status == SSL_ERROR_WANT_WRITE, deadline)) {
        case WAIT_READY: break;
        case WAIT_NONBLOCKING: return status;
        case WAIT_TIMED_OUT: raise_error(t, &TimeoutError_type, "%s", what); return -1;
        case WAIT_CLOSED:
            ssl_error_at(t, SSL_BASE, ERROR_SSL, "Underlying socket has been closed.", 0, NULL, __LINE__);
            return -1;
        case WAIT_FAILED: os_error(t); return -1;
        }
    }
}

static int run_handshake(ConnectionObject *c, Operation *o) { return SSL_do_handshake(c->ssl); }
static int run_read(ConnectionObject *c, Operation *o) { return SSL_read_ex(c->ssl, o->data, o->size, &o->done); }
static int run_write(ConnectionObject *c, Operation *o) { return SSL_write_ex(c->ssl, o->data, o->size, &o->done); }
static int run_shutdown(ConnectionObject *c, Operation *o) {
    /* A second call waits for the peer's answer, without reading on behind it. */
    if (c->seen_zero)
        SSL_set_read_ahead(c->ssl, 0);
    int result = SSL_shutdown(c->ssl);
    if (result == 0 && ++o->shutdown_zeros < 2) {
        c->seen_zero = true;
        return run_shutdown(c, o);
    }
    return result;
}

static Value do_handshake(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    Operation o = {.run = run_handshake};
    int result, status = run_operation(t, c, &o, timed_out_handshake, &result);
    CHECK(status >= 0);
    return result < 1 ? ssl_connection_error(t, c, status, result) : NONE;
}

static Value connection_write(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    Operation o = {.run = run_write, .data = b.data, .size = b.length};
    int result, status = run_operation(t, c, &o, "The write operation timed out", &result);
    buffer_release(t, &b);
    CHECK(status >= 0);
    return status == SSL_ERROR_NONE ? small_int((int64_t)o.done) : ssl_connection_error(t, c, status, result);
}

/* -1: an exception is pending. */
static int64_t read_into(Thread *t, ConnectionObject *c, char *to, size_t size) {
    Operation o = {.run = run_read, .data = to, .size = size};
    int result, status = run_operation(t, c, &o, "The read operation timed out", &result);
    if (status < 0)
        return -1;
    if (status == SSL_ERROR_ZERO_RETURN && SSL_get_shutdown(c->ssl) == SSL_RECEIVED_SHUTDOWN)
        return 0;
    if (status != SSL_ERROR_NONE) {
        ssl_connection_error(t, c, status, result);
        return -1;
    }
    return (int64_t)o.done;
}

static Value read_new(Thread *t, ConnectionObject *c, int64_t size) {
    if (size < 0)
        return raise_value_error(t, "size should not be negative");
    if (size == 0)
        return empty_bytes;
    Value bytes = TRY(bytes_new(t, NULL, (size_t)size));
    int64_t n = read_into(t, c, as_bytes(bytes)->data, (size_t)size);
    CHECK(n >= 0);
    return n == size ? bytes : bytes_new(t, as_bytes(bytes)->data, (size_t)n);
}

/* read(size, [buffer]) */
static Value connection_read(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    int64_t size;
    Buffer b;
    CHECK(index_as_ssize(t, args[1], &size, false, NULL));
    if (absent(args[2]))
        return read_new(t, c, size);
    CHECK(buffer_get_contiguous(t, args[2], &b, true));
    if (size <= 0 || (size_t)size > b.length)
        size = (int64_t)b.length;
    int64_t n = size ? read_into(t, c, b.data, (size_t)size) : 0;
    buffer_release(t, &b);
    return n < 0 ? NO_VALUE : small_int(n);
}

static Value shut_down(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    Operation o = {.run = run_shutdown};
    Value socket;
    CHECK(find_socket(t, c, &socket));
    int result, status = run_operation(t, c, &o, "The read operation timed out", &result);
    CHECK(status >= 0);
    if (result < 0)
        return ssl_connection_error(t, c, status, result);
    return present(socket) ? socket : NONE;
}

static Value verify_again(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    owned_lock_enter(t, &c->lock);
    bool ok = SSL_verify_client_post_handshake(c->ssl);
    owned_lock_leave(&c->lock);
    return ok ? NONE : ssl_error(t);
}

/* What is known of the connection */

static Value get_peer_certificate(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    int binary = truth(t, args[1]);
    CHECK(binary >= 0);
    if (!SSL_is_init_finished(c->ssl))
        return raise_value_error(t, "handshake not done yet");
    X509 *x = SSL_get1_peer_certificate(c->ssl);
    if (!x)
        return NONE;
    Value v;
    if (binary)
        v = ssl_certificate_bytes(t, x);
    else
        v = SSL_CTX_get_verify_mode(SSL_get_SSL_CTX(c->ssl)) & SSL_VERIFY_PEER ? ssl_decode_certificate(t, x) : dict_new(t);
    X509_free(x);
    return v;
}

static Value get_verified_chain(Thread *t, Value *args) {
    STACK_OF(X509) *chain = SSL_get0_verified_chain(as_connection(args[0])->ssl);
    return chain ? ssl_certificate_list(t, chain) : NONE;
}
static Value get_unverified_chain(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(c->ssl);
    X509 *x = c->server_side ? SSL_get1_peer_certificate(c->ssl) : NULL; /* a server's chain lacks the peer's own */
    if (!chain && !x)
        return NONE;
    Value list = chain ? ssl_certificate_list(t, chain) : list_new(t, 1);
    if (!x)
        return list;
    STACK_OF(X509) *own = sk_X509_new_null();
    Value first = own && sk_X509_push(own, x) ? ssl_certificate_list(t, own) : raise_no_memory(t);
    sk_X509_free(own);
    X509_free(x);
    CHECK(present(list) && present(first) && list_insert(t, list, 0, list_get(first, 0)));
    return list;
}

static Value text_or_none(Thread *t, const char *text) { return text ? str_from_text(t, text) : NONE; }

Value ssl_cipher_tuple(Thread *t, const SSL_CIPHER *cipher) {
    Value name = TRY(text_or_none(t, SSL_CIPHER_get_name(cipher))), version = TRY(text_or_none(t, SSL_CIPHER_get_version(cipher)));
    return tuple_pack(t, 3, name, version, small_int(SSL_CIPHER_get_bits(cipher, NULL)));
}
static Value get_cipher(Thread *t, Value *args) {
    const SSL_CIPHER *cipher = SSL_get_current_cipher(as_connection(args[0])->ssl);
    return cipher ? ssl_cipher_tuple(t, cipher) : NONE;
}
static Value get_shared_ciphers(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    STACK_OF(SSL_CIPHER) *client = SSL_get_client_ciphers(c->ssl), *server = SSL_get_ciphers(c->ssl);
    if (!client || !server)
        return NONE;
    Value list = TRY(list_new(t, 8));
    for (int i = 0; i < sk_SSL_CIPHER_num(server); i++) {
        const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(server, i);
        if (sk_SSL_CIPHER_find(client, (SSL_CIPHER *)cipher) >= 0)
            CHECK(list_append(t, list, TRY(ssl_cipher_tuple(t, cipher))));
    }
    return list;
}
static Value get_version(Thread *t, Value *args) {
    SSL *ssl = as_connection(args[0])->ssl;
    return SSL_is_init_finished(ssl) ? str_from_text(t, SSL_get_version(ssl)) : NONE;
}
static Value get_compression(Thread *t, Value *args) {
    const COMP_METHOD *method = SSL_get_current_compression(as_connection(args[0])->ssl);
    int nid = method ? COMP_get_type(method) : NID_undef;
    return nid == NID_undef ? NONE : text_or_none(t, OBJ_nid2sn(nid));
}
static Value get_protocol(Thread *t, Value *args) {
    const unsigned char *name;
    unsigned length;
    SSL_get0_alpn_selected(as_connection(args[0])->ssl, &name, &length);
    return name ? str_from_utf8(t, (const char *)name, length) : NONE;
}
static Value get_pending(Thread *t, Value *args) { return small_int(SSL_pending(as_connection(args[0])->ssl)); }

/* tls-unique: the first Finished message of the handshake, or of its resumption. */
static Value get_channel_binding(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    if (!is_str(args[1]))
        return raise_type_error(t, "get_channel_binding() argument 'cb_type' must be str, not %Y", args[1]);
    if (!str_equal_text(args[1], "tls-unique"))
        return raise_value_error(t, "'%S' channel binding type not implemented", args[1]);
    char data[128];
    bool ours = (SSL_session_reused(c->ssl) != 0) != !c->server_side;
    size_t length = ours ? SSL_get_finished(c->ssl, data, sizeof data) : SSL_get_peer_finished(c->ssl, data, sizeof data);
    return length ? bytes_new(t, data, length) : NONE;
}

static Value get_context(Thread *t, Value *args) { return load(&as_connection(args[0])->context); }
static Value set_context(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    if (absent(args[1]))
        return ssl_refuse_deletion(t, args[0], "context");
    if (!is_instance_of(args[1], &ssl_context_type))
        return raise_type_error(t, "The value must be a SSLContext");
    owned_lock_enter(t, &c->lock);
    store(c, &c->context, args[1]);
    SSL_set_SSL_CTX(c->ssl, as_context(args[1])->context);
    /* What the library does not take over. */
    SSL_set_verify(c->ssl, SSL_CTX_get_verify_mode(as_context(args[1])->context), NULL);
    owned_lock_leave(&c->lock);
    return NONE;
}
static Value get_server_side(Thread *t, Value *args) { return from_bool(as_connection(args[0])->server_side); }
static Value get_server_hostname(Thread *t, Value *args) {
    Value v = load(&as_connection(args[0])->server_hostname);
    return present(v) ? v : NONE;
}
static Value get_owner(Thread *t, Value *args) {
    Value reference = load(&as_connection(args[0])->owner), owner = present(reference) ? weakref_target(reference) : NO_VALUE;
    return present(owner) ? owner : NONE;
}
static Value set_owner(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    if (absent(args[1]))
        return ssl_refuse_deletion(t, args[0], "owner");
    Value reference = is_none(args[1]) ? NO_VALUE : TRY(weakref_new(t, args[1], NO_VALUE));
    store(c, &c->owner, reference);
    return NONE;
}
static Value get_session(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    return ssl_session_new(t, SSL_get1_session(c->ssl), c->context);
}
static Value set_session(Thread *t, Value *args) {
    if (absent(args[1]))
        return ssl_refuse_deletion(t, args[0], "session");
    return ssl_session_use(t, as_connection(args[0]), args[1]) ? NONE : NO_VALUE;
}
static Value get_session_reused(Thread *t, Value *args) { return from_bool(SSL_session_reused(as_connection(args[0])->ssl)); }

static const NativeDef methods[] = {
    {"do_handshake(self, /)", do_handshake},
    {"read(self, size, buffer=<unrepresentable>, /)", connection_read,
     "read(size, [buffer])\nRead up to size bytes from the SSL socket.", NATIVE_NO_SIGNATURE},
    {"write(self, b, /)", connection_write,
     "Writes the bytes-like object b into the SSL object.\n\nReturns the number of bytes written."},
    {"shutdown(self, /)", shut_down, "Does the SSL shutdown handshake with the remote end."},
    {"pending(self, /)", get_pending, "Returns the number of already decrypted bytes available for read, pending on the connection."},
    {"getpeercert(self, der=False, /)", get_peer_certificate,
     "Returns the certificate for the peer.\n\nIf no certificate was provided, returns None.  If a certificate was\nprovided, "
     "but not validated, returns an empty dictionary.  Otherwise\nreturns a dict containing information about the peer "
     "certificate.\n\nIf the optional argument is True, returns a DER-encoded copy of the\npeer certificate, or None if no "
     "certificate was provided.  This will\nreturn the certificate even if it wasn't validated."},
    {"get_verified_chain(self, /)", get_verified_chain},
    {"get_unverified_chain(self, /)", get_unverified_chain},
    {"cipher(self, /)", get_cipher},
    {"shared_ciphers(self, /)", get_shared_ciphers},
    {"version(self, /)", get_version},
    {"compression(self, /)", get_compression},
    {"selected_alpn_protocol(self, /)", get_protocol},
    {"get_channel_binding(self, /, cb_type='tls-unique')", get_channel_binding, "Get channel binding data for current connection."},
    {"verify_client_post_handshake(self, /)", verify_again, "Initiate TLS 1.3 post-handshake authentication"},
    {NULL},
};
static const GetSetDef getset[] = {
    {"context", get_context, set_context, "The SSLContext of the connection; it may be changed, as in the callback of a server name."},
    {"server_side", get_server_side, NULL, "Whether this is a server-side socket."},
    {"server_hostname", get_server_hostname, NULL, "The currently set server hostname (for SNI)."},
    {"owner", get_owner, set_owner, "The Python-level owner of this object."},
    {"session", get_session, set_session, "The underlying SSLSession object."},
    {"session_reused", get_session_reused, NULL, "Was the client session reused during handshake?"},
    {NULL},
};

MODULE_TYPE(ssl_socket_type, _ssl) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "_ssl._SSLSocket",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(ConnectionObject),
};
