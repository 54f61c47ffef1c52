"""Looking into other processes, which Krait cannot do: what the library imports from here exists, and says so when used."""

import collections

FrameInfo = collections.namedtuple("FrameInfo", "filename lineno funcname")


class RemoteUnwinder:
    """The stacks of another process. Raises NotImplementedError."""

    def __init__(self, pid, *, all_threads=False, only_active_thread=False, debug=False):
        raise NotImplementedError("Krait cannot read the stacks of another process")
