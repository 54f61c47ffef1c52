/* _ssl: TLS by OpenSSL. errors.c: exceptions and how the library's errors become them; bio.c: MemoryBIO, and sockets as the
 * library's source and sink; certificate.c: certificates and what is in them; context.c: SSLContext, with its properties in
 * properties.c and its calls back into Python in callbacks.c; socket.c: SSLSocket; session.c; module.c.
 *
 * The library never reads or writes a descriptor itself, and never waits: a connection's bytes go through a BIO of ours that
 * does not block; methods wait for the socket with nothing locked.
 *
 * Threads: a context and a connection each take one thread at a time, by an OwnedLock that is held during calls of the library.
 */
#pragma once
#include "modules/_socket/socket.h"
#include "object/owned_lock.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

typedef struct ContextObject {
    Object object;
    OwnedLock lock;
    SSL_CTX *context;
    Thread *thread;      /* that is in a call which may ask for a password or tell of keys */
    unsigned char *protocols; /* of ALPN, as they go over the wire */
    unsigned protocols_length;
    unsigned host_flags;
    int protocol;
    bool check_hostname, post_handshake_auth;
    BIO *key_log;
    Value server_name_callback, message_callback, key_log_name; /* absent: none */
} ContextObject;

typedef struct ConnectionObject {
    Object object;
    OwnedLock lock;
    SSL *ssl;
    BIO_METHOD *method; /* of the socket's BIO; NULL: memory BIOs */
    int fd;             /* the socket's, when last looked at */
    Thread *thread;     /* that is in a call of the library */
    Value context, socket, server_hostname; /* socket: a weak reference or absent */
    Value owner;                            /* a weak reference or absent */
    bool server_side, seen_zero;
    const Capabilities *capabilities;
    int error;                      /* errno of the last operation of the socket's BIO */
    Value message_error;            /* an exception of a callback: raised by the method that is running */
    Value incoming, outgoing;       /* memory BIOs, kept */
} ConnectionObject;

typedef struct MemoryBIOObject {
    Object object;
    OwnedLock lock;
    BIO *bio;
    bool eof;
} MemoryBIOObject;

extern Type ssl_context_type, ssl_socket_type, memory_bio_type, ssl_session_type, certificate_type;
static inline ContextObject *as_context(Value v) { return (ContextObject *)v.bits; }
static inline ConnectionObject *as_connection(Value v) { return (ConnectionObject *)v.bits; }

/* errors.c. What the library numbers its failures by, and two of Python's own. */
enum { ERROR_NONE, ERROR_SSL, ERROR_WANT_READ, ERROR_WANT_WRITE, ERROR_WANT_X509, ERROR_SYSCALL, ERROR_ZERO_RETURN,
       ERROR_WANT_CONNECT, ERROR_EOF, ERROR_INVALID = 10 };
typedef enum SSLClass { SSL_BASE, SSL_ZERO_RETURN, SSL_WANT_READ_CLASS, SSL_WANT_WRITE_CLASS, SSL_SYSCALL_CLASS, SSL_EOF_CLASS,
                        SSL_CERTIFICATE, SSL_CLASSES } SSLClass;
bool ssl_add_exceptions(Thread *t, Value module);
/* SSLError for the library's last error (or with the given text); `line` is shown as CPython shows its own. */
Value ssl_error_at(Thread *t, SSLClass class, int number, const char *text, unsigned long code, ConnectionObject *c, int line);
#define ssl_error(t) ssl_error_at(t, SSL_BASE, ERROR_SSL, NULL, ERR_peek_last_error(), NULL, __LINE__)
Value ssl_refuse_deletion(Thread *t, Value self, const char *attribute);
Value ssl_plain_error(Thread *t, const char *text); /* SSLError(text) */
/* For a connection's operation that failed: `status` by SSL_get_error, `result` as the library returned it. */
Value ssl_connection_error_at(Thread *t, ConnectionObject *c, int status, int result, int line);
#define ssl_connection_error(t, c, status, result) ssl_connection_error_at(t, c, status, result, __LINE__)

/* bio.c */
bool ssl_attach_socket(Thread *t, ConnectionObject *c);
/* certificate.c */
Value ssl_decode_certificate(Thread *t, X509 *certificate);
Value ssl_certificate_bytes(Thread *t, X509 *certificate); /* DER */
Value ssl_certificate_list(Thread *t, STACK_OF(X509) *chain);
Value ssl_test_decode(Thread *t, Value *args);
Value ssl_bio_bytes(Thread *t, BIO *bio);
/* properties.c */
extern const GetSetDef ssl_context_getset[];
/* callbacks.c */
Value ssl_get_message_callback(Thread *t, Value *args);
Value ssl_set_message_callback(Thread *t, Value *args);
Value ssl_get_key_log(Thread *t, Value *args);
Value ssl_set_key_log(Thread *t, Value *args);
Value ssl_get_server_name_callback(Thread *t, Value *args);
Value ssl_set_server_name_callback(Thread *t, Value *args);
Value ssl_set_protocols(Thread *t, Value *args);
Value ssl_load_cert_chain(Thread *t, Value *args);
/* socket.c */
Value ssl_wrap(Thread *t, ContextObject *context, Value socket, Value incoming, Value outgoing, bool server_side,
               Value server_hostname, Value owner, Value session);
Value ssl_cipher_tuple(Thread *t, const SSL_CIPHER *cipher);
/* session.c */
Value ssl_session_new(Thread *t, SSL_SESSION *session, Value context); /* takes the session over; NULL: None */
bool ssl_session_use(Thread *t, ConnectionObject *c, Value session);
