/* Hooks of a connection: the authorizer, the progress handler and the trace callback. Threads: as functions.c. */
#include "modules/_sqlite3/sqlite.h"

static Value text_or_none(Thread *t, const char *text) { return text ? str_from_text(t, text) : NONE; }

static int decision(Thread *t, Value result) {
    int64_t code;
    if (absent(result) || !is_int(result))
        return SQLITE_DENY;
    if (int_to_i64(result, &code) && code == (int)code)
        return (int)code;
    raise_overflow_error(t, "Python int too large to convert to C int");
    return SQLITE_DENY;
}

static int on_authorize(void *user, int action, const char *first, const char *second, const char *database, const char *source) {
    Callback *callback = user;
    CallbackScope scope;
    if (!sqlite_callback_begin(&scope, callback->database))
        return SQLITE_DENY;
    Thread *t = scope.t;
    const char *const texts[] = {first, second, database, source};
    Value callable = callback->callable, arguments[6] = {NO_VALUE, small_int(action)};
    bool ok = true;
    for (int i = 0; ok && i < 4; i++) {
        arguments[2 + i] = text_or_none(t, texts[i]);
        ok = present(arguments[2 + i]);
    }
    int code = ok ? decision(t, call(t, callable, arguments + 1, 5, NO_VALUE)) : SQLITE_DENY;
    sqlite_forget_error(t, callable);
    sqlite_callback_end(&scope);
    return code;
}

static int on_progress(void *user) {
    Callback *callback = user;
    CallbackScope scope;
    if (!sqlite_callback_begin(&scope, callback->database))
        return 1;
    Thread *t = scope.t;
    Value callable = callback->callable, result = call_0(t, callable);
    int stop = absent(result) ? -1 : truth(t, result);
    sqlite_forget_error(t, callable);
    sqlite_callback_end(&scope);
    return stop;
}

/* The statement with its parameters filled in, or where that would be too long, without. */
static Value traced_text(Thread *t, sqlite3_stmt *statement, const char *sql, Value callable) {
    char *expanded = sqlite3_expanded_sql(statement);
    if (expanded) {
        Value text = str_from_text(t, expanded);
        sqlite3_free(expanded);
        return text;
    }
    if (sqlite3_errcode(sqlite3_db_handle(statement)) == SQLITE_NOMEM)
        return raise_no_memory(t);
    sqlite_raise(t, SQLITE_CLASS_DATA, "Expanded SQL string exceeds the maximum string length");
    sqlite_forget_error(t, callable);
    return str_from_text(t, sql);
}

static int on_trace(unsigned kind, void *user, void *statement, void *sql) {
    Callback *callback = user;
    CallbackScope scope;
    if (kind != SQLITE_TRACE_STMT || !sqlite_callback_begin(&scope, callback->database))
        return 0;
    Thread *t = scope.t;
    Value callable = callback->callable, text = traced_text(t, statement, sql, callable);
    if (present(text))
        (void)call_1(t, callable, text).bits;
    sqlite_forget_error(t, callable);
    sqlite_callback_end(&scope);
    return 0;
}

/* Setting */

static bool warn_keyword(Thread *t, Value given, const char *parameter, const char *method) {
    return small_int_value(given) >= 1 ||
           warn(t, &DeprecationWarning_type, 1,
                "Passing keyword argument '%s' to _sqlite3.Connection.%s() is deprecated. Parameter '%s' will become "
                "positional-only in Python 3.15.", parameter, method, parameter);
}

typedef enum Hook { HOOK_AUTHORIZER, HOOK_PROGRESS, HOOK_TRACE } Hook;

static int set_hook(DatabaseObject *d, Hook hook, Callback *c, int steps) {
    switch (hook) {
    case HOOK_AUTHORIZER: return sqlite3_set_authorizer(d->library, c ? on_authorize : NULL, c);
    case HOOK_PROGRESS: sqlite3_progress_handler(d->library, c ? steps : 0, c ? on_progress : NULL, c); return SQLITE_OK;
    case HOOK_TRACE: return sqlite3_trace_v2(d->library, SQLITE_TRACE_STMT, c ? on_trace : NULL, c);
    }
    return SQLITE_ERROR;
}

static Value replace_hook(Thread *t, Value self, Hook hook, Value callable, int steps) {
    ConnectionObject *connection = as_connection(self);
    DatabaseObject *d = sqlite_connection_enter(t, connection);
    CHECK(d != NULL);
    Callback *c = is_none(callable) ? NULL : sqlite_callback_new(t, d, callable);
    bool ok = (c || is_none(callable)) && set_hook(d, hook, c, steps) == SQLITE_OK;
    if (ok) {
        Callback **place = hook == HOOK_AUTHORIZER ? &connection->authorizer
                           : hook == HOOK_PROGRESS ? &connection->progress
                                                   : &connection->trace;
        sqlite_callback_dead(*place);
        *place = c;
    } else {
        sqlite_callback_dead(c);
    }
    sqlite_leave(t, d);
    if (ok)
        return NONE;
    return error_pending(t) ? NO_VALUE
                            : sqlite_raise(t, SQLITE_CLASS_OPERATIONAL, "Error setting %s callback",
                                           hook == HOOK_AUTHORIZER ? "authorizer" : "trace");
}

Value sqlite_set_authorizer(Thread *t, Value *args) {
    CHECK(warn_keyword(t, args[2], "authorizer_callback", "set_authorizer"));
    return replace_hook(t, args[0], HOOK_AUTHORIZER, args[1], 0);
}

Value sqlite_set_progress_handler(Thread *t, Value *args) {
    int steps;
    CHECK(warn_keyword(t, args[3], "progress_handler", "set_progress_handler"));
    CHECK(as_c_int(t, args[2], &steps));
    return replace_hook(t, args[0], HOOK_PROGRESS, args[1], steps);
}

Value sqlite_set_trace_callback(Thread *t, Value *args) {
    CHECK(warn_keyword(t, args[2], "trace_callback", "set_trace_callback"));
    return replace_hook(t, args[0], HOOK_TRACE, args[1], 0);
}
