"""What the reading process says of a file: plain records in the file's own coordinates, as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from gis.errors import N_, DijieError
from gis.findings import Finding, Severity
from layers.ingest.reading.faults import FileTooLarge
from layers.ingest.reading.limits import Limits
from layers.ingest.reading.wire import ANSWER, finding_as_json

AT: Final = "at.txt"
"""Beside the answer: which member is being read; what is left of it says where the process broke off."""
_NAMED: Final = 12
_TEXT: Final = 2_000
"""A longer text of a record is cut."""
_WHOLE: Final = 10**15
"""A longer whole number is no coordinate, and may be none that a float holds."""


class NotGeometry(ValueError):  # noqa: N818 - never leaves this file
    """Coordinates that are not written as the geometry that they are said to be."""


@dataclass
class RawTrack:
    """A line in pieces: ``parts`` hold ``xy`` and, as long as it, ``z``, ``t`` (UTC seconds) and ``hdop`` or None."""

    row: int
    name: str
    kind: str
    parts: list[dict[str, Any]]
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass
class Part:
    """One table, layer or document.

    Parameters
    ----------
    crs
        What is known of the declared system, as `layers.ingest.reading.table.Table` has it.
    columns, rows
        Values of each heading, and the row's number as a person counts it.
    shapes
        GeoJSON points and polygons, one for each row; None for a plain table.
    heights, times
        Of points, where the format has them apart from the columns.
    kind
        ``waypoint`` or ``point``.
    targets
        Heading to target of `layers.ingest.recognition`, where the format and not the heading says what a column is.
    """

    file: str
    format: str
    layer: str = ""
    crs: dict[str, Any] = field(default_factory=dict)
    encoding: str = ""
    encoding_from: str = ""
    columns: dict[str, list[Any]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    shapes: list[dict[str, Any] | None] | None = None
    heights: list[float | None] = field(default_factory=list)
    times: list[float | None] = field(default_factory=list)
    kind: str = "point"
    targets: dict[str, str] = field(default_factory=dict)
    tracks: list[RawTrack] = field(default_factory=list)
    photo: dict[str, Any] | None = None
    findings: list[Finding] = field(default_factory=list)


class Budget:
    """How many vertices a file may have, over all its members."""

    def __init__(self, limits: Limits, file: str) -> None:
        self._left = self._most = limits.rows
        self._file = file

    def spend(self, count: int) -> None:
        """Take so many.

        Raises
        ------
        FileTooLarge
        """
        self._left -= count
        if self._left < 0:
            raise FileTooLarge(
                N_("%(file)s has more than %(most)d points; so many are not taken at once."),
                hint=N_("Divide it into several files."),
                file=self._file,
                most=self._most,
            )


class Collector:
    """Takes the records of one part, and counts what is wrong with some of them."""

    def __init__(self, part: Part, budget: Budget) -> None:
        self.part = part
        self._budget = budget
        self._flaws: dict[str, tuple[Severity, str, str, list[int], dict[str, object]]] = {}
        if part.shapes is None:
            part.shapes = []

    def flaw(
        self, rule: str, row: int, template: str, advice: str = "", *, severity: Severity = "error", **params: object
    ) -> None:
        """Note that something is wrong with a record; the template has places ``count`` and ``rows``."""
        _, _, _, rows, _ = self._flaws.setdefault(rule, (severity, template, advice, [], params))
        rows.append(row)

    def add(
        self, row: int, geometry: Mapping[str, Any] | None, attributes: Mapping[str, Any], *, time: float | None = None
    ) -> None:
        """Take a record: points and polygons one by one, lines as tracks."""
        try:
            leaves = [] if geometry is None else list(_leaves(geometry, 0))
        except (NotGeometry, RecursionError):
            self.flaw("geometry-unreadable", row, BAD_GEOMETRY, SKIPPED)
            return
        lines = [coordinates for kind, coordinates in leaves if kind == "LineString"]
        if lines:
            parts = [part for line in lines if (part := self._line(row, line)) is not None]
            if parts:
                own = {key: cut(value) for key, value in attributes.items() if value is not None}
                self.part.tracks.append(RawTrack(row, str(own.get("name", "") or ""), "line", parts, own))
        for kind, coordinates in leaves:
            if kind != "LineString":
                self._shape(row, kind, coordinates, attributes, time)
        if not leaves:
            self.flaw("geometry-empty", row, EMPTY, "", severity="warning")

    def point(self, row: int, xy: Sequence[float], attributes: Mapping[str, Any], *, time: float | None = None) -> None:
        """Take a point."""
        self._shape(row, "Point", xy, attributes, time)

    def track(self, track: RawTrack) -> None:
        """Take a track whose points are counted already."""
        if track.parts:
            self.part.tracks.append(track)

    def spend(self, count: int) -> None:
        """Count points."""
        self._budget.spend(count)

    def finish(self) -> Part:
        """The part, with one finding for each kind of flaw."""
        for rule, (severity, template, advice, rows, params) in self._flaws.items():
            told = ", ".join(map(str, rows[:_NAMED])) + (", …" if len(rows) > _NAMED else "")
            self.part.findings.append(
                Finding(
                    rule, severity, where(self.part), template, {**params, "count": len(rows), "rows": told}, advice
                )
            )
        return self.part

    def _line(self, row: int, line: Sequence[Sequence[float]]) -> dict[str, Any] | None:
        self._budget.spend(len(line))
        sound = [one for one in line if _finite(one)]
        if len(sound) < len(line):
            self.flaw("coordinates-not-finite", row, NOT_FINITE, SKIPPED)
        if len(sound) < 2:
            self.flaw("line-too-short", row, TOO_SHORT, "", severity="warning")
            return None
        heights = [float(one[2]) if len(one) > 2 and math.isfinite(one[2]) else None for one in sound]
        return {
            "xy": [[float(one[0]), float(one[1])] for one in sound],
            "z": heights if any(one is not None for one in heights) else None,
            "t": None,
            "hdop": None,
        }

    def _shape(self, row: int, kind: str, coordinates: Any, attributes: Mapping[str, Any], time: float | None) -> None:
        vertices = [coordinates] if kind == "Point" else [one for ring in coordinates for one in ring]
        self._budget.spend(len(vertices))
        if not all(_finite(one) for one in vertices):
            self.flaw("coordinates-not-finite", row, NOT_FINITE, SKIPPED)
            return
        part = self.part
        assert part.shapes is not None
        before = len(part.rows)
        part.rows.append(row)
        flat = [float(one) for one in coordinates[:2]] if kind == "Point" else [_flat(ring) for ring in coordinates]
        part.shapes.append({"type": kind, "coordinates": flat})
        height = coordinates[2] if kind == "Point" and len(coordinates) > 2 else None
        part.heights.append(float(height) if height is not None and math.isfinite(height) else None)
        part.times.append(time)
        for key in attributes:
            if key not in part.columns:
                part.columns[key] = [None] * before
        for key, values in part.columns.items():
            values.append(cut(attributes.get(key)))


BAD_GEOMETRY: Final = N_("%(count)d records have a geometry that cannot be understood: %(rows)s.")
NOT_FINITE: Final = N_("Coordinates are not finite numbers, in %(count)d places: records %(rows)s.")
TOO_SHORT: Final = N_("%(count)d lines or track segments have a single point and are no line: %(rows)s.")
EMPTY: Final = N_("%(count)d records have no geometry: %(rows)s.")
SKIPPED: Final = N_("They were left out; the others were read. Mend them in the program that wrote the file.")


def where(part: Part) -> str:
    """How a finding names a part."""
    layer = part.layer if part.layer and part.layer not in part.file else ""
    return f"{part.file} · {layer}" if layer else part.file


def cut(value: Any) -> Any:
    """A value of a record as JSON keeps it, not endless."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    text = text.replace("\0", "").strip()
    return text if len(text) <= _TEXT else f"{text[:_TEXT]}…"


def of_fault(fault: DijieError, file: str) -> Finding:
    """A fault of one member as a finding: the others go on."""
    return Finding(fault.code, "error", file, fault.template, {**fault.params}, fault.hint_template)


def write(folder: Path, parts: Sequence[Part], findings: Sequence[Finding]) -> None:
    """Write the answer, its last file under its own name at the end."""
    content = {
        "parts": [{**asdict(part), "findings": [finding_as_json(one) for one in part.findings]} for part in parts],
        "findings": [finding_as_json(one) for one in findings],
    }
    draft = folder / "draft.json"
    draft.write_text(json.dumps(content, ensure_ascii=True), encoding="utf-8")
    draft.rename(folder / ANSWER)


def read(folder: Path) -> tuple[list[Part], list[Finding]]:
    """What `write` wrote."""
    given = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
    parts = []
    for one in given["parts"]:
        one["tracks"] = [RawTrack(**track) for track in one["tracks"]]
        one["findings"] = [Finding(**finding) for finding in one["findings"]]
        parts.append(Part(**one))
    return parts, [Finding(**finding) for finding in given["findings"]]


def _leaves(geometry: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Points, lines and polygons of a geometry."""
    if not isinstance(geometry, Mapping) or depth > 8:
        raise NotGeometry
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        members = geometry.get("geometries")
        if not isinstance(members, list | tuple):
            raise NotGeometry
        for member in members:
            yield from _leaves(member, depth + 1)
        return
    coordinates = geometry.get("coordinates")
    if not isinstance(kind, str) or not isinstance(coordinates, list | tuple):
        raise NotGeometry
    bare = kind.removeprefix("3D ").removeprefix("Multi")
    if bare not in ("Point", "LineString", "Polygon"):
        raise NotGeometry
    for one in coordinates if "Multi" in kind else (coordinates,) if coordinates else ():
        _require(one, {"Point": 0, "LineString": 1, "Polygon": 2}[bare])
        if one:
            yield bare, one


def _require(coordinates: Any, depth: int) -> None:
    if not isinstance(coordinates, list | tuple):
        raise NotGeometry
    if depth:
        for one in coordinates:
            _require(one, depth - 1)
    elif not 2 <= len(coordinates) <= 4 or not all(_is_number(one) for one in coordinates):
        raise NotGeometry


def _is_number(value: Any) -> bool:
    return isinstance(value, float) or (type(value) is int and abs(value) < _WHOLE)


def _finite(one: Sequence[float]) -> bool:
    return math.isfinite(one[0]) and math.isfinite(one[1])


def _flat(ring: Sequence[Sequence[float]]) -> list[list[float]]:
    return [[float(one[0]), float(one[1])] for one in ring]
