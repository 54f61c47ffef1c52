/* Cursor. Threads: a cursor's fields change under its connection's database's lock; `locked` keeps out what Python code that is
 * called from within, by adapters, converters or functions in SQL, would do with the same cursor. See sqlite.h. */
#include "modules/_sqlite3/sqlite.h"
#include "types/exceptions/exceptions.h"

#include <limits.h>

static void trace(Tracer *tracer, Object *o) {
    CursorObject *c = (CursorObject *)o;
    trace_object(tracer, c->connection);
    trace_values(tracer, &c->description, 4);
    trace_object(tracer, c->statement);
    trace_values(tracer, &c->converters, 2);
}

static Value new(Thread *t, Value *args) {
    CursorObject *c = type_allocate(t, as_type(args[0]));
    CHECK(c != NULL);
    c->rowcount = small_int(0);
    return from_object(c);
}

static bool check_unlocked(Thread *t, CursorObject *c) {
    if (load_relaxed(&c->locked))
        sqlite_programming_error(t, "Recursive use of cursors not allowed.");
    return !load_relaxed(&c->locked);
}

static void set_statement(CursorObject *c, StatementObject *s) {
    publish_into(c, from_object(s));
    store_release(&c->statement, s);
    store_moved(c);
}

/* The statement may be of a database that the connection has left behind by another __init__. */
static void drop_statement(Thread *t, CursorObject *c) {
    StatementObject *s = c->statement;
    if (!s)
        return;
    set_statement(c, NULL);
    sqlite_enter(t, s->database);
    sqlite_statement_give_back(t, c->connection, s);
    sqlite_leave(t, s->database);
}

static Value init(Thread *t, Value *args) {
    CursorObject *c = as_cursor(args[0]);
    if (!is_instance_of(args[1], &sqlite_connection_type))
        return raise_type_error(t, "Cursor() argument 1 must be sqlite3.Connection, not %s",
                                is_none(args[1]) ? "None" : type_of(args[1])->name_text);
    if (load_relaxed(&c->locked))
        return sqlite_programming_error(t, "Recursive use of cursors not allowed.");
    c->connection = as_connection(args[1]);
    set_statement(c, NULL);
    store(c, &c->description, NONE);
    store(c, &c->lastrowid, NONE);
    store(c, &c->row_factory, NONE);
    store(c, &c->rowcount, small_int(-1));
    store(c, &c->converters, NO_VALUE);
    store(c, &c->ahead, NO_VALUE);
    c->closed = false;
    c->arraysize = 1;
    CHECK(sqlite_check_thread(t, c->connection));
    c->made = true;
    return NONE;
}

/* Whether the cursor may be used here and now; the database, locked. NULL: an exception is pending. */
static DatabaseObject *cursor_enter(Thread *t, CursorObject *c) {
    if (!c->made) {
        sqlite_programming_error(t, "Base Cursor.__init__ not called.");
        return NULL;
    }
    if (load_relaxed(&c->closed)) {
        sqlite_programming_error(t, "Cannot operate on a closed cursor.");
        return NULL;
    }
    DatabaseObject *d = sqlite_connection_enter(t, c->connection);
    if (d && !check_unlocked(t, c)) {
        sqlite_leave(t, d);
        return NULL;
    }
    return d;
}

/* Executing */

static bool begin_if_due(Thread *t, ConnectionObject *c, DatabaseObject *d, StatementObject *s) {
    bool due = c->autocommit == AUTOCOMMIT_LEGACY && !is_none(load(&c->isolation_level)) && s->is_dml &&
               sqlite3_get_autocommit(d->library);
    return !due || sqlite_begin(t, c, d);
}

static void add_changes(CursorObject *c, DatabaseObject *d, StatementObject *s) {
    if (s->is_dml)
        store(c, &c->rowcount, small_int(small_int_value(c->rowcount) + sqlite3_changes(d->library)));
}

static bool run_once(Thread *t, CursorObject *c, DatabaseObject *d, StatementObject *s, Value parameters) {
    sqlite3_stmt *statement = s->handle->statement;
    if (!sqlite_bind(t, d, statement, parameters))
        return false;
    if (d->closed) { /* by an adapter, or by what gives the parameters */
        sqlite_programming_error(t, "Cannot operate on a closed database.");
        return false;
    }
    int code = sqlite_step(t, d, statement);
    if (code != SQLITE_DONE && code != SQLITE_ROW) {
        sqlite_error(t, d);
        return false;
    }
    if (!sqlite_find_converters(t, c, statement)) {
        Value cause = error_take(t);
        sqlite_raise(t, SQLITE_CLASS_OPERATIONAL, "Error while building row_cast_map");
        exception_set_cause(t, t->exception, cause);
        exception_set_context(t, t->exception, cause);
        return false;
    }
    if (is_none(c->description)) {
        Value description = sqlite_description(t, c->connection, statement);
        if (absent(description))
            return false;
        store(c, &c->description, description);
    }
    if (code == SQLITE_DONE) {
        add_changes(c, d, s);
        sqlite_reset(t, s->handle);
    }
    return true;
}

static bool run_many(Thread *t, CursorObject *c, DatabaseObject *d, StatementObject *s, Value iterator) {
    for (;;) {
        Value parameters = iterator_next(t, iterator);
        if (absent(parameters))
            return !error_pending(t);
        if (!run_once(t, c, d, s, parameters))
            return false;
        if (s->handle->statement && sqlite3_stmt_busy(s->handle->statement)) /* rows, as of RETURNING, that nobody can fetch */
            sqlite_reset(t, s->handle);
        if (!safepoint_inside(t))
            return false;
    }
}

/* What is not done with keeps its change from being committed, and a cursor that is dropped is not found at once. So the rows of
 * what is no mere read (RETURNING, PRAGMA) are read at once, which ends it. */
static bool read_ahead(Thread *t, CursorObject *c, DatabaseObject *d, StatementObject *s) {
    sqlite3_stmt *statement = s->handle->statement;
    if (!statement || sqlite3_stmt_readonly(statement) || !sqlite3_stmt_busy(statement))
        return true;
    Value rows = list_new(t, 1);
    int code = SQLITE_ROW;
    while (present(rows) && code == SQLITE_ROW) {
        Value row = sqlite_read_row(t, c, d, statement);
        if (absent(row) || !list_append(t, rows, row))
            return false;
        code = sqlite_step(t, d, statement);
    }
    if (code != SQLITE_DONE)
        return absent(rows) ? false : (sqlite_error(t, d), false);
    add_changes(c, d, s);
    sqlite_reset(t, s->handle);
    store(c, &c->ahead, rows);
    c->ahead_next = 0;
    return true;
}

static bool execute_locked(Thread *t, CursorObject *c, DatabaseObject *d, Value sql, Value parameters, bool many) {
    Value iterator = many ? get_iterator(t, parameters) : parameters;
    if (absent(iterator))
        return false;
    drop_statement(t, c);
    store(c, &c->ahead, NO_VALUE);
    store(c, &c->description, NONE);
    StatementObject *s = sqlite_statement_take(t, c->connection, d, sql);
    if (!s)
        return false;
    set_statement(c, s);
    if (many && sqlite3_stmt_readonly(s->handle->statement)) {
        sqlite_programming_error(t, "executemany() can only execute DML statements.");
        return false;
    }
    store(c, &c->rowcount, small_int(s->is_dml ? 0 : -1));
    if (!begin_if_due(t, c->connection, d, s))
        return false;
    if (many)
        return run_many(t, c, d, s, iterator);
    if (!run_once(t, c, d, s, parameters) || !read_ahead(t, c, d, s))
        return false;
    Value row_id = int_from(t, sqlite3_last_insert_rowid(d->library));
    if (absent(row_id))
        return false;
    store(c, &c->lastrowid, row_id);
    return true;
}

static Value execute(Thread *t, Value *args, const char *function, bool many) {
    CursorObject *c = as_cursor(args[0]);
    if (!is_str(args[1]))
        return raise_type_error(t, "%s() argument 1 must be str, not %s", function,
                                is_none(args[1]) ? "None" : type_of(args[1])->name_text);
    DatabaseObject *d = cursor_enter(t, c);
    CHECK(d != NULL);
    store_relaxed(&c->locked, true);
    bool ok = execute_locked(t, c, d, args[1], args[2], many);
    store_relaxed(&c->locked, false);
    if (!ok) {
        drop_statement(t, c);
        store(c, &c->rowcount, small_int(-1));
    } else if (c->statement && !sqlite3_stmt_busy(c->statement->handle->statement)) {
        drop_statement(t, c);
    }
    sqlite_leave(t, d);
    return ok ? args[0] : NO_VALUE;
}

static Value cursor_execute(Thread *t, Value *args) { return execute(t, args, "execute", false); }
static Value cursor_executemany(Thread *t, Value *args) { return execute(t, args, "executemany", true); }

typedef struct Script {
    const char *text, *tail;
    sqlite3_stmt *statement;
} Script;

static int run_next(DatabaseObject *d, Script *script) {
    int code = sqlite3_prepare_v2(d->library, script->text, -1, &script->statement, &script->tail);
    if (code != SQLITE_OK)
        return code;
    do
        code = script->statement ? sqlite3_step(script->statement) : SQLITE_DONE;
    while (code == SQLITE_ROW);
    code = sqlite3_finalize(script->statement);
    script->text = script->tail;
    return code;
}

static bool run_script(Thread *t, CursorObject *c, DatabaseObject *d, const char *text) {
    if (strlen(text) > (size_t)sqlite3_limit(d->library, SQLITE_LIMIT_SQL_LENGTH, -1)) {
        sqlite_raise(t, SQLITE_CLASS_DATA, "query string is too large");
        return false;
    }
    if (c->connection->autocommit == AUTOCOMMIT_LEGACY && !sqlite3_get_autocommit(d->library) && !sqlite_run(t, d, "COMMIT"))
        return false;
    Script script = {.text = text};
    while (*script.text) {
        if (LIBRARY(t, run_next(d, &script)) != SQLITE_OK) {
            sqlite_error(t, d);
            return false;
        }
        if (error_pending(t) || !safepoint_inside(t))
            return false;
    }
    return true;
}

static Value cursor_executescript(Thread *t, Value *args) {
    CursorObject *c = as_cursor(args[0]);
    const char *text = sqlite_text(t, args[1], "executescript", "argument");
    CHECK(text != NULL);
    DatabaseObject *d = cursor_enter(t, c);
    CHECK(d != NULL);
    bool ok = run_script(t, c, d, text);
    sqlite_leave(t, d);
    keep_alive((void *)args[1].bits);
    return ok ? args[0] : NO_VALUE;
}

/* Fetching */

/* The row at hand, and a step to the next. Absent without exception: there is none. */
static Value fetch_locked(Thread *t, CursorObject *c, StatementObject *s) {
    DatabaseObject *d = s->database;
    sqlite3_stmt *statement = s->handle->statement;
    if (!statement || sqlite3_data_count(statement) == 0) {
        drop_statement(t, c);
        return NO_VALUE;
    }
    store_relaxed(&c->locked, true);
    Value row = sqlite_read_row(t, c, d, statement);
    int code = present(row) ? sqlite_step(t, d, statement) : SQLITE_ROW;
    store_relaxed(&c->locked, false);
    if (code == SQLITE_ROW)
        return row;
    if (code == SQLITE_DONE && s->is_dml)
        store(c, &c->rowcount, small_int(sqlite3_changes(d->library)));
    else if (code != SQLITE_DONE)
        sqlite_error(t, d);
    drop_statement(t, c);
    return error_pending(t) ? NO_VALUE : row;
}

static Value next(Thread *t, Value self) {
    CursorObject *c = as_cursor(self);
    DatabaseObject *d = cursor_enter(t, c);
    CHECK(d != NULL);
    StatementObject *s = c->statement;
    Value row = NO_VALUE, ahead = load(&c->ahead);
    if (present(ahead)) {
        row = list_get(ahead, c->ahead_next++);
        if (absent(row))
            store(c, &c->ahead, NO_VALUE);
    } else if (s) {
        if (s->database != d)
            sqlite_enter(t, s->database);
        row = fetch_locked(t, c, s);
        if (s->database != d)
            sqlite_leave(t, s->database);
    }
    sqlite_leave(t, d);
    Value factory = load(&c->row_factory);
    if (absent(row) || is_none(factory))
        return row;
    return call_2(t, factory, self, row);
}

static Value fetchone(Thread *t, Value *args) {
    Value row = next(t, args[0]);
    return present(row) || error_pending(t) ? row : NONE;
}

static Value fetch_list(Thread *t, Value cursor, int64_t most) { /* most -1: all */
    Value list = TRY(list_new(t, 0)), row;
    for (int64_t count = 0; count != most && present(row = next(t, cursor)); count++)
        CHECK(list_append(t, list, row) && safepoint_inside(t));
    return error_pending(t) ? NO_VALUE : list;
}

static Value fetchall(Thread *t, Value *args) { return fetch_list(t, args[0], -1); }

static bool as_size(Thread *t, Value v, uint32_t *out) {
    Value index = index_of(t, v);
    uint64_t n;
    if (absent(index))
        return false;
    if (int_sign(index) < 0) {
        raise_value_error(t, "Cannot convert negative int");
        return false;
    }
    if (!int_to_u64(index, &n) || n > UINT32_MAX) {
        raise_overflow_error(t, "Python int too large to convert to C uint32_t");
        return false;
    }
    *out = (uint32_t)n;
    return true;
}

static Value fetchmany(Thread *t, Value *args) {
    uint32_t most = as_cursor(args[0])->arraysize;
    CHECK(absent(args[1]) || as_size(t, args[1], &most));
    return fetch_list(t, args[0], most);
}

static Value cursor_close(Thread *t, Value *args) {
    CursorObject *c = as_cursor(args[0]);
    if (!c->connection)
        return sqlite_programming_error(t, "Base Cursor.__init__ not called.");
    CHECK(check_unlocked(t, c));
    DatabaseObject *d = sqlite_connection_enter(t, c->connection);
    CHECK(d != NULL);
    drop_statement(t, c);
    store_relaxed(&c->closed, true);
    sqlite_leave(t, d);
    return NONE;
}

static Value ignored(Thread *t, Value *args) { return NONE; }
static Value self(Thread *t, Value *args) { return args[0]; }

static Value or_none(Value v) { return present(v) ? v : NONE; }
static Value get_connection(Thread *t, Value *args) {
    ConnectionObject *c = as_cursor(args[0])->connection;
    return c ? from_object(c) : NONE;
}
static Value get_arraysize(Thread *t, Value *args) { return small_int(load_relaxed(&as_cursor(args[0])->arraysize)); }
static Value set_arraysize(Thread *t, Value *args) {
    uint32_t size;
    if (absent(args[1]))
        return raise_error(t, &AttributeError_type, "attribute 'arraysize' of '%s' objects cannot be deleted",
                           type_of(args[0])->name_text);
    CHECK(as_size(t, args[1], &size));
    store_relaxed(&as_cursor(args[0])->arraysize, size);
    return NONE;
}
static Value get_row_factory(Thread *t, Value *args) { return or_none(load(&as_cursor(args[0])->row_factory)); }
static Value set_row_factory(Thread *t, Value *args) {
    CursorObject *c = as_cursor(args[0]);
    if (absent(args[1]))
        return raise_error(t, &AttributeError_type, "cannot delete row_factory attribute");
    store(c, &c->row_factory, args[1]);
    return NONE;
}

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", new, "Create and return a new object.  See help(type) for accurate signature."},
    {"__init__(self, cursor, /)", init, "Initialize self.  See help(type(self)) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"__iter__(self, /)", self, "Implement iter(self)."},
    {"close(self, /)", cursor_close, "Closes the cursor."},
    {"executemany(self, sql, seq_of_parameters, /)", cursor_executemany, "Repeatedly executes an SQL statement."},
    {"executescript(self, sql_script, /)", cursor_executescript, "Executes multiple SQL statements at once."},
    {"execute(self, sql, parameters=(), /)", cursor_execute, "Executes an SQL statement."},
    {"fetchall(self, /)", fetchall, "Fetches all rows from the resultset."},
    {"fetchmany(self, /, size=<1>)", fetchmany,
     "Fetches several rows from the resultset.\n\n  size\n    The default value is set by the Cursor.arraysize attribute."},
    {"fetchone(self, /)", fetchone, "Fetches one row from the resultset."},
    {"setinputsizes(self, sizes, /)", ignored, "Required by DB-API. Does nothing in sqlite3."},
    {"setoutputsize(self, size, column=None, /)", ignored, "Required by DB-API. Does nothing in sqlite3."},
    {NULL},
};
static const MemberDef members[] = {
    {"description", MEMBER_VALUE, offsetof(CursorObject, description), true, NULL},
    {"lastrowid", MEMBER_VALUE, offsetof(CursorObject, lastrowid), true, NULL},
    {"rowcount", MEMBER_VALUE, offsetof(CursorObject, rowcount), true, NULL},
    {NULL},
};
static const GetSetDef getset[] = {
    {"connection", get_connection, NULL, NULL},
    {"arraysize", get_arraysize, set_arraysize, NULL},
    {"row_factory", get_row_factory, set_row_factory, NULL},
    {NULL},
};

MODULE_TYPE(sqlite_cursor_type, _sqlite3) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "sqlite3.Cursor",
    .doc = "SQLite database cursor class.",
    .methods = methods,
    .members = members,
    .getset = getset,
    .next = next,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(CursorObject),
};
