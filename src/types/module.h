/* module: a namespace dict and the definition it came from.
 *
 * The namespace is the instance's __dict__: a module is in dictionary mode (object/shape.h) from the start.
 */
#pragma once
#include "object/native.h"
#include "object/shape.h"

typedef struct ModuleObject {
    Object object;
    const struct ModuleDef *def; /* NULL for modules written in Python */
    /* the `extra` word of the instance follows: its dict */
} ModuleObject;
extern Type module_type;

/* A native module. `init` runs once per isolate after functions were added. */
struct ModuleDef {
    const char *name;
    const char *doc;
    const NativeDef *functions;
    bool (*init)(Thread *t, Value module);
    const struct ModuleDef *types_from; /* NULL, or another module whose types (MODULE_TYPE) this one makes instances of */
};

/* A row of the table of all native modules, which the linker puts together from all files. Names stand in it: whoever looks for
 * one does not touch the definitions of all. */
typedef struct NativeModule {
    const ModuleDef *def;
    char name[24];
} NativeModule;
extern const NativeModule __start_krait_modules[], __stop_krait_modules[];

/* Defines a native module and puts it among those that can be imported: NATIVE_MODULE(math) = {...}; defines
 * math_module. State per isolate: object/isolate_slots.def. */
#define NATIVE_MODULE(c_name)                                                                                   \
    extern const ModuleDef c_name##_module;                                                                     \
    static const NativeModule c_name##_entry __attribute__((section("krait_modules"), used)) = {                \
        &c_name##_module, #c_name};                                                                             \
    static_assert(sizeof #c_name <= sizeof(char[24]));                                                          \
    const ModuleDef c_name##_module

Value module_new(Thread *t, Value name);
Value module_from_def(Thread *t, const ModuleDef *def);
static inline Value module_dict(Value module) { return load(instance_extra(as_object(module))); }
bool module_add(Thread *t, Value module, const char *name, Value value); /* value absent: fails with what is pending */
bool module_add_int(Thread *t, Value module, const char *name, int64_t value);
bool module_add_text(Thread *t, Value module, const char *name, const char *text);
bool module_add_type(Thread *t, Value module, Type *type); /* name: last part of name_text */
/* A new class of exceptions, added to the module. */
Value module_new_exception(Thread *t, Value module, const char *name, Type *base);

/* Imports a module from C by its dotted name, as `import` would, and gives the module itself. */
Value import_module(Thread *t, const char *name);
