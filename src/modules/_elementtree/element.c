/* Element: a tag, text, attributes and children. See elementtree.h. */
#include "modules/_elementtree/elementtree.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/slice.h"
#include "types/str/str.h"
#include "types/tuple.h"

static void trace(Tracer *tracer, Object *o) {
    Element *e = (Element *)o;
    trace_values(tracer, &e->tag, (sizeof(Element) - offsetof(Element, tag)) / sizeof(Value));
}

/* Making */

/* NOBARRIER: the element is new. */
static void fill(Element *e, Value tag, Value attributes) {
    e->tag = tag;
    e->text = e->tail = NONE;
    e->attributes = attributes;
}

Value element_new(Thread *t, Value tag, Value attributes) {
    Element *e = type_allocate(t, &element_type);
    CHECK(e != NULL);
    fill(e, tag, attributes);
    return from_object(e);
}

static Value new_method(Thread *t, Value *args) {
    Element *e = type_allocate(t, as_type(args[0]));
    CHECK(e != NULL);
    fill(e, NONE, NO_VALUE);
    return from_object(e);
}

static bool require_dict(Thread *t, const char *what, Value v) {
    if (!is_dict(v))
        raise_type_error(t, "%s must be dict, not %T", what, v);
    return !error_pending(t);
}

bool element_attributes(Thread *t, const char *what, Value attributes, Value keywords, Value *result) {
    *result = NO_VALUE;
    if (absent(attributes) && present(keywords)) {
        what = "attrib";
        Value name = str_intern_text(t, what);
        attributes = present(name) ? dict_pop(t, keywords, name) : NO_VALUE;
        if (error_pending(t))
            return false;
    }
    if (present(attributes)) {
        if (!require_dict(t, what, attributes))
            return false;
        if (dict_length(attributes)) {
            attributes = dict_copy(t, attributes);
            if (absent(attributes) || (present(keywords) && !dict_update(t, attributes, keywords)))
                return false;
            keywords = attributes;
        }
    }
    if (present(keywords) && dict_length(keywords))
        *result = keywords;
    return true;
}

static Value init(Thread *t, Value *args) {
    Element *e = as_element(args[0]);
    Value attributes;
    if (absent(args[1]))
        return raise_type_error(t, "Element() takes at least 1 argument (0 given)");
    CHECK(element_attributes(t, "Element() argument 2", args[2], args[3], &attributes));
    store(e, &e->tag, args[1]);
    store(e, &e->text, NONE);
    store(e, &e->tail, NONE);
    if (present(attributes))
        store(e, &e->attributes, attributes);
    return NONE;
}

/* *slot, made by `make` if it is absent. */
static Value own(Thread *t, Element *e, Value *slot, Value (*make)(Thread *t)) {
    Value v = load(slot);
    if (likely(present(v)))
        return v;
    Value fresh = TRY(make(t));
    object_lock(&e->object);
    v = load(slot);
    if (absent(v))
        store(e, slot, v = fresh);
    object_unlock(&e->object);
    return v;
}
static Value make_list(Thread *t) { return list_new(t, 4); }
static Value own_children(Thread *t, Value self) { return own(t, as_element(self), &as_element(self)->children, make_list); }
static Value own_attributes(Thread *t, Value self) { return own(t, as_element(self), &as_element(self)->attributes, dict_new); }

/* The children, for those that only read: perhaps a list of none. */
static Value children_of(Thread *t, Value self) {
    Value children = load(&as_element(self)->children);
    return present(children) ? children : list_new(t, 0);
}

bool element_append(Thread *t, Value element, Value child) {
    Value children = own_children(t, element);
    return present(children) && list_append(t, children, child);
}

/* As a sequence */

static bool require_element(Thread *t, Value v, const char *what) {
    if (likely(is_element(v)))
        return true;
    raise_type_error(t, "%s must be xml.etree.ElementTree.Element, not %T", what, v);
    return false;
}

static bool require_child(Thread *t, Value v) {
    if (likely(is_element(v)))
        return true;
    raise_type_error(t, "expected an Element, not \"%T\"", v);
    return false;
}

static Value len_method(Thread *t, Value *args) { return small_int((int64_t)element_length(as_element(args[0]))); }

static Value bool_method(Thread *t, Value *args) {
    CHECK(warn(t, &DeprecationWarning_type, 1,
               "Testing an element's truth value will always return True in future versions.  "
               "Use specific 'len(elem)' or 'elem is not None' test instead."));
    return from_bool(element_length(as_element(args[0])) != 0);
}

typedef enum KeyKind { KEY_WRONG, KEY_INDEX, KEY_SLICE } KeyKind;

static KeyKind key_of(Thread *t, Value self, Value key, int64_t *index) {
    if (type_of(key) == &slice_type)
        return KEY_SLICE;
    if (is_small_int(key)) {
        *index = small_int_value(key);
    } else if (!type_slot(type_of(key), SLOT___index__)) {
        raise_type_error(t, "element indices must be integers");
        return KEY_WRONG;
    } else if (!index_as_ssize(t, key, index, false, &IndexError_type)) {
        return KEY_WRONG;
    }
    if (*index < 0)
        *index += (int64_t)element_length(as_element(self));
    return KEY_INDEX;
}

static Value getitem(Thread *t, Value *args) {
    int64_t index;
    KeyKind kind = key_of(t, args[0], args[1], &index);
    CHECK(kind != KEY_WRONG);
    if (kind == KEY_SLICE)
        return list_type.slots[SLOT___getitem__](t, (Value[]){TRY(children_of(t, args[0])), args[1]});
    Value children = load(&as_element(args[0])->children);
    Value child = present(children) && index >= 0 ? list_get(children, (size_t)index) : NO_VALUE;
    return present(child) ? child : raise_index_error(t, "child index out of range");
}

static Value no_such_child(Thread *t) { return raise_index_error(t, "child assignment index out of range"); }

static bool require_children(Thread *t, Value list) {
    for (size_t i = 0; i < list_length(list); i++)
        if (!require_child(t, list_get(list, i)))
            return false;
    return true;
}

/* The items of an iterable, in a list that nobody else knows. */
static Value items_of(Thread *t, Value iterable, const char *otherwise) {
    Value items = list_from_iterable(t, iterable);
    if (absent(items) && !type_slot(type_of(iterable), SLOT___iter__) && !type_slot(type_of(iterable), SLOT___getitem__) &&
        error_catch(t, &TypeError_type))
        raise_type_error(t, "%s", otherwise);
    return items;
}

static Value setitem(Thread *t, Value *args) {
    int64_t index;
    KeyKind kind = key_of(t, args[0], args[1], &index);
    CHECK(kind != KEY_WRONG);
    if (kind == KEY_SLICE) {
        Value items = TRY(items_of(t, args[2], "assignment expects an iterable"));
        CHECK(require_children(t, items));
        return list_type.slots[SLOT___setitem__](t, (Value[]){TRY(own_children(t, args[0])), args[1], items});
    }
    Value children = load(&as_element(args[0])->children);
    if (index < 0 || absent(children) || (size_t)index >= list_length(children))
        return no_such_child(t);
    CHECK(require_child(t, args[2]));
    return list_set(t, children, (size_t)index, args[2]) ? NONE : no_such_child(t);
}

static Value delitem(Thread *t, Value *args) {
    int64_t index;
    KeyKind kind = key_of(t, args[0], args[1], &index);
    CHECK(kind != KEY_WRONG);
    Value children = TRY(children_of(t, args[0]));
    if (kind == KEY_SLICE)
        return list_type.slots[SLOT___delitem__](t, (Value[]){children, args[1]});
    if (index < 0 || (size_t)index >= list_length(children))
        return no_such_child(t);
    return list_type.slots[SLOT___delitem__](t, (Value[]){children, small_int(index)});
}

static Value append_method(Thread *t, Value *args) {
    CHECK(require_element(t, args[1], "append() argument 1"));
    CHECK(element_append(t, args[0], args[1]));
    return NONE;
}

static Value extend_method(Thread *t, Value *args) {
    Value items = TRY(items_of(t, args[1], "'elements' must be an iterable"));
    for (size_t i = 0; i < list_length(items); i++) {
        CHECK(require_child(t, list_get(items, i)));
        CHECK(element_append(t, args[0], list_get(items, i)));
    }
    return NONE;
}

static Value insert_method(Thread *t, Value *args) {
    int64_t index;
    CHECK(index_as_ssize(t, args[1], &index, false, NULL));
    CHECK(require_element(t, args[2], "insert() argument 2"));
    CHECK(list_insert(t, TRY(own_children(t, args[0])), index, args[2]));
    return NONE;
}

/* Child i; absent: there is none. */
static Value child_at(Value self, size_t i) {
    Value children = load(&as_element(self)->children);
    return present(children) ? list_get(children, i) : NO_VALUE;
}

/* The search is not over when __eq__ has changed the children; what it took away needs no removing. */
static Value remove_method(Thread *t, Value *args) {
    CHECK(require_element(t, args[1], "remove() argument"));
    Value child;
    for (size_t i = 0; present(child = child_at(args[0], i)); i++) {
        int found = equal(t, child, args[1]);
        CHECK(found >= 0);
        if (found)
            return present(child_at(args[0], i)) ? delitem(t, (Value[]){args[0], small_int((int64_t)i)}) : NONE;
    }
    return raise_value_error(t, "Element.remove(x): element not found");
}

static Value clear_method(Thread *t, Value *args) {
    Element *e = as_element(args[0]);
    store(e, &e->children, NO_VALUE);
    store(e, &e->attributes, NO_VALUE);
    store(e, &e->text, NONE);
    store(e, &e->tail, NONE);
    return NONE;
}

/* Attributes */

static Value get_method(Thread *t, Value *args) {
    Value attributes = load(&as_element(args[0])->attributes);
    Value value = present(attributes) ? dict_get(t, attributes, args[1]) : NO_VALUE;
    return present(value) || error_pending(t) ? value : args[2];
}

static Value set_method(Thread *t, Value *args) {
    CHECK(dict_set(t, TRY(own_attributes(t, args[0])), args[1], args[2]));
    return NONE;
}

static Value items_method(Thread *t, Value *args) {
    Value attributes = load(&as_element(args[0])->attributes);
    return present(attributes) ? dict_items_list(t, attributes) : list_new(t, 0);
}

static Value keys_method(Thread *t, Value *args) {
    Value attributes = load(&as_element(args[0])->attributes);
    return present(attributes) ? dict_keys_list(t, attributes) : list_new(t, 0);
}

#define WORD(name)                                                                                          \
    static Value get_##name(Thread *t, Value *args) { return load(&as_element(args[0])->name); }            \
    static Value set_##name(Thread *t, Value *args) { return set_word(t, args, &as_element(args[0])->name); }
static Value no_deletion(Thread *t) { return raise_error(t, &AttributeError_type, "can't delete element attribute"); }
static Value set_word(Thread *t, Value *args, Value *slot) {
    if (absent(args[1]))
        return no_deletion(t);
    store(as_element(args[0]), slot, args[1]);
    return NONE;
}
WORD(tag)
WORD(text)
WORD(tail)
#undef WORD

static Value get_attrib(Thread *t, Value *args) { return own_attributes(t, args[0]); }
static Value set_attrib(Thread *t, Value *args) {
    if (absent(args[1]))
        return no_deletion(t);
    CHECK(require_dict(t, "attrib", args[1]));
    store(as_element(args[0]), &as_element(args[0])->attributes, args[1]);
    return NONE;
}

/* Paths: names of children are compared here, the rest is xml.etree.ElementPath's. */

static bool is_path(Value path) {
    if (!is_str(path))
        return true;
    size_t length = str_length(path);
    const void *data = load_acquire(&as_str(path)->data);
    int kind = str_kind(path);
    if (!data) /* a rope is no short name */
        return true;
    bool outside = true; /* of a namespace's braces */
    if (length >= 3 && str_char(data, kind, 0) == '{' &&
        (str_char(data, kind, 1) == '}' || (str_char(data, kind, 1) == '*' && str_char(data, kind, 2) == '}')))
        return true;
    for (size_t i = 0; i < length; i++) {
        uint32_t c = str_char(data, kind, i);
        if (c == '{')
            outside = false;
        else if (c == '}')
            outside = true;
        else if (outside && (c == '/' || c == '*' || c == '[' || c == '@' || c == '.'))
            return true;
    }
    return false;
}

/* The next child from *position on whose tag equals `tag`; absent with or without an exception. */
static Value next_child(Thread *t, Value self, Value tag, size_t *position) {
    for (;;) {
        Value child = child_at(self, *position);
        if (absent(child))
            return NO_VALUE;
        ++*position;
        int found = tags_equal(t, load(&as_element(child)->tag), tag);
        if (found)
            return found > 0 ? child : NO_VALUE;
    }
}

static Value path_function(Thread *t, const char *name) {
    return get_attribute_text(t, TRY(elementtree_state(t, STATE_PATHS)), name);
}

static Value find_method(Thread *t, Value *args) {
    if (!is_none(args[2]) || is_path(args[1]))
        return call_3(t, TRY(path_function(t, "find")), args[0], args[1], args[2]);
    size_t position = 0;
    Value child = next_child(t, args[0], args[1], &position);
    return present(child) || error_pending(t) ? child : NONE;
}

static Value findtext_method(Thread *t, Value *args) {
    if (!is_none(args[3]) || is_path(args[1])) {
        Value room[] = {NO_VALUE, args[0], args[1], args[2], args[3]};
        return call(t, TRY(path_function(t, "findtext")), room + 1, 4, NO_VALUE);
    }
    size_t position = 0;
    Value child = next_child(t, args[0], args[1], &position);
    if (absent(child))
        return error_pending(t) ? NO_VALUE : args[2];
    Value text = load(&as_element(child)->text);
    return is_none(text) ? empty_str : text;
}

static Value findall_method(Thread *t, Value *args) {
    if (!is_none(args[2]) || is_path(args[1]))
        return call_3(t, TRY(path_function(t, "findall")), args[0], args[1], args[2]);
    Value found = TRY(list_new(t, 0)), child;
    size_t position = 0;
    while (present(child = next_child(t, args[0], args[1], &position)))
        CHECK(list_push(t, found, child));
    return error_pending(t) ? NO_VALUE : found;
}

static Value iterfind_method(Thread *t, Value *args) {
    return call_3(t, TRY(path_function(t, "iterfind")), args[0], args[1], args[2]);
}

static Value iter_method(Thread *t, Value *args) {
    Value tag = args[1];
    bool all = is_none(tag) || (is_str(tag) && str_equal_text(tag, "*"));
    return element_iterator_new(t, args[0], all ? NO_VALUE : tag, false);
}

static Value itertext_method(Thread *t, Value *args) { return element_iterator_new(t, args[0], NO_VALUE, true); }

/* Copies */

static Value makeelement_method(Thread *t, Value *args) {
    CHECK(require_dict(t, "makeelement() argument 2", args[2]));
    return element_new(t, args[1], TRY(dict_copy(t, args[2])));
}

static Value copy_method(Thread *t, Value *args) {
    Element *e = as_element(args[0]);
    Value attributes = load(&e->attributes), children = load(&e->children);
    Value copy = TRY(element_new(t, load(&e->tag), present(attributes) ? TRY(dict_copy(t, attributes)) : NO_VALUE));
    Element *c = as_element(copy);
    store(c, &c->text, load(&e->text));
    store(c, &c->tail, load(&e->tail));
    if (present(children))
        store(c, &c->children, TRY(list_from_iterable(t, children)));
    return copy;
}

static Value deepcopy_method(Thread *t, Value *args);

static Value deepcopy_of(Thread *t, Value v, Value memo) {
    if (is_none(v) || is_exactly(v, &str_type))
        return v;
    if (is_exactly(v, &element_type)) {
        Value known = dict_get(t, memo, TRY(object_id(t, v)));
        return present(known) || error_pending(t) ? known : deepcopy_method(t, (Value[]){v, memo});
    }
    return call_2(t, TRY(elementtree_state(t, STATE_DEEPCOPY)), v, memo);
}

static Value deepcopy_into(Thread *t, Value self, Value copy, Value memo) {
    Element *e = as_element(self), *c = as_element(copy);
    Value attributes = load(&e->attributes), child;
    store(c, &c->tag, TRY(deepcopy_of(t, load(&e->tag), memo)));
    store(c, &c->text, TRY(deepcopy_of(t, load(&e->text), memo)));
    store(c, &c->tail, TRY(deepcopy_of(t, load(&e->tail), memo)));
    if (present(attributes) && dict_length(attributes)) {
        Value copied = TRY(deepcopy_of(t, attributes, memo));
        CHECK(require_dict(t, "attrib", copied));
        store(c, &c->attributes, copied);
    }
    for (size_t i = 0; present(child = child_at(self, i)); i++) {
        Value copied = TRY(deepcopy_of(t, child, memo));
        CHECK(require_child(t, copied));
        CHECK(element_append(t, copy, copied));
    }
    return dict_set(t, memo, TRY(object_id(t, self)), copy) ? copy : NO_VALUE;
}

static Value deepcopy_method(Thread *t, Value *args) {
    CHECK(require_dict(t, "__deepcopy__() argument", args[1]));
    CHECK(recursion_enter(t, " in Element.__deepcopy__"));
    Value copy = element_new(t, NONE, NO_VALUE);
    if (present(copy))
        copy = deepcopy_into(t, args[0], copy, args[1]);
    recursion_leave(t);
    return copy;
}

static const char *const state_names[] = {"tag", "_children", "attrib", "text", "tail"};

static Value getstate_method(Thread *t, Value *args) {
    Element *e = as_element(args[0]);
    Value attributes = load(&e->attributes);
    Value values[] = {load(&e->tag), TRY(list_from_iterable(t, TRY(children_of(t, args[0])))),
                      present(attributes) ? attributes : TRY(dict_new(t)), load(&e->text), load(&e->tail)};
    Value state = TRY(dict_new(t));
    for (int i = 0; i < 5; i++)
        CHECK(dict_set_text(t, state, state_names[i], values[i]));
    return state;
}

static bool only_known_names(Thread *t, Value state) {
    Value key, value;
    for (size_t position = 0; dict_next(state, &position, &key, &value);) {
        bool known = false;
        for (int i = 0; i < 5; i++)
            known |= is_str(key) && str_equal_text(key, state_names[i]);
        if (!known) {
            raise_type_error(t, "this function got an unexpected keyword argument '%S'", key);
            return false;
        }
    }
    return true;
}

static Value setstate_method(Thread *t, Value *args) {
    Element *e = as_element(args[0]);
    if (!is_dict(args[1]))
        return raise_type_error(t, "Don't know how to unpickle \"%R\" as an Element", args[1]);
    CHECK(only_known_names(t, args[1]));
    Value values[5];
    for (int i = 0; i < 5; i++) {
        values[i] = dict_get_text(t, args[1], state_names[i]);
        CHECK(!error_pending(t));
    }
    Value children = values[1], attributes = values[2];
    if (present(attributes))
        CHECK(require_dict(t, "attrib", attributes));
    if (present(children)) {
        if (!is_list(children))
            return raise_type_error(t, "'_children' is not a list");
        children = TRY(list_from_iterable(t, children));
        CHECK(require_children(t, children));
    }
    store(e, &e->tag, present(values[0]) ? values[0] : NONE);
    store(e, &e->text, present(values[3]) ? values[3] : NONE);
    store(e, &e->tail, present(values[4]) ? values[4] : NONE);
    store(e, &e->attributes, attributes);
    store(e, &e->children, children);
    return NONE;
}

static Value sizeof_method(Thread *t, Value *args) {
    Element *e = as_element(args[0]);
    Value children = load(&e->children);
    size_t size = heap_cell_size(&e->object);
    if (present(children)) {
        Slots *storage = load_acquire(&as_list(children)->storage);
        size += heap_cell_size(as_object(children)) + (storage ? heap_cell_size(&storage->object) : 0);
    }
    return small_int((int64_t)size);
}

static Value repr_method(Thread *t, Value *args) {
    char address[32];
    int entered = repr_enter(t, args[0]);
    CHECK(entered >= 0);
    if (entered)
        return raise_error(t, &RuntimeError_type, "reentrant call inside %S.__repr__", load(&type_of(args[0])->qualname));
    snprintf(address, sizeof address, "0x%zx", (size_t)args[0].bits);
    Value text = format_text(t, "<Element %R at %s>", load(&as_element(args[0])->tag), address);
    repr_leave(t, args[0]);
    return text;
}

static const NativeDef methods[] = {
    {"__new__(type, *args, **kwargs)", new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__init__(self, tag=<unrepresentable>, attrib=<unrepresentable>, /, **extra)", init,
     "Initialize self.  See help(type(self)) for accurate signature.", NATIVE_NO_SIGNATURE | NATIVE_LAZY_KEYWORDS},
    GETATTRIBUTE_ROW,
    {"__repr__(self, /)", repr_method, "Return repr(self)."},
    {"__bool__(self, /)", bool_method, "True if self else False"},
    {"__len__(self, /)", len_method, "Return len(self)."},
    {"__getitem__(self, key, /)", getitem, "Return self[key]."},
    {"__setitem__(self, key, value, /)", setitem, "Set self[key] to value."},
    {"__delitem__(self, key, /)", delitem, "Delete self[key]."},
    {"clear(self, /)", clear_method, NULL},
    {"get(self, /, key, default=None)", get_method, NULL},
    {"set(self, key, value, /)", set_method, NULL},
    {"find(self, /, path, namespaces=None)", find_method, NULL},
    {"findtext(self, /, path, default=None, namespaces=None)", findtext_method, NULL},
    {"findall(self, /, path, namespaces=None)", findall_method, NULL},
    {"append(self, subelement, /)", append_method, NULL, NATIVE_COUNTS_NAMED},
    {"extend(self, elements, /)", extend_method, NULL, NATIVE_COUNTS_NAMED},
    {"insert(self, index, subelement, /)", insert_method, NULL},
    {"remove(self, subelement, /)", remove_method, NULL},
    {"iter(self, /, tag=None)", iter_method, NULL},
    {"itertext(self, /)", itertext_method, NULL, NATIVE_COUNTS_NAMED},
    {"iterfind(self, /, path, namespaces=None)", iterfind_method, NULL},
    {"items(self, /)", items_method, NULL},
    {"keys(self, /)", keys_method, NULL},
    {"makeelement(self, tag, attrib, /)", makeelement_method, NULL, NATIVE_COUNTS_NAMED},
    {"__copy__(self, /)", copy_method, NULL, NATIVE_COUNTS_NAMED},
    {"__deepcopy__(self, memo, /)", deepcopy_method, NULL},
    {"__sizeof__(self, /)", sizeof_method, NULL},
    {"__getstate__(self, /)", getstate_method, NULL},
    {"__setstate__(self, state, /)", setstate_method, NULL, NATIVE_COUNTS_NAMED},
    {NULL},
};

static const GetSetDef getset[] = {
    {"tag", get_tag, set_tag, "A string identifying what kind of data this element represents"},
    {"text", get_text, set_text, "A string of text directly after the start tag, or None"},
    {"tail", get_tail, set_tail, "A string of text directly after the end tag, or None"},
    {"attrib", get_attrib, set_attrib, "A dictionary containing the element's attributes"},
    {NULL},
};

MODULE_TYPE(element_type, _elementtree) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "xml.etree.ElementTree.Element",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(Element),
};
