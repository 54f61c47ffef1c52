"""Results of natives whose last digit, type or error depends on how CPython computes them."""

import bisect
import collections
import datetime
import math
import re

xs = [7, 0.5, 3.3, 100.5, -1.5, 1e10, 1e-21, -1e-21, 170.6, -170.4, 139.99, 140, 140.01, 23.5, -0.5, 2.5, 5, 4.999, 1e-5, 1.5e305, 171.7, -201.5]
for function in (math.gamma, math.lgamma):
    for x in xs:
        try:
            print(function.__name__, x, function(x))
        except (ValueError, OverflowError) as e:
            print(function.__name__, x, type(e).__name__, e)
total = 0
for n in range(1, 4000):
    total ^= hash(math.gamma(n * 0.043 - 80.00001)) ^ hash(math.lgamma(n * 1.37 - 2000.1))
print(total)
print(math.gamma(math.inf), math.lgamma(-math.inf), math.gamma(math.nan), math.lgamma(math.nan))

print(type(re.compile("a").groupindex).__name__, type(re.compile("(?P<x>a)").groupindex).__name__)
for mapping in ({}, {1: 2}, collections.OrderedDict()):
    for function in (bisect.bisect, bisect.bisect_left, bisect.insort):
        try:
            print(function(mapping, 1))
        except TypeError as e:
            print(e)

day = datetime.timedelta(1)
print(day.__rtruediv__(day * 3), day.__rfloordiv__(day * 7), day.__rmod__(day * 2.5), day.__rdivmod__(day * 2.5), day.__rtruediv__(3))
