"""The demonstration register, built by the command."""

from __future__ import annotations

import statistics

from benchmarks.figures import Figure
from benchmarks.processes import DIJIE, run, serving
from benchmarks.stage import Stage


def measure(stage: Stage) -> list[Figure]:
    """Seconds and memory of `dijie demo`, and of everything until the first page is there."""
    built = [stage.built]
    path = stage.folder / "again.gpkg"
    for _ in range(stage.runs(3) - 1):
        built.append(run([DIJIE, "demo", "--register", path]))
        path.unlink()
    seconds = [one.seconds for one in built]
    peak = max(one.peak_mb for one in built)
    with serving(stage.register) as server:
        page = server.wait("/")
        memory = server.memory_mb()
    return [
        Figure(
            "`dijie demo`",
            statistics.median(seconds),
            "s",
            most=25,
            samples={"seconds": seconds},
            note=f"At most {peak:.0f} MB.",
        ),
        Figure(
            "`make run` to the first page, packages installed",
            statistics.median(seconds) + page,
            "s",
            note=f"`dijie demo` and `dijie serve`; at most {max(peak, memory):.0f} MB at a time.",
        ),
    ]
