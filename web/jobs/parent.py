"""Ending with the process that started this one, however it ended."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with(parent: int, how: signal.Signals) -> None:
    """Have the system send this process a signal when its parent ends (Linux); see `is_orphan` for the others."""
    if sys.platform == "linux":
        prctl = getattr(ctypes.CDLL(None), "prctl", None)
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if is_orphan(parent):  # it ended before the wish was heard
        os._exit(1)


def is_orphan(parent: int) -> bool:
    """Whether the process that started this one has ended."""
    return parent != 0 and os.getppid() != parent
