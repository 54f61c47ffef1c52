/* _socket: socket objects (socket.c, transfer.c, messages.c), addresses (address.c), names and services (names.c), the
 * module (module.c).
 *
 * A socket with a timeout is non-blocking for the system; its methods wait with poll().
 * Threads: the descriptor is one word, exchanged on close; a system call on a descriptor that another thread closed
 * meanwhile fails as it does in CPython.
 */
#pragma once
#include "modules/os_support.h"
#include "object/buffer.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <linux/vm_sockets.h>
#include <sys/un.h>

typedef struct SocketObject {
    Object object;
    int fd; /* -1: closed */
    int family, type, protocol;
    int64_t timeout; /* nanoseconds; -1: blocking */
} SocketObject;

extern Type socket_type;
static inline SocketObject *as_socket(Value v) { return (SocketObject *)v.bits; }

/* The isolate's list: the class herror, gaierror; the default timeout as an int of nanoseconds. */
typedef enum SocketSlot { SOCKET_HERROR, SOCKET_GAIERROR, SOCKET_DEFAULT_TIMEOUT, SOCKET_SLOTS } SocketSlot;
Value socket_slot(Thread *t, SocketSlot which);
void socket_set_slot(Thread *t, SocketSlot which, Value v);

typedef union SocketAddress {
    struct sockaddr generic;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
    struct sockaddr_nl netlink;
    struct sockaddr_ll packet;
    struct sockaddr_vm vm;
    struct sockaddr_storage storage;
} SocketAddress;

/* address.c. method: for messages, as in "connect(): AF_INET address must be tuple". */
bool socket_parse_address(Thread *t, SocketObject *s, Value v, const char *method, SocketAddress *a, socklen_t *size);
Value socket_make_address(Thread *t, const SocketAddress *a, socklen_t size);
/* A name or a number to an address, by the system's resolver; "" is any, "<broadcast>" is broadcast. */
bool socket_resolve(Thread *t, const char *name, int family, SocketAddress *a, socklen_t *size);
Value socket_host_text(Thread *t, const SocketAddress *a, socklen_t size);
Value socket_gai_error(Thread *t, int error);

/* Waiting. Operation: tries once; -1 with errno EAGAIN means not yet. */
typedef long (*SocketOperation)(Thread *t, SocketObject *s, void *context);
/* The result, or -1 with an exception pending. */
long socket_run(Thread *t, SocketObject *s, bool writing, SocketOperation operation, void *context);
/* The same with a timeout of its own. */
long socket_run_within(Thread *t, SocketObject *s, bool writing, SocketOperation operation, void *context, int64_t timeout);
bool socket_timeout_argument(Thread *t, Value v, int64_t *out);
Value socket_timeout_value(Thread *t, int64_t timeout);
int64_t socket_now(void);

/* Methods in other files than socket.c. */
Value socket_recv(Thread *t, Value *args);
Value socket_recv_into(Thread *t, Value *args);
Value socket_recvfrom(Thread *t, Value *args);
Value socket_recvfrom_into(Thread *t, Value *args);
Value socket_send(Thread *t, Value *args);
Value socket_sendall(Thread *t, Value *args);
Value socket_sendto(Thread *t, Value *args);
Value socket_recvmsg(Thread *t, Value *args);
Value socket_recvmsg_into(Thread *t, Value *args);
Value socket_sendmsg(Thread *t, Value *args);

extern const NativeDef socket_name_functions[];
