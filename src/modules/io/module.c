/* _io: the module: open, open_code, text_encoding, and the types.
 *
 * Threads: no state but the isolate's ISOLATE_IO word, set once.
 */
#include "modules/io/io.h"
#include "modules/io/text.h"
#include "modules/open_writers.h"
#include "types/dict/dict.h"
#include "types/module.h"
#include "vm/eval.h"

typedef struct Mode {
    bool creating, reading, writing, appending, updating, text, binary;
    char raw[8]; /* the letters for FileIO */
} Mode;

static bool invalid_mode(Thread *t, Value mode) {
    raise_value_error(t, "invalid mode: %R", mode);
    return false;
}

static bool parse_mode(Thread *t, Value value, Mode *m) {
    const char *text = str_utf8(t, value, NULL);
    if (text == NULL)
        return false;
    *m = (Mode){0};
    for (const char *c = text; *c; c++) {
        bool *flag = *c == 'x' ? &m->creating : *c == 'r' ? &m->reading : *c == 'w' ? &m->writing
                   : *c == 'a' ? &m->appending : *c == '+' ? &m->updating : *c == 't' ? &m->text
                   : *c == 'b' ? &m->binary : NULL;
        if (flag == NULL || *flag)
            return invalid_mode(t, value);
        *flag = true;
    }
    if (m->text && m->binary) {
        raise_value_error(t, "can't have text and binary mode at once");
        return false;
    }
    if (m->creating + m->reading + m->writing + m->appending > 1) {
        raise_value_error(t, "must have exactly one of create/read/write/append mode");
        return false;
    }
    char *to = m->raw;
    if (m->creating)
        *to++ = 'x';
    if (m->reading)
        *to++ = 'r';
    if (m->writing)
        *to++ = 'w';
    if (m->appending)
        *to++ = 'a';
    if (m->updating)
        *to++ = '+';
    return true;
}

static bool text_argument(Thread *t, const char *name, Value v) {
    if (is_none(v) || is_str(v))
        return true;
    raise_type_error(t, "open() argument '%s' must be str or None, not %T", name, v);
    return false;
}

/* The size of the buffer: what was asked for, or what the file likes best; 0: none. *line: line buffering. */
static bool buffer_size(Thread *t, Value raw, const Mode *m, int64_t *buffering, bool *line) {
    bool terminal = false;
    *line = false;
    if (*buffering < 0) {
        Value v = call_method_0(t, raw, names._isatty_open_only);
        if (absent(v) || !as_bool(t, v, &terminal))
            return false;
    }
    if (*buffering == 1 && m->binary) {
        if (!warn(t, &RuntimeWarning_type, 1,
                  "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used"))
            return false;
    }
    if (*buffering == 1 || terminal) {
        *buffering = -1;
        *line = true;
    }
    if (*buffering >= 0)
        return true;
    Value size = get_attribute(t, raw, names._blksize);
    if (absent(size) || !index_as_ssize(t, size, buffering, false, NULL))
        return false;
    if (*buffering > 8 * 1024 * 1024)
        *buffering = 8 * 1024 * 1024;
    if (*buffering < IO_BUFFER_SIZE)
        *buffering = IO_BUFFER_SIZE;
    return true;
}

static Value wrap(Thread *t, Value raw, const Mode *m, Value *args, int64_t buffering, Value *top) {
    bool line;
    CHECK(buffer_size(t, raw, m, &buffering, &line));
    if (buffering == 0)
        return m->binary ? raw : raise_value_error(t, "can't have unbuffered text I/O");
    Type *type = m->updating ? &buffered_random_type
                 : m->creating || m->writing || m->appending ? &buffered_writer_type
                                                             : &buffered_reader_type;
    Value buffer = TRY(call_2(t, from_object(type), raw, small_int(buffering)));
    *top = buffer;
    if (m->binary)
        return buffer;
    Value text = TRY(text_io_new(t, (Value[]){NO_VALUE, buffer, args[3], args[4], args[5], from_bool(line), FALSE}));
    *top = text;
    CHECK(set_attribute(t, text, names.mode, args[1]));
    return text;
}

/* A stream that the program dropped may still have text for the file. */
static bool settle(Thread *t, Value *file, Value given, bool direct) {
    Path path = {.function = NULL, .argument = "file", .fd = -1};
    if (likely(!open_writers_exist()) || is_int(*file))
        return true;
    if (!path_convert(t, *file, &path)) {
        error_clear(t); /* it will be raised where the file is opened */
        return true;
    }
    if (!open_writers_settle(t, &path, given, AT_FDCWD, direct))
        return false;
    *file = path.object;
    return true;
}

/* args: file, mode, buffering, encoding, errors, newline, closefd, opener */
static Value open_file(Thread *t, Value *args, bool direct) {
    Mode m;
    int buffering;
    bool closefd;
    if (!is_str(args[1]))
        return raise_type_error(t, "open() argument 'mode' must be str, not %Y", args[1]);
    CHECK(as_c_int(t, args[2], &buffering));
    CHECK(text_argument(t, "encoding", args[3]) && text_argument(t, "errors", args[4]) &&
          text_argument(t, "newline", args[5]) && as_bool(t, args[6], &closefd));
    Value given = args[0];
    if (!is_int(args[0]) && !is_str(args[0]) && !is_bytes(args[0])) {
        Path path = {.function = NULL, .argument = "file", .fd = -1};
        Value method = type_lookup_special(t, args[0], names.__fspath__);
        if (absent(method) || is_none(method))
            return error_pending(t) ? NO_VALUE
                                    : raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", args[0]);
        CHECK(path_convert(t, args[0], &path));
        args[0] = path.object;
    }
    CHECK(parse_mode(t, args[1], &m));
    if (m.binary && !is_none(args[3]))
        return raise_value_error(t, "binary mode doesn't take an encoding argument");
    if (m.binary && !is_none(args[4]))
        return raise_value_error(t, "binary mode doesn't take an errors argument");
    if (m.binary && !is_none(args[5]))
        return raise_value_error(t, "binary mode doesn't take a newline argument");
    CHECK(settle(t, &args[0], given, direct));
    Value raw_mode = TRY(str_from_text(t, m.raw));
    Value raw_arguments[5] = {NO_VALUE, args[0], raw_mode, from_bool(closefd), args[7]};
    Value raw = TRY(call(t, from_object(&file_io_type), raw_arguments + 1, 4, NO_VALUE));
    Value top = raw, result = wrap(t, raw, &m, args, buffering, &top);
    if (present(result))
        return result;
    Value error = error_take(t);
    if (absent(call_method_0(t, top, names.close)))
        io_chain(t, error);
    else
        error_restore(t, error);
    return NO_VALUE;
}

static Value open_(Thread *t, Value *args) { return open_file(t, args, vm_calls_directly(t, open_)); }

static Value open_code(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "open_code() argument 'path' must be str, not %Y", args[0]);
    Value mode = TRY(str_from_text(t, "rb"));
    Value arguments[8] = {args[0], mode, small_int(-1), NONE, NONE, NONE, TRUE, NONE};
    return open_file(t, arguments, vm_calls_directly(t, open_code));
}

static bool sys_flag(Thread *t, const char *name) {
    Value flags = dict_get_text(t, t->isolate->sys_dict, "flags");
    Value flag = present(flags) ? get_attribute_text(t, flags, name) : NO_VALUE;
    if (absent(flag))
        error_clear(t);
    return present(flag) && truth(t, flag) > 0;
}

static Value text_encoding(Thread *t, Value *args) {
    if (!is_none(args[0]))
        return args[0];
    int stack_level;
    CHECK(as_c_int(t, args[1], &stack_level));
    if (sys_flag(t, "warn_default_encoding"))
        CHECK(warn(t, &EncodingWarning_type, stack_level, "'encoding' argument not specified"));
    return str_from_text(t, sys_flag(t, "utf8_mode") ? "utf-8" : "locale");
}

static const NativeDef functions[] = {
    {"open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)", open_,
     "Opens a file and gives a stream.\n\n"
     "mode: 'r' read (default), 'w' write anew, 'x' create, 'a' append; '+' both read and write; 't' text\n"
     "(default), 'b' bytes. buffering: 0 none (bytes only), 1 by line (text only), more: the buffer's size.\n"
     "encoding, errors, newline: as for TextIOWrapper. file: a path or a descriptor, which is closed\n"
     "with the stream unless closefd is False. opener(path, flags): called to get the descriptor."},
    {"open_code(path)", open_code, "Opens a file of code for reading bytes."},
    {"text_encoding(encoding, stacklevel=2, /)", text_encoding,
     "The encoding for a function that passes its own encoding argument on; warns of None if asked to."},
    {NULL, NULL, NULL, 0},
};

/* class UnsupportedOperation(OSError, ValueError), of the module io */
static Value unsupported_operation(Thread *t) {
    Value name = TRY(str_intern_text(t, "UnsupportedOperation")), module = TRY(str_intern_text(t, "io"));
    Value bases = TRY(tuple_pack(t, 2, from_object(&OSError_type), from_object(&ValueError_type)));
    Value namespace = TRY(dict_new(t));
    CHECK(dict_set(t, namespace, names.__module__, module));
    return type_new_class(t, &type_type, name, bases, namespace, NO_VALUE);
}

static bool init(Thread *t, Value module) {
    Type *const types[] = {
        &io_base_type,         &raw_io_base_type,     &buffered_io_base_type, &text_io_base_type,   &file_io_type,
        &bytes_io_type,        &bytes_io_buffer_type, &string_io_type,        &buffered_reader_type, &buffered_writer_type,
        &buffered_random_type, &buffered_pair_type,   &newline_decoder_type,  &text_io_wrapper_type,
    };
    Value unsupported = t->isolate->slots[ISOLATE_IO]; /* a second module object shares the first one's */
    if (absent(unsupported))
        unsupported = unsupported_operation(t);
    if (absent(unsupported))
        return false;
    isolate_keep(t, ISOLATE_IO, unsupported);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!module_add_type(t, module, types[i]))
            return false;
    return module_add(t, module, "UnsupportedOperation", unsupported) &&
           module_add(t, module, "BlockingIOError", from_object(&BlockingIOError_type)) &&
           module_add_int(t, module, "DEFAULT_BUFFER_SIZE", IO_BUFFER_SIZE);
}

NATIVE_MODULE(_io) = {
    .name = "_io",
    .doc = "Streams: the native part of io.",
    .functions = functions,
    .init = init,
};
