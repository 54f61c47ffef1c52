/* Source lines for error messages, read from the file that is said to hold them. */
#include "object/errors.h"
#include "object/thread.h"
#include "os/os.h"
#include "syntax/errors.h"
#include "syntax/source.h"
#include "types/str/str.h"

#include "base/textbuf.h"

#include <string.h>

/* A file's contents; false, without exception, if it cannot be read. */
static bool read_file(const Capabilities *c, const char *path, TextBuf *contents) {
    int fd = os_openat(c, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);
    if (fd < 0)
        return false;
    ssize_t n = -1;
    for (char *room; (room = textbuf_reserve(contents, 65536)) && (n = os_read(c, fd, room, 65536)) > 0;)
        contents->size += (size_t)n;
    os_close(c, fd);
    return n == 0 && !contents->failed;
}

static Value find_line(Thread *t, const char *text, int line) {
    for (int i = 1; i < line; i++) {
        text = strchr(text, '\n');
        if (!text)
            return NONE;
        text++;
    }
    if (!*text)
        return NONE;
    const char *newline = strchr(text, '\n');
    return decode_replacing(t, text, newline ? (size_t)(newline + 1 - text) : strlen(text));
}

Value program_text(Thread *t, Value filename, int line) {
    if (!is_str(filename) || line <= 0)
        return NONE;
    Value pending = error_take(t);
    size_t length;
    const char *path = str_filesystem(t, filename, &length);
    TextBuf contents;
    textbuf_init(&contents);
    Value result = NONE;
    if (path && read_file(&t->isolate->capabilities, path, &contents)) {
        Arena arena;
        arena_init(&arena);
        Source source;
        if (source_decode(t, textbuf_string(&contents), contents.size, filename, PARSE_EVAL, 0, &arena, &source))
            result = find_line(t, source.text, line);
        arena_free(&arena);
    }
    textbuf_free(&contents);
    error_clear(t);
    if (present(pending))
        error_restore(t, pending);
    return absent(result) ? NONE : result;
}
