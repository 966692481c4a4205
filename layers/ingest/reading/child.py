"""The reading process: limits first, then one file, then an answer. It never talks to a network or another program.

Started by `layers.ingest.reading.isolated` in a folder of its own, which holds ``request.json``, gets the answer in
``answer/`` and may be filled with what is unpacked in ``work/``. Pandas and geopandas are kept out: they would double
the time to start.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

_BLOCKED: Final = ("pandas", "geopandas", "pyarrow")
_MEGABYTE: Final = 1 << 20
_GRACE_S: Final = 5
_PR_SET_PDEATHSIG: Final = 1


def main() -> None:
    """Do what ``request.json`` in the current folder asks for."""
    folder = Path.cwd()
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    confine(request["limits"])
    for name in _BLOCKED:
        sys.modules[name] = None  # type: ignore[assignment]
    import_module(request["program"]).answer(folder, request)


def confine(limits: dict[str, Any]) -> None:
    """Limit this process: no core file, so much memory, time, files, and no network where the system lets us."""
    memory = int(limits["memory_mb"]) * _MEGABYTE
    written = int(limits["unpacked_mb"]) * _MEGABYTE
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(limits["cpu_seconds"])),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_NOFILE, int(limits["open_files"])),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # beyond the soft limit of time the process ends by a signal that says so, beyond the hard one it is killed
        grace = _GRACE_S if what == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else 0
        resource.setrlimit(what, (allowed, allowed + grace))
    signal.alarm(int(limits["seconds"]) + 5)  # should the process that asked be gone, where the system does not tell
    _end_with_parent()
    os.nice(5)
    _leave_network()


def _end_with_parent() -> None:
    """Be killed when the process that asked ends, however it ends (Linux)."""
    import ctypes

    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def _leave_network() -> None:
    """Move into a network of our own, which has no way out. Where this is not allowed, GDAL's settings must do."""
    import ctypes

    new_network, new_user = 0x40000000, 0x10000000
    try:
        unshare = ctypes.CDLL(None).unshare
    except (OSError, AttributeError):
        return
    if unshare(new_network) != 0 and os.geteuid() != 0:
        unshare(new_network | new_user)


if __name__ == "__main__":
    main()
