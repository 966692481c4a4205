"""The book written: one sheet to work on, one that says what it is, hidden ones with the words of the lists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import xlsxwriter
from numpy.typing import NDArray
from xlsxwriter.utility import xl_col_to_name

from gis.errors import N_
from layers.access import Reader
from layers.export.about import About
from layers.export.manifest import software
from layers.export.package import deliver, workshop
from layers.filters import Filters, matching
from layers.index import Index
from layers.placenames.formbook.cells import Texts, Words, hashes, is_number, texts_of
from layers.placenames.formbook.columns import CHECK, FORM, ID, VERSION, BookColumn, attribute_columns, choice_titles
from layers.placenames.formbook.rows import put_rows
from layers.placenames.formbook.states import State, present
from layers.records import Context
from layers.register import NOTHING, Mark

SHEET, ABOUT, LISTS = "地名登记表", "说明", "选项"
FORMAT: Final = 1
FIRST: Final = 3
"""The form begins behind id, version and check."""
_ROOM: Final = 2000
"""So many rows below the last one have lists too, for new names."""
READING, WRITING = N_("Reading the register …"), N_("Writing the file …")
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Written:
    """A book that was written: its file, how many places it holds, and of which state of the register."""

    path: Path
    count: int
    mark: Mark


def write_book(
    index: Index,
    target: Path,
    *,
    reader: Reader,
    filters: Filters,
    about: About,
    only: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Written:
    """Write the places that pass the filters and that a reader may see.

    Ids, versions and checks are locked (the sheet is protected without a password); every other cell is open. A cell
    with a list offers what the register knows; other words are warned of, not refused.

    Parameters
    ----------
    about
        What the sheet 说明 says of date, filter and register.
    only
        Uuids of the places that may be in it, such as those with a finding; None: all.

    Raises
    ------
    layers.filters.UnknownClass, CannotWrite
    """
    say = progress or _silent
    with index.held() as connection:
        mark = index.register.mark(connection) or NOTHING
        columns = index.layer("place-names")
        rows = np.flatnonzero(matching(columns, filters, reader=reader))
        uuids = {str(one) for one in columns.uuid[rows].tolist()}
        if only is not None:
            uuids &= set(only)
        say(0.05, READING)
        whole = len(uuids) > len(columns) // 8
        state = present(index, connection, None if whole else sorted(uuids), reader=reader)
        context = Context.of(index, reader=reader)
    if len(state.frame) > len(uuids):
        state = State(state.frame[state.frame["uuid"].isin(uuids)].reset_index(drop=True), state.names, state.name_rows)
    book_columns = (*FORM, *attribute_columns(state.frame["class_code"].dropna().unique()))
    words = Words.of(context)
    texts = texts_of(state.frame, book_columns, words=words, names=state.names)
    with workshop(target) as folder:
        path, plain = folder / "book.xlsx", folder / "plain.xlsx"
        with xlsxwriter.Workbook(str(plain), {"strings_to_formulas": False, "strings_to_urls": False}) as made:
            book = _Book(made, about, book_columns, words)
            book.write(state, mark)
        cells = book.cells(state, texts)
        say(0.4, WRITING)
        put_rows(plain, path, sheet=1, columns=cells, say=lambda share: say(0.4 + 0.6 * share, WRITING))
        deliver(path, target)
    return Written(target, len(state.frame), mark)


def _silent(_share: float, _what: str) -> None:
    """Progress that nobody watches."""


def check_heading(mark: Mark, count: int) -> str:
    """The heading over the checks: which state of which register the book is of, and how many places it holds."""
    stamp = mark.stamp.replace(" ", "_")
    return f"{CHECK};{FORMAT};{mark.seq};{stamp};{count}"


class _Book:
    """The workbook under way."""

    def __init__(self, book: Any, about: About, columns: Sequence[BookColumn], words: Words) -> None:
        self.book = book
        self.about = about
        self.columns = columns
        self.words = words
        book.set_properties(
            {
                "title": about.say("地名登记表", "Registration form of place names"),
                "author": software(),
                "created": datetime.fromisoformat(about.time).replace(tzinfo=None),
            }
        )
        head = {"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        self.head = book.add_format(head)
        self.must = book.add_format({**head, "font_color": "#8A3B2A"})
        self.open = book.add_format({"locked": False, "num_format": "@"})
        self.number = book.add_format({"locked": False, "num_format": "0.#########"})
        self.closed = book.add_format({"locked": True, "font_color": "#87939A", "num_format": "@"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def write(self, state: State, mark: Mark) -> None:
        """All sheets, the first without its rows: one of blank cells has the styles."""
        count = len(state.frame)
        sheet = self.book.add_worksheet(SHEET)
        self._describe(count, mark)
        lists = self._lists(state)
        self._head(sheet, check_heading(mark, count))
        for place, style in enumerate([self.closed] * FIRST + [self._style(column) for column in self.columns]):
            sheet.write_blank(1, place, None, style)
        for place, column in enumerate(self.columns, start=FIRST):
            rule = self._rule(column, lists)
            if rule is not None:
                sheet.data_validation(1, place, count + _ROOM, place, rule)
        if count:
            sheet.autofilter(0, 0, count, FIRST + len(self.columns) - 1)
        sheet.protect(
            "",
            {
                "insert_rows": True,
                "delete_rows": True,
                "sort": True,
                "autofilter": True,
                "format_cells": True,
                "format_columns": True,
                "format_rows": True,
            },
        )
        sheet.activate()

    def _head(self, sheet: Any, check: str) -> None:
        sheet.freeze_panes(1, FIRST + 1)
        sheet.set_row(0, 32)
        sheet.set_column(0, 0, 12, self.closed)
        sheet.set_column(1, 1, 6, self.closed)
        sheet.set_column(2, 2, 18, self.closed, {"hidden": True})
        for place, column in enumerate(self.columns, start=FIRST):
            sheet.set_column(place, place, column.width, self._style(column))
        for place, heading in enumerate((ID, VERSION, check)):
            sheet.write_string(0, place, heading, self.head)
        for place, column in enumerate(self.columns, start=FIRST):
            sheet.write_string(0, place, column.heading, self.must if column.required else self.head)

    def cells(self, state: State, texts: Texts) -> list[Sequence[Any]]:
        """The cells of each column of the sheet."""
        return [
            state.frame["uuid"].tolist(),
            state.frame["version"].fillna(0).astype(int).tolist(),
            hashes(texts, self.columns).tolist(),
            *(self._written(texts[column.key], column) for column in self.columns),
        ]

    def _written(self, texts: NDArray[Any], column: BookColumn) -> list[Any]:
        """What is put into a column's cells: None for nothing, numbers as such."""
        if is_number(column):
            return [_number(text) for text in texts.tolist()]
        if column.kind in ("class", "division"):
            shown = {text: self.words.shown(column, text) for text in set(texts.tolist())}
            return [shown[text] or None for text in texts.tolist()]
        return [text or None for text in texts.tolist()]

    def _style(self, column: BookColumn) -> Any:
        if column.kind == "locked":
            return self.closed
        return self.number if is_number(column) else self.open

    def _describe(self, count: int, mark: Mark) -> None:
        sheet = self.book.add_worksheet(ABOUT)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 90, self.wrapped)
        for row, (label, text) in enumerate(self._told(count, mark)):
            sheet.write_string(row, 0, label)
            sheet.write_string(row, 1, text, self.wrapped)
        sheet.protect()

    def _told(self, count: int, mark: Mark) -> Iterator[tuple[str, str]]:
        say = self.about.say
        chosen = "；".join(f"{name} = {value}" for name, value in self.about.filters.items())
        yield (
            say("内容", "What this is"),
            say("地名登记表，可离线填写后导回", "Registration form, to be worked on offline"),
        )
        yield say("导出时间", "Made at"), self.about.time
        yield say("条数", "Records"), f"{count:,}"
        yield say("筛选", "Filter"), chosen or say("无", "none")
        yield say("登记库版本", "State of the register"), f"{mark.seq} {mark.stamp}"
        if self.about.synthetic:
            yield say("数据性质", "Nature of the data"), say("示范库，含合成数据", "Demonstration, partly synthetic")
        for number, (zh, en) in enumerate(_RULES, 1):
            yield say(f"填写 {number}", f"How to fill in {number}"), say(zh, en)

    def _lists(self, state: State) -> dict[str, str]:
        """The sheet of lists; key to the range that a list of the form takes."""
        sheet = self.book.add_worksheet(LISTS)
        sheet.hide()
        listed: dict[str, list[str]] = {
            "class": sorted(self.words.class_text(code) for code in self.words.classes),
            "division": self._divisions(state),
        }
        for column in self.columns:
            if column.kind == "choice":
                listed[column.key] = [choice.title_zh for choice in column.field.choices]
            elif column.attribute is not None and (words := choice_titles(column.attribute.key)):
                listed[column.key] = words
        ranges = {}
        for place, (key, values) in enumerate(listed.items()):
            letter = xl_col_to_name(place)
            ranges[key] = f"={LISTS}!${letter}$2:${letter}${max(len(values), 1) + 1}"
        height = max(len(values) for values in listed.values())
        for place, key in enumerate(listed):
            sheet.write_string(0, place, key, self.head)
        for row in range(height):  # row by row, as the memory is freed
            for place, values in enumerate(listed.values()):
                if row < len(values):
                    sheet.write_string(row + 1, place, values[row])
        return ranges

    def _divisions(self, state: State) -> list[str]:
        """Divisions of the counties that are in the book; of all where none is."""
        counties = {code for code in state.frame["county_code"].dropna().tolist() if isinstance(code, str)}
        towns = {code[:6] for code in state.frame["town_code"].dropna().tolist() if isinstance(code, str)}
        wanted = counties | towns
        divisions = self.words.divisions
        codes = [
            code
            for code, level in zip(divisions.code, divisions.level, strict=True)
            if level != "city" and (not wanted or code[:6] in wanted)
        ]
        return [self.words.division_text(code) for code in sorted(codes)]

    def _rule(self, column: BookColumn, lists: dict[str, str]) -> dict[str, Any] | None:
        if column.key in lists:
            return {
                "validate": "list",
                "source": lists[column.key],
                "error_type": "warning",
                "error_title": self.about.say("不在列表中", "Not in the list")[:32],
                "error_message": self.about.say("请从列表中选择。", "Choose from the list."),
            }
        if column.key in ("lon", "to_lon", "lat", "to_lat"):
            most = 180 if column.key.endswith("lon") else 90
            return {"validate": "decimal", "criteria": "between", "minimum": -most, "maximum": most,
                    "error_type": "warning"}  # fmt: skip
        if column.key in ("named_in", "established", "abolished"):
            return {"validate": "length", "criteria": "<=", "value": 20, "error_type": "warning"}
        return None


_RULES: Final = (
    ("灰色的标识、版本列已锁定，请勿改动：导回时凭它们认出每条记录。",
     "Ids and versions are locked: by them each record is known again."),
    ("带 * 的为必填；清空一格即清除该值。",
     "Fields with * are mandatory; an emptied cell clears the value."),
    ("删除一行不会注销地名：导回时只提示少了哪些行。",
     "A row that is taken out does not close the name: it is only told when the book comes back."),
    ("新地名写在最后，标识留空。", "New names go below the last row, without an id."),
    ("多个别名、简称、曾用名之间用“；”隔开。", "Several further names in one cell are separated by “；”."),
    ("类别、所在行政区从下拉列表选择；也可只写代码。",
     "Classes and divisions are chosen from the list; the code alone will do."),
    ("离线期间库里被别人改过、您也改了的值，导回时逐项列出，由您选择。",
     "What others have changed meanwhile and you too is listed value by value when the book comes back; you choose."),
)  # fmt: skip


def _number(text: str) -> float | str | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return text
