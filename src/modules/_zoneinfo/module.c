/* _zoneinfo: the class ZoneInfo. Reading files is left to zoneinfo._common, which is Python.
 *
 * ZoneInfo(key) gives the same object as long as it lives: `weak_cache` has them by key, in a WeakValueDictionary for each class. The last
 * few of ZoneInfo itself are kept alive.
 *
 * Threads: what is kept alive is a tuple, key and zone in turn, the last one first. Another tuple takes its place whenever the order
 * changes; of two threads that do that at once one may have done it in vain.
 */
#include "modules/_zoneinfo/zoneinfo.h"

extern Type zoneinfo_type;

enum { KEPT = 8 };
enum { FIND_FILE, OPEN, COMMON, WEAK_CACHE, STATE_COUNT };

static Value state(Thread *t, size_t which) { return tuple_get(t->isolate->slots[ISOLATE_ZONEINFO], which); }

/* Caches */

static Value new_weak_cache(Thread *t) {
    return call_0(t, TRY(get_attribute_text(t, TRY(import_module(t, "weakref")), "WeakValueDictionary")));
}

static Value weak_cache_of(Thread *t, Type *class) {
    return class == &zoneinfo_type ? state(t, WEAK_CACHE) : get_attribute_text(t, from_object(class), "_weak_cache");
}

static Value kept(Thread *t) { return load(&t->isolate->slots[ISOLATE_ZONEINFO_KEPT]); }

static void set_kept(Thread *t, Value tuple) {
    isolate_keep(t, ISOLATE_ZONEINFO_KEPT, tuple);
}

/* Puts a zone in front; `found` is where it was in `old`, or that tuple's length. Absent zone: it is only taken out. */
static bool keep(Thread *t, Value old, size_t found, Value key, Value zone) {
    Value words[2 * KEPT + 2];
    size_t n = 0;
    if (present(zone)) {
        words[n++] = key;
        words[n++] = zone;
    }
    for (size_t i = 0; i < tuple_length(old) && n < 2 * KEPT; i += 2) {
        if (i == found)
            continue;
        words[n++] = tuple_get(old, i);
        words[n++] = tuple_get(old, i + 1);
    }
    Value tuple = tuple_from_values(t, words, n);
    if (absent(tuple))
        return false;
    set_kept(t, tuple);
    return true;
}

/* Where the key is, the length if it is nowhere; false: a comparison failed. */
static bool find_kept(Thread *t, Value tuple, Value key, size_t *at) {
    for (*at = 0; *at < tuple_length(tuple); *at += 2) {
        int found = equal(t, key, tuple_get(tuple, *at));
        if (found)
            return found > 0;
    }
    return true;
}

/* Making */

static Value load_from(Thread *t, Type *class, Value key, Value file) {
    Value data = TRY(call_method_1(t, state(t, COMMON), TRY(str_intern_text(t, "load_data")), file));
    Zone *z = type_allocate(t, class);
    CHECK(z != NULL);
    store(z, &z->key, key);
    CHECK(zone_load(t, z, data));
    return from_object(z);
}

static Value new_zone(Thread *t, Type *class, Value key) {
    Value path = TRY(call_1(t, state(t, FIND_FILE), key));
    Value file = is_none(path) ? TRY(call_method_1(t, state(t, COMMON), TRY(str_intern_text(t, "load_tzdata")), key))
                               : TRY(call_2(t, state(t, OPEN), path, TRY(str_from_text(t, "rb"))));
    Value zone = load_from(t, class, key, file), error = error_take(t);
    Value closed = call_method_0(t, file, names.close);
    if (present(error)) {
        error_clear(t);
        error_restore(t, error);
        return NO_VALUE;
    }
    return absent(closed) ? NO_VALUE : zone;
}

static Value cached_zone(Thread *t, Type *class, Value key) {
    if (class == &zoneinfo_type) {
        Value tuple = kept(t);
        size_t at;
        CHECK(find_kept(t, tuple, key, &at));
        if (at < tuple_length(tuple)) {
            Value zone = tuple_get(tuple, at + 1);
            return at == 0 || keep(t, tuple, at, tuple_get(tuple, at), zone) ? zone : NO_VALUE;
        }
    }
    Value cache = TRY(weak_cache_of(t, class)), zone = TRY(call_method_2(t, cache, names.get, key, NONE));
    if (is_none(zone)) {
        zone = TRY(new_zone(t, class, key));
        as_zone(zone)->cached = true;
        zone = TRY(call_method_2(t, cache, names.setdefault, key, zone));
    }
    if (!is_instance_of(zone, class))
        return raise_error(t, &RuntimeError_type, "Unexpected instance of %T in %N weak cache for key %R", zone, class, key);
    if (class == &zoneinfo_type) {
        Value tuple = kept(t);
        CHECK(keep(t, tuple, tuple_length(tuple), key, zone));
    }
    return zone;
}

static Value zone_new(Thread *t, Value *args) { return cached_zone(t, as_type(args[0]), args[1]); }
static Value zone_no_cache(Thread *t, Value *args) { return new_zone(t, as_type(args[0]), args[1]); }

static Value zone_from_file(Thread *t, Value *args) {
    Value shown = TRY(repr(t, args[1])), zone = TRY(load_from(t, as_type(args[0]), args[2], args[1]));
    store(as_zone(zone), &as_zone(zone)->file_repr, shown);
    return zone;
}

static Value zone_clear_cache(Thread *t, Value *args) {
    Type *class = as_type(args[0]);
    Value cache = TRY(weak_cache_of(t, class));
    if (is_none(args[1])) {
        TRY(call_method_0(t, cache, names.clear));
        if (class == &zoneinfo_type)
            set_kept(t, empty_tuple);
        return NONE;
    }
    Value keys = TRY(get_iterator(t, args[1])), key;
    while (present(key = iterator_next(t, keys))) {
        if (class == &zoneinfo_type) {
            Value tuple = kept(t);
            size_t at;
            CHECK(find_kept(t, tuple, key, &at));
            CHECK(at == tuple_length(tuple) || keep(t, tuple, at, key, NO_VALUE));
        }
        TRY(call_method_2(t, cache, names.pop, key, NONE));
    }
    return error_pending(t) ? NO_VALUE : NONE;
}

static Value zone_init_subclass(Thread *t, Value *args) {
    CHECK(set_attribute(t, args[0], TRY(str_intern_text(t, "_weak_cache")), TRY(new_weak_cache(t))));
    return NONE;
}

/* Asking */

/* Any C int will do. */
static bool read_field(Thread *t, Value v, int64_t *out) {
    if (absent(v) || !index_as_ssize(t, v, out, false, NULL))
        return false;
    if (*out == (int32_t)*out)
        return true;
    raise_overflow_error(t, "Python int too large to convert to C int");
    return false;
}

static bool read_attribute(Thread *t, Value o, const char *name, int64_t *out) {
    return read_field(t, get_attribute_text(t, o, name), out);
}

typedef struct ClockTime {
    int64_t local;
    int fold, year;
} ClockTime;

/* Subclasses may have their own idea of what day it is. */
static bool read_clock(Thread *t, Value v, ClockTime *out) {
    int64_t ordinal, hour, minute, second, fold, year;
    if (is_exactly(v, &datetime_type)) {
        const DateTime *d = as_datetime(v);
        ordinal = ymd_to_ordinal(d->date.year, d->date.month, d->date.day);
        hour = d->clock.hour;
        minute = d->clock.minute;
        second = d->clock.second;
    } else if (!read_field(t, call_method_0(t, v, str_intern_text(t, "toordinal")), &ordinal) ||
               !read_attribute(t, v, "hour", &hour) || !read_attribute(t, v, "minute", &minute) ||
               !read_attribute(t, v, "second", &second))
        return false;
    if (is_datetime(v)) {
        fold = as_datetime(v)->clock.fold;
        year = as_datetime(v)->date.year;
    } else if (!read_attribute(t, v, "fold", &fold) || !read_attribute(t, v, "year", &year))
        return false;
    if (year < MIN_YEAR || year > MAX_YEAR) {
        raise_value_error(t, "year %lld is out of range", (long long)year);
        return false;
    }
    enum { EPOCH_ORDINAL = 719163 };
    *out = (ClockTime){(ordinal - EPOCH_ORDINAL) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second, fold != 0, (int)year};
    return true;
}

static Value of_period(Thread *t, Value *args, size_t which) {
    const Zone *z = as_zone(args[0]);
    uint32_t period = zone_standard(z);
    if (is_none(args[1])) {
        if (!z->fixed)
            return NONE;
    } else {
        ClockTime clock;
        CHECK(read_clock(t, args[1], &clock));
        period = zone_period_at(z, clock.local, clock.fold, clock.year);
    }
    return tuple_get(z->periods, 3 * (size_t)period + which);
}

static Value zone_utcoffset(Thread *t, Value *args) { return of_period(t, args, 0); }
static Value zone_dst(Thread *t, Value *args) { return of_period(t, args, 1); }
static Value zone_tzname(Thread *t, Value *args) { return of_period(t, args, 2); }

static Value zone_fromutc(Thread *t, Value *args) {
    const Zone *z = as_zone(args[0]);
    if (!is_datetime(args[1]))
        return raise_type_error(t, "fromutc: argument must be a datetime");
    if (!same(as_datetime(args[1])->tzinfo, args[0]))
        return raise_value_error(t, "fromutc: dt.tzinfo is not self");
    ClockTime clock;
    CHECK(read_clock(t, args[1], &clock));
    bool fold;
    uint32_t period = zone_period_at_utc(z, clock.local, clock.year, &fold);
    Value offset = tuple_get(z->periods, 3 * (size_t)period);
    if (!is_exactly(args[1], &datetime_type)) {
        Value result = TRY(binary_operation(t, BINARY_ADD, args[1], offset));
        if (!fold)
            return result;
        Value keyword[2] = {NO_VALUE, small_int(1)}, replace = TRY(get_attribute(t, result, names.replace));
        return call(t, replace, keyword + 1, 0, TRY(tuple_pack(t, 1, TRY(str_intern_text(t, "fold")))));
    }
    Value result = TRY(datetime_add(t, args[1], as_delta(offset), 1));
    as_datetime(result)->clock.fold = fold; /* nobody else has seen it */
    return result;
}

/* Texts and pickles */

static Value zone_repr(Thread *t, Value *args) {
    const Zone *z = as_zone(args[0]);
    const char *class = type_of(args[0])->name_text;
    if (is_none(z->key) && present(z->file_repr))
        return format_text(t, "%s.from_file(%S)", class, z->file_repr);
    return format_text(t, "%s(key=%R)", class, z->key);
}

static Value zone_str(Thread *t, Value *args) {
    Value key = as_zone(args[0])->key;
    return is_none(key) ? zone_repr(t, args) : key;
}

static Value zone_reduce(Thread *t, Value *args) {
    const Zone *z = as_zone(args[0]);
    if (present(z->file_repr)) {
        Value error = TRY(get_attribute_text(t, TRY(import_module(t, "pickle")), "PicklingError"));
        return raise_exception(t, TRY(call_1(t, error, TRY(str_from_text(t, "Cannot pickle a ZoneInfo file from a file stream.")))));
    }
    Value maker = TRY(get_attribute_text(t, args[0], "_unpickle"));
    return tuple_pack(t, 2, maker, TRY(tuple_pack(t, 2, z->key, small_int(z->cached))));
}

static Value zone_unpickle(Thread *t, Value *args) {
    Type *class = as_type(args[0]);
    int64_t from_cache;
    CHECK(index_as_ssize(t, args[2], &from_cache, false, NULL));
    return (uint8_t)from_cache ? cached_zone(t, class, args[1]) : new_zone(t, class, args[1]);
}

static Value zone_getattribute(Thread *t, Value *args) { return generic_get_attribute(t, args[0], args[1]); }

static const NativeDef methods[] = {
    {"__new__(type, key)", zone_new, "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"__getattribute__(self, name, /)", zone_getattribute, "Return getattr(self, name)."},
    {"__repr__(self, /)", zone_repr, "Return repr(self)."},
    {"__str__(self, /)", zone_str, "Return str(self)."},
    {"clear_cache(type, /, *, only_keys=None)", zone_clear_cache, NULL, NATIVE_CLASS},
    {"no_cache(type, /, key)", zone_no_cache, NULL, NATIVE_CLASS},
    {"from_file(type, file_obj, /, key=None)", zone_from_file, NULL, NATIVE_CLASS},
    {"utcoffset(self, dt, /)", zone_utcoffset, "Retrieve a timedelta representing the UTC offset in a zone at the given datetime.",
     NATIVE_COUNTS_NAMED},
    {"dst(self, dt, /)", zone_dst,
     "Retrieve a timedelta representing the amount of DST applied in a zone at the given datetime.", NATIVE_COUNTS_NAMED},
    {"tzname(self, dt, /)", zone_tzname,
     "Retrieve a string containing the abbreviation for the time zone that applies in a zone at a given datetime.",
     NATIVE_COUNTS_NAMED},
    {"fromutc(self, object, /)", zone_fromutc,
     "Given a datetime with local time in UTC, retrieve an adjusted datetime in local time."},
    {"__reduce__(self, /)", zone_reduce, "Function for serialization with the pickle protocol."},
    {"_unpickle(type, key, from_cache, /)", zone_unpickle, NULL, NATIVE_CLASS | NATIVE_COUNTS_NAMED},
    {"__init_subclass__(type, /, *args, **kwargs)", zone_init_subclass, "Function to initialize subclasses.",
     NATIVE_CLASS | NATIVE_NO_SIGNATURE},
    {NULL},
};

static const MemberDef members[] = {
    {"key", MEMBER_VALUE_OR_ERROR, offsetof(Zone, key), true, NULL},
    {NULL},
};

static void trace(Tracer *tracer, Object *o) { trace_values(tracer, &((Zone *)o)->key, 4); }

MODULE_TYPE(zoneinfo_type, _zoneinfo) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "zoneinfo.ZoneInfo",
    .base_static = &tzinfo_type,
    .methods = methods,
    .members = members,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(Zone),
};

static Value make_state(Thread *t) {
    Value words[STATE_COUNT];
    words[FIND_FILE] = TRY(get_attribute_text(t, TRY(import_module(t, "zoneinfo._tzpath")), "find_tzfile"));
    words[OPEN] = TRY(get_attribute_text(t, TRY(import_module(t, "io")), "open"));
    words[COMMON] = TRY(import_module(t, "zoneinfo._common"));
    words[WEAK_CACHE] = TRY(new_weak_cache(t));
    return tuple_from_values(t, words, STATE_COUNT);
}

/* Whoever hides _datetime gets the datetime that is written in Python, and then the ZoneInfo that is. */
static bool has_native_datetime(Thread *t) {
    Value module = import_module(t, "datetime"), class = absent(module) ? NO_VALUE : get_attribute_text(t, module, "tzinfo");
    if (present(class) && !same(class, from_object(&tzinfo_type)))
        raise_error(t, &AttributeError_type, "module 'datetime' has no attribute 'datetime_CAPI'");
    return same(class, from_object(&tzinfo_type));
}

static bool init(Thread *t, Value module) {
    Value made = has_native_datetime(t) ? make_state(t) : NO_VALUE;
    if (absent(made))
        return false;
    isolate_keep(t, ISOLATE_ZONEINFO, made);
    set_kept(t, empty_tuple);
    return module_add_type(t, module, &zoneinfo_type);
}

extern const ModuleDef _datetime_module;
NATIVE_MODULE(_zoneinfo) = {
    .name = "_zoneinfo",
    .doc = "C implementation of the zoneinfo module",
    .init = init,
    .types_from = &_datetime_module,
};
