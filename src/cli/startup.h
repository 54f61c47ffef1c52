/* From a configuration to an isolate that can run programs, and its orderly end. */
#pragma once
#include "modules/config.h"

/* builtins, sys, importlib, standard streams, site. false: the failure was reported. */
bool startup(Thread *t);
Value std_printer_new(Thread *t); /* std_printer.c: a preliminary sys.stderr */
bool streams_open(Thread *t); /* sys.stdin, stdout, stderr */
bool finalizers_remain(Thread *t); /* streams.c: to run, for anything but the standard streams, which are flushed */
/* threading._shutdown, atexit, flushing, finalizers; false: flushing stdout failed. */
bool finish_isolate(Thread *t);
/* The end of the process: finishes the main isolate and any that is left. The exit status is 120 if flushing stdout failed. */
int shutdown_process(Thread *t, int status);
bool put_first_path(Thread *t); /* in front of sys.path, when the program runs from there */
/* Runs what the configuration names; the exit status. */
int run_program(Thread *t);
enum { STATUS_INTERRUPTED = 256 }; /* KeyboardInterrupt: the process ends by SIGINT itself; no status that a program can give */
/* Reports the pending exception as the interpreter does at its top: SystemExit gives a status, others print. */
int report_exception(Thread *t);
