/* posix: names of files: links, renaming, removing, special files.
 *
 * Threads: no state.
 */
#include "modules/posix/posix.h"

#include "types/str/str.h"

static Value link_(Thread *t, Value *args) {
    Path from = PATH("link"), to = PATH("link");
    from.argument = "src";
    to.argument = "dst";
    int from_dir, to_dir;
    bool follow = true;
    CHECK(path_convert(t, args[0], &from) && path_convert(t, args[1], &to) && dir_fd_convert(t, args[2], &from_dir) &&
          dir_fd_convert(t, args[3], &to_dir) && as_bool(t, args[4], &follow));
    CHECK(audit(t, "os.link", 4, from.object, to.object, audited_dir_fd(from_dir), audited_dir_fd(to_dir)));
    long result = OS_BLOCKING(t, os_linkat(capabilities(t), from_dir, from.name, to_dir, to.name,
                                           follow ? AT_SYMLINK_FOLLOW : 0));
    return result < 0 ? os_error_paths(t, from.object, to.object) : NONE;
}

static Value rename_with(Thread *t, const char *function, Value *args) {
    Path from = PATH(function), to = PATH(function);
    from.argument = "src";
    to.argument = "dst";
    int from_dir, to_dir;
    CHECK(path_convert(t, args[0], &from) && path_convert(t, args[1], &to) && dir_fd_convert(t, args[2], &from_dir) &&
          dir_fd_convert(t, args[3], &to_dir));
    CHECK(audit(t, "os.rename", 4, from.object, to.object, audited_dir_fd(from_dir), audited_dir_fd(to_dir)));
    long result = OS_BLOCKING(t, os_renameat(capabilities(t), from_dir, from.name, to_dir, to.name));
    return result < 0 ? os_error_paths(t, from.object, to.object) : NONE;
}
static Value rename_(Thread *t, Value *args) { return rename_with(t, "rename", args); }
static Value replace_(Thread *t, Value *args) { return rename_with(t, "replace", args); }

static Value symlink_(Thread *t, Value *args) {
    Path target = PATH("symlink"), path = PATH("symlink");
    target.argument = "src";
    path.argument = "dst";
    int dir_fd;
    CHECK(path_convert(t, args[0], &target) && path_convert(t, args[1], &path) && dir_fd_convert(t, args[3], &dir_fd));
    CHECK(audit(t, "os.symlink", 3, target.object, path.object, audited_dir_fd(dir_fd)));
    long result = OS_BLOCKING(t, os_symlinkat(capabilities(t), target.name, dir_fd, path.name));
    return result < 0 ? os_error_paths(t, target.object, path.object) : NONE;
}

static Value readlink_(Thread *t, Value *args) {
    Path path = PATH("readlink");
    int dir_fd;
    CHECK(path_convert(t, args[0], &path) && dir_fd_convert(t, args[1], &dir_fd));
    char buffer[4097];
    long n = OS_BLOCKING(t, os_readlinkat(capabilities(t), dir_fd, path.name, buffer, sizeof buffer - 1));
    return n < 0 ? os_error_path(t, path.object) : path_result(t, &path, buffer, (size_t)n);
}

static Value unlink_with(Thread *t, const char *function, Value *args) {
    Path path = PATH(function);
    int dir_fd;
    CHECK(path_convert(t, args[0], &path) && dir_fd_convert(t, args[1], &dir_fd));
    CHECK(audit(t, "os.remove", 2, path.object, audited_dir_fd(dir_fd)));
    long result = OS_BLOCKING(t, os_unlinkat(capabilities(t), dir_fd, path.name, 0));
    return result < 0 ? os_error_path(t, path.object) : NONE;
}
static Value unlink_(Thread *t, Value *args) { return unlink_with(t, "unlink", args); }
static Value remove_(Thread *t, Value *args) { return unlink_with(t, "remove", args); }

static Value mkfifo_(Thread *t, Value *args) {
    Path path = PATH("mkfifo");
    int mode, dir_fd;
    CHECK(path_convert(t, args[0], &path) && as_c_int(t, args[1], &mode) && dir_fd_convert(t, args[2], &dir_fd));
    long result = OS_BLOCKING(t, os_mkfifoat(capabilities(t), dir_fd, path.name, (mode_t)mode));
    return result < 0 ? os_error_path(t, path.object) : NONE;
}

static Value mknod_(Thread *t, Value *args) {
    Path path = PATH("mknod");
    int mode, dir_fd;
    int64_t device;
    CHECK(path_convert(t, args[0], &path) && as_c_int(t, args[1], &mode) && as_c_long(t, args[2], &device) &&
          dir_fd_convert(t, args[3], &dir_fd));
    long result = OS_BLOCKING(t, os_mknodat(capabilities(t), dir_fd, path.name, (mode_t)mode, (dev_t)device));
    return result < 0 ? os_error_path(t, path.object) : NONE;
}

const NativeDef posix_name_functions[] = {
    {"link(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=<(os.name != 'nt')|True>)", link_, "Makes a hard link dst."},
    {"rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", rename_, "Renames a file or directory."},
    {"replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", replace_,
     "Renames a file or directory, replacing what dst was."},
    {"symlink(src, dst, target_is_directory=False, *, dir_fd=None)", symlink_, "Makes a symbolic link dst to src."},
    {"readlink(path, *, dir_fd=None)", readlink_, "What a symbolic link points to."},
    {"unlink(path, *, dir_fd=None)", unlink_, "Removes a file."},
    {"remove(path, *, dir_fd=None)", remove_, "Removes a file."},
    {"mkfifo(path, mode=438, *, dir_fd=None)", mkfifo_, "Makes a named pipe."},
    {"mknod(path, mode=384, device=0, *, dir_fd=None)", mknod_, "Makes a file, a device or a named pipe."},
    {NULL, NULL, NULL, 0},
};
