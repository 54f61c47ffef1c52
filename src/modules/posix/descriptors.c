/* posix: open descriptors: open, close, read, write, seek, duplicate, pipes.
 *
 * Threads: no state. Memory that a blocked call reads or writes is kept by the Buffer or the bytes object on the stack.
 */
#include "modules/open_writers.h"
#include "modules/posix/posix.h"
#include "object/buffer.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "vm/eval.h"

#include <limits.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

enum { LARGEST_TRANSFER = 0x7ffff000 };

static Value open_(Thread *t, Value *args) {
    Path path = PATH("open");
    int flags, mode, dir_fd;
    CHECK(path_convert(t, args[0], &path) && as_c_int(t, args[1], &flags) && as_c_int(t, args[2], &mode) &&
          dir_fd_convert(t, args[3], &dir_fd));
    CHECK(open_writers_settle(t, &path, args[0], dir_fd, vm_calls_directly(t, open_)));
    CHECK(audit(t, "open", 3, path.object, NONE, small_int(flags | O_CLOEXEC)));
    long fd = OS_BLOCKING(t, os_openat(capabilities(t), dir_fd, path.name, flags | O_CLOEXEC, (mode_t)mode));
    return fd < 0 ? os_error_path(t, path.object) : small_int(fd);
}

static Value close_(Thread *t, Value *args) {
    int fd;
    CHECK(as_c_int(t, args[0], &fd));
    blocking_begin(t);
    int result = os_close(capabilities(t), fd);
    int error = errno;
    blocking_end(t);
    errno = error;
    return result < 0 && errno != EINTR ? os_error(t) : NONE; /* an interrupted close has closed */
}

static Value closerange_(Thread *t, Value *args) {
    int low, high;
    CHECK(as_c_int(t, args[0], &low) && as_c_int(t, args[1], &high));
    blocking_begin(t);
    for (int fd = low < 0 ? 0 : low; fd < high; fd++)
        os_close(capabilities(t), fd);
    blocking_end(t);
    return NONE;
}

static Value dup_(Thread *t, Value *args) {
    int fd;
    CHECK(as_c_int(t, args[0], &fd));
    long copy = OS_BLOCKING(t, os_fcntl(capabilities(t), fd, F_DUPFD_CLOEXEC, NULL));
    return copy < 0 ? os_error(t) : small_int(copy);
}

static Value dup2_(Thread *t, Value *args) {
    int from, to;
    bool inheritable;
    CHECK(as_c_int(t, args[0], &from) && as_c_int(t, args[1], &to) && as_bool(t, args[2], &inheritable));
    if (from < 0 || to < 0) {
        errno = EBADF;
        return os_error(t);
    }
    const Capabilities *c = capabilities(t);
    long result = inheritable || from == to ? OS_BLOCKING(t, os_dup2(c, from, to))
                                            : OS_BLOCKING(t, os_dup3(c, from, to, O_CLOEXEC));
    return result < 0 ? os_error(t) : small_int(result);
}

static bool read_length(Thread *t, Value v, int64_t *length) {
    if (!index_as_ssize(t, v, length, false, NULL))
        return false;
    if (*length < 0) {
        errno = EINVAL;
        os_error(t);
        return false;
    }
    if (*length > LARGEST_TRANSFER)
        *length = LARGEST_TRANSFER;
    return true;
}

static Value read_at(Thread *t, int fd, int64_t length, bool positioned, off_t at) {
    Value result = TRY(bytes_new(t, NULL, (size_t)length));
    char *data = as_bytes(result)->data;
    const Capabilities *c = capabilities(t);
    long n = positioned ? OS_BLOCKING(t, os_pread(c, fd, data, (size_t)length, at))
                        : OS_BLOCKING(t, os_read(c, fd, data, (size_t)length));
    if (n < 0)
        return os_error(t);
    return n == length ? result : bytes_new(t, data, (size_t)n);
}

static Value read_(Thread *t, Value *args) {
    int fd;
    int64_t length;
    CHECK(as_c_int(t, args[0], &fd) && read_length(t, args[1], &length));
    return read_at(t, fd, length, false, 0);
}

static Value pread_(Thread *t, Value *args) {
    int fd;
    int64_t length;
    off_t at;
    CHECK(as_c_int(t, args[0], &fd) && read_length(t, args[1], &length) && as_off(t, args[2], &at));
    return read_at(t, fd, length, true, at);
}

static Value readinto_(Thread *t, Value *args) {
    int fd;
    Buffer b;
    CHECK(as_c_int(t, args[0], &fd));
    if (!has_buffer(args[1]) || !buffer_get_contiguous(t, args[1], &b, true)) {
        if (error_pending(t) && !error_catch(t, &BufferError_type))
            return NO_VALUE;
        return raise_type_error(t, "readinto() argument 2 must be read-write bytes-like object, not %Y", args[1]);
    }
    size_t length = b.length > LARGEST_TRANSFER ? LARGEST_TRANSFER : b.length;
    long n = OS_BLOCKING(t, os_read(capabilities(t), fd, b.data, length));
    Value v = n < 0 ? os_error(t) : small_int(n);
    buffer_release(t, &b);
    return v;
}

static Value write_(Thread *t, Value *args) {
    int fd;
    Buffer b;
    CHECK(as_c_int(t, args[0], &fd) && buffer_get_contiguous(t, args[1], &b, false));
    size_t length = b.length > LARGEST_TRANSFER ? LARGEST_TRANSFER : b.length;
    long n = OS_BLOCKING(t, os_write(capabilities(t), fd, b.data, length));
    Value v = n < 0 ? os_error(t) : small_int(n);
    buffer_release(t, &b);
    CHECK(n < 0 || safepoint(t)); /* the signal that cut it short */
    return v;
}

static Value pwrite_(Thread *t, Value *args) {
    int fd;
    Buffer b;
    off_t at;
    CHECK(as_c_int(t, args[0], &fd) && as_off(t, args[2], &at) && buffer_get_contiguous(t, args[1], &b, false));
    long n = OS_BLOCKING(t, os_pwrite(capabilities(t), fd, b.data, b.length, at));
    Value v = n < 0 ? os_error(t) : small_int(n);
    buffer_release(t, &b);
    return v;
}

/* The buffers of a sequence as an iovec. */
typedef struct Vectors {
    size_t count;
    Buffer *buffers;
    struct iovec *vectors;
    Value keep; /* a tuple of the objects */
} Vectors;

static void vectors_release(Thread *t, Vectors *v) {
    for (size_t i = 0; i < v->count; i++)
        buffer_release(t, &v->buffers[i]);
    free(v->buffers);
    free(v->vectors);
}

static bool vectors_get(Thread *t, const char *function, Value sequence, bool writable, Vectors *v) {
    *v = (Vectors){0};
    if (!is_list(sequence) && !is_tuple(sequence) && absent(type_lookup(type_of(sequence), names.__getitem__))) {
        raise_type_error(t, "%s() arg 2 must be a sequence", function);
        return false;
    }
    v->keep = tuple_from_iterable(t, sequence);
    if (absent(v->keep))
        return false;
    size_t count = tuple_length(v->keep);
    v->buffers = calloc(count + 1, sizeof *v->buffers);
    v->vectors = calloc(count + 1, sizeof *v->vectors);
    if (v->buffers == NULL || v->vectors == NULL)
        raise_no_memory(t);
    while (!error_pending(t) && v->count < count) {
        Buffer *b = &v->buffers[v->count];
        if (!buffer_get_contiguous(t, tuple_get(v->keep, v->count), b, writable))
            break;
        v->vectors[v->count++] = (struct iovec){b->data, b->length};
    }
    if (!error_pending(t))
        return true;
    vectors_release(t, v);
    return false;
}

typedef enum VectorCall { READV, WRITEV, PREADV, PWRITEV } VectorCall;

static Value vector_call(Thread *t, VectorCall call, const char *function, Value *args) {
    int fd, flags = 0;
    off_t at = 0;
    bool positioned = call == PREADV || call == PWRITEV;
    CHECK(as_c_int(t, args[0], &fd));
    CHECK(!positioned || (as_off(t, args[2], &at) && as_c_int(t, args[3], &flags)));
    Vectors v;
    CHECK(vectors_get(t, function, args[1], call == READV || call == PREADV, &v));
    const Capabilities *c = capabilities(t);
    int count = v.count > INT_MAX ? INT_MAX : (int)v.count;
    long n = call == READV    ? OS_BLOCKING(t, os_readv(c, fd, v.vectors, count))
             : call == WRITEV ? OS_BLOCKING(t, os_writev(c, fd, v.vectors, count))
             : call == PREADV ? OS_BLOCKING(t, os_preadv2(c, fd, v.vectors, count, at, flags))
                              : OS_BLOCKING(t, os_pwritev2(c, fd, v.vectors, count, at, flags));
    Value result = n < 0 ? os_error(t) : int_from(t, n);
    vectors_release(t, &v);
    return result;
}
static Value readv_(Thread *t, Value *args) { return vector_call(t, READV, "readv", args); }
static Value writev_(Thread *t, Value *args) { return vector_call(t, WRITEV, "writev", args); }
static Value preadv_(Thread *t, Value *args) { return vector_call(t, PREADV, "preadv", args); }
static Value pwritev_(Thread *t, Value *args) { return vector_call(t, PWRITEV, "pwritev", args); }

static Value lseek_(Thread *t, Value *args) {
    int fd, whence;
    off_t at;
    CHECK(as_c_int(t, args[0], &fd) && as_off(t, args[1], &at) && as_c_int(t, args[2], &whence));
    long result = OS_BLOCKING(t, os_lseek(capabilities(t), fd, at, whence));
    return result < 0 ? os_error(t) : int_from(t, result);
}

static Value ftruncate_(Thread *t, Value *args) {
    int fd;
    off_t length;
    CHECK(as_c_int(t, args[0], &fd) && as_off(t, args[1], &length) && audit(t, "os.truncate", 2, args[0], args[1]));
    return none_or_error(t, OS_BLOCKING(t, os_ftruncate(capabilities(t), fd, length)));
}

static Value fsync_(Thread *t, Value *args) {
    int fd;
    CHECK(as_fd(t, args[0], &fd));
    return none_or_error(t, OS_BLOCKING(t, os_fsync(capabilities(t), fd)));
}
static Value fdatasync_(Thread *t, Value *args) {
    int fd;
    CHECK(as_fd(t, args[0], &fd));
    return none_or_error(t, OS_BLOCKING(t, os_fdatasync(capabilities(t), fd)));
}
static Value sync_(Thread *t, Value *args) {
    blocking_begin(t);
    sync();
    blocking_end(t);
    return NONE;
}

static Value isatty_(Thread *t, Value *args) {
    int fd;
    CHECK(as_c_int(t, args[0], &fd));
    return from_bool(OS_BLOCKING(t, os_isatty(capabilities(t), fd)) > 0);
}

static Value two_fds(Thread *t, int a, int b) { return tuple_pack(t, 2, small_int(a), small_int(b)); }

static Value pipe_(Thread *t, Value *args) {
    int fds[2];
    return os_pipe2(capabilities(t), fds, O_CLOEXEC) < 0 ? os_error(t) : two_fds(t, fds[0], fds[1]);
}
static Value pipe2_(Thread *t, Value *args) {
    int fds[2], flags;
    CHECK(as_c_int(t, args[0], &flags));
    return os_pipe2(capabilities(t), fds, flags) < 0 ? os_error(t) : two_fds(t, fds[0], fds[1]);
}

static Value get_inheritable(Thread *t, Value *args) {
    int fd;
    CHECK(as_c_int(t, args[0], &fd));
    int flags = os_fcntl(capabilities(t), fd, F_GETFD, NULL);
    return flags < 0 ? os_error(t) : from_bool(!(flags & FD_CLOEXEC));
}
static Value set_inheritable(Thread *t, Value *args) {
    int fd, inheritable;
    CHECK(as_c_int(t, args[0], &fd) && as_c_int(t, args[1], &inheritable));
    int flags = os_fcntl(capabilities(t), fd, F_GETFD, NULL);
    if (flags < 0)
        return os_error(t);
    flags = inheritable ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC;
    return none_or_error(t, os_fcntl(capabilities(t), fd, F_SETFD, (void *)(intptr_t)flags));
}
static Value get_blocking(Thread *t, Value *args) {
    int fd;
    CHECK(as_c_int(t, args[0], &fd));
    int flags = os_fcntl(capabilities(t), fd, F_GETFL, NULL);
    return flags < 0 ? os_error(t) : from_bool(!(flags & O_NONBLOCK));
}
static Value set_blocking(Thread *t, Value *args) {
    int fd;
    bool blocking;
    CHECK(as_c_int(t, args[0], &fd) && as_bool(t, args[1], &blocking));
    int flags = os_fcntl(capabilities(t), fd, F_GETFL, NULL);
    if (flags < 0)
        return os_error(t);
    flags = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
    return none_or_error(t, os_fcntl(capabilities(t), fd, F_SETFL, (void *)(intptr_t)flags));
}

static Value lockf_(Thread *t, Value *args) {
    int fd, command;
    off_t length;
    CHECK(as_c_int(t, args[0], &fd) && as_c_int(t, args[1], &command) && as_off(t, args[2], &length));
    CHECK(audit(t, "os.lockf", 3, args[0], args[1], args[2]));
    return none_or_error(t, OS_BLOCKING(t, os_lockf(capabilities(t), fd, command, length)));
}

static Value posix_fadvise_(Thread *t, Value *args) {
    int fd, advice;
    off_t offset, length;
    CHECK(as_c_int(t, args[0], &fd) && as_off(t, args[1], &offset) && as_off(t, args[2], &length) &&
          as_c_int(t, args[3], &advice));
    blocking_begin(t);
    int error = posix_fadvise(fd, offset, length, advice);
    blocking_end(t);
    errno = error;
    return error ? os_error(t) : NONE;
}
static Value posix_fallocate_(Thread *t, Value *args) {
    int fd;
    off_t offset, length;
    CHECK(as_c_int(t, args[0], &fd) && as_off(t, args[1], &offset) && as_off(t, args[2], &length));
    blocking_begin(t);
    int error = posix_fallocate(fd, offset, length);
    blocking_end(t);
    errno = error;
    return error ? os_error(t) : NONE;
}

/* An offset argument that may be None: *at is NULL then. */
static bool optional_offset(Thread *t, Value v, off_t *room, off_t **at) {
    *at = is_none(v) ? NULL : room;
    return is_none(v) || as_off(t, v, room);
}

static Value sendfile_(Thread *t, Value *args) {
    int to, from;
    off_t room, *at;
    int64_t count;
    CHECK(as_c_int(t, args[0], &to) && as_c_int(t, args[1], &from) && optional_offset(t, args[2], &room, &at) &&
          index_as_ssize(t, args[3], &count, false, NULL));
    long n = OS_BLOCKING(t, os_sendfile(capabilities(t), to, from, at, (size_t)count));
    return n < 0 ? os_error(t) : int_from(t, n);
}

static bool copy_arguments(Thread *t, Value *args, int *from, int *to, int64_t *count, off_t room[2], off_t *at[2]) {
    if (!as_c_int(t, args[0], from) || !as_c_int(t, args[1], to) || !index_as_ssize(t, args[2], count, false, NULL))
        return false;
    if (*count < 0) {
        raise_value_error(t, "negative value for 'count' not allowed");
        return false;
    }
    return optional_offset(t, args[3], &room[0], &at[0]) && optional_offset(t, args[4], &room[1], &at[1]);
}

static Value copy_file_range_(Thread *t, Value *args) {
    int from, to;
    int64_t count;
    off_t room[2], *at[2];
    CHECK(copy_arguments(t, args, &from, &to, &count, room, at));
    long n = OS_BLOCKING(t, os_copy_file_range(capabilities(t), from, at[0], to, at[1], (size_t)count, 0));
    return n < 0 ? os_error(t) : int_from(t, n);
}

static Value splice_(Thread *t, Value *args) {
    int from, to, flags;
    int64_t count;
    off_t room[2], *at[2];
    CHECK(copy_arguments(t, args, &from, &to, &count, room, at) && as_c_int(t, args[5], &flags));
    long n = OS_BLOCKING(t, os_splice(capabilities(t), from, at[0], to, at[1], (size_t)count, (unsigned)flags));
    return n < 0 ? os_error(t) : int_from(t, n);
}

static Value memfd_create_(Thread *t, Value *args) {
    Path name = PATH("memfd_create");
    int64_t flags;
    CHECK(path_convert(t, args[0], &name) && as_c_long(t, args[1], &flags));
    long fd = OS_BLOCKING(t, os_memfd_create(capabilities(t), name.name, (unsigned)flags));
    return fd < 0 ? os_error(t) : small_int(fd);
}

static Value eventfd_(Thread *t, Value *args) {
    int64_t value;
    int flags;
    CHECK(as_c_long(t, args[0], &value) && as_c_int(t, args[1], &flags));
    if (value < 0 || value > UINT_MAX)
        return raise_overflow_error(t, value < 0 ? "can't convert negative value to unsigned int"
                                                 : "Python int too large to convert to C unsigned int");
    int fd = os_eventfd(capabilities(t), (unsigned)value, flags);
    return fd < 0 ? os_error(t) : small_int(fd);
}
static Value eventfd_read_(Thread *t, Value *args) {
    int fd;
    uint64_t value;
    CHECK(as_fd(t, args[0], &fd));
    long n = OS_BLOCKING(t, os_read(capabilities(t), fd, &value, sizeof value));
    return n < 0 ? os_error(t) : int_from_unsigned(t, value);
}
static Value eventfd_write_(Thread *t, Value *args) {
    int fd;
    uint64_t value;
    CHECK(as_fd(t, args[0], &fd));
    Value number = TRY(index_of(t, args[1]));
    if (!int_to_u64(number, &value))
        return raise_overflow_error(t, int_sign(number) < 0 ? "can't convert negative int to unsigned"
                                                            : "int too big to convert");
    return none_or_error(t, OS_BLOCKING(t, os_write(capabilities(t), fd, &value, sizeof value)));
}

const NativeDef posix_descriptor_functions[] = {
    {"open(path, flags, mode=511, *, dir_fd=None)", open_, "Opens a file; gives a descriptor that is not inherited."},
    {"close(fd)", close_, "Closes a descriptor."},
    {"closerange(fd_low, fd_high, /)", closerange_, "Closes the descriptors fd_low <= fd < fd_high; ignores errors."},
    {"dup(fd, /)", dup_, "A duplicate of a descriptor that is not inherited."},
    {"dup2(fd, fd2, inheritable=True)", dup2_, "Makes fd2 a duplicate of fd."},
    {"read(fd, length, /)", read_, "Reads at most that many bytes."},
    {"readinto(fd, buffer, /)", readinto_, "Reads into a writable buffer; gives the number of bytes."},
    {"pread(fd, length, offset, /)", pread_, "Reads at an offset, leaving the position."},
    {"write(fd, data, /)", write_, "Writes bytes; gives how many were written."},
    {"pwrite(fd, buffer, offset, /)", pwrite_, "Writes at an offset, leaving the position."},
    {"readv(fd, buffers, /)", readv_, "Reads into several buffers, one after the other."},
    {"writev(fd, buffers, /)", writev_, "Writes several buffers, one after the other."},
    {"preadv(fd, buffers, offset, flags=0, /)", preadv_, "readv at an offset."},
    {"pwritev(fd, buffers, offset, flags=0, /)", pwritev_, "writev at an offset."},
    {"lseek(fd, position, whence, /)", lseek_, "Sets the position; gives the new one."},
    {"ftruncate(fd, length, /)", ftruncate_, "Cuts or extends an open file."},
    {"fsync(fd)", fsync_, "Forces an open file to the disk."},
    {"fdatasync(fd)", fdatasync_, "Forces an open file's contents to the disk."},
    {"sync()", sync_, "Forces everything to the disk."},
    {"isatty(fd, /)", isatty_, "Is the descriptor a terminal?"},
    {"pipe()", pipe_, "A pipe as two descriptors, to read and to write, that are not inherited."},
    {"pipe2(flags, /)", pipe2_, "A pipe with flags O_NONBLOCK, O_CLOEXEC."},
    {"get_inheritable(fd, /)", get_inheritable, "Do child processes inherit the descriptor?"},
    {"set_inheritable(fd, inheritable, /)", set_inheritable, "Says whether child processes inherit the descriptor."},
    {"get_blocking(fd, /)", get_blocking, "Is the descriptor in blocking mode?"},
    {"set_blocking(fd, blocking, /)", set_blocking, "Sets or clears blocking mode."},
    {"lockf(fd, command, length, /)", lockf_, "Locks, tests or unlocks a part of an open file."},
    {"posix_fadvise(fd, offset, length, advice, /)", posix_fadvise_, "Announces how a file will be used."},
    {"posix_fallocate(fd, offset, length, /)", posix_fallocate_, "Makes sure that there is disk space for a file."},
    {"sendfile(out_fd, in_fd, offset, count)", sendfile_, "Copies between descriptors inside the kernel."},
    {"copy_file_range(src, dst, count, offset_src=None, offset_dst=None)", copy_file_range_,
     "Copies between files inside the kernel."},
    {"splice(src, dst, count, offset_src=None, offset_dst=None, flags=0)", splice_, "Moves data to or from a pipe."},
    {"memfd_create(name, flags=1)", memfd_create_, "An anonymous file in memory."},
    {"eventfd(initval, flags=524288)", eventfd_, "A descriptor that counts events."},
    {"eventfd_read(fd)", eventfd_read_, "Takes the count of an eventfd."},
    {"eventfd_write(fd, value)", eventfd_write_, "Adds to the count of an eventfd."},
    {NULL, NULL, NULL, 0},
};
