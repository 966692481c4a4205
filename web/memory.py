"""Memory of the server's processes: one heap for all threads, and what is done with given back to the system.

Only glibc needs to be told; where the system has another library, nothing is done.
"""

from __future__ import annotations

import ctypes
import sys
import threading

from flask import Flask, request

_ARENAS, _MMAP_FROM, _TRIM_FROM = -8, -3, -1  # M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD of malloc.h
_HEAVY = frozenset(
    {
        "api.coverage_answer",
        "api.coverage_outline",
        "api.features",
        "downloads.export",
        "downloads.shapefile",
        "downloads.workbook",
    }
)
_MOMENT_S = 1.0


def _library(name: str) -> object | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


def keep_together() -> None:
    """Have the threads of a process share one heap, and large blocks given back when they are done with.

    Else each thread keeps the room of its largest answer for good: with four threads about 40 MB a process.
    """
    mallopt = _library("mallopt")
    if callable(mallopt):
        for name, value in ((_ARENAS, 1), (_MMAP_FROM, 1 << 20), (_TRIM_FROM, 4 << 20)):
            mallopt(name, value)


def give_back() -> None:
    """Give free pages from the middle of the heap back to the system: some milliseconds."""
    trim = _library("malloc_trim")
    if callable(trim):
        trim(0)


def install(app: Flask) -> None:
    """Give memory back a moment after the answers that take much of it, once for all that came meanwhile."""
    waiting = threading.Lock()

    def tidy() -> None:
        waiting.release()
        give_back()

    @app.teardown_request
    def after(_error: BaseException | None) -> None:
        if request.endpoint in _HEAVY and waiting.acquire(blocking=False):
            timer = threading.Timer(_MOMENT_S, tidy)
            timer.daemon = True
            timer.start()
