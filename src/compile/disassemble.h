/* Bytecode as text, for people who debug the compiler or read what it made. */
#pragma once
#include "compile/code.h"

/* One line per instruction, then the handlers; inner code objects follow. Absent: exception pending. */
Value disassemble(Thread *t, CodeObject *code);
/* What the interpreter and the collector rely on and does not hold; false: nothing was found. */
typedef struct CodeDefect {
    uint32_t at;      /* the instruction */
    const char *what; /* is wrong with it */
} CodeDefect;
bool code_defect(CodeObject *code, CodeDefect *defect);
/* Checks what the interpreter and the collector rely on; prints what is wrong and aborts. */
void verify_code(CodeObject *code);
