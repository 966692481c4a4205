"""What follows from what a file says: codes from words and places, classes from words, parts from names.

What is filled in here and stands in no cell of the file is told apart (`Completed.derived`): it makes a new record
whole, and is no reason to change one that is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding, Severity
from gis.toponym import learn_phrases, romanize, split_name
from layers.ingest.division_words import Named, named
from layers.ingest.model import Noted
from layers.ingest.recognition import NAME_KINDS
from layers.records import SUBJECTS, Context, record_field
from layers.records.cells import shown, spellings
from layers.records.computed import computed, fitted
from layers.records.tables import folded, rows_of
from layers.register.tables import GEOMETRY_COLUMN

Mask = NDArray[np.bool_]

_SEVERAL: Final = re.compile(r"[、,，;；/\n|]+")
_CODED_CLASS: Final = re.compile(r"\s*(\d{5})(?!\d)")
_NOTHING: Final = frozenset({"", "无", "不详", "-", "—", "/", "暂无", "没有"})
_UP: Final = {"village": "village_code", "town": "town_code", "county": "county_code"}
_STAKE: Final = re.compile(r"(.+?)(\d{3})([QABCDE])")
_KIND_OF_LETTER: Final = {"Q": "single", "A": "double", "B": "double", "C": "triple", "D": "triple", "E": "triple"}
_RANKS: Final = {"21300": 0, "21400": 1, "21500": 2, "23211": 5, "23212": 6, "22200": 7, "23213": 8}
_LOWEST_RANK: Final = 9
_DIVISION_ENDS: Final = ("街道", "镇", "乡", "市辖区", "县级市", "县", "区", "市")
_LEVEL_OF_LENGTH: Final = {9: "town", 12: "village"}


@dataclass(frozen=True)
class Completed:
    """A frame of fields alone (no ``@`` columns), and what of it the file does not say.

    Parameters
    ----------
    frame
        Of the dtypes that `parse` gives; GeoDataFrame with ``geom`` where the given one had it.
    derived
        Field to mask, shape (n,): cells that follow from the place, a code or the name. For a record that the register
        already has these must not count as changes: what it has there stays.
    names
        Further names of places: kind (``alias``, ``former``, ``abbreviation``, ``map``, ``minority``) to an array of
        tuples of names, for table ``place_name``.
    notes
        Divisions and classes that are not known or not clear (errors), counties taken from the place (information).
    """

    frame: pd.DataFrame
    derived: Mapping[str, Mask]
    names: Mapping[str, NDArray[Any]]
    notes: list[Noted]


@dataclass
class _Work:
    """A frame on its way to being whole."""

    frame: pd.DataFrame
    columns: dict[str, NDArray[np.object_]] = field(default_factory=dict)
    derived: dict[str, Mask] = field(default_factory=dict)
    notes: list[Noted] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.frame)

    def values(self, name: str) -> NDArray[np.object_]:
        """A column's Python values, None for what is missing; to be written into by `fill` alone."""
        if name not in self.columns:
            found = np.full(len(self.frame), None, dtype=object)
            if name in self.frame.columns:
                there = self.frame[name].notna().to_numpy(dtype=bool)
                found[there] = self.frame[name].astype(object).to_numpy(dtype=object)[there]
            self.columns[name] = found
        return self.columns[name]

    def fill(self, name: str, values: NDArray[np.object_], *, said: bool = False) -> Mask:
        """Put values where the column has none; ``said``: the file says them in other words. Which rows were filled."""
        mine = self.values(name)
        rows = (mine == None) & (values != None)  # noqa: E711 - of an array
        if rows.any():
            mine[rows] = values[rows]
            if not said:
                self.derived[name] = self.derived.get(name, np.zeros(len(self), dtype=bool)) | rows
        return np.asarray(rows, dtype=bool)

    def map(self, name: str, read: Callable[[Any], Any], wanted: str) -> None:
        """Fill a column with what follows from another one, each different value asked once."""
        rows = np.flatnonzero((self.values(name) == None) & (self.values(wanted) != None))  # noqa: E711
        values = self.values(wanted)[rows].tolist()
        table = {value: read(value) for value in dict.fromkeys(values)}
        found = np.full(len(self), None, dtype=object)
        found[rows] = [table[value] for value in values]
        self.fill(name, found)

    def note(
        self, row: int | None, name: str, value: str, rule: str, severity: Severity, template: str, advice: str,
        /, **params: object,
    ) -> None:  # fmt: skip
        finding = Finding(rule, severity, name, template, {"value": shown(value), **params}, advice)
        self.notes.append(Noted(row, name, shown(value), finding))


def completed(subject_key: str, frame: pd.DataFrame, *, context: Context) -> Completed:
    """Fill what follows from the rest of each row, where the row itself says nothing.

    Divisions in words become codes; a class in words its code; of a village's code the town's and county's; where no
    county is named, the one in which the place lies, which is said; a name's parts and spelling; a stake's line, serial
    and kind from its number; a division's level from its code; a line's length.

    Parameters
    ----------
    frame
        As `layers.records.parse` gives it, on a RangeIndex, ``@`` columns and ``geom`` (EPSG:4490) included.
    """
    subject = SUBJECTS[subject_key]
    work = _Work(frame)
    geometry = None
    if GEOMETRY_COLUMN in frame.columns:
        geometry = fitted(subject.layer, frame[GEOMETRY_COLUMN].to_numpy(dtype=object))
    for step in _STEPS[subject_key]:
        step(work, geometry, context)
    plain = {str(name): frame[name].array for name in frame.columns if not str(name).startswith("@")}
    for name, values in work.columns.items():
        if not name.startswith("@") and (values != None).any():  # noqa: E711
            plain[name] = _typed(values, record_field(subject.layer, name).type)
    plain.pop(GEOMETRY_COLUMN, None)
    whole = pd.DataFrame(plain, index=frame.index, copy=False)
    if geometry is not None:
        whole = gpd.GeoDataFrame(whole, geometry=gpd.GeoSeries(geometry, index=frame.index, crs=4490))
        whole = whole.rename_geometry(GEOMETRY_COLUMN)
    work.notes.sort(key=lambda noted: -1 if noted.row is None else noted.row)
    return Completed(whole, work.derived, _names(frame), work.notes)


def _typed(values: NDArray[np.object_], kind: str) -> Any:
    missing = np.asarray(values == None, dtype=bool)  # noqa: E711
    if kind == "int":
        return pd.arrays.IntegerArray(np.where(missing, 0, values).astype(np.int64), missing)
    if kind == "bool":
        return pd.arrays.BooleanArray(np.where(missing, 0, values).astype(bool), missing)
    if kind == "float":
        return np.where(missing, np.nan, values).astype(np.float64)
    return pd.array(values, dtype="str") if kind != "json" else values


def _names(frame: pd.DataFrame) -> dict[str, NDArray[Any]]:
    found = {}
    for kind in NAME_KINDS:
        if f"@name:{kind}" in frame.columns:
            names = np.empty(len(frame), dtype=object)
            names[:] = [_listed(cell) for cell in frame[f"@name:{kind}"].tolist()]
            found[kind] = names
    return found


def _listed(cell: object) -> tuple[str, ...]:
    if not isinstance(cell, str):
        return ()
    return tuple(dict.fromkeys(word for part in _SEVERAL.split(cell) if (word := part.strip()) not in _NOTHING))


def _classes(work: _Work, _geometry: Any, context: Context) -> None:
    """Class codes from words such as 行政区域>县级行政区, and the major class from either."""
    work.map("class_code", lambda code: code[9:14] if code[9:14] in context.classes and len(code) == 20 else None,
             "place_code")  # fmt: skip
    words = work.values("@class")
    if (words != None).any():  # noqa: E711
        table = {folded(row["word"]): row["code"] for row in rows_of("class_words")}
        table.update({folded(known.title): code for code, known in context.classes.items()})
        majors = spellings(record_field("place-names", "major"))
        read = {word: _class(str(word), table, majors, context) for word in set(words.tolist()) - {None}}
        for place, name in ((0, "class_code"), (1, "major")):
            found = np.full(len(work), None, dtype=object)
            found[:] = [read[word][place] if word is not None else None for word in words.tolist()]
            work.fill(name, found, said=True)
        for word in sorted(word for word, (code, major) in read.items() if code is None and major is None):
            count = int((words == word).sum())
            work.note(None, "class_code", word, "class-unknown", "warning",
                      N_("“%(value)s” in %(count)s rows is no class of places that is known."),
                      N_("Say in the mapping which class it is."), count=count)  # fmt: skip
    work.map("major", lambda code: context.classes[code].major if code in context.classes else None, "class_code")


def _class(
    word: str, table: Mapping[str, str], majors: Mapping[str, str], context: Context
) -> tuple[str | None, str | None]:
    """The class and major class that a word means, the last part of several first."""
    coded = _CODED_CLASS.match(word)
    if coded is not None and coded.group(1) in context.classes:  # a code and, for people, its title
        return coded.group(1), context.classes[coded.group(1)].major
    parts = [part for part in re.split(r"[>＞/\-—→]+", word) if part.strip()]
    major = next((majors[folded(part)] for part in parts if folded(part) in majors), None)
    for part in reversed(parts):
        code = part.strip() if part.strip() in context.classes else table.get(folded(part))
        if code is not None and code in context.classes:
            return code, context.classes[code].major
    return None, major


def _divisions(work: _Work, geometry: Any, context: Context) -> None:
    """Codes of county, town and village: from words, from one another, at last the county from the place."""
    divisions = context.divisions
    said = named(work.frame, context=context)
    work.notes.extend(said.notes)
    for level, name in _UP.items():
        work.fill(name, _codes_above(said, level, context), said=True)
    work.map("town_code", lambda code: divisions.town[divisions.row_of[code]] or None if code in divisions else None,
             "village_code")  # fmt: skip
    for lower in ("village_code", "town_code"):
        work.map("county_code", lambda code: divisions.county[divisions.row_of[code]] or None
                 if code in divisions else None, lower)  # fmt: skip
    if "place_code" in work.frame.columns:
        work.map("county_code", lambda code: code[:6] if divisions.level_of(code[:6]) == "county" else None,
                 "place_code")  # fmt: skip
    if geometry is None:
        return
    counties = work.values("county_code")
    unsaid = np.flatnonzero(counties == None)  # noqa: E711
    found = np.full(len(work), None, dtype=object)
    found[unsaid] = context.counties_at(geometry[unsaid])
    filled = work.fill("county_code", found)
    template = N_("No county is given; it lies in %(name)s (%(value)s).")
    findings = {
        code: Finding(
            "county-from-place", "info", "county_code", template, {"value": code, "name": divisions.name_of(code)}
        )
        for code in set(counties[filled].tolist())
    }
    work.notes.extend(
        Noted(row, "county_code", counties[row], findings[counties[row]]) for row in np.flatnonzero(filled).tolist()
    )


def _codes_above(said: Named, level: str, context: Context) -> NDArray[np.object_]:
    divisions = context.divisions
    codes = {"county": divisions.county, "town": divisions.town}.get(level, divisions.code)
    found = np.full(len(said.row), None, dtype=object)
    for row in set(said.row[said.row >= 0].tolist()):
        if level != "village" or divisions.level[row] == "village":
            found[said.row == row] = codes[row] or None
    return found


def _names_of_places(work: _Work, _geometry: Any, _context: Context) -> None:
    """Parts and spelling of names, and how early the map shows them."""
    names = work.values("name")
    missing = (names != None) & (work.values("generic") == None)  # noqa: E711
    specifics, generics = (np.full(len(work), None, dtype=object) for _ in range(2))
    for row in np.flatnonzero(missing).tolist():
        specifics[row], generic = split_name(names[row])
        generics[row] = generic or None
    work.fill("generic", generics)
    work.fill("specific", specifics)
    _spell(work, "major")
    ranks = np.full(len(work), None, dtype=object)
    ranks[:] = [_RANKS.get(code, _LOWEST_RANK) for code in work.values("class_code").tolist()]
    work.fill("rank", ranks)


def _spell(work: _Work, kind: str) -> None:
    names, kinds = work.values("name"), work.values(kind)
    wanted = np.flatnonzero((names != None) & (work.values("roman") == None))  # noqa: E711
    spelled = np.full(len(work), None, dtype=object)
    known: dict[tuple[str, str], str | None] = {}
    for row in wanted.tolist():
        key = (names[row], kinds[row] or "")
        if key not in known:
            learn_phrases(key[0])
            known[key] = romanize(*key) or None
        spelled[row] = known[key]
    work.fill("roman", spelled)


def _facilities(work: _Work, _geometry: Any, _context: Context) -> None:
    """The kind of a facility from the end of its name, where it ends in the word for one."""
    words = sorted(spellings(record_field("facilities", "kind")).items(), key=lambda item: -len(item[0]))

    def kind(name: str) -> str | None:
        bare = folded(name)
        return next((key for word, key in words if len(word) > 2 and bare.endswith(word)), None)

    before = work.values("kind").copy()
    work.map("kind", kind, "name")
    filled = (before == None) & (work.values("kind") != None)  # noqa: E711
    if filled.any():
        work.note(None, "kind", "", "kind-from-name", "info",
                  N_("%(count)s facilities have no kind; it is taken from the end of their names."), "",
                  count=int(filled.sum()))  # fmt: skip


def _own_codes(work: _Work, _geometry: Any, context: Context) -> None:
    """The code of a division that is given by names alone."""
    divisions = context.divisions
    said = named(work.frame, context=context)
    names, codes = work.values("name"), work.values("code")
    found = np.full(len(work), None, dtype=object)
    for row in np.flatnonzero((codes == None) & (names != None)).tolist():  # noqa: E711
        within = divisions.code[said.row[row]] if said.row[row] >= 0 else ""
        read = divisions.find(names[row], within=within)
        if read.row >= 0 and not read.rest and not read.candidates:
            found[row] = divisions.code[read.row]
        elif read.candidates:
            places = " / ".join(divisions.full_name(other) for other in read.candidates[:4])
            work.note(row, "code", names[row], "division-ambiguous", "error",
                      N_("“%(value)s” may be %(candidates)s."), N_("Write the county before it, or the code."),
                      candidates=places)  # fmt: skip
    work.fill("code", found, said=True)


def _levels(work: _Work, _geometry: Any, context: Context) -> None:
    """Level, upper divisions and kind from the code and the name."""
    divisions = context.divisions
    brought = set(work.values("code").tolist()) | set(divisions.row_of)
    work.map("level", _level, "code")
    work.map("parent_code", lambda code: next((up for up in _uppers(code) if up in brought), None), "code")
    work.map("county_code", lambda code: code[:6] if code[:6] in brought and _level(code[:6]) == "county" else None,
             "code")  # fmt: skip
    work.map("town_code", lambda code: code[:9] if len(code) >= 9 and code[:9] in brought else None, "code")
    work.map("kind", lambda name: next((end for end in _DIVISION_ENDS if name.endswith(end)), None), "name")
    if divisions.city:
        work.map("inside", lambda code: code[:4] == divisions.city[:4], "code")
    _spell(work, "level")


def _level(code: str) -> str | None:
    if len(code) != 6:
        return _LEVEL_OF_LENGTH.get(len(code))
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def _uppers(code: str) -> tuple[str, ...]:
    return {12: (code[:9],), 9: (code[:6],), 6: (f"{code[:4]}00",)}.get(len(code), ())


def _lines_of_stakes(work: _Work, _geometry: Any, context: Context) -> None:
    """A stake's line by code or name, else by the beginning of its number; serial, letter and kind from its end."""
    words = work.values("@line")
    found = np.full(len(work), None, dtype=object)
    for row, word in enumerate(words.tolist()):
        if word is None:
            continue
        lines = [word] if word in context.lines else context.by_line_word.get(word, [])
        if len(lines) == 1:
            found[row] = lines[0]
        else:
            template, advice = (
                N_("There is no boundary line %(value)s."),
                N_("Bring in the line first, or correct its code."),
            )
            work.note(row, "line_uuid", word, "unknown-line", "error", template, advice)
    work.fill("line_uuid", found, said=True)

    def part(place: int) -> Callable[[str], Any]:
        return lambda number: match.group(place) if (match := _STAKE.fullmatch(number)) else None

    def line(number: str) -> str | None:
        lines = context.by_line_word.get(part(1)(number) or "", [])
        return lines[0] if len(lines) == 1 else None

    work.map("line_uuid", line, "number")
    work.map("serial", lambda number: int(part(2)(number)) if part(2)(number) else None, "number")
    work.map("type_letter", part(3), "number")
    work.map("kind", _KIND_OF_LETTER.get, "type_letter")
    work.map("code", str, "number")


def _sides(work: _Work, geometry: Any, context: Context) -> None:
    """Names of a line's sides from their codes, and its length."""
    divisions = context.divisions
    for side in ("left", "right"):
        work.map(f"{side}_name", lambda code: divisions.name_of(code) if code in divisions else None, f"{side}_code")
    if geometry is not None:
        lengths = computed("boundary-lines", geometry)["length_m"]
        work.fill("length_m", np.where(np.isnan(lengths), None, lengths.astype(object)))  # type: ignore[call-overload]


_STEPS: Final[Mapping[str, tuple[Callable[[_Work, Any, Context], None], ...]]] = {
    "place-names": (_classes, _divisions, _names_of_places),
    "facilities": (_divisions, _facilities),
    "divisions": (_own_codes, _levels),
    "population": (_own_codes,),
    "lines": (_sides,),
    "stakes": (_lines_of_stakes,),
}
