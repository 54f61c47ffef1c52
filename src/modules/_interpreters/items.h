/* What queues and channels of the process share: their items. All under shared_lock. */
#pragma once
#include "modules/_interpreters/crossing.h"

/* What is received in place of an item whose sender's isolate has ended. */
enum { UNBOUND_REMOVE = 1, UNBOUND_ERROR, UNBOUND_REPLACE };

typedef struct Waiting Waiting; /* a sender that waits until its item is received */

typedef struct Item {
    int64_t sender; /* id of the isolate */
    Parcel *parcel; /* NULL: the sender has ended */
    int unbound;
    Waiting *waiting;
    struct Item *next;
} Item;

typedef struct ItemList {
    Item *first, *last;
    size_t count;
} ItemList;

void items_append(ItemList *list, Item *item);
Item *items_take(ItemList *list); /* NULL: empty */
/* The sender has ended: moves what is to be freed, items and parcels alike, to `dead`. */
void items_forget_sender(ItemList *list, int64_t sender, ItemList *dead);
void items_free(ItemList *list); /* without the lock: parcels may name queues and channels */

/* -1 and absent: the default. false: ValueError pending. */
bool read_unbound(Thread *t, Value v, int default_value, int *unbound);
bool read_fallback(Thread *t, Value v, int default_value, int *fallback);
/* (object, None) or (None, how it is to be replaced); the item is freed. */
Value item_received(Thread *t, Item *item);
/* A class of exceptions of the module: concurrent.interpreters.NAME or module.NAME. */
Value new_exception_class(Thread *t, Value module, const char *module_name, const char *name, Value base);
/* Raises an instance of class with the text "WHAT id REST". */
Value raise_about(Thread *t, Value class, const char *what, int64_t id, const char *rest);
/* An id of a queue or channel. */
bool read_shared_id(Thread *t, Value v, const char *what, int64_t *id);
