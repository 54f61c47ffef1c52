/* _socket: the module.
 *
 * Threads: the isolate's SOCKET word is filled in once; the default timeout in it is one word.
 */
#include "modules/_socket/socket.h"

#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/module.h"

#include <linux/can.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/ip.h>
#include <netinet/udp.h>

Value socket_slot(Thread *t, SocketSlot which) { return list_get(t->isolate->slots[ISOLATE_SOCKET], which); }
void socket_set_slot(Thread *t, SocketSlot which, Value v) { list_set(t, t->isolate->slots[ISOLATE_SOCKET], which, v); }

static Value getdefaulttimeout(Thread *t, Value *args) {
    return socket_timeout_value(t, small_int_value(socket_slot(t, SOCKET_DEFAULT_TIMEOUT)));
}
static Value setdefaulttimeout(Thread *t, Value *args) {
    int64_t timeout;
    CHECK(socket_timeout_argument(t, args[0], &timeout));
    socket_set_slot(t, SOCKET_DEFAULT_TIMEOUT, small_int(timeout));
    return NONE;
}

static Value close_(Thread *t, Value *args) {
    int fd;
    CHECK(as_c_int(t, args[0], &fd));
    blocking_begin(t);
    int result = os_close(capabilities(t), fd), error = errno;
    blocking_end(t);
    errno = error;
    return result < 0 && error != ECONNRESET && error != EINTR ? os_error(t) : NONE;
}
static Value dup_(Thread *t, Value *args) {
    int fd;
    CHECK(as_c_int(t, args[0], &fd));
    int copy = os_fcntl(capabilities(t), fd, F_DUPFD_CLOEXEC, NULL);
    return copy < 0 ? os_error(t) : small_int(copy);
}

static Value make_socket(Thread *t, int fd, int family, int type, int protocol) {
    SocketObject *s = type_allocate(t, &socket_type);
    if (s == NULL) {
        os_close(capabilities(t), fd);
        return NO_VALUE;
    }
    *s = (SocketObject){s->object, fd, family, type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC), protocol, -1};
    return from_object(s);
}
static Value socketpair_(Thread *t, Value *args) {
    int family = AF_UNIX, type, protocol, fds[2];
    CHECK((is_none(args[0]) || as_c_int(t, args[0], &family)) && as_c_int(t, args[1], &type) &&
          as_c_int(t, args[2], &protocol));
    if (os_socketpair(capabilities(t), family, type | SOCK_CLOEXEC, protocol, fds) < 0)
        return os_error(t);
    Value a = make_socket(t, fds[0], family, type, protocol), b = make_socket(t, fds[1], family, type, protocol);
    return absent(a) || absent(b) ? NO_VALUE : tuple_pack(t, 2, a, b);
}

static Value control_size(Thread *t, Value v, const char *name, bool space) {
    int64_t length;
    CHECK(index_as_ssize(t, v, &length, false, NULL));
    if (length < 0 || length > INT32_MAX - (int64_t)(space ? CMSG_SPACE(1) : CMSG_LEN(0))) /* with padding on both sides */
        return raise_overflow_error(t, "%s() argument out of range", name);
    return small_int((int64_t)(space ? CMSG_SPACE((size_t)length) : CMSG_LEN((size_t)length)));
}
static Value cmsg_len(Thread *t, Value *args) { return control_size(t, args[0], "CMSG_LEN", false); }
static Value cmsg_space(Thread *t, Value *args) { return control_size(t, args[0], "CMSG_SPACE", true); }

static const NativeDef functions[] = {
    {"getdefaulttimeout()", getdefaulttimeout, "The timeout of new sockets in seconds, or None."},
    {"setdefaulttimeout(object, /)", setdefaulttimeout, "Sets the timeout of new sockets."},
    {"close(object, /)", close_, "Closes a socket's descriptor."},
    {"dup(object, /)", dup_, "Duplicates a socket's descriptor."},
    {"socketpair(family=None, type=1, proto=0, /)", socketpair_, "Two connected sockets.", NATIVE_NO_SIGNATURE},
    {"CMSG_LEN(length, /)", cmsg_len, "The length of ancillary data without padding.", NATIVE_NO_SIGNATURE},
    {"CMSG_SPACE(length, /)", cmsg_space, "The length of ancillary data with padding.", NATIVE_NO_SIGNATURE},
    {NULL, NULL, NULL, 0},
};

#define N(name) {#name, (int64_t)(name)},
static const struct {
    const char *name;
    int64_t value;
} numbers[] = {
    N(AF_ALG) N(AF_APPLETALK) N(AF_ASH) N(AF_ATMPVC) N(AF_ATMSVC) N(AF_AX25) N(AF_BLUETOOTH) N(AF_BRIDGE) N(AF_CAN)
    N(AF_DECnet) N(AF_ECONET) N(AF_INET) N(AF_INET6) N(AF_IPX) N(AF_IRDA) N(AF_KEY) N(AF_LLC) N(AF_NETBEUI)
    N(AF_NETLINK) N(AF_NETROM) N(AF_PACKET) N(AF_PPPOX) N(AF_QIPCRTR) N(AF_RDS) N(AF_ROSE) N(AF_ROUTE) N(AF_SECURITY)
    N(AF_SNA) N(AF_TIPC) N(AF_UNIX) N(AF_UNSPEC) N(AF_VSOCK) N(AF_WANPIPE) N(AF_X25) N(AI_ADDRCONFIG) N(AI_ALL)
    N(AI_CANONNAME) N(AI_NUMERICHOST) N(AI_NUMERICSERV) N(AI_PASSIVE) N(AI_V4MAPPED) {"ALG_OP_DECRYPT", 0},
    {"ALG_OP_ENCRYPT", 1}, {"ALG_OP_SIGN", 2}, {"ALG_OP_VERIFY", 3}, {"ALG_SET_AEAD_ASSOCLEN", 4},
    {"ALG_SET_AEAD_AUTHSIZE", 5}, {"ALG_SET_IV", 2}, {"ALG_SET_KEY", 1}, {"ALG_SET_OP", 3}, {"ALG_SET_PUBKEY", 6},
    {"BDADDR_BREDR", 0}, {"BDADDR_LE_PUBLIC", 1}, {"BDADDR_LE_RANDOM", 2}, {"BTPROTO_HCI", 1}, {"BTPROTO_L2CAP", 0},
    {"BTPROTO_RFCOMM", 3}, {"BTPROTO_SCO", 2}, {"BT_CHANNEL_POLICY", 10}, {"BT_CHANNEL_POLICY_BREDR_ONLY", 0},
    {"BT_CHANNEL_POLICY_BREDR_PREFERRED", 1}, {"BT_CODEC", 19}, {"BT_DEFER_SETUP", 7}, {"BT_FLUSHABLE", 8},
    {"BT_FLUSHABLE_OFF", 0}, {"BT_FLUSHABLE_ON", 1}, {"BT_ISO_QOS", 17}, {"BT_MODE", 15}, {"BT_MODE_BASIC", 0},
    {"BT_MODE_ERTM", 1}, {"BT_MODE_EXT_FLOWCTL", 4}, {"BT_MODE_LE_FLOWCTL", 3}, {"BT_MODE_STREAMING", 2},
    {"BT_PHY", 14}, {"BT_PHY_BR_1M_1SLOT", 1}, {"BT_PHY_BR_1M_3SLOT", 2}, {"BT_PHY_BR_1M_5SLOT", 4},
    {"BT_PHY_EDR_2M_1SLOT", 8}, {"BT_PHY_EDR_2M_3SLOT", 16}, {"BT_PHY_EDR_2M_5SLOT", 32}, {"BT_PHY_EDR_3M_1SLOT", 64},
    {"BT_PHY_EDR_3M_3SLOT", 128}, {"BT_PHY_EDR_3M_5SLOT", 256}, {"BT_PHY_LE_1M_RX", 1024}, {"BT_PHY_LE_1M_TX", 512},
    {"BT_PHY_LE_2M_RX", 4096}, {"BT_PHY_LE_2M_TX", 2048}, {"BT_PHY_LE_CODED_RX", 16384}, {"BT_PHY_LE_CODED_TX", 8192},
    {"BT_PKT_STATUS", 16}, {"BT_POWER", 9}, {"BT_POWER_FORCE_ACTIVE_OFF", 0}, {"BT_POWER_FORCE_ACTIVE_ON", 1},
    {"BT_RCVMTU", 13}, {"BT_SECURITY", 4}, {"BT_SECURITY_FIPS", 4}, {"BT_SECURITY_HIGH", 3}, {"BT_SECURITY_LOW", 1},
    {"BT_SECURITY_MEDIUM", 2}, {"BT_SECURITY_SDP", 0}, {"BT_SNDMTU", 12}, {"BT_VOICE", 11},
    {"BT_VOICE_CVSD_16BIT", 96}, {"BT_VOICE_TRANSPARENT", 3}, {"BT_VOICE_TRANSPARENT_16BIT", 99}, N(CAN_BCM)
    {"CAN_BCM_CAN_FD_FRAME", 2048}, {"CAN_BCM_RX_ANNOUNCE_RESUME", 256}, {"CAN_BCM_RX_CHANGED", 12},
    {"CAN_BCM_RX_CHECK_DLC", 64}, {"CAN_BCM_RX_DELETE", 6}, {"CAN_BCM_RX_FILTER_ID", 32},
    {"CAN_BCM_RX_NO_AUTOTIMER", 128}, {"CAN_BCM_RX_READ", 7}, {"CAN_BCM_RX_RTR_FRAME", 1024}, {"CAN_BCM_RX_SETUP", 5},
    {"CAN_BCM_RX_STATUS", 10}, {"CAN_BCM_RX_TIMEOUT", 11}, {"CAN_BCM_SETTIMER", 1}, {"CAN_BCM_STARTTIMER", 2},
    {"CAN_BCM_TX_ANNOUNCE", 8}, {"CAN_BCM_TX_COUNTEVT", 4}, {"CAN_BCM_TX_CP_CAN_ID", 16}, {"CAN_BCM_TX_DELETE", 2},
    {"CAN_BCM_TX_EXPIRED", 9}, {"CAN_BCM_TX_READ", 3}, {"CAN_BCM_TX_RESET_MULTI_IDX", 512}, {"CAN_BCM_TX_SEND", 4},
    {"CAN_BCM_TX_SETUP", 1}, {"CAN_BCM_TX_STATUS", 8}, N(CAN_EFF_FLAG) N(CAN_EFF_MASK) N(CAN_ERR_FLAG) N(CAN_ERR_MASK)
    N(CAN_ISOTP) N(CAN_J1939) N(CAN_RAW) {"CAN_RAW_ERR_FILTER", 2}, {"CAN_RAW_FD_FRAMES", 5}, {"CAN_RAW_FILTER", 1},
    {"CAN_RAW_JOIN_FILTERS", 6}, {"CAN_RAW_LOOPBACK", 3}, {"CAN_RAW_RECV_OWN_MSGS", 4}, N(CAN_RTR_FLAG)
    N(CAN_SFF_MASK) N(EAI_ADDRFAMILY) N(EAI_AGAIN) N(EAI_BADFLAGS) N(EAI_FAIL) N(EAI_FAMILY) N(EAI_MEMORY)
    N(EAI_NODATA) N(EAI_NONAME) N(EAI_OVERFLOW) N(EAI_SERVICE) N(EAI_SOCKTYPE) N(EAI_SYSTEM) {"ETHERTYPE_ARP", 2054},
    {"ETHERTYPE_IP", 2048}, {"ETHERTYPE_IPV6", 34525}, {"ETHERTYPE_VLAN", 33024}, N(ETH_P_ALL)
    {"HCI_CHANNEL_CONTROL", 3}, {"HCI_CHANNEL_LOGGING", 4}, {"HCI_CHANNEL_MONITOR", 2}, {"HCI_CHANNEL_RAW", 0},
    {"HCI_CHANNEL_USER", 1}, {"HCI_DATA_DIR", 1}, {"HCI_DEV_NONE", 65535}, {"HCI_FILTER", 2}, {"HCI_TIME_STAMP", 3},
    N(INADDR_ALLHOSTS_GROUP) N(INADDR_ANY) N(INADDR_BROADCAST) N(INADDR_LOOPBACK) N(INADDR_MAX_LOCAL_GROUP)
    N(INADDR_NONE) N(INADDR_UNSPEC_GROUP) {"IOCTL_VM_SOCKETS_GET_LOCAL_CID", 1977}, N(IPPORT_RESERVED)
    N(IPPORT_USERRESERVED) N(IPPROTO_AH) N(IPPROTO_DSTOPTS) N(IPPROTO_EGP) N(IPPROTO_ESP) N(IPPROTO_FRAGMENT)
    N(IPPROTO_GRE) N(IPPROTO_HOPOPTS) N(IPPROTO_ICMP) N(IPPROTO_ICMPV6) N(IPPROTO_IDP) N(IPPROTO_IGMP) N(IPPROTO_IP)
    N(IPPROTO_IPIP) N(IPPROTO_IPV6) N(IPPROTO_MPTCP) N(IPPROTO_NONE) N(IPPROTO_PIM) N(IPPROTO_PUP) N(IPPROTO_RAW)
    N(IPPROTO_ROUTING) N(IPPROTO_RSVP) N(IPPROTO_SCTP) N(IPPROTO_TCP) N(IPPROTO_TP) N(IPPROTO_UDP) N(IPPROTO_UDPLITE)
    N(IPV6_CHECKSUM) N(IPV6_DONTFRAG) N(IPV6_DSTOPTS) N(IPV6_HOPLIMIT) N(IPV6_HOPOPTS) N(IPV6_JOIN_GROUP)
    N(IPV6_LEAVE_GROUP) N(IPV6_MULTICAST_HOPS) N(IPV6_MULTICAST_IF) N(IPV6_MULTICAST_LOOP) N(IPV6_NEXTHOP)
    N(IPV6_PATHMTU) N(IPV6_PKTINFO) N(IPV6_RECVDSTOPTS) N(IPV6_RECVERR) N(IPV6_RECVHOPLIMIT) N(IPV6_RECVHOPOPTS)
    N(IPV6_RECVPATHMTU) N(IPV6_RECVPKTINFO) N(IPV6_RECVRTHDR) N(IPV6_RECVTCLASS) N(IPV6_RTHDR) N(IPV6_RTHDRDSTOPTS)
    N(IPV6_RTHDR_TYPE_0) N(IPV6_TCLASS) N(IPV6_UNICAST_HOPS) N(IPV6_V6ONLY) N(IP_ADD_MEMBERSHIP)
    N(IP_ADD_SOURCE_MEMBERSHIP) N(IP_BIND_ADDRESS_NO_PORT) N(IP_BLOCK_SOURCE) N(IP_DEFAULT_MULTICAST_LOOP)
    N(IP_DEFAULT_MULTICAST_TTL) N(IP_DROP_MEMBERSHIP) N(IP_DROP_SOURCE_MEMBERSHIP) N(IP_FREEBIND) N(IP_HDRINCL)
    N(IP_MAX_MEMBERSHIPS) N(IP_MULTICAST_IF) N(IP_MULTICAST_LOOP) N(IP_MULTICAST_TTL) N(IP_OPTIONS) N(IP_PKTINFO)
    N(IP_RECVERR) N(IP_RECVOPTS) N(IP_RECVORIGDSTADDR) N(IP_RECVRETOPTS) N(IP_RECVTOS) N(IP_RECVTTL) N(IP_RETOPTS)
    N(IP_TOS) N(IP_TRANSPARENT) N(IP_TTL) N(IP_UNBLOCK_SOURCE) {"J1939_EE_INFO_NONE", 0},
    {"J1939_EE_INFO_TX_ABORT", 1}, {"J1939_FILTER_MAX", 512}, {"J1939_IDLE_ADDR", 254},
    {"J1939_MAX_UNICAST_ADDR", 253}, {"J1939_NLA_BYTES_ACKED", 1}, {"J1939_NLA_PAD", 0}, {"J1939_NO_ADDR", 255},
    {"J1939_NO_NAME", 0}, {"J1939_NO_PGN", 262144}, {"J1939_PGN_ADDRESS_CLAIMED", 60928},
    {"J1939_PGN_ADDRESS_COMMANDED", 65240}, {"J1939_PGN_MAX", 262143}, {"J1939_PGN_PDU1_MAX", 261888},
    {"J1939_PGN_REQUEST", 59904}, {"L2CAP_LM", 3}, {"L2CAP_LM_AUTH", 2}, {"L2CAP_LM_ENCRYPT", 4},
    {"L2CAP_LM_MASTER", 1}, {"L2CAP_LM_RELIABLE", 16}, {"L2CAP_LM_SECURE", 32}, {"L2CAP_LM_TRUSTED", 8},
    N(MSG_CMSG_CLOEXEC) N(MSG_CONFIRM) N(MSG_CTRUNC) N(MSG_DONTROUTE) N(MSG_DONTWAIT) N(MSG_EOR) N(MSG_ERRQUEUE)
    N(MSG_FASTOPEN) N(MSG_MORE) N(MSG_NOSIGNAL) N(MSG_OOB) N(MSG_PEEK) N(MSG_TRUNC) N(MSG_WAITALL) N(NETLINK_CRYPTO)
    N(NETLINK_DNRTMSG) N(NETLINK_FIREWALL) N(NETLINK_IP6_FW) N(NETLINK_NFLOG) N(NETLINK_ROUTE) N(NETLINK_USERSOCK)
    N(NETLINK_XFRM) N(NI_DGRAM) N(NI_IDN) N(NI_MAXHOST) N(NI_MAXSERV) N(NI_NAMEREQD) N(NI_NOFQDN) N(NI_NUMERICHOST)
    N(NI_NUMERICSERV) N(PACKET_BROADCAST) N(PACKET_FASTROUTE) N(PACKET_HOST) N(PACKET_LOOPBACK) N(PACKET_MULTICAST)
    N(PACKET_OTHERHOST) N(PACKET_OUTGOING) N(PF_CAN) N(PF_PACKET) N(PF_RDS) N(SCM_CREDENTIALS)
    {"SCM_J1939_DEST_ADDR", 1}, {"SCM_J1939_DEST_NAME", 2}, {"SCM_J1939_ERRQUEUE", 4}, {"SCM_J1939_PRIO", 3},
    N(SCM_RIGHTS) N(SHUT_RD) N(SHUT_RDWR) N(SHUT_WR) N(SOCK_CLOEXEC) N(SOCK_DGRAM) N(SOCK_NONBLOCK) N(SOCK_RAW)
    N(SOCK_RDM) N(SOCK_SEQPACKET) N(SOCK_STREAM) N(SOL_ALG) N(SOL_BLUETOOTH) N(SOL_CAN_BASE) {"SOL_CAN_RAW", 101},
    {"SOL_HCI", 0}, N(SOL_IP) {"SOL_L2CAP", 6}, N(SOL_RDS) {"SOL_RFCOMM", 18}, {"SOL_SCO", 17}, N(SOL_SOCKET)
    N(SOL_TCP) N(SOL_TIPC) N(SOL_UDP) N(SOMAXCONN) N(SO_ACCEPTCONN) N(SO_BINDTODEVICE) N(SO_BINDTOIFINDEX)
    N(SO_BROADCAST) N(SO_DEBUG) N(SO_DOMAIN) N(SO_DONTROUTE) N(SO_ERROR) N(SO_INCOMING_CPU) {"SO_J1939_ERRQUEUE", 4},
    {"SO_J1939_FILTER", 1}, {"SO_J1939_PROMISC", 2}, {"SO_J1939_SEND_PRIO", 3}, N(SO_KEEPALIVE) N(SO_LINGER)
    N(SO_MARK) N(SO_OOBINLINE) {"SO_ORIGINAL_DST", 80}, N(SO_PASSCRED) N(SO_PASSSEC) N(SO_PEERCRED) N(SO_PEERSEC)
    N(SO_PRIORITY) N(SO_PROTOCOL) N(SO_RCVBUF) N(SO_RCVLOWAT) N(SO_RCVTIMEO) N(SO_REUSEADDR) N(SO_REUSEPORT)
    N(SO_SNDBUF) N(SO_SNDLOWAT) N(SO_SNDTIMEO) N(SO_TYPE) N(SO_VM_SOCKETS_BUFFER_MAX_SIZE)
    N(SO_VM_SOCKETS_BUFFER_MIN_SIZE) N(SO_VM_SOCKETS_BUFFER_SIZE) N(TCP_CC_INFO) N(TCP_CONGESTION) N(TCP_CORK)
    N(TCP_DEFER_ACCEPT) N(TCP_FASTOPEN) N(TCP_FASTOPEN_CONNECT) N(TCP_FASTOPEN_KEY) N(TCP_FASTOPEN_NO_COOKIE)
    N(TCP_INFO) N(TCP_INQ) N(TCP_KEEPCNT) N(TCP_KEEPIDLE) N(TCP_KEEPINTVL) N(TCP_LINGER2) N(TCP_MAXSEG) N(TCP_MD5SIG)
    N(TCP_MD5SIG_EXT) N(TCP_NODELAY) N(TCP_NOTSENT_LOWAT) N(TCP_QUEUE_SEQ) N(TCP_QUICKACK) N(TCP_REPAIR)
    N(TCP_REPAIR_OPTIONS) N(TCP_REPAIR_QUEUE) N(TCP_REPAIR_WINDOW) N(TCP_SAVED_SYN) N(TCP_SAVE_SYN) N(TCP_SYNCNT)
    N(TCP_THIN_DUPACK) N(TCP_THIN_LINEAR_TIMEOUTS) N(TCP_TIMESTAMP) N(TCP_TX_DELAY) N(TCP_ULP) N(TCP_USER_TIMEOUT)
    N(TCP_WINDOW_CLAMP) N(TCP_ZEROCOPY_RECEIVE) {"TIPC_ADDR_ID", 3}, {"TIPC_ADDR_NAME", 2}, {"TIPC_ADDR_NAMESEQ", 1},
    {"TIPC_CFG_SRV", 0}, {"TIPC_CLUSTER_SCOPE", 2}, {"TIPC_CONN_TIMEOUT", 130}, {"TIPC_CRITICAL_IMPORTANCE", 3},
    {"TIPC_DEST_DROPPABLE", 129}, {"TIPC_HIGH_IMPORTANCE", 2}, {"TIPC_IMPORTANCE", 127}, {"TIPC_LOW_IMPORTANCE", 0},
    {"TIPC_MEDIUM_IMPORTANCE", 1}, {"TIPC_NODE_SCOPE", 3}, {"TIPC_PUBLISHED", 1}, {"TIPC_SRC_DROPPABLE", 128},
    {"TIPC_SUBSCR_TIMEOUT", 3}, {"TIPC_SUB_CANCEL", 4}, {"TIPC_SUB_PORTS", 1}, {"TIPC_SUB_SERVICE", 2},
    {"TIPC_TOP_SRV", 1}, {"TIPC_WAIT_FOREVER", -1}, {"TIPC_WITHDRAWN", 2}, {"TIPC_ZONE_SCOPE", 1},
    {"UDPLITE_RECV_CSCOV", 11}, {"UDPLITE_SEND_CSCOV", 10}, N(VMADDR_CID_ANY) N(VMADDR_CID_HOST) N(VMADDR_CID_LOCAL)
    N(VMADDR_PORT_ANY) N(VM_SOCKETS_INVALID_VERSION) 
};
#undef N

static Value error_class(Thread *t, const char *text) {
    Value name = TRY(str_intern_text(t, text)), module = TRY(str_intern_text(t, "socket"));
    Value bases = TRY(tuple_pack(t, 1, from_object(&OSError_type))), namespace = TRY(dict_new(t));
    CHECK(dict_set(t, namespace, names.__module__, module));
    return type_new_class(t, &type_type, name, bases, namespace, NO_VALUE);
}

static bool add_functions(Thread *t, Value module) {
    Value module_name = str_intern_text(t, "_socket");
    for (const NativeDef *def = socket_name_functions; present(module_name) && def->signature; def++) {
        Value name = native_name(t, def), function = absent(name) ? name : native_function_new(t, def, module, module_name);
        if (absent(function) || !dict_set(t, module_dict(module), name, function))
            return false;
    }
    return present(module_name);
}

static bool init(Thread *t, Value module) {
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!module_add_int(t, module, numbers[i].name, numbers[i].value))
            return false;
    if (absent(t->isolate->slots[ISOLATE_SOCKET])) { /* a second module object shares the first one's state */
        Value host = error_class(t, "herror"), address = absent(host) ? host : error_class(t, "gaierror");
        if (absent(address))
            return false;
        Value state = list_from_values(t, (Value[]){host, address, small_int(-1)}, SOCKET_SLOTS);
        if (absent(state))
            return false;
        isolate_keep(t, ISOLATE_SOCKET, state);
    }
    Value host = socket_slot(t, SOCKET_HERROR), address = socket_slot(t, SOCKET_GAIERROR);
    return module_add(t, module, "herror", host) && module_add(t, module, "gaierror", address) &&
           module_add(t, module, "error", from_object(&OSError_type)) &&
           module_add(t, module, "timeout", from_object(&TimeoutError_type)) && module_add(t, module, "has_ipv6", TRUE) &&
           module_add_text(t, module, "BDADDR_ANY", "00:00:00:00:00:00") &&
           module_add_text(t, module, "BDADDR_LOCAL", "00:00:00:FF:FF:FF") && add_functions(t, module) &&
           module_add_type(t, module, &socket_type) &&
           module_add(t, module, "SocketType", from_object(&socket_type));
}

NATIVE_MODULE(_socket) = {
    .name = "_socket",
    .doc = "The native part of socket.",
    .functions = functions,
    .init = init,
};
