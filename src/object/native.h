/* Native functions: the one form, the table rows, and the binder.
 *
 *     Value list_insert(Thread *t, Value *args);
 *     { "insert(self, index, object, /)", list_insert, "Insert object before index." },
 *
 * The signature text is the only truth about arguments. From it the binder (compiled on first use) checks the
 * receiver, arity and keywords, with CPython's messages, and lays out `args`: one word per parameter in order,
 * self first for methods; `*args` is one word holding a tuple, `**kwargs` one word holding a dict. A default
 * written as a literal (int, string, None, True, False, (), Ellipsis) is filled in;
 * `=<unrepresentable>` leaves the word absent (all zeros), for parameters that have no default to speak of. Where what is
 * shown is not what is filled in, angle brackets hold both: `=<sys.stderr|None>` is shown as sys.stderr and filled in as None,
 * `=<''>` is shown as '' and leaves the word absent. So do parameters in square brackets, as in `(self, sub[, start[, end]], /)`.
 * A class method's first parameter is called `type` and a NATIVE_CLASS flag set: it gets the class.
 * Functions of modules have no self. `args` may be overwritten by the function.
 *
 * `__new__` rows: "__new__(type, ...)" get the class first (whose base layout was checked); `__init__` rows get self.
 *
 * Threads: tables are constant. A compiled Binder is published once with a release store and never changes.
 */
#pragma once
#include "object/value.h"

typedef Value (*NativeFn)(Thread *t, Value *args);

enum {
    NATIVE_CLASS = 1 << 0,        /* class method */
    NATIVE_STATIC = 1 << 1,       /* static method */
    NATIVE_NO_SIGNATURE = 1 << 2, /* inspect.signature must fail, as in CPython: __text_signature__ is None */
    NATIVE_COUNTS_POSITIONAL = 1 << 5, /* a wrong number by position: counted as for a function without named parameters */
    NATIVE_MAY_LACK = 1 << 6,      /* required arguments may be absent: the function has its own words for that */
    NATIVE_POSITIONAL_GIVEN = 1 << 7, /* one word more: how many arguments were given by position, an int */
    NATIVE_LAZY_KEYWORDS = 1 << 4, /* the word of **kwargs stays absent when no keyword was given */
    NATIVE_LEN = 1 << 9,           /* it is len(): the interpreter calls a __len__ written in Python itself */
    NATIVE_NEXT = 1 << 8,          /* it is next() or send(): the interpreter steps generators itself */
    NATIVE_BORROWS_STAR = 1 << 10, /* the tuple of *args goes no further and may lie on the C stack */
    NATIVE_COUNTS_AS_PYTHON = 1 << 11, /* a wrong number by position: in the words for functions written in Python */
    NATIVE_COUNTS_NAMED = 1 << 12, /* a wrong number of arguments: in the words for functions with named parameters */
    NATIVE_UNNAMED = 1 << 13,      /* a wrong number of arguments: messages say "function" for its name */
    NATIVE_COUNTS_ARGUMENTS = 1 << 14, /* a wrong number of arguments: "f() takes exactly 2 arguments (1 given)" */
    NATIVE_TAKES_MORE = 1 << 15,   /* surplus arguments by position are dropped */
    NATIVE_ONLY_LOOKS = 1 << 16,   /* of a tuple that it is given it keeps nothing, and runs no Python code for it */
    NATIVE_COEXIST = 1 << 3,      /* the row makes a method although a slot wrapper would do (dict.__contains__) */
};

typedef struct NativeDef {
    const char *signature; /* NULL ends a table */
    NativeFn function;
    const char *doc;
    uint32_t flags;
} NativeDef;

/* A computed attribute. get(t, {self}), set(t, {self, value}); value absent: deletion. */
typedef struct GetSetDef {
    const char *name;
    NativeFn get;
    NativeFn set; /* NULL: read-only */
    const char *doc;
    bool is_member; /* MEMBER: Python code sees a member_descriptor, as of an attribute that is a word in the struct */
} GetSetDef;
enum { MEMBER = true };

/* An attribute that is a word in the struct. */
typedef enum MemberKind {
    MEMBER_VALUE,         /* a Value; absent reads as None */
    MEMBER_COMPUTED,      /* a GetSetDef's functions tell */
    MEMBER_VALUE_OR_ERROR /* a Value; absent raises AttributeError (the kind of __slots__) */
} MemberKind;
typedef struct MemberDef {
    const char *name;
    MemberKind kind;
    size_t offset;
    bool read_only;
    const char *doc;
} MemberDef;

typedef struct Binder Binder;

/* One parameter of a compiled signature. */
typedef struct Parameter {
    Value name;          /* immortal str */
    Value default_value; /* absent: required, unless optional */
    bool positional, keyword, optional, variadic; /* variadic with positional: *args, with keyword: **kwargs */
} Parameter;

struct Binder {
    const NativeDef *def;
    uint16_t count;            /* parameters, self included */
    uint16_t positional_count; /* those that may be given by position, self included */
    uint16_t required_count;   /* positional ones that must be given */
    int16_t star, star_star;   /* index of *args and **kwargs, or -1 */
    bool simple;               /* only positional parameters: count arguments pass straight through */
    bool plain;                /* nothing that must be given by name: arguments by position need no looking at */
    bool defaultable;          /* no *args, no **kwargs, and what was not given is filled in from parameters */
    bool has_self;
    bool type_call;            /* __new__ or __init__: messages name the type */
    Type *owner;               /* for messages: the type that the row belongs to, or NULL */
    Value module;              /* for messages: the function's module (str) or absent */
    Parameter parameters[];
};

/* The compiled signature of a row, owned by the runtime and shared by all isolates; NULL with an exception
 * pending. native_binder_of also says whose row it is, for messages. */
const Binder *native_binder(Thread *t, const NativeDef *def, bool has_self);
const Binder *native_binder_of(Thread *t, const NativeDef *def, bool has_self, Type *owner, Value module);

/* Binds the arguments and calls. args[-1] is scratch (call.h). `self_type`: for methods, what args[0] must be
 * an instance of (NULL: unchecked); for messages `def`'s name is qualified with it. */
Value native_call(Thread *t, const NativeDef *def, const Binder *binder, Type *self_type, Value *args, size_t nargs,
                  Value kwnames);

/* What the first argument of a row's function is in its __text_signature__. */
typedef enum NativeReceiver {
    RECEIVER_MODULE, /* not in the row: "($module, x, /)" */
    RECEIVER_SELF,   /* the row's first parameter: "($self, x, /)" */
    RECEIVER_NONE    /* static methods: "(x, /)" */
} NativeReceiver;

/* "(self, index, object, /)" as a str in the form of __text_signature__, or None. */
Value native_text_signature(Thread *t, const NativeDef *def, NativeReceiver receiver);
Value native_name(Thread *t, const NativeDef *def); /* interned str: the part before the parenthesis */

/* Makes a builtin_function_or_method object. self: absent, the bound receiver, or for functions of a module
 * the module. `module_name`: str or absent. */
Value native_function_new(Thread *t, const NativeDef *def, Value self, Value module_name);
