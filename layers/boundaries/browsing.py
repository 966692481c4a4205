"""What the pages of the boundary register show: the table of lines, one line with all that belongs to it, one stake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gis.measure import length_m
from layers.access import Reader
from layers.boundaries.checks import (
    DEFAULT,
    Checked,
    Found,
    Limits,
    LineFacts,
    StakeOn,
    check_boundaries,
    check_line,
    gather,
)
from layers.boundaries.checks.facts import State
from layers.boundaries.course import describe
from layers.boundaries.course_text import LegApart, Told, legs_apart, read_course
from layers.boundaries.documents import Document, counts_by_line, documents_of
from layers.boundaries.reference_features import ReferenceFeature, features_of
from layers.features import feature
from layers.index import Index
from layers.placenames.media import Medium, media_of


@dataclass(frozen=True)
class Asked:
    """Filters of the table: words in code or name, the line's status, a county on either side, what was found."""

    text: str = ""
    status: str = ""
    county: str = ""
    findings: str = ""


@dataclass(frozen=True)
class LineRow:
    """One row of the table of lines."""

    state: State
    length_m: float | None
    stakes: int
    counts: Mapping[str, int]
    documents: int

    @property
    def findings(self) -> int:
        """All findings together."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class LineTable:
    """The rows that pass the filters, how many there are of all, and the counties on the sides of any line."""

    rows: tuple[LineRow, ...]
    total: int
    counties: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Course:
    """A line's given course text beside the one of its geometry, and where the given one differs."""

    given: str
    generated: str
    told: Told
    apart: tuple[LegApart, ...]


@dataclass(frozen=True)
class End:
    """One end of a line: its name, the tripoint there if there is one, the documents at it and its pictures."""

    name: str
    tripoint: State | None
    documents: tuple[Document, ...] = ()
    media: tuple[Medium, ...] = ()


@dataclass(frozen=True)
class OneLine:
    """A line with what stands on it and what was found.

    Parameters
    ----------
    record
        Its fields as the reader may see them.
    """

    record: Mapping[str, Any]
    facts: LineFacts
    found: tuple[Found, ...]
    course: Course
    ends: tuple[End, ...]
    documents: tuple[Document, ...]
    media: tuple[Medium, ...]


@dataclass(frozen=True)
class OneStake:
    """A stake with the lines on which it stands; ``position`` is longitude and latitude in degrees."""

    record: Mapping[str, Any]
    position: tuple[float, float] | None
    lines: tuple[tuple[LineFacts, StakeOn], ...]
    features: tuple[ReferenceFeature, ...]
    media: tuple[Medium, ...]
    found: tuple[Found, ...]


def line_table(index: Index, asked: Asked, *, reader: Reader, limits: Limits = DEFAULT) -> LineTable:
    """The lines that a reader sees, inner ones first, by code."""
    with index.held():
        checked = check_boundaries(index, reader=reader, limits=limits)
        papers = counts_by_line(index, reader=reader)
    rows = [_row(line, checked, papers) for line in checked.facts.lines.values()]
    counties: dict[str, str] = {}
    for line in checked.facts.lines.values():
        for side in ("left", "right"):
            code = line.state.get(f"{side}_code")
            if code:
                counties.setdefault(str(code), str(line.state.get(f"{side}_name") or code))
    kept = [row for row in rows if _passes(row, asked)]
    kept.sort(key=lambda row: (not row.state.get("inner"), str(row.state.get("code") or "")))
    return LineTable(tuple(kept), len(rows), tuple(sorted(counties.items())))


def one_line(index: Index, uuid: str, *, reader: Reader, limits: Limits = DEFAULT) -> OneLine:
    """One line, closed ones too.

    Raises
    ------
    UnknownFeature
    """
    with index.held():
        record = feature(index, "boundary-lines", uuid, reader=reader).record
        checked = check_boundaries(index, reader=reader, limits=limits)
        facts, found = checked.facts.lines.get(uuid), checked.found.get(uuid, ())
        if facts is None:  # closed: it is not held against the others
            everything = gather(index, reader=reader, lines=[uuid], closed=True)
            facts = everything.lines[uuid]
            found = tuple(check_line(facts, everything, limits))
        return OneLine(
            record=record,
            facts=facts,
            found=found,
            course=_course(facts),
            ends=_ends(index, facts, reader),
            documents=documents_of(index, "line", uuid, reader=reader),
            media=media_of(index, "line", uuid, reader=reader),
        )


def one_stake(index: Index, uuid: str, *, reader: Reader, limits: Limits = DEFAULT) -> OneStake:
    """One stake.

    Raises
    ------
    UnknownFeature
    """
    with index.held():
        shown = feature(index, "stakes", uuid, reader=reader)
        checked = check_boundaries(index, reader=reader, limits=limits)
        lines = [(line, stake) for line in checked.facts.lines.values() for stake in line.stakes if stake.uuid == uuid]
        own = str(shown.record.get("line_uuid") or "")
        lines.sort(key=lambda pair: (pair[0].uuid != own, str(pair[0].state.get("code") or "")))
        place = shown.geometry
        return OneStake(
            record=shown.record,
            position=(float(place.x), float(place.y)) if place is not None and place.geom_type == "Point" else None,  # type: ignore[attr-defined]
            lines=tuple(lines),
            features=features_of(shown.record.get("reference_features")),
            media=media_of(index, "stake", uuid, reader=reader),
            found=tuple(one for one in checked.all() if one.uuid == uuid),
        )


def neighbours(line: LineFacts, uuid: str) -> tuple[StakeOn | None, StakeOn | None]:
    """The stakes before and after one on a line."""
    places = [number for number, stake in enumerate(line.stakes) if stake.uuid == uuid]
    if not places:
        return None, None
    at = places[0]
    return line.stakes[at - 1] if at else None, line.stakes[at + 1] if at + 1 < len(line.stakes) else None


def _row(line: LineFacts, checked: Checked, papers: Mapping[str, int]) -> LineRow:
    return LineRow(
        state=line.state,
        length_m=float(length_m(line.line)) if line.line is not None else None,
        stakes=len(line.stakes),
        counts=checked.counts(line.uuid),
        documents=papers.get(line.uuid, 0),
    )


def _passes(row: LineRow, asked: Asked) -> bool:
    words = [str(row.state.get(name) or "") for name in ("code", "name", "short_name", "left_name", "right_name")]
    if asked.text and not any(asked.text.casefold() in word.casefold() for word in words):
        return False
    if asked.status and row.state.get("status") != asked.status:
        return False
    if asked.county and asked.county not in (row.state.get("left_code"), row.state.get("right_code")):
        return False
    if asked.findings == "any":
        return row.findings > 0
    return not asked.findings or row.counts.get(asked.findings, 0) > 0


def _course(facts: LineFacts) -> Course:
    given = str(facts.state.get("course") or "")
    told = read_course(given)
    if facts.line is None:
        return Course(given, "", told, ())
    words = [str(facts.state.get(name) or "") for name in ("start_name", "end_name", "left_name", "right_name")]
    start, end, left, right = words
    generated = describe(facts.line, start=start, end=end, left=left, right=right)
    return Course(given, generated, told, tuple(legs_apart(told, facts.line)))


def _ends(index: Index, facts: LineFacts, reader: Reader) -> tuple[End, ...]:
    corners = {str(one.get("name")): one for one in facts.tripoints}
    found = []
    for name in ("start_name", "end_name"):
        said = str(facts.state.get(name) or "")
        if not said:
            continue
        corner = corners.get(said)
        if corner is None:
            found.append(End(said, None))
            continue
        uuid = str(corner["uuid"])
        papers = documents_of(index, "tripoint", uuid, reader=reader)
        found.append(End(said, corner, papers, media_of(index, "tripoint", uuid, reader=reader)))
    return tuple(found)
