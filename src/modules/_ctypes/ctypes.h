/* _ctypes: C data and C functions for Python, on libffi.
 *
 * Each class of C data has, behind its Type, a CInfo: size, alignment, what it is made of. The metaclasses (metatypes.c) fill it
 * in. An instance (CData) is a pointer and a size: its memory is its own (`storage`, a cell, or within the instance), or lies in
 * that of another one (`base`), or anywhere (from_address). What an instance's memory points to is kept alive by `keep`, at the
 * outermost instance, under keys that say where in it the pointer stands, as in CPython (_objects shows it).
 *
 * Threads: a CInfo is complete before its class is shown to others, but for `final`, `pointer_type` and the fields of a
 * structure, which may be set once later, and the libffi type, which is published when it is first asked for. Memory of C data
 * is as unsynchronised as in C. The words of an instance are stored with barriers; readers see the old or the new one.
 *
 * All of this can reach any memory of the process: the module can be imported only with CAPABILITY_NATIVE_CODE.
 */
#pragma once
#include "object/buffer.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <ffi.h>

typedef enum CKind : uint8_t { C_NONE, C_SIMPLE, C_POINTER, C_ARRAY, C_STRUCTURE, C_UNION, C_FUNCTION } CKind;

typedef struct CInfo {
    CKind kind;  /* C_NONE: an abstract class */
    char code;   /* simple types: what it is, see codes.c */
    bool swapped; /* simple types: in the other byte order */
    bool final;  /* used: its fields do not change any more */
    bool is_pointer, has_pointer; /* cannot be pickled */
    int64_t size, align, length;
    Value proto; /* pointers, arrays: the item type; simple: the code as str */
    Value argtypes, converters, restype, checker; /* functions */
    int64_t flags;
    Value pointer_type;
    char *format; /* of the buffer protocol, malloc'd */
    int dimensions;
    int64_t *shape; /* and strides behind it, malloc'd */
    ffi_type *ffi;  /* structures and arrays: made on demand by c_ffi_type, malloc'd with its elements */
} CInfo;

typedef struct CType {
    Type type;
    CInfo info;
} CType;

typedef struct CData {
    Object object;
    char *pointer;
    Value storage; /* bytes, or absent */
    Value base;    /* the CData whose memory this is part of, or absent */
    Value keep;    /* absent: nothing */
    int64_t size, length, index;
    bool owned; /* its memory is its own */
    alignas(16) char inline_memory[16];
} CData;

typedef struct CFunction {
    CData data;
    Value callable, thunk; /* made from a Python function */
    Value restype, checker, argtypes, converters, errcheck; /* set on the instance; absent: those of the class */
    Value paramflags;
} CFunction;

/* What from_param and byref give: an argument ready to be passed. */
typedef struct CArgument {
    Object object;
    char tag;
    ffi_type *ffi;
    Value keep;
    int64_t size; /* of an aggregate */
    alignas(16) union {
        int64_t i;
        double d;
        float f;
        void *p;
        long double g;
        char bytes[32];
    } value;
} CArgument;

typedef struct CField {
    Object object;
    Value name, type;
    int64_t byte_size, byte_offset, index, bit_size, bit_offset;
    bool is_bitfield, is_anonymous;
} CField;

extern Type ctype_metatype, struct_metatype, union_metatype, array_metatype, pointer_metatype, simple_metatype, function_metatype;
extern Type cdata_type, structure_type, union_c_type, carray_type, cpointer_type, simple_type, cfunction_type, cargument_type,
    cfield_type, cthunk_type;

/* The isolate's: a tuple. */
enum { CTYPES_ARGUMENT_ERROR, CTYPES_ARRAY_CACHE, CTYPES_UNPICKLE, CTYPES_CODE_EXTRA, CTYPES_STATE_COUNT };
Value ctypes_state(Thread *t, int which);

static inline CData *as_cdata(Value v) { return (CData *)v.bits; }
static inline CArgument *as_argument(Value v) { return (CArgument *)v.bits; }
static inline bool is_cdata(Value v) { return is_instance_of(v, &cdata_type); }
/* NULL: not a class of C data, or an abstract one. */
static inline CInfo *c_info(Value type) {
    if (!is_object(type) || !is_type(type) || !is_instance_of(type, &ctype_metatype) || !(as_type(type)->flags & TYPE_HEAP))
        return NULL;
    CInfo *info = &((CType *)type.bits)->info;
    return info->kind ? info : NULL;
}
static inline CInfo *c_info_of(Value instance) { return c_info(from_object(type_of(instance))); }
/* A class derived from one like c_int: its instances are not turned into Python's values. */
static inline bool c_is_derived_simple(Value type) {
    return is_instance_of(type, &simple_metatype) && as_type(type)->base != &simple_type;
}

/* codes.c */
bool c_code_known(char code);
void c_code_layout(char code, int64_t *size, int64_t *align, ffi_type **ffi);
bool c_code_swappable(char code);
Value c_code_get(Thread *t, const CInfo *info, const char *memory);
/* What must be kept alive as long as the value stands there, or None. */
Value c_code_set(Thread *t, const CInfo *info, char *memory, Value value);
bool c_code_is_integer(char code);
Value c_bits_get(Thread *t, const CInfo *info, const char *memory, int64_t bit_size, int64_t bit_offset);
Value c_bits_set(Thread *t, const CInfo *info, char *memory, Value value, int64_t bit_size, int64_t bit_offset);

/* data.c */
Value cdata_new(Thread *t, Value type); /* TypeError "abstract class" */
Value cdata_at(Thread *t, Value type, void *address);
Value cdata_part(Thread *t, Value type, Value base, int64_t index, char *address); /* base absent: a copy */
bool cdata_keep(Thread *t, Value target, int64_t index, Value keep);
Value cdata_kept(Thread *t, Value instance); /* what its container keeps: a dict, or None */
/* The element of the type at the address, as Python's value or as a part of `base`; and the other way. */
Value cdata_get(Thread *t, Value type, Value base, int64_t index, char *address);
bool cdata_set(Thread *t, Value base, Value type, Value value, int64_t index, char *address);
char *cdata_memory(CData *d);
extern const BufferProtocol cdata_buffer;
void cdata_trace(Tracer *tracer, Object *o);
Value cdata_new_method(Thread *t, Value *args);

/* metatypes.c */
Value c_array_type(Thread *t, Value item, Value length);
Value c_pointer_type(Thread *t, Value item);
ffi_type *c_ffi_type(Thread *t, Value type); /* NULL: no memory, MemoryError is pending */
bool c_check_fields_open(Thread *t, Value class); /* _fields_ may still be set */
bool c_set_fields(Thread *t, Value class, Value fields);
extern const NativeDef ctype_methods[];
bool c_function_types(Thread *t, Value argtypes, Value *tuple, Value *converters);
bool c_check_restype(Thread *t, Value restype, Value *checker, const char *name);

/* params.c */
Value cargument_new(Thread *t, char tag, ffi_type *ffi, Value keep);
Value cargument_of(Thread *t, Value instance); /* of C data */
Value c_byref(Thread *t, Value instance, int64_t offset);
Value c_from_param(Thread *t, Value *args);         /* ctype's, simple's, pointer's */
Value c_simple_from_param(Thread *t, Value *args);
Value c_pointer_from_param(Thread *t, Value *args);
const NativeDef *c_special_from_param(char code); /* of c_char_p, c_wchar_p, c_void_p; NULL: none */

/* call.c */
enum { FLAG_CDECL = 1, FLAG_PYTHONAPI = 4, FLAG_USE_ERRNO = 8, MOST_ARGUMENTS = 1024 };
Value c_call(Thread *t, void *function, Value arguments, int64_t flags, Value converters, Value restype, Value checker);
int *c_private_errno(void);
bool c_extend_error(Thread *t, Type *type, const char *format, ...); /* "prefix Type: text" in place of the pending one */

/* code_extra.c */
Value code_extra_functions(Thread *t); /* the table of functions for CTYPES_CODE_EXTRA */

/* callback.c */
Value cthunk_new(Thread *t, Value callable, Value argtypes, Value restype, int64_t flags, void **code);
