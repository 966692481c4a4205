"""What a writer reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gis.findings import Finding
from gis.vectorfile.columns import Kind


@dataclass(frozen=True)
class FieldWritten:
    """One attribute as it stands in the file: the frame's column, the name there, its kind, and the file's own type."""

    column: str
    name: str
    kind: Kind
    storage: str


@dataclass(frozen=True)
class Written:
    """Files with their rows.

    Parameters
    ----------
    files
        Everything that was written, in order of importance.
    counts
        Rows by layer (the name of a shapefile or table without its ending).
    """

    files: tuple[Path, ...]
    counts: Mapping[str, int]
    fields: tuple[FieldWritten, ...]
    findings: tuple[Finding, ...]
