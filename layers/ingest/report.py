"""What an import found, as a file to work through: CSV, or a workbook with findings, changes and a summary."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import shapely
import xlsxwriter
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from gis.errors import N_, Invalid
from layers.export.package import deliver, workshop
from layers.ingest.model import Noted
from layers.ingest.plan import Plan
from layers.ingest.titles import in_words, titles

Translate = Callable[[str], str]
Row = tuple[str | int, ...]

FINDINGS: Final = (
    N_("File"), N_("Row"), N_("Field"), N_("Heading"), N_("Rule"), N_("Severity"), N_("Value"), N_("Finding"),
    N_("What to do"),
)  # fmt: skip
CHANGES: Final = (N_("Row"), N_("Record"), N_("Permanent id"), N_("Field"), N_("Before"), N_("After"))
_SEVERITIES: Final = {"error": N_("error"), "warning": N_("warning"), "info": N_("information")}
_STATES: Final = {"new": N_("new"), "changed": N_("changed"), "same": N_("the same"), "refused": N_("refused")}
_SHEET_ROWS: Final = 1_048_000
"""A sheet holds 1,048,576 rows."""
_CELL: Final = 32_000
"""A cell holds 32,767 characters."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS: Final = {"findings": (22, 8, 16, 18, 20, 10, 28, 60, 50), "changes": (8, 24, 38, 18, 40, 40)}


class UnknownReport(Invalid):
    """A file name whose ending does not say which kind of report to write."""

    code = "unknown-report"


def same(text: str) -> str:
    """The text itself."""
    return text


def write_report(plan: Plan, path: Path, *, language: str = "zh", translate: Translate = same) -> Path:
    """Write every finding of a plan, however many; a workbook has the changes and a summary too.

    Rows are written one after the other: memory does not grow with their number. In a workbook, findings beyond
    what a sheet holds go on in further sheets.

    Parameters
    ----------
    path
        Ending with ``.csv`` (UTF-8 with a byte order mark) or ``.xlsx``; replaced in one step when all is written.
    language
        ``zh`` or ``en``: of the fields' titles.
    translate
        Turns a sentence of the program, before its places are filled, into the reader's language.

    Raises
    ------
    UnknownReport, layers.export.package.CannotWrite
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise UnknownReport(
            N_("“%(path)s” must end with .csv or .xlsx."), hint=N_("The ending says what to write."), path=path.name
        )
    told = _Told(plan, language, translate)
    with workshop(path.absolute()) as folder:
        made = folder / f"report{ending}"
        (_write_csv if ending == ".csv" else _write_workbook)(made, told)
        deliver(made, path)
    return path


class _Told:
    """A plan in the words of a language."""

    def __init__(self, plan: Plan, language: str, translate: Translate) -> None:
        self.plan = plan
        self.translate = translate
        self.titles = titles(plan.subject, language, translate)
        self.headings = {name: plan.heading(name) for name in self.titles}

    def heads(self, names: tuple[str, ...]) -> list[str]:
        return [self.translate(name) for name in names]

    def findings(self) -> Iterator[Row]:
        for noted in self.plan.findings():
            yield self.finding(noted)

    def finding(self, noted: Noted) -> Row:
        finding = noted.finding
        number = self.plan.number(noted)
        params = in_words(finding.params, self.titles)
        return (
            self.plan.reading.file,
            "" if number is None else number,
            self.titles.get(noted.field, noted.field),
            self.headings.get(noted.field, ""),
            finding.rule,
            self.translate(_SEVERITIES[finding.severity]),
            noted.value,
            _filled(self.translate(finding.template), params),
            _filled(self.translate(finding.advice), params) if finding.advice else "",
        )

    def changes(self) -> Iterator[Row]:
        for change in self.plan.changes():
            yield (
                change.row,
                change.label,
                change.uuid,
                self.titles.get(change.name, change.name),
                shown(change.before),
                shown(change.after),
            )

    def summary(self) -> Iterator[Row]:
        plan, say = self.plan, self.translate
        reading = plan.reading
        yield say(N_("File")), reading.file
        yield say(N_("Layer or sheet")), reading.layer
        yield say(N_("Encoding")), reading.encoding
        yield say(N_("Coordinate system")), f"EPSG:{plan.placement.epsg}" if plan.placement.epsg else ""
        yield say(N_("Rows")), len(plan.state)
        for state, count in plan.counts.items():
            yield say(_STATES[state]), count
        for heading, target in plan.recognised.targets.items():
            yield say(N_("Column")), heading, self.titles.get(target, target)
        for heading in (*plan.recognised.unknown, *plan.recognised.left):
            yield say(N_("Column not taken")), heading
        for one in plan.rules():
            yield say(_SEVERITIES[one.severity]), one.rule, one.count


def _filled(template: str, params: Any) -> str:
    return template % params if params else template


def shown(value: object) -> str:
    """A value of a record in a report: a point by its coordinates, other shapes by their kind and corners."""
    if value is None or value != value:
        return ""
    if isinstance(value, Point) and not value.is_empty:
        return f"{value.x:.9f}, {value.y:.9f}"
    if isinstance(value, BaseGeometry):
        return f"{value.geom_type} ({shapely.get_num_coordinates(value)})"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _write_csv(path: Path, told: _Told) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(told.heads(FINDINGS))
        for row in told.findings():
            writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: str | int) -> str | int:
    """A text that a spreadsheet would take for a formula, marked as text."""
    if isinstance(cell, str) and cell.startswith(_FORMULA) and not _is_number(cell):
        return f"'{cell}"
    return cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _write_workbook(path: Path, told: _Told) -> None:
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": datetime.now(UTC).replace(tzinfo=None)})
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        summary = book.add_worksheet(told.translate(N_("Summary")))
        summary.set_column(0, 0, 22)
        summary.set_column(1, 2, 36)
        for number, row in enumerate(told.summary()):
            _put(summary, number, row)
        _sheets(book, head, told.translate(N_("Findings")), told.heads(FINDINGS), told.findings(), _WIDTHS["findings"])
        _sheets(book, head, told.translate(N_("Changes")), told.heads(CHANGES), told.changes(), _WIDTHS["changes"])


def _sheets(book: Any, head: Any, title: str, heads: list[str], rows: Iterator[Row], widths: tuple[int, ...]) -> None:
    sheet, number, count = None, 0, 0
    for row in rows:
        if sheet is None or number > _SHEET_ROWS:
            count += 1
            sheet, number = _sheet(book, head, title if count == 1 else f"{title} {count}", heads, widths), 1
        _put(sheet, number, row)
        number += 1
    if sheet is None:
        _sheet(book, head, title, heads, widths)


def _sheet(book: Any, head: Any, title: str, heads: list[str], widths: tuple[int, ...]) -> Any:
    sheet = book.add_worksheet(title)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for column, text in enumerate(heads):
        sheet.write_string(0, column, text, head)
    sheet.freeze_panes(1, 0)
    return sheet


def _put(sheet: Any, number: int, row: Row) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, int):
            sheet.write_number(number, column, cell)
        elif cell:
            sheet.write_string(number, column, str(cell)[:_CELL])
