"""Which column of a file is which field.

A heading is looked up in the words of `layers.records` (register's names, short names, titles, the headings of forms,
lookups and offices' tables), without what spellings differ in; then without what stands in brackets; then, for a
shapefile, as a name that was cut to ten bytes. What the mapping says goes before.
"""

from __future__ import annotations

import dataclasses
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from gis.errors import N_
from gis.findings import Finding, Severity
from gis.vectorfile.text import cut_text
from layers.ingest.model import BadMapping, FieldMapping, Noted, Reading
from layers.records import SUBJECTS, Subject
from layers.records.cells import shown
from layers.records.tables import folded, headings

COORDINATES: Final = ("@lon", "@lat", "@east", "@north")
DIVISION_LEVELS: Final = ("province", "city", "county", "town", "village")
NAME_KINDS: Final = ("alias", "abbreviation", "former", "map", "minority")
_TARGETS: Final = (
    *COORDINATES,
    "@geojson",
    "@division",
    *(f"@division:{level}" for level in DIVISION_LEVELS),
    "@class",
    "@line",
    *(f"@name:{kind}" for kind in NAME_KINDS),
)
_LEFT: Final = "@left"
_XY: Final = "@xy"
_NAME_BYTES: Final = 10
_LONGEST: Final = 200
"""No heading is longer; a paragraph in the first row is none."""
_STORAGE: Final = 4490

_BRACKETS: Final = re.compile(r"[(\[{【〔<《][^)\]}】〕>》]*[)\]}】〕>》]")
_NUMBERED: Final = re.compile(r"^(?:\d{1,2}[、.]\s*|[一二三四五六七八九十]{1,3}、)")
_COUNTED: Final = re.compile(r"^(.+?)[_.]?\d{1,2}$")

# headings of the national lookup that mean something else in any other file
_OF_THE_LOOKUP: Final = frozenset({"id", "area", "city", "province"})
_LOOKUP: Final = frozenset(map(folded, ("standard_name", "place_type_code", "gdm", "place_code")))

# how surely a heading names a target: the lower the better
_EXACT, _SHORT, _TITLE, _ALIAS, _BARE, _CUT = range(6)


@dataclass(frozen=True)
class Recognised:
    """The columns of a file, understood.

    Parameters
    ----------
    targets
        Heading in the file to target, in the file's order, each target once: a field of the subject, ``@lon @lat @east
        @north`` (coordinates), ``@geojson`` (a place as GeoJSON text), ``@division`` and ``@division:province …
        :village`` (divisions in words), ``@class`` (a class in words), ``@line`` (a boundary line by code or name),
        ``@name:alias`` and its like (a further name).
    unknown
        Headings that nobody knows; told, not taken.
    left
        Headings that are known and that the register has no place for, or that the mapping leaves out.
    doubts
        Two headings for one field, names that were cut, a mapping's heading that the file does not have.
    """

    targets: dict[str, str]
    unknown: tuple[str, ...]
    doubts: tuple[Noted, ...]
    left: tuple[str, ...] = ()


def targets_of(subject: Subject) -> tuple[str, ...]:
    """All that a column of a file may be taken as: the subject's fields, then what begins with ``@``."""
    further = {target for target in _TARGETS if _of_use(target, subject)}
    return (*(field.name for field in subject.fields), *(target for target in _TARGETS if target in further))


def _of_use(target: str, subject: Subject) -> bool:
    if target.startswith("@name:") or target == "@class":
        return subject.key == "place-names"
    if target == "@line":
        return subject.key == "stakes"
    if target.startswith("@division"):
        return subject.layer in ("place-names", "facilities", "divisions")
    if target in COORDINATES:
        return "Point" in subject.geometry
    return bool(subject.geometry)


def recognise(subject_key: str, reading: Reading, mapping: FieldMapping) -> Recognised:
    """Which heading of a file means which field.

    Parameters
    ----------
    subject_key
        Of `layers.records.SUBJECTS`.
    mapping
        Its ``columns`` go before what is recognised; an empty target leaves a column out.

    Raises
    ------
    BadMapping
        If the mapping names a target that the subject has not.
    """
    subject = SUBJECTS[subject_key]
    columns = [str(name) for name in reading.frame.columns]
    _require_targets(subject, mapping)
    chosen = {heading: target for heading, target in mapping.columns.items() if heading in columns}
    doubts = [
        _doubt("heading-absent", "info", heading, target,
               N_("The file has no column “%(heading)s” that the mapping names."), "", heading=heading)
        for heading, target in mapping.columns.items()
        if heading not in chosen
    ]  # fmt: skip
    claims: dict[str, list[tuple[int, int, str]]] = {}
    unknown, left = [], [heading for heading in columns if chosen.get(heading) == ""]
    taken_already = {target for target in chosen.values() if target}
    everything = {folded(heading) for heading in columns}
    for place, heading in enumerate(columns):
        if heading in chosen:
            continue
        lonely = folded(heading) in _OF_THE_LOOKUP and not everything & _LOOKUP
        found = None if lonely else _known(subject.key, reading, heading)
        if found is None:
            unknown.append(heading)
        elif found[0] == _LEFT or found[0] in taken_already or found[0] in mapping.constants:
            left.append(heading)
        else:
            claims.setdefault(found[0], []).append((found[1], place, heading))
    targets = {heading: target for heading, target in chosen.items() if target}
    for target, claimants in claims.items():
        best, *others = sorted(claimants, key=lambda claim: (claim[0], -_filled(reading, claim[2]), claim[1]))
        targets[best[2]] = target
        doubts.extend(_doubts_about(target, best, [heading for _, _, heading in others]))
        left.extend(heading for _, _, heading in others)
    ordered = {heading: targets[heading] for heading in columns if heading in targets}
    return Recognised(ordered, tuple(unknown), tuple(doubts), tuple(left))


def _require_targets(subject: Subject, mapping: FieldMapping) -> None:
    known = targets_of(subject)
    wanted = [*filter(None, mapping.columns.values()), *mapping.constants, *mapping.values]
    wrong = [target for target in wanted if target not in known]
    twice = [target for target in known if list(mapping.columns.values()).count(target) > 1]
    if wrong:
        raise BadMapping(
            N_("“%(target)s” is nothing that a column of “%(subject)s” can be taken as."),
            hint=N_("It can be one of: %(known)s."),
            target=", ".join(wrong)[:80],
            subject=subject.key,
            known=", ".join(known),
        )
    if twice:
        raise BadMapping(
            N_("The mapping takes two columns as “%(target)s”."), hint=N_("Leave one of them out."), target=twice[0]
        )


def _doubts_about(target: str, best: tuple[int, int, str], others: list[str]) -> Iterator[Noted]:
    rank, _, heading = best
    for other in others:
        yield _doubt(
            "heading-twice", "warning", other, target,
            N_("“%(heading)s” and “%(other)s” both mean this field; “%(heading)s” was taken."),
            N_("If the other is right, say so in the mapping."), heading=heading, other=other,
        )  # fmt: skip
    if rank == _CUT:
        yield _doubt(
            "heading-cut", "info", heading, target,
            N_("“%(heading)s” is a name that was cut; it was taken by its beginning."),
            N_("If it is another field, say so in the mapping."), heading=heading,
        )  # fmt: skip


def _doubt(rule: str, severity: Severity, value: str, target: str, template: str, advice: str, **params: str) -> Noted:
    params = {name: shown(text) for name, text in params.items()}
    return Noted(None, target, shown(value), Finding(rule, severity, target, template, params, advice))


def _filled(reading: Reading, heading: str) -> int:
    return int(reading.frame[heading].notna().sum())


def _known(subject_key: str, reading: Reading, heading: str) -> tuple[str, int] | None:
    """What a heading means and how surely."""
    words = _words(subject_key)
    text = _NUMBERED.sub("", unicodedata.normalize("NFKC", heading).strip())
    for place, form in enumerate(dict.fromkeys((heading, text, *_without_brackets(text)))):
        found = words.get(folded(form))
        if found is not None:
            target, rank = found
            if target == _XY:
                return _axis(reading, heading)
            return target, rank if place == 0 else max(rank, _BARE)
    if reading.format == "shp":
        return _cut(subject_key, heading)
    # headings that a reader or a spreadsheet made unique: 地址_1, 地址.1
    counted = _COUNTED.match(text)
    if counted and (found := words.get(folded(counted.group(1)))) is not None and found[0] != _XY:
        return found[0], _CUT
    return None


def _without_brackets(text: str) -> Iterator[str]:
    """A heading without what stands in brackets: a unit, a remark; from the last one on, for 县(市、区)(必填)."""
    while (found := list(_BRACKETS.finditer(text))) and len(text) < _LONGEST:
        text = text[: found[-1].start()] + text[found[-1].end() :]
        yield text


@cache
def _words(subject_key: str) -> Mapping[str, tuple[str, int]]:
    """Each word, folded, to the target that it means for a subject; the surer one where two claim it."""
    subject = SUBJECTS[subject_key]
    found: dict[str, tuple[str, int]] = {}

    def claim(word: str, target: str, rank: int) -> None:
        key = folded(word)
        if key and (key not in found or rank < found[key][1]):
            found[key] = (target, rank)

    for field in subject.fields:
        claim(field.name, field.name, _EXACT)
        claim(field.short, field.name, _SHORT)
        for title in (field.title_zh, field.title_en):
            claim(title, field.name, _TITLE)
        for alias in field.aliases:
            claim(alias, field.name, _ALIAS)
    usable = {*targets_of(subject), *(() if not subject.geometry else (_XY,))}
    for target, spellings in headings(subject.layer).items():
        if target.startswith("@"):
            for word in spellings:
                claim(word, target if target in usable else _LEFT, _ALIAS)
    for target in usable:
        claim(target, target, _EXACT)
    return found


@cache
def _cut_words(subject_key: str) -> Mapping[str, tuple[str, ...]]:
    """Words as other programs cut them for a shapefile, to the targets that they may mean."""
    subject = SUBJECTS[subject_key]
    spelled = {field.name: (field.title_zh, *field.aliases) for field in subject.fields}
    usable = set(targets_of(subject))
    spelled.update(
        {target: words for target, words in headings(subject.layer).items() if target in usable - set(spelled)}
    )
    lengths: dict[str, dict[str, int]] = {}
    for target, words in spelled.items():
        for word in words:
            for encoding in ("utf-8", "gb18030"):
                short = cut_text(word, encoding, _NAME_BYTES)
                if short != word and len(short) > 1:
                    known = lengths.setdefault(folded(short), {})
                    known[target] = min(len(word), known.get(target, len(word)))
    # 标准名 is rather 标准名称 than 标准名称罗马字母拼写
    found = {word: tuple(sorted(known, key=known.__getitem__)) for word, known in lengths.items()}
    found = {
        word: targets[:1] if len(targets) == 1 or lengths[word][targets[0]] < lengths[word][targets[1]] else targets
        for word, targets in found.items()
    }
    for name, short in _laundered([field.name for field in subject.fields]).items():
        if short != name:
            found.setdefault(folded(short), (name,))
    return found


def _laundered(names: list[str]) -> dict[str, str]:
    """Names as GDAL cuts them to ten characters: registered, register_1, register_2."""
    taken: set[str] = set()
    result = {}
    for name in names:
        short, number = name[:_NAME_BYTES], 1
        while short in taken and number < 100:
            short, number = f"{name[:8]}_{number}"[:_NAME_BYTES], number + 1
        taken.add(short)
        result[name] = short
    return result


def _cut(subject_key: str, heading: str) -> tuple[str, int] | None:
    """What a name of a shapefile means that was cut: the only target whose word begins so."""
    words, whole = _cut_words(subject_key), _words(subject_key)
    text = unicodedata.normalize("NFKC", heading)
    counted = _COUNTED.match(text)
    for form in (text, *((counted.group(1),) if counted else ())):
        targets = words.get(folded(form), ())
        if len(targets) == 1:
            return targets[0], _CUT
        if folded(form) in whole and form != text:
            target = whole[folded(form)][0]
            return None if target == _XY else (target, _CUT)
    return None


def _axis(reading: Reading, heading: str) -> tuple[str, int] | None:
    """What a column called X or Y holds: surveyors' X is north, others' is east, so the numbers decide."""
    numbers = pd.to_numeric(reading.frame[heading], errors="coerce").dropna().to_numpy(dtype=np.float64)
    if not len(numbers):
        return None
    middle = float(np.median(np.abs(numbers)))
    if middle <= 180:
        return ("@lon" if middle > 65 else "@lat"), _BARE  # China lies east of 73° and south of 54°
    return ("@north" if 1_000_000 <= middle < 10_000_000 else "@east"), _BARE


def taken(reading: Reading, recognised: Recognised, mapping: FieldMapping) -> pd.DataFrame:
    """The columns taken, named by target, with the mapping's values and constants: what `parse` takes.

    Coordinates and ``@geojson`` are not among them: `with_points` and the placing of the file look at the reading.

    Returns
    -------
    DataFrame
        On the reading's RangeIndex.
    """
    columns: dict[str, Any] = {}
    for heading, target in recognised.targets.items():
        if target in COORDINATES or target == "@geojson":
            continue
        series = reading.frame[heading]
        instead = mapping.values.get(target)
        if instead:
            table = {folded(text): value for text, value in instead.items()}
            cells = [cell if missing else table.get(folded(str(cell)), cell)
                     for cell, missing in zip(series.tolist(), series.isna().tolist(), strict=True)]  # fmt: skip
            series = pd.Series(cells, index=series.index, dtype=object)
        columns[target] = series.array
    for target, value in mapping.constants.items():
        columns[target] = pd.array([value] * len(reading.frame), dtype="str")
    return pd.DataFrame(columns, index=pd.RangeIndex(len(reading.frame)), copy=False)


def with_points(reading: Reading, recognised: Recognised) -> Reading:
    """The reading with the places of a column ``@geojson`` as its geometry, where it has none of its own.

    The ministry's lookup writes a place as a GeoJSON MultiPoint in CGCS2000; one point of it is a point. What cannot be
    read as GeoJSON is no place.
    """
    heading = next((heading for heading, target in recognised.targets.items() if target == "@geojson"), None)
    if heading is None or (reading.geometry is not None and not shapely.is_missing(reading.geometry).all()):
        return reading
    cells = reading.frame[heading]
    places = np.full(len(cells), None, dtype=object)
    places[:] = [_place(cell) for cell in cells.tolist()]
    return dataclasses.replace(reading, geometry=places, epsg=_STORAGE)


def _place(text: object) -> shapely.Geometry | None:
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        given = json.loads(text)
        if isinstance(given, dict) and isinstance(given.get("geometry"), dict):
            given = given["geometry"]
        place = shapely.from_geojson(json.dumps(given))
    except (ValueError, RecursionError, shapely.errors.ShapelyError):
        return None
    place = shapely.force_2d(place)
    return shapely.get_geometry(place, 0) if shapely.get_num_geometries(place) == 1 else place
