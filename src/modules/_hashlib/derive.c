/* Keys from passwords: PBKDF2 and scrypt. Threads: no state; the work is done in blocking regions. */
#include "modules/_hashlib/hashlib.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/str/str.h"

#include <limits.h>

/* A number of 1 .. INT_MAX. */
static bool count_argument(Thread *t, Value v, const char *what, int64_t *out) {
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    bool fits = int_to_i64(index, out);
    if (int_sign(index) <= 0)
        raise_value_error(t, "%s must be greater than 0.", what);
    else if (!fits || *out > INT_MAX)
        raise_overflow_error(t, "%s is too great.", what);
    return !error_pending(t);
}

Value hashlib_pbkdf2(Thread *t, Value *args) {
    Buffer password, salt;
    int64_t iterations, length;
    if (!is_str(args[0]))
        return raise_type_error(t, "pbkdf2_hmac() argument 'hash_name' must be str, not %Y", args[0]);
    EVP_MD *md = hashlib_fetch_argument(t, args[0]);
    CHECK(md != NULL);
    Value result = NO_VALUE;
    if (!buffer_get_contiguous(t, args[1], &password, false))
        goto free_digest;
    if (!buffer_get_contiguous(t, args[2], &salt, false))
        goto release_password;
    length = EVP_MD_get_size(md);
    if (password.length > INT_MAX)
        raise_overflow_error(t, "password is too long.");
    else if (salt.length > INT_MAX)
        raise_overflow_error(t, "salt is too long.");
    else if (count_argument(t, args[3], "iteration value", &iterations) &&
             (is_none(args[4]) || count_argument(t, args[4], "key length", &length)))
        result = bytes_new(t, NULL, (size_t)length);
    if (present(result)) {
        blocking_begin(t);
        bool ok = PKCS5_PBKDF2_HMAC(password.data, (int)password.length, (unsigned char *)salt.data, (int)salt.length,
                                    (int)iterations, md, (int)length, (unsigned char *)as_bytes(result)->data);
        blocking_end(t);
        if (!ok)
            result = hashlib_error(t);
    }
    buffer_release(t, &salt);
release_password:
    buffer_release(t, &password);
free_digest:
    EVP_MD_free(md);
    return result;
}

static bool unsigned_argument(Thread *t, Value v, uint64_t *out) {
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    if (int_to_u64(index, out))
        return true;
    if (int_sign(index) < 0)
        raise_value_error(t, "Cannot convert negative int");
    else
        raise_overflow_error(t, "Python int too large to convert to C unsigned long");
    return false;
}

/* args: password, salt, n, r, p, maxmem, dklen */
Value hashlib_scrypt(Thread *t, Value *args) {
    Buffer password, salt;
    uint64_t n, r, p;
    int64_t memory, length;
    CHECK(unsigned_argument(t, args[2], &n) && unsigned_argument(t, args[3], &r) && unsigned_argument(t, args[4], &p) &&
          index_as_ssize(t, args[5], &memory, false, NULL) && index_as_ssize(t, args[6], &length, false, NULL));
    CHECK(buffer_get_contiguous(t, args[0], &password, false));
    Value result = NO_VALUE;
    if (!buffer_get_contiguous(t, args[1], &salt, false))
        goto release_password;
    if (n < 2 || n & (n - 1))
        raise_value_error(t, "n must be a power of 2.");
    else if (memory < 0 || memory > INT_MAX)
        raise_value_error(t, "maxmem must be positive and smaller than %d", INT_MAX);
    else if (length < 1 || length > INT_MAX)
        raise_value_error(t, "dklen must be greater than 0 and smaller than %d", INT_MAX);
    else if (!EVP_PBE_scrypt(NULL, 0, NULL, 0, n, r, p, (uint64_t)memory, NULL, 0))
        raise_value_error(t, "Invalid parameter combination for n, r, p, maxmem.");
    else
        result = bytes_new(t, NULL, (size_t)length);
    if (present(result)) {
        blocking_begin(t);
        bool ok = EVP_PBE_scrypt(password.data, password.length, (unsigned char *)salt.data, salt.length, n, r, p,
                                 (uint64_t)memory, (unsigned char *)as_bytes(result)->data, (size_t)length);
        blocking_end(t);
        if (!ok)
            result = hashlib_error(t);
    }
    buffer_release(t, &salt);
release_password:
    buffer_release(t, &password);
    return result;
}
