"""Tens of thousands of rows put into a workbook's sheet, as its XML: a twentieth of the time of cell by cell.

The workbook is made with one row of blank cells that carry the styles; here that row is replaced. What is written is
what xlsxwriter writes with constant memory: texts in their cells, none of them a formula or marked text.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, Final

from xlsxwriter.utility import xl_col_to_name

_ROW: Final = re.compile(r'<row r="2"[^>]*>.*?</row>', re.DOTALL)
_STYLE: Final = re.compile(r'<c r="([A-Z]+)2"(?: s="(\d+)")?/>')
_DIMENSION: Final = re.compile(r'<dimension ref="[^"]*"/>')
_ESCAPED: Final = re.compile(r"_x[0-9A-Fa-f]{4}_")
_MARKUP: Final = re.compile(r"[&<>]")
_SIGNS: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_CHUNK: Final = 2000
_KEPT: Final = 200_000

Cells = Sequence[Any]


def put_rows(source: Path, target: Path, *, sheet: int, columns: Sequence[Cells], say: Callable[[float], None]) -> None:
    """A copy of a workbook with the rows of one sheet, below its first.

    Parameters
    ----------
    source
        A workbook whose sheet has in its second row a blank cell with the style of each column.
    sheet
        The sheet's number, from 1.
    columns
        For each column its cells, all of one length: texts, numbers, None for nothing.
    say
        Told the share done.
    """
    part = f"xl/worksheets/sheet{sheet}.xml"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as new:
        for entry in old.infolist():
            if entry.filename != part:
                with old.open(entry) as one, new.open(entry.filename, "w") as other:
                    shutil.copyfileobj(one, other)
        text = old.read(part).decode()
        found = _ROW.search(text)
        assert found is not None, "the sheet has no second row"
        count = len(columns[0]) if columns else 0
        size = f'<dimension ref="A1:{xl_col_to_name(max(len(columns) - 1, 0))}{count + 1}"/>'
        with new.open(part, "w", force_zip64=True) as stream:
            stream.write(_DIMENSION.sub(size, text[: found.start()], count=1).encode())
            _write(stream, columns, dict(_STYLE.findall(found.group())), count, say)
            stream.write(text[found.end() :].encode())


def _write(
    stream: IO[bytes], columns: Sequence[Cells], styles: dict[str, str], count: int, say: Callable[[float], None]
) -> None:
    fronts = []
    for place in range(len(columns)):
        letter = xl_col_to_name(place)
        style = styles.get(letter, "")
        fronts.append((letter, f' s="{style}"' if style else ""))
    known: dict[str, str] = {}
    for start in range(0, count, _CHUNK):
        rows: list[list[str]] = [[] for _ in range(min(_CHUNK, count - start))]
        for (letter, style), cells in zip(fronts, columns, strict=True):
            number, text = f'"{style}><v>', f'"{style} t="inlineStr"><is><t>'
            for place, value in enumerate(cells[start : start + _CHUNK]):
                if value is None:
                    continue
                at = f'<c r="{letter}{start + place + 2}'
                if type(value) is str:
                    shown = known.get(value)
                    if shown is None:
                        shown = known[value] = escaped(value)
                    rows[place].append(f"{at}{text}{shown}</t></is></c>")
                else:
                    rows[place].append(f"{at}{number}{value!r}</v></c>")
        stream.write(
            "".join(f'<row r="{start + place + 2}">{"".join(cells)}</row>' for place, cells in enumerate(rows)).encode()
        )
        if len(known) > _KEPT:
            known.clear()
        say((start + len(rows)) / count)


def escaped(text: str) -> str:
    """A text as a cell's XML has it; what only looks like a spreadsheet's own escape stays what it is."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: f"_x005F{match.group()}", text)
    return text.translate(_SIGNS) if _MARKUP.search(text) else text
