"""A table with a column of addresses, and the same table with what was found, as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
import xlsxwriter

from gis.crs import STORAGE
from gis.errors import N_, Invalid
from gis.findings import Finding
from gis.vectorfile import write_geojson, write_geopackage
from layers.export import About
from layers.export.manifest import REAL, SYNTHETIC, software
from layers.export.package import deliver, workshop
from layers.geocoding.model import ACCURACIES, ACCURACY_TITLES, Answer, Geocoded, Match
from layers.records.tables import folded, headings

FORMATS: Final = ("xlsx", "csv", "geojson", "gpkg")
COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "lon": ("经度", "Longitude"),
    "lat": ("纬度", "Latitude"),
    "accuracy": ("准确度", "Accuracy"),
    "matched": ("匹配名称", "Matched name"),
    "division": ("政区", "Division"),
    "score": ("得分", "Score"),
    "alternatives": ("备选", "Alternatives"),
    "findings": ("问题", "To look at"),
}
"""What is added to a table: key, Chinese and English title, in their order."""

_PLACES: Final = (
    "位置",
    "地点",
    "所在地",
    "住址",
    "家庭住址",
    "住所",
    "地名",
    "地名名称",
    "标准名称",
    "名称",
    "村居",
    "村名",
    "place",
    "location",
    "name",
)
"""Headings that a column of places may have where none says that it is one of addresses; the likelier first."""
_CELL: Final = 32_000
"""A cell of a workbook holds 32,767 characters."""
_OF_FILES: Final = frozenset({"geometry", "geom", "fid", "ogc_fid"})
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class NoAddressColumn(Invalid):
    """A table without a column that is known to hold addresses, or without the one asked for."""

    code = "no-address-column"


class UnknownTable(Invalid):
    """A file name whose ending does not say which kind of table to write."""

    code = "unknown-table-ending"


def address_column(columns: Sequence[str], *, file: str, asked: str = "") -> str:
    """Which column of a table holds the addresses.

    Parameters
    ----------
    columns
        Headings of the table.
    file
        What the person calls it, for the error.
    asked
        The heading that is meant; "" to find it out: the headings that an import of facilities takes for an address
        go first, then those of places and names; a table of one column has no other.

    Raises
    ------
    NoAddressColumn
    """
    by_word = {folded(column): column for column in reversed(columns)}
    wanted = [asked] if asked else [*headings("facilities").get("address", ()), "地址", "address", *_PLACES]
    for word in wanted:
        found = by_word.get(folded(word))
        if found is not None:
            return found
    if len(columns) == 1 and not asked:
        return columns[0]
    template = (
        N_("%(file)s has no column “%(asked)s”.")
        if asked
        else N_("%(file)s has no column that is known for addresses.")
    )
    raise NoAddressColumn(
        template, hint=N_("Say which one it is; there are: %(columns)s."), file=file, asked=asked,
        columns=", ".join(column[:40] for column in columns[:30]),
    )  # fmt: skip


def texts_of(column: pd.Series[Any]) -> list[str]:
    """The cells of a column as texts, "" for a missing one."""
    missing = column.isna().tolist()
    return ["" if absent else _plain(cell) for cell, absent in zip(column.tolist(), missing, strict=True)]


def _plain(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return str(cell)


@dataclass(frozen=True)
class Told:
    """Answers in a reader's words.

    Parameters
    ----------
    about
        The register that they come from, and the reader's language.
    """

    about: About

    def _say(self, text: str, params: Mapping[str, object] | None = None) -> str:
        found = self.about.translate(text)
        return found % params if params else found

    def titles(self) -> list[str]:
        """The headings of what is added."""
        return [self.about.say(*titles) for titles in COLUMNS.values()]

    def cells(self, answer: Answer) -> list[str | float | None]:
        """What is added to a row."""
        match = answer.match
        there = match.lon == match.lon
        return [
            round(match.lon, 7) if there else None,
            round(match.lat, 7) if there else None,
            self.accuracy(match.accuracy),
            match.name,
            self.path(match) if match.path else "",
            match.score if there else None,
            "; ".join(self.alternative(other) for other in answer.alternatives),
            " ".join(self.sentence(finding) for finding in answer.findings),
        ]

    def accuracy(self, key: str) -> str:
        """The title of an accuracy."""
        return self._say(ACCURACY_TITLES[key])

    def path(self, match: Match) -> str:
        """The divisions in which a place lies."""
        names = match.path if match.layer == "divisions" else match.path[:-1]
        return " ".join(names)

    def alternative(self, match: Match) -> str:
        """Another place with its point."""
        return f"{' '.join(match.path)} ({match.lon:.6f}, {match.lat:.6f})"

    def sentence(self, finding: Finding) -> str:
        """A finding and what to do about it."""
        parts = [self._say(finding.template, finding.params)]
        if finding.advice and finding.severity == "warning":
            parts.append(self._say(finding.advice, finding.params))
        return " ".join(parts)

    def summary(self, found: Geocoded) -> Iterator[tuple[str, str | int]]:
        """What was found, and from what."""
        counts = found.counts()
        yield self._say(N_("Rows")), len(found)
        for key in ACCURACIES:
            yield self._say(ACCURACY_TITLES[key]), counts.get(key, 0)
        yield self._say(N_("to look at")), int(found.doubtful.sum())
        yield self.about.say("坐标系", "Coordinates"), "CGCS2000, EPSG:4490"
        yield self.about.say("数据版本", "Version of the register"), self.about.seq
        yield self.about.say("生成时间", "Made at"), self.about.time
        yield self.about.say("软件", "Software"), software()
        zh, en = SYNTHETIC if self.about.synthetic else REAL
        placed = sum(answer.match.accuracy != "unknown" for answer in found)
        params = {"count": placed} if self.about.synthetic else None
        yield (
            self.about.say("数据性质", "Nature of the data"),
            self.about.say(zh, en) % params if params else self.about.say(zh, en),
        )


def table_of(frame: pd.DataFrame, found: Geocoded, about: About) -> pd.DataFrame:
    """The table with what was found behind its own columns; headings that it has already get a number."""
    told = Told(about)
    made = pd.DataFrame([told.cells(answer) for answer in found], columns=told.titles(), index=frame.index)
    taken = set(frame.columns)
    names = {}
    for title in made.columns:
        name, number = title, 2
        while name in taken:
            name, number = f"{title} {number}", number + 1
        names[title] = name
        taken.add(name)
    return pd.concat([frame, made.rename(columns=names)], axis=1)


def form_of(target: Path) -> str:
    """The form that a file's ending says, one of `FORMATS`, or `UnknownTable`."""
    ending = target.suffix.lower().lstrip(".")
    return require_form("geojson" if ending == "json" else ending, path=target.name)


def require_form(form: str, *, path: str = "") -> str:
    """The form itself, or `UnknownTable`."""
    if form not in FORMATS:
        raise UnknownTable(
            N_("“%(path)s” must end with .xlsx, .csv, .geojson or .gpkg."),
            hint=N_("The ending says what to write."),
            path=path or form[:40],
        )
    return form


def write_table(frame: pd.DataFrame, found: Geocoded, target: Path, *, about: About, form: str = "") -> Path:
    """Write a table with what was found for its rows.

    Parameters
    ----------
    frame
        All columns of the table, a row for each answer.
    target
        The file; replaced in one step when all is written.
    form
        One of `FORMATS`; "" for what the target's ending says.

    Raises
    ------
    UnknownTable, layers.export.CannotWrite
    """
    chosen = form or form_of(target)
    whole = table_of(frame, found, about)
    write = {"xlsx": _workbook, "csv": _csv, "geojson": _geojson, "gpkg": _geopackage}[chosen]
    with workshop(target.absolute()) as folder:
        made = folder / f"geocoded.{chosen}"
        write(whole, found, made, about)
        deliver(made, target)
    return target


def _csv(whole: pd.DataFrame, found: Geocoded, path: Path, about: About) -> None:  # noqa: ARG001 - one signature
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_harmless(str(name)) for name in whole.columns])
        for row in _cells(whole):
            writer.writerow(["" if cell is None else _harmless(cell) for cell in row])


def _cells(whole: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    columns = []
    for place in range(whole.shape[1]):
        series = whole.iloc[:, place]
        missing = series.isna().tolist()
        columns.append([None if absent else cell for cell, absent in zip(series.tolist(), missing, strict=True)])
    return zip(*columns, strict=True)


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula, marked as text."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        try:
            float(cell)
        except ValueError:
            return f"'{cell}"
    return cell


def _workbook(whole: pd.DataFrame, found: Geocoded, path: Path, about: About) -> None:
    options = {
        "constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "nan_inf_to_errors": False,
    }  # fmt: skip
    made = datetime.fromisoformat(about.time).replace(tzinfo=None)
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"author": software(), "created": made})
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        sheet = book.add_worksheet(about.say("地址", "Addresses"))
        sheet.freeze_panes(1, 0)
        own = whole.shape[1] - len(COLUMNS)
        for place, width in enumerate((12, 11, 10, 20, 30, 8, 40, 50)):
            sheet.set_column(own + place, own + place, width)
        sheet.set_column(0, max(0, own - 1), 18)
        for place, name in enumerate(whole.columns):
            sheet.write_string(0, place, str(name)[:_CELL], head)
        for number, row in enumerate(_cells(whole), start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, bool) or (cell is not None and not isinstance(cell, int | float)):
                    sheet.write_string(number, place, str(cell)[:_CELL])
                elif cell is not None:
                    sheet.write_number(number, place, cell)
        summary = book.add_worksheet(about.say("概要", "Summary"))
        summary.set_column(0, 0, 24)
        summary.set_column(1, 1, 60)
        for number, (name, value) in enumerate(Told(about).summary(found)):
            summary.write_string(number, 0, name)
            if isinstance(value, int):
                summary.write_number(number, 1, value)
            else:
                summary.write_string(number, 1, value)


def _features(whole: pd.DataFrame, found: Geocoded) -> gpd.GeoDataFrame:
    # a table's own columns of these names would take the place of the file's
    whole = whole.rename(columns={name: f"{name} 2" for name in whole.columns if name.casefold() in _OF_FILES})
    points = [None if answer.match.lon != answer.match.lon else shapely.Point(answer.match.lon, answer.match.lat)
              for answer in found]  # fmt: skip
    return gpd.GeoDataFrame(whole, geometry=gpd.GeoSeries(points, index=whole.index, crs=STORAGE), crs=STORAGE)


def _geojson(whole: pd.DataFrame, found: Geocoded, path: Path, about: About) -> None:
    summary = {name: value for name, value in Told(about).summary(found)}  # noqa: C416 - pairs of two types
    write_geojson(_features(whole, found), path, key="", members=lambda _: {"name": "geocoded", "summary": summary})


def _geopackage(whole: pd.DataFrame, found: Geocoded, path: Path, about: About) -> None:
    summary = json.dumps(dict(Told(about).summary(found)), ensure_ascii=False)
    write_geopackage(_features(whole, found), path, layer="geocoded", description=summary, geometry="Point")
