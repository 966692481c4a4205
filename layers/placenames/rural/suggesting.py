"""What a thing in a village could be called: put together from local names, each checked by the rules at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from gis.errors import N_
from gis.measure import metres_per_degree
from gis.toponym import learn_phrases, romanize, split_name
from layers.access import Reader
from layers.index import Index
from layers.office import Office
from layers.placenames.procedures.judging import AWAITED, Candidate, Judged, check_candidates
from layers.placenames.rural.villages import Sort, Village
from layers.records import Context
from layers.register import TABLES

MOST: Final = 12
MOST_CHARACTERS: Final = 8
_COMMITTEE: Final = re.compile(r"(?:村民委员会|社区居民委员会|社区居委会|居民委员会|居委会|村委会|委员会)$")
_TAIL: Final = re.compile(r"(?:社区|村)$")
_DIRECTIONS: Final = ("东", "西", "南", "北", "中")
_ORDINALS: Final = ("一", "二", "三")
_MIDDLE_M: Final = 120.0
_LANDMARKS: Final = ("12", "13", "25")
"""Classes of what people tell the way by: waters, landforms, memorials and sights."""
_FILLED: Final = frozenset({"mandatory-missing"})
"""Rules about fields that the application's form asks for."""


@dataclass(frozen=True)
class Suggestion:
    """A name that could be given.

    Parameters
    ----------
    origin
        Where it comes from, an English sentence with the places of ``params``.
    meaning
        For the form, in Chinese.
    found
        What the rules say of it; a name without any comes first.
    """

    name: str
    roman: str
    origin: str
    params: dict[str, str]
    meaning: str
    found: tuple[Judged, ...]

    @property
    def errors(self) -> int:
        """How many rules stand in its way."""
        return sum(one.stands_in_the_way for one in self.found)


@dataclass(frozen=True)
class _Idea:
    name: str
    origin: str
    params: dict[str, str]
    meaning: str


_OF_VILLAGE: Final = N_("after the village, and where in it it lies")
_IN_ORDER: Final = N_("after the village, counted")
_OF_SETTLEMENT: Final = N_("after the natural village %(name)s")
_OF_OTHER_NAME: Final = N_("after the former or other name %(name)s")
_OF_LANDMARK: Final = N_("after %(name)s nearby")


def suggestions(
    index: Index, office: Office, village: Village, sort: Sort, *, reader: Reader, shape: BaseGeometry | None = None
) -> list[Suggestion]:
    """At most a dozen names for a thing of a sort, those that no rule objects to first.

    Parameters
    ----------
    shape
        Where it lies, EPSG:4490: tells the side of the village and, of a line, which way it runs. None: the seat.
    """
    ideas: dict[str, _Idea] = {}
    for idea in _ideas(index, village, sort, shape):
        if 2 < len(idea.name) <= MOST_CHARACTERS:
            ideas.setdefault(idea.name, idea)
    context = Context.of(index, reader=reader)
    where = shape if shape is not None else Point(village.lon, village.lat)
    candidates = [_candidate(idea.name, village, sort, context, where) for idea in ideas.values()]
    checked = check_candidates(index, office, candidates, reader=reader) if candidates else {}
    found = [
        Suggestion(
            idea.name, str(candidate.state["roman"]), idea.origin, idea.params, idea.meaning,
            tuple(one for one in checked[candidate.uuid] if one.finding.rule not in _FILLED),
        )
        for idea, candidate in zip(ideas.values(), candidates, strict=True)
    ]  # fmt: skip
    found.sort(key=lambda one: (one.errors, sum(judged.finding.severity == "warning" for judged in one.found)))
    return found[:MOST]


def _candidate(name: str, village: Village, sort: Sort, context: Context, where: BaseGeometry) -> Candidate:
    specific, generic = split_name(name)
    learn_phrases(name)
    known = context.classes.get(sort.class_code)
    state: dict[str, Any] = {
        "name": name, "specific": specific, "generic": generic or None, "class_code": sort.class_code,
        "roman": romanize(name, "" if generic else "settlement", generic=generic or None),
        "major": known.major if known is not None else None, "county_code": village.county,
        "town_code": village.town or None, "village_code": village.code, "usage": "current", "history": AWAITED,
        "geom": where if isinstance(where, Point) else shapely.point_on_surface(where),
    }  # fmt: skip
    return Candidate(f"suggested-{name}", state)


def _ideas(index: Index, village: Village, sort: Sort, shape: BaseGeometry | None) -> Iterator[_Idea]:
    base = base_of(village.name)
    generics = _generics(sort, shape)
    side = _side(village, shape)
    yield from _by_side(village, base, generics[0], side)
    for name, kind in _local_names(index, village)[:MOST]:
        word = base_of(name) if kind != _OF_LANDMARK else split_name(name)[0]
        told = {_OF_SETTLEMENT: "自然村名", _OF_OTHER_NAME: "旧有名称", _OF_LANDMARK: "附近地理实体"}[kind]
        if len(word) > 1:
            yield _Idea(word + generics[0], kind, {"name": name}, f"以{told}“{name}”命名")
    for ordinal in _ORDINALS:
        yield _Idea(base + ordinal + generics[0], _IN_ORDER, {}, f"位于{village.name}，以村名和序数命名")
    for generic in generics[1:2]:
        yield from _by_side(village, base, generic, side)


def _by_side(village: Village, base: str, generic: str, side: str) -> Iterator[_Idea]:
    for direction in (side,) if side else _DIRECTIONS:
        meaning = f"位于{village.name}{'中部' if direction == '中' else direction + '部'}，以村名和方位命名"
        yield _Idea(base + direction + generic, _OF_VILLAGE, {}, meaning)


def base_of(name: str) -> str:
    """A village's name without what says that it is one; of one character alone, such as 王村, the whole."""
    whole = _COMMITTEE.sub("", name)
    core = _TAIL.sub("", whole)
    if len(core) > 1:
        return core
    return whole if len(whole) > 1 else name


def _generics(sort: Sort, shape: BaseGeometry | None) -> tuple[str, ...]:
    """The generic parts that fit, the likeliest first: what runs from east to west may be called otherwise."""
    if not sort.across or shape is None or not shape.geom_type.endswith("LineString"):
        return sort.generics
    west, south, east, north = shape.bounds
    width, height = metres_per_degree((south + north) / 2)
    lies_across = (east - west) * width > (north - south) * height
    likely = sort.across if lies_across else next(one for one in sort.generics if one != sort.across)
    return (likely, *(one for one in sort.generics if one != likely))


def _side(village: Village, shape: BaseGeometry | None) -> str:
    """On which side of the seat it lies; empty where nobody has said where it is."""
    if shape is None or not np.isfinite([village.lon, village.lat]).all():
        return ""
    middle = shape.centroid
    width, height = metres_per_degree(village.lat)
    east, north = (middle.x - village.lon) * width, (middle.y - village.lat) * height
    if max(abs(east), abs(north)) < _MIDDLE_M:
        return "中"
    if abs(east) >= abs(north):
        return "东" if east > 0 else "西"
    return "北" if north > 0 else "南"


def _local_names(index: Index, village: Village) -> list[tuple[str, str]]:
    """Names that people know there: natural villages, what these were called before, landmarks."""
    place = TABLES["place"].c
    statement = select(place.uuid, place.name, place.class_code).where(
        place.village_code == village.code, place.valid_to.is_(None)
    )
    with index.held() as connection:
        rows = [(str(uuid), str(name or ""), str(kind or "")) for uuid, name, kind in connection.execute(statement)]
        names = index.frame("place_name")
    settled = {uuid for uuid, _, kind in rows if kind.startswith(("222", "276", "216"))}
    others = names[names["place_uuid"].isin(settled) & names["kind"].isin(["former", "alias"])]
    found = [(name, _OF_SETTLEMENT) for _, name, kind in rows if kind.startswith("222")]
    found += [(str(name), _OF_OTHER_NAME) for name in others["name"].dropna()]
    found += [(name, _OF_LANDMARK) for _, name, kind in rows if kind.startswith(_LANDMARKS)]
    own = base_of(village.name)
    return [(name, kind) for name, kind in dict.fromkeys(found) if name and base_of(name) != own]
