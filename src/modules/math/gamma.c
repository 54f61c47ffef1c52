/* The gamma function and its logarithm, digit for digit as CPython has them: by the Lanczos approximation, with the rational function
 * that Boost's math/special_functions/lanczos.hpp calls lanczos13m53.
 * Threads: pure functions.
 */
#include "modules/math/math.h"

#include <math.h>

static const double G = 6.024680040776729583740234375, G_MINUS_HALF = 5.524680040776729583740234375;
static const double PI = 3.141592653589793238462643383279502884197, LOG_PI = 1.144729885849400174143427351353058711647;

enum { TERMS = 13 };
/* From the constant term on. */
static const double numerator[TERMS] = {
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408};
static const double denominator[TERMS] = {0,        39916800, 120543840, 150917976, 105258076, 45995730, 13339535,
                                          2637558,  357423,   32670,     1925,      66,        1};

/* Powers of x where it is small, of 1 / x where it is large, so that nothing overflows. */
static double lanczos_sum(double x) {
    double above = 0, below = 0;
    if (x < 5) {
        for (int i = TERMS; i-- > 0;) {
            above = above * x + numerator[i];
            below = below * x + denominator[i];
        }
    } else {
        for (int i = 0; i < TERMS; i++) {
            above = above / x + numerator[i];
            below = below / x + denominator[i];
        }
    }
    return above / below;
}

/* sin(pi x), exact in its argument. */
static double sine_of_pi_times(double x) {
    double y = fmod(fabs(x), 2);
    double r = 0;
    switch ((int)round(2 * y)) {
    case 0: r = sin(PI * y); break;
    case 1: r = cos(PI * (y - 0.5)); break;
    case 2: r = sin(PI * (1 - y)); break; /* -sin(pi (y - 1)) would give -0.0 at 1 */
    case 3: r = -cos(PI * (y - 1.5)); break;
    case 4: r = sin(PI * (y - 2)); break;
    }
    return copysign(1, x) * r;
}

/* r * base ** exponent for exponent > 0, or r / base ** exponent; in two steps where the power alone would overflow. */
static double with_power(double r, double base, double exponent, bool divide) {
    bool twice = exponent >= 139.5;
    double power = pow(base, twice ? exponent / 2 : exponent);
    for (int steps = twice ? 2 : 1; steps > 0; steps--)
        r = divide ? r / power : r * power;
    return r;
}

double math_gamma(double x) {
    static const double SMALL = 1e-20, LARGE = 200;
    double size = fabs(x);
    if (!isfinite(x))
        return x;
    if (size < SMALL)
        return 1 / x;
    if (size > LARGE)
        return x < 0 ? 0.0 / sine_of_pi_times(x) : INFINITY;
    double y = size + G_MINUS_HALF; /* rounded; by how much follows */
    double error = size > G_MINUS_HALF ? y - size - G_MINUS_HALF : y - G_MINUS_HALF - size;
    double z = error * G / y;
    if (x < 0) {
        double r = -PI / sine_of_pi_times(size) / size * exp(y) / lanczos_sum(size);
        return with_power(r - z * r, y, size - 0.5, true);
    }
    double r = lanczos_sum(size) / exp(y);
    return with_power(r + z * r, y, size - 0.5, false);
}

double math_lgamma(double x) {
    static const double SMALL = 1e-20;
    double size = fabs(x);
    if (isnan(x))
        return x;
    if (isinf(x))
        return INFINITY;
    if (size < SMALL)
        return -log(size);
    double r = log(lanczos_sum(size)) - G;
    r += (size - 0.5) * (log(size + G - 0.5) - 1);
    return x < 0 ? LOG_PI - log(fabs(sine_of_pi_times(size))) - log(size) - r : r;
}
