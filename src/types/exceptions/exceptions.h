/* Layouts of the built-in exceptions and what C code does with them.
 *
 * All fields of an exception are words; absent reads as None. They are written by Python code under no lock:
 * each field is one word, so a reader sees an old or a new value.
 */
#pragma once
#include "object/errors.h"
#include "object/object.h"
#include "object/thread.h"

typedef struct ExceptionObject {
    Object object;
    Value args; /* tuple */
    Value traceback, context, cause; /* absent: None */
    bool suppress_context;
} ExceptionObject;

Value exception_plain_new(Thread *t, Value *args); /* the __new__ of those that are nothing but their arguments */
static inline ExceptionObject *as_exception(Value v) { return (ExceptionObject *)v.bits; }

/* Made when an isolate is; lies outside the heap, its fields are roots. NULL: no memory. */
ExceptionObject *last_memory_error_new(void);
void last_memory_error_trace(Tracer *tracer, Isolate *isolate);

typedef struct StopIterationObject {
    ExceptionObject base;
    Value value;
} StopIterationObject;

typedef struct SystemExitObject {
    ExceptionObject base;
    Value code;
} SystemExitObject;

typedef struct ImportErrorObject {
    ExceptionObject base;
    Value msg, name, path, name_from;
} ImportErrorObject;

typedef struct OSErrorObject {
    ExceptionObject base;
    Value error_number, strerror, filename, filename2, characters_written;
} OSErrorObject;

typedef struct SyntaxErrorObject {
    ExceptionObject base;
    Value msg, filename, lineno, offset, end_lineno, end_offset, text, print_file_and_line, metadata;
} SyntaxErrorObject;

typedef struct NameErrorObject {
    ExceptionObject base;
    Value name;
} NameErrorObject;

typedef struct AttributeErrorObject {
    ExceptionObject base;
    Value obj, name;
} AttributeErrorObject;

typedef struct UnicodeErrorObject {
    ExceptionObject base;
    Value encoding, object, reason;
    int64_t start, end;
} UnicodeErrorObject;

typedef struct ExceptionGroupObject {
    ExceptionObject base;
    Value message, exceptions; /* str, tuple */
    Value exceptions_text;     /* repr() of the sequence given, when it was not a list or tuple */
} ExceptionGroupObject;

/* A new instance of a built-in exception class, args as given. */
Value exception_new(Thread *t, Type *type, size_t count, const Value *args);
/* Makes an instance from what `raise` was given: a class is called, an instance stays. TypeError otherwise. */
Value exception_normalize(Thread *t, Value class_or_instance);
void exception_set_context(Thread *t, Value exception, Value context); /* breaks cycles */
void exception_set_cause(Thread *t, Value exception, Value cause);     /* cause: exception or None */
void exception_set_traceback(Value exception, Value traceback);
/* StopIteration's value, None for none. */
Value stop_iteration_value(Value exception);
Value unicode_decode_error(Thread *t, const char *encoding, const char *bytes, size_t length, size_t start, size_t end,
                           const char *reason); /* a new exception, not raised */
Value unicode_encode_error(Thread *t, const char *encoding, Value str, size_t start, size_t end, const char *reason);
Value exception_group_new(Thread *t, Value message, Value exceptions); /* BaseExceptionGroup(...) */
/* except*: *match and *rest are groups, or None. The exception may be a plain one: it is wrapped. false: error. */
bool exception_group_match(Thread *t, Value exception, Value types, Value *match, Value *rest);
/* What to raise at the end of except* clauses: from the original and the list of raised and reraised ones. */
Value exception_group_prepare_reraise(Thread *t, Value original, Value list);
Type *errno_exception_type(int error); /* the OSError subclass for an errno */
Value exception_group_class(Thread *t); /* ExceptionGroup, which has two bases and so is made at start-up */
/* Makes a MemoryError pending without allocating; heap_hooks.no_memory. */
void memory_error_raise(Thread *t);
/* exc.add_note(text) */
bool exception_add_note(Thread *t, Value exception, Value text);

/* Shared by the types' files. */
void exception_trace(Tracer *tracer, Object *o);
/* Sets args; the common part of every __new__ and __init__. */
Value exception_allocate(Thread *t, Type *type, Value args_tuple);
Value exception_str(Thread *t, Value *args);
Value exception_reduce_with(Thread *t, Value self, Value state); /* (type, args[, state]); state absent: none */
