/* Connection: making and closing one, and its table of methods. Threads: sqlite.h. */
#include "modules/_sqlite3/sqlite.h"
#include "object/audit.h"

#include <limits.h>

static void trace(Tracer *tracer, Object *o) {
    ConnectionObject *c = (ConnectionObject *)o;
    trace_object(tracer, c->database);
    trace_values(tracer, &c->isolation_level, 4);
    trace_values(tracer, c->classes, SQLITE_CLASSES);
}

static Value new(Thread *t, Value *args) {
    void *o = type_allocate(t, as_type(args[0]));
    CHECK(o != NULL);
    return from_object(o);
}

/* May it be used? */

bool sqlite_check_thread(Thread *t, ConnectionObject *c) {
    if (!c->database) {
        sqlite_programming_error(t, "Base Connection.__init__ not called.");
        return false;
    }
    if (c->check_same_thread && c->thread_id != t->id) {
        sqlite_raise(t, SQLITE_CLASS_PROGRAMMING,
                     "SQLite objects created in a thread can only be used in that same thread. The object was created in thread "
                     "id %lld and this is thread id %lld.", (long long)c->thread_id, (long long)t->id);
        return false;
    }
    return true;
}

static bool is_open(DatabaseObject *d) {
    mutex_lock(&d->closing);
    bool open = d->library && !d->closed;
    mutex_unlock(&d->closing);
    return open;
}

bool sqlite_check_open(Thread *t, ConnectionObject *c) {
    DatabaseObject *d = load_acquire(&c->database);
    if (d && is_open(d))
        return true;
    sqlite_programming_error(t, d ? "Cannot operate on a closed database." : "Base Connection.__init__ not called.");
    return false;
}

DatabaseObject *sqlite_connection_enter(Thread *t, ConnectionObject *c) {
    if (!sqlite_check_thread(t, c))
        return NULL;
    DatabaseObject *d = load_acquire(&c->database);
    sqlite_enter(t, d);
    if (d->library && !d->closed)
        return d;
    sqlite_leave(t, d);
    sqlite_programming_error(t, "Cannot operate on a closed database.");
    return NULL;
}

/* Making */

typedef struct Settings {
    Path path;
    Value isolation_level;
    double timeout;
    int detect_types, cached_statements, autocommit;
    bool check_same_thread, uri;
} Settings;

enum { DATABASE = 1, TIMEOUT, DETECT_TYPES, ISOLATION_LEVEL, CHECK_SAME_THREAD, FACTORY, CACHED_STATEMENTS, URI, AUTOCOMMIT, GIVEN };

static const char too_many_positional[] =
    "Passing more than 1 positional argument to %s() is deprecated. Parameters 'timeout', 'detect_types', 'isolation_level', "
    "'check_same_thread', 'factory', 'cached_statements' and 'uri' will become keyword-only parameters in Python 3.15.";

static bool read_settings(Thread *t, Value *args, Settings *s) {
    *s = (Settings){.path = {.fd = -1}, .timeout = 5.0, .autocommit = AUTOCOMMIT_LEGACY};
    if (present(args[TIMEOUT]) && !to_double(t, args[TIMEOUT], &s->timeout))
        return false;
    return as_c_int(t, args[DETECT_TYPES], &s->detect_types) &&
           sqlite_check_isolation_level(t, args[ISOLATION_LEVEL], &s->isolation_level) &&
           as_bool(t, args[CHECK_SAME_THREAD], &s->check_same_thread) &&
           as_c_int(t, args[CACHED_STATEMENTS], &s->cached_statements) && as_bool(t, args[URI], &s->uri) &&
           (absent(args[AUTOCOMMIT]) || sqlite_check_autocommit(t, args[AUTOCOMMIT], &s->autocommit)) &&
           audit(t, "sqlite3.connect", 1, args[DATABASE]) && path_convert(t, args[DATABASE], &s->path);
}

static int milliseconds(double seconds) {
    double ms = seconds * 1000;
    return ms >= INT_MAX ? INT_MAX : ms <= 0 || isnan(ms) ? 0 : (int)ms;
}

/* What another __init__ made goes; but cursors that still read from it may go on. */
static void forget_database(Thread *t, ConnectionObject *c) {
    DatabaseObject *d = c->database;
    store_release(&c->database, (DatabaseObject *)NULL);
    c->authorizer = c->progress = c->trace = NULL;
    if (d && !sqlite_database_has_handles(t, d))
        sqlite_database_close(t, d);
}

static void drop_cached_statements(Thread *t, ConnectionObject *c) {
    DatabaseObject *d = c->database;
    Value cache = load(&c->statements), sql, statement;
    if (!d || absent(cache))
        return;
    sqlite_enter(t, d);
    for (size_t position = 0; dict_next(cache, &position, &sql, &statement);)
        sqlite_handle_close(t, ((StatementObject *)statement.bits)->handle);
    store(c, &c->statements, NO_VALUE);
    sqlite_leave(t, d);
}

static Value init(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    Settings s;
    if (small_int_value(args[GIVEN]) > 1)
        CHECK(warn(t, &DeprecationWarning_type, 1, too_many_positional, "_sqlite3.Connection"));
    CHECK(read_settings(t, args, &s));
    drop_cached_statements(t, c);
    forget_database(t, c);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | (s.uri ? SQLITE_OPEN_URI : 0);
    DatabaseObject *d = sqlite_database_open(t, s.path.name, flags, milliseconds(s.timeout));
    CHECK(d != NULL);
    Value cache = TRY(dict_new(t));
    store(c, &c->statements, cache);
    store(c, &c->isolation_level, s.isolation_level);
    store(c, &c->row_factory, NONE);
    store(c, &c->text_factory, from_object(&str_type));
    for (int i = 0; i < SQLITE_CLASSES; i++)
        store(c, &c->classes[i], sqlite_state(t, (SqliteClass)i));
    c->statement_limit = s.cached_statements > 0 ? (size_t)s.cached_statements : 0;
    c->detect_types = s.detect_types;
    c->check_same_thread = s.check_same_thread;
    c->thread_id = t->id;
    c->autocommit = s.autocommit;
    publish_into(c, from_object(d));
    store_release(&c->database, d);
    store_moved(c);
    CHECK(audit(t, "sqlite3.connect/handle", 1, args[0]));
    if (s.autocommit == AUTOCOMMIT_OFF) {
        sqlite_enter(t, d);
        bool begun = sqlite_run(t, d, "BEGIN");
        sqlite_leave(t, d);
        CHECK(begun);
    }
    return NONE;
}

Value sqlite_connect(Thread *t, Value *args) {
    static const char *const names_of[] = {"database",          "timeout", "detect_types",      "isolation_level",
                                           "check_same_thread", "factory", "cached_statements", "uri", "autocommit"};
    enum { PARAMETERS = sizeof names_of / sizeof *names_of };
    size_t given = (size_t)small_int_value(args[PARAMETERS]);
    if (given > 1)
        CHECK(warn(t, &DeprecationWarning_type, 1, too_many_positional, "sqlite3.connect"));
    Value positional = TRY(tuple_from_values(t, args, given)), named = TRY(dict_new(t));
    for (size_t i = given; i < PARAMETERS; i++)
        if (present(args[i]))
            CHECK(dict_set_text(t, named, names_of[i], args[i]));
    Value factory = present(args[FACTORY - 1]) ? args[FACTORY - 1] : from_object(&sqlite_connection_type);
    return call_tuple(t, factory, positional, named);
}

/* Closing */

/* An implicit transaction is rolled back. false: an exception is pending; it is closed all the same. */
static bool close_database(Thread *t, ConnectionObject *c) {
    DatabaseObject *d = c->database;
    if (!d)
        return true;
    sqlite_enter(t, d);
    bool ok = true;
    if (d->library && !d->closed && c->autocommit == AUTOCOMMIT_OFF && !sqlite3_get_autocommit(d->library))
        ok = sqlite_run(t, d, "ROLLBACK");
    sqlite_database_close(t, d);
    store(c, &c->statements, NO_VALUE);
    sqlite_leave(t, d);
    return ok;
}

static Value connection_close(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    CHECK(sqlite_check_thread(t, c));
    return close_database(t, c) ? NONE : NO_VALUE;
}

static bool needs_no_del(Object *o) {
    DatabaseObject *d = ((ConnectionObject *)o)->database;
    return !d || !d->library;
}

static Value del(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    if (!c->database || !is_open(c->database))
        return NONE;
    Value pending = error_take(t);
    warn_unclosed(t, " database in", args[0], "Exception ignored while finalizing database connection", args[0]);
    if (!close_database(t, c))
        error_write_unraisable(t, "Exception ignored while finalizing database connection", args[0]);
    if (present(pending))
        error_restore(t, pending);
    return NONE;
}

/* Use */

static Value make_cursor(Thread *t, Value self, Value factory) {
    ConnectionObject *c = as_connection(self);
    CHECK(sqlite_check_thread(t, c) && sqlite_check_open(t, c));
    Value cursor = TRY(call_1(t, present(factory) ? factory : from_object(&sqlite_cursor_type), self));
    if (!is_instance_of(cursor, &sqlite_cursor_type))
        return raise_type_error(t, "factory must return a cursor, not %s", type_of(cursor)->name_text);
    Value row_factory = load(&c->row_factory);
    if (!is_none(row_factory))
        store(as_cursor(cursor), &as_cursor(cursor)->row_factory, row_factory);
    return cursor;
}

static Value connection_cursor(Thread *t, Value *args) { return make_cursor(t, args[0], args[1]); }

static Value on_cursor(Thread *t, Value self, const char *method, size_t count, Value *args) {
    Value cursor = TRY(make_cursor(t, self, NO_VALUE)), scratch[3] = {NO_VALUE};
    memcpy(scratch + 1, args, count * sizeof *args);
    return call_method(t, cursor, TRY(str_intern_text(t, method)), scratch + 1, count);
}
static Value connection_execute(Thread *t, Value *args) { return on_cursor(t, args[0], "execute", 2, args + 1); }
static Value connection_executemany(Thread *t, Value *args) { return on_cursor(t, args[0], "executemany", 2, args + 1); }
static Value connection_executescript(Thread *t, Value *args) { return on_cursor(t, args[0], "executescript", 1, args + 1); }

/* A statement, not executed. */
static Value connection_call(Thread *t, Value self, Value *args, size_t count, Value kwnames) {
    ConnectionObject *c = as_connection(self);
    CHECK(sqlite_check_thread(t, c) && sqlite_check_open(t, c));
    if (present(kwnames) && tuple_length(kwnames))
        return raise_type_error(t, "sqlite3.Connection() takes no keyword arguments");
    if (count != 1)
        return raise_type_error(t, "function takes exactly 1 argument (%zu given)", count);
    if (!is_str(args[0]))
        return raise_type_error(t, "argument 1 must be str, not %s",
                                is_none(args[0]) ? "None" : type_of(args[0])->name_text);
    Value sql = args[0];
    DatabaseObject *d = sqlite_connection_enter(t, c);
    CHECK(d != NULL);
    StatementObject *s = sqlite_statement_new(t, d, sql);
    sqlite_leave(t, d);
    return s ? from_object(s) : NO_VALUE;
}

static Value interrupt(Thread *t, Value *args) {
    ConnectionObject *c = as_connection(args[0]);
    CHECK(sqlite_check_open(t, c));
    DatabaseObject *d = c->database;
    mutex_lock(&d->closing); /* not the lock: it is held by whom this is to interrupt */
    if (d->library)
        sqlite3_interrupt(d->library);
    mutex_unlock(&d->closing);
    return NONE;
}

static Value or_none(Value v) { return present(v) ? v : NONE; }
#define FACTORY_PROPERTY(name)                                                                             \
    static Value get_##name(Thread *t, Value *args) { return or_none(load(&as_connection(args[0])->name)); } \
    static Value set_##name(Thread *t, Value *args) {                                                      \
        if (absent(args[1]))                                                                               \
            return raise_error(t, &AttributeError_type, "cannot delete " #name " attribute");             \
        store(as_connection(args[0]), &as_connection(args[0])->name, args[1]);                             \
        return NONE;                                                                                       \
    }
FACTORY_PROPERTY(row_factory)
FACTORY_PROPERTY(text_factory)
#undef FACTORY_PROPERTY

/* Of calling an instance: inspect asks for it. */
static Value get_text_signature(Thread *t, Value *args) { return str_from_text(t, "(sql, /)"); }

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", new, "Create and return a new object.  See help(type) for accurate signature."},
    {"__init__(self, /, database, timeout=<unrepresentable>, detect_types=0, isolation_level='', check_same_thread=True, "
     "factory=<unrepresentable>, cached_statements=128, uri=False, *, autocommit=<unrepresentable>)",
     init, "Initialize self.  See help(type(self)) for accurate signature.", NATIVE_POSITIONAL_GIVEN | NATIVE_NO_SIGNATURE},
    {"__del__(self, /)", del, "Called when the instance is about to be destroyed."},
    {"backup(self, /, target, *, pages=-1, progress=None, name='main', sleep=<0.25>)", sqlite_backup,
     "Makes a backup of the database."},
    {"close(self, /)", connection_close,
     "Close the database connection.\n\nAny pending transaction is not committed implicitly."},
    {"commit(self, /)", sqlite_commit,
     "Commit any pending transaction to the database.\n\nIf there is no open transaction, this method is a no-op."},
    {"create_aggregate(self, /, name, n_arg, aggregate_class)", sqlite_create_aggregate,
     "Creates a new aggregate.\n\nNote: Passing keyword arguments 'name', 'n_arg' and 'aggregate_class'\nto "
     "_sqlite3.Connection.create_aggregate() is deprecated. Parameters\n'name', 'n_arg' and 'aggregate_class' will become "
     "positional-only in\nPython 3.15.\n", NATIVE_POSITIONAL_GIVEN},
    {"create_collation(self, name, callback, /)", sqlite_create_collation, "Creates a collation function."},
    {"create_function(self, /, name, narg, func, *, deterministic=False)", sqlite_create_function,
     "Creates a new function.\n\nNote: Passing keyword arguments 'name', 'narg' and 'func' to\n"
     "_sqlite3.Connection.create_function() is deprecated. Parameters\n'name', 'narg' and 'func' will become "
     "positional-only in Python 3.15.\n", NATIVE_POSITIONAL_GIVEN},
    {"cursor(self, /, factory=<unrepresentable>)", connection_cursor, "Return a cursor for the connection."},
    {"enable_load_extension(self, enable, /)", sqlite_enable_load_extension,
     "Enable dynamic loading of SQLite extension modules."},
    {"__enter__(self, /)", sqlite_enter_context,
     "Called when the connection is used as a context manager.\n\nReturns itself as a convenience to the caller."},
    {"executemany(self, sql, parameters, /)", connection_executemany, "Repeatedly executes an SQL statement."},
    {"executescript(self, sql_script, /)", connection_executescript, "Executes multiple SQL statements at once."},
    {"execute(self, sql, parameters=(), /)", connection_execute, "Executes an SQL statement."},
    {"__exit__(self, type, value, traceback, /)", sqlite_exit_context,
     "Called when the connection is used as a context manager.\n\nIf there was any exception, a rollback takes place; otherwise "
     "we\ncommit."},
    {"interrupt(self, /)", interrupt, "Abort any pending database operation."},
    {"iterdump(self, /, *, filter=None)", sqlite_iterdump,
     "Returns iterator to the dump of the database in an SQL text format.\n\n  filter\n    An optional LIKE pattern for database "
     "objects to dump"},
    {"load_extension(self, name, /, *, entrypoint=None)", sqlite_load_extension, "Load SQLite extension module."},
    {"rollback(self, /)", sqlite_rollback,
     "Roll back to the start of any pending transaction.\n\nIf there is no open transaction, this method is a no-op."},
    {"set_authorizer(self, /, authorizer_callback)", sqlite_set_authorizer,
     "Set authorizer callback.\n\nNote: Passing keyword argument 'authorizer_callback' to\n_sqlite3.Connection.set_authorizer() "
     "is deprecated. Parameter\n'authorizer_callback' will become positional-only in Python 3.15.\n", NATIVE_POSITIONAL_GIVEN},
    {"set_progress_handler(self, /, progress_handler, n)", sqlite_set_progress_handler,
     "Set progress handler callback.\n\n  progress_handler\n    A callable that takes no arguments.\n    If the callable returns "
     "non-zero, the current query is\n    terminated, and an exception is raised.\n  n\n    The number of SQLite virtual machine "
     "instructions that are\n    executed between invocations of 'progress_handler'.\n\nIf 'progress_handler' is None or 'n' is "
     "0, the progress handler is\ndisabled.\n\nNote: Passing keyword argument 'progress_handler' to\n"
     "_sqlite3.Connection.set_progress_handler() is deprecated. Parameter\n'progress_handler' will become positional-only in "
     "Python 3.15.\n", NATIVE_POSITIONAL_GIVEN},
    {"set_trace_callback(self, /, trace_callback)", sqlite_set_trace_callback,
     "Set a trace callback called for each SQL statement (passed as unicode).\n\nNote: Passing keyword argument 'trace_callback' "
     "to\n_sqlite3.Connection.set_trace_callback() is deprecated. Parameter\n'trace_callback' will become positional-only in "
     "Python 3.15.\n", NATIVE_POSITIONAL_GIVEN},
    {"setlimit(self, category, limit, /)", sqlite_setlimit,
     "Set connection run-time limits.\n\n  category\n    The limit category to be set.\n  limit\n    The new limit. If the new "
     "limit is a negative number, the limit\n    is unchanged.\n\nAttempts to increase a limit above its hard upper bound are "
     "silently\ntruncated to the hard upper bound. Regardless of whether or not the\nlimit was changed, the prior value of the "
     "limit is returned."},
    {"getlimit(self, category, /)", sqlite_getlimit,
     "Get connection run-time limits.\n\n  category\n    The limit category to be queried."},
    {"serialize(self, /, *, name='main')", sqlite_serialize,
     "Serialize a database into a byte string.\n\n  name\n    Which database to serialize.\n\nFor an ordinary on-disk database "
     "file, the serialization is just\na copy of the disk file.  For an in-memory database or a \"temp\"\ndatabase, the "
     "serialization is the same sequence of bytes which\nwould be written to disk if that database were backed up to disk."},
    {"deserialize(self, data, /, *, name='main')", sqlite_deserialize,
     "Load a serialized database.\n\n  data\n    The serialized database content.\n  name\n    Which database to reopen with the "
     "deserialization.\n\nThe deserialize interface causes the database connection to\ndisconnect from the target database, and "
     "then reopen it as\nan in-memory database based on the given serialized data.\n\nThe deserialize interface will fail with "
     "SQLITE_BUSY if the database\nis currently in a read transaction or is involved in a backup\noperation."},
    {"create_window_function(self, name, num_params, aggregate_class, /)", sqlite_create_window_function,
     "Creates or redefines an aggregate window function. Non-standard.\n\n  name\n    The name of the SQL aggregate window "
     "function to be created or\n    redefined.\n  num_params\n    The number of arguments the step and inverse methods takes.\n"
     "  aggregate_class\n    A class with step(), finalize(), value(), and inverse() methods.\n    Set to None to clear the "
     "window function."},
    {"blobopen(self, table, column, rowid, /, *, readonly=False, name='main')", sqlite_blobopen,
     "Open and return a BLOB object.\n\n  table\n    Table name.\n  column\n    Column name.\n  rowid\n    Row id.\n  readonly\n"
     "    Open the BLOB without write permissions.\n  name\n    Database name."},
    {"setconfig(self, op, enable=True, /)", sqlite_setconfig,
     "Set a boolean connection configuration option.\n\n  op\n    The configuration verb; one of the sqlite3.SQLITE_DBCONFIG "
     "codes."},
    {"getconfig(self, op, /)", sqlite_getconfig,
     "Query a boolean connection configuration option.\n\n  op\n    The configuration verb; one of the sqlite3.SQLITE_DBCONFIG "
     "codes."},
    {NULL},
};

#define CLASS(name, which) {name, MEMBER_VALUE, offsetof(ConnectionObject, classes[SQLITE_CLASS_##which]), true, NULL}
static const MemberDef members[] = {
    CLASS("Warning", WARNING), CLASS("Error", ERROR), CLASS("InterfaceError", INTERFACE), CLASS("DatabaseError", DATABASE),
    CLASS("DataError", DATA), CLASS("OperationalError", OPERATIONAL), CLASS("IntegrityError", INTEGRITY),
    CLASS("InternalError", INTERNAL), CLASS("ProgrammingError", PROGRAMMING), CLASS("NotSupportedError", NOT_SUPPORTED),
    {NULL},
};
#undef CLASS
static const GetSetDef getset[] = {
    {"isolation_level", sqlite_get_isolation_level, sqlite_set_isolation_level, NULL},
    {"total_changes", sqlite_get_total_changes, NULL, NULL},
    {"in_transaction", sqlite_get_in_transaction, NULL, NULL},
    {"autocommit", sqlite_get_autocommit, sqlite_set_autocommit, NULL},
    {"__text_signature__", get_text_signature, NULL, NULL},
    {"row_factory", get_row_factory, set_row_factory, NULL},
    {"text_factory", get_text_factory, set_text_factory, NULL},
    {NULL},
};

MODULE_TYPE(sqlite_connection_type, _sqlite3) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "sqlite3.Connection",
    .doc = "SQLite database connection object.",
    .needs_no_del = needs_no_del,
    .methods = methods,
    .members = members,
    .getset = getset,
    .call = connection_call,
    .flags = TYPE_BASE,
    .instance_size = sizeof(ConnectionObject),
};
