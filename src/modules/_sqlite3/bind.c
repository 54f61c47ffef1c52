/* Parameters of statements. Threads: sqlite.h; adapting runs Python code under the database's lock. */
#include "modules/_sqlite3/sqlite.h"

#include <limits.h>

/* As CPython sees it: a class of Python with __getitem__ counts as a sequence, but for dicts. */
static bool is_sequence(Value v) {
    Type *type = type_of(v);
    bool native_mapping = !(type->flags & TYPE_HEAP) && (type->flags & TYPE_MAPPING);
    return type_slot(type, SLOT___getitem__) && !is_dict(v) && !native_mapping;
}

/* Values that no adapter can be registered for, or is. */
static bool needs_adapting(Thread *t, Value v) {
    if (same(sqlite_state(t, SQLITE_BASE_ADAPTED), TRUE))
        return true;
    Type *type = type_of(v);
    return type != &int_type && type != &float_type && type != &str_type && type != &bytearray_type;
}

static bool too_long(Thread *t, size_t length, const char *what) {
    if (length > INT_MAX)
        raise_overflow_error(t, "%s longer than INT_MAX bytes", what);
    return length > INT_MAX;
}

static int bind_int(Thread *t, sqlite3_stmt *statement, int i, Value v) {
    int64_t number;
    if (int_to_i64(v, &number))
        return sqlite3_bind_int64(statement, i, number);
    raise_overflow_error(t, "Python int too large to convert to SQLite INTEGER");
    return SQLITE_ERROR;
}

static int bind_text(Thread *t, sqlite3_stmt *statement, int i, Value v) {
    size_t length;
    const char *text = str_utf8(t, v, &length);
    if (!text || too_long(t, length, "string"))
        return SQLITE_ERROR;
    int code = sqlite3_bind_text(statement, i, text, (int)length, SQLITE_TRANSIENT);
    keep_alive((void *)v.bits);
    return code;
}

static int bind_buffer(Thread *t, sqlite3_stmt *statement, int i, Value v) {
    Buffer b;
    if (!buffer_get_contiguous(t, v, &b, false))
        return SQLITE_ERROR;
    int code = SQLITE_ERROR;
    if (!too_long(t, b.length, "BLOB"))
        code = sqlite3_bind_blob(statement, i, b.length ? b.data : "", (int)b.length, SQLITE_TRANSIENT);
    buffer_release(t, &b);
    return code;
}

static bool bind_value(Thread *t, DatabaseObject *d, sqlite3_stmt *statement, int i, Value v) {
    int code;
    if (is_none(v))
        code = sqlite3_bind_null(statement, i);
    else if (is_int(v))
        code = bind_int(t, statement, i, v);
    else if (is_float(v))
        code = sqlite3_bind_double(statement, i, float_value(v));
    else if (is_str(v))
        code = bind_text(t, statement, i, v);
    else if (has_buffer(v))
        code = bind_buffer(t, statement, i, v);
    else
        return sqlite_raise(t, SQLITE_CLASS_PROGRAMMING, "Error binding parameter %d: type '%s' is not supported", i,
                            type_of(v)->name_text),
               false;
    if (code != SQLITE_OK)
        sqlite_error(t, d);
    return code == SQLITE_OK;
}

static bool bind_adapted(Thread *t, DatabaseObject *d, sqlite3_stmt *statement, int i, Value v) {
    if (needs_adapting(t, v))
        v = sqlite_adapt(t, v, from_object(&sqlite_prepare_protocol_type), v);
    return present(v) && bind_value(t, d, statement, i, v);
}

static bool bind_sequence(Thread *t, DatabaseObject *d, sqlite3_stmt *statement, int count, Value parameters) {
    int64_t given = length_of(t, parameters);
    if (given < 0)
        return false;
    if (given != count) {
        sqlite_raise(t, SQLITE_CLASS_PROGRAMMING,
                     "Incorrect number of bindings supplied. The current statement uses %d, and there are %lld supplied.", count,
                     (long long)given);
        return false;
    }
    for (int i = 0; i < count; i++) {
        const char *name = sqlite3_bind_parameter_name(statement, i + 1);
        if (name && *name != '?') {
            sqlite_raise(t, SQLITE_CLASS_PROGRAMMING,
                         "Binding %d ('%s') is a named parameter, but you supplied a sequence which requires nameless (qmark) "
                         "placeholders.", i + 1, name);
            return false;
        }
        Value v = is_exactly(parameters, &tuple_type) ? tuple_get(parameters, (size_t)i) : get_item(t, parameters, small_int(i));
        if (absent(v) || !bind_adapted(t, d, statement, i + 1, v))
            return false;
    }
    return true;
}

static Value named_value(Thread *t, Value parameters, const char *name) {
    Value key = TRY(str_from_text(t, name)), v;
    if (is_exactly(parameters, &dict_type))
        v = dict_get(t, parameters, key);
    else
        v = get_item(t, parameters, key);
    if (absent(v) && (!error_pending(t) || error_catch(t, &LookupError_type)))
        sqlite_raise(t, SQLITE_CLASS_PROGRAMMING, "You did not supply a value for binding parameter :%s.", name);
    return v;
}

static bool bind_mapping(Thread *t, DatabaseObject *d, sqlite3_stmt *statement, int count, Value parameters) {
    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(statement, i);
        if (!name) {
            sqlite_raise(t, SQLITE_CLASS_PROGRAMMING,
                         "Binding %d has no name, but you supplied a dictionary (which has only names).", i);
            return false;
        }
        Value v = named_value(t, parameters, name + 1);
        if (absent(v) || !bind_adapted(t, d, statement, i, v))
            return false;
    }
    return true;
}

bool sqlite_bind(Thread *t, DatabaseObject *d, sqlite3_stmt *statement, Value parameters) {
    int count = sqlite3_bind_parameter_count(statement);
    if (is_sequence(parameters))
        return bind_sequence(t, d, statement, count, parameters);
    if (type_slot(type_of(parameters), SLOT___getitem__))
        return bind_mapping(t, d, statement, count, parameters);
    sqlite_programming_error(t, "parameters are of unsupported type");
    return false;
}
