"""How much a file from the field may ask of us."""

from __future__ import annotations

from typing import Final

from layers.ingest.reading.limits import Limits

FIELD_LIMITS: Final = Limits(
    seconds=90.0,
    cpu_seconds=60,
    memory_mb=2048,
    unpacked_mb=2048,
    ratio=250,
    entries=5_000,
    depth=2,
    rows=1_000_000,
)
"""``rows`` counts vertices here: a one-second track of a day has 86,400. ``depth`` lets a zip hold zipped shapefiles
and KMZ, and these their own."""

MOST_CRASHES: Final = 2
"""So often a reading begins anew without the member that it broke off at, before the whole is refused."""
