/* posix: directories (listdir, scandir and DirEntry, mkdir, rmdir), the working directory.
 *
 * Threads: a ScandirIterator's directory is read and closed with its lock held: each entry goes to one thread, and who closes
 * while another reads leaves the closing to the reader. A DirEntry fills its caches idempotently.
 */
#include "modules/posix/posix.h"

#include "modules/io/io.h"
#include "object/operators.h"
#include "types/generic_alias.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"

/* Opens the directory that a path, a descriptor or None stands for. */
static DIR *open_directory(Thread *t, Path *path) {
    const Capabilities *c = capabilities(t);
    DIR *d = NULL;
    if (path->fd >= 0 || (path->name == NULL && !is_none(path->object))) {
        int fd = (int)OS_BLOCKING(t, os_fcntl(c, path->fd, F_DUPFD_CLOEXEC, NULL));
        if (fd >= 0 && (d = os_fdopendir(c, fd)) == NULL) {
            int error = errno;
            os_close(c, fd);
            errno = error;
        }
    } else {
        blocking_begin(t);
        d = os_opendir(c, path->name ? path->name : ".");
        int error = errno;
        blocking_end(t);
        errno = error;
    }
    if (d == NULL)
        os_error_path(t, path->object);
    return d;
}

static void close_directory(Thread *t, DIR *d, bool rewind) {
    if (rewind)
        rewinddir(d); /* the descriptor that was given shares the position */
    blocking_begin(t);
    os_closedir(capabilities(t), d);
    blocking_end(t);
}

/* The next entry but . and ..; NULL with errno 0 at the end. */
static struct dirent *read_entry(Thread *t, DIR *d) {
    struct dirent *e;
    do {
        blocking_begin(t);
        errno = 0;
        e = os_readdir(capabilities(t), d);
        int error = errno;
        blocking_end(t);
        errno = error;
    } while (e && e->d_name[0] == '.' && (e->d_name[1] == 0 || (e->d_name[1] == '.' && e->d_name[2] == 0)));
    return e;
}

static Value listdir_(Thread *t, Value *args) {
    Path path = PATH("listdir");
    path.allow_fd = path.nullable = true;
    CHECK(path_convert(t, args[0], &path) && audit(t, "os.listdir", 1, path.object));
    DIR *d = open_directory(t, &path);
    if (d == NULL)
        return NO_VALUE;
    Value list = list_new(t, 0);
    struct dirent *e;
    bool ok = present(list);
    while (ok && (e = read_entry(t, d)) != NULL) {
        Value name = path_result(t, &path, e->d_name, strlen(e->d_name));
        ok = present(name) && list_append(t, list, name);
    }
    if (ok && errno) {
        os_error_path(t, path.object);
        ok = false;
    }
    close_directory(t, d, path.fd >= 0);
    return ok ? list : NO_VALUE;
}

/* DirEntry */

typedef struct DirEntryObject {
    Object object;
    Value name, path;
    Value stat, lstat; /* caches, absent until asked for */
    uint64_t inode;
    int dir_fd; /* what scandir was given, or AT_FDCWD */
    unsigned char kind;
} DirEntryObject;

static DirEntryObject *as_entry(Value v) { return (DirEntryObject *)v.bits; }

static void trace_entry(Tracer *tracer, Object *o) { trace_values(tracer, &((DirEntryObject *)o)->name, 4); }

static Value entry_stat(Thread *t, Value self, bool follow) {
    DirEntryObject *e = as_entry(self);
    Value *cache = follow ? &e->stat : &e->lstat;
    Value v = load(cache);
    if (present(v))
        return v;
    if (follow && e->kind != DT_LNK && e->kind != DT_UNKNOWN) {
        v = TRY(entry_stat(t, self, false));
    } else {
        Path path = PATH("DirEntry");
        CHECK(path_convert(t, e->dir_fd == AT_FDCWD ? e->path : e->name, &path));
        struct stat s;
        long result = OS_BLOCKING(
            t, os_fstatat(capabilities(t), e->dir_fd, path.name, &s, follow ? 0 : AT_SYMLINK_NOFOLLOW));
        v = TRY(result < 0 ? os_error_path(t, e->path) : posix_stat_value(t, &s));
        keep_alive(as_object(path.object));
    }
    store(e, cache, v);
    return v;
}

/* Is the entry of that kind (S_IFDIR...)? 1, 0, -1; one that is gone is of no kind. */
static int entry_is(Thread *t, Value self, bool follow, mode_t kind) {
    DirEntryObject *e = as_entry(self);
    bool link = e->kind == DT_LNK;
    if (e->kind != DT_UNKNOWN && !(link && follow)) {
        if (link)
            return kind == S_IFLNK;
        return kind == S_IFDIR ? e->kind == DT_DIR : kind == S_IFREG ? e->kind == DT_REG : 0;
    }
    Value stat = entry_stat(t, self, follow);
    if (absent(stat))
        return error_catch(t, &FileNotFoundError_type) ? 0 : -1;
    int64_t mode;
    return int_to_i64(tuple_get(stat, 0), &mode) && ((mode_t)mode & S_IFMT) == kind;
}

static Value bool_or_error(int result) { return result < 0 ? NO_VALUE : from_bool(result); }

static Value entry_is_dir(Thread *t, Value *args) {
    bool follow;
    CHECK(as_bool(t, args[1], &follow));
    return bool_or_error(entry_is(t, args[0], follow, S_IFDIR));
}
static Value entry_is_file(Thread *t, Value *args) {
    bool follow;
    CHECK(as_bool(t, args[1], &follow));
    return bool_or_error(entry_is(t, args[0], follow, S_IFREG));
}
static Value entry_is_symlink(Thread *t, Value *args) {
    return bool_or_error(entry_is(t, args[0], false, S_IFLNK));
}
static Value entry_is_junction(Thread *t, Value *args) { return FALSE; }
static Value entry_stat_method(Thread *t, Value *args) {
    bool follow;
    CHECK(as_bool(t, args[1], &follow));
    return entry_stat(t, args[0], follow);
}
static Value entry_inode(Thread *t, Value *args) { return int_from_unsigned(t, as_entry(args[0])->inode); }
static Value entry_fspath(Thread *t, Value *args) { return as_entry(args[0])->path; }
static Value entry_repr(Thread *t, Value *args) { return format_text(t, "<DirEntry %R>", as_entry(args[0])->name); }

static const NativeDef entry_methods[] = {
    {"__repr__(self, /)", entry_repr, NULL},
    {"is_dir(self, /, *, follow_symlinks=True)", entry_is_dir, "Is the entry a directory?"},
    {"is_file(self, /, *, follow_symlinks=True)", entry_is_file, "Is the entry a regular file?"},
    {"is_symlink(self, /)", entry_is_symlink, "Is the entry a symbolic link?"},
    {"is_junction(self, /)", entry_is_junction, "Is the entry a junction?"},
    {"stat(self, /, *, follow_symlinks=True)", entry_stat_method, "The entry's stat_result, asked for once."},
    {"inode(self, /)", entry_inode, "The entry's inode number."},
    {"__fspath__(self, /)", entry_fspath, "The entry's path."},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "Generic in the type of the path.", NATIVE_CLASS},
    {NULL, NULL, NULL, 0},
};
static const MemberDef entry_members[] = {
    {"name", MEMBER_VALUE, offsetof(DirEntryObject, name), true, "the entry's name, without directories"},
    {"path", MEMBER_VALUE, offsetof(DirEntryObject, path), true, "scandir's path joined with the name"},
    {NULL, 0, 0, false, NULL},
};
STATIC_TYPE(dir_entry_type) = {
    STATIC_TYPE_HEAD(trace_entry, NULL),
    .name_text = "posix.DirEntry",
    .base_static = &object_type,
    .methods = entry_methods,
    .members = entry_members,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(DirEntryObject),
};

/* scandir */

typedef struct ScandirIterator {
    Object object;
    Value path;   /* str, bytes, int or None */
    DIR *directory; /* NULL: closed */
    bool close_wanted; /* whoever has the lock closes before it leaves, or behind itself */
    IoLock lock;
    int fd;
} ScandirIterator;

static ScandirIterator *as_scandir(Value v) { return (ScandirIterator *)v.bits; }
static void trace_scandir(Tracer *tracer, Object *o) { trace_value(tracer, ((ScandirIterator *)o)->path); }
static void release_scandir(Object *o) {
    ScandirIterator *s = (ScandirIterator *)o;
    const Capabilities all = {CAPABILITY_DESCRIPTORS};
    if (s->directory)
        os_closedir(&all, s->directory);
    s->directory = NULL;
}

static void close_entered(Thread *t, ScandirIterator *s) {
    DIR *d = s->directory;
    s->directory = NULL;
    if (d)
        close_directory(t, d, s->fd >= 0);
}

/* Never waits: the reader may be this thread itself, in a signal handler, or one that a fork left behind. */
static void close_if_wanted(Thread *t, ScandirIterator *s) {
    while (load_seq_cst(&s->close_wanted) && mutex_try_lock(&s->lock.mutex)) {
        store_relaxed(&s->lock.owner, t);
        s->lock.depth = 1;
        store_release(&s->close_wanted, false);
        close_entered(t, s);
        io_unlock(&s->lock);
    }
}

static void scandir_leave(Thread *t, ScandirIterator *s) {
    io_unlock(&s->lock);
    close_if_wanted(t, s);
}

static void scandir_close(Thread *t, ScandirIterator *s) {
    store_seq_cst(&s->close_wanted, true);
    close_if_wanted(t, s);
}

/* directory/name; without a separator where the directory has one, or is a descriptor or not given. */
static Value joined_path(Thread *t, ScandirIterator *s, const char *name, size_t length) {
    if (is_str(s->path)) {
        size_t size;
        const char *directory = str_filesystem(t, s->path, &size);
        if (directory == NULL)
            return NO_VALUE;
        Value text = TRY(str_decode_filesystem(t, name, length));
        if (size && directory[size - 1] == '/')
            return str_concat(t, s->path, text);
        return format_text(t, "%S/%S", s->path, text);
    }
    if (!is_bytes(s->path))
        return str_decode_filesystem(t, name, length);
    size_t size = as_bytes(s->path)->length;
    bool separator = size && as_bytes(s->path)->data[size - 1] != '/';
    Value v = TRY(bytes_new(t, NULL, size + separator + length));
    char *to = as_bytes(v)->data;
    memcpy(to, as_bytes(s->path)->data, size);
    if (separator)
        to[size] = '/';
    memcpy(to + size + separator, name, length);
    return v;
}

static Value new_entry(Thread *t, ScandirIterator *s, const struct dirent *d) {
    size_t length = strlen(d->d_name);
    Value name = TRY(is_bytes(s->path) ? bytes_new(t, d->d_name, length)
                                       : str_decode_filesystem(t, d->d_name, length));
    Value path = TRY(s->fd >= 0 ? name : joined_path(t, s, d->d_name, length));
    DirEntryObject *e = heap_allocate(t, &dir_entry_type, sizeof(DirEntryObject));
    if (e == NULL)
        return NO_VALUE;
    /* NOBARRIER: just allocated */
    e->name = name;
    e->path = path;
    e->inode = d->d_ino;
    e->kind = d->d_type;
    e->dir_fd = s->fd >= 0 ? s->fd : AT_FDCWD;
    return from_object(e);
}

static Value scandir_next(Thread *t, Value self) {
    ScandirIterator *s = as_scandir(self);
    CHECK(io_lock(t, &s->lock, self));
    Value entry = NO_VALUE;
    if (s->directory) {
        struct dirent *d = read_entry(t, s->directory);
        if (d)
            entry = new_entry(t, s, d);
        else if (errno)
            os_error_path(t, s->path);
        if (absent(entry))
            close_entered(t, s);
    }
    scandir_leave(t, s);
    return entry;
}

static Value scandir_self(Thread *t, Value *args) { return args[0]; }
static Value scandir_close_method(Thread *t, Value *args) {
    scandir_close(t, as_scandir(args[0]));
    return NONE;
}
static Value scandir_del(Thread *t, Value *args) {
    if (as_scandir(args[0])->directory == NULL)
        return NONE;
    warn_unclosed(t, " scandir iterator", args[0], "Exception ignored while finalizing scandir iterator", args[0]);
    scandir_close(t, as_scandir(args[0]));
    return NONE;
}

static const NativeDef scandir_methods[] = {
    {"__iter__(self, /)", scandir_self, NULL},
    {"__enter__(self, /)", scandir_self, NULL},
    {"__exit__(self, /, *args)", scandir_close_method, NULL},
    {"__del__(self, /)", scandir_del, NULL},
    {"close(self, /)", scandir_close_method, "Closes the iterator and its directory."},
    {NULL, NULL, NULL, 0},
};
STATIC_TYPE(scandir_iterator_type) = {
    STATIC_TYPE_HEAD(trace_scandir, release_scandir),
    .name_text = "posix.ScandirIterator",
    .base_static = &object_type,
    .methods = scandir_methods,
    .next = scandir_next,
    .flags = TYPE_NO_NEW | TYPE_HAS_DEL,
    .instance_size = sizeof(ScandirIterator),
};

static Value scandir_(Thread *t, Value *args) {
    Path path = PATH("scandir");
    path.allow_fd = path.nullable = true;
    CHECK(path_convert(t, args[0], &path) && audit(t, "os.scandir", 1, path.object));
    ScandirIterator *s = heap_allocate_finalizable(t, &scandir_iterator_type, sizeof(ScandirIterator));
    if (s == NULL)
        return NO_VALUE;
    s->fd = path.name || is_none(path.object) ? -1 : path.fd;
    Value name = is_none(path.object) ? str_from_text(t, ".") : path.object;
    if (absent(name))
        return NO_VALUE;
    store(s, &s->path, name);
    s->directory = open_directory(t, &path);
    return s->directory ? from_object(s) : NO_VALUE;
}

static Value mkdir_(Thread *t, Value *args) {
    Path path = PATH("mkdir");
    int mode, dir_fd;
    CHECK(path_convert(t, args[0], &path) && as_c_int(t, args[1], &mode) && dir_fd_convert(t, args[2], &dir_fd));
    CHECK(audit(t, "os.mkdir", 3, path.object, args[1], audited_dir_fd(dir_fd)));
    long result = OS_BLOCKING(t, os_mkdirat(capabilities(t), dir_fd, path.name, (mode_t)mode));
    return result < 0 ? os_error_path(t, path.object) : NONE;
}

static Value rmdir_(Thread *t, Value *args) {
    Path path = PATH("rmdir");
    int dir_fd;
    CHECK(path_convert(t, args[0], &path) && dir_fd_convert(t, args[1], &dir_fd));
    CHECK(audit(t, "os.rmdir", 2, path.object, audited_dir_fd(dir_fd)));
    long result = OS_BLOCKING(t, os_unlinkat(capabilities(t), dir_fd, path.name, AT_REMOVEDIR));
    return result < 0 ? os_error_path(t, path.object) : NONE;
}

static Value working_directory(Thread *t, bool bytes) {
    for (size_t size = 1024;; size *= 2) {
        char *buffer = malloc(size);
        if (buffer == NULL)
            return raise_no_memory(t);
        blocking_begin(t);
        char *name = os_getcwd(capabilities(t), buffer, size);
        int error = errno;
        blocking_end(t);
        errno = error;
        Value v = NO_VALUE;
        if (name)
            v = bytes ? bytes_new(t, name, strlen(name)) : str_decode_filesystem(t, name, strlen(name));
        else if (errno != ERANGE)
            os_error(t);
        free(buffer);
        if (name || errno != ERANGE || error_pending(t))
            return v;
    }
}

static Value getcwd_(Thread *t, Value *args) { return working_directory(t, false); }
static Value getcwdb_(Thread *t, Value *args) { return working_directory(t, true); }

static Value chdir_(Thread *t, Value *args) {
    Path path = PATH("chdir");
    path.allow_fd = true;
    CHECK(path_convert(t, args[0], &path) && audit(t, "os.chdir", 1, path.object));
    const Capabilities *c = capabilities(t);
    long result = path.name ? OS_BLOCKING(t, os_chdir(c, path.name)) : OS_BLOCKING(t, os_fchdir(c, path.fd));
    return result < 0 ? os_error_path(t, path.object) : NONE;
}

static Value fchdir_(Thread *t, Value *args) {
    int fd;
    CHECK(as_fd(t, args[0], &fd) && audit(t, "os.chdir", 1, args[0]));
    return none_or_error(t, OS_BLOCKING(t, os_fchdir(capabilities(t), fd)));
}

static Value chroot_(Thread *t, Value *args) {
    Path path = PATH("chroot");
    CHECK(path_convert(t, args[0], &path));
    long result = OS_BLOCKING(t, os_chroot(capabilities(t), path.name));
    return result < 0 ? os_error_path(t, path.object) : NONE;
}

const NativeDef posix_directory_functions[] = {
    {"listdir(path=None)", listdir_, "The names in a directory, in no order, without '.' and '..'."},
    {"scandir(path=None)", scandir_, "An iterator over the DirEntry objects of a directory."},
    {"mkdir(path, mode=511, *, dir_fd=None)", mkdir_, "Makes a directory."},
    {"rmdir(path, *, dir_fd=None)", rmdir_, "Removes an empty directory."},
    {"getcwd()", getcwd_, "The working directory."},
    {"getcwdb()", getcwdb_, "The working directory, as bytes."},
    {"chdir(path)", chdir_, "Changes the working directory."},
    {"fchdir(fd)", fchdir_, "Changes the working directory to an open one."},
    {"chroot(path)", chroot_, "Changes the root directory."},
    {NULL, NULL, NULL, 0},
};
