"""A sheet of A4 as offices write it: fonts, headings, the form's table. python-docx makes the file."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

BODY_FONT: Final = "仿宋"
HEAD_FONT: Final = "宋体"
LATIN_FONT: Final = "Times New Roman"
_INSTEAD: Final = {
    BODY_FONT: "FangSong, FangSong_GB2312, STFangsong, Noto Serif CJK SC",
    HEAD_FONT: "SimSun, STSong, Noto Serif CJK SC",
}
"""What a program takes that has not the font: offices on Linux have the Noto fonts."""
_WIDTH_CM: Final = 15.6

Cell = tuple[str, int]
"""A text and over how many of the form's columns it goes."""


class Sheet:
    """A document of one page or more, written from the top down."""

    def __init__(self, title: str, *, author: str, made: dt.date) -> None:
        self._document: Any = Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.top_margin, section.bottom_margin = Cm(2.8), Cm(2.4)
        section.left_margin = section.right_margin = Cm((21.0 - _WIDTH_CM) / 2)
        properties = self._document.core_properties
        properties.title, properties.author, properties.comments = title, author, ""
        properties.created = properties.modified = dt.datetime(made.year, made.month, made.day)  # noqa: DTZ001 - a day
        normal = self._document.styles["Normal"]
        _set_font(normal.element, BODY_FONT)
        normal.font.size = Pt(12)
        normal.paragraph_format.space_after = Pt(0)
        # else a program that has not the font takes Japanese forms of the characters in its place
        for language in self._document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")
        self._name_fonts()

    def heading(self, text: str, *, size_pt: float = 20, new_page: bool = False) -> None:
        """The title of the sheet, or of its next page."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.page_break_before = new_page
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(10)
        run = paragraph.add_run(text)
        run.bold = True
        run.font.size = Pt(size_pt)
        _set_font(run.element, HEAD_FONT)

    def line(self, text: str, *, align: str = "left", size_pt: float = 12, before_pt: float = 0) -> None:
        """One line, such as a number or a date."""
        paragraph = self._document.add_paragraph()
        _align(paragraph, align)
        paragraph.paragraph_format.space_before = Pt(before_pt)
        paragraph.add_run(text).font.size = Pt(size_pt)

    def paragraph(self, text: str, *, size_pt: float = 16) -> None:
        """A paragraph of the text, its first line set in by two characters."""
        paragraph = self._document.add_paragraph()
        _align(paragraph, "left")  # justified, a long code would tear its line apart
        paragraph.paragraph_format.first_line_indent = Pt(2 * size_pt)
        paragraph.paragraph_format.line_spacing = Pt(28)
        paragraph.add_run(text).font.size = Pt(size_pt)

    def form(self, rows: Sequence[Sequence[Cell]], widths_cm: Sequence[float], heights_cm: Sequence[float]) -> None:
        """The form's table: its cells in turn labels and values, each over as many columns as it says."""
        table = self._document.add_table(rows=len(rows), cols=len(widths_cm))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in enumerate(widths_cm):
            table.columns[column].width = Cm(width)
        for number, (cells, height) in enumerate(zip(rows, heights_cm, strict=True)):
            row = table.rows[number]
            row.height, row.height_rule = Cm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
            for column, width in enumerate(widths_cm):
                row.cells[column].width = Cm(width)
            at = 0
            for place, (text, span) in enumerate(cells):
                cell = row.cells[at]
                if span > 1:
                    cell = cell.merge(row.cells[at + span - 1])
                _fill(cell, text, label=place % 2 == 0, long="\n" in text or (span > 2 and len(text) > 30))
                at += span
            if at != len(widths_cm):
                raise ValueError(cells)

    def content(self) -> bytes:
        """The file."""
        stream = io.BytesIO()
        self._document.save(stream)
        return stream.getvalue()

    def _name_fonts(self) -> None:
        """Say in the file's table of fonts what may stand in for each."""
        part = next(rel.target_part for rel in self._document.part.rels.values() if rel.reltype.endswith("/fontTable"))
        further = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/></w:font>'
            for name, instead in _INSTEAD.items()
        )
        part._blob = part.blob.replace(  # noqa: SLF001 - python-docx has no way to write this part
            b"</w:fonts>", further.encode() + b"</w:fonts>"
        )


def _align(paragraph: Paragraph, align: str) -> None:
    paragraph.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
    }[align]


def _fill(cell: Any, text: str, *, label: bool, long: bool) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    lines = text.split("\n")
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        _align(paragraph, "center" if label or not long else "left")
        if number and number == len(lines) - 1 and line.endswith("日"):
            _align(paragraph, "right")
        paragraph.add_run(line).font.size = Pt(12)


def _set_font(element: Any, name: str) -> None:
    """Chinese characters in one font, Latin letters and digits in another."""
    fonts = element.get_or_add_rPr().get_or_add_rFonts()
    for kind, font in (("ascii", LATIN_FONT), ("hAnsi", LATIN_FONT), ("cs", LATIN_FONT), ("eastAsia", name)):
        fonts.set(qn(f"w:{kind}"), font)
