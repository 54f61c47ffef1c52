/* posix: paths as text: fspath, normalising, splitting.
 *
 * Threads: pure functions.
 */
#include "modules/posix/posix.h"

#include "object/call.h"
#include "types/bytes.h"
#include "types/str/str.h"

static Value fspath_(Thread *t, Value *args) {
    Value path = args[0];
    if (is_str(path) || is_bytes(path))
        return path;
    Value method = type_lookup_special(t, path, names.__fspath__);
    if (absent(method) || is_none(method))
        return error_pending(t) ? NO_VALUE
                                : raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", path);
    Value result = TRY(call_0(t, method));
    if (is_str(result) || is_bytes(result))
        return result;
    return raise_type_error(t, "expected %N.__fspath__() to return str or bytes, not %T", type_of(path), result);
}

/* A path as UTF-8 with surrogateescape: '/' and '.' are single bytes there. */
static bool path_bytes(Thread *t, Value v, const char **data, size_t *length) {
    if (is_bytes(v)) {
        *data = as_bytes(v)->data;
        *length = as_bytes(v)->length;
        return true;
    }
    if (!is_str(v)) {
        raise_type_error(t, "expected str or bytes, not %T", v);
        return false;
    }
    Value bytes = str_encode(t, v, "utf-8", "surrogatepass");
    if (absent(bytes))
        return false;
    *data = as_bytes(bytes)->data;
    *length = as_bytes(bytes)->length;
    return true;
}

static Value like(Thread *t, Value v, const char *data, size_t length) {
    return is_bytes(v) ? bytes_new(t, data, length) : str_decode(t, data, length, "utf-8", "surrogatepass");
}

/* How many slashes start the path: exactly two are kept, as POSIX allows them a meaning of their own. */
static size_t root_length(const char *s, size_t length) {
    size_t slashes = 0;
    while (slashes < length && s[slashes] == '/')
        slashes++;
    return slashes == 2 ? 2 : slashes ? 1 : 0;
}

static Value normpath(Thread *t, Value *args) {
    const char *s;
    size_t length;
    Value path = args[0];
    if (!is_str(path) && !is_bytes(path)) {
        Value converted[1] = {path};
        path = TRY(fspath_(t, converted));
    }
    CHECK(path_bytes(t, path, &s, &length));
    char *out = malloc(length + 2);
    if (out == NULL)
        return raise_no_memory(t);
    size_t root = root_length(s, length), size = root, kept = root; /* out[kept..] may be taken back by ".." */
    memset(out, '/', root);
    for (size_t i = 0; i < length;) {
        size_t end = i;
        while (end < length && s[end] != '/')
            end++;
        size_t n = end - i;
        bool up = n == 2 && s[i] == '.' && s[i + 1] == '.';
        if (n == 0 || (n == 1 && s[i] == '.')) {
            /* nothing */
        } else if (up && size > kept) {
            while (size > kept && out[size - 1] != '/')
                size--;
            if (size > kept)
                size--;
        } else if (!up || !root) {
            if (size > root)
                out[size++] = '/';
            memcpy(out + size, s + i, n);
            size += n;
            if (up)
                kept = size;
        }
        i = end + 1;
    }
    if (size == 0)
        out[size++] = '.';
    Value v = like(t, path, out, size);
    free(out);
    return v;
}

static Value splitroot_ex(Thread *t, Value *args) {
    const char *s;
    size_t length;
    Value path = args[0];
    if (!is_str(path) && !is_bytes(path)) {
        Value converted[1] = {path};
        path = TRY(fspath_(t, converted));
    }
    CHECK(path_bytes(t, path, &s, &length));
    size_t root = root_length(s, length);
    Value drive = TRY(like(t, path, "", 0)), start = TRY(like(t, path, s, root)),
          rest = TRY(like(t, path, s + root, length - root));
    return tuple_pack(t, 3, drive, start, rest);
}

const NativeDef posix_path_functions[] = {
    {"fspath(path)", fspath_, "The str or bytes that a path object stands for."},
    {"_path_normpath(path)", normpath, "A path without doubled slashes, '.', and '..' after a name."},
    {"_path_splitroot_ex(p)", splitroot_ex, "A path as (drive, root, rest)."},
    {NULL, NULL, NULL, 0},
};
