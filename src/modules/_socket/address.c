/* _socket: addresses as Python sees them: (host, port), (host, port, flow, scope), a path; (pid, groups) of netlink,
 * (interface, protocol, packet type, hardware type, address) of link layers, (context, port) between virtual machines.
 *
 * Threads: no state.
 */
#include "modules/_socket/socket.h"

#include "object/operators.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stddef.h>

Value socket_gai_error(Thread *t, int error) {
    if (error == EAI_SYSTEM)
        return os_error(t);
    Value text = TRY(str_from_text(t, gai_strerror(error)));
    return raise_with_args(t, as_type(socket_slot(t, SOCKET_GAIERROR)), 2, (Value[]){small_int(error), text});
}

bool socket_resolve(Thread *t, const char *name, int family, SocketAddress *a, socklen_t *size) {
    memset(a, 0, sizeof *a);
    if (strcmp(name, "<broadcast>") == 0 || strcmp(name, "255.255.255.255") == 0) {
        if (family != AF_INET && family != AF_UNSPEC) {
            raise_error(t, &OSError_type, "address family mismatched");
            return false;
        }
        a->in.sin_family = AF_INET;
        a->in.sin_addr.s_addr = INADDR_BROADCAST;
        *size = sizeof a->in;
        return true;
    }
    struct addrinfo hints = {.ai_family = family}, *result = NULL;
    if (name[0] == 0) {
        hints.ai_socktype = SOCK_DGRAM;
        hints.ai_flags = AI_PASSIVE;
    } else if (family != AF_INET6 && inet_pton(AF_INET, name, &a->in.sin_addr) == 1) {
        a->in.sin_family = AF_INET;
        *size = sizeof a->in;
        return true;
    } else if (family != AF_INET && !strchr(name, '%') && inet_pton(AF_INET6, name, &a->in6.sin6_addr) == 1) {
        a->in6.sin6_family = AF_INET6;
        *size = sizeof a->in6;
        return true;
    }
    blocking_begin(t);
    int error = os_getaddrinfo(capabilities(t), name[0] ? name : NULL, name[0] ? NULL : "0", &hints, &result);
    int number = errno;
    blocking_end(t);
    errno = number;
    if (error) {
        socket_gai_error(t, error == -1 ? EAI_SYSTEM : error);
        return false;
    }
    *size = result->ai_addrlen < sizeof *a ? result->ai_addrlen : sizeof *a;
    memcpy(a, result->ai_addr, *size);
    freeaddrinfo(result);
    return true;
}

Value socket_host_text(Thread *t, const SocketAddress *a, socklen_t size) {
    char host[NI_MAXHOST];
    if (a->generic.sa_family == AF_INET)
        return str_from_text(t, inet_ntop(AF_INET, &a->in.sin_addr, host, sizeof host));
    if (a->generic.sa_family == AF_INET6) /* the scope has a place of its own in the tuple */
        return str_from_text(t, inet_ntop(AF_INET6, &a->in6.sin6_addr, host, sizeof host));
    int error = os_getnameinfo(capabilities(t), &a->generic, size, host, sizeof host, NULL, 0, NI_NUMERICHOST);
    return error ? socket_gai_error(t, error == -1 ? EAI_SYSTEM : error) : str_from_text(t, host);
}

/* A host name as the resolver wants it: ASCII, or by IDNA. */
static bool host_name(Thread *t, Value v, const char **out) {
    if (is_bytes(v) || is_instance_of(v, &bytearray_type)) {
        Value copy = is_bytes(v) ? v : NO_VALUE;
        if (absent(copy)) {
            ByteArrayObject *b = (ByteArrayObject *)as_object(v);
            copy = bytes_new(t, b->storage ? b->storage->data + b->start : "", b->length);
        }
        *out = present(copy) ? as_bytes(copy)->data : NULL;
    } else if (is_str(v)) {
        if (str_is_ascii(v)) {
            *out = str_utf8(t, v, NULL);
        } else {
            Value encoded = str_encode(t, v, "idna", NULL);
            *out = present(encoded) ? as_bytes(encoded)->data : NULL;
        }
    } else {
        raise_type_error(t, "str, bytes or bytearray expected, not %T", v);
        return false;
    }
    return *out != NULL;
}

static bool port_number(Thread *t, Value v, const char *method, uint16_t *out) {
    int64_t port;
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    if (!int_to_i64(index, &port) || port < 0 || port > 0xffff) {
        raise_overflow_error(t, "%s(): port must be 0-65535.", method);
        return false;
    }
    *out = htons((uint16_t)port);
    return true;
}

static bool parse_in(Thread *t, Value v, const char *method, SocketAddress *a, socklen_t *size) {
    const char *host;
    uint16_t port;
    if (!is_tuple(v)) {
        raise_type_error(t, "%s(): AF_INET address must be tuple, not %T", method, v);
        return false;
    }
    if (tuple_length(v) != 2) {
        raise_type_error(t, "%s(): AF_INET address must be a pair (host, port)", method);
        return false;
    }
    if (!host_name(t, tuple_get(v, 0), &host) || !port_number(t, tuple_get(v, 1), method, &port) ||
        !socket_resolve(t, host, AF_INET, a, size))
        return false;
    a->in.sin_port = port;
    return true;
}

static bool parse_in6(Thread *t, Value v, const char *method, SocketAddress *a, socklen_t *size) {
    const char *host;
    uint16_t port;
    int64_t flow = 0, scope = 0;
    if (!is_tuple(v)) {
        raise_type_error(t, "%s(): AF_INET6 address must be tuple, not %T", method, v);
        return false;
    }
    if (tuple_length(v) < 2 || tuple_length(v) > 4) {
        raise_type_error(t, "%s(): AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])", method);
        return false;
    }
    if (!host_name(t, tuple_get(v, 0), &host) || !port_number(t, tuple_get(v, 1), method, &port) ||
        (tuple_length(v) > 2 && !as_c_long(t, tuple_get(v, 2), &flow)) ||
        (tuple_length(v) > 3 && !as_c_long(t, tuple_get(v, 3), &scope)))
        return false;
    if (flow < 0 || flow > 0xfffff) {
        raise_overflow_error(t, "%s(): flowinfo must be 0-1048575.", method);
        return false;
    }
    if (!socket_resolve(t, host, AF_INET6, a, size))
        return false;
    a->in6.sin6_port = port;
    a->in6.sin6_flowinfo = htonl((uint32_t)flow);
    if (tuple_length(v) > 3)
        a->in6.sin6_scope_id = (uint32_t)scope;
    return true;
}

static bool parse_un(Thread *t, Value v, SocketAddress *a, socklen_t *size) {
    Buffer b;
    Value bytes = v;
    if (is_str(v)) {
        bytes = str_encode(t, v, "utf-8", "surrogateescape"); /* with zeros, which abstract names have */
        if (absent(bytes))
            return false;
    }
    if (!buffer_get_contiguous(t, bytes, &b, false))
        return false;
    memset(a, 0, sizeof *a);
    a->un.sun_family = AF_UNIX;
    bool abstract = b.length && b.data[0] == 0; /* Linux's own name space: the bytes count, without a zero at the end */
    bool fits = abstract ? b.length <= sizeof a->un.sun_path : b.length < sizeof a->un.sun_path;
    if (fits) {
        memcpy(a->un.sun_path, b.data, b.length);
        *size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + b.length + (abstract || !b.length ? 0 : 1));
    } else {
        raise_error(t, &OSError_type, "AF_UNIX path too long");
    }
    buffer_release(t, &b);
    return fits;
}

static bool check_tuple(Thread *t, Value v, const char *prefix, const char *family) {
    if (!is_tuple(v))
        raise_type_error(t, "%s: %s address must be tuple, not %T", prefix, family, v);
    return is_tuple(v);
}

/* Two unsigned numbers. */
static bool parse_pair(Thread *t, Value v, const char *wrong_length, uint32_t *first, uint32_t *second) {
    if (tuple_length(v) != 2) {
        raise_type_error(t, "%s", wrong_length);
        return false;
    }
    Value a = index_of(t, tuple_get(v, 0)), b = present(a) ? index_of(t, tuple_get(v, 1)) : NO_VALUE;
    if (absent(b))
        return false;
    *first = (uint32_t)int_mask_u64(a);
    *second = (uint32_t)int_mask_u64(b);
    return true;
}

static bool parse_netlink(Thread *t, Value v, const char *method, SocketAddress *a, socklen_t *size) {
    char prefix[40];
    snprintf(prefix, sizeof prefix, "%s()", method);
    memset(a, 0, sizeof *a);
    a->netlink.nl_family = AF_NETLINK;
    *size = sizeof a->netlink;
    return check_tuple(t, v, prefix, "AF_NETLINK") &&
           parse_pair(t, v, "AF_NETLINK address must be a pair (pid, groups)", &a->netlink.nl_pid, &a->netlink.nl_groups);
}

static bool parse_vm(Thread *t, Value v, SocketAddress *a, socklen_t *size) {
    memset(a, 0, sizeof *a);
    a->vm.svm_family = AF_VSOCK;
    *size = sizeof a->vm;
    return check_tuple(t, v, "getsockaddrarg", "AF_VSOCK") &&
           parse_pair(t, v, "getsockaddrarg() AF_VSOCK address must be a pair (cid, port)", &a->vm.svm_cid, &a->vm.svm_port);
}

static bool hardware_address(Thread *t, Value v, struct sockaddr_ll *a) {
    Buffer b;
    if (!buffer_get_contiguous(t, v, &b, false))
        return false;
    bool fits = b.length <= sizeof a->sll_addr;
    if (fits) {
        memcpy(a->sll_addr, b.data, b.length);
        a->sll_halen = (unsigned char)b.length;
    } else {
        raise_value_error(t, "Hardware address must be 8 bytes or less");
    }
    buffer_release(t, &b);
    return fits;
}

static bool parse_packet(Thread *t, Value v, const char *method, SocketAddress *a, socklen_t *size) {
    int protocol, packet_type = 0, hardware_type = 0;
    char prefix[40];
    snprintf(prefix, sizeof prefix, "%s()", method);
    if (!check_tuple(t, v, prefix, "AF_PACKET"))
        return false;
    size_t count = tuple_length(v);
    if (count < 2 || count > 5) {
        raise_type_error(t, "AF_PACKET address must be a tuple of two to five elements");
        return false;
    }
    memset(a, 0, sizeof *a);
    *size = sizeof a->packet;
    if (!is_str(tuple_get(v, 0))) {
        raise_type_error(t, "AF_PACKET address must be a tuple of two to five elements");
        return false;
    }
    const char *name = str_utf8(t, tuple_get(v, 0), NULL);
    if (!name || !as_c_int(t, tuple_get(v, 1), &protocol) || (count > 2 && !as_c_int(t, tuple_get(v, 2), &packet_type)) ||
        (count > 3 && !as_c_int(t, tuple_get(v, 3), &hardware_type)) || (count > 4 && !hardware_address(t, tuple_get(v, 4), &a->packet)))
        return false;
    unsigned index = if_nametoindex(name);
    if (!index) {
        os_error(t);
        return false;
    }
    if (protocol < 0 || protocol > 0xffff) {
        raise_overflow_error(t, "%s(): proto must be 0-65535.", method);
        return false;
    }
    a->packet.sll_family = AF_PACKET;
    a->packet.sll_protocol = htons((uint16_t)protocol);
    a->packet.sll_ifindex = (int)index;
    a->packet.sll_pkttype = (unsigned char)packet_type;
    a->packet.sll_hatype = (unsigned short)hardware_type;
    return true;
}

static Value packet_address(Thread *t, const struct sockaddr_ll *a) {
    char name[IF_NAMESIZE] = "";
    if (a->sll_ifindex && !if_indextoname((unsigned)a->sll_ifindex, name))
        name[0] = 0;
    Value text = TRY(str_decode_filesystem(t, name, strlen(name)));
    size_t length = a->sll_halen < sizeof a->sll_addr ? a->sll_halen : sizeof a->sll_addr;
    return tuple_pack(t, 5, text, small_int(ntohs(a->sll_protocol)), small_int(a->sll_pkttype), small_int((int16_t)a->sll_hatype),
                      TRY(bytes_new(t, (const char *)a->sll_addr, length)));
}

bool socket_parse_address(Thread *t, SocketObject *s, Value v, const char *method, SocketAddress *a, socklen_t *size) {
    switch (s->family) {
    case AF_INET: return parse_in(t, v, method, a, size);
    case AF_INET6: return parse_in6(t, v, method, a, size);
    case AF_UNIX: return parse_un(t, v, a, size);
    case AF_NETLINK: return parse_netlink(t, v, method, a, size);
    case AF_PACKET: return parse_packet(t, v, method, a, size);
    case AF_VSOCK: return parse_vm(t, v, a, size);
    default: raise_error(t, &OSError_type, "%s(): bad family", method); return false;
    }
}

Value socket_make_address(Thread *t, const SocketAddress *a, socklen_t size) {
    if (size == 0)
        return NONE;
    switch (a->generic.sa_family) {
    case AF_INET: {
        Value host = TRY(socket_host_text(t, a, size));
        return tuple_pack(t, 2, host, small_int(ntohs(a->in.sin_port)));
    }
    case AF_INET6: {
        Value host = TRY(socket_host_text(t, a, size));
        return tuple_pack(t, 4, host, small_int(ntohs(a->in6.sin6_port)), small_int(ntohl(a->in6.sin6_flowinfo)),
                          small_int(a->in6.sin6_scope_id));
    }
    case AF_UNIX: {
        size_t length = size > offsetof(struct sockaddr_un, sun_path) ? size - offsetof(struct sockaddr_un, sun_path) : 0;
        if (length && a->un.sun_path[0] == 0)
            return bytes_new(t, a->un.sun_path, length);
        return str_decode_filesystem(t, a->un.sun_path, strnlen(a->un.sun_path, length));
    }
    case AF_NETLINK: return tuple_pack(t, 2, small_int(a->netlink.nl_pid), small_int(a->netlink.nl_groups));
    case AF_PACKET: return packet_address(t, &a->packet);
    case AF_VSOCK: return tuple_pack(t, 2, small_int(a->vm.svm_cid), small_int(a->vm.svm_port));
    default: {
        size_t length = size > sizeof a->generic.sa_family ? size - sizeof a->generic.sa_family : 0;
        Value bytes = TRY(bytes_new(t, a->generic.sa_data, length));
        return tuple_pack(t, 2, small_int(a->generic.sa_family), bytes);
    }
    }
}
