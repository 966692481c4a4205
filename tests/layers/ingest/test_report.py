"""Findings as a file: all of them, in the reader's language, harmless to a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from shapely import Point

from layers.ingest.report import UnknownReport, write_report
from layers.register import Register
from tests.layers.ingest.made import planned

HERE = Point(118.4871, 36.6912)


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_every_finding_is_told_with_row_field_heading_and_advice(own_register: Register, tmp_path: Path) -> None:
    columns = {"\u6807\u51c6\u540d\u79f0": ["=1+1", "\u4e59\u6751"], "\u7c7b\u522b\u4ee3\u7801": ["22200", "99999"]}
    plan = planned(own_register, "place-names", columns, [None, HERE], file="names.csv")
    path = write_report(
        plan, tmp_path / "r.csv", language="zh", translate=lambda text: text.upper() if "%" not in text else text
    )
    head, *told = rows(path)
    assert head == ["FILE", "ROW", "FIELD", "HEADING", "RULE", "SEVERITY", "VALUE", "FINDING", "WHAT TO DO"]
    assert len(told) == len(plan.notes)
    wrong = next(row for row in told if row[4] == "unknown-class")
    assert wrong[:4] == ["names.csv", "3", "\u7c7b\u522b\u4ee3\u7801", "\u7c7b\u522b\u4ee3\u7801"]
    assert (wrong[5], wrong[6]) == ("ERROR", "99999")
    assert "99999" in wrong[7]
    assert wrong[8]
    assert not any(cell.startswith("=") for row in told for cell in row)
    assert path.read_bytes()[:3] == b"\xef\xbb\xbf"


def test_the_workbook_has_findings_changes_and_a_summary(own_register: Register, tmp_path: Path) -> None:
    with own_register.reading() as connection:
        place = own_register.frame(connection, "place").iloc[7]
    columns = {"uuid": [place["uuid"], None], "name": [place["name"], "\u4e59\u6751"], "meaning": ["=new", None],
               "class_code": [None, "99999"]}  # fmt: skip
    plan = planned(own_register, "place-names", columns, [place["geom"], HERE])
    book = openpyxl.load_workbook(write_report(plan, tmp_path / "r.xlsx", language="en"), read_only=True)
    assert book.sheetnames == ["Summary", "Findings", "Changes"]
    changes = list(book["Changes"].iter_rows(values_only=True))
    assert changes[1] == (2, place["name"], place["uuid"], "Meaning", place["meaning"], "=new")
    summary = dict(row[:2] for row in book["Summary"].iter_rows(values_only=True))
    assert (summary["Rows"], summary["changed"], summary["refused"]) == (2, 1, 1)
    assert len(list(book["Findings"].iter_rows())) == len(plan.notes) + 1
    book.close()


def test_a_report_of_another_kind_is_refused(own_register: Register, tmp_path: Path) -> None:
    plan = planned(own_register, "place-names", {"name": ["a"]}, [HERE])
    with pytest.raises(UnknownReport):
        write_report(plan, tmp_path / "r.pdf")
    assert list(tmp_path.glob("r.*")) == []


def test_findings_beyond_a_sheet_go_on_in_the_next(
    own_register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.ingest.report._SHEET_ROWS", 40)
    count = 60
    columns = {"name": [f"\u4e59\u6751{one}" for one in range(count)], "class_code": ["99999"] * count}
    plan = planned(own_register, "place-names", columns, [Point(118.4 + one * 1e-3, 36.7) for one in range(count)])
    book = openpyxl.load_workbook(write_report(plan, tmp_path / "r.xlsx"), read_only=True)
    sheets = [name for name in book.sheetnames if name.startswith("Findings")]
    assert len(sheets) > 1
    assert sum(len(list(book[name].iter_rows())) - 1 for name in sheets) == len(plan.notes)
    book.close()


def test_words_are_told_by_their_title_and_at_the_column_that_has_them(own_register: Register, tmp_path: Path) -> None:
    columns = {
        "\u6807\u51c6\u540d\u79f0": ["\u7532\u6751"],
        "\u6240\u5c5e\u53bf\u5e02\u533a": ["\u84ec\u83b1\u4ed9\u53bf"],
        "\u6240\u5c5e\u9547\u8857": [""],
    }
    plan = planned(own_register, "place-names", columns, [HERE])
    _, *told = rows(write_report(plan, tmp_path / "r.csv", language="en"))
    unknown = next(row for row in told if row[4] == "division-unknown")
    assert unknown[2:4] == ["County in words", "\u6240\u5c5e\u53bf\u5e02\u533a"]
    plan = planned(own_register, "place-names", {"class_code": ["22200"]}, [HERE])
    _, *told = rows(write_report(plan, tmp_path / "r.csv", language="en"))
    missing = next(row for row in told if row[4] == "column-missing")
    assert missing[2] == "Standard name"
    assert "\u201cStandard name\u201d" in missing[7]
