/* Certificates: what is in them as Python objects, in the form that ssl.getpeercert documents. Threads: immutable. */
#include "modules/_ssl/ssl.h"
#include "object/type_internal.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

typedef struct CertificateObject {
    Object object;
    X509 *certificate;
} CertificateObject;

enum { FORM_PEM = 1, FORM_DER = 2, NAME_SIZE = 256 };

static X509 *certificate_of(Value v) { return ((CertificateObject *)v.bits)->certificate; }
static void release(Object *o) {
    X509_free(((CertificateObject *)o)->certificate);
    ((CertificateObject *)o)->certificate = NULL;
}

Value ssl_bio_bytes(Thread *t, BIO *bio) {
    char *data;
    long length = BIO_get_mem_data(bio, &data);
    return bytes_new(t, data, length > 0 ? (size_t)length : 0);
}

static Value bio_text(Thread *t, BIO *bio, const char *errors) {
    char *data;
    long length = BIO_get_mem_data(bio, &data);
    return str_decode(t, data, length > 0 ? (size_t)length : 0, "utf-8", errors);
}

/* The name of a kind of attribute; without one its numbers. */
static Value object_text(Thread *t, const ASN1_OBJECT *object) {
    char name[NAME_SIZE];
    int length = OBJ_obj2txt(name, sizeof name, object, 0);
    if (length < 0)
        return ssl_error(t);
    return str_from_utf8(t, name, (size_t)length < sizeof name ? (size_t)length : sizeof name - 1);
}

static Value asn1_text(Thread *t, const ASN1_STRING *s) {
    unsigned char *text;
    if (s->type == V_ASN1_BIT_STRING || s->type == V_ASN1_OCTET_STRING)
        return bytes_new(t, (const char *)ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
    int length = ASN1_STRING_to_UTF8(&text, s);
    if (length < 0)
        return ssl_error(t);
    Value v = str_from_utf8(t, (char *)text, (size_t)length);
    OPENSSL_free(text);
    return v;
}

/* A tuple of relative names, each a tuple of (kind, text) pairs. */
static Value name_tuple(Thread *t, X509_NAME *name) {
    Value all = TRY(list_new(t, 4)), group = TRY(list_new(t, 1));
    int set = -1;
    for (int i = 0; i < X509_NAME_entry_count(name); i++) {
        X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
        if (set >= 0 && X509_NAME_ENTRY_set(entry) != set) {
            CHECK(list_append(t, all, TRY(list_to_tuple(t, group))));
            group = TRY(list_new(t, 1));
        }
        set = X509_NAME_ENTRY_set(entry);
        Value kind = TRY(object_text(t, X509_NAME_ENTRY_get_object(entry)));
        Value text = TRY(asn1_text(t, X509_NAME_ENTRY_get_data(entry)));
        CHECK(list_append(t, group, TRY(tuple_pack(t, 2, kind, text))));
    }
    if (list_length(group))
        CHECK(list_append(t, all, TRY(list_to_tuple(t, group))));
    return list_to_tuple(t, all);
}

static Value pair(Thread *t, const char *kind, Value value) {
    CHECK(present(value));
    return tuple_pack(t, 2, TRY(str_from_text(t, kind)), value);
}

static Value ip_text(Thread *t, const ASN1_OCTET_STRING *ip) {
    char text[INET6_ADDRSTRLEN];
    const unsigned char *p = ip->data;
    if (ip->length == 4)
        return str_from_text(t, inet_ntop(AF_INET, p, text, sizeof text));
    if (ip->length != 16)
        return str_from_text(t, "<invalid>");
    char *end = text; /* as the library prints it: without shortening */
    for (int i = 0; i < 16; i += 2)
        end += sprintf(end, i ? ":%X" : "%X", p[i] << 8 | p[i + 1]);
    return str_from_text(t, text);
}

/* Kinds without a form of their own: "kind:text" as the library prints them. */
static Value printed_name(Thread *t, GENERAL_NAME *name) {
    BIO *bio = BIO_new(BIO_s_mem());
    if (!bio || GENERAL_NAME_print(bio, name) < 0) {
        BIO_free(bio);
        return ssl_error(t);
    }
    Value text = bio_text(t, bio, "strict");
    BIO_free(bio);
    CHECK(present(text));
    int64_t colon = str_find(t, text, TRY(str_from_text(t, ":")), 0, SIZE_MAX);
    if (colon < 0)
        return raise_value_error(t, "Invalid value %.200s", "without ':'");
    Value kind = TRY(str_slice(t, text, 0, (size_t)colon));
    return tuple_pack(t, 2, kind, TRY(str_slice(t, text, (size_t)colon + 1, str_length(text))));
}

static Value alternative_name(Thread *t, GENERAL_NAME *name) {
    switch (name->type) {
    case GEN_DIRNAME: return pair(t, "DirName", name_tuple(t, name->d.dirn));
    case GEN_EMAIL: return pair(t, "email", asn1_text(t, name->d.rfc822Name));
    case GEN_DNS: return pair(t, "DNS", asn1_text(t, name->d.dNSName));
    case GEN_URI: return pair(t, "URI", asn1_text(t, name->d.uniformResourceIdentifier));
    case GEN_RID: return pair(t, "Registered ID", object_text(t, name->d.rid));
    case GEN_IPADD: return pair(t, "IP Address", ip_text(t, name->d.ip));
    default: return printed_name(t, name);
    }
}

static Value alternative_names(Thread *t, X509 *certificate) {
    GENERAL_NAMES *all = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    Value list = all ? list_new(t, 4) : NONE;
    for (int i = 0; all && present(list) && i < sk_GENERAL_NAME_num(all); i++) {
        Value name = alternative_name(t, sk_GENERAL_NAME_value(all, i));
        if (absent(name) || !list_append(t, list, name))
            list = NO_VALUE;
    }
    GENERAL_NAMES_free(all);
    return absent(list) || is_none(list) ? list : list_to_tuple(t, list);
}

/* Addresses that the authority publishes for a purpose, a tuple or None. */
static Value authority_addresses(Thread *t, X509 *certificate, int purpose) {
    AUTHORITY_INFO_ACCESS *all = X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
    Value list = list_new(t, 1);
    for (int i = 0; all && present(list) && i < sk_ACCESS_DESCRIPTION_num(all); i++) {
        ACCESS_DESCRIPTION *d = sk_ACCESS_DESCRIPTION_value(all, i);
        if (OBJ_obj2nid(d->method) != purpose || d->location->type != GEN_URI)
            continue;
        Value text = asn1_text(t, d->location->d.uniformResourceIdentifier);
        if (absent(text) || !list_append(t, list, text))
            list = NO_VALUE;
    }
    AUTHORITY_INFO_ACCESS_free(all);
    CHECK(present(list));
    return list_length(list) ? list_to_tuple(t, list) : NONE;
}

static Value distribution_points(Thread *t, X509 *certificate) {
    CRL_DIST_POINTS *points = X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);
    Value list = list_new(t, 1);
    for (int i = 0; points && present(list) && i < sk_DIST_POINT_num(points); i++) {
        DIST_POINT *point = sk_DIST_POINT_value(points, i);
        if (!point->distpoint || point->distpoint->type != 0)
            continue;
        GENERAL_NAMES *all = point->distpoint->name.fullname;
        for (int k = 0; present(list) && k < sk_GENERAL_NAME_num(all); k++) {
            GENERAL_NAME *name = sk_GENERAL_NAME_value(all, k);
            if (name->type != GEN_URI)
                continue;
            Value text = asn1_text(t, name->d.uniformResourceIdentifier);
            if (absent(text) || !list_append(t, list, text))
                list = NO_VALUE;
        }
    }
    CRL_DIST_POINTS_free(points);
    CHECK(present(list));
    return list_length(list) ? list_to_tuple(t, list) : NONE;
}

static Value printed(Thread *t, int (*print)(BIO *bio, const void *what), const void *what) {
    BIO *bio = BIO_new(BIO_s_mem());
    Value v = bio && print(bio, what) >= 0 ? bio_text(t, bio, "strict") : ssl_error(t);
    BIO_free(bio);
    return v;
}
static int print_time(BIO *bio, const void *when) { return ASN1_TIME_print(bio, when); }
static int print_number(BIO *bio, const void *number) { return i2a_ASN1_INTEGER(bio, number); }

/* Nothing is added for None. */
static bool add(Thread *t, Value dict, const char *name, Value value) {
    return present(value) && (is_none(value) || dict_set_text(t, dict, name, value));
}

Value ssl_decode_certificate(Thread *t, X509 *x) {
    Value dict = TRY(dict_new(t));
    CHECK(add(t, dict, "subject", name_tuple(t, X509_get_subject_name(x))) &&
          add(t, dict, "issuer", name_tuple(t, X509_get_issuer_name(x))) &&
          add(t, dict, "version", small_int(X509_get_version(x) + 1)) &&
          add(t, dict, "serialNumber", printed(t, print_number, X509_get_serialNumber(x))) &&
          add(t, dict, "notBefore", printed(t, print_time, X509_get0_notBefore(x))) &&
          add(t, dict, "notAfter", printed(t, print_time, X509_get0_notAfter(x))) &&
          add(t, dict, "subjectAltName", alternative_names(t, x)) &&
          add(t, dict, "OCSP", authority_addresses(t, x, NID_ad_OCSP)) &&
          add(t, dict, "caIssuers", authority_addresses(t, x, NID_ad_ca_issuers)) &&
          add(t, dict, "crlDistributionPoints", distribution_points(t, x)));
    return dict;
}

Value ssl_certificate_bytes(Thread *t, X509 *x) {
    unsigned char *data = NULL;
    int length = i2d_X509(x, &data);
    if (length < 0)
        return ssl_error(t);
    Value v = bytes_new(t, (char *)data, (size_t)length);
    OPENSSL_free(data);
    return v;
}

static Value certificate_new(Thread *t, X509 *x) {
    CertificateObject *c = type_allocate(t, &certificate_type);
    CHECK(c != NULL);
    if (X509_up_ref(x))
        c->certificate = x;
    return c->certificate ? from_object(c) : raise_no_memory(t);
}

Value ssl_certificate_list(Thread *t, STACK_OF(X509) *chain) {
    Value list = TRY(list_new(t, 2));
    for (int i = 0; i < sk_X509_num(chain); i++)
        CHECK(list_append(t, list, TRY(certificate_new(t, sk_X509_value(chain, i)))));
    return list;
}

Value ssl_test_decode(Thread *t, Value *args) {
    Path path = PATH("_test_decode_cert");
    CHECK(path_convert(t, args[0], &path));
    if (!capability_check(capabilities(t), CAPABILITY_FILES_READ))
        return os_error(t);
    BIO *bio = BIO_new_file(path.name, "r");
    X509 *x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    if (!x)
        return ssl_error_at(t, SSL_BASE, ERROR_SSL, bio ? "Error decoding PEM-encoded file" : "Can't open file", 0, NULL, __LINE__);
    Value v = ssl_decode_certificate(t, x);
    X509_free(x);
    return v;
}

/* The object */

static Value public_bytes(Thread *t, Value *args) {
    int form;
    CHECK(as_c_int(t, args[1], &form));
    if (form == FORM_DER)
        return ssl_certificate_bytes(t, certificate_of(args[0]));
    if (form != FORM_PEM)
        return raise_value_error(t, "Unsupported format");
    BIO *bio = BIO_new(BIO_s_mem());
    Value v = bio && PEM_write_bio_X509(bio, certificate_of(args[0])) ? bio_text(t, bio, "strict") : ssl_error(t);
    BIO_free(bio);
    return v;
}
static Value get_info(Thread *t, Value *args) { return ssl_decode_certificate(t, certificate_of(args[0])); }

static Value certificate_repr(Thread *t, Value *args) {
    BIO *bio = BIO_new(BIO_s_mem());
    bool ok = bio && X509_NAME_print_ex(bio, X509_get_subject_name(certificate_of(args[0])), 0, XN_FLAG_RFC2253) >= 0;
    Value name = ok ? bio_text(t, bio, "strict") : ssl_error(t);
    BIO_free(bio);
    CHECK(present(name));
    return format_text(t, "<%s '%S'>", type_of(args[0])->name_text, name);
}

static Value compare_certificates(Thread *t, Value *args, bool negate) {
    if (!is_exactly(args[1], &certificate_type))
        return NOT_IMPLEMENTED;
    return from_bool((X509_cmp(certificate_of(args[0]), certificate_of(args[1])) == 0) != negate);
}
static Value certificate_eq(Thread *t, Value *args) { return compare_certificates(t, args, false); }
static Value certificate_ne(Thread *t, Value *args) { return compare_certificates(t, args, true); }
static Value certificate_hash(Thread *t, Value *args) {
    return int_from(t, (int64_t)(X509_subject_name_hash(certificate_of(args[0])) >> 1));
}

static const NativeDef methods[] = {
    {"public_bytes(self, /, format=<Encoding.PEM|1>)", public_bytes},
    {"get_info(self, /)", get_info},
    {"__repr__(self, /)", certificate_repr},
    {"__eq__(self, value, /)", certificate_eq},
    {"__ne__(self, value, /)", certificate_ne},
    UNORDERED_ROWS,
    {"__hash__(self, /)", certificate_hash},
    {NULL},
};

MODULE_TYPE(certificate_type, _ssl) = {
    STATIC_TYPE_HEAD(NULL, release),
    .name_text = "_ssl.Certificate",
    .methods = methods,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(CertificateObject),
};
