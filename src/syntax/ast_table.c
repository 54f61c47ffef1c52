/* See ast_table.h. */
#include "syntax/ast_table.h"

#define ONE(CType, name) {#name, AST_FIELD_ONE, AST_TYPE_##CType},
#define OPT(CType, name) {#name, AST_FIELD_OPT, AST_TYPE_##CType},
#define SEQ(CType, name) {#name, AST_FIELD_SEQ, AST_TYPE_##CType},
#define SEQ_OPT(CType, name) {#name, AST_FIELD_SEQ_OPT, AST_TYPE_##CType},
#define ENUM(CType, name) {#name, AST_FIELD_ENUM, AST_TYPE_##CType},
#define ENUM_SEQ(CType, name) {#name, AST_FIELD_ENUM_SEQ, AST_TYPE_##CType},
#define IDENT(name) {#name, AST_FIELD_IDENT, AST_TYPE_NONE},
#define IDENT_OPT(name) {#name, AST_FIELD_IDENT_OPT, AST_TYPE_NONE},
#define IDENT_SEQ(name) {#name, AST_FIELD_IDENT_SEQ, AST_TYPE_NONE},
#define STRING(name) {#name, AST_FIELD_STRING, AST_TYPE_NONE},
#define STRING_OPT(name) {#name, AST_FIELD_STRING_OPT, AST_TYPE_NONE},
#define CONSTANT(name) {#name, AST_FIELD_CONSTANT, AST_TYPE_NONE},
#define INT(name) {#name, AST_FIELD_INT, AST_TYPE_NONE},
#define INT_OPT(name) {#name, AST_FIELD_INT_OPT, AST_TYPE_NONE},
#define FIELDS(Type, Name, ...) static const AstField fields_##Type##_##Name[] = {__VA_ARGS__{}};
#define MODULE(Name, ...) FIELDS(Module, Name, __VA_ARGS__)
#define STMT(Name, ...) FIELDS(Stmt, Name, __VA_ARGS__)
#define EXPR(Name, ...) FIELDS(Expr, Name, __VA_ARGS__)
#define HANDLER(Name, ...) FIELDS(ExceptHandler, Name, __VA_ARGS__)
#define PATTERN(Name, ...) FIELDS(Pattern, Name, __VA_ARGS__)
#define TYPE_PARAM(Name, ...) FIELDS(TypeParam, Name, __VA_ARGS__)
#define TYPE_IGNORE(Name, ...) FIELDS(TypeIgnore, Name, __VA_ARGS__)
#define PRODUCT(CType, python_name, positioned, ...) FIELDS(CType, CType, __VA_ARGS__)
#include "syntax/ast.def"
#undef FIELDS

#define NODE(Type, Name)                                                                           \
    {#Name, AST_TYPE_##Type, fields_##Type##_##Name,                                               \
     (int)(sizeof fields_##Type##_##Name / sizeof *fields_##Type##_##Name) - 1},
const AstNodeInfo ast_nodes[AST_NODE_COUNT] = {
#define MODULE(Name, ...) NODE(Module, Name)
#define STMT(Name, ...) NODE(Stmt, Name)
#define EXPR(Name, ...) NODE(Expr, Name)
#define HANDLER(Name, ...) NODE(ExceptHandler, Name)
#define PATTERN(Name, ...) NODE(Pattern, Name)
#define TYPE_PARAM(Name, ...) NODE(TypeParam, Name)
#define TYPE_IGNORE(Name, ...) NODE(TypeIgnore, Name)
#define PRODUCT(CType, python_name, positioned, ...)                                               \
    {#python_name, AST_TYPE_##CType, fields_##CType##_##CType,                                     \
     (int)(sizeof fields_##CType##_##CType / sizeof *fields_##CType##_##CType) - 1},
#define ENUM_VALUE(CType, PREFIX, Name) {#Name, AST_TYPE_##CType, nullptr, 0},
#include "syntax/ast.def"
};
#undef NODE

enum { SUM_FIELDS = offsetof(Expr, BinOp), MODULE_FIELDS = offsetof(Module, Module), PRODUCT_FIELDS = sizeof(Position) };
static_assert(SUM_FIELDS == offsetof(Stmt, If) && SUM_FIELDS == offsetof(Pattern, MatchAs) &&
              SUM_FIELDS == offsetof(ExceptHandler, ExceptHandler) && SUM_FIELDS == offsetof(TypeParam, TypeVar) &&
              SUM_FIELDS == offsetof(TypeIgnore, TypeIgnore));
static_assert(PRODUCT_FIELDS == offsetof(Arg, arg) && PRODUCT_FIELDS == offsetof(Arguments, posonlyargs));
static_assert(offsetof(struct ExprAttribute, ctx) == 16 && offsetof(struct ExprCall, keywords) == 24);

const AstTypeInfo ast_types[AST_TYPE_COUNT] = {
    {},
#define SUM(CType, PREFIX, python_name)                                                            \
    {#python_name, AST_SUM, AST_TYPE_##CType != AST_TYPE_Module && AST_TYPE_##CType != AST_TYPE_TypeIgnore, \
     (AstNode)AST_FIRST_##CType, sizeof(CType),                                                    \
     AST_TYPE_##CType == AST_TYPE_Module ? MODULE_FIELDS : SUM_FIELDS},
#define PRODUCT(CType, python_name, positioned, ...)                                               \
    {#python_name, AST_PRODUCT, positioned, AST_NODE_##CType, sizeof(CType), PRODUCT_FIELDS},
#define ENUM_TYPE(CType, PREFIX, python_name) {#python_name, AST_ENUM, false, (AstNode)AST_FIRST_##CType, 0, 0},
#include "syntax/ast.def"
};
