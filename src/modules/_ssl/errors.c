/* SSLError and its kin: from the library's queue of errors to exceptions. Threads: the queue is the thread's own. */
#include "modules/_ssl/ssl.h"
#include "object/call.h"
#include "types/descriptors.h"
#include "types/exceptions/exceptions.h"

#include <ctype.h>
#include <openssl/x509v3.h>

static Type *class_for(Thread *t, SSLClass class) { return as_type(tuple_get(t->isolate->slots[ISOLATE_SSL], class)); }

/* str(): the message, without the number that OSError shows. */
static Value error_str(Thread *t, Value *args) {
    Value text = TRY(get_attribute_text(t, args[0], "strerror"));
    return is_str(text) ? text : to_str(t, TRY(get_attribute_text(t, args[0], "args")));
}

static const NativeDef error_methods[] = {{"__str__(self, /)", error_str, "Return str(self)."}, {NULL}}; /* of SSLError */

static Value new_class(Thread *t, const char *name, Value bases, const char *doc) {
    Value namespace = TRY(dict_new(t)), key = TRY(str_intern_text(t, name));
    CHECK(dict_set(t, namespace, names.__module__, TRY(str_intern_text(t, "ssl"))) &&
          dict_set(t, namespace, names.__doc__, TRY(str_from_text(t, doc))));
    return type_new_class(t, &type_type, key, bases, namespace, NO_VALUE);
}

bool ssl_add_exceptions(Thread *t, Value module) {
    static const char *const table[SSL_CLASSES][2] = {
        {"SSLError", "An error occurred in the SSL implementation."},
        {"SSLZeroReturnError", "SSL/TLS session closed cleanly."},
        {"SSLWantReadError", "Non-blocking SSL socket needs to read more data\nbefore the requested operation can be completed."},
        {"SSLWantWriteError", "Non-blocking SSL socket needs to write more data\nbefore the requested operation can be completed."},
        {"SSLSyscallError", "System error when attempting SSL operation."},
        {"SSLEOFError", "SSL/TLS connection terminated abruptly."},
        {"SSLCertVerificationError", "A certificate could not be verified."},
    };
    Value classes = tuple_new(t, SSL_CLASSES);
    for (size_t i = 0; present(classes) && i < SSL_CLASSES; i++) {
        Value base = i ? tuple_get(classes, 0) : from_object(&OSError_type);
        Value bases = i == SSL_CERTIFICATE ? tuple_pack(t, 2, base, from_object(&ValueError_type)) : tuple_pack(t, 1, base);
        Value class = absent(bases) ? NO_VALUE : new_class(t, table[i][0], bases, table[i][1]);
        if (absent(class) || (!i && !type_add_methods(t, as_type(class), error_methods)) || !module_add(t, module, table[i][0], class))
            return false;
        as_type(class)->flags |= TYPE_IMMUTABLE;
        store((void *)classes.bits, &as_tuple(classes)->items[i], class);
    }
    isolate_keep(t, ISOLATE_SSL, classes);
    return present(classes);
}

/* "CERTIFICATE_VERIFY_FAILED" for "certificate verify failed"; None for reasons that are another library's. */
static Value mnemonic(Thread *t, unsigned long code, const char *reason) {
    char text[128];
    size_t n = 0;
    if (!reason || ERR_GET_RFLAGS(code) & ERR_RFLAG_COMMON)
        return NONE;
    for (; reason[n] && n < sizeof text - 1; n++)
        text[n] = isalnum((unsigned char)reason[n]) ? (char)toupper((unsigned char)reason[n]) : '_';
    return str_from_ascii(t, text, n);
}

static Value library_name(Thread *t, unsigned long code) {
    static const struct {
        int library;
        const char *name;
    } libraries[] = {{ERR_LIB_SSL, "SSL"},   {ERR_LIB_X509, "X509"}, {ERR_LIB_X509V3, "X509V3"}, {ERR_LIB_PEM, "PEM"},
                     {ERR_LIB_ASN1, "ASN1"}, {ERR_LIB_EVP, "EVP"},   {ERR_LIB_RSA, "RSA"},       {ERR_LIB_EC, "EC"},
                     {ERR_LIB_BIO, "BIO"},   {ERR_LIB_CRYPTO, "CRYPTO"}, {ERR_LIB_DH, "DH"},     {ERR_LIB_PROV, "PROV"},
                     {ERR_LIB_PKCS12, "PKCS12"}, {ERR_LIB_CONF, "CONF"}};
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        if (ERR_GET_LIB(code) == libraries[i].library)
            return str_from_text(t, libraries[i].name);
    return NONE;
}

static Value verify_message(Thread *t, ConnectionObject *c, long code) {
    bool host = code == X509_V_ERR_HOSTNAME_MISMATCH;
    if (host || code == X509_V_ERR_IP_ADDRESS_MISMATCH)
        return format_text(t, "%s, certificate is not valid for '%S'.", host ? "Hostname mismatch" : "IP address mismatch",
                           c->server_hostname);
    const char *text = X509_verify_cert_error_string(code);
    return text ? str_from_text(t, text) : NONE;
}

static bool set(Thread *t, Value error, const char *name, Value value) {
    Value key = str_intern_text(t, name);
    return present(value) && present(key) && set_attribute(t, error, key, value);
}

Value ssl_refuse_deletion(Thread *t, Value self, const char *attribute) {
    return raise_error(t, &AttributeError_type, "attribute '%s' of '%T' objects cannot be deleted", attribute, self);
}

Value ssl_plain_error(Thread *t, const char *text) {
    ERR_clear_error();
    return raise_error(t, class_for(t, SSL_BASE), "%s", text);
}

Value ssl_error_at(Thread *t, SSLClass class, int number, const char *text, unsigned long code, ConnectionObject *c, int line) {
    ERR_clear_error();
    CHECK(!error_pending(t));
    const char *why = code ? ERR_reason_error_string(code) : NULL;
    Value reason = TRY(mnemonic(t, code, why)), library = TRY(code ? library_name(t, code) : NONE), verified = NONE;
    if (!text)
        text = why ? why : "unknown error";
    long verify_code = 0;
    if (class == SSL_CERTIFICATE && c) {
        verify_code = SSL_get_verify_result(c->ssl);
        verified = TRY(verify_message(t, c, verify_code));
    }
    bool coded = !is_none(reason) && !is_none(library);
    Value message = is_none(verified) ? TRY(str_from_text(t, text)) : TRY(format_text(t, "%s: %S", text, verified));
    if (coded)
        message = TRY(format_text(t, "[%S: %S] %S (_ssl.c:%d)", library, reason, message, line));
    else if (!is_none(library))
        message = TRY(format_text(t, "[%S] %S (_ssl.c:%d)", library, message, line));
    else
        message = TRY(format_text(t, "%S (_ssl.c:%d)", message, line));
    Value error = TRY(call_2(t, from_object(class_for(t, class)), small_int(number), message));
    CHECK(set(t, error, "reason", reason) && set(t, error, "library", library));
    if (class == SSL_CERTIFICATE)
        CHECK(set(t, error, "verify_code", small_int(verify_code)) && set(t, error, "verify_message", verified));
    return raise_exception(t, error);
}

static Value system_error(Thread *t, ConnectionObject *c, int result, int line) {
    unsigned long code = ERR_peek_last_error();
    if (code)
        return ssl_error_at(t, SSL_SYSCALL_CLASS, ERROR_SYSCALL, NULL, code, c, line);
    if (result == 0 || absent(c->socket) || !c->error)
        return ssl_error_at(t, SSL_EOF_CLASS, ERROR_EOF, "EOF occurred in violation of protocol", 0, c, line);
    return raise_errno(t, c->error, NO_VALUE, NO_VALUE);
}

Value ssl_connection_error_at(Thread *t, ConnectionObject *c, int status, int result, int line) {
    unsigned long code = ERR_peek_last_error();
    CHECK(!error_pending(t));
    switch (status) {
    case SSL_ERROR_ZERO_RETURN:
        return ssl_error_at(t, SSL_ZERO_RETURN, ERROR_ZERO_RETURN, "TLS/SSL connection has been closed (EOF)", code, c, line);
    case SSL_ERROR_WANT_READ:
        return ssl_error_at(t, SSL_WANT_READ_CLASS, ERROR_WANT_READ, "The operation did not complete (read)", code, c, line);
    case SSL_ERROR_WANT_WRITE:
        return ssl_error_at(t, SSL_WANT_WRITE_CLASS, ERROR_WANT_WRITE, "The operation did not complete (write)", code, c, line);
    case SSL_ERROR_WANT_X509_LOOKUP:
        return ssl_error_at(t, SSL_BASE, ERROR_WANT_X509, "The operation did not complete (X509 lookup)", code, c, line);
    case SSL_ERROR_WANT_CONNECT:
        return ssl_error_at(t, SSL_BASE, ERROR_WANT_CONNECT, "The operation did not complete (connect)", code, c, line);
    case SSL_ERROR_SYSCALL: return system_error(t, c, result, line);
    case SSL_ERROR_SSL: break;
    default: return ssl_error_at(t, SSL_BASE, ERROR_INVALID, "Invalid error code", code, c, line);
    }
    if (!code)
        return ssl_error_at(t, SSL_BASE, ERROR_SSL, "A failure in the SSL library occurred", 0, c, line);
    bool in_ssl = ERR_GET_LIB(code) == ERR_LIB_SSL;
    if (in_ssl && ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return ssl_error_at(t, SSL_EOF_CLASS, ERROR_EOF, "EOF occurred in violation of protocol", code, c, line);
    bool unverified = in_ssl && ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED;
    return ssl_error_at(t, unverified ? SSL_CERTIFICATE : SSL_BASE, ERROR_SSL, NULL, code, c, line);
}
