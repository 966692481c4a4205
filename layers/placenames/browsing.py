"""Place names as everybody may look them up: a list with filters and counts, and one name with all that is public.

Only public records are read, whoever asks, and of each only the fields that the public may see: who registered a name,
its secrecy and the office's own remarks are never among them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.errors import N_, Invalid, NotFound
from gis.toponym import bulk_plain
from layers import days
from layers.access import PUBLIC, secrecy_codes
from layers.catalogue import PLACE_MAJORS
from layers.features import UnknownFeature, division_names, feature
from layers.index import Columns, Index
from layers.placenames.attributes import attributes_of
from layers.placenames.lookup import name_costs
from layers.search import normal

PAGE: Final = 50
LONGEST: Final = 100
_NOWHERE: Final = 3

PUBLIC_FIELDS: Final = (
    "name", "roman", "generic_roman", "ethnic_name", "language", "map_name", "specific", "generic", "class_code",
    "place_code", "spans", "usage", "named_in", "established", "abolished", "meaning", "origin", "history",
    "description", "source",
)  # fmt: skip
"""The fields of a record that everybody may see, in the order of reading; names, divisions and place are beside."""


class BadBrowsing(Invalid):
    """A question for place names that cannot be answered."""

    code = "bad-browsing"


class NoSuchName(NotFound):
    """No public place name has the id."""

    code = "no-such-name"


@dataclass(frozen=True)
class Asked:
    """Which names; empty: all.

    Parameters
    ----------
    text
        Part of a name, or of its spelling in Latin letters with or without tones and blanks.
    county
        A county's code.
    major
        A major class's key.
    initial
        A letter with which the spelling begins.
    page
        From 1.
    """

    text: str = ""
    county: str = ""
    major: str = ""
    initial: str = ""
    page: int = 1

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST:
            raise BadBrowsing(N_("A search text has at most %(longest)s characters."), longest=LONGEST)
        if self.page < 1:
            raise BadBrowsing(N_("Pages are counted from 1."))
        if len(self.initial) > 1 or (self.initial and not ("A" <= self.initial <= "Z")):
            raise BadBrowsing(N_("A letter is one of A to Z."))


@dataclass(frozen=True)
class Name:
    """One line of the list; ``kind`` is the key of its major class; NaN where it has no place."""

    uuid: str
    name: str
    roman: str
    kind: str
    where: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Found:
    """A page of names, how many there are, and how many there would be by each choice of a filter, the others kept."""

    names: tuple[Name, ...]
    total: int
    pages: int
    counties: Mapping[str, int]
    majors: Mapping[str, int]
    initials: Mapping[str, int]


def browse(index: Index, asked: Asked) -> Found:
    """The public names of today that a question finds: exact ones first, then by rank."""
    with index.held() as connection:
        columns = index.layer("place-names")
        letters, plain = _spellings(columns)
        cost = _costs(index, connection, columns, asked.text, plain)
        found = columns.seen(reader=PUBLIC, asof=days.today()) & (cost < _NOWHERE)
        of_county = columns["county_code"].isin([asked.county]) if asked.county else None
        of_major = columns["major"].isin([asked.major]) if asked.major else None
        of_letter = letters == ord(asked.initial) if asked.initial else None
        mask = _all(found, of_county, of_major, of_letter)
        rows = np.flatnonzero(mask)
        rank = columns["rank"].numbers()[rows]
        order = np.lexsort((columns.fid[rows], np.where(np.isnan(rank), 99, rank), cost[rows]))
        first = (asked.page - 1) * PAGE
        shown = rows[order[first : first + PAGE]]
        return Found(
            names=tuple(_names(index, columns, shown)),
            total=int(rows.size),
            pages=max(-(-int(rows.size) // PAGE), 1),
            counties=_counted(columns, "county_code", _all(found, None, of_major, of_letter)),
            majors=_counted(columns, "major", _all(found, of_county, None, of_letter)),
            initials=_letters(letters, _all(found, of_county, of_major, None)),
        )


def _all(found: NDArray[np.bool_], *masks: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    for mask in masks:
        if mask is not None:
            found = found & mask
    return found


def _costs(index: Index, connection: Any, columns: Columns, text: str, plain: tuple[str, ...]) -> NDArray[np.int8]:
    """What the match of each name costs: as characters, else as letters."""
    wanted = normal(text)
    if not wanted:
        return np.zeros(len(columns), dtype=np.int8)
    if not wanted.isascii() and any("\u3400" <= sign <= "\u9fff" for sign in wanted):
        return name_costs(index, connection, columns, text)
    letters = bulk_plain([wanted])[0]
    costs = np.array(
        [
            _NOWHERE if letters not in one else 0 if one == letters else 1 if one.startswith(letters) else 2
            for one in plain
        ]
        + [_NOWHERE],
        dtype=np.int8,
    )
    spelled = np.asarray(costs[columns["roman"].codes])
    return np.minimum(spelled, name_costs(index, connection, columns, text))


def _spellings(columns: Columns) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """The letter with which each name's spelling begins (0: none), and each different spelling without its marks."""
    kept = columns.cache.get("browsing")
    if kept is None:
        plain = tuple(bulk_plain([str(value) for value in columns["roman"].dictionary.values]))
        first = np.array([ord(one[0].upper()) if one[:1].isascii() and one[:1].isalpha() else 0 for one in plain] + [0])
        kept = columns.remember("browsing", (first[columns["roman"].codes].astype(np.int32), plain))
    assert isinstance(kept, tuple)
    return kept


def _counted(columns: Columns, name: str, mask: NDArray[np.bool_]) -> dict[str, int]:
    attribute = columns[name]
    values = attribute.dictionary.values
    tally = np.bincount(attribute.codes[mask] + 1, minlength=len(values) + 1)[1:]
    return {str(value): int(count) for value, count in zip(values, tally.tolist(), strict=False) if count}


def _letters(letters: NDArray[np.int32], mask: NDArray[np.bool_]) -> dict[str, int]:
    tally = np.bincount(letters[mask], minlength=128)
    return {chr(code): int(tally[code]) for code in range(ord("A"), ord("Z") + 1) if tally[code]}


def _names(index: Index, columns: Columns, rows: NDArray[np.intp]) -> list[Name]:
    values = [columns[name].values(rows) for name in ("name", "roman", "major", "county_code", "town_code")]
    codes = [str(code) for column in values[3:] for code in column if code is not None]
    titles = division_names(index, codes, reader=PUBLIC)
    places = zip(
        columns.uuid[rows].tolist(), columns.lon[rows].tolist(), columns.lat[rows].tolist(), *values, strict=True
    )
    return [
        Name(
            str(uuid), str(name or ""), str(roman or ""), str(major or ""),
            "".join(titles.get(str(code), "") for code in (county, town)), lon, lat,
        )
        for uuid, lon, lat, name, roman, major, county, town in places
    ]  # fmt: skip


@dataclass(frozen=True)
class OnePlace:
    """Everything public of one place.

    Parameters
    ----------
    record
        `PUBLIC_FIELDS` that have a value.
    names
        Further names: kind, name and spelling.
    divisions
        Codes and names of county, town and village, the widest first.
    attributes
        Title (Chinese, English), value and unit of the attributes of its class.
    stories, media
        Published stories and public media.
    changed
        The day of its last change.
    """

    uuid: str
    record: Mapping[str, str]
    class_title: str
    major: str
    names: tuple[Mapping[str, Any], ...]
    divisions: tuple[tuple[str, str], ...]
    attributes: tuple[tuple[str, str, str, str], ...]
    lon: float | None
    lat: float | None
    stories: tuple[Mapping[str, Any], ...]
    media: tuple[Mapping[str, Any], ...]
    changed: str


def one_place(index: Index, uuid: str) -> OnePlace:
    """One public place; one that was closed is there too: a link to it still tells what it was.

    Raises
    ------
    NoSuchName
    """
    with index.held():
        try:
            found = feature(index, "place-names", uuid, reader=PUBLIC)
        except UnknownFeature:
            raise NoSuchName(N_("There is no public place name with this id.")) from None
        record = found.record
        codes = [record.get(name) for name in ("county_code", "town_code", "village_code")]
        classes = index.frame("place_class")
        class_code = record.get("class_code")
        titles = classes.loc[classes["code"] == class_code, "title"] if class_code else classes["title"].head(0)
        point = found.geometry if isinstance(found.geometry, shapely.Point) and not found.geometry.is_empty else None
        return OnePlace(
            uuid=uuid,
            record={name: str(record[name]) for name in PUBLIC_FIELDS if record.get(name) not in (None, "")},
            class_title=str(titles.iloc[0]) if len(titles) else "",
            major=str(record.get("major") or ""),
            names=tuple(one for one in found.names if one.get("name")),
            divisions=tuple((str(code), found.divisions[code]) for code in codes if code in found.divisions),
            attributes=tuple(_attributes(class_code, record.get("attributes"))),
            lon=None if point is None else float(point.x),
            lat=None if point is None else float(point.y),
            stories=tuple(_stories(index, uuid)),
            media=tuple(_media(index, uuid)),
            changed=str(record.get("changed") or "")[:10],
        )


def _attributes(class_code: object, given: object) -> list[tuple[str, str, str, str]]:
    values = json.loads(given) if isinstance(given, str) and given.startswith("{") else given
    if not isinstance(values, Mapping):
        return []
    found = []
    for one in attributes_of(class_code if isinstance(class_code, str) else None):
        value = values.get(one.key)
        if value is not None:
            shown = next((choice.title_zh for choice in one.choices if choice.key == value), str(value))
            found.append((one.title_zh, one.title_en, shown, one.unit))
    return found


def _stories(index: Index, uuid: str) -> list[Mapping[str, Any]]:
    """The published stories of a place."""
    columns = index.layer("stories")
    seen = columns.seen(reader=PUBLIC, asof=days.today()) & columns["state"].isin(["published"])
    rows = np.flatnonzero(seen & columns["place_uuid"].isin([uuid]))
    if not rows.size:
        return []
    with index.held() as connection:
        frame = index.register.frame(
            connection, "article", columns=["uuid", "title", "summary", "author", "published_on"],
            uuids=columns.uuid[rows].tolist(),
        )  # fmt: skip
    return [_plain(row) for row in frame.to_dict("records")]


def _media(index: Index, uuid: str) -> list[Mapping[str, Any]]:
    """The public media of a place, in their order."""
    table = index.frame("medium")
    rows = table[(table["owner_uuid"] == uuid).fillna(value=False).to_numpy(dtype=bool)]
    levels = secrecy_codes(rows["secrecy"].tolist(), rows["is_public"].tolist())
    wanted = ["uuid", "sha256", "kind", "mime", "title", "credit", "width", "height", "sort"]
    shown = rows.loc[(levels == 0) & rows["sha256"].notna().to_numpy(), wanted].sort_values("sort", kind="stable")
    return [_plain(row) for row in shown.to_dict("records")]


def _plain(row: Mapping[Any, Any]) -> Mapping[str, Any]:
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}


def major_titles() -> dict[str, tuple[str, str]]:
    """Chinese and English titles of the major classes by key."""
    return {one.key: (one.title_zh, one.title_en) for one in PLACE_MAJORS}
