/* sys: displayhook, excepthook, unraisablehook, breakpointhook, exception state, audit hooks, exit.
 *
 * Threads: exception state is the thread's own.
 */
#include "modules/sys/sys.h"
#include "object/audit.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>

static Value stream(Thread *t, Value name) {
    Value s = dict_get_str(t->isolate->sys_dict, name);
    return present(s) ? s : NONE;
}

/* The text of a value for a stream that may not be able to encode it. */
static Value displayable(Thread *t, Value text, Value out) {
    Value encoding = find_attribute(t, out, names.encoding);
    if (absent(encoding) || !is_str(encoding)) {
        error_clear(t);
        return text;
    }
    const char *name = str_utf8(t, encoding, NULL);
    Value bytes = name ? str_encode(t, text, name, "backslashreplace") : NO_VALUE;
    if (absent(bytes))
        return NO_VALUE;
    return call_method_2(t, bytes, names.decode, encoding, names.strict);
}

static Value sys_displayhook(Thread *t, Value *args) {
    if (is_none(args[0]))
        return NONE;
    Value builtins = t->isolate->builtins, underscore = TRY(str_intern_text(t, "_"));
    CHECK(dict_set(t, builtins, underscore, NONE));
    Value out = stream(t, names.stdout);
    if (is_none(out))
        return raise_error(t, &RuntimeError_type, "lost sys.stdout");
    Value text = TRY(repr(t, args[0]));
    if (absent(call_method_1(t, out, names.write, text))) {
        CHECK(error_catch(t, &UnicodeEncodeError_type));
        TRY(call_method_1(t, out, names.write, TRY(displayable(t, text, out))));
    }
    TRY(call_method_1(t, out, names.write, TRY(str_from_char(t, '\n'))));
    CHECK(dict_set(t, builtins, underscore, args[0]));
    return NONE;
}

/* The traceback module prints, as in CPython; without it, the last line alone. */
static Value print_plainly(Thread *t, Value exception) {
    Value out = stream(t, names.stderr);
    if (is_none(out))
        return NONE;
    Value text = TRY(to_str(t, exception));
    Value name = TRY(type_qualified_name(t, type_of(exception)));
    Value line = str_length(text) ? TRY(format_text(t, "%S: %S\n", name, text)) : TRY(format_text(t, "%S\n", name));
    return call_method_1(t, out, names.write, line);
}

static Value sys_excepthook(Thread *t, Value *args) {
    Value exception = args[1];
    if (present(dict_get_str(t->isolate->sys_dict, names.stderr)) && is_none(stream(t, names.stderr)))
        return NONE;
    if (!is_exception(exception)) {
        Value out = stream(t, names.stderr);
        if (is_none(out))
            return NONE;
        return call_method_1(t, out, names.write,
                             TRY(format_text(t, "TypeError: print_exception(): Exception expected for value, %T found\n",
                                             exception)));
    }
    if (!is_none(args[2]) && absent(load(&as_exception(exception)->traceback)))
        exception_set_traceback(exception, args[2]);
    Value traceback = import_module(t, "traceback");
    Value print = absent(traceback) ? traceback : get_attribute_text(t, traceback, "_print_exception_bltin");
    if (present(print) && present(call_1(t, print, exception)))
        return NONE;
    error_clear(t);
    TRY(print_plainly(t, exception));
    return NONE;
}

static Value write_to(Thread *t, Value out, Value text) { return call_method_1(t, out, names.write, text); }

/* "Exception ignored in: <object>" and a traceback, on stderr. */
static Value sys_unraisablehook(Thread *t, Value *args) {
    Value u = args[0], out = stream(t, names.stderr);
    if (is_none(out))
        return NONE;
    Value message = TRY(get_attribute_text(t, u, "err_msg")), object = TRY(get_attribute(t, u, names.object));
    Value exception = TRY(get_attribute(t, u, names.exc_value)), type = TRY(get_attribute(t, u, names.exc_type));
    if (!is_none(object)) {
        Value shown = repr(t, object);
        if (absent(shown)) {
            error_clear(t);
            shown = TRY(str_from_text(t, "<object repr() failed>"));
        }
        TRY(write_to(t, out, TRY(is_none(message) ? format_text(t, "Exception ignored in: %S\n", shown)
                                                  : format_text(t, "%S: %S\n", message, shown))));
    } else if (!is_none(message)) {
        TRY(write_to(t, out, TRY(format_text(t, "%S:\n", message))));
    }
    if (is_none(type))
        return NONE;
    if (is_exception(exception))
        TRY(write_plain_traceback(t, out, exception, TRY(get_attribute(t, u, names.exc_traceback))));
    TRY(call_method_0(t, out, names.flush));
    return NONE;
}

static const StructSequenceField unraisable_fields[] = {
    {"exc_type", "Exception type"},
    {"exc_value", "Exception value"},
    {"exc_traceback", "Exception traceback"},
    {"err_msg", "Error message"},
    {"object", "Object causing the exception"},
    {0},
};

static Value handled(Thread *t) { return absent(t->handled) ? NONE : t->handled; }

static Value sys_exception(Thread *t, Value *args) { return handled(t); }

static Value sys_exc_info(Thread *t, Value *args) {
    Value e = handled(t);
    if (is_none(e))
        return tuple_pack(t, 3, NONE, NONE, NONE);
    Value traceback = load(&as_exception(e)->traceback);
    return tuple_pack(t, 3, from_object(type_of(e)), e, absent(traceback) ? NONE : traceback);
}

static Value sys_exit(Thread *t, Value *args) {
    Value status = absent(args[0]) ? NONE : args[0];
    if (is_exactly(status, &tuple_type)) {
        Value e = TRY(call_tuple(t, from_object(&SystemExit_type), status, NO_VALUE));
        return raise_exception(t, e);
    }
    return raise_with_args(t, &SystemExit_type, is_none(status) ? 0 : 1, &status);
}

/* breakpoint(): PYTHONBREAKPOINT names a callable; empty: pdb.set_trace; "0": nothing. */
static Value sys_breakpointhook(Thread *t, Value *args) {
    const char *wanted = config(t)->ignore_environment ? NULL : getenv("PYTHONBREAKPOINT");
    if (!wanted || !*wanted)
        wanted = "pdb.set_trace";
    if (strcmp(wanted, "0") == 0)
        return NONE;
    const char *dot = strrchr(wanted, '.');
    char module[256];
    snprintf(module, sizeof module, "%.*s", dot ? (int)(dot - wanted) : 8, dot ? wanted : "builtins");
    Value m = dot == wanted ? raise_error(t, &ImportError_type, "no module name") : import_module(t, module);
    Value hook = absent(m) ? m : get_attribute_text(t, m, dot ? dot + 1 : wanted);
    if (absent(hook)) {
        if (!error_matches(t, &ImportError_type) && !error_matches(t, &AttributeError_type))
            return NO_VALUE;
        error_clear(t);
        CHECK(warn(t, &RuntimeWarning_type, 1, "Ignoring unimportable $PYTHONBREAKPOINT: \"%s\"", wanted));
        return NONE;
    }
    return call_tuple(t, hook, args[0], args[1]);
}

static Value sys_audit(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "expected str for argument 'event', not %T", args[0]);
    return audit_tuple(t, args[0], args[1]) ? NONE : NO_VALUE;
}

static Value sys_addaudithook(Thread *t, Value *args) {
    if (!audit(t, "sys.addaudithook", 0)) {
        /* A hook may keep further ones out by raising RuntimeError. */
        return error_catch(t, &RuntimeError_type) ? NONE : NO_VALUE;
    }
    return audit_add_hook(t, args[0]) ? NONE : NO_VALUE;
}

Value sys_unraisable_args_type(Thread *t) {
    return struct_sequence_type(t, "UnraisableHookArgs",
                                "UnraisableHookArgs\n\nType used to pass arguments to sys.unraisablehook.", unraisable_fields, 5);
}

const NativeDef sys_hook_functions[] = {
    {"displayhook(object, /)", sys_displayhook, "Print an object to sys.stdout and also save it in builtins._"},
    {"excepthook(exctype, value, traceback, /)", sys_excepthook,
     "Handle an exception by displaying it with a traceback on sys.stderr."},
    {"unraisablehook(unraisable, /)", sys_unraisablehook,
     "Handle an unraisable exception.\n\nThe unraisable argument has the following attributes:\n\n* exc_type: Exception type.\n* "
     "exc_value: Exception value, can be None.\n* exc_traceback: Exception traceback, can be None.\n* err_msg: Error message, can "
     "be None.\n* object: Object causing the exception, can be None."},
    {"breakpointhook(*args, **kwargs)", sys_breakpointhook, "This hook function is called by built-in breakpoint()."},
    {"exception()", sys_exception,
     "Return the current exception.\n\nReturn the most recent exception caught by an except clause\nin the current stack frame or "
     "in an older stack frame, or None\nif no such clause exists."},
    {"exc_info()", sys_exc_info,
     "Return current exception information: (type, value, traceback).\n\nReturn information about the most recent exception "
     "caught by an except\nclause in the current stack frame or in an older stack frame."},
    {"exit(status=None, /)", sys_exit,
     "Exit the interpreter by raising SystemExit(status).\n\nIf the status is omitted or None, it defaults to zero (i.e., "
     "success).\nIf the status is an integer, it will be used as the system exit status.\nIf it is another kind of object, it "
     "will be printed and the system\nexit status will be one (i.e., failure)."},
    {"audit(event, /, *args)", sys_audit, "Passes the event to any hooks that are attached."},
    {"addaudithook(hook)", sys_addaudithook, "Adds a new audit hook callback."},
    {0},
};
