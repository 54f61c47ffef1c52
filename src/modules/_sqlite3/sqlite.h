/* _sqlite3: databases by SQLite. errors.c: exceptions; vfs.c: the door to files; database.c: a library connection and who may use
 * it when; statement.c: prepared statements and their cache; bind.c: parameters; rows.c: rows out of a statement; cursor.c; row.c;
 * blob.c; connection.c: Connection, with its settings in settings.c, its transactions in transactions.c, functions in SQL that
 * call Python in functions.c, hooks in hooks.c, whole databases (backup and the like) in copies.c; values.c: values of SQL;
 * adapters.c: PrepareProtocol and the registries; module.c.
 *
 * A Connection has a DatabaseObject, which owns the library's connection. Statements and blobs own a Handle each, which is listed
 * with the database too: closing the database closes them, whoever still has them. The collector may find a statement dead on any
 * thread, with the library in the middle of a call on another; so a dead cell leaves its handle in the database's DropBox, and
 * the next who uses the database closes it.
 *
 * Threads: whoever calls the library holds the database's lock; callbacks into Python run on the same thread and take it again.
 * Calls that may wait or call back run in a blocking region (LIBRARY), which a callback leaves (sqlite_callback_begin). Fields of
 * connections, cursors and blobs that belong to the library are read and written under that lock. `interrupt` and the plain
 * questions take `closing` only, for they must not wait for a running statement.
 */
#pragma once
#include "modules/os_support.h"
#include "object/owned_lock.h"
#include "object/buffer.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <sqlite3.h>

typedef struct Handle Handle;

/* Where cells leave their handles when they die. Freed by the last holder: the database's cell and one per handle. */
typedef struct DropBox {
    uint32_t holders; /* atomic */
    Handle *first;    /* atomic */
} DropBox;

struct Handle {
    sqlite3_stmt *statement; /* one of the two, NULL once closed */
    sqlite3_blob *blob;
    Handle *next, **link;    /* among the database's open ones; link NULL: not listed */
    Handle *next_dropped;
    DropBox *box;
};

/* What the library calls, or keeps for a call: a Python object that the database keeps alive. */
typedef struct Callback {
    Value callable;
    struct DatabaseObject *database;
    struct Callback *next;
    bool dead; /* the library has let go of it; atomic */
} Callback;

typedef struct DatabaseObject {
    Object object;
    OwnedLock lock;
    Mutex closing;       /* guards changes of the next two */
    sqlite3 *library;    /* NULL: closed */
    bool closed;         /* to be closed, once no call is under way: only these still see it */
    Handle *handles;
    DropBox *box;
    Callback *callbacks; /* changed by running threads only, that is not while the collector looks */
    uint32_t backups;    /* under way: calls, too, although the lock is not held all the time */
    bool abandoned;      /* the collector closes it: nothing is called any more */
    bool foreign;        /* a helper thread of the library, which cannot run Python, wanted to */
} DatabaseObject;

typedef enum SqliteClass {
    SQLITE_CLASS_WARNING, SQLITE_CLASS_ERROR, SQLITE_CLASS_INTERFACE, SQLITE_CLASS_DATABASE, SQLITE_CLASS_DATA,
    SQLITE_CLASS_OPERATIONAL, SQLITE_CLASS_INTEGRITY, SQLITE_CLASS_INTERNAL, SQLITE_CLASS_PROGRAMMING,
    SQLITE_CLASS_NOT_SUPPORTED, SQLITE_CLASSES,
    /* the rest of the isolate's state */
    SQLITE_ADAPTERS = SQLITE_CLASSES, SQLITE_CONVERTERS, SQLITE_TRACEBACKS, SQLITE_BASE_ADAPTED, SQLITE_STATE_SIZE
} SqliteClass;

enum { AUTOCOMMIT_LEGACY = -1, AUTOCOMMIT_OFF = 0, AUTOCOMMIT_ON = 1 };
enum { PARSE_DECLTYPES = 1, PARSE_COLNAMES = 2 };

typedef struct ConnectionObject {
    Object object;
    DatabaseObject *database; /* NULL: __init__ did not succeed */
    Value isolation_level;    /* str or None */
    Value row_factory, text_factory;
    Value statements;         /* dict from SQL to a statement that no cursor has, the oldest first */
    Value classes[SQLITE_CLASSES];
    Callback *authorizer, *progress, *trace;
    size_t statement_limit;
    uint64_t thread_id;       /* of the thread that made it */
    bool check_same_thread;
    int detect_types, autocommit;
} ConnectionObject;

typedef struct StatementObject {
    Object object;
    DatabaseObject *database;
    Handle *handle;
    Value sql;
    bool is_dml;
} StatementObject;

typedef struct CursorObject {
    Object object;
    ConnectionObject *connection; /* NULL: __init__ was not called */
    Value description, lastrowid, row_factory, rowcount;
    StatementObject *statement;   /* with rows to fetch, nobody else's; NULL: none */
    Value converters;             /* tuple by column; absent: none are asked for */
    Value ahead;                  /* list of the rows of a change, read at once; absent: none */
    size_t ahead_next;
    uint32_t arraysize;
    bool closed, locked, made;
} CursorObject;

typedef struct BlobObject {
    Object object;
    ConnectionObject *connection;
    DatabaseObject *database;
    Handle *handle;
    int offset;
} BlobObject;

extern Type sqlite_connection_type, sqlite_cursor_type, sqlite_row_type, sqlite_blob_type, sqlite_statement_type,
    sqlite_prepare_protocol_type;
static inline ConnectionObject *as_connection(Value v) { return (ConnectionObject *)v.bits; }
static inline CursorObject *as_cursor(Value v) { return (CursorObject *)v.bits; }

/* A call of the library that may wait, or call back. */
#define LIBRARY(t, call)          \
    ({                            \
        blocking_begin(t);        \
        typeof(call) result_ = (call); \
        blocking_end(t);          \
        result_;                  \
    })

/* errors.c */
typedef struct SqliteConstant {
    const char *name; /* without SQLITE_; NULL ends a table */
    int value;
} SqliteConstant;
extern const SqliteConstant sqlite_result_codes[];
bool sqlite_state_start(Thread *t, Value module);
Value sqlite_state(Thread *t, SqliteClass which);
void sqlite_state_set(Thread *t, SqliteClass which, Value value);
Value sqlite_raise(Thread *t, SqliteClass class, const char *format, ...);
Value sqlite_raise_code(Thread *t, int code, const char *message); /* code: extended */
/* For the library's last failure. What a callback left pending goes before it. */
Value sqlite_error(Thread *t, DatabaseObject *d);
Value sqlite_programming_error(Thread *t, const char *text);
/* The exception of a callback is printed or forgotten, as enable_callback_tracebacks said. */
void sqlite_forget_error(Thread *t, Value callable);
/* An argument that must be text without NUL; `argument` as in "argument 'name'". NULL: an exception is pending. */
const char *sqlite_text(Thread *t, Value v, const char *function, const char *argument);

/* vfs.c */
void sqlite_guard_files(void);

/* database.c */
DatabaseObject *sqlite_database_open(Thread *t, const char *name, int flags, int timeout);
/* Closes it with all its statements: at once, or when the calls that have called back into Python end. */
void sqlite_database_close(Thread *t, DatabaseObject *d);
bool sqlite_database_has_handles(Thread *t, DatabaseObject *d);
void sqlite_enter(Thread *t, DatabaseObject *d); /* takes the lock, and closes what was dropped */
void sqlite_leave(Thread *t, DatabaseObject *d);
Handle *sqlite_handle_new(Thread *t, DatabaseObject *d); /* NULL: no memory. The caller holds the lock. */
void sqlite_handle_close(Thread *t, Handle *h);          /* likewise */
void sqlite_handle_drop(Handle *h);                      /* by the cell's release function */
/* Steps; where what stands in the way may be a statement or database that is dead but not collected, once more after a
 * collection. */
int sqlite_step(Thread *t, DatabaseObject *d, sqlite3_stmt *statement);
int sqlite_reset(Thread *t, Handle *h);
Callback *sqlite_callback_new(Thread *t, DatabaseObject *d, Value callable);
void sqlite_callback_dead(void *callback); /* for the library, on any thread */
typedef struct CallbackScope {
    Thread *t;
    Value pending; /* the exception that was pending, and will be again */
    bool was_blocking;
} CallbackScope;
/* false: nothing can be called. */
bool sqlite_callback_begin(CallbackScope *scope, DatabaseObject *d);
void sqlite_callback_end(CallbackScope *scope);

/* connection.c: whether the connection may be used here and now; the database, locked. NULL: an exception is pending. */
DatabaseObject *sqlite_connection_enter(Thread *t, ConnectionObject *c);
Value sqlite_connect(Thread *t, Value *args);
bool sqlite_check_thread(Thread *t, ConnectionObject *c);
bool sqlite_check_open(Thread *t, ConnectionObject *c);
/* transactions.c */
Value sqlite_commit(Thread *t, Value *args);
Value sqlite_rollback(Thread *t, Value *args);
Value sqlite_enter_context(Thread *t, Value *args);
Value sqlite_exit_context(Thread *t, Value *args);
Value sqlite_get_isolation_level(Thread *t, Value *args);
Value sqlite_set_isolation_level(Thread *t, Value *args);
Value sqlite_get_autocommit(Thread *t, Value *args);
Value sqlite_set_autocommit(Thread *t, Value *args);
Value sqlite_get_in_transaction(Thread *t, Value *args);
Value sqlite_get_total_changes(Thread *t, Value *args);
bool sqlite_check_isolation_level(Thread *t, Value level, Value *canonical);
bool sqlite_check_autocommit(Thread *t, Value v, int *autocommit);
bool sqlite_begin(Thread *t, ConnectionObject *c, DatabaseObject *d);
bool sqlite_run(Thread *t, DatabaseObject *d, const char *sql); /* one statement without rows */
/* functions.c, hooks.c, settings.c, copies.c: methods of Connection */
Value sqlite_create_function(Thread *t, Value *args);
Value sqlite_create_aggregate(Thread *t, Value *args);
Value sqlite_create_window_function(Thread *t, Value *args);
Value sqlite_create_collation(Thread *t, Value *args);
Value sqlite_set_authorizer(Thread *t, Value *args);
Value sqlite_set_progress_handler(Thread *t, Value *args);
Value sqlite_set_trace_callback(Thread *t, Value *args);
Value sqlite_setlimit(Thread *t, Value *args);
Value sqlite_getlimit(Thread *t, Value *args);
Value sqlite_setconfig(Thread *t, Value *args);
Value sqlite_getconfig(Thread *t, Value *args);
Value sqlite_enable_load_extension(Thread *t, Value *args);
Value sqlite_load_extension(Thread *t, Value *args);
Value sqlite_backup(Thread *t, Value *args);
Value sqlite_serialize(Thread *t, Value *args);
Value sqlite_deserialize(Thread *t, Value *args);
Value sqlite_iterdump(Thread *t, Value *args);
/* blob.c */
Value sqlite_blobopen(Thread *t, Value *args);

/* statement.c. The caller holds the lock. */
StatementObject *sqlite_statement_new(Thread *t, DatabaseObject *d, Value sql);
/* From the cache, where a statement is while no cursor has it, or new; and back, or closed. */
StatementObject *sqlite_statement_take(Thread *t, ConnectionObject *c, DatabaseObject *d, Value sql);
void sqlite_statement_give_back(Thread *t, ConnectionObject *c, StatementObject *s);
/* bind.c */
bool sqlite_bind(Thread *t, DatabaseObject *d, sqlite3_stmt *statement, Value parameters);
/* rows.c. Row: absent with an exception. */
Value sqlite_description(Thread *t, ConnectionObject *c, sqlite3_stmt *statement);
bool sqlite_find_converters(Thread *t, CursorObject *cursor, sqlite3_stmt *statement);
Value sqlite_read_row(Thread *t, CursorObject *cursor, DatabaseObject *d, sqlite3_stmt *statement);
/* values.c */
Value sqlite_arguments(Thread *t, sqlite3_context *context, int count, sqlite3_value **values); /* a tuple */
bool sqlite_give_result(Thread *t, sqlite3_context *context, Value v); /* false: perhaps an exception */
/* adapters.c */
Value sqlite_adapt(Thread *t, Value v, Value protocol, Value otherwise); /* otherwise absent: an error */
Value sqlite_adapt_function(Thread *t, Value *args);
Value sqlite_register_adapter(Thread *t, Value *args);
Value sqlite_register_converter(Thread *t, Value *args);
Value sqlite_converter(Thread *t, const char *name, size_t length); /* absent with or without an exception */
