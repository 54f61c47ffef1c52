/* A library connection, the statements and blobs that belong to it, and callbacks into Python. See sqlite.h.
 *
 * Threads: a database's lock guards all but what is said to be atomic; the collector reads `callbacks` with the world stopped.
 */
#include "modules/_sqlite3/sqlite.h"

#include <stdlib.h>

enum { DATABASE_WEIGHT = 65536 }; /* bytes, about, that the library has for each */

static uint32_t open_databases; /* in the process: whether another one of ours may be what is in the way */

/* What dies */

static void box_release(DropBox *box) {
    if (fetch_sub(&box->holders, 1u) != 1)
        return;
    for (Handle *h = load_acquire(&box->first), *next; h; h = next) {
        next = h->next_dropped;
        free(h);
    }
    free(box);
}

void sqlite_handle_drop(Handle *h) {
    if (!h)
        return;
    DropBox *box = h->box;
    h->next_dropped = load_relaxed(&box->first);
    while (!compare_exchange(&box->first, &h->next_dropped, h))
        ;
    box_release(box);
}

static void unlist(Handle *h) {
    if (!h->link)
        return;
    *h->link = h->next;
    if (h->next)
        h->next->link = h->link;
    h->link = NULL;
}

static void close_library_handle(Handle *h) {
    sqlite3_finalize(h->statement);
    sqlite3_blob_close(h->blob);
    h->statement = NULL;
    h->blob = NULL;
}

/* When the library is closed, nothing refers to them. */
static void free_callbacks(DatabaseObject *d) {
    for (Callback *c = d->callbacks, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    d->callbacks = NULL;
}

static void release(Object *o) {
    DatabaseObject *d = (DatabaseObject *)o;
    d->abandoned = true;
    for (Handle *h = d->handles; h; h = h->next) {
        close_library_handle(h);
        h->link = NULL; /* what it points to goes */
    }
    if (d->library) {
        sqlite3_close_v2(d->library);
        fetch_sub(&open_databases, 1u);
        heap_external_memory_gone(o, DATABASE_WEIGHT);
    }
    d->library = NULL;
    d->handles = NULL;
    free_callbacks(d);
    if (d->box)
        box_release(d->box);
    d->box = NULL;
}

static void trace(Tracer *tracer, Object *o) {
    for (Callback *c = ((DatabaseObject *)o)->callbacks; c; c = c->next)
        trace_value(tracer, c->callable);
}

MODULE_TYPE(sqlite_database_type, _sqlite3) = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .trace = trace, .release = release, .cell_flags = CELL_INTERNAL},
    .name_text = "sqlite3.database",
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(DatabaseObject),
};

/* Opening and closing */

static sqlite3 *open_library(const char *name, int flags, int timeout, int *code) {
    sqlite3 *library = NULL;
    *code = sqlite3_open_v2(name, &library, flags, NULL);
    if (library && *code == SQLITE_OK)
        sqlite3_busy_timeout(library, timeout);
    return library;
}

DatabaseObject *sqlite_database_open(Thread *t, const char *name, int flags, int timeout) {
    sqlite_guard_files();
    DatabaseObject *d = heap_allocate_finalizable(t, &sqlite_database_type, sizeof(DatabaseObject));
    if (!d)
        return NULL;
    d->box = calloc(1, sizeof *d->box);
    if (!d->box) {
        raise_no_memory(t);
        return NULL;
    }
    d->box->holders = 1;
    int code;
    sqlite3 *library = LIBRARY(t, open_library(name, flags, timeout, &code));
    if (!library) {
        raise_no_memory(t);
        return NULL;
    }
    d->library = library;
    fetch_add(&open_databases, 1u);
    heap_external_memory(t, DATABASE_WEIGHT);
    if (code == SQLITE_OK)
        return d;
    sqlite_error(t, d);
    sqlite_database_close(t, d);
    return NULL;
}

static void close_dropped(Thread *t, DatabaseObject *d) {
    for (Handle *h = exchange(&d->box->first, (Handle *)NULL), *next; h; h = next) {
        next = h->next_dropped;
        sqlite_handle_close(t, h);
        free(h);
    }
}

static void close_now(Thread *t, DatabaseObject *d) {
    while (d->handles)
        sqlite_handle_close(t, d->handles);
    mutex_lock(&d->closing);
    sqlite3 *library = d->library;
    d->library = NULL;
    mutex_unlock(&d->closing);
    (void)LIBRARY(t, sqlite3_close_v2(library));
    free_callbacks(d);
    fetch_sub(&open_databases, 1u);
    heap_external_memory(t, -DATABASE_WEIGHT);
}

void sqlite_database_close(Thread *t, DatabaseObject *d) {
    sqlite_enter(t, d);
    mutex_lock(&d->closing);
    d->closed = true;
    mutex_unlock(&d->closing);
    sqlite_leave(t, d);
}

bool sqlite_database_has_handles(Thread *t, DatabaseObject *d) {
    sqlite_enter(t, d);
    bool has = d->handles != NULL;
    sqlite_leave(t, d);
    return has;
}

void sqlite_enter(Thread *t, DatabaseObject *d) {
    owned_lock_enter(t, &d->lock);
    if (unlikely(load_relaxed(&d->box->first) != NULL))
        close_dropped(t, d);
}

void sqlite_leave(Thread *t, DatabaseObject *d) {
    if (unlikely(d->closed) && d->library && d->lock.depth == 1 && !d->backups)
        close_now(t, d);
    owned_lock_leave(&d->lock);
    keep_alive(d);
}

/* Handles */

Handle *sqlite_handle_new(Thread *t, DatabaseObject *d) {
    Handle *h = calloc(1, sizeof *h);
    if (!h) {
        raise_no_memory(t);
        return NULL;
    }
    h->box = d->box;
    fetch_add(&d->box->holders, 1u);
    h->next = d->handles;
    h->link = &d->handles;
    if (h->next)
        h->next->link = &h->next;
    d->handles = h;
    return h;
}

static int close_and_forget(Handle *h) {
    close_library_handle(h);
    return 0;
}

void sqlite_handle_close(Thread *t, Handle *h) {
    if (h->statement || h->blob)
        (void)LIBRARY(t, close_and_forget(h)); /* it may end an aggregate, in Python */
    unlist(h);
}

int sqlite_reset(Thread *t, Handle *h) { return h->statement ? LIBRARY(t, sqlite3_reset(h->statement)) : SQLITE_OK; }

/* A statement without a program, as of a comment, has nothing to do. */
static int step(sqlite3_stmt *statement) { return statement ? sqlite3_step(statement) : SQLITE_DONE; }

static bool others_in_the_way(DatabaseObject *d, int code) {
    if ((code & 0xff) == SQLITE_BUSY)
        return load_relaxed(&open_databases) > 1;
    return (code & 0xff) == SQLITE_LOCKED && d->handles && d->handles->next;
}

int sqlite_step(Thread *t, DatabaseObject *d, sqlite3_stmt *statement) {
    bool begun = sqlite3_stmt_busy(statement); /* and so not to be begun again */
    int code = LIBRARY(t, step(statement));
    if (likely(code == SQLITE_ROW || code == SQLITE_DONE) || begun || error_pending(t) || !others_in_the_way(d, code))
        return code;
    (void)heap_collect_and_finalize(t, STACK_SCANNED);
    close_dropped(t, d);
    (void)LIBRARY(t, sqlite3_reset(statement));
    return LIBRARY(t, step(statement));
}

/* Callbacks */

/* The collector may look between the store and the barrier, but then sees the record. */
Callback *sqlite_callback_new(Thread *t, DatabaseObject *d, Value callable) {
    for (Callback **link = &d->callbacks, *c; (c = *link) != NULL;) {
        if (!load_acquire(&c->dead)) {
            link = &c->next;
            continue;
        }
        *link = c->next;
        free(c);
    }
    Callback *c = calloc(1, sizeof *c);
    if (!c) {
        raise_no_memory(t);
        return NULL;
    }
    publish_into(d, callable);
    c->callable = callable;
    c->database = d;
    c->next = d->callbacks;
    d->callbacks = c;
    store_moved(d);
    return c;
}

void sqlite_callback_dead(void *callback) {
    if (callback)
        store_release(&((Callback *)callback)->dead, true);
}

bool sqlite_callback_begin(CallbackScope *scope, DatabaseObject *d) {
    Thread *t = thread_current();
    if (d->abandoned)
        return false;
    if (!t || d->lock.owner != t) {
        d->foreign = true;
        return false;
    }
    scope->t = t;
    scope->was_blocking = load_relaxed(&t->heap.state) == THREAD_BLOCKING;
    if (scope->was_blocking)
        blocking_end(t);
    scope->pending = error_take(t);
    return true;
}

void sqlite_callback_end(CallbackScope *scope) {
    if (present(scope->pending))
        error_restore(scope->t, scope->pending);
    if (scope->was_blocking)
        blocking_begin(scope->t);
}
