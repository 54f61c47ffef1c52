/* _stat: the bits of st_mode, and their text.
 *
 * Threads: pure functions.
 */
#include "object/operators.h"
#include "object/thread.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"

#include <sys/stat.h>

static bool as_mode(Thread *t, Value v, uint32_t *mode) {
    Value index = index_of(t, v);
    uint64_t u;
    if (absent(index))
        return false;
    if (!int_to_u64(index, &u) || u > UINT32_MAX) {
        raise_overflow_error(t, int_sign(index) < 0           ? "can't convert negative value to unsigned int"
                                : int_bit_length(index) <= 64 ? "mode out of range"
                                                              : "Python int too large to convert to C unsigned long");
        return false;
    }
    *mode = (uint32_t)u;
    return true;
}

#define TEST(name, kind)                                    \
    static Value name(Thread *t, Value *args) {             \
        uint32_t mode;                                      \
        CHECK(as_mode(t, args[0], &mode));                  \
        return from_bool(kind && (mode & S_IFMT) == kind);  \
    }
TEST(is_blk, S_IFBLK)
TEST(is_chr, S_IFCHR)
TEST(is_dir, S_IFDIR)
TEST(is_door, 0)
TEST(is_fifo, S_IFIFO)
TEST(is_lnk, S_IFLNK)
TEST(is_port, 0)
TEST(is_reg, S_IFREG)
TEST(is_sock, S_IFSOCK)
TEST(is_wht, 0)
#undef TEST

static Value format(Thread *t, Value *args) {
    uint32_t mode;
    CHECK(as_mode(t, args[0], &mode));
    return small_int(mode & S_IFMT);
}
static Value permissions(Thread *t, Value *args) {
    uint32_t mode;
    CHECK(as_mode(t, args[0], &mode));
    return small_int(mode & 07777);
}

static char kind_letter(uint32_t mode) {
    switch (mode & S_IFMT) {
    case S_IFREG: return '-';
    case S_IFDIR: return 'd';
    case S_IFLNK: return 'l';
    case S_IFBLK: return 'b';
    case S_IFCHR: return 'c';
    case S_IFIFO: return 'p';
    case S_IFSOCK: return 's';
    default: return '?';
    }
}

static Value filemode(Thread *t, Value *args) {
    uint32_t mode;
    CHECK(as_mode(t, args[0], &mode));
    char text[10];
    text[0] = kind_letter(mode);
    for (int i = 0; i < 9; i++)
        text[1 + i] = mode & (0400u >> i) ? "rwx"[i % 3] : '-';
    if (mode & S_ISUID)
        text[3] = mode & S_IXUSR ? 's' : 'S';
    if (mode & S_ISGID)
        text[6] = mode & S_IXGRP ? 's' : 'S';
    if (mode & S_ISVTX)
        text[9] = mode & S_IXOTH ? 't' : 'T';
    return str_from_ascii(t, text, sizeof text);
}

static const NativeDef functions[] = {
    {"S_ISBLK(object, /)", is_blk, "Does st_mode say so?"},
    {"S_ISCHR(object, /)", is_chr, "Does st_mode say so?"},
    {"S_ISDIR(object, /)", is_dir, "Does st_mode say so?"},
    {"S_ISDOOR(object, /)", is_door, "Does st_mode say so?"},
    {"S_ISFIFO(object, /)", is_fifo, "Does st_mode say so?"},
    {"S_ISLNK(object, /)", is_lnk, "Does st_mode say so?"},
    {"S_ISPORT(object, /)", is_port, "Does st_mode say so?"},
    {"S_ISREG(object, /)", is_reg, "Does st_mode say so?"},
    {"S_ISSOCK(object, /)", is_sock, "Does st_mode say so?"},
    {"S_ISWHT(object, /)", is_wht, "Does st_mode say so?"},
    {"S_IMODE(object, /)", permissions, "The part of st_mode that chmod can set."},
    {"S_IFMT(object, /)", format, "The part of st_mode that says what kind of file it is."},
    {"filemode(object, /)", filemode, "st_mode as text of the form '-rwxrwxrwx'."},
    {NULL, NULL, NULL, 0},
};

static const struct {
    const char *name;
    int64_t value;
} numbers[] = {
    {"SF_APPEND", 0x40000}, {"SF_ARCHIVED", 0x10000}, {"SF_DATALESS", 0x40000000}, {"SF_FIRMLINK", 0x800000},
    {"SF_IMMUTABLE", 0x20000}, {"SF_NOUNLINK", 0x100000}, {"SF_SETTABLE", 0xffff0000},
    {"SF_SNAPSHOT", 0x200000}, {"ST_ATIME", 7}, {"ST_CTIME", 9}, {"ST_DEV", 2}, {"ST_GID", 5}, {"ST_INO", 1},
    {"ST_MODE", 0}, {"ST_MTIME", 8}, {"ST_NLINK", 3}, {"ST_SIZE", 6}, {"ST_UID", 4}, {"S_ENFMT", 1024},
    {"S_IEXEC", 0100}, {"S_IFBLK", 060000}, {"S_IFCHR", 020000}, {"S_IFDIR", 040000}, {"S_IFDOOR", 0},
    {"S_IFIFO", 010000}, {"S_IFLNK", 0120000}, {"S_IFPORT", 0}, {"S_IFREG", 0100000}, {"S_IFSOCK", 0140000},
    {"S_IFWHT", 0}, {"S_IREAD", 0400}, {"S_IRGRP", 040}, {"S_IROTH", 04}, {"S_IRUSR", 0400}, {"S_IRWXG", 070},
    {"S_IRWXO", 07}, {"S_IRWXU", 0700}, {"S_ISGID", 02000}, {"S_ISUID", 04000}, {"S_ISVTX", 01000},
    {"S_IWGRP", 020}, {"S_IWOTH", 02}, {"S_IWRITE", 0200}, {"S_IWUSR", 0200}, {"S_IXGRP", 010},
    {"S_IXOTH", 01}, {"S_IXUSR", 0100}, {"UF_APPEND", 0x4}, {"UF_COMPRESSED", 0x20}, {"UF_DATAVAULT", 0x80},
    {"UF_HIDDEN", 0x8000}, {"UF_IMMUTABLE", 0x2}, {"UF_NODUMP", 0x1}, {"UF_NOUNLINK", 0x10},
    {"UF_OPAQUE", 0x8}, {"UF_SETTABLE", 0xffff}, {"UF_TRACKED", 0x40},
};

static bool init(Thread *t, Value module) {
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!module_add_int(t, module, numbers[i].name, numbers[i].value))
            return false;
    return true;
}

NATIVE_MODULE(_stat) = {
    .name = "_stat",
    .doc = "The bits of st_mode: the native part of stat.",
    .functions = functions,
    .init = init,
};
