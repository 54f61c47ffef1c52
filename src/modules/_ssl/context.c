/* SSLContext: making one, and its methods. Threads: ssl.h. */
#define OPENSSL_SUPPRESS_DEPRECATED /* parameters of Diffie-Hellman by their old functions: their errors are what programs see */
#include "modules/_ssl/ssl.h"

#include "object/audit.h"

#include <limits.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

enum { PROTOCOL_TLS = 2, PROTOCOL_TLS1, PROTOCOL_TLS1_1, PROTOCOL_TLS1_2, PROTOCOL_CLIENT = 16, PROTOCOL_SERVER };

static void trace(Tracer *tracer, Object *o) { trace_values(tracer, &((ContextObject *)o)->server_name_callback, 3); }
static void release(Object *o) {
    ContextObject *c = (ContextObject *)o;
    SSL_CTX_free(c->context);
    BIO_free_all(c->key_log);
    OPENSSL_free(c->protocols);
    c->context = NULL;
    c->key_log = NULL;
    c->protocols = NULL;
}

#define WITH(t, c, expression)                     \
    ({                                             \
        owned_lock_enter(t, &(c)->lock);           \
        typeof(expression) result_ = (expression); \
        owned_lock_leave(&(c)->lock);              \
        result_;                                   \
    })

static SSL_CTX *new_library_context(Thread *t, int protocol) {
    static const char *const old[] = {"TLS", "TLSv1", "TLSv1_1", "TLSv1_2"};
    if (protocol >= PROTOCOL_TLS && protocol <= PROTOCOL_TLS1_2 &&
        !warn(t, &DeprecationWarning_type, 2, "ssl.PROTOCOL_%s is deprecated", old[protocol - PROTOCOL_TLS]))
        return NULL;
    int version = protocol == PROTOCOL_TLS1 ? TLS1_VERSION : protocol == PROTOCOL_TLS1_1 ? TLS1_1_VERSION : TLS1_2_VERSION;
    SSL_CTX *context = NULL;
    switch (protocol) {
    case PROTOCOL_TLS:
    case PROTOCOL_TLS1:
    case PROTOCOL_TLS1_1:
    case PROTOCOL_TLS1_2: context = SSL_CTX_new(TLS_method()); break;
    case PROTOCOL_CLIENT: context = SSL_CTX_new(TLS_client_method()); break;
    case PROTOCOL_SERVER: context = SSL_CTX_new(TLS_server_method()); break;
    default: raise_value_error(t, "invalid or unsupported protocol version"); return NULL;
    }
    if (context && protocol >= PROTOCOL_TLS1 && protocol <= PROTOCOL_TLS1_2) {
        SSL_CTX_set_min_proto_version(context, version);
        SSL_CTX_set_max_proto_version(context, version);
    }
    if (!context)
        ssl_error(t);
    return context;
}

static Value context_new(Thread *t, Value *args) {
    int protocol;
    CHECK(as_c_int(t, args[1], &protocol));
    ERR_clear_error();
    SSL_CTX *context = new_library_context(t, protocol);
    CHECK(context != NULL);
    ContextObject *c = type_allocate(t, as_type(args[0]));
    if (!c) {
        SSL_CTX_free(context);
        return NO_VALUE;
    }
    c->context = context;
    c->protocol = protocol;
    c->host_flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
    c->check_hostname = protocol == PROTOCOL_CLIENT;
    SSL_CTX_set_app_data(context, c);
    SSL_CTX_set_verify(context, protocol == PROTOCOL_CLIENT ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_options(context, (SSL_OP_ALL & ~SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS) | SSL_OP_NO_SSLv3 | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_SINGLE_DH_USE | SSL_OP_SINGLE_ECDH_USE);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    static const unsigned char session_context[] = "Python";
    SSL_CTX_set_session_id_context(context, session_context, sizeof session_context);
    X509_VERIFY_PARAM *parameters = SSL_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_TRUSTED_FIRST);
    X509_VERIFY_PARAM_set_hostflags(parameters, c->host_flags);
    SSL_CTX_set_post_handshake_auth(context, 0);
    return from_object(c);
}

static Value wrap_socket(Thread *t, Value *args) {
    int server = truth(t, args[2]);
    CHECK(server >= 0);
    if (!is_instance_of(args[1], &socket_type))
        return raise_type_error(t, "_wrap_socket() argument 'sock' must be _socket.socket, not %T", args[1]);
    return ssl_wrap(t, as_context(args[0]), args[1], NO_VALUE, NO_VALUE, server, args[3], args[4], args[5]);
}
static Value wrap_bio(Thread *t, Value *args) {
    int server = truth(t, args[3]);
    CHECK(server >= 0);
    for (int i = 1; i <= 2; i++)
        if (!is_instance_of(args[i], &memory_bio_type))
            return raise_type_error(t, "_wrap_bio() argument '%s' must be _ssl.MemoryBIO, not %T", i == 1 ? "incoming" : "outgoing",
                                    args[i]);
    return ssl_wrap(t, as_context(args[0]), NO_VALUE, args[1], args[2], server, args[4], args[5], args[6]);
}

/* Ciphers and curves */

static Value set_ciphers(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    if (!is_str(args[1]))
        return raise_type_error(t, "set_ciphers() argument must be str, not %Y", args[1]);
    const char *list = str_utf8(t, args[1], &(size_t){0});
    CHECK(list != NULL);
    if (WITH(t, c, SSL_CTX_set_cipher_list(c->context, list)))
        return NONE;
    return ssl_plain_error(t, "No cipher can be selected.");
}

static bool add_name(Thread *t, Value dict, const char *key, int nid) {
    const char *name = nid == NID_undef ? NULL : OBJ_nid2ln(nid);
    Value v = name ? str_from_text(t, name) : NONE;
    return present(v) && dict_set_text(t, dict, key, v);
}

static Value cipher_dict(Thread *t, const SSL_CIPHER *cipher) {
    char description[512] = "";
    int algorithm_bits, bits = SSL_CIPHER_get_bits(cipher, &algorithm_bits);
    SSL_CIPHER_description(cipher, description, sizeof description - 1);
    description[strcspn(description, "\n")] = 0;
    Value dict = TRY(dict_new(t));
    CHECK(dict_set_text(t, dict, "id", small_int((int64_t)SSL_CIPHER_get_id(cipher))) &&
          dict_set_text(t, dict, "name", TRY(str_from_text(t, SSL_CIPHER_get_name(cipher)))) &&
          dict_set_text(t, dict, "protocol", TRY(str_from_text(t, SSL_CIPHER_get_version(cipher)))) &&
          dict_set_text(t, dict, "description", TRY(str_from_text(t, description))) &&
          dict_set_text(t, dict, "strength_bits", small_int(bits)) &&
          dict_set_text(t, dict, "alg_bits", small_int(algorithm_bits)) &&
          dict_set_text(t, dict, "aead", from_bool(SSL_CIPHER_is_aead(cipher))) &&
          add_name(t, dict, "symmetric", SSL_CIPHER_get_cipher_nid(cipher)) &&
          add_name(t, dict, "digest", SSL_CIPHER_get_digest_nid(cipher)) &&
          add_name(t, dict, "kea", SSL_CIPHER_get_kx_nid(cipher)) && add_name(t, dict, "auth", SSL_CIPHER_get_auth_nid(cipher)));
    return dict;
}

static Value get_ciphers(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    SSL *ssl = WITH(t, c, SSL_new(c->context));
    if (!ssl)
        return ssl_error(t);
    STACK_OF(SSL_CIPHER) *ciphers = SSL_get_ciphers(ssl);
    Value list = list_new(t, 8);
    for (int i = 0; present(list) && i < sk_SSL_CIPHER_num(ciphers); i++) {
        Value dict = cipher_dict(t, sk_SSL_CIPHER_value(ciphers, i));
        if (absent(dict) || !list_append(t, list, dict))
            list = NO_VALUE;
    }
    SSL_free(ssl);
    return list;
}

static Value set_curve(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    Path path = {.function = "set_ecdh_curve", .argument = "name", .fd = -1};
    CHECK(path_convert(t, args[1], &path));
    int nid = OBJ_sn2nid(path.name);
    if (nid == NID_undef)
        return raise_value_error(t, "unknown elliptic curve name %R", TRY(bytes_new(t, path.name, path.length)));
    return WITH(t, c, SSL_CTX_set1_groups(c->context, &nid, 1)) ? NONE : ssl_error(t);
}

static Value load_dh(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    Path path = PATH("load_dh_params");
    CHECK(audit(t, "open", 3, args[1], TRY(str_from_text(t, "rb")), small_int(0)));
    CHECK(path_convert(t, args[1], &path));
    if (!capability_check(capabilities(t), CAPABILITY_FILES_READ))
        return os_error(t);
    errno = 0;
    BIO *bio = BIO_new_file(path.name, "r");
    if (!bio) {
        ERR_clear_error();
        return os_error_path(t, args[1]);
    }
    DH *parameters = PEM_read_bio_DHparams(bio, NULL, NULL, NULL);
    BIO_free(bio);
    if (!parameters)
        return ssl_error(t);
    bool ok = WITH(t, c, SSL_CTX_set_tmp_dh(c->context, parameters));
    DH_free(parameters);
    return ok ? NONE : ssl_error(t);
}

/* Authorities */

static bool add_authorities(Thread *t, ContextObject *c, const char *data, size_t length, bool der) {
    if (length == 0 || length > INT_MAX) {
        raise_value_error(t, length ? "Certificate data is too long." : "Empty certificate data");
        return false;
    }
    X509_STORE *store = SSL_CTX_get_cert_store(c->context);
    BIO *bio = BIO_new_mem_buf(data, (int)length);
    int loaded = 0;
    bool ok = bio != NULL;
    ERR_clear_error();
    while (ok && !(der && BIO_eof(bio))) {
        X509 *x = der ? d2i_X509_bio(bio, NULL) : PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (!x)
            break;
        ok = X509_STORE_add_cert(store, x);
        X509_free(x);
        loaded += ok;
    }
    unsigned long code = ERR_peek_last_error();
    bool at_end = code == 0 || (!der && ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE);
    BIO_free(bio);
    if (ok && loaded && at_end) {
        ERR_clear_error();
    } else if (!loaded && ok) {
        const char *what = der ? "not enough data: cadata does not contain a certificate"
                               : "no start line: cadata does not contain a certificate";
        ssl_error_at(t, SSL_BASE, ERROR_SSL, what, 0, NULL, __LINE__);
    } else {
        ssl_error(t);
    }
    return !error_pending(t);
}

static bool add_authority_argument(Thread *t, ContextObject *c, Value data) {
    Buffer b;
    if (is_str(data)) {
        size_t length;
        const char *text = str_is_ascii(data) ? str_utf8(t, data, &length) : NULL;
        if (!text && !error_pending(t))
            raise_type_error(t, "cadata should be an ASCII string or a bytes-like object");
        return text && add_authorities(t, c, text, length, false);
    }
    if (!has_buffer(data)) {
        raise_type_error(t, "cadata should be an ASCII string or a bytes-like object");
        return false;
    }
    if (!buffer_get_contiguous(t, data, &b, false))
        return false;
    add_authorities(t, c, b.data, b.length, true);
    buffer_release(t, &b);
    return !error_pending(t);
}

static const char *location(Thread *t, Value v, const char *what, Path *path) {
    if (is_none(v))
        return NULL;
    if (!path_convert(t, v, path) && error_catch(t, &TypeError_type))
        raise_type_error(t, "%s should be a valid filesystem path", what);
    return error_pending(t) ? NULL : path->name;
}

static Value load_verify_locations(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    Path file_path = {.fd = -1}, folder_path = {.fd = -1};
    if (is_none(args[1]) && is_none(args[2]) && is_none(args[3]))
        return raise_type_error(t, "cafile, capath and cadata cannot be all omitted");
    const char *file = location(t, args[1], "cafile", &file_path);
    CHECK(!error_pending(t));
    const char *folder = location(t, args[2], "capath", &folder_path);
    CHECK(!error_pending(t));
    CHECK(is_none(args[3]) || WITH(t, c, add_authority_argument(t, c, args[3])));
    if (!file && !folder)
        return NONE;
    if (!capability_check(capabilities(t), CAPABILITY_FILES_READ))
        return os_error(t);
    errno = 0;
    ERR_clear_error();
    if (WITH(t, c, SSL_CTX_load_verify_locations(c->context, file, folder)))
        return NONE;
    if (errno) {
        ERR_clear_error();
        return os_error(t);
    }
    return ssl_error(t);
}

static Value set_default_verify_paths(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    if (!capability_check(capabilities(t), CAPABILITY_FILES_READ))
        return os_error(t);
    owned_lock_enter(t, &c->lock);
    blocking_begin(t);
    bool ok = SSL_CTX_set_default_verify_paths(c->context);
    blocking_end(t);
    owned_lock_leave(&c->lock);
    return ok ? NONE : ssl_error(t);
}

static Value cert_store_stats(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    int certificates = 0, lists = 0, authorities = 0;
    owned_lock_enter(t, &c->lock);
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(SSL_CTX_get_cert_store(c->context));
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
        X509_OBJECT *o = sk_X509_OBJECT_value(objects, i);
        X509 *x = X509_OBJECT_get0_X509(o);
        certificates += x != NULL;
        authorities += x && X509_check_ca(x);
        lists += X509_OBJECT_get_type(o) == X509_LU_CRL;
    }
    owned_lock_leave(&c->lock);
    Value dict = TRY(dict_new(t));
    CHECK(dict_set_text(t, dict, "x509", small_int(certificates)) && dict_set_text(t, dict, "crl", small_int(lists)) &&
          dict_set_text(t, dict, "x509_ca", small_int(authorities)));
    return dict;
}

static Value get_authorities(Thread *t, Value *args) {
    ContextObject *c = as_context(args[0]);
    int binary = truth(t, args[1]);
    CHECK(binary >= 0);
    Value list = TRY(list_new(t, 4));
    owned_lock_enter(t, &c->lock);
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(SSL_CTX_get_cert_store(c->context));
    for (int i = 0; !error_pending(t) && i < sk_X509_OBJECT_num(objects); i++) {
        X509 *x = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
        if (!x || !X509_check_ca(x))
            continue;
        Value v = binary ? ssl_certificate_bytes(t, x) : ssl_decode_certificate(t, x);
        if (present(v))
            (void)!list_append(t, list, v);
    }
    owned_lock_leave(&c->lock);
    return error_pending(t) ? NO_VALUE : list;
}

static Value session_stats(Thread *t, Value *args) {
    SSL_CTX *context = as_context(args[0])->context;
    Value dict = TRY(dict_new(t));
#define ADD(key, suffix) CHECK(dict_set_text(t, dict, key, small_int(SSL_CTX_sess_##suffix(context))))
    ADD("number", number);
    ADD("connect", connect);
    ADD("connect_good", connect_good);
    ADD("connect_renegotiate", connect_renegotiate);
    ADD("accept", accept);
    ADD("accept_good", accept_good);
    ADD("accept_renegotiate", accept_renegotiate);
    ADD("hits", hits);
    ADD("misses", misses);
    ADD("timeouts", timeouts);
    ADD("cache_full", cache_full);
#undef ADD
    return dict;
}

static Value no_psk(Thread *t, Value *args) { return raise_not_implemented(t, "TLS-PSK"); }

static const NativeDef methods[] = {
    {"__new__(type, protocol, /)", context_new,
     "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"_wrap_socket(self, /, sock, server_side, server_hostname=None, *, owner=None, session=None)", wrap_socket},
    {"_wrap_bio(self, /, incoming, outgoing, server_side, server_hostname=None, *, owner=None, session=None)", wrap_bio},
    {"set_ciphers(self, cipherlist, /)", set_ciphers},
    {"get_ciphers(self, /)", get_ciphers},
    {"set_ecdh_curve(self, name, /)", set_curve},
    {"load_dh_params(self, path, /)", load_dh},
    {"load_cert_chain(self, /, certfile, keyfile=None, password=None)", ssl_load_cert_chain},
    {"load_verify_locations(self, /, cafile=None, capath=None, cadata=None)", load_verify_locations},
    {"set_default_verify_paths(self, /)", set_default_verify_paths},
    {"cert_store_stats(self, /)", cert_store_stats,
     "Returns quantities of loaded X.509 certificates.\n\nX.509 certificates with a CA extension and certificate revocation "
     "lists\ninside the context's cert store."},
    {"get_ca_certs(self, /, binary_form=False)", get_authorities,
     "Returns a list of dicts with information of loaded CA certs.\n\nIf the optional argument is True, returns a DER-encoded "
     "copy of the CA\ncertificate.\n\nNOTE: Certificates in a capath directory aren't loaded unless they have\nbeen used at "
     "least once."},
    {"session_stats(self, /)", session_stats},
    {"_set_alpn_protocols(self, protos, /)", ssl_set_protocols},
    {"set_psk_client_callback(self, /, callback)", no_psk},
    {"set_psk_server_callback(self, /, callback, identity_hint=None)", no_psk},
    {NULL},
};

MODULE_TYPE(ssl_context_type, _ssl) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "_ssl._SSLContext",
    .methods = methods,
    .getset = ssl_context_getset,
    .flags = TYPE_BASE,
    .instance_size = sizeof(ContextObject),
};
