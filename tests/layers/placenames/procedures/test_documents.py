"""The documents, read again by python-docx: every field stands where it belongs, and made-up data says so."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from docx.shared import Cm

from layers import days
from layers.office.applications import Application
from layers.placenames.procedures.documents import NoDocument, day_text, document, documents_of, file_name
from layers.placenames.procedures.paper import paper_of
from tests.layers.placenames.procedures.conftest import AUTHORITY, BOSS, CLERK, NUMBER, Office, office

__all__ = ["office"]


def opened(office: Office, application: Application, key: str) -> Any:
    return Document(io.BytesIO(document(key, paper_of(office.desk, application, editor=BOSS))))


def form_of(paper: Any) -> dict[str, str]:
    """Label to value of the form's table."""
    found: dict[str, str] = {}
    for row in paper.tables[0].rows:
        cells = list(dict.fromkeys(row.cells))  # a merged cell is told once for each column
        assert len(cells) in (2, 4)
        for label, value in zip(cells[::2], cells[1::2], strict=True):
            found[label.text] = value.text
    return found


def text_of(paper: Any) -> str:
    return "\n".join(paragraph.text for paragraph in paper.paragraphs)


def test_the_filing_form_of_a_renaming(office: Office) -> None:
    given = office.about("rename", name="兴农北街", meaning="兴农街以北") | {
        "reason": "避免与规划道路混淆", "unit": "寒亭区住房和城乡建设局", "person": "张三",
    }  # fmt: skip
    done = office.act(office.approved(given), "file", editor=CLERK)
    paper = opened(office, done, "filing")
    form = form_of(paper)
    today = day_text(days.today().isoformat())
    place = office.row("place", office.street)
    assert form == {
        "标准地名": "兴农北街", "罗马字母拼写": "Xīngnóng Běijiē", "原地名": "兴农街", "专名": "兴农北", "通名": "街",
        "地名类别": "道路街巷（23510）", "地名代码": place["place_code"],
        "所在行政区": "潍坊市寒亭区寒亭街道万春园社区居委会",
        "地理位置": form["地理位置"], "地名来历": "不详", "地名含义": "兴农街以北", "历史沿革": "不详",
        "地理实体描述": place["description"], "申报单位": "寒亭区住房和城乡建设局", "经办人": "张三",
        "更名理由": "避免与规划道路混淆", "批准机关": AUTHORITY, "批准文号": NUMBER,
        "批准日期": today, "备案日期": today,
        "报送单位\n意见": "\n（盖章）\n年    月    日", "备案机关\n意见": "\n（盖章）\n年    月    日", "备注": "",
    }  # fmt: skip
    assert form["地理位置"].startswith("东经119°12′")
    assert paper.paragraphs[0].text == "地名更名备案登记表"
    assert done.number in text_of(paper)
    assert "演示数据" in text_of(paper)
    section = paper.sections[0]
    assert abs(section.page_width - Cm(21.0)) < Cm(0.1)
    assert abs(section.page_height - Cm(29.7)) < Cm(0.1)
    assert paper.core_properties.author == AUTHORITY
    assert file_name("filing", done) == f"备案登记表_{done.number}_兴农北街.docx"


def test_the_villagers_opinion_stands_in_the_form(office: Office) -> None:
    begun = office.begun(office.naming("振兴诗路", channel="rural"))
    asked = office.act(begun, "opinion", editor=CLERK, opinion={"pro": 41, "contra": 2, "abstained": 1})
    said = form_of(opened(office, asked, "filing"))["村民意见"]
    assert said.startswith("同意 41 人，反对 2 人，弃权 1 人")


def test_the_announcement_of_a_naming(office: Office) -> None:
    done = office.approved(office.naming("振兴诗路"))
    text = text_of(opened(office, done, "announcement"))
    for part in (
        "关于命名“振兴诗路”的公告", NUMBER, "国务院令第753号", f"经{AUTHORITY}批准", "命名为“振兴诗路”",
        "Zhènxīngshī Lù",
        "取振兴诗书之意", "特此公告。", day_text(done.approved),
    ):  # fmt: skip
        assert part in text, part
    assert "演示数据" not in text, "what a clerk enters is not made up"


def test_a_certificate_says_what_was_so_when_it_was_issued(office: Office) -> None:
    office.approved(office.about("rename", name="兴农北街"))
    begun = office.begun(office.about("certify") | {"unit": "潍坊某公司", "reason": "办理不动产登记"})
    done = office.act(office.act(begun, "review"), "approve")
    before = text_of(opened(office, done, "certificate"))
    for part in (
        done.certificate,
        "标准地名为“兴农北街”",
        "曾用名“兴农街”",
        "办理不动产登记",
        "潍坊某公司",
        "特此证明。",
    ):
        assert part in before, part
    office.approved(office.about("close"))
    assert text_of(opened(office, done, "certificate")) == before


def test_what_there_is_when(office: Office) -> None:
    begun = office.begun(office.naming("振兴诗路"))
    assert documents_of(begun) == ("filing",)
    with pytest.raises(NoDocument):
        opened(office, begun, "announcement")
    assert documents_of(office.begun(office.about("certify"))) == ()
    assert documents_of(office.begun(office.naming("康宁诗路", kind="prename"))) == ()
