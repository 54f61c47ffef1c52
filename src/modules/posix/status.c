/* posix: what is known of a file (stat, access) and changing that (chmod, chown, utime).
 *
 * Threads: no state.
 */
#include "modules/open_writers.h"
#include "modules/posix/posix.h"
#include "object/operators.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "vm/eval.h"

bool posix_no_dir_fd(Thread *t, const char *function, const Path *path, int dir_fd) {
    if (path->name == NULL && dir_fd != AT_FDCWD) {
        raise_value_error(t, "%s: can't specify dir_fd without matching path", function);
        return false;
    }
    return true;
}

bool posix_fd_follows(Thread *t, const char *function, int fd, bool follow) {
    if (fd >= 0 && !follow) {
        raise_value_error(t, "%s: cannot use fd and follow_symlinks together", function);
        return false;
    }
    return true;
}

static bool fill_time(Thread *t, Value *items, int index, const struct timespec *time) {
    Value seconds = int_from(t, time->tv_sec);
    Value real = present(seconds) ? float_from_double(t, (double)time->tv_sec + 1e-9 * (double)time->tv_nsec) : seconds;
    Value scaled = present(real) ? int_mul(t, seconds, small_int(1000000000)) : real;
    Value nanoseconds = present(scaled) ? int_add(t, scaled, small_int(time->tv_nsec)) : scaled;
    items[7 + index] = seconds;
    items[10 + index] = real;
    items[13 + index] = nanoseconds;
    return present(nanoseconds);
}

Value posix_stat_value(Thread *t, const struct stat *s) {
    Value items[19];
    items[0] = small_int(s->st_mode);
    items[1] = TRY(int_from_unsigned(t, s->st_ino));
    items[2] = TRY(int_from_unsigned(t, s->st_dev));
    items[3] = TRY(int_from_unsigned(t, s->st_nlink));
    items[4] = from_id(t, s->st_uid);
    items[5] = from_id(t, s->st_gid);
    items[6] = TRY(int_from(t, s->st_size));
    CHECK(fill_time(t, items, 0, &s->st_atim) && fill_time(t, items, 1, &s->st_mtim) &&
          fill_time(t, items, 2, &s->st_ctim));
    items[16] = small_int(s->st_blksize);
    items[17] = TRY(int_from(t, s->st_blocks));
    items[18] = TRY(int_from_unsigned(t, s->st_rdev));
    return struct_sequence_new(t, posix_type(t, POSIX_STAT_RESULT), items);
}

static bool read_status(Thread *t, const char *function, Path *path, int dir_fd, bool follow, struct stat *s) {
    if (!posix_no_dir_fd(t, function, path, dir_fd) || !posix_fd_follows(t, function, path->fd, follow))
        return false;
    const Capabilities *c = capabilities(t);
    long result = path->name ? OS_BLOCKING(t, os_fstatat(c, dir_fd, path->name, s, follow ? 0 : AT_SYMLINK_NOFOLLOW))
                             : OS_BLOCKING(t, os_fstat(c, path->fd, s));
    if (result < 0)
        os_error_path(t, path->object);
    return result >= 0;
}

Value posix_stat_path(Thread *t, const char *function, Path *path, int dir_fd, bool follow) {
    struct stat s;
    CHECK(read_status(t, function, path, dir_fd, follow, &s));
    return posix_stat_value(t, &s);
}

/* A stream that the program dropped may have text for the file: then it is asked again. */
static Value stat_(Thread *t, Value *args) {
    Path path = PATH("stat");
    path.allow_fd = true;
    int dir_fd;
    bool follow, settled = false;
    struct stat s;
    CHECK(path_convert(t, args[0], &path) && dir_fd_convert(t, args[1], &dir_fd) && as_bool(t, args[2], &follow));
    CHECK(read_status(t, "stat", &path, dir_fd, follow, &s));
    CHECK(!path.name || open_writers_settle_known(t, &s, &path, args[0], vm_calls_directly(t, stat_), &settled));
    CHECK(!settled || read_status(t, "stat", &path, dir_fd, follow, &s));
    return posix_stat_value(t, &s);
}

static Value lstat_(Thread *t, Value *args) {
    Path path = PATH("lstat");
    int dir_fd;
    CHECK(path_convert(t, args[0], &path) && dir_fd_convert(t, args[1], &dir_fd));
    return posix_stat_path(t, "lstat", &path, dir_fd, false);
}

static Value fstat_(Thread *t, Value *args) {
    int fd;
    struct stat s;
    CHECK(as_c_int(t, args[0], &fd));
    return OS_BLOCKING(t, os_fstat(capabilities(t), fd, &s)) < 0 ? os_error(t) : posix_stat_value(t, &s);
}

static Value statvfs_value(Thread *t, const struct statvfs *s) {
    const uint64_t numbers[] = {s->f_bsize, s->f_frsize, s->f_blocks, s->f_bfree, s->f_bavail, s->f_files,
                                s->f_ffree, s->f_favail, s->f_flag, s->f_namemax, s->f_fsid};
    Value items[11];
    for (int i = 0; i < 11; i++)
        items[i] = TRY(int_from_unsigned(t, numbers[i]));
    return struct_sequence_new(t, posix_type(t, POSIX_STATVFS_RESULT), items);
}

static Value statvfs_(Thread *t, Value *args) {
    Path path = PATH("statvfs");
    path.allow_fd = true;
    struct statvfs s;
    CHECK(path_convert(t, args[0], &path));
    const Capabilities *c = capabilities(t);
    long result = path.name ? OS_BLOCKING(t, os_statvfs(c, path.name, &s)) : OS_BLOCKING(t, os_fstatvfs(c, path.fd, &s));
    return result < 0 ? os_error_path(t, path.object) : statvfs_value(t, &s);
}

static Value fstatvfs_(Thread *t, Value *args) {
    int fd;
    struct statvfs s;
    CHECK(as_c_int(t, args[0], &fd));
    return OS_BLOCKING(t, os_fstatvfs(capabilities(t), fd, &s)) < 0 ? os_error(t) : statvfs_value(t, &s);
}

static Value access_(Thread *t, Value *args) {
    Path path = PATH("access");
    int mode, dir_fd;
    bool effective, follow;
    CHECK(path_convert(t, args[0], &path) && as_c_int(t, args[1], &mode) && dir_fd_convert(t, args[2], &dir_fd) &&
          as_bool(t, args[3], &effective) && as_bool(t, args[4], &follow));
    int flags = (effective ? AT_EACCESS : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW);
    long result = OS_BLOCKING(t, os_faccessat(capabilities(t), dir_fd, path.name, mode, flags));
    return error_pending(t) ? NO_VALUE : from_bool(result == 0);
}

static Value chmod_(Thread *t, Value *args) {
    Path path = PATH("chmod");
    path.allow_fd = true;
    int mode, dir_fd;
    bool follow;
    CHECK(path_convert(t, args[0], &path) && as_c_int(t, args[1], &mode) && dir_fd_convert(t, args[2], &dir_fd) &&
          as_bool(t, args[3], &follow));
    CHECK(audit(t, "os.chmod", 3, path.object, args[1], audited_dir_fd(dir_fd)));
    CHECK(posix_no_dir_fd(t, "chmod", &path, dir_fd) && posix_fd_follows(t, "chmod", path.fd, follow));
    const Capabilities *c = capabilities(t);
    long result = path.name
                      ? OS_BLOCKING(t, os_fchmodat(c, dir_fd, path.name, (mode_t)mode, follow ? 0 : AT_SYMLINK_NOFOLLOW))
                      : OS_BLOCKING(t, os_fchmod(c, path.fd, (mode_t)mode));
    if (result == 0)
        return NONE;
    if (!follow && errno == EOPNOTSUPP && !error_pending(t)) {
        if (dir_fd != AT_FDCWD)
            return raise_value_error(t, "chmod: cannot use dir_fd and follow_symlinks together");
        return raise_error(t, &NotImplementedError_type, "chmod: follow_symlinks unavailable on this platform");
    }
    return os_error_path(t, path.object);
}

static Value fchmod_(Thread *t, Value *args) {
    int fd, mode;
    CHECK(as_c_int(t, args[0], &fd) && as_c_int(t, args[1], &mode) && audit(t, "os.chmod", 3, args[0], args[1], small_int(-1)));
    return none_or_error(t, OS_BLOCKING(t, os_fchmod(capabilities(t), fd, (mode_t)mode)));
}

static Value chown_path(Thread *t, Path *path, Value uid_value, Value gid_value, int dir_fd, bool follow) {
    uid_t uid;
    gid_t gid;
    CHECK(as_uid(t, uid_value, &uid) && as_gid(t, gid_value, &gid));
    CHECK(audit(t, "os.chown", 4, path->object, small_int(uid), small_int(gid), audited_dir_fd(dir_fd)));
    CHECK(posix_no_dir_fd(t, "chown", path, dir_fd) && posix_fd_follows(t, "chown", path->fd, follow));
    const Capabilities *c = capabilities(t);
    long result = path->name
                      ? OS_BLOCKING(t, os_fchownat(c, dir_fd, path->name, uid, gid, follow ? 0 : AT_SYMLINK_NOFOLLOW))
                      : OS_BLOCKING(t, os_fchown(c, path->fd, uid, gid));
    return result < 0 ? os_error_path(t, path->object) : NONE;
}

static Value chown_(Thread *t, Value *args) {
    Path path = PATH("chown");
    path.allow_fd = true;
    int dir_fd;
    bool follow;
    CHECK(path_convert(t, args[0], &path) && dir_fd_convert(t, args[3], &dir_fd) && as_bool(t, args[4], &follow));
    return chown_path(t, &path, args[1], args[2], dir_fd, follow);
}

static Value lchown_(Thread *t, Value *args) {
    Path path = PATH("lchown");
    CHECK(path_convert(t, args[0], &path));
    return chown_path(t, &path, args[1], args[2], AT_FDCWD, false);
}

static Value fchown_(Thread *t, Value *args) {
    int fd;
    uid_t uid;
    gid_t gid;
    CHECK(as_c_int(t, args[0], &fd) && as_uid(t, args[1], &uid) && as_gid(t, args[2], &gid));
    CHECK(audit(t, "os.chown", 4, args[0], small_int(uid), small_int(gid), small_int(-1)));
    return none_or_error(t, OS_BLOCKING(t, os_fchown(capabilities(t), fd, uid, gid)));
}

/* A time in seconds (int or float, rounded down to nanoseconds) or, if `nanoseconds`, an int of those. */
static bool time_convert(Thread *t, Value v, bool nanoseconds, struct timespec *out) {
    if (nanoseconds) {
        Value pair = binary_operation(t, BINARY_DIVMOD, v, small_int(1000000000));
        if (absent(pair))
            return false;
        if (!is_tuple(pair) || tuple_length(pair) != 2) {
            raise_type_error(t, "%T.__divmod__() must return a 2-tuple, not %T", v, pair);
            return false;
        }
        int64_t seconds, rest;
        if (!as_c_long(t, tuple_get(pair, 0), &seconds) || !as_c_long(t, tuple_get(pair, 1), &rest))
            return false;
        *out = (struct timespec){seconds, rest};
        return true;
    }
    out->tv_nsec = 0;
    if (!is_float(v)) {
        int64_t seconds;
        Value index = index_of(t, v);
        if (absent(index))
            return false;
        if (!int_to_i64(index, &seconds)) {
            raise_overflow_error(t, "timestamp out of range for platform time_t");
            return false;
        }
        out->tv_sec = seconds;
        return true;
    }
    double d = float_value(v), whole = floor(d);
    if (isnan(d)) {
        raise_value_error(t, "Invalid value NaN (not a number)");
        return false;
    }
    if (!(whole >= -0x1p63 && whole < 0x1p63)) {
        raise_overflow_error(t, "timestamp out of range for platform time_t");
        return false;
    }
    double rest = floor((d - whole) * 1e9);
    out->tv_sec = (time_t)whole + (rest >= 1e9);
    out->tv_nsec = rest >= 1e9 ? 0 : (long)rest;
    return true;
}

static Value utime_(Thread *t, Value *args) {
    Path path = PATH("utime");
    path.allow_fd = true;
    int dir_fd;
    bool follow;
    CHECK(path_convert(t, args[0], &path) && dir_fd_convert(t, args[3], &dir_fd) && as_bool(t, args[4], &follow));
    Value times = args[1], ns = args[2];
    if (present(ns) && !is_none(times))
        return raise_value_error(t, "utime: you may specify either 'times' or 'ns' but not both");
    struct timespec pair[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
    Value given = present(ns) ? ns : times;
    if (present(ns) || !is_none(times)) {
        if (!is_tuple(given) || tuple_length(given) != 2)
            return raise_type_error(t, present(ns) ? "utime: 'ns' must be a tuple of two ints"
                                                   : "utime: 'times' must be either a tuple of two ints or None");
        CHECK(time_convert(t, tuple_get(given, 0), present(ns), &pair[0]) &&
              time_convert(t, tuple_get(given, 1), present(ns), &pair[1]));
    }
    CHECK(audit(t, "os.utime", 4, path.object, times, present(ns) ? ns : NONE, audited_dir_fd(dir_fd)));
    CHECK(posix_no_dir_fd(t, "utime", &path, dir_fd) && posix_fd_follows(t, "utime", path.fd, follow));
    const Capabilities *c = capabilities(t);
    long result = path.name
                      ? OS_BLOCKING(t, os_utimensat(c, dir_fd, path.name, pair, follow ? 0 : AT_SYMLINK_NOFOLLOW))
                      : OS_BLOCKING(t, os_futimens(c, path.fd, pair));
    return result < 0 ? os_error_path(t, path.object) : NONE;
}

static Value truncate_(Thread *t, Value *args) {
    Path path = PATH("truncate");
    path.allow_fd = true;
    off_t length;
    CHECK(path_convert(t, args[0], &path) && as_off(t, args[1], &length) && audit(t, "os.truncate", 2, path.object, args[1]));
    const Capabilities *c = capabilities(t);
    long result = path.name ? OS_BLOCKING(t, os_truncate(c, path.name, length))
                            : OS_BLOCKING(t, os_ftruncate(c, path.fd, length));
    return result < 0 ? os_error_path(t, path.object) : NONE;
}

static Value umask_(Thread *t, Value *args) {
    int mask;
    CHECK(as_c_int(t, args[0], &mask));
    return small_int(os_umask(capabilities(t), (mode_t)mask));
}

const NativeDef posix_status_functions[] = {
    {"stat(path, *, dir_fd=None, follow_symlinks=True)", stat_, "A stat_result for a path or a descriptor."},
    {"lstat(path, *, dir_fd=None)", lstat_, "Like stat, but a symbolic link is not followed."},
    {"fstat(fd)", fstat_, "A stat_result for an open descriptor."},
    {"statvfs(path)", statvfs_, "A statvfs_result for the file system that holds the path."},
    {"fstatvfs(fd, /)", fstatvfs_, "A statvfs_result for the file system of an open descriptor."},
    {"access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)", access_,
     "May the real (or effective) user access the path that way? mode: F_OK or a union of R_OK, W_OK, X_OK."},
    {"chmod(path, mode, *, dir_fd=None, follow_symlinks=<(os.name != 'nt')|True>)", chmod_, "Changes the permissions of a file."},
    {"fchmod(fd, mode)", fchmod_, "Changes the permissions of an open file."},
    {"chown(path, uid, gid, *, dir_fd=None, follow_symlinks=True)", chown_,
     "Changes owner and group of a file; -1 leaves one as it is."},
    {"lchown(path, uid, gid)", lchown_, "Like chown, but a symbolic link is not followed."},
    {"fchown(fd, uid, gid)", fchown_, "Changes owner and group of an open file."},
    {"utime(path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True)", utime_,
     "Sets access and modification time: times in seconds, or ns in nanoseconds, or now."},
    {"truncate(path, length)", truncate_, "Cuts or extends a file to a length in bytes."},
    {"umask(mask, /)", umask_, "Sets the file creation mask; the old one is returned."},
    {NULL, NULL, NULL, 0},
};
