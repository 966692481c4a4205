"""From plain records to a `FieldFile`: which column is what, and where in EPSG:4490 everything lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException
from shapely.geometry import shape

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.coordinates.locating import Placement, locate
from layers.ingest.model import FieldMapping, FileFormat, Noted, Reading
from layers.ingest.reading.answer import epsg_of
from layers.ingest.recognition import recognise, taken
from layers.records.tables import folded
from surveys.uploads.known import KnownStakes
from surveys.uploads.model import Area, FieldFile, Member, Photo, Point, Track, TrackKind, TrackPart
from surveys.uploads.raw import BAD_GEOMETRY, SKIPPED, Part, where

_SUBJECT: Final = "stakes"
_PER_RULE: Final = 10
_MOST_FINDINGS: Final = 300
_ASSUMED: Final = frozenset({"encoding-assumed", "order-assumed", "heading-row", "index-missing", "crs-undeclared"})
_NAMES: Final = ("name", "名称", "点名", "点号", "number", "Name", "NAME", "title", "标题", "Text", "text")
_EXCHANGED: Final = N_("They were exchanged; look at where these points lie.")
_FURTHER: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("点号", "点名", "编号", "点编号", "测点", "点标识", "Point", "PointName", "Point ID", "PtName", "Pt"),
    "@east": ("E", "东", "东坐标E", "E坐标", "Y(东)", "平面Y", "East"),
    "@north": ("N", "北", "北坐标N", "N坐标", "X(北)", "平面X", "North"),
    "@lon": ("L", "大地经度", "WGS84经度", "lon(deg)", "Long"),
    "@lat": ("B", "大地纬度", "WGS84纬度", "lat(deg)"),
    "height_m": ("H", "高", "大地高", "椭球高", "正常高", "Z", "elevation", "height", "alt", "altitude"),
}
"""Headings of controllers beside those that `layers.records` knows."""


@dataclass
class _Gathered:
    members: list[Member] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    assumed: list[Finding] = field(default_factory=list)

    def tell(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            (self.assumed if finding.rule in _ASSUMED else self.findings).append(finding)


def understand(
    name: str,
    parts: Sequence[Part],
    findings: Sequence[Finding],
    *,
    areas: gpd.GeoDataFrame,
    stakes: KnownStakes,
    crs: int | None = None,
) -> FieldFile:
    """Make a `FieldFile` of what the reading process says.

    Parameters
    ----------
    areas
        County polygons, EPSG:4490, columns ``code`` and ``name``; may be empty: then zones and shifts are not judged.
    stakes
        The registered stakes: what carries the number of one is a stake.
    crs
        The system that a person says the coordinates are in; goes before what the file declares.
    """
    gathered = _Gathered()
    gathered.tell(findings)
    mapping = FieldMapping(crs=crs)
    for part in parts:
        _take(gathered, part, mapping, areas, stakes)
    shifted = stakes.shift(gathered.points, name)
    if shifted is not None and not any(one.rule == "gcj02-shift" for one in gathered.findings):
        gathered.findings.append(shifted)
    if not (gathered.tracks or gathered.points or gathered.areas or gathered.photos) and not any(
        one.severity == "error" for one in gathered.findings
    ):
        gathered.findings.append(_nothing(name))
    return FieldFile(
        name,
        tuple(gathered.members),
        tuple(gathered.tracks),
        tuple(gathered.points),
        tuple(gathered.areas),
        tuple(gathered.photos),
        _capped(gathered.findings, name),
        tuple(gathered.assumed),
    )


def _take(gathered: _Gathered, part: Part, mapping: FieldMapping, areas: gpd.GeoDataFrame, stakes: KnownStakes) -> None:
    member = len(gathered.members)
    gathered.tell(part.findings)
    epsg = epsg_of(part.crs)
    about = Member(
        part.file, part.format, part.layer, epsg, str(part.crs.get("name", "")), part.encoding, part.encoding_from
    )
    gathered.members.append(about)
    if part.photo is not None:
        size = part.photo.pop("size")
        gathered.photos.append(Photo(member, part.file, size=tuple(size) if size else None, **part.photo))
        return
    if not part.rows and not part.tracks:
        return
    pieces = _pieces(part, gathered)
    count = len(part.rows)
    reading = _reading(part, pieces, epsg, gathered)
    recognised = recognise(_SUBJECT, reading, FieldMapping())
    targets = _further({**recognised.targets, **part.targets}, reading)
    placement = locate(reading, mapping, targets, areas=areas)
    if reading.geometry is None and not {"@lon", "@lat"} <= set(targets.values()) and not (
        {"@east", "@north"} <= set(targets.values())
    ):  # fmt: skip
        gathered.findings.append(_no_coordinates(part))
        return
    gathered.tell(_told(placement, part, reading.rows.tolist()))
    gathered.assumed += [replace(one, where=where(part)) for one in placement.assumed]
    if placement.epsg is not None:
        gathered.members[member] = replace(about, epsg=placement.epsg, crs=about.crs if epsg == placement.epsg else "")
    if count:
        fields = taken(reading, replace(recognised, targets=targets), FieldMapping())
        _rows(gathered, part, member, placement, fields, stakes)
    _tracks(gathered, part, member, pieces, placement.geometry[count:])


_Pieces = Sequence[tuple[int, dict[str, NDArray[np.float64]]]]


def _pieces(part: Part, gathered: _Gathered) -> _Pieces:
    """The pieces of all tracks with the place of their track; points at 0, 0 left out."""
    found: list[tuple[int, dict[str, NDArray[np.float64]]]] = []
    zeros = 0
    for place, track in enumerate(part.tracks):
        for one in track.parts:
            xy = np.array(one["xy"], dtype=np.float64).reshape(-1, 2)
            values = {
                name: np.full(len(xy), np.nan) if one[key] is None else np.array(one[key], dtype=np.float64)
                for name, key in (("height", "z"), ("time", "t"), ("accuracy", "hdop"))
            }
            sound = np.isfinite(xy).all(axis=1) & ~(xy == 0).all(axis=1)
            zeros += int(np.count_nonzero(~sound))
            if np.count_nonzero(sound) > 1:
                found.append((place, {"xy": xy[sound], **{name: each[sound] for name, each in values.items()}}))
    if zeros:
        template = N_("%(count)d track points are at 0, 0: the device had no position. They were left out.")
        gathered.findings.append(Finding("coordinates-zero", "warning", where(part), template, {"count": zeros}))
    return found


def _reading(
    part: Part, pieces: Sequence[tuple[int, dict[str, Any]]], epsg: int | None, gathered: _Gathered
) -> Reading:
    """The part as the intake understands tables: rows first, then each piece of a track as its points."""
    count, more = len(part.rows), len(pieces)
    geometry = None
    if part.shapes is not None or more:
        geometry = np.full(count + more, None, dtype=object)
        geometry[:count] = _shapes(part, gathered)
        for place, (_, piece) in enumerate(pieces, start=count):
            geometry[place] = shapely.multipoints(piece["xy"])
    frame = pd.DataFrame(
        {name: _series([*values, *[None] * more]) for name, values in part.columns.items()},
        index=pd.RangeIndex(count + more),
    )
    rows = np.array([*part.rows, *(part.tracks[place].row for place, _ in pieces)], dtype=np.int64)
    return Reading(
        part.file,
        cast("FileFormat", part.format if part.format == "shp" else "csv"),
        where(part),
        (where(part),),
        frame,
        rows,
        geometry,
        epsg,
        part.encoding,
        part.encoding_from,
    )


def _shapes(part: Part, gathered: _Gathered) -> NDArray[Any]:
    result = np.full(len(part.rows), None, dtype=object)
    bad = []
    for place, one in enumerate(part.shapes or ()):
        if one is None:
            continue
        try:
            result[place] = shape(one)
        except (GEOSException, ValueError, TypeError, IndexError):
            bad.append(part.rows[place])
    if bad:
        rows = ", ".join(map(str, bad[:_PER_RULE])) + (", …" if len(bad) > _PER_RULE else "")
        params = {"count": len(bad), "rows": rows}
        gathered.findings.append(Finding("geometry-unreadable", "error", where(part), BAD_GEOMETRY, params, SKIPPED))
    return result


def _series(values: list[Any]) -> pd.Series[Any]:
    """A column of one of the types that a `Reading` has."""
    kinds = {type(value) for value in values if value is not None}
    if kinds and kinds <= {int, float}:
        return pd.Series([np.nan if value is None else float(value) for value in values], dtype="float64")
    texts = [None if value is None or value == "" else str(value) for value in values]
    return pd.Series(pd.array(texts, dtype="str"))


def _further(targets: dict[str, str], reading: Reading) -> dict[str, str]:
    """Targets of headings that only controllers write, where no other heading has claimed them."""
    result = dict(targets)
    held = set(targets.values())
    words = {folded(word): target for target, spellings in _FURTHER.items() for word in spellings}
    for heading in map(str, reading.frame.columns):
        target = words.get(folded(heading))
        if target is not None and heading not in result and target not in held:
            result[heading] = target
            held.add(target)
    return result


def _rows(
    gathered: _Gathered,
    part: Part,
    member: int,
    placement: Placement,
    fields: pd.DataFrame,
    stakes: KnownStakes,
) -> None:
    """Points and areas of the rows that have a place."""
    columns = {str(name): fields[name].astype(object).where(fields[name].notna(), None).tolist() for name in fields}
    called = next((name for name in _NAMES if name in part.columns), None)
    heights = part.heights or [None] * len(part.rows)
    times = part.times or [None] * len(part.rows)
    for place, row in enumerate(part.rows):
        geometry = placement.geometry[place]
        if geometry is None or geometry.is_empty:
            continue
        attributes = {
            name: _text(values[place]) for name, values in part.columns.items() if values[place] not in (None, "")
        }
        own = {name: _text(values[place]) for name, values in columns.items() if values[place] is not None}
        name = own.get("number") or own.get("code") or (attributes.get(called, "") if called else "")
        if geometry.geom_type != "Point":
            gathered.areas.append(Area(member, row, name, geometry, attributes))
            continue
        number = own.get("number") or own.get("code") or name
        height = heights[place] if heights[place] is not None else _number(own.get("height_m"))
        stake = bool(own.get("code")) or _says_stake(part, own) or stakes.knows(number)
        gathered.points.append(
            Point(
                member, row, name, "stake" if stake else "waypoint" if part.kind == "waypoint" else "point",
                float(geometry.x), float(geometry.y), height, times[place], number, attributes, own,
            )
        )  # fmt: skip


def _says_stake(part: Part, own: Mapping[str, str]) -> bool:
    """Whether a heading of its own says that the number is a stake's; a controller's 点号 is any point's."""
    plain = {folded(word) for word in _FURTHER["number"]} | {"number"}
    return "number" in own and not any(folded(heading) in plain for heading in part.columns)


def _tracks(
    gathered: _Gathered,
    part: Part,
    member: int,
    pieces: _Pieces,
    placed: NDArray[Any],
) -> None:
    """Tracks of their pieces; points that came to lie outside the world are left out."""
    outside = 0
    found: dict[int, list[TrackPart]] = {}
    for (place, piece), points in zip(pieces, placed, strict=True):
        if points is None:
            continue
        xy = shapely.get_coordinates(points)
        inside = np.isfinite(xy).all(axis=1) & (np.abs(xy) <= (180, 90)).all(axis=1)
        outside += int(np.count_nonzero(~inside))
        if np.count_nonzero(inside) > 1:
            values = {name: values[inside] for name, values in piece.items() if name != "xy"}
            found.setdefault(place, []).append(TrackPart(xy[inside], **values))
    for place, parts in found.items():
        track = part.tracks[place]
        attributes = {name: _text(value) for name, value in track.attributes.items() if value not in (None, "")}
        named = track.name or next((attributes[name] for name in _NAMES if name in attributes), "")
        gathered.tracks.append(Track(member, track.row, named, cast("TrackKind", track.kind), tuple(parts), attributes))
    if outside:
        template = N_("%(count)d track points lie outside the world; they were left out.")
        gathered.findings.append(Finding("coordinates-outside", "error", where(part), template, {"count": outside}))


def _told(placement: Placement, part: Part, rows: Sequence[int]) -> list[Finding]:
    """Notes on places as findings: the first of each rule by its row, and how many there are more."""
    told: Counter[str] = Counter()
    result = []
    for noted in placement.notes:
        told[noted.finding.rule] += 1
        if told[noted.finding.rule] <= _PER_RULE:
            result.append(_located(noted, part, rows))
    for rule, number in told.items():
        if number > _PER_RULE:
            template = N_("%(count)d more records have the same flaw (%(rule)s).")
            result.append(
                Finding("more-of-these", "info", where(part), template, {"count": number - _PER_RULE, "rule": rule})
            )
    return result


def _located(noted: Noted, part: Part, rows: Sequence[int]) -> Finding:
    spot = where(part) if noted.row is None or noted.row >= len(rows) else f"{where(part)} · {rows[noted.row]}"
    # nobody is asked for the order of the axes here: what is told is what was done
    advice = _EXCHANGED if noted.finding.rule == "swapped-axes" else noted.finding.advice
    return replace(noted.finding, where=spot, advice=advice)


def _no_coordinates(part: Part) -> Finding:
    headings = ", ".join(str(name)[:40] for name in list(part.columns)[:12])
    return Finding(
        "no-coordinates", "error", where(part),
        N_("No columns with coordinates were found. The headings are: %(headings)s."),
        {"headings": headings},
        N_("Call them 东经 and 北纬 for degrees, or 横坐标 (east) and 纵坐标 (north) for metres."),
    )  # fmt: skip


def _nothing(name: str) -> Finding:
    return Finding(
        "nothing-found", "error", name,
        N_("There is no track, point, area or photo in the file."),
        {},
        N_("Check that the right file was chosen and that the device had recorded something."),
    )  # fmt: skip


def _capped(findings: Sequence[Finding], name: str) -> tuple[Finding, ...]:
    """Not more findings than a person reads; the gravest stay."""
    if len(findings) <= _MOST_FINDINGS:
        return tuple(findings)
    grave = sorted(findings, key=lambda one: ("error", "warning", "info").index(one.severity))[:_MOST_FINDINGS]
    template = N_("There are %(count)d findings more, which are not listed.")
    return (*grave, Finding("findings-many", "info", name, template, {"count": len(findings) - _MOST_FINDINGS}))


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
