"""KML, also of OVKML and of what a KMZ holds: placemarks, tracks with times, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from gis.errors import N_
from gis.findings import Finding
from surveys.uploads.parsing.gpx import broke_off, known, odd_texts
from surveys.uploads.parsing.markup import line_of, text_of, walk
from surveys.uploads.parsing.moments import seconds
from surveys.uploads.raw import BAD_GEOMETRY, SKIPPED, TOO_SHORT, Budget, Collector, Part, RawTrack

_LINKS: Final = frozenset({"NetworkLink", "NetworkLinkControl"})
_GEOMETRIES: Final = frozenset({"Point", "LineString", "LinearRing", "Polygon"})


class _Bad(ValueError):  # noqa: N818 - never leaves this file
    """Coordinates that are none."""


def read(path: Path, file: str, budget: Budget) -> Part:
    """A KML file; what stands before a break is taken.

    Raises
    ------
    UnsafeMarkup
    """
    part = Part(file, "kml", crs={"epsg": 4326, "name": "WGS 84"}, kind="waypoint")
    reader = _Kml(Collector(part, budget))
    part.encoding, part.encoding_from, broken = walk(path, file, ("Placemark", *_LINKS), reader.take)
    if broken is not None:
        part.findings.append(broke_off(file, broken.line))
    if part.encoding_from in ("broken", "detected"):
        part.findings.append(odd_texts(file, part.encoding_from))
    if reader.links:
        template = N_("The file points to other files (%(links)s); nothing is fetched from elsewhere.")
        advice = N_("Open it in the program that made it, and export what it shows as a file of its own.")
        links = ", ".join(reader.links[:5])
        part.findings.append(Finding("network-link", "warning", file, template, {"links": links}, advice))
    return reader.collector.finish()


class _Kml:
    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self.links: list[str] = []

    def take(self, element: Element, around: tuple[Element, ...]) -> None:
        if element.tag in _LINKS:
            target = next((one.text for one in element.iter("href") if one.text), None)
            self.links.append((target or text_of(element, "name") or element.tag).strip()[:120])
            return
        row = line_of(element)
        attributes = _attributes(element, around)
        moments = [seconds(text_of(one, "when")) for one in element.iter("TimeStamp")]
        tracks = [part for one in element.iter("Track") if (part := self._track(row, one)) is not None]
        if tracks:
            own = {key: value for key, value in attributes.items() if key != "name"}
            self.collector.track(RawTrack(row, str(attributes.get("name", "")), "track", tracks, own))
        try:
            members = [_geometry(one) for one in _outermost(element)]
        except _Bad:
            self.collector.flaw("geometry-unreadable", row, BAD_GEOMETRY, SKIPPED)
            return
        if members or not any(True for _ in element.iter("Track")):
            whole = {"type": "GeometryCollection", "geometries": members}
            self.collector.add(row, whole, attributes, time=moments[0] if moments else None)

    def _track(self, row: int, element: Element) -> dict[str, Any] | None:
        times = [seconds(one.text or "") for one in element if one.tag == "when"]
        texts = [(one.text or "").split() for one in element if one.tag == "coord"]
        self.collector.spend(len(texts))
        times += [None] * (len(texts) - len(times))
        xy, heights, kept = [], [], []
        for words, moment in zip(texts, times, strict=False):
            try:
                place = _numbers(words)
            except _Bad:
                self.collector.flaw("coordinates-unreadable", row, BAD_GEOMETRY, SKIPPED)
                continue
            xy.append(place[:2])
            heights.append(place[2] if len(place) > 2 else None)
            kept.append(moment)
        if len(xy) < 2:
            self.collector.flaw("line-too-short", row, TOO_SHORT, severity="warning")
            return None
        return {"xy": xy, "z": known(heights), "t": known(kept), "hdop": None}


def _attributes(element: Element, around: tuple[Element, ...]) -> dict[str, Any]:
    folders = [text_of(one, "name") for one in around if one.tag == "Folder"]
    found: dict[str, Any] = {"name": text_of(element, "name")}
    if any(folders):
        found["folder"] = "/".join(filter(None, folders))
    if text := text_of(element, "description"):
        found["description"] = text
    for one in element.iter():
        key = one.get("name", "")
        if one.tag == "Data" and key:
            found[key] = text_of(one, "value")
        elif one.tag == "SimpleData" and key:
            found[key] = (one.text or "").strip()
    return found


def _outermost(element: Element) -> Iterator[Element]:
    """Geometries that are no part of another."""
    for child in element:
        if child.tag in _GEOMETRIES:
            yield child
        elif child.tag != "Track":
            yield from _outermost(child)


def _geometry(element: Element) -> dict[str, Any]:
    if element.tag == "Point":
        places = _coordinates(element)
        if len(places) != 1:
            raise _Bad
        return {"type": "Point", "coordinates": places[0]}
    if element.tag != "Polygon":
        return {"type": "LineString", "coordinates": _coordinates(element)}
    rings = [
        _coordinates(ring)
        for side in ("outerBoundaryIs", "innerBoundaryIs")
        for one in element
        if one.tag == side
        for ring in one.iter("LinearRing")
    ]
    return {"type": "Polygon", "coordinates": rings}


def _coordinates(element: Element) -> list[list[float]]:
    text = text_of(element, "coordinates")
    return [_numbers(words.split(",")) for words in text.replace(", ", ",").split()]


def _numbers(words: list[str]) -> list[float]:
    try:
        place = [float(word) for word in words if word]
    except ValueError as error:
        raise _Bad from error
    if not 2 <= len(place) <= 3:
        raise _Bad
    return place
