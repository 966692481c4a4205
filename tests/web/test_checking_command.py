"""``dijie check-names`` as a person runs it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from layers.reference.demonstration.flaws import COUNTS
from layers.register import open_register
from tests.web.test_cli import run


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_counts_by_rule_and_severity(demonstration: Path) -> None:
    found = run("check-names", "--register", str(demonstration))
    assert found.returncode == 0, found.stderr
    lines = {line.split()[0]: line.split() for line in found.stdout.splitlines() if line.split()[0] in COUNTS}
    assert set(lines) == set(COUNTS)
    assert lines["code-class"][-2:] == ["12", "12"]
    assert lines["leader-name"][-3:] == ["error", "4", "0"]
    assert "51,991 names: " in found.stdout


def test_the_list_of_a_county_and_rule_as_csv(demonstration: Path) -> None:
    arguments = ("--rule", "company-name", "--rule", "odd-ending", "--county", "370783", "--format", "csv")
    found = run("check-names", *arguments, "--register", str(demonstration))
    assert found.returncode == 0, found.stderr
    rows = read(found.stdout)
    assert {row["Rule"] for row in rows} == {"company-name"}
    assert {row["County"] for row in rows} == {"寿光市"}
    (real,) = [row for row in rows if row["Name"] == "晨鸣社区居民委员会"]
    assert real["What is wrong"] == "“晨鸣社区居民委员会” holds 晨鸣, a firm's name or word."
    assert real["Severity"] == "warning"


def test_the_list_as_a_workbook(demonstration: Path, tmp_path: Path) -> None:
    target = tmp_path / "found.xlsx"
    found = run("check-names", "--rule", "odd-ending", "-o", str(target), "--register", str(demonstration))
    assert found.returncode == 0, found.stderr
    head, *rows = openpyxl.load_workbook(target).worksheets[0].iter_rows(values_only=True)
    assert len(rows) == 6
    proposed = {row[head.index("Name")]: row[head.index("Proposed")] for row in rows}
    assert proposed["韩家村村村会"] == "Standard name = 韩家村村委会; Specific part = 韩家村; Generic part = 村委会"
    assert f"{target} is written." in found.stdout


def test_what_is_not_public_is_left_out(own_path: Path) -> None:
    with open_register(own_path) as register, register.writing(who="test", why="test") as connection:
        frame = register.frame(connection, "place", columns=["uuid", "name", "version"])
        row = frame[frame["name"] == "韩家村村村会"].iloc[0]
        register.update(connection, "place", row["uuid"], {"secrecy": "secret"}, version=int(row["version"]))
    arguments = ("check-names", "--rule", "odd-ending", "--format", "csv", "--register", str(own_path))
    assert "韩家村村村会" not in run(*arguments).stdout
    assert "韩家村村村会" in run(*arguments, "--all").stdout
    told = run("check-names", "--rule", "odd-ending", "--register", str(own_path)).stdout
    assert "1 findings at records that are not public are left out" in told


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--rule", "nope"], 2, "There is no rule “nope”."),
        (["--county", "37"], 2, "The register has no county 37."),
        (["-o", "list.docx"], 2, "must end with .csv or .xlsx."),
        (["--format", "xlsx"], 2, "add --output"),
        (["--register", "nowhere.gpkg"], 3, "nowhere.gpkg"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], code: int, said: str, demonstration: Path) -> None:
    found = run("check-names", "--register", str(demonstration), *arguments)
    assert found.returncode == code
    assert said in found.stderr
