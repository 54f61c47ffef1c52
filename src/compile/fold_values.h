/* Constant operations at compile time. */
#pragma once
#include "compile/code.h"

/* By the operations that would run: absent when it is left to run time (errors, large results). Never leaves an
 * exception pending. */
Value fold_unary(Thread *t, Operation op, Value v);
Value fold_binary(Thread *t, Operation op, Value a, Value b);
Value fold_item(Thread *t, Value container, Value key);
bool constant_truth(Thread *t, Value v);
