/* syslog: the C library's functions, which are the process's.
 *
 * Threads: the C library has a lock of its own; that of this file guards the name that it was given, which it does not copy.
 */
#include "modules/os_support.h"
#include "object/audit.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <syslog.h>

static struct {
    Mutex mutex;
    bool open;
    char *ident; /* what the C library has a pointer to */
} shared;

static void lock(Thread *t) {
    if (mutex_try_lock(&shared.mutex))
        return;
    blocking_begin(t);
    mutex_lock(&shared.mutex);
    blocking_end(t);
}

/* The base name of sys.argv[0], or absent without an exception. */
static Value program_name(Thread *t) {
    Value argv = dict_get_text(t, t->isolate->sys_dict, "argv");
    if (absent(argv) || !is_list(argv) || list_length(argv) == 0)
        return NO_VALUE;
    Value name = list_get(argv, 0);
    if (absent(name) || !is_str(name) || str_length(name) == 0)
        return NO_VALUE;
    Value slash = TRY(str_from_text(t, "/"));
    int64_t at = -1;
    for (int64_t next; (next = str_find(t, name, slash, (size_t)(at + 1), str_length(name))) >= 0;) at = next;
    return at < 0 ? name : str_slice(t, name, (size_t)at + 1, str_length(name));
}

static Value raise_null(Thread *t) { return raise_value_error(t, "embedded null character"); }

static bool open_as(Thread *t, Value ident, int64_t option, int64_t facility) {
    size_t length = 0;
    const char *text = present(ident) ? str_utf8(t, ident, &length) : NULL;
    if (present(ident) && !text)
        return false;
    if (text && strlen(text) != length) {
        raise_null(t);
        return false;
    }
    if (!audit(t, "syslog.openlog", 3, present(ident) ? ident : NONE, small_int(option), small_int(facility)))
        return false;
    char *copy = text ? strdup(text) : NULL;
    lock(t);
    bool ok = os_log_open(capabilities(t), copy, (int)option, (int)facility) == 0;
    if (ok) {
        free(shared.ident);
        shared.ident = copy;
        shared.open = true;
    }
    mutex_unlock(&shared.mutex);
    if (!ok) {
        free(copy);
        os_error(t);
    }
    return ok;
}

static bool as_long(Thread *t, Value v, int64_t *out) { return index_as_ssize(t, v, out, false, NULL); }

static Value openlog_function(Thread *t, Value *args) {
    int64_t option, facility;
    if (present(args[0]) && !is_str(args[0]))
        return raise_type_error(t, "openlog() argument 'ident' must be str, not %Y", args[0]);
    CHECK(as_long(t, args[1], &option) && as_long(t, args[2], &facility));
    Value ident = present(args[0]) ? args[0] : program_name(t);
    CHECK(present(ident) || !error_pending(t));
    CHECK(open_as(t, ident, option, facility));
    return NONE;
}

static Value syslog_function(Thread *t, Value *args) {
    size_t count = tuple_length(args[0]), length;
    int64_t priority = LOG_INFO;
    if (count < 1 || count > 2)
        return raise_type_error(t, "syslog.syslog requires 1 to 2 arguments");
    if (count == 2)
        CHECK(as_long(t, tuple_get(args[0], 0), &priority));
    Value message = tuple_get(args[0], count - 1);
    if (!is_str(message))
        return raise_type_error(t, "syslog() argument %d must be str, not %Y", (int)count, message);
    const char *text = str_utf8(t, message, &length);
    CHECK(text);
    if (strlen(text) != length)
        return raise_null(t);
    CHECK(audit(t, "syslog.syslog", 2, small_int(priority), message));
    if (!load_relaxed(&shared.open)) {
        Value ident = program_name(t);
        CHECK((present(ident) || !error_pending(t)) && open_as(t, ident, 0, LOG_USER));
    }
    blocking_begin(t);
    int failed = os_log_write(capabilities(t), (int)priority, text);
    blocking_end(t);
    keep_alive(as_object(message));
    return failed ? os_error(t) : NONE;
}

static Value closelog_function(Thread *t, Value *args) {
    CHECK(audit(t, "syslog.closelog", 0));
    lock(t);
    bool ok = !shared.open || os_log_close(capabilities(t)) == 0;
    if (ok) {
        shared.open = false;
        free(shared.ident);
        shared.ident = NULL;
    }
    mutex_unlock(&shared.mutex);
    return ok ? NONE : os_error(t);
}

static Value setlogmask_function(Thread *t, Value *args) {
    int64_t mask;
    CHECK(as_long(t, args[0], &mask) && audit(t, "syslog.setlogmask", 1, args[0]));
    int before = os_log_mask(capabilities(t), (int)mask);
    return before < 0 ? os_error(t) : small_int(before);
}

static Value mask_function(Thread *t, Value *args) {
    int64_t priority;
    CHECK(as_long(t, args[0], &priority));
    return small_int((int64_t)1 << (priority & 31));
}

static Value upto_function(Thread *t, Value *args) {
    int64_t priority;
    CHECK(as_long(t, args[0], &priority));
    return small_int(((int64_t)1 << ((priority & 31) + 1)) - 1);
}

static const NativeDef functions[] = {
    {"openlog(ident=<unrepresentable>, logoption=0, facility=8)", openlog_function, "Set logging options of subsequent syslog() calls."},
    {"syslog(*args)", syslog_function, "syslog([priority=LOG_INFO,] message)\nSend the string message to the system logger.",
     NATIVE_NO_SIGNATURE},
    {"closelog()", closelog_function, "Reset the syslog module values and call the system library closelog()."},
    {"setlogmask(maskpri, /)", setlogmask_function, "Set the priority mask to maskpri and return the previous mask value."},
    {"LOG_MASK(pri, /)", mask_function, "Calculates the mask for the individual priority pri."},
    {"LOG_UPTO(pri, /)", upto_function, "Calculates the mask for all priorities up to and including pri."},
    {NULL},
};

static bool init(Thread *t, Value module) {
    static const struct { const char *name; int value; } constants[] = {
#define ROW(name) {#name, name}
        ROW(LOG_EMERG), ROW(LOG_ALERT), ROW(LOG_CRIT), ROW(LOG_ERR), ROW(LOG_WARNING), ROW(LOG_NOTICE), ROW(LOG_INFO), ROW(LOG_DEBUG),
        ROW(LOG_PID), ROW(LOG_CONS), ROW(LOG_NDELAY), ROW(LOG_ODELAY), ROW(LOG_NOWAIT), ROW(LOG_PERROR), ROW(LOG_KERN), ROW(LOG_USER),
        ROW(LOG_MAIL), ROW(LOG_DAEMON), ROW(LOG_AUTH), ROW(LOG_LPR), ROW(LOG_SYSLOG), ROW(LOG_CRON), ROW(LOG_UUCP), ROW(LOG_NEWS),
        ROW(LOG_AUTHPRIV), ROW(LOG_FTP), ROW(LOG_LOCAL0), ROW(LOG_LOCAL1), ROW(LOG_LOCAL2), ROW(LOG_LOCAL3), ROW(LOG_LOCAL4),
        ROW(LOG_LOCAL5), ROW(LOG_LOCAL6), ROW(LOG_LOCAL7),
#undef ROW
    };
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (!module_add_int(t, module, constants[i].name, constants[i].value))
            return false;
    return true;
}

NATIVE_MODULE(syslog) = {.name = "syslog", .functions = functions, .init = init};
