/* What pwd and grp share. */
#pragma once
#include "modules/os_support.h"
#include "types/module.h"

typedef enum UsersType { USERS_PASSWD, USERS_GROUP } UsersType;
Type *user_type(Thread *t, UsersType which);
bool users_add_type(Thread *t, Value module, UsersType which, const char *name, const StructSequenceField *fields,
                    size_t count);
Value user_text(Thread *t, const char *text);          /* None for NULL */
bool user_name(Thread *t, Value str, Path *name);      /* ValueError "embedded null byte" */
