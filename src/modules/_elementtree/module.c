/* The module _elementtree. Threads: what an isolate keeps is a list, whose words are read and written one by one. */
#include "modules/_elementtree/elementtree.h"
#include "object/call.h"
#include "types/dict/dict.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

/* What is found when it is first needed: most programs copy nothing and search by names alone. */
static Value find_state(Thread *t, int which) {
    if (which == STATE_DEEPCOPY)
        return get_attribute(t, TRY(import_module(t, "copy")), TRY(str_intern_text(t, "deepcopy")));
    return import_module(t, "xml.etree.ElementPath");
}

Value elementtree_state(Thread *t, int which) {
    Value list = t->isolate->slots[ISOLATE_ELEMENTTREE], v = list_get(list, (size_t)which);
    if (is_none(v) && which >= STATE_DEEPCOPY) {
        v = TRY(find_state(t, which));
        list_set(t, list, (size_t)which, v);
    }
    return is_none(v) ? NO_VALUE : v;
}

static Value sub_element(Thread *t, Value *args) {
    Value attributes;
    if (absent(args[1]))
        return raise_type_error(t, "SubElement() takes at least 2 arguments (%d given)", present(args[0]));
    if (!is_element(args[0]))
        return raise_type_error(t, "SubElement() argument 1 must be xml.etree.ElementTree.Element, not %T", args[0]);
    CHECK(element_attributes(t, "SubElement() argument 3", args[2], args[3], &attributes));
    Value element = TRY(element_new(t, args[1], attributes));
    return element_append(t, args[0], element) ? element : NO_VALUE;
}

static Value set_factories(Thread *t, Value *args) {
    static const char *const kinds[] = {"Comment", "PI"};
    for (int i = 0; i < 2; i++)
        if (!is_none(args[i]) && !is_callable(args[i]))
            return raise_type_error(t, "%s factory must be callable, not %T", kinds[i], args[i]);
    Value list = t->isolate->slots[ISOLATE_ELEMENTTREE];
    Value old = TRY(tuple_pack(t, 2, list_get(list, STATE_COMMENT), list_get(list, STATE_PI)));
    list_set(t, list, STATE_COMMENT, args[0]);
    list_set(t, list, STATE_PI, args[1]);
    return old;
}

static const NativeDef functions[] = {
    {"SubElement(parent=<unrepresentable>, tag=<unrepresentable>, attrib=<unrepresentable>, /, **extra)", sub_element, NULL,
     NATIVE_NO_SIGNATURE | NATIVE_LAZY_KEYWORDS},
    {"_set_factories(comment_factory, pi_factory, /)", set_factories,
     "Change the factories used to create comments and processing instructions.\n\nFor internal use only."},
    {NULL},
};

static Value parse_error_class(Thread *t) {
    Value namespace = TRY(dict_new(t)), bases = TRY(tuple_pack(t, 1, from_object(&SyntaxError_type)));
    CHECK(dict_set(t, namespace, names.__module__, TRY(str_intern_text(t, "xml.etree.ElementTree"))));
    return type_new_class(t, &type_type, TRY(str_intern_text(t, "ParseError")), bases, namespace, NO_VALUE);
}

/* Made once: a module that is imported anew has the same types, and so the same exception. */
static Value state_list(Thread *t) {
    if (present(t->isolate->slots[ISOLATE_ELEMENTTREE]))
        return t->isolate->slots[ISOLATE_ELEMENTTREE];
    Value state[STATE_COUNT] = {TRY(parse_error_class(t)), NONE, NONE, NONE, NONE};
    return isolate_keep(t, ISOLATE_ELEMENTTREE, list_from_values(t, state, STATE_COUNT));
}

static bool init(Thread *t, Value module) {
    Value list = state_list(t);
    if (absent(list))
        return false;
    return module_add(t, module, "ParseError", list_get(list, STATE_PARSE_ERROR)) && module_add_type(t, module, &element_type) &&
           module_add_type(t, module, &tree_builder_type) && module_add_type(t, module, &tree_parser_type);
}

NATIVE_MODULE(_elementtree) = {
    .name = "_elementtree",
    .functions = functions,
    .init = init,
};
