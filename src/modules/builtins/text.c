/* builtins: text of numbers and objects, print and input.
 *
 * Threads: print makes one write per piece, as CPython does: lines of several threads may interleave.
 */
#include "modules/builtins/builtins.h"
#include "object/audit.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

/* `bits` belong to a digit, `letter` says so in front of them. */
static Value in_base(Thread *t, Value v, int bits, char letter) {
    v = TRY(index_of(t, v));
    if (!is_small_int(v)) {
        bool negative = int_sign(v) < 0;
        Value digits = TRY(int_to_text(t, negative ? TRY(int_neg(t, v)) : v, 1 << bits));
        return format_text(t, "%s0%c%S", negative ? "-" : "", letter, digits);
    }
    int64_t i = small_int_value(v);
    uint64_t left = i < 0 ? -(uint64_t)i : (uint64_t)i;
    char text[72], *at = text + sizeof text;
    do
        *--at = "0123456789abcdef"[left & ((1u << bits) - 1)];
    while (left >>= bits);
    *--at = letter;
    *--at = '0';
    if (i < 0)
        *--at = '-';
    return str_from_ascii(t, at, (size_t)(text + sizeof text - at));
}

static Value builtin_bin(Thread *t, Value *args) { return in_base(t, args[0], 1, 'b'); }
static Value builtin_oct(Thread *t, Value *args) { return in_base(t, args[0], 3, 'o'); }
static Value builtin_hex(Thread *t, Value *args) { return in_base(t, args[0], 4, 'x'); }
static Value builtin_repr(Thread *t, Value *args) { return repr(t, args[0]); }
static Value builtin_ascii(Thread *t, Value *args) { return to_ascii(t, args[0]); }

static Value builtin_format(Thread *t, Value *args) {
    if (present(args[1]) && !is_str(args[1]))
        return raise_type_error(t, "format() argument 2 must be str, not %Y", args[1]);
    return format_value(t, args[0], args[1]);
}

static Value builtin_chr(Thread *t, Value *args) {
    Value i = TRY(index_of(t, args[0]));
    int64_t c;
    if (!int_to_i64(i, &c) || c < 0 || c > 0x10FFFF)
        return raise_value_error(t, "chr() arg not in range(0x110000)");
    return str_from_char(t, (uint32_t)c);
}

static Value builtin_ord(Thread *t, Value *args) {
    Value v = args[0];
    size_t length;
    if (is_str(v)) {
        length = str_length(v);
        if (length == 1) {
            void *data = str_data(t, v);
            return data ? small_int(str_char(data, str_kind(v), 0)) : NO_VALUE;
        }
        return raise_type_error(t, "ord() expected a character, but string of length %zu found", length);
    }
    if (is_bytes(v)) {
        length = as_bytes(v)->length;
        if (length == 1)
            return small_int((uint8_t)as_bytes(v)->data[0]);
    } else if (is_instance_of(v, &bytearray_type)) {
        ByteArrayObject *b = (ByteArrayObject *)v.bits;
        length = b->length;
        if (length == 1)
            return small_int((uint8_t)b->storage->data[b->start]);
    } else {
        return raise_type_error(t, "ord() expected string of length 1, but %T found", v);
    }
    return raise_type_error(t, "ord() expected a character, but string of length %zu found", length);
}

/* sys.stdout and its like: absent with RuntimeError when lost. */
static Value sys_stream(Thread *t, Value name, const char *text) {
    Value stream = dict_get_str(t->isolate->sys_dict, name);
    return present(stream) ? stream : raise_error(t, &RuntimeError_type, "lost sys.%s", text);
}

static Value optional_text(Thread *t, Value v, const char *what) {
    if (is_none(v) || is_str(v))
        return v;
    return raise_type_error(t, "%s must be None or a string, not %T", what, v);
}

static Value builtin_print(Thread *t, Value *args) {
    Value objects = args[0], sep = TRY(optional_text(t, args[1], "sep")), end = TRY(optional_text(t, args[2], "end"));
    Value file = args[3];
    if (is_none(file)) {
        file = TRY(sys_stream(t, names.stdout, "stdout"));
        if (is_none(file))
            return NONE;
    }
    Value write = TRY(get_attribute(t, file, names.write));
    size_t count = tuple_length(objects);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            TRY(call_1(t, write, is_none(sep) ? TRY(str_from_char(t, ' ')) : sep));
        TRY(call_1(t, write, TRY(to_str(t, tuple_get(objects, i)))));
    }
    TRY(call_1(t, write, is_none(end) ? TRY(str_from_char(t, '\n')) : end));
    int flush = truth(t, args[4]);
    CHECK(flush >= 0);
    if (flush)
        TRY(call_method_0(t, file, names.flush));
    return NONE;
}

static bool flush_ignoring(Thread *t, Value stream) {
    Value done = is_none(stream) ? NONE : call_method_0(t, stream, names.flush);
    if (absent(done))
        error_clear(t);
    return true;
}

/* input() needs its streams, where print() does without. */
static Value needed_stream(Thread *t, Value name, const char *text) {
    Value stream = TRY(sys_stream(t, name, text));
    return is_none(stream) ? raise_error(t, &RuntimeError_type, "lost sys.%s", text) : stream;
}

static Value builtin_input(Thread *t, Value *args) {
    Value in = TRY(needed_stream(t, names.stdin, "stdin")), out = TRY(needed_stream(t, names.stdout, "stdout"));
    Value error = TRY(needed_stream(t, names.stderr, "stderr"));
    CHECK(audit(t, "builtins.input", 1, args[0]));
    flush_ignoring(t, error);
    if (present(args[0])) {
        Value write = TRY(get_attribute(t, out, names.write));
        TRY(call_1(t, write, TRY(to_str(t, args[0]))));
    }
    flush_ignoring(t, out);
    Value line = TRY(call_method_0(t, in, names.readline));
    if (!is_str(line))
        return raise_type_error(t, "object.readline() returned non-string");
    size_t length = str_length(line);
    if (length == 0)
        return raise_error(t, &EOFError_type, "EOF when reading a line");
    void *data = str_data(t, line);
    if (!data)
        return NO_VALUE;
    if (str_char(data, str_kind(line), length - 1) == '\n')
        line = TRY(str_slice(t, line, 0, length - 1));
    return audit(t, "builtins.input/result", 1, line) ? line : NO_VALUE;
}

const NativeDef builtins_text_functions[] = {
    {"bin(number, /)", builtin_bin,
     "Return the binary representation of an integer.\n\n   >>> bin(2796202)\n   '0b1010101010101010101010'"},
    {"oct(number, /)", builtin_oct,
     "Return the octal representation of an integer.\n\n   >>> oct(342391)\n   '0o1234567'"},
    {"hex(number, /)", builtin_hex,
     "Return the hexadecimal representation of an integer.\n\n   >>> hex(12648430)\n   '0xc0ffee'"},
    {"repr(obj, /)", builtin_repr,
     "Return the canonical string representation of the object.\n\nFor many object types, including most builtins, eval() "
     "will\nreproduce the object given this string."},
    {"ascii(obj, /)", builtin_ascii,
     "Return an ASCII-only representation of an object.\n\nAs repr(), return a string containing a printable representation of "
     "an\nobject, but escape the non-ASCII characters in the string returned by\nrepr() using \\\\x, \\\\u or \\\\U escapes. This "
     "generates a string similar\nto that returned by repr() in Python 2."},
    {"format(value, format_spec='', /)", builtin_format,
     "Return type(value).__format__(value, format_spec)\n\nMany built-in types implement format_spec according to the\nFormat "
     "Specification Mini-language. See help('FORMATTING')\nfor details."},
    {"chr(i, /)", builtin_chr, "Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff."},
    {"ord(character, /)", builtin_ord,
     "Return the ordinal value of a character.\n\nIf the argument is a one-character string, return the Unicode code\npoint of "
     "that character.\n\nIf the argument is a bytes or bytearray object of length 1, return its\nsingle byte value."},
    {"print(*args, sep=' ', end='\\n', file=None, flush=False)", builtin_print,
     "Prints the values to a stream, or to sys.stdout by default.\n\nsep\n  string inserted between values, default a "
     "space.\nend\n  string appended after the last value, default a newline.\nfile\n  a file-like object (stream); defaults to "
     "the current sys.stdout.\nflush\n  whether to forcibly flush the stream.", NATIVE_BORROWS_STAR},
    {"input(prompt=<''>, /)", builtin_input,
     "Read a string from standard input.  The trailing newline is stripped.\n\nThe prompt string, if given, is printed to "
     "standard output without a\ntrailing newline before reading input.\n\nIf the user hits EOF (*nix: Ctrl-D, Windows: "
     "Ctrl-Z+Return), raise EOFError.\nOn *nix systems, readline is used if available."},
    {0},
};
