/* What is told about an exception that ended code in another isolate; see crossing.h. */
#include "modules/_interpreters/crossing.h"
#include "object/call.h"
#include "object/errors.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/module.h"
#include "types/generic_alias.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>

/* _krait_crossing.describe(exception): texts in the order of ExceptionInfo's fields, or None. */
static Value describe(Thread *t, Value e) {
    Value module = TRY(import_module(t, "_krait_crossing"));
    return call_1(t, TRY(get_attribute_text(t, module, "describe")), e);
}

static char *copy_text(Thread *t, Value v) {
    const char *text = is_str(v) ? str_utf8(t, v, NULL) : NULL;
    return text ? strdup(text) : NULL;
}

/* With no memory left in the isolate its name is all there is to tell. */
static void describe_plainly(Value e, ExceptionInfo *info) {
    const char *name = type_of(e)->name_text;
    *info = (ExceptionInfo){.name = strdup(name), .qualname = strdup(name), .module = strdup("builtins")};
}

bool exception_info_take(Thread *t, ExceptionInfo *info) {
    Value e = error_take(t);
    *info = (ExceptionInfo){0};
    if (absent(e))
        return false;
    if (is_instance_of(e, &MemoryError_type)) {
        exception_set_traceback(e, NONE); /* lets go of what filled the memory */
        heap_collect(t, GENERATION_FULL);
    }
    Value texts = describe(t, e);
    if (absent(texts)) {
        error_clear(t);
        if (!is_instance_of(e, &MemoryError_type))
            return false;
        describe_plainly(e, info);
        return true;
    }
    char **fields[] = {&info->name, &info->qualname, &info->module, &info->message, &info->display};
    for (size_t i = 0; i < 5; i++)
        *fields[i] = copy_text(t, tuple_get(texts, i));
    error_clear(t);
    return true;
}

static bool set(Thread *t, Value dict, const char *name, const char *text) {
    Value v = text ? str_from_text(t, text) : NONE;
    return present(v) && dict_set_text(t, dict, name, v);
}

static Value type_object(Thread *t, const ExceptionInfo *info) {
    Value dict = TRY(dict_new(t));
    CHECK(set(t, dict, "__name__", info->name) && set(t, dict, "__qualname__", info->qualname) &&
          set(t, dict, "__module__", info->module));
    return namespace_new(t, dict);
}

/* "module.Type: message" as tracebacks end. */
static Value formatted(Thread *t, const ExceptionInfo *info) {
    bool plain = !info->module || !strcmp(info->module, "builtins") || !strcmp(info->module, "__main__");
    return format_text(t, "%s%s%s%s%s", plain ? "" : info->module, plain ? "" : ".", info->qualname, info->message ? ": " : "",
                       info->message ? info->message : "");
}

Value exception_info_object(Thread *t, const ExceptionInfo *info) {
    Value dict = TRY(dict_new(t));
    Value type = info->name ? type_object(t, info) : NONE;
    Value line = info->name ? formatted(t, info) : info->message ? str_from_text(t, info->message) : NONE;
    CHECK(present(type) && present(line));
    CHECK(dict_set_text(t, dict, "type", type) && set(t, dict, "msg", info->message) && dict_set_text(t, dict, "formatted", line));
    if (info->display)
        CHECK(set(t, dict, "errdisplay", info->display));
    return namespace_new(t, dict);
}

void exception_info_free(ExceptionInfo *info) {
    free(info->name);
    free(info->qualname);
    free(info->module);
    free(info->message);
    free(info->display);
    *info = (ExceptionInfo){0};
}
