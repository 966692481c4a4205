"""The sample as a workbook to be taken along and signed (抽查表), with the verdicts as far as there are any."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import xlsxwriter

from layers.catalogue import PLACE_MAJORS
from layers.export.about import About, ExportResult
from layers.export.manifest import software
from layers.export.package import deliver, nameless, workshop
from layers.office.submissions import Submission
from layers.placenames.sampling.looking import PLACE, Seen, Sight
from layers.placenames.sampling.results import Share
from layers.records import Context, record_fields

_HEADINGS: Final[tuple[tuple[str, str, int], ...]] = (
    ("序号", "No.", 6), ("标准名称", "Standard name", 20), ("罗马字母拼写", "Romanized", 22),
    ("类别", "Class", 14), ("所在乡镇（街道）", "Town or street", 16), ("地名代码", "Place-name code", 22),
    ("东经", "Longitude", 11), ("北纬", "Latitude", 11), ("抽取时版本", "Version drawn", 8),
    ("结论", "Verdict", 8), ("问题字段", "Wrong fields", 20), ("说明", "Remark", 30), ("核查人", "Judged by", 10),
)  # fmt: skip
_VERDICTS: Final = {"right": ("正确", "right"), "wrong": ("错误", "wrong"), "": ("", "")}
_STATES: Final = {
    "submitted": ("已报送", "submitted"), "sampling": ("抽查中", "being checked"), "accepted": ("通过", "accepted"),
    "returned": ("退回", "returned"),
}  # fmt: skip
_SIGNED: Final = (("抽查人（签字）", "Checked by (signature)"), ("县级负责人（签字）", "For the county (signature)"),
                  ("市级负责人（签字）", "For the city (signature)"), ("日期", "Date"))  # fmt: skip


@dataclass(frozen=True)
class SampleSheet:
    """What the workbook is made from; ``context`` names divisions and classes."""

    submission: Submission
    sight: Sight
    context: Context


def sample_workbook(given: SampleSheet, target: Path, *, about: About) -> ExportResult:
    """Write the sheets 抽查表 and 抽查结果, in the language of ``about``.

    Parameters
    ----------
    target
        The .xlsx file; replaced in one step when all is written.

    Raises
    ------
    CannotWrite
    """
    with workshop(target) as folder:
        path = folder / "sample.xlsx"
        # a name that begins with = or looks like an address stays what it is
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            _Book(book, given, about).write()
        deliver(path, target)
    return ExportResult(target, len(given.sight.rows), ())


def open_sample_workbook(given: SampleSheet, *, about: About) -> IO[bytes]:
    """The workbook as a file without a name, open for reading: it is gone when it is closed."""
    with tempfile.TemporaryDirectory(prefix="dijie-sample-") as folder:
        return nameless(sample_workbook(given, Path(folder) / "sample", about=about).path)


def field_titles() -> Mapping[str, tuple[str, str]]:
    """Chinese and English titles of what a verdict can name."""
    found = {one.name: (one.title_zh, one.title_en) for one in record_fields("place-names")}
    return {**found, PLACE: ("地图位置", "Place on the map")}


class _Book:
    """The workbook under way."""

    def __init__(self, book: Any, given: SampleSheet, about: About) -> None:
        self.book, self.given, self.say = book, given, about.say
        self.about = about
        made = datetime.fromisoformat(about.time).replace(tzinfo=None)
        book.set_properties({"title": self.title, "author": software(), "created": made})
        line = {"border": 1, "border_color": "#8A949A", "valign": "vcenter", "text_wrap": True, "font_size": 10}
        self.heading = book.add_format({**line, "bold": True, "bg_color": "#E8EEF4", "align": "center"})
        self.cell = book.add_format(line)
        self.degrees = book.add_format({**line, "num_format": "0.000000"})
        self.share = book.add_format({**line, "num_format": "0.0%"})
        self.big = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.plain = book.add_format({"font_size": 10, "valign": "vcenter", "text_wrap": True})

    @property
    def title(self) -> str:
        """The heading of the sheet."""
        county = self.given.context.divisions.name_of(self.given.submission.county)
        return self.say(f"{county}地名成果抽查表", f"Sample check of place names, {county}")

    def write(self) -> None:
        """Both sheets."""
        self._sheet()
        self._results()

    def _sheet(self) -> None:
        sheet = self.book.add_worksheet(self.say("抽查表", "Sample"))
        last = len(_HEADINGS) - 1
        for place, (_zh, _en, width) in enumerate(_HEADINGS):
            sheet.set_column(place, place, width)
        sheet.merge_range(0, 0, 0, last, self.title, self.big)
        sheet.set_row(0, 28)
        sheet.merge_range(1, 0, 1, last, self._about_line(), self.plain)
        sheet.set_row(1, 30)
        sheet.write_row(2, 0, [self.say(zh, en) for zh, en, _width in _HEADINGS], self.heading)
        row = 3
        for seen in self.given.sight.rows:
            for place, (value, style) in enumerate(self._cells(seen)):
                _put(sheet, row, place, value, style)
            row += 1
        for zh, en in _SIGNED:
            row += 1
            sheet.merge_range(row, 0, row, 2, self.say(f"{zh}：", f"{en}:"), self.plain)
            sheet.merge_range(row, 3, row, 6, "", self.book.add_format({"bottom": 1}))
            sheet.set_row(row, 26)
        sheet.freeze_panes(3, 2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 2)
        sheet.set_footer(self.say("&L" + self.given.submission.number + "&R第 &P 页，共 &N 页",
                                  "&L" + self.given.submission.number + "&RPage &P of &N"))  # fmt: skip

    def _about_line(self) -> str:
        one, count = self.given.submission, len(self.given.sight.rows)
        at = one.drawn_mark.partition("@")[0]
        zh = (
            f"编号 {one.number}　第 {one.round} 轮　报送 {one.records} 条　抽查 {count} 条　"
            f"随机种子 {one.seed}　合格线 {one.limit_percent:g}%　抽取时数据版本 {at}"
        )
        en = (
            f"No. {one.number}, round {one.round}; {one.records} records submitted, {count} drawn; "
            f"seed {one.seed}; limit {one.limit_percent:g} %; drawn at version {at}"
        )
        if self.about.synthetic:
            zh, en = f"{zh}　含合成示范数据", f"{en}; contains synthetic demonstration data"
        return self.say(zh, en)

    def _cells(self, seen: Seen) -> Iterable[tuple[object, Any]]:
        row, drawn = seen.row, seen.row.drawn
        known = self.given.context.classes.get(str(drawn.get("class_code")))
        lon, lat = drawn.get(PLACE) or (None, None)
        titles = field_titles()
        names = [self.say(*titles.get(name, (name, name))) for name in row.fields]
        texts: Sequence[object] = (
            row.position, row.name, drawn.get("roman"), known.title if known else drawn.get("class_code"),
            self.given.context.divisions.name_of(str(drawn.get("town_code") or "")), drawn.get("place_code"),
        )  # fmt: skip
        yield from ((text, self.cell) for text in texts)
        yield lon, self.degrees
        yield lat, self.degrees
        verdict = self.say(*_VERDICTS[row.verdict])
        joined = self.say("、", ", ").join(names)
        yield from ((text, self.cell) for text in (row.place_version, verdict, joined, row.remark, row.who))

    def _results(self) -> None:
        say, results = self.say, self.given.sight.results
        sheet = self.book.add_worksheet(say("抽查结果", "Results"))
        for place, width in enumerate((30, 10, 10, 10, 12, 12, 12)):
            sheet.set_column(place, place, width)
        headings = (
            ("类别", "Class"), ("报送", "Submitted"), ("已判", "Judged"), ("错误", "Wrong"), ("错误率", "Share wrong"),
            ("95%下限", "95 % from"), ("95%上限", "95 % to"),
        )  # fmt: skip
        sheet.write_row(0, 0, [say(*titles) for titles in headings], self.heading)
        majors = {major.key: say(major.title_zh, major.title_en) for major in PLACE_MAJORS}
        # how many there are of each class is told to who may see all that was in the draw
        strata = self.given.submission.strata if self.given.sight.whole else {}
        lines: list[tuple[str, int | None, Share]] = [
            (majors.get(key, key or say("未分类", "No class")), strata[key][0] if key in strata else None, share)
            for key, share in results.majors.items()
        ]
        lines.append((say("合计", "All"), sum(of for of, _drawn in strata.values()) or None, results.all_))
        for row, (title, of, share) in enumerate(lines, start=1):
            counts: tuple[object, ...] = (title, of, share.judged, share.wrong)
            for place, count in enumerate(counts):
                _put(sheet, row, place, count, self.cell)
            for place, part in enumerate((share.share, share.low, share.high), start=4):
                _put(sheet, row, place, part, self.share)
        row = len(lines) + 2
        titles = field_titles()
        for name, number in results.fields.items():
            _put(sheet, row, 0, say(*titles.get(name, (name, name))), self.cell)
            _put(sheet, row, 1, number, self.cell)
            row += 1
        zh, en = _STATES[self.given.submission.state]
        notes = (
            say(f"状态：{zh}", f"State: {en}"), self.given.submission.decision,
            say("区间为 Clopper–Pearson 精确区间；分层按类别成比例抽取，每类至少一条；合计未加权。",
                "Intervals after Clopper and Pearson; drawn in proportion to the classes, at least one of each; the "
                "share over all is not weighted."),
            say("抽取方法：每类取“种子:唯一标识”的 SHA-256 值最小者。",
                "Drawn are of each class the records whose SHA-256 of “seed:permanent id” is smallest."),
        )  # fmt: skip
        for text in filter(None, notes):
            row += 1
            sheet.write_string(row, 0, text)


def _put(sheet: Any, row: int, column: int, value: object, style: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value), style)
