/* The module _ctypes: its functions, and the C functions whose addresses it gives to ctypes. See ctypes.h. */
#include "modules/_ctypes/ctypes.h"

#include "modules/os_support.h"
#include "object/audit.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/memoryview.h"
#include "types/module.h"

#include <dlfcn.h>
#include <link.h>
#include <wchar.h>

Value ctypes_state(Thread *t, int which) { return tuple_get(t->isolate->slots[ISOLATE_CTYPES], (size_t)which); }

/* ---- about types and instances ---- */

static Value size_of(Thread *t, Value *args) {
    CInfo *info = c_info(args[0]);
    if (info)
        return int_from(t, info->size);
    return is_cdata(args[0]) ? int_from(t, as_cdata(args[0])->size) : raise_type_error(t, "this type has no size");
}

static Value alignment(Thread *t, Value *args) {
    CInfo *info = c_info(args[0]);
    if (!info)
        info = c_info_of(args[0]);
    return info ? int_from(t, info->align) : raise_type_error(t, "no alignment info");
}

static bool check_cdata(Thread *t, Value v, const char *what) {
    if (!is_cdata(v))
        raise_type_error(t, "%s must be _ctypes._CData, not %T", what, v);
    return is_cdata(v);
}

static Value byref(Thread *t, Value *args) {
    int64_t offset;
    CHECK(check_cdata(t, args[0], "byref() argument 1") && index_as_ssize(t, args[1], &offset, false, NULL));
    return c_byref(t, args[0], offset);
}

static Value addressof(Thread *t, Value *args) {
    CHECK(check_cdata(t, args[0], "addressof() argument") && audit(t, "ctypes.addressof", 1, args[0]));
    return int_from_unsigned(t, (uintptr_t)cdata_memory(as_cdata(args[0])));
}

static Value resize(Thread *t, Value *args) {
    int64_t size;
    CHECK(check_cdata(t, args[0], "resize() argument 1") && index_as_ssize(t, args[1], &size, false, NULL));
    CData *d = as_cdata(args[0]);
    CInfo *info = c_info_of(args[0]);
    if (size < info->size)
        return raise_value_error(t, "minimum size is %zd", (ssize_t)info->size);
    if (!d->owned)
        return raise_value_error(t, "Memory cannot be resized because this object doesn't own it");
    if (size > d->size && size > (int64_t)sizeof d->inline_memory) {
        Value storage = TRY(bytes_new(t, NULL, (size_t)size));
        memset(as_bytes(storage)->data, 0, (size_t)size);
        memcpy(as_bytes(storage)->data, cdata_memory(d), (size_t)d->size);
        store(d, &d->storage, storage);
        store_release(&d->pointer, as_bytes(storage)->data);
    }
    store_release(&d->size, size);
    return NONE;
}

static Value buffer_info(Thread *t, Value *args) {
    CInfo *info = c_info(args[0]);
    if (!info)
        info = c_info_of(args[0]);
    if (!info)
        return raise_type_error(t, "not a ctypes type or object");
    Value shape = TRY(tuple_new(t, (size_t)info->dimensions));
    for (int i = 0; i < info->dimensions; i++)
        store(as_tuple(shape), &as_tuple(shape)->items[i], int_from(t, info->shape[i]));
    return tuple_pack(t, 3, info->format ? TRY(str_from_text(t, info->format)) : NONE, small_int(info->dimensions), shape);
}

static Value unpickle(Thread *t, Value *args) {
    Value made = TRY(call_1(t, TRY(get_attribute(t, args[0], names.__new__)), args[0]));
    Value method = TRY(get_attribute_text(t, made, "__setstate__"));
    TRY(call_tuple(t, method, TRY(tuple_from_iterable(t, args[1])), NO_VALUE));
    return made;
}

static Value get_errno(Thread *t, Value *args) {
    CHECK(audit(t, "ctypes.get_errno", 0));
    return small_int(*c_private_errno());
}

static Value set_errno(Thread *t, Value *args) {
    int number;
    CHECK(as_c_int(t, args[0], &number) && audit(t, "ctypes.set_errno", 1, args[0]));
    int before = *c_private_errno();
    *c_private_errno() = number;
    return small_int(before);
}

/* ---- libraries ---- */

static const char *last_error(void) {
    const char *error = dlerror();
    return error ? error : "dynamic loading failed";
}

static Value open_library(Thread *t, Value *args) {
    int mode;
    CHECK(as_c_int(t, args[1], &mode));
    Path path = PATH(NULL);
    path.nullable = true;
    if (!is_none(args[0]))
        CHECK(path_convert(t, args[0], &path));
    CHECK(audit(t, "ctypes.dlopen", 1, args[0]));
    const char *name = is_none(args[0]) ? NULL : path.name;
    dlerror();
    blocking_begin(t);
    if (!name) /* the names of the whole process */
        os_load_math_library();
    void *handle = os_dlopen(capabilities(t), name, mode | RTLD_NOW);
    blocking_end(t);
    return handle ? int_from_unsigned(t, (uintptr_t)handle) : raise_error(t, &OSError_type, "%s", last_error());
}

static bool as_pointer(Thread *t, Value v, void **out) {
    if (!is_int(v)) {
        raise_type_error(t, "an integer is required");
        return false;
    }
    *out = (void *)int_mask_u64(v);
    return true;
}

static Value close_library(Thread *t, Value *args) {
    void *handle;
    CHECK(as_pointer(t, args[0], &handle));
    if (os_dlclose(capabilities(t), handle) != 0)
        return raise_error(t, &OSError_type, "%s", last_error());
    return NONE;
}

static Value symbol_address(Thread *t, Value *args) {
    void *handle;
    CHECK(as_pointer(t, args[0], &handle));
    if (!is_str(args[1]))
        return raise_type_error(t, "dlsym() argument 2 must be str, not %Y", args[1]);
    const char *name = str_utf8(t, args[1], NULL);
    CHECK(name && audit(t, "ctypes.dlsym/handle", 2, args[0], args[1]));
    dlerror();
    void *address = os_dlsym(capabilities(t), handle, name);
    const char *error = address ? NULL : dlerror(); /* NULL: the symbol is there, and is NULL */
    if (!address)
        return error ? raise_error(t, &OSError_type, "%s", error) : raise_error(t, &OSError_type, "symbol '%S' not found", args[1]);
    return int_from_unsigned(t, (uintptr_t)address);
}

typedef struct NameList {
    Thread *t;
    Value list;
} NameList;

static int add_library_name(struct dl_phdr_info *info, size_t size, void *context) {
    NameList *names = context;
    Value name = str_decode_filesystem(names->t, info->dlpi_name, strlen(info->dlpi_name));
    return absent(name) || !list_append(names->t, names->list, name);
}

static Value list_libraries(Thread *t, Value *args) {
    NameList names = {t, TRY(list_new(t, 0))};
    return dl_iterate_phdr(add_library_name, &names) ? NO_VALUE : names.list;
}

/* ---- calls by address, objects by address ---- */

static Value call_address(Thread *t, Value *args, int64_t flags) {
    void *function;
    CHECK(as_pointer(t, args[0], &function));
    if (!is_tuple(args[1]))
        return raise_type_error(t, "argument 2 must be tuple, not %T", args[1]);
    return c_call(t, function, args[1], flags, NO_VALUE, NO_VALUE, NO_VALUE);
}

static Value call_function(Thread *t, Value *args) { return call_address(t, args, 0); }
static Value call_cdecl_function(Thread *t, Value *args) { return call_address(t, args, FLAG_CDECL); }

/* ---- C functions for ctypes itself: called with py_object arguments, which are the words of Values ---- */

static Value c_string_at(const char *address, int size) {
    Thread *t = thread_current();
    CHECK(audit(t, "ctypes.string_at", 2, int_from_unsigned(t, (uintptr_t)address), small_int(size)));
    return bytes_new(t, address, size == -1 ? strlen(address) : (size_t)size);
}

static Value c_wide_string_at(const wchar_t *address, int size) {
    Thread *t = thread_current();
    CHECK(audit(t, "ctypes.wstring_at", 2, int_from_unsigned(t, (uintptr_t)address), small_int(size)));
    return str_from_chars(t, address, 4, size == -1 ? wcslen(address) : (size_t)size);
}

static Value c_memoryview_at(void *address, ssize_t size, int read_only) {
    Thread *t = thread_current();
    CHECK(audit(t, "ctypes.memoryview_at", 3, int_from_unsigned(t, (uintptr_t)address), int_from(t, size), small_int(read_only)));
    if (size < 0)
        return raise_value_error(t, "memoryview_at: size is negative (or overflowed): %zd", size);
    return memoryview_from_memory(t, NONE, address, (size_t)size, read_only);
}

static bool is_pointer_like(Value type) {
    CInfo *info = c_info(type);
    return info && (info->kind == C_POINTER || info->kind == C_FUNCTION || (info->kind == C_SIMPLE && strchr("PzZO", info->code)));
}

/* The result shares what the source keeps alive, and keeps the source itself. */
static bool share_kept(Thread *t, CData *result, Value source) {
    Value kept = cdata_kept(t, source);
    if (absent(kept))
        return false;
    kept = load(&as_cdata(source)->keep);
    if (absent(kept) || is_none(kept)) {
        kept = dict_new(t);
        if (absent(kept))
            return false;
        store(as_cdata(source), &as_cdata(source)->keep, kept);
    }
    store(result, &result->keep, kept);
    Value key = int_from_unsigned(t, source.bits);
    return !is_dict(kept) || (present(key) && dict_set(t, kept, key, source));
}

static Value c_cast(void *pointer, Value source, Value type) {
    Thread *t = thread_current();
    if (!is_pointer_like(type))
        return raise_type_error(t, "cast() argument 2 must be a pointer type, not %s", is_type(type) ? as_type(type)->name_text : type_of(type)->name_text);
    Value v = TRY(call_0(t, type));
    if (is_cdata(source))
        CHECK(share_kept(t, as_cdata(v), source));
    memcpy(cdata_memory(as_cdata(v)), &pointer, sizeof pointer);
    return v;
}

static Value object_at(Thread *t, Value *args) {
    void *address;
    CHECK(as_pointer(t, args[0], &address) && audit(t, "ctypes.PyObj_FromPtr", 1, args[0]));
    if ((uintptr_t)address & 15 || !address) /* ids of numbers that are no cells are odd */
        return raise_not_implemented(t, "numbers by their id");
    return (Value){(uintptr_t)address};
}

static Value no_counts(Thread *t, Value *args) { return raise_not_implemented(t, "reference counts"); }

static const NativeDef functions[] = {
    {"get_errno()", get_errno, NULL},
    {"set_errno(value, /)", set_errno, NULL, NATIVE_NO_SIGNATURE},
    {"_unpickle(typ, state, /)", unpickle, NULL, NATIVE_NO_SIGNATURE},
    {"buffer_info(object, /)", buffer_info, "Return buffer interface information"},
    {"resize(obj, size, /)", resize, NULL},
    {"dlopen(name, flag=2, /)", open_library, "dlopen(name, flag={RTLD_GLOBAL|RTLD_LOCAL}) open a shared library", NATIVE_NO_SIGNATURE},
    {"dlclose(handle, /)", close_library, "dlclose a library", NATIVE_NO_SIGNATURE},
    {"dlsym(handle, name, /)", symbol_address, "find symbol in shared library", NATIVE_NO_SIGNATURE},
    {"dllist()", list_libraries, "dllist() -> list of loaded shared libraries"},
    {"alignment(object, /)", alignment, "Return the alignment requirements of a C instance."},
    {"sizeof(obj, /)", size_of, "Return the size in bytes of a C instance."},
    {"byref(obj, offset=0, /)", byref, "Return a pointer lookalike to a C instance, only usable as function argument."},
    {"addressof(obj, /)", addressof, "Return the address of the C instance internal buffer"},
    {"call_function(function, arguments, /)", call_function, NULL, NATIVE_NO_SIGNATURE},
    {"call_cdeclfunction(function, arguments, /)", call_cdecl_function, NULL, NATIVE_NO_SIGNATURE},
    {"PyObj_FromPtr(address, /)", object_at, NULL, NATIVE_NO_SIGNATURE},
    {"Py_INCREF(object, /)", no_counts, NULL},
    {"Py_DECREF(object, /)", no_counts, NULL},
    {NULL},
};

static bool add_address(Thread *t, Value module, const char *name, void *address) {
    return module_add(t, module, name, int_from_unsigned(t, (uintptr_t)address));
}

static bool add_types(Thread *t, Value module) {
    static Type *const internal[] = {&ctype_metatype, &simple_metatype, &pointer_metatype, &array_metatype, &struct_metatype,
                                     &union_metatype, &function_metatype, &cdata_type, &cargument_type, &cthunk_type};
    static Type *const shown[] = {&structure_type, &union_c_type, &carray_type, &cpointer_type, &simple_type, &cfunction_type, &cfield_type};
    for (size_t i = 0; i < sizeof internal / sizeof *internal; i++)
        if (!type_ready(t, internal[i]))
            return false;
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (!module_add_type(t, module, shown[i]))
            return false;
    return true;
}

static bool add_constants(Thread *t, Value module) {
    static const struct { const char *name; int64_t value; } constants[] = {
        {"FUNCFLAG_CDECL", FLAG_CDECL},         {"FUNCFLAG_PYTHONAPI", FLAG_PYTHONAPI},
        {"FUNCFLAG_USE_ERRNO", FLAG_USE_ERRNO}, {"FUNCFLAG_USE_LASTERROR", 16},
        {"RTLD_LOCAL", RTLD_LOCAL},             {"RTLD_GLOBAL", RTLD_GLOBAL},
        {"CTYPES_MAX_ARGCOUNT", MOST_ARGUMENTS}, {"SIZEOF_TIME_T", sizeof(time_t)},
    };
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (!module_add_int(t, module, constants[i].name, constants[i].value))
            return false;
    return module_add_text(t, module, "__version__", "1.1.0") && add_address(t, module, "_memmove_addr", memmove) &&
           add_address(t, module, "_memset_addr", memset) && add_address(t, module, "_string_at_addr", c_string_at) &&
           add_address(t, module, "_wstring_at_addr", c_wide_string_at) && add_address(t, module, "_cast_addr", c_cast) &&
           add_address(t, module, "_memoryview_at_addr", c_memoryview_at);
}

static bool init(Thread *t, Value module) {
    if (!capability_check(capabilities(t), CAPABILITY_NATIVE_CODE)) {
        os_error(t);
        return false;
    }
    Value error = module_new_exception(t, module, "ArgumentError", &Exception_type);
    if (present(error) && !set_attribute(t, error, names.__module__, str_from_text(t, "ctypes")))
        return false;
    Value cache = present(error) ? dict_new(t) : NO_VALUE;
    Value unpickler = present(cache) ? dict_get_text(t, module_dict(module), "_unpickle") : NO_VALUE;
    Value old = t->isolate->slots[ISOLATE_CTYPES]; /* another module object's; numbers that were handed out stay taken */
    Value extra = absent(unpickler) ? NO_VALUE : present(old) ? ctypes_state(t, CTYPES_CODE_EXTRA) : code_extra_functions(t);
    Value state = present(extra) ? tuple_pack(t, 4, error, cache, unpickler, extra) : NO_VALUE;
    if (absent(state))
        return false;
    isolate_keep(t, ISOLATE_CTYPES, state);
    return add_types(t, module) && add_constants(t, module);
}

NATIVE_MODULE(_ctypes) = {
    .name = "_ctypes",
    .doc = "Create and manipulate C compatible data types in Python.",
    .functions = functions,
    .init = init,
};
