/* See os_support.h. Threads: no state. */
#include "modules/os_support.h"

#include "object/call.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/str/str.h"

#include <limits.h>

Value os_error_paths(Thread *t, Value path, Value other) {
    return error_pending(t) ? NO_VALUE : raise_errno(t, errno, path, other);
}
Value os_error_path(Thread *t, Value path) { return os_error_paths(t, path, NO_VALUE); }
Value os_error(Thread *t) { return os_error_paths(t, NO_VALUE, NO_VALUE); }

bool os_interrupted(Thread *t) { return safepoint(t); }

static bool wrong_path_type(Thread *t, const Path *path, Value v) {
    const char *wanted = path->allow_fd && path->nullable ? "string, bytes, os.PathLike, integer or None"
                         : path->allow_fd                 ? "string, bytes, os.PathLike or integer"
                         : path->nullable                 ? "string, bytes, os.PathLike or None"
                                                          : "string, bytes or os.PathLike";
    raise_type_error(t, "%s%s%s should be %s, not %T", path->function ? path->function : "",
                     path->function ? ": " : "", path->argument ? path->argument : "path", wanted, v);
    return false;
}

static bool fd_of_int(Thread *t, Value v, int *out) {
    Value index = index_of(t, v);
    int64_t fd;
    if (absent(index))
        return false;
    if (!int_to_i64(index, &fd) || fd > INT_MAX || fd < INT_MIN) {
        raise_overflow_error(t, int_sign(index) < 0 ? "fd is less than minimum" : "fd is greater than maximum");
        return false;
    }
    *out = (int)fd;
    return true;
}

/* The str or bytes that __fspath__ gives; absent without exception: has none. */
static Value file_system_path(Thread *t, Value v) {
    Value method = type_lookup_special(t, v, names.__fspath__);
    if (absent(method) || is_none(method))
        return NO_VALUE;
    Value result = TRY(call_0(t, method));
    if (is_str(result) || is_bytes(result))
        return result;
    return raise_type_error(t, "expected %N.__fspath__() to return str or bytes, not %T", type_of(v), result);
}

static bool embedded_null(Thread *t, const Path *path) {
    raise_value_error(t, "%s%sembedded null character in %s", path->function ? path->function : "",
                      path->function ? ": " : "", path->argument ? path->argument : "path");
    return false;
}

bool path_convert(Thread *t, Value v, Path *path) {
    path->object = v;
    path->fd = -1;
    path->name = NULL;
    if (is_none(v) && path->nullable)
        return true;
    bool is_index = is_int(v) || present(type_lookup(type_of(v), names.__index__));
    if (path->allow_fd && is_index && !is_str(v) && !is_bytes(v)) {
        if (is_exactly(v, &bool_type) &&
            !warn(t, &RuntimeWarning_type, 1, "bool is used as a file descriptor"))
            return false;
        return fd_of_int(t, v, &path->fd);
    }
    if (!is_str(v) && !is_bytes(v)) {
        Value text = file_system_path(t, v);
        if (absent(text))
            return error_pending(t) ? false : wrong_path_type(t, path, v);
        path->object = v = text;
    }
    if (is_bytes(v)) {
        path->is_bytes = true;
        path->name = as_bytes(v)->data;
        path->length = as_bytes(v)->length;
    } else {
        /* A zero byte among the characters is the only ValueError that is not an encoding error. */
        path->name = str_filesystem(t, v, &path->length);
        if (path->name == NULL)
            return !error_matches(t, &UnicodeError_type) && error_catch(t, &ValueError_type) && embedded_null(t, path);
    }
    return memchr(path->name, 0, path->length) == NULL || embedded_null(t, path);
}

Value path_result(Thread *t, const Path *path, const char *name, size_t length) {
    return path->is_bytes ? bytes_new(t, name, length) : str_decode_filesystem(t, name, length);
}

bool dir_fd_convert(Thread *t, Value v, int *fd) {
    if (is_none(v)) {
        *fd = AT_FDCWD;
        return true;
    }
    if (is_exactly(v, &bool_type) && !warn(t, &RuntimeWarning_type, 1, "bool is used as a file descriptor"))
        return false;
    if (is_int(v) || present(type_lookup(type_of(v), names.__index__)))
        return fd_of_int(t, v, fd);
    raise_type_error(t, "argument should be integer or None, not %T", v);
    return false;
}

bool as_c_long(Thread *t, Value v, int64_t *out) {
    Value index = index_of(t, v);
    return present(index) && int_as_i64(t, index, out);
}

bool as_c_int(Thread *t, Value v, int *out) {
    int64_t wide;
    if (!as_c_long(t, v, &wide))
        return false;
    if (wide > INT_MAX || wide < INT_MIN) {
        raise_overflow_error(t, wide > 0 ? "signed integer is greater than maximum"
                                         : "signed integer is less than minimum");
        return false;
    }
    *out = (int)wide;
    return true;
}

bool as_fd(Thread *t, Value v, int *out) {
    int64_t fd;
    if (!is_int(v)) {
        Value method = find_attribute(t, v, names.fileno);
        if (absent(method)) {
            if (!error_pending(t))
                raise_type_error(t, "argument must be an int, or have a fileno() method.");
            return false;
        }
        v = call_0(t, method);
        if (absent(v))
            return false;
        if (!is_int(v)) {
            raise_type_error(t, "fileno() returned a non-integer");
            return false;
        }
    } else if (is_exactly(v, &bool_type) && !warn(t, &RuntimeWarning_type, 1, "bool is used as a file descriptor")) {
        return false;
    }
    if (!int_to_i64(v, &fd) || fd > INT_MAX || fd < INT_MIN) {
        raise_overflow_error(t, "Python int too large to convert to C int");
        return false;
    }
    if (fd < 0) {
        raise_value_error(t, "file descriptor cannot be a negative integer (%d)", (int)fd);
        return false;
    }
    *out = (int)fd;
    return true;
}

static bool as_id(Thread *t, Value v, uint32_t *out, const char *what) {
    if (!is_int(v) && absent(type_lookup(type_of(v), names.__index__))) {
        raise_type_error(t, "%s should be integer, not %T", what, v);
        return false;
    }
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    int64_t id;
    if (int_to_i64(index, &id) && id >= -1 && id <= UINT32_MAX) {
        *out = (uint32_t)id;
        return true;
    }
    raise_overflow_error(t, int_sign(index) < 0 ? "%s is less than minimum" : "%s is greater than maximum", what);
    return false;
}

bool as_uid(Thread *t, Value v, uid_t *out) { return as_id(t, v, out, "uid"); }
bool as_gid(Thread *t, Value v, gid_t *out) { return as_id(t, v, out, "gid"); }

bool as_off(Thread *t, Value v, off_t *out) {
    int64_t wide;
    if (!as_c_long(t, v, &wide))
        return false;
    *out = wide;
    return true;
}

Value from_id(Thread *t, uint32_t id) { return small_int(id == UINT32_MAX ? -1 : (int64_t)id); }

bool as_bool(Thread *t, Value v, bool *out) {
    int result = truth(t, v);
    *out = result > 0;
    return result >= 0;
}
