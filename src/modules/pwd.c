/* pwd: the user database.
 *
 * Threads: the reentrant functions are used; getpwall holds a mutex of the process around the C library's iterator.
 */
#include "modules/users.h"

#include "object/operators.h"
#include "types/int/int.h"
#include "types/list.h"

static const StructSequenceField fields[] = {
    {"pw_name", "user name"},   {"pw_passwd", "password"},      {"pw_uid", "user id"}, {"pw_gid", "group id"},
    {"pw_gecos", "real name"},  {"pw_dir", "home directory"},   {"pw_shell", "shell program"},
    {NULL, NULL},
};

static Value entry(Thread *t, const struct passwd *p) {
    Value items[] = {TRY(user_text(t, p->pw_name)),  TRY(user_text(t, p->pw_passwd)), from_id(t, p->pw_uid),
                     from_id(t, p->pw_gid),          TRY(user_text(t, p->pw_gecos)),  TRY(user_text(t, p->pw_dir)),
                     TRY(user_text(t, p->pw_shell))};
    return struct_sequence_new(t, user_type(t, USERS_PASSWD), items);
}

/* Looks up by name, or by id where name is NULL, with a growing buffer. */
static Value look_up(Thread *t, const char *name, uid_t uid, Value shown) {
    struct passwd p, *found = NULL;
    for (size_t size = 1024;; size *= 2) {
        char *buffer = malloc(size);
        if (buffer == NULL)
            return raise_no_memory(t);
        blocking_begin(t);
        int error = name ? os_getpwnam_r(capabilities(t), name, &p, buffer, size, &found)
                         : os_getpwuid_r(capabilities(t), uid, &p, buffer, size, &found);
        int number = errno;
        blocking_end(t);
        Value v = found && !error ? entry(t, &p) : NO_VALUE;
        free(buffer);
        if (error == ERANGE)
            continue;
        errno = number;
        if (error == -1)
            return os_error(t);
        if (found)
            return v;
        return name ? raise_error(t, &KeyError_type, "getpwnam(): name not found: %R", shown)
                    : raise_error(t, &KeyError_type, "getpwuid(): uid not found: %S", shown);
    }
}

static Value getpwnam_(Thread *t, Value *args) {
    Path name = PATH("getpwnam");
    if (!is_str(args[0]))
        return raise_type_error(t, "getpwnam() argument must be str, not %Y", args[0]);
    CHECK(user_name(t, args[0], &name));
    return look_up(t, name.name, 0, args[0]);
}

static Value getpwuid_(Thread *t, Value *args) {
    uid_t uid;
    if (!as_uid(t, args[0], &uid)) {
        if (!error_catch(t, &OverflowError_type))
            return NO_VALUE;
        return raise_error(t, &KeyError_type, "getpwuid(): uid not found");
    }
    return look_up(t, NULL, uid, args[0]);
}

static Value getpwall_(Thread *t, Value *args) {
    Value list = TRY(list_new(t, 0));
    if (!capability_check(capabilities(t), CAPABILITY_USERS))
        return os_error(t);
    static Mutex mutex;
    blocking_begin(t); /* the holder may stop the world */
    mutex_lock(&mutex);
    blocking_end(t);
    setpwent();
    bool ok = true;
    for (struct passwd *p; ok && (p = getpwent()) != NULL;) {
        Value v = entry(t, p);
        ok = present(v) && list_append(t, list, v);
    }
    endpwent();
    mutex_unlock(&mutex);
    return ok ? list : NO_VALUE;
}

static const NativeDef functions[] = {
    {"getpwnam(name, /)", getpwnam_, "The entry of a user by name; KeyError."},
    {"getpwuid(uidobj, /)", getpwuid_, "The entry of a user by id; KeyError."},
    {"getpwall()", getpwall_, "All entries."},
    {NULL, NULL, NULL, 0},
};

static bool init(Thread *t, Value module) {
    return users_add_type(t, module, USERS_PASSWD, "pwd.struct_passwd", fields, 7);
}

NATIVE_MODULE(pwd) = {.name = "pwd", .doc = "The user database.", .functions = functions, .init = init};
