"""What an export says of itself, and what comes back from making one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from gis.errors import N_, Invalid
from gis.findings import Finding

Format = Literal["shp", "gpkg", "geojson"]
Language = Literal["zh", "en"]
Progress = Callable[[float, str], None]

ENDINGS: Final[Mapping[str, str]] = MappingProxyType({"shp": "zip", "gpkg": "gpkg", "geojson": "geojson"})

CRS_TITLES: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        4490: ("CGCS2000 经纬度", "CGCS2000 longitude and latitude"),
        4326: ("WGS 84 经纬度", "WGS 84 longitude and latitude"),
        4528: ("CGCS2000 三度带第40带（带号在前）", "CGCS2000 3° zone 40, zone number before the easting"),
        4549: ("CGCS2000 三度带，中央经线120°（不带带号）", "CGCS2000 3° zone, meridian 120°E, plain easting"),
        4527: ("CGCS2000 三度带第39带（带号在前）", "CGCS2000 3° zone 39, zone number before the easting"),
        4548: ("CGCS2000 三度带，中央经线117°（不带带号）", "CGCS2000 3° zone, meridian 117°E, plain easting"),
    }
)
"""The systems an export is made in, with their Chinese and English titles."""


class UnknownFormat(Invalid):
    """A format that exports are not made in."""

    code = "unknown-format"


class UnofferedCrs(Invalid):
    """A coordinate system that exports are not made in."""

    code = "unoffered-crs"


def same(text: str) -> str:
    """The text itself: what stands for a translation where there is none."""
    return text


def now() -> str:
    """This moment in UTC, ``2026-01-02T03:04:05.678Z``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class About:
    """Where the features come from and how they were chosen.

    Parameters
    ----------
    seq
        Last change of the register that they hold: the layer's version.
    asof
        The day that they stand at, ``YYYY-MM-DD``; None: as they are now.
    filters
        What chose them, as `layers.filters.Filters.described` gives it.
    time
        When the export was made, UTC text ending in Z.
    language
        Of the readme, the field dictionary's headings and the file names inside a zip.
    sources
        One line for each source of the data.
    synthetic
        True where the register is a demonstration; rows whose ``source`` is ``synthetic`` are counted anyway.
    translate
        Turns a template of a finding into the reader's language.
    """

    seq: int
    asof: str | None = None
    filters: Mapping[str, object] = field(default_factory=dict)
    time: str = field(default_factory=now)
    language: Language = "zh"
    sources: tuple[str, ...] = ()
    synthetic: bool = False
    translate: Callable[[str], str] = same

    def say(self, zh: str, en: str) -> str:
        """One of two texts, by the language."""
        return zh if self.language == "zh" else en


@dataclass(frozen=True)
class ExportResult:
    """A finished file, how many features it holds, and what could not be carried over as it was."""

    path: Path
    count: int
    findings: tuple[Finding, ...]


def require_format(name: str) -> Format:
    """The format itself, or `UnknownFormat`."""
    found: dict[str, Format] = {"shp": "shp", "gpkg": "gpkg", "geojson": "geojson"}
    if name not in found:
        raise UnknownFormat(
            N_("Unknown format %(format)s."),
            hint=N_("Choose one of %(formats)s."),
            format=name,
            formats=", ".join(found),
        )
    return found[name]


def require_crs(epsg: int) -> int:
    """The EPSG code itself, or `UnofferedCrs`."""
    if epsg not in CRS_TITLES:
        raise UnofferedCrs(
            N_("Exports are not made in EPSG:%(epsg)s."),
            hint=N_("Choose one of %(codes)s."),
            epsg=epsg,
            codes=", ".join(map(str, CRS_TITLES)),
        )
    return epsg


def file_name(layer: str, *, asof: str | None, crs: int, format: str) -> str:  # noqa: A002 - the parameter's name in the address
    """The name that a download gets: ``dijie-place-names-2026-01-02-4490.zip``."""
    parts = ["dijie", layer, *([asof] if asof else []), str(crs)]
    return f"{'-'.join(parts)}.{ENDINGS[require_format(format)]}"
