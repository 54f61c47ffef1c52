/* The posix module: its parts and what they share. */
#pragma once
#include "modules/os_support.h"
#include "object/audit.h"
#include "types/module.h"
#include "types/tuple.h"

/* The struct sequence types, made once per isolate and kept in its ISOLATE_POSIX slot (a tuple in this order). */
typedef enum PosixType {
    POSIX_STAT_RESULT, POSIX_STATVFS_RESULT, POSIX_TERMINAL_SIZE, POSIX_TIMES_RESULT, POSIX_UNAME_RESULT,
    POSIX_SCHED_PARAM, POSIX_WAITID_RESULT, POSIX_RUSAGE, POSIX_TYPE_COUNT,
} PosixType;
static inline Type *posix_type(Thread *t, PosixType which) {
    return as_type(tuple_get(t->isolate->slots[ISOLATE_POSIX], which));
}

extern const NativeDef posix_status_functions[];     /* status.c */
extern const NativeDef posix_directory_functions[];  /* directory.c */
extern const NativeDef posix_name_functions[];       /* names.c */
extern const NativeDef posix_descriptor_functions[]; /* descriptors.c */
extern const NativeDef posix_identity_functions[];   /* identity.c */
extern const NativeDef posix_process_functions[];    /* process.c */
extern const NativeDef posix_spawn_functions[];      /* spawn.c */
extern const NativeDef posix_terminal_functions[];   /* terminal.c */
extern const NativeDef posix_attribute_functions[];  /* attributes.c */
extern const NativeDef posix_system_functions[];     /* system.c */
extern const NativeDef posix_path_functions[];       /* paths.c */
extern const NativeDef posix_scheduler_functions[];  /* scheduler.c */

bool posix_add_constants(Thread *t, Value module);   /* constants.c */
bool posix_add_names(Thread *t, Value module);       /* system.c: sysconf_names and so on */

/* Checks the combinations that no call can serve; function: for the message. */
bool posix_no_dir_fd(Thread *t, const char *function, const Path *path, int dir_fd);
bool posix_fd_follows(Thread *t, const char *function, int fd, bool follow);

Value posix_rusage(Thread *t, const struct rusage *r);
Value posix_stat_value(Thread *t, const struct stat *s);
/* os.stat for a path that was converted already. */
Value posix_stat_path(Thread *t, const char *function, Path *path, int dir_fd, bool follow);
extern Type dir_entry_type;

/* dir_fd as audit events show it. */
static inline Value audited_dir_fd(int dir_fd) { return small_int(dir_fd == AT_FDCWD ? -1 : dir_fd); }

/* What a function that gives None does with the result of a call. */
static inline Value none_or_error(Thread *t, long result) { return result < 0 ? os_error(t) : NONE; }
