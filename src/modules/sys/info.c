/* sys: what this runtime is: versions, flags, numeric limits, the platform.
 *
 * Threads: made at start-up, constant afterwards.
 */
#include "base/hash.h"
#include "modules/isolate_modules.h"
#include "modules/sys/sys.h"
#include "object/errors.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <float.h>
#include <gnu/libc-version.h>

enum { VERSION_MAJOR = 3, VERSION_MINOR = 14, VERSION_MICRO = 10 };

/* Makes a struct sequence of its own type and adds it. `values` are as many as the fields. */
static bool add_sequence(Thread *t, Value module, const char *attribute, const char *type_name, const char *doc,
                         const StructSequenceField *fields, size_t count, Value *values) {
    for (size_t i = 0; i < count; i++)
        if (absent(values[i]))
            return false;
    Value type = struct_sequence_type(t, type_name, doc, fields, count);
    if (absent(type))
        return false;
    as_type(type)->flags |= TYPE_NO_NEW;
    return module_add(t, module, attribute, struct_sequence_new(t, as_type(type), values));
}

static bool add_version(Thread *t, Value module) {
    static const StructSequenceField fields[] = {{"major", "Major release number"},
                                                 {"minor", "Minor release number"},
                                                 {"micro", "Patch release number"},
                                                 {"releaselevel", "'alpha', 'beta', 'candidate', or 'final'"},
                                                 {"serial", "Serial release number"},
                                                 {0}};
    Value values[] = {small_int(VERSION_MAJOR), small_int(VERSION_MINOR), small_int(VERSION_MICRO),
                      str_from_text(t, "final"), small_int(0)};
    int64_t hex = VERSION_MAJOR << 24 | VERSION_MINOR << 16 | VERSION_MICRO << 8 | 0xf0;
    return add_sequence(t, module, "version_info", "sys.version_info", "sys.version_info\n\nVersion information as a named tuple.",
                        fields, 5, values) &&
           module_add_int(t, module, "hexversion", hex) &&
           module_add(t, module, "version", format_text(t, "%d.%d.%d free-threading build (krait, %s) [Clang %s]", VERSION_MAJOR, VERSION_MINOR,
                                                        VERSION_MICRO, __DATE__, __clang_version__)) &&
           module_add_int(t, module, "api_version", 1013);
}

static bool add_implementation(Thread *t, Value module) {
    Value space = namespace_new(t, NO_VALUE);
    Value version = dict_get_str(module_dict(module), str_intern_text(t, "version_info"));
    if (absent(space) || absent(version))
        return false;
    Value tag = str_from_text(t, "krait-314");
    return set_attribute(t, space, names.name, str_from_text(t, "krait")) &&
           set_attribute(t, space, str_intern_text(t, "cache_tag"), tag) && set_attribute(t, space, str_intern_text(t, "version"), version) &&
           set_attribute(t, space, str_intern_text(t, "hexversion"), dict_get_text(t, module_dict(module), "hexversion")) &&
           set_attribute(t, space, str_intern_text(t, "_multiarch"), str_from_text(t, "x86_64-linux-gnu")) &&
           set_attribute(t, space, str_intern_text(t, "supports_isolated_interpreters"), TRUE) &&
           module_add(t, module, "implementation", space);
}

static bool add_flags(Thread *t, Value module) {
    static const StructSequenceField fields[] = {
        {"debug", "-d"}, {"inspect", "-i"}, {"interactive", "-i"}, {"optimize", "-O or -OO"}, {"dont_write_bytecode", "-B"},
        {"no_user_site", "-s"}, {"no_site", "-S"}, {"ignore_environment", "-E"}, {"verbose", "-v"}, {"bytes_warning", "-b"},
        {"quiet", "-q"}, {"hash_randomization", "-R"}, {"isolated", "-I"}, {"dev_mode", "-X dev"}, {"utf8_mode", "-X utf8"},
        {"warn_default_encoding", "-X warn_default_encoding"}, {"safe_path", "-P"},
        {"int_max_str_digits", "-X int_max_str_digits"}, {"gil", "-X gil"}, {"thread_inherit_context", "-X thread_inherit_context"},
        {"context_aware_warnings", "-X context_aware_warnings"}, {0}};
    const Config *c = config(t);
    Value values[] = {
        small_int(c->debug), small_int(c->inspect), small_int(c->interactive), small_int(c->optimize),
        small_int(c->dont_write_bytecode), small_int(c->no_user_site), small_int(c->no_site),
        small_int(c->ignore_environment), small_int(c->verbose), small_int(c->bytes_warning), small_int(c->quiet),
        small_int(!(c->use_hash_seed && c->hash_seed == 0)), small_int(c->isolated), from_bool(c->dev_mode),
        small_int(c->utf8_mode), small_int(c->warn_default_encoding), from_bool(c->safe_path),
        small_int(c->int_max_str_digits), c->gil_is_off ? small_int(0) : NONE, small_int(c->thread_inherit_context),
        small_int(c->context_aware_warnings)};
    Value type = struct_sequence_type(t, "sys.flags", "sys.flags\n\nFlags provided through command line arguments or environment "
                                                      "vars.", fields, 18);
    if (absent(type))
        return false;
    as_type(type)->flags |= TYPE_NO_NEW;
    return module_add(t, module, "flags", struct_sequence_new(t, as_type(type), values));
}

static bool add_float_info(Thread *t, Value module) {
    static const StructSequenceField fields[] = {
        {"max", "DBL_MAX -- maximum representable finite float"},
        {"max_exp", "DBL_MAX_EXP -- maximum int e such that radix**(e-1) is representable"},
        {"max_10_exp", "DBL_MAX_10_EXP -- maximum int e such that 10**e is representable"},
        {"min", "DBL_MIN -- Minimum positive normalized float"},
        {"min_exp", "DBL_MIN_EXP -- minimum int e such that radix**(e-1) is a normalized float"},
        {"min_10_exp", "DBL_MIN_10_EXP -- minimum int e such that 10**e is a normalized float"},
        {"dig", "DBL_DIG -- maximum number of decimal digits that can be faithfully represented in a float"},
        {"mant_dig", "DBL_MANT_DIG -- mantissa digits"},
        {"epsilon", "DBL_EPSILON -- Difference between 1 and the next representable float"},
        {"radix", "FLT_RADIX -- radix of exponent"},
        {"rounds", "FLT_ROUNDS -- rounding mode used for arithmetic operations"},
        {0}};
    Value values[] = {float_from_double(t, DBL_MAX), small_int(DBL_MAX_EXP), small_int(DBL_MAX_10_EXP),
                      float_from_double(t, DBL_MIN), small_int(DBL_MIN_EXP), small_int(DBL_MIN_10_EXP), small_int(DBL_DIG),
                      small_int(DBL_MANT_DIG), float_from_double(t, DBL_EPSILON), small_int(FLT_RADIX), small_int(1)};
    return add_sequence(t, module, "float_info", "sys.float_info",
                        "sys.float_info\n\nA named tuple holding information about the float type. It contains low\nlevel "
                        "information about the precision and internal representation.\nPlease study your system's :file:`float.h` "
                        "for more information.", fields, 11, values);
}

static bool add_number_info(Thread *t, Value module) {
    static const StructSequenceField int_fields[] = {
        {"bits_per_digit", "size of a digit in bits"}, {"sizeof_digit", "size in bytes of the C type used to represent a digit"},
        {"default_max_str_digits", "maximum string conversion digits limitation"},
        {"str_digits_check_threshold", "minimum positive value for int_max_str_digits"}, {0}};
    static const StructSequenceField hash_fields[] = {
        {"width", "width of the type used for hashing, in bits"},
        {"modulus", "prime number giving the modulus on which the hash function is based"},
        {"inf", "value to be used for hash of a positive infinity"},
        {"nan", "value to be used for hash of a nan"},
        {"imag", "multiplier used for the imaginary part of a complex number"},
        {"algorithm", "name of the algorithm for hashing of str, bytes and memoryviews"},
        {"hash_bits", "internal output size of hash algorithm"}, {"seed_bits", "seed size of hash algorithm"},
        {"cutoff", "small string optimization cutoff"}, {0}};
    static const StructSequenceField thread_fields[] = {{"name", "name of the thread implementation"},
                                                        {"lock", "name of the lock implementation"},
                                                        {"version", "name and version of the thread library"}, {0}};
    Value int_values[] = {small_int(64), small_int(8), small_int(4300), small_int(640)};
    Value hash_values[] = {small_int(64), small_int((int64_t)HASH_MODULUS), small_int(HASH_INFINITY), small_int(0),
                           small_int(HASH_IMAGINARY), str_from_text(t, "siphash13"), small_int(64), small_int(128), small_int(0)};
    Value thread_values[] = {str_from_text(t, "pthread"), NONE /* futexes: no name is foreseen for them */,
                             format_text(t, "NPTL %s", gnu_get_libc_version())};
    return add_sequence(t, module, "int_info", "sys.int_info",
                        "sys.int_info\n\nA named tuple that holds information about Python's\ninternal representation of integers.  "
                        "The attributes are read only.", int_fields, 4, int_values) &&
           add_sequence(t, module, "hash_info", "sys.hash_info",
                        "hash_info\n\nA named tuple providing parameters used for computing hashes. The attributes are read only.",
                        hash_fields, 9, hash_values) &&
           add_sequence(t, module, "thread_info", "sys.thread_info",
                        "sys.thread_info\n\nA named tuple holding information about the thread implementation.", thread_fields, 3,
                        thread_values);
}

static bool add_module_names(Thread *t, Value module) {
    static const char *const stdlib[] = {
#include "stdlib_names.h"
    };
    Value set = set_new(t);
    for (size_t i = 0; present(set) && i < sizeof stdlib / sizeof *stdlib; i++) {
        Value name = str_intern_text(t, stdlib[i]);
        if (absent(name) || !set_add(t, set, name))
            return false;
    }
    return present(set) && module_add(t, module, "stdlib_module_names", set_from_iterable(t, &frozenset_type, set)) &&
           module_add(t, module, "builtin_module_names", native_module_names(t));
}

/* sys._jit: there is no just-in-time compiler. */
static Value jit_no(Thread *t, Value *args) { return FALSE; }

static bool add_jit(Thread *t, Value module) {
    static const NativeDef functions[] = {
        {"is_available()", jit_no, "Return True if the current Python executable supports JIT compilation, and False otherwise."},
        {"is_enabled()", jit_no, "Return True if JIT compilation is enabled for the current Python process, and False otherwise."},
        {"is_active()", jit_no, "Return True if the topmost Python frame is currently executing JIT code, and False otherwise."},
        {0},
    };
    static const ModuleDef def = {.name = "sys._jit", .doc = "Utilities for observing just-in-time compilation.",
                                  .functions = functions};
    return module_add(t, module, "_jit", module_from_def(t, &def));
}

bool sys_add_info(Thread *t, Value module) {
    return add_version(t, module) && add_jit(t, module) && add_implementation(t, module) && add_flags(t, module) && add_float_info(t, module) &&
           add_number_info(t, module) && add_module_names(t, module) && module_add_text(t, module, "platform", "linux") &&
           module_add(t, module, "maxsize", int_from(t, INT64_MAX)) &&
           module_add_int(t, module, "maxunicode", 0x10FFFF) && module_add_text(t, module, "byteorder", "little") &&
           module_add_text(t, module, "float_repr_style", "short") && module_add_text(t, module, "abiflags", "t") &&
           module_add_text(t, module, "platlibdir", "lib") && module_add_text(t, module, "_framework", "") &&
           module_add_text(t, module, "copyright", "Copyright (c) 2026 The Krait authors.") &&
           module_add(t, module, "_git", tuple_pack(t, 3, str_from_text(t, "Krait"), empty_str, empty_str));
}
