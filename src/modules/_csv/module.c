/* The module _csv: registered dialects and the field limit. Threads: the registry is a dict, the limit one word. */
#include "modules/_csv/internal.h"

static Value register_dialect(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "dialect name must be a string");
    Value dialect = TRY(csv_make_dialect(t, args[1], args[2]));
    CHECK(dict_set(t, csv_state(t, CSV_DIALECTS), args[0], dialect));
    return NONE;
}

static Value unregister_dialect(Thread *t, Value *args) {
    int deleted = dict_delete(t, csv_state(t, CSV_DIALECTS), args[0]);
    return deleted < 0 ? NO_VALUE : deleted ? NONE : CSV_FAIL(t, "unknown dialect");
}

static Value get_dialect(Thread *t, Value *args) { return csv_get_dialect(t, args[0]); }
static Value list_dialects(Thread *t, Value *args) { return dict_keys_list(t, csv_state(t, CSV_DIALECTS)); }

static Value field_size_limit(Thread *t, Value *args) {
    Value old = csv_state(t, CSV_LIMIT);
    int64_t limit;
    if (absent(args[0]))
        return old;
    if (!is_int(args[0]))
        return raise_type_error(t, "limit must be an integer");
    CHECK(int_as_i64(t, args[0], &limit));
    list_set(t, t->isolate->slots[ISOLATE_CSV], CSV_LIMIT, int_from(t, limit));
    return old;
}

static const NativeDef functions[] = {
    {"list_dialects()", list_dialects, "Return a list of all known dialect names."},
    {"register_dialect(name, /, dialect=<'excel'>, **fmtparams)", register_dialect,
     "Create a mapping from a string name to a CVS dialect.\n\n"
     "The optional \"dialect\" argument specifies the base dialect instance\n"
     "or the name of the registered dialect.  The function also accepts\n"
     "optional keyword arguments which override settings provided by the\ndialect.\n"},
    {"unregister_dialect(name)", unregister_dialect, "Delete the name/dialect mapping associated with a string name."},
    {"get_dialect(name)", get_dialect, "Return the dialect instance associated with name."},
    {"field_size_limit(new_limit=<unrepresentable>)", field_size_limit,
     "Sets an upper limit on parsed fields.\n\n"
     "Returns old limit. If limit is not given, no new limit is set and\nthe old limit is returned"},
    {"reader(iterable, /, dialect=<'excel'>, **fmtparams)", csv_reader,
     "Return a reader object that will process lines from the given iterable.\n\n"
     "The \"iterable\" argument can be any object that returns a line\n"
     "of input for each iteration, such as a file object or a list.  The\n"
     "optional \"dialect\" argument defines a CSV dialect.  The function\n"
     "also accepts optional keyword arguments which override settings\nprovided by the dialect.\n\n"
     "The returned object is an iterator.  Each iteration returns a row\n"
     "of the CSV file (which can span multiple input lines).\n"},
    {"writer(fileobj, /, dialect=<'excel'>, **fmtparams)", csv_writer,
     "Return a writer object that will write user data on the given file object.\n\n"
     "The \"fileobj\" argument can be any object that supports the file API.\n"
     "The optional \"dialect\" argument defines a CSV dialect.  The function\n"
     "also accepts optional keyword arguments which override settings\nprovided by the dialect.\n"},
    {NULL},
};

static Value error_class(Thread *t) {
    Value namespace = TRY(dict_new(t)), bases = TRY(tuple_pack(t, 1, from_object(&Exception_type)));
    CHECK(dict_set(t, namespace, names.__module__, TRY(str_from_text(t, "_csv"))));
    return type_new_class(t, &type_type, TRY(str_intern_text(t, "Error")), bases, namespace, NO_VALUE);
}

static bool init(Thread *t, Value module) {
    static const char *const quotings[] = {"QUOTE_MINIMAL", "QUOTE_ALL", "QUOTE_NONNUMERIC", "QUOTE_NONE", "QUOTE_STRINGS",
                                           "QUOTE_NOTNULL"};
    Value state[] = {error_class(t), dict_new(t), small_int(128 * 1024)};
    if (absent(state[CSV_ERROR]) || absent(state[CSV_DIALECTS]))
        return false;
    Value list = list_from_values(t, state, 3);
    if (absent(list))
        return false;
    isolate_keep(t, ISOLATE_CSV, list);
    for (int i = 0; i < 6; i++)
        if (!module_add_int(t, module, quotings[i], i))
            return false;
    return module_add(t, module, "Error", state[CSV_ERROR]) && module_add(t, module, "_dialects", state[CSV_DIALECTS]) &&
           module_add_type(t, module, &csv_dialect_type) && module_add(t, module, "Reader", from_object(&csv_reader_type)) &&
           module_add(t, module, "Writer", from_object(&csv_writer_type));
}

NATIVE_MODULE(_csv) = {
    .name = "_csv",
    .doc = "CSV parsing and writing.\n",
    .functions = functions,
    .init = init,
};
