"""The command line as a person runs it: in a process of its own."""

from __future__ import annotations

import json
import os
import pty
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from layers.reference.demonstration.flaws import COUNTS
from tests.serving import free_port

DIJIE = [sys.executable, "-c", "from web.cli import main; main()"]


def run(*arguments: str, language: str = "en", **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DIJIE_", "LC_", "LANG"))}
    return subprocess.run(
        [*DIJIE, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**clean, "DIJIE_LANGUAGE": language, "PYTHONUTF8": "1", **environment},
    )


COMMANDS = [
    (),
    ("demo",),
    ("serve",),
    ("export",),
    ("coverage",),
    ("import",),
    ("register",),
    ("register", "init"),
    ("register", "upgrade"),
    ("register", "check"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_examples(command: tuple[str, ...]) -> None:
    found = run(*command, "--help")
    assert found.returncode == 0
    assert found.stderr == ""
    if command != ("register",):
        assert f"dijie {' '.join(command)}".strip() in found.stdout
    if command not in ((), ("register",)):
        assert "--register PATH-OR-URL" in found.stdout
        assert "Examples:" in found.stdout


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_is_chinese_for_who_reads_chinese(command: tuple[str, ...]) -> None:
    found = run(*command, "--help", language="zh")
    assert found.returncode == 0
    assert len([character for character in found.stdout if "\u4e00" <= character <= "\u9fff"]) > 10
    assert "Examples:" not in found.stdout
    if command not in ((), ("register",)):
        assert f"dijie {' '.join(command)}" in found.stdout


def test_export_reads_back_with_gdal(demonstration: Path, tmp_path: Path) -> None:
    target = tmp_path / "canteens.gpkg"
    found = run(
        "export",
        "facilities",
        str(target),
        "--class",
        "canteen",
        "--asof",
        "2022-12-31",
        "--register",
        str(demonstration),
    )
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == f"{target}: 208 features.\n"
    info = subprocess.run(["ogrinfo", "-so", str(target), "facilities"], capture_output=True, text=True, timeout=60)
    assert "Feature Count: 208" in info.stdout
    assert 'ID["EPSG",4490]' in info.stdout


def test_export_of_the_lines_in_a_zone(demonstration: Path, tmp_path: Path) -> None:
    target = tmp_path / "lines.zip"
    found = run(
        "export", "boundary-lines", str(target), "--crs", "4549", "--class", "batch-2022", "--encoding", "gb18030",
        "--register", str(demonstration), language="zh",
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert found.stdout == f"{target}：共 14 条。\n"
    with zipfile.ZipFile(target) as package:
        manifest = json.loads(package.read("manifest.json"))
        assert package.testzip() is None
    assert manifest["count"] == 14
    assert "4549" in json.dumps(manifest)


def test_coverage_prints_and_writes_the_same(demonstration: Path, tmp_path: Path) -> None:
    asked = (
        "coverage",
        "--kinds",
        "day_care,canteen",
        "--distance",
        "1000",
        "--weight",
        "aged_60",
        "--register",
        str(demonstration),
    )
    printed = run(*asked)
    assert (printed.returncode, printed.stderr) == (0, "")
    rows = [line.split("\t") for line in printed.stdout.splitlines()]
    assert len(rows) == 13
    assert {row[1] for row in rows[1:]} >= {"青州市", "临朐县", "奎文区"}
    target = tmp_path / "answer.xlsx"
    written = run(*asked, "-o", str(target))
    assert written.returncode == 0, written.stderr
    book = openpyxl.load_workbook(target)
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    qingzhou = next(row for row in rows if row[1] == "青州市")
    assert "青州市" in cells
    assert int(qingzhou[3]) in {round(cell) for cell in cells if isinstance(cell, (int, float))}
    shapes = tmp_path / "answer.zip"
    assert run(*asked, "-o", str(shapes)).returncode == 0
    assert any(name.endswith(".shp") for name in zipfile.ZipFile(shapes).namelist())


def test_register_init_check_and_not_twice(tmp_path: Path) -> None:
    path = tmp_path / "new.gpkg"
    assert run("register", "init", "--register", str(path)).returncode == 0
    sound = run("register", "check", "--register", str(path))
    assert (sound.returncode, sound.stdout) == (0, f"{path} is sound.\n")
    before = path.read_bytes()
    again = run("register", "init", "--register", str(path))
    assert again.returncode == 4
    assert str(path) in again.stderr
    assert path.read_bytes() == before
    assert run("register", "upgrade", "--register", str(path)).stdout == f"{path} needs no upgrade.\n"


def test_the_demonstration_is_sound(demonstration: Path) -> None:
    """But for the names that are seeded with a village that is none: a doubt, and no error."""
    found = run("register", "check", "--register", str(demonstration))
    assert found.returncode == 0
    (line,) = found.stdout.splitlines()
    assert line.startswith(f"warning: place.village_code: {COUNTS['division-unknown']} rows of place point by")


def test_check_ends_with_one_where_something_is_wrong(own_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(own_path) as connection:
        name = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'tripoint' AND name NOT LIKE 'rtree%'"
        ).fetchone()[0]
        connection.execute(f"DROP TRIGGER {name}")
    connection.close()
    found = run("register", "check", "--register", str(own_path))
    assert found.returncode == 1
    assert name in found.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("export", "nothing", "x.zip"), 3, "nothing"),
        (("export", "facilities", "x.zip", "--asof", "2022-02-30"), 2, "2022-02-30"),
        (("export", "facilities", "x.zip", "--bbox", "1,2"), 2, "1,2"),
        (("export", "facilities", "x.zip", "--class", "palace"), 2, "palace"),
        (("export", "facilities", "x.geojson", "--crs", "4549"), 2, "4549"),
        (("coverage", "--kinds", "palace", "--distance", "100"), 2, "palace"),
        (("coverage", "--kinds", "canteen", "--distance", "-1"), 2, "-1"),
        (("coverage", "--kinds", "canteen", "--distance", "100", "-o", "x.pdf"), 2, "x.pdf"),
        (("coverage",), 2, "--kinds"),
        (("nonsense",), 2, "nonsense"),
    ],
)
def test_wrong_input_is_a_sentence_and_an_exit_code(
    demonstration: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    found = run(*arguments, DIJIE_REGISTER=str(demonstration), PYTHONPATH=str(Path(__file__).parents[2]))
    assert found.returncode == code
    assert said in found.stderr
    assert "Traceback" not in found.stderr
    assert found.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_register_that_is_not_there_or_none(tmp_path: Path) -> None:
    port = ("--port", str(free_port()))
    missing = run("serve", *port, "--register", str(tmp_path / "none.gpkg"), language="zh")
    assert missing.returncode == 3
    assert "none.gpkg" in missing.stderr
    assert "dijie demo" in missing.stderr
    other = tmp_path / "other.gpkg"
    other.write_bytes(b"not a database at all" * 100)
    wrong = run("serve", *port, "--register", str(other))
    assert wrong.returncode == 2
    assert "not a GeoPackage" in wrong.stderr
    assert "Traceback" not in wrong.stderr + missing.stderr


def test_a_port_that_is_taken(demonstration: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = run("serve", "--port", str(taken.getsockname()[1]), "--register", str(demonstration))
    assert found.returncode == 7
    assert "--port" in found.stderr


def test_a_progress_bar_on_a_terminal_and_none_in_a_pipe(demonstration: Path, tmp_path: Path) -> None:
    arguments = ["export", "facilities", str(tmp_path / "a.gpkg"), "--register", str(demonstration)]
    assert run(*arguments).stderr == ""
    outer, inner = pty.openpty()
    with subprocess.Popen([*DIJIE, *arguments], stdout=subprocess.DEVNULL, stderr=inner) as process:
        os.close(inner)
        shown = b""
        while True:
            try:
                part = os.read(outer, 4096)
            except OSError:
                break
            if not part:
                break
            shown += part
        assert process.wait(timeout=60) == 0
    os.close(outer)
    assert b"100%" in shown
