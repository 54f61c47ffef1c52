/* Stacks as text, with nothing but write(): no allocation, no lock, no Python code.
 *
 * Threads: may run in a signal handler, on a thread that is not Krait's, and while other threads run: what they change
 * meanwhile may be shown as it was or as it is, or not at all. Whoever can stops the world before.
 */
#include "modules/faulthandler/dump.h"

#include "compile/code.h"
#include "types/str/str.h"
#include "vm/frame.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <unistd.h>

enum { MAX_FRAMES = 100, MAX_THREADS = 100, MAX_CHARACTERS = 500, MAX_C_FRAMES = 32, NAME_SIZE = 16 };

static void put(int fd, const char *data, size_t length) {
    while (length > 0) {
        ssize_t n = write(fd, data, length);
        if (n <= 0)
            return;
        data += n;
        length -= (size_t)n;
    }
}

void dump_text(int fd, const char *text) { put(fd, text, strlen(text)); }

static void put_hex(int fd, uint64_t v, int width) {
    char digits[16];
    for (int i = 0; i < width; i++)
        digits[width - 1 - i] = "0123456789abcdef"[v >> 4 * i & 15];
    put(fd, digits, (size_t)width);
}

static void put_decimal(int fd, uint32_t v) {
    char digits[10];
    size_t n = sizeof digits;
    do {
        digits[--n] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    put(fd, digits + n, sizeof digits - n);
}

/* Printable ASCII as it is, the rest escaped. */
static void put_str(int fd, Value str) {
    const void *data = absent(str) || !is_str(str) ? NULL : as_str(str)->data;
    if (data == NULL) {
        dump_text(fd, "???");
        return;
    }
    size_t length = str_length(str), shown = length < MAX_CHARACTERS ? length : MAX_CHARACTERS;
    for (size_t i = 0; i < shown; i++) {
        uint32_t c = str_char(data, str_kind(str), i);
        if (c >= ' ' && c < 127) {
            put(fd, &(char){(char)c}, 1);
        } else {
            dump_text(fd, c < 0x100 ? "\\x" : c < 0x10000 ? "\\u" : "\\U");
            put_hex(fd, c, c < 0x100 ? 2 : c < 0x10000 ? 4 : 8);
        }
    }
    if (shown < length)
        dump_text(fd, "...");
}

static void put_frame(int fd, Frame *frame) {
    CodeObject *code = frame->code;
    dump_text(fd, "  File \"");
    put_str(fd, load(&code->filename));
    dump_text(fd, "\", line ");
    int32_t line = 0;
    uint32_t index = frame_index(frame);
    for (uint32_t i = index < code->count ? index + 1 : 0; line <= 0 && i-- > 0;)
        line = code_line(code, i);
    if (line > 0)
        put_decimal(fd, (uint32_t)line);
    else
        dump_text(fd, "???");
    dump_text(fd, " in ");
    put_str(fd, code->name);
    dump_text(fd, "\n");
}

static void put_frames(int fd, Thread *t) {
    Frame *frame = t->frame;
    if (!frame_is_real(frame))
        dump_text(fd, "  <no Python frame>\n");
    for (int depth = 0; frame_is_real(frame); frame = frame_caller(frame), depth++) {
        if (depth == MAX_FRAMES) {
            dump_text(fd, "  ...\n");
            return;
        }
        put_frame(fd, frame);
    }
}

void dump_stack(int fd, Thread *t, bool current) {
    dump_text(fd, "Stack (most recent call first):\n");
    put_frames(fd, t);
}

static void put_heading(int fd, Thread *t, bool current) {
    dump_text(fd, current ? "Current thread 0x" : "Thread 0x");
    put_hex(fd, t->id, 16);
    char name[NAME_SIZE];
    if (pthread_getname_np((pthread_t)t->id, name, sizeof name) == 0 && name[0]) {
        dump_text(fd, " [");
        dump_text(fd, name);
        dump_text(fd, "]");
    }
    dump_text(fd, " (most recent call first):\n");
}

void dump_all_stacks(int fd, Thread *t, bool nobody) {
    int count = 0;
    for (Thread *other = heap_newest_thread(t); other; other = heap_thread(other)->next, count++) {
        if (count > 0)
            dump_text(fd, "\n");
        if (count == MAX_THREADS) {
            dump_text(fd, "...\n");
            return;
        }
        bool current = other == t && !nobody;
        put_heading(fd, other, current);
        put_frames(fd, other);
    }
}

static void put_c_frame(int fd, void *address) {
    Dl_info info = {0};
    dump_text(fd, "  ");
    if (dladdr(address, &info) == 0 || info.dli_fname == NULL) {
        dump_text(fd, "<unknown>");
    } else {
        dump_text(fd, "Binary file \"");
        dump_text(fd, info.dli_fname);
        dump_text(fd, "\"");
        bool named = info.dli_sname != NULL;
        if (named || info.dli_fbase != NULL) {
            dump_text(fd, ", at ");
            dump_text(fd, named ? info.dli_sname : "");
            dump_text(fd, "+0x");
            put_hex(fd, (uintptr_t)address - (uintptr_t)(named ? info.dli_saddr : info.dli_fbase), 8);
        }
    }
    dump_text(fd, " [0x");
    put_hex(fd, (uintptr_t)address, 16);
    dump_text(fd, "]\n");
}

void dump_c_stack(int fd) {
    void *addresses[MAX_C_FRAMES];
    int count = backtrace(addresses, MAX_C_FRAMES);
    dump_text(fd, "Current thread's C stack trace (most recent call first):\n");
    for (int i = 0; i < count; i++)
        put_c_frame(fd, addresses[i]);
    if (count == MAX_C_FRAMES)
        dump_text(fd, "  <truncated rest of calls>\n");
}
