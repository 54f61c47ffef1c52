/* The exceptions that differ from their base only in name, and KeyError.
 *
 * Threads: as BaseException.
 */
#include "object/operators.h"
#include "object/thread.h"
#include "types/exceptions/exceptions.h"
#include "types/str/str.h"
#include "types/tuple.h"

/* A class of its own name only; `layout` is the struct that its base uses. */
#define PLAIN(name, base, layout, tracer, text)                                                                 \
    STATIC_TYPE(name##_type) = {                                                                                \
        STATIC_TYPE_HEAD(tracer, NULL),                                                                         \
        .name_text = #name,                                                                                     \
        .doc = text,                                                                                            \
        .base_static = &base##_type,                                                                            \
        .methods = plain_methods,                                                                               \
        .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_EXCEPTION,                                                    \
        .instance_size = sizeof(layout),                                                                        \
    };
#define SIMPLE(name, base, text) PLAIN(name, base, ExceptionObject, exception_trace, text)

/* Direct construction skips the base's __new__ in the method resolution order. */
static const NativeDef plain_methods[] = {
    {"__new__(type, *args, **kwargs)", exception_plain_new, NULL, NATIVE_LAZY_KEYWORDS},
    {},
};

SIMPLE(Exception, BaseException, "The root of all exceptions that do not mean to end the program.")
SIMPLE(GeneratorExit, BaseException, "Asks a generator to finish.")
SIMPLE(KeyboardInterrupt, BaseException, "The user interrupted the program.")
SIMPLE(ArithmeticError, Exception, "The root of arithmetic errors.")
SIMPLE(AssertionError, Exception, "An assertion does not hold.")
SIMPLE(BufferError, Exception, "An operation on a buffer is not possible.")
SIMPLE(EOFError, Exception, "Input ended before anything was read.")
SIMPLE(LookupError, Exception, "The root of errors about keys and indexes.")
SIMPLE(MemoryError, Exception, "There is no memory left.")
SIMPLE(ReferenceError, Exception, "A weak proxy was used after its referent had died.")
SIMPLE(RuntimeError, Exception, "An error that fits no other class.")
SIMPLE(StopAsyncIteration, Exception, "The end of an asynchronous iterator.")
SIMPLE(SystemError, Exception, "An error inside the interpreter.")
SIMPLE(TypeError, Exception, "An argument has a type that does not fit.")
SIMPLE(ValueError, Exception, "An argument has the right type and a value that does not fit.")
SIMPLE(Warning, Exception, "The root of warning categories.")
SIMPLE(FloatingPointError, ArithmeticError, "A floating-point operation failed.")
SIMPLE(OverflowError, ArithmeticError, "A result is too large to be represented.")
SIMPLE(ZeroDivisionError, ArithmeticError, "The divisor is zero.")
SIMPLE(BytesWarning, Warning, "Warns of mixing bytes and str, for option -b.")
SIMPLE(DeprecationWarning, Warning, "Warns developers of features that will go away.")
SIMPLE(EncodingWarning, Warning, "Warns of an encoding that depends on the locale.")
SIMPLE(FutureWarning, Warning, "Warns users of features whose meaning will change.")
SIMPLE(ImportWarning, Warning, "Warns of probable mistakes in imports.")
SIMPLE(PendingDeprecationWarning, Warning, "Warns of features that will be deprecated.")
SIMPLE(ResourceWarning, Warning, "Warns of resources that were not released.")
SIMPLE(RuntimeWarning, Warning, "Warns of dubious behaviour while running.")
SIMPLE(SyntaxWarning, Warning, "Warns of dubious syntax.")
SIMPLE(UnicodeWarning, Warning, "Warns of problems with Unicode.")
SIMPLE(UserWarning, Warning, "The category of warnings that programs issue by default.")
SIMPLE(IndexError, LookupError, "A sequence has no item at the index.")
SIMPLE(NotImplementedError, RuntimeError, "The operation is left to be implemented.")
SIMPLE(PythonFinalizationError, RuntimeError, "The operation is not possible while the interpreter ends.")
SIMPLE(RecursionError, RuntimeError, "Calls are nested too deeply.")
SIMPLE(UnicodeError, ValueError, "The root of errors of encoding and decoding.")

/* A single key is shown as repr: str('') would show nothing at all. */
static Value key_error_str(Thread *t, Value *args) {
    Value tuple = load(&as_exception(args[0])->args);
    return tuple_length(tuple) == 1 ? repr(t, tuple_get(tuple, 0)) : exception_str(t, args);
}

static const NativeDef key_error_methods[] = {
    {"__str__(self, /)", key_error_str, NULL, 0},
    {},
};

STATIC_TYPE(KeyError_type) = {
    STATIC_TYPE_HEAD(exception_trace, NULL),
    .name_text = "KeyError",
    .doc = "A mapping has no such key.",
    .base_static = &LookupError_type,
    .methods = key_error_methods,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_EXCEPTION,
    .instance_size = sizeof(ExceptionObject),
};
#undef SIMPLE
#undef PLAIN
