/* Statements, and the connection's cache of them.
 *
 * A cursor takes a statement out of the cache and gives it back when there is nothing more to fetch. So a statement dies with the
 * cursor that has it, which ends the read that it may be in the middle of.
 * Threads: sqlite.h.
 */
#include "modules/_sqlite3/sqlite.h"

#include <strings.h>

enum { STATEMENT_WEIGHT = 4096 }; /* bytes, about, that the library has for each */

static void trace(Tracer *tracer, Object *o) {
    trace_object(tracer, ((StatementObject *)o)->database);
    trace_value(tracer, ((StatementObject *)o)->sql);
}
static void release(Object *o) {
    StatementObject *s = (StatementObject *)o;
    if (!s->handle)
        return;
    heap_external_memory_gone(o, STATEMENT_WEIGHT);
    sqlite_handle_drop(s->handle);
    s->handle = NULL;
}

MODULE_TYPE(sqlite_statement_type, _sqlite3) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "sqlite3.Statement",
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(StatementObject),
};

/* What stands behind blanks and comments; NULL: nothing. */
static const char *first_word(const char *s) {
    for (;;) {
        s += strspn(s, " \t\f\n\r");
        if (s[0] == '-' && s[1] == '-') {
            s += strcspn(s, "\n");
        } else if (s[0] == '/' && s[1] == '*') {
            s = strstr(s + 2, "*/");
            if (!s)
                return NULL;
            s += 2;
        } else {
            return *s ? s : NULL;
        }
    }
}

static bool changes_rows(const char *sql) {
    static const char *const words[] = {"insert", "update", "delete", "replace"};
    const char *word = first_word(sql);
    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
        if (strncasecmp(word, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

StatementObject *sqlite_statement_new(Thread *t, DatabaseObject *d, Value sql) {
    size_t length;
    const char *text = str_utf8(t, sql, &length), *tail = NULL;
    if (!text)
        return NULL;
    if (length > (size_t)sqlite3_limit(d->library, SQLITE_LIMIT_SQL_LENGTH, -1)) {
        sqlite_raise(t, SQLITE_CLASS_DATA, "query string is too large");
        return NULL;
    }
    if (strlen(text) != length) {
        sqlite_programming_error(t, "the query contains a null character");
        return NULL;
    }
    StatementObject *s = type_allocate(t, &sqlite_statement_type);
    Handle *h = s ? sqlite_handle_new(t, d) : NULL;
    if (!h)
        return NULL;
    s->handle = h;
    heap_external_memory(t, STATEMENT_WEIGHT);
    s->database = d;
    s->sql = sql;
    store_many(s);
    int code = LIBRARY(t, sqlite3_prepare_v2(d->library, text, (int)length + 1, &h->statement, &tail));
    if (code != SQLITE_OK) {
        sqlite_error(t, d);
        return NULL;
    }
    s->is_dml = changes_rows(text);
    if (first_word(tail)) {
        sqlite_handle_close(t, h);
        sqlite_programming_error(t, "You can only execute one statement at a time.");
        return NULL;
    }
    keep_alive((void *)sql.bits);
    return s;
}

StatementObject *sqlite_statement_take(Thread *t, ConnectionObject *c, DatabaseObject *d, Value sql) {
    Value cache = load(&c->statements);
    bool cached = is_exactly(sql, &str_type) && present(cache);
    Value found = cached ? dict_pop(t, cache, sql) : NO_VALUE;
    if (present(found))
        return (StatementObject *)found.bits;
    return error_pending(t) ? NULL : sqlite_statement_new(t, d, sql);
}

static void forget_oldest(Thread *t, Value cache) {
    size_t position = 0;
    Value sql, statement;
    if (!dict_next(cache, &position, &sql, &statement))
        return;
    if (dict_delete(t, cache, sql) < 0)
        error_clear(t); /* one more than asked for */
    sqlite_handle_close(t, ((StatementObject *)statement.bits)->handle);
}

/* May be called with an exception pending, which stays. */
void sqlite_statement_give_back(Thread *t, ConnectionObject *c, StatementObject *s) {
    Value cache = load(&c->statements), pending = error_take(t);
    sqlite_reset(t, s->handle);
    bool wanted = s->database == c->database && !s->database->closed && c->statement_limit > 0 && s->handle->statement &&
                  is_exactly(s->sql, &str_type) && present(cache) && dict_contains(t, cache, s->sql) == 0;
    if (wanted && dict_length(cache) >= c->statement_limit)
        forget_oldest(t, cache);
    if (!wanted || !dict_set(t, cache, s->sql, from_object(s)))
        sqlite_handle_close(t, s->handle);
    error_clear(t);
    if (present(pending))
        error_restore(t, pending);
}
