/* Row: a tuple whose items have the names of the cursor's description. Immutable: no thread contract. */
#include "modules/_sqlite3/sqlite.h"
#include "object/type_internal.h"
#include "types/slice.h"

typedef struct RowObject {
    Object object;
    Value data, description; /* description: tuple of tuples, or None */
} RowObject;

static RowObject *as_row(Value v) { return (RowObject *)v.bits; }
static void trace(Tracer *tracer, Object *o) { trace_values(tracer, &((RowObject *)o)->data, 2); }

static const char *type_name(Value v) { return is_none(v) ? "None" : type_of(v)->name_text; }

static Value new(Thread *t, Value *args) {
    if (!is_instance_of(args[1], &sqlite_cursor_type))
        return raise_type_error(t, "Row() argument 1 must be sqlite3.Cursor, not %s", type_name(args[1]));
    if (!is_tuple(args[2]))
        return raise_type_error(t, "Row() argument 2 must be tuple, not %s", type_name(args[2]));
    RowObject *r = type_allocate(t, as_type(args[0]));
    CHECK(r != NULL);
    Value description = load(&as_cursor(args[1])->description);
    store(r, &r->data, args[2]);
    store(r, &r->description, present(description) ? description : NONE);
    return from_object(r);
}

static size_t column_count(RowObject *r) { return is_none(r->description) ? 0 : tuple_length(r->description); }
static Value column_name(RowObject *r, size_t i) { return tuple_get(tuple_get(r->description, i), 0); }

static bool is_ascii_letter(uint32_t c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

/* Names are equal but for the case of ASCII letters. */
static bool equal_names(Thread *t, Value a, Value b) {
    size_t n = str_length(a);
    const void *x = str_data(t, a), *y = str_data(t, b);
    if (!x || !y || n != str_length(b))
        return false;
    for (size_t i = 0; i < n; i++) {
        uint32_t p = str_char(x, str_kind(a), i), q = str_char(y, str_kind(b), i);
        if (p != q && !((p ^ q) == 32 && is_ascii_letter(p)))
            return false;
    }
    return true;
}

static Value item_at(Thread *t, RowObject *r, Value index) {
    int64_t i, n = (int64_t)tuple_length(r->data);
    CHECK(index_as_ssize(t, index, &i, false, &IndexError_type));
    if (i < 0)
        i += n;
    return i >= 0 && i < n ? tuple_get(r->data, (size_t)i) : raise_index_error(t, "tuple index out of range");
}

static Value getitem(Thread *t, Value *args) {
    RowObject *r = as_row(args[0]);
    if (is_int(args[1]))
        return item_at(t, r, args[1]);
    if (is_str(args[1])) {
        for (size_t i = 0, n = column_count(r); i < n; i++)
            if (equal_names(t, args[1], column_name(r, i)) && i < tuple_length(r->data))
                return tuple_get(r->data, i);
        CHECK(!error_pending(t));
        return is_none(r->description) ? raise_index_error(t, "No item with key %R", args[1])
                                       : raise_index_error(t, "No item with that key");
    }
    if (is_exactly(args[1], &slice_type))
        return get_item(t, r->data, args[1]);
    return raise_index_error(t, "Index must be int or string");
}

static Value keys(Thread *t, Value *args) {
    RowObject *r = as_row(args[0]);
    Value list = TRY(list_new(t, column_count(r)));
    for (size_t i = 0, n = column_count(r); i < n; i++)
        CHECK(list_push(t, list, column_name(r, i)));
    return list;
}

static Value len(Thread *t, Value *args) { return small_int((int64_t)tuple_length(as_row(args[0])->data)); }
static Value iter(Thread *t, Value *args) { return get_iterator(t, as_row(args[0])->data); }

static Value hash(Thread *t, Value *args) {
    int64_t description, data;
    CHECK(hash_of(t, as_row(args[0])->description, &description) && hash_of(t, as_row(args[0])->data, &data));
    return int_from(t, description ^ data);
}

static Value compare_rows(Thread *t, Value *args, Comparison op) {
    if (!is_instance_of(args[1], &sqlite_row_type))
        return NOT_IMPLEMENTED;
    RowObject *a = as_row(args[0]), *b = as_row(args[1]);
    int same_names = equal(t, a->description, b->description);
    CHECK(same_names >= 0);
    return same_names ? compare(t, op, a->data, b->data) : from_bool(op == COMPARE_NE);
}
static Value eq(Thread *t, Value *args) { return compare_rows(t, args, COMPARE_EQ); }
static Value ne(Thread *t, Value *args) { return compare_rows(t, args, COMPARE_NE); }

static const NativeDef methods[] = {
    {"__new__(type, cursor, data, /)", new, "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"__hash__(self, /)", hash, "Return hash(self)."},
    {"__eq__(self, value, /)", eq, "Return self==value."},
    {"__ne__(self, value, /)", ne, "Return self!=value."},
    UNORDERED_ROWS,
    {"__iter__(self, /)", iter, "Implement iter(self)."},
    {"__len__(self, /)", len, "Return len(self)."},
    {"__getitem__(self, key, /)", getitem, "Return self[key]."},
    {"keys(self, /)", keys, "Returns the keys of the row."},
    {NULL},
};

MODULE_TYPE(sqlite_row_type, _sqlite3) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "sqlite3.Row",
    .methods = methods,
    .flags = TYPE_BASE,
    .instance_size = sizeof(RowObject),
};
