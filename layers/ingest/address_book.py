"""The names of a register by which an address is found."""

from __future__ import annotations

import re
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection

from gis.measure import distance_m
from layers.access import Reader, secrecy_codes, visible
from layers.index import Index
from layers.records import Context
from layers.records.divisions import Divisions
from layers.register import Mark, Register

_LINEAR: Final = re.compile(r"(?:路|街|巷|道|胡同|高速|公路|国道|省道|县道|乡道|河|溪|沟|渠|岭|山)$")
_ROADS: Final = re.compile(r"(?:路|街|巷|道|胡同)$")
_VILLAGES: Final = frozenset({"22200", "22900", "22300", "22400"})
_ABOVE: Final = frozenset({"division", "committee"})
_MARKS: Final = re.compile(r"[\s()（）]")
_NEAR_M: Final = 1000.0
"""Places of one name that lie nearer together than this are one for who looks for an address."""
_COLUMNS: Final = ("uuid", "name", "major", "class_code", "county_code", "town_code", "village_code", "secrecy",
                   "is_public", "valid_to", "geom")  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A named place.

    Parameters
    ----------
    town, village
        Codes of the divisions in which it lies, "" for none.
    exact
        Whether who knows the name knows where to go: not a road, a river or a village.
    road
        Whether it is a road.
    """

    lon: float
    lat: float
    town: str
    village: str
    exact: bool
    road: bool


class AddressBook:
    """Divisions and named places of a register. Never changed.

    Parameters
    ----------
    divisions
        By code and by name.
    places
        Division code (of a county or town) to name to the places of that name in it.
    """

    def __init__(self, divisions: Divisions, places: dict[str, dict[str, list[Place]]]) -> None:
        self.divisions = divisions
        self._places = places
        self._longest = {code: max(map(len, names)) for code, names in places.items()}

    @classmethod
    def of(cls, source: Index | Register, *, reader: Reader) -> AddressBook:
        """The names that the reader may see; of an index the same book until names or divisions change."""
        if isinstance(source, Register):
            with source.reading() as connection:
                return cls._read(source, connection, Context.read(source, connection, reader=reader), reader=reader)
        with source.held() as connection:
            context = Context.of(source, reader=reader)
            mark = source.layer("place-names").mark
            kept = _KEPT.setdefault(source, {})
            found = kept.get(reader.audience)
            if found is None or found[0] != mark or found[1] is not context:
                book = cls._read(source.register, connection, context, reader=reader)
                found = kept[reader.audience] = (mark, context, book)
            return found[2]

    @classmethod
    def _read(cls, register: Register, connection: Connection, context: Context, *, reader: Reader) -> AddressBook:
        frame = register.frame(connection, "place", columns=list(_COLUMNS))
        missing = frame["is_public"].isna().tolist()
        flags = [None if absent else flag for flag, absent in zip(frame["is_public"].tolist(), missing, strict=True)]
        levels = secrecy_codes([_text(value) for value in frame["secrecy"].tolist()], flags)
        counties = np.array([_text(value) for value in frame["county_code"].tolist()], dtype=np.str_)
        kept = visible(levels, counties, reader=reader) & ~frame["major"].isin(_ABOVE).to_numpy(dtype=bool)
        points: NDArray[Any] = frame["geom"].to_numpy(dtype=object)
        kept &= (shapely.get_type_id(points) == 0) & ~shapely.is_empty(points)
        frame, points = frame[kept], points[kept]
        columns = [[_text(value) for value in frame[name].tolist()]
                   for name in ("uuid", "name", "class_code", "village_code", "county_code", "town_code")]  # fmt: skip
        other = register.frame(connection, "place_name", columns=["place_uuid", "name"])
        further: dict[str, list[str]] = {}
        for uuid, name in zip(other["place_uuid"].tolist(), other["name"].tolist(), strict=True):
            if isinstance(uuid, str) and isinstance(name, str):
                further.setdefault(uuid, []).append(name)
        places: dict[str, dict[str, list[Place]]] = {}
        coordinates = zip(shapely.get_x(points).tolist(), shapely.get_y(points).tolist(), strict=True)
        for (lon, lat), uuid, name, kind, village, county, town in zip(coordinates, *columns, strict=True):
            plain = _MARKS.sub("", name)
            if len(plain) < 2:
                continue
            linear = bool(_LINEAR.search(plain))
            place = Place(lon, lat, town, village, not linear and kind not in _VILLAGES, bool(_ROADS.search(plain)))
            words = [plain, *further.get(uuid, ())]
            if kind in _VILLAGES:
                words.append(plain.removesuffix("村") if plain.endswith("村") and len(plain) > 2 else plain + "村")
            for scope in (county, town):
                if scope:
                    table = places.setdefault(scope, {})
                    for word in words:
                        table.setdefault(word, []).append(place)
        return cls(context.divisions, places)

    def look(self, text: str, row: int) -> tuple[Place | None, str]:
        """The place with the longest name in a text, in the town of a division, else in its county; None where there is
        none or where several of that name lie apart.

        Returns
        -------
        (place, name)
        """
        divisions = self.divisions
        village = divisions.code[row] if divisions.level[row] == "village" else ""
        for scope in dict.fromkeys((divisions.town[row], divisions.county[row])):
            # what a town's address names and only another town of the county has is another thing of that name
            if not scope or (scope == divisions.county[row] and divisions.town[row]):
                continue
            found = self._longest_in(text, scope, village)
            if found[0] is not None:
                return found
        return None, ""

    def begins(self, text: str, row: int) -> int:
        """How many characters of a text the longest name takes that begins it, of a place in the same division."""
        divisions = self.divisions
        scope = divisions.town[row] or divisions.county[row]
        names = self._places.get(scope, {})
        longest = min(self._longest.get(scope, 0), len(text))
        return next((length for length in range(longest, 1, -1) if text[:length] in names), 0)

    def _longest_in(self, text: str, scope: str, village: str) -> tuple[Place | None, str]:
        names = self._places.get(scope)
        if names is None:
            return None, ""
        best: tuple[Place | None, str] = (None, "")
        for start in range(len(text) - 1):
            for length in range(min(self._longest[scope], len(text) - start), max(len(best[1]), 1), -1):
                word = text[start : start + length]
                places = names.get(word)
                if places is None:
                    continue
                place = _one(places, village)
                if place is not None:
                    best = (place, word)
                    break
        return best

    def one_of(self, rows: Sequence[int]) -> int | None:
        """One of several divisions where all lie near together, None where they do not."""
        lon, lat = self.divisions.lon[list(rows)], self.divisions.lat[list(rows)]
        apart = distance_m(np.full(len(rows), lon[0]), np.full(len(rows), lat[0]), lon, lat)
        return rows[0] if np.isfinite(apart).all() and apart.max() <= _NEAR_M else None


def _one(places: list[Place], village: str) -> Place | None:
    """The place that is meant among those of one name: the village's own, or any where all lie near together."""
    if len(places) == 1:
        return places[0]
    mine = [place for place in places if village and place.village == village] or places
    lon, lat = np.array([place.lon for place in mine]), np.array([place.lat for place in mine])
    apart = distance_m(np.full(len(mine), lon[0]), np.full(len(mine), lat[0]), lon, lat)
    return mine[0] if apart.max() <= _NEAR_M else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


_KEPT: weakref.WeakKeyDictionary[Index, dict[str, tuple[Mark, Context, AddressBook]]] = weakref.WeakKeyDictionary()
