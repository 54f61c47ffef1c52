/* What the files of dict share among themselves. */
#pragma once
#include "types/dict/dict_layout.h"

void dict_init_empty(Value dict);                                 /* a new instance has no table yet */
bool dict_pop_last(Value dict, Value *key, Value *value);         /* popitem; false: empty */
bool dict_pop_first(Value dict, Value *key, Value *value);
int dict_move(Thread *t, Value dict, Value key, bool last);       /* to the end or the front: 1, 0 not there, -1 error */
Value dict_init(Thread *t, Value *args);                          /* dict.__init__ */
/* Gives an empty dict the table of another, which nobody else knows and which is empty then. false: it is not empty. */
bool dict_adopt(Value dict, Value from);
bool dict_merge_dict(Thread *t, Value dict, Value other);         /* both dicts */
int dict_equal(Thread *t, Value a, Value b);                      /* 1, 0, -1 */
size_t dict_memory(Value dict);

Value dict_iterator_new(Thread *t, Value dict, Type *type);
Value dict_view_new(Thread *t, Value dict, Type *type);
Value dict_iter(Thread *t, Value *args);
Value dict_reversed(Thread *t, Value *args);
Value dict_keys(Thread *t, Value *args);
Value dict_values(Thread *t, Value *args);
Value dict_items(Thread *t, Value *args);
