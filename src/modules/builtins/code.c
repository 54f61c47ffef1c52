/* builtins: compile, eval, exec, __import__, __build_class__, breakpoint.
 *
 * Threads: a compilation is private to its thread; namespaces are dicts with the dict's contract.
 */
#include "compile/compile.h"
#include "compile/code.h"
#include "modules/builtins/builtins.h"
#include "modules/config.h"
#include "modules/isolate_modules.h"
#include "object/audit.h"
#include "object/buffer.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "syntax/ast_objects.h"
#include "syntax/parse.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"

/* Source text of compile, eval and exec: str, bytes or any buffer. */
typedef struct Source {
    const char *text;
    size_t length;
    int flags;
    Buffer buffer; /* owner present: to be released */
} Source;

static bool source_open(Thread *t, Value v, const char *function, const char *what, Source *source) {
    *source = (Source){0};
    if (is_str(v)) {
        source->flags = PARSE_IGNORE_COOKIE;
        source->text = str_utf8(t, v, &source->length);
    } else if (has_buffer(v)) {
        if (!buffer_get_contiguous(t, v, &source->buffer, false))
            return false;
        source->text = source->buffer.data;
        source->length = source->buffer.length;
    } else {
        raise_type_error(t, "%s() arg 1 must be a %s object", function, what);
    }
    if (source->text && memchr(source->text, 0, source->length)) {
        raise_error(t, &SyntaxError_type, "source code string cannot contain null bytes");
        if (present(source->buffer.owner))
            buffer_release(t, &source->buffer);
        return false;
    }
    return source->text != NULL;
}

static void source_close(Thread *t, Source *source) {
    if (present(source->buffer.owner))
        buffer_release(t, &source->buffer);
}

static const int FUTURE_FLAGS = 0x20000 | 0x40000 | 0x80000 | 0x100000 | 0x200000 | 0x400000 | 0x800000 | 0x1000000;
static const int KNOWN_FLAGS = CODE_NESTED /* of old: nested_scopes */ | PARSE_SOURCE_IS_UTF8 | PARSE_DONT_IMPLY_DEDENT | PARSE_ONLY_AST | PARSE_TYPE_COMMENTS |
                               PARSE_ALLOW_TOP_LEVEL_AWAIT | PARSE_ALLOW_INCOMPLETE_INPUT | PARSE_OPTIMIZED_AST;

/* Future features in force where the caller is. */
static int inherited_flags(Thread *t) {
    Frame *f = t->frame;
    return frame_is_real(f) ? (int)f->code->flags & FUTURE_FLAGS : 0;
}

static int mode_number(Thread *t, Value mode, int flags) {
    if (str_equal_text(mode, "exec"))
        return PARSE_EXEC;
    if (str_equal_text(mode, "eval"))
        return PARSE_EVAL;
    if (str_equal_text(mode, "single"))
        return PARSE_SINGLE;
    if (str_equal_text(mode, "func_type")) {
        if (flags & PARSE_ONLY_AST)
            return PARSE_FUNC_TYPE;
        raise_value_error(t, "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
        return -1;
    }
    raise_value_error(t, flags & PARSE_ONLY_AST ? "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"
                                                : "compile() mode must be 'exec', 'eval' or 'single'");
    return -1;
}

static Value compile_tree(Thread *t, Value node, Value filename, int mode, int flags, int optimize) {
    bool optimized = (flags & PARSE_OPTIMIZED_AST) == PARSE_OPTIMIZED_AST;
    if (flags & PARSE_ONLY_AST && !optimized)
        return ast_check_mode(t, node, mode) ? node : NO_VALUE;
    Arena arena;
    arena_init(&arena);
    Value keep = TRY(list_new(t, 0));
    Module *module = ast_from_object(t, node, mode, &arena, keep);
    Value result = NO_VALUE;
    if (module && optimized)
        result = optimize_tree(t, module, filename, optimize, flags, &arena) ? ast_to_object(t, module) : NO_VALUE;
    else if (module)
        result = compile_module(t, module, filename, flags, optimize);
    arena_free(&arena);
    keep_alive((void *)keep.bits);
    return result;
}

static Value parse_to_object(Thread *t, Source *source, Value filename, int mode, int flags, int optimize, int version) {
    Arena arena;
    arena_init(&arena);
    Value keep = TRY(list_new(t, 0));
    Module *module = parse_source_version(t, source->text, source->length, filename, mode, flags, version, &arena, keep);
    Value result = NO_VALUE;
    bool optimized = (flags & PARSE_OPTIMIZED_AST) == PARSE_OPTIMIZED_AST;
    if (module && (!optimized || optimize_tree(t, module, filename, optimize, flags, &arena)))
        result = ast_to_object(t, module);
    arena_free(&arena);
    keep_alive((void *)keep.bits);
    return result;
}

static Value path_text(Thread *t, Value filename) {
    if (is_str(filename))
        return filename;
    if (is_bytes(filename)) {
        Buffer b;
        CHECK(buffer_get_contiguous(t, filename, &b, false));
        Value text = str_decode_filesystem(t, b.data, b.length);
        buffer_release(t, &b);
        return text;
    }
    Value method = type_lookup_special(t, filename, names.__fspath__);
    if (present(method))
        return path_text(t, TRY(call_0(t, method)));
    return error_pending(t) ? NO_VALUE
                            : raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", filename);
}

/* Source text is shown as bytes. */
static bool audit_compile(Thread *t, Value source, Value filename) {
    if (is_str(source)) {
        size_t length;
        const char *text = str_utf8(t, source, &length);
        source = text ? bytes_new(t, text, length) : NO_VALUE;
    }
    return present(source) && audit(t, "compile", 2, source, filename);
}

static Value builtin_compile(Thread *t, Value *args) {
    Value filename = TRY(path_text(t, args[1]));
    int64_t flags, optimize, version = FEATURE_VERSION_CURRENT;
    if (!is_str(args[2]))
        return raise_type_error(t, "compile() argument 'mode' must be str, not %Y", args[2]);
    CHECK(index_as_ssize(t, args[3], &flags, false, NULL) && index_as_ssize(t, args[5], &optimize, false, NULL));
    CHECK(index_as_ssize(t, args[6], &version, false, NULL));
    if (flags & ~(int64_t)(FUTURE_FLAGS | KNOWN_FLAGS))
        return raise_value_error(t, "compile(): unrecognised flags");
    if (optimize < -1 || optimize > 2)
        return raise_value_error(t, "compile(): invalid optimize value");
    int dont_inherit = truth(t, args[4]);
    CHECK(dont_inherit >= 0);
    if (!dont_inherit)
        flags |= inherited_flags(t);
    int mode = mode_number(t, args[2], (int)flags);
    CHECK(mode >= 0);
    if (optimize == -1)
        optimize = optimization_level(t);
    if (version < 0 || !(flags & PARSE_ONLY_AST))
        version = FEATURE_VERSION_CURRENT;
    int is_tree = ast_is_object(t, args[0]);
    CHECK(is_tree >= 0);
    CHECK(!audited(t) || audit_compile(t, is_tree ? NONE : args[0], filename));
    if (is_tree)
        return compile_tree(t, args[0], filename, mode, (int)flags, (int)optimize);
    Source source;
    CHECK(source_open(t, args[0], "compile", "string, bytes or AST", &source));
    flags |= source.flags;
    Value result = flags & PARSE_ONLY_AST
                       ? parse_to_object(t, &source, filename, mode, (int)flags, (int)optimize, (int)version)
                       : compile_source(t, source.text, source.length, filename, mode, (int)flags, (int)optimize);
    source_close(t, &source);
    return result;
}

/* Namespaces of eval and exec: given ones are checked, missing ones are the caller's. */
static bool namespaces(Thread *t, const char *function, Value *globals, Value *locals) {
    if (!is_none(*locals) && !is_dict(*locals) && !type_slot(type_of(*locals), SLOT___getitem__)) {
        raise_type_error(t, strcmp(function, "eval") == 0 ? "locals must be a mapping"
                                                           : "locals must be a mapping or None, not %T", *locals);
        return false;
    }
    if (!is_none(*globals) && !is_dict(*globals)) {
        if (strcmp(function, "eval") == 0)
            raise_type_error(t, type_slot(type_of(*globals), SLOT___getitem__)
                                    ? "globals must be a real dict; try eval(code, {}, mapping)"
                                    : "globals must be a dict");
        else
            raise_type_error(t, "exec() globals must be a dict, not %T", *globals);
        return false;
    }
    if (is_none(*globals)) {
        *globals = vm_globals(t);
        if (is_none(*locals))
            *locals = vm_locals(t);
        if (absent(*locals))
            return false;
    } else if (is_none(*locals)) {
        *locals = *globals;
    }
    if (absent(*globals)) {
        raise_system_error(t, "globals and locals cannot be NULL");
        return false;
    }
    Value given = dict_get_str(*globals, names.__builtins__);
    if (present(given) && !type_slot(type_of(given), SLOT___getitem__) && !is_instance_of(given, &module_type)) {
        raise_type_error(t, "'%T' object is not subscriptable", given);
        return false;
    }
    if (present(given))
        return true;
    Value builtins = vm_builtins(t);
    return dict_set(t, *globals, names.__builtins__, present(builtins) ? builtins : t->isolate->builtins);
}

static Value check_closure(Thread *t, Value code, Value closure) {
    size_t wanted = as_code(code)->free_count;
    if (wanted == 0)
        return is_none(closure) ? NO_VALUE
                                : raise_type_error(t, "cannot use a closure with this code object");
    bool ok = is_exactly(closure, &tuple_type) && tuple_length(closure) == wanted;
    for (size_t i = 0; ok && i < wanted; i++)
        ok = is_exactly(tuple_get(closure, i), &cell_type);
    return ok ? closure : raise_type_error(t, "code object requires a closure of exactly length %zu", wanted);
}

static Value run_text(Thread *t, Value text, const char *function, int mode, Value globals, Value locals) {
    Source source;
    CHECK(source_open(t, text, function, "string, bytes or code", &source));
    int flags = inherited_flags(t) | source.flags;
    const char *start = source.text;
    size_t length = source.length;
    for (; mode == PARSE_EVAL && length && (*start == ' ' || *start == '\t'); start++)
        length--;
    Value filename = TRY(str_intern_text(t, "<string>"));
    bool allowed = !audited(t) || audit_compile(t, text, filename);
    Value code = allowed ? compile_source(t, start, length, filename, mode, flags, optimization_level(t)) : NO_VALUE;
    source_close(t, &source);
    CHECK(present(code) && audit(t, "exec", 1, code));
    return vm_run_code(t, code, globals, locals);
}

static Value builtin_eval(Thread *t, Value *args) {
    CHECK(namespaces(t, "eval", &args[1], &args[2]));
    if (!is_exactly(args[0], &code_type))
        return run_text(t, args[0], "eval", PARSE_EVAL, args[1], args[2]);
    if (as_code(args[0])->free_count)
        return raise_type_error(t, "code object passed to eval() may not contain free variables");
    CHECK(audit(t, "exec", 1, args[0]));
    return vm_run_code(t, args[0], args[1], args[2]);
}

static Value builtin_exec(Thread *t, Value *args) {
    CHECK(namespaces(t, "exec", &args[1], &args[2]));
    if (!is_exactly(args[0], &code_type)) {
        if (!is_none(args[3]))
            return raise_type_error(t, "closure argument requires a code object");
        TRY(run_text(t, args[0], "exec", PARSE_EXEC, args[1], args[2]));
        return NONE;
    }
    Value closure = check_closure(t, args[0], args[3]);
    CHECK(!error_pending(t) && audit(t, "exec", 1, args[0]));
    TRY(vm_run_code_with_closure(t, args[0], args[1], args[2], closure));
    return NONE;
}

static Value builtin_import(Thread *t, Value *args) {
    int64_t level;
    CHECK(index_as_ssize(t, args[4], &level, false, NULL));
    return import_module_level(t, args[0], args[1], args[3], level);
}

static Value builtin_build_class(Thread *t, Value *args) {
    size_t count = tuple_length(args[0]);
    Value kwnames = TRY(tuple_new(t, dict_length(args[1])));
    Value all = TRY(tuple_new(t, 1 + count + dict_length(args[1])));
    for (size_t i = 0; i < count; i++)
        store(as_object(all), &as_tuple(all)->items[1 + i], tuple_get(args[0], i));
    size_t position = 0;
    Value key, value;
    for (size_t i = 0; i < tuple_length(kwnames) && dict_next(args[1], &position, &key, &value); i++) {
        store(as_object(kwnames), &as_tuple(kwnames)->items[i], key);
        store(as_object(all), &as_tuple(all)->items[1 + count + i], value);
    }
    Value class = vm_build_class(t, as_tuple(all)->items + 1, count, kwnames);
    keep_alive((void *)all.bits);
    return class;
}

static Value builtin_breakpoint(Thread *t, Value *args) {
    CHECK(audit(t, "builtins.breakpoint", 1, dict_get_text(t, t->isolate->sys_dict, "breakpointhook")));
    Value hook = dict_get_text(t, t->isolate->sys_dict, "breakpointhook");
    if (absent(hook))
        return error_pending(t) ? NO_VALUE : raise_error(t, &RuntimeError_type, "lost sys.breakpointhook");
    return call_tuple(t, hook, args[0], args[1]);
}

const NativeDef builtins_code_functions[] = {
    {"compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)", builtin_compile,
     "Compile source into a code object that can be executed by exec() or eval().\n\nThe source code may represent a Python "
     "module, statement or expression.\nThe filename will be used for run-time error messages.\nThe mode must be 'exec' to "
     "compile a module, 'single' to compile a\nsingle (interactive) statement, or 'eval' to compile an expression.\nThe flags "
     "argument, if present, controls which future statements influence\nthe compilation of the code.\nThe dont_inherit argument, "
     "if true, stops the compilation inheriting\nthe effects of any future statements in effect in the code calling\ncompile; if "
     "absent or false these statements do influence the compilation,\nin addition to any features explicitly specified."},
    {"eval(source, /, globals=None, locals=None)", builtin_eval,
     "Evaluate the given source in the context of globals and locals.\n\nThe source may be a string representing a Python "
     "expression\nor a code object as returned by compile().\nThe globals must be a dictionary and locals can be any "
     "mapping,\ndefaulting to the current globals and locals.\nIf only globals is given, locals defaults to it."},
    {"exec(source, /, globals=None, locals=None, *, closure=None)", builtin_exec,
     "Execute the given source in the context of globals and locals.\n\nThe source may be a string representing one or more "
     "Python statements\nor a code object as returned by compile().\nThe globals must be a dictionary and locals can be any "
     "mapping,\ndefaulting to the current globals and locals.\nIf only globals is given, locals defaults to it.\nThe closure must "
     "be a tuple of cellvars, and can only be used\nwhen source is a code object requiring exactly that many cellvars."},
    {"__import__(name, globals=None, locals=None, fromlist=(), level=0)", builtin_import,
     "Import a module.\n\nBecause this function is meant for use by the Python\ninterpreter and not for general use, it is better "
     "to use\nimportlib.import_module() to programmatically import a module.\n\nThe globals argument is only used to determine "
     "the context;\nthey are not modified.  The locals argument is unused.  The fromlist\nshould be a list of names to emulate "
     "``from name import ...``, or an\nempty list to emulate ``import name``.\nWhen importing a module from a package, note that "
     "__import__('A.B', ...)\nreturns package A when fromlist is empty, but its submodule B when\nfromlist is not empty.  The "
     "level argument is used to determine whether to\nperform absolute or relative imports: 0 is absolute, while a positive "
     "number\nis the number of parent directories to search relative to the current module."},
    {"__build_class__(*args, **kwargs)", builtin_build_class,
     "__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class\n\nInternal helper function used by the class "
     "statement.",
     NATIVE_NO_SIGNATURE},
    {"breakpoint(*args, **kws)", builtin_breakpoint,
     "Call sys.breakpointhook(*args, **kws).\n\nsys.breakpointhook() must accept whatever arguments are passed.\n\nBy default, "
     "this drops you into the pdb debugger."},
    {0},
};
