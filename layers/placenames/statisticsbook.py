"""The figures of the place names as a workbook: a sheet for each table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from layers.export.about import About
from layers.export.manifest import software
from layers.export.package import deliver, workshop
from layers.placenames.statistics import Count, Course, Statistics

_WIDTHS: Final = (18, 26, 16)


def write_statistics(figures: Statistics, course: Course, target: Path, *, about: About) -> None:
    """Write a workbook with the sheets of the page, headings in the language of ``about``.

    Raises
    ------
    CannotWrite
    """
    with workshop(target) as folder:
        path = folder / "statistics.xlsx"
        options = {"strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(path), options) as book:
            _Book(book, about).write(figures, course)
        deliver(path, target)


class _Book:
    """The workbook under way."""

    def __init__(self, book: Any, about: About) -> None:
        self.book = book
        self.about = about
        book.set_properties(
            {
                "title": about.say("地名统计", "Statistics of place names"),
                "author": software(),
                "created": datetime.fromisoformat(about.time).replace(tzinfo=None),
            }
        )
        self.head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        self.number = book.add_format({"num_format": "#,##0"})
        self.share = book.add_format({"num_format": "0.0%"})

    def write(self, figures: Statistics, course: Course) -> None:
        """All sheets."""
        say = self.about.say
        self._sheet(
            say("概要", "Summary"),
            [say("项目", "Item"), say("值", "Value")],
            [
                [say("地名数", "Place names"), figures.total],
                [say("时点", "As at"), figures.day],
                [say("登记库版本", "Version of the register"), self.about.seq],
                [say("生成时间", "Made at"), self.about.time],
                [say("数据性质", "Nature of the data"), say("含合成数据（示范）", "Partly synthetic (demonstration)")
                 if self.about.synthetic else say("登记库数据", "Data of the register")],
            ],
        )  # fmt: skip
        self._counts(say("按类别", "By class"), figures.classes, code=True)
        majors = [self.about.say(one.title_zh, one.title_en) for one in figures.majors]
        self._sheet(
            say("按县和大类", "By county and class"),
            [say("县（市、区）", "County"), say("合计", "All"), *majors],
            [[one.title_zh, one.count, *line] for one, line in zip(figures.counties, figures.matrix, strict=True)],
        )
        self._sheet(
            say("按乡镇", "By town"),
            [
                say("代码", "Code"),
                say("乡镇（街道）", "Town"),
                say("县（市、区）", "County"),
                say("地名数", "Place names"),
            ],
            [list(town) for town in figures.towns],
        )
        self._counts(say("按命名时期", "By period"), figures.periods)
        self._sheet(
            say("字段完整率", "Fields filled"),
            [say("字段", "Field"), say("必填", "Mandatory"), say("有值", "Filled"), say("不详", "Not known"),
             say("空", "Empty"), say("完整率", "Share filled")],
            [
                [one.title, say("是", "yes") if one.required else "", one.filled, one.unknown, one.empty, one.share]
                for one in figures.full
            ],
        )  # fmt: skip
        self._sheet(
            say("各县必填完整率", "Mandatory fields by county"),
            [say("县（市、区）", "County"), say("平均完整率", "Mean share filled")],
            [[name, share] for name, share in figures.county_full],
        )
        self._sheet(
            say("按通名", "By generic part"),
            [say("通名", "Generic part"), say("地名数", "Place names"), *(one.title_zh for one in figures.counties)],
            [
                [one.key, one.count, *(figures.generics_by_county[at] if at < len(figures.generics_by_county) else ())]
                for at, one in enumerate(figures.generics)
            ],
        )
        if course.days:
            self._sheet(
                say("审校问题", "Findings"),
                [say("规则", "Rule"), *course.days],
                [[rule, *counts] for rule, counts in course.rules.items()],
            )

    def _counts(self, name: str, counts: Sequence[Count], *, code: bool = False) -> None:
        say = self.about.say
        self._sheet(
            name,
            [*([say("代码", "Code")] if code else []), say("类别", "Kind"), say("地名数", "Place names")],
            [[*([one.key] if code else []), say(one.title_zh, one.title_en), one.count] for one in counts],
        )

    def _sheet(self, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        sheet = self.book.add_worksheet(name)
        for place in range(len(head)):
            sheet.set_column(place, place, _WIDTHS[min(place, len(_WIDTHS) - 1)])
        sheet.freeze_panes(1, 1)
        for place, heading in enumerate(head):
            sheet.write_string(0, place, heading, self.head)
        for row, cells in enumerate(rows, start=1):
            for place, value in enumerate(cells):
                if isinstance(value, float):
                    sheet.write_number(row, place, value, self.share)
                elif isinstance(value, int):
                    sheet.write_number(row, place, value, self.number)
                else:
                    sheet.write_string(row, place, str(value))
