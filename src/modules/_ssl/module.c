/* _ssl: constants, randomness, names of objects. Threads: no state. */
#include "modules/_ssl/ssl.h"

#include <limits.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

static Value rand_add(Thread *t, Value *args) {
    Buffer b = {0};
    double entropy;
    size_t length;
    const char *text = is_str(args[0]) ? str_utf8(t, args[0], &length) : NULL;
    CHECK(!error_pending(t) && to_double(t, args[1], &entropy));
    if (!text) {
        CHECK(buffer_get_contiguous(t, args[0], &b, false));
        text = b.data, length = b.length;
    }
    for (; length; length -= length > INT_MAX ? INT_MAX : length)
        RAND_add(text, length > INT_MAX ? INT_MAX : (int)length, entropy);
    if (!is_str(args[0]))
        buffer_release(t, &b);
    return NONE;
}

static Value rand_bytes(Thread *t, Value *args) {
    int count;
    CHECK(as_c_int(t, args[0], &count));
    if (count < 0)
        return raise_value_error(t, "num must be positive");
    if (!capability_check(capabilities(t), CAPABILITY_ENTROPY))
        return os_error(t);
    Value v = TRY(bytes_new(t, NULL, (size_t)count));
    return RAND_bytes((unsigned char *)as_bytes(v)->data, count) == 1 ? v : ssl_error(t);
}

static Value rand_status(Thread *t, Value *args) { return from_bool(RAND_status()); }

static Value default_paths(Thread *t, Value *args) {
    Value file_variable = TRY(str_from_text(t, X509_get_default_cert_file_env())),
          file = TRY(str_from_text(t, X509_get_default_cert_file())),
          folder_variable = TRY(str_from_text(t, X509_get_default_cert_dir_env())),
          folder = TRY(str_from_text(t, X509_get_default_cert_dir()));
    return tuple_pack(t, 4, file_variable, file, folder_variable, folder);
}

/* (nid, short name, long name, dotted numbers) */
static Value object_tuple(Thread *t, const ASN1_OBJECT *object) {
    char numbers[128];
    int nid = OBJ_obj2nid(object), length = OBJ_obj2txt(numbers, sizeof numbers, object, 1);
    if (nid == NID_undef)
        return raise_value_error(t, "Unknown object");
    Value dotted = length > 0 ? TRY(str_from_text(t, numbers)) : NONE;
    Value short_name = TRY(str_from_text(t, OBJ_nid2sn(nid))), long_name = TRY(str_from_text(t, OBJ_nid2ln(nid)));
    return tuple_pack(t, 4, small_int(nid), short_name, long_name, dotted);
}

static Value text_to_object(Thread *t, Value *args) {
    int names_too = truth(t, args[1]);
    if (!is_str(args[0]))
        return raise_type_error(t, "txt2obj() argument 'txt' must be str, not %Y", args[0]);
    const char *text = str_utf8(t, args[0], &(size_t){0});
    CHECK(text != NULL && names_too >= 0);
    ASN1_OBJECT *object = OBJ_txt2obj(text, !names_too);
    if (!object) {
        ERR_clear_error();
        return raise_value_error(t, "unknown object '%.100s'", text);
    }
    Value v = object_tuple(t, object);
    ASN1_OBJECT_free(object);
    return v;
}

static Value number_to_object(Thread *t, Value *args) {
    int nid;
    CHECK(as_c_int(t, args[0], &nid));
    if (nid < NID_undef)
        return raise_value_error(t, "NID must be positive");
    ASN1_OBJECT *object = OBJ_nid2obj(nid);
    ERR_clear_error();
    return object ? object_tuple(t, object) : raise_value_error(t, "unknown NID %d", nid);
}

static const NativeDef functions[] = {
    {"RAND_add(string, entropy, /)", rand_add,
     "Mix string into the OpenSSL PRNG state.\n\nentropy (a float) is a lower bound on the entropy contained in\nstring.  See RFC 4086."},
    {"RAND_bytes(n, /)", rand_bytes, "Generate n cryptographically strong pseudo-random bytes."},
    {"RAND_status()", rand_status,
     "Returns True if the OpenSSL PRNG has been seeded with enough data and False if not.\n\n"
     "It is necessary to seed the PRNG with RAND_add() on some platforms before\nusing the ssl() function."},
    {"_test_decode_cert(path, /)", ssl_test_decode},
    {"get_default_verify_paths()", default_paths,
     "Return search paths and environment vars that are used by SSLContext's set_default_verify_paths() to load default CAs.\n\n"
     "The values are 'cert_file_env', 'cert_file', 'cert_dir_env', 'cert_dir'."},
    {"txt2obj(txt, name=False)", text_to_object,
     "Lookup NID, short name, long name and OID of an ASN1_OBJECT.\n\nBy default objects are looked up by OID. With name=True "
     "short and\nlong name are also matched."},
    {"nid2obj(nid, /)", number_to_object, "Lookup NID, short name, long name and OID of an ASN1_OBJECT by NID."},
    {NULL},
};

static const struct {
    const char *name;
    int64_t value;
} numbers[] = {
#define N(name, value) {#name, (int64_t)(value)},
#define A(name) {"ALERT_DESCRIPTION_" #name, SSL_AD_##name},
#define O(name) {"OP_" #name, SSL_OP_##name},
    A(CLOSE_NOTIFY) A(UNEXPECTED_MESSAGE) A(BAD_RECORD_MAC) A(RECORD_OVERFLOW) A(DECOMPRESSION_FAILURE) A(HANDSHAKE_FAILURE)
    A(BAD_CERTIFICATE) A(UNSUPPORTED_CERTIFICATE) A(CERTIFICATE_REVOKED) A(CERTIFICATE_EXPIRED) A(CERTIFICATE_UNKNOWN)
    A(ILLEGAL_PARAMETER) A(UNKNOWN_CA) A(ACCESS_DENIED) A(DECODE_ERROR) A(DECRYPT_ERROR) A(PROTOCOL_VERSION)
    A(INSUFFICIENT_SECURITY) A(INTERNAL_ERROR) A(USER_CANCELLED) A(NO_RENEGOTIATION) A(UNSUPPORTED_EXTENSION)
    A(CERTIFICATE_UNOBTAINABLE) A(UNRECOGNIZED_NAME) A(BAD_CERTIFICATE_STATUS_RESPONSE) A(BAD_CERTIFICATE_HASH_VALUE)
    A(UNKNOWN_PSK_IDENTITY)
    N(OP_ALL, (uint32_t)SSL_OP_ALL) O(NO_SSLv2) O(NO_SSLv3) O(NO_TLSv1) O(NO_TLSv1_1) O(NO_TLSv1_2) O(NO_TLSv1_3)
    O(CIPHER_SERVER_PREFERENCE) O(SINGLE_DH_USE) O(SINGLE_ECDH_USE) O(NO_TICKET) O(NO_COMPRESSION) O(NO_RENEGOTIATION)
    O(LEGACY_SERVER_CONNECT) O(ENABLE_MIDDLEBOX_COMPAT) O(IGNORE_UNEXPECTED_EOF) O(ENABLE_KTLS)
    N(CERT_NONE, 0) N(CERT_OPTIONAL, 1) N(CERT_REQUIRED, 2)
    N(VERIFY_DEFAULT, 0) N(VERIFY_CRL_CHECK_LEAF, X509_V_FLAG_CRL_CHECK)
    N(VERIFY_CRL_CHECK_CHAIN, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) N(VERIFY_X509_STRICT, X509_V_FLAG_X509_STRICT)
    N(VERIFY_ALLOW_PROXY_CERTS, X509_V_FLAG_ALLOW_PROXY_CERTS) N(VERIFY_X509_TRUSTED_FIRST, X509_V_FLAG_TRUSTED_FIRST)
    N(VERIFY_X509_PARTIAL_CHAIN, X509_V_FLAG_PARTIAL_CHAIN)
    N(HOSTFLAG_ALWAYS_CHECK_SUBJECT, X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT)
    N(HOSTFLAG_NEVER_CHECK_SUBJECT, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
    N(HOSTFLAG_NO_WILDCARDS, X509_CHECK_FLAG_NO_WILDCARDS) N(HOSTFLAG_NO_PARTIAL_WILDCARDS, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
    N(HOSTFLAG_MULTI_LABEL_WILDCARDS, X509_CHECK_FLAG_MULTI_LABEL_WILDCARDS)
    N(HOSTFLAG_SINGLE_LABEL_SUBDOMAINS, X509_CHECK_FLAG_SINGLE_LABEL_SUBDOMAINS)
    N(PROTOCOL_SSLv23, 2) N(PROTOCOL_TLS, 2) N(PROTOCOL_TLS_CLIENT, 16) N(PROTOCOL_TLS_SERVER, 17) N(PROTOCOL_TLSv1, 3)
    N(PROTOCOL_TLSv1_1, 4) N(PROTOCOL_TLSv1_2, 5) N(PROTO_MINIMUM_SUPPORTED, -2) N(PROTO_MAXIMUM_SUPPORTED, -1)
    N(PROTO_SSLv3, SSL3_VERSION) N(PROTO_TLSv1, TLS1_VERSION) N(PROTO_TLSv1_1, TLS1_1_VERSION) N(PROTO_TLSv1_2, TLS1_2_VERSION)
    N(PROTO_TLSv1_3, TLS1_3_VERSION)
    N(SSL_ERROR_ZERO_RETURN, ERROR_ZERO_RETURN) N(SSL_ERROR_WANT_READ, ERROR_WANT_READ) N(SSL_ERROR_WANT_WRITE, ERROR_WANT_WRITE)
    N(SSL_ERROR_WANT_X509_LOOKUP, ERROR_WANT_X509) N(SSL_ERROR_SYSCALL, ERROR_SYSCALL) N(SSL_ERROR_SSL, ERROR_SSL)
    N(SSL_ERROR_WANT_CONNECT, ERROR_WANT_CONNECT) N(SSL_ERROR_EOF, ERROR_EOF) N(SSL_ERROR_INVALID_ERROR_CODE, ERROR_INVALID)
    N(ENCODING_PEM, 1) N(ENCODING_DER, 2)
#undef O
#undef A
#undef N
};

static const struct {
    const char *name;
    bool value;
} features[] = {
    {"HAS_SNI", true},    {"HAS_TLS_UNIQUE", true}, {"HAS_ECDH", true},    {"HAS_NPN", false},     {"HAS_ALPN", true},
    {"HAS_SSLv2", false}, {"HAS_SSLv3", false},     {"HAS_TLSv1", true},   {"HAS_TLSv1_1", true},  {"HAS_TLSv1_2", true},
    {"HAS_TLSv1_3", true}, {"HAS_PHA", true},       {"HAS_PSK", false},
};

static bool init(Thread *t, Value module) {
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!module_add_int(t, module, numbers[i].name, numbers[i].value))
            return false;
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        if (!module_add(t, module, features[i].name, from_bool(features[i].value)))
            return false;
    Value version = tuple_pack(t, 5, small_int(OPENSSL_version_major()), small_int(OPENSSL_version_minor()), small_int(0),
                               small_int(OPENSSL_version_patch()), small_int(0));
    return ssl_add_exceptions(t, module) && module_add_type(t, module, &ssl_context_type) &&
           module_add_type(t, module, &ssl_socket_type) && module_add_type(t, module, &memory_bio_type) &&
           module_add_type(t, module, &ssl_session_type) && module_add_type(t, module, &certificate_type) &&
           module_add_text(t, module, "OPENSSL_VERSION", OpenSSL_version(OPENSSL_VERSION)) &&
           module_add_int(t, module, "OPENSSL_VERSION_NUMBER", (int64_t)OpenSSL_version_num()) &&
           module_add(t, module, "OPENSSL_VERSION_INFO", version) && module_add(t, module, "_OPENSSL_API_VERSION", version) &&
           module_add_text(t, module, "_DEFAULT_CIPHERS", OSSL_default_cipher_list());
}

NATIVE_MODULE(_ssl) = {
    .name = "_ssl",
    .doc = "Implementation module for SSL socket operations.  See the socket module\nfor documentation.",
    .functions = functions,
    .init = init,
};
