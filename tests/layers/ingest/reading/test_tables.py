"""Sheets and text files as offices make them: titles above headings, two rows of headings, codes, dates."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from layers.ingest.reading import peek_isolated, read_isolated
from layers.ingest.reading.faults import DamagedFile, LayerUnknown, ManyLayers, NoRows, RaggedRows, UnclearEncoding

MOMENT = datetime.fromisoformat("2022-03-04T05:06:07")
HEADINGS = ["标准名称", "代码", "日期"]


def book(path: Path, *sheets: tuple[str, list[list[Any]]], merged: tuple[str, ...] = ()) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for place in merged:
            sheet.merge_cells(place)
    made.save(path)
    return path


def rules(reading: Any) -> list[str]:
    return [one.rule for one in reading.findings]


def test_titles_above_and_empty_rows_between(tmp_path: Path) -> None:
    rows = [
        ["青州市地名登记表"],
        [],
        ["填报单位：示例单位", None, "2022年"],
        [*HEADINGS, None],
        ["甲", 370781, date(2022, 3, 4), None],
        [None, "  ", None, None],
        ["乙", 370702, MOMENT, None],
        [],
    ]
    reading = read_isolated(book(tmp_path / "a.xlsx", ("表一", rows), merged=("A1:C1",)))
    # the row of the form's head fills most of a table as narrow as this one; a wider one is told from it
    rows[3:] = [[*row, *([None] * (3 - len(row))), *"一二三四五"] for row in rows[3:]]
    wide = read_isolated(book(tmp_path / "b.xlsx", ("表一", rows), merged=("A1:C1",)))
    assert reading.rows[-1] == 7
    assert list(wide.frame.columns)[:3] == HEADINGS
    assert wide.rows.tolist() == [5, 6, 7, 8]
    assert rules(wide)[0] == "heading-row"
    assert wide.findings[0].params["row"] == 4


def test_values_stay_as_written(tmp_path: Path) -> None:
    rows = [
        ["代码", "长码", "混合", "数", "是否", "日期", "时刻", "文本", "空"],
        [370781, 37078110022200000000, 5, 1.5, True, date(2022, 3, 4), MOMENT, "0012", None],
        [370702, 1, "五", 2, False, None, None, " x ", None],
    ]
    reading = read_isolated(book(tmp_path / "a.xlsx", ("表", rows)))
    frame = reading.frame
    assert frame["代码"].tolist() == [370781, 370702]
    assert str(frame["代码"].dtype) == "Int64"
    assert frame["长码"].tolist()[1] == "1"
    assert frame["混合"].tolist() == ["5", "五"]
    assert frame["数"].tolist() == [1.5, 2.0]
    assert frame["是否"].tolist() == [True, False]
    assert frame["日期"].tolist()[0] == "2022-03-04"
    assert frame["时刻"].tolist()[0] == "2022-03-04T05:06:07"
    assert frame["文本"].tolist() == ["0012", " x "]
    assert frame["空"].isna().all()
    assert "digits-lost" in rules(reading)


def test_two_rows_of_headings(tmp_path: Path) -> None:
    rows = [
        ["名称", "坐标", None, "起点", None, "终点", None],
        [None, "经度", "纬度", "东", "北", "东", "北"],
        ["甲", 119.1, 36.7, 1, 2, 3, 4],
    ]
    merged = ("A1:A2", "B1:C1", "D1:E1", "F1:G1")
    reading = read_isolated(book(tmp_path / "a.xlsx", ("表", rows), merged=merged))
    assert list(reading.frame.columns) == ["名称", "经度", "纬度", "起点东", "起点北", "终点东", "终点北"]
    assert reading.rows.tolist() == [3]


def test_headings_that_are_missing_or_doubled(tmp_path: Path) -> None:
    rows = [["名称", None, "名称", "标准\n名称", None], ["甲", "x", "y", "z", None], ["乙", "u", "v", "w", None]]
    reading = read_isolated(book(tmp_path / "a.xlsx", ("表", rows)))
    assert list(reading.frame.columns) == ["名称", "B", "名称 (2)", "标准名称"]
    assert rules(reading) == ["heading-missing", "heading-doubled"]


def test_error_cells_are_named(tmp_path: Path) -> None:
    rows = [["名称", "数"], ["甲", "#N/A"], ["乙", "#DIV/0!"]]
    reading = read_isolated(book(tmp_path / "a.xlsx", ("说明", [["说明"]]), ("表", rows)), layer="表")
    assert reading.frame["数"].isna().all()
    assert [(one.rule, one.severity) for one in reading.findings] == [("error-cells", "error")]
    assert "B2 #N/A, B3 #DIV/0!" in reading.findings[0].message


def test_which_sheet(tmp_path: Path) -> None:
    one = ("地名", [HEADINGS, ["甲", "1", "2"]])
    path = book(tmp_path / "a.xlsx", ("空", []), one, ("只有标题", [HEADINGS]))
    assert read_isolated(path).layer == "地名"
    assert [(sheet.name, sheet.rows) for sheet in peek_isolated(path)] == [("空", 0), ("地名", 1), ("只有标题", 0)]
    with pytest.raises(LayerUnknown, match="没有") as told:
        read_isolated(path, layer="没有")
    assert "地名" in told.value.hint
    with pytest.raises(NoRows):
        read_isolated(path, layer="只有标题")
    with pytest.raises(ManyLayers, match="地名, 又一"):
        read_isolated(book(tmp_path / "b.xlsx", one, ("又一", one[1])))
    with pytest.raises(NoRows):
        read_isolated(book(tmp_path / "c.xlsx", ("空", [])))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str, mark: str) -> None:
    lines = [
        HEADINGS,
        ["甲", "0012", "2022-01-01"],
        ["", "", ""],
        [f'"a{delimiter}b"', '"两""行', '"x'],
        [],
        ["乙", "1", ""],
    ]
    lines[3] = [f'"a{delimiter}b"', '"say ""hi"""', f'"x{end}y"']
    path = tmp_path / "a.csv"
    path.write_bytes((mark + end.join(delimiter.join(line) for line in lines) + end).encode())
    reading = read_isolated(path)
    assert list(reading.frame.columns) == HEADINGS
    assert reading.frame["代码"].tolist() == ["0012", 'say "hi"', "1"]
    assert reading.frame["标准名称"].tolist() == ["甲", f"a{delimiter}b", "乙"]
    assert reading.rows.tolist() == [2, 4, 7]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
def test_encodings_of_text(tmp_path: Path, encoding: str) -> None:
    text = "标准名称,罗马字母\n潍坊市青州市,Wéifāng\n昌邑市岞山街道,Zuòshān\n"
    data = text.encode(encoding)
    (tmp_path / "a.csv").write_bytes(b"\xfe\xff" + data if encoding == "utf-16-be" else data)
    reading = read_isolated(tmp_path / "a.csv")
    assert reading.frame["罗马字母"].tolist() == ["Wéifāng", "Zuòshān"]
    assert ("encoding-assumed" in rules(reading)) == (encoding == "gb18030")


def test_encodings_that_are_no_guess(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for data in (
        "名稱,備註\n臺北縣,測試資料\n".encode("big5"),
        "名称\n锟斤拷锟斤拷\n".encode("gbk"),
        "name\nMünchen,Köln,Düsseldorf\n".encode("latin-1"),
        b"a,b\n\xff\xfe\xfd,\x81\n",
    ):
        path.write_bytes(data)
        with pytest.raises(UnclearEncoding, match="cannot be told"):
            read_isolated(path)
    path.write_bytes("名称\n岞山\n".encode("gbk"))
    assert read_isolated(path, encoding="GBK").frame["名称"].tolist() == ["岞山"]
    with pytest.raises(UnclearEncoding, match="UTF-8"):
        read_isolated(path, encoding="utf-8")
    with pytest.raises(UnclearEncoding, match="no encoding"):
        read_isolated(path, encoding="klingon")


def test_texts_that_were_broken_before(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("名称,备注\n锟斤拷村,好\n乙村,\ufffd\n", encoding="utf-8")
    reading = read_isolated(tmp_path / "a.csv")
    assert rules(reading)[0] in ("texts-broken", "encoding-assumed")
    told = next(one for one in reading.findings if one.rule == "texts-broken")
    assert (told.severity, told.params["columns"]) == ("warning", "名称, 备注")


def test_rows_that_are_too_long(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n3,4,5\n6\n7,8,\n9,10,11\n")
    with pytest.raises(RaggedRows, match=r"2 rows of a\.csv .* lines 3, 6"):
        read_isolated(path)
    path.write_text("a,b\n1,2\n6\n7,8,\n")
    assert read_isolated(path).frame["b"].fillna("-").tolist() == ["2", "-", "8"]


def test_text_files_without_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for text, fault in (("", NoRows), ("\n\n", NoRows), ("a,b\n", NoRows), ("a,b\n,\n", NoRows)):
        path.write_text(text)
        with pytest.raises(fault, match=r"a\.csv"):
            read_isolated(path)


def test_said_delimiter_and_chinese_comma(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=;\na;b\n1,5;2\n")
    reading = read_isolated(tmp_path / "a.csv")
    assert (reading.frame["a"].tolist(), reading.rows.tolist()) == (["1,5"], [3])
    (tmp_path / "b.txt").write_text("名称，备注\n甲，一\n乙，二\n")
    assert read_isolated(tmp_path / "b.txt").frame["备注"].tolist() == ["一", "二"]


def test_workbooks_that_are_damaged(tmp_path: Path) -> None:
    whole = book(tmp_path / "a.xlsx", ("地名", [HEADINGS, ["甲", "1", "2"]])).read_bytes()
    (tmp_path / "b.xlsx").write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(DamagedFile, match=r"b\.xlsx"):
        read_isolated(tmp_path / "b.xlsx")
    (tmp_path / "c.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    with pytest.raises(DamagedFile, match=r"c\.xls"):
        read_isolated(tmp_path / "c.xls")
