/* Command line options, as CPython 3.14 understands them. Runs before any thread starts. */
#include "cli/options.h"
#include "cli/environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage_line[] = "usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\n";

static const char help_text[] =
    "Options (and corresponding environment variables):\n"
    "-b     : warn about comparing bytes or bytearray with str, or bytes with int\n"
    "         (-bb: an error)\n"
    "-B     : do not write .pyc files on import; also PYTHONDONTWRITEBYTECODE=x\n"
    "-c cmd : program passed in as string (terminates option list)\n"
    "-d     : parser debugging (has no effect); also PYTHONDEBUG=x\n"
    "-E     : ignore PYTHON* environment variables\n"
    "-h     : print this help message and exit (also -? or --help)\n"
    "-i     : inspect interactively after running script; also PYTHONINSPECT=x\n"
    "-I     : isolate from the user's environment (implies -E, -P and -s)\n"
    "-m mod : run library module as a script (terminates option list)\n"
    "-O     : remove assert and __debug__-dependent statements; also PYTHONOPTIMIZE=x\n"
    "-OO    : -O, and discard docstrings\n"
    "-P     : do not prepend a potentially unsafe path to sys.path; also PYTHONSAFEPATH\n"
    "-q     : no version and copyright messages on interactive startup\n"
    "-s     : no user site directory in sys.path; also PYTHONNOUSERSITE=x\n"
    "-S     : do not import site at start\n"
    "-u     : unbuffered stdout and stderr; also PYTHONUNBUFFERED=x\n"
    "-v     : trace import statements; also PYTHONVERBOSE=x\n"
    "-V     : print the version number and exit (also --version)\n"
    "-W arg : warning control: action:message:category:module:lineno; also PYTHONWARNINGS=arg\n"
    "-x     : skip first line of source\n"
    "-X opt : set implementation-specific option\n"
    "--check-hash-based-pycs always|default|never:\n"
    "         how hash-based .pyc files are invalidated\n"
    "\n"
    "Arguments:\n"
    "file   : program read from script file\n"
    "-      : program read from stdin (default; interactive mode if a tty)\n"
    "arg ...: arguments passed to program in sys.argv[1:]\n";

static int usage_error(const char *program) {
    fprintf(stderr, usage_line, program);
    fputs("Try `python -h' for more information.\n", stderr);
    return 2;
}

static void print_version(int times) {
    if (times > 1)
        printf("Python 3.14.10 free-threading build (krait, %s) [Clang %s]\n", __DATE__, __clang_version__);
    else
        puts("Python 3.14.10");
}

typedef struct Parsing {
    int argc, at;
    char **argv;
    int versions;
    bool help;
    StringList warnings;
} Parsing;

/* The argument of an option: the rest of the word, or the next word. */
static const char *argument(Parsing *p, const char *rest) {
    if (*rest)
        return rest;
    return p->at + 1 < p->argc ? p->argv[++p->at] : NULL;
}

static int missing_argument(const Parsing *p, const char *option) {
    fprintf(stderr, "Argument expected for the -%s option\n", option);
    return usage_error(p->argv[0]);
}

static bool is_hash_policy(const char *text) {
    return strcmp(text, "always") == 0 || strcmp(text, "never") == 0 || strcmp(text, "default") == 0;
}

static int parse_long(Config *c, Parsing *p, const char *word) {
    if (strcmp(word, "help") == 0) {
        p->help = true;
    } else if (strcmp(word, "version") == 0) {
        p->versions++;
    } else if (strcmp(word, "check-hash-based-pycs") == 0) {
        if (p->at + 1 >= p->argc)
            return missing_argument(p, "-check-hash-based-pycs");
        c->check_hash_pycs = p->argv[++p->at];
        if (!is_hash_policy(c->check_hash_pycs)) {
            fputs("--check-hash-based-pycs must be one of 'default', 'always', or 'never'\n", stderr);
            return usage_error(p->argv[0]);
        }
    } else {
        fprintf(stderr, "unknown option --%s\n", word);
        return usage_error(p->argv[0]);
    }
    return -1;
}

/* An option with an argument. -c and -m end the options. */
static int parse_with_argument(Config *c, Parsing *p, const char *letter, bool *program) {
    const char *value = argument(p, letter + 1);
    if (!value)
        return missing_argument(p, (char[]){*letter, 0});
    if (*letter == 'W') {
        string_list_add(&p->warnings, value);
    } else if (*letter == 'X') {
        string_list_add(&c->x_options, value);
    } else {
        c->mode = *letter == 'c' ? RUN_COMMAND : RUN_MODULE;
        c->target = value;
        *program = true;
    }
    return -1;
}

/* An option without one. */
static int parse_letter(Config *c, Parsing *p, char letter) {
    switch (letter) {
    case 'b': c->bytes_warning++; break;
    case 'B': c->dont_write_bytecode = true; break;
    case 'd': c->debug++; break;
    case 'E': c->ignore_environment = true; break;
    case 'h':
    case '?': p->help = true; break;
    case 'i': c->inspect++, c->interactive++; break;
    case 'I': c->isolated = c->ignore_environment = c->no_user_site = c->safe_path = true; break;
    case 'O': c->optimize++; break;
    case 'P': c->safe_path = true; break;
    case 'q': c->quiet++; break;
    case 'R': c->random_hashes = true; break;
    case 't': break;
    case 's': c->no_user_site = true; break;
    case 'S': c->no_site = true; break;
    case 'u': c->unbuffered = true; break;
    case 'v': c->verbose++; break;
    case 'V': p->versions++; break;
    case 'x': c->skip_first_line = true; break;
    default:
        fprintf(stderr, "Unknown option: -%c\n", letter);
        return usage_error(p->argv[0]);
    }
    return -1;
}

static int parse_word(Config *c, Parsing *p, const char *word, bool *program) {
    if (word[1] == '-')
        return parse_long(c, p, word + 2);
    for (const char *letter = word + 1; *letter; letter++) {
        if (strchr("cmWX", *letter))
            return parse_with_argument(c, p, letter, program);
        int status = parse_letter(c, p, *letter);
        if (status >= 0)
            return status;
    }
    return -1;
}

static void take_program(Config *c, Parsing *p, bool named) {
    if (!named && p->at < p->argc) {
        c->mode = RUN_FILE;
        c->target = p->argv[p->at++];
        string_list_add(&c->argv, c->target);
    } else {
        string_list_add(&c->argv, c->mode == RUN_COMMAND ? "-c" : c->mode == RUN_MODULE ? "-m" : "");
    }
    for (; p->at < p->argc; p->at++)
        string_list_add(&c->argv, p->argv[p->at]);
}

int options_parse(Config *c, int argc, char **argv) {
    Parsing p = {.argc = argc, .argv = argv};
    for (int i = 0; i < argc; i++)
        string_list_add(&c->original_argv, argv[i]);
    bool named = false;
    for (p.at = 1; p.at < argc && !named; p.at++) {
        const char *word = argv[p.at];
        if (word[0] != '-' || !word[1])
            break;
        if (strcmp(word, "--") == 0) {
            p.at++;
            break;
        }
        int status = parse_word(c, &p, word, &named);
        if (status >= 0)
            return status;
    }
    if (p.help) {
        printf(usage_line, argc ? argv[0] : "krait");
        fputs(help_text, stdout);
        return 0;
    }
    if (p.versions) {
        print_version(p.versions);
        return 0;
    }
    take_program(c, &p, named);
    return environment_read(c, &p.warnings);
}
