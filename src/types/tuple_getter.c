/* collections._tuplegetter: the attributes of named tuples.
 *
 * Threads: immutable but for __doc__, one word.
 */
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/descriptors.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

static void trace_getter(Tracer *tracer, Object *o) { trace_value(tracer, ((TupleGetter *)o)->doc); }

static Value getter_new(Thread *t, Value *args) {
    int64_t index;
    CHECK(index_as_ssize(t, args[1], &index, false, NULL));
    TupleGetter *g = type_allocate(t, as_type(args[0]));
    if (!g)
        return NO_VALUE;
    g->index = index;
    g->doc = args[2];
    return from_object(g);
}

static Value getter_get(Thread *t, Value *args) {
    TupleGetter *g = (TupleGetter *)as_object(args[0]);
    Value o = args[1];
    if (is_none(o) && (absent(args[2]) || is_none(args[2])))
        return raise_type_error(t, "__get__(None, None) is invalid");
    if (is_tuple(o))
        return g->index >= 0 && (size_t)g->index < tuple_length(o) ? tuple_get(o, (size_t)g->index)
                                                                     : raise_index_error(t, "tuple index out of range");
    if (is_none(o))
        return args[0];
    return raise_type_error(t, "descriptor for index '%zd' for tuple subclasses doesn't apply to '%T' object", g->index, o);
}

static Value getter_set(Thread *t, Value *args) { return raise_error(t, &AttributeError_type, "can't set attribute"); }
static Value getter_delete(Thread *t, Value *args) { return raise_error(t, &AttributeError_type, "can't delete attribute"); }

static Value getter_repr(Thread *t, Value *args) {
    TupleGetter *g = (TupleGetter *)as_object(args[0]);
    return format_text(t, "%S(%zd, %R)", load(&type_of(args[0])->name), g->index, g->doc);
}

static Value getter_reduce(Thread *t, Value *args) {
    TupleGetter *g = (TupleGetter *)as_object(args[0]);
    return tuple_pack(t, 2, from_object(type_of(args[0])), TRY(tuple_pack(t, 2, small_int(g->index), g->doc)));
}

static const NativeDef getter_methods[] = {
    {"__new__(type, index, doc, /)", getter_new,
     "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"__get__(self, instance, owner=None, /)", getter_get, "Return an attribute of instance, which is of type owner."},
    {"__set__(self, instance, value, /)", getter_set, "Set an attribute of instance to value."},
    {"__delete__(self, instance, /)", getter_delete, "Delete an attribute of instance."},
    {"__repr__(self, /)", getter_repr, "Return repr(self)."},
    {"__reduce__(self, /)", getter_reduce, NULL},
    {NULL},
};

static const MemberDef getter_members[] = {
    {"__doc__", MEMBER_VALUE, offsetof(TupleGetter, doc), false, NULL},
    {NULL},
};

STATIC_TYPE(tuplegetter_type) = {
    STATIC_TYPE_HEAD(trace_getter, NULL),
    .name_text = "collections._tuplegetter",
    .methods = getter_methods,
    .members = getter_members,
    .flags = 0,
    .instance_size = sizeof(TupleGetter),
};
