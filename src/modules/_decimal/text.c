/* Decimal as text, formatted text and tuple. Threads: decimal.h. */
#include "modules/_decimal/decimal.h"

Value decimal_text(Thread *t, const mpd_t *dec, bool capitals, bool engineering) {
    char *text = NULL;
    mpd_ssize_t length = engineering ? mpd_to_eng_size(&text, dec, capitals) : mpd_to_sci_size(&text, dec, capitals);
    if (length < 0 || !text)
        return raise_no_memory(t);
    Value result = str_from_ascii(t, text, (size_t)length);
    mpd_free(text);
    return result;
}

Value decimal_str(Thread *t, Value *args) {
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    return decimal_text(t, &as_decimal(args[0])->dec, load_relaxed(&c->capitals), false);
}

Value decimal_repr(Thread *t, Value *args) { return format_text(t, "Decimal('%S')", TRY(decimal_str(t, args))); }

/* sign, digits, exponent */
Value decimal_as_tuple(Thread *t, Value *args) {
    const mpd_t *dec = &as_decimal(args[0])->dec;
    bool infinite = mpd_isinfinite(dec);
    Value digits;
    if (infinite)
        digits = TRY(tuple_pack(t, 1, small_int(0)));
    else {
        digits = TRY(tuple_new(t, (size_t)dec->digits));
        size_t at = (size_t)dec->digits;
        for (mpd_ssize_t i = 0; i < dec->len; i++) {
            mpd_uint_t word = dec->data[i];
            for (int j = 0; j < MPD_RDIGITS && at > 0; j++, word /= 10)
                tuple_set(digits, --at, small_int((int64_t)(word % 10)));
        }
    }
    Value exponent;
    if (mpd_isspecial(dec))
        exponent = TRY(str_from_text(t, infinite ? "F" : mpd_isqnan(dec) ? "n" : "N"));
    else
        exponent = int_from(t, dec->exp);
    return call_3(t, decimal_state(t, STATE_DECIMAL_TUPLE), small_int(mpd_isnegative(dec)), digits, exponent);
}

/* Formatting */

/* An entry of the dict that replaces the locale's conventions; NULL with or without an exception. */
static const char *override_text(Thread *t, Value dict, const char *name) {
    Value v = dict_get_text(t, dict, name);
    if (absent(v))
        return NULL;
    if (!is_str(v)) {
        raise_type_error(t, "bad argument type for built-in operation");
        return NULL;
    }
    return str_utf8(t, v, &(size_t){0});
}

static Value apply_overrides(Thread *t, Value dict, mpd_spec_t *spec) {
    const char *dot = override_text(t, dict, "decimal_point");
    const char *separator = error_pending(t) ? NULL : override_text(t, dict, "thousands_sep");
    const char *grouping = error_pending(t) ? NULL : override_text(t, dict, "grouping");
    CHECK(!error_pending(t));
    spec->dot = dot ? dot : spec->dot;
    spec->sep = separator ? separator : spec->sep;
    spec->grouping = grouping ? grouping : spec->grouping;
    if (mpd_validate_lconv(spec) < 0)
        return raise_value_error(t, "invalid override dict");
    return NONE;
}

/* What the library does not know of the format language, the module in Python does. */
static Value format_in_python(Thread *t, Value self, Value spec, Context *c) {
    Value module = TRY(import_module(t, "_pydecimal"));
    Value number = TRY(call_1(t, TRY(get_attribute_text(t, module, "Decimal")),
                              TRY(decimal_text(t, &as_decimal(self)->dec, true, false))));
    /* prec, rounding, Emin, Emax, capitals */
    Value rounding = TRY(get_attribute_text(t, from_object(c), "rounding"));
    Value arguments[] = {NO_VALUE, NONE, rounding, NONE, NONE, small_int(load_relaxed(&c->capitals))};
    Value context = TRY(call(t, TRY(get_attribute_text(t, module, "Context")), arguments + 1, 5, NO_VALUE));
    Value text = call_method_2(t, number, TRY(str_intern_text(t, "__format__")), spec, context);
    if (absent(text) && error_catch(t, &ValueError_type))
        return raise_value_error(t, "invalid format string");
    return text;
}

/* The library ends a specification at a zero character: one that fills stands aside as '_' until the end. */
static Value restore_fill(Thread *t, Value text) {
    Value zero = TRY(str_from_char(t, 0)), method = TRY(str_intern_text(t, "replace"));
    return call_method_2(t, text, method, TRY(str_from_char(t, '_')), zero);
}

static Value format_by(Thread *t, Value self, const mpd_spec_t *spec) {
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    uint32_t status = 0;
    char *text = mpd_qformat_spec(&as_decimal(self)->dec, spec, &c->mpd, &status);
    if (!text)
        return status & MPD_Malloc_error ? raise_no_memory(t)
                                         : raise_value_error(t, "format specification exceeds internal limits of _decimal");
    Value result = str_from_utf8(t, text, strlen(text));
    mpd_free(text);
    return result;
}

/* args: self, format, override */
Value decimal_format(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "format arg must be str");
    Context *c = decimal_context(t);
    size_t length;
    const char *format = str_utf8(t, args[1], &length);
    CHECK(c != NULL && format != NULL);
    if (length > 0 && format[length - 1] == 'N' &&
        !warn(t, &DeprecationWarning_type, 1, "Format specifier 'N' is deprecated and slated for removal in Python 3.18"))
        return NO_VALUE;
    bool zero_fill = length > 0 && format[0] == 0;
    char *copy = strdup(format);
    if (zero_fill) {
        free(copy);
        copy = malloc(length + 1);
        if (copy) {
            memcpy(copy, format, length + 1);
            copy[0] = '_';
        }
    }
    if (!copy)
        return raise_no_memory(t);
    mpd_spec_t spec;
    bool known = mpd_parse_fmt_str(&spec, copy, load_relaxed(&c->capitals));
    free(copy);
    if (present(args[2])) {
        if (!is_dict(args[2]))
            return raise_type_error(t, "optional argument must be a dict");
        if (known)
            TRY(apply_overrides(t, args[2], &spec));
    }
    if (!known)
        return format_in_python(t, args[0], args[1], c);
    Value result = TRY(format_by(t, args[0], &spec));
    return zero_fill ? restore_fill(t, result) : result;
}
