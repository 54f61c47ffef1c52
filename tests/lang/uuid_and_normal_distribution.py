"""_uuid and _statistics: version 1 of UUIDs, the inverse of the normal distribution."""

import _statistics
import _uuid
import statistics
import uuid

data, status = _uuid.generate_time_safe()
print(len(data), status in (0, -1), _uuid.has_uuid_generate_time_safe, _uuid.has_stable_extractable_node)
a, b = uuid.uuid1(), uuid.uuid1()
print(a.version, a != b, a.node == b.node, uuid.uuid4().version)

for p in (1e-300, 1e-17, 0.001, 0.05, 0.075, 0.3, 0.5, 0.6, 0.95, 0.999, 1 - 1e-16):
    print(p, _statistics._normal_dist_inv_cdf(p, 0, 1), statistics.NormalDist(100, 15).inv_cdf(p))
for arguments in ((0, 0, 1), (1, 0, 1), (-1, 0, 1), (0.5, "x", 1)):
    try: print(_statistics._normal_dist_inv_cdf(*arguments))
    except (TypeError, ValueError) as error: print(type(error).__name__, error)
print(statistics.NormalDist(1, 2).quantiles(5))
