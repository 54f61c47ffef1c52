/* krait: the command line. Parse options, start the runtime, run, end. */
#include "cli/options.h"
#include "cli/startup.h"
#include "vm/eval.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    static Config c;
    setlocale(LC_CTYPE, "");
    int status = options_parse(&c, argc, argv);
    if (status >= 0)
        return fflush(stdout) == 0 ? status : 1;
    paths_find(&c, argc ? argv[0] : NULL);
    vm_start();
    Thread *t = runtime_start(__builtin_frame_address(0), &c);
    if (!t) {
        fputs("krait: cannot start: no memory\n", stderr);
        return 1;
    }
    status = startup(t) ? run_program(t) : 1;
    return shutdown_isolate(t, status);
}
