/* termios: settings of terminals.
 *
 * Threads: no state.
 */
#include "modules/os_support.h"

#include "object/operators.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <asm/ioctls.h>
#include <linux/serial.h>
#include <sys/ioctl.h>

/* termios.error has the number and the text, but is no OSError. */

static Value error_of(Thread *t) {
    if (error_pending(t))
        return NO_VALUE;
    char buffer[128];
    int number = errno;
    Value text = TRY(str_from_text(t, strerror_r(number, buffer, sizeof buffer)));
    return raise_with_args(t, as_type(t->isolate->slots[ISOLATE_TERMIOS]), 2, (Value[]){small_int(number), text});
}
static Value none_or(Thread *t, long result) { return result < 0 ? error_of(t) : NONE; }

static Value tcgetattr_(Thread *t, Value *args) {
    int fd;
    struct termios m;
    CHECK(as_fd(t, args[0], &fd));
    if (OS_BLOCKING(t, os_tcgetattr(capabilities(t), fd, &m)) < 0)
        return error_of(t);
    Value characters = TRY(list_new(t, NCCS));
    for (int i = 0; i < NCCS; i++) {
        bool number = !(m.c_lflag & ICANON) && (i == VMIN || i == VTIME);
        Value v = number ? small_int(m.c_cc[i]) : TRY(bytes_new(t, (const char *)&m.c_cc[i], 1));
        CHECK(list_append(t, characters, v));
    }
    Value items[] = {small_int(m.c_iflag), small_int(m.c_oflag), small_int(m.c_cflag), small_int(m.c_lflag),
                     small_int(cfgetispeed(&m)), small_int(cfgetospeed(&m)), characters};
    return list_from_values(t, items, 7);
}

static bool as_flags(Thread *t, Value v, tcflag_t *out) {
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    if (int_bit_length(index) > 64) {
        raise_overflow_error(t, "Python int too large to convert to C long");
        return false;
    }
    *out = (tcflag_t)int_mask_u64(index);
    return true;
}

static bool set_characters(Thread *t, Value list, struct termios *m) {
    if (!is_list(list) || list_length(list) != NCCS) {
        raise_type_error(t, "tcsetattr: attributes[6] must be %d element list", NCCS);
        return false;
    }
    for (int i = 0; i < NCCS; i++) {
        Value v = list_get(list, (size_t)i);
        if (present(v) && is_bytes(v) && as_bytes(v)->length == 1) {
            m->c_cc[i] = (cc_t)as_bytes(v)->data[0];
        } else if (present(v) && is_int(v)) {
            if (int_bit_length(v) > 63) {
                raise_overflow_error(t, "Python int too large to convert to C long");
                return false;
            }
            m->c_cc[i] = (cc_t)int_mask_u64(v);
        } else {
            raise_type_error(t, "tcsetattr: elements of attributes must be characters or integers");
            return false;
        }
    }
    return true;
}

static Value tcsetattr_(Thread *t, Value *args) {
    int fd, when;
    struct termios m;
    tcflag_t speeds[2];
    CHECK(as_fd(t, args[0], &fd) && as_c_int(t, args[1], &when));
    if (!is_list(args[2]) || list_length(args[2]) != 7)
        return raise_type_error(t, "tcsetattr, arg 3: must be 7 element list");
    if (OS_BLOCKING(t, os_tcgetattr(capabilities(t), fd, &m)) < 0)
        return error_of(t);
    CHECK(as_flags(t, list_get(args[2], 0), &m.c_iflag) && as_flags(t, list_get(args[2], 1), &m.c_oflag) &&
          as_flags(t, list_get(args[2], 2), &m.c_cflag) && as_flags(t, list_get(args[2], 3), &m.c_lflag) &&
          as_flags(t, list_get(args[2], 4), &speeds[0]) && as_flags(t, list_get(args[2], 5), &speeds[1]) &&
          set_characters(t, list_get(args[2], 6), &m));
    if (cfsetispeed(&m, speeds[0]) < 0 || cfsetospeed(&m, speeds[1]) < 0)
        return error_of(t);
    return none_or(t, OS_BLOCKING(t, os_tcsetattr(capabilities(t), fd, when, &m)));
}

static Value tcsendbreak_(Thread *t, Value *args) {
    int fd, duration;
    CHECK(as_fd(t, args[0], &fd) && as_c_int(t, args[1], &duration));
    return none_or(t, OS_BLOCKING(t, os_tcsendbreak(capabilities(t), fd, duration)));
}
static Value tcdrain_(Thread *t, Value *args) {
    int fd;
    CHECK(as_fd(t, args[0], &fd));
    return none_or(t, OS_BLOCKING(t, os_tcdrain(capabilities(t), fd)));
}
static Value tcflush_(Thread *t, Value *args) {
    int fd, queue;
    CHECK(as_fd(t, args[0], &fd) && as_c_int(t, args[1], &queue));
    return none_or(t, OS_BLOCKING(t, os_tcflush(capabilities(t), fd, queue)));
}
static Value tcflow_(Thread *t, Value *args) {
    int fd, action;
    CHECK(as_fd(t, args[0], &fd) && as_c_int(t, args[1], &action));
    return none_or(t, OS_BLOCKING(t, os_tcflow(capabilities(t), fd, action)));
}

static Value tcgetwinsize_(Thread *t, Value *args) {
    int fd;
    struct winsize w;
    CHECK(as_fd(t, args[0], &fd));
    if (os_ioctl(capabilities(t), fd, TIOCGWINSZ, &w) < 0)
        return error_of(t);
    return tuple_pack(t, 2, small_int(w.ws_row), small_int(w.ws_col));
}
static Value tcsetwinsize_(Thread *t, Value *args) {
    int fd, rows, columns;
    struct winsize w;
    CHECK(as_fd(t, args[0], &fd));
    Value pair = tuple_from_iterable(t, args[1]);
    if (absent(pair) || tuple_length(pair) != 2) {
        error_clear(t);
        return raise_type_error(t, "tcsetwinsize, arg 2: must be a two-item sequence");
    }
    CHECK(as_c_int(t, tuple_get(pair, 0), &rows) && as_c_int(t, tuple_get(pair, 1), &columns));
    if (os_ioctl(capabilities(t), fd, TIOCGWINSZ, &w) < 0)
        return error_of(t);
    w.ws_row = (unsigned short)rows;
    w.ws_col = (unsigned short)columns;
    if (w.ws_row != rows || w.ws_col != columns)
        return raise_overflow_error(t, "winsize value(s) out of range.");
    return none_or(t, os_ioctl(capabilities(t), fd, TIOCSWINSZ, &w));
}

static const NativeDef functions[] = {
    {"tcgetattr(fd, /)", tcgetattr_, "[iflag, oflag, cflag, lflag, ispeed, ospeed, cc] of a terminal."},
    {"tcsetattr(fd, when, attributes, /)", tcsetattr_, "Sets what tcgetattr gives."},
    {"tcsendbreak(fd, duration, /)", tcsendbreak_, "Sends a break."},
    {"tcdrain(fd, /)", tcdrain_, "Waits until all output is sent."},
    {"tcflush(fd, queue, /)", tcflush_, "Discards queued data."},
    {"tcflow(fd, action, /)", tcflow_, "Suspends or resumes input or output."},
    {"tcgetwinsize(fd, /)", tcgetwinsize_, "The size of the window: (rows, columns)."},
    {"tcsetwinsize(fd, winsize, /)", tcsetwinsize_, "Sets the size of the window."},
    {NULL, NULL, NULL, 0},
};

#define N(name) {#name, (int64_t)(name)},
static const struct {
    const char *name;
    int64_t value;
} numbers[] = {
    N(B0) {"B1000000", 1000000}, {"B110", 110}, {"B115200", 115200}, {"B1152000", 1152000}, {"B1200", 1200},
    {"B134", 134}, {"B14400", 14400}, {"B150", 150}, {"B1500000", 1500000}, {"B1800", 1800}, {"B19200", 19200},
    {"B200", 200}, {"B2000000", 2000000}, {"B230400", 230400}, {"B2400", 2400}, {"B2500000", 2500000},
    {"B28800", 28800}, {"B300", 300}, {"B3000000", 3000000}, {"B3500000", 3500000}, {"B38400", 38400},
    {"B4000000", 4000000}, {"B460800", 460800}, {"B4800", 4800}, {"B50", 50}, {"B500000", 500000}, {"B57600", 57600},
    {"B576000", 576000}, {"B600", 600}, {"B7200", 7200}, {"B75", 75}, {"B76800", 76800}, {"B921600", 921600},
    {"B9600", 9600}, N(BRKINT) N(BS0) N(BS1) N(BSDLY) N(CBAUD) N(CBAUDEX) N(CDSUSP) N(CEOF) N(CEOL) N(CEOT) N(CERASE)
    N(CFLUSH) N(CIBAUD) N(CINTR) N(CKILL) N(CLNEXT) N(CLOCAL) N(CQUIT) N(CR0) N(CR1) N(CR2) N(CR3) N(CRDLY) N(CREAD)
    N(CRPRNT) N(CRTSCTS) N(CS5) N(CS6) N(CS7) N(CS8) N(CSIZE) N(CSTART) N(CSTOP) N(CSTOPB) N(CSUSP) N(CWERASE) N(ECHO)
    N(ECHOCTL) N(ECHOE) N(ECHOK) N(ECHOKE) N(ECHONL) N(ECHOPRT) {"EXTA", 19200}, {"EXTB", 38400}, N(EXTPROC) N(FF0)
    N(FF1) N(FFDLY) N(FIOASYNC) N(FIOCLEX) N(FIONBIO) N(FIONCLEX) N(FIONREAD) N(FLUSHO) N(HUPCL) {"IBSHIFT", 16},
    N(ICANON) N(ICRNL) N(IEXTEN) N(IGNBRK) N(IGNCR) N(IGNPAR) N(IMAXBEL) N(INLCR) N(INPCK) N(IOCSIZE_MASK)
    N(IOCSIZE_SHIFT) N(ISIG) N(ISTRIP) N(IUCLC) N(IUTF8) N(IXANY) N(IXOFF) N(IXON) N(NCCS) N(NL0) N(NL1) N(NLDLY)
    N(NOFLSH) N(N_MOUSE) N(N_PPP) N(N_SLIP) N(N_STRIP) N(N_TTY) N(OCRNL) N(OFDEL) N(OFILL) N(OLCUC) N(ONLCR) N(ONLRET)
    N(ONOCR) N(OPOST) N(PARENB) N(PARMRK) N(PARODD) N(PENDIN) N(TAB0) N(TAB1) N(TAB2) N(TAB3) N(TABDLY) N(TCFLSH)
    N(TCGETS) N(TCIFLUSH) N(TCIOFF) N(TCIOFLUSH) N(TCION) N(TCOFLUSH) N(TCOOFF) N(TCOON) N(TCSADRAIN) N(TCSAFLUSH)
    N(TCSANOW) N(TCSBRK) N(TCSBRKP) N(TCSETS) N(TCSETSF) N(TCSETSW) N(TCXONC) N(TIOCCONS) N(TIOCEXCL) N(TIOCGETD)
    N(TIOCGICOUNT) N(TIOCGLCKTRMIOS) N(TIOCGPGRP) N(TIOCGSERIAL) N(TIOCGSOFTCAR) N(TIOCGWINSZ) N(TIOCINQ) N(TIOCLINUX)
    N(TIOCMBIC) N(TIOCMBIS) N(TIOCMGET) N(TIOCMIWAIT) N(TIOCMSET) N(TIOCM_CAR) N(TIOCM_CD) N(TIOCM_CTS) N(TIOCM_DSR)
    N(TIOCM_DTR) N(TIOCM_LE) N(TIOCM_RI) N(TIOCM_RNG) N(TIOCM_RTS) N(TIOCM_SR) N(TIOCM_ST) N(TIOCNOTTY) N(TIOCNXCL)
    N(TIOCOUTQ) N(TIOCPKT) N(TIOCPKT_DATA) N(TIOCPKT_DOSTOP) N(TIOCPKT_FLUSHREAD) N(TIOCPKT_FLUSHWRITE)
    N(TIOCPKT_NOSTOP) N(TIOCPKT_START) N(TIOCPKT_STOP) N(TIOCSCTTY) N(TIOCSERCONFIG) N(TIOCSERGETLSR)
    N(TIOCSERGETMULTI) N(TIOCSERGSTRUCT) N(TIOCSERGWILD) N(TIOCSERSETMULTI) N(TIOCSERSWILD) N(TIOCSER_TEMT)
    N(TIOCSETD) N(TIOCSLCKTRMIOS) N(TIOCSPGRP) N(TIOCSSERIAL) N(TIOCSSOFTCAR) N(TIOCSTI) N(TIOCSWINSZ) N(TOSTOP)
    N(VDISCARD) N(VEOF) N(VEOL) N(VEOL2) N(VERASE) N(VINTR) N(VKILL) N(VLNEXT) N(VMIN) N(VQUIT) N(VREPRINT) N(VSTART)
    N(VSTOP) N(VSUSP) N(VSWTC) {"VSWTCH", 7}, N(VT0) N(VT1) N(VTDLY) N(VTIME) N(VWERASE) N(XCASE) N(XTABS)
    N(_POSIX_VDISABLE)
};
#undef N

static bool init(Thread *t, Value module) {
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!module_add_int(t, module, numbers[i].name, numbers[i].value))
            return false;
    Value name = str_intern_text(t, "error"), module_name = str_intern_text(t, "termios"), namespace = dict_new(t);
    Value bases = tuple_pack(t, 1, from_object(&Exception_type));
    if (absent(name) || absent(module_name) || absent(namespace) || absent(bases) ||
        !dict_set(t, namespace, names.__module__, module_name))
        return false;
    Value error = t->isolate->slots[ISOLATE_TERMIOS];
    if (absent(error))
        error = type_new_class(t, &type_type, name, bases, namespace, NO_VALUE);
    if (absent(error))
        return false;
    isolate_keep(t, ISOLATE_TERMIOS, error);
    return module_add(t, module, "error", error);
}

NATIVE_MODULE(termios) = {
    .name = "termios",
    .doc = "Settings of terminals.",
    .functions = functions,
    .init = init,
};
