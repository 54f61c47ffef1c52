/* ChannelID, which names a channel or one end of it, and how it and the library's channel classes cross.
 *
 * Immutable. Each object and each parcel holds the channel. */
#include "modules/_interpreters/channels.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef struct ChannelIdObject {
    Object object;
    int64_t id;
    ChannelSide side;
    bool resolve; /* crosses as one of the library's classes */
    bool holds;
} ChannelIdObject;

static ChannelIdObject *as_channel_id(Value v) { return (ChannelIdObject *)v.bits; }

static void release_hold(Object *o) {
    if (((ChannelIdObject *)o)->holds)
        channel_release(((ChannelIdObject *)o)->id);
}

static Value make(Thread *t, int64_t id, ChannelSide side, bool resolve, bool holds) {
    ChannelIdObject *c = heap_allocate_finalizable(t, &channel_id_type, sizeof *c);
    if (!c) {
        if (holds)
            channel_release(id);
        return NO_VALUE;
    }
    c->id = id;
    c->side = side;
    c->resolve = resolve;
    c->holds = holds;
    return from_object(c);
}

Value channel_id_new(Thread *t, int64_t id, ChannelSide side, bool resolve) { return make(t, id, side, resolve, true); }

bool channel_id_read(Thread *t, Value v, int64_t *id, ChannelSide *side) {
    if (side)
        *side = SIDE_BOTH;
    if (!is_exactly(v, &channel_id_type))
        return read_shared_id(t, v, "channel", id);
    *id = as_channel_id(v)->id;
    if (side)
        *side = as_channel_id(v)->side;
    return true;
}

static bool given(Thread *t, Value v, bool *flag) {
    int is = is_none(v) ? 0 : truth(t, v);
    *flag = is > 0;
    return is >= 0;
}

Value channel_id_function(Thread *t, Value *args) {
    int64_t id;
    ChannelSide side;
    bool send, recv, force, resolve;
    CHECK(channel_id_read(t, args[0], &id, &side) && given(t, args[1], &send) && given(t, args[2], &recv) &&
          given(t, args[3], &force) && given(t, args[4], &resolve));
    if (!is_none(args[1]) && !is_none(args[2]) && !send && !recv)
        return raise_value_error(t, "'send' and 'recv' cannot both be False");
    if (send || recv)
        side = (ChannelSide)(send - recv);
    bool holds = channel_hold(id);
    if (!holds && !force)
        return channel_not_found(t, id);
    return make(t, id, side, resolve, holds);
}

static Value id_repr(Thread *t, Value *args) {
    ChannelIdObject *c = as_channel_id(args[0]);
    const char *side = c->side == SIDE_SEND ? ", send=True" : c->side == SIDE_RECV ? ", recv=True" : "";
    return format_text(t, "ChannelID(%lld%s)", (long long)c->id, side);
}

static Value id_str(Thread *t, Value *args) { return format_text(t, "%lld", (long long)as_channel_id(args[0])->id); }
static Value id_int(Thread *t, Value *args) { return int_from(t, as_channel_id(args[0])->id); }

static Value id_hash(Thread *t, Value *args) { return int_from(t, int_hash(TRY(id_int(t, args)))); }

static Value id_eq(Thread *t, Value *args) {
    ChannelIdObject *c = as_channel_id(args[0]);
    if (is_exactly(args[1], &channel_id_type))
        return from_bool(c->id == as_channel_id(args[1])->id && c->side == as_channel_id(args[1])->side);
    if (!is_int(args[1]) && !is_float(args[1]))
        return NOT_IMPLEMENTED;
    int same_number = equal(t, TRY(id_int(t, args)), args[1]);
    return same_number < 0 ? NO_VALUE : from_bool(same_number);
}

static Value id_end(Thread *t, Value *args) {
    ChannelSide side = as_channel_id(args[0])->side;
    return str_intern_text(t, side == SIDE_SEND ? "send" : side == SIDE_RECV ? "recv" : "both");
}

static Value other(Thread *t, Value self, ChannelSide side) {
    int64_t id = as_channel_id(self)->id;
    return make(t, id, side, as_channel_id(self)->resolve, channel_hold(id));
}

static Value id_send(Thread *t, Value *args) { return other(t, args[0], SIDE_SEND); }
static Value id_recv(Thread *t, Value *args) { return other(t, args[0], SIDE_RECV); }

static const NativeDef id_methods[] = {
    {"__repr__(self, /)", id_repr, "Return repr(self)."},
    {"__str__(self, /)", id_str, "Return str(self)."},
    {"__int__(self, /)", id_int, "int(self)"},
    {"__index__(self, /)", id_int, "Return self converted to an integer, if self is suitable for use as an index into a list."},
    {"__hash__(self, /)", id_hash, "Return hash(self)."},
    {"__eq__(self, value, /)", id_eq, "Return self==value."},
    {0},
};
static const GetSetDef id_getset[] = {
    {"end", id_end, NULL, "'send', 'recv', or 'both'"},
    {"send", id_send, NULL, "the 'send' end of the channel"},
    {"recv", id_recv, NULL, "the 'recv' end of the channel"},
    {0},
};

MODULE_TYPE(channel_id_type, _interpreters) = {
    STATIC_TYPE_HEAD(NULL, release_hold),
    .name_text = "_interpchannels.ChannelID",
    .doc = "A channel ID identifies a channel and may be used as an int.",
    .base_static = &object_type,
    .methods = id_methods,
    .getset = id_getset,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(ChannelIdObject),
};

/* Crossing: words are the id, and the side + 1 with RESOLVE for what arrives as one of the library's classes. */
enum { RESOLVE = 4 };

static bool pack(Thread *t, int64_t id, ChannelSide side, bool resolve, int64_t words[2]) {
    words[0] = id;
    words[1] = ((int64_t)side + 1) | (resolve ? RESOLVE : 0);
    if (channel_hold(id))
        return true;
    channel_not_found(t, id);
    return false;
}

static void drop(const int64_t words[2]) { channel_release(words[0]); }

/* One that the library's module registers: test.support.channels, or where that will move to. */
static Value end_class(Thread *t, ChannelSide side) {
    int which = side == SIDE_SEND ? SEND_CHANNEL_CLASS : RECV_CHANNEL_CLASS;
    Value class = channel_class(t, which);
    if (present(class) && !is_none(class))
        return class;
    TRY(import_module(t, "test.support.channels"));
    class = channel_class(t, which);
    return present(class) && !is_none(class) ? class : raise_error(t, &RuntimeError_type, "no channel types are registered");
}

static Value unpack(Thread *t, const int64_t words[2]) {
    ChannelSide side = (ChannelSide)((words[1] & 3) - 1);
    bool resolve = words[1] & RESOLVE;
    TRY(import_module(t, "_interpchannels"));
    bool holds = channel_hold(words[0]);
    Value id = TRY(make(t, words[0], side, resolve, holds));
    return resolve && side != SIDE_BOTH ? call_1(t, TRY(end_class(t, side)), id) : id;
}

static bool id_matches(Thread *t, Value v) { return is_exactly(v, &channel_id_type); }
static bool id_pack(Thread *t, Value v, int64_t words[2]) {
    return pack(t, as_channel_id(v)->id, as_channel_id(v)->side, as_channel_id(v)->resolve, words);
}
const ForeignKind channel_id_kind = {id_matches, id_pack, unpack, drop};

static bool end_matches(Thread *t, Value v) {
    Value type = from_object(type_of(v)), send = channel_class(t, SEND_CHANNEL_CLASS), recv = channel_class(t, RECV_CHANNEL_CLASS);
    return (present(send) && same(type, send)) || (present(recv) && same(type, recv));
}

static bool end_pack(Thread *t, Value v, int64_t words[2]) {
    int64_t id;
    ChannelSide side;
    Value id_object = get_attribute_text(t, v, "_id");
    if (absent(id_object))
        return false;
    if (!is_exactly(id_object, &channel_id_type)) {
        raise_type_error(t, "'_id' attribute must be an _interpchannels.ChannelID object, not %T", id_object);
        return false;
    }
    return channel_id_read(t, id_object, &id, &side) && pack(t, id, side, true, words);
}
const ForeignKind channel_end_kind = {end_matches, end_pack, unpack, drop};
