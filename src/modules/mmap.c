/* mmap: files and anonymous memory as objects with a buffer.
 *
 * Threads: `mutex` guards where the mapping is; every method holds it while it touches the memory, so that closing or
 * resizing waits. Exports (buffers) are counted and keep the mapping in place. The contents are unsynchronised memory, as
 * they are for other processes.
 */
#include "modules/os_support.h"
#include "base/lock.h"
#include "object/audit.h"
#include "object/buffer.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/type_internal.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/memoryview.h"
#include "types/module.h"
#include "types/slice.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef enum Access { ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY } Access;

typedef struct MapObject {
    Object object;
    Mutex mutex;
    char *data; /* NULL: closed */
    size_t size, position;
    off_t offset;
    int fd; /* a duplicate of the file's; -1: none */
    int flags;
    Access access;
    bool track_fd;
    uint32_t exports;
} MapObject;

extern Type mmap_type;
static MapObject *as_map(Value v) { return (MapObject *)v.bits; }

static void map_lock(Thread *t, MapObject *m) {
    if (!mutex_try_lock(&m->mutex)) {
        blocking_begin(t);
        mutex_lock(&m->mutex);
        blocking_end(t);
    }
}

/* Locks a mapping that is open; else ValueError. */
static MapObject *enter(Thread *t, Value self) {
    MapObject *m = as_map(self);
    map_lock(t, m);
    if (m->data)
        return m;
    mutex_unlock(&m->mutex);
    raise_value_error(t, "mmap closed or invalid");
    return NULL;
}
static Value leave(MapObject *m, Value result) {
    mutex_unlock(&m->mutex);
    return result;
}
#define ENTER(t, self)                  \
    ({                                  \
        MapObject *m_ = enter(t, self); \
        CHECK(m_ != NULL);              \
        m_;                             \
    })

static bool is_writable(MapObject *m) { return m->access == ACCESS_DEFAULT || m->access == ACCESS_WRITE || m->access == ACCESS_COPY; }

static bool check_writable(Thread *t, MapObject *m) {
    if (!is_writable(m))
        raise_type_error(t, "mmap can't modify a readonly memory map.");
    return is_writable(m);
}

static void release(Object *o) {
    MapObject *m = (MapObject *)o;
    if (m->data)
        munmap(m->data, m->size);
    if (m->fd >= 0)
        close(m->fd);
    m->data = NULL;
    m->fd = -1;
}

/* Making */

/* What `access` means, or what flags and prot mean as an access. */
static bool settle_access(Thread *t, int access, int *flags, int *prot, Access *out) {
    if (access != ACCESS_DEFAULT && (*flags != MAP_SHARED || *prot != (PROT_READ | PROT_WRITE))) {
        raise_value_error(t, "mmap can't specify both access and flags, prot.");
        return false;
    }
    *out = (Access)access;
    switch (access) {
    case ACCESS_READ: *prot = PROT_READ; return true;
    case ACCESS_WRITE: return true;
    case ACCESS_COPY: *flags = MAP_PRIVATE; return true;
    case ACCESS_DEFAULT:
        if (!(*prot & PROT_WRITE))
            *out = ACCESS_READ;
        else if (!(*prot & PROT_READ))
            *out = ACCESS_WRITE;
        return true;
    default: raise_value_error(t, "mmap invalid access parameter."); return false;
    }
}

/* Compares the length with a file's; 0: all of it. */
static bool settle_length(Thread *t, int fd, off_t offset, int64_t *length) {
    struct stat s;
    if (fd == -1 || os_fstat(capabilities(t), fd, &s) < 0 || !S_ISREG(s.st_mode))
        return true;
    if (*length == 0) {
        if (s.st_size == 0)
            raise_value_error(t, "cannot mmap an empty file");
        else if (offset >= s.st_size)
            raise_value_error(t, "mmap offset is greater than file size");
        *length = s.st_size - offset;
    } else if (offset > s.st_size || s.st_size - offset < *length) {
        raise_value_error(t, "mmap length is greater than file size");
    }
    return !error_pending(t);
}

static Value map_new(Thread *t, Value *args) {
    int fd, flags, prot, access;
    int64_t length, offset;
    Access settled;
    CHECK(as_c_int(t, args[1], &fd) && index_as_ssize(t, args[2], &length, false, NULL) && as_c_int(t, args[3], &flags) &&
          as_c_int(t, args[4], &prot) && as_c_int(t, args[5], &access) && as_c_long(t, args[6], &offset));
    int track_fd = truth(t, args[7]);
    CHECK(track_fd >= 0);
    if (length < 0)
        return raise_overflow_error(t, "memory mapped length must be positive");
    if (offset < 0)
        return raise_overflow_error(t, "memory mapped offset must be positive");
    CHECK(settle_access(t, access, &flags, &prot, &settled));
    CHECK(audit(t, "mmap.__new__", 4, small_int(fd), args[2], small_int(access), args[6]));
    CHECK(settle_length(t, fd, offset, &length));
    MapObject *m = type_allocate(t, as_type(args[0]));
    CHECK(m != NULL);
    m->fd = -1;
    m->size = (size_t)length;
    m->offset = offset;
    m->access = settled;
    m->track_fd = track_fd;
    if (fd == -1)
        flags |= MAP_ANONYMOUS;
    else if (track_fd && (m->fd = (int)os_fcntl(capabilities(t), fd, F_DUPFD_CLOEXEC, (void *)3L)) < 0)
        return os_error(t);
    m->flags = flags;
    void *data = os_mmap(capabilities(t), NULL, m->size, prot, flags, fd, offset);
    if (data == MAP_FAILED || !data)
        return os_error(t);
    m->data = data;
    return from_object(m);
}

/* Reading and writing at the position */

static Value map_close(Thread *t, Value *args) {
    MapObject *m = as_map(args[0]);
    if (m->exports && !memoryview_none_of(t, args[0], &m->exports, NULL))
        return raise_error(t, &BufferError_type, "cannot close exported pointers exist");
    map_lock(t, m);
    if (m->exports)
        return leave(m, raise_error(t, &BufferError_type, "cannot close exported pointers exist"));
    char *data = m->data;
    int fd = m->fd;
    m->data = NULL;
    m->fd = -1;
    if (data)
        munmap(data, m->size);
    if (fd >= 0)
        os_close(capabilities(t), fd);
    return leave(m, NONE);
}

static size_t bytes_left(MapObject *m) { return m->position < m->size ? m->size - m->position : 0; }

static Value read_byte(Thread *t, Value *args) {
    MapObject *m = ENTER(t, args[0]);
    if (!bytes_left(m))
        return leave(m, raise_value_error(t, "read byte out of range"));
    return leave(m, small_int((uint8_t)m->data[m->position++]));
}

static Value take(Thread *t, MapObject *m, size_t count) {
    Value v = bytes_new(t, m->data + m->position, count);
    if (present(v))
        m->position += count;
    return leave(m, v);
}

static Value map_read(Thread *t, Value *args) {
    int64_t n = -1;
    if (!is_none(args[1])) {
        if (!is_int(args[1]) && absent(type_lookup(type_of(args[1]), names.__index__)))
            return raise_type_error(t, "argument should be integer or None, not '%T'", args[1]);
        CHECK(index_as_ssize(t, args[1], &n, false, NULL));
    }
    MapObject *m = ENTER(t, args[0]);
    size_t left = bytes_left(m);
    return take(t, m, n < 0 || (size_t)n > left ? left : (size_t)n);
}

static Value map_readline(Thread *t, Value *args) {
    MapObject *m = ENTER(t, args[0]);
    size_t left = bytes_left(m);
    char *start = m->data + m->position, *end = left ? memchr(start, '\n', left) : NULL;
    return take(t, m, end ? (size_t)(end - start) + 1 : left);
}

static Value map_write(Thread *t, Value *args) {
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    MapObject *m = enter(t, args[0]);
    Value result = NO_VALUE;
    if (m) {
        if (check_writable(t, m)) {
            if (m->position > m->size || m->size - m->position < b.length) {
                raise_value_error(t, "data out of range");
            } else {
                memmove(m->data + m->position, b.data, b.length);
                m->position += b.length;
                result = small_int((int64_t)b.length);
            }
        }
        leave(m, result);
    }
    buffer_release(t, &b);
    return result;
}

static bool byte_argument(Thread *t, Value v, uint8_t *out) {
    int64_t i;
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    if (!int_to_i64(index, &i) || i < 0 || i > 255) {
        raise_overflow_error(t, i < 0 ? "unsigned byte integer is less than minimum" : "unsigned byte integer is greater than maximum");
        return false;
    }
    *out = (uint8_t)i;
    return true;
}

static Value write_byte(Thread *t, Value *args) {
    uint8_t byte;
    CHECK(byte_argument(t, args[1], &byte));
    MapObject *m = ENTER(t, args[0]);
    if (!check_writable(t, m))
        return leave(m, NO_VALUE);
    if (!bytes_left(m))
        return leave(m, raise_value_error(t, "write byte out of range"));
    m->data[m->position++] = (char)byte;
    return leave(m, NONE);
}

static Value map_seek(Thread *t, Value *args) {
    int64_t distance;
    int whence;
    CHECK(index_as_ssize(t, args[1], &distance, false, NULL) && as_c_int(t, args[2], &whence));
    MapObject *m = ENTER(t, args[0]);
    if (whence < 0 || whence > 2)
        return leave(m, raise_value_error(t, "unknown seek type"));
    int64_t from = whence == 0 ? 0 : whence == 1 ? (int64_t)m->position : (int64_t)m->size, to;
    if (__builtin_add_overflow(from, distance, &to) || to < 0 || (size_t)to > m->size)
        return leave(m, raise_value_error(t, "seek out of range"));
    m->position = (size_t)to;
    return leave(m, small_int(to));
}

static Value map_tell(Thread *t, Value *args) {
    MapObject *m = ENTER(t, args[0]);
    return leave(m, small_int((int64_t)m->position));
}

static Value map_seekable(Thread *t, Value *args) { return TRUE; }

/* Searching */

static size_t clip(int64_t i, size_t size) {
    if (i < 0)
        i += (int64_t)size;
    return i < 0 ? 0 : (size_t)i > size ? size : (size_t)i;
}

static const char *last_occurrence(const char *start, size_t length, const char *what, size_t size) {
    for (const char *p = start + (length - size);; p--) {
        if (memcmp(p, what, size) == 0)
            return p;
        if (p == start)
            return NULL;
    }
}

static Value search(Thread *t, Value *args, bool last) {
    Buffer b;
    int64_t from = 0, to = 0;
    CHECK((is_none(args[2]) || index_as_ssize(t, args[2], &from, true, NULL)) &&
          (is_none(args[3]) || index_as_ssize(t, args[3], &to, true, NULL)));
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    MapObject *m = enter(t, args[0]);
    Value result = NO_VALUE;
    if (m) {
        size_t start = is_none(args[2]) ? m->position : clip(from, m->size);
        size_t end = is_none(args[3]) ? m->size : clip(to, m->size);
        const char *found = NULL;
        if (start <= end && b.length <= end - start)
            found = last ? last_occurrence(m->data + start, end - start, b.data, b.length)
                         : memmem(m->data + start, end - start, b.data, b.length);
        result = leave(m, small_int(found ? found - m->data : -1));
    }
    buffer_release(t, &b);
    return result;
}
static Value map_find(Thread *t, Value *args) { return search(t, args, false); }
static Value map_rfind(Thread *t, Value *args) { return search(t, args, true); }

/* The mapping itself */

static Value map_size(Thread *t, Value *args) {
    MapObject *m = ENTER(t, args[0]);
    struct stat s;
    if (m->fd >= 0)
        return leave(m, os_fstat(capabilities(t), m->fd, &s) < 0 ? os_error(t) : int_from(t, s.st_size));
    if (m->track_fd)
        return leave(m, small_int((int64_t)m->size));
    return leave(m, raise_errno(t, EBADF, NO_VALUE, NO_VALUE));
}

static Value resize_locked(Thread *t, MapObject *m, int64_t size) {
    if (m->exports)
        return raise_error(t, &BufferError_type, "mmap can't resize with extant buffers exported.");
    if (m->access != ACCESS_WRITE && m->access != ACCESS_DEFAULT)
        return raise_type_error(t, "mmap can't resize a readonly or copy-on-write memory map.");
    if (!m->track_fd)
        return raise_value_error(t, "mmap can't resize with trackfd=False.");
    if (size < 0 || INT64_MAX - size < m->offset)
        return raise_value_error(t, "new size out of range");
    if (m->fd == -1 && !(m->flags & MAP_PRIVATE) && (size_t)size > m->size)
        return raise_value_error(t, "mmap: can't expand a shared anonymous mapping on Linux");
    if (m->fd != -1 && os_ftruncate(capabilities(t), m->fd, m->offset + size) < 0)
        return os_error(t);
    void *moved = os_mremap(capabilities(t), m->data, m->size, (size_t)size, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED || !moved)
        return os_error(t);
    m->data = moved;
    m->size = (size_t)size;
    return NONE;
}

static Value map_resize(Thread *t, Value *args) {
    int64_t size;
    CHECK(index_as_ssize(t, args[1], &size, false, NULL));
    uint32_t *exports = &as_map(args[0])->exports; /* views that are dead but not collected do not count */
    if (load_relaxed(exports) && !memoryview_none_of(t, args[0], exports, NULL))
        CHECK(!error_pending(t));
    MapObject *m = ENTER(t, args[0]);
    return leave(m, resize_locked(t, m, size));
}

static Value map_flush(Thread *t, Value *args) {
    int64_t offset, size = 0;
    CHECK(index_as_ssize(t, args[1], &offset, false, NULL) && (is_none(args[2]) || index_as_ssize(t, args[2], &size, false, NULL)));
    MapObject *m = ENTER(t, args[0]);
    if (is_none(args[2]))
        size = (int64_t)m->size - (offset > 0 ? offset : 0);
    if (size < 0 || offset < 0 || (int64_t)m->size - offset < size)
        return leave(m, raise_value_error(t, "flush values out of range"));
    if (m->access == ACCESS_READ || m->access == ACCESS_COPY)
        return leave(m, NONE);
    return leave(m, os_msync(capabilities(t), m->data + offset, (size_t)size, MS_SYNC) < 0 ? os_error(t) : NONE);
}

static Value map_madvise(Thread *t, Value *args) {
    int option;
    int64_t start, length = 0;
    CHECK(as_c_int(t, args[1], &option) && index_as_ssize(t, args[2], &start, false, NULL) &&
          (is_none(args[3]) || index_as_ssize(t, args[3], &length, false, NULL)));
    MapObject *m = ENTER(t, args[0]);
    if (is_none(args[3]))
        length = (int64_t)m->size;
    if (start < 0 || (size_t)start >= m->size)
        return leave(m, raise_value_error(t, "madvise start out of bounds"));
    if (length < 0)
        return leave(m, raise_value_error(t, "madvise length invalid"));
    if (INT64_MAX - start < length)
        return leave(m, raise_overflow_error(t, "madvise length too large"));
    if ((size_t)(start + length) > m->size)
        length = (int64_t)m->size - start;
    return leave(m, os_madvise(capabilities(t), m->data + start, (size_t)length, option) < 0 ? os_error(t) : NONE);
}

static Value map_move(Thread *t, Value *args) {
    int64_t to, from, count;
    CHECK(index_as_ssize(t, args[1], &to, false, NULL) && index_as_ssize(t, args[2], &from, false, NULL) &&
          index_as_ssize(t, args[3], &count, false, NULL));
    MapObject *m = ENTER(t, args[0]);
    if (!check_writable(t, m))
        return leave(m, NO_VALUE);
    int64_t size = (int64_t)m->size;
    if (to < 0 || from < 0 || count < 0 || size - to < count || size - from < count)
        return leave(m, raise_value_error(t, "source, destination, or count out of range"));
    memmove(m->data + to, m->data + from, (size_t)count);
    return leave(m, NONE);
}

/* Subscripts */

static bool item_index(Thread *t, MapObject *m, int64_t *i) {
    if (*i < 0)
        *i += (int64_t)m->size;
    if (*i >= 0 && *i < (int64_t)m->size)
        return true;
    raise_index_error(t, "mmap index out of range");
    return false;
}

static bool key_index(Thread *t, Value key, int64_t *i) {
    if (is_int(key) || present(type_lookup(type_of(key), names.__index__)))
        return index_as_ssize(t, key, i, false, &IndexError_type);
    raise_type_error(t, "mmap indices must be integers");
    return false;
}

static Value map_getitem(Thread *t, Value *args) {
    int64_t start, stop, step, count;
    if (!is_exactly(args[1], &slice_type)) {
        CHECK(key_index(t, args[1], &start));
        MapObject *m = ENTER(t, args[0]);
        return leave(m, item_index(t, m, &start) ? small_int((uint8_t)m->data[start]) : NO_VALUE);
    }
    MapObject *m = ENTER(t, args[0]);
    size_t size = m->size;
    mutex_unlock(&m->mutex);
    CHECK(slice_indices(t, args[1], (int64_t)size, &start, &stop, &step, &count));
    Value v = TRY(bytes_new(t, NULL, (size_t)count));
    TRY(from_object(enter(t, args[0])));
    for (int64_t i = 0; i < count; i++)
        as_bytes(v)->data[i] = (size_t)(start + i * step) < m->size ? m->data[start + i * step] : 0;
    return leave(m, v);
}

static Value set_byte(Thread *t, Value self, Value key, Value value) {
    int64_t i, byte;
    CHECK(key_index(t, key, &i));
    if (!is_int(value) && absent(type_lookup(type_of(value), names.__index__)))
        return raise_type_error(t, "mmap item value must be an int");
    CHECK(index_as_ssize(t, value, &byte, true, NULL));
    MapObject *m = ENTER(t, self);
    if (!item_index(t, m, &i))
        return leave(m, NO_VALUE);
    if (byte < 0 || byte > 255)
        return leave(m, raise_value_error(t, "mmap item value must be in range(0, 256)"));
    m->data[i] = (char)byte;
    return leave(m, NONE);
}

static Value map_setitem(Thread *t, Value *args) {
    int64_t start, stop, step, count;
    Buffer b;
    MapObject *m = ENTER(t, args[0]);
    size_t size = m->size;
    bool allowed = check_writable(t, m);
    mutex_unlock(&m->mutex);
    CHECK(allowed);
    if (!is_exactly(args[1], &slice_type))
        return set_byte(t, args[0], args[1], args[2]);
    CHECK(slice_indices(t, args[1], (int64_t)size, &start, &stop, &step, &count) &&
          buffer_get_contiguous(t, args[2], &b, false));
    Value result = NO_VALUE;
    if (enter(t, args[0])) {
        /* Getting the buffer may have resized the mapping. */
        if ((m->size == size || slice_indices(t, args[1], (int64_t)m->size, &start, &stop, &step, &count)) &&
            b.length == (size_t)count) {
            for (int64_t i = 0; i < count; i++)
                m->data[start + i * step] = b.data[i];
            result = NONE;
        } else if (!error_pending(t)) {
            raise_index_error(t, "mmap slice assignment is wrong size");
        }
        leave(m, result);
    }
    buffer_release(t, &b);
    return result;
}

static Value map_delitem(Thread *t, Value *args) {
    MapObject *m = ENTER(t, args[0]);
    bool allowed = check_writable(t, m);
    mutex_unlock(&m->mutex);
    CHECK(allowed);
    return is_exactly(args[1], &slice_type) ? raise_type_error(t, "mmap object doesn't support slice deletion")
                                            : raise_type_error(t, "mmap doesn't support item deletion");
}

static Value map_length(Thread *t, Value *args) {
    MapObject *m = ENTER(t, args[0]);
    return leave(m, small_int((int64_t)m->size));
}

/* Iteration gives bytes of length one, unlike subscripts. */
static Value map_iterate(Thread *t, Value *args) {
    Value view = TRY(memoryview_from_object(t, args[0])), format = TRY(str_from_text(t, "c"));
    view = TRY(call_method_1(t, view, TRY(str_intern_text(t, "cast")), format));
    return get_iterator(t, view);
}

static Value map_repr(Thread *t, Value *args) {
    static const char *const names_of_access[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"};
    MapObject *m = as_map(args[0]);
    map_lock(t, m);
    bool open = m->data != NULL;
    size_t size = m->size, position = m->position;
    long long offset = m->offset;
    mutex_unlock(&m->mutex);
    const char *name = type_of(args[0])->name_text, *access = names_of_access[m->access];
    if (!open)
        return format_text(t, "<%s closed=True>", name);
    return format_text(t, "<%s closed=False, access=%s, length=%zd, pos=%zd, offset=%lld>", name, access, size, position, offset);
}

static Value map_enter(Thread *t, Value *args) {
    MapObject *m = ENTER(t, args[0]);
    return leave(m, args[0]);
}
static Value map_exit(Thread *t, Value *args) { return map_close(t, args); }
static Value get_closed(Thread *t, Value *args) { return from_bool(load_relaxed(&as_map(args[0])->data) == NULL); }

static Value map_sizeof(Thread *t, Value *args) { return small_int((int64_t)sizeof(MapObject)); }

static bool export_buffer(Thread *t, Value self, Buffer *out, bool writable) {
    MapObject *m = enter(t, self);
    if (!m)
        return false;
    if (writable && !is_writable(m))
        raise_error(t, &BufferError_type, "Object is not writable.");
    if (!error_pending(t)) {
        buffer_fill(out, self, m->data, m->size, !is_writable(m));
        m->exports++;
    }
    mutex_unlock(&m->mutex);
    return !error_pending(t);
}
static void release_buffer(Thread *t, Value self, Buffer *b) {
    MapObject *m = as_map(self);
    map_lock(t, m);
    m->exports--;
    mutex_unlock(&m->mutex);
}
static const BufferProtocol buffer_protocol = {export_buffer, release_buffer};

static const NativeDef methods[] = {
    {"__new__(type, fileno, length, flags=1, prot=3, access=0, offset=0, *, trackfd=True)", map_new,
     "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    GETATTRIBUTE_ROW,
    {"close(self, /)", map_close},
    {"find(self, view, start=None, end=None, /)", map_find},
    {"rfind(self, view, start=None, end=None, /)", map_rfind},
    {"flush(self, offset=0, size=None, /)", map_flush},
    {"madvise(self, option, start=0, length=None, /)", map_madvise},
    {"move(self, dest, src, count, /)", map_move},
    {"read(self, n=None, /)", map_read},
    {"read_byte(self, /)", read_byte},
    {"readline(self, /)", map_readline},
    {"resize(self, newsize, /)", map_resize},
    {"seek(self, pos, whence=0, /)", map_seek},
    {"seekable(self, /)", map_seekable},
    {"size(self, /)", map_size},
    {"tell(self, /)", map_tell},
    {"write(self, bytes, /)", map_write},
    {"write_byte(self, byte, /)", write_byte},
    {"__enter__(self, /)", map_enter},
    {"__exit__(self, exc_type, exc_value, traceback, /)", map_exit},
    {"__sizeof__(self, /)", map_sizeof},
    {"__repr__(self, /)", map_repr},
    {"__len__(self, /)", map_length},
    {"__iter__(self, /)", map_iterate},
    {"__getitem__(self, key, /)", map_getitem},
    {"__setitem__(self, key, value, /)", map_setitem},
    {"__delitem__(self, key, /)", map_delitem},
    {"__buffer__(self, flags, /)", buffer_method_get},
    {"__release_buffer__(self, buffer, /)", buffer_method_release},
    {NULL},
};
static const GetSetDef getset[] = {{"closed", get_closed}, {NULL}};

MODULE_TYPE(mmap_type, mmap) = {
    STATIC_TYPE_HEAD(NULL, release),
    .name_text = "mmap.mmap",
    .doc = "mmap(fileno, length[, flags[, prot[, access[, offset[, trackfd]]]]])\n\n"
           "Maps length bytes of the file behind a descriptor, or of fresh memory if that is -1. Length 0: all of the file\n"
           "as it is now. flags: MAP_SHARED, the default, or MAP_PRIVATE for changes that nobody else sees.",
    .methods = methods,
    .getset = getset,
    .buffer = &buffer_protocol,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(MapObject),
};

#define N(name) {#name, name},
static const struct {
    const char *name;
    int64_t value;
} numbers[] = {
    N(PROT_EXEC) N(PROT_READ) N(PROT_WRITE) N(MAP_SHARED) N(MAP_PRIVATE) N(MAP_DENYWRITE) N(MAP_EXECUTABLE) N(MAP_ANONYMOUS)
    N(MAP_ANON) N(MAP_POPULATE) N(MAP_STACK) N(MAP_NORESERVE)
#ifdef MAP_32BIT
    N(MAP_32BIT)
#endif
    N(ACCESS_DEFAULT) N(ACCESS_READ) N(ACCESS_WRITE) N(ACCESS_COPY) N(MADV_NORMAL) N(MADV_RANDOM) N(MADV_SEQUENTIAL)
    N(MADV_WILLNEED) N(MADV_DONTNEED) N(MADV_REMOVE) N(MADV_DONTFORK) N(MADV_DOFORK) N(MADV_HWPOISON) N(MADV_MERGEABLE)
    N(MADV_UNMERGEABLE) N(MADV_HUGEPAGE) N(MADV_NOHUGEPAGE) N(MADV_DONTDUMP) N(MADV_DODUMP) N(MADV_FREE)
};
#undef N

static bool init(Thread *t, Value module) {
    int64_t page = sysconf(_SC_PAGESIZE);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!module_add_int(t, module, numbers[i].name, numbers[i].value))
            return false;
    return module_add_type(t, module, &mmap_type) && module_add(t, module, "error", from_object(&OSError_type)) &&
           module_add_int(t, module, "PAGESIZE", page) && module_add_int(t, module, "ALLOCATIONGRANULARITY", page);
}

NATIVE_MODULE(mmap) = {.name = "mmap", .init = init};
