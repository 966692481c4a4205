"""A coverage result as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
import xlsxwriter

from gis.coverage import CoverageResult
from layers.catalogue import Field
from layers.export.about import About, ExportResult
from layers.export.coverage_tables import (
    COUNTIES,
    REAL,
    SYNTHETIC,
    TITLES,
    TOWNS,
    VILLAGES,
    fields,
    kind_titles,
    weight_title,
)
from layers.export.manifest import software
from layers.export.package import deliver, workshop
from layers.norms import NORMS

_WIDTHS: Final = {"uuid": 38, "name": 22, "county": 12, "code": 15, "town_code": 12, "county_code": 12}
_WIDTH: Final = 16
_STATUS: Final = {"H": ("确定", "sure"), "M": ("较可靠", "likely"), "L": ("待确认", "to be confirmed")}


def coverage_workbook(result: CoverageResult, target: Path, *, about: About) -> ExportResult:
    """Write a workbook with the sheets summary, counties, towns, villages, method and norms.

    Numbers are numbers, shares are percentages, codes are text; headings in the language of ``about`` stay in sight.

    Parameters
    ----------
    target
        The .xlsx file; replaced in one step when all is written.

    Raises
    ------
    CannotWrite
    """
    with workshop(target) as folder:
        path = folder / "coverage.xlsx"
        options = {
            "constant_memory": True,
            "tmpdir": str(folder),
            # a name that begins with = or looks like an address stays what it is
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "nan_inf_to_errors": False,
        }
        with xlsxwriter.Workbook(str(path), options) as book:
            _Book(book, result, about).write()
        deliver(path, target)
    return ExportResult(target, len(result.villages), ())


class _Book:
    """The workbook under way."""

    def __init__(self, book: Any, result: CoverageResult, about: About) -> None:
        self.book = book
        self.result = result
        self.about = about
        book.set_properties(
            {
                "title": about.say("服务覆盖分析", "Coverage"),
                "author": software(),
                "created": datetime.fromisoformat(about.time).replace(tzinfo=None),
            }
        )
        self.head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True})
        self.plain = book.add_format({})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.formats = {
            "int": book.add_format({"num_format": "#,##0"}),
            "share": book.add_format({"num_format": "0.0%"}),
            "metres": book.add_format({"num_format": "#,##0.0"}),
        }

    def write(self) -> None:
        """All sheets."""
        self._pairs(self.about.say("概要", "Summary"), self._summary())
        for table, frame in (
            (COUNTIES, self.result.counties),
            (TOWNS, self.result.towns),
            (VILLAGES, self.result.villages),
        ):
            self._table(self.about.say(*TITLES[table]), frame, fields(table, self.result))
        self._norms()

    def _summary(self) -> Iterable[tuple[str, object, str]]:
        say, result = self.about.say, self.result
        zh, en, unit = weight_title(result)
        total = result.total
        yield say("设施类别", "Facility kinds"), say(*kind_titles(result)), ""
        yield say("设施数", "Facilities"), result.facilities, "int"
        yield say("距离（米）", "Distance (m)"), result.distance_m, "int"
        yield say("权重", "Weight"), say(f"{zh}（{unit}）", en), ""
        yield say("时点", "As at"), result.asof or say("当前", "now"), ""
        yield say(f"{zh}合计", f"Total: {en}"), total.get("weight"), "int"
        yield say(f"覆盖的{zh}", f"Covered: {en}"), total.get("covered"), "int"
        yield say("覆盖率", "Covered share"), total.get("share"), "share"
        yield say("村居数", "Villages"), total.get("villages"), "int"
        yield say("覆盖的村居数", "Villages covered"), total.get("villages_covered"), "int"
        yield say("未覆盖的村居数", "Villages not covered"), total.get("villages_uncovered"), "int"
        yield say("无权重数据的村居数", "Villages without a value of the weight"), total.get("unknown"), "int"
        yield say("数据版本", "Version"), self.about.seq, "int"
        yield say("生成时间", "Made at"), self.about.time, ""
        yield say("数据性质", "Nature of the data"), say(*(SYNTHETIC if self.about.synthetic else REAL)), ""

    def _pairs(self, name: str, pairs: Iterable[tuple[str, object, str]]) -> None:
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 60)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [self.about.say("项目", "Item"), self.about.say("值", "Value")], self.head)
        for row, (label, value, kind) in enumerate(pairs, start=1):
            sheet.write_string(row, 0, label)
            _put(sheet, row, 1, value, self.formats.get(kind, self.wrapped))

    def _table(self, name: str, frame: pd.DataFrame, columns: Sequence[Field]) -> None:
        sheet = self.book.add_worksheet(name)
        for place, field in enumerate(columns):
            sheet.set_column(place, place, _WIDTHS.get(field.name, _WIDTH))
        sheet.freeze_panes(1, 2)
        if len(frame):
            sheet.autofilter(0, 0, len(frame), len(columns) - 1)
        sheet.write_row(0, 0, [self._heading(field) for field in columns], self.head)
        formats = [self._format(field) for field in columns]
        values = [self._values(frame[field.name], field) for field in columns]
        for row, cells in enumerate(zip(*values, strict=True), start=1):
            for place, value in enumerate(cells):
                _put(sheet, row, place, value, formats[place])

    def _heading(self, field: Field) -> str:
        title = self.about.say(field.title_zh, field.title_en)
        if not field.unit or (self.about.language == "en" and not field.unit.isascii()):
            return title
        return self.about.say(f"{title}（{field.unit}）", f"{title} ({field.unit})")

    def _format(self, field: Field) -> Any:
        if field.name == "share":
            return self.formats["share"]
        if field.unit == "m":
            return self.formats["metres"]
        return self.formats["int"] if field.type in ("int", "float") else self.plain

    def _values(self, series: pd.Series[Any], field: Field) -> list[object]:
        if field.type == "bool":
            yes, no = self.about.say("是", "yes"), self.about.say("否", "no")
            return [None if pd.isna(value) else yes if value else no for value in series.tolist()]
        missing = series.isna().to_numpy()
        values = series.to_numpy(dtype=object)
        return [None if gone else value for value, gone in zip(values.tolist(), missing.tolist(), strict=True)]

    def _norms(self) -> None:
        say = self.about.say
        sheet = self.book.add_worksheet(say("方法与标准", "Method and norms"))
        for place, width in enumerate((44, 14, 60, 26, 14)):
            sheet.set_column(place, place, width)
        headings = [
            say("标准", "Norm"),
            say("距离（米）", "Distance (m)"),
            say("设施类别", "Facility kinds"),
            say("出处", "Source"),
            say("可靠性", "Certainty"),
        ]
        sheet.freeze_panes(3, 0)
        sheet.write_row(0, 0, [say("计算方法", "Method"), self.result.method.get(self.about.language, "")])
        sheet.write_row(2, 0, headings, self.head)
        row = 3
        for norm in NORMS:
            kinds = ", ".join(norm.kinds)
            certainty = say(*_STATUS.get(norm.status, (norm.status, norm.status)))
            cells = (say(norm.title_zh, norm.title_en), norm.distance_m, kinds, norm.source, certainty)
            for place, value in enumerate(cells):
                _put(sheet, row, place, value, self.formats["int"] if place == 1 else self.plain)
            row += 1
        for line in dict.fromkeys((*self.result.sources, *self.about.sources)):
            row += 1
            sheet.write_row(row, 0, [say("资料来源", "Source"), line])


def _put(sheet: Any, row: int, column: int, value: object, style: Any) -> None:
    if value is None:
        return
    if isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value), style)
