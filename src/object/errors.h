/* Exceptions as C code sees them: t->exception is the pending one.
 *
 * Formats: %s C string (UTF-8), %.Ns, %c, %d, %u, %x, %zd, %zu, %ld, %lld, %%, and for a Value argument
 * %R its repr, %S its str, %A its ascii, %T the name of its type (CPython's %T without module: tp_name's last
 * part as in messages like "'list' object"), %N for a Type* argument: its name,
 * %Y as %T, but "None" for None: in messages about a function's argument.
 */
#pragma once
#include "object/object.h"

#include <stdarg.h>

#define EXCEPTION(name, base) extern Type name##_type;
#include "object/exceptions.def"
#undef EXCEPTION

/* A NULL format: without arguments. Each makes the exception pending, with the exception being handled as its context, and returns NO_VALUE. */
Value raise_error(Thread *t, Type *type, const char *format, ...);
Value raise_type_error(Thread *t, const char *format, ...);
Value raise_value_error(Thread *t, const char *format, ...);
Value raise_index_error(Thread *t, const char *format, ...);
Value raise_attribute_error(Thread *t, Value object, Value name, const char *format, ...);
Value raise_overflow_error(Thread *t, const char *format, ...);
Value raise_key_error(Thread *t, Value key);
Value raise_stop_iteration(Thread *t, Value value); /* value absent: none */
Value raise_no_memory(Thread *t);
Value raise_system_error(Thread *t, const char *format, ...);
Value raise_not_implemented(Thread *t, const char *what); /* NotImplementedError naming the missing feature */
/* OSError (its subclass by errno), strerror text, and up to two file names (may be absent). */
Value raise_errno(Thread *t, int error, Value filename, Value filename2);
Value raise_exception(Thread *t, Value exception); /* an instance or a class, sets __context__ */
/* Several arguments: type(*args). */
Value raise_with_args(Thread *t, Type *type, size_t count, const Value *args);

Value format_text(Thread *t, const char *format, ...); /* a str by the same formats */
Value format_text_list(Thread *t, const char *format, va_list list);

static inline bool error_pending(Thread *t);
Value error_take(Thread *t);            /* the pending exception, no longer pending; absent if none */
void error_restore(Thread *t, Value e); /* makes it pending again, as it is (no context added) */
void error_clear(Thread *t);
void error_describe(Thread *t, char *text, size_t size); /* the pending exception, taken: "Type: message" in UTF-8 */
bool error_matches(Thread *t, Type *type); /* is the pending exception an instance? */
/* Adds a note to the pending exception, which stays pending; another one takes its place if that fails. */
void error_add_note(Thread *t, const char *format, ...);
/* Clears it if it is one: the usual way to give AttributeError, StopIteration, KeyError a meaning. */
bool error_catch(Thread *t, Type *type);
/* sys.unraisablehook for the pending exception, then clears it. */
void error_write_unraisable(Thread *t, const char *message, Value object);

/* Warnings: false if the filter made it an exception. */
[[nodiscard]] bool warn(Thread *t, Type *category, int stack_level, const char *format, ...);
/* For finalizers: the ResourceWarning "unclosed SHOWN", written as unraisable where the filter makes it an exception. What else
 * goes wrong is ignored: at exit a repr may find its module emptied. An exception pending before is pending afterwards. */
void warn_unclosed(Thread *t, const char *unclosed, Value shown, const char *unraisable, Value self);
