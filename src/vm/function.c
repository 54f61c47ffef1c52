/* function and cell: see function.h.
 *
 * Annotations are lazy (PEP 649): `annotate` computes them, `annotations` keeps the dict once asked for.
 */
#include "object/audit.h"
#include "vm/function.h"

#include "object/call.h"
#include "object/operators.h"
#include "object/shape.h"
#include "types/dict/dict.h"
#include "types/method.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"

/* ---- functions ---- */

static void function_trace(Tracer *tracer, Object *o) {
    FunctionObject *f = (FunctionObject *)o;
    trace_object(tracer, f->code);
    trace_values(tracer, &f->globals, (Value *)f->extra - &f->globals + 1);
}

Value builtins_of_globals(Thread *t, Value globals) {
    Value b = dict_get_str(globals, names.__builtins__);
    if (present(b) && type_of(b) == &module_type)
        return module_dict(b);
    if (present(b) && (is_dict(b) || (is_object(b) && type_slot(type_of(b), SLOT___getitem__))))
        return b;
    return vm_builtins(t);
}

Value function_new_with_builtins(Thread *t, Value code_value, Value globals, Value builtins) {
    CodeObject *code = as_code(code_value);
    FunctionObject *f = heap_allocate(t, &function_type, sizeof(FunctionObject) + sizeof(Value));
    if (!f)
        return NO_VALUE;
    code_prepare(code);
    /* NOBARRIER: f is new */
    f->code = code;
    f->globals = globals;
    f->builtins = builtins;
    f->name = code->name;
    f->qualname = code->qualname;
    if (code->flags & CODE_HAS_DOCSTRING)
        f->doc = code->constants_base[0];
    f->module = dict_get_str(globals, names.__name__);
    return from_object(f);
}

Value function_new(Thread *t, Value code, Value globals) {
    return function_new_with_builtins(t, code, globals, builtins_of_globals(t, globals));
}

bool function_set_code(Thread *t, FunctionObject *f, Value code) {
    size_t have = present(f->closure) ? tuple_length(f->closure) : 0, want = as_code(code)->free_count;
    if (have != want) {
        raise_value_error(t, "%S() requires a code object with %zd free vars, not %zd", f->name, have, want);
        return false;
    }
    code_prepare(as_code(code));
    publish_into(f, code);
    store_release(&f->code, as_code(code));
    store_moved(f);
    return true;
}

static Value function_repr(Thread *t, Value *args) {
    FunctionObject *f = as_function(args[0]);
    return format_text(t, "<function %S at 0x%lx>", f->qualname, (unsigned long)args[0].bits);
}

static Value function_get(Thread *t, Value *args) {
    return is_none(args[1]) || absent(args[1]) ? args[0] : method_new(t, args[0], args[1]);
}

static Value function_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    return vm_call_function(t, callee, args, nargs, kwnames);
}

/* types.FunctionType(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None) */
static Value function_construct(Thread *t, Value *args) {
    Value code = args[1], globals = args[2], name = args[3], defaults = args[4], closure = args[5], kwdefaults = args[6];
    if (!is_exactly(code, &code_type))
        return raise_type_error(t, "function() argument 'code' must be code, not %Y", code);
    if (!is_dict(globals))
        return raise_type_error(t, "function() argument 'globals' must be dict, not %Y", globals);
    if (!is_none(name) && !is_str(name))
        return raise_type_error(t, "arg 3 (name) must be None or string");
    if (!is_none(defaults) && !is_tuple(defaults))
        return raise_type_error(t, "arg 4 (defaults) must be None or tuple");
    size_t free = as_code(code)->free_count;
    if (!is_tuple(closure)) {
        if (free && is_none(closure))
            return raise_type_error(t, "arg 5 (closure) must be tuple");
        if (!is_none(closure))
            return raise_type_error(t, "arg 5 (closure) must be None or tuple");
    }
    if (!is_none(kwdefaults) && !is_dict(kwdefaults))
        return raise_type_error(t, "arg 6 (kwdefaults) must be None or dict");
    size_t cells = is_none(closure) ? 0 : tuple_length(closure);
    if (cells != free)
        return raise_value_error(t, "%S requires closure of length %zd, not %zd", as_code(code)->name, free, cells);
    for (size_t i = 0; i < cells; i++)
        if (!is_exactly(tuple_get(closure, i), &cell_type))
            return raise_type_error(t, "arg 5 (closure) expected cell, found %T", tuple_get(closure, i));
    Value v = TRY(function_new(t, code, globals));
    FunctionObject *f = as_function(v);
    if (!is_none(name))
        store(f, &f->name, name);
    if (!is_none(defaults))
        store(f, &f->defaults, defaults);
    if (!is_none(kwdefaults))
        store(f, &f->kwdefaults, kwdefaults);
    if (cells)
        store(f, &f->closure, closure);
    return v;
}

static const NativeDef function_methods[] = {
    {"__new__(type, code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)", function_construct, NULL, 0},
    {"__repr__(self, /)", function_repr, "Return repr(self).", 0},
    {"__get__(self, instance, owner=None, /)", function_get, "Return an attribute of instance, which is of type owner.", 0},
    {0},
};

/* ---- attributes ---- */

static Value get_code(Thread *t, Value *args) {
    CHECK(audit(t, "object.__getattr__", 2, args[0], names.__code__));
    CodeObject *code = load_acquire(&as_function(args[0])->code);
    return code_unpack(t, code) ? from_object(code) : NO_VALUE;
}
static Value set_code(Thread *t, Value *args) {
    if (absent(args[1]) || !is_exactly(args[1], &code_type))
        return raise_type_error(t, "__code__ must be set to a code object");
    CHECK(audit(t, "object.__setattr__", 3, args[0], names.__code__, args[1]));
    uint32_t kinds = CODE_GENERATOR | CODE_COROUTINE | CODE_ASYNC_GENERATOR;
    if ((load_acquire(&as_function(args[0])->code)->flags ^ as_code(args[1])->flags) & kinds)
        CHECK(warn(t, &DeprecationWarning_type, 1,
                   "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain function)"));
    return function_set_code(t, as_function(args[0]), args[1]) ? NONE : NO_VALUE;
}

static Value or_none(Value v) { return present(v) ? v : NONE; }

static Value get_defaults(Thread *t, Value *args) {
    CHECK(audit(t, "object.__getattr__", 2, args[0], names.__defaults__));
    return or_none(load(&as_function(args[0])->defaults));
}
static Value set_defaults(Thread *t, Value *args) {
    if (present(args[1]) && !is_none(args[1]) && !is_tuple(args[1]))
        return raise_type_error(t, "__defaults__ must be set to a tuple object");
    CHECK(audit(t, "object.__setattr__", 3, args[0], names.__defaults__, args[1]));
    FunctionObject *f = as_function(args[0]);
    store(f, &f->defaults, present(args[1]) && !is_none(args[1]) ? args[1] : NO_VALUE);
    return NONE;
}

static Value get_kwdefaults(Thread *t, Value *args) {
    CHECK(audit(t, "object.__getattr__", 2, args[0], names.__kwdefaults__));
    return or_none(load(&as_function(args[0])->kwdefaults));
}
static Value set_kwdefaults(Thread *t, Value *args) {
    if (present(args[1]) && !is_none(args[1]) && !is_dict(args[1]))
        return raise_type_error(t, "__kwdefaults__ must be set to a dict object");
    CHECK(audit(t, "object.__setattr__", 3, args[0], names.__kwdefaults__, args[1]));
    FunctionObject *f = as_function(args[0]);
    store(f, &f->kwdefaults, present(args[1]) && !is_none(args[1]) ? args[1] : NO_VALUE);
    return NONE;
}

static Value get_annotate(Thread *t, Value *args) { return or_none(load(&as_function(args[0])->annotate)); }
static Value set_annotate(Thread *t, Value *args) {
    FunctionObject *f = as_function(args[0]);
    if (absent(args[1]))
        return raise_type_error(t, "__annotate__ cannot be deleted");
    if (!is_none(args[1]) && !is_callable(args[1]))
        return raise_type_error(t, "__annotate__ must be callable or None");
    store(f, &f->annotate, args[1]);
    if (!is_none(args[1]))
        store(f, &f->annotations, NO_VALUE);
    return NONE;
}

static Value get_annotations(Thread *t, Value *args) {
    FunctionObject *f = as_function(args[0]);
    Value have = load(&f->annotations);
    if (present(have))
        return have;
    Value annotate = load(&f->annotate);
    if (present(annotate) && is_callable(annotate)) {
        have = TRY(call_1(t, annotate, small_int(1)));
        if (!is_dict(have))
            return raise_type_error(t, "__annotate__ returned non-dict of type '%T'", have);
    } else {
        have = TRY(dict_new(t));
    }
    store(f, &f->annotations, have);
    return have;
}
static Value set_annotations(Thread *t, Value *args) {
    FunctionObject *f = as_function(args[0]);
    if (present(args[1]) && !is_none(args[1]) && !is_dict(args[1]))
        return raise_type_error(t, "__annotations__ must be set to a dict object");
    store(f, &f->annotations, present(args[1]) && !is_none(args[1]) ? args[1] : NO_VALUE);
    store(f, &f->annotate, NO_VALUE);
    return NONE;
}

static Value get_name(Thread *t, Value *args) { return load(&as_function(args[0])->name); }
static Value set_name(Thread *t, Value *args) {
    FunctionObject *f = as_function(args[0]);
    if (absent(args[1]) || !is_str(args[1]))
        return raise_type_error(t, "__name__ must be set to a string object");
    store(f, &f->name, args[1]);
    return NONE;
}
static Value get_qualname(Thread *t, Value *args) { return load(&as_function(args[0])->qualname); }
static Value set_qualname(Thread *t, Value *args) {
    FunctionObject *f = as_function(args[0]);
    if (absent(args[1]) || !is_str(args[1]))
        return raise_type_error(t, "__qualname__ must be set to a string object");
    store(f, &f->qualname, args[1]);
    return NONE;
}
static Value get_type_params(Thread *t, Value *args) {
    Value v = load(&as_function(args[0])->type_params);
    return present(v) ? v : empty_tuple;
}
static Value set_type_params(Thread *t, Value *args) {
    FunctionObject *f = as_function(args[0]);
    if (absent(args[1]) || !is_tuple(args[1]))
        return raise_type_error(t, "__type_params__ must be set to a tuple");
    store(f, &f->type_params, args[1]);
    return NONE;
}

static Value get_dict(Thread *t, Value *args) { return instance_dict(t, as_object(args[0])); }
static Value set_dict(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "cannot delete __dict__");
    if (!is_dict(args[1]))
        return raise_type_error(t, "__dict__ must be set to a dictionary, not a '%T'", args[1]);
    return instance_set_dict(t, as_object(args[0]), args[1]) ? NONE : NO_VALUE;
}

static const GetSetDef function_getset[] = {
    {"__code__", get_code, set_code, NULL},
    {"__defaults__", get_defaults, set_defaults, NULL},
    {"__kwdefaults__", get_kwdefaults, set_kwdefaults, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {"__annotate__", get_annotate, set_annotate, NULL},
    {"__dict__", get_dict, set_dict, NULL},
    {"__name__", get_name, set_name, NULL},
    {"__qualname__", get_qualname, set_qualname, NULL},
    {"__type_params__", get_type_params, set_type_params, NULL},
    {0},
};

static const MemberDef function_members[] = {
    {"__closure__", MEMBER_VALUE, offsetof(FunctionObject, closure), true, NULL},
    {"__doc__", MEMBER_VALUE, offsetof(FunctionObject, doc), false, NULL},
    {"__globals__", MEMBER_VALUE, offsetof(FunctionObject, globals), true, NULL},
    {"__module__", MEMBER_VALUE, offsetof(FunctionObject, module), false, NULL},
    {"__builtins__", MEMBER_VALUE, offsetof(FunctionObject, builtins), true, NULL},
    {0},
};

STATIC_TYPE(function_type) = {
    STATIC_TYPE_HEAD(function_trace, NULL),
    .name_text = "function",
    .doc = "Create a function object.\n\n  code\n    a code object\n  globals\n    the globals dictionary\n  name\n"
           "    a string that overrides the name from the code object\n  argdefs\n"
           "    a tuple that specifies the default argument values\n  closure\n"
           "    a tuple that supplies the bindings for free variables\n  kwdefaults\n"
           "    a dictionary that specifies the default keyword argument values",
    .base_static = &object_type,
    .methods = function_methods,
    .getset = function_getset,
    .members = function_members,
    .call = function_call,
    .flags = TYPE_HAS_DICT | TYPE_HAS_WEAKREF | TYPE_METHOD_DESCRIPTOR,
    .instance_size = sizeof(FunctionObject) + sizeof(Value),
    .slots_offset = offsetof(FunctionObject, extra),
};

/* ---- cells ---- */

static void cell_trace(Tracer *tracer, Object *o) { trace_value(tracer, ((CellObject *)o)->contents); }

Value cell_new(Thread *t, Value contents) {
    CellObject *c = heap_allocate(t, &cell_type, sizeof *c);
    if (!c)
        return NO_VALUE;
    c->contents = contents; /* NOBARRIER: new */
    return from_object(c);
}

static Value cell_construct(Thread *t, Value *args) { return cell_new(t, args[1]); }

static Value cell_repr(Thread *t, Value *args) {
    Value v = load(&as_cell(args[0])->contents);
    if (absent(v))
        return format_text(t, "<cell at 0x%lx: empty>", (unsigned long)args[0].bits);
    return format_text(t, "<cell at 0x%lx: %T object at 0x%lx>", (unsigned long)args[0].bits, v, (unsigned long)v.bits);
}

static Value cell_compare(Thread *t, Value *args, Comparison op) {
    if (!is_exactly(args[0], &cell_type) || !is_exactly(args[1], &cell_type))
        return NOT_IMPLEMENTED;
    Value a = load(&as_cell(args[0])->contents), b = load(&as_cell(args[1])->contents);
    if (present(a) && present(b))
        return compare(t, op, a, b);
    return compare(t, op, small_int(present(a)), small_int(present(b)));
}
static Value cell_eq(Thread *t, Value *args) { return cell_compare(t, args, COMPARE_EQ); }
static Value cell_ne(Thread *t, Value *args) { return cell_compare(t, args, COMPARE_NE); }
static Value cell_lt(Thread *t, Value *args) { return cell_compare(t, args, COMPARE_LT); }
static Value cell_le(Thread *t, Value *args) { return cell_compare(t, args, COMPARE_LE); }
static Value cell_gt(Thread *t, Value *args) { return cell_compare(t, args, COMPARE_GT); }
static Value cell_ge(Thread *t, Value *args) { return cell_compare(t, args, COMPARE_GE); }
static Value cell_hash(Thread *t, Value *args) { return raise_type_error(t, "unhashable type: 'cell'"); }

static Value get_contents(Thread *t, Value *args) {
    Value v = load(&as_cell(args[0])->contents);
    return present(v) ? v : raise_value_error(t, "cell is empty");
}
static Value set_contents(Thread *t, Value *args) {
    store(as_object(args[0]), &as_cell(args[0])->contents, args[1]);
    if (load_relaxed(&runtime_threaded))
        fence_seq_cst(); /* as STORE_DEREF */
    return NONE;
}

static const NativeDef cell_methods[] = {
    {"__new__(type, contents=<unrepresentable>, /)", cell_construct, NULL, 0},
    {"__repr__(self, /)", cell_repr, "Return repr(self).", 0},
    {"__hash__(self, /)", cell_hash, NULL, 0},
    {"__eq__(self, value, /)", cell_eq, "Return self==value.", 0},
    {"__ne__(self, value, /)", cell_ne, "Return self!=value.", 0},
    {"__lt__(self, value, /)", cell_lt, "Return self<value.", 0},
    {"__le__(self, value, /)", cell_le, "Return self<=value.", 0},
    {"__gt__(self, value, /)", cell_gt, "Return self>value.", 0},
    {"__ge__(self, value, /)", cell_ge, "Return self>=value.", 0},
    {0},
};
static const GetSetDef cell_getset[] = {{"cell_contents", get_contents, set_contents, NULL}, {0}};

STATIC_TYPE(cell_type) = {
    STATIC_TYPE_HEAD(cell_trace, NULL),
    .name_text = "cell",
    .doc = "Create a new cell object.\n\n  contents\n    the contents of the cell. If not specified, the cell will be empty,\n"
           "    and \n further attempts to access its cell_contents attribute will\n    raise a ValueError.",
    .base_static = &object_type,
    .methods = cell_methods,
    .getset = cell_getset,
    .instance_size = sizeof(CellObject),
};
