/* _types: names for the built-in types that have none among the builtins. */
#include "compile/code.h"
#include "types/capsule.h"
#include "types/descriptors.h"
#include "types/generic_alias.h"
#include "types/method.h"
#include "types/module.h"
#include "types/traceback.h"
#include "vm/frame.h"
#include "vm/generator.h"

static bool types_init(Thread *t, Value module) {
    const struct {
        const char *name;
        Type *type;
    } rows[] = {
        {"AsyncGeneratorType", &async_generator_type},
        {"BuiltinFunctionType", &native_function_type},
        {"BuiltinMethodType", &native_function_type},
        {"CapsuleType", &capsule_type},
        {"CellType", &cell_type},
        {"ClassMethodDescriptorType", &class_method_descriptor_type},
        {"CodeType", &code_type},
        {"CoroutineType", &coroutine_type},
        {"EllipsisType", &ellipsis_type},
        {"FrameType", &frame_type},
        {"FunctionType", &function_type},
        {"GeneratorType", &generator_type},
        {"GenericAlias", &generic_alias_type},
        {"GetSetDescriptorType", &getset_descriptor_type},
        {"LambdaType", &function_type},
        {"MappingProxyType", &mapping_proxy_type},
        {"MemberDescriptorType", &member_descriptor_type},
        {"MethodDescriptorType", &method_descriptor_type},
        {"MethodType", &method_type},
        {"MethodWrapperType", &method_wrapper_type},
        {"ModuleType", &module_type},
        {"NoneType", &none_type},
        {"NotImplementedType", &not_implemented_type},
        {"SimpleNamespace", &namespace_type},
        {"TracebackType", &traceback_type},
        {"UnionType", &union_type},
        {"WrapperDescriptorType", &slot_wrapper_type},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!module_add(t, module, rows[i].name, from_object(rows[i].type)))
            return false;
    return true;
}

NATIVE_MODULE(_types) = {
    .name = "_types",
    .doc = "Define names for built-in types.",
    .init = types_init,
};
