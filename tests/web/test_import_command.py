"""``dijie import`` as a person runs it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from layers.register import open_register
from tests.web.test_cli import run

GOOD = "标准名称,地名类别代码,东经,北纬,别名,未知列\n甲新村,22200,118.5,36.7,老村,a\n乙新村,22200,118.52,36.71,,b\n"
FAULTY = GOOD + "丙新村,99999,118.53,36.71,,c\n丁新村,22200,,,,d\n"


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    path.write_text(GOOD, encoding="gb18030")
    return path


def count(register: Path) -> int:
    with open_register(register) as opened, opened.reading() as connection:
        return len(opened.frame(connection, "place", columns=["fid"]))


def test_a_file_comes_in_once(own_path: Path, names: Path) -> None:
    had = count(own_path)
    dry = run("import", "place-names", str(names), "--register", str(own_path), "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "2 new, 0 changed, 0 the same, 0 refused" in dry.stdout
    assert "dry run" in dry.stdout
    assert count(own_path) == had
    first = run("import", "place-names", str(names), "--register", str(own_path), "--why", "filing 12")
    assert first.returncode == 0, first.stderr
    assert "Imported." in first.stdout
    assert "Not taken: 未知列" in first.stdout
    assert count(own_path) == had + 2
    again = run("import", "place-names", str(names), "--register", str(own_path))
    assert again.returncode == 0
    assert "nothing changed" in again.stdout
    assert count(own_path) == had + 2
    with open_register(own_path) as register, register.reading() as connection:
        last = register.changes(connection, 0)[-1]
    assert last.why == "filing 12"
    assert last.batch


def test_faults_are_listed_by_row_and_nothing_is_written(own_path: Path, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.csv"
    faulty.write_text(FAULTY, encoding="utf-8")
    had = count(own_path)
    report = tmp_path / "findings.csv"
    found = run("import", "place-names", str(faulty), "--register", str(own_path), "--report", str(report))
    assert found.returncode == 1
    assert "Nothing was written." in found.stdout
    assert "faulty.csv:4" in found.stderr
    assert "[unknown-class]" in found.stderr
    assert "[place-missing]" in found.stderr
    assert count(own_path) == had
    raw = report.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    wrong = [row for row in rows if row["Severity"] == "error"]
    assert {(row["Row"], row["Rule"]) for row in wrong} == {("4", "unknown-class"), ("5", "place-missing")}
    classed = next(row for row in wrong if row["Rule"] == "unknown-class")
    assert (classed["Field"], classed["Heading"], classed["Value"]) == ("类别代码", "地名类别代码", "99999") or (
        classed["Field"], classed["Heading"]) == ("Class code", "地名类别代码")  # fmt: skip


def test_the_mapping_of_the_command_and_of_a_file(own_path: Path, tmp_path: Path) -> None:
    table = tmp_path / "canteens.csv"
    table.write_text("叫什么,在哪里,经,纬\n试验食堂,x,118.5,36.7\n", encoding="utf-8")
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"columns": {"叫什么": "name"}, "constants": {"kind": "nothing"}}), encoding="utf-8")
    found = run(
        "import", "facilities", str(table), "--register", str(own_path), "--mapping", str(mapping),
        "--map", "在哪里=", "--map", "经=@lon", "--map", "纬=@lat", "--set", "kind=canteen", "--format", "json",
    )  # fmt: skip
    assert found.returncode == 0, found.stderr + found.stdout
    told = json.loads(found.stdout)
    assert told["counts"] == {"new": 1, "changed": 0, "same": 0, "refused": 0}
    assert told["columns"]["叫什么"] == "name"
    assert told["batch"]


@pytest.mark.parametrize(
    "options",
    [
        ("--map", "nonsense"), ("--value", "a=b"), ("--crs", "3857"), ("--map", "标准名称=no_such_field"),
        ("--report", "findings.txt"),
    ],
)  # fmt: skip
def test_wrong_input_is_a_sentence_and_code_2(own_path: Path, names: Path, options: tuple[str, ...]) -> None:
    found = run("import", "place-names", str(names), "--register", str(own_path), "--dry-run", *options)
    assert found.returncode == 2
    assert found.stderr.strip()
    assert "Traceback" not in found.stderr


def test_a_workbook_report_in_chinese(own_path: Path, names: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    found = run(
        "import", "place-names", str(names), "--register", str(own_path), "--dry-run", "--report", str(report),
        language="zh",
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    book = openpyxl.load_workbook(report, read_only=True)
    assert len(book.sheetnames) == 3
    book.close()


def test_words_before_findings_and_columns_are_the_reader_s(own_path: Path, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.csv"
    faulty.write_text("标准名称,所属县市区\n甲新村,蓬莱仙县\n", encoding="utf-8")
    found = run("import", "place-names", str(faulty), "--register", str(own_path), "--dry-run", language="zh")
    assert "@" not in found.stdout
    assert "错误" in found.stderr
    assert "error:" not in found.stderr
    plain = run("import", "place-names", str(faulty), "--register", str(own_path), "--dry-run")
    assert "所属县市区 → County in words" in plain.stdout
    assert "faulty.csv: Position: The file has no coordinates" in plain.stderr
    assert "faulty.csv:2: 所属县市区: There is no division" in plain.stderr
