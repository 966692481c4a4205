"""The registration form out and back: what is the same is the same, what was changed is taken, what clashes is told."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from layers import days
from layers.access import ADMINISTRATOR, LOCAL_EDITOR, PUBLIC, Editor, OutOfReach, Reader
from layers.filters import Filters
from layers.history import undo_batch
from layers.index import Index
from layers.ingest.model import Reading
from layers.ingest.plan import ImportRefused
from layers.ingest.reading import read_isolated
from layers.placenames.formbook import Merge, NotAFormBook, Written, apply_merge, merge_book, write_book
from layers.placenames.formbook.applying import BookRefused, MergeMoved, NotChosen
from layers.placenames.formbook.exporting import SHEET
from layers.provenance import about
from layers.register import Register, create_register

EDITOR = LOCAL_EDITOR("clerk")
KINDS = {"alias": "别名", "abbreviation": "简称", "former": "曾用名"}


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with create_register(tmp_path / "r.gpkg") as made:
        with made.writing() as connection:
            for code, name, level, town in (
                ("370781", "青州市", "county", None),
                ("370782", "诸城市", "county", None),
                ("370781001", "王府街道", "town", None),
                ("370781002", "益都街道", "town", None),
                ("370781001005", "东夏村", "village", "370781001"),
            ):
                made.insert(
                    connection,
                    "division",
                    {"code": code, "name": name, "level": level, "county_code": code[:6], "town_code": town,
                     "inside": True, "parent_code": None if level == "county" else code[:6],
                     "geom": shapely.Point(118.5, 36.7)},
                )  # fmt: skip
            for code, title, major in (("22200", "农村居民点", "settlement"), ("24230", "水库", "hydraulic")):
                made.insert(connection, "place_class", {"code": code, "title": title, "major": major})
        yield made


def put(register: Register, **values: object) -> str:
    row = {
        "name": "东夏村", "roman": "Dōngxiàcūn", "class_code": "22200", "major": "settlement", "usage": "current",
        "county_code": "370781", "town_code": "370781001", "village_code": "370781001005",
        "geom": shapely.Point(118.5, 36.7), "meaning": "不详", "history": "不详", "description": "某处",
        "registered_by": "某", "registered_at": "2017-06-02", "registered_unit": "某单位", "source": "测试",
    }  # fmt: skip
    with register.writing() as connection:
        return register.insert(connection, "place", row | values)


def put_name(register: Register, place: str, name: str, kind: str = "alias", **values: object) -> str:
    with register.writing() as connection:
        return register.insert(connection, "place_name", {"place_uuid": place, "name": name, "kind": kind} | values)


def update(register: Register, uuid: str, **values: object) -> None:
    with register.writing(who="other") as connection:
        register.update(connection, "place", uuid, values)


def value(register: Register, uuid: str, name: str) -> Any:
    with register.reading() as connection:
        return register.frame(connection, "place", uuids=[uuid])[name].iloc[0]


def names(register: Register, uuid: str) -> set[tuple[str, str]]:
    with register.reading() as connection:
        frame = register.frame(connection, "place_name")
    frame = frame[frame["place_uuid"] == uuid]
    return set(zip(frame["kind"], frame["name"], strict=True))


def book(register: Register, path: Path, *, reader: Reader = ADMINISTRATOR, **filters: Any) -> Written:
    index = Index(register)
    only = filters.pop("only", None)
    return write_book(
        index, path, reader=reader, filters=Filters(**filters), about=about(index, day=days.today()), only=only
    )


def read(path: Path) -> Reading:
    return read_isolated(path, name=path.name, layer=SHEET)


def merged(register: Register, path: Path, *, reader: Reader = ADMINISTRATOR) -> Merge:
    return merge_book(Index(register), read(path), reader=reader)


def edit(path: Path, work: Callable[[Any, dict[str, int]], None]) -> None:
    """Work on the form as somebody would in a spreadsheet program: headings without asterisks to column numbers."""
    made = openpyxl.load_workbook(path)
    sheet = made[SHEET]
    work(sheet, {str(cell.value).removesuffix("*"): cell.column for cell in sheet[1]})
    made.save(path)
    made.close()


def put_cell(sheet: Any, row: int, column: int, value: object) -> None:
    sheet.cell(row, column).value = value  # None empties the cell only so


def set_cell(path: Path, heading: str, value: object, row: int = 2) -> None:
    edit(path, lambda sheet, columns: put_cell(sheet, row, columns[heading], value))


def told(merge: Merge) -> list[tuple[str, str, str]]:
    return [(one.column.key, one.before, one.after) for one in merge.differences]


def test_the_whole_demonstration_comes_back_without_a_difference(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    written = write_book(index, path, reader=ADMINISTRATOR, filters=Filters(), about=about(index, day=days.today()))
    assert written.count == 51_991
    merge = merge_book(index, read(path), reader=ADMINISTRATOR)
    assert (merge.rows, merge.missing, merge.strays, merge.twice, merge.left) == (51_991, 0, (), (), ())
    assert merge.known
    assert merge.empty
    assert merge.kept == 0


_TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00") | st.sampled_from("；;=_x000D_<r>&\r\n\t "),
    max_size=12,
)
_NUMBER = st.floats(-180, 180) | st.sampled_from([0.0, -0.0, 1e-12, 119.123456789123])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "name": _TEXT, "origin": _TEXT, "class_code": st.sampled_from(["22200", "农村居民点", "x", "", None]),
                "usage": st.sampled_from(["current", "现今", "别的", "", None]), "note": _TEXT | st.none(),
                "village_code": st.sampled_from(["370781001005", "东夏村", "9", None]), "to_lon": _NUMBER | st.none(),
                "place_code": st.sampled_from(["37078100122200000001", "1e5", "007", None]),
                "attributes": st.none() | st.just({"households": 3}) | st.just({"households": "三", "other": [1]}),
                "registered_at": st.sampled_from(["2017-06-02", None]),
                "geom": st.none() | st.builds(shapely.Point, _NUMBER, st.floats(-90, 90)),
            }
        ),
        min_size=1,
        max_size=6,
    ),
    others=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(sorted(KINDS)), _TEXT), max_size=5),
)  # fmt: skip
def test_any_register_comes_back_without_a_difference(
    register: Register, tmp_path: Path, rows: list[dict[str, Any]], others: list[tuple[int, str, str]]
) -> None:
    with register.writing() as connection:
        for table in ("place_name", "place"):
            for uuid in register.frame(connection, table, columns=["uuid"])["uuid"]:
                register.delete(connection, table, uuid)
        uuids = [register.insert(connection, "place", row) for row in rows]
        for place, kind, name in others:
            values = {"place_uuid": uuids[place % len(uuids)], "kind": kind, "name": name}
            register.insert(connection, "place_name", values)
    path = tmp_path / "book.xlsx"
    assert book(register, path).count == len(rows)
    merge = merged(register, path)
    assert (merge.rows, told(merge), merge.clashes, merge.missing) == (len(rows), [], (), 0)
    assert merge.empty


def test_the_book_opens_as_a_form_with_locked_ids_and_lists(register: Register, tmp_path: Path) -> None:
    uuid = put(register, name="=1+1", note="<r>&")
    path = tmp_path / "book.xlsx"
    book(register, path)
    made = openpyxl.load_workbook(path)
    assert made.sheetnames == [SHEET, "说明", "选项"]
    assert made["选项"].sheet_state == "hidden"
    sheet = made[SHEET]
    headings = [str(cell.value) for cell in sheet[1]]
    assert headings[:4] == ["标识", "版本", headings[2], "标准名称*"]
    assert headings[2].startswith("校验;1;")
    assert sheet.column_dimensions["C"].hidden
    row = {heading.removesuffix("*"): cell for heading, cell in zip(headings, sheet[2], strict=True)}
    assert row["标识"].value == uuid
    assert row["标准名称"].value == "=1+1"
    assert row["标准名称"].data_type == "s"
    assert row["备注"].value == "<r>&"
    assert row["类别"].value == "22200 农村居民点"
    assert row["所在行政区"].value == "370781001005 青州市王府街道东夏村"
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert [row[name].protection.locked for name in ("标识", "版本", "标准名称", "东经")] == [True, True, False, False]
    # a cell that holds nothing yet is open too: its column is
    assert not sheet.column_dimensions[row["别名"].column_letter].protection.locked
    rules = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    lists = {get_column_letter(next(iter(rule.sqref.ranges)).min_col): rule for rule in rules}
    for heading in ("类别", "所在行政区", "使用时间", "测量方法", "普查状态", "密级", "地名大类"):
        letter = row[heading].column_letter
        rule = lists[letter]
        (reach,) = rule.sqref.ranges
        assert reach.min_row == 2
        assert reach.max_row > 2, "new names below have the lists too"
        letters = re.fullmatch(r"选项!\$([A-Z]+)\$2:\$\1\$(\d+)", rule.formula1)
        assert letters is not None, rule.formula1
        words = [made["选项"][f"{letters[1]}{at}"].value for at in range(2, int(letters[2]) + 1)]
        assert all(words)
        if row[heading].value is not None:
            assert row[heading].value in words
    made.close()
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None


def test_what_was_changed_in_the_file_alone_is_taken_in_one_change(register: Register, tmp_path: Path) -> None:
    uuid, other = put(register), put(register, name="西夏村", place_code="37078100122200000002")
    put_name(register, uuid, "夏村")
    put_name(register, uuid, "老夏", "former")
    path = tmp_path / "book.xlsx"
    book(register, path)

    def work(sheet: Any, columns: dict[str, int]) -> None:
        for heading, cell in {
            "含义": "夏姓居东", "别名": "大夏；东夏", "曾用名": None, "类别": "24230 水库", "所在行政区": "370781002",
            "东经": 118.6, "密级": "内部", "登记时间": "2026-01-02", "备注": None, "来历": "某年建",
        }.items():  # fmt: skip
            put_cell(sheet, 2, columns[heading], cell)

    edit(path, work)
    merge = merged(register, path)
    assert {key for key, _, _ in told(merge)} == {
        "meaning", "names:alias", "names:former", "class", "division", "lon", "secrecy", "registered_at", "origin",
    }  # fmt: skip
    assert merge.clashes == ()
    done = apply_merge(register, merge, {}, editor=EDITOR, seen=merge.digest, why="离线填写")
    assert done.counts == {"changed": 1, "new": 0, "values": 9, "kept": 0}
    assert value(register, uuid, "meaning") == "夏姓居东"
    assert (value(register, uuid, "class_code"), value(register, uuid, "major")) == ("24230", "hydraulic")
    assert value(register, uuid, "town_code") == "370781002"
    assert value(register, uuid, "village_code") is None or value(register, uuid, "village_code") != "370781001005"
    assert value(register, uuid, "geom").equals(shapely.Point(118.6, 36.7))
    assert value(register, uuid, "secrecy") == "internal"
    assert value(register, uuid, "name") == "东夏村"
    assert names(register, uuid) == {("alias", "大夏"), ("alias", "东夏")}
    assert value(register, other, "version") == 1
    with register.reading() as connection:
        changes = register.changes(connection, merge.mark.seq)
    assert {(change.batch, change.who, change.why) for change in changes} == {(done.batch, "clerk", "离线填写")}
    assert done.batch is not None
    undo_batch(Index(register), done.batch, editor=EDITOR)
    assert names(register, uuid) == {("alias", "夏村"), ("former", "老夏")}
    assert (value(register, uuid, "meaning"), value(register, uuid, "class_code")) == ("不详", "22200")


def test_what_was_changed_in_the_register_alone_stays(register: Register, tmp_path: Path) -> None:
    uuid = put(register)
    path = tmp_path / "book.xlsx"
    book(register, path)
    update(register, uuid, origin="他人所写", usage="historical")
    put_name(register, uuid, "新别名")
    set_cell(path, "含义", "我写的")
    merge = merged(register, path)
    assert told(merge) == [("meaning", "不详", "我写的")]
    assert merge.clashes == ()
    assert merge.kept == 3
    apply_merge(register, merge, {}, editor=EDITOR)
    assert (value(register, uuid, "origin"), value(register, uuid, "meaning")) == ("他人所写", "我写的")
    assert names(register, uuid) == {("alias", "新别名")}


def test_what_both_have_changed_is_for_somebody_to_choose(register: Register, tmp_path: Path) -> None:
    uuid = put(register)
    path = tmp_path / "book.xlsx"
    book(register, path)
    update(register, uuid, meaning="他人的", origin="一样的")
    set_cell(path, "含义", "我的")
    set_cell(path, "来历", "一样的")
    merge = merged(register, path)
    assert told(merge) == []
    (clash,) = merge.clashes
    assert (clash.column.key, clash.base, clash.mine, clash.theirs) == ("meaning", "不详", "我的", "他人的")
    with pytest.raises(NotChosen):
        apply_merge(register, merge, {}, editor=EDITOR)
    assert value(register, uuid, "meaning") == "他人的"
    done = apply_merge(register, merge, {(uuid, "meaning"): "theirs"}, editor=EDITOR)
    assert (done.batch, value(register, uuid, "meaning")) == (None, "他人的")
    apply_merge(register, merge, {(uuid, "meaning"): "mine"}, editor=EDITOR)
    assert value(register, uuid, "meaning") == "我的"


def test_a_value_that_changes_after_somebody_has_looked_is_not_overwritten(register: Register, tmp_path: Path) -> None:
    uuid = put(register)
    path = tmp_path / "book.xlsx"
    book(register, path)
    set_cell(path, "含义", "我的")
    looked_at = merged(register, path).digest
    update(register, uuid, meaning="刚改的")
    with pytest.raises(MergeMoved):
        apply_merge(register, merged(register, path), {}, editor=EDITOR, seen=looked_at, default="mine")
    assert value(register, uuid, "meaning") == "刚改的"


def test_what_is_written_between_comparing_and_writing_refuses_the_whole(register: Register, tmp_path: Path) -> None:
    uuid, other = put(register), put(register, name="西夏村", place_code="2")
    path = tmp_path / "book.xlsx"
    book(register, path)
    set_cell(path, "含义", "我的")
    set_cell(path, "含义", "我的", row=3)
    merge = merged(register, path)
    update(register, other, origin="他人的")
    with pytest.raises(Exception, match=r"nothing was written|changed|cannot be taken"):
        apply_merge(register, merge, {}, editor=EDITOR)
    assert value(register, uuid, "meaning") == "不详"


def test_a_row_that_is_gone_closes_nothing_and_is_told(register: Register, tmp_path: Path) -> None:
    uuids = [put(register, name=f"{word}夏村", place_code=word) for word in "东西南"]
    path = tmp_path / "book.xlsx"
    book(register, path)
    edit(path, lambda sheet, _: sheet.delete_rows(3))
    merge = merged(register, path)
    assert (merge.rows, merge.missing, merge.empty) == (2, 1, True)
    assert apply_merge(register, merge, {}, editor=EDITOR).batch is None
    assert all(value(register, uuid, "valid_to") is None or value(register, uuid, "version") == 1 for uuid in uuids)


def test_a_row_without_an_id_is_a_new_name(register: Register, tmp_path: Path) -> None:
    put(register)
    path = tmp_path / "book.xlsx"
    book(register, path)

    def work(sheet: Any, columns: dict[str, int]) -> None:
        for heading, cell in {
            "标准名称": "北夏村", "类别": "农村居民点", "所在行政区": "370781001", "东经": 118.51, "北纬": 36.71,
            "曾用名": "夏家；老夏家", "含义": "夏", "使用时间": "现今", "属性：户数（户）[households]": 12,
        }.items():  # fmt: skip
            put_cell(sheet, 3, columns[heading], cell)

    edit(path, work)
    merge = merged(register, path)
    assert (len(merge.fresh), merge.differences, merge.missing) == (1, (), 0)
    done = apply_merge(register, merge, {}, editor=EDITOR)
    assert done.counts["new"] == 1
    with register.reading() as connection:
        frame = register.frame(connection, "place")
    (made,) = frame[frame["name"] == "北夏村"].to_dict("records")
    assert (made["class_code"], made["major"], made["town_code"]) == ("22200", "settlement", "370781001")
    assert made["attributes"] == {"households": 12}
    assert names(register, made["uuid"]) == {("former", "夏家"), ("former", "老夏家")}


def test_attributes_are_taken_one_by_one(register: Register, tmp_path: Path) -> None:
    uuid = put(register, attributes={"households": 3, "population": 9})
    path = tmp_path / "book.xlsx"
    book(register, path)
    update(register, uuid, attributes={"households": 3, "population": 10})
    set_cell(path, "属性：户数（户）[households]", 5)
    merge = merged(register, path)
    assert told(merge) == [("attr:households", "3", "5")]
    apply_merge(register, merge, {}, editor=EDITOR)
    assert value(register, uuid, "attributes") == {"households": 5, "population": 10}


def test_a_value_that_cannot_stand_refuses_everything(register: Register, tmp_path: Path) -> None:
    uuid = put(register)
    path = tmp_path / "book.xlsx"
    book(register, path)
    set_cell(path, "含义", "我的")
    for heading, cell in (("所在行政区", "火星"), ("东经", "很远"), ("标准名称", None), ("测量方法", "猜")):
        wrong = tmp_path / "wrong.xlsx"
        wrong.write_bytes(path.read_bytes())
        set_cell(wrong, heading, cell)
        with pytest.raises(ImportRefused):
            apply_merge(register, merged(register, wrong), {}, editor=EDITOR)
        assert value(register, uuid, "meaning") == "不详", heading


def test_ids_that_are_unknown_or_twice_stand_in_the_way(register: Register, tmp_path: Path) -> None:
    uuid = put(register)
    path = tmp_path / "book.xlsx"
    book(register, path)

    def work(sheet: Any, columns: dict[str, int]) -> None:
        for row, one in ((3, uuid), (4, "00000000-0000-4000-8000-000000000000")):
            sheet.cell(row, 1, one)
            sheet.cell(row, columns["标准名称"], "某")

    edit(path, work)
    merge = merged(register, path)
    assert (merge.twice, merge.strays) == ((3,), (4,))
    with pytest.raises(BookRefused):
        apply_merge(register, merge, {}, editor=EDITOR)


def test_a_book_of_another_register_asks_about_every_difference(register: Register, tmp_path: Path) -> None:
    uuid = put(register)
    path = tmp_path / "book.xlsx"
    book(register, path)
    set_cell(path, "含义", "我的")
    with create_register(tmp_path / "other.gpkg") as other:
        with other.writing() as connection, register.reading() as source:
            for table in ("division", "place_class", "place"):
                other.load(connection, {table: register.frame(source, table).drop(columns=["fid"])})
        assert merged(other, path).known is False
        assert told(merged(other, path)) == [("meaning", "不详", "我的")], (
            "the check says that nothing else has changed"
        )
        update(other, uuid, origin="他人的")
        (one, two) = merged(other, path).clashes
        assert {(one.column.key, one.base), (two.column.key, two.base)} == {("meaning", None), ("origin", None)}


def test_a_book_without_its_checks_is_compared_by_the_change_log(register: Register, tmp_path: Path) -> None:
    uuid = put(register)
    path = tmp_path / "book.xlsx"
    book(register, path)
    update(register, uuid, origin="他人的")

    def work(sheet: Any, columns: dict[str, int]) -> None:
        sheet.cell(2, columns["含义"], "我的")
        sheet.delete_cols(columns["语种"])
        put_cell(sheet, 2, 3, None)

    edit(path, work)
    merge = merged(register, path)
    assert told(merge) == [("meaning", "不详", "我的")]
    assert merge.clashes == ()


def test_a_division_that_is_called_otherwise_by_now_is_the_same(register: Register, tmp_path: Path) -> None:
    put(register)
    path = tmp_path / "book.xlsx"
    book(register, path)
    with register.writing() as connection:
        frame = register.frame(connection, "division")
        town = frame.loc[frame["code"] == "370781001", "uuid"].iloc[0]
        register.update(connection, "division", town, {"name": "新王府街道"})
    assert merged(register, path).empty


def test_what_a_reader_does_not_see_is_neither_in_the_book_nor_taken_away(register: Register, tmp_path: Path) -> None:
    uuid = put(register)
    put(register, name="密村", secrecy="secret")
    put_name(register, uuid, "密名", secrecy="secret")
    path = tmp_path / "book.xlsx"
    assert book(register, path, reader=PUBLIC).count == 1
    assert told(merged(register, path, reader=PUBLIC)) == []
    # who sees more is not told that the name was taken away: nobody has touched the row
    assert merged(register, path).empty
    set_cell(path, "含义", "我的")
    merge = merged(register, path)
    assert {clash.column.key for clash in merge.clashes} == {"meaning", "names:alias"}


def test_what_is_out_of_reach_is_refused(register: Register, tmp_path: Path) -> None:
    uuid = put(register)
    put_name(register, uuid, "夏村")
    path = tmp_path / "book.xlsx"
    book(register, path)
    set_cell(path, "别名", None)
    reader = Reader(frozenset({"clerk"}), frozenset({"370782"}))
    with pytest.raises((OutOfReach, ImportRefused)):
        apply_merge(register, merged(register, path, reader=reader), {}, editor=Editor("far", reader))
    assert names(register, uuid) == {("alias", "夏村")}


def test_the_book_holds_what_the_filter_lets_pass(register: Register, tmp_path: Path) -> None:
    one = put(register)
    put(register, name="诸城村", county_code="370782", town_code=None, village_code=None, place_code="2")
    path = tmp_path / "book.xlsx"
    assert book(register, path, county="370781").count == 1
    made = openpyxl.load_workbook(path)
    listed = [cell.value for cell in made["选项"]["B"]]
    made.close()
    assert not any(str(word).startswith("370782") for word in listed)
    assert book(register, path, only={one}).count == 1
    assert book(register, path, only=set()).count == 0


def test_another_workbook_is_told_apart(register: Register, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append(["名称", "数"])
    sheet.append(["甲", 1])
    made.save(tmp_path / "other.xlsx")
    with pytest.raises(NotAFormBook):
        merged(register, tmp_path / "other.xlsx")
