/* builtins: attributes, identity, classes, numbers, namespaces.
 *
 * Threads: no state.
 */
#include "modules/builtins/builtins.h"
#include "object/audit.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"

static Value builtin_abs(Thread *t, Value *args) { return absolute(t, args[0]); }
static Value builtin_callable(Thread *t, Value *args) { return from_bool(is_callable(args[0])); }
static Value builtin_divmod(Thread *t, Value *args) { return binary_operation(t, BINARY_DIVMOD, args[0], args[1]); }
static Value builtin_id(Thread *t, Value *args) {
    Value id = TRY(object_id(t, args[0]));
    return !audited(t) || audit(t, "builtins.id", 1, id) ? id : NO_VALUE;
}
static Value builtin_pow(Thread *t, Value *args) { return power(t, args[0], args[1], args[2]); }

static Value builtin_hash(Thread *t, Value *args) {
    int64_t hash;
    CHECK(hash_of(t, args[0], &hash));
    return int_from(t, hash);
}

static Value builtin_isinstance(Thread *t, Value *args) {
    int is = is_instance(t, args[0], args[1]);
    return is < 0 ? NO_VALUE : from_bool(is);
}

static Value builtin_issubclass(Thread *t, Value *args) {
    int is = is_subclass(t, args[0], args[1]);
    return is < 0 ? NO_VALUE : from_bool(is);
}

static Value builtin_getattr(Thread *t, Value *args) {
    Value name = TRY(attribute_name(t, args[1]));
    if (absent(args[2]))
        return get_attribute(t, args[0], name);
    Value value = find_attribute(t, args[0], name);
    return present(value) || error_pending(t) ? value : args[2];
}

static Value builtin_hasattr(Thread *t, Value *args) {
    Value value = find_attribute(t, args[0], TRY(attribute_name(t, args[1])));
    return absent(value) && error_pending(t) ? NO_VALUE : from_bool(present(value));
}

static Value builtin_setattr(Thread *t, Value *args) {
    CHECK(set_attribute(t, args[0], TRY(attribute_name(t, args[1])), args[2]));
    return NONE;
}

static Value builtin_delattr(Thread *t, Value *args) {
    CHECK(set_attribute(t, args[0], TRY(attribute_name(t, args[1])), NO_VALUE));
    return NONE;
}

static Value builtin_dir(Thread *t, Value *args) {
    if (present(args[0]))
        return object_dir(t, args[0]);
    Value namespace = TRY(vm_locals(t));
    Value keys = TRY(list_from_iterable(t, TRY(call_method_0(t, namespace, names.keys))));
    CHECK(list_sort(t, keys, NO_VALUE, false));
    return keys;
}

static Value builtin_globals(Thread *t, Value *args) {
    Value globals = vm_globals(t);
    return present(globals) ? globals : raise_system_error(t, "globals() needs a running Python frame");
}

static Value builtin_locals(Thread *t, Value *args) { return vm_locals(t); }

static Value builtin_vars(Thread *t, Value *args) {
    if (absent(args[0]))
        return vm_locals(t);
    Value dict = find_attribute(t, args[0], names.__dict__);
    return present(dict) || error_pending(t) ? dict : raise_type_error(t, "vars() argument must have __dict__ attribute");
}

static Value builtin_round(Thread *t, Value *args) {
    Value method = type_lookup_special(t, args[0], names.__round__);
    if (absent(method))
        return error_pending(t) ? NO_VALUE
                                : raise_type_error(t, "type %T doesn't define __round__ method", args[0]);
    return is_none(args[1]) ? call_0(t, method) : call_1(t, method, args[1]);
}

const NativeDef builtins_object_functions[] = {
    {"abs(x, /)", builtin_abs, "Return the absolute value of the argument."},
    {"callable(obj, /)", builtin_callable,
     "Return whether the object is callable (i.e., some kind of function).\n\nNote that classes are callable, as are instances "
     "of classes with a\n__call__() method.",
     NATIVE_ONLY_LOOKS},
    {"divmod(x, y, /)", builtin_divmod, "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x."},
    {"id(obj, /)", builtin_id,
     "Return the identity of an object.\n\nThis is guaranteed to be unique among simultaneously existing objects.\n(CPython uses "
     "the object's memory address.)",
     NATIVE_ONLY_LOOKS},
    {"pow(base, exp, mod=None)", builtin_pow,
     "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.\n\nSome types, such as ints, are able to use "
     "a more efficient algorithm when\ninvoked using the three argument form."},
    {"hash(obj, /)", builtin_hash,
     "Return the hash value for the given object.\n\nTwo objects that compare equal must also have the same hash value, but "
     "the\nreverse is not necessarily true."},
    {"isinstance(obj, class_or_tuple, /)", builtin_isinstance,
     "Return whether an object is an instance of a class or of a subclass thereof.\n\nA tuple, as in ``isinstance(x, (A, B, "
     "...))``, may be given as the target to\ncheck against. This is equivalent to ``isinstance(x, A) or isinstance(x, B)\nor "
     "...`` etc."},
    {"issubclass(cls, class_or_tuple, /)", builtin_issubclass,
     "Return whether 'cls' is derived from another class or is the same class.\n\nA tuple, as in ``issubclass(x, (A, B, ...))``, "
     "may be given as the target to\ncheck against. This is equivalent to ``issubclass(x, A) or issubclass(x, B)\nor ...``."},
    {"getattr(object, name, default=<unrepresentable>, /)", builtin_getattr,
     "getattr(object, name[, default]) -> value\n\nGet a named attribute from an object; getattr(x, 'y') is equivalent to "
     "x.y.\nWhen a default argument is given, it is returned when the attribute doesn't\nexist; without it, an exception is "
     "raised in that case.",
     NATIVE_NO_SIGNATURE},
    {"hasattr(obj, name, /)", builtin_hasattr,
     "Return whether the object has an attribute with the given name.\n\nThis is done by calling getattr(obj, name) and catching "
     "AttributeError."},
    {"setattr(obj, name, value, /)", builtin_setattr,
     "Sets the named attribute on the given object to the specified value.\n\nsetattr(x, 'y', v) is equivalent to ``x.y = v``"},
    {"delattr(obj, name, /)", builtin_delattr,
     "Deletes the named attribute from the given object.\n\ndelattr(x, 'y') is equivalent to ``del x.y``"},
    {"dir(object=<unrepresentable>, /)", builtin_dir,
     "dir([object]) -> list of strings\n\nIf called without an argument, return the names in the current scope.\nElse, return an "
     "alphabetized list of names comprising (some of) the attributes\nof the given object, and of attributes reachable from it.\n"
     "If the object supplies a method named __dir__, it will be used; otherwise\nthe default dir() logic is used and returns:\n"
     "  for a module object: the module's attributes.\n  for a class object:  its attributes, and recursively the attributes\n"
     "    of its bases.\n  for any other object: its attributes, its class's attributes, and\n    recursively the attributes of "
     "its class's base classes.",
     NATIVE_NO_SIGNATURE},
    {"globals()", builtin_globals,
     "Return the dictionary containing the current scope's global variables.\n\nNOTE: Updates to this dictionary *will* affect "
     "name lookups in the current\nglobal scope and vice-versa."},
    {"locals()", builtin_locals,
     "Return a dictionary containing the current scope's local variables.\n\nNOTE: Whether or not updates to this dictionary "
     "will affect name lookups in\nthe local scope and vice-versa is *implementation dependent* and not\ncovered by any "
     "backwards compatibility guarantees."},
    {"vars(object=<unrepresentable>, /)", builtin_vars,
     "vars([object]) -> dictionary\n\nWithout arguments, equivalent to locals().\nWith an argument, equivalent to object.__dict__.",
     NATIVE_NO_SIGNATURE},
    {"round(number, ndigits=None)", builtin_round,
     "Round a number to a given precision in decimal digits.\n\nThe return value is an integer if ndigits is omitted or None.  "
     "Otherwise\nthe return value has the same type as the number.  ndigits may be negative."},
    {0},
};
