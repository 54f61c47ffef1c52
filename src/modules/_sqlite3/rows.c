/* From a statement's columns to Python: descriptions, converters, rows. Threads: sqlite.h. */
#include "modules/_sqlite3/sqlite.h"

/* Of "name [type]" only the name, when types are asked for. */
static Value column_name(Thread *t, ConnectionObject *c, const char *name) {
    size_t length = strlen(name);
    const char *bracket = c->detect_types & PARSE_COLNAMES ? strchr(name, '[') : NULL;
    for (; bracket; bracket = strchr(bracket + 1, '['))
        if (bracket > name && bracket[-1] == ' ') {
            length = (size_t)(bracket - 1 - name);
            break;
        }
    return str_decode(t, name, length, "utf-8", NULL);
}

Value sqlite_description(Thread *t, ConnectionObject *c, sqlite3_stmt *statement) {
    int count = sqlite3_column_count(statement);
    if (count == 0)
        return NONE;
    Value description = TRY(tuple_new(t, (size_t)count));
    for (int i = 0; i < count; i++) {
        const char *name = sqlite3_column_name(statement, i);
        if (!name)
            return raise_no_memory(t);
        Value shown = TRY(column_name(t, c, name));
        Value column = TRY(tuple_pack(t, 7, shown, NONE, NONE, NONE, NONE, NONE, NONE));
        store((void *)description.bits, &as_tuple(description)->items[i], column);
    }
    return description;
}

/* The converter for a column; None: there is none. */
static Value find_converter(Thread *t, ConnectionObject *c, sqlite3_stmt *statement, int i) {
    Value found = NO_VALUE;
    const char *name = c->detect_types & PARSE_COLNAMES ? sqlite3_column_name(statement, i) : NULL;
    const char *start = name ? strchr(name, '[') : NULL, *end = start ? strchr(start, ']') : NULL;
    if (end) {
        found = sqlite_converter(t, start + 1, (size_t)(end - start - 1));
        CHECK(!error_pending(t));
    }
    const char *type = absent(found) && c->detect_types & PARSE_DECLTYPES ? sqlite3_column_decltype(statement, i) : NULL;
    if (type) {
        found = sqlite_converter(t, type, strcspn(type, " ("));
        CHECK(!error_pending(t));
    }
    return present(found) ? found : NONE;
}

bool sqlite_find_converters(Thread *t, CursorObject *cursor, sqlite3_stmt *statement) {
    store(cursor, &cursor->converters, NO_VALUE);
    if (!cursor->connection->detect_types || !statement)
        return true;
    int count = sqlite3_column_count(statement);
    Value converters = tuple_new(t, (size_t)count);
    for (int i = 0; present(converters) && i < count; i++) {
        Value v = find_converter(t, cursor->connection, statement, i);
        if (absent(v))
            return false;
        store((void *)converters.bits, &as_tuple(converters)->items[i], v);
    }
    store(cursor, &cursor->converters, converters);
    return present(converters);
}

static Value bad_text(Thread *t, const char *text, const char *column) {
    if (!error_catch(t, &UnicodeDecodeError_type))
        return NO_VALUE;
    char shown[200];
    snprintf(shown, sizeof shown - 1, "Could not decode to UTF-8 column '%s' with text '%s'", column ? column : "", text);
    Value message = str_decode(t, shown, strlen(shown), "ascii", "replace");
    return absent(message) ? NO_VALUE : sqlite_raise(t, SQLITE_CLASS_OPERATIONAL, "%S", message);
}

static Value read_text(Thread *t, ConnectionObject *c, sqlite3_stmt *statement, int i, const char *text, size_t size) {
    Value factory = load(&c->text_factory);
    if (likely(same(factory, from_object(&str_type)))) {
        Value v = str_from_utf8(t, text, size);
        return likely(present(v)) ? v : bad_text(t, text, sqlite3_column_name(statement, i));
    }
    if (same(factory, from_object(&bytes_type)))
        return bytes_new(t, text, size);
    if (same(factory, from_object(&bytearray_type)))
        return bytearray_new(t, text, size);
    return call_1(t, factory, TRY(bytes_new(t, text, size)));
}

static Value read_plain(Thread *t, ConnectionObject *c, DatabaseObject *d, sqlite3_stmt *statement, int i) {
    const void *data;
    int type = sqlite3_column_type(statement, i);
    switch (type) {
    case SQLITE_INTEGER: return int_from(t, sqlite3_column_int64(statement, i));
    case SQLITE_FLOAT: return float_from_double(t, sqlite3_column_double(statement, i));
    case SQLITE_TEXT: data = sqlite3_column_text(statement, i); break;
    case SQLITE_BLOB: data = sqlite3_column_blob(statement, i); break;
    default: return NONE;
    }
    if (!data && sqlite3_errcode(d->library) == SQLITE_NOMEM)
        return raise_no_memory(t);
    if (!data)
        data = "";
    size_t size = (size_t)sqlite3_column_bytes(statement, i);
    return type == SQLITE_TEXT ? read_text(t, c, statement, i, data, size) : bytes_new(t, data, size);
}

static Value read_converted(Thread *t, DatabaseObject *d, sqlite3_stmt *statement, int i, Value converter) {
    const void *data = sqlite3_column_blob(statement, i);
    if (!data) /* NULL, and a blob of no bytes */
        return sqlite3_errcode(d->library) == SQLITE_NOMEM ? raise_no_memory(t) : NONE;
    return call_1(t, converter, TRY(bytes_new(t, data, (size_t)sqlite3_column_bytes(statement, i))));
}

Value sqlite_read_row(Thread *t, CursorObject *cursor, DatabaseObject *d, sqlite3_stmt *statement) {
    int count = sqlite3_data_count(statement);
    Value row = TRY(tuple_new(t, (size_t)count)), converters = load(&cursor->converters);
    for (int i = 0; i < count; i++) {
        Value converter = present(converters) && (size_t)i < tuple_length(converters) ? tuple_get(converters, (size_t)i) : NONE;
        Value v = TRY(is_none(converter) ? read_plain(t, cursor->connection, d, statement, i)
                                         : read_converted(t, d, statement, i, converter));
        store((void *)row.bits, &as_tuple(row)->items[i], v);
    }
    return row;
}
