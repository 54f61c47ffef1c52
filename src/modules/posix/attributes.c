/* posix: extended attributes.
 *
 * Threads: no state.
 */
#include "modules/posix/posix.h"

#include "object/buffer.h"
#include "types/bytes.h"
#include "types/list.h"
#include "types/str/str.h"

static bool convert(Thread *t, const char *function, Value path_value, Value follow_value, Path *path, bool *follow) {
    *path = (Path)PATH(function);
    path->allow_fd = true;
    return path_convert(t, path_value, path) && as_bool(t, follow_value, follow) &&
           posix_fd_follows(t, function, path->fd, *follow);
}

static Value getxattr_(Thread *t, Value *args) {
    Path path, name = PATH("getxattr");
    name.argument = "attribute";
    bool follow;
    CHECK(convert(t, "getxattr", args[0], args[2], &path, &follow) && path_convert(t, args[1], &name));
    CHECK(audit(t, "os.getxattr", 2, path.object, name.object));
    const Capabilities *c = capabilities(t);
    char buffer[65536];
    long n = !path.name ? OS_BLOCKING(t, os_fgetxattr(c, path.fd, name.name, buffer, sizeof buffer))
             : follow   ? OS_BLOCKING(t, os_getxattr(c, path.name, name.name, buffer, sizeof buffer))
                        : OS_BLOCKING(t, os_lgetxattr(c, path.name, name.name, buffer, sizeof buffer));
    return n < 0 ? os_error_path(t, path.object) : bytes_new(t, buffer, (size_t)n);
}

static Value setxattr_(Thread *t, Value *args) {
    Path path, name = PATH("setxattr");
    name.argument = "attribute";
    bool follow;
    int flags;
    Buffer value;
    CHECK(convert(t, "setxattr", args[0], args[4], &path, &follow) && path_convert(t, args[1], &name) &&
          as_c_int(t, args[3], &flags));
    CHECK(audit(t, "os.setxattr", 4, path.object, name.object, args[2], args[3]));
    CHECK(buffer_get_contiguous(t, args[2], &value, false));
    const Capabilities *c = capabilities(t);
    long result = !path.name ? OS_BLOCKING(t, os_fsetxattr(c, path.fd, name.name, value.data, value.length, flags))
                  : follow   ? OS_BLOCKING(t, os_setxattr(c, path.name, name.name, value.data, value.length, flags))
                             : OS_BLOCKING(t, os_lsetxattr(c, path.name, name.name, value.data, value.length, flags));
    Value v = result < 0 ? os_error_path(t, path.object) : NONE;
    buffer_release(t, &value);
    return v;
}

static Value removexattr_(Thread *t, Value *args) {
    Path path, name = PATH("removexattr");
    name.argument = "attribute";
    bool follow;
    CHECK(convert(t, "removexattr", args[0], args[2], &path, &follow) && path_convert(t, args[1], &name));
    CHECK(audit(t, "os.removexattr", 2, path.object, name.object));
    const Capabilities *c = capabilities(t);
    long result = !path.name ? OS_BLOCKING(t, os_fremovexattr(c, path.fd, name.name))
                  : follow   ? OS_BLOCKING(t, os_removexattr(c, path.name, name.name))
                             : OS_BLOCKING(t, os_lremovexattr(c, path.name, name.name));
    return result < 0 ? os_error_path(t, path.object) : NONE;
}

static Value listxattr_(Thread *t, Value *args) {
    Path path = PATH("listxattr");
    path.allow_fd = path.nullable = true;
    bool follow;
    CHECK(path_convert(t, args[0], &path) && as_bool(t, args[1], &follow) &&
          posix_fd_follows(t, "listxattr", path.fd, follow));
    CHECK(audit(t, "os.listxattr", 1, path.object));
    const char *where = path.name || path.fd >= 0 ? path.name : ".";
    const Capabilities *c = capabilities(t);
    char buffer[65536];
    long n = !where   ? OS_BLOCKING(t, os_flistxattr(c, path.fd, buffer, sizeof buffer))
             : follow ? OS_BLOCKING(t, os_listxattr(c, where, buffer, sizeof buffer))
                      : OS_BLOCKING(t, os_llistxattr(c, where, buffer, sizeof buffer));
    if (n < 0)
        return os_error_path(t, path.object);
    Value list = TRY(list_new(t, 0));
    for (char *name = buffer; name < buffer + n; name += strlen(name) + 1) {
        Value text = TRY(str_decode_filesystem(t, name, strlen(name)));
        CHECK(list_append(t, list, text));
    }
    return list;
}

const NativeDef posix_attribute_functions[] = {
    {"getxattr(path, attribute, *, follow_symlinks=True)", getxattr_, "The value of an extended attribute."},
    {"setxattr(path, attribute, value, flags=0, *, follow_symlinks=True)", setxattr_, "Sets an extended attribute."},
    {"removexattr(path, attribute, *, follow_symlinks=True)", removexattr_, "Removes an extended attribute."},
    {"listxattr(path=None, *, follow_symlinks=True)", listxattr_, "The names of the extended attributes."},
    {NULL, NULL, NULL, 0},
};
