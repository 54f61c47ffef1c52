/* _sqlite3: functions and constants of the module. Threads: no state but the isolate's (errors.c). */
#include "modules/_sqlite3/sqlite.h"

static Value complete_statement(Thread *t, Value *args) {
    const char *text = sqlite_text(t, args[0], "complete_statement", "argument 'statement'");
    CHECK(text != NULL);
    return from_bool(sqlite3_complete(text));
}

static Value enable_callback_tracebacks(Thread *t, Value *args) {
    int enable = truth(t, args[0]);
    CHECK(enable >= 0);
    sqlite_state_set(t, SQLITE_TRACEBACKS, from_bool(enable));
    return NONE;
}

static const NativeDef functions[] = {
    {"connect(database, timeout=<unrepresentable>, detect_types=<unrepresentable>, isolation_level=<unrepresentable>, "
     "check_same_thread=<unrepresentable>, factory=<unrepresentable>, cached_statements=<unrepresentable>, uri=<unrepresentable>, "
     "*, autocommit=<unrepresentable>)", sqlite_connect,
     "Open a connection to the SQLite database file 'database'.\n\nYou can use \":memory:\" to open a database connection to a "
     "database that\nresides in RAM instead of on disk.\n\nNote: Passing more than 1 positional argument to _sqlite3.connect() "
     "is\ndeprecated. Parameters 'timeout', 'detect_types', 'isolation_level',\n'check_same_thread', 'factory', "
     "'cached_statements' and 'uri' will\nbecome keyword-only parameters in Python 3.15.\n", NATIVE_POSITIONAL_GIVEN},
    {"adapt(obj, proto=<unrepresentable>, alt=<unrepresentable>, /)", sqlite_adapt_function,
     "Adapt given object to given protocol."},
    {"complete_statement(statement)", complete_statement, "Checks if a string contains a complete SQL statement."},
    {"enable_callback_tracebacks(enable, /)", enable_callback_tracebacks,
     "Enable or disable callback functions throwing errors to stderr."},
    {"register_adapter(type, adapter, /)", sqlite_register_adapter,
     "Register a function to adapt Python objects to SQLite values."},
    {"register_converter(typename, converter, /)", sqlite_register_converter,
     "Register a function to convert SQLite values to Python objects."},
    {NULL},
};

static const SqliteConstant constants[] = {
#define C(name) {#name, SQLITE_##name},
    C(ALTER_TABLE) C(ANALYZE) C(ATTACH) C(CREATE_INDEX) C(CREATE_TABLE) C(CREATE_TEMP_INDEX) C(CREATE_TEMP_TABLE)
    C(CREATE_TEMP_TRIGGER) C(CREATE_TEMP_VIEW) C(CREATE_TRIGGER) C(CREATE_VIEW) C(CREATE_VTABLE) C(DELETE) C(DENY) C(DETACH)
    C(DROP_INDEX) C(DROP_TABLE) C(DROP_TEMP_INDEX) C(DROP_TEMP_TABLE) C(DROP_TEMP_TRIGGER) C(DROP_TEMP_VIEW) C(DROP_TRIGGER)
    C(DROP_VIEW) C(DROP_VTABLE) C(FUNCTION) C(IGNORE) C(INSERT) C(PRAGMA) C(READ) C(RECURSIVE) C(REINDEX) C(SAVEPOINT)
    C(SELECT) C(TRANSACTION) C(UPDATE)
    C(DBCONFIG_DEFENSIVE) C(DBCONFIG_DQS_DDL) C(DBCONFIG_DQS_DML) C(DBCONFIG_ENABLE_FKEY)
    C(DBCONFIG_ENABLE_FTS3_TOKENIZER) C(DBCONFIG_ENABLE_LOAD_EXTENSION) C(DBCONFIG_ENABLE_QPSG) C(DBCONFIG_ENABLE_TRIGGER)
    C(DBCONFIG_ENABLE_VIEW) C(DBCONFIG_LEGACY_ALTER_TABLE) C(DBCONFIG_LEGACY_FILE_FORMAT) C(DBCONFIG_NO_CKPT_ON_CLOSE)
    C(DBCONFIG_RESET_DATABASE) C(DBCONFIG_TRIGGER_EQP) C(DBCONFIG_TRUSTED_SCHEMA) C(DBCONFIG_WRITABLE_SCHEMA)
    C(LIMIT_ATTACHED) C(LIMIT_COLUMN) C(LIMIT_COMPOUND_SELECT) C(LIMIT_EXPR_DEPTH) C(LIMIT_FUNCTION_ARG) C(LIMIT_LENGTH)
    C(LIMIT_LIKE_PATTERN_LENGTH) C(LIMIT_SQL_LENGTH) C(LIMIT_TRIGGER_DEPTH) C(LIMIT_VARIABLE_NUMBER) C(LIMIT_VDBE_OP)
    C(LIMIT_WORKER_THREADS)
#undef C
    {NULL, 0},
};

static bool add_constants(Thread *t, Value module, const SqliteConstant *table) {
    char name[64];
    for (const SqliteConstant *c = table; c->name; c++) {
        snprintf(name, sizeof name, "SQLITE_%s", c->name);
        if (!module_add_int(t, module, name, c->value))
            return false;
    }
    return true;
}

/* What DB-API calls the library's ways to be built: one thread, one connection per thread, anything. */
static int thread_safety(void) { return sqlite3_threadsafe() == 0 ? 0 : sqlite3_threadsafe() == 2 ? 1 : 3; }

static bool init(Thread *t, Value module) {
    return sqlite_state_start(t, module) && module_add_type(t, module, &sqlite_connection_type) &&
           module_add_type(t, module, &sqlite_cursor_type) && module_add_type(t, module, &sqlite_row_type) &&
           module_add_type(t, module, &sqlite_blob_type) && module_add_type(t, module, &sqlite_prepare_protocol_type) &&
           add_constants(t, module, sqlite_result_codes) && add_constants(t, module, constants) &&
           module_add_int(t, module, "PARSE_DECLTYPES", PARSE_DECLTYPES) &&
           module_add_int(t, module, "PARSE_COLNAMES", PARSE_COLNAMES) &&
           module_add_int(t, module, "LEGACY_TRANSACTION_CONTROL", AUTOCOMMIT_LEGACY) &&
           module_add_int(t, module, "threadsafety", thread_safety()) &&
           module_add_text(t, module, "sqlite_version", sqlite3_libversion());
}

NATIVE_MODULE(_sqlite3) = {
    .name = "_sqlite3",
    .functions = functions,
    .init = init,
};
