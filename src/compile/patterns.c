/* match statements.
 *
 * A pattern is code that looks at a register and jumps to a label when it does not fit. Parts of the subject stay in
 * temporaries until the whole pattern has fitted; only then are names bound, from there. Alternatives of an
 * or-pattern leave their captures in temporaries that they share. */
#include "compile/compiler.h"
#include "types/set/set.h"
#include "types/tuple.h"

typedef struct Capture {
    Value name;
    Reg reg;
    Position pos;
} Capture;

typedef struct Matcher {
    Unit *u;
    Label fail;
    bool allow_irrefutable;
    Capture *captures;
    int32_t count, capacity;
} Matcher;

static void match_pattern(Matcher *m, Pattern *p, Reg subject);

static bool is_wildcard(const Pattern *p) {
    return (p->kind == PATTERN_MatchAs && absent(p->MatchAs.name) && !p->MatchAs.pattern);
}

static bool is_star_wildcard(const Pattern *p) { return p->kind == PATTERN_MatchStar && absent(p->MatchStar.name); }

static void capture(Matcher *m, Value name, Reg reg, Position pos) {
    Compiler *c = m->u->compiler;
    if (c->failed)
        return;
    for (int32_t i = 0; i < m->count; i++)
        if (same(m->captures[i].name, name)) {
            compile_error(c, pos, "multiple assignments to name %R in pattern", name);
            return;
        }
    Capture *captures = grow(c, m->captures, m->count, &m->capacity, sizeof *captures);
    if (!captures)
        return;
    m->captures = captures;
    captures[m->count++] = (Capture){name, reg, pos};
}

/* Inside of another pattern one that always fits is no mistake. */
static void match_part(Matcher *m, Pattern *p, Reg subject) {
    bool outer = m->allow_irrefutable;
    m->allow_irrefutable = true;
    match_pattern(m, p, subject);
    m->allow_irrefutable = outer;
}

static void match_value(Matcher *m, Pattern *p, Reg subject) {
    Unit *u = m->u;
    Expr *value = p->MatchValue.value;
    if (value->kind != EXPR_Constant && value->kind != EXPR_Attribute) {
        compile_error(u->compiler, p->pos, "patterns may only match literals and attribute lookups");
        return;
    }
    int32_t mark = u->top;
    Reg wanted = expr_last(u, value);
    emit_jump(u, p->pos, OP_JUMP_IF_NOT_EQ, subject, wanted, m->fail);
    release_to(u, mark);
}

static void match_singleton(Matcher *m, Pattern *p, Reg subject) {
    Unit *u = m->u;
    if (is_none(p->MatchSingleton.value)) {
        emit_jump(u, p->pos, OP_JUMP_IF_NOT_NONE, subject, 0, m->fail);
        return;
    }
    load_constant(u, p->pos, p->MatchSingleton.value, next_temp(u));
    emit_jump(u, p->pos, OP_JUMP_IF_IS_NOT, subject, next_temp(u), m->fail);
}

/* ---- sequences ---- */

static void check_length(Matcher *m, Position pos, Reg subject, int32_t length, Operation unless) {
    Unit *u = m->u;
    emit(u, pos, OP_GET_LEN, next_temp(u), subject, 0);
    Reg actual = push(u);
    load_int(u, pos, length, next_temp(u));
    emit_jump(u, pos, unless, actual, next_temp(u), m->fail);
    release_to(u, actual & REG_INDEX);
}

/* [a, *_, b]: only the items that matter are looked at. */
static void match_items_by_index(Matcher *m, Pattern *p, PatternSeq parts, int32_t star, Reg subject) {
    Unit *u = m->u;
    for (int32_t i = 0; i < parts.count; i++) {
        Pattern *part = parts.items[i];
        if (i == star || is_wildcard(part))
            continue;
        Reg item = next_temp(u);
        if (i < star) {
            load_int(u, p->pos, i, item);
        } else {
            emit(u, p->pos, OP_GET_LEN, item, subject, 0);
            push(u);
            load_int(u, p->pos, parts.count - i, next_temp(u));
            emit(u, p->pos, OP_SUB, item, item, next_temp(u));
            release_to(u, item & REG_INDEX);
        }
        emit(u, p->pos, OP_GET_ITEM, item, subject, item);
        push(u);
        match_part(m, part, item);
    }
}

static void match_items_unpacked(Matcher *m, Pattern *p, PatternSeq parts, int32_t star, Reg subject) {
    Unit *u = m->u;
    int32_t after = parts.count - star - 1;
    if (star > 255 || (star >= 0 && after > 255)) {
        compile_error(u->compiler, p->pos, "too many expressions in star-unpacking sequence pattern");
        return;
    }
    Reg base = next_temp(u);
    if (star >= 0)
        emit(u, p->pos, OP_UNPACK_EX, base, subject, star | after << 8);
    else
        emit(u, p->pos, OP_UNPACK, base, subject, parts.count);
    u->top += parts.count;
    for (int32_t i = 0; i < parts.count; i++) {
        Pattern *part = parts.items[i];
        if (part->kind != PATTERN_MatchStar)
            match_part(m, part, base + i);
        else if (present(part->MatchStar.name))
            capture(m, part->MatchStar.name, base + i, part->pos);
    }
}

static void match_sequence(Matcher *m, Pattern *p, Reg subject) {
    Unit *u = m->u;
    PatternSeq parts = p->MatchSequence.patterns;
    int32_t star = -1;
    bool only_wildcards = true, star_wildcard = false;
    for (int32_t i = 0; i < parts.count; i++) {
        if (parts.items[i]->kind == PATTERN_MatchStar) {
            if (star >= 0) {
                compile_error(u->compiler, p->pos, "multiple starred names in sequence pattern");
                return;
            }
            star = i;
            star_wildcard = is_star_wildcard(parts.items[i]);
            only_wildcards &= star_wildcard;
            continue;
        }
        only_wildcards &= is_wildcard(parts.items[i]);
    }
    emit(u, p->pos, OP_MATCH_SEQUENCE, next_temp(u), subject, 0);
    emit_jump(u, p->pos, OP_JUMP_IF_FALSE, next_temp(u), 0, m->fail);
    if (star < 0)
        check_length(m, p->pos, subject, parts.count, OP_JUMP_IF_NOT_EQ);
    else if (parts.count > 1)
        check_length(m, p->pos, subject, parts.count - 1, OP_JUMP_IF_NOT_GE);
    if (only_wildcards)
        return;
    if (star_wildcard)
        match_items_by_index(m, p, parts, star, subject);
    else
        match_items_unpacked(m, p, parts, star, subject);
}

/* ---- mappings ---- */

static void check_key(Matcher *m, Pattern *p, Expr *key, Value seen) {
    Compiler *c = m->u->compiler;
    if (key->kind == EXPR_Attribute)
        return;
    if (key->kind != EXPR_Constant) {
        compile_error(c, p->pos, "mapping pattern keys may only match literals and attribute lookups");
        return;
    }
    int known = set_contains(c->t, seen, key->Constant.value);
    if (known > 0)
        compile_error(c, p->pos, "mapping pattern checks duplicate key (%R)", key->Constant.value);
    else if (known < 0 || !set_add(c->t, seen, key->Constant.value))
        c->failed = true;
}

static void match_rest(Matcher *m, Pattern *p, Reg keys, int32_t count, Reg subject) {
    Unit *u = m->u;
    Reg rest = next_temp(u);
    emit(u, p->pos, OP_BUILD_DICT, rest, rest, 0);
    push(u);
    emit(u, p->pos, OP_DICT_UPDATE, rest, subject, 0);
    for (int32_t i = 0; i < count; i++) emit(u, p->pos, OP_DELETE_ITEM, rest, keys + i, 0);
    capture(m, p->MatchMapping.rest, rest, p->pos);
}

static void match_mapping(Matcher *m, Pattern *p, Reg subject) {
    Unit *u = m->u;
    ExprSeq keys = p->MatchMapping.keys;
    PatternSeq parts = p->MatchMapping.patterns;
    if (keys.count != parts.count) {
        compile_error(u->compiler, p->pos, "keys (%d) / patterns (%d) length mismatch in mapping pattern",
                      (int)keys.count, (int)parts.count);
        return;
    }
    emit(u, p->pos, OP_MATCH_MAPPING, next_temp(u), subject, 0);
    emit_jump(u, p->pos, OP_JUMP_IF_FALSE, next_temp(u), 0, m->fail);
    if (keys.count)
        check_length(m, p->pos, subject, keys.count, OP_JUMP_IF_NOT_GE);
    Value seen = keep(u->compiler, set_new(u->compiler->t));
    Reg first = next_temp(u);
    for (int32_t i = 0; i < keys.count && !u->compiler->failed; i++) {
        check_key(m, p, keys.items[i], seen);
        expr_push(u, keys.items[i]);
    }
    if (keys.count) {
        Reg values = next_temp(u);
        emit(u, p->pos, OP_BUILD_TUPLE, values, first, keys.count);
        emit(u, p->pos, OP_MATCH_KEYS, values, subject, values);
        emit_jump(u, p->pos, OP_JUMP_IF_NONE, values, 0, m->fail);
        emit(u, p->pos, OP_UNPACK, values, values, keys.count);
        u->top += keys.count;
        for (int32_t i = 0; i < parts.count; i++) match_part(m, parts.items[i], values + i);
    }
    if (present(p->MatchMapping.rest))
        match_rest(m, p, first, keys.count, subject);
}

/* ---- classes ---- */

static void check_attributes(Matcher *m, Pattern *p) {
    IdentifierSeq attributes = p->MatchClass.kwd_attrs;
    for (int32_t i = 0; i < attributes.count; i++)
        for (int32_t j = i + 1; j < attributes.count; j++)
            if (same(attributes.items[i], attributes.items[j])) {
                compile_error(m->u->compiler, p->MatchClass.kwd_patterns.items[j]->pos,
                              "attribute name repeated in class pattern: %S", attributes.items[j]);
                return;
            }
}

static void match_class(Matcher *m, Pattern *p, Reg subject) {
    Unit *u = m->u;
    Compiler *c = u->compiler;
    PatternSeq positional = p->MatchClass.patterns, keyword = p->MatchClass.kwd_patterns;
    IdentifierSeq attributes = p->MatchClass.kwd_attrs;
    int32_t count = positional.count + keyword.count;
    if (attributes.count != keyword.count) {
        compile_error(c, p->pos, "kwd_attrs (%d) / kwd_patterns (%d) length mismatch in class pattern",
                      (int)attributes.count, (int)keyword.count);
        return;
    }
    if (count >= INT16_MAX) {
        compile_error(c, p->pos, "too many sub-patterns in class pattern");
        return;
    }
    check_attributes(m, p);
    Value wanted = keep(c, tuple_from_values(c->t, attributes.items, (size_t)attributes.count));
    if (c->failed)
        return;
    Reg base = next_temp(u);
    emit(u, p->pos, OP_MOVE, base, subject, 0);
    push(u);
    expr_push(u, p->MatchClass.cls);
    load_constant(u, p->pos, wanted, next_temp(u));
    emit(u, p->pos, OP_MATCH_CLASS, base, base, positional.count);
    release_to(u, base & REG_INDEX);
    emit_jump(u, p->pos, OP_JUMP_IF_NONE, base, 0, m->fail);
    emit(u, p->pos, OP_UNPACK, base, base, count);
    u->top += count;
    for (int32_t i = 0; i < count; i++)
        match_part(m, i < positional.count ? positional.items[i] : keyword.items[i - positional.count], base + i);
}

/* ---- captures and alternatives ---- */

static void match_as(Matcher *m, Pattern *p, Reg subject) {
    Unit *u = m->u;
    if (p->MatchAs.pattern) {
        match_pattern(m, p->MatchAs.pattern, subject);
    } else if (!m->allow_irrefutable) {
        if (present(p->MatchAs.name))
            compile_error(u->compiler, p->pos, "name capture %R makes remaining patterns unreachable", p->MatchAs.name);
        else
            compile_error(u->compiler, p->pos, "wildcard makes remaining patterns unreachable");
        return;
    }
    if (present(p->MatchAs.name))
        capture(m, p->MatchAs.name, subject, p->pos);
}

typedef struct NameList {
    Value *items;
    int32_t count, capacity;
} NameList;

static void collect_names(Compiler *c, Pattern *p, NameList *list);

static void collect_from(Compiler *c, PatternSeq parts, NameList *list) {
    for (int32_t i = 0; i < parts.count; i++) collect_names(c, parts.items[i], list);
}

static void collect_name(Compiler *c, Value name, NameList *list) {
    if (absent(name) || c->failed)
        return;
    Value *items = grow(c, list->items, list->count, &list->capacity, sizeof *items);
    if (!items)
        return;
    list->items = items;
    items[list->count++] = name;
}

static void collect_names(Compiler *c, Pattern *p, NameList *list) {
    if (c->failed || !enter_recursion(c))
        return;
    switch (p->kind) {
    case PATTERN_MatchSequence: collect_from(c, p->MatchSequence.patterns, list); break;
    case PATTERN_MatchMapping:
        collect_from(c, p->MatchMapping.patterns, list);
        collect_name(c, p->MatchMapping.rest, list);
        break;
    case PATTERN_MatchClass:
        collect_from(c, p->MatchClass.patterns, list);
        collect_from(c, p->MatchClass.kwd_patterns, list);
        break;
    case PATTERN_MatchStar: collect_name(c, p->MatchStar.name, list); break;
    case PATTERN_MatchAs:
        if (p->MatchAs.pattern)
            collect_names(c, p->MatchAs.pattern, list);
        collect_name(c, p->MatchAs.name, list);
        break;
    case PATTERN_MatchOr:
        if (p->MatchOr.patterns.count)
            collect_names(c, p->MatchOr.patterns.items[0], list);
        break;
    default: break;
    }
    leave_recursion(c);
}

static int32_t find_capture(Matcher *m, Value name) {
    for (int32_t i = 0; i < m->count; i++)
        if (same(m->captures[i].name, name))
            return i;
    return -1;
}

/* Brings what an alternative captured to where all alternatives leave it. */
static void share_captures(Matcher *alternative, Pattern *p, NameList *list, Reg shared) {
    Unit *u = alternative->u;
    if (alternative->count != list->count) {
        compile_error(u->compiler, p->pos, "alternative patterns bind different names");
        return;
    }
    for (int32_t i = 0; i < list->count; i++) {
        int32_t found = find_capture(alternative, list->items[i]);
        if (found < 0) {
            compile_error(u->compiler, p->pos, "alternative patterns bind different names");
            return;
        }
        emit(u, p->pos, OP_MOVE, shared + i, alternative->captures[found].reg, 0);
    }
}

static void match_or(Matcher *m, Pattern *p, Reg subject) {
    Unit *u = m->u;
    Compiler *c = u->compiler;
    PatternSeq parts = p->MatchOr.patterns;
    NameList list = {};
    collect_names(c, p, &list);
    Reg shared = next_temp(u);
    for (int32_t i = 0; i < list.count; i++) {
        emit(u, p->pos, OP_CLEAR, next_temp(u), 0, 0);
        push(u);
    }
    int32_t mark = u->top;
    Label end = new_label(u);
    for (int32_t i = 0; i < parts.count && !c->failed; i++) {
        bool last = i + 1 == parts.count;
        Matcher alternative = {u, last ? m->fail : new_label(u), last && m->allow_irrefutable, NULL, 0, 0};
        match_pattern(&alternative, parts.items[i], subject);
        if (c->failed)
            return;
        share_captures(&alternative, p, &list, shared);
        release_to(u, mark);
        if (!last) {
            emit_jump(u, parts.items[i]->pos, OP_JUMP, 0, 0, end);
            place(u, alternative.fail);
        }
    }
    place(u, end);
    for (int32_t i = 0; i < list.count; i++) capture(m, list.items[i], shared + i, p->pos);
}

static void match_pattern(Matcher *m, Pattern *p, Reg subject) {
    if (m->u->compiler->failed || !enter_recursion(m->u->compiler))
        return;
    switch (p->kind) {
    case PATTERN_MatchValue: match_value(m, p, subject); break;
    case PATTERN_MatchSingleton: match_singleton(m, p, subject); break;
    case PATTERN_MatchSequence: match_sequence(m, p, subject); break;
    case PATTERN_MatchMapping: match_mapping(m, p, subject); break;
    case PATTERN_MatchClass: match_class(m, p, subject); break;
    case PATTERN_MatchStar: break;
    case PATTERN_MatchAs: match_as(m, p, subject); break;
    case PATTERN_MatchOr: match_or(m, p, subject); break;
    case PATTERN_NONE: break;
    }
    leave_recursion(m->u->compiler);
}

static void compile_case(Unit *u, MatchCase *match_case, Reg subject, bool last, Label end) {
    int32_t mark = u->top;
    Matcher m = {u, new_label(u), last || match_case->guard != NULL, NULL, 0, 0};
    match_pattern(&m, match_case->pattern, subject);
    for (int32_t i = 0; i < m.count; i++) store_name(u, m.captures[i].pos, m.captures[i].name, m.captures[i].reg);
    emit(u, match_case->pattern->pos, OP_NOP, 0, 0, 0);
    release_to(u, mark);
    if (match_case->guard)
        jump_if(u, match_case->guard, m.fail, false);
    release_to(u, subject & REG_INDEX); /* the body needs it no more */
    compile_statements(u, match_case->body);
    emit_jump(u, NO_POSITION, OP_JUMP, 0, 0, end);
    u->top = mark;
    place(u, m.fail);
}

void compile_match(Unit *u, Stmt *s) {
    MatchCaseSeq cases = s->Match.cases;
    Label end = new_label(u);
    Reg subject = expr_push(u, s->Match.subject);
    for (int32_t i = 0; i < cases.count && !u->compiler->failed; i++)
        compile_case(u, cases.items[i], subject, i + 1 == cases.count, end);
    place(u, end);
}
