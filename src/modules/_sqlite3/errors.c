/* Exceptions of _sqlite3, and the module's state: a tuple in the isolate. Threads: its words are loaded and stored atomically. */
#include "modules/_sqlite3/sqlite.h"

#include <stdarg.h>

const SqliteConstant sqlite_result_codes[] = {
#define C(name) {#name, SQLITE_##name},
    C(ABORT) C(AUTH) C(BUSY) C(CANTOPEN) C(CONSTRAINT) C(CORRUPT) C(DONE) C(EMPTY) C(ERROR) C(FORMAT) C(FULL) C(INTERNAL)
    C(INTERRUPT) C(IOERR) C(LOCKED) C(MISMATCH) C(MISUSE) C(NOLFS) C(NOMEM) C(NOTADB) C(NOTFOUND) C(OK) C(PERM) C(PROTOCOL)
    C(RANGE) C(READONLY) C(ROW) C(SCHEMA) C(TOOBIG) C(NOTICE) C(WARNING)
    C(ABORT_ROLLBACK) C(AUTH_USER) C(BUSY_RECOVERY) C(BUSY_SNAPSHOT) C(BUSY_TIMEOUT) C(CANTOPEN_CONVPATH)
    C(CANTOPEN_DIRTYWAL) C(CANTOPEN_FULLPATH) C(CANTOPEN_ISDIR) C(CANTOPEN_NOTEMPDIR) C(CANTOPEN_SYMLINK)
    C(CONSTRAINT_CHECK) C(CONSTRAINT_COMMITHOOK) C(CONSTRAINT_FOREIGNKEY) C(CONSTRAINT_FUNCTION) C(CONSTRAINT_NOTNULL)
    C(CONSTRAINT_PINNED) C(CONSTRAINT_PRIMARYKEY) C(CONSTRAINT_ROWID) C(CONSTRAINT_TRIGGER) C(CONSTRAINT_UNIQUE)
    C(CONSTRAINT_VTAB) C(CORRUPT_INDEX) C(CORRUPT_SEQUENCE) C(CORRUPT_VTAB) C(ERROR_MISSING_COLLSEQ) C(ERROR_RETRY)
    C(ERROR_SNAPSHOT) C(IOERR_ACCESS) C(IOERR_AUTH) C(IOERR_BEGIN_ATOMIC) C(IOERR_BLOCKED) C(IOERR_CHECKRESERVEDLOCK)
    C(IOERR_CLOSE) C(IOERR_COMMIT_ATOMIC) C(IOERR_CONVPATH) C(IOERR_CORRUPTFS) C(IOERR_DATA) C(IOERR_DELETE)
    C(IOERR_DELETE_NOENT) C(IOERR_DIR_CLOSE) C(IOERR_DIR_FSYNC) C(IOERR_FSTAT) C(IOERR_FSYNC) C(IOERR_GETTEMPPATH)
    C(IOERR_LOCK) C(IOERR_MMAP) C(IOERR_NOMEM) C(IOERR_RDLOCK) C(IOERR_READ) C(IOERR_ROLLBACK_ATOMIC) C(IOERR_SEEK)
    C(IOERR_SHMLOCK) C(IOERR_SHMMAP) C(IOERR_SHMOPEN) C(IOERR_SHMSIZE) C(IOERR_SHORT_READ) C(IOERR_TRUNCATE) C(IOERR_UNLOCK)
    C(IOERR_VNODE) C(IOERR_WRITE) C(LOCKED_SHAREDCACHE) C(LOCKED_VTAB) C(NOTICE_RECOVER_ROLLBACK) C(NOTICE_RECOVER_WAL)
    C(OK_LOAD_PERMANENTLY) C(OK_SYMLINK) C(READONLY_CANTINIT) C(READONLY_CANTLOCK) C(READONLY_DBMOVED)
    C(READONLY_DIRECTORY) C(READONLY_RECOVERY) C(READONLY_ROLLBACK) C(WARNING_AUTOINDEX)
#undef C
    {NULL, 0},
};

Value sqlite_state(Thread *t, SqliteClass which) { return load(&as_tuple(t->isolate->slots[ISOLATE_SQLITE])->items[which]); }
void sqlite_state_set(Thread *t, SqliteClass which, Value value) {
    TupleObject *state = as_tuple(t->isolate->slots[ISOLATE_SQLITE]);
    store(state, &state->items[which], value);
}

static const struct {
    const char *name;
    SqliteClass base; /* SQLITE_CLASSES: Exception */
} classes[SQLITE_CLASSES] = {
    [SQLITE_CLASS_WARNING] = {"Warning", SQLITE_CLASSES},
    [SQLITE_CLASS_ERROR] = {"Error", SQLITE_CLASSES},
    [SQLITE_CLASS_INTERFACE] = {"InterfaceError", SQLITE_CLASS_ERROR},
    [SQLITE_CLASS_DATABASE] = {"DatabaseError", SQLITE_CLASS_ERROR},
    [SQLITE_CLASS_DATA] = {"DataError", SQLITE_CLASS_DATABASE},
    [SQLITE_CLASS_OPERATIONAL] = {"OperationalError", SQLITE_CLASS_DATABASE},
    [SQLITE_CLASS_INTEGRITY] = {"IntegrityError", SQLITE_CLASS_DATABASE},
    [SQLITE_CLASS_INTERNAL] = {"InternalError", SQLITE_CLASS_DATABASE},
    [SQLITE_CLASS_PROGRAMMING] = {"ProgrammingError", SQLITE_CLASS_DATABASE},
    [SQLITE_CLASS_NOT_SUPPORTED] = {"NotSupportedError", SQLITE_CLASS_DATABASE},
};

static Value new_class(Thread *t, const char *name, Value base) {
    Value namespace = TRY(dict_new(t)), bases = TRY(tuple_pack(t, 1, base));
    CHECK(dict_set(t, namespace, names.__module__, TRY(str_intern_text(t, "sqlite3"))));
    return type_new_class(t, &type_type, TRY(str_intern_text(t, name)), bases, namespace, NO_VALUE);
}

bool sqlite_state_start(Thread *t, Value module) {
    Value tuple = tuple_new(t, SQLITE_STATE_SIZE);
    if (absent(tuple))
        return false;
    Value *items = as_tuple(tuple)->items;
    for (size_t i = 0; i < SQLITE_CLASSES; i++) {
        Value base = classes[i].base == SQLITE_CLASSES ? from_object(&Exception_type) : load(&items[classes[i].base]);
        Value class = new_class(t, classes[i].name, base);
        if (absent(class) || !module_add(t, module, classes[i].name, class))
            return false;
        store((void *)tuple.bits, &items[i], class);
    }
    Value adapters = dict_new(t), converters = absent(adapters) ? NO_VALUE : dict_new(t);
    store((void *)tuple.bits, &items[SQLITE_ADAPTERS], adapters);
    store((void *)tuple.bits, &items[SQLITE_CONVERTERS], converters);
    store((void *)tuple.bits, &items[SQLITE_TRACEBACKS], FALSE);
    store((void *)tuple.bits, &items[SQLITE_BASE_ADAPTED], FALSE);
    isolate_keep(t, ISOLATE_SQLITE, tuple);
    return present(converters) && module_add(t, module, "adapters", adapters) && module_add(t, module, "converters", converters);
}

Value sqlite_raise(Thread *t, SqliteClass class, const char *format, ...) {
    va_list list;
    va_start(list, format);
    Value text = format_text_list(t, format, list);
    va_end(list);
    return raise_with_args(t, as_type(sqlite_state(t, class)), 1, (Value[]){TRY(text)});
}

Value sqlite_programming_error(Thread *t, const char *text) { return sqlite_raise(t, SQLITE_CLASS_PROGRAMMING, "%s", text); }

static SqliteClass class_of_code(int code) {
    switch (code & 0xff) {
    case SQLITE_INTERNAL:
    case SQLITE_NOTFOUND: return SQLITE_CLASS_INTERNAL;
    case SQLITE_ERROR:
    case SQLITE_PERM:
    case SQLITE_ABORT:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_EMPTY:
    case SQLITE_SCHEMA: return SQLITE_CLASS_OPERATIONAL;
    case SQLITE_TOOBIG: return SQLITE_CLASS_DATA;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH: return SQLITE_CLASS_INTEGRITY;
    case SQLITE_MISUSE:
    case SQLITE_RANGE: return SQLITE_CLASS_INTERFACE;
    default: return SQLITE_CLASS_DATABASE;
    }
}

static const char *name_of_code(int code) {
    for (const SqliteConstant *c = sqlite_result_codes; c->name; c++)
        if (c->value == code)
            return c->name;
    return NULL;
}

Value sqlite_raise_code(Thread *t, int code, const char *message) {
    if ((code & 0xff) == SQLITE_NOMEM)
        return raise_no_memory(t);
    Value text = str_decode(t, message, strlen(message), "utf-8", "replace");
    Value error = TRY(call_1(t, sqlite_state(t, class_of_code(code)), TRY(text)));
    const char *name = name_of_code(code);
    Value shown = name ? TRY(format_text(t, "SQLITE_%s", name)) : TRY(str_from_text(t, "unknown"));
    CHECK(set_attribute(t, error, TRY(str_intern_text(t, "sqlite_errorcode")), small_int(code)) &&
          set_attribute(t, error, TRY(str_intern_text(t, "sqlite_errorname")), shown));
    return raise_exception(t, error);
}

Value sqlite_error(Thread *t, DatabaseObject *d) {
    CHECK(!error_pending(t));
    if (d->foreign) {
        d->foreign = false;
        return sqlite_raise(t, SQLITE_CLASS_NOT_SUPPORTED, "Python functions cannot be called by worker threads of SQLite");
    }
    return sqlite_raise_code(t, sqlite3_extended_errcode(d->library), sqlite3_errmsg(d->library));
}

void sqlite_forget_error(Thread *t, Value callable) {
    if (!error_pending(t))
        return;
    if (same(sqlite_state(t, SQLITE_TRACEBACKS), TRUE))
        error_write_unraisable(t, "Exception ignored on sqlite3 callback", callable);
    else
        error_clear(t);
}

const char *sqlite_text(Thread *t, Value v, const char *function, const char *argument) {
    size_t length;
    if (!is_str(v)) {
        raise_type_error(t, "%s() %s must be str, not %s", function, argument, is_none(v) ? "None" : type_of(v)->name_text);
        return NULL;
    }
    const char *text = str_utf8(t, v, &length);
    if (text && strlen(text) != length) {
        raise_value_error(t, "embedded null character");
        return NULL;
    }
    return text;
}
