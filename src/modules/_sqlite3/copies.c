/* Whole databases: backup, serialize, deserialize, iterdump.
 *
 * Threads: sqlite.h. A step of a backup takes the locks of both databases, in the order of their addresses; while Python code runs
 * or the thread sleeps between two steps neither is held, and `backups` keeps both from being closed.
 */
#include "modules/_sqlite3/sqlite.h"

#include <limits.h>

typedef struct Backup {
    DatabaseObject *source, *target;
    sqlite3_backup *library;
    int pages, milliseconds;
    Value progress;
} Backup;

static void enter_both(Thread *t, Backup *b) {
    bool source_first = b->source < b->target;
    sqlite_enter(t, source_first ? b->source : b->target);
    sqlite_enter(t, source_first ? b->target : b->source);
}
static void leave_both(Thread *t, Backup *b) {
    sqlite_leave(t, b->source);
    sqlite_leave(t, b->target);
}

static bool still_open(Thread *t, Backup *b) {
    bool open = !b->source->closed && !b->target->closed;
    if (!open)
        sqlite_programming_error(t, "Cannot operate on a closed database.");
    return open;
}

static bool begin(Thread *t, Backup *b, const char *name) {
    enter_both(t, b);
    if (b->source->library && b->target->library && still_open(t, b)) {
        b->library = LIBRARY(t, sqlite3_backup_init(b->target->library, "main", b->source->library, name));
        if (!b->library)
            sqlite_error(t, b->target);
    }
    if (b->library)
        b->source->backups++, b->target->backups++;
    leave_both(t, b);
    return b->library;
}

static bool end(Thread *t, Backup *b) {
    enter_both(t, b);
    int code = LIBRARY(t, sqlite3_backup_finish(b->library));
    if (code != SQLITE_OK && !error_pending(t))
        sqlite_error(t, b->target);
    b->source->backups--, b->target->backups--;
    leave_both(t, b);
    return !error_pending(t);
}

static bool tell(Thread *t, Backup *b, int code, int remaining, int pages) {
    return is_none(b->progress) || present(call_3(t, b->progress, small_int(code), small_int(remaining), small_int(pages)));
}

static void copy(Thread *t, Backup *b) {
    for (;;) {
        enter_both(t, b);
        int code = SQLITE_DONE, remaining = 0, pages = 0;
        if (still_open(t, b)) {
            code = LIBRARY(t, sqlite3_backup_step(b->library, b->pages));
            remaining = sqlite3_backup_remaining(b->library);
            pages = sqlite3_backup_pagecount(b->library);
        }
        leave_both(t, b);
        if (error_pending(t) || !tell(t, b, code, remaining, pages))
            return;
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
            (void)LIBRARY(t, sqlite3_sleep(b->milliseconds));
        else if (code != SQLITE_OK)
            return;
        if (!safepoint(t))
            return;
    }
}

Value sqlite_backup(Thread *t, Value *args) {
    double seconds = 0.25;
    Backup b = {.progress = args[3]};
    if (!is_instance_of(args[1], &sqlite_connection_type))
        return raise_type_error(t, "backup() argument 'target' must be sqlite3.Connection, not %s",
                                is_none(args[1]) ? "None" : type_of(args[1])->name_text);
    CHECK(as_c_int(t, args[2], &b.pages));
    const char *name = sqlite_text(t, args[4], "backup", "argument 'name'");
    CHECK(name && (absent(args[5]) || to_double(t, args[5], &seconds)));
    ConnectionObject *source = as_connection(args[0]), *target = as_connection(args[1]);
    CHECK(sqlite_check_thread(t, source) && sqlite_check_open(t, source));
    if (source == target)
        return raise_value_error(t, "target cannot be the same connection instance");
    CHECK(sqlite_check_open(t, target)); /* any thread's, as in CPython */
    if (!is_none(b.progress) && !is_callable(b.progress))
        return raise_type_error(t, "progress argument must be a callable");
    b.milliseconds = seconds * 1000 >= INT_MAX ? INT_MAX : (int)(seconds * 1000);
    if (b.pages == 0)
        b.pages = -1;
    b.source = source->database, b.target = target->database;
    CHECK(begin(t, &b, name));
    copy(t, &b);
    return end(t, &b) ? NONE : NO_VALUE;
}

Value sqlite_serialize(Thread *t, Value *args) {
    const char *name = sqlite_text(t, args[1], "serialize", "argument 'name'");
    CHECK(name != NULL);
    DatabaseObject *d = sqlite_connection_enter(t, as_connection(args[0]));
    CHECK(d != NULL);
    sqlite3_int64 size = 0;
    unsigned char *shared = LIBRARY(t, sqlite3_serialize(d->library, name, &size, SQLITE_SERIALIZE_NOCOPY));
    unsigned char *copied = shared ? NULL : LIBRARY(t, sqlite3_serialize(d->library, name, &size, 0));
    Value result = NO_VALUE;
    if (shared || copied)
        result = bytes_new(t, (char *)(shared ? shared : copied), (size_t)size);
    else
        sqlite_raise(t, SQLITE_CLASS_OPERATIONAL, "unable to serialize '%s'", name);
    sqlite3_free(copied);
    sqlite_leave(t, d);
    return result;
}

static Value deserialize(Thread *t, Value self, const char *data, size_t size, const char *name) {
    if (size > 9223372036854775807u)
        return raise_overflow_error(t, "'data' is too large");
    DatabaseObject *d = sqlite_connection_enter(t, as_connection(self));
    CHECK(d != NULL);
    unsigned char *copied = sqlite3_malloc64(size ? size : 1); /* the library's from the call on, even if that fails */
    if (copied) {
        memcpy(copied, data, size);
        int code = LIBRARY(t, sqlite3_deserialize(d->library, name, copied, (sqlite3_int64)size, (sqlite3_int64)size,
                                                  SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE));
        if (code != SQLITE_OK)
            sqlite_error(t, d);
    } else {
        raise_no_memory(t);
    }
    sqlite_leave(t, d);
    return error_pending(t) ? NO_VALUE : NONE;
}

Value sqlite_deserialize(Thread *t, Value *args) {
    const char *name = sqlite_text(t, args[2], "deserialize", "argument 'name'");
    CHECK(name != NULL);
    if (is_str(args[1])) {
        size_t size;
        const char *text = str_utf8(t, args[1], &size);
        return text ? deserialize(t, args[0], text, size, name) : NO_VALUE;
    }
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    Value result = deserialize(t, args[0], b.data, b.length, name);
    buffer_release(t, &b);
    return result;
}

Value sqlite_iterdump(Thread *t, Value *args) {
    CHECK(sqlite_check_open(t, as_connection(args[0])));
    Value function = get_attribute_text(t, TRY(import_module(t, "sqlite3.dump")), "_iterdump");
    if (absent(function))
        return error_catch(t, &AttributeError_type)
                   ? sqlite_raise(t, SQLITE_CLASS_OPERATIONAL, "Failed to obtain _iterdump() reference")
                   : NO_VALUE;
    Value named = TRY(dict_new(t));
    CHECK(dict_set_text(t, named, "filter", args[1]));
    return call_tuple(t, function, TRY(tuple_pack(t, 1, args[0])), named);
}
