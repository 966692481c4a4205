"""Read one file from the field: apart in a process of its own, then understood."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gis.errors import DijieError
from gis.findings import Finding
from layers.ingest.reading import Limits, ask_isolated
from layers.ingest.reading.faults import ReadingFailed
from surveys.uploads import raw
from surveys.uploads.limits import FIELD_LIMITS, MOST_CRASHES
from surveys.uploads.model import FieldFile

if TYPE_CHECKING:
    import geopandas as gpd

    from surveys.uploads.known import KnownStakes

_PROGRAM = "surveys.uploads.parsing.answering"


def read_field_file(
    path: Path,
    *,
    name: str | None = None,
    areas: gpd.GeoDataFrame | None = None,
    stakes: KnownStakes | None = None,
    crs: int | None = None,
    limits: Limits = FIELD_LIMITS,
) -> FieldFile:
    """Read whatever a device or an office program wrote.

    What is wrong with the file never raises: it stands among the findings, and where nothing could be taken the result
    is ``refused``. A member of an archive at which the reading process dies is named and left out; the others are read.

    Parameters
    ----------
    path, name
        Where it is, and what the person calls it; None: the path's own name.
    areas
        County polygons to judge zones and shifts by (EPSG:4490, columns ``code``, ``name``); None: not judged.
    stakes
        The registered stakes; None: none.
    crs
        EPSG code that a person says the coordinates are in; None: as declared, else found out.

    Raises
    ------
    FileMissing
        Where there is no file.
    """
    given = name or path.name
    parts, findings = _parsed(path, given, limits)
    import geopandas as gpd

    from surveys.uploads.known import KnownStakes
    from surveys.uploads.understanding import understand

    counties = areas if areas is not None else gpd.GeoDataFrame({"code": [], "name": []}, geometry=[], crs=4490)
    return understand(given, parts, findings, areas=counties, stakes=stakes or KnownStakes(), crs=crs)


def _parsed(path: Path, name: str, limits: Limits) -> tuple[list[raw.Part], list[Finding]]:
    """The parts; anew without a member that the process died at, a few times."""
    crashed: list[Finding] = []
    skip: list[str] = []
    with tempfile.TemporaryDirectory(prefix="dijie-at-") as folder:
        at = Path(folder) / raw.AT
        while True:
            try:
                parts, findings = ask_isolated(
                    path, name=name, program=_PROGRAM, understand=raw.read, limits=limits, skip=skip, at=str(at)
                )
            except ReadingFailed as fault:
                return [], [*crashed, raw.of_fault(fault, name)]
            except DijieError as fault:
                if not path.exists():
                    raise
                member = at.read_text(encoding="utf-8") if at.exists() else name
                crashed.append(_renamed(raw.of_fault(fault, member), member))
                if member == name or member in skip or len(crashed) > MOST_CRASHES:
                    return [], crashed
                skip.append(member)
            else:
                return parts, [*crashed, *findings]


def _renamed(finding: Finding, member: str) -> Finding:
    return replace(finding, params={**finding.params, "file": member})
