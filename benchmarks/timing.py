"""Time taken by several ways of doing the same, one after the other in turn."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Timed:
    """Seconds of each run of one way, and what its last run gave."""

    seconds: list[float]
    result: Any

    @property
    def median(self) -> float:
        """Half of the runs were quicker."""
        return statistics.median(self.seconds)


def alternated(ways: Mapping[str, Callable[[], Any]], *, runs: int, warm: int = 1) -> dict[str, Timed]:
    """Run each way in turn (A B A B …), so that what else the machine does falls on all of them alike.

    Parameters
    ----------
    warm
        Runs of each before any is counted.
    """
    results: dict[str, Any] = {}
    for _ in range(warm):
        for name, way in ways.items():
            results[name] = way()
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            gc.collect()
            began = time.perf_counter()
            results[name] = way()
            seconds[name].append(time.perf_counter() - began)
    return {name: Timed(seconds[name], results[name]) for name in ways}


def percentile(values: list[float], part: float) -> float:
    """The value that ``part`` (0 to 1) of all are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]
