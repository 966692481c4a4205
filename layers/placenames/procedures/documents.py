"""The documents of an application: the filing form (备案登记表), the announcement (公告), the certificate (地名证明).

The texts are Chinese whoever asks: they go to Chinese offices and readers. They follow what 地名管理条例 (State Council
order 753) asks of a filing and an announcement; an office that has a form of its own fills it from the same fields.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from gis.errors import N_, NotFound
from layers import days
from layers.office.applications import Application
from layers.placenames.procedures.kinds import kind_named
from layers.placenames.procedures.paper import Paper
from layers.placenames.procedures.sheet import Cell, Sheet

_LAW: Final = "《地名管理条例》（国务院令第753号）和《地名管理条例实施办法》（民政部令第71号）"
_SYNTHETIC: Final = "（演示数据，并非真实地名）"
_NOTHING: Final = "—"
_SEAL: Final = "\n（盖章）\n年    月    日"


class NoDocument(NotFound):
    """A document that this application does not have, or not yet."""

    code: ClassVar[str] = "no-document"


def documents_of(application: Application) -> tuple[str, ...]:
    """Which documents an application has as it stands: keys of `TITLES`."""
    kind = kind_named(application.kind)
    found = []
    if kind.filed:
        found.append("filing")  # also before the approval: it is what the approval is asked for with
        if application.approved:
            found.append("announcement")
    if kind.certified and application.approved:
        found.append("certificate")
    return tuple(found)


def document(key: str, paper: Paper) -> bytes:
    """A document as DOCX.

    Raises
    ------
    NoDocument
    """
    if key not in documents_of(paper.application):
        raise NoDocument(
            N_("The application has no such document."), hint=N_("Announcements and certificates follow the approval.")
        )
    return _MAKERS[key](paper)


def file_name(key: str, application: Application) -> str:
    """What the file is called."""
    return f"{TITLES[key][0]}_{application.number}_{application.name}.docx"


def filing_form(paper: Paper) -> bytes:
    """地名备案登记表: what is filed with the next higher office after an approval."""
    one = paper.application
    sheet = _sheet(paper, f"地名{paper.kind.title_zh}备案登记表")
    sheet.line(f"编号：{one.number}{_SYNTHETIC if paper.synthetic else ''}", align="right", size_pt=11)
    rows = [row for row in _rows(paper) if row is not None]
    sheet.form([row for row, _ in rows], (2.9, 4.8, 2.9, 5.0), [height for _, height in rows])
    sheet.line(
        f"说明：依据{_LAW}填写；应于{day_text(paper.filing_due)}前报送备案。坐标为2000国家大地坐标系（CGCS2000）。",
        size_pt=9, before_pt=6,
    )  # fmt: skip
    return sheet.content()


Row = tuple[list[Cell], float]


def _rows(paper: Paper) -> list[Row | None]:
    one, kind, text = paper.application, paper.kind, paper.text
    renamed = kind.key == "rename"
    opinion = one.opinion
    said = "" if not opinion else (
        f"同意 {opinion['pro']} 人，反对 {opinion['contra']} 人，弃权 {opinion['abstained']} 人"
        f"（{day_text(str(opinion['day']))}）{opinion.get('remark') or ''}"
    )  # fmt: skip
    old = paper.former[-1].name if renamed and one.approved and paper.former else one.name_before
    return [
        ([("标准地名", 1), (one.name, 1), ("罗马字母拼写", 1), (text("roman") or _NOTHING, 1)], 1.0),
        ([("原地名", 1), (old, 3)], 0.9) if renamed else None,
        ([("专名", 1), (text("specific") or _NOTHING, 1), ("通名", 1), (text("generic") or _NOTHING, 1)], 0.9),
        (
            [("地名类别", 1), (f"{paper.class_title}（{one.class_code}）", 1), ("地名代码", 1),
             (text("place_code") or _NOTHING, 1)],
            0.9,
        ),
        ([("所在行政区", 1), (paper.where, 3)], 0.9),
        ([("地理位置", 1), (_place(paper), 3)], 0.9),
        ([("地名来历", 1), (text("origin") or _NOTHING, 3)], 1.2),
        ([("地名含义", 1), (text("meaning") or _NOTHING, 3)], 1.2),
        ([("历史沿革", 1), (text("history") or _NOTHING, 3)], 1.2),
        ([("地理实体描述", 1), (text("description") or _NOTHING, 3)], 1.2),
        ([("申报单位", 1), (one.unit or _NOTHING, 1), ("经办人", 1), (one.person or _NOTHING, 1)], 0.9),
        ([(f"{kind.title_zh}理由", 1), (one.reason or _NOTHING, 3)], 1.2),
        ([("村民意见", 1), (said, 3)], 0.9) if said else None,
        (
            [("批准机关", 1), (one.authority or _NOTHING, 1), ("批准文号", 1), (one.decision or _NOTHING, 1)], 0.9
        ),
        (
            [("批准日期", 1), (day_text(one.approved) or _NOTHING, 1), ("备案日期", 1),
             (day_text(one.filed) or _NOTHING, 1)],
            0.9,
        ),
        ([("报送单位\n意见", 1), (_SEAL, 1), ("备案机关\n意见", 1), (_SEAL, 1)], 2.6),
        ([("备注", 1), (text("note"), 3)], 0.9),
    ]  # fmt: skip


def announcement(paper: Paper) -> bytes:
    """公告: what the readers of a newspaper or a website are told of a decision."""
    one, kind = paper.application, paper.kind
    authority = one.authority or f"{paper.county}人民政府"
    sheet = _sheet(paper, f"关于{_what(paper)}的公告", size_pt=22)
    sheet.line(one.decision, align="center", size_pt=14)
    if paper.synthetic:
        sheet.line(_SYNTHETIC, align="center", size_pt=11)
    sheet.line("")
    told = {
        "name": f"将位于{paper.where}的{paper.class_title or '地理实体'}命名为“{one.name}”",
        "rename": f"将位于{paper.where}的“{one.name_before}”更名为“{one.name}”",
        "close": f"将位于{paper.where}的地名“{one.name_before}”予以销名",
    }[kind.key]
    sheet.paragraph(
        f"根据{_LAW}的有关规定，经{authority}批准，决定{told}，自{day_text(one.approved)}起施行。现公告如下："
    )
    for number, (title, text) in enumerate(_told(paper), start=1):
        sheet.paragraph(f"{_COUNTED[number]}、{title}：{text}")
    if kind.key == "rename":
        sheet.paragraph(f"原地名“{one.name_before}”自公告之日起停止使用，作为曾用名保留。")
    sheet.paragraph("特此公告。")
    _sign(sheet, authority, one.announced or one.filed or one.approved)
    return sheet.content()


_COUNTED: Final = "〇一二三四五六七八九十"


def _told(paper: Paper) -> list[tuple[str, str]]:
    one = paper.application
    pairs = [
        ("标准地名", "" if paper.kind.key == "close" else one.name),
        ("罗马字母拼写", "" if paper.kind.key == "close" else paper.text("roman")),
        ("地名类别", paper.class_title),
        ("地名代码", _code(paper)),
        ("地理位置", _place(paper)),
        ("地名含义", "" if paper.kind.key == "close" else paper.text("meaning")),
        (f"{paper.kind.title_zh}理由", one.reason),
    ]
    return [(title, text) for title, text in pairs if text and text not in (_NOTHING, "不详")]


def certificate(paper: Paper) -> bytes:
    """地名证明: what the standard name of a place is, and which it had before."""
    one = paper.application
    sheet = _sheet(paper, "地名证明" if paper.kind.key == "certify" else "地名证明（换补）", size_pt=22)
    sheet.line(f"编号：{one.certificate}", align="center", size_pt=14)
    if paper.synthetic:
        sheet.line(_SYNTHETIC, align="center", size_pt=11)
    sheet.line("")
    roman = f"（罗马字母拼写：{paper.text('roman')}）" if paper.text("roman") else ""
    code = f"，地名代码为{_code(paper)}" if _code(paper) else ""
    sheet.paragraph(
        f"兹证明：位于{paper.where}的{paper.class_title or '地名'}，标准地名为“{paper.text('name')}”{roman}{code}。"
    )
    if paper.text("usage") == "historical":
        sheet.paragraph(
            f"该地名已于{day_text(paper.text('valid_to')) or paper.text('abolished')}停止使用，现为历史地名。"
        )
    for former in paper.former:
        until = f"，使用至{day_text(former.until)}" if former.until else ""
        by = f"（{former.decision}）" if former.decision else ""
        sheet.paragraph(f"该地曾用名“{former.name}”{until}{by}。")
    if one.reason:
        sheet.paragraph(f"本证明用于：{one.reason}。")
    if paper.kind.key == "replace":
        sheet.paragraph("本证明系换（补）发，原证明同时作废。")
    applicant = "，".join(word for word in (one.unit, one.person) if word)
    if applicant:
        sheet.paragraph(f"申请人：{applicant}。")
    sheet.paragraph("特此证明。")
    _sign(sheet, one.authority or f"{paper.county}民政局", one.approved)
    return sheet.content()


def _sheet(paper: Paper, title: str, *, size_pt: float = 20) -> Sheet:
    made = days.day_or_none(paper.application.approved) or days.today()
    sheet = Sheet(title, author=paper.application.authority or f"{paper.county}民政局", made=made)
    sheet.heading(title, size_pt=size_pt)
    return sheet


def _what(paper: Paper) -> str:
    one = paper.application
    return {
        "name": f"命名“{one.name}”",
        "rename": f"“{one.name_before}”更名为“{one.name}”",
        "close": f"“{one.name_before}”销名",
    }[paper.kind.key]


def _sign(sheet: Sheet, authority: str, day: str | None) -> None:
    sheet.line("")
    sheet.line(f"{authority}（盖章）    ", align="right", size_pt=16, before_pt=24)
    sheet.line(f"{day_text(day)}    ", align="right", size_pt=16, before_pt=6)


def _place(paper: Paper) -> str:
    if paper.point is None:
        return _NOTHING
    lon, lat = paper.point
    to_lon, to_lat = paper.state.get("to_lon"), paper.state.get("to_lat")
    far = f"；至东经{_dms(to_lon)}，北纬{_dms(to_lat)}" if to_lon and to_lat else ""
    return f"东经{_dms(lon)}，北纬{_dms(lat)}{far}"


def _code(paper: Paper) -> str:
    """The place-name code in its parts, as people read it."""
    code = paper.text("place_code")
    return f"{code[:6]}-{code[6:9]}-{code[9:14]}-{code[14:]}" if len(code) == 20 else code


def _dms(degrees: float) -> str:
    """Degrees, minutes and whole seconds, as forms write them."""
    seconds = round(degrees * 3600)
    return f"{seconds // 3600}°{seconds // 60 % 60:02d}′{seconds % 60:02d}″"


def day_text(day: str | None) -> str:
    """A day as documents write it: 2026年11月28日; empty for none."""
    if not day:
        return ""
    found: dt.date | None = days.day_or_none(day)
    return f"{found.year}年{found.month}月{found.day}日" if found is not None else day


TITLES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "filing": ("备案登记表", "Filing form"),
        "announcement": ("公告", "Announcement"),
        "certificate": ("地名证明", "Certificate"),
    }
)
"""The documents and what they are called."""

_MAKERS: Final[Mapping[str, Callable[[Paper], bytes]]] = MappingProxyType(
    {"filing": filing_form, "announcement": announcement, "certificate": certificate}
)
