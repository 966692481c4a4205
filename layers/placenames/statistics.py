"""Figures of the place names: by class, county, town and period, how full the form is, what the check has found."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from layers import days
from layers.access import Reader, secrecy_codes, visible_within
from layers.catalogue import PLACE_MAJORS
from layers.features import counties as counties_of
from layers.features import division_names
from layers.index import Columns, Index
from layers.office import Office
from layers.office.findings import CHECK_DAY
from layers.placenames.formbook.columns import FORM, NAME_KINDS
from layers.placenames.naming import PERIODS, UNKNOWN_WORDS, period_of, year_of

_DATED: Final = ("named_in", "established")
"""Fields that say when a place was named, the better one first."""
_GENERICS: Final = 30
_OF_COUNTIES: Final = 12
_DAYS: Final = 400
_NOT_ASKED: Final = frozenset({"media", "secrecy", "note", "national_id", "spans", "to_lon", "to_lat"})
"""Columns of the book that no place need have."""


@dataclass(frozen=True)
class Count:
    """How many of something there are; titles are Chinese and English."""

    key: str
    title_zh: str
    title_en: str
    count: int


@dataclass(frozen=True)
class Filled:
    """How full a field of the form is: values, cells that say nobody knows, empty ones."""

    key: str
    title: str
    required: bool
    filled: int
    unknown: int
    empty: int

    @property
    def share(self) -> float:
        """The share of records that say something."""
        whole = self.filled + self.unknown + self.empty
        return self.filled / whole if whole else 0.0


@dataclass(frozen=True)
class Statistics:
    """Figures of the place names that a reader sees, as they stand today.

    Parameters
    ----------
    matrix
        By county (in the order of ``counties``) and major class (of ``majors``).
    towns
        Code, name, county's name and count, by code.
    periods
        By when they were named, the last one for those of which it is not known.
    full
        Field by field, in the form's order.
    county_full
        By county: the mean share of mandatory fields that say something.
    generics
        The most frequent generic parts, and of the first of them the counts by county.
    """

    day: str
    total: int
    majors: tuple[Count, ...]
    classes: tuple[Count, ...]
    counties: tuple[Count, ...]
    matrix: tuple[tuple[int, ...], ...]
    towns: tuple[tuple[str, str, str, int], ...]
    periods: tuple[Count, ...]
    full: tuple[Filled, ...]
    county_full: tuple[tuple[str, float], ...]
    generics: tuple[Count, ...]
    generics_by_county: tuple[tuple[int, ...], ...]


def statistics(index: Index, *, reader: Reader) -> Statistics:
    """The figures; made once for each state of the register and each audience."""
    with index.held() as connection:
        columns = index.layer("place-names")
        key = ("statistics", reader.audience, days.today())
        names = index.frame("place_name")
        kept = columns.cache.get(key)
        if not isinstance(kept, tuple) or kept[0] is not names:
            kept = (names, _figured(index, connection, columns, names, reader))
            columns.remember(key, kept)
    found: Statistics = kept[1]
    return found


def _figured(index: Index, connection: Connection, columns: Columns, names: pd.DataFrame, reader: Reader) -> Statistics:
    rows = np.flatnonzero(columns.seen(reader=reader, asof=days.today()))
    known = counties_of(index, reader=reader, asof=days.today())
    titles = {one.key: one for one in PLACE_MAJORS}
    by_major = _tally(columns, "major", rows)
    majors = [Count(one.key, one.title_zh, one.title_en, by_major.get(one.key, 0)) for one in PLACE_MAJORS]
    majors += [Count(key, key, key, count) for key, count in sorted(by_major.items()) if key not in titles]
    by_county = _tally(columns, "county_code", rows)
    counties = [Count(code, name, name, by_county.get(code, 0)) for code, name in known]
    county_keys, major_keys = [one.key for one in counties], [one.key for one in majors]
    texts = _texts(index, connection, columns, rows)
    full, per_county = _full(columns, rows, texts, names, reader, county_keys)
    generics = _generics(columns, rows)
    return Statistics(
        day=days.today().isoformat(),
        total=int(rows.size),
        majors=tuple(majors),
        classes=_classes(index, texts["class_code"]),
        counties=tuple(counties),
        matrix=_cross(columns, rows, ("county_code", county_keys), ("major", major_keys)),
        towns=_towns(index, columns, rows, reader),
        periods=_periods([texts[name] for name in _DATED]),
        full=full,
        county_full=tuple(zip((one.title_zh for one in counties), per_county, strict=True)),
        generics=generics,
        generics_by_county=_cross(
            columns, rows, ("generic", [one.key for one in generics[:_OF_COUNTIES]]), ("county_code", county_keys)
        ),
    )


def _tally(columns: Columns, name: str, rows: NDArray[np.intp]) -> dict[str, int]:
    attribute = columns[name]
    values = attribute.dictionary.values
    counts = np.bincount(attribute.codes[rows] + 1, minlength=len(values) + 1)[1:]
    return {str(value): int(count) for value, count in zip(values, counts.tolist(), strict=False) if count}


def _cross(
    columns: Columns, rows: NDArray[np.intp], first: tuple[str, Sequence[str]], second: tuple[str, Sequence[str]]
) -> tuple[tuple[int, ...], ...]:
    """Counts by two attributes, in the orders of their keys."""
    places = []
    for name, keys in (first, second):
        attribute = columns[name]
        order = np.full(len(attribute.dictionary.values) + 1, -1, dtype=np.int64)
        for place, key in enumerate(keys):
            code = attribute.dictionary.code(key)
            if code >= 0:
                order[code] = place
        places.append(order[attribute.codes[rows]])
    both = (places[0] >= 0) & (places[1] >= 0)
    width = len(second[1])
    flat = np.bincount(places[0][both] * width + places[1][both], minlength=len(first[1]) * width)
    return tuple(tuple(line) for line in flat.reshape(len(first[1]), width).tolist()) if width else ()


Texts = Mapping[str, tuple[NDArray[np.int64], Sequence[str]]]
"""Field to the code of each record's text and the different texts; code 0 is for none."""


def _texts(index: Index, connection: Connection, columns: Columns, rows: NDArray[np.intp]) -> Texts:
    """The texts of the form's fields, each different one once, of the given rows in their order."""
    wanted = [one.key for one in FORM if one.kind in ("text", "choice") and one.key not in ("lon", "lat", "secrecy")]
    wanted = [name for name in dict.fromkeys((*wanted, "class_code")) if name not in columns.attributes]
    frame = index.register.frame(connection, columns.layer.table, columns=["fid", *wanted])
    fids = frame["fid"].to_numpy(np.int64)
    order = np.argsort(fids, kind="stable")
    at = order[np.searchsorted(fids, columns.fid[rows], sorter=order)]
    found: dict[str, tuple[NDArray[np.int64], Sequence[str]]] = {}
    for name in wanted:
        codes, values = pd.factorize(frame[name].to_numpy(dtype=object), use_na_sentinel=True)
        found[name] = (codes[at].astype(np.int64) + 1, ["", *map(str, values)])
    for name in (one.key for one in FORM if one.key in columns.attributes):
        held = ["", *("" if value is None else str(value) for value in columns[name].dictionary.values)]
        found[name] = (columns[name].codes[rows].astype(np.int64) + 1, held)
    return found


def _classes(index: Index, texts: tuple[NDArray[np.int64], Sequence[str]]) -> tuple[Count, ...]:
    codes, values = texts
    table = index.frame("place_class")
    titles: dict[Hashable, str] = dict(zip(table["code"], table["title"].fillna(""), strict=True))
    counts = np.bincount(codes, minlength=len(values))
    found = [
        Count(value, titles.get(value, ""), titles.get(value, ""), int(count))
        for value, count in zip(values, counts.tolist(), strict=True)
        if count and value
    ]
    return tuple(sorted(found, key=lambda one: one.key))


def _towns(
    index: Index, columns: Columns, rows: NDArray[np.intp], reader: Reader
) -> tuple[tuple[str, str, str, int], ...]:
    counts = _tally(columns, "town_code", rows)
    names = division_names(index, [*counts, *(code[:6] for code in counts)], reader=reader)
    divisions = index.layer("divisions")
    towns = np.flatnonzero(divisions["level"].isin(["town"]))
    homes = dict(zip(divisions["code"].values(towns), divisions["county_code"].values(towns), strict=True))
    codes = [str(home) for home in homes.values() if home is not None]
    names |= division_names(index, codes, reader=reader)
    return tuple(
        (code, names.get(code, code), names.get(str(homes.get(code) or code[:6]), ""), counts[code])
        for code in sorted(counts)
    )


def _periods(texts: Sequence[tuple[NDArray[np.int64], Sequence[str]]]) -> tuple[Count, ...]:
    """By when they were named: the first field that says it."""
    place = {one.key: number for number, one in enumerate(PERIODS)}
    best: NDArray[np.int64] | None = None
    for codes, values in texts:
        of_value = np.array([place.get(period_of(year_of(value)), -1) for value in values], dtype=np.int64)
        found = of_value[codes]
        best = found if best is None else np.where(best >= 0, best, found)
    assert best is not None
    counts = np.bincount(best[best >= 0], minlength=len(PERIODS)).tolist()
    told = [Count(one.key, one.title_zh, one.title_en, counts[number]) for number, one in enumerate(PERIODS)]
    return (*told, Count("", "不详", "Not known", int((best < 0).sum())))


def _full(
    columns: Columns,
    rows: NDArray[np.intp],
    texts: Texts,
    names: pd.DataFrame,
    reader: Reader,
    counties: Sequence[str],
) -> tuple[tuple[Filled, ...], list[float]]:
    """How full each field is, and the mean of the mandatory ones by county."""
    order = np.array([columns["county_code"].dictionary.code(code) for code in counties], dtype=np.int64)
    county = columns["county_code"].codes[rows]
    sizes = np.array([max(int((county == code).sum()), 1) for code in order.tolist()], dtype=np.float64)
    found: list[Filled] = []
    shares: list[NDArray[np.float64]] = []
    for column in FORM:
        if column.key in _NOT_ASKED:
            continue
        states = _states(column.key, columns, rows, texts, names, reader)
        counts = np.bincount(states, minlength=3).tolist()
        found.append(Filled(column.key, column.title, column.required, counts[2], counts[1], counts[0]))
        if column.required:
            tally = np.array([np.count_nonzero((states == 2) & (county == code)) for code in order.tolist()])
            shares.append(tally / sizes)
    means = np.mean(shares, axis=0) if shares and len(counties) else np.zeros(len(counties))
    return tuple(found), [float(share) for share in means.tolist()]


def _states(
    key: str, columns: Columns, rows: NDArray[np.intp], texts: Texts, names: pd.DataFrame, reader: Reader
) -> NDArray[np.int64]:
    """Of each record: 0 empty, 1 said to be unknown, 2 filled."""
    if key.startswith("names:"):
        places = _named(columns, names, key.removeprefix("names:"), reader)
        return np.where(np.isin(rows, places), 2, 0).astype(np.int64)
    if key in ("lon", "lat"):
        return np.where(np.isfinite(columns.lon[rows]), 2, 0).astype(np.int64)
    if key == "division":
        return np.where(columns["county_code"].codes[rows] >= 0, 2, 0).astype(np.int64)
    codes, values = texts["class_code" if key == "class" else key]
    of_value = np.array(
        [0 if not value.strip() else 1 if value.strip() in UNKNOWN_WORDS else 2 for value in values], dtype=np.int64
    )
    return of_value[codes]


def _named(columns: Columns, names: pd.DataFrame, kind: str, reader: Reader) -> NDArray[np.int64]:
    """Rows of places that have a further name of a kind which the reader sees."""
    assert kind in NAME_KINDS
    some = names[names["kind"].eq(kind).fillna(value=False).to_numpy(dtype=bool)]
    levels = secrecy_codes(some["secrecy"].tolist(), some["is_public"].tolist())
    at = [columns.row_of(str(uuid)) for uuid in some["place_uuid"].tolist()]
    known = np.array([place is not None for place in at], dtype=bool)
    places = np.array([place for place in at if place is not None], dtype=np.int64)
    seen = visible_within(levels[known], columns.reached(reader, places), reader=reader)
    return np.unique(places[seen])


def _generics(columns: Columns, rows: NDArray[np.intp]) -> tuple[Count, ...]:
    counts = {word: count for word, count in _tally(columns, "generic", rows).items() if word.strip()}
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_GENERICS]
    return tuple(Count(word, word, word, count) for word, count in most)


@dataclass(frozen=True)
class Course:
    """Open findings of the check day by day.

    Parameters
    ----------
    days
        Days with a check, in order.
    severities, rules
        What each severity, and each rule, counted on each of those days.
    """

    days: tuple[str, ...]
    severities: Mapping[str, tuple[int, ...]]
    rules: Mapping[str, tuple[int, ...]]


def findings_over_time(office: Office, *, reader: Reader) -> Course:
    """How the findings of the check have become fewer; nothing for who sees only what is public.

    Only counties that the reader's scope reaches are counted.
    """
    if reader.clearance == 0:
        return Course((), {}, {})
    table = CHECK_DAY.c
    statement = select(table.day, table.rule, table.severity, func.sum(table.count)).group_by(
        table.day, table.rule, table.severity
    )
    if reader.scope is not None:
        statement = statement.where(table.county.in_(sorted(reader.scope)))
    with office.reading() as connection:
        rows: list[Any] = list(connection.execute(statement.order_by(table.day)))
    told = tuple(sorted({str(row[0]) for row in rows}))[-_DAYS:]
    place = {day: number for number, day in enumerate(told)}
    severities: dict[str, list[int]] = {name: [0] * len(told) for name in ("error", "warning", "info")}
    rules: dict[str, list[int]] = {}
    for day, rule, severity, count in rows:
        if day in place:
            rules.setdefault(str(rule), [0] * len(told))[place[day]] += int(count)
            severities.setdefault(str(severity), [0] * len(told))[place[day]] += int(count)
    return Course(
        told,
        {name: tuple(counts) for name, counts in severities.items()},
        {name: tuple(counts) for name, counts in sorted(rules.items())},
    )
