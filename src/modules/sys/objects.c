/* sys: sizes, references and interning of objects.
 *
 * Threads: no state.
 */
#include "modules/sys/sys.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/type_internal.h"
#include "types/dict/dict_layout.h"
#include "types/int/int.h"
#include "types/str/str.h"

static Value sys_intern(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "intern() argument must be str, not %Y", args[0]);
    if (!is_exactly(args[0], &str_type))
        return raise_type_error(t, "can't intern %T", args[0]);
    return str_intern(t, args[0]);
}

static Value size_of(Thread *t, Value o) {
    Value method = type_lookup_special(t, o, str_intern_text(t, "__sizeof__"));
    if (absent(method))
        return error_pending(t) ? NO_VALUE : raise_type_error(t, "Type %T doesn't define __sizeof__", o);
    Value size = TRY(call_0(t, method));
    if (!is_int(size))
        return raise_type_error(t, "'%T' object cannot be interpreted as an integer", size);
    if (int_sign(size) < 0)
        return raise_value_error(t, "__sizeof__() should return >= 0");
    return size;
}

static Value sys_getsizeof(Thread *t, Value *args) {
    Value size = size_of(t, args[0]);
    if (present(size) || absent(args[1]) || !error_catch(t, &TypeError_type))
        return size;
    return args[1];
}

/* Nobody counts references; what the collector sees is one holder at least. */
static Value sys_getrefcount(Thread *t, Value *args) { return small_int(is_object(args[0]) ? 2 : 4294967295); }

static Value sys_getallocatedblocks(Thread *t, Value *args) {
    HeapStats stats;
    heap_stats(t->isolate->heap, &stats);
    return small_int((int64_t)(stats.live_bytes / 16));
}

static Value sys_base_repl(Thread *t, Value *args) {
    Value prompt = TRY(import_module(t, "_krait_prompt"));
    return call_method_0(t, prompt, TRY(str_intern_text(t, "main")));
}

static Value sys_is_interned(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "_is_interned() argument must be str, not %Y", args[0]);
    return from_bool(str_is_interned(args[0]));
}

/* Whether the object has its attributes itself, in its cell or in its Slots cell, and not in a dict (object/shape.h). */
static Value sys_attributes_are_inline(Thread *t, Value *args) {
    if (!is_object(args[0]))
        return FALSE;
    Object *o = as_object(args[0]);
    Type *type = class_of(o);
    return from_bool(type->flags & TYPE_HAS_DICT && type->slots_offset != SLOTS_AT_END &&
                     !(shape_flags(shape_of(o)) & SHAPE_DICTIONARY));
}

/* Whether the dict has its keys from the shape of an instance, which others of its class share. */
static Value sys_keys_are_shared(Thread *t, Value *args) {
    if (!is_dict(args[0]))
        return raise_type_error(t, "expected a dict, not %T", args[0]);
    return from_bool(dict_is_attached(as_dict(args[0])));
}

static Value sys_is_immortal(Thread *t, Value *args) {
    return from_bool(!is_object(args[0]) || as_object(args[0])->meta & META_IMMORTAL);
}

/* dataclasses replaces a class by one with __slots__: what the old class's descriptors reach must go. */
static Value sys_clear_type_descriptors(Thread *t, Value *args) {
    if (!is_type(args[0]))
        return raise_type_error(t, "_clear_type_descriptors() argument must be type, not %T", args[0]);
    Type *type = as_type(args[0]);
    if (!(type->flags & TYPE_HEAP) || (type->flags & TYPE_IMMUTABLE))
        return raise_type_error(t, "argument is immutable");
    Value cleared[] = {names.__dict__, names.__weakref__};
    for (size_t i = 0; i < 2; i++)
        CHECK(dict_delete(t, type->dict, cleared[i]) >= 0);
    type_modified(t, type);
    return NONE;
}

const NativeDef sys_object_functions[] = {
    {"_baserepl()", sys_base_repl, "Private function for getting the base REPL"},
    {"_clear_type_descriptors(type, /)", sys_clear_type_descriptors,
     "Private function for clearing certain descriptors from a type's dictionary.\n\nSee gh-135228 for context."},
    {"intern(string, /)", sys_intern,
     "``Intern'' the given string.\n\nThis enters the string in the (global) table of interned strings whose\npurpose is to speed "
     "up dictionary lookups. Return the string itself or\nthe previously interned string object with the same value."},
    {"getsizeof(object, default=<unrepresentable>)", sys_getsizeof,
     "getsizeof(object [, default]) -> int\n\nReturn the size of object in bytes.", NATIVE_NO_SIGNATURE},
    {"getrefcount(object, /)", sys_getrefcount,
     "Return the reference count of object.\n\nObjects are not counted here: the result says only that the object is alive."},
    {"getallocatedblocks()", sys_getallocatedblocks, "Return the number of memory blocks currently allocated."},
    {"_is_interned(string, /)", sys_is_interned, "Return True if the given string is \"interned\"."},
    {"_attributes_are_inline(object, /)", sys_attributes_are_inline, "Whether the object keeps its attributes in itself."},
    {"_keys_are_shared(dict, /)", sys_keys_are_shared, "Whether the dict shares its keys with the instances of a class."},
    {"_is_immortal(op, /)", sys_is_immortal, "Return True if the given object is \"immortal\" per PEP 683."},
    {0},
};
