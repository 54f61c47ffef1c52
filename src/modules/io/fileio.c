/* _io.FileIO: an unbuffered stream over a descriptor.
 *
 * Threads: the descriptor is one word; reads and writes go to the system without a lock.
 */
#include "modules/io/io.h"
#include "modules/open_writers.h"
#include "object/audit.h"

typedef struct FileIo {
    IoObject io;
    int fd; /* -1: closed; an object from __new__ alone is closed, see file_new */
    bool created, readable, writable, appending, closefd;
    int8_t seekable; /* -1: not known yet */
    Value finalizing; /* True while __del__ runs */
    int64_t block_size;
    struct stat at_open; /* as of opening, for sizes; st_mode 0: not known */
    OpenWriter *writer;  /* NULL: none; leaves the list when the descriptor is given up */
} FileIo;

static FileIo *as_file(Value v) { return (FileIo *)v.bits; }

static void trace(Tracer *tracer, Object *o) {
    trace_value(tracer, ((FileIo *)o)->finalizing);
    io_trace(tracer, o);
}

static bool is_closed(Object *o) { return load_relaxed(&((FileIo *)o)->fd) < 0; }
bool file_io_is_open(Value file) { return load_relaxed(&as_file(file)->fd) >= 0; }

static Value err_closed(Thread *t) { return raise_value_error(t, "I/O operation on closed file"); }
static Value err_mode(Thread *t, const char *action) {
    return raise_error(t, as_type(t->isolate->slots[ISOLATE_IO]), "File not open for %s", action);
}

static Value file_new(Thread *t, Value *args) {
    FileIo *f = type_allocate(t, as_type(args[0]));
    if (f == NULL)
        return NO_VALUE;
    store_relaxed(&f->fd, -1);
    store_relaxed(&f->seekable, -1);
    f->closefd = true;
    f->block_size = -1;
    return from_object(f);
}

/* The descriptor, -1 if there is none, which is no longer this stream's. */
static int give_up(FileIo *f) {
    open_writer_remove(exchange(&f->writer, NULL));
    return exchange(&f->fd, -1);
}

static Value internal_close(Thread *t, FileIo *f) {
    int fd = give_up(f);
    if (fd < 0)
        return NONE;
    blocking_begin(t);
    int result = os_close(capabilities(t), fd);
    int error = errno;
    blocking_end(t);
    errno = error;
    return result < 0 && errno != EINTR ? os_error(t) : NONE;
}

/* The mode's letters as flags for open(). */
static bool parse_mode(Thread *t, FileIo *f, const char *mode, int *flags) {
    bool kind = false, plus = false;
    *flags = 0;
    for (const char *m = mode; *m; m++) {
        bool repeated = false;
        switch (*m) {
        case 'x':
            repeated = kind;
            f->created = f->writable = kind = true;
            *flags |= O_EXCL | O_CREAT;
            break;
        case 'r':
            repeated = kind;
            f->readable = kind = true;
            break;
        case 'w':
            repeated = kind;
            f->writable = kind = true;
            *flags |= O_CREAT | O_TRUNC;
            break;
        case 'a':
            repeated = kind;
            f->writable = f->appending = kind = true;
            *flags |= O_APPEND | O_CREAT;
            break;
        case '+':
            repeated = plus;
            f->readable = f->writable = plus = true;
            break;
        case 'b':
            break;
        default:
            raise_value_error(t, "invalid mode: %s", mode);
            return false;
        }
        if (repeated) {
            kind = false;
            break;
        }
    }
    if (!kind) {
        raise_value_error(t, "Must have exactly one of create/read/write/append mode and at most one plus");
        return false;
    }
    *flags |= f->readable && f->writable ? O_RDWR : f->readable ? O_RDONLY : O_WRONLY;
    *flags |= O_CLOEXEC;
    return true;
}

static bool open_by_name(Thread *t, FileIo *f, Value name, Value opener, int flags) {
    if (!f->closefd) {
        raise_value_error(t, "Cannot use closefd=False with file name");
        return false;
    }
    if (is_none(opener)) {
        Path path = {.function = NULL, .argument = "file", .fd = -1};
        if (!is_str(name) && !is_bytes(name) && absent(type_lookup(type_of(name), names.__fspath__))) {
            raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", name);
            return false;
        }
        if (!path_convert(t, name, &path)) {
            if (error_matches(t, &ValueError_type) && !error_matches(t, &UnicodeError_type)) {
                error_clear(t);
                raise_value_error(t, "embedded null byte");
            }
            return false;
        }
        store_relaxed(&f->fd, (int)OS_BLOCKING(t, os_openat(capabilities(t), AT_FDCWD, path.name, flags, 0666)));
        keep_alive(as_object(path.object));
        if (load_relaxed(&f->fd) < 0)
            os_error_path(t, name);
        return load_relaxed(&f->fd) >= 0;
    }
    Value fd = call_2(t, opener, name, small_int(flags));
    int64_t number;
    if (absent(fd))
        return false;
    if (!is_int(fd)) {
        raise_type_error(t, "expected integer from opener");
        return false;
    }
    if (!int_to_i64(fd, &number) || number > INT32_MAX || number < INT32_MIN) {
        raise_overflow_error(t, "Python int too large to convert to C int");
        return false;
    }
    if (number < 0) {
        raise_value_error(t, "opener returned %d", (int)number);
        return false;
    }
    store_relaxed(&f->fd, (int)number);
    int fd_flags = os_fcntl(capabilities(t), load_relaxed(&f->fd), F_GETFD, NULL);
    if (fd_flags < 0 || os_fcntl(capabilities(t), load_relaxed(&f->fd), F_SETFD, (void *)(intptr_t)(fd_flags | FD_CLOEXEC)) < 0) {
        os_error(t);
        return false;
    }
    return true;
}

/* What kind of file it is: no directory; its block size. */
static bool inspect(Thread *t, FileIo *f, Value name) {
    if (OS_BLOCKING(t, os_fstat(capabilities(t), f->fd, &f->at_open)) < 0) {
        if (errno == EBADF || error_pending(t)) {
            os_error(t);
            return false;
        }
        f->at_open.st_mode = 0;
        return true;
    }
    if (S_ISDIR(f->at_open.st_mode)) {
        errno = EISDIR;
        os_error_path(t, name);
        return false;
    }
    f->block_size = f->at_open.st_blksize > 1 ? f->at_open.st_blksize : -1;
    if (f->writable && f->closefd)
        store_relaxed(&f->writer, open_writer_add(t, &f->at_open));
    return true;
}

static Value seek_to(Thread *t, FileIo *f, off_t offset, int whence, bool pipes_too) {
    off_t at = (off_t)OS_BLOCKING(t, os_lseek(capabilities(t), f->fd, offset, whence));
    if (load_relaxed(&f->seekable) < 0)
        store_relaxed(&f->seekable, (int8_t)(at >= 0));
    if (at < 0)
        return pipes_too && errno == ESPIPE && !error_pending(t) ? NONE : os_error(t);
    return int_from(t, at);
}

static bool file_open(Thread *t, FileIo *f, Value self, Value *args, bool *own) {
    int flags;
    Value name = args[1];
    const char *mode = str_utf8(t, args[2], NULL);
    if (mode == NULL || !as_bool(t, args[3], &f->closefd))
        return false;
    if (is_exactly(name, &bool_type) && !warn(t, &RuntimeWarning_type, 1, "bool is used as a file descriptor"))
        return false;
    int fd = -1;
    if (is_int(name)) {
        if (!as_c_int(t, name, &fd))
            return false;
        if (fd < 0) {
            raise_value_error(t, "negative file descriptor");
            return false;
        }
    }
    if (!parse_mode(t, f, mode, &flags))
        return false;
    if (!audit(t, "open", 3, name, args[2], small_int(flags)))
        return false;
    *own = fd < 0;
    if (fd >= 0)
        store_relaxed(&f->fd, fd);
    else if (!open_by_name(t, f, name, args[4], flags))
        return false;
    if (!inspect(t, f, name) || !set_attribute(t, self, names.name, name))
        return false;
    return !f->appending || present(seek_to(t, f, 0, SEEK_END, true));
}

static Value file_init(Thread *t, Value *args) {
    FileIo *f = as_file(args[0]);
    if (!is_str(args[2]))
        return raise_type_error(t, "FileIO() argument 'mode' must be str, not %Y", args[2]);
    if (load_relaxed(&f->fd) >= 0) {
        if (f->closefd)
            TRY(internal_close(t, f));
        else
            store_relaxed(&f->fd, -1);
    }
    f->created = f->readable = f->writable = f->appending = false;
    store_relaxed(&f->seekable, -1);
    f->at_open.st_mode = 0;
    bool own = false;
    if (file_open(t, f, args[0], args, &own))
        return NONE;
    Value error = error_take(t);
    if (!own)
        (void)give_up(f);
    else if (absent(internal_close(t, f)))
        error_clear(t);
    error_restore(t, error);
    return NO_VALUE;
}

int64_t file_io_read(Thread *t, Value file, char *to, size_t size) {
    if (size > 0x7ffff000)
        size = 0x7ffff000;
    long n = OS_BLOCKING(t, os_read(capabilities(t), as_file(file)->fd, to, size));
    if (n >= 0)
        return n;
    if (errno == EAGAIN && !error_pending(t))
        return -2;
    os_error(t);
    return -1;
}

int64_t file_io_write(Thread *t, Value file, const char *from, size_t size) {
    if (size > 0x7ffff000)
        size = 0x7ffff000;
    long n = OS_BLOCKING(t, os_write(capabilities(t), as_file(file)->fd, from, size));
    if (n >= 0)
        return n;
    if (errno == EAGAIN && !error_pending(t))
        return -2;
    os_error(t);
    return -1;
}

static Value count_or_none(int64_t n) { return n == -1 ? NO_VALUE : n == -2 ? NONE : small_int(n); }

static bool check_reading(Thread *t, FileIo *f) {
    if (load_relaxed(&f->fd) < 0)
        err_closed(t);
    else if (!f->readable)
        err_mode(t, "reading");
    return !error_pending(t);
}
static bool check_writing(Thread *t, FileIo *f) {
    if (load_relaxed(&f->fd) < 0)
        err_closed(t);
    else if (!f->writable)
        err_mode(t, "writing");
    return !error_pending(t);
}

static Value file_readinto(Thread *t, Value *args) {
    CHECK(check_reading(t, as_file(args[0])));
    Buffer b;
    CHECK(io_writable_buffer(t, "readinto", args[1], &b));
    int64_t n = file_io_read(t, args[0], b.data, b.length);
    buffer_release(t, &b);
    return count_or_none(n);
}

/* A regular file's rest is read into memory of that size and one more byte, which shows the end. */
static Value file_readall(Thread *t, Value *args) {
    FileIo *f = as_file(args[0]);
    if (load_relaxed(&f->fd) < 0)
        return err_closed(t);
    size_t capacity = 64 * 1024, length = 0;
    if (f->at_open.st_mode && f->at_open.st_size > 0) {
        off_t at = f->at_open.st_size < 65536 ? 0 : (off_t)OS_BLOCKING(t, os_lseek(capabilities(t), f->fd, 0, SEEK_CUR));
        CHECK(!error_pending(t));
        if (at >= 0 && f->at_open.st_size >= at)
            capacity = (size_t)(f->at_open.st_size - at) + 1;
    }
    char *buffer = malloc(capacity);
    if (buffer == NULL)
        return raise_no_memory(t);
    int64_t n;
    do {
        if (length == capacity) {
            capacity += capacity < 65536 ? capacity + 256 : capacity / 4;
            char *larger = realloc(buffer, capacity);
            if (larger == NULL) {
                free(buffer);
                return raise_no_memory(t);
            }
            buffer = larger;
        }
        n = file_io_read(t, args[0], buffer + length, capacity - length);
        if (n > 0)
            length += (size_t)n;
    } while (n > 0);
    Value v = n == -1 ? NO_VALUE : n == -2 && length == 0 ? NONE : bytes_new(t, buffer, length);
    free(buffer);
    return v;
}

static Value file_read(Thread *t, Value *args) {
    CHECK(check_reading(t, as_file(args[0])));
    int64_t size;
    CHECK(io_size(t, args[1], &size));
    if (size < 0)
        return file_readall(t, args);
    Value v = TRY(bytes_new(t, NULL, (size_t)size));
    int64_t n = file_io_read(t, args[0], as_bytes(v)->data, (size_t)size);
    if (n < 0)
        return count_or_none(n);
    return n == size ? v : bytes_new(t, as_bytes(v)->data, (size_t)n);
}

static Value file_write(Thread *t, Value *args) {
    CHECK(check_writing(t, as_file(args[0])));
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    int64_t n = file_io_write(t, args[0], b.data, b.length);
    buffer_release(t, &b);
    /* A signal that cut the call short is handled here, where the caller can still tell that it belongs to this write. */
    CHECK(n < 0 || safepoint_inside(t));
    return count_or_none(n);
}

static Value file_seek(Thread *t, Value *args) {
    FileIo *f = as_file(args[0]);
    int whence;
    off_t offset;
    if (load_relaxed(&f->fd) < 0)
        return err_closed(t);
    CHECK(as_c_int(t, args[2], &whence) && as_off(t, args[1], &offset));
    return seek_to(t, f, offset, whence, false);
}

static Value file_tell(Thread *t, Value *args) {
    FileIo *f = as_file(args[0]);
    return load_relaxed(&f->fd) < 0 ? err_closed(t) : seek_to(t, f, 0, SEEK_CUR, false);
}

static Value file_truncate(Thread *t, Value *args) {
    FileIo *f = as_file(args[0]);
    off_t size;
    CHECK(check_writing(t, f));
    Value given = is_none(args[1]) ? TRY(seek_to(t, f, 0, SEEK_CUR, false)) : args[1];
    CHECK(as_off(t, given, &size));
    return OS_BLOCKING(t, os_ftruncate(capabilities(t), f->fd, size)) < 0 ? os_error(t) : given;
}

static Value file_dealloc_warn(Thread *t, Value *args) {
    FileIo *f = as_file(args[0]);
    if (load_relaxed(&f->fd) >= 0 && f->closefd)
        warn_unclosed(t, " file", args[1], "Exception ignored while finalizing file", args[0]);
    return NONE;
}

static Value file_close(Thread *t, Value *args) {
    FileIo *f = as_file(args[0]);
    Value self[1] = {args[0]};
    Value result = io_base_close(t, self);
    if (!f->closefd) {
        store_relaxed(&f->fd, -1);
        return result;
    }
    Value error = absent(result) ? error_take(t) : NO_VALUE;
    if (same(load(&f->finalizing), TRUE))
        file_dealloc_warn(t, (Value[]){args[0], args[0]});
    internal_close(t, f);
    io_chain(t, error);
    return error_pending(t) ? NO_VALUE : NONE;
}

static Value file_seekable(Thread *t, Value *args) {
    FileIo *f = as_file(args[0]);
    if (load_relaxed(&f->fd) < 0)
        return err_closed(t);
    if (load_relaxed(&f->seekable) < 0 && absent(seek_to(t, f, 0, SEEK_CUR, false))) {
        if (!error_catch(t, &OSError_type))
            return NO_VALUE;
    }
    return from_bool(load_relaxed(&f->seekable) > 0);
}
static Value file_readable(Thread *t, Value *args) {
    return load_relaxed(&as_file(args[0])->fd) < 0 ? err_closed(t) : from_bool(as_file(args[0])->readable);
}
static Value file_writable(Thread *t, Value *args) {
    return load_relaxed(&as_file(args[0])->fd) < 0 ? err_closed(t) : from_bool(as_file(args[0])->writable);
}
static Value file_fileno(Thread *t, Value *args) {
    return load_relaxed(&as_file(args[0])->fd) < 0 ? err_closed(t) : small_int(load_relaxed(&as_file(args[0])->fd));
}
static Value file_isatty(Thread *t, Value *args) {
    FileIo *f = as_file(args[0]);
    return load_relaxed(&f->fd) < 0 ? err_closed(t) : from_bool(OS_BLOCKING(t, os_isatty(capabilities(t), f->fd)) > 0);
}
/* The same without a system call for what was no character device when it was opened. */
static Value file_isatty_open_only(Thread *t, Value *args) {
    FileIo *f = as_file(args[0]);
    return f->at_open.st_mode && !S_ISCHR(f->at_open.st_mode) ? FALSE : file_isatty(t, args);
}

static const char *mode_text(FileIo *f) {
    if (f->created)
        return f->readable ? "xb+" : "xb";
    if (f->appending)
        return f->readable ? "ab+" : "ab";
    if (f->readable)
        return f->writable ? "rb+" : "rb";
    return "wb";
}

static Value file_repr(Thread *t, Value *args) {
    FileIo *f = as_file(args[0]);
    Value type_name = TRY(type_qualified_name(t, type_of(args[0])));
    if (load_relaxed(&f->fd) < 0)
        return format_text(t, "<%S [closed]>", type_name);
    const char *closefd = f->closefd ? "True" : "False";
    Value name = find_attribute(t, args[0], names.name);
    if (absent(name)) {
        CHECK(!error_pending(t));
        return format_text(t, "<%S fd=%d mode='%s' closefd=%s>", type_name, load_relaxed(&f->fd), mode_text(f), closefd);
    }
    int running = repr_enter(t, args[0]);
    CHECK(running >= 0);
    if (running)
        return raise_error(t, &RuntimeError_type, "reentrant call inside %S.__repr__", type_name);
    Value v = format_text(t, "<%S name=%R mode='%s' closefd=%s>", type_name, name, mode_text(f), closefd);
    repr_leave(t, args[0]);
    return v;
}

static Value get_closed(Thread *t, Value *args) { return from_bool(load_relaxed(&as_file(args[0])->fd) < 0); }
static Value get_closefd(Thread *t, Value *args) { return from_bool(as_file(args[0])->closefd); }
static Value get_mode(Thread *t, Value *args) { return str_intern_text(t, mode_text(as_file(args[0]))); }
static Value get_finalizing(Thread *t, Value *args) {
    return present(as_file(args[0])->finalizing) ? as_file(args[0])->finalizing : FALSE;
}
static Value set_finalizing(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "can't delete numeric/char attribute");
    if (!is_exactly(args[1], &bool_type))
        return raise_type_error(t, "attribute value type must be bool");
    store(as_object(args[0]), &as_file(args[0])->finalizing, args[1]);
    return NONE;
}
static Value get_block_size(Thread *t, Value *args) {
    return small_int(as_file(args[0])->block_size > 0 ? as_file(args[0])->block_size : IO_BUFFER_SIZE);
}

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", file_new, NULL},
    {"__init__(self, file, mode='r', closefd=True, opener=None)", file_init, NULL},
    {"__repr__(self, /)", file_repr, NULL},
    {"__del__(self, /)", io_base_del, NULL},
    {"read(self, size=-1, /)", file_read, "Reads at most size bytes with one system call; None if it would block."},
    {"readall(self, /)", file_readall, "Reads until the end."},
    {"readinto(self, buffer, /)", file_readinto, "Reads into a buffer; gives the number of bytes."},
    {"write(self, b, /)", file_write, "Writes bytes with one system call; gives how many were written."},
    {"seek(self, pos, whence=0, /)", file_seek, "Sets the position; gives the new one."},
    {"tell(self, /)", file_tell, "The current position."},
    {"truncate(self, size=None, /)", file_truncate, "Cuts the file to a size, by default the current position."},
    {"close(self, /)", file_close, "Closes the file, and the descriptor unless closefd is False."},
    {"seekable(self, /)", file_seekable, "Can the position be set?"},
    {"readable(self, /)", file_readable, "Was the file opened for reading?"},
    {"writable(self, /)", file_writable, "Was the file opened for writing?"},
    {"fileno(self, /)", file_fileno, "The descriptor."},
    {"isatty(self, /)", file_isatty, "Is the file a terminal?"},
    {"_isatty_open_only(self, /)", file_isatty_open_only, NULL},
    {"_dealloc_warn(self, object, /)", file_dealloc_warn, NULL},
    {"__getstate__(self, /)", io_cannot_pickle, NULL},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef getset[] = {
    {"closed", get_closed, NULL, "True if the file is closed"},
    {"closefd", get_closefd, NULL, "True if the file descriptor will be closed by close()."},
    {"mode", get_mode, NULL, "String giving the file mode"},
    {"_finalizing", get_finalizing, set_finalizing, NULL, MEMBER},
    {"_blksize", get_block_size, NULL, "Preferred I/O block size"},
    {NULL, NULL, NULL, NULL},
};

STATIC_TYPE(file_io_type) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "_io.FileIO",
    .doc = "An unbuffered stream over a file, given by name or descriptor.",
    .base_static = &raw_io_base_type,
    .needs_no_del = is_closed,
    .methods = methods,
    .getset = getset,
    .flags = IO_TYPE_FLAGS,
    .instance_size = sizeof(FileIo),
};
