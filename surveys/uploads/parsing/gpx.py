"""GPX: tracks, routes and waypoints; a bad point costs that point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from gis.errors import N_
from gis.findings import Finding
from surveys.uploads.parsing.markup import line_of, text_of, walk
from surveys.uploads.parsing.moments import seconds
from surveys.uploads.raw import SKIPPED, Budget, Collector, Part, RawTrack

_TEXTS: Final = ("cmt", "desc", "src", "sym", "type")
_BAD: Final = N_("%(count)d points have no longitude and latitude that can be understood: lines %(rows)s.")
_SINGLE: Final = N_("%(count)d lines or track segments have a single point and are no line: %(rows)s.")
_TIMES: Final = N_("%(count)d points have a time that cannot be understood: lines %(rows)s.")


def read(path: Path, file: str, budget: Budget) -> Part:
    """A GPX file; what stands before a break is taken.

    Raises
    ------
    UnsafeMarkup
    """
    part = Part(file, "gpx", crs={"epsg": 4326, "name": "WGS 84"}, kind="waypoint")
    reader = _Gpx(Collector(part, budget))
    part.encoding, part.encoding_from, broken = walk(path, file, ("wpt", "rte", "trk"), reader.take)
    if broken is not None:
        part.findings.append(broke_off(file, broken.line))
    if part.encoding_from in ("broken", "detected"):
        part.findings.append(odd_texts(file, part.encoding_from))
    return reader.collector.finish()


def broke_off(file: str, line: int) -> Finding:
    """A document that ends or breaks before it should."""
    return Finding(
        "broken-off", "error", file,
        N_("The file breaks off or is damaged at line %(line)d; what stands before it was read."),
        {"line": line},
        N_("Copy it from the device again; if it was cut off there, its end is lost."),
    )  # fmt: skip


def odd_texts(file: str, how: str) -> Finding:
    """Texts that are not in the encoding that they should be."""
    if how == "detected":
        return Finding(
            "encoding-assumed", "info", file,
            N_("The texts are not UTF-8, as they should be; they were read as GB 18030."),
        )  # fmt: skip
    return Finding(
        "texts-broken", "warning", file,
        N_("Some texts are in no encoding that can be told; signs that could not be read stand as �."),
    )  # fmt: skip


class _Gpx:
    def __init__(self, collector: Collector) -> None:
        self.collector = collector

    def take(self, element: Element, _: tuple[Element, ...]) -> None:
        name = text_of(element, "name")
        if element.tag == "wpt":
            self._waypoint(element, name)
            return
        kind = "track" if element.tag == "trk" else "route"
        segments: Sequence[Element] = [element] if kind == "route" else [one for one in element if one.tag == "trkseg"]
        point = "rtept" if kind == "route" else "trkpt"
        found = (self._segment(segment, point) for segment in segments)
        parts = [part for part in found if part is not None]
        attributes = {key: text for key in _TEXTS if (text := text_of(element, key))}
        self.collector.track(RawTrack(line_of(element), name, kind, parts, attributes))

    def _waypoint(self, element: Element, name: str) -> None:
        xy = self._position(element)
        if xy is None:
            return
        height = _number(text_of(element, "ele"))
        attributes = {"name": name} | {key: text for key in _TEXTS if (text := text_of(element, key))}
        place = xy if height is None else [*xy, height]
        self.collector.point(line_of(element), place, attributes, time=self._time(element))

    def _segment(self, segment: Element, name: str) -> dict[str, Any] | None:
        xy, heights, times, accuracies = [], [], [], []
        points = [one for one in segment if one.tag == name]
        self.collector.spend(len(points))
        for one in points:
            position = self._position(one)
            if position is None:
                continue
            xy.append(position)
            heights.append(_number(text_of(one, "ele")))
            times.append(self._time(one))
            accuracies.append(_number(text_of(one, "hdop")))
        if len(xy) == 1:
            self.collector.flaw("line-too-short", line_of(segment), _SINGLE, severity="warning")
        if len(xy) < 2:
            return None
        return {"xy": xy, "z": known(heights), "t": known(times), "hdop": known(accuracies)}

    def _position(self, element: Element) -> list[float] | None:
        lon, lat = _number(element.get("lon", "")), _number(element.get("lat", ""))
        if lon is None or lat is None:
            self.collector.flaw("coordinates-unreadable", line_of(element), _BAD, SKIPPED)
            return None
        return [lon, lat]

    def _time(self, element: Element) -> float | None:
        text = text_of(element, "time")
        moment = seconds(text) if text else None
        if text and moment is None:
            self.collector.flaw("time-unreadable", line_of(element), _TIMES, severity="warning")
        return moment


def known(values: list[float | None]) -> list[float | None] | None:
    """The values; None where all are unknown."""
    return values if any(value is not None for value in values) else None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
