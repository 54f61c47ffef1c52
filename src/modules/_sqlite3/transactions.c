/* Transactions of a Connection: explicit, implicit (autocommit=False), and begun before changes (isolation_level). Threads:
 * sqlite.h. */
#include "modules/_sqlite3/sqlite.h"
#include "types/exceptions/exceptions.h"

#include <strings.h>

/* The statement's own result is what finalizing it says once more. */
static int run(Thread *t, DatabaseObject *d, const char *sql) {
    sqlite3_stmt *statement = NULL;
    int code = LIBRARY(t, sqlite3_prepare_v2(d->library, sql, -1, &statement, NULL));
    if (code != SQLITE_OK)
        return code;
    (void)sqlite_step(t, d, statement);
    return LIBRARY(t, sqlite3_finalize(statement));
}

bool sqlite_run(Thread *t, DatabaseObject *d, const char *sql) {
    if (run(t, d, sql) == SQLITE_OK && !error_pending(t))
        return true;
    sqlite_error(t, d);
    return false;
}

bool sqlite_begin(Thread *t, ConnectionObject *c, DatabaseObject *d) {
    char sql[32];
    const char *level = str_utf8(t, load(&c->isolation_level), &(size_t){0});
    snprintf(sql, sizeof sql, "BEGIN %s", level);
    return sqlite_run(t, d, sql);
}

static bool end_locked(Thread *t, ConnectionObject *c, DatabaseObject *d, const char *sql) {
    switch (c->autocommit) {
    case AUTOCOMMIT_LEGACY: return sqlite3_get_autocommit(d->library) || sqlite_run(t, d, sql);
    case AUTOCOMMIT_OFF: return sqlite_run(t, d, sql) && sqlite_run(t, d, "BEGIN");
    default: return true;
    }
}

static bool end(Thread *t, ConnectionObject *c, const char *sql) {
    DatabaseObject *d = sqlite_connection_enter(t, c);
    if (!d)
        return false;
    bool ok = end_locked(t, c, d, sql);
    sqlite_leave(t, d);
    return ok;
}

Value sqlite_commit(Thread *t, Value *args) { return end(t, as_connection(args[0]), "COMMIT") ? NONE : NO_VALUE; }
Value sqlite_rollback(Thread *t, Value *args) { return end(t, as_connection(args[0]), "ROLLBACK") ? NONE : NO_VALUE; }

Value sqlite_enter_context(Thread *t, Value *args) { return sqlite_check_open(t, as_connection(args[0])) ? args[0] : NO_VALUE; }

Value sqlite_exit_context(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    bool succeeded = is_none(args[1]) && is_none(args[2]) && is_none(args[3]);
    if (end(t, c, succeeded ? "COMMIT" : "ROLLBACK"))
        return FALSE;
    if (!succeeded)
        return NO_VALUE;
    /* What cannot be committed must not keep the database locked. */
    Value error = error_take(t);
    if (end(t, c, "ROLLBACK"))
        error_restore(t, error);
    else
        exception_set_context(t, t->exception, error);
    return NO_VALUE;
}

/* Properties */

bool sqlite_check_isolation_level(Thread *t, Value level, Value *canonical) {
    static const char *const levels[] = {"", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"};
    size_t length;
    if (is_none(level)) {
        *canonical = NONE;
        return true;
    }
    if (!is_str(level)) {
        raise_type_error(t, "isolation_level must be str or None");
        return false;
    }
    const char *text = str_utf8(t, level, &length);
    if (!text)
        return false;
    if (strlen(text) != length) {
        raise_value_error(t, "embedded null character");
        return false;
    }
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strcasecmp(text, levels[i]) == 0) {
            *canonical = str_from_text(t, levels[i]);
            return present(*canonical);
        }
    raise_value_error(t, "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'");
    return false;
}

Value sqlite_get_isolation_level(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    CHECK(sqlite_check_open(t, c));
    return load(&c->isolation_level);
}

Value sqlite_set_isolation_level(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    Value level;
    if (absent(args[1]))
        return raise_error(t, &AttributeError_type, "cannot delete attribute");
    CHECK(sqlite_check_isolation_level(t, args[1], &level));
    store(c, &c->isolation_level, level);
    return is_none(level) ? sqlite_commit(t, args) : NONE;
}

bool sqlite_check_autocommit(Thread *t, Value v, int *autocommit) {
    int64_t number;
    if (same(v, TRUE) || same(v, FALSE)) {
        *autocommit = same(v, TRUE) ? AUTOCOMMIT_ON : AUTOCOMMIT_OFF;
        return true;
    }
    if (is_int(v) && int_to_i64(v, &number) && number == AUTOCOMMIT_LEGACY) {
        *autocommit = AUTOCOMMIT_LEGACY;
        return true;
    }
    raise_value_error(t, "autocommit must be True, False, or sqlite3.LEGACY_TRANSACTION_CONTROL");
    return false;
}

Value sqlite_get_autocommit(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    CHECK(sqlite_check_thread(t, c) && sqlite_check_open(t, c));
    int autocommit = load_relaxed(&c->autocommit);
    return autocommit == AUTOCOMMIT_LEGACY ? small_int(AUTOCOMMIT_LEGACY) : from_bool(autocommit == AUTOCOMMIT_ON);
}

Value sqlite_set_autocommit(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    int autocommit;
    if (absent(args[1]))
        return raise_error(t, &AttributeError_type, "cannot delete autocommit attribute");
    CHECK(sqlite_check_autocommit(t, args[1], &autocommit));
    DatabaseObject *d = sqlite_connection_enter(t, c);
    CHECK(d != NULL);
    bool outside = sqlite3_get_autocommit(d->library), ok = true;
    if (autocommit == AUTOCOMMIT_ON && !outside)
        ok = sqlite_run(t, d, "COMMIT");
    else if (autocommit == AUTOCOMMIT_OFF && outside)
        ok = sqlite_run(t, d, "BEGIN");
    if (ok)
        store_relaxed(&c->autocommit, autocommit);
    sqlite_leave(t, d);
    return ok ? NONE : NO_VALUE;
}

/* A plain question, which does not wait for a statement that runs. */
static Value ask(Thread *t, ConnectionObject *c, int (*question)(sqlite3 *library), int *answer) {
    CHECK(sqlite_check_open(t, c));
    DatabaseObject *d = c->database;
    mutex_lock(&d->closing);
    *answer = d->library ? question(d->library) : 0;
    mutex_unlock(&d->closing);
    return NONE;
}

Value sqlite_get_in_transaction(Thread *t, Value *args) {
    int autocommit;
    TRY(ask(t, as_connection(args[0]), sqlite3_get_autocommit, &autocommit));
    return from_bool(!autocommit);
}

Value sqlite_get_total_changes(Thread *t, Value *args) {
    int changes;
    TRY(ask(t, as_connection(args[0]), sqlite3_total_changes, &changes));
    return small_int(changes);
}
