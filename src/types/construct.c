/* Calls of classes: see construct.h. */
#include "types/construct.h"

#include "object/thread.h"
#include "types/descriptors.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/list.h"
#include "types/method.h"
#include "types/set/set.h"
#include "types/tuple.h"

static bool is_native_new(Value v) {
    return present(v) && is_exactly(v, &native_function_type) && ((NativeFunctionObject *)as_object(v))->is_new;
}

static bool is_native_method(Value v) { return is_exactly(v, &slot_wrapper_type) || is_exactly(v, &method_descriptor_type); }

static ConstructKind classify(Type *type, Value *function) {
    if (type->flags & (TYPE_ABSTRACT | TYPE_NO_NEW) || type == &type_type)
        return CONSTRUCT_GENERALLY;
    Value new = type_lookup(type, names.__new__), init = type_lookup(type, names.__init__);
    bool plain_new = same(new, type_lookup(&object_type, names.__new__));
    bool plain_init = same(init, type_lookup(&object_type, names.__init__));
    if (absent(init) || absent(new))
        return CONSTRUCT_GENERALLY;
    if (plain_new && type->flags & TYPE_HEAP) {
        *function = init;
        return plain_init ? CONSTRUCT_OBJECT : is_native_method(init) ? CONSTRUCT_GENERALLY : CONSTRUCT_INIT;
    }
    if (plain_init && is_native_new(new) && !(type->flags & TYPE_HEAP)) {
        *function = new;
        return CONSTRUCT_NATIVE;
    }
    if (plain_init && is_exactly(new, &static_method_type)) {
        *function = new;
        return CONSTRUCT_NEW;
    }
    if (type->flags & TYPE_EXCEPTION && is_native_new(new) && ((NativeFunctionObject *)as_object(new))->def->function == exception_plain_new &&
        same(init, type_lookup(&BaseException_type, names.__init__)))
        return CONSTRUCT_EXCEPTION;
    return CONSTRUCT_GENERALLY;
}

static uint32_t simple_cell_size(Type *type) {
    if (type->head.release || type->flags & TYPE_HAS_DEL || type->item_size)
        return 0;
    size_t size = type_instance_size(type);
    return size <= 256 ? (uint32_t)size : 0;
}

/* Two threads may both find out, about a static type: they write the same. */
static void write_construct(Type *type, uint64_t version, ConstructKind kind, Value function) {
    store_relaxed(&type->construct.function.bits, function.bits); /* no barrier: only used while it is the attribute's value */
    store_relaxed(&type->construct.kind, kind);
    store_relaxed(&type->construct.cell_size, simple_cell_size(type));
    store_release(&type->construct.version, version);
}

ConstructKind construct_find(Type *type) {
    static Mutex first; /* held for a few stores: none is lost in a fork, which waits for a safepoint */
    uint64_t version = type_version(type);
    Value function = NO_VALUE;
    ConstructKind kind = classify(type, &function);
    if (!version)
        return CONSTRUCT_GENERALLY;
    if (!(type->flags & TYPE_HEAP) || !load_relaxed(&runtime_threaded)) {
        write_construct(type, version, kind, function);
        return kind;
    }
    mutex_lock(&first);
    bool unknown = load_relaxed(&type->construct.version) == 0;
    if (unknown)
        write_construct(type, version, kind, function);
    mutex_unlock(&first);
    return unknown ? kind : CONSTRUCT_GENERALLY;
}

Value construct_native(Thread *t, Type *type, Value *args, size_t nargs, Value kwnames) {
    NativeFunctionObject *f = (NativeFunctionObject *)as_object(load(&type->construct.function));
    const Binder *b = native_function_binder(t, f);
    CHECK(b != NULL);
    args[-1] = from_object(type);
    return native_call(t, f->def, b, NULL, args - 1, nargs + 1, kwnames);
}

bool construct_collection(Thread *t, Type *type, Value v, Value *out) {
    if (type == &list_type)
        *out = list_from_iterable(t, v);
    else if (type == &tuple_type)
        *out = tuple_from_iterable(t, v);
    else if (type == &set_type || (type == &frozenset_type && !is_exactly(v, &frozenset_type)))
        *out = set_from_iterable(t, type, v);
    else if (type == &dict_type)
        *out = present(*out = dict_new(t)) && dict_update(t, *out, v) ? *out : NO_VALUE;
    else
        return false;
    return true;
}

Value construct_exception(Thread *t, Type *type, const Value *args, size_t nargs) {
    return exception_allocate(t, type, nargs ? TRY(tuple_from_values(t, args, nargs)) : empty_tuple);
}
