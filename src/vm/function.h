/* function: what `def` and `lambda` make. And cells.
 *
 * Fields are words that Python code may replace at any time (f.__code__ = ...): readers load each once.
 */
#pragma once
#include "compile/code.h"
#include "object/object.h"

typedef struct FunctionObject {
    Object object;
    CodeObject *code;
    Value globals, builtins;  /* dicts */
    Value closure;            /* tuple of cells, or absent */
    Value defaults, kwdefaults; /* tuple, dict; absent: none */
    Value name, qualname, module, doc;
    Value annotations, annotate; /* dict or absent; callable, None or absent */
    Value type_params;           /* tuple or absent */
    Value extra[];               /* shape slots: see object/shape.h */
} FunctionObject;

typedef struct CellObject {
    Object object;
    Value contents; /* absent: empty */
} CellObject;

extern Type function_type, cell_type;
static inline FunctionObject *as_function(Value v) { return (FunctionObject *)v.bits; }
static inline bool is_function(Value v) { return is_object(v) && class_of(as_object(v)) == &function_type; }
static inline Value *function_part(FunctionObject *f, FunctionPart part) {
    static const uint8_t offsets[] = {
        [FUNCTION_DEFAULTS] = offsetof(FunctionObject, defaults),       [FUNCTION_KWDEFAULTS] = offsetof(FunctionObject, kwdefaults),
        [FUNCTION_ANNOTATIONS] = offsetof(FunctionObject, annotations), [FUNCTION_CLOSURE] = offsetof(FunctionObject, closure),
        [FUNCTION_ANNOTATE] = offsetof(FunctionObject, annotate),       [FUNCTION_TYPE_PARAMS] = offsetof(FunctionObject, type_params),
    };
    return (Value *)((char *)f + offsets[part]);
}
static inline CellObject *as_cell(Value v) { return (CellObject *)v.bits; }

Value function_new(Thread *t, Value code, Value globals);
Value function_new_with_builtins(Thread *t, Value code, Value globals, Value builtins);
/* What `builtins` a namespace has: its __builtins__ (module or dict), else the isolate's. */
Value builtins_of_globals(Thread *t, Value globals);
bool function_set_code(Thread *t, FunctionObject *f, Value code);
Value cell_new(Thread *t, Value contents);

/* Lays out the locals of a call at `target` (register_count words free there): parameters bound, other locals empty.
 * `args` may not overlap `target`. false: TypeError pending. */
bool arguments_bind(Thread *t, FunctionObject *f, const Value *args, size_t nargs, Value kwnames, Value *target);
