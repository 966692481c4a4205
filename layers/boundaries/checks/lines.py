"""Rules for a line itself: its length, its ends, its course text, the polygons on its sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from shapely.geometry import Point

from gis.errors import N_
from gis.linear import locate
from gis.measure import distance_m, length_m
from layers.boundaries.areas import disagreement
from layers.boundaries.checks.facts import Facts, LineFacts
from layers.boundaries.checks.limits import Limits
from layers.boundaries.checks.rule import Found, Rule
from layers.boundaries.course import COAST
from layers.boundaries.course_text import legs_apart, read_course

NO_LINE: Final = Rule(
    "line-without-place", "error", "界线无图形", "Line without a course",
    N_("Line %(label)s has no geometry."), N_("Import it, or draw it on the map."),
)  # fmt: skip
LENGTH: Final = Rule(
    "length-differs", "warning", "界线长度与量算不符", "Length differs",
    N_("Line %(label)s is declared as %(said)s km long and measures %(measured)s km."),
    N_("Compare the geometry with the papers; a factor of 1000 means metres for kilometres."),
)  # fmt: skip
STALE: Final = Rule(
    "length-not-measured", "warning", "登记量算长度已过时", "Registered length out of date",
    N_("Line %(label)s is registered with %(said)s m and measures %(measured)s m."),
    N_("Another program has changed the line; save it here once."),
)  # fmt: skip
END: Final = Rule(
    "end-without-tripoint", "warning", "端点与三交点不符", "End and tripoint apart",
    N_("Line %(label)s should end at the tripoint %(tripoint)s and ends %(metres)s m from it."),
    N_("Lead the line to the tripoint, or correct the tripoint."),
)  # fmt: skip
NOT_SHARED: Final = Rule(
    "tripoint-not-shared", "warning", "三交点未被三条界线共用", "Tripoint not shared",
    N_("The tripoint %(label)s lies on %(count)s of the %(lines)s lines of its divisions."),
    N_("All its lines end in the same point; correct those that do not."), "tripoints",
)  # fmt: skip
STAKE_NOT_SHARED: Final = Rule(
    "tripoint-stake-not-shared", "warning", "三交点界桩未关联各界线", "Stake of a tripoint not shared",
    N_("Stake %(label)s stands at a tripoint and is not registered on line %(line)s, which ends there."),
    N_("Import or save the stake anew: it is then joined with every line that ends there."), "stakes",
)  # fmt: skip
AREAS: Final = Rule(
    "line-against-areas", "warning", "界线与两侧区划面不符", "Line against the areas",
    N_("Line %(label)s and the areas on its sides are up to %(metres)s m apart; %(hectares)s ha lie between."),
    N_("An official line is the legal one: bring in areas that follow it. A derived one is derived anew."),
)  # fmt: skip
NO_BORDER: Final = Rule(
    "no-common-border", "warning", "两侧区划面不相邻", "Areas without a border",
    N_("The areas on the sides of line %(label)s have no common border."),
    N_("Check the codes of both sides, and that neighbours share their vertices."),
)  # fmt: skip
COURSE: Final = Rule(
    "course-sector", "warning", "走向说明与图形不符", "Course text against the line",
    N_("Leg %(number)s of the course text says %(said)s for %(km)s km from %(start)s km on; the line runs %(runs)s."),
    N_("Correct the text or the line; the page shows both side by side."),
)  # fmt: skip
COURSE_LENGTH: Final = Rule(
    "course-length", "warning", "走向说明长度不符", "Lengths of the course text",
    N_("The legs of the course text add up to %(legs)s km, it names %(total)s km; the line measures %(measured)s km."),
    N_("Correct the lengths of the text."),
)  # fmt: skip
UNREAD: Final = Rule(
    "course-unread", "info", "走向说明无法识别", "Course text not understood",
    N_("No legs were understood in the course text of line %(label)s; it was not compared."),
    N_("Legs are written as 向东偏东北行3.2千米."),
)  # fmt: skip
NO_COURSE: Final = Rule(
    "course-missing", "info", "缺走向说明", "No course text",
    N_("Line %(label)s has no course text."), N_("The page shows one made from the geometry."),
)  # fmt: skip
RULES: Final = (
    NO_LINE, LENGTH, STALE, END, NOT_SHARED, STAKE_NOT_SHARED, AREAS, NO_BORDER, COURSE, COURSE_LENGTH, UNREAD,
    NO_COURSE,
)  # fmt: skip


def _label(facts: LineFacts) -> str:
    return str(facts.state.get("code") or facts.state.get("name") or "")


def geometry(facts: LineFacts, _limits: Limits) -> Iterator[Found]:
    """A line has a course on the map."""
    if facts.line is None:
        yield NO_LINE.broken(facts.uuid, facts.uuid, _label(facts))


def lengths(facts: LineFacts, limits: Limits) -> Iterator[Found]:
    """The declared length and the registered one agree with the geometry."""
    if facts.line is None:
        return
    measured = float(length_m(facts.line))
    said, kept = facts.state.get("declared_length_m"), facts.state.get("length_m")
    if said is not None and abs(said - measured) > max(limits.length_share * measured, limits.length_m):
        yield LENGTH.broken(
            facts.uuid, facts.uuid, _label(facts), said=f"{said / 1000:.3f}", measured=f"{measured / 1000:.3f}"
        )
    if kept is not None and abs(kept - measured) > limits.measured_m:
        yield STALE.broken(facts.uuid, facts.uuid, _label(facts), said=f"{kept:.2f}", measured=f"{measured:.2f}")


def ends(facts: LineFacts, limits: Limits) -> Iterator[Found]:
    """An end that is named after a tripoint lies at it."""
    if facts.line is None or facts.line.is_closed:
        return
    corners = {str(one.get("name")): one for one in facts.tripoints}
    for name, place in (("start_name", 0), ("end_name", -1)):
        said = str(facts.state.get(name) or "")
        corner = corners.get(said)
        if not said or said == COAST or corner is None or not isinstance(corner["geom"], Point):
            continue
        x, y = facts.line.coords[place][:2]
        apart = float(distance_m(x, y, corner["geom"].x, corner["geom"].y))
        if apart > limits.tripoint_m:
            yield END.broken(facts.uuid, facts.uuid, _label(facts), tripoint=said, metres=f"{apart:.1f}")


def courses(facts: LineFacts, limits: Limits) -> Iterator[Found]:
    """What the course text says of sectors and lengths is so on the map."""
    if facts.line is None:
        return
    text = str(facts.state.get("course") or "")
    if not text:
        yield NO_COURSE.broken(facts.uuid, facts.uuid, _label(facts))
        return
    told = read_course(text)
    if not told.legs:
        yield UNREAD.broken(facts.uuid, facts.uuid, _label(facts))
        return
    measured = float(length_m(facts.line))
    total = told.total_m if told.total_m is not None else told.along_m
    most = max(limits.course_share * measured, limits.course_leg_m * len(told.legs))
    if abs(told.along_m - measured) > most or abs(total - measured) > most:
        yield COURSE_LENGTH.broken(
            facts.uuid, facts.uuid, _label(facts), legs=f"{told.along_m / 1000:.2f}", total=f"{total / 1000:.2f}",
            measured=f"{measured / 1000:.2f}",
        )  # fmt: skip
    for leg in legs_apart(told, facts.line):
        yield COURSE.broken(
            facts.uuid, facts.uuid, _label(facts), number=leg.number, said=leg.told.sector, runs=leg.sector,
            km=f"{leg.told.length_m / 1000:.2f}", start=f"{leg.told.start_m / 1000:.2f}",
        )  # fmt: skip


def areas(facts: LineFacts, limits: Limits) -> Iterator[Found]:
    """The line is the border of the two areas on its sides."""
    left, right = facts.sides
    if facts.line is None or left not in facts.areas or right not in facts.areas or left == right:
        return
    found = disagreement(facts.line, facts.areas, left=left, right=right)
    if np.isnan(found.farthest_m):
        yield NO_BORDER.broken(facts.uuid, facts.uuid, _label(facts))
    elif found.farthest_m > limits.area_off_m or found.area_m2 > limits.area_m2:
        yield AREAS.broken(
            facts.uuid, facts.uuid, _label(facts), metres=f"{found.farthest_m:.1f}",
            hectares=f"{found.area_m2 / 10_000:.2f}",
        )  # fmt: skip


def tripoints(facts: LineFacts, everything: Facts, limits: Limits) -> Iterator[Found]:
    """A tripoint at this line's end is the end of every line between its divisions, and its stake stands on them."""
    for corner in facts.tripoints:
        place = corner["geom"]
        if not isinstance(place, Point) or not _ends_at(facts, place, limits):
            continue
        codes = {code.strip() for code in str(corner.get("codes") or "").split(",")}
        between = [one for one in everything.lines.values() if set(one.sides) <= codes and one.line is not None]
        meeting = [one for one in between if _ends_at(one, place, limits)]
        first = min(one.uuid for one in meeting) == facts.uuid  # told once, not at each of its lines
        pairs = {frozenset(one.sides) for one in meeting}
        expected = {frozenset(one.sides) for one in between}
        if first and pairs != expected:
            yield NOT_SHARED.broken(
                facts.uuid, str(corner["uuid"]), str(corner.get("name") or ""), count=len(pairs), lines=len(expected)
            )
        for stake in facts.stakes:
            at = stake.state.get("tripoint_uuid") == corner["uuid"]
            if not at or stake.state.get("line_uuid") != facts.uuid:
                continue
            for other in meeting:
                if other.uuid != facts.uuid and (other.uuid, stake.uuid) not in everything.joined:
                    yield STAKE_NOT_SHARED.broken(facts.uuid, stake.uuid, stake.number, line=_label(other))


def _ends_at(facts: LineFacts, place: Point, limits: Limits) -> bool:
    if facts.line is None:
        return False
    ends_ = np.array([facts.line.coords[0][:2], facts.line.coords[-1][:2]])
    apart = distance_m(ends_[:, 0], ends_[:, 1], place.x, place.y)
    if facts.line.is_closed:
        return bool(np.abs(locate(facts.line, np.array([place], dtype=object)).offset_m[0]) <= limits.tripoint_m)
    return bool(apart.min() <= limits.tripoint_m)
