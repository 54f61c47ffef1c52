/* _locale: the C library's locale.
 *
 * Threads: the locale belongs to the process; setlocale is as unsafe beside other threads as in CPython.
 */
#include "modules/os_support.h"

#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <wchar.h>

/* Text of the current locale. */
static Value from_locale(Thread *t, const char *text) { return str_decode_filesystem(t, text, strlen(text)); }

static Value locale_error(Thread *t, const char *text) {
    return raise_error(t, as_type(t->isolate->slots[ISOLATE_LOCALE]), "%s", text);
}

/* An argument in UTF-8. `which`: which one it is, as in "gettext() argument must be". */
static bool text_argument(Thread *t, Value v, const char *which, bool optional, const char **out) {
    *out = NULL;
    if (optional && is_none(v))
        return true;
    if (!is_str(v)) {
        raise_type_error(t, "%s must be str%s, not %Y", which, optional ? " or None" : "", v);
        return false;
    }
    size_t length;
    *out = str_utf8(t, v, &length);
    if (*out && strlen(*out) != length) {
        raise_value_error(t, "embedded null character");
        return false;
    }
    return *out != NULL;
}

static Value setlocale_(Thread *t, Value *args) {
    int category;
    const char *name;
    CHECK(as_c_int(t, args[0], &category));
    CHECK(text_argument(t, args[1], "setlocale() argument 2", true, &name));
    const char *result = setlocale(category, name);
    if (result == NULL)
        return locale_error(t, name ? "unsupported locale setting" : "locale query failed");
    return from_locale(t, result);
}

static bool add_text(Thread *t, Value dict, const char *key, const char *text) {
    Value v = from_locale(t, text);
    return present(v) && dict_set_text(t, dict, key, v);
}

/* The sizes of groups of digits, lowest first. */
static bool add_grouping(Thread *t, Value dict, const char *key, const char *grouping) {
    Value list = list_new(t, 0);
    if (absent(list))
        return false;
    const char *g = grouping;
    for (; *g && *g != CHAR_MAX; g++)
        if (!list_append(t, list, small_int(*g)))
            return false;
    if (g != grouping && !list_append(t, list, small_int(*g)))
        return false;
    return dict_set_text(t, dict, key, list);
}

static Value localeconv_(Thread *t, Value *args) {
    struct lconv *l = localeconv();
    Value dict = TRY(dict_new(t));
    const struct {
        const char *name;
        char value;
    } numbers[] = {
        {"int_frac_digits", l->int_frac_digits}, {"frac_digits", l->frac_digits},
        {"p_cs_precedes", l->p_cs_precedes},     {"p_sep_by_space", l->p_sep_by_space},
        {"n_cs_precedes", l->n_cs_precedes},     {"n_sep_by_space", l->n_sep_by_space},
        {"p_sign_posn", l->p_sign_posn},         {"n_sign_posn", l->n_sign_posn},
    };
    CHECK(add_text(t, dict, "decimal_point", l->decimal_point) && add_text(t, dict, "thousands_sep", l->thousands_sep) &&
          add_grouping(t, dict, "grouping", l->grouping) && add_text(t, dict, "int_curr_symbol", l->int_curr_symbol) &&
          add_text(t, dict, "currency_symbol", l->currency_symbol) &&
          add_text(t, dict, "mon_decimal_point", l->mon_decimal_point) &&
          add_text(t, dict, "mon_thousands_sep", l->mon_thousands_sep) &&
          add_grouping(t, dict, "mon_grouping", l->mon_grouping) && add_text(t, dict, "positive_sign", l->positive_sign) &&
          add_text(t, dict, "negative_sign", l->negative_sign));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        CHECK(dict_set_text(t, dict, numbers[i].name, small_int(numbers[i].value)));
    return dict;
}

/* A str as wide characters, malloc. */
static wchar_t *wide(Thread *t, Value v) {
    const void *data = str_data(t, v);
    size_t length = str_length(v);
    wchar_t *w = data ? malloc((length + 1) * sizeof *w) : NULL;
    if (w == NULL) {
        raise_no_memory(t);
        return NULL;
    }
    for (size_t i = 0; i < length; i++)
        w[i] = (wchar_t)str_char(data, str_kind(v), i);
    w[length] = 0;
    if (wcslen(w) == length)
        return w;
    free(w);
    raise_value_error(t, "embedded null character");
    return NULL;
}

static Value strcoll_(Thread *t, Value *args) {
    for (int i = 0; i < 2; i++)
        if (!is_str(args[i]))
            return raise_type_error(t, "strcoll() argument %d must be str, not %Y", i + 1, args[i]);
    wchar_t *a = wide(t, args[0]), *b = a ? wide(t, args[1]) : NULL;
    Value v = b ? small_int(wcscoll(a, b)) : NO_VALUE;
    free(a);
    free(b);
    return v;
}

static Value strxfrm_(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "strxfrm() argument must be str, not %Y", args[0]);
    wchar_t *s = wide(t, args[0]);
    if (s == NULL)
        return NO_VALUE;
    errno = 0;
    size_t size = wcsxfrm(NULL, s, 0);
    wchar_t *to = errno ? NULL : malloc((size + 1) * sizeof *to);
    Value v = NO_VALUE;
    if (to) {
        wcsxfrm(to, s, size + 1);
        for (size_t i = 0; i < size; i++) /* the C library uses any number; a character is at most 0x10ffff */
            to[i] = (wchar_t)((uint32_t)to[i] > 0x10ffff ? 0x10ffff : (uint32_t)to[i]);
        v = str_from_chars(t, to, 4, size);
    } else if (errno) {
        os_error(t);
    } else {
        raise_no_memory(t);
    }
    free(to);
    free(s);
    return v;
}

static Value nl_langinfo_(Thread *t, Value *args);
static Value getencoding(Thread *t, Value *args) {
    const char *name = nl_langinfo(CODESET);
    return str_from_text(t, name[0] ? name : "UTF-8");
}

static Value gettext_(Thread *t, Value *args) {
    const char *text;
    CHECK(text_argument(t, args[0], "gettext() argument", false, &text));
    return from_locale(t, gettext(text));
}
static Value dgettext_(Thread *t, Value *args) {
    const char *domain, *text;
    CHECK(text_argument(t, args[0], "dgettext() argument 1", true, &domain) &&
          text_argument(t, args[1], "dgettext() argument 2", false, &text));
    return from_locale(t, dgettext(domain, text));
}
static Value dcgettext_(Thread *t, Value *args) {
    const char *domain, *text;
    int category;
    CHECK(text_argument(t, args[0], "dcgettext() argument 1", true, &domain) &&
          text_argument(t, args[1], "dcgettext() argument 2", false, &text) && as_c_int(t, args[2], &category));
    return from_locale(t, dcgettext(domain, text, category));
}
static Value textdomain_(Thread *t, Value *args) {
    const char *domain;
    CHECK(text_argument(t, args[0], "textdomain() argument", true, &domain));
    const char *result = textdomain(domain);
    return result ? from_locale(t, result) : os_error(t);
}
static Value bindtextdomain_(Thread *t, Value *args) {
    const char *domain, *directory;
    CHECK(text_argument(t, args[0], "bindtextdomain() argument 1", false, &domain));
    if (domain[0] == 0)
        return locale_error(t, "domain must be a non-empty string");
    Path path = {.nullable = true, .fd = -1};
    CHECK(path_convert(t, args[1], &path));
    directory = path.name;
    const char *result = bindtextdomain(domain, directory);
    return result ? from_locale(t, result) : os_error(t);
}
static Value bind_textdomain_codeset_(Thread *t, Value *args) {
    const char *domain, *codeset;
    CHECK(text_argument(t, args[0], "bind_textdomain_codeset() argument 1", false, &domain) &&
          text_argument(t, args[1], "bind_textdomain_codeset() argument 2", true, &codeset));
    const char *result = bind_textdomain_codeset(domain, codeset);
    return result ? from_locale(t, result) : NONE;
}

static const NativeDef functions[] = {
    {"setlocale(category, locale=None, /)", setlocale_, "Sets or asks for the locale of a category."},
    {"localeconv()", localeconv_, "The locale's rules for numbers and money, as a dict."},
    {"strcoll(os1, os2, /)", strcoll_, "Compares two strings by the locale."},
    {"strxfrm(string, /)", strxfrm_, "A string that compares as the locale wants the given one to."},
    {"nl_langinfo(key, /)", nl_langinfo_, "A text of the locale."},
    {"getencoding()", getencoding, "The locale's encoding."},
    {"gettext(msg, /)", gettext_, "A translation."},
    {"dgettext(domain, msg, /)", dgettext_, "A translation from a domain."},
    {"dcgettext(domain, msg, category, /)", dcgettext_, "A translation from a domain and category."},
    {"textdomain(domain, /)", textdomain_, "Sets the current domain."},
    {"bindtextdomain(domain, dir, /)", bindtextdomain_, "Binds a domain to a directory."},
    {"bind_textdomain_codeset(domain, codeset, /)", bind_textdomain_codeset_, "Binds a domain to an encoding."},
    {NULL, NULL, NULL, 0},
};

#define N(name) {#name, name},
static const struct {
    const char *name;
    int key;
} keys[] = {
    N(ABDAY_1) N(ABDAY_2) N(ABDAY_3) N(ABDAY_4) N(ABDAY_5) N(ABDAY_6) N(ABDAY_7) N(ABMON_1) N(ABMON_10) N(ABMON_11)
    N(ABMON_12) N(ABMON_2) N(ABMON_3) N(ABMON_4) N(ABMON_5) N(ABMON_6) N(ABMON_7) N(ABMON_8) N(ABMON_9) N(ALT_DIGITS)
    N(AM_STR) N(CHAR_MAX) N(CODESET) N(CRNCYSTR) N(DAY_1) N(DAY_2) N(DAY_3) N(DAY_4) N(DAY_5) N(DAY_6) N(DAY_7)
    N(D_FMT) N(D_T_FMT) N(ERA) N(ERA_D_FMT) N(ERA_D_T_FMT) N(ERA_T_FMT) N(LC_ALL) N(LC_COLLATE) N(LC_CTYPE)
    N(LC_MESSAGES) N(LC_MONETARY) N(LC_NUMERIC) N(LC_TIME) N(MON_1) N(MON_10) N(MON_11) N(MON_12) N(MON_2) N(MON_3)
    N(MON_4) N(MON_5) N(MON_6) N(MON_7) N(MON_8) N(MON_9) N(NOEXPR) N(PM_STR) N(RADIXCHAR) N(THOUSEP) N(T_FMT)
    N(T_FMT_AMPM) N(YESEXPR) N(_DATE_FMT)
};
#undef N

static bool is_category(const char *name) { return name[0] == 'L' && name[1] == 'C'; }

static Value nl_langinfo_(Thread *t, Value *args) {
    int key;
    CHECK(as_c_int(t, args[0], &key));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].key == key && !is_category(keys[i].name) && strcmp(keys[i].name, "CHAR_MAX")) {
            const char *text = nl_langinfo(key);
            return from_locale(t, text ? text : "");
        }
    return raise_value_error(t, "unsupported langinfo constant");
}

static bool init(Thread *t, Value module) {
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!module_add_int(t, module, keys[i].name, keys[i].key))
            return false;
    Value name = str_intern_text(t, "Error"), module_name = str_intern_text(t, "locale"), namespace = dict_new(t);
    Value bases = tuple_pack(t, 1, from_object(&Exception_type));
    if (absent(name) || absent(module_name) || absent(namespace) || absent(bases) ||
        !dict_set(t, namespace, names.__module__, module_name))
        return false;
    Value error = t->isolate->slots[ISOLATE_LOCALE];
    if (absent(error))
        error = type_new_class(t, &type_type, name, bases, namespace, NO_VALUE);
    if (absent(error))
        return false;
    isolate_keep(t, ISOLATE_LOCALE, error);
    return module_add(t, module, "Error", error);
}

NATIVE_MODULE(_locale) = {
    .name = "_locale",
    .doc = "The C library's locale.",
    .functions = functions,
    .init = init,
};
