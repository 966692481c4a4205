"""Villages of the pilot, what of them has a name, and what has none by all that the register knows.

A register of names cannot list what has no name. Three things tell: villages that have far fewer named roads, lanes,
bridges, ponds than those around them; lines and areas in the register that belong to no place; and what a clerk draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from sqlalchemy import func, or_, select

from gis.measure import metres_per_degree
from layers.access import Reader
from layers.index import Index
from layers.office import Office
from layers.office.application_lists import Asked, tallied
from layers.placenames.procedures.kinds import RURAL
from layers.placenames.rules.facts import rows_of
from layers.register import TABLES

NEIGHBOURS: Final = 8
FAR_BELOW: Final = 0.25
"""A village with less than this share of what its neighbours have is told as one that likely has things unnamed."""
_OPEN: Final = ("consulting", "pending", "reviewed", "returned")


@dataclass(frozen=True)
class Sort:
    """One sort of things that are named in villages.

    Parameters
    ----------
    class_code
        Of a new name.
    classes
        Class codes of the names that are counted.
    generics
        Generic parts that a new name may have; with ``only_generics`` those alone are counted.
    across
        The generic part of what runs from east to west, empty where that makes no difference.
    expected
        Every village has some: none with a name means that they have no names. Of other sorts that is told only where
        the villages around have some.
    """

    key: str
    title_zh: str
    title_en: str
    class_code: str
    classes: tuple[str, ...]
    generics: tuple[str, ...]
    only_generics: bool
    across: str
    expected: bool


SORTS: Final[Mapping[str, Sort]] = MappingProxyType(
    {
        row["sort"]: Sort(
            row["sort"], row["title_zh"], row["title_en"], row["class_code"], tuple(row["classes"].split()),
            tuple(row["generics"].split()), row["only_generics"] == "yes", row["across"],
            row["expected"] == "yes",
        )
        for row in rows_of("rural_sorts")
    }
)  # fmt: skip


@dataclass(frozen=True)
class Village:
    """A village of the pilot.

    Parameters
    ----------
    counts, around
        By sort how many it has with a name, and the median of the villages nearest to it.
    missing
        Sorts of which it likely has some without a name: none is named, or far fewer than around it.
    applications
        By state how many names have been proposed for it in the pilot.
    """

    code: str
    name: str
    county: str
    town: str
    lon: float
    lat: float
    counts: Mapping[str, int]
    around: Mapping[str, float]
    missing: tuple[str, ...]
    applications: Mapping[str, int]

    @property
    def named(self) -> int:
        """How many of its things have a name."""
        return sum(self.counts.values())

    @property
    def stage(self) -> str:
        """How far it is: ``approved``, ``proposed``, or ``open``."""
        if self.applications.get("approved"):
            return "approved"
        return "proposed" if any(self.applications.get(state) for state in _OPEN) else "open"


@dataclass(frozen=True)
class Progress:
    """How far a county of the pilot is, in villages: all of them; those of which nothing has a name; those for which
    names have been proposed and approved."""

    county: str
    villages: int
    without: int
    proposed: int
    approved: int


@dataclass(frozen=True)
class Nameless:
    """A line or area in the register that belongs to no place; ``village`` is the nearest one's code."""

    layer: str
    uuid: str
    class_code: str
    lon: float
    lat: float
    village: str


def pilot() -> dict[str, str]:
    """The counties of the pilot: code to name."""
    return {row["county_code"]: row["title"] for row in rows_of("rural_pilot")}


def villages(index: Index, office: Office, *, reader: Reader, counties: Sequence[str] | None = None) -> list[Village]:
    """The villages of the pilot that the reader may see, by code.

    Parameters
    ----------
    counties
        Those alone; None for all of the pilot.
    """
    wanted = [code for code in pilot() if counties is None or code in counties]
    columns = index.layer("divisions")
    mask = columns["level"].isin(["village"]) & columns["county_code"].isin(wanted) & columns.open_to(reader)
    rows = np.flatnonzero(mask)
    codes = [str(code) for code in columns["code"].values(rows)]
    order = np.argsort(np.array(codes, dtype=np.str_), kind="stable")
    rows, codes = rows[order], [codes[at] for at in order]
    if not codes:
        return []
    counts = _counted(index, wanted, codes)
    around = _around(columns.lon[rows], columns.lat[rows], counts)
    applied = tallied(office, Asked(counties=frozenset(wanted), channel=RURAL), "village", "state")
    names, county, town = (columns[name].values(rows) for name in ("name", "county_code", "town_code"))
    keys = list(SORTS)
    found = []
    for at, code in enumerate(codes):
        own = {key: int(counts[at, n]) for n, key in enumerate(keys)}
        near = {key: float(around[at, n]) for n, key in enumerate(keys)}
        missing = tuple(
            key
            for key in keys
            if own[key] < FAR_BELOW * near[key] or (own[key] == 0 and SORTS[key].expected)
        )  # fmt: skip
        states = {state: count for (village, state), count in applied.items() if village == code}
        found.append(
            Village(
                code, str(names[at]), str(county[at]), str(town[at]), float(columns.lon[rows[at]]),
                float(columns.lat[rows[at]]), own, near, missing, states,
            )
        )  # fmt: skip
    return found


def _counted(index: Index, counties: Sequence[str], codes: Sequence[str]) -> NDArray[np.int64]:
    """Named things of each village by sort, shape (villages, sorts); names that are no longer used do not count."""
    place = TABLES["place"].c
    standing = or_(place.usage.is_(None), place.usage != "historical")
    statement = (
        select(place.village_code, place.class_code, place.generic, func.count())
        .where(place.county_code.in_(counties), place.village_code.is_not(None), place.valid_to.is_(None), standing)
        .group_by(place.village_code, place.class_code, place.generic)
    )
    at = {code: row for row, code in enumerate(codes)}
    found = np.zeros((len(codes), len(SORTS)), dtype=np.int64)
    with index.held() as connection:
        for village, kind, generic, count in connection.execute(statement):
            number = _sort_of(str(kind or ""), str(generic or ""))
            if village in at and number is not None:
                found[at[village], number] += count
    return found


def _sort_of(kind: str, generic: str) -> int | None:
    """Which sort a name counts to; one that only its generic part tells comes before the rest of its class."""
    fitting = [(number, sort) for number, sort in enumerate(SORTS.values()) if kind in sort.classes]
    for number, sort in fitting:
        if sort.only_generics and generic in sort.generics:
            return number
    return next((number for number, sort in fitting if not sort.only_generics), None)


def _around(lon: NDArray[np.float64], lat: NDArray[np.float64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The median of the nearest villages, by sort; 0 where a village has no seat or no neighbours."""
    found = np.zeros(counts.shape)
    there = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if there.size < 2:
        return found
    scale = np.array(metres_per_degree(float(lat[there].mean())))
    places = np.column_stack([lon[there], lat[there]]) * scale
    _, nearest = cKDTree(places).query(places, k=min(NEIGHBOURS + 1, there.size))
    found[there] = np.median(counts[there[nearest[:, 1:]]], axis=1)
    return found


def progress(found: Sequence[Village]) -> list[Progress]:
    """How far each county of the pilot is."""
    return [
        Progress(
            county,
            len(own),
            sum(village.named == 0 for village in own),
            sum(village.stage == "proposed" for village in own),
            sum(village.stage == "approved" for village in own),
        )
        for county in pilot()
        if (own := [village for village in found if village.county == county])
    ]


def nameless(index: Index, found: Sequence[Village], *, reader: Reader) -> list[Nameless]:
    """Lines and areas near the villages that belong to no place, or to one that is not there."""
    seats = np.array([[village.lon, village.lat] for village in found]).reshape(-1, 2)
    good = np.flatnonzero(np.isfinite(seats).all(axis=1))
    if not good.size:
        return []
    scale = np.array(metres_per_degree(float(seats[good, 1].mean())))
    tree = cKDTree(seats[good] * scale)
    places = index.layer("place-names")
    result = []
    for layer in ("place-lines", "place-areas"):
        columns = index.layer(layer)
        every = np.arange(len(columns))
        owners = columns["place_uuid"].values(every)
        seen = columns.open_to(reader) & np.isfinite(columns.lon)
        loose = [
            row
            for row, owner in enumerate(owners)
            if seen[row] and (not isinstance(owner, str) or places.row_of(owner) is None)
        ]
        classes = columns["class_code"].values(np.array(loose, dtype=np.intp))
        for row, kind in zip(loose, classes, strict=True):
            distance, nearest = tree.query(np.array([columns.lon[row], columns.lat[row]]) * scale)
            if distance <= _NEAR_M:
                village = found[int(good[nearest])].code
                position = (float(columns.lon[row]), float(columns.lat[row]))
                result.append(Nameless(layer, str(columns.uuid[row]), str(kind or ""), *position, village))
    return result


_NEAR_M: Final = 5000.0
"""Farther from every seat than this it lies in another county."""
