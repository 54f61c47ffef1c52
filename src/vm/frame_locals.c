/* Local variables from outside: locals(), and f_locals (PEP 667).
 *
 * f_locals of a function's frame is a proxy that reads and writes the variables themselves; names that the code does
 * not have are kept in the frame object's extra_locals. Module, class and exec frames show their namespace.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"
#include "vm/generator.h"

typedef struct LocalsProxyObject {
    Object object;
    Value frame;
} LocalsProxyObject;

static FrameObject *proxy_frame(Value self) { return as_frame(((LocalsProxyObject *)self.bits)->frame); }

/* The value of variable i, looking into its cell; absent: unbound. */
static Value variable_value(CodeObject *code, Value *registers, size_t i) {
    Value v = registers[i];
    if (present(v) && code->local_kinds[i] & (LOCAL_CELL | LOCAL_FREE) && is_exactly(v, &cell_type))
        v = load(&as_cell(v)->contents);
    return v;
}

/* Is the key this name, as a dict would see it? 1, 0, -1. */
static int is_name(Thread *t, Value name, Value key, int64_t hash) {
    if (same(name, key))
        return 1;
    if (is_exactly(key, &str_type))
        return str_equal(t, name, key);
    return str_hash(t, name) == hash ? equal(t, name, key) : 0;
}

/* The register of a name: a bound hidden variable of a comprehension comes first. -1: the code has no such name;
 * -2: an exception is pending. *registers: what the variables hold. */
static int64_t find_variable(Thread *t, FrameObject *f, Value key, Value **registers) {
    CodeObject *code = as_code(f->code);
    size_t count = f->register_count;
    int64_t found = -1, hash;
    if (!hash_of(t, key, &hash) || !(*registers = frame_object_registers(t, f)))
        return -2;
    for (size_t i = 0; i < count; i++) {
        int yes = is_name(t, tuple_get(code->local_names, i), key, hash);
        if (yes < 0)
            return -2;
        if (!yes)
            continue;
        if (code->local_kinds[i] & LOCAL_HIDDEN) {
            if (present(variable_value(code, *registers, i)))
                return (int64_t)i;
        } else if (found < 0) {
            found = (int64_t)i;
        }
    }
    return found;
}

/* A new dict of the bound variables. */
static Value variables_dict(Thread *t, FrameObject *f, bool extra) {
    CodeObject *code = as_code(f->code);
    Value dict = TRY(dict_new(t));
    if (extra && present(f->locals)) /* a module's or class's */
        CHECK(dict_update(t, dict, f->locals));
    size_t count = f->register_count;
    Value *registers = frame_object_registers(t, f);
    if (!registers)
        return NO_VALUE;
    for (int hidden = 0; hidden < 2; hidden++)
        for (size_t i = 0; i < count; i++) {
            if (!(code->local_kinds[i] & LOCAL_HIDDEN) != !hidden)
                continue;
            Value v = variable_value(code, registers, i);
            if (present(v))
                CHECK(dict_set(t, dict, tuple_get(code->local_names, i), v));
        }
    if (extra && present(f->extra_locals))
        CHECK(dict_update(t, dict, f->extra_locals));
    return dict;
}

static bool is_function_code(CodeObject *code) { return (code->flags & (CODE_OPTIMIZED | CODE_NEWLOCALS)) == (CODE_OPTIMIZED | CODE_NEWLOCALS); }

/* Is a comprehension running inline in this module, class or exec code? */
static bool has_hidden_variables(Frame *f) {
    for (size_t i = 0; i < f->code->local_count; i++)
        if (f->code->local_kinds[i] & LOCAL_HIDDEN && present(variable_value(f->code, f->base, i)))
            return true;
    return false;
}

Value frame_locals_snapshot(Thread *t, Frame *frame) {
    if (present(frame->locals) && !has_hidden_variables(frame))
        return frame->locals;
    if (present(frame->locals)) {
        Value all = TRY(dict_new(t));
        CHECK(dict_update(t, all, frame->locals));
        CHECK(dict_update(t, all, TRY(variables_dict(t, as_frame(TRY(frame_object(t, frame))), false))));
        return all;
    }
    return variables_dict(t, as_frame(TRY(frame_object(t, frame))), true);
}

Value frame_locals_mapping(Thread *t, FrameObject *f) {
    Frame *live = load_acquire(&f->live);
    if (present(f->locals) && !is_function_code(as_code(f->code)) &&
        (!live || !frame_is_own(t, live) || !has_hidden_variables(live)))
        return f->locals;
    LocalsProxyObject *p = heap_allocate(t, &frame_locals_proxy_type, sizeof *p);
    if (!p)
        return NO_VALUE;
    p->frame = from_object(f); /* NOBARRIER: new */
    return from_object(p);
}

/* ---- the proxy ---- */

static void proxy_trace(Tracer *tracer, Object *o) { trace_value(tracer, ((LocalsProxyObject *)o)->frame); }

/* Absent without exception: not there. */
static Value proxy_find(Thread *t, Value self, Value name) {
    FrameObject *f = proxy_frame(self);
    Value *registers;
    int64_t i = find_variable(t, f, name, &registers);
    if (i == -2)
        return NO_VALUE;
    Value v = i < 0 ? NO_VALUE : variable_value(as_code(f->code), registers, (size_t)i);
    if (present(v) || (i >= 0 && absent(f->locals)))
        return v;
    if (present(f->locals)) { /* a module's or class's */
        v = get_item(t, f->locals, name);
        if (absent(v))
            error_catch(t, &KeyError_type);
        return v;
    }
    return present(f->extra_locals) ? dict_get(t, f->extra_locals, name) : NO_VALUE;
}

static Value proxy_getitem(Thread *t, Value *args) {
    Value v = proxy_find(t, args[0], args[1]);
    if (present(v) || error_pending(t))
        return v;
    FrameObject *f = proxy_frame(args[0]);
    Value *registers;
    if (find_variable(t, f, args[1], &registers) >= 0)
        return raise_error(t, &KeyError_type, "local variable '%S' is not defined", args[1]);
    return raise_key_error(t, args[1]);
}

static Value proxy_setitem(Thread *t, Value *args) {
    FrameObject *f = proxy_frame(args[0]);
    CodeObject *code = as_code(f->code);
    Value *registers;
    int64_t i = find_variable(t, f, args[1], &registers);
    if (i == -2)
        return NO_VALUE;
    if (i >= 0 && (absent(f->locals) || present(variable_value(code, registers, (size_t)i)))) {
        Value old = registers[i];
        if (code->local_kinds[i] & (LOCAL_CELL | LOCAL_FREE) && present(old) && is_exactly(old, &cell_type))
            store(as_object(old), &as_cell(old)->contents, args[2]);
        else
            frame_object_store(t, f, (size_t)i, args[2]);
        return NONE;
    }
    if (present(f->locals))
        return set_item(t, f->locals, args[1], args[2]) ? NONE : NO_VALUE;
    if (absent(f->extra_locals))
        store(f, &f->extra_locals, TRY(dict_new(t)));
    return dict_set(t, f->extra_locals, args[1], args[2]) ? NONE : NO_VALUE;
}

static Value proxy_delitem(Thread *t, Value *args) {
    FrameObject *f = proxy_frame(args[0]);
    Value *registers;
    int64_t i = find_variable(t, f, args[1], &registers);
    if (i == -2)
        return NO_VALUE;
    if (i >= 0)
        return raise_value_error(t, "cannot remove local variables from FrameLocalsProxy");
    int deleted = present(f->extra_locals) ? dict_delete(t, f->extra_locals, args[1]) : 0;
    return deleted < 0 ? NO_VALUE : deleted ? NONE : raise_key_error(t, args[1]);
}

static Value snapshot(Thread *t, Value self) { return variables_dict(t, proxy_frame(self), true); }

static Value proxy_contains(Thread *t, Value *args) {
    Value v = proxy_find(t, args[0], args[1]);
    return absent(v) && error_pending(t) ? NO_VALUE : from_bool(present(v));
}
static Value proxy_len(Thread *t, Value *args) { return small_int((int64_t)dict_length(TRY(snapshot(t, args[0])))); }
static Value proxy_iter(Thread *t, Value *args) { return get_iterator(t, TRY(dict_keys_list(t, TRY(snapshot(t, args[0]))))); }
static Value proxy_keys(Thread *t, Value *args) { return dict_keys_list(t, TRY(snapshot(t, args[0]))); }
static Value proxy_values(Thread *t, Value *args) { return dict_values_list(t, TRY(snapshot(t, args[0]))); }
static Value proxy_items(Thread *t, Value *args) { return dict_items_list(t, TRY(snapshot(t, args[0]))); }
static Value proxy_copy(Thread *t, Value *args) { return snapshot(t, args[0]); }
static Value proxy_reversed(Thread *t, Value *args) {
    Value list = TRY(dict_keys_list(t, TRY(snapshot(t, args[0]))));
    CHECK(list_reverse(t, list));
    return list;
}
static Value proxy_get(Thread *t, Value *args) {
    Value v = proxy_find(t, args[0], args[1]);
    return present(v) ? v : error_pending(t) ? NO_VALUE : args[2];
}
static Value proxy_setdefault(Thread *t, Value *args) {
    Value v = proxy_find(t, args[0], args[1]);
    if (present(v) || error_pending(t))
        return v;
    TRY(proxy_setitem(t, args));
    return args[2];
}
static Value proxy_pop(Thread *t, Value *args) {
    FrameObject *f = proxy_frame(args[0]);
    Value *registers;
    int64_t i = find_variable(t, f, args[1], &registers);
    if (i == -2)
        return NO_VALUE;
    if (i >= 0)
        return raise_value_error(t, "cannot remove local variables from FrameLocalsProxy");
    Value v = present(f->extra_locals) ? dict_pop(t, f->extra_locals, args[1]) : NO_VALUE;
    if (present(v) || error_pending(t))
        return v;
    return present(args[2]) ? args[2] : raise_key_error(t, args[1]);
}
static Value proxy_update(Thread *t, Value *args) {
    Value other = args[1];
    if (is_exactly(other, &frame_locals_proxy_type))
        other = TRY(snapshot(t, other));
    Value dict = TRY(dict_new(t));
    CHECK(dict_update(t, dict, other));
    size_t position = 0;
    Value key, value;
    while (dict_next(dict, &position, &key, &value)) {
        Value set[] = {args[0], key, value};
        TRY(proxy_setitem(t, set));
    }
    return NONE;
}
static Value proxy_repr(Thread *t, Value *args) {
    int entered = repr_enter(t, args[0]);
    if (entered)
        return entered < 0 ? NO_VALUE : str_from_text(t, "{...}");
    Value dict = snapshot(t, args[0]);
    Value text = present(dict) ? repr(t, dict) : NO_VALUE;
    repr_leave(t, args[0]);
    return text;
}
static Value proxy_eq(Thread *t, Value *args) {
    if (is_exactly(args[1], &frame_locals_proxy_type))
        return from_bool(proxy_frame(args[0]) == proxy_frame(args[1]));
    if (!is_dict(args[1]))
        return NOT_IMPLEMENTED;
    return compare(t, COMPARE_EQ, TRY(snapshot(t, args[0])), args[1]);
}
static Value proxy_ne(Thread *t, Value *args) {
    Value v = TRY(proxy_eq(t, args));
    return same(v, NOT_IMPLEMENTED) ? v : from_bool(same(v, FALSE));
}
static Value proxy_or(Thread *t, Value *args) {
    Value other = args[1];
    if (is_exactly(other, &frame_locals_proxy_type))
        other = TRY(snapshot(t, other));
    if (!is_dict(other))
        return NOT_IMPLEMENTED;
    Value dict = TRY(snapshot(t, args[0]));
    return dict_update(t, dict, other) ? dict : NO_VALUE;
}
static Value proxy_ror(Thread *t, Value *args) {
    if (!is_dict(args[1]))
        return NOT_IMPLEMENTED;
    Value dict = TRY(dict_copy(t, args[1]));
    return dict_update(t, dict, TRY(snapshot(t, args[0]))) ? dict : NO_VALUE;
}
static Value proxy_ior(Thread *t, Value *args) {
    if (!is_dict(args[1]) && !is_exactly(args[1], &frame_locals_proxy_type))
        return NOT_IMPLEMENTED;
    TRY(proxy_update(t, args));
    return args[0];
}
static Value proxy_construct(Thread *t, Value *args) {
    if (!is_exactly(args[1], &frame_type))
        return raise_type_error(t, "expect frame, not %T", args[1]);
    LocalsProxyObject *p = heap_allocate(t, &frame_locals_proxy_type, sizeof *p);
    if (!p)
        return NO_VALUE;
    p->frame = args[1]; /* NOBARRIER: new */
    return from_object(p);
}

static const NativeDef proxy_methods[] = {
    {"__new__(type, frame, /)", proxy_construct, NULL, NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", proxy_repr, "Return repr(self).", 0},
    {"__getitem__(self, object, /)", proxy_getitem, "Return self[key].", NATIVE_COEXIST},
    {"__setitem__(self, key, value, /)", proxy_setitem, "Set self[key] to value.", 0},
    {"__delitem__(self, key, /)", proxy_delitem, "Delete self[key].", 0},
    {"__contains__(self, object, /)", proxy_contains, "Return bool(key in self).", NATIVE_COEXIST},
    {"__len__(self, /)", proxy_len, "Return len(self).", 0},
    {"__iter__(self, /)", proxy_iter, "Implement iter(self).", 0},
    {"__reversed__(self, /)", proxy_reversed, NULL, 0},
    {"__eq__(self, value, /)", proxy_eq, "Return self==value.", 0},
    {"__ne__(self, value, /)", proxy_ne, "Return self!=value.", 0},
    UNORDERED_ROWS,
    {"__or__(self, value, /)", proxy_or, "Return self|value.", 0},
    {"__ror__(self, value, /)", proxy_ror, "Return value|self.", 0},
    {"__ior__(self, value, /)", proxy_ior, "Return self|=value.", 0},
    {"keys(self, /)", proxy_keys, NULL, 0},
    {"values(self, /)", proxy_values, NULL, 0},
    {"items(self, /)", proxy_items, NULL, 0},
    {"copy(self, /)", proxy_copy, NULL, 0},
    {"get(self, key, default=None, /)", proxy_get, NULL, NATIVE_NO_SIGNATURE},
    {"setdefault(self, key, default=None, /)", proxy_setdefault, NULL, NATIVE_NO_SIGNATURE},
    {"pop(self, key, default=<unrepresentable>, /)", proxy_pop, NULL, NATIVE_NO_SIGNATURE},
    {"update(self, object, /)", proxy_update, NULL, 0},
    {0},
};

STATIC_TYPE(frame_locals_proxy_type) = {
    STATIC_TYPE_HEAD(proxy_trace, NULL),
    .name_text = "FrameLocalsProxy",
    .base_static = &object_type,
    .methods = proxy_methods,
    .flags = TYPE_MAPPING,
    .instance_size = sizeof(LocalsProxyObject),
};
