/* types.GenericAlias (list[int]), types.UnionType (int | str), mappingproxy, SimpleNamespace. */
#pragma once
#include "object/object.h"

typedef struct GenericAliasObject {
    Object object;
    Value origin, args, parameters; /* parameters absent: not computed */
    bool starred;
} GenericAliasObject;

extern Type generic_alias_type, union_type, mapping_proxy_type, namespace_type;
Value generic_alias_new(Thread *t, Value origin, Value args);
Value class_getitem_alias(Thread *t, Value *args); /* a NATIVE_CLASS row's function: "__class_getitem__(type, key, /)" */
Value union_new(Thread *t, Value a, Value b);      /* a | b; NotImplemented when either cannot be in a union */
Value union_from_tuple(Thread *t, Value args);
Value union_arguments(Value union_object); /* tuple */
Value mapping_proxy_new(Thread *t, Value mapping);
Value mapping_proxy_target(Value v); /* the mapping of a mappingproxy; of anything else itself */
Value namespace_new(Thread *t, Value dict); /* dict absent: empty */
