/* Limits, configuration and extensions of a connection. Threads: sqlite.h. */
#include "modules/_sqlite3/sqlite.h"
#include "object/audit.h"

static Value change_limit(Thread *t, Value self, Value category_value, int limit) {
    int category;
    CHECK(as_c_int(t, category_value, &category));
    DatabaseObject *d = sqlite_connection_enter(t, as_connection(self));
    CHECK(d != NULL);
    int old = sqlite3_limit(d->library, category, limit);
    sqlite_leave(t, d);
    return old < 0 ? sqlite_programming_error(t, "'category' is out of bounds") : small_int(old);
}

Value sqlite_getlimit(Thread *t, Value *args) { return change_limit(t, args[0], args[1], -1); }
Value sqlite_setlimit(Thread *t, Value *args) {
    int limit;
    CHECK(as_c_int(t, args[2], &limit));
    return change_limit(t, args[0], args[1], limit);
}

/* Those that are on or off. */
static bool is_switch(int op) { return op >= SQLITE_DBCONFIG_ENABLE_FKEY && op <= SQLITE_DBCONFIG_TRUSTED_SCHEMA; }

/* enable -1: only asks. */
static Value configure(Thread *t, Value self, Value op_value, int enable) {
    int op, now = 0;
    CHECK(as_c_int(t, op_value, &op));
    DatabaseObject *d = sqlite_connection_enter(t, as_connection(self));
    CHECK(d != NULL);
    bool known = is_switch(op), ok = known && sqlite3_db_config(d->library, op, enable, &now) == SQLITE_OK;
    if (known && !ok)
        sqlite_error(t, d);
    sqlite_leave(t, d);
    if (!known)
        return raise_value_error(t, "unknown config 'op': %d", op);
    CHECK(ok);
    if (enable < 0)
        return from_bool(now);
    return now == enable ? NONE : sqlite_raise(t, SQLITE_CLASS_OPERATIONAL, "Unable to set config");
}

Value sqlite_getconfig(Thread *t, Value *args) { return configure(t, args[0], args[1], -1); }
Value sqlite_setconfig(Thread *t, Value *args) {
    int enable = truth(t, args[2]);
    CHECK(enable >= 0);
    return configure(t, args[0], args[1], enable);
}

/* Native code can do all that the process can; so it takes all capabilities. */

Value sqlite_enable_load_extension(Thread *t, Value *args) {
    int enable = truth(t, args[1]);
    CHECK(enable >= 0 && audit(t, "sqlite3.enable_load_extension", 2, args[0], from_bool(enable)));
    if (enable && !capability_check(capabilities(t), CAPABILITY_ALL))
        return os_error(t);
    DatabaseObject *d = sqlite_connection_enter(t, as_connection(args[0]));
    CHECK(d != NULL);
    bool ok = sqlite3_enable_load_extension(d->library, enable) == SQLITE_OK;
    sqlite_leave(t, d);
    return ok ? NONE : sqlite_raise(t, SQLITE_CLASS_OPERATIONAL, "Error enabling load extension");
}

Value sqlite_load_extension(Thread *t, Value *args) {
    const char *name = sqlite_text(t, args[1], "load_extension", "argument 1"), *entry = NULL;
    CHECK(name != NULL);
    if (!is_none(args[2])) {
        if (!is_str(args[2]))
            return raise_type_error(t, "load_extension() argument 'entrypoint' must be str or None, not %T", args[2]);
        entry = sqlite_text(t, args[2], "load_extension", "argument 'entrypoint'");
        CHECK(entry != NULL);
    }
    CHECK(audit(t, "sqlite3.load_extension", 2, args[0], args[1]));
    if (!capability_check(capabilities(t), CAPABILITY_ALL))
        return os_error(t);
    DatabaseObject *d = sqlite_connection_enter(t, as_connection(args[0]));
    CHECK(d != NULL);
    char *message = NULL;
    int code = LIBRARY(t, sqlite3_load_extension(d->library, name, entry, &message));
    sqlite_leave(t, d);
    if (code != SQLITE_OK)
        sqlite_raise(t, SQLITE_CLASS_OPERATIONAL, "%s", message ? message : "not authorized");
    sqlite3_free(message);
    return code == SQLITE_OK ? NONE : NO_VALUE;
}
