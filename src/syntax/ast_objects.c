/* See ast_objects.h. Both directions walk ast_table.h's description; nothing here knows single nodes. */
#include "syntax/ast_objects.h"

#include "object/call.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "syntax/ast_classes.h"
#include "syntax/ast_validate.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <limits.h>

/* To objects. */

typedef struct Writer {
    Thread *t;
    AstClasses classes;
} Writer;

static Value write_node(Writer *w, AstType type, void *node);

static Value write_enumerator(Writer *w, AstType type, int value) {
    return tuple_get(w->classes.singletons, (size_t)(ast_types[type].first + value - 1));
}

static Value write_nodes(Writer *w, AstType type, const ExprSeq *seq) {
    Value list = TRY(list_new(w->t, (size_t)seq->count));
    for (int i = 0; i < seq->count; i++)
        CHECK(list_append(w->t, list, seq->items[i] ? TRY(write_node(w, type, seq->items[i])) : NONE));
    return list;
}

static Value write_enumerators(Writer *w, AstType type, const CompareOperatorSeq *seq) {
    Value list = TRY(list_new(w->t, (size_t)seq->count));
    for (int i = 0; i < seq->count; i++)
        CHECK(list_append(w->t, list, write_enumerator(w, type, (int)seq->items[i])));
    return list;
}

static Value write_field(Writer *w, const AstField *field, void *at) {
    switch (field->kind) {
    case AST_FIELD_ONE:
    case AST_FIELD_OPT: {
        void *node = *(void **)at;
        return node ? write_node(w, field->type, node) : NONE;
    }
    case AST_FIELD_SEQ:
    case AST_FIELD_SEQ_OPT: return write_nodes(w, field->type, at);
    case AST_FIELD_ENUM: return write_enumerator(w, field->type, *(int32_t *)at);
    case AST_FIELD_ENUM_SEQ: return write_enumerators(w, field->type, at);
    case AST_FIELD_IDENT_SEQ: {
        const IdentifierSeq *seq = at;
        return list_from_values(w->t, seq->items, (size_t)seq->count);
    }
    case AST_FIELD_INT:
    case AST_FIELD_INT_OPT: return small_int(*(int32_t *)at);
    default: {
        Value value = *(Value *)at;
        return present(value) ? value : NONE;
    }
    }
}

static bool write_position(Writer *w, Object *object, const Position *pos) {
    Thread *t = w->t;
    return instance_set(t, object, w->classes.lineno, small_int(pos->line)) &&
           instance_set(t, object, w->classes.col_offset, small_int(pos->column)) &&
           instance_set(t, object, w->classes.end_lineno, small_int(pos->end_line)) &&
           instance_set(t, object, w->classes.end_col_offset, small_int(pos->end_column));
}

static Value write_fields(Writer *w, AstType type, void *node) {
    const AstTypeInfo *info = &ast_types[type];
    int kind = info->kind == AST_SUM ? *(int *)node : 1;
    int index = (int)info->first + kind - 1;
    Object *object = type_allocate(w->t, as_type(tuple_get(w->classes.nodes, (size_t)index)));
    CHECK(object);
    size_t offset = info->fields_from;
    for (int i = 0; i < ast_nodes[index].field_count; i++) {
        const AstField *field = &ast_nodes[index].fields[i];
        Value value = TRY(write_field(w, field, ast_next_field(node, &offset, field->kind)));
        Value name = tuple_get(w->classes.field_names, (size_t)w->classes.first_field[index] + (size_t)i);
        CHECK(instance_set(w->t, object, name, value));
    }
    /* a position is the first member of a product and the second one of a sum */
    const Position *pos = info->kind == AST_SUM ? (Position *)((int *)node + 1) : node;
    CHECK(!info->positioned || write_position(w, object, pos));
    return from_object(object);
}

static Value write_node(Writer *w, AstType type, void *node) {
    CHECK(recursion_enter(w->t, " during ast construction"));
    Value result = write_fields(w, type, node);
    recursion_leave(w->t);
    return result;
}

Value ast_to_object(Thread *t, Module *module) {
    Writer w = {.t = t};
    CHECK(ast_classes(t, &w.classes));
    return write_node(&w, AST_TYPE_Module, module);
}

/* From objects. */

typedef struct Reader {
    Thread *t;
    Arena *arena;
    Value keep;
    AstClasses classes;
} Reader;

static bool read_node(Reader *r, AstType type, Value object, void **node);

static void *allocate(Reader *r, size_t size) {
    void *memory = arena_alloc(r->arena, size);
    if (!memory)
        raise_no_memory(r->t);
    return memory;
}

/* An attribute's value; absent without exception when there is none. */
static Value attribute(Reader *r, Value object, Value name) {
    return find_attribute(r->t, object, name);
}

static bool missing(Reader *r, Value object_class_name, const char *field) {
    raise_type_error(r->t, "required field \"%s\" missing from %S", field, object_class_name);
    return false;
}

static bool read_int(Reader *r, Value value, int32_t *to) {
    int64_t number;
    if (!is_int(value)) {
        raise_value_error(r->t, "invalid integer value: %R", value);
        return false;
    }
    if (!int_to_i64(value, &number) || number > INT_MAX || number < INT_MIN) {
        raise_overflow_error(r->t, "Python int too large to convert to C int");
        return false;
    }
    *to = (int32_t)number;
    return true;
}

static bool keep_value(Reader *r, Value value, Value *to) {
    if (absent(value) || !list_append(r->t, r->keep, value))
        return false;
    *to = value;
    return true;
}

static bool read_identifier(Reader *r, Value value, Value *to) {
    if (!is_exactly(value, &str_type)) {
        raise_type_error(r->t, "AST identifier must be of type str");
        return false;
    }
    return keep_value(r, str_intern(r->t, value), to);
}

static bool read_string(Reader *r, Value value, Value *to) {
    if (!is_exactly(value, &str_type) && !is_bytes(value)) {
        raise_type_error(r->t, "AST string must be of type str");
        return false;
    }
    return keep_value(r, value, to);
}

static bool read_enumerator(Reader *r, AstType type, Value value, int32_t *to) {
    const AstTypeInfo *info = &ast_types[type];
    for (int i = info->first; i < AST_NODE_COUNT && ast_nodes[i].type == type; i++) {
        int is = is_instance(r->t, value, tuple_get(r->classes.nodes, (size_t)i));
        if (is < 0)
            return false;
        if (is) {
            *to = i - (int)info->first + 1;
            return true;
        }
    }
    raise_type_error(r->t, "expected some sort of %s, but got %R", info->name, value);
    return false;
}

static bool read_item(Reader *r, const AstField *field, Value item, void *items, int i) {
    switch (field->kind) {
    case AST_FIELD_IDENT_SEQ: return read_identifier(r, item, &((Value *)items)[i]);
    case AST_FIELD_ENUM_SEQ: return read_enumerator(r, field->type, item, &((int32_t *)items)[i]);
    default:
        if (is_none(item)) { /* the validation says where that is wrong */
            ((void **)items)[i] = nullptr;
            return true;
        }
        return read_node(r, field->type, item, &((void **)items)[i]);
    }
}

static bool read_list(Reader *r, const char *owner, const AstField *field, Value value, void *at) {
    ExprSeq *seq = at; /* all sequences have this layout */
    if (!is_list(value)) {
        raise_type_error(r->t, "%s field \"%s\" must be a list, not a %T", owner, field->name, value);
        return false;
    }
    size_t count = list_length(value);
    if (count > INT_MAX / sizeof(void *)) {
        raise_no_memory(r->t);
        return false;
    }
    void *items = allocate(r, (count ? count : 1) * sizeof(void *));
    if (!items)
        return false;
    for (size_t i = 0; i < count; i++) {
        Value item = list_get(value, i);
        if (absent(item) || list_length(value) != count) {
            raise_error(r->t, &RuntimeError_type, "%s field \"%s\" changed size during iteration", owner, field->name);
            return false;
        }
        if (!read_item(r, field, item, items, (int)i))
            return false;
        if (list_length(value) != count) {
            raise_error(r->t, &RuntimeError_type, "%s field \"%s\" changed size during iteration", owner, field->name);
            return false;
        }
    }
    *seq = (ExprSeq){(int32_t)count, items};
    return true;
}

static bool required(Reader *r, const AstNodeInfo *node, const AstField *field) {
    raise_value_error(r->t, "field '%s' is required for %s", field->name, node->name);
    return false;
}

static bool read_field(Reader *r, const AstNodeInfo *node, const AstField *field, Value value, void *at) {
    bool none = is_none(value);
    switch (field->kind) {
    case AST_FIELD_ONE: return none ? required(r, node, field) : read_node(r, field->type, value, at);
    case AST_FIELD_OPT: return none || read_node(r, field->type, value, at);
    case AST_FIELD_ENUM: return none ? required(r, node, field) : read_enumerator(r, field->type, value, at);
    case AST_FIELD_IDENT: return none ? required(r, node, field) : read_identifier(r, value, at);
    case AST_FIELD_IDENT_OPT: return none || read_identifier(r, value, at);
    case AST_FIELD_STRING: return none ? required(r, node, field) : read_string(r, value, at);
    case AST_FIELD_STRING_OPT: return none || read_string(r, value, at);
    case AST_FIELD_CONSTANT: return keep_value(r, value, at);
    case AST_FIELD_INT: return read_int(r, value, at);
    case AST_FIELD_INT_OPT: return none || read_int(r, value, at);
    default: return read_list(r, node->name, field, value, at);
    }
}

static bool may_be_left_out(AstFieldKind kind) {
    return kind == AST_FIELD_OPT || kind == AST_FIELD_IDENT_OPT || kind == AST_FIELD_STRING_OPT ||
           kind == AST_FIELD_INT_OPT;
}

static bool is_list_field(AstFieldKind kind) {
    return kind == AST_FIELD_SEQ || kind == AST_FIELD_SEQ_OPT || kind == AST_FIELD_ENUM_SEQ ||
           kind == AST_FIELD_IDENT_SEQ;
}

static bool read_fields(Reader *r, int index, Value object, void *node) {
    const AstNodeInfo *info = &ast_nodes[index];
    size_t offset = ast_types[info->type].fields_from;
    for (int i = 0; i < info->field_count; i++) {
        const AstField *field = &info->fields[i];
        void *at = ast_next_field(node, &offset, field->kind);
        Value name = tuple_get(r->classes.field_names, (size_t)r->classes.first_field[index] + (size_t)i);
        Value value = attribute(r, object, name);
        if (absent(value)) {
            if (error_pending(r->t))
                return false;
            if (may_be_left_out(field->kind) || is_list_field(field->kind))
                continue;
            raise_type_error(r->t, "required field \"%s\" missing from %s", field->name, info->name);
            return false;
        }
        if (!read_field(r, info, field, value, at))
            return false;
    }
    return true;
}

/* A number of a position; `fallback` serves when it may be left out, else NULL. */
static bool read_position_part(Reader *r, const char *owner, Value object, Value name, const char *text,
                               const int32_t *fallback, int32_t *to) {
    Value value = attribute(r, object, name);
    if (absent(value) && error_pending(r->t))
        return false;
    if (absent(value) || (fallback && is_none(value))) {
        if (!fallback) {
            Value owner_name = str_from_text(r->t, owner);
            return present(owner_name) && missing(r, owner_name, text);
        }
        *to = *fallback;
        return true;
    }
    return read_int(r, value, to);
}

static bool read_position(Reader *r, const char *owner, Value object, Position *pos) {
    const AstClasses *c = &r->classes;
    return read_position_part(r, owner, object, c->lineno, "lineno", nullptr, &pos->line) &&
           read_position_part(r, owner, object, c->col_offset, "col_offset", nullptr, &pos->column) &&
           read_position_part(r, owner, object, c->end_lineno, "end_lineno", &pos->line, &pos->end_line) &&
           read_position_part(r, owner, object, c->end_col_offset, "end_col_offset", &pos->column, &pos->end_column);
}

/* Which alternative of a sum an object is; -1 with an exception if it is none. */
static int find_kind(Reader *r, AstType type, Value object) {
    const AstTypeInfo *info = &ast_types[type];
    for (int i = info->first; i < AST_NODE_COUNT && ast_nodes[i].type == type; i++) {
        Value class = tuple_get(r->classes.nodes, (size_t)i);
        int is = same(from_object(type_of(object)), class) ? 1 : is_instance(r->t, object, class);
        if (is)
            return is < 0 ? -1 : i;
    }
    raise_type_error(r->t, "expected some sort of %s, but got %R", info->name, object);
    return -1;
}

static bool read_sum(Reader *r, AstType type, Value object, void *node) {
    const AstTypeInfo *info = &ast_types[type];
    if (info->positioned) {
        if (!read_position(r, info->name, object, (Position *)((int *)node + 1)))
            return false;
    }
    int index = find_kind(r, type, object);
    if (index < 0)
        return false;
    *(int *)node = index - (int)info->first + 1;
    return read_fields(r, index, object, node);
}

static bool read_node(Reader *r, AstType type, Value object, void **node) {
    const AstTypeInfo *info = &ast_types[type];
    *node = allocate(r, info->size);
    if (!*node || !recursion_enter(r->t, " while traversing an ast node"))
        return false;
    bool ok;
    if (info->kind == AST_SUM)
        ok = read_sum(r, type, object, *node);
    else
        ok = read_fields(r, (int)info->first, object, *node) &&
             (!info->positioned || read_position(r, info->name, object, *node));
    recursion_leave(r->t);
    return ok;
}

int ast_is_object(Thread *t, Value v) {
    return is_instance(t, v, from_object(&ast_type));
}

static bool check_mode(Thread *t, const AstClasses *classes, Value node, ParseMode mode) {
    static const AstNode wanted[] = {
        [PARSE_EXEC] = AST_NODE_Module_Module,
        [PARSE_EVAL] = AST_NODE_Module_Expression,
        [PARSE_SINGLE] = AST_NODE_Module_Interactive,
        [PARSE_FUNC_TYPE] = AST_NODE_Module_FunctionType,
    };
    int is = is_instance(t, node, tuple_get(classes->nodes, wanted[mode]));
    if (is == 0)
        raise_type_error(t, "expected %s node, got %T", ast_nodes[wanted[mode]].name, node);
    return is > 0;
}

bool ast_check_mode(Thread *t, Value node, ParseMode mode) {
    AstClasses classes;
    return ast_classes(t, &classes) && check_mode(t, &classes, node, mode);
}

Module *ast_from_object(Thread *t, Value node, ParseMode mode, Arena *arena, Value keep) {
    Reader r = {.t = t, .arena = arena, .keep = keep};
    void *module;
    if (!ast_classes(t, &r.classes) || !check_mode(t, &r.classes, node, mode) ||
        !read_node(&r, AST_TYPE_Module, node, &module))
        return nullptr;
    ((Module *)module)->keep = keep;
    return ast_validate(t, module) ? module : nullptr;
}
