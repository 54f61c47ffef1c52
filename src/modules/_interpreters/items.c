/* See items.h. */
#include "modules/_interpreters/items.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>

void items_append(ItemList *list, Item *item) {
    item->next = NULL;
    if (list->last)
        list->last->next = item;
    else
        list->first = item;
    list->last = item;
    list->count++;
}

Item *items_take(ItemList *list) {
    Item *item = list->first;
    if (!item)
        return NULL;
    list->first = item->next;
    if (!list->first)
        list->last = NULL;
    list->count--;
    item->next = NULL;
    return item;
}

void items_forget_sender(ItemList *list, int64_t sender, ItemList *dead) {
    ItemList kept = {0};
    Item *item;
    while ((item = items_take(list))) {
        if (item->sender != sender || !item->parcel) {
            items_append(&kept, item);
            continue;
        }
        Item *rest = item->unbound == UNBOUND_REMOVE ? NULL : calloc(1, sizeof *rest);
        if (rest) {
            *rest = *item;
            rest->parcel = NULL;
            items_append(&kept, rest);
        }
        items_append(dead, item);
    }
    *list = kept;
}

void items_free(ItemList *list) {
    Item *item;
    while ((item = items_take(list))) {
        parcel_free(item->parcel);
        free(item);
    }
}

static bool read_choice(Thread *t, Value v, int default_value, int least, int most, const char *what, int *choice) {
    int64_t number = -1;
    if (present(v) && !index_as_ssize(t, v, &number, false, NULL))
        return false;
    if (number < 0)
        number = default_value;
    *choice = (int)number;
    if (number >= least && number <= most)
        return true;
    raise_value_error(t, "unsupported %s %lld", what, (long long)number);
    return false;
}

bool read_unbound(Thread *t, Value v, int default_value, int *unbound) {
    return read_choice(t, v, default_value, UNBOUND_REMOVE, UNBOUND_REPLACE, "unboundop", unbound);
}

bool read_fallback(Thread *t, Value v, int default_value, int *fallback) {
    return read_choice(t, v, default_value, CROSS_DATA, CROSS_ANYTHING, "fallback", fallback);
}

Value item_received(Thread *t, Item *item) {
    bool bound = item->parcel;
    Value object = bound ? parcel_unpack(t, item->parcel) : NONE;
    Value result = absent(object) ? object : tuple_pack(t, 2, object, bound ? NONE : small_int(item->unbound));
    parcel_free(item->parcel);
    free(item);
    return result;
}

Value new_exception_class(Thread *t, Value module, const char *module_name, const char *name, Value base) {
    Value namespace = TRY(dict_new(t)), bases = TRY(tuple_pack(t, 1, base));
    CHECK(dict_set(t, namespace, names.__module__, TRY(str_intern_text(t, module_name))));
    Value class = TRY(type_new_class(t, &type_type, TRY(str_intern_text(t, name)), bases, namespace, NO_VALUE));
    CHECK(module_add(t, module, name, class));
    return class;
}

Value raise_about(Thread *t, Value class, const char *what, int64_t id, const char *rest) {
    Value text = TRY(format_text(t, "%s %lld %s", what, (long long)id, rest));
    return raise_exception(t, TRY(call_1(t, class, text)));
}

bool read_shared_id(Thread *t, Value v, const char *what, int64_t *id) {
    if (!is_int(v) && !type_slot(type_of(v), SLOT___index__)) {
        raise_type_error(t, "%s ID must be an int, got %T", what, v);
        return false;
    }
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    if (!int_to_i64(index, id)) {
        if (what[0] == 'c')
            raise_overflow_error(t, "int too big to convert");
        else
            raise_overflow_error(t, "max %s ID is %lld, got %R", what, INT64_MAX, v);
        return false;
    }
    if (*id < 0)
        raise_value_error(t, "%s ID must be a non-negative int, got %R", what, v);
    return *id >= 0;
}
