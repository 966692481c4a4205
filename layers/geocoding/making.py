"""A book made of a register: what a reader may see of it, under the words that people write for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection

from gis.toponym.bulk import bulk_plain
from gis.toponym.likeness import in_simplified
from layers.access import Reader, secrecy_codes, visible
from layers.geocoding import wording
from layers.geocoding.book import (
    COUNTY,
    HAMLET,
    LEVELS,
    LINE,
    PLACE,
    ROAD,
    TOWN,
    VILLAGE,
    AddressBook,
    Entries,
    Words,
)  # fmt: skip
from layers.records import Context
from layers.records.divisions import Divisions
from layers.register import Register

_ROADS: Final = re.compile(r"(?:路|街|巷|道|胡同)$")
_LINEAR: Final = re.compile(r"(?:高速|公路|国道|省道|县道|乡道|河|溪|沟|渠|岭|山)$")
_HAMLETS: Final = frozenset({"22200", "22900", "22300", "22400"})
_ABOVE: Final = frozenset({"division", "committee"})
_MARKS: Final = re.compile(r"[\s()（）]")
_COLUMNS: Final = ("uuid", "name", "major", "class_code", "county_code", "town_code", "village_code", "secrecy",
                   "is_public", "geom")  # fmt: skip


def book_of(register: Register, connection: Connection, context: Context, *, reader: Reader) -> AddressBook:
    """The book of a register as a connection sees it."""
    table = register.frame(connection, "division", columns=["uuid", "code", "roman"])
    spelled = {_text(code): (_text(uuid), _text(roman)) for uuid, code, roman in _rows(table)}
    places = _visible(register, connection, reader)
    names = _visible_names(register, connection, places, reader)
    return _Making(context.divisions, spelled).book(places, names)


class _Making:
    """A book under way."""

    def __init__(self, divisions: Divisions, spelled: dict[str, tuple[str, str]]) -> None:
        self.divisions, self.spelled = divisions, spelled
        self.upper: dict[str, list[int]] = {}
        self.lower: dict[str, list[int]] = {}
        self.romans: dict[str, list[int]] = {}
        self.other: dict[tuple[str, int], str] = {}

    def book(self, places: Any, names: dict[str, list[tuple[str, str]]]) -> AddressBook:
        """Everything put together."""
        divisions = self.divisions
        row_of = divisions.row_of
        size = len(divisions.code)
        kind = [LEVELS.get(level, -1) for level in divisions.level]
        name, uuid = list(divisions.name), [self.spelled.get(code, ("", ""))[0] for code in divisions.code]
        county = [row_of.get(code, -1) for code in divisions.county]
        town = [row_of.get(code, -1) for code in divisions.town]
        village = [row if level == VILLAGE else -1 for row, level in enumerate(kind)]
        lon, lat = _seats(divisions)
        for row in row_of.values():
            self._division(row, kind[row])
        self._spell(kind)
        xs, ys = [], []
        plain = in_simplified("\n".join(map(_line, places["name"].tolist()))).split("\n")
        columns = [places[column].tolist() for column in
                   ("uuid", "name", "major", "class_code", "county_code", "town_code", "village_code")]  # fmt: skip
        points = places["geom"].to_numpy(dtype=object)
        coordinates = shapely.get_x(points).tolist(), shapely.get_y(points).tolist()
        row = size
        for word, x, y, own, label, major, klass, *codes in zip(plain, *coordinates, *columns, strict=True):
            at = [row_of.get(_text(code), -1) for code in codes]
            others = names.get(own, ())
            if major in _ABOVE:
                self._other_names_of_division(at, label, others, kind)
                continue
            word = _MARKS.sub("", word)  # noqa: PLW2901 - what is compared
            if len(word) < 2 or any(county[above] == at[0] for above in self.upper.get(word, ())):
                continue  # an area that is a division too is found as that
            kind.append(_kind(word, _text(klass)))
            name.append(label)
            uuid.append(own)
            county.append(at[0])
            town.append(at[1])
            village.append(at[2])
            xs.append(x)
            ys.append(y)
            self._put(self.lower, _base(word, kind[row]), row)
            for further, what in others:
                self._further(self.lower, further, what, row, kind[row])
            row += 1
        entries = Entries(kind, name, uuid, np.concatenate((lon, xs)), np.concatenate((lat, ys)), county, town, village)
        return AddressBook(
            divisions, entries, _frozen(self.upper), _frozen(self.lower), self.other, _frozen(self.romans)
        )

    def _division(self, row: int, kind: int) -> None:
        if kind in (COUNTY, TOWN):
            self._put(self.upper, self._base(row, kind, self.divisions.name[row]), row)
        elif kind == VILLAGE:
            self._put(self.lower, _base(in_simplified(self.divisions.name[row]), kind), row)

    def _base(self, row: int, kind: int, name: str) -> str:
        if kind == TOWN:
            name = name.removeprefix(self.divisions.name_of(self.divisions.county[row]))
        return _base(in_simplified(name), kind)

    def _spell(self, kind: list[int]) -> None:
        """Spellings of the register beside those that the characters have one by one: 临朐 is Línqú."""
        rows = [row for row in self.divisions.row_of.values() if kind[row] in (COUNTY, TOWN, VILLAGE)]
        plain = bulk_plain([self.spelled.get(self.divisions.code[row], ("", ""))[1] for row in rows])
        ends = {COUNTY: wording.LATIN_COUNTY_END, TOWN: wording.LATIN_TOWN_END, VILLAGE: wording.LATIN_VILLAGE_END}
        for row, roman in zip(rows, plain, strict=True):
            word = wording.folded(roman)
            end = next((found for found in ends[kind[row]].finditer(word) if found.end() == len(word)), None)
            own = self._base(row, kind[row], self.divisions.name[row])
            base = word[: end.start()] if end is not None and own != self.divisions.name[row] else word
            if kind[row] == TOWN:
                above = wording.folded(wording.sounds(self.divisions.name_of(self.divisions.county[row])))
                base = base.removeprefix(above)
            if base and base != wording.folded(wording.sounds(own)):
                self._put(self.romans, base, row)

    def _other_names_of_division(
        self, at: list[int], label: str, others: Iterable[tuple[str, str]], kind: list[int]
    ) -> None:
        """Former and further names of a division stand at the place that is its name."""
        row = next((one for one in reversed(at) if one >= 0 and self.divisions.name[one] == label), -1)
        if row >= 0 and kind[row] in (COUNTY, TOWN, VILLAGE):
            table = self.lower if kind[row] == VILLAGE else self.upper
            for further, what in others:
                self._further(table, further, what, row, kind[row])

    def _further(self, table: dict[str, list[int]], name: str, what: str, row: int, kind: int) -> None:
        word = _base(_MARKS.sub("", in_simplified(name)), kind)
        if len(word) > 1 and row not in table.get(word, ()):
            self._put(table, word, row)
            self.other[word, row] = what

    @staticmethod
    def _put(table: dict[str, list[int]], word: str, row: int) -> None:
        if len(word) > 1:
            table.setdefault(word, []).append(row)


def _frozen(table: dict[str, list[int]]) -> Words:
    return {word: tuple(rows) for word, rows in table.items()}


def _kind(word: str, klass: str) -> int:
    if klass in _HAMLETS:
        return HAMLET
    if _ROADS.search(word):
        return ROAD
    return LINE if _LINEAR.search(word) else PLACE


_ENDS: Final = {
    COUNTY: re.compile(r"(?:自治县|新区|[市区县])$"),
    TOWN: re.compile(r"(?:街道办事处|街道办|街道|办事处|镇人民政府|[镇乡])$"),
    VILLAGE: re.compile(f"(?:{wording.VILLAGE_END.pattern})$"),
    HAMLET: re.compile(r"村$"),
}


def _base(name: str, kind: int) -> str:
    """A name without the ending of its kind, the whole where less than two characters would be left."""
    end = _ENDS.get(kind)
    short = end.sub("", name) if end is not None else name
    return short if len(short) > 1 else name


def _line(name: object) -> str:
    return _text(name).replace("\n", " ")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _rows(frame: Any) -> Iterator[tuple[Any, ...]]:
    return zip(*(frame[name].tolist() for name in frame.columns), strict=True)


def _seats(divisions: Divisions) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each division has its seat, or the one above where it has none."""
    lon, lat = divisions.lon.copy(), divisions.lat.copy()
    for row in np.flatnonzero(np.isnan(lon)).tolist():
        above, steps = row, 0
        while above >= 0 and np.isnan(divisions.lon[above]) and steps < len(LEVELS):
            above, steps = divisions.row_of.get(divisions.parent[above], -1), steps + 1
        if above >= 0 and divisions.level[above] in ("county", "town"):
            lon[row], lat[row] = divisions.lon[above], divisions.lat[above]
    return lon, lat


def _visible(register: Register, connection: Connection, reader: Reader) -> Any:
    """Named places that the reader may see, those with a point; and the names of divisions, for their former ones."""
    frame = register.frame(connection, "place", columns=list(_COLUMNS))
    levels = secrecy_codes([_text(value) for value in frame["secrecy"].tolist()], _flags(frame))
    counties = np.array([_text(value) for value in frame["county_code"].tolist()], dtype=np.str_)
    kept = visible(levels, counties, reader=reader)
    points: NDArray[Any] = frame["geom"].to_numpy(dtype=object)
    kept &= (shapely.get_type_id(points) == 0) & ~shapely.is_empty(points)
    return frame[kept]


def _visible_names(
    register: Register, connection: Connection, places: Any, reader: Reader
) -> dict[str, list[tuple[str, str]]]:
    """Further names that the reader may see, by their place: name and kind. One can be more secret than its place."""
    frame = register.frame(connection, "place_name", columns=["place_uuid", "name", "kind", "secrecy", "is_public"])
    levels = secrecy_codes([_text(value) for value in frame["secrecy"].tolist()], _flags(frame))
    county_of = dict(zip(places["uuid"].tolist(), places["county_code"].tolist(), strict=True))
    owners = [_text(uuid) for uuid in frame["place_uuid"].tolist()]
    counties = np.array([_text(county_of.get(uuid)) for uuid in owners], dtype=np.str_)
    seen = visible(levels, counties, reader=reader).tolist()
    found: dict[str, list[tuple[str, str]]] = {}
    for uuid, name, kind, is_open in zip(owners, frame["name"].tolist(), frame["kind"].tolist(), seen, strict=True):
        if is_open and isinstance(name, str):
            found.setdefault(uuid, []).append((name, _text(kind)))
    return found


def _flags(frame: Any) -> list[bool | None]:
    missing = frame["is_public"].isna().tolist()
    return [None if absent else flag for flag, absent in zip(frame["is_public"].tolist(), missing, strict=True)]
