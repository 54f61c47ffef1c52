/* Values of SQL as arguments and results of Python functions. Threads: run within a callback. */
#include "modules/_sqlite3/sqlite.h"

#include <limits.h>

static Value argument(Thread *t, sqlite3_context *context, sqlite3_value *v) {
    const void *data;
    int type = sqlite3_value_type(v);
    switch (type) {
    case SQLITE_INTEGER: return int_from(t, sqlite3_value_int64(v));
    case SQLITE_FLOAT: return float_from_double(t, sqlite3_value_double(v));
    case SQLITE_TEXT: data = sqlite3_value_text(v); break;
    case SQLITE_BLOB: data = sqlite3_value_blob(v); break;
    default: return NONE;
    }
    if (!data && sqlite3_errcode(sqlite3_context_db_handle(context)) == SQLITE_NOMEM)
        return raise_no_memory(t);
    if (!data)
        data = "";
    size_t size = (size_t)sqlite3_value_bytes(v);
    return type == SQLITE_TEXT ? str_from_utf8(t, data, size) : bytes_new(t, data, size);
}

Value sqlite_arguments(Thread *t, sqlite3_context *context, int count, sqlite3_value **values) {
    Value tuple = TRY(tuple_new(t, (size_t)count));
    for (int i = 0; i < count; i++) {
        Value v = TRY(argument(t, context, values[i]));
        store((void *)tuple.bits, &as_tuple(tuple)->items[i], v);
    }
    return tuple;
}

static bool give_int(Thread *t, sqlite3_context *context, Value v) {
    int64_t number;
    if (!int_to_i64(v, &number)) {
        raise_overflow_error(t, "Python int too large to convert to SQLite INTEGER");
        return false;
    }
    sqlite3_result_int64(context, number);
    return true;
}

static bool give_text(Thread *t, sqlite3_context *context, Value v) {
    size_t length;
    const char *text = str_utf8(t, v, &length);
    if (!text)
        return false;
    if (length > INT_MAX) {
        raise_overflow_error(t, "string is longer than INT_MAX bytes");
        return false;
    }
    sqlite3_result_text(context, text, (int)length, SQLITE_TRANSIENT);
    keep_alive((void *)v.bits);
    return true;
}

static bool give_buffer(Thread *t, sqlite3_context *context, Value v) {
    Buffer b;
    if (!buffer_get_contiguous(t, v, &b, false))
        return false;
    bool fits = b.length <= INT_MAX;
    if (fits)
        sqlite3_result_blob(context, b.length ? b.data : "", (int)b.length, SQLITE_TRANSIENT);
    else
        raise_overflow_error(t, "BLOB longer than INT_MAX bytes");
    buffer_release(t, &b);
    return fits;
}

bool sqlite_give_result(Thread *t, sqlite3_context *context, Value v) {
    if (is_none(v))
        return sqlite3_result_null(context), true;
    if (is_int(v))
        return give_int(t, context, v);
    if (is_float(v))
        return sqlite3_result_double(context, float_value(v)), true;
    if (is_str(v))
        return give_text(t, context, v);
    if (has_buffer(v))
        return give_buffer(t, context, v);
    sqlite_raise(t, SQLITE_CLASS_PROGRAMMING, "User-defined functions cannot return '%s' values to SQLite", type_of(v)->name_text);
    return false;
}
