/* The C library's mathematical functions, loaded when the first of them is called.
 *
 * They lie in a shared library of their own, which costs a start its loading, its relocation and a third of a megabyte,
 * and most programs never call one. The functions of this file have their names, so that everything in the program, libraries
 * that are linked into it too, calls these; each goes on through a pointer, as a call of a shared library's function does.
 *
 * Threads: a pointer is replaced once, by the same value whoever does it. Before that it leads to a function that loads all.
 */
#include <complex.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "os/os.h"

static void load(void);

/* NAME, result, parameters, arguments */
#define REAL(name) FUNCTION(name, double, (double x), (x))
#define REAL_OF_TWO(name) FUNCTION(name, double, (double x, double y), (x, y))
#define COMPLEX(name) FUNCTION(name, double complex, (double complex x), (x))
#define FUNCTIONS                                                                                                         \
    REAL(acos) REAL(acosh) REAL(asin) REAL(asinh) REAL(atan) REAL(atanh) REAL(cbrt) REAL(ceil) REAL(cos) REAL(cosh)          \
    REAL(erf) REAL(erfc) REAL(exp) REAL(exp2) REAL(expm1) REAL(fabs) REAL(floor) REAL(log) REAL(log10) REAL(log1p)           \
    REAL(log2) REAL(nearbyint) REAL(rint) REAL(round) REAL(sin) REAL(sinh) REAL(sqrt) REAL(tan) REAL(tanh) REAL(tgamma)      \
    REAL(trunc) REAL_OF_TWO(atan2) REAL_OF_TWO(fmod) REAL_OF_TWO(hypot) REAL_OF_TWO(nextafter) REAL_OF_TWO(pow)             \
    REAL_OF_TWO(remainder) COMPLEX(cacos) COMPLEX(cacosh) COMPLEX(casin) COMPLEX(casinh) COMPLEX(catan) COMPLEX(catanh)      \
    COMPLEX(ccos) COMPLEX(ccosh) COMPLEX(cexp) COMPLEX(clog) COMPLEX(clog10) COMPLEX(csin) COMPLEX(csinh) COMPLEX(csqrt)     \
    COMPLEX(ctan) COMPLEX(ctanh)                                                                                          \
    FUNCTION(cabs, double, (double complex x), (x))                                                                       \
    FUNCTION(carg, double, (double complex x), (x))                                                                       \
    FUNCTION(fma, double, (double x, double y, double z), (x, y, z))                                                      \
    FUNCTION(lgamma_r, double, (double x, int *sign), (x, sign))

#define FUNCTION(name, result, parameters, arguments)                    \
    static result first_##name parameters;                               \
    static result (*pointer_##name) parameters = first_##name;           \
    static result first_##name parameters {                              \
        load();                                                          \
        return pointer_##name arguments;                                 \
    }                                                                    \
    result name parameters { return __atomic_load_n(&pointer_##name, __ATOMIC_RELAXED) arguments; }
FUNCTIONS
#undef FUNCTION

static void *find(void *library, const char *name) {
    void *function = library ? dlsym(library, name) : NULL;
    if (function)
        return function;
    fprintf(stderr, "Fatal Python error: the mathematical functions of the C library cannot be loaded: %s\n", dlerror());
    abort();
}

static void load(void) {
    void *library = dlopen("libm.so.6", RTLD_NOW | RTLD_GLOBAL);
#define FUNCTION(name, result, parameters, arguments) \
    __atomic_store_n(&pointer_##name, (result(*) parameters)find(library, #name), __ATOMIC_RELAXED);
    FUNCTIONS
#undef FUNCTION
}

void os_load_math_library(void) { load(); }
