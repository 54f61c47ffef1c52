/* See crossing.h. */
#include "modules/_interpreters/crossing.h"
#include "compile/compile.h"
#include "modules/_interpreters/stateless.h"
#include "modules/isolate_modules.h"
#include "modules/marshal/marshal.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "syntax/parse.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/memoryview.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/function.h"

#include <stdarg.h>
#include <stdlib.h>

typedef enum ParcelKind {
    PARCEL_SINGLETON, /* an immortal object that all isolates share: None, True, False */
    PARCEL_INT,
    PARCEL_FLOAT,
    PARCEL_STR,
    PARCEL_BYTES,
    PARCEL_TUPLE,
    PARCEL_BUFFER,
    PARCEL_FOREIGN,
    PARCEL_CODE,     /* marshalled */
    PARCEL_FUNCTION, /* its code, marshalled */
    PARCEL_PICKLE,
} ParcelKind;

struct Parcel {
    ParcelKind kind;
    size_t length; /* of data: bytes, characters or parcels */
    union {
        Value singleton;
        int64_t integer;
        double real;
        int character_size;
        Export *export;
        struct {
            const ForeignKind *kind;
            int64_t words[2];
        } foreign;
        size_t pickle_length; /* the rest of data, if any, is the file name of the sender's __main__ */
    };
    union {
        char bytes[0];
        Parcel *items[0];
    };
};

/* Errors */

Value not_shareable_class(Thread *t) {
    Value *slot = &t->isolate->slots[ISOLATE_NOT_SHAREABLE];
    if (present(*slot))
        return *slot;
    Value namespace = TRY(dict_new(t)), bases = TRY(tuple_pack(t, 1, from_object(&TypeError_type)));
    CHECK(dict_set(t, namespace, names.__module__, TRY(str_intern_text(t, "concurrent.interpreters"))));
    return isolate_keep(t, ISOLATE_NOT_SHAREABLE,
                        TRY(type_new_class(t, &type_type, TRY(str_intern_text(t, "NotShareableError")), bases, namespace, NO_VALUE)));
}

Value raise_not_shareable(Thread *t, Value cause, const char *format, ...) {
    va_list list;
    va_start(list, format);
    Value message = format_text_list(t, format, list);
    va_end(list);
    Value class = TRY(not_shareable_class(t)), e = TRY(call_1(t, class, TRY(message)));
    if (present(cause))
        exception_set_cause(t, e, cause);
    return raise_exception(t, e);
}

static bool is_not_shareable(Thread *t) {
    Value class = t->isolate->slots[ISOLATE_NOT_SHAREABLE];
    return present(class) && error_matches(t, as_type(class));
}

void unwrap_not_shareable(Thread *t) {
    if (!is_not_shareable(t))
        return;
    Value e = error_take(t), cause = load(&as_exception(e)->cause);
    error_restore(t, present(cause) && !is_none(cause) ? cause : e);
}

static Parcel *refuse(Thread *t, Value v, Value cause) {
    raise_not_shareable(t, cause, "%S does not support cross-interpreter data", v);
    return NULL;
}

/* Packing */

static Parcel *parcel_new(Thread *t, ParcelKind kind, size_t data) {
    Parcel *p = calloc(1, sizeof *p + data);
    if (!p)
        raise_no_memory(t);
    else
        p->kind = kind;
    return p;
}

static Parcel *pack_data(Thread *t, ParcelKind kind, const void *data, size_t size, size_t length) {
    Parcel *p = parcel_new(t, kind, size);
    if (p) {
        memcpy(p->bytes, data, size);
        p->length = length;
    }
    return p;
}

static Parcel *pack_int(Thread *t, Value v) {
    int64_t integer;
    if (!int_to_i64(v, &integer)) {
        raise_overflow_error(t, "try sending as bytes");
        return refuse(t, v, error_take(t));
    }
    Parcel *p = parcel_new(t, PARCEL_INT, 0);
    if (p)
        p->integer = integer;
    return p;
}

static Parcel *pack_str(Thread *t, Value v) {
    const void *data = str_data(t, v);
    Parcel *p = data ? pack_data(t, PARCEL_STR, data, str_length(v) * (size_t)str_kind(v), str_length(v)) : NULL;
    if (p)
        p->character_size = str_kind(v);
    return p;
}

static Parcel *pack_tuple(Thread *t, Value v, Crossing crossing) {
    size_t count = tuple_length(v);
    Parcel *p = parcel_new(t, PARCEL_TUPLE, count * sizeof(Parcel *));
    if (!p || !recursion_enter(t, " while sharing a tuple")) {
        parcel_free(p);
        return NULL;
    }
    for (; p && p->length < count; p->length++)
        if (!(p->items[p->length] = parcel_pack(t, tuple_get(v, p->length), crossing))) {
            parcel_free(p);
            p = NULL;
            break;
        }
    recursion_leave(t);
    return p;
}

static Parcel *pack_buffer(Thread *t, Value v) {
    Export *export = export_new(t, v);
    Parcel *p = export ? parcel_new(t, PARCEL_BUFFER, 0) : NULL;
    if (p)
        p->export = export;
    else if (export)
        export_release(export);
    return p;
}

static const ForeignKind *foreign_kind(Thread *t, Value v) {
    static const ForeignKind *const kinds[] = {&queue_kind, &channel_id_kind, &channel_end_kind};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i]->matches(t, v))
            return kinds[i];
    return NULL;
}

static Parcel *pack_foreign(Thread *t, Value v, const ForeignKind *kind) {
    Parcel *p = parcel_new(t, PARCEL_FOREIGN, 0);
    if (!p)
        return NULL;
    p->foreign.kind = kind;
    if (kind->pack(t, v, p->foreign.words))
        return p;
    free(p);
    return NULL;
}

/* What crosses as itself; *known: whether the type of v is such a type. */
static Parcel *pack_as_itself(Thread *t, Value v, Crossing crossing, bool *known) {
    *known = true;
    if (is_none(v) || same(v, TRUE) || same(v, FALSE)) {
        Parcel *p = parcel_new(t, PARCEL_SINGLETON, 0);
        if (p)
            p->singleton = v;
        return p;
    }
    Type *type = type_of(v);
    if (type == &int_type)
        return pack_int(t, v);
    if (type == &str_type)
        return pack_str(t, v);
    if (type == &bytes_type)
        return pack_data(t, PARCEL_BYTES, as_bytes(v)->data, as_bytes(v)->length, as_bytes(v)->length);
    if (type == &float_type) {
        Parcel *p = parcel_new(t, PARCEL_FLOAT, 0);
        if (p)
            p->real = float_value(v);
        return p;
    }
    if (type == &tuple_type)
        return pack_tuple(t, v, crossing);
    if (type == &memoryview_type)
        return pack_buffer(t, v);
    const ForeignKind *kind = foreign_kind(t, v);
    if (kind)
        return pack_foreign(t, v, kind);
    *known = false;
    return NULL;
}

bool parcel_is_shareable(Thread *t, Value v) {
    static Type *const types[] = {&none_type, &bool_type, &int_type, &float_type, &str_type, &bytes_type, &tuple_type, &memoryview_type};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (type_of(v) == types[i])
            return true;
    return foreign_kind(t, v) != NULL;
}

static Parcel *pack_marshalled(Thread *t, Value code, ParcelKind kind) {
    Value bytes = marshal_dumps(t, code, MARSHAL_VERSION, true);
    if (present(bytes))
        return pack_data(t, kind, as_bytes(bytes)->data, as_bytes(bytes)->length, as_bytes(bytes)->length);
    raise_not_shareable(t, error_take(t), "object could not be marshalled");
    return NULL;
}

static Parcel *pack_function(Thread *t, Value v) {
    if (!is_function(v)) {
        raise_type_error(t, "expected a function, got %R", v);
    } else if (function_is_stateless(t, v)) {
        return pack_marshalled(t, from_object(load_relaxed(&as_function(v)->code)), PARCEL_FUNCTION);
    }
    raise_not_shareable(t, error_take(t), "only stateless functions are shareable");
    return NULL;
}

/* _krait_crossing.dumps(object) -> (bytes, file name of __main__ or "") */
static Parcel *pack_pickle(Thread *t, Value v) {
    Value module = import_module(t, "_krait_crossing");
    Value function = absent(module) ? module : get_attribute_text(t, module, "dumps");
    Value pair = absent(function) ? function : call_1(t, function, v);
    if (absent(pair)) {
        raise_not_shareable(t, error_take(t), "object could not be pickled");
        return NULL;
    }
    Value bytes = tuple_get(pair, 0);
    size_t name_length, length = as_bytes(bytes)->length;
    const char *name = str_utf8(t, tuple_get(pair, 1), &name_length);
    Parcel *p = name ? parcel_new(t, PARCEL_PICKLE, length + name_length) : NULL;
    if (!p)
        return NULL;
    memcpy(p->bytes, as_bytes(bytes)->data, length);
    memcpy(p->bytes + length, name, name_length);
    p->pickle_length = length;
    p->length = length + name_length;
    return p;
}

Parcel *parcel_pack(Thread *t, Value v, Crossing crossing) {
    bool known;
    Parcel *p = pack_as_itself(t, v, crossing, &known);
    if (p)
        return p;
    if (!known && crossing == CROSS_DATA)
        return refuse(t, v, NO_VALUE);
    if (crossing == CROSS_DATA || error_matches(t, &MemoryError_type))
        return NULL;
    Value first = error_take(t);
    if (is_function(v) && (p = pack_function(t, v)))
        return p;
    error_clear(t);
    if ((p = pack_pickle(t, v)))
        return p;
    error_clear(t);
    if (absent(first))
        return refuse(t, v, NO_VALUE);
    error_restore(t, first);
    return NULL;
}

Parcel *parcel_pack_callable(Thread *t, Value callable) {
    if (!is_callable(callable)) {
        raise_type_error(t, "expected a callable, got %R", callable);
        return NULL;
    }
    Parcel *p = pack_function(t, callable);
    if (p)
        return p;
    Value first = error_take(t);
    if (!(p = pack_pickle(t, callable)))
        error_restore(t, first);
    return p;
}

Parcel *parcel_pack_script(Thread *t, Value script) {
    Value code = NO_VALUE;
    if (is_exactly(script, &code_type)) {
        code = script;
    } else if (is_function(script)) {
        code = from_object(load_relaxed(&as_function(script)->code));
    } else if (is_str(script)) {
        size_t length;
        const char *text = str_utf8(t, script, &length);
        if (text && memchr(text, 0, length))
            raise_error(t, &SyntaxError_type, "source code string cannot contain null bytes");
        else if (text)
            code = compile_source(t, text, length, str_from_text(t, "<script>"), PARSE_EXEC, PARSE_IGNORE_COOKIE, 0);
    } else {
        raise_type_error(t, "unsupported script %R", script);
    }
    if (present(code) && code_is_script(t, as_code(code)))
        return pack_marshalled(t, code, PARCEL_CODE);
    raise_not_shareable(t, error_take(t), "object not a valid script");
    return NULL;
}

/* Unpacking */

static Value unpack_tuple(Thread *t, const Parcel *p) {
    Value v = TRY(tuple_new(t, p->length));
    for (size_t i = 0; i < p->length; i++)
        store(as_object(v), &as_tuple(v)->items[i], TRY(parcel_unpack(t, p->items[i])));
    return v;
}

static Value unpack_code(Thread *t, const Parcel *p) {
    Value code = marshal_loads(t, p->bytes, p->length, true, NO_VALUE);
    return present(code) ? code : raise_not_shareable(t, error_take(t), "object could not be unmarshalled");
}

/* Having no state, it has no globals of its own: those of __main__ serve. */
static Value unpack_function(Thread *t, const Parcel *p) {
    Value code = TRY(unpack_code(t, p)), main = TRY(import_add_module(t, names.__main__));
    return function_new(t, code, module_dict(main));
}

static Value unpack_pickle(Thread *t, const Parcel *p) {
    Value module = TRY(import_module(t, "_krait_crossing")), function = TRY(get_attribute_text(t, module, "loads"));
    Value bytes = TRY(bytes_new(t, p->bytes, p->pickle_length));
    Value name = TRY(str_from_utf8(t, p->bytes + p->pickle_length, p->length - p->pickle_length));
    Value v = call_2(t, function, bytes, name);
    return present(v) ? v : raise_not_shareable(t, error_take(t), "object could not be unpickled");
}

Value parcel_unpack(Thread *t, const Parcel *p) {
    switch (p->kind) {
    case PARCEL_SINGLETON: return p->singleton;
    case PARCEL_INT: return int_from(t, p->integer);
    case PARCEL_FLOAT: return float_from_double(t, p->real);
    case PARCEL_STR: return str_from_chars(t, p->bytes, p->character_size, p->length);
    case PARCEL_BYTES: return bytes_new(t, p->bytes, p->length);
    case PARCEL_TUPLE: return unpack_tuple(t, p);
    case PARCEL_BUFFER: return export_view(t, p->export);
    case PARCEL_FOREIGN: return p->foreign.kind->unpack(t, p->foreign.words);
    case PARCEL_CODE: return unpack_code(t, p);
    case PARCEL_FUNCTION: return unpack_function(t, p);
    case PARCEL_PICKLE: return unpack_pickle(t, p);
    }
    return NO_VALUE;
}

void parcel_free(Parcel *p) {
    if (!p)
        return;
    if (p->kind == PARCEL_TUPLE)
        for (size_t i = 0; i < p->length; i++)
            parcel_free(p->items[i]);
    else if (p->kind == PARCEL_BUFFER)
        export_release(p->export);
    else if (p->kind == PARCEL_FOREIGN)
        p->foreign.kind->drop(p->foreign.words);
    free(p);
}
