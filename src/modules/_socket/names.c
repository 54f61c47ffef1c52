/* _socket: names of hosts, services, protocols and interfaces; byte order; addresses as text.
 *
 * Threads: the C library's tables of services and protocols are read under a mutex of the process.
 */
#include "modules/_socket/socket.h"

#include "object/audit.h"
#include "object/operators.h"
#include "types/list.h"

#include <arpa/inet.h>
#include <stdio.h>

static bool c_text(Thread *t, Value v, const char *function, int number, const char **out) {
    if (!is_str(v)) {
        raise_type_error(t, "%s() argument %d must be str, not %Y", function, number, v);
        return false;
    }
    size_t length;
    *out = str_utf8(t, v, &length);
    if (*out && strlen(*out) == length)
        return true;
    if (*out)
        raise_value_error(t, "embedded null character");
    return false;
}

/* A host argument: str (by IDNA if need be) or bytes. */
static bool host_argument(Thread *t, Value v, const char *function, const char **out) {
    if (is_bytes(v)) {
        *out = as_bytes(v)->data;
        return true;
    }
    if (is_str(v) && !str_is_ascii(v)) {
        Value encoded = str_encode(t, v, "idna", NULL);
        *out = present(encoded) ? as_bytes(encoded)->data : NULL;
        return *out != NULL;
    }
    return c_text(t, v, function, 1, out);
}

static Value gethostname_(Thread *t, Value *args) {
    char name[1024];
    CHECK(audit(t, "socket.gethostname", 0));
    if (os_gethostname(capabilities(t), name, sizeof name - 1) < 0)
        return os_error(t);
    name[sizeof name - 1] = 0;
    return str_decode_filesystem(t, name, strlen(name));
}
static Value sethostname_(Thread *t, Value *args) {
    Path name = {.argument = "name", .fd = -1};
    CHECK(path_convert(t, args[0], &name) && audit(t, "socket.sethostname", 1, name.object));
    return os_sethostname(capabilities(t), name.name, name.length) < 0 ? os_error(t) : NONE;
}

static Value gethostbyname_(Thread *t, Value *args) {
    const char *name;
    SocketAddress a;
    socklen_t size;
    CHECK(host_argument(t, args[0], "gethostbyname", &name) && audit(t, "socket.gethostbyname", 1, args[0]) &&
          socket_resolve(t, name, AF_INET, &a, &size));
    return socket_host_text(t, &a, size);
}

static Value host_error(Thread *t, int error) {
    Value text = TRY(str_from_text(t, hstrerror(error)));
    return raise_with_args(t, as_type(socket_slot(t, SOCKET_HERROR)), 2, (Value[]){small_int(error), text});
}

/* (name, aliases, addresses) */
static Value host_entry(Thread *t, const struct hostent *h) {
    Value aliases = TRY(list_new(t, 0)), addresses = TRY(list_new(t, 0));
    for (char **alias = h->h_aliases; alias && *alias; alias++) {
        Value text = TRY(str_decode_filesystem(t, *alias, strlen(*alias)));
        CHECK(list_append(t, aliases, text));
    }
    for (char **address = h->h_addr_list; address && *address; address++) {
        char text[INET6_ADDRSTRLEN];
        Value v = TRY(str_from_text(t, inet_ntop(h->h_addrtype, *address, text, sizeof text)));
        CHECK(list_append(t, addresses, v));
    }
    Value name = TRY(str_decode_filesystem(t, h->h_name, strlen(h->h_name)));
    return tuple_pack(t, 3, name, aliases, addresses);
}

static Value host_lookup(Thread *t, const SocketAddress *a, const char *name) {
    struct hostent h, *found = NULL;
    char buffer[16384];
    int error = 0;
    if (!capability_check(capabilities(t), CAPABILITY_NETWORK))
        return os_error(t);
    blocking_begin(t);
    if (name)
        gethostbyname_r(name, &h, buffer, sizeof buffer, &found, &error);
    else if (a->generic.sa_family == AF_INET)
        gethostbyaddr_r(&a->in.sin_addr, sizeof a->in.sin_addr, AF_INET, &h, buffer, sizeof buffer, &found, &error);
    else
        gethostbyaddr_r(&a->in6.sin6_addr, sizeof a->in6.sin6_addr, AF_INET6, &h, buffer, sizeof buffer, &found, &error);
    blocking_end(t);
    return found ? host_entry(t, found) : host_error(t, error);
}

static Value gethostbyname_ex(Thread *t, Value *args) {
    const char *name;
    SocketAddress a;
    socklen_t size;
    CHECK(host_argument(t, args[0], "gethostbyname_ex", &name) && socket_resolve(t, name, AF_INET, &a, &size));
    return host_lookup(t, NULL, name);
}
static Value gethostbyaddr_(Thread *t, Value *args) {
    const char *name;
    SocketAddress a;
    socklen_t size;
    CHECK(host_argument(t, args[0], "gethostbyaddr", &name) && audit(t, "socket.gethostbyaddr", 1, args[0]) &&
          socket_resolve(t, name, AF_UNSPEC, &a, &size));
    return host_lookup(t, &a, NULL);
}

static Mutex tables;

static Value getservbyname_(Thread *t, Value *args) {
    const char *name, *protocol = NULL;
    CHECK(c_text(t, args[0], "getservbyname", 1, &name));
    CHECK(absent(args[1]) || c_text(t, args[1], "getservbyname", 2, &protocol));
    CHECK(audit(t, "socket.getservbyname", 2, args[0], present(args[1]) ? args[1] : str_from_text(t, "")));
    mutex_lock(&tables);
    struct servent *s = getservbyname(name, protocol);
    int port = s ? ntohs((uint16_t)s->s_port) : -1;
    mutex_unlock(&tables);
    return port >= 0 ? small_int(port) : raise_error(t, &OSError_type, "service/proto not found");
}
static Value getservbyport_(Thread *t, Value *args) {
    int port;
    const char *protocol = NULL;
    CHECK(as_c_int(t, args[0], &port));
    CHECK(absent(args[1]) || c_text(t, args[1], "getservbyport", 2, &protocol));
    if (port < 0 || port > 0xffff)
        return raise_overflow_error(t, "getservbyport: port must be 0-65535.");
    char name[256] = "";
    CHECK(audit(t, "socket.getservbyport", 2, args[0], present(args[1]) ? args[1] : str_from_text(t, "")));
    mutex_lock(&tables);
    struct servent *s = getservbyport(htons((uint16_t)port), protocol);
    if (s)
        strncat(name, s->s_name, sizeof name - 1);
    mutex_unlock(&tables);
    return s ? str_from_text(t, name) : raise_error(t, &OSError_type, "port/proto not found");
}
static Value getprotobyname_(Thread *t, Value *args) {
    const char *name;
    CHECK(c_text(t, args[0], "getprotobyname", 1, &name));
    mutex_lock(&tables);
    struct protoent *p = getprotobyname(name);
    int number = p ? p->p_proto : -1;
    mutex_unlock(&tables);
    return number >= 0 ? small_int(number) : raise_error(t, &OSError_type, "protocol not found");
}

/* getaddrinfo(host, port, family=0, type=0, proto=0, flags=0) */
static Value getaddrinfo_(Thread *t, Value *args) {
    const char *host = NULL, *service = NULL;
    char digits[32];
    struct addrinfo hints = {0}, *result = NULL;
    CHECK(as_c_int(t, args[2], &hints.ai_family) && as_c_int(t, args[3], &hints.ai_socktype) &&
          as_c_int(t, args[4], &hints.ai_protocol) && as_c_int(t, args[5], &hints.ai_flags));
    if (!is_none(args[0])) {
        if (!is_str(args[0]) && !is_bytes(args[0]))
            return raise_type_error(t, "getaddrinfo() argument 1 must be string or None");
        CHECK(host_argument(t, args[0], "getaddrinfo", &host));
    }
    if (is_int(args[1])) {
        int64_t number;
        CHECK(as_c_long(t, args[1], &number));
        snprintf(digits, sizeof digits, "%lld", (long long)number);
        service = digits;
    } else if (is_str(args[1]) || is_bytes(args[1])) {
        CHECK(host_argument(t, args[1], "getaddrinfo", &service));
    } else if (!is_none(args[1])) {
        return raise_error(t, &OSError_type, "Int or String expected");
    }
    CHECK(audit(t, "socket.getaddrinfo", 5, args[0], args[1], args[2], args[3], args[4]));
    blocking_begin(t);
    int error = os_getaddrinfo(capabilities(t), host, service, &hints, &result), number = errno;
    blocking_end(t);
    errno = number;
    if (error)
        return socket_gai_error(t, error == -1 && errno == EPERM ? EAI_SYSTEM : error);
    Value list = list_new(t, 0);
    for (struct addrinfo *i = result; present(list) && i; i = i->ai_next) {
        Value address = socket_make_address(t, (SocketAddress *)i->ai_addr, i->ai_addrlen);
        Value name = absent(address) ? address : str_decode_filesystem(t, i->ai_canonname ? i->ai_canonname : "",
                                                                       i->ai_canonname ? strlen(i->ai_canonname) : 0);
        Value item = absent(name) ? name : tuple_pack(t, 5, small_int(i->ai_family), small_int(i->ai_socktype),
                                                      small_int(i->ai_protocol), name, address);
        if (absent(item) || !list_append(t, list, item))
            list = NO_VALUE;
    }
    freeaddrinfo(result);
    return list;
}

static Value getnameinfo_(Thread *t, Value *args) {
    int flags;
    const char *host;
    int64_t port, flow = 0, scope = 0;
    CHECK(as_c_int(t, args[1], &flags));
    if (!is_tuple(args[0]))
        return raise_type_error(t, "getnameinfo() argument 1 must be a tuple");
    size_t n = tuple_length(args[0]);
    if (n < 2 || n > 4)
        return raise_type_error(t, "getnameinfo(): illegal sockaddr argument");
    CHECK(c_text(t, tuple_get(args[0], 0), "getnameinfo", 1, &host) && as_c_long(t, tuple_get(args[0], 1), &port) &&
          (n < 3 || as_c_long(t, tuple_get(args[0], 2), &flow)) && (n < 4 || as_c_long(t, tuple_get(args[0], 3), &scope)));
    if (flow < 0 || flow > 0xfffff)
        return raise_overflow_error(t, "getnameinfo(): flowinfo must be 0-1048575.");
    CHECK(audit(t, "socket.getnameinfo", 1, args[0]));
    char digits[32], name[NI_MAXHOST], service[NI_MAXSERV];
    snprintf(digits, sizeof digits, "%lld", (long long)port);
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST}, *found = NULL;
    int error = os_getaddrinfo(capabilities(t), host, digits, &hints, &found);
    if (error)
        return socket_gai_error(t, error == -1 && errno == EPERM ? EAI_SYSTEM : error);
    if (found->ai_next) {
        freeaddrinfo(found);
        return raise_error(t, &OSError_type, "sockaddr resolved to multiple addresses");
    }
    if (found->ai_family == AF_INET && n != 2) {
        freeaddrinfo(found);
        return raise_error(t, &OSError_type, "IPv4 sockaddr must be 2 tuple");
    }
    if (found->ai_family == AF_INET6) {
        ((struct sockaddr_in6 *)found->ai_addr)->sin6_flowinfo = htonl((uint32_t)flow);
        ((struct sockaddr_in6 *)found->ai_addr)->sin6_scope_id = (uint32_t)scope;
    }
    blocking_begin(t);
    error = os_getnameinfo(capabilities(t), found->ai_addr, found->ai_addrlen, name, sizeof name, service, sizeof service,
                           flags);
    blocking_end(t);
    freeaddrinfo(found);
    if (error)
        return socket_gai_error(t, error);
    Value a = TRY(str_decode_filesystem(t, name, strlen(name))), b = TRY(str_from_text(t, service));
    return tuple_pack(t, 2, a, b);
}

/* Byte order */

static bool unsigned_argument(Thread *t, Value v, const char *type, uint64_t most, uint32_t *out) {
    Value index = index_of(t, v);
    uint64_t u;
    if (absent(index))
        return false;
    if (int_sign(index) < 0) {
        raise_value_error(t, "Cannot convert negative int");
        return false;
    }
    if (!int_to_u64(index, &u) || u > most) {
        raise_overflow_error(t, "Python int too large for C %s", type);
        return false;
    }
    *out = (uint32_t)u;
    return true;
}
static Value htons_(Thread *t, Value *args) {
    uint32_t u;
    CHECK(unsigned_argument(t, args[0], "uint16_t", 0xffff, &u));
    return small_int(htons((uint16_t)u));
}
static Value ntohs_(Thread *t, Value *args) {
    uint32_t u;
    CHECK(unsigned_argument(t, args[0], "uint16_t", 0xffff, &u));
    return small_int(ntohs((uint16_t)u));
}
static Value htonl_(Thread *t, Value *args) {
    uint32_t u;
    CHECK(unsigned_argument(t, args[0], "uint32_t", UINT32_MAX, &u));
    return small_int(htonl(u));
}
static Value ntohl_(Thread *t, Value *args) {
    uint32_t u;
    CHECK(unsigned_argument(t, args[0], "uint32_t", UINT32_MAX, &u));
    return small_int(ntohl(u));
}

/* Addresses as text */

static Value inet_aton_(Thread *t, Value *args) {
    const char *text;
    struct in_addr a;
    CHECK(c_text(t, args[0], "inet_aton", 1, &text));
    if (!inet_aton(text, &a))
        return raise_error(t, &OSError_type, "illegal IP address string passed to inet_aton");
    return bytes_new(t, (const char *)&a, sizeof a);
}
static Value inet_ntoa_(Thread *t, Value *args) {
    Buffer b;
    char text[INET_ADDRSTRLEN];
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    bool fits = b.length == 4;
    if (fits)
        inet_ntop(AF_INET, b.data, text, sizeof text);
    buffer_release(t, &b);
    return fits ? str_from_text(t, text) : raise_error(t, &OSError_type, "packed IP wrong length");
}
static Value inet_pton_(Thread *t, Value *args) {
    int family;
    const char *text;
    char packed[16];
    CHECK(as_c_int(t, args[0], &family) && c_text(t, args[1], "inet_pton", 2, &text));
    int result = inet_pton(family, text, packed);
    if (result < 0)
        return os_error(t);
    if (result == 0)
        return raise_error(t, &OSError_type, "illegal IP address string passed to inet_pton");
    return bytes_new(t, packed, family == AF_INET ? 4 : 16);
}
static Value inet_ntop_(Thread *t, Value *args) {
    int family;
    Buffer b;
    char text[INET6_ADDRSTRLEN];
    CHECK(as_c_int(t, args[0], &family));
    if (family != AF_INET && family != AF_INET6)
        return raise_value_error(t, "unknown address family %d", family);
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    bool fits = b.length == (family == AF_INET ? 4 : 16);
    if (fits)
        inet_ntop(family, b.data, text, sizeof text);
    buffer_release(t, &b);
    return fits ? str_from_text(t, text) : raise_value_error(t, "invalid length of packed IP address string");
}

/* Interfaces */

static Value if_nameindex_(Thread *t, Value *args) {
    struct if_nameindex *all = os_if_nameindex(capabilities(t));
    if (all == NULL)
        return os_error(t);
    Value list = list_new(t, 0);
    for (struct if_nameindex *i = all; present(list) && i->if_index && i->if_name; i++) {
        Value name = str_decode_filesystem(t, i->if_name, strlen(i->if_name));
        Value pair = absent(name) ? name : tuple_pack(t, 2, small_int(i->if_index), name);
        if (absent(pair) || !list_append(t, list, pair))
            list = NO_VALUE;
    }
    if_freenameindex(all);
    return list;
}
static Value if_nametoindex_(Thread *t, Value *args) {
    Path name = {.argument = "name", .fd = -1};
    CHECK(path_convert(t, args[0], &name));
    unsigned index = if_nametoindex(name.name);
    return index ? small_int(index) : os_error(t);
}
static Value if_indextoname_(Thread *t, Value *args) {
    uint32_t index;
    char name[IF_NAMESIZE + 1];
    CHECK(unsigned_argument(t, args[0], "unsigned int", UINT32_MAX, &index));
    return if_indextoname(index, name) ? str_decode_filesystem(t, name, strlen(name)) : os_error(t);
}

const NativeDef socket_name_functions[] = {
    {"gethostname()", gethostname_, "The name of this machine."},
    {"sethostname(name, /)", sethostname_, "Sets the name of this machine.", NATIVE_NO_SIGNATURE},
    {"gethostbyname(host, /)", gethostbyname_, "The address of a host.", NATIVE_NO_SIGNATURE},
    {"gethostbyname_ex(host, /)", gethostbyname_ex, "(name, aliases, addresses) of a host.", NATIVE_NO_SIGNATURE},
    {"gethostbyaddr(host, /)", gethostbyaddr_, "(name, aliases, addresses) of an address.", NATIVE_NO_SIGNATURE},
    {"getservbyname(service, protocol=<unrepresentable>, /)", getservbyname_, "The port of a service.", NATIVE_NO_SIGNATURE},
    {"getservbyport(port, protocol=<unrepresentable>, /)", getservbyport_, "The service of a port.", NATIVE_NO_SIGNATURE},
    {"getprotobyname(name, /)", getprotobyname_, "The number of a protocol.", NATIVE_NO_SIGNATURE},
    {"getaddrinfo(host, port, family=0, type=0, proto=0, flags=0)", getaddrinfo_,
     "A list of (family, type, proto, canonname, address).", NATIVE_NO_SIGNATURE},
    {"getnameinfo(sockaddr, flags, /)", getnameinfo_, "(host, port) of an address.", NATIVE_NO_SIGNATURE},
    {"htons(integer, /)", htons_, "16 bits from host to network order."},
    {"ntohs(integer, /)", ntohs_, "16 bits from network to host order."},
    {"htonl(integer, /)", htonl_, "32 bits from host to network order."},
    {"ntohl(integer, /)", ntohl_, "32 bits from network to host order."},
    {"inet_aton(ip_addr, /)", inet_aton_, "An IPv4 address as 4 bytes."},
    {"inet_ntoa(packed_ip, /)", inet_ntoa_, "4 bytes as an IPv4 address."},
    {"inet_pton(family, text, /)", inet_pton_, "An address as bytes.", NATIVE_NO_SIGNATURE},
    {"inet_ntop(family, packed, /)", inet_ntop_, "Bytes as an address.", NATIVE_NO_SIGNATURE},
    {"if_nameindex()", if_nameindex_, "(index, name) of all interfaces."},
    {"if_nametoindex(oname, /)", if_nametoindex_, "The index of an interface."},
    {"if_indextoname(if_index, /)", if_indextoname_, "The name of an interface."},
    {NULL, NULL, NULL, 0},
};
