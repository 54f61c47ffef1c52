/* See users.h. Threads: the isolate's USERS word is filled in when one of the modules is first imported. */
#include "modules/users.h"

#include "types/list.h"
#include "types/str/str.h"

Type *user_type(Thread *t, UsersType which) { return as_type(list_get(t->isolate->slots[ISOLATE_USERS], which)); }

bool users_add_type(Thread *t, Value module, UsersType which, const char *name, const StructSequenceField *fields,
                    size_t count) {
    Value *slot = &t->isolate->slots[ISOLATE_USERS];
    if (absent(*slot))
        isolate_keep(t, ISOLATE_USERS, list_from_values(t, (Value[]){NONE, NONE}, 2));
    if (absent(*slot))
        return false;
    Value type = struct_sequence_type(t, name, name, fields, count);
    if (absent(type))
        return false;
    list_set(t, *slot, which, type);
    return module_add(t, module, strrchr(name, '.') + 1, type);
}

Value user_text(Thread *t, const char *text) {
    return text ? str_decode_filesystem(t, text, strlen(text)) : NONE;
}

bool user_name(Thread *t, Value str, Path *name) {
    if (path_convert(t, str, name))
        return true;
    if (error_matches(t, &ValueError_type) && !error_matches(t, &UnicodeError_type)) {
        error_clear(t);
        raise_value_error(t, "embedded null byte");
    }
    return false;
}
