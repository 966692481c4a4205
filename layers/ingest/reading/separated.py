"""Text files with separated cells: CSV, TSV and what spreadsheets call text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Final

from gis.errors import N_
from layers.ingest.reading import encodings
from layers.ingest.reading.encodings import Known
from layers.ingest.reading.faults import RaggedRows, damaged
from layers.ingest.reading.headings import find
from layers.ingest.reading.sheet import assemble
from layers.ingest.reading.source import Opened, Source, listed
from layers.ingest.reading.table import Peeked, Table

_DELIMITERS: Final = (",", "\t", ";", "|", "，")
_LOOKED_AT: Final = 60
_CELL_BYTES: Final = 16_000_000
_NAMED: Final = 12
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def open_separated(source: Source) -> Opened:
    """A text file of cells."""
    layer = source.name.rsplit(".", 1)[0]

    def read(_: str | None) -> Table:
        text, known = text_of(source)
        rows, numbers = records(source, text)
        _require_even(source, rows, numbers)
        table = assemble(source, list(rows), numbers, format="csv", layer=layer, layers=(layer,))
        table.encoding, table.encoding_from = known.encoding, known.source
        table.findings += encodings.assumed(known, source.name) if not text.isascii() else []
        return table

    def peek() -> list[Peeked]:
        text, _ = text_of(source)
        rows, numbers = records(source, text)
        _require_even(source, rows, numbers)
        found = find(rows, layer)
        return [
            Peeked(layer, len(rows) - found.data if found else 0, "", tuple(filter(None, found.names)) if found else ())
        ]

    return Opened(peek, read)


def text_of(source: Source) -> tuple[str, Known]:
    """The file's text, and its encoding.

    Raises
    ------
    DamagedFile, UnclearEncoding
    """
    data = source.path.read_bytes()
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), Known(encoding, "format")
            except UnicodeDecodeError as error:
                raise damaged(
                    source.name, N_("%(file)s begins as %(encoding)s and is not."), encoding=encoding.upper()
                ) from error
    declared = encodings.asked(source.encoding, source.name) if source.encoding is not None else None
    known = encodings.settle(data, file=source.name, declared=declared)
    return encodings.decode(data, known.encoding), known


def records(source: Source, text: str) -> tuple[list[list[str]], list[int]]:
    """The records and the line on which each begins; lines without anything are left out.

    Raises
    ------
    DamagedFile
    """
    csv.field_size_limit(_CELL_BYTES)
    text = text.replace("\0", "")
    start, skipped = _said_delimiter(text)
    delimiter = start or _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    numbers: list[int] = []
    line = 1
    try:
        for record in reader:
            if record and line > skipped and any(record):
                rows.append(record)
                numbers.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise damaged(
            source.name,
            N_("Line %(line)d of %(file)s cannot be taken apart: a quotation mark is not closed."),
            line=line,
        ) from error
    return rows, numbers


def _said_delimiter(text: str) -> tuple[str, int]:
    """The delimiter of a first line ``sep=;``, as Excel writes it, and how many lines that takes."""
    first = text[:8].splitlines()[0] if text[:8].strip() else ""
    return (first[4], 1) if first.lower().startswith("sep=") and len(first) == 5 else ("", 0)


def _delimiter(text: str) -> str:
    """The delimiter that gives most of the first records the same number of cells, and the most cells."""
    head = "".join(text[:200_000].splitlines(keepends=True)[:_LOOKED_AT])
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            sizes = [len(record) for record in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if record]
        except csv.Error:
            continue
        if not sizes:
            continue
        size, count = Counter(sizes).most_common(1)[0]
        score = (size - 1) * count / len(sizes)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def ragged(rows: list[list[str]], file: str) -> tuple[list[int], int]:
    """Places of rows with more cells than the headings, and how many headings there are: a comma or a quotation mark
    too many has moved their values."""
    found = find(rows, file)
    if found is None:
        return [], 0
    width = len(found.names)
    data = enumerate(rows[found.data :], start=found.data)
    return [place for place, row in data if len(row) > width and any(cell.strip() for cell in row[width:])], width


def _require_even(source: Source, rows: list[list[str]], numbers: list[int]) -> None:
    places, width = ragged(rows, source.name)
    long = [numbers[place] for place in places]
    if long:
        raise RaggedRows(
            N_("%(count)d rows of %(file)s have more cells than the %(width)d headings: lines %(lines)s."),
            hint=N_("A value with a comma must stand in quotation marks. Save the file again from a spreadsheet."),
            file=source.name,
            count=len(long),
            width=width,
            lines=listed([str(number) for number in long[: _NAMED + 1]], _NAMED),
        )
