// Runs a program and writes what it cost: wall seconds, processor seconds, peak kilobytes, exit status.
//
// usage: measure REPORT SECONDS PROGRAM [ARGUMENT...]
//
// It exists because the kernel counts a process's peak memory from before exec, when it is still a copy of whoever
// started it: a tool in Python cannot see that a child used less memory than itself. This program is small.
// A program that runs longer than SECONDS is killed; its status is then 124.

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;
static volatile sig_atomic_t late;

static void too_long(int signal) {
    late = 1;
    kill(-child, SIGKILL);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static double seconds(struct timeval t) {
    return t.tv_sec + t.tv_usec / 1e6;
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    double started = now();
    child = fork();
    if (child == 0) {
        setpgid(0, 0);
        execv(argv[3], argv + 3);
        _exit(127);
    }
    setpgid(child, child);
    signal(SIGALRM, too_long);
    alarm(atoi(argv[2]));
    int status;
    struct rusage used;
    while (wait4(child, &status, 0, &used) != child) {}
    double wall = now() - started;
    int code = late ? 124 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    FILE *report = fopen(argv[1], "w");
    if (!report) return 2;
    fprintf(report, "%.6f %.6f %ld %d\n", wall, seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss, code);
    return fclose(report) ? 2 : 0;
}
