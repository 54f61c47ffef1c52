/* posix: who this process is: process, user, group and session ids, priorities.
 *
 * Threads: ids belong to the process.
 */
#include "modules/posix/posix.h"

#include "object/operators.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"

#include <limits.h>

static bool as_pid(Thread *t, Value v, pid_t *out) { return as_c_int(t, v, out); }

#define SIMPLE_ID(name, call) \
    static Value name##_(Thread *t, Value *args) { return from_id(t, (uint32_t)call); }
SIMPLE_ID(getuid, getuid())
SIMPLE_ID(geteuid, geteuid())
SIMPLE_ID(getgid, getgid())
SIMPLE_ID(getegid, getegid())
SIMPLE_ID(getpid, getpid())
SIMPLE_ID(getppid, getppid())
SIMPLE_ID(getpgrp, getpgrp())
#undef SIMPLE_ID

static Value setsid_(Thread *t, Value *args) { return none_or_error(t, os_setsid(capabilities(t))); }
static Value setpgrp_(Thread *t, Value *args) { return none_or_error(t, os_setpgid(capabilities(t), 0, 0)); }

static Value getpgid_(Thread *t, Value *args) {
    pid_t pid;
    CHECK(as_pid(t, args[0], &pid));
    pid_t group = os_getpgid(capabilities(t), pid);
    return group < 0 ? os_error(t) : small_int(group);
}
static Value getsid_(Thread *t, Value *args) {
    pid_t pid;
    CHECK(as_pid(t, args[0], &pid));
    pid_t session = os_getsid(capabilities(t), pid);
    return session < 0 ? os_error(t) : small_int(session);
}
static Value setpgid_(Thread *t, Value *args) {
    pid_t pid, group;
    CHECK(as_pid(t, args[0], &pid) && as_pid(t, args[1], &group));
    return none_or_error(t, os_setpgid(capabilities(t), pid, group));
}

#define SET_1(name, convert)                                         \
    static Value name##_(Thread *t, Value *args) {                   \
        uint32_t a;                                                  \
        CHECK(convert(t, args[0], &a));                              \
        return none_or_error(t, os_##name(capabilities(t), a));      \
    }
#define SET_2(name, convert)                                         \
    static Value name##_(Thread *t, Value *args) {                   \
        uint32_t a, b;                                               \
        CHECK(convert(t, args[0], &a) && convert(t, args[1], &b));   \
        return none_or_error(t, os_##name(capabilities(t), a, b));   \
    }
#define SET_3(name, convert)                                                                        \
    static Value name##_(Thread *t, Value *args) {                                                  \
        uint32_t a, b, c;                                                                           \
        CHECK(convert(t, args[0], &a) && convert(t, args[1], &b) && convert(t, args[2], &c));       \
        return none_or_error(t, os_##name(capabilities(t), a, b, c));                               \
    }
SET_1(setuid, as_uid)
SET_1(seteuid, as_uid)
SET_2(setreuid, as_uid)
SET_3(setresuid, as_uid)
SET_1(setgid, as_gid)
SET_1(setegid, as_gid)
SET_2(setregid, as_gid)
SET_3(setresgid, as_gid)
#undef SET_1
#undef SET_2
#undef SET_3

static Value getresuid_(Thread *t, Value *args) {
    uid_t r, e, s;
    if (os_getresuid(capabilities(t), &r, &e, &s) < 0)
        return os_error(t);
    return tuple_pack(t, 3, from_id(t, r), from_id(t, e), from_id(t, s));
}
static Value getresgid_(Thread *t, Value *args) {
    gid_t r, e, s;
    if (os_getresgid(capabilities(t), &r, &e, &s) < 0)
        return os_error(t);
    return tuple_pack(t, 3, from_id(t, r), from_id(t, e), from_id(t, s));
}

static Value group_list(Thread *t, const gid_t *groups, int count) {
    Value list = TRY(list_new(t, (size_t)count));
    for (int i = 0; i < count; i++)
        CHECK(list_append(t, list, from_id(t, groups[i])));
    return list;
}

static Value getgroups_(Thread *t, Value *args) {
    int count = os_getgroups(capabilities(t), 0, NULL);
    if (count < 0)
        return os_error(t);
    gid_t *groups = malloc(((size_t)count + 1) * sizeof *groups);
    if (groups == NULL)
        return raise_no_memory(t);
    count = os_getgroups(capabilities(t), count, groups);
    Value v = count < 0 ? os_error(t) : group_list(t, groups, count);
    free(groups);
    return v;
}

static Value setgroups_(Thread *t, Value *args) {
    if (!is_list(args[0]) && !is_tuple(args[0]) && absent(type_lookup(type_of(args[0]), names.__getitem__)))
        return raise_type_error(t, "setgroups argument must be a sequence");
    Value items = TRY(tuple_from_iterable(t, args[0]));
    size_t count = tuple_length(items);
    if (count > NGROUPS_MAX)
        return raise_value_error(t, "too many groups");
    gid_t *groups = malloc((count + 1) * sizeof *groups);
    if (groups == NULL)
        return raise_no_memory(t);
    Value v = NONE;
    for (size_t i = 0; present(v) && i < count; i++) {
        if (!is_int(tuple_get(items, i)))
            v = raise_type_error(t, "groups must be integers");
        else if (!as_gid(t, tuple_get(items, i), &groups[i]))
            v = NO_VALUE;
    }
    if (present(v))
        v = none_or_error(t, os_setgroups(capabilities(t), count, groups));
    free(groups);
    return v;
}

static Value getgrouplist_(Thread *t, Value *args) {
    Path user = PATH("getgrouplist");
    gid_t group;
    CHECK(path_convert(t, args[0], &user) && as_gid(t, args[1], &group));
    for (int capacity = 64;; capacity *= 2) {
        gid_t *groups = malloc((size_t)capacity * sizeof *groups);
        if (groups == NULL)
            return raise_no_memory(t);
        int count = capacity;
        errno = 0;
        int result = os_getgrouplist(capabilities(t), user.name, group, groups, &count);
        Value v = NO_VALUE;
        bool refused = result < 0 && errno == EPERM;
        if (refused)
            os_error(t);
        else if (result >= 0)
            v = group_list(t, groups, count);
        free(groups);
        if (result >= 0 || refused)
            return v;
    }
}

static Value initgroups_(Thread *t, Value *args) {
    Path user = PATH("initgroups");
    gid_t group;
    CHECK(path_convert(t, args[0], &user) && as_gid(t, args[1], &group));
    return none_or_error(t, os_initgroups(capabilities(t), user.name, group));
}

static Value getlogin_(Thread *t, Value *args) {
    char name[256];
    int error = os_getlogin_r(capabilities(t), name, sizeof name);
    if (error) {
        errno = error > 0 ? error : errno;
        return os_error(t);
    }
    return str_decode_filesystem(t, name, strlen(name));
}

static Value nice_(Thread *t, Value *args) {
    int increment;
    CHECK(as_c_int(t, args[0], &increment));
    errno = 0;
    int value = os_nice(capabilities(t), increment);
    return value == -1 && errno ? os_error(t) : small_int(value);
}

static Value getpriority_(Thread *t, Value *args) {
    int which, who;
    CHECK(as_c_int(t, args[0], &which) && as_c_int(t, args[1], &who));
    errno = 0;
    int value = os_getpriority(capabilities(t), which, (id_t)who);
    return errno ? os_error(t) : small_int(value);
}
static Value setpriority_(Thread *t, Value *args) {
    int which, who, priority;
    CHECK(as_c_int(t, args[0], &which) && as_c_int(t, args[1], &who) && as_c_int(t, args[2], &priority));
    return none_or_error(t, os_setpriority(capabilities(t), which, (id_t)who, priority));
}

const NativeDef posix_identity_functions[] = {
    {"getpid()", getpid_, "The id of this process."},
    {"getppid()", getppid_, "The id of the parent process."},
    {"getpgrp()", getpgrp_, "The id of this process's group."},
    {"getpgid(pid)", getpgid_, "The group id of a process."},
    {"setpgid(pid, pgrp, /)", setpgid_, "Puts a process into a group."},
    {"setpgrp()", setpgrp_, "Makes this process the leader of its group."},
    {"getsid(pid, /)", getsid_, "The session id of a process."},
    {"setsid()", setsid_, "Starts a new session."},
    {"getuid()", getuid_, "The real user id."},
    {"geteuid()", geteuid_, "The effective user id."},
    {"getgid()", getgid_, "The real group id."},
    {"getegid()", getegid_, "The effective group id."},
    {"getresuid()", getresuid_, "Real, effective and saved user id."},
    {"getresgid()", getresgid_, "Real, effective and saved group id."},
    {"setuid(uid, /)", setuid_, "Sets the user id."},
    {"seteuid(euid, /)", seteuid_, "Sets the effective user id."},
    {"setreuid(ruid, euid, /)", setreuid_, "Sets real and effective user id."},
    {"setresuid(ruid, euid, suid, /)", setresuid_, "Sets real, effective and saved user id."},
    {"setgid(gid, /)", setgid_, "Sets the group id."},
    {"setegid(egid, /)", setegid_, "Sets the effective group id."},
    {"setregid(rgid, egid, /)", setregid_, "Sets real and effective group id."},
    {"setresgid(rgid, egid, sgid, /)", setresgid_, "Sets real, effective and saved group id."},
    {"getgroups()", getgroups_, "The supplementary group ids."},
    {"setgroups(groups, /)", setgroups_, "Sets the supplementary group ids."},
    {"getgrouplist(user, group, /)", getgrouplist_, "The ids of the groups that a user belongs to."},
    {"initgroups(username, gid, /)", initgroups_, "Sets the supplementary group ids to those of a user."},
    {"getlogin()", getlogin_, "The login name of the terminal's user."},
    {"nice(increment, /)", nice_, "Adds to the niceness; gives the new one."},
    {"getpriority(which, who)", getpriority_, "The scheduling priority of processes."},
    {"setpriority(which, who, priority)", setpriority_, "Sets the scheduling priority of processes."},
    {NULL, NULL, NULL, 0},
};
