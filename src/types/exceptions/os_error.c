/* OSError and its subclasses by errno.
 *
 * Constructing OSError itself with an errno gives an instance of the subclass for it. The file names are taken out of
 * args, so that unpacking args as (errno, strerror) keeps working.
 * Threads: as BaseException.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <errno.h>

static OSErrorObject *as_os_error(Value v) { return (OSErrorObject *)v.bits; }

static void os_error_trace(Tracer *tracer, Object *o) {
    OSErrorObject *e = (OSErrorObject *)o;
    exception_trace(tracer, o);
    trace_values(tracer, &e->error_number, 5);
}

Type *errno_exception_type(int error) {
    switch (error) {
    case EAGAIN: case EALREADY: case EINPROGRESS:
#if EWOULDBLOCK != EAGAIN
    case EWOULDBLOCK:
#endif
        return &BlockingIOError_type;
    case EPIPE: case ESHUTDOWN: return &BrokenPipeError_type;
    case ECHILD: return &ChildProcessError_type;
    case ECONNABORTED: return &ConnectionAbortedError_type;
    case ECONNREFUSED: return &ConnectionRefusedError_type;
    case ECONNRESET: return &ConnectionResetError_type;
    case EEXIST: return &FileExistsError_type;
    case ENOENT: return &FileNotFoundError_type;
    case EISDIR: return &IsADirectoryError_type;
    case ENOTDIR: return &NotADirectoryError_type;
    case EINTR: return &InterruptedError_type;
    case EACCES: case EPERM: return &PermissionError_type;
    case ESRCH: return &ProcessLookupError_type;
    case ETIMEDOUT: return &TimeoutError_type;
    default: return &OSError_type;
    }
}

/* The function that a name of the type's method resolution order leads to, for telling whether it is ours. */
static bool inherits(Type *type, Value name) { return same(type_lookup(type, name), type_lookup(&OSError_type, name)); }

/* A subclass with its own __init__ and our __new__ decides there what the arguments mean. */
static bool parses_in_init(Type *type) { return !inherits(type, names.__init__) && inherits(type, names.__new__); }

static void set_fields(Thread *t, Value self, Value args_tuple) {
    OSErrorObject *e = as_os_error(self);
    Value *items = as_tuple(args_tuple)->items;
    size_t n = tuple_length(args_tuple);
    if (n >= 2 && n <= 5) {
        store(e, &e->error_number, items[0]);
        store(e, &e->strerror, items[1]);
    }
    if (n < 3 || n > 5 || is_none(items[2]))
        return;
    if (type_of(self) == &BlockingIOError_type && (is_int(items[2]) || type_slot(type_of(items[2]), SLOT___index__))) {
        store(e, &e->characters_written, items[2]);
        return;
    }
    store(e, &e->filename, items[2]);
    if (n == 5 && !is_none(items[4]))
        store(e, &e->filename2, items[4]);
}

static bool initialize(Thread *t, Value self, Value args_tuple) {
    size_t n = tuple_length(args_tuple);
    set_fields(t, self, args_tuple);
    if (n > 2 && n <= 5 && present(load(&as_os_error(self)->filename))) {
        args_tuple = tuple_slice(t, args_tuple, 0, 2);
        if (absent(args_tuple))
            return false;
    }
    store(as_object(self), &as_exception(self)->args, args_tuple);
    return true;
}

static bool check_keywords(Thread *t, Type *type, Value kwargs) {
    if (absent(kwargs) || dict_length(kwargs) == 0)
        return true;
    raise_type_error(t, "%N() takes no keyword arguments", type);
    return false;
}

static Value os_error_new(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    if (parses_in_init(type))
        return exception_allocate(t, type, empty_tuple);
    CHECK(check_keywords(t, type, args[2]));
    size_t n = tuple_length(args[1]);
    int64_t error;
    if (type == &OSError_type && n >= 2 && n <= 5 && is_int(tuple_get(args[1], 0)) &&
        int_to_i64(tuple_get(args[1], 0), &error) && error == (int)error)
        type = errno_exception_type((int)error);
    Value self = TRY(exception_allocate(t, type, empty_tuple));
    CHECK(initialize(t, self, args[1]));
    return self;
}

static Value os_error_init(Thread *t, Value *args) {
    if (!parses_in_init(type_of(args[0])))
        return NONE;
    CHECK(check_keywords(t, type_of(args[0]), args[2]));
    CHECK(initialize(t, args[0], args[1]));
    return NONE;
}

static Value or_none(Value v) { return present(v) ? v : NONE; }

static Value os_error_str(Thread *t, Value *args) {
    OSErrorObject *e = as_os_error(args[0]);
    Value file = load(&e->filename), file2 = load(&e->filename2), number = load(&e->error_number), text = load(&e->strerror);
    if (present(file) && present(file2))
        return format_text(t, "[Errno %S] %S: %R -> %R", or_none(number), or_none(text), file, file2);
    if (present(file))
        return format_text(t, "[Errno %S] %S: %R", or_none(number), or_none(text), file);
    if (present(number) && present(text))
        return format_text(t, "[Errno %S] %S", number, text);
    return exception_str(t, args);
}

static Value os_error_reduce(Thread *t, Value *args) {
    OSErrorObject *e = as_os_error(args[0]);
    Value tuple = load(&e->base.args), type = from_object(type_of(args[0]));
    if (tuple_length(tuple) == 2 && present(load(&e->filename))) {
        Value a = tuple_get(tuple, 0), b = tuple_get(tuple, 1);
        tuple = TRY(present(e->filename2) ? tuple_pack(t, 5, a, b, e->filename, NONE, e->filename2)
                                          : tuple_pack(t, 3, a, b, e->filename));
    }
    if (instance_attribute_count(as_object(args[0])) == 0)
        return tuple_pack(t, 2, type, tuple);
    return tuple_pack(t, 3, type, tuple, TRY(instance_dict(t, as_object(args[0]))));
}

static Value get_characters_written(Thread *t, Value *args) {
    Value n = load(&as_os_error(args[0])->characters_written);
    if (absent(n))
        return raise_attribute_error(t, args[0], names.characters_written, "characters_written");
    return n;
}

static Value set_characters_written(Thread *t, Value *args) {
    OSErrorObject *e = as_os_error(args[0]);
    if (absent(args[1])) {
        TRY(get_characters_written(t, args));
        store(e, &e->characters_written, NO_VALUE);
        return NONE;
    }
    int64_t n;
    CHECK(index_as_ssize(t, args[1], &n, false, &ValueError_type));
    store(e, &e->characters_written, int_from(t, n));
    return NONE;
}

static const NativeDef os_error_methods[] = {
    {"__new__(type, *args, **kwargs)", os_error_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, *args, **kwargs)", os_error_init, NULL, NATIVE_LAZY_KEYWORDS},
    {"__str__(self, /)", os_error_str, NULL, 0},
    {"__reduce__(self, /)", os_error_reduce, NULL, 0},
    {},
};
static const MemberDef os_error_members[] = {
    {"errno", MEMBER_VALUE, offsetof(OSErrorObject, error_number), false, "the system's error number"},
    {"strerror", MEMBER_VALUE, offsetof(OSErrorObject, strerror), false, "its text"},
    {"filename", MEMBER_VALUE, offsetof(OSErrorObject, filename), false, "the file"},
    {"filename2", MEMBER_VALUE, offsetof(OSErrorObject, filename2), false, "the second file"},
    {},
};
static const GetSetDef os_error_getset[] = {
    {"characters_written", get_characters_written, set_characters_written, NULL},
    {},
};

#define OS_ERROR(name, base, text, ...)                                                                         \
    STATIC_TYPE(name##_type) = {                                                                                \
        STATIC_TYPE_HEAD(os_error_trace, NULL),                                                                 \
        .name_text = #name,                                                                                     \
        .doc = text,                                                                                            \
        .base_static = &base##_type,                                                                            \
        .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_EXCEPTION,                                                    \
        .instance_size = sizeof(OSErrorObject),                                                                 \
        __VA_ARGS__};

OS_ERROR(OSError, Exception, "The operating system refused.", .methods = os_error_methods, .members = os_error_members,
         .getset = os_error_getset)
OS_ERROR(BlockingIOError, OSError, "The operation would block.")
OS_ERROR(ChildProcessError, OSError, "An operation on a child process failed.")
OS_ERROR(ConnectionError, OSError, "The root of errors of connections.")
OS_ERROR(FileExistsError, OSError, "The file exists already.")
OS_ERROR(FileNotFoundError, OSError, "There is no such file.")
OS_ERROR(InterruptedError, OSError, "A signal interrupted the call.")
OS_ERROR(IsADirectoryError, OSError, "The operation does not work on directories.")
OS_ERROR(NotADirectoryError, OSError, "The operation works on directories only.")
OS_ERROR(PermissionError, OSError, "The permission for it is missing.")
OS_ERROR(ProcessLookupError, OSError, "There is no such process.")
OS_ERROR(TimeoutError, OSError, "The time ran out.")
OS_ERROR(BrokenPipeError, ConnectionError, "Nobody reads at the other end.")
OS_ERROR(ConnectionAbortedError, ConnectionError, "The peer aborted the connection.")
OS_ERROR(ConnectionRefusedError, ConnectionError, "The peer refused the connection.")
OS_ERROR(ConnectionResetError, ConnectionError, "The peer reset the connection.")
#undef OS_ERROR
