/* Struct sequences: tuple subclasses with named fields (os.stat_result, time.struct_time, sys.float_info).
 *
 * An instance is a tuple whose cell goes on behind the visible items with the hidden ones. The fields' names and
 * places are read from the member descriptors in the type's namespace; a field called "unnamed field" has none.
 * Threads: instances are immutable.
 */
#include "object/call.h"
#include "types/descriptors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>

static void trace_instance(Tracer *tracer, Object *o) {
    TupleObject *tuple = (TupleObject *)o;
    size_t words = (heap_cell_size(o) - sizeof *tuple) / sizeof(Value);
    shape_note_use(tracer, o, o->type->extra);
    trace_values(tracer, tuple->items, words); /* what lies behind the hidden items is zero */
}

/* What the type's namespace says of the fields. */

typedef struct Layout {
    size_t visible, fields, unnamed;
} Layout;

static size_t count_named(Type *type, const char *name) {
    Value v = dict_get_text(thread_current(), type->dict, name);
    return present(v) ? (size_t)small_int_value(v) : 0;
}

/* Subclasses do not exist: the type of an instance is the one that struct_sequence_type made. */
static Layout layout_of(Type *type) {
    return (Layout){count_named(type, "n_sequence_fields"), count_named(type, "n_fields"),
                    count_named(type, "n_unnamed_fields")};
}

static size_t field_index(MemberDescriptorObject *d) { return (d->offset - sizeof(TupleObject)) / sizeof(Value); }

/* The next named field in order; start with *position = 0. */
static MemberDescriptorObject *next_field(Type *type, size_t *position) {
    Value key, value;
    while (dict_next(type->dict, position, &key, &value))
        if (is_exactly(value, &member_descriptor_type))
            return (MemberDescriptorObject *)as_object(value);
    return NULL;
}

static Value full_name(Thread *t, Type *type) { return type_qualified_name(t, type); }

/* Instances */

static TupleObject *allocate(Thread *t, Type *type, size_t fields, size_t visible) {
    TupleObject *tuple = type_allocate_sized(t, type, fields);
    if (tuple) {
        tuple->length = visible;
        tuple->hash = -1;
    }
    return tuple;
}

Value struct_sequence_new(Thread *t, Type *type, Value *items) {
    Layout layout = layout_of(type);
    TupleObject *tuple = allocate(t, type, layout.fields, layout.visible);
    if (!tuple)
        return NO_VALUE;
    memcpy(tuple->items, items, layout.fields * sizeof *items);
    return from_object(tuple);
}

static bool check_size(Thread *t, Type *type, Layout layout, size_t given) {
    const char *how = layout.visible == layout.fields ? "a" : given < layout.visible ? "an at least" : "an at most";
    size_t wanted = given < layout.visible ? layout.visible : layout.fields;
    if (given >= layout.visible && given <= layout.fields)
        return true;
    Value name = full_name(t, type);
    if (present(name))
        raise_type_error(t, "%S() takes %s %zu-sequence (%zu-sequence given)", name, how, wanted, given);
    return false;
}

static Value new_method(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    Layout layout = layout_of(type);
    if (type->flags & TYPE_NO_NEW)
        return raise_type_error(t, "cannot create '%S' instances", TRY(full_name(t, type)));
    Value name = TRY(full_name(t, type)), given = tuple_from_iterable(t, args[1]), dict = args[2];
    if (absent(given))
        return error_catch(t, &TypeError_type) ? raise_type_error(t, "constructor requires a sequence") : NO_VALUE;
    if (present(dict) && !is_dict(dict))
        return raise_type_error(t, "%S() takes a dict as second arg, if any", name);
    size_t count = tuple_length(given), used = 0;
    CHECK(check_size(t, type, layout, count));
    TupleObject *result = allocate(t, type, layout.fields, layout.visible);
    if (!result)
        return NO_VALUE;
    Value self = from_object(result);
    memcpy(result->items, as_tuple(given)->items, count * sizeof(Value));
    for (size_t i = count; i < layout.fields; i++)
        result->items[i] = NONE;
    MemberDescriptorObject *field;
    for (size_t position = 0; present(dict) && (field = next_field(type, &position));) {
        Value item = field_index(field) >= count ? dict_get(t, dict, field->name) : NO_VALUE;
        CHECK(present(item) || !error_pending(t));
        if (present(item)) {
            store(result, &result->items[field_index(field)], item);
            used++;
        }
    }
    if (present(dict) && used < dict_length(dict))
        return raise_type_error(t, "%S() got duplicate or unexpected field name(s)", name);
    return self;
}

static Value repr_method(Thread *t, Value *args) {
    Type *type = type_of(args[0]);
    StrBuilder b = {0};
    size_t position = 0;
    CHECK(str_builder_add(t, &b, TRY(full_name(t, type))) && str_builder_add_char(t, &b, '('));
    for (size_t i = 0; i < tuple_length(args[0]); i++) {
        MemberDescriptorObject *field = next_field(type, &position);
        if (!field)
            return raise_system_error(t, "struct sequence without a name for item %zu", i);
        CHECK(i == 0 || str_builder_add_text(t, &b, ", "));
        CHECK(str_builder_add(t, &b, field->name) && str_builder_add_char(t, &b, '='));
        CHECK(str_builder_add(t, &b, TRY(repr(t, tuple_get(args[0], i)))));
    }
    CHECK(str_builder_add_char(t, &b, ')'));
    return str_builder_finish(t, &b);
}

static Value reduce_method(Thread *t, Value *args) {
    Type *type = type_of(args[0]);
    TupleObject *self = as_tuple(args[0]);
    Value dict = TRY(dict_new(t)), visible = TRY(tuple_from_values(t, self->items, self->length));
    MemberDescriptorObject *field;
    for (size_t position = 0; (field = next_field(type, &position));)
        if (field_index(field) >= self->length)
            CHECK(dict_set(t, dict, field->name, self->items[field_index(field)]));
    return tuple_pack(t, 2, from_object(type), TRY(tuple_pack(t, 2, visible, dict)));
}

static Value replace_method(Thread *t, Value *args) {
    Type *type = type_of(args[0]);
    Layout layout = layout_of(type);
    if (layout.unnamed)
        return raise_type_error(t, "__replace__() is not supported for %S because it has unnamed field(s)",
                                TRY(full_name(t, type)));
    TupleObject *result = allocate(t, type, layout.fields, layout.visible);
    if (!result)
        return NO_VALUE;
    memcpy(result->items, as_tuple(args[0])->items, layout.fields * sizeof(Value));
    Value changes = TRY(dict_copy(t, args[1]));
    MemberDescriptorObject *field;
    for (size_t position = 0; (field = next_field(type, &position));) {
        Value item = dict_pop(t, changes, field->name);
        CHECK(present(item) || !error_pending(t));
        if (present(item))
            store(result, &result->items[field_index(field)], item);
    }
    if (dict_length(changes))
        return raise_type_error(t, "Got unexpected field name(s): %R", TRY(dict_keys_list(t, changes)));
    return from_object(result);
}

static const NativeDef methods[] = {
    {"__new__(type, sequence, dict=<unrepresentable>)", new_method,
     "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", repr_method, "Return repr(self)."},
    {"__reduce__(self, /)", reduce_method, NULL},
    {"__replace__(self, /, **changes)", replace_method, "Return a copy of the structure with new values for the specified fields."},
    {NULL},
};

/* Types */

static bool set_int(Thread *t, Value namespace, const char *name, size_t n) {
    return dict_set_text(t, namespace, name, small_int((int64_t)n));
}

static Value namespace_for(Thread *t, const char *name, const char *doc, const StructSequenceField *fields, size_t visible) {
    Value namespace = TRY(dict_new(t)), match = TRY(list_new(t, visible));
    size_t count = 0, unnamed = 0;
    for (; fields[count].name; count++) {
        if (strcmp(fields[count].name, "unnamed field") == 0)
            unnamed++;
        else if (count < visible)
            CHECK(list_append(t, match, TRY(str_intern_text(t, fields[count].name))));
    }
    const char *dot = strrchr(name, '.');
    Value module = TRY(dot ? str_from_utf8(t, name, (size_t)(dot - name)) : str_from_text(t, "builtins"));
    CHECK(dict_set(t, namespace, names.__module__, module));
    CHECK(dict_set(t, namespace, names.__doc__, doc ? TRY(str_from_text(t, doc)) : NONE));
    CHECK(dict_set(t, namespace, names.__slots__, empty_tuple));
    CHECK(set_int(t, namespace, "n_sequence_fields", visible) && set_int(t, namespace, "n_fields", count) &&
          set_int(t, namespace, "n_unnamed_fields", unnamed));
    CHECK(dict_set(t, namespace, names.__match_args__, TRY(list_to_tuple(t, match))));
    return namespace;
}

static bool add_members(Thread *t, Type *type, const StructSequenceField *fields) {
    size_t count = 0;
    while (fields[count].name)
        count++;
    MemberDef *defs = calloc(count, sizeof *defs);
    if (!defs) {
        raise_no_memory(t);
        return false;
    }
    type->extra->member_defs = defs;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, "unnamed field") == 0)
            continue;
        defs[i] = (MemberDef){fields[i].name, MEMBER_VALUE, sizeof(TupleObject) + i * sizeof(Value), true, fields[i].doc};
        Value name = str_intern_text(t, fields[i].name), member = member_descriptor_new(t, type, &defs[i]);
        if (absent(name) || absent(member) || absent(type_set_attribute(t, type, name, member)))
            return false;
    }
    return true;
}

Value struct_sequence_type(Thread *t, const char *name, const char *doc, const StructSequenceField *fields,
                           size_t visible_count) {
    const char *dot = strrchr(name, '.');
    Value namespace = TRY(namespace_for(t, name, doc, fields, visible_count));
    Value short_name = TRY(str_intern_text(t, dot ? dot + 1 : name));
    Value bases = TRY(tuple_pack(t, 1, from_object(&tuple_type)));
    Value class = TRY(type_new_class(t, &type_type, short_name, bases, namespace, NO_VALUE));
    Type *type = as_type(class);
    CHECK(type_add_methods(t, type, methods) && add_members(t, type, fields));
    CHECK(present(type_set_attribute(t, type, names.__slots__, NO_VALUE)));
    type->head.trace = trace_instance;
    type->flags &= ~(uint32_t)TYPE_BASE;
    return class;
}
