/* strftime, strptime and __format__, over the functions of `time` and `_strptime`. */
#include "modules/_datetime/datetime.h"

/* %z, %:z and %Z, computed when first met. */
static Value offset_for(Thread *t, Value object, const char *separator) {
    char text[OFFSET_TEXT_SIZE];
    Value method = find_attribute(t, object, names.utcoffset);
    CHECK(!error_pending(t));
    if (absent(method))
        return empty_str;
    Value offset = TRY(call_0(t, method));
    if (!is_none(offset) && !is_delta(offset))
        return raise_type_error(t, "tzinfo.utcoffset() must return None or a timedelta, not '%T'", offset);
    offset_text(offset, separator, text);
    return str_from_text(t, text);
}

static Value zone_name_for(Thread *t, Value object) {
    Value method = find_attribute(t, object, names.tzname);
    CHECK(!error_pending(t));
    Value name = absent(method) ? NONE : TRY(call_0(t, method));
    if (is_none(name))
        return empty_str;
    Value percent = TRY(str_from_text(t, "%")), twice = TRY(str_from_text(t, "%%"));
    name = TRY(call_method_2(t, name, names.replace, percent, twice)); /* strftime will read it again */
    return is_str(name) ? name : raise_type_error(t, "tzname.replace() did not return a string");
}

static int microsecond_of(Value object) {
    return is_datetime(object) ? as_datetime(object)->clock.microsecond : is_time(object) ? as_time(object)->clock.microsecond : 0;
}

/* The C library writes years below 1000 without their zeros. */
static bool add_year(Thread *t, StrBuilder *b, uint32_t letter, Value struct_time) {
    Value year = get_item(t, struct_time, small_int(0));
    if (present(year) && letter == 'G') {
        Value strftime = get_attribute_text(t, import_module(t, "time"), "strftime"), format = str_from_text(t, "%G");
        Value text = absent(strftime) || absent(format) ? NO_VALUE : call_2(t, strftime, format, struct_time);
        year = absent(text) ? text : int_from_str(t, text, 10);
    }
    int64_t number, month = 0, day = 0;
    if (absent(year) || !as_c_field(t, year, &number))
        return false;
    char text[24];
    if (letter == 'C')
        snprintf(text, sizeof text, "%02d", (int)(number / 100));
    else if (letter == 'F') {
        if (!as_c_field(t, get_item(t, struct_time, small_int(1)), &month) ||
            !as_c_field(t, get_item(t, struct_time, small_int(2)), &day))
            return false;
        snprintf(text, sizeof text, "%04d-%02d-%02d", (int)number, (int)month, (int)day);
    } else
        snprintf(text, sizeof text, "%04d", (int)number);
    return str_builder_add_text(t, b, text);
}

static bool early_year(Thread *t, Value struct_time) {
    int64_t year = 0;
    Value v = get_item(t, struct_time, small_int(0));
    return present(v) && as_c_field(t, v, &year) && year < 1000;
}

Value datetime_strftime(Thread *t, Value object, Value format, Value struct_time, Value unused) {
    if (!is_str(format))
        return raise_type_error(t, "strftime() argument 1 must be str, not %Y", format);
    Value offset = NO_VALUE, colon_offset = NO_VALUE, name = NO_VALUE;
    const void *data = str_data(t, format);
    int kind = str_kind(format);
    size_t n = str_length(format), plain = 0;
    StrBuilder b = {0};
    bool early = early_year(t, struct_time);
    CHECK(data != NULL && !error_pending(t));
    for (size_t i = 0; i < n;) {
        uint32_t c = str_char(data, kind, i);
        if (c != '%' || i + 1 >= n) {
            i++;
            continue;
        }
        uint32_t letter = str_char(data, kind, i + 1);
        size_t length = letter == ':' && i + 2 < n && str_char(data, kind, i + 2) == 'z' ? 3 : 2;
        bool year = early && (letter == 'Y' || letter == 'G' || letter == 'F' || letter == 'C');
        if (letter != 'f' && letter != 'z' && letter != 'Z' && length == 2 && !year) {
            i += 2;
            continue;
        }
        CHECK(i == plain || str_builder_add_slice(t, &b, format, plain, i));
        plain = i += length;
        if (year)
            CHECK(add_year(t, &b, letter, struct_time));
        else if (letter == 'f') {
            char text[8];
            snprintf(text, sizeof text, "%06d", microsecond_of(object));
            CHECK(str_builder_add_text(t, &b, text));
        } else {
            Value *slot = letter == 'Z' ? &name : length == 3 ? &colon_offset : &offset;
            if (absent(*slot))
                *slot = TRY(letter == 'Z' ? zone_name_for(t, object) : offset_for(t, object, length == 3 ? ":" : ""));
            CHECK(str_builder_add(t, &b, *slot));
        }
    }
    CHECK(plain == n || str_builder_add_slice(t, &b, format, plain, n));
    Value expanded = TRY(str_builder_finish(t, &b));
    Value strftime = TRY(get_attribute_text(t, TRY(import_module(t, "time")), "strftime"));
    return call_2(t, strftime, expanded, struct_time);
}

Value datetime_format(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "__format__() argument 1 must be str, not %Y", args[1]);
    if (str_length(args[1]) == 0)
        return to_str(t, args[0]);
    return call_method_1(t, args[0], TRY(str_intern_text(t, "strftime")), args[1]);
}

Value datetime_strptime(Thread *t, const char *function, Value class, Value text, Value format) {
    if (!is_str(text))
        return raise_type_error(t, "strptime() argument 1 must be str, not %Y", text);
    if (!is_str(format))
        return raise_type_error(t, "strptime() argument 2 must be str, not %Y", format);
    Value parse = TRY(get_attribute_text(t, TRY(import_module(t, "_strptime")), function));
    return call_3(t, parse, class, text, format);
}
