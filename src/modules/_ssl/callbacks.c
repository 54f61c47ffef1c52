/* What the library asks of an SSLContext's program: passwords, and callbacks on names, messages, protocols and keys.
 *
 * All run inside a method of a context or a connection, on its thread. What a callback raises stays pending, and the method
 * fails with it.
 * Threads: ssl.h.
 */
#include "modules/_ssl/ssl.h"
#include "object/call.h"
#include "types/weakref.h"

#include <openssl/pem.h>

/* Passwords */

typedef struct PasswordSource {
    Thread *t;
    Value callable; /* absent: the text is known */
    int size;
    char text[PEM_BUFSIZE];
} PasswordSource;

static bool take_password(PasswordSource *p, Value v, const char *wrong_type) {
    Thread *t = p->t;
    Buffer b = {0};
    size_t length = 0;
    const char *text = NULL;
    if (is_str(v)) {
        text = str_utf8(t, v, &length);
        if (!text)
            return false;
    } else if (is_bytes(v) || is_instance_of(v, &bytearray_type)) {
        if (!buffer_get_contiguous(t, v, &b, false))
            return false;
        length = b.length;
    } else {
        raise_type_error(t, "%s", wrong_type);
        return false;
    }
    bool fits = length <= sizeof p->text;
    if (fits)
        memcpy(p->text, text ? text : b.data, length);
    else
        raise_value_error(t, "password cannot be longer than %d bytes", (int)sizeof p->text);
    p->size = (int)length;
    if (!text)
        buffer_release(t, &b);
    return fits;
}

static int give_password(char *to, int size, int writing, void *context) {
    PasswordSource *p = context;
    if (present(p->callable)) {
        Value v = error_pending(p->t) ? NO_VALUE : call_0(p->t, p->callable);
        if (absent(v) || !take_password(p, v, "password callback must return a string"))
            return -1;
    }
    if (p->size > size) {
        if (!error_pending(p->t))
            raise_value_error(p->t, "password cannot be longer than %d bytes", size);
        return -1;
    }
    memcpy(to, p->text, (size_t)p->size);
    return p->size;
}

/* The library's failure to read a file: the system's reason if there is one. */
static Value file_error(Thread *t) {
    int error = errno;
    CHECK(!error_pending(t));
    if (!error)
        return ssl_error(t);
    ERR_clear_error();
    errno = error;
    return os_error(t);
}

static Value load_chain(Thread *t, ContextObject *c, const char *certificates, const char *key) {
    errno = 0;
    if (!SSL_CTX_use_certificate_chain_file(c->context, certificates))
        return file_error(t);
    errno = 0;
    if (!SSL_CTX_use_PrivateKey_file(c->context, key, SSL_FILETYPE_PEM))
        return file_error(t);
    return SSL_CTX_check_private_key(c->context) ? NONE : ssl_error(t);
}

Value ssl_load_cert_chain(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    Path certificates = {.fd = -1}, key = {.fd = -1};
    PasswordSource source = {.t = t};
    if (!path_convert(t, args[1], &certificates)) {
        if (error_catch(t, &TypeError_type))
            raise_type_error(t, "certfile should be a valid filesystem path");
        return NO_VALUE;
    }
    if (!is_none(args[2]) && !path_convert(t, args[2], &key)) {
        if (error_catch(t, &TypeError_type))
            raise_type_error(t, "keyfile should be a valid filesystem path");
        return NO_VALUE;
    }
    if (!is_none(args[3])) {
        if (is_callable(args[3]))
            source.callable = args[3];
        else
            CHECK(take_password(&source, args[3], "password should be a string or callable"));
    }
    if (!capability_check(capabilities(t), CAPABILITY_FILES_READ))
        return os_error(t);
    owned_lock_enter(t, &c->lock);
    ERR_clear_error();
    pem_password_cb *old = SSL_CTX_get_default_passwd_cb(c->context);
    void *old_context = SSL_CTX_get_default_passwd_cb_userdata(c->context);
    if (!is_none(args[3])) {
        SSL_CTX_set_default_passwd_cb(c->context, give_password);
        SSL_CTX_set_default_passwd_cb_userdata(c->context, &source);
    }
    Value result = load_chain(t, c, certificates.name, is_none(args[2]) ? certificates.name : key.name);
    SSL_CTX_set_default_passwd_cb(c->context, old);
    SSL_CTX_set_default_passwd_cb_userdata(c->context, old_context);
    owned_lock_leave(&c->lock);
    OPENSSL_cleanse(source.text, sizeof source.text);
    return result;
}

/* What callbacks get as the connection: its owner, or the connection itself. */
static Value shown_connection(ConnectionObject *c) {
    if (absent(c->owner))
        return from_object(c);
    Value owner = weakref_target(c->owner);
    return present(owner) ? owner : NONE;
}

/* Server names */

static int on_server_name(SSL *ssl, int *alert, void *context) {
    ContextObject *x = context;
    ConnectionObject *c = SSL_get_app_data(ssl);
    Thread *t = c->thread;
    Value callback = load(&x->server_name_callback);
    if (absent(callback) || error_pending(t))
        return SSL_TLSEXT_ERR_NOACK;
    if (present(c->owner) && absent(weakref_target(c->owner))) { /* nobody is left to be told */
        *alert = SSL_AD_INTERNAL_ERROR;
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    Value text = name ? str_decode(t, name, strlen(name), "ascii", NULL) : NONE;
    Value result = absent(text) ? NO_VALUE : call_3(t, callback, shown_connection(c), text, from_object(x));
    if (absent(result)) {
        error_write_unraisable(t, NULL, callback);
        *alert = SSL_AD_HANDSHAKE_FAILURE;
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    if (is_none(result))
        return SSL_TLSEXT_ERR_OK;
    int64_t number;
    if (!is_int(result))
        raise_type_error(t, "an integer is required (got type %T)", result);
    if (error_pending(t) || !int_as_i64(t, result, &number)) {
        error_write_unraisable(t, NULL, result);
        number = SSL_AD_INTERNAL_ERROR;
    }
    *alert = (int)number;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

Value ssl_get_server_name_callback(Thread *t, Value *args) {
    Value v = load(&as_context(args[0])->server_name_callback);
    return present(v) ? v : NONE;
}
Value ssl_set_server_name_callback(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    if (absent(args[1]))
        return ssl_refuse_deletion(t, args[0], "sni_callback");
    if (c->protocol == 16)
        return raise_value_error(t, "sni_callback cannot be set on TLS_CLIENT context");
    bool none = is_none(args[1]);
    if (!none && !is_callable(args[1]))
        return raise_type_error(t, "not a callable object");
    owned_lock_enter(t, &c->lock);
    store(c, &c->server_name_callback, none ? NO_VALUE : args[1]);
    SSL_CTX_callback_ctrl(c->context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, none ? NULL : (void (*)(void))on_server_name);
    SSL_CTX_set_tlsext_servername_arg(c->context, c);
    owned_lock_leave(&c->lock);
    return NONE;
}

/* Messages, for debugging */

static int message_type(int content, const unsigned char *data, size_t length) {
    switch (content) {
    case SSL3_RT_CHANGE_CIPHER_SPEC: return SSL3_MT_CHANGE_CIPHER_SPEC;
    case SSL3_RT_ALERT: return length > 1 ? data[1] : -1;
    case SSL3_RT_HANDSHAKE:
    case SSL3_RT_HEADER:
    case SSL3_RT_INNER_CONTENT_TYPE: return length > 0 ? data[0] : -1;
    default: return -1;
    }
}

static void on_message(int writing, int version, int content, const void *data, size_t length, SSL *ssl, void *context) {
    ConnectionObject *c = SSL_get_app_data(ssl);
    if (!c || !c->thread || error_pending(c->thread))
        return;
    Thread *t = c->thread;
    Value callback = load(&as_context(c->context)->message_callback);
    if (absent(callback))
        return;
    Value direction = str_from_text(t, writing ? "write" : "read"), bytes = bytes_new(t, data, length);
    if (absent(direction) || absent(bytes))
        return;
    Value arguments[7] = {NO_VALUE, shown_connection(c), direction, small_int(version), small_int(content),
                          small_int(message_type(content, data, length)), bytes};
    (void)call(t, callback, arguments + 1, 6, NO_VALUE).bits; /* what it raises stays pending */
}

Value ssl_get_message_callback(Thread *t, Value *args) {
    Value v = load(&as_context(args[0])->message_callback);
    return present(v) ? v : NONE;
}
Value ssl_set_message_callback(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    if (absent(args[1]))
        return ssl_refuse_deletion(t, args[0], "_msg_callback");
    bool none = is_none(args[1]);
    if (!none && !is_callable(args[1])) {
        return raise_type_error(t, "%R is not callable.", args[1]);
    }
    owned_lock_enter(t, &c->lock);
    store(c, &c->message_callback, none ? NO_VALUE : args[1]);
    SSL_CTX_set_msg_callback(c->context, none ? NULL : on_message);
    owned_lock_leave(&c->lock);
    return NONE;
}

/* Keys, for debugging */

static void on_key(const SSL *ssl, const char *line) {
    ConnectionObject *c = SSL_get_app_data(ssl);
    ContextObject *x = as_context(c->context);
    owned_lock_enter(c->thread, &x->lock);
    if (x->key_log) {
        BIO_printf(x->key_log, "%s\n", line);
        (void)BIO_flush(x->key_log);
    }
    owned_lock_leave(&x->lock);
}

Value ssl_get_key_log(Thread *t, Value *args) {
    Value v = load(&as_context(args[0])->key_log_name);
    return present(v) ? v : NONE;
}
Value ssl_set_key_log(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    BIO *log = NULL;
    if (absent(args[1]))
        return ssl_refuse_deletion(t, args[0], "keylog_filename");
    bool none = is_none(args[1]);
    if (!none) {
        Path path = {.fd = -1};
        CHECK(path_convert(t, args[1], &path));
        if (!capability_check(capabilities(t), CAPABILITY_FILES_WRITE))
            return os_error(t);
        errno = 0;
        log = BIO_new_file(path.name, "a");
        if (!log) {
            ERR_clear_error();
            return os_error_path(t, args[1]);
        }
        if (BIO_tell(log) == 0)
            BIO_puts(log, "# TLS secrets log file, generated by OpenSSL / Python\n");
        (void)BIO_flush(log);
    }
    owned_lock_enter(t, &c->lock);
    BIO *old = c->key_log;
    c->key_log = log;
    store(c, &c->key_log_name, none ? NO_VALUE : args[1]);
    SSL_CTX_set_keylog_callback(c->context, none ? NULL : on_key);
    owned_lock_leave(&c->lock);
    BIO_free_all(old);
    return NONE;
}

/* Protocols above TLS: the server's choice, in the order that it prefers. */

static int on_protocols(SSL *ssl, const unsigned char **out, unsigned char *length, const unsigned char *offered,
                        unsigned offered_length, void *context) {
    ContextObject *c = context;
    int result = SSL_select_next_proto((unsigned char **)out, length, c->protocols, c->protocols_length, offered, offered_length);
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

Value ssl_set_protocols(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    unsigned char *copied = b.length <= UINT16_MAX ? OPENSSL_memdup(b.data, b.length) : NULL;
    if (b.length > UINT16_MAX)
        raise_overflow_error(t, "protocols longer than %u bytes", UINT16_MAX);
    else if (!copied && b.length)
        raise_no_memory(t);
    if (!error_pending(t)) {
        owned_lock_enter(t, &c->lock);
        OPENSSL_free(c->protocols);
        c->protocols = copied;
        c->protocols_length = (unsigned)b.length;
        if (SSL_CTX_set_alpn_protos(c->context, copied, c->protocols_length))
            raise_no_memory(t);
        SSL_CTX_set_alpn_select_cb(c->context, on_protocols, c);
        owned_lock_leave(&c->lock);
    }
    buffer_release(t, &b);
    return error_pending(t) ? NO_VALUE : NONE;
}
