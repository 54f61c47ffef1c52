/* Replacement templates, and sub() and subn().
 *
 * Threads: templates are immutable. */
#include "modules/sre/sre.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

static void template_trace(Tracer *tracer, Object *o) {
    TemplateObject *template = (TemplateObject *)o;
    trace_value(tracer, template->literal);
    trace_values(tracer, template->items, 2 * template->count);
}

MODULE_TYPE(template_object_type, _sre) = {
    STATIC_TYPE_HEAD(template_trace, NULL),
    .name_text = "_sre.SRE_Template",
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(TemplateObject),
};

static bool is_empty(Value text) { return is_str(text) ? str_length(text) == 0 : is_bytes(text) && as_bytes(text)->length == 0; }

/* _sre.template(pattern, [literal, group, literal, group, ..., literal]) */
Value sre_template(Thread *t, Value *args) {
    if (!is_list(args[1]))
        return raise_type_error(t, "template() argument 2 must be list, not %Y", args[1]);
    size_t length = list_length(args[1]), count = length / 2;
    if (length == 0)
        return raise_type_error(t, "invalid template");
    TemplateObject *template = heap_allocate(t, &template_object_type, sizeof *template + 2 * count * sizeof(Value));
    if (!template)
        return NO_VALUE;
    template->literal = list_get(args[1], 0); /* NOBARRIER: new; nothing below allocates */
    for (size_t i = 0; i < count; i++) {
        Value group = list_get(args[1], 2 * i + 1), literal = list_get(args[1], 2 * i + 2);
        if (!is_small_int(group) || small_int_value(group) < 0)
            return raise_type_error(t, "invalid template");
        template->items[2 * i] = group;
        template->items[2 * i + 1] = absent(literal) || is_empty(literal) ? NO_VALUE : literal;
    }
    template->count = count;
    return from_object(template);
}

static Value join(Thread *t, Value pieces, bool is_text) {
    Value separator = is_text ? empty_str : empty_bytes;
    if (list_length(pieces) == 1 && is_exactly(list_get(pieces, 0), is_text ? &str_type : &bytes_type))
        return list_get(pieces, 0);
    return is_text ? str_join(t, separator, pieces) : call_method_1(t, separator, str_intern_text(t, "join"), pieces);
}

static bool add_expansion(Thread *t, Value pieces, MatchObject *m, TemplateObject *template) {
    if (!is_empty(template->literal) && !list_append(t, pieces, template->literal))
        return false;
    for (size_t i = 0; i < template->count; i++) {
        int64_t group = small_int_value(template->items[2 * i]);
        if (group >= (int64_t)m->groups) {
            raise_index_error(t, "no such group");
            return false;
        }
        Value text = match_group_value(t, m, (size_t)group, NONE);
        if (absent(text) || (!is_none(text) && !list_append(t, pieces, text)))
            return false;
        if (present(template->items[2 * i + 1]) && !list_append(t, pieces, template->items[2 * i + 1]))
            return false;
    }
    return true;
}

Value match_expand_template(Thread *t, Value match, Value template) {
    Value pieces = TRY(list_new(t, 8));
    CHECK(add_expansion(t, pieces, as_match(match), (TemplateObject *)template.bits));
    return join(t, pieces, is_str(as_match(match)->string));
}

static Value make_template(Thread *t, Value pattern, Value replacement) {
    Value re = TRY(import_module(t, "re"));
    Value compile = TRY(get_attribute_text(t, re, "_compile_template"));
    Value template = call_2(t, compile, pattern, replacement);
    if (absent(template) && error_matches(t, &TypeError_type) && !is_str(replacement) && !has_buffer(replacement)) {
        /* An unhashable replacement: say what was expected instead. */
        error_clear(t);
        return raise_type_error(t, "decoding to str: need a bytes-like object, %T found", replacement);
    }
    if (absent(template))
        return template;
    TemplateObject *o = (TemplateObject *)template.bits;
    return is_exactly(template, &template_object_type) && o->count == 0 ? o->literal : template;
}

/* Mostly a pattern is used with one and the same replacement. */
Value template_of(Thread *t, Value pattern, Value replacement) {
    PatternObject *p = (PatternObject *)as_object(pattern);
    Value last = load(&p->last_template);
    if (present(last) && same(tuple_get(last, 0), replacement))
        return tuple_get(last, 1);
    Value template = TRY(make_template(t, pattern, replacement));
    if (is_exactly(replacement, &str_type) || is_exactly(replacement, &bytes_type))
        store(p, &p->last_template, TRY(tuple_pack(t, 2, replacement, template)));
    return template;
}

static bool contains_backslash(Thread *t, Value text) {
    if (is_str(text))
        return str_find(t, text, str_from_char(t, '\\'), 0, str_length(text)) >= 0;
    Buffer b;
    if (!buffer_get_contiguous(t, text, &b, false)) {
        error_clear(t);
        return true;
    }
    bool found = b.length && memchr(b.data, '\\', b.length);
    buffer_release(t, &b);
    return found;
}

typedef struct Substitution {
    Value pieces, literal, template, function; /* one of the last three is present */
    int64_t count, done, position;
} Substitution;

static bool substitute_one(Thread *t, MatchState *s, Substitution *sub) {
    if (sub->position < s->start) {
        Value before = match_slice(t, s->string, sub->position, s->start);
        if (absent(before) || !list_append(t, sub->pieces, before))
            return false;
    }
    if (present(sub->literal)) {
        if (!is_empty(sub->literal) && !list_append(t, sub->pieces, sub->literal))
            return false;
    } else {
        Value match = match_new(s);
        if (absent(match))
            return false;
        as_match(match)->endpos = s->end;
        if (present(sub->template)) {
            if (!add_expansion(t, sub->pieces, as_match(match), (TemplateObject *)sub->template.bits))
                return false;
        } else {
            Value text = call_1(t, sub->function, match);
            if (absent(text) || (!is_none(text) && !list_append(t, sub->pieces, text)))
                return false;
        }
    }
    sub->position = s->position;
    sub->done++;
    s->must_advance = s->position == s->start;
    s->start = s->position;
    return true;
}

static Value run_substitution(Thread *t, MatchState *s, Substitution *sub, bool with_number) {
    while (sub->count == 0 || sub->done < sub->count) {
        int found = match_search(s);
        CHECK(found >= 0);
        if (!found)
            break;
        CHECK(substitute_one(t, s, sub));
    }
    if (sub->position < s->end)
        CHECK(list_append(t, sub->pieces, TRY(match_slice(t, s->string, sub->position, s->end))));
    Value result = TRY(join(t, sub->pieces, is_str(s->string)));
    return with_number ? tuple_pack(t, 2, result, small_int(sub->done)) : result;
}

Value pattern_substitute(Thread *t, Value pattern, Value replacement, Value string, int64_t count, bool with_number) {
    Substitution sub = {.pieces = TRY(list_new(t, 8)), .count = count};
    if (is_callable(replacement)) {
        sub.function = replacement;
    } else if ((is_str(replacement) || has_buffer(replacement)) && !contains_backslash(t, replacement)) {
        sub.literal = replacement;
    } else {
        Value template = TRY(template_of(t, pattern, replacement));
        if (is_exactly(template, &template_object_type))
            sub.template = template;
        else
            sub.literal = template;
    }
    MatchState s;
    CHECK(match_state_open(t, &s, pattern, string, 0, INT64_MAX));
    Value result = run_substitution(t, &s, &sub, with_number);
    match_state_close(&s);
    return result;
}
