"""Find features by name: Chinese characters, full pinyin or initials, best first.

Where hardly anything is found, it is looked for again as it may have been meant: in simplified characters, without an
ending (村, 村委会, 社区 …), as it sounds to those who do not tell n from ng, l from n or zh from z, and, where still
nothing is found, with one slip of the hand. Such answers go last and say so.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.errors import N_, Invalid
from gis.toponym.bulk import bulk_other_keys, bulk_plain, bulk_search_keys
from gis.toponym.likeness import core_name, in_simplified, sound_key, tolerant_key
from layers.access import Reader, secrecy_codes, visible_within
from layers.features import division_names, value_titles
from layers.index import Columns, Index
from layers.index.columns import Floats, Mask, Rows
from layers.search_keys import Keys

SEARCHED = ("divisions", "place-names", "facilities", "boundary-lines", "tripoints", "stakes", "stories")
MOST = 50
LONGEST = 100

_WHOLE = 1.0  # what is below is a match of a whole key
_RANK = 0.5  # what each step of rank costs
_TYPED = {"full": 0.0, "initials": 0.4}  # initials say less than a full spelling
_PER_100_KM = 1.0
_LAYER_RANK = {"divisions": 0.0, "facilities": 8.0, "boundary-lines": 2.0, "tripoints": 3.0, "stakes": 8.0}

_FEW = 3  # with fewer answers, none of them exact, what was meant is looked for
_MEANT, _SOUNDS, _SLIPPED = 30.0, 40.0, 50.0  # behind all that was found as it was typed
_SHORTEST_SOUND, _SHORTEST_SLIP, _SHORTEST_NAME = 4, 4, 3  # letters, letters, characters


class BadQuery(Invalid):
    """A query too long, or a number of answers out of range."""

    code = "bad-query"


@dataclass(frozen=True)
class Hit:
    """One answer: titles are pairs of Chinese and English; ``matched`` is a further name that was matched, or None.

    ``tolerant``: it was not found as it was typed, but as it may have been meant.
    """

    layer: str
    uuid: str
    name: str
    roman: str | None
    matched: str | None
    kind: tuple[str, str]
    where: tuple[str, str]
    lon: float
    lat: float
    bbox: tuple[float, float, float, float] | None
    tolerant: bool = False


class _Shelf:
    """The searchable keys of one layer as it stood at one change; a feature may have several names."""

    def __init__(self, columns: Columns, names: pd.DataFrame | None) -> None:
        self.columns = columns
        self.names = names
        short = _short_names(columns)
        self.further, levels = _further_names(columns, names)
        levels = np.concatenate((levels, np.zeros(len(short), np.int8)))
        others = [*self.further, *short]
        rows = np.arange(len(columns))
        labels = [str(name) if name is not None else "" for name in columns[columns.layer.label].values(rows)]
        full, initials = bulk_search_keys(labels)
        further = bulk_other_keys(labels)
        if "roman" in columns.attributes:
            plain = bulk_plain([str(roman) if roman is not None else "" for roman in columns["roman"].values(rows)])
            # 经五路 is spelled with a digit, and typed jingwulu as well
            further += [
                (row, rough)
                for row, (better, rough) in enumerate(zip(plain, full, strict=True))
                if not better.isalpha() and rough.isalpha() and better
            ]
            full = [better or rough for better, rough in zip(plain, full, strict=True)]
        entries: NDArray[np.int32] = np.concatenate((rows, [row for row, _ in others])).astype(np.int32)
        other_full, other_initials = bulk_search_keys([name for _, name in others])
        self.entry_rows = entries
        self.entry_levels = np.concatenate((np.zeros(len(columns), np.int8), levels)).astype(np.int8)
        numbers = np.arange(entries.size, dtype=np.int32)
        sounds = [*full, *other_full, *(key for _, key in further)]
        sounding = np.concatenate((numbers, np.array([row for row, _ in further], np.int32)))
        names_typed = _normal_all([*labels, *(name for _, name in others)])
        with_latin = [place for place, name in enumerate(names_typed) if _LATIN.search(name)]
        self.by_name = Keys(names_typed, numbers, slips=True)
        # what is typed in letters and digits can stand in few names: a hundredth of the text to look through
        self.by_latin_name = Keys([names_typed[place] for place in with_latin], numbers[with_latin])
        self.by_full = Keys(sounds, sounding, slips=True)
        self.by_sound = Keys(tolerant_key("\n".join(sounds)).split("\n") if sounds else [], sounding)
        self.by_initials = Keys(initials + other_initials, numbers)
        rank = next((columns[name].numbers() for name in ("rank", "label_rank") if name in columns.attributes), None)
        fallback = _LAYER_RANK.get(columns.layer.key, 5.0)
        self.rank = np.full(len(columns), fallback) if rank is None else np.where(np.isnan(rank), 9.0, rank)

    def typed(self, query: str, *, latin: bool) -> list[_Match]:
        """Entries that match as it was typed, with what each match costs."""
        kinds: tuple[tuple[Keys, float], ...]
        if latin:
            kinds = ((self.by_full, _TYPED["full"]), (self.by_initials, _TYPED["initials"]), (self.by_latin_name, 0.0))
        else:
            kinds = ((self.by_name, 0.0),)
        found = [(*keys.prefixed(query), extra) for keys, extra in kinds]
        if sum(entries.size for entries, _, _ in found) < MOST and (len(query) > 1 or not latin):
            found += [(*keys.inside(query), extra) for keys, extra in kinds if keys is not self.by_initials]
        return [(entries, cost + extra) for entries, cost, extra in found]

    def meant(self, query: str, *, latin: bool) -> list[_Match]:
        """Entries that match in simplified characters or without an ending."""
        if latin:
            return []
        simple = in_simplified(query)
        other = dict.fromkeys((simple, core_name(query), core_name(simple)))
        return [
            (entries, cost + _MEANT)
            for text in other
            if text != query
            for entries, cost in self.typed(text, latin=False)
        ]

    def sounding(self, query: str, *, latin: bool) -> list[_Match]:
        """Entries that sound alike to those who confuse what is confused."""
        key = tolerant_key(query if latin else sound_key(in_simplified(query)))
        if len(key) < _SHORTEST_SOUND:
            return []
        entries, cost = self.by_sound.prefixed(key)
        return [(entries, cost + _SOUNDS)]

    def slipped(self, query: str, *, latin: bool) -> list[_Match]:
        """Entries that are one typing error away."""
        keys, shortest = (self.by_full, _SHORTEST_SLIP) if latin else (self.by_name, _SHORTEST_NAME)
        if len(query) < shortest:
            return []
        entries, cost = keys.slipped(query if latin else in_simplified(query))
        return [(entries, cost + _SLIPPED)]

    def best(
        self, found: list[_Match], *, allowed: Mask, reader: Reader, centre: tuple[float, float] | None
    ) -> _Scored:
        """Rows that match, once each, with their score (less is better)."""
        entries = np.concatenate([entries for entries, _ in found])
        cost = np.concatenate([cost for _, cost in found])
        rows = self.entry_rows[entries].astype(np.intp)
        reached = self.columns.reached(reader, rows)
        kept = allowed[rows] & visible_within(self.entry_levels[entries], reached, reader=reader)
        entries, rows, cost = entries[kept], rows[kept], cost[kept]
        score = cost + _RANK * self.rank[rows]
        if centre is not None:
            score = score + _PER_100_KM * self._distance(rows, centre)
        # equals by their numbers: a row's place changes with every edit, and not in each worker alike
        order = np.lexsort((self.columns.fid[rows], score))
        _, first = np.unique(rows[order], return_index=True)
        chosen = order[np.sort(first)]
        return _Scored(self, rows[chosen], entries[chosen], score[chosen], cost[chosen])

    def _distance(self, rows: Rows, centre: tuple[float, float]) -> Floats:
        """Rough distance from the map's centre in hundreds of kilometres, at most one: enough to break ties."""
        lon, lat = centre
        east = (self.columns.lon[rows] - lon) * np.cos(np.radians(lat))
        distance = np.hypot(east, self.columns.lat[rows] - lat) * 1.11
        near: Floats = np.minimum(np.nan_to_num(distance, nan=1.0), 1.0)
        return near

    def matched(self, entry: int) -> str | None:
        """The further name that an entry is; None for the feature's own, whole or without its ending."""
        place = entry - len(self.columns)
        return self.further[place][1] if 0 <= place < len(self.further) else None


@dataclass(frozen=True)
class _Scored:
    shelf: _Shelf
    rows: Rows
    entries: Rows
    score: Floats
    cost: Floats

    @classmethod
    def nothing(cls, shelf: _Shelf) -> _Scored:
        """No row."""
        return cls(shelf, np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0), np.zeros(0))

    @property
    def exact(self) -> bool:
        """Whether a whole name is among them."""
        return bool((self.cost < _WHOLE).any())


_Match = tuple[Rows, Floats]


def normal(text: str) -> str:
    """A text as it is compared: full-width letters made plain, in lower case, without white space."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _normal_all(texts: Sequence[str]) -> list[str]:
    """`normal` of many texts, as one."""
    if not texts:
        return []
    joined = unicodedata.normalize("NFKC", "\n".join(text.replace("\n", " ") for text in texts)).lower()
    return joined.translate({ord(c): None for c in set(joined) if c.isspace() and c != "\n"}).split("\n")


class Search:
    """Search over an index. Keys are made when first asked for and again when a layer has changed."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._shelves: dict[str, _Shelf] = {}
        self._lock = threading.Lock()

    def preload(self) -> None:
        """Make the keys before the first query asks for them."""
        for key in SEARCHED:
            self._shelf(key)

    def forked(self) -> None:
        """To be called in a child process."""
        self._lock = threading.Lock()

    def find(
        self,
        query: str,
        *,
        reader: Reader,
        asof: date,
        limit: int = 10,
        centre: tuple[float, float] | None = None,
    ) -> tuple[list[Hit], int]:
        """The best answers, and how many there are in all (as far as they were counted).

        Parameters
        ----------
        query
            Chinese characters, pinyin with or without tones and spaces, or initials. White space alone finds nothing.
            Where fewer than three are found and none is exact, what may have been meant is found too, and marked.
        centre
            Longitude and latitude of the map: nearer answers go first among equals.

        Raises
        ------
        BadQuery
            Where the query is longer than 100 characters or the limit is not from 1 to 50.
        """
        if len(query) > LONGEST:
            raise BadQuery(N_("A search text has at most %(longest)s characters."), longest=LONGEST)
        if not 1 <= limit <= MOST:
            raise BadQuery(N_("A search gives from 1 to %(most)s answers, not %(given)s."), most=MOST, given=limit)
        text = normal(query)
        latin = text.isascii() or not any("\u3400" <= character <= "\u9fff" for character in text)
        if latin:
            text = bulk_plain([text])[0]
        if not text:
            return [], 0
        with self._index.held():
            return self._find(text, latin=latin, reader=reader, asof=asof, limit=limit, centre=centre)

    def _find(
        self, text: str, *, latin: bool, reader: Reader, asof: date, limit: int, centre: tuple[float, float] | None
    ) -> tuple[list[Hit], int]:
        shelves = [self._shelf(key) for key in SEARCHED]
        masks = [_searched(shelf.columns, reader=reader, asof=asof) for shelf in shelves]
        matches: list[list[_Match]] = [[] for _ in shelves]
        scored = [_Scored.nothing(shelf) for shelf in shelves]
        for way, enough in ((_Shelf.typed, _FEW), (_Shelf.meant, _FEW), (_Shelf.sounding, 1), (_Shelf.slipped, 0)):
            for number, shelf in enumerate(shelves):
                new = [match for match in way(shelf, text, latin=latin) if match[0].size]
                if new:
                    matches[number] += new
                    scored[number] = shelf.best(matches[number], allowed=masks[number], reader=reader, centre=centre)
            if sum(part.rows.size for part in scored) >= enough or any(part.exact for part in scored):
                break
        total = sum(part.rows.size for part in scored)
        firsts = [
            (float(part.score[place]), number, place)
            for number, part in enumerate(scored)
            for place in range(min(limit, part.rows.size))
        ]
        firsts.sort()
        return [self._hit(scored[number], place, reader=reader) for _, number, place in firsts[:limit]], total

    def _shelf(self, key: str) -> _Shelf:
        columns = self._index.layer(key)
        names = self._index.frame("place_name") if key == "place-names" else None
        shelf = self._shelves.get(key)
        if shelf is None or shelf.columns is not columns or shelf.names is not names:
            with self._lock:
                shelf = self._shelves.get(key)
                if shelf is None or shelf.columns is not columns or shelf.names is not names:
                    shelf = self._shelves[key] = _Shelf(columns, names)
        return shelf

    def _hit(self, scored: _Scored, place: int, *, reader: Reader) -> Hit:
        columns = scored.shelf.columns
        row = int(scored.rows[place])
        one = np.array([row])

        def value(name: str) -> object:
            return columns[name].values(one)[0] if name in columns.attributes else None

        roman = value("roman")
        return Hit(
            layer=columns.layer.key,
            uuid=str(columns.uuid[row]),
            name=str(value(columns.layer.label) or ""),
            roman=str(roman) if roman else None,
            matched=scored.shelf.matched(int(scored.entries[place])),
            kind=_kind(columns, value(columns.layer.classed_by) if columns.layer.classed_by else None),
            where=self._where(value("county_code"), value("town_code"), reader=reader),
            lon=float(columns.lon[row]),
            lat=float(columns.lat[row]),
            bbox=None if columns.shapes is None else columns.extent(one),
            tolerant=bool(scored.cost[place] >= _MEANT),
        )

    def _where(self, *codes: object, reader: Reader) -> tuple[str, str]:
        wanted = [code for code in codes if isinstance(code, str)]
        names = division_names(self._index, wanted, reader=reader)
        romans = division_names(self._index, wanted, reader=reader, roman=True)
        chinese = " ".join(names[code] for code in wanted if code in names)
        return chinese, ", ".join(romans[code] for code in reversed(wanted) if code in romans)


def _further_names(columns: Columns, names: pd.DataFrame | None) -> tuple[list[tuple[int, str]], NDArray[np.int8]]:
    """Aliases, abbreviations and former names, or a line's short name, each with its row and the clearance it asks."""
    if columns.layer.key == "boundary-lines":
        short = columns["short_name"].values(np.arange(len(columns)))
        found = [(row, str(name)) for row, name in enumerate(short) if name is not None]
        return found, np.zeros(len(found), np.int8)
    if names is None:
        return [], np.zeros(0, np.int8)
    rows = np.array([columns.row_of(uuid) is not None for uuid in names["place_uuid"].tolist()], dtype=bool)
    known = names[rows & names["name"].notna().to_numpy()]
    levels = secrecy_codes(known["secrecy"].tolist(), known["is_public"].tolist())
    places = zip(known["place_uuid"], known["name"], strict=True)
    return [(columns.row_of(uuid) or 0, str(name)) for uuid, name in places], levels


def _searched(columns: Columns, *, reader: Reader, asof: date) -> Mask:
    """What a reader may find at a day."""
    key = ("searched", reader.audience, asof)
    found = columns.cache.get(key)
    if found is None:
        found = columns.remember(key, columns.seen(reader=reader, asof=asof) & _once(columns))
    assert isinstance(found, np.ndarray)
    return found


_LATIN = re.compile("[0-9a-z]")
_ENDING = re.compile("(?:社区)?(?:居民委员会|居委会|村民委员会|村委会)$|(?<=..)(?:街道|[市县区镇乡])$")


def _short_names(columns: Columns) -> list[tuple[int, str]]:
    """Divisions and committees without the ending that nobody types: 青州 for 青州市, 王家庄 for 王家庄村委会."""
    if columns.layer.key == "divisions":
        rows = np.arange(len(columns))
    elif columns.layer.key == "place-names":
        rows = np.flatnonzero(columns["major"].isin(["committee"]))
    else:
        return []
    names = zip(rows.tolist(), columns[columns.layer.label].values(rows), strict=True)
    short = ((row, _ENDING.sub("", str(name))) for row, name in names if name is not None and _ENDING.search(str(name)))
    return [(row, name) for row, name in short if name]


def _once(columns: Columns) -> Mask:
    """Leaves out what another layer finds: villages are found as committees, towns and counties as divisions."""
    if columns.layer.key == "divisions":
        return ~columns["level"].isin(["village"])
    if columns.layer.key == "place-names":
        return ~columns["major"].isin(["division"])
    return np.ones(len(columns), dtype=bool)


def _kind(columns: Columns, value: object) -> tuple[str, str]:
    layer = columns.layer
    if layer.key in ("divisions", "facilities", "place-names"):
        return value_titles(layer.key, layer.classed_by, value) or (layer.title_zh, layer.title_en)
    return layer.title_zh, layer.title_en
