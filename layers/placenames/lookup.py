"""The ministry's public lookup (国家地名信息库), answered by this register: search by name and one record.

Parameters and fields are spelled as its interface spells them, so that programs written for it work here. Only public
records and fields are ever read: the reader is `PUBLIC` whoever asks.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection

from gis.errors import N_, Invalid, NotFound
from layers import days
from layers.access import PUBLIC, secrecy_codes
from layers.features import division_names
from layers.index import Columns, Index
from layers.placenames.divisiontree import prefix_of, province_name
from layers.search import normal

T = TypeVar("T")

MOST: Final = 100
"""Records on a page: the interface's own limit."""
LONGEST: Final = 100
FIRST_YEAR, LAST_YEAR = 1900, 2200
_NOWHERE: Final = 3
"""The cost of a name that does not match; exact ones cost 0, beginnings 1, what stands inside 2."""

_FETCHED: Final = (
    "uuid", "name", "roman", "ethnic_name", "class_code", "place_code", "county_code", "town_code", "origin",
    "meaning", "history", "to_lon", "to_lat", "geom",
)  # fmt: skip
_DIVISION_CLASSES: Final = ("212", "213", "214", "215")


class BadLookup(Invalid):
    """A parameter of the lookup that is not what the interface takes."""

    code = "bad-lookup"


class UnknownName(NotFound):
    """An id that no public record has."""

    code = "unknown-place-name"


@dataclass(frozen=True)
class Asked:
    """What a search asks for.

    Parameters
    ----------
    name
        Part of a standard name, or the whole of it where ``exact``; empty: all.
    class_code
        Five digits, or fewer that a class code begins with; empty: all.
    code
        A division's code, 2 to 12 digits, trailing zeros or not; empty: all.
    year
        As at the end of that year; 0: now.
    page
        From 1.
    size
        Records on a page, 1 to `MOST`.
    """

    name: str = ""
    exact: bool = False
    class_code: str = ""
    code: str = ""
    year: int = 0
    page: int = 1
    size: int = 10

    def __post_init__(self) -> None:
        if len(self.name) > LONGEST:
            raise BadLookup(N_("A search text has at most %(longest)s characters."), longest=LONGEST)
        if not re.fullmatch(r"[0-9A-Za-z]{0,8}", self.class_code):
            raise _bad("placeTypeCode", self.class_code, N_("Write up to five digits, for example 22200."))
        if not re.fullmatch(r"[0-9]{0,12}", self.code):
            raise _bad("code", self.code, N_("Write a division's code, for example 370781."))
        if self.year and not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise _bad("year", self.year, N_("Write a year, or 0 for now."))
        if self.page < 1:
            raise _bad("page", self.page, N_("Pages are counted from 1."))
        if not 1 <= self.size <= MOST:
            raise _bad("size", self.size, N_("A page has from 1 to 100 records."))


def _bad(name: str, value: object, hint: str) -> BadLookup:
    return BadLookup(N_("“%(name)s” cannot be “%(value)s”."), hint=hint, name=name, value=str(value)[:80])


@dataclass(frozen=True)
class Answer:
    """How many records there are in all, and those of the page, with the interface's fields."""

    total: int
    records: list[dict[str, Any]]


def search(index: Index, asked: Asked) -> Answer:
    """The public records that a search finds: exact names first, then by rank and age of the record."""
    with index.held() as connection:
        columns = index.layer("place-names")
        shelf = _shelf(index, connection, columns)
        allowed = columns.seen(reader=PUBLIC, asof=_day(asked.year))
        allowed = allowed & _within(columns, asked.code) & shelf.classed(asked.class_code)
        cost = shelf.cost(columns, asked.name, exact=asked.exact)
        rows = np.flatnonzero(allowed & (cost < _NOWHERE))
        first = (asked.page - 1) * asked.size
        order = _first(cost[rows].astype(np.int64) * len(columns) + shelf.order[rows], first + asked.size)
        return Answer(int(rows.size), _records(index, connection, columns, rows[order[first:]]))


def details(index: Index, given: str) -> dict[str, Any]:
    """One public record by its permanent id, with or without hyphens, or by its id in the national database.

    Raises
    ------
    BadLookup
        Where no id is given.
    UnknownName
        Where no public record has it.
    """
    text = given.strip()
    if not text or len(text) > LONGEST:
        raise _bad("id", text, N_("Take the id from the answer of a search."))
    with index.held() as connection:
        columns = index.layer("place-names")
        row = columns.row_of(_uuid(text))
        if row is None:
            row = _shelf(index, connection, columns).nationals.get(text)
        if row is None or not columns.seen(reader=PUBLIC, asof=days.today())[row]:
            raise UnknownName(N_("No record has the id “%(id)s”."), id=text)
        return _records(index, connection, columns, np.array([row]))[0]


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text)) if re.fullmatch(r"[0-9a-fA-F]{32}|[0-9a-fA-F-]{36}", text) else text
    except ValueError:
        return text


def _day(year: int) -> date:
    today = days.today()
    return min(date(year, 12, 31), today) if year else today


def _first(keys: NDArray[np.int64], count: int) -> NDArray[np.intp]:
    """Positions of the smallest keys in order: no more are sorted than the page asks for."""
    if count < keys.size:
        smallest = np.argpartition(keys, count - 1)[:count]
        return np.asarray(smallest[np.argsort(keys[smallest], kind="stable")])
    return np.argsort(keys, kind="stable")


def _within(columns: Columns, code: str) -> NDArray[np.bool_]:
    """Which features lie in a division: by the code of the level that the given one has."""
    prefix = prefix_of(code)
    if not prefix:
        return np.ones(len(columns), dtype=bool)
    name = "county_code" if len(prefix) <= 6 else "town_code" if len(prefix) <= 9 else "village_code"
    attribute = columns[name]
    values = attribute.dictionary.values
    fits = np.array([*(isinstance(value, str) and value.startswith(prefix) for value in values), False], dtype=bool)
    return np.asarray(fits[attribute.codes])


class _Shelf:
    """What a search looks at, made once for each state of the layer."""

    def __init__(self, columns: Columns, extra: pd.DataFrame) -> None:
        names = [normal(str(name)) for name in columns["name"].dictionary.values]
        self._count = len(names)
        self._text = "\n".join(names) + "\n"
        self._starts = np.array([0, *accumulate(len(name) + 1 for name in names)], dtype=np.int64)
        rank = columns["rank"].numbers()
        by_rank = np.lexsort((columns.fid, np.where(np.isnan(rank), 99, rank)))
        self.order = np.empty(len(columns), dtype=np.int64)
        self.order[by_rank] = np.arange(len(columns))
        places = np.argsort(columns.fid)
        rows = places[np.searchsorted(columns.fid, extra["fid"].to_numpy(np.int64), sorter=places)]
        self._classes, codes = np.unique(
            extra["class_code"].astype(object).where(extra["class_code"].notna(), "").to_numpy(dtype=str),
            return_inverse=True,
        )
        self._codes = np.zeros(len(columns), dtype=np.int64)
        self._codes[rows] = codes
        known = extra["national_id"].notna().to_numpy()
        self.nationals = dict(zip(extra["national_id"][known].tolist(), rows[known].tolist(), strict=True))

    def classed(self, code: str) -> NDArray[np.bool_]:
        """Which features have a class: of five digits exactly that one, of fewer all that begin so."""
        if not code:
            return np.ones(len(self._codes), dtype=bool)
        fits = self._classes == code if len(code) >= 5 else np.char.startswith(self._classes, code)
        return np.asarray(fits[self._codes])

    def cost(self, columns: Columns, name: str, *, exact: bool) -> NDArray[np.int8]:
        """What the match of each feature's name costs."""
        wanted = normal(name)
        if not wanted:
            return np.zeros(len(columns), dtype=np.int8)
        found = np.full(self._count + 1, _NOWHERE, dtype=np.int8)
        starts = np.array([match.start() for match in re.finditer(re.escape(wanted), self._text)], dtype=np.int64)
        places = np.searchsorted(self._starts, starts, side="right") - 1
        begins = starts == self._starts[places]
        whole = begins & (starts + len(wanted) + 1 == self._starts[places + 1])
        np.minimum.at(found, places, np.select([whole, begins], [0, 1], 2).astype(np.int8))
        if exact:
            found[found > 0] = _NOWHERE
        return np.asarray(found[columns["name"].codes])  # a feature without a name has the last one: nowhere


def _shelf(index: Index, connection: Connection, columns: Columns) -> _Shelf:
    found = columns.cache.get("lookup")
    if found is None:
        extra = index.register.frame(connection, columns.layer.table, columns=["fid", "class_code", "national_id"])
        extra = extra[np.isin(extra["fid"].to_numpy(np.int64), columns.fid)]
        found = columns.remember("lookup", _Shelf(columns, extra))
    assert isinstance(found, _Shelf)
    return found


def name_costs(index: Index, connection: Connection, columns: Columns, name: str) -> NDArray[np.int8]:
    """How well each place's standard name fits a text: 0 it is it, 1 begins so, 2 has it in it, 3 not at all."""
    return _shelf(index, connection, columns).cost(columns, name, exact=False)


def _records(index: Index, connection: Connection, columns: Columns, rows: NDArray[np.intp]) -> list[dict[str, Any]]:
    """Whole records of some rows, in their order."""
    if not rows.size:
        return []
    uuids = [str(one) for one in columns.uuid[rows].tolist()]
    frame = index.register.frame(connection, columns.layer.table, columns=list(_FETCHED), uuids=uuids)
    values = zip(*(frame[name].to_numpy(dtype=object) for name in _FETCHED), strict=True)
    by_uuid = {one[0]: dict(zip(_FETCHED, one, strict=True)) for one in values}
    titles = _derived(index, columns, "place_class", _titles)
    former = _derived(index, columns, "place_name", _former)
    counties = [str(one) for one in set(frame["county_code"].dropna())]
    names = division_names(index, [*counties, *{f"{code[:4]}00" for code in counties}], reader=PUBLIC)
    return [_record(by_uuid[one], titles, former.get(one, ()), names) for one in uuids if one in by_uuid]


def _record(
    raw: dict[Any, Any], titles: dict[str, str], former: Sequence[str], names: dict[str, str]
) -> dict[str, Any]:
    def text(name: str) -> str:
        value = raw[name]
        return value if isinstance(value, str) else ""

    class_code, place_code = text("class_code"), text("place_code")
    county = text("county_code") or place_code[:6]
    city = f"{county[:4]}00" if county else ""
    province = f"{county[:2]}0000" if county else ""
    history = text("history")
    return {
        "id": raw["uuid"],
        "place_code": place_code,
        "standard_name": text("name"),
        "roman_alphabet_spelling": text("roman"),
        "ethnic_minorities_writing": text("ethnic_name"),
        "place_type": titles.get(class_code, ""),
        "place_type_code": class_code,
        "province_name": province_name(province),
        "city_name": names.get(city, ""),
        "area_name": names.get(county, ""),
        "province": province,
        "city": city,
        "area": county,
        "gdm": _points(raw),
        "old_name": "、".join(former),
        "place_origin": text("origin"),
        "place_meaning": text("meaning"),
        "place_history": history,
        "government_history": history if class_code[:3] in _DIVISION_CLASSES else "",
    }


def _points(raw: dict[Any, Any]) -> dict[str, Any] | None:
    """A place as GeoJSON MultiPoint: the point, and the far end of a feature that has one. None without a place."""
    point = raw["geom"]
    if point is None or getattr(point, "geom_type", "") != "Point" or point.is_empty:
        return None
    coordinates = [[point.x, point.y]]
    end = [raw["to_lon"], raw["to_lat"]]
    if not any(pd.isna(value) for value in end):
        coordinates.append([float(value) for value in end])
    return {"type": "MultiPoint", "coordinates": coordinates}


def _derived(
    index: Index, columns: Columns, table: str, derive: Callable[[pd.DataFrame], dict[str, T]]
) -> dict[str, T]:
    """What follows from a small table, kept until it changes."""
    frame = index.frame(table)
    kept = columns.cache.get(("lookup", table))
    if not isinstance(kept, tuple) or kept[0] is not frame:
        kept = (frame, derive(frame))
        columns.remember(("lookup", table), kept)
    found: dict[str, T] = kept[1]
    return found


def _titles(classes: pd.DataFrame) -> dict[str, str]:
    """The titles of classes by code."""
    known = classes["code"].notna() & classes["title"].notna()
    return dict(zip(classes["code"][known], classes["title"][known], strict=True))


def _former(names: pd.DataFrame) -> dict[str, list[str]]:
    """The public former names of places by the place's uuid."""
    mask = names["kind"].eq("former").fillna(value=False).to_numpy(bool) & names["name"].notna().to_numpy()
    rows = names[mask]
    levels = secrecy_codes(rows["secrecy"].tolist(), rows["is_public"].tolist())
    found: dict[str, list[str]] = {}
    for place, name in zip(rows["place_uuid"][levels == 0], rows["name"][levels == 0], strict=True):
        found.setdefault(str(place), []).append(str(name))
    return found
