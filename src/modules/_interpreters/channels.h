/* Channels of the process: what channels.c offers to the types that name them (channel_id.c). */
#pragma once
#include "modules/_interpreters/items.h"

typedef enum ChannelSide { SIDE_RECV = -1, SIDE_BOTH = 0, SIDE_SEND = 1 } ChannelSide;

/* What the isolate's slot holds. */
enum {
    CHANNEL_ERROR, CHANNEL_NOT_FOUND_ERROR, CHANNEL_CLOSED_ERROR, CHANNEL_EMPTY_ERROR, CHANNEL_NOT_EMPTY_ERROR,
    SEND_CHANNEL_CLASS, RECV_CHANNEL_CLASS, CHANNEL_INFO_TYPE, CHANNEL_CLASS_COUNT
};
Value channel_class(Thread *t, int which);

/* ChannelID objects and parcels hold the channel: it ends with the last of them. */
bool channel_hold(int64_t id); /* false: there is no such channel */
void channel_release(int64_t id);

Value channel_id_new(Thread *t, int64_t id, ChannelSide side, bool resolve); /* takes over a hold */
bool channel_id_read(Thread *t, Value v, int64_t *id, ChannelSide *side); /* a ChannelID (side may be NULL) or an index */
Value channel_not_found(Thread *t, int64_t id);
Value channel_id_function(Thread *t, Value *args); /* _channel_id() */
extern Type channel_id_type;
