/* Functions, aggregates and collations in SQL that call Python. Threads: callbacks run on the thread that runs the statement,
 * with the database's lock held: sqlite.h. */
#include "modules/_sqlite3/sqlite.h"

/* What SQL is told of the exception that is pending; it is forgotten. */
static void fail(Thread *t, sqlite3_context *context, Value callable, const char *message) {
    if (error_matches(t, &MemoryError_type))
        sqlite3_result_error_nomem(context);
    else if (error_matches(t, &OverflowError_type))
        sqlite3_result_error_toobig(context);
    else
        sqlite3_result_error(context, message, -1);
    sqlite_forget_error(t, callable);
}

static const char cannot_call[] = "Python cannot be called here";

static void on_function(sqlite3_context *context, int count, sqlite3_value **values) {
    Callback *callback = sqlite3_user_data(context);
    CallbackScope scope;
    if (!sqlite_callback_begin(&scope, callback->database)) {
        sqlite3_result_error(context, cannot_call, -1);
        return;
    }
    Thread *t = scope.t;
    Value callable = callback->callable, arguments = sqlite_arguments(t, context, count, values);
    Value result = absent(arguments) ? NO_VALUE : call_tuple(t, callable, arguments, NO_VALUE);
    if (absent(result) || !sqlite_give_result(t, context, result))
        fail(t, context, callable, "user-defined function raised exception");
    sqlite_callback_end(&scope);
}

/* Aggregates: an instance of the class for each group, kept as a Callback that the library's context points to. */

static Callback *instance_of(Thread *t, sqlite3_context *context, Callback *class) {
    Callback **instance = sqlite3_aggregate_context(context, sizeof *instance);
    if (!instance) {
        raise_no_memory(t);
        fail(t, context, class->callable, "unable to allocate SQLite aggregate context");
        return NULL;
    }
    if (*instance)
        return *instance;
    Value o = call_0(t, class->callable);
    *instance = absent(o) ? NULL : sqlite_callback_new(t, class->database, o);
    if (!*instance)
        fail(t, context, class->callable, "user-defined aggregate's '__init__' method raised error");
    return *instance;
}

/* What a method's failure is called: it may not be there at all. */
static void fail_method(Thread *t, sqlite3_context *context, Value class, const char *name) {
    char message[96];
    bool missing = error_matches(t, &AttributeError_type);
    snprintf(message, sizeof message, "user-defined aggregate's '%s' method %s", name, missing ? "not defined" : "raised error");
    fail(t, context, class, message);
}

static void call_with_arguments(Thread *t, sqlite3_context *context, Callback *class, const char *name, int count,
                                sqlite3_value **values) {
    char message[96];
    Callback *instance = instance_of(t, context, class);
    if (!instance)
        return;
    Value o = instance->callable, method = get_attribute_text(t, o, name);
    if (absent(method)) {
        fail_method(t, context, class->callable, name);
        return;
    }
    Value arguments = sqlite_arguments(t, context, count, values);
    if (absent(arguments)) {
        snprintf(message, sizeof message, "unable to build arguments for user-defined aggregate's '%s' method", name);
        fail(t, context, class->callable, message);
        return;
    }
    if (absent(call_tuple(t, method, arguments, NO_VALUE))) {
        snprintf(message, sizeof message, "user-defined aggregate's '%s' method raised error", name);
        fail(t, context, class->callable, message);
    }
}

static void on_rows(sqlite3_context *context, int count, sqlite3_value **values, const char *method) {
    Callback *class = sqlite3_user_data(context);
    CallbackScope scope;
    if (!sqlite_callback_begin(&scope, class->database)) {
        sqlite3_result_error(context, cannot_call, -1);
        return;
    }
    call_with_arguments(scope.t, context, class, method, count, values);
    sqlite_callback_end(&scope);
}
static void on_step(sqlite3_context *context, int count, sqlite3_value **values) { on_rows(context, count, values, "step"); }
static void on_inverse(sqlite3_context *context, int count, sqlite3_value **values) { on_rows(context, count, values, "inverse"); }

/* Without a row there is no instance, and the result is NULL. */
static void on_value_or_final(sqlite3_context *context, const char *method, bool last) {
    Callback *class = sqlite3_user_data(context), **instance = sqlite3_aggregate_context(context, 0);
    CallbackScope scope;
    if (!instance || !*instance || !sqlite_callback_begin(&scope, class->database))
        return;
    Thread *t = scope.t;
    Value o = (*instance)->callable, result = call_method_0(t, o, str_intern_text(t, method));
    if (absent(result))
        fail_method(t, context, class->callable, method);
    else if (!sqlite_give_result(t, context, result))
        fail(t, context, class->callable, last ? "user-defined aggregate's 'finalize' method raised error"
                                               : "unable to set result from user-defined aggregate's 'value' method");
    if (last)
        sqlite_callback_dead(*instance);
    sqlite_callback_end(&scope);
}
static void on_value(sqlite3_context *context) { on_value_or_final(context, "value", false); }
static void on_final(sqlite3_context *context) { on_value_or_final(context, "finalize", true); }

/* Methods of Connection. The library's functions that take callbacks are called by a running thread: they call nothing. */

static bool check_count(Thread *t, DatabaseObject *d, int count, const char *parameter) {
    int limit = sqlite3_limit(d->library, SQLITE_LIMIT_FUNCTION_ARG, -1);
    if (count >= -1 && count <= limit)
        return true;
    sqlite_raise(t, SQLITE_CLASS_PROGRAMMING, "'%s' must be between -1 and %d, not %d", parameter, limit, count);
    return false;
}

typedef struct Registration {
    const char *name, *parameter, *error; /* error NULL: the library's */
    int count, flags;
    Value callable; /* None: take it away */
    void (*function)(sqlite3_context *, int, sqlite3_value **);
    bool aggregate, window;
} Registration;

static int register_now(sqlite3 *library, const Registration *r, Callback *c) {
    if (r->window)
        return sqlite3_create_window_function(library, r->name, r->count, r->flags, c, c ? on_step : NULL, c ? on_final : NULL,
                                              c ? on_value : NULL, c ? on_inverse : NULL, sqlite_callback_dead);
    return sqlite3_create_function_v2(library, r->name, r->count, r->flags, c, r->aggregate ? NULL : on_function,
                                      r->aggregate ? on_step : NULL, r->aggregate ? on_final : NULL, sqlite_callback_dead);
}

static Value register_locked(Thread *t, DatabaseObject *d, const Registration *r) {
    CHECK(check_count(t, d, r->count, r->parameter));
    Callback *c = NULL;
    if (!r->window || !is_none(r->callable)) {
        c = sqlite_callback_new(t, d, r->callable);
        CHECK(c != NULL);
    }
    if (register_now(d->library, r, c) == SQLITE_OK)
        return NONE;
    return r->error ? sqlite_raise(t, SQLITE_CLASS_OPERATIONAL, "%s", r->error) : sqlite_error(t, d);
}

static Value register_function(Thread *t, Value connection, const Registration *r) {
    DatabaseObject *d = sqlite_connection_enter(t, as_connection(connection));
    CHECK(d != NULL);
    Value result = register_locked(t, d, r);
    sqlite_leave(t, d);
    return result;
}

static bool warn_keywords(Thread *t, Value given, const char *parameters, const char *method) {
    return small_int_value(given) >= 3 ||
           warn(t, &DeprecationWarning_type, 1,
                "Passing keyword arguments %s to _sqlite3.Connection.%s() is deprecated. Parameters %s will become positional-only "
                "in Python 3.15.", parameters, method, parameters);
}

Value sqlite_create_function(Thread *t, Value *args) {
    Registration r = {.parameter = "narg", .error = "Error creating function", .flags = SQLITE_UTF8, .callable = args[3]};
    CHECK(warn_keywords(t, args[5], "'name', 'narg' and 'func'", "create_function"));
    r.name = sqlite_text(t, args[1], "create_function", "argument 'name'");
    int deterministic = r.name && as_c_int(t, args[2], &r.count) ? truth(t, args[4]) : -1;
    CHECK(deterministic >= 0);
    r.flags |= deterministic ? SQLITE_DETERMINISTIC : 0;
    return register_function(t, args[0], &r);
}

Value sqlite_create_aggregate(Thread *t, Value *args) {
    Registration r = {.parameter = "n_arg", .error = "Error creating aggregate", .flags = SQLITE_UTF8, .callable = args[3],
                      .aggregate = true};
    CHECK(warn_keywords(t, args[4], "'name', 'n_arg' and 'aggregate_class'", "create_aggregate"));
    r.name = sqlite_text(t, args[1], "create_aggregate", "argument 'name'");
    CHECK(r.name && as_c_int(t, args[2], &r.count));
    return register_function(t, args[0], &r);
}

Value sqlite_create_window_function(Thread *t, Value *args) {
    Registration r = {.parameter = "num_params", .flags = SQLITE_UTF8, .callable = args[3], .window = true};
    r.name = sqlite_text(t, args[1], "create_window_function", "argument 1");
    CHECK(r.name && as_c_int(t, args[2], &r.count));
    return register_function(t, args[0], &r);
}

/* Collations */

static int sign_of(Thread *t, Value result) {
    Value index = absent(result) ? NO_VALUE : index_of(t, result);
    return absent(index) ? 0 : int_sign(index);
}

static int on_collation(void *user, int size, const void *text, int other_size, const void *other) {
    Callback *callback = user;
    CallbackScope scope;
    if (!sqlite_callback_begin(&scope, callback->database))
        return 0;
    Thread *t = scope.t;
    Value callable = callback->callable, a = str_from_utf8(t, text, (size_t)size);
    Value b = absent(a) ? NO_VALUE : str_from_utf8(t, other, (size_t)other_size);
    int sign = absent(b) ? 0 : sign_of(t, call_2(t, callable, a, b));
    sqlite_forget_error(t, callable);
    sqlite_callback_end(&scope);
    return sign;
}

static Value create_collation_locked(Thread *t, DatabaseObject *d, const char *name, Value callable) {
    Callback *c = NULL;
    if (!is_none(callable)) {
        c = sqlite_callback_new(t, d, callable);
        CHECK(c != NULL);
    }
    int code = sqlite3_create_collation_v2(d->library, name, SQLITE_UTF8, c, c ? on_collation : NULL, sqlite_callback_dead);
    if (code == SQLITE_OK)
        return NONE;
    sqlite_callback_dead(c); /* unlike the other two, this function does not let go of it when it fails */
    return sqlite_error(t, d);
}

Value sqlite_create_collation(Thread *t, Value *args) {
    const char *name = sqlite_text(t, args[1], "create_collation", "argument 1");
    CHECK(name != NULL);
    if (!is_none(args[2]) && !is_callable(args[2]))
        return raise_type_error(t, "parameter must be callable");
    DatabaseObject *d = sqlite_connection_enter(t, as_connection(args[0]));
    CHECK(d != NULL);
    Value result = create_collation_locked(t, d, name, args[2]);
    sqlite_leave(t, d);
    return result;
}
