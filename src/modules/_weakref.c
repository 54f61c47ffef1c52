/* _weakref: what weakref is made of. */
#include "object/errors.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/weakref.h"

static Value getweakrefcount(Thread *t, Value *args) {
    if (!is_object(args[0]))
        return small_int(0);
    return small_int((int64_t)heap_weak_holders(t, as_object(args[0]), NULL, 0));
}

static bool is_reference(Object *o) {
    return is_instance_of(from_object(o), &weakref_type) || o->type == &weak_proxy_type ||
           o->type == &weak_callable_proxy_type;
}

static int kind_of(Object *o) {
    if (present(((WeakrefObject *)o)->callback) || o->type->flags & TYPE_HEAP)
        return 2;
    return o->type == &weakref_type ? 0 : 1;
}

static Value getweakrefs(Thread *t, Value *args) {
    Value list = TRY(list_new(t, 0));
    if (!is_object(args[0]))
        return list;
    size_t n = heap_weak_holders(t, as_object(args[0]), NULL, 0);
    if (n > 1 << 16)
        return raise_not_implemented(t, "getweakrefs() of an object with more than 65536 weak references");
    Object *holders[n + 1]; /* on the stack, where the collector sees them */
    size_t now = heap_weak_holders_published(t, as_object(args[0]), holders, n);
    n = now < n ? now : n;
    /* The plain reference first, then the plain proxy, then the others, youngest first. */
    for (int round = 0; round < 3; round++)
        for (size_t i = n; i-- > 0;)
            if (is_reference(holders[i]) && kind_of(holders[i]) == round)
                CHECK(list_append(t, list, from_object(holders[i])));
    return list;
}

/* Atomic enough: a key whose value is replaced meanwhile had a dead value before. */
static Value remove_dead(Thread *t, Value *args) {
    if (!is_dict(args[0]))
        return raise_type_error(t, "_remove_dead_weakref() argument 1 must be dict, not %Y", args[0]);
    Value ref = dict_get(t, args[0], args[1]);
    if (absent(ref))
        return error_pending(t) ? NO_VALUE : NONE;
    if (!is_instance_of(ref, &weakref_type))
        return raise_type_error(t, "not a weakref");
    if (absent(weakref_target(ref)))
        CHECK(dict_delete(t, args[0], args[1]) >= 0);
    return NONE;
}

static Value proxy(Thread *t, Value *args) {
    return weak_proxy_new(t, args[0], is_none(args[1]) ? NO_VALUE : args[1]);
}

static bool weakref_init(Thread *t, Value module) {
    return module_add(t, module, "ref", from_object(&weakref_type)) && module_add_type(t, module, &weakref_type) &&
           module_add_type(t, module, &weak_proxy_type) && module_add_type(t, module, &weak_callable_proxy_type);
}

static const NativeDef weakref_functions[] = {
    {"getweakrefcount(object, /)", getweakrefcount, "Return the number of weak references to 'object'.", 0},
    {"getweakrefs(object, /)", getweakrefs, "Return a list of all weak reference objects pointing to 'object'.", 0},
    {"_remove_dead_weakref(dct, key, /)", remove_dead, "Remove key from dict if it points to a dead weakref.", 0},
    {"proxy(object, callback=None, /)", proxy, "Create a proxy object that weakly references 'object'.", 0},
    {},
};
NATIVE_MODULE(_weakref) = {
    .name = "_weakref",
    .doc = "Weak-reference support module.",
    .functions = weakref_functions,
    .init = weakref_init,
};
