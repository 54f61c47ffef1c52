/* _posixshmem: memory that processes share, by name.
 *
 * Threads: no state.
 */
#include "modules/os_support.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"

static const char *name_of(Thread *t, Value path, const char *function) {
    size_t length;
    if (!is_str(path)) {
        raise_type_error(t, "%s() argument 'path' must be str, not %Y", function, path);
        return NULL;
    }
    const char *name = str_utf8(t, path, &length);
    if (name && strlen(name) != length) {
        raise_value_error(t, "embedded null character");
        return NULL;
    }
    return name;
}

static Value shm_open_(Thread *t, Value *args) {
    int flags, mode;
    const char *name = name_of(t, args[0], "shm_open");
    CHECK(name && as_c_int(t, args[1], &flags) && as_c_int(t, args[2], &mode));
    long fd = OS_BLOCKING(t, os_shm_open(capabilities(t), name, flags, (mode_t)mode));
    return fd < 0 ? os_error_path(t, args[0]) : small_int(fd);
}

static Value shm_unlink_(Thread *t, Value *args) {
    const char *name = name_of(t, args[0], "shm_unlink");
    CHECK(name);
    return OS_BLOCKING(t, os_shm_unlink(capabilities(t), name)) < 0 ? os_error_path(t, args[0]) : NONE;
}

static const NativeDef functions[] = {
    {"shm_open(path, flags, mode=0o777)", shm_open_, "Open a shared memory object.  Returns a file descriptor (integer)."},
    {"shm_unlink(path, /)", shm_unlink_,
     "Remove a shared memory object (similar to unlink()).\n\nRemove a shared memory object name, and, once all processes  "
     "have  unmapped\nthe object, de-allocates and destroys the contents of the associated memory\nregion."},
    {0},
};

NATIVE_MODULE(_posixshmem) = {.name = "_posixshmem", .doc = "POSIX shared memory module", .functions = functions};
