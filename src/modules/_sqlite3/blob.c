/* Blob: one value of a table, read and written in place. Threads: a blob's fields change under its database's lock. */
#include "modules/_sqlite3/sqlite.h"
#include "types/slice.h"

#include <limits.h>

static BlobObject *as_blob(Value v) { return (BlobObject *)v.bits; }

static void trace(Tracer *tracer, Object *o) {
    trace_object(tracer, ((BlobObject *)o)->connection);
    trace_object(tracer, ((BlobObject *)o)->database);
}
static void release(Object *o) {
    sqlite_handle_drop(((BlobObject *)o)->handle);
    ((BlobObject *)o)->handle = NULL;
}

static bool row_id(Thread *t, Value v, sqlite3_int64 *out) {
    int64_t number;
    if (!is_int(v)) {
        raise_type_error(t, "expected 'int'");
        return false;
    }
    if (!int_to_i64(v, &number)) {
        raise_overflow_error(t, "Python int too large to convert to SQLite INTEGER");
        return false;
    }
    *out = number;
    return true;
}

static BlobObject *open_locked(Thread *t, ConnectionObject *c, DatabaseObject *d, const char *const names[3], sqlite3_int64 row,
                               bool writable) {
    BlobObject *b = type_allocate(t, &sqlite_blob_type);
    Handle *h = b ? sqlite_handle_new(t, d) : NULL;
    if (!h)
        return NULL;
    b->handle = h;
    b->connection = c;
    b->database = d;
    store_many(b);
    if (LIBRARY(t, sqlite3_blob_open(d->library, names[0], names[1], names[2], row, writable, &h->blob)) == SQLITE_OK)
        return b;
    sqlite_error(t, d);
    return NULL;
}

Value sqlite_blobopen(Thread *t, Value *args) {
    sqlite3_int64 row;
    const char *table = sqlite_text(t, args[1], "blobopen", "argument 1");
    const char *column = table ? sqlite_text(t, args[2], "blobopen", "argument 2") : NULL;
    CHECK(column && row_id(t, args[3], &row));
    int read_only = truth(t, args[4]);
    const char *name = read_only < 0 ? NULL : sqlite_text(t, args[5], "blobopen", "argument 'name'");
    CHECK(name != NULL);
    ConnectionObject *c = as_connection(args[0]);
    DatabaseObject *d = sqlite_connection_enter(t, c);
    CHECK(d != NULL);
    BlobObject *b = open_locked(t, c, d, (const char *const[]){name, table, column}, row, !read_only);
    sqlite_leave(t, d);
    return b ? from_object(b) : NO_VALUE;
}

/* The library's blob, with the database locked; NULL: an exception is pending. */
static sqlite3_blob *enter(Thread *t, BlobObject *b) {
    if (!sqlite_check_thread(t, b->connection) || !sqlite_check_open(t, b->connection))
        return NULL;
    sqlite_enter(t, b->database);
    if (b->handle->blob && !b->database->closed)
        return b->handle->blob;
    sqlite_leave(t, b->database);
    sqlite_programming_error(t, "Cannot operate on a closed blob.");
    return NULL;
}

static Value leave(Thread *t, BlobObject *b, Value result) {
    sqlite_leave(t, b->database);
    return result;
}

static Value fail(Thread *t, BlobObject *b, int code) {
    /* The row has changed: the library has a code for that, but no words in the connection. */
    return code == SQLITE_ABORT ? sqlite_raise_code(t, code, sqlite3_errstr(code)) : sqlite_error(t, b->database);
}

static Value read_bytes(Thread *t, BlobObject *b, sqlite3_blob *blob, int length, int offset) {
    Value bytes = TRY(bytes_new(t, NULL, (size_t)length));
    int code = LIBRARY(t, sqlite3_blob_read(blob, as_bytes(bytes)->data, length, offset));
    return code == SQLITE_OK ? bytes : fail(t, b, code);
}

static bool write_bytes(Thread *t, BlobObject *b, sqlite3_blob *blob, const char *data, size_t length, int offset) {
    int64_t room = sqlite3_blob_bytes(blob) - (int64_t)offset;
    if (length > (size_t)room) {
        raise_value_error(t, "data longer than blob length");
        return false;
    }
    int code = LIBRARY(t, sqlite3_blob_write(blob, data, (int)length, offset));
    if (code != SQLITE_OK)
        fail(t, b, code);
    return code == SQLITE_OK;
}

/* As a file */

static Value blob_close(Thread *t, Value *args) {
    BlobObject *b = as_blob(args[0]);
    CHECK(sqlite_check_thread(t, b->connection) && sqlite_check_open(t, b->connection));
    sqlite_enter(t, b->database);
    sqlite_handle_close(t, b->handle);
    return leave(t, b, NONE);
}

static Value blob_read(Thread *t, Value *args) {
    BlobObject *b = as_blob(args[0]);
    int length;
    CHECK(as_c_int(t, args[1], &length));
    sqlite3_blob *blob = enter(t, b);
    CHECK(blob != NULL);
    int rest = sqlite3_blob_bytes(blob) - b->offset;
    if (length < 0 || length > rest)
        length = rest;
    Value bytes = length ? read_bytes(t, b, blob, length, b->offset) : empty_bytes;
    if (present(bytes))
        b->offset += length;
    return leave(t, b, bytes);
}

static Value blob_write(Thread *t, Value *args) {
    BlobObject *b = as_blob(args[0]);
    Buffer data;
    CHECK(buffer_get_contiguous(t, args[1], &data, false));
    sqlite3_blob *blob = enter(t, b);
    bool ok = false;
    if (blob) {
        ok = write_bytes(t, b, blob, data.data, data.length, b->offset);
        if (ok)
            b->offset += (int)data.length;
        leave(t, b, NONE);
    }
    buffer_release(t, &data);
    return ok ? NONE : NO_VALUE;
}

static Value seek_locked(Thread *t, BlobObject *b, int size, int offset, int origin) {
    int64_t from;
    switch (origin) {
    case SEEK_SET: from = 0; break;
    case SEEK_CUR: from = b->offset; break;
    case SEEK_END: from = size; break;
    default: return raise_value_error(t, "'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END");
    }
    if (from + offset > INT_MAX)
        return raise_overflow_error(t, "seek offset results in overflow");
    if (from + offset < 0 || from + offset > size)
        return raise_value_error(t, "offset out of blob range");
    b->offset = (int)(from + offset);
    return NONE;
}

static Value blob_seek(Thread *t, Value *args) {
    BlobObject *b = as_blob(args[0]);
    int offset, origin;
    CHECK(as_c_int(t, args[1], &offset) && as_c_int(t, args[2], &origin));
    sqlite3_blob *blob = enter(t, b);
    CHECK(blob != NULL);
    return leave(t, b, seek_locked(t, b, sqlite3_blob_bytes(blob), offset, origin));
}

static Value blob_tell(Thread *t, Value *args) {
    BlobObject *b = as_blob(args[0]);
    CHECK(enter(t, b) != NULL);
    return leave(t, b, small_int(b->offset));
}

static Value blob_enter(Thread *t, Value *args) {
    CHECK(enter(t, as_blob(args[0])) != NULL);
    return leave(t, as_blob(args[0]), args[0]);
}

static Value blob_exit(Thread *t, Value *args) {
    CHECK(enter(t, as_blob(args[0])) != NULL);
    leave(t, as_blob(args[0]), NONE);
    TRY(blob_close(t, args));
    return FALSE;
}

/* As a sequence of bytes */

static Value blob_len(Thread *t, Value *args) {
    sqlite3_blob *blob = enter(t, as_blob(args[0]));
    CHECK(blob != NULL);
    return leave(t, as_blob(args[0]), small_int(sqlite3_blob_bytes(blob)));
}

/* Indexes are made numbers before the lock is taken: that may run Python code. */
static bool plain_index(Thread *t, Value v, int64_t *i) {
    if (is_small_int(v) || type_slot(type_of(v), SLOT___index__))
        return index_as_ssize(t, v, i, false, &IndexError_type);
    raise_type_error(t, "Blob indices must be integers");
    return false;
}

static bool clamp_index(Thread *t, sqlite3_blob *blob, int64_t *i) {
    int64_t size = sqlite3_blob_bytes(blob);
    *i += *i < 0 ? size : 0;
    if (*i < 0 || *i >= size)
        raise_index_error(t, "Blob index out of range");
    return *i >= 0 && *i < size;
}

typedef struct Range {
    int64_t start, stop, step, count;
} Range;

static bool range_of(Thread *t, sqlite3_blob *blob, Range *r) {
    r->count = slice_adjust(sqlite3_blob_bytes(blob), &r->start, &r->stop, &r->step);
    if (r->count > 0 && r->step < 0)
        raise_value_error(t, "Blob doesn't support slices with a negative step");
    return r->count == 0 || r->step > 0;
}

static Value get_slice(Thread *t, BlobObject *b, sqlite3_blob *blob, Range *r) {
    CHECK(range_of(t, blob, r));
    if (r->count == 0)
        return empty_bytes;
    int64_t span = (r->count - 1) * r->step + 1;
    Value bytes = TRY(read_bytes(t, b, blob, (int)span, (int)r->start));
    if (r->step == 1)
        return bytes;
    Value picked = TRY(bytes_new(t, NULL, (size_t)r->count));
    for (int64_t i = 0; i < r->count; i++)
        as_bytes(picked)->data[i] = as_bytes(bytes)->data[i * r->step];
    return picked;
}

static Value getitem(Thread *t, Value *args) {
    BlobObject *b = as_blob(args[0]);
    Range r;
    int64_t i = 0;
    bool slice = is_exactly(args[1], &slice_type);
    sqlite3_blob *blob = enter(t, b);
    CHECK(blob != NULL);
    leave(t, b, NONE);
    CHECK(slice ? slice_unpack(t, args[1], &r.start, &r.stop, &r.step) : plain_index(t, args[1], &i));
    blob = enter(t, b);
    CHECK(blob != NULL);
    if (slice)
        return leave(t, b, get_slice(t, b, blob, &r));
    Value byte = clamp_index(t, blob, &i) ? read_bytes(t, b, blob, 1, (int)i) : NO_VALUE;
    return leave(t, b, present(byte) ? small_int((unsigned char)as_bytes(byte)->data[0]) : NO_VALUE);
}

static bool set_slice_locked(Thread *t, BlobObject *b, sqlite3_blob *blob, Range *r, const Buffer *data) {
    if (!range_of(t, blob, r))
        return false;
    if (data->length != (size_t)r->count) {
        raise_index_error(t, "Blob slice assignment is wrong size");
        return false;
    }
    if (r->count == 0)
        return true;
    if (r->step == 1)
        return write_bytes(t, b, blob, data->data, data->length, (int)r->start);
    int64_t span = (r->count - 1) * r->step + 1;
    Value bytes = read_bytes(t, b, blob, (int)span, (int)r->start);
    for (int64_t i = 0; present(bytes) && i < r->count; i++)
        as_bytes(bytes)->data[i * r->step] = data->data[i];
    return present(bytes) && write_bytes(t, b, blob, as_bytes(bytes)->data, (size_t)span, (int)r->start);
}

static Value set_slice(Thread *t, BlobObject *b, Value slice, Value value) {
    Range r;
    Buffer data;
    if (absent(value))
        return raise_type_error(t, "Blob doesn't support slice deletion");
    CHECK(slice_unpack(t, slice, &r.start, &r.stop, &r.step) && buffer_get_contiguous(t, value, &data, false));
    sqlite3_blob *blob = enter(t, b);
    bool ok = false;
    if (blob) {
        ok = set_slice_locked(t, b, blob, &r, &data);
        leave(t, b, NONE);
    }
    buffer_release(t, &data);
    return ok ? NONE : NO_VALUE;
}

static Value set_byte(Thread *t, BlobObject *b, Value index, Value value) {
    int64_t i, number;
    if (absent(value))
        return raise_type_error(t, "Blob doesn't support item deletion");
    CHECK(plain_index(t, index, &i));
    sqlite3_blob *blob = enter(t, b);
    CHECK(blob != NULL);
    bool in_range = clamp_index(t, blob, &i);
    leave(t, b, NONE);
    CHECK(in_range);
    if (!is_int(value))
        return raise_type_error(t, "'%s' object cannot be interpreted as an integer", type_of(value)->name_text);
    if (!int_to_i64(value, &number) || number < 0 || number > 255)
        return raise_value_error(t, "byte must be in range(0, 256)");
    blob = enter(t, b);
    CHECK(blob != NULL);
    char byte = (char)number;
    return leave(t, b, write_bytes(t, b, blob, &byte, 1, (int)i) ? NONE : NO_VALUE);
}

static Value setitem(Thread *t, Value *args) {
    BlobObject *b = as_blob(args[0]);
    CHECK(enter(t, b) != NULL);
    leave(t, b, NONE);
    return is_exactly(args[1], &slice_type) ? set_slice(t, b, args[1], args[2]) : set_byte(t, b, args[1], args[2]);
}
static Value delitem(Thread *t, Value *args) { return setitem(t, (Value[]){args[0], args[1], NO_VALUE}); }

static const NativeDef methods[] = {
    {"__len__(self, /)", blob_len, "Return len(self)."},
    {"__getitem__(self, key, /)", getitem, "Return self[key]."},
    {"__setitem__(self, key, value, /)", setitem, "Set self[key] to value."},
    {"__delitem__(self, key, /)", delitem, "Delete self[key]."},
    {"close(self, /)", blob_close, "Close the blob."},
    {"__enter__(self, /)", blob_enter, "Blob context manager enter."},
    {"__exit__(self, type, val, tb, /)", blob_exit, "Blob context manager exit."},
    {"read(self, length=-1, /)", blob_read,
     "Read data at the current offset position.\n\n  length\n    Read length in bytes.\n\nIf the end of the blob is reached, the "
     "data up to end of file will\nbe returned.  When length is not specified, or is negative,\nBlob.read() will read until the "
     "end of the blob."},
    {"seek(self, offset, origin=0, /)", blob_seek,
     "Set the current access position to offset.\n\nThe origin argument defaults to os.SEEK_SET (absolute blob\npositioning).  "
     "Other values for origin are os.SEEK_CUR (seek\nrelative to the current position) and os.SEEK_END (seek relative to\nthe "
     "blob's end)."},
    {"tell(self, /)", blob_tell, "Return the current access position for the blob."},
    {"write(self, data, /)", blob_write,
     "Write data at the current offset.\n\nThis function cannot change the blob length.  Writing beyond the end\nof the blob "
     "will result in an exception being raised."},
    {NULL},
};

MODULE_TYPE(sqlite_blob_type, _sqlite3) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "sqlite3.Blob",
    .methods = methods,
    .flags = TYPE_NO_NEW | TYPE_HAS_WEAKREF | TYPE_NOT_INDEXED,
    .instance_size = sizeof(BlobObject),
};
