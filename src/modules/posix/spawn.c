/* posix: posix_spawn and posix_spawnp.
 *
 * Threads: no state.
 */
#include "modules/open_writers.h"
#include "modules/posix/posix.h"
#include "modules/posix/strings.h"

#include "object/operators.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "vm/eval.h"

enum { ACTION_OPEN, ACTION_CLOSE, ACTION_DUP2, ACTION_CLOSEFROM };

/* One of (POSIX_SPAWN_OPEN, fd, path, flags, mode), (POSIX_SPAWN_CLOSE, fd), (POSIX_SPAWN_DUP2, fd, new_fd),
 * (POSIX_SPAWN_CLOSEFROM, fd). */
static bool add_action(Thread *t, Value item, posix_spawn_file_actions_t *actions) {
    static const size_t lengths[] = {5, 2, 3, 2};
    int numbers[5] = {0};
    Path path = PATH("posix_spawn");
    if (!is_tuple(item) || tuple_length(item) == 0) {
        raise_type_error(t, "Each file_actions element must be a non-empty tuple");
        return false;
    }
    if (!as_c_int(t, tuple_get(item, 0), &numbers[0]))
        return false;
    if (numbers[0] < ACTION_OPEN || numbers[0] > ACTION_CLOSEFROM) {
        raise_type_error(t, "Unknown file_actions identifier");
        return false;
    }
    if (tuple_length(item) != lengths[numbers[0]]) {
        static const char *const names_of[] = {"open", "close", "dup2", "closefrom"};
        raise_type_error(t, "A %s file_action tuple must have %zu elements", names_of[numbers[0]], lengths[numbers[0]]);
        return false;
    }
    for (size_t i = 1; i < tuple_length(item); i++) {
        bool is_path = numbers[0] == ACTION_OPEN && i == 2;
        if (is_path ? !path_convert(t, tuple_get(item, i), &path) : !as_c_int(t, tuple_get(item, i), &numbers[i]))
            return false;
    }
    int error = 0;
    switch (numbers[0]) {
    case ACTION_OPEN:
        error = posix_spawn_file_actions_addopen(actions, numbers[1], path.name, numbers[3], (mode_t)numbers[4]);
        break;
    case ACTION_CLOSE: error = posix_spawn_file_actions_addclose(actions, numbers[1]); break;
    case ACTION_DUP2: error = posix_spawn_file_actions_adddup2(actions, numbers[1], numbers[2]); break;
    case ACTION_CLOSEFROM: error = posix_spawn_file_actions_addclosefrom_np(actions, numbers[1]); break;
    }
    if (error) {
        errno = error;
        os_error(t);
    }
    return !error;
}

static bool add_signal(Thread *t, void *context, Value item) {
    int number;
    if (!as_c_int(t, item, &number))
        return false;
    if (sigaddset(context, number) == 0)
        return true;
    raise_value_error(t, "signal number %d out of range [1; %d]", number, NSIG - 1);
    return false;
}

/* A sequence of signals. given: false for the default, an empty tuple. */
static bool signals(Thread *t, Value v, sigset_t *set, bool *given) {
    sigemptyset(set);
    *given = !same(v, empty_tuple);
    return iterate(t, v, add_signal, set);
}

/* args as of the signature below. */
static bool set_attributes(Thread *t, Value *args, const char *function, posix_spawnattr_t *attributes) {
    short flags = 0;
    bool flag, given;
    sigset_t set;
    if (!is_none(args[4])) {
        int group;
        if (!as_c_int(t, args[4], &group))
            return false;
        posix_spawnattr_setpgroup(attributes, group);
        flags |= POSIX_SPAWN_SETPGROUP;
    }
    if (!as_bool(t, args[5], &flag))
        return false;
    flags |= flag ? POSIX_SPAWN_RESETIDS : 0;
    if (!as_bool(t, args[6], &flag))
        return false;
    flags |= flag ? POSIX_SPAWN_SETSID : 0;
    if (!signals(t, args[7], &set, &given))
        return false;
    if (given) {
        posix_spawnattr_setsigmask(attributes, &set);
        flags |= POSIX_SPAWN_SETSIGMASK;
    }
    if (!signals(t, args[8], &set, &given))
        return false;
    if (given) {
        posix_spawnattr_setsigdefault(attributes, &set);
        flags |= POSIX_SPAWN_SETSIGDEF;
    }
    if (!is_none(args[9])) {
        if (!is_tuple(args[9]) || tuple_length(args[9]) != 2) {
            raise_type_error(t, "%s: scheduler must be a tuple or None", function);
            return false;
        }
        int policy, priority;
        Value parameter = tuple_get(args[9], 1);
        if (!is_none(tuple_get(args[9], 0))) {
            if (!as_c_int(t, tuple_get(args[9], 0), &policy))
                return false;
            posix_spawnattr_setschedpolicy(attributes, policy);
            flags |= POSIX_SPAWN_SETSCHEDULER;
        }
        if (type_of(parameter) != posix_type(t, POSIX_SCHED_PARAM)) {
            raise_type_error(t, "must have a sched_param object");
            return false;
        }
        if (!as_c_int(t, tuple_get(parameter, 0), &priority))
            return false;
        struct sched_param p = {.sched_priority = priority};
        posix_spawnattr_setschedparam(attributes, &p);
        flags |= POSIX_SPAWN_SETSCHEDPARAM;
    }
    posix_spawnattr_setflags(attributes, flags);
    return true;
}

static Value spawn(Thread *t, Value *args, bool search, const char *function, bool direct) {
    open_writers_settle_recent(t, direct);
    Path path = PATH(function);
    CHECK(path_convert(t, args[0], &path));
    if (!is_list(args[1]) && !is_tuple(args[1]))
        return raise_type_error(t, "%s: argv must be a tuple or list", function);
    if (length_of(t, args[1]) < 1)
        return raise_value_error(t, "%s: argv must not be empty", function);
    if (!is_none(args[2]) && absent(type_lookup(type_of(args[2]), names.__getitem__)))
        return raise_type_error(t, "%s: environment must be a mapping object or None", function);
    Strings argv = {0}, envp = {0};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    Value v = NO_VALUE, items = is_none(args[3]) ? empty_tuple : tuple_from_iterable(t, args[3]);
    if (absent(items) || !strings_from_sequence(t, args[1], &argv))
        goto done;
    if (argv.items[0][0] == 0) {
        raise_value_error(t, "%s: argv first element cannot be empty", function);
        goto done;
    }
    if (!is_none(args[2]) && !strings_from_mapping(t, args[2], &envp))
        goto done;
    for (size_t i = 0; i < tuple_length(items); i++)
        if (!add_action(t, tuple_get(items, i), &actions))
            goto done;
    if (!set_attributes(t, args, function, &attributes))
        goto done;
    if (!audit(t, "os.posix_spawn", 3, path.object, args[1], args[2]))
        goto done;
    pid_t pid;
    const Capabilities *c = capabilities(t);
    char **environment = is_none(args[2]) ? os_environment(c) : envp.items;
    blocking_begin(t);
    int error = search ? os_posix_spawnp(c, &pid, path.name, &actions, &attributes, argv.items, environment)
                       : os_posix_spawn(c, &pid, path.name, &actions, &attributes, argv.items, environment);
    int number = errno;
    blocking_end(t);
    errno = error > 0 ? error : number;
    v = error ? os_error_path(t, path.object) : small_int(pid);
done:
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    strings_free(&argv);
    strings_free(&envp);
    return v;
}
static Value posix_spawn_(Thread *t, Value *args) { return spawn(t, args, false, "posix_spawn", vm_calls_directly(t, posix_spawn_)); }
static Value posix_spawnp_(Thread *t, Value *args) { return spawn(t, args, true, "posix_spawnp", vm_calls_directly(t, posix_spawnp_)); }

const NativeDef posix_spawn_functions[] = {
    {"posix_spawn(path, argv, env, /, *, file_actions=(), setpgroup=None, resetids=False, setsid=False, setsigmask=(), "
     "setsigdef=(), scheduler=None)",
     posix_spawn_, "Starts a program in a new process; gives its id."},
    {"posix_spawnp(path, argv, env, /, *, file_actions=(), setpgroup=None, resetids=False, setsid=False, setsigmask=(), "
     "setsigdef=(), scheduler=None)",
     posix_spawnp_, "The same, looking for the program along PATH."},
    {NULL, NULL, NULL, 0},
};
