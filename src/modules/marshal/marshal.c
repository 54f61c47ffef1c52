/* marshal: the module. Threads: no state. */
#include "modules/marshal/marshal.h"

#include "modules/marshal/read.h"
#include "object/audit.h"
#include "object/buffer.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/list.h"
#include "types/memoryview.h"
#include "types/module.h"

static bool version_argument(Thread *t, Value v, int *version) {
    int64_t i;
    if (!index_as_ssize(t, v, &i, true, NULL))
        return false;
    *version = i > 1000 ? 1000 : i < 0 ? 0 : (int)i;
    return true;
}

static Value dumps(Thread *t, Value *args) {
    int version, allow_code = truth(t, args[2]);
    CHECK(allow_code >= 0 && version_argument(t, args[1], &version) && audit(t, "marshal.dumps", 2, args[0], args[1]));
    return marshal_dumps(t, args[0], version, allow_code);
}

static Value dump(Thread *t, Value *args) {
    int version, allow_code = truth(t, args[3]);
    CHECK(allow_code >= 0 && version_argument(t, args[2], &version) && audit(t, "marshal.dumps", 2, args[0], args[2]));
    Value bytes = TRY(marshal_dumps(t, args[0], version, allow_code));
    return call_method_1(t, args[1], names.write, bytes);
}

/* The bytes object whose memory the view is, if it is one's: it never changes. */
static Value bytes_behind(Value v, const Buffer *view) {
    Value exporter = is_exactly(v, &memoryview_type) ? as_memoryview(v)->exporter : v;
    if (absent(exporter) || !is_exactly(exporter, &bytes_type))
        return NO_VALUE;
    const BytesObject *bytes = as_bytes(exporter);
    bool inside = view->data >= bytes->data && view->data + view->length <= bytes->data + bytes->length;
    return inside ? exporter : NO_VALUE;
}

static Value loads(Thread *t, Value *args) {
    int allow_code = truth(t, args[1]);
    Buffer view;
    CHECK(allow_code >= 0 && buffer_get_contiguous(t, args[0], &view, false));
    bool allowed = !audited(t) || audit(t, "marshal.loads", 1, bytes_new(t, view.data, view.length));
    Value v = allowed ? marshal_loads(t, view.data, view.length, allow_code, bytes_behind(args[0], &view)) : NO_VALUE;
    buffer_release(t, &view);
    return v;
}

static Value load_from_file(Thread *t, Value *args) {
    int allow_code = truth(t, args[1]);
    CHECK(allow_code >= 0 && audit(t, "marshal.load", 0));
    Value nothing = TRY(call_method_1(t, args[0], names.read, small_int(0)));
    if (!is_bytes(nothing))
        return raise_type_error(t, "file.read() returned not bytes but %T", nothing);
    Reader r = {.t = t, .file = args[0], .allow_code = allow_code};
    return marshal_read_top(&r);
}

static const NativeDef functions[] = {
    {"dump(value, file, version=5, /, *, allow_code=True)", dump,
     "Write the value on the open file.\n\nvalue must be of a supported type, file a writeable binary file. ValueError is"
     "\nraised for a value of another type (and garbage written).", 0},
    {"load(file, /, *, allow_code=True)", load_from_file,
     "Read one value from the open binary file and return it.\n\nRaises EOFError, ValueError or TypeError when no valid "
     "value can be read.", 0},
    {"dumps(value, version=5, /, *, allow_code=True)", dumps,
     "Return the bytes object that dump() would write.\n\nRaises ValueError for a value of an unsupported type.", 0},
    {"loads(bytes, /, *, allow_code=True)", loads,
     "Convert a bytes-like object to a value; bytes after it are ignored.\n\nRaises EOFError, ValueError or TypeError when "
     "no valid value is found.", 0},
    {NULL, NULL, NULL, 0},
};

static bool init(Thread *t, Value module) { return module_add_int(t, module, "version", MARSHAL_VERSION); }

NATIVE_MODULE(marshal) = {
    .name = "marshal",
    .doc = "Values as bytes, in a format that is Python's own and may change with it.\n\nIt serves .pyc files. Not for "
           "data from elsewhere: malformed bytes can do harm.",
    .functions = functions,
    .init = init,
};
