/* Compiles the signature texts of native functions into binders, and renders them for introspection.
 *
 * Invariants: a binder lies outside the heap, is never freed and never changes after it was published; all isolates share it,
 * so the names and default values in it are immortal. There is at most one binder per table row.
 * Threads: the table of binders is guarded by a mutex; a binder itself needs no lock.
 */
#include "base/textbuf.h"
#include "object/errors.h"
#include "object/native.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <assert.h>
#include <stdlib.h>

enum { MAX_PARAMETERS = 64 };

static struct BinderTable {
    Mutex mutex;
    size_t used, capacity;
    Binder **entries; /* open addressing by row address */
} table;

static size_t row_hash(const NativeDef *def) { return (size_t)(((uintptr_t)def >> 3) * UINT64_C(0x9E3779B97F4A7C15)); }

static Binder **table_find(Binder **entries, size_t capacity, const NativeDef *def) {
    for (size_t i = row_hash(def) >> 20;; i++) {
        Binder **entry = &entries[i & (capacity - 1)];
        if (*entry == NULL || (*entry)->def == def)
            return entry;
    }
}

void binders_fork_lock(void) { mutex_lock(&table.mutex); }
void binders_fork_unlock(void) { mutex_unlock(&table.mutex); }

static bool table_grow(void) {
    assert(mutex_held(&table.mutex));
    size_t capacity = table.capacity ? table.capacity * 2 : 1024;
    Binder **entries = calloc(capacity, sizeof *entries);
    if (entries == NULL)
        return false;
    for (size_t i = 0; i < table.capacity; i++)
        if (table.entries[i] != NULL)
            *table_find(entries, capacity, table.entries[i]->def) = table.entries[i];
    free(table.entries);
    table.entries = entries;
    table.capacity = capacity;
    return true;
}

/* Reading the text */

static const char *skip_spaces(const char *s) {
    while (*s == ' ' || *s == '\n')
        s++;
    return s;
}

/* The end of a default value: a comma or closing parenthesis outside of quotes and brackets. */
static const char *default_end(const char *s) {
    int depth = 0;
    for (; *s; s++) {
        if (*s == '\'' || *s == '"') {
            char quote = *s++;
            while (*s && *s != quote)
                s += *s == '\\' && s[1] ? 2 : 1;
            if (*s == 0)
                break;
        } else if (*s == '(' || *s == '[' || *s == '{')
            depth++;
        else if ((*s == ')' || *s == ',') && depth == 0)
            break;
        else if (*s == ')' || *s == ']' || *s == '}')
            depth--;
    }
    return s;
}

static bool text_is(const char *s, size_t size, const char *word) { return strlen(word) == size && !memcmp(s, word, size); }

static size_t unescape(const char *s, size_t size, char *out) {
    size_t n = 0;
    for (size_t i = 0; i < size; i++) {
        char c = s[i];
        if (c == '\\' && i + 1 < size) {
            c = s[++i];
            if (c == 'n')
                c = '\n';
            else if (c == 't')
                c = '\t';
            else if (c == 'r')
                c = '\r';
            else if (c == '0')
                c = 0;
            else if (c == 'x' && i + 2 < size) {
                char hex[3] = {s[i + 1], s[i + 2], 0};
                c = (char)strtol(hex, NULL, 16);
                i += 2;
            }
        }
        out[n++] = c;
    }
    return n;
}

static Value number_default(Thread *t, const char *s, size_t size) {
    char copy[64];
    if (size >= sizeof copy)
        return NO_VALUE;
    memcpy(copy, s, size);
    copy[size] = 0;
    char *end;
    long long integer = strtoll(copy, &end, 0);
    if (*end == 0)
        return int_from(t, integer);
    double d = strtod(copy, &end);
    return *end == 0 ? float_from_double(t, d) : NO_VALUE;
}

/* Text of a binder: the runtime's interned string where there is one, else an immortal one that is interned nowhere, since
 * an isolate may have interned an equal one before. */
static Value immortal_text(Thread *t, const char *text) {
    Value known = str_interned_by_runtime(t, text);
    if (present(known) || error_pending(t))
        return known;
    bool was_immortal = heap_set_immortal(t, true);
    Value v = str_from_text(t, text);
    if (present(v))
        str_hash(t, v);
    heap_set_immortal(t, was_immortal);
    return v;
}

static Value immortal_bytes(Thread *t, const char *text, size_t length) {
    bool was_immortal = heap_set_immortal(t, true);
    Value v = bytes_new(t, text, length);
    heap_set_immortal(t, was_immortal);
    return v;
}

static Value immortal_number(Thread *t, const char *s, size_t size) {
    bool was_immortal = heap_set_immortal(t, true);
    Value v = number_default(t, s, size);
    heap_set_immortal(t, was_immortal);
    return v;
}

/* The value that the text of a default stands for. Absent without exception: one that has no value here. */
static Value default_value(Thread *t, const char *s, size_t size) {
    if (text_is(s, size, "None"))
        return NONE;
    if (text_is(s, size, "True"))
        return TRUE;
    if (text_is(s, size, "False"))
        return FALSE;
    if (text_is(s, size, "Ellipsis") || text_is(s, size, "..."))
        return ELLIPSIS;
    if (text_is(s, size, "()"))
        return empty_tuple;
    if (text_is(s, size, "sys.maxsize"))
        return immortal_number(t, "9223372036854775807", 19);
    if (size == 0)
        return NO_VALUE;
    if (*s == '<') { /* what is filled in stands behind a bar */
        const char *bar = memchr(s, '|', size);
        return bar ? default_value(t, bar + 1, (size_t)(s + size - bar) - 2) : NO_VALUE;
    }
    if (*s == '-' || *s == '.' || (*s >= '0' && *s <= '9'))
        return immortal_number(t, s, size);
    bool is_bytes = *s == 'b' && size >= 3 && (s[1] == '\'' || s[1] == '"');
    if (is_bytes || *s == '\'' || *s == '"') {
        char text[256];
        size_t skip = is_bytes ? 2 : 1;
        if (size > sizeof text || size < skip + 1)
            return NO_VALUE;
        size_t length = unescape(s + skip, size - skip - 1, text);
        if (is_bytes)
            return immortal_bytes(t, text, length);
        text[length] = 0;
        return immortal_text(t, text);
    }
    return NO_VALUE;
}

typedef union Draft {
    Binder head;
    char room[sizeof(Binder) + MAX_PARAMETERS * sizeof(Parameter)];
} Draft;

static bool add_parameter(Thread *t, Draft *draft, const char *name, size_t size, bool keyword_only, const char *initial,
                          size_t initial_size) {
    char text[128];
    if (draft->head.count == MAX_PARAMETERS || size >= sizeof text) {
        raise_system_error(t, "bad signature: %s", draft->head.def->signature);
        return false;
    }
    memcpy(text, name, size);
    text[size] = 0;
    Parameter *p = &draft->head.parameters[draft->head.count++];
    *p = (Parameter){.positional = !keyword_only, .keyword = true, .optional = initial != NULL};
    p->name = immortal_text(t, text);
    if (absent(p->name))
        return false;
    if (initial != NULL) {
        p->default_value = default_value(t, initial, initial_size);
        if (absent(p->default_value) && error_pending(t))
            return false;
    }
    return true;
}

/* parameters: [name ["=" default] | "/" | "*" [name] | "**" name] {"," ...} ")", some of it in square brackets */
static bool parse_parameters(Thread *t, Draft *draft, const char *s) {
    bool keyword_only = false;
    int brackets = 0;
    Binder *b = &draft->head;
    for (s = skip_spaces(s); *s && *s != ')'; s = skip_spaces(s)) {
        if (*s == '/') {
            for (int i = 0; i < b->count; i++)
                draft->head.parameters[i].keyword = false;
            s++;
        } else if (*s == '[' || *s == ']') {
            brackets += *s++ == '[' ? 1 : -1;
        } else if (*s == '*') {
            int stars = s[1] == '*' ? 2 : 1;
            s += stars;
            size_t size = strcspn(s, "=,) ");
            keyword_only = true;
            if (size != 0) {
                if (!add_parameter(t, draft, s, size, false, NULL, 0))
                    return false;
                Parameter *p = &draft->head.parameters[b->count - 1];
                p->variadic = true;
                p->positional = stars == 1;
                p->keyword = stars == 2;
                *(stars == 1 ? &b->star : &b->star_star) = (int16_t)(b->count - 1);
            }
            s += size;
        } else {
            const char *name = s;
            size_t size = strcspn(s, "=,):[]");
            s += size;
            const char *initial = brackets ? s : NULL;
            if (*s == ':') /* an annotation says nothing to the binder */
                s += strcspn(s, "=,)");
            if (*s == '=') {
                initial = skip_spaces(s + 1);
                s = default_end(initial);
            }
            while (size && name[size - 1] == ' ')
                size--;
            if (!add_parameter(t, draft, name, size, keyword_only, initial, initial ? (size_t)(s - initial) : 0))
                return false;
        }
        s = skip_spaces(s);
        if (*s == ',')
            s++;
    }
    return true;
}

static void summarize(Draft *draft) {
    Binder *b = &draft->head;
    bool counted = b->def->flags & NATIVE_POSITIONAL_GIVEN;
    b->simple = b->star < 0 && b->star_star < 0 && !counted;
    b->plain = (b->star_star < 0 || b->def->flags & NATIVE_LAZY_KEYWORDS) && !counted;
    if (b->has_self && b->count)
        draft->head.parameters[0].keyword = false;
    for (int i = 0; i < b->count; i++) {
        Parameter *p = &draft->head.parameters[i];
        if (p->variadic)
            continue;
        if (p->positional)
            b->positional_count++;
        if (p->positional && !p->optional)
            b->required_count++;
        if (!p->positional)
            b->simple = false;
        b->plain &= p->positional || p->optional;
    }
    b->defaultable = b->plain && b->star < 0 && b->star_star < 0;
}

static Binder *compile(Thread *t, const NativeDef *def, bool has_self, Type *owner, Value module) {
    Draft draft = {.head = {.def = def, .has_self = has_self, .star = -1, .star_star = -1, .owner = owner, .module = module}};
    const char *parenthesis = strchr(def->signature, '(');
    if (parenthesis == NULL) {
        raise_system_error(t, "bad signature: %s", def->signature);
        return NULL;
    }
    draft.head.type_call = !strncmp(def->signature, "__new__(", 8) || !strncmp(def->signature, "__init__(", 9);
    if (!parse_parameters(t, &draft, parenthesis + 1))
        return NULL;
    summarize(&draft);
    size_t size = sizeof(Binder) + draft.head.count * sizeof(Parameter);
    Binder *b = malloc(size);
    if (b == NULL) {
        raise_no_memory(t);
        return NULL;
    }
    memcpy(b, &draft, size);
    return b;
}

const Binder *native_binder_of(Thread *t, const NativeDef *def, bool has_self, Type *owner, Value module) {
    mutex_lock(&table.mutex);
    Binder *found = table.capacity ? *table_find(table.entries, table.capacity, def) : NULL;
    mutex_unlock(&table.mutex);
    if (found != NULL)
        return found;
    if (present(module) && !(as_object(module)->meta & META_IMMORTAL)) {
        const char *text = str_utf8(t, module, NULL);
        module = text ? immortal_text(t, text) : NO_VALUE;
        if (absent(module))
            return NULL;
    }
    Binder *made = compile(t, def, has_self, owner, module);
    if (made == NULL)
        return NULL;
    mutex_lock(&table.mutex);
    if (table.used * 2 >= table.capacity && !table_grow()) {
        mutex_unlock(&table.mutex);
        free(made);
        raise_no_memory(t);
        return NULL;
    }
    Binder **entry = table_find(table.entries, table.capacity, def);
    if (*entry == NULL) {
        *entry = made;
        table.used++;
    } else {
        free(made); /* another thread was first */
    }
    made = *entry;
    mutex_unlock(&table.mutex);
    return made;
}

const Binder *native_binder(Thread *t, const NativeDef *def, bool has_self) {
    return native_binder_of(t, def, has_self, NULL, NO_VALUE);
}

Value native_name(Thread *t, const NativeDef *def) {
    size_t size = 0;
    while (def->signature[size] && def->signature[size] != '(')
        size++;
    return str_intern_ascii(t, def->signature, size);
}

/* The parameters, from behind the parenthesis on, with the defaults that are shown: `x=<'a'|None>` becomes `x='a'`. */
static void add_shown(TextBuf *out, const char *s) {
    static const char unknown[] = "=<unrepresentable>";
    for (const char *marked; (marked = strstr(s, "=<")) != NULL;) {
        if (!strncmp(marked, unknown, sizeof unknown - 1)) {
            const char *end = marked + sizeof unknown - 1;
            textbuf_append(out, s, (size_t)(end - s));
            s = end;
            continue;
        }
        const char *end = default_end(marked + 1); /* what stands behind ">" */
        const char *bar = memchr(marked, '|', (size_t)(end - marked)), *last = bar ? bar : end - 1;
        textbuf_append(out, s, (size_t)(marked + 1 - s));
        textbuf_append(out, marked + 2, (size_t)(last - marked - 2));
        s = end;
    }
    textbuf_text(out, s);
}

static Value shown_text(Thread *t, const char *start, const char *parameters) {
    TextBuf out;
    textbuf_init(&out);
    textbuf_text(&out, start);
    add_shown(&out, parameters);
    Value v = out.failed ? raise_no_memory(t) : str_from_text(t, textbuf_string(&out));
    textbuf_free(&out);
    return v;
}

Value native_text_signature(Thread *t, const NativeDef *def, NativeReceiver receiver) {
    const char *parenthesis = strchr(def->signature, '(');
    if (parenthesis == NULL || (def->flags & NATIVE_NO_SIGNATURE))
        return NONE;
    const char *rest = parenthesis + 1;
    if (receiver != RECEIVER_MODULE)
        return shown_text(t, receiver == RECEIVER_SELF ? "($" : "(", rest);
    /* The module is given by position: the mark for that follows, unless the function has one of its own. */
    bool marked = strstr(rest, " /,") || strstr(rest, " /)");
    const char *start = *rest == ')' ? "($module, /" : marked ? "($module, " : "($module, /, ";
    return shown_text(t, start, rest);
}
