/* SSLSession: what lets a client take up an earlier connection. Threads: immutable. */
#include "modules/_ssl/ssl.h"
#include "object/type_internal.h"

typedef struct SessionObject {
    Object object;
    SSL_SESSION *session;
    Value context;
} SessionObject;

static SessionObject *as_session(Value v) { return (SessionObject *)v.bits; }
static void trace(Tracer *tracer, Object *o) { trace_value(tracer, ((SessionObject *)o)->context); }
static void release(Object *o) {
    SSL_SESSION_free(((SessionObject *)o)->session);
    ((SessionObject *)o)->session = NULL;
}

Value ssl_session_new(Thread *t, SSL_SESSION *session, Value context) {
    if (!session)
        return NONE;
    SessionObject *s = type_allocate(t, &ssl_session_type);
    if (!s) {
        SSL_SESSION_free(session);
        return NO_VALUE;
    }
    s->session = session;
    store(s, &s->context, context);
    return from_object(s);
}

bool ssl_session_use(Thread *t, ConnectionObject *c, Value session) {
    if (!is_exactly(session, &ssl_session_type))
        raise_type_error(t, "Value is not a SSLSession.");
    else if (!same(as_session(session)->context, c->context))
        raise_value_error(t, "Session refers to a different SSLContext.");
    else if (c->server_side)
        raise_value_error(t, "Cannot set session for server-side SSLSocket.");
    else if (SSL_is_init_finished(c->ssl))
        raise_value_error(t, "Cannot set session after handshake.");
    if (error_pending(t))
        return false;
    /* A copy: connecting changes it. */
    SSL_SESSION *copied = SSL_SESSION_dup(as_session(session)->session);
    bool ok = copied && SSL_set_session(c->ssl, copied);
    SSL_SESSION_free(copied);
    if (!ok)
        raise_no_memory(t);
    return ok;
}

static Value get_id(Thread *t, Value *args) {
    unsigned length;
    const unsigned char *id = SSL_SESSION_get_id(as_session(args[0])->session, &length);
    return bytes_new(t, (const char *)id, length);
}
static Value get_time(Thread *t, Value *args) { return int_from(t, SSL_SESSION_get_time(as_session(args[0])->session)); }
static Value get_timeout(Thread *t, Value *args) { return int_from(t, SSL_SESSION_get_timeout(as_session(args[0])->session)); }
static Value get_hint(Thread *t, Value *args) {
    return int_from(t, (int64_t)SSL_SESSION_get_ticket_lifetime_hint(as_session(args[0])->session));
}
static Value get_has_ticket(Thread *t, Value *args) { return from_bool(SSL_SESSION_has_ticket(as_session(args[0])->session)); }

static Value compare_sessions(Thread *t, Value *args, bool negate) {
    if (!is_exactly(args[1], &ssl_session_type))
        return NOT_IMPLEMENTED;
    unsigned a_length, b_length;
    const unsigned char *a = SSL_SESSION_get_id(as_session(args[0])->session, &a_length);
    const unsigned char *b = SSL_SESSION_get_id(as_session(args[1])->session, &b_length);
    bool equals = same(args[0], args[1]) || (a_length == b_length && memcmp(a, b, a_length) == 0);
    return from_bool(equals != negate);
}
static Value session_eq(Thread *t, Value *args) { return compare_sessions(t, args, false); }
static Value session_ne(Thread *t, Value *args) { return compare_sessions(t, args, true); }
static Value session_hash(Thread *t, Value *args) {
    int64_t hash;
    CHECK(hash_of(t, TRY(get_id(t, args)), &hash));
    return int_from(t, hash);
}

static const NativeDef methods[] = {
    {"__eq__(self, value, /)", session_eq}, {"__ne__(self, value, /)", session_ne}, UNORDERED_ROWS,
    {"__hash__(self, /)", session_hash}, {NULL}};
static const GetSetDef getset[] = {
    {"has_ticket", get_has_ticket, NULL, "Does the session contain a ticket?"},
    {"id", get_id, NULL, "Session ID."},
    {"ticket_lifetime_hint", get_hint, NULL, "Ticket life time hint."},
    {"time", get_time, NULL, "Session creation time (seconds since epoch)."},
    {"timeout", get_timeout, NULL, "Session timeout (delta in seconds)."},
    {NULL},
};

MODULE_TYPE(ssl_session_type, _ssl) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "_ssl.SSLSession",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(SessionObject),
};
