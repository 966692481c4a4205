"""``python -m benchmarks [names] [--quick]``: measure, print one table, keep all figures."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

# the command's module cleans the environment before a projection library is imported
import web.cli  # noqa: F401
from benchmarks import (
    assessment,
    build,
    check,
    coverage,
    encode,
    export,
    geocoding,
    intake,
    saving,
    search,
    serving,
    tiles,
    workbench,
)
from benchmarks.figures import Figure, table, write
from benchmarks.machine import described, machine
from benchmarks.stage import Stage

BENCHMARKS: dict[str, Callable[[Stage], list[Figure]]] = {
    "build": build.measure,
    "start": serving.measure_start,
    "memory": serving.measure_memory,
    "staleness": serving.measure_staleness,
    "encode": encode.measure,
    "coverage": coverage.measure,
    "search": search.measure,
    "check": check.measure,
    "geocoding": geocoding.measure,
    "export": export.measure,
    "saving": saving.measure,
    "workbench": workbench.measure,
    "tiles": tiles.measure,
    "intake": intake.measure,
    "assessment": assessment.measure,
}
RESULTS = Path(__file__).parent / "results" / "latest.json"


def main() -> int:
    """Run the benchmarks that are asked for; 1 where a stated goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help=f"which: {', '.join(BENCHMARKS)}; all")
    parser.add_argument("--quick", action="store_true", help="a third of the runs: to look at, not to state")
    given = parser.parse_args()
    found = machine()
    figures: list[Figure] = []
    with Stage(quick=given.quick) as stage:
        for name in given.names or BENCHMARKS:
            began = time.perf_counter()
            figures += BENCHMARKS[name](stage)
            print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    print(described(found))
    print(table(figures))
    if not given.names and not given.quick:
        print(
            f"\nEvery measurement: {RESULTS.relative_to(Path.cwd()) if RESULTS.is_relative_to(Path.cwd()) else RESULTS}"
        )
    write(RESULTS, figures, {**found, "quick": given.quick})
    missed = [figure.what for figure in figures if figure.passed is False]
    if missed:
        print(f"Missed: {'; '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
