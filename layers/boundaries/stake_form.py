"""界桩登记表 as DOCX: one page for each stake, filled from the register, with room for sketch and signatures.

The text is Chinese whoever asks. The fields are those of MZ/T 149-2020 as far as they are known; an office with a form
of its own fills it from the same fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gis.errors import N_, NotFound
from layers import days
from layers.access import Reader
from layers.boundaries.browsing import OneStake, one_line, one_stake
from layers.boundaries.positions import dms, plane
from layers.boundaries.reference_features import MOST, ReferenceFeature
from layers.features import value_titles
from layers.index import Index
from layers.placenames.procedures.documents import day_text
from layers.placenames.procedures.sheet import Cell, Sheet

MOST_FORMS: Final = 500
"""So many pages a file may have."""
_WIDTHS: Final = (2.6, 5.2, 2.6, 5.2)
_NOTHING: Final = "—"
_SYNTHETIC: Final = "（演示数据，并非真实界桩）"
_NOTE: Final = "坐标由登记位置换算，横坐标含带号；方位角为坐标方位角；高程与距离单位为米。"
_SIGN: Final = "\n（签字盖章）\n年    月    日"

Row = tuple[list[Cell], float]


class NoStakes(NotFound):
    """A line without a stake that the reader may see has no forms."""

    code = "no-stakes"


def form_of_stake(index: Index, stake: str, *, reader: Reader) -> tuple[str, bytes]:
    """The form of one stake: what the file is called, and the file.

    Raises
    ------
    UnknownFeature
    """
    found = one_stake(index, stake, reader=reader)
    return f"界桩登记表_{_text(found, 'number')}.docx", _written([found], f"界桩登记表 {_text(found, 'number')}")


def forms_of_line(index: Index, line: str, *, reader: Reader) -> tuple[str, bytes]:
    """The forms of all stakes of a line in their order along it, one page each.

    Raises
    ------
    UnknownFeature, NoStakes
    """
    with index.held():
        found = one_line(index, line, reader=reader)
        stakes = [one_stake(index, stake.uuid, reader=reader) for stake in found.facts.stakes[:MOST_FORMS]]
    if not stakes:
        raise NoStakes(N_("No stake is registered on this line."))
    name = str(found.record.get("code") or found.record.get("name") or "")
    return f"界桩登记表_{name}.docx", _written(stakes, f"界桩登记表 {name}")


def _written(stakes: Sequence[OneStake], title: str) -> bytes:
    sheet = Sheet(title, author="民政局", made=days.today())
    for number, stake in enumerate(stakes):
        sheet.heading("界桩登记表", size_pt=18, new_page=number > 0)
        synthetic = _SYNTHETIC if stake.record.get("source") == "synthetic" else ""
        sheet.line(f"编号：{_text(stake, 'number')}{synthetic}", align="right", size_pt=11)
        rows = _rows(stake)
        sheet.form([cells for cells, _ in rows], _WIDTHS, [height for _, height in rows])
        sheet.line(f"说明：{_NOTE}{_status(stake)}", size_pt=9, before_pt=4)
    return sheet.content()


def _rows(stake: OneStake) -> list[Row]:
    def pair(one: str, value: str, other: str, second: str, height: float = 0.75) -> Row:
        return ([(one, 1), (value or _NOTHING, 1), (other, 1), (second or _NOTHING, 1)], height)

    def whole(title: str, value: str, height: float = 0.75) -> Row:
        return ([(title, 1), (value, 3)], height)

    def text(name: str) -> str:
        return _text(stake, name)

    lon, lat, east, north, system = _position(stake)
    lines = [(line.state, on) for line, on in stake.lines]
    names = "\n".join(str(state.get("name") or "") for state, _ in lines)
    codes = "\n".join(str(state.get("code") or "") for state, _ in lines)
    chainage = "；".join(
        f"{on.measured_m / 1000:.3f}千米" + (f"（{state.get('code')}）" if len(lines) > 1 else "")
        for state, on in lines
        if on.measured_m == on.measured_m
    )
    sides = _sides(stake)
    sketch_cm = 3.0 if len(sides) < 3 else 1.2  # with the third side the page is full
    return [
        pair("界桩编号", text("number"), "界桩代码", text("code")),
        pair("界线名称", names, "界线代码", codes),
        pair("界桩类型", _title("kind", stake), "界桩等级", _title("grade", stake)),
        pair("界桩材质", text("material"), "界桩规格", text("size")),
        whole("碑面文字", text("lettering") or _NOTHING),
        whole("所在地", text("location") or _NOTHING),
        pair("东经", lon, "北纬", lat),
        pair("横坐标", east, "纵坐标", north),
        pair("高程", text("height_m"), "高程基准", text("height_system")),
        pair("坐标系", system, "点位中误差", text("accuracy_m")),
        whole("沿线里程", chainage or _NOTHING),
        *(whole(f"方位物{number + 1}", _feature(stake.features, number)) for number in range(MOST)),
        whole("位置说明", text("description") or _NOTHING, 1.2),
        whole("界桩位置\n略图", "", sketch_cm),
        pair("埋设日期", day_text(text("set_up")), "埋设单位", text("set_by")),
        pair("登记人", text("registered_by"), "登记日期", day_text(text("registered_on"))),
        *_signatures(sides),
        whole("备注", text("note"), 0.9),
    ]


def _status(stake: OneStake) -> str:
    """What the form says of lines that are not the legal ones."""
    derived = [line.state for line, _ in stake.lines if line.state.get("status") != "official"]
    codes = "、".join(str(state.get("code") or state.get("name") or "") for state in derived)
    return f"界线 {codes} 由面状数据推得，并非法定界线。" if derived else ""


def _feature(features: Sequence[ReferenceFeature], number: int) -> str:
    if number >= len(features):
        return ""
    one = features[number]
    parts = [one.kind]
    if one.azimuth_deg is not None:
        parts.append(f"方位角 {one.azimuth_deg:.1f}°")
    if one.distance_m is not None:
        parts.append(f"距离 {one.distance_m:.1f} 米")
    if one.description:
        parts.append(one.description)
    return "，".join(parts)


def _position(stake: OneStake) -> tuple[str, str, str, str, str]:
    if stake.position is None:
        return "", "", "", "", ""
    lon, lat = stake.position
    flat = plane(lon, lat)
    return (
        dms(lon, places=4), dms(lat, places=4), f"{flat.east_m:.3f}", f"{flat.north_m:.3f}",
        f"CGCS2000\n3度带 第{flat.zone}带",
    )  # fmt: skip


def _sides(stake: OneStake) -> list[str]:
    """Who signs: the divisions on the sides of its lines, each once."""
    found = [str(line.state.get(f"{side}_name") or "") for line, _ in stake.lines for side in ("left", "right")]
    return list(dict.fromkeys(name for name in found if name)) or ["一方", "另一方"]


def _signatures(sides: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    for first in range(0, len(sides), 2):
        pair = sides[first : first + 2]
        over = 1 if len(pair) == 2 else 3
        rows.append(([cell for side in pair for cell in ((f"{side}\n代表", 1), (_SIGN, over))], 1.7))
    return rows


def _title(name: str, stake: OneStake) -> str:
    value = stake.record.get(name)
    titles = value_titles("stakes", name, value) if value is not None else None
    return titles[0] if titles else _text(stake, name)


def _text(stake: OneStake, name: str) -> str:
    value = stake.record.get(name)
    return "" if value is None else str(value)
