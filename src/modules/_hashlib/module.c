/* Names of hash functions, errors, the module. Threads: hashlib.h. */
#include "modules/_hashlib/hashlib.h"
#include "modules/_operator/internal.h"
#include "modules/digest.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/descriptors.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/module.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <ctype.h>
#include <openssl/err.h>

/* hashlib's names and the library's where they differ in more than case. */
static const struct {
    const char *python, *library;
} known_names[] = {
    {"md5", "MD5"}, {"sha1", "SHA1"}, {"sha224", "SHA2-224"}, {"sha256", "SHA2-256"}, {"sha384", "SHA2-384"},
    {"sha512", "SHA2-512"}, {"sha512_224", "SHA2-512/224"}, {"sha512_256", "SHA2-512/256"}, {"sha3_224", "SHA3-224"},
    {"sha3_256", "SHA3-256"}, {"sha3_384", "SHA3-384"}, {"sha3_512", "SHA3-512"}, {"shake_128", "SHAKE-128"},
    {"shake_256", "SHAKE-256"}, {"blake2s", "BLAKE2S-256"}, {"blake2b", "BLAKE2B-512"}, {"ripemd160", "RIPEMD-160"},
};
enum { KNOWN_NAMES = sizeof known_names / sizeof *known_names, NAME_SIZE = 64 };

/* Errors */

/* What the library found for known names, without and with use for security: looking it up takes longer than hashing a line.
 * An entry is written once. */
typedef struct FetchedObject {
    Object object;
    EVP_MD *known[KNOWN_NAMES][2];
    EVP_MAC *hmac;
} FetchedObject;

static void release_fetched(Object *o) {
    FetchedObject *f = (FetchedObject *)o;
    for (int i = 0; i < KNOWN_NAMES; i++)
        for (int k = 0; k < 2; k++) EVP_MD_free(f->known[i][k]);
    EVP_MAC_free(f->hmac);
}

static Type fetched_type = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .cell_flags = CELL_INTERNAL, .release = release_fetched},
    .name_text = "hashlib_fetched",
    .instance_size = sizeof(FetchedObject),
};

/* The isolate's tuple: the exception, the mapping from the module's constructors to names, what was fetched. */
static Value state(Thread *t, size_t i) { return tuple_get(t->isolate->slots[ISOLATE_HASHLIB], i); }
static FetchedObject *fetched(Thread *t) { return (FetchedObject *)state(t, 2).bits; }
static Type *unsupported_class(Thread *t) { return as_type(state(t, 0)); }

Value hashlib_unsupported(Thread *t, const char *format, Value subject) {
    return raise_error(t, unsupported_class(t), format, subject);
}

Value hashlib_error(Thread *t) {
    unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    if (error_pending(t))
        return NO_VALUE;
    if (!code)
        return raise_value_error(t, "no reason supplied");
    if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE)
        return raise_no_memory(t);
    bool unsupported = ERR_GET_LIB(code) == ERR_LIB_EVP &&
                       (ERR_GET_REASON(code) == EVP_R_UNSUPPORTED_ALGORITHM || ERR_GET_REASON(code) == ERR_R_UNSUPPORTED);
    Type *type = unsupported ? unsupported_class(t) : &ValueError_type;
    const char *library = ERR_lib_error_string(code), *reason = ERR_reason_error_string(code);
    return library ? raise_error(t, type, "[%s] %s", library, reason ? reason : "no reason supplied")
                   : raise_error(t, type, "%s", reason ? reason : "no reason supplied");
}

/* Names */

EVP_MD *hashlib_fetch(Thread *t, const char *name, bool for_security) {
    const char *library = name;
    EVP_MD **known = NULL, *md, *none = NULL;
    for (int i = 0; i < KNOWN_NAMES && !known; i++) {
        if (strcasecmp(known_names[i].python, name) != 0)
            continue;
        library = known_names[i].library;
        known = &fetched(t)->known[i][for_security];
    }
    if (known && (md = load_acquire(known))) {
        EVP_MD_up_ref(md);
        return md;
    }
    md = EVP_MD_fetch(NULL, library, for_security ? NULL : "-fips");
    if (!md)
        hashlib_error(t);
    else if (known && EVP_MD_up_ref(md) && !compare_exchange(known, &none, md))
        EVP_MD_free(md);
    return md;
}

EVP_MAC *hashlib_hmac(Thread *t) {
    EVP_MAC *mac = load_acquire(&fetched(t)->hmac), *none = NULL;
    if (mac || !(mac = EVP_MAC_fetch(NULL, "HMAC", NULL)) || compare_exchange(&fetched(t)->hmac, &none, mac))
        return mac;
    EVP_MAC_free(mac);
    return none; /* another thread's */
}

EVP_MD *hashlib_fetch_argument(Thread *t, Value digestmod) {
    Value name = digestmod;
    if (!is_str(name)) {
        name = NO_VALUE;
        if (is_exactly(digestmod, &native_function_type)) {
            name = get_item(t, state(t, 1), digestmod);
            if (absent(name) && !error_catch(t, &KeyError_type))
                return NULL;
        }
        if (absent(name)) {
            hashlib_unsupported(t, "Unsupported digestmod %R", digestmod);
            return NULL;
        }
    }
    const char *text = str_utf8(t, name, &(size_t){0});
    return text ? hashlib_fetch(t, text, true) : NULL;
}

/* The library's short name in small letters, for functions that hashlib has no name of its own for. */
Value hashlib_name(Thread *t, const EVP_MD *md) {
    char name[NAME_SIZE];
    for (int i = 0; i < KNOWN_NAMES; i++)
        if (EVP_MD_is_a(md, known_names[i].library))
            return str_from_text(t, known_names[i].python);
    snprintf(name, sizeof name, "%s", EVP_MD_get0_name(md));
    for (char *p = name; *p; p++)
        *p = (char)tolower(*p);
    return str_from_text(t, name);
}

/* Input */

bool hashlib_input(Thread *t, Value v, Buffer *b) {
    if (is_str(v))
        raise_type_error(t, "Strings must be encoded before hashing");
    else if (!has_buffer(v))
        raise_type_error(t, "object supporting the buffer API required");
    else
        return buffer_get_contiguous(t, v, b, false);
    return false;
}

void hashlib_lock(Thread *t, Mutex *m) {
    if (mutex_try_lock(m))
        return;
    blocking_begin(t);
    mutex_lock(m);
    blocking_end(t);
}

/* Functions */

static Value hash_new(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "new() argument 'name' must be str, not %Y", args[0]);
    int for_security = truth(t, args[2]);
    const char *name = str_utf8(t, args[0], &(size_t){0});
    CHECK(name != NULL && for_security >= 0);
    return hash_make(t, hashlib_fetch(t, name, for_security), args[1], args[3]);
}

#define CONSTRUCTORS                                                                                             \
    X(md5, "md5") X(sha1, "sha1") X(sha224, "sha224") X(sha256, "sha256") X(sha384, "sha384") X(sha512, "sha512") \
    X(sha3_224, "sha3-224") X(sha3_256, "sha3-256") X(sha3_384, "sha3-384") X(sha3_512, "sha3-512")
#define VARIABLE_CONSTRUCTORS X(shake_128, "shake-128 variable") X(shake_256, "shake-256 variable")

#define X(name, doc)                                                                                   \
    static Value make_##name(Thread *t, Value *args) {                                                 \
        int for_security = truth(t, args[1]);                                                          \
        CHECK(for_security >= 0);                                                                      \
        return hash_make(t, hashlib_fetch(t, #name, for_security), args[0], args[2]);                  \
    }
CONSTRUCTORS VARIABLE_CONSTRUCTORS
#undef X

static Value get_fips_mode(Thread *t, Value *args) { return small_int(EVP_default_properties_is_fips_enabled(NULL)); }

static const NativeDef functions[] = {
    {"new(name, data=<b''>, *, usedforsecurity=True, string=<None>)", hash_new,
     "Return a new hash object using the named algorithm.\n\nAn optional string argument may be provided and will be\n"
     "automatically hashed.\n\nThe MD5 and SHA1 algorithms are always supported."},
#define X(name, doc)                                                                                            \
    {"openssl_" #name "(data=<b''>, *, usedforsecurity=True, string=<None>)", make_##name,            \
     "Returns a " doc " hash object; optionally initialized with a string"},
    CONSTRUCTORS VARIABLE_CONSTRUCTORS
#undef X
    {"hmac_new(key, msg=b'', digestmod=None)", hashlib_hmac_new, "Return a new hmac object."},
    {"hmac_digest(key, msg, digest)", hashlib_hmac_digest, "Single-shot HMAC."},
    {"pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None)", hashlib_pbkdf2,
     "Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function."},
    {"scrypt(password, *, salt, n, r, p, maxmem=0, dklen=64)", hashlib_scrypt, "scrypt password-based key derivation function."},
    {"get_fips_mode()", get_fips_mode, "Determine the OpenSSL FIPS mode of operation."},
    {"compare_digest(a, b, /)", operator_compare_digest,
     "Return 'a == b', in a time that does not tell where they differ.\n\na and b are both str (ASCII only), or both bytes-like."},
    {NULL},
};

/* The module */

typedef struct NameList {
    Thread *t;
    Value set;
    bool failed;
} NameList;

static void add_name(EVP_MD *md, void *context) {
    NameList *list = context;
    if (list->failed)
        return;
    EVP_MD *usable = EVP_MD_fetch(NULL, EVP_MD_get0_name(md), NULL); /* some are known but have no provider */
    Value name = usable && !EVP_MD_is_a(md, "NULL") && !EVP_MD_is_a(md, "KECCAK-KMAC-128") && !EVP_MD_is_a(md, "KECCAK-KMAC-256")
                     ? hashlib_name(list->t, md)
                     : NONE;
    EVP_MD_free(usable);
    ERR_clear_error();
    list->failed = absent(name) || (!is_none(name) && !set_add(list->t, list->set, name));
}

static Value method_names(Thread *t) {
    NameList list = {t, TRY(frozenset_new(t)), false};
    EVP_MD_do_all_provided(NULL, add_name, &list);
    return list.failed ? NO_VALUE : list.set;
}

static Value constructors(Thread *t, Value module) {
    Value dict = TRY(dict_new(t));
#define X(name, doc)                                                                                              \
    CHECK(dict_set(t, dict, TRY(get_attribute_text(t, module, "openssl_" #name)), TRY(str_from_text(t, #name))));
    CONSTRUCTORS VARIABLE_CONSTRUCTORS
#undef X
    return mapping_proxy_new(t, dict);
}

static bool init(Thread *t, Value module) {
    Value error = module_new_exception(t, module, "UnsupportedDigestmodError", &ValueError_type);
    Value mapping = constructors(t, module), all = NO_VALUE;
    FetchedObject *kept = heap_allocate(t, &fetched_type, sizeof *kept);
    if (absent(error) || absent(mapping) || !kept || absent(all = tuple_pack(t, 3, error, mapping, from_object(kept))))
        return false;
    isolate_keep(t, ISOLATE_HASHLIB, all);
    return module_add(t, module, "_constructors", mapping) && module_add(t, module, "openssl_md_meth_names", method_names(t)) &&
           module_add_type(t, module, &hash_type) && module_add_type(t, module, &hash_xof_type) &&
           module_add_type(t, module, &hmac_type) && digest_module_init(t, module);
}

NATIVE_MODULE(_hashlib) = {
    .name = "_hashlib",
    .doc = "OpenSSL interface for hashlib module",
    .functions = functions,
    .init = init,
};
