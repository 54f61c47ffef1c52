/* What sys.stderr is before there is an io module: importing with -v reports there. Writes straight to the descriptor. */
#include "cli/startup.h"
#include "object/errors.h"
#include "os/os.h"
#include "types/str/str.h"

static Value write_(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "write() argument must be str, not %Y", args[1]);
    size_t size;
    const char *text = str_utf8(t, args[1], &size);
    CHECK(text != NULL);
    while (size > 0) {
        ssize_t n = os_write(&t->isolate->capabilities, 2, text, size);
        if (n <= 0)
            break; /* there is nobody to tell */
        text += n;
        size -= (size_t)n;
    }
    return small_int((int64_t)str_length(args[1]));
}
static Value flush(Thread *t, Value *args) { return NONE; }
static Value fileno_(Thread *t, Value *args) { return small_int(2); }

static const NativeDef methods[] = {
    {"write(self, text, /)", write_, "Write the text, without buffering.", NATIVE_NO_SIGNATURE},
    {"flush(self, /)", flush, "Nothing: there is no buffer."},
    {"fileno(self, /)", fileno_, "2."},
    {0},
};

STATIC_TYPE(std_printer_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "stderrprinter",
    .base_static = &object_type,
    .methods = methods,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(Object),
};

Value std_printer_new(Thread *t) {
    Object *o = heap_allocate(t, &std_printer_type, sizeof(Object));
    return o ? from_object(o) : NO_VALUE;
}
