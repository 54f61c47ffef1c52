/* What the modules that call the operating system share: errors, blocking calls, paths, C numbers.
 *
 * Capabilities come from the thread's isolate. A call that may block runs between blocking_begin and blocking_end;
 * one that a signal interrupted is repeated after the signal's handler has run, unless the handler raised.
 */
#pragma once
#include "object/thread.h"
#include "os/os.h"

static inline const Capabilities *capabilities(Thread *t) { return &t->isolate->capabilities; }

/* OSError for errno, unless an exception is pending already (a signal handler's). */
Value os_error(Thread *t);
Value os_error_path(Thread *t, Value path);
Value os_error_paths(Thread *t, Value path, Value other);

/* errno is EINTR: runs handlers. false: one raised. */
bool os_interrupted(Thread *t);

/* The value of a system call expression, made in a blocking region and repeated while it gives -1 with EINTR.
 * -1 may also mean that a signal handler raised: os_error() knows. */
#define OS_BLOCKING(t, call)                                                  \
    ({                                                                        \
        long result_;                                                         \
        do {                                                                  \
            blocking_begin(t);                                                \
            errno = 0;                                                        \
            result_ = (long)(call);                                           \
            int error_ = errno;                                               \
            blocking_end(t);                                                  \
            errno = error_;                                                   \
        } while (result_ == -1 && errno == EINTR && os_interrupted(t));       \
        result_;                                                              \
    })

/* A path argument: str, bytes, os.PathLike, and where allowed a descriptor or None. */
typedef struct Path {
    const char *function, *argument; /* for messages; function NULL: none */
    bool allow_fd, nullable;
    Value object;     /* what an error shows and what results take their type from: str, bytes, int or None */
    const char *name; /* NULL: a descriptor, or None */
    size_t length;
    int fd;           /* -1: a name */
    bool is_bytes;
} Path;
#define PATH(function_name) {.function = function_name, .argument = "path", .fd = -1}
bool path_convert(Thread *t, Value v, Path *path);
/* A name that came from the system, of the type that the path has. */
Value path_result(Thread *t, const Path *path, const char *name, size_t length);

/* dir_fd arguments: None is AT_FDCWD. */
bool dir_fd_convert(Thread *t, Value v, int *fd);
/* Numbers that fit a C type, with CPython's OverflowErrors. */
bool as_c_int(Thread *t, Value v, int *out);
bool as_c_long(Thread *t, Value v, int64_t *out);
bool as_fd(Thread *t, Value v, int *out);          /* a descriptor, or an object with fileno() */
bool as_uid(Thread *t, Value v, uid_t *out);       /* -1 means unchanged */
bool as_gid(Thread *t, Value v, gid_t *out);
bool as_off(Thread *t, Value v, off_t *out);
Value from_id(Thread *t, uint32_t id);             /* a uid or gid: (uint32_t)-1 is -1 */
bool as_bool(Thread *t, Value v, bool *out);
