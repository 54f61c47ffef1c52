/* getset_descriptor (a computed attribute) and member_descriptor (a word in the instance).
 *
 * Immutable. Reading and writing a member is one word's load or store.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/thread.h"
#include "types/descriptors.h"
#include "types/dict/dict.h"
#include "types/str/str.h"
#include "types/tuple.h"

static GetSetDescriptorObject *as_getset(Value v) { return (GetSetDescriptorObject *)v.bits; }
static MemberDescriptorObject *as_member(Value v) { return (MemberDescriptorObject *)v.bits; }

static void getset_trace(Tracer *tracer, Object *o) {
    trace_object(tracer, ((GetSetDescriptorObject *)o)->owner);
    trace_value(tracer, ((GetSetDescriptorObject *)o)->name);
}

static void member_trace(Tracer *tracer, Object *o) {
    trace_object(tracer, ((MemberDescriptorObject *)o)->owner);
    trace_value(tracer, ((MemberDescriptorObject *)o)->name);
}

static Value computed_member_new(Thread *t, Type *owner, const GetSetDef *def);

Value getset_descriptor_new(Thread *t, Type *owner, const GetSetDef *def) {
    if (def->is_member)
        return computed_member_new(t, owner, def);
    Value name = TRY(str_intern_text(t, def->name));
    GetSetDescriptorObject *d = heap_allocate(t, &getset_descriptor_type, sizeof *d);
    CHECK(d != NULL);
    d->owner = owner; /* NOBARRIER: just allocated */
    d->def = def;
    d->name = name;
    return from_object(d);
}

static MemberDescriptorObject *make_member(Thread *t, Type *owner, Value name, size_t offset, MemberKind kind) {
    MemberDescriptorObject *d = heap_allocate(t, &member_descriptor_type, sizeof *d);
    if (d == NULL)
        return NULL;
    d->owner = owner; /* NOBARRIER: just allocated */
    d->name = name;
    d->offset = offset;
    d->kind = kind;
    return d;
}

Value member_descriptor_new(Thread *t, Type *owner, const MemberDef *def) {
    Value name = TRY(str_intern_text(t, def->name));
    MemberDescriptorObject *d = make_member(t, owner, name, def->offset, def->kind);
    CHECK(d != NULL);
    d->doc = def->doc;
    d->read_only = def->read_only;
    return from_object(d);
}

static Value computed_member_new(Thread *t, Type *owner, const GetSetDef *def) {
    Value name = TRY(str_intern_text(t, def->name));
    MemberDescriptorObject *d = make_member(t, owner, name, 0, MEMBER_COMPUTED);
    CHECK(d != NULL);
    d->computed = def;
    d->doc = def->doc;
    d->read_only = def->set == NULL;
    return from_object(d);
}

Value slot_member_new(Thread *t, Type *owner, Value name, size_t offset) {
    return from_object(make_member(t, owner, name, offset, MEMBER_VALUE_OR_ERROR));
}

static bool check_receiver(Thread *t, Type *owner, Value name, Value o) {
    if (is_instance_of(o, owner))
        return true;
    raise_type_error(t, "descriptor '%S' for '%N' objects doesn't apply to a '%T' object", name, owner, o);
    return false;
}

static Value no_instance(Thread *t, Value *args) {
    if (absent(args[2]) || is_none(args[2]))
        return raise_type_error(t, "__get__(None, None) is invalid");
    return args[0];
}

/* None as an instance stands for "none", except for the descriptors of NoneType itself. */
static bool has_instance(Value *args, Type *owner) {
    return present(args[1]) && (!is_none(args[1]) || owner == &none_type ||
                                (owner == &object_type && (absent(args[2]) || same(args[2], from_object(&none_type)))));
}

/* getset_descriptor */

static Value getset_get(Thread *t, Value *args) {
    GetSetDescriptorObject *d = as_getset(args[0]);
    if (!has_instance(args, d->owner))
        return no_instance(t, args);
    CHECK(check_receiver(t, d->owner, d->name, args[1]));
    if (d->def->get == NULL)
        return raise_attribute_error(t, args[1], d->name, "attribute '%S' of '%N' objects is not readable", d->name,
                                     d->owner);
    Value get_args[2] = {NO_VALUE, args[1]};
    return d->def->get(t, get_args + 1);
}

static Value getset_assign(Thread *t, GetSetDescriptorObject *d, Value o, Value value) {
    CHECK(check_receiver(t, d->owner, d->name, o));
    if (d->def->set == NULL)
        return raise_attribute_error(t, o, d->name, "attribute '%S' of '%N' objects is not writable", d->name, d->owner);
    Value set_args[3] = {NO_VALUE, o, value};
    return TRY(d->def->set(t, set_args + 1)), NONE;
}

static Value getset_set(Thread *t, Value *args) { return getset_assign(t, as_getset(args[0]), args[1], args[2]); }
static Value getset_delete(Thread *t, Value *args) { return getset_assign(t, as_getset(args[0]), args[1], NO_VALUE); }

/* member_descriptor */

Value member_get(Thread *t, MemberDescriptorObject *d, Value self) {
    if (d->kind == MEMBER_COMPUTED) {
        Value args[2] = {NO_VALUE, self};
        return d->computed->get(t, args + 1);
    }
    Value v = load((Value *)((char *)as_object(self) + d->offset));
    if (likely(present(v)))
        return v;
    if (d->kind == MEMBER_VALUE)
        return NONE;
    Value name = TRY(qualified_type_name(t, self));
    return raise_attribute_error(t, self, d->name, "'%S' object has no attribute '%S'", name, d->name);
}

bool member_set(Thread *t, MemberDescriptorObject *d, Value self, Value value) {
    if (d->read_only) {
        raise_attribute_error(t, self, d->name, "readonly attribute");
        return false;
    }
    if (d->kind == MEMBER_COMPUTED) {
        Value args[3] = {NO_VALUE, self, value};
        return present(d->computed->set(t, args + 1));
    }
    Value *slot = (Value *)((char *)as_object(self) + d->offset);
    if (absent(value) && d->kind == MEMBER_VALUE_OR_ERROR && absent(load(slot))) {
        raise_attribute_error(t, self, d->name, "%S", d->name);
        return false;
    }
    store(as_object(self), slot, value);
    if (load_relaxed(&runtime_threaded))
        fence_seq_cst(); /* no lock does it: the thread's next loads come after */
    return true;
}

static Value member_get_method(Thread *t, Value *args) {
    MemberDescriptorObject *d = as_member(args[0]);
    if (!has_instance(args, d->owner))
        return no_instance(t, args);
    CHECK(check_receiver(t, d->owner, d->name, args[1]));
    return member_get(t, d, args[1]);
}

static Value member_assign(Thread *t, Value *args, Value value) {
    MemberDescriptorObject *d = as_member(args[0]);
    CHECK(check_receiver(t, d->owner, d->name, args[1]));
    CHECK(member_set(t, d, args[1], value));
    return NONE;
}

static Value member_set_method(Thread *t, Value *args) { return member_assign(t, args, args[2]); }
static Value member_delete_method(Thread *t, Value *args) { return member_assign(t, args, NO_VALUE); }

/* Attributes of both: owner and name stand at different places. */

typedef struct Identity {
    Type *owner;
    Value name;
    const char *doc;
} Identity;

static Identity identity(Value v) {
    if (is_exactly(v, &getset_descriptor_type))
        return (Identity){as_getset(v)->owner, as_getset(v)->name, as_getset(v)->def->doc};
    return (Identity){as_member(v)->owner, as_member(v)->name, as_member(v)->doc};
}

static Value get_name(Thread *t, Value *args) { return identity(args[0]).name; }
static Value get_objclass(Thread *t, Value *args) { return from_object(identity(args[0]).owner); }

static Value get_qualname(Thread *t, Value *args) {
    Identity id = identity(args[0]);
    Value owner = TRY(get_attribute(t, from_object(id.owner), names.__qualname__));
    return format_text(t, "%S.%S", owner, id.name);
}

static Value get_doc(Thread *t, Value *args) {
    const char *doc = identity(args[0]).doc;
    return doc ? str_from_text(t, doc) : NONE;
}

static Value descriptor_repr(Thread *t, Value *args) {
    Identity id = identity(args[0]);
    bool computed = is_exactly(args[0], &getset_descriptor_type);
    return format_text(t, "<%s '%S' of '%N' objects>", computed ? "attribute" : "member", id.name, id.owner);
}

static Value descriptor_reduce(Thread *t, Value *args) {
    Identity id = identity(args[0]);
    Value getattr = dict_get_str(t->isolate->builtins, names.getattr);
    if (absent(getattr))
        return raise_attribute_error(t, t->isolate->builtins_module, names.getattr, "getattr");
    return tuple_pack(t, 2, getattr, TRY(tuple_pack(t, 2, from_object(id.owner), id.name)));
}

static const NativeDef getset_methods[] = {
    {"__get__(self, instance, owner=None, /)", getset_get, NULL, 0},
    {"__set__(self, instance, value, /)", getset_set, NULL, 0},
    {"__delete__(self, instance, /)", getset_delete, NULL, 0},
    {"__repr__(self, /)", descriptor_repr, NULL, 0},
    {},
};
static const NativeDef member_methods[] = {
    {"__get__(self, instance, owner=None, /)", member_get_method, NULL, 0},
    {"__set__(self, instance, value, /)", member_set_method, NULL, 0},
    {"__delete__(self, instance, /)", member_delete_method, NULL, 0},
    {"__repr__(self, /)", descriptor_repr, NULL, 0},
    {"__reduce__(self, /)", descriptor_reduce, NULL, 0},
    {},
};
static const GetSetDef descriptor_getset[] = {
    {"__name__", get_name, NULL, NULL, MEMBER},
    {"__qualname__", get_qualname, NULL, NULL},
    {"__objclass__", get_objclass, NULL, NULL, MEMBER},
    {"__doc__", get_doc, NULL, NULL},
    {},
};
STATIC_TYPE(getset_descriptor_type) = {
    STATIC_TYPE_HEAD(getset_trace, NULL),
    .name_text = "getset_descriptor",
    .base_static = &object_type,
    .methods = getset_methods,
    .getset = descriptor_getset,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(GetSetDescriptorObject),
};
STATIC_TYPE(member_descriptor_type) = {
    STATIC_TYPE_HEAD(member_trace, NULL),
    .name_text = "member_descriptor",
    .base_static = &object_type,
    .methods = member_methods,
    .getset = descriptor_getset,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(MemberDescriptorObject),
};
