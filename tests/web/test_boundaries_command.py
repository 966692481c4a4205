"""``dijie boundaries`` as a person runs it, on a small register."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner, Result

from gis.errors import DijieError
from layers.index import Index
from layers.register import create_register
from tests.layers.history.conftest import Small, fill
from web.cli import cli


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    with create_register(tmp_path_factory.mktemp("boundaries") / "small.gpkg") as register:
        made = Small(Index(register), fill(register))
        with register.writing() as connection:
            values = {"number": "2481002Q", "kind": "single", "line_uuid": made.ids["line"], "serial": 2}
            register.insert(connection, "stake", {**values, "geom": shapely.Point(119.01, 36.8)})
        yield made


def run(small: Small, *words: str, language: str = "en") -> Result:
    return CliRunner().invoke(
        cli, ["boundaries", *words, "--register", small.register.url], env={"DIJIE_LANGUAGE": language}
    )


def test_findings_are_told_and_an_error_ends_with_one(small: Small) -> None:
    found = run(small, "check")
    assert found.exit_code == 1
    assert "Stake 2481002Q stands 892" in found.stdout
    assert "1 lines: 1 errors, 2 warnings, 1 pieces of information." in found.stdout
    assert "界桩 2481002Q 偏离界线 892" in run(small, "check", language="zh").stdout


def test_what_is_asked_for_alone(small: Small) -> None:
    found = run(small, "check", "--rule", "stake-off-line", "--line", "2481", "--csv")
    (row,) = list(csv.DictReader(io.StringIO(found.stdout)))
    assert (row["line"], row["severity"], row["rule"]) == ("2481", "error", "stake-off-line")
    assert run(small, "check", "--rule", "stake-off-line", "--stake-off", "1000").exit_code == 0
    assert run(small, "check", "--rule", "nothing").exit_code == 2
    office = {"DIJIE_BOUNDARY_LIMITS": "stake_off_m=1000"}
    assert CliRunner(env=office).invoke(cli, ["boundaries", "check", "--register", small.register.url]).exit_code == 0
    wrong = run(small, "check", "--line", "9999")
    assert isinstance(wrong.exception, DijieError)
    assert wrong.exception.code == "unknown-line"


def test_forms_are_written(small: Small, tmp_path: Path) -> None:
    target = tmp_path / "forms.docx"
    assert run(small, "forms", "青州市—临朐县", "-o", str(target)).exit_code == 0
    assert target.read_bytes().startswith(b"PK")


def test_an_exchange_folder_is_written(small: Small, tmp_path: Path) -> None:
    target = tmp_path / "2481.zip"
    done = run(small, "exchange", "2481", "-o", str(target))
    assert done.exit_code == 0
    assert f"{target} is written: 1 lines, 2 stakes, 0 pictures and sounds." in done.stdout
    assert target.read_bytes().startswith(b"PK")
    taken = run(small, "media", str(target))
    assert "0 pictures and sounds were added, 0 were there already, 0 were left out." in taken.stdout
