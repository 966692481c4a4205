"""CSV and workbooks: rows under headings. A row that is not even costs that row."""

from __future__ import annotations

from collections.abc import Callable

from gis.errors import N_, DijieError
from gis.findings import Finding
from layers.ingest.reading import encodings, separated
from layers.ingest.reading.sheet import assemble
from layers.ingest.reading.source import Source
from layers.ingest.reading.table import Table
from layers.ingest.reading.workbook import open_workbook
from surveys.uploads.parsing.shapefile import listed
from surveys.uploads.parsing.surveyed import survey_records
from surveys.uploads.raw import SKIPPED, Budget, Part, cut, of_fault

_RAGGED = N_("%(count)d rows have more cells than the %(width)d headings: lines %(rows)s.")
_NAMED = 12


def read_text(source: Source, file: str, budget: Budget) -> Part:
    """A text file of points: a surveyor's list without headings, else a table with them.

    Raises
    ------
    DamagedFile, UnclearEncoding, NoRows
    """
    text, known = separated.text_of(source)
    survey = survey_records(text, file)
    if survey is not None:
        survey.encoding, survey.encoding_from = known.encoding, known.source
        budget.spend(len(survey.rows))
        return survey
    rows, numbers = separated.records(source, text)
    uneven, width = separated.ragged(rows, file)
    told = [numbers[place] for place in uneven]
    for place in reversed(uneven):
        del rows[place], numbers[place]
    table = assemble(source, list(rows), numbers, format="csv", layer=file, layers=(file,))
    part = _part(table, file, budget)
    part.encoding, part.encoding_from = known.encoding, known.source
    part.findings += encodings.assumed(known, file) if not text.isascii() else []
    if told:
        lines = ", ".join(map(str, told[:_NAMED])) + (", …" if len(told) > _NAMED else "")
        params = {"count": len(told), "width": width, "rows": lines}
        part.findings.append(Finding("ragged-rows", "error", file, _RAGGED, params, SKIPPED))
    return part


def read_workbook(source: Source, file: str, format: str, budget: Budget) -> list[Part]:  # noqa: A002
    """Every sheet with rows.

    Raises
    ------
    DamagedFile, UnsafeArchive
    """
    book = open_workbook(source)
    parts = []
    for peeked in book.peek():
        if peeked.rows < 1:
            continue
        part = _read(book.read, peeked.name, file, budget)
        part.format = format
        parts.append(part)
    return parts or [Part(file, format, findings=[no_rows(file)])]


def no_rows(file: str) -> Finding:
    """A table in which nothing stands."""
    return Finding("no-rows", "error", file, N_("The file has no rows."), {}, N_("Check that it is the right file."))


def _read(read: Callable[[str | None], Table], name: str, file: str, budget: Budget) -> Part:
    try:
        return _part(read(name), file, budget)
    except DijieError as fault:
        return Part(file, "xlsx", name, findings=[of_fault(fault, file)])


def _part(table: Table, file: str, budget: Budget) -> Part:
    budget.spend(len(table.rows))
    return Part(
        file,
        table.format,
        table.layer if table.layer != file else "",
        encoding=table.encoding,
        encoding_from=table.encoding_from,
        columns={column.name: [cut(value) for value in listed(column)] for column in table.columns},
        rows=table.rows.tolist(),
        findings=list(table.findings),
    )
