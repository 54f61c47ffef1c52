/* Raising, taking and formatting exceptions from C.
 *
 * Invariants: t->exception is an instance of BaseException or absent. Raising sets __context__ to the exception being
 * handled (t->handled), without making a cycle.
 * Threads: only the calling thread's state is touched.
 */
#include "object/errors.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

/* Formatting */

typedef struct FormatItem {
    bool left, zero, alternate;
    int width, precision; /* -1: not given */
    int size;             /* 0 int, 1 long, 2 long long, 3 size_t, 4 ptrdiff_t */
    char conversion;
} FormatItem;

static const char *parse_item(const char *f, FormatItem *item, va_list *list) {
    *item = (FormatItem){.width = -1, .precision = -1};
    for (;; f++) {
        if (*f == '-')
            item->left = true;
        else if (*f == '0')
            item->zero = true;
        else if (*f == '#')
            item->alternate = true;
        else
            break;
    }
    if (*f >= '0' && *f <= '9')
        for (item->width = 0; *f >= '0' && *f <= '9'; f++)
            item->width = item->width * 10 + (*f - '0');
    if (*f == '.') {
        item->precision = 0;
        if (*++f == '*') {
            item->precision = va_arg(*list, int);
            f++;
        }
        for (; *f >= '0' && *f <= '9'; f++)
            item->precision = item->precision * 10 + (*f - '0');
    }
    if (*f == 'l') {
        item->size = *++f == 'l' ? 2 : 1;
        f += item->size == 2;
    } else if (*f == 'z') {
        item->size = 3;
        f++;
    } else if (*f == 't') {
        item->size = 4;
        f++;
    }
    item->conversion = *f;
    return *f ? f + 1 : f;
}

static bool add_bytes(Thread *t, StrBuilder *b, const char *text, size_t size) {
    Value v = str_from_utf8(t, text, size);
    if (absent(v)) { /* names from outside may be in any encoding */
        if (!error_catch(t, &UnicodeDecodeError_type))
            return false;
        v = str_decode_filesystem(t, text, size);
    }
    return present(v) && str_builder_add(t, b, v);
}

static bool add_number(Thread *t, StrBuilder *b, const FormatItem *item, va_list *list) {
    char digits[64], format[16];
    bool is_signed = item->conversion == 'd' || item->conversion == 'i';
    long long n;
    switch (item->size) {
    case 1: n = is_signed ? va_arg(*list, long) : (long long)va_arg(*list, unsigned long); break;
    case 2: n = va_arg(*list, long long); break;
    case 3: n = (long long)va_arg(*list, size_t); break;
    case 4: n = va_arg(*list, ptrdiff_t); break;
    default: n = is_signed ? va_arg(*list, int) : (long long)va_arg(*list, unsigned); break;
    }
    snprintf(format, sizeof format, "%%%s%s%s*ll%c", item->left ? "-" : "", item->zero ? "0" : "",
             item->alternate ? "#" : "", item->conversion);
    snprintf(digits, sizeof digits, format, item->width < 0 ? 0 : item->width > 60 ? 60 : item->width, n);
    return str_builder_add_text(t, b, digits);
}

static bool add_truncated(Thread *t, StrBuilder *b, Value str, int precision) {
    if (absent(str))
        return false;
    if (precision >= 0 && (size_t)precision < str_length(str))
        return str_builder_add_slice(t, b, str, 0, (size_t)precision);
    return str_builder_add(t, b, str);
}

static const char *argument_type(Value v) { return same(v, NONE) ? "None" : load_acquire(&type_of(v)->name_text); }

static bool add_item(Thread *t, StrBuilder *b, const FormatItem *item, va_list *list) {
    char pointer[32];
    switch (item->conversion) {
    case '%': return str_builder_add_char(t, b, '%');
    case 'c': return str_builder_add_char(t, b, (uint32_t)va_arg(*list, int));
    case 'd': case 'i': case 'u': case 'x': case 'X': case 'o': return add_number(t, b, item, list);
    case 's': {
        const char *text = va_arg(*list, const char *);
        if (text == NULL)
            text = "(null)";
        size_t size = item->precision >= 0 ? strnlen(text, (size_t)item->precision) : strlen(text);
        return add_bytes(t, b, text, size);
    }
    case 'p':
        snprintf(pointer, sizeof pointer, "%p", va_arg(*list, void *));
        return str_builder_add_text(t, b, pointer);
    case 'R': return add_truncated(t, b, repr(t, va_arg(*list, Value)), item->precision);
    case 'S': return add_truncated(t, b, to_str(t, va_arg(*list, Value)), item->precision);
    case 'A': return add_truncated(t, b, to_ascii(t, va_arg(*list, Value)), item->precision);
    case 'T': return str_builder_add_text(t, b, load_acquire(&type_of(va_arg(*list, Value))->name_text));
    case 'Y': return str_builder_add_text(t, b, argument_type(va_arg(*list, Value)));
    case 'N': return str_builder_add_text(t, b, load_acquire(&va_arg(*list, Type *)->name_text));
    default: raise_system_error(t, "invalid format"); return false;
    }
}

/* What most messages are: short, of plain text, names and ASCII strs. The size; -1: it takes more than that. */
static int format_plainly(char *out, size_t room, const char *f, va_list *list) {
    size_t size = 0;
    while (*f) {
        const char *piece = f;
        size_t length = (size_t)(strchrnul(f, '%') - f);
        if (length) {
            f += length;
        } else {
            if (f[1] == 's')
                piece = va_arg(*list, const char *);
            else if (f[1] == 'T')
                piece = load_acquire(&type_of(va_arg(*list, Value))->name_text);
            else if (f[1] == 'Y')
                piece = argument_type(va_arg(*list, Value));
            else if (f[1] == 'N')
                piece = load_acquire(&va_arg(*list, Type *)->name_text);
            else if (f[1] != 'S')
                return -1;
            if (f[1] == 'S') {
                Value v = va_arg(*list, Value);
                if (absent(v) || !is_exactly(v, &str_type) || !str_is_ascii(v) || !(piece = load_acquire(&as_str(v)->data)))
                    return -1;
                length = str_length(v);
            } else if (piece == NULL) {
                return -1;
            } else {
                length = strlen(piece);
            }
            f += 2;
        }
        if (length > room - size)
            return -1;
        memcpy(out + size, piece, length);
        size += length;
    }
    return (int)size;
}

Value format_text_list(Thread *t, const char *f, va_list list) {
    char plain_text[160];
    va_list first;
    va_copy(first, list);
    int size = format_plainly(plain_text, sizeof plain_text, f, &first);
    va_end(first);
    for (int i = 0; i < size; i++)
        if (plain_text[i] & 0x80)
            size = -1;
    if (size >= 0)
        return str_from_ascii(t, plain_text, (size_t)size);
    StrBuilder b = {0};
    va_list rest; /* passed on by address, which a parameter of type va_list does not allow */
    va_copy(rest, list);
    bool ok = true;
    while (ok && *f) {
        size_t plain = (size_t)(strchrnul(f, '%') - f);
        if (plain) {
            ok = add_bytes(t, &b, f, plain);
            f += plain;
            continue;
        }
        FormatItem item;
        f = parse_item(f + 1, &item, &rest);
        ok = add_item(t, &b, &item, &rest);
    }
    va_end(rest);
    return ok ? str_builder_finish(t, &b) : NO_VALUE;
}

Value format_text(Thread *t, const char *format, ...) {
    va_list list;
    va_start(list, format);
    Value text = format_text_list(t, format, list);
    va_end(list);
    return text;
}

/* Raising */

Value raise_exception(Thread *t, Value exception) {
    t->exception = NO_VALUE;
    Value e = exception_normalize(t, exception);
    if (absent(e))
        return NO_VALUE;
    Value handled = t->handled;
    if (present(handled) && !is_none(handled) && !same(handled, e))
        exception_set_context(t, e, handled);
    t->exception = e;
    return NO_VALUE;
}

static Value raise_made(Thread *t, Value exception) {
    return absent(exception) ? NO_VALUE : raise_exception(t, exception);
}

static Value raise_formatted(Thread *t, Type *type, const char *format, va_list list) {
    t->exception = NO_VALUE;
    if (!format)
        return raise_made(t, exception_new(t, type, 0, NULL));
    Value text = strchr(format, '%') ? format_text_list(t, format, list) : str_from_text(t, format);
    return absent(text) ? NO_VALUE : raise_made(t, exception_new(t, type, 1, &text));
}

#define RAISE_FORMATTED(type)                 \
    va_list list;                             \
    va_start(list, format);                   \
    raise_formatted(t, (type), format, list); \
    va_end(list);                             \
    return NO_VALUE

Value raise_error(Thread *t, Type *type, const char *format, ...) { RAISE_FORMATTED(type); }
Value raise_type_error(Thread *t, const char *format, ...) { RAISE_FORMATTED(&TypeError_type); }
Value raise_value_error(Thread *t, const char *format, ...) { RAISE_FORMATTED(&ValueError_type); }
Value raise_index_error(Thread *t, const char *format, ...) { RAISE_FORMATTED(&IndexError_type); }
Value raise_overflow_error(Thread *t, const char *format, ...) { RAISE_FORMATTED(&OverflowError_type); }
Value raise_system_error(Thread *t, const char *format, ...) { RAISE_FORMATTED(&SystemError_type); }
#undef RAISE_FORMATTED

Value raise_attribute_error(Thread *t, Value object, Value name, const char *format, ...) {
    va_list list;
    va_start(list, format);
    t->exception = NO_VALUE;
    Value text = format_text_list(t, format, list);
    va_end(list);
    Value e = absent(text) ? NO_VALUE : exception_new(t, &AttributeError_type, 1, &text);
    if (absent(e))
        return NO_VALUE;
    AttributeErrorObject *a = (AttributeErrorObject *)as_object(e);
    store(a, &a->obj, object);
    store(a, &a->name, name);
    return raise_exception(t, e);
}

Value raise_key_error(Thread *t, Value key) { return raise_with_args(t, &KeyError_type, 1, &key); }

Value raise_stop_iteration(Thread *t, Value value) {
    return raise_with_args(t, &StopIteration_type, present(value) ? 1 : 0, &value);
}

Value raise_no_memory(Thread *t) {
    heap_hooks.no_memory(t);
    return NO_VALUE;
}

Value raise_not_implemented(Thread *t, const char *what) {
    return raise_error(t, &NotImplementedError_type, "%s is not implemented", what);
}

Value raise_with_args(Thread *t, Type *type, size_t count, const Value *args) {
    t->exception = NO_VALUE;
    return raise_made(t, exception_new(t, type, count, args));
}

Value raise_errno(Thread *t, int error, Value filename, Value filename2) {
    if (error == EINTR && !safepoint(t))
        return NO_VALUE;
    const char *text = strerror(error);
    Value message = str_decode_filesystem(t, text, strlen(text));
    if (absent(message))
        return NO_VALUE;
    Value args[5] = {small_int(error), message, filename, NONE, filename2};
    size_t count = absent(filename) ? 2 : absent(filename2) ? 3 : 5;
    return raise_with_args(t, errno_exception_type(error), count, args);
}

/* Handling */

Value error_take(Thread *t) {
    Value e = t->exception;
    t->exception = NO_VALUE;
    return e;
}

void error_restore(Thread *t, Value e) { t->exception = e; }

void error_add_note(Thread *t, const char *format, ...) {
    Value error = error_take(t); /* what is called now must not find it pending */
    va_list list;
    va_start(list, format);
    Value note = format_text_list(t, format, list);
    va_end(list);
    if (present(note) && present(call_method_1(t, error, str_intern_text(t, "add_note"), note)))
        error_restore(t, error);
}

void error_describe(Thread *t, char *text, size_t size) {
    Value e = error_take(t);
    if (absent(e)) {
        snprintf(text, size, "no exception");
        return;
    }
    Value message = to_str(t, e);
    const char *utf8 = present(message) ? str_utf8(t, message, NULL) : NULL;
    snprintf(text, size, "%s%s%s", type_of(e)->name_text, utf8 && *utf8 ? ": " : "", utf8 ? utf8 : "");
    error_clear(t);
}

void error_clear(Thread *t) { t->exception = NO_VALUE; }

bool error_matches(Thread *t, Type *type) { return present(t->exception) && is_instance_of(t->exception, type); }

bool error_catch(Thread *t, Type *type) {
    if (!error_matches(t, type))
        return false;
    t->exception = NO_VALUE;
    return true;
}

/* What sys.unraisablehook gets: an object with these five attributes. sys makes the type once. */
static Value unraisable_arguments(Thread *t, Value exception, Value message, Value object) {
    Value maker = present(t->isolate->sys_dict) ? dict_get_text(t, t->isolate->sys_dict, "UnraisableHookArgs") : NO_VALUE;
    if (absent(maker))
        return NO_VALUE;
    Value traceback = load(&as_exception(exception)->traceback);
    Value fields = TRY(tuple_pack(t, 5, from_object(type_of(exception)), exception, present(traceback) ? traceback : NONE,
                                  message, present(object) ? object : NONE));
    return call_1(t, maker, fields);
}

static void print_unraisable(Thread *t, Value exception, Value message) {
    Value text = to_str(t, exception);
    const char *detail = present(text) ? str_utf8(t, text, NULL) : NULL;
    const char *what = is_none(message) ? NULL : str_utf8(t, message, NULL);
    fprintf(stderr, "%s%s%s%s%s\n", what ? what : "", what ? ":\n" : "", type_of(exception)->name_text,
            detail && *detail ? ": " : "", detail ? detail : "");
    error_clear(t);
}

void error_write_unraisable(Thread *t, const char *message, Value object) {
    Value exception = error_take(t);
    if (absent(exception) || t->ending) /* what an ending thread still runs ends with SystemExit, too */
        return;
    /* A thread that is to end is told so wherever it is; that is no failure of the finalizer that it was in. */
    if (load_relaxed(&t->heap.poll) & POLL_END && is_instance_of(exception, &SystemExit_type))
        return;
    Value text = NONE;
    if (message != NULL && present(object))
        text = format_text(t, "%s %R", message, object);
    else if (message != NULL)
        text = str_from_text(t, message);
    if (absent(text)) {
        error_clear(t);
        text = NONE;
    }
    Value hook = present(t->isolate->sys_dict) ? dict_get_str(t->isolate->sys_dict, names.unraisablehook) : NO_VALUE;
    Value args = absent(hook) || is_none(hook)
                     ? NO_VALUE
                     : unraisable_arguments(t, exception, text, is_none(text) ? object : NO_VALUE);
    if (present(args) && present(call_1(t, hook, args)))
        return;
    error_clear(t);
    print_unraisable(t, exception, text);
}
