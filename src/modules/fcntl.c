/* fcntl: control of descriptors, and locks on files.
 *
 * Threads: no state.
 */
#include "modules/os_support.h"

#include "object/audit.h"
#include "object/buffer.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"

#include <linux/fs.h>
#include <sys/file.h>

enum { LARGEST_ARGUMENT = 1024 };

/* A str or an object with a buffer, of which a copy is given to the system and comes back as bytes. */
static bool copy_argument(Thread *t, Value v, char *room, size_t *length, const char *function) {
    Buffer b;
    const char *text = NULL;
    if (is_str(v) && (text = str_utf8(t, v, length)) == NULL)
        return false;
    if (!text && !buffer_get_contiguous(t, v, &b, false))
        return false;
    if (!text)
        *length = b.length;
    bool fits = *length <= LARGEST_ARGUMENT;
    if (fits)
        memcpy(room, text ? text : b.data, *length);
    else
        raise_value_error(t, "%s argument 3 is too long", function);
    if (!text)
        buffer_release(t, &b);
    return fits;
}

static Value fcntl_(Thread *t, Value *args) {
    int fd, command;
    CHECK(as_fd(t, args[0], &fd) && as_c_int(t, args[1], &command));
    CHECK(audit(t, "fcntl.fcntl", 3, small_int(fd), args[1], args[2]));
    if (is_int(args[2]) || present(type_lookup(type_of(args[2]), names.__index__))) {
        Value index = TRY(index_of(t, args[2]));
        if (int_bit_length(index) > 64)
            return raise_overflow_error(t, "Python int too large to convert to C long");
        long result = OS_BLOCKING(t, os_fcntl(capabilities(t), fd, command, (void *)int_mask_u64(index)));
        return result < 0 ? os_error(t) : small_int(result);
    }
    if (!is_str(args[2]) && !has_buffer(args[2]))
        return raise_type_error(t, "fcntl() argument 3 must be an integer, a bytes-like object, or a string, not %T",
                                args[2]);
    char room[LARGEST_ARGUMENT + 1];
    size_t length;
    CHECK(copy_argument(t, args[2], room, &length, "fcntl"));
    room[length] = 0;
    long result = OS_BLOCKING(t, os_fcntl(capabilities(t), fd, command, room));
    return result < 0 ? os_error(t) : bytes_new(t, room, length);
}

static Value ioctl_on_buffer(Thread *t, int fd, unsigned long request, Value argument) {
    Buffer b;
    char room[LARGEST_ARGUMENT + 1];
    CHECK(buffer_get_contiguous(t, argument, &b, true));
    bool small = b.length <= LARGEST_ARGUMENT;
    if (small) {
        memcpy(room, b.data, b.length);
        room[b.length] = 0;
    }
    long result = OS_BLOCKING(t, os_ioctl(capabilities(t), fd, request, small ? room : b.data));
    if (small)
        memcpy(b.data, room, b.length);
    Value v = result < 0 ? os_error(t) : small_int(result);
    buffer_release(t, &b);
    return v;
}

static Value ioctl_(Thread *t, Value *args) {
    int fd;
    bool mutate;
    CHECK(as_fd(t, args[0], &fd));
    Value number = TRY(index_of(t, args[1]));
    unsigned long request = (unsigned long)int_mask_u64(number);
    CHECK(as_bool(t, args[3], &mutate) && audit(t, "fcntl.ioctl", 3, small_int(fd), number, args[2]));
    if (is_int(args[2]) || present(type_lookup(type_of(args[2]), names.__index__))) {
        Value index = TRY(index_of(t, args[2]));
        long result = OS_BLOCKING(t, os_ioctl(capabilities(t), fd, request, (void *)int_mask_u64(index)));
        return result < 0 ? os_error(t) : small_int(result);
    }
    if (!is_str(args[2]) && !has_buffer(args[2]))
        return raise_type_error(t, "ioctl() argument 3 must be an integer, a bytes-like object, or a string, not %T",
                                args[2]);
    if (mutate && !is_str(args[2])) {
        Buffer b;
        CHECK(buffer_get_contiguous(t, args[2], &b, false));
        bool read_only = b.read_only;
        buffer_release(t, &b);
        if (!read_only)
            return ioctl_on_buffer(t, fd, request, args[2]);
    }
    char room[LARGEST_ARGUMENT + 1];
    size_t length;
    CHECK(copy_argument(t, args[2], room, &length, "ioctl"));
    room[length] = 0;
    long result = OS_BLOCKING(t, os_ioctl(capabilities(t), fd, request, room));
    return result < 0 ? os_error(t) : bytes_new(t, room, length);
}

static Value flock_(Thread *t, Value *args) {
    int fd, operation;
    CHECK(as_fd(t, args[0], &fd) && as_c_int(t, args[1], &operation));
    CHECK(audit(t, "fcntl.flock", 2, small_int(fd), args[1]));
    return OS_BLOCKING(t, os_flock(capabilities(t), fd, operation)) < 0 ? os_error(t) : NONE;
}

static Value lockf_(Thread *t, Value *args) {
    int fd, operation, whence;
    struct flock l = {0};
    CHECK(as_fd(t, args[0], &fd) && as_c_int(t, args[1], &operation));
    Value none = small_int(0); /* the defaults, which the event shows as None */
    CHECK(audit(t, "fcntl.lockf", 5, small_int(fd), args[1], same(args[2], none) ? NONE : args[2],
                same(args[3], none) ? NONE : args[3], args[4]));
    if (operation == LOCK_UN)
        l.l_type = F_UNLCK;
    else if (operation & LOCK_SH)
        l.l_type = F_RDLCK;
    else if (operation & LOCK_EX)
        l.l_type = F_WRLCK;
    else
        return raise_value_error(t, "unrecognized lockf argument");
    CHECK(as_off(t, args[2], &l.l_len) && as_off(t, args[3], &l.l_start) && as_c_int(t, args[4], &whence));
    l.l_whence = (short)whence;
    long result = OS_BLOCKING(t, os_fcntl(capabilities(t), fd, operation & LOCK_NB ? F_SETLK : F_SETLKW, &l));
    return result < 0 ? os_error(t) : NONE;
}

static const NativeDef functions[] = {
    {"fcntl(fd, cmd, arg=0, /)", fcntl_, "The system's fcntl; a str or bytes argument comes back as bytes."},
    {"ioctl(fd, request, arg=0, mutate_flag=True, /)", ioctl_,
     "The system's ioctl; a writable buffer is changed in place, other data comes back as bytes."},
    {"flock(fd, operation, /)", flock_, "Locks or unlocks a whole file."},
    {"lockf(fd, cmd, len=0, start=0, whence=0, /)", lockf_, "Locks or unlocks a part of a file."},
    {NULL, NULL, NULL, 0},
};

#define N(name) {#name, name},
static const struct {
    const char *name;
    int64_t value;
} numbers[] = {
    N(DN_ACCESS) N(DN_ATTRIB) N(DN_CREATE) N(DN_DELETE) N(DN_MODIFY) N(DN_MULTISHOT) N(DN_RENAME) N(FASYNC)
    N(FD_CLOEXEC) N(FICLONE) N(FICLONERANGE) N(F_ADD_SEALS) N(F_DUPFD) N(F_DUPFD_CLOEXEC) {"F_DUPFD_QUERY", 1027},
    N(F_EXLCK) N(F_GETFD) N(F_GETFL) N(F_GETLEASE) N(F_GETLK) N(F_GETLK64) N(F_GETOWN) N(F_GETOWN_EX) N(F_GETPIPE_SZ)
    N(F_GETSIG) N(F_GET_FILE_RW_HINT) N(F_GET_RW_HINT) N(F_GET_SEALS) N(F_NOTIFY) N(F_OFD_GETLK) N(F_OFD_SETLK)
    N(F_OFD_SETLKW) N(F_OWNER_PGRP) N(F_OWNER_PID) N(F_OWNER_TID) N(F_RDLCK) N(F_SEAL_FUTURE_WRITE) N(F_SEAL_GROW)
    N(F_SEAL_SEAL) N(F_SEAL_SHRINK) N(F_SEAL_WRITE) N(F_SETFD) N(F_SETFL) N(F_SETLEASE) N(F_SETLK) N(F_SETLK64)
    N(F_SETLKW) N(F_SETLKW64) N(F_SETOWN) N(F_SETOWN_EX) N(F_SETPIPE_SZ) N(F_SETSIG) N(F_SET_FILE_RW_HINT)
    N(F_SET_RW_HINT) N(F_SHLCK) N(F_UNLCK) N(F_WRLCK) N(LOCK_EX) N(LOCK_MAND) N(LOCK_NB) N(LOCK_READ) N(LOCK_RW)
    N(LOCK_SH) N(LOCK_UN) N(LOCK_WRITE) N(RWH_WRITE_LIFE_EXTREME) N(RWH_WRITE_LIFE_LONG) N(RWH_WRITE_LIFE_MEDIUM)
    N(RWH_WRITE_LIFE_NONE) N(RWH_WRITE_LIFE_NOT_SET) N(RWH_WRITE_LIFE_SHORT)
};
#undef N

static bool init(Thread *t, Value module) {
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!module_add_int(t, module, numbers[i].name, numbers[i].value))
            return false;
    return true;
}

NATIVE_MODULE(fcntl) = {
    .name = "fcntl",
    .doc = "Control of descriptors, and locks on files.",
    .functions = functions,
    .init = init,
};
