/* grp: the group database.
 *
 * Threads: the reentrant functions are used; getgrall holds a mutex of the process around the C library's iterator.
 */
#include "modules/users.h"

#include "object/operators.h"
#include "types/int/int.h"
#include "types/list.h"

static const StructSequenceField fields[] = {
    {"gr_name", "group name"}, {"gr_passwd", "password"}, {"gr_gid", "group id"}, {"gr_mem", "group members"},
    {NULL, NULL},
};

static Value entry(Thread *t, const struct group *g) {
    Value members = TRY(list_new(t, 0));
    for (char **m = g->gr_mem; *m; m++) {
        Value name = TRY(user_text(t, *m));
        CHECK(list_append(t, members, name));
    }
    Value items[] = {TRY(user_text(t, g->gr_name)), TRY(user_text(t, g->gr_passwd)), from_id(t, g->gr_gid), members};
    return struct_sequence_new(t, user_type(t, USERS_GROUP), items);
}

static Value look_up(Thread *t, const char *name, gid_t gid, Value shown) {
    struct group g, *found = NULL;
    for (size_t size = 1024;; size *= 2) {
        char *buffer = malloc(size);
        if (buffer == NULL)
            return raise_no_memory(t);
        blocking_begin(t);
        int error = name ? os_getgrnam_r(capabilities(t), name, &g, buffer, size, &found)
                         : os_getgrgid_r(capabilities(t), gid, &g, buffer, size, &found);
        int number = errno;
        blocking_end(t);
        Value v = found && !error ? entry(t, &g) : NO_VALUE;
        free(buffer);
        if (error == ERANGE)
            continue;
        errno = number;
        if (error == -1)
            return os_error(t);
        if (found)
            return v;
        return name ? raise_error(t, &KeyError_type, "getgrnam(): name not found: %R", shown)
                    : raise_error(t, &KeyError_type, "getgrgid(): gid not found: %S", shown);
    }
}

static Value getgrnam_(Thread *t, Value *args) {
    Path name = PATH("getgrnam");
    if (!is_str(args[0]))
        return raise_type_error(t, "getgrnam() argument 'name' must be str, not %Y", args[0]);
    CHECK(user_name(t, args[0], &name));
    return look_up(t, name.name, 0, args[0]);
}

static Value getgrgid_(Thread *t, Value *args) {
    gid_t gid;
    CHECK(as_gid(t, args[0], &gid));
    return look_up(t, NULL, gid, args[0]);
}

static Value getgrall_(Thread *t, Value *args) {
    Value list = TRY(list_new(t, 0));
    if (!capability_check(capabilities(t), CAPABILITY_USERS))
        return os_error(t);
    static Mutex mutex;
    blocking_begin(t); /* the holder may stop the world */
    mutex_lock(&mutex);
    blocking_end(t);
    setgrent();
    bool ok = true;
    for (struct group *g; ok && (g = getgrent()) != NULL;) {
        Value v = entry(t, g);
        ok = present(v) && list_append(t, list, v);
    }
    endgrent();
    mutex_unlock(&mutex);
    return ok ? list : NO_VALUE;
}

static const NativeDef functions[] = {
    {"getgrnam(name)", getgrnam_, "The entry of a group by name; KeyError."},
    {"getgrgid(id)", getgrgid_, "The entry of a group by id; KeyError."},
    {"getgrall()", getgrall_, "All entries."},
    {NULL, NULL, NULL, 0},
};

static bool init(Thread *t, Value module) {
    return users_add_type(t, module, USERS_GROUP, "grp.struct_group", fields, 4);
}

NATIVE_MODULE(grp) = {.name = "grp", .doc = "The group database.", .functions = functions, .init = init};
