"""Tables of names as files: read whole, every fault collected, then refused with file, row and field."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

from gis.errors import N_, Invalid, NotFound, TooLarge

EMPTY = N_("The table %(file)s, line %(line)s: the field %(field)s is empty.")

_MOST_BYTES = 20_000_000
_SHOWN = 5

Row = dict[str, str]
Check = Callable[[Row], tuple[str, str] | None]
"""Looks at one row: the field that is wrong and the sentence that says so, or None."""


class BadNameTable(Invalid):
    """A table of readings or generic terms that cannot be used as it is."""

    code = "bad-name-table"


class NameTableMissing(NotFound):
    """There is no such table."""

    code = "name-table-missing"


class NameTableTooLarge(TooLarge):
    """A table of names larger than any office has."""

    code = "name-table-too-large"


def shipped(name: str) -> str:
    """Text of a table that the product ships."""
    return resources.files("gis.toponym.data").joinpath(name).read_text("utf-8")


def read_file(path: Path) -> str:
    """Text of an office's table: UTF-8, with or without a byte order mark.

    Raises
    ------
    NameTableMissing, NameTableTooLarge, BadNameTable
        Where there is no file, where it has more than 20 MB, and where it is no UTF-8.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise NameTableMissing(
            N_("The table %(file)s cannot be read: %(why)s."),
            hint=N_("Give the path of a CSV file."),
            file=path.name,
            why=error.strerror or str(error),
        ) from error
    if len(raw) > _MOST_BYTES:
        raise NameTableTooLarge(N_("The table %(file)s has more than 20 MB."), file=path.name)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadNameTable(
            N_("The table %(file)s is not in UTF-8: byte %(byte)s."),
            hint=N_("Save it as CSV UTF-8."),
            file=path.name,
            byte=error.start + 1,
        ) from error


def rows_of(text: str, file: str, required: Sequence[str], optional: Sequence[str], check: Check) -> list[Row]:
    """Rows of a CSV text, each with all columns, blanks stripped.

    Raises
    ------
    BadNameTable
        Names the columns that are missing or unknown, or the first rows that ``check`` refuses, each with its line and
        field.
    """
    reader = csv.DictReader(io.StringIO(text))
    given = [str(name).strip() for name in reader.fieldnames or ()]
    reader.fieldnames = given
    missing = [name for name in required if name not in given]
    if missing:
        raise BadNameTable(
            N_("The table %(file)s has no column %(columns)s."),
            hint=N_("Its first line names the columns: %(wanted)s."),
            file=file,
            columns=", ".join(missing),
            wanted=",".join((*required, *optional)),
        )
    rows: list[Row] = []
    faults: list[tuple[int, str, str]] = []
    for found in reader:
        row = {name: str(found.get(name) or "").strip() for name in (*required, *optional)}
        if not any(row.values()):
            continue
        fault = check(row)
        if fault is None:
            rows.append(row)
        else:
            faults.append((reader.line_num, *fault))
    if faults:
        line, field, sentence = faults[0]
        raise BadNameTable(
            sentence,
            hint=N_("%(count)s lines need a correction: %(lines)s."),
            file=file,
            line=line,
            field=field,
            count=len(faults),
            lines=", ".join(str(number) for number, *_ in faults[:_SHOWN]) + ("…" if len(faults) > _SHOWN else ""),
        )
    return rows
