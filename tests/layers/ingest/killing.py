"""A process that imports again and again and kills the importing child at random moments; run by the test beside.

``python -m tests.layers.ingest.killing FOLDER MOMENTS SEED``: FOLDER holds ``before.gpkg``. For each moment a child is
forked that carries out an import; it is killed with SIGKILL after a random part of the time that an import takes.
Then the register must be sound, and as before or as after. Prints how often it was either.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from shapely import Point

from layers.ingest.apply import apply_plan
from layers.ingest.plan import Plan
from layers.register import TABLES, check_register, open_register
from tests.layers.ingest.made import EDITOR, planned


def main(folder: Path, moments: int, seed: int) -> None:
    """Kill so many imports."""
    before, own = folder / "before.gpkg", folder / f"own-{seed}.gpkg"
    _copy(before, own)
    plan = _plan(own)
    at_first = _state(own)
    begun = time.perf_counter()
    _wait(_importing(own, plan))
    lasts = time.perf_counter() - begun
    at_last = _state(own)
    assert at_first != at_last
    seen = {at_first: 0, at_last: 0}
    chance = random.Random(seed)
    state = at_last
    for _ in range(moments):
        if state != at_first:
            _copy(before, own)
        child = _importing(own, plan)
        time.sleep(chance.uniform(0, lasts * 1.1))
        os.kill(child, signal.SIGKILL)
        _wait(child)
        flaws = [flaw for flaw in check_register(own) if flaw.severity == "error"]
        assert flaws == [], flaws
        state = _state(own)
        assert state in seen, "between"
        seen[state] += 1
    sys.stdout.write(f"{seen[at_first]} {seen[at_last]} {lasts:.3f}\n")


def _plan(own: Path) -> Plan:
    """Changes of half of the places, as many new ones, with further names."""
    with open_register(own) as register:
        with register.reading() as connection:
            places = register.frame(connection, "place")
        half = places.iloc[::2]
        points, count = list(half["geom"]), len(half)
        moved = [Point(one.x + 0.001, one.y) for one in points]
        new = [Point(one.x + 0.0005, one.y + 0.01) for one in points]
        columns = {
            "uuid": [*half["uuid"], *([None] * count)],
            "name": [*half["name"], *(f"{name}\u4e1c\u65b0\u6751" for name in half["name"])],
            "class_code": ["22200"] * (2 * count),
            "meaning": ["x"] * (2 * count),
            "\u522b\u540d": [f"\u65b0{one}" for one in range(2 * count)],
        }
        return planned(register, "place-names", columns, [*moved, *new])


def _importing(own: Path, plan: Plan) -> int:
    child = os.fork()
    if child:
        return child
    try:
        with open_register(own) as register:
            apply_plan(register, plan, editor=EDITOR, why="w")
        os._exit(0)
    finally:
        os._exit(1)


def _wait(child: int) -> None:
    os.waitpid(child, 0)


def _state(own: Path) -> str:
    """All rows but for when they were changed."""
    digest = hashlib.sha256()
    with open_register(own) as register, register.reading() as connection:
        for table in TABLES:
            frame = register.frame(connection, table)
            keep = [name for name in frame.columns if name not in ("changed", "at", "batch", "geom", "before")]
            digest.update(table.encode() + frame[keep].to_csv(index=False).encode())
            if "geom" in frame:
                digest.update(b"".join(frame["geom"].to_wkb().dropna()))
    return digest.hexdigest()


def _copy(source: Path, target: Path) -> None:
    for end in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + end).unlink(missing_ok=True)
    # by another process: opening the file here would drop the locks that SQLite has on it
    subprocess.run(["cp", str(source), str(target)], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
