/* _interpchannels: channels of the process. Unlike a queue a channel knows which isolates use its two ends; a sender may wait
 * until its object is received.
 *
 * States: open; closing (its sending end is closed, objects are left); released (no isolate uses it any more: closed, but still
 * listed); closed: its record stays, without contents, until the last ChannelID that names it is gone.
 *
 * Threads: all channels are guarded by shared_lock. A waiting sender's record lies on its stack, in the item, until the item is
 * taken out or it takes it out itself.
 */
#include "modules/_interpreters/channels.h"
#include "object/buffer.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/memoryview.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>
#include <time.h>

/* One isolate's use of one end. */
typedef struct End {
    int64_t isolate;
    bool open;
    struct End *next;
} End;

typedef struct Channel {
    int64_t id;
    size_t holds;
    bool open, closing, released;
    int unbound, fallback;
    ItemList items;
    End *send, *recv;
    struct Channel *next;
} Channel;

struct Waiting {
    uint32_t done; /* futex */
    bool received; /* false when done: the channel was closed */
};

static struct {
    Channel *first; /* latest first */
    int64_t next_id;
} channels;

typedef enum Outcome { OK, NOT_FOUND, CLOSED, EMPTY, NOT_EMPTY, NO_MEMORY } Outcome;

Value channel_class(Thread *t, int which) {
    Value list = t->isolate->slots[ISOLATE_INTERPCHANNELS];
    return absent(list) ? NO_VALUE : list_get(list, (size_t)which);
}

Value channel_not_found(Thread *t, int64_t id) {
    return raise_about(t, channel_class(t, CHANNEL_NOT_FOUND_ERROR), "channel", id, "not found");
}

static Value raise_outcome(Thread *t, Outcome outcome, int64_t id) {
    switch (outcome) {
    case NOT_FOUND: return channel_not_found(t, id);
    case CLOSED: return raise_about(t, channel_class(t, CHANNEL_CLOSED_ERROR), "channel", id, "is closed");
    case EMPTY: return raise_about(t, channel_class(t, CHANNEL_EMPTY_ERROR), "channel", id, "is empty");
    case NOT_EMPTY:
        return raise_about(t, channel_class(t, CHANNEL_NOT_EMPTY_ERROR), "channel", id,
                           "may not be closed if not empty (try force=True)");
    case NO_MEMORY: return raise_no_memory(t);
    default: return NONE;
    }
}

/* The list; the lock is held */

static Channel **find(int64_t id) {
    Channel **link = &channels.first;
    while (*link && (*link)->id != id)
        link = &(*link)->next;
    return link;
}

static Outcome find_open(int64_t id, Channel **c) {
    *c = *find(id);
    return !*c ? NOT_FOUND : !(*c)->open ? CLOSED : OK;
}

static void finish_waiting(Item *item, bool received) {
    if (!item->waiting)
        return;
    item->waiting->received = received;
    store_release(&item->waiting->done, 1u);
    futex_wake(&item->waiting->done, 1);
    item->waiting = NULL; /* its stack frame may be gone now */
}

/* Moves the contents to `dead`, which is freed without the lock. */
static void empty(Channel *c, ItemList *dead) {
    Item *item;
    while ((item = items_take(&c->items))) {
        finish_waiting(item, false);
        items_append(dead, item);
    }
}

static void close_channel(Channel *c, ItemList *dead) {
    c->open = c->closing = false;
    empty(c, dead);
    for (int i = 0; i < 2; i++) {
        End **end = i ? &c->recv : &c->send;
        while (*end) {
            End *next = (*end)->next;
            free(*end);
            *end = next;
        }
    }
}

static void remove_channel(Channel *c, ItemList *dead) {
    *find(c->id) = c->next;
    close_channel(c, dead);
    free(c);
}

static End *find_end(End *end, int64_t isolate) {
    while (end && end->isolate != isolate)
        end = end->next;
    return end;
}

static End *add_end(End **list, int64_t isolate) {
    while (*list)
        list = &(*list)->next;
    *list = calloc(1, sizeof **list);
    if (*list)
        **list = (End){.isolate = isolate, .open = true};
    return *list;
}

/* The isolate uses the end from now on, unless it has released it. */
static Outcome use_end(End **list, int64_t isolate) {
    End *end = find_end(*list, isolate);
    if (!end)
        end = add_end(list, isolate);
    return !end ? NO_MEMORY : end->open ? OK : CLOSED;
}

static Outcome release_end(End **list, int64_t isolate) {
    End *end = find_end(*list, isolate);
    if (!end)
        end = add_end(list, isolate);
    if (!end)
        return NO_MEMORY;
    end->open = false;
    return OK;
}

static bool any_open(const End *end) {
    while (end && !end->open)
        end = end->next;
    return end;
}

/* A channel that nobody uses any more is closed; one that nobody used yet is not. */
static void close_if_unused(Channel *c, ItemList *dead) {
    if (c->open && (c->send || c->recv) && !any_open(c->send) && !any_open(c->recv)) {
        close_channel(c, dead);
        c->released = true;
    }
}

bool channel_hold(int64_t id) {
    shared_lock();
    Channel *c = *find(id);
    if (c)
        c->holds++;
    shared_unlock();
    return c;
}

void channel_release(int64_t id) {
    ItemList dead = {0};
    shared_lock();
    Channel *c = *find(id);
    if (c && c->holds > 0 && --c->holds == 0)
        remove_channel(c, &dead);
    shared_unlock();
    items_free(&dead);
}

static void forget_isolate(int64_t isolate) {
    ItemList dead = {0};
    shared_lock();
    for (Channel *c = channels.first; c; c = c->next) {
        items_forget_sender(&c->items, isolate, &dead);
        End *ends[] = {find_end(c->send, isolate), find_end(c->recv, isolate)};
        for (int i = 0; i < 2; i++)
            if (ends[i])
                ends[i]->open = false;
        close_if_unused(c, &dead);
    }
    shared_unlock();
    items_free(&dead);
}

/* Functions */

static Value create(Thread *t, Value *args) {
    int unbound, fallback;
    CHECK(read_unbound(t, args[0], UNBOUND_REPLACE, &unbound) && read_fallback(t, args[1], CROSS_ANYTHING, &fallback));
    Channel *c = calloc(1, sizeof *c);
    if (!c)
        return raise_no_memory(t);
    *c = (Channel){.holds = 1, .open = true, .unbound = unbound, .fallback = fallback};
    shared_lock();
    int64_t id = c->id = channels.next_id++;
    c->next = channels.first;
    channels.first = c;
    shared_unlock();
    return channel_id_new(t, id, SIDE_BOTH, false);
}

static Value destroy(Thread *t, Value *args) {
    int64_t id;
    ItemList dead = {0};
    CHECK(channel_id_read(t, args[0], &id, NULL));
    shared_lock();
    Channel *c = *find(id);
    if (c)
        remove_channel(c, &dead);
    shared_unlock();
    items_free(&dead);
    return c ? NONE : channel_not_found(t, id);
}

static Value list_all(Thread *t, Value *args) {
    heap_collect_and_finalize(t, STACK_SCANNED); /* those that nobody refers to any more are gone, as with reference counts */
    Value result = TRY(list_new(t, 0));
    size_t count = 0;
    shared_lock();
    for (Channel *c = channels.first; c; c = c->next)
        count++;
    int64_t(*rows)[3] = calloc(count + 1, sizeof *rows);
    count = 0;
    for (Channel *c = channels.first; c && rows; c = c->next)
        if (c->open || c->released)
            memcpy(rows[count++], (int64_t[3]){c->id, c->unbound, c->fallback}, sizeof *rows);
    shared_unlock();
    if (!rows)
        return raise_no_memory(t);
    for (size_t i = 0; i < count && present(result); i++) {
        if (!channel_hold(rows[i][0]))
            continue;
        Value id = channel_id_new(t, rows[i][0], SIDE_BOTH, false);
        Value row = absent(id) ? id : tuple_pack(t, 3, id, small_int(rows[i][1]), small_int(rows[i][2]));
        if (absent(row) || !list_append(t, result, row))
            result = NO_VALUE;
    }
    free(rows);
    return result;
}

static Value list_interpreters(Thread *t, Value *args) {
    int64_t id;
    int send = truth(t, args[1]);
    CHECK(send >= 0 && channel_id_read(t, args[0], &id, NULL));
    Value result = TRY(list_new(t, 0));
    Channel *c;
    size_t count = 0;
    shared_lock();
    Outcome outcome = find_open(id, &c);
    if (outcome == OK && send && c->closing)
        outcome = CLOSED;
    const End *ends = outcome == OK ? send ? c->send : c->recv : NULL;
    for (const End *end = ends; end; end = end->next)
        count++;
    int64_t *ids = calloc(count + 1, sizeof *ids);
    count = 0;
    for (const End *end = ends; end && ids; end = end->next)
        if (end->open)
            ids[count++] = end->isolate;
    shared_unlock();
    for (size_t i = 0; i < count && present(result); i++)
        if (!list_append(t, result, int_from(t, ids[i])))
            result = NO_VALUE;
    free(ids);
    return outcome == OK ? result : raise_outcome(t, outcome, id);
}

/* Sending */

typedef struct Sending {
    bool wait;
    int64_t deadline; /* of CLOCK_MONOTONIC in nanoseconds; negative: none */
} Sending;

static int64_t now(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static bool read_sending(Thread *t, Value blocking, Value timeout, Sending *s) {
    int wait = truth(t, blocking);
    *s = (Sending){.wait = wait > 0, .deadline = -1};
    if (wait < 0 || absent(timeout) || is_none(timeout))
        return wait >= 0;
    double seconds;
    if (!to_double(t, timeout, &seconds))
        return false;
    if (!s->wait)
        raise_value_error(t, "can't specify a timeout for a non-blocking call");
    else if (seconds < 0)
        raise_value_error(t, "timeout value must be a non-negative number");
    s->deadline = now() + (int64_t)(seconds < 9e8 ? seconds * 1e9 : 9e17);
    return !error_pending(t);
}

static Outcome add_item(int64_t id, Item *item, int64_t isolate) {
    Channel *c;
    shared_lock();
    Outcome outcome = find_open(id, &c);
    if (outcome == OK)
        outcome = c->closing ? CLOSED : use_end(&c->send, isolate);
    if (outcome == OK)
        items_append(&c->items, item);
    shared_unlock();
    return outcome;
}

/* The sender gives up; false: the item was received, or thrown away, just now. */
static bool take_back(int64_t id, Waiting *waiting) {
    ItemList kept = {0}, dead = {0};
    Item *item;
    shared_lock();
    Channel *c = *find(id);
    while (c && (item = items_take(&c->items))) {
        bool mine = item->waiting == waiting;
        if (mine)
            item->waiting = NULL;
        items_append(mine ? &dead : &kept, item);
    }
    if (c)
        c->items = kept;
    shared_unlock();
    bool taken = dead.count;
    items_free(&dead);
    return taken;
}

static Value wait_until_received(Thread *t, int64_t id, Waiting *waiting, int64_t deadline) {
    bool interrupted = false, late = false;
    while (!load_acquire(&waiting->done) && !interrupted && !late) {
        int64_t left = deadline < 0 ? -1 : deadline - now();
        late = deadline >= 0 && left <= 0;
        if (!late) {
            blocking_begin(t);
            futex_wait(&waiting->done, 0, left);
            blocking_end(t);
            interrupted = !safepoint(t);
        }
    }
    if (!load_acquire(&waiting->done) && take_back(id, waiting))
        return interrupted ? NO_VALUE : raise_error(t, &TimeoutError_type, "timed out");
    if (interrupted)
        return NO_VALUE;
    shared_lock(); /* whoever set `done` is through with the record */
    bool received = waiting->received;
    shared_unlock();
    return received ? NONE : raise_about(t, channel_class(t, CHANNEL_CLOSED_ERROR), "channel", id, "has closed");
}

static Value send_object(Thread *t, Value id_object, Value object, Value *options) {
    int64_t id;
    int unbound, fallback;
    Sending sending;
    Channel *c;
    CHECK(channel_id_read(t, id_object, &id, NULL) && read_sending(t, options[2], options[3], &sending));
    shared_lock();
    Outcome outcome = find_open(id, &c);
    int default_unbound = outcome == OK ? c->unbound : UNBOUND_REPLACE, default_fallback = outcome == OK ? c->fallback : 0;
    shared_unlock();
    if (outcome != OK)
        return raise_outcome(t, outcome, id);
    CHECK(read_unbound(t, options[0], default_unbound, &unbound) && read_fallback(t, options[1], default_fallback, &fallback));
    Parcel *parcel = parcel_pack(t, object, (Crossing)fallback);
    Item *item = parcel ? calloc(1, sizeof *item) : NULL;
    if (!item) {
        parcel_free(parcel);
        return parcel ? raise_no_memory(t) : NO_VALUE;
    }
    Waiting waiting = {0};
    *item = (Item){.sender = t->isolate->id, .parcel = parcel, .unbound = unbound, .waiting = sending.wait ? &waiting : NULL};
    outcome = add_item(id, item, t->isolate->id);
    if (outcome == OK)
        return sending.wait ? wait_until_received(t, id, &waiting, sending.deadline) : NONE;
    parcel_free(parcel);
    free(item);
    return raise_outcome(t, outcome, id);
}

static Value send(Thread *t, Value *args) { return send_object(t, args[0], args[1], args + 2); }

static Value send_buffer(Thread *t, Value *args) {
    return send_object(t, args[0], TRY(memoryview_from_object(t, args[1])), args + 2);
}

static Outcome next_item(int64_t id, int64_t isolate, Item **item, ItemList *dead) {
    Channel *c;
    *item = NULL;
    shared_lock();
    Outcome outcome = find_open(id, &c);
    if (outcome == OK)
        outcome = use_end(&c->recv, isolate);
    if (outcome == OK && !(*item = items_take(&c->items)))
        outcome = EMPTY;
    if (*item)
        finish_waiting(*item, true);
    if (outcome != NOT_FOUND && c->closing && c->items.count == 0)
        close_channel(c, dead);
    shared_unlock();
    return outcome;
}

static Value recv(Thread *t, Value *args) {
    int64_t id;
    Item *item;
    ItemList dead = {0};
    CHECK(channel_id_read(t, args[0], &id, NULL));
    Outcome outcome = next_item(id, t->isolate->id, &item, &dead);
    items_free(&dead);
    if (outcome == OK)
        return item_received(t, item);
    if (outcome == EMPTY && present(args[1]))
        return tuple_pack(t, 2, args[1], NONE);
    return raise_outcome(t, outcome, id);
}

/* Closing */

static bool read_sides(Thread *t, Value send, Value recv, ChannelSide *side) {
    int s = is_none(send) ? 0 : truth(t, send), r = is_none(recv) ? 0 : truth(t, recv);
    *side = (ChannelSide)(s - r);
    return s >= 0 && r >= 0;
}

static Value close_(Thread *t, Value *args) {
    int64_t id;
    ChannelSide side;
    ItemList dead = {0};
    Channel *c;
    int force = truth(t, args[3]);
    CHECK(force >= 0 && read_sides(t, args[1], args[2], &side) && channel_id_read(t, args[0], &id, NULL));
    shared_lock();
    Outcome outcome = find_open(id, &c);
    if (outcome == OK && !force && side == SIDE_SEND && c->closing)
        outcome = CLOSED;
    else if (outcome == OK && !force && c->items.count)
        outcome = NOT_EMPTY;
    else if (outcome == OK)
        close_channel(c, &dead);
    if (outcome == NOT_EMPTY && side == SIDE_SEND) {
        c->closing = true;
        outcome = OK;
    }
    shared_unlock();
    items_free(&dead);
    return raise_outcome(t, outcome, id);
}

static Value release(Thread *t, Value *args) {
    int64_t id;
    ChannelSide side;
    ItemList dead = {0};
    Channel *c;
    CHECK(read_sides(t, args[1], args[2], &side) && channel_id_read(t, args[0], &id, NULL));
    shared_lock();
    Outcome outcome = find_open(id, &c);
    if (outcome == OK && side >= SIDE_BOTH)
        outcome = release_end(&c->send, t->isolate->id);
    if (outcome == OK && side <= SIDE_BOTH)
        outcome = release_end(&c->recv, t->isolate->id);
    if (outcome == OK)
        close_if_unused(c, &dead);
    shared_unlock();
    items_free(&dead);
    return raise_outcome(t, outcome, id);
}

/* Asking */

static Value get_count(Thread *t, Value *args) {
    int64_t id;
    Channel *c;
    CHECK(channel_id_read(t, args[0], &id, NULL));
    shared_lock();
    Outcome outcome = find_open(id, &c);
    size_t count = outcome == OK ? c->items.count : 0;
    shared_unlock();
    return outcome == OK ? small_int((int64_t)count) : raise_outcome(t, outcome, id);
}

static Value get_channel_defaults(Thread *t, Value *args) {
    int64_t id;
    Channel *c;
    CHECK(channel_id_read(t, args[0], &id, NULL));
    shared_lock();
    Outcome outcome = find_open(id, &c);
    int unbound = outcome == OK ? c->unbound : 0, fallback = outcome == OK ? c->fallback : 0;
    shared_unlock();
    return outcome == OK ? tuple_pack(t, 2, small_int(unbound), small_int(fallback)) : raise_outcome(t, outcome, id);
}

/* Numbers of isolates by what they did with the ends: [unused, used, released]. */
typedef size_t EndCounts[3][3]; /* by send, recv */

static void count_ends(const Channel *c, EndCounts counts) {
    for (const End *end = c->send; end; end = end->next) {
        const End *other = find_end(c->recv, end->isolate);
        counts[end->open ? 1 : 2][!other ? 0 : other->open ? 1 : 2]++;
    }
    for (const End *end = c->recv; end; end = end->next)
        if (!find_end(c->send, end->isolate))
            counts[0][end->open ? 1 : 2]++;
}

static const StructSequenceField info_fields[] = {
    {"open", "both ends are open"},
    {"closing", "send is closed, recv is non-empty"},
    {"closed", "both ends are closed"},
    {"count", "queued objects"},
    {"num_interp_send", "interpreters bound to the send end"},
    {"num_interp_send_released", "interpreters bound to the send end and released"},
    {"num_interp_recv", "interpreters bound to the send end"},
    {"num_interp_recv_released", "interpreters bound to the send end and released"},
    {"num_interp_both", "interpreters bound to both ends"},
    {"num_interp_both_recv_released", "interpreters bound to both ends and released_from_the recv end"},
    {"num_interp_both_send_released", "interpreters bound to both ends and released_from_the send end"},
    {"num_interp_both_released", "interpreters bound to both ends and released_from_both"},
    {"send_associated", "current interpreter is bound to the send end"},
    {"send_released", "current interpreter *was* bound to the send end"},
    {"recv_associated", "current interpreter is bound to the recv end"},
    {"recv_released", "current interpreter *was* bound to the recv end"},
    {0},
};
enum { INFO_FIELDS = sizeof info_fields / sizeof *info_fields - 1, INFO_VISIBLE = 8 };

static Value get_info(Thread *t, Value *args) {
    int64_t id;
    EndCounts n = {0};
    CHECK(channel_id_read(t, args[0], &id, NULL));
    shared_lock();
    Channel *c = *find(id), copy = c ? *c : (Channel){0};
    const End *send = c ? find_end(c->send, t->isolate->id) : NULL, *recv = c ? find_end(c->recv, t->isolate->id) : NULL;
    bool mine[4] = {send && send->open, send && !send->open, recv && recv->open, recv && !recv->open};
    if (c)
        count_ends(c, n);
    shared_unlock();
    if (!c)
        return channel_not_found(t, id);
    size_t numbers[9] = {copy.items.count,
                         n[1][0] + n[1][1] + n[1][2], n[2][0] + n[2][1] + n[2][2],
                         n[0][1] + n[1][1] + n[2][1], n[0][2] + n[1][2] + n[2][2],
                         n[1][1], n[1][2], n[2][1], n[2][2]};
    Value items[INFO_FIELDS] = {from_bool(copy.open && !copy.closing), from_bool(copy.closing), from_bool(!copy.open)};
    for (int i = 0; i < 9; i++)
        items[3 + i] = small_int((int64_t)numbers[i]);
    for (int i = 0; i < 4; i++)
        items[12 + i] = from_bool(mine[i]);
    return struct_sequence_new(t, as_type(channel_class(t, CHANNEL_INFO_TYPE)), items);
}

static Value register_end_types(Thread *t, Value *args) {
    for (int i = 0; i < 2; i++)
        if (!is_type(args[i]))
            return raise_type_error(t, "expected a type for '%s'", i ? "recv" : "send");
    Value list = t->isolate->slots[ISOLATE_INTERPCHANNELS];
    list_set(t, list, SEND_CHANNEL_CLASS, args[0]);
    list_set(t, list, RECV_CHANNEL_CLASS, args[1]);
    return NONE;
}

static const NativeDef functions[] = {
    {"create(unboundop=-1, fallback=-1)", create,
     "channel_create(unboundop) -> cid\n\nMake a channel and return its ID.", NATIVE_NO_SIGNATURE},
    {"destroy(cid)", destroy, "channel_destroy(cid)\n\nEnd the channel: from now on it is not found.", NATIVE_NO_SIGNATURE},
    {"list_all()", list_all, "channel_list_all() -> [cid]\n\nReturn the list of all IDs for active channels."},
    {"list_interpreters(cid, *, send)", list_interpreters,
     "channel_list_interpreters(cid, *, send) -> [id]\n\nReturn the IDs of the interpreters that use the channel's sending or receiving "
     "end.", NATIVE_NO_SIGNATURE},
    {"send(cid, obj, unboundop=-1, fallback=-1, *, blocking=True, timeout=None)", send,
     "channel_send(cid, obj, *, blocking=True, timeout=None)\n\nAdd the object's data to the channel. Waits until it is received, unless "
     "blocking is false.", NATIVE_NO_SIGNATURE},
    {"send_buffer(cid, obj, unboundop=-1, fallback=-1, *, blocking=True, timeout=None)", send_buffer,
     "channel_send_buffer(cid, obj, *, blocking=True, timeout=None)\n\nsend() of a memoryview of the object.", NATIVE_NO_SIGNATURE},
    {"recv(cid, default=<unrepresentable>)", recv,
     "channel_recv(cid, [default]) -> (obj, unboundop)\n\nReturn a new object made from the front item. If its sender has ended, the "
     "object is None\nand unboundop is not. Without an item: the default, else ChannelEmptyError.", NATIVE_NO_SIGNATURE},
    {"close(cid, *, send=None, recv=None, force=False)", close_,
     "channel_close(cid, *, send=None, recv=None, force=False)\n\nClose the channel for all interpreters. One that is not empty is closed "
     "only with force;\nwith send alone it takes no more objects and closes when the last one is received.", NATIVE_NO_SIGNATURE},
    {"release(cid, *, send=None, recv=None, force=True)", release,
     "channel_release(cid, *, send=None, recv=None, force=True)\n\nClose one or both ends for the current interpreter. The last one "
     "that does closes the\nchannel.", NATIVE_NO_SIGNATURE},
    {"get_count(cid)", get_count, "get_count(cid)\n\nReturn the number of items in the channel.", NATIVE_NO_SIGNATURE},
    {"get_info(cid)", get_info, "get_info(cid)\n\nReturn details about the channel.", NATIVE_NO_SIGNATURE},
    {"get_channel_defaults(cid)", get_channel_defaults,
     "get_channel_defaults(cid)\n\nReturn the channel's defaults: (unboundop, fallback).", NATIVE_NO_SIGNATURE},
    {"_channel_id(id, *, send=None, recv=None, force=False, _resolve=False)", channel_id_function, NULL, NATIVE_NO_SIGNATURE},
    {"_register_end_types(send, recv)", register_end_types, NULL, NATIVE_NO_SIGNATURE},
    {0},
};

static bool add_classes(Thread *t, Value module, Value list) {
    static const char *const class_names[] = {"ChannelError", "ChannelNotFoundError", "ChannelClosedError", "ChannelEmptyError",
                                              "ChannelNotEmptyError"};
    for (int i = 0; i < 5; i++) {
        Value base = i ? list_get(list, CHANNEL_ERROR) : from_object(&RuntimeError_type);
        Value class = new_exception_class(t, module, "_interpchannels", class_names[i], base);
        if (absent(class))
            return false;
        list_set(t, list, (size_t)i, class);
    }
    Value info = struct_sequence_type(t, "_interpchannels.ChannelInfo", "ChannelInfo\n\nA named tuple of a channel's state.", info_fields,
                                      INFO_VISIBLE);
    if (absent(info))
        return false;
    list_set(t, list, CHANNEL_INFO_TYPE, info);
    return module_add(t, module, "ChannelInfo", info);
}

static bool init(Thread *t, Value module) {
    Value list = list_new(t, CHANNEL_CLASS_COUNT);
    for (int i = 0; present(list) && i < CHANNEL_CLASS_COUNT; i++)
        if (!list_append(t, list, NONE))
            return false;
    if (absent(list) || !add_classes(t, module, list))
        return false;
    isolate_keep(t, ISOLATE_INTERPCHANNELS, list);
    store_relaxed(&isolate_hooks.forget_channels, forget_isolate);
    return module_add_type(t, module, &channel_id_type);
}

extern const ModuleDef _interpreters_module;

NATIVE_MODULE(_interpchannels) = {
    .types_from = &_interpreters_module,
    .name = "_interpchannels",
    .doc = "This module provides primitive operations to manage Python interpreters.\nThe 'interpreters' module provides a more "
           "convenient interface.",
    .functions = functions,
    .init = init,
};
