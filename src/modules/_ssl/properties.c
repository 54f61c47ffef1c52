/* The properties of SSLContext. Threads: ssl.h. */
#include "modules/_ssl/ssl.h"

#include <openssl/x509v3.h>

enum { LOWEST = -2, HIGHEST = -1, PROTOCOL_TLS = 2, PROTOCOL_CLIENT = 16, PROTOCOL_SERVER, CERT_NONE = 0, CERT_OPTIONAL, CERT_REQUIRED };

#define SETTER(name, attribute)                        \
    static Value set_##name(Thread *t, Value *args) {  \
        ContextObject *c = as_context(args[0]);        \
        if (absent(args[1]))                           \
            return ssl_refuse_deletion(t, args[0], attribute); \
        owned_lock_enter(t, &c->lock);                 \
        bool ok = assign_##name(t, c, args[1]);        \
        owned_lock_leave(&c->lock);                    \
        return ok ? NONE : NO_VALUE;                   \
    }

static Value get_options(Thread *t, Value *args) { return int_from_unsigned(t, SSL_CTX_get_options(as_context(args[0])->context)); }
static bool assign_options(Thread *t, ContextObject *c, Value v) {
    const uint64_t no_versions = SSL_OP_NO_SSLv2 | SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2 |
                                 SSL_OP_NO_TLSv1_3;
    uint64_t wanted, now = SSL_CTX_get_options(c->context);
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    if (!int_to_u64(index, &wanted)) {
        if (int_sign(index) < 0)
            raise_overflow_error(t, "can't convert negative value to unsigned int");
        else
            raise_overflow_error(t, "Python int too large to convert to C unsigned long");
        return false;
    }
    uint64_t cleared = now & ~wanted, added = ~now & wanted;
    if (added & no_versions &&
        !warn(t, &DeprecationWarning_type, 2, "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated"))
        return false;
    SSL_CTX_clear_options(c->context, cleared);
    SSL_CTX_set_options(c->context, added);
    return true;
}
SETTER(options, "options")

static Value version_value(int version, int unset) { return small_int(version ? version : unset); }
static Value get_minimum(Thread *t, Value *args) {
    return version_value((int)SSL_CTX_get_min_proto_version(as_context(args[0])->context), LOWEST);
}
static Value get_maximum(Thread *t, Value *args) {
    return version_value((int)SSL_CTX_get_max_proto_version(as_context(args[0])->context), HIGHEST);
}

static bool assign_version(Thread *t, ContextObject *c, Value v, bool lowest) {
    static const char *const old[] = {"SSLv3", "TLSv1", "TLSv1_1"};
    int version;
    if (!as_c_int(t, v, &version))
        return false;
    if (c->protocol != PROTOCOL_TLS && c->protocol != PROTOCOL_CLIENT && c->protocol != PROTOCOL_SERVER) {
        raise_value_error(t, "The context's protocol doesn't support modification of highest and lowest version.");
        return false;
    }
    if (version >= SSL3_VERSION && version <= TLS1_1_VERSION &&
        !warn(t, &DeprecationWarning_type, 2, "ssl.TLSVersion.%s is deprecated", old[version - SSL3_VERSION]))
        return false;
    int wanted = version;
    if (version == LOWEST)
        wanted = lowest ? 0 : TLS1_2_VERSION;
    else if (version == HIGHEST)
        wanted = lowest ? TLS1_3_VERSION : 0;
    bool ok = lowest ? SSL_CTX_set_min_proto_version(c->context, wanted) : SSL_CTX_set_max_proto_version(c->context, wanted);
    if (!ok)
        raise_value_error(t, "Unsupported TLS/SSL version 0x%x", (unsigned)version);
    return ok;
}
static bool assign_minimum(Thread *t, ContextObject *c, Value v) { return assign_version(t, c, v, true); }
static bool assign_maximum(Thread *t, ContextObject *c, Value v) { return assign_version(t, c, v, false); }
SETTER(minimum, "minimum_version")
SETTER(maximum, "maximum_version")

static Value get_tickets(Thread *t, Value *args) { return small_int((int64_t)SSL_CTX_get_num_tickets(as_context(args[0])->context)); }
static bool assign_tickets(Thread *t, ContextObject *c, Value v) {
    int64_t n;
    if (!as_c_long(t, v, &n))
        return false;
    if (n < 0)
        raise_value_error(t, "value must be non-negative");
    else if (c->protocol != PROTOCOL_SERVER)
        raise_value_error(t, "SSLContext is not a server context.");
    else if (!SSL_CTX_set_num_tickets(c->context, (size_t)n))
        raise_value_error(t, "failed to set num tickets.");
    return !error_pending(t);
}
SETTER(tickets, "num_tickets")

static Value get_verify_flags(Thread *t, Value *args) {
    return int_from_unsigned(t, X509_VERIFY_PARAM_get_flags(SSL_CTX_get0_param(as_context(args[0])->context)));
}
static bool assign_verify_flags(Thread *t, ContextObject *c, Value v) {
    int64_t wanted;
    if (!as_c_long(t, v, &wanted))
        return false;
    X509_VERIFY_PARAM *parameters = SSL_CTX_get0_param(c->context);
    unsigned long now = X509_VERIFY_PARAM_get_flags(parameters), cleared = now & ~(unsigned long)wanted;
    bool ok = (!cleared || X509_VERIFY_PARAM_clear_flags(parameters, cleared)) &&
              X509_VERIFY_PARAM_set_flags(parameters, (unsigned long)wanted & ~now);
    if (!ok)
        ssl_error(t);
    return ok;
}
SETTER(verify_flags, "verify_flags")

static int verify_mode(ContextObject *c) {
    int mode = SSL_CTX_get_verify_mode(c->context);
    return !(mode & SSL_VERIFY_PEER) ? CERT_NONE : mode & SSL_VERIFY_FAIL_IF_NO_PEER_CERT ? CERT_REQUIRED : CERT_OPTIONAL;
}
static void use_verify_mode(ContextObject *c, int mode) {
    int flags = mode == CERT_NONE ? SSL_VERIFY_NONE : SSL_VERIFY_PEER | (mode == CERT_REQUIRED ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);
    SSL_CTX_set_verify(c->context, flags, NULL);
}
static Value get_verify_mode(Thread *t, Value *args) { return small_int(verify_mode(as_context(args[0]))); }
static bool assign_verify_mode(Thread *t, ContextObject *c, Value v) {
    int mode;
    if (!as_c_int(t, v, &mode))
        return false;
    if (mode == CERT_NONE && c->check_hostname)
        raise_value_error(t, "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.");
    else if (mode < CERT_NONE || mode > CERT_REQUIRED)
        raise_value_error(t, "invalid value for verify_mode");
    else
        use_verify_mode(c, mode);
    return !error_pending(t);
}
SETTER(verify_mode, "verify_mode")

static Value get_check_hostname(Thread *t, Value *args) { return from_bool(as_context(args[0])->check_hostname); }
static bool assign_check_hostname(Thread *t, ContextObject *c, Value v) {
    int check = truth(t, v);
    if (check < 0)
        return false;
    if (check && verify_mode(c) == CERT_NONE)
        use_verify_mode(c, CERT_REQUIRED);
    c->check_hostname = check;
    return true;
}
SETTER(check_hostname, "check_hostname")

static Value get_host_flags(Thread *t, Value *args) { return small_int(as_context(args[0])->host_flags); }
static bool assign_host_flags(Thread *t, ContextObject *c, Value v) {
    int flags;
    if (!as_c_int(t, v, &flags))
        return false;
    c->host_flags = (unsigned)flags;
    X509_VERIFY_PARAM_set_hostflags(SSL_CTX_get0_param(c->context), c->host_flags);
    return true;
}
SETTER(host_flags, "_host_flags")

static Value get_post_handshake(Thread *t, Value *args) { return from_bool(as_context(args[0])->post_handshake_auth); }
static bool assign_post_handshake(Thread *t, ContextObject *c, Value v) {
    int on = truth(t, v);
    if (on < 0)
        return false;
    c->post_handshake_auth = on;
    SSL_CTX_set_post_handshake_auth(c->context, on);
    return true;
}
SETTER(post_handshake, "post_handshake_auth")

static Value get_protocol(Thread *t, Value *args) { return small_int(as_context(args[0])->protocol); }
static Value get_security_level(Thread *t, Value *args) { return small_int(SSL_CTX_get_security_level(as_context(args[0])->context)); }

const GetSetDef ssl_context_getset[] = {
    {"options", get_options, set_options},
    {"minimum_version", get_minimum, set_minimum},
    {"maximum_version", get_maximum, set_maximum},
    {"num_tickets", get_tickets, set_tickets, "Control the number of TLSv1.3 session tickets."},
    {"verify_flags", get_verify_flags, set_verify_flags},
    {"verify_mode", get_verify_mode, set_verify_mode},
    {"check_hostname", get_check_hostname, set_check_hostname},
    {"_host_flags", get_host_flags, set_host_flags},
    {"post_handshake_auth", get_post_handshake, set_post_handshake},
    {"protocol", get_protocol},
    {"security_level", get_security_level, NULL, "The current security level."},
    {"keylog_filename", ssl_get_key_log, ssl_set_key_log},
    {"_msg_callback", ssl_get_message_callback, ssl_set_message_callback},
    {"sni_callback", ssl_get_server_name_callback, ssl_set_server_name_callback,
     "Set a callback that will be called when a server name is provided by the SSL/TLS client in the SNI extension."},
    {NULL},
};
