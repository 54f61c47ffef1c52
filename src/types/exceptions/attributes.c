/* Exceptions with attributes of their own: StopIteration, SystemExit, ImportError, NameError, AttributeError and
 * SyntaxError with their subclasses.
 *
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

#define FLAGS (TYPE_BASE | TYPE_HAS_DICT | TYPE_EXCEPTION)

/* All fields after the common part are Values. */
#define TRACER(function, layout)                                                                                \
    static void function(Tracer *tracer, Object *o) {                                                           \
        exception_trace(tracer, o);                                                                             \
        trace_values(tracer, (Value *)((ExceptionObject *)o + 1),                                               \
                     (sizeof(layout) - sizeof(ExceptionObject)) / sizeof(Value));                               \
    }
#define SUBCLASS(name, base, layout, tracer, text)                                                              \
    STATIC_TYPE(name##_type) = {                                                                                \
        STATIC_TYPE_HEAD(tracer, NULL),                                                                         \
        .name_text = #name,                                                                                     \
        .doc = text,                                                                                            \
        .base_static = &base##_type,                                                                            \
        .flags = FLAGS,                                                                                         \
        .instance_size = sizeof(layout),                                                                        \
    };

static bool set_args(Thread *t, Value self, Value args_tuple) {
    store(as_object(self), &as_exception(self)->args, args_tuple);
    return true;
}

static Value no_keywords(Thread *t, Value self) {
    return raise_type_error(t, "%T() takes no keyword arguments", self);
}

static void store_in(Value self, Value *field, Value v) { store(as_object(self), field, v); }

/* StopIteration */

TRACER(stop_iteration_trace, StopIterationObject)

static StopIterationObject *as_stop(Value v) { return (StopIterationObject *)v.bits; }

Value stop_iteration_value(Value e) {
    Value v = load(&as_stop(e)->value);
    return present(v) ? v : NONE;
}

static Value stop_iteration_init(Thread *t, Value *args) {
    if (present(args[2]) && dict_length(args[2]))
        return no_keywords(t, args[0]);
    set_args(t, args[0], args[1]);
    store_in(args[0], &as_stop(args[0])->value, tuple_length(args[1]) ? tuple_get(args[1], 0) : NONE);
    return NONE;
}

static const NativeDef stop_iteration_methods[] = {
    {"__init__(self, *args, **kwargs)", stop_iteration_init, NULL, NATIVE_LAZY_KEYWORDS},
    {},
};
static const MemberDef stop_iteration_members[] = {
    {"value", MEMBER_VALUE, offsetof(StopIterationObject, value), false, "what a generator returned"},
    {},
};
STATIC_TYPE(StopIteration_type) = {
    STATIC_TYPE_HEAD(stop_iteration_trace, NULL),
    .name_text = "StopIteration",
    .doc = "The end of an iterator.",
    .base_static = &Exception_type,
    .methods = stop_iteration_methods,
    .members = stop_iteration_members,
    .flags = FLAGS,
    .instance_size = sizeof(StopIterationObject),
};

/* SystemExit */

TRACER(system_exit_trace, SystemExitObject)

static Value system_exit_init(Thread *t, Value *args) {
    if (present(args[2]) && dict_length(args[2]))
        return no_keywords(t, args[0]);
    set_args(t, args[0], args[1]);
    Value *code = &((SystemExitObject *)as_object(args[0]))->code;
    if (tuple_length(args[1]) != 0)
        store_in(args[0], code, tuple_length(args[1]) == 1 ? tuple_get(args[1], 0) : args[1]);
    return NONE;
}

static const NativeDef system_exit_methods[] = {
    {"__init__(self, *args, **kwargs)", system_exit_init, NULL, NATIVE_LAZY_KEYWORDS},
    {},
};
static const MemberDef system_exit_members[] = {
    {"code", MEMBER_VALUE, offsetof(SystemExitObject, code), false, "the exit status"},
    {},
};
STATIC_TYPE(SystemExit_type) = {
    STATIC_TYPE_HEAD(system_exit_trace, NULL),
    .name_text = "SystemExit",
    .doc = "Ends the program.",
    .base_static = &BaseException_type,
    .methods = system_exit_methods,
    .members = system_exit_members,
    .flags = FLAGS,
    .instance_size = sizeof(SystemExitObject),
};

/* ImportError */

TRACER(import_error_trace, ImportErrorObject)

static ImportErrorObject *as_import_error(Value v) { return (ImportErrorObject *)v.bits; }

static Value import_error_init(Thread *t, Value *args) {
    ImportErrorObject *e = as_import_error(args[0]);
    set_args(t, args[0], args[1]);
    store_in(args[0], &e->name, args[2]);
    store_in(args[0], &e->path, args[3]);
    store_in(args[0], &e->name_from, args[4]);
    store_in(args[0], &e->msg, tuple_length(args[1]) == 1 ? tuple_get(args[1], 0) : NO_VALUE);
    return NONE;
}

static Value import_error_str(Thread *t, Value *args) {
    Value msg = load(&as_import_error(args[0])->msg);
    return present(msg) && is_exactly(msg, &str_type) ? msg : exception_str(t, args);
}

static bool add_state(Thread *t, Value *state, const char *name, Value v) {
    if (absent(v))
        return true;
    if (absent(*state) && absent(*state = dict_new(t)))
        return false;
    return dict_set_text(t, *state, name, v);
}

/* A copy of the instance's dict, absent without exception if that has nothing. */
static bool dict_state(Thread *t, Value self, Value *state) {
    *state = NO_VALUE;
    if (instance_attribute_count(as_object(self)) == 0)
        return true;
    *state = instance_dict_copy(t, as_object(self));
    return present(*state);
}

static Value import_error_reduce(Thread *t, Value *args) {
    ImportErrorObject *e = as_import_error(args[0]);
    Value state;
    CHECK(dict_state(t, args[0], &state));
    CHECK(add_state(t, &state, "name", e->name));
    CHECK(add_state(t, &state, "path", e->path));
    CHECK(add_state(t, &state, "name_from", e->name_from));
    return exception_reduce_with(t, args[0], state);
}

static const NativeDef import_error_methods[] = {
    {"__init__(self, *args, name=<unrepresentable>, path=<unrepresentable>, name_from=<unrepresentable>)",
     import_error_init, NULL, NATIVE_NO_SIGNATURE},
    {"__str__(self, /)", import_error_str, NULL, 0},
    {"__reduce__(self, /)", import_error_reduce, NULL, 0},
    {},
};
static const MemberDef import_error_members[] = {
    {"msg", MEMBER_VALUE, offsetof(ImportErrorObject, msg), false, "the message"},
    {"name", MEMBER_VALUE, offsetof(ImportErrorObject, name), false, "the module's name"},
    {"path", MEMBER_VALUE, offsetof(ImportErrorObject, path), false, "the module's file"},
    {"name_from", MEMBER_VALUE, offsetof(ImportErrorObject, name_from), false, "the name after from ... import"},
    {},
};
STATIC_TYPE(ImportError_type) = {
    STATIC_TYPE_HEAD(import_error_trace, NULL),
    .name_text = "ImportError",
    .doc = "A module, or a name in a module, cannot be imported.",
    .base_static = &Exception_type,
    .methods = import_error_methods,
    .members = import_error_members,
    .flags = FLAGS,
    .instance_size = sizeof(ImportErrorObject),
};
SUBCLASS(ModuleNotFoundError, ImportError, ImportErrorObject, import_error_trace, "There is no such module.")

/* NameError */

TRACER(name_error_trace, NameErrorObject)

static Value name_error_init(Thread *t, Value *args) {
    set_args(t, args[0], args[1]);
    store_in(args[0], &((NameErrorObject *)as_object(args[0]))->name, args[2]);
    return NONE;
}

static const NativeDef name_error_methods[] = {
    {"__init__(self, *args, name=<unrepresentable>)", name_error_init, NULL, NATIVE_NO_SIGNATURE},
    {},
};
static const MemberDef name_error_members[] = {
    {"name", MEMBER_VALUE, offsetof(NameErrorObject, name), false, "the name"},
    {},
};
STATIC_TYPE(NameError_type) = {
    STATIC_TYPE_HEAD(name_error_trace, NULL),
    .name_text = "NameError",
    .doc = "A name is not defined.",
    .base_static = &Exception_type,
    .methods = name_error_methods,
    .members = name_error_members,
    .flags = FLAGS,
    .instance_size = sizeof(NameErrorObject),
};
SUBCLASS(UnboundLocalError, NameError, NameErrorObject, name_error_trace, "A local variable has no value yet.")

/* AttributeError */

TRACER(attribute_error_trace, AttributeErrorObject)

static AttributeErrorObject *as_attribute_error(Value v) { return (AttributeErrorObject *)v.bits; }

static Value attribute_error_init(Thread *t, Value *args) {
    set_args(t, args[0], args[1]);
    store_in(args[0], &as_attribute_error(args[0])->name, args[2]);
    store_in(args[0], &as_attribute_error(args[0])->obj, args[3]);
    return NONE;
}

/* `obj` stays out: it need not be picklable and may be large. */
static bool attribute_error_state(Thread *t, Value self, Value *state) {
    AttributeErrorObject *e = as_attribute_error(self);
    return dict_state(t, self, state) && add_state(t, state, "name", load(&e->name)) &&
           add_state(t, state, "args", load(&e->base.args));
}

static Value attribute_error_getstate(Thread *t, Value *args) {
    Value state;
    CHECK(attribute_error_state(t, args[0], &state));
    return present(state) ? state : NONE;
}

static Value attribute_error_reduce(Thread *t, Value *args) {
    Value state;
    CHECK(attribute_error_state(t, args[0], &state));
    return exception_reduce_with(t, args[0], present(state) ? state : NONE);
}

static const NativeDef attribute_error_methods[] = {
    {"__init__(self, *args, name=<unrepresentable>, obj=<unrepresentable>)", attribute_error_init, NULL, NATIVE_NO_SIGNATURE},
    {"__getstate__(self, /)", attribute_error_getstate, NULL, 0},
    {"__reduce__(self, /)", attribute_error_reduce, NULL, 0},
    {},
};
static const MemberDef attribute_error_members[] = {
    {"name", MEMBER_VALUE, offsetof(AttributeErrorObject, name), false, "the attribute's name"},
    {"obj", MEMBER_VALUE, offsetof(AttributeErrorObject, obj), false, "the object that lacks it"},
    {},
};
STATIC_TYPE(AttributeError_type) = {
    STATIC_TYPE_HEAD(attribute_error_trace, NULL),
    .name_text = "AttributeError",
    .doc = "An object has no such attribute.",
    .base_static = &Exception_type,
    .methods = attribute_error_methods,
    .members = attribute_error_members,
    .flags = FLAGS,
    .instance_size = sizeof(AttributeErrorObject),
};

/* SyntaxError */

TRACER(syntax_error_trace, SyntaxErrorObject)

static SyntaxErrorObject *as_syntax_error(Value v) { return (SyntaxErrorObject *)v.bits; }

static bool set_details(Thread *t, Value self, Value details) {
    SyntaxErrorObject *e = as_syntax_error(self);
    Value *fields[] = {&e->filename, &e->lineno, &e->offset, &e->text, &e->end_lineno, &e->end_offset, &e->metadata};
    Value info = tuple_from_iterable(t, details);
    if (absent(info))
        return false;
    size_t n = tuple_length(info);
    for (size_t i = 0; i < 7; i++)
        store_in(self, fields[i], i < n && n <= 7 ? tuple_get(info, i) : NO_VALUE);
    if (n < 4 || n > 7) {
        raise_type_error(t, "function takes at %s arguments (%zu given)", n < 4 ? "least 4" : "most 7", n);
        return false;
    }
    if (n == 5) {
        raise_type_error(t, "end_offset must be provided when end_lineno is provided");
        return false;
    }
    return true;
}

static Value syntax_error_init(Thread *t, Value *args) {
    if (present(args[2]) && dict_length(args[2]))
        return no_keywords(t, args[0]);
    set_args(t, args[0], args[1]);
    size_t n = tuple_length(args[1]);
    if (n >= 1)
        store_in(args[0], &as_syntax_error(args[0])->msg, tuple_get(args[1], 0));
    if (n == 2)
        CHECK(set_details(t, args[0], tuple_get(args[1], 1)));
    return NONE;
}

static Value base_name(Thread *t, Value path) {
    const void *data = str_data(t, path);
    size_t n = str_length(path), start = n;
    while (start > 0 && str_char(data, str_kind(path), start - 1) != '/')
        start--;
    return str_slice(t, path, start, n);
}

static Value syntax_error_str(Thread *t, Value *args) {
    SyntaxErrorObject *e = as_syntax_error(args[0]);
    Value msg = load(&e->msg), file = load(&e->filename), line = load(&e->lineno);
    msg = present(msg) ? msg : NONE;
    bool has_file = present(file) && is_str(file);
    bool has_line = present(line) && is_exactly(line, &int_type);
    if (has_file && has_line)
        return format_text(t, "%S (%S, line %S)", msg, TRY(base_name(t, file)), line);
    if (has_file)
        return format_text(t, "%S (%S)", msg, TRY(base_name(t, file)));
    return has_line ? format_text(t, "%S (line %S)", msg, load(&e->lineno)) : to_str(t, msg);
}

static const NativeDef syntax_error_methods[] = {
    {"__init__(self, *args, **kwargs)", syntax_error_init, NULL, NATIVE_LAZY_KEYWORDS},
    {"__str__(self, /)", syntax_error_str, NULL, 0},
    {},
};
static const MemberDef syntax_error_members[] = {
    {"msg", MEMBER_VALUE, offsetof(SyntaxErrorObject, msg), false, "the message"},
    {"filename", MEMBER_VALUE, offsetof(SyntaxErrorObject, filename), false, "the source's name"},
    {"lineno", MEMBER_VALUE, offsetof(SyntaxErrorObject, lineno), false, "the line, from 1"},
    {"offset", MEMBER_VALUE, offsetof(SyntaxErrorObject, offset), false, "the column, from 1"},
    {"text", MEMBER_VALUE, offsetof(SyntaxErrorObject, text), false, "the line's text"},
    {"end_lineno", MEMBER_VALUE, offsetof(SyntaxErrorObject, end_lineno), false, "the last line"},
    {"end_offset", MEMBER_VALUE, offsetof(SyntaxErrorObject, end_offset), false, "the column after the end"},
    {"print_file_and_line", MEMBER_VALUE, offsetof(SyntaxErrorObject, print_file_and_line), false,
     "not None: show file and line"},
    {"_metadata", MEMBER_VALUE, offsetof(SyntaxErrorObject, metadata), false, "for the compiler's own use"},
    {},
};
STATIC_TYPE(SyntaxError_type) = {
    STATIC_TYPE_HEAD(syntax_error_trace, NULL),
    .name_text = "SyntaxError",
    .doc = "The source is not valid Python.",
    .base_static = &Exception_type,
    .methods = syntax_error_methods,
    .members = syntax_error_members,
    .flags = FLAGS,
    .instance_size = sizeof(SyntaxErrorObject),
};
SUBCLASS(IndentationError, SyntaxError, SyntaxErrorObject, syntax_error_trace, "The indentation is wrong.")
SUBCLASS(TabError, IndentationError, SyntaxErrorObject, syntax_error_trace, "Tabs and spaces are mixed in indentation.")
SUBCLASS(_IncompleteInputError, SyntaxError, SyntaxErrorObject, syntax_error_trace, "The source may go on.")
#undef SUBCLASS
#undef TRACER
#undef FLAGS
