/* krait: the command line. Parse options, start the runtime, run, end. */
#include "base/hash.h"
#include "cli/options.h"
#include "cli/startup.h"
#include "modules/frozen.h"
#include "modules/marshal/marshal.h"
#include "object/isolate.h"
#include "vm/eval.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

/* What keys the hashes of text: from the seed, if one was given, else random. */
static HashKey hash_key(const Config *c) {
    if (c->use_hash_seed)
        return hash_key_from_seed(c->hash_seed);
    unsigned char bytes[16] = {0};
    if (getrandom(bytes, sizeof bytes, GRND_NONBLOCK) != sizeof bytes)
        return hash_key_from_seed((uint32_t)time(NULL)); /* early in a machine's life there is no better */
    return hash_key_from_bytes(bytes);
}

int main(int argc, char **argv) {
    static Config c;
    int status = options_parse(&c, argc, argv);
    if (status >= 0)
        return fflush(stdout) == 0 ? status : 1;
    paths_find(&c, argc ? argv[0] : NULL);
    vm_start();
    marshal_start();
    store_relaxed(&isolate_hooks.start, startup);
    store_relaxed(&isolate_hooks.finish, finish_isolate);
    HashKey key = hash_key(&c);
    Thread *t = runtime_start(__builtin_frame_address(0), &c, (uint64_t[2]){key.k0, key.k1});
    if (!t) {
        fputs("krait: cannot start: no memory\n", stderr);
        return 1;
    }
    bool started = startup(t);
    frozen_forget();
    status = started ? run_program(t) : 1;
    return shutdown_process(t, status);
}
