"""How much a file may ask of the process that reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Limits:
    """Limits of one reading.

    Parameters
    ----------
    seconds, cpu_seconds
        Time on the clock and of the processor; who takes longer is ended.
    memory_mb
        Address space of the process. Libraries take some 600 MB of it before the first byte is read.
    unpacked_mb, ratio, entries
        Of an archive: the size that it may unpack to, how many times its packed size that may be (beyond the first
        50 MB: short texts in wide fields pack well), and how many entries it may have.
    depth
        How many archives deep an archive may be entered; 0: none inside another.
    rows, columns
        Of a table.
    open_files
        Files that are open at once.
    """

    seconds: float = 120.0
    cpu_seconds: int = 90
    memory_mb: int = 2048
    unpacked_mb: int = 2048
    ratio: int = 250
    entries: int = 5_000
    depth: int = 0
    rows: int = 1_000_000
    columns: int = 1_000
    open_files: int = 256


LIMITS: Final = Limits()
