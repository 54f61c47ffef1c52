/* ast.AST and the classes below it. */
#include "syntax/ast_classes.h"

#include "base/textbuf.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

/* Class attributes of a node's class. Absent with an exception if it is no tuple. */
static Value field_tuple(Thread *t, Value self, const char *name) {
    Value fields = TRY(get_attribute_text(t, from_object(type_of(self)), name));
    if (!is_tuple(fields))
        return raise_type_error(t, "%T.%s must be a tuple", self, name);
    return fields;
}

static int tuple_has(Thread *t, Value tuple, Value name) {
    for (size_t i = 0; i < tuple_length(tuple); i++) {
        int same_name = equal(t, tuple_get(tuple, i), name);
        if (same_name)
            return same_name;
    }
    return 0;
}

static bool deprecated(Thread *t, Value self, const char *format, Value name) {
    if (type_of(self) == &ast_type)
        return warn(t, &DeprecationWarning_type, 1, format, "ast.AST", name);
    Value class_name = type_of(self)->name;
    size_t length;
    const char *text = str_utf8(t, class_name, &length);
    return text && warn(t, &DeprecationWarning_type, 1, format, text, name);
}

static Value class_of_context(Thread *t) {
    AstClasses classes;
    return ast_classes(t, &classes) ? tuple_get(classes.types, AST_TYPE_ExprContext) : NO_VALUE;
}

/* A field that was not given: a list starts empty, a context is Load, an optional one has the class's None. */
static bool fill_missing(Thread *t, Value self, Value name, Value field_types) {
    Value type = present(field_types) && is_dict(field_types) ? dict_get(t, field_types, name) : NO_VALUE;
    if (error_pending(t))
        return false;
    if (absent(type)) {
        if (absent(field_types))
            return true;
        size_t length;
        const char *text = str_utf8(t, type_of(self)->name, &length);
        return text && warn(t, &DeprecationWarning_type, 1,
                            "Field %R is missing from %s._field_types. This will become an error in Python 3.15.", name,
                            text);
    }
    if (is_exactly(type, &union_type))
        return true;
    if (is_exactly(type, &generic_alias_type)) {
        Value list = list_new(t, 0);
        return present(list) && set_attribute(t, self, name, list);
    }
    Value context = class_of_context(t);
    if (absent(context))
        return false;
    if (same(type, context)) {
        AstClasses classes;
        return ast_classes(t, &classes) &&
               set_attribute(t, self, name, tuple_get(classes.singletons, AST_NODE_ExprContext_Load));
    }
    return deprecated(
        t, self, "%s.__init__ missing 1 required positional argument: %R. This will become an error in Python 3.15.",
        name);
}

static Value constructor_name(Thread *t, Value self) {
    return type_of(self) == &ast_type ? str_from_text(t, "AST") : type_of(self)->name;
}

static Value ast_init(Thread *t, Value *args) {
    Value self = args[0], positional = args[1], keywords = args[2];
    Value fields = TRY(field_tuple(t, self, "_fields"));
    size_t given = tuple_length(positional), count = tuple_length(fields);
    if (given > count)
        return raise_type_error(t, "%S constructor takes at most %zu positional argument%s",
                                TRY(constructor_name(t, self)), count, count == 1 ? "" : "s");
    for (size_t i = 0; i < given; i++)
        CHECK(set_attribute(t, self, tuple_get(fields, i), tuple_get(positional, i)));
    Value attributes = TRY(field_tuple(t, self, "_attributes"));
    size_t position = 0;
    Value name, value;
    Value given_names = TRY(tuple_slice(t, fields, 0, given));
    while (present(keywords) && dict_next(keywords, &position, &name, &value)) {
        int known = tuple_has(t, fields, name);
        CHECK(known >= 0);
        if (known) {
            int twice = tuple_has(t, given_names, name);
            CHECK(twice >= 0);
            if (twice)
                return raise_type_error(t, "%S got multiple values for argument %R", TRY(constructor_name(t, self)),
                                        name);
        } else {
            int attribute = tuple_has(t, attributes, name);
            CHECK(attribute >= 0);
            if (!attribute)
                CHECK(deprecated(t, self,
                                 "%s.__init__ got an unexpected keyword argument %R. Support for arbitrary keyword "
                                 "arguments is deprecated and will be removed in Python 3.15.",
                                 name));
        }
        CHECK(set_attribute(t, self, name, value));
    }
    if (given == count)
        return NONE;
    Value field_types = find_attribute(t, from_object(type_of(self)), TRY(str_intern_text(t, "_field_types")));
    if (absent(field_types) && error_pending(t))
        return NO_VALUE;
    for (size_t i = given; i < count; i++) {
        Value field = tuple_get(fields, i);
        int there = present(keywords) ? dict_contains(t, keywords, field) : 0;
        CHECK(there >= 0);
        if (!there)
            CHECK(fill_missing(t, self, field, field_types));
    }
    return NONE;
}

static Value ast_new(Thread *t, Value *args) {
    return from_object(type_allocate(t, as_type(args[0])));
}

/* (type, as many leading fields as there are, the other attributes) */
static Value ast_reduce(Thread *t, Value *args) {
    Value self = args[0];
    Value dict = TRY(instance_dict_copy(t, as_object(self)));
    Value fields = TRY(field_tuple(t, self, "_fields"));
    size_t count = 0;
    while (count < tuple_length(fields)) {
        int there = dict_contains(t, dict, tuple_get(fields, count));
        CHECK(there >= 0);
        if (!there)
            break;
        count++;
    }
    /* placeholders: the dict sets the values, but without them the constructor would warn */
    Value positional = TRY(tuple_new(t, count));
    for (size_t i = 0; i < count; i++)
        tuple_set(positional, i, NONE);
    return tuple_pack(t, 3, from_object(type_of(self)), positional, dict);
}

static Value missing_message(Thread *t, Value self, Value names_list) {
    size_t count = list_length(names_list);
    Value text = TRY(str_join(t, TRY(str_from_text(t, ", ")), names_list));
    return raise_type_error(t, "%S.__replace__ missing %zu keyword argument%s: %S.", type_of(self)->name, count,
                            count == 1 ? "" : "s", text);
}

/* Copies those of `from` that `known_names` has. */
static bool copy_known(Thread *t, Value from, Value known_names, Value to) {
    for (size_t i = 0; i < tuple_length(known_names); i++) {
        Value name = tuple_get(known_names, i), value = dict_get(t, from, name);
        if (absent(value) ? error_pending(t) : !dict_set(t, to, name, value))
            return false;
    }
    return true;
}

static Value ast_replace(Thread *t, Value *args) {
    Value self = args[0], changes = args[2];
    if (tuple_length(args[1]))
        return raise_type_error(t, "__replace__() takes no positional arguments");
    Value fields = TRY(field_tuple(t, self, "_fields")), attributes = TRY(field_tuple(t, self, "_attributes"));
    Value own = TRY(instance_dict_copy(t, as_object(self))), merged = TRY(dict_new(t));
    CHECK(copy_known(t, own, fields, merged) && copy_known(t, own, attributes, merged));
    size_t position = 0;
    Value name, value;
    while (present(changes) && dict_next(changes, &position, &name, &value)) {
        int known = tuple_has(t, fields, name);
        if (!known)
            known = tuple_has(t, attributes, name);
        CHECK(known >= 0);
        if (!known)
            return raise_type_error(t, "%S.__replace__ got an unexpected keyword argument %R.", type_of(self)->name,
                                    name);
        CHECK(dict_set(t, merged, name, value));
    }
    Value missing = TRY(list_new(t, 0));
    for (size_t i = 0; i < tuple_length(fields); i++) {
        Value field = tuple_get(fields, i);
        int there = dict_contains(t, merged, field);
        CHECK(there >= 0);
        if (there)
            continue;
        Value fallback = find_attribute(t, from_object(type_of(self)), field);
        CHECK(!error_pending(t));
        if (absent(fallback))
            CHECK(list_append(t, missing, TRY(repr(t, field))));
    }
    if (list_length(missing))
        return missing_message(t, self, missing);
    return call_tuple(t, from_object(type_of(self)), empty_tuple, merged);
}

/* repr: three levels deep, of long lists the first and the last. */

static Value repr_at(Thread *t, Value v, int depth);

static Value repr_items(Thread *t, Value items, int depth) {
    bool is_a_list = is_list(items);
    size_t count = is_a_list ? list_length(items) : tuple_length(items);
    Value parts = TRY(list_new(t, 3));
    for (size_t i = 0; i < count; i++) {
        if (count > 2 && i == 1) {
            CHECK(list_append(t, parts, TRY(str_from_text(t, "..."))));
            i = count - 1;
        }
        Value item = is_a_list ? list_get(items, i) : tuple_get(items, i);
        if (absent(item))
            break;
        CHECK(list_append(t, parts, TRY(repr_at(t, item, depth))));
    }
    Value text = TRY(str_join(t, TRY(str_from_text(t, ", ")), parts));
    return format_text(t, is_a_list ? "[%S]" : "(%S)", text);
}

static Value repr_node(Thread *t, Value node, int depth) {
    if (depth <= 0)
        return format_text(t, "%S(...)", type_of(node)->name);
    int entered = repr_enter(t, node);
    CHECK(entered >= 0);
    if (entered)
        return format_text(t, "%S(...)", type_of(node)->name);
    Value fields = field_tuple(t, node, "_fields"), parts = list_new(t, 4), text = NO_VALUE;
    bool ok = present(fields) && present(parts);
    for (size_t i = 0; ok && i < tuple_length(fields); i++) {
        Value name = tuple_get(fields, i);
        Value value = get_attribute(t, node, name);
        Value shown = present(value) ? repr_at(t, value, depth - 1) : NO_VALUE;
        Value part = present(shown) ? format_text(t, "%S=%S", name, shown) : NO_VALUE;
        ok = present(part) && list_append(t, parts, part);
    }
    if (ok) {
        Value comma = str_from_text(t, ", ");
        text = present(comma) ? str_join(t, comma, parts) : NO_VALUE;
    }
    repr_leave(t, node);
    return absent(text) ? text : format_text(t, "%S(%S)", type_of(node)->name, text);
}

static Value repr_at(Thread *t, Value v, int depth) {
    if (is_list(v) || is_tuple(v))
        return repr_items(t, v, depth);
    return is_instance_of(v, &ast_type) ? repr_node(t, v, depth) : repr(t, v);
}

static Value ast_repr(Thread *t, Value *args) {
    return repr_node(t, args[0], 3);
}

static void ast_trace(Tracer *tracer, Object *o) {
    instance_trace(tracer, o);
}

static const NativeDef ast_methods[] = {
    {"__new__(type, *args, **kwargs)", ast_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, /, *args, **kwargs)", ast_init, NULL, 0},
    {"__repr__(self, /)", ast_repr, NULL, 0},
    {"__reduce__(self, /)", ast_reduce, "Helper for pickle.", 0},
    {"__replace__(self, /, *args, **kwargs)", ast_replace,
     "Return a copy of the AST node with new values for the specified fields.", 0},
    {},
};

STATIC_TYPE(ast_type) = {
    STATIC_TYPE_HEAD(ast_trace, NULL),
    .name_text = "ast.AST",
    .base_static = &object_type,
    .methods = ast_methods,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(Object),
};

/* Documentation: the abstract grammar. */

static void field_doc(TextBuf *b, const AstField *field) {
    switch (field->kind) {
    case AST_FIELD_IDENT: textbuf_text(b, "identifier"); break;
    case AST_FIELD_IDENT_OPT: textbuf_text(b, "identifier?"); break;
    case AST_FIELD_IDENT_SEQ: textbuf_text(b, "identifier*"); break;
    case AST_FIELD_STRING: textbuf_text(b, "string"); break;
    case AST_FIELD_STRING_OPT: textbuf_text(b, "string?"); break;
    case AST_FIELD_CONSTANT: textbuf_text(b, "constant"); break;
    case AST_FIELD_INT: textbuf_text(b, "int"); break;
    case AST_FIELD_INT_OPT: textbuf_text(b, "int?"); break;
    default:
        textbuf_text(b, ast_types[field->type].name);
        if (field->kind == AST_FIELD_OPT)
            textbuf_text(b, "?");
        else if (field->kind == AST_FIELD_SEQ_OPT)
            textbuf_text(b, "?*");
        else if (field->kind == AST_FIELD_SEQ || field->kind == AST_FIELD_ENUM_SEQ)
            textbuf_text(b, "*");
        break;
    }
    textbuf_format(b, " %s", field->name);
}

static void node_doc(TextBuf *b, const AstNodeInfo *node) {
    textbuf_text(b, node->name);
    for (int i = 0; i < node->field_count; i++) {
        textbuf_text(b, i ? ", " : "(");
        field_doc(b, &node->fields[i]);
    }
    if (node->field_count)
        textbuf_text(b, ")");
}

static void type_doc(TextBuf *b, AstType type) {
    const AstTypeInfo *info = &ast_types[type];
    textbuf_format(b, "%s = ", info->name);
    for (int i = info->first; i < AST_NODE_COUNT && ast_nodes[i].type == type; i++) {
        if (i > (int)info->first && info->kind == AST_ENUM)
            textbuf_text(b, " | ");
        else if (i > (int)info->first)
            textbuf_format(b, "\n%*s| ", (int)strlen(info->name) + 1, "");
        node_doc(b, &ast_nodes[i]);
    }
}

/* Making the classes. */

static bool set_text(Thread *t, Value dict, const char *name, Value value) {
    return present(value) && dict_set_text(t, dict, name, value);
}

static Value names_tuple(Thread *t, const AstField *fields, int count) {
    Value tuple = TRY(tuple_new(t, (size_t)count));
    for (int i = 0; i < count; i++)
        store(as_object(tuple), &as_tuple(tuple)->items[i], TRY(str_intern_text(t, fields[i].name)));
    return tuple;
}

static Value positions_tuple(Thread *t) {
    static const AstField positions[] = {{.name = "lineno"}, {.name = "col_offset"}, {.name = "end_lineno"},
                                         {.name = "end_col_offset"}};
    return names_tuple(t, positions, 4);
}

static Value make_class(Thread *t, const char *name, Value base, Value namespace) {
    CHECK(set_text(t, namespace, "__module__", str_from_text(t, "ast")));
    Value bases = TRY(tuple_pack(t, 1, base));
    return type_new_class(t, &type_type, TRY(str_intern_text(t, name)), bases, namespace, NO_VALUE);
}

static bool is_optional(AstFieldKind kind) {
    return kind == AST_FIELD_OPT || kind == AST_FIELD_IDENT_OPT || kind == AST_FIELD_STRING_OPT ||
           kind == AST_FIELD_INT_OPT;
}

static bool add_fields(Thread *t, Value namespace, const AstNodeInfo *node) {
    Value fields = names_tuple(t, node->fields, node->field_count);
    if (!set_text(t, namespace, "_fields", fields) || !set_text(t, namespace, "__match_args__", fields))
        return false;
    for (int i = 0; i < node->field_count; i++)
        if (is_optional(node->fields[i].kind) && !set_text(t, namespace, node->fields[i].name, NONE))
            return false;
    return true;
}

static bool add_positions(Thread *t, Value namespace, bool positioned) {
    if (!set_text(t, namespace, "_attributes", positioned ? positions_tuple(t) : empty_tuple))
        return false;
    return !positioned ||
           (set_text(t, namespace, "end_lineno", NONE) && set_text(t, namespace, "end_col_offset", NONE));
}

static Value type_class(Thread *t, AstType type) {
    const AstTypeInfo *info = &ast_types[type];
    Value namespace = TRY(dict_new(t));
    TextBuf doc;
    textbuf_init(&doc);
    bool ok = add_positions(t, namespace, info->positioned);
    if (info->kind == AST_PRODUCT) {
        node_doc(&doc, &ast_nodes[info->first]);
        ok = ok && add_fields(t, namespace, &ast_nodes[info->first]);
    } else {
        type_doc(&doc, type);
        ok = ok && set_text(t, namespace, "_fields", empty_tuple) &&
             set_text(t, namespace, "__match_args__", empty_tuple);
    }
    ok = ok && set_text(t, namespace, "__doc__", str_from_text(t, textbuf_string(&doc)));
    textbuf_free(&doc);
    return ok ? make_class(t, info->name, from_object(&ast_type), namespace) : NO_VALUE;
}

static Value node_class(Thread *t, const AstNodeInfo *node, Value types) {
    Value base = tuple_get(types, node->type);
    if (ast_types[node->type].kind == AST_PRODUCT)
        return base;
    Value namespace = TRY(dict_new(t));
    TextBuf doc;
    textbuf_init(&doc);
    node_doc(&doc, node);
    bool ok = add_fields(t, namespace, node) &&
              set_text(t, namespace, "__doc__", str_from_text(t, textbuf_string(&doc)));
    textbuf_free(&doc);
    return ok ? make_class(t, node->name, base, namespace) : NO_VALUE;
}

static Value field_type(Thread *t, const AstField *field, Value types) {
    Value type = NO_VALUE;
    switch (field->kind) {
    case AST_FIELD_IDENT:
    case AST_FIELD_IDENT_OPT:
    case AST_FIELD_IDENT_SEQ:
    case AST_FIELD_STRING:
    case AST_FIELD_STRING_OPT: type = from_object(&str_type); break;
    case AST_FIELD_CONSTANT: type = from_object(&object_type); break;
    case AST_FIELD_INT:
    case AST_FIELD_INT_OPT: type = from_object(&int_type); break;
    default: type = tuple_get(types, field->type); break;
    }
    if (is_optional(field->kind))
        return binary_operation(t, BINARY_OR, type, NONE);
    bool list = field->kind == AST_FIELD_SEQ || field->kind == AST_FIELD_SEQ_OPT ||
                field->kind == AST_FIELD_ENUM_SEQ || field->kind == AST_FIELD_IDENT_SEQ;
    return list ? get_item(t, from_object(&list_type), type) : type;
}

/* `_field_types` and `__annotations__` of a class, which need all the classes. */
static bool add_field_types(Thread *t, const AstNodeInfo *node, Value class, Value types) {
    Value dict = dict_new(t);
    if (absent(dict))
        return false;
    for (int i = 0; i < node->field_count; i++)
        if (!set_text(t, dict, node->fields[i].name, field_type(t, &node->fields[i], types)))
            return false;
    Value name = str_intern_text(t, "_field_types"), annotations = str_intern_text(t, "__annotations__");
    return present(name) && present(annotations) && set_attribute(t, class, name, dict) &&
           set_attribute(t, class, annotations, dict);
}

static Value make_types(Thread *t) {
    Value types = TRY(tuple_new(t, AST_TYPE_COUNT));
    store(as_object(types), &as_tuple(types)->items[AST_TYPE_NONE], from_object(&ast_type));
    for (int i = 1; i < AST_TYPE_COUNT; i++)
        store(as_object(types), &as_tuple(types)->items[i], TRY(type_class(t, (AstType)i)));
    return types;
}

static Value make_nodes(Thread *t, Value types) {
    Value nodes = TRY(tuple_new(t, AST_NODE_COUNT));
    for (int i = 0; i < AST_NODE_COUNT; i++)
        store(as_object(nodes), &as_tuple(nodes)->items[i], TRY(node_class(t, &ast_nodes[i], types)));
    for (int i = 0; i < AST_NODE_COUNT; i++)
        CHECK(add_field_types(t, &ast_nodes[i], tuple_get(nodes, (size_t)i), types));
    return nodes;
}

static Value make_singletons(Thread *t, Value nodes) {
    Value singletons = TRY(tuple_new(t, AST_NODE_COUNT));
    for (int i = 0; i < AST_NODE_COUNT; i++) {
        bool enumerator = ast_types[ast_nodes[i].type].kind == AST_ENUM;
        Value v = enumerator ? from_object(type_allocate(t, as_type(tuple_get(nodes, (size_t)i)))) : NONE;
        store(as_object(singletons), &as_tuple(singletons)->items[i], TRY(v));
    }
    return singletons;
}

static Value make_field_names(Thread *t) {
    Value list = TRY(list_new(t, 256));
    for (int i = 0; i < AST_NODE_COUNT; i++)
        for (int j = 0; j < ast_nodes[i].field_count; j++)
            CHECK(list_append(t, list, TRY(str_intern_text(t, ast_nodes[i].fields[j].name))));
    return list_to_tuple(t, list);
}

/* ast.AST is shared by all isolates and has these in its namespace from the start. */
static bool complete_base(Thread *t) {
    Value dict = ast_type.dict;
    return dict_set_text(t, dict, "_fields", empty_tuple) && dict_set_text(t, dict, "__match_args__", empty_tuple) &&
           dict_set_text(t, dict, "_attributes", empty_tuple);
}

static Value make_state(Thread *t) {
    CHECK(complete_base(t));
    Value types = TRY(make_types(t));
    Value nodes = TRY(make_nodes(t, types));
    Value singletons = TRY(make_singletons(t, nodes));
    Value field_names = TRY(make_field_names(t));
    return tuple_pack(t, 5, types, nodes, singletons, field_names, TRY(positions_tuple(t)));
}

bool ast_classes(Thread *t, AstClasses *classes) {
    Value *slot = &t->isolate->slots[ISOLATE_AST];
    Value state = load(slot);
    if (absent(state)) {
        state = make_state(t);
        if (absent(state))
            return false;
        isolate_keep(t, ISOLATE_AST, state);
    }
    classes->types = tuple_get(state, 0);
    classes->nodes = tuple_get(state, 1);
    classes->singletons = tuple_get(state, 2);
    classes->field_names = tuple_get(state, 3);
    Value positions = tuple_get(state, 4);
    classes->lineno = tuple_get(positions, 0);
    classes->col_offset = tuple_get(positions, 1);
    classes->end_lineno = tuple_get(positions, 2);
    classes->end_col_offset = tuple_get(positions, 3);
    int next = 0;
    for (int i = 0; i < AST_NODE_COUNT; i++) {
        classes->first_field[i] = (uint16_t)next;
        next += ast_nodes[i].field_count;
    }
    return true;
}
